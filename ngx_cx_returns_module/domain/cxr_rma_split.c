
/*
 * A decision on some units of a line: these stay the line, and the others become
 * a line of their own, which waits as before.  Shares of money are those of the
 * units, so the two are worth what the one was, to the last cent.
 */

#include <stdio.h>

#include "cxr_rma_private.h"


static cxr_rc_t cxr_split_name(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_str_t line, cxr_arena_t *a, cxr_str_t *name);
static bool cxr_split_money(cxr_rma_line_t *l, cxr_rma_line_t *rest,
    uint32_t units);


/* Where the part stands among the lines that the command names. */

static uint32_t
cxr_split_at(const cxr_rma_act_t *act, uint32_t part)
{
    uint32_t  i;

    for (i = 0; i < act->lines.n; i++) {
        if (cxr_str_eq(act->lines.items[i], act->parts.items[part].item)) {
            return i;
        }
    }

    return part;
}


cxr_rc_t
cxr_rma_parts(const cxr_rma_t *rma, const cxr_rma_act_t *act,
    cxr_rma_decision_t *body, cxr_arena_t *a, cxr_refusal_t *no)
{
    char                    where[48];
    uint32_t                i, j, at;
    cxr_rma_part_t         *part;
    const cxr_rma_line_t   *l;
    const cxr_rma_part_t   *from;

    body->parts.items = cxr_calloc(a, (size_t) act->parts.n + 1,
                                   sizeof(cxr_rma_part_t));
    if (body->parts.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < act->parts.n; i++) {
        from = &act->parts.items[i];
        at = cxr_split_at(act, i);
        snprintf(where, sizeof(where), "/lines/%u/units", at);

        l = cxr_rma_item(rma, from->item);

        if (l == NULL) {
            snprintf(where, sizeof(where), "/lines/%u", at);
            return cxr_refuse(no, "line_unknown", where,
                              "the RMA has no such line");
        }

        for (j = 0; j < i; j++) {
            if (cxr_str_eq(act->parts.items[j].item, from->item)) {
                return cxr_refuse(no, "line_twice", where,
                                  "the line stands there already");
            }
        }

        for (j = 0; j < body->lines.n; j++) {
            if (cxr_str_eq(body->lines.items[j], l->item)) {
                break;
            }
        }

        if (j == body->lines.n) {
            return cxr_rma_refuse(act->verb, where, no);
        }

        if (from->units == 0 || from->units > l->quantity) {
            cxr_refuse(no, "quantity_over", where,
                       "the line has so many units");
            no->have = l->quantity;
            no->want = from->units;

            return CXR_REFUSED;
        }

        if (from->units == l->quantity) {
            continue;
        }

        if (rma->lines.n + body->parts.n >= CXR_ORDER_LINES_MAX) {
            cxr_refuse(no, "too_many_lines", where,
                       "an RMA has room for no more lines");
            no->want = CXR_ORDER_LINES_MAX;

            return CXR_REFUSED;
        }

        part = &body->parts.items[body->parts.n++];
        part->item = l->item;
        part->units = from->units;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_parts(const cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_decision_t *body, cxr_arena_t *a)
{
    uint32_t               i, n;
    cxr_rc_t               rc;
    cxr_rma_line_t        *lines, *l, *rest;
    const cxr_rma_part_t  *part;

    if (body->parts.n == 0) {
        return CXR_OK;
    }

    n = rma->lines.n;

    if (body->parts.n > CXR_ORDER_LINES_MAX - (n < CXR_ORDER_LINES_MAX
                                               ? n : CXR_ORDER_LINES_MAX))
    {
        return CXR_INVALID;
    }

    lines = cxr_calloc(a, (size_t) n + body->parts.n, sizeof(cxr_rma_line_t));
    if (lines == NULL) {
        return CXR_NOMEM;
    }

    memcpy(lines, rma->lines.items, n * sizeof(cxr_rma_line_t));
    rma->lines.items = lines;

    for (i = 0; i < body->parts.n; i++) {
        part = &body->parts.items[i];
        l = cxr_rma_item(rma, part->item);

        if (l == NULL
            || part->units == 0 || part->units >= l->quantity
            || (l->decision != CXR_DECISION_PENDING
                && l->decision != CXR_DECISION_INFO_NEEDED))
        {
            return CXR_INVALID;
        }

        rest = &lines[rma->lines.n];
        *rest = *l;

        rc = cxr_split_name(order, rma, l->line, a, &rest->item);
        if (rc != CXR_OK) {
            return rc;
        }

        if (!cxr_split_money(l, rest, part->units)) {
            return CXR_INVALID;
        }

        rma->lines.n++;
    }

    return CXR_OK;
}


/* As cxr_rma_create() names the parts of an order's line. */

static cxr_rc_t
cxr_split_name(const cxr_order_t *order, const cxr_rma_t *rma, cxr_str_t line,
    cxr_arena_t *a, cxr_str_t *name)
{
    uint32_t  n = 2;

    do {
        *name = cxr_sprintf(a, "%.*s.%u", cxr_str_arg(line), n++);
        if (name->data == NULL) {
            return CXR_NOMEM;
        }

    } while (cxr_rma_item(rma, *name) != NULL
             || cxr_order_line(order, *name) != NULL);

    return CXR_OK;
}


static bool
cxr_split_share(cxr_money_t *money, cxr_money_t *rest, uint32_t all,
    uint32_t units)
{
    cxr_money_t  part;

    if (!cxr_money_units(*money, all, 0, units, &part)) {
        return false;
    }

    *rest = *money - part;
    *money = part;

    return true;
}


static bool
cxr_split_money(cxr_rma_line_t *l, cxr_rma_line_t *rest, uint32_t units)
{
    uint32_t  all = l->quantity;

    l->quantity = units;
    rest->quantity = all - units;

    return cxr_split_share(&l->paid, &rest->paid, all, units)
           && cxr_split_share(&l->tax, &rest->tax, all, units)
           && cxr_split_share(&l->fee_flat, &rest->fee_flat, all, units)
           && cxr_split_share(&l->fee_rate, &rest->fee_rate, all, units)
           && cxr_split_share(&l->bonus_all, &rest->bonus_all, all, units)
           && cxr_split_share(&l->delivery_all, &rest->delivery_all, all,
                              units)
           && cxr_split_share(&l->delivery_rest, &rest->delivery_rest, all,
                              units);
}
