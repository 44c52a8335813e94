
/*
 * Conversation in the store.  Table "talk": under the order and 0 the sums of
 * its threads, under the order and a number the message of that number.  Table
 * "ix_talk": threads that wait for the shop, the longest waiting first.
 */

#include <errno.h>

#include "cxr_store_due.h"
#include "cxr_store_private.h"
#include "cxr_text.h"


static void
cxr_dbkey_talk(cxr_dbkey_t *k, uint32_t shop, cxr_str_t order, uint32_t seq)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_str0(k, order);
    cxr_dbkey_u32(k, seq);
}


static void
cxr_dbkey_ix_talk(cxr_dbkey_t *k, uint32_t shop, cxr_time_t since,
    cxr_str_t order, cxr_str_t rma)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_u64(k, (uint64_t) since);
    cxr_dbkey_str0(k, order);
    cxr_dbkey_str(k, rma);
}


/* ---- writing ---- */

static cxr_rc_t
cxr_talk_index(cxr_writer_t *w, uint32_t shop, cxr_str_t order, cxr_str_t rma,
    cxr_time_t was, cxr_time_t is)
{
    cxr_rc_t     rc = CXR_OK;
    cxr_dbkey_t  key;

    if (was == is) {
        return CXR_OK;
    }

    if (was != CXR_TIME_NONE) {
        cxr_dbkey_ix_talk(&key, shop, was, order, rma);
        rc = cxr_writer_del(w, CXR_T_IX_TALK, &key);
    }

    if (rc == CXR_OK && is != CXR_TIME_NONE) {
        cxr_dbkey_ix_talk(&key, shop, is, order, rma);
        rc = cxr_writer_put(w, CXR_T_IX_TALK, &key, CXR_STR_NONE);
    }

    return rc;
}


cxr_time_t
cxr_talk_last(const cxr_talk_t *talk)
{
    uint32_t    i;
    cxr_time_t  last = CXR_TIME_NONE;

    for (i = 0; i < talk->threads.n; i++) {
        if (talk->threads.items[i].last_at > last) {
            last = talk->threads.items[i].last_at;
        }
    }

    return last;
}


cxr_rc_t
cxr_slot_talk(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_slot_t **slot)
{
    cxr_dbkey_t  key;

    cxr_dbkey_talk(&key, shop, order, 0);

    return cxr_slot_load(w, CXR_T_TALK, &key, slot);
}


cxr_rc_t
cxr_apply_talk(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t                   rc;
    cxr_str_t                  rma;
    cxr_slot_t                *s;
    cxr_time_t                 was, last;
    cxr_talk_t                *talk;
    cxr_dbkey_t                key;
    cxr_message_t              row;
    const cxr_thread_t        *t;
    const cxr_message_t       *posted = ev->body;
    const cxr_message_mark_t  *mark = ev->body;

    rma = ev->kind == CXR_EV_MESSAGE_POSTED ? posted->rma : mark->rma;

    rc = cxr_slot_talk(w, shop, ev->id, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    talk = s->obj;

    if (ev->fresh ? s->exists : !s->exists || ev->expect != talk->revision) {
        return CXR_CONFLICT;
    }

    t = cxr_talk_thread(talk, rma);
    was = t != NULL ? t->waits_since : CXR_TIME_NONE;
    last = cxr_talk_last(talk);

    rc = cxr_talk_apply(talk, ev, e, w->scratch, &row);
    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = talk->revision;
    w->id = ev->id;

    t = cxr_talk_thread(talk, rma);

    rc = cxr_talk_index(w, shop, ev->id, rma, was, t->waits_since);

    if (rc == CXR_OK && rma.len != 0 && was != t->waits_since) {
        rc = cxr_index_asked(w, shop, rma, was, t->waits_since);
    }

    if (rc == CXR_OK && ev->kind == CXR_EV_MESSAGE_POSTED) {
        rc = cxr_due_move(w, shop, CXR_DUE_TALK_AGE, ev->id, last,
                          cxr_talk_last(talk));
    }

    if (rc == CXR_OK && ev->kind == CXR_EV_MESSAGE_POSTED) {
        cxr_buf_reset(&w->rec);
        rc = cxr_rec_encode(&cxr_message_type, &row, e->seq, &w->rec);

        if (rc == CXR_OK) {
            cxr_dbkey_talk(&key, shop, ev->id, row.seq);
            rc = cxr_writer_put(w, CXR_T_TALK, &key, cxr_buf_str(&w->rec));
        }
    }

    return rc == CXR_OK ? cxr_slot_put(w, s, e->seq) : rc;
}


/*
 * The shopper's words are also the answer that staff asked for, where they
 * did.  A refusal of that is none of the message.
 */
static cxr_rc_t
cxr_job_talk_answer(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_str_t text, cxr_events_t *events)
{
    uint8_t        random[32];
    uint32_t       i;
    cxr_rc_t       rc;
    cxr_event_t   *ev;
    cxr_events_t   more = { NULL, 0 };
    cxr_rma_by_t   by;
    cxr_rma_act_t  act;
    cxr_refusal_t  no;

    if (!cxr_rma_may(rma, CXR_VERB_ANSWER, CXR_ACTOR_SHOPPER)) {
        return CXR_OK;
    }

    memset(&act, 0, sizeof(act));
    memset(&by, 0, sizeof(by));
    cxr_random(random, sizeof(random));

    act.verb = CXR_VERB_ANSWER;
    act.rma = rma->id;
    act.text = text;

    by.kind = CXR_ACTOR_SHOPPER;
    by.actor = job->actor;
    by.policy = &job->shop->policy;
    by.random = random;
    by.now = job->now;

    rc = cxr_rma_act(order, rma, &act, &by, w->scratch, &more, &no);

    if (rc == CXR_REFUSED) {
        return CXR_OK;
    }

    if (rc == CXR_OK) {
        rc = cxr_job_stock(w, job, order, rma, &more);
    }

    for (i = 0; rc == CXR_OK && i < more.n; i++) {
        ev = cxr_list_push(w->scratch, events, sizeof(*ev));
        if (ev == NULL) {
            return CXR_NOMEM;
        }

        *ev = more.items[i];
    }

    return rc;
}


/* How long the shopper waited, when this job is what ended it. */
static void
cxr_job_talk_times(cxr_job_t *job, const cxr_thread_t *was,
    const cxr_thread_t *is)
{
    if (is == NULL || is->opened_at == CXR_TIME_NONE) {
        return;
    }

    if (is->replied_at != CXR_TIME_NONE
        && (was == NULL || was->replied_at != is->replied_at))
    {
        job->responded = true;
        job->took = is->replied_at - is->opened_at;
    }

    if (is->closed_at != CXR_TIME_NONE
        && (was == NULL || was->closed_at != is->closed_at))
    {
        job->resolved = true;
        job->took = is->closed_at - is->opened_at;
    }

    if (job->took < 0) {
        job->took = 0;          /* the clock was put back in between */
    }
}


cxr_rc_t
cxr_job_talk(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t             rc;
    cxr_rma_t           *rma = NULL;
    cxr_slot_t          *s;
    cxr_talk_t          *talk;
    cxr_dbkey_t          key;
    cxr_order_t         *order;
    cxr_thread_t         was;
    cxr_events_t         events = { NULL, 0 };
    cxr_talk_ask_t       ask;
    const cxr_thread_t  *t;

    ask = *job->u.talk.ask;
    ask.text = CXR_STR_NONE;

    if (ask.rma.len != 0) {
        rc = cxr_job_rma(w, job, ask.rma, &rma, &order);

        if (rc == CXR_OK) {
            ask.order = rma->order;
            ask.rma = rma->id;
        }

    } else {
        rc = cxr_job_order(w, job, ask.order, &order);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_utf8_length(job->u.talk.text) > CXR_MESSAGE_MAX) {
        return CXR_LIMIT;
    }

    cxr_dbkey_talk(&key, job->shop->key, ask.order, 0);

    rc = cxr_slot_load(w, CXR_T_TALK, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    talk = s->obj;
    t = cxr_talk_thread(talk, ask.rma);

    if (t != NULL) {
        was = *t;
    }

    if (job->kind == CXR_CMD_MESSAGE && job->u.talk.text.len != 0) {
        rc = cxr_words_box(w, job->shop->key, rma, ask.order,
                           job->u.talk.text, &ask.text);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    switch (job->kind) {

    case CXR_CMD_MESSAGE_READ:
        rc = cxr_message_read(talk, &ask, w->scratch, &events);
        break;

    case CXR_CMD_MESSAGE_CLOSE:
        rc = cxr_message_close(talk, &ask, w->scratch, &events);
        break;

    default:
        rc = cxr_message_post(talk, &ask, job->now, w->scratch, &events,
                              &job->refusal);

        if (rc == CXR_OK && rma != NULL && ask.from == CXR_SIDE_SHOPPER
            && ask.text.len != 0)
        {
            rc = cxr_job_talk_answer(w, job, order, rma, ask.text, &events);
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    cxr_job_talk_times(job, t != NULL ? &was : NULL,
                       cxr_talk_thread(talk, ask.rma));

    job->created = job->kind == CXR_CMD_MESSAGE;
    job->revision = talk->revision;

    return cxr_str_dup(job->arena, ask.order, &job->id);
}


/* ---- reading ---- */

cxr_rc_t
cxr_read_talk(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t order,
    cxr_arena_t *a, cxr_talk_t *talk)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  key;

    memset(talk, 0, sizeof(*talk));
    cxr_dbkey_talk(&key, shop->key, order, 0);

    if (key.over || rd->store->lacks[CXR_T_TALK]) {
        return CXR_NOTFOUND;
    }

    k = cxr_dbkey_val(&key);
    rc = mdb_get(rd->txn, rd->store->dbi[CXR_T_TALK], &k, &v);

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    return cxr_rec_decode(&cxr_talk_type, v.mv_data, v.mv_size, talk, a);
}


/* Photos up to the erasure are gone, though their files may be there yet. */
static cxr_rc_t
cxr_messages_gone(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_messages_t *list)
{
    uint32_t      i;
    cxr_rc_t      rc;
    cxr_time_t    until;
    cxr_order_t  *order = NULL;

    for (i = 0; i < list->n; i++) {

        if (list->items[i].photos.n == 0) {
            continue;
        }

        if (order == NULL) {
            order = cxr_calloc(a, 1, sizeof(*order));
            rc = order ? cxr_read_order(rd, shop, id, a, order) : CXR_NOMEM;

            if (rc != CXR_OK) {
                return rc;
            }
        }

        rc = cxr_gone_until(rd, shop, order, list->items[i].rma, a, &until);
        if (rc != CXR_OK) {
            return rc;
        }

        if (list->items[i].at <= until) {
            list->items[i].photos.n = 0;
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_read_messages(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t order,
    const cxr_str_t *rma, uint32_t after, unsigned max, cxr_arena_t *a,
    cxr_messages_t *out)
{
    int             rc;
    MDB_val         k, v;
    cxr_rc_t        crc = CXR_OK;
    MDB_cursor     *cur;
    cxr_dbkey_t     prefix, from;
    cxr_message_t   m, *room;

    memset(out, 0, sizeof(*out));
    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_str0(&prefix, order);
    cxr_dbkey_talk(&from, shop->key, order, after + 1);

    if (from.over || rd->store->lacks[CXR_T_TALK] || after == UINT32_MAX) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_TALK], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && out->n < max && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        crc = cxr_rec_decode(&cxr_message_type, v.mv_data, v.mv_size, &m, a);
        if (crc != CXR_OK) {
            break;
        }

        if (rma != NULL && !cxr_str_eq(m.rma, *rma)) {
            continue;
        }

        room = cxr_list_push(a, out, sizeof(*room));
        if (room == NULL) {
            crc = CXR_NOMEM;
            break;
        }

        *room = m;
    }

    mdb_cursor_close(cur);

    if (crc == CXR_OK && rc != MDB_NOTFOUND) {
        crc = cxr_mdb_rc(rd->store, rc);
    }

    return crc == CXR_OK ? cxr_messages_gone(rd, shop, order, a, out) : crc;
}


cxr_rc_t
cxr_read_waiting(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t cursor,
    unsigned limit, cxr_arena_t *a, cxr_waitings_t *out, cxr_str_t *next)
{
    int             rc;
    char           *text;
    size_t          n;
    MDB_val         k, v;
    const char     *zero;
    MDB_cursor     *cur;
    cxr_dbkey_t     prefix, from;
    cxr_waiting_t  *row;

    memset(out, 0, sizeof(*out));
    *next = cxr_str("");

    if (limit == 0 || limit > CXR_RMA_LIST_MAX) {
        return CXR_INVALID;
    }

    if (rd->store->lacks[CXR_T_IX_TALK]) {
        return CXR_OK;
    }

    cxr_dbkey_shop(&prefix, shop->key);
    from = prefix;

    if (cursor.len != 0) {
        if (cxr_b64url_decode(cursor, from.data + from.len,
                              sizeof(from.data) - from.len, &n) != CXR_OK)
        {
            return CXR_INVALID;
        }

        from.len = (uint16_t) (from.len + n);
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_TALK], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        n = k.mv_size - prefix.len;

        if (out->n == limit) {
            text = cxr_alloc(a, n * 2 + 4);
            if (text == NULL) {
                rc = ENOMEM;
                break;
            }

            *next = cxr_strn(text, cxr_b64url_encode((char *) k.mv_data
                                                     + prefix.len, n, text));
            break;
        }

        zero = n > 8 ? memchr((char *) k.mv_data + prefix.len + 8, 0, n - 8)
                     : NULL;
        row = zero ? cxr_list_push(a, out, sizeof(*row)) : NULL;

        if (row == NULL) {
            rc = zero ? ENOMEM : MDB_CORRUPTED;
            break;
        }

        text = (char *) k.mv_data + prefix.len;
        row->since = (cxr_time_t) cxr_be64((const uint8_t *) text);
        row->order = cxr_strn(text + 8, (size_t) (zero - text) - 8);
        row->rma = cxr_strn(zero + 1, n - (size_t) (zero + 1 - text));
    }

    mdb_cursor_close(cur);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_waiting_count(cxr_read_t *rd, const cxr_shop_t *shop, uint32_t cap,
    uint32_t *count)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    *count = 0;

    if (rd->store->lacks[CXR_T_IX_TALK]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_TALK], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    cxr_dbkey_shop(&prefix, shop->key);
    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && *count < cap && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        (*count)++;
    }

    mdb_cursor_close(cur);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}
