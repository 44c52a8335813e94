
/*
 * A bounded buffer that text and bytes are written into.  Failure is sticky: a
 * writer appends freely and the caller asks once, at the end, cxr_buf_ok().
 * Nothing half-written is to be used when it is false.
 */

#ifndef _CXR_BUF_H_INCLUDED_
#define _CXR_BUF_H_INCLUDED_

#include "cxr_base.h"

typedef struct {
    char      *data;
    size_t     len;
    size_t     cap;
    size_t     max;       /* never grows past it                              */
    bool       owned;     /* malloc'ed here: cxr_buf_free() frees             */
    bool       failed;    /* an append did not fit or malloc failed           */
} cxr_buf_t;

/* Grows by malloc up to "max" bytes. */
void cxr_buf_init(cxr_buf_t *b, size_t max);
/* Writes into the caller's memory and never grows. */
void cxr_buf_init_fixed(cxr_buf_t *b, void *mem, size_t size);
void cxr_buf_free(cxr_buf_t *b);         /* also fine on a zeroed one         */
void cxr_buf_reset(cxr_buf_t *b);         /* len 0, failure forgotten         */

static inline bool
cxr_buf_ok(const cxr_buf_t *b)
{
    return !b->failed;
}

static inline cxr_str_t
cxr_buf_str(const cxr_buf_t *b)
{
    return (cxr_str_t) { b->data, b->len };
}

bool cxr_buf_grow(cxr_buf_t *b, size_t n);      /* cxr_buf_need()'s slow half */

/* Makes room for n more bytes; false (and sticky) when it cannot. */
static inline bool
cxr_buf_need(cxr_buf_t *b, size_t n)
{
    if (!b->failed && n <= b->cap - b->len) {
        return true;
    }

    return cxr_buf_grow(b, n);
}

/* An append either fits whole or adds nothing.  "data" must not be b's own. */
static inline void
cxr_buf_add(cxr_buf_t *b, const void *data, size_t len)
{
    if (len == 0 || !cxr_buf_need(b, len)) {
        return;
    }

    memcpy(b->data + b->len, data, len);
    b->len += len;
}

static inline void
cxr_buf_adds(cxr_buf_t *b, cxr_str_t s)
{
    cxr_buf_add(b, s.data, s.len);
}

static inline void
cxr_buf_addc(cxr_buf_t *b, char c)
{
    if (cxr_buf_need(b, 1)) {
        b->data[b->len++] = c;
    }
}

void cxr_buf_addz(cxr_buf_t *b, const char *z);
void cxr_buf_addi(cxr_buf_t *b, int64_t v);        /* decimal */
void cxr_buf_addu(cxr_buf_t *b, uint64_t v);
void cxr_buf_addf(cxr_buf_t *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* & < > " ' as character references: for HTML text and quoted attributes */
void cxr_buf_html(cxr_buf_t *b, cxr_str_t s);
/* the inside of a JSON string, RFC 8259; also escapes < > & U+2028 U+2029 so
   that the result may stand in an HTML script data block */
void cxr_buf_json(cxr_buf_t *b, cxr_str_t s);
/* percent-encodes all but RFC 3986 unreserved characters */
void cxr_buf_url(cxr_buf_t *b, cxr_str_t s);
/* XML text and attribute values; what XML 1.0 has no room for becomes U+FFFD */
void cxr_buf_xml(cxr_buf_t *b, cxr_str_t s);
/* one CSV field, RFC 4180, quoted when needed; a leading = + - @ TAB CR gets a
   ' before it, so that no spreadsheet runs it as a formula */
void cxr_buf_csv(cxr_buf_t *b, cxr_str_t s);
/* a part of a CSV field whose quotes stand around it; "first": it may be the
   field's beginning, so that the same ' comes before it */
void cxr_buf_csv_quoted(cxr_buf_t *b, cxr_str_t s, bool first);
/* data of a ZPL field, ^FH^FD to ^FS: ^ ~ _ and control characters as _XX */
void cxr_buf_zpl(cxr_buf_t *b, cxr_str_t s);
/* lower-case hexadecimal */
void cxr_buf_hex(cxr_buf_t *b, const void *data, size_t len);

#endif /* _CXR_BUF_H_INCLUDED_ */
