
/*
 * The form that a decision is made with.
 */

#include "cxr_view_staff.h"

#include <stdio.h>

#include "cxr_text.h"


static const struct {
    const char  *name;
    uint8_t      decision;
} cxr_staff_choices[] = {
    { "approve", CXR_DECISION_APPROVED },
    { "decline", CXR_DECISION_DECLINED },
    { "request_info", CXR_DECISION_INFO_NEEDED }
};


bool
cxr_staff_line_open(const cxr_rma_t *rma, uint32_t index)
{
    uint8_t  d = rma->lines.items[index].decision;

    return !rma->cancelled
           && (d == CXR_DECISION_PENDING || d == CXR_DECISION_INFO_NEEDED);
}


static cxr_rc_t
cxr_staff_form_line(cxr_str_t name, const cxr_rma_t *rma, bool *seen)
{
    uint64_t   index;
    cxr_str_t  digits = cxr_strn(name.data + 2, name.len - 2);

    if ((digits.len > 1 && digits.data[0] == '0')
        || !cxr_parse_uint(digits, UINT32_MAX, &index)
        || index >= rma->lines.n || seen[index])
    {
        return CXR_INVALID;
    }

    seen[index] = true;

    return CXR_OK;
}


/* q.<i>: what of it is meant is looked at when it is known that the line is. */

static cxr_rc_t
cxr_staff_form_units(const cxr_pair_t *pair, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_form_t *form)
{
    size_t     over;
    uint64_t   index;
    cxr_rc_t   rc;
    cxr_str_t  digits = cxr_strn(pair->name.data + 2, pair->name.len - 2);

    if ((digits.len > 1 && digits.data[0] == '0')
        || !cxr_parse_uint(digits, UINT32_MAX, &index)
        || index >= rma->lines.n || form->units[index].len != 0)
    {
        return CXR_INVALID;
    }

    rc = cxr_form_text(a, pair->value, CXR_TEXT_LINE, CXR_STAFF_UNITS_MAX,
                       &form->units[index], &over);

    return rc == CXR_NOMEM ? rc : CXR_OK;
}


/* So many of a line; 0: that is no number of them. */

static uint32_t
cxr_staff_units(const cxr_staff_form_t *form, const cxr_rma_t *rma,
    uint32_t index)
{
    uint64_t  v;

    if (form->units[index].len == 0) {
        return rma->lines.items[index].quantity;
    }

    return cxr_parse_uint(form->units[index],
                          rma->lines.items[index].quantity, &v)
           ? (uint32_t) v : 0;
}


static cxr_rc_t
cxr_staff_form_read(const cxr_pair_t *pairs, size_t n, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_form_t *form, bool *seen, cxr_pair_t got[4])
{
    size_t     i, k;
    cxr_rc_t   rc;
    cxr_str_t  name;

    static const char *const  names[4] = {
        "decision", "reason", "expect", "t"
    };

    for (i = 0; i < n; i++) {
        name = pairs[i].name;

        if (name.len > 2 && memcmp(name.data, "l.", 2) == 0) {
            rc = cxr_staff_form_line(name, rma, seen);
            if (rc != CXR_OK) {
                return rc;
            }

            continue;
        }

        if (name.len > 2 && memcmp(name.data, "q.", 2) == 0) {
            rc = cxr_staff_form_units(&pairs[i], rma, a, form);
            if (rc != CXR_OK) {
                return rc;
            }

            continue;
        }

        for (k = 0; k < cxr_nelts(names); k++) {
            if (!cxr_str_is(name, names[k])) {
                continue;
            }

            if (got[k].name.len) {
                return CXR_INVALID;
            }

            got[k] = pairs[i];
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_staff_form_parse(const cxr_pair_t *pairs, size_t n, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_form_t *form)
{
    bool        *seen;
    size_t       i, over;
    cxr_rc_t     rc;
    uint64_t     v;
    uint32_t    *line;
    cxr_pair_t   got[4];

    memset(form, 0, sizeof(*form));
    memset(got, 0, sizeof(got));

    if (n > CXR_STAFF_PAIRS_MAX) {
        return CXR_LIMIT;
    }

    seen = cxr_calloc(a, rma->lines.n, sizeof(bool));
    form->units = cxr_calloc(a, (size_t) rma->lines.n + 1, sizeof(cxr_str_t));

    if (seen == NULL || form->units == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_staff_form_read(pairs, n, rma, a, form, seen, got);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < cxr_nelts(cxr_staff_choices); i++) {
        if (cxr_str_is(got[0].value, cxr_staff_choices[i].name)) {
            form->decision = cxr_staff_choices[i].decision;
        }
    }

    rc = cxr_form_text(a, got[1].value, CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX,
                       &form->reason, &over);
    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (cxr_parse_uint(got[2].value, UINT32_MAX, &v)) {
        form->expect = (uint32_t) v;
    }

    if (got[3].value.len <= CXR_STAFF_TOKEN_MAX) {
        rc = cxr_str_dup(a, got[3].value, &form->token);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    for (i = 0; i < rma->lines.n; i++) {
        if (seen[i]) {
            line = cxr_list_push(a, &form->lines, sizeof(*line));
            if (line == NULL) {
                return CXR_NOMEM;
            }

            *line = (uint32_t) i;

            if (cxr_staff_units(form, rma, *line) == 0) {
                form->lines_key = cxr_str("staff.error.units");
            }
        }
    }

    if (form->decision == CXR_DECISION_PENDING) {
        form->decision_key = cxr_str("staff.error.decision_missing");
    }

    if (form->lines.n == 0) {
        form->lines_key = cxr_str("staff.error.lines_missing");
    }

    if (over) {
        form->reason_key = cxr_str("staff.error.reason_long");

    } else if (form->reason.len == 0
               && (form->decision == CXR_DECISION_DECLINED
                   || form->decision == CXR_DECISION_INFO_NEEDED))
    {
        form->reason_key = cxr_str("staff.error.reason_missing");
    }

    return CXR_OK;
}


bool
cxr_staff_form_ok(const cxr_staff_form_t *form)
{
    return form->decision_key.len == 0 && form->reason_key.len == 0
           && form->lines_key.len == 0;
}


cxr_rc_t
cxr_staff_decision(const cxr_staff_form_t *form, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_rma_act_t *act)
{
    cxr_rc_t               rc;
    uint32_t               i, units;
    cxr_str_t             *name;
    cxr_rma_part_t        *part;
    const cxr_rma_line_t  *l;

    static const uint8_t  verbs[] = {
        [CXR_DECISION_APPROVED] = CXR_VERB_APPROVE,
        [CXR_DECISION_DECLINED] = CXR_VERB_DECLINE,
        [CXR_DECISION_INFO_NEEDED] = CXR_VERB_REQUEST_INFO
    };

    memset(act, 0, sizeof(*act));

    act->verb = verbs[form->decision];

    rc = cxr_str_dup(a, rma->id, &act->rma);
    if (rc == CXR_OK) {
        rc = cxr_str_dup(a, form->reason, &act->reason);
    }

    for (i = 0; rc == CXR_OK && i < form->lines.n; i++) {
        name = cxr_list_push(a, &act->lines, sizeof(*name));
        if (name == NULL) {
            return CXR_NOMEM;
        }

        /* a line of the order may stand here several times: just this one */

        l = &rma->lines.items[form->lines.items[i]];
        rc = cxr_str_dup(a, l->item.len != 0 ? l->item : l->line, name);
        units = cxr_staff_units(form, rma, form->lines.items[i]);

        if (rc != CXR_OK || units == l->quantity) {
            continue;
        }

        part = cxr_list_push(a, &act->parts, sizeof(*part));
        if (part == NULL) {
            return CXR_NOMEM;
        }

        part->item = *name;
        part->units = units;
    }

    return rc;
}
