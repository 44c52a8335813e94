
/*
 * Applies rma.* events to the order and the RMA, and derives the RMA's status
 * and sums.
 */

#include "cxr_rma_private.h"

#include "cxr_erase.h"
#include "cxr_rma_way.h"


static cxr_rc_t cxr_rma_apply_created(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_t *body, const cxr_entry_t *entry, cxr_arena_t *a);
static cxr_rc_t cxr_rma_apply_later(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_event_t *ev, const cxr_entry_t *entry, cxr_arena_t *a);
static bool cxr_rma_same_facts(const cxr_rma_t *a, const cxr_rma_t *b);
static bool cxr_rma_outlives(unsigned event);
static cxr_rc_t cxr_rma_apply_decided(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_decision_t *body, const cxr_entry_t *entry, cxr_arena_t *a);
static cxr_rc_t cxr_rma_apply_closed(cxr_order_t *order, cxr_rma_t *rma);
static cxr_rc_t cxr_rma_copy_lines(cxr_order_t *order, cxr_rma_t *rma,
    cxr_arena_t *a);
static cxr_rc_t cxr_rma_apply_reopened(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_change_t *body);
static bool cxr_rma_on_table(const cxr_rma_t *before, const cxr_rma_t *after,
    unsigned event);
static void cxr_rma_step_says(cxr_rma_step_t *step, const cxr_event_t *ev);
static cxr_rc_t cxr_rma_step(cxr_rma_t *rma, const cxr_event_t *ev,
    const cxr_entry_t *entry, cxr_arena_t *a);


cxr_rc_t
cxr_rma_apply(cxr_order_t *order, cxr_rma_t *rma, const cxr_event_t *ev,
    const cxr_entry_t *entry, cxr_arena_t *a)
{
    cxr_rc_t     rc;
    cxr_rma_t    next;
    cxr_order_t  next_order;

    if (ev->body == NULL) {
        return CXR_INVALID;
    }

    /* on copies: an event that does not hold must leave no trace */

    next = *rma;
    next_order = *order;

    switch (ev->kind) {

    case CXR_EV_RMA_CREATED:
        rc = cxr_rma_apply_created(&next_order, &next, ev->body, entry, a);
        break;

    default:
        if (!cxr_event_is_rma(ev->kind)) {
            return CXR_INVALID;
        }

        rc = cxr_rma_apply_later(&next_order, &next, ev, entry, a);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (!cxr_rma_derive(&next)
        || !cxr_rma_sum(&next)
        || !cxr_rma_on_table(rma, &next, ev->kind)
        || !cxr_delivery_count(&next_order, rma, &next))
    {
        return CXR_INVALID;
    }

    /* what only dates a fact anew is no step: the fact has one */

    if (ev->kind != CXR_EV_RMA_PARCEL_MOVED
        || !cxr_rma_same_facts(rma, &next))
    {
        rc = cxr_rma_step(&next, ev, entry, a);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    next.updated_at = entry->at;
    next.revision++;

    next_order.updated_at = entry->at;
    next_order.revision++;

    *rma = next;
    *order = next_order;

    return CXR_OK;
}


/* An event of an RMA that is there already. */

static cxr_rc_t
cxr_rma_apply_later(cxr_order_t *order, cxr_rma_t *rma, const cxr_event_t *ev,
    const cxr_entry_t *entry, cxr_arena_t *a)
{
    cxr_rc_t  rc;

    if (!cxr_str_eq(cxr_rma_event_id(ev), rma->id)
        || (cxr_rma_closed(rma) && !cxr_rma_outlives(ev->kind)))
    {
        return CXR_INVALID;
    }

    rc = cxr_rma_copy_lines(order, rma, a);
    if (rc != CXR_OK) {
        return rc;
    }

    switch (ev->kind) {

    case CXR_EV_RMA_DECIDED:
        return cxr_rma_apply_decided(order, rma, ev->body, entry, a);

    case CXR_EV_RMA_CANCELLED:
        return cxr_rma_apply_closed(order, rma);

    case CXR_EV_RMA_PARCEL_NAMED:
        return cxr_rma_apply_named(rma, ev->body, entry->at, a);

    case CXR_EV_RMA_PARCEL_MOVED:
        return cxr_rma_apply_moved(rma, ev->body, a);

    case CXR_EV_RMA_PARCEL_GIVEN:
        return cxr_rma_apply_given(rma, ev->body, a);

    case CXR_EV_SETTLEMENT_RELEASED:
        return cxr_rma_apply_released(order, rma, ev->body, entry, a);

    case CXR_EV_RMA_ANSWERED:
    case CXR_EV_RMA_NOTED:
        return cxr_rma_apply_words(rma, ev->body,
                                   ev->kind == CXR_EV_RMA_NOTED, entry, a);

    case CXR_EV_RMA_RECEIVED:
        return cxr_rma_apply_received(rma, ev->body, entry);

    case CXR_EV_RMA_GRADED:
        return cxr_rma_apply_graded(rma, ev->body, entry, a);

    case CXR_EV_SETTLEMENT_CONFIRMED:
        return cxr_rma_apply_confirmed(rma, ev->body);

    case CXR_EV_SETTLEMENT_FAILED:
        return cxr_rma_apply_failed(rma, ev->body);

    case CXR_EV_DUE_PAID:
    case CXR_EV_DUE_TO_REPAY:
    case CXR_EV_DUE_REPAID:
        return cxr_rma_apply_due(rma, ev);

    case CXR_EV_RMA_DELIVERY:
        return cxr_rma_apply_delivery(rma, ev->body);

    case CXR_EV_RMA_REOPENED:
        return cxr_rma_apply_reopened(order, rma, ev->body);

    case CXR_EV_RMA_EXPIRED:
        rc = cxr_rma_apply_closed(order, rma);
        rma->cancelled = false;
        rma->expired = true;
        return rc;

    case CXR_EV_RMA_OVERDUE:
        rma->overdue = true;
        return CXR_OK;

    case CXR_EV_RECIPIENT_ERASED:
        return cxr_recipient_apply_erased(rma, entry->at);

    case CXR_EV_RMA_OVERTAKEN:
        return cxr_rma_apply_overtaken(order, rma, ev->body);

    case CXR_EV_CODE_ASSIGNED:
    case CXR_EV_CODE_RETURNED:
    case CXR_EV_LABEL_REQUESTED:
    case CXR_EV_LABEL_SUPPLIED:
    case CXR_EV_LABEL_EXPIRING:
        return cxr_rma_apply_way(rma, ev, entry);

    default:
        return CXR_INVALID;
    }
}


/* A parcel moves on, what was released is settled, staff note what they will,
   whatever became of the request. */

static bool
cxr_rma_outlives(unsigned event)
{
    return event == CXR_EV_RMA_PARCEL_MOVED
           || event == CXR_EV_RMA_PARCEL_GIVEN
           || event == CXR_EV_SETTLEMENT_CONFIRMED
           || event == CXR_EV_SETTLEMENT_FAILED
           || event == CXR_EV_DUE_PAID
           || event == CXR_EV_DUE_TO_REPAY
           || event == CXR_EV_DUE_REPAID
           || event == CXR_EV_RMA_NOTED
           || event == CXR_EV_RECIPIENT_ERASED
           || event == CXR_EV_RMA_REOPENED
           || event == CXR_EV_CODE_RETURNED;
}


/* No change of a line's facts but those that the table has. */

static bool
cxr_rma_on_table(const cxr_rma_t *before, const cxr_rma_t *after,
    unsigned event)
{
    uint32_t        i;
    cxr_rma_line_t  was;

    for (i = 0; i < before->lines.n && i < after->lines.n; i++) {
        was = before->lines.items[i];
        cxr_line_upgrade(&was);

        if (!cxr_rma_allows(event, &was, &after->lines.items[i])) {
            return false;
        }
    }

    return event == CXR_EV_RMA_CREATED || before->lines.n == after->lines.n
           || (event == CXR_EV_RMA_DECIDED
               && before->lines.n < after->lines.n);
}


static bool
cxr_rma_same_facts(const cxr_rma_t *a, const cxr_rma_t *b)
{
    uint32_t  i;

    for (i = 0; i < a->parcels.n && i < b->parcels.n; i++) {
        if (a->parcels.items[i].fact != b->parcels.items[i].fact) {
            return false;
        }
    }

    return a->parcels.n == b->parcels.n;
}


/* In the order of precedence that the header of cxr_rma_status_t gives. */

uint8_t
cxr_rma_status(const cxr_rma_t *rma)
{
    uint32_t               i, live, pending, info, moving, back, received;
    uint32_t               done;
    const cxr_rma_line_t  *l;

    if (rma->cancelled) {
        return CXR_RMA_CANCELLED;
    }

    if (rma->expired) {
        return CXR_RMA_EXPIRED;
    }

    live = 0;
    pending = 0;
    info = 0;
    moving = 0;
    back = 0;
    received = 0;
    done = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        live++;
        pending += (l->decision == CXR_DECISION_PENDING);
        info += (l->decision == CXR_DECISION_INFO_NEEDED);
        moving += (l->parcel > CXR_PARCEL_LABEL_ISSUED
                   || l->receipt != CXR_RECEIPT_AWAITING);
        back += !l->no_return;
        received += (!l->no_return && l->receipt != CXR_RECEIPT_AWAITING);
        done += cxr_line_done(l);
    }

    if (live == 0) {
        return rma->lines.n == 0 ? CXR_RMA_REQUESTED : CXR_RMA_DECLINED;
    }

    if (pending != 0) {
        return CXR_RMA_REQUESTED;
    }

    if (info != 0) {
        return CXR_RMA_INFO_NEEDED;
    }

    if (done == live) {
        return CXR_RMA_COMPLETED;
    }

    if (back != 0 && received == back) {
        return CXR_RMA_RECEIVED;
    }

    return moving != 0 ? CXR_RMA_IN_TRANSIT : CXR_RMA_APPROVED;
}


cxr_str_t
cxr_rma_event_id(const cxr_event_t *ev)
{
    if (ev->body == NULL) {
        return CXR_STR_NONE;
    }

    switch (ev->kind) {

    case CXR_EV_RMA_CREATED:
        return ((const cxr_rma_t *) ev->body)->id;

    case CXR_EV_RMA_DECIDED:
        return ((const cxr_rma_decision_t *) ev->body)->rma;

    case CXR_EV_RMA_CANCELLED:
        return ((const cxr_rma_cancel_t *) ev->body)->rma;

    case CXR_EV_RMA_PARCEL_NAMED:
    case CXR_EV_RMA_PARCEL_GIVEN:
        return ((const cxr_rma_name_t *) ev->body)->rma;

    case CXR_EV_RMA_PARCEL_MOVED:
        return ((const cxr_rma_move_t *) ev->body)->rma;

    case CXR_EV_SETTLEMENT_RELEASED:
        return ((const cxr_release_body_t *) ev->body)->rma;

    case CXR_EV_RMA_ANSWERED:
    case CXR_EV_RMA_NOTED:
        return ((const cxr_rma_words_t *) ev->body)->rma;

    case CXR_EV_RMA_RECEIVED:
        return ((const cxr_rma_receipt_t *) ev->body)->rma;

    case CXR_EV_RMA_GRADED:
        return ((const cxr_rma_grading_body_t *) ev->body)->rma;

    case CXR_EV_SETTLEMENT_CONFIRMED:
    case CXR_EV_DUE_PAID:
    case CXR_EV_DUE_TO_REPAY:
    case CXR_EV_DUE_REPAID:
    case CXR_EV_RMA_DELIVERY:
        return ((const cxr_settle_body_t *) ev->body)->rma;

    case CXR_EV_SETTLEMENT_FAILED:
    case CXR_EV_RMA_REOPENED:
    case CXR_EV_RMA_EXPIRED:
    case CXR_EV_RMA_OVERDUE:
    case CXR_EV_RECIPIENT_ERASED:
    case CXR_EV_RMA_OVERTAKEN:
        return ((const cxr_rma_change_t *) ev->body)->rma;

    case CXR_EV_CODE_ASSIGNED:
    case CXR_EV_CODE_RETURNED:
        return ((const cxr_rma_code_t *) ev->body)->rma;

    case CXR_EV_LABEL_REQUESTED:
    case CXR_EV_LABEL_SUPPLIED:
    case CXR_EV_LABEL_EXPIRING:
        return ((const cxr_rma_supply_t *) ev->body)->rma;

    default:
        return CXR_STR_NONE;
    }
}


bool
cxr_event_is_rma(unsigned kind)
{
    switch (kind) {

    case CXR_EV_RMA_CREATED:
    case CXR_EV_RMA_DECIDED:
    case CXR_EV_RMA_CANCELLED:
    case CXR_EV_RMA_PARCEL_NAMED:
    case CXR_EV_RMA_PARCEL_MOVED:
    case CXR_EV_RMA_PARCEL_GIVEN:
    case CXR_EV_SETTLEMENT_RELEASED:
    case CXR_EV_RMA_ANSWERED:
    case CXR_EV_RMA_RECEIVED:
    case CXR_EV_RMA_GRADED:
    case CXR_EV_SETTLEMENT_CONFIRMED:
    case CXR_EV_SETTLEMENT_FAILED:
    case CXR_EV_RMA_REOPENED:
    case CXR_EV_RMA_NOTED:
    case CXR_EV_RMA_EXPIRED:
    case CXR_EV_RMA_OVERDUE:
    case CXR_EV_RMA_OVERTAKEN:
    case CXR_EV_CODE_ASSIGNED:
    case CXR_EV_CODE_RETURNED:
    case CXR_EV_LABEL_REQUESTED:
    case CXR_EV_LABEL_SUPPLIED:
    case CXR_EV_LABEL_EXPIRING:
    case CXR_EV_DUE_PAID:
    case CXR_EV_DUE_TO_REPAY:
    case CXR_EV_DUE_REPAID:
    case CXR_EV_RMA_DELIVERY:
    case CXR_EV_RECIPIENT_ERASED:
        return true;

    default:
        return false;
    }
}


static cxr_rc_t
cxr_rma_apply_created(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_t *body, const cxr_entry_t *entry, cxr_arena_t *a)
{
    cxr_rc_t    rc;
    uint32_t    i;
    cxr_str_t  *ids;

    if (rma->revision != 0 || body->lines.n == 0) {
        return CXR_INVALID;
    }

    *rma = *body;
    memset(&rma->steps, 0, sizeof(rma->steps));
    memset(&rma->parcels, 0, sizeof(rma->parcels));
    rma->created_at = entry->at;
    rma->revision = 0;
    rma->cancelled = false;
    rma->expired = false;
    rma->due_paid = 0;
    rma->due_told = 0;
    rma->due_back = 0;
    rma->delivery_told = false;
    cxr_delivery_candidate(order, rma);
    order->gifted |= rma->gift;
    order->cancels |= (rma->kind == CXR_KIND_CANCELLATION);
    rma->credit_code = CXR_STR_NONE;
    rma->erased_at = CXR_TIME_NONE;

    rc = cxr_rma_copy_lines(order, rma, a);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < rma->lines.n; i++) {
        if (!cxr_rma_take(order, &rma->lines.items[i])) {
            return CXR_INVALID;
        }
    }

    /* a list that was read from a record has no room behind it */

    ids = cxr_calloc(a, (size_t) order->rmas.n + 1, sizeof(cxr_str_t));
    if (ids == NULL) {
        return CXR_NOMEM;
    }

    if (order->rmas.n != 0) {
        memcpy(ids, order->rmas.items, order->rmas.n * sizeof(cxr_str_t));
    }

    ids[order->rmas.n] = rma->id;
    order->rmas.items = ids;
    order->rmas.n++;

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_apply_decided(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_decision_t *body, const cxr_entry_t *entry, cxr_arena_t *a)
{
    cxr_rc_t         rc;
    uint32_t         i;
    cxr_rma_line_t  *l;

    rc = cxr_rma_apply_parts(order, rma, body, a);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < body->lines.n; i++) {

        l = cxr_rma_item(rma, body->lines.items[i]);

        if (l == NULL
            || l->decision == CXR_DECISION_APPROVED
            || l->decision == CXR_DECISION_DECLINED)
        {
            return CXR_INVALID;
        }

        l->decision = body->decision;

        switch (body->decision) {

        case CXR_DECISION_APPROVED:
            l->decline_reason = CXR_STR_NONE;
            l->approved_by = entry->actor;
            break;

        case CXR_DECISION_DECLINED:
            l->decline_reason = body->reason;

            if (!cxr_rma_free(order, l)) {
                return CXR_INVALID;
            }

            break;

        case CXR_DECISION_INFO_NEEDED:
            l->decline_reason = body->reason;
            break;

        default:
            return CXR_INVALID;
        }
    }

    if (body->label_jti.len != 0) {
        rma->label_jti = body->label_jti;
        rma->label_issued = entry->at;
        rma->label_expires = body->label_expires;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_apply_closed(cxr_order_t *order, cxr_rma_t *rma)
{
    uint32_t  i;

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].decision != CXR_DECISION_DECLINED
            && !cxr_rma_free(order, &rma->lines.items[i]))
        {
            return CXR_INVALID;
        }
    }

    rma->cancelled = true;

    return CXR_OK;
}


/*
 * What was cancelled or has expired lives again as it was, what was declined
 * waits again.  The units' share of what was paid is taken anew: others may
 * have gone into RMAs meanwhile.
 */

static cxr_rc_t
cxr_rma_apply_reopened(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_change_t *body)
{
    bool               closed;
    uint32_t           i, live;
    cxr_money_t        held;
    cxr_rma_line_t    *l;
    cxr_order_line_t  *line;

    held = order->delivery_held;
    closed = cxr_rma_closed(rma);
    rma->reminded_at = CXR_TIME_NONE;

    for (i = 0, live = 0; closed && i < rma->lines.n; i++) {
        live += (rma->lines.items[i].decision != CXR_DECISION_DECLINED);
    }

    if (closed && live != body->lines.n) {
        return CXR_INVALID;
    }

    for (i = 0; i < body->lines.n; i++) {
        l = cxr_rma_item(rma, body->lines.items[i]);

        if (l == NULL
            || (l->decision == CXR_DECISION_DECLINED) == closed)
        {
            return CXR_INVALID;
        }

        line = cxr_rma_order_line(order, l->line);

        if (line == NULL
            || !cxr_order_line_share(line, l->quantity, &l->paid, &l->tax)
            || !cxr_rma_take(order, l))
        {
            return CXR_INVALID;
        }

        cxr_delivery_reopened(order, rma, l, &held);

        if (!closed) {
            l->decision = CXR_DECISION_PENDING;
            l->decline_reason = CXR_STR_NONE;
            l->overtaken = false;
        }
    }

    rma->cancelled = false;
    rma->expired = false;
    cxr_delivery_candidate(order, rma);

    if (body->label_expires != CXR_TIME_NONE) {
        rma->label_expires = body->label_expires;
    }

    return CXR_OK;
}


/* The caller's state, and the event's body, stay as they were. */

static cxr_rc_t
cxr_rma_copy_lines(cxr_order_t *order, cxr_rma_t *rma, cxr_arena_t *a)
{
    uint32_t           i;
    cxr_rma_line_t    *lines;
    cxr_order_line_t  *items;

    items = cxr_calloc(a, order->lines.n, sizeof(cxr_order_line_t));
    lines = cxr_calloc(a, rma->lines.n, sizeof(cxr_rma_line_t));

    if (items == NULL || lines == NULL) {
        return CXR_NOMEM;
    }

    if (order->lines.n != 0) {
        memcpy(items, order->lines.items,
               order->lines.n * sizeof(cxr_order_line_t));
    }

    if (rma->lines.n != 0) {
        memcpy(lines, rma->lines.items, rma->lines.n * sizeof(cxr_rma_line_t));
    }

    for (i = 0; i < rma->lines.n; i++) {
        cxr_line_upgrade(&lines[i]);
    }

    order->lines.items = items;
    rma->lines.items = lines;

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_step(cxr_rma_t *rma, const cxr_event_t *ev, const cxr_entry_t *entry,
    cxr_arena_t *a)
{
    uint32_t         i, n, skip;
    cxr_rma_step_t  *steps, *step;

    n = rma->steps.n;

    steps = cxr_calloc(a, (size_t) n + 1, sizeof(cxr_rma_step_t));
    if (steps == NULL) {
        return CXR_NOMEM;
    }

    /* how it began stays on the page; the journal has what goes */

    skip = n >= CXR_RMA_STEPS_MAX ? n - CXR_RMA_STEPS_MAX + 1 : 0;

    for (i = 0, n = 0; i < rma->steps.n; i++) {
        if (i == 0 || i > skip) {
            steps[n++] = rma->steps.items[i];
        }
    }

    step = &steps[n++];

    step->at = entry->at;
    step->kind = ev->kind;
    step->status = rma->status;
    step->actor_kind = entry->actor_kind;
    step->actor = entry->actor;
    step->seq = entry->seq;
    step->parcel = ev->kind == CXR_EV_RMA_PARCEL_MOVED
                   ? ((const cxr_rma_move_t *) ev->body)->fact
                   : CXR_PARCEL_NONE;

    cxr_rma_step_says(step, ev);

    rma->steps.items = steps;
    rma->steps.n = n;

    return CXR_OK;
}


/* Staff's reason and the money: what the audit trail shows without asking the
   journal. */

static void
cxr_rma_step_says(cxr_rma_step_t *step, const cxr_event_t *ev)
{
    const cxr_settle_body_t   *settled;
    const cxr_release_body_t  *released;

    switch (ev->kind) {

    case CXR_EV_RMA_CREATED:
        step->reason = ((const cxr_rma_t *) ev->body)->override_reason;
        break;

    case CXR_EV_RMA_DECIDED:
        step->reason = ((const cxr_rma_decision_t *) ev->body)->reason;
        step->policy = ((const cxr_rma_decision_t *) ev->body)->policy;
        break;

    case CXR_EV_RMA_CANCELLED:
        step->reason = ((const cxr_rma_cancel_t *) ev->body)->reason;
        break;

    case CXR_EV_RMA_PARCEL_NAMED:
    case CXR_EV_RMA_PARCEL_GIVEN:
        step->reason = ((const cxr_rma_name_t *) ev->body)->reason;
        break;

    case CXR_EV_RMA_RECEIVED:
        step->reason = ((const cxr_rma_receipt_t *) ev->body)->reason;
        break;

    case CXR_EV_RMA_GRADED:
        step->reason = ((const cxr_rma_grading_body_t *) ev->body)->reason;
        break;

    case CXR_EV_SETTLEMENT_RELEASED:
        released = ev->body;
        step->reason = released->reason;
        step->money = released->money;
        break;

    case CXR_EV_SETTLEMENT_CONFIRMED:
    case CXR_EV_DUE_PAID:
    case CXR_EV_DUE_TO_REPAY:
    case CXR_EV_DUE_REPAID:
    case CXR_EV_RMA_DELIVERY:
        settled = ev->body;
        step->reason = settled->reason;
        step->money = settled->money;
        break;

    case CXR_EV_SETTLEMENT_FAILED:
    case CXR_EV_RMA_REOPENED:
    case CXR_EV_RMA_EXPIRED:
    case CXR_EV_RMA_OVERDUE:
        step->reason = ((const cxr_rma_change_t *) ev->body)->reason;
        break;

    default:
        break;
    }
}
