
/*
 * Cancelling what was not sent yet: /returns/o/<token>/cancel, its review, and
 * the command.  What a step does is the portal's (ngx_cx_returns_portal.c); here
 * is what may be cancelled, and the page.
 */

#include "ngx_cx_returns_portal.h"


ngx_int_t
ngx_cx_returns_is_cancel(ngx_http_request_t *r, cxr_str_t tail,
    ngx_cx_returns_flow_t *f)
{
    size_t  i;

    static const struct {
        const char             *name;
        ngx_cx_returns_step_t   step;
    } steps[] = {
        { "cancel", NGX_CX_RETURNS_STEP_ITEMS },
        { "cancel/review", NGX_CX_RETURNS_STEP_REVIEW },
        { "cancel/send", NGX_CX_RETURNS_STEP_SUBMIT }
    };

    for (i = 0; i < cxr_nelts(steps); i++) {
        if (cxr_str_is(tail, steps[i].name)
            && ngx_cx_returns_loc(r)->shop->shop->policy.cancels.on)
        {
            f->cancel = 1;
            f->step = steps[i].step;
            return 1;
        }
    }

    return 0;
}


/* Which lines may be cancelled now: one for each of the order's. */

static cxr_rc_t
ngx_cx_returns_cancel_judge(ngx_http_request_t *r, ngx_cx_returns_order_t *o,
    cxr_str_t reason, const cxr_cancel_t **out)
{
    uint32_t            i;
    cxr_arena_t        *a;
    cxr_cancel_t       *cancels;
    cxr_policy_ask_t    ask;
    cxr_policy_case_t  *judged;

    a = ngx_cx_returns_ctx(r)->arena;
    cancels = cxr_calloc(a, o->order.lines.n + 1, sizeof(cxr_cancel_t));
    judged = cxr_alloc(a, sizeof(cxr_policy_case_t));

    if (cancels == NULL || judged == NULL) {
        return CXR_NOMEM;
    }

    cxr_policy_begin(judged, &o->shop->policy, o->shop->tz, &o->order,
                     o->parcels, o->shipments.n, o->now, &o->history);

    judged->request = o->request;

    ngx_memzero(&ask, sizeof(cxr_policy_ask_t));
    ask.kind = CXR_KIND_CANCELLATION;
    ask.reason = reason;

    if (ngx_cx_returns_ctx(r)->lang != NULL) {
        ask.language = cxr_lang_code(ngx_cx_returns_ctx(r)->lang);
    }

    for (i = 0; i < o->order.lines.n; i++) {
        cxr_cancel_line(judged, &o->order.lines.items[i], &ask, &cancels[i]);
    }

    *out = cancels;

    return CXR_OK;
}


cxr_rc_t
ngx_cx_returns_cancel_load(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    cxr_rc_t                 rc;
    ngx_cx_returns_order_t  *o;

    o = &f->o;
    f->p.cancels = NULL;

    if (f->gift
        || (!f->cancel
            && !cxr_cancel_open(&o->shop->policy, &o->order, o->now)))
    {
        return CXR_OK;
    }

    if (f->cancel) {
        rc = cxr_portal_cancel(f->pairs.items, f->pairs.n, o->arena,
                               &f->form);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return ngx_cx_returns_cancel_judge(r, o, f->form.cancel_reason,
                                       &f->p.cancels);
}


ngx_int_t
ngx_cx_returns_cancel_show(ngx_http_request_t *r, ngx_cx_returns_flow_t *f,
    ngx_uint_t status, const cxr_rma_t *preview)
{
    cxr_rc_t                rc;
    cxr_str_t               title;
    cxr_view_cancel_t      *view;
    ngx_cx_returns_ctx_t   *ctx;

    ctx = ngx_cx_returns_ctx(r);
    title = cxr_view_text(ctx->view, "cancel.title", NULL, 0, ctx->arena);

    if (cxr_view_page(ctx->view, title,
                      cxr_str_join(ctx->arena, f->url, cxr_str("/cancel"),
                                   CXR_STR_NONE),
                      ctx->arena, &f->p.page)
        != CXR_OK
        || cxr_view_about(f->p.page, f->o.order.number, ctx->arena) != CXR_OK
        || ngx_cx_returns_withdraw_of(r, f->p.page->withdraw_url,
                                      f->o.order.number,
                                      &f->p.page->withdraw_of)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view = cxr_alloc(ctx->arena, sizeof(cxr_view_cancel_t));
    rc = view ? cxr_view_cancel(&f->p, &f->form, preview, view) : CXR_NOMEM;

    if (rc != CXR_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_PAGE_FAULTS, 1);
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: a page could not be made: %s",
                      cxr_rc_name(rc));

        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    return ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_CANCEL,
                                    view);
}


/* ---- on the tracking page ---- */

/* What has set out all the same is in its parcel. */

static void
ngx_cx_returns_cancel_take(ngx_cx_returns_order_t *o, const cxr_rma_t *rma)
{
    uint32_t                i, k;
    cxr_order_line_t       *line;
    const cxr_rma_line_t   *l;

    for (i = 0; i < rma->lines.n; i++) {
        l = &rma->lines.items[i];

        if (rma->cancelled || l->decision != CXR_DECISION_APPROVED
            || l->overtaken)
        {
            continue;
        }

        for (k = 0; k < o->order.lines.n; k++) {
            line = &o->order.lines.items[k];

            if (cxr_str_eq(line->line, l->line)
                && line->quantity >= l->quantity
                && line->returning >= l->quantity)
            {
                line->quantity -= l->quantity;
                line->returning -= l->quantity;
            }
        }
    }
}


cxr_rc_t
ngx_cx_returns_cancel_strip(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_order_t *o, cxr_track_in_t *in)
{
    cxr_rc_t             rc;
    uint32_t             i, n;
    cxr_rma_t           *rmas;
    const cxr_cancel_t  *cancels;

    rc = CXR_OK;

    if (cxr_cancel_open(&o->shop->policy, &o->order, o->now)) {
        o->rd = rd;

        if (cxr_policy_wants_history(&o->shop->policy)) {
            rc = cxr_read_history(rd, o->shop, &o->order,
                                  cxr_policy_wants_kept(&o->shop->policy),
                                  o->arena, &o->history);
        }

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_cancel_judge(r, o, CXR_STR_NONE, &cancels);
        }

        for (i = 0; rc == CXR_OK && i < o->order.lines.n; i++) {
            if (cancels[i].verdict == CXR_CANCEL_MAY) {
                in->cancel_url = cxr_str_join(o->arena, in->self,
                                              cxr_str("/cancel"),
                                              CXR_STR_NONE);
                rc = in->cancel_url.len != 0 ? CXR_OK : CXR_NOMEM;
                break;
            }
        }
    }

    if (rc != CXR_OK || !o->order.cancels) {
        return rc;
    }

    rmas = cxr_calloc(o->arena, (size_t) o->order.rmas.n + 1,
                      sizeof(cxr_rma_t));
    if (rmas == NULL) {
        return CXR_NOMEM;
    }

    in->cancels = rmas;

    for (i = 0; i < o->order.rmas.n; i++) {
        rc = cxr_read_rma(rd, o->shop, o->order.rmas.items[i], o->arena,
                          &rmas[in->ncancels]);

        if (rc == CXR_NOTFOUND) {
            continue;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        if (rmas[in->ncancels].kind == CXR_KIND_CANCELLATION) {
            ngx_cx_returns_cancel_take(o, &rmas[in->ncancels++]);
        }
    }

    for (i = 0, n = 0; i < o->order.lines.n; i++) {
        if (o->order.lines.items[i].quantity != 0) {
            o->order.lines.items[n++] = o->order.lines.items[i];
        }
    }

    o->order.lines.n = n;

    return CXR_OK;
}
