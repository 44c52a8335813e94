
/*
 * Decides what staff, or the shopper who takes a request back, may do with an
 * RMA.
 */

#include <stdio.h>

#include "cxr_rma_private.h"
#include "cxr_text.h"


static cxr_rc_t cxr_rma_targets(const cxr_rma_t *rma,
    const cxr_rma_decision_t *cmd, cxr_arena_t *a, cxr_strs_t *lines,
    cxr_refusal_t *no);
static const cxr_rma_line_t *cxr_rma_line(const cxr_rma_t *rma,
    cxr_str_t line);
static bool cxr_rma_open(const cxr_rma_line_t *line);
static cxr_rc_t cxr_rma_check_text(cxr_str_t text, cxr_refusal_t *no);


cxr_rc_t
cxr_rma_decide(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_decision_t *cmd, const cxr_policy_t *policy,
    const uint8_t random[32], uint32_t expect, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t             rc;
    cxr_rma_decision_t  *body;

    if (!cxr_str_eq(cmd->rma, rma->id)
        || (cmd->decision != CXR_DECISION_APPROVED
            && cmd->decision != CXR_DECISION_DECLINED
            && cmd->decision != CXR_DECISION_INFO_NEEDED))
    {
        return CXR_INVALID;
    }

    if (expect != 0 && expect != rma->revision) {
        return CXR_CONFLICT;
    }

    if (rma->cancelled || rma->status == CXR_RMA_COMPLETED) {
        return cxr_refuse(no, "rma_closed", "", "the RMA is closed");
    }

    if (cmd->reason.len == 0 && cmd->decision != CXR_DECISION_APPROVED) {
        return cxr_refuse(no, "reason_missing", "/reason",
                          "the shopper reads why: a reason is wanted");
    }

    rc = cxr_rma_check_text(cmd->reason, no);
    if (rc != CXR_OK) {
        return rc;
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_decision_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_rma_targets(rma, cmd, a, &body->lines, no);
    if (rc != CXR_OK) {
        return rc;
    }

    body->rma = rma->id;
    body->decision = cmd->decision;
    body->reason = cmd->reason;

    if (cmd->decision == CXR_DECISION_APPROVED && rma->label_jti.len == 0) {
        body->label_jti = cxr_rma_jti(random, a);
        if (body->label_jti.data == NULL) {
            return CXR_NOMEM;
        }

        body->label_expires = now + policy->label_days * CXR_DAY;
    }

    rc = cxr_rma_event(order, CXR_EV_RMA_DECIDED, body, a, out);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_release(order, rma, now, a, out);
}


cxr_rc_t
cxr_rma_cancel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_cancel_t *cmd, uint32_t expect, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t               rc;
    uint32_t               i;
    cxr_rma_cancel_t      *body;
    const cxr_rma_line_t  *l;

    if (!cxr_str_eq(cmd->rma, rma->id)) {
        return CXR_INVALID;
    }

    if (expect != 0 && expect != rma->revision) {
        return CXR_CONFLICT;
    }

    if (rma->cancelled || rma->status == CXR_RMA_COMPLETED
        || rma->status == CXR_RMA_DECLINED)
    {
        return cxr_refuse(no, "rma_closed", "", "the RMA is closed");
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->parcel > CXR_PARCEL_LABEL_ISSUED
            || l->receipt != CXR_RECEIPT_AWAITING
            || l->settlement > CXR_SETTLEMENT_OWED)
        {
            return cxr_refuse(no, "too_late_to_cancel", "",
                              "the goods are on their way back");
        }
    }

    rc = cxr_rma_check_text(cmd->reason, no);
    if (rc != CXR_OK) {
        return rc;
    }

    body = cxr_alloc(a, sizeof(cxr_rma_cancel_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    *body = *cmd;

    return cxr_rma_event(order, CXR_EV_RMA_CANCELLED, body, a, out);
}


cxr_str_t
cxr_rma_jti(const uint8_t random[32], cxr_arena_t *a)
{
    char    *p;
    size_t   n;

    n = 32 - CXR_RMA_RANDOM_JTI;

    p = cxr_alloc(a, (n * 4 + 2) / 3);
    if (p == NULL) {
        return CXR_STR_NONE;
    }

    return cxr_strn(p, cxr_b64url_encode(random + CXR_RMA_RANDOM_JTI, n, p));
}


cxr_rc_t
cxr_rma_event(const cxr_order_t *order, unsigned kind, const void *body,
    cxr_arena_t *a, cxr_events_t *out)
{
    char         *id;
    size_t        len;
    cxr_rc_t      rc;
    uint32_t      i, before;
    cxr_event_t  *ev;

    id = cxr_alloc(a, CXR_NUMBER_MAX);
    if (id == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_fold_number(order->number, id, &len);
    if (rc != CXR_OK) {
        return rc;
    }

    before = 0;

    for (i = 0; i < out->n; i++) {
        before += (out->items[i].aggregate == CXR_AGG_ORDER);
    }

    ev = cxr_list_push(a, out, sizeof(cxr_event_t));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = kind;
    ev->aggregate = CXR_AGG_ORDER;
    ev->id = cxr_strn(id, len);
    ev->expect = order->revision + before;
    ev->body = body;

    return CXR_OK;
}


/*
 * The lines that are meant, by name: the event must say the same when it is
 * read again, whatever has become of the RMA.
 */

static cxr_rc_t
cxr_rma_targets(const cxr_rma_t *rma, const cxr_rma_decision_t *cmd,
    cxr_arena_t *a, cxr_strs_t *lines, cxr_refusal_t *no)
{
    char                   where[32];
    uint32_t               i, j;
    const cxr_rma_line_t  *l;

    lines->items = cxr_calloc(a, rma->lines.n, sizeof(cxr_str_t));
    if (lines->items == NULL) {
        return CXR_NOMEM;
    }

    lines->n = 0;

    if (cmd->lines.n == 0) {
        for (i = 0; i < rma->lines.n; i++) {
            if (cxr_rma_open(&rma->lines.items[i])) {
                lines->items[lines->n++] = rma->lines.items[i].line;
            }
        }

        if (lines->n == 0) {
            return cxr_refuse(no, "already_decided", "/lines",
                              "every line has been decided");
        }

        return CXR_OK;
    }

    for (i = 0; i < cmd->lines.n; i++) {
        snprintf(where, sizeof(where), "/lines/%u", i);

        l = cxr_rma_line(rma, cmd->lines.items[i]);

        if (l == NULL) {
            return cxr_refuse(no, "line_unknown", where,
                              "the RMA has no such line");
        }

        if (!cxr_rma_open(l)) {
            return cxr_refuse(no, "already_decided", where,
                              "the line has been decided");
        }

        for (j = 0; j < lines->n; j++) {
            if (cxr_str_eq(lines->items[j], l->line)) {
                break;
            }
        }

        if (j == lines->n) {
            lines->items[lines->n++] = l->line;
        }
    }

    return CXR_OK;
}


static const cxr_rma_line_t *
cxr_rma_line(const cxr_rma_t *rma, cxr_str_t line)
{
    uint32_t  i;

    for (i = 0; i < rma->lines.n; i++) {
        if (cxr_str_eq(rma->lines.items[i].line, line)) {
            return &rma->lines.items[i];
        }
    }

    return NULL;
}


static bool
cxr_rma_open(const cxr_rma_line_t *line)
{
    return line->decision == CXR_DECISION_PENDING
           || line->decision == CXR_DECISION_INFO_NEEDED;
}


static cxr_rc_t
cxr_rma_check_text(cxr_str_t text, cxr_refusal_t *no)
{
    if (cxr_utf8_length(text) <= CXR_STAFF_REASON_MAX) {
        return CXR_OK;
    }

    cxr_refuse(no, "reason_too_long", "/reason", "at most %d characters",
               CXR_STAFF_REASON_MAX);

    if (no != NULL) {
        no->want = CXR_STAFF_REASON_MAX;
    }

    return CXR_REFUSED;
}
