
/*
 * JPEG, by libjpeg-turbo: whose errors jump, and whose warnings are about
 * files that end too early.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "cxr_photo_private.h"

#define CXR_JPEG_HEAD  65536     /* tables, and what is tiny                  */


typedef struct {
    struct jpeg_error_mgr  mgr;
    jmp_buf                away;
    cxr_rc_t               rc;
} jpeg_fault_t;


static void
jpeg_away(j_common_ptr cinfo)
{
    jpeg_fault_t  *f = (jpeg_fault_t *) cinfo->err;

    f->rc = cinfo->err->msg_code == JERR_OUT_OF_MEMORY ? CXR_NOMEM
                                                       : CXR_INVALID;
    longjmp(f->away, 1);
}


/* What was cut off would be grey: the shopper is to send it again. */

static void
jpeg_message(j_common_ptr cinfo, int level)
{
    if (level < 0 && (cinfo->err->msg_code == JWRN_JPEG_EOF
                      || cinfo->err->msg_code == JWRN_HIT_MARKER))
    {
        jpeg_away(cinfo);
    }
}


/* A small file may make the decoder go over its pixels thousands of times. */

static void
jpeg_progress(j_common_ptr cinfo)
{
    if (cinfo->is_decompressor
        && ((j_decompress_ptr) cinfo)->input_scan_number > CXR_PHOTO_SCANS_MAX)
    {
        jpeg_away(cinfo);
    }
}


static void
jpeg_faults(jpeg_fault_t *f)
{
    (void) jpeg_std_error(&f->mgr);

    f->mgr.error_exit = jpeg_away;
    f->mgr.emit_message = jpeg_message;
    f->rc = CXR_INVALID;
}


cxr_rc_t
cxr_jpeg_read(cxr_str_t file, cxr_pixels_t *px)
{
    unsigned                        longest;
    cxr_rc_t                        rc;
    JSAMPROW                        row;
    jpeg_fault_t                    fault;
    struct jpeg_progress_mgr        progress;
    struct jpeg_decompress_struct   cinfo;

    memset(&cinfo, 0, sizeof(cinfo));
    memset(&progress, 0, sizeof(progress));
    jpeg_faults(&fault);
    cinfo.err = &fault.mgr;

    if (setjmp(fault.away) != 0) {
        jpeg_destroy_decompress(&cinfo);
        return fault.rc;
    }

    jpeg_create_decompress(&cinfo);
    progress.progress_monitor = jpeg_progress;
    cinfo.progress = &progress;

    jpeg_mem_src(&cinfo, (const unsigned char *) file.data, file.len);
    (void) jpeg_read_header(&cinfo, TRUE);

    /*
     * A picture that comes in several scans is held whole, as coefficients of 2
     * bytes for each colour, before its first pixel is made.
     */

    rc = cxr_pixels_ok(cinfo.image_width, cinfo.image_height,
                       jpeg_has_multiple_scans(&cinfo) ? CXR_PHOTO_PLAIN_MAX
                                                       : CXR_PHOTO_PIXELS_MAX);
    if (rc != CXR_OK) {
        jpeg_destroy_decompress(&cinfo);
        return rc;
    }

    /* the decoder halves for nothing what is to be made smaller anyway */

    longest = cinfo.image_width > cinfo.image_height ? cinfo.image_width
                                                     : cinfo.image_height;
    cinfo.scale_num = 1;
    cinfo.scale_denom = 1;

    while (cinfo.scale_denom < 8
           && longest / (cinfo.scale_denom * 2) >= CXR_PHOTO_SIDE_MAX)
    {
        cinfo.scale_denom *= 2;
    }

    cinfo.out_color_space = JCS_RGB;
    (void) jpeg_start_decompress(&cinfo);

    if (cinfo.output_components != 3) {
        jpeg_destroy_decompress(&cinfo);
        return CXR_INVALID;
    }

    px->width = cinfo.output_width;
    px->height = cinfo.output_height;
    px->rgb = malloc((size_t) px->width * px->height * 3);

    if (px->rgb == NULL) {
        jpeg_destroy_decompress(&cinfo);
        return CXR_NOMEM;
    }

    while (cinfo.output_scanline < cinfo.output_height) {
        row = px->rgb + (size_t) cinfo.output_scanline * px->width * 3;
        (void) jpeg_read_scanlines(&cinfo, &row, 1);
    }

    (void) jpeg_finish_decompress(&cinfo);
    jpeg_destroy_decompress(&cinfo);

    return CXR_OK;
}


cxr_rc_t
cxr_jpeg_write(const cxr_pixels_t *px, cxr_buf_t *out)
{
    JSAMPROW                      row;
    jpeg_fault_t                  fault;
    unsigned long                 len, room;
    unsigned char                *mem, *made;
    struct jpeg_compress_struct   cinfo;

    memset(&cinfo, 0, sizeof(cinfo));
    jpeg_faults(&fault);
    cinfo.err = &fault.mgr;

    /*
     * Room of our own: libjpeg gives its own back when it takes a larger one,
     * and where there is none, what it told of before is not there any more.
     */

    room = (unsigned long) px->width * px->height + CXR_JPEG_HEAD;
    mem = malloc(room);

    if (mem == NULL) {
        return CXR_NOMEM;
    }

    made = mem;
    len = room;

    if (setjmp(fault.away) != 0) {
        jpeg_destroy_compress(&cinfo);
        free(mem);
        return fault.rc;
    }

    jpeg_create_compress(&cinfo);
    jpeg_mem_dest(&cinfo, &made, &len);

    cinfo.image_width = px->width;
    cinfo.image_height = px->height;
    cinfo.input_components = 3;
    cinfo.in_color_space = JCS_RGB;

    jpeg_set_defaults(&cinfo);
    jpeg_set_quality(&cinfo, CXR_PHOTO_QUALITY, TRUE);
    jpeg_start_compress(&cinfo, TRUE);

    while (cinfo.next_scanline < cinfo.image_height) {
        row = px->rgb + (size_t) cinfo.next_scanline * px->width * 3;
        (void) jpeg_write_scanlines(&cinfo, &row, 1);
    }

    jpeg_finish_compress(&cinfo);
    jpeg_destroy_compress(&cinfo);

    cxr_buf_add(out, made, len);

    if (made != mem) {
        free(made);
    }

    free(mem);

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}


/* ---- how the camera was held (Exif 2.32, 4.6.4 A, tag 0x0112) ---- */

static unsigned
exif_16(const uint8_t *p, bool little)
{
    return little ? p[0] | p[1] << 8 : p[0] << 8 | p[1];
}


static uint64_t
exif_32(const uint8_t *p, bool little)
{
    return little ? (uint64_t) exif_16(p + 2, true) << 16 | exif_16(p, true)
                  : (uint64_t) exif_16(p, false) << 16 | exif_16(p + 2, false);
}


static unsigned
exif_orientation(const uint8_t *p, size_t len)
{
    bool      little;
    size_t    i, n;
    unsigned  value;
    uint64_t  at;

    if (len < 14 || (memcmp(p, "II*\0", 4) != 0 && memcmp(p, "MM\0*", 4) != 0))
    {
        return 1;
    }

    little = p[0] == 'I';
    at = exif_32(p + 4, little);

    if (at > len - 2) {
        return 1;
    }

    n = exif_16(p + at, little);
    at += 2;

    for (i = 0; i < n && at + 12 <= len; i++, at += 12) {
        if (exif_16(p + at, little) == 0x0112) {
            value = exif_16(p + at + 8, little);
            return value >= 1 && value <= 8 ? value : 1;
        }
    }

    return 1;
}


unsigned
cxr_jpeg_orientation(cxr_str_t file)
{
    size_t          at, n;
    const uint8_t  *p = (const uint8_t *) file.data;

    for (at = 2; at + 4 <= file.len && p[at] == 0xff; at += 2 + n) {
        n = (size_t) p[at + 2] << 8 | p[at + 3];

        if (p[at + 1] == 0xda || n < 2 || n > file.len - at - 2) {
            break;
        }

        if (p[at + 1] == 0xe1 && n > 8
            && memcmp(p + at + 4, "Exif\0\0", 6) == 0)
        {
            return exif_orientation(p + at + 10, n - 8);
        }
    }

    return 1;
}
