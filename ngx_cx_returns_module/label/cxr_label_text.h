
/*
 * Text on the label: how wide it may become, and where to break it.
 */

#ifndef _CXR_LABEL_TEXT_H_INCLUDED_
#define _CXR_LABEL_TEXT_H_INCLUDED_

#include "cxr_label.h"

#define CXR_LABEL_PIECES_MAX  8      /* of an address                         */

/* places of the label's codes, in micrometres; a step is a dot of 203 to the
   inch */
extern const cxr_barcode_box_t  cxr_label_qr_box;
extern const cxr_barcode_box_t  cxr_label_code_box;

/* A block of rows, one below the other; units of the drawing. */
typedef struct {
    uint32_t  top;
    uint32_t  height;
    uint32_t  width;
    uint32_t  largest;       /* type, tried downwards                         */
    uint32_t  smallest;
} cxr_label_block_t;

/* Upper bound of the text's width, in thousandths of the type's size. */
uint32_t cxr_label_width(cxr_str_t text, bool strong);

/* The text without what XML has no room for, without emoji, which print as empty
   boxes, and with single blanks, in the arena; data is NULL when out of
   memory. */
cxr_str_t cxr_label_clean(cxr_str_t text, cxr_arena_t *a);

/* The text, or its beginning and an ellipsis, so that it fits "width" units
   at this size.  data is NULL when out of memory. */
cxr_str_t cxr_label_cut(cxr_str_t text, uint32_t width, uint32_t size,
    bool strong, cxr_arena_t *a);

/* The largest size of type down to "smallest" at which it fits, if one does. */
uint32_t cxr_label_size_of(cxr_str_t text, uint32_t width, uint32_t largest,
    uint32_t smallest, bool strong);

/*
 * Sets the pieces, each of which begins a row, into the block with the largest
 * type that holds them all; with the smallest, pieces are cut.  The first piece
 * is strong.  Empty pieces take no row.  There must be room for a row of each
 * at the smallest size.
 */
cxr_rc_t cxr_label_set(const cxr_label_block_t *block,
    const cxr_str_t *pieces, size_t n, cxr_arena_t *a,
    cxr_view_label_rows_t *rows);

#endif /* _CXR_LABEL_TEXT_H_INCLUDED_ */
