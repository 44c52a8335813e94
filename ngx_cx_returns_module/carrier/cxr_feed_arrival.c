
/*
 * How a parcel gets to whom it is for: when, by whom, and where and until when
 * it may be collected.
 */

#include "cxr_feed_private.h"
#include "cxr_text.h"


/*
 * A window's end may be told as a time of the day alone, joined with the
 * window's date: one that is before its beginning is of the next day.  What
 * is known of the two to the day only makes the window one of days.
 */
static void
cxr_eta_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_report_t *report)
{
    bool          days;
    int64_t       into;
    cxr_moment_t  from, to;

    cxr_when_get(f, &r->eta, base, &from);
    cxr_when_get(f, &r->eta_to, base, &to);

    if (from.at == CXR_TIME_NONE) {
        from = to;
    }

    if (from.at == CXR_TIME_NONE) {
        return;
    }

    if (to.at == CXR_TIME_NONE) {
        to = from;
    }

    days = from.precision == CXR_PRECISION_DATE
           || to.precision == CXR_PRECISION_DATE;

    if (days && from.precision != CXR_PRECISION_DATE) {
        into = (from.at + from.offset * CXR_SECOND) % CXR_DAY;
        from.at -= into < 0 ? into + CXR_DAY : into;
        from.precision = CXR_PRECISION_DATE;
    }

    if (!days && to.at < from.at
        && (to.at + to.offset * CXR_SECOND) / CXR_DAY
           == (from.at + from.offset * CXR_SECOND) / CXR_DAY)
    {
        to.at += CXR_DAY;
    }

    if (to.at < from.at) {
        to.at = from.at;
    }

    report->eta_from = from.at;
    report->eta_to = to.at;
    report->eta_offset = from.offset;
    report->eta_precision = from.precision;
}


/* Who takes it to the door.  Its number may be the carrier's own, told again. */
static void
cxr_partner_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    report->partner = cxr_field_get(f, a, &r->partner, base, CXR_SERVICE_MAX);

    if (r->partner_number.alts.n > 0) {
        (void) cxr_fold_into(a, cxr_value_get(f, &r->partner_number, base),
                             cxr_fold_tracking, &report->partner_number);
    }
}


/*
 * Until when it may be collected, and where.  Hours without a place are of
 * nothing.
 */
static void
cxr_pickup_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    cxr_moment_t  until;

    cxr_when_get(f, &r->pickup_until, base, &until);

    report->pickup_until = until.at;

    if (until.at != CXR_TIME_NONE) {
        report->pickup_offset = until.offset;
        report->pickup_precision = until.precision;
    }

    report->pickup_point = cxr_field_get(f, a, &r->pickup_point, base,
                                         CXR_PLACE_MAX);

    if (report->pickup_point.len != 0) {
        report->pickup_hours = cxr_field_get(f, a, &r->pickup_hours, base,
                                             CXR_PLACE_MAX);
    }
}


void
cxr_arrival_read(cxr_feed_t *f, const cxr_record_rule_t *r, uint32_t base,
    cxr_arena_t *a, cxr_report_t *report)
{
    cxr_eta_read(f, r, base, report);
    cxr_partner_read(f, r, base, a, report);

    if (r->pickup_until.value.alts.n > 0 || r->pickup_point.alts.n > 0) {
        cxr_pickup_read(f, r, base, a, report);
    }
}
