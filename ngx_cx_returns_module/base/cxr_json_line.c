
/*
 * Where in a JSON text a value stands.  jansson keeps no places, and a fault in
 * a shop's file is of little use without its line; so the text is walked once
 * more, but only when there is a complaint to be made.
 */

#include "cxr_json.h"

#define CXR_JSON_NAME  256      /* longer member names are never asked for */


/* The walk: it may meet anything, hence every step looks at the end. */
typedef struct {
    const char  *p;
    const char  *end;
    unsigned     line;
} cxr_jscan_t;


static void cxr_jscan_blank(cxr_jscan_t *s);
static void cxr_jscan_string(cxr_jscan_t *s, char *name, size_t *len);
static void cxr_jscan_value(cxr_jscan_t *s);
static bool cxr_jscan_into(cxr_jscan_t *s, const char *name, size_t len);
static size_t cxr_jscan_escape(cxr_jscan_t *s, char out[4]);
static const char *cxr_pointer_token(const char *p, char *name, size_t *len);


unsigned
cxr_json_line(cxr_str_t text, const char *pointer)
{
    char         name[CXR_JSON_NAME];
    size_t       len;
    unsigned     line;
    cxr_jscan_t  s;

    s.p = text.data;
    s.end = text.len ? text.data + text.len : text.data;
    s.line = 1;

    cxr_jscan_blank(&s);
    line = s.line;

    while (*pointer == '/') {

        pointer = cxr_pointer_token(pointer + 1, name, &len);

        if (!cxr_jscan_into(&s, name, len)) {
            break;
        }

        line = s.line;
    }

    return line;
}


/* Goes to the value of a member or item of the value at hand. */

static bool
cxr_jscan_into(cxr_jscan_t *s, const char *name, size_t len)
{
    bool      found, object;
    char      key[CXR_JSON_NAME];
    size_t    n;
    uint64_t  index, i;

    if (s->p == s->end || (*s->p != '{' && *s->p != '[')) {
        return false;
    }

    object = *s->p++ == '{';

    if (!object) {
        index = 0;

        for (n = 0; n < len; n++) {

            if (name[n] < '0' || name[n] > '9' || index > UINT32_MAX) {
                return false;
            }

            index = index * 10 + (uint64_t) (name[n] - '0');
        }

        if (len == 0) {
            return false;
        }

    } else {
        index = UINT64_MAX;
    }

    for (i = 0; s->p != s->end; i++) {

        cxr_jscan_blank(s);

        if (s->p == s->end || *s->p == '}' || *s->p == ']') {
            return false;
        }

        found = i == index;

        if (object) {

            if (*s->p != '"') {
                return false;
            }

            cxr_jscan_string(s, key, &n);
            cxr_jscan_blank(s);

            if (s->p == s->end || *s->p != ':') {
                return false;
            }

            s->p++;
            cxr_jscan_blank(s);

            found = n == len && memcmp(key, name, n) == 0;
        }

        if (found) {
            return true;
        }

        cxr_jscan_value(s);
        cxr_jscan_blank(s);

        if (s->p == s->end || *s->p != ',') {
            return false;
        }

        s->p++;
    }

    return false;
}


static void
cxr_jscan_blank(cxr_jscan_t *s)
{
    while (s->p != s->end
           && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r'
               || *s->p == '\n'))
    {
        if (*s->p++ == '\n') {
            s->line++;
        }
    }
}


/* Stands on the opening quote.  What is too long gets a length that nothing
   matches. */

static void
cxr_jscan_string(cxr_jscan_t *s, char *name, size_t *len)
{
    char    c[4];
    size_t  n, used;

    used = 0;
    s->p++;

    while (s->p != s->end && *s->p != '"') {

        if (*s->p == '\\') {
            n = cxr_jscan_escape(s, c);

        } else {
            c[0] = *s->p++;
            n = 1;
        }

        if (used + n <= CXR_JSON_NAME) {
            memcpy(name + used, c, n);
            used += n;

        } else {
            used = CXR_JSON_NAME + 1;
        }
    }

    if (s->p != s->end) {
        s->p++;
    }

    *len = used;
}


static unsigned
cxr_jscan_hex4(cxr_jscan_t *s)
{
    char      c;
    unsigned  i, v;

    for (i = 0, v = 0; i < 4 && s->p != s->end; i++) {

        c = *s->p;

        if (c >= '0' && c <= '9') {
            v = v * 16 + (unsigned) (c - '0');

        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            v = v * 16 + (unsigned) ((c | 0x20) - 'a') + 10;

        } else {
            break;
        }

        s->p++;
    }

    return v;
}


static size_t
cxr_jscan_escape(cxr_jscan_t *s, char out[4])
{
    char        c;
    unsigned    cp;
    const char  *at;

    static const char  letters[] = "nrtbf", meanings[] = "\n\r\t\b\f";

    if (++s->p == s->end) {
        return 0;
    }

    c = *s->p++;

    if (c != 'u') {
        at = memchr(letters, c, sizeof(letters) - 1);
        out[0] = at ? meanings[at - letters] : c;
        return 1;
    }

    cp = cxr_jscan_hex4(s);

    if (cp >= 0xd800 && cp < 0xdc00 && s->end - s->p >= 6
        && s->p[0] == '\\' && s->p[1] == 'u')
    {
        s->p += 2;
        cp = 0x10000 + ((cp & 0x3ff) << 10) + (cxr_jscan_hex4(s) & 0x3ff);
    }

    if (cp < 0x80) {
        out[0] = (char) cp;
        return 1;
    }

    if (cp < 0x800) {
        out[0] = (char) (0xc0 | cp >> 6);
        out[1] = (char) (0x80 | (cp & 0x3f));
        return 2;
    }

    if (cp < 0x10000) {
        out[0] = (char) (0xe0 | cp >> 12);
        out[1] = (char) (0x80 | (cp >> 6 & 0x3f));
        out[2] = (char) (0x80 | (cp & 0x3f));
        return 3;
    }

    out[0] = (char) (0xf0 | cp >> 18);
    out[1] = (char) (0x80 | (cp >> 12 & 0x3f));
    out[2] = (char) (0x80 | (cp >> 6 & 0x3f));
    out[3] = (char) (0x80 | (cp & 0x3f));

    return 4;
}


/* Passes over one value, however deep. */

static void
cxr_jscan_value(cxr_jscan_t *s)
{
    bool    inside;
    char    c;
    size_t  depth;

    depth = 0;
    inside = false;

    for ( /* void */ ; s->p != s->end; s->p++) {

        c = *s->p;

        if (c == '\n') {
            s->line++;
        }

        if (inside) {

            if (c == '\\' && s->end - s->p > 1) {
                s->p++;

            } else if (c == '"') {
                inside = false;
            }

            continue;
        }

        switch (c) {

        case '"':
            inside = true;
            break;

        case '{':
        case '[':
            depth++;
            break;

        case '}':
        case ']':

            if (depth == 0) {
                return;
            }

            depth--;
            break;

        case ',':

            if (depth == 0) {
                return;
            }

            break;
        }
    }
}


/* RFC 6901: ~1 is a slash, ~0 a tilde. */

static const char *
cxr_pointer_token(const char *p, char *name, size_t *len)
{
    char    c;
    size_t  n;

    for (n = 0; *p != '\0' && *p != '/'; p++) {

        c = *p;

        if (c == '~' && (p[1] == '0' || p[1] == '1')) {
            c = *++p == '0' ? '~' : '/';
        }

        if (n < CXR_JSON_NAME) {
            name[n++] = c;
        }
    }

    *len = n;

    return p;
}
