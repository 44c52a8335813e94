
/*
 * The desk's page of one RMA: what is read for it, and what the one who looks
 * at it may do.
 */

#include "ngx_cx_returns_staff_rma.h"


/* What is read beside the RMA, for as long as the page is made. */
typedef struct {
    cxr_order_t   order;
    cxr_person_t  person;
    cxr_person_t  buyer;       /* of a gift                                    */
} ngx_cx_returns_around_t;


/* What was written about it, and what staff noted for themselves. */

static cxr_rc_t
ngx_cx_returns_staff_thread(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_desk_t *d, cxr_staff_rma_t *p, cxr_talk_in_t *talk)
{
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_str_t             *notes;
    cxr_link_t             link;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    d->talk.rma = d->id;
    d->talk.side = CXR_SIDE_SHOP;
    d->talk.can_write = p->may_approve;
    d->talk.url = cxr_sprintf(ctx->arena, "%.*srma/%.*s",
                              cxr_str_arg(shop->staff), cxr_str_arg(d->id));

    rc = ngx_cx_returns_talk_load(r, rd, &d->talk, talk);
    if (rc != CXR_OK) {
        return rc;
    }

    notes = cxr_calloc(ctx->arena, p->rma->notes.n + 1, sizeof(cxr_str_t));
    if (notes == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < p->rma->notes.n; i++) {
        if (p->rma->notes.items[i].internal) {
            (void) cxr_read_note(rd, shop, p->rma->order, p->rma->id,
                                 p->rma->notes.items[i].text, ctx->arena,
                                 &notes[i]);
        }
    }

    talk->notes = notes;
    talk->token = p->token;
    talk->actor = p->actor;
    talk->order = p->order;
    talk->person = p->person;
    talk->rma = p->rma;

    if (talk->reply.len != 0) {
        ngx_memzero(&link, sizeof(cxr_link_t));
        link.rma = d->id;
        link.order = p->rma->order;
        link.expires = (ngx_cx_returns_now() / CXR_DAY + 1
                        + shop->rma_link_days) * CXR_DAY;

        rc = ngx_cx_returns_link_url(r, CXR_LINK_RMA, &link, true, ctx->arena,
                                     &talk->link);
    }

    p->talk = talk;

    return rc;
}


/* What she said of this return, and of the delivery before it. */

static cxr_rc_t
ngx_cx_returns_staff_answers(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_arena_t *a, cxr_staff_rma_t *p)
{
    cxr_rc_t              rc;
    ngx_uint_t            i;
    cxr_answer_in_t      *in;
    const cxr_survey_t   *answer;

    const cxr_str_t  about[] = { p->rma->id, CXR_STR_NONE };

    for (i = 0; i < cxr_nelts(about); i++) {
        answer = cxr_survey_find(p->order, about[i]);

        if (answer == NULL) {
            continue;
        }

        in = &p->answers[p->nanswers++];
        in->order = p->rma->order;
        in->number = p->rma->order_number;
        in->answer = answer;

        if (answer->comment.len == 0) {
            continue;
        }

        rc = cxr_read_note(rd, shop, in->order, answer->rma, answer->comment,
                           a, &in->comment);

        if (rc == CXR_NOTFOUND) {
            in->erased = true;

        } else if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


/*
 * What is told of the RMA beside itself.  Its order and the person may be gone
 * by now, the RMA is shown without them; of the rest nothing may be missing.
 */

static cxr_rc_t
ngx_cx_returns_staff_around(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_around_t *around, cxr_staff_rma_t *p)
{
    cxr_rc_t           rc;
    cxr_arena_t       *a;
    const cxr_rma_t   *rma;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    rma = p->rma;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (cxr_read_order(rd, shop, rma->order, a, &around->order) == CXR_OK) {
        p->order = &around->order;

        if (ngx_cx_returns_person_of(r, rd, rma, p->order, &around->person)
            == CXR_OK)
        {
            p->person = &around->person;
        }

        if (rma->gift
            && cxr_read_person(rd, shop, p->order, a, &around->buyer)
               == CXR_OK)
        {
            p->buyer = &around->buyer;
        }
    }

    rc = ngx_cx_returns_sent_parcels(r, rd, rma, &p->parcels);

    if (rc == CXR_OK && p->order != NULL) {
        rc = ngx_cx_returns_staff_customer(r, rd, p->order, rma,
                                           &p->customer);
    }

    if (rc == CXR_OK && p->order != NULL) {
        rc = ngx_cx_returns_staff_answers(rd, shop, a, p);
    }

    return rc;
}


/* Who looks, what she may do here, and what became of what she did last. */

static void
ngx_cx_returns_staff_shown(ngx_http_request_t *r, ngx_cx_returns_desk_t *d,
    cxr_staff_rma_t *p)
{
    uint32_t               i;
    cxr_pairs_t            args;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        ngx_memzero(&args, sizeof(cxr_pairs_t));
    }

    p->ctx = ctx->view;
    p->arena = ctx->arena;
    p->now = ngx_cx_returns_now();
    p->actor = ctx->actor;
    p->may_approve = ngx_cx_returns_has_role(ctx, cxr_str("approve"));
    p->may_settle = ngx_cx_returns_has_role(ctx, cxr_str("settle"));
    p->token = ngx_cx_returns_staff_token(r);
    p->form = d->form;
    p->pairs = d->pairs;
    p->seen = d->seen;
    p->refusal = d->refusal;
    p->conflict = d->conflict;
    p->sent = d->sent;
    p->act_key = d->act_key;
    p->sent_now = cxr_str_is(ngx_cx_returns_pair(&args, "sent"), "1");
    p->done = cxr_str_is(ngx_cx_returns_pair(&args, "done"), "1");

    for (i = 0; i < CXR_VERBS; i++) {
        if (ngx_cx_returns_may(ctx, i)
            && cxr_rma_may(p->rma, i, CXR_ACTOR_STAFF))
        {
            p->may |= 1u << i;
        }
    }
}


ngx_int_t
ngx_cx_returns_staff_rma(ngx_http_request_t *r, ngx_cx_returns_desk_t *d,
    ngx_uint_t status)
{
    cxr_rc_t                  rc;
    cxr_rma_t                 rma;
    ngx_int_t                 answer;
    cxr_read_t               *rd;
    cxr_talk_in_t             talk;
    cxr_staff_rma_t           p;
    const cxr_shop_t         *shop;
    cxr_view_staff_rma_t      view;
    ngx_cx_returns_ctx_t     *ctx;
    ngx_cx_returns_around_t   around;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, shop, d->id, ctx->arena, &rma);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    }

    ngx_memzero(&p, sizeof(cxr_staff_rma_t));

    p.rma = &rma;
    p.notes = ngx_cx_returns_rma_notes(r, rd, &rma);

    if (p.notes == NULL) {
        cxr_read_end(rd);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_cx_returns_staff_around(r, rd, &around, &p);

    if (rc == CXR_OK) {
        ngx_cx_returns_staff_shown(r, d, &p);
        d->talk.order = rma.order;

        rc = ngx_cx_returns_staff_thread(r, rd, d, &p, &talk);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view, rma.id,
                           cxr_sprintf(ctx->arena, "%.*srma/%.*s",
                                       cxr_str_arg(shop->staff),
                                       cxr_str_arg(rma.id)),
                           ctx->arena, &p.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_LIST, ctx->arena, p.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_staff_rma(&p, &view);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, status,
                                        NGX_CX_RETURNS_PAGE_STAFF_RMA, &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    cxr_read_end(rd);

    return answer;
}
