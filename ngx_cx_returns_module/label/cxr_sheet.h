
/*
 * Sheets of paper: what is drawn where, and the two ways out, a PDF and a
 * printer's ZPL II.  A drawing is a list of texts, boxes and bar codes, placed
 * once or more on pages; all lengths are in micrometres, from the upper left
 * corner.
 *
 * The same sheet gives the same bytes, on every run: its only time is the one
 * that it carries.
 */

#ifndef _CXR_SHEET_H_INCLUDED_
#define _CXR_SHEET_H_INCLUDED_

#include "cxr_barcode.h"
#include "cxr_buf.h"
#include "cxr_font.h"
#include "cxr_time.h"

#define CXR_SHEET_PAGES_MAX   64
#define CXR_SHEET_OPS_MAX     4096      /* of one drawing                     */
#define CXR_SHEET_SIDE_MAX    500000    /* micrometres                        */
#define CXR_SHEET_TEXT_MAX    512       /* characters of one text; more of it
                                           is not drawn                       */
#define CXR_ZPL_DPI_MIN       150
#define CXR_ZPL_DPI_MAX       600

typedef enum {
    CXR_SHEET_TEXT = 0,
    CXR_SHEET_BOX,                      /* filled                             */
    CXR_SHEET_DASHES,                   /* a line of them                     */
    CXR_SHEET_CODE,
    CXR_SHEET_PICTURE
} cxr_sheet_kind_t;

typedef enum {
    CXR_ALIGN_LEFT = 0,
    CXR_ALIGN_MIDDLE,
    CXR_ALIGN_RIGHT
} cxr_align_t;

typedef struct {
    uint8_t            kind;
    uint8_t            align;           /* texts: which end x is              */
    bool               strong;
    bool               white;           /* on a black box                     */
    int32_t            x;
    int32_t            y;               /* texts: of the baseline             */
    int32_t            width;           /* texts: at most so wide, else smaller */
    int32_t            height;          /* texts: the type's size             */
    cxr_str_t          text;            /* pictures: a PNG's bytes            */
    const cxr_bits_t  *bits;            /* codes                              */
    cxr_barcode_box_t  box;             /* codes                              */
} cxr_sheet_op_t;

typedef struct {
    CXR_LIST_OF(cxr_sheet_op_t)  ops;
    bool               failed;          /* no memory, or past a limit         */
    cxr_arena_t       *a;
} cxr_drawing_t;

typedef struct {
    const cxr_drawing_t  *drawing;
    int32_t            x;
    int32_t            y;
    bool               turned;          /* by 90 degrees to the right: its left
                                           upper corner is then its right one */
} cxr_sheet_part_t;

typedef struct {
    CXR_LIST_OF(cxr_sheet_part_t)  parts;
} cxr_sheet_page_t;

typedef struct {
    int32_t            width;
    int32_t            height;
    CXR_LIST_OF(cxr_sheet_page_t)  pages;
    cxr_str_t          title;
    cxr_str_t          author;
    cxr_str_t          lang;            /* "tr"; or empty                      */
    cxr_time_t         created;
} cxr_sheet_t;

/* Drawing; a failure is remembered in the drawing.  Texts are not copied. */
void cxr_draw_text(cxr_drawing_t *d, int32_t x, int32_t y, int32_t size,
    bool strong, cxr_align_t align, int32_t most, cxr_str_t text);
/* the text drawn last is white: it lies on a box */
void cxr_draw_white(cxr_drawing_t *d);
void cxr_draw_box(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width,
    int32_t height);
/* the outline of one, as thick as "line" */
void cxr_draw_frame(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width,
    int32_t height, int32_t line);
void cxr_draw_dashes(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width);
void cxr_draw_code(cxr_drawing_t *d, const cxr_bits_t *bits,
    const cxr_barcode_box_t *box);
/* a PNG, as large as the box lets it be, at its left; dots get it in black */
void cxr_draw_picture(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width,
    int32_t height, cxr_str_t png);

/* CXR_INVALID: a PNG that cannot be drawn; "d" says why. */
cxr_rc_t cxr_sheet_picture_check(cxr_str_t png, cxr_diag_t *d);

/* A page with the drawing on it, or the drawing on the last page. */
cxr_rc_t cxr_sheet_page(cxr_sheet_t *sheet, const cxr_drawing_t *drawing,
    cxr_arena_t *a);
cxr_rc_t cxr_sheet_add(cxr_sheet_t *sheet, const cxr_drawing_t *drawing,
    int32_t x, int32_t y, bool turned, cxr_arena_t *a);

/*
 * PDF 1.5 with text that can be searched and copied, its fonts embedded as
 * subsets.  CXR_LIMIT: the buffer's, or a drawing's; CXR_NOMEM; CXR_ERROR: cairo
 * fails, or the sheet has no time.
 */
cxr_rc_t cxr_sheet_pdf(const cxr_sheet_t *sheet, const cxr_fonts_t *fonts,
    cxr_buf_t *out);

/*
 * ZPL II: each page a label, drawn here dot by dot, so that it prints the same
 * on every printer that takes ZPL, whatever letters it knows, and so that no
 * text of a shopper is ever a command to it.  "dpi" as printers name it: 203
 * (8 dots to the millimetre), 300 (11.8), 600 (23.6).
 */
cxr_rc_t cxr_sheet_zpl(const cxr_sheet_t *sheet, const cxr_fonts_t *fonts,
    unsigned dpi, cxr_buf_t *out);

#endif /* _CXR_SHEET_H_INCLUDED_ */
