
/*
 * Orders one after another, for what looks at all of them, and those of one
 * customer.
 */

#include "cxr_store_lists.h"
#include "cxr_store_private.h"


cxr_rc_t
cxr_read_orders(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t after,
    unsigned limit, cxr_arena_t *a, cxr_orders_t *out, cxr_str_t *last)
{
    int          rc;
    MDB_val      k, v;
    cxr_rc_t     crc;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix, from;

    out->n = 0;
    *last = after;

    if (limit == 0 || limit > CXR_ORDER_LIST_MAX) {
        return CXR_INVALID;
    }

    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_one(&from, shop->key, after);

    if (from.over) {
        return CXR_INVALID;
    }

    out->items = cxr_calloc(a, limit, sizeof(cxr_order_t));
    if (out->items == NULL) {
        return CXR_NOMEM;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_ORDERS], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);
    crc = CXR_OK;

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && out->n < limit && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        if (after.len != 0 && k.mv_size == from.len
            && memcmp(k.mv_data, from.data, from.len) == 0)
        {
            continue;
        }

        crc = cxr_rec_decode(&cxr_order_type, v.mv_data, v.mv_size,
                             &out->items[out->n], a);
        if (crc != CXR_OK) {
            break;
        }

        out->n++;
        *last = cxr_strn((char *) k.mv_data + prefix.len,
                         k.mv_size - prefix.len);
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_mdb_rc(rd->store, rc);
    }

    return cxr_str_dup(a, *last, last);
}


/* Of an order that has gift returns, or cancellations: what is in these is taken
   off it, since another than the buyer sends them back, or nobody does. */

static cxr_rc_t
cxr_history_others(cxr_read_t *rd, const cxr_shop_t *shop, cxr_order_t *order,
    cxr_arena_t *a)
{
    cxr_rc_t           rc;
    uint32_t           i, k, n;
    cxr_rma_t          rma;
    cxr_order_line_t  *line;

    for (i = 0, n = 0; i < order->rmas.n; i++) {
        rc = cxr_read_rma(rd, shop, order->rmas.items[i], a, &rma);

        if (rc != CXR_OK && rc != CXR_NOTFOUND) {
            return rc;
        }

        if (rc == CXR_NOTFOUND
            || (!rma.gift && rma.kind != CXR_KIND_CANCELLATION))
        {
            order->rmas.items[n++] = order->rmas.items[i];
            continue;
        }

        for (k = 0; k < rma.lines.n; k++) {
            if (rma.cancelled || rma.expired
                || rma.lines.items[k].decision == CXR_DECISION_DECLINED)
            {
                continue;
            }

            line = (cxr_order_line_t *) cxr_order_line(order,
                                                    rma.lines.items[k].line);

            if (line != NULL) {
                line->returning_paid -= rma.lines.items[k].paid;
            }
        }
    }

    order->rmas.n = n;

    return CXR_OK;
}


/* What of an order's RMAs was kept, and what was said not to have come. */

static cxr_rc_t
cxr_history_kept(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_arena_t *a, uint32_t *rmas,
    cxr_history_t *out)
{
    cxr_rc_t               rc;
    uint32_t               i, k;
    cxr_rma_t              rma;
    const cxr_rma_line_t  *l;

    for (i = 0; i < order->rmas.n && *rmas < CXR_HISTORY_RMAS; i++) {
        rc = cxr_read_rma(rd, shop, order->rmas.items[i], a, &rma);

        if (rc == CXR_NOTFOUND) {
            continue;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        (*rmas)++;

        for (k = 0; rma.status != CXR_RMA_CANCELLED && k < rma.lines.n; k++) {
            l = &rma.lines.items[k];

            if (l->decision == CXR_DECISION_DECLINED) {
                continue;
            }

            if (l->claim >= CXR_CLAIM_MISSING) {
                out->missing += l->quantity;

            } else if (l->no_return && l->decision == CXR_DECISION_APPROVED) {
                out->kept += l->quantity;
            }
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_read_history(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, bool kept, cxr_arena_t *a, cxr_history_t *out)
{
    bool          on;
    cxr_rc_t      rc;
    uint32_t      i, k, rmas;
    cxr_strs_t    numbers;
    cxr_order_t   one;
    cxr_person_t  person;

    memset(out, 0, sizeof(*out));
    rmas = 0;

    if (rd->store->ring == NULL) {
        return CXR_OK;
    }

    rc = cxr_read_person(rd, shop, order, a, &person);

    if (rc == CXR_NOTFOUND) {
        return CXR_OK;
    }

    out->person = (rc == CXR_OK);

    for (i = 0; rc == CXR_OK && i < shop->policy.people.n; i++) {
        rc = cxr_read_listed(rd, shop, &shop->policy.people.items[i], &person,
                             &on);

        if (rc == CXR_OK && on) {
            out->lists |= (uint32_t) 1 << i;
        }
    }

    if (rc == CXR_OK && person.email.len == 0) {
        return CXR_OK;
    }

    if (rc == CXR_OK) {
        rc = cxr_read_by_email(rd, shop, person.email, CXR_HISTORY_ORDERS, a,
                               &numbers);
    }

    for (i = 0; rc == CXR_OK && i < numbers.n; i++) {
        rc = cxr_read_order(rd, shop, numbers.items[i], a, &one);

        if (rc == CXR_NOTFOUND) {
            rc = CXR_OK;
            continue;
        }

        if (rc != CXR_OK) {
            break;
        }

        if (one.gifted || one.cancels) {
            rc = cxr_history_others(rd, shop, &one, a);
            if (rc != CXR_OK) {
                break;
            }
        }

        if (kept) {
            rc = cxr_history_kept(rd, shop, &one, a, &rmas, out);
            if (rc != CXR_OK) {
                break;
            }
        }

        out->orders++;
        out->returns += one.rmas.n;

        for (k = 0; cxr_str_eq(one.currency, order->currency)
                    && k < one.lines.n; k++)
        {
            if (!cxr_money_add(out->returned,
                               one.lines.items[k].returning_paid,
                               &out->returned))
            {
                return CXR_ERROR;
            }
        }
    }

    out->known = (rc == CXR_OK);

    return rc;
}
