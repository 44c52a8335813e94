
/*
 * Decides whether an RMA may be made of what was asked, and what it is worth.
 * The review page shows what cxr_rma_preview() says, by the same code.
 */

#include <stdio.h>

#include "cxr_rma_private.h"
#include "cxr_text.h"


/* One asked line on its way to become a line of the RMA. */
typedef struct {
    const cxr_order_t         *order;
    const cxr_rma_ask_t       *ask;
    const cxr_rma_world_t     *world;
    cxr_time_t                 now;
    cxr_refusal_t             *no;

    uint32_t                   i;
    const cxr_rma_ask_line_t  *asked;
    const cxr_order_line_t    *line;
    cxr_rma_line_t            *out;
    bool                       review;
} cxr_rma_build_t;


static cxr_rc_t cxr_rma_build(const cxr_order_t *order,
    const cxr_rma_ask_t *ask, const cxr_rma_world_t *world, cxr_time_t now,
    cxr_arena_t *a, cxr_rma_t *rma, cxr_refusal_t *no);
static cxr_rc_t cxr_rma_build_line(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_check_units(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_check_policy(cxr_rma_build_t *b,
    const cxr_judgement_t *j);
static cxr_rc_t cxr_rma_check_reason(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_check_outcome(cxr_rma_build_t *b,
    const cxr_judgement_t *j);
static cxr_rc_t cxr_rma_exchange(cxr_rma_build_t *b);
static cxr_rc_t cxr_rma_stock(cxr_rma_build_t *b, const cxr_variant_t *v);
static cxr_rc_t cxr_rma_money(cxr_rma_t *rma, cxr_money_t fee, cxr_arena_t *a);
static bool cxr_rma_waits(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_policy_t *policy);
static cxr_rc_t cxr_rma_number(const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_arena_t *a, cxr_str_t *id);
static cxr_rc_t cxr_rma_no(cxr_rma_build_t *b, const char *code,
    const char *field, const char *text);


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

    if (ask->has_sums
        && (rma->refund != ask->refund || rma->due != ask->due))
    {
        return cxr_refuse(no, "sums_changed", "",
                          "the sums are others than those agreed to");
    }

    rc = cxr_rma_number(ask, world, a, &rma->id);
    if (rc != CXR_OK) {
        return rc;
    }

    if (rma->status == CXR_RMA_APPROVED) {
        rma->label_jti = cxr_rma_jti(ask->random, a);
        if (rma->label_jti.data == NULL) {
            return CXR_NOMEM;
        }

        rma->label_issued = now;
        rma->label_expires = now + world->policy->label_days * CXR_DAY;
    }

    cxr_rma_derive(rma);

    rc = cxr_rma_event(order, CXR_EV_RMA_CREATED, rma, a, out);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_release(order, &nothing, now, a, out);
}


static cxr_rc_t
cxr_rma_build(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    bool              exchanges, approved;
    cxr_rc_t          rc;
    uint32_t          i;
    cxr_refusal_t     unread;
    cxr_rma_build_t   b;

    memset(rma, 0, sizeof(*rma));

    if (no == NULL) {
        no = &unread;
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

    rma->lines.items = cxr_calloc(a, ask->lines.n, sizeof(cxr_rma_line_t));
    if (rma->lines.items == NULL) {
        return CXR_NOMEM;
    }

    memset(&b, 0, sizeof(b));

    b.order = order;
    b.ask = ask;
    b.world = world;
    b.now = now;
    b.no = no;
    exchanges = true;

    for (i = 0; i < ask->lines.n; i++) {
        b.i = i;
        b.asked = &ask->lines.items[i];
        b.out = &rma->lines.items[i];

        rc = cxr_rma_build_line(&b);
        if (rc != CXR_OK) {
            return rc;
        }

        rma->lines.n++;
        exchanges &= (b.out->outcome == CXR_OUT_EXCHANGE);
    }

    rma->order = ask->order;
    rma->order_number = order->number;
    rma->kind = exchanges ? CXR_KIND_EXCHANGE : CXR_KIND_RETURN;
    rma->currency = order->currency;
    rma->locale = ask->locale;
    rma->method = ask->method;
    rma->policy = world->policy->version;

    rc = cxr_rma_money(rma, world->policy->fee, a);
    if (rc != CXR_OK) {
        return rc;
    }

    approved = !b.review && !cxr_rma_waits(order, rma, world->policy);

    for (i = 0; approved && i < rma->lines.n; i++) {
        rma->lines.items[i].decision = CXR_DECISION_APPROVED;
    }

    cxr_rma_derive(rma);
    cxr_rma_sum(rma);

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_build_line(cxr_rma_build_t *b)
{
    cxr_rc_t          rc;
    uint32_t          i;
    cxr_rma_line_t   *out;
    cxr_judgement_t   j;

    b->line = cxr_order_line(b->order, b->asked->line);

    if (b->line == NULL) {
        return cxr_rma_no(b, "line_unknown", "/line",
                          "the order has no such line");
    }

    for (i = 0; i < b->i; i++) {
        if (cxr_str_eq(b->ask->lines.items[i].line, b->asked->line)) {
            return cxr_rma_no(b, "line_twice", "/line",
                              "the line has been chosen already");
        }
    }

    rc = cxr_rma_check_units(b);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_policy_judge(b->world->policy, b->world->tz, b->order, b->line,
                     b->world->parcels, b->world->nparcels, b->now, &j);

    rc = b->ask->by_staff ? CXR_OK : cxr_rma_check_policy(b, &j);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_rma_check_reason(b);
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

    rc = cxr_rma_check_outcome(b, &j);
    if (rc != CXR_OK) {
        return rc;
    }

    out->release = b->world->policy->release[out->outcome];

    /* the order's own records are checked when written: this holds */

    return cxr_order_line_share(b->line, out->quantity, &out->paid, &out->tax)
           ? CXR_OK : CXR_ERROR;
}


static cxr_rc_t
cxr_rma_check_units(cxr_rma_build_t *b)
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
cxr_rma_check_policy(cxr_rma_build_t *b, const cxr_judgement_t *j)
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

    default:
        return cxr_rma_no(b, "outcome_not_offered", "/outcome",
                          "the policy offers nothing for the line");
    }
}


static cxr_rc_t
cxr_rma_check_reason(cxr_rma_build_t *b)
{
    const cxr_reason_t  *reason;

    reason = cxr_policy_reason(b->world->policy, b->asked->reason);

    if (reason == NULL) {
        return cxr_rma_no(b, "reason_unknown", "/reason",
                          "the policy has no such reason");
    }

    if (reason->note && !b->asked->has_note && !b->ask->by_staff) {
        return cxr_rma_no(b, "note_missing", "/note",
                          "the reason wants some words on it");
    }

    b->review |= reason->review;

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_check_outcome(cxr_rma_build_t *b, const cxr_judgement_t *j)
{
    uint32_t  offered;

    /* staff are not bound by the offer, but what is made must have a price */

    offered = b->ask->by_staff
              ? (1u << CXR_OUT_REFUND) | (1u << CXR_OUT_EXCHANGE)
              : j->outcomes;

    if (b->asked->outcome > CXR_OUT_EXCHANGE
        || (offered & (1u << b->asked->outcome)) == 0)
    {
        return cxr_rma_no(b, "outcome_not_offered", "/outcome",
                          "the outcome is not offered for the line");
    }

    return b->asked->outcome == CXR_OUT_EXCHANGE ? cxr_rma_exchange(b)
                                                 : CXR_OK;
}


static cxr_rc_t
cxr_rma_exchange(cxr_rma_build_t *b)
{
    size_t                i;
    cxr_rc_t              rc;
    uint32_t              j;
    const cxr_product_t  *product;
    const cxr_variant_t  *v;

    if (cxr_str_eq(b->asked->exchange_sku, b->line->sku)) {
        return cxr_rma_no(b, "exchange_same", "/exchange_sku",
                          "the line has that variant already");
    }

    v = NULL;

    for (i = 0; v == NULL && i < b->world->nproducts; i++) {
        product = b->world->products[i];

        if (product == NULL || b->line->product.len == 0
            || !cxr_str_eq(product->id, b->line->product)
            || !cxr_str_eq(product->currency, b->order->currency))
        {
            continue;
        }

        for (j = 0; j < product->variants.n; j++) {
            if (cxr_str_eq(product->variants.items[j].sku,
                           b->asked->exchange_sku))
            {
                v = &product->variants.items[j];
                break;
            }
        }
    }

    if (v == NULL) {
        return cxr_rma_no(b, "exchange_unknown", "/exchange_sku",
                          "the line cannot be exchanged for that variant");
    }

    rc = cxr_rma_stock(b, v);
    if (rc != CXR_OK) {
        return rc;
    }

    b->out->exchange_sku = v->sku;
    b->out->exchange_title = v->title;
    b->out->exchange_price = v->price;

    return CXR_OK;
}


/* Two lines may be exchanged for one variant: together they need its stock. */

static cxr_rc_t
cxr_rma_stock(cxr_rma_build_t *b, const cxr_variant_t *v)
{
    cxr_rc_t                   rc;
    uint32_t                   i;
    uint64_t                   units;
    const cxr_rma_ask_line_t  *other;

    units = b->asked->quantity;

    for (i = 0; i < b->i; i++) {
        other = &b->ask->lines.items[i];

        if (other->outcome == CXR_OUT_EXCHANGE
            && cxr_str_eq(other->exchange_sku, v->sku))
        {
            units += other->quantity;
        }
    }

    if (units > v->stock) {
        rc = cxr_rma_no(b, "exchange_out_of_stock", "/exchange_sku",
                        "there are not as many of that variant");
        b->no->have = v->stock;
        b->no->want = (int64_t) units;
        return rc;
    }

    return CXR_OK;
}


/*
 * The fee is kept back from the lines that are paid back, in proportion, and
 * never more than they are worth.  An exchange has no fee; its difference in
 * price goes one way or the other, line by line.
 */

static cxr_rc_t
cxr_rma_money(cxr_rma_t *rma, cxr_money_t fee, cxr_arena_t *a)
{
    int64_t          *weights;
    uint32_t          i;
    cxr_money_t      *fees, sum, price;
    cxr_rma_line_t   *l;

    weights = cxr_calloc(a, rma->lines.n, sizeof(int64_t));
    fees = cxr_calloc(a, rma->lines.n, sizeof(cxr_money_t));

    if (weights == NULL || fees == NULL) {
        return CXR_NOMEM;
    }

    sum = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->outcome != CXR_OUT_EXCHANGE) {
            weights[i] = l->paid;

            if (!cxr_money_add(sum, l->paid, &sum)) {
                return CXR_ERROR;
            }
        }
    }

    if (fee > sum) {
        fee = sum;
    }

    if (fee > 0 && !cxr_money_split(fee, weights, rma->lines.n, fees)) {
        return CXR_ERROR;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->outcome != CXR_OUT_EXCHANGE) {
            l->fee = fees[i];
            l->refund = l->paid - l->fee;
            continue;
        }

        if (!cxr_money_muldiv(l->exchange_price, l->quantity, 1, &price)) {
            return CXR_ERROR;
        }

        if (price > l->paid) {
            l->due = price - l->paid;

        } else {
            l->refund = l->paid - price;
        }
    }

    return CXR_OK;
}


/*
 * Does it wait for a person, its reasons apart?  What is in the order's other
 * RMAs counts too: a sum is not to be brought past the limit in slices.
 */

static bool
cxr_rma_waits(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_policy_t *policy)
{
    uint32_t     i;
    cxr_money_t  paid;

    if (!policy->auto_approve) {
        return true;
    }

    if (policy->review_above == 0) {
        return false;
    }

    paid = 0;

    for (i = 0; i < order->lines.n; i++) {
        if (!cxr_money_add(paid, order->lines.items[i].returning_paid, &paid)) {
            return true;
        }
    }

    for (i = 0; i < rma->lines.n; i++) {
        if (!cxr_money_add(paid, rma->lines.items[i].paid, &paid)) {
            return true;
        }
    }

    return paid > policy->review_above;
}


static cxr_rc_t
cxr_rma_number(const cxr_rma_ask_t *ask, const cxr_rma_world_t *world,
    cxr_arena_t *a, cxr_str_t *id)
{
    char      *p;
    unsigned   i;

    p = cxr_alloc(a, CXR_RMA_ID_LEN);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    *id = cxr_strn(p, CXR_RMA_ID_LEN);

    for (i = 0; i < CXR_RMA_RANDOM_TRIES; i++) {
        cxr_rma_id_make(ask->random + i * 5, p);

        if (world->id_taken == NULL || !world->id_taken(world->ctx, *id)) {
            return CXR_OK;
        }
    }

    /* three of 2^35 numbers taken in a row is no chance: something is wrong */

    return CXR_ERROR;
}


static cxr_rc_t
cxr_rma_no(cxr_rma_build_t *b, const char *code, const char *field,
    const char *text)
{
    char  where[80];

    snprintf(where, sizeof(where), "/lines/%u%s", b->i, field);

    return cxr_refuse(b->no, code, where, "%s", text);
}
