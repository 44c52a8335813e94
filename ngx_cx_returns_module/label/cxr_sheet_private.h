
/*
 * For the files that draw sheets: the only ones that know cairo beside the
 * fonts.
 */

#ifndef _CXR_SHEET_PRIVATE_H_INCLUDED_
#define _CXR_SHEET_PRIVATE_H_INCLUDED_

#include <cairo.h>

#include "cxr_sheet.h"

/*
 * Draws in micrometres.  "dot": a printer's, to whose grid boxes and the
 * modules of codes are brought; 0 for paper that has none.
 */
cxr_rc_t cxr_sheet_draw(cairo_t *cr, const cxr_drawing_t *drawing,
    const cxr_fonts_t *fonts, double dot);

/* the page's drawings, each in its place */
cxr_rc_t cxr_sheet_draw_page(cairo_t *cr, const cxr_sheet_page_t *page,
    const cxr_fonts_t *fonts, double dot);

/* CXR_OK when cairo is, else what it failed of */
cxr_rc_t cxr_sheet_status(cairo_status_t status);

#endif /* _CXR_SHEET_PRIVATE_H_INCLUDED_ */
