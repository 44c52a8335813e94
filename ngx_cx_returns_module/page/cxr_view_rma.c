
#include "cxr_country.h"
#include "cxr_view_rma.h"

#include <stdio.h>


static const cxr_field_t  cxr_view_deduction_fields[] = {
    CXR_FIELD(cxr_view_deduction_t, amount, STR),
    CXR_FIELD(cxr_view_deduction_t, why, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_deduction_type = {
    "deduction", 0, 1, sizeof(cxr_view_deduction_t), cxr_view_deduction_fields
};

static const cxr_field_t  cxr_view_rma_line_fields[] = {
    CXR_FIELD(cxr_view_rma_line_t, title, STR),
    CXR_FIELD(cxr_view_rma_line_t, variant, STR),
    CXR_VIEW_URL(cxr_view_rma_line_t, image),
    CXR_FIELD(cxr_view_rma_line_t, quantity, U32),
    CXR_FIELD(cxr_view_rma_line_t, reason, STR),
    CXR_FIELD(cxr_view_rma_line_t, note, STR),
    CXR_FIELD(cxr_view_rma_line_t, outcome, STR),
    CXR_FIELD(cxr_view_rma_line_t, exchange, STR),
    CXR_FIELD_ENUM(cxr_view_rma_line_t, decision, cxr_decision_names),
    CXR_FIELD(cxr_view_rma_line_t, decision_text, STR),
    CXR_FIELD(cxr_view_rma_line_t, tone, STR),
    CXR_FIELD(cxr_view_rma_line_t, declined, BOOL),
    CXR_FIELD(cxr_view_rma_line_t, staff_reason, STR),
    CXR_FIELD_ENUM(cxr_view_rma_line_t, receipt, cxr_receipt_names),
    CXR_FIELD_ENUM(cxr_view_rma_line_t, settlement, cxr_settlement_names),
    CXR_FIELD(cxr_view_rma_line_t, receipt_text, STR),
    CXR_FIELD(cxr_view_rma_line_t, settlement_text, STR),
    CXR_FIELD(cxr_view_rma_line_t, paid, STR),
    CXR_FIELD(cxr_view_rma_line_t, refund, STR),
    CXR_FIELD(cxr_view_rma_line_t, credit, BOOL),
    CXR_FIELD(cxr_view_rma_line_t, due, STR),
    CXR_FIELD_SUB(cxr_view_rma_line_t, photos, LIST, &cxr_view_photo_type),
    CXR_FIELD(cxr_view_rma_line_t, has_photos, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_line_t, deductions, LIST,
                  &cxr_view_deduction_type),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_rma_line_type = {
    "line", 0, 1, sizeof(cxr_view_rma_line_t), cxr_view_rma_line_fields
};

static const cxr_field_t  cxr_view_stage_fields[] = {
    CXR_FIELD(cxr_view_stage_t, text, STR),
    CXR_FIELD(cxr_view_stage_t, state, STR),
    CXR_FIELD(cxr_view_stage_t, done, BOOL),
    CXR_FIELD(cxr_view_stage_t, now, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_stage_type = {
    "stage", 0, 1, sizeof(cxr_view_stage_t), cxr_view_stage_fields
};

static const cxr_field_t  cxr_view_rma_fields[] = {
    CXR_VIEW_PAGE(cxr_view_rma_t),
    CXR_FIELD(cxr_view_rma_t, id, STR),
    CXR_FIELD(cxr_view_rma_t, number, STR),
    CXR_FIELD_ENUM(cxr_view_rma_t, status, cxr_rma_status_names),
    CXR_FIELD(cxr_view_rma_t, status_text, STR),
    CXR_FIELD(cxr_view_rma_t, tone, STR),
    CXR_FIELD(cxr_view_rma_t, hero, STR),
    CXR_FIELD(cxr_view_rma_t, headline, STR),
    CXR_FIELD(cxr_view_rma_t, next, STR),
    CXR_FIELD(cxr_view_rma_t, ask, BOOL),
    CXR_FIELD(cxr_view_rma_t, fresh, BOOL),
    CXR_FIELD(cxr_view_rma_t, cancelled_now, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, stages, LIST, &cxr_view_stage_type),
    CXR_FIELD(cxr_view_rma_t, has_stages, BOOL),
    CXR_FIELD(cxr_view_rma_t, has_label, BOOL),
    CXR_VIEW_URL(cxr_view_rma_t, label_url),
    CXR_VIEW_URL(cxr_view_rma_t, label_pdf_url),
    CXR_VIEW_URL(cxr_view_rma_t, slip_url),
    CXR_VIEW_URL(cxr_view_rma_t, qr_url),
    CXR_FIELD(cxr_view_rma_t, label_until, STR),
    CXR_FIELD(cxr_view_rma_t, label_expired, BOOL),
    CXR_FIELD(cxr_view_rma_t, to_pack, BOOL),
    CXR_FIELD(cxr_view_rma_t, carriers, STR),
    CXR_FIELD(cxr_view_rma_t, address, STRS),
    CXR_FIELD_SUB(cxr_view_rma_t, lines, LIST, &cxr_view_rma_line_type),
    CXR_FIELD_SUB(cxr_view_rma_t, money, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_rma_t, delivery_note, STR),
    CXR_FIELD_SUB(cxr_view_rma_t, payments, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_rma_t, has_payments, BOOL),
    CXR_FIELD(cxr_view_rma_t, has_money, BOOL),
    CXR_FIELD(cxr_view_rma_t, has_sums, BOOL),
    CXR_FIELD(cxr_view_rma_t, refund, STR),
    CXR_FIELD(cxr_view_rma_t, due, STR),
    CXR_FIELD(cxr_view_rma_t, even, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, totals, LIST, &cxr_view_sum_type),
    CXR_FIELD(cxr_view_rma_t, reference, STR),
    CXR_VIEW_URL(cxr_view_rma_t, pay_url),
    CXR_FIELD_SUB(cxr_view_rma_t, refunds, LIST, &cxr_view_refund_type),
    CXR_FIELD(cxr_view_rma_t, has_refunds, BOOL),
    CXR_FIELD(cxr_view_rma_t, credit_alone, BOOL),
    CXR_FIELD(cxr_view_rma_t, refund_law, STR),
    CXR_FIELD_SUB(cxr_view_rma_t, steps, LIST, &cxr_view_step_type),
    CXR_FIELD(cxr_view_rma_t, cancellation, BOOL),
    CXR_FIELD(cxr_view_rma_t, can_cancel, BOOL),
    CXR_VIEW_URL(cxr_view_rma_t, cancel_url),
    CXR_FIELD(cxr_view_rma_t, expect, U32),
    CXR_VIEW_URL(cxr_view_rma_t, permalink),
    CXR_VIEW_URL(cxr_view_rma_t, track_url),
    CXR_VIEW_URL(cxr_view_rma_t, order_url),
    CXR_FIELD(cxr_view_rma_t, instant_title, STR),
    CXR_FIELD(cxr_view_rma_t, instant_text, STR),
    CXR_FIELD(cxr_view_rma_t, instant_tone, STR),
    CXR_VIEW_URL(cxr_view_rma_t, talk_url),
    CXR_FIELD(cxr_view_rma_t, talk_text, STR),
    CXR_FIELD(cxr_view_rma_t, error, STR),
    CXR_FIELD_SUB(cxr_view_rma_t, parcels, LIST, &cxr_view_sent_type),
    CXR_FIELD(cxr_view_rma_t, has_parcels, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, send, REC, &cxr_view_sent_form_type),
    CXR_FIELD(cxr_view_rma_t, sent_now, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, errors, LIST, &cxr_view_fault_type),
    CXR_FIELD(cxr_view_rma_t, has_errors, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, survey, REC, &cxr_view_survey_type),
    CXR_FIELD_SUB(cxr_view_rma_t, talk, REC, &cxr_view_talk_type),
    CXR_FIELD(cxr_view_rma_t, method, STR),
    CXR_FIELD(cxr_view_rma_t, way, STR),
    CXR_FIELD(cxr_view_rma_t, by_label, BOOL),
    CXR_FIELD(cxr_view_rma_t, by_qr, BOOL),
    CXR_FIELD(cxr_view_rma_t, by_code, BOOL),
    CXR_FIELD(cxr_view_rma_t, by_carrier_label, BOOL),
    CXR_FIELD(cxr_view_rma_t, in_store, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, way_steps, LIST, &cxr_view_way_step_type),
    CXR_FIELD(cxr_view_rma_t, to_address, BOOL),
    CXR_FIELD(cxr_view_rma_t, code, STR),
    CXR_FIELD(cxr_view_rma_t, code_carrier, STR),
    CXR_FIELD(cxr_view_rma_t, code_until, STR),
    CXR_FIELD(cxr_view_rma_t, code_waits, BOOL),
    CXR_VIEW_URL(cxr_view_rma_t, carrier_label_url),
    CXR_FIELD(cxr_view_rma_t, carrier_label_file, STR),
    CXR_FIELD(cxr_view_rma_t, label_waits, BOOL),
    CXR_FIELD_SUB(cxr_view_rma_t, stores, LIST, &cxr_view_place_type),
    CXR_FIELD(cxr_view_rma_t, gift, BOOL),
    CXR_FIELD(cxr_view_rma_t, credit_code, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_rma_type = {
    "rma_page", 0, 1, sizeof(cxr_view_rma_t), cxr_view_rma_fields
};

static const char *const  cxr_decision_tones[] = {
    [CXR_DECISION_PENDING] = "busy",
    [CXR_DECISION_APPROVED] = "good",
    [CXR_DECISION_DECLINED] = "bad",
    [CXR_DECISION_INFO_NEEDED] = "warn"
};


/*
 * What the shop does not know it does not say: that something is owed and what
 * it waits for; that the shop was told to pay or to send, not that it did.
 */
static cxr_str_t
cxr_view_settlement(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_rma_line_t *line)
{
    char         key[96];
    unsigned     release;
    cxr_str_t    text;
    const char  *state, *what;

    release = cxr_view_release(rma, line);
    state = cxr_settlement_names[line->settlement];
    what = rma->kind == CXR_KIND_CANCELLATION ? "cancellation"
           : cxr_view_settles_line(line);
    text = CXR_STR_NONE;

    if (line->settlement == CXR_SETTLEMENT_OWED) {
        (void) snprintf(key, sizeof(key), "rma.settlement.%s.%s.%s", state,
                        what, release < CXR_RELEASES
                              ? cxr_release_names[release] : "none");
        text = cxr_say(say, key);
    }

    if (text.len == 0) {
        (void) snprintf(key, sizeof(key), "rma.settlement.%s.%s", state, what);
        text = cxr_say(say, key);
    }

    if (text.len == 0) {
        text = cxr_say_name(say, "rma.settlement.", state);
    }

    /* dearer goods wait for her payment, whatever else they wait for */

    return line->settlement == CXR_SETTLEMENT_OWED
           && cxr_line_unpaid(rma, line)
           ? cxr_say_join(say, text, "", cxr_say(say, "rma.settlement.unpaid"))
           : text;
}


static void
cxr_view_deductions(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_rma_line_t *line, cxr_view_rma_line_t *out)
{
    uint32_t                  i;
    cxr_view_deduction_t     *d;
    const cxr_rma_grading_t  *g;

    for (i = 0; i < rma->gradings.n; i++) {
        g = &rma->gradings.items[i];

        if (g->deduct == 0 || !cxr_str_eq(g->item, line->item)) {
            continue;
        }

        d = cxr_say_push(say, &out->deductions, sizeof(*d));
        if (d == NULL) {
            return;
        }

        d->amount = cxr_say_money(say, rma->currency, -g->deduct);
        d->why = g->deduct_reason;
    }
}


void
cxr_view_rma_line(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_rma_line_t *line, cxr_str_t note, cxr_view_rma_line_t *out)
{
    cxr_arg_t  came[2];

    memset(out, 0, sizeof(*out));

    out->title = line->title;
    out->variant = line->variant;
    out->image = cxr_view_safe_url(line->image);
    out->quantity = line->quantity;
    out->reason = cxr_say_reason_of(say, rma, line->reason);
    out->note = note;
    out->outcome = cxr_say_name(say, "outcome.",
                                cxr_outcome_names[line->outcome]);

    if (line->outcome == CXR_OUT_EXCHANGE) {
        out->exchange = line->exchange_title.len ? line->exchange_title
                                                 : line->exchange_sku;
    }

    out->decision = line->decision;
    out->credit = line->outcome == CXR_OUT_STORE_CREDIT;
    out->receipt = line->receipt;
    out->settlement = line->settlement;
    out->declined = line->decision == CXR_DECISION_DECLINED;

    if (!rma->cancelled) {
        out->decision_text = cxr_say_name(say, "decision.",
                                          cxr_decision_names[line->decision]);
        out->tone = cxr_strz(cxr_decision_tones[line->decision]);
    }

    if (out->declined || line->decision == CXR_DECISION_INFO_NEEDED) {
        out->staff_reason = line->overtaken ? cxr_say(say, "rma.overtaken")
                                            : line->decline_reason;
    }

    if (line->receipt != CXR_RECEIPT_AWAITING) {
        came[0] = cxr_arg_int("have", line->counted);
        came[1] = cxr_arg_int("want", line->quantity);
        out->receipt_text = line->receipt == CXR_RECEIPT_SHORT
                            ? cxr_say_with(say, "rma.receipt.short", came, 2)
                            : cxr_say_name(say, "rma.receipt.",
                                           cxr_receipt_names[line->receipt]);
    }

    if (line->settlement != CXR_SETTLEMENT_NONE && !out->declined) {
        out->settlement_text = cxr_view_settlement(say, rma, line);
    }

    out->paid = cxr_say_money(say, rma->currency, line->paid);

    if (!out->declined && !rma->cancelled) {
        out->refund = cxr_say_some(say, rma->currency, line->refund);
        out->due = cxr_say_some(say, rma->currency, line->due);
        cxr_view_deductions(say, rma, line, out);
    }
}


bool
cxr_view_may_cancel(const cxr_rma_t *rma)
{
    uint32_t               i;
    const cxr_rma_line_t  *line;

    if (rma->cancelled
        || (rma->status != CXR_RMA_REQUESTED
            && rma->status != CXR_RMA_INFO_NEEDED
            && rma->status != CXR_RMA_APPROVED))
    {
        return false;
    }

    for (i = 0; i < rma->lines.n; i++) {
        line = &rma->lines.items[i];

        if (line->parcel > CXR_PARCEL_LABEL_ISSUED
            || line->receipt != CXR_RECEIPT_AWAITING
            || line->settlement > CXR_SETTLEMENT_OWED)
        {
            return false;
        }
    }

    return true;
}


static void
cxr_view_rma_label(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    uint32_t                   i;
    cxr_str_t                 *line, name;
    const cxr_shop_t          *shop = p->ctx->shop;
    const cxr_rma_t           *rma = p->rma;
    const cxr_address_t       *to;

    view->label_until = cxr_say_date(say, rma->label_expires, CXR_DATE_DAY);

    if (rma->label_jti.len == 0 || rma->status != CXR_RMA_APPROVED) {
        return;
    }

    view->label_expired = rma->label_expires != CXR_TIME_NONE
                          && rma->label_expires < p->now;

    if (view->label_expired) {
        return;
    }

    view->has_label = true;
    view->to_pack = true;
    cxr_view_rma_way(p, say, view);
    view->label_url = cxr_say_url(say, p->url, "/label.html");
    view->label_pdf_url = cxr_say_url(say, p->url, "/label.pdf");
    view->slip_url = cxr_say_url(say, p->url, "/slip.html");
    view->qr_url = cxr_say_url(say, p->url, "/qr.html");

    for (i = 0; i < shop->carriers.n; i++) {
        if (shop->carriers.items[i].no_returns) {
            continue;
        }

        name = shop->carriers.items[i].name;
        view->carriers = view->carriers.len
                         ? cxr_say_join(say, view->carriers, ", ", name)
                         : name;
    }

    to = cxr_shop_destination(shop, p->rma->destination);

    if (to->name.len) {
        line = cxr_say_push(say, &view->address, sizeof(*line));
        if (line != NULL) {
            *line = to->name;
        }
    }

    for (i = 0; i < to->lines.n; i++) {
        line = cxr_say_push(say, &view->address, sizeof(*line));
        if (line != NULL) {
            *line = to->lines.items[i];
        }
    }

    line = cxr_say_push(say, &view->address, sizeof(*line));
    if (line != NULL) {
        *line = cxr_say_join(say, to->postcode, " ", to->city);
    }

    /* she may be writing it on the box by hand, for another country's post */

    if (p->order != NULL && p->order->country.len != 0
        && !cxr_str_eq(p->order->country, to->country))
    {
        line = cxr_say_push(say, &view->address, sizeof(*line));
        if (line != NULL) {
            *line = cxr_country_name(cxr_lang_code(say->ctx->lang),
                                     to->country, say->a);
            say->failed |= line->data == NULL;
        }
    }
}


static void
cxr_view_rma_error(cxr_say_t *say, cxr_view_rma_t *view, cxr_str_t text,
    const char *url)
{
    cxr_view_fault_t  *e;

    if (text.len == 0) {
        return;
    }

    e = cxr_say_push(say, &view->errors, sizeof(*e));

    if (e != NULL) {
        e->text = text;
        e->field_url = cxr_strz(url);
        view->has_errors = true;
    }
}


/* What was paid for a gift, and what is taken off it, tell its price. */

static void
cxr_view_rma_discreet(cxr_view_rma_line_t *line)
{
    uint32_t  i;

    line->paid = CXR_STR_NONE;
    line->refund = CXR_STR_NONE;
    line->due = CXR_STR_NONE;

    for (i = 0; i < line->deductions.n; i++) {
        line->deductions.items[i].amount = CXR_STR_NONE;
    }
}


static void
cxr_view_rma_lines(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    uint32_t              i;
    const cxr_rma_t      *rma = p->rma;
    cxr_view_rma_line_t  *line;

    for (i = 0; i < rma->lines.n; i++) {
        line = cxr_say_push(say, &view->lines, sizeof(*line));
        if (line == NULL) {
            break;
        }

        cxr_view_rma_line(say, rma, &rma->lines.items[i],
                          p->notes ? p->notes[i] : CXR_STR_NONE, line);
        cxr_view_photos(say, p->url, &rma->lines.items[i].photos,
                        &line->photos);
        line->has_photos = line->photos.n > 0;

        if (rma->gift) {
            cxr_view_rma_discreet(line);
        }
    }
}


static void
cxr_view_rma_money(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    cxr_breakdown_t       sums;
    const cxr_rma_t      *rma = p->rma;
    cxr_breakdown_part_t  net;

    if (rma->gift) {
        return;
    }

    cxr_say_payments(say, rma, &view->payments);
    view->has_payments = view->payments.n > 0;

    /* of a return that will not happen there is no money to speak of, but for
       what was paid for it, and went or goes back */

    view->has_money = rma->status != CXR_RMA_DECLINED && !rma->cancelled
                      && !rma->expired;

    if (rma->status != CXR_RMA_DECLINED) {
        cxr_view_refunds(say, rma, &view->refunds);
        view->has_refunds = view->refunds.n > 0;
        view->credit_alone = strcmp(cxr_view_settles(rma), "credit") == 0;
    }

    view->has_sums = view->has_money || view->has_payments
                     || view->has_refunds;

    if (!view->has_money) {
        return;
    }

    cxr_say_sums(say, rma, &view->money, &net, &view->delivery_note);
    cxr_say_totals(say, rma, &net, &view->totals);
    view->refund = cxr_say_some(say, rma->currency, net.refund);
    view->due = cxr_say_some(say, rma->currency, net.due);
    view->even = net.refund == 0 && net.due == 0;

    /* nobody pays for what may still be declined */

    if (net.due != 0 && rma->status != CXR_RMA_REQUESTED
        && rma->status != CXR_RMA_INFO_NEEDED
        && cxr_rma_breakdown(rma, p->ctx->shop->pay_url, p->arena, &sums)
           == CXR_OK)
    {
        view->pay_url = sums.pay_url;
    }

    view->refund_law = cxr_view_refund_law(say, p->ctx->shop->tz, rma,
                                           p->law, p->law_version);

    /* what her bank finds it by */

    if (rma->settled > 0) {
        view->reference = rma->reference;
    }
}


/* A fault that has a field is said beside it; only others head the page. */

static void
cxr_view_rma_errors(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view)
{
    if (view->send != NULL) {
        cxr_view_rma_error(say, view, view->send->carrier_error,
                           "#send-carrier");
        cxr_view_rma_error(say, view, view->send->number_error,
                           "#send-number");
    }

    if (view->has_errors) {
        /* said beside the field */

    } else if (p->refusal != NULL) {
        view->error = cxr_say_refusal(say, p->refusal);

    } else if (p->conflict) {
        view->error = cxr_say(say, p->rma->cancelled
                                   || cxr_view_may_cancel(p->rma)
                                   ? "rma.changed"
                                   : "refusal.too_late_to_cancel");
    }
}


cxr_rc_t
cxr_view_rma(const cxr_rma_page_t *p, cxr_view_rma_t *view)
{
    cxr_say_t         say = cxr_say_to(p->ctx, p->arena);
    const cxr_rma_t  *rma = p->rma;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->id = rma->id;
    view->number = rma->order_number;
    view->fresh = p->fresh && !rma->cancelled;
    view->cancelled_now = p->cancelled_now && rma->cancelled;
    view->permalink = p->permalink;
    view->track_url = cxr_say_url(&say, p->track_url, "");
    say.failed |= cxr_view_about(p->page, rma->id, p->arena) != CXR_OK;
    view->order_url = cxr_say_url(&say, p->order_url, "");
    view->talk_url = cxr_say_url(&say, p->talk_url, "");
    cxr_view_instant(&say, rma, view);

    if (p->order_unread != 0) {
        view->talk_text = cxr_say_unread(&say, p->order_unread);
    }

    view->expect = rma->revision;
    view->gift = rma->gift;
    view->credit_code = rma->gift ? rma->credit_code : CXR_STR_NONE;

    cxr_view_rma_lines(p, &say, view);
    cxr_view_rma_money(p, &say, view);

    cxr_view_rma_label(p, &say, view);
    cxr_view_rma_head(p, &say, view);
    (void) cxr_view_rma_steps(&say, rma, false, &view->steps);

    cxr_view_sent(&say, rma, p->parcels, &view->parcels);
    view->has_parcels = view->parcels.n > 0;
    view->send = cxr_view_sent_form(&say, rma, p->sent, p->refusal, p->url);
    view->sent_now = p->sent_now && view->has_parcels;

    if (p->order != NULL) {
        cxr_survey_in_t  ask = {
            p->order, rma, CXR_TIME_NONE, p->now, p->url, p->survey_pick,
            p->survey_no, p->survey_said
        };

        view->survey = cxr_view_survey(&say, &ask);
    }

    if (p->talk != NULL) {
        p->talk->asked = view->ask;
        view->talk = cxr_view_talk(&say, p->talk);
    }

    view->cancellation = rma->kind == CXR_KIND_CANCELLATION;
    view->can_cancel = cxr_view_may_cancel(rma);
    view->cancel_url = cxr_say_url(&say, p->url, "/cancel");

    cxr_view_rma_errors(p, &say, view);

    view->page->wrong = view->has_errors || view->error.len != 0
                        || (view->talk != NULL && view->talk->error.len != 0)
                        || (view->survey != NULL
                            && view->survey->error.len != 0);

    return cxr_say_rc(&say);
}


void
cxr_view_rma_law(cxr_rma_page_t *p, const cxr_order_t *order,
    const cxr_judgement_t *judgements)
{
    uint32_t               i, k;
    const cxr_floor_t     *floor;
    const cxr_rma_line_t  *line;

    for (i = 0; i < p->rma->lines.n; i++) {
        line = &p->rma->lines.items[i];

        if (line->claim != CXR_CLAIM_NONE) {
            continue;
        }

        for (k = 0; k < order->lines.n; k++) {
            floor = &judgements[k].floor;

            if (floor->law != NULL
                && (floor->holds || p->rma->kind == CXR_KIND_WITHDRAWAL
                    || p->rma->kind == CXR_KIND_CANCELLATION)
                && cxr_str_eq(order->lines.items[k].line, line->line))
            {
                p->law = floor->law;
                p->law_version = floor->version;
                return;
            }
        }
    }
}
