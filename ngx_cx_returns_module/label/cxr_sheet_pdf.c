
#include "cxr_sheet_private.h"

#include <cairo-pdf.h>

#define CXR_SHEET_POINT  (72.0 / 25400.0)      /* points in a micrometre      */


static cairo_status_t
cxr_sheet_write(void *data, const unsigned char *bytes, unsigned int n)
{
    cxr_buf_t  *out = data;

    cxr_buf_add(out, bytes, n);

    return cxr_buf_ok(out) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}


/* cairo's strings end with a 0; what has one within ends there */

static void
cxr_sheet_say(cairo_surface_t *surface, cairo_pdf_metadata_t what,
    cxr_str_t text, cxr_arena_t *a)
{
    char  *z;

    z = text.len != 0 ? cxr_strz_dup(a, text) : NULL;

    if (z != NULL) {
        cairo_pdf_surface_set_metadata(surface, what, z);
    }
}


static cxr_rc_t
cxr_sheet_metadata(cairo_surface_t *surface, const cxr_sheet_t *sheet)
{
    char          mem[64];
    cxr_buf_t     time;
    cxr_arena_t  *a;

    a = cxr_arena_create(64 * 1024);

    if (a == NULL) {
        return CXR_NOMEM;
    }

    /* whole seconds: cairo drops a time that has parts of one */

    cxr_buf_init_fixed(&time, mem, sizeof(mem));
    cxr_time_print(sheet->created - sheet->created % CXR_SECOND, &time);

    cxr_sheet_say(surface, CAIRO_PDF_METADATA_CREATE_DATE, cxr_buf_str(&time),
                  a);
    cxr_sheet_say(surface, CAIRO_PDF_METADATA_TITLE, sheet->title, a);
    cxr_sheet_say(surface, CAIRO_PDF_METADATA_AUTHOR, sheet->author, a);
    cxr_arena_destroy(a);

    return CXR_OK;
}


cxr_rc_t
cxr_sheet_pdf(const cxr_sheet_t *sheet, const cxr_fonts_t *fonts,
    cxr_buf_t *out)
{
    size_t            from;
    cairo_t          *cr;
    uint32_t          i;
    cxr_rc_t          rc;
    cairo_status_t    status;
    cairo_surface_t  *surface;

    from = cxr_buf_str(out).len;

    if (sheet->created == CXR_TIME_NONE) {
        return CXR_ERROR;
    }

    if (sheet->pages.n == 0 || sheet->width <= 0 || sheet->height <= 0
        || sheet->width > CXR_SHEET_SIDE_MAX
        || sheet->height > CXR_SHEET_SIDE_MAX)
    {
        return CXR_LIMIT;
    }

    surface = cairo_pdf_surface_create_for_stream(cxr_sheet_write, out,
                                             sheet->width * CXR_SHEET_POINT,
                                             sheet->height * CXR_SHEET_POINT);
    rc = cxr_sheet_metadata(surface, sheet);

    cr = cairo_create(surface);
    cairo_scale(cr, CXR_SHEET_POINT, CXR_SHEET_POINT);

    for (i = 0; rc == CXR_OK && i < sheet->pages.n; i++) {
        rc = cxr_sheet_draw_page(cr, &sheet->pages.items[i], fonts, 0);
        cairo_show_page(cr);
    }

    if (rc == CXR_OK) {
        rc = cxr_sheet_status(cairo_status(cr));
    }

    cairo_destroy(cr);
    cairo_surface_finish(surface);
    status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);

    if (rc == CXR_OK) {
        rc = cxr_sheet_status(status);
    }

    return rc == CXR_OK ? cxr_sheet_pdf_lang(sheet->lang, from, out) : rc;
}
