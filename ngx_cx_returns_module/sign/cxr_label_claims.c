
/*
 * A label's payload: claims that a warehouse checks offline with the public
 * key alone, so v4.public and the registered claims' names.
 *
 *     {"iss":shop,"sub":rma,"jti":id,"iat":time,"exp":time,
 *      "ln":[["sku",quantity],...]}
 */

#include "cxr_sign_private.h"


#define CXR_LABEL_PURPOSE    "label"
#define CXR_LABEL_FIELD_MAX  64         /* bytes of rma and jti */
#define CXR_LABEL_SKU_MAX    128        /* bytes */

enum {
    CXR_LABEL_C_ISS = 0,
    CXR_LABEL_C_SUB,
    CXR_LABEL_C_JTI,
    CXR_LABEL_C_IAT,
    CXR_LABEL_C_EXP,
    CXR_LABEL_C_LN
};

static const char *const  cxr_label_claims[] = {
    "iss", "sub", "jti", "iat", "exp", "ln", NULL
};


static bool
cxr_label_complete(const cxr_label_claims_t *c)
{
    uint32_t  i;

    if (!cxr_claim_text(c->shop, CXR_SHOP_MAX)
        || !cxr_claim_text(c->rma, CXR_LABEL_FIELD_MAX)
        || !cxr_claim_text(c->jti, CXR_LABEL_FIELD_MAX)
        || !cxr_claim_time(c->issued)
        || !cxr_claim_time(c->expires)
        || c->expires <= c->issued)
    {
        return false;
    }

    for (i = 0; i < c->lines.n; i++) {
        if (!cxr_claim_text(c->lines.items[i].sku, CXR_LABEL_SKU_MAX)
            || c->lines.items[i].quantity == 0)
        {
            return false;
        }
    }

    return true;
}


cxr_rc_t
cxr_label_sign(const cxr_keyring_t *ring, const cxr_label_claims_t *c,
    cxr_buf_t *out)
{
    char             mem[CXR_V4_PAYLOAD_MAX];
    cxr_rc_t         rc;
    uint32_t         i;
    cxr_jw_t         w;
    cxr_buf_t        payload;
    cxr_assertion_t  as;

    if (!cxr_label_complete(c)) {
        return CXR_INVALID;
    }

    rc = cxr_assertion(CXR_LABEL_PURPOSE, c->shop, &as);

    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init_fixed(&payload, mem, sizeof(mem));
    cxr_jw_init(&w, &payload);

    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, cxr_label_claims[CXR_LABEL_C_ISS], c->shop);
    cxr_jw_str(&w, cxr_label_claims[CXR_LABEL_C_SUB], c->rma);
    cxr_jw_str(&w, cxr_label_claims[CXR_LABEL_C_JTI], c->jti);
    cxr_jw_time(&w, cxr_label_claims[CXR_LABEL_C_IAT], c->issued);
    cxr_jw_time(&w, cxr_label_claims[CXR_LABEL_C_EXP], c->expires);
    cxr_jw_open(&w, cxr_label_claims[CXR_LABEL_C_LN], '[');

    for (i = 0; i < c->lines.n && cxr_buf_ok(&payload); i++) {
        cxr_jw_open(&w, NULL, '[');
        cxr_jw_str(&w, NULL, c->lines.items[i].sku);
        cxr_jw_int(&w, NULL, c->lines.items[i].quantity);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);

    if (!cxr_buf_ok(&payload)) {
        return CXR_LIMIT;
    }

    return cxr_paseto_sign(ring, cxr_buf_str(&payload),
                           cxr_strn(as.data, as.len), out);
}


/* [["sku",quantity],...]; CXR_FORGED when it is not that. */

static cxr_rc_t
cxr_label_scan_lines(cxr_scan_t *s, cxr_arena_t *a, cxr_label_claims_t *c)
{
    uint64_t           quantity;
    cxr_str_t          sku;
    cxr_label_line_t  *line;

    if (!cxr_scan_byte(s, '[')) {
        return CXR_FORGED;
    }

    if (cxr_scan_byte(s, ']')) {
        return CXR_OK;
    }

    do {
        if (!cxr_scan_byte(s, '[')
            || !cxr_scan_text(s, &sku)
            || !cxr_scan_byte(s, ',')
            || !cxr_scan_uint(s, UINT32_MAX, &quantity)
            || !cxr_scan_byte(s, ']'))
        {
            return CXR_FORGED;
        }

        line = cxr_list_push(a, &c->lines, sizeof(cxr_label_line_t));

        if (line == NULL) {
            return CXR_NOMEM;
        }

        line->sku = sku;
        line->quantity = (uint32_t) quantity;

    } while (cxr_scan_byte(s, ','));

    return cxr_scan_byte(s, ']') ? CXR_OK : CXR_FORGED;
}


/* "text" is changed in place; the claims' strings are parts of it. */

static cxr_rc_t
cxr_label_scan(char *text, size_t len, cxr_arena_t *a, cxr_label_claims_t *c)
{
    bool        ok, done;
    uint32_t    seen;
    cxr_rc_t    rc;
    unsigned    i;
    cxr_scan_t  s;

    s.p = text;
    s.end = text + len;
    seen = 0;
    memset(c, 0, sizeof(*c));

    while (cxr_scan_member(&s, cxr_label_claims, &seen, &i, &done)) {

        switch (i) {

        case CXR_LABEL_C_ISS:
            ok = cxr_scan_text(&s, &c->shop);
            break;

        case CXR_LABEL_C_SUB:
            ok = cxr_scan_text(&s, &c->rma);
            break;

        case CXR_LABEL_C_JTI:
            ok = cxr_scan_text(&s, &c->jti);
            break;

        case CXR_LABEL_C_IAT:
            ok = cxr_scan_time(&s, &c->issued);
            break;

        case CXR_LABEL_C_EXP:
            ok = cxr_scan_time(&s, &c->expires);
            break;

        default: /* CXR_LABEL_C_LN */
            rc = cxr_label_scan_lines(&s, a, c);

            if (rc != CXR_OK) {
                return rc;
            }

            ok = true;
        }

        if (!ok) {
            return CXR_FORGED;
        }
    }

    if (!done
        || !cxr_scan_end(&s)
        || !(seen & (UINT32_C(1) << CXR_LABEL_C_LN))
        || !cxr_label_complete(c))
    {
        return CXR_FORGED;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_label_verify(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_str_t token, cxr_time_t now, cxr_arena_t *a, cxr_label_claims_t *c,
    char kid[9])
{
    cxr_rc_t             rc;
    cxr_signed_t         t;
    cxr_label_claims_t   claims;

    rc = cxr_signed_read(ring, token, a, &t);
    if (rc == CXR_OK) {
        rc = cxr_label_scan(t.text, t.len, a, &claims);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (shop.len != 0 && !cxr_str_eq(shop, claims.shop)) {
        return CXR_FORGED;
    }

    rc = cxr_signed_prove(&t, CXR_LABEL_PURPOSE, claims.shop, kid);
    if (rc != CXR_OK) {
        return rc;
    }

    *c = claims;

    return now >= c->expires ? CXR_EXPIRED : CXR_OK;
}
