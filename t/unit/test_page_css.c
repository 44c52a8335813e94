
/*
 * Style sheets, packed: what may go goes, and what has a meaning stays.  That
 * the shop's own sheet means the same afterwards is asked of a browser
 * (t/browser).  Runs in the project's root.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_what_may_go),
        cmocka_unit_test(test_our_own_sheet),
        cmocka_unit_test(test_any_bytes)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
