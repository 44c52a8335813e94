
/*
 * Working days.
 */

#include "cxr_calendar.h"


const char *const  cxr_weekday_names[] = {
    "sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL
};


static bool
cxr_calendar_works(const cxr_calendar_t *cal, int64_t day)
{
    uint32_t  i;

    /* 1970-01-01 was a Thursday */

    if ((cal->week & (1u << ((day + 4) % 7))) == 0) {
        return false;
    }

    for (i = 0; i < cal->holidays.n; i++) {
        if (cal->holidays.items[i] == day) {
            return false;
        }
    }

    return true;
}


static int64_t
cxr_calendar_day(const cxr_tz_t *tz, cxr_time_t at)
{
    return (at + cxr_tz_offset(tz, at) * CXR_SECOND) / CXR_DAY;
}


uint32_t
cxr_calendar_between(const cxr_calendar_t *cal, const cxr_tz_t *tz,
    cxr_time_t from, cxr_time_t to, uint32_t enough)
{
    int64_t   day, end;
    uint32_t  n;

    if (from < 0 || to <= from) {
        return 0;
    }

    day = cxr_calendar_day(tz, from) + 1;
    end = cxr_calendar_day(tz, to);

    if (end > day + CXR_CALENDAR_SPAN) {
        end = day + CXR_CALENDAR_SPAN;
    }

    for (n = 0; day < end && n < enough; day++) {
        n += cxr_calendar_works(cal, day);
    }

    return n;
}


int64_t
cxr_calendar_after(const cxr_calendar_t *cal, int64_t day, uint32_t n)
{
    int64_t   d, end;
    uint32_t  left;

    end = day + CXR_CALENDAR_SPAN;
    left = n;

    for (d = day; d < end; d++) {

        if (d > day && left > 0) {
            left -= cxr_calendar_works(cal, d);
        }

        if (left == 0 && cxr_calendar_works(cal, d)) {
            return d;
        }
    }

    return day + n;
}
