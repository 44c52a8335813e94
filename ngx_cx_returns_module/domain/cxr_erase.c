
/*
 * That a person's data was erased: decided and applied.
 */

#include "cxr_erase.h"

#include "cxr_rma_private.h"


const char *const  cxr_erase_cause_names[] = { "asked", "age", NULL };


static const cxr_field_t  cxr_erased_fields[] = {
    CXR_FIELD_ENUM(cxr_erased_t, cause, cxr_erase_cause_names),
    CXR_FIELD_END
};

const cxr_type_t  cxr_erased_type = {
    "erased", CXR_TYPE_ERASED, 1, sizeof(cxr_erased_t), cxr_erased_fields
};


bool
cxr_rma_over(const cxr_rma_t *rma)
{
    switch (rma->status) {

    case CXR_RMA_DECLINED:
    case CXR_RMA_COMPLETED:
    case CXR_RMA_CANCELLED:
    case CXR_RMA_EXPIRED:
        return true;

    default:
        return false;
    }
}


static cxr_rc_t
cxr_erase_event(cxr_aggregate_t aggregate, cxr_str_t id, uint32_t revision,
    cxr_erase_cause_t cause, cxr_arena_t *a, cxr_events_t *out)
{
    cxr_event_t   *ev;
    cxr_erased_t  *body;

    body = cxr_calloc(a, 1, sizeof(cxr_erased_t));
    ev = cxr_list_push(a, out, sizeof(cxr_event_t));

    if (body == NULL || ev == NULL) {
        return CXR_NOMEM;
    }

    body->cause = (uint8_t) cause;

    ev->kind = CXR_EV_PERSON_ERASED;
    ev->aggregate = (uint8_t) aggregate;
    ev->fresh = false;
    ev->id = id;
    ev->expect = revision;
    ev->body = body;

    return CXR_OK;
}


static cxr_rc_t
cxr_erase_open(const cxr_rma_t *rma, cxr_refusal_t *no)
{
    return cxr_refuse(no, "rma_open", "", "%.*s is under way: settle or cancel "
                      "it first", cxr_str_arg(rma->id));
}


cxr_rc_t
cxr_order_erase(cxr_str_t id, const cxr_order_t *order,
    const cxr_rma_t *const *rmas, size_t nrmas, cxr_erase_cause_t cause,
    bool open, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    size_t  i;

    for (i = 0; i < nrmas && !open; i++) {
        if (!cxr_rma_over(rmas[i])) {
            return cxr_erase_open(rmas[i], no);
        }
    }

    return cxr_erase_event(CXR_AGG_ORDER, id, order->revision, cause, a, out);
}


cxr_rc_t
cxr_recipient_erase(const cxr_order_t *order, const cxr_rma_t *rma, bool open,
    cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rma_change_t  *body;

    if (!rma->gift) {
        return CXR_NOTFOUND;
    }

    if (!open && !cxr_rma_over(rma)) {
        return cxr_erase_open(rma, no);
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_change_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;

    return cxr_rma_event(order, CXR_EV_RECIPIENT_ERASED, body, a, out);
}


cxr_rc_t
cxr_recipient_apply_erased(cxr_rma_t *rma, cxr_time_t at)
{
    if (!rma->gift) {
        return CXR_INVALID;
    }

    rma->recipient = CXR_STR_NONE;
    rma->erased_at = at > rma->erased_at ? at : rma->erased_at;

    return CXR_OK;
}


cxr_rc_t
cxr_withdrawal_erase(const cxr_withdrawal_t *w, cxr_erase_cause_t cause,
    cxr_arena_t *a, cxr_events_t *out)
{
    return cxr_erase_event(CXR_AGG_WITHDRAWAL, w->id, w->revision, cause, a,
                           out);
}


cxr_rc_t
cxr_order_apply_erased(cxr_order_t *order, const cxr_event_t *ev,
    cxr_time_t at)
{
    if (ev->kind != CXR_EV_PERSON_ERASED || ev->body == NULL) {
        return CXR_INVALID;
    }

    order->person = CXR_STR_NONE;
    order->erased_at = at;
    order->gone_at = at > order->gone_at ? at : order->gone_at;
    order->updated_at = at;
    order->revision++;

    return CXR_OK;
}


cxr_rc_t
cxr_withdrawal_apply_erased(cxr_withdrawal_t *w, const cxr_event_t *ev)
{
    if (ev->kind != CXR_EV_PERSON_ERASED || ev->body == NULL) {
        return CXR_INVALID;
    }

    w->box = CXR_STR_NONE;
    w->revision++;

    return CXR_OK;
}
