
/*
 * Lists of people in the store: the job, the event applied, and reading them.
 */

#include "cxr_store_lists.h"
#include "cxr_store_private.h"


#define CXR_LIST_KEY_LEN  (5 + CXR_LIST_ID_LEN)


/* a list's sum, or an entry */
typedef struct {
    uint32_t     revision;
    uint32_t     n;
    cxr_time_t   at;
    cxr_str_t    by;
    cxr_str_t    box;
} cxr_list_row_t;

static const cxr_field_t  cxr_list_row_fields[] = {
    CXR_FIELD(cxr_list_row_t, revision, U32),
    CXR_FIELD(cxr_list_row_t, n, U32),
    CXR_FIELD(cxr_list_row_t, at, TIME),
    CXR_FIELD(cxr_list_row_t, by, STR),
    CXR_FIELD_X(cxr_list_row_t, box, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_END
};

const cxr_type_t  cxr_list_row_type = {
    "list_row", CXR_TYPE_LIST_ROW, 1, sizeof(cxr_list_row_t),
    cxr_list_row_fields
};


/* ---- keys ---- */

static void
cxr_dbkey_list(cxr_dbkey_t *k, uint32_t shop, char what, cxr_str_t list)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &what, 1);
    cxr_dbkey_str0(k, list);
}


static void
cxr_dbkey_listed(cxr_dbkey_t *k, uint32_t shop, cxr_str_t list, cxr_str_t id)
{
    cxr_dbkey_list(k, shop, CXR_LIST_ENTRY, list);
    cxr_dbkey_str(k, id);
}


static void
cxr_dbkey_item(cxr_dbkey_t *k, const cxr_keyring_t *ring, uint32_t shop,
    cxr_str_t list, cxr_str_t item)
{
    uint8_t  blind[16];

    cxr_blind_index(ring, cxr_str("list"), item, blind);
    cxr_dbkey_list(k, shop, CXR_LIST_HASH, list);
    cxr_dbkey_add(k, item.data, 1);
    cxr_dbkey_add(k, blind, sizeof(blind));
}


/* The name of an entry's key: no order's number has small letters. */

static cxr_str_t
cxr_list_key(cxr_str_t id, char out[CXR_LIST_KEY_LEN])
{
    memcpy(out, "list:", 5);
    memcpy(out + 5, id.data, CXR_LIST_ID_LEN);

    return cxr_strn(out, CXR_LIST_KEY_LEN);
}


/* ---- writing ---- */

static cxr_rc_t
cxr_list_load(cxr_writer_t *w, cxr_dbkey_t *key, cxr_list_row_t *row)
{
    MDB_val   v;
    cxr_rc_t  rc;

    memset(row, 0, sizeof(*row));
    rc = cxr_writer_get(w, CXR_T_PEOPLE, key, &v);

    return rc == CXR_OK ? cxr_rec_decode(&cxr_list_row_type, v.mv_data,
                                         v.mv_size, row, w->scratch)
                        : rc;
}


static cxr_rc_t
cxr_list_store(cxr_writer_t *w, cxr_dbkey_t *key, const cxr_list_row_t *row,
    uint64_t seq)
{
    cxr_rc_t  rc;

    cxr_buf_reset(&w->rec);
    rc = cxr_rec_encode(&cxr_list_row_type, row, seq, &w->rec);

    return rc == CXR_OK ? cxr_writer_put(w, CXR_T_PEOPLE, key,
                                         cxr_buf_str(&w->rec))
                        : rc;
}


/* What an entry says.  CXR_NOTFOUND: it cannot be read (any more). */

static cxr_rc_t
cxr_list_open(cxr_writer_t *w, uint32_t shop, cxr_str_t id, cxr_str_t box,
    cxr_on_list_t *who)
{
    char       name[CXR_LIST_KEY_LEN];
    uint8_t    mem[CXR_AAD_MAX];
    cxr_rc_t   rc;
    cxr_str_t  plain;

    rc = cxr_person_key_load(w, shop, cxr_list_key(id, name), false);

    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_person_open(w->okey->key,
                        cxr_box_aad(CXR_BOX_LISTED, shop,
                                    cxr_strn(name, sizeof(name)), mem),
                        box, w->scratch, &plain)
        != CXR_OK
        || cxr_rec_decode(&cxr_on_list_type, plain.data, plain.len, who,
                          w->scratch)
           != CXR_OK)
    {
        return CXR_NOTFOUND;
    }

    return CXR_OK;
}


/* The row that it is found by; of one that cannot be read there is none. */

static cxr_rc_t
cxr_list_index(cxr_writer_t *w, uint32_t shop, cxr_str_t list, cxr_str_t id,
    cxr_str_t box, bool put)
{
    char          item[CXR_PEOPLE_ITEM_MAX];
    size_t        len;
    cxr_rc_t      rc;
    cxr_dbkey_t   key;
    cxr_on_list_t  who;

    rc = cxr_list_open(w, shop, id, box, &who);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    if (cxr_people_item(who.customer, item, &len) != NULL) {
        return CXR_INVALID;
    }

    cxr_dbkey_item(&key, w->store->ring, shop, list, cxr_strn(item, len));

    return put ? cxr_writer_put(w, CXR_T_PEOPLE, &key, id)
               : cxr_writer_del(w, CXR_T_PEOPLE, &key);
}


static cxr_rc_t
cxr_list_remove(cxr_writer_t *w, uint32_t shop, cxr_str_t list, cxr_str_t id)
{
    cxr_rc_t        rc;
    cxr_dbkey_t     key;
    cxr_list_row_t  row;

    if (!cxr_is_list_id(id)) {
        return CXR_INVALID;
    }

    cxr_dbkey_listed(&key, shop, list, id);
    rc = cxr_list_load(w, &key, &row);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_CONFLICT : rc;
    }

    rc = cxr_list_index(w, shop, list, id, row.box, false);

    return rc == CXR_OK ? cxr_writer_del(w, CXR_T_PEOPLE, &key) : rc;
}


static cxr_rc_t
cxr_list_put(cxr_writer_t *w, uint32_t shop, cxr_str_t list,
    const cxr_list_add_t *add, const cxr_entry_t *e)
{
    MDB_val         v;
    cxr_rc_t        rc;
    cxr_dbkey_t     key;
    cxr_list_row_t  row;

    if (!cxr_is_list_id(add->id)) {
        return CXR_INVALID;
    }

    cxr_dbkey_listed(&key, shop, list, add->id);
    rc = cxr_writer_get(w, CXR_T_PEOPLE, &key, &v);

    if (rc != CXR_NOTFOUND) {
        return rc == CXR_OK ? CXR_CONFLICT : rc;
    }

    memset(&row, 0, sizeof(row));
    row.at = e->at;
    row.by = e->actor;
    row.box = add->box;
    rc = cxr_list_store(w, &key, &row, e->seq);

    return rc == CXR_OK ? cxr_list_index(w, shop, list, add->id, add->box,
                                         true)
                        : rc;
}


cxr_rc_t
cxr_apply_list(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    uint32_t                  i;
    cxr_rc_t                  rc;
    cxr_dbkey_t               key;
    cxr_list_row_t            sum;
    const cxr_list_change_t  *body = ev->body;

    if (body == NULL || ev->aggregate != CXR_AGG_LIST
        || !cxr_is_slug(body->list, CXR_PEOPLE_NAME_MAX)
        || !cxr_str_eq(body->list, ev->id))
    {
        return CXR_INVALID;
    }

    cxr_dbkey_list(&key, shop, CXR_LIST_SUM, body->list);
    rc = cxr_list_load(w, &key, &sum);

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    if (ev->fresh != (sum.revision == 0) || ev->expect != sum.revision
        || body->removed.n > sum.n)
    {
        return CXR_CONFLICT;
    }

    for (rc = CXR_OK, i = 0; rc == CXR_OK && i < body->removed.n; i++) {
        rc = cxr_list_remove(w, shop, body->list, body->removed.items[i]);
    }

    for (i = 0; rc == CXR_OK && i < body->added.n; i++) {
        rc = cxr_list_put(w, shop, body->list, &body->added.items[i], e);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    sum.n = sum.n - body->removed.n + body->added.n;
    sum.revision++;

    w->revision = sum.revision;
    w->id = body->list;

    return cxr_list_store(w, &key, &sum, e->seq);
}


/* ---- the job ---- */

static cxr_rc_t
cxr_list_off(cxr_writer_t *w, cxr_str_t id, cxr_list_change_t *body)
{
    uint32_t    i;
    cxr_str_t  *to;

    for (i = 0; i < body->removed.n; i++) {
        if (cxr_str_eq(body->removed.items[i], id)) {
            return CXR_OK;
        }
    }

    to = cxr_list_push(w->scratch, &body->removed, sizeof(*to));

    return to != NULL ? cxr_str_dup(w->scratch, id, to) : CXR_NOMEM;
}


/* Who is to be taken off and stands there. */

static cxr_rc_t
cxr_job_list_off(cxr_writer_t *w, cxr_job_t *job, cxr_list_change_t *body)
{
    MDB_val                v;
    uint32_t               i;
    cxr_rc_t               rc = CXR_OK;
    cxr_dbkey_t            key;
    const cxr_list_ask_t  *ask = job->u.list;

    for (i = 0; rc == CXR_OK && i < ask->ids.n; i++) {
        cxr_dbkey_listed(&key, job->shop->key, ask->list, ask->ids.items[i]);
        rc = cxr_writer_get(w, CXR_T_PEOPLE, &key, &v);

        rc = rc == CXR_OK ? cxr_list_off(w, ask->ids.items[i], body)
             : rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    for (i = 0; rc == CXR_OK && i < ask->items.n; i++) {
        cxr_dbkey_item(&key, w->store->ring, job->shop->key, ask->list,
                       ask->items.items[i]);
        rc = cxr_writer_get(w, CXR_T_PEOPLE, &key, &v);

        rc = rc == CXR_OK ? cxr_list_off(w, cxr_mdb_str(v), body)
             : rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    return rc;
}


/* Is it to be put there?  Not when it is there and says the same; what says
   something else goes for it. */

static cxr_rc_t
cxr_job_list_news(cxr_writer_t *w, cxr_job_t *job, uint32_t at,
    cxr_list_change_t *body, bool *news)
{
    MDB_val                v;
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_str_t              id;
    cxr_dbkey_t            key;
    cxr_on_list_t           who;
    cxr_list_row_t         row;
    const cxr_list_ask_t  *ask = job->u.list;
    const cxr_list_in_t   *in = &ask->add.items[at];

    *news = false;

    for (i = at + 1; i < ask->add.n; i++) {
        if (cxr_str_eq(ask->add.items[i].item, in->item)) {
            return CXR_OK;              /* the last word holds */
        }
    }

    *news = true;
    cxr_dbkey_item(&key, w->store->ring, job->shop->key, ask->list, in->item);
    rc = cxr_writer_get(w, CXR_T_PEOPLE, &key, &v);

    if (rc == CXR_OK) {
        rc = cxr_str_dup(w->scratch, cxr_mdb_str(v), &id);
    }

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    for (i = 0; i < body->removed.n; i++) {
        if (cxr_str_eq(body->removed.items[i], id)) {
            return CXR_OK;
        }
    }

    cxr_dbkey_listed(&key, job->shop->key, ask->list, id);
    rc = cxr_list_load(w, &key, &row);

    if (rc == CXR_OK) {
        rc = cxr_list_open(w, job->shop->key, id, row.box, &who);
    }

    if (rc == CXR_OK && cxr_str_eq(who.why, in->who.why)
        && cxr_str_eq(who.customer, in->who.customer))
    {
        *news = false;
        return CXR_OK;
    }

    return rc == CXR_OK || rc == CXR_NOTFOUND ? cxr_list_off(w, id, body) : rc;
}


/* Under a key of its own, which is written at once: from here on nothing can be
   refused any more. */

static cxr_rc_t
cxr_job_list_seal(cxr_writer_t *w, cxr_job_t *job, const cxr_list_in_t *in,
    cxr_list_add_t *add)
{
    char       name[CXR_LIST_KEY_LEN], *id;
    uint8_t    random[5];
    cxr_rc_t   rc;
    cxr_buf_t  plain;

    id = cxr_alloc(w->scratch, CXR_LIST_ID_LEN);
    if (id == NULL) {
        return CXR_NOMEM;
    }

    cxr_random(random, sizeof(random));
    cxr_list_id(job->now, random, id);
    add->id = cxr_strn(id, CXR_LIST_ID_LEN);

    rc = cxr_person_key_load(w, job->shop->key, cxr_list_key(add->id, name),
                             true);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init(&plain, CXR_RECORD_MAX);
    rc = cxr_rec_encode(&cxr_on_list_type, &in->who, 0, &plain);

    if (rc == CXR_OK) {
        rc = cxr_box_seal(w, CXR_BOX_LISTED, cxr_buf_str(&plain), &add->box);
    }

    if (plain.data != NULL) {
        cxr_wipe(plain.data, plain.len);
    }

    cxr_buf_free(&plain);

    return rc == CXR_OK ? cxr_person_key_save(w) : rc;
}


static cxr_rc_t
cxr_job_list_commit(cxr_writer_t *w, cxr_job_t *job, const bool *news,
    cxr_list_change_t *body, uint32_t revision)
{
    char             name[CXR_LIST_KEY_LEN];
    uint32_t         i;
    cxr_rc_t         rc = CXR_OK;
    cxr_event_t     *ev;
    cxr_events_t     events = { NULL, 0 };
    cxr_list_add_t  *add;

    for (i = 0; rc == CXR_OK && i < job->u.list->add.n; i++) {
        if (news[i]) {
            add = cxr_list_push(w->scratch, &body->added, sizeof(*add));
            rc = add == NULL ? CXR_NOMEM
                             : cxr_job_list_seal(w, job,
                                                 &job->u.list->add.items[i],
                                                 add);
        }
    }

    ev = cxr_list_push(w->scratch, &events, sizeof(cxr_event_t));

    if (rc == CXR_OK && ev != NULL) {
        ev->kind = CXR_EV_LIST_CHANGED;
        ev->aggregate = CXR_AGG_LIST;
        ev->id = body->list;
        ev->expect = revision;
        ev->fresh = revision == 0;
        ev->body = body;

        rc = cxr_job_commit(w, job, &events);
    }

    for (i = 0; rc == CXR_OK && i < body->removed.n; i++) {
        rc = cxr_person_key_drop(w, job->shop->key,
                                 cxr_list_key(body->removed.items[i], name));
    }

    rc = rc == CXR_OK && ev == NULL ? CXR_NOMEM : rc;

    return rc == CXR_OK ? CXR_OK : cxr_writer_fault(w, rc);
}


cxr_rc_t
cxr_job_list(cxr_writer_t *w, cxr_job_t *job)
{
    bool                  *news;
    uint32_t               i, more = 0;
    cxr_rc_t               rc;
    cxr_dbkey_t            key;
    cxr_list_row_t         sum;
    cxr_list_change_t     *body;
    const cxr_list_ask_t  *ask = job->u.list;

    if (w->store->ring == NULL) {
        return CXR_ERROR;
    }

    cxr_dbkey_list(&key, job->shop->key, CXR_LIST_SUM, ask->list);
    rc = cxr_list_load(w, &key, &sum);

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    if (job->expect != 0 && job->expect != sum.revision) {
        return CXR_CONFLICT;
    }

    body = cxr_calloc(w->scratch, 1, sizeof(*body));
    news = cxr_calloc(w->scratch, ask->add.n + 1, sizeof(bool));

    if (body == NULL || news == NULL) {
        return CXR_NOMEM;
    }

    body->list = ask->list;
    rc = cxr_job_list_off(w, job, body);

    for (i = 0; rc == CXR_OK && i < ask->add.n; i++) {
        rc = cxr_job_list_news(w, job, i, body, &news[i]);
        more += news[i];
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (sum.n - body->removed.n + more > CXR_PEOPLE_MAX) {
        return cxr_refuse(&job->refusal, "list_full", "/add",
                          "a list has at most %d entries", CXR_PEOPLE_MAX);
    }

    job->revision = sum.revision;

    if (more + body->removed.n != 0) {
        rc = cxr_job_list_commit(w, job, news, body, sum.revision);
        job->revision = w->revision;
    }

    return rc == CXR_OK ? cxr_str_dup(job->arena, ask->list, &job->id) : rc;
}


/* ---- reading ---- */

static cxr_rc_t
cxr_list_read_row(cxr_read_t *rd, cxr_dbkey_t *key, cxr_arena_t *a,
    cxr_list_row_t *row)
{
    MDB_val   k, v;
    cxr_rc_t  rc;

    memset(row, 0, sizeof(*row));

    if (key->over || rd->store->lacks[CXR_T_PEOPLE]) {
        return CXR_NOTFOUND;
    }

    k = cxr_dbkey_val(key);
    rc = cxr_mdb_rc(rd->store, mdb_get(rd->txn, rd->store->dbi[CXR_T_PEOPLE],
                                       &k, &v));

    return rc == CXR_OK ? cxr_rec_decode(&cxr_list_row_type, v.mv_data,
                                         v.mv_size, row, a)
                        : rc;
}


cxr_rc_t
cxr_read_list_sum(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t list,
    cxr_arena_t *a, uint32_t *n, uint32_t *revision)
{
    cxr_rc_t        rc;
    cxr_dbkey_t     key;
    cxr_list_row_t  row;

    cxr_dbkey_list(&key, shop->key, CXR_LIST_SUM, list);
    rc = cxr_list_read_row(rd, &key, a, &row);

    *n = row.n;
    *revision = row.revision;

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


static cxr_rc_t
cxr_list_entry_of(cxr_read_t *rd, uint32_t shop, cxr_str_t id,
    const cxr_list_row_t *row, cxr_arena_t *a, cxr_list_entry_t *out)
{
    char       name[CXR_LIST_KEY_LEN];
    cxr_rc_t   rc;
    cxr_str_t  plain;

    memset(out, 0, sizeof(*out));
    out->at = row->at;
    out->by = row->by;

    rc = cxr_str_dup(a, id, &out->id);

    if (rc == CXR_OK) {
        rc = cxr_read_sealed(rd, shop, cxr_list_key(id, name), CXR_BOX_LISTED,
                             row->box, a, &plain);
    }

    if (rc == CXR_NOTFOUND || rc == CXR_FORGED) {
        out->erased = true;
        return CXR_OK;
    }

    return rc == CXR_OK ? cxr_rec_decode(&cxr_on_list_type, plain.data,
                                         plain.len, &out->who, a)
                        : rc;
}


cxr_rc_t
cxr_read_list(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t list,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_list_entries_t *out,
    cxr_str_t *next)
{
    int                mrc;
    MDB_val            k, v;
    cxr_rc_t           rc = CXR_OK;
    cxr_str_t          id;
    MDB_cursor        *cur;
    cxr_dbkey_t        prefix, from;
    cxr_list_row_t     row;
    cxr_list_entry_t  *to;

    memset(out, 0, sizeof(*out));
    *next = CXR_STR_NONE;

    if (limit == 0 || limit > CXR_LIST_PAGE_MAX
        || (cursor.len != 0 && !cxr_is_list_id(cursor)))
    {
        return CXR_INVALID;
    }

    if (rd->store->lacks[CXR_T_PEOPLE]) {
        return CXR_OK;
    }

    cxr_dbkey_list(&prefix, shop->key, CXR_LIST_ENTRY, list);
    from = prefix;
    cxr_dbkey_str(&from, cursor);

    mrc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_PEOPLE], &cur);
    if (mrc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, mrc);
    }

    k = cxr_dbkey_val(&from);

    for (mrc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == CXR_OK && mrc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         mrc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        id = cxr_strn((char *) k.mv_data + prefix.len,
                      k.mv_size - prefix.len);

        if (!cxr_is_list_id(id)) {
            rc = CXR_ERROR;
            break;
        }

        if (out->n == limit) {
            rc = cxr_str_dup(a, id, next);
            break;
        }

        rc = cxr_rec_decode(&cxr_list_row_type, v.mv_data, v.mv_size, &row, a);
        to = rc == CXR_OK ? cxr_list_push(a, out, sizeof(*to)) : NULL;

        if (rc == CXR_OK) {
            rc = to == NULL ? CXR_NOMEM
                            : cxr_list_entry_of(rd, shop->key, id, &row, a,
                                                to);
        }
    }

    mdb_cursor_close(cur);

    return rc != CXR_OK || mrc == MDB_NOTFOUND ? rc
                                               : cxr_mdb_rc(rd->store, mrc);
}


/* The id that an item is found by. */

static cxr_rc_t
cxr_list_find(cxr_read_t *rd, uint32_t shop, cxr_str_t list, cxr_str_t item,
    cxr_str_t *id)
{
    MDB_val      k, v;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (rd->store->ring == NULL || rd->store->lacks[CXR_T_PEOPLE]) {
        return CXR_NOTFOUND;
    }

    cxr_dbkey_item(&key, rd->store->ring, shop, list, item);
    k = cxr_dbkey_val(&key);
    rc = cxr_mdb_rc(rd->store, mdb_get(rd->txn, rd->store->dbi[CXR_T_PEOPLE],
                                       &k, &v));

    if (rc == CXR_OK) {
        *id = cxr_mdb_str(v);
        rc = cxr_is_list_id(*id) ? CXR_OK : CXR_ERROR;
    }

    return rc;
}


cxr_rc_t
cxr_read_list_item(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t list,
    cxr_str_t item, cxr_arena_t *a, cxr_list_entry_t *out)
{
    cxr_rc_t        rc;
    cxr_str_t       id;
    cxr_dbkey_t     key;
    cxr_list_row_t  row;

    rc = cxr_list_find(rd, shop->key, list, item, &id);

    if (rc == CXR_OK) {
        cxr_dbkey_listed(&key, shop->key, list, id);
        rc = cxr_list_read_row(rd, &key, a, &row);
    }

    return rc == CXR_OK ? cxr_list_entry_of(rd, shop->key, id, &row, a, out)
                        : rc;
}


typedef struct {
    cxr_read_t  *rd;
    uint32_t     shop;
    cxr_str_t    list;
    bool         addresses;    /* there are some: most lists have none, and a
                                  person's address is many items               */
    cxr_rc_t     rc;
} cxr_list_look_t;


static bool
cxr_list_look(void *ctx, cxr_str_t item)
{
    cxr_str_t         id;
    cxr_list_look_t  *look = ctx;

    if (item.data[0] == 'a' && !look->addresses) {
        return false;
    }

    look->rc = cxr_list_find(look->rd, look->shop, look->list, item, &id);

    /* a fault ends it, too */

    return look->rc != CXR_NOTFOUND;
}


static cxr_rc_t
cxr_list_addresses(cxr_list_look_t *look)
{
    int          mrc;
    MDB_val      k, v;
    MDB_cursor  *cur;
    cxr_dbkey_t  key;

    cxr_dbkey_list(&key, look->shop, CXR_LIST_HASH, look->list);
    cxr_dbkey_add(&key, "a", 1);

    mrc = mdb_cursor_open(look->rd->txn,
                          look->rd->store->dbi[CXR_T_PEOPLE], &cur);
    if (mrc != MDB_SUCCESS) {
        return cxr_mdb_rc(look->rd->store, mrc);
    }

    k = cxr_dbkey_val(&key);
    mrc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
    look->addresses = mrc == MDB_SUCCESS && cxr_dbkey_prefixes(&key, k);
    mdb_cursor_close(cur);

    return mrc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(look->rd->store, mrc);
}


cxr_rc_t
cxr_read_listed(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_people_t *list, const cxr_person_t *person, bool *on)
{
    cxr_rc_t         rc;
    cxr_list_look_t  look = { rd, shop->key, list->name, false,
                              CXR_NOTFOUND };

    *on = cxr_people_have(list, person);

    if (*on || !list->api || rd->store->lacks[CXR_T_PEOPLE]) {
        return CXR_OK;
    }

    rc = cxr_list_addresses(&look);

    if (rc != CXR_OK) {
        return rc;
    }

    *on = cxr_people_each(person, cxr_list_look, &look)
          && look.rc == CXR_OK;

    return look.rc == CXR_NOTFOUND ? CXR_OK : look.rc;
}
