
/*
 * A shipment's state follows from what was said of it, not from the order in
 * which it was said.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_shipment.h"


#define T0  ((cxr_time_t) 1793606400000)    /* 2026-11-02T08:00:00Z */
#define NOW (T0 + 20 * CXR_DAY)


static cxr_arena_t  *arena;


static int
setup(void **state)
{
    arena = cxr_arena_create(64 * 1024 * 1024);
    return arena == NULL;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    return 0;
}


static uint32_t
rnd(uint64_t *s, uint32_t n)
{
    uint64_t  x;

    *s += 0x9e3779b97f4a7c15u;
    x = (*s ^ (*s >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;

    return (uint32_t) (x >> 33) % n;
}


static cxr_scan_t
scan(int hours, uint8_t status)
{
    cxr_scan_t  s;

    memset(&s, 0, sizeof(s));
    s.at = hours < 0 ? CXR_TIME_NONE : T0 + hours * CXR_HOUR;
    s.precision = hours < 0 ? CXR_PRECISION_NONE : CXR_PRECISION_MINUTE;
    s.status = status;
    s.mapped = (status != CXR_SHIP_UNKNOWN);
    s.code = cxr_sprintf(arena, "C%u", status);
    s.text = cxr_str("text");

    return s;
}


static cxr_report_t
report(cxr_scan_t *scans, uint32_t n)
{
    cxr_report_t  r;

    memset(&r, 0, sizeof(r));
    r.carrier = cxr_str("yurtici");
    r.number = cxr_str("123456789012");
    r.scans.items = scans;
    r.scans.n = n;

    return r;
}


/* Decides and applies; returns the number of events. */

static uint32_t
feed(cxr_shipment_t *s, const cxr_report_t *r, cxr_time_t now)
{
    unsigned       skipped;
    cxr_events_t   events;
    cxr_refusal_t  no;

    memset(&events, 0, sizeof(events));

    assert_int_equal(cxr_shipment_report(s->revision ? s : NULL, r, now,
                                         arena, &events, &skipped, &no),
                     CXR_OK);
    assert_true(events.n <= 1);

    if (events.n != 0) {
        assert_int_equal(events.items[0].expect, s->revision);
        assert_int_equal(events.items[0].fresh, s->revision == 0);
        assert_int_equal(cxr_shipment_apply(s, &events.items[0], now, arena),
                         CXR_OK);
    }

    return events.n;
}


/* One row: what was scanned, and what it comes to. */
typedef struct {
    const char  *name;
    struct { int hours; uint8_t status; }  scans[6];
    uint8_t      header;
    int          header_hours;
    bool         header_wins;
    uint8_t      status;
    int          status_hours;
    int          delivered_hours;    /* -1: not delivered */
} row_t;


static const row_t  rows[] = {
    { "nothing", { { 0, 0 } }, 0, 0, false, CXR_SHIP_UNKNOWN, -1, -1 },
    { "newest wins", { { 1, CXR_SHIP_PICKED_UP }, { 5, CXR_SHIP_IN_TRANSIT } },
      0, 0, false, CXR_SHIP_IN_TRANSIT, 5, -1 },
    { "no time never beats a time",
      { { 1, CXR_SHIP_PICKED_UP }, { -1, CXR_SHIP_OUT_FOR_DELIVERY } },
      0, 0, false, CXR_SHIP_PICKED_UP, 1, -1 },
    { "no time is better than nothing", { { -1, CXR_SHIP_IN_TRANSIT } },
      0, 0, false, CXR_SHIP_IN_TRANSIT, -1, -1 },
    { "unmapped changes nothing",
      { { 1, CXR_SHIP_IN_TRANSIT }, { 9, CXR_SHIP_UNKNOWN } },
      0, 0, false, CXR_SHIP_IN_TRANSIT, 1, -1 },
    { "one day, no times: the further one",
      { { 24, CXR_SHIP_OUT_FOR_DELIVERY }, { 24, CXR_SHIP_DELIVERED },
        { 24, CXR_SHIP_IN_TRANSIT } },
      0, 0, false, CXR_SHIP_DELIVERED, 24, 24 },
    { "delivered stays over a late depot scan",
      { { 5, CXR_SHIP_DELIVERED }, { 8, CXR_SHIP_IN_TRANSIT } },
      0, 0, false, CXR_SHIP_DELIVERED, 5, 5 },
    { "delivered stays over a late attempt",
      { { 5, CXR_SHIP_DELIVERED }, { 8, CXR_SHIP_ATTEMPT_FAILED } },
      0, 0, false, CXR_SHIP_DELIVERED, 5, 5 },
    { "a proof of delivery is no second delivery",
      { { 5, CXR_SHIP_DELIVERED }, { 50, CXR_SHIP_DELIVERED } },
      0, 0, false, CXR_SHIP_DELIVERED, 5, 5 },
    { "delivered elsewhere, then here",
      { { 5, CXR_SHIP_DELIVERED }, { 8, CXR_SHIP_OUT_FOR_DELIVERY },
        { 9, CXR_SHIP_DELIVERED } },
      0, 0, false, CXR_SHIP_DELIVERED, 9, 9 },
    { "delivered, then going back",
      { { 5, CXR_SHIP_DELIVERED }, { 8, CXR_SHIP_RETURNING } },
      0, 0, false, CXR_SHIP_RETURNING, 8, -1 },
    { "going back passes depots",
      { { 5, CXR_SHIP_RETURNING }, { 8, CXR_SHIP_IN_TRANSIT } },
      0, 0, false, CXR_SHIP_RETURNING, 5, -1 },
    { "returned is the end",
      { { 5, CXR_SHIP_RETURNED }, { 8, CXR_SHIP_IN_TRANSIT } },
      0, 0, false, CXR_SHIP_RETURNED, 5, -1 },
    { "returned, but delivered after all",
      { { 5, CXR_SHIP_RETURNED }, { 8, CXR_SHIP_DELIVERED } },
      0, 0, false, CXR_SHIP_DELIVERED, 8, 8 },
    { "cancelled is the end",
      { { 5, CXR_SHIP_CANCELLED }, { 8, CXR_SHIP_PICKED_UP } },
      0, 0, false, CXR_SHIP_CANCELLED, 5, -1 },
    { "a header alone", { { 0, 0 } }, CXR_SHIP_DELIVERED, 7, false,
      CXR_SHIP_DELIVERED, 7, 7 },
    { "a header that wins at the same time",
      { { 7, CXR_SHIP_IN_TRANSIT } }, CXR_SHIP_DELIVERED, 7, true,
      CXR_SHIP_DELIVERED, 7, 7 },
    { "a header that does not win at the same time",
      { { 7, CXR_SHIP_IN_TRANSIT } }, CXR_SHIP_DELIVERED, 7, false,
      CXR_SHIP_IN_TRANSIT, 7, -1 },
    { "a header that wins, but an older one",
      { { 9, CXR_SHIP_OUT_FOR_DELIVERY } }, CXR_SHIP_IN_TRANSIT, 7, true,
      CXR_SHIP_OUT_FOR_DELIVERY, 9, -1 },
    { "a newer header without a scan of its time",
      { { 5, CXR_SHIP_IN_TRANSIT }, { 7, CXR_SHIP_UNKNOWN } },
      CXR_SHIP_DELIVERED, 7, false, CXR_SHIP_DELIVERED, 7, 7 },
};


static void
test_status(void **state)
{
    size_t           i, n;
    cxr_scan_t       scans[6];
    cxr_report_t     r;
    const row_t     *row;
    cxr_shipment_t   s;

    for (i = 0; i < cxr_nelts(rows); i++) {
        row = &rows[i];

        for (n = 0; n < 6; n++) {
            if (row->scans[n].hours == 0) {
                break;
            }

            scans[n] = scan(row->scans[n].hours, row->scans[n].status);
        }

        memset(&s, 0, sizeof(s));
        r = report(scans, (uint32_t) n);
        r.header_status = row->header;
        r.header_mapped = true;
        r.header_at = row->header ? T0 + row->header_hours * CXR_HOUR : 0;
        r.header_wins = row->header_wins;

        feed(&s, &r, NOW);

        if (s.status != row->status
            || s.status_at != (row->status_hours < 0 ? CXR_TIME_NONE
                               : T0 + row->status_hours * CXR_HOUR)
            || s.delivered_at != (row->delivered_hours < 0 ? CXR_TIME_NONE
                                  : T0 + row->delivered_hours * CXR_HOUR))
        {
            fail_msg("%s: %s", row->name, cxr_ship_status_names[s.status]);
        }
    }
}


static void
test_reason_and_action(void **state)
{
    cxr_scan_t      scans[2];
    cxr_report_t    r;
    cxr_shipment_t  s;

    scans[0] = scan(1, CXR_SHIP_ATTEMPT_FAILED);
    scans[0].reason = CXR_WHY_RECIPIENT_ABSENT;
    scans[0].action = CXR_DO_BE_HOME;
    scans[1] = scan(2, CXR_SHIP_UNKNOWN);

    memset(&s, 0, sizeof(s));
    r = report(scans, 2);
    assert_int_equal(feed(&s, &r, NOW), 1);

    assert_int_equal(s.reason, CXR_WHY_RECIPIENT_ABSENT);
    assert_int_equal(s.action, CXR_DO_BE_HOME);
    assert_int_equal(s.unmapped, 1);
    assert_int_equal(s.picked_up_at, T0 + CXR_HOUR);
    assert_int_equal(s.day, NOW / CXR_DAY);
    assert_int_equal(s.created_at, NOW);
    assert_int_equal(feed(&s, &r, NOW + 1), 0);

    /* the profile has learnt the code */

    scans[1].mapped = true;
    scans[1].status = CXR_SHIP_OUT_FOR_DELIVERY;

    assert_int_equal(feed(&s, &r, NOW + 1), 1);
    assert_int_equal(s.scans.n, 2);
    assert_int_equal(s.unmapped, 0);
    assert_int_equal(s.status, CXR_SHIP_OUT_FOR_DELIVERY);
    assert_int_equal(s.reason, CXR_WHY_NONE);
}


static void
test_identity(void **state)
{
    cxr_scan_t      scans[4];
    cxr_report_t    r;
    cxr_events_t    events;
    cxr_refusal_t   no;
    cxr_shipment_t  s;

    /* equal but for the id; equal ids; no ids and another place */

    scans[0] = scan(1, CXR_SHIP_IN_TRANSIT);
    scans[0].id = cxr_str("a");
    scans[1] = scan(1, CXR_SHIP_IN_TRANSIT);
    scans[1].id = cxr_str("b");
    scans[2] = scan(3, CXR_SHIP_IN_TRANSIT);
    scans[2].id = cxr_str("a");
    scans[3] = scan(1, CXR_SHIP_IN_TRANSIT);

    memset(&s, 0, sizeof(s));
    r = report(scans, 4);
    feed(&s, &r, NOW);

    assert_int_equal(s.scans.n, 3);
    assert_int_equal(s.status_at, T0 + 3 * CXR_HOUR);

    scans[3].place = cxr_str("Kadıköy");
    feed(&s, &r, NOW);
    assert_int_equal(s.scans.n, 4);

    /* one report corrects a known scan twice, with another one between */

    memset(&s, 0, sizeof(s));
    scans[1].at += CXR_MINUTE;
    scans[2] = scans[0];
    r = report(scans, 2);
    feed(&s, &r, NOW);
    scans[0].seq = 1;
    scans[2].seq = 2;
    r = report(scans, 3);
    memset(&events, 0, sizeof(events));
    assert_int_equal(cxr_shipment_report(&s, &r, NOW, arena, &events, NULL,
                                         &no), CXR_OK);
    assert_int_equal(((const cxr_report_t *) events.items[0].body)->scans.n, 1);
    feed(&s, &r, NOW);
    assert_int_equal(s.scans.n, 2);
    assert_int_equal(s.scans.items[0].seq, 2);
}


/* Where it may be collected and until when: the newest word, however the
   reports come in. */

static void
test_pickup(void **state)
{
    cxr_scan_t      one, two;
    cxr_report_t    r, q;
    cxr_shipment_t  s, t;

    one = scan(1, CXR_SHIP_ATTEMPT_FAILED);
    two = scan(9, CXR_SHIP_READY_FOR_PICKUP);

    r = report(&two, 1);
    r.pickup_until = T0 + 7 * CXR_DAY;
    r.pickup_precision = CXR_PRECISION_DATE;
    r.pickup_offset = 10800;
    r.pickup_point = cxr_str("Kiosk Moda");
    r.pickup_hours = cxr_str("9-18");

    q = report(&one, 1);
    q.pickup_until = T0 + 9 * CXR_DAY;
    q.pickup_precision = CXR_PRECISION_DATE;
    q.pickup_point = cxr_str("Otherwhere");

    memset(&s, 0, sizeof(s));
    memset(&t, 0, sizeof(t));
    feed(&s, &r, NOW);
    assert_int_equal(feed(&s, &r, NOW), 0);
    feed(&s, &q, NOW);
    feed(&t, &q, NOW);
    feed(&t, &r, NOW);

    assert_int_equal(s.pickup_until, r.pickup_until);
    assert_int_equal(s.pickup_offset, 10800);
    assert_int_equal(s.pickup_precision, CXR_PRECISION_DATE);
    assert_int_equal(s.pickup_asof, T0 + 9 * CXR_HOUR);
    assert_true(cxr_str_is(s.pickup_point, "Kiosk Moda"));
    assert_true(cxr_str_is(s.pickup_hours, "9-18"));
    assert_int_equal(t.pickup_until, s.pickup_until);
    assert_int_equal(t.pickup_asof, s.pickup_asof);
    assert_true(cxr_str_eq(t.pickup_point, s.pickup_point));

    /* known as much, told otherwise: who comes too early loses nothing */

    r.pickup_until -= CXR_DAY;
    assert_int_equal(feed(&s, &r, NOW), 1);
    assert_int_equal(s.pickup_until, r.pickup_until);
    r.pickup_until += CXR_DAY;
    assert_int_equal(feed(&s, &r, NOW), 0);

    /* a report that says nothing of it takes nothing back */

    two = scan(11, CXR_SHIP_READY_FOR_PICKUP);
    r = report(&two, 1);
    feed(&s, &r, NOW);
    assert_true(cxr_str_is(s.pickup_point, "Kiosk Moda"));
}


static void
test_eta(void **state)
{
    cxr_scan_t      one, two;
    cxr_report_t    r, q;
    cxr_shipment_t  s;

    one = scan(1, CXR_SHIP_PICKED_UP);
    two = scan(9, CXR_SHIP_IN_TRANSIT);

    memset(&s, 0, sizeof(s));

    r = report(&two, 1);
    r.eta_from = T0 + 2 * CXR_DAY;
    r.eta_to = r.eta_from + CXR_HOUR;
    feed(&s, &r, NOW);
    assert_int_equal(s.eta_to, r.eta_to);
    assert_int_equal(s.eta_asof, T0 + 9 * CXR_HOUR);

    /* promised when less was known */

    q = report(&one, 1);
    q.eta_from = q.eta_to = T0 + 5 * CXR_DAY;
    feed(&s, &q, NOW);
    assert_int_equal(s.eta_to, r.eta_to);

    /* known as much, promised later: nobody is told too early a time */

    r.eta_to += CXR_HOUR;
    assert_int_equal(feed(&s, &r, NOW), 1);
    assert_int_equal(s.eta_to, r.eta_to);
    r.eta_to -= CXR_HOUR;
    assert_int_equal(feed(&s, &r, NOW), 0);
}


static void
test_limits(void **state)
{
    unsigned        i, skipped;
    cxr_scan_t     *scans, late;
    cxr_report_t    r;
    cxr_events_t    events;
    cxr_refusal_t   no;
    cxr_shipment_t  s;

    memset(&events, 0, sizeof(events));
    memset(&s, 0, sizeof(s));

    r = report(NULL, 0);
    r.number = CXR_STR_NONE;
    r.reference = cxr_str("KG1001");
    assert_int_equal(cxr_shipment_report(NULL, &r, NOW, arena, &events, NULL,
                                         &no), CXR_REFUSED);
    assert_string_equal(no.code, "number_missing");

    late = scan(0, CXR_SHIP_DELIVERED);
    late.at = NOW + CXR_SCAN_FUTURE + 1;
    r = report(&late, 1);
    assert_int_equal(cxr_shipment_report(NULL, &r, NOW, arena, &events,
                                         &skipped, &no), CXR_OK);
    assert_int_equal(skipped, 1);
    assert_int_equal(events.n, 1);
    assert_int_equal(((const cxr_report_t *) events.items[0].body)->scans.n, 0);
    assert_string_equal(
        cxr_strz_dup(arena, events.items[0].id),
        cxr_strz_dup(arena, cxr_sprintf(arena, "yurtici/123456789012/%u",
                                        (unsigned) (NOW / CXR_DAY))));

    /* newest first, more than are kept */

    scans = cxr_calloc(arena, 700, sizeof(cxr_scan_t));

    for (i = 0; i < 700; i++) {
        scans[i] = scan(700 - (int) i, CXR_SHIP_IN_TRANSIT);
        scans[i].at = T0 + (700 - (int) i) * CXR_MINUTE;
    }

    r = report(scans, 700);
    assert_int_equal(feed(&s, &r, NOW), 1);
    assert_int_equal(s.scans.n, CXR_SCANS_MAX);
    assert_true(s.dropped > 0);
    assert_int_equal(s.scans.items[0].at, T0 + CXR_MINUTE);
    assert_int_equal(s.scans.items[499].at, T0 + 500 * CXR_MINUTE);
    assert_int_equal(feed(&s, &r, NOW), 0);

    /* where a courier tells each minute where it is, the delivery comes when
       nothing has room any more: it counts all the same, once */

    late = scan(0, CXR_SHIP_DELIVERED);
    late.at = T0 + 800 * CXR_MINUTE;
    scans[0] = late;
    scans[1].at = late.at + CXR_MINUTE;
    r = report(scans, 2);
    assert_int_equal(feed(&s, &r, NOW), 1);
    scans[0] = scans[1];
    assert_int_equal(s.status, CXR_SHIP_DELIVERED);
    assert_int_equal(s.delivered_at, late.at);
    assert_int_equal(s.scans.n, CXR_SCANS_MAX);
    assert_int_equal(feed(&s, &r, NOW), 0);

    for (i = 0; i < 700; i++) {
        scans[i].at = T0 + (801 + (int) i) * CXR_MINUTE;
    }

    r = report(scans, 700);
    (void) feed(&s, &r, NOW);
    assert_int_equal(feed(&s, &r, NOW), 0);
    assert_int_equal(s.status, CXR_SHIP_DELIVERED);
    assert_int_equal(s.delivered_at, late.at);

    /* and so it does when it came first */

    memset(&s, 0, sizeof(s));
    r = report(&late, 1);
    assert_int_equal(feed(&s, &r, NOW), 1);

    for (i = 0; i < 700; i++) {
        scans[i].at = T0 + (1 + (int) i) * CXR_MINUTE;
    }

    r = report(scans, 700);
    assert_int_equal(feed(&s, &r, NOW), 1);
    assert_int_equal(s.status, CXR_SHIP_DELIVERED);
    assert_int_equal(s.delivered_at, late.at);
    assert_int_equal(feed(&s, &r, NOW), 0);
}


static void
test_reuse(void **state)
{
    cxr_scan_t      one, two;
    cxr_report_t    r;
    cxr_events_t    events;
    cxr_refusal_t   no;
    cxr_shipment_t  s;

    one = scan(1, CXR_SHIP_IN_TRANSIT);
    two = scan(1, CXR_SHIP_PICKED_UP);
    two.at = one.at + CXR_NUMBER_REUSE + CXR_HOUR;

    memset(&s, 0, sizeof(s));
    r = report(&one, 1);
    feed(&s, &r, NOW);

    /* still open: the same parcel, however long it took */

    memset(&events, 0, sizeof(events));
    r = report(&two, 1);
    assert_int_equal(cxr_shipment_report(&s, &r, two.at, arena, &events, NULL,
                                         &no), CXR_OK);
    assert_false(events.items[0].fresh);

    one = scan(2, CXR_SHIP_DELIVERED);
    r = report(&one, 1);
    feed(&s, &r, NOW);

    two.at = one.at + CXR_NUMBER_REUSE + 1;
    memset(&events, 0, sizeof(events));
    r = report(&two, 1);
    assert_int_equal(cxr_shipment_report(&s, &r, two.at, arena, &events, NULL,
                                         &no), CXR_OK);
    assert_true(events.items[0].fresh);
    assert_int_equal(events.items[0].expect, 0);

    /* both in today's first feed: two parcels, two days */

    memset(&events, 0, sizeof(events));
    assert_int_equal(cxr_shipment_report(&s, &r, NOW, arena, &events, NULL,
                                         &no), CXR_OK);
    two.at -= 1;
    assert_true(events.n == 0
                || ((const cxr_report_t *) events.items[0].body)->day
                   == s.day + 1);

    memset(&events, 0, sizeof(events));
    assert_int_equal(cxr_shipment_report(&s, &r, two.at, arena, &events, NULL,
                                         &no), CXR_OK);
    assert_false(events.items[0].fresh);
}


static void
test_consign(void **state)
{
    cxr_scan_t      one;
    cxr_report_t    r;
    cxr_events_t    events;
    cxr_refusal_t   no;
    cxr_consign_t   c;
    cxr_shipment_t  s;

    memset(&s, 0, sizeof(s));
    memset(&c, 0, sizeof(c));
    memset(&events, 0, sizeof(events));

    one = scan(1, CXR_SHIP_IN_TRANSIT);
    r = report(&one, 1);
    r.order = cxr_str("ZZ9");
    feed(&s, &r, NOW);
    assert_true(cxr_str_is(s.order, "ZZ9"));

    c.carrier = r.carrier;
    c.number = r.number;
    c.order = cxr_str("KG1001");
    assert_int_equal(cxr_shipment_consign(&s, &c, NOW, arena, &events, &no),
                     CXR_OK);
    assert_int_equal(events.n, 1);
    assert_false(events.items[0].fresh);
    assert_int_equal(cxr_shipment_apply(&s, &events.items[0], NOW, arena),
                     CXR_OK);
    assert_true(cxr_str_is(s.order, "KG1001"));
    assert_int_equal(s.status, CXR_SHIP_IN_TRANSIT);

    /* the feed's word no longer counts, and the shop's is not said twice */

    assert_int_equal(feed(&s, &r, NOW), 0);
    memset(&events, 0, sizeof(events));
    assert_int_equal(cxr_shipment_consign(&s, &c, NOW, arena, &events, &no),
                     CXR_OK);
    assert_int_equal(events.n, 0);

    c.number = CXR_STR_NONE;
    assert_int_equal(cxr_shipment_consign(&s, &c, NOW, arena, &events, &no),
                     CXR_REFUSED);
}


/* What was taken back is not there, whichever was heard of first. */

static void
test_retract(void **state)
{
    size_t           i, k;
    cxr_scan_t       scans[4];
    cxr_report_t     r;
    cxr_shipment_t   s;

    /* how the delivery at hour 5 is taken back */
    static const struct {
        const char  *name;
        uint8_t      retract;
        const char  *retracts;
        int          hours;       /* retracts_at */
        bool         gone;
    }  ways[] = {
        { "the one before", CXR_RETRACT_PREVIOUS, "", 0, true },
        { "by its id", CXR_RETRACT_NAMED, "ev2", 0, true },
        { "by its code and time", CXR_RETRACT_NAMED, "C7", 5, true },
        { "another id", CXR_RETRACT_NAMED, "ev9", 0, false },
        { "its code at another time", CXR_RETRACT_NAMED, "C7", 6, false },
        { "no name", CXR_RETRACT_NAMED, "", 0, false }
    };

    for (i = 0; i < cxr_nelts(ways); i++) {
        for (k = 0; k < 6; k++) {
            scans[0] = scan(1, CXR_SHIP_IN_TRANSIT);
            scans[1] = scan(5, CXR_SHIP_DELIVERED);
            scans[1].id = cxr_str("ev2");
            scans[2] = scan(7, CXR_SHIP_UNKNOWN);
            scans[2].retract = ways[i].retract;
            scans[2].retracts = cxr_strz(ways[i].retracts);
            scans[2].retracts_at = ways[i].hours
                                   ? T0 + ways[i].hours * CXR_HOUR : 0;

            memset(&s, 0, sizeof(s));

            /* all orders of three reports with one scan each */

            r = report(&scans[k % 3], 1);
            feed(&s, &r, NOW);
            r = report(&scans[(k % 3 + 1 + k / 3) % 3], 1);
            feed(&s, &r, NOW);
            r = report(&scans[(k % 3 + 2 - k / 3) % 3], 1);
            feed(&s, &r, NOW);

            assert_int_equal(s.scans.n, 3);
            assert_int_equal(s.unmapped, 0);

            if (s.status != (ways[i].gone ? CXR_SHIP_IN_TRANSIT
                                          : CXR_SHIP_DELIVERED)
                || s.scans.items[1].retracted != ways[i].gone
                || !s.scans.items[2].retracted)
            {
                fail_msg("%s, order %u: %s", ways[i].name, (unsigned) k,
                         cxr_ship_status_names[s.status]);
            }

            assert_int_equal(s.delivered_at, ways[i].gone
                                             ? CXR_TIME_NONE : scans[1].at);

            /* and it does not come back by being told again */

            r = report(scans, 3);
            assert_int_equal(feed(&s, &r, NOW), 0);
        }
    }

    /* the event itself, told again as wrong, then once more as it was */

    memset(&s, 0, sizeof(s));
    scans[2] = scans[1];
    scans[2].retract = CXR_RETRACT_ITSELF;
    r = report(scans, 2);
    feed(&s, &r, NOW);
    assert_int_equal(s.status, CXR_SHIP_DELIVERED);
    r = report(&scans[2], 1);
    assert_int_equal(feed(&s, &r, NOW), 1);
    assert_int_equal(s.scans.n, 2);
    assert_int_equal(s.status, CXR_SHIP_IN_TRANSIT);
    r = report(scans, 2);
    assert_int_equal(feed(&s, &r, NOW), 0);
    assert_int_equal(s.status, CXR_SHIP_IN_TRANSIT);

    /* two in a row take back two */

    memset(&s, 0, sizeof(s));
    scans[2] = scan(7, CXR_SHIP_UNKNOWN);
    scans[2].retract = CXR_RETRACT_PREVIOUS;
    scans[3] = scans[2];
    scans[3].at += CXR_HOUR;
    r = report(scans, 4);
    feed(&s, &r, NOW);
    assert_int_equal(s.status, CXR_SHIP_UNKNOWN);
    assert_int_equal(s.picked_up_at, CXR_TIME_NONE);
}


/* A store of the first version is read: what it does not know is not there. */

static const cxr_field_t *
first_version(const cxr_type_t *t, cxr_type_t *old, const cxr_type_t *scan_type)
{
    size_t        i, n;
    cxr_field_t  *f;

    for (n = 0; t->fields[n].name != NULL; n++) { /* void */ }

    f = cxr_calloc(arena, n + 1, sizeof(cxr_field_t));

    for (i = 0, n = 0; t->fields[i].name != NULL; i++) {
        if (t->fields[i].since > 1) {
            continue;
        }

        f[n] = t->fields[i];

        if (f[n].sub == &cxr_scan_type) {
            f[n].sub = scan_type;
        }

        n++;
    }

    *old = *t;
    old->version = 1;
    old->fields = f;

    return f;
}


static void
test_first_version(void **state)
{
    cxr_buf_t       b;
    cxr_type_t      scan_type, type;
    cxr_scan_t      scans[2];
    cxr_report_t    r;
    cxr_shipment_t  s, back;

    scans[0] = scan(1, CXR_SHIP_IN_TRANSIT);
    scans[1] = scan(5, CXR_SHIP_DELIVERED);
    memset(&s, 0, sizeof(s));
    r = report(scans, 2);
    feed(&s, &r, NOW);

    first_version(&cxr_scan_type, &scan_type, NULL);
    first_version(&cxr_shipment_type, &type, &scan_type);

    cxr_buf_init(&b, CXR_RECORD_MAX);
    assert_int_equal(cxr_rec_encode(&type, &s, 7, &b), CXR_OK);
    assert_int_equal(cxr_rec_decode(&cxr_shipment_type, b.data, b.len, &back,
                                    arena), CXR_OK);
    assert_true(cxr_rec_equal(&cxr_shipment_type, &s, &back));

    /* and goes on from there */

    scans[0] = scan(7, CXR_SHIP_UNKNOWN);
    scans[0].retract = CXR_RETRACT_PREVIOUS;
    r = report(scans, 1);
    feed(&back, &r, NOW);
    assert_int_equal(back.status, CXR_SHIP_IN_TRANSIT);
    cxr_buf_free(&b);
}


/* ---- the set of reports alone makes the state ---- */

#define REPORTS  6
#define SCANS    60

static void
random_reports(uint64_t *seed, cxr_report_t *r, uint32_t total)
{
    uint32_t     i, j, n;
    cxr_scan_t  *pool, *scans;

    pool = cxr_calloc(arena, total, sizeof(cxr_scan_t));

    for (i = 0; i < total; i++) {
        pool[i] = scan((int) rnd(seed, 40) - 2,
                       (uint8_t) rnd(seed, CXR_SHIP_EXPIRED + 1));
        pool[i].seq = rnd(seed, 3);
        pool[i].reason = (uint8_t) rnd(seed, 4);

        if (rnd(seed, 3) == 0) {
            pool[i].id = cxr_sprintf(arena, "id%u", rnd(seed, total));
        }

        if (rnd(seed, 4) == 0) {
            pool[i].mapped = false;
            pool[i].status = CXR_SHIP_UNKNOWN;
        }

        /* some take others back, some of them back themselves */

        if (rnd(seed, 5) == 0) {
            pool[i].retract = 1 + (uint8_t) rnd(seed, CXR_RETRACT_NAMED);
            j = rnd(seed, total);

            if (pool[i].retract == CXR_RETRACT_NAMED && rnd(seed, 2)) {
                pool[i].retracts = cxr_sprintf(arena, "id%u", j);

            } else if (pool[i].retract == CXR_RETRACT_NAMED) {
                pool[i].retracts = cxr_sprintf(arena, "C%u", j);
                pool[i].retracts_at = T0 + rnd(seed, 38) * CXR_HOUR;
            }
        }
    }

    for (i = 0; i < REPORTS; i++) {
        n = rnd(seed, total);
        scans = cxr_calloc(arena, n + 1, sizeof(cxr_scan_t));

        for (j = 0; j < n; j++) {
            scans[j] = pool[rnd(seed, total)];
        }

        r[i] = report(scans, n);
        r[i].header_status = (uint8_t) rnd(seed, CXR_SHIP_EXPIRED + 1);
        r[i].header_mapped = (rnd(seed, 3) != 0);
        r[i].header_code = cxr_sprintf(arena, "H%u", rnd(seed, 3));
        r[i].header_at = T0 + rnd(seed, 40) * CXR_HOUR;
        r[i].header_wins = (rnd(seed, 2) == 0);
        r[i].service = cxr_sprintf(arena, "S%u", rnd(seed, 3));
        r[i].order = cxr_sprintf(arena, "O%u", rnd(seed, 3));
        r[i].reference = cxr_sprintf(arena, "R%u", rnd(seed, 3));
        r[i].return_number = cxr_sprintf(arena, "B%u", rnd(seed, 3));
        r[i].pieces = rnd(seed, 4);

        if (rnd(seed, 2)) {
            r[i].eta_from = T0 + rnd(seed, 9) * CXR_DAY;
            r[i].eta_to = r[i].eta_from + rnd(seed, 9) * CXR_HOUR;
            r[i].eta_offset = 3600 * rnd(seed, 4);
        }
    }
}


static void
forget_arrival(cxr_shipment_t *s)
{
    s->updated_at = 0;
    s->created_at = 0;
    s->revision = 0;
}


/* Feeds reports in some order, some twice, some cut into pieces. */

static void
feed_some_way(uint64_t *seed, const cxr_report_t *r, cxr_shipment_t *s)
{
    uint32_t      i, j, at, left, order[REPORTS * 2];
    cxr_report_t  part;

    for (i = 0; i < REPORTS; i++) {
        order[i] = i;
    }

    for (i = REPORTS - 1; i > 0; i--) {
        j = rnd(seed, i + 1);
        at = order[i];
        order[i] = order[j];
        order[j] = at;
    }

    for (i = 0; i < REPORTS; i++) {
        order[REPORTS + i] = rnd(seed, REPORTS);
    }

    for (i = 0; i < REPORTS * 2; i++) {

        if (rnd(seed, 2)) {
            part = report(NULL, 0);
            left = r[order[i]].scans.n;

            while (left > 0) {
                j = 1 + rnd(seed, left);
                part.scans.items = r[order[i]].scans.items + left - j;
                part.scans.n = j;
                feed(s, &part, NOW + i);
                left -= j;
            }
        }

        feed(s, &r[order[i]], NOW + i);
    }
}


static void
test_set(void **state)
{
    uint64_t         seed;
    unsigned         round, way;
    cxr_report_t     r[REPORTS];
    cxr_shipment_t   first, s;

    for (round = 0; round < 400; round++) {
        cxr_arena_reset(arena);
        seed = round;
        random_reports(&seed, r, 1 + rnd(&seed, SCANS));

        for (way = 0; way < 4; way++) {
            memset(&s, 0, sizeof(s));
            feed_some_way(&seed, r, &s);
            forget_arrival(&s);

            if (way == 0) {
                first = s;
                continue;
            }

            if (!cxr_rec_equal(&cxr_shipment_type, &first, &s)) {
                fail_msg("round %u, way %u: another state", round, way);
            }
        }
    }
}


/* Many scans go through the table, few through the search: the same comes out. */

static void
test_many(void **state)
{
    uint32_t         i, j, n, step;
    uint64_t         seed;
    cxr_scan_t      *scans, t;
    cxr_report_t     r;
    cxr_shipment_t   whole, bits;

    for (n = 10; n <= 480; n += 47) {
        cxr_arena_reset(arena);
        seed = n;
        scans = cxr_calloc(arena, n, sizeof(cxr_scan_t));

        for (i = 0; i < n; i++) {
            scans[i] = scan(1 + (int) rnd(&seed, n), CXR_SHIP_IN_TRANSIT);
            scans[i].at = T0 + rnd(&seed, n) * CXR_MINUTE;
        }

        memset(&whole, 0, sizeof(whole));
        r = report(scans, n);
        feed(&whole, &r, NOW);

        for (i = n - 1; i > 0; i--) {
            j = rnd(&seed, i + 1);
            t = scans[i];
            scans[i] = scans[j];
            scans[j] = t;
        }

        memset(&bits, 0, sizeof(bits));

        for (i = 0; i < n; i += step) {
            step = n - i < 3 ? n - i : 3;
            r = report(scans + i, step);
            feed(&bits, &r, NOW);
        }

        forget_arrival(&whole);
        forget_arrival(&bits);
        assert_true(cxr_rec_equal(&cxr_shipment_type, &whole, &bits));

        for (i = 1; i < whole.scans.n; i++) {
            assert_true(cxr_scan_cmp(&whole.scans.items[i - 1],
                                     &whole.scans.items[i]) < 0);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_reason_and_action),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_pickup),
        cmocka_unit_test(test_eta),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_reuse),
        cmocka_unit_test(test_consign),
        cmocka_unit_test(test_retract),
        cmocka_unit_test(test_first_version),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_many)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
