
/*
 * Every colour that meets another one on a page, whatever a shop has chosen.
 * Runs in the project's root: the style sheet's own colours are looked up there.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_file.h"
#include "cxr_theme.h"
#include "cxr_view.h"

#define STEP  51                     /* of 255: six shades of each channel     */

static char    *sheet;
static size_t   sheet_len;


static int
setup(void **state)
{
    cxr_diag_t  d;

    return cxr_file_read("html/css/cx.css", 1 << 20, &sheet, &sheet_len, &d)
           == CXR_OK ? 0 : -1;
}


static int
teardown(void **state)
{
    free(sheet);

    return 0;
}


static cxr_str_t
hex(char out[8], unsigned r, unsigned g, unsigned b)
{
    (void) snprintf(out, 8, "#%02x%02x%02x", r & 0xff, g & 0xff, b & 0xff);

    return cxr_strz(out);
}


static void
all_read(const cxr_brand_t *brand, bool dark)
{
    size_t            i, n;
    cxr_theme_t       t;
    cxr_theme_pair_t  pairs[CXR_THEME_PAIRS_MAX];

    assert_int_equal(cxr_theme(brand, dark, &t), CXR_OK);
    n = cxr_theme_pairs(&t, dark, pairs);
    assert_true(n >= 30 && n <= CXR_THEME_PAIRS_MAX);

    for (i = 0; i < n; i++) {
        if (pairs[i].ratio < pairs[i].needed) {
            fail_msg("%.*s, %s: --%s on --%s: %.2f, not %.1f",
                     cxr_str_arg(brand->accent), dark ? "dark" : "light",
                     pairs[i].front, pairs[i].ground, pairs[i].ratio,
                     pairs[i].needed);
        }
    }
}


static void
test_any_accent(void **state)
{
    char         a[8], n[8];
    unsigned     r, g, b;
    cxr_brand_t  brand;

    for (r = 0; r <= 255; r += STEP) {
        for (g = 0; g <= 255; g += STEP) {
            for (b = 0; b <= 255; b += STEP) {
                memset(&brand, 0, sizeof(brand));
                brand.accent = hex(a, r, g, b);
                all_read(&brand, false);
                all_read(&brand, true);

                /* one by night of its own, which may be as bad */

                brand.accent_dark = hex(n, b, r, g);
                all_read(&brand, true);
            }
        }
    }
}


/* A button by night is told from the page where the shop says nothing of it. */

static void
test_night_made(void **state)
{
    cxr_theme_t  t;
    cxr_brand_t  brand;

    memset(&brand, 0, sizeof(brand));
    brand.accent = cxr_str("#0b1f3a");
    brand.on_accent = cxr_str("#ffffff");

    assert_int_equal(cxr_theme(&brand, true, &t), CXR_OK);
    assert_true(cxr_colour_contrast(t.accent, t.paper) >= CXR_CONTRAST_MARK);
    assert_true(cxr_colour_contrast(t.accent, t.on_accent)
                >= CXR_CONTRAST_TEXT);
}


/* What the shop gives is what it gets. */

static void
test_given(void **state)
{
    cxr_theme_t  t;
    cxr_brand_t  brand;

    memset(&brand, 0, sizeof(brand));
    brand.accent = cxr_str("#0050b3");
    brand.on_accent = cxr_str("#fffefd");
    brand.accent_dark = cxr_str("#8ec5ff");
    brand.on_accent_dark = cxr_str("#00172e");
    brand.paper = cxr_str("#f4f8fc");
    brand.paper_dark = cxr_str("#0c1117");

    assert_int_equal(cxr_theme(&brand, false, &t), CXR_OK);
    assert_int_equal(t.paper.r, 0xf4);
    assert_int_equal(t.accent.b, 0xb3);
    assert_int_equal(t.on_accent.g, 0xfe);

    /* a cool page has cool panels */
    assert_true(t.tint.b > t.tint.r && t.line.b > t.line.r);
    all_read(&brand, false);

    assert_int_equal(cxr_theme(&brand, true, &t), CXR_OK);
    assert_int_equal(t.paper.b, 0x17);
    assert_int_equal(t.accent.r, 0x8e);
    assert_int_equal(t.on_accent.b, 0x2e);
    assert_true(t.card.b > t.card.r && t.card.r > t.paper.r);
    all_read(&brand, true);

    brand.paper = cxr_str("#zzzzzz");
    assert_int_equal(cxr_theme(&brand, false, &t), CXR_INVALID);
    assert_int_equal(cxr_theme(&brand, true, &t), CXR_OK);
}


/* A button pointed at is read better, not worse. */

static void
test_hover(void **state)
{
    size_t       i;
    cxr_theme_t  t;
    cxr_brand_t  brand;

    static const char *const  pairs[][2] = {
        { "#767676", "#ffffff" }, { "#ffd400", "#000000" },
        { "#005f73", "#e9f7ff" }, { "#e9b98a", "#2a1405" }
    };

    for (i = 0; i < cxr_nelts(pairs); i++) {
        memset(&brand, 0, sizeof(brand));
        brand.accent = cxr_strz(pairs[i][0]);
        brand.on_accent = cxr_strz(pairs[i][1]);
        assert_int_equal(cxr_theme(&brand, false, &t), CXR_OK);
        assert_true(cxr_colour_contrast(t.hover, t.on_accent)
                    > cxr_colour_contrast(t.accent, t.on_accent));
    }
}


/* ---- the style sheet ---- */

static const char *
sheet_has(const char *from, const char *name, const char *value)
{
    char  text[64];

    (void) snprintf(text, sizeof(text), "--%s: %s;", name, value);

    return strstr(from, text);
}


/* What is checked against is what pages show. */

static void
test_sheet_says_so(void **state)
{
    size_t       i, day;
    char        *dark;

    static const char *const  names[] = {
        "ink", "soft", "edge", "good", "good-bg", "warn", "warn-bg", "bad",
        "bad-bg"
    };

    dark = strstr(sheet, "prefers-color-scheme: dark");
    assert_non_null(dark);
    day = (size_t) (dark - sheet);

    for (i = 0; i < cxr_nelts(names); i++) {
        assert_non_null(cxr_theme_fixed(names[i], false));

        if (sheet_has(sheet, names[i], cxr_theme_fixed(names[i], false))
            == NULL
            || sheet_has(sheet, names[i], cxr_theme_fixed(names[i], false))
               > sheet + day
            || sheet_has(dark, names[i], cxr_theme_fixed(names[i], true))
               == NULL)
        {
            fail_msg("html/css/cx.css and cxr_theme.c differ in --%s",
                     names[i]);
        }
    }

    assert_null(cxr_theme_fixed("paper", false));
}


/* Each variable that it uses is defined, there or with the shop's colours. */

static void
test_sheet_is_whole(void **state)
{
    char         name[64], text[80];
    size_t       n;
    cxr_buf_t    b;
    cxr_shop_t   shop;
    const char  *p;

    memset(&shop, 0, sizeof(shop));
    shop.brand.accent = cxr_str("#7a3b12");
    cxr_buf_init(&b, CXR_VIEW_CSS_MAX + 1);
    assert_int_equal(cxr_brand_css(&shop, &b), CXR_OK);
    cxr_buf_addc(&b, '\0');
    assert_true(cxr_buf_ok(&b));

    for (p = sheet; (p = strstr(p, "var(--")) != NULL; p++) {
        n = strcspn(p + 4, ")");
        assert_true(n < sizeof(name));
        memcpy(name, p + 4, n);
        name[n] = '\0';
        (void) snprintf(text, sizeof(text), "%s:", name);

        if (strstr(sheet, text) == NULL && strstr(b.data, text) == NULL) {
            fail_msg("%s is nowhere defined", name);
        }
    }

    cxr_buf_free(&b);

    /* text in the accent's colour is --link's affair */

    assert_null(strstr(sheet, " color: var(--accent)"));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_any_accent),
        cmocka_unit_test(test_night_made),
        cmocka_unit_test(test_given),
        cmocka_unit_test(test_hover),
        cmocka_unit_test(test_sheet_says_so),
        cmocka_unit_test(test_sheet_is_whole)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
