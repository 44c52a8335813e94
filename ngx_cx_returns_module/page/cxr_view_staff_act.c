
/*
 * The desk's forms beyond the decision: counting, grading and settling what
 * came back.  Fields of a line carry its place: "n.0".
 */

#include <stdio.h>

#include "cxr_view_staff.h"


static cxr_rc_t cxr_act_amount(const cxr_pairs_t *pairs,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_staff_act_t *form);
static cxr_rc_t cxr_act_lines(const cxr_pairs_t *pairs, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_act_t *form);


/*
 * What a person can mend becomes form->error_key; CXR_INVALID: no form of ours.
 */

cxr_rc_t
cxr_staff_act_parse(const cxr_pairs_t *pairs, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_act_t *form)
{
    int        verb;
    size_t     over;
    cxr_rc_t   rc;
    uint64_t   v;
    cxr_str_t  text;

    memset(form, 0, sizeof(*form));

    if (pairs->n > CXR_STAFF_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    verb = cxr_verb(cxr_staff_field(pairs, "verb", UINT32_MAX));

    if (verb < 0 || verb == CXR_VERB_PARCEL) {
        return CXR_INVALID;
    }

    form->act.verb = (uint8_t) verb;

    rc = cxr_str_dup(a, rma->id, &form->act.rma);
    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_parse_uint(cxr_staff_field(pairs, "expect", UINT32_MAX), UINT32_MAX,
                       &v))
    {
        form->expect = (uint32_t) v;
    }

    rc = cxr_form_text(a, cxr_staff_field(pairs, "reason", UINT32_MAX),
                       CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX,
                       &form->act.reason, &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (over) {
        form->error_key = cxr_str("staff.error.reason_long");
    }

    rc = cxr_form_text(a, cxr_staff_field(pairs, "reference", UINT32_MAX),
                       CXR_TEXT_LINE, CXR_REFERENCE_MAX,
                       &form->act.reference, &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    rc = cxr_act_amount(pairs, rma, a, form);
    if (rc != CXR_OK) {
        return rc;
    }

    /* a note's words are its text, not a reason */

    if (verb == CXR_VERB_NOTE || verb == CXR_VERB_ANSWER) {
        text = form->act.reason;
        form->act.reason = CXR_STR_NONE;
        form->text = text;
    }

    return cxr_act_lines(pairs, rma, a, form);
}


/* What was paid, where it was not all that is open. */

static cxr_rc_t
cxr_act_amount(const cxr_pairs_t *pairs, const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_staff_act_t *form)
{
    size_t     over;
    cxr_rc_t   rc;
    cxr_str_t  s;

    if (form->act.verb != CXR_VERB_CONFIRM && form->act.verb != CXR_VERB_PAID
        && form->act.verb != CXR_VERB_REPAID)
    {
        return CXR_OK;
    }

    rc = cxr_form_text(a, cxr_staff_field(pairs, "amount", UINT32_MAX),
                       CXR_TEXT_LINE, CXR_ACT_AMOUNT_MAX, &s, &over);

    if (rc == CXR_NOMEM || (rc == CXR_OK && s.len == 0)) {
        return rc;
    }

    form->act.has_money = true;

    if (rc != CXR_OK || over
        || !cxr_money_typed(s, rma->currency, &form->act.money)
        || form->act.money == 0)
    {
        form->error_key = cxr_str("staff.error.amount");
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_act_lines(const cxr_pairs_t *pairs, const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_staff_act_t *form)
{
    int                    grade, disposition;
    bool                   good;
    uint32_t               i, n;
    cxr_rc_t               rc;
    cxr_str_t              item;
    cxr_rma_count_t       *c;
    cxr_rma_grade_t       *g;
    const cxr_rma_line_t  *l;

    n = rma->lines.n;

    form->act.counts.items = cxr_calloc(a, (size_t) n + 1,
                                        sizeof(cxr_rma_count_t));
    form->act.grades.items = cxr_calloc(a, (size_t) n + 1,
                                        sizeof(cxr_rma_grade_t));

    if (form->act.counts.items == NULL || form->act.grades.items == NULL) {
        return CXR_NOMEM;
    }

    good = true;

    for (i = 0; i < n; i++) {
        l = &rma->lines.items[i];

        rc = cxr_str_dup(a, l->item.len ? l->item : l->line, &item);
        if (rc != CXR_OK) {
            return rc;
        }

        if (form->act.verb == CXR_VERB_RECEIVE
            && cxr_staff_field(pairs, "n", i).data != NULL)
        {
            c = &form->act.counts.items[form->act.counts.n++];

            c->item = item;
            good &= cxr_staff_number(pairs, "n", i, &c->count)
                    && cxr_staff_number(pairs, "w", i, &c->wrong);
            c->no_more = cxr_str_is(cxr_staff_field(pairs, "m", i), "1");
        }

        if (form->act.verb == CXR_VERB_GRADE
            && cxr_staff_field(pairs, "u", i).len != 0)
        {
            g = &form->act.grades.items[form->act.grades.n];

            grade = cxr_name_index(cxr_grade_names,
                                   cxr_staff_field(pairs, "g", i));
            disposition = cxr_name_index(cxr_disposition_names,
                                         cxr_staff_field(pairs, "d", i));

            good &= cxr_staff_number(pairs, "u", i, &g->units);

            if (g->units != 0) {
                g->item = item;
                g->grade = (uint8_t) (grade < 0 ? 0 : grade);
                g->disposition = (uint8_t) (disposition < 0 ? 0 : disposition);
                form->act.grades.n++;
            }
        }
    }

    if (!good) {
        form->error_key = cxr_str("staff.error.count");
    }

    return CXR_OK;
}


bool
cxr_staff_act_ok(const cxr_staff_act_t *form)
{
    return form->error_key.len == 0;
}


/* Why there is no button, where somebody else would have one. */

static cxr_str_t
cxr_act_settle_why(const cxr_staff_rma_t *p, cxr_say_t *say)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    if (!cxr_rma_may(p->rma, CXR_VERB_RELEASE, CXR_ACTOR_STAFF)
        && !cxr_rma_may(p->rma, CXR_VERB_CONFIRM, CXR_ACTOR_STAFF))
    {
        return CXR_STR_NONE;
    }

    if (!p->may_settle) {
        return cxr_say(say, "staff.act.settle_role");
    }

    for (i = 0; p->rma->four_eyes && i < p->rma->lines.n; i++) {
        l = &p->rma->lines.items[i];

        if (cxr_str_eq(p->actor, l->approved_by)
            || cxr_str_eq(p->actor, l->received_by))
        {
            return cxr_say(say, "staff.act.settle_four_eyes");
        }
    }

    return CXR_STR_NONE;
}


void
cxr_view_staff_act(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view)
{
    uint32_t                i;
    const cxr_rma_line_t   *l;
    cxr_view_staff_line_t  *line;

    view->act_url = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff,
                                                  "rma/", p->rma->id),
                                "/act");

    view->can_receive = (p->may & (1u << CXR_VERB_RECEIVE)) != 0;
    view->can_grade = (p->may & (1u << CXR_VERB_GRADE)) != 0;
    view->can_release = (p->may & (1u << CXR_VERB_RELEASE)) != 0;
    view->can_confirm = (p->may & (1u << CXR_VERB_CONFIRM)) != 0;
    view->settle_why = cxr_act_settle_why(p, say);

    if (view->settle_why.len != 0) {
        view->can_release = false;
        view->can_confirm = false;
    }

    view->can_settle = view->can_release || view->can_confirm
                       || view->settle_why.len != 0;
    view->can_repaid = (p->may & (1u << CXR_VERB_REPAID)) != 0;
    view->due_open = cxr_say_some(say, p->rma->currency,
                                  cxr_rma_due_open(p->rma));
    view->to_repay = cxr_say_some(say, p->rma->currency,
                                  p->rma->due_told - p->rma->due_back);

    /* what goes back is asked for no more */

    view->can_paid = (p->may & (1u << CXR_VERB_PAID)) != 0
                     && (view->due_open.len != 0 || view->to_repay.len == 0);
    view->can_reopen = (p->may & (1u << CXR_VERB_REOPEN)) != 0;
    view->can_cancel = (p->may & (1u << CXR_VERB_CANCEL)) != 0;
    view->can_note = (p->may & (1u << CXR_VERB_NOTE)) != 0;
    view->can_more = view->can_reopen || view->can_cancel || view->can_note;
    view->to_pay = cxr_say_some(say, p->rma->currency,
                                p->rma->told - p->rma->settled);

    for (i = 0; i < view->lines.n && i < p->rma->lines.n; i++) {
        l = &p->rma->lines.items[i];
        line = &view->lines.items[i];

        line->awaited = l->decision == CXR_DECISION_APPROVED
                        && l->counted < l->quantity && view->can_receive
                        ? l->quantity - l->counted : 0;
        line->ungraded = view->can_grade ? l->counted - l->graded : 0;
    }

    if (view->can_receive || view->can_grade) {
        view->receive_url = cxr_say_url(say,
                                        cxr_say_join(say,
                                                     p->ctx->shop->staff,
                                                     "receive/", p->rma->id),
                                        "");
    }

    if (p->pairs != NULL) {
        view->typed_verb = cxr_staff_field(p->pairs, "verb", UINT32_MAX);
        view->typed_reference = cxr_staff_clean(say, p->pairs, "reference",
                                                CXR_TEXT_LINE,
                                                CXR_REFERENCE_MAX);
        view->typed_amount = cxr_staff_clean(say, p->pairs, "amount",
                                             CXR_TEXT_LINE,
                                             CXR_ACT_AMOUNT_MAX);
        view->typed_reason = cxr_staff_clean(say, p->pairs, "reason",
                                             CXR_TEXT_BLOCK,
                                             CXR_STAFF_REASON_MAX);
    }

    if (p->act_key.len != 0) {
        view->act_error = cxr_say_why(say, p->act_key, 0, CXR_STAFF_REASON_MAX,
                                      CXR_TIME_NONE);
    }
}


cxr_str_t
cxr_staff_clean(cxr_say_t *say, const cxr_pairs_t *pairs, const char *name,
    unsigned kind, size_t max)
{
    size_t     over;
    cxr_str_t  text = CXR_STR_NONE;

    if (cxr_form_text(say->a, cxr_staff_field(pairs, name, UINT32_MAX), kind,
                      max, &text, &over)
        == CXR_NOMEM)
    {
        say->failed = true;
    }

    return text;
}



cxr_str_t
cxr_staff_field(const cxr_pairs_t *pairs, const char *name, uint32_t i)
{
    char      key[CXR_ACT_FIELD_MAX];
    uint32_t  k;

    if (i == UINT32_MAX) {
        snprintf(key, sizeof(key), "%s", name);

    } else {
        snprintf(key, sizeof(key), "%s.%u", name, i);
    }

    for (k = 0; k < pairs->n; k++) {
        if (cxr_str_is(pairs->items[k].name, key)) {
            return pairs->items[k].value.len ? pairs->items[k].value
                                             : cxr_str("");
        }
    }

    return CXR_STR_NONE;
}


/* An empty field is none of them. */

bool
cxr_staff_number(const cxr_pairs_t *pairs, const char *name, uint32_t i,
    uint32_t *out)
{
    uint64_t   v;
    cxr_str_t  s;

    s = cxr_staff_field(pairs, name, i);
    *out = 0;

    if (s.len == 0) {
        return true;
    }

    if (!cxr_parse_uint(s, CXR_LINE_QUANTITY_MAX, &v)) {
        return false;
    }

    *out = (uint32_t) v;

    return true;
}
