
/*
 * Text on its way into HTML, JSON, URLs, XML and CSV.  Each writer copies runs
 * of harmless bytes whole and stops only where a byte must be replaced.
 */

#include "cxr_buf.h"
#include "cxr_text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define CXR_UTF8_REPLACEMENT  "\xef\xbf\xbd"            /* U+FFFD */


static const char  cxr_hex_lower[] = "0123456789abcdef";
static const char  cxr_hex_upper[] = "0123456789ABCDEF";

static const uint8_t  cxr_html_stop[256] = {
    ['&'] = 1, ['<'] = 1, ['>'] = 1, ['"'] = 1, ['\''] = 1
};


static size_t cxr_html_run(const char *p, size_t n);
static void cxr_buf_markup(cxr_buf_t *b, char c);


void
cxr_buf_html(cxr_buf_t *b, cxr_str_t s)
{
    size_t       n, left;
    const char  *p;

    p = s.data;
    left = s.len;

    while (left != 0) {
        n = cxr_html_run(p, left);

        cxr_buf_add(b, p, n);

        p += n;
        left -= n;

        if (left != 0) {
            cxr_buf_markup(b, *p);
            p++;
            left--;
        }
    }
}


/* How many bytes there are before the first that HTML gives a meaning to. */

static size_t
cxr_html_run(const char *p, size_t n)
{
    size_t  i = 0;

#ifdef __SSE2__

    int      mask;
    __m128i  v, m;

    const __m128i  amp = _mm_set1_epi8('&');
    const __m128i  lt = _mm_set1_epi8('<');
    const __m128i  gt = _mm_set1_epi8('>');
    const __m128i  quot = _mm_set1_epi8('"');
    const __m128i  apos = _mm_set1_epi8('\'');

    for ( /* void */ ; i + 16 <= n; i += 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) (p + i));

        m = _mm_or_si128(_mm_cmpeq_epi8(v, amp), _mm_cmpeq_epi8(v, lt));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, gt));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, quot));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, apos));

        mask = _mm_movemask_epi8(m);

        if (mask != 0) {
            return i + (size_t) __builtin_ctz((unsigned) mask);
        }
    }

#endif

    while (i < n && !cxr_html_stop[(unsigned char) p[i]]) {
        i++;
    }

    return i;
}


static void
cxr_buf_markup(cxr_buf_t *b, char c)
{
    switch (c) {

    case '&':
        cxr_buf_add(b, "&amp;", 5);
        break;

    case '<':
        cxr_buf_add(b, "&lt;", 4);
        break;

    case '>':
        cxr_buf_add(b, "&gt;", 4);
        break;

    case '"':
        cxr_buf_add(b, "&quot;", 6);
        break;

    case '\'':
        cxr_buf_add(b, "&#39;", 5);
        break;
    }
}


static void
cxr_buf_json_unit(cxr_buf_t *b, unsigned c)
{
    char  u[6] = { '\\', 'u' };

    u[2] = cxr_hex_lower[c >> 12 & 15];
    u[3] = cxr_hex_lower[c >> 8 & 15];
    u[4] = cxr_hex_lower[c >> 4 & 15];
    u[5] = cxr_hex_lower[c & 15];

    cxr_buf_add(b, u, 6);
}


static void
cxr_buf_json_byte(cxr_buf_t *b, unsigned char c)
{
    char  pair[2] = { '\\' };

    switch (c) {

    case '"':
    case '\\':
        pair[1] = (char) c;
        break;

    case '\n':
        pair[1] = 'n';
        break;

    case '\r':
        pair[1] = 'r';
        break;

    case '\t':
        pair[1] = 't';
        break;

    case '\b':
        pair[1] = 'b';
        break;

    case '\f':
        pair[1] = 'f';
        break;

    default:
        cxr_buf_json_unit(b, c);
        return;
    }

    cxr_buf_add(b, pair, 2);
}


/* ASCII that stands for itself; < > & do not, so that no markup ends. */

#define CXR_PLAIN16  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1

static const uint8_t  cxr_json_plain[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 1, 0 /* " */, 1, 1, 1, 0 /* & */, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 /* < */, 1, 0 /* > */, 1,
    CXR_PLAIN16,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 /* \ */, 1, 1, 1,
    CXR_PLAIN16,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0 /* DEL */
};


/* How many plain bytes there are before the first that is not. */

static size_t
cxr_json_run(const char *p, size_t n)
{
    size_t  i = 0;

#ifdef __SSE2__

    int      mask;
    __m128i  v, m;

    const __m128i  blank = _mm_set1_epi8(0x20);
    const __m128i  quot = _mm_set1_epi8('"');
    const __m128i  slash = _mm_set1_epi8('\\');
    const __m128i  lt = _mm_set1_epi8('<');
    const __m128i  gt = _mm_set1_epi8('>');
    const __m128i  amp = _mm_set1_epi8('&');
    const __m128i  del = _mm_set1_epi8(0x7f);

    for ( /* void */ ; i + 8 <= n; i += 16) {

        /* of 8 to 15 bytes the first and the last eight, which may overlap */

        v = i + 16 <= n
            ? _mm_loadu_si128((const __m128i *) (const void *) (p + i))
            : _mm_unpacklo_epi64(
                  _mm_loadl_epi64((const __m128i *) (const void *) (p + i)),
                  _mm_loadl_epi64((const __m128i *) (const void *)
                                  (p + n - 8)));

        /* signed: what is not ASCII is less than a blank as well */

        m = _mm_or_si128(_mm_cmplt_epi8(v, blank), _mm_cmpeq_epi8(v, quot));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, slash));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, lt));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, gt));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, amp));
        m = _mm_or_si128(m, _mm_cmpeq_epi8(v, del));

        mask = _mm_movemask_epi8(m);

        if (mask != 0) {
            break;
        }

        if (i + 16 > n) {
            return n;
        }
    }

#endif

    while (i < n && cxr_json_plain[(unsigned char) p[i]]) {
        i++;
    }

    return i;
}


/*
 * Whatever comes in, what goes out is UTF-8: a stray byte is replaced, since
 * one of them would make the whole document unreadable for a strict parser.
 */

void
cxr_buf_json(cxr_buf_t *b, cxr_str_t s)
{
    uint32_t     cp;
    cxr_str_t    rest;
    const char  *p, *run, *end;

    if (s.len == 0) {
        return;
    }

    run = s.data;
    end = s.data + s.len;
    p = run + cxr_json_run(run, s.len);

    while (p < end) {

        if ((unsigned char) *p < 0x80) {
            cxr_buf_add(b, run, (size_t) (p - run));
            cxr_buf_json_byte(b, (unsigned char) *p++);
            run = p;

        } else {
            rest = cxr_strn(p, (size_t) (end - p));
            cp = cxr_utf8_next(&rest);

            if (cp == CXR_UTF8_BAD || cp == 0x2028 || cp == 0x2029) {
                cxr_buf_add(b, run, (size_t) (p - run));

                if (cp == CXR_UTF8_BAD) {
                    cxr_buf_add(b, CXR_UTF8_REPLACEMENT, 3);

                } else {
                    cxr_buf_json_unit(b, cp);
                }

                run = rest.data;
            }

            p = rest.data;
        }

        p += cxr_json_run(p, (size_t) (end - p));
    }

    cxr_buf_add(b, run, (size_t) (p - run));
}


void
cxr_buf_url(cxr_buf_t *b, cxr_str_t s)
{
    char           pct[3] = { '%' };
    size_t         i, run;
    unsigned char  c;

    for (i = 0, run = 0; i < s.len; i++) {
        c = (unsigned char) s.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || c == '-' || c == '.' || c == '_' || c == '~')
        {
            continue;
        }

        cxr_buf_add(b, s.data + run, i - run);

        pct[1] = cxr_hex_upper[c >> 4];
        pct[2] = cxr_hex_upper[c & 15];
        cxr_buf_add(b, pct, 3);

        run = i + 1;
    }

    if (run < s.len) {
        cxr_buf_add(b, s.data + run, s.len - run);
    }
}


/*
 * Tabs and line ends are written as references, because a parser turns those
 * in an attribute into blanks, and a CR anywhere into LF.
 */

void
cxr_buf_xml(cxr_buf_t *b, cxr_str_t s)
{
    uint32_t     cp;
    cxr_str_t    rest;
    const char  *run, *p;

    if (s.len == 0) {
        return;
    }

    rest = s;
    run = s.data;

    while (rest.len != 0) {
        p = rest.data;
        cp = cxr_utf8_next(&rest);

        if (cp >= 0x20 && cp < 0xfffe) {

            if (cp > '>' || !cxr_html_stop[cp]) {
                continue;
            }

        } else if (cp >= 0x10000 && cp != CXR_UTF8_BAD) {
            continue;
        }

        cxr_buf_add(b, run, (size_t) (p - run));
        run = rest.data;

        if (cp == '\t') {
            cxr_buf_add(b, "&#9;", 4);

        } else if (cp == '\n') {
            cxr_buf_add(b, "&#10;", 5);

        } else if (cp == '\r') {
            cxr_buf_add(b, "&#13;", 5);

        } else if (cp >= 0x20 && cp < 0x80) {
            cxr_buf_markup(b, (char) cp);

        } else {
            cxr_buf_add(b, CXR_UTF8_REPLACEMENT, 3);
        }
    }

    cxr_buf_add(b, run, (size_t) (rest.data - run));
}


void
cxr_buf_csv(cxr_buf_t *b, cxr_str_t s)
{
    bool    quote, formula;
    size_t  i, run;

    if (s.len == 0) {
        return;
    }

    formula = memchr("=+-@\t\r", s.data[0], 6) != NULL;
    quote = s.data[0] == ' ' || s.data[s.len - 1] == ' ';

    for (i = 0; i < s.len && !quote; i++) {
        quote = memchr(",;\"\r\n\t", s.data[i], 6) != NULL;
    }

    if (quote) {
        cxr_buf_addc(b, '"');
    }

    if (formula) {
        cxr_buf_addc(b, '\'');
    }

    for (i = 0, run = 0; i < s.len; i++) {

        if (s.data[i] == '"') {
            cxr_buf_add(b, s.data + run, i + 1 - run);
            run = i;
        }
    }

    cxr_buf_add(b, s.data + run, s.len - run);

    if (quote) {
        cxr_buf_addc(b, '"');
    }
}


void
cxr_buf_csv_quoted(cxr_buf_t *b, cxr_str_t s, bool first)
{
    size_t  i, run;

    if (s.len == 0) {
        return;
    }

    if (first && memchr("=+-@\t\r", s.data[0], 6) != NULL) {
        cxr_buf_addc(b, '\'');
    }

    for (i = 0, run = 0; i < s.len; i++) {

        if (s.data[i] == '"') {
            cxr_buf_add(b, s.data + run, i + 1 - run);
            run = i;
        }
    }

    cxr_buf_add(b, s.data + run, s.len - run);
}


void
cxr_buf_zpl(cxr_buf_t *b, cxr_str_t s)
{
    size_t   i, run;
    uint8_t  c;

    static const char  digits[] = "0123456789ABCDEF";

    for (i = 0, run = 0; i < s.len; i++) {
        c = (uint8_t) s.data[i];

        if (c != '^' && c != '~' && c != '_' && c >= 0x20 && c != 0x7f) {
            continue;
        }

        cxr_buf_add(b, s.data + run, i - run);
        cxr_buf_addc(b, '_');
        cxr_buf_addc(b, digits[c >> 4]);
        cxr_buf_addc(b, digits[c & 15]);
        run = i + 1;
    }

    cxr_buf_add(b, s.data + run, s.len - run);
}


void
cxr_buf_hex(cxr_buf_t *b, const void *data, size_t len)
{
    char           *p;
    size_t          i;
    const uint8_t  *in = data;

    if (len == 0) {
        return;
    }

    if (len > SIZE_MAX / 2 || !cxr_buf_need(b, len * 2)) {
        b->failed = true;
        return;
    }

    p = b->data + b->len;

    for (i = 0; i < len; i++) {
        *p++ = cxr_hex_lower[in[i] >> 4];
        *p++ = cxr_hex_lower[in[i] & 15];
    }

    b->len += len * 2;
}
