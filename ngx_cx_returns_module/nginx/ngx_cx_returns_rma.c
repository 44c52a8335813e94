
/*
 * The shopper's page of one RMA, its cancellation, what brings it back.
 */

#include "ngx_cx_returns_talk.h"


typedef struct {
    cxr_str_t             url;         /* ".../r/<token>", no language         */
    cxr_link_t            link;
    cxr_rma_t             rma;
    const cxr_refusal_t  *refusal;
    ngx_cx_returns_answered_t  said;       /* to the survey */
    cxr_sent_form_t      *sent;        /* typed, and to be mended              */
    ngx_cx_returns_talk_t     talk;
    ngx_cx_returns_talk_act_t act;
    unsigned              conflict:1;
} ngx_cx_returns_rma_ctx_t;


static ngx_int_t ngx_cx_returns_rma_show(ngx_http_request_t *r,
    ngx_cx_returns_rma_ctx_t *c, ngx_uint_t status);
static ngx_int_t ngx_cx_returns_rma_cancel(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_rma_cancelled(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_rma_sent(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_rma_survey(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_rma_surveyed(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_rma_talk(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_rma_said(ngx_http_request_t *r,
    const cxr_pairs_t *pairs);
static ngx_int_t ngx_cx_returns_rma_talked(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_rma_sent_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


ngx_int_t
ngx_cx_returns_rma_page(ngx_http_request_t *r, cxr_str_t rest)
{
    cxr_str_t                  token, tail, hex;
    ngx_int_t                  rc, answer;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_cx_returns_body_pt     post;
    ngx_cx_returns_rma_ctx_t  *c;

    ctx = ngx_cx_returns_ctx(r);

    c = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_rma_ctx_t));
    if (c == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_cx_returns_split(rest, &token, &tail);

    c->url = cxr_strn(ctx->path.data,
                      (size_t) (token.data + token.len - ctx->path.data));
    ctx->data = c;

    if (ngx_cx_returns_open_link(r, CXR_LINK_RMA, token, &c->link, &answer)
        != NGX_OK)
    {
        return answer;
    }

    c->act = ngx_cx_returns_talk_act(tail, CXR_SIDE_SHOPPER);

    if (ngx_cx_returns_is_photo(tail, &hex)) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_photo(r, CXR_STR_NONE,
                                                   c->link.rma, hex)
                            : rc;
    }

    post = c->act != NGX_CX_RETURNS_TALK_NONE ? ngx_cx_returns_rma_talk
           : cxr_str_is(tail, "cancel") ? ngx_cx_returns_rma_cancel
           : cxr_str_is(tail, "parcel") ? ngx_cx_returns_rma_sent
           : cxr_str_is(tail, "survey") ? ngx_cx_returns_rma_survey
                                        : NULL;

    if (post != NULL) {

        if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
            rc = ngx_http_discard_request_body(r);

            return rc == NGX_OK
                   ? ngx_cx_returns_page_redirect(r, c->url, "") : rc;
        }

        rc = ngx_cx_returns_page_method(r, 1);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_cx_returns_read_body(r, post == ngx_cx_returns_rma_talk
                                           ? ngx_cx_returns_form_max(r)
                                    : ngx_cx_returns_loc(r)->form_size, post);
    }

    rc = ngx_cx_returns_page_method(r, 0);

    if (rc != NGX_OK) {
        return rc;
    }

    if (tail.len == 0) {
        return ngx_cx_returns_rma_show(r, c, NGX_HTTP_OK);
    }

    return ngx_cx_returns_rma_paper(r, c->url, c->link.rma, tail);
}


static void
ngx_cx_returns_rma_thread(ngx_cx_returns_rma_ctx_t *c)
{
    c->talk.order = c->rma.order;
    c->talk.rma = c->rma.id;
    c->talk.side = CXR_SIDE_SHOPPER;
    c->talk.url = c->url;
    c->talk.can_write = 1;
}


/*
 * The law whose right of withdrawal the shopper had on the day of the request:
 * its clock for the refund runs, whatever the request was called.  An order
 * that has gone, or cannot be read, leaves the page without that sentence.
 */

static void
ngx_cx_returns_rma_law(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, cxr_rma_page_t *p)
{
    ngx_cx_returns_order_t  o;

    if (rma->gift || ngx_cx_returns_loc(r)->shop->shop->policy.laws.n == 0
        || ngx_cx_returns_order_load(r, rd, rma->order, 0, &o) != CXR_OK)
    {
        return;
    }

    o.now = rma->created_at;

    if (ngx_cx_returns_order_judge(r, &o) != CXR_OK) {
        return;
    }

    cxr_view_rma_law(p, &o.order, o.judgements);
}


/* The order's own thread, where there is one: what is written there is not on
   this page. */

static cxr_rc_t
ngx_cx_returns_rma_order_talk(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_rma_ctx_t *c, cxr_rma_page_t *p)
{
    cxr_rc_t             rc;
    cxr_talk_t           talk;
    const cxr_thread_t  *t;

    rc = cxr_read_talk(rd, ngx_cx_returns_loc(r)->shop->shop, c->rma.order,
                       ngx_cx_returns_ctx(r)->arena, &talk);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    t = cxr_talk_thread(&talk, CXR_STR_NONE);

    if (t != NULL) {
        p->order_unread = t->unread[CXR_SIDE_SHOPPER];
        p->talk_url = cxr_sprintf(ngx_cx_returns_ctx(r)->arena, "%.*s/talk",
                                  cxr_str_arg(p->order_url));
    }

    return CXR_OK;
}


/* What the address says of it, and what became of what the shopper sent. */

static void
ngx_cx_returns_rma_shown(ngx_http_request_t *r, ngx_cx_returns_rma_ctx_t *c,
    cxr_rma_page_t *p)
{
    cxr_str_t              whole;
    cxr_pairs_t            args;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        ngx_memzero(&args, sizeof(cxr_pairs_t));
    }

    whole = cxr_view_url(ctx->view, c->url, ctx->arena);

    p->ctx = ctx->view;
    p->arena = ctx->arena;
    p->now = ngx_cx_returns_now();
    p->rma = &c->rma;
    p->url = c->url;
    p->permalink = cxr_sprintf(ctx->arena, "%.*s%.*s",
                               cxr_str_arg(shop->origin), cxr_str_arg(whole));
    p->fresh = cxr_str_is(ngx_cx_returns_pair(&args, "new"), "1");
    p->cancelled_now = cxr_str_is(ngx_cx_returns_pair(&args, "cancelled"),
                                  "1");
    p->refusal = c->refusal;
    p->conflict = c->conflict;
    p->sent = c->sent;
    p->sent_now = cxr_str_is(ngx_cx_returns_pair(&args, "sent"), "1");
    p->survey_pick = ngx_cx_returns_pair(&args, "score");
    p->survey_no = c->said.refusal;
    p->survey_said = c->said.comment;
}


/* Where the page leads to, and the frame around it. */

static cxr_rc_t
ngx_cx_returns_rma_links(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_rma_ctx_t *c, cxr_rma_page_t *p)
{
    cxr_rc_t               rc;
    cxr_say_t              say;
    cxr_str_t              title;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    say = cxr_say_to(ctx->view, ctx->arena);

    rc = CXR_OK;

    /* who was given it knows nothing of the order but what she was given */

    if (!c->rma.gift
        || ngx_cx_returns_loc(r)->shop->shop->policy.gifts.outcomes != 0)
    {
        rc = ngx_cx_returns_page_link(r, c->rma.gift ? CXR_LINK_GIFT
                                                     : CXR_LINK_ORDER,
                                      c->rma.order, CXR_STR_NONE,
                                      &p->order_url);
    }

    if (rc == CXR_OK && !c->rma.gift) {
        rc = ngx_cx_returns_page_link(r, CXR_LINK_TRACK, c->rma.order,
                                      CXR_STR_NONE, &p->track_url);

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_rma_order_talk(r, rd, c, p);
        }
    }

    if (rc != CXR_OK) {
        return rc;
    }

    title = cxr_say_join(&say, cxr_say_name(&say, "rma.kind.",
                                            cxr_rma_kind_names[c->rma.kind]),
                         " ", c->rma.id);
    rc = cxr_say_rc(&say);

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view, title, c->url, ctx->arena, &p->page);
    }

    if (rc != CXR_OK || c->rma.gift) {
        return rc;
    }

    return ngx_cx_returns_withdraw_of(r, p->page->withdraw_url,
                                      c->rma.order_number,
                                      &p->page->withdraw_of);
}


static ngx_int_t
ngx_cx_returns_rma_show(ngx_http_request_t *r, ngx_cx_returns_rma_ctx_t *c,
    ngx_uint_t status)
{
    cxr_rc_t               rc;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_order_t            order;
    cxr_talk_in_t          talk;
    cxr_view_rma_t         view;
    cxr_rma_page_t         p;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, shop, c->link.rma, ctx->arena, &c->rma);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    }

    ngx_memzero(&p, sizeof(cxr_rma_page_t));

    ngx_cx_returns_rma_shown(r, c, &p);
    p.notes = ngx_cx_returns_rma_notes(r, rd, &c->rma);

    /* for its question, and for where she sends it from */

    if (cxr_read_order(rd, shop, c->rma.order, ctx->arena, &order) == CXR_OK) {
        p.order = &order;
    }

    ngx_cx_returns_rma_thread(c);

    if (ngx_cx_returns_talk_load(r, rd, &c->talk, &talk) != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    p.talk = &talk;

    ngx_cx_returns_rma_law(r, rd, &c->rma, &p);

    if (ngx_cx_returns_rma_links(r, rd, c, &p) != CXR_OK
        || ngx_cx_returns_sent_parcels(r, rd, &c->rma, &p.parcels) != CXR_OK
        || cxr_view_rma(&p, &view) != CXR_OK)
    {
        cxr_read_end(rd);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    answer = ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_RMA,
                                      &view);
    cxr_read_end(rd);

    return answer;
}


/* ---- cancel ---- */

static ngx_int_t
ngx_cx_returns_rma_cancel(ngx_http_request_t *r, cxr_str_t body)
{
    uint64_t                   v;
    cxr_str_t                  expect;
    ngx_int_t                  answer;
    cxr_pairs_t                pairs;
    cxr_rma_act_t             *cancel;
    ngx_cx_returns_op_t       *op;
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    v = 0;
    expect = ngx_cx_returns_pair(&pairs, "expect");

    if (expect.len && !cxr_parse_uint(expect, UINT32_MAX, &v)) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    op = ngx_cx_returns_op_create(r);
    cancel = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_act_t)) : NULL;

    if (cancel == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cancel->verb = CXR_VERB_CANCEL;
    cancel->rma = c->link.rma;

    op->job.kind = CXR_CMD_RMA_ACT;
    op->job.u.act.act = cancel;
    op->job.expect = (uint32_t) v;
    op->job.actor_kind = CXR_ACTOR_SHOPPER;
    op->job.actor = cxr_str("shopper");
    op->done = ngx_cx_returns_rma_cancelled;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_int_t
ngx_cx_returns_rma_cancelled(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    switch (op->job.rc) {

    case CXR_OK:
        return ngx_cx_returns_page_redirect(r, c->url, "?cancelled=1");

    case CXR_REFUSED:
        c->refusal = &op->job.refusal;
        return ngx_cx_returns_rma_show(r, c, NGX_HTTP_CONFLICT);

    case CXR_CONFLICT:
        c->conflict = 1;
        return ngx_cx_returns_rma_show(r, c, NGX_HTTP_CONFLICT);

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }
}


/* ---- what brings it back ---- */

static ngx_int_t
ngx_cx_returns_rma_sent(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t                  answer;
    cxr_pairs_t                pairs;
    cxr_rma_name_t            *name;
    ngx_cx_returns_op_t       *op;
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    name = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_name_t)) : NULL;
    c->sent = cxr_calloc(ngx_cx_returns_ctx(r)->arena, 1,
                         sizeof(cxr_sent_form_t));

    if (name == NULL || c->sent == NULL
        || cxr_sent_form_parse(ngx_cx_returns_loc(r)->shop->shop, &pairs,
                               op->arena, c->sent, name)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!cxr_sent_form_ok(c->sent)) {
        return ngx_cx_returns_rma_show(r, c, 422);
    }

    name->rma = c->link.rma;

    op->job.kind = CXR_CMD_RMA_PARCEL;
    op->job.u.parcel = name;
    op->job.actor_kind = CXR_ACTOR_SHOPPER;
    op->job.actor = cxr_str("shopper");
    op->done = ngx_cx_returns_rma_sent_done;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_int_t
ngx_cx_returns_rma_sent_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    switch (op->job.rc) {

    case CXR_OK:
        return ngx_cx_returns_page_redirect(r, c->url, "?sent=1");

    case CXR_REFUSED:
        c->refusal = &op->job.refusal;
        return ngx_cx_returns_rma_show(r, c, NGX_HTTP_CONFLICT);

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }
}


/* ---- how did it go? ---- */

static ngx_int_t
ngx_cx_returns_rma_survey(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t                  rc;
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    rc = ngx_cx_returns_survey_post(r, body, CXR_STR_NONE, c->link.rma,
                                    &c->said, ngx_cx_returns_rma_surveyed);

    return rc == NGX_DECLINED ? ngx_cx_returns_rma_show(r, c, c->said.status)
                              : rc;
}


static ngx_int_t
ngx_cx_returns_rma_surveyed(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_int_t                  rc;
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;
    rc = ngx_cx_returns_survey_done(r, op, c->url, &c->said);

    return rc == NGX_DECLINED ? ngx_cx_returns_rma_show(r, c, c->said.status)
                              : rc;
}


/* ---- messages ---- */

static ngx_int_t
ngx_cx_returns_rma_talk(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    /* the order is the job's to find */

    ngx_cx_returns_rma_thread(c);
    c->talk.rma = c->link.rma;

    return ngx_cx_returns_talk_form(r, body, &c->talk,
                                    ngx_cx_returns_rma_said);
}


static ngx_int_t
ngx_cx_returns_rma_said(ngx_http_request_t *r, const cxr_pairs_t *pairs)
{
    ngx_int_t                  rc;
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    rc = ngx_cx_returns_talk_post(r, pairs, c->act, &c->talk,
                                  ngx_cx_returns_rma_talked);

    return rc == NGX_DECLINED ? ngx_cx_returns_rma_show(r, c, c->talk.status)
                              : rc;
}


static ngx_int_t
ngx_cx_returns_rma_talked(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_int_t                  rc;
    ngx_cx_returns_rma_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;
    rc = ngx_cx_returns_talk_done(r, op, &c->talk);

    return rc == NGX_DECLINED ? ngx_cx_returns_rma_show(r, c, c->talk.status)
                              : rc;
}
