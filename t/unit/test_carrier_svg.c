
/*
 * SVG that a shop may show, and what is refused of it, with its line.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_svg.h"

#define NS      "xmlns=\"http://www.w3.org/2000/svg\""
#define XLINK   "xmlns:xlink=\"http://www.w3.org/1999/xlink\""
#define HEAD    "<svg " NS " " XLINK " viewBox=\"0 0 8 8\">\n"
#define WITH(x) HEAD x "</svg>"

static const char *const  good[] = {
    "<svg " NS " viewBox=\"0 0 8 8\"><path d=\"M0 0h8v8z\"/></svg>",
    "<svg " NS " width=\"120\" height=\"40px\"/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- drawn -->\n" WITH(""),
    "\xef\xbb\xbf" WITH("<title>A &amp; B</title>"),
    WITH("<defs><linearGradient id=\"g\"/></defs><rect fill=\"url(#g)\"/>"),
    WITH("<rect style=\"fill:url( '#g' );opacity:.5\"/>"),
    WITH("<use xlink:href=\"#g\"/><use href=\"#g\"/>"),
    WITH("<image href=\"data:image/png;base64,AAAA\"/>"),
    WITH("<style>.a{fill:#fff}@font-face{font-family:x;"
         "src:url(data:font/woff2;base64,AA)}</style>"),
    WITH("<style><![CDATA[.a > .b { fill: url(#g) }]]></style>"),
    WITH("<animate attributeName=\"opacity\" from=\"0\" to=\"1\"/>"),
};

static const struct {
    const char  *svg;
    unsigned     line;
    const char  *says;
} bad[] = {
    { "", 0, "well-formed" },
    { "<svg", 0, "SVG" },
    { WITH("<g>"), 2, "well-formed" },
    { "<html><svg " NS "/></html>", 1, "<html>" },
    { "<svg viewBox=\"0 0 8 8\"/>", 1, "xmlns" },
    { "<svg " NS "/>", 1, "viewBox" },
    { "<svg " NS " width=\"100%\" height=\"40\"/>", 1, "viewBox" },
    { WITH("\n<script>alert(1)</script>"), 3, "<script>" },
    { WITH("<SCRIPT/>"), 2, "<SCRIPT>" },
    { WITH("<x:script xmlns:x=\"http://www.w3.org/2000/svg\"/>"), 2,
      "<script>" },
    { WITH("<foreignObject/>"), 2, "<foreignObject>" },
    { WITH("<h:iframe xmlns:h=\"http://www.w3.org/1999/xhtml\"/>"), 2,
      "<iframe>" },
    { WITH("<g onload=\"alert(1)\"/>"), 2, "onload" },
    { WITH("<g ONCLICK=\"alert(1)\"/>"), 2, "ONCLICK" },
    { WITH("<a href=\"javascript:alert(1)\"/>"), 2, "href" },
    { WITH("<a xlink:href=\" java&#115;cript:alert(1)\"/>"), 2, "href" },
    { WITH("<image href=\"https://evil.example/x.png\"/>"), 2, "href" },
    { WITH("<image href=\"data:image/svg+xml,%3Csvg/%3E\"/>"), 2, "href" },
    { WITH("<image href=\"other.png\"/>"), 2, "href" },
    { WITH("<rect fill=\"url(https://evil.example/#g)\"/>"), 2, "url()" },
    { WITH("<rect style=\"fill:URL( 'x.svg#g')\"/>"), 2, "url()" },
    { WITH("<rect style=\"fill:u\\72l(x.svg#g)\"/>"), 2, "backslash" },
    { WITH("<style>@import 'https://evil.example/x.css';</style>"), 2,
      "imports" },
    { WITH("<style>a{b:u&#114;l(https://evil.example/)}</style>"), 2,
      "url()" },
    { WITH("<style>a{b:ur<![CDATA[l(https://evil.example/)}]]></style>"), 2,
      "url()" },
    { WITH("<style>a{b:image-set('x.png' 1x)}</style>"), 2, "embed" },
    { WITH("<set attributeName=\"href\" to=\"javascript:alert(1)\"/>"), 2,
      "animates" },
    { WITH("<set attributeName=\"onclick\" to=\"alert(1)\"/>"), 2,
      "animates" },
    { "<?xml-stylesheet href=\"x.css\"?>\n" WITH(""), 1, "xml-stylesheet" },
    { "<!DOCTYPE svg [<!ENTITY a \"b\">]>\n" WITH("&a;"), 1, "DOCTYPE" },
    { WITH("&unknown;"), 2, "well-formed" },
};


static void
test_good(void **state)
{
    size_t      i;
    cxr_diag_t  d;

    for (i = 0; i < cxr_nelts(good); i++) {
        memset(&d, 0, sizeof(d));

        if (cxr_svg_check(cxr_strz(good[i]), &d) != CXR_OK) {
            fail_msg("%s\n%s", good[i], d.text);
        }
    }
}


static void
test_bad(void **state)
{
    size_t      i;
    cxr_diag_t  d;

    for (i = 0; i < cxr_nelts(bad); i++) {
        memset(&d, 0, sizeof(d));

        if (cxr_svg_check(cxr_strz(bad[i].svg), &d) != CXR_INVALID) {
            fail_msg("taken: %s", bad[i].svg);
        }

        if (strstr(d.text, bad[i].says) == NULL
            || (bad[i].line != 0 && d.line != bad[i].line))
        {
            fail_msg("%s\nline %u: %s", bad[i].svg, d.line, d.text);
        }
    }
}


static void
test_deep(void **state)
{
    char        svg[4096];
    size_t      n, i, depth;
    cxr_diag_t  d;

    for (depth = CXR_SVG_DEPTH_MAX - 1; depth <= CXR_SVG_DEPTH_MAX; depth++) {
        n = (size_t) snprintf(svg, sizeof(svg), "%s", HEAD);

        for (i = 0; i < depth; i++) {
            n += (size_t) snprintf(svg + n, sizeof(svg) - n, "<g>");
        }

        for (i = 0; i < depth; i++) {
            n += (size_t) snprintf(svg + n, sizeof(svg) - n, "</g>");
        }

        n += (size_t) snprintf(svg + n, sizeof(svg) - n, "</svg>");
        memset(&d, 0, sizeof(d));

        assert_int_equal(cxr_svg_check(cxr_strn(svg, n), &d),
                         depth < CXR_SVG_DEPTH_MAX ? CXR_OK : CXR_INVALID);
    }
}


/* Cut off anywhere it is no drawing. */

static void
test_cut(void **state)
{
    size_t      i, k;
    cxr_diag_t  d;

    for (i = 0; i < cxr_nelts(good); i++) {
        for (k = 0; k < strlen(good[i]); k++) {
            memset(&d, 0, sizeof(d));
            assert_int_equal(cxr_svg_check(cxr_strn(good[i], k), &d),
                             CXR_INVALID);
            assert_true(d.text[0] != '\0');
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
