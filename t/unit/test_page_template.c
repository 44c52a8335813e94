
/* Templates against views: names, texts, files, buffers. */

#include "page_template_kit.h"


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
a_template_may_speak_for_itself(void **state)
{
    gives("a.html", "tr", "<p{{#lang.tr}} class=\"t\"{{/lang.tr}}>{{#lang.tr}}"
          "Selam {{u8}}{{/lang.tr}}{{#lang.en}}Hi {{u8}}{{/lang.en}}{{^lang.tr}}"
          "!{{/lang.tr}}</p>", "<p class=\"t\">Selam 255</p>");
    gives("a.html", "en", "<p{{#lang.tr}} class=\"t\"{{/lang.tr}}>{{#lang.tr}}"
          "Selam {{u8}}{{/lang.tr}}{{#lang.en}}Hi {{u8}}{{/lang.en}}{{^lang.tr}}"
          "!{{/lang.tr}}</p>", "<p>Hi 255!</p>");

    /* nothing of it is left to be asked when the page is made */

    refuses("a.html", "{{#lang.en}}{{nothing}}{{/lang.en}}", 1, 13,
            "no field \"nothing\"");
    refuses("a.html", "{{#lang.en}}<b {{/lang.en}}", 1, 13, "ends inside");
    refuses("a.html", "{{lang.en}}", 1, 1, "no field \"lang\"");
}


static void
what_is_meant_is_guessed(void **state)
{
    refuses("a.html", "{{titel}}", 1, 1, "; is \"title\" meant?");
    refuses("a.html", "{{#items}}{{lable}}{{/items}}", 1, 0,
            "; is \"label\" meant?");
    refuses("a.html", "{{deep.nmae}}", 1, 1, "; is \"name\" meant?");
    refuses("a.html", "{{name}}", 1, 1, "; is \"deep.name\" meant?");
    refuses("a.html", "{{t.whoo}}", 1, 1, "; is \"t.who\" meant?");
    refuses("a.html", "{{#yes}}a{{else}}b{{/yes}}", 1, 10, "{{^name}}");
    refuses("a.html", "{{#if yes}}a{{/if}}", 1, 1, "{{#name}}");
    refuses("a.html", "{{#yes}}", 1, 1, "{{/yes}} is missing");
    refuses("a.html", "{{=<% %>=}}<%yes }}", 1, 12, "no \"%>\" behind it");

    /* what is like nothing gets no guess */

    refuses("a.html", "{{wholly_other}}", 1, 1, "(looked in: view)");
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


/* What stands where a template should, and what is in it, before it is read. */
static void
files_are_files(void **state)
{
    char              path[160];
    cxr_diag_t        d;
    cxr_template_t   *tpl;
    cxr_templates_t  *set;

    static const struct {
        const char  *what;
        const char  *says;
    } cases[] = {
        { "a pipe", "plain file" },
        { "a directory", "plain file" },
        { "a link to nothing", "leads nowhere" },
        { "a link to itself", "symbolic links" }
    };
    unsigned  i;

    snprintf(path, sizeof(path), "%s/shop/odd.html", base);
    put("odd.html", "ours");

    for (i = 0; i < cxr_nelts(cases); i++) {
        assert_int_equal(i == 0 ? mkfifo(path, 0600)
                         : i == 1 ? mkdir(path, 0700)
                         : symlink(i == 2 ? "/nothing/there" : "odd.html",
                                   path), 0);
        set = open_set();
        memset(&d, 0, sizeof(d));
        assert_int_not_equal(cxr_template_compile(set, "odd.html", NULL,
                                                  &view_type, &tpl, &d),
                             CXR_OK);

        if (strstr(d.text, cases[i].says) == NULL
            || strcmp(d.file, path) != 0)
        {
            fail_msg("%s: %s: %s", cases[i].what, d.file, d.text);
        }

        cxr_templates_close(set);
        assert_int_equal(remove(path), 0);
    }

    /* a link that leads somewhere is a file as any other */

    put("shop/real.html", "{{u8}}");
    assert_int_equal(symlink("real.html", path), 0);
    set = open_set();
    assert_int_equal(cxr_template_compile(set, "odd.html", NULL, &view_type,
                                          &tpl, &d), CXR_OK);
    cxr_template_free(tpl);
    cxr_templates_close(set);
    assert_int_equal(remove(path), 0);

    refuses("a.html", "\xef\xbb\xbf<p>", 1, 1, "byte order mark");
    refuses("a.html", "<p>\n\n caf\xe9</p>", 3, 5, "not UTF-8");
    refuses("a.html", "\xed\xa0\x80", 1, 1, "not UTF-8");

    refuses_bytes("a.html", "<p>\nx\0y", 7, 2, 2, "zero byte");
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


static void
collect_fault(void *ctx, const cxr_diag_t *d)
{
    char  *all = ctx;

    strcat(all, strrchr(d->file, '/') + 1);
    strcat(all, " ");
}


/* What an operator has put where nobody reads it. */
static void
what_nobody_reads_is_told(void **state)
{
    char              path[160], all[512] = "";
    unsigned          i;
    cxr_templates_t  *set;

    static const char *const  dirs[] = {
        "own", "own/templates", "own/templates/sub", "own/css", "own/template"
    };
    static const char *const  files[] = {
        "own/templates/sub/x.html", "own/templates/track.html~",
        "own/templates/.keep", "own/css/cx.css", "own/css/style.css",
        "own/template/foot.html", "own/tr.po", "own/logo.svg", "own/NOTES"
    };

    for (i = 0; i < cxr_nelts(dirs); i++) {
        snprintf(path, sizeof(path), "%s/%s", base, dirs[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }

    for (i = 0; i < cxr_nelts(files); i++) {
        put(files[i], "x");
    }

    snprintf(path, sizeof(path), "%s/own", base);
    assert_int_equal(cxr_shop_folder_unused(path, collect_fault, all), 3);
    assert_string_equal(all, "foot.html tr.po style.css ");

    all[0] = '\0';
    snprintf(path, sizeof(path), "%s/own/templates", base);
    assert_int_equal(cxr_templates_open((const char *[]) { base, path }, 2,
                                        &set, NULL), CXR_OK);
    assert_int_equal(cxr_templates_unused(set, collect_fault, all), 2);
    assert_string_equal(all, "x.html track.html~ ");
    cxr_templates_close(set);
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
        { "empty.html", &view_type },
        { "also.html", &view_type },
        { "too.html", &view_type },
        { NULL, NULL }
    };

    put("good.html", "{{t.hi}}");
    put("wrong.html", "{{nothing}}");
    put("empty.html", "{{! nothing yet }}\n");
    put("also.html", "a {{> part}}");
    put("too.html", "b {{> part}}");
    put("part.html", "\n{{yess}}");
    set = open_set();
    assert_int_equal(cxr_template_check(set, cat, uses, count_fault, &n), 4);
    assert_int_equal(n, 4);
    cxr_templates_close(set);
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
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(a_template_may_speak_for_itself),
        cmocka_unit_test(what_is_meant_is_guessed),
        cmocka_unit_test(malformed_templates_are_refused),
        cmocka_unit_test(files_are_files),
        cmocka_unit_test(files_take_each_others_place),
        cmocka_unit_test(what_nobody_reads_is_told),
        cmocka_unit_test(all_are_checked_at_once)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
