
/*
 * Searching the RMAs: what shares a beginning, gathered from the fresh RMAs or
 * one run at a time, and put in order.
 */

#include <stdlib.h>

#include "cxr_store_find_private.h"


static int
cxr_place_order(const void *a, const void *b)
{
    return cxr_place_cmp(a, b);
}


static bool
cxr_want_begins(const cxr_want_t *want, const cxr_find_entry_t *e)
{
    return e->tag == want->tag && e->value.len >= want->len
           && memcmp(e->value.data, want->data, want->len) == 0;
}


static bool
cxr_fresh_begins(const cxr_search_t *s, cxr_str_t entries)
{
    unsigned          i;
    cxr_find_entry_t  e;

    while (cxr_find_next(&entries, &e)) {
        for (i = 0; i < s->nbegins; i++) {
            if (cxr_want_begins(&s->begins[i], &e)) {
                return true;
            }
        }
    }

    return false;
}


/* What may be a number begins so, each that is not empty. */
static void
cxr_search_begins(cxr_search_t *s, const cxr_typed_t *q)
{
    uint8_t  hash[CXR_FIND_HASH];

    s->nbegins = 0;

    if (q->number_len != 0) {
        cxr_want_set(&s->begins[s->nbegins++], CXR_FIND_TAG_ORDER, q->number,
                     q->number_len);
    }

    if (q->tracking_len != 0) {
        cxr_want_set(&s->begins[s->nbegins++], CXR_FIND_TAG_PARCEL,
                     q->tracking, q->tracking_len);
    }

    if (q->phone_len != 0) {
        cxr_find_hash(s->rd->store->ring, CXR_FIND_TAG_PHONE,
                      cxr_strn(q->phone, q->phone_len), hash);
        cxr_want_set(&s->begins[s->nbegins++], CXR_FIND_TAG_PHONE, hash,
                     sizeof(hash));
    }
}


static cxr_rc_t
cxr_gather_add(cxr_search_t *s, cxr_gather_t *g, const uint8_t *place)
{
    cxr_place_t  *p;

    if (g->n == g->room) {
        p = cxr_alloc(s->a, (2 * g->room + 64) * sizeof(cxr_place_t));
        if (p == NULL) {
            return CXR_NOMEM;
        }

        if (g->n != 0) {
            memcpy(p, g->items, g->n * sizeof(cxr_place_t));
        }

        g->items = p;
        g->room = 2 * g->room + 64;
    }

    p = &g->items[g->n];
    p->len = CXR_FIND_PLACE;
    memcpy(p->data, place, CXR_FIND_PLACE);

    if (cxr_place_time(p) <= s->oldest && cxr_place_cmp(p, &s->from) >= 0) {
        g->n++;
    }

    return CXR_OK;
}


/* Those of the run. */
static cxr_rc_t
cxr_gather_run(cxr_search_t *s, const cxr_want_t *want, cxr_gather_t *g)
{
    int          rc;
    size_t       seen;
    MDB_val      k, v;
    cxr_rc_t     crc = CXR_OK;
    cxr_dbkey_t  prefix;

    cxr_dbkey_find(&prefix, s->shop->key, s->run, want->tag,
                   cxr_strn(want->data, want->len));

    if (!cxr_find_whole(want->tag)) {
        prefix.len--;                  /* it goes on, or not */
    }

    k = cxr_dbkey_val(&prefix);

    for (seen = 0, rc = mdb_cursor_get(s->cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(s->cur, &k, &v, MDB_NEXT))
    {
        if (seen++ == CXR_GATHER_MAX) {
            s->out->cut = true;
            break;
        }

        if (k.mv_size <= (size_t) prefix.len + CXR_FIND_PLACE - 1) {
            crc = CXR_INVALID;
            break;
        }

        crc = cxr_gather_add(s, g, (uint8_t *) k.mv_data + k.mv_size
                                   - CXR_FIND_PLACE);
        if (crc != CXR_OK) {
            break;
        }
    }

    s->steps += 1 + (unsigned) seen;

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_SUCCESS || rc == MDB_NOTFOUND
           ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
}


static cxr_rc_t
cxr_gather_fresh(cxr_search_t *s, cxr_gather_t *g)
{
    cxr_rc_t       rc;
    cxr_str_t      entries;
    cxr_place_t    p = s->from;
    MDB_cursor_op  op;

    for (op = MDB_SET_RANGE; /* void */ ; op = MDB_NEXT) {
        rc = cxr_fresh_read(s, op, &p, &entries);

        if (rc == CXR_OK && cxr_fresh_begins(s, entries)) {
            rc = cxr_gather_add(s, g, p.data);
        }

        if (rc != CXR_OK) {
            return rc == CXR_NOTFOUND ? CXR_OK : rc;
        }
    }
}


/* RMAs whose number begins so. */
static cxr_rc_t
cxr_gather_rmas(cxr_search_t *s, cxr_str_t begin, cxr_gather_t *g)
{
    int          rc;
    size_t       seen;
    MDB_val      k, v;
    cxr_rc_t     crc = CXR_OK;
    cxr_rma_t    rma;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;
    cxr_place_t  p;

    cxr_dbkey_one(&prefix, s->shop->key, begin);

    rc = mdb_cursor_open(s->rd->txn, s->rd->store->dbi[CXR_T_RMAS], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (seen = 0, rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && crc == CXR_OK && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        if (seen++ == CXR_FIND_COLLECT) {
            s->out->cut = true;
            break;
        }

        crc = cxr_rec_decode(&cxr_rma_type, v.mv_data, v.mv_size, &rma, s->a);

        if (crc == CXR_OK && rma.id.len != CXR_RMA_ID_LEN) {
            crc = CXR_INVALID;
        }

        if (crc == CXR_OK) {
            cxr_place_begin(&p, ~(uint64_t) rma.created_at);
            memcpy(p.data + 8, rma.id.data, CXR_RMA_ID_LEN);
            crc = cxr_gather_add(s, g, p.data);
        }
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_SUCCESS || rc == MDB_NOTFOUND
           ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
}


/* All of the run or the fresh ones, in their order; "rmas" from *at on, which
   are in order, may be of it, too. */
static cxr_rc_t
cxr_gather(cxr_search_t *s, const cxr_gather_t *rmas, size_t *at,
    cxr_gather_t *g)
{
    cxr_rc_t  rc = CXR_OK;
    unsigned  i;

    g->n = 0;

    if (s->fresh && s->nbegins != 0) {
        rc = cxr_gather_fresh(s, g);
    }

    for (i = 0; rc == CXR_OK && !s->fresh && i < s->nbegins; i++) {
        rc = cxr_gather_run(s, &s->begins[i], g);
    }

    for ( /* void */ ;
         rc == CXR_OK && *at < rmas->n
         && cxr_place_time(&rmas->items[*at]) <= s->run;
         (*at)++)
    {
        rc = cxr_gather_add(s, g, rmas->items[*at].data);
    }

    if (g->n != 0) {
        qsort(g->items, g->n, sizeof(cxr_place_t), cxr_place_order);
    }

    return rc;
}


/* Has it all that is wanted, too? */
static cxr_rc_t
cxr_search_holds(cxr_search_t *s, const cxr_place_t *p, bool *holds)
{
    int          rc = MDB_SUCCESS;
    MDB_val      k, v;
    cxr_rc_t     crc;
    unsigned     i;
    cxr_str_t    entries;
    cxr_dbkey_t  key;
    cxr_place_t  at = *p;

    *holds = false;
    s->steps++;

    if (s->fresh && s->nwants != 0) {
        crc = cxr_fresh_read(s, MDB_SET_RANGE, &at, &entries);

        if (crc != CXR_OK || !cxr_fresh_has(s, entries)) {
            return crc;
        }
    }

    for (i = 0; !s->fresh && i < s->nwants && rc == MDB_SUCCESS; i++) {
        cxr_dbkey_find(&key, s->shop->key, s->run, s->wants[i].tag,
                       cxr_strn(s->wants[i].data, s->wants[i].len));
        cxr_dbkey_add(&key, p->data, p->len);
        k = cxr_dbkey_val(&key);
        rc = mdb_get(s->rd->txn, s->rd->store->dbi[CXR_T_IX_FOUND], &k, &v);
    }

    if (rc != MDB_SUCCESS) {
        return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
    }

    return cxr_list_holds(s, p, holds);
}


cxr_rc_t
cxr_search_gathered(cxr_search_t *s, const cxr_typed_t *q)
{
    bool          holds;
    size_t        i, at = 0;
    cxr_rc_t      rc = CXR_OK;
    cxr_gather_t  g = { NULL, 0, 0 }, rmas = { NULL, 0, 0 };

    cxr_search_begins(s, q);

    if (q->rma_len != 0) {
        rc = cxr_gather_rmas(s, cxr_strn(q->rma, q->rma_len), &rmas);
    }

    if (rc == CXR_OK && q->whole) {
        rc = cxr_gather_rmas(s, cxr_strn(q->whole_rma, CXR_RMA_ID_LEN), &rmas);
    }

    if (rmas.n != 0) {
        qsort(rmas.items, rmas.n, sizeof(cxr_place_t), cxr_place_order);
    }

    if (rc == CXR_OK) {
        rc = cxr_search_begin(s);
    }

    for ( /* void */ ; rc == CXR_OK; rc = cxr_search_next(s)) {
        rc = cxr_gather(s, &rmas, &at, &g);

        for (i = 0; rc == CXR_OK && i < g.n; i++) {

            if (i > 0 && cxr_place_cmp(&g.items[i], &g.items[i - 1]) == 0) {
                continue;
            }

            rc = cxr_search_holds(s, &g.items[i], &holds);

            if (rc != CXR_OK || !holds) {
                continue;
            }

            if (s->out->rmas.n == s->limit) {
                return cxr_place_print(&g.items[i], s->a, &s->out->next);
            }

            rc = cxr_search_add(s, &g.items[i]);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return rc;
}
