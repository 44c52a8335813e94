
/*
 * What nginx says of a request in error.log: the request's line and the page
 * it came from.  A link of a shopper opens an order for whoever has it, so of
 * its token only the kind is written, whichever module complains.
 */

#include "ngx_cx_returns.h"


static ngx_int_t ngx_cx_returns_log_set(ngx_http_request_t *r);
static u_char *ngx_cx_returns_log_handler(ngx_http_request_t *r,
    ngx_http_request_t *sr, u_char *buf, size_t len);
static u_char *ngx_cx_returns_log_dot(u_char *p, u_char *last);
static u_char *ngx_cx_returns_log_kind(u_char *p, u_char *last);


/* nginx's own, which no header names; the same for every request */

static ngx_http_log_handler_pt  ngx_cx_returns_log_next;


ngx_int_t
ngx_cx_returns_log_init(ngx_conf_t *cf)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    /* the first phase: a body that is too large is told of in the next ones */

    h = ngx_array_push(&cmcf->phases[NGX_HTTP_POST_READ_PHASE].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = ngx_cx_returns_log_set;

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_log_set(ngx_http_request_t *r)
{
    if (r->log_handler != ngx_cx_returns_log_handler) {
        ngx_cx_returns_log_next = r->log_handler;
        r->log_handler = ngx_cx_returns_log_handler;
    }

    return NGX_DECLINED;
}


static u_char *
ngx_cx_returns_log_handler(ngx_http_request_t *r, ngx_http_request_t *sr,
    u_char *buf, size_t len)
{
    u_char  *last, *p, *d, *kind;

    last = ngx_cx_returns_log_next(r, sr, buf, len);

    d = buf;

    for (p = buf; p < last; /* void */ ) {

        kind = ngx_cx_returns_log_kind(p, last);

        if (kind == NULL) {
            *d++ = *p++;
            continue;
        }

        d = ngx_movemem(d, p, kind - p);

        for (p = kind; p < last; p++) {
            if (!((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z')
                  || (*p >= '0' && *p <= '9') || *p == '-' || *p == '_'
                  || *p == '.' || *p == '%' || *p == '='))
            {
                break;
            }
        }

        if (p > kind) {
            *d++ = '-';
        }
    }

    return d;
}


/* A dot, or what a careful mail program makes of it: what follows, or NULL. */

static u_char *
ngx_cx_returns_log_dot(u_char *p, u_char *last)
{
    if (p < last && *p == '.') {
        return p + 1;
    }

    return last - p >= 3 && ngx_strncasecmp(p, (u_char *) "%2e", 3) == 0
           ? p + 3 : NULL;
}


/* Where the secret part of the token that begins at p begins, or NULL. */

static u_char *
ngx_cx_returns_log_kind(u_char *p, u_char *last)
{
    if (last - p < 2 || (*p | 0x20) != 'v' || p[1] != '4') {
        return NULL;
    }

    p = ngx_cx_returns_log_dot(p + 2, last);

    if (p == NULL) {
        return NULL;
    }

    if (last - p >= 5 && ngx_strncasecmp(p, (u_char *) "local", 5) == 0) {
        return ngx_cx_returns_log_dot(p + 5, last);
    }

    if (last - p >= 6 && ngx_strncasecmp(p, (u_char *) "public", 6) == 0) {
        return ngx_cx_returns_log_dot(p + 6, last);
    }

    return NULL;
}
