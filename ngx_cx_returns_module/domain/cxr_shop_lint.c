
/*
 * What a shop's policy says that is surely not meant: a rule that can never
 * hold or never decides, and what the law of a country overrides.  These are
 * warnings; the policy can be used.
 */

#include <stdio.h>

#include "cxr_shop_private.h"


/* The rule or the flat keys that a warning is about. */
typedef struct {
    const cxr_shop_t         *shop;
    cxr_json_faults_t        *warnings;
    const cxr_rule_t         *rule;     /* NULL: the flat keys                 */
    char                      path[64];
    const cxr_law_t          *law;
    const cxr_law_version_t  *v;
} cxr_lint_t;


static void cxr_lint_unknown(cxr_lint_t *l);
static void cxr_lint_never(cxr_lint_t *l);
static bool cxr_lint_apart(const cxr_when_t *a, const cxr_when_t *b);
static uint32_t cxr_lint_flat(const cxr_when_t *conds, uint32_t n,
    const cxr_when_t **out, uint32_t max);
static void cxr_lint_hidden(cxr_lint_t *l, uint32_t i);
static bool cxr_lint_implies(const cxr_rule_t *rule, const cxr_rule_t *before);
static bool cxr_lint_same(const cxr_when_t *a, const cxr_when_t *b);
static void cxr_lint_law(cxr_lint_t *l);
static bool cxr_lint_reaches(const cxr_lint_t *l);
static bool cxr_lint_exempt(const cxr_lint_t *l, cxr_str_t tag);
static bool cxr_lint_cancels(cxr_lint_t *l);
static void cxr_lint_flat_keys(cxr_lint_t *l);
static void cxr_lint_claims(cxr_lint_t *l);
static void cxr_lint_say(cxr_lint_t *l, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));


void
cxr_shop_lint(const cxr_shop_t *shop, cxr_json_faults_t *warnings)
{
    uint32_t             i, j;
    cxr_lint_t           l;
    const cxr_policy_t  *p;

    p = &shop->policy;

    memset(&l, 0, sizeof(l));
    l.shop = shop;
    l.warnings = warnings;
    snprintf(l.path, sizeof(l.path), "/policy");

    if (p->laws.n == 0) {
        cxr_lint_say(&l, NULL, "has no \"laws\": no law's floor is put under "
                     "it; the module's own are conf/laws/*.json");
    }

    for (j = 0; j < p->laws.n; j++) {
        l.law = p->laws.items[j];
        l.v = &l.law->versions.items[l.law->versions.n - 1];
        cxr_lint_flat_keys(&l);
        cxr_lint_claims(&l);
    }

    if (p->rules == NULL) {
        return;
    }

    for (i = 0; i < p->rules->n; i++) {
        l.rule = &p->rules->items[i];

        if (!l.rule->active) {
            continue;
        }

        snprintf(l.path, sizeof(l.path), "/policy/rules/%u", i);

        cxr_lint_unknown(&l);
        cxr_lint_never(&l);
        cxr_lint_hidden(&l, i);

        if (cxr_lint_cancels(&l)) {
            continue;
        }

        for (j = 0; j < p->laws.n; j++) {
            l.law = p->laws.items[j];
            l.v = &l.law->versions.items[l.law->versions.n - 1];

            if (cxr_lint_reaches(&l)) {
                cxr_lint_law(&l);
            }
        }
    }
}


/* A law that the policy does not have covers no order. */

static void
cxr_lint_unknown(cxr_lint_t *l)
{
    uint32_t             i, j, k;
    const cxr_when_t    *when;
    const cxr_policy_t  *p;

    p = &l->shop->policy;

    for (i = 0; i < l->rule->nconds; i++) {
        when = &l->rule->conds[i];

        for (j = 0; when->kind == CXR_WHEN_LAW && j < when->u.set.n; j++) {

            for (k = 0; k < p->laws.n; k++) {
                if (cxr_str_eq(p->laws.items[k]->id, when->u.set.items[j])) {
                    break;
                }
            }

            if (k == p->laws.n) {
                cxr_lint_say(l, "when", "no order is covered by \"%.*s\": it "
                             "is none of the policy's laws",
                             cxr_str_arg(when->u.set.items[j]));
            }
        }
    }
}


/* Two conditions that must both hold, and cannot. */

static void
cxr_lint_never(cxr_lint_t *l)
{
    uint32_t           i, j, n;
    unsigned           e;
    const cxr_when_t  *flat[CXR_RULE_CONDS_MAX];

    n = cxr_lint_flat(l->rule->conds, l->rule->nconds, flat,
                      CXR_RULE_CONDS_MAX);

    for (i = 0; i < n; i++) {
        for (j = 0; j < i; j++) {
            if (cxr_lint_apart(flat[i], flat[j])) {
                cxr_lint_say(l, "when", "can never hold: it asks for two "
                             "\"%s\" that exclude each other",
                             cxr_when_names[flat[i]->kind]);
                return;
            }
        }

        if (flat[i]->kind != CXR_WHEN_OUTCOME) {
            continue;
        }

        for (e = 0; e < CXR_EFFECTS; e++) {
            if ((l->rule->has & (1u << e)) != 0
                && (l->rule->sets[e] & flat[i]->u.bits) == 0)
            {
                cxr_lint_say(l, "then", "\"%s\" is of other outcomes than the "
                             "rule's condition", cxr_effect_names[e]);
            }
        }
    }
}


/* The conditions that must all hold, those of inner "all" groups among them. */

static uint32_t
cxr_lint_flat(const cxr_when_t *conds, uint32_t n, const cxr_when_t **out,
    uint32_t max)
{
    uint32_t  i, k, step;

    k = 0;

    for (i = 0; i < n && k < max; i += step) {
        step = conds[i].kind <= CXR_WHEN_NOT ? conds[i].n + 1u : 1;

        if (conds[i].kind == CXR_WHEN_ALL) {
            k += cxr_lint_flat(&conds[i + 1], conds[i].n, out + k, max - k);

        } else if (conds[i].kind > CXR_WHEN_NOT) {
            out[k++] = &conds[i];
        }
    }

    return k;
}


/* A line has many tags, an order many codes, a customer stands on many lists,
   but there is one country: sets of the former are never apart. */

static bool
cxr_lint_apart(const cxr_when_t *a, const cxr_when_t *b)
{
    uint32_t  i, j;

    if (a->kind != b->kind || a->kind == CXR_WHEN_TAG
        || a->kind == CXR_WHEN_ORDER_TAG || a->kind == CXR_WHEN_SKU
        || a->kind == CXR_WHEN_DISCOUNT_CODE
        || a->kind == CXR_WHEN_CUSTOMER_LIST)
    {
        return false;
    }

    if (a->kind > CXR_WHEN_DAYS_DELIVERED) {
        return (a->u.bits & b->u.bits) == 0;
    }

    if (a->kind > CXR_WHEN_REASON) {
        return a->u.range.from > b->u.range.to
               || b->u.range.from > a->u.range.to;
    }

    for (i = 0; i < a->u.set.n; i++) {
        for (j = 0; j < b->u.set.n; j++) {
            if (cxr_str_eq(a->u.set.items[i], b->u.set.items[j])) {
                return false;
            }
        }
    }

    return true;
}


/*
 * Everything that the rule would decide has been decided by rules before it,
 * which hold wherever it does.
 */

static void
cxr_lint_hidden(cxr_lint_t *l, uint32_t i)
{
    uint32_t           j, left;
    unsigned           e;
    const cxr_rule_t  *rule, *before, *last;
    uint8_t            sets[CXR_EFFECTS];

    rule = l->rule;

    if (rule->not_outcomes != 0 || rule->not_methods != 0) {
        return;
    }

    memcpy(sets, rule->sets, sizeof(sets));
    last = NULL;

    for (j = 0; j < i; j++) {
        before = &l->shop->policy.rules->items[j];

        if (!before->active || before->from > rule->from
            || before->to < rule->to || !cxr_lint_implies(rule, before))
        {
            continue;
        }

        left = 0;

        for (e = 0; e < CXR_EFFECTS; e++) {
            sets[e] &= (uint8_t) ~before->sets[e];
            left |= sets[e];
        }

        last = before;

        if (left == 0) {
            break;
        }
    }

    if (j < i && last != NULL) {
        cxr_lint_say(l, NULL, "never decides anything: the rules before it, "
                     "\"%.*s\" the last of them, hold wherever it does and "
                     "have all of its effects", cxr_str_arg(last->id));
    }
}


/* Does "before" hold wherever the rule does?  Where each of its conditions is
   one of the rule's, it surely does. */

static bool
cxr_lint_implies(const cxr_rule_t *rule, const cxr_rule_t *before)
{
    uint32_t           i, j;
    const cxr_when_t  *a, *b;

    for (i = 0; i < before->nconds;
         i += b->kind <= CXR_WHEN_NOT ? b->n + 1u : 1)
    {
        b = &before->conds[i];

        for (j = 0; j < rule->nconds;
             j += a->kind <= CXR_WHEN_NOT ? a->n + 1u : 1)
        {
            a = &rule->conds[j];

            if (cxr_lint_same(a, b)) {
                break;
            }
        }

        if (j >= rule->nconds) {
            return false;
        }
    }

    return true;
}


static bool
cxr_lint_same(const cxr_when_t *a, const cxr_when_t *b)
{
    uint32_t  i;

    if (a->kind != b->kind) {
        return false;
    }

    if (a->kind <= CXR_WHEN_NOT) {

        if (a->n != b->n) {
            return false;
        }

        for (i = 1; i <= a->n; i++) {
            if (a[i].kind <= CXR_WHEN_NOT
                ? a[i].kind != b[i].kind || a[i].n != b[i].n
                : !cxr_lint_same(&a[i], &b[i]))
            {
                return false;
            }
        }

        return true;
    }

    if (a->kind > CXR_WHEN_DAYS_DELIVERED) {
        return a->u.bits == b->u.bits;
    }

    if (a->kind > CXR_WHEN_REASON) {
        return a->u.range.from == b->u.range.from
               && a->u.range.to == b->u.range.to;
    }

    if (a->u.set.n != b->u.set.n) {
        return false;
    }

    for (i = 0; i < a->u.set.n; i++) {
        if (!cxr_str_eq(a->u.set.items[i], b->u.set.items[i])) {
            return false;
        }
    }

    return true;
}


/* May what it is asked for be a withdrawal? */

static bool
cxr_lint_withdraws(const cxr_rule_t *r)
{
    uint32_t  i;

    for (i = 0; i < r->nconds; i++) {
        if (r->conds[i].kind == CXR_WHEN_KIND
            && (r->conds[i].u.bits & (1u << CXR_KIND_WITHDRAWAL)) == 0)
        {
            return false;
        }
    }

    return true;
}


/* Is it of cancellations alone?  No law's days have begun then, and little of
   what a rule can say is of them. */

static bool
cxr_lint_cancels(cxr_lint_t *l)
{
    uint32_t  i;

    for (i = 0; i < l->rule->nconds; i++) {
        if (l->rule->conds[i].kind == CXR_WHEN_KIND
            && l->rule->conds[i].u.bits == 1u << CXR_KIND_CANCELLATION)
        {
            break;
        }
    }

    if (i == l->rule->nconds) {
        return false;
    }

    if (!l->shop->policy.cancels.on) {
        cxr_lint_say(l, "when", "is of cancellations, which the policy does not "
                     "offer: they want \"cancellation\"");
    }

    if ((l->rule->has & ~(1u << CXR_EFFECT_MAY | 1u << CXR_EFFECT_APPROVAL))
        != 0)
    {
        cxr_lint_say(l, "then", "says of cancellations what they do not have: "
                     "\"allow\", \"deny\" and \"approval\" count");
    }

    return true;
}


static void
cxr_lint_law(cxr_lint_t *l)
{
    const cxr_rule_t         *r;
    const cxr_law_version_t  *v;

    r = l->rule;
    v = l->v;

    if ((r->sets[CXR_EFFECT_WINDOW] & (1u << CXR_OUT_REFUND))
        && r->window_days[CXR_OUT_REFUND] < v->window_days)
    {
        cxr_lint_say(l, "then/window_days", "gives %u days for a refund where "
                     "%.*s gives %u (%.*s): there the law's hold",
                     r->window_days[CXR_OUT_REFUND], cxr_str_arg(l->law->id),
                     v->window_days, cxr_str_arg(v->basis));
    }

    if ((r->has & (1u << CXR_EFFECT_MAY)) && !r->allow) {
        cxr_lint_say(l, "then/deny", "refuses what %.*s lets the shopper "
                     "withdraw from for %u days (%.*s): there a refund is "
                     "offered all the same", cxr_str_arg(l->law->id),
                     v->window_days, cxr_str_arg(v->basis));
    }

    if (((r->has & (1u << CXR_EFFECT_OUTCOMES))
         && !(r->outcomes & (1u << CXR_OUT_REFUND)))
        || (r->not_outcomes & (1u << CXR_OUT_REFUND)))
    {
        cxr_lint_say(l, r->not_outcomes ? "then/exclude_outcomes"
                                        : "then/outcomes",
                     "has no refund, which %.*s gives the shopper for %u days "
                     "(%.*s): there it is offered all the same",
                     cxr_str_arg(l->law->id), v->window_days,
                     cxr_str_arg(v->basis));
    }

    if (!v->fees && (r->has & (1u << CXR_EFFECT_RESTOCK))
        && (r->restock[CXR_OUT_REFUND] != 0
            || r->restock_bp[CXR_OUT_REFUND] != 0))
    {
        cxr_lint_say(l, "then/restocking_fee", "is not kept back from a refund "
                     "while %.*s gives the right to withdraw, %u days (%.*s)",
                     cxr_str_arg(l->law->id), v->window_days,
                     cxr_str_arg(v->basis));
    }

    if (v->delivery != CXR_LAW_DELIVERY_NONE
        && (r->sets[CXR_EFFECT_DELIVERY] & (1u << CXR_OUT_REFUND))
        && r->delivery == CXR_DELIVERY_NONE && cxr_lint_withdraws(r))
    {
        cxr_lint_say(l, "then/delivery_refund", "gives nothing back, but %.*s "
                     "does when the whole contract is withdrawn from (%.*s): "
                     "there it is given back all the same",
                     cxr_str_arg(l->law->id), cxr_str_arg(v->delivery_basis));
    }

    if (v->pays == CXR_PAYS_SELLER && (r->has & (1u << CXR_EFFECT_SHIPPING))
        && r->shipping != 0)
    {
        cxr_lint_say(l, "then/shipping_fee", "is not kept back from a refund "
                     "while %.*s has the seller pay the way back (%.*s)",
                     cxr_str_arg(l->law->id), cxr_str_arg(v->pays_basis));
    }
}


/*
 * Can the rule meet the right that the law gives: is it of a country of its,
 * of a refund, within the days, of goods that are no exception?  Groups other
 * than "all" are taken to let it.
 */

static bool
cxr_lint_reaches(const cxr_lint_t *l)
{
    bool               any;
    uint32_t           i, k, n;
    const cxr_when_t  *c, *flat[CXR_RULE_CONDS_MAX];

    n = cxr_lint_flat(l->rule->conds, l->rule->nconds, flat,
                      CXR_RULE_CONDS_MAX);

    for (i = 0; i < n; i++) {
        c = flat[i];
        any = true;

        switch (c->kind) {

        case CXR_WHEN_COUNTRY:

            for (k = 0, any = false; k < c->u.set.n; k++) {
                any |= cxr_law_covers(l->law, c->u.set.items[k]);
            }

            break;

        case CXR_WHEN_LAW:

            for (k = 0, any = false; k < c->u.set.n; k++) {
                any |= cxr_str_eq(l->law->id, c->u.set.items[k]);
            }

            break;

        case CXR_WHEN_TAG:

            for (k = 0, any = false; k < c->u.set.n; k++) {
                any |= !cxr_lint_exempt(l, c->u.set.items[k]);
            }

            break;

        case CXR_WHEN_DAYS_DELIVERED:
            any = c->u.range.from <= (int64_t) l->v->window_days;
            break;

        case CXR_WHEN_OUTCOME:
            any = (c->u.bits & (1u << CXR_OUT_REFUND)) != 0;
            break;

        case CXR_WHEN_GIFT:

            /* the law's rights are the buyer's */

            any = (c->u.bits & 1) != 0;
            break;

        default:
            break;
        }

        if (!any) {
            return false;
        }
    }

    return true;
}


static bool
cxr_lint_exempt(const cxr_lint_t *l, cxr_str_t tag)
{
    uint32_t                    i;
    const cxr_policy_t         *p;
    const cxr_law_exception_t  *e;

    p = &l->shop->policy;

    for (i = 0; i < p->exempt.n; i++) {

        if (!cxr_str_eq(p->exempt.items[i].tag, tag)) {
            continue;
        }

        e = cxr_law_exception(l->v, p->exempt.items[i].code);

        if (e != NULL && !e->if_unsealed) {
            return true;
        }
    }

    return false;
}


/* A window that was written for claims; what is not written needs no word. */

static void
cxr_lint_claims(cxr_lint_t *l)
{
    char                      key[48];
    unsigned                  claim;
    const cxr_claim_terms_t  *terms;

    for (claim = CXR_CLAIM_DAMAGED; claim < CXR_CLAIMS; claim++) {
        terms = &l->shop->policy.claims[claim];

        if (terms->has_window && terms->window_days < l->v->claim_days) {
            snprintf(key, sizeof(key), "claims/%s/window_days",
                     cxr_claim_names[claim]);
            cxr_lint_say(l, key, "is less than the %u days for which %.*s "
                         "gives a free remedy (%.*s): there the law's hold",
                         l->v->claim_days, cxr_str_arg(l->law->id),
                         cxr_str_arg(l->v->claim_basis));
        }
    }
}


static void
cxr_lint_flat_keys(cxr_lint_t *l)
{
    uint32_t             i;
    const cxr_policy_t  *p;

    p = &l->shop->policy;

    if (p->window_days < l->v->window_days) {
        cxr_lint_say(l, "window_days", "is less than the %u days that %.*s "
                     "gives (%.*s): there the law's hold", l->v->window_days,
                     cxr_str_arg(l->law->id), cxr_str_arg(l->v->basis));
    }

    if (l->v->delivery != CXR_LAW_DELIVERY_NONE
        && p->delivery_withdrawal == CXR_DELIVERY_NONE)
    {
        cxr_lint_say(l, "delivery_refund/withdrawal", "gives nothing back, but "
                     "%.*s does when the whole contract is withdrawn from "
                     "(%.*s): there it is given back all the same",
                     cxr_str_arg(l->law->id),
                     cxr_str_arg(l->v->delivery_basis));
    }

    if (!(p->outcomes & (1u << CXR_OUT_REFUND))) {
        cxr_lint_say(l, "outcomes", "has no refund, which %.*s gives the "
                     "shopper for %u days (%.*s): there it is offered all the "
                     "same", cxr_str_arg(l->law->id), l->v->window_days,
                     cxr_str_arg(l->v->basis));
    }

    if (l->v->pays == CXR_PAYS_SELLER && p->fee != 0) {
        cxr_lint_say(l, "fee", "is not kept back while %.*s has the seller "
                     "pay the way back (%.*s)", cxr_str_arg(l->law->id),
                     cxr_str_arg(l->v->pays_basis));
    }

    for (i = 0; i < p->final_sale_tags.n; i++) {
        if (!cxr_lint_exempt(l, p->final_sale_tags.items[i])) {
            cxr_lint_say(l, "final_sale_tags", "\"%.*s\" does not bind where "
                         "%.*s gives %u days (%.*s), unless \"exceptions\" "
                         "names the law's exception for it",
                         cxr_str_arg(p->final_sale_tags.items[i]),
                         cxr_str_arg(l->law->id), l->v->window_days,
                         cxr_str_arg(l->v->basis));
        }
    }
}


static void
cxr_lint_say(cxr_lint_t *l, const char *key, const char *fmt, ...)
{
    char      text[240];
    cxr_jr_t  r;
    va_list   args;

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    memset(&r, 0, sizeof(r));
    r.faults = l->warnings;

    (void) snprintf(r.path, sizeof(r.path), "%s%s%s", l->path,
                    key ? "/" : "", key ? key : "");

    cxr_jr_fault(&r, NULL, "%s", text);
}
