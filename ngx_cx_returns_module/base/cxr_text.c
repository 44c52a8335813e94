
/*
 * UTF-8, the cleaning of text from outside, slugs, numbers and base64url.  The
 * folding of ids into key form is in cxr_fold.c.
 */

#include "cxr_text.h"


/* What cleaning makes of a character. */
typedef enum {
    CXR_CHAR_KEEP,
    CXR_CHAR_BLANK,
    CXR_CHAR_NEWLINE,
    CXR_CHAR_DROP
} cxr_char_t;


static const char  cxr_b64url_chars[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


static cxr_char_t cxr_char_class(uint32_t cp);
static int cxr_b64url_value(char c);


uint32_t
cxr_utf8_next(cxr_str_t *s)
{
    size_t                i, n;
    uint32_t              cp, least;
    const unsigned char  *p;

    p = (const unsigned char *) s->data;

    cp = p[0];

    if (cp < 0x80) {
        n = 1;
        least = 0;

    } else if (cp >= 0xc2 && cp < 0xe0) {
        n = 2;
        cp &= 0x1f;
        least = 0x80;

    } else if (cp >= 0xe0 && cp < 0xf0) {
        n = 3;
        cp &= 0x0f;
        least = 0x800;

    } else if (cp >= 0xf0 && cp < 0xf5) {
        n = 4;
        cp &= 0x07;
        least = 0x10000;

    } else {
        goto bad;
    }

    if (n > s->len) {
        goto bad;
    }

    for (i = 1; i < n; i++) {

        if ((p[i] & 0xc0) != 0x80) {
            goto bad;
        }

        cp = cp << 6 | (p[i] & 0x3f);
    }

    if (cp < least || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000)) {
        goto bad;
    }

    s->data += n;
    s->len -= n;

    return cp;

bad:

    s->data++;
    s->len--;

    return CXR_UTF8_BAD;
}


bool
cxr_utf8_valid(cxr_str_t s)
{
    uint64_t  eight;

    while (s.len != 0) {

        /* most text is ASCII for long stretches */

        if (s.len >= 8) {
            memcpy(&eight, s.data, 8);

            if ((eight & 0x8080808080808080u) == 0) {
                s.data += 8;
                s.len -= 8;
                continue;
            }
        }

        if (cxr_utf8_next(&s) == CXR_UTF8_BAD) {
            return false;
        }
    }

    return true;
}


size_t
cxr_utf8_length(cxr_str_t s)
{
    size_t  i, n;

    for (i = 0, n = 0; i < s.len; i++) {
        n += ((unsigned char) s.data[i] & 0xc0) != 0x80;
    }

    return n;
}


cxr_str_t
cxr_utf8_cut(cxr_str_t s, size_t max)
{
    if (s.len <= max) {
        return s;
    }

    while (max > 0 && ((unsigned char) s.data[max] & 0xc0) == 0x80) {
        max--;
    }

    return cxr_strn(s.data, max);
}


bool
cxr_utf8_is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xa0
           || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a)
           || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}


bool
cxr_utf8_is_hidden(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xfeff
           || cp == 0x2028 || cp == 0x2029
           || (cp >= 0x202a && cp <= 0x202e)
           || (cp >= 0x2066 && cp <= 0x2069)
           || cp == 0x200e || cp == 0x200f || cp == 0x061c;
}


static cxr_char_t
cxr_char_class(uint32_t cp)
{
    if (cp == '\n' || cp == '\r') {
        return CXR_CHAR_NEWLINE;
    }

    if (cxr_utf8_is_blank(cp)) {
        return CXR_CHAR_BLANK;
    }

    if (cxr_utf8_is_hidden(cp)) {
        return CXR_CHAR_DROP;
    }

    return CXR_CHAR_KEEP;
}


/*
 * White space is only counted as it passes, and written when something to keep
 * comes after it: so that none is left at either end, or around a line end.
 */

cxr_rc_t
cxr_text_clean(cxr_arena_t *a, cxr_str_t in, cxr_text_kind_t kind, size_t max,
    cxr_str_t *out)
{
    bool         blank, first;
    char        *p, *start;
    size_t       chars, lines, n;
    uint32_t     cp;
    const char  *from;

    start = cxr_alloc(a, in.len);
    if (start == NULL) {
        return CXR_NOMEM;
    }

    p = start;
    chars = 0;
    lines = 0;
    blank = false;
    first = true;

    while (in.len != 0) {

        from = in.data;

        cp = cxr_utf8_next(&in);
        if (cp == CXR_UTF8_BAD) {
            return CXR_INVALID;
        }

        switch (cxr_char_class(cp)) {

        case CXR_CHAR_NEWLINE:

            if (cp == '\r' && in.len != 0 && in.data[0] == '\n') {
                in.data++;
                in.len--;
            }

            if (kind == CXR_TEXT_BLOCK) {
                lines++;
            }

            /* fall through */

        case CXR_CHAR_BLANK:
            blank = true;
            continue;

        case CXR_CHAR_DROP:
            continue;

        case CXR_CHAR_KEEP:
            break;
        }

        if (!first && lines != 0) {
            n = lines > 2 ? 2 : lines;
            chars += n;

            while (n != 0) {
                *p++ = '\n';
                n--;
            }

        } else if (!first && blank) {
            chars++;
            *p++ = ' ';
        }

        first = false;
        blank = false;
        lines = 0;

        n = (size_t) (in.data - from);
        memcpy(p, from, n);
        p += n;
        chars++;
    }

    /* not earlier: that it is not UTF-8 matters more than its length */

    if (chars > max) {
        return CXR_LIMIT;
    }

    *out = cxr_strn(start, (size_t) (p - start));

    return CXR_OK;
}


cxr_str_t
cxr_str_trim(cxr_str_t s)
{
    while (s.len != 0
           && (s.data[0] == ' ' || (s.data[0] >= '\t' && s.data[0] <= '\r')))
    {
        s.data++;
        s.len--;
    }

    while (s.len != 0
           && (s.data[s.len - 1] == ' '
               || (s.data[s.len - 1] >= '\t' && s.data[s.len - 1] <= '\r')))
    {
        s.len--;
    }

    return s;
}


bool
cxr_is_slug(cxr_str_t s, size_t max)
{
    char    c;
    size_t  i;

    if (s.len == 0 || s.len > max || s.data[0] == '-' || s.data[0] == '_') {
        return false;
    }

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')
            && c != '_' && c != '-')
        {
            return false;
        }
    }

    return true;
}


bool
cxr_parse_uint(cxr_str_t s, uint64_t max, uint64_t *v)
{
    size_t    i;
    uint64_t  n, digit;

    if (s.len == 0) {
        return false;
    }

    for (i = 0, n = 0; i < s.len; i++) {

        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }

        digit = (uint64_t) (s.data[i] - '0');

        if (digit > max || n > (max - digit) / 10) {
            return false;
        }

        n = n * 10 + digit;
    }

    *v = n;

    return true;
}


size_t
cxr_b64url_encode(const void *in, size_t n, char *out)
{
    char           *p;
    uint32_t        v;
    const uint8_t  *s = in;

    p = out;

    for ( /* void */ ; n >= 3; n -= 3, s += 3) {
        v = (uint32_t) s[0] << 16 | (uint32_t) s[1] << 8 | s[2];

        *p++ = cxr_b64url_chars[v >> 18];
        *p++ = cxr_b64url_chars[v >> 12 & 63];
        *p++ = cxr_b64url_chars[v >> 6 & 63];
        *p++ = cxr_b64url_chars[v & 63];
    }

    if (n != 0) {
        v = (uint32_t) s[0] << 16 | (n == 2 ? (uint32_t) s[1] << 8 : 0);

        *p++ = cxr_b64url_chars[v >> 18];
        *p++ = cxr_b64url_chars[v >> 12 & 63];

        if (n == 2) {
            *p++ = cxr_b64url_chars[v >> 6 & 63];
        }
    }

    return (size_t) (p - out);
}


cxr_rc_t
cxr_b64url_decode(cxr_str_t in, void *out, size_t size, size_t *n)
{
    int        value;
    size_t     i, len;
    uint8_t   *p = out;
    uint32_t   bits;
    unsigned   have;

    if (in.len % 4 == 1) {
        return CXR_INVALID;
    }

    len = in.len / 4 * 3 + (in.len % 4 ? in.len % 4 - 1 : 0);

    if (len > size) {
        return CXR_LIMIT;
    }

    for (i = 0, bits = 0, have = 0; i < in.len; i++) {

        value = cxr_b64url_value(in.data[i]);
        if (value < 0) {
            return CXR_INVALID;
        }

        bits = bits << 6 | (uint32_t) value;
        have += 6;

        if (have >= 8) {
            have -= 8;
            *p++ = (uint8_t) (bits >> have);
            bits &= (1u << have) - 1;
        }
    }

    /* else two spellings would decode alike, and signed text could be varied */

    if (bits != 0) {
        return CXR_INVALID;
    }

    *n = len;

    return CXR_OK;
}


static int
cxr_b64url_value(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }

    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }

    return c == '-' ? 62 : c == '_' ? 63 : -1;
}
