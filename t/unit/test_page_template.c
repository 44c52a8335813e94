
/* Templates against views, and Mustache's own rules over JSON. */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cxr_template.h"


typedef struct {
    cxr_str_t   label;
    cxr_str_t   url;
    uint16_t    count;
} item_t;

typedef struct deep_s  deep_t;

struct deep_s {
    cxr_str_t   name;
    deep_t     *next;
    uint32_t    n;
};

typedef struct {
    cxr_str_t              title;
    cxr_str_t              link;
    cxr_str_t              svg;
    cxr_str_t              empty;
    bool                   yes;
    bool                   no;
    uint8_t                u8;
    uint32_t               u32;
    int64_t                i64;
    uint64_t               u64;
    cxr_time_t             at;
    cxr_money_t            sum;
    uint8_t                state;
    cxr_strs_t             tags;
    CXR_LIST_OF(item_t)    items;
    deep_t                *deep;
    deep_t                *none;
} view_t;

static const cxr_field_t  item_fields[] = {
    CXR_FIELD(item_t, label, STR),
    CXR_FIELD_X(item_t, url, STR, CXR_FIELD_URL),
    CXR_FIELD(item_t, count, U16),
    CXR_FIELD_END
};

static const cxr_type_t  item_type = {
    "item", 0, 1, sizeof(item_t), item_fields
};

extern const cxr_type_t  deep_type;

static const cxr_field_t  deep_fields[] = {
    CXR_FIELD(deep_t, name, STR),
    CXR_FIELD_SUB(deep_t, next, REC, &deep_type),
    CXR_FIELD(deep_t, n, U32),
    CXR_FIELD_END
};

const cxr_type_t  deep_type = { "deep", 0, 1, sizeof(deep_t), deep_fields };

static const char *const  states[] = { "new", "a<b", NULL };

static const cxr_field_t  view_fields[] = {
    CXR_FIELD(view_t, title, STR),
    CXR_FIELD_X(view_t, link, STR, CXR_FIELD_URL),
    CXR_FIELD_X(view_t, svg, STR, CXR_FIELD_RAW),
    CXR_FIELD(view_t, empty, STR),
    CXR_FIELD(view_t, yes, BOOL),
    CXR_FIELD(view_t, no, BOOL),
    CXR_FIELD(view_t, u8, U8),
    CXR_FIELD(view_t, u32, U32),
    CXR_FIELD(view_t, i64, I64),
    CXR_FIELD(view_t, u64, U64),
    CXR_FIELD(view_t, at, TIME),
    CXR_FIELD(view_t, sum, MONEY),
    CXR_FIELD_ENUM(view_t, state, states),
    CXR_FIELD(view_t, tags, STRS),
    CXR_FIELD_SUB(view_t, items, LIST, &item_type),
    CXR_FIELD_SUB(view_t, deep, REC, &deep_type),
    CXR_FIELD_SUB(view_t, none, REC, &deep_type),
    CXR_FIELD_END
};

static const cxr_type_t  view_type = {
    "view", 0, 1, sizeof(view_t), view_fields
};


static char            base[64];
static cxr_catalog_t  *cat;
static view_t          view;


static void
put(const char *name, const char *text)
{
    char   path[160];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", base, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}


static void
make_view(void)
{
    static cxr_str_t  tags[] = { cxr_str_init("x"), cxr_str_init("y&z") };
    static item_t     items[] = {
        { cxr_str_init("one"), cxr_str_init("/1?a=b&c"), 1 },
        { cxr_str_init("<two>"), cxr_str_init("/2"), 2000 }
    };
    static deep_t     second = { cxr_str_init("second"), NULL, 2 };
    static deep_t     first = { cxr_str_init("first"), &second, 1 };

    memset(&view, 0, sizeof(view));
    view.title = cxr_str("T & <i>\"'");
    view.link = cxr_str("https://a.example/x?y=1&z=2");
    view.svg = cxr_str("<svg/>");
    view.yes = true;
    view.u8 = 255;
    view.u32 = 1234567;
    view.i64 = INT64_MIN;
    view.u64 = UINT64_MAX;
    view.at = 5;
    view.state = 1;
    view.tags.items = tags;
    view.tags.n = 2;
    view.items.items = items;
    view.items.n = 2;
    view.deep = &first;
}


static int
setup(void **state)
{
    char        path[100];
    cxr_diag_t  d;

    snprintf(base, sizeof(base), "/tmp/cxr-tpl-XXXXXX");
    if (mkdtemp(base) == NULL) {
        return 1;
    }

    snprintf(path, sizeof(path), "%s/po", base);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/shop", base);
    mkdir(path, 0700);

    put("po/en.po",
        "msgid \"hi\"\nmsgstr \"Hello <you> & \\\"me\\\"\"\n"
        "msgid \"who\"\nmsgstr \"By {title}, {deep.name}\"\n"
        "msgid \"many\"\n"
        "msgstr \"{u32, plural, =0{none} one{# item} other{# items}} of "
        "{u8}\"\n"
        "msgid \"each\"\nmsgstr \"{count, plural, one{a piece} other{# "
        "pieces of {label}}}\"\n"
        "msgid \"bad\"\nmsgstr \"{nothing}\"\n"
        "msgid \"badplural\"\nmsgstr \"{title, plural, other{x}}\"\n");
    put("po/tr.po",
        "msgid \"hi\"\nmsgstr \"Merhaba\"\n"
        "msgid \"who\"\nmsgstr \"{deep.name}, {title}\"\n"
        "msgid \"many\"\nmsgstr \"{u8} i\xc3\xa7inde {u32, plural, "
        "other{# adet}}\"\n"
        "msgid \"each\"\nmsgstr \"{count, plural, other{# adet {label}}}\"\n"
        "msgid \"bad\"\nmsgstr \"{nothing}\"\n"
        "msgid \"badplural\"\nmsgstr \"{title, plural, other{x}}\"\n");

    put("po/he.po",
        "msgid \"hi\"\nmsgstr \"\xd7\xa9\"\n"
        "msgid \"who\"\nmsgstr \"\xd7\xa9 {title}, {deep.name}\"\n"
        "msgid \"many\"\n"
        "msgstr \"{u8} \xd7\xa9 {u32, plural, other{#}}\"\n"
        "msgid \"each\"\nmsgstr \"{count, plural, other{# {label}}}\"\n"
        "msgid \"bad\"\nmsgstr \"{nothing}\"\n"
        "msgid \"badplural\"\nmsgstr \"{title, plural, other{x}}\"\n");

    snprintf(path, sizeof(path), "%s/po", base);
    memset(&d, 0, sizeof(d));
    if (cxr_catalog_load(path, &cat, &d) != CXR_OK) {
        print_error("%s\n", d.text);
        return 1;
    }

    make_view();

    return 0;
}


static int
teardown(void **state)
{
    char  command[128];

    cxr_catalog_free(cat);
    snprintf(command, sizeof(command), "rm -rf %s", base);

    return system(command);
}


static cxr_templates_t *
open_set(void)
{
    char              shop[100];
    cxr_diag_t        d;
    const char       *dirs[2];
    cxr_templates_t  *set;

    snprintf(shop, sizeof(shop), "%s/shop", base);
    dirs[0] = base;
    dirs[1] = shop;
    assert_int_equal(cxr_templates_open(dirs, 2, &set, &d), CXR_OK);

    return set;
}


/* ---- what does not change, folded in ---- */

typedef struct {
    const view_t  *in;
} outer_t;


/*
 * The text in a section of a view that is known, of whose fields every one,
 * none and every other one does not change: the page is the same each time.
 */
static void
folds(const char *name, const char *code, const char *text)
{
    size_t            i, k;
    outer_t           outer = { &view };
    cxr_buf_t         b, same;
    cxr_diag_t        d;
    char              whole[8192];
    cxr_type_t        in = view_type, out;
    cxr_field_t       fields[cxr_nelts(view_fields)];
    cxr_template_t   *tpl, *folded;
    cxr_templates_t  *set;

    static const uint32_t  fixed[] = {
        0, UINT32_MAX, 0x55555555, 0xaaaaaaaa, 0x33333333, 0xcccccccc
    };

    const cxr_field_t  outer_fields[] = {
        CXR_FIELD_SUB(outer_t, in, REC, &in),
        CXR_FIELD_END
    };

    out = (cxr_type_t) { "outer", 0, 1, sizeof(outer_t), outer_fields };
    in.fields = fields;

    snprintf(whole, sizeof(whole), "{{#in}}%s{{/in}}", text);
    put(name, whole);
    cxr_buf_init(&b, 1 << 20);
    cxr_buf_init(&same, 1 << 20);

    for (i = 0; i < cxr_nelts(fixed); i++) {
        memcpy(fields, view_fields, sizeof(view_fields));

        for (k = 0; k < cxr_nelts(fields); k++) {
            fields[k].flags |= fixed[i] & (1u << k) ? CXR_FIELD_FIXED : 0;
        }

        set = open_set();
        memset(&d, 0, sizeof(d));

        if (cxr_template_compile(set, name,
                                 cxr_catalog_lang(cat, cxr_strz(code)), &out,
                                 &tpl, &d) != CXR_OK)
        {
            fail_msg("%s:%u: %s", d.file, d.line, d.text);
        }

        cxr_templates_close(set);
        cxr_buf_reset(&b);
        cxr_buf_reset(&same);

        assert_int_equal(cxr_template_fold(tpl, &out, &in, &view, &folded),
                         CXR_OK);
        assert_int_equal(cxr_template_render(tpl, &outer, &b), CXR_OK);
        assert_int_equal(cxr_template_render(folded, &outer, &same), CXR_OK);

        if (!cxr_str_eq(cxr_buf_str(&b), cxr_buf_str(&same))) {
            fail_msg("\"%s\" with %x fixed\ngave \"%.*s\"\nnot  \"%.*s\"",
                     whole, fixed[i], (int) same.len, same.data, (int) b.len,
                     b.data);
        }

        if (fixed[i] == UINT32_MAX && cxr_template_nsegments(folded) > 1)
        {
            fail_msg("\"%s\" has %zu parts", whole,
                     cxr_template_nsegments(folded));
        }

        cxr_template_free(folded);
        cxr_template_free(tpl);
    }

    cxr_buf_free(&same);
    cxr_buf_free(&b);
}


/* Compiles the text as a file and renders it in a language. */
static void
gives(const char *name, const char *code, const char *text, const char *want)
{
    cxr_rc_t          rc;
    cxr_buf_t         b;
    cxr_diag_t        d;
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    put(name, text);
    set = open_set();

    memset(&d, 0, sizeof(d));
    rc = cxr_template_compile(set, name, cxr_catalog_lang(cat, cxr_strz(code)),
                              &view_type, &tpl, &d);
    cxr_templates_close(set);

    if (rc != CXR_OK) {
        fail_msg("%s:%u: %s", d.file, d.line, d.text);
    }

    cxr_buf_init(&b, 1 << 20);
    assert_int_equal(cxr_template_render(tpl, &view, &b), CXR_OK);

    if (!cxr_str_is(cxr_buf_str(&b), want)) {
        fail_msg("\"%s\"\ngave \"%.*s\"\nnot  \"%s\"", text, (int) b.len,
                 b.data, want);
    }

    cxr_buf_free(&b);
    cxr_template_free(tpl);

    folds(name, code, text);
}


static void
refuses(const char *name, const char *text, unsigned line, unsigned column,
    const char *says)
{
    cxr_rc_t          rc;
    cxr_diag_t        d;
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    put(name, text);
    set = open_set();

    memset(&d, 0, sizeof(d));
    rc = cxr_template_compile(set, name, cxr_catalog_lang(cat, cxr_str("en")),
                              &view_type, &tpl, &d);
    cxr_templates_close(set);

    if (rc == CXR_OK) {
        cxr_template_free(tpl);
        fail_msg("\"%s\" was compiled", text);
    }

    assert_null(tpl);

    if (strstr(d.text, says) == NULL || d.line != line
        || (column != 0 && d.column != column))
    {
        fail_msg("\"%s\": %u:%u \"%s\"", text, d.line, d.column, d.text);
    }

    assert_non_null(strstr(d.file, name));
}


static void
values_are_written(void **state)
{
    gives("a.html", "en", "{{title}}|{{yes}}|{{no}}|{{u8}}|{{u32}}|{{i64}}|"
          "{{u64}}|{{state}}|{{empty}}|",
          "T &amp; &lt;i&gt;&quot;&#39;|true|false|255|1234567|"
          "-9223372036854775808|18446744073709551615|a&lt;b||");
    gives("a.html", "en", "{{deep.name}} {{deep.next.name}} {{deep.next.n}} "
          "[{{none.name}}{{none.n}}{{deep.next.next.name}}]",
          "first second 2 []");
    gives("a.html", "en", "{{{svg}}}{{&svg}}{{svg}}",
          "<svg/><svg/>&lt;svg/&gt;");
    gives("a.txt", "en", "{{title}} {{{title}}}", "T & <i>\"' T & <i>\"'");
}


static void
sections_are_bound(void **state)
{
    gives("a.html", "en", "{{#items}}[{{label}}:{{count}}:{{u8}}"
          "{{#count}}={{.}}{{/count}}]{{/items}}{{^items}}none{{/items}}",
          "[one:1:255=1][&lt;two&gt;:2000:255=2000]");
    gives("a.html", "en", "{{#tags}}({{.}}){{/tags}}", "(x)(y&amp;z)");
    gives("a.html", "en", "{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}N{{/no}}"
          "{{#title}}t{{/title}}{{#empty}}e{{/empty}}{{^empty}}E{{/empty}}"
          "{{#u8}}8{{/u8}}{{#sum}}s{{/sum}}{{^sum}}S{{/sum}}{{#at}}a{{/at}}",
          "yNtE8Sa");
    gives("a.html", "en", "{{#deep}}{{name}}{{#next}}>{{name}}{{#next}}no"
          "{{/next}}{{^next}}.{{/next}}{{/next}}{{/deep}}{{#none}}no{{/none}}"
          "{{^none}}-{{/none}}", "first>second.-");
}


static void
dotted_sections_are_bound(void **state)
{
    gives("a.html", "en", "{{#deep.next}}{{name}}{{/deep.next}}"
          "{{#deep.next.n}}{{.}}{{/deep.next.n}}"
          "{{#none.next}}no{{/none.next}}{{^none.next}}A{{/none.next}}"
          "{{#none.n}}no{{/none.n}}{{^none.n}}B{{/none.n}}"
          "{{^deep.n}}no{{/deep.n}}", "second2AB");
}


static void
loops_stand_in_loops(void **state)
{
    gives("a.html", "en", "{{#items}}{{label}}{{#tags}}-{{.}}{{#items}}+"
          "{{count}}{{/items}}{{/tags}};{{/items}}",
          "one-x+1+2000-y&amp;z+1+2000;&lt;two&gt;-x+1+2000-y&amp;z+1+2000;");
}


static void
texts_are_folded_in(void **state)
{
    gives("a.html", "en", "<p title=\"{{t.hi}}\">{{t.hi}}</p>",
          "<p title=\"Hello &lt;you&gt; &amp; &quot;me&quot;\">"
          "Hello &lt;you&gt; &amp; &quot;me&quot;</p>");
    gives("a.html", "en", "{{t.who}}",
          "By T &amp; &lt;i&gt;&quot;&#39;, first");
    gives("a.html", "tr", "{{t.who}}", "first, T &amp; &lt;i&gt;&quot;&#39;");
    gives("a.html", "en", "{{t.many}}!", "1,234,567 items of 255!");
    gives("a.html", "tr", "{{t.many}}!",
          "255 i\xc3\xa7inde 1.234.567 adet!");
    gives("a.html", "en", "{{#items}}{{t.each}};{{/items}}",
          "a piece;2,000 pieces of &lt;two&gt;;");
    gives("a.txt", "en", "{{t.hi}}", "Hello <you> & \"me\"");
    gives("a.json", "en", "{\"a\":\"{{t.hi}}\"}",
          "{\"a\":\"Hello \\u003cyou\\u003e \\u0026 \\\"me\\\"\"}");

    view.u32 = 0;
    gives("a.html", "en", "{{t.many}}", "none of 255");
    view.u32 = 1;
    gives("a.html", "en", "{{t.many}}", "1 item of 255");
    view.u32 = 1234567;
}


/* U+2068, U+2069, and what has no place beside its text */
#define FSI  "\xe2\x81\xa8"
#define PDI  "\xe2\x81\xa9"

static void
values_keep_their_direction(void **state)
{
    gives("a.html", "he", "<p>{{title}}</p>",
          "<p><bdi>T &amp; &lt;i&gt;&quot;&#39;</bdi></p>");
    gives("a.html", "en", "<p>{{title}}</p>",
          "<p>T &amp; &lt;i&gt;&quot;&#39;</p>");
    gives("a.html", "he", "{{deep.next.name}}{{none.name}}.",
          "<bdi>second</bdi>.");
    gives("a.html", "he", "{{#items}}<b>{{label}}</b>{{/items}}",
          "<b><bdi>one</bdi></b><b><bdi>&lt;two&gt;</bdi></b>");
    gives("a.html", "he", "{{state}} {{#tags}}{{.}}{{/tags}}",
          "<bdi>a&lt;b</bdi> <bdi>x</bdi><bdi>y&amp;z</bdi>");

    /* a number goes with the text; markup knows its own way */

    gives("a.html", "he", "{{u8}} {{{svg}}} {{t.hi}}", "255 <svg/> \xd7\xa9");

    /* an element that has a direction minds its text, and nobody else's */

    gives("a.html", "he", "<p dir=\"auto\">{{deep.name}}</p>{{deep.name}}",
          "<p dir=\"auto\">first</p><bdi>first</bdi>");

    /* where no element may stand */

    gives("a.html", "he", "<option>{{deep.name}}</option>{{deep.name}}",
          "<option>" FSI "first" PDI "</option><bdi>first</bdi>");
    gives("a.html", "he", "<svg><text>{{deep.name}}</text></svg>",
          "<svg><text>" FSI "first" PDI "</text></svg>");

    /* what is sent back as it stands there, and what is no text */

    gives("a.html", "he", "<textarea>{{deep.name}}</textarea>",
          "<textarea>first</textarea>");
    gives("a.html", "he", "<input value=\"{{deep.name}}\">"
          "<a href=\"{{link}}\">x</a>",
          "<input value=\"first\"><a href=\"https://a.example/x?y=1&amp;z=2\""
          ">x</a>");
    gives("a.html", "he", "<script type=\"application/ld+json\">"
          "{\"a\":\"{{deep.name}}\"}</script>",
          "<script type=\"application/ld+json\">{\"a\":\"first\"}</script>");

    /* parts of a text, wherever it stands */

    gives("a.html", "he", "<p title=\"{{t.who}}\">{{t.who}}</p>",
          "<p title=\"\xd7\xa9 " FSI "T &amp; &lt;i&gt;&quot;&#39;" PDI ", "
          FSI "first" PDI "\">\xd7\xa9 " FSI "T &amp; &lt;i&gt;&quot;&#39;" PDI
          ", " FSI "first" PDI "</p>");
    gives("a.html", "he", "{{t.many}}", "255 \xd7\xa9 1,234,567");
    gives("x.txt", "he", "{{deep.name}}", "first");
}


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
    refuses("a.csv", "\"{{title}}", 0, 0, "ends inside");
    refuses("a.csv", "\"{{{svg}}}\"", 1, 2, "raw");
    refuses("a.zpl", "^XA^FD{{title}}^FS", 1, 7, "^FH");
    refuses("a.zpl", "^XA^FH\\^FD{{title}}^FS", 1, 11, "^FH");
    refuses("a.zpl", "^XA^FO{{title}}^FS", 1, 7, "only a number");
    refuses("a.zpl", "^FH^FDa^FS^FD{{title}}^FS", 1, 14, "^FH");
    refuses("a.zpl", "^FH^FD{{title}}", 0, 0, "ends inside");
    refuses("a.zpl", "^F{{u8}}", 1, 3, "name");
}


static void
unsafe_places_are_refused(void **state)
{
    refuses("a.html", "<a href=\"{{title}}\">", 1, 10, "CXR_FIELD_URL");
    refuses("a.html", "<a href=\"{{t.hi}}\">", 1, 10, "CXR_FIELD_URL");
    refuses("a.html", "<a href=\"/x/{{link}}\">", 1, 0, "whole URL");
    refuses("a.html", "<a href=\" \n{{title}}\">", 2, 1, "CXR_FIELD_URL");
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
    refuses("a.json", "\"x", 0, 0, "ends inside");
    refuses("a.html", "{{{title}}}", 1, 1, "CXR_FIELD_RAW");
    refuses("a.html", "{{&title}}", 1, 1, "CXR_FIELD_RAW");
    refuses("a.html", "<p class=\"{{{svg}}}\">", 1, 0, "HTML text");
    refuses("a.html", "{{{t.hi}}}", 1, 1, "raw");
    refuses("a.html", "a < b", 1, 4, "&lt;");
    refuses("a.html", "<p", 0, 0, "ends inside");
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


static void
unknown_names_are_refused(void **state)
{
    refuses("a.html", "\n\n  {{titel}}", 3, 3, "no field \"titel\"");
    refuses("a.html", "{{#items}}{{none.labl}}{{/items}}", 1, 11,
            "no field \"labl\" in deep");
    refuses("a.html", "{{#items}}{{x}}{{/items}}", 1, 0, "item, view");
    refuses("a.html", "{{title.x}}", 1, 1, "no fields of its own");
    refuses("a.html", "{{t.nope}}", 1, 1, "no text \"nope\"");
    refuses("a.html", "\n{{t.bad}}", 2, 1, "no field \"nothing\"");
    refuses("a.html", "{{t.badplural}}", 1, 1, "not a number");
    refuses("a.html", "{{at}}", 1, 1, "instant");
    refuses("a.html", "{{sum}}", 1, 1, "amount");
    refuses("a.html", "{{items}}", 1, 1, "list");
    refuses("a.html", "{{.}}", 1, 1, "not a value");
    refuses("a.html", "{{#state}}x{{/state}}", 1, 1, "BOOL");
    refuses("a.css", "p{}", 0, 0, ".html");
}


static void
malformed_templates_are_refused(void **state)
{
    size_t  i;
    char    deep[1024];

    refuses("a.html", "x\n{{#yes}}", 2, 1, "not closed");
    refuses("a.html", "{{/yes}}", 1, 1, "not opened");
    refuses("a.html", "{{#yes}}\n{{/no}}", 2, 1, "of line 1");
    refuses("a.html", "{{yes", 1, 1, "not closed");
    refuses("a.html", "{{}}", 1, 1, "no name");
    refuses("a.html", "{{a b}}", 1, 1, "blanks");
    refuses("a.html", "{{=a=}}", 1, 1, "delimiters");

    memset(deep, 'n', sizeof(deep) - 1);
    memcpy(deep, "{{", 2);
    strcpy(deep + CXR_TEMPLATE_NAME_MAX + 3, "}}");
    refuses("a.html", deep, 1, 1, "too long");

    refuses("a.html", "{{> missing}}", 1, 1, "no template \"missing.html\"");
    refuses("a.html", "{{> ../../etc/passwd}}", 1, 1, "not a template's name");
    refuses("a.html", "{{> /etc/passwd}}", 1, 1, "not a template's name");

    put("self.html", "\n{{> self}}");
    refuses("self.html", "\n{{> self}}", 2, 1, "self.html > self.html");

    for (i = 0, deep[0] = '\0'; i <= CXR_TEMPLATE_NEST_MAX; i++) {
        strcat(deep, "{{#yes}}");
    }

    refuses("a.html", deep, 1, 0, "too many sections");
}


static void
files_take_each_others_place(void **state)
{
    char              mem[256];
    cxr_buf_t         b;
    cxr_diag_t        d;
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    put("item.html", "<li>{{label}}</li>\n");
    gives("a.html", "en", "<ul>\n  {{#items}}\n  {{> item}}\n  {{/items}}\n"
          "</ul>\n",
          "<ul>\n  <li>one</li>\n  <li>&lt;two&gt;</li>\n</ul>\n");

    put("shop/item.html", "<dt>{{count}}</dt>");
    gives("a.html", "en", "{{#items}}{{> item.html}}{{/items}}",
          "<dt>1</dt><dt>2000</dt>");

    put("page.html", "<h1>{{$title}}None{{/title}}</h1>\n{{$main}}\n"
        "  <p>{{/main}}\n{{> foot}}");
    put("foot.html", "<i>{{$foot}}f{{/foot}}</i>");
    gives("a.html", "en", "{{<page}}{{$title}}{{title}}{{/title}}"
          "{{$foot}}{{u8}}{{/foot}}{{/page}}",
          "<h1>T &amp; &lt;i&gt;&quot;&#39;</h1>\n  <p>\n<i>255</i>");

    /* a fixed buffer that is just large enough, and one that is not */

    put("a.html", "<b>{{title}}</b>{{#no}}long text that is not shown{{/no}}");
    set = open_set();
    assert_int_equal(cxr_template_compile(set, "a.html", NULL, &view_type,
                                          &tpl, &d), CXR_OK);
    cxr_templates_close(set);

    cxr_buf_init_fixed(&b, mem, 35);
    assert_int_equal(cxr_template_render(tpl, &view, &b), CXR_OK);
    assert_int_equal(b.len, 35);
    cxr_buf_init_fixed(&b, mem, 34);
    assert_int_equal(cxr_template_render(tpl, &view, &b), CXR_NOMEM);

    assert_int_equal(cxr_template_static_size(tpl), 34);
    assert_int_equal(cxr_template_nsegments(tpl), 3);
    assert_true(cxr_str_is(cxr_template_segment(tpl, 0), "<b>"));
    assert_true(cxr_str_is(cxr_template_segment(tpl, 1), "</b>"));
    assert_null(cxr_template_segment(tpl, 3).data);
    cxr_template_free(tpl);
}


typedef struct {
    const cxr_template_t  *tpl;
    cxr_buf_t              out;
    unsigned               texts;
} sunk_t;


static void
sink_text(void *ctx, size_t segment)
{
    sunk_t  *s = ctx;

    s->texts++;
    cxr_buf_adds(&s->out, cxr_template_segment(s->tpl, segment));
}


static void
sink_data(void *ctx, cxr_str_t bytes)
{
    sunk_t  *s = ctx;

    assert_true(bytes.len != 0);
    cxr_buf_adds(&s->out, bytes);
}


static void
a_sink_gets_the_same(void **state)
{
    sunk_t               s;
    cxr_buf_t            b, scratch;
    cxr_diag_t           d;
    cxr_template_t      *tpl;
    cxr_templates_t     *set;
    cxr_template_sink_t  sink = { &s, sink_text, sink_data };

    put("a.html", "<p>{{title}}{{u8}}</p>{{#items}}<a href=\"{{url}}\">"
        "{{label}} {{t.each}}</a>{{/items}}{{title}}");
    set = open_set();
    assert_int_equal(cxr_template_compile(set, "a.html",
                                          cxr_catalog_at(cat, 0), &view_type,
                                          &tpl, &d), CXR_OK);
    cxr_templates_close(set);

    cxr_buf_init(&b, 1 << 16);
    cxr_buf_init(&s.out, 1 << 16);
    cxr_buf_init(&scratch, 1 << 16);
    s.tpl = tpl;
    s.texts = 0;

    assert_int_equal(cxr_template_render(tpl, &view, &b), CXR_OK);
    assert_int_equal(cxr_template_render_to(tpl, &view, &sink, &scratch),
                     CXR_OK);
    assert_true(cxr_str_eq(cxr_buf_str(&b), cxr_buf_str(&s.out)));
    assert_true(s.texts > 8);

    cxr_buf_free(&b);
    cxr_buf_free(&s.out);
    cxr_buf_free(&scratch);
    cxr_template_free(tpl);
}


static void
count_fault(void *ctx, const cxr_diag_t *d)
{
    assert_int_not_equal(d->rc, CXR_OK);
    ++*(unsigned *) ctx;
}


static void
all_are_checked_at_once(void **state)
{
    unsigned          n = 0;
    cxr_templates_t  *set;

    static const cxr_template_use_t  uses[] = {
        { "good.html", &view_type },
        { "wrong.html", &view_type },
        { "gone.html", &view_type },
        { NULL, NULL }
    };

    put("good.html", "{{t.hi}}");
    put("wrong.html", "{{nothing}}");
    set = open_set();
    assert_int_equal(cxr_template_check(set, cat, uses, count_fault, &n), 2);
    assert_int_equal(n, 2);
    cxr_templates_close(set);
}


static void
json_follows_the_specification(void **state)
{
    size_t      i;
    json_t     *data, *partials;
    cxr_rc_t    rc;
    cxr_buf_t   b;
    cxr_diag_t  d;

    static const struct {
        const char  *data;
        const char  *partials;
        const char  *text;
        const char  *want;
    } cases[] = {
        { "{'a':'<&\"\\\\u003e','n':1.50,'i':-7,'z':null}", NULL,
          "{{a}}|{{{a}}}|{{&a}}|{{n}}|{{i}}|{{z}}|{{no}}|",
          "&lt;&amp;&quot;&gt;|<&\">|<&\">|1.5|-7|||" },
        { "{'a':{'b':{'c':1}},'b':{'c':2}}", NULL,
          "{{a.b.c}}{{#a}}{{b.c}}{{/a}}{{a.x.c}}{{#a.b}}{{c}}{{/a.b}}",
          "111" },
        { "{'l':[[1,2],[3]],'e':[],'s':'x'}", NULL,
          "{{#l}}({{#.}}{{.}}{{/.}}){{/l}}{{^e}}none{{/e}}{{#s}}{{.}}{{/s}}",
          "(12)(3)nonex" },
        { "[1,2]", NULL, "{{#.}}<{{.}}>{{/.}}", "<1><2>" },
        { "{'y':true}", NULL, "a\n  {{#y}}  \n b\n\t{{/y}}\r\nc", "a\n b\nc" },
        { "{'y':true}", NULL, " {{#y}}b{{/y}} \n", " b \n" },
        { "{'y':true}", NULL, "{{#y}}{{/y}}\n", "\n" },
        { "{}", NULL, "a\n {{! x\ny }}\nb {{!c}}\n", "a\nb \n" },
        { "{'v':1}", NULL, "{{=<% %>=}}\n<%v%>{{v}}<%={{ }}=%>{{v}}",
          "1{{v}}1" },
        { "{'v':1}", NULL, "{{=| |=}}|#v||v||/v|", "1" },
        { "{'v':'p\\\\nq'}", "{'p':'x\\\\n{{{v}}}\\\\n\\\\ny\\\\n'}",
          "a\n  {{>p}}\nb", "a\n  x\n  p\nq\n\n  y\nb" },
        { "{'v':1}", "{'p':'{{v}}'}", " {{>p}} {{>none}}.", " 1 ." },
        { "{'t':{'n':1,'c':[{'n':2,'c':[]}]}}",
          "{'p':'{{n}}[{{#c}}{{>p}}{{/c}}]'}", "{{#t}}{{>p}}{{/t}}",
          "1[2[]]" },
        { "{}", "{'l':'<{{$a}}1{{/a}}{{$b}}2{{/b}}>'}",
          "{{<l}}ignored{{$b}}B{{/b}}{{/l}}{{>l}}", "<1B><12>" },
        { "{}", "{'l':'a\\\\n {{$x}}\\\\n {{/x}}\\\\nz\\\\n'}",
          "{{<l}}\n{{$x}}\n    one\n      two\n{{/x}}\n{{/l}}\n",
          "a\n one\n   two\nz\n" },
        { "{}", "{'l':'z\\\\n  {{$x}}{{/x}}\\\\n'}",
          "{{<l}}{{$x}}\none\ntwo{{/x}}\n{{/l}}\n", "z\n  one\n  two\n" },
        { "{}", "{'l':'one\\\\ntwo\\\\n'}", "a\n  {{<l}}{{/l}}\nb\n",
          "a\n  one\n  two\nb\n" },
        { "{}", "{'l':'a\\\\n{{$x}}\\\\n  default\\\\n{{/x}}\\\\n'}",
          "{{<l}}{{$x}}\none\ntwo\n{{/x}}{{/l}}\n", "a\n  one\n  two\n" },
        { "{}", "{'l':'{{$a}}l{{/a}}','m':'{{<l}}{{$a}}m{{/a}}{{/l}}'}",
          "{{<m}}{{$a}}top{{/a}}{{/m}}{{<m}}{{/m}}", "topm" },
        { "{}", "{'l':'[{{$a}}{{/a}}]'}",
          "{{<l}}{{$a}}x{{$a}}y{{/a}}{{/a}}{{/l}}", "[xy]" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        char         text[2][512];
        const char  *from[2] = { cases[i].data, cases[i].partials };
        unsigned     k;
        size_t       j;

        for (k = 0; k < 2; k++) {
            for (j = 0; from[k] && from[k][j] != '\0'; j++) {
                text[k][j] = from[k][j] == '\'' ? '"' : from[k][j];
                if (from[k][j] == '"') {
                    text[k][j] = '\'';
                }
            }

            text[k][j] = '\0';
        }

        /* double backslashes above stand for one in the JSON */

        for (k = 0; k < 2; k++) {
            char  *to = text[k], *p;

            for (p = text[k]; *p != '\0'; p++) {
                if (p[0] == '\\' && p[1] == '\\') {
                    p++;
                }

                *to++ = *p;
            }

            *to = '\0';
        }

        if (i == 0) {
            data = json_pack("{s:s,s:f,s:i,s:n}", "a", "<&\">", "n", 1.5, "i",
                             -7, "z");
        } else {
            data = json_loads(text[0], JSON_DECODE_ANY, NULL);
        }

        assert_non_null(data);
        partials = from[1] ? json_loads(text[1], 0, NULL) : NULL;
        assert_true(from[1] == NULL || partials != NULL);

        cxr_buf_init(&b, 4096);
        memset(&d, 0, sizeof(d));
        rc = cxr_template_render_json(cxr_strz(cases[i].text), data, partials,
                                      &b, &d);

        if (rc != CXR_OK || !cxr_str_is(cxr_buf_str(&b), cases[i].want)) {
            fail_msg("\"%s\" gave %d \"%.*s\" (%s)", cases[i].text, rc,
                     (int) b.len, b.data ? b.data : "", d.text);
        }

        cxr_buf_free(&b);
        json_decref(data);
        json_decref(partials);
    }
}


static void
json_has_limits(void **state)
{
    json_t     *data, *partials;
    cxr_buf_t   b;
    cxr_diag_t  d;

    data = json_pack("{s:[i,i,i,i,i,i,i,i,i,i]}", "l", 1, 2, 3, 4, 5, 6, 7, 8,
                     9, 10);
    partials = json_pack("{s:s,s:s}", "self", "{{>self}}", "wide",
                         "{{#l}}{{>wide}}{{/l}}");
    cxr_buf_init(&b, 1000);

    assert_int_equal(cxr_template_render_json(cxr_str("{{>self}}"), data,
                                              partials, &b, &d), CXR_LIMIT);
    assert_int_equal(cxr_template_render_json(cxr_str("{{>wide}}"), data,
                                              partials, &b, &d), CXR_LIMIT);
    assert_int_equal(cxr_template_render_json(
        cxr_str("{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}"
                "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}"),
        data, partials, &b, &d), CXR_LIMIT);
    assert_int_equal(cxr_template_render_json(
        cxr_str("{{#l}}{{#l}}{{#l}}xxxxxxxxxx{{/l}}{{/l}}{{/l}}"), data,
        partials, &b, &d), CXR_NOMEM);
    assert_int_equal(cxr_template_render_json(cxr_str("a\n{{x"), data,
                                              partials, &b, &d), CXR_INVALID);
    assert_int_equal(d.line, 2);

    cxr_buf_free(&b);
    json_decref(data);
    json_decref(partials);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(values_are_written),
        cmocka_unit_test(sections_are_bound),
        cmocka_unit_test(dotted_sections_are_bound),
        cmocka_unit_test(loops_stand_in_loops),
        cmocka_unit_test(texts_are_folded_in),
        cmocka_unit_test(values_keep_their_direction),
        cmocka_unit_test(places_decide_the_escape),
        cmocka_unit_test(tables_and_labels_are_escaped),
        cmocka_unit_test(unsafe_places_are_refused),
        cmocka_unit_test(sections_leave_the_place),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(malformed_templates_are_refused),
        cmocka_unit_test(files_take_each_others_place),
        cmocka_unit_test(a_sink_gets_the_same),
        cmocka_unit_test(all_are_checked_at_once),
        cmocka_unit_test(json_follows_the_specification),
        cmocka_unit_test(json_has_limits)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
