
/*
 * What an RMA's lines are worth now: shares of what was paid, for the units
 * that count, with what goes off and comes on top; what was told and settled of
 * it; and the breakdown that everybody is shown.
 */

#include <stdio.h>

#include "cxr_rma_private.h"


static cxr_money_t cxr_line_deductions(const cxr_rma_t *rma,
    const cxr_rma_line_t *l);
static uint8_t cxr_line_settlement(const cxr_rma_t *rma,
    const cxr_rma_line_t *l);
static uint8_t cxr_line_receipt(const cxr_rma_line_t *l);
static void cxr_part_add(cxr_breakdown_part_t *sum,
    const cxr_breakdown_part_t *p);
static cxr_rc_t cxr_rma_pay_url(const cxr_rma_t *rma, cxr_str_t pay,
    cxr_money_t due, cxr_arena_t *a, cxr_str_t *url);


bool
cxr_rma_closed(const cxr_rma_t *rma)
{
    return rma->cancelled || rma->expired;
}


bool
cxr_line_gives_goods(const cxr_rma_line_t *l)
{
    return l->outcome == CXR_OUT_EXCHANGE || l->outcome == CXR_OUT_REPLACEMENT
           || l->outcome == CXR_OUT_REPAIR;
}


/*
 * The units that money and goods are for.  Until something was counted, all
 * that were asked for; then those that came, less those that go back.
 */

uint32_t
cxr_line_units(const cxr_rma_line_t *l)
{
    if (l->no_return || l->receipt == CXR_RECEIPT_AWAITING) {
        return l->quantity;
    }

    return l->counted - l->sent_back;
}


/* The share of the refund that is for "units" of those that count. */

cxr_money_t
cxr_line_refund(const cxr_rma_t *rma, const cxr_rma_line_t *l, uint32_t units,
    bool rest)
{
    uint32_t     all;
    cxr_money_t  money, waits;

    all = cxr_line_units(l);
    waits = cxr_delivery_waits(rma, l);
    money = l->refund - waits;

    if (units < all && !cxr_money_units(money, all, 0, units, &money)) {
        money = 0;
    }

    return rest ? money + waits : money;
}


/*
 * A record of before units were told apart.  What had been released then was
 * the whole line.
 */

void
cxr_line_upgrade(cxr_rma_line_t *l)
{
    if (l->item.len != 0) {
        return;
    }

    l->item = l->line;
    l->fee_flat = l->fee;

    if (l->settlement >= CXR_SETTLEMENT_RELEASED) {
        l->told_units = l->quantity;
        l->told = l->refund;
    }

    if (l->settlement == CXR_SETTLEMENT_CONFIRMED) {
        l->settled_units = l->told_units;
        l->settled = l->told;
    }

    if (l->receipt == CXR_RECEIPT_RECEIVED) {
        l->counted = l->quantity;
    }
}


bool
cxr_line_money(const cxr_rma_t *rma, cxr_rma_line_t *l)
{
    uint32_t     units;
    cxr_money_t  paid, rate, net;

    units = cxr_line_units(l);

    if (!cxr_money_units(l->paid, l->quantity, 0, units, &paid)
        || !cxr_money_units(l->fee_rate, l->quantity, 0, units, &rate)
        || !cxr_money_units(l->bonus_all, l->quantity, 0, units, &l->bonus)
        || !cxr_money_add(l->fee_flat, rate, &l->fee)
        || !cxr_line_delivery(l, units))
    {
        return false;
    }

    if (units == 0) {
        l->fee = 0;
    }

    if (l->fee > paid) {
        l->fee = paid;
    }

    l->short_paid = l->paid - paid;
    l->deducted = cxr_line_deductions(rma, l);

    if (l->deducted > paid + l->bonus - l->fee) {
        l->deducted = paid + l->bonus - l->fee;
    }

    net = paid + l->bonus - l->fee - l->deducted + l->delivery;

    switch (l->outcome) {

    case CXR_OUT_EXCHANGE:
        if (l->even) {
            l->goods = net;
            break;
        }

        if (!cxr_money_muldiv(l->exchange_price, units, 1, &l->goods)) {
            return false;
        }

        break;

    case CXR_OUT_REPLACEMENT:
    case CXR_OUT_REPAIR:
        /* even: the goods are what was paid for */
        l->goods = net;
        break;

    default:
        l->goods = 0;
    }

    net -= l->goods;

    l->refund = net > 0 ? net : 0;
    l->due = net < 0 ? -net : 0;

    return true;
}


/*
 * Every fact that follows from others: the lines' parcels, receipts, money and
 * what is owed.  Changes rma->lines.items in place.
 */

bool
cxr_rma_derive(cxr_rma_t *rma)
{
    uint8_t          fact;
    uint32_t         i;
    cxr_rma_line_t  *l;

    fact = cxr_rma_parcels_fact(rma);

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        l->parcel = l->decision == CXR_DECISION_APPROVED && !l->no_return
                    ? fact : CXR_PARCEL_NONE;
        l->receipt = cxr_line_receipt(l);

        if (!cxr_line_money(rma, l)) {
            return false;
        }

        l->settlement = cxr_line_settlement(rma, l);
    }

    return true;
}


/* Of an RMA that is closed nothing is owed either way. */

bool
cxr_rma_sum(cxr_rma_t *rma)
{
    bool                   fits;
    uint32_t               i;
    const cxr_rma_line_t  *l;

    fits = true;

    rma->refund = 0;
    rma->fee = 0;
    rma->due = 0;
    rma->told = 0;
    rma->settled = 0;
    rma->delivery = 0;
    rma->delivery_tax = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        fits &= cxr_money_add(rma->told, l->told, &rma->told)
                && cxr_money_add(rma->settled, l->settled, &rma->settled);

        if (cxr_rma_closed(rma) || l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        fits &= cxr_money_add(rma->refund, l->refund, &rma->refund)
                && cxr_money_add(rma->fee, l->fee, &rma->fee)
                && cxr_money_add(rma->due, l->due, &rma->due)
                && cxr_money_add(rma->delivery, l->delivery, &rma->delivery);
    }

    if (rma->order_delivery > 0) {
        fits &= cxr_money_muldiv(rma->delivery, rma->order_delivery_tax,
                                 rma->order_delivery, &rma->delivery_tax);
    }

    rma->status = cxr_rma_status(rma);

    return fits;
}


/* Nothing is left to come or to be paid for the line. */

bool
cxr_line_done(const cxr_rma_line_t *l)
{
    if (l->settlement == CXR_SETTLEMENT_CONFIRMED) {
        return !l->instant || l->receipt != CXR_RECEIPT_AWAITING;
    }

    if (l->settlement != CXR_SETTLEMENT_NONE || l->release == CXR_RELEASE_NONE)
    {
        return false;
    }

    /* nothing came of it, or nothing of it was worth anything */

    return l->no_return || l->no_more || l->counted == l->quantity;
}


uint8_t
cxr_rma_kind(const cxr_rma_ask_t *ask, const cxr_rma_t *rma)
{
    uint32_t  i, exchanges, claims;

    if (ask->withdrawal) {
        return CXR_KIND_WITHDRAWAL;
    }

    if (ask->cancellation) {
        return CXR_KIND_CANCELLATION;
    }

    exchanges = 0;
    claims = 0;

    for (i = 0; i < rma->lines.n; i++) {
        exchanges += (rma->lines.items[i].outcome == CXR_OUT_EXCHANGE);
        claims += (rma->lines.items[i].claim != CXR_CLAIM_NONE);
    }

    return claims == rma->lines.n ? CXR_KIND_CLAIM
           : exchanges == rma->lines.n ? CXR_KIND_EXCHANGE
                                       : CXR_KIND_RETURN;
}


bool
cxr_rma_needs_box(const cxr_rma_t *rma)
{
    uint32_t  i;

    for (i = 0; i < rma->lines.n; i++) {
        if (!rma->lines.items[i].no_return) {
            return true;
        }
    }

    return false;
}


/*
 * A fee for the RMA is kept back from the lines whose own terms have one
 * (fee_flat, as cxr_rma_terms() left it), in proportion, and never more than they
 * are worth.  What goes back free of charge beside them, by law or by a rule,
 * bears none of it.
 */

cxr_rc_t
cxr_rma_flat_fee(cxr_rma_t *rma, cxr_money_t fee, cxr_arena_t *a)
{
    int64_t          *weights;
    uint32_t          i;
    cxr_money_t      *fees, sum;
    cxr_rma_line_t   *l;

    weights = cxr_calloc(a, rma->lines.n, sizeof(int64_t));
    fees = cxr_calloc(a, rma->lines.n, sizeof(cxr_money_t));

    if (weights == NULL || fees == NULL) {
        return CXR_NOMEM;
    }

    sum = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->fee_flat == 0) {
            continue;
        }

        l->fee_flat = 0;
        weights[i] = l->paid;

        if (!cxr_money_add(sum, l->paid, &sum)) {
            return CXR_ERROR;
        }
    }

    if (fee > sum) {
        fee = sum;
    }

    if (fee <= 0) {
        return CXR_OK;
    }

    if (!cxr_money_split(fee, weights, rma->lines.n, fees)) {
        return CXR_ERROR;
    }

    for (i = 0; i < rma->lines.n; i++) {
        rma->lines.items[i].fee_flat = fees[i];
    }

    return CXR_OK;
}


cxr_rc_t
cxr_rma_breakdown(const cxr_rma_t *rma, cxr_str_t pay, cxr_arena_t *a,
    cxr_breakdown_t *out)
{
    uint32_t               i;
    cxr_money_t            net;
    cxr_rma_line_t         l;
    cxr_breakdown_part_t  *p;

    memset(out, 0, sizeof(*out));

    out->currency = rma->currency;
    out->sum = cxr_calloc(a, 1, sizeof(cxr_breakdown_part_t));
    out->lines.items = cxr_calloc(a, (size_t) rma->lines.n + 1,
                                  sizeof(cxr_breakdown_part_t));

    if (out->sum == NULL || out->lines.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = rma->lines.items[i];
        cxr_line_upgrade(&l);

        if (l.decision == CXR_DECISION_DECLINED || cxr_rma_closed(rma)) {
            continue;
        }

        if (!cxr_line_money(rma, &l)) {
            return CXR_ERROR;
        }

        p = &out->lines.items[out->lines.n++];

        p->item = l.item;
        p->paid = l.paid;
        p->short_paid = l.short_paid;
        p->short_units = l.quantity - cxr_line_units(&l);
        p->bonus = l.bonus;
        p->fee = l.fee;
        p->deducted = l.deducted;
        p->goods = l.goods;
        p->refund = l.refund;
        p->due = l.due;
        p->told = l.told;
        p->settled = l.settled;
        p->open = l.told - l.settled;
        p->delivery = l.delivery;
        out->delivery_rest += cxr_delivery_waits(rma, &l);

        cxr_part_add(out->sum, p);
    }

    net = out->sum->refund - out->sum->due;

    out->sum->refund = net > 0 ? net : 0;
    out->sum->due = net < 0 ? -net : 0;

    out->due_paid = rma->due_paid;
    out->due_open = cxr_rma_due_open(rma);
    out->to_repay = rma->due_told - rma->due_back;
    out->repaid = rma->due_back;

    return cxr_rma_pay_url(rma, pay, out->due_open, a, &out->pay_url);
}


static cxr_money_t
cxr_line_deductions(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    uint32_t     i;
    cxr_money_t  sum;

    sum = 0;

    for (i = 0; i < rma->gradings.n; i++) {
        if (cxr_str_eq(rma->gradings.items[i].item, l->item)
            && !cxr_money_add(sum, rma->gradings.items[i].deduct, &sum))
        {
            return CXR_MONEY_MAX;
        }
    }

    return sum;
}


static uint8_t
cxr_line_receipt(const cxr_rma_line_t *l)
{
    if (l->counted == l->quantity) {
        return CXR_RECEIPT_RECEIVED;
    }

    if (l->counted != 0) {
        return CXR_RECEIPT_SHORT;
    }

    if (l->wrong != 0) {
        return CXR_RECEIPT_WRONG_ITEM;
    }

    if (l->no_more) {
        return CXR_RECEIPT_MISSING;
    }

    /* of before things were counted */

    return l->receipt;
}


static uint8_t
cxr_line_settlement(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    bool      owes;
    uint32_t  units;

    if (l->failed) {
        return CXR_SETTLEMENT_FAILED;
    }

    units = cxr_line_units(l);

    owes = !cxr_rma_closed(rma)
           && l->decision == CXR_DECISION_APPROVED
           && l->release != CXR_RELEASE_NONE
           && units != 0
           && (l->refund > 0 || cxr_line_gives_goods(l));

    if (owes
        && (l->told_units < units || cxr_delivery_waits(rma, l) != 0))
    {
        return CXR_SETTLEMENT_OWED;
    }

    if (l->told_units == 0) {
        return CXR_SETTLEMENT_NONE;
    }

    return l->settled_units == l->told_units && l->settled == l->told
           ? CXR_SETTLEMENT_CONFIRMED : CXR_SETTLEMENT_RELEASED;
}


static void
cxr_part_add(cxr_breakdown_part_t *sum, const cxr_breakdown_part_t *p)
{
    sum->paid += p->paid;
    sum->short_paid += p->short_paid;
    sum->short_units += p->short_units;
    sum->bonus += p->bonus;
    sum->fee += p->fee;
    sum->deducted += p->deducted;
    sum->goods += p->goods;
    sum->refund += p->refund;
    sum->due += p->due;
    sum->told += p->told;
    sum->settled += p->settled;
    sum->open += p->open;
    sum->delivery += p->delivery;
}


/* The names in the template are what nginx -t let pass. */

static cxr_rc_t
cxr_rma_pay_url(const cxr_rma_t *rma, cxr_str_t pay, cxr_money_t due,
    cxr_arena_t *a, cxr_str_t *url)
{
    char        amount[24], *p, *end;
    size_t      i, k;
    cxr_str_t   values[3];

    static const char *const  names[] = { "{rma}", "{amount}", "{currency}" };

    *url = CXR_STR_NONE;

    if (pay.len == 0 || due == 0) {
        return CXR_OK;
    }

    snprintf(amount, sizeof(amount), "%lld", (long long) due);

    values[0] = rma->id;
    values[1] = cxr_strz(amount);
    values[2] = rma->currency;

    /* no value is longer than this, and each name takes at least 5 bytes */

    p = cxr_alloc(a, pay.len * 8 + 1);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    end = p;

    for (i = 0; i < pay.len; /* void */ ) {

        for (k = 0; k < cxr_nelts(names); k++) {
            if (pay.len - i >= strlen(names[k])
                && memcmp(pay.data + i, names[k], strlen(names[k])) == 0
                && values[k].len <= 40)
            {
                break;
            }
        }

        if (k == cxr_nelts(names)) {
            *end++ = pay.data[i++];
            continue;
        }

        end = cxr_str_put(end, values[k]);
        i += strlen(names[k]);
    }

    *url = cxr_strn(p, (size_t) (end - p));

    return CXR_OK;
}


cxr_money_t
cxr_line_deductible(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    cxr_money_t  open, goods;

    open = l->refund - cxr_delivery_waits(rma, l) - l->told;
    goods = l->refund - l->delivery;

    if (goods < open) {
        open = goods;
    }

    return open > 0 ? open : 0;
}
