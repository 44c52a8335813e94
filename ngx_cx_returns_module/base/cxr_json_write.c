
/*
 * The JSON printer: it keeps the commas and the nesting, nothing else.
 */

#include "cxr_json.h"
#include "cxr_text.h"


static void cxr_jw_begin(cxr_jw_t *w, const char *key);


void
cxr_jw_init(cxr_jw_t *w, cxr_buf_t *out)
{
    w->out = out;
    w->depth = 0;
    w->comma = false;
}


void
cxr_jw_open(cxr_jw_t *w, const char *key, char bracket)
{
    cxr_jw_begin(w, key);

    if (w->depth == sizeof(w->close)) {

        /* half a document must not pass for one: fail as the buffer does */

        w->out->failed = true;
        return;
    }

    cxr_buf_addc(w->out, bracket);

    w->close[w->depth++] = bracket == '{' ? '}' : ']';
    w->comma = false;
}


void
cxr_jw_close(cxr_jw_t *w)
{
    if (w->depth == 0) {
        w->out->failed = true;
        return;
    }

    cxr_buf_addc(w->out, w->close[--w->depth]);

    w->comma = true;
}


void
cxr_jw_name(cxr_jw_t *w, const char *name, size_t len)
{
    char       *p;
    cxr_buf_t  *b = w->out;

    if (!cxr_buf_need(b, len + 4)) {
        return;
    }

    p = b->data + b->len;

    if (w->comma) {
        *p++ = ',';
    }

    *p++ = '"';
    memcpy(p, name, len);
    p += len;
    *p++ = '"';
    *p++ = ':';

    b->len = (size_t) (p - b->data);
    w->comma = false;
}


void
cxr_jw_str(cxr_jw_t *w, const char *key, cxr_str_t s)
{
    cxr_jw_begin(w, key);
    cxr_buf_addc(w->out, '"');
    cxr_buf_json(w->out, s);
    cxr_buf_addc(w->out, '"');
}


void
cxr_jw_strz(cxr_jw_t *w, const char *key, const char *z)
{
    cxr_jw_str(w, key, cxr_strz(z));
}


void
cxr_jw_int(cxr_jw_t *w, const char *key, int64_t v)
{
    cxr_jw_begin(w, key);
    cxr_buf_addi(w->out, v);
}


void
cxr_jw_uint(cxr_jw_t *w, const char *key, uint64_t v)
{
    cxr_jw_begin(w, key);
    cxr_buf_addu(w->out, v);
}


void
cxr_jw_bytes(cxr_jw_t *w, const char *key, cxr_str_t s)
{
    cxr_buf_t  *b = w->out;

    cxr_jw_begin(w, key);
    cxr_buf_addc(b, '"');

    if (s.len > SIZE_MAX / 4 - 1) {
        b->failed = true;
        return;
    }

    if (s.len != 0 && cxr_buf_need(b, (s.len * 4 + 2) / 3)) {
        b->len += cxr_b64url_encode(s.data, s.len, b->data + b->len);
    }

    cxr_buf_addc(b, '"');
}


void
cxr_jw_bool(cxr_jw_t *w, const char *key, bool v)
{
    cxr_jw_begin(w, key);
    cxr_buf_addz(w->out, v ? "true" : "false");
}


void
cxr_jw_null(cxr_jw_t *w, const char *key)
{
    cxr_jw_begin(w, key);
    cxr_buf_add(w->out, "null", 4);
}


void
cxr_jw_time(cxr_jw_t *w, const char *key, cxr_time_t at)
{
    char  text[CXR_TIME_PRINTED];

    if (at == CXR_TIME_NONE) {
        cxr_jw_null(w, key);
        return;
    }

    cxr_jw_begin(w, key);
    cxr_buf_addc(w->out, '"');
    cxr_buf_add(w->out, text, cxr_time_snprint(at, text));
    cxr_buf_addc(w->out, '"');
}


static void
cxr_jw_begin(cxr_jw_t *w, const char *key)
{
    size_t      n;
    cxr_buf_t  *b = w->out;

    if (key == NULL) {

        if (w->comma) {
            cxr_buf_addc(b, ',');
        }

        w->comma = true;
        return;
    }

    n = strlen(key);

    /* the comma, quotes and colon at once: most of a document is names */

    if (cxr_buf_need(b, n + 4)) {

        if (w->comma) {
            b->data[b->len++] = ',';
        }

        b->data[b->len++] = '"';
    }

    cxr_buf_json(b, cxr_strn(key, n));
    cxr_buf_add(b, "\":", 2);

    w->comma = true;
}
