
/*
 * Instants, calendar dates and IANA zones.  The zones are the system's
 * (/usr/share/zoneinfo, RFC 8536), because ICU's own copy is years old on
 * Debian 12.  No function here reads a clock.
 */

#ifndef _CXR_TIME_H_INCLUDED_
#define _CXR_TIME_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_buf.h"

/*
 * Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).
 * 0 stands for "not known": no parcel was scanned in 1970.  Accepted range:
 * 1970-01-02 .. 9999-12-31.
 */
typedef int64_t  cxr_time_t;

#define CXR_TIME_NONE    ((cxr_time_t) 0)
#define CXR_TIME_MIN     CXR_DAY                        /* 1970-01-02         */
#define CXR_TIME_MAX   ((cxr_time_t) 253402300799999)  /* 9999-12-31, its end */
#define CXR_SECOND       ((int64_t) 1000)
#define CXR_MINUTE       (60 * CXR_SECOND)
#define CXR_HOUR         (60 * CXR_MINUTE)
#define CXR_DAY          (24 * CXR_HOUR)

typedef struct {
    int       year;      /* 1970..9999                                        */
    unsigned  month;     /* 1..12                                             */
    unsigned  day;       /* 1..31                                             */
    unsigned  hour;      /* 0..23                                             */
    unsigned  minute;    /* 0..59                                             */
    unsigned  second;    /* 0..59 (a leap second 60 is read as 59)            */
    unsigned  ms;        /* 0..999                                            */
    unsigned weekday; /* 0 Sunday .. 6; set by cxr_civil(), ignored when read */
} cxr_civil_t;

/*
 * The civil time at UTC + offset seconds, and back.  An instant outside the
 * accepted range is taken for the nearest within 1970-01-01 .. 9999-12-31.
 * cxr_instant() returns CXR_TIME_NONE when a field is out of range (31 April)
 * or the instant is.
 */
void cxr_civil(cxr_time_t at, int32_t offset, cxr_civil_t *c);
cxr_time_t cxr_instant(const cxr_civil_t *c, int32_t offset);

/* days since 1970-01-01 of a civil date, and back (proleptic Gregorian) */
int32_t cxr_days(int year, unsigned month, unsigned day);
void cxr_date_of_days(int32_t days, cxr_civil_t *c);

/* RFC 3339 with seconds, "T", and "Z" or an offset; up to 9 fraction digits,
   ms kept.  CXR_INVALID otherwise. */
cxr_rc_t cxr_time_parse(cxr_str_t s, cxr_time_t *at);
/* "2026-11-02T09:14:00Z", with ".123" only when ms != 0; cxr_time_snprint()
   returns the length and adds a NUL */
#define CXR_TIME_PRINTED  25
void cxr_time_print(cxr_time_t at, cxr_buf_t *out);
size_t cxr_time_snprint(cxr_time_t at, char out[CXR_TIME_PRINTED]);


typedef struct cxr_tz_s  cxr_tz_t;

/*
 * An IANA zone by name ("Europe/Istanbul", "UTC").  Immutable, may be shared by
 * threads; freed by cxr_tz_free().  CXR_INVALID: the name has other than
 * [A-Za-z0-9_+/-] or starts with '/', or the file is no TZif of version 2 or
 * later, or counts leap seconds.  CXR_NOTFOUND: no such file.  CXR_NOMEM.
 */
cxr_rc_t cxr_tz_load(const char *name, cxr_tz_t **tz, cxr_diag_t *d);
void cxr_tz_free(cxr_tz_t *tz);
const char *cxr_tz_name(const cxr_tz_t *tz);

/* Seconds east of UTC in force at the instant (the footer's POSIX rule after
   the last transition). */
int32_t cxr_tz_offset(const cxr_tz_t *tz, cxr_time_t at);

/*
 * The instant of a local time.  In a gap (spring) the time is moved forward by
 * the gap's length; in a fold (autumn) the earlier instant is taken.
 */
cxr_time_t cxr_tz_instant(const cxr_tz_t *tz, const cxr_civil_t *local);

/*
 * The same of a time that has been read as if it were UTC's, by
 * cxr_instant(local, 0), and the offset in force there.  "near", zeroed at
 * first and one thread's own, keeps how far around it that offset holds: what
 * is asked next is mostly near what was asked before.
 */
typedef struct {
    const cxr_tz_t  *tz;
    cxr_time_t       from;
    cxr_time_t       to;
    int32_t          offset;
} cxr_tz_near_t;

cxr_time_t cxr_tz_reading(const cxr_tz_t *tz, cxr_time_t reading,
    cxr_tz_near_t *near, int32_t *offset);

/*
 * 23:59:59.999 local of the day "days" after the local day of "at": the last
 * millisecond before the next day, also where clocks change at midnight.  Past
 * the accepted range: CXR_TIME_MAX, or CXR_TIME_NONE before it.
 */
cxr_time_t cxr_tz_end_of_day(const cxr_tz_t *tz, cxr_time_t at, int32_t days);

#endif /* _CXR_TIME_H_INCLUDED_ */
