
/*
 * A conversation on a page.
 */

#include <stdio.h>

#include "cxr_text.h"
#include "cxr_view_talk.h"

#define TALK_GLANCE  160       /* bytes of a message in a list                */


static const cxr_field_t  cxr_view_message_fields[] = {
    CXR_FIELD(cxr_view_message_t, seq, U32),
    CXR_FIELD(cxr_view_message_t, mine, BOOL),
    CXR_FIELD(cxr_view_message_t, fresh, BOOL),
    CXR_FIELD(cxr_view_message_t, who, STR),
    CXR_FIELD(cxr_view_message_t, at, STR),
    CXR_FIELD(cxr_view_message_t, iso, STR),
    CXR_FIELD(cxr_view_message_t, channel, STR),
    CXR_FIELD(cxr_view_message_t, text, STR),
    CXR_FIELD(cxr_view_message_t, erased, BOOL),
    CXR_FIELD_SUB(cxr_view_message_t, photos, LIST, &cxr_view_photo_type),
    CXR_FIELD(cxr_view_message_t, has_photos, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_message_type = {
    "message", 0, 1, sizeof(cxr_view_message_t), cxr_view_message_fields
};


static const cxr_field_t  cxr_view_reply_fields[] = {
    CXR_FIELD(cxr_view_reply_t, id, STR),
    CXR_FIELD(cxr_view_reply_t, title, STR),
    CXR_FIELD(cxr_view_reply_t, selected, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_reply_type = {
    "reply", 0, 1, sizeof(cxr_view_reply_t), cxr_view_reply_fields
};


static const cxr_field_t  cxr_view_inner_fields[] = {
    CXR_FIELD(cxr_view_inner_t, who, STR),
    CXR_FIELD(cxr_view_inner_t, at, STR),
    CXR_FIELD(cxr_view_inner_t, iso, STR),
    CXR_FIELD(cxr_view_inner_t, text, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_inner_type = {
    "inner_note", 0, 1, sizeof(cxr_view_inner_t), cxr_view_inner_fields
};


static const cxr_field_t  cxr_view_talk_fields[] = {
    CXR_FIELD_SUB(cxr_view_talk_t, messages, LIST, &cxr_view_message_type),
    CXR_FIELD(cxr_view_talk_t, has_messages, BOOL),
    CXR_FIELD(cxr_view_talk_t, older_text, STR),
    CXR_VIEW_URL(cxr_view_talk_t, older_url),
    CXR_VIEW_URL(cxr_view_talk_t, url),
    CXR_VIEW_URL(cxr_view_talk_t, read_url),
    CXR_FIELD(cxr_view_talk_t, unread_text, STR),
    CXR_FIELD(cxr_view_talk_t, upto, U32),
    CXR_FIELD(cxr_view_talk_t, key, STR),
    CXR_FIELD(cxr_view_talk_t, text, STR),
    CXR_FIELD(cxr_view_talk_t, text_max, U32),
    CXR_FIELD(cxr_view_talk_t, error, STR),
    CXR_FIELD(cxr_view_talk_t, sent, BOOL),
    CXR_FIELD(cxr_view_talk_t, asked, BOOL),
    CXR_FIELD(cxr_view_talk_t, can_write, BOOL),
    CXR_FIELD(cxr_view_talk_t, photo_field, BOOL),
    CXR_FIELD(cxr_view_talk_t, photo_count, U32),
    CXR_FIELD(cxr_view_talk_t, photo_mb, STR),
    CXR_FIELD(cxr_view_talk_t, closed, BOOL),
    CXR_FIELD(cxr_view_talk_t, token, STR),
    CXR_FIELD(cxr_view_talk_t, waits_text, STR),
    CXR_VIEW_URL(cxr_view_talk_t, close_url),
    CXR_VIEW_URL(cxr_view_talk_t, reply_url),
    CXR_FIELD_SUB(cxr_view_talk_t, replies, LIST, &cxr_view_reply_type),
    CXR_FIELD(cxr_view_talk_t, has_replies, BOOL),
    CXR_FIELD_SUB(cxr_view_talk_t, notes, LIST, &cxr_view_inner_type),
    CXR_FIELD(cxr_view_talk_t, has_notes, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_talk_type = {
    "talk", 0, 1, sizeof(cxr_view_talk_t), cxr_view_talk_fields
};


static const cxr_field_t  cxr_view_thread_fields[] = {
    CXR_FIELD(cxr_view_thread_t, number, STR),
    CXR_VIEW_URL(cxr_view_thread_t, url),
    CXR_FIELD(cxr_view_thread_t, text, STR),
    CXR_FIELD(cxr_view_thread_t, at, STR),
    CXR_FIELD(cxr_view_thread_t, iso, STR),
    CXR_FIELD(cxr_view_thread_t, unread, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_thread_type = {
    "thread", 0, 1, sizeof(cxr_view_thread_t), cxr_view_thread_fields
};

static const cxr_field_t  cxr_view_order_talk_fields[] = {
    CXR_VIEW_PAGE(cxr_view_order_talk_t),
    CXR_FIELD(cxr_view_order_talk_t, number, STR),
    CXR_VIEW_URL(cxr_view_order_talk_t, back_url),
    CXR_FIELD(cxr_view_order_talk_t, name, STR),
    CXR_VIEW_URL(cxr_view_order_talk_t, gift_link),
    CXR_VIEW_URL(cxr_view_order_talk_t, gift_url),
    CXR_FIELD_SUB(cxr_view_order_talk_t, talk, REC, &cxr_view_talk_type),
    CXR_FIELD_SUB(cxr_view_order_talk_t, threads, LIST, &cxr_view_thread_type),
    CXR_FIELD(cxr_view_order_talk_t, has_threads, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_order_talk_type = {
    "order_talk", 0, 1, sizeof(cxr_view_order_talk_t),
    cxr_view_order_talk_fields
};


static const cxr_field_t  cxr_view_waiting_fields[] = {
    CXR_FIELD(cxr_view_waiting_t, number, STR),
    CXR_FIELD(cxr_view_waiting_t, is_rma, BOOL),
    CXR_VIEW_URL(cxr_view_waiting_t, url),
    CXR_FIELD(cxr_view_waiting_t, since, STR),
    CXR_FIELD(cxr_view_waiting_t, iso, STR),
    CXR_FIELD(cxr_view_waiting_t, waited, STR),
    CXR_FIELD(cxr_view_waiting_t, late, BOOL),
    CXR_FIELD(cxr_view_waiting_t, first, BOOL),
    CXR_FIELD(cxr_view_waiting_t, unread, STR),
    CXR_FIELD(cxr_view_waiting_t, last, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_waiting_type = {
    "waiting", 0, 1, sizeof(cxr_view_waiting_t), cxr_view_waiting_fields
};


static const cxr_field_t  cxr_view_waitings_fields[] = {
    CXR_VIEW_PAGE(cxr_view_waitings_t),
    CXR_FIELD_SUB(cxr_view_waitings_t, rows, LIST, &cxr_view_waiting_type),
    CXR_FIELD(cxr_view_waitings_t, has_rows, BOOL),
    CXR_VIEW_URL(cxr_view_waitings_t, next_url),
    CXR_FIELD(cxr_view_waitings_t, done, BOOL),
    CXR_FIELD(cxr_view_waitings_t, actor, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_waitings_type = {
    "staff_messages", 0, 1, sizeof(cxr_view_waitings_t),
    cxr_view_waitings_fields
};


cxr_str_t
cxr_actor_name(cxr_str_t actor)
{
    const char  *colon;

    colon = actor.len ? memchr(actor.data, ':', actor.len) : NULL;

    if (colon != NULL) {
        actor.len -= (size_t) (colon + 1 - actor.data);
        actor.data = colon + 1;
    }

    return actor;
}


static cxr_str_t
talk_count(cxr_say_t *say, const char *key, uint32_t n)
{
    cxr_arg_t  arg = cxr_arg_int("n", n);

    return cxr_say_with(say, key, &arg, 1);
}


/* ---- the thread ---- */

static void
talk_message(cxr_say_t *say, const cxr_talk_in_t *in, const cxr_message_t *m,
    cxr_str_t text, cxr_view_message_t *v)
{
    cxr_str_t  name;

    v->seq = m->seq;
    v->mine = m->from == in->side;
    v->fresh = !v->mine && in->thread != NULL
               && m->seq > in->thread->read[in->side];
    v->at = cxr_say_date(say, m->at, CXR_DATE_DAY_TIME);
    v->iso = cxr_say_iso(say, m->at);
    v->text = text;
    v->erased = m->text.len != 0 ? text.data == NULL : m->photos.n == 0;

    /* a shopper talks to the shop, not to a name that nobody asked to show */

    if (m->from == CXR_SIDE_SHOPPER) {
        v->who = cxr_say(say, v->mine ? "talk.you" : "talk.shopper");

    } else if (in->side == CXR_SIDE_SHOPPER) {
        v->who = say->ctx->shop->name;

    } else {
        name = cxr_actor_name(m->actor);
        v->who = name.len ? name : say->ctx->shop->name;
    }

    if (m->channel != CXR_VIA_PAGE && m->channel < CXR_VIAS) {
        v->channel = cxr_say_name(say, "talk.via.", cxr_via_names[m->channel]);
    }

    cxr_view_photos(say, in->url, &m->photos, &v->photos);
    v->has_photos = v->photos.n != 0;
}


static void
talk_thread(cxr_say_t *say, const cxr_talk_in_t *in, cxr_view_talk_t *v)
{
    size_t               i;
    cxr_view_message_t  *m;
    const cxr_thread_t  *t = in->thread;

    for (i = 0; i < in->n; i++) {
        m = cxr_say_push(say, &v->messages, sizeof(*m));
        if (m == NULL) {
            return;
        }

        talk_message(say, in, &in->messages[i], in->texts[i], m);
    }

    v->has_messages = v->messages.n != 0;

    if (t == NULL) {
        return;
    }

    v->upto = t->last;
    v->closed = t->closed_at != CXR_TIME_NONE;

    if (t->messages > in->n) {
        v->older_text = talk_count(say, "talk.older",
                                   t->messages - (uint32_t) in->n);
        v->older_url = cxr_say_url(say, in->url, "?talk=all");
    }

    if (t->unread[in->side] != 0) {
        v->unread_text = talk_count(say, "talk.unread", t->unread[in->side]);

        if (in->can_write) {
            v->read_url = cxr_say_url(say, in->url, "/read");
        }
    }
}


/* ---- the desk ---- */

/* The value of a reply's field; empty when the page does not know it. */
static cxr_str_t
talk_field(cxr_say_t *say, const cxr_talk_in_t *in, int field)
{
    switch (field) {

    case CXR_REPLY_NAME:
        return in->person != NULL ? in->person->name : CXR_STR_NONE;

    case CXR_REPLY_ORDER:
        return in->order != NULL ? in->order->number : CXR_STR_NONE;

    case CXR_REPLY_RMA:
        return in->rma != NULL ? in->rma->id : CXR_STR_NONE;

    case CXR_REPLY_SHOP:
        return say->ctx->shop->name;

    case CXR_REPLY_AGENT:
        return cxr_actor_name(in->actor);

    case CXR_REPLY_LINK:
        return in->link;

    case CXR_REPLY_REFUND:
        return in->rma != NULL && !in->rma->gift
               ? cxr_say_some(say, in->rma->currency, in->rma->refund)
               : CXR_STR_NONE;

    case CXR_REPLY_LABEL_UNTIL:
        return in->rma != NULL
               ? cxr_say_date(say, in->rma->label_expires, CXR_DATE_DAY)
               : CXR_STR_NONE;

    default:
        return CXR_STR_NONE;
    }
}


/* What is not known stays as "{name}" for whoever writes to see and mend. */

static cxr_str_t
talk_fill(cxr_say_t *say, const cxr_talk_in_t *in, cxr_str_t text)
{
    int        field;
    cxr_buf_t  b;
    cxr_str_t  rest = text, before, value, out = CXR_STR_NONE;

    cxr_buf_init(&b, 8 * CXR_REPLY_TEXT_MAX + CXR_VIEW_URL_MAX * 8);

    while (cxr_reply_next(&rest, &before, &field)) {
        cxr_buf_adds(&b, before);

        if (field < 0) {
            continue;
        }

        value = talk_field(say, in, field);

        if (value.len != 0) {
            cxr_buf_adds(&b, value);

        } else {
            cxr_buf_addc(&b, '{');
            cxr_buf_addz(&b, cxr_reply_field_names[field]);
            cxr_buf_addc(&b, '}');
        }
    }

    if (!cxr_buf_ok(&b)
        || cxr_str_dup(say->a, cxr_buf_str(&b), &out) != CXR_OK)
    {
        say->failed = true;
    }

    cxr_buf_free(&b);

    return out;
}


static void
talk_replies(cxr_say_t *say, const cxr_talk_in_t *in, cxr_view_talk_t *v)
{
    uint32_t              i;
    cxr_str_t             lang;
    cxr_view_reply_t     *r;
    const cxr_replies_t  *replies = &say->ctx->shop->replies;

    lang = in->rma != NULL && in->rma->locale.len ? in->rma->locale
           : in->order != NULL ? in->order->locale : CXR_STR_NONE;

    for (i = 0; i < replies->n; i++) {
        r = cxr_say_push(say, &v->replies, sizeof(*r));
        if (r == NULL) {
            return;
        }

        r->id = replies->items[i].id;
        r->title = cxr_texts_in(&replies->items[i].title,
                                cxr_lang_code(say->ctx->lang));
        r->selected = cxr_str_eq(r->id, in->reply);

        /* in the language of whom it goes to, not of who sends it */

        if (r->selected && v->text.len == 0) {
            v->text = talk_fill(say, in,
                                cxr_texts_in(&replies->items[i].text, lang));
        }
    }

    v->has_replies = v->replies.n != 0;
    v->reply_url = cxr_say_url(say, in->url, "");
}


static void
talk_notes(cxr_say_t *say, const cxr_talk_in_t *in, cxr_view_talk_t *v)
{
    uint32_t                i;
    cxr_view_inner_t       *n;
    const cxr_rma_note_t   *note;

    for (i = 0; in->rma != NULL && i < in->rma->notes.n; i++) {
        note = &in->rma->notes.items[i];

        if (!note->internal) {
            continue;           /* the shopper's answers stand in the thread */
        }

        n = cxr_say_push(say, &v->notes, sizeof(*n));
        if (n == NULL) {
            return;
        }

        n->who = cxr_actor_name(note->actor);
        n->at = cxr_say_date(say, note->at, CXR_DATE_DAY_TIME);
        n->iso = cxr_say_iso(say, note->at);
        n->text = in->notes != NULL ? in->notes[i] : CXR_STR_NONE;
    }

    v->has_notes = v->notes.n != 0;
}


static void
talk_desk(cxr_say_t *say, const cxr_talk_in_t *in, cxr_view_talk_t *v)
{
    cxr_arg_t            arg;
    const cxr_thread_t  *t = in->thread;

    v->token = in->token;
    talk_notes(say, in, v);

    if (in->can_write) {
        talk_replies(say, in, v);
    }

    if (t == NULL) {
        return;
    }

    if (t->waits_since != CXR_TIME_NONE) {
        arg = cxr_arg_str("when", cxr_say_date(say, t->waits_since,
                                               CXR_DATE_DAY_TIME));
        v->waits_text = cxr_say_with(say, "talk.waits", &arg, 1);
    }

    if (in->can_write && t->opened_at != CXR_TIME_NONE
        && t->closed_at == CXR_TIME_NONE)
    {
        v->close_url = cxr_say_url(say, in->url, "/close");
    }
}


cxr_view_talk_t *
cxr_view_talk(cxr_say_t *say, const cxr_talk_in_t *in)
{
    cxr_view_talk_t  *v;

    v = cxr_say_room(say, 1, sizeof(*v));
    if (v == NULL) {
        return NULL;
    }

    memset(v, 0, sizeof(*v));

    v->url = cxr_say_url(say, in->url, "/message");
    v->key = in->key;
    v->text = in->typed;
    v->text_max = CXR_MESSAGE_MAX;
    v->sent = in->sent;
    v->asked = in->asked;
    v->can_write = in->can_write;
    v->photo_field = in->photos;
    v->photo_count = in->photo_count;
    v->photo_mb = cxr_say_mb(say, in->photo_bytes);

    if (in->refusal != NULL) {
        v->error = cxr_say_refusal(say, in->refusal);

    } else if (in->fault.len != 0) {
        v->error = cxr_say_why(say, in->fault, 0,
                               in->want ? in->want : CXR_MESSAGE_MAX,
                               CXR_TIME_NONE);
    }

    talk_thread(say, in, v);

    if (in->side == CXR_SIDE_SHOP) {
        talk_desk(say, in, v);
    }

    return v;
}


/* ---- the list ---- */

cxr_str_t
cxr_say_unread(cxr_say_t *say, uint32_t n)
{
    return talk_count(say, "talk.unread", n);
}


void
cxr_view_thread(cxr_say_t *say, cxr_side_t side, cxr_str_t rma,
    cxr_str_t url, const cxr_thread_t *thread, cxr_view_order_talk_t *view)
{
    cxr_view_thread_t  *row;

    row = cxr_say_push(say, &view->threads, sizeof(*row));
    if (row == NULL) {
        return;
    }

    view->has_threads = true;
    row->number = rma;
    row->url = cxr_say_join(say, url, "#talk", CXR_STR_NONE);

    if (thread == NULL) {
        row->text = cxr_say(say, "talk.threads.none");
        return;
    }

    row->text = talk_count(say, "talk.threads.count", thread->messages);
    row->at = cxr_say_date(say, thread->last_at, CXR_DATE_DAY_TIME);
    row->iso = cxr_say_iso(say, thread->last_at);

    if (thread->unread[side] != 0) {
        row->unread = cxr_say_unread(say, thread->unread[side]);
    }
}


/* How long, in the unit that one would say it in. */

static cxr_str_t
talk_waited(cxr_say_t *say, cxr_time_t took)
{
    cxr_time_t  unit;

    if (took < CXR_MINUTE) {
        return cxr_say(say, "talk.waited.now");
    }

    unit = took >= 2 * CXR_DAY ? CXR_DAY
           : took >= CXR_HOUR ? CXR_HOUR : CXR_MINUTE;

    return talk_count(say, unit == CXR_DAY ? "talk.waited.days"
                           : unit == CXR_HOUR ? "talk.waited.hours"
                                              : "talk.waited.minutes",
                      (uint32_t) (took / unit));
}


void
cxr_view_waiting(cxr_say_t *say, const cxr_waiting_in_t *in, size_t n,
    cxr_time_t now, cxr_view_waitings_t *view)
{
    size_t               i;
    cxr_str_t            glance;
    cxr_view_waiting_t  *row;

    for (i = 0; i < n; i++) {
        row = cxr_say_push(say, &view->rows, sizeof(*row));
        if (row == NULL) {
            return;
        }

        row->is_rma = in[i].rma.len != 0;
        row->number = row->is_rma ? in[i].rma
                      : in[i].number.len != 0 ? in[i].number : in[i].order;
        row->url = cxr_say_url(say,
                               cxr_say_join(say, say->ctx->shop->staff,
                                            row->is_rma ? "rma/" : "messages/",
                                            row->is_rma ? in[i].rma
                                                        : in[i].order),
                               "");
        row->url = cxr_say_join(say, row->url, "#talk", CXR_STR_NONE);
        row->since = cxr_say_date(say, in[i].since, CXR_DATE_DAY_TIME);
        row->iso = cxr_say_iso(say, in[i].since);
        row->waited = talk_waited(say, now - in[i].since);
        row->late = in[i].since
                    <= now - say->ctx->shop->overdue_days * CXR_DAY;
        row->first = in[i].thread != NULL
                     && in[i].thread->replied_at == CXR_TIME_NONE;

        if (in[i].thread != NULL && in[i].thread->unread[CXR_SIDE_SHOP] != 0) {
            row->unread = cxr_say_unread(say,
                                     in[i].thread->unread[CXR_SIDE_SHOP]);
        }

        glance = cxr_utf8_cut(in[i].last, TALK_GLANCE);
        row->last = glance.len < in[i].last.len
                    ? cxr_say_join(say, glance, "…", CXR_STR_NONE) : glance;
    }

    view->has_rows = view->rows.n != 0;
}
