
/*
 * Receiving: what was scanned, and the lines that are counted and graded.
 */

#include "cxr_view_desk.h"

#include "cxr_text.h"


#define CXR_SCANNED_SHOWN  48       /* characters of a code on the page       */
#define CXR_TYPED_SHOWN    12       /* bytes of a number that is none         */


static const cxr_field_t  cxr_view_condition_fields[] = {
    CXR_FIELD(cxr_view_condition_t, row, U32),
    CXR_FIELD(cxr_view_condition_t, u, STR),
    CXR_FIELD_SUB(cxr_view_condition_t, grades, LIST, &cxr_view_option_type),
    CXR_FIELD_SUB(cxr_view_condition_t, dispositions, LIST,
                  &cxr_view_option_type),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_condition_type = {
    "condition", 0, 1, sizeof(cxr_view_condition_t),
    cxr_view_condition_fields
};

static const cxr_field_t  cxr_view_receive_line_fields[] = {
    CXR_FIELD(cxr_view_receive_line_t, index, U32),
    CXR_FIELD(cxr_view_receive_line_t, title, STR),
    CXR_FIELD(cxr_view_receive_line_t, variant, STR),
    CXR_FIELD(cxr_view_receive_line_t, sku, STR),
    CXR_VIEW_URL(cxr_view_receive_line_t, image),
    CXR_FIELD(cxr_view_receive_line_t, reason, STR),
    CXR_FIELD(cxr_view_receive_line_t, note, STR),
    CXR_FIELD(cxr_view_receive_line_t, quantity, U32),
    CXR_FIELD(cxr_view_receive_line_t, counted, U32),
    CXR_FIELD(cxr_view_receive_line_t, awaited, U32),
    CXR_FIELD(cxr_view_receive_line_t, ungraded, U32),
    CXR_FIELD(cxr_view_receive_line_t, work, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, first, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, n, STR),
    CXR_FIELD(cxr_view_receive_line_t, w, STR),
    CXR_FIELD(cxr_view_receive_line_t, m, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, wrong, BOOL),
    CXR_FIELD_SUB(cxr_view_receive_line_t, grades, LIST,
                  &cxr_view_option_type),
    CXR_FIELD_SUB(cxr_view_receive_line_t, dispositions, LIST,
                  &cxr_view_option_type),
    CXR_FIELD_SUB(cxr_view_receive_line_t, conditions, LIST,
                  &cxr_view_condition_type),
    CXR_FIELD(cxr_view_receive_line_t, mixed, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, mixed_open, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, deductible, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, deduct_open, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, pays_first, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, withdrawal, BOOL),
    CXR_FIELD(cxr_view_receive_line_t, deduct_max, STR),
    CXR_FIELD(cxr_view_receive_line_t, deduct, STR),
    CXR_FIELD(cxr_view_receive_line_t, deduct_why, STR),
    CXR_FIELD(cxr_view_receive_line_t, deduct_error, STR),
    CXR_FIELD(cxr_view_receive_line_t, deduct_why_error, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_receive_line_type = {
    "receive_line", 0, 1, sizeof(cxr_view_receive_line_t),
    cxr_view_receive_line_fields
};

static const cxr_field_t  cxr_view_choice_rma_fields[] = {
    CXR_FIELD(cxr_view_choice_rma_t, id, STR),
    CXR_VIEW_URL(cxr_view_choice_rma_t, url),
    CXR_FIELD(cxr_view_choice_rma_t, status_text, STR),
    CXR_FIELD(cxr_view_choice_rma_t, tone, STR),
    CXR_FIELD(cxr_view_choice_rma_t, goods, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_choice_rma_type = {
    "choice_rma", 0, 1, sizeof(cxr_view_choice_rma_t),
    cxr_view_choice_rma_fields
};

static const cxr_field_t  cxr_view_receive_fields[] = {
    CXR_VIEW_PAGE(cxr_view_receive_t),
    CXR_VIEW_URL(cxr_view_receive_t, scan_url),
    CXR_FIELD(cxr_view_receive_t, token, STR),
    CXR_FIELD(cxr_view_receive_t, actor, STR),
    CXR_FIELD(cxr_view_receive_t, focus_scan, BOOL),
    CXR_FIELD(cxr_view_receive_t, alert, STR),
    CXR_FIELD(cxr_view_receive_t, alert_text, STR),
    CXR_FIELD(cxr_view_receive_t, scanned, STR),
    CXR_FIELD(cxr_view_receive_t, layout, BOOL),
    CXR_VIEW_URL(cxr_view_receive_t, anyway_url),
    CXR_VIEW_URL(cxr_view_receive_t, rma_url),
    CXR_FIELD(cxr_view_receive_t, done, STR),
    CXR_VIEW_URL(cxr_view_receive_t, done_url),
    CXR_FIELD_SUB(cxr_view_receive_t, choices, LIST,
                  &cxr_view_choice_rma_type),
    CXR_FIELD(cxr_view_receive_t, has_choices, BOOL),
    CXR_FIELD(cxr_view_receive_t, has_rma, BOOL),
    CXR_FIELD(cxr_view_receive_t, id, STR),
    CXR_FIELD(cxr_view_receive_t, number, STR),
    CXR_FIELD(cxr_view_receive_t, kind_text, STR),
    CXR_FIELD(cxr_view_receive_t, status_text, STR),
    CXR_FIELD(cxr_view_receive_t, tone, STR),
    CXR_VIEW_URL(cxr_view_receive_t, url),
    CXR_FIELD(cxr_view_receive_t, expect, U32),
    CXR_FIELD(cxr_view_receive_t, seen, U64),
    CXR_FIELD_SUB(cxr_view_receive_t, lines, LIST,
                  &cxr_view_receive_line_type),
    CXR_FIELD(cxr_view_receive_t, awaited, U32),
    CXR_FIELD(cxr_view_receive_t, reason, STR),
    CXR_FIELD(cxr_view_receive_t, reason_max, U32),
    CXR_FIELD(cxr_view_receive_t, error, STR),
    CXR_FIELD_SUB(cxr_view_receive_t, changes, REC, &cxr_view_changes_type),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_receive_type = {
    "staff_receive", 0, 1, sizeof(cxr_view_receive_t),
    cxr_view_receive_fields
};

static const char *const  cxr_scanned_names[] = {
    "ok", "unreadable", "unknown", "forged", "foreign", "expired", "replaced",
    "closed", "undecided", "received", "none"
};


/* ---- what may be received ---- */

static uint32_t
cxr_line_awaited(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    return !rma->cancelled && !rma->expired
           && l->decision == CXR_DECISION_APPROVED && l->counted < l->quantity
           ? l->quantity - l->counted : 0;
}


cxr_scanned_t
cxr_receivable(const cxr_rma_t *rma)
{
    if (cxr_rma_may(rma, CXR_VERB_RECEIVE, CXR_ACTOR_STAFF)
        || cxr_rma_may(rma, CXR_VERB_GRADE, CXR_ACTOR_STAFF))
    {
        return CXR_SCANNED_OK;
    }

    switch (rma->status) {

    case CXR_RMA_CANCELLED:
    case CXR_RMA_EXPIRED:
    case CXR_RMA_DECLINED:
        return CXR_SCANNED_CLOSED;

    case CXR_RMA_REQUESTED:
    case CXR_RMA_INFO_NEEDED:
        return CXR_SCANNED_UNDECIDED;

    default:
        return CXR_SCANNED_RECEIVED;
    }
}


/* ---- the form ---- */

/* names of the other conditions' fields */
static const struct {
    const char  *units;
    const char  *grade;
    const char  *disposition;
} cxr_conditions[CXR_RECEIVE_OTHERS] = {
    { "u1", "g1", "d1" },
    { "u2", "g2", "d2" }
};


static void
cxr_receive_wrong(cxr_receive_form_t *form, uint32_t i, cxr_str_t key)
{
    if (form->error_key.len == 0) {
        form->error_key = key;
        form->wrong_line = i;
    }
}


/* One condition of so many units; none where no grade is chosen. */

static cxr_rc_t
cxr_receive_condition(const cxr_pairs_t *pairs, uint32_t i, const char *gname,
    const char *dname, cxr_str_t item, uint32_t units, cxr_arena_t *a,
    cxr_receive_form_t *form)
{
    int               grade, disposition;
    cxr_rma_grade_t  *g;

    grade = cxr_name_index(cxr_grade_names, cxr_staff_field(pairs, gname, i));
    disposition = cxr_name_index(cxr_disposition_names,
                                 cxr_staff_field(pairs, dname, i));

    if (units == 0 || grade <= 0) {
        return CXR_OK;
    }

    g = cxr_list_push(a, &form->grade.act.grades, sizeof(*g));
    if (g == NULL) {
        return CXR_NOMEM;
    }

    g->item = item;
    g->units = units;
    g->grade = (uint8_t) grade;
    g->disposition = (uint8_t) (disposition < 0 ? 0 : disposition);

    if (disposition <= 0) {
        cxr_receive_wrong(form, i, cxr_str("staff.error.whereto_missing"));
    }

    return CXR_OK;
}


/* What some of the units are, and then the rest of "count". */

static cxr_rc_t
cxr_receive_conditions(const cxr_pairs_t *pairs, uint32_t i, cxr_str_t item,
    uint32_t count, cxr_arena_t *a, cxr_receive_form_t *form)
{
    size_t    k;
    cxr_rc_t  rc;
    uint32_t  units;

    for (k = 0; k < CXR_RECEIVE_OTHERS; k++) {

        if (!cxr_staff_number(pairs, cxr_conditions[k].units, i, &units)
            || units > count)
        {
            cxr_receive_wrong(form, i, cxr_str("staff.error.conditions"));
            return CXR_OK;
        }

        if (units != 0
            && cxr_name_index(cxr_grade_names,
                              cxr_staff_field(pairs, cxr_conditions[k].grade,
                                              i)) <= 0)
        {
            cxr_receive_wrong(form, i, cxr_str("staff.error.grade_missing"));
            return CXR_OK;
        }

        rc = cxr_receive_condition(pairs, i, cxr_conditions[k].grade,
                                   cxr_conditions[k].disposition, item, units,
                                   a, form);
        if (rc != CXR_OK) {
            return rc;
        }

        count -= units;
    }

    return cxr_receive_condition(pairs, i, "g", "d", item, count, a, form);
}


/*
 * What the line may lose at most: the money of the units that are here and do
 * not go back to the shopper.  The domain would refuse more only after the box
 * was counted, and half of the form would be saved.
 */

static cxr_money_t
cxr_receive_open(const cxr_rma_t *rma, const cxr_rma_line_t *l,
    const cxr_receive_form_t *form, uint32_t first, uint32_t here)
{
    uint32_t     k, all, paid;
    cxr_money_t  open, part;

    /* what is counted now is told before it is graded */

    if (here != l->counted && cxr_line_pays_uninspected(rma, l)) {
        return 0;
    }

    open = cxr_line_deductible(rma, l);
    all = l->no_return || l->receipt == CXR_RECEIPT_AWAITING
          ? l->quantity : l->counted - l->sent_back;
    paid = here - l->sent_back;

    for (k = first; k < form->grade.act.grades.n; k++) {
        if (form->grade.act.grades.items[k].disposition
            == CXR_DISPOSE_TO_SHOPPER)
        {
            paid -= form->grade.act.grades.items[k].units;
        }
    }

    if (paid >= all) {
        return open;
    }

    return cxr_money_muldiv(open, paid, all, &part) ? part : 0;
}


static void
cxr_receive_wrong_deduct(cxr_receive_form_t *form, uint32_t i, bool why,
    cxr_money_t max, const char *key)
{
    if (form->error_key.len == 0) {
        form->wrong_deduct = !why;
        form->wrong_why = why;
        form->deduct_max = max;
    }

    cxr_receive_wrong(form, i, cxr_strz(key));
}


/* Taken off the first units of the line that are paid for, of the gradings
   from "first" on. */

static cxr_rc_t
cxr_receive_deduct(const cxr_pairs_t *pairs, const cxr_rma_t *rma, uint32_t i,
    uint32_t here, uint32_t first, cxr_arena_t *a, cxr_receive_form_t *form)
{
    bool              bad;
    size_t            over, long_why;
    cxr_rc_t          rc;
    uint32_t          k;
    cxr_str_t         typed, why;
    const char       *key;
    cxr_money_t       max, money;
    cxr_rma_grade_t  *g;

    rc = cxr_form_text(a, cxr_staff_field(pairs, "x", i), CXR_TEXT_LINE,
                       CXR_ACT_AMOUNT_MAX, &typed, &over);
    bad = (rc == CXR_INVALID || over);

    if (rc != CXR_NOMEM) {
        rc = cxr_form_text(a, cxr_staff_field(pairs, "y", i), CXR_TEXT_BLOCK,
                           CXR_STAFF_REASON_MAX, &why, &long_why);
    }

    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (!bad && typed.len == 0 && why.len == 0) {
        return CXR_OK;
    }

    g = NULL;

    for (k = first; k < form->grade.act.grades.n && g == NULL; k++) {
        if (form->grade.act.grades.items[k].disposition
            != CXR_DISPOSE_TO_SHOPPER)
        {
            g = &form->grade.act.grades.items[k];
        }
    }

    max = cxr_receive_open(rma, &rma->lines.items[i], form, first, here);

    if (bad || !cxr_money_typed(typed, rma->currency, &money) || money == 0) {
        key = "staff.error.deduct";

    } else if (first == form->grade.act.grades.n) {
        key = "staff.error.deduct_grade";

    } else if (g == NULL) {
        key = "staff.error.deduct_back";

    } else if (max == 0) {
        key = "staff.error.deduct_paid";

    } else if (money > max) {
        key = "staff.error.deduct_over";

    } else if (why.len == 0 || long_why) {
        cxr_receive_wrong_deduct(form, i, true, max,
                                 long_why ? "staff.error.reason_long"
                                          : "staff.error.deduct_why");
        return CXR_OK;

    } else {
        g->deduct = money;
        g->deduct_reason = why;
        return CXR_OK;
    }

    cxr_receive_wrong_deduct(form, i, false, max, key);

    return CXR_OK;
}


static cxr_rc_t
cxr_receive_line(const cxr_pairs_t *pairs, const cxr_rma_t *rma, uint32_t i,
    cxr_arena_t *a, cxr_receive_form_t *form)
{
    cxr_rc_t               rc;
    uint32_t               count, wrong, first;
    cxr_str_t              item;
    cxr_rma_count_t       *c;
    const cxr_rma_line_t  *l = &rma->lines.items[i];

    if (!cxr_staff_number(pairs, "n", i, &count)
        || !cxr_staff_number(pairs, "w", i, &wrong)
        || count > cxr_line_awaited(rma, l))
    {
        cxr_receive_wrong(form, i, cxr_str("staff.error.count"));
        return CXR_OK;
    }

    rc = cxr_str_dup(a, l->item.len ? l->item : l->line, &item);
    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_staff_field(pairs, "n", i).data != NULL
        && cxr_line_awaited(rma, l) != 0)
    {
        c = cxr_list_push(a, &form->receive.act.counts, sizeof(*c));
        if (c == NULL) {
            return CXR_NOMEM;
        }

        c->item = item;
        c->count = count;
        c->wrong = wrong;
        c->no_more = cxr_str_is(cxr_staff_field(pairs, "m", i), "1");

        /* a box without the line says nothing of it */

        if (count == 0 && wrong == 0 && !c->no_more) {
            form->receive.act.counts.n--;
        }
    }

    first = form->grade.act.grades.n;

    rc = cxr_receive_conditions(pairs, i, item, count + l->counted - l->graded,
                                a, form);

    return rc == CXR_OK ? cxr_receive_deduct(pairs, rma, i, count + l->counted,
                                             first, a, form)
                        : rc;
}


cxr_rc_t
cxr_receive_parse(const cxr_pairs_t *pairs, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_receive_form_t *form)
{
    size_t     over;
    cxr_rc_t   rc;
    uint32_t   i;
    uint64_t   v;
    cxr_str_t  id, reason;

    memset(form, 0, sizeof(*form));
    form->wrong_line = UINT32_MAX;
    form->pairs = pairs;

    if (pairs->n > (10 + 3 * CXR_RECEIVE_OTHERS) * rma->lines.n + 64) {
        return CXR_LIMIT;
    }

    if (cxr_parse_uint(cxr_staff_field(pairs, "expect", UINT32_MAX),
                       UINT32_MAX, &v))
    {
        form->expect = (uint32_t) v;
    }

    if (cxr_parse_uint(cxr_staff_field(pairs, "seen", UINT32_MAX), UINT64_MAX,
                       &v))
    {
        form->seen = v;
    }

    for (i = 0; i < rma->lines.n; i++) {
        rc = cxr_receive_line(pairs, rma, i, a, form);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_str_dup(a, rma->id, &id);

    if (rc == CXR_OK) {
        rc = cxr_form_text(a, cxr_staff_field(pairs, "reason", UINT32_MAX),
                           CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX, &reason,
                           &over);
        if (rc == CXR_INVALID) {
            rc = CXR_OK;
            reason = CXR_STR_NONE;
        }
    }

    if (rc != CXR_OK) {
        return rc;
    }

    form->has_receive = form->receive.act.counts.n > 0;
    form->has_grade = form->grade.act.grades.n > 0;

    form->receive.act.verb = CXR_VERB_RECEIVE;
    form->receive.act.rma = id;
    form->receive.act.reason = reason;
    form->grade.act.verb = CXR_VERB_GRADE;
    form->grade.act.rma = id;
    form->grade.act.reason = form->has_receive ? CXR_STR_NONE : reason;

    if (over) {
        form->error_key = cxr_str("staff.error.reason_long");

    } else if (form->error_key.len == 0 && !form->has_receive
               && !form->has_grade)
    {
        form->error_key = cxr_str("staff.error.nothing_counted");
    }

    return CXR_OK;
}


/* ---- the page ---- */

static void
cxr_view_receive_options(cxr_say_t *say, const char *const *names,
    const char *prefix, const char *none, cxr_str_t typed,
    cxr_view_options_t *out)
{
    size_t              i;
    cxr_view_option_t  *o;

    for (i = 0; names[i] != NULL; i++) {
        o = cxr_say_push(say, out, sizeof(*o));
        if (o == NULL) {
            return;
        }

        /* the first name stands for none of them */

        o->value = i == 0 ? cxr_str("") : cxr_strz(names[i]);
        o->text = i == 0 ? cxr_say(say, none)
                         : cxr_say_name(say, prefix, names[i]);
        o->selected = typed.len != 0 && cxr_str_eq(typed, o->value);
    }
}


static cxr_str_t
cxr_view_typed(const cxr_pairs_t *pairs, const char *name, uint32_t i)
{
    cxr_str_t  s = cxr_staff_field(pairs, name, i);

    return s.len <= CXR_TYPED_SHOWN && cxr_utf8_valid(s) ? s : CXR_STR_NONE;
}


/* The rows for other conditions, where there may be any. */

static void
cxr_view_receive_mixed(cxr_say_t *say, const cxr_pairs_t *pairs, uint32_t i,
    cxr_view_receive_line_t *line)
{
    size_t                 k;
    cxr_view_condition_t  *c;

    line->mixed = line->awaited + line->ungraded > 1;

    for (k = 0; line->mixed && k < CXR_RECEIVE_OTHERS; k++) {
        c = cxr_say_push(say, &line->conditions, sizeof(*c));
        if (c == NULL) {
            return;
        }

        c->row = (uint32_t) k + 1;

        if (pairs != NULL) {
            c->u = cxr_view_typed(pairs, cxr_conditions[k].units, i);
        }

        line->mixed_open |= c->u.len != 0;

        cxr_view_receive_options(say, cxr_grade_names, "grade.",
                                 "staff.receive.whereto",
                                 pairs ? cxr_staff_field(pairs,
                                                cxr_conditions[k].grade, i)
                                       : CXR_STR_NONE, &c->grades);
        cxr_view_receive_options(say, cxr_disposition_names, "disposition.",
                                 "staff.receive.whereto",
                                 pairs ? cxr_staff_field(pairs,
                                            cxr_conditions[k].disposition, i)
                                       : CXR_STR_NONE, &c->dispositions);
    }
}


static void
cxr_view_receive_deduct(const cxr_receive_page_t *p, cxr_say_t *say,
    uint32_t i, cxr_view_receive_line_t *line)
{
    char                       name[CXR_ACT_FIELD_MAX];
    cxr_str_t                  text;
    cxr_arg_t                  args[2];
    cxr_money_t                open;
    const cxr_rma_line_t      *l = &p->rma->lines.items[i];
    const cxr_receive_form_t  *form = p->form;

    open = cxr_line_deductible(p->rma, l);

    line->pays_first = line->awaited != 0 && open != 0
                       && cxr_line_pays_uninspected(p->rma, l);
    line->deductible = open != 0 && !line->pays_first;
    line->withdrawal = p->rma->kind == CXR_KIND_WITHDRAWAL;
    line->deduct_max = cxr_say_money(say, p->rma->currency, open);

    if (form == NULL) {
        return;
    }

    (void) snprintf(name, sizeof(name), "x.%u", i);
    line->deduct = cxr_staff_clean(say, form->pairs, name, CXR_TEXT_LINE,
                                   CXR_ACT_AMOUNT_MAX);

    (void) snprintf(name, sizeof(name), "y.%u", i);
    line->deduct_why = cxr_staff_clean(say, form->pairs, name, CXR_TEXT_BLOCK,
                                       CXR_STAFF_REASON_MAX);

    if (form->error_key.len != 0 && form->wrong_line == i
        && (form->wrong_deduct || form->wrong_why))
    {
        args[0] = cxr_arg_str("max", cxr_say_money(say, p->rma->currency,
                                                   form->deduct_max));
        args[1] = cxr_arg_int("want", CXR_STAFF_REASON_MAX);
        text = cxr_say_with(say, form->error_key.data, args, 2);

        line->wrong = false;
        line->deduct_error = form->wrong_deduct ? text : CXR_STR_NONE;
        line->deduct_why_error = form->wrong_why ? text : CXR_STR_NONE;

        /* wrong because nothing can be taken off: what was typed is shown */

        line->deductible = true;
    }

    line->deduct_open = line->deduct.len != 0 || line->deduct_why.len != 0;
}


static void
cxr_view_receive_line(const cxr_receive_page_t *p, cxr_say_t *say, uint32_t i,
    cxr_view_receive_line_t *line)
{
    const cxr_pairs_t     *pairs = p->form ? p->form->pairs : NULL;
    const cxr_rma_line_t  *l = &p->rma->lines.items[i];

    line->index = i;
    line->title = l->title;
    line->variant = l->variant;
    line->sku = l->sku;
    line->image = cxr_view_safe_url(l->image);
    line->reason = cxr_say_reason_of(say, p->rma, l->reason);
    line->note = p->notes ? p->notes[i] : CXR_STR_NONE;
    line->quantity = l->quantity;
    line->counted = l->counted;
    line->awaited = cxr_line_awaited(p->rma, l);
    line->ungraded = l->counted - l->graded;
    line->work = line->awaited != 0 || line->ungraded != 0;

    if (pairs != NULL) {
        line->n = cxr_view_typed(pairs, "n", i);
        line->w = cxr_view_typed(pairs, "w", i);
        line->m = cxr_str_is(cxr_staff_field(pairs, "m", i), "1");
        line->wrong = p->form->wrong_line == i;
    }

    /* else the count is empty: a number that is there already is not counted */

    cxr_view_receive_options(say, cxr_grade_names, "grade.",
                             "staff.receive.grade_later",
                             pairs ? cxr_staff_field(pairs, "g", i)
                                   : CXR_STR_NONE, &line->grades);
    cxr_view_receive_options(say, cxr_disposition_names, "disposition.",
                             "staff.receive.whereto",
                             pairs ? cxr_staff_field(pairs, "d", i)
                                   : CXR_STR_NONE, &line->dispositions);
    cxr_view_receive_mixed(say, pairs, i, line);
    cxr_view_receive_deduct(p, say, i, line);
}


static void
cxr_view_receive_rma(const cxr_receive_page_t *p, cxr_say_t *say,
    cxr_view_receive_t *view)
{
    bool                      first = true;
    uint32_t                  i;
    const cxr_rma_t          *rma = p->rma;
    cxr_view_receive_line_t  *line;

    view->has_rma = true;
    view->id = rma->id;
    view->number = rma->order_number;
    view->kind_text = cxr_say_name(say, "rma.kind.",
                                   cxr_rma_kind_names[rma->kind]);
    view->status_text = cxr_say_status(say, rma->status);
    view->tone = cxr_tone_of_status(rma->status);
    view->url = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff,
                                              "receive/", rma->id), "");
    view->expect = rma->revision;
    view->seen = cxr_rma_newest(rma);
    view->reason_max = CXR_STAFF_REASON_MAX;

    for (i = 0; i < rma->lines.n; i++) {
        line = cxr_say_push(say, &view->lines, sizeof(*line));
        if (line == NULL) {
            return;
        }

        cxr_view_receive_line(p, say, i, line);

        line->first = line->work && first;
        first = first && !line->work;
        view->awaited += line->awaited;
    }

    if (p->form == NULL) {
        return;
    }

    view->reason = cxr_staff_clean(say, p->form->pairs, "reason",
                                   CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX);

    if (p->refusal != NULL) {
        view->error = cxr_say_refusal(say, p->refusal);

    } else if (p->form->error_key.len && !p->form->wrong_deduct
               && !p->form->wrong_why)
    {
        view->error = cxr_say_why(say, p->form->error_key, 0,
                                  CXR_STAFF_REASON_MAX, CXR_TIME_NONE);
    }

    if (p->conflict) {
        view->changes = cxr_view_changes(say, rma, p->form->seen);
    }
}


static void
cxr_view_receive_choices(const cxr_receive_page_t *p, cxr_say_t *say,
    cxr_view_receive_t *view)
{
    size_t                  i;
    const cxr_rma_t        *rma;
    cxr_view_choice_rma_t  *c;

    for (i = 0; i < p->nchoices; i++) {
        c = cxr_say_push(say, &view->choices, sizeof(*c));
        if (c == NULL) {
            return;
        }

        rma = &p->choices[i];

        c->id = rma->id;
        c->url = cxr_say_url(say, cxr_say_join(say, p->ctx->shop->staff,
                                               "receive/", rma->id), "");
        c->status_text = cxr_say_status(say, rma->status);
        c->tone = cxr_tone_of_status(rma->status);
        c->goods = rma->lines.n ? rma->lines.items[0].title : CXR_STR_NONE;
    }

    view->has_choices = view->choices.n > 0;
}


cxr_rc_t
cxr_view_receive(const cxr_receive_page_t *p, cxr_view_receive_t *view)
{
    cxr_arg_t    args[1];
    cxr_say_t    say = cxr_say_to(p->ctx, p->arena);
    cxr_str_t    staff = p->ctx->shop->staff, key;

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->token = p->token;
    view->actor = p->actor;
    view->scan_url = cxr_say_url(&say, staff, "receive");
    view->focus_scan = p->rma == NULL;
    view->layout = p->layout;
    view->scanned = cxr_utf8_length(p->code) > CXR_SCANNED_SHOWN
                    ? cxr_say_join(&say, cxr_utf8_cut(p->code,
                                                      CXR_SCANNED_SHOWN),
                                   "\xE2\x80\xA6", CXR_STR_NONE)
                    : p->code;

    if (p->scanned != CXR_SCANNED_OK) {
        view->alert = cxr_say_name(&say, "staff.scan.",
                                   cxr_scanned_names[p->scanned]);

        key = cxr_sprintf(p->arena, "staff.scan.%s.text",
                          cxr_scanned_names[p->scanned]);
        args[0] = cxr_arg_str("when", cxr_say_date(&say, p->when,
                                                   CXR_DATE_DAY));

        if (key.data == NULL) {
            return CXR_NOMEM;
        }

        view->alert_text = cxr_say_with(&say, key.data, args, 1);
    }

    if (p->about.len) {
        view->rma_url = cxr_say_url(&say, cxr_say_join(&say, staff, "rma/",
                                                       p->about), "");

        if (p->scanned == CXR_SCANNED_EXPIRED) {
            view->anyway_url = cxr_say_url(&say,
                                           cxr_say_join(&say, staff,
                                                        "receive/", p->about),
                                           "");
        }
    }

    if (p->done.len) {
        view->done = p->done;
        view->done_url = cxr_say_url(&say, cxr_say_join(&say, staff, "rma/",
                                                        p->done), "");
    }

    cxr_view_receive_choices(p, &say, view);

    if (p->rma != NULL) {
        cxr_view_receive_rma(p, &say, view);
    }

    return cxr_say_rc(&say);
}
