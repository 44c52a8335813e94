
/*
 * The tracking page's view: that what it says of a parcel holds together, for
 * every status and reason there is, and as time goes by.  Runs in the
 * project's root.
 */

#include "page_track_kit.h"


static cxr_view_track_t
seen(unsigned lang, uint8_t status, uint8_t reason, uint8_t action,
    const char *now)
{
    static cxr_scan_t      scans[SCANS];
    static cxr_shipment_t  s;

    sample(&s, scans);
    scans[5].status = status;
    s.status = status;
    s.reason = reason;
    s.action = action;
    s.eta_from = s.eta_to = CXR_TIME_NONE;
    s.eta_precision = CXR_PRECISION_NONE;

    if (status == CXR_SHIP_DELIVERED) {
        s.delivered_at = scans[5].at;
    }

    return view_of(lang, &s, 1, now);
}


/* Whatever happens, the page says what comes next or what is to be done. */

static void
test_what_next(void **state)
{
    unsigned            lang, status, reason;
    cxr_view_track_t    v;
    cxr_view_parcel_t  *p;

    for (lang = 0; lang < 2; lang++) {
        for (status = 0; status < CXR_SHIP_STATUSES; status++) {
            for (reason = 0; reason < CXR_SHIP_REASONS; reason++) {
                v = seen(lang, (uint8_t) status, (uint8_t) reason,
                         CXR_DO_NOTHING, "2026-11-24T12:00:00+03:00");
                p = &v.parcels.items[0];

                if (p->detail.len == 0 && p->action == NULL
                    && p->delay == NULL)
                {
                    fail_msg("nothing is said to %s, %s",
                             cxr_ship_status_names[status],
                             cxr_ship_reason_names[reason]);
                }

                cxr_arena_reset(arena);
            }
        }
    }
}


static void
test_asks(void **state)
{
    size_t             i;
    cxr_view_track_t   v;
    cxr_view_word_t   *w;

    static const struct {
        uint8_t      status, reason;
        const char  *title;        /* NULL: nothing is asked                  */
        const char  *tone;
    } cases[] = {
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_ADDRESS_PROBLEM,
          "Let’s fix your address", "warn" },
        { CXR_SHIP_ATTEMPT_FAILED, CXR_WHY_ADDRESS_PROBLEM,
          "Let’s fix your address", "warn" },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_PAYMENT_DUE,
          "Make the payment", "warn" },
        { CXR_SHIP_ATTEMPT_FAILED, CXR_WHY_UNCLAIMED, "Collect your parcel",
          "warn" },
        { CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_ADDRESS_PROBLEM,
          "Collect your parcel", "busy" },
        { CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_HELD, "Collect your parcel",
          "busy" },
        { CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_LOST, NULL, "bad" },
        { CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_DAMAGED, NULL, "bad" },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_HELD, NULL, "warn" },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_REFUSED, NULL, "warn" },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_CUSTOMS, NULL, "busy" },
        { CXR_SHIP_RETURNING, CXR_WHY_ADDRESS_PROBLEM, NULL, "warn" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        v = seen(1, cases[i].status, cases[i].reason, CXR_DO_NOTHING,
                 "2026-11-24T12:00:00+03:00");
        w = v.parcels.items[0].action;

        if (cases[i].title == NULL) {
            assert_null(w);

        } else {
            assert_non_null(w);
            is(w->title, cases[i].title);
        }

        is(v.tone, cases[i].tone);
    }

    /* what the carrier asks comes before what we make of it; of a parcel that
       is lost nothing is asked at all */

    v = seen(1, CXR_SHIP_IN_TRANSIT, CXR_WHY_ADDRESS_PROBLEM,
             CXR_DO_CONTACT_CARRIER, "2026-11-24T12:00:00+03:00");
    is(v.parcels.items[0].action->title, "Get in touch with the carrier");

    v = seen(1, CXR_SHIP_IN_TRANSIT, CXR_WHY_LOST, CXR_DO_PICK_UP,
             "2026-11-24T12:00:00+03:00");
    assert_null(v.parcels.items[0].action);
    is(v.parcels.items[0].label, "Lost");
}


/* What waits at a counter is there, whatever held it up before. */

static void
test_counter(void **state)
{
    cxr_view_track_t  v;

    v = seen(1, CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_DELAYED_WEATHER,
             CXR_DO_NOTHING, "2026-11-24T12:00:00+03:00");
    is(v.headline, "Your parcel is waiting for you to collect it.");
    assert_null(v.parcels.items[0].delay);

    v = seen(0, CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_ADDRESS_PROBLEM,
             CXR_DO_NOTHING, "2026-11-24T12:00:00+03:00");
    is(v.headline, "Kurye adresinizi bulamadı, paketiniz şubede bekliyor.");

    v = seen(1, CXR_SHIP_READY_FOR_PICKUP, CXR_WHY_UNCLAIMED, CXR_DO_NOTHING,
             "2026-11-24T12:00:00+03:00");
    is(v.headline, "Your parcel is still waiting to be collected.");
}


/* "Out for delivery" is true until midnight where the shop is. */

static void
test_undelivered(void **state)
{
    cxr_view_track_t  v;

    v = seen(1, CXR_SHIP_OUT_FOR_DELIVERY, 0, 0, "2026-11-24T23:59:00+03:00");
    is(v.headline, "Your parcel is out for delivery.");
    is(v.detail, "The courier may call, so keep your phone close.");
    is(v.tone, "busy");
    assert_null(v.parcels.items[0].delay);

    v = seen(1, CXR_SHIP_OUT_FOR_DELIVERY, 0, 0, "2026-11-25T00:00:00+03:00");
    is(v.headline, "Your parcel went out for delivery but hasn’t arrived yet.");
    assert_int_equal(v.detail.len, 0);
    is(v.tone, "warn");
    is(v.parcels.items[0].delay->title, "It will be a little late");
    assert_non_null(strstr(v.parcels.items[0].delay->text.data,
                           "went out on Tuesday, 24 November, but"));

    v = seen(0, CXR_SHIP_OUT_FOR_DELIVERY, 0, 0, "2026-11-25T09:00:00+03:00");
    assert_non_null(strstr(v.parcels.items[0].delay->text.data,
                           "Paketiniz 24 Kasım Salı günü dağıtıma çıktı"));

    /* a carrier's own word, and days of silence, say more */

    v = seen(1, CXR_SHIP_OUT_FOR_DELIVERY, CXR_WHY_DELAYED_WEATHER, 0,
             "2026-11-25T09:00:00+03:00");
    assert_non_null(strstr(v.parcels.items[0].delay->text.data, "as soon as"));

    shop.tracking.silence_days = 3;
    shop.tracking.calendar.week = 0x3e;
    v = seen(1, CXR_SHIP_OUT_FOR_DELIVERY, 0, 0, "2026-11-30T09:00:00+03:00");
    is(v.parcels.items[0].delay->title, "No news for a few days");
    shop.tracking.silence_days = 0;
}


/* The promise for a later day holds, whatever day it first went out on. */

static void
test_undelivered_eta(void **state)
{
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s;
    cxr_view_track_t  v;

    sample(&s, scans);
    s.eta_from = s.eta_to = at("2026-11-25T18:00:00+03:00");

    v = view_of(1, &s, 1, "2026-11-25T09:00:00+03:00");
    assert_null(v.parcels.items[0].delay);
    is(v.headline, "Your parcel is out for delivery.");
    is(v.parcels.items[0].eta->day, "Today");
}


/* A parcel that no carrier ever told anything of. */

static void
test_never_heard(void **state)
{
    cxr_shipment_t    s;
    cxr_view_track_t  v;

    memset(&s, 0, sizeof(s));
    s.carrier = cxr_str("yurtici");
    s.number = cxr_str("1");
    s.created_at = at("2026-11-23T10:00:00+03:00");

    shop.tracking.silence_days = 3;
    shop.tracking.calendar.week = 0x3e;

    v = view_of(1, &s, 1, "2026-11-26T23:00:00+03:00");
    assert_null(v.parcels.items[0].delay);

    s.updated_at = s.created_at;
    v = view_of(1, &s, 1, "2026-11-27T09:00:00+03:00");
    is(v.parcels.items[0].delay->title, "No news for a few days");
    is(v.tone, "warn");
    is(v.refresh_url, "?");
    assert_int_equal(v.news.len, 0);     /* the shop's own word is none       */

    shop.tracking.silence_days = 0;
}


static void
test_left(void **state)
{
    unsigned            left;
    cxr_scan_t          scans[SCANS];
    cxr_track_in_t      in;
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    cxr_track_parcel_t  parcel;

    sample(&s, scans);
    scans[5].status = CXR_SHIP_DELIVERED;
    s.status = CXR_SHIP_DELIVERED;
    s.delivered_at = scans[5].at;

    for (left = CXR_LEFT_NONE; left <= CXR_LEFT_HANDS; left++) {
        scans[5].left = (uint8_t) left;
        v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
        is(v.headline, "Your parcel has been delivered.");
    }

    scans[5].left = CXR_LEFT_NEIGHBOUR;
    v = view_of(0, &s, 1, "2026-11-24T12:00:00+03:00");
    is(v.headline, "Paketiniz komşunuza bırakıldı.");
    is(v.tone, "good");

    /* the number alone does not tell */

    memset(&in, 0, sizeof(in));
    memset(&parcel, 0, sizeof(parcel));
    parcel.shipment = &s;
    in.parcels = &parcel;
    in.nparcels = 1;
    in.now = at("2026-11-24T12:00:00+03:00");
    in.self = cxr_str("/track/t/abc");
    assert_int_equal(cxr_view_track(ctx[0], &in, arena, &v), CXR_OK);
    is(v.headline, "Paketiniz teslim edildi.");

    /* damaged goods are what matters, wherever they were left */

    s.reason = CXR_WHY_DAMAGED;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    assert_non_null(strstr(v.headline.data, "damaged"));
}


/* Nothing is to be asked again of what is over. */

static void
test_refresh(void **state)
{
    unsigned          i;
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s[2];
    cxr_view_track_t  v;

    for (i = 0; i < CXR_SHIP_STATUSES; i++) {
        v = seen(0, (uint8_t) i, 0, 0, "2026-11-24T12:00:00+03:00");

        assert_int_equal(v.refresh_url.len != 0,
                         i < CXR_SHIP_DELIVERED || i == CXR_SHIP_RETURNING);
        assert_int_equal(v.news.len != 0, v.refresh_url.len != 0);
        assert_int_equal(v.parcels.items[0].updated.len != 0,
                         v.refresh_url.len == 0);
    }

    sample(&s[0], scans);
    s[1] = s[0];
    s[0].status = CXR_SHIP_DELIVERED;
    s[0].delivered_at = scans[5].at;
    s[1].direction = CXR_PARCEL_RETURN;

    v = view_of(0, s, 2, "2026-11-24T12:00:00+03:00");
    is(v.refresh_url, "?");              /* the return is on its way          */
    assert_true(v.parcels.items[0].updated.len != 0);

    v = view_of(0, s, 0, "2026-11-24T12:00:00+03:00");
    is(v.refresh_url, "?");              /* its parcel is still to be made    */
}


static void
test_overall(void **state)
{
    unsigned          i;
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s[3];
    cxr_view_track_t  v;

    sample(&s[0], scans);
    s[0].status = CXR_SHIP_IN_TRANSIT;
    s[1] = s[2] = s[0];

    s[1].reason = CXR_WHY_LOST;
    v = view_of(1, s, 3, "2026-11-24T12:00:00+03:00");
    is(v.headline, "There’s a problem with one of your parcels.");
    is(v.tone, "bad");
    assert_true(v.parcels.items[1].offer_help);

    s[1].reason = CXR_WHY_NONE;
    s[1].status = CXR_SHIP_RETURNED;
    s[2].status = CXR_SHIP_RETURNING;
    v = view_of(0, s, 3, "2026-11-24T12:00:00+03:00");
    is(v.headline, "2 paketinizde bir sorun var.");
    is(v.tone, "warn");

    /* one that was cancelled is in another parcel now */

    s[1].status = s[2].status = CXR_SHIP_CANCELLED;
    v = view_of(1, s, 3, "2026-11-24T12:00:00+03:00");
    is(v.headline, "Your parcel is on its way to you.");
    is(v.tone, "busy");

    s[0].status = CXR_SHIP_CANCELLED;
    v = view_of(1, s, 3, "2026-11-24T12:00:00+03:00");
    is(v.headline, "This shipment was cancelled.");
    is(v.tone, "warn");

    s[0].status = s[1].status = CXR_SHIP_DELIVERED;
    s[0].delivered_at = s[1].delivered_at = scans[5].at;
    v = view_of(1, s, 3, "2026-11-24T12:00:00+03:00");
    is(v.headline, "Both parcels have been delivered.");
    is(v.tone, "good");

    /* one that went out yesterday is not out today */

    for (i = 0; i < 3; i++) {
        sample(&s[i], scans);
        s[i].eta_to = s[i].eta_from = CXR_TIME_NONE;
    }

    v = view_of(1, s, 3, "2026-11-24T12:00:00+03:00");
    is(v.headline, "3 of your parcels are out for delivery.");
    v = view_of(1, s, 3, "2026-11-26T12:00:00+03:00");
    is(v.headline, "Your order is coming in 3 parcels.");
}


/* What the shop says of any parcel at this step does not fit a lost one; and
   its own headline stands above where the parcel was left. */

static void
test_shop_words(void **state)
{
    cxr_diag_t                d;
    cxr_view_ctx_t           *ours, *own;
    cxr_shipment_t            s;

    static cxr_local_text_t   words[] = {
        { cxr_str_init("tr"), cxr_str_init("Afiyet olsun.") },
        { cxr_str_init("en"), cxr_str_init("Enjoy.") }
    };
    static cxr_shop_message_t  said[2];

    memset(&d, 0, sizeof(d));
    memset(&s, 0, sizeof(s));
    memset(said, 0, sizeof(said));
    said[0].status = CXR_SHIP_IN_TRANSIT;
    said[0].any_reason = true;
    said[0].headline.items = words;
    said[0].headline.n = 2;
    said[1] = said[0];
    said[1].status = CXR_SHIP_DELIVERED;

    shop.messages.items = said;
    shop.messages.n = 2;
    assert_int_equal(cxr_view_ctx_make(&shop, cat,
                                       cxr_catalog_lang(cat, langs[1]),
                                       cxr_str("/assets/cx.css"),
                                       CXR_STR_NONE, conf, &own, &d), CXR_OK);
    shop.messages.n = 0;

    s.status = CXR_SHIP_IN_TRANSIT;
    is(cxr_track_sentence(own, &s), "Enjoy.");
    s.reason = CXR_WHY_CUSTOMS;
    is(cxr_track_sentence(own, &s), "Enjoy.");
    s.reason = CXR_WHY_LOST;
    is(cxr_track_sentence(own, &s),
       "We’re sorry, your parcel seems to be lost.");
    s.reason = CXR_WHY_DAMAGED;
    assert_non_null(strstr(cxr_track_sentence(own, &s).data, "damaged"));

    ours = ctx[1];
    ctx[1] = own;
    is(seen(1, CXR_SHIP_DELIVERED, 0, 0, "2026-11-25T12:00:00+03:00").headline,
       "Enjoy.");
    is(seen(1, CXR_SHIP_DELIVERED, 0, 0, "2026-11-25T12:00:00+03:00")
       .parcels.items[0].eta->day, "Yesterday");
    ctx[1] = ours;
    is(seen(0, CXR_SHIP_DELIVERED, 0, 0, "2026-11-25T00:00:00+03:00")
       .parcels.items[0].eta->day, "Dün");
    is(seen(0, CXR_SHIP_DELIVERED, 0, 0, "2026-11-24T23:59:00+03:00")
       .parcels.items[0].eta->day, "Bugün");
    is(seen(0, CXR_SHIP_DELIVERED, 0, 0, "2026-11-26T00:00:00+03:00")
       .parcels.items[0].eta->day, "24 Kasım Salı");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_what_next, each),
        cmocka_unit_test_setup(test_asks, each),
        cmocka_unit_test_setup(test_counter, each),
        cmocka_unit_test_setup(test_undelivered, each),
        cmocka_unit_test_setup(test_undelivered_eta, each),
        cmocka_unit_test_setup(test_never_heard, each),
        cmocka_unit_test_setup(test_left, each),
        cmocka_unit_test_setup(test_refresh, each),
        cmocka_unit_test_setup(test_overall, each),
        cmocka_unit_test_setup(test_shop_words, each)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
