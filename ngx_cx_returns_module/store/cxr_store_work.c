
/*
 * The work list: which codes of which carrier no rule maps.  It follows from
 * shipments' states before and after an entry, so that writing and rebuilding
 * make the same.
 *
 * A hostile carrier must not grow it: past CXR_WORK_CODES_MAX codes the rest is
 * one number.  All rows of a carrier and that number together always make the
 * events that are not mapped now.
 */

#include <stdlib.h>

#include "cxr_store_private.h"


/* What a row is of, and its hash: a carrier's text may name a person, and keys
   never do. */
typedef struct {
    uint8_t             id[16];
    const cxr_scan_t   *scan;       /* NULL: the header                       */
    int                 delta;
} cxr_work_change_t;

typedef struct {
    cxr_writer_t          *w;
    uint32_t               shop;
    uint64_t               seq;
    cxr_time_t             at;
    const cxr_shipment_t  *ship;
    cxr_work_t             sum;
    bool                   summed;  /* the sum has been read                  */
    bool                   changed;
} cxr_work_update_t;


static const cxr_field_t  cxr_work_fields[] = {
    CXR_FIELD(cxr_work_t, carrier, STR),
    CXR_FIELD(cxr_work_t, code, STR),
    CXR_FIELD(cxr_work_t, text, STR),
    CXR_FIELD(cxr_work_t, number, STR),
    CXR_FIELD(cxr_work_t, count, U64),
    CXR_FIELD(cxr_work_t, first_at, TIME),
    CXR_FIELD(cxr_work_t, last_at, TIME),
    CXR_FIELD_X(cxr_work_t, codes, U32, CXR_FIELD_HIDDEN),
    CXR_FIELD_END
};

const cxr_type_t  cxr_work_type = {
    "work", CXR_TYPE_WORK, 1, sizeof(cxr_work_t), cxr_work_fields
};


/* The record's own status, when no rule knew its code. */
static bool
cxr_work_header(const cxr_shipment_t *ship)
{
    return ship->header_code.len != 0
           && ship->header_status == CXR_SHIP_UNKNOWN
           && ship->header_reason == CXR_WHY_NONE;
}


bool
cxr_work_any(const cxr_shipment_t *ship)
{
    return ship->unmapped != 0 || cxr_work_header(ship);
}


static void
cxr_work_id(cxr_str_t code, cxr_str_t text, uint8_t id[16])
{
    cxr_hash_t  h;

    cxr_hash_begin(&h, 16, NULL, 0);
    cxr_hash_add(&h, code.len ? "c" : "t", 1);

    if (code.len) {
        cxr_hash_add(&h, code.data, code.len);
    } else if (text.len) {
        cxr_hash_add(&h, text.data, text.len);
    }

    cxr_hash_end(&h, id, 16);
}


static size_t
cxr_work_gather(const cxr_shipment_t *ship, int delta, cxr_work_change_t *out)
{
    size_t             n = 0;
    uint32_t           i;
    const cxr_scan_t  *s;

    for (i = 0; ship->unmapped != 0 && i < ship->scans.n; i++) {
        s = &ship->scans.items[i];

        if (!s->mapped) {
            cxr_work_id(s->code, s->text, out[n].id);
            out[n].scan = s;
            out[n].delta = delta;
            n++;
        }
    }

    if (cxr_work_header(ship)) {
        cxr_work_id(ship->header_code, CXR_STR_NONE, out[n].id);
        out[n].scan = NULL;
        out[n].delta = delta;
        n++;
    }

    return n;
}


/* Those of one code together; what is there now last, as the example. */
static int
cxr_work_cmp(const void *one, const void *two)
{
    int                       c;
    const cxr_work_change_t  *a = one, *b = two;

    c = memcmp(a->id, b->id, sizeof(a->id));
    if (c != 0) {
        return c;
    }

    if (a->delta != b->delta) {
        return a->delta < b->delta ? -1 : 1;
    }

    if (a->scan == NULL || b->scan == NULL) {
        return (a->scan != NULL) - (b->scan != NULL);
    }

    return cxr_scan_cmp(a->scan, b->scan);
}


/* CXR_NOTFOUND: zeroed */
static cxr_rc_t
cxr_work_load(cxr_work_update_t *u, cxr_dbkey_t *key, cxr_work_t *row)
{
    void      *copy;
    MDB_val    v;
    cxr_rc_t   rc;

    memset(row, 0, sizeof(*row));

    rc = cxr_writer_get(u->w, CXR_T_WORKLIST, key, &v);
    if (rc != CXR_OK) {
        return rc;
    }

    copy = cxr_alloc(u->w->scratch, v.mv_size);
    if (copy == NULL) {
        return CXR_NOMEM;
    }

    memcpy(copy, v.mv_data, v.mv_size);

    rc = cxr_rec_decode(&cxr_work_type, copy, v.mv_size, row, u->w->scratch);

    return rc == CXR_INVALID ? CXR_ERROR : rc;
}


static cxr_rc_t
cxr_work_put(cxr_work_update_t *u, cxr_dbkey_t *key, const cxr_work_t *row)
{
    cxr_rc_t  rc;

    cxr_buf_reset(&u->w->rec);

    rc = cxr_rec_encode(&cxr_work_type, row, u->seq, &u->w->rec);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_writer_put(u->w, CXR_T_WORKLIST, key,
                          cxr_buf_str(&u->w->rec));
}


static cxr_rc_t
cxr_work_sum(cxr_work_update_t *u)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (u->summed) {
        return CXR_OK;
    }

    cxr_dbkey_work(&key, u->shop, u->ship->carrier, NULL, 0);

    rc = cxr_work_load(u, &key, &u->sum);
    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    u->sum.carrier = u->ship->carrier;
    u->summed = true;

    return CXR_OK;
}


/* One code of the shipment came or went "net" times. */
static cxr_rc_t
cxr_work_one(cxr_work_update_t *u, const cxr_work_change_t *last, int net)
{
    bool         exists;
    cxr_rc_t     rc;
    uint64_t     gone;
    cxr_work_t   row;
    cxr_dbkey_t  key;

    cxr_dbkey_work(&key, u->shop, u->ship->carrier, last->id,
                   sizeof(last->id));

    rc = cxr_work_load(u, &key, &row);
    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    exists = rc == CXR_OK;

    if (!exists || net < 0) {
        rc = cxr_work_sum(u);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (net > 0) {

        if (!exists && u->sum.codes >= CXR_WORK_CODES_MAX) {
            u->sum.count += (unsigned) net;
            u->sum.first_at = u->sum.first_at ? u->sum.first_at : u->at;
            u->sum.last_at = u->at;
            u->changed = true;
            return CXR_OK;
        }

        if (!exists) {
            row.carrier = u->ship->carrier;
            row.code = last->scan ? last->scan->code : u->ship->header_code;
            row.first_at = u->at;
            u->sum.codes++;
            u->changed = true;
        }

        row.text = last->scan ? last->scan->text : CXR_STR_NONE;
        row.number = u->ship->number;
        row.last_at = u->at;
        row.count += (unsigned) net;

        return cxr_work_put(u, &key, &row);
    }

    /* first from its row; what is left was counted in the sum */

    gone = (uint64_t) -net;

    if (row.count > gone) {
        row.count -= gone;
        return cxr_work_put(u, &key, &row);
    }

    gone -= row.count;
    u->sum.count -= gone < u->sum.count ? gone : u->sum.count;
    u->changed = true;

    if (!exists) {
        return CXR_OK;
    }

    u->sum.codes--;

    return cxr_writer_del(u->w, CXR_T_WORKLIST, &key);
}


cxr_rc_t
cxr_work_changed(cxr_writer_t *w, uint32_t shop, cxr_time_t at, uint64_t seq,
    const cxr_shipment_t *before, const cxr_shipment_t *after)
{
    int                 net;
    size_t              i, n;
    cxr_rc_t            rc;
    cxr_dbkey_t         key;
    cxr_work_change_t  *c;
    cxr_work_update_t   u;

    c = cxr_alloc(w->scratch, ((size_t) before->unmapped + after->unmapped + 2)
                              * sizeof(cxr_work_change_t));
    if (c == NULL) {
        return CXR_NOMEM;
    }

    n = cxr_work_gather(before, -1, c);
    n += cxr_work_gather(after, 1, c + n);
    qsort(c, n, sizeof(cxr_work_change_t), cxr_work_cmp);

    memset(&u, 0, sizeof(u));
    u.w = w;
    u.shop = shop;
    u.seq = seq;
    u.at = at;
    u.ship = after;

    for (i = 0, net = 0; i < n; i++) {
        net += c[i].delta;

        if (i + 1 < n && memcmp(c[i].id, c[i + 1].id, sizeof(c[i].id)) == 0) {
            continue;
        }

        if (net != 0) {
            rc = cxr_work_one(&u, &c[i], net);
            if (rc != CXR_OK) {
                return rc;
            }
        }

        net = 0;
    }

    if (!u.changed) {
        return CXR_OK;
    }

    cxr_dbkey_work(&key, shop, after->carrier, NULL, 0);

    if (u.sum.codes == 0 && u.sum.count == 0) {
        return cxr_writer_del(w, CXR_T_WORKLIST, &key);
    }

    return cxr_work_put(&u, &key, &u.sum);
}


/* ---- reading ---- */

/* Where the carrier ends in a key; 0: it is none of this table. */
static size_t
cxr_work_key(MDB_val k)
{
    const uint8_t  *p = k.mv_data, *zero;

    zero = k.mv_size > 4 ? memchr(p + 4, 0, k.mv_size - 4) : NULL;

    return zero == NULL ? 0 : (size_t) (zero + 1 - p);
}


static cxr_rc_t
cxr_work_push(cxr_works_t *out, MDB_val v, cxr_arena_t *a)
{
    cxr_work_t  *row;

    row = cxr_list_push(a, out, sizeof(cxr_work_t));
    if (row == NULL) {
        return CXR_NOMEM;
    }

    return cxr_rec_decode(&cxr_work_type, v.mv_data, v.mv_size, row, a);
}


/* The cursor is the last key shown without the shop. */
static cxr_rc_t
cxr_work_from(cxr_str_t cursor, cxr_dbkey_t *from)
{
    size_t   n;
    uint8_t  raw[CXR_DBKEY_MAX];

    if (cxr_b64url_decode(cursor, raw, sizeof(raw) - 4, &n) != CXR_OK
        || n < 17 || raw[n - 17] != 0)
    {
        return CXR_INVALID;
    }

    cxr_dbkey_add(from, raw, n);

    return from->over ? CXR_INVALID : CXR_OK;
}


static cxr_rc_t
cxr_work_next(MDB_val k, cxr_arena_t *a, cxr_str_t *next)
{
    char    *text;
    size_t   n = k.mv_size - 4;

    text = cxr_alloc(a, (n * 4 + 2) / 3 + 1);
    if (text == NULL) {
        return CXR_NOMEM;
    }

    *next = cxr_strn(text, cxr_b64url_encode((uint8_t *) k.mv_data + 4, n,
                                             text));
    return CXR_OK;
}


cxr_rc_t
cxr_read_work(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t carrier,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_works_t *out,
    cxr_str_t *next)
{
    int          rc;
    MDB_val      k, v, last;
    cxr_rc_t     crc = CXR_OK;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix, from;

    out->items = NULL;
    out->n = 0;
    *next = cxr_str("");

    if (limit == 0 || limit > CXR_WORK_LIST_MAX) {
        return CXR_INVALID;
    }

    cxr_dbkey_shop(&prefix, shop->key);
    from = prefix;

    if (carrier.len != 0) {
        cxr_dbkey_str0(&prefix, carrier);
    }

    if (cursor.len == 0) {
        from = prefix;
    } else if (cxr_work_from(cursor, &from) != CXR_OK) {
        return CXR_INVALID;
    }

    if (prefix.over || rd->store->lacks[CXR_T_WORKLIST]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_WORKLIST], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);
    last = k;

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         crc == CXR_OK && rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        if (cxr_work_key(k) == k.mv_size
            || (cursor.len != 0 && k.mv_size == from.len
                && memcmp(k.mv_data, from.data, from.len) == 0))
        {
            continue;                    /* a sum, or the last one shown */
        }

        if (out->n == limit) {
            crc = cxr_work_next(last, a, next);
            break;
        }

        crc = cxr_work_push(out, v, a);
        last = k;
    }

    mdb_cursor_close(cur);

    if (crc == CXR_OK && rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_mdb_rc(rd->store, rc);
    }

    return crc;
}


cxr_rc_t
cxr_read_work_sums(cxr_read_t *rd, const cxr_shop_t *shop, cxr_arena_t *a,
    cxr_works_t *out)
{
    int          rc;
    size_t       n;
    MDB_val      k, v;
    cxr_rc_t     crc = CXR_OK;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix, key;

    out->items = NULL;
    out->n = 0;

    if (rd->store->lacks[CXR_T_WORKLIST]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_WORKLIST], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    cxr_dbkey_shop(&prefix, shop->key);
    k = cxr_dbkey_val(&prefix);
    rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);

    /* a carrier's sum is its first key; the next carrier's comes after all
       that begins with it */

    while (crc == CXR_OK && rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k))
    {
        n = cxr_work_key(k);

        if (n == 0) {
            crc = CXR_INVALID;
            break;
        }

        if (n == k.mv_size) {
            crc = cxr_work_push(out, v, a);
        }

        key.len = 0;
        key.over = false;
        cxr_dbkey_add(&key, k.mv_data, n - 1);
        cxr_dbkey_add(&key, "\1", 1);
        k = cxr_dbkey_val(&key);
        rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
    }

    mdb_cursor_close(cur);

    if (crc == CXR_OK && rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_mdb_rc(rd->store, rc);
    }

    return crc;
}
