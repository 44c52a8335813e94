
/*
 * What the shop's file says of each kind of claim:
 *
 *   "claims": { "damaged": { "photos": "required", "window_days": 60,
 *                            "goods_back": false,
 *                            "outcomes": ["replacement", "refund"] },
 *               "lost": { "after_hours": 48, "late_days": 7 } }
 */

#include <stdio.h>

#include "cxr_shop_private.h"


static void cxr_shop_claim(json_t *json, unsigned claim, cxr_arena_t *a,
    cxr_claim_terms_t *terms, cxr_json_faults_t *faults);


cxr_need_t
cxr_shop_need(cxr_jr_t *r)
{
    unsigned  which;

    /* not to be written: what is unsaid is left out */

    which = UINT32_MAX;

    cxr_jr_choice(r, "photos", cxr_need_names + 1, 0, &which);

    return which == UINT32_MAX ? CXR_NEED_UNSAID : (cxr_need_t) (which + 1);
}


void
cxr_shop_claims(json_t *json, cxr_arena_t *a, cxr_policy_t *policy,
    cxr_json_faults_t *faults)
{
    json_t    *kinds[CXR_CLAIMS];
    cxr_jr_t   r;
    unsigned   claim;

    policy->claims[CXR_CLAIM_LOST].after_hours = CXR_CLAIM_AFTER_HOURS;
    policy->claims[CXR_CLAIM_LOST].late_days = CXR_CLAIM_LATE_DAYS;

    if (json == NULL
        || !cxr_jr_begin(&r, json, "/policy/claims", a, faults))
    {
        return;
    }

    memset(kinds, 0, sizeof(kinds));

    for (claim = CXR_CLAIM_DAMAGED; claim < CXR_CLAIMS; claim++) {
        cxr_jr_object(&r, cxr_claim_names[claim], 0, &kinds[claim]);
    }

    cxr_jr_end(&r);

    for (claim = CXR_CLAIM_DAMAGED; claim < CXR_CLAIMS; claim++) {
        if (kinds[claim] != NULL) {
            cxr_shop_claim(kinds[claim], claim, a, &policy->claims[claim],
                           faults);
        }
    }
}


static void
cxr_shop_claim(json_t *json, unsigned claim, cxr_arena_t *a,
    cxr_claim_terms_t *terms, cxr_json_faults_t *faults)
{
    bool       back;
    char       path[48];
    cxr_jr_t   r;

    snprintf(path, sizeof(path), "/policy/claims/%s", cxr_claim_names[claim]);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    terms->photos = (uint8_t) cxr_shop_need(&r);
    terms->has_window = json_object_get(json, "window_days") != NULL;

    cxr_jr_u32(&r, "window_days", 0, CXR_POLICY_DAYS_MAX, 0,
               &terms->window_days);
    cxr_jr_names(&r, "outcomes", cxr_outcome_names, 0, &terms->outcomes);

    /* of what never came there is nothing to send back */

    if (claim < CXR_CLAIM_MISSING) {
        back = true;
        cxr_jr_bool(&r, "goods_back", 0, &back);
        terms->keep = !back;
    }

    if (claim == CXR_CLAIM_LOST) {
        cxr_jr_u32(&r, "after_hours", 0, 24 * CXR_POLICY_DAYS_MAX, 0,
                   &terms->after_hours);
        cxr_jr_u32(&r, "late_days", 0, CXR_POLICY_DAYS_MAX, 0,
                   &terms->late_days);
    }

    cxr_jr_end(&r);
}
