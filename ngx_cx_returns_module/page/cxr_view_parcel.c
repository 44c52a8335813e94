
/*
 * One parcel: what is happening to it, when it comes, how far it is.  What is
 * late and what is to be done is in cxr_view_notice.c, the scans themselves in
 * cxr_view_scans.c.
 */

#include "cxr_view_texts.h"


/*
 * Which day it is now, where "at" is said with that offset.  Where the shop's
 * own clock has it then, it is taken for that clock, which may have another
 * offset now: a promise for the Monday after clocks change is "tomorrow" on all
 * of Sunday.
 */

static int64_t
parcel_today(const cxr_view_ctx_t *ctx, cxr_time_t at, int32_t offset,
    cxr_time_t now)
{
    const cxr_tz_t  *tz = ctx->shop->tz;

    if (tz != NULL && cxr_tz_offset(tz, at) == offset) {
        offset = cxr_tz_offset(tz, now);
    }

    return cxr_view_day(now, offset);
}


cxr_str_t
cxr_view_day_name(const cxr_view_ctx_t *ctx, cxr_time_t at, int32_t offset,
    cxr_time_t now, cxr_arena_t *a)
{
    int64_t  days;

    days = cxr_view_day(at, offset) - parcel_today(ctx, at, offset, now);

    if (days == 0) {
        return ctx->texts.today;
    }

    if (days == 1) {
        return ctx->texts.tomorrow;
    }

    if (days == -1) {
        return ctx->texts.yesterday;
    }

    return cxr_view_date(ctx, at, offset, CXR_DATE_WEEKDAY_DAY, a);
}


static cxr_str_t
parcel_range(const cxr_view_ctx_t *ctx, cxr_time_t from, cxr_time_t to,
    int32_t offset, cxr_date_style_t style, const char *dash, cxr_arena_t *a)
{
    cxr_buf_t  buf;

    cxr_text_begin(a, 2 * CXR_VIEW_VALUE_MAX, &buf);
    cxr_i18n_date(ctx->lang, from, offset, style, &buf);
    cxr_buf_addz(&buf, dash);
    cxr_i18n_date(ctx->lang, to, offset, style, &buf);

    return cxr_text_end(a, &buf);
}


cxr_str_t
cxr_view_day_range(const cxr_view_ctx_t *ctx, cxr_time_t from, cxr_time_t to,
    int32_t offset, cxr_arena_t *a)
{
    return parcel_range(ctx, from, to, offset, CXR_DATE_SHORT_DAY,
                        " \xe2\x80\x93 ", a);
}


static cxr_str_t
parcel_window(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    int32_t offset, cxr_arena_t *a)
{
    cxr_arg_t  arg;

    if (s->eta_precision < CXR_PRECISION_MINUTE) {
        return CXR_STR_NONE;
    }

    if (s->eta_from != CXR_TIME_NONE && s->eta_from < s->eta_to) {
        return parcel_range(ctx, s->eta_from, s->eta_to, offset,
                            CXR_DATE_TIME, "\xe2\x80\x93", a);
    }

    arg = cxr_arg_str("time", cxr_view_date(ctx, s->eta_to, offset,
                                            CXR_DATE_TIME, a));

    return cxr_view_text(ctx, s->eta_from == CXR_TIME_NONE ? "track.eta.by"
                                                           : "track.eta.around",
                         &arg, 1, a);
}


static cxr_rc_t
parcel_delivered(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_time_t now, cxr_arena_t *a, cxr_view_eta_t **out)
{
    int32_t            offset;
    cxr_view_eta_t    *eta;
    const cxr_scan_t  *scan;

    scan = cxr_view_delivery(s);

    eta = cxr_calloc(a, 1, sizeof(cxr_view_eta_t));
    if (eta == NULL) {
        return CXR_NOMEM;
    }

    if (scan != NULL) {
        offset = (int32_t) scan->offset;

    } else {
        offset = ctx->shop->tz == NULL ? 0
                 : cxr_tz_offset(ctx->shop->tz, s->delivered_at);
    }

    eta->label = ctx->texts.delivered_on;
    eta->day = cxr_view_day_name(ctx, s->delivered_at, offset, now, a);

    if (scan != NULL && scan->precision >= CXR_PRECISION_MINUTE) {
        eta->window = cxr_view_date(ctx, s->delivered_at, offset,
                                    CXR_DATE_TIME, a);
    }

    *out = eta;

    return eta->day.data == NULL ? CXR_NOMEM : CXR_OK;
}


static cxr_rc_t
parcel_eta(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s, cxr_time_t now,
    cxr_arena_t *a, cxr_view_eta_t **out, bool *late)
{
    int32_t          offset = (int32_t) s->eta_offset;
    int64_t          first, last;
    cxr_view_eta_t  *eta;

    *out = NULL;
    *late = false;

    if (s->status == CXR_SHIP_DELIVERED && s->delivered_at != CXR_TIME_NONE) {
        return parcel_delivered(ctx, s, now, a, out);
    }

    if (!cxr_ship_in_motion(s->status)
        || s->status == CXR_SHIP_READY_FOR_PICKUP
        || s->reason == CXR_WHY_LOST || s->reason == CXR_WHY_DAMAGED
        || s->eta_to == CXR_TIME_NONE
        || s->eta_precision == CXR_PRECISION_NONE)
    {
        return CXR_OK;
    }

    last = cxr_view_day(s->eta_to, offset);
    first = s->eta_from == CXR_TIME_NONE ? last
                                         : cxr_view_day(s->eta_from, offset);

    /* a promise made before the trouble does not know of it */

    if ((s->status == CXR_SHIP_ATTEMPT_FAILED || s->reason != CXR_WHY_NONE)
        && s->eta_asof < s->status_at)
    {
        return CXR_OK;
    }

    /* a promise that has passed helps nobody: say that it is late instead */

    *late = s->eta_precision == CXR_PRECISION_DATE
            ? parcel_today(ctx, s->eta_to, offset, now) > last
            : now > s->eta_to;

    if (*late) {
        return CXR_OK;
    }

    eta = cxr_calloc(a, 1, sizeof(cxr_view_eta_t));
    if (eta == NULL) {
        return CXR_NOMEM;
    }

    eta->label = ctx->texts.eta_label;

    if (first < last) {
        eta->day = cxr_view_day_range(ctx, s->eta_from, s->eta_to, offset, a);

    } else {
        eta->day = cxr_view_day_name(ctx, s->eta_to, offset, now, a);
        eta->window = parcel_window(ctx, s, offset, a);
    }

    *out = eta;

    return eta->day.data == NULL ? CXR_NOMEM : CXR_OK;
}


static int
parcel_step(unsigned status)
{
    switch (status) {
    case CXR_SHIP_LABEL_CREATED:
        return 0;
    case CXR_SHIP_PICKED_UP:
        return 1;
    case CXR_SHIP_IN_TRANSIT:
        return 2;
    case CXR_SHIP_OUT_FOR_DELIVERY:
    case CXR_SHIP_READY_FOR_PICKUP:
    case CXR_SHIP_ATTEMPT_FAILED:
        return 3;
    case CXR_SHIP_DELIVERED:
        return 4;
    default:
        return -1;
    }
}


/*
 * Which step the parcel is at (-1: before the first), whether something is
 * wrong there, and the step's name when it is not the usual one.
 */
static int
parcel_at(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s, bool *bad,
    cxr_str_t *name)
{
    int                      at, step;
    uint32_t                 i;
    const cxr_view_texts_t  *t = &ctx->texts;

    *bad = false;
    at = parcel_step(s->status);

    if (at < 0) {
        for (i = 0; i < s->scans.n; i++) {
            step = s->scans.items[i].retracted
                   ? -1 : parcel_step(s->scans.items[i].status);
            at = step > at ? step : at;
        }
    }

    switch (s->status) {

    case CXR_SHIP_READY_FOR_PICKUP:
        *name = t->mile_pickup;
        break;

    case CXR_SHIP_ATTEMPT_FAILED:
        *name = t->mile_attempt;
        *bad = true;
        break;

    case CXR_SHIP_RETURNING:
        *name = t->mile_returning;
        *bad = true;
        at = 3;
        break;

    case CXR_SHIP_RETURNED:
        *name = t->mile_returned;
        *bad = true;
        at = 4;
        break;

    case CXR_SHIP_CANCELLED:
    case CXR_SHIP_EXPIRED:
        *name = s->status == CXR_SHIP_CANCELLED ? t->mile_cancelled
                                                : t->mile_expired;
        *bad = true;
        at = at + 1 < CXR_VIEW_MILES ? at + 1 : CXR_VIEW_MILES - 1;
        break;

    default:
        break;
    }

    if (cxr_ship_in_motion(s->status)
        && (s->reason == CXR_WHY_LOST || s->reason == CXR_WHY_DAMAGED))
    {
        *name = s->reason == CXR_WHY_LOST ? t->mile_lost : t->mile_damaged;
        *bad = true;
        at = at < 0 ? 0 : at;
    }

    return at;
}


static cxr_rc_t
parcel_miles(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_arena_t *a, cxr_view_parcel_t *v)
{
    int                      i, at;
    bool                     bad;
    cxr_str_t                name = CXR_STR_NONE;
    cxr_view_mile_t         *m;
    const cxr_view_texts_t  *t = &ctx->texts;

    m = cxr_calloc(a, CXR_VIEW_MILES, sizeof(cxr_view_mile_t));
    if (m == NULL) {
        return CXR_NOMEM;
    }

    v->miles.items = m;
    v->miles.n = CXR_VIEW_MILES;

    at = parcel_at(ctx, s, &bad, &name);

    for (i = 0; i < CXR_VIEW_MILES; i++) {
        m[i].name = t->mile[s->direction == CXR_PARCEL_RETURN][i];

        if (i < at || (i == at && s->status == CXR_SHIP_DELIVERED)) {
            m[i].state = cxr_str("done");
            m[i].state_text = t->mile_done;
            continue;
        }

        if (i > at) {
            m[i].state = cxr_str("todo");
            m[i].state_text = t->mile_todo;
            continue;
        }

        m[i].current = true;
        m[i].state = bad ? cxr_str("bad") : cxr_str("now");
        m[i].state_text = bad ? t->mile_bad : t->mile_now;

        if (name.len != 0) {
            m[i].name = name;
        }
    }

    if (s->status == CXR_SHIP_RETURNING) {
        m[CXR_VIEW_MILES - 1].name = t->mile_returned;

    } else if (s->status == CXR_SHIP_RETURNED) {
        m[CXR_VIEW_MILES - 2].name = t->mile_returning;
    }

    return CXR_OK;
}


static cxr_str_t
parcel_tone(const cxr_shipment_t *s, bool asks)
{
    if (s->status == CXR_SHIP_DELIVERED) {
        return s->reason == CXR_WHY_DAMAGED ? cxr_str("warn")
                                            : cxr_str("good");
    }

    if (!cxr_ship_in_motion(s->status)) {
        return cxr_str("warn");
    }

    switch (s->reason) {

    case CXR_WHY_LOST:
    case CXR_WHY_DAMAGED:
        return cxr_str("bad");

    case CXR_WHY_REFUSED:
    case CXR_WHY_UNCLAIMED:
        return cxr_str("warn");

    case CXR_WHY_HELD:
        return s->status == CXR_SHIP_READY_FOR_PICKUP ? cxr_str("busy")
                                                      : cxr_str("warn");

    default:
        return s->status == CXR_SHIP_ATTEMPT_FAILED
               || (asks && s->status != CXR_SHIP_READY_FOR_PICKUP)
               ? cxr_str("warn") : cxr_str("busy");
    }
}


/* Lost, broken or off its way: what follows is between shopper and shop. */
static bool
parcel_needs_shop(const cxr_shipment_t *s)
{
    if (s->status <= CXR_SHIP_DELIVERED) {
        return s->reason == CXR_WHY_DAMAGED
               || (s->reason == CXR_WHY_LOST
                   && s->status != CXR_SHIP_DELIVERED);
    }

    return s->status != CXR_SHIP_EXPIRED
           || s->direction == CXR_PARCEL_RETURN;
}


cxr_str_t
cxr_track_sentence(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s)
{
    unsigned  dir, status, reason;

    dir = s->direction == CXR_PARCEL_RETURN;
    status = s->status < CXR_SHIP_STATUSES ? s->status : CXR_SHIP_UNKNOWN;
    reason = s->reason < CXR_SHIP_REASONS ? s->reason : CXR_WHY_OTHER;

    if (status == CXR_SHIP_UNKNOWN && s->scans.n == 0
        && s->header_code.len == 0)
    {
        return ctx->texts.sentence_none[dir];
    }

    return ctx->texts.sentence[dir][status][reason];
}


static cxr_str_t
parcel_detail(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s)
{
    unsigned                 dir = s->direction == CXR_PARCEL_RETURN;
    const cxr_view_texts_t  *t = &ctx->texts;

    if (dir == CXR_PARCEL_OUTBOUND && s->status < CXR_SHIP_STATUSES
        && s->reason < CXR_SHIP_REASONS
        && t->said[s->status][s->reason].len != 0)
    {
        return t->said[s->status][s->reason];
    }

    if (s->reason == CXR_WHY_LOST && cxr_ship_in_motion(s->status)) {
        return t->detail_lost[dir];
    }

    if (s->reason == CXR_WHY_DAMAGED && s->status <= CXR_SHIP_DELIVERED) {
        return t->detail_damaged[dir];
    }

    /* "the courier may call" is not what follows on "moved to another day" */

    if (cxr_ship_in_motion(s->status) && s->reason < CXR_SHIP_REASONS) {

        if (dir == CXR_PARCEL_RETURN && s->reason != CXR_WHY_NONE) {
            return t->detail_wait;
        }

        if (t->detail_why[s->reason].len != 0) {
            return t->detail_why[s->reason];
        }
    }

    if (s->status == CXR_SHIP_UNKNOWN && s->scans.n == 0
        && s->header_code.len == 0)
    {
        return t->detail_none[dir];
    }

    return t->detail[dir][s->status < CXR_SHIP_STATUSES ? s->status : 0];
}


cxr_view_good_t *
cxr_view_goods(const cxr_track_good_t *from, size_t n, cxr_arena_t *a)
{
    size_t            i;
    cxr_view_good_t  *good;

    good = cxr_calloc(a, n, sizeof(cxr_view_good_t));

    for (i = 0; good != NULL && i < n; i++) {
        good[i].title = from[i].title;
        good[i].variant = from[i].variant;
        good[i].image_url = cxr_view_safe_url(from[i].image_url);
        good[i].quantity = from[i].quantity;
    }

    return good;
}


static cxr_rc_t
parcel_goods(const cxr_track_parcel_t *p, cxr_arena_t *a, cxr_view_parcel_t *v)
{
    if (p->ngoods == 0) {
        return CXR_OK;
    }

    v->goods.items = cxr_view_goods(p->goods, p->ngoods, a);
    v->goods.n = (uint32_t) p->ngoods;
    v->has_goods = true;

    return v->goods.items == NULL ? CXR_NOMEM : CXR_OK;
}


static cxr_str_t
parcel_name(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s, unsigned n,
    unsigned total, cxr_arena_t *a)
{
    cxr_arg_t  args[2];

    if (s->direction == CXR_PARCEL_RETURN) {
        return ctx->texts.return_parcel;
    }

    if (total < 2) {
        return ctx->texts.parcel;
    }

    args[0] = cxr_arg_int("n", n);
    args[1] = cxr_arg_int("total", total);

    return cxr_view_text(ctx, "track.parcel_of", args, 2, a);
}


/* What has been said takes back what would have been said without it. */
static void
parcel_settle(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_view_parcel_t *v)
{
    const cxr_view_texts_t  *t = &ctx->texts;

    if (v->action != NULL) {
        v->detail = CXR_STR_NONE;     /* what is to be done says it already   */

    } else if (v->delay != NULL && (s->status == CXR_SHIP_OUT_FOR_DELIVERY
                                    || s->reason != CXR_WHY_NONE))
    {
        v->detail = CXR_STR_NONE;     /* it does not come "today" any more    */

    } else if (v->eta != NULL && s->reason == CXR_WHY_RESCHEDULED
               && cxr_ship_in_motion(s->status))
    {
        v->detail = CXR_STR_NONE;     /* the new day stands beside it         */
    }

    if (cxr_ship_in_motion(s->status)
        && (s->reason == CXR_WHY_LOST || s->reason == CXR_WHY_DAMAGED))
    {
        v->label = s->reason == CXR_WHY_LOST ? t->mile_lost : t->mile_damaged;
    }
}


cxr_rc_t
cxr_view_parcel(const cxr_view_ctx_t *ctx, const cxr_track_parcel_t *parcel,
    cxr_time_t now, unsigned n, unsigned total, cxr_arena_t *a,
    cxr_view_parcel_t *v)
{
    bool                   late;
    unsigned               status;
    const cxr_shipment_t  *s = parcel->shipment;

    status = s->status < CXR_SHIP_STATUSES ? s->status : CXR_SHIP_UNKNOWN;

    v->name = parcel_name(ctx, s, n, total, a);
    v->sentence = cxr_track_sentence(ctx, s);
    v->detail = parcel_detail(ctx, s);
    v->status = cxr_strz(cxr_ship_status_names[status]);
    v->reason = cxr_strz(cxr_ship_reason_names[s->reason < CXR_SHIP_REASONS
                                               ? s->reason : CXR_WHY_OTHER]);
    v->label = ctx->texts.status[status];
    v->is_return = s->direction == CXR_PARCEL_RETURN;
    v->delivered = status == CXR_SHIP_DELIVERED;
    cxr_view_carriers(ctx, s, a, v);

    if (v->name.data == NULL
        || parcel_eta(ctx, s, now, a, &v->eta, &late) != CXR_OK
        || cxr_view_notices(ctx, s, late, now, a, v) != CXR_OK
        || cxr_view_pickup(ctx, s, now, a, v) != CXR_OK
        || parcel_miles(ctx, s, a, v) != CXR_OK
        || parcel_goods(parcel, a, v) != CXR_OK)
    {
        return CXR_NOMEM;
    }

    v->tone = parcel_tone(s, v->action != NULL);
    v->offer_help = parcel_needs_shop(s);
    parcel_settle(ctx, s, v);

    return cxr_view_scans(ctx, s, a, v);
}
