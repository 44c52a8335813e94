
/*
 * The common parts of the pages: the context, find my parcel, the error pages,
 * a shop's colours.  Runs in the project's root.
 */

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_template.h"
#include "cxr_view_track.h"

static cxr_catalog_t    *cat;
static cxr_templates_t  *set;
static cxr_arena_t      *conf;
static cxr_view_ctx_t   *ctx[2];          /* tr, en                           */
static cxr_shop_t        shop;

static cxr_str_t  langs[] = { cxr_str_init("tr"), cxr_str_init("en") };


static int
setup(void **state)
{
    size_t             i;
    cxr_diag_t         d;
    const char        *dirs[] = { "html/templates" };
    char               text[1024];

    memset(&d, 0, sizeof(d));

    shop.name = cxr_str("Kahve Gurusu");
    shop.portal = cxr_str("/returns/");
    shop.track = cxr_str("/track/");
    shop.languages.items = langs;
    shop.languages.n = 2;
    shop.support.email = cxr_str("destek@x.example\"><script>");

    conf = cxr_arena_create(8 * 1024 * 1024);

    if (conf == NULL
        || cxr_catalog_load("html/i18n", &cat, &d) != CXR_OK
        || cxr_templates_open(dirs, 1, &set, &d) != CXR_OK)
    {
        cxr_diag_print(&d, text, sizeof(text));
        print_error("%s\n", text);
        return 1;
    }

    for (i = 0; i < 2; i++) {
        if (cxr_view_ctx_make(&shop, cat, cxr_catalog_lang(cat, langs[i]),
                              cxr_str("/a.css"), cxr_str("/b.css"), conf,
                              &ctx[i], &d) != CXR_OK)
        {
            cxr_diag_print(&d, text, sizeof(text));
            print_error("%s\n", text);
            return 1;
        }
    }

    return 0;
}


static int
teardown(void **state)
{
    cxr_templates_close(set);
    cxr_catalog_free(cat);
    cxr_arena_destroy(conf);

    return 0;
}


static void
is(cxr_str_t got, const char *want)
{
    if (!cxr_str_is(got, want)) {
        fail_msg("\"%.*s\" is not \"%s\"", cxr_str_arg(got), want);
    }
}


static bool
has(const cxr_buf_t *b, const char *what)
{
    return memmem(b->data, b->len, what, strlen(what)) != NULL;
}


static void
render(const char *name, unsigned lang, const cxr_type_t *type,
    const void *view, cxr_buf_t *b)
{
    char             text[1024];
    cxr_buf_t        same;
    cxr_diag_t       d;
    cxr_template_t  *tpl, *folded;

    memset(&d, 0, sizeof(d));

    if (cxr_template_compile(set, name, ctx[lang]->lang, type, &tpl, &d)
        != CXR_OK)
    {
        cxr_diag_print(&d, text, sizeof(text));
        fail_msg("%s", text);
    }

    cxr_buf_reset(b);
    assert_int_equal(cxr_template_render(tpl, view, b), CXR_OK);

    /* with what does not change folded in it is the same page */

    assert_int_equal(cxr_template_fold(tpl, type, &cxr_view_page_type,
                                       &ctx[lang]->page, &folded), CXR_OK);
    assert_true(cxr_template_nsegments(folded) < cxr_template_nsegments(tpl));
    cxr_buf_init(&same, b->max);
    assert_int_equal(cxr_template_render(folded, view, &same), CXR_OK);
    assert_int_equal(same.len, b->len);
    assert_memory_equal(same.data, b->data, b->len);
    cxr_buf_free(&same);

    cxr_template_free(folded);
    cxr_template_free(tpl);
}


static void
test_safe_url(void **state)
{
    size_t  i;
    char    huge[CXR_VIEW_URL_MAX + 8];

    static const char *const  good[] = {
        "/a.svg", "/", "https://cdn.example/a.jpg?x=1&y='2'",
        "http://x.example/", NULL
    };
    static const char *const  bad[] = {
        "", "javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x",
        "//evil.example/", "/\\evil.example/", "https://", " /a", "/a b",
        "/a\nb", "/a\"b", "/<b>", "a.svg", "ftp://x/", "https:/x", NULL
    };

    for (i = 0; good[i] != NULL; i++) {
        is(cxr_view_safe_url(cxr_strz(good[i])), good[i]);
    }

    for (i = 0; bad[i] != NULL; i++) {
        assert_int_equal(cxr_view_safe_url(cxr_strz(bad[i])).len, 0);
    }

    memset(huge, 'a', sizeof(huge));
    huge[0] = '/';
    assert_int_equal(cxr_view_safe_url(cxr_strn(huge, CXR_VIEW_URL_MAX)).len,
                     CXR_VIEW_URL_MAX);
    assert_int_equal(cxr_view_safe_url(cxr_strn(huge,
                                                CXR_VIEW_URL_MAX + 1)).len, 0);
}


static void
test_page(void **state)
{
    cxr_view_page_t  *page;

    assert_int_equal(cxr_view_page(ctx[0], cxr_str("Başlık"),
                                   cxr_str("/returns/"), conf, &page), CXR_OK);
    is(page->title, "Başlık");
    is(page->home_url, "/");
    is(page->track_url, "/tr/track/");
    assert_int_equal(page->alternates.n, 1);
    is(page->alternates.items[0].url, "/en/returns/");

    /* what does not belong into an address is left out of it */
    is(page->mail_url, "mailto:destek@x.examplescript");

    assert_int_equal(cxr_view_page(ctx[0], cxr_str("x"), CXR_STR_NONE, conf,
                                   &page), CXR_OK);
    assert_int_equal(page->alternates.n, 0);
    assert_false(page->has_alternates);

    is(cxr_view_url(ctx[1], cxr_str("/returns/o/x"), conf),
       "/en/returns/o/x");
    is(cxr_view_url(ctx[1], cxr_str("https://a.example/"), conf),
       "https://a.example/");
    assert_int_equal(cxr_view_url(ctx[1], cxr_str("javascript:x"), conf).len,
                     0);
    assert_int_equal(cxr_view_url(ctx[1], CXR_STR_NONE, conf).len, 0);
}


static void
test_missing_text(void **state)
{
    FILE            *f;
    char             dir[] = "/tmp/cxr-view-XXXXXX", path[64];
    cxr_diag_t       d;
    cxr_catalog_t   *poor;
    cxr_view_ctx_t  *c;

    memset(&d, 0, sizeof(d));
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/tr.po", dir);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs("msgid \"track.sentence.unknown\"\nmsgstr \"x\"\n", f);
    fclose(f);

    assert_int_equal(cxr_catalog_load(dir, &poor, &d), CXR_OK);
    assert_int_equal(cxr_view_ctx_make(&shop, poor,
                                       cxr_catalog_lang(poor, langs[0]),
                                       cxr_str("/a.css"), CXR_STR_NONE, conf,
                                       &c, &d), CXR_NOTFOUND);
    assert_string_equal(d.where, "track.sentence.label_created");

    cxr_catalog_free(poor);
    remove(path);
    remove(dir);
}


static void
test_find_check(void **state)
{
    size_t               i;
    cxr_track_find_in_t  in;

    static const struct {
        const char  *order, *contact, *number;       /* NULL: no such field   */
        bool         ok;
        uint8_t      of_order, of_contact, of_number;
    } cases[] = {
        { "KG-1001", "ayse@example.com", NULL, true, 0, 0, 0 },
        { " kg 1001 ", " 34394 ", NULL, true, 0, 0, 0 },
        { "KG-1001", "ayse@", NULL, false, 0, CXR_FIND_CONTACT_INVALID, 0 },
        { "KG-1001", "", NULL, false, 0, CXR_FIND_CONTACT_MISSING, 0 },
        { "", "34394", NULL, false, CXR_FIND_ORDER_MISSING, 0, 0 },
        { "--", "34394", NULL, false, CXR_FIND_ORDER_INVALID, 0, 0 },
        { "", "", NULL, false, CXR_FIND_ORDER_MISSING,
          CXR_FIND_CONTACT_MISSING, 0 },
        { NULL, NULL, NULL, false, CXR_FIND_ORDER_MISSING,
          CXR_FIND_CONTACT_MISSING, 0 },
        { NULL, NULL, "1234 5678", true, 0, 0, 0 },
        { NULL, NULL, "  ", false, 0, 0, CXR_FIND_NUMBER_MISSING },
        { NULL, NULL, "<b>", false, 0, 0, CXR_FIND_NUMBER_INVALID },
        { "KG-1001", "34394", "<b>", true, 0, 0, 0 }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        memset(&in, 0, sizeof(in));
        in.order = cxr_strz(cases[i].order);
        in.contact = cxr_strz(cases[i].contact);
        in.number = cxr_strz(cases[i].number);

        assert_int_equal(cxr_track_find_check(&in), cases[i].ok);
        assert_int_equal(in.order_fault, cases[i].of_order);
        assert_int_equal(in.contact_fault, cases[i].of_contact);
        assert_int_equal(in.number_fault, cases[i].of_number);
    }
}


static void
test_find_page(void **state)
{
    cxr_buf_t              b;
    cxr_track_find_in_t    in;
    cxr_view_track_find_t  v;

    cxr_buf_init(&b, 65536);
    memset(&in, 0, sizeof(in));
    in.self = cxr_str("/track/");
    in.action = cxr_str("/track/lookup");

    assert_int_equal(cxr_view_track_find(ctx[0], &in, conf, &v), CXR_OK);
    assert_false(v.has_errors);
    assert_false(v.page->noindex);
    is(v.action_url, "/tr/track/lookup");
    render("track_find.html", 0, &cxr_view_track_find_type, &v, &b);
    assert_false(has(&b, "aria-invalid"));
    assert_false(has(&b, "noindex"));

    in.order = cxr_str("KG-\"1\"");
    in.contact = cxr_str("<b>@");
    assert_false(cxr_track_find_check(&in));
    assert_int_equal(cxr_view_track_find(ctx[0], &in, conf, &v), CXR_OK);
    assert_true(v.has_errors);
    render("track_find.html", 0, &cxr_view_track_find_type, &v, &b);
    assert_true(has(&b, "value=\"KG-&quot;1&quot;\""));
    assert_true(has(&b, "value=\"&lt;b&gt;@\""));
    assert_true(has(&b, "<a href=\"#contact\">Tam bir e-posta"));
    assert_true(has(&b, "aria-describedby=\"contact-hint contact-error\" "
                        "aria-invalid=\"true\""));
    assert_false(has(&b, "order-error"));

    memset(&in, 0, sizeof(in));
    in.self = cxr_str("/track/");
    in.action = cxr_str("/track/lookup");
    in.form_fault = CXR_FIND_NUMBER_NOT_FOUND;
    in.number = cxr_str("12345");
    assert_int_equal(cxr_view_track_find(ctx[1], &in, conf, &v), CXR_OK);
    render("track_find.html", 1, &cxr_view_track_find_type, &v, &b);
    assert_true(has(&b, "<a href=\"#number\">We couldn’t find a parcel"));
    assert_true(has(&b, "value=\"12345\""));

    cxr_buf_free(&b);
}


static void
test_errors(void **state)
{
    unsigned               lang, e;
    cxr_buf_t              b;
    cxr_view_error_t  v;

    cxr_buf_init(&b, 65536);

    for (lang = 0; lang < 2; lang++) {
        for (e = 0; e < CXR_PAGE_ERRORS; e++) {
            assert_int_equal(cxr_view_error(ctx[lang], (cxr_page_error_t) e,
                                            cxr_str("/track/t/x"),
                                            CXR_STR_NONE, cxr_str("a1<b>"),
                                            conf, &v), CXR_OK);
            assert_true(v.heading.len > 5 && v.advice.len > 5);
            assert_true(v.action.len > 3 && v.action_url.len > 3);
            assert_true(v.page->noindex);
            assert_int_equal(v.status,
                             cxr_page_error_status((cxr_page_error_t) e));

            /* of photos there is one that only a form's handler knows */

            assert_int_equal(cxr_page_error_of(v.status),
                             e == CXR_PAGE_LARGE_PHOTOS ? CXR_PAGE_TOO_LARGE
                                                        : e);

            render("error.html", lang, &cxr_view_error_type, &v, &b);
            assert_true(b.len < 2500);
            assert_false(has(&b, "<b>"));
            assert_int_equal(has(&b, "a1&lt;b&gt;"), v.offer_help);
        }
    }

    assert_int_equal(cxr_view_error(ctx[1], CXR_PAGE_EXPIRED, CXR_STR_NONE,
                                    CXR_STR_NONE, CXR_STR_NONE, conf, &v),
                     CXR_OK);
    is(v.heading, "This link has expired");
    is(v.action_url, "/en/returns/");

    assert_int_equal(cxr_view_error(ctx[1], CXR_PAGE_EXPIRED, CXR_STR_NONE,
                                    cxr_str("/track/"), CXR_STR_NONE, conf,
                                    &v), CXR_OK);
    is(v.action_url, "/en/track/");

    /* who was on the way of a return looks for her order */

    assert_int_equal(cxr_view_error(ctx[1], CXR_PAGE_NOT_FOUND,
                                    cxr_str("/returns/r/v4.x"), CXR_STR_NONE,
                                    CXR_STR_NONE, conf, &v), CXR_OK);
    is(v.action_url, "/en/returns/");
    is(v.action, "Find my order");
    assert_int_equal(cxr_view_error(ctx[1], CXR_PAGE_NOT_FOUND,
                                    cxr_str("/track/t/x"), CXR_STR_NONE,
                                    CXR_STR_NONE, conf, &v), CXR_OK);
    is(v.action_url, "/en/track/");

    assert_int_equal(cxr_page_error_of(406), CXR_PAGE_BAD_REQUEST);
    assert_int_equal(cxr_page_error_of(504), CXR_PAGE_AWAY);
    assert_int_equal(cxr_page_error_of(501), CXR_PAGE_BROKEN);

    cxr_buf_free(&b);
}


static double
luminance(const char *hex)
{
    double    l = 0;
    size_t    i;
    unsigned  v;

    static const double  part[] = { 0.2126, 0.7152, 0.0722 };

    for (i = 0; i < 3; i++) {
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
        l += part[i] * (v <= 10 ? v / 255.0 / 12.92
                                : pow((v / 255.0 + 0.055) / 1.055, 2.4));
    }

    return l;
}


static double
contrast(const char *a, const char *b)
{
    double  x = luminance(a) + 0.05, y = luminance(b) + 0.05;

    return x > y ? x / y : y / x;
}


static void
test_brand(void **state)
{
    char        mem[CXR_VIEW_CSS_MAX + 1], *dark, *p;
    size_t      i;
    cxr_buf_t   b;
    cxr_shop_t  s;

    static const char *const  colours[] = {
        "#7a3b12", "#fff", "#000", "#FFD400", "#1e90ff", "#0a0", "#888888",
        "#f0f", NULL
    };
    static const char *const  bad[] = {
        "red", "#12", "#12345", "#12345g", "#fff;}", "rgb(1,2,3)", NULL
    };

    for (i = 0; colours[i] != NULL; i++) {
        memset(&s, 0, sizeof(s));
        s.brand.accent = cxr_strz(colours[i]);
        cxr_buf_init_fixed(&b, mem, CXR_VIEW_CSS_MAX);
        assert_int_equal(cxr_brand_css(&s, &b), CXR_OK);
        mem[b.len] = '\0';

        /* what is written on it, and what is written with it, can be read */

        dark = strstr(mem, "dark");
        assert_non_null(dark);

        p = strstr(mem, "--link:#") + 8;
        assert_true(p < dark);
        assert_true(contrast(p, "fffdfa") >= 4.5);
        assert_true(contrast(strstr(mem, "--accent:#") + 10,
                             strstr(mem, "--on-accent:#") + 13) >= 4.5);

        assert_true(contrast(strstr(dark, "--link:#") + 8, "1a1715") >= 4.5);
        assert_true(contrast(strstr(dark, "--accent:#") + 10,
                             strstr(dark, "--on-accent:#") + 13) >= 4.5);
    }

    for (i = 0; bad[i] != NULL; i++) {
        memset(&s, 0, sizeof(s));
        s.brand.accent = cxr_strz(bad[i]);
        cxr_buf_init_fixed(&b, mem, CXR_VIEW_CSS_MAX);
        assert_int_equal(cxr_brand_css(&s, &b), CXR_INVALID);
        assert_int_equal(b.len, 0);

        s.brand.accent = cxr_str("#7a3b12");
        s.brand.on_accent_dark = cxr_strz(bad[i]);
        assert_int_equal(cxr_brand_css(&s, &b), CXR_INVALID);
        assert_int_equal(b.len, 0);
    }

    memset(&s, 0, sizeof(s));
    assert_int_equal(cxr_brand_css(&s, &b), CXR_OK);
    assert_int_equal(b.len, 0);

    s.brand.accent = cxr_str("#7a3b12");
    s.brand.on_accent = cxr_str("#fffefd");
    s.brand.accent_dark = cxr_str("#e3a575");
    s.brand.on_accent_dark = cxr_str("#221309");
    assert_int_equal(cxr_brand_css(&s, &b), CXR_OK);
    assert_true(has(&b, ":root{--accent:#7a3b12;--on-accent:#fffefd;"));
    assert_true(has(&b, "--accent:#e3a575;--on-accent:#221309;"));

    cxr_buf_init_fixed(&b, mem, 40);
    assert_int_equal(cxr_brand_css(&s, &b), CXR_NOMEM);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_safe_url),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_missing_text),
        cmocka_unit_test(test_find_check),
        cmocka_unit_test(test_find_page),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_brand)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
