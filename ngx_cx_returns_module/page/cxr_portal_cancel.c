
/*
 * What is typed on the page that cancels.
 */

#include "cxr_portal_cancel.h"


cxr_rc_t
cxr_portal_cancel(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_portal_form_t *form)
{
    size_t             i;
    uint32_t           k;
    cxr_rc_t           rc;
    cxr_portal_pick_t  pick;

    form->cancel = true;
    form->cancel_reason = CXR_STR_NONE;
    form->method = CXR_STR_NONE;
    form->instant = false;

    for (i = 0; i < n; i++) {
        if (!cxr_str_is(pairs[i].name, "reason")) {
            continue;
        }

        if (form->cancel_reason.data != NULL) {
            return CXR_INVALID;
        }

        rc = cxr_str_dup(a, pairs[i].value, &form->cancel_reason);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    for (k = 0; k < form->picks.n; k++) {
        memset(&pick, 0, sizeof(pick));
        pick.index = form->picks.items[k].index;
        pick.quantity = form->picks.items[k].quantity;
        pick.typed = form->picks.items[k].typed;
        pick.has_outcome = true;
        pick.outcome = CXR_OUT_REFUND;
        pick.reason = form->cancel_reason;
        form->picks.items[k] = pick;
    }

    return CXR_OK;
}


bool
cxr_portal_check_cancel(cxr_portal_form_t *form, const cxr_policy_t *policy,
    const cxr_cancel_t *cancels, cxr_arena_t *a)
{
    uint32_t                  i;
    const cxr_cancel_t       *c;
    const cxr_portal_pick_t  *pick;

    static const char *const  refusals[CXR_CANCEL_VERDICTS] = {
        [CXR_CANCEL_OFF] = "refusal.cancel_not_offered",
        [CXR_CANCEL_SENT] = "refusal.cancel_sent",
        [CXR_CANCEL_TAKEN] = "cancel.why.taken",
        [CXR_CANCEL_OVER] = "refusal.cancel_over",
        [CXR_CANCEL_EXCLUDED] = "refusal.cancel_excluded",
        [CXR_CANCEL_DENIED] = "cancel.why.denied"
    };

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];
        c = &cancels[pick->index];

        if (pick->quantity == 0) {
            continue;
        }

        if (c->verdict != CXR_CANCEL_MAY) {
            (void) cxr_portal_fault_of(&form->faults, a, CXR_AT_QUANTITY,
                                       pick->index, refusals[c->verdict], 0,
                                       pick->quantity, c->until);

        } else if (pick->quantity > c->units) {
            (void) cxr_portal_fault_of(&form->faults, a, CXR_AT_QUANTITY,
                                       pick->index, "cancel.too_many",
                                       c->units, pick->quantity,
                                       CXR_TIME_NONE);
        }
    }

    if (form->cancel_reason.len != 0
        && cxr_cancel_reason(policy, form->cancel_reason) == NULL)
    {
        (void) cxr_portal_fault(&form->faults, a, CXR_AT_FORM, 0,
                                "refusal.reason_unknown");
    }

    if (cxr_portal_chosen(form) == 0 && form->faults.n == 0) {
        (void) cxr_portal_fault(&form->faults, a, CXR_AT_FORM, 0,
                                "cancel.choose");
    }

    return form->faults.n == 0;
}
