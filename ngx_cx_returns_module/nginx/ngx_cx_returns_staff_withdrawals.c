
/*
 * The desk's page of withdrawals: the list, and what is done with one.
 */

#include "ngx_cx_returns_shopper.h"
#include "cxr_view_withdrawals.h"


#define NGX_CX_RETURNS_WITHDRAWALS  25     /* of one page                     */
#define NGX_CX_RETURNS_COUNT_CAP    1000   /* counted no further              */


typedef struct {
    cxr_str_t             id;
    ngx_uint_t            match;
    const cxr_refusal_t  *refusal;
} ngx_cx_returns_wdesk_t;


static ngx_int_t ngx_cx_returns_wdesk_list(ngx_http_request_t *r,
    const ngx_cx_returns_wdesk_t *d, ngx_uint_t status);
static ngx_int_t ngx_cx_returns_wdesk_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_wdesk_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


static int64_t
ngx_cx_returns_wdesk_hour(void)
{
    return ngx_cx_returns_now() / CXR_HOUR;
}


ngx_int_t
ngx_cx_returns_staff_withdrawals(ngx_http_request_t *r, cxr_str_t rest)
{
    char                    *id;
    ngx_int_t                rc;
    cxr_str_t                name, tail;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_wdesk_t  *d;

    ctx = ngx_cx_returns_ctx(r);

    if (rest.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_wdesk_list(r, NULL, NGX_HTTP_OK)
                            : rc;
    }

    ngx_cx_returns_split(rest, &name, &tail);

    d = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_wdesk_t));
    id = cxr_alloc(ctx->arena, CXR_WITHDRAWAL_ID_LEN);

    if (d == NULL || id == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    d->match = cxr_str_is(tail, "match");

    if (cxr_withdrawal_id_parse(name, id) != CXR_OK
        || (!d->match && !cxr_str_is(tail, "judge")))
    {
        rc = ngx_http_discard_request_body(r);
        return rc == NGX_OK ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND)
                            : rc;
    }

    d->id = cxr_strn(id, CXR_WITHDRAWAL_ID_LEN);
    ctx->data = d;

    rc = ngx_cx_returns_page_method(r, 1);

    return rc == NGX_OK
           ? ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->form_size,
                                      ngx_cx_returns_wdesk_body)
           : rc;
}


/* What stands beside each: its statement, and its order where lines are to be
   chosen. */

static cxr_rc_t
ngx_cx_returns_wdesk_read(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_withdrawals_t *list, cxr_staff_withdrawal_t **out)
{
    uint32_t                 i;
    cxr_rc_t                 rc;
    cxr_arena_t             *a;
    cxr_order_t             *order;
    cxr_statement_t         *st;
    const cxr_shop_t        *shop;
    cxr_staff_withdrawal_t  *items;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    items = cxr_calloc(a, list->n + 1, sizeof(cxr_staff_withdrawal_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < list->n; i++) {
        st = cxr_calloc(a, 1, sizeof(cxr_statement_t));
        order = cxr_calloc(a, 1, sizeof(cxr_order_t));

        if (st == NULL || order == NULL) {
            return CXR_NOMEM;
        }

        items[i].w = &list->items[i];

        rc = cxr_read_statement(rd, shop, items[i].w, a, st);

        if (rc == CXR_OK) {
            items[i].st = st;

        } else if (rc == CXR_NOMEM) {
            return rc;
        }

        if (items[i].w->state == CXR_WITHDRAWAL_MATCHED
            && items[i].w->rma.len == 0
            && cxr_read_order(rd, shop, items[i].w->order, a, order) == CXR_OK)
        {
            items[i].order = order;
        }
    }

    *out = items;

    return CXR_OK;
}


static ngx_int_t
ngx_cx_returns_wdesk_list(ngx_http_request_t *r,
    const ngx_cx_returns_wdesk_t *d, ngx_uint_t status)
{
    char                     *token;
    uint32_t                  counts[CXR_WITHDRAWAL_STATES];
    cxr_rc_t                  rc;
    cxr_str_t                 cursor, next;
    ngx_int_t                 answer;
    cxr_read_t               *rd;
    cxr_pairs_t               args;
    cxr_view_page_t          *page;
    const cxr_shop_t         *shop;
    cxr_withdrawals_t         list;
    ngx_cx_returns_ctx_t     *ctx;
    cxr_staff_withdrawal_t   *items;
    cxr_view_withdrawals_t    view;
    cxr_staff_withdrawals_t   p;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    token = cxr_alloc(ctx->arena, 22);
    rd = token ? ngx_cx_returns_page_read(r, &answer) : NULL;

    if (rd == NULL) {
        return token ? answer : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&p, sizeof(cxr_staff_withdrawals_t));
    cxr_form_token(ngx_cx_returns_ring(r), ctx->actor,
                   ngx_cx_returns_form_purpose(r, "staff.withdrawal"),
                   ngx_cx_returns_wdesk_hour(), token);

    p.ctx = ctx->view;
    p.arena = ctx->arena;
    p.actor = ctx->actor;
    p.token = cxr_strn(token, 22);
    p.may_approve = ngx_cx_returns_has_role(ctx, cxr_str("approve"));
    p.done = cxr_str_is(ngx_cx_returns_pair(&args, "done"), "1");
    p.state = cxr_name_index(cxr_withdrawal_state_names,
                             ngx_cx_returns_pair(&args, "state"));
    p.counts = counts;

    if (d != NULL) {
        p.refusal = d->refusal;
        p.refused = d->id;
    }

    cursor = ngx_cx_returns_pair(&args, "cursor");

    rc = cxr_read_withdrawals(rd, shop, p.state, cursor,
                              NGX_CX_RETURNS_WITHDRAWALS, ctx->arena, &list,
                              &next);

    if (rc == CXR_INVALID && cursor.len) {
        rc = cxr_read_withdrawals(rd, shop, p.state, CXR_STR_NONE,
                                  NGX_CX_RETURNS_WITHDRAWALS, ctx->arena,
                                  &list, &next);
    }

    if (rc == CXR_OK) {
        rc = cxr_read_withdrawal_counts(rd, shop, NGX_CX_RETURNS_COUNT_CAP,
                                        counts);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_wdesk_read(r, rd, &list, &items);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view,
                           cxr_view_text(ctx->view, "staff.withdrawals.title",
                                         NULL, 0, ctx->arena),
                           cxr_sprintf(ctx->arena, "%.*swithdrawals",
                                       cxr_str_arg(shop->staff)),
                           ctx->arena, &page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_WITHDRAWALS, ctx->arena,
                               page);
    }

    if (rc == CXR_OK) {
        p.page = page;
        p.items = items;
        p.n = list.n;
        p.next = next;
        rc = cxr_view_withdrawals(&p, &view);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, status,
                                        NGX_CX_RETURNS_PAGE_STAFF_WITHDRAWALS,
                                        &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    cxr_read_end(rd);

    return answer;
}


/* ---- what is done with one ---- */

/* The chosen lines, each with all that may still come back of it. */

static cxr_rc_t
ngx_cx_returns_wdesk_lines(ngx_http_request_t *r, const cxr_pairs_t *pairs,
    cxr_str_t folded, cxr_arena_t *a, cxr_withdrawal_lines_t *out)
{
    uint32_t                 i;
    cxr_rc_t                 rc;
    ngx_int_t                answer;
    cxr_read_t              *rd;
    cxr_order_t              order;
    ngx_cx_returns_ctx_t    *ctx;
    cxr_withdrawal_line_t   *line;
    const cxr_order_line_t  *l;

    ctx = ngx_cx_returns_ctx(r);
    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return CXR_ERROR;
    }

    rc = cxr_read_order(rd, ngx_cx_returns_loc(r)->shop->shop, folded,
                        ctx->arena, &order);

    for (i = 0; rc == CXR_OK && i < pairs->n; i++) {
        if (!cxr_str_is(pairs->items[i].name, "l")) {
            continue;
        }

        l = cxr_order_line(&order, pairs->items[i].value);
        line = cxr_list_push(a, out, sizeof(cxr_withdrawal_line_t));

        if (line == NULL
            || cxr_str_dup(a, pairs->items[i].value, &line->line) != CXR_OK)
        {
            rc = CXR_NOMEM;
            break;
        }

        line->quantity = l != NULL && l->quantity > l->returning
                         ? l->quantity - l->returning : 0;
    }

    cxr_read_end(rd);

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


static ngx_int_t
ngx_cx_returns_wdesk_body(ngx_http_request_t *r, cxr_str_t body)
{
    char                     folded[CXR_NUMBER_MAX];
    size_t                   len;
    cxr_rc_t                 rc;
    cxr_str_t                reason;
    ngx_int_t                answer;
    cxr_pairs_t              pairs;
    ngx_cx_returns_op_t     *op;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_wdesk_t  *d;
    cxr_withdrawal_lines_t  *lines;
    cxr_withdrawal_judge_t  *judge;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    if (!cxr_form_token_ok(ngx_cx_returns_ring(r), ctx->actor,
                           ngx_cx_returns_form_purpose(r, "staff.withdrawal"),
                           ngx_cx_returns_wdesk_hour(),
                           ngx_cx_returns_pair(&pairs, "t")))
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_REFUSED_TOKENS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_FORBIDDEN);
    }

    op = ngx_cx_returns_op_create(r);
    lines = op ? cxr_calloc(op->arena, 1, sizeof(*lines)) : NULL;
    judge = op ? cxr_calloc(op->arena, 1, sizeof(*judge)) : NULL;

    if (lines == NULL || judge == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (d->match) {
        len = 0;

        if (cxr_fold_number(ngx_cx_returns_pair(&pairs, "order"), folded, &len)
            != CXR_OK)
        {
            len = 0;        /* no order has that number: the same answer */
        }

        rc = cxr_str_dup(op->arena, cxr_strn(folded, len),
                         &op->job.u.match.order);

        if (rc == CXR_OK) {
            rc = cxr_str_dup(op->arena, d->id, &op->job.u.match.id);
        }

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_wdesk_lines(r, &pairs, cxr_strn(folded, len),
                                            op->arena, lines);
        }

        op->job.kind = CXR_CMD_WITHDRAWAL_MATCH;
        op->job.u.match.lines = lines->n ? lines : NULL;

    } else {
        rc = cxr_text_clean(op->arena, ngx_cx_returns_pair(&pairs, "reason"),
                            CXR_TEXT_BLOCK, SIZE_MAX, &reason);

        if (rc == CXR_OK) {
            judge->reason = reason;
            rc = cxr_str_dup(op->arena, d->id, &judge->id);
        }

        op->job.kind = CXR_CMD_WITHDRAWAL_JUDGE;
        op->job.u.judge = judge;
    }

    if (rc != CXR_OK) {
        return rc == CXR_INVALID
               ? ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST)
               : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    op->job.actor_kind = CXR_ACTOR_STAFF;
    op->job.actor = ctx->actor;
    op->done = ngx_cx_returns_wdesk_done;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_int_t
ngx_cx_returns_wdesk_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_str_t                path;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_wdesk_t  *d;

    ctx = ngx_cx_returns_ctx(r);
    d = ctx->data;

    switch (op->job.rc) {

    case CXR_OK:
        path = cxr_sprintf(ctx->arena, "%.*swithdrawals",
                     cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->staff));
        return ngx_cx_returns_page_redirect(r, path, "?done=1");

    case CXR_REFUSED:
        d->refusal = &op->job.refusal;
        return ngx_cx_returns_wdesk_list(r, d, NGX_HTTP_CONFLICT);

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    case CXR_CONFLICT:
        return ngx_cx_returns_error_page(r, CXR_PAGE_CONFLICT);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }
}
