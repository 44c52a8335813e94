
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

/* cxr_sheet_picture.c's part of it */
cxr_rc_t cxr_sheet_picture(cairo_t *cr, const cxr_sheet_op_t *op, double dot);

/* Adds to the PDF that begins at "from" its language; CXR_LIMIT, CXR_INVALID. */
cxr_rc_t cxr_sheet_pdf_lang(cxr_str_t lang, size_t from, cxr_buf_t *out);

/* an operation of the drawing's, or NULL, which the drawing remembers */
cxr_sheet_op_t *cxr_draw_op(cxr_drawing_t *d, cxr_sheet_kind_t kind,
    int32_t x, int32_t y);

/* CXR_OK when cairo is, else what it failed of */
cxr_rc_t cxr_sheet_status(cairo_status_t status);

#endif /* _CXR_SHEET_PRIVATE_H_INCLUDED_ */
