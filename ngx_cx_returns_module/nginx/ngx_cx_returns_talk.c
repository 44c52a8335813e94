
/*
 * Conversations on pages: loading, writing, and the shopper's page of an
 * order's own thread.
 */

#include "ngx_cx_returns_talk.h"


#define NGX_CX_RETURNS_TALK_ALL   2000   /* of a thread, when all is wanted  */
#define NGX_CX_RETURNS_TALK_RMAS  20     /* whose threads a page names       */
#define NGX_CX_RETURNS_TALK_KEY   16     /* bytes of a form's key            */
#define NGX_CX_RETURNS_TALK_BYTES (512 * 1024)  /* of texts on a page         */


typedef struct {
    cxr_str_t              back;
    ngx_cx_returns_talk_t  talk;
    ngx_cx_returns_talk_act_t  act;
} ngx_cx_returns_order_talk_t;


static ngx_int_t ngx_cx_returns_order_talk_show(ngx_http_request_t *r,
    ngx_cx_returns_order_talk_t *c, ngx_uint_t status);
static ngx_int_t ngx_cx_returns_order_talk_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_order_talk_said(ngx_http_request_t *r,
    const cxr_pairs_t *pairs);
static ngx_int_t ngx_cx_returns_order_talk_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


ngx_cx_returns_talk_act_t
ngx_cx_returns_talk_act(cxr_str_t tail, cxr_side_t side)
{
    if (cxr_str_is(tail, "message")) {
        return NGX_CX_RETURNS_TALK_SAY;
    }

    if (cxr_str_is(tail, "read")) {
        return NGX_CX_RETURNS_TALK_READ;
    }

    if (side == CXR_SIDE_SHOP && cxr_str_is(tail, "close")) {
        return NGX_CX_RETURNS_TALK_CLOSE;
    }

    return NGX_CX_RETURNS_TALK_NONE;
}


/* The latest of the thread, oldest first. */

static cxr_rc_t
ngx_cx_returns_talk_read(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_talk_t *t, const cxr_talk_t *talk,
    const cxr_thread_t *thread, ngx_uint_t all, cxr_messages_t *list)
{
    cxr_rc_t           rc;
    uint32_t           after, want;
    const cxr_shop_t  *shop;

    shop = ngx_cx_returns_loc(r)->shop->shop;
    want = all ? NGX_CX_RETURNS_TALK_ALL : CXR_TALK_SHOWN;

    /* other threads of the order stand between: a part of them first */

    after = talk->messages > 4 * want && thread->messages > want
            ? talk->messages - 4 * want : 0;

    rc = cxr_read_messages(rd, shop, t->order, &t->rma, after,
                           CXR_TALK_MESSAGES_MAX, ngx_cx_returns_ctx(r)->arena,
                           list);

    if (rc == CXR_OK && list->n > want) {
        list->items += list->n - want;
        list->n = want;
    }

    return rc;
}


cxr_rc_t
ngx_cx_returns_talk_load(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_talk_t *t, cxr_talk_in_t *in)
{
    char                  *key;
    size_t                 bytes;
    u_char                 random[NGX_CX_RETURNS_TALK_KEY];
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_str_t             *texts;
    cxr_pairs_t            args;
    cxr_talk_t            *talk;
    cxr_arena_t           *a;
    cxr_messages_t         list;
    const cxr_shop_t      *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    ngx_memzero(in, sizeof(cxr_talk_in_t));
    ngx_memzero(&list, sizeof(cxr_messages_t));

    key = cxr_alloc(a, 2 * NGX_CX_RETURNS_TALK_KEY);
    talk = cxr_calloc(a, 1, sizeof(cxr_talk_t));

    if (key == NULL || talk == NULL) {
        return CXR_NOMEM;
    }

    if (ngx_cx_returns_form(a, ngx_cx_returns_str(r->args), &args) != CXR_OK) {
        ngx_memzero(&args, sizeof(cxr_pairs_t));
    }

    cxr_random(random, sizeof(random));

    in->side = t->side;
    in->now = ngx_cx_returns_now();
    in->url = t->url;
    in->key = cxr_strn(key, cxr_b64url_encode(random, sizeof(random), key));
    in->typed = t->typed;
    in->fault = t->fault;
    in->want = t->want;
    in->photos = ngx_cx_returns_main(r)->photos.len != 0;
    in->photo_count = (uint32_t) ngx_cx_returns_main(r)->photo_count;
    in->photo_bytes = ngx_cx_returns_main(r)->photo_size;
    in->refusal = t->refusal;
    in->can_write = t->can_write;
    in->sent = cxr_str_is(ngx_cx_returns_pair(&args, "said"), "1");
    in->reply = t->side == CXR_SIDE_SHOP
                ? ngx_cx_returns_pair(&args, "reply") : CXR_STR_NONE;

    rc = cxr_read_talk(rd, shop, t->order, a, talk);

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    in->thread = cxr_talk_thread(talk, t->rma);

    if (in->thread != NULL) {
        rc = ngx_cx_returns_talk_read(r, rd, t, talk, in->thread,
                 cxr_str_is(ngx_cx_returns_pair(&args, "talk"), "all"), &list);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    texts = cxr_calloc(a, list.n + 1, sizeof(cxr_str_t));
    if (texts == NULL) {
        return CXR_NOMEM;
    }

    /* the latest first: of very much the oldest is left out */

    bytes = 0;

    for (i = list.n; i > 0 && bytes < NGX_CX_RETURNS_TALK_BYTES; i--) {
        if (list.items[i - 1].text.len != 0
            && cxr_read_note(rd, shop, t->order, list.items[i - 1].rma,
                             list.items[i - 1].text, a, &texts[i - 1])
               != CXR_OK)
        {
            texts[i - 1] = CXR_STR_NONE;    /* erased */
        }

        bytes += texts[i - 1].len;
    }

    in->messages = list.items + i;
    in->texts = texts + i;
    in->n = list.n - i;

    return CXR_OK;
}


/* ---- writing ---- */

ngx_int_t
ngx_cx_returns_talk_allowed(ngx_http_request_t *r,
    const ngx_cx_returns_talk_t *t, const char *what)
{
    char    key[160];
    size_t  len;

    len = ngx_snprintf((u_char *) key, sizeof(key), "%s:%uD:%*s:%*s", what,
                       ngx_cx_returns_loc(r)->shop->shop->key, t->order.len,
                       t->order.data, t->rma.len,
                       t->rma.len ? t->rma.data : "")
          - (u_char *) key;

    return ngx_cx_returns_rate_ok(key, len,
                                  ngx_cx_returns_loc(r)->message_rate, 3600);
}


/* What was written stays in the form, to be sent again. */

static ngx_int_t
ngx_cx_returns_talk_away(ngx_http_request_t *r, ngx_cx_returns_talk_t *t,
    ngx_uint_t said)
{
    if (!said
        || ngx_cx_returns_add_header(r, "Retry-After", cxr_str("5"))
           != NGX_OK)
    {
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }

    t->fault = cxr_str("talk.error.away");
    t->status = NGX_HTTP_SERVICE_UNAVAILABLE;

    return NGX_DECLINED;
}


/* What a person can mend, into "t": NGX_DECLINED.  NGX_ABORT: *answer is what
   there is to say. */

static ngx_int_t
ngx_cx_returns_talk_text(ngx_http_request_t *r, const cxr_pairs_t *pairs,
    ngx_cx_returns_talk_t *t, cxr_arena_t *a, cxr_str_t *text,
    ngx_int_t *answer)
{
    cxr_rc_t   rc;
    cxr_str_t  typed;

    typed = ngx_cx_returns_pair(pairs, "message");
    rc = cxr_text_clean(a, typed, CXR_TEXT_BLOCK, CXR_MESSAGE_MAX, text);

    switch (rc) {

    case CXR_OK:
        break;

    case CXR_LIMIT:
        t->typed = typed;
        t->fault = cxr_str("talk.error.long");
        t->status = 422;
        return NGX_DECLINED;

    case CXR_NOMEM:
        *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return NGX_ABORT;

    default:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        *answer = ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
        return NGX_ABORT;
    }

    t->typed = *text;

    if (t->fault.len != 0) {
        return NGX_DECLINED;            /* of its photos */
    }

    if (text->len == 0 && t->photos.n == 0) {
        t->fault = cxr_str("talk.error.empty");
        t->status = 422;
        return NGX_DECLINED;
    }

    if (t->side == CXR_SIDE_SHOPPER
        && !ngx_cx_returns_talk_allowed(r, t, "messages"))
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_MESSAGES_LIMITED, 1);
        ngx_str_set(&ngx_cx_returns_ctx(r)->outcome, "message_limited");

        if (ngx_cx_returns_retry_after(r, 3600) != NGX_OK) {
            *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
            return NGX_ABORT;
        }

        t->fault = cxr_str("talk.error.rate");
        t->status = NGX_HTTP_TOO_MANY_REQUESTS;
        return NGX_DECLINED;
    }

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_talk_post(ngx_http_request_t *r, const cxr_pairs_t *pairs,
    ngx_cx_returns_talk_act_t act, ngx_cx_returns_talk_t *t,
    ngx_int_t (*done)(ngx_http_request_t *r, ngx_cx_returns_op_t *op))
{
    uint64_t              upto;
    cxr_str_t             key;
    ngx_int_t             rc, answer;
    cxr_talk_ask_t       *ask;
    ngx_cx_returns_op_t  *op;

    op = ngx_cx_returns_op_create(r);
    ask = op ? cxr_calloc(op->arena, 1, sizeof(cxr_talk_ask_t)) : NULL;

    if (ask == NULL
        || cxr_str_dup(op->arena, t->order, &ask->order) != CXR_OK
        || cxr_str_dup(op->arena, t->rma, &ask->rma) != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ask->from = t->side;
    ask->photos = t->photos;
    ask->channel = CXR_VIA_PAGE;

    if (cxr_parse_uint(ngx_cx_returns_pair(pairs, "upto"), UINT32_MAX, &upto))
    {
        ask->upto = (uint32_t) upto;
    }

    op->job.kind = act == NGX_CX_RETURNS_TALK_READ ? CXR_CMD_MESSAGE_READ
                   : act == NGX_CX_RETURNS_TALK_CLOSE ? CXR_CMD_MESSAGE_CLOSE
                                                      : CXR_CMD_MESSAGE;

    if (act == NGX_CX_RETURNS_TALK_SAY) {
        rc = ngx_cx_returns_talk_text(r, pairs, t, op->arena,
                                      &op->job.u.talk.text, &answer);
        if (rc != NGX_OK) {
            return rc == NGX_ABORT ? answer : rc;
        }

        key = ngx_cx_returns_pair(pairs, "key");

        if (key.len != 0) {
            cxr_idem_hash(cxr_sprintf(op->arena, "talk:%.*s:%.*s",
                                      cxr_str_arg(t->order),
                                      cxr_str_arg(t->rma)),
                          key, op->job.idem);
            ngx_cx_returns_fingerprint(op, key, op->job.u.talk.text);
            op->job.has_idem = true;
        }
    }

    op->job.u.talk.ask = ask;

    if (t->side == CXR_SIDE_SHOP) {
        op->job.actor_kind = CXR_ACTOR_STAFF;
        op->job.actor = ngx_cx_returns_ctx(r)->actor;

    } else {
        op->job.actor_kind = CXR_ACTOR_SHOPPER;
        op->job.actor = cxr_str("shopper");
    }

    op->done = done;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_talk_away(r, t, act == NGX_CX_RETURNS_TALK_SAY);
}


void
ngx_cx_returns_talk_count(const cxr_job_t *job)
{
    if (job->rc != CXR_OK || job->repeated || !job->changed) {
        return;
    }

    if (job->kind == CXR_CMD_MESSAGE) {
        ngx_cx_returns_count(job->u.talk.ask->from == CXR_SIDE_SHOPPER
                             ? NGX_CX_RETURNS_C_MESSAGES_IN
                             : NGX_CX_RETURNS_C_MESSAGES_OUT, 1);
    }

    if (job->responded) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_RESPONSES, 1);
        ngx_cx_returns_count(NGX_CX_RETURNS_C_RESPONSE_SECONDS,
                             (ngx_uint_t) (job->took / CXR_SECOND));
    }

    if (job->resolved) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_RESOLUTIONS, 1);
        ngx_cx_returns_count(NGX_CX_RETURNS_C_RESOLUTION_SECONDS,
                             (ngx_uint_t) (job->took / CXR_SECOND));
    }
}


ngx_int_t
ngx_cx_returns_talk_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op,
    ngx_cx_returns_talk_t *t)
{
    ngx_cx_returns_talk_count(&op->job);

    switch (op->job.rc) {

    case CXR_OK:
        return ngx_cx_returns_page_redirect(r, t->url,
                   op->job.kind == CXR_CMD_MESSAGE ? "?said=1#talk" : "#talk");

    case CXR_REFUSED:
        t->refusal = &op->job.refusal;
        t->status = NGX_HTTP_CONFLICT;
        return NGX_DECLINED;

    case CXR_CONFLICT:
        t->fault = cxr_str("talk.error.newer");
        t->status = NGX_HTTP_CONFLICT;
        return NGX_DECLINED;

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_talk_away(r, t, op->job.kind == CXR_CMD_MESSAGE);
    }
}


/* ---- the threads of the order's RMAs ---- */

cxr_rc_t
ngx_cx_returns_talk_threads(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_talk_t *t, const cxr_order_t *order, cxr_say_t *say,
    cxr_view_order_talk_t *view)
{
    uint32_t           i, n;
    cxr_rc_t           rc;
    cxr_str_t          rma, url;
    cxr_talk_t         talk;
    const cxr_shop_t  *shop;

    shop = ngx_cx_returns_loc(r)->shop->shop;

    rc = cxr_read_talk(rd, shop, t->order, ngx_cx_returns_ctx(r)->arena,
                       &talk);

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    for (i = order->rmas.n, n = 0; i > 0 && n < NGX_CX_RETURNS_TALK_RMAS; i--)
    {
        rma = order->rmas.items[i - 1];

        if (order->gifted && t->side == CXR_SIDE_SHOPPER
            && ngx_cx_returns_is_gift(r, rd, rma))
        {
            continue;
        }

        n++;

        if (t->side == CXR_SIDE_SHOP) {
            url = cxr_say_join(say, shop->staff, "rma/", rma);

        } else {
            rc = ngx_cx_returns_page_link(r, CXR_LINK_RMA, t->order, rma,
                                          &url);
            if (rc != CXR_OK) {
                return rc;
            }
        }

        cxr_view_thread(say, t->side, rma, cxr_say_url(say, url, ""),
                        cxr_talk_thread(&talk, rma), view);
    }

    return CXR_OK;
}


/* ---- what is new ---- */

/* For the buyer: what is written about a gift is not hers to read. */

static ngx_int_t
ngx_cx_returns_talk_new(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_thread_t *t)
{
    return t->unread[CXR_SIDE_SHOPPER] != 0
           && (t->rma.len == 0 || !ngx_cx_returns_is_gift(r, rd, t->rma));
}


cxr_rc_t
ngx_cx_returns_talk_unread(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t order, uint32_t *n)
{
    uint32_t     i;
    cxr_rc_t     rc;
    cxr_talk_t   talk;

    *n = 0;

    rc = cxr_read_talk(rd, ngx_cx_returns_loc(r)->shop->shop, order,
                       ngx_cx_returns_ctx(r)->arena, &talk);

    for (i = 0; rc == CXR_OK && i < talk.threads.n; i++) {
        if (ngx_cx_returns_talk_new(r, rd, &talk.threads.items[i])) {
            *n += talk.threads.items[i].unread[CXR_SIDE_SHOPPER];
        }
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


ngx_int_t
ngx_cx_returns_talk_go(ngx_http_request_t *r, cxr_str_t order)
{
    uint32_t             i;
    cxr_rc_t             rc;
    cxr_str_t            rma, path;
    ngx_int_t            answer;
    cxr_read_t          *rd;
    cxr_talk_t           talk;
    const cxr_thread_t  *t;

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rma = CXR_STR_NONE;
    rc = cxr_read_talk(rd, ngx_cx_returns_loc(r)->shop->shop, order,
                       ngx_cx_returns_ctx(r)->arena, &talk);

    for (i = 0; rc == CXR_OK && i < talk.threads.n; i++) {
        t = &talk.threads.items[i];

        if (ngx_cx_returns_talk_new(r, rd, t)) {
            rma = t->rma;

            if (rma.len == 0) {
                break;
            }
        }
    }

    /* while the snapshot is open: the RMA's number stands in it */

    rc = ngx_cx_returns_page_link(r, rma.len ? CXR_LINK_RMA : CXR_LINK_ORDER,
                                  order, rma, &path);
    cxr_read_end(rd);

    if (rc != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_page_redirect(r, path, rma.len ? "#talk" : "/talk");
}


/* ---- the shopper's page of an order's own thread ---- */

ngx_int_t
ngx_cx_returns_order_talk(ngx_http_request_t *r, cxr_str_t url,
    const cxr_link_t *link, cxr_str_t tail)
{
    cxr_str_t                     hex;
    ngx_int_t                     rc;
    ngx_cx_returns_ctx_t         *ctx;
    ngx_cx_returns_order_talk_t  *c;

    ctx = ngx_cx_returns_ctx(r);

    c = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_order_talk_t));
    if (c == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    c->back = url;
    c->talk.order = link->order;
    c->talk.side = CXR_SIDE_SHOPPER;
    c->talk.can_write = 1;
    c->talk.url = cxr_sprintf(ctx->arena, "%.*s/talk", cxr_str_arg(url));
    ctx->data = c;

    if (ngx_cx_returns_is_photo(tail, &hex)) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_photo(r, link->order,
                                                   CXR_STR_NONE, hex)
                            : rc;
    }

    if (tail.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK
               ? ngx_cx_returns_order_talk_show(r, c, NGX_HTTP_OK) : rc;
    }

    c->act = ngx_cx_returns_talk_act(tail, CXR_SIDE_SHOPPER);

    if (c->act == NGX_CX_RETURNS_TALK_NONE
        || (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return c->act == NGX_CX_RETURNS_TALK_NONE
               ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND)
               : ngx_cx_returns_page_redirect(r, c->talk.url, "");
    }

    rc = ngx_cx_returns_page_method(r, 1);

    return rc == NGX_OK
           ? ngx_cx_returns_read_body(r, ngx_cx_returns_form_max(r),
                                      ngx_cx_returns_order_talk_body)
           : rc;
}


static ngx_int_t
ngx_cx_returns_order_talk_body(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_cx_returns_order_talk_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    return ngx_cx_returns_talk_form(r, body, &c->talk,
                                    ngx_cx_returns_order_talk_said);
}


static ngx_int_t
ngx_cx_returns_order_talk_said(ngx_http_request_t *r, const cxr_pairs_t *pairs)
{
    ngx_int_t                     rc;
    ngx_cx_returns_order_talk_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    rc = ngx_cx_returns_talk_post(r, pairs, c->act, &c->talk,
                                  ngx_cx_returns_order_talk_done);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_order_talk_show(r, c, c->talk.status) : rc;
}


static ngx_int_t
ngx_cx_returns_order_talk_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_int_t                     rc;
    ngx_cx_returns_order_talk_t  *c;

    c = ngx_cx_returns_ctx(r)->data;
    rc = ngx_cx_returns_talk_done(r, op, &c->talk);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_order_talk_show(r, c, c->talk.status) : rc;
}


static ngx_int_t
ngx_cx_returns_order_talk_show(ngx_http_request_t *r,
    ngx_cx_returns_order_talk_t *c, ngx_uint_t status)
{
    cxr_rc_t                rc;
    cxr_say_t               say;
    ngx_int_t               answer;
    cxr_read_t             *rd;
    cxr_order_t             order;
    cxr_talk_in_t           in;
    ngx_cx_returns_ctx_t   *ctx;
    cxr_view_order_talk_t   view;

    ctx = ngx_cx_returns_ctx(r);
    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_order(rd, ngx_cx_returns_loc(r)->shop->shop, c->talk.order,
                        ctx->arena, &order);

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_talk_load(r, rd, &c->talk, &in);
    }

    ngx_memzero(&view, sizeof(cxr_view_order_talk_t));
    say = cxr_say_to(ctx->view, ctx->arena);

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view, cxr_say(&say, "talk.title"),
                           c->talk.url, ctx->arena, &view.page);
    }

    if (rc == CXR_OK) {
        view.number = order.number;
        view.back_url = cxr_say_url(&say, c->back, "");
        say.failed |= cxr_view_about(view.page, order.number, ctx->arena)
                      != CXR_OK;
        view.talk = cxr_view_talk(&say, &in);
        view.page->wrong = view.talk != NULL && view.talk->error.len != 0;
        rc = ngx_cx_returns_talk_threads(r, rd, &c->talk, &order, &say, &view);
    }

    if (rc == CXR_OK) {
        rc = cxr_say_rc(&say);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_TALK,
                                        &view)
             : ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    cxr_read_end(rd);

    return answer;
}
