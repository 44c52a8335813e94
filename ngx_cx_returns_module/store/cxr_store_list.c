
/*
 * The journal from a snapshot.
 */

#include "cxr_store_private.h"


cxr_rc_t
cxr_read_entries(cxr_read_t *rd, const cxr_shop_t *shop, uint64_t after,
    unsigned max, cxr_arena_t *a, cxr_entries_t *out)
{
    int          rc;
    MDB_val      k, v;
    cxr_rc_t     crc = CXR_OK;
    MDB_cursor  *cur;
    cxr_dbkey_t  from, prefix;

    out->n = 0;
    out->items = NULL;

    if (max == 0 || max > CXR_ENTRIES_MAX) {
        return CXR_INVALID;
    }

    if (after == UINT64_MAX) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_JOURNAL], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_journal(&from, shop->key, after + 1);
    k = cxr_dbkey_val(&from);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && out->n < max && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        cxr_entry_t  *e = cxr_list_push(a, out, sizeof(cxr_entry_t));

        if (e == NULL) {
            crc = CXR_NOMEM;
            break;
        }

        crc = cxr_rec_decode(&cxr_entry_type, v.mv_data, v.mv_size, e, a);
        if (crc != CXR_OK) {
            break;
        }
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_head(cxr_read_t *rd, const cxr_shop_t *shop, uint64_t *seq)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cur;
    cxr_dbkey_t  key;

    *seq = 0;

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_JOURNAL], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    cxr_dbkey_journal(&key, shop->key, UINT64_MAX);
    k = cxr_dbkey_val(&key);

    rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS || rc == MDB_NOTFOUND) {
        rc = mdb_cursor_get(cur, &k, &v,
                            rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
    }

    if (rc == MDB_SUCCESS && k.mv_size == 12
        && cxr_be32(k.mv_data) == shop->key)
    {
        *seq = cxr_be64((uint8_t *) k.mv_data + 4);
    }

    mdb_cursor_close(cur);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}
