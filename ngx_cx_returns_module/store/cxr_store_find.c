
/*
 * Searching the RMAs.  All that an RMA is listed and found by has, behind its
 * value, the same place (~created, RMA): so what must hold together is, within a
 * run, a walk over several ranges at once, each going on to where the furthest
 * is; what shares a beginning is gathered, a run at a time, and put in order.
 * Fresh RMAs are read through.
 */

#include "cxr_store_find_private.h"


/* ---- places ---- */

int
cxr_place_cmp(const cxr_place_t *a, const cxr_place_t *b)
{
    int  c;

    c = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);

    return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}


/* Right behind that place. */
static void
cxr_place_after(cxr_place_t *p)
{
    p->data[p->len++] = 0;
}


static cxr_rc_t
cxr_place_parse(cxr_str_t text, cxr_place_t *p)
{
    char    id[CXR_RMA_ID_LEN];
    size_t  n;

    if (cxr_b64url_decode(text, p->data, sizeof(p->data), &n) != CXR_OK
        || n < CXR_FIND_PLACE
        || (n > CXR_FIND_PLACE && p->data[CXR_FIND_PLACE] != 0)
        || cxr_rma_id_parse(cxr_strn(p->data + 8, CXR_RMA_ID_LEN), id)
           != CXR_OK
        || memcmp(id, p->data + 8, CXR_RMA_ID_LEN) != 0)
    {
        return CXR_INVALID;
    }

    p->len = (uint8_t) n;

    return CXR_OK;
}


cxr_rc_t
cxr_place_print(const cxr_place_t *p, cxr_arena_t *a, cxr_str_t *out)
{
    char  *text;

    text = cxr_alloc(a, CXR_CURSOR_MAX + 1);
    if (text == NULL) {
        return CXR_NOMEM;
    }

    *out = cxr_strn(text, cxr_b64url_encode(p->data, p->len, text));

    return CXR_OK;
}


/* The cursor to where what is looked at now ends. */
static cxr_rc_t
cxr_place_next(cxr_search_t *s)
{
    cxr_place_t  p;

    static const uint8_t  least[5];

    cxr_place_begin(&p, s->run + 1);
    cxr_rma_id_make(least, (char *) p.data + 8);
    p.len = CXR_FIND_PLACE;

    return cxr_place_print(&p, s->a, &s->out->next);
}


/* ---- what is asked ---- */

static void
cxr_search_hash(cxr_search_t *s, uint8_t tag, cxr_str_t value)
{
    uint8_t  hash[CXR_FIND_HASH];

    cxr_find_hash(s->rd->store->ring, tag, value, hash);
    cxr_want_set(&s->wants[s->nwants++], tag, hash, sizeof(hash));
}


static void
cxr_search_list(cxr_search_t *s)
{
    uint8_t  list;

    list = s->f->status < 0 ? CXR_LIST_ALL : CXR_LIST_STATUS(s->f->status);
    s->listed = true;
    cxr_dbkey_shop(&s->list, s->shop->key);
    cxr_dbkey_add(&s->list, &list, 1);
}


/* All of it that is one value each.  False: nothing can be found. */
static bool
cxr_search_ask(cxr_search_t *s, const cxr_typed_t *q)
{
    char      number[CXR_NUMBER_MAX];
    size_t    n;
    unsigned  i;

    s->nwants = 0;
    s->listed = false;

    if (s->f->order.len != 0) {

        if (cxr_fold_number(s->f->order, number, &n) != CXR_OK) {
            return false;
        }

        cxr_want_set(&s->wants[s->nwants++], CXR_FIND_TAG_ORDER, number, n);
    }

    if (q->what == CXR_FIND_EMAIL) {
        cxr_search_hash(s, CXR_FIND_TAG_EMAIL,
                        cxr_strn(q->email, q->email_len));
    }

    for (i = 0; q->what == CXR_FIND_WORDS && i < q->nwords; i++) {
        cxr_search_hash(s, CXR_FIND_TAG_WORD,
                        cxr_strn(q->words[i], q->word_len[i]));
    }

    if (s->f->status >= 0 || s->nwants == 0) {
        cxr_search_list(s);
    }

    return true;
}


cxr_rc_t
cxr_search_add(cxr_search_t *s, const cxr_place_t *p)
{
    cxr_rc_t    rc;
    cxr_rma_t  *rma;

    rma = cxr_list_push(s->a, &s->out->rmas, sizeof(cxr_rma_t));
    if (rma == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_rma(s->rd, s->shop,
                      cxr_strn(p->data + 8, CXR_RMA_ID_LEN), s->a, rma);

    return rc == CXR_NOTFOUND ? CXR_INVALID : rc;   /* leads nowhere */
}


/* ---- the fresh ones, then run after run ---- */

/* The run of that time, or the one before it; CXR_NOTFOUND: none. */
static cxr_rc_t
cxr_search_run(cxr_search_t *s, uint64_t at)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  prefix, key;

    cxr_dbkey_found(&prefix, s->shop->key, CXR_FIND_SORTED);
    key = prefix;
    cxr_dbkey_u64(&key, at);
    k = cxr_dbkey_val(&key);
    s->steps++;

    rc = mdb_cursor_get(s->cur, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_NOTFOUND
        || (rc == MDB_SUCCESS && !cxr_dbkey_prefixes(&prefix, k)))
    {
        return CXR_NOTFOUND;
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    if (k.mv_size < (size_t) prefix.len + 8) {
        return CXR_INVALID;
    }

    s->fresh = false;
    s->run = cxr_be64((uint8_t *) k.mv_data + prefix.len);

    return CXR_OK;
}


cxr_rc_t
cxr_search_begin(cxr_search_t *s)
{
    int             rc;
    MDB_val         k, v;
    cxr_rc_t        crc;
    cxr_dbkey_t     key;
    cxr_find_row_t  state;

    cxr_dbkey_found(&key, s->shop->key, CXR_FIND_STATE);
    k = cxr_dbkey_val(&key);

    rc = mdb_get(s->rd->txn, s->rd->store->dbi[CXR_T_IX_FOUND], &k, &v);
    if (rc != MDB_SUCCESS) {
        return rc == MDB_NOTFOUND ? CXR_NOTFOUND
                                  : cxr_mdb_rc(s->rd->store, rc);
    }

    crc = cxr_rec_decode(&cxr_find_type, v.mv_data, v.mv_size, &state, s->a);
    if (crc != CXR_OK) {
        return crc;
    }

    s->fresh = true;
    s->run = ~(uint64_t) state.from;

    return cxr_place_time(&s->from) <= s->run
           ? CXR_OK : cxr_search_run(s, cxr_place_time(&s->from));
}


cxr_rc_t
cxr_search_next(cxr_search_t *s)
{
    cxr_rc_t  rc;

    if (s->run == UINT64_MAX || s->run >= s->oldest) {
        return CXR_NOTFOUND;
    }

    if (s->steps >= CXR_FIND_STEPS) {
        rc = cxr_place_next(s);
        return rc == CXR_OK ? CXR_AGAIN : rc;
    }

    return cxr_search_run(s, s->run + 1);
}


static bool
cxr_want_is(const cxr_want_t *want, const cxr_find_entry_t *e)
{
    return e->tag == want->tag && e->value.len == want->len
           && memcmp(e->value.data, want->data, want->len) == 0;
}


bool
cxr_fresh_has(const cxr_search_t *s, cxr_str_t entries)
{
    unsigned          i, has = 0;
    cxr_find_entry_t  e;

    while (cxr_find_next(&entries, &e)) {
        for (i = 0; i < s->nwants; i++) {
            if (cxr_want_is(&s->wants[i], &e)) {
                has |= 1u << i;
            }
        }
    }

    return has == (1u << s->nwants) - 1;
}


cxr_rc_t
cxr_fresh_read(cxr_search_t *s, MDB_cursor_op op, cxr_place_t *p,
    cxr_str_t *entries)
{
    int             rc;
    MDB_val         k, v;
    cxr_rc_t        crc;
    cxr_dbkey_t     prefix, key;
    cxr_find_row_t  row;

    cxr_dbkey_found(&prefix, s->shop->key, CXR_FIND_FRESH);
    key = prefix;
    cxr_dbkey_add(&key, p->data, p->len);
    k = cxr_dbkey_val(&key);
    s->steps++;

    rc = mdb_cursor_get(s->cur, &k, &v, op);

    if (rc == MDB_NOTFOUND
        || (rc == MDB_SUCCESS && !cxr_dbkey_prefixes(&prefix, k)))
    {
        return CXR_NOTFOUND;
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    if (k.mv_size != (size_t) prefix.len + CXR_FIND_PLACE) {
        return CXR_INVALID;
    }

    p->len = CXR_FIND_PLACE;
    memcpy(p->data, (uint8_t *) k.mv_data + prefix.len, CXR_FIND_PLACE);

    crc = cxr_rec_decode(&cxr_find_type, v.mv_data, v.mv_size, &row, s->a);
    *entries = row.entries;

    return crc != CXR_OK || cxr_place_time(p) <= s->oldest ? crc
                                                           : CXR_NOTFOUND;
}


cxr_rc_t
cxr_list_holds(cxr_search_t *s, const cxr_place_t *p, bool *holds)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  key = s->list;

    *holds = !s->listed;

    if (*holds) {
        return CXR_OK;
    }

    cxr_dbkey_add(&key, p->data, p->len);
    k = cxr_dbkey_val(&key);
    rc = mdb_get(s->rd->txn, s->rd->store->dbi[CXR_T_IX_RMA], &k, &v);
    *holds = rc == MDB_SUCCESS;

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
}


/* ---- one value each: all ranges at once ---- */

/* The range's first place that is not before *p; CXR_NOTFOUND: none. */
static cxr_rc_t
cxr_range_seek(cxr_search_t *s, cxr_range_t *r, cxr_place_t *p)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  key = r->prefix;

    cxr_dbkey_add(&key, p->data, p->len);
    k = cxr_dbkey_val(&key);
    s->steps++;

    rc = mdb_cursor_get(r->cur, &k, &v, MDB_SET_RANGE);

    if (rc == MDB_NOTFOUND
        || (rc == MDB_SUCCESS && !cxr_dbkey_prefixes(&r->prefix, k)))
    {
        return CXR_NOTFOUND;
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    if (k.mv_size != (size_t) r->prefix.len + CXR_FIND_PLACE) {
        return CXR_INVALID;
    }

    p->len = CXR_FIND_PLACE;
    memcpy(p->data, (uint8_t *) k.mv_data + r->prefix.len, CXR_FIND_PLACE);

    return cxr_be64(p->data) > s->oldest ? CXR_NOTFOUND : CXR_OK;
}


/* The first place from *p on that stands in all ranges. */
static cxr_rc_t
cxr_search_meet(cxr_search_t *s, cxr_place_t *p)
{
    cxr_rc_t     rc;
    unsigned     i = 0, same = 0;
    cxr_place_t  at;

    for ( ;; ) {
        at = *p;

        rc = cxr_range_seek(s, &s->ranges[i], &at);
        if (rc != CXR_OK) {
            return rc;
        }

        same = cxr_place_cmp(&at, p) == 0 ? same + 1 : 1;
        *p = at;

        if (same == s->nranges) {
            return CXR_OK;
        }

        if (s->steps >= CXR_FIND_STEPS) {
            return CXR_AGAIN;
        }

        i = (i + 1) % s->nranges;
    }
}


static cxr_rc_t
cxr_walk_fresh(cxr_search_t *s)
{
    bool           holds;
    cxr_rc_t       rc;
    cxr_str_t      entries;
    cxr_place_t    p = s->from;
    MDB_cursor_op  op = MDB_SET_RANGE;

    for ( ;; ) {
        rc = cxr_fresh_read(s, op, &p, &entries);
        if (rc != CXR_OK) {
            return rc;
        }

        op = MDB_NEXT;

        if (s->steps >= CXR_FIND_STEPS) {
            rc = cxr_place_print(&p, s->a, &s->out->next);
            return rc == CXR_OK ? CXR_AGAIN : rc;
        }

        if (!cxr_fresh_has(s, entries)) {
            continue;
        }

        rc = cxr_list_holds(s, &p, &holds);

        if (rc == CXR_OK && holds && s->out->rmas.n == s->limit) {
            rc = cxr_place_print(&p, s->a, &s->out->next);
            return rc == CXR_OK ? CXR_AGAIN : rc;
        }

        if (rc == CXR_OK && holds) {
            rc = cxr_search_add(s, &p);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }
}


/* All ranges at once, from *p on. */
static cxr_rc_t
cxr_walk_ranges(cxr_search_t *s, cxr_place_t *p)
{
    cxr_rc_t  rc;

    for ( ;; ) {
        rc = cxr_search_meet(s, p);

        if (rc == CXR_AGAIN
            || (rc == CXR_OK && s->out->rmas.n == s->limit))
        {
            rc = cxr_place_print(p, s->a, &s->out->next);
            return rc == CXR_OK ? CXR_AGAIN : rc;
        }

        if (rc == CXR_OK) {
            rc = cxr_search_add(s, p);
            cxr_place_after(p);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }
}


static cxr_rc_t
cxr_walk_runs(cxr_search_t *s)
{
    cxr_rc_t     rc;
    unsigned     i;
    cxr_place_t  p = s->from;

    for (rc = cxr_search_begin(s); rc == CXR_OK; rc = cxr_search_next(s)) {

        for (i = 0; !s->fresh && i < s->nwants; i++) {
            cxr_dbkey_find(&s->ranges[i].prefix, s->shop->key, s->run,
                           s->wants[i].tag,
                           cxr_strn(s->wants[i].data, s->wants[i].len));
        }

        rc = s->fresh ? cxr_walk_fresh(s) : cxr_walk_ranges(s, &p);

        if (rc != CXR_NOTFOUND) {
            return rc;
        }
    }

    return rc;
}


static cxr_rc_t
cxr_search_walk(cxr_search_t *s)
{
    int          rc = MDB_SUCCESS;
    cxr_rc_t     crc;
    unsigned     i;
    cxr_place_t  p = s->from;

    s->nranges = s->nwants + s->listed;

    for (i = 0; i < s->nranges; i++) {
        s->ranges[i].table = i < s->nwants ? CXR_T_IX_FOUND : CXR_T_IX_RMA;
        s->ranges[i].prefix = s->list;
        s->ranges[i].cur = NULL;
    }

    for (i = 0; rc == MDB_SUCCESS && i < s->nranges; i++) {
        rc = mdb_cursor_open(s->rd->txn,
                             s->rd->store->dbi[s->ranges[i].table],
                             &s->ranges[i].cur);
    }

    crc = rc != MDB_SUCCESS ? cxr_mdb_rc(s->rd->store, rc)
          : s->nwants == 0 ? cxr_walk_ranges(s, &p)
                           : cxr_walk_runs(s);

    for (i = 0; i < s->nranges && s->ranges[i].cur != NULL; i++) {
        mdb_cursor_close(s->ranges[i].cur);
    }

    return crc;
}


/* CXR_NOTFOUND: no more; CXR_AGAIN: no more on this page. */
static cxr_rc_t
cxr_search_run_all(cxr_search_t *s, const cxr_typed_t *q)
{
    int       rc;
    cxr_rc_t  crc;

    rc = mdb_cursor_open(s->rd->txn, s->rd->store->dbi[CXR_T_IX_FOUND],
                         &s->cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    crc = q->what == CXR_FIND_NUMBER ? cxr_search_gathered(s, q)
                                     : cxr_search_walk(s);
    mdb_cursor_close(s->cur);

    return crc == CXR_NOTFOUND || crc == CXR_AGAIN ? CXR_OK : crc;
}


cxr_rc_t
cxr_read_find(cxr_read_t *rd, const cxr_shop_t *shop, const cxr_find_t *f,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_found_t *out)
{
    cxr_rc_t      rc;
    cxr_place_t   top;
    cxr_typed_t   q;
    cxr_search_t  s;

    memset(out, 0, sizeof(*out));
    out->next = cxr_str("");
    memset(&s, 0, sizeof(s));

    if (limit == 0 || limit > CXR_RMA_LIST_MAX
        || f->status >= CXR_RMA_NSTATUS)
    {
        return CXR_INVALID;
    }

    if (rd->store->ring == NULL) {
        return CXR_ERROR;
    }

    if (cursor.len != 0 && cxr_place_parse(cursor, &s.from) != CXR_OK) {
        return CXR_INVALID;
    }

    s.rd = rd;
    s.shop = shop;
    s.f = f;
    s.a = a;
    s.limit = limit;
    s.out = out;
    s.oldest = f->from != CXR_TIME_NONE ? ~(uint64_t) f->from : UINT64_MAX;

    if (f->to != CXR_TIME_NONE) {
        cxr_place_begin(&top, ~(uint64_t) (f->to - 1));

        if (cxr_place_cmp(&top, &s.from) > 0) {
            s.from = top;
        }
    }

    cxr_typed_parse(f->q, &q);

    if (rd->store->lacks[CXR_T_IX_FOUND]
        || (f->q.len != 0 && q.what == CXR_FIND_NOTHING)
        || !cxr_search_ask(&s, &q))
    {
        return CXR_OK;
    }

    rc = cxr_search_run_all(&s, &q);

    /* the letters that an order's numbers begin with, or that an RMA's number
       is by chance made of, are no name */

    if (rc == CXR_OK && q.what != CXR_FIND_NUMBER
        && out->rmas.n == 0 && out->next.len == 0
        && ((q.nwords == 1
             && cxr_fold_number(f->q, q.number, &q.number_len) == CXR_OK)
            || q.whole))
    {
        q.what = CXR_FIND_NUMBER;

        if (cxr_search_ask(&s, &q)) {
            rc = cxr_search_run_all(&s, &q);
        }
    }

    return rc;
}
