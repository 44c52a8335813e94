
/*
 * Calendar arithmetic and RFC 3339.  By hand, since every line of a feed and
 * every row of a page has its times, and strptime() and friends ask a locale.
 */

#include "cxr_time.h"

#define CXR_DAYS_400Y    146097
#define CXR_DAYS_EPOCH   719468     /* from 0000-03-01 to 1970-01-01 */
#define CXR_OFFSET_MAX   86399      /* seconds: RFC 3339 has 23:59 at most */


static unsigned cxr_month_days(int year, unsigned month);


/*
 * Years are counted from March, so that the leap day is the last day of one,
 * and the days before a month are (153 * month + 2) / 5.
 */

int32_t
cxr_days(int year, unsigned month, unsigned day)
{
    int32_t  y, era, yoe, doy;

    y = month <= 2 ? year - 1 : year;
    era = (y >= 0 ? y : y - 399) / 400;
    yoe = y - era * 400;
    doy = (153 * (int32_t) (month > 2 ? month - 3 : month + 9) + 2) / 5
          + (int32_t) day - 1;

    return era * CXR_DAYS_400Y + yoe * 365 + yoe / 4 - yoe / 100 + doy
           - CXR_DAYS_EPOCH;
}


/*
 * Divisions by constants of 32 bits alone, as C. Neri and L. Schneider have it
 * ("Euclidean affine functions and their application to calendar algorithms",
 * 2022, section 7): a page has a dozen dates.  Days within +-5,000 years.
 */

void
cxr_date_of_days(int32_t days, cxr_civil_t *c)
{
    uint32_t  n, century, year, month, day;
    uint64_t  p;

    /* days since 0000-03-01, 20 periods of 400 years earlier */

    n = 4 * (uint32_t) (days + CXR_DAYS_EPOCH + 20 * CXR_DAYS_400Y) + 3;
    century = n / CXR_DAYS_400Y;

    p = (uint64_t) 2939745 * ((n % CXR_DAYS_400Y / 4) * 4 + 3);
    year = century * 100 + (uint32_t) (p >> 32);

    n = 2141 * ((uint32_t) p / 2939745 / 4) + 197913;
    month = n >> 16;
    day = (n & 0xffff) / 2141;

    c->day = day + 1;
    c->month = month > 12 ? month - 12 : month;
    c->year = (int) year - 20 * 400 + (month > 12);

    /* 1970-01-01 was a Thursday; the first term keeps the sum positive */

    c->weekday = (uint32_t) (days + 7 * 1000000 + 4) % 7;
}


void
cxr_civil(cxr_time_t at, int32_t offset, cxr_civil_t *c)
{
    int64_t  local, day, ms;

    if (at < 0) {
        at = 0;

    } else if (at > CXR_TIME_MAX) {
        at = CXR_TIME_MAX;
    }

    local = at + offset * CXR_SECOND;

    day = local / CXR_DAY;
    ms = local % CXR_DAY;

    if (ms < 0) {
        ms += CXR_DAY;
        day--;
    }

    cxr_date_of_days((int32_t) day, c);

    c->hour = (unsigned) (ms / CXR_HOUR);
    c->minute = (unsigned) (ms / CXR_MINUTE % 60);
    c->second = (unsigned) (ms / CXR_SECOND % 60);
    c->ms = (unsigned) (ms % CXR_SECOND);
}


cxr_time_t
cxr_instant(const cxr_civil_t *c, int32_t offset)
{
    cxr_time_t  at;

    if (c->year < 1969 || c->year > 10000
        || c->month < 1 || c->month > 12
        || c->day < 1 || c->day > cxr_month_days(c->year, c->month)
        || c->hour > 23 || c->minute > 59 || c->second > 59 || c->ms > 999
        || offset > CXR_OFFSET_MAX || offset < -CXR_OFFSET_MAX)
    {
        return CXR_TIME_NONE;
    }

    at = cxr_days(c->year, c->month, c->day) * CXR_DAY
         + c->hour * CXR_HOUR + c->minute * CXR_MINUTE
         + c->second * CXR_SECOND + c->ms - offset * CXR_SECOND;

    return at < CXR_TIME_MIN || at > CXR_TIME_MAX ? CXR_TIME_NONE : at;
}


static unsigned
cxr_month_days(int year, unsigned month)
{
    static const uint8_t  days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    if (month == 2
        && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
    {
        return 29;
    }

    return days[month - 1];
}


/* n digits, or a number that no range check lets pass */

static inline unsigned
cxr_digits(const char *p, unsigned n)
{
    unsigned  i, c, v;

    for (i = 0, v = 0; i < n; i++) {

        c = (unsigned) (unsigned char) p[i] - '0';
        if (c > 9) {
            return 1000000;
        }

        v = v * 10 + c;
    }

    return v;
}


cxr_rc_t
cxr_time_parse(cxr_str_t s, cxr_time_t *at)
{
    int32_t      offset;
    unsigned     hours, minutes, digits, digit;
    cxr_time_t   t;
    const char  *p, *end;
    cxr_civil_t  c;

    /* "2026-11-02T09:14:00Z" is the shortest */

    if (s.len < 20) {
        return CXR_INVALID;
    }

    p = s.data;
    end = p + s.len;

    if (p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':'
        || p[16] != ':')
    {
        return CXR_INVALID;
    }

    c.year = (int) cxr_digits(p, 4);
    c.month = cxr_digits(p + 5, 2);
    c.day = cxr_digits(p + 8, 2);
    c.hour = cxr_digits(p + 11, 2);
    c.minute = cxr_digits(p + 14, 2);
    c.second = cxr_digits(p + 17, 2);
    c.ms = 0;

    if (c.second == 60) {
        c.second = 59;
    }

    p += 19;

    if (*p == '.') {

        for (p++, digits = 0; p < end; p++, digits++) {

            digit = (unsigned) (unsigned char) *p - '0';
            if (digit > 9) {
                break;
            }

            if (digits < 3) {
                c.ms = c.ms * 10 + digit;
            }
        }

        if (digits == 0 || digits > 9 || p == end) {
            return CXR_INVALID;
        }

        for ( /* void */ ; digits < 3; digits++) {
            c.ms *= 10;
        }
    }

    if (*p == 'Z') {
        offset = 0;
        p++;

    } else {

        if (end - p != 6 || (*p != '+' && *p != '-') || p[3] != ':') {
            return CXR_INVALID;
        }

        hours = cxr_digits(p + 1, 2);
        minutes = cxr_digits(p + 4, 2);

        if (hours > 23 || minutes > 59) {
            return CXR_INVALID;
        }

        offset = (int32_t) (hours * 3600 + minutes * 60);

        if (*p == '-') {
            offset = -offset;
        }

        p += 6;
    }

    if (p != end) {
        return CXR_INVALID;
    }

    t = cxr_instant(&c, offset);
    if (t == CXR_TIME_NONE) {
        return CXR_INVALID;
    }

    *at = t;

    return CXR_OK;
}


static inline char *
cxr_put_digits(char *p, unsigned n, unsigned v)
{
    unsigned  i;

    for (i = n; i > 0; i--) {
        p[i - 1] = (char) ('0' + v % 10);
        v /= 10;
    }

    return p + n;
}


size_t
cxr_time_snprint(cxr_time_t at, char out[CXR_TIME_PRINTED])
{
    char         *p;
    cxr_civil_t   c;

    cxr_civil(at, 0, &c);

    p = cxr_put_digits(out, 4, (unsigned) c.year);
    *p++ = '-';
    p = cxr_put_digits(p, 2, c.month);
    *p++ = '-';
    p = cxr_put_digits(p, 2, c.day);
    *p++ = 'T';
    p = cxr_put_digits(p, 2, c.hour);
    *p++ = ':';
    p = cxr_put_digits(p, 2, c.minute);
    *p++ = ':';
    p = cxr_put_digits(p, 2, c.second);

    if (c.ms != 0) {
        *p++ = '.';
        p = cxr_put_digits(p, 3, c.ms);
    }

    *p++ = 'Z';
    *p = '\0';

    return (size_t) (p - out);
}


void
cxr_time_print(cxr_time_t at, cxr_buf_t *out)
{
    char  text[CXR_TIME_PRINTED];

    cxr_buf_add(out, text, cxr_time_snprint(at, text));
}
