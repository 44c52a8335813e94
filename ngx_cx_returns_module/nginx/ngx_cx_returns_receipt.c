
/*
 * The page where anybody checks the receipt of a withdrawal, brought as a file
 * or as text.
 */

#include "ngx_cx_returns_shopper.h"
#include "cxr_multipart.h"
#include "cxr_view_withdraw.h"


static ngx_int_t ngx_cx_returns_receipt_show(ngx_http_request_t *r,
    cxr_str_t text, ngx_uint_t asked, ngx_uint_t file);
static cxr_rc_t ngx_cx_returns_receipt_parts(ngx_http_request_t *r,
    cxr_str_t body, cxr_str_t *text, ngx_uint_t *file);


ngx_int_t
ngx_cx_returns_receipt(ngx_http_request_t *r, cxr_str_t text,
    ngx_uint_t asked)
{
    return ngx_cx_returns_receipt_show(r, text, asked, 0);
}


static ngx_int_t
ngx_cx_returns_receipt_show(ngx_http_request_t *r, cxr_str_t text,
    ngx_uint_t asked, ngx_uint_t file)
{
    char                    kid[9];
    cxr_str_t               title, self;
    ngx_uint_t              status, busy, missing;
    cxr_view_page_t        *page;
    cxr_view_receipt_t      view;
    const cxr_shop_t       *shop;
    cxr_receipt_result_t    result;
    ngx_cx_returns_ctx_t   *ctx;
    cxr_receipt_claims_t    claims;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    result = CXR_RECEIPT_FORGED;
    status = NGX_HTTP_OK;
    busy = 0;
    missing = 0;

    if (asked && cxr_str_trim(text).len == 0) {
        status = 422;
        asked = 0;
        missing = 1;
    }

    if (asked && !ngx_cx_returns_withdraw_allowed(r, "receipt",
                                       ngx_cx_returns_loc(r)->lookup_rate))
    {
        status = NGX_HTTP_TOO_MANY_REQUESTS;
        asked = 0;
        busy = 1;
    }

    if (asked) {
        if (cxr_receipt_check(ngx_cx_returns_ring(r), shop->id, text,
                              ctx->arena, &result, &claims, kid)
            != CXR_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ctx->outcome.data = (u_char *) cxr_receipt_result_names[result];
        ctx->outcome.len = ngx_strlen(ctx->outcome.data);
    }

    title = cxr_view_text(ctx->view, "receipt.title", NULL, 0, ctx->arena);
    self = cxr_sprintf(ctx->arena, "%.*sreceipt", cxr_str_arg(shop->portal));

    /* a file is at hand still, and may be anything */

    if (file || !cxr_utf8_valid(text)) {
        text = cxr_str("");
    }

    if (cxr_view_page(ctx->view, title, self, ctx->arena, &page) != CXR_OK
        || cxr_view_receipt(ctx->view, page, ctx->arena, text, asked, result,
                            asked && result != CXR_RECEIPT_FORGED ? &claims
                                                                  : NULL,
                            kid, &view)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!asked
        && cxr_view_public(ctx->view, page, self,
                           cxr_view_text(ctx->view, "receipt.lead", NULL, 0,
                                         ctx->arena),
                           ctx->arena)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view.busy = busy;
    view.missing = missing;
    page->wrong = missing || busy;
    view.from_file = file != 0;

    return ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_RECEIPT,
                                    &view);
}


ngx_int_t
ngx_cx_returns_receipt_body(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t     rc;
    cxr_str_t    text;
    ngx_int_t    answer;
    ngx_uint_t   file;
    cxr_pairs_t  pairs;

    if (!ngx_cx_returns_is_type(r, "multipart/form-data")) {

        if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
            return answer;
        }

        return ngx_cx_returns_receipt_show(r,
                            ngx_cx_returns_pair(&pairs, "receipt"), 1, 0);
    }

    rc = ngx_cx_returns_receipt_parts(r, body, &text, &file);

    switch (rc) {

    case CXR_OK:
        return ngx_cx_returns_receipt_show(r, text, 1, file);

    case CXR_NOMEM:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;

    default:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, rc == CXR_LIMIT
                                            ? CXR_PAGE_TOO_LARGE
                                            : CXR_PAGE_BAD_REQUEST);
    }
}


/* The file if there is one: who chose it means it. */

static cxr_rc_t
ngx_cx_returns_receipt_parts(ngx_http_request_t *r, cxr_str_t body,
    cxr_str_t *text, ngx_uint_t *file)
{
    uint32_t      i;
    cxr_rc_t      rc;
    cxr_str_t     boundary;
    cxr_parts_t   parts;
    cxr_part_t   *part;

    *text = cxr_str("");
    *file = 0;

    ngx_memzero(&parts, sizeof(cxr_parts_t));

    rc = cxr_multipart_boundary(ngx_cx_returns_header(r, "content-type"),
                                &boundary);
    if (rc == CXR_OK) {
        rc = cxr_multipart_parse(body, boundary, ngx_cx_returns_ctx(r)->arena,
                                 &parts);
    }

    for (i = 0; rc == CXR_OK && i < parts.n; i++) {
        part = &parts.items[i];

        if (part->file && cxr_str_is(part->name, "file")
            && part->value.len != 0)
        {
            *text = part->value;
            *file = 1;

        } else if (!part->file && cxr_str_is(part->name, "receipt")
                   && !*file)
        {
            *text = part->value;
        }
    }

    return rc;
}
