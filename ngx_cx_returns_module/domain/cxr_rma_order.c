
/*
 * What an RMA does to its order: units that are in it, and goods that it sent,
 * which may come back in their turn; and to the products whose stock it
 * promises.
 */

#include <stdio.h>

#include "cxr_rma_private.h"


static uint32_t cxr_line_held(const cxr_rma_t *rma, const cxr_rma_line_t *l);
static cxr_rc_t cxr_stock_event(const cxr_product_t *product, unsigned kind,
    const cxr_rma_t *rma, const cxr_rma_line_t *l, uint32_t units,
    cxr_arena_t *a, cxr_events_t *out);


bool
cxr_rma_take(cxr_order_t *order, const cxr_rma_line_t *l)
{
    cxr_order_line_t  *line;

    line = cxr_rma_order_line(order, l->line);

    if (line == NULL
        || l->quantity == 0
        || line->returning > line->quantity
        || l->quantity > line->quantity - line->returning)
    {
        return false;
    }

    line->returning += l->quantity;

    return cxr_money_add(line->returning_paid, l->paid, &line->returning_paid)
           && cxr_money_add(line->returning_tax, l->tax, &line->returning_tax);
}


bool
cxr_rma_free(cxr_order_t *order, const cxr_rma_line_t *l)
{
    cxr_order_line_t  *line;

    line = cxr_rma_order_line(order, l->line);

    if (line == NULL
        || line->returning < l->quantity
        || line->returning_paid < l->paid
        || line->returning_tax < l->tax)
    {
        return false;
    }

    line->returning -= l->quantity;
    line->returning_paid -= l->paid;
    line->returning_tax -= l->tax;

    return true;
}


cxr_order_line_t *
cxr_rma_order_line(cxr_order_t *order, cxr_str_t line)
{
    uint32_t  i;

    for (i = 0; i < order->lines.n; i++) {
        if (cxr_str_eq(order->lines.items[i].line, line)) {
            return &order->lines.items[i];
        }
    }

    return NULL;
}


/*
 * The line that the sent goods are: what was paid for them is what they cost,
 * less the bonus, so that no return of theirs pays out more than the shopper
 * gave.  Its name is the RMA's and the place of the line in it.  "order" has
 * lines of its own already.
 */

cxr_rc_t
cxr_rma_replaced(cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_line_t *l, uint32_t before, cxr_time_t at, cxr_arena_t *a)
{
    uint32_t                 all;
    cxr_str_t                id;
    cxr_money_t              worth, part, price, whole;
    cxr_order_line_t        *items, *line, own;
    const cxr_order_line_t  *origin;

    origin = cxr_rma_order_line(order, l->line);
    all = cxr_line_units(l);

    if (origin == NULL || all == 0 || l->told_units > all) {
        return CXR_INVALID;
    }

    own = *origin;

    id = cxr_sprintf(a, "%.*s.%u", cxr_str_arg(rma->id),
                     (unsigned) (l - rma->lines.items) + 1);
    if (id.data == NULL) {
        return CXR_NOMEM;
    }

    worth = l->goods > l->bonus ? l->goods - l->bonus : 0;

    price = l->outcome == CXR_OUT_EXCHANGE && !l->even
            ? l->exchange_price : (worth + all - 1) / all;

    line = cxr_rma_order_line(order, id);

    /* what was sent before is worth what it was: returns may rest on it */

    if (line != NULL && line->unit_price > price) {
        price = line->unit_price;
    }

    if (!cxr_money_units(worth, all, 0, l->told_units, &part)
        || !cxr_money_muldiv(price, l->told_units, 1, &whole))
    {
        return CXR_INVALID;
    }

    if (line != NULL && part < cxr_order_line_paid(line)) {
        part = cxr_order_line_paid(line);
    }

    if (whole < part) {
        return CXR_INVALID;
    }

    if (line == NULL) {

        if (before != 0) {
            return CXR_INVALID;
        }

        items = cxr_calloc(a, (size_t) order->lines.n + 1,
                           sizeof(cxr_order_line_t));
        if (items == NULL) {
            return CXR_NOMEM;
        }

        memcpy(items, order->lines.items,
               order->lines.n * sizeof(cxr_order_line_t));

        line = &items[order->lines.n++];
        order->lines.items = items;

        line->line = id;
        line->title = own.title;
        line->image = own.image;
        line->tags = own.tags;
        line->sku = own.sku;
        line->variant = own.variant;
        line->product = own.product;
        line->origin = own.line;
        line->origin_rma = rma->id;
        line->gift = own.gift;
        line->gift_given = rma->gift;

        if (l->outcome == CXR_OUT_EXCHANGE) {
            line->sku = l->exchange_sku;
            line->variant = l->exchange_title;

            if (l->exchange_product.len != 0) {
                line->product = l->exchange_product;
            }
        }
    }

    line->quantity = l->told_units;
    line->unit_price = price;
    line->discount = whole - part;
    line->tax = 0;
    line->sent_at = at;

    if (l->paid > 0
        && (!cxr_money_muldiv(part, l->tax, l->paid, &line->tax)
            || line->tax > part))
    {
        line->tax = part;
    }

    if (line->tax < line->returning_tax) {
        line->tax = line->returning_tax;
    }

    return CXR_OK;
}


/* ---- stock ---- */

static uint32_t
cxr_line_held(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    uint32_t  units;

    if (cxr_rma_closed(rma) || l->decision == CXR_DECISION_DECLINED) {
        return 0;
    }

    /* for what never came nothing goes out; until then it may come */

    units = l->no_more ? cxr_line_units(l) : l->quantity - l->sent_back;

    return units > l->told_units ? units - l->told_units : 0;
}


static bool
cxr_line_same_goods(const cxr_rma_line_t *a, const cxr_rma_line_t *b)
{
    return cxr_str_eq(a->exchange_product, b->exchange_product)
           && cxr_str_eq(a->exchange_sku, b->exchange_sku);
}


/* A line before it gives the same goods: it has spoken for this one, too. */

static bool
cxr_rma_stocked(const cxr_rma_t *rma, uint32_t i)
{
    uint32_t  j;

    for (j = 0; j < i; j++) {
        if (cxr_line_same_goods(&rma->lines.items[j], &rma->lines.items[i])) {
            return true;
        }
    }

    return false;
}


/* What all lines that give these goods hold and have taken; a line that was
   split since is the sum of its parts. */

static void
cxr_rma_goods(const cxr_rma_t *rma, const cxr_rma_line_t *of, int sign,
    int64_t *held, int64_t *taken)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (cxr_line_same_goods(l, of)) {
            *held += sign * (int64_t) cxr_line_held(rma, l);
            *taken += sign * (int64_t) l->told_units;
        }
    }
}


cxr_rc_t
cxr_rma_stock(const cxr_rma_t *before, const cxr_rma_t *after,
    const cxr_product_t *const *products, size_t n, cxr_arena_t *a,
    cxr_events_t *out)
{
    size_t                 k;
    int64_t                held, taken;
    uint32_t               i;
    cxr_rc_t               rc;
    const cxr_rma_line_t  *l;

    for (i = 0; i < after->lines.n; i++) {
        l = &after->lines.items[i];

        if (l->exchange_product.len == 0 || cxr_rma_stocked(after, i)) {
            continue;
        }

        for (k = 0; k < n; k++) {
            if (cxr_str_eq(products[k]->id, l->exchange_product)) {
                break;
            }
        }

        if (k == n) {
            continue;
        }

        held = 0;
        taken = 0;
        cxr_rma_goods(after, l, 1, &held, &taken);

        if (before != NULL) {
            cxr_rma_goods(before, l, -1, &held, &taken);
        }

        held += taken;
        rc = CXR_OK;

        if (held > 0) {
            rc = cxr_stock_event(products[k], CXR_EV_STOCK_RESERVED, after, l,
                                 (uint32_t) held, a, out);
        }

        if (rc == CXR_OK && taken > 0) {
            rc = cxr_stock_event(products[k], CXR_EV_STOCK_TAKEN, after, l,
                                 (uint32_t) taken, a, out);
        }

        if (rc == CXR_OK && held < 0) {
            rc = cxr_stock_event(products[k], CXR_EV_STOCK_FREED, after, l,
                                 (uint32_t) -held, a, out);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_stock_event(const cxr_product_t *product, unsigned kind,
    const cxr_rma_t *rma, const cxr_rma_line_t *l, uint32_t units,
    cxr_arena_t *a, cxr_events_t *out)
{
    uint32_t           i, before;
    cxr_event_t       *ev;
    cxr_stock_body_t  *body;

    body = cxr_calloc(a, 1, sizeof(cxr_stock_body_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->product = product->id;
    body->sku = l->exchange_sku;
    body->units = units;
    body->rma = rma->id;

    before = 0;

    for (i = 0; i < out->n; i++) {
        before += out->items[i].aggregate == CXR_AGG_PRODUCT
                  && cxr_str_eq(out->items[i].id, product->id);
    }

    ev = cxr_list_push(a, out, sizeof(cxr_event_t));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = (uint16_t) kind;
    ev->aggregate = CXR_AGG_PRODUCT;
    ev->id = product->id;
    ev->expect = product->revision + before;
    ev->body = body;

    return CXR_OK;
}
