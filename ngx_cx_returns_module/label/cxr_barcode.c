
#include "cxr_barcode.h"

#include <zint.h>

#include "cxr_buf.h"

#define CXR_QR_LEVEL_M        2
#define CXR_UM_IN_UNIT        100       /* micrometres in a tenth of a mm     */


static bool
cxr_barcode_module(const struct zint_symbol *z, int row, int column)
{
    return (z->encoded_data[row][column >> 3] >> (column & 7)) & 1;
}


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


/* One rectangle for each run of dark modules in a row. */

static void
cxr_barcode_path(const struct zint_symbol *z, unsigned quiet_x,
    unsigned quiet_y, cxr_buf_t *out)
{
    int  row, column, run;

    cxr_buf_addz(out, "<path d=\"");

    for (row = 0; row < z->rows; row++) {
        for (column = 0; column < z->width; column += run + 1) {

            for (run = 0; column + run < z->width
                          && cxr_barcode_module(z, row, column + run); run++)
            {
                /* void */
            }

            if (run != 0) {
                cxr_buf_addf(out, "M%u %uh%dv1h-%dz",
                             quiet_x + (unsigned) column,
                             quiet_y + (unsigned) row, run, run);
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


/* "wide" and "high" count modules with the quiet zones; high 0: a linear code,
   whose bars fill the box's height. */

static cxr_rc_t
cxr_barcode_svg(const struct zint_symbol *z, unsigned quiet, bool linear,
    const cxr_barcode_box_t *box, cxr_arena_t *a, cxr_str_t *svg)
{
    cxr_rc_t   rc;
    uint32_t   wide, high, module, x, y, width, height;
    cxr_buf_t  out;

    wide = (uint32_t) z->width + 2 * quiet;
    high = linear ? 1 : (uint32_t) z->rows + 2 * quiet;
    module = box->width / wide;

    if (!linear && box->height / high < module) {
        module = box->height / high;
    }

    module -= module % box->step;

    if (module == 0 || module < box->least) {
        return CXR_LIMIT;
    }

    width = wide * module;
    height = linear ? box->height : high * module;
    x = box->x + (box->width - width) / 2;
    y = box->y + (box->height - height) / 2;
    x -= x % box->step;
    y -= y % box->step;

    cxr_buf_init(&out, CXR_BARCODE_SVG_MAX);

    cxr_buf_addz(&out, "<svg");
    cxr_barcode_length(&out, "x", x);
    cxr_barcode_length(&out, "y", y);
    cxr_barcode_length(&out, "width", width);
    cxr_barcode_length(&out, "height", height);
    cxr_buf_addf(&out, " viewBox=\"0 0 %u %u\" preserveAspectRatio=\"none\""
                 " shape-rendering=\"crispEdges\" fill=\"#000\">",
                 (unsigned) wide, (unsigned) high);
    cxr_barcode_path(z, quiet, linear ? 0 : quiet, &out);
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
    cxr_rc_t             rc;
    struct zint_symbol  *z;

    rc = cxr_barcode_make(BARCODE_CODE128, text, CXR_CODE128_TEXT_MAX, &z);

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_barcode_svg(z, CXR_CODE128_QUIET, true, box, a, svg);

    ZBarcode_Delete(z);

    return rc;
}


cxr_rc_t
cxr_qr_svg(cxr_str_t text, const cxr_barcode_box_t *box, cxr_arena_t *a,
    cxr_str_t *svg)
{
    cxr_rc_t             rc;
    struct zint_symbol  *z;

    rc = cxr_barcode_make(BARCODE_QRCODE, text, CXR_QR_TEXT_MAX, &z);

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_barcode_svg(z, CXR_QR_QUIET, false, box, a, svg);

    ZBarcode_Delete(z);

    return rc;
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
