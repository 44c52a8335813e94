
/*
 * Orders and products from JSON: every fault by its pointer; and what a shop
 * may change of an order that has RMAs.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_order.h"
#include "cxr_policy.h"


static cxr_arena_t  *arena;


static const char  smallest[] =
    "{\"number\":\"KG-1001\",\"placed_at\":\"2026-11-02T09:14:00Z\","
    "\"currency\":\"TRY\",\"locale\":\"tr\","
    "\"discount_codes\":[\"YAZ25\"],"
    "\"person\":{\"name\":\"Ayşe Yılmaz\",\"email\":\"ayse@example.com\","
    "\"phone\":\"+905550000000\"},"
    "\"ship_to\":{\"country\":\"TR\",\"postcode\":\"34394\","
    "\"city\":\"İstanbul\"},"
    "\"lines\":[{\"line\":\"1\",\"sku\":\"ETH-YIRG-250\","
    "\"title\":\"Etiyopya Yirgacheffe\",\"variant\":\"250 g / Filtre\","
    "\"quantity\":2,\"unit_price\":42000,\"discount\":0,\"tax\":7636,"
    "\"image\":\"https://kahvegurusu.example/yirg.jpg\",\"tags\":[\"kahve\"],"
    "\"final_sale\":false,\"product\":\"ETH-YIRG\"}],"
    "\"shipments\":[{\"carrier\":\"yurtici\",\"number\":\"1234 5678 9012\","
    "\"lines\":[\"1\"]}]}";


static int
setup(void **state)
{
    arena = cxr_arena_create(16 * 1024 * 1024);
    return arena == NULL;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    return 0;
}


static cxr_rc_t
read_order(const char *text, cxr_order_t *o, cxr_person_t *p,
    cxr_json_faults_t *f)
{
    json_t      *json;
    cxr_rc_t     rc;
    cxr_diag_t   d;

    memset(f, 0, sizeof(*f));

    if (cxr_json_parse(cxr_strz(text), &json, &d) != CXR_OK) {
        fail_msg("%s: %s", d.text, text);
    }

    rc = cxr_order_from_json(json, arena, o, p, f);
    json_decref(json);

    return rc;
}


/* The smallest order with one piece of its text put in another's place. */

static const char *
with(const char *old, const char *new)
{
    cxr_str_t    s;
    const char  *at;

    at = strstr(smallest, old);
    assert_non_null(at);

    s = cxr_sprintf(arena, "%.*s%s%s", (int) (at - smallest), smallest, new,
                    at + strlen(old));

    return cxr_strz_dup(arena, s);
}


static void
test_read(void **state)
{
    cxr_jw_t           w;
    cxr_buf_t          buf;
    cxr_order_t        o, again;
    cxr_person_t       p, q;
    const char        *text;
    char              *cut;
    cxr_json_faults_t  f;

    assert_int_equal(read_order(smallest, &o, &p, &f), CXR_OK);

    assert_true(cxr_str_is(o.number, "KG-1001"));
    assert_int_equal(o.placed_at, 1793610840000);
    assert_true(cxr_str_is(o.country, "TR"));
    assert_int_equal(o.discount_codes.n, 1);
    assert_true(cxr_str_is(o.discount_codes.items[0], "YAZ25"));
    assert_int_equal(o.person.len, 0);
    assert_true(cxr_str_is(p.name, "Ayşe Yılmaz"));
    assert_true(cxr_str_is(p.postcode, "34394"));
    assert_int_equal(o.lines.n, 1);
    assert_int_equal(o.lines.items[0].quantity, 2);
    assert_int_equal(cxr_order_line_paid(&o.lines.items[0]), 84000);
    assert_true(cxr_str_is(o.parcels.items[0].number, "123456789012"));

    /* what is written reads as the same order again, but for "state" */

    cxr_buf_init(&buf, 65536);
    cxr_jw_init(&w, &buf);
    cxr_order_to_json(&o, &p, &w);
    assert_true(cxr_buf_ok(&buf));
    text = cxr_strz_dup(arena, cxr_buf_str(&buf));
    cut = strstr(text, ",\"state\":");
    assert_non_null(cut);
    strcpy(cut, "}");

    assert_int_equal(read_order(text, &again, &q, &f), CXR_OK);
    assert_true(cxr_rec_equal(&cxr_order_type, &o, &again));
    assert_true(cxr_rec_equal(&cxr_person_type, &p, &q));

    cxr_buf_reset(&buf);
    cxr_jw_init(&w, &buf);
    cxr_order_to_json(&o, NULL, &w);
    text = cxr_strz_dup(arena, cxr_buf_str(&buf));
    assert_null(strstr(text, "ayse"));
    assert_null(strstr(text, "34394"));
    cxr_buf_free(&buf);
}


typedef struct {
    const char  *old;
    const char  *new;
    const char  *pointer;
} fault_t;


static const fault_t  order_faults[] = {
    { "\"KG-1001\"", "\"--\"", "/number" },
    { "\"KG-1001\"", "7", "/number" },
    { "\"number\":\"KG-1001\",", "", "/number" },
    { "2026-11-02T09:14:00Z", "yesterday", "/placed_at" },
    { "\"TRY\"", "\"XYZ\"", "/currency" },
    { "\"TRY\"", "\"try\"", "/currency" },
    { "\"locale\":\"tr\"", "\"locale\":\"t!\"", "/locale" },
    { "\"locale\":\"tr\"", "\"chanel\":\"web\"", "/chanel" },
    { "\"locale\":\"tr\"", "\"channel\":\"Web shop\"", "/channel" },
    { "[\"YAZ25\"]", "[\"A\",\"\"]", "/discount_codes/1" },
    { "[\"YAZ25\"]", "\"A\"", "/discount_codes" },
    { "ayse@example.com", "ayse", "/person/email" },
    { "\"phone\":", "\"mobile\":", "/person/mobile" },
    { "\"country\":\"TR\"", "\"country\":\"tr\"", "/ship_to/country" },
    { "\"country\":\"TR\",", "", "/ship_to/country" },
    { "\"34394\"", "\"---\"", "/ship_to/postcode" },
    { "\"quantity\":2", "\"quantity\":0", "/lines/0/quantity" },
    { "\"quantity\":2", "\"quantity\":10000", "/lines/0/quantity" },
    { "\"quantity\":2", "\"quantity\":1.5", "/lines/0/quantity" },
    { "42000", "-1", "/lines/0/unit_price" },
    { "42000", "1000000000000000", "/lines/0/unit_price" },
    { "\"discount\":0", "\"discount\":84001", "/lines/0/discount" },
    { "7636", "84001", "/lines/0/tax" },
    { "\"discount\":0,\"tax\":7636", "\"discount\":84000,\"tax\":1",
      "/lines/0/tax" },
    { "https://kahvegurusu.example/", "http://kahvegurusu.example/",
      "/lines/0/image" },
    { "https://kahvegurusu.example/", "//evil.example/", "/lines/0/image" },
    { "https://kahvegurusu.example/", "javascript:", "/lines/0/image" },
    { "https://kahvegurusu.example/", "/\\\\evil.example/", "/lines/0/image" },
    { "\"line\":\"1\"", "\"line\":\"\"", "/lines/0/line" },
    { "\"lines\":[\"1\"]", "\"lines\":[\"2\"]", "/shipments/0/lines/0" },
    { "1234 5678 9012", "1234?", "/shipments/0/number" },
    { "\"yurtici\"", "\"Yurtiçi\"", "/shipments/0/carrier" },
    { "\"final_sale\":false", "\"final_sale\":\"no\"", "/lines/0/final_sale" },
    { "[\"kahve\"]", "[\"\"]", "/lines/0/tags/0" },
    { "\"product\":\"ETH-YIRG\"}]", "\"product\":\"ETH-YIRG\"},"
      "{\"line\":\"1\",\"sku\":\"A\",\"title\":\"A\",\"quantity\":1,"
      "\"unit_price\":1}]", "/lines/1/line" },
    { "\"product\":\"ETH-YIRG\"}]", "\"product\":\"ETH-YIRG\"},"
      "{\"line\":\"2\",\"sku\":\"A\",\"title\":\"A\",\"quantity\":1,"
      "\"unit_price\":1000000000000000}]", "/lines" },
    { "[{\"carrier\"", "[{\"carrier\":\"yurtici\",\"number\":\"123456789012\"},"
      "{\"carrier\"", "/shipments/1/number" },
};


static void
test_faults(void **state)
{
    size_t             i;
    cxr_order_t        o;
    cxr_person_t       p;
    const char        *text;
    cxr_json_faults_t  f;

    for (i = 0; i < cxr_nelts(order_faults); i++) {
        text = with(order_faults[i].old, order_faults[i].new);

        assert_int_equal(read_order(text, &o, &p, &f), CXR_INVALID);

        if (strcmp(f.faults[0].pointer, order_faults[i].pointer) != 0) {
            fail_msg("%s: \"%s\" %s", order_faults[i].new,
                     f.faults[0].pointer, f.faults[0].text);
        }

        assert_in_range(f.total, 1, 2);   /* a shipment may name what is gone */
        assert_true(f.faults[0].text[0] != '\0');
    }

    /* all faults in one answer */

    assert_int_equal(read_order("{\"number\":\"\",\"lines\":[]}", &o, &p, &f),
                     CXR_INVALID);
    assert_int_equal(f.total, 5);

    assert_int_equal(read_order("[]", &o, &p, &f), CXR_INVALID);
}


static void
test_limits(void **state)
{
    size_t             i;
    cxr_buf_t          buf;
    cxr_order_t        o;
    cxr_person_t       p;
    cxr_json_faults_t  f;

    cxr_buf_init(&buf, 1 << 20);
    cxr_buf_addz(&buf, "{\"number\":\"1\",\"placed_at\":"
                 "\"2026-11-02T09:14:00Z\",\"currency\":\"TRY\","
                 "\"ship_to\":{\"country\":\"TR\"},\"lines\":[");

    for (i = 0; i <= CXR_ORDER_LINES_MAX; i++) {
        cxr_buf_addf(&buf, "%s{\"line\":\"%zu\",\"sku\":\"A\",\"title\":\"A\","
                     "\"quantity\":1,\"unit_price\":1}", i ? "," : "", i);
    }

    cxr_buf_addz(&buf, "]}");
    assert_int_equal(read_order(cxr_strz_dup(arena, cxr_buf_str(&buf)), &o, &p,
                                &f), CXR_INVALID);
    assert_string_equal(f.faults[0].pointer, "/lines");
    assert_non_null(strstr(f.faults[0].text, "200"));
    cxr_buf_free(&buf);
}


static void
test_share(void **state)
{
    cxr_money_t       paid, tax, all, all_tax;
    unsigned          i;
    cxr_order_line_t  l;

    memset(&l, 0, sizeof(l));
    l.quantity = 3;
    l.unit_price = 3334;
    l.discount = 2;
    l.tax = 1000;

    assert_int_equal(cxr_order_line_paid(&l), 10000);
    assert_false(cxr_order_line_share(&l, 4, &paid, &tax));
    assert_true(cxr_order_line_share(&l, 0, &paid, &tax));
    assert_int_equal(paid, 0);

    all = 0;
    all_tax = 0;

    for (i = 0; i < 3; i++) {
        assert_true(cxr_order_line_share(&l, 1, &paid, &tax));
        assert_in_range(paid, 3333, 3334);
        l.returning++;
        l.returning_paid += paid;
        l.returning_tax += tax;
        all += paid;
        all_tax += tax;
    }

    assert_int_equal(all, 10000);
    assert_int_equal(all_tax, 1000);
    assert_false(cxr_order_line_share(&l, 1, &paid, &tax));
}


static void
test_put(void **state)
{
    cxr_order_t        o, s;
    cxr_person_t       p;
    cxr_events_t       ev;
    cxr_refusal_t      no;
    cxr_json_faults_t  f;

    memset(&s, 0, sizeof(s));
    memset(&ev, 0, sizeof(ev));

    assert_int_equal(read_order(smallest, &o, &p, &f), CXR_OK);
    assert_int_equal(cxr_order_put(NULL, &o, 5, arena, &ev, &no), CXR_OK);
    assert_int_equal(ev.n, 1);
    assert_true(ev.items[0].fresh);
    assert_true(cxr_str_is(ev.items[0].id, "KG1001"));
    assert_int_equal(cxr_order_apply_put(&s, &ev.items[0], 77, arena), CXR_OK);
    assert_int_equal(s.revision, 1);
    assert_int_equal(s.created_at, 77);

    memset(&ev, 0, sizeof(ev));
    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_OK);
    assert_int_equal(ev.n, 0);

    /* another order that only dashes tell apart does not write over this one */

    assert_int_equal(read_order(with("\"KG-1001\"", "\"KG-10-01\""), &o, &p,
                                &f), CXR_OK);
    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_REFUSED);
    assert_string_equal(no.code, "number_taken");

    /* without an RMA the shop may correct what it likes */

    assert_int_equal(read_order(with("\"TRY\"", "\"EUR\""), &o, &p, &f),
                     CXR_OK);
    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_OK);
    assert_int_equal(ev.n, 1);

    /* one unit in an RMA */

    s.lines.items[0].returning = 1;
    s.lines.items[0].returning_paid = 42000;
    s.lines.items[0].returning_tax = 3818;
    s.rmas.items = cxr_calloc(arena, 1, sizeof(cxr_str_t));
    s.rmas.n = 1;
    s.rmas.items[0] = cxr_str("R-0000-0000");

    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_REFUSED);
    assert_string_equal(no.code, "currency_changed");

    read_order(with("\"line\":\"1\"", "\"line\":\"9\""), &o, &p, &f);
    o.parcels.n = 0;
    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_REFUSED);
    assert_string_equal(no.code, "line_in_return");

    read_order(with("42000", "20000"), &o, &p, &f);
    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_REFUSED);
    assert_string_equal(no.where, "/lines/0");
    assert_int_equal(no.have, 42000);

    /* down to what is in the RMA, and what is derived stays */

    memset(&ev, 0, sizeof(ev));
    read_order(with("\"quantity\":2", "\"quantity\":1"), &o, &p, &f);
    assert_int_equal(cxr_order_put(&s, &o, 5, arena, &ev, &no), CXR_OK);
    assert_int_equal(ev.items[0].expect, 1);
    assert_int_equal(((const cxr_order_t *) ev.items[0].body)
                     ->lines.items[0].returning, 0);
    assert_int_equal(cxr_order_apply_put(&s, &ev.items[0], 78, arena), CXR_OK);
    assert_int_equal(s.lines.items[0].returning, 1);
    assert_int_equal(s.rmas.n, 1);
    assert_int_equal(s.created_at, 77);
    assert_int_equal(s.updated_at, 78);
    assert_int_equal(s.revision, 2);
}


static void
test_product(void **state)
{
    size_t             i;
    json_t            *json;
    cxr_diag_t         d;
    cxr_product_t      p, s;
    cxr_events_t       ev;
    cxr_json_faults_t  f;

    static const struct { const char *text, *pointer; }  bad[] = {
        { "{\"id\":\"E\",\"title\":\"E\",\"currency\":\"TRY\",\"variants\":["
          "{\"sku\":\"a\",\"title\":\"a\",\"price\":1,\"stock\":-1}]}",
          "/variants/0/stock" },
        { "{\"id\":\"E\",\"title\":\"E\",\"currency\":\"TRY\",\"variants\":["
          "{\"sku\":\"a\",\"title\":\"a\",\"price\":1,\"stock\":1},"
          "{\"sku\":\"a\",\"title\":\"b\",\"price\":1,\"stock\":1}]}",
          "/variants/1/sku" },
        { "{\"id\":\"E\",\"title\":\"E\",\"currency\":\"\",\"variants\":[]}",
          "/currency" },
        { "{\"id\":\"E\",\"title\":\"E\",\"currency\":\"TRY\",\"variants\":[],"
          "\"price\":3}", "/price" },
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        memset(&f, 0, sizeof(f));
        assert_int_equal(cxr_json_parse(cxr_strz(bad[i].text), &json, &d),
                         CXR_OK);
        assert_int_equal(cxr_product_from_json(json, arena, &p, &f),
                         CXR_INVALID);
        assert_string_equal(f.faults[0].pointer, bad[i].pointer);
        json_decref(json);
    }

    memset(&f, 0, sizeof(f));
    assert_int_equal(cxr_json_parse(cxr_str(
        "{\"id\":\"ETH\",\"title\":\"E\",\"currency\":\"TRY\",\"variants\":["
        "{\"sku\":\"a\",\"title\":\"a\",\"price\":1,\"stock\":4}]}"), &json,
        &d), CXR_OK);
    assert_int_equal(cxr_product_from_json(json, arena, &p, &f), CXR_OK);
    json_decref(json);

    memset(&s, 0, sizeof(s));
    memset(&ev, 0, sizeof(ev));
    assert_int_equal(cxr_product_put(NULL, &p, 1, arena, &ev, NULL), CXR_OK);
    assert_int_equal(cxr_product_apply(&s, &ev.items[0], 9, arena), CXR_OK);
    assert_int_equal(s.variants.items[0].stock, 4);
    assert_int_equal(s.revision, 1);

    memset(&ev, 0, sizeof(ev));
    assert_int_equal(cxr_product_put(&s, &p, 1, arena, &ev, NULL), CXR_OK);
    assert_int_equal(ev.n, 0);
}


/* Every stored type has an id of its own and every event a body. */

static void
test_types(void **state)
{
    size_t             i;
    unsigned           kind;
    const cxr_type_t  *t;

    for (i = 0; cxr_stored_types[i] != NULL; i++) {
        t = cxr_stored_types[i];
        assert_ptr_equal(cxr_stored_type(t->id), t);
    }

    assert_int_equal(i, cxr_stored_types[i - 1]->id);
    assert_null(cxr_stored_type(0));
    assert_null(cxr_stored_type(999));

    for (kind = 1; cxr_event_names[kind] != NULL; kind++) {
        assert_non_null(cxr_event_body(kind));
    }

    assert_null(cxr_event_body(0));
    assert_null(cxr_event_body(kind));
    assert_string_equal(cxr_event_names[CXR_EV_ORDER_PUT], "order.put");
    assert_string_equal(cxr_outcome_names[CXR_OUT_KEEP_ITEM], "keep_item");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_put),
        cmocka_unit_test(test_product),
        cmocka_unit_test(test_types)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
