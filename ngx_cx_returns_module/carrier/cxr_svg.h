
/*
 * A shop's picture as SVG.  Pages show it as an image, where browsers run and
 * fetch nothing of it; but it has an address of its own, which a shopper may
 * open.  So what could run, and what would be fetched, is refused when the
 * configuration is read.  It stands in this room for libxml2's sake.
 */

#ifndef _CXR_SVG_H_INCLUDED_
#define _CXR_SVG_H_INCLUDED_

#include "cxr_base.h"

#define CXR_SVG_DEPTH_MAX  64        /* elements within elements              */

/*
 * CXR_OK: well-formed, a drawing of SVG's namespace with a shape of its own
 * (a viewBox, or width and height), without scripts, event handlers, foreign
 * content, references to other files, a DOCTYPE or processing instructions.
 * CXR_INVALID: "d" has the line, and what to do.  CXR_NOMEM.
 */
cxr_rc_t cxr_svg_check(cxr_str_t svg, cxr_diag_t *d);

#endif /* _CXR_SVG_H_INCLUDED_ */
