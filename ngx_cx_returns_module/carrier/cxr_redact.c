
/*
 * Four small layers, each a state machine over one character: bytes to
 * characters, a form's escapes, character references, and markup (twice: as it
 * stands, and escaped within text).
 */

#include "cxr_redact_private.h"


#define CXR_REDACTED  "REDACTED"

#define CXR_OTHER     CXR_REDACT_OTHER

enum {
    CXR_RS_TEXT = 0,
    CXR_RS_OPEN,          /* after '<'                                        */
    CXR_RS_NAME,          /* the name of a start tag                          */
    CXR_RS_TAG,           /* within a start tag, between attributes           */
    CXR_RS_ATTR,          /* the name of an attribute                         */
    CXR_RS_EQ,            /* after it                                         */
    CXR_RS_QUOTED,        /* its value                                        */
    CXR_RS_BARE,          /* its value, without the quotes it should have     */
    CXR_RS_DROP,          /* the content of a credential                      */
    CXR_RS_DROP_OPEN,     /* after '<' in it                                  */
    CXR_RS_DROP_END,      /* after "</" in it                                 */
    CXR_RS_DROP_MARK,     /* after "<!" in it                                 */
    CXR_RS_DROP_CDATA
};


/* ---- out ---- */

static void
cxr_redact_flush(cxr_redact_t *r)
{
    if (r->nbuf) {
        r->out(r->ctx, r->buf, r->nbuf);
        r->nbuf = 0;
    }
}


static void
cxr_redact_put(cxr_redact_t *r, const char *data, size_t len)
{
    if (len > sizeof(r->buf) - r->nbuf) {
        cxr_redact_flush(r);
    }

    memcpy(r->buf + r->nbuf, data, len);
    r->nbuf += len;
}


/* In the document's own encoding. */
void
cxr_redact_say(cxr_redact_t *r)
{
    char         two[2];
    const char  *p;

    for (p = CXR_REDACTED; *p != '\0'; p++) {
        if (r->unit == 1) {
            cxr_redact_put(r, p, 1);
            continue;
        }

        two[r->low] = *p;
        two[1 - r->low] = '\0';
        cxr_redact_put(r, two, 2);
    }
}


/* ---- markup ---- */

bool
cxr_redact_name_char(unsigned c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'
           || c == ':' || c >= CXR_OTHER;
}


bool
cxr_redact_blank(unsigned c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


/* '>' of a start tag */
static void
cxr_redact_opened(cxr_redact_scan_t *s)
{
    s->state = CXR_RS_TEXT;

    if (s->credential && !s->slash) {
        s->state = CXR_RS_DROP;
        s->said = false;
    }
}


/* An attribute's value is over; <p name="password"> makes p a credential. */
static void
cxr_redact_valued(cxr_redact_scan_t *s, cxr_str_t attr)
{
    if ((cxr_str_is(attr, "name") || cxr_str_is(attr, "key"))
        && cxr_redact_known(s->more, s->held, s->nheld))
    {
        s->credential = true;
    }

    s->state = CXR_RS_TAG;
    s->drop_value = false;
    s->nattr = 0;
    s->nheld = 0;
}


static void
cxr_redact_attr(cxr_redact_scan_t *s)
{
    cxr_str_t  attr = cxr_redact_local(cxr_strn(s->attr, s->nattr));

    s->nheld = 0;
    s->said = false;
    s->drop_value = cxr_redact_known(s->more, attr.data, attr.len)
                    || (s->credential && cxr_str_is(attr, "value"));
}


/* Between the attributes of a start tag. */
static bool
cxr_redact_in_tag(cxr_redact_scan_t *s, unsigned c)
{
    if (c == '>') {
        cxr_redact_opened(s);
        return true;
    }

    if (cxr_redact_name_char(c)) {
        s->state = CXR_RS_ATTR;
        s->nattr = 0;
        cxr_redact_collect(s->attr, &s->nattr, c);
    }

    s->slash = c == '/' || (s->slash && cxr_redact_blank(c));

    return true;
}


/* The '=' after an attribute's name, or what stands there instead of it. */
static bool
cxr_redact_after_attr(cxr_redact_scan_t *s, unsigned c)
{
    if (c == '=' || cxr_redact_blank(c)) {
        return true;
    }

    if (c == '>') {
        cxr_redact_opened(s);
        return true;
    }

    cxr_redact_attr(s);

    if (c == '"' || c == '\'') {
        s->quote = (uint8_t) c;
        s->state = CXR_RS_QUOTED;
        return true;
    }

    s->state = CXR_RS_BARE;

    return !s->drop_value;
}


/* A value is held as far as a name is long: it may name a credential. */
static bool
cxr_redact_quoted(cxr_redact_scan_t *s, unsigned c)
{
    cxr_str_t  attr;

    attr = cxr_redact_local(cxr_strn(s->attr, s->nattr));

    if (c == s->quote) {
        cxr_redact_valued(s, attr);
        return true;
    }

    if (s->nheld <= CXR_REDACT_NAME) {
        s->held[s->nheld++] = (char) c;
    }

    return !s->drop_value;
}


/* Blanks end it: whoever forgets the quotes is understood all the same. */
static bool
cxr_redact_bare(cxr_redact_scan_t *s, unsigned c)
{
    if (c == '>') {
        cxr_redact_opened(s);
        return true;
    }

    if (cxr_redact_blank(c)) {
        cxr_redact_valued(s, CXR_STR_NONE);
        return true;
    }

    return !s->drop_value;
}


/*
 * One character outside of a dropped element.  Returns false when it is a part
 * of a value that is not to be seen.
 */
static bool
cxr_redact_markup(cxr_redact_scan_t *s, unsigned c)
{
    if (c == '<' && !(s->state == CXR_RS_QUOTED && s->drop_value)) {
        s->state = CXR_RS_OPEN;
        s->credential = false;
        s->drop_value = false;
        s->nname = 0;
        s->nattr = 0;
        s->slash = false;
        return true;
    }

    switch (s->state) {

    case CXR_RS_OPEN:
        if (!cxr_redact_name_char(c)) {
            s->state = CXR_RS_TEXT;
            return true;
        }

        s->state = CXR_RS_NAME;

        /* fall through */

    case CXR_RS_NAME:
        if (cxr_redact_name_char(c)) {
            cxr_redact_collect(s->name, &s->nname, c);
            return true;
        }

        s->credential = cxr_redact_known(s->more, s->name, s->nname);
        s->state = CXR_RS_TAG;

        /* fall through */

    case CXR_RS_TAG:
        return cxr_redact_in_tag(s, c);

    case CXR_RS_ATTR:
        if (cxr_redact_name_char(c)) {
            cxr_redact_collect(s->attr, &s->nattr, c);
            return true;
        }

        s->state = CXR_RS_EQ;

        /* fall through */

    case CXR_RS_EQ:
        return cxr_redact_after_attr(s, c);

    case CXR_RS_QUOTED:
        return cxr_redact_quoted(s, c);

    case CXR_RS_BARE:
        return cxr_redact_bare(s, c);

    default:
        return true;
    }
}


/* One character within a dropped element; its end tag is held until it is
   known for one, and then let through. */
static void
cxr_redact_dropped(cxr_redact_t *r, cxr_redact_scan_t *s, unsigned c,
    const char *raw, size_t n)
{
    cxr_str_t  own, end;

    if (s->state == CXR_RS_DROP_CDATA) {

        if (c == '>' && s->tail >= 2) {
            s->state = CXR_RS_DROP;
        }

        s->tail = c == ']' ? (s->tail < 2 ? s->tail + 1 : 2) : 0;
        return;
    }

    if (c == '<') {
        s->state = CXR_RS_DROP_OPEN;
        s->nheld = 0;
        s->nattr = 0;
    }

    if (s->state != CXR_RS_DROP) {
        if (n > sizeof(s->held) - s->nheld) {
            s->state = CXR_RS_DROP;          /* no end tag is that long */
            return;
        }

        memcpy(s->held + s->nheld, raw, n);
        s->nheld += (uint16_t) n;
    }

    switch (s->state) {

    case CXR_RS_DROP:
        if (!cxr_redact_blank(c) && !s->said) {
            cxr_redact_say(r);
            s->said = true;
        }

        if (c == '\n') {
            cxr_redact_put(r, raw, n);       /* lines keep their numbers */
        }

        return;

    case CXR_RS_DROP_OPEN:
        if (c == '/') {
            s->state = CXR_RS_DROP_END;

        } else if (c == '!') {
            s->state = CXR_RS_DROP_MARK;
            s->tail = 0;

        } else if (c != '<') {
            s->state = CXR_RS_DROP;
        }

        return;

    case CXR_RS_DROP_MARK:
        if (c != (unsigned char) "[CDATA["[s->tail]) {
            s->state = CXR_RS_DROP;

        } else if (++s->tail == 7) {
            s->state = CXR_RS_DROP_CDATA;
            s->tail = 0;
        }

        return;

    default:
        if (cxr_redact_name_char(c)) {
            cxr_redact_collect(s->attr, &s->nattr, c);
            return;
        }

        own = cxr_redact_local(cxr_strn(s->name, s->nname));
        end = cxr_redact_local(cxr_strn(s->attr, s->nattr));

        if (!cxr_str_eq(own, end)) {
            s->state = CXR_RS_DROP;
            return;
        }

        if (!s->said) {
            cxr_redact_say(r);
        }

        cxr_redact_put(r, s->held, s->nheld);
        s->state = CXR_RS_TEXT;
        s->credential = false;
    }
}


/*
 * A character through both scanners.  "c" is what it is as markup, "e" what it
 * is when escaped markup counts; raw bytes go out, or do not.
 */
static void
cxr_redact_char(cxr_redact_t *r, unsigned c, unsigned e, const char *raw,
    size_t n)
{
    bool                show, text;
    cxr_redact_scan_t  *s = &r->scan[0], *t = &r->scan[1];

    if (s->state >= CXR_RS_DROP) {
        cxr_redact_dropped(r, s, c, raw, n);
        return;
    }

    /* escaped markup ends where the text that holds it does */

    if (c == '<' && t->state != CXR_RS_TEXT) {
        t->state = CXR_RS_TEXT;
        t->credential = false;
        t->drop_value = false;
    }

    text = s->state == CXR_RS_TEXT || s->state == CXR_RS_QUOTED;
    show = cxr_redact_markup(s, c);

    if (!show) {
        if (!s->said) {
            cxr_redact_say(r);
            s->said = true;
        }

        return;
    }

    /* in text a '>' needs no escape, so it may end an escaped tag */

    if (c == '<' || (c == '>' && !text)) {
        e = CXR_OTHER;
    }

    if (t->state >= CXR_RS_DROP) {
        cxr_redact_dropped(r, t, e, raw, n);
        return;
    }

    if ((t->state != CXR_RS_TEXT || e == '<') && !cxr_redact_markup(t, e)) {
        if (!t->said) {
            cxr_redact_say(r);
            t->said = true;
        }

        return;
    }

    cxr_redact_put(r, raw, n);
}


/* ---- character references ---- */

void
cxr_redact_unref(cxr_redact_t *r)
{
    uint8_t      i, n = r->nent;
    const char  *p = r->entbytes;

    r->nent = 0;

    for (i = 0; i < n; i++) {
        cxr_redact_char(r, (unsigned char) r->ent[i],
                        (unsigned char) r->ent[i], p, r->entlen[i]);
        p += r->entlen[i];
    }

    r->entraw = 0;
}


static unsigned
cxr_redact_ref(cxr_str_t name)
{
    size_t  i;

    static const struct {
        const char  *name;
        unsigned     c;
    } refs[] = {
        { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' },
        { "#60", '<' }, { "#62", '>' }, { "#34", '"' }, { "#39", '\'' },
        { "#x3c", '<' }, { "#x3e", '>' }, { "#x22", '"' }, { "#x27", '\'' },
        { "#x3C", '<' }, { "#x3E", '>' }
    };

    for (i = 0; i < cxr_nelts(refs); i++) {
        if (cxr_str_is(name, refs[i].name)) {
            return refs[i].c;
        }
    }

    return 0;
}


static void
cxr_redact_text(cxr_redact_t *r, unsigned c, const char *raw, size_t n)
{
    unsigned  e;

    if (r->nent == 0 && c != '&') {
        cxr_redact_char(r, c, c, raw, n);
        return;
    }

    if (r->nent != 0 && (c == '&' || r->nent == sizeof(r->ent)
                         || !(c == ';' || c == '#'
                              || (cxr_redact_name_char(c) && c < CXR_OTHER))))
    {
        cxr_redact_unref(r);
        cxr_redact_text(r, c, raw, n);
        return;
    }

    r->ent[r->nent] = (char) c;
    r->entlen[r->nent] = (uint8_t) n;
    memcpy(r->entbytes + r->entraw, raw, n);
    r->entraw += (uint8_t) n;
    r->nent++;

    if (c != ';') {
        return;
    }

    e = cxr_redact_ref(cxr_strn(r->ent + 1, r->nent - 2));

    if (e == 0) {
        cxr_redact_unref(r);
        return;
    }

    n = r->entraw;
    r->nent = 0;
    r->entraw = 0;

    cxr_redact_char(r, CXR_OTHER, e, r->entbytes, n);
}


/* ---- forms ---- */

static void
cxr_redact_field(cxr_redact_t *r, unsigned c, const char *raw, size_t n)
{
    const cxr_strs_t  *more;

    if (n == 1 && c == '&') {
        cxr_redact_unref(r);
        more = r->scan[0].more;
        memset(r->scan, 0, sizeof(r->scan));
        cxr_redact_more(r, more);
        r->in_value = false;
        r->nfield = 0;
        cxr_redact_put(r, raw, n);
        return;
    }

    if (!r->in_value) {
        if (n == 1 && c == '=') {
            r->in_value = true;
            r->field_said = false;
            r->drop_field = cxr_redact_known(r->scan[0].more, r->field,
                                             r->nfield);
        } else {
            cxr_redact_collect(r->field, &r->nfield, c);
        }

        cxr_redact_put(r, raw, n);
        return;
    }

    if (!r->drop_field) {
        cxr_redact_text(r, c, raw, n);
        return;
    }

    if (!r->field_said) {
        cxr_redact_say(r);
        r->field_said = true;
    }
}


static int
cxr_redact_hex(char c)
{
    c = cxr_redact_lower(c);

    return c >= '0' && c <= '9' ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/* "%3C" is a character of a form */
static void
cxr_redact_escape(cxr_redact_t *r, char b)
{
    int      hi, lo;
    uint8_t  i;

    r->raw[r->nraw++] = b;

    if (r->raw[0] == '%' && r->nraw < 3) {
        if (r->nraw == 1 || cxr_redact_hex(b) >= 0) {
            return;
        }

    } else if (r->raw[0] == '%') {
        hi = cxr_redact_hex(r->raw[1]);
        lo = cxr_redact_hex(r->raw[2]);

        if (hi >= 0 && lo >= 0) {
            r->nraw = 0;
            hi = hi * 16 + lo;
            cxr_redact_field(r, hi > 0x7f ? CXR_OTHER : (unsigned) hi, r->raw,
                             3);
            return;
        }
    }

    for (i = 0; i < r->nraw; i++) {
        b = r->raw[i];
        cxr_redact_field(r, b == '+' ? ' '
                            : (unsigned char) b > 0x7f ? CXR_OTHER
                              : (unsigned char) b,
                         &r->raw[i], 1);
    }

    r->nraw = 0;
}


/* ---- bytes ---- */

/* What begins with "<" is XML, or meant to be; in what does not there may be
   markup all the same. */
static void
cxr_redact_mixed(cxr_redact_t *r, unsigned c, const char *raw, size_t n)
{
    if (!r->judged && !cxr_redact_blank(c) && c != CXR_OTHER) {
        r->judged = true;
        r->is_plain = c != '<';
    }

    if (r->is_plain && r->scan[0].state < CXR_RS_DROP
        && cxr_redact_plain(r, c))
    {
        return;
    }

    cxr_redact_text(r, c, raw, n);
}


static void
cxr_redact_byte(cxr_redact_t *r, char b)
{
    unsigned  c;

    if (r->unit == 0) {
        return;
    }

    if (r->form) {
        cxr_redact_escape(r, b);
        return;
    }

    if (r->unit == 1) {
        c = (unsigned char) b;
        cxr_redact_mixed(r, c > 0x7f ? CXR_OTHER : c, &b, 1);
        return;
    }

    r->raw[r->nraw++] = b;

    if (r->nraw == 2) {
        c = (unsigned char) r->raw[r->low];

        if (r->raw[1 - r->low] != '\0' || c > 0x7f) {
            c = CXR_OTHER;
        }

        r->nraw = 0;
        cxr_redact_mixed(r, c, r->raw, 2);
    }
}


/*
 * What says that it is a form may be the document itself, or the document
 * percent-encoded as a whole, which is a value without a field.
 */
static void
cxr_redact_judge(cxr_redact_t *r)
{
    uint8_t         i;
    const uint8_t  *h = r->head;

    for (i = 0; i < r->nhead && (h[i] == ' ' || h[i] == '\t' || h[i] == '\r'
                                 || h[i] == '\n'); i++)
    {
        /* void */
    }

    if (!r->form || i == r->nhead) {
        return;
    }

    if (h[i] == '<' || h[i] >= 0x80 || h[i] == 0 || h[i] == '{'
        || h[i] == '[' || h[i] == '"')
    {
        r->form = false;

    } else if (h[i] == '%'
               && (r->nhead - i < 3
                   || (h[i + 1] == '3' && (h[i + 2] | 0x20) == 'c')
                   || ((h[i + 1] | 0x20) == 'e' && (h[i + 2] | 0x20) == 'f')))
    {
        r->in_value = true;
    }
}


/* The encoding, by the first bytes (XML 1.0, appendix F). */
static void
cxr_redact_begin(cxr_redact_t *r)
{
    uint8_t         i;
    const uint8_t  *h = r->head;

    r->begun = true;
    r->unit = 1;
    cxr_redact_judge(r);

    if (r->nhead == 4 && !r->form) {
        if ((h[0] == 0xff && h[1] == 0xfe && (h[2] || h[3]))
            || (h[0] == '<' && h[1] == 0 && h[2] != 0))
        {
            r->unit = 2;
            r->low = 0;

        } else if ((h[0] == 0xfe && h[1] == 0xff)
                   || (h[0] == 0 && h[1] == '<' && h[2] == 0 && h[3] != 0))
        {
            r->unit = 2;
            r->low = 1;

        } else if (h[0] == 0 || h[1] == 0 || (h[0] == 0xff && h[1] == 0xfe)
                   || (h[0] == 0x4c && h[1] == 0x6f && h[2] == 0xa7))
        {
            r->unit = 0;             /* UCS-4, EBCDIC: names cannot be seen */
        }
    }

    for (i = 0; i < r->nhead; i++) {
        cxr_redact_byte(r, (char) h[i]);
    }
}


void
cxr_redact_init(cxr_redact_t *r, bool form, cxr_redact_pt out, void *ctx)
{
    memset(r, 0, sizeof(cxr_redact_t));
    r->form = form;
    r->out = out;
    r->ctx = ctx;
}


void
cxr_redact_more(cxr_redact_t *r, const cxr_strs_t *names)
{
    r->scan[0].more = names;
    r->scan[1].more = names;
}


void
cxr_redact_push(cxr_redact_t *r, const void *data, size_t len)
{
    const char  *p = data, *end = p + len;

    while (!r->begun && p < end) {
        r->head[r->nhead++] = (uint8_t) *p++;

        if (r->nhead == sizeof(r->head)) {
            cxr_redact_begin(r);
        }
    }

    while (p < end) {
        cxr_redact_byte(r, *p++);
    }
}


void
cxr_redact_end(cxr_redact_t *r)
{
    uint8_t  i;

    if (!r->begun) {
        cxr_redact_begin(r);
    }

    for (i = 0; r->form && i < r->nraw; i++) {
        cxr_redact_field(r, (unsigned char) r->raw[i], &r->raw[i], 1);
    }

    cxr_redact_unref(r);
    cxr_redact_flush(r);
}
