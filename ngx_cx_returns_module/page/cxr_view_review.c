
/* The portal's last step: the whole once more before it is sent. */

#include "cxr_view_portal_private.h"
#include "cxr_view_rma.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_review_line_fields[] = {
    CXR_FIELD(cxr_view_review_line_t, title, STR),
    CXR_FIELD(cxr_view_review_line_t, variant, STR),
    CXR_VIEW_URL(cxr_view_review_line_t, image),
    CXR_FIELD(cxr_view_review_line_t, quantity, U32),
    CXR_FIELD(cxr_view_review_line_t, reason, STR),
    CXR_FIELD(cxr_view_review_line_t, note, STR),
    CXR_FIELD(cxr_view_review_line_t, outcome, STR),
    CXR_FIELD(cxr_view_review_line_t, exchange, STR),
    CXR_FIELD(cxr_view_review_line_t, paid, STR),
    CXR_FIELD(cxr_view_review_line_t, refund, STR),
    CXR_FIELD(cxr_view_review_line_t, due, STR),
    CXR_FIELD_SUB(cxr_view_review_line_t, photos, LIST, &cxr_view_photo_type),
    CXR_FIELD(cxr_view_review_line_t, has_photos, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_review_line_type = {
    "review_line", 0, 1, sizeof(cxr_view_review_line_t),
    cxr_view_review_line_fields
};

static const cxr_field_t  cxr_view_review_fields[] = {
    CXR_VIEW_PAGE(cxr_view_review_t),
    CXR_VIEW_URL(cxr_view_review_t, action),
    CXR_VIEW_URL(cxr_view_review_t, back),
    CXR_VIEW_URL(cxr_view_review_t, change),
    CXR_FIELD_SUB(cxr_view_review_t, hidden, LIST, &cxr_pair_type),
    CXR_FIELD(cxr_view_review_t, number, STR),
    CXR_FIELD_SUB(cxr_view_review_t, lines, LIST, &cxr_view_review_line_type),
    CXR_FIELD_SUB(cxr_view_review_t, money, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_review_t, delivery_note, STR),
    CXR_FIELD(cxr_view_review_t, refund, STR),
    CXR_FIELD(cxr_view_review_t, due, STR),
    CXR_FIELD(cxr_view_review_t, even, BOOL),
    CXR_FIELD_SUB(cxr_view_review_t, totals, LIST, &cxr_view_sum_type),
    CXR_FIELD_SUB(cxr_view_review_t, refunds, LIST, &cxr_view_refund_type),
    CXR_FIELD(cxr_view_review_t, pays, BOOL),
    CXR_FIELD(cxr_view_review_t, by_person, BOOL),
    CXR_FIELD(cxr_view_review_t, label_days, U32),
    CXR_FIELD(cxr_view_review_t, send_by, STR),
    CXR_FIELD(cxr_view_review_t, until, STR),
    CXR_FIELD(cxr_view_review_t, form_error, STR),
    CXR_FIELD_SUB(cxr_view_review_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_review_t, has_errors, BOOL),
    CXR_FIELD(cxr_view_review_t, way, STR),
    CXR_FIELD(cxr_view_review_t, way_note, STR),
    CXR_FIELD(cxr_view_review_t, goes, BOOL),
    CXR_FIELD(cxr_view_review_t, has_instant, BOOL),
    CXR_FIELD(cxr_view_review_t, instant, BOOL),
    CXR_FIELD(cxr_view_review_t, instant_days, U32),
    CXR_FIELD(cxr_view_review_t, instant_later, STR),
    CXR_FIELD(cxr_view_review_t, claim, BOOL),
    CXR_FIELD_SUB(cxr_view_review_t, consents, LIST, &cxr_view_consent_type),
    CXR_FIELD(cxr_view_review_t, has_consents, BOOL),
    CXR_FIELD_SUB(cxr_view_review_t, gift, REC, &cxr_view_gift_type),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_review_type = {
    "review", 0, 1, sizeof(cxr_view_review_t), cxr_view_review_fields
};


static void
cxr_view_review_line(const cxr_portal_t *p, const cxr_portal_pick_t *pick,
    const cxr_rma_t *rma, const cxr_rma_line_t *from, cxr_say_t *say,
    cxr_view_review_line_t *line)
{
    line->title = from->title;
    line->variant = from->variant;
    line->image = cxr_portal_image(p, &p->order->lines.items[pick->index]);
    line->quantity = from->quantity;
    line->reason = cxr_say_reason(say, from->reason);
    line->note = pick->note;
    line->outcome = cxr_say_name(say, "outcome.",
                                 cxr_outcome_names[from->outcome]);

    if (from->outcome == CXR_OUT_EXCHANGE) {
        line->exchange = from->exchange_title.len ? from->exchange_title
                                                  : from->exchange_sku;
    }

    if (!p->gift) {
        line->paid = cxr_say_money(say, rma->currency, from->paid);
        line->refund = cxr_say_some(say, rma->currency, from->refund);
        line->due = cxr_say_some(say, rma->currency, from->due);
    }

    cxr_view_tickets(say, p->url, pick, &line->photos);
    line->has_photos = line->photos.n > 0;
}


static void
cxr_view_review_way(const cxr_rma_t *preview, cxr_say_t *say,
    cxr_view_review_t *view)
{
    int   k;
    char  key[64];

    k = cxr_name_index(cxr_method_names, preview->method);

    if (k < 0) {
        return;
    }

    view->goes = k != CXR_METHOD_NOTHING;
    view->way = cxr_say_name(say, "way.", cxr_method_names[k]);

    (void) snprintf(key, sizeof(key), "way.%s.note", cxr_method_names[k]);
    view->way_note = cxr_say(say, key);

    if (k == CXR_METHOD_OWN_CARRIER) {
        view->way_note = cxr_say_join(say, view->way_note, " ",
                                      cxr_say(say, cxr_view_carriage(preview)));
    }
}


/* Where the policy lets exchange goods go out first, she says whether. */

static void
cxr_view_review_instant(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_say_t *say, cxr_view_review_t *view)
{
    char                   key[64];
    uint32_t               i;
    unsigned               release;
    const cxr_policy_t    *policy = &p->ctx->shop->policy;
    const cxr_rma_line_t  *line;

    for (i = 0; i < preview->lines.n && policy->instant_days != 0
                && !p->gift; i++)
    {
        line = &preview->lines.items[i];

        if (line->outcome != CXR_OUT_EXCHANGE || line->no_return) {
            continue;
        }

        release = cxr_view_release_by(preview, line->instant
                                      ? policy->release[CXR_OUT_EXCHANGE]
                                      : line->release);

        /* it goes out at once in any case */

        if (release == CXR_RELEASE_ON_SUBMIT) {
            continue;
        }

        (void) snprintf(key, sizeof(key), "instant.later.%s",
                        release == CXR_RELEASE_FIRST_SCAN ? "first_scan"
                        : release == CXR_RELEASE_INSPECTED ? "inspected"
                                                           : "received");
        view->has_instant = true;
        view->instant = form->instant;
        view->instant_days = policy->instant_days;
        view->instant_later = cxr_say(say, key);
        return;
    }
}


cxr_rc_t
cxr_view_review(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_view_review_t *view)
{
    unsigned                  part;
    cxr_portal_pick_t         of;
    uint32_t                  i, k;
    cxr_say_t                 say = cxr_say_to(p->ctx, p->arena);
    cxr_breakdown_part_t  net;
    cxr_time_t                t, until = CXR_TIME_NONE;
    cxr_pair_t              *pair;
    cxr_pairs_t               hidden;
    const cxr_shop_t         *shop = p->ctx->shop;
    cxr_view_review_line_t   *line;
    const cxr_portal_pick_t  *pick;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->action = cxr_say_url(&say, p->url, "/rma");
    view->back = cxr_say_url(&say, p->url, "/details");
    view->change = cxr_say_url(&say, p->url, "/items");
    view->number = p->order->number;

    for (i = 0, k = 0; i < form->picks.n && k < preview->lines.n; i++) {
        pick = &form->picks.items[i];

        if (pick->quantity == 0) {
            continue;
        }

        for (part = 0; k < preview->lines.n
                       && cxr_portal_part(pick, part, &of); part++)
        {
            line = cxr_say_push(&say, &view->lines, sizeof(*line));
            if (line == NULL) {
                break;
            }

            view->by_person |= preview->lines.items[k].decision
                               == CXR_DECISION_PENDING;

            cxr_view_review_line(p, &of, preview,
                                 &preview->lines.items[k++], &say, line);
        }

        t = p->judgements[pick->index].deadline;

        if (t != CXR_TIME_NONE && (until == CXR_TIME_NONE || t < until)) {
            until = t;
        }
    }

    view->claim = preview->kind == CXR_KIND_CLAIM;
    cxr_view_review_way(preview, &say, view);
    cxr_view_review_instant(p, form, preview, &say, view);
    cxr_view_consents(p, form, preview, &say, view);
    view->gift = cxr_view_gift(form, &say);

    if (!p->gift) {
        cxr_say_sums(&say, preview, &view->money, &net, &view->delivery_note);
        view->refund = cxr_say_some(&say, preview->currency, net.refund);
        view->due = cxr_say_some(&say, preview->currency, net.due);
        view->even = net.refund == 0 && net.due == 0;
        cxr_say_totals(&say, preview, &net, &view->totals);
        cxr_view_refunds_planned(&say, preview, &view->refunds);
        view->pays = cxr_view_pays(preview);
    }

    view->label_days = shop->policy.label_days;
    view->until = cxr_say_date(&say, until, CXR_DATE_DAY);

    if (!view->by_person) {
        t = preview->label_expires;

        if (t == CXR_TIME_NONE) {
            t = p->now + shop->policy.label_days * CXR_DAY;
        }

        view->send_by = cxr_say_date(&say, t, CXR_DATE_DAY);
    }

    cxr_view_hidden(&say, p, form, CXR_FIELDS_QUANTITY | CXR_FIELDS_DETAILS,
                    &hidden);

    pair = p->gift ? NULL : cxr_say_push(&say, &hidden, sizeof(*pair));

    if (pair != NULL) {
        pair->name = cxr_str("m");
        pair->value = cxr_sprintf(p->arena, "%lld.%lld",
                                  (long long) preview->refund,
                                  (long long) preview->due);
    }

    view->hidden.items = hidden.items;
    view->hidden.n = hidden.n;

    view->form_error = cxr_portal_fault_text(&say, &form->faults, CXR_AT_FORM,
                                             0);
    cxr_portal_summary(&say, &form->faults, p->order, &view->errors);
    view->has_errors = view->errors.n > 0;
    view->page->wrong = view->has_errors;

    return cxr_say_rc(&say);
}
