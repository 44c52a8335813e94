
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


uint32_t
cxr_utf8_more(cxr_str_t *s)
{
    size_t                i, n;
    uint32_t              cp, least;
    const unsigned char  *p;

    p = (const unsigned char *) s->data;

    cp = p[0];

    if (cp >= 0xc2 && cp < 0xe0) {
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
cxr_utf8_is_blank_more(uint32_t cp)
{
    return cp == 0xa0
           || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a)
           || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}


bool
cxr_utf8_is_hidden_more(uint32_t cp)
{
    return cp < 0xa0 || cp == 0xfeff
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


/* What has a place in text and shows nothing by itself: joiners, fillers, soft
   hyphens, variation selectors, tags. */

static bool
cxr_char_is_unseen(uint32_t cp)
{
    size_t  i;

    static const struct {
        uint32_t  from;
        uint32_t  to;
    } unseen[] = {
        { 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x115f, 0x1160 },
        { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200d },
        { 0x2060, 0x2065 }, { 0x206a, 0x206f }, { 0x2800, 0x2800 },
        { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f }, { 0xffa0, 0xffa0 },
        { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff }
    };

    for (i = 0; i < cxr_nelts(unseen); i++) {
        if (cp >= unseen[i].from && cp <= unseen[i].to) {
            return true;
        }
    }

    return false;
}


/* Is there anything to be seen in what was cleaned?  Its first character is,
   but for one text in a million. */

static bool
cxr_text_shows(cxr_str_t s)
{
    uint32_t  cp;

    while (s.len != 0) {
        cp = cxr_utf8_next(&s);

        if (!cxr_utf8_is_blank(cp) && !cxr_char_is_unseen(cp)) {
            return true;
        }
    }

    return false;
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

        /* most text is visible ASCII for long stretches */

        if (!first && !blank) {
            while (in.len != 0 && *in.data > ' ' && *in.data < 0x7f) {
                *p++ = *in.data++;
                in.len--;
                chars++;
            }

            if (in.len == 0) {
                break;
            }
        }

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

    if (!cxr_text_shows(*out)) {
        out->len = 0;
    }

    return CXR_OK;
}


cxr_str_t
cxr_str_strip(cxr_str_t s)
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


/*
 * The digits' values and one; 0 is none.  Links are decoded with every page,
 * so four characters go at a time.
 */

static const uint8_t  cxr_b64url_values[256] = {
    ['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6,
    ['G'] = 7, ['H'] = 8, ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12,
    ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18,
    ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26,
    ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38,
    ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44,
    ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
    ['y'] = 51, ['z'] = 52,
    ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57, ['5'] = 58,
    ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
    ['-'] = 63, ['_'] = 64
};


static bool
cxr_b64url_digits(const char *in, unsigned n, uint32_t *bits)
{
    uint8_t   value;
    unsigned  i;

    *bits = 0;

    for (i = 0; i < n; i++) {
        value = cxr_b64url_values[(uint8_t) in[i]];

        if (value == 0) {
            return false;
        }

        *bits = *bits << 6 | (uint32_t) (value - 1);
    }

    return true;
}


cxr_rc_t
cxr_b64url_decode(cxr_str_t in, void *out, size_t size, size_t *n)
{
    size_t          i, len;
    uint8_t        *p = out;
    uint32_t        bits, a, b, c, d;
    unsigned        rest;
    const uint8_t  *s = (const uint8_t *) in.data;

    rest = in.len % 4;

    if (rest == 1) {
        return CXR_INVALID;
    }

    len = in.len / 4 * 3 + (rest ? rest - 1 : 0);

    if (len > size) {
        return CXR_LIMIT;
    }

    for (i = 0; i < in.len - rest; i += 4) {

        a = cxr_b64url_values[s[i]];
        b = cxr_b64url_values[s[i + 1]];
        c = cxr_b64url_values[s[i + 2]];
        d = cxr_b64url_values[s[i + 3]];

        if (a == 0 || b == 0 || c == 0 || d == 0) {
            return CXR_INVALID;
        }

        bits = (a << 18) + (b << 12) + (c << 6) + d - 0x41041;

        *p++ = (uint8_t) (bits >> 16);
        *p++ = (uint8_t) (bits >> 8);
        *p++ = (uint8_t) bits;
    }

    if (rest != 0) {

        if (!cxr_b64url_digits(in.data + i, rest, &bits)) {
            return CXR_INVALID;
        }

        bits <<= 6 * (4 - rest);

        *p++ = (uint8_t) (bits >> 16);

        if (rest == 3) {
            *p++ = (uint8_t) (bits >> 8);
        }

        /* else two spellings would decode alike, and signed text could be
           varied */

        if (bits & (rest == 3 ? 0xff : 0xffff)) {
            return CXR_INVALID;
        }
    }

    *n = len;

    return CXR_OK;
}
