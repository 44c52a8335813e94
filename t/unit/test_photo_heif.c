
/*
 * HEIC files that cost more than they say: the pixels that they are coded with,
 * how often a tile is used, what is put together of what, how much is read.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_photo.h"
#include "cxr_photo_private.h"


/* what a file is made of, and how it differs from a good one */
typedef struct {
    uint32_t     side;               /* as ispe tells of a tile              */
    unsigned     tiles;              /* of a grid, in one row; 0: no grid    */
    unsigned     uses;               /* how often each stands in it          */
    unsigned     extents;            /* of an item, all the same bytes       */
    unsigned     pictures;           /* in an item's data                    */
    bool         sets;               /* a parameter set in the data          */
    bool         nested;             /* the grid is of grids                 */
    bool         two_metas;
    unsigned     lengths;            /* lengthSizeMinusOne                   */
    uint32_t     type;               /* of the tiles' items                  */
    unsigned     exifs;              /* items of Exif, each the whole file   */
    unsigned     props;              /* of a tile, beside that of HEVC       */
} heif_made_t;

static const heif_made_t  plain = { 64, 0, 1, 1, 1, false, false, false, 3,
                                    0x68766331, 0, 1 };

static cxr_buf_t  file, out;
static char       hvcc[4096], data[1 << 16];
static size_t     hvcc_len, data_len;


static void
put(cxr_buf_t *b, uint64_t v, unsigned bytes)
{
    while (bytes--) {
        cxr_buf_addc(b, bytes < 8 ? (char) (v >> (8 * bytes)) : 0);
    }
}


static size_t
box(cxr_buf_t *b, const char *type)
{
    put(b, 0, 4);
    cxr_buf_add(b, type, 4);

    return b->len - 8;
}


static void
end(cxr_buf_t *b, size_t at)
{
    size_t  i;

    for (i = 0; i < 4; i++) {
        b->data[at + i] = (char) ((b->len - at) >> (8 * (3 - i)));
    }
}


/* The picture of t/data/photos/grey-<side>.heic, into hvcc and data. */

static void
encode(int side)
{
    char    *p, path[64], mem[65536];
    FILE    *f;
    size_t   n;

    snprintf(path, sizeof(path), "t/data/photos/grey-%d.heic", side);
    f = fopen(path, "rb");
    assert_non_null(f);
    n = fread(mem, 1, sizeof(mem), f);
    assert_in_range(n, 1, sizeof(mem) - 1);
    (void) fclose(f);

    cxr_buf_reset(&file);
    cxr_buf_add(&file, mem, n);

    p = memmem(mem, n, "hvcC", 4);
    assert_non_null(p);
    hvcc_len = ((size_t) (uint8_t) p[-2] << 8 | (uint8_t) p[-1]) - 8;
    assert_in_range(hvcc_len, 24, sizeof(hvcc));
    memcpy(hvcc, p + 4, hvcc_len);

    p = memmem(mem, n, "mdat", 4);
    assert_non_null(p);
    data_len = n - (size_t) (p + 4 - mem);
    assert_in_range(data_len, 8, sizeof(data));
    memcpy(data, p + 4, data_len);
}


static void
infe(uint32_t id, uint32_t type)
{
    size_t  at = box(&file, "infe");

    put(&file, 2 << 24, 4);
    put(&file, id, 2);
    put(&file, 0, 2);
    put(&file, type, 4);
    put(&file, 0, 1);
    end(&file, at);
}


static void
iloc_item(uint32_t id, size_t at, size_t len, unsigned extents)
{
    put(&file, id, 2);
    put(&file, 0, 2);
    put(&file, extents, 2);

    while (extents--) {
        put(&file, at, 4);
        put(&file, len, 4);
    }
}


/* item 1 is the grid or the picture, 2... are tiles, 100... Exif */

static cxr_str_t
made(const heif_made_t *m)
{
    char      grid[8] = { 0, 0, 0, 0, 0, 0, 0, 0 };
    size_t    ftyp, meta, at, sub, begin, len, gridat = 0, metas;
    unsigned  i, k, k2, n = m->tiles ? m->tiles : 1, first = m->tiles ? 2 : 1;

    /* twice: the second time the place of the data is known */

    for (begin = 0, metas = 0; metas < 2; metas++) {
        cxr_buf_reset(&file);
        ftyp = box(&file, "ftyp");
        cxr_buf_addz(&file, "heic");
        put(&file, 0, 4);
        cxr_buf_addz(&file, "mif1heic");
        end(&file, ftyp);

        for (k = 0; k < (m->two_metas ? 2 : 1); k++) {
            meta = box(&file, "meta");
            put(&file, 0, 4);

            at = box(&file, "hdlr");
            put(&file, 0, 8);
            cxr_buf_addz(&file, "pict");
            put(&file, 0, 13);
            end(&file, at);

            at = box(&file, "pitm");
            put(&file, 0, 4);
            put(&file, 1, 2);
            end(&file, at);

            at = box(&file, "iinf");
            put(&file, 0, 4);
            put(&file, n + (m->tiles != 0) + m->exifs, 2);
            if (m->tiles) {
                infe(1, 0x67726964);
            }
            for (i = 0; i < n; i++) {
                infe(first + i, m->nested ? 0x67726964 : m->type);
            }
            for (i = 0; i < m->exifs; i++) {
                infe(100 + i, 0x45786966);
            }
            end(&file, at);

            if (m->tiles) {
                at = box(&file, "iref");
                put(&file, 0, 4);
                sub = box(&file, "dimg");
                put(&file, 1, 2);
                put(&file, n * m->uses, 2);
                for (i = 0; i < n * m->uses; i++) {
                    put(&file, first + i % n, 2);
                }
                end(&file, sub);
                end(&file, at);
            }

            at = box(&file, "iprp");
            sub = box(&file, "ipco");
            len = box(&file, "hvcC");
            cxr_buf_add(&file, hvcc, hvcc_len);
            file.data[len + 8 + 21] = (char) ((file.data[len + 8 + 21] & 0xfc)
                                              | (int) m->lengths);
            end(&file, len);
            for (i = 0; i < 2; i++) {
                len = box(&file, "ispe");
                put(&file, 0, 4);
                put(&file, i ? m->side * n * m->uses : m->side, 4);
                put(&file, m->side, 4);
                end(&file, len);
            }
            end(&file, sub);
            sub = box(&file, "ipma");
            put(&file, 0, 4);
            put(&file, n + (m->tiles != 0), 4);
            if (m->tiles) {
                put(&file, 1, 2);
                put(&file, 1, 1);
                put(&file, 3, 1);
            }
            for (i = 0; i < n; i++) {
                put(&file, first + i, 2);
                put(&file, 1 + m->props, 1);
                put(&file, 0x81, 1);
                for (k2 = 0; k2 < m->props; k2++) {
                    put(&file, 2, 1);
                }
            }
            end(&file, sub);
            end(&file, at);

            at = box(&file, "iloc");
            put(&file, 0, 4);
            put(&file, 0x44, 1);
            put(&file, 0, 1);
            put(&file, n + (m->tiles != 0) + m->exifs, 2);
            len = data_len * m->pictures + (m->sets ? 8 : 0);
            if (m->tiles) {
                iloc_item(1, gridat, 8, 1);
            }
            for (i = 0; i < n; i++) {
                iloc_item(first + i, begin, len, m->extents);
            }
            for (i = 0; i < m->exifs; i++) {
                iloc_item(100 + i, 0, begin + len, 1);
            }
            end(&file, at);
            end(&file, meta);
        }

        at = box(&file, "mdat");
        gridat = file.len;
        grid[3] = (char) (n * m->uses - 1);
        grid[4] = (char) ((m->side * n * m->uses) >> 8);
        grid[5] = (char) (m->side * n * m->uses);
        grid[6] = (char) (m->side >> 8);
        grid[7] = (char) m->side;
        cxr_buf_add(&file, grid, 8);
        begin = file.len;
        for (i = 0; i < m->pictures; i++) {
            cxr_buf_add(&file, data, data_len);
        }
        if (m->sets) {
            put(&file, 4, 4);
            put(&file, 0x42010000, 4);
        }
        end(&file, at);
    }

    assert_true(cxr_buf_ok(&file));

    return cxr_buf_str(&file);
}


static cxr_rc_t
make(const heif_made_t *m, cxr_photo_ref_t *ref)
{
    cxr_buf_reset(&out);

    return cxr_photo_make(made(m), &out, ref);
}


static void
test_good(void **state)
{
    size_t           cut;
    heif_made_t      m = plain;
    cxr_photo_ref_t  ref;

    encode(64);
    assert_int_equal(cxr_heic_check(cxr_buf_str(&file)), CXR_OK);

    assert_int_equal(make(&m, &ref), CXR_OK);
    assert_int_equal(ref.width, 64);
    assert_int_equal(ref.height, 64);

    m.tiles = 3;
    assert_int_equal(make(&m, &ref), CXR_OK);
    assert_int_equal(ref.width, 192);
    assert_int_equal(ref.height, 64);

    for (cut = 0; cut < file.len; cut++) {
        cxr_buf_reset(&out);
        assert_int_not_equal(cxr_heic_check(cxr_strn(file.data, cut)), CXR_OK);
    }
}


/* Whatever bit is wrong: an answer. */

static void
test_bits(void **state)
{
    size_t       i, n;
    cxr_str_t    f;
    heif_made_t  m = plain;

    encode(64);
    m.tiles = 2;
    f = made(&m);
    n = 0;

    for (i = 0; i < f.len * 8; i++) {
        file.data[i / 8] ^= (char) (1 << i % 8);
        n += cxr_heic_check(f) != CXR_OK;
        file.data[i / 8] ^= (char) (1 << i % 8);
    }

    assert_true(n > 0);
    assert_int_equal(cxr_heic_check(f), CXR_OK);
}


static void
test_refused(void **state)
{
    size_t           i;
    heif_made_t      m;
    cxr_photo_ref_t  ref;

    const struct {
        heif_made_t  made;
        cxr_rc_t     rc;
    } bad[] = {
        { { 64, 0, 1, 2, 1, false, false, false, 3, 0x68766331, 0, 1 },
          CXR_INVALID },                     /* in two pieces                */
        { { 64, 0, 1, 1, 2, false, false, false, 3, 0x68766331, 0, 1 },
          CXR_INVALID },                     /* two pictures                 */
        { { 64, 0, 1, 1, 1, true, false, false, 3, 0x68766331, 0, 1 },
          CXR_INVALID },                     /* other sizes in its data      */
        { { 64, 2, 1, 1, 1, false, true, false, 3, 0x68766331, 0, 1 },
          CXR_INVALID },                     /* a grid of grids              */
        { { 64, 0, 1, 1, 1, false, false, true, 3, 0x68766331, 0, 1 },
          CXR_INVALID },
        { { 64, 0, 1, 1, 1, false, false, false, 1, 0x68766331, 0, 1 },
          CXR_INVALID },
        { { 64, 0, 1, 1, 1, false, false, false, 3, 0x61763031, 0, 1 },
          CXR_INVALID },                     /* AV1                          */
        { { 64, 2, 1, 1, 1, false, false, false, 3, 0x696f766c, 0, 1 },
          CXR_INVALID },                     /* overlays                     */
        { { 64, 0, 1, 1, 1, false, false, false, 3, 0x68766331, 3, 1 },
          CXR_INVALID },                     /* read three times             */
        { { 64, 0, 1, 1, 1, false, false, false, 3, 0x68766331, 0, 200 },
          CXR_INVALID }                      /* turned two hundred times     */
    };

    encode(64);

    for (i = 0; i < cxr_nelts(bad); i++) {
        assert_int_equal(make(&bad[i].made, &ref), bad[i].rc);
    }

    /* 16 million pixels that say they are 64 x 64: once, but not four times */

    encode(4000);
    m = plain;
    assert_int_equal(make(&m, &ref), CXR_OK);
    m.tiles = 1;
    m.uses = 4;
    assert_int_equal(make(&m, &ref), CXR_LIMIT);

    /* 36 million pixels in a few kilobytes */

    encode(6000);
    m = plain;
    assert_int_equal(make(&m, &ref), CXR_LIMIT);
    m.side = 6000;
    assert_int_equal(make(&m, &ref), CXR_LIMIT);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bits),
        cmocka_unit_test(test_refused)
    };

    cxr_buf_init(&out, 16 << 20);
    cxr_buf_init(&file, 16 << 20);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
