
/*
 * What of an order may be cancelled before it is sent, and the whole once more
 * before it is.
 */

#include "cxr_view_cancel.h"
#include "cxr_view_portal_private.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_cancel_line_fields[] = {
    CXR_FIELD(cxr_view_cancel_line_t, title, STR),
    CXR_FIELD(cxr_view_cancel_line_t, variant, STR),
    CXR_VIEW_URL(cxr_view_cancel_line_t, image),
    CXR_FIELD(cxr_view_cancel_line_t, quantity, U32),
    CXR_FIELD(cxr_view_cancel_line_t, paid, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_cancel_line_type = {
    "cancel_line", 0, 1, sizeof(cxr_view_cancel_line_t),
    cxr_view_cancel_line_fields
};

static const cxr_field_t  cxr_view_cancel_fields[] = {
    CXR_VIEW_PAGE(cxr_view_cancel_t),
    CXR_VIEW_URL(cxr_view_cancel_t, action),
    CXR_VIEW_URL(cxr_view_cancel_t, back),
    CXR_FIELD_SUB(cxr_view_cancel_t, hidden, LIST, &cxr_pair_type),
    CXR_FIELD(cxr_view_cancel_t, number, STR),
    CXR_VIEW_URL(cxr_view_cancel_t, order_url),
    CXR_VIEW_URL(cxr_view_cancel_t, talk_url),
    CXR_FIELD(cxr_view_cancel_t, note, STR),
    CXR_FIELD(cxr_view_cancel_t, review, BOOL),
    CXR_FIELD(cxr_view_cancel_t, by_person, BOOL),
    CXR_FIELD_SUB(cxr_view_cancel_t, items, LIST, &cxr_view_item_type),
    CXR_FIELD(cxr_view_cancel_t, has_items, BOOL),
    CXR_FIELD_SUB(cxr_view_cancel_t, kept, LIST, &cxr_view_item_type),
    CXR_FIELD(cxr_view_cancel_t, has_kept, BOOL),
    CXR_FIELD_SUB(cxr_view_cancel_t, reasons, LIST, &cxr_view_reason_type),
    CXR_FIELD_SUB(cxr_view_cancel_t, lines, LIST, &cxr_view_cancel_line_type),
    CXR_FIELD(cxr_view_cancel_t, reason, STR),
    CXR_FIELD(cxr_view_cancel_t, until, STR),
    CXR_FIELD_SUB(cxr_view_cancel_t, money, LIST, &cxr_view_sum_type),
    CXR_FIELD_SUB(cxr_view_cancel_t, totals, LIST, &cxr_view_sum_type),
    CXR_FIELD_SUB(cxr_view_cancel_t, refunds, LIST, &cxr_view_refund_type),
    CXR_FIELD(cxr_view_cancel_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_cancel_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_cancel_t, has_errors, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_cancel_type = {
    "cancel", 0, 1, sizeof(cxr_view_cancel_t), cxr_view_cancel_fields
};


bool
cxr_view_cancels(const cxr_portal_t *p)
{
    uint32_t  i;

    for (i = 0; p->cancels != NULL && i < p->order->lines.n; i++) {
        if (p->cancels[i].verdict == CXR_CANCEL_MAY) {
            return true;
        }
    }

    return false;
}


bool
cxr_view_cancelled(const cxr_portal_t *p, const cxr_order_line_t *line)
{
    size_t                 i;
    uint32_t               k, units;
    const cxr_rma_t       *rma;
    const cxr_rma_line_t  *l;

    units = 0;

    for (i = 0; i < p->nrmas; i++) {
        rma = p->rmas[i].rma;

        for (k = 0; k < rma->lines.n; k++) {
            l = &rma->lines.items[k];

            if (rma->kind == CXR_KIND_CANCELLATION && !rma->cancelled
                && l->decision != CXR_DECISION_DECLINED
                && cxr_str_eq(l->line, line->line))
            {
                units += l->quantity;
            }
        }
    }

    return units != 0 && units >= line->quantity;
}


/* Why a line is past it, in the shop's own words where a rule has some. */

static cxr_str_t
cancel_why(const cxr_portal_t *p, cxr_say_t *say, uint32_t index)
{
    char                 key[64];
    cxr_str_t            text;
    const cxr_cancel_t  *c = &p->cancels[index];

    if (c->denial != NULL && c->denial->n != 0) {
        return cxr_texts_in(c->denial, cxr_lang_code(say->ctx->lang));
    }

    if (c->verdict == CXR_CANCEL_TAKEN
        && cxr_view_cancelled(p, &p->order->lines.items[index]))
    {
        return cxr_say(say, "cancel.why.asked");
    }

    (void) snprintf(key, sizeof(key), "cancel.why.%s",
                    cxr_cancel_verdict_names[c->verdict]);

    text = cxr_say(say, key);

    return text.len != 0 ? text : cxr_say(say, "cancel.why.sent");
}


/* The lines as the first step of a return shows them. */

static void
cancel_items(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_say_t *say, cxr_view_cancel_t *view)
{
    uint32_t           i;
    cxr_portal_t       as = *p;
    cxr_view_item_t   *it;
    cxr_view_items_t   lists;
    cxr_judgement_t   *js;

    js = cxr_say_room(say, p->order->lines.n + 1, sizeof(*js));
    if (js == NULL) {
        return;
    }

    memset(&lists, 0, sizeof(lists));
    memset(js, 0, (p->order->lines.n + 1) * sizeof(*js));
    as.judgements = js;

    for (i = 0; i < p->order->lines.n && !say->failed; i++) {

        /* what an exchange gave was sent in the place of what it gave it for */

        if (p->order->lines.items[i].origin_rma.len != 0) {
            continue;
        }

        js[i].verdict = p->cancels[i].verdict == CXR_CANCEL_MAY
                        ? CXR_MAY_RETURN : CXR_NO_NOT_DELIVERED;
        js[i].returnable = p->cancels[i].units;

        cxr_view_item(&as, form, i, say, &lists);

        if (js[i].verdict != CXR_MAY_RETURN && lists.kept.n != 0) {
            it = &lists.kept.items[lists.kept.n - 1];
            it->why = cancel_why(p, say, i);
        }
    }

    view->items.items = lists.items.items;
    view->items.n = lists.items.n;
    view->has_items = lists.items.n != 0;
    view->kept.items = lists.kept.items;
    view->kept.n = lists.kept.n;
    view->has_kept = lists.kept.n != 0;
}


static void
cancel_reasons(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_say_t *say, cxr_view_cancel_t *view)
{
    uint32_t                   i;
    cxr_view_reason_t         *r;
    const cxr_cancel_terms_t  *terms = &p->ctx->shop->policy.cancels;

    for (i = 0; i < terms->reasons.n; i++) {
        r = cxr_say_push(say, &view->reasons, sizeof(*r));
        if (r == NULL) {
            return;
        }

        r->code = terms->reasons.items[i].code;
        r->text = cxr_say_reason(say, r->code);
        r->selected = cxr_str_eq(r->code, form->cancel_reason);
    }
}


static void
cancel_review(const cxr_portal_t *p, const cxr_rma_t *preview, cxr_say_t *say,
    cxr_view_cancel_t *view)
{
    uint32_t                 i;
    cxr_str_t                note;
    cxr_view_cancel_line_t  *to;
    cxr_breakdown_part_t     net;
    const cxr_rma_line_t    *l;

    for (i = 0; i < preview->lines.n; i++) {
        l = &preview->lines.items[i];

        to = cxr_say_push(say, &view->lines, sizeof(*to));
        if (to == NULL) {
            return;
        }

        to->title = l->title;
        to->variant = l->variant;
        to->image = cxr_portal_image(p, cxr_order_line(p->order, l->line));
        to->quantity = l->quantity;
        to->paid = cxr_say_money(say, preview->currency, l->paid);

        view->by_person |= l->decision == CXR_DECISION_PENDING;
        view->reason = cxr_say_reason_of(say, preview, l->reason);
    }

    cxr_say_sums(say, preview, &view->money, &net, &note);
    cxr_say_totals(say, preview, &net, &view->totals);
    cxr_view_refunds_planned(say, preview, &view->refunds);
}


/* What the review hands on besides the choice: the reason, and the sum that she
   agrees to. */

static void
cancel_hidden(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_say_t *say, cxr_view_cancel_t *view)
{
    cxr_pair_t   *pair;
    cxr_pairs_t   hidden;

    cxr_view_hidden(say, p, form, preview ? CXR_FIELDS_QUANTITY : 0, &hidden);

    if (preview != NULL) {
        pair = cxr_say_push(say, &hidden, sizeof(*pair));
        if (pair == NULL) {
            return;
        }

        pair->name = cxr_str("reason");
        pair->value = form->cancel_reason;

        pair = cxr_say_push(say, &hidden, sizeof(*pair));
        if (pair == NULL) {
            return;
        }

        pair->name = cxr_str("m");
        pair->value = cxr_sprintf(p->arena, "%lld.%lld",
                                  (long long) preview->refund,
                                  (long long) preview->due);
        say->failed |= pair->value.data == NULL;
    }

    view->hidden.items = hidden.items;
    view->hidden.n = hidden.n;
}


cxr_rc_t
cxr_view_cancel(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_view_cancel_t *view)
{
    uint32_t     i;
    cxr_say_t    say = cxr_say_to(p->ctx, p->arena);
    cxr_time_t   until = CXR_TIME_NONE;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->number = p->order->number;
    view->order_url = cxr_say_url(&say, p->url, "");
    view->talk_url = cxr_say_url(&say, p->url, "/talk");
    view->action = cxr_say_url(&say, p->url, preview ? "/cancel/send"
                                                     : "/cancel/review");
    view->back = cxr_say_url(&say, p->url, "/cancel");
    view->note = cxr_texts_in(&p->ctx->shop->policy.cancels.text,
                              cxr_lang_code(p->ctx->lang));
    view->review = preview != NULL;

    cancel_hidden(p, form, preview, &say, view);

    if (preview != NULL) {
        cancel_review(p, preview, &say, view);

    } else {
        cancel_items(p, form, &say, view);
        cancel_reasons(p, form, &say, view);
    }

    for (i = 0; i < p->order->lines.n; i++) {
        if (p->cancels[i].verdict == CXR_CANCEL_MAY) {
            until = p->cancels[i].until;
        }
    }

    view->until = cxr_say_date(&say, until, CXR_DATE_DAY_TIME);

    view->form_error = cxr_portal_fault_text(&say, &form->faults, CXR_AT_FORM,
                                             0);
    cxr_portal_summary(&say, &form->faults, p->order, &view->errors);
    view->has_errors = view->errors.n > 0;

    return cxr_say_rc(&say);
}
