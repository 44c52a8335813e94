
/*
 * Receipts of withdrawals: the claims, the statement's hash, and the check of
 * whatever somebody brings.
 */

#include <stdlib.h>

#include "cxr_receipt.h"
#include "cxr_sign_private.h"
#include "cxr_text.h"


#define CXR_RECEIPT_PURPOSE   "receipt"
#define CXR_RECEIPT_ID_MAX    64                   /* bytes */
#define CXR_RECEIPT_HASH_LEN  43                   /* base64url of 32 bytes */
#define CXR_RECEIPT_MEMBERS   16                   /* of a statement */

enum {
    CXR_RECEIPT_C_ISS = 0,
    CXR_RECEIPT_C_SUB,
    CXR_RECEIPT_C_IAT,
    CXR_RECEIPT_C_HASH,
    CXR_RECEIPT_C_N
};

static const char *const  cxr_receipt_claims[] = {
    "iss", "sub", "iat", "hash", NULL
};

const char *const  cxr_receipt_result_names[] = {
    "forged", "good", "whole", "altered", NULL
};


void
cxr_receipt_salt(char out[CXR_RECEIPT_SALT_LEN])
{
    uint8_t  raw[16];

    cxr_random(raw, sizeof(raw));
    (void) cxr_b64url_encode(raw, sizeof(raw), out);
}


static bool
cxr_receipt_set(json_t *o, const char *key, cxr_str_t s)
{
    return json_object_set_new(o, key,
                               json_stringn(s.data ? s.data : "", s.len)) == 0;
}


json_t *
cxr_receipt_statement(const cxr_receipt_said_t *said)
{
    bool       ok;
    char       mem[64];
    json_t    *o;
    cxr_buf_t  b;

    o = json_object();
    if (o == NULL) {
        return NULL;
    }

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_time_print(said->at, &b);

    ok = cxr_receipt_set(o, "shop", said->shop)
         && cxr_receipt_set(o, "number", said->id)
         && cxr_receipt_set(o, "declared_at", cxr_buf_str(&b))
         && cxr_receipt_set(o, "name", said->name)
         && cxr_receipt_set(o, "email", said->email)
         && cxr_receipt_set(o, "contract", said->contract)
         && cxr_receipt_set(o, "scope", said->words.len ? cxr_str("part")
                                                      : cxr_str("whole"))
         && cxr_receipt_set(o, "words", said->words)
         && cxr_receipt_set(o, "language", said->language)
         && cxr_receipt_set(o, "salt", said->salt);

    if (!ok || !cxr_buf_ok(&b)) {
        json_decref(o);
        return NULL;
    }

    return o;
}


cxr_rc_t
cxr_receipt_hash(const json_t *statement, uint8_t hash[CXR_HASH_LEN])
{
    char        *text;
    size_t       n = 0;
    json_t      *value;
    const char  *key;

    if (!json_is_object(statement)) {
        return CXR_INVALID;
    }

    json_object_foreach((json_t *) statement, key, value) {
        if (!json_is_string(value) || ++n > CXR_RECEIPT_MEMBERS) {
            return CXR_INVALID;
        }
    }

    /*
     * Of an object of strings without control characters but \n, this is
     * RFC 8785: sorted members, no white space, nothing escaped that need not
     * be.
     */

    text = json_dumps(statement, JSON_COMPACT|JSON_SORT_KEYS);
    if (text == NULL) {
        return CXR_NOMEM;
    }

    n = strlen(text);
    cxr_hash(hash, CXR_HASH_LEN, text, n, NULL, 0);
    cxr_wipe(text, n);
    free(text);

    return CXR_OK;
}


cxr_rc_t
cxr_receipt_sign(const cxr_keyring_t *ring,
    const cxr_receipt_claims_t *c, cxr_buf_t *out)
{
    char             mem[CXR_V4_PAYLOAD_MAX], hash[CXR_RECEIPT_HASH_LEN];
    cxr_rc_t         rc;
    cxr_jw_t         w;
    cxr_buf_t        payload;
    cxr_assertion_t  as;

    if (!cxr_claim_text(c->shop, CXR_SHOP_MAX)
        || !cxr_claim_text(c->id, CXR_RECEIPT_ID_MAX)
        || !cxr_claim_time(c->at))
    {
        return CXR_INVALID;
    }

    rc = cxr_assertion(CXR_RECEIPT_PURPOSE, c->shop, &as);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init_fixed(&payload, mem, sizeof(mem));
    cxr_jw_init(&w, &payload);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, cxr_receipt_claims[CXR_RECEIPT_C_ISS], c->shop);
    cxr_jw_str(&w, cxr_receipt_claims[CXR_RECEIPT_C_SUB], c->id);
    cxr_jw_time(&w, cxr_receipt_claims[CXR_RECEIPT_C_IAT], c->at);
    cxr_jw_str(&w, cxr_receipt_claims[CXR_RECEIPT_C_HASH],
               cxr_strn(hash, cxr_b64url_encode(c->hash, CXR_HASH_LEN, hash)));
    cxr_jw_close(&w);

    if (!cxr_buf_ok(&payload)) {
        return CXR_LIMIT;
    }

    return cxr_paseto_sign(ring, cxr_buf_str(&payload),
                           cxr_strn(as.data, as.len), out);
}


/* "text" is changed in place; the claims' strings are parts of it. */

static bool
cxr_receipt_scan(char *text, size_t len, cxr_receipt_claims_t *c)
{
    bool        ok, done;
    size_t      n;
    uint32_t    seen;
    unsigned    i;
    cxr_str_t   hash;
    cxr_scan_t  s;

    s.p = text;
    s.end = text + len;
    seen = 0;
    memset(c, 0, sizeof(*c));

    while (cxr_scan_member(&s, cxr_receipt_claims, &seen, &i, &done)) {

        switch (i) {

        case CXR_RECEIPT_C_ISS:
            ok = cxr_scan_text(&s, &c->shop);
            break;

        case CXR_RECEIPT_C_SUB:
            ok = cxr_scan_text(&s, &c->id);
            break;

        case CXR_RECEIPT_C_IAT:
            ok = cxr_scan_time(&s, &c->at);
            break;

        default: /* CXR_RECEIPT_C_HASH */
            ok = cxr_scan_text(&s, &hash)
                 && cxr_b64url_decode(hash, c->hash, sizeof(c->hash), &n)
                    == CXR_OK
                 && n == sizeof(c->hash);
        }

        if (!ok) {
            return false;
        }
    }

    return done && cxr_scan_end(&s)
           && seen == (UINT32_C(1) << CXR_RECEIPT_C_N) - 1
           && cxr_claim_text(c->shop, CXR_SHOP_MAX)
           && cxr_claim_text(c->id, CXR_RECEIPT_ID_MAX);
}


cxr_rc_t
cxr_receipt_verify(const cxr_keyring_t *ring, cxr_str_t shop, cxr_str_t token,
    cxr_arena_t *a, cxr_receipt_claims_t *c, char kid[9])
{
    cxr_rc_t              rc;
    cxr_signed_t          t;
    cxr_receipt_claims_t  claims;

    if (token.len > CXR_RECEIPT_TOKEN_MAX) {
        return CXR_LIMIT;
    }

    rc = cxr_signed_read(ring, token, a, &t);
    if (rc != CXR_OK) {
        return rc;
    }

    if (!cxr_receipt_scan(t.text, t.len, &claims)
        || (shop.len != 0 && !cxr_str_eq(shop, claims.shop)))
    {
        return CXR_FORGED;
    }

    rc = cxr_signed_prove(&t, CXR_RECEIPT_PURPOSE, claims.shop, kid);
    if (rc == CXR_OK) {
        *c = claims;
    }

    return rc;
}


cxr_rc_t
cxr_receipt_file(cxr_str_t token, cxr_str_t verify, const json_t *statement,
    cxr_buf_t *out)
{
    cxr_jw_t     w;
    json_t      *value;
    const char  *key;

    cxr_jw_init(&w, out);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "receipt", token);

    if (verify.len != 0) {
        cxr_jw_str(&w, "verify", verify);
    }

    cxr_jw_open(&w, "statement", '{');

    json_object_foreach((json_t *) statement, key, value) {
        cxr_jw_str(&w, key, cxr_strn(json_string_value(value),
                                     json_string_length(value)));
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);
    cxr_buf_addc(out, '\n');

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}


static cxr_rc_t
cxr_receipt_check_file(const cxr_keyring_t *ring, cxr_str_t shop,
    json_t *root, cxr_arena_t *a, cxr_receipt_result_t *result,
    cxr_receipt_claims_t *c, char kid[9])
{
    uint8_t    hash[CXR_HASH_LEN];
    json_t    *token, *statement;
    cxr_rc_t   rc;

    token = json_object_get(root, "receipt");
    statement = json_object_get(root, "statement");

    if (!json_is_string(token)) {
        return CXR_OK;
    }

    rc = cxr_receipt_verify(ring, shop,
                            cxr_strn(json_string_value(token),
                                     json_string_length(token)),
                            a, c, kid);
    if (rc != CXR_OK) {
        return rc;
    }

    if (statement == NULL) {
        *result = CXR_RECEIPT_GOOD;
        return CXR_OK;
    }

    rc = cxr_receipt_hash(statement, hash);

    if (rc == CXR_OK) {
        *result = memcmp(hash, c->hash, sizeof(hash)) == 0
                  ? CXR_RECEIPT_WHOLE : CXR_RECEIPT_ALTERED;

    } else if (rc == CXR_INVALID) {
        *result = CXR_RECEIPT_ALTERED;
        rc = CXR_OK;
    }

    return rc;
}


cxr_rc_t
cxr_receipt_check(const cxr_keyring_t *ring, cxr_str_t shop, cxr_str_t text,
    cxr_arena_t *a, cxr_receipt_result_t *result, cxr_receipt_claims_t *c,
    char kid[9])
{
    json_t    *root;
    cxr_rc_t   rc;

    *result = CXR_RECEIPT_FORGED;
    text = cxr_str_trim(text);

    if (text.len == 0 || text.len > CXR_RECEIPT_FILE_MAX) {
        return CXR_OK;
    }

    if (text.data[0] == '{') {
        rc = cxr_json_parse(text, &root, NULL);

        if (rc == CXR_OK) {
            rc = cxr_receipt_check_file(ring, shop, root, a, result, c, kid);
            json_decref(root);
        }

    } else {
        rc = cxr_receipt_verify(ring, shop, text, a, c, kid);

        if (rc == CXR_OK) {
            *result = CXR_RECEIPT_GOOD;
        }
    }

    /* whatever is wrong with what was brought is the verdict itself */

    return rc == CXR_NOMEM || rc == CXR_ERROR ? rc : CXR_OK;
}
