
/*
 * The withdrawal function (Directive 2011/83/EU art. 11a): a form, the
 * statement once more with its one button, the receipt.  The pages look nothing
 * up, so they say nothing about what orders there are; only a link of the shop's
 * own making fills the form in.
 */

#include "ngx_cx_returns_shopper.h"
#include "cxr_view_withdraw.h"


#define NGX_CX_RETURNS_RATE_KEY   64
#define NGX_CX_RETURNS_WORDS      (16 * 1024)   /* of the goods of an order  */

/* what stands around a receipt's file in a form */
#define NGX_CX_RETURNS_RECEIPT_ROOM  (8 * 1024)


static ngx_int_t ngx_cx_returns_withdraw_first(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_withdraw_known(ngx_http_request_t *r,
    cxr_str_t token);
static ngx_int_t ngx_cx_returns_withdraw_fill(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_str_t number, cxr_withdraw_form_t *form);
static ngx_int_t ngx_cx_returns_withdraw_link(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_withdraw_form(ngx_http_request_t *r,
    cxr_str_t body, cxr_withdraw_form_t **form);
static ngx_int_t ngx_cx_returns_withdraw_change(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_withdraw_review(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_withdraw_confirm(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_withdraw_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_withdraw_receipt(ngx_http_request_t *r,
    cxr_str_t rest);


typedef enum {
    NGX_CX_RETURNS_SAY_NOTHING = 0,
    NGX_CX_RETURNS_SAY_BUSY,
    NGX_CX_RETURNS_SAY_AWAY
} ngx_cx_returns_say_t;


ngx_int_t
ngx_cx_returns_withdraw(ngx_http_request_t *r, cxr_str_t rest)
{
    size_t                   i, max;
    ngx_int_t                rc;
    cxr_str_t                path;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_body_pt   next;

    static const struct {
        const char              *name;
        ngx_cx_returns_body_pt   next;
    } steps[] = {
        { "withdraw/change", ngx_cx_returns_withdraw_change },
        { "withdraw/review", ngx_cx_returns_withdraw_review },
        { "withdraw/confirm", ngx_cx_returns_withdraw_confirm }
    };

    ctx = ngx_cx_returns_ctx(r);
    next = NULL;
    max = 0;

    if (rest.len > 2 && ngx_memcmp(rest.data, "w/", 2) == 0) {
        return ngx_cx_returns_withdraw_receipt(r, cxr_strn(rest.data + 2,
                                                           rest.len - 2));
    }

    if (rest.len > 2 && ngx_memcmp(rest.data, "d/", 2) == 0) {
        rc = ngx_cx_returns_page_method(r, 0);

        return rc == NGX_OK
               ? ngx_cx_returns_withdraw_known(r, cxr_strn(rest.data + 2,
                                                           rest.len - 2))
               : rc;
    }

    for (i = 0; i < cxr_nelts(steps); i++) {
        if (cxr_str_is(rest, steps[i].name)) {
            next = steps[i].next;
        }
    }

    if (next != NULL && (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {

        /* a reload of what was posted begins anew */

        rc = ngx_http_discard_request_body(r);
        path = cxr_sprintf(ctx->arena, "%.*swithdraw",
                           cxr_str_arg(ngx_cx_returns_loc(r)->shop
                                                           ->shop->portal));

        return rc == NGX_OK ? ngx_cx_returns_page_redirect(r, path, "") : rc;
    }

    if (cxr_str_is(rest, "receipt") && r->method == NGX_HTTP_POST) {
        next = ngx_cx_returns_receipt_body;
    }

    if (next != NULL) {
        rc = ngx_cx_returns_page_method(r, 1);

        max = ngx_cx_returns_loc(r)->form_size;

        if (next == ngx_cx_returns_receipt_body) {
            max = ngx_max(max, CXR_RECEIPT_FILE_MAX
                               + NGX_CX_RETURNS_RECEIPT_ROOM);
        }

        return rc == NGX_OK ? ngx_cx_returns_read_body(r, max, next) : rc;
    }

    if (cxr_str_is(rest, "withdraw") || cxr_str_is(rest, "withdraw/link")
        || cxr_str_is(rest, "receipt")
        || (rest.len > 8 && ngx_memcmp(rest.data, "receipt/", 8) == 0))
    {
        rc = ngx_cx_returns_page_method(r, 0);

        if (rc != NGX_OK) {
            return rc;
        }

        if (rest.data[0] == 'r') {
            return rest.len > 8
                   ? ngx_cx_returns_receipt(r, cxr_strn(rest.data + 8,
                                                             rest.len - 8), 1)
                   : ngx_cx_returns_receipt(r, cxr_str(""), 0);
        }

        return rest.len > 8 ? ngx_cx_returns_withdraw_link(r)
                            : ngx_cx_returns_withdraw_first(r);
    }

    return NGX_DECLINED;
}


/* ---- the two steps ---- */

static ngx_int_t
ngx_cx_returns_withdraw_show(ngx_http_request_t *r,
    const cxr_withdraw_form_t *form, ngx_uint_t review, ngx_uint_t status,
    ngx_cx_returns_say_t say)
{
    ngx_int_t              linked;
    cxr_str_t              title, self, rest;
    cxr_view_page_t       *page;
    cxr_view_withdraw_t    view;
    ngx_cx_returns_ctx_t  *ctx;

    linked = 0;
    ctx = ngx_cx_returns_ctx(r);
    title = cxr_view_text(ctx->view, review ? "withdraw.review.title"
                                            : "withdraw.title",
                          NULL, 0, ctx->arena);
    self = cxr_sprintf(ctx->arena, "%.*swithdraw",
                       cxr_str_arg(ctx->view->shop->portal));

    /* a form that was filled in stays so in another language */

    if (ngx_cx_returns_below(ctx, ctx->view->shop->portal, &rest)
        && rest.len > 2 && ngx_memcmp(rest.data, "d/", 2) == 0)
    {
        self = ctx->path;
        linked = 1;
    }

    if (cxr_view_page(ctx->view, title, self, ctx->arena, &page) != CXR_OK
        || cxr_view_withdraw(ctx->view, page, ctx->arena, form,
                             review ? "withdraw/confirm" : "withdraw/review",
                             ngx_cx_returns_now(), &view)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* what was filled in is somebody's */

    if (!review && form->contract.len == 0 && !linked
        && cxr_view_public(ctx->view, page, self,
                           cxr_view_text(ctx->view, "withdraw.lead", NULL, 0,
                                         ctx->arena),
                           ctx->arena)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view.busy = say == NGX_CX_RETURNS_SAY_BUSY;
    view.away = say == NGX_CX_RETURNS_SAY_AWAY;

    return ngx_cx_returns_send_page(r, status,
                                    review ? NGX_CX_RETURNS_PAGE_WITHDRAW_REVIEW
                                           : NGX_CX_RETURNS_PAGE_WITHDRAW,
                                    &view);
}


static ngx_int_t
ngx_cx_returns_withdraw_flow(ngx_http_request_t *r, cxr_withdraw_form_t *form)
{
    char     *p;
    uint8_t   random[16];

    p = cxr_alloc(ngx_cx_returns_ctx(r)->arena, 24);
    if (p == NULL) {
        return NGX_ERROR;
    }

    cxr_random(random, sizeof(random));
    form->flow = cxr_strn(p, cxr_b64url_encode(random, sizeof(random), p));

    return NGX_OK;
}


/* "?order=KG-1001": the shop's own page knows which order it shows */

static cxr_rc_t
ngx_cx_returns_withdraw_order(ngx_http_request_t *r, cxr_str_t *order)
{
    size_t                 over;
    cxr_rc_t               rc;
    cxr_pairs_t            args;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    *order = CXR_STR_NONE;

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        return CXR_OK;
    }

    rc = cxr_form_text(ctx->arena, ngx_cx_returns_pair(&args, "order"),
                       CXR_TEXT_LINE, CXR_STATEMENT_CONTRACT_MAX, order,
                       &over);

    return rc == CXR_NOMEM ? rc : CXR_OK;
}


static ngx_int_t
ngx_cx_returns_withdraw_first(ngx_http_request_t *r)
{
    cxr_withdraw_form_t  form;

    ngx_memzero(&form, sizeof(cxr_withdraw_form_t));

    if (ngx_cx_returns_withdraw_order(r, &form.contract) != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_withdraw_flow(r, &form) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_withdraw_show(r, &form, 0, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_SAY_NOTHING);
}


cxr_rc_t
ngx_cx_returns_withdraw_of(ngx_http_request_t *r, cxr_str_t url,
    cxr_str_t order, cxr_str_t *out)
{
    cxr_rc_t   rc;
    cxr_buf_t  b;

    cxr_buf_init(&b, CXR_VIEW_URL_MAX);
    cxr_buf_adds(&b, url);
    cxr_buf_addz(&b, "?order=");
    cxr_buf_url(&b, order);

    /* too long: without it */

    rc = CXR_OK;
    *out = url;

    if (cxr_buf_ok(&b)) {
        rc = cxr_str_dup(ngx_cx_returns_ctx(r)->arena, cxr_buf_str(&b), out);
    }

    cxr_buf_free(&b);

    return rc;
}


/*
 * A link of the shop's own making, in its mail or on its page: the form with
 * what is known of the order.  The function is there whatever became of the
 * link: one that is over leads to the form with the order's number, one that
 * does not hold to the form.
 */

static ngx_int_t
ngx_cx_returns_withdraw_known(ngx_http_request_t *r, cxr_str_t token)
{
    cxr_rc_t               rc;
    cxr_str_t              path;
    cxr_link_t             link;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    const cxr_shop_t      *shop;
    cxr_withdraw_form_t    form;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    ngx_memzero(&link, sizeof(cxr_link_t));
    ngx_memzero(&form, sizeof(cxr_withdraw_form_t));

    rc = cxr_link_open(ngx_cx_returns_ring(r), shop->id,
                       CXR_LINK_DECLARE, token, ngx_cx_returns_now(),
                       ctx->arena, &link);

    if (rc != CXR_OK) {
        path = cxr_sprintf(ctx->arena, "%.*swithdraw",
                           cxr_str_arg(shop->portal));

        if (rc == CXR_EXPIRED
            && ngx_cx_returns_withdraw_of(r, path, link.order, &path) != CXR_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_cx_returns_page_redirect(r, path, "");
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    answer = ngx_cx_returns_withdraw_fill(r, rd, link.order, &form);

    if (answer == NGX_OK) {
        answer = ngx_cx_returns_withdraw_show(r, &form, 0, NGX_HTTP_OK,
                                              NGX_CX_RETURNS_SAY_NOTHING);
    }

    cxr_read_end(rd);

    return answer;
}


/*
 * The goods stand in the box for those who withdraw from some of them: a row
 * for each, as it will be read; what is kept is deleted.
 */

static ngx_int_t
ngx_cx_returns_withdraw_fill(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t number, cxr_withdraw_form_t *form)
{
    char                    *p;
    cxr_rc_t                 rc;
    uint32_t                 i;
    cxr_buf_t                b;
    cxr_order_t              order;
    cxr_person_t             person;
    const cxr_shop_t        *shop;
    const cxr_order_line_t  *line;
    ngx_cx_returns_ctx_t    *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    form->contract = number;

    if (ngx_cx_returns_withdraw_flow(r, form) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_read_order(rd, shop, number, ctx->arena, &order);

    if (rc != CXR_OK) {

        /* not here any more: it can be withdrawn from all the same */

        return rc == CXR_NOTFOUND ? NGX_OK : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    form->contract = order.number;

    if (cxr_read_person(rd, shop, &order, ctx->arena, &person) == CXR_OK) {
        form->name = person.name;
        form->email = person.email;
    }

    p = cxr_alloc(ctx->arena, NGX_CX_RETURNS_WORDS);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init_fixed(&b, p, NGX_CX_RETURNS_WORDS);

    for (i = 0; i < order.lines.n && i < CXR_STATEMENT_ROWS_MAX; i++) {
        line = &order.lines.items[i];

        if (line->gift_given) {
            continue;
        }

        cxr_buf_addf(&b, "%s%u x %.*s%s%.*s", b.len ? "\n" : "",
                     (unsigned) line->quantity, cxr_str_arg(line->title),
                     line->variant.len ? ", " : "",
                     cxr_str_arg(line->variant));
    }

    /* more than a statement may hold is for its writer to choose from */

    if (cxr_buf_ok(&b)
        && cxr_utf8_length(cxr_buf_str(&b)) <= CXR_STATEMENT_WORDS_MAX)
    {
        form->words = cxr_buf_str(&b);
    }

    return NGX_OK;
}


/* for <!--# include virtual="/returns/withdraw/link" --> in a shop's page */

static ngx_int_t
ngx_cx_returns_withdraw_link(ngx_http_request_t *r)
{
    cxr_str_t                   order;
    ngx_cx_returns_ctx_t       *ctx;
    cxr_view_withdraw_link_t    view;

    ctx = ngx_cx_returns_ctx(r);
    ngx_memzero(&view, sizeof(cxr_view_withdraw_link_t));

    if (cxr_view_page(ctx->view, CXR_STR_NONE, CXR_STR_NONE, ctx->arena,
                      &view.page)
        != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view.url = view.page->withdraw_url;

    if (ngx_cx_returns_withdraw_order(r, &order) != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (order.len != 0
        && ngx_cx_returns_withdraw_of(r, view.url, order, &view.url) != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                    NGX_CX_RETURNS_PAGE_WITHDRAW_LINK, &view);
}


/* without a form in "out": what to finalize with */

static ngx_int_t
ngx_cx_returns_withdraw_form(ngx_http_request_t *r, cxr_str_t body,
    cxr_withdraw_form_t **out)
{
    ngx_int_t               answer;
    cxr_pairs_t             pairs;
    cxr_withdraw_form_t    *form;
    ngx_cx_returns_ctx_t   *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    form = cxr_alloc(ctx->arena, sizeof(cxr_withdraw_form_t));
    if (form == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (cxr_withdraw_parse(pairs.items, pairs.n, ctx->arena, form)) {

    case CXR_OK:
        break;

    case CXR_NOMEM:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;

    default:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    if (form->flow.len == 0
        && ngx_cx_returns_withdraw_flow(r, form) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->data = form;
    *out = form;

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_withdraw_change(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t             rc;
    cxr_withdraw_form_t  *form = NULL;

    rc = ngx_cx_returns_withdraw_form(r, body, &form);

    if (form == NULL) {
        return rc;
    }

    form->faults.n = 0;

    return ngx_cx_returns_withdraw_show(r, form, 0, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_SAY_NOTHING);
}


static ngx_int_t
ngx_cx_returns_withdraw_review(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t             rc;
    cxr_withdraw_form_t  *form = NULL;

    rc = ngx_cx_returns_withdraw_form(r, body, &form);

    if (form == NULL) {
        return rc;
    }

    return form->faults.n
           ? ngx_cx_returns_withdraw_show(r, form, 0, 422,
                                          NGX_CX_RETURNS_SAY_NOTHING)
           : ngx_cx_returns_withdraw_show(r, form, 1, NGX_HTTP_OK,
                                          NGX_CX_RETURNS_SAY_NOTHING);
}


ngx_int_t
ngx_cx_returns_withdraw_allowed(ngx_http_request_t *r, const char *what,
    ngx_uint_t limit)
{
    u_char     key[NGX_CX_RETURNS_RATE_KEY], *p;
    ngx_str_t  addr;

    addr = ngx_cx_returns_caller(r);
    p = ngx_snprintf(key, sizeof(key), "%s:%V", what, &addr);

    return ngx_cx_returns_rate_ok(key, p - key, limit, 60);
}


/* The same words from the same form are one statement; others are another. */

static void
ngx_cx_returns_withdraw_idem(const cxr_withdraw_form_t *form,
    const cxr_statement_t *st, cxr_job_t *job)
{
    size_t      i;
    uint8_t     sum[CXR_HASH_LEN];
    cxr_hash_t  h;

    const cxr_str_t  parts[] = {
        form->flow, st->name, st->contract, st->email, st->words
    };

    cxr_hash_begin(&h, sizeof(sum), NULL, 0);

    for (i = 0; i < cxr_nelts(parts); i++) {
        cxr_hash_add(&h, parts[i].data ? parts[i].data : "", parts[i].len);
        cxr_hash_add(&h, "", 1);
    }

    cxr_hash_end(&h, sum, sizeof(sum));

    cxr_idem_hash(cxr_str("withdraw"), cxr_strn(sum, sizeof(sum)), job->idem);
    ngx_memcpy(job->fingerprint, job->idem, sizeof(job->fingerprint));
    job->has_idem = true;
}


static ngx_int_t
ngx_cx_returns_withdraw_confirm(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t              rc;
    cxr_statement_t       *st;
    cxr_withdraw_form_t   *form = NULL;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_ctx_t  *ctx;

    rc = ngx_cx_returns_withdraw_form(r, body, &form);

    if (form == NULL) {
        return rc;
    }

    if (form->faults.n) {
        return ngx_cx_returns_withdraw_show(r, form, 0, 422,
                                            NGX_CX_RETURNS_SAY_NOTHING);
    }

    ctx = ngx_cx_returns_ctx(r);

    if (!ngx_cx_returns_withdraw_allowed(r, "withdraw",
                                       ngx_cx_returns_loc(r)->withdraw_rate))
    {
        /* the statement stays on the page, to be sent again */

        ngx_cx_returns_count(NGX_CX_RETURNS_C_WITHDRAWALS_LIMITED, 1);
        ngx_str_set(&ctx->outcome, "withdrawal_limited");

        if (ngx_cx_returns_retry_after(r, 60)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_cx_returns_withdraw_show(r, form, 1,
                                            NGX_HTTP_TOO_MANY_REQUESTS,
                                            NGX_CX_RETURNS_SAY_BUSY);
    }

    op = ngx_cx_returns_op_create(r);
    st = op ? cxr_calloc(op->arena, 1, sizeof(cxr_statement_t)) : NULL;

    if (st == NULL
        || cxr_str_dup(op->arena, form->name, &st->name) != CXR_OK
        || cxr_str_dup(op->arena, form->email, &st->email) != CXR_OK
        || cxr_str_dup(op->arena, form->contract, &st->contract) != CXR_OK
        || cxr_str_dup(op->arena, form->part ? form->words : cxr_str(""),
                       &st->words) != CXR_OK
        || cxr_str_dup(op->arena, cxr_lang_code(ctx->lang), &st->locale)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    op->job.kind = CXR_CMD_WITHDRAWAL_DECLARE;
    op->job.u.statement = st;
    op->job.actor_kind = CXR_ACTOR_SHOPPER;
    op->job.actor = cxr_str("shopper");
    op->done = ngx_cx_returns_withdraw_done;

    ngx_cx_returns_withdraw_idem(form, st, &op->job);

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_withdraw_show(r, form, 1,
                                        NGX_HTTP_SERVICE_UNAVAILABLE,
                                        NGX_CX_RETURNS_SAY_AWAY);
}


static ngx_int_t
ngx_cx_returns_withdraw_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_str_t              path;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (op->job.rc != CXR_OK) {
        ngx_str_set(&ctx->outcome, "withdrawal_failed");

        return ngx_cx_returns_withdraw_show(r, ctx->data, 1,
                                            NGX_HTTP_SERVICE_UNAVAILABLE,
                                            NGX_CX_RETURNS_SAY_AWAY);
    }

    if (op->job.repeated) {
        ngx_str_set(&ctx->outcome, "repeated");

    } else {
        ngx_str_set(&ctx->outcome, "withdrawal_declared");
        ngx_cx_returns_count(NGX_CX_RETURNS_C_WITHDRAWALS, 1);
    }

    if (ngx_cx_returns_page_link(r, CXR_LINK_WITHDRAWAL, CXR_STR_NONE,
                                 op->job.id, &path)
        != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_page_redirect(r, path, "");
}


/* ---- the receipt ---- */

cxr_rc_t
ngx_cx_returns_receipt_json(ngx_http_request_t *r, const cxr_withdrawal_t *w,
    const cxr_statement_t *st, cxr_buf_t *b)
{
    json_t                *json;
    cxr_rc_t               rc;
    cxr_str_t              verify;
    const cxr_shop_t      *shop;
    cxr_receipt_said_t     said;

    shop = ngx_cx_returns_loc(r)->shop->shop;

    said.shop = shop->id;
    said.id = w->id;
    said.at = w->declared_at;
    said.name = st->name;
    said.email = st->email;
    said.contract = st->contract;
    said.words = st->words;
    said.language = st->locale;
    said.salt = st->salt;

    json = cxr_receipt_statement(&said);
    verify = cxr_sprintf(ngx_cx_returns_ctx(r)->arena, "%.*s%.*sreceipt",
                         cxr_str_arg(shop->origin), cxr_str_arg(shop->portal));

    if (json == NULL || verify.data == NULL) {
        json_decref(json);
        return CXR_NOMEM;
    }

    rc = cxr_receipt_file(w->receipt, verify, json, b);
    json_decref(json);

    return rc;
}


static ngx_int_t
ngx_cx_returns_receipt_send(ngx_http_request_t *r, const cxr_withdrawal_t *w,
    const cxr_statement_t *st)
{
    cxr_rc_t    rc;
    cxr_buf_t   b;
    cxr_str_t   name;
    ngx_int_t   answer;

    name = cxr_sprintf(ngx_cx_returns_ctx(r)->arena,
                       "attachment; filename=\"%.*s.json\"",
                       cxr_str_arg(w->id));

    cxr_buf_init(&b, CXR_RECEIPT_FILE_MAX);
    rc = ngx_cx_returns_receipt_json(r, w, st, &b);

    if (rc != CXR_OK || name.data == NULL
        || ngx_cx_returns_add_header(r, "Content-Disposition", name)
           != NGX_OK)
    {
        answer = NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else {
        answer = ngx_cx_returns_send_rendered(r, NGX_HTTP_OK,
                                              "application/json",
                                              cxr_buf_str(&b));
    }

    cxr_buf_free(&b);

    return answer;
}


static ngx_int_t
ngx_cx_returns_withdraw_receipt(ngx_http_request_t *r, cxr_str_t rest)
{
    cxr_rc_t               rc, opened;
    cxr_str_t              token, tail, title, self, file;
    ngx_int_t              answer;
    cxr_link_t             link;
    cxr_read_t            *rd;
    cxr_statement_t        st;
    cxr_view_page_t       *page;
    cxr_withdrawal_t       w;
    cxr_view_declared_t    view;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    ngx_cx_returns_split(rest, &token, &tail);

    if (ngx_cx_returns_open_link(r, CXR_LINK_WITHDRAWAL, token, &link,
                                 &answer)
        != NGX_OK)
    {
        return answer;
    }

    answer = ngx_cx_returns_page_method(r, 0);

    if (answer != NGX_OK) {
        return answer;
    }

    if (tail.len != 0 && !cxr_str_is(tail, "receipt.json")) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_withdrawal(rd, shop, link.rma, ctx->arena, &w);
    opened = rc == CXR_OK
             ? cxr_read_statement(rd, shop, &w, ctx->arena, &st) : rc;

    if (rc == CXR_OK && tail.len == 0) {
        self = cxr_strn(ctx->path.data,
                        (size_t) (token.data + token.len - ctx->path.data));
        title = cxr_view_text(ctx->view, "withdraw.receipt.title", NULL, 0,
                              ctx->arena);
        file = cxr_sprintf(ctx->arena, "%.*s/receipt.json",
                           cxr_str_arg(self));

        rc = cxr_view_page(ctx->view, title, self, ctx->arena, &page);

        if (rc == CXR_OK) {
            rc = cxr_view_declared(ctx->view, page, ctx->arena, &w,
                                   opened == CXR_OK ? &st : NULL, file,
                                   &view);
        }

        answer = rc == CXR_OK
                 ? ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                            NGX_CX_RETURNS_PAGE_DECLARED,
                                            &view)
                 : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    } else if (opened == CXR_OK) {
        answer = ngx_cx_returns_receipt_send(r, &w, &st);

    } else {

        /* erased since, or never there */

        answer = ngx_cx_returns_error_page(r, opened == CXR_NOTFOUND
                                              ? CXR_PAGE_NOT_FOUND
                                              : CXR_PAGE_BROKEN);
    }

    cxr_read_end(rd);

    return answer;
}
