
/*
 * Why an RMA that is asked for waits for a person: what staff read of it later.
 */

#include "cxr_policy_rule.h"
#include "cxr_rma_create_private.h"


/* It waits for a person, once for the same thing. */

cxr_rc_t
cxr_rma_held(cxr_rma_build_t *b, const char *why, cxr_str_t what)
{
    uint32_t    i;
    cxr_str_t   text, *held;

    text = cxr_sprintf(b->a, "%s%.*s", why, cxr_str_arg(what));
    if (text.data == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < b->held_by.n; i++) {
        if (cxr_str_eq(b->held_by.items[i], text)) {
            return CXR_OK;
        }
    }

    held = cxr_list_push(b->a, &b->held_by, sizeof(*held));
    if (held == NULL) {
        return CXR_NOMEM;
    }

    *held = text;

    return CXR_OK;
}


/*
 * Does it wait for a person, its lines apart?  What is in the order's other
 * RMAs counts too: a sum is not to be brought past the limit in slices.
 */

cxr_rc_t
cxr_rma_waits(cxr_rma_build_t *b, const cxr_rma_t *rma)
{
    bool                 over = false;
    uint32_t             i;
    cxr_money_t          paid, above;
    const cxr_order_t   *order;
    const cxr_policy_t  *policy;

    order = b->order;
    policy = b->world->policy;
    above = b->ask->gift && policy->gifts.review_above != 0
            ? policy->gifts.review_above : policy->review_above;

    if (b->ask->doubtful) {
        return cxr_rma_held(b, CXR_HELD_DOUBT, CXR_STR_NONE);
    }

    if (b->approve || (b->ask->cancellation && policy->cancels.auto_approve))
    {
        return CXR_OK;
    }

    if (b->ask->cancellation) {
        return cxr_rma_held(b, CXR_HELD_CANCEL, CXR_STR_NONE);
    }

    if (!policy->auto_approve) {
        return cxr_rma_held(b, CXR_HELD_ALWAYS, CXR_STR_NONE);
    }

    if (above == 0) {
        return CXR_OK;
    }

    paid = 0;

    for (i = 0; i < order->lines.n; i++) {
        over |= !cxr_money_add(paid, order->lines.items[i].returning_paid,
                               &paid);
    }

    for (i = 0; i < rma->lines.n; i++) {
        over |= !cxr_money_add(paid, rma->lines.items[i].paid, &paid);
    }

    return over || paid > above
           ? cxr_rma_held(b, CXR_HELD_SUM, CXR_STR_NONE) : CXR_OK;
}
