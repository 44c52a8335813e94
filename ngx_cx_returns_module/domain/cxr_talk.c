
/*
 * Conversation: messages posted and read, threads closed.
 */

#include "cxr_talk.h"


const char *const  cxr_side_names[] = { "shopper", "shop", NULL };

const char *const  cxr_via_names[] = {
    "page", "email", "whatsapp", "phone", "chat", "other", NULL
};

static const cxr_field_t  cxr_message_fields[] = {
    CXR_FIELD(cxr_message_t, rma, STR),
    CXR_FIELD(cxr_message_t, seq, U32),
    CXR_FIELD_ENUM(cxr_message_t, from, cxr_side_names),
    CXR_FIELD_ENUM(cxr_message_t, channel, cxr_via_names),
    CXR_FIELD_X(cxr_message_t, text, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_SUB(cxr_message_t, photos, LIST, &cxr_photo_ref_type),
    CXR_FIELD(cxr_message_t, at, TIME),
    CXR_FIELD_X(cxr_message_t, actor, STR, CXR_FIELD_SPARSE),
    CXR_FIELD_END
};

const cxr_type_t  cxr_message_type = {
    "message", CXR_TYPE_MESSAGE, 1, sizeof(cxr_message_t), cxr_message_fields
};


static const cxr_field_t  cxr_message_mark_fields[] = {
    CXR_FIELD(cxr_message_mark_t, rma, STR),
    CXR_FIELD_ENUM(cxr_message_mark_t, by, cxr_side_names),
    CXR_FIELD(cxr_message_mark_t, upto, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_message_mark_type = {
    "message_mark", CXR_TYPE_MESSAGE_MARK, 1, sizeof(cxr_message_mark_t),
    cxr_message_mark_fields
};


static const cxr_field_t  cxr_thread_fields[] = {
    CXR_FIELD(cxr_thread_t, rma, STR),
    CXR_FIELD(cxr_thread_t, messages, U32),
    CXR_FIELD(cxr_thread_t, last, U32),
    CXR_FIELD_ENUM(cxr_thread_t, last_from, cxr_side_names),
    CXR_FIELD(cxr_thread_t, last_at, TIME),
    { "read_by_shopper", CXR_F_U32, 0, 1,
      offsetof(cxr_thread_t, read[CXR_SIDE_SHOPPER]), NULL, NULL },
    { "read_by_shop", CXR_F_U32, 0, 1,
      offsetof(cxr_thread_t, read[CXR_SIDE_SHOP]), NULL, NULL },
    { "unread_by_shopper", CXR_F_U32, 0, 1,
      offsetof(cxr_thread_t, unread[CXR_SIDE_SHOPPER]), NULL, NULL },
    { "unread_by_shop", CXR_F_U32, 0, 1,
      offsetof(cxr_thread_t, unread[CXR_SIDE_SHOP]), NULL, NULL },
    CXR_FIELD(cxr_thread_t, waits_since, TIME),
    CXR_FIELD(cxr_thread_t, opened_at, TIME),
    CXR_FIELD(cxr_thread_t, replied_at, TIME),
    CXR_FIELD(cxr_thread_t, closed_at, TIME),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_thread_type = {
    "thread", 0, 1, sizeof(cxr_thread_t), cxr_thread_fields
};


static const cxr_field_t  cxr_talk_fields[] = {
    CXR_FIELD(cxr_talk_t, order, STR),
    CXR_FIELD_SUB(cxr_talk_t, threads, LIST, &cxr_thread_type),
    CXR_FIELD(cxr_talk_t, messages, U32),
    CXR_FIELD(cxr_talk_t, revision, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_talk_type = {
    "talk", CXR_TYPE_TALK, 1, sizeof(cxr_talk_t), cxr_talk_fields
};


const cxr_thread_t *
cxr_talk_thread(const cxr_talk_t *talk, cxr_str_t rma)
{
    uint32_t  i;

    for (i = 0; i < talk->threads.n; i++) {
        if (cxr_str_eq(talk->threads.items[i].rma, rma)) {
            return &talk->threads.items[i];
        }
    }

    return NULL;
}


/* ---- decide ---- */

static cxr_rc_t
talk_event(const cxr_talk_t *talk, const cxr_talk_ask_t *ask, uint16_t kind,
    const void *body, cxr_arena_t *a, cxr_events_t *out)
{
    cxr_event_t  *ev;

    ev = cxr_list_push(a, out, sizeof(*ev));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = kind;
    ev->aggregate = CXR_AGG_TALK;
    ev->id = ask->order;
    ev->expect = talk->revision;
    ev->fresh = talk->revision == 0;
    ev->body = body;

    return CXR_OK;
}


cxr_rc_t
cxr_message_post(const cxr_talk_t *talk, const cxr_talk_ask_t *ask,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t        rc;
    cxr_message_t  *body;

    if (ask->text.len == 0 && ask->photos.n == 0) {
        return cxr_refuse(no, "message_missing", "/text",
                          "a message has a text or a photo");
    }

    if (ask->photos.n > CXR_MESSAGE_PHOTOS_MAX) {
        rc = cxr_refuse(no, "too_many_photos", "/photos",
                        "a message has at most %d photos",
                        CXR_MESSAGE_PHOTOS_MAX);
        no->want = CXR_MESSAGE_PHOTOS_MAX;

        return rc;
    }

    if (talk->messages >= CXR_TALK_MESSAGES_MAX
        || (talk->threads.n >= CXR_TALK_THREADS_MAX
            && cxr_talk_thread(talk, ask->rma) == NULL))
    {
        rc = cxr_refuse(no, "too_many_messages", "",
                        "an order has at most %d messages",
                        CXR_TALK_MESSAGES_MAX);
        no->want = CXR_TALK_MESSAGES_MAX;

        return rc;
    }

    body = cxr_calloc(a, 1, sizeof(*body));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = ask->rma;
    body->seq = talk->messages + 1;
    body->from = ask->from;
    body->channel = ask->channel;
    body->text = ask->text;
    body->photos = ask->photos;
    body->at = now;

    return talk_event(talk, ask, CXR_EV_MESSAGE_POSTED, body, a, out);
}


static cxr_rc_t
talk_mark(const cxr_talk_t *talk, const cxr_talk_ask_t *ask, uint16_t kind,
    uint32_t upto, cxr_arena_t *a, cxr_events_t *out)
{
    cxr_message_mark_t  *body;

    body = cxr_calloc(a, 1, sizeof(*body));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = ask->rma;
    body->by = ask->from;
    body->upto = upto;

    return talk_event(talk, ask, kind, body, a, out);
}


cxr_rc_t
cxr_message_read(const cxr_talk_t *talk, const cxr_talk_ask_t *ask,
    cxr_arena_t *a, cxr_events_t *out)
{
    const cxr_thread_t  *t;

    t = cxr_talk_thread(talk, ask->rma);

    if (t == NULL || t->unread[ask->from] == 0) {
        return CXR_OK;
    }

    /* what came while the page was open was not on it: it is read with that */

    if (ask->upto != 0 && ask->upto < t->last) {
        return CXR_OK;
    }

    return talk_mark(talk, ask, CXR_EV_MESSAGE_READ, t->last, a, out);
}


cxr_rc_t
cxr_message_close(const cxr_talk_t *talk, const cxr_talk_ask_t *ask,
    cxr_arena_t *a, cxr_events_t *out)
{
    const cxr_thread_t  *t;

    t = cxr_talk_thread(talk, ask->rma);

    if (t == NULL || t->opened_at == CXR_TIME_NONE
        || t->closed_at != CXR_TIME_NONE)
    {
        return CXR_OK;
    }

    /* a message that came meanwhile is not done with the others */

    if (ask->upto != 0 && ask->upto < t->last
        && t->last_from == CXR_SIDE_SHOPPER)
    {
        return CXR_CONFLICT;
    }

    return talk_mark(talk, ask, CXR_EV_MESSAGE_CLOSED, t->last, a, out);
}


/* ---- apply ---- */

static cxr_thread_t *
talk_thread_room(cxr_talk_t *talk, cxr_str_t rma, bool make, cxr_arena_t *a)
{
    uint32_t       i, n;
    cxr_thread_t  *items, *t;

    n = talk->threads.n;

    for (i = 0; i < n; i++) {
        if (cxr_str_eq(talk->threads.items[i].rma, rma)) {
            return &talk->threads.items[i];
        }
    }

    if (!make || n >= CXR_TALK_THREADS_MAX) {
        return NULL;
    }

    items = cxr_calloc(a, (size_t) n + 1, sizeof(cxr_thread_t));
    if (items == NULL) {
        return NULL;
    }

    for (i = 0; i < n; i++) {
        items[i] = talk->threads.items[i];
    }

    t = &items[n];
    t->rma = rma;
    t->last_at = CXR_TIME_NONE;
    t->waits_since = CXR_TIME_NONE;
    t->opened_at = CXR_TIME_NONE;
    t->replied_at = CXR_TIME_NONE;
    t->closed_at = CXR_TIME_NONE;

    talk->threads.items = items;
    talk->threads.n = n + 1;

    return t;
}


static cxr_rc_t
talk_posted(cxr_talk_t *talk, const cxr_message_t *body,
    const cxr_entry_t *entry, cxr_arena_t *a, cxr_message_t *row)
{
    cxr_side_t     to;
    cxr_thread_t  *t;

    if (body->from >= CXR_SIDES || body->channel >= CXR_VIAS
        || body->seq != talk->messages + 1
        || body->photos.n > CXR_MESSAGE_PHOTOS_MAX)
    {
        return CXR_INVALID;
    }

    t = talk_thread_room(talk, body->rma, true, a);
    if (t == NULL) {
        return talk->threads.n >= CXR_TALK_THREADS_MAX ? CXR_INVALID
                                                       : CXR_NOMEM;
    }

    to = body->from == CXR_SIDE_SHOPPER ? CXR_SIDE_SHOP : CXR_SIDE_SHOPPER;

    t->messages++;
    t->last = body->seq;
    t->last_from = body->from;
    t->last_at = body->at;
    t->unread[to]++;
    t->unread[body->from] = 0;
    t->read[body->from] = body->seq;

    if (body->from == CXR_SIDE_SHOPPER) {

        if (t->opened_at == CXR_TIME_NONE || t->closed_at != CXR_TIME_NONE) {
            t->opened_at = body->at;
            t->replied_at = CXR_TIME_NONE;
            t->closed_at = CXR_TIME_NONE;
        }

        if (t->waits_since == CXR_TIME_NONE) {
            t->waits_since = body->at;
        }

    } else {
        t->waits_since = CXR_TIME_NONE;

        if (t->opened_at != CXR_TIME_NONE && t->replied_at == CXR_TIME_NONE
            && t->closed_at == CXR_TIME_NONE)
        {
            t->replied_at = body->at;
        }
    }

    talk->messages = body->seq;

    *row = *body;
    row->actor = body->from == CXR_SIDE_SHOP ? entry->actor : CXR_STR_NONE;

    return CXR_OK;
}


cxr_rc_t
cxr_talk_apply(cxr_talk_t *talk, const cxr_event_t *ev,
    const cxr_entry_t *entry, cxr_arena_t *a, cxr_message_t *row)
{
    cxr_rc_t                   rc;
    cxr_thread_t              *t;
    const cxr_message_mark_t  *mark = ev->body;

    if (talk->revision == 0) {
        talk->order = ev->id;
    }

    if (ev->kind == CXR_EV_MESSAGE_POSTED) {
        rc = talk_posted(talk, ev->body, entry, a, row);

        if (rc == CXR_OK) {
            talk->revision++;
        }

        return rc;
    }

    t = talk_thread_room(talk, mark->rma, false, a);

    if (t == NULL || mark->by >= CXR_SIDES || mark->upto != t->last) {
        return CXR_INVALID;
    }

    switch (ev->kind) {

    case CXR_EV_MESSAGE_READ:
        t->read[mark->by] = mark->upto;
        t->unread[mark->by] = 0;
        break;

    case CXR_EV_MESSAGE_CLOSED:

        if (t->opened_at == CXR_TIME_NONE || t->closed_at != CXR_TIME_NONE) {
            return CXR_INVALID;
        }

        t->closed_at = entry->at;
        t->waits_since = CXR_TIME_NONE;
        t->read[CXR_SIDE_SHOP] = t->last;
        t->unread[CXR_SIDE_SHOP] = 0;
        break;

    default:
        return CXR_INVALID;
    }

    talk->revision++;

    return CXR_OK;
}
