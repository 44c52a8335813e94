
/*
 * What the shop finds in the boxes and what it settles: applied, and what is
 * released because of it.
 */

#include "cxr_rma_private.h"


#define CXR_BIT(x)  (1u << (x))

#define CXR_SCANNED  (CXR_BIT(CXR_PARCEL_IN_TRANSIT)                          \
                      | CXR_BIT(CXR_PARCEL_DELIVERED)                         \
                      | CXR_BIT(CXR_PARCEL_LOST))

/*
 * A trigger is met by any of these facts of the parcel, or by the count: what
 * is counted at the shop has been on its way, whether a carrier said so or not.
 */
static const struct {
    unsigned  parcel;        /* bits of cxr_parcel_fact_t                    */
    bool      counted;
} cxr_rma_triggers[CXR_RELEASES] = {
    [CXR_RELEASE_NONE]       = { 0, false },
    [CXR_RELEASE_ON_SUBMIT]  = { ~0u, true },
    [CXR_RELEASE_FIRST_SCAN] = { CXR_SCANNED, true },
    [CXR_RELEASE_DELIVERED]  = { CXR_BIT(CXR_PARCEL_DELIVERED), true },
    [CXR_RELEASE_RECEIVED]   = { 0, true },
    [CXR_RELEASE_INSPECTED]  = { 0, false }
};


static cxr_rc_t cxr_rma_release_of(const cxr_order_t *order,
    const cxr_rma_t *rma, const uint32_t *units, const bool *again,
    bool rest, cxr_release_body_t *body, cxr_arena_t *a, cxr_events_t *out);
static bool cxr_rma_release_money(const cxr_rma_t *rma, const uint32_t *units,
    const bool *again, bool rest, int64_t *rooms, cxr_money_t *money);
static bool cxr_rma_apply_part(cxr_rma_line_t *l,
    const cxr_settle_part_t *part);


uint32_t
cxr_line_fired(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    uint8_t   parcel;
    uint32_t  all;

    all = cxr_line_units(l);

    if (l->release >= CXR_RELEASES || l->release == CXR_RELEASE_NONE) {
        return 0;
    }

    /* dearer goods go out when they are paid */

    if (cxr_line_unpaid(rma, l)) {
        return 0;
    }

    parcel = l->decision == CXR_DECISION_APPROVED ? cxr_rma_proven_fact(rma)
                                                  : CXR_PARCEL_NONE;

    /* nothing comes that could be waited for */

    if (l->no_return
        || (cxr_rma_triggers[l->release].parcel & CXR_BIT(parcel)) != 0
        || (cxr_rma_triggers[l->release].counted
            && l->receipt != CXR_RECEIPT_AWAITING))
    {
        return all;
    }

    if (l->release == CXR_RELEASE_INSPECTED
        && l->receipt != CXR_RECEIPT_AWAITING)
    {
        return l->graded - l->sent_back < all ? l->graded - l->sent_back : all;
    }

    return 0;
}


bool
cxr_line_pays_uninspected(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    return !rma->four_eyes && l->release < CXR_RELEASES
           && (l->no_return || cxr_rma_triggers[l->release].counted);
}


cxr_rc_t
cxr_rma_release(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out)
{
    bool                   any, told;
    cxr_rc_t               rc;
    uint32_t               i, n, *units;
    unsigned               trigger;
    cxr_rma_t              after;
    cxr_order_t            whole;
    cxr_release_body_t    *body;
    const cxr_rma_line_t  *l;

    rc = cxr_rma_after_order(order, rma, out, now, a, &whole, &after);
    if (rc != CXR_OK) {
        return rc;
    }

    if (after.four_eyes || cxr_rma_closed(&after)) {
        return CXR_OK;
    }

    units = cxr_calloc(a, (size_t) after.lines.n + 1, sizeof(uint32_t));
    if (units == NULL) {
        return CXR_NOMEM;
    }

    /* the last round: what was held back for a line that came to nothing */

    for (trigger = CXR_RELEASE_ON_SUBMIT; trigger <= CXR_RELEASES; trigger++) {

        any = false;
        told = false;

        for (i = 0; i < after.lines.n; i++) {
            l = &after.lines.items[i];
            units[i] = l->told_units;
            told |= l->told_units != 0;

            if (l->release != trigger
                || l->settlement != CXR_SETTLEMENT_OWED)
            {
                continue;
            }

            n = cxr_line_fired(&after, l);

            if (n > l->told_units) {
                units[i] = n;
                any = true;
            }
        }

        if (!any && (trigger != CXR_RELEASES || !told)) {
            continue;
        }

        body = cxr_calloc(a, 1, sizeof(cxr_release_body_t));
        if (body == NULL) {
            return CXR_NOMEM;
        }

        body->trigger = (uint8_t) (any ? trigger : CXR_RELEASE_NONE);
        n = out->n;

        rc = cxr_rma_release_of(order, &after, units, NULL,
                                cxr_delivery_ready(&whole, &after, units,
                                                   true),
                                body, a, out);
        if (rc != CXR_OK) {
            return rc;
        }

        if (out->n != n) {
            rc = cxr_rma_after_order(order, rma, out, now, a, &whole, &after);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_release_items(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_strs_t *items, cxr_str_t reason, cxr_arena_t *a,
    cxr_events_t *out)
{
    bool                *again;
    uint32_t             i, *units;
    cxr_rma_line_t      *l;
    cxr_release_body_t  *body;

    units = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(uint32_t));
    again = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(bool));
    body = cxr_calloc(a, 1, sizeof(cxr_release_body_t));

    if (units == NULL || again == NULL || body == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        units[i] = rma->lines.items[i].told_units;
    }

    for (i = 0; i < items->n; i++) {
        l = cxr_rma_item(rma, items->items[i]);
        if (l == NULL) {
            return CXR_ERROR;
        }

        again[l - rma->lines.items] = l->failed;

        if (cxr_line_units(l) > l->told_units) {
            units[l - rma->lines.items] = cxr_line_units(l);
        }
    }

    body->reason = reason;

    return cxr_rma_release_of(order, rma, units, again,
                              cxr_delivery_ready(order, rma, units, false),
                              body, a, out);
}


/*
 * settlement.released that brings each line to "units" told units.  "again":
 * lines that failed and are told once more; NULL: none.  "rest": with that of
 * the delivery's cost.  No event when there is nothing to tell.
 */

static cxr_rc_t
cxr_rma_release_of(const cxr_order_t *order, const cxr_rma_t *rma,
    const uint32_t *units, const bool *again, bool rest,
    cxr_release_body_t *body, cxr_arena_t *a, cxr_events_t *out)
{
    uint32_t               i, n;
    int64_t               *rooms;
    cxr_money_t           *money;
    cxr_settle_part_t     *part;
    const cxr_rma_line_t  *l;

    n = rma->lines.n;

    rooms = cxr_calloc(a, (size_t) n + 1, sizeof(int64_t));
    money = cxr_calloc(a, (size_t) n + 1, sizeof(cxr_money_t));
    body->lines.items = cxr_calloc(a, (size_t) n + 1, sizeof(cxr_str_t));
    body->parts.items = cxr_calloc(a, (size_t) n + 1,
                                   sizeof(cxr_settle_part_t));

    if (rooms == NULL || money == NULL || body->lines.items == NULL
        || body->parts.items == NULL)
    {
        return CXR_NOMEM;
    }

    if (!cxr_rma_release_money(rma, units, again, rest, rooms, &body->money)
        || (body->money > 0
            && !cxr_money_split(body->money, rooms, n, money)))
    {
        return CXR_ERROR;
    }

    for (i = 0; i < n; i++) {
        l = &rma->lines.items[i];

        if (units[i] == l->told_units && money[i] == 0
            && (again == NULL || !again[i]))
        {
            continue;
        }

        body->lines.items[body->lines.n++] = l->item;

        part = &body->parts.items[body->parts.n++];
        part->item = l->item;
        part->units = units[i] - l->told_units;
        part->money = money[i];
    }

    if (body->parts.n == 0 && !rest) {
        return CXR_OK;
    }

    body->rma = rma->id;
    body->delivery = rest;

    return cxr_rma_event(order, CXR_EV_SETTLEMENT_RELEASED, body, a, out);
}


/*
 * What is to be paid out beyond what was told: the told units' refunds, less
 * what the shopper owes for other lines.  "rooms": how much of it each line can
 * take.
 */

static bool
cxr_rma_release_money(const cxr_rma_t *rma, const uint32_t *units,
    const bool *again, bool rest, int64_t *rooms, cxr_money_t *money)
{
    uint32_t               i;
    cxr_money_t            refunds, dues, room, refund;
    const cxr_rma_line_t  *l;

    refunds = 0;
    dues = 0;
    room = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        refund = cxr_line_refund(rma, l, units[i], rest);

        if (!cxr_money_add(refunds, refund, &refunds)
            || !cxr_money_add(dues, l->due, &dues))
        {
            return false;
        }

        if (refund > l->told
            && (!l->failed || (again != NULL && again[i])))
        {
            rooms[i] = refund - l->told;
            room += rooms[i];
        }
    }

    *money = refunds - dues - rma->told;

    if (*money > room) {
        *money = room;
    }

    if (*money < 0) {
        *money = 0;
    }

    return true;
}


/* "rma" and the order have lines of their own already. */

cxr_rc_t
cxr_rma_apply_released(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_release_body_t *body, const cxr_entry_t *entry, cxr_arena_t *a)
{
    cxr_rc_t            rc;
    uint32_t            i, n, before;
    cxr_rma_line_t     *l;
    cxr_settle_part_t   part;

    n = body->parts.n != 0 ? body->parts.n : body->lines.n;

    rma->delivery_told |= body->delivery;

    for (i = 0; i < n; i++) {

        if (body->parts.n != 0) {
            part = body->parts.items[i];
            l = cxr_rma_item(rma, part.item);

        } else {

            /* of before there were parts: the line, whole */

            l = cxr_rma_item(rma, body->lines.items[i]);

            if (l == NULL || l->settlement != CXR_SETTLEMENT_OWED) {
                return CXR_INVALID;
            }

            part.item = l->item;
            part.units = cxr_line_units(l) - l->told_units;
            part.money = l->refund - l->told;
        }

        if (l == NULL) {
            return CXR_INVALID;
        }

        before = l->told_units;

        if (!cxr_rma_apply_part(l, &part)) {
            return CXR_INVALID;
        }

        if (cxr_line_gives_goods(l) && l->told_units != before) {
            rc = cxr_rma_replaced(order, rma, l, before, entry->at, a);
            if (rc != CXR_OK) {
                return rc;
            }
        }

        if (l->instant && rma->instant_due == CXR_TIME_NONE) {
            rma->instant_due = entry->at + rma->instant_days * CXR_DAY;
        }
    }

    return CXR_OK;
}


static bool
cxr_rma_apply_part(cxr_rma_line_t *l, const cxr_settle_part_t *part)
{
    uint32_t  all;

    all = cxr_line_units(l);

    if (l->decision != CXR_DECISION_APPROVED
        || part->money < 0
        || (part->units != 0
            && (l->told_units > all || part->units > all - l->told_units))
        || (part->money != 0
            && (l->told > l->refund || part->money > l->refund - l->told)))
    {
        return false;
    }

    l->told_units += part->units;
    l->told += part->money;
    l->failed = false;

    return true;
}


cxr_rc_t
cxr_rma_apply_received(cxr_rma_t *rma, const cxr_rma_receipt_t *body,
    const cxr_entry_t *entry)
{
    uint32_t                i;
    cxr_rma_line_t         *l;
    const cxr_rma_count_t  *c;

    for (i = 0; i < body->counts.n; i++) {
        c = &body->counts.items[i];
        l = cxr_rma_item(rma, c->item);

        if (l == NULL
            || l->decision != CXR_DECISION_APPROVED
            || c->count > l->quantity - l->counted
            || c->wrong > CXR_LINE_QUANTITY_MAX - l->wrong)
        {
            return CXR_INVALID;
        }

        l->counted += c->count;
        l->wrong += c->wrong;
        l->no_more |= c->no_more;
        l->received_by = entry->actor;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_graded(cxr_rma_t *rma, const cxr_rma_grading_body_t *body,
    const cxr_entry_t *entry, cxr_arena_t *a)
{
    uint32_t                i;
    cxr_rma_line_t         *l;
    cxr_rma_grading_t      *items, *g;
    const cxr_rma_grade_t  *from;

    if (body->grades.n > CXR_RMA_GRADINGS_MAX - rma->gradings.n) {
        return CXR_INVALID;
    }

    items = cxr_calloc(a, (size_t) rma->gradings.n + body->grades.n + 1,
                       sizeof(cxr_rma_grading_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    if (rma->gradings.n != 0) {
        memcpy(items, rma->gradings.items,
               rma->gradings.n * sizeof(cxr_rma_grading_t));
    }

    rma->gradings.items = items;

    for (i = 0; i < body->grades.n; i++) {
        from = &body->grades.items[i];
        l = cxr_rma_item(rma, from->item);

        if (l == NULL || from->units > l->counted - l->graded
            || from->deduct < 0)
        {
            return CXR_INVALID;
        }

        l->graded += from->units;

        /* what was mended goes back to the shopper: that is its outcome */

        if (from->disposition == CXR_DISPOSE_TO_SHOPPER
            && l->outcome != CXR_OUT_REPAIR)
        {
            l->sent_back += from->units;
        }

        g = &items[rma->gradings.n++];

        g->item = l->item;
        g->units = from->units;
        g->grade = from->grade;
        g->disposition = from->disposition;
        g->deduct = from->deduct;
        g->deduct_reason = from->deduct_reason;
        g->reason = body->reason;
        g->at = entry->at;
        g->actor = entry->actor;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_confirmed(cxr_rma_t *rma, const cxr_settle_body_t *body)
{
    uint32_t                  i;
    cxr_rma_line_t           *l;
    const cxr_settle_part_t  *part;

    for (i = 0; i < body->parts.n; i++) {
        part = &body->parts.items[i];
        l = cxr_rma_item(rma, part->item);

        if (l == NULL
            || part->money < 0
            || part->money > l->told - l->settled
            || part->units > l->told_units - l->settled_units)
        {
            return CXR_INVALID;
        }

        l->settled += part->money;
        l->settled_units += part->units;
        l->failed = false;
    }

    if (body->reference.len != 0) {
        rma->reference = body->reference;

        if (rma->gift && body->money > 0) {
            rma->credit_code = body->reference;
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_failed(cxr_rma_t *rma, const cxr_rma_change_t *body)
{
    uint32_t         i;
    cxr_rma_line_t  *l;

    for (i = 0; i < body->lines.n; i++) {
        l = cxr_rma_item(rma, body->lines.items[i]);

        if (l == NULL || l->told_units == 0) {
            return CXR_INVALID;
        }

        l->failed = true;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_words(cxr_rma_t *rma, const cxr_rma_words_t *body,
    bool internal, const cxr_entry_t *entry, cxr_arena_t *a)
{
    uint32_t         i;
    cxr_rma_line_t  *l;
    cxr_rma_note_t  *items, *note;

    if (rma->notes.n >= CXR_RMA_NOTES_MAX) {
        return CXR_INVALID;
    }

    for (i = 0; i < body->lines.n; i++) {
        l = cxr_rma_item(rma, body->lines.items[i]);

        if (l == NULL || l->decision != CXR_DECISION_INFO_NEEDED) {
            return CXR_INVALID;
        }

        l->decision = CXR_DECISION_PENDING;
    }

    items = cxr_calloc(a, (size_t) rma->notes.n + 1, sizeof(cxr_rma_note_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    if (rma->notes.n != 0) {
        memcpy(items, rma->notes.items, rma->notes.n * sizeof(cxr_rma_note_t));
    }

    note = &items[rma->notes.n++];
    rma->notes.items = items;

    note->at = entry->at;
    note->actor_kind = entry->actor_kind;
    note->actor = entry->actor;
    note->internal = internal;
    note->text = body->text;

    return CXR_OK;
}
