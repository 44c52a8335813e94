
/*
 * Capability links.  The claims are one flat JSON object:
 *
 *     {"ord":"KG1001","rma":"R-...","car":"yurtici","num":"1234","exp":"..."}
 *
 * with what is empty left out.  The purpose and the shop are not in it: they
 * are in the implicit assertion, so that a link of another purpose or shop does
 * not even authenticate.
 */

#include "cxr_sign_private.h"


#define CXR_LINK_FIELD_MAX  64          /* bytes of each text in a link */


static const char *const  cxr_link_purposes[] = {
    "track", "order", "rma", "withdrawal", "declare", "gift"
};

enum {
    CXR_LINK_C_ORD = 0,
    CXR_LINK_C_RMA,
    CXR_LINK_C_CAR,
    CXR_LINK_C_NUM,
    CXR_LINK_C_EXP
};

static const char *const  cxr_link_claims[] = {
    "ord", "rma", "car", "num", "exp", NULL
};


/*
 * What a link of this purpose must say, and must not: a link names exactly what
 * it opens.  The same rule holds for making and for opening.
 */

static bool
cxr_link_complete(cxr_link_purpose_t purpose, const cxr_link_t *l)
{
    bool  order, rma, parcel;

    order = l->order.len != 0;
    rma = l->rma.len != 0;
    parcel = l->carrier.len != 0;

    if (parcel != (l->number.len != 0) || !cxr_claim_time(l->expires)) {
        return false;
    }

    switch (purpose) {

    case CXR_LINK_TRACK:
        return (order || parcel) && !rma;

    case CXR_LINK_ORDER:
    case CXR_LINK_DECLARE:
    case CXR_LINK_GIFT:
        return order && !rma && !parcel;

    case CXR_LINK_RMA:
        return rma && !parcel;

    case CXR_LINK_WITHDRAWAL:
        return rma && !order && !parcel;
    }

    return false;
}


static cxr_rc_t
cxr_link_assertion(cxr_link_purpose_t purpose, cxr_str_t shop,
    cxr_assertion_t *a)
{
    if ((unsigned) purpose >= cxr_nelts(cxr_link_purposes)) {
        return CXR_INVALID;
    }

    return cxr_assertion(cxr_link_purposes[purpose], shop, a);
}


cxr_rc_t
cxr_link_make(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_link_purpose_t purpose, const cxr_link_t *link, bool public_form,
    cxr_buf_t *out)
{
    char              mem[CXR_V4_PAYLOAD_MAX];
    cxr_rc_t          rc;
    unsigned          i;
    cxr_jw_t          w;
    cxr_buf_t         payload;
    cxr_str_t         assertion;
    cxr_assertion_t   as;
    const cxr_str_t  *text[4];

    rc = cxr_link_assertion(purpose, shop, &as);

    if (rc != CXR_OK) {
        return rc;
    }

    if (!cxr_link_complete(purpose, link)) {
        return CXR_INVALID;
    }

    text[CXR_LINK_C_ORD] = &link->order;
    text[CXR_LINK_C_RMA] = &link->rma;
    text[CXR_LINK_C_CAR] = &link->carrier;
    text[CXR_LINK_C_NUM] = &link->number;

    cxr_buf_init_fixed(&payload, mem, sizeof(mem));
    cxr_jw_init(&w, &payload);
    cxr_jw_open(&w, NULL, '{');

    for (i = 0; i < cxr_nelts(text); i++) {
        if (text[i]->len == 0) {
            continue;
        }

        if (text[i]->len > CXR_LINK_FIELD_MAX) {
            return CXR_LIMIT;
        }

        if (!cxr_claim_text(*text[i], CXR_LINK_FIELD_MAX)) {
            return CXR_INVALID;
        }

        cxr_jw_str(&w, cxr_link_claims[i], *text[i]);
    }

    cxr_jw_time(&w, cxr_link_claims[CXR_LINK_C_EXP], link->expires);
    cxr_jw_close(&w);

    /* four texts of 64 bytes, 6 bytes each at worst, leave it far from full */

    if (!cxr_buf_ok(&payload)) {
        return CXR_LIMIT;
    }

    assertion = cxr_strn(as.data, as.len);

    if (public_form) {
        return cxr_paseto_sign(ring, cxr_buf_str(&payload), assertion, out);
    }

    return cxr_paseto_encrypt(ring, cxr_buf_str(&payload), assertion, out);
}


/* "text" is changed in place; the link's strings are parts of it. */

static bool
cxr_link_scan(char *text, size_t len, cxr_link_t *link)
{
    bool         done;
    uint32_t     seen;
    unsigned     i;
    cxr_str_t   *field;
    cxr_scan_t   s;

    s.p = text;
    s.end = text + len;
    seen = 0;

    while (cxr_scan_member(&s, cxr_link_claims, &seen, &i, &done)) {

        switch (i) {

        case CXR_LINK_C_ORD:
            field = &link->order;
            break;

        case CXR_LINK_C_RMA:
            field = &link->rma;
            break;

        case CXR_LINK_C_CAR:
            field = &link->carrier;
            break;

        case CXR_LINK_C_NUM:
            field = &link->number;
            break;

        default: /* CXR_LINK_C_EXP */
            if (!cxr_scan_time(&s, &link->expires)) {
                return false;
            }

            continue;
        }

        if (!cxr_scan_text(&s, field)
            || field->len == 0
            || field->len > CXR_LINK_FIELD_MAX)
        {
            return false;
        }
    }

    return done && cxr_scan_end(&s);
}


cxr_rc_t
cxr_link_open(const cxr_keyring_t *ring, cxr_str_t shop,
    cxr_link_purpose_t purpose, cxr_str_t token, cxr_time_t now,
    cxr_arena_t *a, cxr_link_t *link)
{
    char             *mem;
    size_t            size;
    cxr_rc_t          rc;
    cxr_buf_t         payload;
    cxr_str_t         assertion;
    cxr_link_t        l;
    cxr_assertion_t   as;

    rc = cxr_link_assertion(purpose, shop, &as);

    if (rc != CXR_OK) {
        return rc;
    }

    if (token.len > CXR_TOKEN_MAX) {
        return CXR_LIMIT;
    }

    /* a payload is shorter than its token; the strings stay in this memory */

    size = token.len * 3 / 4 + 1;
    mem = cxr_alloc(a, size);

    if (mem == NULL) {
        return CXR_NOMEM;
    }

    cxr_buf_init_fixed(&payload, mem, size);
    assertion = cxr_strn(as.data, as.len);

    if (token.len >= sizeof(CXR_V4_PUBLIC) - 1
        && memcmp(token.data, CXR_V4_PUBLIC, sizeof(CXR_V4_PUBLIC) - 1) == 0)
    {
        rc = cxr_paseto_verify(ring, token, assertion, &payload, NULL);

    } else {
        rc = cxr_paseto_decrypt(ring, token, assertion, &payload);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    memset(&l, 0, sizeof(l));

    /* a good signature over something that is no link of ours is still none */

    if (!cxr_link_scan(mem, payload.len, &l)
        || !cxr_link_complete(purpose, &l))
    {
        return CXR_FORGED;
    }

    *link = l;

    return now >= l.expires ? CXR_EXPIRED : CXR_OK;
}
