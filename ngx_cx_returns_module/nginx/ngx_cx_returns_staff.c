
/*
 * The returns desk: its addresses, the search, decisions.  Who is at the desk is what
 * nginx says (cx_returns_actor, cx_returns_roles).
 */

#include "ngx_cx_returns_staff_rma.h"


static ngx_int_t ngx_cx_returns_staff_one(ngx_http_request_t *r,
    cxr_str_t rest);
static ngx_int_t ngx_cx_returns_staff_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_staff_act(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_staff_parcel(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_staff_talk(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_staff_said(ngx_http_request_t *r,
    const cxr_pairs_t *pairs);
static ngx_int_t ngx_cx_returns_staff_talked(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_staff_decided(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static int64_t ngx_cx_returns_staff_hour(void);


/* A path whose own handler asks for the role of what is done there. */

static ngx_flag_t
ngx_cx_returns_staff_asks(cxr_str_t rest)
{
    return cxr_str_is(rest, "bulk")
           || (rest.len >= 7 && ngx_memcmp(rest.data, "receive", 7) == 0)
           || (rest.len > 4
               && ngx_memcmp(rest.data + rest.len - 4, "/act", 4) == 0);
}


ngx_int_t
ngx_cx_returns_staff_handler(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    cxr_str_t              rest;
    ngx_cx_returns_ctx_t  *ctx;

    if (ngx_cx_returns_route(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_cx_returns_ctx(r);
    rc = ngx_cx_returns_identify(r);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_cx_returns_below(ctx, ngx_cx_returns_loc(r)->shop->shop->staff,
                              &rest))
    {
        rest = cxr_str("?");
    }

    if (rc == NGX_DECLINED
        || !ngx_cx_returns_has_role(ctx, cxr_str("read"))
        || (r->method == NGX_HTTP_POST
            && (ngx_cx_returns_cross_site(r)
                || (!ngx_cx_returns_staff_asks(rest)
                    && !ngx_cx_returns_has_role(ctx, cxr_str("approve"))))))
    {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK
               ? ngx_cx_returns_error_page(r, CXR_PAGE_FORBIDDEN) : rc;
    }

    if (rest.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_staff_list(r) : rc;
    }

    if (cxr_str_is(rest, "export.csv")) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_staff_export(r) : rc;
    }

    if (cxr_str_is(rest, "surveys") || cxr_str_is(rest, "surveys.csv")) {
        return ngx_cx_returns_staff_surveys(r, rest.len > 7);
    }

    if (cxr_str_is(rest, "bulk")) {
        return ngx_cx_returns_staff_bulk(r);
    }

    if (cxr_str_is(rest, "receive")
        || (rest.len > 8 && ngx_memcmp(rest.data, "receive/", 8) == 0))
    {
        return ngx_cx_returns_staff_receive(r, cxr_strn(rest.data + 7,
                                                        rest.len - 7));
    }

    if (cxr_str_is(rest, "feeds")) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_staff_feeds(r) : rc;
    }

    if (cxr_str_is(rest, "withdrawals")
        || (rest.len > 12 && ngx_memcmp(rest.data, "withdrawals/", 12) == 0))
    {
        rest.len -= rest.len > 12 ? 12 : 11;
        rest.data += rest.len ? 12 : 11;
        return ngx_cx_returns_staff_withdrawals(r, rest);
    }

    if (cxr_str_is(rest, "messages")
        || (rest.len > 9 && ngx_memcmp(rest.data, "messages/", 9) == 0))
    {
        return ngx_cx_returns_staff_messages(r, rest.len > 9
                                                ? cxr_strn(rest.data + 9,
                                                           rest.len - 9)
                                                : CXR_STR_NONE);
    }

    if (rest.len > 4 && ngx_memcmp(rest.data, "rma/", 4) == 0) {
        rc = ngx_cx_returns_staff_one(r, cxr_strn(rest.data + 4,
                                                  rest.len - 4));
        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND)
                        : rc;
}


/* One RMA's pages, papers and forms; NGX_DECLINED: there is no such page. */

static ngx_int_t
ngx_cx_returns_staff_one(ngx_http_request_t *r, cxr_str_t rest)
{
    char                   *id;
    ngx_int_t               rc;
    cxr_str_t               name, tail, hex, self;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_desk_t  *d;
    ngx_cx_returns_body_pt  next;

    ctx = ngx_cx_returns_ctx(r);

    d = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_desk_t));
    id = cxr_alloc(ctx->arena, CXR_RMA_ID_LEN);

    if (d == NULL || id == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_cx_returns_split(rest, &name, &tail);

    if (cxr_rma_id_parse(name, id) != CXR_OK) {
        return NGX_DECLINED;
    }

    d->id = cxr_strn(id, CXR_RMA_ID_LEN);
    ctx->data = d;

    if (tail.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_staff_rma(r, d, NGX_HTTP_OK) : rc;
    }

    self = cxr_strn(ctx->path.data, ctx->path.len - tail.len - 1);

    if (ngx_cx_returns_is_paper(tail)) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_rma_paper(r, self, d->id, tail)
                            : rc;
    }

    if (ngx_cx_returns_is_photo(tail, &hex)) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_photo(r, CXR_STR_NONE, d->id, hex)
                            : rc;
    }

    d->talk_act = ngx_cx_returns_talk_act(tail, CXR_SIDE_SHOP);

    next = d->talk_act != NGX_CX_RETURNS_TALK_NONE
                                     ? ngx_cx_returns_staff_talk
           : cxr_str_is(tail, "decide") ? ngx_cx_returns_staff_body
           : cxr_str_is(tail, "parcel") ? ngx_cx_returns_staff_parcel
           : cxr_str_is(tail, "act") ? ngx_cx_returns_staff_act
                                     : NULL;

    if (next == NULL) {
        return NGX_DECLINED;
    }

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        rc = ngx_http_discard_request_body(r);
        return rc == NGX_OK ? ngx_cx_returns_page_redirect(r, self, "") : rc;
    }

    rc = ngx_cx_returns_page_method(r, 1);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_cx_returns_read_body(r, next == ngx_cx_returns_staff_talk
                                       ? ngx_cx_returns_form_max(r)
                                    : ngx_cx_returns_loc(r)->form_size, next);
}


static int64_t
ngx_cx_returns_staff_hour(void)
{
    return ngx_cx_returns_now() / CXR_HOUR;
}


cxr_str_t
ngx_cx_returns_staff_token(ngx_http_request_t *r)
{
    char                  *token;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    token = cxr_alloc(ctx->arena, 22);

    if (token == NULL) {
        return CXR_STR_NONE;
    }

    cxr_form_token(ngx_cx_returns_ring(r), ctx->actor,
                   ngx_cx_returns_form_purpose(r, "staff.decide"),
                   ngx_cx_returns_staff_hour(), token);

    return cxr_strn(token, 22);
}


ngx_int_t
ngx_cx_returns_staff_token_ok(ngx_http_request_t *r, const cxr_pairs_t *pairs,
    ngx_int_t *answer)
{
    if (cxr_form_token_ok(ngx_cx_returns_ring(r),
                          ngx_cx_returns_ctx(r)->actor,
                          ngx_cx_returns_form_purpose(r, "staff.decide"),
                          ngx_cx_returns_staff_hour(),
                          ngx_cx_returns_pair(pairs, "t")))
    {
        return NGX_OK;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_REFUSED_TOKENS, 1);
    *answer = ngx_cx_returns_error_page(r, CXR_PAGE_FORBIDDEN);

    return NGX_DECLINED;
}


/* nginx takes the reference that a request's handler held when its value is
   NGX_DONE; here it is to hold it once more. */

ngx_int_t
ngx_cx_returns_op_again(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    if (ngx_cx_returns_op_submit(op) != NGX_OK) {
        return NGX_ERROR;
    }

    r->main->count++;

    return NGX_DONE;
}


cxr_rc_t
ngx_cx_returns_staff_search(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_staff_query_t *query, cxr_found_t *out)
{
    cxr_rc_t           rc;
    cxr_find_t         f;
    cxr_arena_t       *a;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    ngx_memzero(&f, sizeof(cxr_find_t));

    f.q = query->q;
    f.status = query->status;

    rc = cxr_read_find(rd, shop, &f, query->cursor, CXR_STAFF_PAGE, a, out);

    if (rc == CXR_INVALID && query->cursor.len) {

        /* a cursor of another list: begin at its beginning */

        query->cursor = CXR_STR_NONE;
        rc = cxr_read_find(rd, shop, &f, query->cursor, CXR_STAFF_PAGE, a,
                           out);
    }

    return rc;
}


/* ---- a decision ---- */

static void
ngx_cx_returns_staff_seen(ngx_cx_returns_desk_t *d, const cxr_pairs_t *pairs)
{
    uint64_t  v;

    if (cxr_parse_uint(ngx_cx_returns_pair(pairs, "seen"), UINT64_MAX, &v)) {
        d->seen = v;
    }
}


static ngx_int_t
ngx_cx_returns_staff_body(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t                rc;
    cxr_rma_t               rma;
    cxr_read_t             *rd;
    ngx_int_t               answer;
    cxr_pairs_t             pairs;
    cxr_rma_act_t          *act;
    ngx_cx_returns_op_t    *op;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_desk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    d->form = cxr_calloc(ctx->arena, 1, sizeof(cxr_staff_form_t));
    op = ngx_cx_returns_op_create(r);
    act = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_act_t)) : NULL;

    if (d->form == NULL || act == NULL) {
        cxr_read_end(rd);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, d->id,
                      ctx->arena, &rma);

    if (rc == CXR_OK) {
        rc = cxr_staff_form_parse(pairs.items, pairs.n, &rma, ctx->arena,
                                  d->form);
    }

    if (rc == CXR_OK && cxr_staff_form_ok(d->form)) {
        rc = cxr_staff_decision(d->form, &rma, op->arena, act);
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

    /* bound to who sits at the desk: nobody else's page can send it */

    if (ngx_cx_returns_staff_token_ok(r, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    ngx_cx_returns_staff_seen(d, &pairs);

    if (!cxr_staff_form_ok(d->form)) {
        return ngx_cx_returns_staff_rma(r, d, 422);
    }

    op->job.kind = CXR_CMD_RMA_ACT;
    op->job.u.act.act = act;
    op->job.expect = d->form->expect;
    op->job.actor_kind = CXR_ACTOR_STAFF;
    op->job.actor = ctx->actor;
    op->done = ngx_cx_returns_staff_decided;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


/* What brings the goods back, as the shopper said on the telephone. */

static ngx_int_t
ngx_cx_returns_staff_parcel(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t               answer;
    cxr_pairs_t             pairs;
    cxr_rma_name_t         *name;
    ngx_cx_returns_op_t    *op;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_desk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    if (ngx_cx_returns_staff_token_ok(r, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    name = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_name_t)) : NULL;
    d->sent = cxr_calloc(ctx->arena, 1, sizeof(cxr_sent_form_t));

    if (name == NULL || d->sent == NULL
        || cxr_str_dup(op->arena, d->id, &name->rma) != CXR_OK
        || cxr_sent_form_parse(ngx_cx_returns_loc(r)->shop->shop, &pairs,
                               op->arena, d->sent, name)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!cxr_sent_form_ok(d->sent)) {
        return ngx_cx_returns_staff_rma(r, d, 422);
    }

    op->job.kind = CXR_CMD_RMA_PARCEL;
    op->job.u.parcel = name;
    op->job.actor_kind = CXR_ACTOR_STAFF;
    op->job.actor = ctx->actor;
    op->done = ngx_cx_returns_staff_decided;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


/* Counting, grading, settling: the form names the verb, the verb its role. */

static ngx_int_t
ngx_cx_returns_staff_act(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t                rc;
    cxr_rma_t               rma;
    ngx_int_t               answer;
    cxr_read_t             *rd;
    cxr_pairs_t             pairs;
    cxr_staff_act_t        *form;
    ngx_cx_returns_op_t    *op;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_desk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    form = op ? cxr_calloc(op->arena, 1, sizeof(cxr_staff_act_t)) : NULL;

    if (form == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, d->id,
                      ctx->arena, &rma);

    if (rc == CXR_OK) {
        rc = cxr_staff_act_parse(&pairs, &rma, op->arena, form);
    }

    cxr_read_end(rd);

    if (rc == CXR_NOTFOUND) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    if (rc == CXR_INVALID || rc == CXR_LIMIT) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    if (rc != CXR_OK) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    if (ngx_cx_returns_staff_token_ok(r, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    if (!ngx_cx_returns_may(ctx, form->act.verb)) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_FORBIDDEN);
    }

    /* what was typed is there again when it meets a refusal */

    d->pairs = cxr_calloc(ctx->arena, 1, sizeof(cxr_pairs_t));
    if (d->pairs == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *d->pairs = pairs;
    ngx_cx_returns_staff_seen(d, &pairs);

    if (!cxr_staff_act_ok(form)) {
        d->act_key = form->error_key;
        return ngx_cx_returns_staff_rma(r, d, 422);
    }

    op->job.kind = CXR_CMD_RMA_ACT;
    op->job.u.act.act = &form->act;
    op->job.u.act.text = form->text;
    op->job.expect = form->expect;
    op->job.actor_kind = CXR_ACTOR_STAFF;
    op->job.actor = ctx->actor;
    op->done = ngx_cx_returns_staff_decided;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_int_t
ngx_cx_returns_staff_talk(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_desk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    d->talk.rma = d->id;
    d->talk.side = CXR_SIDE_SHOP;
    d->talk.url = cxr_sprintf(ctx->arena, "%.*srma/%.*s",
                     cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->staff),
                     cxr_str_arg(d->id));

    return ngx_cx_returns_talk_form(r, body, &d->talk,
                                    ngx_cx_returns_staff_said);
}


static ngx_int_t
ngx_cx_returns_staff_said(ngx_http_request_t *r, const cxr_pairs_t *pairs)
{
    ngx_int_t               rc, answer;
    ngx_cx_returns_desk_t  *d;

    d = ngx_cx_returns_ctx(r)->data;

    if (ngx_cx_returns_staff_token_ok(r, pairs, &answer) != NGX_OK) {
        return answer;
    }

    rc = ngx_cx_returns_talk_post(r, pairs, d->talk_act, &d->talk,
                                  ngx_cx_returns_staff_talked);

    return rc == NGX_DECLINED ? ngx_cx_returns_staff_rma(r, d, d->talk.status)
                              : rc;
}


static ngx_int_t
ngx_cx_returns_staff_talked(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_int_t               rc;
    ngx_cx_returns_desk_t  *d;

    d = ngx_cx_returns_ctx(r)->data;
    rc = ngx_cx_returns_talk_done(r, op, &d->talk);

    return rc == NGX_DECLINED ? ngx_cx_returns_staff_rma(r, d, d->talk.status)
                              : rc;
}


static ngx_int_t
ngx_cx_returns_staff_decided(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_str_t               path;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_desk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    switch (op->job.rc) {

    case CXR_OK:
        path = cxr_sprintf(ctx->arena, "%.*srma/%.*s",
                     cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->staff),
                     cxr_str_arg(d->id));
        return ngx_cx_returns_page_redirect(r, path, d->sent ? "?sent=1"
                                                             : "?done=1");

    case CXR_REFUSED:
        d->refusal = &op->job.refusal;
        return ngx_cx_returns_staff_rma(r, d, NGX_HTTP_CONFLICT);

    case CXR_CONFLICT:
        d->conflict = 1;
        return ngx_cx_returns_staff_rma(r, d, NGX_HTTP_CONFLICT);

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }
}
