
/*
 * What a policy looks at: the order, its parcels, one line of it.
 */

#include "cxr_policy_private.h"
#include "cxr_rma.h"


/* What is known of a line's way to the shopper. */
typedef struct {
    bool         underway;     /* a parcel with it is not delivered   */
    cxr_time_t   delivered_at;
    cxr_time_t   shipped_at;
} cxr_delivery_t;


static void cxr_policy_law(cxr_policy_case_t *c);
static void cxr_policy_delivery(const cxr_policy_case_t *c,
    const cxr_order_line_t *line, cxr_delivery_t *out);
static bool cxr_policy_final(const cxr_policy_t *policy,
    const cxr_order_line_t *line);
static int32_t cxr_local_day(const cxr_tz_t *tz, cxr_time_t at);


void
cxr_policy_begin(cxr_policy_case_t *c, const cxr_policy_t *policy,
    const cxr_tz_t *tz, const cxr_order_t *order,
    const cxr_shipment_t *const *parcels, size_t nparcels, cxr_time_t now,
    const cxr_history_t *history)
{
    uint32_t                 i;
    const cxr_order_line_t  *line;

    /* "live" is long, and nothing beyond "nlive" of it is looked at */

    memset(c, 0, offsetof(cxr_policy_case_t, live));

    c->like = NULL;

    c->policy = policy;
    c->tz = tz;
    c->order = order;
    c->parcels = parcels;
    c->nparcels = nparcels;
    c->now = now;

    if (history != NULL) {
        c->history = *history;
    }

    c->today = cxr_local_day(tz, now);
    c->placed = cxr_local_day(tz, order->placed_at);

    for (i = 0; i < order->lines.n; i++) {
        line = &order->lines.items[i];

        /* what an exchange gave was paid for with what came back */

        if (line->origin_rma.len != 0) {
            continue;
        }

        /* the sum of an order's lines was checked when it was written */

        c->value += cxr_order_line_paid(line);
        c->returned += line->returning_paid;
        c->units += line->quantity;
    }

    cxr_policy_law(c);
    cxr_policy_live(c);
}


/*
 * The days of the law count from the delivery of the last goods of the order,
 * so one line's delay holds the window of all of them open.
 */

static void
cxr_policy_law(cxr_policy_case_t *c)
{
    bool            unknown;
    uint32_t        i;
    cxr_delivery_t  d;

    for (i = 0; i < c->policy->laws.n; i++) {
        if (cxr_law_covers(c->policy->laws.items[i], c->order->country)) {
            c->law = c->policy->laws.items[i];
            c->version = cxr_law_at(c->law, c->tz, c->order->placed_at);
            break;
        }
    }

    if (c->version == NULL) {
        return;
    }

    unknown = false;

    for (i = 0; i < c->order->lines.n; i++) {

        if (c->order->lines.items[i].origin_rma.len != 0) {
            continue;
        }

        cxr_policy_delivery(c, &c->order->lines.items[i], &d);

        c->underway |= d.underway;
        unknown |= (d.delivered_at == CXR_TIME_NONE);

        if (d.delivered_at > c->last_delivery) {
            c->last_delivery = d.delivered_at;
        }
    }

    if (unknown) {
        c->last_delivery = CXR_TIME_NONE;
    }
}


void
cxr_policy_facts(const cxr_policy_case_t *c, const cxr_order_line_t *line,
    const cxr_policy_ask_t *ask, cxr_policy_line_t *l)
{
    uint32_t        i;
    cxr_delivery_t  d;

    memset(l, 0, sizeof(*l));

    cxr_policy_delivery(c, line, &d);

    l->delivered_at = d.delivered_at;
    l->shipped_at = d.shipped_at;
    l->underway = d.underway;

    /* goods that never came can be claimed, and the law lets a shopper
       withdraw before she has them */

    l->early = (ask->kind == CXR_KIND_CLAIM
                || ask->kind == CXR_KIND_WITHDRAWAL);

    l->facts.c = c;
    l->facts.line = line;
    l->facts.ask = ask;
    l->facts.final_sale = cxr_policy_final(c->policy, line);

    if (c->nlive == 0) {
        return;
    }

    l->facts.price = line->quantity != 0
                     ? cxr_order_line_paid(line) / line->quantity : 0;
    l->facts.sku = cxr_when_bit(line->sku);
    l->facts.product = cxr_when_bit(line->product);

    for (i = 0; i < line->tags.n; i++) {
        l->facts.tags |= cxr_when_bit(line->tags.items[i]);
    }

    if (d.delivered_at != CXR_TIME_NONE) {
        l->facts.delivered = cxr_local_day(c->tz, d.delivered_at);
    }
}


/* The lines of an order ask for the same few ends of days. */

cxr_time_t
cxr_policy_end(cxr_policy_case_t *c, cxr_time_t from, uint32_t days)
{
    uint32_t    i;
    cxr_time_t  to;

    for (i = 0; i < c->nends; i++) {
        if (c->ends[i].from == from && c->ends[i].days == days) {
            return c->ends[i].to;
        }
    }

    to = cxr_tz_end_of_day(c->tz, from, (int32_t) days);

    if (c->nends < CXR_POLICY_ENDS) {
        c->ends[c->nends].from = from;
        c->ends[c->nends].days = days;
        c->ends[c->nends].to = to;
        c->nends++;
    }

    return to;
}


bool
cxr_policy_same_currency(const cxr_policy_case_t *c, const cxr_rule_t *rule)
{
    cxr_str_t  currency;

    currency = rule ? rule->currency : c->policy->currency;

    return currency.len == 0 || cxr_str_eq(currency, c->order->currency);
}


const cxr_reason_t *
cxr_policy_reason(const cxr_policy_t *policy, cxr_str_t code)
{
    uint32_t  i;

    for (i = 0; i < policy->reasons.n; i++) {
        if (cxr_str_eq(policy->reasons.items[i].code, code)) {
            return &policy->reasons.items[i];
        }
    }

    return NULL;
}


bool
cxr_policy_wants_history(const cxr_policy_t *policy)
{
    return policy->rules != NULL && policy->rules->customer;
}


bool
cxr_policy_wants_kept(const cxr_policy_t *policy)
{
    return policy->rules != NULL && policy->rules->kept;
}


bool
cxr_policy_wants_method(const cxr_policy_t *policy)
{
    return policy->rules != NULL && policy->rules->method;
}


cxr_str_t
cxr_policy_by(const cxr_policy_t *policy, const cxr_floor_t *floor,
    uint16_t by)
{
    if (by == CXR_BY_LAW) {
        return floor->law ? floor->law->id : cxr_str("law");
    }

    if (by == CXR_BY_DEFAULT || policy->rules == NULL
        || by > policy->rules->n)
    {
        return cxr_str("policy");
    }

    return policy->rules->items[by - 1].id;
}


cxr_money_t
cxr_offer_fee(const cxr_offer_t *offer, cxr_money_t paid, uint32_t quantity)
{
    cxr_money_t  flat, share;

    if (!cxr_money_muldiv(offer->restock, quantity, 1, &flat)
        || !cxr_money_muldiv(paid, offer->restock_bp, 10000, &share)
        || !cxr_money_add(flat, share, &flat))
    {
        return paid;
    }

    return flat < paid ? flat : paid;
}


cxr_money_t
cxr_offer_bonus(const cxr_offer_t *offer, cxr_money_t paid, uint32_t quantity)
{
    cxr_money_t  flat, share;

    if (!cxr_money_muldiv(offer->bonus, quantity, 1, &flat)
        || !cxr_money_muldiv(paid, offer->bonus_bp, 10000, &share)
        || !cxr_money_add(flat, share, &flat))
    {
        /* more than can be: so is what it is added to, which is refused */

        return CXR_MONEY_MAX;
    }

    return flat;
}


/*
 * A parcel of which nothing is known says nothing: where a carrier sends no
 * feed, the days counted from the order must still open the window.
 */

static void
cxr_policy_delivery(const cxr_policy_case_t *c, const cxr_order_line_t *line,
    cxr_delivery_t *out)
{
    size_t                 i;
    const cxr_shipment_t  *p;

    memset(out, 0, sizeof(*out));

    /* nobody tells the parcel of what an exchange gave: it has as long as one of
       which nothing is known, from when the shop was told to send it */

    if (line->origin_rma.len != 0) {
        out->shipped_at = line->sent_at;
        out->delivered_at = line->sent_at
                            + c->policy->fallback_days * CXR_DAY;
        return;
    }

    for (i = 0; i < c->nparcels; i++) {
        p = c->parcels[i];

        if (p == NULL || p->direction != CXR_PARCEL_OUTBOUND
            || !cxr_policy_holds(c->order, p, line->line))
        {
            continue;
        }

        if (p->picked_up_at > out->shipped_at) {
            out->shipped_at = p->picked_up_at;
        }

        switch (p->status) {

        case CXR_SHIP_UNKNOWN:
        case CXR_SHIP_CANCELLED:
        case CXR_SHIP_EXPIRED:
            break;

        case CXR_SHIP_DELIVERED:
            if (p->delivered_at > out->delivered_at) {
                out->delivered_at = p->delivered_at;
            }

            break;

        default:
            out->underway = true;
        }
    }

    if (out->underway) {
        out->delivered_at = CXR_TIME_NONE;
    }
}


bool
cxr_policy_holds(const cxr_order_t *order, const cxr_shipment_t *parcel,
    cxr_str_t line)
{
    uint32_t                   i;
    const cxr_order_parcel_t  *p;

    if (parcel->lines.n != 0) {
        return cxr_strs_have(&parcel->lines, line);
    }

    for (i = 0; i < order->parcels.n; i++) {
        p = &order->parcels.items[i];

        if (cxr_str_eq(p->carrier, parcel->carrier)
            && cxr_str_eq(p->number, parcel->number))
        {
            return p->lines.n == 0 || cxr_strs_have(&p->lines, line);
        }
    }

    return true;
}


static bool
cxr_policy_final(const cxr_policy_t *policy, const cxr_order_line_t *line)
{
    uint32_t  i;

    if (line->final_sale) {
        return true;
    }

    for (i = 0; i < line->tags.n; i++) {
        if (cxr_strs_have(&policy->final_sale_tags, line->tags.items[i])) {
            return true;
        }
    }

    return false;
}


bool
cxr_strs_have(const cxr_strs_t *strs, cxr_str_t s)
{
    uint32_t  i;

    for (i = 0; i < strs->n; i++) {
        if (cxr_str_eq(strs->items[i], s)) {
            return true;
        }
    }

    return false;
}


static int32_t
cxr_local_day(const cxr_tz_t *tz, cxr_time_t at)
{
    int64_t  local;

    local = at + cxr_tz_offset(tz, at) * CXR_SECOND;

    return (int32_t) (local / CXR_DAY);
}


void
cxr_policy_asked(cxr_policy_request_t *request, const cxr_order_t *order,
    cxr_str_t line, uint32_t quantity)
{
    uint32_t                 i;
    uint64_t                 sold;
    cxr_money_t              paid;
    const cxr_order_line_t  *l;

    l = cxr_order_line(order, line);

    if (l == NULL || quantity > l->quantity
        || !cxr_money_units(cxr_order_line_paid(l), l->quantity, 0, quantity,
                            &paid)
        || !cxr_money_add(request->value, paid, &request->value))
    {
        return;
    }

    request->known = true;
    request->units += quantity;

    for (i = 0, sold = 0; i < order->lines.n; i++) {
        sold += order->lines.items[i].origin_rma.len == 0
                ? order->lines.items[i].quantity : 0;
    }

    request->whole = request->units == sold;
}
