
/*
 * Receiving: one field that takes what a hand scanner types, then the lines of
 * the RMA that it leads to.
 */

#include "ngx_cx_returns_desk.h"
#include "cxr_scan.h"


typedef struct {
    cxr_receive_page_t   page;
    cxr_str_t            id;          /* RMA of the path, or empty             */
    cxr_rmas_t           choices;
    cxr_receive_form_t   form;
    ngx_uint_t           status;
    unsigned             counted:1;   /* the first of two commands is done     */
} ngx_cx_returns_receive_t;


static ngx_int_t ngx_cx_returns_receive_scan(ngx_http_request_t *r,
    cxr_str_t body);
static cxr_rc_t ngx_cx_returns_receive_find(ngx_http_request_t *r,
    cxr_read_t *rd, const cxr_scan_code_t *code,
    ngx_cx_returns_receive_t *d);
static cxr_rc_t ngx_cx_returns_receive_label(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_str_t token, ngx_cx_returns_receive_t *d);
static cxr_rc_t ngx_cx_returns_receive_order(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_str_t folded, ngx_cx_returns_receive_t *d);
static ngx_int_t ngx_cx_returns_receive_save(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_cx_returns_op_t *ngx_cx_returns_receive_op(ngx_http_request_t *r,
    ngx_cx_returns_receive_t *d, cxr_staff_act_t *act, uint32_t expect);
static ngx_int_t ngx_cx_returns_receive_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_receive_page(ngx_http_request_t *r,
    ngx_cx_returns_receive_t *d, cxr_read_t *rd);


ngx_int_t
ngx_cx_returns_staff_receive(ngx_http_request_t *r, cxr_str_t rest)
{
    char                      *id;
    ngx_int_t                  rc;
    cxr_pairs_t                args;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_cx_returns_receive_t  *d;

    ctx = ngx_cx_returns_ctx(r);

    d = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_receive_t));
    id = cxr_alloc(ctx->arena, CXR_RMA_ID_LEN);

    if (d == NULL || id == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_cx_returns_may(ctx, CXR_VERB_RECEIVE)
        || (rest.len > 1
            && cxr_rma_id_parse(cxr_strn(rest.data + 1, rest.len - 1), id)
               != CXR_OK))
    {
        rc = ngx_http_discard_request_body(r);

        return rc != NGX_OK ? rc
               : ngx_cx_returns_error_page(r,
                                 ngx_cx_returns_may(ctx, CXR_VERB_RECEIVE)
                                 ? CXR_PAGE_NOT_FOUND : CXR_PAGE_FORBIDDEN);
    }

    d->status = NGX_HTTP_OK;
    d->id = rest.len > 1 ? cxr_strn(id, CXR_RMA_ID_LEN) : CXR_STR_NONE;
    ctx->data = d;

    if (r->method == NGX_HTTP_POST) {
        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->form_size,
                                        d->id.len
                                        ? ngx_cx_returns_receive_save
                                        : ngx_cx_returns_receive_scan);
    }

    rc = ngx_cx_returns_page_method(r, 0);

    if (rc != NGX_OK) {
        return rc;
    }

    /* what was saved a moment ago */

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        == CXR_OK
        && cxr_rma_id_parse(ngx_cx_returns_pair(&args, "done"), id) == CXR_OK
        && d->id.len == 0)
    {
        d->page.done = cxr_strn(id, CXR_RMA_ID_LEN);
    }

    return ngx_cx_returns_receive_page(r, d, NULL);
}


/* ---- what was scanned ---- */

static ngx_int_t
ngx_cx_returns_receive_scan(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t                   rc;
    cxr_str_t                  path;
    ngx_int_t                  answer;
    cxr_read_t                *rd;
    cxr_pairs_t                pairs;
    cxr_scan_code_t            code;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_cx_returns_receive_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK
        || ngx_cx_returns_staff_token_ok(r, &pairs, &answer) != NGX_OK)
    {
        return answer;
    }

    rc = cxr_scan_read(ngx_cx_returns_pair(&pairs, "scan"), ctx->arena,
                       &code);

    if (rc == CXR_NOMEM) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    d->page.code = code.text;
    d->page.layout = code.layout;

    if (rc != CXR_OK) {
        d->page.scanned = CXR_SCANNED_UNREADABLE;
        rc = CXR_OK;

    } else if (code.kind != CXR_SCAN_EMPTY) {
        rc = ngx_cx_returns_receive_find(r, rd, &code, d);
    }

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    if (d->page.scanned == CXR_SCANNED_OK && d->page.about.len) {
        cxr_read_end(rd);

        path = cxr_sprintf(ctx->arena, "%.*sreceive/%.*s",
                     cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->staff),
                     cxr_str_arg(d->page.about));

        return ngx_cx_returns_page_redirect(r, path, "");
    }

    if (d->page.scanned != CXR_SCANNED_OK) {
        d->status = 422;
    }

    return ngx_cx_returns_receive_page(r, d, rd);
}


/* A label, an RMA, an order or a parcel: what of these it is. */

static cxr_rc_t
ngx_cx_returns_receive_find(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_scan_code_t *code, ngx_cx_returns_receive_t *d)
{
    char               *id, folded[64];
    size_t              len;
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_rma_t           rma;
    cxr_arena_t        *a;
    cxr_shipments_t     ships;
    const cxr_shop_t   *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (code->kind == CXR_SCAN_TOKEN) {
        return ngx_cx_returns_receive_label(r, rd, code->text, d);
    }

    id = cxr_alloc(a, CXR_RMA_ID_LEN);
    if (id == NULL) {
        return CXR_NOMEM;
    }

    if (cxr_rma_id_parse(code->text, id) == CXR_OK) {

        rc = cxr_read_rma(rd, shop, cxr_strn(id, CXR_RMA_ID_LEN), a, &rma);

        if (rc == CXR_OK) {
            d->page.about = rma.id;
            d->page.scanned = cxr_receivable(&rma);
        }

        if (rc != CXR_NOTFOUND) {
            return rc;
        }
    }

    d->page.scanned = CXR_SCANNED_UNKNOWN;

    if (cxr_fold_number(code->text, folded, &len) != CXR_OK) {
        return CXR_OK;
    }

    rc = ngx_cx_returns_receive_order(r, rd, cxr_strn(folded, len), d);

    if (rc != CXR_NOTFOUND) {
        return rc;
    }

    rc = cxr_read_by_number(rd, shop, cxr_strn(folded, len), a, &ships);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    for (i = 0; i < ships.n; i++) {

        if (ships.items[i].rma.len) {

            rc = cxr_read_rma(rd, shop, ships.items[i].rma, a, &rma);

            if (rc == CXR_OK) {
                d->page.about = rma.id;
                d->page.scanned = cxr_receivable(&rma);
            }

            return rc == CXR_NOTFOUND ? CXR_OK : rc;
        }
    }

    /* one that brought the goods to the shopper, and comes back as it is */

    for (i = 0; i < ships.n; i++) {

        if (ships.items[i].order.len) {
            rc = ngx_cx_returns_receive_order(r, rd, ships.items[i].order, d);
            return rc == CXR_NOTFOUND ? CXR_OK : rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
ngx_cx_returns_receive_label(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t token, ngx_cx_returns_receive_t *d)
{
    char                 kid[9];
    cxr_rc_t             rc, held;
    cxr_rma_t            rma;
    cxr_arena_t         *a;
    const cxr_shop_t    *shop;
    cxr_label_claims_t   claims;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    /* the shop as the label says it: another one's label is no forgery */

    held = cxr_label_verify(ngx_cx_returns_ring(r), CXR_STR_NONE, token,
                            ngx_cx_returns_now(), a, &claims, kid);

    if (held != CXR_OK && held != CXR_EXPIRED) {
        d->page.scanned = CXR_SCANNED_FORGED;
        ngx_cx_returns_count(NGX_CX_RETURNS_C_REFUSED_TOKENS, 1);
        return held == CXR_NOMEM ? held : CXR_OK;
    }

    if (!cxr_str_eq(claims.shop, shop->id)) {
        d->page.scanned = CXR_SCANNED_FOREIGN;
        return CXR_OK;
    }

    rc = cxr_read_rma(rd, shop, claims.rma, a, &rma);

    if (rc != CXR_OK) {
        d->page.scanned = CXR_SCANNED_UNKNOWN;
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    d->page.about = rma.id;
    d->page.scanned = cxr_receivable(&rma);

    if (d->page.scanned != CXR_SCANNED_OK) {
        return CXR_OK;
    }

    if (!cxr_str_eq(rma.label_jti, claims.jti)) {
        d->page.scanned = CXR_SCANNED_REPLACED;

    } else if (held == CXR_EXPIRED) {
        d->page.scanned = CXR_SCANNED_EXPIRED;
        d->page.when = claims.expires;
        ngx_cx_returns_count(NGX_CX_RETURNS_C_EXPIRED_TOKENS, 1);
    }

    return CXR_OK;
}


/* CXR_NOTFOUND: no such order */

static cxr_rc_t
ngx_cx_returns_receive_order(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t folded, ngx_cx_returns_receive_t *d)
{
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_rma_t         *rma;
    cxr_arena_t       *a;
    cxr_order_t        order;
    cxr_scanned_t      last;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    rc = cxr_read_order(rd, shop, folded, a, &order);

    if (rc != CXR_OK) {
        return rc;
    }

    last = CXR_SCANNED_NONE;

    for (i = order.rmas.n; i > 0; i--) {

        rma = cxr_list_push(a, &d->choices, sizeof(cxr_rma_t));
        if (rma == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_read_rma(rd, shop, order.rmas.items[i - 1], a, rma);
        if (rc != CXR_OK) {
            return rc;
        }

        d->page.scanned = cxr_receivable(rma);

        if (d->page.scanned != CXR_SCANNED_OK) {

            if (last == CXR_SCANNED_NONE) {
                last = d->page.scanned;
                d->page.about = rma->id;
            }

            d->choices.n--;
        }
    }

    switch (d->choices.n) {

    case 0:
        d->page.scanned = last;
        break;

    case 1:
        d->page.scanned = CXR_SCANNED_OK;
        d->page.about = d->choices.items[0].id;
        break;

    default:
        d->page.scanned = CXR_SCANNED_OK;
        d->page.about = CXR_STR_NONE;
        d->page.choices = d->choices.items;
        d->page.nchoices = d->choices.n;
    }

    return CXR_OK;
}


/* ---- what was found in the box ---- */

static ngx_int_t
ngx_cx_returns_receive_save(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t                   rc;
    cxr_rma_t                  rma;
    ngx_int_t                  answer;
    cxr_read_t                *rd;
    cxr_pairs_t               *pairs;
    ngx_cx_returns_op_t       *op;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_cx_returns_receive_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    pairs = cxr_calloc(ctx->arena, 1, sizeof(cxr_pairs_t));
    if (pairs == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_page_form(r, body, pairs, &answer) != NGX_OK
        || ngx_cx_returns_staff_token_ok(r, pairs, &answer) != NGX_OK)
    {
        return answer;
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, d->id,
                      ctx->arena, &rma);

    if (rc == CXR_OK) {
        rc = cxr_receive_parse(pairs, &rma, ctx->arena, &d->form);
    }

    cxr_read_end(rd);

    switch (rc) {

    case CXR_OK:
        break;

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    case CXR_INVALID:
    case CXR_LIMIT:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    d->page.form = &d->form;

    if (d->form.expect != 0 && d->form.expect != rma.revision) {

        /* what was typed is judged once she has seen what is there now */

        d->page.conflict = true;
        d->form.error_key = CXR_STR_NONE;
        d->status = NGX_HTTP_CONFLICT;
        return ngx_cx_returns_receive_page(r, d, NULL);
    }

    if (d->form.error_key.len) {
        d->status = 422;
        return ngx_cx_returns_receive_page(r, d, NULL);
    }

    op = ngx_cx_returns_receive_op(r, d, d->form.has_receive
                                         ? &d->form.receive : &d->form.grade,
                                   d->form.expect);
    if (op == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_cx_returns_op_t *
ngx_cx_returns_receive_op(ngx_http_request_t *r, ngx_cx_returns_receive_t *d,
    cxr_staff_act_t *act, uint32_t expect)
{
    ngx_cx_returns_op_t  *op;

    op = ngx_cx_returns_op_create(r);

    if (op == NULL) {
        return NULL;
    }

    op->job.kind = CXR_CMD_RMA_ACT;
    op->job.u.act.act = &act->act;
    op->job.expect = expect;
    op->job.actor_kind = CXR_ACTOR_STAFF;
    op->job.actor = ngx_cx_returns_ctx(r)->actor;
    op->done = ngx_cx_returns_receive_done;

    return op;
}


static ngx_int_t
ngx_cx_returns_receive_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_str_t                  path;
    ngx_cx_returns_op_t       *next;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_cx_returns_receive_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    switch (op->job.rc) {

    case CXR_OK:
        break;

    case CXR_REFUSED:
        d->page.refusal = &op->job.refusal;
        d->status = NGX_HTTP_CONFLICT;
        return ngx_cx_returns_receive_page(r, d, NULL);

    case CXR_CONFLICT:
        d->page.conflict = true;
        d->status = NGX_HTTP_CONFLICT;
        return ngx_cx_returns_receive_page(r, d, NULL);

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }

    if (d->form.has_receive && d->form.has_grade && !d->counted) {

        d->counted = 1;
        next = ngx_cx_returns_receive_op(r, d, &d->form.grade,
                                         op->job.revision);

        return next != NULL && ngx_cx_returns_op_again(r, next) == NGX_DONE
               ? NGX_DONE : ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }

    path = cxr_sprintf(ctx->arena, "%.*sreceive",
                     cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->staff));

    return ngx_cx_returns_page_redirect(r, path,
                                  cxr_sprintf(ctx->arena, "?done=%.*s",
                                              cxr_str_arg(d->id)).data);
}


/* ---- the page; ends the snapshot that it is given ---- */

static ngx_int_t
ngx_cx_returns_receive_page(ngx_http_request_t *r,
    ngx_cx_returns_receive_t *d, cxr_read_t *rd)
{
    cxr_rc_t               rc;
    cxr_rma_t              rma;
    ngx_int_t              answer;
    const cxr_shop_t      *shop;
    cxr_view_receive_t     view;
    cxr_receive_page_t    *p;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    p = &d->page;

    if (rd == NULL) {
        rd = ngx_cx_returns_page_read(r, &answer);

        if (rd == NULL) {
            return answer;
        }
    }

    p->ctx = ctx->view;
    p->arena = ctx->arena;
    p->actor = ctx->actor;
    p->token = ngx_cx_returns_staff_token(r);

    rc = CXR_OK;

    if (d->id.len) {
        rc = cxr_read_rma(rd, shop, d->id, ctx->arena, &rma);

        if (rc == CXR_NOTFOUND) {
            cxr_read_end(rd);
            return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
        }
    }

    if (rc == CXR_OK && d->id.len) {
        p->about = rma.id;
        p->scanned = cxr_receivable(&rma);

        if (p->scanned == CXR_SCANNED_OK || p->form != NULL) {
            p->rma = &rma;
            p->notes = ngx_cx_returns_rma_notes(r, rd, &rma);
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view,
                           cxr_view_text(ctx->view, "staff.receive.title",
                                         NULL, 0, ctx->arena),
                           cxr_sprintf(ctx->arena, "%.*sreceive%s%.*s",
                                       cxr_str_arg(shop->staff),
                                       d->id.len ? "/" : "",
                                       cxr_str_arg(d->id)),
                           ctx->arena, &p->page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_RECEIVE, ctx->arena,
                               p->page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_receive(p, &view);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, d->status,
                                        NGX_CX_RETURNS_PAGE_STAFF_RECEIVE,
                                        &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    cxr_read_end(rd);

    return answer;
}
