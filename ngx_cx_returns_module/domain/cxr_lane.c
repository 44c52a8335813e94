
/*
 * How long a carrier takes to a country.
 */

#include "cxr_lane.h"


int
cxr_lane_of(const cxr_shipment_t *s, cxr_str_t *country)
{
    uint32_t           i;
    int64_t            offset = 0;
    const cxr_scan_t  *scan;

    *country = CXR_STR_NONE;

    if (s->status != CXR_SHIP_DELIVERED || s->direction == CXR_PARCEL_RETURN
        || s->delivered_at == CXR_TIME_NONE
        || s->picked_up_at == CXR_TIME_NONE
        || s->picked_up_at <= 0 || s->delivered_at < s->picked_up_at)
    {
        return -1;
    }

    for (i = s->scans.n; i > 0; i--) {
        scan = &s->scans.items[i - 1];

        if (scan->at == s->delivered_at && !scan->retracted
            && scan->status == CXR_SHIP_DELIVERED)
        {
            *country = scan->country;
            offset = scan->offset;
            break;
        }
    }

    /* told of in one scan, it has shown nothing of its way */

    if (s->delivered_at == s->picked_up_at) {
        return -1;
    }

    return (int) cxr_lane_days(s->picked_up_at, s->delivered_at, offset);
}


uint32_t
cxr_lane_days(cxr_time_t from, cxr_time_t to, int64_t offset)
{
    int64_t   day, end;
    uint32_t  n;

    if (from <= 0 || to <= from) {
        return 0;
    }

    day = (from + offset * CXR_SECOND) / CXR_DAY;
    end = (to + offset * CXR_SECOND) / CXR_DAY;

    /* 1970-01-01 was a Thursday: 0 is a Sunday */

    for (n = 0; day < end && n < CXR_LANE_DAYS - 1; /* void */) {
        day++;
        n += (day + 4) % 7 != 0 && (day + 4) % 7 != 6;
    }

    return n;
}


/* The least number of days in which "part" of a hundred had arrived. */
static uint32_t
cxr_lane_part(const cxr_lane_counts_t *counts, uint64_t n, unsigned part)
{
    uint32_t  i;
    uint64_t  sum = 0;

    for (i = 0; i < CXR_LANE_DAYS - 1; i++) {
        sum += counts->count[i];

        if (sum * 100 >= n * part) {
            break;
        }
    }

    return i;
}


bool
cxr_lane_usual(const cxr_lane_counts_t *counts, cxr_lane_t *lane)
{
    uint32_t  i;
    uint64_t  n = 0;

    for (i = 0; i < CXR_LANE_DAYS; i++) {
        n += counts->count[i];
    }

    lane->n = n < UINT32_MAX ? (uint32_t) n : UINT32_MAX;

    if (n < CXR_LANE_KNOWN) {
        return false;
    }

    lane->from = cxr_lane_part(counts, n, 20);
    lane->to = cxr_lane_part(counts, n, 80);
    lane->late = cxr_lane_part(counts, n, 95);

    /* by the next working day at the soonest, as one says it */

    lane->from = lane->from > 0 ? lane->from : 1;
    lane->to = lane->to > lane->from ? lane->to : lane->from;
    lane->late = lane->late > lane->to ? lane->late : lane->to;

    return true;
}
