
/*
 * The portal's form in the hands of who was given the goods: who she is, and
 * what she is not to see.
 *
 *   g.name, g.email                           always
 *   g.address, g.postcode, g.city             where goods are to be sent to her
 *
 * They are personal and so never in a URL.
 */

#ifndef _CXR_PORTAL_GIFT_H_INCLUDED_
#define _CXR_PORTAL_GIFT_H_INCLUDED_

#include "cxr_portal_form.h"

/* Her fields, into form->recipient, and form->gift; what a person can mend
   becomes a fault.  CXR_INVALID: a field came twice.  CXR_NOMEM. */
cxr_rc_t cxr_portal_gift_parse(const cxr_pair_t *pairs, size_t n,
    cxr_arena_t *a, cxr_portal_form_t *form);

/* What is missing of her: faults. */
cxr_rc_t cxr_portal_gift_check(cxr_portal_form_t *form, cxr_arena_t *a);

/* Were goods chosen in place of those that come back? */
bool cxr_portal_gift_goods(const cxr_portal_form_t *form);

/* Her fields as they are to be sent along, behind those that are there. */
cxr_rc_t cxr_portal_gift_fields(const cxr_portal_form_t *form, cxr_arena_t *a,
    cxr_pairs_t *out);

/* Drops what was asked for lines that this page does not show, as if the order
   had none: what would be said of them would tell of them. */
cxr_rc_t cxr_portal_hide(cxr_portal_form_t *form, const bool *hidden,
    cxr_arena_t *a);

#endif /* _CXR_PORTAL_GIFT_H_INCLUDED_ */
