
/*
 * An RMA made again: what was asked for, out of what is in the store, given to
 * the code that decides.  Variants that were exchanged for are taken to be in
 * stock at the price of then.
 */

#include "cxr_cli_policy_replay.h"


static cxr_rc_t cxr_replay_products(const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_rma_world_t *world);


cxr_rc_t
cxr_replay_begin(const cxr_order_t *now, cxr_order_t *order, cxr_arena_t *a)
{
    uint32_t  i;
    cxr_rc_t  rc;

    rc = cxr_rec_copy(&cxr_order_type, now, order, a);
    if (rc != CXR_OK) {
        return rc;
    }

    order->rmas.n = 0;

    for (i = 0; i < order->lines.n; i++) {
        order->lines.items[i].returning = 0;
        order->lines.items[i].returning_paid = 0;
        order->lines.items[i].returning_tax = 0;
        order->lines.items[i].paying_back = 0;
        order->lines.items[i].by_right = 0;
        order->lines.items[i].told_back = 0;
    }

    order->delivery_held = 0;
    order->delivery_rest = 0;
    order->delivery_rma = CXR_STR_NONE;

    return CXR_OK;
}


void
cxr_replay_take(cxr_order_t *order, const cxr_rma_t *rma)
{
    uint32_t                i, k;
    cxr_order_line_t       *line;
    const cxr_rma_line_t   *l;

    order->rmas.n++;

    (void) cxr_delivery_count(order, NULL, rma);

    if (rma->cancelled || rma->expired) {
        return;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        for (k = 0; k < order->lines.n; k++) {
            line = &order->lines.items[k];

            if (l->decision != CXR_DECISION_DECLINED
                && cxr_str_eq(line->line, l->line))
            {
                line->returning += l->quantity;
                line->returning_paid += l->paid;
                line->returning_tax += l->tax;
            }
        }
    }
}


cxr_rc_t
cxr_replay_rma(const cxr_shop_t *shop, const cxr_cli_case_t *c,
    const cxr_order_t *order, const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_replayed_t *out)
{
    uint32_t              i;
    cxr_rc_t              rc;
    cxr_rma_t             made;
    cxr_order_t           unsent;
    cxr_rma_ask_t         ask;
    cxr_rma_world_t       world;
    cxr_rma_ask_line_t   *want;

    memset(out, 0, sizeof(*out));
    memset(&ask, 0, sizeof(ask));
    memset(&world, 0, sizeof(world));

    want = cxr_calloc(a, rma->lines.n, sizeof(cxr_rma_ask_line_t));
    if (want == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        want[i].line = rma->lines.items[i].line;
        want[i].quantity = rma->lines.items[i].quantity;
        want[i].reason = rma->lines.items[i].reason;
        want[i].note = rma->lines.items[i].note;
        want[i].has_note = true;
        want[i].outcome = rma->lines.items[i].outcome;
        want[i].exchange_sku = rma->lines.items[i].exchange_sku;
    }

    ask.order = rma->order;
    ask.locale = rma->locale;
    ask.method = rma->method;
    ask.withdrawal = (rma->kind == CXR_KIND_WITHDRAWAL);
    ask.cancellation = (rma->kind == CXR_KIND_CANCELLATION);
    ask.gift = rma->gift;
    ask.lines.items = want;
    ask.lines.n = rma->lines.n;

    world.policy = &shop->policy;
    world.tz = shop->tz;
    world.parcels = c->parcels;
    world.nparcels = c->ships.n;

    rc = cxr_replay_products(order, rma, a, &world);
    if (rc != CXR_OK) {
        return rc;
    }

    /* no parcel had been named when it was asked for */

    if (ask.cancellation) {
        unsent = *order;
        unsent.parcels.n = 0;
        order = &unsent;
    }

    rc = cxr_rma_preview(order, &ask, &world, rma->created_at, a, &made,
                         &out->no);

    if (rc == CXR_REFUSED) {
        return CXR_OK;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    out->accepted = true;
    out->approved = (made.status != CXR_RMA_REQUESTED);
    out->fee = made.fee;
    out->refund = made.refund;
    out->due = made.due;
    out->delivery = made.delivery;

    for (i = 0; i < made.lines.n; i++) {
        out->bonus += made.lines.items[i].bonus;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_replay_products(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_rma_world_t *world)
{
    uint32_t                  i;
    cxr_product_t            *p;
    const cxr_rma_line_t     *l;
    const cxr_product_t     **list;
    const cxr_order_line_t   *line;

    list = cxr_calloc(a, rma->lines.n, sizeof(cxr_product_t *));
    if (list == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];
        line = cxr_order_line(order, l->line);

        if (l->outcome != CXR_OUT_EXCHANGE || line == NULL) {
            continue;
        }

        p = cxr_calloc(a, 1, sizeof(cxr_product_t));
        if (p == NULL) {
            return CXR_NOMEM;
        }

        p->variants.items = cxr_calloc(a, 1, sizeof(cxr_variant_t));
        if (p->variants.items == NULL) {
            return CXR_NOMEM;
        }

        p->id = line->product;
        p->currency = rma->currency;
        p->variants.n = 1;
        p->variants.items[0].sku = l->exchange_sku;
        p->variants.items[0].title = l->exchange_title;
        p->variants.items[0].price = l->exchange_price;
        p->variants.items[0].stock = UINT32_MAX / 2;

        list[world->nproducts++] = p;
    }

    world->products = list;

    return CXR_OK;
}
