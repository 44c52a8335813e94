
/*
 * A request's query: its parameters, and the document that they are to a
 * carrier that sends nothing else.
 */

#include "cxr_push_types.h"


static int
cxr_query_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


static cxr_rc_t
cxr_query_decode(cxr_arena_t *a, cxr_str_t s, cxr_str_t *out)
{
    char    *p;
    size_t   i, n = 0;

    p = cxr_alloc(a, s.len + 1);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < s.len; i++) {

        if (s.data[i] != '%') {
            p[n++] = s.data[i] == '+' ? ' ' : s.data[i];
            continue;
        }

        if (s.len - i < 3 || cxr_query_digit(s.data[i + 1]) < 0
            || cxr_query_digit(s.data[i + 2]) < 0)
        {
            return CXR_INVALID;
        }

        p[n++] = (char) (cxr_query_digit(s.data[i + 1]) * 16
                         + cxr_query_digit(s.data[i + 2]));
        i += 2;
    }

    p[n] = '\0';
    *out = cxr_strn(p, n);

    return CXR_OK;
}


static cxr_rc_t
cxr_query_add(cxr_arena_t *a, cxr_str_t pair, cxr_query_t *q)
{
    cxr_rc_t     rc;
    cxr_str_t   *name, *value;
    const char  *eq;

    if (pair.len == 0) {
        return CXR_OK;
    }

    if (q->names.n == CXR_FORM_FIELDS_MAX) {
        return CXR_LIMIT;
    }

    eq = memchr(pair.data, '=', pair.len);

    if (eq == NULL) {
        eq = pair.data + pair.len;
    }

    name = cxr_list_push(a, &q->names, sizeof(cxr_str_t));
    value = cxr_list_push(a, &q->values, sizeof(cxr_str_t));

    if (name == NULL || value == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_query_decode(a, cxr_strn(pair.data, (size_t) (eq - pair.data)),
                          name);

    if (rc != CXR_OK || eq == pair.data + pair.len) {
        return rc;
    }

    return cxr_query_decode(a, cxr_strn(eq + 1, (size_t) (pair.data + pair.len
                                                          - eq - 1)), value);
}


cxr_rc_t
cxr_query_parse(cxr_arena_t *a, cxr_str_t s, cxr_query_t *out)
{
    size_t    i, from = 0;
    cxr_rc_t  rc;

    for (i = 0; i <= s.len && s.len > 0; i++) {
        if (i < s.len && s.data[i] != '&') {
            continue;
        }

        rc = cxr_query_add(a, cxr_strn(s.data + from, i - from), out);

        if (rc != CXR_OK) {
            return rc;
        }

        from = i + 1;
    }

    return CXR_OK;
}


cxr_str_t
cxr_query_find(const cxr_query_t *q, cxr_str_t name)
{
    uint32_t  i;

    for (i = 0; i < q->names.n; i++) {
        if (cxr_str_eq(q->names.items[i], name)) {
            return q->values.items[i];
        }
    }

    return CXR_STR_NONE;
}


/* names that XML has no room for are none that a profile could ask for */
static bool
cxr_query_name_fits(cxr_str_t s)
{
    char    c;
    size_t  i;

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if (((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_') {
            continue;
        }

        if (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.')) {
            return false;
        }
    }

    return s.len > 0 && s.len <= CXR_FORM_NAME_MAX;
}


void
cxr_query_document(const cxr_query_t *q, cxr_str_t root, cxr_buf_t *out)
{
    uint32_t  i;

    cxr_buf_addf(out, "<%.*s>", cxr_str_arg(root));

    for (i = 0; i < q->names.n; i++) {
        if (!cxr_query_name_fits(q->names.items[i])) {
            continue;
        }

        cxr_buf_addf(out, "<%.*s>", cxr_str_arg(q->names.items[i]));
        cxr_buf_xml(out, q->values.items[i]);
        cxr_buf_addf(out, "</%.*s>", cxr_str_arg(q->names.items[i]));
    }

    cxr_buf_addf(out, "</%.*s>", cxr_str_arg(root));
}
