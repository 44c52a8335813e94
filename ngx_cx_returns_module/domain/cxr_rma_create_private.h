
/*
 * What the files that make an RMA of what was asked share.
 */

#ifndef _CXR_RMA_CREATE_PRIVATE_H_INCLUDED_
#define _CXR_RMA_CREATE_PRIVATE_H_INCLUDED_

#include "cxr_rma_private.h"


/* One asked line on its way to become a line of the RMA. */
typedef struct {
    const cxr_order_t         *order;
    const cxr_rma_ask_t       *ask;
    const cxr_rma_world_t     *world;
    cxr_time_t                 now;
    cxr_refusal_t             *no;
    cxr_arena_t               *a;
    cxr_order_t                rest;     /* the order, less the lines so far  */
    uint8_t                    method;   /* cxr_method_t + 1, or 0            */
    uint32_t                   methods;  /* that every line that goes back has */
    bool                       goes;     /* a line goes back                  */

    uint32_t                   i;
    const cxr_rma_ask_line_t  *asked;
    const cxr_order_line_t    *line;
    cxr_rma_line_t            *out;
    cxr_strs_t                 held_by;  /* CXR_HELD_..                       */
    bool                       approve;  /* a rule does so for every line     */
    bool                       overrides;
    cxr_money_t                shipping_fee;
    uint32_t                   label_days;
    uint8_t                    destination;   /* as cxr_offer_t's             */

    cxr_policy_case_t          judged;   /* tens of kilobytes, which
                                            cxr_policy_begin() sets as it must */
} cxr_rma_build_t;


/*
 * The goods that go out for a line: another variant, or the same once more.
 * CXR_INVALID with b->no when it cannot be, CXR_NOMEM.
 */
cxr_rc_t cxr_rma_exchange(cxr_rma_build_t *b);
cxr_rc_t cxr_rma_replacement(cxr_rma_build_t *b);

/*
 * What she agreed to, into the RMA; staff who go past the policy go past what is
 * required here, too.  CXR_REFUSED, CXR_NOMEM.
 */
cxr_rc_t cxr_rma_consents(const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_arena_t *a, cxr_rma_t *rma,
    cxr_refusal_t *no);

/* the units' share of what was paid, taken out of b->rest */
cxr_rc_t cxr_rma_build_paid(cxr_rma_build_t *b);
/* a line of a cancellation, "own" as the order has it */
cxr_rc_t cxr_rma_build_cancel(cxr_rma_build_t *b,
    const cxr_order_line_t *own);

/* It waits for a person, for this reason, which is kept once. */
cxr_rc_t cxr_rma_held(cxr_rma_build_t *b, const char *why, cxr_str_t what);
/* Does it, its lines apart? */
cxr_rc_t cxr_rma_waits(cxr_rma_build_t *b, const cxr_rma_t *rma);

/* May there be a gift return, and be what is asked for? */
cxr_rc_t cxr_rma_may_gift(const cxr_rma_ask_t *ask,
    const cxr_policy_t *policy, cxr_refusal_t *no);

/* Refuses for the line at hand, of which "field" is a pointer within it. */
cxr_rc_t cxr_rma_no(cxr_rma_build_t *b, const char *code, const char *field,
    const char *text);


#endif /* _CXR_RMA_CREATE_PRIVATE_H_INCLUDED_ */
