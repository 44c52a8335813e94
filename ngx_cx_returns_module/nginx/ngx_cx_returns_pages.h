
/*
 * The pages and the views that they are compiled against.
 */

#ifndef _NGX_CX_RETURNS_PAGES_H_INCLUDED_
#define _NGX_CX_RETURNS_PAGES_H_INCLUDED_

#include "ngx_cx_returns.h"

/* by ngx_cx_returns_page_t; ends with a NULL name */
extern const cxr_template_use_t
    ngx_cx_returns_pages[NGX_CX_RETURNS_NPAGES + 1];

#endif /* _NGX_CX_RETURNS_PAGES_H_INCLUDED_ */
