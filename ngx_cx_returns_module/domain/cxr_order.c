
/*
 * An order: what its lines are worth, and the decision and application of
 * order.put.
 */

#include <strings.h>

#include <stdio.h>

#include "cxr_order.h"
#include "cxr_text.h"


static cxr_rc_t cxr_order_check_returns(const cxr_order_t *state,
    const cxr_order_t *order, cxr_refusal_t *no);
static cxr_rc_t cxr_order_carry(const cxr_order_t *state, cxr_order_t *order,
    cxr_arena_t *a);


cxr_money_t
cxr_order_line_paid(const cxr_order_line_t *line)
{
    cxr_money_t  paid;

    /* cannot overflow for a line that came in by JSON; bytes from a disk may */

    if (__builtin_mul_overflow(line->unit_price, line->quantity, &paid)
        || __builtin_sub_overflow(paid, line->discount, &paid))
    {
        return 0;
    }

    return paid;
}


cxr_money_t
cxr_order_delivery_paid(const cxr_order_t *order)
{
    return order->delivery_price - order->delivery_discount;
}


bool
cxr_order_line_share(const cxr_order_line_t *line, uint32_t count,
    cxr_money_t *paid, cxr_money_t *tax)
{
    uint32_t     left;
    cxr_money_t  left_paid, left_tax;

    if (line->returning > line->quantity
        || count > line->quantity - line->returning)
    {
        return false;
    }

    *paid = 0;
    *tax = 0;

    if (count == 0) {
        return true;
    }

    /*
     * Of what is left rather than of the whole: returns and cancellations may
     * come in any order, and the last unit must still get exactly the rest.
     */

    left = line->quantity - line->returning;

    if (!cxr_money_sub(cxr_order_line_paid(line), line->returning_paid,
                       &left_paid)
        || !cxr_money_sub(line->tax, line->returning_tax, &left_tax)
        || left_paid < 0 || left_tax < 0
        || !cxr_money_units(left_paid, left, 0, count, paid)
        || !cxr_money_units(left_tax, left, 0, count, tax))
    {
        return false;
    }

    if (*tax > *paid) {
        *tax = *paid;
    }

    return true;
}


const cxr_order_line_t *
cxr_order_line(const cxr_order_t *order, cxr_str_t line)
{
    uint32_t  i;

    for (i = 0; i < order->lines.n; i++) {
        if (cxr_str_eq(order->lines.items[i].line, line)) {
            return &order->lines.items[i];
        }
    }

    return NULL;
}


cxr_rc_t
cxr_order_put(const cxr_order_t *state, const cxr_order_t *order,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    char         *id;
    size_t        len;
    cxr_rc_t      rc;
    uint32_t      i;
    cxr_order_t  *body, merged;
    cxr_event_t  *ev;
    cxr_order_line_t  *line;

    id = cxr_alloc(a, CXR_NUMBER_MAX);
    body = cxr_alloc(a, sizeof(cxr_order_t));

    if (id == NULL || body == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_fold_number(order->number, id, &len);
    if (rc != CXR_OK) {
        return rc;
    }

    if (state != NULL) {
        rc = cxr_order_check_returns(state, order, no);
        if (rc != CXR_OK) {
            return rc;
        }

        merged = *order;

        rc = cxr_order_carry(state, &merged, a);
        if (rc != CXR_OK) {
            return rc;
        }

        merged.created_at = state->created_at;
        merged.updated_at = state->updated_at;
        merged.revision = state->revision;

        if (cxr_rec_equal(&cxr_order_type, &merged, state)) {
            return CXR_OK;
        }
    }

    /* the event holds what was sent; what is derived is apply's */

    *body = *order;
    memset(&body->rmas, 0, sizeof(body->rmas));
    memset(&body->surveys, 0, sizeof(body->surveys));
    body->created_at = CXR_TIME_NONE;
    body->erased_at = CXR_TIME_NONE;
    body->gone_at = CXR_TIME_NONE;
    body->ages_at = CXR_TIME_NONE;
    body->updated_at = CXR_TIME_NONE;
    body->revision = 0;

    body->lines.items = cxr_calloc(a, order->lines.n,
                                   sizeof(cxr_order_line_t));
    if (body->lines.items == NULL) {
        return CXR_NOMEM;
    }

    body->lines.n = 0;

    for (i = 0; i < order->lines.n; i++) {

        if (order->lines.items[i].origin_rma.len != 0) {
            continue;
        }

        line = &body->lines.items[body->lines.n++];

        *line = order->lines.items[i];
        line->returning = 0;
        line->returning_paid = 0;
        line->returning_tax = 0;
        line->paying_back = 0;
        line->by_right = 0;
        line->told_back = 0;
        line->gift_given = false;
    }

    body->delivery_held = 0;
    body->delivery_rest = 0;
    body->delivery_rma = CXR_STR_NONE;
    body->delivery_wide = false;
    body->gifted = false;
    body->cancels = false;

    ev = cxr_list_push(a, out, sizeof(cxr_event_t));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = CXR_EV_ORDER_PUT;
    ev->aggregate = CXR_AGG_ORDER;
    ev->fresh = (state == NULL);
    ev->id = cxr_strn(id, len);
    ev->expect = state ? state->revision : 0;
    ev->body = body;

    return CXR_OK;
}


cxr_rc_t
cxr_order_apply_put(cxr_order_t *state, const cxr_event_t *ev, cxr_time_t at,
    cxr_arena_t *a)
{
    cxr_rc_t     rc;
    cxr_order_t  next;

    if (ev->kind != CXR_EV_ORDER_PUT || ev->body == NULL) {
        return CXR_INVALID;
    }

    next = *(const cxr_order_t *) ev->body;

    rc = cxr_order_carry(state, &next, a);
    if (rc != CXR_OK) {
        return rc;
    }

    next.created_at = state->revision ? state->created_at : at;
    next.updated_at = at;
    next.revision = state->revision + 1;

    *state = next;

    return CXR_OK;
}


/* A shop may correct an order, but not under an RMA that rests on it. */

static cxr_rc_t
cxr_order_check_returns(const cxr_order_t *state, const cxr_order_t *order,
    cxr_refusal_t *no)
{
    char                     where[32];
    cxr_rc_t                 rc;
    uint32_t                 i;
    cxr_refusal_t            unread;
    const cxr_order_line_t  *had, *has;

    if (no == NULL) {
        no = &unread;
    }

    /*
     * Numbers are found without their dashes and dots, so two orders of a shop
     * could share a key: the second must not write over the first.
     */

    if (state->number.len != order->number.len
        || strncasecmp(state->number.data, order->number.data,
                       order->number.len)
           != 0)
    {
        return cxr_refuse(no, "number_taken", "/number",
                          "order \"%.*s\" is found by the same number: "
                          "dashes, dots and blanks do not tell orders apart",
                          cxr_str_arg(state->number));
    }

    if (state->rmas.n != 0 && !cxr_str_eq(state->currency, order->currency)) {
        return cxr_refuse(no, "currency_changed", "/currency",
                          "the order has RMAs in %.*s",
                          cxr_str_arg(state->currency));
    }

    if (cxr_order_delivery_paid(order) < state->delivery_held) {
        rc = cxr_refuse(no, "delivery_in_return", "/delivery",
                        "RMAs give back more of what was paid for the "
                        "delivery; it cannot become less");
        no->have = state->delivery_held;
        no->want = cxr_order_delivery_paid(order);
        return rc;
    }

    for (i = 0; i < state->lines.n; i++) {
        had = &state->lines.items[i];

        if (had->returning == 0 && had->origin_rma.len == 0) {
            continue;
        }

        has = cxr_order_line(order, had->line);

        if (had->origin_rma.len != 0) {

            if (has == NULL || has->origin_rma.len != 0) {
                continue;
            }

            return cxr_refuse(no, "line_in_return", "/lines",
                              "line \"%.*s\" is what an exchange gave; the "
                              "shop's own lines have other names",
                              cxr_str_arg(had->line));
        }

        if (has == NULL) {
            rc = cxr_refuse(no, "line_in_return", "/lines",
                            "line \"%.*s\" has %u units in an RMA and must "
                            "stay", cxr_str_arg(had->line), had->returning);
            no->have = had->returning;
            return rc;
        }

        snprintf(where, sizeof(where), "/lines/%u",
                 (unsigned) (has - order->lines.items));

        if (has->quantity < had->returning) {
            rc = cxr_refuse(no, "line_in_return", where,
                            "%u units of the line are in an RMA; its quantity "
                            "cannot be less", had->returning);
            no->have = had->returning;
            no->want = has->quantity;
            return rc;
        }

        if (cxr_order_line_paid(has) < had->returning_paid
            || has->tax < had->returning_tax)
        {
            rc = cxr_refuse(no, "line_in_return", where,
                            "an RMA rests on what was paid for the line; it "
                            "cannot become less");
            no->have = had->returning_paid;
            no->want = cxr_order_line_paid(has);
            return rc;
        }
    }

    return CXR_OK;
}


/*
 * Brings what was derived over from "state"; the lines become a new list, with
 * those behind it that exchanges made.  A line that is in an RMA and is gone
 * cannot be, nor one with the name of an exchange's: decide has refused it.
 */

static cxr_rc_t
cxr_order_carry(const cxr_order_t *state, cxr_order_t *order, cxr_arena_t *a)
{
    uint32_t                 i, n, carried, live, made;
    cxr_order_line_t        *items;
    const cxr_order_line_t  *had;

    live = 0;
    made = 0;
    carried = 0;

    for (i = 0; i < state->lines.n; i++) {
        had = &state->lines.items[i];

        if (had->origin_rma.len != 0) {
            made++;

        } else {
            live += (had->returning != 0);
        }
    }

    items = cxr_calloc(a, (size_t) order->lines.n + made + 1,
                       sizeof(cxr_order_line_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0, n = 0; i < order->lines.n; i++) {

        if (order->lines.items[i].origin_rma.len != 0) {
            continue;
        }

        items[n] = order->lines.items[i];
        items[n].returning = 0;
        items[n].returning_paid = 0;
        items[n].returning_tax = 0;
        items[n].paying_back = 0;
        items[n].by_right = 0;
        items[n].told_back = 0;

        had = live || made ? cxr_order_line(state, items[n].line) : NULL;

        if (had != NULL && had->origin_rma.len != 0) {
            return CXR_INVALID;
        }

        if (had != NULL && had->returning != 0) {
            items[n].returning = had->returning;
            items[n].returning_paid = had->returning_paid;
            items[n].returning_tax = had->returning_tax;
            items[n].paying_back = had->paying_back;
            items[n].by_right = had->by_right;
            items[n].told_back = had->told_back;
            carried++;
        }

        n++;
    }

    if (carried != live) {
        return CXR_INVALID;
    }

    for (i = 0; made != 0 && i < state->lines.n; i++) {
        if (state->lines.items[i].origin_rma.len != 0) {
            items[n++] = state->lines.items[i];
        }
    }

    order->lines.items = items;
    order->lines.n = n;
    order->rmas = state->rmas;
    order->surveys = state->surveys;
    order->erased_at = order->person.len == 0 ? state->erased_at
                                              : CXR_TIME_NONE;
    order->gone_at = state->gone_at;
    order->delivery_held = state->delivery_held;
    order->delivery_rest = state->delivery_rest;
    order->delivery_rma = state->delivery_rma;
    order->ages_at = state->ages_at;
    order->delivery_wide = state->delivery_wide;
    order->gifted = state->gifted;
    order->cancels = state->cancels;

    return CXR_OK;
}
