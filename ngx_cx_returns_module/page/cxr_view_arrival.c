
/*
 * How a parcel gets to the door, and what shows that it did: the carrier of
 * the last leg, where it was left, that it was signed for.  Who signed is not
 * among it: no feed's word of that is ever kept.
 */

#include <strings.h>

#include "cxr_view_texts.h"


/* The carrier's own page of a number, from the shop's file; or empty. */
static cxr_str_t
arrival_url(cxr_str_t url, cxr_str_t number, cxr_arena_t *a)
{
    cxr_buf_t    buf;
    const char  *at;

    static const char  hole[] = "{number}";
    const size_t       n = sizeof(hole) - 1;

    if (url.len == 0 || number.len == 0) {
        return CXR_STR_NONE;
    }

    cxr_text_begin(a, CXR_VIEW_URL_MAX, &buf);

    while ((at = memmem(url.data, url.len, hole, n)) != NULL) {
        cxr_buf_add(&buf, url.data, (size_t) (at - url.data));
        cxr_buf_url(&buf, number);
        url = cxr_strn(at + n, url.len - (size_t) (at - url.data) - n);
    }

    cxr_buf_adds(&buf, url);

    return cxr_view_safe_url(cxr_text_end(a, &buf));
}


static bool
arrival_named(cxr_str_t a, cxr_str_t b)
{
    return a.len == b.len && strncasecmp(a.data, b.data, a.len) == 0;
}


/* Another carrier stands in the shop's list by its slug, or as it is called. */
static void
arrival_partner(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_arena_t *a, cxr_view_parcel_t *v)
{
    uint32_t                   i;
    const cxr_carrier_name_t  *c;

    v->partner = s->partner;
    v->partner_number = s->partner_number;

    for (i = 0; i < ctx->shop->carriers.n; i++) {
        c = &ctx->shop->carriers.items[i];

        if (arrival_named(c->carrier, s->partner)
            || arrival_named(c->name, s->partner))
        {
            v->partner = c->name;
            v->partner_url = arrival_url(c->url, s->partner_number, a);
            return;
        }
    }

    for (i = 0; i < ctx->shop->known.n; i++) {
        c = &ctx->shop->known.items[i];

        if (arrival_named(c->carrier, s->partner)) {
            v->partner = c->name;
            return;
        }
    }
}


/* "tel:" and what of the number is dialled. */
static cxr_str_t
arrival_tel(cxr_str_t phone, cxr_arena_t *a)
{
    size_t     i;
    cxr_buf_t  buf;

    if (phone.len == 0) {
        return CXR_STR_NONE;
    }

    cxr_text_begin(a, CXR_VIEW_URL_MAX, &buf);
    cxr_buf_addz(&buf, "tel:");

    for (i = 0; i < phone.len; i++) {
        if ((phone.data[i] >= '0' && phone.data[i] <= '9')
            || phone.data[i] == '+')
        {
            cxr_buf_addc(&buf, phone.data[i]);
        }
    }

    return cxr_text_end(a, &buf);
}


void
cxr_view_carriers(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_arena_t *a, cxr_view_parcel_t *v)
{
    uint32_t                   i;
    const cxr_carrier_name_t  *c;

    v->number = s->number;

    if (ctx->shop->tracking.mask_carrier) {
        v->carrier = ctx->texts.carrier_masked;
        return;
    }

    v->carrier = cxr_shop_carrier_name(ctx->shop, s->carrier);
    v->service = s->service;

    for (i = 0; i < ctx->shop->carriers.n; i++) {
        c = &ctx->shop->carriers.items[i];

        if (cxr_str_eq(c->carrier, s->carrier)) {
            v->carrier_url = arrival_url(c->url, s->number, a);
            v->carrier_phone = cxr_view_unbroken(a, c->phone);
            v->carrier_phone_url = arrival_tel(c->phone, a);
            break;
        }
    }

    if (s->partner.len != 0) {
        arrival_partner(ctx, s, a, v);
    }
}


const cxr_scan_t *
cxr_view_delivery(const cxr_shipment_t *s)
{
    uint32_t           i;
    const cxr_scan_t  *scan;

    if (s->status != CXR_SHIP_DELIVERED || s->delivered_at == CXR_TIME_NONE) {
        return NULL;
    }

    for (i = s->scans.n; i > 0; i--) {
        scan = &s->scans.items[i - 1];

        if (!scan->retracted && scan->at == s->delivered_at
            && scan->status == CXR_SHIP_DELIVERED)
        {
            return scan;
        }
    }

    return NULL;
}


void
cxr_view_proof(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_view_parcel_t *v)
{
    const cxr_scan_t  *scan;

    scan = cxr_view_delivery(s);

    if (scan == NULL) {
        return;
    }

    v->signature = scan->signature;

    if (scan->left != CXR_LEFT_NONE && scan->left < CXR_VIEW_LEFTS) {
        v->left = ctx->texts.left[scan->left];

        if (s->direction == CXR_PARCEL_OUTBOUND && s->reason == CXR_WHY_NONE
            && ctx->texts.left_sentence[scan->left].len != 0)
        {
            v->sentence = ctx->texts.left_sentence[scan->left];
        }
    }
}


cxr_rc_t
cxr_view_lane(const cxr_view_ctx_t *ctx, const cxr_track_parcel_t *parcel,
    cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v)
{
    int64_t                offset = 0;
    cxr_arg_t              args[2];
    const cxr_lane_t      *lane = parcel->lane;
    const cxr_shipment_t  *s = parcel->shipment;

    if (lane == NULL || s->direction == CXR_PARCEL_RETURN
        || !cxr_ship_in_motion(s->status)
        || s->status == CXR_SHIP_READY_FOR_PICKUP)
    {
        return CXR_OK;
    }

    args[0] = cxr_arg_int("from", lane->from);
    args[1] = cxr_arg_int("to", lane->to);

    v->usual = cxr_view_text(ctx, lane->from == lane->to ? "track.usual.one"
                                                         : "track.usual.range",
                             args, 2, a);

    if (v->usual.data == NULL) {
        return CXR_NOMEM;
    }

    /* what is asked of her, a promise that holds, or a cause says more */

    if (s->picked_up_at == CXR_TIME_NONE || v->delay != NULL
        || v->action != NULL || v->eta != NULL)
    {
        return CXR_OK;
    }

    if (ctx->shop->tz != NULL) {
        offset = cxr_tz_offset(ctx->shop->tz, s->picked_up_at);
    }

    if (cxr_lane_days(s->picked_up_at, now, offset) <= lane->late) {
        return CXR_OK;
    }

    v->delay = cxr_alloc(a, sizeof(cxr_view_word_t));
    if (v->delay == NULL) {
        return CXR_NOMEM;
    }

    v->delay->title = ctx->texts.delay_title;
    v->delay->text = cxr_view_text(ctx, "track.delay.lane", args, 2, a);

    return v->delay->text.data == NULL ? CXR_NOMEM : CXR_OK;
}


/*
 * By its number alone a parcel is shown to whoever has the number.  A carrier's
 * own words tell at times who took it or who was not there, and it is not the
 * code that says which of them do.
 */

static void
arrival_hush(cxr_view_days_t *days)
{
    uint32_t  i, k;

    for (i = 0; i < days->n; i++) {
        for (k = 0; k < days->items[i].scans.n; k++) {
            days->items[i].scans.items[k].raw = CXR_STR_NONE;
        }
    }
}


void
cxr_view_hush(cxr_view_parcel_t *v)
{
    arrival_hush(&v->days);
    arrival_hush(&v->older);
}
