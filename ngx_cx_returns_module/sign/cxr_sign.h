
/*
 * Keys and signatures, all of them libsodium's: the key ring, PASETO v4 tokens,
 * hashes, sealed personal data, randomness.  And what carriers sign with, which
 * is libcrypto's, and hashes without a key, which libgcrypt makes sooner.  The
 * only room that includes sodium.h, gcrypt.h and OpenSSL's headers.
 */

#ifndef _CXR_SIGN_H_INCLUDED_
#define _CXR_SIGN_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_json.h"
#include "cxr_time.h"

/* Once in each process, before it has threads and before anything else here:
   libsodium and libgcrypt are made ready. */
cxr_rc_t cxr_sign_init(void);

void cxr_random(void *out, size_t n);
/* equal length, constant time in the content */
bool cxr_secret_eq(const void *a, const void *b, size_t n);
void cxr_wipe(void *p, size_t n);


/* BLAKE2b.  key may be NULL.  out: 16..64 bytes. */
void cxr_hash(void *out, size_t outlen, const void *in, size_t len,
    const void *key, size_t keylen);

#define CXR_HASH_LEN  32

typedef struct {
    void  *opaque[48];                     /* aligned state for a hash in parts */
} __attribute__((aligned(64))) cxr_hash_t;

void cxr_hash_begin(cxr_hash_t *h, size_t outlen, const void *key, size_t keylen);
void cxr_hash_add(cxr_hash_t *h, const void *in, size_t len);
void cxr_hash_end(cxr_hash_t *h, void *out, size_t outlen);


/*
 * The key ring: a JSON file, mode 0600, written only by cx-returns keys:
 *
 *   {"format": 1,
 *    "keys": [
 *      {"kid": "l1", "use": "local",  "secret": "k4.local...",
 *       "created": "2026-11-21T00:00:00Z"},
 *      {"kid": "s1", "use": "public", "secret": "k4.secret...",
 *       "created": "..."},
 *      {"kid": "p1", "use": "person", "secret": "k4.local...", "created": "..."},
 *      {"kid": "b1", "use": "index",  "secret": "k4.local...", "created": "..."} ]}
 *
 * use: local   links that only we read (PASETO v4.local)
 *      public  labels and receipts that others check (v4.public)
 *      person  wraps the per-order keys of personal data
 *      index   blind indexes (keyed hashes of e-mails); never rotated
 * The newest key of a use ("created", then place in the file) makes; every key
 * in the file still checks.  "retired": true keeps a public key for checking
 * without its secret.  kid: 2..8 of [a-z0-9], unique.  Keys are PASERK strings.
 */
typedef enum {
    CXR_KEY_LOCAL = 0,
    CXR_KEY_PUBLIC,
    CXR_KEY_PERSON,
    CXR_KEY_INDEX
} cxr_key_use_t;

typedef struct cxr_keyring_s  cxr_keyring_t;

/* CXR_NOTFOUND, CXR_IO, CXR_INVALID with file and line in d.  Refuses a file
   that group or others can read or write, and one that lacks a key of any
   use.  Immutable once loaded; threads may share it. */
cxr_rc_t cxr_keyring_load(const char *path, cxr_keyring_t **ring, cxr_diag_t *d);
/* A ring of public keys alone, from PASERK lines "kid k4.public..." or a JWKS
   or a key ring file; enough for verifying labels. */
cxr_rc_t cxr_keyring_load_public(const char *path, cxr_keyring_t **ring,
    cxr_diag_t *d);
void cxr_keyring_free(cxr_keyring_t *ring);

/* Creates a ring with one key of each use; CXR_CONFLICT if the file exists. */
cxr_rc_t cxr_keyring_create(const char *path, cxr_time_t now, cxr_diag_t *d);
/* Adds a new key of that use (local, public, person), atomically (rename). */
cxr_rc_t cxr_keyring_rotate(const char *path, cxr_key_use_t use, cxr_time_t now,
    cxr_diag_t *d);

/* For publishing: RFC 8037 OKP/Ed25519 JWKS with kid; PASERK lines
   "kid k4.public... k4.pid...\n". */
void cxr_keyring_jwks(const cxr_keyring_t *ring, cxr_buf_t *out);
void cxr_keyring_paserk(const cxr_keyring_t *ring, cxr_buf_t *out);
/* For "keys list": kid, use, created, makes?  No secrets. */
typedef void (*cxr_keyring_walk_pt)(void *ctx, const char *kid,
    cxr_key_use_t use, cxr_time_t created, bool makes, bool has_secret);
void cxr_keyring_walk(const cxr_keyring_t *ring, cxr_keyring_walk_pt fn, void *ctx);


/*
 * PASETO v4 (paseto-standard/paseto-spec, Version4).  The footer is the bare
 * kid.  The implicit assertion is "cxr:v1:<purpose>:<shop>", so a token of one
 * purpose or shop never passes for another.  These two know nothing of claims.
 * "out" gets the token's text appended.
 */
cxr_rc_t cxr_paseto_encrypt(const cxr_keyring_t *ring, cxr_str_t payload,
    cxr_str_t assertion, cxr_buf_t *out);
cxr_rc_t cxr_paseto_decrypt(const cxr_keyring_t *ring, cxr_str_t token,
    cxr_str_t assertion, cxr_buf_t *payload);
cxr_rc_t cxr_paseto_sign(const cxr_keyring_t *ring, cxr_str_t payload,
    cxr_str_t assertion, cxr_buf_t *out);
cxr_rc_t cxr_paseto_verify(const cxr_keyring_t *ring, cxr_str_t token,
    cxr_str_t assertion, cxr_buf_t *payload, char kid[9]);

/*
 * All four: CXR_LIMIT for what is too long (a token would pass CXR_TOKEN_MAX),
 * CXR_NOMEM for the buffer's cap, and then nothing is appended.  Making:
 * CXR_NOTFOUND when the ring has no secret of that use.  Opening: CXR_FORGED.
 */
#define CXR_TOKEN_MAX  2048        /* longer is CXR_LIMIT before any crypto     */


/*
 * Links: what a capability link says.  Purposes are closed: a new one is a new
 * name here.
 */
typedef enum {
    CXR_LINK_TRACK = 0,      /* follow the parcels of an order, or one parcel  */
    CXR_LINK_ORDER,          /* start a return for an order                    */
    CXR_LINK_RMA,            /* see one RMA, its label and messages            */
    CXR_LINK_WITHDRAWAL,     /* see one's own withdrawal; "rma" is its number */
    CXR_LINK_DECLARE,        /* withdraw from an order: its form, filled in   */
    CXR_LINK_GIFT            /* send back what one was given: no prices       */
} cxr_link_purpose_t;

typedef struct {
    cxr_str_t    order;      /* folded order number; may be empty for a parcel */
    cxr_str_t    rma;        /* LINK_RMA, LINK_WITHDRAWAL                      */
    cxr_str_t    carrier;    /* LINK_TRACK of a single parcel: carrier, number */
    cxr_str_t    number;
    cxr_time_t   expires;    /* CXR_TIME_NONE is refused: every link ends      */
} cxr_link_t;

/* public_form: v4.public instead of v4.local (cx_returns_link_format public) */
cxr_rc_t cxr_link_make(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_link_purpose_t purpose, const cxr_link_t *link, bool public_form,
    cxr_buf_t *out);

/*
 * CXR_FORGED: altered in any byte, another purpose, shop or key, not a token.
 * CXR_EXPIRED: was good; "link" is filled (so the page can say what expired).
 * CXR_LIMIT: too long.  Strings are in the arena.  Accepts both forms.
 * Constant time as far as the key is concerned; about 3 us for v4.local.
 */
cxr_rc_t cxr_link_open(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_link_purpose_t purpose, cxr_str_t token, cxr_time_t now,
    cxr_arena_t *a, cxr_link_t *link);


/*
 * A label's payload (v4.public): what a warehouse checks offline.  No personal
 * data.  JSON: {"iss":shop,"sub":rma,"jti":..,"iat":..,"exp":..,
 * "ln":[["sku",qty],...]}.
 */
typedef struct {
    cxr_str_t   sku;
    uint32_t    quantity;
} cxr_label_line_t;

typedef struct {
    cxr_str_t    shop;
    cxr_str_t    rma;
    cxr_str_t    jti;        /* the label's own id, base64url, from the RMA    */
    cxr_time_t   issued;
    cxr_time_t   expires;
    CXR_LIST_OF(cxr_label_line_t)  lines;
} cxr_label_claims_t;

cxr_rc_t cxr_label_sign(const cxr_keyring_t *ring, const cxr_label_claims_t *c,
    cxr_buf_t *out);
/* As cxr_link_open; an expired label fills "c".  "shop" empty: takes the shop
   from the claims (an offline check knows it from there). kid: which key. */
cxr_rc_t cxr_label_verify(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_str_t token, cxr_time_t now, cxr_arena_t *a, cxr_label_claims_t *c,
    char kid[9]);


/*
 * Personal data (DESIGN 3): sealed with XChaCha20-Poly1305 under a key of the
 * order's own, which is itself kept wrapped by a "person" key of the ring.  Delete the wrapped
 * key and the data is gone.  aad binds a box to its place (shop, order, field).
 */
#define CXR_PERSON_KEY_LEN      32
#define CXR_PERSON_WRAPPED_MAX  96

/*
 * key_open: CXR_INVALID: no wrapped key at all; CXR_NOTFOUND: the person key
 * that wrapped it is not on this ring; CXR_FORGED: altered, or another aad.
 * person_open: CXR_FORGED for all of these.  The caller wipes "key".
 */
cxr_rc_t cxr_person_key_new(const cxr_keyring_t *ring, cxr_str_t aad,
    uint8_t key[CXR_PERSON_KEY_LEN], cxr_buf_t *wrapped);
cxr_rc_t cxr_person_key_open(const cxr_keyring_t *ring, cxr_str_t aad,
    cxr_str_t wrapped, uint8_t key[CXR_PERSON_KEY_LEN]);
/* nonce (24) + ciphertext + tag (16) */
cxr_rc_t cxr_person_seal(const uint8_t key[CXR_PERSON_KEY_LEN], cxr_str_t aad,
    cxr_str_t plain, cxr_buf_t *out);
cxr_rc_t cxr_person_open(const uint8_t key[CXR_PERSON_KEY_LEN], cxr_str_t aad,
    cxr_str_t box, cxr_arena_t *a, cxr_str_t *plain);

/* Blind index: BLAKE2b-128 of the folded value under the ring's index key
   (the caller folds).  On a ring of public keys: random, so it matches nothing;
   the same goes for form tokens. */
void cxr_blind_index(const cxr_keyring_t *ring, cxr_str_t field,
    cxr_str_t value, uint8_t out[16]);

/* Form tokens (staff desk): a MAC over actor, purpose and hour; see nginx/. */
void cxr_form_token(const cxr_keyring_t *ring, cxr_str_t actor,
    cxr_str_t purpose, int64_t hour, char out[22]);
bool cxr_form_token_ok(const cxr_keyring_t *ring, cxr_str_t actor,
    cxr_str_t purpose, int64_t hour, cxr_str_t token);  /* this hour or the 11 before */


/*
 * Digests that carriers put beside what they send.  MD5 and SHA-1 are theirs,
 * not our choice: they prove a shared key no better than their age allows.
 * With "hmac" the key is HMAC's, else it must be empty and stands, if at all,
 * among what is digested.  libcrypto's, since libsodium has no old ones.
 * CXR_NOMEM; CXR_ERROR: the system's policy forbids this digest.
 */
typedef enum {
    CXR_DIGEST_MD5 = 0,
    CXR_DIGEST_SHA1,
    CXR_DIGEST_SHA256,
    CXR_DIGEST_SHA512
} cxr_digest_kind_t;

#define CXR_DIGEST_MAX  64

typedef struct cxr_digest_s  cxr_digest_t;

cxr_rc_t cxr_digest_open(cxr_digest_kind_t kind, bool hmac, cxr_str_t key,
    cxr_digest_t **out);
cxr_rc_t cxr_digest_add(cxr_digest_t *d, const void *in, size_t len);
cxr_rc_t cxr_digest_end(cxr_digest_t *d, uint8_t out[CXR_DIGEST_MAX],
    size_t *len);
void cxr_digest_close(cxr_digest_t *d);                  /* NULL is fine */


/*
 * What carriers know besides us: a JSON file, mode 0600 as the key ring's,
 *
 *   {"yto": {"partner": "..."}, "aras": {"user": "...", "password": "..."}}
 *
 * carriers and names are slugs of at most 32, a secret has 1..512 bytes.
 * Immutable once loaded; threads may share it.  CXR_NOTFOUND, CXR_IO,
 * CXR_INVALID with file and line in "d", which quotes no secret.
 */
#define CXR_SECRETS_MAX      512     /* of all carriers                       */
#define CXR_SECRETS_NAME     32
#define CXR_SECRET_TEXT_MAX  512

typedef struct cxr_secrets_s  cxr_secrets_t;

cxr_rc_t cxr_secrets_load(const char *path, cxr_secrets_t **out,
    cxr_diag_t *d);
void cxr_secrets_free(cxr_secrets_t *s);                 /* NULL is fine */
/* has the carrier any? */
bool cxr_secrets_has(const cxr_secrets_t *s, cxr_str_t carrier);
/* empty: there is none of that name */
cxr_str_t cxr_secrets_find(const cxr_secrets_t *s, cxr_str_t carrier,
    cxr_str_t name);
/* the i-th, in the file's order; false: there are no more */
bool cxr_secrets_at(const cxr_secrets_t *s, unsigned i, cxr_str_t *carrier,
    cxr_str_t *name);

#endif /* _CXR_SIGN_H_INCLUDED_ */
