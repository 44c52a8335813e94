
/*
 * What a gift return may come to.
 */

#include "cxr_gift.h"


bool
cxr_gift_line(const cxr_order_t *order, const cxr_order_line_t *line)
{
    uint32_t  i;

    if (line->gift) {
        return true;
    }

    for (i = 0; i < order->lines.n; i++) {
        if (order->lines.items[i].gift) {
            return false;
        }
    }

    return true;
}


void
cxr_gift_offer(const cxr_policy_t *policy, const cxr_reason_t *reason,
    unsigned outcome, cxr_offer_t *offer)
{
    uint32_t  outcomes;

    outcomes = policy->gifts.outcomes & CXR_GIFT_OUTCOMES;

    /* that something never came is for the buyer to say */

    if ((outcomes & (1u << outcome)) == 0
        || (reason != NULL && reason->claim >= CXR_CLAIM_MISSING))
    {
        offer->refused = CXR_NO_OUTCOME;
    }

    if (offer->release < CXR_RELEASE_RECEIVED) {
        offer->release = CXR_RELEASE_RECEIVED;
        offer->by[CXR_EFFECT_RELEASE] = CXR_BY_DEFAULT;
    }

    offer->delivery = CXR_DELIVERY_NONE;
    offer->delivery_of = 0;
}


bool
cxr_gift_even(const cxr_product_t *own, const cxr_order_line_t *line,
    const cxr_variant_t *variant)
{
    uint32_t  i;

    for (i = 0; i < own->variants.n; i++) {
        if (cxr_str_eq(own->variants.items[i].sku, line->sku)) {
            return variant->price == own->variants.items[i].price;
        }
    }

    return variant->price == line->unit_price;
}
