
/*
 * The tracking page's view: what is said of a parcel, and when it comes.  Runs
 * in the project's root.
 */

#include "page_track_kit.h"


static void
test_sentences(void **state)
{
    unsigned        lang, dir, status, reason;
    cxr_str_t       text;
    cxr_scan_t      one;
    cxr_shipment_t  s;

    memset(&s, 0, sizeof(s));
    one = scan("2026-11-21T16:20:00Z", CXR_SHIP_UNKNOWN, "x", "");
    s.scans.items = &one;
    s.scans.n = 1;

    for (lang = 0; lang < 2; lang++) {
        for (dir = 0; dir < 2; dir++) {
            for (status = 0; status < CXR_SHIP_STATUSES; status++) {
                for (reason = 0; reason < CXR_SHIP_REASONS; reason++) {
                    s.direction = (uint8_t) dir;
                    s.status = (uint8_t) status;
                    s.reason = (uint8_t) reason;

                    text = cxr_track_sentence(ctx[lang], &s);

                    assert_true(text.len > 10);
                    assert_int_equal(text.data[text.len - 1], '.');
                    assert_null(memchr(text.data, '{', text.len));
                }
            }
        }
    }

    /* values that no version of ours wrote must not read past the tables */

    s.status = 200;
    s.reason = 200;
    is(cxr_track_sentence(ctx[1], &s),
       "The carrier has sent an update about your return.");
}


static void
test_sentence_reasons(void **state)
{
    size_t          i;
    cxr_shipment_t  s;

    static const struct {
        uint8_t      dir, status, reason;
        const char  *tr, *en;
    } cases[] = {
        { 0, CXR_SHIP_UNKNOWN, 0,
          "Siparişiniz hazırlanıyor, kargodan ilk haberi bekliyoruz.",
          "Your order is being prepared; we’re waiting for the carrier’s "
          "first update." },
        { 0, CXR_SHIP_IN_TRANSIT, CXR_WHY_DELAYED_WEATHER,
          "Paketiniz yolda, hava koşulları yüzünden biraz gecikecek.",
          "Your parcel is on its way, slowed down a little by the weather." },
        { 0, CXR_SHIP_PICKED_UP, CXR_WHY_LOST,
          "Üzgünüz, paketiniz yolda kaybolmuş görünüyor.",
          "We’re sorry, your parcel seems to be lost." },
        { 0, CXR_SHIP_ATTEMPT_FAILED, CXR_WHY_RECIPIENT_ABSENT,
          "Kurye geldi ama adreste kimseyi bulamadı.",
          "The courier came, but nobody was home." },
        { 0, CXR_SHIP_DELIVERED, CXR_WHY_DELAYED_WEATHER,
          "Paketiniz teslim edildi.", "Your parcel has been delivered." },
        { 0, CXR_SHIP_RETURNING, CXR_WHY_REFUSED,
          "Teslim alınmadığı için paketiniz bize geri dönüyor.",
          "Your parcel was turned down and is on its way back to us." },
        { 1, CXR_SHIP_DELIVERED, 0,
          "İade paketiniz bize ulaştı.", "Your return has reached us." },
        { 1, CXR_SHIP_IN_TRANSIT, CXR_WHY_ADDRESS_PROBLEM,
          "İade paketiniz bize doğru yolda.",
          "Your return is on its way to us." }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        memset(&s, 0, sizeof(s));
        s.direction = cases[i].dir;
        s.status = cases[i].status;
        s.reason = cases[i].reason;

        is(cxr_track_sentence(ctx[0], &s), cases[i].tr);
        is(cxr_track_sentence(ctx[1], &s), cases[i].en);
    }
}


static void
test_golden(void **state)
{
    cxr_scan_t          scans[SCANS];
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    cxr_view_parcel_t  *p;

    sample(&s, scans);
    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");

    is(v.headline, "Paketiniz dağıtımda, kapınıza geliyor.");
    is(v.detail, "Kurye sizi arayabilir, telefonunuz yakınınızda olsun.");
    is(v.tone, "busy");
    is(v.page->title, "Sipariş KG-1001");
    is(v.page->portal_url, "/tr/returns/");
    is(v.page->withdraw_url, "/tr/returns/withdraw");
    is(v.page->mail_url, "mailto:destek@kahvegurusu.example");
    is(v.page->phone_url, "tel:+902120000000");
    is(v.page->phone, "+90\u00a0(212)\u00a0000\u00a000\u00a000");
    is(v.page->whatsapp_url, "https://wa.me/905550000000");
    assert_int_equal(v.page->alternates.n, 1);
    is(v.page->alternates.items[0].url, "/en/track/t/abc");
    is(v.page->alternates.items[0].name, "English");
    assert_true(v.page->noindex);
    assert_true(v.single && !v.several && !v.none && !v.number_only);
    assert_null(v.return_start);           /* not delivered yet */

    p = &v.parcels.items[0];

    is(p->eta->day, "Bugün");
    is(p->eta->window, "14:00–18:00");
    is(p->carrier, "Yurtiçi Kargo");
    is(p->carrier_url, "https://carrier.example/t?code=12%2F34&x=12%2F34");
    is(v.news, "24 Kas 08:40");
    is(v.news_iso, "2026-11-24T05:40:00+00:00");
    is(v.refresh_url, "?");
    assert_int_equal(p->updated.len, 0);   /* said once                       */
    assert_null(p->delay);
    assert_null(p->action);

    assert_int_equal(p->days.n, 2);
    is(p->days.items[0].name, "24 Kasım Salı");
    assert_int_equal(p->days.items[0].scans.n, 2);
    is(p->days.items[0].scans.items[0].text, "Dağıtıma çıktı");
    is(p->days.items[0].scans.items[0].time, "08:35");
    is(p->days.items[0].scans.items[0].iso, "2026-11-24T08:35:00+03:00");
    is(p->days.items[0].scans.items[0].raw, "KURYEDE");
    assert_true(p->days.items[0].scans.items[0].newest);
    assert_false(p->days.items[0].scans.items[1].newest);

    /* what no rule knew says so, with the carrier's words */

    is(p->days.items[1].scans.items[0].text, "Güncelleme alındı");
    is(p->days.items[1].scans.items[0].raw, "AKTARIM HAZIRLIĞI");

    assert_int_equal(p->older_n, 3);
    assert_int_equal(p->older.n, 3);
    is(p->older.items[0].name, "23 Kasım Pazartesi");
    is(p->older.items[0].scans.items[0].text, "Yolda");
    is(p->older.items[2].scans.items[0].text, "Gönderi hazırlandı");
}


static void
test_eta(void **state)
{
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s;
    cxr_view_track_t  v;

    sample(&s, scans);

    v = view_of(1, &s, 1, "2026-11-24T18:00:00+03:00");
    assert_non_null(v.parcels.items[0].eta);
    assert_null(v.parcels.items[0].delay);

    v = view_of(1, &s, 1, "2026-11-24T18:00:01+03:00");
    assert_null(v.parcels.items[0].eta);
    assert_non_null(v.parcels.items[0].delay);

    /* a day holds until its end, where the parcel goes */

    s.eta_precision = CXR_PRECISION_DATE;
    s.eta_from = s.eta_to = at("2026-11-24T00:00:00+03:00");

    v = view_of(1, &s, 1, "2026-11-24T23:59:59+03:00");
    is(v.parcels.items[0].eta->day, "Today");
    assert_int_equal(v.parcels.items[0].eta->window.len, 0);

    v = view_of(1, &s, 1, "2026-11-25T00:00:00+03:00");
    assert_null(v.parcels.items[0].eta);

    v = view_of(1, &s, 1, "2026-11-23T10:00:00+03:00");
    is(v.parcels.items[0].eta->day, "Tomorrow");

    v = view_of(1, &s, 1, "2026-11-20T10:00:00+03:00");
    is(v.parcels.items[0].eta->day, "Tuesday, 24 November");

    s.eta_to = at("2026-11-26T00:00:00+03:00");
    v = view_of(1, &s, 1, "2026-11-20T10:00:00+03:00");
    is(v.parcels.items[0].eta->day, "24 Nov – 26 Nov");

    s.eta_precision = CXR_PRECISION_MINUTE;
    s.eta_from = s.eta_to = at("2026-11-26T16:30:00+03:00");
    v = view_of(1, &s, 1, "2026-11-20T10:00:00+03:00");
    is(v.parcels.items[0].eta->window, "Around 16:30");

    s.eta_from = CXR_TIME_NONE;
    v = view_of(0, &s, 1, "2026-11-20T10:00:00+03:00");
    is(v.parcels.items[0].eta->window, "En geç saat 16:30");

    s.status = CXR_SHIP_RETURNING;
    v = view_of(1, &s, 1, "2026-11-20T10:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
}


/* Berlin's clocks go back in the night to Sunday, 25 October. */

static void
test_eta_clocks(void **state)
{
    cxr_diag_t        d;
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s;
    cxr_tz_t         *tz, *own = shop.tz;
    cxr_view_track_t  v;

    memset(&d, 0, sizeof(d));
    assert_int_equal(cxr_tz_load("Europe/Berlin", &tz, &d), CXR_OK);
    shop.tz = tz;

    sample(&s, scans);
    s.eta_precision = CXR_PRECISION_DATE;
    s.eta_from = s.eta_to = at("2026-10-25T12:00:00+01:00");
    s.eta_offset = 3600;

    v = view_of(1, &s, 1, "2026-10-24T00:30:00+02:00");
    is(v.parcels.items[0].eta->day, "Tomorrow");

    v = view_of(1, &s, 1, "2026-10-25T00:30:00+02:00");
    is(v.parcels.items[0].eta->day, "Today");

    v = view_of(1, &s, 1, "2026-10-25T23:59:59+01:00");
    is(v.parcels.items[0].eta->day, "Today");

    v = view_of(1, &s, 1, "2026-10-26T00:00:00+01:00");
    assert_null(v.parcels.items[0].eta);

    /* promised before the change for a day after it, with the offset of then:
       that day is over with its own midnight */

    s.eta_from = s.eta_to = at("2026-10-24T12:00:00+02:00");
    s.eta_offset = 7200;

    v = view_of(1, &s, 1, "2026-10-24T23:59:59+02:00");
    is(v.parcels.items[0].eta->day, "Today");

    v = view_of(1, &s, 1, "2026-10-25T00:00:00+02:00");
    assert_null(v.parcels.items[0].eta);

    /* elsewhere only what the carrier said is known */

    s.eta_from = s.eta_to = at("2026-10-25T12:00:00+05:00");
    s.eta_offset = 5 * 3600;

    v = view_of(1, &s, 1, "2026-10-25T00:30:00+05:00");
    is(v.parcels.items[0].eta->day, "Today");

    shop.tz = own;
    cxr_tz_free(tz);
}


static void
test_trouble(void **state)
{
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s;
    cxr_view_track_t  v;

    /* a day promised before the trouble is not shown, one after it is */

    sample(&s, scans);
    s.status = CXR_SHIP_IN_TRANSIT;
    s.reason = CXR_WHY_DELAYED_CARRIER;

    v = view_of(1, &s, 1, "2026-11-24T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    is(v.parcels.items[0].delay->text,
       "You’ll see the new delivery day here as soon as we know it.");

    s.eta_asof = s.status_at;
    v = view_of(1, &s, 1, "2026-11-24T09:00:00+03:00");
    assert_non_null(v.parcels.items[0].eta);
    assert_non_null(strstr(v.parcels.items[0].delay->text.data, "account"));

    s.status = CXR_SHIP_ATTEMPT_FAILED;
    s.reason = CXR_WHY_RECIPIENT_ABSENT;
    s.action = CXR_DO_BE_HOME;
    v = view_of(1, &s, 1, "2026-11-24T09:00:00+03:00");
    is(v.tone, "warn");
    is(v.parcels.items[0].action->title, "The courier will come again");
    assert_int_equal(v.detail.len, 0);

    s.status = CXR_SHIP_READY_FOR_PICKUP;
    s.reason = CXR_WHY_NONE;
    s.action = CXR_DO_NOTHING;
    v = view_of(1, &s, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].action->title, "Collect your parcel");

    s.direction = CXR_PARCEL_RETURN;
    v = view_of(1, &s, 1, "2026-11-24T09:00:00+03:00");
    assert_null(v.parcels.items[0].action);

    assert_false(v.offer_help);

    s.direction = CXR_PARCEL_OUTBOUND;
    s.status = CXR_SHIP_IN_TRANSIT;
    s.reason = CXR_WHY_LOST;
    v = view_of(1, &s, 1, "2026-12-24T09:00:00+03:00");
    is(v.tone, "bad");
    assert_true(v.offer_help);
    is(v.help_url, "mailto:destek@kahvegurusu.example?subject=KG-1001");
    assert_null(v.parcels.items[0].eta);
    assert_null(v.parcels.items[0].delay);
}


static void
test_local_time(void **state)
{
    cxr_scan_t          scans[3];
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    cxr_view_parcel_t  *p;

    /* each where it happened: 23:30 in Shenzhen is 18:30 in Istanbul */

    memset(&s, 0, sizeof(s));
    s.carrier = cxr_str("unnamed");
    s.number = cxr_str("1");
    s.status = CXR_SHIP_IN_TRANSIT;

    scans[0] = scan("2026-11-20T15:30:00Z", CXR_SHIP_PICKED_UP, "a",
                    "Shenzhen");
    scans[0].offset = 8 * 3600;
    scans[1] = scan("2026-11-20T16:30:00Z", CXR_SHIP_IN_TRANSIT, "b",
                    "Shenzhen");
    scans[1].offset = 8 * 3600;
    scans[2] = scan("2026-11-21T02:15:00Z", CXR_SHIP_IN_TRANSIT, "c",
                    "New York");
    scans[2].offset = -5 * 3600;
    s.scans.items = scans;
    s.scans.n = 3;

    v = view_of(1, &s, 1, "2026-11-22T00:00:00Z");
    p = &v.parcels.items[0];

    assert_int_equal(p->days.n, 3);
    is(p->days.items[0].name, "Friday, 20 November");
    is(p->days.items[0].scans.items[0].time, "21:15");
    is(p->days.items[0].scans.items[0].iso, "2026-11-20T21:15:00-05:00");
    is(p->days.items[1].name, "Saturday, 21 November");
    is(p->days.items[1].scans.items[0].time, "00:30");
    is(p->days.items[2].name, "Friday, 20 November");
    is(p->days.items[2].scans.items[0].time, "23:30");
    is(p->carrier, "unnamed");
    assert_int_equal(p->carrier_url.len, 0);

    /* a day without a time, and no time that could be read */

    scans[2].precision = CXR_PRECISION_DATE;
    scans[1].precision = CXR_PRECISION_NONE;
    scans[1].time_text = cxr_str("dün akşam");
    v = view_of(1, &s, 1, "2026-11-22T00:00:00Z");
    p = &v.parcels.items[0];

    assert_int_equal(p->days.items[0].scans.items[0].time.len, 0);
    is(p->days.items[0].scans.items[0].iso, "2026-11-20");
    is(p->days.items[1].name, "dün akşam");
    assert_int_equal(p->days.items[1].scans.items[0].iso.len, 0);
}


static void
test_miles(void **state)
{
    size_t            i, j;
    char              got[CXR_VIEW_MILES + 1];
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s;
    cxr_view_track_t  v;
    cxr_view_mile_t  *m;

    static const struct {
        uint8_t      status, reason;
        uint32_t     scans;
        const char  *states;               /* d one, n ow, b ad, t odo        */
        const char  *name;                 /* of the current one              */
    } cases[] = {
        { CXR_SHIP_UNKNOWN, 0, 0, "ttttt", NULL },
        { CXR_SHIP_UNKNOWN, 0, 4, "ddntt", "Yolda" },
        { CXR_SHIP_LABEL_CREATED, 0, 1, "ntttt", "Hazırlandı" },
        { CXR_SHIP_PICKED_UP, 0, 2, "dnttt", "Kargoya verildi" },
        { CXR_SHIP_IN_TRANSIT, 0, 6, "ddntt", "Yolda" },
        { CXR_SHIP_OUT_FOR_DELIVERY, 0, 6, "dddnt", "Dağıtımda" },
        { CXR_SHIP_READY_FOR_PICKUP, 0, 6, "dddnt", "Şubede" },
        { CXR_SHIP_ATTEMPT_FAILED, 0, 6, "dddbt", "Teslim edilemedi" },
        { CXR_SHIP_DELIVERED, 0, 6, "ddddd", NULL },
        { CXR_SHIP_RETURNING, 0, 6, "dddbt", "Geri dönüyor" },
        { CXR_SHIP_RETURNED, 0, 6, "ddddb", "Geri döndü" },
        { CXR_SHIP_CANCELLED, 0, 0, "btttt", "İptal edildi" },
        { CXR_SHIP_CANCELLED, 0, 2, "ddbtt", "İptal edildi" },
        { CXR_SHIP_EXPIRED, 0, 1, "dbttt", "Takip bitti" },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_LOST, 3, "ddbtt", "Kayıp" },
        { CXR_SHIP_UNKNOWN, CXR_WHY_DAMAGED, 0, "btttt", "Hasarlı" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        sample(&s, scans);
        s.status = cases[i].status;
        s.reason = cases[i].reason;
        s.scans.n = cases[i].scans;

        v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
        assert_int_equal(v.parcels.items[0].miles.n, CXR_VIEW_MILES);
        m = v.parcels.items[0].miles.items;

        for (j = 0; j < CXR_VIEW_MILES; j++) {
            got[j] = m[j].state.data[0];
            assert_int_equal(m[j].current, got[j] == 'n' || got[j] == 'b');

            if (m[j].current) {
                assert_non_null(cases[i].name);
                is(m[j].name, cases[i].name);
            }
        }

        got[CXR_VIEW_MILES] = '\0';
        assert_string_equal(got, cases[i].states);
    }
}


static void
test_several(void **state)
{
    cxr_scan_t        scans[SCANS];
    cxr_shipment_t    s[4];
    cxr_view_track_t  v;

    sample(&s[1], scans);
    s[0] = s[1];
    s[0].direction = CXR_PARCEL_RETURN;
    s[2] = s[3] = s[1];
    s[1].status = s[2].status = CXR_SHIP_DELIVERED;
    s[1].delivered_at = s[2].delivered_at = scans[5].at;

    v = view_of(1, s, 4, "2026-11-24T09:00:00+03:00");
    is(v.headline, "2 of 3 parcels have been delivered.");
    assert_true(v.several && !v.single);
    is(v.parcels.items[0].name, "Parcel 1 of 3");
    is(v.parcels.items[2].name, "Parcel 3 of 3");
    is(v.parcels.items[3].name, "Return parcel");
    assert_true(v.parcels.items[3].is_return);
    is(v.return_start->url, "/en/returns/o/def");
    is(v.return_start->until, "Tuesday, 8 December");

    v = view_of(0, s, 4, "2026-11-24T09:00:00+03:00");
    is(v.headline, "3 paketten 2 tanesi teslim edildi.");

    /* past its deadline the way to a return is not offered any more */

    v = view_of(0, s, 4, "2026-12-09T00:00:00+03:00");
    assert_null(v.return_start);

    s[3].status = CXR_SHIP_DELIVERED;
    v = view_of(0, s, 4, "2026-11-24T09:00:00+03:00");
    is(v.headline, "3 paketinizin hepsi teslim edildi.");
    is(v.tone, "good");

    s[1].status = s[2].status = CXR_SHIP_IN_TRANSIT;
    s[3].status = CXR_SHIP_OUT_FOR_DELIVERY;
    v = view_of(0, s, 4, "2026-11-24T09:00:00+03:00");
    is(v.headline, "Bir paketiniz dağıtımda, kapınıza geliyor.");

    s[3].status = CXR_SHIP_ATTEMPT_FAILED;
    s[3].action = CXR_DO_CONTACT_CARRIER;
    v = view_of(1, s, 4, "2026-11-24T09:00:00+03:00");
    is(v.headline,
       "There’s something for you to do about one of your parcels.");

    /* one out, one back: the page is about the one that went out */

    v = view_of(1, s, 2, "2026-11-24T09:00:00+03:00");
    is(v.headline, "Your parcel is on its way to you.");
    is(v.parcels.items[0].name, "Parcel");

    v = view_of(1, s, 0, "2026-11-24T09:00:00+03:00");
    is(v.headline, "We’re preparing your order");
    assert_true(v.none);
}


/* Where it was left and that it was signed for; who takes it to the door. */

static void
test_arrival(void **state)
{
    uint32_t            i, k;
    cxr_scan_t          scans[SCANS];
    cxr_shipment_t      s;
    cxr_track_in_t      in;
    cxr_view_track_t    v;
    cxr_track_parcel_t  parcel;

    sample(&s, scans);
    scans[5].status = CXR_SHIP_DELIVERED;
    scans[5].text = cxr_str("TESLIM ALAN: A. YILMAZ");
    scans[5].left = CXR_LEFT_NEIGHBOUR;
    scans[5].signature = true;
    s.status = CXR_SHIP_DELIVERED;
    s.delivered_at = scans[5].at;

    v = view_of(0, &s, 1, "2026-11-24T12:00:00+03:00");
    is(v.parcels.items[0].left, "Komşuya bırakıldı");
    assert_true(v.parcels.items[0].signature);
    is(v.parcels.items[0].days.items[0].scans.items[0].raw,
       "TESLIM ALAN: A. YILMAZ");
    assert_int_equal(v.parcels.items[0].partner.len, 0);

    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    is(v.parcels.items[0].left, "Left with a neighbour");

    /* a parcel by its number alone is anybody's to look at */

    memset(&in, 0, sizeof(in));
    memset(&parcel, 0, sizeof(parcel));
    parcel.shipment = &s;
    in.parcels = &parcel;
    in.nparcels = 1;
    in.now = at("2026-11-24T12:00:00+03:00");
    in.self = cxr_str("/track/t/abc");

    assert_int_equal(cxr_view_track(ctx[0], &in, arena, &v), CXR_OK);
    assert_int_equal(v.parcels.items[0].left.len, 0);
    assert_false(v.parcels.items[0].signature);

    for (i = 0; i < v.parcels.items[0].days.n; i++) {
        for (k = 0; k < v.parcels.items[0].days.items[i].scans.n; k++) {
            assert_null(memmem(
                v.parcels.items[0].days.items[i].scans.items[k].raw.data
                ? v.parcels.items[0].days.items[i].scans.items[k].raw.data
                : "",
                v.parcels.items[0].days.items[i].scans.items[k].raw.len,
                "YILMAZ", 6));
        }
    }

    assert_int_equal(
        v.parcels.items[0].days.items[0].scans.items[1].raw.len, 0);

    /* what was taken back shows nothing */

    scans[5].retracted = true;
    v = view_of(0, &s, 1, "2026-11-24T12:00:00+03:00");
    assert_int_equal(v.parcels.items[0].left.len, 0);
    assert_false(v.parcels.items[0].signature);

    /* another carrier: by its name in the shop's file, or as it is called */

    sample(&s, scans);
    s.partner = cxr_str("YURTICI");
    s.partner_number = cxr_str("77/8");

    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].partner, "Yurtiçi Kargo");
    is(v.parcels.items[0].partner_number, "77/8");
    is(v.parcels.items[0].partner_url,
       "https://carrier.example/t?code=77%2F8&x=77%2F8");

    s.partner = cxr_str("An Post");
    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].partner, "An Post");
    assert_int_equal(v.parcels.items[0].partner_url.len, 0);

    shop.tracking.mask_carrier = true;
    v = view_of(0, &s, 1, "2026-11-24T09:00:00+03:00");
    shop.tracking.mask_carrier = false;
    assert_int_equal(v.parcels.items[0].partner.len, 0);
    assert_int_equal(v.parcels.items[0].partner_number.len, 0);
}


/* Three whole working days without a scan, of Monday to Friday but holidays. */

static void
test_silence(void **state)
{
    int32_t         holiday;
    cxr_scan_t      scans[SCANS];
    cxr_tracking_t  usual;
    cxr_shipment_t  s;

    (void) state;

    usual = shop.tracking;
    shop.tracking.silence_days = 3;
    shop.tracking.calendar.week = 0x3e;

    /* the last scan is of Tuesday the 24th, no day is promised */

    sample(&s, scans);
    s.status = CXR_SHIP_IN_TRANSIT;
    s.eta_from = s.eta_to = CXR_TIME_NONE;
    s.eta_precision = CXR_PRECISION_NONE;

    assert_null(view_of(1, &s, 1, "2026-11-27T23:00:00+03:00")
                .parcels.items[0].delay);

    is(view_of(1, &s, 1, "2026-11-28T00:10:00+03:00")
       .parcels.items[0].delay->title, "No news for a few days");
    assert_non_null(strstr(view_of(1, &s, 1, "2026-11-30T09:00:00+03:00")
                           .parcels.items[0].delay->text.data,
                           "for 3 working days"));

    holiday = cxr_days(2026, 11, 26);
    shop.tracking.calendar.holidays.items = &holiday;
    shop.tracking.calendar.holidays.n = 1;

    assert_null(view_of(1, &s, 1, "2026-11-30T09:00:00+03:00")
                .parcels.items[0].delay);
    assert_non_null(view_of(0, &s, 1, "2026-12-01T09:00:00+03:00")
                    .parcels.items[0].delay);

    /* one that waits at a counter or has come waits for no carrier */

    s.status = CXR_SHIP_READY_FOR_PICKUP;
    assert_null(view_of(1, &s, 1, "2026-12-10T09:00:00+03:00")
                .parcels.items[0].delay);
    s.status = CXR_SHIP_DELIVERED;
    assert_null(view_of(1, &s, 1, "2026-12-10T09:00:00+03:00")
                .parcels.items[0].delay);

    s.status = CXR_SHIP_IN_TRANSIT;
    shop.tracking.silence_days = 0;
    assert_null(view_of(1, &s, 1, "2026-12-10T09:00:00+03:00")
                .parcels.items[0].delay);

    shop.tracking = usual;
}


static void
test_no_memory(void **state)
{
    size_t              max;
    cxr_rc_t            rc = CXR_NOMEM;
    cxr_arena_t        *small;
    cxr_scan_t          scans[SCANS];
    cxr_shipment_t      s;
    cxr_track_in_t      in;
    cxr_view_track_t    v;
    cxr_track_parcel_t  parcel;

    sample(&s, scans);
    memset(&in, 0, sizeof(in));
    memset(&parcel, 0, sizeof(parcel));
    parcel.shipment = &s;
    in.order = cxr_str("KG-1001");
    in.parcels = &parcel;
    in.nparcels = 1;
    in.now = at("2026-11-24T09:00:00+03:00");

    for (max = 16; max < 65536 && rc != CXR_OK; max += 16) {
        small = cxr_arena_create(max);
        assert_non_null(small);
        rc = cxr_view_track(ctx[0], &in, small, &v);
        assert_true(rc == CXR_OK || rc == CXR_NOMEM);
        cxr_arena_destroy(small);
    }

    assert_int_equal(rc, CXR_OK);
    assert_true(max < 8192);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_sentences, each),
        cmocka_unit_test_setup(test_sentence_reasons, each),
        cmocka_unit_test_setup(test_golden, each),
        cmocka_unit_test_setup(test_eta, each),
        cmocka_unit_test_setup(test_eta_clocks, each),
        cmocka_unit_test_setup(test_trouble, each),
        cmocka_unit_test_setup(test_local_time, each),
        cmocka_unit_test_setup(test_miles, each),
        cmocka_unit_test_setup(test_several, each),
        cmocka_unit_test_setup(test_silence, each),
        cmocka_unit_test_setup(test_arrival, each),
        cmocka_unit_test_setup(test_no_memory, each)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
