
/*
 * Orders one after another, for what looks at all of them.
 */

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
