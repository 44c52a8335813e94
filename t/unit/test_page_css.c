
/*
 * Style sheets, packed: what may go goes, and what has a meaning stays.  That
 * the shop's own sheet means the same afterwards is asked of a browser
 * (t/browser).  Runs in the project's root.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cxr_css.h"

#define SHEET_MAX  (256 * 1024)
#define ROUNDS     20000

static const struct {
    const char  *css;
    const char  *want;
} sheets[] = {
    { "", "" },
    { "  \n\t ", "" },
    { "/* all */", "" },
    { "a { color : red ; }\n", "a{color :red}" },
    { "a{b:c;}\nd{e:f;}", "a{b:c}d{e:f}" },

    /* a blank that combines stays, one beside a comma or > does not */
    { "ul  li , ol > li { x: y }", "ul li,ol>li{x:y}" },
    { "a :hover { x: y }", "a :hover{x:y}" },
    { "a:hover{x:y}", "a:hover{x:y}" },
    { "a [b], a[ b ] { x: y }", "a [b],a[b]{x:y}" },
    { ".a:is( .b , .c ) .d{x:y}", ".a:is(.b,.c) .d{x:y}" },
    { ".a + .b ~ .c * { x: y }", ".a + .b ~ .c *{x:y}" },

    /* nor does one around an operator or before "and" */
    { "a{x:calc(1px + 2px - (3px * 4))}", "a{x:calc(1px + 2px - (3px * 4))}" },
    { "@media (a: 1px) and (b) { c{d:e} }", "@media (a:1px) and (b){c{d:e}}" },
    { "a { x: y  !important; }", "a{x:y !important}" },
    { "a { font: 1rem/1.6 var(--s), \"B  C\" , d }",
      "a{font:1rem/1.6 var(--s),\"B  C\",d}" },

    /* strings, addresses and escapes are nobody's business */
    { "a::before { content: \"/* ; } */\" ; }",
      "a::before{content:\"/* ; } */\"}" },
    { "a { content: 'it\\'s ;' }", "a{content:'it\\'s ;'}" },
    { "a { b: url( data:x;y , /*z*/ ) ; c: d }",
      "a{b:url( data:x;y , /*z*/ );c:d}" },
    { "a { b: url( \"x  y\" ) }", "a{b:url(\"x  y\")}" },
    { "a { b: curl( c , d ) }", "a{b:curl(c,d)}" },
    { ".a\\:b , .c\\  d { e: f\\; }", ".a\\:b,.c\\  d{e:f\\;}" },

    /* a comment separates, and combines nothing */
    { ".a/* x */.b { x: y }", ".a/**/.b{x:y}" },
    { ".a /* x */ .b { x: y }", ".a .b{x:y}" },
    { "a { /* one; */ b: c; /* two */ }", "a{b:c}" },
    { "/*! Licence  */\n a { b: c }", "/*! Licence  */ a{b:c}" },

    /* cut off anywhere */
    { "a { b: \"c", "a{b:\"c" },
    { "a { b: url( c", "a{b:url( c" },
    { "a { b: c /* d", "a{b:c" },
    { "a { b: c\\", "a{b:c\\" },
};


static void
test_what_may_go(void **state)
{
    size_t     i;
    cxr_buf_t  b;

    for (i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++) {
        cxr_buf_init(&b, SHEET_MAX);
        cxr_css_pack(cxr_strz(sheets[i].css), &b);
        cxr_buf_addc(&b, '\0');
        assert_true(cxr_buf_ok(&b));
        assert_string_equal(b.data, sheets[i].want);
        cxr_buf_free(&b);
    }
}


static void
test_our_own_sheet(void **state)
{
    size_t       n;
    FILE        *f;
    cxr_buf_t    b;
    static char  css[SHEET_MAX];

    f = fopen("html/css/cx.css", "rb");
    assert_non_null(f);
    n = fread(css, 1, sizeof(css), f);
    fclose(f);
    assert_true(n > 0 && n < sizeof(css));

    cxr_buf_init(&b, SHEET_MAX);
    cxr_css_pack(cxr_strn(css, n), &b);
    cxr_buf_addc(&b, '\0');
    assert_true(cxr_buf_ok(&b));
    assert_true(b.len < n - n / 10);
    assert_null(strstr(b.data, "/*"));
    assert_null(strchr(b.data, '\n'));
    assert_null(strstr(b.data, ";}"));
    assert_non_null(strstr(b.data, "@media (max-width:30rem){"));
    cxr_buf_free(&b);
}


/* Any bytes: never longer, and a small buffer only says that it was. */
static void
test_any_bytes(void **state)
{
    char               in[64];
    size_t             i, n, len;
    unsigned           round;
    cxr_buf_t          b, small;
    static const char  letters[] = "a:;{} >,()[]\"'/*\\\n!url(-";

    srand(7);

    for (round = 0; round < ROUNDS; round++) {
        len = (size_t) rand() % sizeof(in);

        for (i = 0; i < len; i++) {
            in[i] = letters[(size_t) rand() % (sizeof(letters) - 1)];
        }

        cxr_buf_init(&b, SHEET_MAX);
        cxr_css_pack(cxr_strn(in, len), &b);
        assert_true(cxr_buf_ok(&b));
        assert_true(b.len <= len);
        n = b.len;
        cxr_buf_free(&b);

        if (n > 1) {
            cxr_buf_init_fixed(&small, in, n - 2);
            cxr_css_pack(cxr_str("a{b:c}"), &small);
            assert_true(small.len <= n - 2);
        }
    }
}


/* ---- what a shop adds ---- */

static const struct {
    const char  *css;
    unsigned     line;           /* 0: taken                                  */
    unsigned     column;
    const char  *says;
} added[] = {
    { "", 0, 0, NULL },
    { ".hero { background: var(--panel) }\n", 0, 0, NULL },
    { "@media (min-width: 40rem) { .card { padding: calc(1rem * (2 + 1)) } }",
      0, 0, NULL },
    { "a::after { content: \"}{)(\\\"\" } /* } @import */", 0, 0, NULL },
    { ".a\\{ { color: red }", 0, 0, NULL },
    { "a { background: url(data:image/png;base64,AAAA) }", 0, 0, NULL },
    { "a { background: URL( \"data:image/svg+xml,<svg/>\" ) }", 0, 0, NULL },
    { "a { mask: url('#m') }", 0, 0, NULL },
    { ".image { x: curl(b) } .src(c) { y: z }", 0, 0, NULL },
    { "@container x (width > 1px) { a[b=\"c\"] { d: e } }", 0, 0, NULL },

    { "a { b: c", 1, 3, "not closed" },
    { "a { b: c }\n}", 2, 1, "closes nothing" },
    { "a { b: (c } )", 1, 11, "\"(\" of line 1" },
    { "a[b { c: d }", 1, 2, "not closed" },
    { "a { }\n /* b", 2, 2, "comment" },
    { "a { content: \"b\n }", 1, 14, "string" },
    { "a { content: 'b", 1, 14, "string" },
    { "@import \"more.css\";", 1, 1, "@import" },
    { "a{}\n@IMPORT url(x);", 2, 1, "@import" },
    { "@charset \"utf-8\";", 1, 1, "@charset" },
    { "@namespace x url(y);", 1, 1, "@namespace" },
    { "a { background: url(/art/b.png) }", 1, 17, "data:" },
    { "a { background: url( 'https://cdn.example/b.png' ) }", 1, 17, "data:" },
    { "@font-face { src: url(x.woff2) }", 1, 19, "data:" },
    { "a { b: url(data:x", 1, 8, "not closed" },
    { "a { b: url(\"#c\" /* d) }", 1, 8, "not closed" },
    { "a { b: image-set(\"c.png\" 1x) }", 1, 8, "image-set" },
    { "a { b: -webkit-image-set('c.png' 1x) }", 1, 8, "image-set" },
    { "a { b: src(\"c\") }", 1, 8, "src" },
    { "a { b: \xff }", 1, 0, "UTF-8" },
    { "((((((((((((((((((((((((((((((((((", 1, 33, "32" },
};


static void
test_what_a_shop_adds(void **state)
{
    size_t      i;
    cxr_diag_t  d;

    for (i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
        memset(&d, 0, sizeof(d));

        if (added[i].line == 0) {
            if (cxr_css_check(cxr_strz(added[i].css), &d) != CXR_OK) {
                fail_msg("%s: %s", added[i].css, d.text);
            }

            continue;
        }

        assert_int_equal(cxr_css_check(cxr_strz(added[i].css), &d),
                         CXR_INVALID);

        if (d.line != added[i].line || strstr(d.text, added[i].says) == NULL
            || (added[i].column != 0 && d.column != added[i].column))
        {
            fail_msg("%s: %u:%u: %s", added[i].css, d.line, d.column, d.text);
        }
    }

    assert_int_equal(cxr_css_check(cxr_strn("a{}\0", 4), &d), CXR_INVALID);
}


/* Packed, or behind another one, it is taken as before. */

static void
test_taken_as_packed(void **state)
{
    char               in[48];
    size_t             i, len;
    unsigned           round, taken;
    cxr_buf_t          b;
    cxr_diag_t         d;
    static const char  letters[] = "a:;{} ,()\"'/*\\\n-@";

    srand(11);
    taken = 0;

    for (round = 0; round < ROUNDS * 5; round++) {
        len = (size_t) rand() % 12;

        for (i = 0; i < len; i++) {
            in[i] = letters[(size_t) rand() % (sizeof(letters) - 1)];
        }

        if (cxr_css_check(cxr_strn(in, len), &d) != CXR_OK) {
            continue;
        }

        taken++;
        cxr_buf_init(&b, SHEET_MAX);
        cxr_css_pack(cxr_strn(in, len), &b);
        cxr_buf_adds(&b, cxr_str("b{c:d}"));
        assert_int_equal(cxr_css_check(cxr_buf_str(&b), &d), CXR_OK);
        cxr_buf_free(&b);
    }

    assert_true(taken > 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_what_may_go),
        cmocka_unit_test(test_our_own_sheet),
        cmocka_unit_test(test_any_bytes),
        cmocka_unit_test(test_what_a_shop_adds),
        cmocka_unit_test(test_taken_as_packed)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
