
#include "cxr_view_feeds.h"

#include <stdlib.h>

#include "cxr_say.h"


static const cxr_field_t  cxr_view_work_fields[] = {
    CXR_FIELD(cxr_view_work_t, carrier, STR),
    CXR_FIELD(cxr_view_work_t, slug, STR),
    CXR_FIELD(cxr_view_work_t, code, STR),
    CXR_FIELD(cxr_view_work_t, text, STR),
    CXR_FIELD(cxr_view_work_t, number, STR),
    CXR_FIELD(cxr_view_work_t, count, U32),
    CXR_FIELD(cxr_view_work_t, first, STR),
    CXR_FIELD(cxr_view_work_t, last, STR),
    CXR_FIELD(cxr_view_work_t, last_iso, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_work_type = {
    "code", 0, 1, sizeof(cxr_view_work_t), cxr_view_work_fields
};

static const cxr_field_t  cxr_view_over_fields[] = {
    CXR_FIELD(cxr_view_over_t, carrier, STR),
    CXR_FIELD(cxr_view_over_t, count, U32),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_over_type = {
    "over", 0, 1, sizeof(cxr_view_over_t), cxr_view_over_fields
};

static const cxr_field_t  cxr_view_doc_fields[] = {
    CXR_FIELD(cxr_view_doc_t, id, STR),
    CXR_FIELD(cxr_view_doc_t, carrier, STR),
    CXR_FIELD(cxr_view_doc_t, at, STR),
    CXR_FIELD(cxr_view_doc_t, iso, STR),
    CXR_FIELD(cxr_view_doc_t, reason, STR),
    CXR_FIELD(cxr_view_doc_t, line, U32),
    CXR_FIELD(cxr_view_doc_t, refused, U32),
    CXR_FIELD(cxr_view_doc_t, kept, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_doc_type = {
    "doc", 0, 1, sizeof(cxr_view_doc_t), cxr_view_doc_fields
};

static const cxr_field_t  cxr_view_staff_feeds_fields[] = {
    CXR_VIEW_PAGE(cxr_view_staff_feeds_t),
    CXR_FIELD_SUB(cxr_view_staff_feeds_t, codes, LIST, &cxr_view_work_type),
    CXR_FIELD(cxr_view_staff_feeds_t, has_codes, BOOL),
    CXR_FIELD(cxr_view_staff_feeds_t, more_codes, BOOL),
    CXR_FIELD_SUB(cxr_view_staff_feeds_t, over, LIST, &cxr_view_over_type),
    CXR_FIELD(cxr_view_staff_feeds_t, has_over, BOOL),
    CXR_FIELD(cxr_view_staff_feeds_t, quarantine, BOOL),
    CXR_FIELD_SUB(cxr_view_staff_feeds_t, docs, LIST, &cxr_view_doc_type),
    CXR_FIELD(cxr_view_staff_feeds_t, has_docs, BOOL),
    CXR_FIELD(cxr_view_staff_feeds_t, more_docs, BOOL),
    CXR_FIELD(cxr_view_staff_feeds_t, actor, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_staff_feeds_type = {
    "staff_feeds", 0, 1, sizeof(cxr_view_staff_feeds_t),
    cxr_view_staff_feeds_fields
};


/* The carrier's name as the shop's file has it, else its slug. */
static cxr_str_t
cxr_feeds_carrier(const cxr_view_ctx_t *ctx, cxr_str_t slug)
{
    cxr_str_t  name = cxr_shop_carrier_name(ctx->shop, slug);

    return name.len ? name : slug;
}


static uint32_t
cxr_feeds_u32(uint64_t n)
{
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t) n;
}


static int
cxr_feeds_most(const void *one, const void *two)
{
    const cxr_work_t *const  *a = one, *const *b = two;

    if ((*a)->count != (*b)->count) {
        return (*a)->count > (*b)->count ? -1 : 1;
    }

    return *a < *b ? -1 : *a > *b;       /* as they stand in the list */
}


static void
cxr_feeds_codes(const cxr_staff_feeds_t *p, cxr_say_t *say,
    cxr_view_staff_feeds_t *view)
{
    uint32_t             i;
    const cxr_work_t    *w, **all;
    cxr_view_work_t     *row;

    all = cxr_say_room(say, p->codes->n, sizeof(*all));
    if (all == NULL) {
        return;
    }

    for (i = 0; i < p->codes->n; i++) {
        all[i] = &p->codes->items[i];
    }

    if (p->codes->n != 0) {
        qsort(all, p->codes->n, sizeof(*all), cxr_feeds_most);
    }

    view->more_codes = p->more_codes || p->codes->n > CXR_FEEDS_CODES;

    for (i = 0; i < p->codes->n && i < CXR_FEEDS_CODES; i++) {
        w = all[i];

        row = cxr_say_push(say, &view->codes, sizeof(*row));
        if (row == NULL) {
            return;
        }

        row->carrier = cxr_feeds_carrier(p->ctx, w->carrier);
        row->slug = w->carrier;
        row->code = w->code;
        row->text = w->text;
        row->number = w->number;
        row->count = cxr_feeds_u32(w->count);
        row->first = cxr_say_date(say, w->first_at, CXR_DATE_SHORT_DAY);
        row->last = cxr_say_date(say, w->last_at, CXR_DATE_SHORT_DAY);
        row->last_iso = cxr_say_iso(say, w->last_at);
    }
}


static void
cxr_feeds_docs(const cxr_staff_feeds_t *p, cxr_say_t *say,
    cxr_view_staff_feeds_t *view)
{
    uint32_t            i;
    cxr_view_doc_t     *row;
    const char         *name;
    const cxr_qnote_t  *note;

    for (i = 0; p->docs != NULL && i < p->docs->n; i++) {
        note = &p->docs->items[i];

        row = cxr_say_push(say, &view->docs, sizeof(*row));
        name = cxr_strz_dup(say->a, note->reason);

        if (row == NULL || name == NULL) {
            say->failed = true;
            return;
        }

        row->id = note->id;
        row->carrier = cxr_feeds_carrier(p->ctx, note->carrier);
        row->at = cxr_say_date(say, note->at, CXR_DATE_DAY_TIME);
        row->iso = cxr_say_iso(say, note->at);
        row->reason = cxr_say_name(say, "staff.feeds.reason.", name);
        row->line = note->line;
        row->refused = cxr_feeds_u32(note->refused);
        row->kept = note->kept;

        if (row->reason.len == 0) {
            row->reason = note->reason;
        }
    }
}


cxr_rc_t
cxr_view_staff_feeds(const cxr_staff_feeds_t *p, cxr_view_staff_feeds_t *view)
{
    uint32_t          i;
    cxr_say_t         say = cxr_say_to(p->ctx, p->arena);
    cxr_view_over_t  *over;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->actor = p->actor;
    view->quarantine = p->quarantine;
    view->more_docs = p->more_docs;

    cxr_feeds_codes(p, &say, view);
    cxr_feeds_docs(p, &say, view);

    for (i = 0; i < p->sums->n; i++) {

        if (p->sums->items[i].count == 0) {
            continue;
        }

        over = cxr_say_push(&say, &view->over, sizeof(*over));

        if (over != NULL) {
            over->carrier = cxr_feeds_carrier(p->ctx,
                                              p->sums->items[i].carrier);
            over->count = cxr_feeds_u32(p->sums->items[i].count);
        }
    }

    view->has_codes = view->codes.n > 0;
    view->has_over = view->over.n > 0;
    view->has_docs = view->docs.n > 0;

    return cxr_say_rc(&say);
}


cxr_rc_t
cxr_view_desk_nav(const cxr_view_ctx_t *ctx, unsigned current, cxr_arena_t *a,
    cxr_view_page_t *page)
{
    unsigned         i;
    cxr_say_t        say = cxr_say_to(ctx, a);
    cxr_view_nav_t  *items;

    static const struct {
        const char  *name;
        const char  *path;
    } pages[CXR_DESK_PAGES] = {
        { "staff.list.heading", "" },
        { "staff.receive.heading", "receive" },
        { "staff.feeds.heading", "feeds" },
        { "staff.withdrawals.heading", "withdrawals" },
        { "staff.messages.heading", "messages" },
        { "staff.surveys.heading", "surveys" }
    };

    items = cxr_say_room(&say, CXR_DESK_PAGES, sizeof(*items));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < CXR_DESK_PAGES; i++) {
        items[i].name = cxr_say(&say, pages[i].name);
        items[i].url = cxr_say_url(&say, ctx->shop->staff, pages[i].path);
        items[i].current = i == current;
    }

    page->nav.items = items;
    page->nav.n = CXR_DESK_PAGES;
    page->has_nav = true;

    return cxr_say_rc(&say);
}
