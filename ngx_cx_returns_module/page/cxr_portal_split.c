
/*
 * Of several units of a line some may have another reason than the rest, and be
 * made good in another way: "one is broken, two are too big".
 */

#include "cxr_portal_split.h"

#include "cxr_text.h"


static cxr_rc_t cxr_portal_split_why(const cxr_raw_line_t *line,
    cxr_arena_t *a, cxr_portal_pick_t *pick, cxr_portal_faults_t *faults);


uint8_t
cxr_portal_seen(cxr_str_t v)
{
    int  claim;

    claim = cxr_str_is(v, CXR_PORTAL_SEEN_ANY)
            ? CXR_CLAIMS : cxr_name_index(cxr_claim_names, v);

    return claim > 0 ? (uint8_t) claim : CXR_CLAIM_NONE;
}


cxr_rc_t
cxr_portal_split(const cxr_raw_line_t *line, cxr_arena_t *a,
    cxr_portal_pick_t *pick, cxr_portal_faults_t *faults)
{
    uint64_t            v = 0;
    cxr_rc_t            rc;
    cxr_str_t           s;
    const char         *wrong = NULL, *unasked = NULL;
    cxr_portal_pick_t   other;

    s = cxr_str_trim(line->value[CXR_RAW_SPLIT]);

    if (s.len != 0 && !cxr_parse_uint(s, CXR_LINE_QUANTITY_MAX, &v)) {
        wrong = "form.quantity_wrong";
        v = 0;
    }

    memset(&other, 0, sizeof(other));
    rc = cxr_portal_outcome(line->value[CXR_RAW_OTHER], a, &other,
                            v != 0 ? &wrong : &unasked);

    pick->split = (uint32_t) v;
    pick->has_other = other.has_outcome;
    pick->other = other.outcome;
    pick->other_sku = other.exchange_sku;

    if (rc == CXR_OK && wrong != NULL && pick->quantity > 0) {
        rc = cxr_portal_fault(faults, a, CXR_AT_OTHER, pick->index, wrong);
    }

    return rc == CXR_OK ? cxr_portal_split_why(line, a, pick, faults) : rc;
}


/* Of a line that is not split it is kept, without complaint. */

static cxr_rc_t
cxr_portal_split_why(const cxr_raw_line_t *line, cxr_arena_t *a,
    cxr_portal_pick_t *pick, cxr_portal_faults_t *faults)
{
    bool       told;
    size_t     over = 0;
    cxr_rc_t   rc;
    cxr_str_t  s;

    told = pick->quantity > 0 && pick->split > 0;
    s = line->value[CXR_RAW_OTHER_REASON];
    rc = CXR_OK;

    pick->other_seen = cxr_portal_seen(line->value[CXR_RAW_OTHER_CLAIM]);

    if (s.len <= CXR_PORTAL_CODE_MAX && cxr_is_slug(s, CXR_PORTAL_CODE_MAX)) {
        rc = cxr_str_dup(a, s, &pick->other_reason);

    } else if (s.len && told) {
        rc = cxr_portal_fault(faults, a, CXR_AT_OTHER_REASON, pick->index,
                              "refusal.reason_unknown");
    }

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_form_text(a, line->value[CXR_RAW_OTHER_NOTE], CXR_TEXT_BLOCK,
                       CXR_NOTE_MAX, &pick->other_note, &over);

    if (rc == CXR_NOMEM || !told) {
        return rc == CXR_NOMEM ? rc : CXR_OK;
    }

    if (rc != CXR_OK) {
        return cxr_portal_fault(faults, a, CXR_AT_OTHER_NOTE, pick->index,
                                "form.note_unreadable");
    }

    return over ? cxr_portal_fault_of(faults, a, CXR_AT_OTHER_NOTE,
                                      pick->index, "form.note_long",
                                      (int64_t) over, CXR_NOTE_MAX,
                                      CXR_TIME_NONE)
                : CXR_OK;
}


static bool
cxr_portal_other_why(const cxr_portal_pick_t *pick)
{
    return pick->other_reason.len != 0
           && !cxr_str_eq(pick->other_reason, pick->reason);
}


bool
cxr_portal_part(const cxr_portal_pick_t *pick, unsigned part,
    cxr_portal_pick_t *out)
{
    bool  two;

    /* the same twice is no split */

    two = pick->split != 0 && pick->split < pick->quantity && pick->has_other
          && (cxr_portal_other_why(pick)
              || !(pick->has_outcome && pick->other == pick->outcome
                   && cxr_str_eq(pick->other_sku, pick->exchange_sku)));

    *out = *pick;

    if (part > (two ? 1 : 0)) {
        return false;
    }

    if (part == 1) {
        out->quantity = pick->split;
        out->has_outcome = true;
        out->outcome = pick->other;
        out->exchange_sku = pick->other_sku;

        if (cxr_portal_other_why(pick)) {
            out->reason = pick->other_reason;
            out->note = pick->other_note;
        }

    } else if (two) {
        out->quantity -= pick->split;
    }

    if (two && pick->photo_parts != 0
        && (pick->photo_parts & (1u << part)) == 0)
    {
        out->photos.n = 0;
    }

    return true;
}


bool
cxr_portal_ask_other(const cxr_portal_form_t *form,
    const cxr_policy_t *policy, uint32_t index, cxr_policy_ask_t *ask)
{
    const cxr_reason_t       *reason;
    const cxr_portal_pick_t  *pick;

    memset(ask, 0, sizeof(*ask));

    pick = cxr_portal_pick(form, index);
    reason = pick != NULL && cxr_portal_other_why(pick)
             ? cxr_policy_reason(policy, pick->other_reason) : NULL;

    if (reason == NULL) {
        ask->kind = CXR_KIND_CLAIM;
        return false;
    }

    if (reason->claim != CXR_CLAIM_NONE) {
        ask->kind = CXR_KIND_CLAIM;
        ask->reason = reason->code;
    }

    return true;
}


const cxr_portal_pick_t *
cxr_portal_check_other(cxr_portal_form_t *form, uint32_t i,
    const cxr_policy_t *policy, cxr_arena_t *a)
{
    cxr_rc_t             rc;
    cxr_portal_pick_t   *pick;
    const cxr_reason_t  *reason, *other;

    pick = &form->picks.items[i];
    pick->photo_parts = 0;

    if (pick->split == 0 || !cxr_portal_other_why(pick)) {
        return pick;
    }

    reason = cxr_policy_reason(policy, pick->reason);
    other = cxr_policy_reason(policy, pick->other_reason);
    rc = CXR_OK;

    if (other == NULL) {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_OTHER_REASON,
                              pick->index, "refusal.reason_unknown");

        return rc == CXR_OK ? pick : NULL;
    }

    /* a photo shows what is wrong with those that it is wanted of */

    if (reason != NULL && cxr_claim_photos(policy, reason) > CXR_NEED_NONE) {
        pick->photo_parts |= 1u;
    }

    if (cxr_claim_photos(policy, other) > CXR_NEED_NONE) {
        pick->photo_parts |= 2u;
    }

    if (pick->photos.n == 0
        && cxr_claim_photos(policy, other) == CXR_NEED_REQUIRED)
    {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_PHOTO, pick->index,
                              "refusal.photo_missing");
    }

    if (rc == CXR_OK && other->note && pick->other_note.len == 0) {
        rc = cxr_portal_fault(&form->faults, a, CXR_AT_OTHER_NOTE,
                              pick->index, "refusal.note_missing");
    }

    return rc == CXR_OK ? pick : NULL;
}


unsigned
cxr_portal_other_at(const cxr_portal_pick_t *pick, unsigned at)
{
    switch (at) {

    case CXR_AT_OUTCOME:
    case CXR_AT_QUANTITY:
        return CXR_AT_OTHER;

    case CXR_AT_REASON:
        return cxr_portal_other_why(pick) ? CXR_AT_OTHER_REASON : at;

    case CXR_AT_NOTE:
        return cxr_portal_other_why(pick) ? CXR_AT_OTHER_NOTE : at;

    default:
        return at;
    }
}
