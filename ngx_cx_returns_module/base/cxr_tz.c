
/*
 * IANA zones from the system's TZif files (RFC 8536): the 64-bit transitions,
 * and after the last of them the rule of the footer (POSIX TZ).
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_time.h"

#define CXR_TZ_DIR         "/usr/share/zoneinfo/"
#define CXR_TZ_NAME_MAX    63
#define CXR_TZ_FILE_MAX    (256 * 1024)
#define CXR_TZ_HEADER      44
#define CXR_TZ_TYPES_MAX   256
#define CXR_TZ_OFFSET_MAX  93599       /* seconds, RFC 8536: under 26 hours   */
#define CXR_TZ_HOURS_MAX   167         /* of a rule's time of day, RFC 8536   */

/* further from UTC than any zone is, yet nearer than its next change */
#define CXR_TZ_REACH       (16 * 3600)


typedef enum {
    CXR_RULE_WEEKDAY,                   /* Mm.w.d */
    CXR_RULE_JULIAN,                    /* Jn: 1..365, no 29 February */
    CXR_RULE_DAY                        /* n: 0..365 */
} cxr_rule_kind_t;

typedef struct {
    cxr_rule_kind_t  kind;
    int              month;
    int              week;
    int              day;
    int32_t          time;              /* seconds after local midnight */
} cxr_rule_t;

typedef struct {
    bool        given;
    bool        dst;
    int32_t     standard;               /* seconds east of UTC */
    int32_t     summer;
    cxr_rule_t  start;
    cxr_rule_t  end;
} cxr_footer_t;

struct cxr_tz_s {
    char          name[CXR_TZ_NAME_MAX + 1];
    uint32_t      n;
    int64_t      *times;                /* seconds, ascending */
    uint8_t      *types;                /* in force from times[i] on */
    int32_t       offsets[CXR_TZ_TYPES_MAX];
    cxr_footer_t  footer;
};

/* counts of a TZif header */
typedef struct {
    uint32_t  isutc;
    uint32_t  isstd;
    uint32_t  leaps;
    uint32_t  times;
    uint32_t  types;
    uint32_t  chars;
} cxr_tzif_t;


static bool cxr_tz_name_fits(const char *name);
static cxr_rc_t cxr_tz_read(const char *name, unsigned char *data,
    size_t *len, cxr_diag_t *d);
static const char *cxr_tz_parse(cxr_tz_t *tz, const unsigned char *p,
    size_t len);
static bool cxr_footer_parse(cxr_footer_t *f, cxr_str_t s);
static int32_t cxr_footer_offset(const cxr_footer_t *f, int64_t sec);
static int32_t cxr_tz_offset_sec(const cxr_tz_t *tz, int64_t sec);
static int64_t cxr_tz_local(const cxr_tz_t *tz, int64_t local);
static void cxr_tz_around(const cxr_tz_t *tz, int64_t sec,
    cxr_tz_near_t *near);


cxr_rc_t
cxr_tz_load(const char *name, cxr_tz_t **out, cxr_diag_t *d)
{
    size_t          len = 0;
    cxr_rc_t        rc;
    cxr_tz_t       *tz;
    const char     *why;
    unsigned char  *data;

    *out = NULL;

    if (!cxr_tz_name_fits(name)) {
        return cxr_diag(d, CXR_INVALID, "", "is not the name of a time zone; "
                        "it must be like \"Europe/Istanbul\"");
    }

    data = malloc(CXR_TZ_FILE_MAX);
    tz = calloc(1, sizeof(cxr_tz_t));

    if (data == NULL || tz == NULL) {
        rc = cxr_diag(d, CXR_NOMEM, "", "time zone does not fit into memory");
        goto failed;
    }

    rc = cxr_tz_read(name, data, &len, d);
    if (rc != CXR_OK) {
        goto failed;
    }

    why = cxr_tz_parse(tz, data, len);
    if (why != NULL) {
        rc = cxr_diag(d, CXR_INVALID, "", "time zone file " CXR_TZ_DIR "%s %s",
                      name, why);
        goto failed;
    }

    memcpy(tz->name, name, strlen(name) + 1);

    free(data);

    *out = tz;

    return CXR_OK;

failed:

    free(data);
    cxr_tz_free(tz);

    return rc;
}


void
cxr_tz_free(cxr_tz_t *tz)
{
    if (tz == NULL) {
        return;
    }

    free(tz->times);
    free(tz->types);
    free(tz);
}


const char *
cxr_tz_name(const cxr_tz_t *tz)
{
    return tz->name;
}


/* Dots are not among the characters, and so neither is "..". */

static bool
cxr_tz_name_fits(const char *name)
{
    char    c;
    size_t  i;

    for (i = 0; name[i] != '\0'; i++) {
        c = name[i];

        if (i == CXR_TZ_NAME_MAX
            || ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
                && (c < '0' || c > '9')
                && c != '_' && c != '+' && c != '/' && c != '-'))
        {
            return false;
        }
    }

    return i != 0 && name[0] != '/';
}


static cxr_rc_t
cxr_tz_read(const char *name, unsigned char *data, size_t *len, cxr_diag_t *d)
{
    int          fd, err;
    char         path[sizeof(CXR_TZ_DIR) + CXR_TZ_NAME_MAX];
    size_t       used;
    ssize_t      n;
    struct stat  st;

    memcpy(path, CXR_TZ_DIR, sizeof(CXR_TZ_DIR) - 1);
    memcpy(path + sizeof(CXR_TZ_DIR) - 1, name, strlen(name) + 1);

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    if (fd == -1) {
        err = errno;

        if (err == ENOENT || err == ENOTDIR) {
            return cxr_diag(d, CXR_NOTFOUND, "", "time zone \"%s\" is not "
                            "known to this system; is tzdata installed?",
                            name);
        }

        return cxr_diag(d, CXR_IO, "", "%s cannot be opened: %s", path,
                        strerror(err));
    }

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        (void) close(fd);
        return cxr_diag(d, CXR_NOTFOUND, "", "\"%s\" is not a time zone",
                        name);
    }

    for (used = 0; used < CXR_TZ_FILE_MAX; used += (size_t) n) {

        n = read(fd, data + used, CXR_TZ_FILE_MAX - used);

        if (n == -1 && errno == EINTR) {
            n = 0;
            continue;
        }

        if (n == -1) {
            err = errno;
            (void) close(fd);
            return cxr_diag(d, CXR_IO, "", "%s cannot be read: %s", path,
                            strerror(err));
        }

        if (n == 0) {
            break;
        }
    }

    (void) close(fd);

    *len = used;

    return CXR_OK;
}


static uint32_t
cxr_be32(const unsigned char *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
           | (uint32_t) p[2] << 8 | p[3];
}


static int64_t
cxr_be64(const unsigned char *p)
{
    return (int64_t) ((uint64_t) cxr_be32(p) << 32 | cxr_be32(p + 4));
}


static bool
cxr_tzif_head(cxr_tzif_t *h, const unsigned char *p, size_t len)
{
    if (len < CXR_TZ_HEADER || memcmp(p, "TZif", 4) != 0) {
        return false;
    }

    h->isutc = cxr_be32(p + 20);
    h->isstd = cxr_be32(p + 24);
    h->leaps = cxr_be32(p + 28);
    h->times = cxr_be32(p + 32);
    h->types = cxr_be32(p + 36);
    h->chars = cxr_be32(p + 40);

    return true;
}


/* In 64 bits nothing here can overflow: every count is below 2^32. */

static uint64_t
cxr_tzif_size(const cxr_tzif_t *h, unsigned word)
{
    return (uint64_t) h->times * word + h->times + (uint64_t) h->types * 6
           + h->chars + (uint64_t) h->leaps * (word + 4) + h->isstd
           + h->isutc;
}


/* NULL, or what is wrong with the file */

static const char *
cxr_tz_parse(cxr_tz_t *tz, const unsigned char *p, size_t len)
{
    int64_t               offset;
    uint32_t              i;
    uint64_t              size;
    cxr_tzif_t            h;
    const unsigned char  *end, *type;

    end = p + len;

    if (!cxr_tzif_head(&h, p, len)) {
        return "is not a TZif file";
    }

    if (p[4] < '2') {
        return "is a TZif file of version 1, without 64-bit times";
    }

    /* the first block holds 32-bit times and is passed over */

    size = CXR_TZ_HEADER + cxr_tzif_size(&h, 4);
    if (size > len) {
        return "is cut short";
    }

    p += size;

    if (!cxr_tzif_head(&h, p, (size_t) (end - p))) {
        return "has no second block";
    }

    p += CXR_TZ_HEADER;

    if (cxr_tzif_size(&h, 8) > (uint64_t) (end - p)) {
        return "is cut short";
    }

    if (h.leaps != 0) {
        return "counts leap seconds";
    }

    if (h.types == 0 || h.types > CXR_TZ_TYPES_MAX) {
        return "has no or too many local time types";
    }

    tz->n = h.times;
    tz->times = malloc((h.times + 1) * sizeof(int64_t));
    tz->types = malloc(h.times + 1);

    if (tz->times == NULL || tz->types == NULL) {
        return "does not fit into memory";
    }

    for (i = 0; i < h.times; i++) {
        tz->times[i] = cxr_be64(p + (size_t) i * 8);
        tz->types[i] = p[(size_t) h.times * 8 + i];

        if (tz->types[i] >= h.types
            || (i != 0 && tz->times[i] <= tz->times[i - 1]))
        {
            return "has transitions out of order";
        }
    }

    type = p + (size_t) h.times * 9;

    for (i = 0; i < h.types; i++) {
        offset = (int32_t) cxr_be32(type + (size_t) i * 6);

        if (offset > CXR_TZ_OFFSET_MAX || offset < -CXR_TZ_OFFSET_MAX) {
            return "has an offset out of range";
        }

        tz->offsets[i] = (int32_t) offset;
    }

    p += cxr_tzif_size(&h, 8);

    if (end - p < 2 || p[0] != '\n' || end[-1] != '\n') {
        return "has no footer";
    }

    if (!cxr_footer_parse(&tz->footer,
                          cxr_strn(p + 1, (size_t) (end - p - 2))))
    {
        return "has a footer that is not a POSIX time zone rule";
    }

    return NULL;
}


/* What is read of the footer; every taker moves on or returns false. */

static bool
cxr_take_name(cxr_str_t *s)
{
    char    c;
    bool    quoted;
    size_t  n;

    quoted = s->len != 0 && s->data[0] == '<';

    for (n = quoted; n < s->len; n++) {
        c = s->data[n];

        if (quoted ? c == '>'
                   : (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
        {
            break;
        }
    }

    if (n - quoted < 3 || (quoted && n == s->len)) {
        return false;
    }

    n += quoted;
    s->data += n;
    s->len -= n;

    return true;
}


static bool
cxr_take_char(cxr_str_t *s, char c)
{
    if (s->len == 0 || s->data[0] != c) {
        return false;
    }

    s->data++;
    s->len--;

    return true;
}


static bool
cxr_take_number(cxr_str_t *s, int min, int max, int *out)
{
    int     v;
    size_t  n;

    for (n = 0, v = 0; n < s->len && n < 3; n++) {

        if (s->data[n] < '0' || s->data[n] > '9') {
            break;
        }

        v = v * 10 + (s->data[n] - '0');
    }

    if (n == 0 || v < min || v > max) {
        return false;
    }

    s->data += n;
    s->len -= n;
    *out = v;

    return true;
}


/* [+-]hh[:mm[:ss]] */

static bool
cxr_take_time(cxr_str_t *s, int hours, int32_t *out)
{
    int   h, m, sec;
    bool  negative;

    m = 0;
    sec = 0;

    negative = cxr_take_char(s, '-');

    if (!negative) {
        (void) cxr_take_char(s, '+');
    }

    if (!cxr_take_number(s, 0, hours, &h)) {
        return false;
    }

    if (cxr_take_char(s, ':')) {

        if (!cxr_take_number(s, 0, 59, &m)) {
            return false;
        }

        if (cxr_take_char(s, ':') && !cxr_take_number(s, 0, 59, &sec)) {
            return false;
        }
    }

    *out = h * 3600 + m * 60 + sec;

    if (negative) {
        *out = -*out;
    }

    return true;
}


static bool
cxr_take_rule(cxr_str_t *s, cxr_rule_t *r)
{
    if (!cxr_take_char(s, ',')) {
        return false;
    }

    if (cxr_take_char(s, 'M')) {
        r->kind = CXR_RULE_WEEKDAY;

        if (!cxr_take_number(s, 1, 12, &r->month)
            || !cxr_take_char(s, '.')
            || !cxr_take_number(s, 1, 5, &r->week)
            || !cxr_take_char(s, '.')
            || !cxr_take_number(s, 0, 6, &r->day))
        {
            return false;
        }

    } else if (cxr_take_char(s, 'J')) {
        r->kind = CXR_RULE_JULIAN;

        if (!cxr_take_number(s, 1, 365, &r->day)) {
            return false;
        }

    } else {
        r->kind = CXR_RULE_DAY;

        if (!cxr_take_number(s, 0, 365, &r->day)) {
            return false;
        }
    }

    r->time = 2 * 3600;

    return !cxr_take_char(s, '/')
           || cxr_take_time(s, CXR_TZ_HOURS_MAX, &r->time);
}


/* POSIX counts offsets westwards, everyone else eastwards. */

static bool
cxr_footer_parse(cxr_footer_t *f, cxr_str_t s)
{
    if (s.len == 0) {
        return true;
    }

    if (!cxr_take_name(&s) || !cxr_take_time(&s, 24, &f->standard)) {
        return false;
    }

    f->standard = -f->standard;
    f->given = true;

    if (s.len == 0) {
        return true;
    }

    f->dst = true;
    f->summer = f->standard + 3600;

    if (!cxr_take_name(&s)) {
        return false;
    }

    if (s.len != 0 && s.data[0] != ',') {

        if (!cxr_take_time(&s, 24, &f->summer)) {
            return false;
        }

        f->summer = -f->summer;
    }

    return cxr_take_rule(&s, &f->start) && cxr_take_rule(&s, &f->end)
           && s.len == 0;
}


/* The rule's second in a year, as if its local clock were UTC's. */

static int64_t
cxr_rule_time(const cxr_rule_t *r, int year)
{
    bool         leap;
    int32_t      day, first, next;
    cxr_civil_t  c;

    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    switch (r->kind) {

    case CXR_RULE_WEEKDAY:
        first = cxr_days(year, (unsigned) r->month, 1);
        next = r->month == 12 ? cxr_days(year + 1, 1, 1)
                              : cxr_days(year, (unsigned) r->month + 1, 1);

        cxr_date_of_days(first, &c);

        day = first + (r->day - (int) c.weekday + 7) % 7 + (r->week - 1) * 7;

        /* week 5 is the last one */

        if (day >= next) {
            day -= 7;
        }

        break;

    case CXR_RULE_JULIAN:
        day = cxr_days(year, 1, 1) + r->day - 1 + (leap && r->day >= 60);
        break;

    default:
        day = cxr_days(year, 1, 1) + r->day;
        break;
    }

    return (int64_t) day * 86400 + r->time;
}


/*
 * The last change at or before the instant decides.  The neighbouring years
 * are looked at too, because a rule's time of day may reach a week beyond its
 * day; a start that falls on an end wins, for that is how a zone which keeps
 * its summer time all the year is written.
 */

static int32_t
cxr_footer_offset(const cxr_footer_t *f, int64_t sec)
{
    int          year;
    int64_t      at, latest;
    int32_t      offset;
    cxr_civil_t  c;

    if (!f->dst) {
        return f->standard;
    }

    cxr_civil(sec * CXR_SECOND, f->standard, &c);

    latest = INT64_MIN;
    offset = f->standard;

    for (year = c.year - 1; year <= c.year + 1; year++) {

        at = cxr_rule_time(&f->end, year) - f->summer;

        if (at <= sec && at > latest) {
            latest = at;
            offset = f->standard;
        }

        at = cxr_rule_time(&f->start, year) - f->standard;

        if (at <= sec && at >= latest) {
            latest = at;
            offset = f->summer;
        }
    }

    return offset;
}


static int32_t
cxr_tz_offset_sec(const cxr_tz_t *tz, int64_t sec)
{
    uint32_t  low, high, mid;

    if (tz->footer.given && (tz->n == 0 || sec >= tz->times[tz->n - 1])) {
        return cxr_footer_offset(&tz->footer, sec);
    }

    /* the first transition after the instant */

    low = 0;
    high = tz->n;

    while (low < high) {
        mid = low + (high - low) / 2;

        if (tz->times[mid] <= sec) {
            low = mid + 1;

        } else {
            high = mid;
        }
    }

    return tz->offsets[low == 0 ? 0 : tz->types[low - 1]];
}


int32_t
cxr_tz_offset(const cxr_tz_t *tz, cxr_time_t at)
{
    int64_t  sec;

    sec = at / CXR_SECOND - (at % CXR_SECOND < 0);

    return cxr_tz_offset_sec(tz, sec);
}


/*
 * "local" is the reading of the clock as if it were UTC.  Only the offsets
 * before and after can be in force then; what reads so under neither is in a
 * gap, and the earlier offset moves it on by the gap's length.
 */

static int64_t
cxr_tz_local(const cxr_tz_t *tz, int64_t local)
{
    bool     b, a;
    int32_t  before, after;

    before = cxr_tz_offset_sec(tz, local - CXR_TZ_REACH);
    after = cxr_tz_offset_sec(tz, local + CXR_TZ_REACH);

    /* no change is near */

    if (before == after) {
        return local - before;
    }

    b = cxr_tz_offset_sec(tz, local - before) == before;
    a = cxr_tz_offset_sec(tz, local - after) == after;

    /* both in a fold: the larger offset is the earlier instant */

    if (a && (!b || after > before)) {
        return local - after;
    }

    return local - before;
}


cxr_time_t
cxr_tz_instant(const cxr_tz_t *tz, const cxr_civil_t *local)
{
    int32_t        offset;
    cxr_time_t     at;
    cxr_tz_near_t  none;

    /* read as UTC for the checks; the true instant is then judged again */

    at = cxr_instant(local, 0);
    none.tz = NULL;

    return at == CXR_TIME_NONE ? CXR_TIME_NONE
                               : cxr_tz_reading(tz, at, &none, &offset);
}


/*
 * Between two transitions, and so far from both that no offset reaches them,
 * there is one answer.  Where a rule tells the transitions none is kept.
 */

static void
cxr_tz_around(const cxr_tz_t *tz, int64_t sec, cxr_tz_near_t *near)
{
    int64_t   from, to;
    uint32_t  i;

    near->tz = NULL;

    for (i = tz->n; i > 0 && tz->times[i - 1] > sec; i--) { /* void */ }

    if (i == tz->n && tz->footer.given && tz->footer.dst) {
        return;
    }

    from = i > 0 ? tz->times[i - 1] + CXR_TZ_REACH : 0;
    to = i < tz->n ? tz->times[i] - CXR_TZ_REACH : CXR_TIME_MAX / CXR_SECOND;

    from = from > 0 ? from : 0;

    if (from < to) {
        near->tz = tz;
        near->from = from * CXR_SECOND;
        near->to = to * CXR_SECOND;
        near->offset = cxr_tz_offset_sec(tz, sec);
    }
}


cxr_time_t
cxr_tz_reading(const cxr_tz_t *tz, cxr_time_t reading, cxr_tz_near_t *near,
    int32_t *offset)
{
    int64_t     sec;
    cxr_time_t  at;

    if (near->tz == tz && reading >= near->from && reading < near->to) {
        *offset = near->offset;
        at = reading - near->offset * CXR_SECOND;

    } else {
        sec = cxr_tz_local(tz, reading / CXR_SECOND);
        at = sec * CXR_SECOND + reading % CXR_SECOND;
        *offset = cxr_tz_offset_sec(tz, sec);

        cxr_tz_around(tz, sec, near);
    }

    return at < CXR_TIME_MIN || at > CXR_TIME_MAX ? CXR_TIME_NONE : at;
}


cxr_time_t
cxr_tz_end_of_day(const cxr_tz_t *tz, cxr_time_t at, int32_t days)
{
    int64_t     day;
    cxr_time_t  end;

    if (at < 0) {
        at = 0;

    } else if (at > CXR_TIME_MAX) {
        at = CXR_TIME_MAX;
    }

    day = (at + cxr_tz_offset(tz, at) * CXR_SECOND) / CXR_DAY;
    day += (int64_t) days + 1;

    if (day * CXR_DAY > CXR_TIME_MAX + CXR_DAY) {
        return CXR_TIME_MAX;
    }

    end = cxr_tz_local(tz, day * (CXR_DAY / CXR_SECOND)) * CXR_SECOND - 1;

    return end < CXR_TIME_MIN ? CXR_TIME_NONE
           : end > CXR_TIME_MAX ? CXR_TIME_MAX : end;
}
