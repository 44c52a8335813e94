
/*
 * What must add up after every command: an RMA's money and units, and the
 * stock that it promises.  Part of domain_history.h.
 */

#ifndef _DOMAIN_HISTORY_BOOKS_H_INCLUDED_
#define _DOMAIN_HISTORY_BOOKS_H_INCLUDED_


static inline bool
history_is_closed(const cxr_rma_t *r)
{
    return r->cancelled || r->expired;
}


/* Staff released something before its time. */

static inline bool
history_is_early(const cxr_rma_t *r)
{
    uint32_t  i;

    for (i = 0; i < r->steps.n; i++) {
        if (r->steps.items[i].kind == CXR_EV_SETTLEMENT_RELEASED
            && r->steps.items[i].reason.len != 0)
        {
            return true;
        }
    }

    return false;
}


/* Of the parcels that were seen: is one, or is every one, the shopper's word
   alone? */
static inline bool
history_is_unproven(const cxr_rma_t *r, bool any)
{
    uint32_t  i, seen = 0, unproven = 0;

    for (i = 0; i < r->parcels.n; i++) {
        if (r->parcels.items[i].fact != CXR_PARCEL_NONE) {
            seen++;
            unproven += r->parcels.items[i].unproven;
        }
    }

    return unproven != 0 && (any || unproven == seen);
}


static inline void
history_books_line(const cxr_rma_t *r, const cxr_rma_line_t *l)
{
    cxr_money_t  counted;

    HISTORY_CHECK(l->quantity > 0);
    HISTORY_CHECK(l->tax >= 0 && l->tax <= l->paid);
    HISTORY_CHECK(l->fee >= 0 && l->bonus >= 0 && l->deducted >= 0);
    HISTORY_CHECK(l->short_paid >= 0 && l->short_paid <= l->paid);
    HISTORY_CHECK(l->refund >= 0 && l->due >= 0 && l->goods >= 0);
    HISTORY_CHECK(l->refund == 0 || l->due == 0);
    HISTORY_CHECK(l->paid - l->short_paid + l->bonus + l->delivery - l->fee
                  - l->deducted - l->goods == l->refund - l->due);
    HISTORY_CHECK(l->delivery >= 0
                  && l->delivery <= l->delivery_all + l->delivery_rest
                  && (l->delivery == 0 || l->pays_back));
    HISTORY_CHECK(l->due == 0 || l->outcome == CXR_OUT_EXCHANGE);

    HISTORY_CHECK(r->due_back >= 0 && r->due_back <= r->due_told
                  && r->due_told <= r->due_paid);
    HISTORY_CHECK(l->counted <= l->quantity);
    HISTORY_CHECK(l->graded <= l->counted);
    HISTORY_CHECK(l->sent_back <= l->graded);
    HISTORY_CHECK(l->told_units <= l->quantity);
    HISTORY_CHECK(l->settled_units <= l->told_units);
    HISTORY_CHECK(l->settled >= 0 && l->settled <= l->told);
    HISTORY_CHECK(l->told <= l->paid + l->bonus_all + l->delivery_all
                             + l->delivery_rest);

    /* what is paid out is for what was counted, where the count decides */

    if (!l->no_return && l->release >= CXR_RELEASE_RECEIVED
        && !history_is_early(r))
    {
        HISTORY_CHECK(l->told_units <= l->counted);
        HISTORY_CHECK(cxr_money_units(l->paid, l->quantity, 0, l->counted,
                                      &counted));
        HISTORY_CHECK(l->told <= counted + l->bonus_all + l->delivery_all
                                 + l->delivery_rest);
    }

    if (l->no_return) {
        HISTORY_CHECK(l->parcel == CXR_PARCEL_NONE);
    }

    if (l->decision != CXR_DECISION_APPROVED) {
        HISTORY_CHECK(l->parcel == CXR_PARCEL_NONE);
        HISTORY_CHECK(l->settlement == CXR_SETTLEMENT_NONE);
        HISTORY_CHECK(l->told_units == 0 && l->told == 0);
        HISTORY_CHECK(l->receipt == CXR_RECEIPT_AWAITING);
        return;
    }

    /* nothing waits whose time has come, but for other RMAs of the order */

    if (l->settlement == CXR_SETTLEMENT_OWED && !r->four_eyes
        && !cxr_line_unpaid(r, l)
        && (l->told_units == 0 || l->delivery_rest == 0 || r->delivery_told))
    {
        HISTORY_CHECK(l->release != CXR_RELEASE_ON_SUBMIT && !l->no_return);
        HISTORY_CHECK(l->release == CXR_RELEASE_INSPECTED
                      || l->receipt == CXR_RECEIPT_AWAITING);
        HISTORY_CHECK(l->release != CXR_RELEASE_FIRST_SCAN
                      || l->parcel == CXR_PARCEL_LABEL_ISSUED
                      || history_is_unproven(r, false));
        HISTORY_CHECK(l->release != CXR_RELEASE_DELIVERED
                      || l->parcel != CXR_PARCEL_DELIVERED
                      || history_is_unproven(r, true));
    }

    if (history_is_closed(r)) {
        HISTORY_CHECK(l->settlement != CXR_SETTLEMENT_OWED);
    }
}


/* Never the buyer's money, nor more than goods that are here, and even. */

static inline void
history_books_gift(const cxr_rma_t *r, const cxr_rma_line_t *l)
{
    HISTORY_CHECK((CXR_GIFT_OUTCOMES & (1u << l->outcome)) != 0);
    HISTORY_CHECK(!l->pays_back && l->delivery == 0 && l->due == 0);
    HISTORY_CHECK(l->outcome == CXR_OUT_STORE_CREDIT || l->refund == 0);
    HISTORY_CHECK(l->no_return || l->release >= CXR_RELEASE_RECEIVED);
}


/* Nothing travels, nothing is kept back. */

static inline void
history_books_cancel(const cxr_rma_t *r, const cxr_rma_line_t *l)
{
    HISTORY_CHECK(l->no_return && l->outcome == CXR_OUT_REFUND);
    HISTORY_CHECK(l->fee == 0 && l->bonus == 0 && l->deducted == 0);
    HISTORY_CHECK(l->refund == l->paid + l->delivery);
    HISTORY_CHECK(l->parcel == CXR_PARCEL_NONE);
    HISTORY_CHECK(r->label_jti.len == 0 && r->parcels.n == 0);
}


static inline void
history_books_rma(history_t *h, const cxr_rma_t *r, cxr_money_t *all)
{
    uint32_t               i;
    cxr_money_t            refund, fee, due, told, settled;
    cxr_breakdown_t        b;
    const cxr_rma_line_t  *l;

    refund = 0;
    fee = 0;
    due = 0;
    told = 0;
    settled = 0;

    HISTORY_CHECK(r->gift == (r->recipient.len != 0));
    HISTORY_CHECK(!r->gift || h->now.order.gifted);

    for (i = 0; i < r->lines.n; i++) {
        l = &r->lines.items[i];

        history_books_line(r, l);

        if (r->gift) {
            history_books_gift(r, l);
        }

        if (r->kind == CXR_KIND_CANCELLATION) {
            history_books_cancel(r, l);
        }

        told += l->told;
        settled += l->settled;
        *all += l->told - l->bonus_all;

        if (history_is_closed(r) || l->decision == CXR_DECISION_DECLINED) {
            continue;
        }

        refund += l->refund;
        fee += l->fee;
        due += l->due;
    }

    HISTORY_CHECK(r->refund == refund);
    HISTORY_CHECK(r->fee == fee);
    HISTORY_CHECK(r->due == due);
    HISTORY_CHECK(r->told == told);
    HISTORY_CHECK(r->settled == settled);
    HISTORY_CHECK(r->status == cxr_rma_status(r));
    HISTORY_CHECK(r->steps.n <= r->revision);
    HISTORY_CHECK(r->steps.items[r->steps.n - 1].status == r->status);
    HISTORY_CHECK((r->label_jti.len != 0) == (r->label_expires != 0));

    /* and the same is what everybody is shown */

    HISTORY_CHECK(cxr_rma_breakdown(r, cxr_str("https://s.example/{amount}"),
                                    h->a, &b) == CXR_OK);
    HISTORY_CHECK(b.sum->paid - b.sum->short_paid + b.sum->bonus
                  + b.sum->delivery - b.sum->fee - b.sum->deducted
                  - b.sum->goods == b.sum->refund - b.sum->due);
    HISTORY_CHECK(b.sum->delivery == r->delivery);
    HISTORY_CHECK(b.sum->refund == 0 || b.sum->due == 0);
    HISTORY_CHECK(b.sum->refund - b.sum->due == refund - due);
    HISTORY_CHECK((b.pay_url.len != 0) == (b.due_open != 0));
}


/* Promised is what living exchanges wait for; sent is what may come back. */

static inline void
history_books_stock(history_t *h)
{
    uint32_t                 i, k, n;
    uint64_t                 want, has;
    const cxr_rma_t         *r;
    const cxr_rma_line_t    *l;
    const cxr_order_line_t  *line;

    want = 0;
    has = 0;

    for (i = 0; i < h->now.n; i++) {
        r = &h->now.rmas[i];

        for (k = 0; k < r->lines.n; k++) {
            l = &r->lines.items[k];

            if (l->exchange_product.len == 0 || history_is_closed(r)
                || l->decision == CXR_DECISION_DECLINED)
            {
                continue;
            }

            n = l->quantity - l->sent_back;

            if (l->no_more && !l->no_return) {
                n = l->counted - l->sent_back;
            }

            want += n > l->told_units ? n - l->told_units : 0;
        }
    }

    for (i = 0; i < h->now.product.holds.n; i++) {
        HISTORY_CHECK(h->now.product.holds.items[i].units != 0);
        has += h->now.product.holds.items[i].units;
    }

    HISTORY_CHECK(want == has);
    HISTORY_CHECK(cxr_rec_equal(&cxr_product_type, &h->now.product,
                                &h->replay.product));

    for (i = 0; i < h->now.order.lines.n; i++) {
        line = &h->now.order.lines.items[i];

        if (line->origin_rma.len == 0) {
            continue;
        }

        HISTORY_CHECK(line->quantity != 0 && line->sent_at != CXR_TIME_NONE);
        HISTORY_CHECK(line->tax >= 0
                      && line->tax <= cxr_order_line_paid(line));
        HISTORY_CHECK(cxr_order_line(&h->now.order, line->origin) != NULL);
    }
}


/*
 * What the delivery cost: never more than was paid for it, and all of it once
 * nothing is left with the shopper; the rest of it is with one RMA, and paid
 * when all are.
 */

static inline void
history_books_delivery(history_t *h)
{
    bool                   all, told;
    uint32_t               i, k, back, units;
    cxr_money_t            held, rest, of;
    const cxr_rma_t       *r, *with;
    const cxr_order_t     *o;
    const cxr_rma_line_t  *l;

    o = &h->now.order;
    held = 0;
    rest = 0;
    of = 0;
    back = 0;
    units = 0;
    all = !h->redelivered;
    told = false;
    with = NULL;

    for (i = 0; i < o->lines.n; i++) {
        units += o->lines.items[i].origin_rma.len == 0
                 ? o->lines.items[i].quantity : 0;
        back += o->lines.items[i].paying_back;
        HISTORY_CHECK(o->lines.items[i].paying_back
                      <= o->lines.items[i].returning);
        HISTORY_CHECK(o->lines.items[i].by_right
                      <= o->lines.items[i].paying_back);
    }

    for (i = 0; i < h->now.n; i++) {
        r = &h->now.rmas[i];

        for (k = 0; !history_is_closed(r) && k < r->lines.n; k++) {
            l = &r->lines.items[k];

            if (l->decision == CXR_DECISION_DECLINED || !l->pays_back) {
                continue;
            }

            held += l->delivery_all + l->delivery_rest;
            all &= l->delivery_mode == CXR_DELIVERY_SHARE
                   || l->delivery_mode == CXR_DELIVERY_LAST;
            told |= r->delivery_told;

            if (cxr_str_eq(o->delivery_rma, r->id) && l->delivery_of > of) {
                of = l->delivery_of;
            }

            if (l->delivery_rest != 0 && !r->delivery_told) {
                HISTORY_CHECK(with == NULL || with == r);
                HISTORY_CHECK(cxr_str_eq(o->delivery_rma, r->id));
                HISTORY_CHECK(l->delivery_mode != CXR_DELIVERY_NONE);
                with = r;
                rest += l->delivery_rest;
            }
        }
    }

    HISTORY_CHECK(held == o->delivery_held);
    HISTORY_CHECK(rest == o->delivery_rest);
    HISTORY_CHECK(held <= cxr_order_delivery_paid(o));

    /* nobody's rest while something is left */

    HISTORY_CHECK(back <= units);
    HISTORY_CHECK(with == NULL || back == units);

    if (all && of != 0 && back == units) {
        HISTORY_CHECK(held >= of || told);
        h->delivered++;
    }
}

#endif /* _DOMAIN_HISTORY_BOOKS_H_INCLUDED_ */
