
/*
 * Instants, RFC 3339 and zones, against dates known from elsewhere.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "cxr_time.h"


static cxr_time_t
at(const char *text)
{
    cxr_time_t  t = CXR_TIME_NONE;

    assert_int_equal(cxr_time_parse(cxr_strz(text), &t), CXR_OK);

    return t;
}


static cxr_tz_t *
zone(const char *name)
{
    cxr_tz_t    *tz;
    cxr_diag_t   d;

    assert_int_equal(cxr_tz_load(name, &tz, &d), CXR_OK);
    assert_string_equal(cxr_tz_name(tz), name);

    return tz;
}


static cxr_time_t
local(const cxr_tz_t *tz, const char *text)
{
    cxr_civil_t  c;

    cxr_civil(at(text), 0, &c);

    return cxr_tz_instant(tz, &c);
}


static void
days_and_back(void **state)
{
    int32_t      days;
    cxr_civil_t  c;

    assert_int_equal(cxr_days(1970, 1, 1), 0);
    assert_int_equal(cxr_days(2000, 3, 1), 11017);
    assert_int_equal(cxr_days(9999, 12, 31), 2932896);

    for (days = -1000; days <= 2932896; days++) {
        cxr_date_of_days(days, &c);

        if (cxr_days(c.year, c.month, c.day) != days
            || c.weekday != (unsigned) ((days + 4 + 7000) % 7))
        {
            fail_msg("day %d", days);
        }
    }

    cxr_civil(at("2026-11-02T09:14:00.5Z"), 3 * 3600, &c);
    assert_int_equal(c.year, 2026);
    assert_int_equal(c.hour, 12);
    assert_int_equal(c.ms, 500);
    assert_int_equal(c.weekday, 1);
    assert_int_equal(cxr_instant(&c, 3 * 3600), at("2026-11-02T09:14:00.5Z"));

    c.day = 31;
    assert_int_equal(cxr_instant(&c, 0), CXR_TIME_NONE);
    c.day = 30;
    c.hour = 24;
    assert_int_equal(cxr_instant(&c, 0), CXR_TIME_NONE);
}


static void
rfc3339_is_read(void **state)
{
    size_t      i;
    char        out[CXR_TIME_PRINTED];
    cxr_time_t  t;

    static const struct { const char *text; cxr_time_t at; } good[] = {
        { "2026-11-02T09:14:00Z",           1793610840000 },
        { "2026-11-02T12:14:00+03:00",      1793610840000 },
        { "2026-11-02T04:14:00.25-05:00",   1793610840250 },
        { "2026-11-02T09:14:00.123456789Z", 1793610840123 },
        { "1970-01-02T00:00:00Z",           86400000 },
        { "9999-12-31T23:59:59.999Z",       253402300799999 },
        { "2024-02-29T00:00:00Z",           1709164800000 },
        { "2016-12-31T23:59:60Z",           1483228799000 }
    };

    static const char *const  bad[] = {
        "", "2026-11-02", "2026-11-02T09:14:00", "2026-11-02 09:14:00Z",
        "2026-11-02T09:14Z", "2026-11-02T09:14:00z", "2026-13-02T09:14:00Z",
        "2026-02-29T09:14:00Z", "2026-04-31T09:14:00Z",
        "2026-11-02T24:00:00Z", "2026-11-02T09:60:00Z",
        "2026-11-02T09:14:61Z", "2026-11-02T09:14:00.Z",
        "2026-11-02T09:14:00.1234567890Z", "2026-11-02T09:14:00+0300",
        "2026-11-02T09:14:00+24:00", "2026-11-02T09:14:00+03:60",
        "2026-11-02T09:14:00Z ", "2026-11-02T09:14:00.5",
        "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00",
        "0000-01-01T00:00:00Z", "2026-1a-02T09:14:00Z",
        "-026-11-02T09:14:00Z", "2026-11-02T09:14:00+03"
    };

    for (i = 0; i < cxr_nelts(good); i++) {
        assert_int_equal(at(good[i].text), good[i].at);
    }

    for (i = 0; i < cxr_nelts(bad); i++) {
        t = 5;

        if (cxr_time_parse(cxr_strz(bad[i]), &t) != CXR_INVALID || t != 5) {
            fail_msg("%s", bad[i]);
        }
    }

    assert_int_equal(cxr_time_snprint(1793610840000, out), 20);
    assert_string_equal(out, "2026-11-02T09:14:00Z");
    assert_int_equal(cxr_time_snprint(1793610840007, out), 24);
    assert_string_equal(out, "2026-11-02T09:14:00.007Z");

    /* whatever stands in a damaged record, it fits */

    assert_int_equal(cxr_time_snprint(INT64_MAX, out), 24);
    assert_string_equal(out, "9999-12-31T23:59:59.999Z");
    assert_int_equal(cxr_time_snprint(INT64_MIN, out), 20);
}


static void
istanbul_stopped_changing(void **state)
{
    cxr_tz_t  *tz = zone("Europe/Istanbul");

    assert_int_equal(cxr_tz_offset(tz, at("2015-07-01T00:00:00Z")), 10800);
    assert_int_equal(cxr_tz_offset(tz, at("2016-01-15T00:00:00Z")), 7200);
    assert_int_equal(cxr_tz_offset(tz, at("2016-07-01T00:00:00Z")), 10800);

    /* in the autumn of 2016 it stayed */

    assert_int_equal(cxr_tz_offset(tz, at("2016-12-15T00:00:00Z")), 10800);
    assert_int_equal(cxr_tz_offset(tz, at("2026-01-15T00:00:00Z")), 10800);
    assert_int_equal(cxr_tz_offset(tz, at("9000-01-15T00:00:00Z")), 10800);

    assert_int_equal(cxr_tz_end_of_day(tz, at("2026-11-02T20:59:59Z"), 0),
                     at("2026-11-02T20:59:59.999Z"));
    assert_int_equal(cxr_tz_end_of_day(tz, at("2026-11-02T21:00:00Z"), 0),
                     at("2026-11-03T20:59:59.999Z"));
    assert_int_equal(cxr_tz_end_of_day(tz, at("2026-11-02T09:00:00Z"), 14),
                     at("2026-11-16T20:59:59.999Z"));

    cxr_tz_free(tz);
    cxr_tz_free(NULL);
}


static void
new_york_has_gap_and_fold(void **state)
{
    cxr_tz_t  *tz = zone("America/New_York");

    /* 2026-03-08 02:00 -> 03:00 */

    assert_int_equal(cxr_tz_offset(tz, at("2026-03-08T06:59:59.999Z")),
                     -18000);
    assert_int_equal(cxr_tz_offset(tz, at("2026-03-08T07:00:00Z")), -14400);
    assert_int_equal(local(tz, "2026-03-08T01:59:59Z"),
                     at("2026-03-08T06:59:59Z"));
    assert_int_equal(local(tz, "2026-03-08T02:30:00Z"),
                     at("2026-03-08T07:30:00Z"));
    assert_int_equal(local(tz, "2026-03-08T03:00:00Z"),
                     at("2026-03-08T07:00:00Z"));

    /* 2026-11-01 02:00 -> 01:00 */

    assert_int_equal(local(tz, "2026-11-01T00:59:00Z"),
                     at("2026-11-01T04:59:00Z"));
    assert_int_equal(local(tz, "2026-11-01T01:30:00Z"),
                     at("2026-11-01T05:30:00Z"));
    assert_int_equal(local(tz, "2026-11-01T02:00:00Z"),
                     at("2026-11-01T07:00:00Z"));

    /* the day is 25 hours long */

    assert_int_equal(cxr_tz_end_of_day(tz, at("2026-11-01T12:00:00Z"), 0)
                     - cxr_tz_end_of_day(tz, at("2026-11-01T12:00:00Z"), -1),
                     25 * CXR_HOUR);

    /* far beyond the table the rule still holds */

    assert_int_equal(cxr_tz_offset(tz, at("2525-03-11T06:59:59Z")), -18000);
    assert_int_equal(cxr_tz_offset(tz, at("2525-03-11T07:00:00Z")), -14400);
    assert_int_equal(cxr_tz_offset(tz, at("2525-11-04T05:59:59Z")), -14400);
    assert_int_equal(cxr_tz_offset(tz, at("2525-11-04T06:00:00Z")), -18000);

    cxr_tz_free(tz);
}


static void
odd_zones(void **state)
{
    cxr_tz_t  *tz;

    tz = zone("UTC");
    assert_int_equal(cxr_tz_offset(tz, at("2026-11-02T09:14:00Z")), 0);
    assert_int_equal(cxr_tz_end_of_day(tz, CXR_TIME_MAX, 5), CXR_TIME_MAX);
    assert_int_equal(cxr_tz_end_of_day(tz, CXR_DAY, -9), CXR_TIME_NONE);
    cxr_tz_free(tz);

    /* 30 December 2011 did not take place */

    tz = zone("Pacific/Apia");
    assert_int_equal(local(tz, "2011-12-30T12:00:00Z"),
                     at("2011-12-30T22:00:00Z"));
    assert_int_equal(cxr_tz_end_of_day(tz, at("2011-12-30T05:00:00Z"), 0),
                     at("2011-12-30T09:59:59.999Z"));
    cxr_tz_free(tz);

    /* the southern summer spans the turn of the year */

    tz = zone("Australia/Sydney");
    assert_int_equal(cxr_tz_offset(tz, at("2300-01-01T00:00:00Z")), 39600);
    assert_int_equal(cxr_tz_offset(tz, at("2300-07-01T00:00:00Z")), 36000);
    assert_int_equal(cxr_tz_offset(tz, at("2300-12-31T23:00:00Z")), 39600);
    cxr_tz_free(tz);

    /* clocks change at midnight: the day ends when the next begins */

    tz = zone("America/Havana");
    assert_int_equal(cxr_tz_end_of_day(tz, at("2026-03-07T18:00:00Z"), 0),
                     at("2026-03-08T04:59:59.999Z"));
    cxr_tz_free(tz);

    tz = zone("Asia/Kathmandu");
    assert_int_equal(cxr_tz_offset(tz, at("2026-11-02T09:14:00Z")), 20700);
    cxr_tz_free(tz);
}


static void
agrees_with_the_system(void **state)
{
    size_t      i;
    time_t      t;
    cxr_tz_t   *tz;
    struct tm   tm;

    static const char *const  names[] = {
        "Europe/Istanbul", "America/New_York", "Europe/Dublin",
        "Africa/Casablanca", "America/Nuuk", "Asia/Gaza", "Australia/Lord_Howe",
        "Pacific/Chatham", "Asia/Tehran", "America/Santiago", "Europe/London"
    };

    for (i = 0; i < cxr_nelts(names); i++) {
        tz = zone(names[i]);
        setenv("TZ", names[i], 1);
        tzset();

        for (t = 86400; t < 5000000000; t += 86400 * 3 + 7777) {
            localtime_r(&t, &tm);

            if (cxr_tz_offset(tz, (int64_t) t * CXR_SECOND)
                != tm.tm_gmtoff)
            {
                fail_msg("%s at %lld", names[i], (long long) t);
            }
        }

        cxr_tz_free(tz);
    }

    unsetenv("TZ");
}


static void
bad_zones_are_refused(void **state)
{
    size_t       i;
    cxr_tz_t    *tz;
    cxr_diag_t   d;

    static const struct { const char *name; cxr_rc_t rc; } bad[] = {
        { "", CXR_INVALID }, { "/etc/passwd", CXR_INVALID },
        { "../etc/passwd", CXR_INVALID }, { "Europe/..", CXR_INVALID },
        { "Europe/Istanb\xc3\xbcl", CXR_INVALID }, { "zone.tab", CXR_INVALID },
        { "Europe", CXR_NOTFOUND }, { "Europe/Gotham", CXR_NOTFOUND },
        { "UTC/x", CXR_NOTFOUND },
        { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          CXR_INVALID }
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        assert_int_equal(cxr_tz_load(bad[i].name, &tz, &d), bad[i].rc);
        assert_null(tz);
        assert_int_equal(d.rc, bad[i].rc);
        assert_string_not_equal(d.text, "");
    }
}


/* What is remembered of the time before changes no answer. */
static void
near_is_as_far(void **state)
{
    size_t         z;
    int32_t        offset;
    uint64_t       r = 20261102;
    unsigned       i;
    cxr_tz_t      *tz[5];
    cxr_time_t     at, want;
    cxr_civil_t    c;
    cxr_tz_near_t  near;

    static const char *const  names[] = {
        "Europe/Istanbul", "America/New_York", "Australia/Lord_Howe", "UTC",
        "Africa/Casablanca"
    };

    memset(&near, 0, sizeof(near));

    for (z = 0; z < 5; z++) {
        assert_int_equal(cxr_tz_load(names[z], &tz[z], NULL), CXR_OK);
    }

    for (i = 0, at = 0; i < 300000; i++) {
        r = r * 6364136223846793005u + 1442695040888963407u;
        z = (r >> 33) % 64 ? z % 5 : (r >> 40) % 5;

        /* some hours on or back, seldom anywhere */

        at = (r >> 20) % 512 ? at + (int64_t) (r >> 34) % (72 * CXR_HOUR)
                               - 30 * CXR_HOUR
                             : (int64_t) (r >> 16) % (120 * 366 * CXR_DAY);

        if (at < CXR_TIME_MIN) {
            at = CXR_TIME_MIN;
        }

        cxr_civil(at, 0, &c);
        want = cxr_tz_instant(tz[z], &c);
        assert_int_equal(cxr_tz_reading(tz[z], at, &near, &offset), want);

        if (want != CXR_TIME_NONE) {
            assert_int_equal(offset, cxr_tz_offset(tz[z], want));
        }
    }

    for (z = 0; z < 5; z++) {
        cxr_tz_free(tz[z]);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(days_and_back),
        cmocka_unit_test(rfc3339_is_read),
        cmocka_unit_test(istanbul_stopped_changing),
        cmocka_unit_test(new_york_has_gap_and_fold),
        cmocka_unit_test(odd_zones),
        cmocka_unit_test(near_is_as_far),
        cmocka_unit_test(agrees_with_the_system),
        cmocka_unit_test(bad_zones_are_refused)
    };

    return cmocka_run_group_tests_name("base time", tests, NULL, NULL);
}
