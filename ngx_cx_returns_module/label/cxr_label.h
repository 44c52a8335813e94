
/*
 * The return label: what it says (its signed token), the view that label.html,
 * label.svg, slip.html and qr.html are rendered from, and the sheets that PDF
 * and ZPL are made of.
 *
 * All show one drawing, 100 mm x 150 mm, in units of a tenth of a millimetre
 * (viewBox 0 0 1000 1500); it also fits 4 x 6 inches.  Its texts are measured
 * and broken into rows here, because SVG does not, against glyphs as wide as
 * the widest common sans-serif has them.
 */

#ifndef _CXR_LABEL_H_INCLUDED_
#define _CXR_LABEL_H_INCLUDED_

#include "cxr_barcode.h"
#include "cxr_rma.h"
#include "cxr_sheet.h"
#include "cxr_sign.h"
#include "cxr_view.h"

/*
 * A token on a label is at most so many bytes long: a QR code of 85 modules at
 * level M (version 17), which at half a millimetre a module is 46.5 mm with
 * its quiet zone.  One line of goods takes some 320, each more about 30.
 */
#define CXR_LABEL_TOKEN_MAX   504
#define CXR_LABEL_QR_MODULES  85
#define CXR_LABEL_QR_SIDE     48125   /* micrometres of its place             */

/*
 * The SKU that stands for "all lines of the RMA" in a token whose lines would
 * not fit on a label: its quantity is their sum.
 */
#define CXR_LABEL_ANY_SKU     "*"

#define CXR_LABEL_ROWS_MAX    8       /* of an address                        */
#define CXR_LABEL_BOXES_MAX   9       /* that one return may travel in        */


/*
 * The token of the RMA's label, signed, in the arena: its lines that are not
 * declined with SKU and quantity (lines of one SKU together), or one line
 * CXR_LABEL_ANY_SKU when they would not fit.
 *
 * CXR_NOTFOUND: the RMA has no label, or the ring no secret public key.
 * CXR_REFUSED: cancelled, or every line is declined.  CXR_NOMEM, CXR_ERROR.
 */
cxr_rc_t cxr_label_token(const cxr_keyring_t *ring, const cxr_shop_t *shop,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_str_t *token);


/* One row of text on the label. */
typedef struct {
    cxr_str_t    text;
    uint32_t     y;               /* of its baseline                          */
    uint32_t     size;            /* of its type                              */
    bool         strong;
} cxr_view_label_row_t;

typedef CXR_LIST_OF(cxr_view_label_row_t)  cxr_view_label_rows_t;

/* What is to be in the box: a line of the RMA that is not declined. */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    sku;
    uint32_t     quantity;
    cxr_str_t    reason;          /* in words                                 */
    cxr_str_t    reason_home;     /* in those of the shop's first language, when
                                     they are others: who opens the box reads it */
} cxr_view_slip_line_t;

typedef CXR_LIST_OF(cxr_view_slip_line_t)  cxr_view_slip_lines_t;

/* {{#sizes}}: the label's page for another paper */
typedef struct {
    uint8_t      size;            /* cxr_label_size_t; "100x150", "4x6", "a4" */
    cxr_str_t    text;            /* "100 × 150 mm"                           */
    cxr_str_t    url;
    bool         current;
} cxr_view_label_size_t;

/* {{#copies}}: one box's label and slip */
typedef struct {
    cxr_str_t    box;             /* "1/3"; empty when there is one box       */
    cxr_str_t    svg_url;
} cxr_view_label_copy_t;

/* {{#box_choices}} */
typedef struct {
    uint32_t     value;
    bool         selected;
} cxr_view_label_boxes_t;

typedef struct {
    cxr_view_page_t  *page;
    cxr_str_t    id;              /* RMA number                               */
    cxr_str_t    number;          /* of the order                             */
    cxr_str_t    number_short;    /* the same, cut to its place on the label  */
    uint32_t     number_size;     /* of its type there                        */
    cxr_str_t    shop_short;      /* the shop's name, likewise                */
    cxr_str_t    logo_url;        /* in its place: "data:..."; or empty       */
    cxr_view_label_rows_t  to;    /* the shop's warehouse                     */
    cxr_view_label_rows_t  from;  /* the shopper; empty when erased           */
    bool         has_from;
    uint32_t     items;           /* units in lines that are not declined     */
    cxr_str_t    expires;         /* "21 Aralık 2026"                         */
    cxr_str_t    code128;         /* <svg>: the RMA number                    */
    cxr_str_t    qr;              /* <svg>: the token                         */
    uint8_t      size;            /* cxr_label_size_t; "100x150", "4x6", "a4" */
    bool         inch;            /* 4x6                                      */
    bool         a4;              /* with the slip below a line to fold       */
    cxr_str_t    svg_url;         /* empty until cxr_label_urls()             */
    cxr_str_t    size_url;        /* this page in the other size              */
    cxr_str_t    back_url;        /* the RMA's page                           */
    CXR_LIST_OF(cxr_view_label_size_t)  sizes;   /* of the label's page       */
    cxr_str_t    label_url;       /* the label's page, in this size           */
    cxr_str_t    pdf_url;         /* the same as a file                       */
    cxr_str_t    zpl_url;         /* for a label printer                      */
    cxr_str_t    carrier_url;     /* the carrier's label, which goes on the box */
    cxr_str_t    slip_url;        /* the slip's page                          */
    cxr_str_t    slip_pdf_url;
    cxr_str_t    qr_url;          /* the code alone, for a phone              */
    cxr_str_t    qr_large;        /* <svg>: the token, of no size             */
    cxr_str_t    created;         /* date                                     */
    cxr_view_slip_lines_t  lines;
    cxr_str_t    note;            /* the shop's own words for the slip; or empty */
    uint32_t     boxes;           /* that it travels in                       */
    bool         many;            /* several                                  */
    cxr_str_t    box;             /* of label.svg: which one, "1/3"; or empty */
    CXR_LIST_OF(cxr_view_label_copy_t)   copies;
    CXR_LIST_OF(cxr_view_label_boxes_t)  box_choices;
    cxr_str_t    boxes_url;       /* where they are chosen                    */

    /* not for templates */
    cxr_bits_t   code128_bits;
    cxr_bits_t   qr_bits;
    cxr_time_t   issued;
} cxr_view_label_t;

extern const cxr_type_t  cxr_view_label_type;   /* label.html and label.svg   */

/*
 * "person" NULL: erased, the label then has no sender.  "token" is the one
 * cxr_label_token() gave.  Strings of the view point into what is given or
 * into the arena.  CXR_LIMIT: the token is too long for a label; CXR_INVALID:
 * the RMA number or the token is not printable ASCII; CXR_NOMEM.
 */
cxr_rc_t cxr_label_view(const cxr_view_ctx_t *ctx, const cxr_rma_t *rma,
    const cxr_order_t *order, const cxr_person_t *person, cxr_str_t token,
    cxr_view_page_t *page, cxr_arena_t *a, cxr_view_label_t *view);

/*
 * Sets the size and the addresses.  "base" is the RMA page's path without the
 * language's prefix ("/returns/r/v4.local..."): what is here is at
 * "<base>/label.html", "<base>/label.pdf" and so on.  CXR_NOMEM.
 */
cxr_rc_t cxr_label_urls(const cxr_view_ctx_t *ctx, const cxr_rma_t *rma,
    cxr_str_t base,
    cxr_label_size_t size, cxr_arena_t *a, cxr_view_label_t *view);

/*
 * So many boxes, 1 to CXR_LABEL_BOXES_MAX: each gets a label and a slip that say
 * which of them it is; "box", from 1, is label.svg's.  One, where this is not
 * called; before cxr_label_urls().  The code on all of them is the same: it is
 * the return that is known by it.
 */
cxr_rc_t cxr_label_boxes(uint32_t boxes, uint32_t box, cxr_arena_t *a,
    cxr_view_label_t *view);

/* The size of a query's "size"; "usual" for any other value. */
cxr_label_size_t cxr_label_size(cxr_str_t name, cxr_label_size_t usual);


/*
 * The label as a sheet of this size, in the arena.  A4: the label lies in the
 * upper half, the slip below the line where the paper is folded or cut; what
 * has no room there follows on pages of its own.  CXR_NOMEM, CXR_LIMIT.
 */
cxr_rc_t cxr_label_sheet(const cxr_view_ctx_t *ctx,
    const cxr_view_label_t *view, cxr_label_size_t size, cxr_arena_t *a,
    cxr_sheet_t *sheet);

/* The slip alone, on as many pages of this size as it takes. */
cxr_rc_t cxr_slip_sheet(const cxr_view_ctx_t *ctx,
    const cxr_view_label_t *view, cxr_label_size_t size, cxr_arena_t *a,
    cxr_sheet_t *sheet);

#endif /* _CXR_LABEL_H_INCLUDED_ */
