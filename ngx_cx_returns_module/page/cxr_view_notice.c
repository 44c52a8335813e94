
/*
 * What a parcel's page says unasked: that it is late, that nothing is heard of
 * it, what the shopper is to do.
 */

#include "cxr_view_texts.h"


static cxr_rc_t
notice_word(cxr_arena_t *a, cxr_str_t title, cxr_str_t text,
    cxr_view_word_t **out)
{
    cxr_view_word_t  *w;

    w = cxr_calloc(a, 1, sizeof(cxr_view_word_t));
    if (w == NULL || text.data == NULL) {
        return CXR_NOMEM;
    }

    w->title = title;
    w->text = text;
    *out = w;

    return CXR_OK;
}


/*
 * The newest moment that the carrier has told of; of a parcel that no carrier
 * has told anything of, when the shop said that there is one.
 */

static cxr_time_t
notice_heard(const cxr_shipment_t *s)
{
    uint32_t    i;
    cxr_time_t  at;

    at = s->header_at;

    for (i = s->scans.n; i > 0; i--) {
        if (!s->scans.items[i - 1].retracted
            && s->scans.items[i - 1].at != CXR_TIME_NONE)
        {
            return s->scans.items[i - 1].at > at ? s->scans.items[i - 1].at
                                                 : at;
        }
    }

    return at == CXR_TIME_NONE && s->scans.n == 0 ? s->created_at : at;
}


/*
 * Nothing heard for days is news too: better that the page says so than that
 * the shopper finds out.
 */

static cxr_rc_t
notice_silence(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v)
{
    uint32_t               days;
    cxr_arg_t              arg;
    cxr_time_t             heard;
    const cxr_tracking_t  *t = &ctx->shop->tracking;

    heard = notice_heard(s);

    if (t->silence_days == 0 || heard == CXR_TIME_NONE
        || ctx->shop->tz == NULL || s->status == CXR_SHIP_READY_FOR_PICKUP
        || now < heard + (cxr_time_t) t->silence_days * CXR_DAY)
    {
        return CXR_OK;
    }

    days = cxr_calendar_between(&t->calendar, ctx->shop->tz, heard, now,
                                CXR_SILENCE_DAYS_MAX);

    if (days < t->silence_days) {
        return CXR_OK;
    }

    arg = cxr_arg_int("n", days);

    return notice_word(a, ctx->texts.silence_title,
                       cxr_view_text(ctx, "track.silence.text", &arg, 1, a),
                       &v->delay);
}


/*
 * It went out for delivery on a day that is over, and nobody said that it
 * arrived: "on its way to your door" is not true any more.
 */

static cxr_rc_t
notice_undelivered(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v)
{
    cxr_arg_t     arg;
    const cxr_tz_t  *tz = ctx->shop->tz;

    if (v->delay != NULL || v->eta != NULL || tz == NULL
        || s->status != CXR_SHIP_OUT_FOR_DELIVERY
        || s->reason != CXR_WHY_NONE || s->status_at == CXR_TIME_NONE
        || cxr_view_day(s->status_at, cxr_tz_offset(tz, s->status_at))
           >= cxr_view_day(now, cxr_tz_offset(tz, now)))
    {
        return CXR_OK;
    }

    arg = cxr_arg_str("day", cxr_view_date_shop(ctx, s->status_at,
                                                CXR_DATE_WEEKDAY_DAY, a));

    v->sentence = ctx->texts.undelivered;

    return notice_word(a, ctx->texts.delay_title,
                       cxr_view_text(ctx, "track.delay.undelivered", &arg, 1,
                                     a),
                       &v->delay);
}


/* What the shopper is to do, where the carrier did not say so itself. */
static unsigned
notice_action(const cxr_shipment_t *s)
{
    if (s->reason == CXR_WHY_LOST) {
        return CXR_DO_NOTHING;
    }

    if (s->action != CXR_DO_NOTHING) {
        return s->action < CXR_SHIP_ACTIONS ? s->action : CXR_DO_NOTHING;
    }

    switch (s->reason) {

    case CXR_WHY_ADDRESS_PROBLEM:
        return s->status == CXR_SHIP_READY_FOR_PICKUP ? CXR_DO_PICK_UP
                                                      : CXR_DO_CORRECT_ADDRESS;
    case CXR_WHY_PAYMENT_DUE:
        return CXR_DO_PAY;

    case CXR_WHY_UNCLAIMED:
        return CXR_DO_PICK_UP;

    case CXR_WHY_DAMAGED:
        return CXR_DO_NOTHING;

    default:
        return s->status == CXR_SHIP_READY_FOR_PICKUP ? CXR_DO_PICK_UP
                                                      : CXR_DO_NOTHING;
    }
}


/* What waits at a counter has come, however late it did. */
static bool
notice_slow(const cxr_shipment_t *s)
{
    return s->status != CXR_SHIP_READY_FOR_PICKUP
           && (s->reason == CXR_WHY_DELAYED_WEATHER
               || s->reason == CXR_WHY_DELAYED_CARRIER
               || s->reason == CXR_WHY_MISSORTED);
}


cxr_rc_t
cxr_view_notices(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s, bool late,
    cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v)
{
    cxr_rc_t                 rc;
    unsigned                 action;
    const cxr_view_texts_t  *t = &ctx->texts;

    /* of a return parcel the delay is ours to bear, and nothing to be done */

    if (s->direction == CXR_PARCEL_RETURN || !cxr_ship_in_motion(s->status)) {
        return CXR_OK;
    }

    if (late) {
        rc = notice_word(a, t->delay_title, t->delay_late, &v->delay);

    } else if (notice_slow(s)) {
        rc = notice_word(a, t->delay_title,
                         v->eta != NULL ? t->delay_eta : t->delay_no_eta,
                         &v->delay);

    } else {
        rc = notice_silence(ctx, s, now, a, v);

        if (rc == CXR_OK) {
            rc = notice_undelivered(ctx, s, now, a, v);
        }
    }

    action = notice_action(s);

    if (rc != CXR_OK || action == CXR_DO_NOTHING) {
        return rc;
    }

    v->asks = (uint8_t) action;

    return notice_word(a, t->action_title[action], t->action_text[action],
                       &v->action);
}
