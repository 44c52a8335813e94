
/*
 * Cancelling what was not sent yet.  The shop's own system fulfils and pays; what
 * stands here is the shopper's request and the shop's answer to it: an RMA of the
 * kind "cancellation", so that its units can be in no other, its money is told
 * and confirmed like any other's, and who answers it does so with the same verbs
 * (approve, decline with a reason).  Nothing of it is sent back.
 *
 * - A line may be cancelled until the shop names a parcel that it is in, and no
 *   longer than the shop's file says.  The file's rules bear on it only where
 *   they name the kind "cancellation": what the law lets her do with the goods
 *   once she has them is not touched by it.
 * - Nothing is kept back, and what the delivery would have cost goes back with
 *   the last unit: she may withdraw before the delivery, too, and would get no
 *   less then (2011/83/EU art. 9, 13; Mesafeli Sözleşmeler Yönetmeliği m. 9, 12).
 * - A parcel that is named meanwhile wins (rma.overtaken, in the transaction
 *   of the order that names it): what was not answered is declined, and its
 *   units may be returned as any other's; what was cancelled stays cancelled
 *   and paid back, and says that it has set out all the same.
 */

#ifndef _CXR_CANCEL_H_INCLUDED_
#define _CXR_CANCEL_H_INCLUDED_

#include "cxr_rma.h"

typedef enum {
    CXR_CANCEL_MAY = 0,
    CXR_CANCEL_OFF,            /* the shop's file says nothing of it           */
    CXR_CANCEL_SENT,           /* a parcel with it was named, or the line is
                                  what an exchange sent                        */
    CXR_CANCEL_TAKEN,          /* every unit is in an RMA already              */
    CXR_CANCEL_OVER,           /* "until" has passed                           */
    CXR_CANCEL_EXCLUDED,       /* one of its tags                              */
    CXR_CANCEL_DENIED,         /* a rule says no: "denial" says why            */
    CXR_CANCEL_VERDICTS
} cxr_cancel_verdict_t;

typedef struct {
    uint8_t            verdict;    /* cxr_cancel_verdict_t                     */
    uint32_t           units;      /* that may be cancelled                    */
    cxr_time_t         until;      /* last moment; NONE: until it is sent      */
    const cxr_texts_t *denial;     /* for the shopper; may be empty            */
    const cxr_rule_t  *rule;       /* that denies, or decides who looks at it;
                                      NULL: none, the file's keys do           */
} cxr_cancel_t;

extern const char *const  cxr_cancel_verdict_names[];   /* "may", "off", ...   */

/* What holds for the line now; "c" by cxr_policy_begin(). */
void cxr_cancel_line(cxr_policy_case_t *c, const cxr_order_line_t *line,
    const cxr_policy_ask_t *ask, cxr_cancel_t *out);

/* Need it be judged at all?  Not once the time is over, or all has been sent. */
bool cxr_cancel_open(const cxr_policy_t *policy, const cxr_order_t *order,
    cxr_time_t now);

/* The shop's reason of that code, or NULL. */
const cxr_reason_t *cxr_cancel_reason(const cxr_policy_t *policy,
    cxr_str_t code);

/*
 * What a parcel that "after" names and "before" did not means for the RMA, a
 * cancellation of the order: rma.overtaken, or nothing.  To be asked after every
 * order.put, in the same transaction.
 */
cxr_rc_t cxr_cancel_overtake(const cxr_order_t *before,
    const cxr_order_t *after, const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_events_t *out);

/* Has anything that was cancelled set out all the same? */
bool cxr_rma_overtaken(const cxr_rma_t *rma);

#endif /* _CXR_CANCEL_H_INCLUDED_ */
