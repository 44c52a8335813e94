
/*
 * A file as a body that a carrier posted: what it put around its document, a
 * form or nothing but a query, is taken off.  A plain document is one, too.
 * Whoever has the file need not prove who sent it.
 */

#ifndef _CXR_CLI_BODY_H_INCLUDED_
#define _CXR_CLI_BODY_H_INCLUDED_

#include "cxr_push.h"

typedef struct {
    cxr_push_conf_t   conf;
    cxr_push_t       *push;       /* NULL: a query, which is not whole yet    */
    bool              asks;       /* it may be a query                        */
    bool              over;       /* which is too long for one                */
    size_t            n;
    char              query[CXR_PUSH_QUERY_MAX];
} cxr_cli_body_t;

/* "charset": of the document's Content-Type, or none.  See cxr_push_open(). */
cxr_rc_t cxr_cli_body_open(cxr_cli_body_t *b, const cxr_profile_t *profile,
    cxr_str_t charset, cxr_rc_t (*charset_is)(void *ctx, cxr_str_t charset),
    cxr_rc_t (*document)(void *ctx, const void *data, size_t len), void *ctx);
/* See cxr_push_piece(). */
cxr_rc_t cxr_cli_body_piece(cxr_cli_body_t *b, const void *data, size_t len);
/* What is wrong with what is around the document; empty: nothing. */
cxr_str_t cxr_cli_body_fault(const cxr_cli_body_t *b);
void cxr_cli_body_close(cxr_cli_body_t *b);

#endif /* _CXR_CLI_BODY_H_INCLUDED_ */
