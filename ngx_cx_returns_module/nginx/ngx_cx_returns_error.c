
/*
 * What nginx itself refuses, before any location of ours has seen it, in the
 * shop's voice: "error_page ... /cx-error;" leads here.  A machine gets a
 * problem instead of a page.
 */

#include "ngx_cx_returns_api.h"


/* the longest path that is shown again as a link to try it once more */
#define NGX_CX_RETURNS_ERROR_PATH  2048


static ngx_uint_t ngx_cx_returns_error_status(ngx_http_request_t *r);
static cxr_str_t ngx_cx_returns_error_asked(ngx_http_request_t *r);
static ngx_uint_t ngx_cx_returns_error_is_page(ngx_http_request_t *r);
static cxr_str_t ngx_cx_returns_error_self(ngx_http_request_t *r,
    cxr_str_t path);
static ngx_int_t ngx_cx_returns_error_problem(ngx_http_request_t *r,
    ngx_uint_t status);


/* How much of what was asked for is one of the shop's roots, its language
   before it or none; 0: it is below none of them. */

static size_t
ngx_cx_returns_error_below(const cxr_shop_t *shop, cxr_str_t asked)
{
    size_t     n, k, skip;
    uint32_t   i;
    cxr_str_t  lang;

    const cxr_str_t  roots[] = { shop->portal, shop->track, shop->staff,
                                 shop->assets };

    n = 0;

    for (i = 0; i <= shop->languages.n; i++) {
        skip = 0;

        if (i > 0) {
            lang = shop->languages.items[i - 1];
            skip = lang.len + 1;

            if (asked.len < skip || asked.data[0] != '/'
                || ngx_memcmp(asked.data + 1, lang.data, lang.len) != 0)
            {
                continue;
            }
        }

        for (k = 0; k < cxr_nelts(roots); k++) {
            if (asked.len - skip >= roots[k].len && roots[k].len > n
                && ngx_memcmp(asked.data + skip, roots[k].data, roots[k].len)
                   == 0)
            {
                n = roots[k].len;
            }
        }
    }

    return n;
}


/*
 * The error's location has one shop, that of its server, but others may have
 * locations there, too: what was refused in one of them is told in that shop's
 * voice.
 */

static ngx_int_t
ngx_cx_returns_error_shop(ngx_http_request_t *r, cxr_str_t asked)
{
    void                         *server, **all;
    size_t                        n, most;
    ngx_uint_t                    i;
    ngx_cx_returns_shop_t        *shop;
    ngx_cx_returns_place_t       *place;
    ngx_cx_returns_loc_conf_t    *lcf, *own;
    ngx_cx_returns_main_conf_t   *mcf;

    mcf = ngx_cx_returns_main(r);
    lcf = ngx_cx_returns_loc(r);
    server = ngx_http_get_module_srv_conf(r, ngx_http_core_module);
    place = mcf->places.elts;

    shop = lcf->shop;
    most = ngx_cx_returns_error_below(shop->shop, asked);

    for (i = 0; i < mcf->places.nelts; i++) {
        if (place[i].server != server) {
            continue;
        }

        n = ngx_cx_returns_error_below(place[i].shop->shop, asked);

        if (n > most) {
            most = n;
            shop = place[i].shop;
        }
    }

    if (shop == lcf->shop) {
        return NGX_OK;
    }

    own = ngx_palloc(r->pool, sizeof(ngx_cx_returns_loc_conf_t));
    all = ngx_palloc(r->pool, sizeof(void *) * ngx_http_max_module);

    if (own == NULL || all == NULL) {
        return NGX_ERROR;
    }

    *own = *lcf;
    own->shop = shop;

    ngx_memcpy(all, r->loc_conf, sizeof(void *) * ngx_http_max_module);
    all[ngx_cx_returns_module.ctx_index] = own;
    r->loc_conf = all;

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_error_handler(ngx_http_request_t *r)
{
    cxr_str_t              asked;
    ngx_uint_t             status;
    ngx_cx_returns_ctx_t  *ctx;

    /* who sends no more of a body that was refused still reads why */

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    status = ngx_cx_returns_error_status(r);

    asked = ngx_cx_returns_error_asked(r);

    if (ngx_cx_returns_error_shop(r, asked) != NGX_OK
        || ngx_cx_returns_route_to(r, asked) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_cx_returns_ctx(r);

    ngx_str_set(&ctx->outcome, "refused_by_nginx");
    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

    /* nginx puts it over whatever status the answer has */

    r->err_status = status;

    if (!ngx_cx_returns_error_is_page(r)) {
        return ngx_cx_returns_error_problem(r, status);
    }

    ctx->path = ngx_cx_returns_error_self(r, ctx->path);

    return ngx_cx_returns_error_page(r,
                                  cxr_page_error_of((unsigned) status));
}


/* nginx has numbers of its own for some, which it never sends. */

static ngx_uint_t
ngx_cx_returns_error_status(ngx_http_request_t *r)
{
    ngx_uint_t  status;

    if (!r->internal || r->err_status == 0) {
        return NGX_HTTP_NOT_FOUND;             /* somebody typed the address   */
    }

    status = r->err_status;

    if (status >= NGX_HTTP_NGINX_CODES
        && status < NGX_HTTP_CLIENT_CLOSED_REQUEST)
    {
        return NGX_HTTP_BAD_REQUEST;           /* TLS: a certificate, no TLS   */
    }

    return status;
}


/*
 * What was asked for: r->uri is this location's own.  A line that was too long
 * is there up to where reading ended; of one that means nothing there is only
 * the shop's first page to speak of.
 */

static cxr_str_t
ngx_cx_returns_error_asked(ngx_http_request_t *r)
{
    u_char     *p;
    ngx_str_t   line;

    line = r->unparsed_uri;

    if (line.len == 0) {
        line = r->request_line;
        p = line.len ? ngx_strlchr(line.data, line.data + line.len, ' ')
                     : NULL;

        if (p != NULL) {
            p++;
            line.len -= p - line.data;
            line.data = p;
        }
    }

    return line.len != 0 && line.data[0] == '/'
           ? ngx_cx_returns_str(line)
           : ngx_cx_returns_loc(r)->shop->shop->portal;
}


/* Below the shop's pages, or from somebody who wants to read HTML. */

static ngx_uint_t
ngx_cx_returns_error_is_page(ngx_http_request_t *r)
{
    cxr_str_t              rest, accept;
    ngx_uint_t             i;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    const cxr_str_t  roots[] = { shop->portal, shop->track, shop->staff };

    for (i = 0; i < cxr_nelts(roots); i++) {
        if (ngx_cx_returns_below(ctx, roots[i], &rest)) {
            return 1;
        }
    }

    accept = ngx_cx_returns_header(r, "accept");

    return accept.len != 0
           && ngx_strlcasestrn((u_char *) accept.data,
                               (u_char *) accept.data + accept.len,
                               (u_char *) "text/html",
                               sizeof("text/html") - 2)
              != NULL;
}


/*
 * The page to try again: the one that was asked for, if it is one of ours and
 * has nothing in it that would have to be encoded, else where that begins.
 */

static cxr_str_t
ngx_cx_returns_error_self(ngx_http_request_t *r, cxr_str_t path)
{
    char               c;
    size_t             i;
    cxr_str_t          rest;
    const cxr_shop_t  *shop;

    shop = ngx_cx_returns_loc(r)->shop->shop;

    for (i = 0; i < path.len && path.data[i] != '?'; i++) {
        c = path.data[i];

        if (i == NGX_CX_RETURNS_ERROR_PATH
            || !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                 || (c >= '0' && c <= '9') || c == '/' || c == '-'
                 || c == '_' || c == '.' || c == '~'))
        {
            i = 0;
            break;
        }
    }

    path.len = i;
    ngx_cx_returns_ctx(r)->path = path;

    if (ngx_cx_returns_below(ngx_cx_returns_ctx(r), shop->portal, &rest)
        || ngx_cx_returns_below(ngx_cx_returns_ctx(r), shop->track, &rest)
        || ngx_cx_returns_below(ngx_cx_returns_ctx(r), shop->staff, &rest))
    {
        return path;
    }

    return shop->portal;
}


static ngx_int_t
ngx_cx_returns_error_problem(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_uint_t  i;

    static const struct {
        ngx_uint_t   status;
        const char  *code;
        const char  *detail;
    } said[] = {
        { 403, "forbidden", "This is not for you." },
        { 404, "not_found", "There is no such thing." },
        { 405, "method_not_allowed", "This takes another method." },
        { 412, "changed_meanwhile",
          "It is another than the one that If-Match names." },
        { 413, "body_too_large",
          "The body is larger than this door takes." },
        { 414, "address_too_long",
          "The request's address is longer than this server reads." },
        { 431, "header_too_large",
          "The request's header is larger than this server reads." }
    };

    for (i = 0; i < cxr_nelts(said); i++) {
        if (said[i].status == status) {
            return ngx_cx_returns_problem(r, status, said[i].code,
                                          said[i].detail, NULL);
        }
    }

    return status < 500
           ? ngx_cx_returns_problem(r, status, "bad_request",
                                    "The request cannot be read.", NULL)
           : ngx_cx_returns_problem(r, status, "unavailable",
                                    "Something went wrong here: try again.",
                                    NULL);
}
