
/*
 * Photos: made anew from each format, upright and small enough; what is cut,
 * forged or too large; files kept, forgotten and swept; forms with files.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <utime.h>
#include <unistd.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include "cxr_multipart.h"
#include "cxr_photo.h"
#include "cxr_photo_private.h"
#include "cxr_shop_picture.h"


static cxr_buf_t  out;


static uint8_t *
pixels(uint32_t w, uint32_t h, unsigned channels)
{
    size_t    i, n = (size_t) w * h * channels;
    uint8_t  *p = malloc(n);

    for (i = 0; i < n; i++) {
        p[i] = channels == 4 && i % 4 == 3 ? 0 : (uint8_t) (i / 7);
    }

    return p;
}


static cxr_str_t
png_of(uint32_t w, uint32_t h)
{
    void              *mem;
    uint8_t           *p = pixels(w, h, 3);
    png_image          image;
    png_alloc_size_t   n = 0;

    memset(&image, 0, sizeof(image));
    image.version = PNG_IMAGE_VERSION;
    image.width = w;
    image.height = h;
    image.format = PNG_FORMAT_RGB;

    assert_true(png_image_write_to_memory(&image, NULL, &n, 0, p, 0, NULL));
    mem = malloc(n);
    assert_true(png_image_write_to_memory(&image, mem, &n, 0, p, 0, NULL));
    free(p);

    return cxr_strn(mem, n);
}


static cxr_rc_t
make(cxr_str_t file, cxr_photo_ref_t *ref)
{
    cxr_buf_reset(&out);

    return cxr_photo_make(file, &out, ref);
}


static void
test_png(void **state)
{
    size_t            cut;
    cxr_str_t         f = png_of(37, 21);
    cxr_photo_ref_t   ref;

    assert_int_equal(make(f, &ref), CXR_OK);
    assert_int_equal(ref.width, 37);
    assert_int_equal(ref.height, 21);
    assert_int_equal(ref.bytes, out.len);
    assert_int_equal(cxr_picture_kind(cxr_buf_str(&out)), CXR_PICTURE_JPEG);

    for (cut = 0; cut + 12 < f.len; cut += 3) {
        assert_int_not_equal(make(cxr_strn(f.data, cut), &ref), CXR_OK);
    }

    free((char *) f.data);
}


static void
test_large_is_made_small(void **state)
{
    cxr_str_t         f = png_of(4100, 41);
    cxr_photo_ref_t   ref;

    assert_int_equal(make(f, &ref), CXR_OK);
    assert_int_equal(ref.width, 2048);
    assert_int_equal(ref.height, 20);
    free((char *) f.data);
}


static void
test_webp(void **state)
{
    size_t            n, cut;
    uint8_t          *p = pixels(40, 30, 4), *mem;
    cxr_photo_ref_t   ref;
    cxr_pixels_t      px = { NULL, 0, 0 };

    n = WebPEncodeLosslessRGBA(p, 40, 30, 160, &mem);
    assert_true(n > 0);
    assert_int_equal(make(cxr_strn(mem, n), &ref), CXR_OK);
    assert_int_equal(ref.width, 40);

    /* nothing of what was transparent shows: it is white */

    assert_int_equal(cxr_jpeg_read(cxr_buf_str(&out), &px), CXR_OK);
    assert_true(px.rgb[0] > 250 && px.rgb[1] > 250 && px.rgb[2] > 250);
    free(px.rgb);

    for (cut = 0; cut + 4 < n; cut += 2) {
        assert_int_not_equal(make(cxr_strn(mem, cut), &ref), CXR_OK);
    }

    WebPFree(mem);
    free(p);
}


static void
test_jpeg_is_turned(void **state)
{
    unsigned          o;
    cxr_buf_t         plain, f;
    cxr_pixels_t      px = { pixels(64, 32, 3), 64, 32 };
    cxr_photo_ref_t   ref;

    static const char  exif[] =
        "\xff\xe1\x00\x22" "Exif\0\0" "MM\0*\0\0\0\x08" "\0\x01"
        "\x01\x12\0\x03\0\0\0\x01\0\0\0\0" "\0\0\0\0";

    cxr_buf_init(&plain, 1 << 20);
    cxr_buf_init(&f, 1 << 20);
    assert_int_equal(cxr_jpeg_write(&px, &plain), CXR_OK);
    free(px.rgb);

    for (o = 0; o <= 9; o++) {
        char  mark[sizeof(exif) - 1];

        memcpy(mark, exif, sizeof(mark));
        mark[4 + 6 + 8 + 2 + 9] = (char) o;

        cxr_buf_reset(&f);
        cxr_buf_add(&f, plain.data, 2);
        cxr_buf_add(&f, mark, sizeof(mark));
        cxr_buf_add(&f, plain.data + 2, plain.len - 2);

        assert_int_equal(cxr_jpeg_orientation(cxr_buf_str(&f)),
                         o >= 1 && o <= 8 ? o : 1);
        assert_int_equal(make(cxr_buf_str(&f), &ref), CXR_OK);
        assert_int_equal(ref.width, o >= 5 && o <= 8 ? 32 : 64);
        assert_null(memmem(out.data, out.len, "Exif", 4));
    }

    /* cut anywhere, it is no photo */

    for (o = 0; o + 2 < plain.len; o += 5) {
        assert_int_not_equal(make(cxr_strn(plain.data, o), &ref), CXR_OK);
    }

    cxr_buf_free(&plain);
    cxr_buf_free(&f);
}


static bool
named_none(void *ctx, cxr_str_t hash)
{
    return cxr_str_eq(hash, *(cxr_str_t *) ctx);
}


static void
test_files(void **state)
{
    char         dir[] = "/tmp/cxr-photo-XXXXXX", cmd[64];
    uint8_t      secret[CXR_SECRET_LEN] = { 7 };
    uint64_t     seen, erased;
    cxr_str_t    a, b, again;
    struct utimbuf  old = { 1, 1 };
    struct stat  st;
    cxr_arena_t *arena = cxr_arena_create(1 << 20);

    assert_non_null(mkdtemp(dir));
    assert_int_equal(cxr_photo_keep(dir, secret, cxr_str("1:A:"), cxr_str("jpeg"),
                                    arena, &a), CXR_OK);
    assert_int_equal(cxr_photo_keep(dir, secret, cxr_str("1:A:"), cxr_str("jpeg"),
                                    arena, &again), CXR_OK);

    assert_true(cxr_str_eq(a, again));

    /* its name says nothing to whoever has the picture and not the secret */

    secret[0] ^= 1;
    assert_int_equal(cxr_photo_keep(dir, secret, cxr_str("1:A:"),
                                    cxr_str("jpeg"), arena, &again), CXR_OK);
    assert_false(cxr_str_eq(a, again));
    assert_int_equal(cxr_photo_forget(dir, again), CXR_OK);
    secret[0] ^= 1;

    /* the same picture of another order is another file */

    assert_int_equal(cxr_photo_keep(dir, secret, cxr_str("1:B:"), cxr_str("jpeg"),
                                    arena, &b), CXR_OK);
    assert_false(cxr_str_eq(a, b));
    assert_int_equal(stat(cxr_photo_path(dir, a, false, arena), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, 4);

    assert_int_equal(cxr_photo_sweep(dir, 3600, named_none, &b, &seen,
                                     &erased), CXR_OK);
    assert_int_equal(seen, 2);
    assert_int_equal(erased, 0);
    assert_int_equal(utime(cxr_photo_path(dir, a, false, arena), &old), 0);
    assert_int_equal(utime(cxr_photo_path(dir, b, false, arena), &old), 0);
    assert_int_equal(cxr_photo_sweep(dir, 0, named_none, &b, &seen, &erased),
                     CXR_OK);
    assert_int_equal(erased, 1);
    assert_int_not_equal(stat(cxr_photo_path(dir, a, false, arena), &st), 0);
    assert_int_equal(stat(cxr_photo_path(dir, b, false, arena), &st), 0);

    assert_int_equal(cxr_photo_forget(dir, b), CXR_OK);
    assert_int_equal(cxr_photo_forget(dir, b), CXR_OK);
    assert_int_not_equal(stat(cxr_photo_path(dir, b, false, arena), &st), 0);

    snprintf(cmd, sizeof(cmd), "rm -r %s", dir);
    assert_int_equal(system(cmd), 0);
    cxr_arena_destroy(arena);
}


/* What comes in several scans is held whole: fewer pixels of it are taken. */

static cxr_str_t
grey(uint32_t w, uint32_t h, bool scans)
{
    uint8_t                      *row = calloc(w, 3), *mem = NULL;
    JSAMPROW                      rows[1] = { row };
    unsigned long                 len = 0;
    struct jpeg_error_mgr         err;
    struct jpeg_compress_struct   c;

    c.err = jpeg_std_error(&err);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, &mem, &len);
    c.image_width = w;
    c.image_height = h;
    c.input_components = 3;
    c.in_color_space = JCS_RGB;
    jpeg_set_defaults(&c);

    if (scans) {
        jpeg_simple_progression(&c);
    }

    jpeg_start_compress(&c, TRUE);

    while (c.next_scanline < h) {
        (void) jpeg_write_scanlines(&c, rows, 1);
    }

    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    free(row);

    return cxr_strn((char *) mem, len);
}


static void
test_scans_cost_memory(void **state)
{
    cxr_str_t         f;
    cxr_photo_ref_t   ref;

    f = grey(6000, 4500, false);
    assert_int_equal(make(f, &ref), CXR_OK);
    free((char *) f.data);

    f = grey(6000, 4500, true);
    assert_int_equal(make(f, &ref), CXR_LIMIT);
    free((char *) f.data);

    f = grey(600, 450, true);
    assert_int_equal(make(f, &ref), CXR_OK);
    free((char *) f.data);
}


static void
test_forms(void **state)
{
    cxr_str_t     b;
    cxr_parts_t   parts;
    cxr_arena_t  *a = cxr_arena_create(1 << 20);

    assert_int_equal(cxr_multipart_boundary(
                         cxr_str("multipart/form-data; boundary=\"a b\""), &b),
                     CXR_OK);
    assert_true(cxr_str_is(b, "a b"));

    assert_int_equal(cxr_multipart_parse(cxr_str(
        "before\r\n--x\r\ncontent-disposition: form-data; name=\"a\\\"b\"; "
        "filename=\"c;name=d\"\r\n\r\n1\r\n--y\r\n\r\n--x\r\n"
        "Content-Disposition: form-data; name=e\r\n\r\n\r\n--x--\r\nafter"),
        cxr_str("x"), a, &parts), CXR_OK);
    assert_int_equal(parts.n, 2);
    assert_true(cxr_str_is(parts.items[0].name, "a\"b"));
    assert_true(parts.items[0].file);
    assert_true(cxr_str_is(parts.items[0].value, "1\r\n--y\r\n"));
    assert_true(cxr_str_is(parts.items[1].name, "e"));
    assert_false(parts.items[1].file);
    assert_int_equal(parts.items[1].value.len, 0);

    cxr_arena_destroy(a);
}


/* A bar of one grey on nothing, or on white: is it seen by night? */

static cxr_rc_t
night(unsigned grey, unsigned ground, cxr_diag_t *d)
{
    size_t       i, n;
    uint8_t     *file, rgba[60 * 20 * 4];
    cxr_rc_t     rc;
    cxr_brand_t  brand;

    for (i = 0; i < 60 * 20; i++) {
        memset(rgba + i * 4, i / 60 < 10 ? (int) grey : 255, 3);
        rgba[i * 4 + 3] = (uint8_t) (i / 60 < 10 ? 255 : ground);
    }

    n = WebPEncodeLosslessRGBA(rgba, 60, 20, 240, &file);
    assert_true(n > 0);

    memset(&brand, 0, sizeof(brand));
    memset(d, 0, sizeof(*d));
    brand.accent = cxr_str("#7a3b12");

    rc = cxr_logo_night(cxr_strn((const char *) file, n), &brand, d);
    WebPFree(file);

    return rc;
}


static void
test_logo_by_night(void **state)
{
    cxr_diag_t   d;
    cxr_brand_t  brand;

    assert_int_equal(night(20, 0, &d), CXR_NOTFOUND);
    assert_non_null(strstr(d.text, "logo_dark"));
    assert_int_equal(d.rc, CXR_OK);
    assert_int_equal(night(20, 255, &d), CXR_OK);
    assert_int_equal(night(230, 0, &d), CXR_OK);

    /* of what is no picture somebody else tells */

    memset(&brand, 0, sizeof(brand));
    brand.accent = cxr_str("#7a3b12");
    assert_int_equal(cxr_logo_night(cxr_str("<svg/>"), &brand, &d), CXR_OK);
    assert_int_equal(cxr_logo_night(cxr_str("\x89PNG\r\n\x1a\nIHDR"), &brand,
                                    &d), CXR_OK);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_large_is_made_small),
        cmocka_unit_test(test_webp),
        cmocka_unit_test(test_logo_by_night),
        cmocka_unit_test(test_jpeg_is_turned),
        cmocka_unit_test(test_scans_cost_memory),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_forms)
    };

    cxr_buf_init(&out, 16 << 20);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
