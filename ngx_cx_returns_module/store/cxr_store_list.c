
/*
 * Lists from a snapshot: RMAs by status, their counts, journal entries.
 */

#include "cxr_store_private.h"
#include "cxr_text.h"


/*
 * A cursor, before base64url: the list, the creation time as in the key, the
 * RMA number.  It names the last one shown, and stays good whatever happens to
 * that one.
 */
#define CXR_CURSOR_LEN     (1 + 8 + CXR_RMA_ID_LEN)
#define CXR_CURSOR_TEXT    ((CXR_CURSOR_LEN * 4 + 2) / 3)


static cxr_rc_t
cxr_cursor_parse(cxr_str_t text, uint8_t list, cxr_dbkey_t *key)
{
    char      id[CXR_RMA_ID_LEN];
    size_t    n;
    uint8_t   raw[CXR_CURSOR_LEN];

    if (text.len != CXR_CURSOR_TEXT
        || cxr_b64url_decode(text, raw, sizeof(raw), &n) != CXR_OK
        || n != CXR_CURSOR_LEN || raw[0] != list
        || cxr_rma_id_parse(cxr_strn(raw + 9, CXR_RMA_ID_LEN), id) != CXR_OK
        || memcmp(id, raw + 9, CXR_RMA_ID_LEN) != 0)
    {
        return CXR_INVALID;
    }

    cxr_dbkey_add(key, raw, sizeof(raw));

    return CXR_OK;
}


static cxr_rc_t
cxr_cursor_print(const cxr_rma_t *last, uint8_t list, cxr_arena_t *a,
    cxr_str_t *out)
{
    char         *text;
    cxr_dbkey_t   key;

    if (last->id.len != CXR_RMA_ID_LEN) {
        return CXR_INVALID;
    }

    text = cxr_alloc(a, CXR_CURSOR_TEXT + 1);
    if (text == NULL) {
        return CXR_NOMEM;
    }

    /* the key without the shop */
    cxr_dbkey_ix_rma(&key, 0, list, last->created_at, last->id);
    *out = cxr_strn(text, cxr_b64url_encode(key.data + 4, CXR_CURSOR_LEN,
                                            text));
    return CXR_OK;
}


cxr_rc_t
cxr_read_rmas(cxr_read_t *rd, const cxr_shop_t *shop, int status,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_rmas_t *out,
    cxr_str_t *next)
{
    int          rc;
    MDB_val      k, v;
    uint8_t      list;
    cxr_rc_t     crc;
    cxr_str_t    id;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix, from;

    out->n = 0;
    *next = cxr_str("");

    if (limit == 0 || limit > CXR_RMA_LIST_MAX || status >= CXR_RMA_NSTATUS) {
        return CXR_INVALID;
    }

    list = status < 0 ? CXR_LIST_ALL : CXR_LIST_STATUS(status);
    cxr_dbkey_shop(&prefix, shop->key);
    from = prefix;
    cxr_dbkey_add(&prefix, &list, 1);

    if (cursor.len == 0) {
        from = prefix;
    } else if (cxr_cursor_parse(cursor, list, &from) != CXR_OK) {
        return CXR_INVALID;
    }

    out->items = cxr_calloc(a, limit, sizeof(cxr_rma_t));
    if (out->items == NULL) {
        return CXR_NOMEM;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_RMA], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);
    rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_SUCCESS && cursor.len != 0 && k.mv_size == from.len
        && memcmp(k.mv_data, from.data, from.len) == 0)
    {
        rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT);
    }

    crc = CXR_OK;

    for ( /* void */ ;
         crc == CXR_OK && rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        if (out->n == limit) {
            /* there is more */
            crc = cxr_cursor_print(&out->items[out->n - 1], list, a, next);
            break;
        }

        if (k.mv_size <= (size_t) prefix.len + 8) {
            crc = CXR_INVALID;
            break;
        }

        id = cxr_strn((char *) k.mv_data + prefix.len + 8,
                      k.mv_size - prefix.len - 8);

        crc = cxr_read_rma(rd, shop, id, a, &out->items[out->n]);
        if (crc == CXR_OK) {
            out->n++;

        } else if (crc == CXR_NOTFOUND) {
            crc = CXR_INVALID;      /* an index entry that leads nowhere */
        }
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_rma_counts(cxr_read_t *rd, const cxr_shop_t *shop, uint32_t cap,
    uint32_t counts[CXR_RMA_NSTATUS])
{
    int          rc, s;
    MDB_val      k, v;
    uint8_t      list;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_RMA], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    for (s = 0; s < CXR_RMA_NSTATUS; s++) {
        counts[s] = 0;
        list = CXR_LIST_STATUS(s);
        cxr_dbkey_shop(&prefix, shop->key);
        cxr_dbkey_add(&prefix, &list, 1);
        k = cxr_dbkey_val(&prefix);

        for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
             rc == MDB_SUCCESS && counts[s] < cap
             && cxr_dbkey_prefixes(&prefix, k);
             rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
        {
            counts[s]++;
        }

        if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
            break;
        }

        rc = MDB_SUCCESS;
    }

    mdb_cursor_close(cur);

    return cxr_mdb_rc(rd->store, rc);
}


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
