
/*
 * From a file that somebody sent to a photo of ours.
 */

#include <stdlib.h>

#include "cxr_photo_private.h"


cxr_picture_t
cxr_picture_kind(cxr_str_t file)
{
    size_t              i;
    const char         *p = file.data;

    static const char *const  brands[] = {
        "heic", "heix", "heim", "heis", "mif1", "msf1"
    };

    if (file.len >= 3 && memcmp(p, "\xff\xd8\xff", 3) == 0) {
        return CXR_PICTURE_JPEG;
    }

    if (file.len >= 8 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) {
        return CXR_PICTURE_PNG;
    }

    if (file.len >= 12 && memcmp(p, "RIFF", 4) == 0
        && memcmp(p + 8, "WEBP", 4) == 0)
    {
        return CXR_PICTURE_WEBP;
    }

    if (file.len >= 12 && memcmp(p + 4, "ftyp", 4) == 0) {
        for (i = 0; i < cxr_nelts(brands); i++) {
            if (memcmp(p + 8, brands[i], 4) == 0) {
                return CXR_PICTURE_HEIC;
            }
        }
    }

    return CXR_PICTURE_NONE;
}


cxr_rc_t
cxr_pixels_ok(uint64_t width, uint64_t height, uint64_t max)
{
    if (width == 0 || height == 0) {
        return CXR_INVALID;
    }

    if (width > CXR_PHOTO_LENGTH_MAX || height > CXR_PHOTO_LENGTH_MAX
        || width * height > max)
    {
        return CXR_LIMIT;
    }

    return CXR_OK;
}


/* Each pixel of the smaller picture is the mean of those that it covers. */

static cxr_rc_t
pixels_shrink(cxr_pixels_t *px, uint32_t side)
{
    uint8_t   *rgb;
    uint32_t   w, h, x, y, i, j, x0, x1, y0, y1, longest;
    uint64_t   sum[3], n;

    longest = px->width > px->height ? px->width : px->height;

    if (longest <= side) {
        return CXR_OK;
    }

    w = (uint32_t) ((uint64_t) px->width * side / longest);
    h = (uint32_t) ((uint64_t) px->height * side / longest);
    w = w ? w : 1;
    h = h ? h : 1;

    rgb = malloc((size_t) w * h * 3);
    if (rgb == NULL) {
        return CXR_NOMEM;
    }

    for (y = 0; y < h; y++) {
        y0 = (uint32_t) ((uint64_t) y * px->height / h);
        y1 = (uint32_t) ((uint64_t) (y + 1) * px->height / h);
        y1 = y1 > y0 ? y1 : y0 + 1;

        for (x = 0; x < w; x++) {
            x0 = (uint32_t) ((uint64_t) x * px->width / w);
            x1 = (uint32_t) ((uint64_t) (x + 1) * px->width / w);
            x1 = x1 > x0 ? x1 : x0 + 1;

            sum[0] = sum[1] = sum[2] = 0;
            n = (uint64_t) (x1 - x0) * (y1 - y0);

            for (j = y0; j < y1; j++) {
                const uint8_t  *p = px->rgb
                                    + ((size_t) j * px->width + x0) * 3;

                for (i = x0; i < x1; i++, p += 3) {
                    sum[0] += p[0];
                    sum[1] += p[1];
                    sum[2] += p[2];
                }
            }

            for (i = 0; i < 3; i++) {
                rgb[((size_t) y * w + x) * 3 + i] = (uint8_t) (sum[i] / n);
            }
        }
    }

    free(px->rgb);
    px->rgb = rgb;
    px->width = w;
    px->height = h;

    return CXR_OK;
}


/* Since the mark that says how it was held goes, the picture is turned. */

static cxr_rc_t
pixels_turn(cxr_pixels_t *px, unsigned orientation)
{
    bool       swap = orientation >= 5;
    uint8_t   *rgb;
    uint32_t   w, h, x, y, sx, sy;

    if (orientation < 2 || orientation > 8) {
        return CXR_OK;
    }

    w = swap ? px->height : px->width;
    h = swap ? px->width : px->height;

    rgb = malloc((size_t) w * h * 3);
    if (rgb == NULL) {
        return CXR_NOMEM;
    }

    for (y = 0; y < h; y++) {
        for (x = 0; x < w; x++) {

            switch (orientation) {
            case 2:  sx = w - 1 - x; sy = y;         break;
            case 3:  sx = w - 1 - x; sy = h - 1 - y; break;
            case 4:  sx = x;         sy = h - 1 - y; break;
            case 5:  sx = y;         sy = x;         break;
            case 6:  sx = y;         sy = w - 1 - x; break;
            case 7:  sx = h - 1 - y; sy = w - 1 - x; break;
            default: sx = h - 1 - y; sy = x;         break;
            }

            memcpy(rgb + ((size_t) y * w + x) * 3,
                   px->rgb + ((size_t) sy * px->width + sx) * 3, 3);
        }
    }

    free(px->rgb);
    px->rgb = rgb;
    px->width = w;
    px->height = h;

    return CXR_OK;
}


cxr_rc_t
cxr_photo_make(cxr_str_t file, cxr_buf_t *out, cxr_photo_ref_t *ref)
{
    size_t        before = out->len;
    cxr_rc_t      rc;
    unsigned      orientation = 1;
    cxr_pixels_t  px = { NULL, 0, 0 };

    switch (cxr_picture_kind(file)) {

    case CXR_PICTURE_JPEG:
        orientation = cxr_jpeg_orientation(file);
        rc = cxr_jpeg_read(file, &px);
        break;

    case CXR_PICTURE_PNG:
        rc = cxr_png_read(file, &px);
        break;

    case CXR_PICTURE_WEBP:
        rc = cxr_webp_read(file, &px);
        break;

    case CXR_PICTURE_HEIC:
        rc = cxr_heic_read(file, &px);
        break;

    default:
        return CXR_INVALID;
    }

    if (rc == CXR_OK) {
        rc = pixels_shrink(&px, CXR_PHOTO_SIDE_MAX);
    }

    if (rc == CXR_OK) {
        rc = pixels_turn(&px, orientation);
    }

    if (rc == CXR_OK) {
        rc = cxr_jpeg_write(&px, out);
    }

    free(px.rgb);

    if (rc != CXR_OK) {
        return rc;
    }

    memset(ref, 0, sizeof(*ref));

    ref->kind = CXR_PHOTO_JPEG;
    ref->width = px.width;
    ref->height = px.height;
    ref->bytes = (uint32_t) (out->len - before);

    return CXR_OK;
}


cxr_rc_t
cxr_photo_small(cxr_str_t jpeg, cxr_buf_t *out)
{
    cxr_rc_t      rc;
    cxr_pixels_t  px = { NULL, 0, 0 };

    rc = cxr_jpeg_read(jpeg, &px);

    if (rc == CXR_OK) {
        rc = pixels_shrink(&px, CXR_PHOTO_SMALL_MAX);
    }

    if (rc == CXR_OK) {
        rc = cxr_jpeg_write(&px, out);
    }

    free(px.rgb);

    return rc;
}
