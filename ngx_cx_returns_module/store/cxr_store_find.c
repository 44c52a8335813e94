
/*
 * Searching the RMAs.  All that an RMA is listed and found by has, behind its
 * value, the same place (~created, RMA): so what must hold together is a walk
 * over several ranges at once, each going on to where the furthest is, and what
 * shares a beginning is gathered and put in order.
 */

#include <stdlib.h>

#include "cxr_store_find_private.h"


#define CXR_RANGES_MAX  (CXR_FIND_WORDS_MAX + 2)
/* a place, and a byte more when it is behind it */
#define CXR_PLACE_MAX   (CXR_FIND_PLACE + 1)
#define CXR_CURSOR_MAX  ((CXR_PLACE_MAX * 4 + 2) / 3)


typedef struct {
    uint8_t       data[CXR_PLACE_MAX];
    uint8_t       len;
} cxr_place_t;

typedef struct {
    cxr_table_t   table;
    cxr_dbkey_t   prefix;
    MDB_cursor   *cur;
} cxr_range_t;

typedef struct {
    cxr_read_t         *rd;
    const cxr_shop_t   *shop;
    const cxr_find_t   *f;
    cxr_arena_t        *a;
    unsigned            limit;
    cxr_range_t         ranges[CXR_RANGES_MAX];
    unsigned            nranges;
    cxr_place_t         from;          /* the first that may be shown          */
    uint64_t            oldest;        /* ~created of the oldest that may      */
    unsigned            steps;
    cxr_found_t        *out;
} cxr_search_t;


/* ---- places ---- */

static int
cxr_place_cmp(const cxr_place_t *a, const cxr_place_t *b)
{
    int  c;

    c = memcmp(a->data, b->data, a->len < b->len ? a->len : b->len);

    return c != 0 ? c : (a->len > b->len) - (a->len < b->len);
}


static int
cxr_place_order(const void *a, const void *b)
{
    return cxr_place_cmp(a, b);
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


static cxr_rc_t
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


/* ---- what is asked ---- */

static cxr_dbkey_t *
cxr_search_range(cxr_search_t *s, cxr_table_t table)
{
    cxr_range_t  *r = &s->ranges[s->nranges++];

    r->table = table;
    r->cur = NULL;

    return &r->prefix;
}


static void
cxr_search_hash(cxr_search_t *s, uint8_t tag, cxr_str_t value)
{
    uint8_t  hash[CXR_FIND_HASH];

    cxr_find_hash(s->rd->store->ring, tag, value, hash);
    cxr_dbkey_find(cxr_search_range(s, CXR_T_IX_FIND), s->shop->key, tag,
                   cxr_strn(hash, sizeof(hash)));
}


static void
cxr_search_list(cxr_search_t *s)
{
    uint8_t       list;
    cxr_dbkey_t  *key;

    list = s->f->status < 0 ? CXR_LIST_ALL : CXR_LIST_STATUS(s->f->status);
    key = cxr_search_range(s, CXR_T_IX_RMA);
    cxr_dbkey_shop(key, s->shop->key);
    cxr_dbkey_add(key, &list, 1);
}


/* All of it that is one value each.  False: nothing can be found. */
static bool
cxr_search_ask(cxr_search_t *s, const cxr_typed_t *q)
{
    char      number[CXR_NUMBER_MAX];
    size_t    n;
    unsigned  i;

    if (s->f->order.len != 0) {

        if (cxr_fold_number(s->f->order, number, &n) != CXR_OK) {
            return false;
        }

        cxr_dbkey_find(cxr_search_range(s, CXR_T_IX_FIND), s->shop->key,
                       CXR_FIND_TAG_ORDER, cxr_strn(number, n));
    }

    if (q->what == CXR_FIND_EMAIL) {
        cxr_search_hash(s, CXR_FIND_TAG_EMAIL,
                        cxr_strn(q->email, q->email_len));
    }

    for (i = 0; q->what == CXR_FIND_WORDS && i < q->nwords; i++) {
        cxr_search_hash(s, CXR_FIND_TAG_WORD,
                        cxr_strn(q->words[i], q->word_len[i]));
    }

    if (s->f->status >= 0 || s->nranges == 0) {
        cxr_search_list(s);
    }

    return true;
}


static cxr_rc_t
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
cxr_search_walk(cxr_search_t *s)
{
    int          rc;
    cxr_rc_t     crc = CXR_OK;
    unsigned     i;
    cxr_place_t  p = s->from;

    for (i = 0; i < s->nranges; i++) {
        rc = mdb_cursor_open(s->rd->txn,
                             s->rd->store->dbi[s->ranges[i].table],
                             &s->ranges[i].cur);
        if (rc != MDB_SUCCESS) {
            crc = cxr_mdb_rc(s->rd->store, rc);
            break;
        }
    }

    while (crc == CXR_OK) {
        crc = cxr_search_meet(s, &p);

        if (crc == CXR_AGAIN
            || (crc == CXR_OK && s->out->rmas.n == s->limit))
        {
            crc = cxr_place_print(&p, s->a, &s->out->next);
            break;
        }

        if (crc == CXR_OK) {
            crc = cxr_search_add(s, &p);
            cxr_place_after(&p);
        }
    }

    for (i = 0; i < s->nranges && s->ranges[i].cur != NULL; i++) {
        mdb_cursor_close(s->ranges[i].cur);
    }

    return crc == CXR_NOTFOUND ? CXR_OK : crc;
}


/* ---- what shares a beginning: gathered ---- */

typedef struct {
    cxr_place_t  *items;
    size_t        n;
    size_t        room;
} cxr_gather_t;


static void
cxr_gather_add(cxr_search_t *s, cxr_gather_t *g, const uint8_t *place)
{
    cxr_place_t  *p = &g->items[g->n];

    p->len = CXR_FIND_PLACE;
    memcpy(p->data, place, CXR_FIND_PLACE);

    if (cxr_be64(place) <= s->oldest && cxr_place_cmp(p, &s->from) >= 0) {
        g->n++;
    }
}


/* Places of all keys of ix_find that begin so, the last in the table first: of
   numbers that are counted up, those are the newest. */
static cxr_rc_t
cxr_gather_find(cxr_search_t *s, const cxr_dbkey_t *prefix, cxr_gather_t *g)
{
    int          rc;
    size_t       seen;
    MDB_val      k, v;
    MDB_cursor  *cur;
    cxr_dbkey_t  end = *prefix;

    rc = mdb_cursor_open(s->rd->txn, s->rd->store->dbi[CXR_T_IX_FIND], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    /* numbers and hashes of a value that is longer are all below it */

    cxr_dbkey_add(&end, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10);
    k = cxr_dbkey_val(&end);

    rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
    rc = mdb_cursor_get(cur, &k, &v, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);

    for (seen = 0;
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_PREV))
    {
        if (seen++ == CXR_FIND_COLLECT) {
            s->out->cut = true;
            break;
        }

        if (k.mv_size > CXR_FIND_PLACE) {
            cxr_gather_add(s, g, (uint8_t *) k.mv_data + k.mv_size
                                 - CXR_FIND_PLACE);
        }
    }

    mdb_cursor_close(cur);

    return rc == MDB_SUCCESS || rc == MDB_NOTFOUND
           ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
}


/* RMAs whose number begins so. */
static cxr_rc_t
cxr_gather_rmas(cxr_search_t *s, cxr_str_t begin, cxr_gather_t *g)
{
    int          rc;
    size_t       seen;
    MDB_val      k, v;
    uint8_t      place[CXR_FIND_PLACE];
    cxr_rc_t     crc = CXR_OK;
    cxr_rma_t    rma;
    unsigned     i;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    cxr_dbkey_one(&prefix, s->shop->key, begin);

    rc = mdb_cursor_open(s->rd->txn, s->rd->store->dbi[CXR_T_RMAS], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(s->rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (seen = 0, rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        if (seen++ == CXR_FIND_COLLECT) {
            s->out->cut = true;
            break;
        }

        crc = cxr_rec_decode(&cxr_rma_type, v.mv_data, v.mv_size, &rma, s->a);

        if (crc != CXR_OK || rma.id.len != CXR_RMA_ID_LEN) {
            crc = crc != CXR_OK ? crc : CXR_INVALID;
            break;
        }

        for (i = 0; i < 8; i++) {
            place[i] = (uint8_t) (~(uint64_t) rma.created_at >> (56 - 8 * i));
        }

        memcpy(place + 8, rma.id.data, CXR_RMA_ID_LEN);
        cxr_gather_add(s, g, place);
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_SUCCESS || rc == MDB_NOTFOUND
           ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
}


static cxr_rc_t
cxr_gather(cxr_search_t *s, const cxr_typed_t *q, cxr_gather_t *g)
{
    uint8_t      tag, hash[CXR_FIND_HASH];
    cxr_rc_t     rc = CXR_OK;
    cxr_dbkey_t  prefix;

    g->n = 0;
    g->items = cxr_alloc(s->a, (5 * CXR_FIND_COLLECT + 1)
                               * sizeof(cxr_place_t));
    if (g->items == NULL) {
        return CXR_NOMEM;
    }

    if (q->rma_len != 0) {
        rc = cxr_gather_rmas(s, cxr_strn(q->rma, q->rma_len), g);
    }

    if (rc == CXR_OK && q->whole) {
        rc = cxr_gather_rmas(s, cxr_strn(q->whole_rma, CXR_RMA_ID_LEN), g);
    }

    if (rc == CXR_OK && q->number_len != 0) {
        tag = CXR_FIND_TAG_ORDER;
        cxr_dbkey_shop(&prefix, s->shop->key);
        cxr_dbkey_add(&prefix, &tag, 1);
        cxr_dbkey_add(&prefix, q->number, q->number_len);
        rc = cxr_gather_find(s, &prefix, g);
    }

    if (rc == CXR_OK && q->tracking_len != 0) {
        tag = CXR_FIND_TAG_PARCEL;
        cxr_dbkey_shop(&prefix, s->shop->key);
        cxr_dbkey_add(&prefix, &tag, 1);
        cxr_dbkey_add(&prefix, q->tracking, q->tracking_len);
        rc = cxr_gather_find(s, &prefix, g);
    }

    if (rc == CXR_OK && q->phone_len != 0) {
        tag = CXR_FIND_TAG_PHONE;
        cxr_find_hash(s->rd->store->ring, tag,
                      cxr_strn(q->phone, q->phone_len), hash);
        cxr_dbkey_find(&prefix, s->shop->key, tag,
                       cxr_strn(hash, sizeof(hash)));
        rc = cxr_gather_find(s, &prefix, g);
    }

    qsort(g->items, g->n, sizeof(cxr_place_t), cxr_place_order);

    return rc;
}


/* Does it stand in the order's and the status's ranges, too? */
static cxr_rc_t
cxr_search_holds(cxr_search_t *s, const cxr_place_t *p, bool *holds)
{
    int          rc = MDB_SUCCESS;
    MDB_val      k, v;
    unsigned     i;
    cxr_dbkey_t  key;

    for (i = 0; i < s->nranges && rc == MDB_SUCCESS; i++) {
        key = s->ranges[i].prefix;
        cxr_dbkey_add(&key, p->data, p->len);
        k = cxr_dbkey_val(&key);
        rc = mdb_get(s->rd->txn, s->rd->store->dbi[s->ranges[i].table], &k,
                     &v);
    }

    *holds = rc == MDB_SUCCESS;

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(s->rd->store, rc);
}


static cxr_rc_t
cxr_search_gathered(cxr_search_t *s, const cxr_typed_t *q)
{
    bool          holds;
    size_t        i;
    cxr_rc_t      rc;
    cxr_gather_t  g;

    rc = cxr_gather(s, q, &g);

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

    return rc;
}


cxr_rc_t
cxr_read_find(cxr_read_t *rd, const cxr_shop_t *shop, const cxr_find_t *f,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_found_t *out)
{
    unsigned      i;
    uint64_t      newest;
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
        newest = ~(uint64_t) (f->to - 1);

        for (i = 0; i < 8; i++) {
            top.data[i] = (uint8_t) (newest >> (56 - 8 * i));
        }

        top.len = 8;

        if (cxr_place_cmp(&top, &s.from) > 0) {
            s.from = top;
        }
    }

    cxr_typed_parse(f->q, &q);

    if (rd->store->lacks[CXR_T_IX_FIND]
        || (f->q.len != 0 && q.what == CXR_FIND_NOTHING)
        || !cxr_search_ask(&s, &q))
    {
        return CXR_OK;
    }

    if (q.what == CXR_FIND_NUMBER) {
        return cxr_search_gathered(&s, &q);
    }

    rc = cxr_search_walk(&s);

    /* the letters that an order's numbers begin with, or that an RMA's number
       is by chance made of, are no name */

    if (rc == CXR_OK && out->rmas.n == 0 && out->next.len == 0
        && ((q.nwords == 1
             && cxr_fold_number(f->q, q.number, &q.number_len) == CXR_OK)
            || q.whole))
    {
        s.nranges = 0;
        q.what = CXR_FIND_NUMBER;

        if (cxr_search_ask(&s, &q)) {
            rc = cxr_search_gathered(&s, &q);
        }
    }

    return rc;
}
