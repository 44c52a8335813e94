
/* What the portal's views share with each other, and with nobody else. */

#ifndef _CXR_VIEW_PORTAL_PRIVATE_H_INCLUDED_
#define _CXR_VIEW_PORTAL_PRIVATE_H_INCLUDED_

#include "cxr_view_portal.h"

/* The text of the fault at a field, or empty. */
cxr_str_t cxr_portal_fault_text(cxr_say_t *say,
    const cxr_portal_faults_t *faults, unsigned at, uint32_t line);

/* All faults, each with a link to its field: "#q-0", "#form"; one about a line
   names it first (order NULL: none is). */
void cxr_portal_summary(cxr_say_t *say, const cxr_portal_faults_t *faults,
    const cxr_order_t *order, cxr_view_faults_t *out);

/* The product of a line, or NULL; the line's picture, or the product's. */
const cxr_product_t *cxr_portal_product(const cxr_portal_t *p,
    const cxr_order_line_t *line);
cxr_str_t cxr_portal_image(const cxr_portal_t *p,
    const cxr_order_line_t *line);

#endif /* _CXR_VIEW_PORTAL_PRIVATE_H_INCLUDED_ */
