
/*
 * A shop, an order with a line of every kind, and RMAs that the domain itself
 * made of it: what the tests of the portal's, RMA's and desk's pages are built
 * on.  Everything lives in one arena.
 */

#ifndef _PAGE_WORLD_H_INCLUDED_
#define _PAGE_WORLD_H_INCLUDED_

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_template.h"
#include "cxr_view_staff.h"

#define WORLD_LINES  6
#define WORLD_ARENA  (64 * 1024 * 1024)
#define WORLD_PAGE   (4 * 1024 * 1024)

static const char  world_shop[] =
    "{\"name\":\"Kahve Gurusu\",\"origin\":\"https://kahvegurusu.example\","
    "\"home\":\"https://www.kahvegurusu.example/\",\"portal\":\"/returns/\","
    "\"track\":\"/track/\",\"staff\":\"/staff/\",\"assets\":\"/assets/\","
    "\"languages\":[\"tr\",\"en\"],\"currency\":\"TRY\","
    "\"time_zone\":\"Europe/Istanbul\",\"order_link_days\":30,"
    "\"track_link_days\":180,\"rma_link_days\":365,"
    "\"brand\":{\"accent\":\"#7a3b12\",\"on_accent\":\"#ffffff\","
    "\"accent_dark\":\"#e9b98a\",\"on_accent_dark\":\"#2a1405\"},"
    "\"support\":{\"email\":\"destek@kahvegurusu.example\","
    "\"phone\":\"+90 212 555 01 42\",\"hours\":{\"tr\":\"Hafta içi 09.00-18.00\","
    "\"en\":\"Weekdays 9-18\"}},"
    "\"carriers\":[{\"carrier\":\"yurtici\",\"name\":\"Yurtiçi Kargo\","
    "\"url\":\"https://y.example/?n={number}\"},"
    "{\"carrier\":\"ups\",\"name\":\"UPS\","
    "\"url\":\"https://u.example/{number}\"},"
    "{\"carrier\":\"usps\",\"name\":\"USPS\",\"returns\":false}],"
    "\"warehouse\":{\"name\":\"Kahve Gurusu İade\","
    "\"lines\":[\"Yeniçarşı Kavurma Atölyesi\",\"Boğazkesen Caddesi No: 48\"],"
    "\"postcode\":\"34433\",\"city\":\"Beyoğlu / İstanbul\","
    "\"country\":\"TR\"},"
    "\"policy\":{\"window_days\":14,\"fallback_days\":5,"
    "\"final_sale_tags\":[\"son-firsat\"],"
    "\"outcomes\":[\"refund\",\"exchange\"],"
    "\"review_above\":150000,\"auto_approve\":true,\"fee\":4990,"
    "\"label_days\":30,\"reasons\":["
    "{\"code\":\"changed_mind\",\"text\":{\"tr\":\"Fikrimi değiştirdim\","
    "\"en\":\"I changed my mind\"}},"
    "{\"code\":\"wrong_grind\"},"
    "{\"code\":\"damaged\",\"note\":true,\"review\":true},"
    "{\"code\":\"other\",\"note\":true}]}}";

typedef struct {
    cxr_arena_t       *a;
    cxr_shop_t        *shop;
    cxr_catalog_t     *cat;
    cxr_templates_t   *set;
    cxr_view_ctx_t    *ctx[2];           /* tr, en                            */
    cxr_time_t         now;
    cxr_order_t        order;
    cxr_order_line_t   lines[WORLD_LINES];
    cxr_person_t       person;
    cxr_product_t      product;
    const cxr_product_t   *products[1];
    cxr_variant_t      variants[6];
    cxr_shipment_t     parcels[2];
    const cxr_shipment_t  *parcel_list[2];
    cxr_judgement_t    judgements[WORLD_LINES];
    cxr_rma_t          rmas[4];
    unsigned           nrmas;
    cxr_portal_t       portal;
    cxr_buf_t          page;
} world_t;


static inline void
world_line(world_t *w, unsigned i, const char *id, const char *sku,
    const char *title, const char *variant, uint32_t quantity,
    cxr_money_t price)
{
    cxr_order_line_t  *line = &w->lines[i];

    memset(line, 0, sizeof(*line));
    line->line = cxr_strz(id);
    line->sku = cxr_strz(sku);
    line->title = cxr_strz(title);
    line->variant = cxr_strz(variant);
    line->image = cxr_sprintf(w->a, "/assets/demo/%s.svg", sku);
    line->quantity = quantity;
    line->unit_price = price;
    line->tax = price * quantity / 11;
}


static inline void
world_variant(world_t *w, unsigned i, const char *sku, const char *title,
    cxr_money_t price, uint32_t stock)
{
    w->variants[i].sku = cxr_strz(sku);
    w->variants[i].title = cxr_strz(title);
    w->variants[i].price = price;
    w->variants[i].stock = stock;
    w->variants[i].image = cxr_sprintf(w->a, "/assets/demo/%s.svg", sku);
}


static inline void
world_order(world_t *w)
{
    static cxr_str_t  late[1] = { cxr_str_init("6") };
    static cxr_str_t  early[5] = {
        cxr_str_init("1"), cxr_str_init("2"), cxr_str_init("3"),
        cxr_str_init("4"), cxr_str_init("5")
    };
    static cxr_str_t  final[1] = { cxr_str_init("son-firsat") };
    static cxr_order_parcel_t  held[2];

    assert_int_equal(cxr_time_parse(cxr_str("2026-11-21T10:30:00Z"), &w->now),
                     CXR_OK);

    world_line(w, 0, "1", "ETH-YIRG-250-F", "Etiyopya Yirgacheffe",
               "250 g / Filtre", 3, 42000);
    world_line(w, 1, "2", "COL-HUILA-1000", "Kolombiya Huila",
               "1 kg / Çekirdek", 1, 119000);
    world_line(w, 2, "3", "V60-02", "Hario V60 Demleme Seti", "Beyaz", 1,
               64990);
    world_line(w, 3, "4", "BLEND-KIS", "Kış Harmanı", "250 g", 1, 29900);
    world_line(w, 4, "5", "KUPA-350", "Seramik Kupa", "350 ml", 1, 34900);
    world_line(w, 5, "6", "GEISHA-100", "Panama Geisha", "100 g", 1, 89900);

    w->lines[0].product = cxr_str("ETH-YIRG");
    w->lines[0].discount = 6000;
    w->lines[3].tags.items = final;
    w->lines[3].tags.n = 1;

    world_variant(w, 0, "ETH-YIRG-250-F", "250 g / Filtre", 42000, 40);
    world_variant(w, 1, "ETH-YIRG-250-B", "250 g / Çekirdek", 42000, 80);
    world_variant(w, 2, "ETH-YIRG-250-E", "250 g / Espresso", 40000, 4);
    world_variant(w, 3, "ETH-YIRG-500-F", "500 g / Filtre", 78000, 12);
    world_variant(w, 4, "ETH-YIRG-1000-B", "1 kg / Çekirdek", 142000, 0);
    world_variant(w, 5, "ETH-YIRG-100-F", "100 g / Filtre", 19000, 1);
    w->product.id = cxr_str("ETH-YIRG");
    w->product.title = cxr_str("Etiyopya Yirgacheffe");
    w->product.currency = cxr_str("TRY");
    w->product.variants.items = w->variants;
    w->product.variants.n = 6;
    w->products[0] = &w->product;

    w->order.number = cxr_str("KG-1001");
    w->order.placed_at = w->now - 8 * CXR_DAY;
    w->order.currency = cxr_str("TRY");
    w->order.locale = cxr_str("tr");
    w->order.country = cxr_str("TR");
    w->order.lines.items = w->lines;
    w->order.lines.n = WORLD_LINES;
    w->order.revision = 1;

    held[0].carrier = cxr_str("yurtici");
    held[0].number = cxr_str("123456789012");
    held[0].lines.items = early;
    held[0].lines.n = 5;
    held[1].carrier = cxr_str("yurtici");
    held[1].number = cxr_str("123456789013");
    held[1].lines.items = late;
    held[1].lines.n = 1;
    w->order.parcels.items = held;
    w->order.parcels.n = 2;

    w->parcels[0].carrier = held[0].carrier;
    w->parcels[0].number = held[0].number;
    w->parcels[0].status = CXR_SHIP_DELIVERED;
    w->parcels[0].delivered_at = w->now - 5 * CXR_DAY;
    w->parcels[0].lines = held[0].lines;
    w->parcels[1].carrier = held[1].carrier;
    w->parcels[1].number = held[1].number;
    w->parcels[1].status = CXR_SHIP_IN_TRANSIT;
    w->parcels[1].lines = held[1].lines;
    w->parcel_list[0] = &w->parcels[0];
    w->parcel_list[1] = &w->parcels[1];

    w->person.name = cxr_str("Ayşe Yılmaz");
    w->person.email = cxr_str("ayse.yilmaz@example.com");
    w->person.phone = cxr_str("+90 555 000 00 00");
    w->person.postcode = cxr_str("34394");
    w->person.city = cxr_str("Şişli / İstanbul");
}


/* Judges every line as a handler does before it makes a page. */
static inline void
world_judge(world_t *w)
{
    unsigned  i;

    for (i = 0; i < w->order.lines.n; i++) {
        cxr_policy_judge(&w->shop->policy, w->shop->tz, &w->order,
                         &w->order.lines.items[i], w->parcel_list, 2, w->now,
                         &w->judgements[i]);
    }
}


static inline cxr_rma_world_t
world_rules(world_t *w)
{
    return (cxr_rma_world_t) {
        .policy = &w->shop->policy, .tz = w->shop->tz,
        .parcels = w->parcel_list, .nparcels = 2,
        .products = w->products, .nproducts = 1
    };
}


static inline void
world_apply(world_t *w, cxr_rma_t *rma, const cxr_events_t *events,
    cxr_time_t at, cxr_actor_t kind, const char *actor)
{
    uint32_t     i;
    cxr_entry_t  entry;

    for (i = 0; i < events->n; i++) {
        memset(&entry, 0, sizeof(entry));
        entry.seq = ++w->order.revision;
        entry.at = at;
        entry.kind = events->items[i].kind;
        entry.actor_kind = kind;
        entry.actor = cxr_strz(actor);

        assert_int_equal(cxr_rma_apply(&w->order, rma, &events->items[i],
                                       &entry, w->a),
                         CXR_OK);
    }
}


/* Makes an RMA of a form, as the submit handler does. */
static inline cxr_rma_t *
world_create(world_t *w, const cxr_portal_form_t *form, cxr_time_t at)
{
    cxr_rma_t        *rma = &w->rmas[w->nrmas];
    cxr_events_t      events = { NULL, 0 };
    cxr_rma_ask_t     ask;
    cxr_refusal_t     no;
    cxr_rma_world_t   rules = world_rules(w);

    memset(&no, 0, sizeof(no));
    assert_int_equal(cxr_portal_ask(form, &w->order, cxr_str("KG1001"),
                                    cxr_str("tr"), w->a, &ask, NULL),
                     CXR_OK);
    memset(ask.random, 7 + (int) w->nrmas, sizeof(ask.random));

    if (cxr_rma_create(&w->order, &ask, &rules, at, w->a, &events, &no)
        != CXR_OK)
    {
        fail_msg("refused: %s %s", no.code, no.where);
    }

    w->nrmas++;
    world_apply(w, rma, &events, at, CXR_ACTOR_SHOPPER, "");

    return rma;
}


/* A command on an RMA; 0: whatever its revision is. */
static inline cxr_rc_t
world_act(world_t *w, const cxr_rma_t *rma, const cxr_rma_act_t *act,
    cxr_actor_t kind, uint32_t expect, cxr_time_t at, cxr_events_t *events,
    cxr_refusal_t *no)
{
    cxr_rma_by_t  by;

    static const uint8_t  random[32] = { 1, 2, 3 };

    memset(&by, 0, sizeof(by));
    by.kind = kind;
    by.actor = cxr_str("someone");
    by.policy = &w->shop->policy;
    by.random = random;
    by.expect = expect;
    by.now = at;

    return cxr_rma_act(&w->order, rma, act, &by, w->a, events, no);
}


static inline void
world_decide(world_t *w, cxr_rma_t *rma, unsigned verb,
    const char *reason, cxr_strs_t lines, cxr_time_t at)
{
    cxr_events_t   events = { NULL, 0 };
    cxr_refusal_t  no;
    cxr_rma_act_t  act;

    memset(&no, 0, sizeof(no));
    memset(&act, 0, sizeof(act));
    act.rma = rma->id;
    act.verb = (uint8_t) verb;
    act.reason = cxr_strz(reason);
    act.lines = lines;

    if (world_act(w, rma, &act, CXR_ACTOR_STAFF, 0, at, &events, &no)
        != CXR_OK)
    {
        fail_msg("refused: %s", no.code);
    }

    world_apply(w, rma, &events, at, CXR_ACTOR_STAFF, "staff:ayse");
}


/* "q.0=2&r.0=other": pairs without any decoding; "" for none. */
static inline size_t
world_pairs(world_t *w, const char *text, cxr_pair_t *pairs, size_t max)
{
    size_t  n = 0, len, eq;

    while (*text && n < max) {
        len = strcspn(text, "&");
        eq = strcspn(text, "=");
        assert_true(eq < len);
        assert_int_equal(cxr_str_dup(w->a, cxr_strn(text, eq),
                                     &pairs[n].name), CXR_OK);
        assert_int_equal(cxr_str_dup(w->a, cxr_strn(text + eq + 1,
                                                    len - eq - 1),
                                     &pairs[n].value), CXR_OK);
        n++;
        text += len + (text[len] == '&');
    }

    return n;
}


static inline void
world_form(world_t *w, const char *text, cxr_portal_form_t *form)
{
    size_t      n;
    cxr_pair_t  pairs[64];

    n = world_pairs(w, text, pairs, 64);
    assert_int_equal(cxr_portal_form_parse(pairs, n, &w->order, w->a, form),
                     CXR_OK);
}


static inline cxr_view_page_t *
world_page(world_t *w, unsigned lang, const char *title_key, const char *self)
{
    cxr_view_page_t  *page;

    assert_int_equal(cxr_view_page(w->ctx[lang],
                                   cxr_lang_text(w->ctx[lang]->lang,
                                                 cxr_strz(title_key)),
                                   cxr_strz(self), w->a, &page),
                     CXR_OK);

    return page;
}


static inline cxr_portal_t *
world_portal(world_t *w, unsigned lang, const char *title_key)
{
    world_judge(w);

    w->portal.ctx = w->ctx[lang];
    w->portal.page = world_page(w, lang, title_key, "/returns/o/tok");
    w->portal.arena = w->a;
    w->portal.now = w->now;
    w->portal.url = cxr_str("/returns/o/tok");
    w->portal.order = &w->order;
    w->portal.judgements = w->judgements;
    w->portal.products = w->products;
    w->portal.nproducts = 1;
    w->portal.track_url = cxr_str("/tr/track/t/tok");
    w->portal.flow = cxr_str("flow-0123456789abcdef");

    return &w->portal;
}


/* The page as text, NUL-terminated, until the next render. */
static inline const char *
world_render(world_t *w, unsigned lang, const char *name,
    const cxr_type_t *type, const void *view)
{
    cxr_rc_t         rc;
    cxr_diag_t       d;
    cxr_template_t  *tpl = NULL;

    memset(&d, 0, sizeof(d));
    rc = cxr_template_compile(w->set, name, w->ctx[lang]->lang, type, &tpl,
                              &d);
    if (rc != CXR_OK) {
        fail_msg("%s:%u:%u: %s: %s", d.file, d.line, d.column, d.where,
                 d.text);
    }

    cxr_buf_reset(&w->page);
    assert_int_equal(cxr_template_render(tpl, view, &w->page), CXR_OK);
    cxr_buf_addc(&w->page, '\0');
    assert_true(cxr_buf_ok(&w->page));
    cxr_template_free(tpl);

    return w->page.data;
}


static inline int
world_open(void **state)
{
    unsigned     i;
    size_t       n = 0;
    world_t     *w;
    cxr_diag_t   d, diags[8];

    static const char *const  dirs[] = { "html/templates" };
    static const char *const  langs[2] = { "tr", "en" };

    w = calloc(1, sizeof(*w));
    assert_non_null(w);
    w->a = cxr_arena_create(WORLD_ARENA);
    assert_non_null(w->a);
    memset(&d, 0, sizeof(d));
    memset(diags, 0, sizeof(diags));

    if (cxr_shop_parse(cxr_strz(world_shop), cxr_str("kahve-gurusu"), "shop",
                       w->a, &w->shop, diags, 8, &n)
        != CXR_OK)
    {
        fail_msg("%s: %s", diags[0].where, diags[0].text);
    }

    if (cxr_catalog_load("html/i18n", &w->cat, &d) != CXR_OK
        || cxr_templates_open(dirs, 1, &w->set, &d) != CXR_OK)
    {
        fail_msg("%s:%u: %s: %s", d.file, d.line, d.where, d.text);
    }

    for (i = 0; i < 2; i++) {
        if (cxr_view_ctx_make(w->shop, w->cat,
                              cxr_catalog_lang(w->cat, cxr_strz(langs[i])),
                              cxr_str("/assets/cx.css"),
                              cxr_str("/assets/brand.css"), w->a, &w->ctx[i],
                              &d)
            != CXR_OK)
        {
            fail_msg("%s: %s", d.where, d.text);
        }
    }

    cxr_buf_init(&w->page, WORLD_PAGE);
    world_order(w);
    world_judge(w);

    *state = w;

    return 0;
}


static inline int
world_close(void **state)
{
    world_t  *w = *state;

    cxr_buf_free(&w->page);
    cxr_templates_close(w->set);
    cxr_catalog_free(w->cat);
    cxr_shop_free(w->shop);
    cxr_arena_destroy(w->a);
    free(w);

    return 0;
}

#endif /* _PAGE_WORLD_H_INCLUDED_ */
