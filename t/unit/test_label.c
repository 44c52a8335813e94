
/*
 * The label: what its token says, what its texts become, and, above all, that
 * a scanner reads both codes off the paper.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "cxr_label.h"
#include "cxr_country.h"
#include "cxr_label_text.h"
#include "cxr_template.h"
#include "cxr_text.h"
#include "sign_ring.h"

#define ISSUED   RING_NOW
#define EXPIRES  (RING_NOW + 30 * CXR_DAY)
#define LATER    (RING_NOW + CXR_DAY)
#define JTI      "AAECAwQFBgcICQoLDA0ODw"

#define IDEOGRAPHS_20                                                         \
    "茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶茶"

typedef struct {
    cxr_arena_t      *arena;
    cxr_keyring_t    *ring;
    cxr_keyring_t    *pub;          /* what a warehouse has                   */
    cxr_shop_t       *shop;
    cxr_catalog_t    *cat;
    cxr_templates_t  *set;
} kit_t;


static int
setup(void **state)
{
    kit_t       *k;
    size_t       n;
    cxr_buf_t    b;
    cxr_diag_t   d;
    const char  *dirs[] = { "html/templates" };

    memset(&d, 0, sizeof(d));
    k = calloc(1, sizeof(kit_t));
    assert_non_null(k);
    assert_int_equal(cxr_sign_init(), CXR_OK);
    ring_dir_make();

    k->arena = cxr_arena_create(16 << 20);
    k->ring = ring_load(RING_TEXT);

    cxr_buf_init(&b, 4096);
    cxr_keyring_paserk(k->ring, &b);
    cxr_buf_addc(&b, '\0');
    assert_true(cxr_buf_ok(&b));
    assert_int_equal(cxr_keyring_load_public(ring_write("pub", b.data, 0644),
                                             &k->pub, &d), CXR_OK);
    cxr_buf_free(&b);

    assert_int_equal(cxr_shop_load("conf/shops/kahve-gurusu.json", k->arena,
                                   &k->shop, &d, 1, &n), CXR_OK);
    assert_int_equal(cxr_catalog_load("html/i18n", &k->cat, &d), CXR_OK);
    assert_int_equal(cxr_templates_open(dirs, 1, &k->set, &d), CXR_OK);

    *state = k;

    return 0;
}


static int
teardown(void **state)
{
    kit_t  *k = *state;

    cxr_templates_close(k->set);
    cxr_catalog_free(k->cat);
    cxr_shop_free(k->shop);
    cxr_keyring_free(k->pub);
    cxr_keyring_free(k->ring);
    cxr_arena_destroy(k->arena);
    (void) unlink(ring_path("label.svg"));
    (void) unlink(ring_path("label.png"));
    ring_dir_remove();
    free(k);

    return 0;
}


static void
rma_line(kit_t *k, cxr_rma_t *rma, const char *sku, uint32_t quantity)
{
    cxr_rma_line_t  *l;

    l = cxr_list_push(k->arena, &rma->lines, sizeof(cxr_rma_line_t));
    assert_non_null(l);
    l->sku = cxr_strz(sku);
    l->quantity = quantity;
    l->decision = CXR_DECISION_APPROVED;
}


static void
rma_make(kit_t *k, cxr_rma_t *rma)
{
    memset(rma, 0, sizeof(*rma));
    rma->id = cxr_str("R-7K3M-9QXC");
    rma->order_number = cxr_str("KG-1001");
    rma->label_jti = cxr_str(JTI);
    rma->label_issued = ISSUED;
    rma->label_expires = EXPIRES;
    rma_line(k, rma, "ETH-YIRG-250", 2);
}


static cxr_str_t
token_of(kit_t *k, const cxr_rma_t *rma)
{
    cxr_str_t  token;

    assert_int_equal(cxr_label_token(k->ring, k->shop, rma, k->arena, &token),
                     CXR_OK);
    assert_in_range(token.len, 100, CXR_LABEL_TOKEN_MAX);

    return token;
}


/* as a warehouse does: the public key, and nothing else */

static void
check(kit_t *k, cxr_str_t token, cxr_label_claims_t *c)
{
    char  kid[9];

    assert_int_equal(cxr_label_verify(k->pub, CXR_STR_NONE, token, LATER,
                                      k->arena, c, kid), CXR_OK);
    assert_string_equal(kid, "s1");
    assert_true(cxr_str_is(c->shop, "kahve-gurusu"));
    assert_true(cxr_str_is(c->rma, "R-7K3M-9QXC"));
    assert_true(cxr_str_is(c->jti, JTI));
    assert_int_equal(c->issued, ISSUED);
    assert_int_equal(c->expires, EXPIRES);
}


static void
test_token_lines(void **state)
{
    kit_t               *k = *state;
    cxr_rma_t            rma;
    cxr_label_claims_t   c;

    rma_make(k, &rma);
    rma_line(k, &rma, "KEN-AA-500", 1);
    rma_line(k, &rma, "ETH-YIRG-250", 3);
    rma_line(k, &rma, "DECLINED", 7);
    rma.lines.items[3].decision = CXR_DECISION_DECLINED;

    check(k, token_of(k, &rma), &c);

    assert_int_equal(c.lines.n, 2);
    assert_true(cxr_str_is(c.lines.items[0].sku, "ETH-YIRG-250"));
    assert_int_equal(c.lines.items[0].quantity, 5);
    assert_true(cxr_str_is(c.lines.items[1].sku, "KEN-AA-500"));
    assert_int_equal(c.lines.items[1].quantity, 1);
}


static void
total_is(kit_t *k, const cxr_rma_t *rma, uint32_t total)
{
    unsigned             modules;
    cxr_str_t            token;
    cxr_label_claims_t   c;

    token = token_of(k, rma);
    check(k, token, &c);
    assert_int_equal(c.lines.n, 1);
    assert_true(cxr_str_is(c.lines.items[0].sku, CXR_LABEL_ANY_SKU));
    assert_int_equal(c.lines.items[0].quantity, total);
    assert_int_equal(cxr_qr_modules(token, &modules), CXR_OK);
    assert_in_range(modules, 21, CXR_LABEL_QR_MODULES);
}


static void
test_token_total(void **state)
{
    int         i;
    char        sku[32], wide[301];
    kit_t      *k = *state;
    cxr_rma_t   rma;

    /* too many lines: past the label, and past what a token may hold */

    rma_make(k, &rma);

    for (i = 0; i < 9; i++) {
        (void) snprintf(sku, sizeof(sku), "SKU-%014d", i);
        rma_line(k, &rma, cxr_strz_dup(k->arena, cxr_strz(sku)), 2);
    }

    total_is(k, &rma, 20);

    for (i = 10; i < CXR_ORDER_LINES_MAX; i++) {
        (void) snprintf(sku, sizeof(sku), "SKU-%010d", i);
        rma_line(k, &rma, cxr_strz_dup(k->arena, cxr_strz(sku)),
                 CXR_LINE_QUANTITY_MAX);
    }

    total_is(k, &rma, 20 + 190 * CXR_LINE_QUANTITY_MAX);

    /* a SKU longer than a claim may be, and one that means everything */

    memset(wide, 'W', 300);
    wide[300] = '\0';

    rma_make(k, &rma);
    rma_line(k, &rma, wide, 4);
    total_is(k, &rma, 6);

    rma_make(k, &rma);
    rma_line(k, &rma, "*", 5);
    total_is(k, &rma, 7);
}


static void
test_token_refused(void **state)
{
    kit_t      *k = *state;
    cxr_rma_t   rma;
    cxr_str_t   token;

    rma_make(k, &rma);
    rma.label_jti = CXR_STR_NONE;
    assert_int_equal(cxr_label_token(k->ring, k->shop, &rma, k->arena,
                                     &token), CXR_NOTFOUND);

    rma_make(k, &rma);
    rma.cancelled = true;
    assert_int_equal(cxr_label_token(k->ring, k->shop, &rma, k->arena,
                                     &token), CXR_REFUSED);

    rma_make(k, &rma);
    rma.lines.items[0].decision = CXR_DECISION_DECLINED;
    assert_int_equal(cxr_label_token(k->ring, k->shop, &rma, k->arena,
                                     &token), CXR_REFUSED);

    rma_make(k, &rma);
    assert_int_equal(cxr_label_token(k->pub, k->shop, &rma, k->arena,
                                     &token), CXR_NOTFOUND);

    rma.label_expires = rma.label_issued;
    assert_int_equal(cxr_label_token(k->ring, k->shop, &rma, k->arena,
                                     &token), CXR_ERROR);
}


static double
attribute(cxr_str_t svg, const char *name)
{
    char        find[32];
    const char  *p;

    (void) snprintf(find, sizeof(find), " %s=\"", name);
    p = strstr(svg.data, find);
    assert_non_null(p);

    return strtod(p + strlen(find), NULL);
}


static void
test_barcode(void **state)
{
    char                text[CXR_QR_TEXT_MAX + 2];
    kit_t              *k = *state;
    double              modules;
    cxr_str_t           svg;
    cxr_barcode_box_t   box = { 1000, 2000, 70000, 10000, 125, 330 };

    assert_int_equal(cxr_code128_svg(cxr_str("R-7K3M-9QXC"), &box, k->arena,
                                     &svg), CXR_OK);
    modules = strtod(strstr(svg.data, "viewBox=\"0 0 ") + 13, NULL);
    assert_true(attribute(svg, "width") / modules >= 3.3);
    assert_true(attribute(svg, "x") >= 10);
    assert_true(attribute(svg, "x") + attribute(svg, "width") <= 710);
    assert_non_null(strstr(svg.data, "d=\"M10 0h2"));   /* quiet, then start */

    box.width = 30000;
    assert_int_equal(cxr_code128_svg(cxr_str("R-7K3M-9QXC"), &box, k->arena,
                                     &svg), CXR_LIMIT);
    assert_int_equal(cxr_code128_svg(CXR_STR_NONE, &box, k->arena, &svg),
                     CXR_INVALID);
    assert_int_equal(cxr_code128_svg(cxr_str("R-ŞK"), &box, k->arena, &svg),
                     CXR_INVALID);
    assert_int_equal(cxr_code128_svg(cxr_strn("a\0b", 3), &box, k->arena,
                                     &svg), CXR_INVALID);

    memset(text, 'x', sizeof(text));
    assert_int_equal(cxr_code128_svg(cxr_strn(text, CXR_CODE128_TEXT_MAX + 1),
                                     &box, k->arena, &svg), CXR_LIMIT);
    assert_int_equal(cxr_qr_svg(cxr_strn(text, CXR_QR_TEXT_MAX + 1), &box,
                                k->arena, &svg), CXR_LIMIT);

    /* the height is what a QR code is short of */

    box.least = 250;
    assert_int_equal(cxr_qr_svg(cxr_str("R"), &box, k->arena, &svg), CXR_OK);
    assert_true(attribute(svg, "height") <= 100);
    assert_true(attribute(svg, "width") == attribute(svg, "height"));
    assert_non_null(strstr(svg.data, "viewBox=\"0 0 29 29\""));
    assert_non_null(strstr(svg.data, "d=\"M4 4h7"));
    box.height = 7000;
    assert_int_equal(cxr_qr_svg(cxr_str("R"), &box, k->arena, &svg),
                     CXR_LIMIT);
}


static void
test_text(void **state)
{
    kit_t      *k = *state;
    cxr_str_t   s;

    s = cxr_label_clean(cxr_str(" \t Ayşe\x01  \xe2\x80\xae" "Yılmaz\n\xff "),
                        k->arena);
    assert_true(cxr_str_is(s, "Ayşe Yılmaz"));

    /* emoji are empty boxes on paper; a joiner between letters stays */

    s = cxr_label_clean(cxr_str("Zoë \xf0\x9f\x8c\xb8 Ünal \xf0\x9f\x91\xa9"
                                "\xe2\x80\x8d\xf0\x9f\x91\xa7"
                                "\xf0\x9f\x8f\x96\xef\xb8\x8f"), k->arena);
    assert_true(cxr_str_is(s, "Zoë Ünal"));
    s = cxr_label_clean(cxr_str("a\xe2\x80\x8d" "b"), k->arena);
    assert_int_equal(s.len, 5);

    assert_int_equal(cxr_label_size_of(cxr_str("KG-1"), 430, 38, 24, true),
                     38);
    s = cxr_str("404-1234567-1234567");
    assert_in_range(cxr_label_size_of(s, 430, 38, 24, true), 26, 36);
    assert_int_equal(cxr_label_size_of(cxr_str("WWWWWWWWWWWWWWWWWWWWWWWWWWWW"),
                                       430, 38, 24, true), 24);

    s = cxr_label_cut(cxr_str("Ayşe"), 400, 40, false, k->arena);
    assert_true(cxr_str_is(s, "Ayşe"));

    s = cxr_label_cut(cxr_str("KG-1001-" IDEOGRAPHS_20), 450, 38, true,
                      k->arena);
    assert_true(cxr_utf8_valid(s));
    assert_true(s.len > 12 && memcmp(s.data, "KG-1001-", 8) == 0);
    assert_memory_equal(s.data + s.len - 3, "…", 3);
    assert_true(cxr_label_width(s, true) * 38 / 1000 <= 450);

    assert_non_null(cxr_label_cut(CXR_STR_NONE, 1, 1, false, k->arena).data);
}


static void
test_country(void **state)
{
    kit_t      *k = *state;
    cxr_str_t   s;

    s = cxr_country_name(cxr_str("tr"), cxr_str("GB"), k->arena);
    assert_true(cxr_str_is(s, "BİRLEŞİK KRALLIK / UNITED KINGDOM"));
    s = cxr_country_name(cxr_str("tr"), cxr_str("IE"), k->arena);
    assert_true(cxr_str_is(s, "İRLANDA / IRELAND"));
    s = cxr_country_name(cxr_str("en"), cxr_str("DE"), k->arena);
    assert_true(cxr_str_is(s, "GERMANY"));
    s = cxr_country_name(cxr_str("en"), cxr_str("ZZQ"), k->arena);
    assert_non_null(s.data);
    s = cxr_country_name(cxr_str("en"), CXR_STR_NONE, k->arena);
    assert_int_equal(s.len, 0);
}


static void
test_rows(void **state)
{
    kit_t                   *k = *state;
    uint32_t                 i, last;
    cxr_str_t                pieces[3];
    cxr_label_block_t        b = { 100, 200, 900, 34, 26 };
    cxr_view_label_rows_t    rows;
    cxr_view_label_row_t    *r;

    memset(&rows, 0, sizeof(rows));
    pieces[0] = cxr_str("Ayşe Yılmaz");
    pieces[1] = CXR_STR_NONE;
    pieces[2] = cxr_str("34394 Kadıköy");
    assert_int_equal(cxr_label_set(&b, pieces, 3, k->arena, &rows), CXR_OK);
    assert_int_equal(rows.n, 2);
    assert_int_equal(rows.items[0].size, 34);
    assert_true(rows.items[0].strong);
    assert_false(rows.items[1].strong);

    /* too much of everything: nothing leaves its block, the town stays */

    memset(&rows, 0, sizeof(rows));
    pieces[0] = cxr_str("Ayşegül Gülümser Karaosmanoğlu-Hacımusalar ve"
                        " Mirasçıları Uluslararası Kahve Kavurma Limited"
                        IDEOGRAPHS_20 IDEOGRAPHS_20 IDEOGRAPHS_20);
    pieces[1] = cxr_str("Bağdat Caddesi Şaşkınbakkal Mevkii Çamlık Sokağı"
                        " Numara On Beş Daire Yirmi Üç Kapı Girişi Arkada"
                        " WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
                        " WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
                        " WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
                        " son");
    assert_int_equal(cxr_label_set(&b, pieces, 3, k->arena, &rows), CXR_OK);
    assert_in_range(rows.n, 3, 8);
    last = b.top;

    for (i = 0; i < rows.n; i++) {
        r = &rows.items[i];
        assert_int_equal(r->size, 26);
        assert_true(cxr_utf8_valid(r->text));
        assert_true(cxr_label_width(r->text, r->strong) * r->size / 1000
                    <= b.width);
        assert_true(r->y - r->size >= last);
        assert_true(r->y <= b.top + b.height);
        last = r->y;
    }

    assert_true(cxr_str_is(rows.items[rows.n - 1].text, "34394 Kadıköy"));
}


static void
view_make(kit_t *k, const char *lang, const cxr_rma_t *rma,
    const cxr_person_t *person, cxr_str_t token, cxr_view_label_t *v)
{
    cxr_diag_t         d;
    cxr_order_t        order;
    cxr_view_ctx_t    *ctx;
    cxr_view_page_t   *page;

    memset(&order, 0, sizeof(order));
    order.country = cxr_str("TR");

    assert_int_equal(cxr_view_ctx_make(k->shop, k->cat,
                                       cxr_catalog_lang(k->cat, cxr_strz(lang)),
                                       cxr_str("/assets/cx.css"), CXR_STR_NONE,
                                       k->arena, &ctx, &d), CXR_OK);
    assert_int_equal(cxr_view_page(ctx, cxr_str("x"), CXR_STR_NONE, k->arena,
                                   &page), CXR_OK);
    assert_int_equal(cxr_label_view(ctx, rma, &order, person, token, page,
                                    k->arena, v), CXR_OK);
    assert_int_equal(cxr_label_urls(ctx, rma, cxr_str("/returns/r/TOKEN"),
                                    CXR_LABEL_4X6, k->arena, v), CXR_OK);
}


static void
render(kit_t *k, const char *name, const char *lang,
    const cxr_view_label_t *v, cxr_buf_t *out)
{
    cxr_diag_t       d;
    cxr_template_t  *tpl;

    memset(&d, 0, sizeof(d));

    if (cxr_template_compile(k->set, name,
                             cxr_catalog_lang(k->cat, cxr_strz(lang)),
                             &cxr_view_label_type, &tpl, &d) != CXR_OK)
    {
        fail_msg("%s:%u:%u: %s", d.file, d.line, d.column, d.text);
    }

    cxr_buf_init(out, 1 << 20);
    assert_int_equal(cxr_template_render(tpl, v, out), CXR_OK);
    cxr_buf_addc(out, '\0');
    assert_true(cxr_buf_ok(out));
    cxr_template_free(tpl);
}


/* Runs it and gives its standard output; a tool that is missing fails. */

static void
run(const char *cmd, char *out, size_t size)
{
    int      status;
    FILE    *f;
    size_t   n;

    f = popen(cmd, "r");
    assert_non_null(f);
    n = fread(out, 1, size - 1, f);
    out[n] = '\0';
    status = pclose(f);

    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        fail_msg("not installed (librsvg2-bin, zbar-tools): %s", cmd);
    }

    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail_msg("failed with status %d: %s", status, cmd);
    }
}


/*
 * Prints the label at 203 dots to the inch and scans it, with "scratch" drawn
 * over it: level M makes good for a part of the code that is gone.
 */

static void
scan(kit_t *k, const cxr_view_label_t *v, cxr_str_t token,
    const char *scratch)
{
    char                 cmd[512], out[8192];
    char                *qr, *line;
    cxr_buf_t            svg;
    cxr_label_claims_t   c;

    render(k, "label.svg", "tr", v, &svg);
    assert_int_equal(memcmp(svg.data, "<svg xmlns=", 11), 0);
    svg.len = (size_t) (strstr(svg.data, "\n</svg>\n") - svg.data);
    cxr_buf_addf(&svg, "%s</svg>", scratch);
    cxr_buf_addc(&svg, '\0');
    (void) ring_write("label.svg", svg.data, 0600);
    cxr_buf_free(&svg);

    (void) snprintf(cmd, sizeof(cmd), "cd %s && rsvg-convert -d 203 -p 203"
                    " -o label.png label.svg", ring_dir);
    run(cmd, out, sizeof(out));

    (void) snprintf(cmd, sizeof(cmd), "cd %s && zbarimg -q label.png",
                    ring_dir);
    run(cmd, out, sizeof(out));

    assert_non_null(strstr(out, "CODE-128:R-7K3M-9QXC\n"));
    qr = strstr(out, "QR-Code:");
    assert_non_null(qr);
    qr += strlen("QR-Code:");
    line = strchr(qr, '\n');
    assert_non_null(line);
    *line = '\0';
    assert_true(cxr_str_is(token, qr));
    check(k, cxr_strz(qr), &c);
}


static void
test_scan(void **state)
{
    int                i;
    char               sku[32];
    kit_t             *k = *state;
    cxr_rma_t          rma;
    cxr_str_t          token;
    cxr_person_t       person;
    cxr_view_label_t   v;

    memset(&person, 0, sizeof(person));
    person.name = cxr_str("Ayşe Yılmaz");
    person.address = cxr_str("Bağdat Caddesi No: 5\nDaire 3");
    person.postcode = cxr_str("34394");
    person.city = cxr_str("İstanbul");

    rma_make(k, &rma);
    token = token_of(k, &rma);
    view_make(k, "tr", &rma, &person, token, &v);
    assert_int_equal(v.items, 2);
    assert_true(v.has_from);
    assert_true(cxr_str_is(v.expires, "21 Aralık 2026"));
    assert_true(cxr_str_is(v.from.items[1].text,
                           "Bağdat Caddesi No: 5, Daire 3"));
    assert_true(cxr_str_is(v.to.items[v.to.n - 1].text,
                           "34433 Beyoğlu / İstanbul"));
    assert_true(cxr_str_is(v.svg_url, "/tr/returns/r/TOKEN/label.svg"));
    assert_true(cxr_str_is(v.size_url,
                           "/tr/returns/r/TOKEN/label.html?size=100x150"));
    scan(k, &v, token, "");
    scan(k, &v, token, "<rect x='230' y='1010' width='115' height='115'"
         " fill='#fff'/><rect x='0' y='1400' width='1000' height='8'/>");

    /* the longest token that a label takes */

    for (i = 0; i < 4; i++) {
        (void) snprintf(sku, sizeof(sku), "KAHVE-GURUSU-%010d", i);
        rma_line(k, &rma, cxr_strz_dup(k->arena, cxr_strz(sku)), 1000);
    }

    token = token_of(k, &rma);
    assert_in_range(token.len, CXR_LABEL_TOKEN_MAX - 30, CXR_LABEL_TOKEN_MAX);
    view_make(k, "tr", &rma, NULL, token, &v);
    assert_false(v.has_from);
    scan(k, &v, token, "");
}


static void
test_hostile(void **state)
{
    char              *p;
    kit_t             *k = *state;
    cxr_buf_t          html;
    cxr_rma_t          rma;
    cxr_str_t          token;
    cxr_person_t       person;
    cxr_view_label_t   v;

    memset(&person, 0, sizeof(person));
    person.name = cxr_str("</text><script>alert(1)</script>&\"'\x01\xff");
    person.address = cxr_str("]]>\xef\xbf\xbf<!--\n\n\n\n<svg onload=x>");
    person.city = cxr_str(IDEOGRAPHS_20 IDEOGRAPHS_20 IDEOGRAPHS_20);

    rma_make(k, &rma);
    rma.order_number = cxr_str("<b>&amp;\"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW");
    token = token_of(k, &rma);
    view_make(k, "en", &rma, &person, token, &v);
    scan(k, &v, token, "");

    render(k, "label.html", "en", &v, &html);
    assert_null(strstr(html.data, "<script"));
    assert_null(strstr(html.data, "<svg onload"));
    assert_null(strstr(html.data, " style="));
    assert_non_null(strstr(html.data, "&lt;script&gt;alert(1)"));
    assert_non_null(strstr(html.data, "class=\"label-sheet inch\""));
    p = strstr(html.data, "<main");
    assert_non_null(strstr(p, ">2 items</text>"));
    cxr_buf_free(&html);
}


static void
test_bounds(void **state)
{
    char               text[CXR_LABEL_TOKEN_MAX + 1];
    kit_t             *k = *state;
    cxr_rma_t          rma;
    cxr_diag_t         d;
    cxr_order_t        order;
    cxr_view_ctx_t    *ctx;
    cxr_view_page_t    page;
    cxr_view_label_t   v;

    rma_make(k, &rma);
    memset(&order, 0, sizeof(order));
    memset(&page, 0, sizeof(page));
    memset(text, 'a', sizeof(text));

    assert_int_equal(cxr_view_ctx_make(k->shop, k->cat,
                                       cxr_catalog_at(k->cat, 0),
                                       cxr_str("/x.css"), CXR_STR_NONE,
                                       k->arena, &ctx, &d), CXR_OK);
    assert_int_equal(cxr_label_view(ctx, &rma, &order, NULL,
                                    cxr_strn(text, CXR_LABEL_TOKEN_MAX),
                                    &page, k->arena, &v), CXR_OK);
    assert_int_equal(cxr_label_view(ctx, &rma, &order, NULL,
                                    cxr_strn(text, CXR_LABEL_TOKEN_MAX + 1),
                                    &page, k->arena, &v), CXR_LIMIT);
    assert_int_equal(cxr_label_view(ctx, &rma, &order, NULL,
                                    cxr_str("ş"), &page, k->arena, &v),
                     CXR_INVALID);

    /* a foreign shopper's label names both countries */

    order.country = cxr_str("DE");
    assert_int_equal(cxr_label_view(ctx, &rma, &order, NULL,
                                    cxr_strn(text, 10), &page, k->arena, &v),
                     CXR_OK);
    assert_non_null(strstr(v.to.items[v.to.n - 1].text.data, "TURKEY"));

    assert_int_equal(cxr_label_size(cxr_str("4x6"), CXR_LABEL_A4),
                     CXR_LABEL_4X6);
    assert_int_equal(cxr_label_size(cxr_str("9x9"), CXR_LABEL_A4),
                     CXR_LABEL_A4);
    assert_int_equal(cxr_label_size(CXR_STR_NONE, CXR_LABEL_100X150),
                     CXR_LABEL_100X150);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_token_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_token_total, setup, teardown),
        cmocka_unit_test_setup_teardown(test_token_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_barcode, setup, teardown),
        cmocka_unit_test_setup_teardown(test_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_country, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_scan, setup, teardown),
        cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
