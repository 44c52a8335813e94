
/*
 * The customer of an RMA: other orders and RMAs of the same e-mail address, by
 * its blind index.
 */

#include "ngx_cx_returns_desk.h"


/*
 * *out is NULL when nothing is known.  Read are at most CXR_CUSTOMER_ROWS RMAs
 * and orders without one; the sums are over CXR_HISTORY_ORDERS.
 */

cxr_rc_t
ngx_cx_returns_staff_customer(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_staff_customer_t **out)
{
    uint32_t               i, k, rmas, orders;
    cxr_rc_t               rc;
    cxr_rma_t             *others;
    cxr_strs_t             numbers;
    cxr_arena_t           *a;
    cxr_order_t           *bare, one;
    cxr_person_t           person;
    const cxr_shop_t      *shop;
    cxr_staff_customer_t  *c;

    *out = NULL;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    c = cxr_calloc(a, 1, sizeof(cxr_staff_customer_t));
    others = cxr_calloc(a, CXR_CUSTOMER_ROWS, sizeof(cxr_rma_t));
    bare = cxr_calloc(a, CXR_CUSTOMER_ROWS, sizeof(cxr_order_t));

    if (c == NULL || others == NULL || bare == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_history(rd, shop, order, true, a, &c->history);

    if (rc != CXR_OK || !c->history.known) {
        return rc == CXR_NOMEM ? rc : CXR_OK;
    }

    if (cxr_read_person(rd, shop, order, a, &person) != CXR_OK
        || cxr_read_by_email(rd, shop, person.email, CXR_HISTORY_ORDERS, a,
                             &numbers) != CXR_OK)
    {
        return CXR_OK;
    }

    rmas = 0;
    orders = 0;

    for (i = 0; i < numbers.n; i++) {

        rc = cxr_read_order(rd, shop, numbers.items[i], a, &one);

        if (rc == CXR_NOTFOUND) {
            continue;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        for (k = one.rmas.n; k > 0; k--) {

            if (cxr_str_eq(one.rmas.items[k - 1], rma->id)) {
                continue;
            }

            if (rmas == CXR_CUSTOMER_ROWS) {
                c->more = true;
                break;
            }

            rc = cxr_read_rma(rd, shop, one.rmas.items[k - 1], a,
                              &others[rmas]);
            if (rc != CXR_OK) {
                return rc;
            }

            rmas++;
        }

        if (one.rmas.n == 0) {

            if (orders == CXR_CUSTOMER_ROWS) {
                c->more = true;
                continue;
            }

            bare[orders++] = one;
        }
    }

    c->rmas = others;
    c->nrmas = rmas;
    c->orders = bare;
    c->norders = orders;
    *out = c;

    return CXR_OK;
}
