
/*
 * What the files of the portal's form share: a line's fields as they came, and
 * how some of its units are split off.
 */

#ifndef _CXR_PORTAL_SPLIT_H_INCLUDED_
#define _CXR_PORTAL_SPLIT_H_INCLUDED_

#include "cxr_portal_form.h"

/* the fields of a line, in the order of their letters; bits of
   cxr_raw_line_t.seen */
enum {
    CXR_RAW_CHECK = 0,
    CXR_RAW_QUANTITY,
    CXR_RAW_REASON,
    CXR_RAW_NOTE,
    CXR_RAW_OUTCOME,
    CXR_RAW_CLAIM,
    CXR_RAW_PHOTO,                 /* any number of times                     */
    CXR_RAW_SPLIT,
    CXR_RAW_OTHER,
    CXR_RAW_OTHER_REASON,
    CXR_RAW_OTHER_NOTE,
    CXR_RAW_OTHER_CLAIM,
    CXR_RAW_FIELDS
};

/* One line's values as they came. */
typedef struct {
    unsigned    seen;
    cxr_str_t   value[CXR_RAW_FIELDS];
    cxr_strs_t  photos;
} cxr_raw_line_t;

/* "refund", or "exchange:<sku>", into the pick's outcome; *wrong: the key of what
   is wrong with it, else untouched. */
cxr_rc_t cxr_portal_outcome(cxr_str_t v, cxr_arena_t *a,
    cxr_portal_pick_t *pick, const char **wrong);
/* the claim that a form says it was made for; none, or CXR_CLAIMS */
uint8_t cxr_portal_seen(cxr_str_t v);

/* Some units that are to have another outcome, or reason, than the rest. */
cxr_rc_t cxr_portal_split(const cxr_raw_line_t *line, cxr_arena_t *a,
    cxr_portal_pick_t *pick, cxr_portal_faults_t *faults);

/* The reason of these units, where it is another: its note and photos.  The
   pick as it is then; NULL: no memory. */
const cxr_portal_pick_t *cxr_portal_check_other(cxr_portal_form_t *form,
    uint32_t i, const cxr_policy_t *policy, cxr_arena_t *a);

/* Where a fault of these units stands that would be at "at" of the others. */
unsigned cxr_portal_other_at(const cxr_portal_pick_t *pick, unsigned at);

#endif /* _CXR_PORTAL_SPLIT_H_INCLUDED_ */
