
/*
 * One RMA of the store, judged again as of when it was made.
 */

#ifndef _CXR_CLI_POLICY_REPLAY_H_INCLUDED_
#define _CXR_CLI_POLICY_REPLAY_H_INCLUDED_

#include "cxr_cli_policy.h"
#include "cxr_rma.h"

/* What a policy would have made of it. */
typedef struct {
    bool           accepted;
    bool           approved;         /* at once                                */
    cxr_refusal_t  no;               /* when it was not accepted               */
    cxr_money_t    fee;
    cxr_money_t    bonus;
    cxr_money_t    refund;
    cxr_money_t    due;
    cxr_money_t    delivery;       /* of what the delivery cost                */
} cxr_replayed_t;

/*
 * "order" is the order with what RMAs before this one had taken of it (see
 * cxr_replay_take()).  CXR_NOMEM, or CXR_ERROR: it cannot be judged at all.
 */
cxr_rc_t cxr_replay_rma(const cxr_shop_t *shop, const cxr_cli_case_t *c,
    const cxr_order_t *order, const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_replayed_t *out);

/* The order before its first RMA, and with one more of them. */
cxr_rc_t cxr_replay_begin(const cxr_order_t *now, cxr_order_t *order,
    cxr_arena_t *a);
void cxr_replay_take(cxr_order_t *order, const cxr_rma_t *rma);

#endif /* _CXR_CLI_POLICY_REPLAY_H_INCLUDED_ */
