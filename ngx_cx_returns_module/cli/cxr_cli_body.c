
/*
 * Captured bodies: whether one is a query shows in its first character, since
 * a document begins with "<" or with the mark of its encoding.
 */

#include "cxr_cli_body.h"
#include "cxr_text.h"


static cxr_str_t
cxr_cli_body_header(void *ctx, cxr_str_t name)
{
    return CXR_STR_NONE;
}


cxr_rc_t
cxr_cli_body_open(cxr_cli_body_t *b, const cxr_profile_t *profile,
    cxr_str_t charset, cxr_rc_t (*charset_is)(void *ctx, cxr_str_t charset),
    cxr_rc_t (*document)(void *ctx, const void *data, size_t len), void *ctx)
{
    memset(b, 0, sizeof(cxr_cli_body_t));

    b->conf.profile = profile;
    b->conf.charset = charset;
    b->conf.header = cxr_cli_body_header;
    b->conf.charset_is = charset_is;
    b->conf.document = document;
    b->conf.ctx = ctx;
    b->asks = cxr_profile_takes_query(profile);

    return b->asks ? CXR_OK : cxr_push_open(&b->conf, &b->push);
}


/* Of a whole address the query is what follows the "?". */
static cxr_rc_t
cxr_cli_body_ask(cxr_cli_body_t *b)
{
    cxr_rc_t     rc;
    cxr_str_t    s = cxr_strn(b->query, b->n);
    const char  *mark;

    if (b->over) {
        return CXR_LIMIT;
    }

    mark = b->n > 0 ? memchr(b->query, '?', b->n) : NULL;

    if (mark != NULL) {
        s = cxr_strn(mark + 1, b->n - (size_t) (mark + 1 - b->query));
    }

    b->conf.get = true;
    b->conf.query = cxr_str_trim(s);

    rc = cxr_push_open(&b->conf, &b->push);

    return rc == CXR_OK ? cxr_push_piece(b->push, NULL, 0) : rc;
}


cxr_rc_t
cxr_cli_body_piece(cxr_cli_body_t *b, const void *data, size_t len)
{
    cxr_rc_t              rc;
    const unsigned char  *p = data;

    if (b->push != NULL) {
        return cxr_push_piece(b->push, data, len);
    }

    if (data == NULL) {
        return cxr_cli_body_ask(b);
    }

    while (b->n == 0 && len > 0
           && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
    {
        p++;
        len--;
    }

    if (len == 0) {
        return CXR_OK;
    }

    if (b->n == 0 && (*p == '<' || *p == 0 || *p >= 0x80)) {
        rc = cxr_push_open(&b->conf, &b->push);

        return rc == CXR_OK ? cxr_push_piece(b->push, p, len) : rc;
    }

    if (len > sizeof(b->query) - b->n) {
        b->over = true;
        len = sizeof(b->query) - b->n;
    }

    memcpy(b->query + b->n, p, len);
    b->n += len;

    return CXR_OK;
}


cxr_str_t
cxr_cli_body_fault(const cxr_cli_body_t *b)
{
    if (b->push == NULL && b->over) {
        return cxr_str("is neither a document nor a query, which has at most "
                       "16384 bytes");
    }

    if (b->push == NULL && b->conf.get) {
        return cxr_str("the query is broken");
    }

    if (b->push == NULL || cxr_push_end(b->push) == CXR_PUSH_FINE) {
        return CXR_STR_NONE;
    }

    return cxr_push_detail(b->push);
}


void
cxr_cli_body_close(cxr_cli_body_t *b)
{
    cxr_push_close(b->push);
    b->push = NULL;
}
