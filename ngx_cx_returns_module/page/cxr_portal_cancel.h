
/*
 * The portal's form for what is to be cancelled before it is sent: lines and
 * units as in a return (c.<i>, q.<i>), and one "reason" for all of them or none.
 */

#ifndef _CXR_PORTAL_CANCEL_H_INCLUDED_
#define _CXR_PORTAL_CANCEL_H_INCLUDED_

#include "cxr_cancel.h"
#include "cxr_portal_form.h"

/* Of a form that was parsed: it is of a cancellation; what only a return has is
   dropped.  CXR_INVALID: the field came twice.  CXR_NOMEM. */
cxr_rc_t cxr_portal_cancel(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_portal_form_t *form);

/* Faults of the choice, "cancels" one for each line; true: there is none. */
bool cxr_portal_check_cancel(cxr_portal_form_t *form,
    const cxr_policy_t *policy, const cxr_cancel_t *cancels, cxr_arena_t *a);

#endif /* _CXR_PORTAL_CANCEL_H_INCLUDED_ */
