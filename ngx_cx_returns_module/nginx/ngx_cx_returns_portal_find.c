
/*
 * The portal's first page: find my order, by its number and an e-mail address or
 * postal code, which mints the link to it.
 */

#include "ngx_cx_returns_portal.h"


ngx_int_t
ngx_cx_returns_portal_find(ngx_http_request_t *r, cxr_portal_find_t *find,
    ngx_uint_t status)
{
    cxr_str_t              title;
    cxr_view_find_t        view;
    cxr_view_page_t       *page;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    title = cxr_view_text(ctx->view, "portal.find.title", NULL, 0, ctx->arena);

    if (cxr_view_page(ctx->view, title,
                      ngx_cx_returns_loc(r)->shop->shop->portal, ctx->arena,
                      &page)
        != CXR_OK
        || cxr_view_find(ctx->view, page, ctx->arena, find, &view) != CXR_OK
        || cxr_view_public(ctx->view, page,
                           ngx_cx_returns_loc(r)->shop->shop->portal,
                           cxr_view_text(ctx->view, "portal.find.lead", NULL,
                                         0, ctx->arena),
                           ctx->arena)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_FIND,
                                    &view);
}


ngx_int_t
ngx_cx_returns_portal_lookup(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_str_t               path;
    ngx_int_t               rc, answer;
    cxr_read_t             *rd;
    cxr_pairs_t             pairs;
    ngx_uint_t              gift;
    cxr_portal_find_t       find;
    ngx_cx_returns_ctx_t   *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    switch (cxr_portal_find_parse(pairs.items, pairs.n, ctx->arena, &find)) {

    case CXR_OK:
        break;

    case CXR_NOMEM:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;

    default:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    if (find.faults.n) {
        return ngx_cx_returns_portal_find(r, &find, 422);
    }

    if (!ngx_cx_returns_lookup_allowed(r)) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_TOO_MANY);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    gift = 0;
    rc = ngx_cx_returns_lookup(r, rd, find.folded, find.email, find.postcode,
                               &gift);

    cxr_read_end(rd);

    switch (rc) {

    case NGX_OK:
        if (ngx_cx_returns_page_link(r, gift ? CXR_LINK_GIFT : CXR_LINK_ORDER,
                                     find.folded,
                                     CXR_STR_NONE, &path)
            != CXR_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_str_set(&ctx->outcome, "found");

        return ngx_cx_returns_page_redirect(r, path, "");

    case NGX_DECLINED:
        if (cxr_portal_not_found(&find, ctx->arena) != CXR_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_str_set(&ctx->outcome, "not_found");

        return ngx_cx_returns_portal_find(r, &find, NGX_HTTP_NOT_FOUND);

    case NGX_BUSY:
    case NGX_AGAIN:
        if (cxr_portal_find_busy(&find, rc == NGX_AGAIN,
                                 ngx_cx_returns_rate_wait(3600), ctx->arena)
            != CXR_OK
            || ngx_cx_returns_retry_after(r, 3600) != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_str_set(&ctx->outcome, "limited");

        return ngx_cx_returns_portal_find(r, &find,
                                          NGX_HTTP_TOO_MANY_REQUESTS);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }
}
