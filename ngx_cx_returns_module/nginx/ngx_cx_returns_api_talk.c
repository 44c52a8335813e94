
/*
 * Conversations over the API, of an RMA (/rmas/<rma>/...) and of an order
 * (/orders/<number>/...):
 *
 *   GET  messages   POST message   POST read   POST close
 */

#include "ngx_cx_returns_api.h"
#include "ngx_cx_returns_talk.h"


#define NGX_CX_RETURNS_MESSAGES      200    /* of one answer                  */
#define NGX_CX_RETURNS_OUTSIDE_MAX   255    /* another channel's id           */


static ngx_int_t ngx_cx_returns_api_messages(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_api_message_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_api_message_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


ngx_int_t
ngx_cx_returns_api_is_talk(cxr_str_t name)
{
    return cxr_str_is(name, "messages") || cxr_str_is(name, "message")
           || cxr_str_is(name, "read") || cxr_str_is(name, "close");
}


ngx_int_t
ngx_cx_returns_api_talk(ngx_http_request_t *r, cxr_str_t id, cxr_str_t name,
    ngx_uint_t of_rma)
{
    char                  *mem;
    size_t                 len;
    cxr_rc_t               rc;
    ngx_int_t              answer;
    ngx_cx_returns_api_t  *api;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    api = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_api_t));
    mem = cxr_alloc(ctx->arena, CXR_NUMBER_MAX + CXR_RMA_ID_LEN);

    if (api == NULL || mem == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* a: the order, folded, or empty; b: the RMA, or empty */

    if (of_rma) {
        rc = cxr_rma_id_parse(id, mem);
        api->b = cxr_strn(mem, CXR_RMA_ID_LEN);

    } else {
        rc = cxr_fold_number(id, mem, &len);
        api->a = cxr_strn(mem, rc == CXR_OK ? len : 0);
    }

    if (rc != CXR_OK) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         of_rma ? "There is no such RMA."
                                                : "There is no such order.");
    }

    ctx->data = api;

    if (cxr_str_is(name, "messages")) {

        if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
            return ngx_cx_returns_not_allowed(r, "GET, HEAD",
                                              "Messages take GET; one is "
                                              "posted to \"message\".");
        }

        if (!ngx_cx_returns_has_role(ctx, cxr_str("read"))) {
            return ngx_cx_returns_api_forbidden(r, "read", NULL);
        }

        answer = ngx_http_discard_request_body(r);

        return answer == NGX_OK ? ngx_cx_returns_api_messages(r) : answer;
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_cx_returns_not_allowed(r, "POST",
                                          "A message takes POST.");
    }

    if (!ngx_cx_returns_has_role(ctx, cxr_str("approve"))
        && !ngx_cx_returns_has_role(ctx, cxr_str("orders")))
    {
        return ngx_cx_returns_api_forbidden(r, "approve", "orders");
    }

    api->action = cxr_str_is(name, "read") ? CXR_CMD_MESSAGE_READ
                  : cxr_str_is(name, "close") ? CXR_CMD_MESSAGE_CLOSE
                                              : CXR_CMD_MESSAGE;

    return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                    ngx_cx_returns_api_message_body);
}


/* ---- reading ---- */

static void
ngx_cx_returns_api_message_json(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t order, const cxr_message_t *m, cxr_jw_t *w)
{
    uint32_t   i;
    cxr_str_t  text;

    cxr_jw_open(w, NULL, '{');
    cxr_jw_uint(w, "seq", m->seq);

    if (m->rma.len != 0) {
        cxr_jw_str(w, "rma", m->rma);
    }

    cxr_jw_strz(w, "from", cxr_side_names[m->from]);
    cxr_jw_strz(w, "channel", cxr_via_names[m->channel]);
    cxr_jw_time(w, "at", m->at);

    if (m->actor.len != 0) {
        cxr_jw_str(w, "by", m->actor);
    }

    if (m->text.len == 0) {
        cxr_jw_strz(w, "text", "");

    } else if (cxr_read_note(rd, ngx_cx_returns_loc(r)->shop->shop, order,
                             m->rma, m->text, ngx_cx_returns_ctx(r)->arena,
                             &text)
               == CXR_OK)
    {
        cxr_jw_str(w, "text", text);

    } else {
        cxr_jw_null(w, "text");     /* erased */
    }

    cxr_jw_open(w, "photos", '[');

    for (i = 0; i < m->photos.n; i++) {
        cxr_rec_json(&cxr_photo_ref_type, &m->photos.items[i], NULL, 0, w);
    }

    cxr_jw_close(w);
    cxr_jw_close(w);
}


/* Of an RMA's address the order is only known once the RMA is read. */

static cxr_rc_t
ngx_cx_returns_api_talk_of(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_api_t *api)
{
    cxr_rc_t           rc;
    cxr_rma_t          rma;
    cxr_order_t        order;
    cxr_arena_t       *a;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (api->b.len == 0) {
        return cxr_read_order(rd, shop, api->a, a, &order);
    }

    rc = cxr_read_rma(rd, shop, api->b, a, &rma);

    if (rc == CXR_OK) {
        api->a = rma.order;
    }

    return rc;
}


static void
ngx_cx_returns_api_talk_json(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_api_t *api, const cxr_talk_t *talk,
    const cxr_messages_t *list, cxr_buf_t *b)
{
    uint32_t             i;
    cxr_jw_t             w;
    const cxr_thread_t  *t;

    cxr_jw_init(&w, b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "messages", '[');

    for (i = 0; i < list->n; i++) {
        ngx_cx_returns_api_message_json(r, rd, api->a, &list->items[i], &w);
    }

    cxr_jw_close(&w);

    if (list->n == NGX_CX_RETURNS_MESSAGES) {
        cxr_jw_uint(&w, "next", list->items[list->n - 1].seq);

    } else {
        cxr_jw_null(&w, "next");
    }

    t = cxr_talk_thread(talk, api->b);

    if (t != NULL) {
        cxr_jw_uint(&w, "unread_by_shop", t->unread[CXR_SIDE_SHOP]);
        cxr_jw_uint(&w, "unread_by_shopper", t->unread[CXR_SIDE_SHOPPER]);
        cxr_jw_time(&w, "waits_since", t->waits_since);
        cxr_jw_time(&w, "opened_at", t->opened_at);
        cxr_jw_time(&w, "replied_at", t->replied_at);
        cxr_jw_time(&w, "closed_at", t->closed_at);
    }

    cxr_jw_close(&w);
}


static ngx_int_t
ngx_cx_returns_api_messages(ngx_http_request_t *r)
{
    uint64_t               after;
    cxr_rc_t               rc;
    cxr_buf_t              b;
    cxr_str_t              v;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_talk_t             talk;
    cxr_pairs_t            args;
    cxr_messages_t         list;
    const cxr_shop_t      *shop;
    ngx_cx_returns_api_t  *api;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    api = ctx->data;
    shop = ngx_cx_returns_loc(r)->shop->shop;
    after = 0;

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The query is malformed.", NULL);
    }

    v = ngx_cx_returns_pair(&args, "after");

    if (v.len && !cxr_parse_uint(v, UINT32_MAX - 1, &after)) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "after is the seq of a message.",
                                      "?after");
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_api_talk_of(r, rd, api);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_problem(r, rc == CXR_NOTFOUND
                                         ? NGX_HTTP_NOT_FOUND
                                         : NGX_HTTP_INTERNAL_SERVER_ERROR,
                                      "not_found", "There is no such thing.",
                                      NULL);
    }

    rc = cxr_read_talk(rd, shop, api->a, ctx->arena, &talk);

    if (rc == CXR_OK || rc == CXR_NOTFOUND) {

        /* an order's are those of all its threads */

        rc = cxr_read_messages(rd, shop, api->a,
                               api->b.len ? &api->b : NULL, (uint32_t) after,
                               NGX_CX_RETURNS_MESSAGES, ctx->arena, &list);
    }

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, 16 * 1024 * 1024);
    ngx_cx_returns_api_talk_json(r, rd, api, &talk, &list, &b);
    cxr_read_end(rd);

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


/* ---- writing ---- */

/*
 * {"text", "photos", "from", "channel", "id"}; of a mark {"by", "upto"}.  "id"
 * is what the other channel calls the message: the same one again is no other
 * message.  "order" is whose the photos have to be.
 */
static ngx_int_t
ngx_cx_returns_api_message_read(ngx_http_request_t *r, json_t *json,
    cxr_str_t order, ngx_cx_returns_op_t *op, cxr_talk_ask_t *ask,
    cxr_str_t *outside, cxr_json_faults_t *faults)
{
    int64_t     upto;
    cxr_jr_t    jr;
    unsigned    from, channel;
    ngx_int_t   rc;
    cxr_strs_t  tickets;

    if (!cxr_jr_begin(&jr, json, "", op->arena, faults)) {
        return NGX_OK;
    }

    rc = NGX_OK;
    ngx_memzero(&tickets, sizeof(cxr_strs_t));

    from = CXR_SIDE_SHOP;
    channel = CXR_VIA_PAGE;
    upto = 0;

    if (op->job.kind == CXR_CMD_MESSAGE) {
        from = CXR_SIDE_SHOPPER;
        channel = CXR_VIA_OTHER;
        (void) cxr_jr_strs(&jr, "photos", CXR_MESSAGE_PHOTOS_MAX,
                           CXR_TICKET_MAX, 0, &tickets);
        (void) cxr_jr_block(&jr, "text", CXR_MESSAGE_MAX,
                            tickets.n ? 0 : CXR_JR_REQUIRED,
                            &op->job.u.talk.text);
        rc = ngx_cx_returns_api_tickets(r, order, &tickets, op->arena, &jr,
                                        &ask->photos);
        (void) cxr_jr_choice(&jr, "from", cxr_side_names, CXR_JR_REQUIRED,
                             &from);
        (void) cxr_jr_choice(&jr, "channel", cxr_via_names, 0, &channel);
        (void) cxr_jr_line(&jr, "id", NGX_CX_RETURNS_OUTSIDE_MAX, 0, outside);

    } else {
        (void) cxr_jr_int(&jr, "upto", 1, UINT32_MAX, 0, &upto);

        if (op->job.kind == CXR_CMD_MESSAGE_READ) {
            (void) cxr_jr_choice(&jr, "by", cxr_side_names, CXR_JR_REQUIRED,
                                 &from);
        }
    }

    (void) cxr_jr_end(&jr);

    ask->from = (uint8_t) from;
    ask->channel = (uint8_t) channel;
    ask->upto = (uint32_t) upto;

    return rc;
}


/* Whose thread it is, for its photos; empty when there is no such RMA, which
   the command finds out. */

static ngx_int_t
ngx_cx_returns_api_message_order(ngx_http_request_t *r,
    ngx_cx_returns_api_t *api, cxr_arena_t *a, cxr_str_t *order,
    ngx_int_t *answer)
{
    cxr_rc_t     rc;
    cxr_read_t  *rd;

    if (api->b.len == 0) {
        *order = api->a;
        return NGX_OK;
    }

    *order = CXR_STR_NONE;
    *answer = ngx_cx_returns_api_read(r, &rd);

    if (*answer != NGX_OK || rd == NULL) {
        return NGX_DECLINED;
    }

    rc = ngx_cx_returns_api_talk_of(r, rd, api);

    if (rc == CXR_OK) {
        rc = cxr_str_dup(a, api->a, order);
    }

    /* what was read goes with the snapshot */

    api->a = CXR_STR_NONE;
    cxr_read_end(rd);

    if (rc == CXR_OK || rc == CXR_NOTFOUND) {
        return NGX_OK;
    }

    *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;

    return NGX_DECLINED;
}


static ngx_int_t
ngx_cx_returns_api_message_body(ngx_http_request_t *r, cxr_str_t body)
{
    json_t                  *json;
    cxr_str_t                outside, order;
    ngx_int_t                rc, answer;
    cxr_talk_ask_t          *ask;
    cxr_json_faults_t        faults;
    const cxr_photo_refs_t  *refs;
    ngx_cx_returns_op_t     *op;
    ngx_cx_returns_api_t    *api;

    api = ngx_cx_returns_ctx(r)->data;

    op = ngx_cx_returns_op_create(r);
    ask = op ? cxr_calloc(op->arena, 1, sizeof(cxr_talk_ask_t)) : NULL;

    if (ask == NULL
        || cxr_str_dup(op->arena, api->a, &ask->order) != CXR_OK
        || cxr_str_dup(op->arena, api->b, &ask->rma) != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    op->job.kind = (cxr_command_kind_t) api->action;
    ask->from = CXR_SIDE_SHOP;
    outside = CXR_STR_NONE;

    /* an empty body says all that there is to say to close */

    if (body.len != 0 || api->action != CXR_CMD_MESSAGE_CLOSE) {
        answer = ngx_cx_returns_api_json(r, body, &json);

        if (answer != NGX_OK || json == NULL) {
            return answer;
        }

        ngx_memzero(&faults, sizeof(cxr_json_faults_t));

        rc = ngx_cx_returns_api_message_order(r, api, op->arena, &order,
                                              &answer);
        if (rc == NGX_OK) {
            answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
            rc = ngx_cx_returns_api_message_read(r, json, order, op, ask,
                                                 &outside, &faults);
        }

        json_decref(json);

        if (rc != NGX_OK) {
            return answer;
        }

        if (faults.total) {
            return ngx_cx_returns_api_faults(r, &faults);
        }
    }

    if (outside.len != 0) {

        /* what delivers a message again may well have written it otherwise */

        cxr_idem_hash(cxr_sprintf(op->arena, "api:%.*s:%s",
                                  (int) r->uri.len, (char *) r->uri.data,
                                  cxr_via_names[ask->channel]),
                      outside, op->job.idem);
        op->job.has_idem = true;

    } else if (ngx_cx_returns_api_idem(r, body, op, &answer) != NGX_OK) {
        return answer;
    }

    op->job.u.talk.ask = ask;
    op->done = ngx_cx_returns_api_message_done;

    if (ask->photos.n != 0) {
        refs = &ask->photos;
        return ngx_cx_returns_api_named(r, body, op, &refs, 1, &faults);
    }

    return ngx_cx_returns_api_submit(r, op);
}


static ngx_int_t
ngx_cx_returns_api_message_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_jw_t   w;
    cxr_buf_t  b;
    ngx_int_t  rc;

    ngx_cx_returns_talk_count(&op->job);
    rc = ngx_cx_returns_problem_job(r, &op->job);

    if (rc != NGX_OK || op->job.rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init(&b, 4096);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "order", op->job.id);
    cxr_jw_bool(&w, "changed", op->job.changed);
    cxr_jw_bool(&w, "repeated", op->job.repeated);
    cxr_jw_close(&w);

    return ngx_cx_returns_api_send(r, op->job.kind == CXR_CMD_MESSAGE
                                      && !op->job.repeated
                                      ? NGX_HTTP_CREATED : NGX_HTTP_OK, &b);
}
