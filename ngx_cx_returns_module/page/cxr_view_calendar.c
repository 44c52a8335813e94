
/*
 * The day that a carrier promises, or the last one on which a parcel may be
 * collected, for the shopper's own calendar.  It holds no address of ours: a
 * calendar is shown to others, and the page's address is the key to the page.
 */

#include "cxr_ics.h"
#include "cxr_view_texts.h"


static void
calendar_pickup(const cxr_shipment_t *s, const cxr_view_parcel_t *p,
    cxr_ics_t *e)
{
    e->days = s->pickup_precision == CXR_PRECISION_DATE;
    e->to = s->pickup_until;
    e->from = e->days ? e->to : e->to - CXR_HOUR;
    e->offset = s->pickup_offset;
    e->place = p->collect_at;
    e->remind = true;
}


static void
calendar_eta(const cxr_shipment_t *s, cxr_ics_t *e)
{
    e->days = s->eta_precision == CXR_PRECISION_DATE;
    e->from = s->eta_from != CXR_TIME_NONE ? s->eta_from : s->eta_to;
    e->to = s->eta_to;
    e->offset = s->eta_offset;

    if (!e->days && e->from == e->to) {
        e->from -= CXR_HOUR;          /* "by two o'clock", "about two" */
    }
}


cxr_rc_t
cxr_track_calendar(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_str_t number, cxr_arena_t *a, cxr_buf_t *out)
{
    size_t                 i;
    uint32_t               k;
    cxr_rc_t               rc;
    cxr_arg_t              arg;
    cxr_ics_t              e;
    cxr_view_track_t       v;
    cxr_view_parcel_t     *p = NULL;
    const cxr_shipment_t  *s = NULL;

    rc = cxr_view_track(ctx, in, a, &v);
    if (rc != CXR_OK) {
        return rc;
    }

    for (k = 0; k < v.parcels.n; k++) {
        if (v.parcels.items[k].eta != NULL
            && v.parcels.items[k].eta->calendar_url.len != 0
            && cxr_str_eq(v.parcels.items[k].number, number))
        {
            p = &v.parcels.items[k];
            break;
        }
    }

    for (i = 0; p != NULL && i < in->nparcels; i++) {
        if (cxr_str_eq(in->parcels[i].shipment->number, number)
            && in->parcels[i].shipment->direction == CXR_PARCEL_OUTBOUND)
        {
            s = in->parcels[i].shipment;
            break;
        }
    }

    if (s == NULL) {
        return CXR_NOTFOUND;
    }

    memset(&e, 0, sizeof(e));

    if (s->status == CXR_SHIP_READY_FOR_PICKUP) {
        calendar_pickup(s, p, &e);

    } else {
        calendar_eta(s, &e);
    }

    arg = cxr_arg_str("shop", ctx->shop->name);
    e.stamp = s->updated_at != CXR_TIME_NONE ? s->updated_at : in->now;

    /* a carrier's name may be masked */

    e.uid = cxr_sprintf(a, "%.*s.%u@%.*s", cxr_str_arg(s->number),
                        (unsigned) s->day, cxr_str_arg(ctx->shop->id));
    e.summary = cxr_view_text(ctx, e.remind ? "track.calendar.collect"
                                            : "track.calendar.delivery",
                              &arg, 1, a);
    e.text = cxr_sprintf(a, "%.*s %.*s", cxr_str_arg(p->carrier),
                         cxr_str_arg(p->number));

    if (e.uid.len == 0 || e.summary.len == 0 || e.text.len == 0) {
        return CXR_NOMEM;
    }

    cxr_ics(&e, out);

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}
