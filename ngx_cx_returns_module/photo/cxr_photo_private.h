
/*
 * What the files of photo/ share.
 */

#ifndef _CXR_PHOTO_PRIVATE_H_INCLUDED_
#define _CXR_PHOTO_PRIVATE_H_INCLUDED_

#include "cxr_photo.h"

/* ---- files, cxr_photo_file.c: as those of cxr_photo.h ---- */

char *cxr_file_path(const char *dir, cxr_str_t hash, const char *ending,
    cxr_arena_t *a);
cxr_rc_t cxr_file_keep(const char *dir, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t scope, cxr_str_t bytes, const char *ending, cxr_arena_t *a,
    cxr_str_t *hash);
cxr_rc_t cxr_file_touch(const char *dir, cxr_str_t hash, const char *ending);
cxr_rc_t cxr_file_forget(const char *dir, cxr_str_t hash, const char *ending);

/* which files of an erased order are to go */
typedef cxr_rc_t (*cxr_gone_read_pt)(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_arena_t *a, cxr_strs_t *out);

cxr_rc_t cxr_file_forget_order(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, cxr_gone_read_pt gone,
    cxr_rc_t (*forget)(const char *dir, cxr_str_t hash), uint64_t *erased);


/* A decoded picture: 3 bytes a pixel, rows without gaps; malloc'ed. */
typedef struct {
    uint8_t   *rgb;
    uint32_t   width;
    uint32_t   height;
} cxr_pixels_t;

cxr_rc_t cxr_jpeg_read(cxr_str_t file, cxr_pixels_t *px);
cxr_rc_t cxr_jpeg_write(const cxr_pixels_t *px, cxr_buf_t *out);
/* EXIF's orientation, 1..8; 1 when there is none */
unsigned cxr_jpeg_orientation(cxr_str_t file);

cxr_rc_t cxr_png_read(cxr_str_t file, cxr_pixels_t *px);
cxr_rc_t cxr_webp_read(cxr_str_t file, cxr_pixels_t *px);
/* the same as they are, not on white: 4 bytes a pixel, the last one alpha */
cxr_rc_t cxr_png_read_alpha(cxr_str_t file, cxr_pixels_t *px);
cxr_rc_t cxr_webp_read_alpha(cxr_str_t file, cxr_pixels_t *px);
cxr_rc_t cxr_heic_read(cxr_str_t file, cxr_pixels_t *px);
/*
 * May libheif see the file?  Its pixels as they are coded, how often they are
 * used, how much is read: CXR_LIMIT or CXR_INVALID where that is more than a
 * photo of CXR_PHOTO_PLAIN_MAX pixels takes, or other than telephones write.
 */
cxr_rc_t cxr_heic_check(cxr_str_t file);

/* May a picture of that size be decoded whole? */
cxr_rc_t cxr_pixels_ok(uint64_t width, uint64_t height, uint64_t max);

#endif /* _CXR_PHOTO_PRIVATE_H_INCLUDED_ */
