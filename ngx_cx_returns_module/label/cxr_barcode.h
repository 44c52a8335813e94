
/*
 * Bar codes: libzint makes the modules, which become an SVG path here, or are
 * drawn by who has them (cxr_sheet.h).  No state, no file; any thread.
 *
 * The markup is an <svg> of its own, its quiet zone inside its box.  A code
 * that no scanner would take is an error, never a picture: libzint's warnings
 * count as failures.
 */

#ifndef _CXR_BARCODE_H_INCLUDED_
#define _CXR_BARCODE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

/* quiet zones, in modules (ISO/IEC 15417 and 18004) */
#define CXR_CODE128_QUIET       10
#define CXR_QR_QUIET            4

#define CXR_CODE128_TEXT_MAX    32     /* bytes                               */
#define CXR_QR_TEXT_MAX         2048   /* bytes                               */
#define CXR_BARCODE_SVG_MAX     65536  /* bytes of markup                     */

/*
 * A place for a code, in micrometres.  The code is drawn in its middle, each
 * module as many whole "step"s wide as fit; the markup says it in tenths of a
 * millimetre, the unit of the drawing around it.  CXR_LIMIT when there is no
 * room for modules of "least".
 */
typedef struct {
    uint32_t  x;
    uint32_t  y;
    uint32_t  width;
    uint32_t  height;
    uint32_t  step;      /* a printer's dot: so no bar gains or loses one     */
    uint32_t  least;
} cxr_barcode_box_t;

/* The modules of a code, a byte each, row by row; 1 is dark. */
typedef struct {
    uint32_t        columns;
    uint32_t        rows;
    uint32_t        quiet;     /* modules around it; of a linear code, beside */
    bool            linear;    /* one row, as high as its place               */
    const uint8_t  *dark;
} cxr_bits_t;

/* Where a code comes to stand in its place, quiet zone included. */
typedef struct {
    uint32_t  x;
    uint32_t  y;
    uint32_t  width;
    uint32_t  height;
    uint32_t  module;
} cxr_barcode_at_t;

/*
 * "text": printable ASCII.  CXR_INVALID: something else, or empty; CXR_LIMIT;
 * CXR_NOMEM; CXR_ERROR: libzint refused.
 */
cxr_rc_t cxr_code128_bits(cxr_str_t text, cxr_arena_t *a, cxr_bits_t *bits);
cxr_rc_t cxr_code128_svg(cxr_str_t text, const cxr_barcode_box_t *box,
    cxr_arena_t *a, cxr_str_t *svg);

/* A QR code of error correction level M. */
cxr_rc_t cxr_qr_bits(cxr_str_t text, cxr_arena_t *a, cxr_bits_t *bits);
cxr_rc_t cxr_qr_svg(cxr_str_t text, const cxr_barcode_box_t *box,
    cxr_arena_t *a, cxr_str_t *svg);

/* The same as an SVG file of its own, for a shop's letter or packing slip. */
cxr_rc_t cxr_qr_file(cxr_str_t text, cxr_arena_t *a, cxr_str_t *svg);

cxr_rc_t cxr_barcode_place(const cxr_bits_t *bits,
    const cxr_barcode_box_t *box, cxr_barcode_at_t *at);

/* The code in its place; "box" NULL: as large as the page lets it be, with no
   lengths, only a viewBox that holds the quiet zone. */
cxr_rc_t cxr_barcode_svg(const cxr_bits_t *bits, const cxr_barcode_box_t *box,
    cxr_arena_t *a, cxr_str_t *svg);

/* Modules on a QR code's side for the text, quiet zone not counted. */
cxr_rc_t cxr_qr_modules(cxr_str_t text, unsigned *modules);

#endif /* _CXR_BARCODE_H_INCLUDED_ */
