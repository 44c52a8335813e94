
/*
 * Fonts and sheets at their edges: what is refused, what a limit does, and
 * that a sheet of the same says the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_bidi.h"
#include "cxr_sheet.h"

#define OUT_MAX  (1024 * 1024)

typedef struct {
    cxr_arena_t  *arena;
    cxr_fonts_t  *fonts;
} kit_t;


static int
setup(void **state)
{
    kit_t       *k;
    cxr_diag_t   d;

    k = calloc(1, sizeof(kit_t));
    assert_non_null(k);
    memset(&d, 0, sizeof(d));
    k->arena = cxr_arena_create(8 << 20);
    assert_non_null(k->arena);

    if (cxr_fonts_load(cxr_font_usual, 3, &k->fonts, &d) != CXR_OK) {
        fail_msg("%s: %s", d.file, d.text);
    }

    *state = k;

    return 0;
}


static int
teardown(void **state)
{
    kit_t  *k = *state;

    cxr_fonts_free(k->fonts);
    cxr_arena_destroy(k->arena);
    free(k);

    return 0;
}


static void
test_fonts_refused(void **state)
{
    cxr_diag_t    d;
    cxr_fonts_t  *fonts;
    const char   *files[CXR_FONT_FILES_MAX + 1] = { cxr_font_usual[0] };

    memset(&d, 0, sizeof(d));
    assert_int_equal(cxr_fonts_load(files, 1, &fonts, &d), CXR_LIMIT);
    assert_int_equal(cxr_fonts_load(files, CXR_FONT_FILES_MAX + 1, &fonts,
                                    &d), CXR_LIMIT);

    files[1] = "/nowhere/bold.ttf";
    assert_int_equal(cxr_fonts_load(files, 2, &fonts, &d), CXR_NOTFOUND);
    assert_string_equal(d.file, files[1]);
    assert_non_null(strstr(d.text, "cx_returns_label_font"));
    assert_null(fonts);

    files[1] = "Makefile";
    assert_int_equal(cxr_fonts_load(files, 2, &fonts, &d), CXR_INVALID);
    files[1] = "t";
    assert_int_equal(cxr_fonts_load(files, 2, &fonts, &d), CXR_INVALID);
}


static void
test_glyphs(void **state)
{
    kit_t        *k = *state;
    cxr_glyph_t   g;

    cxr_font_glyph(k->fonts, 0x11f, false, &g);            /* ğ */
    assert_int_equal(g.face, 0);
    assert_int_not_equal(g.glyph, 0);
    assert_in_range(g.advance, 400, 700);
    cxr_font_glyph(k->fonts, 0x11f, true, &g);
    assert_int_equal(g.face, 1);

    /* lent by the third, and had by none */

    cxr_font_glyph(k->fonts, 0x10d0, true, &g);            /* Georgian an */
    assert_int_equal(g.face, 2);
    assert_int_not_equal(g.glyph, 0);
    cxr_font_glyph(k->fonts, 0x8336, false, &g);           /* tea */
    assert_int_equal(g.glyph, 0);
    cxr_font_glyph(k->fonts, 0xffffffff, false, &g);
    assert_int_equal(g.glyph, 0);

    assert_int_equal(cxr_font_width(k->fonts, CXR_STR_NONE, false), 0);
    assert_int_equal(cxr_font_width(k->fonts, cxr_str("ii"), false),
                     2 * cxr_font_width(k->fonts, cxr_str("i"), false));
    assert_true(cxr_font_width(k->fonts, cxr_str("Ayşe"), true)
                > cxr_font_width(k->fonts, cxr_str("Ayşe"), false));
}


static void
sheet_make(kit_t *k, cxr_sheet_t *sheet, cxr_drawing_t *d, const char *text)
{
    memset(d, 0, sizeof(*d));
    memset(sheet, 0, sizeof(*sheet));
    d->a = k->arena;
    sheet->width = 50000;
    sheet->height = 20000;
    sheet->created = INT64_C(1763719200000);
    sheet->title = cxr_str("R-7K3M-9QXC");
    cxr_draw_text(d, 2000, 8000, 5000, true, CXR_ALIGN_LEFT, 0,
                  cxr_strz(text));
    assert_int_equal(cxr_sheet_page(sheet, d, k->arena), CXR_OK);
}


static void
test_same(void **state)
{
    kit_t           *k = *state;
    cxr_buf_t        a, b;
    cxr_sheet_t      sheet;
    cxr_drawing_t    d;

    cxr_buf_init(&a, OUT_MAX);
    cxr_buf_init(&b, OUT_MAX);

    sheet_make(k, &sheet, &d, "Ayşe Yılmaz");
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &a), CXR_OK);
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &b), CXR_OK);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.data, b.data, a.len);
    assert_non_null(memmem(a.data, a.len, "+LiberationSans-Bold", 20));

    /* its only time is its own, and it must have one */

    cxr_buf_reset(&b);
    sheet.created += 1000;
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &b), CXR_OK);
    assert_true(a.len != b.len || memcmp(a.data, b.data, a.len) != 0);
    sheet.created = CXR_TIME_NONE;
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &b), CXR_ERROR);

    cxr_buf_free(&a);
    cxr_buf_free(&b);
}


/* The language stands behind what cairo wrote, wherever the PDF begins. */

static void
test_lang(void **state)
{
    char           *xref;
    kit_t          *k = *state;
    size_t          plain, from;
    cxr_buf_t       out;
    cxr_str_t       pdf;
    cxr_sheet_t     sheet;
    cxr_drawing_t   d;

    cxr_buf_init(&out, OUT_MAX);
    sheet_make(k, &sheet, &d, "Ayşe");
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_OK);
    plain = cxr_buf_str(&out).len;
    assert_null(memmem(out.data, plain, "/Lang", 5));

    sheet.lang = cxr_str("pt-BR");
    from = plain;
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_OK);
    pdf = cxr_strn(out.data + from, cxr_buf_str(&out).len - from);
    assert_true(pdf.len > plain);
    assert_non_null(memmem(pdf.data, pdf.len, "/Lang (pt-BR)", 13));

    /* its last number is where the section is, counted from the beginning */

    cxr_buf_addc(&out, '\0');
    xref = memmem(out.data + from + plain - 1, pdf.len - plain, "startxref", 9);
    assert_non_null(xref);
    assert_memory_equal(out.data + from + strtoul(xref + 9, NULL, 10),
                        "xref\n", 5);

    sheet.lang = cxr_str("tr) /X (");
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_INVALID);
    cxr_buf_free(&out);
}


static void
test_limits(void **state)
{
    int              i;
    kit_t           *k = *state;
    cxr_buf_t        out;
    cxr_bits_t       bits;
    cxr_sheet_t      sheet;
    cxr_drawing_t    d;
    cxr_barcode_box_t  box = { 0, 0, 50000, 10000, 125, 330 };

    sheet_make(k, &sheet, &d, "x");

    cxr_buf_init(&out, 100);
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_LIMIT);
    cxr_buf_reset(&out);
    assert_int_equal(cxr_sheet_zpl(&sheet, k->fonts, 203, &out), CXR_LIMIT);
    cxr_buf_free(&out);

    cxr_buf_init(&out, OUT_MAX);
    assert_int_equal(cxr_sheet_zpl(&sheet, k->fonts, CXR_ZPL_DPI_MIN - 1,
                                   &out), CXR_LIMIT);
    assert_int_equal(cxr_sheet_zpl(&sheet, k->fonts, CXR_ZPL_DPI_MAX + 1,
                                   &out), CXR_LIMIT);
    assert_int_equal(cxr_sheet_zpl(&sheet, k->fonts, CXR_ZPL_DPI_MAX, &out),
                     CXR_OK);

    sheet.width = CXR_SHEET_SIDE_MAX + 1;
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_LIMIT);

    /* a code that does not fit its place is none */

    sheet_make(k, &sheet, &d, "x");
    assert_int_equal(cxr_code128_bits(cxr_str("R-7K3M-9QXC"), k->arena, &bits),
                     CXR_OK);
    cxr_draw_code(&d, &bits, &box);
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_LIMIT);

    /* neither is a page with more on it than a page may have */

    sheet_make(k, &sheet, &d, "x");

    for (i = 0; i < CXR_SHEET_OPS_MAX; i++) {
        cxr_draw_box(&d, 0, 0, 1, 1);
    }

    assert_true(d.failed);
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, &out), CXR_LIMIT);
    assert_int_equal(cxr_sheet_page(&sheet, &d, k->arena), CXR_LIMIT);
    cxr_buf_free(&out);
}


/* two pixels: black and white, white alone, nothing and a brown */

static const uint8_t  png_half[] = {
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2,
    0, 0, 0, 1, 8, 2, 0, 0, 0, 123, 64, 232, 221, 0, 0, 0, 15, 73, 68, 65, 84,
    120, 218, 99, 96, 96, 96, 248, 255, 255, 63, 0, 6, 1, 2, 254, 187, 201,
    133, 233, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130
};

static const uint8_t  png_white[] = {
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2,
    0, 0, 0, 1, 8, 2, 0, 0, 0, 123, 64, 232, 221, 0, 0, 0, 15, 73, 68, 65, 84,
    120, 218, 99, 252, 255, 255, 63, 3, 3, 3, 0, 14, 255, 2, 255, 1, 190, 34,
    222, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130
};

static const uint8_t  png_clear[] = {
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2,
    0, 0, 0, 1, 8, 6, 0, 0, 0, 244, 34, 127, 138, 0, 0, 0, 17, 73, 68, 65, 84,
    120, 218, 99, 96, 96, 96, 96, 208, 16, 225, 250, 15, 0, 1, 248, 1, 70, 50,
    208, 239, 51, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130
};


/* the picture in the box, as dots and as paper; true: some dot is dark */
static bool
dark(kit_t *k, const uint8_t *png, size_t n, cxr_buf_t *pdf)
{
    bool           any;
    cxr_buf_t      zpl;
    cxr_str_t      bytes;
    cxr_sheet_t    sheet;
    const char    *at, *end;
    cxr_drawing_t  d;

    memset(&d, 0, sizeof(d));
    memset(&sheet, 0, sizeof(sheet));
    d.a = k->arena;
    sheet.width = sheet.height = 10000;
    sheet.created = 1795000000000000;
    bytes = cxr_strn((const char *) png, n);

    assert_int_equal(cxr_sheet_picture_check(bytes, NULL), CXR_OK);
    cxr_draw_picture(&d, 1000, 1000, 8000, 2000, bytes);
    assert_int_equal(cxr_sheet_page(&sheet, &d, k->arena), CXR_OK);

    cxr_buf_init(&zpl, OUT_MAX);
    assert_int_equal(cxr_sheet_zpl(&sheet, k->fonts, 203, &zpl), CXR_OK);
    assert_int_equal(cxr_sheet_pdf(&sheet, k->fonts, pdf), CXR_OK);

    at = memmem(zpl.data, zpl.len, "^GFA,", 5);
    assert_non_null(at);
    end = memmem(at, zpl.len - (size_t) (at - zpl.data), "^FS", 3);
    assert_non_null(end);

    /* behind the three numbers; a row that is all blank is a comma */

    for (at += 5, any = false; at < end; at++) {
        any = any || *at == 'F';
    }

    cxr_buf_free(&zpl);

    return any;
}


static void
test_picture(void **state)
{
    kit_t       *k = *state;
    unsigned     i;
    cxr_buf_t    pdf[2];
    cxr_diag_t   diag;

    for (i = 0; i < 2; i++) {
        cxr_buf_init(&pdf[i], OUT_MAX);
        assert_true(dark(k, png_half, sizeof(png_half), &pdf[i]));
    }

    assert_true(cxr_str_eq(cxr_buf_str(&pdf[0]), cxr_buf_str(&pdf[1])));
    assert_non_null(memmem(pdf[0].data, pdf[0].len, "/Image", 6));
    cxr_buf_reset(&pdf[0]);
    assert_false(dark(k, png_white, sizeof(png_white), &pdf[0]));
    cxr_buf_reset(&pdf[0]);
    assert_true(dark(k, png_clear, sizeof(png_clear), &pdf[0]));

    memset(&diag, 0, sizeof(diag));
    assert_int_equal(cxr_sheet_picture_check(
                         cxr_strn((const char *) png_half, 40), &diag),
                     CXR_INVALID);
    assert_non_null(strstr(diag.text, "broken"));

    for (i = 0; i < 2; i++) {
        cxr_buf_free(&pdf[i]);
    }
}


static void
test_bidi(void **state)
{
    char       mem[CXR_BIDI_BYTES], many[3 * CXR_BIDI_MAX];
    size_t     i;
    cxr_str_t  text, seen;

    static const struct {
        const char  *text;
        const char  *seen;
    } cases[] = {
        { "\u05d0\u05d1\u05d2", "\u05d2\u05d1\u05d0" },
        { "Ay\u015fe \u05d0\u05d1 7", "Ay\u015fe 7 \u05d1\u05d0" },

        /* numbers stay, brackets turn round */
        { "\u05d0 (12) \u05d1", "\u05d1 (12) \u05d0" },
        { "\u05d0(\u05d1", "\u05d1)\u05d0" },

        /* salaam: seen begins, lam and alef are one, meem stands alone */
        { "\u0633\u0644\u0627\u0645", "\ufee1\ufefc\ufeb3" },

        /* a mark stays behind its letter, which the font draws it over */
        { "\u05d1\u05bc\u05d0", "\u05d0\u05d1\u05bc" },
    };

    text = cxr_str("\u0130stanbul, \u0391\u0416 \u4e2d");
    assert_ptr_equal(cxr_bidi_seen(text, mem).data, text.data);
    assert_int_equal(cxr_bidi_seen(CXR_STR_NONE, mem).len, 0);

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        seen = cxr_bidi_seen(cxr_strz(cases[i].text), mem);

        if (!cxr_str_is(seen, cases[i].seen)) {
            fail_msg("%zu: \"%.*s\"", i, (int) seen.len, seen.data);
        }
    }

    /* what is broken is drawn as such, what is too long as it is */

    seen = cxr_bidi_seen(cxr_str("\u05d0\xff"), mem);
    assert_true(cxr_str_is(seen, "\ufffd\u05d0"));

    for (i = 0; i + 2 <= sizeof(many); i += 2) {
        memcpy(many + i, "\u05d0", 2);
    }

    text = cxr_strn(many, i);
    assert_ptr_equal(cxr_bidi_seen(text, mem).data, text.data);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_fonts_refused),
        cmocka_unit_test_setup_teardown(test_glyphs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_same, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lang, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_picture, setup, teardown),
        cmocka_unit_test(test_bidi)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
