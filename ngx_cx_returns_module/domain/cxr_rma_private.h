
/*
 * What cxr_rma_create.c, cxr_rma_decide.c and cxr_rma_apply.c share.
 */

#ifndef _CXR_RMA_PRIVATE_H_INCLUDED_
#define _CXR_RMA_PRIVATE_H_INCLUDED_

#include "cxr_rma.h"

/*
 * The 32 random bytes of a command: the first 15 are three tries for an RMA
 * number, the last 16 name the label.
 */
#define CXR_RMA_RANDOM_TRIES  3
#define CXR_RMA_RANDOM_JTI    16

/* the label's name from the command's randomness; CXR_STR_NONE: no memory */
cxr_str_t cxr_rma_jti(const uint8_t random[32], cxr_arena_t *a);

/* refund, fee and due over the lines that count, and the derived status */
void cxr_rma_sum(cxr_rma_t *rma);

/*
 * Every fact that follows from others: the lines' parcels from the label and
 * the parcels, and what is owed.  Changes rma->lines.items in place.
 */
void cxr_rma_derive(cxr_rma_t *rma);

/* the list with one more, or with one changed, as a new list */
cxr_rc_t cxr_rma_apply_named(cxr_rma_t *rma, const cxr_rma_name_t *body,
    cxr_time_t at, cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_moved(cxr_rma_t *rma, const cxr_rma_move_t *body,
    cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_released(cxr_rma_t *rma,
    const cxr_release_body_t *body);

/*
 * What is released once the events in "out" hold, appended to them.  "rma" is
 * zeroed when the first of them is rma.created.
 */
cxr_rc_t cxr_rma_release(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out);

/* one event of the order's aggregate, after those that "out" has of it */
cxr_rc_t cxr_rma_event(const cxr_order_t *order, unsigned kind,
    const void *body, cxr_arena_t *a, cxr_events_t *out);

#endif /* _CXR_RMA_PRIVATE_H_INCLUDED_ */
