
#include "cxr_label.h"


/*
 * The lines of the claims, those of one SKU added up.  *plain is false
 * when they cannot be said one by one: a SKU is the name that means them all.
 */

static cxr_rc_t
cxr_label_lines(const cxr_rma_t *rma, cxr_arena_t *a, cxr_label_claims_t *c,
    uint32_t *total, bool *plain)
{
    uint32_t               i, k;
    cxr_label_line_t      *line;
    const cxr_rma_line_t  *l;

    *total = 0;
    *plain = true;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED || l->quantity == 0) {
            continue;
        }

        *total += l->quantity;

        if (cxr_str_is(l->sku, CXR_LABEL_ANY_SKU)) {
            *plain = false;
        }

        for (k = 0; k < c->lines.n; k++) {
            if (cxr_str_eq(c->lines.items[k].sku, l->sku)) {
                break;
            }
        }

        if (k < c->lines.n) {
            c->lines.items[k].quantity += l->quantity;
            continue;
        }

        line = cxr_list_push(a, &c->lines, sizeof(cxr_label_line_t));

        if (line == NULL) {
            return CXR_NOMEM;
        }

        line->sku = l->sku;
        line->quantity = l->quantity;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_label_token(const cxr_keyring_t *ring, const cxr_shop_t *shop,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_str_t *token)
{
    char                mem[CXR_TOKEN_MAX];
    bool                plain;
    uint32_t            total;
    cxr_rc_t            rc;
    cxr_buf_t           out;
    cxr_label_line_t    all;
    cxr_label_claims_t  claims;

    if (rma->label_jti.len == 0) {
        return CXR_NOTFOUND;
    }

    memset(&claims, 0, sizeof(claims));
    claims.shop = shop->id;
    claims.rma = rma->id;
    claims.jti = rma->label_jti;
    claims.issued = rma->label_issued;
    claims.expires = rma->label_expires;

    rc = cxr_label_lines(rma, a, &claims, &total, &plain);

    if (rc != CXR_OK) {
        return rc;
    }

    if (rma->cancelled || total == 0) {
        return CXR_REFUSED;
    }

    cxr_buf_init_fixed(&out, mem, sizeof(mem));

    if (plain) {
        rc = cxr_label_sign(ring, &claims, &out);

        if (rc == CXR_OK && out.len <= CXR_LABEL_TOKEN_MAX) {
            return cxr_str_dup(a, cxr_buf_str(&out), token);
        }

        /* CXR_INVALID: of a SKU too long for a claim, say */

        if (rc != CXR_OK && rc != CXR_INVALID && rc != CXR_LIMIT
            && rc != CXR_NOMEM)
        {
            return rc;
        }
    }

    all.sku = cxr_str(CXR_LABEL_ANY_SKU);
    all.quantity = total;
    claims.lines.items = &all;
    claims.lines.n = 1;

    cxr_buf_init_fixed(&out, mem, sizeof(mem));

    rc = cxr_label_sign(ring, &claims, &out);

    if (rc == CXR_OK && out.len <= CXR_LABEL_TOKEN_MAX) {
        return cxr_str_dup(a, cxr_buf_str(&out), token);
    }

    return rc == CXR_NOTFOUND || rc == CXR_NOMEM ? rc : CXR_ERROR;
}
