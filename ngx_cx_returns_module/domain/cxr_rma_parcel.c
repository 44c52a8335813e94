
/*
 * The parcels that bring an RMA's goods back, the facts of its lines that
 * follow from them, and what they release.
 */

#include "cxr_rma_private.h"
#include "cxr_text.h"


/* Scans that give only days may seem older than the RMA by nearly one. */
#define CXR_RMA_PARCEL_SLACK  CXR_DAY

/*
 * What a carrier's status makes of a return parcel.  What travels back to the
 * shopper has not come to the shop: it is on its way, and the page says where
 * to.
 */
static const uint8_t  cxr_rma_facts[] = {
    [CXR_SHIP_UNKNOWN]          = CXR_PARCEL_NONE,
    [CXR_SHIP_LABEL_CREATED]    = CXR_PARCEL_NONE,
    [CXR_SHIP_PICKED_UP]        = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_IN_TRANSIT]       = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_OUT_FOR_DELIVERY] = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_READY_FOR_PICKUP] = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_ATTEMPT_FAILED]   = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_DELIVERED]        = CXR_PARCEL_DELIVERED,
    [CXR_SHIP_RETURNING]        = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_RETURNED]         = CXR_PARCEL_IN_TRANSIT,
    [CXR_SHIP_CANCELLED]        = CXR_PARCEL_NONE,
    [CXR_SHIP_EXPIRED]          = CXR_PARCEL_NONE
};


static cxr_rc_t cxr_rma_check_name(const cxr_rma_t *rma,
    const cxr_rma_name_t *cmd, cxr_refusal_t *no);
static cxr_rc_t cxr_rma_check_parcel(const cxr_rma_t *rma,
    const cxr_shipment_t *ship, const cxr_rma_name_t *cmd, cxr_refusal_t *no);
static bool cxr_rma_refers(const cxr_shipment_t *ship, const cxr_rma_t *rma);
static cxr_rc_t cxr_rma_vouch(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_parcel_t *p, const cxr_rma_name_t *cmd, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out);
static uint8_t cxr_rma_fact_of(const cxr_rma_t *rma, bool proven);
static cxr_rc_t cxr_rma_copy_parcels(cxr_rma_t *rma, uint32_t more,
    cxr_arena_t *a);


uint8_t
cxr_rma_fact(const cxr_shipment_t *ship, cxr_time_t *at)
{
    uint8_t  fact;

    fact = ship->status < cxr_nelts(cxr_rma_facts)
           ? cxr_rma_facts[ship->status] : CXR_PARCEL_NONE;

    /* a carrier that had it and cancels it has it still, or lost it */

    if (fact == CXR_PARCEL_NONE && ship->picked_up_at != CXR_TIME_NONE) {
        fact = CXR_PARCEL_IN_TRANSIT;
    }

    if (ship->reason == CXR_WHY_LOST && fact != CXR_PARCEL_DELIVERED) {
        fact = CXR_PARCEL_LOST;
    }

    switch (fact) {

    case CXR_PARCEL_IN_TRANSIT:
        *at = ship->picked_up_at != CXR_TIME_NONE ? ship->picked_up_at
                                                  : ship->status_at;
        break;

    case CXR_PARCEL_DELIVERED:
        *at = ship->delivered_at;
        break;

    case CXR_PARCEL_LOST:
        *at = ship->status_at;
        break;

    default:
        *at = CXR_TIME_NONE;
    }

    return fact;
}


bool
cxr_rma_awaits_parcel(const cxr_rma_t *rma)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; !cxr_rma_closed(rma) && i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_APPROVED
            && !l->no_return && !l->no_more
            && l->receipt != CXR_RECEIPT_RECEIVED
            && l->settlement != CXR_SETTLEMENT_CONFIRMED)
        {
            return true;
        }
    }

    return false;
}


cxr_rc_t
cxr_rma_name_parcel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_shipment_t *ship, const cxr_rma_name_t *cmd, uint32_t expect,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t                 rc;
    cxr_consign_t            consign;
    cxr_events_t             told;
    cxr_event_t             *ev;
    cxr_rma_name_t          *body;
    cxr_shipment_t           next;
    const cxr_rma_parcel_t  *p;

    if (!cxr_str_eq(cmd->rma, rma->id)) {
        return CXR_INVALID;
    }

    if (expect != 0 && expect != rma->revision) {
        return CXR_CONFLICT;
    }

    p = cxr_rma_parcel(rma, cmd->carrier, cmd->number);

    if (p != NULL) {
        return cxr_rma_vouch(order, rma, p, cmd, now, a, out);
    }

    rc = cxr_rma_check_name(rma, cmd, no);
    if (rc != CXR_OK) {
        return rc;
    }

    memset(&told, 0, sizeof(told));
    memset(&consign, 0, sizeof(consign));

    consign.carrier = cmd->carrier;
    consign.number = cmd->number;
    consign.order = rma->order;
    consign.rma = rma->id;
    consign.direction = CXR_PARCEL_RETURN;

    rc = cxr_shipment_consign(ship, &consign, now, a, &told, no);
    if (rc != CXR_OK) {
        return rc;
    }

    /* a number that the carrier has given out anew is nobody's yet */

    if (told.n != 0 && told.items[0].fresh) {
        memset(&next, 0, sizeof(next));

    } else {
        rc = cxr_rma_check_parcel(rma, ship, cmd, no);
        if (rc != CXR_OK) {
            return rc;
        }

        next = *ship;
    }

    body = cxr_alloc(a, sizeof(cxr_rma_name_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    *body = *cmd;
    body->rma = rma->id;

    rc = cxr_rma_event(order, CXR_EV_RMA_PARCEL_NAMED, body, a, out);
    if (rc != CXR_OK) {
        return rc;
    }

    if (told.n != 0) {
        rc = cxr_shipment_apply(&next, &told.items[0], now, a);
        if (rc != CXR_OK) {
            return rc;
        }

        ev = cxr_list_push(a, out, sizeof(cxr_event_t));
        if (ev == NULL) {
            return CXR_NOMEM;
        }

        *ev = told.items[0];
    }

    return cxr_rma_follow(order, rma, &next, now, a, out);
}


/* The shop says it, too: what the carrier has told of it counts from now on. */

static cxr_rc_t
cxr_rma_vouch(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_parcel_t *p, const cxr_rma_name_t *cmd, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out)
{
    cxr_rc_t         rc;
    cxr_rma_name_t  *body;

    if (!p->unproven || cmd->unproven || cxr_rma_closed(rma)) {
        return CXR_OK;
    }

    body = cxr_alloc(a, sizeof(cxr_rma_name_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    *body = *cmd;
    body->rma = rma->id;

    rc = cxr_rma_event(order, CXR_EV_RMA_PARCEL_NAMED, body, a, out);

    return rc == CXR_OK ? cxr_rma_release(order, rma, now, a, out) : rc;
}


/*
 * Does the carrier's own record say what the parcel is about?  A return code
 * leads to the shop alone.  Not so the RMA's number: what the shop sends for an
 * exchange may bear it, too.
 */

static bool
cxr_rma_refers(const cxr_shipment_t *ship, const cxr_rma_t *rma)
{
    char    a[CXR_TRACKING_MAX], b[CXR_TRACKING_MAX];
    size_t  n, m;

    return rma->code.len != 0
           && cxr_str_eq(ship->carrier, rma->code_carrier)
           && cxr_fold_tracking(ship->reference, a, &n) == CXR_OK
           && cxr_fold_tracking(rma->code, b, &m) == CXR_OK
           && cxr_str_eq(cxr_strn(a, n), cxr_strn(b, m));
}


cxr_rc_t
cxr_rma_follow(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_shipment_t *ship, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out)
{
    bool                     proven;
    uint8_t                  fact;
    cxr_rc_t                 rc;
    cxr_rma_t                after;
    cxr_time_t               at;
    cxr_rma_move_t          *body;
    const cxr_rma_parcel_t  *p;

    rc = cxr_rma_after(order, rma, out, now, a, &after);
    if (rc != CXR_OK) {
        return rc;
    }

    p = cxr_rma_parcel(&after, ship->carrier, ship->number);
    if (p == NULL) {
        return CXR_OK;
    }

    fact = cxr_rma_fact(ship, &at);

    proven = p->unproven && cxr_rma_refers(ship, &after);

    if (fact == p->fact && at == p->at && !proven) {
        return CXR_OK;
    }

    body = cxr_alloc(a, sizeof(cxr_rma_move_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->carrier = p->carrier;
    body->number = p->number;
    body->fact = fact;
    body->at = at;
    body->proven = proven;

    rc = cxr_rma_event(order, CXR_EV_RMA_PARCEL_MOVED, body, a, out);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_release(order, rma, now, a, out);
}


cxr_rc_t
cxr_rma_apply_named(cxr_rma_t *rma, const cxr_rma_name_t *body, cxr_time_t at,
    cxr_arena_t *a)
{
    cxr_rc_t           rc;
    cxr_rma_parcel_t  *p;

    p = cxr_rma_parcel(rma, body->carrier, body->number);

    if (body->number.len == 0
        || (p == NULL && rma->parcels.n >= CXR_RMA_PARCELS_MAX)
        || (p != NULL && (body->unproven || !p->unproven)))
    {
        return CXR_INVALID;
    }

    rc = cxr_rma_copy_parcels(rma, p == NULL, a);
    if (rc != CXR_OK) {
        return rc;
    }

    if (p != NULL) {
        cxr_rma_parcel(rma, body->carrier, body->number)->unproven = false;
        return CXR_OK;
    }

    p = &rma->parcels.items[rma->parcels.n++];

    p->carrier = body->carrier;
    p->number = body->number;
    p->fact = CXR_PARCEL_NONE;
    p->at = CXR_TIME_NONE;
    p->named_at = at;
    p->unproven = body->unproven;

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_moved(cxr_rma_t *rma, const cxr_rma_move_t *body, cxr_arena_t *a)
{
    cxr_rc_t           rc;
    cxr_rma_parcel_t  *p;

    if (body->fact == CXR_PARCEL_LABEL_ISSUED) {
        return CXR_INVALID;
    }

    rc = cxr_rma_copy_parcels(rma, 0, a);
    if (rc != CXR_OK) {
        return rc;
    }

    p = cxr_rma_parcel(rma, body->carrier, body->number);
    if (p == NULL) {
        return CXR_INVALID;
    }

    p->fact = body->fact;
    p->at = body->at;

    if (body->proven) {
        p->unproven = false;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_check_name(const cxr_rma_t *rma, const cxr_rma_name_t *cmd,
    cxr_refusal_t *no)
{
    bool      approved;
    cxr_rc_t  rc;
    uint32_t  i;

    if (cxr_rma_closed(rma) || rma->status == CXR_RMA_DECLINED
        || rma->status == CXR_RMA_COMPLETED)
    {
        return cxr_refuse(no, "rma_closed", "", "the RMA is closed");
    }

    approved = false;

    for (i = 0; i < rma->lines.n; i++) {
        approved |= rma->lines.items[i].decision == CXR_DECISION_APPROVED;
    }

    if (!approved) {
        return cxr_refuse(no, "not_approved", "",
                          "nothing is to be sent before it is approved");
    }

    if (!cxr_rma_awaits_parcel(rma)) {
        return cxr_refuse(no, "already_received", "",
                          "the goods are with the shop already");
    }

    if (cmd->number.len == 0) {
        return cxr_refuse(no, "number_missing", "/number",
                          "a parcel needs its tracking number");
    }

    if (rma->parcels.n >= CXR_RMA_PARCELS_MAX) {
        rc = cxr_refuse(no, "too_many_parcels", "/number",
                        "an RMA can have %d parcels", CXR_RMA_PARCELS_MAX);

        if (no != NULL) {
            no->want = CXR_RMA_PARCELS_MAX;
        }

        return rc;
    }

    return CXR_OK;
}


/*
 * A parcel that is known.  What it did is going to release money, so it must
 * not be one that was about something else.
 */

static cxr_rc_t
cxr_rma_check_parcel(const cxr_rma_t *rma, const cxr_shipment_t *ship,
    const cxr_rma_name_t *cmd, cxr_refusal_t *no)
{
    bool        taken;
    cxr_time_t  at;

    taken = cmd->other.len != 0 && ship->direction == CXR_PARCEL_RETURN
            && cxr_str_eq(ship->rma, cmd->other);

    if (!taken
        && ((ship->consigned
             && (ship->direction != CXR_PARCEL_RETURN
                 || !cxr_str_eq(ship->rma, rma->id)))
            || (ship->order.len != 0
                && !cxr_str_eq(ship->order, rma->order))))
    {
        return cxr_refuse(no, "parcel_taken", "/number",
                          "the number belongs to another parcel");
    }

    if (cxr_rma_fact(ship, &at) != CXR_PARCEL_NONE && at != CXR_TIME_NONE
        && at < rma->created_at - CXR_RMA_PARCEL_SLACK)
    {
        return cxr_refuse(no, "parcel_too_old", "/number",
                          "the carrier had that parcel before the return was "
                          "asked for");
    }

    return CXR_OK;
}


cxr_rma_parcel_t *
cxr_rma_parcel(const cxr_rma_t *rma, cxr_str_t carrier, cxr_str_t number)
{
    uint32_t  i;

    for (i = 0; i < rma->parcels.n; i++) {
        if (cxr_str_eq(rma->parcels.items[i].carrier, carrier)
            && cxr_str_eq(rma->parcels.items[i].number, number))
        {
            return &rma->parcels.items[i];
        }
    }

    return NULL;
}


/*
 * Of all parcels together, since nobody tells which line is in which: lost when
 * one is, delivered when every one is, on its way when one has been seen.
 */

uint8_t
cxr_rma_parcels_fact(const cxr_rma_t *rma)
{
    return cxr_rma_fact_of(rma, false);
}


uint8_t
cxr_rma_proven_fact(const cxr_rma_t *rma)
{
    return cxr_rma_fact_of(rma, true);
}


bool
cxr_rma_unproven(const cxr_rma_t *rma)
{
    return cxr_rma_fact_of(rma, false) > CXR_PARCEL_LABEL_ISSUED
           && cxr_rma_fact_of(rma, true) <= CXR_PARCEL_LABEL_ISSUED;
}


/* "proven": what money may follow. */

static uint8_t
cxr_rma_fact_of(const cxr_rma_t *rma, bool proven)
{
    uint32_t                 i, seen, delivered;
    const cxr_rma_parcel_t  *p;

    seen = 0;
    delivered = 0;

    for (i = 0; i < rma->parcels.n; i++) {
        p = &rma->parcels.items[i];

        if (proven && p->unproven) {
            continue;
        }

        switch (p->fact) {

        case CXR_PARCEL_LOST:
            return CXR_PARCEL_LOST;

        case CXR_PARCEL_DELIVERED:
            delivered++;
            seen++;
            break;

        case CXR_PARCEL_IN_TRANSIT:
            seen++;
            break;

        default:
            break;
        }
    }

    if (seen == 0) {
        return rma->label_jti.len != 0 ? CXR_PARCEL_LABEL_ISSUED
                                       : CXR_PARCEL_NONE;
    }

    return delivered == rma->parcels.n ? CXR_PARCEL_DELIVERED
                                       : CXR_PARCEL_IN_TRANSIT;
}


/* The RMA once the events hold, by the code that will apply them. */

cxr_rc_t
cxr_rma_after(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_events_t *events, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *after)
{
    cxr_order_t  next;

    return cxr_rma_after_order(order, rma, events, now, a, &next, after);
}


cxr_rc_t
cxr_rma_after_order(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_events_t *events, cxr_time_t now, cxr_arena_t *a,
    cxr_order_t *order_after, cxr_rma_t *after)
{
    cxr_rc_t      rc;
    uint32_t      i;
    cxr_entry_t   entry;

    *after = *rma;
    *order_after = *order;

    memset(&entry, 0, sizeof(entry));
    entry.at = now;

    for (i = 0; i < events->n; i++) {

        if (!cxr_event_is_rma(events->items[i].kind)) {
            continue;
        }

        rc = cxr_rma_apply(order_after, after, &events->items[i], &entry, a);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_rma_copy_parcels(cxr_rma_t *rma, uint32_t more, cxr_arena_t *a)
{
    cxr_rma_parcel_t  *items;

    items = cxr_calloc(a, (size_t) rma->parcels.n + more + 1,
                       sizeof(cxr_rma_parcel_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    if (rma->parcels.n != 0) {
        memcpy(items, rma->parcels.items,
               rma->parcels.n * sizeof(cxr_rma_parcel_t));
    }

    rma->parcels.items = items;

    return CXR_OK;
}
