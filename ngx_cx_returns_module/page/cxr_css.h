
/*
 * A style sheet without what only its authors read; and what a shop adds to ours.
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

/* bytes of css/shop.css in a shop's folder */
#define CXR_SHOP_CSS_MAX   (64 * 1024)
#define CXR_CSS_DEPTH_MAX  32             /* brackets within brackets          */

/*
 * Whether a sheet may follow another one in one file, and costs no request of
 * its own: UTF-8; each string, comment and bracket is closed; no @import,
 * @charset or @namespace, which hold at a file's beginning alone; no url() but
 * data: and #fragments, and no other function that fetches.
 * CXR_INVALID: "d" has line, column and what to do.
 */
cxr_rc_t cxr_css_check(cxr_str_t css, cxr_diag_t *d);

/* Appends such a file; CXR_INVALID as above, or as cxr_file_read(). */
cxr_rc_t cxr_css_shop(const char *path, cxr_buf_t *out, cxr_diag_t *d);

#endif /* _CXR_CSS_H_INCLUDED_ */
