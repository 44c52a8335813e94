
/*
 * A parcel that waits at a counter: where, until when, and when that is open.
 */

#include "cxr_view_texts.h"


/* Where the scan that says so was made: a branch, when no better is told. */
static cxr_str_t
pickup_place(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s)
{
    uint32_t           i;
    const cxr_scan_t  *scan;

    /* who is to go there must know where it is, whatever else is masked */

    if (s->pickup_point.len != 0) {
        return s->pickup_point;
    }

    if (ctx->shop->tracking.mask_places) {
        return CXR_STR_NONE;
    }

    for (i = s->scans.n; i > 0; i--) {
        scan = &s->scans.items[i - 1];

        if (!scan->retracted && scan->status == CXR_SHIP_READY_FOR_PICKUP
            && scan->at == s->status_at)
        {
            return scan->place;
        }
    }

    return CXR_STR_NONE;
}


/* A last day that is over helps nobody. */
static bool
pickup_open(const cxr_shipment_t *s, cxr_time_t now)
{
    if (s->pickup_until == CXR_TIME_NONE
        || s->pickup_precision == CXR_PRECISION_NONE)
    {
        return false;
    }

    return s->pickup_precision == CXR_PRECISION_DATE
           ? cxr_view_day(now, s->pickup_offset)
             <= cxr_view_day(s->pickup_until, s->pickup_offset)
           : now <= s->pickup_until;
}


cxr_rc_t
cxr_view_pickup(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v)
{
    int32_t          offset = (int32_t) s->pickup_offset;
    cxr_arg_t        arg;
    cxr_view_eta_t  *eta;

    if (s->direction == CXR_PARCEL_RETURN
        || s->status != CXR_SHIP_READY_FOR_PICKUP
        || s->reason == CXR_WHY_LOST || s->reason == CXR_WHY_DAMAGED)
    {
        return CXR_OK;
    }

    v->collect_at = pickup_place(ctx, s);

    if (s->pickup_point.len != 0) {
        v->collect_hours = s->pickup_hours;
    }

    if (!pickup_open(s, now)) {
        return CXR_OK;
    }

    eta = cxr_calloc(a, 1, sizeof(cxr_view_eta_t));
    if (eta == NULL) {
        return CXR_NOMEM;
    }

    eta->label = ctx->texts.collect_by;
    eta->day = cxr_view_day_name(ctx, s->pickup_until, offset, now, a);

    if (s->pickup_precision >= CXR_PRECISION_MINUTE) {
        eta->window = cxr_view_date(ctx, s->pickup_until, offset,
                                    CXR_DATE_TIME, a);
    }

    v->eta = eta;

    if (v->action == NULL || v->asks != CXR_DO_PICK_UP) {
        return eta->day.data == NULL ? CXR_NOMEM : CXR_OK;
    }

    arg = cxr_arg_str("until", cxr_view_date(ctx, s->pickup_until, offset,
                                             CXR_DATE_WEEKDAY_DAY, a));

    v->action->text = cxr_view_text(ctx, "action.pick_up.until", &arg, 1, a);

    return eta->day.data == NULL || v->action->text.data == NULL ? CXR_NOMEM
                                                                 : CXR_OK;
}
