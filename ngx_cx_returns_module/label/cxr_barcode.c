
#include "cxr_barcode.h"

#include <zint.h>

#include "cxr_buf.h"

#define CXR_QR_LEVEL_M        2
#define CXR_UM_IN_UNIT        100       /* micrometres in a tenth of a mm     */


/*
 * Has libzint make the symbol; *z is NULL on an error.  A warning means that
 * what it made is not what was asked for (a check digit it changed, an option
 * it did not take), so it is an error too.
 */

static cxr_rc_t
cxr_barcode_make(int symbology, cxr_str_t text, size_t max,
    struct zint_symbol **z)
{
    int                  rc;
    size_t               i;
    struct zint_symbol  *symbol;

    *z = NULL;

    if (text.len == 0) {
        return CXR_INVALID;
    }

    if (text.len > max) {
        return CXR_LIMIT;
    }

    for (i = 0; i < text.len; i++) {
        if (text.data[i] < 0x20 || text.data[i] > 0x7e) {
            return CXR_INVALID;
        }
    }

    symbol = ZBarcode_Create();

    if (symbol == NULL) {
        return CXR_NOMEM;
    }

    symbol->symbology = symbology;
    symbol->show_hrt = 0;

    if (symbology == BARCODE_QRCODE) {
        symbol->option_1 = CXR_QR_LEVEL_M;
    }

    rc = ZBarcode_Encode(symbol, (const unsigned char *) text.data,
                         (int) text.len);

    if (rc == ZINT_ERROR_TOO_LONG) {
        ZBarcode_Delete(symbol);
        return CXR_LIMIT;
    }

    if (rc != 0 || symbol->rows < 1 || symbol->width < 1) {
        ZBarcode_Delete(symbol);
        return CXR_ERROR;
    }

    *z = symbol;

    return CXR_OK;
}


static cxr_rc_t
cxr_barcode_bits(int symbology, cxr_str_t text, size_t max, cxr_arena_t *a,
    cxr_bits_t *bits)
{
    int                  row, column;
    uint8_t             *dark;
    cxr_rc_t             rc;
    struct zint_symbol  *z;

    rc = cxr_barcode_make(symbology, text, max, &z);

    if (rc != CXR_OK) {
        return rc;
    }

    bits->columns = (uint32_t) z->width;
    bits->rows = (uint32_t) z->rows;
    dark = cxr_alloc(a, (size_t) z->width * (size_t) z->rows);

    if (dark == NULL) {
        ZBarcode_Delete(z);
        return CXR_NOMEM;
    }

    bits->dark = dark;

    for (row = 0; row < z->rows; row++) {
        for (column = 0; column < z->width; column++) {
            *dark++ = (z->encoded_data[row][column >> 3] >> (column & 7)) & 1;
        }
    }

    ZBarcode_Delete(z);

    return CXR_OK;
}


cxr_rc_t
cxr_code128_bits(cxr_str_t text, cxr_arena_t *a, cxr_bits_t *bits)
{
    bits->quiet = CXR_CODE128_QUIET;
    bits->linear = true;

    return cxr_barcode_bits(BARCODE_CODE128, text, CXR_CODE128_TEXT_MAX, a,
                            bits);
}


cxr_rc_t
cxr_qr_bits(cxr_str_t text, cxr_arena_t *a, cxr_bits_t *bits)
{
    bits->quiet = CXR_QR_QUIET;
    bits->linear = false;

    return cxr_barcode_bits(BARCODE_QRCODE, text, CXR_QR_TEXT_MAX, a, bits);
}


cxr_rc_t
cxr_barcode_place(const cxr_bits_t *bits, const cxr_barcode_box_t *box,
    cxr_barcode_at_t *at)
{
    uint32_t  wide, high, module;

    wide = bits->columns + 2 * bits->quiet;
    high = bits->linear ? 1 : bits->rows + 2 * bits->quiet;
    module = box->width / wide;

    if (!bits->linear && box->height / high < module) {
        module = box->height / high;
    }

    module -= module % box->step;

    if (module == 0 || module < box->least) {
        return CXR_LIMIT;
    }

    at->module = module;
    at->width = wide * module;
    at->height = bits->linear ? box->height : high * module;
    at->x = box->x + (box->width - at->width) / 2;
    at->y = box->y + (box->height - at->height) / 2;
    at->x -= at->x % box->step;
    at->y -= at->y % box->step;

    return CXR_OK;
}


/* One rectangle for each run of dark modules in a row. */

static void
cxr_barcode_path(const cxr_bits_t *bits, cxr_buf_t *out)
{
    uint32_t        row, column, run, top;
    const uint8_t  *dark;

    top = bits->linear ? 0 : bits->quiet;
    cxr_buf_addz(out, "<path d=\"");

    for (row = 0; row < bits->rows; row++) {
        dark = bits->dark + (size_t) row * bits->columns;

        for (column = 0; column < bits->columns; column += run + 1) {

            for (run = 0; column + run < bits->columns && dark[column + run];
                 run++)
            {
                /* void */
            }

            if (run != 0) {
                cxr_buf_addf(out, "M%u %uh%uv1h-%uz",
                             (unsigned) (bits->quiet + column),
                             (unsigned) (top + row), (unsigned) run,
                             (unsigned) run);
            }
        }
    }

    cxr_buf_addz(out, "\"/>");
}


static void
cxr_barcode_length(cxr_buf_t *out, const char *name, uint32_t um)
{
    /* by hand: printf's decimal point is the process's locale's */

    cxr_buf_addf(out, " %s=\"%u.%02u\"", name,
                 (unsigned) (um / CXR_UM_IN_UNIT),
                 (unsigned) (um % CXR_UM_IN_UNIT));
}


cxr_rc_t
cxr_barcode_svg(const cxr_bits_t *bits, const cxr_barcode_box_t *box,
    cxr_arena_t *a, cxr_str_t *svg)
{
    cxr_rc_t          rc;
    cxr_buf_t         out;
    cxr_barcode_at_t  at;

    if (box != NULL) {
        rc = cxr_barcode_place(bits, box, &at);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    cxr_buf_init(&out, CXR_BARCODE_SVG_MAX);
    cxr_buf_addz(&out, "<svg");

    if (box != NULL) {
        cxr_barcode_length(&out, "x", at.x);
        cxr_barcode_length(&out, "y", at.y);
        cxr_barcode_length(&out, "width", at.width);
        cxr_barcode_length(&out, "height", at.height);
    }

    cxr_buf_addf(&out, " viewBox=\"0 0 %u %u\"%s shape-rendering=\"crispEdges\""
                 " fill=\"#000\">",
                 (unsigned) (bits->columns + 2 * bits->quiet),
                 (unsigned) (bits->linear ? 1 : bits->rows + 2 * bits->quiet),
                 box != NULL ? " preserveAspectRatio=\"none\"" : "");
    cxr_barcode_path(bits, &out);
    cxr_buf_addz(&out, "</svg>");

    rc = cxr_buf_ok(&out) ? cxr_str_dup(a, cxr_buf_str(&out), svg)
                          : CXR_NOMEM;

    cxr_buf_free(&out);

    return rc;
}


cxr_rc_t
cxr_code128_svg(cxr_str_t text, const cxr_barcode_box_t *box, cxr_arena_t *a,
    cxr_str_t *svg)
{
    cxr_rc_t    rc;
    cxr_bits_t  bits;

    rc = cxr_code128_bits(text, a, &bits);

    return rc == CXR_OK ? cxr_barcode_svg(&bits, box, a, svg) : rc;
}


cxr_rc_t
cxr_qr_svg(cxr_str_t text, const cxr_barcode_box_t *box, cxr_arena_t *a,
    cxr_str_t *svg)
{
    cxr_rc_t    rc;
    cxr_bits_t  bits;

    rc = cxr_qr_bits(text, a, &bits);

    return rc == CXR_OK ? cxr_barcode_svg(&bits, box, a, svg) : rc;
}


cxr_rc_t
cxr_qr_file(cxr_str_t text, cxr_arena_t *a, cxr_str_t *svg)
{
    cxr_rc_t   rc;
    cxr_str_t  markup;

    const cxr_str_t  tag = cxr_str("<svg");

    rc = cxr_qr_svg(text, NULL, a, &markup);
    if (rc != CXR_OK) {
        return rc;
    }

    *svg = cxr_str_join(a, cxr_str("<svg xmlns=\"http://www.w3.org/2000/svg\""),
                        cxr_strn(markup.data + tag.len, markup.len - tag.len),
                        CXR_STR_NONE);

    return svg->len != 0 ? CXR_OK : CXR_NOMEM;
}


cxr_rc_t
cxr_qr_modules(cxr_str_t text, unsigned *modules)
{
    cxr_rc_t             rc;
    struct zint_symbol  *z;

    rc = cxr_barcode_make(BARCODE_QRCODE, text, CXR_QR_TEXT_MAX, &z);

    if (rc != CXR_OK) {
        return rc;
    }

    *modules = (unsigned) z->width;

    ZBarcode_Delete(z);

    return CXR_OK;
}
