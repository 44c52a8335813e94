
/*
 * The last steps of the returns portal: the review, what must be agreed to, and
 * the command.
 */

#include "ngx_cx_returns_portal.h"
#include "ngx_cx_returns_talk.h"


static ngx_int_t ngx_cx_returns_portal_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


static bool
ngx_cx_returns_portal_id_taken(void *ctx, cxr_str_t id)
{
    return false;         /* a preview has no number of its own */
}


/* The RMA as it would be; "no" says why not. */

static cxr_rc_t
ngx_cx_returns_portal_preview(ngx_http_request_t *r, ngx_cx_returns_flow_t *f,
    cxr_rma_t *preview, cxr_refusal_t *no)
{
    cxr_rc_t                 rc;
    cxr_str_t               *notes;
    cxr_rma_ask_t            ask;
    cxr_rma_world_t          world;
    ngx_cx_returns_ctx_t    *ctx;
    ngx_cx_returns_order_t  *o;

    ctx = ngx_cx_returns_ctx(r);
    o = &f->o;

    ngx_memzero(&ask, sizeof(cxr_rma_ask_t));
    ngx_memzero(no, sizeof(cxr_refusal_t));
    ngx_memzero(&world, sizeof(cxr_rma_world_t));

    world.policy = &o->shop->policy;
    world.tz = o->shop->tz;
    world.parcels = o->parcels;
    world.nparcels = o->shipments.n;
    world.products = o->products;
    world.nproducts = o->nproducts;
    world.history = &o->history;
    world.id_taken = ngx_cx_returns_portal_id_taken;

    rc = cxr_portal_ask(&f->form, &o->order, o->folded,
                        cxr_lang_code(ctx->lang), ctx->arena, &ask, &notes);

    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_preview(&o->order, &ask, &world, o->now, ctx->arena,
                           preview, no);
}


ngx_int_t
ngx_cx_returns_portal_review(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    cxr_rc_t       rc;
    cxr_rma_t      preview;
    cxr_refusal_t  no;

    rc = ngx_cx_returns_portal_preview(r, f, &preview, &no);

    if (rc == CXR_OK) {
        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_REVIEW,
                                          NGX_HTTP_OK, &preview);
    }

    if (rc == CXR_REFUSED
        && cxr_portal_refused(&f->form, &no, ngx_cx_returns_ctx(r)->arena)
           == CXR_OK)
    {
        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_ITEMS,
                                          422, NULL);
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
}


/* NGX_DECLINED: all that must be agreed to was, or the request is refused for
   something else, which the job says.  Else the review was answered with. */

static ngx_int_t
ngx_cx_returns_portal_consents(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f)
{
    cxr_rma_t              preview;
    cxr_refusal_t          no;
    const cxr_consents_t  *consents;

    consents = &f->o.shop->consents;

    if (consents->n == 0
        || ngx_cx_returns_portal_preview(r, f, &preview, &no) != CXR_OK
        || cxr_portal_check_consents(&f->form, consents, &preview,
                                     ngx_cx_returns_ctx(r)->arena))
    {
        return NGX_DECLINED;
    }

    return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_REVIEW, 422,
                                      &preview);
}


void
ngx_cx_returns_portal_idem(ngx_cx_returns_flow_t *f, uint8_t idem[16])
{
    cxr_str_t  scope;

    scope = cxr_sprintf(f->o.arena, "%s:%.*s", f->gift ? "gift" : "portal",
                        cxr_str_arg(f->o.folded));

    cxr_idem_hash(scope, f->form.flow, idem);
}


ngx_int_t
ngx_cx_returns_portal_submit(ngx_http_request_t *r, ngx_cx_returns_flow_t *f)
{
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_str_t             *notes, *copies;
    ngx_int_t              answer;
    cxr_person_t          *who;
    cxr_rma_ask_t         *ask;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (f->form.flow.len == 0) {

        /* a form that no page of ours made: show it, with a flow of its own */

        return ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_DETAILS,
                                          422, NULL);
    }

    answer = ngx_cx_returns_portal_consents(r, f);

    if (answer != NGX_DECLINED) {
        return answer;
    }

    answer = ngx_cx_returns_claim_touch(r, f);

    if (answer != NGX_OK) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    ask = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_ask_t)) : NULL;

    if (ask == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_portal_ask(&f->form, &f->o.order, f->link.order,
                        cxr_lang_code(ctx->lang), op->arena, ask, &notes);

    if (rc != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* the snapshot ends before the task begins: keep nothing of the map */

    copies = cxr_calloc(op->arena, ask->lines.n + 1, sizeof(cxr_str_t));
    who = cxr_calloc(op->arena, 1, sizeof(cxr_person_t));

    if (copies == NULL || who == NULL
        || cxr_rec_copy(&cxr_person_type, &f->form.recipient, who, op->arena)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (i = 0; i < ask->lines.n; i++) {
        if (cxr_str_dup(op->arena, ask->lines.items[i].line,
                        &ask->lines.items[i].line)
            != CXR_OK
            || cxr_str_dup(op->arena, ask->lines.items[i].reason,
                           &ask->lines.items[i].reason)
               != CXR_OK
            || cxr_str_dup(op->arena, ask->lines.items[i].exchange_sku,
                           &ask->lines.items[i].exchange_sku)
               != CXR_OK
            || (notes != NULL
                && cxr_str_dup(op->arena, notes[i], &copies[i]) != CXR_OK))
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    op->job.kind = CXR_CMD_RMA_CREATE;
    op->job.u.create.ask = ask;
    op->job.u.create.notes = notes ? copies : NULL;
    op->job.u.create.recipient = f->gift ? who : NULL;
    op->job.actor_kind = CXR_ACTOR_SHOPPER;
    op->job.actor = cxr_str("shopper");
    op->job.has_idem = true;
    op->done = ngx_cx_returns_portal_done;

    /* a flow makes one RMA, whatever is asked the second time */

    ngx_cx_returns_portal_idem(f, op->job.idem);
    ngx_memcpy(op->job.fingerprint, op->job.idem,
               sizeof(op->job.fingerprint));

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_int_t
ngx_cx_returns_portal_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_rc_t                rc;
    cxr_str_t               path;
    ngx_int_t               answer;
    cxr_read_t             *rd;
    cxr_job_t              *job;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_flow_t  *f;

    ctx = ngx_cx_returns_ctx(r);
    f = ctx->data;
    job = &op->job;

    switch (job->rc) {

    case CXR_OK:
        if (ngx_cx_returns_page_link(r, CXR_LINK_RMA, f->link.order, job->id,
                                     &path)
            != CXR_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (job->repeated) {
            ngx_str_set(&ctx->outcome, "repeated");

        } else {
            ngx_str_set(&ctx->outcome, "rma_created");
            ngx_cx_returns_count(NGX_CX_RETURNS_C_RMAS, 1);
        }

        return ngx_cx_returns_page_redirect(r, path, "?new=1");

    case CXR_REFUSED:
        ngx_str_set(&ctx->outcome, "refused");
        break;

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }

    /* the world changed since the page was made: show it as it is now */

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_portal_load(r, rd, f);

    if (rc == CXR_OK) {
        rc = cxr_portal_refused(&f->form, &job->refusal, ctx->arena);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_portal_show(r, f, NGX_CX_RETURNS_STEP_ITEMS,
                                          NGX_HTTP_CONFLICT, NULL)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    cxr_read_end(rd);

    return answer;
}
