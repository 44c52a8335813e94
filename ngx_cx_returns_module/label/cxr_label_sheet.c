
/*
 * The label drawn: as html/templates/label.svg has it, in micrometres; and A4
 * with the label above the line to fold, the slip below it.
 */

#include "cxr_label_text.h"
#include "cxr_slip.h"

#define UNIT                  100       /* micrometres in one of the drawing   */

#define CXR_A4_WIDTH          210000
#define CXR_A4_HEIGHT         297000
#define CXR_A4_FOLD           148500
#define CXR_A4_MARK           6000      /* length of a fold mark at the edge   */
#define CXR_A4_MARK_HIGH      300
#define CXR_A4_HINT           3200
#define CXR_A4_MARGIN         15000
#define CXR_SLIP_NUMBER       3000      /* room for a page's number below      */

#define CXR_LABEL_WIDTH       100000
#define CXR_LABEL_HEIGHT      150000

/* 385 dots: a usual token's 69 modules and their quiet zone get five each */

const cxr_barcode_box_t  cxr_label_qr_box = {
    4000, 80875, CXR_LABEL_QR_SIDE, CXR_LABEL_QR_SIDE, 125, 500
};

const cxr_barcode_box_t  cxr_label_code_box = {
    4000, 129500, 92000, 14000, 125, 330
};

static const struct {
    int32_t  width;
    int32_t  height;
} cxr_paper[CXR_LABEL_SIZES] = {
    [CXR_LABEL_100X150] = { CXR_LABEL_WIDTH, CXR_LABEL_HEIGHT },
    [CXR_LABEL_4X6] = { 101600, 152400 },
    [CXR_LABEL_A4] = { CXR_A4_WIDTH, CXR_A4_HEIGHT }
};


static void
cxr_label_text(cxr_drawing_t *d, int32_t x, int32_t y, int32_t size,
    bool strong, int32_t most, cxr_str_t text)
{
    cxr_draw_text(d, x * UNIT, y * UNIT, size * UNIT, strong, CXR_ALIGN_LEFT,
                  most * UNIT, text);
}


void
cxr_label_draw_rows(cxr_drawing_t *d, const cxr_view_label_rows_t *rows,
    int32_t x, int32_t y, int32_t most)
{
    uint32_t                     i;
    const cxr_view_label_row_t  *row;

    for (i = 0; i < rows->n; i++) {
        row = &rows->items[i];
        cxr_draw_text(d, x, y + (int32_t) row->y * UNIT,
                      (int32_t) row->size * UNIT, row->strong, CXR_ALIGN_LEFT,
                      most, row->text);
    }
}


static void
cxr_label_fact(cxr_drawing_t *d, int32_t y, int32_t size, cxr_str_t name,
    cxr_str_t value)
{
    cxr_label_text(d, 530, y, 26, false, 430, name);
    cxr_label_text(d, 530, y + size + 6, size, true, 430, value);
}


/* label.svg has the same places: what changes here changes there */

static void
cxr_label_draw(cxr_say_t *say, const cxr_view_label_t *v, cxr_drawing_t *d)
{
    cxr_arg_t  items = cxr_arg_int("items", v->items);

    if (say->ctx->shop->label.logo.len != 0) {
        cxr_draw_picture(d, 40 * UNIT, 34 * UNIT, 560 * UNIT, 82 * UNIT,
                         say->ctx->shop->label.logo);
        cxr_draw_box(d, 628 * UNIT, 34 * UNIT, 332 * UNIT, 82 * UNIT);
        cxr_draw_text(d, 794 * UNIT, 92 * UNIT, 48 * UNIT, true,
                      CXR_ALIGN_MIDDLE, 290 * UNIT,
                      cxr_say(say, "label.art.return"));

    } else {
        cxr_draw_box(d, 40 * UNIT, 34 * UNIT, 920 * UNIT, 82 * UNIT);
        cxr_label_text(d, 62, 92, 48, true, 560, v->shop_short);
        cxr_draw_white(d);
        cxr_draw_text(d, 938 * UNIT, 92 * UNIT, 48 * UNIT, true,
                      CXR_ALIGN_RIGHT, 290 * UNIT,
                      cxr_say(say, "label.art.return"));
    }

    cxr_draw_white(d);

    cxr_label_text(d, 40, 160, 26, false, 900, cxr_say(say, "label.art.to"));
    cxr_label_draw_rows(d, &v->to, 40 * UNIT, 0, 920 * UNIT);
    cxr_draw_box(d, 40 * UNIT, 543 * UNIT, 920 * UNIT, 4 * UNIT);

    if (v->has_from) {
        cxr_label_text(d, 40, 582, 26, false, 900,
                       cxr_say(say, "label.art.from"));
        cxr_label_draw_rows(d, &v->from, 40 * UNIT, 0, 920 * UNIT);
    }

    cxr_draw_box(d, 40 * UNIT, 803 * UNIT, 920 * UNIT, 4 * UNIT);
    cxr_draw_code(d, &v->qr_bits, &cxr_label_qr_box);

    cxr_label_fact(d, 868, 48, cxr_say(say, "label.art.rma"), v->id);
    cxr_label_text(d, 530, 984, 26, false, 430,
                   cxr_say(say, "label.art.order"));
    cxr_label_text(d, 530, 1028, (int32_t) v->number_size, true, 430,
                   v->number_short);
    cxr_label_fact(d, 1090, 38, cxr_say(say, "label.art.content"),
                   cxr_say_with(say, "label.art.items", &items, 1));

    if (v->box.len != 0) {
        cxr_draw_text(d, 960 * UNIT, 1090 * UNIT, 26 * UNIT, false,
                      CXR_ALIGN_RIGHT, 180 * UNIT,
                      cxr_say(say, "label.art.box"));
        cxr_draw_text(d, 960 * UNIT, 1146 * UNIT, 60 * UNIT, true,
                      CXR_ALIGN_RIGHT, 180 * UNIT, v->box);
    }

    cxr_label_fact(d, 1196, 38, cxr_say(say, "label.art.until"), v->expires);

    cxr_draw_code(d, &v->code128_bits, &cxr_label_code_box);
    cxr_draw_text(d, 500 * UNIT, 1474 * UNIT, 34 * UNIT, false,
                  CXR_ALIGN_MIDDLE, 900 * UNIT, v->id);
}


static cxr_drawing_t *
cxr_drawing(cxr_arena_t *a)
{
    cxr_drawing_t  *d;

    d = cxr_calloc(a, 1, sizeof(cxr_drawing_t));

    if (d != NULL) {
        d->a = a;
    }

    return d;
}


/* "what": the key of what it is */

static void
cxr_sheet_begin(cxr_say_t *say, const cxr_view_label_t *v, const char *what,
    cxr_label_size_t size, cxr_sheet_t *sheet)
{
    memset(sheet, 0, sizeof(*sheet));

    sheet->width = cxr_paper[size].width;
    sheet->height = cxr_paper[size].height;
    sheet->title = cxr_say_join(say, cxr_say(say, what), " ", v->id);
    sheet->author = say->ctx->shop->name;
    sheet->lang = cxr_lang_code(say->ctx->lang);
    sheet->created = v->issued;
}


/* To be told of one box after the other.  As old as the sheet: its codes are
   drawn from there. */

static cxr_view_label_t *
cxr_label_copy(const cxr_view_label_t *v, cxr_arena_t *a)
{
    cxr_view_label_t  *one;

    one = cxr_alloc(a, sizeof(cxr_view_label_t));

    if (one != NULL) {
        *one = *v;
    }

    return one;
}


/* A list that takes pages goes into the first box alone; the others say so. */

static void
cxr_label_next(const cxr_view_label_t *v, const cxr_sheet_t *sheet,
    uint32_t i, cxr_view_label_t *one)
{
    one->box = v->copies.items[i].box;

    if (i == 1 && sheet->pages.n > 1) {
        one->lines.n = 0;
    }
}


/* A page of the slip's own. */

static cxr_slip_place_t
cxr_slip_whole(cxr_label_size_t size)
{
    cxr_slip_place_t  place;

    place.x = size == CXR_LABEL_A4 ? CXR_A4_MARGIN : 4000;
    place.y = size == CXR_LABEL_A4 ? CXR_A4_MARGIN : 4000;
    place.width = cxr_paper[size].width - 2 * place.x;
    place.bottom = cxr_paper[size].height - place.y - CXR_SLIP_NUMBER;
    place.small = size != CXR_LABEL_A4;
    place.qr = size == CXR_LABEL_A4;

    return place;
}


/* Pages with what of the slip is left; "at" lines are on paper already. */

static cxr_rc_t
cxr_slip_pages(cxr_say_t *say, const cxr_view_label_t *v,
    cxr_label_size_t size, cxr_slip_at_t *at, cxr_sheet_t *sheet)
{
    cxr_rc_t         rc;
    cxr_drawing_t   *d;
    cxr_slip_place_t place;

    place = cxr_slip_whole(size);

    while (!at->done) {
        d = cxr_drawing(say->a);

        if (d == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_slip_draw(say, v, &place, at, d);

        if (rc == CXR_OK) {
            rc = cxr_sheet_page(sheet, d, say->a);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return cxr_say_rc(say);
}


cxr_rc_t
cxr_slip_sheet(const cxr_view_ctx_t *ctx, const cxr_view_label_t *v,
    cxr_label_size_t size, cxr_arena_t *a, cxr_sheet_t *sheet)
{
    uint32_t           i;
    cxr_rc_t           rc = CXR_OK;
    cxr_say_t          say = cxr_say_to(ctx, a);
    cxr_slip_at_t      at;
    cxr_slip_place_t   place;
    cxr_view_label_t  *one;

    cxr_sheet_begin(&say, v, "slip.heading", size, sheet);
    place = cxr_slip_whole(size);
    one = cxr_label_copy(v, a);

    if (one == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; rc == CXR_OK && i < v->copies.n; i++) {
        cxr_label_next(v, sheet, i, one);
        memset(&at, 0, sizeof(at));
        rc = cxr_slip_count(&say, one, &place, &place, &at.pages);

        if (rc == CXR_OK) {
            rc = cxr_slip_pages(&say, one, size, &at, sheet);
        }
    }

    return rc;
}


/* The label lies on its side in the upper half: folded, that half is A5. */

static cxr_rc_t
cxr_label_a4(cxr_say_t *say, const cxr_view_label_t *v,
    const cxr_drawing_t *label, cxr_sheet_t *sheet)
{
    cxr_rc_t          rc;
    cxr_drawing_t    *d;
    cxr_slip_at_t     at;
    cxr_slip_place_t  place, rest;

    d = cxr_drawing(say->a);

    if (d == NULL) {
        return CXR_NOMEM;
    }

    cxr_draw_text(d, CXR_A4_WIDTH / 2, 12000, CXR_A4_HINT, false,
                  CXR_ALIGN_MIDDLE, CXR_A4_WIDTH - 2 * CXR_A4_MARGIN,
                  cxr_say(say, "label.a4.stick"));

    cxr_draw_box(d, 0, CXR_A4_FOLD - CXR_A4_MARK_HIGH / 2, CXR_A4_MARK,
                 CXR_A4_MARK_HIGH);
    cxr_draw_box(d, CXR_A4_WIDTH - CXR_A4_MARK,
                 CXR_A4_FOLD - CXR_A4_MARK_HIGH / 2, CXR_A4_MARK,
                 CXR_A4_MARK_HIGH);
    cxr_draw_dashes(d, CXR_A4_MARGIN, CXR_A4_FOLD,
                    CXR_A4_WIDTH - 2 * CXR_A4_MARGIN);
    cxr_draw_text(d, CXR_A4_WIDTH / 2, CXR_A4_FOLD - 2200, CXR_A4_HINT, false,
                  CXR_ALIGN_MIDDLE, CXR_A4_WIDTH - 2 * CXR_A4_MARGIN,
                  cxr_say(say, "label.a4.fold"));

    memset(&at, 0, sizeof(at));
    place.x = CXR_A4_MARGIN;
    place.y = CXR_A4_FOLD + 10000;
    place.width = CXR_A4_WIDTH - 2 * CXR_A4_MARGIN;
    place.bottom = CXR_A4_HEIGHT - 12000;
    place.small = false;
    place.qr = false;

    rest = cxr_slip_whole(CXR_LABEL_A4);
    rc = cxr_slip_count(say, v, &place, &rest, &at.pages);

    if (rc == CXR_OK) {
        rc = cxr_slip_draw(say, v, &place, &at, d);
    }

    if (rc == CXR_OK) {
        rc = cxr_sheet_page(sheet, d, say->a);
    }

    if (rc == CXR_OK) {
        rc = cxr_sheet_add(sheet, label,
                           (CXR_A4_WIDTH + CXR_LABEL_HEIGHT) / 2, 22000, true,
                           say->a);
    }

    return rc == CXR_OK ? cxr_slip_pages(say, v, CXR_LABEL_A4, &at, sheet)
                        : rc;
}


/* One box's label, on a page of its own or above its slip. */

static cxr_rc_t
cxr_label_one(cxr_say_t *say, const cxr_view_label_t *v,
    cxr_label_size_t size, cxr_sheet_t *sheet)
{
    cxr_rc_t        rc;
    cxr_drawing_t  *label, *none;

    label = cxr_drawing(say->a);
    none = cxr_drawing(say->a);

    if (label == NULL || none == NULL) {
        return CXR_NOMEM;
    }

    cxr_label_draw(say, v, label);

    if (size == CXR_LABEL_A4) {
        return cxr_label_a4(say, v, label, sheet);
    }

    /* 4 x 6 inches are a little more: in the middle of them */

    rc = cxr_sheet_page(sheet, none, say->a);

    return rc == CXR_OK
           ? cxr_sheet_add(sheet, label,
                           (sheet->width - CXR_LABEL_WIDTH) / 2,
                           (sheet->height - CXR_LABEL_HEIGHT) / 2, false,
                           say->a)
           : rc;
}


cxr_rc_t
cxr_label_sheet(const cxr_view_ctx_t *ctx, const cxr_view_label_t *v,
    cxr_label_size_t size, cxr_arena_t *a, cxr_sheet_t *sheet)
{
    uint32_t           i;
    cxr_rc_t           rc = CXR_OK;
    cxr_say_t          say = cxr_say_to(ctx, a);
    cxr_view_label_t  *one;

    cxr_sheet_begin(&say, v, "label.title", size, sheet);
    one = cxr_label_copy(v, a);

    if (one == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; rc == CXR_OK && i < v->copies.n; i++) {
        cxr_label_next(v, sheet, i, one);
        rc = cxr_label_one(&say, one, size, sheet);
    }

    return rc == CXR_OK ? cxr_say_rc(&say) : rc;
}
