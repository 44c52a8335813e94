
/*
 * The goods that go out for those that come back: which variant, and whether
 * there are enough of it.  And what a gift return may give.
 */

#include <stdio.h>

#include "cxr_gift.h"
#include "cxr_rma_create_private.h"


static cxr_rc_t cxr_rma_has_stock(cxr_rma_build_t *b,
    const cxr_product_t *product, cxr_str_t sku);


cxr_rc_t
cxr_rma_exchange(cxr_rma_build_t *b)
{
    size_t                i;
    uint32_t              j;
    const cxr_product_t  *product, *own, *from;
    const cxr_variant_t  *v;

    from = NULL;

    if (cxr_str_eq(b->asked->exchange_sku, b->line->sku)) {
        return cxr_rma_no(b, "exchange_same", "/exchange_sku",
                          "the line has that variant already");
    }

    own = NULL;
    v = NULL;

    for (i = 0; b->line->product.len != 0 && i < b->world->nproducts; i++) {
        if (b->world->products[i] != NULL
            && cxr_str_eq(b->world->products[i]->id, b->line->product))
        {
            own = b->world->products[i];
        }
    }

    for (i = 0; own != NULL && v == NULL && i < b->world->nproducts; i++) {
        product = b->world->products[i];

        if (product == NULL
            || !cxr_product_fits(own, product)
            || !cxr_str_eq(product->currency, b->order->currency))
        {
            continue;
        }

        for (j = 0; j < product->variants.n; j++) {
            if (cxr_str_eq(product->variants.items[j].sku,
                           b->asked->exchange_sku))
            {
                v = &product->variants.items[j];
                from = product;
                break;
            }
        }
    }

    if (v == NULL || (b->ask->gift && !cxr_gift_even(own, b->line, v))) {
        return cxr_rma_no(b, "exchange_unknown", "/exchange_sku",
                          "the line cannot be exchanged for that variant");
    }

    b->out->exchange_sku = v->sku;
    b->out->exchange_title = v->title;
    b->out->exchange_price = v->price;
    b->out->even = b->ask->gift;
    b->out->exchange_product = from->id;

    if (from != own) {
        b->out->exchange_title = cxr_sprintf(b->a, "%.*s, %.*s",
                                             cxr_str_arg(from->title),
                                             cxr_str_arg(v->title));
        if (b->out->exchange_title.data == NULL) {
            return CXR_NOMEM;
        }
    }

    return cxr_rma_has_stock(b, from, v->sku);
}


/* The same once more.  Where the product is known, out of its stock. */

cxr_rc_t
cxr_rma_replacement(cxr_rma_build_t *b)
{
    size_t                i;
    uint32_t              j;
    const cxr_product_t  *product;

    b->out->exchange_sku = b->line->sku;
    b->out->exchange_title = b->line->variant;

    for (i = 0; b->line->product.len != 0 && i < b->world->nproducts; i++) {
        product = b->world->products[i];

        if (product == NULL || !cxr_str_eq(product->id, b->line->product)) {
            continue;
        }

        for (j = 0; j < product->variants.n; j++) {
            if (cxr_str_eq(product->variants.items[j].sku, b->line->sku)) {
                b->out->exchange_product = product->id;

                return cxr_rma_has_stock(b, product, b->line->sku);
            }
        }
    }

    return CXR_OK;
}


/* Two lines may want one variant: together they need its stock. */

static cxr_rc_t
cxr_rma_has_stock(cxr_rma_build_t *b, const cxr_product_t *product,
    cxr_str_t sku)
{
    cxr_rc_t               rc;
    uint32_t               i, has;
    uint64_t               units;
    const cxr_rma_line_t  *other;

    units = b->asked->quantity;

    for (i = 1; i <= b->i; i++) {
        other = b->out - i;

        if (cxr_str_eq(other->exchange_product, product->id)
            && cxr_str_eq(other->exchange_sku, sku))
        {
            units += other->quantity;
        }
    }

    has = cxr_product_free(product, sku);

    if (units > has) {
        rc = cxr_rma_no(b, "exchange_out_of_stock", "/exchange_sku",
                        "there are not as many of that variant");
        b->no->have = has;
        b->no->want = (int64_t) units;
        return rc;
    }

    return CXR_OK;
}


/* What a gift return cannot be, whoever asks for it. */

cxr_rc_t
cxr_rma_may_gift(const cxr_rma_ask_t *ask, const cxr_policy_t *policy,
    cxr_refusal_t *no)
{
    char      where[48];
    uint32_t  i;

    if (policy->gifts.outcomes == 0) {
        return cxr_refuse(no, "gift_not_offered", "/gift",
                          "the policy has no gift returns");
    }

    if (ask->withdrawal) {
        return cxr_refuse(no, "gift_withdrawal", "/withdrawal",
                          "the right of withdrawal is the buyer's");
    }

    for (i = 0; i < ask->lines.n; i++) {
        if (ask->lines.items[i].outcome >= CXR_OUTCOMES
            || !(CXR_GIFT_OUTCOMES & (1u << ask->lines.items[i].outcome)))
        {
            snprintf(where, sizeof(where), "/lines/%u/outcome", i);

            return cxr_refuse(no, "outcome_not_offered", where,
                              "a gift return gives store credit or goods, "
                              "never the buyer's money");
        }
    }

    return CXR_OK;
}
