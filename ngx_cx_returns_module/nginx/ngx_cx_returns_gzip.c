
/*
 * Which coding an answer has, and the headers that follow from it.  Pages are
 * put together in gzip (cxr_template.h), style sheets were compressed when the
 * configuration was read: nginx's own filter sees that it is done and leaves
 * them alone.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_TAG_MAX  48      /* bytes of an ETag, quotes and all    */


/*
 * What nginx's "gzip" says here, by the place that its own directive writes
 * to: its configuration is nobody else's, and its module comes before ours.
 */

static ngx_flag_t
ngx_cx_returns_gzip_of_nginx(ngx_conf_t *cf)
{
#if (NGX_HTTP_GZIP)

    char                 *conf;
    ngx_uint_t            i;
    ngx_flag_t            flag;
    ngx_module_t         *m;
    ngx_command_t        *cmd;
    ngx_http_conf_ctx_t  *ctx = cf->ctx;

    for (i = 0; cf->cycle->modules[i]; i++) {
        m = cf->cycle->modules[i];

        if (ngx_strcmp(m->name, "ngx_http_gzip_filter_module") != 0) {
            continue;
        }

        for (cmd = m->commands; cmd->name.len; cmd++) {

            if (ngx_strcmp(cmd->name.data, "gzip") == 0
                && cmd->set == ngx_conf_set_flag_slot
                && cmd->conf == NGX_HTTP_LOC_CONF_OFFSET)
            {
                conf = ctx->loc_conf[m->ctx_index];
                flag = *(ngx_flag_t *) (conf + cmd->offset);

                return flag == 1;
            }
        }
    }

#endif

    return 0;
}


void
ngx_cx_returns_merge_gzip(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *prev,
    ngx_cx_returns_loc_conf_t *conf)
{
    if (conf->gzip == NGX_CONF_UNSET) {
        conf->gzip = prev->gzip;
    }

    conf->compose = conf->gzip != NGX_CONF_UNSET
                    ? conf->gzip : ngx_cx_returns_gzip_of_nginx(cf);
}


/*
 * RFC 9110, 12.5.3, and what gzip_http_version, gzip_proxied and gzip_disable
 * say.  A request that takes no gzip gets the plain answer.
 */

ngx_int_t
ngx_cx_returns_gzip_wanted(ngx_http_request_t *r)
{
#if (NGX_HTTP_GZIP)

    return ngx_cx_returns_loc(r)->compose && r == r->main
           && ngx_http_gzip_ok(r) == NGX_OK;

#else

    return 0;

#endif
}


ngx_int_t
ngx_cx_returns_vary(ngx_http_request_t *r, ngx_int_t by_language)
{
    ngx_int_t   by_coding;
    cxr_str_t   value;

    by_coding = ngx_cx_returns_loc(r)->compose;

#if (NGX_HTTP_GZIP)

    {
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (by_coding && clcf->gzip_vary) {

        /* nginx writes that line, and would write another one */

        r->gzip_vary = 1;
        by_coding = 0;
    }
    }

#endif

    if (by_language) {
        value = by_coding ? cxr_str("Accept-Language, Accept-Encoding")
                          : cxr_str("Accept-Language");

    } else if (by_coding) {
        value = cxr_str("Accept-Encoding");

    } else {
        return NGX_OK;
    }

    return ngx_cx_returns_add_header(r, "Vary", value);
}


ngx_int_t
ngx_cx_returns_is_gzip(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "Content-Encoding");
    ngx_str_set(&h->value, "gzip");

    r->headers_out.content_encoding = h;

    return NGX_OK;
}


/*
 * A strong validator, so another one for each coding (RFC 9110, 8.8.3.3).
 * nginx's filter compares it with If-None-Match and If-Match, and weakens it
 * where it changes the bytes itself.
 */

ngx_int_t
ngx_cx_returns_etag(ngx_http_request_t *r, cxr_str_t content, ngx_int_t gzip)
{
    u_char           *p;
    ngx_table_elt_t  *h;

    p = ngx_pnalloc(r->pool, NGX_CX_RETURNS_TAG_MAX);
    h = ngx_list_push(&r->headers_out.headers);

    if (p == NULL || h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "ETag");
    h->value.data = p;
    h->value.len = ngx_snprintf(p, NGX_CX_RETURNS_TAG_MAX, "\"%*s%s\"",
                                content.len, content.data,
                                gzip ? "-gzip" : "")
                   - p;

    r->headers_out.etag = h;

    return NGX_OK;
}
