
/*
 * What an RMA waits for.
 */

#include "cxr_rma_act.h"
#include "cxr_rma_private.h"
#include "cxr_rma_queue.h"


#define CXR_QUEUE_BIT(q)   (1u << CXR_QUEUE_##q)
#define CXR_QUEUES_OURS                                                       \
    (CXR_QUEUE_BIT(DECIDE) | CXR_QUEUE_BIT(ANSWER) | CXR_QUEUE_BIT(RECEIVE)   \
     | CXR_QUEUE_BIT(GRADE) | CXR_QUEUE_BIT(SETTLE) | CXR_QUEUE_BIT(FAILED))


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
               && l->graded == l->counted
               && cxr_rma_moves(rma, CXR_VERB_RELEASE, l))
    {
        /* nothing else will release it */

        bits |= CXR_QUEUE_BIT(SETTLE);
    }

    return bits;
}


/* The shopper's words are newer than any of the shop's. */

static bool
cxr_rma_unanswered(const cxr_rma_t *rma)
{
    uint32_t                i;
    cxr_time_t              asked = CXR_TIME_NONE;
    const cxr_rma_step_t   *step;

    for (i = 0; i < rma->notes.n; i++) {
        if (rma->notes.items[i].actor_kind == CXR_ACTOR_SHOPPER) {
            asked = rma->notes.items[i].at;
        }
    }

    if (asked == CXR_TIME_NONE || cxr_rma_closed(rma)) {
        return false;
    }

    for (i = 0; i < rma->steps.n; i++) {
        step = &rma->steps.items[i];

        if (step->at > asked
            && (step->actor_kind == CXR_ACTOR_STAFF
                || step->actor_kind == CXR_ACTOR_API))
        {
            return false;
        }
    }

    return true;
}


unsigned
cxr_rma_queues(const cxr_rma_t *rma)
{
    unsigned        bits = 0;
    uint32_t        i;
    cxr_rma_line_t  l;

    for (i = 0; i < rma->lines.n; i++) {
        l = rma->lines.items[i];
        cxr_line_upgrade(&l);

        bits |= cxr_line_queues(rma, &l);
    }

    if (cxr_rma_unanswered(rma)) {
        bits |= CXR_QUEUE_BIT(ANSWER);
    }

    if ((bits & CXR_QUEUES_OURS) != 0
        || (rma->overdue && rma->status != CXR_RMA_COMPLETED))
    {
        bits |= CXR_QUEUE_BIT(OURS);
    }

    return bits;
}


cxr_time_t
cxr_rma_waits_since(const cxr_rma_t *rma, unsigned queue)
{
    return queue == CXR_QUEUE_OURS && rma->overdue ? rma->created_at
                                                   : rma->updated_at;
}
