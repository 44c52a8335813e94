
/*
 * What needs neither shopper nor store: the shop's style sheet and pictures, and
 * the public keys that labels are checked with.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_FOREVER  "public, max-age=31536000, immutable"
#define NGX_CX_RETURNS_SHORT    "public, max-age=300"

/* an SVG's own style and what is embedded in it, and nothing else */
#define NGX_CX_RETURNS_PICTURE_CSP                                            \
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "          \
    "font-src data:; sandbox"


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


/*
 * A file that is named by its content.  A page of an older configuration may
 * ask for its own after a reload: it gets today's, but may not keep it under
 * that name.
 */

static ngx_int_t
ngx_cx_returns_asset(ngx_http_request_t *r,
    const ngx_cx_returns_asset_t *asset, const u_char *asked)
{
    ngx_int_t  same, gzip;

    same = ngx_memcmp(asked, asset->hash, sizeof(asset->hash)) == 0;
    gzip = asset->gzip.len != 0 && ngx_cx_returns_gzip_wanted(r);

    if ((asset->gzip.len != 0 && ngx_cx_returns_vary(r, 0) != NGX_OK)
        || ngx_cx_returns_etag(r, cxr_strn(asset->hash, sizeof(asset->hash)),
                               gzip)
           != NGX_OK
        || (gzip && ngx_cx_returns_is_gzip(r) != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* whoever opens a picture by its address gets a picture, no page */

    if (ngx_strncmp(asset->type, "image/", 6) == 0
        && ngx_cx_returns_add_header(r, "Content-Security-Policy",
                                     cxr_str(NGX_CX_RETURNS_PICTURE_CSP))
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* nginx's filter answers ranges, If-Range among them */

    r->allow_ranges = 1;

    return ngx_cx_returns_static(r, asset->type,
                                 same ? NGX_CX_RETURNS_FOREVER
                                      : NGX_CX_RETURNS_SHORT,
                                 ngx_cx_returns_str(gzip ? asset->gzip
                                                         : asset->body));
}


/* ".../<hash>.css", ".../<hash>/<name of a picture>" */

ngx_int_t
ngx_cx_returns_assets_handler(ngx_http_request_t *r)
{
    size_t                         n;
    u_char                        *p;
    ngx_int_t                      rc;
    ngx_str_t                      name;
    ngx_cx_returns_shop_t         *shop;
    ngx_cx_returns_asset_t         css;
    const ngx_cx_returns_asset_t  *picture;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    shop = ngx_cx_returns_loc(r)->shop;
    n = NGX_CX_RETURNS_ASSET_HASH;

    for (p = r->uri.data + r->uri.len; p > r->uri.data && p[-1] != '/'; p--) {
        /* void */
    }

    name.data = p;
    name.len = r->uri.data + r->uri.len - p;

    if (name.len == n + 4 && ngx_strncmp(name.data + n, ".css", 4) == 0) {
        ngx_memcpy(css.hash, shop->css_hash, n);
        css.name = name;
        css.body = shop->css;
        css.gzip = shop->css_gzip;
        css.type = "text/css; charset=utf-8";

        return ngx_cx_returns_asset(r, &css, name.data);
    }

    if (name.len == 0 || p - r->uri.data < (ptrdiff_t) n + 2
        || p[-2 - (ptrdiff_t) n] != '/')
    {
        return NGX_HTTP_NOT_FOUND;
    }

    p -= n + 1;
    picture = ngx_cx_returns_picture(shop, p, &name);

    return picture ? ngx_cx_returns_asset(r, picture, p) : NGX_HTTP_NOT_FOUND;
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

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    jwks = ngx_cx_returns_named(r, "/jwks.json");

    if (!jwks && !ngx_cx_returns_named(r, "/paserk")) {
        return NGX_HTTP_NOT_FOUND;
    }

    cxr_buf_init(&b, 64 * 1024);

    if (jwks) {
        cxr_keyring_jwks(ngx_cx_returns_ring(r), &b);

    } else {
        cxr_keyring_paserk(ngx_cx_returns_ring(r), &b);
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
