
/*
 * What the feeds want of the operator: GET /api/v1/worklist, and the desk's
 * page, which lists the quarantine besides.  That is a directory, so it is
 * read in a task.
 */

#include "ngx_cx_returns_shopper.h"


#define NGX_CX_RETURNS_WORK_LIMIT  100     /* rows of an answer, unless told  */


typedef struct {
    const cxr_quarantine_t  *conf;
    cxr_arena_t             *arena;     /* of the task alone                  */
    cxr_qnotes_t             docs;
    bool                     more;
    cxr_rc_t                 rc;
} ngx_cx_returns_docs_t;


static void ngx_cx_returns_docs_list(void *data);
static ngx_int_t ngx_cx_returns_docs_page(ngx_http_request_t *r, void *data);
static void ngx_cx_returns_docs_free(void *data);


/* ---- the API ---- */

static ngx_int_t
ngx_cx_returns_work_args(ngx_http_request_t *r, cxr_str_t *carrier,
    cxr_str_t *cursor, uint64_t *limit, const char **wrong)
{
    cxr_str_t    text;
    cxr_pairs_t  args;

    *wrong = "";
    *limit = NGX_CX_RETURNS_WORK_LIMIT;

    if (ngx_cx_returns_form(ngx_cx_returns_ctx(r)->arena,
                            ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        return NGX_DECLINED;
    }

    *carrier = ngx_cx_returns_pair(&args, "carrier");

    if (carrier->len && !cxr_is_slug(*carrier, CXR_PROFILE_SLUG_MAX)) {
        *wrong = "?carrier";
        return NGX_DECLINED;
    }

    text = ngx_cx_returns_pair(&args, "limit");

    if (text.len && (!cxr_parse_uint(text, CXR_WORK_LIST_MAX, limit)
                     || *limit == 0))
    {
        *wrong = "?limit";
        return NGX_DECLINED;
    }

    *cursor = ngx_cx_returns_pair(&args, "cursor");

    return NGX_OK;
}


static void
ngx_cx_returns_work_json(cxr_jw_t *w, const cxr_works_t *rows,
    const cxr_works_t *sums, cxr_str_t carrier, cxr_str_t next)
{
    uint32_t           i;
    const cxr_work_t  *s;

    cxr_jw_open(w, NULL, '{');
    cxr_jw_open(w, "codes", '[');

    for (i = 0; i < rows->n; i++) {
        cxr_rec_json(&cxr_work_type, &rows->items[i], NULL, 0, w);
    }

    cxr_jw_close(w);
    cxr_jw_open(w, "carriers", '[');

    for (i = 0; i < sums->n; i++) {
        s = &sums->items[i];

        if (carrier.len && !cxr_str_eq(carrier, s->carrier)) {
            continue;
        }

        cxr_jw_open(w, NULL, '{');
        cxr_jw_str(w, "carrier", s->carrier);
        cxr_jw_uint(w, "codes", s->codes);
        cxr_jw_uint(w, "overflow", s->count);
        cxr_jw_close(w);
    }

    cxr_jw_close(w);

    if (next.len) {
        cxr_jw_str(w, "next", next);
    }

    cxr_jw_close(w);
}


ngx_int_t
ngx_cx_returns_api_worklist(ngx_http_request_t *r)
{
    uint64_t               limit;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    cxr_buf_t              b;
    cxr_str_t              carrier, cursor, next;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    const char            *wrong;
    cxr_works_t            rows, sums;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    answer = ngx_http_discard_request_body(r);

    if (answer != NGX_OK) {
        return answer;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        if (ngx_cx_returns_add_header(r, "Allow", cxr_str("GET, HEAD"))
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_ALLOWED,
                                      "method_not_allowed",
                                      "The work list takes GET.", NULL);
    }

    if (!ngx_cx_returns_has_role(ctx, cxr_str("read"))) {
        return ngx_cx_returns_problem(r, NGX_HTTP_FORBIDDEN, "role_missing",
                                      "The caller lacks the role \"read\"; "
                                      "cx_returns_roles says who has it.",
                                      NULL);
    }

    carrier = CXR_STR_NONE;
    cursor = CXR_STR_NONE;

    if (ngx_cx_returns_work_args(r, &carrier, &cursor, &limit, &wrong)
        != NGX_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The query takes carrier, a carrier's "
                                      "slug; limit, a number from 1 to 1000; "
                                      "and cursor, \"next\" of the answer "
                                      "before.", wrong[0] ? wrong : NULL);
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_work(rd, shop, carrier, cursor, (unsigned) limit,
                       ctx->arena, &rows, &next);

    if (rc == CXR_OK) {
        rc = cxr_read_work_sums(rd, shop, ctx->arena, &sums);
    }

    cxr_buf_init(&b, 4 * 1024 * 1024);

    if (rc == CXR_OK) {
        cxr_jw_init(&w, &b);
        ngx_cx_returns_work_json(&w, &rows, &sums, carrier, next);
    }

    cxr_read_end(rd);

    if (rc == CXR_OK) {
        return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
    }

    cxr_buf_free(&b);

    if (rc == CXR_INVALID && cursor.len) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The cursor is none of this list.",
                                      "?cursor");
    }

    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* ---- the desk's page ---- */

ngx_int_t
ngx_cx_returns_staff_feeds(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    ngx_pool_cleanup_t     *cln;
    ngx_cx_returns_docs_t  *d;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_cx_returns_docs_t));
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    d = cln->data;
    ngx_memzero(d, sizeof(ngx_cx_returns_docs_t));
    d->conf = ngx_cx_returns_quarantine(r);

    if (d->conf == NULL) {
        return ngx_cx_returns_docs_page(r, d);
    }

    d->arena = cxr_arena_create(NGX_CX_RETURNS_ARENA);
    if (d->arena == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_cx_returns_docs_free;

    rc = ngx_cx_returns_task(r, ngx_cx_returns_docs_list,
                             ngx_cx_returns_docs_page, d);

    return rc == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY) : rc;
}


static void
ngx_cx_returns_docs_free(void *data)
{
    ngx_cx_returns_docs_t  *d = data;

    cxr_arena_destroy(d->arena);
}


/* in a thread of the pool */

static void
ngx_cx_returns_docs_list(void *data)
{
    ngx_cx_returns_docs_t  *d = data;

    d->rc = cxr_quarantine_list(d->conf->dir, CXR_FEEDS_DOCS, d->arena,
                                &d->docs, &d->more);
}


static ngx_int_t
ngx_cx_returns_docs_page(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_docs_t  *d = data;

    cxr_rc_t                 rc;
    cxr_str_t                next;
    ngx_int_t                answer;
    cxr_read_t              *rd;
    cxr_works_t              codes, sums;
    cxr_view_page_t         *page;
    cxr_staff_feeds_t        p;
    const cxr_shop_t        *shop;
    ngx_cx_returns_ctx_t    *ctx;
    cxr_view_staff_feeds_t   view;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (d->rc != CXR_OK) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: the quarantine \"%s\" cannot be read: %s",
                      d->conf->dir, cxr_rc_name(d->rc));
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_work(rd, shop, CXR_STR_NONE, CXR_STR_NONE,
                       CXR_WORK_LIST_MAX, ctx->arena, &codes, &next);

    if (rc == CXR_OK) {
        rc = cxr_read_work_sums(rd, shop, ctx->arena, &sums);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view,
                           cxr_view_text(ctx->view, "staff.feeds.title", NULL,
                                         0, ctx->arena),
                           ctx->path, ctx->arena, &page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_FEEDS, ctx->arena, page);
    }

    if (rc == CXR_OK) {
        ngx_memzero(&p, sizeof(cxr_staff_feeds_t));
        p.ctx = ctx->view;
        p.page = page;
        p.arena = ctx->arena;
        p.actor = ctx->actor;
        p.codes = &codes;
        p.more_codes = next.len != 0;
        p.sums = &sums;
        p.quarantine = d->conf != NULL;
        p.docs = &d->docs;
        p.more_docs = d->more;

        rc = cxr_view_staff_feeds(&p, &view);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_PAGE_STAFF_FEEDS,
                                        &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    cxr_read_end(rd);

    return answer;
}
