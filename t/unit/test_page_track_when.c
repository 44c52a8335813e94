
/*
 * The tracking page's view: when a parcel comes, by whoever's word; until when
 * it may be collected, and where; whom to turn to; the same for a calendar.
 * Runs in the project's root.
 */

#include "cxr_ics.h"
#include "page_track_kit.h"

#define SHOP_DAYS   0x3e          /* Monday to Friday                         */

static cxr_transit_t  rules[3];


static cxr_view_track_t
order_of(unsigned lang, const cxr_order_t *order,
    const cxr_track_parcel_t *parcels, size_t n, const char *now)
{
    cxr_track_in_t    in;
    cxr_view_track_t  v;

    memset(&in, 0, sizeof(in));
    in.order = order != NULL ? order->number : CXR_STR_NONE;
    in.bought = order;
    in.parcels = parcels;
    in.nparcels = n;
    in.now = at(now);
    in.self = cxr_str("/track/t/abc");

    assert_int_equal(cxr_view_track(ctx[lang], &in, arena, &v), CXR_OK);

    return v;
}


static void
with_rules(size_t n)
{
    static cxr_str_t  tr = cxr_str_init("TR");
    static cxr_str_t  slow = cxr_str_init("slow");

    memset(rules, 0, sizeof(rules));

    rules[0].countries.items = &tr;
    rules[0].countries.n = 1;
    rules[0].carriers.items = &slow;
    rules[0].carriers.n = 1;
    rules[0].from = rules[0].to = 9;
    rules[1].countries = rules[0].countries;
    rules[1].from = 1;
    rules[1].to = 3;
    rules[1].handling = 1;
    rules[1].cutoff = 15 * 60;
    rules[2].from = 5;
    rules[2].to = 8;
    rules[2].cutoff = 24 * 60;

    shop.tracking.transits.items = rules;
    shop.tracking.transits.n = (uint32_t) n;
    shop.tracking.calendar.week = SHOP_DAYS;
}


static void
without_rules(void)
{
    memset(&shop.tracking, 0, sizeof(shop.tracking));
}


/* Friday the 20th of November 2026, in Istanbul. */

static void
test_before_hand_over(void **state)
{
    int32_t           holiday;
    cxr_order_t       order;
    cxr_view_track_t  v;

    memset(&order, 0, sizeof(order));
    order.number = cxr_str("KG-1");
    order.country = cxr_str("TR");

    without_rules();
    order.placed_at = at("2026-11-20T11:00:00+03:00");
    v = order_of(1, &order, NULL, 0, "2026-11-20T12:00:00+03:00");
    assert_null(v.eta);

    with_rules(2);

    /* handed over on Monday, there from Tuesday to Thursday */

    v = order_of(1, &order, NULL, 0, "2026-11-20T12:00:00+03:00");
    is(v.eta->label, "Our estimate");
    is(v.eta->day, "24 Nov – 26 Nov");
    assert_int_equal(v.eta->calendar_url.len, 0);
    v = order_of(0, &order, NULL, 0, "2026-11-20T12:00:00+03:00");
    is(v.eta->label, "Tahminimiz");
    is(v.eta->day, "24 Kas – 26 Kas");

    /* past the hour at which parcels go, it counts as of Monday */

    order.placed_at = at("2026-11-20T15:00:00+03:00");
    v = order_of(1, &order, NULL, 0, "2026-11-20T16:00:00+03:00");
    is(v.eta->day, "25 Nov – 27 Nov");

    /* at weekends, too, and a holiday is one more day */

    order.placed_at = at("2026-11-21T10:00:00+03:00");
    v = order_of(1, &order, NULL, 0, "2026-11-21T10:00:00+03:00");
    is(v.eta->day, "25 Nov – 27 Nov");

    holiday = cxr_days(2026, 11, 25);
    shop.tracking.calendar.holidays.items = &holiday;
    shop.tracking.calendar.holidays.n = 1;
    v = order_of(1, &order, NULL, 0, "2026-11-21T10:00:00+03:00");
    is(v.eta->day, "26 Nov – 30 Nov");
    memset(&shop.tracking.calendar.holidays, 0,
           sizeof(shop.tracking.calendar.holidays));

    /* what has not gone yet goes today at the earliest: Thursday's "tomorrow"
       is Friday */

    v = order_of(1, &order, NULL, 0, "2026-11-26T09:00:00+03:00");
    is(v.eta->day, "27 Nov – 1 Dec");

    /* for three days; then a guess that is put off each day is none */

    v = order_of(1, &order, NULL, 0, "2026-11-27T23:00:00+03:00");
    assert_non_null(v.eta);
    v = order_of(1, &order, NULL, 0, "2026-11-28T09:00:00+03:00");
    assert_null(v.eta);

    /* a country that no rule names */

    order.country = cxr_str("DE");
    v = order_of(1, &order, NULL, 0, "2026-11-21T10:00:00+03:00");
    assert_null(v.eta);

    with_rules(3);
    order.placed_at = at("2026-11-20T23:59:00+03:00");
    v = order_of(1, &order, NULL, 0, "2026-11-20T23:59:00+03:00");
    is(v.eta->day, "27 Nov – 2 Dec");

    without_rules();
}


static void
test_on_its_way(void **state)
{
    cxr_lane_t          lane = { 40, 2, 4, 9 };
    cxr_scan_t          scans[SCANS];
    cxr_order_t         order;
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    cxr_track_parcel_t  p;

    memset(&order, 0, sizeof(order));
    memset(&p, 0, sizeof(p));
    order.number = cxr_str("KG-1");
    order.country = cxr_str("TR");
    order.placed_at = at("2026-11-10T11:00:00+03:00");

    sample(&s, scans);
    s.status = CXR_SHIP_IN_TRANSIT;
    s.picked_up_at = scans[1].at;             /* Sunday the 22nd              */
    p.shipment = &s;

    with_rules(2);

    /* the carrier's own word comes first */

    v = order_of(1, &order, &p, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].eta->label, "Estimated delivery");
    is(v.parcels.items[0].eta->calendar_url, "?calendar=12%2F34");

    s.eta_from = s.eta_to = CXR_TIME_NONE;
    s.eta_precision = CXR_PRECISION_NONE;

    v = order_of(1, &order, &p, 1, "2026-11-22T20:00:00+03:00");
    is(v.parcels.items[0].eta->label, "Our estimate");
    is(v.parcels.items[0].eta->day, "23 Nov – 25 Nov");
    assert_int_equal(v.parcels.items[0].eta->calendar_url.len, 0);
    assert_int_equal(v.parcels.items[0].expected_iso.len, 0);

    /* days that are over are no part of it, and then it is gone */

    v = order_of(1, &order, &p, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].eta->day, "24 Nov – 25 Nov");
    v = order_of(1, &order, &p, 1, "2026-11-25T23:59:00+03:00");
    is(v.parcels.items[0].eta->day, "Today");
    v = order_of(1, &order, &p, 1, "2026-11-26T00:00:00+03:00");
    assert_null(v.parcels.items[0].eta);

    /* what went out today is not for the day after */

    s.status = CXR_SHIP_OUT_FOR_DELIVERY;
    v = order_of(1, &order, &p, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].eta->day, "Today");
    v = order_of(1, &order, &p, 1, "2026-11-25T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    s.status = CXR_SHIP_IN_TRANSIT;

    /* by carrier; and by what it usually takes, where no rule fits */

    s.carrier = cxr_str("slow");
    v = order_of(1, &order, &p, 1, "2026-11-24T09:00:00+03:00");
    is(v.parcels.items[0].eta->day, "Thursday, 3 December");

    order.country = cxr_str("DE");
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    p.lane = &lane;
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    is(v.parcels.items[0].eta->day, "24 Nov – 26 Nov");

    /* the number alone tells no country: no rule of a country's is used */

    p.lane = NULL;
    v = order_of(1, NULL, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);

    /* nobody guesses at what has a trouble, asks for something, or waits */

    p.lane = &lane;
    s.reason = CXR_WHY_CUSTOMS;
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    s.reason = CXR_WHY_NONE;
    s.action = CXR_DO_CONTACT_CARRIER;
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    s.action = CXR_DO_NOTHING;
    s.status = CXR_SHIP_ATTEMPT_FAILED;
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    s.status = CXR_SHIP_IN_TRANSIT;
    s.direction = CXR_PARCEL_RETURN;
    v = order_of(1, &order, &p, 1, "2026-11-23T09:00:00+03:00");
    assert_null(v.parcels.items[0].eta);

    without_rules();
}


/* What the shop does with an order, until a carrier tells of it. */

static void
test_stages(void **state)
{
    cxr_scan_t          one;
    cxr_str_t           tags[2];
    cxr_order_t         order;
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    cxr_track_parcel_t  p;

    static cxr_local_text_t  words[] = {
        { cxr_str_init("tr"), cxr_str_init("Kahveniz kavruluyor.") },
        { cxr_str_init("en"), cxr_str_init("Your coffee is being roasted.") }
    };
    static cxr_stage_t  stages[2];

    memset(&order, 0, sizeof(order));
    memset(&s, 0, sizeof(s));
    memset(&p, 0, sizeof(p));
    memset(stages, 0, sizeof(stages));

    order.number = cxr_str("KG-1");
    tags[0] = cxr_str("coffee");
    tags[1] = cxr_str("roasting");
    order.tags.items = tags;
    order.tags.n = 2;
    stages[0].tag = cxr_str("packing");
    stages[1].tag = cxr_str("roasting");
    stages[1].headline.items = words;
    stages[1].headline.n = 2;
    shop.tracking.stages.items = stages;
    shop.tracking.stages.n = 2;
    s.carrier = cxr_str("yurtici");
    s.number = cxr_str("1");
    p.shipment = &s;

    v = order_of(0, &order, NULL, 0, "2026-11-20T12:00:00+03:00");
    is(v.headline, "Kahveniz kavruluyor.");
    assert_true(v.detail.len != 0);

    stages[1].text = stages[1].headline;
    v = order_of(1, &order, &p, 1, "2026-11-20T12:00:00+03:00");
    is(v.headline, "Your coffee is being roasted.");
    is(v.detail, "Your coffee is being roasted.");

    /* the number alone knows no order */

    v = order_of(1, NULL, &p, 1, "2026-11-20T12:00:00+03:00");
    assert_null(strstr(v.headline.data, "roasted"));

    order.tags.n = 1;
    v = order_of(1, &order, &p, 1, "2026-11-20T12:00:00+03:00");
    assert_null(strstr(v.headline.data, "roasted"));
    order.tags.n = 2;

    one = scan("2026-11-20T09:00:00+03:00", CXR_SHIP_PICKED_UP, "K", "");
    s.scans.items = &one;
    s.scans.n = 1;
    s.status = CXR_SHIP_PICKED_UP;
    v = order_of(1, &order, &p, 1, "2026-11-20T12:00:00+03:00");
    is(v.headline, "Your parcel is with the carrier.");

    without_rules();
}


static void
waiting(cxr_shipment_t *s, cxr_scan_t scans[SCANS])
{
    sample(s, scans);
    scans[5].status = CXR_SHIP_READY_FOR_PICKUP;
    s->status = CXR_SHIP_READY_FOR_PICKUP;
    s->pickup_until = at("2026-11-27T00:00:00+03:00");
    s->pickup_offset = OFFSET_TR;
    s->pickup_precision = CXR_PRECISION_DATE;
    s->pickup_point = cxr_str("Moda Kiosk, Moda Cad. 1");
    s->pickup_hours = cxr_str("9-18");
}


static void
test_pickup(void **state)
{
    cxr_scan_t          scans[SCANS];
    cxr_shipment_t      s;
    cxr_view_track_t    v;
    cxr_view_parcel_t  *p;

    waiting(&s, scans);

    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    p = &v.parcels.items[0];
    is(p->collect_at, "Moda Kiosk, Moda Cad. 1");
    is(p->collect_hours, "9-18");
    is(p->eta->label, "Collect by");
    is(p->eta->day, "Friday, 27 November");
    assert_int_equal(p->eta->window.len, 0);
    is(p->eta->calendar_url, "?calendar=12%2F34");
    is(p->action->text, "Bring an ID. It is kept for you until Friday, 27 "
                        "November, then sent back to us.");
    assert_int_equal(p->expected_iso.len, 0);

    v = view_of(0, &s, 1, "2026-11-27T23:59:00+03:00");
    is(v.parcels.items[0].eta->label, "Son alma günü");
    is(v.parcels.items[0].eta->day, "Bugün");

    /* once the day is over nobody says that it is still kept */

    v = view_of(1, &s, 1, "2026-11-28T00:00:00+03:00");
    assert_null(v.parcels.items[0].eta);
    assert_non_null(strstr(v.parcels.items[0].action->text.data, "a few days"));

    /* to the minute */

    s.pickup_until = at("2026-11-27T18:00:00+03:00");
    s.pickup_precision = CXR_PRECISION_MINUTE;
    v = view_of(1, &s, 1, "2026-11-27T17:59:00+03:00");
    is(v.parcels.items[0].eta->day, "Today");
    is(v.parcels.items[0].eta->window, "18:00");
    v = view_of(1, &s, 1, "2026-11-27T18:01:00+03:00");
    assert_null(v.parcels.items[0].eta);

    /* where nothing better is told, the branch that scanned it; where the shop
       masks places, the place to go to alone */

    shop.tracking.mask_places = true;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    is(v.parcels.items[0].collect_at, "Moda Kiosk, Moda Cad. 1");
    s.pickup_point = CXR_STR_NONE;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    assert_int_equal(v.parcels.items[0].collect_at.len, 0);
    assert_int_equal(v.parcels.items[0].collect_hours.len, 0);
    shop.tracking.mask_places = false;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    is(v.parcels.items[0].collect_at, "Kadıköy");

    /* not of one that does not wait, comes back, or is lost */

    s.reason = CXR_WHY_LOST;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    assert_int_equal(v.parcels.items[0].collect_at.len, 0);
    s.reason = CXR_WHY_NONE;
    s.status = CXR_SHIP_IN_TRANSIT;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    assert_int_equal(v.parcels.items[0].collect_at.len, 0);
    s.status = CXR_SHIP_READY_FOR_PICKUP;
    s.direction = CXR_PARCEL_RETURN;
    v = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00");
    assert_int_equal(v.parcels.items[0].collect_at.len, 0);
    assert_null(v.parcels.items[0].eta);
}


static void
test_whom_to_ask(void **state)
{
    cxr_scan_t         scans[SCANS];
    cxr_shipment_t     s;
    cxr_view_word_t   *w;

    static cxr_carrier_name_t  known = {
        cxr_str_init("aras"), cxr_str_init("Aras Kargo"), { NULL, 0 },
        { NULL, 0 }
    };

    sample(&s, scans);
    s.status = CXR_SHIP_IN_TRANSIT;

    s.action = CXR_DO_CONTACT_CARRIER;
    w = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
        .parcels.items[0].action;
    is(w->link, "See it at Yurtiçi Kargo");
    is(w->url, "https://carrier.example/t?code=12%2F34&x=12%2F34");

    carriers[0].phone = cxr_str("444 99 99");
    w = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
        .parcels.items[0].action;
    is(w->link, "444\xc2\xa0" "99\xc2\xa0" "99");
    is(w->url, "tel:4449999");
    is(view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
       .parcels.items[0].carrier_phone_url, "tel:4449999");

    /* an address is the shop's to put right, and a masked carrier the shop's
       to ask */

    s.action = CXR_DO_CORRECT_ADDRESS;
    w = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
        .parcels.items[0].action;
    is(w->link, "Write to us");
    is(w->url, "mailto:destek@kahvegurusu.example?subject=KG-1001");

    s.action = CXR_DO_PAY;
    shop.tracking.mask_carrier = true;
    w = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
        .parcels.items[0].action;
    shop.tracking.mask_carrier = false;
    is(w->link, "Write to us");

    /* to collect it takes nobody's leave */

    s.action = CXR_DO_PICK_UP;
    w = view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
        .parcels.items[0].action;
    assert_int_equal(w->url.len, 0);

    carriers[0].phone = CXR_STR_NONE;

    /* a carrier that the shop's file does not name */

    shop.known.items = &known;
    shop.known.n = 1;
    s.carrier = cxr_str("aras");
    is(view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
       .parcels.items[0].carrier, "Aras Kargo");
    s.carrier = cxr_str("nobody");
    s.partner = cxr_str("ARAS");
    is(view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
       .parcels.items[0].carrier, "nobody");
    is(view_of(1, &s, 1, "2026-11-24T12:00:00+03:00")
       .parcels.items[0].partner, "Aras Kargo");
    shop.known.n = 0;
}


static const char *
calendar(const cxr_shipment_t *s, const char *number, const char *now,
    cxr_rc_t want)
{
    cxr_buf_t           out;
    cxr_track_in_t      in;
    cxr_track_parcel_t  p;
    static char         text[4096];

    memset(&in, 0, sizeof(in));
    memset(&p, 0, sizeof(p));
    p.shipment = s;
    in.order = cxr_str("KG-1001");
    in.parcels = &p;
    in.nparcels = 1;
    in.now = at(now);
    in.self = cxr_str("/track/t/abc");

    shop.id = cxr_str("kahve-gurusu");
    cxr_buf_init(&out, sizeof(text) - 1);
    assert_int_equal(cxr_track_calendar(ctx[0], &in, cxr_strz(number), arena,
                                        &out), want);
    memcpy(text, out.data != NULL ? out.data : "", out.len);
    text[out.len] = '\0';
    cxr_buf_free(&out);

    return text;
}


static void
test_calendar(void **state)
{
    cxr_scan_t      scans[SCANS];
    const char     *text;
    cxr_shipment_t  s;

    sample(&s, scans);
    s.day = 20000;

    assert_string_equal(
        calendar(&s, "12/34", "2026-11-24T09:00:00+03:00", CXR_OK),
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
        "PRODID:-//cx-returns//tracking//EN\r\nCALSCALE:GREGORIAN\r\n"
        "BEGIN:VEVENT\r\nUID:12/34.20000@kahve-gurusu\r\n"
        "DTSTAMP:20261124T054000Z\r\nDTSTART:20261124T110000Z\r\n"
        "DTEND:20261124T150000Z\r\nSUMMARY:Kahve Gurusu: paketiniz geliyor\r\n"
        "DESCRIPTION:Yurtiçi Kargo 12/34\r\nTRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n");

    /* a moment is the last of an hour, a day is whole */

    s.eta_from = s.eta_to;
    text = calendar(&s, "12/34", "2026-11-24T09:00:00+03:00", CXR_OK);
    assert_non_null(strstr(text, "DTSTART:20261124T140000Z\r\n"
                                 "DTEND:20261124T150000Z"));

    s.eta_from = at("2026-11-24T00:00:00+03:00");
    s.eta_to = at("2026-11-26T00:00:00+03:00");
    s.eta_precision = CXR_PRECISION_DATE;
    text = calendar(&s, "12/34", "2026-11-24T09:00:00+03:00", CXR_OK);
    assert_non_null(strstr(text, "DTSTART;VALUE=DATE:20261124\r\n"
                                 "DTEND;VALUE=DATE:20261127"));

    /* a masked carrier is not told here, either */

    shop.tracking.mask_carrier = true;
    text = calendar(&s, "12/34", "2026-11-24T09:00:00+03:00", CXR_OK);
    shop.tracking.mask_carrier = false;
    assert_null(strcasestr(text, "yurti"));

    /* nothing that is over, or another's */

    calendar(&s, "12/34", "2026-11-27T09:00:00+03:00", CXR_NOTFOUND);
    calendar(&s, "12/35", "2026-11-24T09:00:00+03:00", CXR_NOTFOUND);

    /* the last day to collect it, with a word the day before */

    waiting(&s, scans);
    text = calendar(&s, "12/34", "2026-11-24T12:00:00+03:00", CXR_OK);
    assert_non_null(strstr(text, "DTSTART;VALUE=DATE:20261127\r\n"
                                 "DTEND;VALUE=DATE:20261128"));
    assert_non_null(strstr(text, "LOCATION:Moda Kiosk\\, Moda Cad. 1\r\n"));
    assert_non_null(strstr(text, "TRIGGER:-P1D\r\n"));
    assert_null(strstr(text, "KG-1001"));
    assert_null(strstr(text, "abc"));

    s.status = CXR_SHIP_DELIVERED;
    s.delivered_at = scans[5].at;
    calendar(&s, "12/34", "2026-11-24T12:00:00+03:00", CXR_NOTFOUND);
}


/* Lines of at most 75 octets, and no letter in two; nothing ends a line but
   its end. */

static void
test_calendar_text(void **state)
{
    size_t      i, line;
    cxr_ics_t   e;
    cxr_buf_t   out, whole;

    memset(&e, 0, sizeof(e));
    e.uid = cxr_str("1@x");
    e.from = e.to = e.stamp = at("2026-11-24T09:00:00Z");
    e.summary = cxr_str("Ağaçlı Çiçekçioğlu Şekerlemecilik Ğğğğğğğğğğğğğğğğğğğ"
                        "ğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğğ son");
    e.text = cxr_str("a;b,c\\d\ne\rEND:VEVENT\x01");

    cxr_buf_init(&out, 4096);
    cxr_buf_init(&whole, 4096);
    cxr_ics(&e, &out);

    for (line = 0, i = 0; i < out.len; i++) {
        if (out.data[i] == '\r') {
            assert_true(i + 1 < out.len && out.data[i + 1] == '\n');
            assert_true(line <= CXR_ICS_LINE);
            line = 0;
            i++;

            if (i + 1 < out.len && out.data[i + 1] == ' ') {
                assert_true(((unsigned char) out.data[i + 2] & 0xc0) != 0x80);
                i++;
                line = 1;
            } else {
                cxr_buf_addc(&whole, '\n');
            }
            continue;
        }

        line++;
        cxr_buf_addc(&whole, out.data[i]);
    }

    cxr_buf_addc(&whole, '\0');
    assert_non_null(strstr(whole.data, "\nSUMMARY:Ağaçlı Çiçekçioğlu "));
    assert_non_null(strstr(whole.data, "ğğğ son\n"));
    assert_non_null(strstr(whole.data, "\nDESCRIPTION:a\\;b\\,c\\\\d\\ne"
                                       "END:VEVENT\n"));

    cxr_buf_free(&out);
    cxr_buf_free(&whole);
}


static void
test_goods_back(void **state)
{
    cxr_rma_t           rma;
    cxr_rma_line_t      lines[3];
    cxr_rma_parcel_t    parcels[2];
    cxr_track_parcel_t  p;

    memset(&rma, 0, sizeof(rma));
    memset(lines, 0, sizeof(lines));
    memset(parcels, 0, sizeof(parcels));
    memset(&p, 0, sizeof(p));

    lines[0].title = cxr_str("Etiyopya");
    lines[0].quantity = 2;
    lines[0].decision = CXR_DECISION_APPROVED;
    lines[1] = lines[0];
    lines[1].decision = CXR_DECISION_DECLINED;
    lines[2] = lines[0];
    lines[2].no_return = true;
    rma.lines.items = lines;
    rma.lines.n = 3;
    rma.parcels.items = parcels;
    rma.parcels.n = 1;

    assert_int_equal(cxr_track_goods_back(&rma, arena, &p), CXR_OK);
    assert_int_equal(p.ngoods, 1);
    is(p.goods[0].title, "Etiyopya");
    assert_int_equal(p.goods[0].quantity, 2);

    /* of two nobody knows which has what */

    memset(&p, 0, sizeof(p));
    rma.parcels.n = 2;
    assert_int_equal(cxr_track_goods_back(&rma, arena, &p), CXR_OK);
    assert_int_equal(p.ngoods, 0);
}


/* What is in no parcel yet, as far as the shop tells what is in which. */

static void
test_rest(void **state)
{
    cxr_str_t         first = cxr_str_init("1");
    cxr_order_t       order;
    cxr_shipment_t    s[2];
    cxr_track_in_t    in;
    cxr_view_track_t  v;
    cxr_order_line_t  lines[3];

    memset(&order, 0, sizeof(order));
    memset(lines, 0, sizeof(lines));
    memset(s, 0, sizeof(s));
    memset(&in, 0, sizeof(in));

    lines[0].line = cxr_str("1");
    lines[0].title = cxr_str("Etiyopya");
    lines[0].quantity = 2;
    lines[1].line = cxr_str("2");
    lines[1].title = cxr_str("Fincan");
    lines[1].quantity = 1;
    lines[2].line = cxr_str("1.x");
    lines[2].origin = cxr_str("1");
    order.number = cxr_str("KG-1");
    order.placed_at = at("2026-11-20T12:00:00+03:00");
    order.lines.items = lines;
    order.lines.n = 3;
    in.now = at("2026-11-21T12:00:00+03:00");
    in.self = cxr_str("/track/t/abc");
    in.order = order.number;
    in.bought = &order;

    assert_int_equal(cxr_track_rest(&order, s, 0, arena, &in), CXR_OK);
    assert_int_equal(in.nrest, 2);
    assert_int_equal(cxr_view_track(ctx[1], &in, arena, &v), CXR_OK);
    is(v.rest->title, "In your order");
    assert_int_equal(v.rest->goods.n, 2);
    is(v.rest->goods.items[1].title, "Fincan");
    assert_int_equal(v.rest->goods.items[0].quantity, 2);

    /* one parcel with the first of them, and one that comes back */

    s[0].lines.items = &first;
    s[0].lines.n = 1;
    s[1].direction = CXR_PARCEL_RETURN;
    in.nrest = 0;
    assert_int_equal(cxr_track_rest(&order, s, 2, arena, &in), CXR_OK);
    assert_int_equal(in.nrest, 1);
    is(in.rest[0].title, "Fincan");

    /* one of which nobody said what is in it may have it all */

    s[1].direction = CXR_PARCEL_OUTBOUND;
    in.nrest = 0;
    assert_int_equal(cxr_track_rest(&order, s, 2, arena, &in), CXR_OK);
    assert_int_equal(in.nrest, 0);
    assert_int_equal(cxr_view_track(ctx[1], &in, arena, &v), CXR_OK);
    assert_null(v.rest);

    /* after two months nobody waits for it */

    in.now = order.placed_at + CXR_TRACK_REST + 1;
    assert_int_equal(cxr_track_rest(&order, s, 1, arena, &in), CXR_OK);
    assert_int_equal(in.nrest, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup(test_before_hand_over, each),
        cmocka_unit_test_setup(test_on_its_way, each),
        cmocka_unit_test_setup(test_stages, each),
        cmocka_unit_test_setup(test_pickup, each),
        cmocka_unit_test_setup(test_whom_to_ask, each),
        cmocka_unit_test_setup(test_calendar, each),
        cmocka_unit_test_setup(test_calendar_text, each),
        cmocka_unit_test_setup(test_goods_back, each),
        cmocka_unit_test_setup(test_rest, each)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
