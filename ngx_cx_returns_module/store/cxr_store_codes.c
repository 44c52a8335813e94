
/*
 * Return codes of carriers: the pools, which RMA has which code, and which wait
 * for one.
 *
 *   codes  shop, 'p' carrier                   -> pool
 *          shop, 'c' carrier 0 code            -> code
 *          shop, 'f' carrier 0 expires, place  -> the code, while it is free;
 *                                                 what expires first goes first
 *          shop, 'w' created, RMA              -> (nothing)  waits for one
 *
 * A code that has expired stays among the free ones, before those that have not:
 * nothing happened to it, it is just passed over.
 */

#include <stdlib.h>

#include "cxr_store_codes.h"
#include "cxr_store_due.h"
#include "cxr_store_private.h"


static const cxr_field_t  cxr_pool_fields[] = {
    CXR_FIELD(cxr_pool_t, carrier, STR),
    CXR_FIELD(cxr_pool_t, total, U64),
    CXR_FIELD(cxr_pool_t, assigned, U64),
    CXR_FIELD(cxr_pool_t, revision, U32),
    CXR_FIELD(cxr_pool_t, told_low, BOOL),
    CXR_FIELD(cxr_pool_t, imported_at, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_pool_type = {
    "pool", CXR_TYPE_POOL, 1, sizeof(cxr_pool_t), cxr_pool_fields
};

static const cxr_field_t  cxr_code_fields[] = {
    CXR_FIELD(cxr_code_t, carrier, STR),
    CXR_FIELD(cxr_code_t, code, STR),
    CXR_FIELD(cxr_code_t, expires, TIME),
    CXR_FIELD(cxr_code_t, place, U64),
    CXR_FIELD(cxr_code_t, rma, STR),
    CXR_FIELD(cxr_code_t, at, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_code_type = {
    "code", CXR_TYPE_CODE, 1, sizeof(cxr_code_t), cxr_code_fields
};


static void
cxr_codes_key(cxr_dbkey_t *k, uint32_t shop, char kind, cxr_str_t carrier,
    cxr_str_t code)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &kind, 1);

    if (kind == 'p') {
        cxr_dbkey_str(k, carrier);
        return;
    }

    cxr_dbkey_str0(k, carrier);
    cxr_dbkey_str(k, code);
}


/* no time is later than any */
static void
cxr_codes_free_key(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_time_t expires, uint64_t place)
{
    cxr_codes_key(k, shop, 'f', carrier, CXR_STR_NONE);
    cxr_dbkey_u64(k, expires == CXR_TIME_NONE ? UINT64_MAX
                                              : (uint64_t) expires);
    cxr_dbkey_u64(k, place);
}


static cxr_rc_t
cxr_codes_load(cxr_writer_t *w, cxr_dbkey_t *key, const cxr_type_t *type,
    void *row)
{
    void      *copy;
    MDB_val    v;
    cxr_rc_t   rc;

    rc = cxr_writer_get(w, CXR_T_CODES, key, &v);
    if (rc != CXR_OK) {
        return rc;
    }

    copy = cxr_alloc(w->scratch, v.mv_size);
    if (copy == NULL) {
        return CXR_NOMEM;
    }

    memcpy(copy, v.mv_data, v.mv_size);

    rc = cxr_rec_decode(type, copy, v.mv_size, row, w->scratch);

    return rc == CXR_INVALID ? CXR_ERROR : rc;
}


static cxr_rc_t
cxr_codes_put(cxr_writer_t *w, cxr_dbkey_t *key, const cxr_type_t *type,
    const void *row, uint64_t seq)
{
    cxr_rc_t  rc;

    cxr_buf_reset(&w->rec);

    rc = cxr_rec_encode(type, row, seq, &w->rec);

    return rc == CXR_OK ? cxr_writer_put(w, CXR_T_CODES, key,
                                         cxr_buf_str(&w->rec))
                        : rc;
}


static cxr_rc_t
cxr_codes_pool(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_pool_t *pool)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    memset(pool, 0, sizeof(*pool));
    pool->carrier = carrier;

    cxr_codes_key(&key, shop, 'p', carrier, CXR_STR_NONE);

    rc = cxr_codes_load(w, &key, &cxr_pool_type, pool);

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


static cxr_rc_t
cxr_codes_pool_put(cxr_writer_t *w, uint32_t shop, const cxr_pool_t *pool,
    uint64_t seq)
{
    cxr_dbkey_t  key;

    cxr_codes_key(&key, shop, 'p', pool->carrier, CXR_STR_NONE);

    return cxr_codes_put(w, &key, &cxr_pool_type, pool, seq);
}


/* ---- apply ---- */

static cxr_rc_t
cxr_apply_imported(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_codes_body_t *body, cxr_pool_t *pool)
{
    MDB_val      v;
    cxr_rc_t     rc;
    uint32_t     i;
    cxr_code_t   code;
    cxr_dbkey_t  key;

    for (i = 0; i < body->codes.n; i++) {
        memset(&code, 0, sizeof(code));

        code.carrier = body->carrier;
        code.code = body->codes.items[i].code;
        code.expires = body->codes.items[i].expires;
        code.place = e->seq << 16 | i;
        code.at = e->at;

        if (!cxr_is_code(code.code)) {
            return CXR_INVALID;
        }

        cxr_codes_key(&key, shop, 'c', body->carrier, code.code);

        rc = cxr_writer_get(w, CXR_T_CODES, &key, &v);
        if (rc != CXR_NOTFOUND) {
            return rc == CXR_OK ? CXR_CONFLICT : rc;
        }

        rc = cxr_codes_put(w, &key, &cxr_code_type, &code, e->seq);
        if (rc != CXR_OK) {
            return rc;
        }

        cxr_codes_free_key(&key, shop, body->carrier, code.expires,
                           code.place);

        rc = cxr_writer_put(w, CXR_T_CODES, &key, code.code);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    pool->total += body->codes.n;
    pool->told_low = false;
    pool->imported_at = e->at;

    return CXR_OK;
}


cxr_rc_t
cxr_apply_pool(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t    rc;
    cxr_str_t   carrier;
    cxr_pool_t  pool;

    carrier = ev->kind == CXR_EV_POOL_LOW
              ? ((const cxr_pool_low_t *) ev->body)->carrier
              : ((const cxr_codes_body_t *) ev->body)->carrier;

    if (carrier.len == 0 || carrier.len > CXR_CARRIER_MAX
        || !cxr_str_eq(carrier, ev->id))
    {
        return CXR_INVALID;
    }

    rc = cxr_codes_pool(w, shop, carrier, &pool);
    if (rc != CXR_OK) {
        return rc;
    }

    if (ev->fresh != (pool.revision == 0) || ev->expect != pool.revision) {
        return CXR_CONFLICT;
    }

    if (ev->kind == CXR_EV_POOL_LOW) {
        pool.told_low = true;

    } else {
        rc = cxr_apply_imported(w, shop, e, ev->body, &pool);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    pool.revision++;

    w->revision = pool.revision;
    w->id = carrier;

    return cxr_codes_pool_put(w, shop, &pool, e->seq);
}


/* A code changes hands. */
static cxr_rc_t
cxr_apply_code(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_rma_code_t *body, bool taken)
{
    cxr_rc_t     rc;
    cxr_code_t   code;
    cxr_pool_t   pool;
    cxr_dbkey_t  key;

    memset(&code, 0, sizeof(code));
    cxr_codes_key(&key, shop, 'c', body->carrier, body->code);

    rc = cxr_codes_load(w, &key, &cxr_code_type, &code);
    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_CONFLICT : rc;
    }

    if (taken ? code.rma.len != 0 : !cxr_str_eq(code.rma, body->rma)) {
        return CXR_CONFLICT;
    }

    code.rma = taken ? body->rma : CXR_STR_NONE;
    code.at = e->at;

    rc = cxr_codes_put(w, &key, &cxr_code_type, &code, e->seq);
    if (rc == CXR_OK) {
        rc = cxr_codes_pool(w, shop, body->carrier, &pool);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    cxr_codes_free_key(&key, shop, body->carrier, code.expires, code.place);

    rc = taken ? cxr_writer_del(w, CXR_T_CODES, &key)
               : cxr_writer_put(w, CXR_T_CODES, &key, code.code);

    if (rc != CXR_OK) {
        return rc;
    }

    if (!taken && pool.assigned == 0) {
        return CXR_CONFLICT;
    }

    pool.assigned += taken ? 1 : -1;

    return cxr_codes_pool_put(w, shop, &pool, e->seq);
}


void
cxr_way_of(const cxr_rma_t *rma, cxr_way_t *way)
{
    memset(way, 0, sizeof(*way));

    if (rma->revision != 0) {
        way->waits = cxr_rma_wants_code(rma);
        way->reminds = cxr_rma_reminds_at(rma);
        way->expires = cxr_rma_expires_at(rma);
        way->overdue = cxr_rma_overdue_at(rma);
    }
}


cxr_rc_t
cxr_way_changed(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev, const cxr_rma_t *rma, const cxr_way_t *was)
{
    cxr_rc_t     rc = CXR_OK;
    cxr_way_t    is;
    cxr_dbkey_t  key;

    cxr_way_of(rma, &is);

    if (ev->kind == CXR_EV_CODE_ASSIGNED || ev->kind == CXR_EV_CODE_RETURNED) {
        rc = cxr_apply_code(w, shop, e, ev->body,
                            ev->kind == CXR_EV_CODE_ASSIGNED);
    }

    if (rc == CXR_OK && was->waits != is.waits) {
        cxr_dbkey_shop(&key, shop);
        cxr_dbkey_add(&key, "w", 1);
        cxr_dbkey_u64(&key, (uint64_t) rma->created_at);
        cxr_dbkey_str(&key, rma->id);

        rc = is.waits ? cxr_writer_put(w, CXR_T_CODES, &key, CXR_STR_NONE)
                      : cxr_writer_del(w, CXR_T_CODES, &key);
    }

    if (rc == CXR_OK && was->reminds != is.reminds) {
        rc = cxr_due_move(w, shop, CXR_DUE_RMA_REMIND, rma->id, was->reminds,
                          is.reminds);
    }

    if (rc == CXR_OK && was->expires != is.expires) {
        rc = cxr_due_move(w, shop, CXR_DUE_RMA_EXPIRY, rma->id, was->expires,
                          is.expires);
    }

    if (rc == CXR_OK && was->overdue != is.overdue) {
        rc = cxr_due_move(w, shop, CXR_DUE_RMA_OVERDUE, rma->id, was->overdue,
                          is.overdue);
    }

    return rc;
}


/* ---- jobs ---- */

/* The free codes that hold beyond "now": the first, and how many up to "max". */
static cxr_rc_t
cxr_codes_first(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_time_t now, uint32_t max, cxr_code_in_t *first, uint32_t *n)
{
    MDB_val         k, v;
    cxr_rc_t        rc;
    uint64_t        until;
    cxr_dbkey_t     prefix, from;

    *n = 0;

    cxr_codes_key(&prefix, shop, 'f', carrier, CXR_STR_NONE);
    cxr_codes_free_key(&from, shop, carrier, now + 1, 0);

    for (rc = cxr_writer_seek(w, CXR_T_CODES, &from, &k, &v);
         rc == CXR_OK && *n < max && cxr_dbkey_prefixes(&prefix, k)
         && k.mv_size == (size_t) prefix.len + 16;
         rc = cxr_writer_step(w, CXR_T_CODES, &k, &v))
    {
        if (*n == 0) {
            until = cxr_be64((const uint8_t *) k.mv_data + prefix.len);

            first->expires = until == UINT64_MAX ? CXR_TIME_NONE
                                                 : (cxr_time_t) until;

            rc = cxr_str_dup(w->scratch, cxr_mdb_str(v), &first->code);
            if (rc != CXR_OK) {
                return rc;
            }
        }

        (*n)++;
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


/* A code for the RMA, out of the first pool that has one; none: it waits. */
static cxr_rc_t
cxr_codes_assign(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_events_t *events)
{
    cxr_rc_t                rc;
    uint32_t                i, n;
    cxr_pool_t              pool;
    cxr_event_t            *ev;
    cxr_code_in_t           code;
    cxr_pool_low_t         *low;
    const cxr_code_pool_t  *conf;

    for (i = 0; i < job->shop->pools.n; i++) {
        conf = &job->shop->pools.items[i];

        rc = cxr_codes_first(w, job->shop->key, conf->carrier, job->now,
                             conf->low + 2, &code, &n);
        if (rc != CXR_OK) {
            return rc;
        }

        if (n == 0) {
            continue;
        }

        rc = cxr_rma_assign(order, rma, conf->carrier, &code, job->now,
                            w->scratch, events);
        if (rc == CXR_OK) {
            rc = cxr_codes_pool(w, job->shop->key, conf->carrier, &pool);
        }

        if (rc != CXR_OK || pool.told_low || n - 1 > conf->low) {
            return rc;
        }

        low = cxr_calloc(w->scratch, 1, sizeof(*low));
        ev = cxr_list_push(w->scratch, events, sizeof(cxr_event_t));

        if (low == NULL || ev == NULL) {
            return CXR_NOMEM;
        }

        low->carrier = conf->carrier;
        low->free = n - 1;
        low->low = conf->low;

        ev->kind = CXR_EV_POOL_LOW;
        ev->aggregate = CXR_AGG_POOL;
        ev->id = conf->carrier;
        ev->expect = pool.revision;
        ev->body = low;

        return CXR_OK;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_job_way(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_events_t *events)
{
    cxr_rc_t   rc;
    cxr_rma_t  after;

    static const cxr_rma_t  nothing;

    rc = cxr_rma_after(order, rma ? rma : &nothing, events, job->now,
                       w->scratch, &after);
    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_rma_drops_code(&after)) {
        return cxr_rma_give_back(order, &after, w->scratch, events);
    }

    if (cxr_rma_wants_label(&after)) {
        return cxr_rma_request_label(order, &after, w->scratch, events);
    }

    return cxr_rma_wants_code(&after)
           ? cxr_codes_assign(w, job, order, &after, events) : CXR_OK;
}


/* What waits gets a code now, oldest first. */
static cxr_rc_t
cxr_codes_serve(cxr_writer_t *w, cxr_job_t *job, cxr_codes_import_t *in)
{
    MDB_val        k, v;
    cxr_rc_t       rc;
    uint32_t       i;
    cxr_str_t     *id;
    cxr_rma_t     *rma;
    cxr_order_t   *order;
    cxr_strs_t     ids = { NULL, 0 };
    cxr_dbkey_t    prefix;
    cxr_events_t   events;

    cxr_dbkey_shop(&prefix, job->shop->key);
    cxr_dbkey_add(&prefix, "w", 1);

    for (rc = cxr_writer_seek(w, CXR_T_CODES, &prefix, &k, &v);
         rc == CXR_OK && cxr_dbkey_prefixes(&prefix, k)
         && k.mv_size > (size_t) prefix.len + 8;
         rc = cxr_writer_step(w, CXR_T_CODES, &k, &v))
    {
        if (ids.n == CXR_CODES_SERVE_MAX) {
            in->waiting++;               /* at least */
            break;
        }

        id = cxr_list_push(w->scratch, &ids, sizeof(*id));
        if (id == NULL
            || cxr_str_dup(w->scratch,
                           cxr_strn((const char *) k.mv_data + prefix.len + 8,
                                    k.mv_size - prefix.len - 8), id)
               != CXR_OK)
        {
            return CXR_NOMEM;
        }
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    for (i = 0; i < ids.n; i++) {
        rc = cxr_job_rma(w, job, ids.items[i], &rma, &order);
        if (rc != CXR_OK) {
            return rc;
        }

        memset(&events, 0, sizeof(events));

        rc = cxr_codes_assign(w, job, order, rma, &events);
        if (rc != CXR_OK) {
            return rc;
        }

        if (events.n == 0) {
            in->waiting += ids.n - i;
            return CXR_OK;
        }

        rc = cxr_job_commit(w, job, &events);
        if (rc != CXR_OK) {
            return rc;
        }

        in->served++;
    }

    return CXR_OK;
}


static int
cxr_codes_cmp(const void *one, const void *two)
{
    const cxr_code_in_t *const  *a = one, *const *b = two;

    return cxr_str_cmp((*a)->code, (*b)->code);
}


/* Those of the import that are new; the others are told. */
static cxr_rc_t
cxr_codes_news(cxr_writer_t *w, cxr_job_t *job, cxr_codes_import_t *in,
    cxr_codes_in_t *news)
{
    MDB_val               v;
    cxr_rc_t              rc;
    uint32_t              i;
    cxr_str_t            *twice;
    cxr_dbkey_t           key;
    const cxr_code_in_t  **order, *last;

    news->n = 0;
    news->items = cxr_calloc(w->scratch, (size_t) in->codes.n + 1,
                             sizeof(cxr_code_in_t));
    order = cxr_calloc(w->scratch, (size_t) in->codes.n + 1, sizeof(*order));

    if (news->items == NULL || order == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < in->codes.n; i++) {
        order[i] = &in->codes.items[i];
    }

    qsort(order, in->codes.n, sizeof(*order), cxr_codes_cmp);

    for (i = 0, last = NULL; i < in->codes.n; i++) {
        cxr_codes_key(&key, job->shop->key, 'c', in->carrier, order[i]->code);

        rc = last != NULL && cxr_str_eq(last->code, order[i]->code)
             ? CXR_OK : cxr_writer_get(w, CXR_T_CODES, &key, &v);

        last = order[i];

        if (rc == CXR_NOTFOUND) {
            news->items[news->n++] = *order[i];
            continue;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        in->duplicates++;

        if (in->twice.n < CXR_CODES_TOLD_MAX) {
            twice = cxr_list_push(job->arena, &in->twice, sizeof(*twice));
            if (twice == NULL) {
                return CXR_NOMEM;
            }

            *twice = order[i]->code;
        }
    }

    in->added = news->n;

    return CXR_OK;
}


cxr_rc_t
cxr_job_codes(cxr_writer_t *w, cxr_job_t *job)
{
    bool                 idem;
    cxr_rc_t             rc;
    uint32_t             i, n;
    cxr_pool_t           pool;
    cxr_event_t         *ev;
    cxr_events_t         events = { NULL, 0 };
    cxr_codes_in_t       news;
    cxr_codes_body_t    *body;
    cxr_codes_import_t  *in = job->u.codes;

    in->added = 0;
    in->duplicates = 0;
    in->served = 0;
    in->waiting = 0;
    memset(&in->twice, 0, sizeof(in->twice));

    rc = cxr_codes_pool(w, job->shop->key, in->carrier, &pool);
    if (rc == CXR_OK) {
        rc = cxr_codes_news(w, job, in, &news);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < news.n; i += n) {
        n = news.n - i < CXR_CODES_EVENT_MAX ? news.n - i
                                             : CXR_CODES_EVENT_MAX;

        body = cxr_calloc(w->scratch, 1, sizeof(*body));
        ev = cxr_list_push(w->scratch, &events, sizeof(cxr_event_t));

        if (body == NULL || ev == NULL) {
            return CXR_NOMEM;
        }

        body->carrier = in->carrier;
        body->codes.items = news.items + i;
        body->codes.n = n;

        ev->kind = CXR_EV_CODES_IMPORTED;
        ev->aggregate = CXR_AGG_POOL;
        ev->id = in->carrier;
        ev->expect = pool.revision++;
        ev->fresh = ev->expect == 0;
        ev->body = body;
    }

    rc = cxr_job_commit(w, job, &events);

    /* the key's answer is the import's */

    idem = job->has_idem;
    job->has_idem = false;

    if (rc == CXR_OK) {
        rc = cxr_codes_serve(w, job, in);
    }

    job->has_idem = idem;
    job->revision = pool.revision;

    if (rc != CXR_OK && job->changed) {
        return cxr_writer_fault(w, rc);
    }

    return rc == CXR_OK ? cxr_str_dup(job->arena, in->carrier, &job->id) : rc;
}


/* ---- reading ---- */

cxr_rc_t
cxr_read_pools(cxr_read_t *rd, const cxr_shop_t *shop, cxr_time_t now,
    uint32_t cap, cxr_arena_t *a, cxr_pools_t *out)
{
    int                     rc;
    MDB_val                 k, v;
    uint32_t                i, most;
    cxr_rc_t                crc;
    MDB_cursor             *cur;
    cxr_dbkey_t             key, prefix;
    cxr_pool_row_t         *row;
    const cxr_code_pool_t  *conf;

    memset(out, 0, sizeof(*out));

    if (rd->store->lacks[CXR_T_CODES]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_CODES], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    crc = CXR_OK;

    for (i = 0; i < shop->pools.n && crc == CXR_OK; i++) {
        conf = &shop->pools.items[i];

        row = cxr_list_push(a, out, sizeof(*row));
        if (row == NULL) {
            crc = CXR_NOMEM;
            break;
        }

        row->pool.carrier = conf->carrier;
        row->low = conf->low;

        cxr_codes_key(&key, shop->key, 'p', conf->carrier, CXR_STR_NONE);
        k = cxr_dbkey_val(&key);

        if (mdb_cursor_get(cur, &k, &v, MDB_SET_KEY) == MDB_SUCCESS) {
            crc = cxr_rec_decode(&cxr_pool_type, v.mv_data, v.mv_size,
                                 &row->pool, a);
        }

        cxr_codes_key(&prefix, shop->key, 'f', conf->carrier, CXR_STR_NONE);
        cxr_codes_free_key(&key, shop->key, conf->carrier, now + 1, 0);
        k = cxr_dbkey_val(&key);

        most = cap != 0 ? cap : conf->low + 1;

        for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
             rc == MDB_SUCCESS && row->free < most
             && cxr_dbkey_prefixes(&prefix, k);
             rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
        {
            row->free++;
        }
    }

    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_add(&prefix, "w", 1);
    k = cxr_dbkey_val(&prefix);
    most = cap != 0 ? cap : CXR_POOL_WAITING_TOLD;

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         out->n != 0 && rc == MDB_SUCCESS && out->items[0].waiting < most
         && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        for (i = 0; i < out->n; i++) {
            out->items[i].waiting++;
        }
    }

    mdb_cursor_close(cur);

    return crc;
}
