
/*
 * What needs neither shopper nor store: the shop's style sheet, and the public
 * keys that labels are checked with.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_FOREVER  "public, max-age=31536000, immutable"
#define NGX_CX_RETURNS_SHORT    "public, max-age=300"


static ngx_int_t
ngx_cx_returns_static(ngx_http_request_t *r, const char *type,
    const char *cache, cxr_str_t body)
{
    if (ngx_cx_returns_add_header(r, "Cache-Control", cxr_strz(cache))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send(r, NGX_HTTP_OK, type, body);
}


ngx_int_t
ngx_cx_returns_assets_handler(ngx_http_request_t *r)
{
    size_t                  n;
    ngx_int_t               rc, same, gzip;
    ngx_str_t               name;
    ngx_cx_returns_shop_t  *shop;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    shop = ngx_cx_returns_loc(r)->shop;
    n = sizeof(shop->css_hash) + 4;

    if (r->uri.len <= n) {
        return NGX_HTTP_NOT_FOUND;
    }

    name.data = r->uri.data + r->uri.len - n;
    name.len = n;

    if (name.data[-1] != '/'
        || ngx_strncmp(name.data + sizeof(shop->css_hash), ".css", 4) != 0)
    {
        return NGX_HTTP_NOT_FOUND;
    }

    /*
     * A page of an older configuration may ask for its own sheet after a
     * reload: it gets today's, but may not keep it under that name.
     */

    same = ngx_memcmp(name.data, shop->css_hash, sizeof(shop->css_hash)) == 0;

    gzip = ngx_cx_returns_gzip_wanted(r);

    if (ngx_cx_returns_vary(r, 0) != NGX_OK
        || ngx_cx_returns_etag(r, cxr_strn(shop->css_hash,
                                           sizeof(shop->css_hash)), gzip)
           != NGX_OK
        || (gzip && ngx_cx_returns_is_gzip(r) != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_static(r, "text/css; charset=utf-8",
                                 same ? NGX_CX_RETURNS_FOREVER
                                      : NGX_CX_RETURNS_SHORT,
                                 ngx_cx_returns_str(gzip ? shop->css_gzip
                                                         : shop->css));
}


/*
 * /.well-known/jwks.json (RFC 8037), or PASERK lines.  Others ask below
 * /.well-known/ for other things and must not take keys for an answer.
 */

static ngx_int_t
ngx_cx_returns_named(ngx_http_request_t *r, const char *name)
{
    size_t  len;

    len = ngx_strlen(name);

    return r->uri.len >= len
           && ngx_memcmp(r->uri.data + r->uri.len - len, name, len) == 0;
}


ngx_int_t
ngx_cx_returns_keys_handler(ngx_http_request_t *r)
{
    cxr_buf_t                    b;
    ngx_int_t                    rc, jwks;
    ngx_cx_returns_main_conf_t  *mcf;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    mcf = ngx_cx_returns_main(r);

    jwks = ngx_cx_returns_named(r, "/jwks.json");

    if (!jwks && !ngx_cx_returns_named(r, "/paserk")) {
        return NGX_HTTP_NOT_FOUND;
    }

    cxr_buf_init(&b, 64 * 1024);

    if (jwks) {
        cxr_keyring_jwks(mcf->ring, &b);

    } else {
        cxr_keyring_paserk(mcf->ring, &b);
    }

    if (!cxr_buf_ok(&b)) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_cx_returns_static(r, jwks ? "application/jwk-set+json"
                                       : "text/plain; charset=utf-8",
                               NGX_CX_RETURNS_SHORT, cxr_buf_str(&b));
    cxr_buf_free(&b);

    return rc;
}
