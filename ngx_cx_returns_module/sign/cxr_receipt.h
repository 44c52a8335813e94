
/*
 * Receipts: what a consumer holds of a withdrawal, and anybody can check with
 * the shop's public keys alone (Directive 2011/83/EU art. 11a(4): the
 * acknowledgement with its content, date and time).
 *
 * The token is PASETO v4.public with the purpose "receipt" and no personal
 * data in it: {"iss":shop,"sub":"W-...","iat":time,"hash":"..."}.  It never
 * expires, and every key that the ring has or had public checks it.  "hash" is
 * BLAKE2b-256 of the statement as canonical JSON (RFC 8785; all its members
 * are strings), base64url.
 *
 * The file that the consumer saves is a JSON object with "receipt", the token,
 * and "statement", what was declared: whoever has the file can check both.
 */

#ifndef _CXR_RECEIPT_H_INCLUDED_
#define _CXR_RECEIPT_H_INCLUDED_

#include "cxr_sign.h"

#define CXR_RECEIPT_FILE_MAX   (64 * 1024)   /* bytes of a receipt's file      */
#define CXR_RECEIPT_TOKEN_MAX  1024          /* bytes of a receipt's token     */
#define CXR_RECEIPT_SALT_LEN   22            /* characters: 16 random bytes    */

typedef struct {
    cxr_str_t    shop;
    cxr_str_t    id;                    /* of the withdrawal                   */
    cxr_time_t   at;                    /* declared                            */
    uint8_t      hash[CXR_HASH_LEN];    /* of the statement                    */
} cxr_receipt_claims_t;

/* What was declared. */
typedef struct {
    cxr_str_t    shop;
    cxr_str_t    id;
    cxr_time_t   at;
    cxr_str_t    name;
    cxr_str_t    email;
    cxr_str_t    contract;
    cxr_str_t    words;                 /* empty: the whole contract           */
    cxr_str_t    language;
    cxr_str_t    salt;
} cxr_receipt_said_t;

/* What a check came to. */
typedef enum {
    CXR_RECEIPT_FORGED = 0,    /* no receipt that these keys signed            */
    CXR_RECEIPT_GOOD,          /* the token holds; no statement was given      */
    CXR_RECEIPT_WHOLE,         /* the token holds, and the statement is its    */
    CXR_RECEIPT_ALTERED        /* the token holds, the statement is another's  */
} cxr_receipt_result_t;

extern const char *const  cxr_receipt_result_names[];

/* 16 random bytes as CXR_RECEIPT_SALT_LEN characters. */
void cxr_receipt_salt(char out[CXR_RECEIPT_SALT_LEN]);

/*
 * The statement as the members of a JSON object: name, email, contract, scope
 * ("whole", "part"), words, language, salt; and number, shop, declared_at, so
 * that the text itself says what it is.  The caller json_decref()s; NULL: no
 * memory.
 */
json_t *cxr_receipt_statement(const cxr_receipt_said_t *said);

/* Over a JSON object of strings.  CXR_INVALID: it is not that. */
cxr_rc_t cxr_receipt_hash(const json_t *statement, uint8_t hash[CXR_HASH_LEN]);

/* Fails as cxr_paseto_sign(). */
cxr_rc_t cxr_receipt_sign(const cxr_keyring_t *ring,
    const cxr_receipt_claims_t *c, cxr_buf_t *out);

/*
 * "shop" empty: whichever shop it says (an offline check knows it from there).
 * CXR_FORGED, CXR_LIMIT, CXR_NOMEM; strings are in the arena.
 */
cxr_rc_t cxr_receipt_verify(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_str_t token, cxr_arena_t *a, cxr_receipt_claims_t *c,
    char kid[9]);

/* The file: {"receipt":..., "verify":url, "statement":{...}}; "verify" may be
   empty. */
cxr_rc_t cxr_receipt_file(cxr_str_t token, cxr_str_t verify,
    const json_t *statement, cxr_buf_t *out);

/*
 * Checks what somebody gave: a token, or the file.  Good for hostile bytes.
 * *result is a verdict for every input; the returned code is CXR_OK, or
 * CXR_NOMEM, CXR_ERROR, when there is none.  "c" and "kid" are set when the
 * token holds.
 */
cxr_rc_t cxr_receipt_check(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_str_t text, cxr_arena_t *a, cxr_receipt_result_t *result,
    cxr_receipt_claims_t *c, char kid[9]);

#endif /* _CXR_RECEIPT_H_INCLUDED_ */
