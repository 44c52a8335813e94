
/*
 * The desk's list: its query, its queues, and what may be done with many RMAs
 * at once.
 */

#include "cxr_view_staff.h"

#include <stdio.h>

#include "cxr_text.h"
#include "cxr_view_texts.h"


static const cxr_field_t  cxr_view_tab_fields[] = {
    CXR_FIELD(cxr_view_tab_t, text, STR),
    CXR_VIEW_URL(cxr_view_tab_t, url),
    CXR_FIELD(cxr_view_tab_t, count, STR),
    CXR_FIELD(cxr_view_tab_t, current, BOOL),
    CXR_FIELD(cxr_view_tab_t, bad, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_tab_type = {
    "tab", 0, 1, sizeof(cxr_view_tab_t), cxr_view_tab_fields
};

static const cxr_field_t  cxr_view_option_fields[] = {
    CXR_FIELD(cxr_view_option_t, value, STR),
    CXR_FIELD(cxr_view_option_t, text, STR),
    CXR_FIELD(cxr_view_option_t, selected, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_option_type = {
    "option", 0, 1, sizeof(cxr_view_option_t), cxr_view_option_fields
};

static const cxr_field_t  cxr_view_staff_row_fields[] = {
    CXR_FIELD(cxr_view_staff_row_t, id, STR),
    CXR_VIEW_URL(cxr_view_staff_row_t, url),
    CXR_FIELD(cxr_view_staff_row_t, pick, STR),
    CXR_FIELD(cxr_view_staff_row_t, late, BOOL),
    CXR_FIELD(cxr_view_staff_row_t, number, STR),
    CXR_FIELD_ENUM(cxr_view_staff_row_t, status, cxr_rma_status_names),
    CXR_FIELD(cxr_view_staff_row_t, status_text, STR),
    CXR_FIELD(cxr_view_staff_row_t, tone, STR),
    CXR_FIELD(cxr_view_staff_row_t, kind_text, STR),
    CXR_FIELD(cxr_view_staff_row_t, gift, BOOL),
    CXR_FIELD(cxr_view_staff_row_t, goods, STR),
    CXR_FIELD(cxr_view_staff_row_t, others, U32),
    CXR_FIELD(cxr_view_staff_row_t, units, U32),
    CXR_FIELD(cxr_view_staff_row_t, refund, STR),
    CXR_FIELD(cxr_view_staff_row_t, due, STR),
    CXR_FIELD(cxr_view_staff_row_t, created, STR),
    CXR_FIELD(cxr_view_staff_row_t, iso, STR),
    CXR_FIELD(cxr_view_staff_row_t, age_days, U32),
    CXR_FIELD(cxr_view_staff_row_t, unread, STR),
    CXR_FIELD(cxr_view_staff_row_t, asked, BOOL),
    CXR_VIEW_URL(cxr_view_staff_row_t, talk_url),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_staff_row_type = {
    "row", 0, 1, sizeof(cxr_view_staff_row_t), cxr_view_staff_row_fields
};

static const cxr_field_t  cxr_view_pool_fields[] = {
    CXR_FIELD(cxr_view_pool_t, carrier, STR),
    CXR_FIELD(cxr_view_pool_t, free, U32),
    CXR_FIELD(cxr_view_pool_t, waiting, U32),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_pool_type = {
    "pool", 0, 1, sizeof(cxr_view_pool_t), cxr_view_pool_fields
};

static const cxr_field_t  cxr_view_staff_list_fields[] = {
    CXR_VIEW_PAGE(cxr_view_staff_list_t),
    CXR_FIELD_SUB(cxr_view_staff_list_t, pools, LIST, &cxr_view_pool_type),
    CXR_VIEW_URL(cxr_view_staff_list_t, action),
    CXR_FIELD(cxr_view_staff_list_t, status, STR),
    CXR_FIELD(cxr_view_staff_list_t, queue, STR),
    CXR_FIELD_SUB(cxr_view_staff_list_t, statuses, LIST,
                  &cxr_view_option_type),
    CXR_FIELD_SUB(cxr_view_staff_list_t, kinds, LIST, &cxr_view_option_type),
    CXR_FIELD_SUB(cxr_view_staff_list_t, sorts, LIST, &cxr_view_option_type),
    CXR_FIELD(cxr_view_staff_list_t, filtered, BOOL),
    CXR_VIEW_URL(cxr_view_staff_list_t, export_url),
    CXR_FIELD_SUB(cxr_view_staff_list_t, acts, LIST, &cxr_view_option_type),
    CXR_FIELD(cxr_view_staff_list_t, can_act, BOOL),
    CXR_VIEW_URL(cxr_view_staff_list_t, act_url),
    CXR_FIELD(cxr_view_staff_list_t, back, STR),
    CXR_FIELD(cxr_view_staff_list_t, token, STR),
    CXR_FIELD(cxr_view_staff_list_t, reason_max, U32),
    CXR_VIEW_URL(cxr_view_staff_list_t, receive_url),
    CXR_FIELD(cxr_view_staff_list_t, q, STR),
    CXR_FIELD(cxr_view_staff_list_t, searched, BOOL),
    CXR_FIELD(cxr_view_staff_list_t, more, BOOL),
    CXR_FIELD(cxr_view_staff_list_t, cut, BOOL),
    CXR_FIELD_SUB(cxr_view_staff_list_t, tabs, LIST, &cxr_view_tab_type),
    CXR_FIELD_SUB(cxr_view_staff_list_t, rows, LIST,
                  &cxr_view_staff_row_type),
    CXR_FIELD(cxr_view_staff_list_t, has_rows, BOOL),
    CXR_FIELD(cxr_view_staff_list_t, shown, U32),
    CXR_VIEW_URL(cxr_view_staff_list_t, all_url),
    CXR_VIEW_URL(cxr_view_staff_list_t, first_url),
    CXR_VIEW_URL(cxr_view_staff_list_t, next_url),
    CXR_FIELD(cxr_view_staff_list_t, has_pager, BOOL),
    CXR_FIELD(cxr_view_staff_list_t, actor, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_staff_list_type = {
    "staff_list", 0, 1, sizeof(cxr_view_staff_list_t),
    cxr_view_staff_list_fields
};

/* the queues in the order of the work */
static const int  cxr_staff_tabs[] = {
    CXR_QUEUE_DECIDE, CXR_QUEUE_ANSWER, CXR_QUEUE_EXPECTED, CXR_QUEUE_RECEIVE,
    CXR_QUEUE_GRADE, CXR_QUEUE_SETTLE, CXR_QUEUE_FAILED
};

static const char  cxr_staff_late[] = "late";


cxr_rc_t
cxr_staff_query_parse(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_staff_query_t *query)
{
    char       raw[CXR_STAFF_CURSOR_MAX];
    bool       newest = false, oldest = false;
    size_t     i, len, over;
    cxr_rc_t   rc = CXR_OK;
    cxr_str_t  v;

    memset(query, 0, sizeof(*query));
    query->queue = -1;
    query->status = -1;
    query->kind = -1;

    if (n > CXR_STAFF_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    for (i = 0; i < n && rc == CXR_OK; i++) {
        v = pairs[i].value;

        if (cxr_str_is(pairs[i].name, "status")) {
            query->status = cxr_name_index(cxr_rma_status_names, v);

        } else if (cxr_str_is(pairs[i].name, "queue")) {
            query->late = cxr_str_is(v, cxr_staff_late);
            query->queue = query->late ? CXR_QUEUE_OURS
                                       : cxr_name_index(cxr_queue_names, v);

        } else if (cxr_str_is(pairs[i].name, "kind")) {
            query->kind = cxr_name_index(cxr_rma_kind_names, v);

        } else if (cxr_str_is(pairs[i].name, "sort")) {
            newest = cxr_str_is(v, "newest");
            oldest = cxr_str_is(v, "oldest");

        } else if (cxr_str_is(pairs[i].name, "q")) {
            rc = cxr_form_text(a, v, CXR_TEXT_LINE, CXR_STAFF_Q_MAX,
                               &query->q, &over);
            rc = rc == CXR_INVALID ? CXR_OK : rc;

        } else if (cxr_str_is(pairs[i].name, "cursor") && v.len
                   && cxr_b64url_decode(v, raw, sizeof(raw), &len) == CXR_OK)
        {
            rc = cxr_str_dup(a, v, &query->cursor);
        }
    }

    /* what has waited longest is worked on first */

    query->oldest = oldest || (query->queue >= 0 && !newest);

    if (query->queue >= 0) {
        query->status = -1;
    }

    return rc;
}


void
cxr_staff_query_list(const cxr_staff_query_t *query, const cxr_shop_t *shop,
    cxr_time_t now, cxr_rma_list_t *list)
{
    memset(list, 0, sizeof(*list));

    list->queue = query->queue;
    list->status = query->status;
    list->kind = query->kind;
    list->oldest = query->oldest;
    list->until = query->late ? now - shop->overdue_days * CXR_DAY
                              : CXR_TIME_NONE;
}


static void
cxr_staff_query_add(cxr_buf_t *out, const char *name, cxr_str_t value)
{
    if (value.len == 0) {
        return;
    }

    if (out->len != 0) {
        cxr_buf_addc(out, '&');
    }

    cxr_buf_addz(out, name);
    cxr_buf_addc(out, '=');
    cxr_buf_url(out, value);
}


void
cxr_staff_query_print(const cxr_staff_query_t *query, cxr_buf_t *out)
{
    if (query->queue >= 0) {
        cxr_staff_query_add(out, "queue",
                            cxr_strz(query->late
                                     ? cxr_staff_late
                                     : cxr_queue_names[query->queue]));
    }

    if (query->status >= 0) {
        cxr_staff_query_add(out, "status",
                            cxr_strz(cxr_rma_status_names[query->status]));
    }

    if (query->kind >= 0) {
        cxr_staff_query_add(out, "kind",
                            cxr_strz(cxr_rma_kind_names[query->kind]));
    }

    if (query->oldest != (query->queue >= 0)) {
        cxr_staff_query_add(out, "sort", cxr_strz(query->oldest ? "oldest"
                                                                : "newest"));
    }

    cxr_staff_query_add(out, "q", query->q);
}


/* <staff><page>?queue=..&cursor=.. in the page's language */
static cxr_str_t
cxr_staff_list_url(cxr_say_t *say, const char *page,
    const cxr_staff_query_t *query, cxr_str_t cursor)
{
    char       mem[CXR_VIEW_URL_MAX], args[CXR_VIEW_URL_MAX];
    cxr_buf_t  buf, q;
    cxr_str_t  path;

    cxr_buf_init_fixed(&q, args, sizeof(args));
    cxr_staff_query_print(query, &q);
    cxr_staff_query_add(&q, "cursor", cursor);

    cxr_buf_init_fixed(&buf, mem, sizeof(mem));
    cxr_buf_adds(&buf, say->ctx->shop->staff);
    cxr_buf_addz(&buf, page);

    if (q.len) {
        cxr_buf_addc(&buf, '?');
        cxr_buf_adds(&buf, cxr_buf_str(&q));
    }

    if (!cxr_buf_ok(&buf) || !cxr_buf_ok(&q)
        || cxr_str_dup(say->a, cxr_buf_str(&buf), &path) != CXR_OK)
    {
        say->failed = true;
        return CXR_STR_NONE;
    }

    return cxr_say_url(say, path, "");
}


static void
cxr_view_staff_count(cxr_say_t *say, cxr_view_tab_t *tab, uint64_t n)
{
    tab->count = n > CXR_STAFF_COUNT_CAP
                 ? cxr_sprintf(say->a, "%u+", CXR_STAFF_COUNT_CAP)
                 : cxr_sprintf(say->a, "%u", (unsigned) n);
    say->failed |= tab->count.data == NULL;
}


static void
cxr_view_staff_tab(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view, int queue, bool late, uint64_t n)
{
    cxr_view_tab_t     *tab;
    cxr_staff_query_t   to;

    tab = cxr_say_push(say, &view->tabs, sizeof(*tab));
    if (tab == NULL) {
        return;
    }

    memset(&to, 0, sizeof(to));
    to.queue = queue;
    to.late = late;
    to.status = -1;
    to.kind = -1;
    to.oldest = queue >= 0;

    tab->text = queue < 0 ? cxr_say(say, "staff.list.all")
                          : cxr_say_name(say, "staff.queue.",
                                         late ? cxr_staff_late
                                              : cxr_queue_names[queue]);

    /* a search is among all, so no tab of the list holds then */

    tab->current = !view->searched && queue == p->query->queue
                   && late == p->query->late;
    tab->url = cxr_staff_list_url(say, "", &to, CXR_STR_NONE);
    tab->bad = n != 0 && (late || queue == CXR_QUEUE_FAILED);

    cxr_view_staff_count(say, tab, n);
}


/* What waits for an answer: of orders without an RMA, too. */

static void
cxr_view_staff_talks(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view)
{
    cxr_view_tab_t  *tab;

    tab = cxr_say_push(say, &view->tabs, sizeof(*tab));
    if (tab == NULL) {
        return;
    }

    tab->text = cxr_say(say, "staff.messages.heading");
    tab->url = cxr_say_url(say, p->ctx->shop->staff, "messages");
    cxr_view_staff_count(say, tab, p->waiting);
}


static void
cxr_view_staff_tabs(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view)
{
    size_t    i;
    uint64_t  n;

    for (i = 0; i < cxr_nelts(cxr_staff_tabs); i++) {
        cxr_view_staff_tab(p, say, view, cxr_staff_tabs[i], false,
                           p->queues[cxr_staff_tabs[i]]);
    }

    cxr_view_staff_talks(p, say, view);
    cxr_view_staff_tab(p, say, view, CXR_QUEUE_OURS, true, p->late);

    for (i = 0, n = 0; i < CXR_RMA_NSTATUS; i++) {
        n += p->counts[i];
    }

    cxr_view_staff_tab(p, say, view, -1, false, n);
}


static void
cxr_view_option(cxr_say_t *say, cxr_view_options_t *list, const char *value,
    cxr_str_t text, bool selected)
{
    cxr_view_option_t  *o;

    o = cxr_say_push(say, list, sizeof(*o));

    if (o != NULL) {
        o->value = cxr_strz(value);
        o->text = text;
        o->selected = selected;
    }
}


static void
cxr_view_staff_filters(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view)
{
    int                       i;
    const cxr_staff_query_t  *q = p->query;

    if (q->queue < 0) {
        cxr_view_option(say, &view->statuses, "",
                        cxr_say(say, "staff.list.any_status"), q->status < 0);

        for (i = 0; i < CXR_RMA_NSTATUS; i++) {
            cxr_view_option(say, &view->statuses, cxr_rma_status_names[i],
                            cxr_say_status(say, (unsigned) i),
                            q->status == i);
        }
    }

    cxr_view_option(say, &view->kinds, "",
                    cxr_say(say, "staff.list.any_kind"), q->kind < 0);

    for (i = 0; cxr_rma_kind_names[i] != NULL; i++) {
        cxr_view_option(say, &view->kinds, cxr_rma_kind_names[i],
                        cxr_say_name(say, "rma.kind.", cxr_rma_kind_names[i]),
                        q->kind == i);
    }

    cxr_view_option(say, &view->sorts, "oldest",
                    cxr_say(say, q->queue < 0 ? "staff.list.sort_oldest"
                                              : "staff.list.sort_longest"),
                    q->oldest);
    cxr_view_option(say, &view->sorts, "newest",
                    cxr_say(say, q->queue < 0 ? "staff.list.sort_newest"
                                              : "staff.list.sort_latest"),
                    !q->oldest);

    view->filtered = q->kind >= 0 || q->status >= 0;
}


/* What is done with many at once, where the queue has any use for it. */

static void
cxr_view_staff_acts(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view)
{
    int     queue = p->query->queue;
    bool    any;
    size_t  i;

    static const struct {
        uint8_t   verb;
        unsigned  queues;
    } acts[] = {
        { CXR_VERB_APPROVE, 1u << CXR_QUEUE_DECIDE | 1u << CXR_QUEUE_ANSWER },
        { CXR_VERB_DECLINE, 1u << CXR_QUEUE_DECIDE | 1u << CXR_QUEUE_ANSWER },
        { CXR_VERB_RELEASE, 1u << CXR_QUEUE_SETTLE | 1u << CXR_QUEUE_FAILED },
        { CXR_VERB_CONFIRM, 1u << CXR_QUEUE_SETTLE | 1u << CXR_QUEUE_FAILED }
    };

    any = queue < 0 || queue == CXR_QUEUE_OURS;

    for (i = 0; i < cxr_nelts(acts); i++) {
        if ((p->may & (1u << acts[i].verb)) == 0
            || (!any && (acts[i].queues & (1u << queue)) == 0))
        {
            continue;
        }

        cxr_view_option(say, &view->acts, cxr_verbs[acts[i].verb].name,
                        cxr_say_name(say, "staff.bulk.",
                                     cxr_verbs[acts[i].verb].name), false);
    }

    view->can_act = view->acts.n > 0 && view->rows.n > 0;
    view->act_url = cxr_say_url(say, p->ctx->shop->staff, "bulk");
    view->token = p->token;
    view->reason_max = CXR_STAFF_REASON_MAX;
}


/* In days as the calendar of the desk counts them: "today" ends at midnight. */

static uint32_t
cxr_view_staff_age(const cxr_tz_t *tz, cxr_time_t from, cxr_time_t now)
{
    int64_t  days;

    if (tz == NULL || now <= from) {
        return 0;
    }

    days = cxr_view_day(now, cxr_tz_offset(tz, now))
           - cxr_view_day(from, cxr_tz_offset(tz, from));

    return days > 0 ? (uint32_t) days : 0;
}


static void
cxr_view_staff_row(const cxr_staff_list_t *p, const cxr_rma_t *rma,
    const cxr_thread_t *t, cxr_say_t *say, cxr_view_staff_row_t *row)
{
    char        iso[CXR_TIME_PRINTED];
    uint32_t    i;
    cxr_time_t  asked;

    asked = t != NULL ? t->waits_since : CXR_TIME_NONE;

    row->id = rma->id;
    row->url = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff, "rma/",
                                             rma->id), "");
    row->number = rma->order_number;
    row->status = rma->status;
    row->status_text = cxr_say_status(say, rma->status);
    row->tone = cxr_tone_of_status(rma->status);
    row->gift = rma->gift;
    row->kind_text = cxr_say_name(say, "rma.kind.",
                                  cxr_rma_kind_names[rma->kind]);

    if (rma->lines.n) {
        row->goods = rma->lines.items[0].title;
        row->others = rma->lines.n - 1;
    }

    for (i = 0; i < rma->lines.n; i++) {
        row->units += rma->lines.items[i].quantity;
    }

    row->refund = cxr_say_some(say, rma->currency, rma->refund);
    row->due = cxr_say_some(say, rma->currency, rma->due);
    row->created = cxr_say_date(say, rma->created_at, CXR_DATE_SHORT_DAY);
    row->pick = cxr_sprintf(say->a, "%.*s:%u", cxr_str_arg(rma->id),
                            rma->revision);
    row->asked = asked != CXR_TIME_NONE;

    if (t != NULL && t->unread[CXR_SIDE_SHOP] != 0) {
        row->unread = cxr_say_unread(say, t->unread[CXR_SIDE_SHOP]);
        row->talk_url = cxr_say_join(say, row->url, "#talk", CXR_STR_NONE);
    }

    row->late = (cxr_rma_queues(rma, asked) & (1u << CXR_QUEUE_OURS)) != 0
                && cxr_rma_waits_since(rma, asked, CXR_QUEUE_OURS)
                   <= p->now - p->ctx->shop->overdue_days * CXR_DAY;
    row->age_days = cxr_view_staff_age(p->ctx->shop->tz, rma->created_at,
                                       p->now);

    if (cxr_str_dup(say->a,
                    cxr_strn(iso, cxr_time_snprint(rma->created_at, iso)),
                    &row->iso)
        != CXR_OK)
    {
        say->failed = true;
    }
}


static void
cxr_view_staff_pools(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view)
{
    uint32_t               i;
    cxr_view_pool_t       *pool;
    const cxr_pool_row_t  *row;

    for (i = 0; p->pools != NULL && i < p->pools->n; i++) {
        row = &p->pools->items[i];

        if (row->free > row->low) {
            continue;
        }

        pool = cxr_say_push(say, &view->pools, sizeof(*pool));

        if (pool != NULL) {
            pool->carrier = cxr_shop_carrier_name(p->ctx->shop,
                                                  row->pool.carrier);
            pool->free = row->free;
            pool->waiting = row->waiting;
        }
    }
}


cxr_rc_t
cxr_view_staff_list(const cxr_staff_list_t *p, cxr_view_staff_list_t *view)
{
    char                   mem[CXR_VIEW_URL_MAX];
    size_t                 i;
    cxr_say_t              say = cxr_say_to(p->ctx, p->arena);
    cxr_buf_t              back;
    cxr_view_staff_row_t  *row;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->actor = p->actor;
    view->action = cxr_say_url(&say, p->ctx->shop->staff, "");
    view->all_url = view->action;

    if (p->query->queue >= 0) {
        view->queue = cxr_strz(p->query->late
                               ? cxr_staff_late
                               : cxr_queue_names[p->query->queue]);
    }

    if (p->query->status >= 0) {
        view->status = cxr_strz(cxr_rma_status_names[p->query->status]);
    }

    view->q = p->query->q;
    view->searched = p->query->q.len > 0;
    view->more = p->next.len || p->query->cursor.len;
    view->cut = p->cut;

    if ((p->may & (1u << CXR_VERB_RECEIVE)) != 0) {
        view->receive_url = cxr_say_url(&say, p->ctx->shop->staff, "receive");
    }

    cxr_view_staff_pools(p, &say, view);
    cxr_view_staff_tabs(p, &say, view);
    cxr_view_staff_filters(p, &say, view);

    for (i = 0; i < p->nrmas && !say.failed; i++) {
        row = cxr_say_push(&say, &view->rows, sizeof(*row));

        if (row != NULL) {
            cxr_view_staff_row(p, &p->rmas[i], p->threads[i], &say, row);
        }
    }

    view->has_rows = view->rows.n > 0;
    view->shown = view->rows.n;

    cxr_view_staff_acts(p, &say, view);

    cxr_buf_init_fixed(&back, mem, sizeof(mem));
    cxr_staff_query_print(p->query, &back);

    if (!cxr_buf_ok(&back)
        || cxr_str_dup(p->arena, cxr_buf_str(&back), &view->back) != CXR_OK)
    {
        say.failed = true;
    }

    if (!view->searched) {
        view->export_url = cxr_staff_list_url(&say, "export.csv", p->query,
                                              CXR_STR_NONE);
    }

    if (p->query->cursor.len) {
        view->first_url = cxr_staff_list_url(&say, "", p->query,
                                             CXR_STR_NONE);
    }

    if (p->next.len) {
        view->next_url = cxr_staff_list_url(&say, "", p->query, p->next);
    }

    view->has_pager = view->first_url.len || view->next_url.len;

    return cxr_say_rc(&say);
}
