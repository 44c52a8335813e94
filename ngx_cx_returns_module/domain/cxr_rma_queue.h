
/*
 * The desk's queues: what an RMA waits for, and from whom.  Pure functions of
 * the RMA and of its conversation, so that the lists that the store keeps of
 * them come out of the journal again.
 */

#ifndef _CXR_RMA_QUEUE_H_INCLUDED_
#define _CXR_RMA_QUEUE_H_INCLUDED_

#include "cxr_rma.h"

/* An RMA may stand in several of them: its lines are not all as far. */
typedef enum {
    CXR_QUEUE_DECIDE = 0,      /* a line waits for a decision                  */
    CXR_QUEUE_ANSWER,          /* the shopper wrote, and nobody has answered   */
    CXR_QUEUE_EXPECTED,        /* goods are to come, or on their way           */
    CXR_QUEUE_RECEIVE,         /* they were delivered and not counted yet      */
    CXR_QUEUE_GRADE,           /* counted, and nobody has looked at them       */
    CXR_QUEUE_SETTLE,          /* to be paid, sent or released by the shop     */
    CXR_QUEUE_FAILED,          /* the shop could not pay                       */
    CXR_QUEUE_OURS,            /* one of the above that the shop, and nobody
                                  else, has to do something about; a lost
                                  parcel and an instant exchange whose goods
                                  did not set out, too                         */
    CXR_QUEUES
} cxr_queue_t;

/* "decide", "answer" ..., the last one is "ours" */
extern const char *const  cxr_queue_names[];

/* Bits of cxr_queue_t.  "asked": since when its conversation waits for the
   shop (waits_since of cxr_thread_t), or CXR_TIME_NONE. */
unsigned cxr_rma_queues(const cxr_rma_t *rma, cxr_time_t asked);

/*
 * Since when it stands in the queue as it does: its last event, whatever that
 * was; of a conversation the shopper's first message that nobody has answered.
 * What is overdue by the policy's own clock counts from its beginning.  In
 * CXR_QUEUE_OURS the one of these that is longest ago.
 */
cxr_time_t cxr_rma_waits_since(const cxr_rma_t *rma, cxr_time_t asked,
    unsigned queue);

#endif /* _CXR_RMA_QUEUE_H_INCLUDED_ */
