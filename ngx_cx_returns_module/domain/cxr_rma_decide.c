
/*
 * Decides what staff, or the shopper who takes a request back, may do with an
 * RMA.
 */

#include "cxr_rma_private.h"
#include "cxr_text.h"


static bool cxr_rma_needs_label(const cxr_rma_t *rma, const cxr_strs_t *items);


cxr_rc_t
cxr_rma_decide(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, const cxr_rma_by_t *by, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t             rc;
    cxr_rma_decision_t  *body;

    static const uint8_t  decisions[] = {
        [CXR_VERB_APPROVE] = CXR_DECISION_APPROVED,
        [CXR_VERB_DECLINE] = CXR_DECISION_DECLINED,
        [CXR_VERB_REQUEST_INFO] = CXR_DECISION_INFO_NEEDED
    };

    if (cxr_rma_closed(rma) || rma->status == CXR_RMA_COMPLETED) {
        return cxr_refuse(no, "rma_closed", "", "the RMA is closed");
    }

    if (act->reason.len == 0 && act->verb != CXR_VERB_APPROVE) {
        return cxr_refuse(no, "reason_missing", "/reason",
                          "the shopper reads why: a reason is wanted");
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_decision_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_rma_targets(rma, act->verb, &act->lines, a, &body->lines, no);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_rma_parts(rma, act, body, a, no);
    if (rc != CXR_OK) {
        return rc;
    }

    body->rma = rma->id;
    body->decision = decisions[act->verb];
    body->reason = act->reason;

    if (!cxr_str_eq(by->policy->version, rma->policy)) {
        body->policy = by->policy->version;
    }

    if (act->verb == CXR_VERB_APPROVE
        && cxr_rma_needs_label(rma, &body->lines))
    {
        body->label_jti = cxr_rma_jti(by->random, a);
        if (body->label_jti.data == NULL) {
            return CXR_NOMEM;
        }

        body->label_expires = by->now + by->policy->label_days * CXR_DAY;
    }

    rc = cxr_rma_event(order, CXR_EV_RMA_DECIDED, body, a, out);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_release(order, rma, by->now, a, out);
}


cxr_rc_t
cxr_rma_cancel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no)
{
    cxr_rma_cancel_t  *body;

    if (cxr_rma_closed(rma) || rma->status == CXR_RMA_COMPLETED
        || rma->status == CXR_RMA_DECLINED)
    {
        return cxr_refuse(no, "rma_closed", "", "the RMA is closed");
    }

    if (rma->lines.n == 0
        || !cxr_rma_moves(rma, CXR_VERB_CANCEL, &rma->lines.items[0]))
    {
        return cxr_rma_refuse(CXR_VERB_CANCEL, "", no);
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_cancel_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->reason = act->reason;

    return cxr_rma_event(order, CXR_EV_RMA_CANCELLED, body, a, out);
}


cxr_str_t
cxr_rma_jti(const uint8_t random[32], cxr_arena_t *a)
{
    char    *p;
    size_t   n;

    n = 32 - CXR_RMA_RANDOM_JTI;

    p = cxr_alloc(a, (n * 4 + 2) / 3);
    if (p == NULL) {
        return CXR_STR_NONE;
    }

    return cxr_strn(p, cxr_b64url_encode(random + CXR_RMA_RANDOM_JTI, n, p));
}


cxr_rc_t
cxr_rma_number(const cxr_rma_ask_t *ask, const cxr_rma_world_t *world,
    cxr_arena_t *a, cxr_str_t *id)
{
    char      *p;
    unsigned   i;

    p = cxr_alloc(a, CXR_RMA_ID_LEN);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    *id = cxr_strn(p, CXR_RMA_ID_LEN);

    for (i = 0; i < CXR_RMA_RANDOM_TRIES; i++) {
        cxr_rma_id_make(ask->random + i * 5, p);

        if (world->id_taken == NULL || !world->id_taken(world->ctx, *id)) {
            return CXR_OK;
        }
    }

    /* three of 2^35 numbers taken in a row is no chance: something is wrong */

    return CXR_ERROR;
}


cxr_rc_t
cxr_rma_event(const cxr_order_t *order, unsigned kind, const void *body,
    cxr_arena_t *a, cxr_events_t *out)
{
    char         *id;
    size_t        len;
    cxr_rc_t      rc;
    uint32_t      i, before;
    cxr_event_t  *ev;

    id = cxr_alloc(a, CXR_NUMBER_MAX);
    if (id == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_fold_number(order->number, id, &len);
    if (rc != CXR_OK) {
        return rc;
    }

    before = 0;

    for (i = 0; i < out->n; i++) {
        before += (out->items[i].aggregate == CXR_AGG_ORDER
                   && cxr_str_eq(out->items[i].id, cxr_strn(id, len)));
    }

    ev = cxr_list_push(a, out, sizeof(cxr_event_t));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = kind;
    ev->aggregate = CXR_AGG_ORDER;
    ev->id = cxr_strn(id, len);
    ev->expect = order->revision + before;
    ev->body = body;

    return CXR_OK;
}


/* Something that is to be sent is approved, and there is no label yet. */

static bool
cxr_rma_needs_label(const cxr_rma_t *rma, const cxr_strs_t *items)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; rma->label_jti.len == 0 && i < items->n; i++) {
        l = cxr_rma_item(rma, items->items[i]);

        if (l != NULL && !l->no_return) {
            return true;
        }
    }

    return false;
}
