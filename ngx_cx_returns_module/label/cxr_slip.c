
#include "cxr_slip.h"

#include "cxr_label_text.h"

#define UNIT                100         /* micrometres in a tenth of a mm     */

#define CXR_SLIP_LINE       250         /* thickness of a rule                */
#define CXR_SLIP_TICK       4200        /* side of a box to tick              */
#define CXR_SLIP_SMALL      2700        /* type                               */
#define CXR_SLIP_TYPE       3400
#define CXR_SLIP_FACT       4200
#define CXR_SLIP_TITLE      6400
#define CXR_SLIP_CODE_WIDE  70000
#define CXR_SLIP_CODE_HIGH  11000
#define CXR_SLIP_LOGO_WIDE  46000
#define CXR_SLIP_LOGO_HIGH  6800
#define CXR_SLIP_FOOT       30000       /* what to do, below the goods: most  */
#define CXR_SLIP_GAP        3000        /* above it                           */
#define CXR_SLIP_PAGE_BELOW 2800        /* baseline of "1 / 3" under the rest */


/*
 * The text, or its beginning, so that it fits at its size or at "more" quarters
 * below it.  One quarter shows as next to nothing, since cxr_label_cut() takes
 * letters for wider than most fonts have them.
 */

static cxr_str_t
cxr_slip_cut(cxr_say_t *say, cxr_str_t text, int32_t width, int32_t size,
    bool strong, uint32_t more)
{
    text = cxr_label_cut(text, (uint32_t) width * (4 + more) / 4,
                         (uint32_t) size, strong, say->a);

    if (text.data == NULL) {
        say->failed = true;
    }

    return text;
}


static void
cxr_slip_text(cxr_say_t *say, cxr_drawing_t *d, int32_t x, int32_t y,
    int32_t size, bool strong, int32_t width, cxr_str_t text)
{
    cxr_draw_text(d, x, y, size, strong, CXR_ALIGN_LEFT, width,
                  cxr_slip_cut(say, text, width, size, strong, 1));
}


static void
cxr_slip_fact(cxr_say_t *say, cxr_drawing_t *d, int32_t x, int32_t y,
    int32_t width, const char *key, cxr_str_t value)
{
    cxr_slip_text(say, d, x, y, CXR_SLIP_SMALL, false, width,
                  cxr_say(say, key));

    /* half a number is none: rather smaller than cut */

    cxr_draw_text(d, x, y + 5200, CXR_SLIP_FACT, true, CXR_ALIGN_LEFT, width,
                  cxr_slip_cut(say, value, width, CXR_SLIP_FACT, true, 6));
}


static void
cxr_slip_code(cxr_drawing_t *d, const cxr_view_label_t *v, int32_t x,
    int32_t y, int32_t width)
{
    cxr_barcode_box_t  box;

    box.x = (uint32_t) x;
    box.y = (uint32_t) y;
    box.width = (uint32_t) width;
    box.height = CXR_SLIP_CODE_HIGH;
    box.step = cxr_label_code_box.step;
    box.least = cxr_label_code_box.least;

    cxr_draw_code(d, &v->code128_bits, &box);
}


/* The first page's: returns where the goods begin. */

static int32_t
cxr_slip_head(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *p, cxr_drawing_t *d)
{
    int32_t            x, y, half;
    cxr_arg_t          items = cxr_arg_int("items", v->items);
    cxr_str_t          content;
    cxr_barcode_box_t  box;

    x = p->x;
    y = p->y;
    content = cxr_say_with(say, "label.art.items", &items, 1);

    if (v->box.len != 0) {
        content = cxr_say_join(say, content, " \xc2\xb7 ",
                               cxr_say_join(say, cxr_say(say, "label.art.box"),
                                            " ", v->box));
    }

    cxr_slip_text(say, d, x, y + 5800, CXR_SLIP_TITLE, true,
                  p->small ? p->width : p->width / 2,
                  cxr_say(say, "slip.heading"));

    if (say->ctx->shop->label.logo.len != 0) {
        cxr_draw_picture(d, x, y + 7600, CXR_SLIP_LOGO_WIDE,
                         CXR_SLIP_LOGO_HIGH, say->ctx->shop->label.logo);

    } else {
        cxr_slip_text(say, d, x, y + 11400, CXR_SLIP_TYPE, false,
                      p->small ? p->width : p->width / 2,
                      say->ctx->shop->name);
    }

    if (p->small) {
        cxr_slip_code(d, v, x, y + 15000, p->width);
        half = p->width / 2;
        y += 32000;
        cxr_slip_fact(say, d, x, y, half - 2000, "label.art.rma", v->id);
        cxr_slip_fact(say, d, x + half, y, half, "label.art.order", v->number);
        y += 11500;
        cxr_slip_fact(say, d, x, y, half - 2000, "slip.date", v->created);
        cxr_slip_fact(say, d, x + half, y, half, "label.art.content", content);

        return y + 10000;
    }

    if (p->qr) {
        box = cxr_label_qr_box;
        box.x = (uint32_t) (x + p->width - CXR_LABEL_QR_SIDE);
        box.y = (uint32_t) (y - 2000);
        cxr_draw_code(d, &v->qr_bits, &box);
        cxr_slip_code(d, v, x - 3500, y + 39000, CXR_SLIP_CODE_WIDE);

        half = (p->width - CXR_LABEL_QR_SIDE) / 2;
        cxr_slip_fact(say, d, x, y + 18500, half - 4000, "label.art.rma",
                      v->id);
        cxr_slip_fact(say, d, x + half, y + 18500, half - 4000,
                      "label.art.order", v->number);
        cxr_slip_fact(say, d, x, y + 29500, half - 4000, "label.art.content",
                      content);
        cxr_slip_fact(say, d, x + half, y + 29500, half - 4000, "slip.date",
                      v->created);

        return y + CXR_LABEL_QR_SIDE + 9000;
    }

    cxr_slip_code(d, v, x + p->width - CXR_SLIP_CODE_WIDE + 3500, y,
                  CXR_SLIP_CODE_WIDE);
    half = p->width / 4;
    y += 20500;
    cxr_slip_fact(say, d, x, y, half, "label.art.rma", v->id);
    cxr_slip_fact(say, d, x + half, y, half - 3000, "label.art.order",
                  v->number);
    cxr_slip_fact(say, d, x + 2 * half, y, half - 3000, "label.art.content",
                  content);
    cxr_slip_fact(say, d, x + 3 * half, y, half, "slip.date", v->created);

    return y + 10500;
}


/* On the pages after the first: whose they are. */

static int32_t
cxr_slip_again(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *p, uint32_t page, cxr_drawing_t *d)
{
    cxr_arg_t  args[2];

    args[0] = cxr_arg_str("id", v->id);
    args[1] = cxr_arg_int("page", page + 1);

    cxr_slip_text(say, d, p->x, p->y + 4200, CXR_SLIP_FACT, true, p->width,
                  cxr_say_with(say, "slip.again", args, 2));

    return p->y + 8000;
}


static int32_t
cxr_slip_names(cxr_say_t *say, const cxr_slip_place_t *p, int32_t y,
    cxr_drawing_t *d)
{
    int32_t  reason;

    cxr_draw_box(d, p->x, y, p->width, CXR_SLIP_LINE * 2);

    if (p->small) {
        return y + 1500;
    }

    reason = p->width * 2 / 3;
    cxr_slip_text(say, d, p->x + 24000, y + 4800, CXR_SLIP_SMALL, false,
                  reason - 26000, cxr_say(say, "slip.goods"));
    cxr_slip_text(say, d, p->x + reason, y + 4800, CXR_SLIP_SMALL, false,
                  p->width - reason, cxr_say(say, "slip.reason"));
    cxr_draw_box(d, p->x, y + 6600, p->width, CXR_SLIP_LINE / 2);

    return y + 7000;
}


static int32_t
cxr_slip_line_height(const cxr_slip_place_t *p)
{
    return p->small ? 15600 : 11200;
}


/* A box to tick, how many, what, and why. */

static void
cxr_slip_line(cxr_say_t *say, const cxr_view_slip_line_t *l,
    const cxr_slip_place_t *p, int32_t y, cxr_drawing_t *d)
{
    int32_t    x, left, wide, reason;
    cxr_str_t  count, what, why;

    x = p->x;
    left = p->small ? 18000 : 24000;
    reason = p->small ? left : p->width * 2 / 3;
    wide = p->small ? p->width - left : reason - left - 2000;

    cxr_draw_frame(d, x + 300, y + 3000, CXR_SLIP_TICK, CXR_SLIP_TICK,
                   CXR_SLIP_LINE);

    count = cxr_sprintf(say->a, "%u \xc3\x97", (unsigned) l->quantity);
    what = l->variant.len != 0 && l->sku.len != 0
           ? cxr_say_join(say, l->variant, " \xc2\xb7 ", l->sku)
           : l->variant.len != 0 ? l->variant : l->sku;

    if (count.len == 0) {
        say->failed = true;
    }

    cxr_slip_text(say, d, x + 7000, y + 6400, CXR_SLIP_FACT, true,
                  left - 8000, count);
    cxr_slip_text(say, d, x + left, y + 5000, CXR_SLIP_TYPE, true, wide,
                  l->title);
    cxr_slip_text(say, d, x + left, y + 9000, CXR_SLIP_SMALL, false, wide,
                  what);

    /* a label printer's paper has one row for both */

    why = p->small && l->reason_home.len != 0
          ? cxr_say_join(say, l->reason, " \xc2\xb7 ", l->reason_home)
          : l->reason;
    cxr_slip_text(say, d, x + reason, y + (p->small ? 13000 : 5000),
                  p->small ? CXR_SLIP_SMALL : CXR_SLIP_TYPE, false,
                  p->width - reason, why);

    if (!p->small) {
        cxr_slip_text(say, d, x + reason, y + 9000, CXR_SLIP_SMALL, false,
                      p->width - reason, l->reason_home);
    }

    cxr_draw_box(d, x, y + cxr_slip_line_height(p) - CXR_SLIP_LINE / 2,
                 p->width, CXR_SLIP_LINE / 2);
}


/* one of several, with the mark that says so */

static cxr_str_t
cxr_slip_point(cxr_say_t *say, cxr_str_t text)
{
    return cxr_say_join(say, cxr_str("\xe2\x80\xa2"), " ", text);
}


/* What to put into the box, and what else the shop says; how high it is. */

static cxr_rc_t
cxr_slip_foot(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *p, cxr_view_label_rows_t *rows, int32_t *high)
{
    cxr_rc_t                     rc;
    cxr_str_t                    pieces[5];
    cxr_label_block_t            block;
    const cxr_view_label_row_t  *last;

    pieces[0] = cxr_say(say, "slip.box");
    pieces[1] = cxr_slip_point(say, cxr_say(say, v->box.len != 0
                                                 ? "slip.box_goods.many"
                                                 : "slip.box_goods"));
    pieces[2] = cxr_slip_point(say, cxr_say(say, "slip.box_slip"));
    pieces[3] = v->note.len != 0 ? cxr_slip_point(say, v->note)
                                 : CXR_STR_NONE;
    pieces[4] = v->lines.n == 0
                ? cxr_slip_point(say, cxr_say(say, "slip.list_first"))
                : CXR_STR_NONE;

    block.top = 0;
    block.height = CXR_SLIP_FOOT / UNIT;
    block.width = (uint32_t) (p->width / UNIT);
    block.largest = 34;
    block.smallest = 22;

    memset(rows, 0, sizeof(*rows));
    rc = cxr_label_set(&block, pieces, cxr_nelts(pieces), say->a, rows);

    if (rc == CXR_OK && rows->n != 0) {
        last = &rows->items[rows->n - 1];
        *high = (int32_t) (last->y + last->size / 3) * UNIT;
    }

    return rc;
}


/* "1 / 3" in the corner: a page that got lost is missed. */

static void
cxr_slip_page(cxr_say_t *say, const cxr_slip_place_t *p,
    const cxr_slip_at_t *at, cxr_drawing_t *d)
{
    cxr_str_t  text;

    if (at->pages < 2) {
        return;
    }

    text = cxr_sprintf(say->a, "%u / %u", (unsigned) at->page + 1,
                       (unsigned) at->pages);

    if (text.len == 0) {
        say->failed = true;
    }

    cxr_draw_text(d, p->x + p->width, p->bottom + CXR_SLIP_PAGE_BELOW,
                  CXR_SLIP_SMALL, false, CXR_ALIGN_RIGHT, p->width, text);
}


cxr_rc_t
cxr_slip_draw(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *p, cxr_slip_at_t *at, cxr_drawing_t *d)
{
    bool                   any;
    int32_t                y, high;
    cxr_rc_t               rc;
    cxr_view_label_rows_t  foot;

    y = at->page == 0 ? cxr_slip_head(say, v, p, d)
                      : cxr_slip_again(say, v, p, at->page, d);

    if (at->line < v->lines.n) {
        y = cxr_slip_names(say, p, y, d);
    }

    high = cxr_slip_line_height(p);
    any = at->line == v->lines.n;

    while (at->line < v->lines.n && (!any || y + high <= p->bottom)) {
        cxr_slip_line(say, &v->lines.items[at->line], p, y, d);
        y += high;
        at->line++;
        any = true;
    }

    if (at->line == v->lines.n) {
        high = 0;
        rc = cxr_slip_foot(say, v, p, &foot, &high);

        if (rc != CXR_OK) {
            return rc;
        }

        if (y + CXR_SLIP_GAP + high <= p->bottom) {
            cxr_label_draw_rows(d, &foot, p->x, y + CXR_SLIP_GAP, p->width);
            at->done = true;
        }
    }

    cxr_slip_page(say, p, at, d);
    at->page++;

    return cxr_say_rc(say);
}


cxr_rc_t
cxr_slip_count(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_slip_place_t *first, const cxr_slip_place_t *rest,
    uint32_t *pages)
{
    cxr_rc_t        rc;
    cxr_slip_at_t   at;
    cxr_drawing_t  *d;

    memset(&at, 0, sizeof(at));

    while (!at.done && at.page <= CXR_SHEET_PAGES_MAX) {
        d = cxr_calloc(say->a, 1, sizeof(cxr_drawing_t));

        if (d == NULL) {
            return CXR_NOMEM;
        }

        d->a = say->a;
        rc = cxr_slip_draw(say, v, at.page == 0 ? first : rest, &at, d);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    *pages = at.page;

    return CXR_OK;
}
