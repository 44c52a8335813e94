
/*
 * Pages in gzip: whatever is in them, they inflate to the very bytes of the
 * plain page; and a value's bytes cost the same whatever stands beside it.
 * Runs in the project's root.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "cxr_deflate.h"
#include "cxr_i18n.h"
#include "cxr_pages.h"
#include "random_view.h"

#define PAGE_MAX   (4 * 1024 * 1024)
#define ARENA_MAX  (256 * 1024 * 1024)
#define ROUNDS     60

static cxr_catalog_t       *cat;
static cxr_templates_t     *set;
static cxr_template_out_t   out;
static char                 back[PAGE_MAX + 1];


static int
setup(void **state)
{
    cxr_diag_t   d;
    const char  *dirs[] = { "html/templates" };

    memset(&d, 0, sizeof(d));
    cxr_template_out_init(&out, PAGE_MAX);

    return cxr_catalog_load("html/i18n", &cat, &d) == CXR_OK
           && cxr_templates_open(dirs, 1, &set, &d) == CXR_OK ? 0 : 1;
}


static int
teardown(void **state)
{
    cxr_template_out_free(&out);
    cxr_templates_close(set);
    cxr_catalog_free(cat);

    return 0;
}


/* Inflates as whoever gets the page does, checksum and length included. */
static void
inflates(const char *gzip, size_t len, const char *want, size_t nwant)
{
    size_t                           used, n;
    struct libdeflate_decompressor  *dc = libdeflate_alloc_decompressor();

    assert_int_equal(libdeflate_gzip_decompress_ex(dc, gzip, len, back,
                                                   sizeof(back), &used, &n),
                     LIBDEFLATE_SUCCESS);
    assert_int_equal(used, len);
    assert_int_equal(n, nwant);
    assert_memory_equal(back, want, nwant);

    libdeflate_free_decompressor(dc);
}


static cxr_template_t *
compiled(const cxr_template_use_t *use, size_t lang)
{
    char             text[512];
    cxr_diag_t       d;
    cxr_template_t  *tpl;

    memset(&d, 0, sizeof(d));

    if (cxr_template_compile(set, use->name, cxr_catalog_at(cat, lang),
                             use->view, &tpl, &d)
        != CXR_OK)
    {
        cxr_diag_print(&d, text, sizeof(text));
        fail_msg("%s", text);
    }

    return tpl;
}


static void
every_page_inflates_to_itself(void **state)
{
    size_t                     lang, composed, plain;
    unsigned                   round;
    random_t                   r;
    cxr_buf_t                  b;
    cxr_template_t            *tpl;
    const cxr_template_use_t  *use;
    void                      *view;

    r.state = 0x9e3779b97f4a7c15u;
    r.a = cxr_arena_create(ARENA_MAX);
    cxr_buf_init(&b, PAGE_MAX);

    for (use = cxr_pages; use->name != NULL; use++) {
        for (lang = 0; lang < cxr_catalog_nlangs(cat); lang++) {
            tpl = compiled(use, lang);
            composed = plain = 0;

            assert_int_equal(cxr_template_render_gzip(tpl, &r, &out),
                             CXR_INVALID);
            assert_int_equal(cxr_template_gzip(tpl), CXR_OK);

            for (round = 0; round < ROUNDS; round++) {
                cxr_arena_reset(r.a);

                /* now and then a page that is longer than deflate's window */

                r.longest = round % 16 == 7 ? 40000 : 300;
                r.most = round % 16 == 11 ? 200 : 12;

                view = cxr_calloc(r.a, 1, use->view->size);
                random_view(&r, use->view, view, round % 3);

                cxr_buf_reset(&b);

                if (cxr_template_render(tpl, view, &b) != CXR_OK) {
                    assert_int_equal(cxr_template_render_gzip(tpl, view,
                                                              &out),
                                     CXR_NOMEM);
                    continue;
                }

                assert_int_equal(cxr_template_render_gzip(tpl, view, &out),
                                 CXR_OK);
                assert_int_equal(out.page.len, b.len);
                assert_memory_equal(out.page.data, b.data, b.len);
                inflates(out.gzip.data, out.gzip.len, b.data, b.len);

                composed += out.gzip.len;
                plain += b.len;
            }

            /* what is nearly nothing gets the code's header on top */

            assert_true(composed < plain || plain < ROUNDS * 1024);
            cxr_template_free(tpl);
        }
    }

    cxr_buf_free(&b);
    cxr_arena_destroy(r.a);
}


typedef struct {
    cxr_str_t    secret;
    cxr_str_t    typed;
    cxr_strs_t   rows;
} pair_t;

static const cxr_field_t  pair_fields[] = {
    CXR_FIELD(pair_t, secret, STR),
    CXR_FIELD(pair_t, typed, STR),
    CXR_FIELD(pair_t, rows, STRS),
    CXR_FIELD_END
};

static const cxr_type_t  pair_type = {
    "pair", 0, 1, sizeof(pair_t), pair_fields
};


static cxr_template_t *
written(const char *source)
{
    FILE                *f;
    char                 dir[] = "/tmp/cxr_gzip_XXXXXX", path[64];
    const char          *dirs[] = { dir };
    cxr_diag_t           d;
    cxr_template_t      *tpl;
    cxr_templates_t     *own;

    memset(&d, 0, sizeof(d));

    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/p.html", dir);

    f = fopen(path, "w");
    assert_non_null(f);
    fputs(source, f);
    fclose(f);

    assert_int_equal(cxr_templates_open(dirs, 1, &own, &d), CXR_OK);
    assert_int_equal(cxr_template_compile(own, "p.html", NULL, &pair_type,
                                          &tpl, &d), CXR_OK);
    cxr_templates_close(own);
    (void) remove(path);
    (void) remove(dir);
    assert_int_equal(cxr_template_gzip(tpl), CXR_OK);

    return tpl;
}


/*
 * What BREACH asks: does the answer get smaller when what is typed equals
 * the secret?  Here every order of the same letters costs the same.
 */
static void
a_guess_costs_what_it_costs(void **state)
{
    char             guess[33];
    size_t           right;
    pair_t           view = { cxr_str_init("k7Qx2mZp9LwT4vBn8RcY5hJd3FsG6aKe"),
                              CXR_STR_NONE, { NULL, 0 } };
    unsigned         i;
    cxr_template_t  *tpl;

    tpl = written("<p>{{secret}}</p><input value=\"{{typed}}\">"
                  "<p>{{secret}}</p>");

    memcpy(guess, view.secret.data, 33);
    view.typed = cxr_strn(guess, 32);
    assert_int_equal(cxr_template_render_gzip(tpl, &view, &out), CXR_OK);
    right = out.gzip.len;

    for (i = 0; i < 16; i++) {
        guess[i] = view.secret.data[31 - i];
        guess[31 - i] = view.secret.data[i];

        assert_int_equal(cxr_template_render_gzip(tpl, &view, &out), CXR_OK);
        inflates(out.gzip.data, out.gzip.len, out.page.data, out.page.len);
        assert_int_equal(out.gzip.len, right);
    }

    cxr_template_free(tpl);
}


/* Rows of a list refer to the first, within the window and not beyond. */
static void
rows_refer_back(void **state)
{
    char             filler[40000];
    size_t           one, many;
    pair_t           view;
    uint32_t         i;
    cxr_str_t        rows[400];
    cxr_template_t  *tpl;

    memset(&view, 0, sizeof(view));
    memset(filler, 'x', sizeof(filler));

    for (i = 0; i < 400; i++) {
        rows[i] = cxr_strn(filler, i % 3);
    }

    view.rows.items = rows;

    /* pieces of 258 bytes and one or two more are the hard ones */

    tpl = written("{{#rows}}<li class=\"qwertyuiopasdfghjklzxcvbnm\">"
                  "<a href=\"/ABCDEFGHIJKLMNOPQRSTUVWXYZ/0123456789\">"
                  "<b>It was a bright cold day in April, and the clocks were "
                  "striking</b><i>Zwölf Boxkämpfer jagen Viktor quer über den "
                  "Sylter Deich</i><u>Pijamalı hasta yağız şoföre çabucak "
                  "güvendi</u></a>{{.}}</li>\n{{/rows}}");

    view.rows.n = 1;
    assert_int_equal(cxr_template_render_gzip(tpl, &view, &out), CXR_OK);
    inflates(out.gzip.data, out.gzip.len, out.page.data, out.page.len);
    one = out.gzip.len;

    view.rows.n = 400;
    assert_int_equal(cxr_template_render_gzip(tpl, &view, &out), CXR_OK);
    inflates(out.gzip.data, out.gzip.len, out.page.data, out.page.len);
    many = out.gzip.len;
    assert_true(many - one < 400 * 12);

    /* the window's last byte, one beyond it, and far beyond */

    for (i = 32000; i < 33200; i += 1) {
        rows[0].len = i;
        rows[0].data = filler;
        view.rows.n = 2;
        assert_int_equal(cxr_template_render_gzip(tpl, &view, &out), CXR_OK);
        inflates(out.gzip.data, out.gzip.len, out.page.data, out.page.len);
    }

    cxr_template_free(tpl);
}


static void
texts_of_every_length(void **state)
{
    char             source[2048];
    pair_t           view;
    unsigned         n, i;
    cxr_str_t        rows[3] = { cxr_str_init("ab"), cxr_str_init("ş"),
                                 cxr_str_init("") };
    cxr_template_t  *tpl;

    memset(&view, 0, sizeof(view));
    view.rows.items = rows;
    view.rows.n = 3;

    for (n = 0; n < 800; n = n < 530 ? n + 1 : n + 17) {
        memcpy(source, "{{#rows}}", 10);

        for (i = 0; i < n; i++) {
            source[9 + i] = (char) ('a' + (i * i + i / 7) % 26);
        }

        strcpy(source + 9 + n, "{{.}}{{/rows}}");

        tpl = written(source);
        assert_int_equal(cxr_template_render_gzip(tpl, &view, &out), CXR_OK);
        assert_int_equal(out.page.len, 3 * n + 4);
        inflates(out.gzip.data, out.gzip.len, out.page.data, out.page.len);
        cxr_template_free(tpl);
    }
}


/* Every distance has the symbol and extra bits that RFC 1951, 3.2.5 lists. */
static void
distances_follow_the_table(void **state)
{
    uint32_t  d, extra, base;
    unsigned  symbol, nextra;

    static const uint16_t  bases[30] = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385,
        513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577
    };

    for (d = 1; d <= CXR_DEFLATE_WINDOW; d++) {
        symbol = cxr_deflate_distance(d, &extra, &nextra);
        assert_true(symbol < 30);
        base = bases[symbol];
        assert_int_equal(base + extra, d);
        assert_int_equal(nextra, symbol < 4 ? 0 : symbol / 2 - 1);
        assert_true(symbol == 29 || d < bases[symbol + 1]);
    }
}


static void
files_inflate(void **state)
{
    FILE       *f;
    static char css[256 * 1024];
    size_t      n;
    cxr_buf_t   b;

    f = fopen("html/css/cx.css", "r");
    assert_non_null(f);
    n = fread(css, 1, sizeof(css), f);
    fclose(f);

    cxr_buf_init(&b, 1 << 20);
    assert_int_equal(cxr_gzip_file(cxr_strn(css, n), &b), CXR_OK);
    inflates(b.data, b.len, css, n);
    assert_true(b.len < n / 3);

    cxr_buf_reset(&b);
    assert_int_equal(cxr_gzip_file(CXR_STR_NONE, &b), CXR_OK);
    inflates(b.data, b.len, "", 0);
    cxr_buf_free(&b);

    cxr_buf_init(&b, 16);
    assert_int_equal(cxr_gzip_file(cxr_strn(css, n), &b), CXR_NOMEM);
    cxr_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(distances_follow_the_table),
        cmocka_unit_test(texts_of_every_length),
        cmocka_unit_test(rows_refer_back),
        cmocka_unit_test(a_guess_costs_what_it_costs),
        cmocka_unit_test(every_page_inflates_to_itself),
        cmocka_unit_test(files_inflate)
    };

    return cmocka_run_group_tests_name("page_gzip", tests, setup, teardown);
}
