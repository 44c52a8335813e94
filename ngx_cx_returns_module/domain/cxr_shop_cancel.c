
/*
 * What the shop's file says of cancelling what was not sent yet:
 *
 *   "cancellation": { "window_minutes": 120, "auto_approve": false,
 *                     "except_tags": ["engraved"],
 *                     "reasons": [{ "code": "too_slow" }],
 *                     "text": { "tr": "...", "en": "..." } }
 *
 * Absent: nothing can be cancelled.
 */

#include <stdio.h>

#include "cxr_shop_private.h"


static cxr_rc_t cxr_cancel_reasons(json_t *json, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);


/* Where the file has no "reasons"; the catalogues have a text for each. */
static const char *const  cxr_cancel_codes[] = {
    "changed_mind", "ordered_by_mistake", "wrong_details", "too_slow",
    "better_price", "other"
};


cxr_rc_t
cxr_shop_cancel(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    size_t               i;
    json_t              *reasons;
    cxr_rc_t             rc;
    cxr_jr_t             r;
    cxr_reason_t        *reason;
    cxr_cancel_terms_t  *terms;

    terms = &shop->policy.cancels;
    reasons = NULL;

    if (json == NULL
        || !cxr_jr_begin(&r, json, "/policy/cancellation", a, faults))
    {
        return CXR_OK;
    }

    terms->on = true;

    cxr_jr_u32(&r, "window_minutes", 1, CXR_CANCEL_MINUTES_MAX, 0,
               &terms->minutes);
    cxr_jr_bool(&r, "auto_approve", CXR_JR_REQUIRED, &terms->auto_approve);
    cxr_jr_strs(&r, "except_tags", CXR_POLICY_TAGS_MAX, CXR_TAG_MAX, 0,
                &terms->not_tags);
    cxr_jr_array(&r, "reasons", CXR_POLICY_REASONS_MAX, 0, &reasons);

    rc = cxr_jr_texts(&r, "text", CXR_REASON_TEXT_MAX, 0, shop, &terms->text);
    cxr_jr_end(&r);

    if (rc != CXR_OK || reasons != NULL) {
        return rc == CXR_OK ? cxr_cancel_reasons(reasons, a, shop, faults)
                            : rc;
    }

    for (i = 0; i < cxr_nelts(cxr_cancel_codes); i++) {
        reason = cxr_list_push(a, &terms->reasons, sizeof(*reason));
        if (reason == NULL) {
            return CXR_NOMEM;
        }

        memset(reason, 0, sizeof(*reason));
        reason->code = cxr_strz(cxr_cancel_codes[i]);
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_cancel_reasons(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char                 path[60];
    size_t               i;
    uint32_t             j;
    cxr_rc_t             rc;
    cxr_jr_t             r;
    cxr_reason_t        *reason;
    cxr_cancel_terms_t  *terms;

    terms = &shop->policy.cancels;

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(path, sizeof(path), "/policy/cancellation/reasons/%zu", i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), path, a, faults)) {
            continue;
        }

        reason = cxr_list_push(a, &terms->reasons, sizeof(*reason));
        if (reason == NULL) {
            return CXR_NOMEM;
        }

        memset(reason, 0, sizeof(*reason));

        cxr_jr_slug(&r, "code", CXR_REASON_CODE_MAX, CXR_JR_REQUIRED,
                    &reason->code);
        rc = cxr_jr_texts(&r, "text", CXR_REASON_TEXT_MAX, 0, shop,
                          &reason->text);
        if (rc != CXR_OK) {
            return rc;
        }

        for (j = 0; j + 1 < terms->reasons.n; j++) {
            if (reason->code.len != 0
                && cxr_str_eq(terms->reasons.items[j].code, reason->code))
            {
                cxr_jr_fault(&r, "code", "must differ from the reasons before "
                             "it");
                break;
            }
        }

        cxr_jr_end(&r);
    }

    return CXR_OK;
}
