
/*
 * /api/v1/withdrawals: list, read, match with an order, close.
 */

#include "ngx_cx_returns_shopper.h"


#define NGX_CX_RETURNS_WITHDRAWALS_JSON   (4 * 1024 * 1024)


static ngx_int_t ngx_cx_returns_withdrawals_list(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_withdrawal_send(ngx_http_request_t *r,
    cxr_str_t id);
static ngx_int_t ngx_cx_returns_withdrawal_match(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_withdrawal_judge(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_withdrawal_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


ngx_int_t
ngx_cx_returns_api_withdrawals(ngx_http_request_t *r, cxr_str_t rest)
{
    char                    *id;
    cxr_str_t                name, tail;
    ngx_int_t                rc;
    ngx_uint_t               get;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_api_t    *api;
    ngx_cx_returns_body_pt   next;

    ctx = ngx_cx_returns_ctx(r);
    get = (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) != 0;

    ngx_cx_returns_split(rest, &name, &tail);

    api = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_api_t));
    id = cxr_alloc(ctx->arena, CXR_WITHDRAWAL_ID_LEN);

    if (api == NULL || id == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->data = api;

    if (!ngx_cx_returns_api_role(r, get ? "read" : "approve")) {
        return ngx_cx_returns_api_forbidden(r, get ? "read" : "approve", NULL);
    }

    next = cxr_str_is(tail, "match") ? ngx_cx_returns_withdrawal_match
           : cxr_str_is(tail, "judge") ? ngx_cx_returns_withdrawal_judge
                                       : NULL;

    if ((tail.len != 0 && next == NULL)
        || (name.len != 0 && cxr_withdrawal_id_parse(name, id) != CXR_OK))
    {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         "There is no such withdrawal.");
    }

    if (next == NULL ? !get : r->method != NGX_HTTP_POST) {
        return ngx_cx_returns_not_allowed(r, next ? "POST" : "GET, HEAD",
                                          "Withdrawals are read with GET; "
                                          "match and judge take POST.");
    }

    api->a = cxr_strn(id, CXR_WITHDRAWAL_ID_LEN);

    if (next != NULL) {
        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                        next);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return name.len ? ngx_cx_returns_withdrawal_send(r, api->a)
                    : ngx_cx_returns_withdrawals_list(r);
}


/* ---- reading ---- */

static ngx_int_t
ngx_cx_returns_withdrawals_list(ngx_http_request_t *r)
{
    int                    state;
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    unsigned               limit;
    cxr_buf_t              b;
    cxr_str_t              next;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_pairs_t            args;
    cxr_withdrawals_t      list;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    answer = ngx_cx_returns_api_page(r, &args, &limit);

    if (answer == NGX_DECLINED) {
        answer = ngx_cx_returns_api_one_of(r, &args, "state",
                                           cxr_withdrawal_state_names, &state);
    }

    if (answer != NGX_DECLINED) {
        return answer;
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_withdrawals(rd, ngx_cx_returns_loc(r)->shop->shop, state,
                              ngx_cx_returns_pair(&args, "cursor"),
                              limit, ctx->arena, &list, &next);

    cxr_buf_init(&b, NGX_CX_RETURNS_WITHDRAWALS_JSON);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "withdrawals", '[');

    for (i = 0; rc == CXR_OK && i < list.n; i++) {
        cxr_rec_json(&cxr_withdrawal_type, &list.items[i], NULL, 0, &w);
    }

    cxr_jw_close(&w);

    ngx_cx_returns_api_next(&w, next);
    cxr_jw_close(&w);
    cxr_read_end(rd);

    if (rc == CXR_OK) {
        return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
    }

    cxr_buf_free(&b);

    if (rc == CXR_INVALID) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_cursor",
                                      "The cursor is none of ours.",
                                      "?cursor");
    }

    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* the receipt's page, in the language that was spoken */

static cxr_rc_t
ngx_cx_returns_withdrawal_url(ngx_http_request_t *r, const cxr_withdrawal_t *w,
    cxr_str_t *url)
{
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_str_t              prefix;
    cxr_link_t             link;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    ngx_memzero(&link, sizeof(cxr_link_t));

    link.rma = w->id;
    link.expires = (ngx_cx_returns_now() / CXR_DAY + 1 + shop->rma_link_days)
                   * CXR_DAY;

    prefix = ctx->prefix;

    for (i = 0; i < shop->languages.n; i++) {
        if (cxr_str_eq(shop->languages.items[i], w->locale)) {
            ctx->prefix = cxr_sprintf(ctx->arena, "/%.*s",
                                      cxr_str_arg(w->locale));
        }
    }

    rc = ngx_cx_returns_link_url(r, CXR_LINK_WITHDRAWAL, &link, true,
                                 ctx->arena, url);
    ctx->prefix = prefix;

    return rc;
}


static ngx_int_t
ngx_cx_returns_withdrawal_send(ngx_http_request_t *r, cxr_str_t id)
{
    cxr_rc_t               rc, opened;
    cxr_jw_t               jw;
    cxr_buf_t              b;
    cxr_str_t              url;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_statement_t        st;
    cxr_withdrawal_t       w;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_withdrawal(rd, shop, id, ctx->arena, &w);
    cxr_buf_init(&b, NGX_CX_RETURNS_WITHDRAWALS_JSON);

    if (rc == CXR_OK) {
        opened = cxr_read_statement(rd, shop, &w, ctx->arena, &st);

        cxr_jw_init(&jw, &b);
        cxr_jw_open(&jw, NULL, '{');
        cxr_rec_json(&cxr_withdrawal_type, &w, "withdrawal", 0, &jw);

        if (opened == CXR_OK) {
            cxr_rec_json(&cxr_statement_type, &st, "statement", 0, &jw);

        } else {
            cxr_jw_null(&jw, "statement");
        }

        rc = ngx_cx_returns_withdrawal_url(r, &w, &url);

        if (rc == CXR_OK) {
            cxr_jw_str(&jw, "receipt_url", url);
            cxr_jw_close(&jw);
        }
    }

    cxr_read_end(rd);

    if (rc == CXR_OK
        && ngx_cx_returns_api_etag(r, w.revision) == NGX_OK)
    {
        return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
    }

    cxr_buf_free(&b);

    if (rc == CXR_NOTFOUND) {
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such withdrawal.", NULL);
    }

    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* ---- acting ---- */

static void
ngx_cx_returns_withdrawal_lines(json_t *lines, cxr_arena_t *a,
    cxr_json_faults_t *faults, cxr_withdrawal_lines_t *out)
{
    char                    path[40];
    size_t                  i;
    int64_t                 quantity;
    cxr_jr_t                jl;
    cxr_withdrawal_line_t  *line;

    for (i = 0; i < json_array_size(lines); i++) {
        line = cxr_list_push(a, out, sizeof(cxr_withdrawal_line_t));
        if (line == NULL) {
            return;
        }

        quantity = 0;
        ngx_snprintf((u_char *) path, sizeof(path), "/lines/%uz%Z", i);

        if (cxr_jr_begin(&jl, json_array_get(lines, i), path, a, faults)) {
            (void) cxr_jr_line(&jl, "line", CXR_LINE_ID_MAX, CXR_JR_REQUIRED,
                               &line->line);
            (void) cxr_jr_int(&jl, "quantity", 1, CXR_LINE_QUANTITY_MAX,
                              CXR_JR_REQUIRED, &quantity);
            (void) cxr_jr_end(&jl);
        }

        line->quantity = (uint32_t) quantity;
    }
}


/* {"order":"KG-1001","lines":[{"line":"1","quantity":1}]}; without lines those
   that the statement means */

static ngx_int_t
ngx_cx_returns_withdrawal_match(ngx_http_request_t *r, cxr_str_t body)
{
    char                    *folded;
    size_t                   len;
    json_t                  *json, *lines;
    cxr_jr_t                 jr;
    cxr_str_t                number;
    ngx_int_t                answer;
    cxr_json_faults_t        faults;
    ngx_cx_returns_op_t     *op;
    ngx_cx_returns_api_t    *api;
    cxr_withdrawal_lines_t  *meant;

    api = ngx_cx_returns_ctx(r)->data;
    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    folded = op ? cxr_alloc(op->arena, CXR_NUMBER_MAX) : NULL;
    meant = op ? cxr_calloc(op->arena, 1, sizeof(*meant)) : NULL;

    if (folded == NULL || meant == NULL
        || cxr_str_dup(op->arena, api->a, &op->job.u.match.id) != CXR_OK)
    {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));
    number = CXR_STR_NONE;
    lines = NULL;
    len = 0;

    if (cxr_jr_begin(&jr, json, "", op->arena, &faults)) {
        if (cxr_jr_line(&jr, "order", CXR_NUMBER_MAX, CXR_JR_REQUIRED, &number)
            && cxr_fold_number(number, folded, &len) != CXR_OK)
        {
            cxr_jr_fault(&jr, "order", "is no order number");
        }

        (void) cxr_jr_array(&jr, "lines", CXR_ORDER_LINES_MAX, 0, &lines);
        (void) cxr_jr_end(&jr);
        ngx_cx_returns_withdrawal_lines(lines, op->arena, &faults, meant);
    }

    json_decref(json);

    op->job.kind = CXR_CMD_WITHDRAWAL_MATCH;
    op->job.u.match.order = cxr_strn(folded, len);
    op->job.u.match.lines = lines ? meant : NULL;
    op->done = ngx_cx_returns_withdrawal_done;

    return ngx_cx_returns_api_change(r, body, op, &faults);
}


/* {"reason":"..."}: closed without an RMA */

static ngx_int_t
ngx_cx_returns_withdrawal_judge(ngx_http_request_t *r, cxr_str_t body)
{
    json_t                  *json;
    cxr_jr_t                 jr;
    ngx_int_t                answer;
    cxr_json_faults_t        faults;
    ngx_cx_returns_op_t     *op;
    ngx_cx_returns_api_t    *api;
    cxr_withdrawal_judge_t  *judge;

    api = ngx_cx_returns_ctx(r)->data;
    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    judge = op ? cxr_calloc(op->arena, 1, sizeof(*judge)) : NULL;

    if (judge == NULL
        || cxr_str_dup(op->arena, api->a, &judge->id) != CXR_OK)
    {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));

    if (cxr_jr_begin(&jr, json, "", op->arena, &faults)) {
        (void) cxr_jr_block(&jr, "reason", CXR_STAFF_REASON_MAX,
                            CXR_JR_REQUIRED, &judge->reason);
        (void) cxr_jr_end(&jr);
    }

    json_decref(json);

    op->job.kind = CXR_CMD_WITHDRAWAL_JUDGE;
    op->job.u.judge = judge;
    op->done = ngx_cx_returns_withdrawal_done;

    return ngx_cx_returns_api_change(r, body, op, &faults);
}


static ngx_int_t
ngx_cx_returns_withdrawal_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    if (op->job.rc != CXR_OK) {
        return ngx_cx_returns_problem_job(r, &op->job);
    }

    return ngx_cx_returns_withdrawal_send(r, op->job.id);
}
