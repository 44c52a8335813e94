
/*
 * When a parcel comes, where its carrier does not say: by the shop's own rule,
 * else by what that carrier usually takes.  A guess is called one, and is gone
 * once its last day is over.
 */

#include "cxr_view_texts.h"

#define ESTIMATE_SLIP  3      /* working days that a hand-over may be late    */


typedef struct {
    int64_t      today;          /* where the shop is                         */
    int32_t      offset;
    int64_t      from;           /* days since 1970                           */
    int64_t      to;
} estimate_t;


/*
 * The day on which an order goes to its carrier: not before today, of one that
 * has not gone yet.  -1: it ought to have gone so long ago that nobody can
 * tell.
 */

static int64_t
estimate_handed(const cxr_view_ctx_t *ctx, const cxr_transit_t *t,
    cxr_time_t placed, int64_t today)
{
    int64_t                offset, local, day;
    const cxr_calendar_t  *cal = &ctx->shop->tracking.calendar;

    offset = cxr_tz_offset(ctx->shop->tz, placed);
    local = placed + offset * CXR_SECOND;
    day = cxr_view_day(placed, offset);

    if ((local - day * CXR_DAY) / CXR_MINUTE >= t->cutoff) {
        day++;
    }

    /* it counts as of the first day on which somebody packs */

    day = cxr_calendar_after(cal, day, 0);
    day = cxr_calendar_after(cal, day, t->handling);

    if (day >= today) {
        return day;
    }

    return cxr_calendar_after(cal, day, ESTIMATE_SLIP) < today
           ? -1 : cxr_calendar_after(cal, today, 0);
}


static bool
estimate_days(const cxr_view_ctx_t *ctx, const cxr_order_t *order,
    const cxr_track_parcel_t *parcel, estimate_t *e)
{
    int64_t                day;
    cxr_str_t              country, carrier;
    cxr_time_t             picked;
    uint32_t               from, to;
    const cxr_transit_t   *t;
    const cxr_calendar_t  *cal = &ctx->shop->tracking.calendar;

    country = order != NULL ? order->country : CXR_STR_NONE;
    carrier = parcel != NULL ? parcel->shipment->carrier : CXR_STR_NONE;
    picked = parcel != NULL ? parcel->shipment->picked_up_at : CXR_TIME_NONE;

    t = cxr_shop_transit(&ctx->shop->tracking, country, carrier);

    if (t != NULL) {
        from = t->from;
        to = t->to;

    } else if (parcel != NULL && parcel->lane != NULL
               && picked != CXR_TIME_NONE)
    {
        from = parcel->lane->from;
        to = parcel->lane->to;

    } else {
        return false;
    }

    if (picked != CXR_TIME_NONE) {
        day = cxr_view_day(picked, cxr_tz_offset(ctx->shop->tz, picked));

    } else if (order != NULL && order->placed_at != CXR_TIME_NONE) {
        day = estimate_handed(ctx, t, order->placed_at, e->today);

        if (day < 0) {
            return false;
        }

    } else {
        return false;
    }

    e->from = cxr_calendar_after(cal, day, from);
    e->to = cxr_calendar_after(cal, day, to);

    if (e->from < e->today) {
        e->from = e->today;
    }

    return e->to >= e->today;
}


static cxr_time_t
estimate_noon(const estimate_t *e, int64_t day)
{
    return day * CXR_DAY + CXR_DAY / 2 - e->offset * CXR_SECOND;
}


cxr_rc_t
cxr_view_estimate(const cxr_view_ctx_t *ctx, const cxr_order_t *order,
    const cxr_track_parcel_t *parcel, cxr_time_t now, cxr_arena_t *a,
    cxr_view_eta_t **out)
{
    estimate_t       e;
    cxr_view_eta_t  *eta;

    if (ctx->shop->tz == NULL) {
        return CXR_OK;
    }

    e.offset = cxr_tz_offset(ctx->shop->tz, now);
    e.today = cxr_view_day(now, e.offset);

    if (!estimate_days(ctx, order, parcel, &e)) {
        return CXR_OK;
    }

    /* what went out today comes today, or not as anybody guesses */

    if (parcel != NULL
        && parcel->shipment->status == CXR_SHIP_OUT_FOR_DELIVERY)
    {
        if (cxr_view_day(parcel->shipment->status_at, e.offset) != e.today) {
            return CXR_OK;
        }

        e.from = e.to = e.today;
    }

    eta = cxr_calloc(a, 1, sizeof(cxr_view_eta_t));
    if (eta == NULL) {
        return CXR_NOMEM;
    }

    eta->label = ctx->texts.eta_ours;
    eta->day = e.from < e.to
               ? cxr_view_day_range(ctx, estimate_noon(&e, e.from),
                                    estimate_noon(&e, e.to), e.offset, a)
               : cxr_view_day_name(ctx, estimate_noon(&e, e.to), e.offset, now,
                                   a);
    *out = eta;

    return eta->day.data == NULL ? CXR_NOMEM : CXR_OK;
}


bool
cxr_view_guesses(const cxr_shipment_t *s, const cxr_view_parcel_t *v)
{
    return s->direction == CXR_PARCEL_OUTBOUND
           && s->status < CXR_SHIP_READY_FOR_PICKUP
           && s->reason == CXR_WHY_NONE && v->eta == NULL && v->delay == NULL
           && v->action == NULL;
}
