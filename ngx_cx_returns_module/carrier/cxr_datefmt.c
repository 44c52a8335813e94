
/*
 * Dates as carriers write them, by small compiled formats.
 *
 *     yyyy yy M MM MMM MMMM d dd EEE H HH h hh m mm s ss S a X z u uuu
 *
 * One letter takes one or two digits, two letters exactly two.  Fields that
 * touch share their digits from the right, so that "Hmmss" reads 90507.  MMM
 * is an English month name, short or full; a is am or pm; S any fraction; X an
 * offset ("Z", "+03:00", "GMT-08:00"); z a zone's abbreviation; a blank one or
 * more blanks; '...' a literal; * whatever follows, up to the literal or the
 * blank behind it if there is one; u are the seconds since 1970, uuu the
 * milliseconds.  No locale has a say.
 */

#include "cxr_profile_private.h"


#define CXR_OP_YEAR      'y'
#define CXR_OP_MONTH     'M'
#define CXR_OP_NAME      'N'
#define CXR_OP_DAY       'd'
#define CXR_OP_WEEKDAY   'E'
#define CXR_OP_HOUR      'H'
#define CXR_OP_HOUR12    'h'
#define CXR_OP_MINUTE    'm'
#define CXR_OP_SECOND    's'
#define CXR_OP_FRACTION  'S'
#define CXR_OP_AMPM      'a'
#define CXR_OP_OFFSET    'X'
#define CXR_OP_ZONE      'z'
#define CXR_OP_BLANK     ' '
#define CXR_OP_CHAR      '\''
#define CXR_OP_REST      '*'
#define CXR_OP_EPOCH     'u'

/* the argument of a numeric op */
#define CXR_DIGITS(min, max)  ((uint8_t) ((min) << 4 | (max)))

#define CXR_YEAR_PIVOT  70     /* yy below it is 20yy                         */

static const char *const  cxr_month_names[] = {
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december"
};

static const char *const  cxr_weekday_names[] = {
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday"
};


static bool
cxr_is_numeric_op(uint8_t op)
{
    switch (op) {

    case CXR_OP_YEAR:
    case CXR_OP_MONTH:
    case CXR_OP_DAY:
    case CXR_OP_HOUR:
    case CXR_OP_HOUR12:
    case CXR_OP_MINUTE:
    case CXR_OP_SECOND:
    case CXR_OP_FRACTION:
        return true;

    default:
        return false;
    }
}


static bool
cxr_datefmt_field(char c, size_t n, uint8_t *op, uint8_t *arg)
{
    *op = (uint8_t) c;
    *arg = n == 1 ? CXR_DIGITS(1, 2) : CXR_DIGITS(2, 2);

    switch (c) {
    case 'y':
        *arg = n == 4 ? CXR_DIGITS(4, 4) : CXR_DIGITS(2, 2);
        return n == 2 || n == 4;

    case 'M':
        if (n == 3 || n == 4) {
            *op = CXR_OP_NAME;
            *arg = 0;
        }
        return n <= 4;

    case 'E':
        *arg = 0;
        return n == 3 || n == 4;

    case 'd':
    case 'H':
    case 'h':
    case 'm':
    case 's':
        return n <= 2;

    case 'S':
        *arg = CXR_DIGITS(1, 9);
        return true;

    case 'a':
    case 'X':
    case 'z':
        *arg = 0;
        return true;

    case 'u':
        *arg = (uint8_t) n;
        return n == 1 || n == 3;

    default:
        return false;
    }
}


/* Does it say which day, once and for all? */
static bool
cxr_datefmt_whole(const unsigned seen[256], const char **why)
{
    if (seen[CXR_OP_EPOCH]) {
        if (seen[CXR_OP_YEAR] || seen[CXR_OP_MONTH] || seen[CXR_OP_NAME]
            || seen[CXR_OP_DAY] || seen[CXR_OP_HOUR] || seen[CXR_OP_HOUR12]
            || seen[CXR_OP_MINUTE] || seen[CXR_OP_SECOND]
            || seen[CXR_OP_FRACTION] || seen[CXR_OP_OFFSET])
        {
            *why = "\"u\" is a whole moment: no other field goes with it";
            return false;
        }

        return true;
    }

    if (!seen[CXR_OP_YEAR] || !seen[CXR_OP_DAY]
        || !(seen[CXR_OP_MONTH] || seen[CXR_OP_NAME]))
    {
        *why = "a date format needs a year, a month and a day";
        return false;
    }

    return true;
}


/* Most are of one length: "yyyy-MM-dd HH:mm:ss". */
static void
cxr_datefmt_fix(cxr_datefmt_t *f)
{
    unsigned     i, n, at = 0;
    const char  *part;

    static const char  parts[CXR_FIXED_PARTS + 1] = {
        CXR_OP_YEAR, CXR_OP_MONTH, CXR_OP_DAY, CXR_OP_HOUR, CXR_OP_MINUTE,
        CXR_OP_SECOND, '\0'
    };

    for (i = 0; i < CXR_FIXED_PARTS; i++) {
        f->part[i].at = CXR_FIXED_MAX;
    }

    for (i = 0; i < f->nops; i += 2) {
        n = 1;

        if (f->ops[i] != CXR_OP_CHAR && f->ops[i] != CXR_OP_BLANK) {
            n = f->ops[i + 1] & 15;
            part = strchr(parts, f->ops[i]);

            if (part == NULL || f->ops[i + 1] >> 4 != n) {
                return;
            }

            f->part[part - parts].at = (uint8_t) at;
            f->part[part - parts].digits = (uint8_t) n;
        }

        if (at + n > CXR_FIXED_MAX) {
            return;
        }

        memset(f->like + at, f->ops[i] == CXR_OP_CHAR ? f->ops[i + 1]
                             : f->ops[i] == CXR_OP_BLANK ? ' ' : '0', n);

        /* a digit that is meant is not one that may be any */

        if (f->ops[i] == CXR_OP_CHAR && f->ops[i + 1] == '0') {
            return;
        }

        at += n;
    }

    f->fixed = at >= CXR_FIXED_MIN ? (uint8_t) at : 0;
}


cxr_rc_t
cxr_datefmt_compile(cxr_arena_t *a, cxr_str_t s, cxr_datefmt_t *out,
    const char **why)
{
    size_t    i, n;
    bool      quoted = false;
    uint8_t   op, arg;
    unsigned  seen[256];

    memset(out, 0, sizeof(cxr_datefmt_t));
    memset(seen, 0, sizeof(seen));

    if (cxr_str_dup(a, s, &out->text) != CXR_OK) {
        *why = "out of memory";
        return CXR_NOMEM;
    }

    for (i = 0; i < s.len; i += n) {
        n = 1;
        op = CXR_OP_CHAR;
        arg = (uint8_t) s.data[i];

        if (s.data[i] == '\'') {
            quoted = !quoted;
            continue;
        }

        if (!quoted && ((s.data[i] >= 'a' && s.data[i] <= 'z')
                        || (s.data[i] >= 'A' && s.data[i] <= 'Z')))
        {
            while (i + n < s.len && s.data[i + n] == s.data[i]) {
                n++;
            }

            if (!cxr_datefmt_field(s.data[i], n, &op, &arg)) {
                *why = "a letter in the date format is none it knows (literals "
                       "stand in '...')";
                return CXR_INVALID;
            }

        } else if (!quoted && s.data[i] == ' ') {
            op = CXR_OP_BLANK;

        } else if (!quoted && s.data[i] == '*') {
            op = CXR_OP_REST;
        }

        if (out->nops + 3u > sizeof(out->ops)) {
            *why = "the date format is too long";
            return CXR_LIMIT;
        }

        if (out->nops > 0 && out->ops[out->nops - 2] == CXR_OP_REST
            && op != CXR_OP_CHAR && op != CXR_OP_BLANK)
        {
            *why = "what follows \"*\" in the date format must be a literal or a "
                   "blank";
            return CXR_INVALID;
        }

        if (op != CXR_OP_CHAR && op != CXR_OP_BLANK && seen[op]++) {
            *why = "a field stands twice in the date format";
            return CXR_INVALID;
        }

        out->ops[out->nops++] = op;
        out->ops[out->nops++] = arg;
    }

    if (quoted) {
        *why = "a quote is not closed in the date format";
        return CXR_INVALID;
    }

    if (!cxr_datefmt_whole(seen, why)) {
        return CXR_INVALID;
    }

    if ((seen[CXR_OP_HOUR12] != 0) != (seen[CXR_OP_AMPM] != 0)) {
        *why = "\"h\" and \"a\" need each other";
        return CXR_INVALID;
    }

    cxr_datefmt_fix(out);
    out->precision = seen[CXR_OP_SECOND] || seen[CXR_OP_EPOCH]
                     ? CXR_PRECISION_SECOND
                     : seen[CXR_OP_HOUR] || seen[CXR_OP_HOUR12]
                       ? CXR_PRECISION_MINUTE
                       : CXR_PRECISION_DATE;

    return CXR_OK;
}


static bool
cxr_take_name(cxr_str_t *s, const char *const *names, unsigned n,
    unsigned *which)
{
    char      word[12];
    size_t    i, len = 0;
    unsigned  k;

    while (len < s->len && ((s->data[len] | 0x20) >= 'a'
                            && (s->data[len] | 0x20) <= 'z'))
    {
        len++;
    }

    if (len < 3 || len >= sizeof(word)) {
        return false;
    }

    for (i = 0; i < len; i++) {
        word[i] = (char) (s->data[i] | 0x20);
    }

    word[len] = '\0';

    for (k = 0; k < n; k++) {
        if (strncmp(names[k], word, len) == 0
            && (len == 3 || names[k][len] == '\0'
                || (len == 4 && strcmp(word, "sept") == 0)))
        {
            *which = k;
            s->data += len;
            s->len -= len;

            if (s->len > 0 && *s->data == '.') {
                s->data++;
                s->len--;
            }

            return true;
        }
    }

    return false;
}


static size_t
cxr_digits(cxr_str_t s)
{
    size_t  n = 0;

    while (n < s.len && s.data[n] >= '0' && s.data[n] <= '9') {
        n++;
    }

    return n;
}


/* "+03:00", "-0800", "+3", "Z" off the front; bare hours only when "bare" */
static bool
cxr_take_offset(cxr_str_t *s, bool bare, int32_t *offset)
{
    int       sign = 1;
    size_t    n;
    unsigned  h, m = 0;

    if (s->len >= 3 && (memcmp(s->data, "GMT", 3) == 0
                        || memcmp(s->data, "UTC", 3) == 0))
    {
        s->data += 3;
        s->len -= 3;

        if (s->len == 0 || (*s->data != '+' && *s->data != '-')) {
            *offset = 0;
            return true;
        }

    } else if (s->len >= 1 && *s->data == 'Z') {
        s->data++;
        s->len--;
        *offset = 0;
        return true;
    }

    if (s->len > 0 && (*s->data == '+' || *s->data == '-')) {
        sign = *s->data == '-' ? -1 : 1;
        s->data++;
        s->len--;

    } else if (!bare) {
        return false;
    }

    n = cxr_digits(*s);

    if (n == 1 || n == 2) {
        h = (unsigned) (s->data[0] - '0');
        if (n == 2) {
            h = h * 10 + (unsigned) (s->data[1] - '0');
        }

        s->data += n;
        s->len -= n;

        if (s->len >= 3 && *s->data == ':'
            && cxr_digits(cxr_strn(s->data + 1, 2)) == 2)
        {
            m = (unsigned) ((s->data[1] - '0') * 10 + s->data[2] - '0');
            s->data += 3;
            s->len -= 3;
        }

    } else if (n == 4) {
        h = (unsigned) ((s->data[0] - '0') * 10 + s->data[1] - '0');
        m = (unsigned) ((s->data[2] - '0') * 10 + s->data[3] - '0');
        s->data += 4;
        s->len -= 4;

    } else {
        return false;
    }

    if (h > 14 || m > 59) {
        return false;
    }

    *offset = sign * (int32_t) (h * 3600 + m * 60);

    return true;
}


bool
cxr_offset_parse(cxr_str_t s, int32_t *offset)
{
    return s.len > 0 && cxr_take_offset(&s, true, offset) && s.len == 0;
}


static bool
cxr_take_number(const cxr_datefmt_t *f, unsigned op, cxr_str_t *s,
    unsigned *value, size_t *digits)
{
    size_t    run, rest = 0, take, i;
    unsigned  j, min, max;

    min = f->ops[op + 1] >> 4;
    max = f->ops[op + 1] & 15;

    for (j = op + 2; j < f->nops && cxr_is_numeric_op(f->ops[j]); j += 2) {
        rest += f->ops[j + 1] >> 4;
    }

    run = cxr_digits(*s);

    if (run < rest + min) {
        return false;
    }

    take = run - rest < max ? run - rest : max;

    for (i = 0, *value = 0; i < take; i++) {
        *value = *value * 10 + (unsigned) (s->data[i] - '0');
    }

    s->data += take;
    s->len -= take;
    *digits = take;

    return true;
}


static void
cxr_set_number(cxr_civil_t *c, uint8_t op, unsigned v, size_t digits)
{
    switch (op) {
    case CXR_OP_YEAR:
        if (digits == 2) {
            v += v < CXR_YEAR_PIVOT ? 2000 : 1900;
        }
        c->year = (int) v;
        break;

    case CXR_OP_MONTH:
        c->month = v;
        break;

    case CXR_OP_DAY:
        c->day = v;
        break;

    case CXR_OP_HOUR:
    case CXR_OP_HOUR12:
        c->hour = v;
        break;

    case CXR_OP_MINUTE:
        c->minute = v;
        break;

    case CXR_OP_SECOND:
        c->second = v == 60 ? 59 : v;
        break;

    default:
        while (digits > 3) {
            v /= 10;
            digits--;
        }

        while (digits++ < 3) {
            v *= 10;
        }

        c->ms = v;
        break;
    }
}


static bool
cxr_take_ampm(cxr_str_t *s, bool *pm)
{
    char    c;
    size_t  n = 0;

    if (s->len == 0) {
        return false;
    }

    c = (char) (s->data[n++] | 0x20);

    if (c != 'a' && c != 'p') {
        return false;
    }

    if (n < s->len && s->data[n] == '.') {
        n++;
    }

    if (n == s->len || (s->data[n] | 0x20) != 'm') {
        return false;
    }

    n++;

    if (n < s->len && s->data[n] == '.') {
        n++;
    }

    *pm = c == 'p';
    s->data += n;
    s->len -= n;

    return true;
}


static bool
cxr_take_zone(cxr_str_t *s, cxr_str_t *zone)
{
    char    c;
    size_t  n = 0;

    while (n < s->len) {
        c = s->data[n];

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && c != '/' && c != '_') {
            break;
        }

        n++;
    }

    *zone = cxr_strn(s->data, n);
    s->data += n;
    s->len -= n;

    return n > 0;
}


static bool
cxr_take_epoch(cxr_str_t *s, uint8_t arg, cxr_parsed_time_t *out)
{
    size_t    n = cxr_digits(*s);
    int64_t   at = 0;
    unsigned  i;

    if (n == 0 || n > 15) {
        return false;
    }

    for (i = 0; i < n; i++) {
        at = at * 10 + (s->data[i] - '0');
    }

    at = arg == 1 ? at * 1000 : at;

    if (at > CXR_TIME_MAX) {
        return false;
    }

    cxr_civil(at, 0, &out->civil);
    out->epoch = true;
    s->data += n;
    s->len -= n;

    return true;
}


/* to the end, or to what stands behind the "*" */
static bool
cxr_skip_rest(const cxr_datefmt_t *f, unsigned op, cxr_str_t *s)
{
    char    c;
    size_t  n;

    if (op + 2u >= f->nops) {
        s->data += s->len;
        s->len = 0;
        return true;
    }

    c = f->ops[op + 2] == CXR_OP_BLANK ? ' ' : (char) f->ops[op + 3];

    for (n = 0; n < s->len; n++) {
        if (s->data[n] == c
            || (c == ' ' && (s->data[n] == '\t' || s->data[n] == '\r'
                             || s->data[n] == '\n')))
        {
            s->data += n;
            s->len -= n;
            return true;
        }
    }

    return false;
}


static bool
cxr_hour12(cxr_civil_t *c, bool pm)
{
    if (c->hour < 1 || c->hour > 12) {
        return false;
    }

    c->hour = c->hour % 12 + (pm ? 12 : 0);

    return true;
}


static bool
cxr_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


/* each byte the same */
#define cxr_bytes(c)  (0x0101010101010101ULL * (c))

/*
 * Eight bytes at once: do they look as they should?  Where a digit is wanted
 * the bits that differ from '0' are at most 9, elsewhere none differ.
 */
static inline uint64_t
cxr_fixed_unlike(const char *s, const char *like)
{
    uint64_t  w, l, zero, most;

    memcpy(&w, s, sizeof(w));
    memcpy(&l, like, sizeof(l));

    zero = l ^ cxr_bytes('0');
    zero = ~((((zero & cxr_bytes(0x7f)) + cxr_bytes(0x7f)) | zero))
           & cxr_bytes(0x80);

    /* to 0x7f, and for digits to 0x76: what is more sets the eighth bit */
    most = cxr_bytes(0x7f) - (zero >> 7) * 9;
    w ^= l;

    return (w | ((w & cxr_bytes(0x7f)) + most)) & cxr_bytes(0x80);
}


static inline unsigned
cxr_fixed_part(const cxr_datefmt_t *f, unsigned part, const char *s)
{
    const char  *p = s + f->part[part].at;

    if (f->part[part].at == CXR_FIXED_MAX) {
        return 0;
    }

    if (f->part[part].digits == 2) {
        return (unsigned) (p[0] - '0') * 10 + (unsigned) (p[1] - '0');
    }

    return (unsigned) (p[0] - '0') * 1000 + (unsigned) (p[1] - '0') * 100
           + (unsigned) (p[2] - '0') * 10 + (unsigned) (p[3] - '0');
}


static bool
cxr_fixed_parse(const cxr_datefmt_t *f, const char *s, cxr_civil_t *c)
{
    size_t    i;
    unsigned  v;
    uint64_t  unlike;

    unlike = cxr_fixed_unlike(s + f->fixed - 8, f->like + f->fixed - 8);

    for (i = 0; i + 8 < f->fixed; i += 8) {
        unlike |= cxr_fixed_unlike(s + i, f->like + i);
    }

    if (unlike != 0) {
        return false;
    }

    v = cxr_fixed_part(f, 0, s);
    cxr_set_number(c, CXR_OP_YEAR, v, f->part[0].digits);
    c->month = cxr_fixed_part(f, 1, s);
    c->day = cxr_fixed_part(f, 2, s);
    c->hour = cxr_fixed_part(f, 3, s);
    c->minute = cxr_fixed_part(f, 4, s);
    v = cxr_fixed_part(f, 5, s);
    c->second = v == 60 ? 59 : v;

    return true;
}


bool
cxr_datefmt_parse(const cxr_datefmt_t *f, cxr_str_t s, cxr_parsed_time_t *out)
{
    bool      pm = false, twelve = false;
    size_t    digits;
    uint8_t   op;
    unsigned  i, v;

    memset(out, 0, sizeof(cxr_parsed_time_t));

    if (f->fixed != 0 && f->fixed == s.len
        && cxr_fixed_parse(f, s.data, &out->civil))
    {
        return true;
    }

    for (i = 0; i < f->nops; i += 2) {
        op = f->ops[i];

        if (cxr_is_numeric_op(op)) {
            if (!cxr_take_number(f, i, &s, &v, &digits)) {
                return false;
            }

            cxr_set_number(&out->civil, op, v, digits);
            continue;
        }

        switch (op) {
        case CXR_OP_NAME:
            if (!cxr_take_name(&s, cxr_month_names, 12, &v)) {
                return false;
            }
            out->civil.month = v + 1;
            break;

        case CXR_OP_WEEKDAY:
            if (!cxr_take_name(&s, cxr_weekday_names, 7, &v)) {
                return false;
            }
            break;

        case CXR_OP_AMPM:
            if (!cxr_take_ampm(&s, &pm)) {
                return false;
            }
            twelve = true;
            break;

        case CXR_OP_OFFSET:
            if (!cxr_take_offset(&s, false, &out->offset)) {
                return false;
            }
            out->has_offset = true;
            break;

        case CXR_OP_ZONE:
            if (!cxr_take_zone(&s, &out->zone)) {
                return false;
            }
            break;

        case CXR_OP_BLANK:
            digits = s.len;
            while (s.len > 0 && cxr_is_blank(*s.data)) {
                s.data++;
                s.len--;
            }
            if (s.len == digits) {
                return false;
            }
            break;

        case CXR_OP_EPOCH:
            if (!cxr_take_epoch(&s, f->ops[i + 1], out)) {
                return false;
            }
            break;

        case CXR_OP_REST:
            if (!cxr_skip_rest(f, i, &s)) {
                return false;
            }
            break;

        default:
            if (s.len == 0 || (uint8_t) *s.data != f->ops[i + 1]) {
                return false;
            }
            s.data++;
            s.len--;
            break;
        }
    }

    return s.len == 0 && (!twelve || cxr_hour12(&out->civil, pm));
}
