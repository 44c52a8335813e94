
/*
 * The claims' scanner.  Every page of a tracking link begins with it, which is
 * why it is not jansson: it allocates nothing, reads the text once and takes
 * only what this room writes (one object, names from a closed list, no white
 * space).  It runs on text that a key has vouched for, and, for a label whose
 * shop is only known from its claims, on text that nobody has vouched for yet.
 */

#include "cxr_sign_private.h"
#include "cxr_text.h"


#define CXR_CLAIM_TIME_MAX  INT64_C(253402300799999)  /* the end of year 9999 */


bool
cxr_scan_byte(cxr_scan_t *s, char c)
{
    if (s->p == s->end || *s->p != c) {
        return false;
    }

    s->p++;

    return true;
}


bool
cxr_scan_end(const cxr_scan_t *s)
{
    return s->p == s->end;
}


/* Four hexadecimal digits; the cursor stands on the first. */

static bool
cxr_scan_hex4(cxr_scan_t *s, uint32_t *v)
{
    char      c;
    unsigned  i;

    if (s->end - s->p < 4) {
        return false;
    }

    *v = 0;

    for (i = 0; i < 4; i++) {
        c = *s->p++;

        if (c >= '0' && c <= '9') {
            *v = *v * 16 + (uint32_t) (c - '0');

        } else if (c >= 'a' && c <= 'f') {
            *v = *v * 16 + (uint32_t) (c - 'a' + 10);

        } else if (c >= 'A' && c <= 'F') {
            *v = *v * 16 + (uint32_t) (c - 'A' + 10);

        } else {
            return false;
        }
    }

    return true;
}


/* The rest of "\uXXXX", and of a second one when the first is a high half. */

static bool
cxr_scan_unicode(cxr_scan_t *s, char **out)
{
    char      *o;
    uint32_t   c, low;

    if (!cxr_scan_hex4(s, &c)) {
        return false;
    }

    if (c >= 0xd800 && c <= 0xdbff) {
        if (!cxr_scan_byte(s, '\\')
            || !cxr_scan_byte(s, 'u')
            || !cxr_scan_hex4(s, &low)
            || low < 0xdc00 || low > 0xdfff)
        {
            return false;
        }

        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);

    } else if ((c >= 0xdc00 && c <= 0xdfff) || c < 0x20 || c == 0x7f) {
        return false;
    }

    /* never longer than what it was written as: 6 bytes gave 1..3, 12 gave 4 */

    o = *out;

    if (c < 0x80) {
        *o++ = (char) c;

    } else if (c < 0x800) {
        *o++ = (char) (0xc0 | (c >> 6));
        *o++ = (char) (0x80 | (c & 0x3f));

    } else if (c < 0x10000) {
        *o++ = (char) (0xe0 | (c >> 12));
        *o++ = (char) (0x80 | ((c >> 6) & 0x3f));
        *o++ = (char) (0x80 | (c & 0x3f));

    } else {
        *o++ = (char) (0xf0 | (c >> 18));
        *o++ = (char) (0x80 | ((c >> 12) & 0x3f));
        *o++ = (char) (0x80 | ((c >> 6) & 0x3f));
        *o++ = (char) (0x80 | (c & 0x3f));
    }

    *out = o;

    return true;
}


bool
cxr_scan_text(cxr_scan_t *s, cxr_str_t *out)
{
    char     *start, *o;
    uint8_t   c, high;

    if (!cxr_scan_byte(s, '"')) {
        return false;
    }

    start = s->p;
    o = s->p;
    high = 0;

    for ( ;; ) {
        if (s->p == s->end) {
            return false;
        }

        c = (uint8_t) *s->p++;

        if (c == '"') {
            break;
        }

        if (c < 0x20 || c == 0x7f) {
            return false;
        }

        if (c != '\\') {
            high |= c;
            *o++ = (char) c;
            continue;
        }

        if (s->p == s->end) {
            return false;
        }

        c = (uint8_t) *s->p++;

        if (c == '"' || c == '\\' || c == '/') {
            *o++ = (char) c;

        } else if (c != 'u' || !cxr_scan_unicode(s, &o)) {
            /* \b \f \n \r \t are control characters, which no claim holds */
            return false;
        }
    }

    *out = cxr_strn(start, o - start);

    return high < 0x80 || cxr_utf8_valid(*out);
}


bool
cxr_scan_time(cxr_scan_t *s, cxr_time_t *at)
{
    cxr_str_t  text;

    return cxr_scan_text(s, &text)
           && cxr_time_parse(text, at) == CXR_OK
           && cxr_claim_time(*at);
}


bool
cxr_scan_uint(cxr_scan_t *s, uint64_t max, uint64_t *v)
{
    char  *start;

    start = s->p;

    while (s->p != s->end && *s->p >= '0' && *s->p <= '9') {
        s->p++;
    }

    if (s->p - start > 1 && *start == '0') {
        return false;
    }

    return cxr_parse_uint(cxr_strn(start, s->p - start), max, v);
}


bool
cxr_scan_member(cxr_scan_t *s, const char *const *names, uint32_t *seen,
    unsigned *index, bool *done)
{
    unsigned   i;
    cxr_str_t  name;

    *done = false;

    if (*seen == 0) {
        if (!cxr_scan_byte(s, '{')) {
            return false;
        }

        if (cxr_scan_byte(s, '}')) {
            *done = true;
            return false;
        }

    } else {
        if (cxr_scan_byte(s, '}')) {
            *done = true;
            return false;
        }

        if (!cxr_scan_byte(s, ',')) {
            return false;
        }
    }

    if (!cxr_scan_text(s, &name) || !cxr_scan_byte(s, ':')) {
        return false;
    }

    for (i = 0; names[i] != NULL; i++) {
        if (cxr_str_is(name, names[i])) {
            break;
        }
    }

    if (names[i] == NULL || (*seen & (UINT32_C(1) << i))) {
        return false;
    }

    *seen |= UINT32_C(1) << i;
    *index = i;

    return true;
}


bool
cxr_claim_text(cxr_str_t s, size_t max)
{
    size_t   i;
    uint8_t  c;

    if (s.len == 0 || s.len > max) {
        return false;
    }

    for (i = 0; i < s.len; i++) {
        c = (uint8_t) s.data[i];

        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }

    return cxr_utf8_valid(s);
}


bool
cxr_claim_time(cxr_time_t at)
{
    return at > CXR_TIME_NONE && at <= CXR_CLAIM_TIME_MAX;
}
