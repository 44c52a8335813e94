
/*
 * The portal's form where something is wrong with what came, or it never came:
 * how its lines are judged, and the photos that it carries from step to step.
 */

#include "cxr_portal_form.h"


static unsigned
portal_claim_by(const cxr_policy_t *policy, cxr_str_t code)
{
    const cxr_reason_t  *reason = cxr_policy_reason(policy, code);

    return reason != NULL ? reason->claim : CXR_CLAIM_NONE;
}


static unsigned
portal_claim_of(const cxr_policy_t *policy, const cxr_portal_pick_t *pick)
{
    return pick != NULL ? portal_claim_by(policy, pick->reason)
                        : CXR_CLAIM_NONE;
}


void
cxr_portal_ask_of(const cxr_portal_form_t *form, const cxr_policy_t *policy,
    uint32_t index, cxr_policy_ask_t *ask)
{
    const cxr_portal_pick_t  *pick;

    memset(ask, 0, sizeof(*ask));

    ask->gift = form->gift;
    pick = cxr_portal_pick(form, index);

    if (portal_claim_of(policy, pick) != CXR_CLAIM_NONE) {
        ask->kind = CXR_KIND_CLAIM;
        ask->reason = pick->reason;
        return;
    }

    /* on the way of a claim, whatever it will be; but a reason that claims
       nothing is a return's, wherever it was chosen */

    if (form->claim
        && (pick == NULL || cxr_policy_reason(policy, pick->reason) == NULL))
    {
        ask->kind = CXR_KIND_CLAIM;
    }
}


cxr_rc_t
cxr_portal_photos(cxr_portal_form_t *form, const cxr_keyring_t *ring,
    cxr_str_t scope, cxr_arena_t *a)
{
    uint32_t             i, k, n;
    cxr_rc_t             rc;
    cxr_portal_pick_t   *pick;
    cxr_portal_photo_t  *photo;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        for (k = 0, n = 0; k < pick->photos.n; k++) {
            photo = &pick->photos.items[k];

            rc = cxr_ticket_open(ring, scope, photo->ticket, a, &photo->ref);

            if (rc == CXR_OK) {
                pick->photos.items[n++] = *photo;
                continue;
            }

            if (rc != CXR_INVALID
                || cxr_portal_fault(&form->faults, a, CXR_AT_PHOTO,
                                    pick->index, "form.photo_gone")
                   != CXR_OK)
            {
                return CXR_NOMEM;
            }
        }

        pick->photos.n = n;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_portal_photo_gone(cxr_portal_form_t *form, cxr_str_t hash, cxr_arena_t *a)
{
    uint32_t            i, k, n;
    cxr_rc_t            rc;
    cxr_portal_pick_t  *pick;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];

        for (k = 0, n = 0; k < pick->photos.n; k++) {
            if (!cxr_str_eq(pick->photos.items[k].ref.hash, hash)) {
                pick->photos.items[n++] = pick->photos.items[k];
            }
        }

        if (n == pick->photos.n) {
            continue;
        }

        pick->photos.n = n;

        rc = cxr_portal_fault(&form->faults, a, CXR_AT_PHOTO, pick->index,
                              "form.photo_gone");
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


bool
cxr_portal_turns(cxr_portal_form_t *form, const cxr_policy_t *policy,
    const cxr_judgement_t *judgements)
{
    uint32_t            i;
    unsigned            claim, other;
    cxr_portal_pick_t  *pick;

    for (i = 0; i < form->picks.n; i++) {
        pick = &form->picks.items[i];
        claim = portal_claim_of(policy, pick);

        if (pick->quantity == 0) {
            continue;
        }

        /* of some units; what is wanted of them is asked for with the rest */

        other = pick->split != 0
                ? portal_claim_by(policy, pick->other_reason)
                : CXR_CLAIM_NONE;

        if (other != CXR_CLAIM_NONE && other != pick->other_seen
            && pick->other_seen != CXR_CLAIMS)
        {
            form->turned = true;
        }

        if (claim == CXR_CLAIM_NONE || claim == pick->seen
            || pick->seen == CXR_CLAIMS)
        {
            continue;
        }

        form->turned = true;

        if (pick->has_outcome
            && (judgements[pick->index].outcomes & (1u << pick->outcome)) == 0)
        {
            pick->has_outcome = false;
        }
    }

    return form->turned;
}


cxr_rc_t
cxr_portal_refs(const cxr_portal_pick_t *pick, cxr_arena_t *a,
    cxr_photo_refs_t *out)
{
    uint32_t          i;
    cxr_photo_ref_t  *ref;

    memset(out, 0, sizeof(*out));

    for (i = 0; i < pick->photos.n; i++) {
        ref = cxr_list_push(a, out, sizeof(*ref));
        if (ref == NULL) {
            return CXR_NOMEM;
        }

        *ref = pick->photos.items[i].ref;

        if (cxr_str_dup(a, ref->hash, &ref->hash) != CXR_OK) {
            return CXR_NOMEM;
        }
    }

    return CXR_OK;
}
