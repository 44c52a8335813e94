
/*
 * How long the shop's carriers take, by country: kept with each delivery, read
 * by the tracking page.  domain/cxr_lane.h says what is counted.
 */

#ifndef _CXR_STORE_LANE_H_INCLUDED_
#define _CXR_STORE_LANE_H_INCLUDED_

#include "cxr_lane.h"
#include "cxr_store.h"

/*
 * Of the country, or where too little is known of it, of the deliveries that
 * named none.  CXR_NOTFOUND: fewer than CXR_LANE_KNOWN of either.
 */
cxr_rc_t cxr_read_lane(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t carrier, cxr_str_t country, cxr_arena_t *a, cxr_lane_t *lane);

#endif /* _CXR_STORE_LANE_H_INCLUDED_ */
