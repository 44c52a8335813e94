
/*
 * Answers: pages, problems, redirects, and the headers that go with them.
 */

#include "ngx_cx_returns.h"


/*
 * What every page of ours may load: its style sheet and pictures, from here;
 * and where its forms may go.  No script, no frame, no other origin.
 */
#define NGX_CX_RETURNS_CSP                                                    \
    "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "     \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


/* What names a person, or takes what is typed, is kept nowhere. */
#define NGX_CX_RETURNS_KEPT_NOWHERE   "private, no-store"

/*
 * A tracking page names nobody, and is asked for again and again: the browser
 * that showed it may keep it, and asks with its tag each time whether there is
 * news.  No cache that others share may.
 */
#define NGX_CX_RETURNS_ASKED_AGAIN    "private, no-cache"


static ngx_int_t ngx_cx_returns_send_coded(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, cxr_str_t body, cxr_buf_t *page,
    ngx_int_t gzip, cxr_str_t cache);
static ngx_int_t ngx_cx_returns_send_body(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, cxr_str_t body, cxr_buf_t *page);
static void ngx_cx_returns_free_page(void *data);


/* One page at a time is rendered in a worker; the buffers stay. */

static cxr_template_out_t  ngx_cx_returns_out;


ngx_int_t
ngx_cx_returns_add_header(ngx_http_request_t *r, const char *name,
    cxr_str_t value)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    h->key.data = (u_char *) name;
    h->key.len = ngx_strlen(name);
    h->value.data = (u_char *) value.data;
    h->value.len = value.len;

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_send(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cxr_str_t body)
{
    return ngx_cx_returns_send_body(r, status, type, body, NULL);
}


/*
 * "body" is copied, unless it is all of "page", a buffer that the next page will
 * be rendered into: that is sent from where it is, and should some of it be left
 * to send then, the request takes the memory with it and "page" gets other.
 */

static ngx_int_t
ngx_cx_returns_send_body(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cxr_str_t body, cxr_buf_t *page)
{
    ngx_int_t            rc;
    ngx_buf_t           *b;
    ngx_chain_t          out;
    ngx_pool_cleanup_t  *cln;

    cln = NULL;

    if (page != NULL) {
        b = ngx_calloc_buf(r->pool);
        cln = ngx_pool_cleanup_add(r->pool, 0);

        if (b == NULL || cln == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        b->pos = (u_char *) body.data;
        b->start = b->pos;
        b->last = b->pos + body.len;
        b->end = b->last;

    } else {
        b = ngx_create_temp_buf(r->pool, body.len ? body.len : 1);
        if (b == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (body.len) {
            b->last = ngx_cpymem(b->last, body.data, body.len);
        }
    }

    r->headers_out.status = status;
    r->headers_out.content_length_n = body.len;

    if (type != NULL) {
        r->headers_out.content_type.data = (u_char *) type;
        r->headers_out.content_type.len = ngx_strlen(type);

        /* nginx's filters compare the type without its parameters */

        r->headers_out.content_type_len = strcspn(type, ";");
        r->headers_out.content_type_lowcase = NULL;
    }

    /* texts of shoppers and carriers stand in JSON and metrics, too */

    if (ngx_cx_returns_add_header(r, "X-Content-Type-Options",
                                  cxr_str("nosniff"))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;
    b->memory = b->last > b->pos;
    b->temporary = 0;

    out.buf = b;
    out.next = NULL;

    rc = ngx_http_output_filter(r, &out);

    if (cln != NULL
        && (rc != NGX_OK || r->buffered || r->connection->buffered
            || r->postponed || r != r->main
#if (NGX_HTTP_V2)
            || r->stream
#endif
            ))
    {
        cln->handler = ngx_cx_returns_free_page;
        cln->data = page->data;
        cxr_buf_init(page, page->max);
    }

    return rc;
}


static void
ngx_cx_returns_free_page(void *data)
{
    free(data);
}


/* "location": a path of ours, or a whole URL from the shop's file */

ngx_int_t
ngx_cx_returns_redirect(ngx_http_request_t *r, cxr_str_t location)
{
    size_t            i;
    ngx_table_elt_t  *h;

    for (i = 0; i < location.len; i++) {
        if ((u_char) location.data[i] <= ' ') {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "Location");
    h->value.data = (u_char *) location.data;
    h->value.len = location.len;

    if (ngx_cx_returns_add_header(r, "Cache-Control",
                                  cxr_str(NGX_CX_RETURNS_KEPT_NOWHERE))
        != NGX_OK
        || ngx_cx_returns_add_header(r, "Referrer-Policy",
                                     cxr_str("no-referrer"))
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send(r, NGX_HTTP_SEE_OTHER, NULL, CXR_STR_NONE);
}


static void
ngx_cx_returns_problem_begin(cxr_jw_t *w, cxr_buf_t *b, ngx_uint_t status,
    const char *code, const char *detail)
{
    char    type[128];
    size_t  n;

    n = ngx_snprintf((u_char *) type, sizeof(type) - 1,
                     "urn:cx-returns:problem:%s", code)
        - (u_char *) type;

    cxr_jw_init(w, b);
    cxr_jw_open(w, NULL, '{');
    cxr_jw_str(w, "type", cxr_strn(type, n));
    cxr_jw_strz(w, "title", code);
    cxr_jw_int(w, "status", status);
    cxr_jw_strz(w, "detail", detail);
}


static ngx_int_t
ngx_cx_returns_problem_end(ngx_http_request_t *r, cxr_jw_t *w, cxr_buf_t *b,
    ngx_uint_t status)
{
    ngx_int_t              rc;
    ngx_cx_returns_ctx_t  *ctx;

    cxr_jw_close(w);
    cxr_buf_addc(b, '\n');

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);

    if (ctx != NULL && ctx->outcome.len == 0) {
        ngx_str_set(&ctx->outcome, "problem");
    }

    if (!cxr_buf_ok(b)
        || ngx_cx_returns_add_header(r, "Cache-Control", cxr_str("no-store"))
           != NGX_OK)
    {
        rc = NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else {
        rc = ngx_cx_returns_send(r, status, "application/problem+json",
                                 cxr_buf_str(b));
    }

    cxr_buf_free(b);

    return rc;
}


ngx_int_t
ngx_cx_returns_problem(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail, const char *pointer)
{
    cxr_jw_t   w;
    cxr_buf_t  b;

    if (status == NGX_HTTP_SERVICE_UNAVAILABLE
        && ngx_cx_returns_add_header(r, "Retry-After", cxr_str("2"))
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, 16384);
    ngx_cx_returns_problem_begin(&w, &b, status, code, detail);

    if (pointer != NULL && pointer[0] != '\0') {
        cxr_jw_open(&w, "errors", '[');
        cxr_jw_open(&w, NULL, '{');
        cxr_jw_strz(&w, "pointer", pointer);
        cxr_jw_strz(&w, "detail", detail);
        cxr_jw_close(&w);
        cxr_jw_close(&w);
    }

    return ngx_cx_returns_problem_end(r, &w, &b, status);
}


ngx_int_t
ngx_cx_returns_problem_faults(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail, const cxr_json_faults_t *faults)
{
    unsigned   i;
    cxr_jw_t   w;
    cxr_buf_t  b;

    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

    cxr_buf_init(&b, 65536);
    ngx_cx_returns_problem_begin(&w, &b, status, code, detail);

    cxr_jw_open(&w, "errors", '[');

    for (i = 0; i < faults->n; i++) {
        cxr_jw_open(&w, NULL, '{');
        cxr_jw_strz(&w, "pointer", faults->faults[i].pointer);
        cxr_jw_strz(&w, "detail", faults->faults[i].text);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);

    if (faults->total > faults->n) {
        cxr_jw_int(&w, "more", faults->total - faults->n);
    }

    return ngx_cx_returns_problem_end(r, &w, &b, status);
}


ngx_int_t
ngx_cx_returns_not_allowed(ngx_http_request_t *r, const char *allow,
    const char *detail)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_cx_returns_add_header(r, "Allow", cxr_strz(allow)) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (detail == NULL) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

    return ngx_cx_returns_problem(r, NGX_HTTP_NOT_ALLOWED,
                                  "method_not_allowed", detail, NULL);
}


ngx_int_t
ngx_cx_returns_problem_job(ngx_http_request_t *r, cxr_job_t *job)
{
    switch (job->rc) {

    case CXR_OK:
        return NGX_OK;

    case CXR_REFUSED:
        return ngx_cx_returns_problem(r, NGX_HTTP_CONFLICT, job->refusal.code,
                                      job->refusal.text, job->refusal.where);

    case CXR_CONFLICT:
        return ngx_cx_returns_problem(r, NGX_HTTP_PRECONDITION_FAILED,
                                      "changed_meanwhile",
                                      job->absent
                                      ? "It is there already: read it and "
                                        "decide anew."
                                      : "It changed since you read it: read "
                                        "it again and decide anew.", NULL);

    case CXR_NOTFOUND:
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such thing.", NULL);

    case CXR_INVALID:
    case CXR_LIMIT:
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "invalid",
                                      "The request is malformed or larger "
                                      "than a limit.", job->refusal.where);

    case CXR_FULL:
        return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "store_full",
                                      "The store has no room; nothing was "
                                      "written. The operator has been told.",
                                      NULL);

    case CXR_AGAIN:
        return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
                                      "Too much is waiting already; nothing "
                                      "was written. Try again.", NULL);

    default:
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0,
                      "cx_returns: a command failed: %s %s",
                      cxr_rc_name(job->rc), job->refusal.text);

        return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "store_failed",
                                      "The store failed; nothing was "
                                      "written.", NULL);
    }
}


/*
 * What a page that is asked for again is compared by: a hash of the plain page.
 * What may be mistaken is one's own page of a moment ago, which nobody has a
 * reason to forge.
 */

static ngx_int_t
ngx_cx_returns_page_etag(ngx_http_request_t *r, ngx_int_t gzip)
{
    char        tag[16];
    uint64_t    hash;
    ngx_uint_t  i;

    hash = cxr_page_hash(cxr_buf_str(&ngx_cx_returns_out.page));

    for (i = 0; i < sizeof(tag); i++) {
        tag[i] = "0123456789abcdef"[hash >> 60];
        hash <<= 4;
    }

    return ngx_cx_returns_etag(r, cxr_strn(tag, sizeof(tag)), gzip);
}


ngx_int_t
ngx_cx_returns_send_page(ngx_http_request_t *r, ngx_uint_t status,
    ngx_cx_returns_page_t page, const void *view)
{
    cxr_rc_t               rc;
    cxr_buf_t             *b;
    cxr_str_t              cache;
    ngx_int_t              gzip;
    cxr_template_t        *tpl;
    ngx_cx_returns_ctx_t  *ctx;

    cache = cxr_str(NGX_CX_RETURNS_KEPT_NOWHERE);
    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    tpl = ngx_cx_returns_loc(r)->shop->pages[page][ctx->ilang];

    if (ngx_cx_returns_out.page.max == 0) {
        cxr_template_out_init(&ngx_cx_returns_out, NGX_CX_RETURNS_PAGE_MAX);
    }

    gzip = ngx_cx_returns_gzip_wanted(r);

    if (gzip) {
        rc = cxr_template_render_gzip(tpl, view, &ngx_cx_returns_out);

        /* a fragment may be smaller than the header of its coding */

        gzip = ngx_cx_returns_out.gzip.len < ngx_cx_returns_out.page.len;

    } else {
        cxr_buf_reset(&ngx_cx_returns_out.page);
        rc = cxr_template_render(tpl, view, &ngx_cx_returns_out.page);
    }

    if (rc != CXR_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_PAGE_FAULTS, 1);
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: a page grew over %d bytes",
                      NGX_CX_RETURNS_PAGE_MAX);

        /* the page that says so, with whom to write to, is small */

        return page == NGX_CX_RETURNS_PAGE_ERROR
               ? NGX_HTTP_INTERNAL_SERVER_ERROR
               : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    /* one that refuses an answer is no state of the parcel */

    if (page == NGX_CX_RETURNS_PAGE_TRACK && status == NGX_HTTP_OK) {
        cache = cxr_str(NGX_CX_RETURNS_ASKED_AGAIN);

        if (ngx_cx_returns_page_etag(r, gzip) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    b = gzip ? &ngx_cx_returns_out.gzip : &ngx_cx_returns_out.page;

    return ngx_cx_returns_send_coded(r, status, "text/html; charset=utf-8",
                                     cxr_buf_str(b), b, gzip, cache);
}


ngx_int_t
ngx_cx_returns_send_rendered(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cxr_str_t body)
{
    /* what is no page has no place for a page's "noindex" */

    if (ngx_cx_returns_add_header(r, "X-Robots-Tag", cxr_str("noindex"))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_coded(r, status, type, body, NULL, 0,
                                     cxr_str(NGX_CX_RETURNS_KEPT_NOWHERE));
}


static ngx_int_t
ngx_cx_returns_send_coded(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cxr_str_t body, cxr_buf_t *page, ngx_int_t gzip,
    cxr_str_t cache)
{
    size_t                 i;
    ngx_cx_returns_ctx_t  *ctx;

    static const struct {
        const char  *name;
        cxr_str_t    value;
    } headers[] = {
        { "Content-Security-Policy", cxr_str_init(NGX_CX_RETURNS_CSP) },
        { "Referrer-Policy", cxr_str_init("no-referrer") }
    };

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);

    if (ngx_cx_returns_add_header(r, "Cache-Control", cache) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (i = 0; i < cxr_nelts(headers); i++) {
        if (ngx_cx_returns_add_header(r, headers[i].name, headers[i].value)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (ngx_cx_returns_vary(r, ctx->negotiated) != NGX_OK
        || (gzip && ngx_cx_returns_is_gzip(r) != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_add_header(r, "Content-Language",
                                  cxr_lang_code(ctx->lang))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_body(r, status, type, body, page);
}


ngx_int_t
ngx_cx_returns_retry_after(ngx_http_request_t *r, ngx_uint_t seconds)
{
    return ngx_cx_returns_add_header(r, "Retry-After",
               cxr_sprintf(ngx_cx_returns_ctx(r)->arena, "%u",
                           (unsigned) ngx_cx_returns_rate_wait(seconds)));
}


ngx_int_t
ngx_cx_returns_error_page(ngx_http_request_t *r, cxr_page_error_t error)
{
    ngx_uint_t              status;
    cxr_arena_t            *a;
    cxr_view_error_t        view;
    ngx_cx_returns_ctx_t   *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);

    /* what she typed is in the body that is not read, and in her browser */

    if (error == CXR_PAGE_TOO_LARGE
        && ngx_cx_returns_main(r)->photos.len != 0
        && ngx_cx_returns_is_type(r, "multipart/form-data"))
    {
        error = CXR_PAGE_LARGE_PHOTOS;
    }

    status = cxr_page_error_status(error);

    if (ctx == NULL || ctx->view == NULL) {
        return status;
    }

    if (cxr_view_error(ctx->view, error, ctx->path, CXR_STR_NONE,
                       CXR_STR_NONE, ctx->arena, &view)
        != CXR_OK)
    {
        /* what was too much for the request's arena may be why we are here */

        a = ngx_cx_returns_arena_of(r);

        if (a == NULL
            || cxr_view_error(ctx->view, error, ctx->path, CXR_STR_NONE,
                              CXR_STR_NONE, a, &view)
               != CXR_OK)
        {
            return status;
        }
    }

    if (ctx->outcome.len == 0) {
        ngx_str_set(&ctx->outcome, "error_page");
    }

    if ((status == NGX_HTTP_SERVICE_UNAVAILABLE
         && ngx_cx_returns_add_header(r, "Retry-After", cxr_str("5"))
            != NGX_OK)
        || (status == NGX_HTTP_TOO_MANY_REQUESTS
            && ngx_cx_returns_retry_after(r, 60) != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_ERROR,
                                    &view);
}
