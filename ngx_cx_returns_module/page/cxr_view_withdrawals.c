
#include "cxr_view_withdrawals.h"

#include "cxr_say.h"


static const cxr_field_t  cxr_view_wtab_fields[] = {
    CXR_FIELD(cxr_view_wtab_t, name, STR),
    CXR_VIEW_URL(cxr_view_wtab_t, url),
    CXR_FIELD(cxr_view_wtab_t, count, U32),
    CXR_FIELD(cxr_view_wtab_t, current, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_wtab_type = {
    "wtab", 0, 1, sizeof(cxr_view_wtab_t), cxr_view_wtab_fields
};

static const cxr_field_t  cxr_view_wline_fields[] = {
    CXR_FIELD(cxr_view_wline_t, line, STR),
    CXR_FIELD(cxr_view_wline_t, id, STR),
    CXR_FIELD(cxr_view_wline_t, title, STR),
    CXR_FIELD(cxr_view_wline_t, variant, STR),
    CXR_FIELD(cxr_view_wline_t, quantity, U32),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_wline_type = {
    "wline", 0, 1, sizeof(cxr_view_wline_t), cxr_view_wline_fields
};

static const cxr_field_t  cxr_view_wrow_fields[] = {
    CXR_FIELD(cxr_view_wrow_t, number, STR),
    CXR_FIELD(cxr_view_wrow_t, declared, STR),
    CXR_FIELD(cxr_view_wrow_t, iso, STR),
    CXR_FIELD_ENUM(cxr_view_wrow_t, state, cxr_withdrawal_state_names),
    CXR_FIELD(cxr_view_wrow_t, state_text, STR),
    CXR_FIELD(cxr_view_wrow_t, tone, STR),
    CXR_FIELD(cxr_view_wrow_t, proof_text, STR),
    CXR_FIELD(cxr_view_wrow_t, erased, BOOL),
    CXR_FIELD(cxr_view_wrow_t, name, STR),
    CXR_FIELD(cxr_view_wrow_t, email, STR),
    CXR_FIELD(cxr_view_wrow_t, contract, STR),
    CXR_FIELD(cxr_view_wrow_t, whole, BOOL),
    CXR_FIELD(cxr_view_wrow_t, words, STR),
    CXR_FIELD(cxr_view_wrow_t, order, STR),
    CXR_FIELD(cxr_view_wrow_t, rma, STR),
    CXR_VIEW_URL(cxr_view_wrow_t, rma_url),
    CXR_FIELD(cxr_view_wrow_t, reason, STR),
    CXR_FIELD(cxr_view_wrow_t, can_match, BOOL),
    CXR_FIELD(cxr_view_wrow_t, can_judge, BOOL),
    CXR_FIELD(cxr_view_wrow_t, choose, BOOL),
    CXR_FIELD_SUB(cxr_view_wrow_t, lines, LIST, &cxr_view_wline_type),
    CXR_VIEW_URL(cxr_view_wrow_t, match_url),
    CXR_VIEW_URL(cxr_view_wrow_t, judge_url),
    CXR_FIELD(cxr_view_wrow_t, guess, STR),
    CXR_FIELD(cxr_view_wrow_t, error, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_wrow_type = {
    "wrow", 0, 1, sizeof(cxr_view_wrow_t), cxr_view_wrow_fields
};

static const cxr_field_t  cxr_view_withdrawals_fields[] = {
    CXR_VIEW_PAGE(cxr_view_withdrawals_t),
    CXR_FIELD(cxr_view_withdrawals_t, actor, STR),
    CXR_FIELD(cxr_view_withdrawals_t, token, STR),
    CXR_FIELD(cxr_view_withdrawals_t, done, BOOL),
    CXR_FIELD(cxr_view_withdrawals_t, error, STR),
    CXR_FIELD(cxr_view_withdrawals_t, reason_max, U32),
    CXR_FIELD_SUB(cxr_view_withdrawals_t, tabs, LIST, &cxr_view_wtab_type),
    CXR_FIELD_SUB(cxr_view_withdrawals_t, rows, LIST, &cxr_view_wrow_type),
    CXR_FIELD(cxr_view_withdrawals_t, has_rows, BOOL),
    CXR_VIEW_URL(cxr_view_withdrawals_t, next_url),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_withdrawals_type = {
    "withdrawals", 0, 1, sizeof(cxr_view_withdrawals_t),
    cxr_view_withdrawals_fields
};


static void
cxr_view_wtabs(const cxr_staff_withdrawals_t *p, cxr_say_t *say,
    cxr_view_withdrawals_t *view)
{
    int               s;
    cxr_str_t         query;
    cxr_view_wtab_t  *tab;

    for (s = -1; s < CXR_WITHDRAWAL_STATES; s++) {
        tab = cxr_say_push(say, &view->tabs, sizeof(*tab));
        if (tab == NULL) {
            return;
        }

        tab->name = s < 0 ? cxr_say(say, "staff.withdrawals.all")
                          : cxr_say_name(say, "staff.withdrawals.",
                                         cxr_withdrawal_state_names[s]);
        query = s < 0 ? cxr_str("withdrawals")
                      : cxr_sprintf(say->a, "withdrawals?state=%s",
                                    cxr_withdrawal_state_names[s]);
        tab->url = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff, "",
                                                 query), "");
        tab->current = s == p->state;

        if (s >= 0) {
            tab->count = p->counts[s];
            view->tabs.items[0].count += p->counts[s];
        }
    }
}


static void
cxr_view_wlines(const cxr_order_t *order, cxr_say_t *say,
    cxr_view_wrow_t *row)
{
    uint32_t                 i;
    cxr_view_wline_t        *line;
    const cxr_order_line_t  *l;

    for (i = 0; i < order->lines.n; i++) {
        l = &order->lines.items[i];

        if (l->returning >= l->quantity) {
            continue;
        }

        line = cxr_say_push(say, &row->lines, sizeof(*line));
        if (line == NULL) {
            return;
        }

        line->line = l->line;
        line->id = cxr_sprintf(say->a, "l-%.*s-%u", cxr_str_arg(row->number),
                               i);
        line->title = l->title;
        line->variant = l->variant;
        line->quantity = l->quantity - l->returning;
    }
}


static void
cxr_view_wrow(const cxr_staff_withdrawals_t *p,
    const cxr_staff_withdrawal_t *it, cxr_say_t *say, cxr_view_wrow_t *row)
{
    char                     iso[CXR_TIME_PRINTED];
    cxr_str_t                staff = p->ctx->shop->staff, base;
    const cxr_withdrawal_t  *w = it->w;

    static const char *const  tones[] = { "warn", "busy", "good" };

    row->number = w->id;
    row->declared = cxr_say_date(say, w->declared_at, CXR_DATE_DAY_TIME);
    row->state = w->state;
    row->state_text = cxr_say_name(say, "staff.withdrawals.",
                                   cxr_withdrawal_state_names[w->state]);
    row->tone = cxr_strz(tones[w->state]);
    row->whole = w->whole;
    row->order = w->order_number;
    row->rma = w->rma;
    row->reason = w->reason;
    row->erased = it->st == NULL;

    if (cxr_str_dup(say->a,
                    cxr_strn(iso, cxr_time_snprint(w->declared_at, iso)),
                    &row->iso) != CXR_OK)
    {
        say->failed = true;
    }

    if (w->proof != CXR_PROOF_NONE) {
        row->proof_text = cxr_say_name(say, "staff.withdrawals.proof.",
                                       cxr_proof_names[w->proof]);
    }

    if (it->st != NULL) {
        row->name = it->st->name;
        row->email = it->st->email;
        row->contract = it->st->contract;
        row->words = it->st->words;
    }

    if (w->rma.len != 0) {
        row->rma_url = cxr_say_url(say, cxr_say_join(say, staff, "rma/",
                                                     w->rma), "");
    }

    base = cxr_say_join(say, staff, "withdrawals/", w->id);
    row->match_url = cxr_say_url(say, base, "/match");
    row->judge_url = cxr_say_url(say, base, "/judge");
    row->choose = p->may_approve && it->order != NULL;
    row->can_match = p->may_approve && w->state == CXR_WITHDRAWAL_UNMATCHED;
    row->can_judge = p->may_approve && w->rma.len == 0
                     && w->state != CXR_WITHDRAWAL_JUDGED;

    /* words are no number */

    if (row->contract.len != 0 && row->contract.len <= CXR_NUMBER_MAX
        && memchr(row->contract.data, ' ', row->contract.len) == NULL)
    {
        row->guess = row->contract;
    }

    if (it->order != NULL) {
        cxr_view_wlines(it->order, say, row);
        row->choose &= row->lines.n > 0;
    }

    if (p->refusal != NULL && cxr_str_eq(p->refused, w->id)) {
        row->error = cxr_say_refusal(say, p->refusal);
    }
}


cxr_rc_t
cxr_view_withdrawals(const cxr_staff_withdrawals_t *p,
    cxr_view_withdrawals_t *view)
{
    size_t            i;
    cxr_say_t         say = cxr_say_to(p->ctx, p->arena);
    cxr_str_t         query;
    cxr_view_wrow_t  *row;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->actor = p->actor;
    view->token = p->token;
    view->done = p->done;
    view->reason_max = CXR_STAFF_REASON_MAX;

    cxr_view_wtabs(p, &say, view);

    for (i = 0; i < p->n; i++) {
        row = cxr_say_push(&say, &view->rows, sizeof(*row));
        if (row == NULL) {
            break;
        }

        cxr_view_wrow(p, &p->items[i], &say, row);
    }

    view->has_rows = view->rows.n > 0;

    if (p->refusal != NULL) {
        view->error = cxr_say_join(&say, p->refused, ": ",
                                   cxr_say_refusal(&say, p->refusal));
    }

    if (p->next.len != 0) {
        query = p->state < 0
                ? cxr_sprintf(p->arena, "withdrawals?cursor=%.*s",
                              cxr_str_arg(p->next))
                : cxr_sprintf(p->arena, "withdrawals?state=%s&cursor=%.*s",
                              cxr_withdrawal_state_names[p->state],
                              cxr_str_arg(p->next));
        view->next_url = cxr_say_url(&say,
                                     cxr_say_join(&say, p->ctx->shop->staff,
                                                  "", query), "");
    }

    return cxr_say_rc(&say);
}
