
/*
 * A shop's file: the one that comes with the module, and every mistake with
 * the line it stands on.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_shop.h"

#define SHOP_FILE  "conf/shops/kahve-gurusu.json"


static cxr_arena_t  *arena;
static char         *text;


static int
setup(void **state)
{
    json_t  *json;

    arena = cxr_arena_create(16 * 1024 * 1024);

    if (arena == NULL
        || cxr_json_load(SHOP_FILE, 65536, &json, &text, NULL) != CXR_OK)
    {
        return 1;
    }

    json_decref(json);

    return 0;
}


static int
teardown(void **state)
{
    free(text);
    cxr_arena_destroy(arena);
    return 0;
}


static void
test_file(void **state)
{
    size_t                n;
    cxr_diag_t            diags[4];
    cxr_shop_t           *shop;
    const cxr_transit_t  *t;

    assert_int_equal(cxr_shop_load(SHOP_FILE, arena, &shop, diags, 4, &n),
                     CXR_OK);
    assert_int_equal(n, 0);
    assert_true(cxr_str_is(shop->id, "kahve-gurusu"));
    assert_int_equal(shop->key, cxr_shop_key(cxr_str("kahve-gurusu")));
    assert_true(cxr_str_is(shop->name, "Kahve Gurusu"));
    assert_int_equal(shop->languages.n, 2);
    assert_string_equal(cxr_tz_name(shop->tz), "Europe/Istanbul");
    assert_true(cxr_str_is(cxr_shop_carrier_name(shop, cxr_str("yurtici")),
                           "Yurtiçi Kargo"));
    assert_true(cxr_str_is(cxr_shop_carrier_name(shop, cxr_str("ptt")), "ptt"));
    assert_int_equal(shop->policy.window_days, 14);
    assert_int_equal(shop->policy.fallback_days, 5);
    assert_int_equal(shop->policy.review_above, 150000);
    assert_int_equal(shop->policy.outcomes, 3);
    assert_int_equal(shop->policy.version.len, 16);
    assert_int_equal(shop->policy.release[CXR_OUT_REFUND],
                     CXR_RELEASE_RECEIVED);
    assert_int_equal(shop->policy.release[CXR_OUT_EXCHANGE],
                     CXR_RELEASE_FIRST_SCAN);
    assert_int_equal(shop->policy.reasons.n, 8);
    assert_true(cxr_policy_reason(&shop->policy, cxr_str("damaged"))->review);
    assert_null(cxr_policy_reason(&shop->policy, cxr_str("whim")));

    t = cxr_shop_transit(&shop->tracking, cxr_str("TR"), cxr_str("yurtici"));
    assert_non_null(t);
    assert_int_equal(t->from, 1);
    assert_int_equal(t->to, 3);
    assert_int_equal(t->handling, 1);
    assert_int_equal(t->cutoff, 14 * 60);
    assert_ptr_equal(cxr_shop_transit(&shop->tracking, cxr_str("TR"),
                                      CXR_STR_NONE), t);
    assert_null(cxr_shop_transit(&shop->tracking, cxr_str("DE"),
                                 cxr_str("yurtici")));
    assert_null(cxr_shop_transit(&shop->tracking, CXR_STR_NONE,
                                 cxr_str("yurtici")));
    assert_true(cxr_str_is(shop->carriers.items[0].phone, "444 99 99"));

    cxr_shop_free(shop);
    cxr_shop_free(NULL);

    /* FNV-1a's own test values */

    assert_int_equal(cxr_shop_key(CXR_STR_NONE), 0x811c9dc5u);
    assert_int_equal(cxr_shop_key(cxr_str("foobar")), 0xbf9cf968u);
}


static const struct {
    const char  *old;
    const char  *new;
    const char  *where;
    const char  *wants;     /* a piece of the text */
} mistakes[] = {
    { "\"name\": \"Kahve Gurusu\",", "", "/name", "required" },
    { "\"currency\"", "\"curency\"", "/currency", "required" },
    { "\"hours\"", "\"hours_text\"", "/support/hours_text", "not known" },
    { "kahvegurusu.example\",", "kahvegurusu.example/\",", "/origin", "slash" },
    { "\"https://www.", "\"ftp://www.", "/home", "https://" },
    { "\"/returns/\"", "\"/returns\"", "/portal", "/returns/" },
    { "\"/track/\"", "\"/tr//ack/\"", "/track", "slash" },
    { "\"/staff/\"", "\"/returns/\"", "/staff", "portal" },
    { "\"KG-1001\"", "\"- - -\"", "/order_example", "order number" },
    { "[\"tr\", \"en\"]", "[]", "/languages", "at least one" },
    { "[\"tr\", \"en\"]", "[\"TR\", \"en\"]", "/languages", "lower case" },
    { "[\"tr\", \"en\"]", "[\"tr\", \"tr\"]", "/languages", "once" },
    { "\"TRY\"", "\"TL\"", "/currency", "ISO 4217" },
    { "\"cutoff\": \"14:00\"", "\"cutoff\": \"24:00\"",
      "/tracking/transit/0/cutoff", "15:00" },
    { "\"cutoff\": \"14:00\"", "\"cutoff\": \"9:00\"",
      "/tracking/transit/0/cutoff", "15:00" },
    { "\"tag\": \"kavruluyor\",", "", "/tracking/stages/0/tag", "required" },
    { "\"en\": \"Your coffee is being", "\"de\": \"Your coffee is being",
      "/tracking/stages/0/headline/en", "required" },
    { "\"to\": 3", "\"to\": 0", "/tracking/transit/0/to", "less" },
    { "\"to\": 3", "\"to\": 91", "/tracking/transit/0/to", "90" },
    { "\"countries\": [\"TR\"],", "\"countries\": [\"tr\"],",
      "/tracking/transit/0/countries", "ISO 3166-1" },
    { "\"handling\": 1", "\"handing\": 1", "/tracking/transit/0/handing",
      "not known" },
    { "\"phone\": \"444 99 99\"", "\"phone\": \"call us\"",
      "/carriers/0/phone", "telephone" },
    { "Europe/Istanbul", "Europe/Stamboul", "/time_zone", "Europe/Istanbul" },
    { "\"#7a3b12\"", "\"7a3b12\"", "/brand/accent", "#7a3b12" },
    { "\"#2a1405\"", "\"#2a14056\"", "/brand/on_accent_dark", "colour" },
    { "\"on_accent\": \"#ffffff\"", "\"on_accent\": \"#8a5a3a\"",
      "/brand/on_accent", "4.5 to 1" },
    { "\"phone\": \"+90 212 555 01 42\"", "\"phone\": \"call me\"",
      "/support/phone", "digits" },
    { "\"accent\": \"#7a3b12\"",
      "\"paper\": \"#8a8a8a\", \"accent\": \"#7a3b12\"", "/brand/paper",
      "lighter" },
    { "\"accent\": \"#7a3b12\"",
      "\"paper_dark\": \"#555\", \"accent\": \"#7a3b12\"",
      "/brand/paper_dark", "colour" },
    { "\"accent\": \"#7a3b12\"",
      "\"paper_dark\": \"#777777\", \"accent\": \"#7a3b12\"",
      "/brand/paper_dark", "darker" },
    { "\"accent_dark\": \"#e9b98a\",\n        \"on_accent_dark\"",
      "\"on_accent_dark\"", "/brand/on_accent_dark", "accent_dark" },
    { "\"on_accent_dark\": \"#2a1405\"", "\"on_accent_dark\": \"#ffffff\"",
      "/brand/on_accent_dark", "contrast" },
    { "\"tagline\"", "\"corners\": \"oval\", \"tagline\"", "/brand/corners",
      "sharp" },
    { "\"tagline\"", "\"logo_dark\": \"/l.svg\", \"tagline\"",
      "/brand/logo_dark", "logo" },
    { "\"tagline\"", "\"text_face\": \"Comic Sans\", \"tagline\"",
      "/brand/text_face", "humanist" },
    { "\"currency\":", "\"retention\": { \"person_days\": 7 }, \"currency\":",
      "/retention/person_days", "30" },
    { "\"currency\":", "\"retention\": {}, \"currency\":",
      "/retention/person_days", "required" },
    { "\"url\": \"https://www.kahvegurusu.example/gizlilik\"",
      "\"url\": \"javascript:alert(1)\"", "/legal/1/url", "https://" },
    { "\"status\": \"out_for_delivery\",", "\"status\": \"near\",",
      "/messages/0/status", "out_for_delivery" },
    { "\"reason\": \"none\",", "\"reason\": \"late\",",
      "/messages/0/reason", "customs" },
    { "\"statuses\": [\"delivered\"]", "\"statuses\": [\"arrived\"]",
      "/offers/0/statuses", "arrived" },
    { "\"id\": \"filtre-kagidi\",",
      "\"id\": \"f\", \"from\": \"2026-02-30\",", "/offers/0/from",
      "2026-11-21" },
    { "\"id\": \"filtre-kagidi\",", "\"id\": \"f\", \"from\": \"2026-03-02\","
      "\"until\": \"2026-03-01\",", "/offers/0/until", "before" },
    { "\"products\": [", "\"products\": [{},",
      "/offers/0/products/0/title", "required" },
    { "destek@", "destek", "/support/email", "e-mail" },
    { "\"902125550142\"", "\"+902125550142\"", "/support/whatsapp", "digits" },
    { "\"yurtici\"", "\"Yurtiçi\"", "/carriers/0/carrier", "a-z" },
    { "code={number}", "code=", "/carriers/0/url", "{number}" },
    { "\"carrier\": \"usps\"", "\"carrier\": \"ups\"", "/carriers/2/carrier",
      "differ" },
    { "\"country\": \"TR\"", "\"country\": \"Türkiye\"", "/warehouse/country",
      "" },
    { "\"window_days\": 14", "\"window_days\": 3651", "/policy/window_days",
      "3650" },
    { "\"window_days\": 14,", "", "/policy/window_days", "required" },
    { "[\"refund\", \"exchange\"]", "[\"refund\", \"cash\"]",
      "/policy/outcomes", "exchange" },
    { "[\"refund\", \"exchange\"]", "[]", "/policy/outcomes", "at least one" },
    { "\"label_days\": 30", "\"label_days\": 0", "/policy/label_days", "180" },
    { "\"refund\": \"received\"", "\"refund\": \"never\"",
      "/policy/release/refund", "first_scan" },
    { "\"exchange\": \"first_scan\"", "\"exchange\": \"none\"",
      "/policy/release/exchange", "on_submit" },
    { "\"exchange\": \"first_scan\"", "\"voucher\": \"first_scan\"",
      "/policy/release/voucher", "" },
    { "{ \"refund\": \"received\", \"exchange\": \"first_scan\" }",
      "\"received\"", "/policy/release", "object" },
    { "\"review_above\": 150000", "\"review_above\": -1",
      "/policy/review_above", "" },
    { "\"code\": \"wrong_grind\"", "\"code\": \"changed_mind\"",
      "/policy/reasons/1/code", "differ" },
    { "\"code\": \"wrong_item\"", "\"code\": \"Wrong item\"",
      "/policy/reasons/4/code", "a-z" },
    { "\"en\": \"I chose", "\"de\": \"I chose", "/policy/reasons/1/text/en",
      "required" },
    { "\"note\": true, \"review\"", "\"note\": 1, \"review\"",
      "/policy/reasons/3/note", "" },
};


/* The line of what was put in, or of the parent of what was taken out. */

static void
test_mistakes(void **state)
{
    size_t        i, n;
    unsigned      line;
    cxr_str_t     s;
    cxr_diag_t    diags[4];
    cxr_shop_t   *shop;
    const char   *at, *p;

    for (i = 0; i < cxr_nelts(mistakes); i++) {
        at = strstr(text, mistakes[i].old);
        assert_non_null(at);
        s = cxr_sprintf(arena, "%.*s%s%s", (int) (at - text), text,
                        mistakes[i].new, at + strlen(mistakes[i].old));

        for (line = 1, p = text; p < at; p++) {
            line += (*p == '\n');
        }

        assert_int_equal(cxr_shop_parse(s, cxr_str("kahve-gurusu"), "k.json",
                                        arena, &shop, diags, 4, &n),
                         CXR_INVALID);
        assert_null(shop);

        if (n == 0 || strcmp(diags[0].where, mistakes[i].where) != 0
            || strstr(diags[0].text, mistakes[i].wants) == NULL)
        {
            fail_msg("%s: %zu, \"%s\" %s", mistakes[i].new, n, diags[0].where,
                     diags[0].text);
        }

        assert_string_equal(diags[0].file, "k.json");

        if (strstr(diags[0].text, "required") == NULL) {
            assert_int_equal(diags[0].line, line);

        } else {
            assert_in_range(diags[0].line, 1, line);
        }
    }
}


static void
test_not_json(void **state)
{
    size_t       n;
    cxr_diag_t   d;
    cxr_shop_t  *shop;

    assert_int_equal(cxr_shop_parse(cxr_str("{\n\"name\": \n}"), cxr_str("a"),
                                    "a.json", arena, &shop, &d, 1, &n),
                     CXR_INVALID);
    assert_int_equal(n, 1);
    assert_int_equal(d.line, 3);
    assert_string_equal(d.file, "a.json");

    assert_int_equal(cxr_shop_parse(cxr_str("[]"), cxr_str("a"), "a.json",
                                    arena, &shop, &d, 1, &n), CXR_INVALID);
    assert_int_equal(n, 1);

    /* no more than fit are told */

    assert_int_equal(cxr_shop_parse(cxr_str("{}"), cxr_str("a"), "a.json",
                                    arena, &shop, &d, 1, &n), CXR_INVALID);
    assert_int_equal(n, 1);
    assert_int_equal(cxr_shop_parse(cxr_str("{}"), cxr_str("a"), "a.json",
                                    arena, &shop, NULL, 0, &n), CXR_INVALID);

    assert_int_equal(cxr_shop_parse(cxr_strz(text), cxr_str("Kahve Gurusu"),
                                    "a.json", arena, &shop, &d, 1, &n),
                     CXR_INVALID);
    assert_non_null(strstr(d.text, "shop's id"));

    assert_int_equal(cxr_shop_load("conf/shops/none.json", arena, &shop, &d, 1,
                                   &n), CXR_NOTFOUND);
    assert_string_equal(d.file, "conf/shops/none.json");
}


/* Another layout is the same policy; another number is another one. */

static void
test_version(void **state)
{
    char         *json2, *at;
    size_t        n;
    cxr_diag_t    d;
    cxr_shop_t   *one, *two;

    assert_int_equal(cxr_shop_parse(cxr_strz(text), cxr_str("k"), "k", arena,
                                    &one, &d, 1, &n), CXR_OK);

    json2 = cxr_strz_dup(arena, cxr_strz(text));
    at = strstr(json2, "\"window_days\": 14");
    assert_non_null(at);
    memcpy(at, "\"window_days\" :14", 17);
    assert_int_equal(cxr_shop_parse(cxr_strz(json2), cxr_str("k"), "k", arena,
                                    &two, &d, 1, &n), CXR_OK);
    assert_true(cxr_str_eq(one->policy.version, two->policy.version));
    cxr_shop_free(two);

    memcpy(at, "\"window_days\": 15", 17);
    assert_int_equal(cxr_shop_parse(cxr_strz(json2), cxr_str("k"), "k", arena,
                                    &two, &d, 1, &n), CXR_OK);
    assert_false(cxr_str_eq(one->policy.version, two->policy.version));
    cxr_shop_free(two);
    cxr_shop_free(one);
}


/* Who is shown an offer: every condition must hold, and what is not known of a
   page does not fit what asks for it. */

/* One for all languages, or one for each; half of them is a mistake. */
static void
test_tagline(void **state)
{
    char             *one;
    size_t            i, n;
    cxr_str_t         s;
    cxr_diag_t        d;
    cxr_shop_t       *shop;
    const char       *from, *to;

    static const struct {
        const char  *value;
        const char  *tr;        /* NULL: refused */
        const char  *en;
        const char  *where;
    } cases[] = {
        { "{ \"tr\": \"Taze\", \"en\": \"Fresh\" }", "Taze", "Fresh", "" },
        { "\"Taze\"", "Taze", "Taze", "" },
        { "null", "", "", "" },
        { "{ \"tr\": \"Taze\" }", NULL, NULL, "/brand/tagline/en" },
        { "{ \"tr\": \"a\", \"en\": \"b\", \"de\": \"c\" }", NULL, NULL,
          "/brand/tagline/de" },
        { "7", NULL, NULL, "/brand/tagline" },
        { "[\"Taze\"]", NULL, NULL, "/brand/tagline" },
    };

    (void) state;

    one = strstr(text, "\"tagline\": ");
    assert_non_null(one);
    from = one + strlen("\"tagline\": ");
    assert_int_equal(*from, '{');
    to = strchr(from, '}') + 1;

    for (i = 0; i < cxr_nelts(cases); i++) {
        s = cxr_sprintf(arena, "%.*s%s%s", (int) (from - text), text,
                        cases[i].value, to);

        if (cases[i].tr == NULL) {
            assert_int_equal(cxr_shop_parse(s, cxr_str("a"), "a.json", arena,
                                            &shop, &d, 1, &n), CXR_INVALID);
            assert_string_equal(d.where, cases[i].where);
            continue;
        }

        assert_int_equal(cxr_shop_parse(s, cxr_str("a"), "a.json", arena,
                                        &shop, &d, 1, &n), CXR_OK);
        assert_true(cxr_str_is(cxr_texts_in(&shop->brand.tagline,
                                            cxr_str("tr")), cases[i].tr));
        assert_true(cxr_str_is(cxr_texts_in(&shop->brand.tagline,
                                            cxr_str("en")), cases[i].en));

        /* an order's locale may say more; what is not there is the first */

        assert_true(cxr_str_is(cxr_texts_in(&shop->brand.tagline,
                                            cxr_str("EN-gb")), cases[i].en));
        assert_true(cxr_str_is(cxr_texts_in(&shop->brand.tagline,
                                            cxr_str("enm")), cases[i].tr));
        assert_true(cxr_str_is(cxr_texts_in(&shop->brand.tagline,
                                            CXR_STR_NONE), cases[i].tr));
        cxr_shop_free(shop);
    }
}


static void
test_offers(void **state)
{
    cxr_strs_t        tags, countries;
    cxr_str_t         tag, country, own;
    cxr_promo_t       offer;
    cxr_order_t       order;
    cxr_audience_t    to;
    cxr_order_line_t  line;

    (void) state;

    memset(&offer, 0, sizeof(offer));
    memset(&order, 0, sizeof(order));
    memset(&line, 0, sizeof(line));
    memset(&to, 0, sizeof(to));

    offer.from = 1000;
    offer.until = 2000;
    offer.statuses = 1u << CXR_SHIP_DELIVERED;
    to.now = 1000;
    to.status = CXR_SHIP_DELIVERED;

    assert_true(cxr_promo_fits(&offer, &to));
    to.now = 999;
    assert_false(cxr_promo_fits(&offer, &to));
    to.now = 2000;
    assert_true(cxr_promo_fits(&offer, &to));
    to.now = 2001;
    assert_false(cxr_promo_fits(&offer, &to));
    to.now = 1500;
    to.status = CXR_SHIP_IN_TRANSIT;
    assert_false(cxr_promo_fits(&offer, &to));
    to.status = CXR_SHIP_DELIVERED;

    country = cxr_str("TR");
    countries.items = &country;
    countries.n = 1;
    offer.countries = countries;
    assert_false(cxr_promo_fits(&offer, &to));
    to.order = &order;
    order.country = cxr_str("DE");
    assert_false(cxr_promo_fits(&offer, &to));
    order.country = cxr_str("TR");
    assert_true(cxr_promo_fits(&offer, &to));

    tag = cxr_str("espresso");
    tags.items = &tag;
    tags.n = 1;
    offer.tags = tags;
    assert_false(cxr_promo_fits(&offer, &to));
    own = cxr_str("espresso");
    line.tags.items = &own;
    line.tags.n = 1;
    order.lines.items = &line;
    order.lines.n = 1;
    assert_true(cxr_promo_fits(&offer, &to));
    order.tags = line.tags;
    order.lines.n = 0;
    assert_true(cxr_promo_fits(&offer, &to));
}


static void
test_messages(void **state)
{
    cxr_shop_message_t   m[2];
    cxr_shop_messages_t  list;

    (void) state;

    memset(m, 0, sizeof(m));
    m[0].status = CXR_SHIP_IN_TRANSIT;
    m[0].reason = CXR_WHY_CUSTOMS;
    m[1].status = CXR_SHIP_IN_TRANSIT;
    m[1].any_reason = true;
    list.items = m;
    list.n = 2;

    assert_ptr_equal(cxr_shop_message(&list, CXR_SHIP_IN_TRANSIT,
                                      CXR_WHY_CUSTOMS), &m[0]);
    assert_ptr_equal(cxr_shop_message(&list, CXR_SHIP_IN_TRANSIT,
                                      CXR_WHY_NONE), &m[1]);
    assert_null(cxr_shop_message(&list, CXR_SHIP_DELIVERED, CXR_WHY_NONE));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_not_json),
        cmocka_unit_test(test_version),
        cmocka_unit_test(test_tagline),
        cmocka_unit_test(test_offers),
        cmocka_unit_test(test_messages)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
