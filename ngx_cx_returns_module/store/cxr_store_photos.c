
/*
 * The photos, and carriers' labels, of an order whose person was erased: what
 * reading it does not show any more, so that the files can go, too.
 */

#include "cxr_store_private.h"


static cxr_rc_t
cxr_gone_add(const cxr_photo_refs_t *refs, cxr_arena_t *a, cxr_strs_t *out)
{
    uint32_t    i;
    cxr_rc_t    rc = CXR_OK;
    cxr_str_t  *hash;

    for (i = 0; rc == CXR_OK && i < refs->n; i++) {
        hash = cxr_list_push(a, out, sizeof(*hash));

        rc = hash != NULL ? cxr_str_dup(a, refs->items[i].hash, hash)
                          : CXR_NOMEM;
    }

    return rc;
}


/* As it stands: what is read otherwise does not show them any more. */

static cxr_rc_t
cxr_gone_rma(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_rma_t *rma)
{
    MDB_val      k, v;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop->key, id);
    k = cxr_dbkey_val(&key);
    rc = cxr_mdb_rc(rd->store,
                    mdb_get(rd->txn, rd->store->dbi[CXR_T_RMAS], &k, &v));

    return rc == CXR_OK ? cxr_rec_decode(&cxr_rma_type, v.mv_data, v.mv_size,
                                         rma, a)
                        : rc;
}


cxr_rc_t
cxr_gone_until(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_str_t rma, cxr_arena_t *a, cxr_time_t *until)
{
    cxr_rc_t   rc;
    cxr_rma_t  of;

    *until = order->gone_at;

    /* nobody but a gift's recipient is erased by herself */

    if (rma.len == 0 || !order->gifted) {
        return CXR_OK;
    }

    rc = cxr_gone_rma(rd, shop, rma, a, &of);

    if (rc == CXR_OK && of.erased_at > *until) {
        *until = of.erased_at;
    }

    return rc;
}


static cxr_rc_t
cxr_gone_messages(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *of, cxr_str_t order, cxr_arena_t *a, cxr_strs_t *out)
{
    int            rc;
    MDB_val        k, v;
    cxr_rc_t       crc = CXR_OK;
    MDB_cursor    *cur;
    uint16_t       type, version;
    uint64_t       seq;
    cxr_time_t     until = CXR_TIME_NONE;
    cxr_dbkey_t    prefix;
    cxr_message_t  m;

    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_str0(&prefix, order);

    if (prefix.over || rd->store->lacks[CXR_T_TALK]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_TALK], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && crc == CXR_OK && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        crc = cxr_rec_head(v.mv_data, v.mv_size, &type, &version, &seq);

        /* the sums of the threads stand before the messages */

        if (crc != CXR_OK || type != CXR_TYPE_MESSAGE) {
            continue;
        }

        crc = cxr_rec_decode(&cxr_message_type, v.mv_data, v.mv_size, &m, a);

        if (crc == CXR_OK && m.photos.n != 0) {
            crc = cxr_gone_until(rd, shop, of, m.rma, a, &until);
        }

        if (crc == CXR_OK && m.photos.n != 0 && m.at <= until) {
            crc = cxr_gone_add(&m.photos, a, out);
        }
    }

    mdb_cursor_close(cur);

    if (crc == CXR_OK && rc != MDB_NOTFOUND) {
        crc = cxr_mdb_rc(rd->store, rc);
    }

    return crc;
}


/* What of an RMA is gone: its lines' photos, or the carrier's label. */
typedef cxr_rc_t (*cxr_gone_pt)(const cxr_rma_t *rma, cxr_time_t until,
    cxr_arena_t *a, cxr_strs_t *out);


static cxr_rc_t
cxr_gone_lines(const cxr_rma_t *rma, cxr_time_t until, cxr_arena_t *a,
    cxr_strs_t *out)
{
    uint32_t  i;
    cxr_rc_t  rc = CXR_OK;

    for (i = 0; rc == CXR_OK && rma->created_at <= until && i < rma->lines.n;
         i++)
    {
        rc = cxr_gone_add(&rma->lines.items[i].photos, a, out);
    }

    return rc;
}


static cxr_rc_t
cxr_gone_label(const cxr_rma_t *rma, cxr_time_t until, cxr_arena_t *a,
    cxr_strs_t *out)
{
    cxr_str_t  *hash;

    if (rma->carrier_label_hash.len == 0 || rma->carrier_label_at > until) {
        return CXR_OK;
    }

    hash = cxr_list_push(a, out, sizeof(*hash));

    return hash != NULL ? cxr_str_dup(a, rma->carrier_label_hash, hash)
                        : CXR_NOMEM;
}


static cxr_rc_t
cxr_gone_rmas(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_gone_pt gone, cxr_arena_t *a,
    cxr_strs_t *out)
{
    uint32_t    i;
    cxr_rc_t    rc = CXR_OK;
    cxr_rma_t   rma;
    cxr_time_t  until;

    for (i = 0; rc == CXR_OK && i < order->rmas.n; i++) {
        rc = cxr_gone_rma(rd, shop, order->rmas.items[i], a, &rma);

        if (rc == CXR_OK) {
            until = order->gone_at > rma.erased_at ? order->gone_at
                                                   : rma.erased_at;
            rc = gone(&rma, until, a, out);
        }
    }

    return rc;
}


/* CXR_NOTFOUND: there is no such order, or nobody of it was erased. */

static cxr_rc_t
cxr_gone_order(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_order_t *order, cxr_strs_t *out)
{
    cxr_rc_t  rc;

    memset(out, 0, sizeof(*out));

    rc = cxr_read_order(rd, shop, id, a, order);

    return rc == CXR_OK && order->gone_at == CXR_TIME_NONE && !order->gifted
           ? CXR_NOTFOUND : rc;
}


cxr_rc_t
cxr_read_gone_photos(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_strs_t *out)
{
    cxr_rc_t     rc;
    cxr_order_t  order;

    rc = cxr_gone_order(rd, shop, id, a, &order, out);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    rc = cxr_gone_messages(rd, shop, &order, id, a, out);

    return rc == CXR_OK ? cxr_gone_rmas(rd, shop, &order, cxr_gone_lines, a,
                                        out)
                        : rc;
}


cxr_rc_t
cxr_read_gone_labels(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_strs_t *out)
{
    cxr_rc_t     rc;
    cxr_order_t  order;

    rc = cxr_gone_order(rd, shop, id, a, &order, out);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    return cxr_gone_rmas(rd, shop, &order, cxr_gone_label, a, out);
}
