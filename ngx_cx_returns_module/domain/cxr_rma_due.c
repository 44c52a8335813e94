
/*
 * What the shopper owes for dearer goods: what the shop says she paid of it, and
 * what is paid back when it is owed no more (the request was taken back, fewer
 * units came).  Money of its own, beside what the lines are settled with.
 */

#include "cxr_rma_private.h"


/*
 * What is owed of all lines that count, whether or not the RMA is closed.
 * "sure": no refund makes up for it that may still be declined.
 */

static cxr_money_t
cxr_rma_dues(const cxr_rma_t *rma, bool sure)
{
    uint32_t               i;
    cxr_money_t            net;
    const cxr_rma_line_t  *l;

    net = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        net += l->due;

        if (!sure || l->decision == CXR_DECISION_APPROVED) {
            net -= l->refund;
        }
    }

    return net > 0 ? net : 0;
}


static cxr_money_t
cxr_rma_due_kept(const cxr_rma_t *rma)
{
    return rma->due_paid - rma->due_told;
}


cxr_money_t
cxr_rma_due_open(const cxr_rma_t *rma)
{
    cxr_money_t  open;

    if (cxr_rma_closed(rma)) {
        return 0;
    }

    open = cxr_rma_dues(rma, false) - cxr_rma_due_kept(rma);

    return open > 0 ? open : 0;
}


cxr_money_t
cxr_rma_due_limit(const cxr_rma_t *rma)
{
    cxr_money_t  open;

    open = cxr_rma_dues(rma, false) - cxr_rma_due_kept(rma);

    return open > 0 ? open : 0;
}


cxr_money_t
cxr_rma_due_excess(const cxr_rma_t *rma)
{
    cxr_money_t  excess;

    excess = cxr_rma_due_kept(rma)
             - (cxr_rma_closed(rma) ? 0 : cxr_rma_dues(rma, false));

    return excess > 0 ? excess : 0;
}


bool
cxr_line_unpaid(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    return l->due > 0 && !cxr_rma_closed(rma)
           && cxr_rma_dues(rma, true) > cxr_rma_due_kept(rma);
}


/*
 * due.paid, or due.repaid.  A payment may come after the request was taken
 * back: the link was out.
 */

cxr_rc_t
cxr_rma_pay(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no)
{
    cxr_money_t         limit, money;
    cxr_settle_body_t  *body;

    limit = act->verb == CXR_VERB_PAID ? cxr_rma_due_limit(rma)
                                       : rma->due_told - rma->due_back;
    money = act->has_money ? act->money : limit;

    if (money <= 0 || money > limit) {
        cxr_refuse(no, "amount_over", "/amount",
                   act->verb == CXR_VERB_PAID
                   ? "an amount up to what the shopper still owes"
                   : "an amount up to what is still to be paid back");

        if (no != NULL) {
            no->have = limit;
            no->want = money;
        }

        return CXR_REFUSED;
    }

    body = cxr_calloc(a, 1, sizeof(*body));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->money = money;
    body->reference = act->reference;
    body->reason = act->reason;

    return cxr_rma_event(order, act->verb == CXR_VERB_PAID
                                ? CXR_EV_DUE_PAID : CXR_EV_DUE_REPAID,
                         body, a, out);
}


cxr_rc_t
cxr_rma_repay(const cxr_order_t *order, const cxr_rma_t *rma, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out)
{
    cxr_rc_t            rc;
    cxr_rma_t           after;
    cxr_settle_body_t  *body;

    rc = cxr_rma_after(order, rma, out, now, a, &after);

    if (rc != CXR_OK || cxr_rma_due_excess(&after) == 0) {
        return rc;
    }

    body = cxr_calloc(a, 1, sizeof(*body));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->money = cxr_rma_due_excess(&after);

    return cxr_rma_event(order, CXR_EV_DUE_TO_REPAY, body, a, out);
}


cxr_rc_t
cxr_rma_apply_due(cxr_rma_t *rma, const cxr_event_t *ev)
{
    const cxr_settle_body_t  *body = ev->body;

    if (body->money <= 0) {
        return CXR_INVALID;
    }

    switch (ev->kind) {

    case CXR_EV_DUE_PAID:
        if (!cxr_money_add(rma->due_paid, body->money, &rma->due_paid)) {
            return CXR_INVALID;
        }

        break;

    case CXR_EV_DUE_TO_REPAY:
        if (body->money > cxr_rma_due_kept(rma)) {
            return CXR_INVALID;
        }

        rma->due_told += body->money;
        break;

    default:
        if (body->money > rma->due_told - rma->due_back) {
            return CXR_INVALID;
        }

        rma->due_back += body->money;
    }

    if (body->reference.len != 0) {
        rma->due_reference = body->reference;
    }

    return CXR_OK;
}
