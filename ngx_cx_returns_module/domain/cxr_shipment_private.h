
/*
 * What cxr_shipment.c, cxr_shipment_apply.c and cxr_scans.c share.
 */

#ifndef _CXR_SHIPMENT_PRIVATE_H_INCLUDED_
#define _CXR_SHIPMENT_PRIVATE_H_INCLUDED_

#include "cxr_shipment.h"

typedef CXR_LIST_OF(cxr_scan_t)  cxr_scans_t;

/* what a carrier says of the whole parcel beside its scans */
typedef struct {
    uint8_t      status;
    uint8_t      reason;
    cxr_str_t    code;
    cxr_time_t   at;
    bool         wins;
} cxr_ship_header_t;

typedef struct {
    cxr_time_t   from;
    cxr_time_t   to;
    int64_t      offset;
    uint8_t      precision;
    cxr_time_t   asof;
} cxr_ship_eta_t;

/* where it waits and until when: one thing, since the one goes with the other */
typedef struct {
    cxr_time_t   until;
    int64_t      offset;
    uint8_t      precision;
    cxr_time_t   asof;
    cxr_str_t    point;
    cxr_str_t    hours;
} cxr_ship_pickup_t;

/*
 * Total orders: of two things that were said, the greater one holds, whichever
 * came first.
 */
int cxr_ship_header_cmp(const cxr_ship_header_t *a, const cxr_ship_header_t *b);
int cxr_ship_eta_cmp(const cxr_ship_eta_t *a, const cxr_ship_eta_t *b);
int cxr_ship_pickup_cmp(const cxr_ship_pickup_t *a,
    const cxr_ship_pickup_t *b);

/*
 * The scans of "in" that "known" does not hold, or holds in a lesser form
 * (unmapped then, mapped now), each once, in order.  Those later than "latest"
 * are left out and counted in *skipped.
 */
cxr_rc_t cxr_scans_news(const cxr_scans_t *known, const cxr_scan_t *in,
    uint32_t n, cxr_time_t latest, cxr_arena_t *a, cxr_scans_t *out,
    unsigned *skipped);

/*
 * All of "known" and "news" in order, the greater form of each; at most
 * CXR_SCANS_MAX, *dropped tells how many were left out.  "out" is a new list.
 */
cxr_rc_t cxr_scans_merge(const cxr_scans_t *known, const cxr_scans_t *news,
    cxr_arena_t *a, cxr_scans_t *out, uint32_t *dropped);

/* A parcel in the one state may be said to be in the other. */
bool cxr_ship_moves(uint8_t from, uint8_t to);

/* Sets "retracted" of each, by what all of them, in order, take back. */
void cxr_scans_retract(cxr_scan_t *scans, uint32_t n);

#endif /* _CXR_SHIPMENT_PRIVATE_H_INCLUDED_ */
