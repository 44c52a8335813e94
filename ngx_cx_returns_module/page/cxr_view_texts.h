
/*
 * For the files of the tracking view: which texts belong to which state.
 */

#ifndef _CXR_VIEW_TEXTS_H_INCLUDED_
#define _CXR_VIEW_TEXTS_H_INCLUDED_

#include "cxr_view_track.h"

/* not there yet, and not on its way back */
static inline bool
cxr_ship_in_motion(unsigned status)
{
    return status < CXR_SHIP_DELIVERED;
}

/*
 * The view of one parcel; it is the "n"th of "total" that go to the shopper
 * (both 0 for a return parcel).
 */
cxr_rc_t cxr_view_parcel(const cxr_view_ctx_t *ctx,
    const cxr_track_parcel_t *parcel, cxr_time_t now, unsigned n,
    unsigned total, cxr_arena_t *a, cxr_view_parcel_t *v);

/*
 * delay, action, once the state is said and eta is there; "late": a promise
 * has passed.  A sentence that time has overtaken is put right.
 */
cxr_rc_t cxr_view_notices(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    bool late, cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v);

/* Goods as the template sees them; NULL: no memory. */
cxr_view_good_t *cxr_view_goods(const cxr_track_good_t *from, size_t n,
    cxr_arena_t *a);

/* whether a guess may stand where no promise does: once all else is said */
bool cxr_view_guesses(const cxr_shipment_t *s, const cxr_view_parcel_t *v);

/*
 * A guess at when it comes: of a parcel, or (NULL) of an order that has none
 * yet.  *out stays as it is when nothing is known.
 */
cxr_rc_t cxr_view_estimate(const cxr_view_ctx_t *ctx, const cxr_order_t *order,
    const cxr_track_parcel_t *parcel, cxr_time_t now, cxr_arena_t *a,
    cxr_view_eta_t **out);

/* "24 Kas – 26 Kas" */
cxr_str_t cxr_view_day_range(const cxr_view_ctx_t *ctx, cxr_time_t from,
    cxr_time_t to, int32_t offset, cxr_arena_t *a);

/* "Bugün", "Yarın", "Dün", "24 Kasım Salı" */
cxr_str_t cxr_view_day_name(const cxr_view_ctx_t *ctx, cxr_time_t at,
    int32_t offset, cxr_time_t now, cxr_arena_t *a);

/* collect_at, collect_hours, the last day as eta and in the action's text:
   once those are there */
cxr_rc_t cxr_view_pickup(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_time_t now, cxr_arena_t *a, cxr_view_parcel_t *v);

/* days since 1970 of a moment at an offset from UTC in seconds */
static inline int64_t
cxr_view_day(cxr_time_t at, int64_t offset)
{
    int64_t  t = at + offset * CXR_SECOND;

    return (t >= 0 ? t : t - (CXR_DAY - 1)) / CXR_DAY;
}

/* number, carrier, service, carrier_url and partner: what may be told of them */
void cxr_view_carriers(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_arena_t *a, cxr_view_parcel_t *v);

/* the scan that is the delivery in force, or NULL */
const cxr_scan_t *cxr_view_delivery(const cxr_shipment_t *s);

/* left, signature, and the sentence that says so: for those who hold the
   order's link */
void cxr_view_proof(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_view_parcel_t *v);
/* for the others, once the scans are there: none of the carrier's own words */
void cxr_view_hush(cxr_view_parcel_t *v);

/*
 * usual; and a notice, when nobody has given one, of a parcel that takes longer
 * than the carrier does but for few.  Once the others are there.
 */
cxr_rc_t cxr_view_lane(const cxr_view_ctx_t *ctx,
    const cxr_track_parcel_t *parcel, cxr_time_t now, cxr_arena_t *a,
    cxr_view_parcel_t *v);

/* its scans: days, older, older_n, has_scans, updated */
cxr_rc_t cxr_view_scans(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_arena_t *a, cxr_view_parcel_t *v);

#endif /* _CXR_VIEW_TEXTS_H_INCLUDED_ */
