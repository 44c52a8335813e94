
/*
 * What the shop's policy says of one line of an order now: the rules, the flat
 * keys where no rule says anything, the law's floor under both.
 */

#include "cxr_gift.h"
#include "cxr_policy_private.h"
#include "cxr_rma.h"


typedef struct {
    uint16_t     by[CXR_EFFECTS][CXR_OUTCOMES];
    uint32_t     no_methods[CXR_OUTCOMES];
    uint32_t     no_outcomes;
    uint16_t     excluded_by[CXR_OUTCOMES];
} cxr_policy_pick_t;


static void cxr_policy_once(cxr_policy_case_t *c, cxr_policy_line_t *l,
    const cxr_policy_ask_t *ask, cxr_judgement_t *out);
static void cxr_policy_claim(const cxr_policy_case_t *c,
    const cxr_policy_ask_t *ask, cxr_policy_line_t *l);
static void cxr_policy_pick(const cxr_policy_case_t *c, cxr_when_facts_t *f,
    cxr_policy_pick_t *pick);
static void cxr_policy_offer(const cxr_policy_case_t *c,
    const cxr_policy_line_t *l, const cxr_policy_pick_t *pick,
    unsigned outcome, cxr_offer_t *o);
static void cxr_policy_fees(const cxr_policy_case_t *c,
    const cxr_policy_pick_t *pick, unsigned outcome, cxr_offer_t *o);
static void cxr_policy_delivery(const cxr_policy_case_t *c,
    const cxr_policy_pick_t *pick, unsigned outcome,
    const cxr_policy_ask_t *ask, cxr_offer_t *o);
static cxr_time_t cxr_policy_deadline(cxr_policy_case_t *c,
    const cxr_policy_line_t *l, const cxr_policy_pick_t *pick,
    unsigned outcome, cxr_offer_t *o, bool *by_order);
static void cxr_policy_may(const cxr_policy_case_t *c,
    const cxr_policy_line_t *l, const cxr_policy_pick_t *pick,
    unsigned outcome, cxr_offer_t *o);
static void cxr_policy_verdict(const cxr_policy_case_t *c,
    const cxr_policy_line_t *l, cxr_judgement_t *out);
static void cxr_policy_best(cxr_judgement_t *best,
    const cxr_judgement_t *other);
static bool cxr_policy_alike(const cxr_policy_case_t *c,
    const cxr_policy_line_t *l);


void
cxr_policy_judge(const cxr_policy_t *policy, const cxr_tz_t *tz,
    const cxr_order_t *order, const cxr_order_line_t *line,
    const cxr_shipment_t *const *parcels, size_t nparcels, cxr_time_t now,
    cxr_judgement_t *out)
{
    cxr_policy_case_t  c;

    cxr_policy_begin(&c, policy, tz, order, parcels, nparcels, now, NULL);
    cxr_policy_line(&c, line, NULL, out);
}


/*
 * Where a rule asks for the reason and none was told, every reason that a rule
 * names is tried, and one that none does: what any of them brings may be
 * offered, since the reason is chosen on the same page.  Of a claim it is every
 * reason that claims something, since each has its terms.
 */

void
cxr_policy_line(cxr_policy_case_t *c, const cxr_order_line_t *line,
    const cxr_policy_ask_t *ask, cxr_judgement_t *out)
{
    bool                 first;
    uint32_t             i;
    cxr_judgement_t      other;
    cxr_policy_ask_t     said;
    cxr_policy_line_t    l;
    const cxr_reason_t  *reason;

    static const cxr_policy_ask_t  nothing;

    if (ask == NULL) {
        ask = &nothing;
    }

    cxr_policy_facts(c, line, ask, &l);

    if (ask->kind == CXR_KIND_CLAIM && ask->reason.len == 0
        && cxr_claims_any(c->policy))
    {
        first = true;

        for (i = 0; i < c->policy->reasons.n; i++) {
            reason = &c->policy->reasons.items[i];

            if (reason->claim == CXR_CLAIM_NONE) {
                continue;
            }

            said = *ask;
            said.reason = reason->code;
            cxr_policy_once(c, &l, &said, first ? out : &other);

            if (!first) {
                cxr_policy_best(out, &other);
            }

            first = false;
        }

        return;
    }

    if (c->policy->rules == NULL && ask->kind == CXR_KIND_RETURN
        && !ask->gift)
    {

        if (cxr_policy_alike(c, &l)) {
            *out = c->like_judged;
            out->returnable = out->verdict == CXR_MAY_RETURN ? line->quantity
                                                             : 0;
            return;
        }

        cxr_policy_once(c, &l, ask, out);

        c->like = line->returning == 0 ? line : NULL;
        c->like_delivered = l.delivered_at;
        c->like_shipped = l.shipped_at;
        c->like_underway = l.underway;
        c->like_final = l.facts.final_sale;
        c->like_judged = *out;

        return;
    }

    cxr_policy_once(c, &l, ask, out);

    if (ask->reason.len != 0 || c->policy->rules == NULL) {
        return;
    }

    for (i = 0; i < c->policy->rules->reasons.n; i++) {
        said = *ask;
        said.reason = c->policy->rules->reasons.items[i];

        cxr_policy_once(c, &l, &said, &other);
        cxr_policy_best(out, &other);
    }
}


/*
 * Without rules little of a line matters, and the lines of an order are mostly
 * alike in it: what was judged of the line before holds for this one.
 */

static bool
cxr_policy_alike(const cxr_policy_case_t *c, const cxr_policy_line_t *l)
{
    uint32_t                 i;
    const cxr_order_line_t  *line, *like;

    line = l->facts.line;
    like = c->like;

    if (like == NULL || line->returning != 0
        || line->quantity == 0 || like->quantity == 0
        || line->tags.n != like->tags.n
        || (line->product.len == 0) != (like->product.len == 0)
        || l->delivered_at != c->like_delivered
        || l->shipped_at != c->like_shipped
        || l->underway != c->like_underway
        || l->facts.final_sale != c->like_final)
    {
        return false;
    }

    for (i = 0; i < line->tags.n; i++) {
        if (!cxr_str_eq(line->tags.items[i], like->tags.items[i])) {
            return false;
        }
    }

    return true;
}


static void
cxr_policy_once(cxr_policy_case_t *c, cxr_policy_line_t *l,
    const cxr_policy_ask_t *ask, cxr_judgement_t *out)
{
    bool                by_order;
    unsigned            o;
    cxr_offer_t        *offer;
    cxr_policy_pick_t   pick;

    memset(out, 0, sizeof(*out));

    l->facts.ask = ask;
    out->delivered_at = l->delivered_at;

    cxr_policy_claim(c, ask, l);
    cxr_policy_pick(c, &l->facts, &pick);

    /* the law's rights are the buyer's */

    if (!ask->gift) {
        cxr_floor_of(c, l, &out->floor);
    }

    for (o = 0; o < CXR_OUTCOMES; o++) {
        offer = &out->offers[o];
        by_order = false;

        cxr_policy_offer(c, l, &pick, o, offer);
        cxr_policy_fees(c, &pick, o, offer);
        cxr_policy_delivery(c, &pick, o, ask, offer);
        offer->deadline = cxr_policy_deadline(c, l, &pick, o, offer,
                                              &by_order);
        cxr_policy_may(c, l, &pick, o, offer);
        cxr_floor_raise(c, l, ask, o, &out->floor, offer);

        if (ask->gift) {
            cxr_gift_offer(c->policy, cxr_policy_reason(c->policy,
                                                        ask->reason),
                           o, offer);
        }

        if (offer->refused != CXR_NO_OUTCOME) {
            out->deadline_by_order |= by_order;
        }

        if (offer->refused == CXR_MAY_RETURN && !l->underway
            && c->now > offer->deadline)
        {
            offer->refused = CXR_NO_WINDOW_OVER;
        }
    }

    cxr_policy_verdict(c, l, out);
}


/* What is claimed, and what the policy says of that kind of claim. */

static void
cxr_policy_claim(const cxr_policy_case_t *c, const cxr_policy_ask_t *ask,
    cxr_policy_line_t *l)
{
    const cxr_reason_t  *reason;

    l->terms = NULL;
    l->keep = false;
    l->from = CXR_TIME_NONE;

    if (ask->kind != CXR_KIND_CLAIM) {
        return;
    }

    reason = cxr_policy_reason(c->policy, ask->reason);

    if (reason == NULL || reason->claim == CXR_CLAIM_NONE) {
        return;
    }

    l->terms = &c->policy->claims[reason->claim];
    l->keep = cxr_claim_keeps(c->policy, reason);

    if (reason->claim == CXR_CLAIM_LOST) {
        l->from = cxr_claim_missing_line(c, l->facts.line);
    }
}


/* First match of each effect, outcome by outcome. */

static void
cxr_policy_pick(const cxr_policy_case_t *c, cxr_when_facts_t *f,
    cxr_policy_pick_t *pick)
{
    uint32_t           i, m, open, has;
    unsigned           e, o;
    const cxr_rule_t  *rule;
    uint8_t            decided[CXR_EFFECTS];

    memset(pick, 0, sizeof(*pick));
    memset(decided, 0, sizeof(decided));

    for (i = 0; i < c->nlive; i++) {
        rule = &c->policy->rules->items[c->live[i]];

        m = cxr_rule_match(rule, f);

        if (m == 0) {
            continue;
        }

        for (has = rule->has; has != 0; has &= has - 1) {
            e = (unsigned) __builtin_ctz(has);

            open = m & rule->sets[e] & ~decided[e];
            decided[e] |= (uint8_t) open;

            for ( /* void */ ; open != 0; open &= open - 1) {
                o = (unsigned) __builtin_ctz(open);
                pick->by[e][o] = (uint16_t) (c->live[i] + 1);
            }
        }

        if ((rule->not_outcomes | rule->not_methods) == 0) {
            continue;
        }

        for (open = m; open != 0; open &= open - 1) {
            o = (unsigned) __builtin_ctz(open);
            pick->no_methods[o] |= rule->not_methods;

            if ((rule->not_outcomes & ~pick->no_outcomes) & (1u << o)) {
                pick->no_outcomes |= 1u << o;
                pick->excluded_by[o] = (uint16_t) (c->live[i] + 1);
            }
        }
    }
}


static void
cxr_policy_offer(const cxr_policy_case_t *c, const cxr_policy_line_t *l,
    const cxr_policy_pick_t *pick, unsigned outcome, cxr_offer_t *o)
{
    uint32_t             e, outcomes;
    const cxr_rule_t    *rule;
    const cxr_policy_t  *p;

    p = c->policy;

    for (e = 0; e < CXR_EFFECTS; e++) {
        o->by[e] = pick->by[e][outcome];
    }

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_OUTCOMES]);
    outcomes = rule ? rule->outcomes
               : l->facts.ask->gift ? p->gifts.outcomes
               : l->terms && l->terms->outcomes ? l->terms->outcomes
                                                : p->outcomes;

    if (pick->no_outcomes & (1u << outcome)) {
        outcomes = 0;
        o->by[CXR_EFFECT_OUTCOMES] = pick->excluded_by[outcome];
    }

    if ((outcomes & (1u << outcome)) == 0) {
        o->refused = CXR_NO_OUTCOME;
    }

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_METHODS]);
    o->methods = rule ? rule->methods : p->methods;

    if (o->methods == 0) {
        o->methods = 1u << CXR_METHOD_LABEL;
    }

    o->methods &= ~pick->no_methods[outcome];

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_RELEASE]);
    o->release = rule ? rule->release[outcome] : p->release[outcome];

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_LABEL]);
    o->label_days = rule ? rule->label_days : p->label_days;

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_DESTINATION]);
    o->destination = rule ? rule->destination : 0;

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_APPROVAL]);

    if (rule != NULL) {
        o->review = rule->review;
        o->approve = !rule->review;
    }

    rule = cxr_policy_rule(c, o->by[CXR_EFFECT_KEEP]);
    o->keep_item = outcome == CXR_OUT_KEEP_ITEM || l->keep
                   || (rule && rule->keep);

    if (l->facts.ask->gift) {
        o->keep_item = false;
    }

    if (o->keep_item) {
        o->methods = 1u << CXR_METHOD_NOTHING;
    }
}


/* A flat amount is in the currency of its rule, and means nothing elsewhere. */

static void
cxr_policy_fees(const cxr_policy_case_t *c, const cxr_policy_pick_t *pick,
    unsigned outcome, cxr_offer_t *o)
{
    bool               flat;
    const cxr_rule_t  *rule;

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_SHIPPING][outcome]);

    if (cxr_policy_same_currency(c, rule)) {
        o->shipping_fee = rule ? rule->shipping : c->policy->fee;
    }

    /* the flat key is of what is paid back: it was so before there were rules */

    if (rule == NULL && outcome == CXR_OUT_EXCHANGE) {
        o->shipping_fee = 0;
    }

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_RESTOCK][outcome]);

    if (rule != NULL) {
        flat = cxr_policy_same_currency(c, rule);
        o->restock = flat ? rule->restock[outcome] : 0;
        o->restock_bp = rule->restock_bp[outcome];
    }

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_BONUS][outcome]);

    if (rule != NULL) {
        flat = cxr_policy_same_currency(c, rule);
        o->bonus = flat ? rule->bonus[outcome] : 0;
        o->bonus_bp = rule->bonus_bp[outcome];
    }
}


/*
 * What the delivery to the shopper cost is given back with the money for the
 * goods, not with other goods.  Who claims that something was wrong gets all
 * that was paid for it; who thought better of it, what a standard one costs.
 */

static void
cxr_policy_delivery(const cxr_policy_case_t *c, const cxr_policy_pick_t *pick,
    unsigned outcome, const cxr_policy_ask_t *ask, cxr_offer_t *o)
{
    const cxr_rule_t  *rule;

    if (outcome != CXR_OUT_REFUND && outcome != CXR_OUT_STORE_CREDIT) {
        o->by[CXR_EFFECT_DELIVERY] = CXR_BY_DEFAULT;
        return;
    }

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_DELIVERY][outcome]);

    o->delivery = rule ? rule->delivery
                  : ask->kind == CXR_KIND_WITHDRAWAL
                  ? c->policy->delivery_withdrawal
                  : ask->kind == CXR_KIND_CLAIM ? c->policy->delivery_claim
                                                : c->policy->delivery_return;

    if (o->delivery != CXR_DELIVERY_NONE) {
        o->delivery_of = ask->kind == CXR_KIND_CLAIM
                         ? cxr_order_delivery_paid(c->order)
                         : c->order->delivery_standard;
    }
}


static cxr_time_t
cxr_policy_deadline(cxr_policy_case_t *c, const cxr_policy_line_t *l,
    const cxr_policy_pick_t *pick, unsigned outcome, cxr_offer_t *o,
    bool *by_order)
{
    uint32_t           days, fallback;
    unsigned           anchor;
    cxr_time_t         from, end, until;
    const cxr_rule_t  *rule;

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_WINDOW][outcome]);
    days = rule ? rule->window_days[outcome]
           : l->terms && l->terms->has_window ? l->terms->window_days
           : l->facts.ask->gift && c->policy->gifts.has_window
           ? c->policy->gifts.window_days : c->policy->window_days;
    o->window_days = days;

    if (l->underway) {
        return CXR_TIME_NONE;
    }

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_ANCHOR][outcome]);
    anchor = rule ? rule->anchor : CXR_ANCHOR_DELIVERED;
    fallback = rule && rule->has_fallback ? rule->fallback_days
                                          : c->policy->fallback_days;

    from = anchor == CXR_ANCHOR_DELIVERED ? l->delivered_at
           : anchor == CXR_ANCHOR_SHIPPED ? l->shipped_at
           : c->order->placed_at;

    if (from == CXR_TIME_NONE) {
        from = c->order->placed_at;
        days += fallback;
    }

    *by_order = (from == c->order->placed_at);

    end = cxr_policy_end(c, from, days);

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_UNTIL][outcome]);

    if (rule != NULL && rule->until > c->placed) {
        until = cxr_policy_end(c, c->order->placed_at,
                               (uint32_t) (rule->until - c->placed));

        if (until > end) {
            end = until;

        } else {
            o->by[CXR_EFFECT_UNTIL] = CXR_BY_DEFAULT;
        }
    }

    return end;
}


/* May it come back at all, the day apart? */

static void
cxr_policy_may(const cxr_policy_case_t *c, const cxr_policy_line_t *l,
    const cxr_policy_pick_t *pick, unsigned outcome, cxr_offer_t *o)
{
    const cxr_rule_t  *rule;

    rule = cxr_policy_rule(c, pick->by[CXR_EFFECT_MAY][outcome]);

    if (o->refused != CXR_MAY_RETURN) {
        return;
    }

    if (outcome == CXR_OUT_EXCHANGE && l->facts.line->product.len == 0) {
        o->refused = CXR_NO_OUTCOME;

    } else if (rule != NULL && !rule->allow) {
        o->refused = CXR_NO_DENIED;
        o->denial = &rule->denial;

    } else if (rule == NULL && l->facts.final_sale && l->terms == NULL) {

        /* sold for good does not mean sold broken */

        o->refused = CXR_NO_FINAL_SALE;
    }
}


/* The line's own facts come first: they hold whatever is asked for. */

static void
cxr_policy_verdict(const cxr_policy_case_t *c, const cxr_policy_line_t *l,
    cxr_judgement_t *out)
{
    unsigned                  o, seen;
    cxr_offer_t              *offer;
    const cxr_order_line_t   *line;

    line = l->facts.line;
    seen = 0;

    for (o = 0; o < CXR_OUTCOMES; o++) {
        offer = &out->offers[o];
        seen |= 1u << offer->refused;

        if (offer->refused == CXR_NO_DENIED && out->denial == NULL) {
            out->denial = offer->denial;
        }

        if (offer->refused == CXR_MAY_RETURN
            || offer->refused == CXR_NO_WINDOW_OVER)
        {
            if (offer->deadline > out->deadline) {
                out->deadline = offer->deadline;
            }
        }

        if (offer->refused == CXR_MAY_RETURN) {

            if (line->returning >= line->quantity) {
                offer->refused = CXR_NO_ALREADY;

            } else if (l->underway && !l->early) {
                offer->refused = CXR_NO_NOT_DELIVERED;

            } else if (c->now < l->from) {
                offer->refused = CXR_NO_EARLY;

            } else {
                offer->offered = true;
                out->outcomes |= 1u << o;
                out->methods |= offer->methods;
            }
        }
    }

    if (out->outcomes != 0) {
        out->verdict = CXR_MAY_RETURN;
        out->returnable = line->quantity - line->returning;
        out->denial = NULL;
        return;
    }

    if (seen == 0) {
        return;
    }

    if (!(seen & ~((1u << CXR_NO_OUTCOME) | (1u << CXR_NO_FINAL_SALE)))
        && (seen & (1u << CXR_NO_FINAL_SALE)))
    {
        out->verdict = CXR_NO_FINAL_SALE;
        out->deadline_by_order = false;

    } else if (line->returning >= line->quantity) {
        out->verdict = CXR_NO_ALREADY;

    } else if ((seen & (1u << CXR_MAY_RETURN)) && c->now < l->from) {
        out->verdict = CXR_NO_EARLY;
        out->from = l->from;

    } else if (l->underway && (seen & (1u << CXR_MAY_RETURN))) {
        out->verdict = CXR_NO_NOT_DELIVERED;

    } else if (seen & (1u << CXR_NO_WINDOW_OVER)) {
        out->verdict = CXR_NO_WINDOW_OVER;

    } else if (seen & (1u << CXR_NO_DENIED)) {
        out->verdict = CXR_NO_DENIED;

    } else {
        out->verdict = CXR_NO_OUTCOME;
    }

    if (out->verdict != CXR_NO_DENIED) {
        out->denial = NULL;
    }
}


/* What is better for the shopper of each, and that they differ. */

static void
cxr_policy_best(cxr_judgement_t *best, const cxr_judgement_t *other)
{
    unsigned             o;
    cxr_offer_t         *a, same;
    const cxr_offer_t   *b;

    for (o = 0; o < CXR_OUTCOMES; o++) {
        a = &best->offers[o];
        b = &other->offers[o];

        /* where it goes makes no reason better */

        if (a->destination != b->destination) {
            same = *b;
            same.destination = a->destination;
            same.by[CXR_EFFECT_DESTINATION] = a->by[CXR_EFFECT_DESTINATION];
            b = &same;
        }

        if (memcmp(a, b, sizeof(*a)) == 0) {
            continue;
        }

        best->by_reason = true;

        if (b->offered && !a->offered) {
            *a = *b;
            continue;
        }

        if (!b->offered) {
            continue;
        }

        a->methods |= b->methods;
        a->approve |= b->approve;
        a->review &= b->review;

        if (b->deadline > a->deadline) {
            a->deadline = b->deadline;
            a->window_days = b->window_days;
            a->by[CXR_EFFECT_WINDOW] = b->by[CXR_EFFECT_WINDOW];
        }

        if (b->shipping_fee < a->shipping_fee) {
            a->shipping_fee = b->shipping_fee;
            a->by[CXR_EFFECT_SHIPPING] = b->by[CXR_EFFECT_SHIPPING];
        }

        if (b->restock <= a->restock && b->restock_bp <= a->restock_bp) {
            a->restock = b->restock;
            a->restock_bp = b->restock_bp;
            a->by[CXR_EFFECT_RESTOCK] = b->by[CXR_EFFECT_RESTOCK];
        }

        if (b->delivery_of > a->delivery_of) {
            a->delivery = b->delivery;
            a->delivery_of = b->delivery_of;
            a->by[CXR_EFFECT_DELIVERY] = b->by[CXR_EFFECT_DELIVERY];
        }

        if (b->bonus >= a->bonus && b->bonus_bp >= a->bonus_bp) {
            a->bonus = b->bonus;
            a->bonus_bp = b->bonus_bp;
            a->by[CXR_EFFECT_BONUS] = b->by[CXR_EFFECT_BONUS];
        }
    }

    if (other->deadline > best->deadline) {
        best->deadline = other->deadline;
    }

    best->outcomes |= other->outcomes;
    best->methods |= other->methods;

    if (best->verdict != CXR_MAY_RETURN && other->verdict == CXR_MAY_RETURN) {
        best->verdict = CXR_MAY_RETURN;
        best->returnable = other->returnable;
        best->denial = NULL;
    }

    best->floor.raised |= other->floor.raised;
}


const cxr_rule_t *
cxr_policy_rule(const cxr_policy_case_t *c, uint16_t by)
{
    return by == CXR_BY_DEFAULT || by == CXR_BY_LAW
           ? NULL : &c->policy->rules->items[by - 1];
}
