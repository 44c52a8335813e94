
/*
 * The desk's pages of conversations: what waits, the longest first, and an
 * order's own thread.
 */

#include "ngx_cx_returns_talk.h"


#define NGX_CX_RETURNS_WAITING  50      /* of one page                        */


typedef struct {
    ngx_cx_returns_talk_t      talk;
    ngx_cx_returns_talk_act_t  act;
} ngx_cx_returns_mdesk_t;


static ngx_int_t ngx_cx_returns_mdesk_list(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_mdesk_show(ngx_http_request_t *r,
    ngx_cx_returns_mdesk_t *d, ngx_uint_t status);
static ngx_int_t ngx_cx_returns_mdesk_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_mdesk_said(ngx_http_request_t *r,
    const cxr_pairs_t *pairs);
static ngx_int_t ngx_cx_returns_mdesk_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


static int64_t
ngx_cx_returns_mdesk_hour(void)
{
    return ngx_cx_returns_now() / CXR_HOUR;
}


/* May who looks make gift links? */

static ngx_int_t
ngx_cx_returns_mdesk_gifts(ngx_http_request_t *r)
{
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    return ngx_cx_returns_loc(r)->shop->shop->policy.gifts.outcomes != 0
           && (ngx_cx_returns_has_role(ctx, cxr_str("orders"))
               || ngx_cx_returns_has_role(ctx, cxr_str("approve")));
}


ngx_int_t
ngx_cx_returns_staff_messages(ngx_http_request_t *r, cxr_str_t rest)
{
    char                    *folded;
    size_t                   len;
    ngx_int_t                rc;
    cxr_str_t                name, tail, hex;
    ngx_int_t                photo;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_mdesk_t  *d;

    ctx = ngx_cx_returns_ctx(r);

    if (rest.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_mdesk_list(r) : rc;
    }

    ngx_cx_returns_split(rest, &name, &tail);

    d = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_mdesk_t));
    folded = cxr_alloc(ctx->arena, CXR_NUMBER_MAX);

    if (d == NULL || folded == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    hex = CXR_STR_NONE;
    photo = ngx_cx_returns_is_photo(tail, &hex);
    d->act = ngx_cx_returns_talk_act(tail, CXR_SIDE_SHOP);

    if (cxr_fold_number(name, folded, &len) == CXR_OK
        && cxr_str_is(tail, "gift.svg")
        && ngx_cx_returns_mdesk_gifts(r))
    {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK
               ? ngx_cx_returns_gift_qr(r, cxr_strn(folded, len)) : rc;
    }

    if (cxr_fold_number(name, folded, &len) != CXR_OK
        || (tail.len != 0 && !photo && d->act == NGX_CX_RETURNS_TALK_NONE))
    {
        rc = ngx_http_discard_request_body(r);
        return rc == NGX_OK ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND)
                            : rc;
    }

    d->talk.order = cxr_strn(folded, len);
    d->talk.side = CXR_SIDE_SHOP;
    d->talk.can_write = ngx_cx_returns_has_role(ctx, cxr_str("approve"));
    d->talk.url = cxr_sprintf(ctx->arena, "%.*smessages/%.*s",
                     cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->staff),
                     cxr_str_arg(d->talk.order));
    ctx->data = d;

    if (photo) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_photo(r, d->talk.order,
                                                   CXR_STR_NONE, hex)
                            : rc;
    }

    if (tail.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_mdesk_show(r, d, NGX_HTTP_OK)
                            : rc;
    }

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        rc = ngx_http_discard_request_body(r);
        return rc == NGX_OK ? ngx_cx_returns_page_redirect(r, d->talk.url, "")
                            : rc;
    }

    rc = ngx_cx_returns_page_method(r, 1);

    return rc == NGX_OK
           ? ngx_cx_returns_read_body(r, ngx_cx_returns_form_max(r),
                                      ngx_cx_returns_mdesk_body)
           : rc;
}


static ngx_int_t
ngx_cx_returns_mdesk_body(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_cx_returns_mdesk_t  *d;

    d = ngx_cx_returns_ctx(r)->data;

    return ngx_cx_returns_talk_form(r, body, &d->talk,
                                    ngx_cx_returns_mdesk_said);
}


static ngx_int_t
ngx_cx_returns_mdesk_said(ngx_http_request_t *r, const cxr_pairs_t *pairs)
{
    ngx_int_t                rc;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_mdesk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    if (!cxr_form_token_ok(ngx_cx_returns_ring(r), ctx->actor,
                           ngx_cx_returns_form_purpose(r, "staff.decide"),
                           ngx_cx_returns_mdesk_hour(),
                           ngx_cx_returns_pair(pairs, "t")))
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_REFUSED_TOKENS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_FORBIDDEN);
    }

    rc = ngx_cx_returns_talk_post(r, pairs, d->act, &d->talk,
                                  ngx_cx_returns_mdesk_done);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_mdesk_show(r, d, d->talk.status) : rc;
}


static ngx_int_t
ngx_cx_returns_mdesk_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_int_t                rc;
    ngx_cx_returns_mdesk_t  *d;

    d = ngx_cx_returns_ctx(r)->data;
    rc = ngx_cx_returns_talk_done(r, op, &d->talk);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_mdesk_show(r, d, d->talk.status) : rc;
}


static ngx_int_t
ngx_cx_returns_mdesk_show(ngx_http_request_t *r, ngx_cx_returns_mdesk_t *d,
    ngx_uint_t status)
{
    char                   *token;
    cxr_rc_t                rc;
    cxr_say_t               say;
    cxr_link_t              link;
    ngx_int_t               answer;
    cxr_read_t             *rd;
    cxr_order_t             order;
    cxr_person_t            person;
    cxr_talk_in_t           in;
    const cxr_shop_t       *shop;
    ngx_cx_returns_ctx_t   *ctx;
    cxr_view_order_talk_t   view;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    token = cxr_alloc(ctx->arena, 22);
    rd = token ? ngx_cx_returns_page_read(r, &answer) : NULL;

    if (rd == NULL) {
        return token ? answer : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_read_order(rd, shop, d->talk.order, ctx->arena, &order);

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_talk_load(r, rd, &d->talk, &in);
    }

    ngx_memzero(&view, sizeof(cxr_view_order_talk_t));
    say = cxr_say_to(ctx->view, ctx->arena);

    if (rc == CXR_OK) {
        cxr_form_token(ngx_cx_returns_ring(r), ctx->actor,
                       ngx_cx_returns_form_purpose(r, "staff.decide"),
                       ngx_cx_returns_mdesk_hour(), token);

        in.token = cxr_strn(token, 22);
        in.actor = ctx->actor;
        in.order = &order;

        if (cxr_read_person(rd, shop, &order, ctx->arena, &person) == CXR_OK) {
            in.person = &person;
            view.name = person.name;
        }

        if (in.reply.len != 0) {
            ngx_memzero(&link, sizeof(cxr_link_t));
            link.order = d->talk.order;
            link.expires = (ngx_cx_returns_now() / CXR_DAY + 1
                            + shop->order_link_days) * CXR_DAY;
            (void) ngx_cx_returns_link_url(r, CXR_LINK_ORDER, &link, true,
                                           ctx->arena, &in.link);
        }

        rc = cxr_view_page(ctx->view, order.number, d->talk.url, ctx->arena,
                           &view.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_MESSAGES, ctx->arena,
                               view.page);
    }

    if (rc == CXR_OK) {
        view.number = order.number;
        view.back_url = cxr_say_url(&say, shop->staff, "messages");

        if (ngx_cx_returns_mdesk_gifts(r)) {
            rc = ngx_cx_returns_gift_link(r, d->talk.order, true,
                                          &view.gift_link);
            view.gift_url = cxr_say_url(&say, d->talk.url, "/gift.svg");
        }
    }

    if (rc == CXR_OK) {
        view.talk = cxr_view_talk(&say, &in);
        view.page->wrong = view.talk != NULL && view.talk->error.len != 0;
        rc = ngx_cx_returns_talk_threads(r, rd, &d->talk, &order, &say, &view);
    }

    if (rc == CXR_OK) {
        rc = cxr_say_rc(&say);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, status,
                                        NGX_CX_RETURNS_PAGE_STAFF_TALK, &view)
             : ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    cxr_read_end(rd);

    return answer;
}


/* ---- what waits ---- */

/* The thread of each, and the beginning of what was written last in it. */

static cxr_rc_t
ngx_cx_returns_mdesk_rows(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_waitings_t *list, cxr_waiting_in_t *rows)
{
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_talk_t        *talk;
    cxr_arena_t       *a;
    cxr_order_t        order;
    cxr_messages_t     last;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    for (i = 0; i < list->n; i++) {
        rows[i].order = list->items[i].order;
        rows[i].rma = list->items[i].rma;
        rows[i].since = list->items[i].since;

        /* an order that has gone is called what it is kept under */

        if (rows[i].rma.len == 0
            && cxr_read_order(rd, shop, rows[i].order, a, &order) == CXR_OK)
        {
            rows[i].number = order.number;
        }

        talk = cxr_calloc(a, 1, sizeof(cxr_talk_t));
        if (talk == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_read_talk(rd, shop, rows[i].order, a, talk);
        if (rc != CXR_OK) {
            return rc;
        }

        rows[i].thread = cxr_talk_thread(talk, rows[i].rma);

        if (rows[i].thread == NULL) {
            return CXR_INVALID;
        }

        rc = cxr_read_messages(rd, shop, rows[i].order, NULL,
                               rows[i].thread->last - 1, 1, a, &last);
        if (rc != CXR_OK) {
            return rc;
        }

        if (last.n != 0 && last.items[0].text.len != 0) {
            (void) cxr_read_note(rd, shop, rows[i].order,
                                 last.items[0].rma, last.items[0].text, a,
                                 &rows[i].last);
        }
    }

    return CXR_OK;
}


static ngx_int_t
ngx_cx_returns_mdesk_list(ngx_http_request_t *r)
{
    cxr_rc_t               rc;
    cxr_say_t              say;
    cxr_str_t              next, path;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_pairs_t            args;
    cxr_waitings_t         list;
    cxr_waiting_in_t      *rows;
    const cxr_shop_t      *shop;
    cxr_view_waitings_t    view;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    ngx_memzero(&view, sizeof(cxr_view_waitings_t));
    say = cxr_say_to(ctx->view, ctx->arena);

    rc = cxr_read_waiting(rd, shop, ngx_cx_returns_pair(&args, "cursor"),
                          NGX_CX_RETURNS_WAITING, ctx->arena, &list, &next);

    if (rc == CXR_INVALID) {
        rc = cxr_read_waiting(rd, shop, CXR_STR_NONE, NGX_CX_RETURNS_WAITING,
                              ctx->arena, &list, &next);
    }

    rows = cxr_calloc(ctx->arena, NGX_CX_RETURNS_WAITING,
                      sizeof(cxr_waiting_in_t));

    if (rc == CXR_OK) {
        rc = rows ? ngx_cx_returns_mdesk_rows(r, rd, &list, rows) : CXR_NOMEM;
    }

    if (rc == CXR_OK) {
        cxr_view_waiting(&say, rows, list.n, ngx_cx_returns_now(), &view);

        path = cxr_say_join(&say, shop->staff, "messages", CXR_STR_NONE);
        view.actor = ctx->actor;

        if (next.len != 0) {
            view.next_url = cxr_say_join(&say, cxr_say_url(&say, path, ""),
                                         "?cursor=", next);
        }

        rc = cxr_view_page(ctx->view, cxr_say(&say, "staff.messages.heading"),
                           path, ctx->arena, &view.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_MESSAGES, ctx->arena,
                               view.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_say_rc(&say);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_PAGE_STAFF_MESSAGES,
                                        &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    cxr_read_end(rd);

    return answer;
}
