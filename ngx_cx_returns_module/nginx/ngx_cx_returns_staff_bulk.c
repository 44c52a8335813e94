
/*
 * Many RMAs at once: each is a command of its own, with the revision that the
 * list showed and an idempotency key, so that a form that comes again does
 * nothing twice.  One after the other, and each has its own answer.
 */

#include "ngx_cx_returns_desk.h"


#define NGX_CX_RETURNS_BULK_KEY  64


typedef struct {
    cxr_bulk_t    bulk;
    ngx_uint_t    at;          /* row that is being worked                     */
} ngx_cx_returns_bulk_t;


static ngx_int_t ngx_cx_returns_bulk_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_cx_returns_op_t *ngx_cx_returns_bulk_op(ngx_http_request_t *r,
    ngx_cx_returns_bulk_t *b);
static ngx_int_t ngx_cx_returns_bulk_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_bulk_page(ngx_http_request_t *r,
    ngx_cx_returns_bulk_t *b, ngx_uint_t status);


ngx_int_t
ngx_cx_returns_staff_bulk(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {

        /* reloaded from its address: there is nothing to show again */

        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK
               ? ngx_cx_returns_page_redirect(r,
                                  ngx_cx_returns_loc(r)->shop->shop->staff, "")
               : rc;
    }

    rc = ngx_cx_returns_page_method(r, 1);

    return rc == NGX_OK
           ? ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->form_size,
                                      ngx_cx_returns_bulk_body)
           : rc;
}


static ngx_int_t
ngx_cx_returns_bulk_body(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t                rc;
    ngx_int_t               answer;
    cxr_pairs_t             pairs;
    ngx_cx_returns_op_t    *op;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_bulk_t  *b;

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK
        || ngx_cx_returns_staff_token_ok(r, &pairs, &answer) != NGX_OK)
    {
        return answer;
    }

    b = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_bulk_t));
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_bulk_parse(&pairs, ctx->arena, &b->bulk);

    if (rc == CXR_INVALID || rc == CXR_LIMIT) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    if (rc != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_cx_returns_may(ctx, b->bulk.verb)) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_FORBIDDEN);
    }

    ctx->data = b;

    if (b->bulk.error_key.len) {
        return ngx_cx_returns_bulk_page(r, b, 422);
    }

    op = ngx_cx_returns_bulk_op(r, b);

    if (op == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_cx_returns_op_t *
ngx_cx_returns_bulk_op(ngx_http_request_t *r, ngx_cx_returns_bulk_t *b)
{
    cxr_buf_t              key;
    cxr_str_t              scope;
    cxr_bulk_row_t        *row;
    cxr_rma_act_t         *act;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_ctx_t  *ctx;
    char                   mem[NGX_CX_RETURNS_BULK_KEY];

    ctx = ngx_cx_returns_ctx(r);
    row = &b->bulk.rows.items[b->at];

    op = ngx_cx_returns_op_create(r);
    act = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_act_t)) : NULL;

    if (act == NULL
        || cxr_str_dup(op->arena, row->id, &act->rma) != CXR_OK
        || cxr_str_dup(op->arena, b->bulk.reason, &act->reason) != CXR_OK)
    {
        return NULL;
    }

    act->verb = b->bulk.verb;

    /* the same row of the same form, by the same person */

    scope = cxr_sprintf(op->arena, "desk.bulk:%.*s", cxr_str_arg(ctx->actor));
    if (scope.data == NULL) {
        return NULL;
    }

    cxr_buf_init_fixed(&key, mem, sizeof(mem));
    cxr_buf_adds(&key, row->id);
    cxr_buf_addf(&key, ":%u:%s", row->expect, cxr_verbs[act->verb].name);

    cxr_idem_hash(scope, cxr_buf_str(&key), op->job.idem);
    cxr_idem_hash(cxr_str("desk.bulk.reason"), act->reason,
                  op->job.fingerprint);

    op->job.has_idem = 1;
    op->job.kind = CXR_CMD_RMA_ACT;
    op->job.u.act.act = act;
    op->job.expect = row->expect;
    op->job.actor_kind = CXR_ACTOR_STAFF;
    op->job.actor = ctx->actor;
    op->done = ngx_cx_returns_bulk_done;

    return op;
}


static ngx_int_t
ngx_cx_returns_bulk_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_bulk_row_t         *row;
    ngx_cx_returns_op_t    *next;
    ngx_cx_returns_bulk_t  *b;

    b = ngx_cx_returns_ctx(r)->data;
    row = &b->bulk.rows.items[b->at];

    row->rc = op->job.rc;
    row->refusal = &op->job.refusal;
    row->repeated = op->job.repeated;

    while (++b->at < b->bulk.rows.n) {
        next = ngx_cx_returns_bulk_op(r, b);

        if (next != NULL && ngx_cx_returns_op_again(r, next) == NGX_DONE) {
            return NGX_DONE;
        }

        /* what was done stays done, and the report says what was not */

        b->bulk.rows.items[b->at].rc = CXR_AGAIN;
    }

    return ngx_cx_returns_bulk_page(r, b, NGX_HTTP_OK);
}


static ngx_int_t
ngx_cx_returns_bulk_page(ngx_http_request_t *r, ngx_cx_returns_bulk_t *b,
    ngx_uint_t status)
{
    cxr_rc_t               rc;
    cxr_str_t              self;
    cxr_bulk_page_t        p;
    cxr_view_bulk_t        view;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    ngx_memzero(&p, sizeof(cxr_bulk_page_t));

    p.ctx = ctx->view;
    p.arena = ctx->arena;
    p.actor = ctx->actor;
    p.token = ngx_cx_returns_staff_token(r);
    p.bulk = &b->bulk;

    /* in the other language there is the list, not what was just done */

    self = ngx_cx_returns_loc(r)->shop->shop->staff;

    rc = cxr_view_page(ctx->view,
                       cxr_view_text(ctx->view, "staff.bulk.title", NULL, 0,
                                     ctx->arena),
                       self, ctx->arena, &p.page);

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_PAGES, ctx->arena, p.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_bulk(&p, &view);
    }

    return rc == CXR_OK
           ? ngx_cx_returns_send_page(r, status,
                                      NGX_CX_RETURNS_PAGE_STAFF_BULK, &view)
           : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
}
