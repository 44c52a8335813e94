
/*
 * What the shop's policy says of one line of an order now.
 */

#include "cxr_policy.h"


/* What is known of a line's way to the shopper. */
typedef struct {
    bool         underway;     /* a parcel with it is not delivered   */
    cxr_time_t   delivered_at;
} cxr_delivery_t;


static void cxr_policy_delivery(const cxr_order_t *order,
    const cxr_order_line_t *line, const cxr_shipment_t *const *parcels,
    size_t n, cxr_delivery_t *out);
static bool cxr_policy_holds(const cxr_order_t *order,
    const cxr_shipment_t *parcel, cxr_str_t line);
static bool cxr_policy_final(const cxr_policy_t *policy,
    const cxr_order_line_t *line);
static bool cxr_strs_have(const cxr_strs_t *strs, cxr_str_t s);


void
cxr_policy_judge(const cxr_policy_t *policy, const cxr_tz_t *tz,
    const cxr_order_t *order, const cxr_order_line_t *line,
    const cxr_shipment_t *const *parcels, size_t nparcels, cxr_time_t now,
    cxr_judgement_t *out)
{
    cxr_delivery_t  d;

    memset(out, 0, sizeof(*out));

    cxr_policy_delivery(order, line, parcels, nparcels, &d);
    out->delivered_at = d.delivered_at;

    if (cxr_policy_final(policy, line)) {
        out->verdict = CXR_NO_FINAL_SALE;
        return;
    }

    if (!d.underway) {

        if (d.delivered_at != CXR_TIME_NONE) {
            out->deadline = cxr_tz_end_of_day(tz, d.delivered_at,
                                              (int32_t) policy->window_days);

        } else {
            out->deadline = cxr_tz_end_of_day(tz, order->placed_at,
                                              (int32_t) (policy->fallback_days
                                                     + policy->window_days));
            out->deadline_by_order = true;
        }
    }

    if (line->returning >= line->quantity) {
        out->verdict = CXR_NO_ALREADY;
        return;
    }

    if (d.underway) {
        out->verdict = CXR_NO_NOT_DELIVERED;
        return;
    }

    if (now > out->deadline) {
        out->verdict = CXR_NO_WINDOW_OVER;
        return;
    }

    out->outcomes = policy->outcomes;

    if (line->product.len == 0) {
        out->outcomes &= ~(1u << CXR_OUT_EXCHANGE);
    }

    if (out->outcomes == 0) {
        out->verdict = CXR_NO_OUTCOME;
        return;
    }

    out->verdict = CXR_MAY_RETURN;
    out->returnable = line->quantity - line->returning;
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


/*
 * A parcel of which nothing is known says nothing: where a carrier sends no
 * feed, the days counted from the order must still open the window.
 */

static void
cxr_policy_delivery(const cxr_order_t *order, const cxr_order_line_t *line,
    const cxr_shipment_t *const *parcels, size_t n, cxr_delivery_t *out)
{
    size_t                 i;
    const cxr_shipment_t  *p;

    memset(out, 0, sizeof(*out));

    for (i = 0; i < n; i++) {
        p = parcels[i];

        if (p == NULL || p->direction != CXR_PARCEL_OUTBOUND
            || !cxr_policy_holds(order, p, line->line))
        {
            continue;
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


static bool
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


static bool
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
