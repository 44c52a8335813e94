
/* Where a value stands decides how it is written, or that it may not be. */

#include "page_template_kit.h"


static void
places_decide_the_escape(void **state)
{
    gives("a.html", "en", "<a href=\"{{link}}\" title='{{title}}'>",
          "<a href=\"https://a.example/x?y=1&amp;z=2\" "
          "title='T &amp; &lt;i&gt;&quot;&#39;'>");
    gives("a.html", "en", "<a href=\"{{link}}&amp;q={{title}}#{{title}}\">",
          "<a href=\"https://a.example/x?y=1&amp;z=2&amp;q="
          "T%20%26%20%3Ci%3E%22%27#T%20%26%20%3Ci%3E%22%27\">");
    gives("a.html", "en", "<a href=\"/x/{{title}}?u={{link}}\">",
          "<a href=\"/x/T%20%26%20%3Ci%3E%22%27?u="
          "https%3A%2F%2Fa.example%2Fx%3Fy%3D1%26z%3D2\">");
    gives("a.html", "en", "<a href=\"{{#yes}}{{link}}{{/yes}}{{^yes}}/no"
          "{{/yes}}\">", "<a href=\"https://a.example/x?y=1&amp;z=2\">");
    gives("a.html", "en", "<script type=\"application/ld+json\">{\"a\":"
          "\"{{title}}\",\"n\":{{u8}}}</script><p>{{title}}",
          "<script type=\"application/ld+json\">{\"a\":"
          "\"T \\u0026 \\u003ci\\u003e\\\"'\",\"n\":255}</script>"
          "<p>T &amp; &lt;i&gt;&quot;&#39;");
    gives("a.html", "en", "<textarea>{{title}}</textarea><title>{{u8}}"
          "</title><script>if (a<b) {}</script><style>p{}</style>",
          "<textarea>T &amp; &lt;i&gt;&quot;&#39;</textarea><title>255"
          "</title><script>if (a<b) {}</script><style>p{}</style>");
    gives("a.html", "en", "<input{{#yes}} checked{{/yes}}{{#no}} disabled"
          "{{/no}} class=\"a{{#yes}} b{{/yes}}\">",
          "<input checked class=\"a b\">");
    gives("a.html", "en", "<!-- <b> --><link rel=icon href=\"data:,\">"
          "<!doctype html>", "<!-- <b> --><link rel=icon href=\"data:,\">"
          "<!doctype html>");
    gives("a.json", "en", "{\"a\":{{u8}},\"b\":{{yes}},\"c\\\"{{title}}\":1}",
          "{\"a\":255,\"b\":true,\"c\\\"T \\u0026 \\u003ci\\u003e\\\"'\":1}");
}


/* Fields of spreadsheets and of label printers. */
static void
tables_and_labels_are_escaped(void **state)
{
    view_t  odd = view;

    gives("a.csv", "en", "\"Title\",\"n\"\r\n{{#items}}\"{{label}}\",{{count}}"
          "\r\n{{/items}}\"{{title}}\",\"x {{title}}\"\r\n",
          "\"Title\",\"n\"\r\n\"one\",1\r\n\"<two>\",2000\r\n"
          "\"T & <i>\"\"'\",\"x T & <i>\"\"'\"\r\n");

    view.title = cxr_str("=1+2\"");
    gives("a.csv", "en", "\"{{title}}\",\"{{empty}}{{title}}\",\"n={{title}}\"",
          "\"'=1+2\"\"\",\"'=1+2\"\"\",\"n==1+2\"\"\"");

    view.title = cxr_str("a^FS~JA_b\nş");
    gives("a.zpl", "en", "^XA^FO{{u8}},10^FH^FD{{title}}^FS^XZ",
          "^XA^FO255,10^FH^FDa_5EFS_7EJA_5Fb_0Aş^FS^XZ");
    view = odd;

    refuses("a.csv", "a,{{title}}", 1, 3, "outside a field's quotes");
    refuses("a.csv", "\"{{title}}", 1, 1, "ends inside");
    refuses("a.csv", "\"{{{svg}}}\"", 1, 2, "raw");
    refuses("a.zpl", "^XA^FD{{title}}^FS", 1, 7, "^FH");
    refuses("a.zpl", "^XA^FH\\^FD{{title}}^FS", 1, 11, "^FH");
    refuses("a.zpl", "^XA^FO{{title}}^FS", 1, 7, "only a number");
    refuses("a.zpl", "^FH^FDa^FS^FD{{title}}^FS", 1, 14, "^FH");
    refuses("a.zpl", "^FH^FD{{title}}", 1, 4, "ends inside");
    refuses("a.zpl", "^F{{u8}}", 1, 3, "name");
}


static void
unsafe_places_are_refused(void **state)
{
    refuses("a.html", "<a href=\"{{title}}\">", 1, 10, "URL may begin");
    refuses("a.html", "<a href=\"{{t.hi}}\">", 1, 10, "URL may begin");
    refuses("a.html", "<a href=\"/x/{{link}}\">", 1, 0, "whole URL");
    refuses("a.html", "<a href=\" \n{{title}}\">", 2, 1, "URL may begin");
    refuses("a.html", "<a href={{link}}>", 1, 9, "quotes");
    refuses("a.html", "<a class=x{{title}}>", 1, 11, "quotes");
    refuses("a.html", "<a {{title}}=\"x\">", 1, 4, "name of a tag");
    refuses("a.html", "<{{title}}>", 1, 2, "name of a tag");
    refuses("a.html", "<a onclick=\"f('{{title}}')\">", 1, 16, "event");
    refuses("a.html", "<p style=\"{{title}}\">", 1, 0, "style");
    refuses("a.html", "<iframe srcdoc=\"{{title}}\">", 1, 0, "srcdoc");
    refuses("a.html", "<img src=\"data:{{title}}\">", 1, 0, "data:");
    refuses("a.html", "<a href=\"JavaScript:f()\">", 1, 20, "scheme");
    refuses("a.html", "\n<script>x={{u8}}</script>", 2, 11, "script");
    refuses("a.html", "<SCRIPT type=\"module\">{{u8}}</script>", 1, 0,
            "script");
    refuses("a.html", "<script type=\"{{title}}\">x</script>", 1, 0, "type");
    refuses("a.html", "<style>{{title}}</style>", 1, 0, "style");
    refuses("a.html", "<!-- {{title}} -->", 1, 6, "comment");
    refuses("a.html", "<script type=\"application/ld+json\">{{title}}</script>",
            1, 0, "outside a JSON string");
    refuses("a.html", "<script type=\"application/ld+json\">\"</script>", 1, 0,
            "ends inside a JSON string");
    refuses("a.json", "{{title}}", 1, 1, "outside a JSON string");
    refuses("a.json", "\"\\{{title}}\"", 1, 3, "backslash");
    refuses("a.json", "\"x", 1, 1, "ends inside");
    refuses("a.html", "{{{title}}}", 1, 1, "no markup of ours");
    refuses("a.html", "{{&title}}", 1, 1, "no markup of ours");
    refuses("a.html", "<p class=\"{{{svg}}}\">", 1, 0, "HTML text");
    refuses("a.html", "{{{t.hi}}}", 1, 1, "raw");
    refuses("a.html", "a < b", 1, 4, "&lt;");
    refuses("a.html", "<p", 1, 1, "ends inside");
    refuses("a.html", "<p>\n <b>x</b>\n  <!-- a\n<b> ", 3, 3, "ends inside");
    refuses("a.html", "<p>\n<script>if (a<b)", 2, 1, "ends inside");
}


/* Places that only a browser's own reading shows to be unsafe. */
static void
browsers_read_it_otherwise(void **state)
{
    /* names longer than any other attribute's */

    refuses("a.html", "<p onanimationiteration=\"{{title}}\">", 1, 26,
            "event");
    refuses("a.html", "<p onsecuritypolicyviolation=\"{{u8}}\">", 1, 0,
            "event");
    gives("a.html", "en", "<p data-a-name-of-some-length=\"{{u8}}\">",
          "<p data-a-name-of-some-length=\"255\">");

    /* where a page goes by itself, and what it allows */

    refuses("a.html", "<meta http-equiv=\"refresh\" content=\"0;{{u8}}\">", 1,
            0, "http-equiv");
    refuses("a.html", "<meta content=\"0;url={{title}}\" HTTP-EQUIV=refresh>",
            1, 0, "http-equiv");
    refuses("a.html", "<meta{{#no}} http-equiv=\"x\"{{/no}} "
            "content=\"{{title}}\">", 1, 0, "http-equiv");
    refuses("a.html", "<meta{{#no}} content=\"{{u8}}\"{{/no}} "
            "http-equiv=\"x\">", 1, 0, "http-equiv");
    refuses("a.html", "<meta http-equiv=\"{{title}}\">", 1, 0, "http-equiv");
    gives("a.html", "en", "<meta http-equiv=\"x\" content=\"y\"><meta "
          "name=\"a\" content=\"{{u8}}\">", "<meta http-equiv=\"x\" "
          "content=\"y\"><meta name=\"a\" content=\"255\">");

    /* of two attributes the first counts */

    refuses("a.html", "<script type=\"module\" type=\"application/ld+json\">"
            "\"{{title}}\"</script>", 1, 0, "twice");
    refuses("a.html", "<script{{#no}} type=\"module\"{{/no}} "
            "type=\"application/ld+json\">\"{{title}}\"</script>", 1, 0,
            "twice");

    /* comments that end sooner than others */

    gives("a.html", "en", "<!--><p>{{u8}}</p>", "<!--><p>255</p>");
    gives("a.html", "en", "<!---><p>{{u8}}</p>", "<!---><p>255</p>");
    gives("a.html", "en", "<!-- - --!><p>{{u8}}</p>",
          "<!-- - --!><p>255</p>");
    refuses("a.html", "<!--!>{{u8}}-->", 1, 7, "comment");
    refuses("a.html", "<!--a--!b>{{u8}}-->", 1, 11, "comment");
    refuses("a.html", "<!--a-->b<!---->{{#no}}<!---{{/no}}", 1, 0, "same");

    /* a drawing can set any attribute after a while */

    refuses("a.html", "<svg><a><animate attributeName=\"href\" "
            "to=\"{{title}}\"/></a></svg>", 1, 0, "SVG");
    refuses("a.html", "<svg><set values=\"a;{{u8}}\"/></svg>", 1, 0, "SVG");

    /* schemes as a browser reads them */

    refuses("a.html", "<a href=\" java\tscript:f()\">", 1, 0, "scheme");
    refuses("a.html", "<a href=\"&#106;avascript:f()\">", 1, 10, "&");
    refuses("a.html", "<a href=\"javascript&colon;f()\">", 1, 20, "&");
    gives("a.html", "en", "<a href=\"/x&amp;y:z\"><a href=\"?a&amp;b\">"
          "<a href=\"mailto:a&amp;b\">", "<a href=\"/x&amp;y:z\">"
          "<a href=\"?a&amp;b\"><a href=\"mailto:a&amp;b\">");

    /* nobody's data say which site a link leads to */

    refuses("a.html", "<a href=\"//{{title}}/x\">", 1, 12, "host");
    refuses("a.html", "<a href=\"https://{{title}}\">", 1, 18, "host");
    refuses("a.html", "<a href=\"https:\\\\www.{{u8}}.example/\">", 1, 0,
            "host");
    refuses("a.html", "<a href=\"https://{{#yes}}a.example/{{/yes}}{{title}}"
            "\">", 1, 0, "host");
    gives("a.html", "en", "<a href=\"https://a.example/{{u8}}\">"
          "<a href=\"//a.example?q={{u8}}\"><a href=\"tel:{{u8}}\">"
          "<a href=\"/{{u8}}//{{u8}}\">",
          "<a href=\"https://a.example/255\"><a href=\"//a.example?q=255\">"
          "<a href=\"tel:255\"><a href=\"/255//255\">");

    /* in a drawing a title may have elements, in a page it has none */

    refuses("a.html", "<svg><title><script>{{u8}}</script></title></svg>", 1,
            14, "&lt;");
    refuses("a.html", "<textarea></p>{{u8}}</textarea>", 1, 0, "&lt;");
    gives("a.html", "en", "<title>a &lt; {{u8}}</title>",
          "<title>a &lt; 255</title>");
}


static void
sections_leave_the_place(void **state)
{
    refuses("a.html", "{{#yes}}<a{{/yes}} b>", 1, 1, "same place");
    refuses("a.html", "<p a=\"{{#yes}}\"{{/yes}}>", 1, 7, "same place");
    refuses("a.html", "{{#yes}}<!--{{/yes}}", 1, 1, "same place");
    refuses("a.html", "{{#yes}}<script>{{/yes}}", 1, 1, "same place");
    refuses("a.json", "{{#yes}}\"{{/yes}}", 1, 1, "same place");
    refuses("a.html", "<a b={{#yes}}c{{/yes}}>", 1, 6, "may not begin");
    refuses("a.html", "<a href=\"{{#items}}{{url}}{{/items}}\">", 1, 0,
            "same place");
    refuses("a.html", "<a{{#yes}}b{{/yes}}>", 1, 11, "blank");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(places_decide_the_escape),
        cmocka_unit_test(tables_and_labels_are_escaped),
        cmocka_unit_test(unsafe_places_are_refused),
        cmocka_unit_test(browsers_read_it_otherwise),
        cmocka_unit_test(sections_leave_the_place)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
