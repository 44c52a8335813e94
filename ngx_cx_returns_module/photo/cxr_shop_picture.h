
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
 */
cxr_rc_t cxr_shop_pictures_check(cxr_shop_t *shop, const char *path,
    cxr_diag_t *diags, size_t max, size_t *n);

#endif /* _CXR_SHOP_PICTURE_H_INCLUDED_ */
