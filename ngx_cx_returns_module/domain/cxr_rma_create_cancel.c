
/*
 * A line of what was not sent yet, on its way to become one of a cancellation.
 */

#include "cxr_cancel.h"
#include "cxr_policy_rule.h"
#include "cxr_rma_create_private.h"


static cxr_rc_t cxr_cancel_refused(cxr_rma_build_t *b, const cxr_cancel_t *may,
    uint8_t *advice);


/* What the law gives for a withdrawal before the delivery, it gives here, too:
   nothing is kept back, and the delivery that will not be is paid back. */

cxr_rc_t
cxr_rma_build_cancel(cxr_rma_build_t *b, const cxr_order_line_t *own)
{
    cxr_rc_t           rc;
    uint8_t            advice;
    cxr_cancel_t       may;
    cxr_rma_line_t    *out;
    cxr_policy_ask_t   ask;

    out = b->out;

    if (out->outcome != CXR_OUT_REFUND) {
        return cxr_rma_no(b, "outcome_not_offered", "/outcome",
                          "what is cancelled is paid back");
    }

    if (out->reason.len != 0
        && cxr_cancel_reason(b->world->policy, out->reason) == NULL)
    {
        return cxr_rma_no(b, "reason_unknown", "/reason",
                          "the shop has no such reason to cancel");
    }

    if (b->asked->photos.n != 0) {
        rc = cxr_rma_no(b, "too_many_photos", "/photos",
                        "a cancellation has no photos");
        b->no->have = b->asked->photos.n;
        return rc;
    }

    memset(&ask, 0, sizeof(ask));
    ask.kind = CXR_KIND_CANCELLATION;
    ask.reason = out->reason;
    ask.language = b->ask->locale;

    cxr_cancel_line(&b->judged, own, &ask, &may);

    advice = CXR_MAY_RETURN;
    rc = cxr_cancel_refused(b, &may, &advice);

    /* staff know better, but not that a parcel is none */

    if (rc == CXR_REFUSED && b->ask->by_staff
        && may.verdict != CXR_CANCEL_SENT)
    {
        out->advice = advice;
        b->overrides = true;
        rc = CXR_OK;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (may.rule != NULL && may.verdict == CXR_CANCEL_MAY && may.rule->review) {
        rc = cxr_rma_held(b, CXR_HELD_RULE, may.rule->id);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    b->approve &= may.verdict == CXR_CANCEL_MAY && may.rule != NULL
                  && !may.rule->review;

    out->release = CXR_RELEASE_ON_SUBMIT;
    out->no_return = true;
    out->pays_back = true;
    out->by_right = true;
    out->delivery_of = cxr_order_delivery_paid(b->order);
    out->delivery_mode = out->delivery_of != 0 ? CXR_DELIVERY_LAST
                                               : CXR_DELIVERY_NONE;

    return cxr_rma_build_paid(b);
}


static cxr_rc_t
cxr_cancel_refused(cxr_rma_build_t *b, const cxr_cancel_t *may,
    uint8_t *advice)
{
    cxr_rc_t  rc;

    switch (may->verdict) {

    case CXR_CANCEL_MAY:
        return CXR_OK;

    case CXR_CANCEL_OFF:
        *advice = CXR_NO_OUTCOME;
        return cxr_rma_no(b, "cancel_not_offered", "/line",
                          "the shop's file offers no cancellation");

    case CXR_CANCEL_OVER:
        *advice = CXR_NO_WINDOW_OVER;
        rc = cxr_rma_no(b, "cancel_over", "/line",
                        "the time for cancelling the line is over");
        b->no->when = may->until;
        return rc;

    case CXR_CANCEL_EXCLUDED:
        *advice = CXR_NO_DENIED;
        return cxr_rma_no(b, "cancel_excluded", "/line",
                          "a line with such a tag is not cancelled");

    case CXR_CANCEL_DENIED:
        *advice = CXR_NO_DENIED;
        return cxr_rma_no(b, "denied", "/line",
                          "a rule of the policy denies it");

    case CXR_CANCEL_TAKEN:
        return cxr_rma_no(b, "already_returned", "/quantity",
                          "every unit of the line is in an RMA already");

    default:
        return cxr_rma_no(b, "cancel_sent", "/line",
                          "a parcel with the line has been named");
    }
}
