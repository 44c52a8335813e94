
/*
 * Decides every command on an RMA that is there: by whom, on which lines, and
 * what follows.
 */

#include <stdio.h>

#include "cxr_rma_private.h"
#include "cxr_text.h"


/* One command on its way. */
typedef struct {
    const cxr_order_t    *order;
    cxr_rma_t             rma;     /* as records are written now              */
    const cxr_rma_act_t  *act;
    const cxr_rma_by_t   *by;
    cxr_arena_t          *a;
    cxr_events_t         *out;
    cxr_refusal_t        *no;
    cxr_strs_t            items;
} cxr_acting_t;


static cxr_rc_t cxr_act_verb(cxr_acting_t *c);
static cxr_rc_t cxr_act_begin(cxr_acting_t *c, const cxr_rma_t *rma);
static cxr_rc_t cxr_act_words(cxr_acting_t *c);
static cxr_rc_t cxr_act_receive(cxr_acting_t *c);
static cxr_rc_t cxr_act_count(cxr_acting_t *c, uint32_t i,
    cxr_rma_count_t *to);
static cxr_rc_t cxr_act_grade(cxr_acting_t *c);
static cxr_rc_t cxr_act_grade_one(cxr_acting_t *c, uint32_t i,
    const cxr_rma_grade_t *before, uint32_t n, cxr_rma_grade_t *to);
static cxr_rc_t cxr_act_grade_money(cxr_acting_t *c);
static cxr_money_t cxr_rma_overpaid(const cxr_rma_t *rma);
static cxr_rc_t cxr_act_release(cxr_acting_t *c);
static cxr_rc_t cxr_act_confirm(cxr_acting_t *c);
static cxr_rc_t cxr_act_four_eyes(cxr_acting_t *c);
static bool cxr_act_had_hands_on(const cxr_acting_t *c,
    const cxr_rma_line_t *l);
static cxr_rc_t cxr_act_reopen(cxr_acting_t *c);
static cxr_rc_t cxr_act_reopen_stock(cxr_acting_t *c);
static cxr_rc_t cxr_act_change(cxr_acting_t *c, unsigned event,
    cxr_time_t label);
static cxr_rc_t cxr_act_due(cxr_acting_t *c, cxr_time_t due);
static cxr_rc_t cxr_act_event(cxr_acting_t *c, unsigned kind,
    const void *body);
static cxr_rc_t cxr_act_over(cxr_acting_t *c, const char *code,
    const char *where, const char *text, int64_t have, int64_t want);


cxr_rc_t
cxr_rma_act(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, const cxr_rma_by_t *by, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t       rc;
    uint32_t       n;
    cxr_acting_t   c;
    cxr_refusal_t  unread;

    memset(&c, 0, sizeof(c));

    c.order = order;
    c.act = act;
    c.by = by;
    c.a = a;
    c.out = out;
    c.no = no != NULL ? no : &unread;

    if (act->verb >= CXR_VERB_FOLLOW || act->verb == CXR_VERB_PARCEL
        || !cxr_str_eq(act->rma, rma->id))
    {
        return CXR_INVALID;
    }

    if (by->expect != 0 && by->expect != rma->revision) {
        return CXR_CONFLICT;
    }

    if ((cxr_verbs[act->verb].who & (1u << by->kind)) == 0) {
        return cxr_refuse(c.no, "forbidden", "", "%s is not for this actor",
                          cxr_verbs[act->verb].name);
    }

    rc = cxr_rma_check_reason(act->reason, c.no);
    if (rc == CXR_OK) {
        rc = cxr_act_begin(&c, rma);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    n = out->n;
    rc = cxr_act_verb(&c);

    /* what was paid and is owed no more goes back, whatever ended it */

    if (rc == CXR_OK && (c.rma.due_paid != 0 || act->verb == CXR_VERB_PAID)) {
        rc = cxr_rma_repay(order, &c.rma, by->now, a, out);
    }

    /* a grading may be refused for the money that would be left */

    if (rc != CXR_OK) {
        out->n = n;
    }

    return rc;
}


static cxr_rc_t
cxr_act_verb(cxr_acting_t *c)
{
    bool                  whole;
    cxr_rc_t              rc;
    const cxr_rma_act_t  *act = c->act;

    static const cxr_strs_t  all;

    switch (act->verb) {

    case CXR_VERB_APPROVE:
    case CXR_VERB_DECLINE:
    case CXR_VERB_REQUEST_INFO:
        return cxr_rma_decide(c->order, &c->rma, act, c->by, c->a, c->out,
                              c->no);

    case CXR_VERB_CANCEL:
        return cxr_rma_cancel(c->order, &c->rma, act, c->a, c->out, c->no);

    case CXR_VERB_RECEIVE:
        return cxr_act_receive(c);

    case CXR_VERB_GRADE:
        return cxr_act_grade(c);

    default:
        break;
    }

    /* what ends or begins a request again does so with all of it */

    whole = act->verb == CXR_VERB_EXPIRE || act->verb == CXR_VERB_OVERDUE
            || act->verb == CXR_VERB_PAID || act->verb == CXR_VERB_REPAID
            || (act->verb == CXR_VERB_REOPEN && cxr_rma_closed(&c->rma));

    rc = cxr_rma_targets(&c->rma, act->verb, whole ? &all : &act->lines, c->a,
                         &c->items, c->no);
    if (rc != CXR_OK) {
        return rc;
    }

    switch (act->verb) {

    case CXR_VERB_ANSWER:
    case CXR_VERB_NOTE:
        return cxr_act_words(c);

    case CXR_VERB_RELEASE:
        return cxr_act_release(c);

    case CXR_VERB_CONFIRM:
        return cxr_act_confirm(c);

    case CXR_VERB_PAID:
    case CXR_VERB_REPAID:
        rc = cxr_rma_pay(c->order, &c->rma, act, c->a, c->out, c->no);
        return rc == CXR_OK ? cxr_rma_release(c->order, &c->rma, c->by->now,
                                              c->a, c->out)
                            : rc;

    case CXR_VERB_FAIL:
        return cxr_act_change(c, CXR_EV_SETTLEMENT_FAILED, CXR_TIME_NONE);

    case CXR_VERB_REOPEN:
        return cxr_act_reopen(c);

    case CXR_VERB_EXPIRE:
        rc = cxr_act_due(c, c->rma.label_expires);
        return rc == CXR_OK ? cxr_act_change(c, CXR_EV_RMA_EXPIRED,
                                             CXR_TIME_NONE)
                            : rc;

    default:
        rc = cxr_act_due(c, cxr_rma_instant_by(&c->rma));
        return rc == CXR_OK ? cxr_act_change(c, CXR_EV_RMA_OVERDUE,
                                             CXR_TIME_NONE)
                            : rc;
    }
}


static cxr_rc_t
cxr_act_begin(cxr_acting_t *c, const cxr_rma_t *rma)
{
    uint32_t         i;
    cxr_rma_line_t  *lines;

    c->rma = *rma;

    lines = cxr_calloc(c->a, (size_t) rma->lines.n + 1,
                       sizeof(cxr_rma_line_t));
    if (lines == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rma->lines.n; i++) {
        lines[i] = rma->lines.items[i];
        cxr_line_upgrade(&lines[i]);
    }

    c->rma.lines.items = lines;

    return CXR_OK;
}


static cxr_rc_t
cxr_act_words(cxr_acting_t *c)
{
    cxr_rma_words_t  *body;

    if (c->act->text.len == 0) {
        return cxr_refuse(c->no, "text_missing", "/text", "some words are "
                          "wanted");
    }

    if (c->rma.notes.n >= CXR_RMA_NOTES_MAX) {
        return cxr_act_over(c, "too_many_notes", "/text",
                            "an RMA has room for no more of them",
                            CXR_RMA_NOTES_MAX, 0);
    }

    body = cxr_calloc(c->a, 1, sizeof(cxr_rma_words_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = c->rma.id;
    body->text = c->act->text;

    if (c->act->verb == CXR_VERB_NOTE) {
        return cxr_act_event(c, CXR_EV_RMA_NOTED, body);
    }

    body->lines = c->items;

    return cxr_act_event(c, CXR_EV_RMA_ANSWERED, body);
}


static cxr_rc_t
cxr_act_receive(cxr_acting_t *c)
{
    cxr_rc_t            rc;
    uint32_t            i;
    cxr_rma_line_t     *l;
    cxr_rma_count_t     count;
    cxr_rma_receipt_t  *body;

    /* what can be received at all; the counts say which of it was */

    rc = cxr_rma_targets(&c->rma, CXR_VERB_RECEIVE, &c->act->lines, c->a,
                         &c->items, c->no);
    if (rc != CXR_OK) {
        return rc;
    }

    body = cxr_calloc(c->a, 1, sizeof(cxr_rma_receipt_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->counts.items = cxr_calloc(c->a, (size_t) c->items.n
                                          + c->act->counts.n + 1,
                                    sizeof(cxr_rma_count_t));
    if (body->counts.items == NULL) {
        return CXR_NOMEM;
    }

    body->rma = c->rma.id;
    body->reason = c->act->reason;
    body->reference = c->act->reference;

    for (i = 0; c->act->counts.n == 0 && i < c->items.n; i++) {
        l = cxr_rma_item(&c->rma, c->items.items[i]);

        memset(&count, 0, sizeof(count));
        count.item = l->item;
        count.count = l->quantity - l->counted;

        body->counts.items[body->counts.n++] = count;
    }

    for (i = 0; i < c->act->counts.n; i++) {
        rc = cxr_act_count(c, i, &count);
        if (rc != CXR_OK) {
            return rc;
        }

        if (count.count != 0 || count.wrong != 0 || count.no_more) {
            body->counts.items[body->counts.n++] = count;
        }
    }

    if (body->counts.n == 0) {
        return cxr_refuse(c->no, "nothing_chosen", "/lines",
                          "nothing was counted");
    }

    rc = cxr_act_event(c, CXR_EV_RMA_RECEIVED, body);

    return rc == CXR_OK ? cxr_rma_release(c->order, &c->rma, c->by->now, c->a,
                                          c->out)
                        : rc;
}


static cxr_rc_t
cxr_act_count(cxr_acting_t *c, uint32_t i, cxr_rma_count_t *to)
{
    char                    where[40];
    uint32_t                j;
    cxr_rma_line_t         *l;
    const cxr_rma_count_t  *from;

    from = &c->act->counts.items[i];
    snprintf(where, sizeof(where), "/lines/%u", i);

    l = cxr_rma_item(&c->rma, from->item);

    if (l == NULL) {
        return cxr_refuse(c->no, "line_unknown", where,
                          "the RMA has no such line");
    }

    for (j = 0; j < i; j++) {
        if (cxr_str_eq(c->act->counts.items[j].item, from->item)) {
            return cxr_refuse(c->no, "line_twice", where,
                              "the line is counted already");
        }
    }

    if (from->count == 0 && from->wrong == 0 && !from->no_more) {
        memset(to, 0, sizeof(*to));
        return CXR_OK;
    }

    if (!cxr_rma_moves(&c->rma, CXR_VERB_RECEIVE, l)) {
        return cxr_rma_refuse(CXR_VERB_RECEIVE, where, c->no);
    }

    if (from->count > l->quantity - l->counted) {
        snprintf(where, sizeof(where), "/lines/%u/count", i);

        return cxr_act_over(c, "quantity_over", where,
                            "more units than are awaited of the line",
                            l->quantity - l->counted, from->count);
    }

    if (from->wrong > CXR_LINE_QUANTITY_MAX - l->wrong) {
        snprintf(where, sizeof(where), "/lines/%u/wrong", i);

        return cxr_act_over(c, "quantity_over", where,
                            "more things than can be counted",
                            CXR_LINE_QUANTITY_MAX - l->wrong, from->wrong);
    }

    *to = *from;
    to->item = l->item;

    return CXR_OK;
}


static cxr_rc_t
cxr_act_grade(cxr_acting_t *c)
{
    cxr_rc_t                 rc;
    uint32_t                 i;
    cxr_rma_grading_body_t  *body;

    rc = cxr_rma_targets(&c->rma, CXR_VERB_GRADE, &c->act->lines, c->a,
                         &c->items, c->no);
    if (rc != CXR_OK) {
        return rc;
    }

    if (c->act->grades.n == 0) {
        return cxr_refuse(c->no, "nothing_chosen", "/lines",
                          "nothing was graded");
    }

    if (c->act->grades.n > CXR_RMA_GRADINGS_MAX - c->rma.gradings.n) {
        return cxr_act_over(c, "too_many_gradings", "/lines",
                            "an RMA has room for no more of them",
                            CXR_RMA_GRADINGS_MAX, c->act->grades.n);
    }

    body = cxr_calloc(c->a, 1, sizeof(cxr_rma_grading_body_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = c->rma.id;
    body->reason = c->act->reason;
    body->grades.items = cxr_calloc(c->a, c->act->grades.n,
                                    sizeof(cxr_rma_grade_t));
    if (body->grades.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < c->act->grades.n; i++) {
        rc = cxr_act_grade_one(c, i, body->grades.items, body->grades.n,
                               &body->grades.items[i]);
        if (rc != CXR_OK) {
            return rc;
        }

        body->grades.n++;
    }

    rc = cxr_act_event(c, CXR_EV_RMA_GRADED, body);
    if (rc == CXR_OK) {
        rc = cxr_act_grade_money(c);
    }

    return rc == CXR_OK ? cxr_rma_release(c->order, &c->rma, c->by->now, c->a,
                                          c->out)
                        : rc;
}


static cxr_rc_t
cxr_act_grade_one(cxr_acting_t *c, uint32_t i, const cxr_rma_grade_t *before,
    uint32_t n, cxr_rma_grade_t *to)
{
    bool                    back;
    char                    where[48];
    uint32_t                j, graded, returned;
    cxr_money_t             open;
    cxr_rma_line_t         *l;
    const cxr_rma_grade_t  *from;

    from = &c->act->grades.items[i];
    l = cxr_rma_item(&c->rma, from->item);
    snprintf(where, sizeof(where), "/lines/%u", i);

    if (l == NULL) {
        return cxr_refuse(c->no, "line_unknown", where,
                          "the RMA has no such line");
    }

    graded = l->graded;
    returned = l->sent_back;
    open = cxr_line_deductible(&c->rma, l);

    for (j = 0; j < n; j++) {
        if (cxr_str_eq(before[j].item, l->item)) {
            graded += before[j].units;
            returned += before[j].disposition == CXR_DISPOSE_TO_SHOPPER
                        ? before[j].units : 0;
            open -= before[j].deduct;
        }
    }

    if (from->units == 0 || from->units > l->counted - graded) {
        snprintf(where, sizeof(where), "/lines/%u/units", i);

        return cxr_act_over(c, "quantity_over", where,
                            "of the line so many units are left to grade",
                            l->counted - graded, from->units);
    }

    if (from->grade == CXR_GRADE_NONE
        || from->disposition == CXR_DISPOSE_NONE)
    {
        return cxr_refuse(c->no, "grade_missing", where,
                          "a grade and a disposition are wanted");
    }

    back = from->disposition == CXR_DISPOSE_TO_SHOPPER
           && l->outcome != CXR_OUT_REPAIR;

    if (back && !l->no_return
        && l->told_units > l->counted - returned - from->units)
    {
        snprintf(where, sizeof(where), "/lines/%u/disposition", i);

        return cxr_refuse(c->no, "already_released", where,
                          "the shop was told to settle these units");
    }

    /* what was told is told: there is nothing left to take it off */

    if (from->deduct < 0 || (back && from->deduct != 0)
        || from->deduct > open)
    {
        snprintf(where, sizeof(where), "/lines/%u/deduct", i);

        return cxr_act_over(c, "amount_over", where,
                            "more than is still to be paid for the line",
                            back ? 0 : open, from->deduct);
    }

    *to = *from;
    to->item = l->item;

    return CXR_OK;
}


/*
 * What is deducted, and what goes back, must not bring what the shopper gets
 * below what the shop was told to pay: lines are settled against one another,
 * so no line by itself can tell.
 */

static cxr_rc_t
cxr_act_grade_money(cxr_acting_t *c)
{
    cxr_rc_t     rc;
    cxr_rma_t    after;
    cxr_money_t  over;

    rc = cxr_rma_after(c->order, &c->rma, c->out, c->by->now, c->a, &after);
    if (rc != CXR_OK) {
        return rc;
    }

    over = cxr_rma_overpaid(&after);

    if (over > cxr_rma_overpaid(&c->rma)) {
        return cxr_act_over(c, "already_released", "/lines",
                            "the shop was told to pay more than would be left",
                            0, over);
    }

    return CXR_OK;
}


/* What was told beyond what is owed now, as after an early release. */

static cxr_money_t
cxr_rma_overpaid(const cxr_rma_t *rma)
{
    uint32_t               i;
    cxr_money_t            net, told;
    const cxr_rma_line_t  *l;

    net = 0;
    told = 0;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];
        told += l->told;

        if (l->decision != CXR_DECISION_DECLINED) {
            net += l->refund - l->due;
        }
    }

    if (net < 0) {
        net = 0;
    }

    return told > net ? told - net : 0;
}


static cxr_rc_t
cxr_act_release(cxr_acting_t *c)
{
    bool             early;
    cxr_rc_t         rc;
    uint32_t         i;
    cxr_rma_line_t  *l;

    rc = cxr_act_four_eyes(c);
    if (rc != CXR_OK) {
        return rc;
    }

    early = false;

    for (i = 0; i < c->items.n; i++) {
        l = cxr_rma_item(&c->rma, c->items.items[i]);
        early |= cxr_line_fired(&c->rma, l) < cxr_line_units(l);
    }

    if (early && c->act->reason.len == 0) {
        return cxr_refuse(c->no, "reason_missing", "/reason",
                          "before the policy's time a reason is wanted");
    }

    return cxr_rma_release_items(c->order, &c->rma, &c->items, c->act->reason,
                                 c->a, c->out);
}


/*
 * All that is open of the lines, or an amount of it: then lines are settled
 * whose money is complete.
 */

static cxr_rc_t
cxr_act_confirm(cxr_acting_t *c)
{
    int64_t            *open;
    cxr_rc_t            rc;
    uint32_t            i;
    cxr_money_t         sum, money, *parts;
    cxr_rma_line_t     *l;
    cxr_settle_body_t  *body;

    rc = cxr_act_four_eyes(c);
    if (rc != CXR_OK) {
        return rc;
    }

    open = cxr_calloc(c->a, c->items.n, sizeof(int64_t));
    parts = cxr_calloc(c->a, c->items.n, sizeof(cxr_money_t));
    body = cxr_calloc(c->a, 1, sizeof(cxr_settle_body_t));

    if (open == NULL || parts == NULL || body == NULL) {
        return CXR_NOMEM;
    }

    sum = 0;

    for (i = 0; i < c->items.n; i++) {
        l = cxr_rma_item(&c->rma, c->items.items[i]);
        open[i] = l->told - l->settled;
        sum += open[i];
    }

    money = c->act->has_money ? c->act->money : sum;

    if (money > sum || money < 0 || (money == 0 && sum != 0)) {
        return cxr_act_over(c, "amount_over", "/amount",
                            "an amount up to what was released and is not "
                            "paid yet", sum, money);
    }

    if (money > 0 && !cxr_money_split(money, open, c->items.n, parts)) {
        return CXR_ERROR;
    }

    body->parts.items = cxr_calloc(c->a, c->items.n,
                                   sizeof(cxr_settle_part_t));
    if (body->parts.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < c->items.n; i++) {
        l = cxr_rma_item(&c->rma, c->items.items[i]);

        body->parts.items[i].item = l->item;
        body->parts.items[i].money = parts[i];
        body->parts.items[i].units = parts[i] == open[i]
                                     ? l->told_units - l->settled_units : 0;
    }

    body->parts.n = c->items.n;
    body->rma = c->rma.id;
    body->money = money;
    body->reference = c->act->reference;
    body->reason = c->act->reason;

    rc = cxr_act_event(c, CXR_EV_SETTLEMENT_CONFIRMED, body);

    /* a box that came after it had failed waited for this */

    return rc == CXR_OK ? cxr_rma_release(c->order, &c->rma, c->by->now, c->a,
                                          c->out)
                        : rc;
}


/* Who approved or received does not settle, where the shop wants it so. */

static cxr_rc_t
cxr_act_four_eyes(cxr_acting_t *c)
{
    uint32_t         i;
    cxr_rma_line_t  *l;

    for (i = 0; c->rma.four_eyes && i < c->items.n; i++) {
        l = cxr_rma_item(&c->rma, c->items.items[i]);

        if (c->by->actor.len == 0
            || cxr_str_eq(c->by->actor, l->approved_by)
            || cxr_str_eq(c->by->actor, l->received_by)
            || cxr_act_had_hands_on(c, l))
        {
            return cxr_refuse(c->no, "four_eyes", "", "another person than "
                              "who approved or received it settles it");
        }
    }

    return CXR_OK;
}


/*
 * A line keeps the name of who counted its last box; the others stand in the
 * timeline.  And whoever went past the policy to make the RMA approved it.
 */

static bool
cxr_act_had_hands_on(const cxr_acting_t *c, const cxr_rma_line_t *l)
{
    uint32_t               i;
    const cxr_rma_step_t  *step;

    for (i = 0; i < c->rma.steps.n; i++) {
        step = &c->rma.steps.items[i];

        if (cxr_str_eq(step->actor, c->by->actor)
            && ((step->kind == CXR_EV_RMA_RECEIVED && l->received_by.len != 0)
                || (step->kind == CXR_EV_RMA_CREATED
                    && c->rma.override_reason.len != 0)))
        {
            return true;
        }
    }

    return false;
}


static cxr_rc_t
cxr_act_reopen(cxr_acting_t *c)
{
    cxr_rc_t      rc;
    cxr_rma_t     after;
    cxr_time_t    label;
    cxr_events_t  trial;

    label = CXR_TIME_NONE;

    if (cxr_rma_closed(&c->rma) && c->rma.label_jti.len != 0) {
        label = c->by->now + c->by->policy->label_days * CXR_DAY;
    }

    /* the units may have gone into another RMA since */

    trial = *c->out;
    memset(c->out, 0, sizeof(*c->out));

    rc = cxr_act_change(c, CXR_EV_RMA_REOPENED, label);
    if (rc == CXR_OK) {
        rc = cxr_rma_after(c->order, &c->rma, c->out, c->by->now, c->a,
                           &after);
    }

    *c->out = trial;

    if (rc == CXR_INVALID) {
        return cxr_refuse(c->no, "already_returned", "/lines",
                          "the units are in another RMA by now");
    }

    if (rc == CXR_OK) {
        rc = cxr_act_reopen_stock(c);
    }

    if (rc == CXR_OK) {
        rc = cxr_act_change(c, CXR_EV_RMA_REOPENED, label);
    }

    return rc == CXR_OK ? cxr_rma_release(c->order, &c->rma, c->by->now, c->a,
                                          c->out)
                        : rc;
}


/* And the goods that were promised to somebody else. */

static cxr_rc_t
cxr_act_reopen_stock(cxr_acting_t *c)
{
    size_t                 k;
    uint32_t               i, j, units, has;
    const cxr_rma_line_t  *l, *other;

    for (i = 0; i < c->items.n; i++) {
        l = cxr_rma_item(&c->rma, c->items.items[i]);

        if (l->exchange_product.len == 0) {
            continue;
        }

        for (j = 0, units = 0; j < c->items.n; j++) {
            other = cxr_rma_item(&c->rma, c->items.items[j]);

            if (cxr_str_eq(other->exchange_product, l->exchange_product)
                && cxr_str_eq(other->exchange_sku, l->exchange_sku))
            {
                units += other->quantity;
            }
        }

        for (k = 0, has = 0; k < c->by->nproducts; k++) {
            if (cxr_str_eq(c->by->products[k]->id, l->exchange_product)) {
                has = cxr_product_free(c->by->products[k], l->exchange_sku);
            }
        }

        if (units > has) {
            return cxr_act_over(c, "exchange_out_of_stock", "/lines",
                                "there are not as many of that variant",
                                has, units);
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_act_change(cxr_acting_t *c, unsigned event, cxr_time_t label)
{
    cxr_rma_change_t  *body;

    body = cxr_calloc(c->a, 1, sizeof(cxr_rma_change_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = c->rma.id;
    body->lines = c->items;
    body->reason = c->act->reason;
    body->label_expires = label;

    return cxr_act_event(c, event, body);
}


static cxr_rc_t
cxr_act_due(cxr_acting_t *c, cxr_time_t due)
{
    if (c->by->now > due) {
        return CXR_OK;
    }

    cxr_refuse(c->no, "not_due", "", "it is not time yet");
    c->no->when = due;

    return CXR_REFUSED;
}


static cxr_rc_t
cxr_act_event(cxr_acting_t *c, unsigned kind, const void *body)
{
    return cxr_rma_event(c->order, kind, body, c->a, c->out);
}


static cxr_rc_t
cxr_act_over(cxr_acting_t *c, const char *code, const char *where,
    const char *text, int64_t have, int64_t want)
{
    cxr_refuse(c->no, code, where, "%s", text);

    c->no->have = have;
    c->no->want = want;

    return CXR_REFUSED;
}
