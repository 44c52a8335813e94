
/*
 * Every page with the view that its template is compiled against: what
 * "nginx -t", the command and the tests go through.  In this room because a
 * label is a page, too.
 */

#ifndef _CXR_PAGES_H_INCLUDED_
#define _CXR_PAGES_H_INCLUDED_

#include "cxr_template.h"

#define CXR_PAGES  29

/* In the order of nginx's ngx_cx_returns_page_t; ends with a NULL name. */
extern const cxr_template_use_t  cxr_pages[CXR_PAGES + 1];

#endif /* _CXR_PAGES_H_INCLUDED_ */
