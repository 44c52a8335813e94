
/*
 * How long a carrier takes: what a parcel adds, working days over weekends and
 * in its own zone, and what is usual once enough is known.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cxr_lane.h"


static cxr_time_t
at(const char *text)
{
    cxr_time_t  t = CXR_TIME_NONE;

    assert_int_equal(cxr_time_parse(cxr_strz(text), &t), CXR_OK);

    return t;
}


static void
days(void **state)
{
    size_t  i;

    static const struct {
        const char  *from;
        const char  *to;
        int64_t      offset;
        uint32_t     n;
    }  cases[] = {
        /* Friday the 20th to Saturday, Sunday, Monday, Tuesday */
        { "2026-11-20T10:00:00Z", "2026-11-20T18:00:00Z", 0, 0 },
        { "2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z", 0, 0 },
        { "2026-11-20T10:00:00Z", "2026-11-22T10:00:00Z", 0, 0 },
        { "2026-11-20T10:00:00Z", "2026-11-23T10:00:00Z", 0, 1 },
        { "2026-11-20T10:00:00Z", "2026-11-24T10:00:00Z", 0, 2 },
        { "2026-11-20T10:00:00Z", "2026-12-04T10:00:00Z", 0, 10 },
        /* a day begins where the parcel is */
        { "2026-11-23T20:30:00Z", "2026-11-23T22:30:00Z", 0, 0 },
        { "2026-11-23T20:30:00Z", "2026-11-23T22:30:00Z", 10800, 1 },
        { "2026-11-24T10:00:00Z", "2026-11-23T10:00:00Z", 0, 0 },
        { "2020-01-01T10:00:00Z", "2026-11-23T10:00:00Z", 0,
          CXR_LANE_DAYS - 1 }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        assert_int_equal(cxr_lane_days(at(cases[i].from), at(cases[i].to),
                                       cases[i].offset), cases[i].n);
    }
}


static void
adds(void **state)
{
    cxr_str_t       country;
    cxr_scan_t      scans[2];
    cxr_shipment_t  s;

    memset(&s, 0, sizeof(s));
    memset(scans, 0, sizeof(scans));

    scans[0].at = at("2026-11-20T10:00:00Z");
    scans[0].status = CXR_SHIP_PICKED_UP;
    scans[1].at = at("2026-11-24T10:00:00Z");
    scans[1].status = CXR_SHIP_DELIVERED;
    scans[1].country = cxr_str("DE");
    s.scans.items = scans;
    s.scans.n = 2;
    s.picked_up_at = scans[0].at;
    s.status = CXR_SHIP_IN_TRANSIT;

    assert_int_equal(cxr_lane_of(&s, &country), -1);

    s.status = CXR_SHIP_DELIVERED;
    s.delivered_at = scans[1].at;
    assert_int_equal(cxr_lane_of(&s, &country), 2);
    assert_true(cxr_str_is(country, "DE"));

    s.direction = CXR_PARCEL_RETURN;
    assert_int_equal(cxr_lane_of(&s, &country), -1);
    s.direction = CXR_PARCEL_OUTBOUND;

    /* one scan alone tells of no way */

    s.picked_up_at = s.delivered_at;
    assert_int_equal(cxr_lane_of(&s, &country), -1);
    s.picked_up_at = CXR_TIME_NONE;
    assert_int_equal(cxr_lane_of(&s, &country), -1);
}


static void
usual(void **state)
{
    cxr_lane_t         lane;
    cxr_lane_counts_t  c;

    memset(&c, 0, sizeof(c));
    c.count[2] = CXR_LANE_KNOWN - 1;
    assert_false(cxr_lane_usual(&c, &lane));

    c.count[2] = CXR_LANE_KNOWN;
    assert_true(cxr_lane_usual(&c, &lane));
    assert_int_equal(lane.n, CXR_LANE_KNOWN);
    assert_int_equal(lane.from, 2);
    assert_int_equal(lane.to, 2);
    assert_int_equal(lane.late, 2);

    memset(&c, 0, sizeof(c));
    c.count[0] = 10;
    c.count[1] = 30;
    c.count[2] = 40;
    c.count[3] = 14;
    c.count[5] = 4;
    c.count[CXR_LANE_DAYS - 1] = 2;
    assert_true(cxr_lane_usual(&c, &lane));
    assert_int_equal(lane.from, 1);
    assert_int_equal(lane.to, 2);
    assert_int_equal(lane.late, 5);

    memset(&c, 0, sizeof(c));
    c.count[0] = 100;
    assert_true(cxr_lane_usual(&c, &lane));
    assert_int_equal(lane.from, 1);
    assert_int_equal(lane.late, 1);

    memset(&c, 0xff, sizeof(c));
    assert_true(cxr_lane_usual(&c, &lane));
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days),
        cmocka_unit_test(adds),
        cmocka_unit_test(usual),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
