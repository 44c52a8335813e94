
/*
 * Decides whether an RMA may be made of what was asked, and what it is worth.
 * The review page shows what cxr_rma_preview() says, by the same code.
 */

#include <stdio.h>

#include "cxr_gift.h"
#include "cxr_policy_rule.h"
#include "cxr_rma_create_private.h"
#include "cxr_text.h"


static cxr_rc_t cxr_rma_build(const cxr_order_t *order,
    const cxr_rma_ask_t *ask, const cxr_rma_world_t *world, cxr_time_t now,
    cxr_arena_t *a, cxr_rma_t *rma, cxr_refusal_t *no);
static cxr_rc_t cxr_rma_build_as(const cxr_order_t *order,
    const cxr_rma_ask_t *ask, const cxr_rma_world_t *world, cxr_time_t now,
    cxr_arena_t *a, cxr_rma_t *rma, cxr_refusal_t *no);
static cxr_rc_t cxr_rma_build_bounds(const cxr_order_t *order,
    const cxr_rma_ask_t *ask, cxr_refusal_t *no);
static cxr_rc_t cxr_rma_build_begin(cxr_rma_build_t *b, cxr_rma_t *rma);
static cxr_rc_t cxr_rma_build_lines(cxr_rma_build_t *b, cxr_rma_t *rma);
static void cxr_rma_build_head(const cxr_rma_build_t *b, cxr_rma_t *rma);
static cxr_rc_t cxr_rma_build_line(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_build_units(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_build_policy(cxr_rma_build_t *b,
    const cxr_judgement_t *j);
static void cxr_rma_judge(cxr_rma_build_t *b, const cxr_order_line_t *own,
    cxr_judgement_t *j);
static cxr_rc_t cxr_rma_terms(cxr_rma_build_t *b, const cxr_offer_t *offer);
static cxr_rc_t cxr_rma_build_reason(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_build_photos(cxr_rma_build_t *b,
    const cxr_reason_t *reason);
static cxr_rc_t cxr_rma_build_outcome(cxr_rma_build_t *b,
    const cxr_judgement_t *j);
static cxr_rc_t cxr_rma_item_name(cxr_rma_build_t *b, const cxr_rma_t *rma);


cxr_rc_t
cxr_rma_preview(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    return cxr_rma_build(order, ask, world, now, a, rma, no);
}


cxr_rc_t
cxr_rma_create(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t    rc;
    cxr_rma_t  *rma;

    static const cxr_rma_t  nothing;

    rma = cxr_alloc(a, sizeof(cxr_rma_t));
    if (rma == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_rma_build(order, ask, world, now, a, rma, no);
    if (rc != CXR_OK) {
        return rc;
    }

    /* a price or the fee is another since the review: nobody agreed to that */

    if (ask->gift && ask->recipient.len == 0) {
        return cxr_refuse(no, "recipient_missing", "/recipient",
                          "a gift return names who was given the goods");
    }

    if (ask->has_sums
        && (rma->refund != ask->refund || rma->due != ask->due))
    {
        return cxr_refuse(no, "sums_changed", "",
                          "the sums are others than those agreed to");
    }

    rc = cxr_rma_consents(ask, world, a, rma, no);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_rma_number(ask, world, a, &rma->id);
    if (rc != CXR_OK) {
        return rc;
    }

    if (rma->lines.items[0].decision == CXR_DECISION_APPROVED
        && cxr_rma_needs_box(rma))
    {
        rma->label_jti = cxr_rma_jti(ask->random, a);
        if (rma->label_jti.data == NULL) {
            return CXR_NOMEM;
        }

        rma->label_issued = now;

    } else {
        rma->label_expires = CXR_TIME_NONE;
    }

    if (!cxr_rma_derive(rma) || !cxr_rma_sum(rma)) {
        return CXR_ERROR;
    }

    rc = cxr_rma_event(order, CXR_EV_RMA_CREATED, rma, a, out);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_release(order, &nothing, now, a, out);
}


/* Where no method is asked for, the offers' first is taken: then what rules say
   of it holds as if it had been.  Where none says anything and it costs what
   sending costs, that is what has been built already. */

static cxr_rc_t
cxr_rma_build(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    int            k;
    cxr_rc_t       rc;
    cxr_rma_ask_t  with;

    rc = cxr_rma_build_as(order, ask, world, now, a, rma, no);

    if (rc != CXR_OK || ask->method.len != 0
        || cxr_str_is(rma->method, cxr_method_names[CXR_METHOD_NOTHING]))
    {
        return rc;
    }

    k = cxr_name_index(cxr_method_names, rma->method);

    if (k >= 0 && ((1u << k) & CXR_METHODS_SHIPPED) != 0
        && !cxr_policy_wants_method(world->policy))
    {
        return CXR_OK;
    }

    with = *ask;
    with.method = rma->method;

    return cxr_rma_build_as(order, &with, world, now, a, rma, no);
}


static cxr_rc_t
cxr_rma_build_as(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    cxr_rc_t          rc;
    uint32_t          i;
    cxr_refusal_t     unread;
    cxr_rma_build_t   b;

    memset(rma, 0, sizeof(*rma));

    if (no == NULL) {
        no = &unread;
    }

    rc = cxr_rma_build_bounds(order, ask, no);

    if (rc == CXR_OK && ask->gift) {
        rc = cxr_rma_may_gift(ask, world->policy, no);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    memset(&b, 0, offsetof(cxr_rma_build_t, judged));

    b.order = order;
    b.ask = ask;
    b.world = world;
    b.now = now;
    b.no = no;
    b.a = a;

    rc = cxr_rma_build_begin(&b, rma);
    if (rc != CXR_OK) {
        return rc;
    }

    rma->instant_days = ask->instant && !ask->gift
                        ? world->policy->instant_days : 0;

    if (ask->instant && rma->instant_days == 0) {
        return cxr_refuse(no, "instant_not_offered", "/instant",
                          "the policy sends no goods before the return");
    }

    rc = cxr_rma_build_lines(&b, rma);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_rma_method(ask, b.goes ? b.methods : 0, b.goes, rma, no);
    if (rc != CXR_OK) {
        return rc;
    }

    /* staff are free, but say why */

    if (b.overrides && ask->by_staff && ask->override_reason.len == 0) {
        return cxr_refuse(no, "override_reason_missing", "/override_reason",
                          "the policy says no: a reason is wanted");
    }

    rc = cxr_rma_check_reason(ask->override_reason, no);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_rma_build_head(&b, rma);

    rc = cxr_rma_flat_fee(rma, b.shipping_fee, a);
    if (rc == CXR_OK) {
        rc = cxr_delivery_build(order, rma, a);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_rma_waits(&b, rma);
    if (rc != CXR_OK) {
        return rc;
    }

    rma->held_by = b.held_by;

    for (i = 0; rma->held_by.n == 0 && i < rma->lines.n; i++) {
        rma->lines.items[i].decision = CXR_DECISION_APPROVED;
    }

    /* each part is within its bounds; together they may not be */

    if (!cxr_rma_derive(rma) || !cxr_rma_sum(rma)) {
        return cxr_refuse(no, "sum_over", "/lines", "an RMA's sums are at most "
                          "%lld minor units", (long long) CXR_MONEY_MAX);
    }

    return CXR_OK;
}


/* More lines than an order has name one twice: no work is spent on them. */

static cxr_rc_t
cxr_rma_build_bounds(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    cxr_refusal_t *no)
{
    cxr_rc_t  rc;

    if (ask->cancellation && (ask->gift || ask->withdrawal || ask->instant)) {
        return cxr_refuse(no, "cancel_not_offered", "/cancellation",
                          "a cancellation is nothing else besides");
    }

    if (ask->lines.n == 0) {
        return cxr_refuse(no, "nothing_chosen", "/lines",
                          "an RMA needs at least one line");
    }

    if (order->rmas.n >= CXR_ORDER_RMAS_MAX) {
        rc = cxr_refuse(no, "too_many_rmas", "",
                        "an order can have %d RMAs", CXR_ORDER_RMAS_MAX);
        no->have = CXR_ORDER_RMAS_MAX;
        return rc;
    }

    if (ask->lines.n > CXR_ORDER_LINES_MAX) {
        return cxr_refuse(no, "line_twice", "/lines",
                          "an order has at most %d lines",
                          CXR_ORDER_LINES_MAX);
    }

    return CXR_OK;
}


/* Lines are taken from a copy of the order: each sees what the former left. */

static cxr_rc_t
cxr_rma_build_begin(cxr_rma_build_t *b, cxr_rma_t *rma)
{
    uint32_t  i;

    rma->lines.items = cxr_calloc(b->a, b->ask->lines.n,
                                  sizeof(cxr_rma_line_t));
    if (rma->lines.items == NULL) {
        return CXR_NOMEM;
    }

    b->rest = *b->order;

    b->rest.lines.items = cxr_calloc(b->a, (size_t) b->order->lines.n + 1,
                                     sizeof(cxr_order_line_t));
    if (b->rest.lines.items == NULL) {
        return CXR_NOMEM;
    }

    if (b->order->lines.n != 0) {
        memcpy(b->rest.lines.items, b->order->lines.items,
               b->order->lines.n * sizeof(cxr_order_line_t));
    }

    cxr_policy_begin(&b->judged, b->world->policy, b->world->tz, b->order,
                     b->world->parcels, b->world->nparcels, b->now,
                     b->world->history);

    for (i = 0; i < b->ask->lines.n; i++) {
        cxr_policy_asked(&b->judged.request, b->order,
                         b->ask->lines.items[i].line,
                         b->ask->lines.items[i].quantity);
    }

    i = (uint32_t) cxr_name_index(cxr_method_names, b->ask->method);
    b->method = i < CXR_METHODS ? (uint8_t) (i + 1) : 0;
    b->approve = true;
    b->methods = CXR_METHODS_WAYS;

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_build_lines(cxr_rma_build_t *b, cxr_rma_t *rma)
{
    cxr_rc_t  rc;
    uint32_t  i;

    for (i = 0; i < b->ask->lines.n; i++) {
        b->i = i;
        b->asked = &b->ask->lines.items[i];
        b->out = &rma->lines.items[i];

        rc = cxr_rma_build_line(b);
        if (rc == CXR_OK) {
            rc = cxr_rma_item_name(b, rma);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        rma->lines.n++;
    }

    return CXR_OK;
}


/* What is the same for all lines; the judgement of them has a part in it. */

static void
cxr_rma_build_head(const cxr_rma_build_t *b, cxr_rma_t *rma)
{
    rma->order = b->ask->order;
    rma->order_number = b->order->number;
    rma->gift = b->ask->gift;
    rma->recipient = b->ask->recipient;
    rma->kind = cxr_rma_kind(b->ask, rma);
    rma->four_eyes = b->world->four_eyes;
    rma->override_reason = b->overrides ? b->ask->override_reason
                                        : CXR_STR_NONE;
    rma->currency = b->order->currency;
    rma->locale = b->ask->locale.len != 0 ? b->ask->locale
                  : b->order->locale.len != 0 ? b->order->locale
                                              : b->world->locale;
    rma->policy = b->world->policy->version;

    if (b->destination != 0) {
        rma->destination = b->world->policy->destinations
                               .items[b->destination - 1];
    }

    rma->label_expires = b->now
                         + (b->label_days ? b->label_days
                                         : b->world->policy->label_days)
                           * CXR_DAY;
}


static cxr_rc_t
cxr_rma_build_line(cxr_rma_build_t *b)
{
    cxr_rc_t                   rc;
    uint32_t                   i;
    cxr_rma_line_t            *out;
    cxr_judgement_t            j;
    const cxr_order_line_t    *own;
    const cxr_rma_ask_line_t  *other;

    own = cxr_order_line(b->order, b->asked->line);
    b->line = cxr_order_line(&b->rest, b->asked->line);

    if (b->line == NULL
        || (b->ask->gift && !cxr_gift_line(b->order, b->line)))
    {
        return cxr_rma_no(b, "line_unknown", "/line",
                          "the order has no such line");
    }

    for (i = 0; i < b->i; i++) {
        other = &b->ask->lines.items[i];

        if (cxr_str_eq(other->line, b->asked->line)
            && cxr_str_eq(other->reason, b->asked->reason)
            && other->outcome == b->asked->outcome
            && cxr_str_eq(other->exchange_sku, b->asked->exchange_sku))
        {
            return cxr_rma_no(b, "line_twice", "/line",
                              "the line has been chosen already");
        }
    }

    rc = cxr_rma_build_units(b);
    if (rc != CXR_OK) {
        return rc;
    }

    out = b->out;

    out->line = b->line->line;
    out->sku = b->line->sku;
    out->title = b->line->title;
    out->variant = b->line->variant;
    out->image = b->line->image;
    out->quantity = b->asked->quantity;
    out->reason = b->asked->reason;
    out->note = b->asked->note;
    out->outcome = b->asked->outcome;

    if (b->ask->cancellation) {
        return cxr_rma_build_cancel(b, own);
    }

    rc = cxr_rma_build_reason(b);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_rma_judge(b, own, &j);

    if (b->ask->by_staff || b->ask->withdrawal) {
        out->advice = j.verdict;
        b->overrides |= (j.verdict != CXR_MAY_RETURN);

        if (b->ask->withdrawal && j.verdict != CXR_MAY_RETURN) {
            rc = cxr_rma_held(b, CXR_HELD_RIGHT, CXR_STR_NONE);
        }

    } else {
        rc = cxr_rma_build_policy(b, &j);
    }

    if (rc == CXR_OK) {
        rc = cxr_rma_build_outcome(b, &j);
    }

    if (rc == CXR_OK) {
        rc = cxr_rma_build_paid(b);
    }

    return rc == CXR_OK ? cxr_rma_terms(b, &j.offers[out->outcome]) : rc;
}


/* The order's own records are checked when written: this holds. */

cxr_rc_t
cxr_rma_build_paid(cxr_rma_build_t *b)
{
    return cxr_order_line_share(b->line, b->out->quantity, &b->out->paid,
                                &b->out->tax)
           && cxr_rma_take(&b->rest, b->out) ? CXR_OK : CXR_ERROR;
}


/* What the policy says of the line for the outcome that is asked for. */

static void
cxr_rma_judge(cxr_rma_build_t *b, const cxr_order_line_t *own,
    cxr_judgement_t *j)
{
    const cxr_offer_t  *offer;
    cxr_policy_ask_t    ask;

    memset(&ask, 0, sizeof(ask));

    ask.kind = b->ask->withdrawal ? CXR_KIND_WITHDRAWAL
               : b->out->claim != CXR_CLAIM_NONE ? CXR_KIND_CLAIM
               : b->asked->outcome == CXR_OUT_EXCHANGE ? CXR_KIND_EXCHANGE
                                                       : CXR_KIND_RETURN;
    ask.reason = b->asked->reason;
    ask.method = b->method;
    ask.language = b->ask->locale;
    ask.gift = b->ask->gift;

    cxr_policy_line(&b->judged, own, &ask, j);

    /* the time of one outcome may be over, and another's not */

    if (b->asked->outcome < CXR_OUTCOMES && j->verdict == CXR_MAY_RETURN) {
        offer = &j->offers[b->asked->outcome];

        if (!offer->offered && offer->refused == CXR_NO_WINDOW_OVER) {
            j->verdict = CXR_NO_WINDOW_OVER;
            j->deadline = offer->deadline;
        }
    }
}


/* Who claims that something was wrong pays nothing for sending it back. */

static cxr_rc_t
cxr_rma_terms(cxr_rma_build_t *b, const cxr_offer_t *offer)
{
    cxr_rc_t           rc;
    cxr_rma_line_t    *out;
    const cxr_rule_t  *rule;

    out = b->out;

    if (offer->review) {
        rule = cxr_policy_rule(&b->judged, offer->by[CXR_EFFECT_APPROVAL]);

        rc = cxr_rma_held(b, CXR_HELD_RULE, rule ? rule->id : CXR_STR_NONE);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    b->approve &= offer->approve;

    out->release = offer->release != CXR_RELEASE_NONE ? offer->release
                                                      : CXR_RELEASE_RECEIVED;
    out->no_return = out->claim >= CXR_CLAIM_MISSING
                     || out->outcome == CXR_OUT_KEEP_ITEM
                     || offer->keep_item;
    out->instant = b->ask->instant && out->outcome == CXR_OUT_EXCHANGE;

    if (out->instant) {
        out->release = CXR_RELEASE_ON_SUBMIT;
    }

    if (offer->label_days > b->label_days) {
        b->label_days = offer->label_days;
    }

    if (!out->no_return) {
        b->goes = true;

        /* one parcel, one address: the first of those that rules name */

        if (offer->destination != 0
            && (b->destination == 0 || offer->destination < b->destination))
        {
            b->destination = offer->destination;
        }

        b->methods &= offer->methods != 0 ? offer->methods : b->methods;
    }

    /* a replacement and a repair are even: they have no price to change */

    if (out->outcome == CXR_OUT_REPLACEMENT || out->outcome == CXR_OUT_REPAIR)
    {
        return CXR_OK;
    }

    if (!b->ask->gift
        && (out->outcome == CXR_OUT_REFUND
            || out->outcome == CXR_OUT_STORE_CREDIT))
    {
        out->pays_back = true;
        out->by_right = b->ask->withdrawal || out->claim != CXR_CLAIM_NONE;
        out->delivery_mode = offer->delivery_of != 0 ? offer->delivery
                                                     : CXR_DELIVERY_NONE;
        out->delivery_of = offer->delivery_of;
    }

    out->bonus_all = cxr_offer_bonus(offer, out->paid, out->quantity);

    if (out->claim != CXR_CLAIM_NONE) {
        return CXR_OK;
    }

    out->fee_rate = cxr_offer_fee(offer, out->paid, out->quantity);

    if (!out->no_return && !cxr_line_gives_goods(out)
        && (b->method == 0
            || ((1u << (b->method - 1u)) & CXR_METHODS_SHIPPED) != 0)
        && offer->shipping_fee != 0)
    {
        out->fee_flat = offer->shipping_fee;

        if (offer->shipping_fee > b->shipping_fee) {
            b->shipping_fee = offer->shipping_fee;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_build_units(cxr_rma_build_t *b)
{
    cxr_rc_t  rc;
    uint32_t  left;

    left = b->line->returning < b->line->quantity
           ? b->line->quantity - b->line->returning : 0;

    if (left == 0) {
        return cxr_rma_no(b, "already_returned", "/quantity",
                          "every unit of the line is in an RMA already");
    }

    if (b->asked->quantity == 0) {
        return cxr_rma_no(b, "nothing_chosen", "/quantity",
                          "at least one unit is wanted");
    }

    if (b->asked->quantity > left) {
        rc = cxr_rma_no(b, "quantity_over", "/quantity",
                        "more units than may still be returned");
        b->no->have = left;
        b->no->want = b->asked->quantity;
        return rc;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_build_policy(cxr_rma_build_t *b, const cxr_judgement_t *j)
{
    cxr_rc_t  rc;

    switch (j->verdict) {

    case CXR_MAY_RETURN:
        return CXR_OK;

    case CXR_NO_FINAL_SALE:
        return cxr_rma_no(b, "final_sale", "/line",
                          "the line was sold as final");

    case CXR_NO_WINDOW_OVER:
        rc = cxr_rma_no(b, "window_over", "/line",
                        "the time for returning the line is over");
        b->no->when = j->deadline;
        return rc;

    case CXR_NO_NOT_DELIVERED:
        return cxr_rma_no(b, "not_delivered", "/line",
                          "the line is still on its way");

    case CXR_NO_ALREADY:
        return cxr_rma_no(b, "already_returned", "/quantity",
                          "every unit of the line is in an RMA already");

    case CXR_NO_DENIED:
        return cxr_rma_no(b, "denied", "/line",
                          "a rule of the policy denies it");

    case CXR_NO_EARLY:
        rc = cxr_rma_no(b, "too_early", "/line",
                        "the parcel may still come");
        b->no->when = j->from;
        return rc;

    default:
        return cxr_rma_no(b, "outcome_not_offered", "/outcome",
                          "the policy offers nothing for the line");
    }
}


static cxr_rc_t
cxr_rma_build_reason(cxr_rma_build_t *b)
{
    cxr_rc_t             rc;
    const cxr_reason_t  *reason;

    /* the statutory right asks for none */

    if (b->ask->withdrawal && b->asked->reason.len == 0) {
        return CXR_OK;
    }

    reason = cxr_policy_reason(b->world->policy, b->asked->reason);

    if (reason == NULL) {
        return cxr_rma_no(b, "reason_unknown", "/reason",
                          "the policy has no such reason");
    }

    if (reason->note && !b->asked->has_note && !b->ask->by_staff) {
        return cxr_rma_no(b, "note_missing", "/note",
                          "the reason wants some words on it");
    }

    b->out->claim = reason->claim;

    if (reason->review) {
        rc = cxr_rma_held(b, CXR_HELD_REASON, reason->code);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return cxr_rma_build_photos(b, reason);
}


/* Staff may know without having seen. */

static cxr_rc_t
cxr_rma_build_photos(cxr_rma_build_t *b, const cxr_reason_t *reason)
{
    cxr_rc_t  rc;

    if (b->asked->photos.n > CXR_LINE_PHOTOS_MAX) {
        rc = cxr_rma_no(b, "too_many_photos", "/photos",
                        "a line has at most that many photos");
        b->no->have = b->asked->photos.n;
        b->no->want = CXR_LINE_PHOTOS_MAX;
        return rc;
    }

    if (b->asked->photos.n == 0 && !b->ask->by_staff
        && cxr_claim_photos(b->world->policy, reason) == CXR_NEED_REQUIRED)
    {
        return cxr_rma_no(b, "photo_missing", "/photos",
                          "the reason wants a photo");
    }

    b->out->photos = b->asked->photos;

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_build_outcome(cxr_rma_build_t *b, const cxr_judgement_t *j)
{
    uint32_t  offered;

    if (b->ask->withdrawal) {
        offered = 1u << CXR_OUT_REFUND;

    } else {
        offered = j->outcomes;

        if (b->asked->outcome < CXR_OUTCOMES && b->ask->by_staff
            && (offered & (1u << b->asked->outcome)) == 0)
        {
            /* staff are not bound by the offer, but what is made must have a
               price */

            offered = (1u << CXR_OUTCOMES) - 1;
            b->overrides |= (b->asked->outcome > CXR_OUT_EXCHANGE);
        }
    }

    if (b->asked->outcome >= CXR_OUTCOMES
        || (offered & (1u << b->asked->outcome)) == 0)
    {
        return cxr_rma_no(b, "outcome_not_offered", "/outcome",
                          "the outcome is not offered for the line");
    }

    switch (b->asked->outcome) {

    case CXR_OUT_EXCHANGE:
        return cxr_rma_exchange(b);

    case CXR_OUT_REPLACEMENT:
        return cxr_rma_replacement(b);

    default:
        return CXR_OK;
    }
}


/* The order line's name; where that is taken, with a number behind it. */

static cxr_rc_t
cxr_rma_item_name(cxr_rma_build_t *b, const cxr_rma_t *rma)
{
    uint32_t   n;
    cxr_str_t  name;

    name = b->out->line;

    for (n = 2; cxr_rma_item(rma, name) != NULL
                || (n != 2 && cxr_order_line(b->order, name) != NULL); n++)
    {
        name = cxr_sprintf(b->a, "%.*s.%u", cxr_str_arg(b->out->line), n);
        if (name.data == NULL) {
            return CXR_NOMEM;
        }
    }

    b->out->item = name;

    return CXR_OK;
}


cxr_rc_t
cxr_rma_no(cxr_rma_build_t *b, const char *code, const char *field,
    const char *text)
{
    char  where[80];

    snprintf(where, sizeof(where), "/lines/%u%s", b->i, field);

    return cxr_refuse(b->no, code, where, "%s", text);
}
