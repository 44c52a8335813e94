
/*
 * Pictures that a shop's file names, looked into: what they are, whether they
 * are whole, and that nothing runs in them.
 */

#ifndef _CXR_SHOP_PICTURE_H_INCLUDED_
#define _CXR_SHOP_PICTURE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_shop.h"

/*
 * Each of the shop's pictures is a PNG, a JPEG or a WebP that decodes, or an
 * SVG that cxr_svg_check() takes; sets their types.  "path" is the shop's file.
 * CXR_INVALID: each of the "n" more diags names the picture's file and says
 * what to do.  CXR_NOMEM.  Decodes: some milliseconds a picture.
 * CXR_OK with more diags: what is to be told of, see cxr_logo_night().
 */
cxr_rc_t cxr_shop_pictures_check(cxr_shop_t *shop, const char *path,
    cxr_diag_t *diags, size_t max, size_t *n);

/*
 * Is a logo seen on the shop's dark pages?  CXR_NOTFOUND: fewer than half of
 * its pixels are, and it has no ground of its own; "d" says what to do.
 * CXR_OK: it is, or nobody can say (an SVG).  CXR_NOMEM.
 */
cxr_rc_t cxr_logo_night(cxr_str_t file, const cxr_brand_t *brand,
    cxr_diag_t *d);

#endif /* _CXR_SHOP_PICTURE_H_INCLUDED_ */
