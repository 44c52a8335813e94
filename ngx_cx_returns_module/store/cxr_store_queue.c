
/*
 * The desk's lists from a snapshot: RMAs by status or by what they wait for,
 * and how many there are.
 */

#include "cxr_store_private.h"
#include "cxr_text.h"


/*
 * A cursor, before base64url: the list, the time as in the key, the RMA number.
 * It names the last one that was looked at, and stays good whatever happens to
 * that one.
 */
#define CXR_CURSOR_LEN     (1 + 8 + CXR_RMA_ID_LEN)
#define CXR_CURSOR_TEXT    ((CXR_CURSOR_LEN * 4 + 2) / 3)


/* One walk along a list. */
typedef struct {
    MDB_cursor        *cur;
    cxr_dbkey_t        prefix;     /* shop, list                               */
    cxr_dbkey_t        until;      /* prefix, ~time: nothing before this       */
    bool               oldest;
    MDB_val            k;
    int                rc;
} cxr_walk_t;


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


/* of a key of the list */

static cxr_rc_t
cxr_cursor_print(MDB_val key, cxr_arena_t *a, cxr_str_t *out)
{
    char  *text;

    if (key.mv_size != 4 + CXR_CURSOR_LEN) {
        return CXR_INVALID;
    }

    text = cxr_alloc(a, CXR_CURSOR_TEXT + 1);
    if (text == NULL) {
        return CXR_NOMEM;
    }

    *out = cxr_strn(text, cxr_b64url_encode((uint8_t *) key.mv_data + 4,
                                            CXR_CURSOR_LEN, text));
    return CXR_OK;
}


static uint8_t
cxr_list_of(const cxr_rma_list_t *list)
{
    return list->queue >= 0 ? CXR_LIST_QUEUE(list->queue)
           : list->status >= 0 ? CXR_LIST_STATUS(list->status)
                               : CXR_LIST_ALL;
}


static bool
cxr_walk_in(const cxr_walk_t *w)
{
    MDB_val  until;

    if (w->rc != MDB_SUCCESS || !cxr_dbkey_prefixes(&w->prefix, w->k)) {
        return false;
    }

    until = (MDB_val) { w->until.len, (void *) w->until.data };

    return w->k.mv_size >= until.mv_size
           && memcmp(w->k.mv_data, until.mv_data, until.mv_size) >= 0;
}


static void
cxr_walk_next(cxr_walk_t *w)
{
    MDB_val  v;

    w->rc = mdb_cursor_get(w->cur, &w->k, &v,
                           w->oldest ? MDB_PREV : MDB_NEXT);
}


/* To the first of the list, or to the first behind the cursor's. */

static cxr_rc_t
cxr_walk_begin(cxr_walk_t *w, uint32_t shop, const cxr_rma_list_t *list,
    cxr_str_t cursor)
{
    uint8_t      id;
    MDB_val      v;
    cxr_dbkey_t  from;

    id = cxr_list_of(list);
    w->oldest = list->oldest;

    cxr_dbkey_shop(&w->prefix, shop);
    from = w->prefix;
    cxr_dbkey_add(&w->prefix, &id, 1);

    w->until = w->prefix;

    if (list->until != CXR_TIME_NONE) {
        cxr_dbkey_u64(&w->until, ~(uint64_t) list->until);
    }

    if (cursor.len != 0) {
        if (cxr_cursor_parse(cursor, id, &from) != CXR_OK) {
            return CXR_INVALID;
        }

    } else if (list->oldest) {

        /* behind the last of the list */

        id++;
        cxr_dbkey_add(&from, &id, 1);

    } else {
        from = w->until;
    }

    w->k = cxr_dbkey_val(&from);
    w->rc = mdb_cursor_get(w->cur, &w->k, &v, MDB_SET_RANGE);

    if (list->oldest) {
        w->rc = mdb_cursor_get(w->cur, &w->k, &v,
                               w->rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);

    } else if (w->rc == MDB_SUCCESS && cursor.len != 0
               && w->k.mv_size == from.len
               && memcmp(w->k.mv_data, from.data, from.len) == 0)
    {
        cxr_walk_next(w);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_read_rma_list(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rma_list_t *list, cxr_str_t cursor, unsigned limit,
    cxr_arena_t *a, cxr_rmas_t *out, cxr_str_t *next)
{
    int         rc;
    MDB_val     last;
    cxr_rc_t    crc;
    unsigned    seen;
    cxr_str_t   id;
    cxr_rma_t  *rma;
    cxr_walk_t  w;

    out->n = 0;
    *next = cxr_str("");

    if (limit == 0 || limit > CXR_RMA_LIST_MAX
        || list->status >= CXR_RMA_NSTATUS || list->queue >= CXR_QUEUES)
    {
        return CXR_INVALID;
    }

    out->items = cxr_calloc(a, limit, sizeof(cxr_rma_t));
    if (out->items == NULL) {
        return CXR_NOMEM;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_RMA], &w.cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    crc = cxr_walk_begin(&w, shop->key, list, cursor);
    if (crc != CXR_OK) {
        mdb_cursor_close(w.cur);
        return crc;
    }

    last = (MDB_val) { 0, NULL };

    for (seen = 0; crc == CXR_OK && cxr_walk_in(&w); cxr_walk_next(&w)) {

        if (out->n == limit || seen++ == CXR_LIST_SCAN) {
            /* there is more */
            crc = cxr_cursor_print(last, a, next);
            break;
        }

        if (w.k.mv_size <= (size_t) w.prefix.len + 8) {
            crc = CXR_INVALID;
            break;
        }

        last = w.k;
        id = cxr_strn((char *) w.k.mv_data + w.prefix.len + 8,
                      w.k.mv_size - w.prefix.len - 8);
        rma = &out->items[out->n];

        crc = cxr_read_rma(rd, shop, id, a, rma);

        if (crc == CXR_OK) {
            out->n += list->kind < 0 || rma->kind == list->kind;

        } else if (crc == CXR_NOTFOUND) {
            crc = CXR_INVALID;      /* an index entry that leads nowhere */
        }
    }

    rc = w.rc;
    mdb_cursor_close(w.cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_rmas(cxr_read_t *rd, const cxr_shop_t *shop, int status,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_rmas_t *out,
    cxr_str_t *next)
{
    cxr_rma_list_t  list = { -1, status, -1, false, CXR_TIME_NONE };

    return cxr_read_rma_list(rd, shop, &list, cursor, limit, a, out, next);
}


/* how many there are, up to "cap" */

static cxr_rc_t
cxr_walk_count(cxr_read_t *rd, const cxr_shop_t *shop, MDB_cursor *cur,
    const cxr_rma_list_t *list, uint32_t cap, uint32_t *n)
{
    cxr_rc_t    rc;
    cxr_walk_t  w;

    *n = 0;
    w.cur = cur;

    rc = cxr_walk_begin(&w, shop->key, list, CXR_STR_NONE);

    for ( /* void */ ;
         rc == CXR_OK && *n < cap && cxr_walk_in(&w);
         cxr_walk_next(&w))
    {
        (*n)++;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    return w.rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, w.rc);
}


cxr_rc_t
cxr_read_rma_counts(cxr_read_t *rd, const cxr_shop_t *shop, uint32_t cap,
    uint32_t counts[CXR_RMA_NSTATUS])
{
    int             rc;
    cxr_rc_t        crc;
    MDB_cursor     *cur;
    cxr_rma_list_t  list = { -1, 0, -1, false, CXR_TIME_NONE };

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_RMA], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    for (crc = CXR_OK; crc == CXR_OK && list.status < CXR_RMA_NSTATUS;
         list.status++)
    {
        crc = cxr_walk_count(rd, shop, cur, &list, cap, &counts[list.status]);
    }

    mdb_cursor_close(cur);

    return crc;
}


cxr_rc_t
cxr_read_queue_counts(cxr_read_t *rd, const cxr_shop_t *shop, uint32_t cap,
    cxr_time_t until, uint32_t counts[CXR_QUEUES], uint32_t *late)
{
    int             rc;
    cxr_rc_t        crc;
    MDB_cursor     *cur;
    cxr_rma_list_t  list = { 0, -1, -1, false, CXR_TIME_NONE };

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_RMA], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    for (crc = CXR_OK; crc == CXR_OK && list.queue < CXR_QUEUES;
         list.queue++)
    {
        crc = cxr_walk_count(rd, shop, cur, &list, cap, &counts[list.queue]);
    }

    if (crc == CXR_OK) {
        list.queue = CXR_QUEUE_OURS;
        list.until = until;
        crc = cxr_walk_count(rd, shop, cur, &list, cap, late);
    }

    mdb_cursor_close(cur);

    return crc;
}
