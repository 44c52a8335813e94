
/*
 * The terms of a line, in the shopper's words: what the policy keeps back,
 * gives on top, and until when, outcome by outcome.
 */

#include "cxr_view_portal_private.h"


static void cxr_terms_add(cxr_say_t *say, cxr_str_t *terms, const char *key,
    const char *name, cxr_str_t value);


cxr_str_t
cxr_view_terms(const cxr_portal_t *p, cxr_say_t *say, uint32_t index,
    unsigned outcome, cxr_money_t paid, uint32_t quantity, bool claim)
{
    cxr_str_t                terms, currency;
    cxr_money_t              money;
    const cxr_offer_t       *o;
    const cxr_judgement_t   *j;

    j = &p->judgements[index];
    o = &j->offers[outcome];
    currency = p->order->currency;
    terms = CXR_STR_NONE;

    if (o->deadline != CXR_TIME_NONE && o->deadline != j->deadline) {
        cxr_terms_add(say, &terms, "terms.until", "when",
                      cxr_say_date(say, o->deadline, CXR_DATE_DAY));
    }

    if (o->keep_item) {
        cxr_terms_add(say, &terms, "terms.keep", "amount", CXR_STR_NONE);
    }

    if (o->shipping_fee != 0 && !o->keep_item && !claim
        && outcome != CXR_OUT_EXCHANGE && outcome != CXR_OUT_REPLACEMENT
        && outcome != CXR_OUT_REPAIR)
    {
        cxr_terms_add(say, &terms, "terms.shipping", "amount",
                      cxr_say_money(say, currency, o->shipping_fee));
    }

    money = claim ? 0 : cxr_offer_fee(o, paid, quantity);

    if (money != 0) {
        cxr_terms_add(say, &terms, outcome == CXR_OUT_EXCHANGE
                                   ? "terms.restock_exchange"
                                   : "terms.restock", "amount",
                      cxr_say_money(say, currency, money));
    }

    money = cxr_offer_bonus(o, paid, quantity);

    if (money != 0) {
        cxr_terms_add(say, &terms, "terms.bonus", "amount",
                      cxr_say_money(say, currency, money));
    }

    if (j->by_reason && terms.len != 0) {
        cxr_terms_add(say, &terms, "terms.by_reason", "amount", CXR_STR_NONE);
    }

    return terms;
}


/* What one line's ways to be paid back cost: the cheapest and the dearest. */
static bool
cxr_line_fees(const cxr_judgement_t *j, cxr_money_t *least, cxr_money_t *most)
{
    bool                any;
    size_t              i;
    cxr_money_t         fee;
    const cxr_offer_t  *o;

    static const uint8_t  pay[] = { CXR_OUT_REFUND, CXR_OUT_STORE_CREDIT };

    any = false;

    for (i = 0; i < cxr_nelts(pay); i++) {
        o = &j->offers[pay[i]];

        if (!o->offered) {
            continue;
        }

        fee = o->keep_item ? 0 : o->shipping_fee;
        *least = !any || fee < *least ? fee : *least;
        *most = !any || fee > *most ? fee : *most;
        any = true;
    }

    return any;
}


cxr_money_t
cxr_view_return_fee(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_money_t *most)
{
    bool                      any;
    uint32_t                  i, n;
    cxr_money_t               fee, low, high;
    const cxr_reason_t       *reason;
    const cxr_portal_pick_t  *pick;

    any = false;
    fee = 0;
    *most = 0;
    n = form != NULL ? form->picks.n : p->order->lines.n;

    for (i = 0; i < n; i++) {
        pick = form != NULL ? &form->picks.items[i] : NULL;

        if (pick == NULL && p->hidden != NULL && p->hidden[i]) {
            continue;
        }

        if (pick != NULL) {
            reason = cxr_policy_reason(&p->ctx->shop->policy, pick->reason);

            if (pick->quantity == 0
                || (reason != NULL && reason->claim != CXR_CLAIM_NONE))
            {
                continue;
            }
        }

        if (cxr_line_fees(&p->judgements[pick != NULL ? pick->index : i],
                          &low, &high))
        {
            fee = low > fee ? low : fee;
            *most = high > *most ? high : *most;
            any = true;
        }
    }

    if (!any && form == NULL) {
        fee = p->ctx->shop->policy.fee;
        *most = fee;
    }

    return fee;
}


/* Where lines differ, the fewest days for a refund. */

uint32_t
cxr_view_return_days(const cxr_portal_t *p)
{
    uint32_t            i, days;
    unsigned            k;
    const cxr_offer_t  *o;

    days = UINT32_MAX;

    for (i = 0; i < p->order->lines.n; i++) {

        if (p->hidden != NULL && p->hidden[i]) {
            continue;
        }

        /* a gift return has no refund: the first of what it has */

        for (k = CXR_OUT_REFUND; p->gift && k + 1 < CXR_OUTCOMES; k++) {
            if (p->judgements[i].offers[k].offered) {
                break;
            }
        }

        o = &p->judgements[i].offers[k];

        if (o->offered && o->window_days < days) {
            days = o->window_days;
        }
    }

    return days != UINT32_MAX ? days : p->ctx->shop->policy.window_days;
}


cxr_str_t
cxr_view_denial(cxr_say_t *say, const cxr_judgement_t *j)
{
    return j->verdict == CXR_NO_DENIED && j->denial != NULL
           ? cxr_texts_in(j->denial, cxr_lang_code(say->ctx->lang))
           : CXR_STR_NONE;
}


static void
cxr_terms_add(cxr_say_t *say, cxr_str_t *terms, const char *key,
    const char *name, cxr_str_t value)
{
    cxr_arg_t  arg;
    cxr_str_t  one;

    arg = cxr_arg_str(name, value);
    one = cxr_say_with(say, key, &arg, 1);

    *terms = terms->len != 0 ? cxr_say_join(say, *terms, " ", one) : one;
}
