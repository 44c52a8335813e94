
/*
 * The floor that the law of the order's country puts under a line.  It only
 * ever adds: what a rule gives beyond it stays.
 */

#include "cxr_policy_private.h"
#include "cxr_rma.h"


static const cxr_law_exception_t *cxr_floor_exception(
    const cxr_policy_case_t *c, const cxr_order_line_t *line);
static cxr_time_t cxr_floor_deadline(cxr_policy_case_t *c,
    const cxr_policy_line_t *l, uint32_t days, bool whole);
static void cxr_floor_delivery(const cxr_policy_case_t *c,
    cxr_floor_t *floor, cxr_offer_t *offer);
static void cxr_floor_set(cxr_floor_t *floor, cxr_offer_t *offer,
    unsigned effect);
static void cxr_floor_free(cxr_floor_t *floor, cxr_offer_t *offer);


void
cxr_floor_of(cxr_policy_case_t *c, const cxr_policy_line_t *l,
    cxr_floor_t *floor)
{
    floor->law = c->law;
    floor->version = c->version;

    if (c->version == NULL) {
        return;
    }

    floor->exception = cxr_floor_exception(c, l->facts.line);

    if (!l->underway && c->version->claim_days != 0) {
        floor->claim_deadline = cxr_floor_deadline(c, l,
                                                   c->version->claim_days,
                                                   false);
    }

    if (floor->exception != NULL && !floor->exception->if_unsealed) {
        return;
    }

    if (!l->underway) {
        floor->deadline = cxr_floor_deadline(c, l, c->version->window_days,
                                             true);
    }

    floor->holds = (l->underway || c->now <= floor->deadline);
}


void
cxr_floor_raise(const cxr_policy_case_t *c, const cxr_policy_line_t *l,
    const cxr_policy_ask_t *ask, unsigned outcome, cxr_floor_t *floor,
    cxr_offer_t *offer)
{
    cxr_time_t  deadline;

    if (floor->version == NULL) {
        return;
    }

    if (ask->kind == CXR_KIND_CLAIM) {

        /* the law has a remedy for faults; which ones there are is the
           policy's to say */

        deadline = floor->claim_deadline;

        if (offer->refused == CXR_NO_OUTCOME || floor->version->claim_days == 0
            || (!l->underway && c->now > deadline))
        {
            return;
        }

    } else {

        if (outcome != CXR_OUT_REFUND || !floor->holds) {
            return;
        }

        deadline = floor->deadline;
    }

    if (offer->refused == CXR_NO_OUTCOME) {
        cxr_floor_set(floor, offer, CXR_EFFECT_OUTCOMES);

    } else if (offer->refused != CXR_MAY_RETURN) {
        cxr_floor_set(floor, offer, CXR_EFFECT_MAY);
    }

    offer->refused = CXR_MAY_RETURN;
    offer->denial = NULL;

    if (!l->underway && offer->deadline < deadline) {
        offer->deadline = deadline;
        offer->window_days = ask->kind == CXR_KIND_CLAIM
                             ? floor->version->claim_days
                             : floor->version->window_days;
        cxr_floor_set(floor, offer, CXR_EFFECT_WINDOW);
    }

    if (offer->methods == 0) {
        offer->methods = 1u << CXR_METHOD_LABEL;
        cxr_floor_set(floor, offer, CXR_EFFECT_METHODS);
    }

    if (ask->kind == CXR_KIND_CLAIM) {
        cxr_floor_free(floor, offer);

        if (offer->shipping_fee != 0) {
            offer->shipping_fee = 0;
            cxr_floor_set(floor, offer, CXR_EFFECT_SHIPPING);
        }

        return;
    }

    if (!floor->version->fees) {
        cxr_floor_free(floor, offer);
    }

    if (floor->version->pays == CXR_PAYS_SELLER && offer->shipping_fee != 0) {
        offer->shipping_fee = 0;
        cxr_floor_set(floor, offer, CXR_EFFECT_SHIPPING);
    }

    if (ask->kind == CXR_KIND_WITHDRAWAL) {
        cxr_floor_delivery(c, floor, offer);
    }
}


/* Who withdraws from the whole contract has the delivery's cost back, too; of
   a part of it the law says nothing. */

static void
cxr_floor_delivery(const cxr_policy_case_t *c, cxr_floor_t *floor,
    cxr_offer_t *offer)
{
    cxr_money_t  of;

    of = floor->version->delivery == CXR_LAW_DELIVERY_PAID
         ? cxr_order_delivery_paid(c->order)
         : floor->version->delivery == CXR_LAW_DELIVERY_STANDARD
         ? c->order->delivery_standard : 0;

    if (of == 0) {
        return;
    }

    if (offer->delivery == CXR_DELIVERY_NONE) {
        offer->delivery = CXR_DELIVERY_BY_RIGHT;
        cxr_floor_set(floor, offer, CXR_EFFECT_DELIVERY);
    }

    if (offer->delivery_of < of) {
        offer->delivery_of = of;
        cxr_floor_set(floor, offer, CXR_EFFECT_DELIVERY);
    }
}


static void
cxr_floor_set(cxr_floor_t *floor, cxr_offer_t *offer, unsigned effect)
{
    floor->raised |= 1u << effect;
    offer->by[effect] = CXR_BY_LAW;
}


static void
cxr_floor_free(cxr_floor_t *floor, cxr_offer_t *offer)
{
    if (offer->restock == 0 && offer->restock_bp == 0) {
        return;
    }

    offer->restock = 0;
    offer->restock_bp = 0;
    cxr_floor_set(floor, offer, CXR_EFFECT_RESTOCK);
}


/* An exception without "once unsealed" says more than one with. */

static const cxr_law_exception_t *
cxr_floor_exception(const cxr_policy_case_t *c, const cxr_order_line_t *line)
{
    uint32_t                    i, j;
    const cxr_policy_t         *p;
    const cxr_law_exception_t  *e, *found;

    p = c->policy;
    found = NULL;

    for (i = 0; i < p->exempt.n; i++) {
        for (j = 0; j < line->tags.n; j++) {

            if (!cxr_str_eq(line->tags.items[j], p->exempt.items[i].tag)) {
                continue;
            }

            e = cxr_law_exception(c->version, p->exempt.items[i].code);

            if (e != NULL && (found == NULL || found->if_unsealed)) {
                found = e;
            }
        }
    }

    return found;
}


/*
 * "whole": from the delivery of the order's last goods.  While some of them
 * are on their way the days have not begun: they end no sooner than if these
 * came today.  Where no delivery is known, the goods may have come as late as
 * the law lets them.
 */

static cxr_time_t
cxr_floor_deadline(cxr_policy_case_t *c, const cxr_policy_line_t *l,
    uint32_t days, bool whole)
{
    cxr_time_t  from, end, known;

    from = whole ? c->last_delivery : l->delivered_at;

    if (whole && c->underway) {
        return cxr_law_deadline(c->version, c->tz, c->now, days);
    }

    known = l->delivered_at;

    if (from != CXR_TIME_NONE) {
        return cxr_law_deadline(c->version, c->tz, from, days);
    }

    end = cxr_law_deadline(c->version, c->tz, c->order->placed_at,
                           days + c->version->unknown_days);

    if (known != CXR_TIME_NONE) {
        known = cxr_law_deadline(c->version, c->tz, known, days);
    }

    return end > known ? end : known;
}
