
#include "cxr_sheet_private.h"

#include <math.h>

#include "cxr_bidi.h"
#include "cxr_text.h"

#define CXR_SHEET_DASH        2000     /* micrometres                         */
#define CXR_SHEET_DASH_HIGH   200
#define CXR_SHEET_RUN_BYTES   (4 * CXR_SHEET_TEXT_MAX)


/* Glyphs of one face, one after the other, and the text that they are. */
typedef struct {
    unsigned              face;
    int                   n;
    int                   bytes;
    double                x;
    cairo_glyph_t         glyphs[CXR_SHEET_TEXT_MAX];
    cairo_text_cluster_t  clusters[CXR_SHEET_TEXT_MAX];
    char                  text[CXR_SHEET_RUN_BYTES];
} cxr_sheet_run_t;


cxr_sheet_op_t *
cxr_draw_op(cxr_drawing_t *d, cxr_sheet_kind_t kind, int32_t x, int32_t y)
{
    cxr_sheet_op_t  *op;

    op = d->failed || d->ops.n == CXR_SHEET_OPS_MAX
         ? NULL : cxr_list_push(d->a, &d->ops, sizeof(cxr_sheet_op_t));

    if (op == NULL) {
        d->failed = true;
        return NULL;
    }

    op->kind = (uint8_t) kind;
    op->x = x;
    op->y = y;

    return op;
}


void
cxr_draw_text(cxr_drawing_t *d, int32_t x, int32_t y, int32_t size,
    bool strong, cxr_align_t align, int32_t most, cxr_str_t text)
{
    cxr_sheet_op_t  *op;

    op = text.len != 0 ? cxr_draw_op(d, CXR_SHEET_TEXT, x, y) : NULL;

    if (op != NULL) {
        op->height = size;
        op->strong = strong;
        op->align = (uint8_t) align;
        op->width = most;
        op->text = text;
    }
}


void
cxr_draw_box(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width,
    int32_t height)
{
    cxr_sheet_op_t  *op;

    op = cxr_draw_op(d, CXR_SHEET_BOX, x, y);

    if (op != NULL) {
        op->width = width;
        op->height = height;
    }
}


void
cxr_draw_white(cxr_drawing_t *d)
{
    if (d->ops.n != 0) {
        d->ops.items[d->ops.n - 1].white = true;
    }
}


void
cxr_draw_frame(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width,
    int32_t height, int32_t line)
{
    cxr_draw_box(d, x, y, width, line);
    cxr_draw_box(d, x, y + height - line, width, line);
    cxr_draw_box(d, x, y, line, height);
    cxr_draw_box(d, x + width - line, y, line, height);
}


void
cxr_draw_dashes(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width)
{
    cxr_sheet_op_t  *op;

    op = cxr_draw_op(d, CXR_SHEET_DASHES, x, y);

    if (op != NULL) {
        op->width = width;
        op->height = CXR_SHEET_DASH_HIGH;
    }
}


void
cxr_draw_code(cxr_drawing_t *d, const cxr_bits_t *bits,
    const cxr_barcode_box_t *box)
{
    cxr_sheet_op_t  *op;

    op = cxr_draw_op(d, CXR_SHEET_CODE, (int32_t) box->x, (int32_t) box->y);

    if (op != NULL) {
        op->bits = bits;
        op->box = *box;
    }
}


cxr_rc_t
cxr_sheet_add(cxr_sheet_t *sheet, const cxr_drawing_t *drawing, int32_t x,
    int32_t y, bool turned, cxr_arena_t *a)
{
    cxr_sheet_page_t  *page;
    cxr_sheet_part_t  *part;

    if (drawing->failed || sheet->pages.n == 0) {
        return CXR_LIMIT;
    }

    page = &sheet->pages.items[sheet->pages.n - 1];
    part = cxr_list_push(a, &page->parts, sizeof(cxr_sheet_part_t));

    if (part == NULL) {
        return CXR_NOMEM;
    }

    part->drawing = drawing;
    part->x = x;
    part->y = y;
    part->turned = turned;

    return CXR_OK;
}


cxr_rc_t
cxr_sheet_page(cxr_sheet_t *sheet, const cxr_drawing_t *drawing,
    cxr_arena_t *a)
{
    cxr_sheet_page_t  *page;

    if (sheet->pages.n == CXR_SHEET_PAGES_MAX) {
        return CXR_LIMIT;
    }

    page = cxr_list_push(a, &sheet->pages, sizeof(cxr_sheet_page_t));

    if (page == NULL) {
        return CXR_NOMEM;
    }

    return cxr_sheet_add(sheet, drawing, 0, 0, false, a);
}


cxr_rc_t
cxr_sheet_status(cairo_status_t status)
{
    return status == CAIRO_STATUS_SUCCESS ? CXR_OK
           : status == CAIRO_STATUS_NO_MEMORY ? CXR_NOMEM
           : status == CAIRO_STATUS_WRITE_ERROR ? CXR_LIMIT
           : CXR_ERROR;
}


static void
cxr_sheet_show(cairo_t *cr, cxr_sheet_run_t *run, const cxr_fonts_t *fonts,
    int32_t size)
{
    if (run->n == 0) {
        return;
    }

    cairo_set_font_face(cr, cxr_font_cairo(fonts, run->face));
    cairo_set_font_size(cr, size);
    cairo_show_text_glyphs(cr, run->text, run->bytes, run->glyphs, run->n,
                           run->clusters, run->n, 0);
    run->n = 0;
    run->bytes = 0;
}


static void
cxr_sheet_text(cairo_t *cr, const cxr_sheet_op_t *op,
    const cxr_fonts_t *fonts)
{
    size_t           n;
    int32_t          size;
    int64_t          width;
    uint32_t         cp;
    cxr_str_t        rest, c;
    cxr_glyph_t      g;
    cxr_sheet_run_t  run;
    char             mem[CXR_BIDI_BYTES];

    rest = cxr_bidi_seen(op->text, mem);
    size = op->height;
    width = (int64_t) cxr_font_width(fonts, rest, op->strong);

    if (op->width > 0 && width * size / 1000 > op->width) {
        size = (int32_t) ((int64_t) op->width * 1000 / width);
    }

    width = width * size / 1000;

    run.n = 0;
    run.bytes = 0;
    run.face = 0;
    run.x = op->align == CXR_ALIGN_LEFT ? op->x
            : op->align == CXR_ALIGN_RIGHT ? op->x - (double) width
            : op->x - (double) width / 2;

    for (n = 0; rest.len != 0 && n < CXR_SHEET_TEXT_MAX; n++) {
        c = rest;
        cp = cxr_utf8_next(&rest);
        c.len -= rest.len;

        if (cp == CXR_UTF8_BAD || cxr_utf8_is_hidden(cp)) {
            continue;
        }

        cxr_font_glyph(fonts, cp, op->strong, &g);

        if (g.face != run.face) {
            cxr_sheet_show(cr, &run, fonts, size);
            run.face = g.face;
        }

        run.glyphs[run.n].index = g.glyph;
        run.glyphs[run.n].x = run.x;
        run.glyphs[run.n].y = op->y;
        run.clusters[run.n].num_bytes = (int) c.len;
        run.clusters[run.n].num_glyphs = 1;
        run.n++;
        memcpy(run.text + run.bytes, c.data, c.len);
        run.bytes += (int) c.len;
        run.x += (double) g.advance * size / 1000;
    }

    cxr_sheet_show(cr, &run, fonts, size);
}


static double
cxr_sheet_snap(double v, double dot)
{
    return dot > 0 ? floor(v / dot + 0.5) * dot : v;
}


static void
cxr_sheet_box(cairo_t *cr, double x, double y, double width, double height,
    double dot)
{
    double  left, top, right, low;

    left = cxr_sheet_snap(x, dot);
    top = cxr_sheet_snap(y, dot);
    right = cxr_sheet_snap(x + width, dot);
    low = cxr_sheet_snap(y + height, dot);

    /* no line is thinner than a dot */

    if (dot > 0) {
        right = fmax(right, left + dot);
        low = fmax(low, top + dot);
    }

    cairo_rectangle(cr, left, top, right - left, low - top);
}


/* Modules of whole dots, all alike: a scanner measures them. */

static cxr_rc_t
cxr_sheet_code(cairo_t *cr, const cxr_sheet_op_t *op, double dot)
{
    double             module, x, y, height;
    cxr_rc_t           rc;
    uint32_t           row, column, run;
    const uint8_t     *dark;
    const cxr_bits_t  *b = op->bits;
    cxr_barcode_at_t   at;

    rc = cxr_barcode_place(b, &op->box, &at);

    if (rc != CXR_OK) {
        return rc;
    }

    module = dot > 0 ? floor(at.module / dot + 0.001) * dot : at.module;

    if (module < dot || module <= 0) {
        return CXR_LIMIT;
    }

    height = b->linear ? at.height : module;
    x = at.x + (at.width - module * (b->columns + 2 * b->quiet)) / 2
        + module * b->quiet;
    y = at.y;

    if (!b->linear) {
        y += (at.height - module * (b->rows + 2 * b->quiet)) / 2
             + module * b->quiet;
    }

    x = cxr_sheet_snap(x, dot);
    y = cxr_sheet_snap(y, dot);

    for (row = 0; row < b->rows; row++) {
        dark = b->dark + (size_t) row * b->columns;

        for (column = 0; column < b->columns; column += run + 1) {

            for (run = 0; column + run < b->columns && dark[column + run];
                 run++)
            {
                /* void */
            }

            if (run != 0) {
                cxr_sheet_box(cr, x + column * module, y + row * module,
                              run * module, height, dot);
            }
        }
    }

    cairo_fill(cr);

    return CXR_OK;
}


/* White is a colour on paper; in a printer's dots it is none at all. */

static void
cxr_sheet_ink(cairo_t *cr, bool white, double dot)
{
    double  shade;

    shade = white && dot <= 0 ? 1 : 0;

    cairo_set_operator(cr, white && dot > 0 ? CAIRO_OPERATOR_DEST_OUT
                                            : CAIRO_OPERATOR_OVER);
    cairo_set_source_rgb(cr, shade, shade, shade);
}


cxr_rc_t
cxr_sheet_draw(cairo_t *cr, const cxr_drawing_t *drawing,
    const cxr_fonts_t *fonts, double dot)
{
    int32_t                at;
    uint32_t               i;
    cxr_rc_t               rc;
    const cxr_sheet_op_t  *op;

    if (drawing->failed) {
        return CXR_LIMIT;
    }

    cxr_sheet_ink(cr, false, dot);

    for (i = 0; i < drawing->ops.n; i++) {
        op = &drawing->ops.items[i];

        switch (op->kind) {

        case CXR_SHEET_TEXT:
            cxr_sheet_ink(cr, op->white, dot);
            cxr_sheet_text(cr, op, fonts);
            cxr_sheet_ink(cr, false, dot);
            break;

        case CXR_SHEET_BOX:
            cxr_sheet_box(cr, op->x, op->y, op->width, op->height, dot);
            cairo_fill(cr);
            break;

        case CXR_SHEET_DASHES:
            for (at = 0; at < op->width; at += 2 * CXR_SHEET_DASH) {
                cxr_sheet_box(cr, op->x + at, op->y,
                              fmin(CXR_SHEET_DASH, op->width - at),
                              op->height, dot);
            }

            cairo_fill(cr);
            break;

        default:
            rc = op->kind == CXR_SHEET_CODE ? cxr_sheet_code(cr, op, dot)
                                            : cxr_sheet_picture(cr, op, dot);

            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return cxr_sheet_status(cairo_status(cr));
}


cxr_rc_t
cxr_sheet_draw_page(cairo_t *cr, const cxr_sheet_page_t *page,
    const cxr_fonts_t *fonts, double dot)
{
    uint32_t                 i;
    cxr_rc_t                 rc;
    const cxr_sheet_part_t  *part;

    rc = CXR_OK;

    for (i = 0; rc == CXR_OK && i < page->parts.n; i++) {
        part = &page->parts.items[i];

        cairo_save(cr);
        cairo_translate(cr, part->x, part->y);

        if (part->turned) {
            cairo_rotate(cr, M_PI_2);
        }

        rc = cxr_sheet_draw(cr, part->drawing, fonts, dot);
        cairo_restore(cr);
    }

    return rc;
}
