
/*
 * The returns portal: choose, say why, and the steps between.  All the state of the
 * flow is in the form; the RMA is made once by its flow id.
 */

#include "ngx_cx_returns_portal.h"
#include "ngx_cx_returns_talk.h"

#define NGX_CX_RETURNS_SELF_MAX  2048   /* bytes of an address with a choice  */


static ngx_int_t ngx_cx_returns_portal_order(ngx_http_request_t *r,
    cxr_str_t rest, ngx_uint_t gift);
static ngx_int_t ngx_cx_returns_portal_posted(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
static ngx_int_t ngx_cx_returns_portal_step(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
static ngx_int_t ngx_cx_returns_portal_cancels(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
static cxr_str_t ngx_cx_returns_portal_self(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f, ngx_cx_returns_step_t step);


ngx_int_t
ngx_cx_returns_portal_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    cxr_str_t               rest;
    ngx_cx_returns_ctx_t   *ctx;

    if (ngx_cx_returns_route(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_cx_returns_ctx(r);

    if (!ngx_cx_returns_below(ctx, ngx_cx_returns_loc(r)->shop->shop->portal,
                              &rest))
    {
        rest = cxr_str("?");
    }

    if (rest.len == 0) {
        rc = ngx_cx_returns_page_method(r, 0);

        return rc == NGX_OK
               ? ngx_cx_returns_portal_find(r, NULL, NGX_HTTP_OK) : rc;
    }

    if (cxr_str_is(rest, "lookup")) {

        if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {

            /* reload or bookmark of the form's answer: begin anew */

            rc = ngx_http_discard_request_body(r);

            return rc == NGX_OK
                   ? ngx_cx_returns_page_redirect(r,
                                 ngx_cx_returns_loc(r)->shop->shop->portal, "")
                   : rc;
        }

        rc = ngx_cx_returns_page_method(r, 1);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->form_size,
                                        ngx_cx_returns_portal_lookup);
    }

    if (rest.len > 2 && rest.data[1] == '/') {

        if (rest.data[0] == 'o'
            || (rest.data[0] == 'g' && ngx_cx_returns_loc(r)->shop->shop
                                           ->policy.gifts.outcomes != 0))
        {
            return ngx_cx_returns_portal_order(r, cxr_strn(rest.data + 2,
                                                           rest.len - 2),
                                               rest.data[0] == 'g');
        }

        if (rest.data[0] == 'r') {
            return ngx_cx_returns_rma_page(r, cxr_strn(rest.data + 2,
                                                       rest.len - 2));
        }
    }

    rc = ngx_cx_returns_withdraw(r, rest);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND)
                        : rc;
}


/* ---- the steps of one order ---- */

/* The order's own address; what was chosen before may be in its arguments. */

static ngx_int_t
ngx_cx_returns_portal_begin(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    cxr_str_t  step;
    ngx_int_t  rc;

    rc = ngx_cx_returns_page_method(r, 0);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_cx_returns_form(ngx_cx_returns_ctx(r)->arena,
                            ngx_cx_returns_str(r->args), &f->pairs)
        != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    step = ngx_cx_returns_pair(&f->pairs, "step");

    f->step = cxr_str_is(step, "details") ? NGX_CX_RETURNS_STEP_DETAILS
                                          : NGX_CX_RETURNS_STEP_ITEMS;

    return ngx_cx_returns_portal_run(r, f);
}


static ngx_int_t
ngx_cx_returns_portal_order(ngx_http_request_t *r, cxr_str_t rest,
    ngx_uint_t gift)
{
    size_t                  i;
    cxr_str_t               token, tail, step;
    ngx_int_t               rc, answer;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_flow_t  *f;

    static const struct {
        const char             *name;
        ngx_cx_returns_step_t   step;
    } steps[] = {
        { "items", NGX_CX_RETURNS_STEP_ITEMS },
        { "details", NGX_CX_RETURNS_STEP_DETAILS },
        { "review", NGX_CX_RETURNS_STEP_REVIEW },
        { "rma", NGX_CX_RETURNS_STEP_SUBMIT }
    };

    ctx = ngx_cx_returns_ctx(r);

    f = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_flow_t));
    if (f == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_cx_returns_split(rest, &token, &tail);

    f->url = cxr_strn(ctx->path.data,
                      (size_t) (token.data + token.len - ctx->path.data));
    f->gift = gift != 0;
    ctx->data = f;

    if (ngx_cx_returns_open_link(r, gift ? CXR_LINK_GIFT : CXR_LINK_ORDER,
                                 token, &f->link, &answer)
        != NGX_OK)
    {
        return answer;
    }

    if (!gift
        && (cxr_str_is(tail, "talk")
            || (tail.len > 5 && ngx_memcmp(tail.data, "talk/", 5) == 0)))
    {
        return ngx_cx_returns_order_talk(r, f->url, &f->link,
                                         tail.len > 5
                                         ? cxr_strn(tail.data + 5,
                                                    tail.len - 5)
                                         : CXR_STR_NONE);
    }

    if (ngx_cx_returns_is_photo(tail, &step)) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_photo_ticket(r, f->link.order,
                                                          step)
                            : rc;
    }

    if (!gift && cxr_str_is(tail, "missing")) {
        rc = ngx_cx_returns_page_method(r, 0);
        return rc == NGX_OK ? ngx_cx_returns_claim_missing(r, f) : rc;
    }

    if (tail.len == 0) {
        return ngx_cx_returns_portal_begin(r, f);
    }

    if (!gift && ngx_cx_returns_is_cancel(r, tail, f)) {
        return ngx_cx_returns_portal_posted(r, f);
    }

    for (i = 0; i < cxr_nelts(steps); i++) {

        if (cxr_str_is(tail, steps[i].name)) {
            f->step = steps[i].step;
            return ngx_cx_returns_portal_posted(r, f);
        }
    }

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND)
                        : rc;
}


/* A step, whose form is in the body. */

static ngx_int_t
ngx_cx_returns_portal_posted(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    ngx_int_t  rc;

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {

        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        /* a reload of what was posted begins at the first page */

        if (f->cancel && f->step == NGX_CX_RETURNS_STEP_ITEMS) {
            return ngx_cx_returns_portal_run(r, f);
        }

        return ngx_cx_returns_page_redirect(r, f->url, f->cancel ? "/cancel"
                                                                 : "");
    }

    rc = ngx_cx_returns_page_method(r, 1);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_cx_returns_read_body(r, ngx_cx_returns_claim_max(r),
                                    ngx_cx_returns_claim_body);
}


ngx_int_t
ngx_cx_returns_portal_run(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    ngx_int_t    answer;
    cxr_read_t  *rd;

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    switch (ngx_cx_returns_portal_load(r, rd, f)) {

    case CXR_OK:
        answer = ngx_cx_returns_portal_step(r, f);
        break;

    case CXR_NOTFOUND:
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
        break;

    case CXR_INVALID:
    case CXR_LIMIT:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
        break;

    default:
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
        break;
    }

    cxr_read_end(rd);

    return answer;
}


/* The order's RMAs with their pages; a gift's are its recipient's alone. */

static cxr_rc_t
ngx_cx_returns_portal_rmas(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_flow_t *f)
{
    uint32_t                 i, n;
    cxr_rc_t                 rc;
    cxr_rma_t               *rma;
    cxr_arena_t             *a;
    cxr_portal_rma_t        *rmas;
    ngx_cx_returns_order_t  *o;

    a = ngx_cx_returns_ctx(r)->arena;
    o = &f->o;
    n = o->order.rmas.n;

    rmas = cxr_calloc(a, n + 1, sizeof(cxr_portal_rma_t));
    rma = cxr_calloc(a, n + 1, sizeof(cxr_rma_t));

    if (rmas == NULL || rma == NULL) {
        return CXR_NOMEM;
    }

    f->p.rmas = rmas;
    f->p.nrmas = 0;

    for (i = 0; i < n && !f->gift; i++) {
        rc = cxr_read_rma(rd, o->shop, o->order.rmas.items[i], a, &rma[i]);

        if (rc == CXR_OK && rma[i].gift) {
            continue;
        }

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_page_link(r, CXR_LINK_RMA, o->folded,
                                          o->order.rmas.items[i],
                                          &rmas[f->p.nrmas].url);
        }

        if (rc != CXR_OK) {
            return rc == CXR_NOTFOUND ? CXR_ERROR : rc;
        }

        rmas[f->p.nrmas++].rma = &rma[i];
    }

    return CXR_OK;
}


cxr_rc_t
ngx_cx_returns_portal_load(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_flow_t *f)
{
    bool                    *hidden;
    char                    *flow;
    uint32_t                 i;
    uint8_t                  random[16];
    cxr_rc_t                 rc;
    cxr_talk_t              *talk;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_order_t  *o;

    ctx = ngx_cx_returns_ctx(r);
    o = &f->o;

    rc = ngx_cx_returns_order_load(r, rd, f->link.order, 1, o);

    if (rc == CXR_OK) {
        rc = cxr_portal_form_parse(f->pairs.items, f->pairs.n, &o->order,
                                   ctx->arena, &f->form);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_portal_hides(r, rd, f, &hidden);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_claim_photos(r, f);
    }

    if (rc == CXR_OK) {
        rc = cxr_portal_consents(&f->form, &f->o.shop->consents, ctx->arena);
    }


    for (i = 0; rc == CXR_OK && i < f->form.picks.n; i++) {
        if (f->form.picks.items[i].quantity != 0) {
            cxr_policy_asked(&o->request, &o->order,
                             o->order.lines.items[f->form.picks.items[i].index]
                                 .line,
                             f->form.picks.items[i].quantity);
        }
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_order_judge_as(r, o, ngx_cx_returns_claim_asks,
                                           f);
    }

    if (rc == CXR_OK) {
        ngx_cx_returns_claim_others(r, f);
        rc = ngx_cx_returns_cancel_load(r, f);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    flow = cxr_alloc(ctx->arena, 24);
    talk = cxr_alloc(ctx->arena, sizeof(cxr_talk_t));

    if (flow == NULL || talk == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_talk(rd, o->shop, o->folded, ctx->arena, talk);

    if (rc == CXR_OK) {
        f->p.talk = talk;

    } else if (rc != CXR_NOTFOUND) {
        return rc;
    }

    rc = ngx_cx_returns_portal_rmas(r, rd, f);

    if (rc != CXR_OK) {
        return rc;
    }

    cxr_random(random, sizeof(random));

    f->p.ctx = ctx->view;
    f->p.arena = ctx->arena;
    f->p.now = o->now;
    f->p.url = f->url;
    f->p.order = &o->order;
    f->p.judgements = o->judgements;
    f->p.products = o->products;
    f->p.nproducts = o->nproducts;
    f->p.hidden = hidden;
    f->p.gift = f->gift;
    f->p.parcels = o->parcels;
    f->p.nparcels = o->shipments.n;
    f->p.photos = ngx_cx_returns_photos_taken(r);
    f->p.photo_count = (uint32_t) ngx_cx_returns_main(r)->claim_count;
    f->p.photo_bytes = ngx_cx_returns_main(r)->photo_size;
    f->p.flow = cxr_strn(flow, cxr_b64url_encode(random, sizeof(random),
                                                 flow));

    if (f->gift) {
        f->p.talk = NULL;
        return CXR_OK;
    }

    return ngx_cx_returns_page_link(r, CXR_LINK_TRACK, o->folded,
                                    CXR_STR_NONE, &f->p.track_url);
}


static ngx_int_t
ngx_cx_returns_portal_step(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    uint8_t                  idem[16];
    uint64_t                 seq;
    cxr_str_t                rma, path;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_order_t  *o;

    ctx = ngx_cx_returns_ctx(r);
    o = &f->o;

    /* back to a form that has made its RMA already: that RMA is the answer */

    if (f->form.flow.len && f->step != NGX_CX_RETURNS_STEP_ITEMS) {
        ngx_cx_returns_portal_idem(f, idem);

        if (cxr_read_idem(o->rd, o->shop, idem, ctx->arena, &rma, &seq)
            == CXR_OK)
        {
            if (ngx_cx_returns_page_link(r, CXR_LINK_RMA, o->folded, rma,
                                         &path)
                != CXR_OK)
            {
                return NGX_HTTP_INTERNAL_SERVER_ERROR;
            }

            ngx_str_set(&ctx->outcome, "repeated");

            return ngx_cx_returns_page_redirect(r, path, "");
        }
    }

    if (f->step == NGX_CX_RETURNS_STEP_ITEMS) {

        /* what came back from a later step is shown; a first visit is empty */

        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_ITEMS,
                                          NGX_HTTP_OK, NULL);
    }

    if (f->cancel) {
        return ngx_cx_returns_portal_cancels(r, f);
    }

    if (!cxr_portal_check_items(&f->form, &o->order, o->judgements,
                                ctx->arena))
    {
        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_ITEMS,
                                          422, NULL);
    }

    if (f->step == NGX_CX_RETURNS_STEP_DETAILS) {
        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_DETAILS,
                                          NGX_HTTP_OK, NULL);
    }

    /* something was wrong with it: its form is another one, not a mistake */

    if (cxr_portal_turns(&f->form, &o->shop->policy, o->judgements)) {
        ngx_str_set(&ctx->outcome, "claim_asked");

        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_DETAILS,
                                          NGX_HTTP_OK, NULL);
    }

    if (!cxr_portal_check_details(&f->form, &o->order, o->judgements,
                                  &o->shop->policy, o->products, o->nproducts,
                                  ctx->arena))
    {
        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_DETAILS,
                                          422, NULL);
    }

    return f->step == NGX_CX_RETURNS_STEP_REVIEW
           ? ngx_cx_returns_portal_review(r, f)
           : ngx_cx_returns_portal_submit(r, f);
}


/* The last two steps of a cancellation. */

static ngx_int_t
ngx_cx_returns_portal_cancels(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    if (!cxr_portal_check_cancel(&f->form, &f->o.shop->policy, f->p.cancels,
                                 ngx_cx_returns_ctx(r)->arena))
    {
        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_ITEMS,
                                          422, NULL);
    }

    return f->step == NGX_CX_RETURNS_STEP_REVIEW
           ? ngx_cx_returns_portal_review(r, f)
           : ngx_cx_returns_portal_submit(r, f);
}


/*
 * What to switch the language of: a step's own address takes no GET, the
 * order's page does.  What was chosen goes along; reasons and notes, which no
 * address may have, are asked for again.
 */

static cxr_str_t
ngx_cx_returns_portal_self(ngx_http_request_t *r, ngx_cx_returns_flow_t *f,
    ngx_cx_returns_step_t step)
{
    cxr_buf_t  b;
    cxr_str_t  self;

    if (step == NGX_CX_RETURNS_STEP_ITEMS
        || cxr_portal_chosen(&f->form) == 0)
    {
        return f->url;
    }

    cxr_buf_init(&b, NGX_CX_RETURNS_SELF_MAX);
    cxr_buf_adds(&b, f->url);
    cxr_buf_addz(&b, "?step=details&");
    cxr_portal_form_query(&f->form, &f->o.order, &b);

    if (!cxr_buf_ok(&b)
        || cxr_str_dup(ngx_cx_returns_ctx(r)->arena, cxr_buf_str(&b), &self)
           != CXR_OK)
    {
        self = f->url;
    }

    cxr_buf_free(&b);

    return self;
}


ngx_int_t
ngx_cx_returns_portal_show(ngx_http_request_t *r, ngx_cx_returns_flow_t *f,
    ngx_cx_returns_step_t step, ngx_uint_t status, const cxr_rma_t *preview)
{
    void                   *view;
    cxr_rc_t                rc;
    cxr_str_t               title;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_page_t   page;

    static const char  *titles[3][3] = {
        { "portal.items.title", "portal.details.title", "portal.review.title" },
        { "claim.items.title", "claim.details.title", "claim.review.title" },
        { "gift.items.title", "portal.details.title", "portal.review.title" }
    };

    if (f->cancel) {
        return ngx_cx_returns_cancel_show(r, f, status,
                                          step == NGX_CX_RETURNS_STEP_REVIEW
                                          ? preview : NULL);
    }

    ctx = ngx_cx_returns_ctx(r);
    title = cxr_view_text(ctx->view,
                          titles[f->form.claim ? 1 : f->gift ? 2 : 0][step],
                          NULL, 0, ctx->arena);

    if (cxr_view_page(ctx->view, title, ngx_cx_returns_portal_self(r, f, step),
                      ctx->arena, &f->p.page)
        != CXR_OK
        || cxr_view_about(f->p.page, f->o.order.number, ctx->arena) != CXR_OK
        || (!f->gift
            && ngx_cx_returns_withdraw_of(r, f->p.page->withdraw_url,
                                          f->o.order.number,
                                          &f->p.page->withdraw_of)
               != CXR_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (step) {

    case NGX_CX_RETURNS_STEP_ITEMS:
        page = NGX_CX_RETURNS_PAGE_ITEMS;
        view = cxr_alloc(ctx->arena, sizeof(cxr_view_items_t));
        rc = view ? cxr_view_items(&f->p, &f->form, view) : CXR_NOMEM;
        break;

    case NGX_CX_RETURNS_STEP_DETAILS:
        page = NGX_CX_RETURNS_PAGE_DETAILS;
        view = cxr_alloc(ctx->arena, sizeof(cxr_view_details_t));
        rc = view ? cxr_view_details(&f->p, &f->form, view) : CXR_NOMEM;
        break;

    default:
        page = NGX_CX_RETURNS_PAGE_REVIEW;
        view = cxr_alloc(ctx->arena, sizeof(cxr_view_review_t));
        rc = view ? cxr_view_review(&f->p, &f->form, preview, view)
                  : CXR_NOMEM;
        break;
    }

    if (rc != CXR_OK) {

        /* more than a request may hold */

        ngx_cx_returns_count(NGX_CX_RETURNS_C_PAGE_FAULTS, 1);
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: a page could not be made: %s",
                      cxr_rc_name(rc));

        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    return ngx_cx_returns_send_page(r, status, page, view);
}
