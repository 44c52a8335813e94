
/*
 * A picture on a sheet: the shop's logo.  Paper takes it with its colours;
 * a printer's dots are what is dark in it.
 */

#include "cxr_sheet_private.h"

#include <math.h>

typedef struct {
    cxr_str_t  png;
    size_t     at;
} cxr_picture_source_t;


void
cxr_draw_picture(cxr_drawing_t *d, int32_t x, int32_t y, int32_t width,
    int32_t height, cxr_str_t png)
{
    cxr_sheet_op_t  *op;

    op = cxr_draw_op(d, CXR_SHEET_PICTURE, x, y);

    if (op != NULL) {
        op->width = width;
        op->height = height;
        op->text = png;
    }
}


static cairo_status_t
cxr_picture_read(void *data, unsigned char *out, unsigned int n)
{
    cxr_picture_source_t  *s = data;

    if (n > s->png.len - s->at) {
        return CAIRO_STATUS_READ_ERROR;
    }

    memcpy(out, s->png.data + s->at, n);
    s->at += n;

    return CAIRO_STATUS_SUCCESS;
}


static cairo_surface_t *
cxr_picture_load(cxr_str_t png)
{
    cxr_picture_source_t  s;

    s.png = png;
    s.at = 0;

    return cairo_image_surface_create_from_png_stream(cxr_picture_read, &s);
}


cxr_rc_t
cxr_sheet_picture_check(cxr_str_t png, cxr_diag_t *d)
{
    cairo_status_t    status;
    cairo_format_t    format;
    cairo_surface_t  *surface;

    surface = cxr_picture_load(png);
    status = cairo_surface_status(surface);
    format = status == CAIRO_STATUS_SUCCESS
             ? cairo_image_surface_get_format(surface) : CAIRO_FORMAT_INVALID;
    cairo_surface_destroy(surface);

    if (status == CAIRO_STATUS_NO_MEMORY) {
        return cxr_diag(d, CXR_NOMEM, "", "not enough memory for the logo");
    }

    /* colours of more than eight bits come in floating point */

    if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) {
        return cxr_diag(d, CXR_INVALID, "/label/logo", "is a PNG that is "
                        "broken, or of more than 8 bits a colour");
    }

    return CXR_OK;
}


/* How dark each pixel is, as a mask: luma by ITU-R BT.601. */

static cairo_surface_t *
cxr_picture_dark(cairo_surface_t *from)
{
    int               x, y, width, height, in, out;
    uint8_t          *to;
    uint32_t          p, alpha, light;
    cairo_surface_t  *mask;
    const uint8_t    *pixels;

    cairo_surface_flush(from);

    width = cairo_image_surface_get_width(from);
    height = cairo_image_surface_get_height(from);
    mask = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);

    if (cairo_surface_status(mask) != CAIRO_STATUS_SUCCESS) {
        return mask;
    }

    pixels = cairo_image_surface_get_data(from);
    to = cairo_image_surface_get_data(mask);
    in = cairo_image_surface_get_stride(from);
    out = cairo_image_surface_get_stride(mask);

    for (y = 0; y < height; y++) {
        for (x = 0; x < width; x++) {
            memcpy(&p, pixels + (ptrdiff_t) y * in + 4 * x, 4);

            /* colours are multiplied by alpha already */

            alpha = cairo_image_surface_get_format(from) == CAIRO_FORMAT_RGB24
                    ? 255 : p >> 24;
            light = ((p >> 16 & 255) * 299 + (p >> 8 & 255) * 587
                     + (p & 255) * 114) / 1000;
            to[(ptrdiff_t) y * out + x] = (uint8_t) (alpha > light
                                                     ? alpha - light : 0);
        }
    }

    cairo_surface_mark_dirty(mask);

    return mask;
}


cxr_rc_t
cxr_sheet_picture(cairo_t *cr, const cxr_sheet_op_t *op, double dot)
{
    double            scale, width, height;
    cairo_status_t    status;
    cairo_surface_t  *surface, *mask;

    surface = cxr_picture_load(op->text);
    status = cairo_surface_status(surface);

    if (status == CAIRO_STATUS_SUCCESS && dot > 0) {
        mask = cxr_picture_dark(surface);
        cairo_surface_destroy(surface);
        surface = mask;
        status = cairo_surface_status(surface);
    }

    if (status == CAIRO_STATUS_SUCCESS) {
        width = cairo_image_surface_get_width(surface);
        height = cairo_image_surface_get_height(surface);
        scale = fmin(op->width / width, op->height / height);

        cairo_save(cr);
        cairo_translate(cr, op->x, op->y + (op->height - height * scale) / 2);
        cairo_scale(cr, scale, scale);

        if (dot > 0) {
            cairo_mask_surface(cr, surface, 0, 0);

        } else {
            cairo_set_source_surface(cr, surface, 0, 0);
            cairo_paint(cr);
        }

        cairo_restore(cr);
        status = cairo_status(cr);
    }

    cairo_surface_destroy(surface);

    return cxr_sheet_status(status);
}
