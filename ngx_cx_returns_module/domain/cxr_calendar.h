
/*
 * The shop's working days: what a carrier's silence is counted in.
 */

#ifndef _CXR_CALENDAR_H_INCLUDED_
#define _CXR_CALENDAR_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_time.h"

#define CXR_HOLIDAYS_MAX     200
#define CXR_CALENDAR_SPAN    400     /* days that are looked at, at most       */

typedef struct {
    uint8_t                week;     /* bits 1 << weekday, 0 Sunday .. 6       */
    CXR_LIST_OF(int32_t)   holidays; /* days since 1970-01-01, in no order     */
} cxr_calendar_t;

#define CXR_WEEKDAY_MAX  20    /* what may stand for one, before it is judged */

extern const char *const  cxr_weekday_names[];     /* "sun", "mon", ...       */

/*
 * How many whole working days lie between two moments, the days of both left
 * out; stops at "enough".  0 when "to" is not after "from".
 */
uint32_t cxr_calendar_between(const cxr_calendar_t *cal, const cxr_tz_t *tz,
    cxr_time_t from, cxr_time_t to, uint32_t enough);

/*
 * The "n"th working day after "day" (days since 1970-01-01 where the calendar
 * holds), which with 0 is that day itself or the first working day after it.
 * A calendar in which nobody ever works gives "day" + "n".
 */
int64_t cxr_calendar_after(const cxr_calendar_t *cal, int64_t day, uint32_t n);

#endif /* _CXR_CALENDAR_H_INCLUDED_ */
