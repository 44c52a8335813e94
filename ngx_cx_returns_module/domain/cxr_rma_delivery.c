
/*
 * What the delivery to the shopper cost, given back.  A line has the share of
 * its units where the policy gives one; and once nothing of the order is left
 * with the shopper, what is left of the cost goes to the RMA that brought this
 * about, "the rest".  That may change with every event of any of the order's
 * RMAs, so the order counts what they have in them, and the rest is paid when
 * all of them were told to be settled, no sooner: who takes one back meanwhile
 * has not given everything back.
 *
 * Directive 2011/83/EU, Art. 13(1) and (2); Mesafeli Sözleşmeler Yönetmeliği,
 * m. 12.
 */

#include "cxr_rma_private.h"


/* What an order's lines have in living RMAs. */
typedef struct {
    uint64_t  units;           /* that were sold                               */
    uint64_t  back;
    uint64_t  by_right;
    uint64_t  told;
} cxr_delivery_units_t;


static bool
cxr_delivery_lives(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    return !cxr_rma_closed(rma) && l->decision != CXR_DECISION_DECLINED;
}


/* Units that are paid back: all that may still come, less those that the
   shopper gets again. */

static uint32_t
cxr_delivery_back(const cxr_rma_line_t *l)
{
    if (!l->pays_back) {
        return 0;
    }

    return l->no_more || l->no_return ? cxr_line_units(l)
                                      : l->quantity - l->sent_back;
}


static bool
cxr_delivery_add(cxr_order_t *order, const cxr_rma_t *rma, int sign)
{
    uint32_t               i, back;
    cxr_order_line_t      *line;
    const cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (!l->pays_back || !cxr_delivery_lives(rma, l)) {
            continue;
        }

        line = cxr_rma_order_line(order, l->line);
        if (line == NULL) {
            return false;
        }

        back = cxr_delivery_back(l);

        /* what was added is what is taken off again */

        line->paying_back += sign > 0 ? back : 0 - back;
        line->told_back += sign > 0 ? l->told_units : 0 - l->told_units;

        if (l->by_right) {
            line->by_right += sign > 0 ? back : 0 - back;
        }

        order->delivery_held += sign * (l->delivery_all + l->delivery_rest);

        if (!rma->delivery_told) {
            order->delivery_rest += sign * l->delivery_rest;
        }
    }

    return true;
}


bool
cxr_delivery_count(cxr_order_t *order, const cxr_rma_t *before,
    const cxr_rma_t *after)
{
    return (before == NULL || cxr_delivery_add(order, before, -1))
           && cxr_delivery_add(order, after, 1);
}


static cxr_delivery_units_t
cxr_delivery_units(const cxr_order_t *order)
{
    uint32_t                 i;
    cxr_delivery_units_t     n;
    const cxr_order_line_t  *line;

    memset(&n, 0, sizeof(n));

    for (i = 0; i < order->lines.n; i++) {
        line = &order->lines.items[i];

        /* what an exchange gave stands in the place of what was sold */

        n.units += line->origin_rma.len == 0 ? line->quantity : 0;
        n.back += line->paying_back;
        n.by_right += line->by_right;
        n.told += line->told_back;
    }

    return n;
}


/* Does the line get a part of the rest? */

static bool
cxr_delivery_closes(const cxr_delivery_units_t *n, const cxr_rma_t *rma,
    const cxr_rma_line_t *l)
{
    if (!l->pays_back || !cxr_delivery_lives(rma, l)
        || cxr_delivery_back(l) == 0)
    {
        return false;
    }

    switch (l->delivery_mode) {

    case CXR_DELIVERY_SHARE:
    case CXR_DELIVERY_LAST:
        return n->back == n->units;

    case CXR_DELIVERY_BY_RIGHT:
        return n->by_right == n->units;

    default:
        return false;
    }
}


/*
 * The rest that each line is to have, with the order as it is: "rests" has room
 * for all of them.  The RMA has been counted.
 */

static bool
cxr_delivery_rests(const cxr_order_t *order, const cxr_rma_t *rma,
    int64_t *weights, cxr_money_t *rests)
{
    uint32_t               i, n;
    cxr_money_t            of, held;
    cxr_delivery_units_t   units;
    const cxr_rma_line_t  *l;

    units = cxr_delivery_units(order);
    of = 0;
    held = order->delivery_held;
    n = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (cxr_delivery_lives(rma, l)) {
            held -= l->delivery_rest;
        }

        weights[i] = 0;
        rests[i] = 0;

        if (cxr_delivery_closes(&units, rma, l)) {
            weights[i] = l->paid;
            of = l->delivery_of > of ? l->delivery_of : of;
            n++;
        }
    }

    /* the shop may have corrected what was paid */

    if (of > cxr_order_delivery_paid(order)) {
        of = cxr_order_delivery_paid(order);
    }

    if (of <= held) {
        return true;
    }

    /* goods that cost nothing weigh alike, those that get none nothing */

    for (i = 0; i < rma->lines.n; i++) {
        if (weights[i] != 0) {
            return cxr_money_split(of - held, weights, rma->lines.n, rests);
        }
    }

    for (i = 0; i < rma->lines.n; i++) {
        weights[i] = cxr_delivery_closes(&units, rma, &rma->lines.items[i]);
    }

    return n == 0
           || cxr_money_split(of - held, weights, rma->lines.n, rests);
}


/* The share of so many units of an order's line; of what an exchange gave, that
   of what was sold. */

static bool
cxr_delivery_share(const cxr_order_t *order, const cxr_rma_line_t *l,
    cxr_money_t *share)
{
    int64_t                  weights[CXR_ORDER_LINES_MAX];
    uint32_t                 i, own, first;
    cxr_money_t              parts[CXR_ORDER_LINES_MAX];
    const cxr_order_line_t  *line, *sold;

    *share = 0;
    line = cxr_order_line(order, l->line);

    for (sold = line; sold != NULL && sold->origin_rma.len != 0; /* void */ ) {
        sold = cxr_order_line(order, sold->origin);
    }

    if (sold == NULL || l->delivery_of == 0) {
        return sold != NULL;
    }

    for (i = 0, own = 0; i < order->lines.n && own < CXR_ORDER_LINES_MAX; i++)
    {
        if (order->lines.items[i].origin_rma.len == 0) {
            weights[own++] = cxr_order_line_paid(&order->lines.items[i]);
        }
    }

    if (!cxr_money_split(l->delivery_of, weights, own, parts)) {
        return false;
    }

    for (i = 0, own = 0; &order->lines.items[i] != sold; i++) {
        own += order->lines.items[i].origin_rma.len == 0;
    }

    /* cents of a line go to its units in their order */

    first = line == sold && line->returning <= sold->quantity - l->quantity
            ? line->returning : 0;

    if (l->quantity > sold->quantity) {
        *share = parts[own];
        return true;
    }

    return cxr_money_units(parts[own], sold->quantity, first, l->quantity,
                           share);
}


cxr_rc_t
cxr_delivery_build(const cxr_order_t *order, cxr_rma_t *rma, cxr_arena_t *a)
{
    int64_t         *weights;
    uint32_t         i;
    cxr_money_t      share, held, *rests;
    cxr_order_t      counted;
    cxr_rma_line_t  *l;

    rma->order_delivery = cxr_order_delivery_paid(order);
    rma->order_delivery_tax = order->delivery_tax;

    counted = *order;

    counted.lines.items = cxr_calloc(a, (size_t) order->lines.n + 1,
                                     sizeof(cxr_order_line_t));
    weights = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(int64_t));
    rests = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(cxr_money_t));

    if (counted.lines.items == NULL || weights == NULL || rests == NULL) {
        return CXR_NOMEM;
    }

    memcpy(counted.lines.items, order->lines.items,
           order->lines.n * sizeof(cxr_order_line_t));

    held = order->delivery_held;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->delivery_mode == CXR_DELIVERY_SHARE) {

            if (!cxr_delivery_share(&counted, l, &share)) {
                return CXR_ERROR;
            }

            if (share > l->delivery_of - held) {
                share = l->delivery_of > held ? l->delivery_of - held : 0;
            }

            l->delivery_all = share;
            held += share;
        }

        /* two lines may be of one line of the order */

        if (!cxr_rma_take(&counted, l)) {
            return CXR_ERROR;
        }
    }

    if (!cxr_delivery_count(&counted, NULL, rma)
        || !cxr_delivery_rests(&counted, rma, weights, rests))
    {
        return CXR_ERROR;
    }

    for (i = 0; i < rma->lines.n; i++) {
        rma->lines.items[i].delivery_rest = rests[i];
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_delivery(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out)
{
    bool                   other;
    int64_t               *weights;
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_money_t           *rests;
    cxr_settle_body_t     *body;
    const cxr_rma_line_t  *l;

    if (rma->delivery_told || cxr_rma_closed(rma)) {
        return CXR_OK;
    }

    weights = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(int64_t));
    rests = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(cxr_money_t));
    body = cxr_calloc(a, 1, sizeof(cxr_settle_body_t));

    if (weights == NULL || rests == NULL || body == NULL) {
        return CXR_NOMEM;
    }

    body->parts.items = cxr_calloc(a, (size_t) rma->lines.n + 1,
                                   sizeof(cxr_settle_part_t));
    if (body->parts.items == NULL) {
        return CXR_NOMEM;
    }

    if (!cxr_delivery_rests(order, rma, weights, rests)) {
        return CXR_ERROR;
    }

    other = false;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (cxr_delivery_lives(rma, l) && l->delivery_rest != rests[i]) {
            other = true;
        }

        if (rests[i] != 0) {
            body->parts.items[body->parts.n].item = l->item;
            body->parts.items[body->parts.n].money = rests[i];
            body->money += rests[i];
            body->parts.n++;
        }
    }

    if (other) {
        body->rma = rma->id;

        rc = cxr_rma_event(order, CXR_EV_RMA_DELIVERY, body, a, out);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    /* the others are settled by now, it may be */

    return other || order->delivery_rest != 0
           ? cxr_rma_release(order, rma, now, a, out) : CXR_OK;
}


cxr_rc_t
cxr_rma_apply_delivery(cxr_rma_t *rma, const cxr_settle_body_t *body)
{
    uint32_t         i;
    cxr_rma_line_t  *l;

    if (rma->delivery_told) {
        return CXR_INVALID;
    }

    for (i = 0; i < rma->lines.n; i++) {
        rma->lines.items[i].delivery_rest = 0;
    }

    for (i = 0; i < body->parts.n; i++) {
        l = cxr_rma_item(rma, body->parts.items[i].item);

        if (l == NULL || body->parts.items[i].money < 0) {
            return CXR_INVALID;
        }

        l->delivery_rest = body->parts.items[i].money;
    }

    return CXR_OK;
}


/*
 * A line of a request that lives again: its share may have been given with
 * others since, and whether it has a rest is asked anew.
 */

void
cxr_delivery_reopened(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_rma_line_t *l, cxr_money_t *held)
{
    cxr_money_t  left;

    if (!rma->delivery_told) {
        l->delivery_rest = 0;
    }

    left = cxr_order_delivery_paid(order);

    if (left > l->delivery_of) {
        left = l->delivery_of;
    }

    left -= *held + l->delivery_rest;

    if (l->delivery_all > left) {
        l->delivery_all = left > 0 ? left : 0;
    }

    *held += l->delivery_all + l->delivery_rest;
}


/*
 * Of two that could have a rest, the one that has it keeps it; else the one that
 * was asked for last, unless it would want more for it.
 */

void
cxr_delivery_candidate(cxr_order_t *order, const cxr_rma_t *rma)
{
    bool                   any, wide;
    uint32_t               i;
    const cxr_rma_line_t  *l;

    any = false;
    wide = false;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        any |= l->delivery_rest != 0
               || (l->delivery_mode != CXR_DELIVERY_NONE
                   && !order->delivery_wide);
        wide |= l->delivery_mode == CXR_DELIVERY_SHARE
                || l->delivery_mode == CXR_DELIVERY_LAST;
    }

    if (order->delivery_rest == 0 && (any || wide)) {
        order->delivery_rma = rma->id;
        order->delivery_wide = wide;
    }
}


bool
cxr_delivery_ready(const cxr_order_t *order, const cxr_rma_t *rma,
    const uint32_t *units, bool others)
{
    bool                   any;
    uint32_t               i;
    uint64_t               back, told;
    cxr_delivery_units_t   n;
    const cxr_rma_line_t  *l;

    if (rma->delivery_told) {
        return false;
    }

    any = false;
    back = 0;
    told = 0;
    n = cxr_delivery_units(order);

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (!l->pays_back || !cxr_delivery_lives(rma, l)) {
            continue;
        }

        /* the event at hand may have told that something stays */

        if (l->delivery_rest > 0) {

            if (!cxr_delivery_closes(&n, rma, l)) {
                return false;
            }

            any = true;
        }
        back += cxr_delivery_back(l);
        told += l->told_units;

        if (units[i] < cxr_delivery_back(l)) {
            return false;
        }
    }

    return any && (!others || n.back - back == n.told - told);
}


cxr_money_t
cxr_delivery_waits(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    if (rma->delivery_told || l->delivery_rest <= 0 || l->delivery == 0) {
        return 0;
    }

    return l->delivery_rest < l->refund ? l->delivery_rest : l->refund;
}


bool
cxr_line_delivery(cxr_rma_line_t *l, uint32_t units)
{
    if (!cxr_money_units(l->delivery_all, l->quantity, 0, units,
                         &l->delivery))
    {
        return false;
    }

    return units == 0 || cxr_money_add(l->delivery, l->delivery_rest,
                                       &l->delivery);
}
