
/*
 * Carriers' return codes over the API.
 */

#include "ngx_cx_returns_api.h"

#include "cxr_store_codes.h"


static ngx_int_t ngx_cx_returns_codes_list(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_codes_import(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_codes_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


ngx_int_t
ngx_cx_returns_api_codes(ngx_http_request_t *r, cxr_str_t rest)
{
    uint32_t               i;
    ngx_int_t              rc;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;
    ngx_cx_returns_api_t  *api;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (rest.len == 0) {

        if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
            return ngx_cx_returns_not_allowed(r, "GET, HEAD",
                                              "The pools of return codes take "
                                              "GET; codes are posted to "
                                              "/codes/<carrier>.");
        }

        if (!ngx_cx_returns_has_role(ctx, cxr_str("read"))) {
            return ngx_cx_returns_api_forbidden(r, "read", NULL);
        }

        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? ngx_cx_returns_codes_list(r) : rc;
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_cx_returns_not_allowed(r, "POST",
                                          "Return codes are posted here.");
    }

    if (!ngx_cx_returns_has_role(ctx, cxr_str("orders"))) {
        return ngx_cx_returns_api_forbidden(r, "orders", NULL);
    }

    for (i = 0; i < shop->pools.n; i++) {
        if (cxr_str_eq(shop->pools.items[i].carrier, rest)) {
            break;
        }
    }

    if (i == shop->pools.n) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                           "The shop's file has no such "
                                           "carrier in \"return_codes\".");
    }

    if (!ngx_cx_returns_is_type(r, "text/csv")
        && !ngx_cx_returns_is_type(r, "application/x-ndjson"))
    {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                           "not_codes",
                                           "The Content-Type must be text/csv "
                                           "or application/x-ndjson.");
    }

    api = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_api_t));
    if (api == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    api->a = shop->pools.items[i].carrier;
    ctx->data = api;

    return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                    ngx_cx_returns_codes_import);
}


static ngx_int_t
ngx_cx_returns_codes_list(ngx_http_request_t *r)
{
    uint32_t                i;
    cxr_rc_t                rc;
    cxr_jw_t                w;
    cxr_buf_t               b;
    ngx_int_t               answer;
    cxr_read_t             *rd;
    cxr_pools_t             pools;
    const cxr_pool_row_t   *row;
    ngx_cx_returns_ctx_t   *ctx;

    ctx = ngx_cx_returns_ctx(r);

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_pools(rd, ngx_cx_returns_loc(r)->shop->shop,
                        ngx_cx_returns_now(), CXR_POOL_COUNT_MAX, ctx->arena,
                        &pools);

    cxr_buf_init(&b, 65536);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "pools", '[');

    for (i = 0; rc == CXR_OK && i < pools.n; i++) {
        row = &pools.items[i];

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "carrier", row->pool.carrier);
        cxr_jw_uint(&w, "free", row->free);
        cxr_jw_uint(&w, "assigned", row->pool.assigned);
        cxr_jw_uint(&w, "total", row->pool.total);
        cxr_jw_uint(&w, "low", row->low);
        cxr_jw_bool(&w, "is_low", row->free <= row->low);
        cxr_jw_uint(&w, "waiting", row->waiting);
        cxr_jw_time(&w, "imported_at", row->pool.imported_at);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);
    cxr_read_end(rd);

    if (rc != CXR_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


static ngx_int_t
ngx_cx_returns_codes_import(ngx_http_request_t *r, cxr_str_t body)
{
    char                   text[160];
    cxr_rc_t               rc;
    uint32_t               line;
    const char            *what;
    cxr_codes_import_t    *in;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_api_t  *api;

    api = ngx_cx_returns_ctx(r)->data;

    op = ngx_cx_returns_op_create(r);
    in = op ? cxr_calloc(op->arena, 1, sizeof(cxr_codes_import_t)) : NULL;

    if (in == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_codes_parse(body,
                         ngx_cx_returns_is_type(r, "application/x-ndjson"),
                         op->arena, &in->codes, &line, &what);

    if (rc == CXR_LIMIT) {
        return ngx_cx_returns_problem(r, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                      "too_many_codes",
                                      "One import takes at most 10000 codes; "
                                      "send the rest after it.", NULL);
    }

    if (rc != CXR_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        snprintf(text, sizeof(text), "Line %u: %s.", (unsigned) line, what);

        return rc == CXR_NOMEM
               ? NGX_HTTP_INTERNAL_SERVER_ERROR
               : ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "invalid",
                                        text, NULL);
    }

    in->carrier = api->a;
    op->job.kind = CXR_CMD_CODES_IMPORT;
    op->job.u.codes = in;
    op->done = ngx_cx_returns_codes_done;

    return ngx_cx_returns_api_create(r, body, op, NULL);
}


static ngx_int_t
ngx_cx_returns_codes_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    uint32_t             i;
    cxr_jw_t             w;
    cxr_buf_t            b;
    cxr_codes_import_t  *in;

    if (op->job.rc != CXR_OK) {
        return ngx_cx_returns_problem_job(r, &op->job);
    }

    in = op->job.u.codes;

    cxr_buf_init(&b, 65536);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "carrier", in->carrier);
    cxr_jw_bool(&w, "repeated", op->job.repeated);
    cxr_jw_uint(&w, "added", in->added);
    cxr_jw_uint(&w, "duplicates", in->duplicates);
    cxr_jw_open(&w, "twice", '[');

    for (i = 0; i < in->twice.n; i++) {
        cxr_jw_str(&w, NULL, in->twice.items[i]);
    }

    cxr_jw_close(&w);
    cxr_jw_uint(&w, "served", in->served);
    cxr_jw_uint(&w, "waiting", in->waiting);
    cxr_jw_close(&w);

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}
