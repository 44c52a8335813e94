
/*
 * The tracking page's scans, and from the view through the real templates to
 * HTML.  Runs in the project's root.
 */

#include "page_track_kit.h"

#include <jansson.h>


/* The page is the same when the shop's own is folded into its template. */
static void
folded_alike(unsigned lang, const cxr_view_track_t *v, const cxr_buf_t *page)
{
    cxr_buf_t        b;
    cxr_template_t  *folded;

    assert_int_equal(cxr_template_fold(tpl[lang], &cxr_view_track_type,
                                       &cxr_view_page_type, &ctx[lang]->page,
                                       &folded), CXR_OK);

    cxr_buf_init(&b, 65536);
    assert_int_equal(cxr_template_render(folded, v, &b), CXR_OK);
    assert_int_equal(b.len, page->len);
    assert_memory_equal(b.data, page->data, b.len);

    cxr_buf_free(&b);
    cxr_template_free(folded);
}


static bool
has(const cxr_buf_t *b, const char *what)
{
    return memmem(b->data, b->len, what, strlen(what)) != NULL;
}


static void
test_fold(void **state)
{
    uint32_t          n;
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s;
    cxr_view_track_t  v;

    /* 4 scans are all shown: folding one away would save nothing */

    for (n = 0; n <= SCANS; n++) {
        sample(&s, scans);
        s.scans.n = n;
        v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");

        assert_int_equal(v.parcels.items[0].older_n, n > 4 ? n - 3 : 0);
        assert_int_equal(v.parcels.items[0].has_scans, n != 0);
    }
}


static void
test_order_of_scans(void **state)
{
    size_t            i, j, turn;
    cxr_buf_t         one, two;
    cxr_scan_t        scans[SCANS], mixed[SCANS];
    cxr_shipment_t    s;
    cxr_view_track_t  v;

    sample(&s, scans);
    scans[3].at = scans[2].at;                 /* a tie: by content           */

    cxr_buf_init(&one, 65536);
    cxr_buf_init(&two, 65536);

    for (turn = 0; turn < SCANS; turn++) {
        for (i = 0; i < SCANS; i++) {
            j = turn % 2 ? SCANS - 1 - i : i;
            mixed[(j + turn) % SCANS] = scans[i];
        }

        s.scans.items = mixed;
        v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
        cxr_buf_reset(&two);
        assert_int_equal(cxr_template_render(tpl[0], &v, &two), CXR_OK);

        if (turn == 0) {
            cxr_buf_adds(&one, cxr_buf_str(&two));
        }

        assert_int_equal(one.len, two.len);
        assert_memory_equal(one.data, two.data, one.len);
    }

    cxr_buf_free(&one);
    cxr_buf_free(&two);
}


static void
test_html(void **state)
{
    unsigned            lang;
    cxr_buf_t           b;
    cxr_scan_t          scans[SCANS];
    cxr_shipment_t      s;
    cxr_track_in_t      in;
    cxr_view_track_t    v;
    cxr_track_parcel_t  parcel = { NULL };

    static const cxr_track_good_t  goods[] = {
        { cxr_str_init("Etiyopya <Yirgacheffe>"), cxr_str_init("250 g"),
          cxr_str_init("/demo/beans-light.svg"), 2 },
        { cxr_str_init("Tuzak"), cxr_str_init(""),
          cxr_str_init("javascript:alert(1)"), 1 }
    };

    sample(&s, scans);
    scans[5].text = cxr_str("<script>alert('x')</script> & \"son\"");
    scans[5].place = cxr_str("<img src=x onerror=alert(1)>");
    s.number = cxr_str("\"><svg/onload=1>");
    s.service = cxr_str("<b>hızlı</b>");

    memset(&in, 0, sizeof(in));
    parcel.shipment = &s;
    parcel.goods = goods;
    parcel.ngoods = 2;
    in.order = cxr_str("KG-<1>");
    in.parcels = &parcel;
    in.nparcels = 1;
    in.now = at("2026-11-24T09:00:00+03:00");
    in.self = cxr_str("/track/t/abc");

    cxr_buf_init(&b, 65536);

    for (lang = 0; lang < 2; lang++) {
        assert_int_equal(cxr_view_track(ctx[lang], &in, arena, &v), CXR_OK);
        cxr_buf_reset(&b);
        assert_int_equal(cxr_template_render(tpl[lang], &v, &b), CXR_OK);
        folded_alike(lang, &v, &b);

        assert_false(has(&b, "<script>"));
        assert_false(has(&b, "<img src=x"));
        assert_false(has(&b, "<svg/onload"));
        assert_false(has(&b, "<b>"));
        assert_false(has(&b, "javascript:"));
        assert_false(has(&b, "style="));
        assert_true(has(&b, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
        assert_true(has(&b, "Etiyopya &lt;Yirgacheffe&gt;"));
        assert_true(has(&b, lang ? "Order KG-&lt;1&gt;"
                                 : "Sipariş KG-&lt;1&gt;"));
        assert_true(has(&b, lang ? "<html lang=\"en\" dir=\"ltr\">"
                                 : "<html lang=\"tr\" dir=\"ltr\">"));
        assert_true(has(&b, "href=\"/assets/cx.css\""));
        assert_true(has(&b, "noindex"));
        assert_true(has(&b, "src=\"/demo/beans-light.svg\""));
        assert_true(has(&b, "aria-current=\"step\""));
        assert_true(has(&b, "</html>"));

        assert_in_range(b.len, 4000, 7500);
    }

    /* a small buffer is a failure, not half a page */

    cxr_buf_free(&b);
    cxr_buf_init(&b, 1000);
    assert_int_equal(cxr_template_render(tpl[0], &v, &b), CXR_NOMEM);
    cxr_buf_free(&b);
}


static void
test_masks(void **state)
{
    cxr_scan_t         scans[SCANS];
    cxr_shipment_t     s;
    cxr_view_track_t   v;
    cxr_view_scan_t   *scan;

    (void) state;

    sample(&s, scans);
    s.service = cxr_str("Yurtiçi Ekspres");

    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
    scan = &v.parcels.items[0].days.items[0].scans.items[0];
    is(v.parcels.items[0].carrier, "Yurtiçi Kargo");
    is(scan->place, "Kadıköy");
    is(scan->raw, "KURYEDE");

    shop.tracking.mask_carrier = true;
    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
    scan = &v.parcels.items[0].days.items[0].scans.items[0];
    is(v.parcels.items[0].carrier, "Anlaşmalı kargo");
    is(v.parcels.items[0].service, "");
    is(v.parcels.items[0].carrier_url, "");
    is(scan->raw, "");
    is(scan->place, "Kadıköy");

    shop.tracking.mask_places = true;
    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].days.items[0].scans.items[0].place, "");

    shop.tracking.mask_carrier = false;
    shop.tracking.mask_places = false;
}


/* What a mail reader makes a card of is JSON whatever the carrier wrote. */

static void
test_meaning(void **state)
{
    json_t            *json;
    char              *p, *end;
    cxr_buf_t          b;
    cxr_scan_t         scans[SCANS];
    json_error_t       error;
    cxr_shipment_t     s;
    cxr_view_track_t   v;

    static const char  open[] = "<script type=\"application/ld+json\">";

    (void) state;

    sample(&s, scans);
    s.number = cxr_str("1\"}</script><script>\\u0022");
    v = view_of(1, &s, 1, "2026-11-24T09:00:00+03:00");

    cxr_buf_init(&b, 65536);
    assert_int_equal(cxr_template_render(tpl[1], &v, &b), CXR_OK);
    cxr_buf_addc(&b, '\0');

    p = strstr(b.data, open);
    assert_non_null(p);
    p += sizeof(open) - 1;
    end = strstr(p, "</script>");
    assert_non_null(end);

    json = json_loadb(p, (size_t) (end - p), 0, &error);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_object_get(json, "@type")),
                        "ParcelDelivery");
    assert_string_equal(json_string_value(json_object_get(json,
                                                          "trackingNumber")),
                        "1\"}</script><script>\\u0022");
    assert_string_equal(json_string_value(json_object_get(json,
                                                     "expectedArrivalUntil")),
                        "2026-11-24T18:00:00+03:00");
    json_decref(json);
    cxr_buf_free(&b);
}


static void
test_many_scans(void **state)
{
    size_t              i, n;
    cxr_buf_t           b;
    cxr_scan_t         *scans;
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    static cxr_scan_t   few[SCANS];

    sample(&s, few);
    scans = calloc(CXR_SCANS_MAX, sizeof(cxr_scan_t));
    assert_non_null(scans);

    for (i = 0; i < CXR_SCANS_MAX; i++) {
        scans[i] = few[2];
        scans[i].at += (cxr_time_t) (CXR_SCANS_MAX - i) * CXR_HOUR;
    }

    s.scans.items = scans;
    s.scans.n = CXR_SCANS_MAX;
    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");

    for (n = 0, i = 0; i < v.parcels.items[0].older.n; i++) {
        n += v.parcels.items[0].older.items[i].scans.n;
    }

    assert_int_equal(n, CXR_SCANS_MAX - CXR_TRACK_OPEN);

    cxr_buf_init(&b, 1024 * 1024);
    assert_int_equal(cxr_template_render(tpl[0], &v, &b), CXR_OK);
    assert_true(has(&b, "Önceki 497 hareket"));
    cxr_buf_free(&b);
    free(scans);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_fold, each),
        cmocka_unit_test_setup(test_order_of_scans, each),
        cmocka_unit_test_setup(test_masks, each),
        cmocka_unit_test_setup(test_meaning, each),
        cmocka_unit_test_setup(test_html, each),
        cmocka_unit_test_setup(test_many_scans, each)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
