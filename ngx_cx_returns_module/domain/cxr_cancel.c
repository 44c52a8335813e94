
/*
 * May a line be cancelled, and what becomes of that when its parcel sets out.
 */

#include "cxr_cancel.h"
#include "cxr_policy_private.h"
#include "cxr_rma_private.h"


const char *const  cxr_cancel_verdict_names[] = {
    "may", "off", "sent", "taken", "over", "excluded", "denied", NULL
};


static bool cxr_cancel_names(const cxr_rule_t *rule);
static const cxr_rule_t *cxr_cancel_rule(const cxr_policy_case_t *c,
    cxr_when_facts_t *f, unsigned effect);
static bool cxr_parcel_has(const cxr_order_parcel_t *p, cxr_str_t line);
static const cxr_order_parcel_t *cxr_cancel_sent(const cxr_order_t *before,
    const cxr_order_t *after, cxr_str_t line);
static bool cxr_cancel_left(const cxr_order_t *order,
    const cxr_order_parcel_t *p, cxr_str_t line);


void
cxr_cancel_line(cxr_policy_case_t *c, const cxr_order_line_t *line,
    const cxr_policy_ask_t *ask, cxr_cancel_t *out)
{
    uint32_t                   i;
    cxr_policy_line_t          l;
    const cxr_rule_t          *may;
    const cxr_cancel_terms_t  *terms;

    memset(out, 0, sizeof(*out));

    terms = &c->policy->cancels;
    out->until = CXR_TIME_NONE;

    if (terms->minutes != 0) {
        out->until = c->order->placed_at + terms->minutes * CXR_MINUTE;
    }

    if (!terms->on) {
        out->verdict = CXR_CANCEL_OFF;
        return;
    }

    if (line->origin_rma.len != 0
        || cxr_cancel_sent(NULL, c->order, line->line) != NULL)
    {
        out->verdict = CXR_CANCEL_SENT;
        return;
    }

    if (line->returning >= line->quantity) {
        out->verdict = CXR_CANCEL_TAKEN;
        return;
    }

    if (out->until != CXR_TIME_NONE && c->now > out->until) {
        out->verdict = CXR_CANCEL_OVER;
        return;
    }

    for (i = 0; i < terms->not_tags.n; i++) {
        if (cxr_strs_have(&line->tags, terms->not_tags.items[i])) {
            out->verdict = CXR_CANCEL_EXCLUDED;
            return;
        }
    }

    cxr_policy_facts(c, line, ask, &l);

    may = cxr_cancel_rule(c, &l.facts, CXR_EFFECT_MAY);

    if (may != NULL && !may->allow) {
        out->verdict = CXR_CANCEL_DENIED;
        out->rule = may;
        out->denial = &may->denial;
        return;
    }

    out->units = line->quantity - line->returning;
    out->rule = cxr_cancel_rule(c, &l.facts, CXR_EFFECT_APPROVAL);
}


bool
cxr_cancel_open(const cxr_policy_t *policy, const cxr_order_t *order,
    cxr_time_t now)
{
    uint32_t                   i;
    const cxr_cancel_terms_t  *terms = &policy->cancels;

    if (!terms->on
        || (terms->minutes != 0
            && now > order->placed_at + terms->minutes * CXR_MINUTE))
    {
        return false;
    }

    for (i = 0; i < order->lines.n; i++) {
        if (order->lines.items[i].origin_rma.len == 0
            && cxr_cancel_sent(NULL, order, order->lines.items[i].line)
               == NULL)
        {
            return true;
        }
    }

    return false;
}


/* A rule of returns is none of cancellations, unless it says so. */

static bool
cxr_cancel_names(const cxr_rule_t *rule)
{
    uint32_t           k;
    const cxr_when_t  *cond;

    for (k = 0; k < rule->nconds;
         k += cond->kind <= CXR_WHEN_NOT ? cond->n + 1 : 1)
    {
        cond = &rule->conds[k];

        if (cond->kind == CXR_WHEN_KIND
            && (cond->u.bits & (1u << CXR_KIND_CANCELLATION)) != 0)
        {
            return true;
        }
    }

    return false;
}


/* The first that matches and has the effect. */

static const cxr_rule_t *
cxr_cancel_rule(const cxr_policy_case_t *c, cxr_when_facts_t *f,
    unsigned effect)
{
    uint32_t           i;
    const cxr_rule_t  *rule;

    for (i = 0; i < c->nlive; i++) {
        rule = &c->policy->rules->items[c->live[i]];

        if ((rule->has & (1u << effect)) != 0
            && cxr_cancel_names(rule)
            && (cxr_rule_match(rule, f) & rule->sets[effect]
                & (1u << CXR_OUT_REFUND)) != 0)
        {
            return rule;
        }
    }

    return NULL;
}


const cxr_reason_t *
cxr_cancel_reason(const cxr_policy_t *policy, cxr_str_t code)
{
    uint32_t  i;

    for (i = 0; i < policy->cancels.reasons.n; i++) {
        if (cxr_str_eq(policy->cancels.reasons.items[i].code, code)) {
            return &policy->cancels.reasons.items[i];
        }
    }

    return NULL;
}


/* ---- the parcel that was quicker ---- */

static bool
cxr_parcel_has(const cxr_order_parcel_t *p, cxr_str_t line)
{
    return p->lines.n == 0 || cxr_strs_have(&p->lines, line);
}


/* A parcel that the line is in; "before" (or NULL) had it in none of that
   number. */

static const cxr_order_parcel_t *
cxr_cancel_sent(const cxr_order_t *before, const cxr_order_t *after,
    cxr_str_t line)
{
    uint32_t                   i, j;
    const cxr_order_parcel_t  *p, *had;

    for (i = 0; i < after->parcels.n; i++) {
        p = &after->parcels.items[i];

        if (!cxr_parcel_has(p, line)) {
            continue;
        }

        for (j = 0; before != NULL && j < before->parcels.n; j++) {
            had = &before->parcels.items[j];

            if (cxr_str_eq(had->carrier, p->carrier)
                && cxr_str_eq(had->number, p->number)
                && cxr_parcel_has(had, line))
            {
                break;
            }
        }

        if (before == NULL || j == before->parcels.n) {
            return p;
        }
    }

    return NULL;
}


/*
 * Must what was cancelled be in the parcel?  Where units of the line are left to
 * be sent, or the parcel is "the order" and anything of that is, it need not be.
 */

static bool
cxr_cancel_left(const cxr_order_t *order, const cxr_order_parcel_t *p,
    cxr_str_t line)
{
    uint32_t                 i;
    const cxr_order_line_t  *l;

    for (i = 0; i < order->lines.n; i++) {
        l = &order->lines.items[i];

        if (l->origin_rma.len == 0
            && (p->lines.n == 0 || cxr_str_eq(l->line, line))
            && l->returning < l->quantity)
        {
            return false;
        }
    }

    return true;
}


cxr_rc_t
cxr_cancel_overtake(const cxr_order_t *before, const cxr_order_t *after,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_events_t *out)
{
    uint32_t                   i;
    cxr_str_t                 *item;
    cxr_rma_change_t          *body;
    const cxr_rma_line_t      *l;
    const cxr_order_parcel_t  *p;

    if (rma->kind != CXR_KIND_CANCELLATION || cxr_rma_closed(rma)) {
        return CXR_OK;
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_change_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_DECLINED || l->overtaken) {
            continue;
        }

        p = cxr_cancel_sent(before, after, l->line);

        if (p == NULL
            || (l->decision == CXR_DECISION_APPROVED
                && !cxr_cancel_left(after, p, l->line)))
        {
            continue;
        }

        item = cxr_list_push(a, &body->lines, sizeof(*item));
        if (item == NULL) {
            return CXR_NOMEM;
        }

        *item = l->item;
    }

    if (body->lines.n == 0) {
        return CXR_OK;
    }

    body->rma = rma->id;

    return cxr_rma_event(after, CXR_EV_RMA_OVERTAKEN, body, a, out);
}


bool
cxr_rma_overtaken(const cxr_rma_t *rma)
{
    uint32_t  i;

    for (i = 0; i < rma->lines.n; i++) {
        if (rma->lines.items[i].overtaken
            && rma->lines.items[i].decision == CXR_DECISION_APPROVED)
        {
            return true;
        }
    }

    return false;
}


cxr_rc_t
cxr_rma_apply_overtaken(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_change_t *body)
{
    uint32_t         i;
    cxr_rma_line_t  *l;

    if (rma->kind != CXR_KIND_CANCELLATION) {
        return CXR_INVALID;
    }

    for (i = 0; i < body->lines.n; i++) {
        l = cxr_rma_item(rma, body->lines.items[i]);

        if (l == NULL || l->decision == CXR_DECISION_DECLINED
            || l->overtaken)
        {
            return CXR_INVALID;
        }

        l->overtaken = true;

        if (l->decision == CXR_DECISION_APPROVED) {
            continue;
        }

        l->decision = CXR_DECISION_DECLINED;
        l->decline_reason = CXR_STR_NONE;

        if (!cxr_rma_free(order, l)) {
            return CXR_INVALID;
        }
    }

    return CXR_OK;
}
