
/*
 * A style sheet without what only its authors read.
 */

#ifndef _CXR_CSS_H_INCLUDED_
#define _CXR_CSS_H_INCLUDED_

#include "cxr_buf.h"

/*
 * Appends the sheet without its comments, without white space that separates
 * nothing, and without a block's last semicolon.  Strings, url(), escapes and
 * comments that begin with an exclamation mark (licences) stay byte for byte.
 * What it means is unchanged (CSS Syntax 3, 4.3): no two tokens run together,
 * and a blank that combines selectors or stands around an operator stays.
 * Any bytes may be given; the outcome is never longer.  The caller asks
 * cxr_buf_ok().
 */
void cxr_css_pack(cxr_str_t css, cxr_buf_t *out);

#endif /* _CXR_CSS_H_INCLUDED_ */
