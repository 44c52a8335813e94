
/*
 * Which lines of an RMA a command means, and whether it can move them.
 */

#include <stdio.h>

#include "cxr_rma_private.h"
#include "cxr_text.h"


static bool cxr_rma_cancellable(const cxr_rma_t *rma);
static bool cxr_rma_unsent(const cxr_rma_t *rma);
static bool cxr_line_overdue(const cxr_rma_t *rma, const cxr_rma_line_t *l);
static void cxr_strs_once(cxr_strs_t *strs, cxr_str_t s);


cxr_rma_line_t *
cxr_rma_item(const cxr_rma_t *rma, cxr_str_t item)
{
    uint32_t         i;
    cxr_rma_line_t  *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (cxr_str_eq(l->item.len ? l->item : l->line, item)) {
            return l;
        }
    }

    return NULL;
}


bool
cxr_rma_moves(const cxr_rma_t *rma, unsigned verb, const cxr_rma_line_t *l)
{
    bool  open;

    if (verb == CXR_VERB_REOPEN) {
        return cxr_rma_closed(rma) ? l->decision != CXR_DECISION_DECLINED
                                   : cxr_line_movable(l, verb);
    }

    /* what was released before an RMA was closed is settled all the same */

    open = !cxr_rma_closed(rma);

    switch (verb) {

    case CXR_VERB_RECEIVE:
        return open && l->decision == CXR_DECISION_APPROVED
               && l->counted < l->quantity
               && cxr_line_movable(l, verb);

    case CXR_VERB_GRADE:
        return open && l->graded < l->counted;

    case CXR_VERB_RELEASE:
        return open && l->release != CXR_RELEASE_NONE
               && (l->failed || l->told_units < cxr_line_units(l))
               && cxr_line_movable(l, verb);

    case CXR_VERB_CONFIRM:
        return (l->told_units > l->settled_units || l->told > l->settled)
               && cxr_line_movable(l, verb);

    case CXR_VERB_FAIL:
        return (l->told_units > l->settled_units || l->told > l->settled)
               && cxr_line_movable(l, verb);

    case CXR_VERB_CANCEL:
        return cxr_rma_cancellable(rma);

    case CXR_VERB_EXPIRE:
        return cxr_rma_unsent(rma);

    case CXR_VERB_OVERDUE:
        return open && cxr_line_overdue(rma, l);

    case CXR_VERB_PARCEL:
        return open && cxr_rma_awaits_parcel(rma);

    case CXR_VERB_PAID:
        return cxr_rma_due_limit(rma) > 0;

    case CXR_VERB_REPAID:
        return rma->due_told > rma->due_back;

    case CXR_VERB_NOTE:
        return true;

    default:
        return open && cxr_line_movable(l, verb);
    }
}


bool
cxr_rma_may(const cxr_rma_t *rma, unsigned verb, cxr_actor_t kind)
{
    uint32_t        i;
    cxr_rma_line_t  l;

    if (verb >= CXR_VERBS || (cxr_verbs[verb].who & (1u << kind)) == 0) {
        return false;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = rma->lines.items[i];
        cxr_line_upgrade(&l);

        if (cxr_rma_moves(rma, verb, &l)) {
            return true;
        }
    }

    return false;
}


cxr_rc_t
cxr_rma_targets(const cxr_rma_t *rma, unsigned verb, const cxr_strs_t *names,
    cxr_arena_t *a, cxr_strs_t *items, cxr_refusal_t *no)
{
    bool             known;
    char             where[32];
    uint32_t         i, j, n;
    cxr_rma_line_t  *l;

    items->n = 0;
    items->items = cxr_calloc(a, (size_t) rma->lines.n + 1,
                              sizeof(cxr_str_t));
    if (items->items == NULL) {
        return CXR_NOMEM;
    }

    for (j = 0; names->n == 0 && j < rma->lines.n; j++) {
        l = &rma->lines.items[j];

        if (cxr_rma_moves(rma, verb, l)) {
            items->items[items->n++] = l->item;
        }
    }

    for (i = 0; i < names->n; i++) {
        snprintf(where, sizeof(where), "/lines/%u", i);

        /* an item, or a line of the order: then all that it has become here */

        n = items->n;
        known = false;

        l = cxr_rma_item(rma, names->items[i]);

        if (l != NULL) {
            known = true;

            if (cxr_rma_moves(rma, verb, l)) {
                cxr_strs_once(items, l->item);
                continue;
            }
        }

        for (j = 0; j < rma->lines.n; j++) {
            l = &rma->lines.items[j];

            if (!cxr_str_eq(l->line, names->items[i])) {
                continue;
            }

            known = true;

            if (cxr_rma_moves(rma, verb, l)) {
                cxr_strs_once(items, l->item);
            }
        }

        if (!known) {
            return cxr_refuse(no, "line_unknown", where,
                              "the RMA has no such line");
        }

        if (items->n == n) {
            for (j = 0; j < items->n; j++) {
                if (cxr_str_eq(items->items[j], names->items[i])) {
                    break;
                }
            }

            if (j == items->n) {
                return cxr_rma_refuse(verb, where, no);
            }
        }
    }

    return items->n != 0 ? CXR_OK : cxr_rma_refuse(verb, "/lines", no);
}


cxr_rc_t
cxr_rma_refuse(unsigned verb, const char *where, cxr_refusal_t *no)
{
    return cxr_refuse(no, cxr_verbs[verb].refusal, where, "%s",
                      cxr_verbs[verb].refusal_text);
}


cxr_rc_t
cxr_rma_check_reason(cxr_str_t text, cxr_refusal_t *no)
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


static bool
cxr_rma_cancellable(const cxr_rma_t *rma)
{
    uint32_t               i;
    const cxr_rma_line_t  *l;

    if (cxr_rma_closed(rma) || rma->status == CXR_RMA_COMPLETED
        || rma->status == CXR_RMA_DECLINED)
    {
        return false;
    }

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->parcel > CXR_PARCEL_LABEL_ISSUED
            || l->receipt != CXR_RECEIPT_AWAITING
            || l->told_units != 0)
        {
            return false;
        }
    }

    return true;
}


/* Decided, with a label, and nothing has happened since. */

static bool
cxr_rma_unsent(const cxr_rma_t *rma)
{
    uint32_t               i, awaited;
    const cxr_rma_line_t  *l;

    if (!cxr_rma_cancellable(rma) || rma->label_expires == CXR_TIME_NONE) {
        return false;
    }

    for (i = 0, awaited = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (l->decision == CXR_DECISION_PENDING
            || l->decision == CXR_DECISION_INFO_NEEDED)
        {
            return false;
        }

        awaited += (l->decision == CXR_DECISION_APPROVED && !l->no_return);
    }

    return awaited != 0;
}


static bool
cxr_line_overdue(const cxr_rma_t *rma, const cxr_rma_line_t *l)
{
    return l->instant && !rma->overdue && rma->instant_due != CXR_TIME_NONE
           && l->told_units != 0
           && cxr_rma_proven_fact(rma) <= CXR_PARCEL_LABEL_ISSUED
           && l->receipt == CXR_RECEIPT_AWAITING;
}


static void
cxr_strs_once(cxr_strs_t *strs, cxr_str_t s)
{
    uint32_t  i;

    for (i = 0; i < strs->n; i++) {
        if (cxr_str_eq(strs->items[i], s)) {
            return;
        }
    }

    strs->items[strs->n++] = s;
}
