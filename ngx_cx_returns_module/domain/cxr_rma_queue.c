
/*
 * What an RMA waits for.
 */

#include "cxr_cancel.h"
#include "cxr_rma_act.h"
#include "cxr_rma_private.h"
#include "cxr_rma_queue.h"


#define CXR_QUEUE_BIT(q)   (1u << CXR_QUEUE_##q)
#define CXR_QUEUES_OURS                                                       \
    (CXR_QUEUE_BIT(DECIDE) | CXR_QUEUE_BIT(RECEIVE) | CXR_QUEUE_BIT(GRADE)     \
     | CXR_QUEUE_BIT(SETTLE) | CXR_QUEUE_BIT(FAILED))


const char *const  cxr_queue_names[] = {
    "decide", "answer", "expected", "receive", "grade", "settle", "failed",
    "ours", NULL
};


/* What one line waits for. */

static unsigned
cxr_line_queues(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    bool      awaited;
    unsigned  bits = 0;

    if (!cxr_rma_closed(rma) && l->decision == CXR_DECISION_PENDING) {
        bits |= CXR_QUEUE_BIT(DECIDE);
    }

    awaited = !l->no_return && !l->no_more
              && cxr_rma_moves(rma, CXR_VERB_RECEIVE, l);

    if (awaited) {
        bits |= l->parcel == CXR_PARCEL_DELIVERED ? CXR_QUEUE_BIT(RECEIVE)
                                                  : CXR_QUEUE_BIT(EXPECTED);
    }

    if (awaited && l->parcel == CXR_PARCEL_LOST) {
        bits |= CXR_QUEUE_BIT(OURS);
    }

    if (cxr_rma_moves(rma, CXR_VERB_GRADE, l)) {
        bits |= CXR_QUEUE_BIT(GRADE);
    }

    if (l->settlement == CXR_SETTLEMENT_FAILED) {
        bits |= CXR_QUEUE_BIT(FAILED);

    } else if (cxr_rma_moves(rma, CXR_VERB_CONFIRM, l)) {
        bits |= CXR_QUEUE_BIT(SETTLE);

    } else if (l->settlement == CXR_SETTLEMENT_OWED && !awaited
               && !cxr_line_unpaid(rma, l)
               && l->graded == l->counted
               && cxr_rma_moves(rma, CXR_VERB_RELEASE, l))
    {
        /* nothing else will release it */

        bits |= CXR_QUEUE_BIT(SETTLE);
    }

    return bits;
}


/* What the RMA itself is the shop's turn for. */

static unsigned
cxr_rma_own_queues(const cxr_rma_t *rma)
{
    unsigned        bits = 0;
    uint32_t        i;
    cxr_rma_line_t  l;

    for (i = 0; i < rma->lines.n; i++) {
        l = rma->lines.items[i];
        cxr_line_upgrade(&l);

        bits |= cxr_line_queues(rma, &l);
    }

    if (rma->due_told > rma->due_back) {
        bits |= CXR_QUEUE_BIT(SETTLE);
    }

    if ((bits & CXR_QUEUES_OURS) != 0
        || ((rma->overdue || cxr_rma_overtaken(rma))
            && rma->status != CXR_RMA_COMPLETED))
    {
        bits |= CXR_QUEUE_BIT(OURS);
    }

    return bits;
}


unsigned
cxr_rma_queues(const cxr_rma_t *rma, cxr_time_t asked)
{
    unsigned  bits;

    bits = cxr_rma_own_queues(rma);

    if (asked != CXR_TIME_NONE) {
        bits |= CXR_QUEUE_BIT(ANSWER) | CXR_QUEUE_BIT(OURS);
    }

    return bits;
}


cxr_time_t
cxr_rma_waits_since(const cxr_rma_t *rma, cxr_time_t asked, unsigned queue)
{
    cxr_time_t  own;

    if (queue == CXR_QUEUE_ANSWER) {
        return asked;
    }

    own = queue == CXR_QUEUE_OURS && rma->overdue ? rma->created_at
                                                  : rma->updated_at;

    if (queue != CXR_QUEUE_OURS || asked == CXR_TIME_NONE) {
        return own;
    }

    return asked < own
           || (cxr_rma_own_queues(rma) & CXR_QUEUE_BIT(OURS)) == 0
           ? asked : own;
}
