
/*
 * What the files of sign/ share among themselves: the ring from the inside,
 * PASERK, the bare PASETO v4 operations, and the claims' scanner.  Nobody
 * outside sign/ includes this, the room's own tests excepted.
 */

#ifndef _CXR_SIGN_PRIVATE_H_INCLUDED_
#define _CXR_SIGN_PRIVATE_H_INCLUDED_

#include "cxr_sign.h"

#define CXR_KID_MIN            2
#define CXR_KID_MAX            8
#define CXR_KEY_USES           4
#define CXR_KEYRING_MAX        64              /* keys in one ring */
#define CXR_KEYRING_FILE_MAX   (64 * 1024)     /* bytes; 64 keys take 13 kB */

#define CXR_KEY_LEN            32              /* every symmetric key, a seed */
#define CXR_SECRET_LEN         64              /* Ed25519: seed, public key */

/*
 * One key.  The use is its type: every look-up names the use it wants, so that
 * a key of one kind can never be taken for another.
 */
typedef struct {
    char            kid[CXR_KID_MAX + 1];      /* NUL-terminated */
    cxr_key_use_t   use;
    bool            has_secret;
    cxr_time_t      created;                   /* NONE: public only */
    uint8_t         secret[CXR_SECRET_LEN];    /* symmetric: the first 32 */
    uint8_t         pub[CXR_KEY_LEN];          /* CXR_KEY_PUBLIC */
    uint8_t         form[CXR_KEY_LEN];         /* CXR_KEY_LOCAL: derived */
} cxr_key_t;

struct cxr_keyring_s {
    unsigned        n;
    int             maker[CXR_KEY_USES];       /* index in keys, or -1 */
    cxr_key_t       keys[CXR_KEYRING_MAX];
};

/* NULL when there is none. */
const cxr_key_t *cxr_keyring_find(const cxr_keyring_t *ring, cxr_key_use_t use,
    cxr_str_t kid);
const cxr_key_t *cxr_keyring_maker(const cxr_keyring_t *ring,
    cxr_key_use_t use);

/* "local", "public", "person", "index" */
extern const char *const  cxr_key_use_names[CXR_KEY_USES + 1];

/*
 * Building a ring, while it is still writable: alloc, add, seal.  The memory
 * is libsodium's guarded kind, kept out of core dumps, and read-only once
 * sealed.
 */
cxr_keyring_t *cxr_keyring_alloc(void);
cxr_key_t *cxr_keyring_add(cxr_keyring_t *ring);       /* NULL: full */
void cxr_key_derive(cxr_key_t *k);       /* after "secret" was set */
void cxr_keyring_seal(cxr_keyring_t *ring);
bool cxr_kid_valid(cxr_str_t kid);

/*
 * A key file's text in memory, to be wiped by cxr_secret_file_free().
 * "shared" tells that group or others have any access to it.
 */
typedef struct {
    const char  *path;
    char        *text;
    size_t       len;
    bool         shared;
} cxr_secret_file_t;

cxr_rc_t cxr_secret_file_read(const char *path, cxr_secret_file_t *f,
    cxr_diag_t *d);
void cxr_secret_file_free(cxr_secret_file_t *f);

/* Complains about the value at a JSON Pointer, with its line; CXR_INVALID. */
cxr_rc_t cxr_secret_file_bad(const cxr_secret_file_t *f, const char *pointer,
    const char *text, cxr_diag_t *d);
/* Parses; the complaint quotes nothing of the file. */
cxr_rc_t cxr_secret_file_json(const cxr_secret_file_t *f, json_t **root,
    cxr_diag_t *d);
/* json_decref() that wipes every string first; NULL is fine. */
void cxr_secret_json_free(json_t *root);

/*
 * Reads the ring out of a parsed key ring file.  "whole": every use must have a
 * key that makes.  Not sealed on return.
 */
cxr_rc_t cxr_keyring_parse(const cxr_secret_file_t *f, const json_t *root,
    bool whole, cxr_keyring_t *ring, cxr_diag_t *d);


/* PASERK (paseto-standard/paserk): keys and their ids as text. */

#define CXR_PASERK_LOCAL    "k4.local."
#define CXR_PASERK_SECRET   "k4.secret."
#define CXR_PASERK_PUBLIC   "k4.public."
#define CXR_PASERK_PID      "k4.pid."
#define CXR_PID_LEN         33                 /* BLAKE2b-264 */
#define CXR_PASERK_MAX      112                /* k4.secret is 96, and a NUL */

/* NUL-terminated text of "prefix" and the base64url of n bytes (n <= 64). */
void cxr_paserk_write(const char *prefix, const uint8_t *key, size_t n,
    char out[CXR_PASERK_MAX]);
/* CXR_INVALID: another prefix, another length, not base64url. */
cxr_rc_t cxr_paserk_read(const char *prefix, cxr_str_t text, uint8_t *key,
    size_t n);
/* The id of a public key: k4.pid. */
void cxr_paserk_pid(const uint8_t pub[CXR_KEY_LEN], char out[CXR_PASERK_MAX]);


/*
 * PASETO v4 on bytes, without a ring and without text.  A body is what stands
 * between the second dot and the third, decoded: local is nonce (32),
 * ciphertext, tag (32); public is the payload and the signature (64).
 */

#define CXR_V4_LOCAL         "v4.local."
#define CXR_V4_PUBLIC        "v4.public."
#define CXR_V4_OVERHEAD      64                /* of a body, in both kinds */
#define CXR_V4_NONCE_LEN     32
#define CXR_V4_TAG_LEN       32
#define CXR_V4_BODY_MAX      (CXR_TOKEN_MAX * 3 / 4)
#define CXR_V4_PAYLOAD_MAX   (CXR_V4_BODY_MAX - CXR_V4_OVERHEAD)
#define CXR_V4_FOOTER_MAX    128
#define CXR_ASSERTION_MAX    256

typedef struct {
    bool            local;                     /* else public */
    size_t          body_len;                  /* >= CXR_V4_OVERHEAD */
    size_t          footer_len;
    uint8_t         body[CXR_V4_BODY_MAX];
    uint8_t         footer[CXR_V4_FOOTER_MAX];
} cxr_v4_token_t;

/* CXR_LIMIT: longer than CXR_TOKEN_MAX.  CXR_FORGED: not a v4 token. */
cxr_rc_t cxr_v4_parse(cxr_str_t token, cxr_v4_token_t *t);
/* Appends the text of a token; CXR_LIMIT, CXR_NOMEM, and then nothing. */
cxr_rc_t cxr_v4_print(const cxr_v4_token_t *t, cxr_buf_t *out);

/* These two fill t->body from the payload; footer and "local" are set before.
   CXR_LIMIT: payload or assertion is too long. */
cxr_rc_t cxr_v4_seal(cxr_v4_token_t *t, const uint8_t key[CXR_KEY_LEN],
    const uint8_t nonce[CXR_V4_NONCE_LEN], cxr_str_t payload,
    cxr_str_t assertion);
cxr_rc_t cxr_v4_sign(cxr_v4_token_t *t, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t payload, cxr_str_t assertion);

/* Payload: body_len - CXR_V4_OVERHEAD bytes, written only when it holds;
   CXR_FORGED otherwise.  A public token's payload is t->body itself. */
cxr_rc_t cxr_v4_open(const cxr_v4_token_t *t, const uint8_t key[CXR_KEY_LEN],
    cxr_str_t assertion, uint8_t *payload);
cxr_rc_t cxr_v4_verify(const cxr_v4_token_t *t,
    const uint8_t pub[CXR_KEY_LEN], cxr_str_t assertion);


/*
 * Purposes and shops in the implicit assertion: "cxr:v1:<purpose>:<shop>".
 * CXR_INVALID when the shop is empty or longer than CXR_SHOP_MAX.
 */
#define CXR_SHOP_MAX         64

typedef struct {
    size_t          len;
    char            data[CXR_ASSERTION_MAX];
} cxr_assertion_t;

cxr_rc_t cxr_assertion(const char *purpose, cxr_str_t shop,
    cxr_assertion_t *a);


/*
 * A public token whose claims say which shop's it is.  They are read before the
 * signature is checked, since offline only they name the shop that the assertion
 * needs: whoever reads them lets nothing of them out before cxr_signed_prove().
 */
typedef struct {
    cxr_v4_token_t    v4;
    const cxr_key_t  *key;
    char             *text;    /* the payload, in the arena, to be changed     */
    size_t            len;
} cxr_signed_t;

/* CXR_FORGED (no public token of the ring's), CXR_LIMIT, CXR_NOMEM. */
cxr_rc_t cxr_signed_read(const cxr_keyring_t *ring, cxr_str_t token,
    cxr_arena_t *a, cxr_signed_t *t);
/* Does the signature hold for that purpose and shop?  kid may be NULL. */
cxr_rc_t cxr_signed_prove(const cxr_signed_t *t, const char *purpose,
    cxr_str_t shop, char kid[9]);


/*
 * The claims' scanner: JSON as this room itself writes it (one value, no white
 * space), in place: strings come back as parts of the text, which is changed
 * where an escape was.  Every call returns false at the first byte that does
 * not fit, and the caller gives the whole thing up.
 */
typedef struct {
    char           *p;
    char           *end;
} cxr_scan_t;

bool cxr_scan_byte(cxr_scan_t *s, char c);
/* UTF-8 without control characters; may be empty */
bool cxr_scan_text(cxr_scan_t *s, cxr_str_t *out);
bool cxr_scan_time(cxr_scan_t *s, cxr_time_t *at);
/* no sign, no leading zero */
bool cxr_scan_uint(cxr_scan_t *s, uint64_t max, uint64_t *v);
bool cxr_scan_end(const cxr_scan_t *s);

/*
 * Goes through an object's members: true with the index of the name in "names"
 * (NULL-terminated, at most 32), the cursor on its value; false at the closing
 * brace or at a fault, and *done tells which.  Unknown and repeated names are
 * faults.  *seen begins as 0.
 */
bool cxr_scan_member(cxr_scan_t *s, const char *const *names, uint32_t *seen,
    unsigned *index, bool *done);

/* What a claim may hold: 1..max bytes of UTF-8 without control characters. */
bool cxr_claim_text(cxr_str_t s, size_t max);
/* CXR_TIME_NONE and what does not fit four digits of a year do not. */
bool cxr_claim_time(cxr_time_t at);

#endif /* _CXR_SIGN_PRIVATE_H_INCLUDED_ */
