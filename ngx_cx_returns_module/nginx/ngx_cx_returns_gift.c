
/*
 * Gift returns: what the buyer's pages must not show, and the order's gift link
 * on the desk.
 */

#include "ngx_cx_returns_portal.h"
#include "ngx_cx_returns_talk.h"
#include "cxr_barcode.h"


#define NGX_CX_RETURNS_GIFT_DAYS  365    /* a gift may lie for months          */


/* a QR code in the making */
typedef struct {
    cxr_arena_t  *arena;
    cxr_str_t     url;
    cxr_str_t     svg;
    cxr_rc_t      rc;
} ngx_cx_returns_gift_qr_t;


ngx_int_t
ngx_cx_returns_is_gift(ngx_http_request_t *r, cxr_read_t *rd, cxr_str_t id)
{
    cxr_rma_t  rma;

    /* one that cannot be read is not shown either */

    return cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, id,
                        ngx_cx_returns_ctx(r)->arena, &rma)
           != CXR_OK || rma.gift;
}


cxr_rc_t
ngx_cx_returns_gift_hide(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_order_t *o, bool *hidden)
{
    uint32_t  i, n;

    for (i = 0; i < o->order.lines.n; i++) {
        hidden[i] |= o->order.lines.items[i].gift_given;
    }

    for (i = 0, n = 0; i < o->shipments.n; i++) {

        if (o->shipments.items[i].rma.len != 0
            && ngx_cx_returns_is_gift(r, rd, o->shipments.items[i].rma))
        {
            continue;
        }

        o->shipments.items[n++] = o->shipments.items[i];
    }

    o->shipments.n = n;

    return CXR_OK;
}


cxr_rc_t
ngx_cx_returns_gift_strip(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_order_t *o)
{
    bool      *hidden;
    cxr_rc_t   rc;
    uint32_t   i, n;

    if (!o->order.gifted) {
        return CXR_OK;
    }

    hidden = cxr_calloc(o->arena, (size_t) o->order.lines.n + 1,
                        sizeof(bool));
    if (hidden == NULL) {
        return CXR_NOMEM;
    }

    rc = ngx_cx_returns_gift_hide(r, rd, o, hidden);

    for (i = 0, n = 0; rc == CXR_OK && i < o->order.lines.n; i++) {
        if (!hidden[i]) {
            o->order.lines.items[n++] = o->order.lines.items[i];
        }
    }

    if (rc == CXR_OK) {
        o->order.lines.n = n;
    }

    return rc;
}


/*
 * What this page does not know of: who was given something sees nothing of the
 * rest of the order, the buyer nothing of what came of a gift.
 */

cxr_rc_t
ngx_cx_returns_portal_hides(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_flow_t *f, bool **hidden)
{
    cxr_rc_t                 rc;
    uint32_t                 i;
    ngx_cx_returns_order_t  *o;

    o = &f->o;
    rc = CXR_OK;

    *hidden = cxr_calloc(o->arena, (size_t) o->order.lines.n + 1,
                         sizeof(bool));
    if (*hidden == NULL) {
        return CXR_NOMEM;
    }

    f->form.discreet = f->gift || o->order.gifted;

    if (f->gift) {
        for (i = 0; i < o->order.lines.n; i++) {
            (*hidden)[i] = !cxr_gift_line(&o->order,
                                          &o->order.lines.items[i]);
        }

        rc = cxr_portal_gift_parse(f->pairs.items, f->pairs.n, o->arena,
                                   &f->form);

    } else if (o->order.gifted) {
        rc = ngx_cx_returns_gift_hide(r, rd, o, *hidden);
    }

    return rc == CXR_OK ? cxr_portal_hide(&f->form, *hidden, o->arena) : rc;
}


cxr_rc_t
ngx_cx_returns_person_of(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, const cxr_order_t *order, cxr_person_t *person)
{
    const cxr_shop_t  *shop;

    shop = ngx_cx_returns_loc(r)->shop->shop;

    return rma->gift
           ? cxr_read_recipient(rd, shop, rma, ngx_cx_returns_ctx(r)->arena,
                                person)
           : cxr_read_person(rd, shop, order, ngx_cx_returns_ctx(r)->arena,
                             person);
}


cxr_rc_t
ngx_cx_returns_gift_link(ngx_http_request_t *r, cxr_str_t order, bool whole,
    cxr_str_t *url)
{
    cxr_link_t  link;

    ngx_memzero(&link, sizeof(cxr_link_t));

    link.order = order;
    link.expires = (ngx_cx_returns_now() / CXR_DAY + 1
                    + NGX_CX_RETURNS_GIFT_DAYS) * CXR_DAY;

    return ngx_cx_returns_link_url(r, CXR_LINK_GIFT, &link, whole,
                                   ngx_cx_returns_ctx(r)->arena, url);
}


/* ---- the code for a gift receipt ---- */

/* in a thread of the pool */

static void
ngx_cx_returns_gift_draw(void *data)
{
    ngx_cx_returns_gift_qr_t  *q = data;

    q->rc = cxr_qr_file(q->url, q->arena, &q->svg);
}


static ngx_int_t
ngx_cx_returns_gift_drawn(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_gift_qr_t  *q = data;

    if (q->rc != CXR_OK
        || ngx_cx_returns_add_header(r, "Cache-Control",
                                     cxr_str("private, no-store"))
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send(r, NGX_HTTP_OK, "image/svg+xml", q->svg);
}


ngx_int_t
ngx_cx_returns_gift_qr(ngx_http_request_t *r, cxr_str_t order)
{
    cxr_rc_t                   rc;
    ngx_int_t                  answer;
    cxr_read_t                *rd;
    cxr_order_t                known;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_cx_returns_gift_qr_t  *q;

    ctx = ngx_cx_returns_ctx(r);
    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_order(rd, ngx_cx_returns_loc(r)->shop->shop, order,
                        ctx->arena, &known);
    cxr_read_end(rd);

    if (rc != CXR_OK) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    q = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_gift_qr_t));

    if (q == NULL
        || ngx_cx_returns_gift_link(r, order, true, &q->url) != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    q->arena = ctx->arena;
    answer = ngx_cx_returns_task(r, ngx_cx_returns_gift_draw,
                                 ngx_cx_returns_gift_drawn, q);

    return answer == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY)
                               : answer;
}
