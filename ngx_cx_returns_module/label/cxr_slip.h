
/*
 * The slip that goes into the box: what is in it, and why.  It names no
 * person; the return's number stands on it in type and as a bar code.
 */

#ifndef _CXR_SLIP_H_INCLUDED_
#define _CXR_SLIP_H_INCLUDED_

#include "cxr_label.h"
#include "cxr_say.h"

/* Where on a page, in micrometres. */
typedef struct {
    int32_t      x;
    int32_t      y;
    int32_t      width;
    int32_t      bottom;
    bool         small;      /* a label printer's paper: one column           */
    bool         qr;         /* with the label's token                        */
} cxr_slip_place_t;

/* How far it has come. */
typedef struct {
    uint32_t     page;
    uint32_t     pages;      /* of all, once it is known: cxr_slip_count()    */
    uint32_t     line;       /* of the view's, to come next                   */
    bool         done;
} cxr_slip_at_t;

/* Draws as much as has room; at least one line, however little there is. */
cxr_rc_t cxr_slip_draw(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *place, cxr_slip_at_t *at, cxr_drawing_t *d);

/*
 * How many pages it takes, the first at "first", the others at "rest".  Nothing
 * of it is drawn.
 */
cxr_rc_t cxr_slip_count(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *first, const cxr_slip_place_t *rest,
    uint32_t *pages);

/* rows of cxr_label_set(), "x" and "y" being where their block begins */
void cxr_label_draw_rows(cxr_drawing_t *d, const cxr_view_label_rows_t *rows,
    int32_t x, int32_t y, int32_t most);

#endif /* _CXR_SLIP_H_INCLUDED_ */
