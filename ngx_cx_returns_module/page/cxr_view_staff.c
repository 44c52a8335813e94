
#include "cxr_view_staff.h"

#include <stdio.h>

#include "cxr_text.h"


static const cxr_field_t  cxr_view_tab_fields[] = {
    CXR_FIELD(cxr_view_tab_t, text, STR),
    CXR_VIEW_URL(cxr_view_tab_t, url),
    CXR_FIELD(cxr_view_tab_t, count, STR),
    CXR_FIELD(cxr_view_tab_t, current, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_tab_type = {
    "tab", 0, 1, sizeof(cxr_view_tab_t), cxr_view_tab_fields
};

static const cxr_field_t  cxr_view_staff_row_fields[] = {
    CXR_FIELD(cxr_view_staff_row_t, id, STR),
    CXR_VIEW_URL(cxr_view_staff_row_t, url),
    CXR_FIELD(cxr_view_staff_row_t, number, STR),
    CXR_FIELD_ENUM(cxr_view_staff_row_t, status, cxr_rma_status_names),
    CXR_FIELD(cxr_view_staff_row_t, status_text, STR),
    CXR_FIELD(cxr_view_staff_row_t, tone, STR),
    CXR_FIELD(cxr_view_staff_row_t, kind_text, STR),
    CXR_FIELD(cxr_view_staff_row_t, goods, STR),
    CXR_FIELD(cxr_view_staff_row_t, others, U32),
    CXR_FIELD(cxr_view_staff_row_t, units, U32),
    CXR_FIELD(cxr_view_staff_row_t, refund, STR),
    CXR_FIELD(cxr_view_staff_row_t, due, STR),
    CXR_FIELD(cxr_view_staff_row_t, created, STR),
    CXR_FIELD(cxr_view_staff_row_t, iso, STR),
    CXR_FIELD(cxr_view_staff_row_t, age_days, U32),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_staff_row_type = {
    "row", 0, 1, sizeof(cxr_view_staff_row_t), cxr_view_staff_row_fields
};

static const cxr_field_t  cxr_view_staff_list_fields[] = {
    CXR_VIEW_PAGE(cxr_view_staff_list_t),
    CXR_VIEW_URL(cxr_view_staff_list_t, action),
    CXR_FIELD(cxr_view_staff_list_t, status, STR),
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

/* the tabs in the order of the work: what waits for the desk first */
static const int  cxr_staff_tabs[] = {
    -1, CXR_RMA_REQUESTED, CXR_RMA_INFO_NEEDED, CXR_RMA_APPROVED,
    CXR_RMA_IN_TRANSIT, CXR_RMA_RECEIVED, CXR_RMA_COMPLETED,
    CXR_RMA_DECLINED, CXR_RMA_CANCELLED, CXR_RMA_EXPIRED
};


cxr_rc_t
cxr_staff_query_parse(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_staff_query_t *query)
{
    char       raw[CXR_STAFF_CURSOR_MAX];
    size_t     i, len, over;
    cxr_rc_t   rc = CXR_OK;
    cxr_str_t  v;

    memset(query, 0, sizeof(*query));
    query->status = -1;

    if (n > CXR_STAFF_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    for (i = 0; i < n && rc == CXR_OK; i++) {
        v = pairs[i].value;

        if (cxr_str_is(pairs[i].name, "status")) {
            query->status = cxr_name_index(cxr_rma_status_names, v);

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

    return rc;
}


/* ---- the list ---- */

/* <staff>?status=..&q=..&cursor=.. of what is there, in the page's language */
static cxr_str_t
cxr_staff_list_url(cxr_say_t *say, const char *status, cxr_str_t q,
    cxr_str_t cursor)
{
    char        mem[CXR_VIEW_URL_MAX];
    char        join = '?';
    cxr_buf_t   buf;
    cxr_str_t   path;

    cxr_buf_init_fixed(&buf, mem, sizeof(mem));
    cxr_buf_adds(&buf, say->ctx->shop->staff);

    if (status != NULL) {
        cxr_buf_addc(&buf, join);
        cxr_buf_addz(&buf, "status=");
        cxr_buf_addz(&buf, status);
        join = '&';
    }

    if (q.len) {
        cxr_buf_addc(&buf, join);
        cxr_buf_addz(&buf, "q=");
        cxr_buf_url(&buf, q);
        join = '&';
    }

    if (cursor.len) {
        cxr_buf_addc(&buf, join);
        cxr_buf_addz(&buf, "cursor=");
        cxr_buf_url(&buf, cursor);
    }

    if (!cxr_buf_ok(&buf)
        || cxr_str_dup(say->a, cxr_buf_str(&buf), &path) != CXR_OK)
    {
        say->failed = true;
        return CXR_STR_NONE;
    }

    return cxr_say_url(say, path, "");
}


static void
cxr_view_staff_tabs(const cxr_staff_list_t *p, cxr_say_t *say,
    cxr_view_staff_list_t *view)
{
    int              status;
    size_t           i, k;
    uint64_t         n;
    cxr_view_tab_t  *tab;

    for (i = 0; i < cxr_nelts(cxr_staff_tabs); i++) {
        status = cxr_staff_tabs[i];

        tab = cxr_say_push(say, &view->tabs, sizeof(*tab));
        if (tab == NULL) {
            return;
        }

        if (status < 0) {
            tab->text = cxr_say(say, "staff.list.all");

            for (k = 0, n = 0; k < CXR_RMA_NSTATUS; k++) {
                n += p->counts[k];
            }

        } else {
            tab->text = cxr_say_status(say, (unsigned) status);
            n = p->counts[status];
        }

        /* a search is among all, so no tab of the list holds then */

        tab->current = !view->searched && status == p->query->status;
        tab->url = cxr_staff_list_url(say, status < 0 ? NULL
                                         : cxr_rma_status_names[status],
                                      CXR_STR_NONE, CXR_STR_NONE);

        tab->count = n > CXR_STAFF_COUNT_CAP
                     ? cxr_sprintf(say->a, "%u+", CXR_STAFF_COUNT_CAP)
                     : cxr_sprintf(say->a, "%u", (unsigned) n);
        say->failed |= tab->count.data == NULL;
    }
}


static void
cxr_view_staff_row(const cxr_staff_list_t *p, const cxr_rma_t *rma,
    cxr_say_t *say, cxr_view_staff_row_t *row)
{
    char      iso[CXR_TIME_PRINTED];
    uint32_t  i;

    row->id = rma->id;
    row->url = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff, "rma/",
                                             rma->id), "");
    row->number = rma->order_number;
    row->status = rma->status;
    row->status_text = cxr_say_status(say, rma->status);
    row->tone = cxr_tone_of_status(rma->status);
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
    row->age_days = p->now > rma->created_at
                    ? (uint32_t) ((p->now - rma->created_at) / CXR_DAY) : 0;

    if (cxr_str_dup(say->a,
                    cxr_strn(iso, cxr_time_snprint(rma->created_at, iso)),
                    &row->iso)
        != CXR_OK)
    {
        say->failed = true;
    }
}


cxr_rc_t
cxr_view_staff_list(const cxr_staff_list_t *p, cxr_view_staff_list_t *view)
{
    size_t                 i;
    cxr_say_t              say = cxr_say_to(p->ctx, p->arena);
    const char            *status = NULL;
    cxr_view_staff_row_t  *row;

    memset(view, 0, sizeof(*view));

    if (p->query->status >= 0) {
        status = cxr_rma_status_names[p->query->status];
    }

    view->page = p->page;
    view->actor = p->actor;
    view->action = cxr_say_url(&say, p->ctx->shop->staff, "");
    view->all_url = view->action;
    view->status = cxr_strz(status);
    view->q = p->query->q;
    view->searched = p->query->q.len > 0;
    view->more = p->next.len || p->query->cursor.len;
    view->cut = p->cut;

    cxr_view_staff_tabs(p, &say, view);

    for (i = 0; i < p->nrmas && !say.failed; i++) {
        row = cxr_say_push(&say, &view->rows, sizeof(*row));

        if (row != NULL) {
            cxr_view_staff_row(p, &p->rmas[i], &say, row);
        }
    }

    view->has_rows = view->rows.n > 0;
    view->shown = view->rows.n;

    if (p->query->cursor.len) {
        view->first_url = cxr_staff_list_url(&say, status, p->query->q,
                                             CXR_STR_NONE);
    }

    if (p->next.len) {
        view->next_url = cxr_staff_list_url(&say, status, p->query->q,
                                            p->next);
    }

    view->has_pager = view->first_url.len || view->next_url.len;

    return cxr_say_rc(&say);
}


/* ---- the decision form ---- */

static const struct {
    const char  *name;
    uint8_t      decision;
} cxr_staff_choices[] = {
    { "approve", CXR_DECISION_APPROVED },
    { "decline", CXR_DECISION_DECLINED },
    { "request_info", CXR_DECISION_INFO_NEEDED }
};


bool
cxr_staff_line_open(const cxr_rma_t *rma, uint32_t index)
{
    uint8_t  d = rma->lines.items[index].decision;

    return !rma->cancelled
           && (d == CXR_DECISION_PENDING || d == CXR_DECISION_INFO_NEEDED);
}


static cxr_rc_t
cxr_staff_form_line(cxr_str_t name, const cxr_rma_t *rma, bool *seen)
{
    uint64_t   index;
    cxr_str_t  digits = cxr_strn(name.data + 2, name.len - 2);

    if ((digits.len > 1 && digits.data[0] == '0')
        || !cxr_parse_uint(digits, UINT32_MAX, &index)
        || index >= rma->lines.n || seen[index])
    {
        return CXR_INVALID;
    }

    seen[index] = true;

    return CXR_OK;
}


static cxr_rc_t
cxr_staff_form_read(const cxr_pair_t *pairs, size_t n, const cxr_rma_t *rma,
    bool *seen, cxr_pair_t got[4])
{
    size_t     i, k;
    cxr_rc_t   rc;
    cxr_str_t  name;

    static const char *const  names[4] = {
        "decision", "reason", "expect", "t"
    };

    for (i = 0; i < n; i++) {
        name = pairs[i].name;

        if (name.len > 2 && memcmp(name.data, "l.", 2) == 0) {
            rc = cxr_staff_form_line(name, rma, seen);
            if (rc != CXR_OK) {
                return rc;
            }

            continue;
        }

        for (k = 0; k < cxr_nelts(names); k++) {
            if (!cxr_str_is(name, names[k])) {
                continue;
            }

            if (got[k].name.len) {
                return CXR_INVALID;
            }

            got[k] = pairs[i];
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_staff_form_parse(const cxr_pair_t *pairs, size_t n, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_form_t *form)
{
    bool        *seen;
    size_t       i, over;
    cxr_rc_t     rc;
    uint64_t     v;
    uint32_t    *line;
    cxr_pair_t   got[4];

    memset(form, 0, sizeof(*form));
    memset(got, 0, sizeof(got));

    if (n > CXR_STAFF_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    seen = cxr_calloc(a, rma->lines.n, sizeof(bool));
    if (seen == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_staff_form_read(pairs, n, rma, seen, got);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < cxr_nelts(cxr_staff_choices); i++) {
        if (cxr_str_is(got[0].value, cxr_staff_choices[i].name)) {
            form->decision = cxr_staff_choices[i].decision;
        }
    }

    rc = cxr_form_text(a, got[1].value, CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX,
                       &form->reason, &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (cxr_parse_uint(got[2].value, UINT32_MAX, &v)) {
        form->expect = (uint32_t) v;
    }

    if (got[3].value.len <= CXR_STAFF_TOKEN_MAX) {
        rc = cxr_str_dup(a, got[3].value, &form->token);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    for (i = 0; i < rma->lines.n; i++) {
        if (seen[i]) {
            line = cxr_list_push(a, &form->lines, sizeof(*line));
            if (line == NULL) {
                return CXR_NOMEM;
            }

            *line = (uint32_t) i;
        }
    }

    if (form->decision == CXR_DECISION_PENDING) {
        form->decision_key = cxr_str("staff.error.decision_missing");
    }

    if (form->lines.n == 0) {
        form->lines_key = cxr_str("staff.error.lines_missing");
    }

    if (over) {
        form->reason_key = cxr_str("staff.error.reason_long");

    } else if (form->reason.len == 0
               && (form->decision == CXR_DECISION_DECLINED
                   || form->decision == CXR_DECISION_INFO_NEEDED))
    {
        form->reason_key = cxr_str("staff.error.reason_missing");
    }

    return CXR_OK;
}


bool
cxr_staff_form_ok(const cxr_staff_form_t *form)
{
    return form->decision_key.len == 0 && form->reason_key.len == 0
           && form->lines_key.len == 0;
}


cxr_rc_t
cxr_staff_decision(const cxr_staff_form_t *form, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_rma_decision_t *decision)
{
    uint32_t    i;
    cxr_str_t  *line;

    memset(decision, 0, sizeof(*decision));

    decision->rma = rma->id;
    decision->decision = form->decision;
    decision->reason = form->reason;

    for (i = 0; i < form->lines.n; i++) {
        line = cxr_list_push(a, &decision->lines, sizeof(*line));
        if (line == NULL) {
            return CXR_NOMEM;
        }

        *line = rma->lines.items[form->lines.items[i]].line;
    }

    return CXR_OK;
}
