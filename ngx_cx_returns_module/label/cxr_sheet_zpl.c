
#include "cxr_sheet_private.h"

/* what printers call 203 is 8 dots to the millimetre */
#define CXR_ZPL_DPI_203     203
#define CXR_ZPL_DOT_203     125.0
#define CXR_ZPL_INCH        25400.0
#define CXR_ZPL_DARK        128         /* of 255                              */
#define CXR_ZPL_RUN_MAX     400


/*
 * Repeats of a hexadecimal digit: G to Y are 1 to 19, g to z 20 to 400
 * (ZPL II Programming Guide, "Alternative Data Compression Scheme").
 */

static void
cxr_zpl_run(cxr_buf_t *out, char digit, size_t n)
{
    size_t  k;

    for (/* void */; n != 0; n -= k) {
        k = n < CXR_ZPL_RUN_MAX ? n : CXR_ZPL_RUN_MAX;

        if (k >= 20) {
            cxr_buf_addc(out, (char) ('g' + k / 20 - 1));
        }

        if (k % 20 != 0 && k != 1) {
            cxr_buf_addc(out, (char) ('G' + k % 20 - 1));
        }

        cxr_buf_addc(out, digit);
    }
}


/* A row of digits; blanks at its end are one comma. */

static void
cxr_zpl_row(cxr_buf_t *out, const char *digits, size_t n)
{
    size_t  i, k, last;

    for (last = n; last != 0 && digits[last - 1] == '0'; last--) {
        /* void */
    }

    for (i = 0; i < last; i += k) {

        for (k = 1; i + k < last && digits[i + k] == digits[i]; k++) {
            /* void */
        }

        cxr_zpl_run(out, digits[i], k);
    }

    if (last != n) {
        cxr_buf_addc(out, ',');
    }
}


static void
cxr_zpl_digits(const unsigned char *pixels, uint32_t width, size_t bytes,
    char *digits)
{
    uint32_t  i, x, four;

    for (i = 0; i < 2 * bytes; i++) {
        four = 0;

        for (x = 4 * i; x < 4 * i + 4; x++) {
            four = 2 * four + (x < width && pixels[x] >= CXR_ZPL_DARK);
        }

        digits[i] = "0123456789ABCDEF"[four];
    }
}


static cxr_rc_t
cxr_zpl_picture(cairo_surface_t *surface, cxr_arena_t *a, cxr_buf_t *out)
{
    int                   stride;
    char                 *digits, *before, *swap;
    size_t                bytes;
    uint32_t              y, width, height;
    const unsigned char  *pixels;

    cairo_surface_flush(surface);

    pixels = cairo_image_surface_get_data(surface);
    stride = cairo_image_surface_get_stride(surface);
    width = (uint32_t) cairo_image_surface_get_width(surface);
    height = (uint32_t) cairo_image_surface_get_height(surface);
    bytes = (width + 7) / 8;

    digits = cxr_alloc(a, 2 * bytes);
    before = cxr_calloc(a, 1, 2 * bytes);

    if (pixels == NULL || digits == NULL || before == NULL) {
        return CXR_NOMEM;
    }

    cxr_buf_addf(out, "^FO0,0^GFA,%zu,%zu,%zu,", bytes * height,
                 bytes * height, bytes);

    for (y = 0; y < height; y++) {
        cxr_zpl_digits(pixels + (size_t) y * (size_t) stride, width, bytes,
                       digits);

        if (y != 0 && memcmp(digits, before, 2 * bytes) == 0) {
            cxr_buf_addc(out, ':');
            continue;
        }

        cxr_zpl_row(out, digits, 2 * bytes);

        swap = before;
        before = digits;
        digits = swap;
    }

    cxr_buf_addz(out, "^FS\n");

    return cxr_buf_ok(out) ? CXR_OK : CXR_LIMIT;
}


static cxr_rc_t
cxr_zpl_page(const cxr_sheet_t *sheet, const cxr_sheet_page_t *page,
    const cxr_fonts_t *fonts, double dot, cxr_buf_t *out)
{
    int                    width, height;
    cairo_t               *cr;
    cxr_rc_t               rc;
    cxr_arena_t           *a;
    cairo_surface_t       *surface;
    cairo_font_options_t  *options;

    width = (int) (sheet->width / dot + 0.5);
    height = (int) (sheet->height / dot + 0.5);

    a = cxr_arena_create(64 * 1024);

    if (a == NULL) {
        return CXR_NOMEM;
    }

    surface = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cr = cairo_create(surface);

    /* dots are black or they are not: hinted outlines, no grey edges */

    options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
    cairo_set_font_options(cr, options);
    cairo_font_options_destroy(options);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    cairo_scale(cr, 1 / dot, 1 / dot);

    rc = cxr_sheet_draw_page(cr, page, fonts, dot);

    if (rc == CXR_OK) {
        rc = cxr_sheet_status(cairo_status(cr));
    }

    if (rc == CXR_OK) {
        cxr_buf_addf(out, "^XA\n^CI28\n^PW%d\n^LL%d\n^LH0,0\n^LS0\n^PON\n",
                     width, height);
        rc = cxr_zpl_picture(surface, a, out);
        cxr_buf_addz(out, "^PQ1\n^XZ\n");
    }

    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    cxr_arena_destroy(a);

    return rc == CXR_OK && !cxr_buf_ok(out) ? CXR_LIMIT : rc;
}


cxr_rc_t
cxr_sheet_zpl(const cxr_sheet_t *sheet, const cxr_fonts_t *fonts,
    unsigned dpi, cxr_buf_t *out)
{
    double    dot;
    uint32_t  i;
    cxr_rc_t  rc;

    if (dpi < CXR_ZPL_DPI_MIN || dpi > CXR_ZPL_DPI_MAX || sheet->pages.n == 0
        || sheet->width <= 0 || sheet->height <= 0
        || sheet->width > CXR_SHEET_SIDE_MAX
        || sheet->height > CXR_SHEET_SIDE_MAX)
    {
        return CXR_LIMIT;
    }

    dot = dpi == CXR_ZPL_DPI_203 ? CXR_ZPL_DOT_203 : CXR_ZPL_INCH / dpi;
    rc = CXR_OK;

    for (i = 0; rc == CXR_OK && i < sheet->pages.n; i++) {
        rc = cxr_zpl_page(sheet, &sheet->pages.items[i], fonts, dot, out);
    }

    return rc;
}
