
/*
 * Claims: that something was damaged, another thing or missing, and that a
 * parcel never came.  What the policy says of each kind, and from when on what
 * is merely late may be called lost.
 */

#include "cxr_policy_private.h"


const cxr_reason_t *
cxr_claim_reason(const cxr_policy_t *policy, unsigned claim)
{
    uint32_t  i;

    for (i = 0; i < policy->reasons.n; i++) {
        if (policy->reasons.items[i].claim == claim) {
            return &policy->reasons.items[i];
        }
    }

    return NULL;
}


bool
cxr_claims_any(const cxr_policy_t *policy)
{
    uint32_t  i;

    for (i = 0; i < policy->reasons.n; i++) {
        if (policy->reasons.items[i].claim != CXR_CLAIM_NONE) {
            return true;
        }
    }

    return false;
}


/*
 * The reason's own word counts before that of its kind.  Who asks for a return
 * is not asked for photos unless the reason says so; of what never came there
 * is nothing to be seen.
 */

cxr_need_t
cxr_claim_photos(const cxr_policy_t *policy, const cxr_reason_t *reason)
{
    if (reason->photos != CXR_NEED_UNSAID) {
        return reason->photos;
    }

    if (reason->claim == CXR_CLAIM_NONE) {
        return CXR_NEED_NONE;
    }

    if (policy->claims[reason->claim].photos != CXR_NEED_UNSAID) {
        return policy->claims[reason->claim].photos;
    }

    return reason->claim == CXR_CLAIM_LOST ? CXR_NEED_NONE : CXR_NEED_OPTIONAL;
}


bool
cxr_claim_keeps(const cxr_policy_t *policy, const cxr_reason_t *reason)
{
    if (reason->claim == CXR_CLAIM_NONE) {
        return false;
    }

    if (reason->claim >= CXR_CLAIM_MISSING) {
        return true;
    }

    if (reason->goods != CXR_NEED_UNSAID) {
        return reason->goods == CXR_NEED_NONE;
    }

    return policy->claims[reason->claim].keep;
}


/* What the carrier told last: a time that it gave, not when it was told us. */

static cxr_time_t
cxr_claim_heard(const cxr_shipment_t *parcel)
{
    uint32_t    i;
    cxr_time_t  at;

    at = parcel->status_at;

    for (i = 0; i < parcel->scans.n; i++) {
        if (!parcel->scans.items[i].retracted
            && parcel->scans.items[i].at > at)
        {
            at = parcel->scans.items[i].at;
        }
    }

    return at;
}


cxr_time_t
cxr_claim_missing(const cxr_policy_t *policy, const cxr_shipment_t *parcel)
{
    cxr_time_t                at;
    const cxr_claim_terms_t  *terms;

    terms = &policy->claims[CXR_CLAIM_LOST];

    switch (parcel->status) {

    case CXR_SHIP_UNKNOWN:
    case CXR_SHIP_CANCELLED:
    case CXR_SHIP_EXPIRED:
        return CXR_TIME_NONE;

    case CXR_SHIP_DELIVERED:
        return parcel->delivered_at == CXR_TIME_NONE
               ? CXR_TIME_NONE
               : parcel->delivered_at + terms->after_hours * CXR_HOUR;

    case CXR_SHIP_RETURNING:
    case CXR_SHIP_RETURNED:
        at = cxr_claim_heard(parcel);
        break;

    default:
        at = cxr_claim_heard(parcel);

        if (parcel->reason == CXR_WHY_LOST) {
            break;
        }

        /* a promise that was heard of again after it passed is none */

        if (parcel->eta_to > at) {
            at = parcel->eta_to;
        }

        if (at != CXR_TIME_NONE) {
            at += terms->late_days * CXR_DAY;
        }
    }

    return at;
}


bool
cxr_claim_may_miss(const cxr_policy_t *policy,
    const cxr_shipment_t *const *parcels, size_t n, cxr_time_t now)
{
    size_t      i;
    cxr_time_t  from;

    if (cxr_claim_reason(policy, CXR_CLAIM_LOST) == NULL) {
        return false;
    }

    for (i = 0; i < n; i++) {
        if (parcels[i] == NULL
            || parcels[i]->direction != CXR_PARCEL_OUTBOUND)
        {
            continue;
        }

        from = cxr_claim_missing(policy, parcels[i]);

        if (from != CXR_TIME_NONE && from <= now) {
            return true;
        }
    }

    return false;
}


cxr_time_t
cxr_claim_missing_line(const cxr_policy_case_t *c,
    const cxr_order_line_t *line)
{
    size_t                 i;
    cxr_time_t             first, at;
    const cxr_shipment_t  *p;

    first = CXR_TIME_NONE;

    for (i = 0; i < c->nparcels && line->origin_rma.len == 0; i++) {
        p = c->parcels[i];

        if (p == NULL || p->direction != CXR_PARCEL_OUTBOUND
            || !cxr_policy_holds(c->order, p, line->line))
        {
            continue;
        }

        at = cxr_claim_missing(c->policy, p);

        if (at != CXR_TIME_NONE && (first == CXR_TIME_NONE || at < first)) {
            first = at;
        }
    }

    if (first != CXR_TIME_NONE) {
        return first;
    }

    at = line->origin_rma.len != 0 ? line->sent_at : c->order->placed_at;

    return at + (c->policy->fallback_days
                 + c->policy->claims[CXR_CLAIM_LOST].late_days) * CXR_DAY;
}
