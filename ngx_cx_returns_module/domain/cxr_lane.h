
/*
 * A lane: how long a carrier takes to a country.  What is known of it is a
 * count of deliveries by their working days, Monday to Friday, from pick-up to
 * delivery, and it is a sum over the shop's parcels as they are: so it comes
 * out the same whatever way they came to be so.
 *
 * The shop's holidays do not count here: they may change with every reading of
 * its file, and what has been counted may not.
 */

#ifndef _CXR_LANE_H_INCLUDED_
#define _CXR_LANE_H_INCLUDED_

#include "cxr_shipment.h"

#define CXR_LANE_DAYS    31      /* 0 .. 29, and all that took longer         */
/* fewer deliveries say nothing of the next one */
#define CXR_LANE_KNOWN   30

typedef struct {
    uint32_t   count[CXR_LANE_DAYS];
} cxr_lane_counts_t;

typedef struct {
    uint32_t   n;                /* deliveries known                          */
    uint32_t   from;             /* most take so many days ...                */
    uint32_t   to;               /* ... up to so many: from the 20th to the
                                    80th of a hundred; at least 1             */
    uint32_t   late;             /* not 5 of a hundred take longer            */
} cxr_lane_t;

/*
 * What the parcel adds: its working days, at most CXR_LANE_DAYS - 1, and the
 * country that the delivery names, or an empty one.  -1: nothing; it is not
 * delivered, comes back, or its beginning is not known.
 */
int cxr_lane_of(const cxr_shipment_t *s, cxr_str_t *country);

/* Working days after the day of "from" up to that of "to", both as of "offset"
   seconds east of UTC; at most CXR_LANE_DAYS - 1. */
uint32_t cxr_lane_days(cxr_time_t from, cxr_time_t to, int64_t offset);

/* False: fewer than CXR_LANE_KNOWN deliveries. */
bool cxr_lane_usual(const cxr_lane_counts_t *counts, cxr_lane_t *lane);

#endif /* _CXR_LANE_H_INCLUDED_ */
