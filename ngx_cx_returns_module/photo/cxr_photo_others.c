
/*
 * PNG, WebP and HEIC: their sizes are looked at before anything is decoded.
 */

#include <stdlib.h>

#include <png.h>
#include <webp/decode.h>
#include <libheif/heif.h>

#include "cxr_photo_private.h"

#define CXR_HEIC_SIDE_MAX  12288     /* pixels: 4 GB would be one of 30000   */


static cxr_rc_t
png_pixels(cxr_str_t file, png_uint_32 format, cxr_pixels_t *px)
{
    cxr_rc_t   rc;
    png_image  image;
    png_color  white = { 255, 255, 255 };

    memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;

    if (!png_image_begin_read_from_memory(&image, file.data, file.len)) {
        return CXR_INVALID;
    }

    rc = cxr_pixels_ok(image.width, image.height, CXR_PHOTO_PLAIN_MAX);

    if (rc == CXR_OK) {
        image.format = format;
        px->width = image.width;
        px->height = image.height;
        px->rgb = malloc((size_t) px->width * px->height
                         * PNG_IMAGE_PIXEL_SIZE(format));

        if (px->rgb == NULL) {
            rc = CXR_NOMEM;

        } else if (!png_image_finish_read(&image, &white, px->rgb, 0, NULL)) {
            rc = CXR_INVALID;
        }
    }

    png_image_free(&image);

    return rc;
}


cxr_rc_t
cxr_png_read(cxr_str_t file, cxr_pixels_t *px)
{
    return png_pixels(file, PNG_FORMAT_RGB, px);
}


cxr_rc_t
cxr_png_read_alpha(cxr_str_t file, cxr_pixels_t *px)
{
    return png_pixels(file, PNG_FORMAT_RGBA, px);
}


/* RGBA onto white, in the place of the RGBA. */

static void
pixels_on_white(uint8_t *rgba, size_t n)
{
    size_t     i, c;
    unsigned   alpha;
    uint8_t   *to = rgba;

    for (i = 0; i < n; i++) {
        alpha = rgba[i * 4 + 3];

        for (c = 0; c < 3; c++) {
            *to++ = (uint8_t) ((rgba[i * 4 + c] * alpha + 255 * (255 - alpha))
                               / 255);
        }
    }
}


cxr_rc_t
cxr_webp_read_alpha(cxr_str_t file, cxr_pixels_t *px)
{
    size_t                 n;
    cxr_rc_t               rc;
    const uint8_t         *data = (const uint8_t *) file.data;
    WebPBitstreamFeatures  f;

    if (WebPGetFeatures(data, file.len, &f) != VP8_STATUS_OK
        || f.has_animation || f.width <= 0 || f.height <= 0)
    {
        return CXR_INVALID;
    }

    rc = cxr_pixels_ok((uint64_t) f.width, (uint64_t) f.height,
                       CXR_PHOTO_PLAIN_MAX);
    if (rc != CXR_OK) {
        return rc;
    }

    px->width = (uint32_t) f.width;
    px->height = (uint32_t) f.height;
    n = (size_t) px->width * px->height;
    px->rgb = malloc(n * 4);

    if (px->rgb == NULL) {
        return CXR_NOMEM;
    }

    if (WebPDecodeRGBAInto(data, file.len, px->rgb, n * 4,
                           (int) px->width * 4)
        == NULL)
    {
        return CXR_INVALID;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_webp_read(cxr_str_t file, cxr_pixels_t *px)
{
    cxr_rc_t  rc;

    rc = cxr_webp_read_alpha(file, px);

    if (rc == CXR_OK) {
        pixels_on_white(px->rgb, (size_t) px->width * px->height);
    }

    return rc;
}


static cxr_rc_t
heic_pixels(struct heif_image_handle *handle, cxr_pixels_t *px)
{
    int                  stride;
    cxr_rc_t             rc = CXR_OK;
    uint32_t             y;
    const uint8_t       *plane;
    struct heif_error    err;
    struct heif_image   *image = NULL;

    err = heif_decode_image(handle, &image, heif_colorspace_RGB,
                            heif_chroma_interleaved_RGB, NULL);
    if (err.code != heif_error_Ok) {
        return err.code == heif_error_Memory_allocation_error ? CXR_NOMEM
                                                              : CXR_INVALID;
    }

    /* as decoded: what a file says of its size and what is in it may differ */

    plane = heif_image_get_plane_readonly(image, heif_channel_interleaved,
                                          &stride);
    px->width = (uint32_t) heif_image_get_width(image,
                                                heif_channel_interleaved);
    px->height = (uint32_t) heif_image_get_height(image,
                                                  heif_channel_interleaved);

    if (plane == NULL
        || cxr_pixels_ok(px->width, px->height, CXR_PHOTO_PLAIN_MAX) != CXR_OK)
    {
        rc = CXR_INVALID;

    } else {
        px->rgb = malloc((size_t) px->width * px->height * 3);
        rc = px->rgb ? CXR_OK : CXR_NOMEM;
    }

    for (y = 0; rc == CXR_OK && y < px->height; y++) {
        memcpy(px->rgb + (size_t) y * px->width * 3,
               plane + (size_t) y * (size_t) stride, (size_t) px->width * 3);
    }

    heif_image_release(image);

    return rc;
}


cxr_rc_t
cxr_heic_read(cxr_str_t file, cxr_pixels_t *px)
{
    int                        w, h;
    cxr_rc_t                   rc;
    struct heif_error          err;
    struct heif_context       *ctx;
    struct heif_image_handle  *handle = NULL;

    rc = cxr_heic_check(file);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = CXR_INVALID;
    ctx = heif_context_alloc();
    if (ctx == NULL) {
        return CXR_NOMEM;
    }

    /* tiles in this thread; no canvas beyond what is taken in the end */

    heif_context_set_max_decoding_threads(ctx, 0);
    heif_context_set_maximum_image_size_limit(ctx, CXR_HEIC_SIDE_MAX);

    err = heif_context_read_from_memory_without_copy(ctx, file.data, file.len,
                                                     NULL);

    if (err.code == heif_error_Ok) {
        err = heif_context_get_primary_image_handle(ctx, &handle);
    }

    if (err.code == heif_error_Ok) {
        w = heif_image_handle_get_width(handle);
        h = heif_image_handle_get_height(handle);

        rc = w > 0 && h > 0 ? cxr_pixels_ok((uint64_t) w, (uint64_t) h,
                                            CXR_PHOTO_PLAIN_MAX)
                            : CXR_INVALID;
        if (rc == CXR_OK) {
            rc = heic_pixels(handle, px);
        }

        heif_image_handle_release(handle);
    }

    heif_context_free(ctx);

    return rc;
}
