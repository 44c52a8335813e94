
/*
 * The table of lanes: one small row for each carrier and country of a shop,
 * touched once or so in a parcel's life.
 *
 * Its rows carry no journal sequence: each is a sum over the parcels as they
 * are, and nothing else.
 */

#include "cxr_store_lane.h"
#include "cxr_store_private.h"

#define CXR_LANE_BYTES   (CXR_LANE_DAYS * 4)


typedef struct {
    cxr_str_t   counts;        /* CXR_LANE_DAYS numbers of 4 bytes, least
                                  significant first                           */
} cxr_lane_row_t;

static const cxr_field_t  cxr_lane_fields[] = {
    CXR_FIELD(cxr_lane_row_t, counts, BYTES),
    CXR_FIELD_END
};

const cxr_type_t  cxr_lane_type = {
    "lane", CXR_TYPE_LANE, 1, sizeof(cxr_lane_row_t), cxr_lane_fields
};


static void
cxr_dbkey_lane(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t country)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_str0(k, carrier);
    cxr_dbkey_str(k, country);
}


static cxr_rc_t
cxr_lane_unpack(MDB_val v, cxr_arena_t *a, cxr_lane_counts_t *counts)
{
    size_t          i;
    cxr_rc_t        rc;
    cxr_lane_row_t  row;
    const uint8_t  *p;

    rc = cxr_rec_decode(&cxr_lane_type, v.mv_data, v.mv_size, &row, a);

    if (rc != CXR_OK || row.counts.len != CXR_LANE_BYTES) {
        return rc != CXR_OK ? rc : CXR_INVALID;
    }

    for (i = 0; i < CXR_LANE_DAYS; i++) {
        p = (const uint8_t *) row.counts.data + i * 4;
        counts->count[i] = (uint32_t) p[0] | (uint32_t) p[1] << 8
                           | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_lane_add(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_str_t country, int days, int more)
{
    char               bytes[CXR_LANE_BYTES];
    size_t             i;
    MDB_val            v;
    cxr_rc_t           rc;
    uint32_t           any;
    cxr_dbkey_t        key;
    cxr_lane_row_t     row;
    cxr_lane_counts_t  c;

    memset(&key, 0, sizeof(key));
    cxr_dbkey_lane(&key, shop, carrier, country);
    memset(&c, 0, sizeof(c));

    rc = cxr_writer_get(w, CXR_T_LANES, &key, &v);

    if (rc == CXR_OK) {
        rc = cxr_lane_unpack(v, w->scratch, &c);

    } else if (rc == CXR_NOTFOUND) {
        rc = CXR_OK;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    c.count[days] += (uint32_t) more;
    any = 0;

    for (i = 0; i < CXR_LANE_DAYS; i++) {
        any |= c.count[i];
        bytes[i * 4] = (char) (c.count[i] & 0xff);
        bytes[i * 4 + 1] = (char) (c.count[i] >> 8 & 0xff);
        bytes[i * 4 + 2] = (char) (c.count[i] >> 16 & 0xff);
        bytes[i * 4 + 3] = (char) (c.count[i] >> 24);
    }

    if (any == 0) {
        return cxr_writer_del(w, CXR_T_LANES, &key);
    }

    row.counts = cxr_strn(bytes, sizeof(bytes));

    cxr_buf_reset(&w->rec);
    rc = cxr_rec_encode(&cxr_lane_type, &row, 0, &w->rec);

    return rc == CXR_OK ? cxr_writer_put(w, CXR_T_LANES, &key,
                                         cxr_buf_str(&w->rec))
                        : rc;
}


cxr_rc_t
cxr_lane_changed(cxr_writer_t *w, uint32_t shop, int was,
    cxr_str_t was_country, const cxr_shipment_t *after)
{
    int        is;
    cxr_rc_t   rc;
    cxr_str_t  country;

    is = cxr_lane_of(after, &country);

    if (was == is && cxr_str_eq(was_country, country)) {
        return CXR_OK;
    }

    if (was >= 0) {
        rc = cxr_lane_add(w, shop, after->carrier, was_country, was, -1);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return is < 0 ? CXR_OK
                  : cxr_lane_add(w, shop, after->carrier, country, is, 1);
}


cxr_rc_t
cxr_read_lane(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t carrier,
    cxr_str_t country, cxr_arena_t *a, cxr_lane_t *lane)
{
    int                rc;
    MDB_val            k, v;
    cxr_rc_t           crc;
    cxr_dbkey_t        key;
    cxr_lane_counts_t  counts;

    if (rd->store->lacks[CXR_T_LANES]) {
        return CXR_NOTFOUND;
    }

    for ( ;; ) {
        memset(&key, 0, sizeof(key));
        cxr_dbkey_lane(&key, shop->key, carrier, country);

        if (key.over) {
            return CXR_NOTFOUND;
        }

        k = cxr_dbkey_val(&key);
        rc = mdb_get(rd->txn, rd->store->dbi[CXR_T_LANES], &k, &v);

        if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
            return cxr_mdb_rc(rd->store, rc);
        }

        if (rc == MDB_SUCCESS) {
            crc = cxr_lane_unpack(v, a, &counts);

            if (crc != CXR_OK || cxr_lane_usual(&counts, lane)) {
                return crc;
            }
        }

        if (country.len == 0) {
            return CXR_NOTFOUND;
        }

        /* many a carrier of one country never names it */

        country = CXR_STR_NONE;
    }
}
