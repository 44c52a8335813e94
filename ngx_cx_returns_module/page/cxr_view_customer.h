
/*
 * What the desk is told of the customer beside the RMA at hand.
 */

#ifndef _CXR_VIEW_CUSTOMER_H_INCLUDED_
#define _CXR_VIEW_CUSTOMER_H_INCLUDED_

#include "cxr_view_staff.h"

extern const cxr_type_t  cxr_view_customer_type;

/* NULL when nothing is known */
cxr_view_customer_t *cxr_view_customer(cxr_say_t *say,
    const cxr_staff_customer_t *from, cxr_str_t currency);

#endif /* _CXR_VIEW_CUSTOMER_H_INCLUDED_ */
