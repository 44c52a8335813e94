
/*
 * Reading single things from a snapshot.
 */

#include "cxr_store_private.h"


#define CXR_CACHE_LINE  64


static cxr_rc_t
cxr_read_get(cxr_read_t *rd, cxr_table_t t, cxr_dbkey_t *key, MDB_val *v)
{
    MDB_val  k = cxr_dbkey_val(key);

    if (key->over) {
        return CXR_NOTFOUND;        /* nothing can stand under it */
    }

    return cxr_mdb_rc(rd->store,
                      mdb_get(rd->txn, rd->store->dbi[t], &k, v));
}


/*
 * A record of a large store is in no cache, and is read from its beginning to
 * its end: each line of it would be waited for in turn.
 */
static inline void
cxr_read_ahead(const MDB_val *v)
{
    const char  *p, *end;

    for (p = v->mv_data, end = p + v->mv_size; p < end; p += CXR_CACHE_LINE) {
        __builtin_prefetch(p);
    }
}


cxr_rc_t
cxr_read_one(cxr_read_t *rd, cxr_table_t t, cxr_dbkey_t *key,
    const cxr_type_t *type, cxr_arena_t *a, void *obj)
{
    MDB_val   v;
    cxr_rc_t  rc;

    rc = cxr_read_get(rd, t, key, &v);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_read_ahead(&v);

    return cxr_rec_decode(type, v.mv_data, v.mv_size, obj, a);
}


cxr_rc_t
cxr_read_order(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t number,
    cxr_arena_t *a, cxr_order_t *order)
{
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop->key, number);

    return cxr_read_one(rd, CXR_T_ORDERS, &key, &cxr_order_type, a, order);
}


/* Photos, and a carrier's label, up to the erasure are gone, though their files
   may be there yet. */

static cxr_rc_t
cxr_read_rma_gone(cxr_read_t *rd, const cxr_shop_t *shop, cxr_arena_t *a,
    cxr_rma_t *rma)
{
    uint32_t      i;
    cxr_rc_t      rc;
    cxr_time_t    until;
    cxr_order_t  *order;

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].photos.n != 0) {
            break;
        }
    }

    if (i == rma->lines.n && !cxr_rma_has_supplied(rma)) {
        return CXR_OK;
    }

    order = cxr_calloc(a, 1, sizeof(*order));
    rc = order ? cxr_read_order(rd, shop, rma->order, a, order) : CXR_NOMEM;

    until = rma->erased_at;

    if (rc == CXR_OK && order->gone_at > until) {
        until = order->gone_at;
    }

    if (rc == CXR_OK && rma->carrier_label_at <= until) {
        rma->carrier_label_url = CXR_STR_NONE;
        rma->carrier_label_hash = CXR_STR_NONE;
        rma->carrier_label_kind = CXR_LABEL_FILE_NONE;
        rma->carrier_label_bytes = 0;
    }

    for ( /* void */ ; rc == CXR_OK && i < rma->lines.n; i++) {
        if (rma->created_at <= until) {
            rma->lines.items[i].photos.n = 0;
        }
    }

    return rc == CXR_NOTFOUND ? CXR_ERROR : rc;
}


cxr_rc_t
cxr_read_rma(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_rma_t *rma)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop->key, id);

    rc = cxr_read_one(rd, CXR_T_RMAS, &key, &cxr_rma_type, a, rma);

    return rc == CXR_OK ? cxr_read_rma_gone(rd, shop, a, rma) : rc;
}


cxr_rc_t
cxr_read_product(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_product_t *product)
{
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop->key, id);

    return cxr_read_one(rd, CXR_T_PRODUCTS, &key, &cxr_product_type, a,
                        product);
}


/* ---- shipments ---- */

cxr_rc_t
cxr_read_shipment(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t carrier,
    cxr_str_t number, cxr_arena_t *a, cxr_shipment_t *ship)
{
    int          rc;
    bool         any = false;
    MDB_val      k, v, last;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    cxr_dbkey_parcel(&prefix, shop->key, carrier, number);
    if (prefix.over) {
        return CXR_NOTFOUND;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_SHIPMENTS], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        any = true;
        last = v;
        cxr_read_ahead(&v);
    }

    mdb_cursor_close(cur);

    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_mdb_rc(rd->store, rc);
    }

    if (!any) {
        return CXR_NOTFOUND;
    }

    return cxr_rec_decode(&cxr_shipment_type, last.mv_data, last.mv_size, ship,
                          a);
}


/* a parcel of so many scans takes less */
#define CXR_READ_DIGEST_ARENA  ((size_t) 4 << 20)


/*
 * The digest stands last in most records, where it is found at once.  What came
 * to the parcel's fields later stands behind it, in the few that have it: then
 * all is read.
 */
static bool
cxr_record_digest(MDB_val v, cxr_str_t *digest)
{
    bool             there;
    cxr_arena_t     *a;
    cxr_shipment_t   ship;

    if (cxr_rec_tail(&cxr_shipment_type, offsetof(cxr_shipment_t, digest),
                     v.mv_data, v.mv_size, CXR_DIGEST_LEN, digest)
        || cxr_rec_tail(&cxr_shipment_type, offsetof(cxr_shipment_t, digest),
                        v.mv_data, v.mv_size, CXR_DIGEST_SHORT, digest))
    {
        return true;
    }

    if (!cxr_rec_reaches(&cxr_shipment_type, offsetof(cxr_shipment_t, digest),
                         v.mv_data, v.mv_size))
    {
        return false;
    }

    a = cxr_arena_create(CXR_READ_DIGEST_ARENA);
    there = a != NULL
            && cxr_rec_decode(&cxr_shipment_type, v.mv_data, v.mv_size, &ship,
                              a) == CXR_OK
            && (ship.digest.len == CXR_DIGEST_LEN
                || ship.digest.len == CXR_DIGEST_SHORT);

    if (there) {
        *digest = ship.digest;
    }

    cxr_arena_destroy(a);

    return there;
}


bool
cxr_read_digest(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t carrier,
    cxr_str_t number, size_t at, cxr_str_t part, cxr_str_t *digest)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  prefix;

    cxr_dbkey_parcel(&prefix, shop->key, carrier, number);

    if (prefix.over
        || (rd->parcels == NULL
            && mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_SHIPMENTS],
                               &rd->parcels) != MDB_SUCCESS))
    {
        return false;
    }

    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(rd->parcels, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(rd->parcels, &k, &v, MDB_NEXT))
    {
        if (cxr_record_digest(v, digest) && digest->len >= at + part.len
            && memcmp(digest->data + at, part.data, part.len) == 0)
        {
            return true;
        }
    }

    return false;
}


/* Appends the parcel when it is known and not there yet. */
static cxr_rc_t
cxr_read_parcel(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t carrier,
    cxr_str_t number, cxr_arena_t *a, cxr_shipments_t *out)
{
    uint32_t         i;
    cxr_rc_t         rc;
    cxr_shipment_t   ship, *s;

    for (i = 0; i < out->n; i++) {
        if (cxr_str_eq(out->items[i].carrier, carrier)
            && cxr_str_eq(out->items[i].number, number))
        {
            return CXR_OK;
        }
    }

    rc = cxr_read_shipment(rd, shop, carrier, number, a, &ship);
    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    s = cxr_list_push(a, out, sizeof(cxr_shipment_t));
    if (s == NULL) {
        return CXR_NOMEM;
    }

    *s = ship;

    return CXR_OK;
}


cxr_rc_t
cxr_read_parcels(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_arena_t *a, cxr_shipments_t *out)
{
    uint32_t    i, j;
    cxr_rc_t    rc;
    cxr_rma_t   rma;

    out->n = 0;
    out->items = NULL;

    for (i = 0; i < order->parcels.n; i++) {
        rc = cxr_read_parcel(rd, shop, order->parcels.items[i].carrier,
                             order->parcels.items[i].number, a, out);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    for (i = 0; i < order->rmas.n; i++) {
        rc = cxr_read_rma(rd, shop, order->rmas.items[i], a, &rma);
        if (rc != CXR_OK) {
            /* an order never names an RMA that is not there */
            return rc == CXR_NOTFOUND ? CXR_INVALID : rc;
        }

        for (j = 0; j < rma.parcels.n; j++) {
            rc = cxr_read_parcel(rd, shop, rma.parcels.items[j].carrier,
                                 rma.parcels.items[j].number, a, out);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


/* The carrier in a shipment's key, "shop number 0 carrier 0 day". */
static cxr_str_t
cxr_key_carrier(MDB_val k, size_t prefix)
{
    if (k.mv_size < prefix + 5) {
        return CXR_STR_NONE;
    }

    return cxr_strn((char *) k.mv_data + prefix, k.mv_size - prefix - 5);
}


cxr_rc_t
cxr_read_by_number(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t number,
    cxr_arena_t *a, cxr_shipments_t *out)
{
    int          rc;
    MDB_val      k, v, found[CXR_BY_NUMBER_MAX];
    uint32_t     i, n = 0;
    cxr_rc_t     crc;
    cxr_str_t    carrier, last = CXR_STR_NONE;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    out->n = 0;
    out->items = NULL;

    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_str0(&prefix, number);
    if (prefix.over) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_SHIPMENTS], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        carrier = cxr_key_carrier(k, prefix.len);

        if (n == 0 || !cxr_str_eq(carrier, last)) {
            if (n == CXR_BY_NUMBER_MAX) {
                break;
            }
            n++;
        }

        found[n - 1] = v;           /* the latest generation overwrites */
        last = carrier;
    }

    mdb_cursor_close(cur);

    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_mdb_rc(rd->store, rc);
    }

    out->items = cxr_calloc(a, n, sizeof(cxr_shipment_t));
    if (out->items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < n; i++) {
        crc = cxr_rec_decode(&cxr_shipment_type, found[i].mv_data,
                             found[i].mv_size, &out->items[i], a);
        if (crc != CXR_OK) {
            return crc;
        }

        out->n++;
    }

    return CXR_OK;
}
