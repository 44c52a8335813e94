
/*
 * The tracking pages.
 */

#include "ngx_cx_returns_talk.h"
#include "cxr_store_lane.h"


#define NGX_CX_RETURNS_CALENDAR_MAX  8192    /* of a parcel's day              */


typedef struct {
    cxr_str_t             url;         /* ".../t/<token>", no language         */
    cxr_link_t            link;
    ngx_cx_returns_answered_t  said;   /* to the survey                        */
} ngx_cx_returns_track_ctx_t;


static ngx_int_t ngx_cx_returns_track_find(ngx_http_request_t *r,
    cxr_track_find_in_t *in, ngx_uint_t status);
static ngx_int_t ngx_cx_returns_track_lookup(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_track_number(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_track_find_in_t *in);
static ngx_int_t ngx_cx_returns_track_page(ngx_http_request_t *r,
    cxr_str_t token, ngx_uint_t survey);
static ngx_int_t ngx_cx_returns_track_survey(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_track_surveyed(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_track_show(ngx_http_request_t *r,
    ngx_cx_returns_track_ctx_t *c, ngx_uint_t status);
static ngx_int_t ngx_cx_returns_track_calendar(ngx_http_request_t *r,
    cxr_track_in_t *in, cxr_str_t number);
static ngx_int_t ngx_cx_returns_track_return(ngx_http_request_t *r,
    cxr_str_t token, cxr_str_t to);
static ngx_int_t ngx_cx_returns_track_rma(ngx_http_request_t *r,
    cxr_str_t order, cxr_str_t rma);
static cxr_rc_t ngx_cx_returns_track_back(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_track_in_t *in, cxr_track_parcel_t *parcel);
static cxr_rc_t ngx_cx_returns_track_lane(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_str_t country, cxr_track_parcel_t *parcel);
static cxr_rc_t ngx_cx_returns_track_order(ngx_http_request_t *r,
    cxr_read_t *rd, cxr_link_t *link, cxr_track_in_t *in);
static cxr_rc_t ngx_cx_returns_track_way_back(ngx_http_request_t *r,
    ngx_cx_returns_order_t *o, cxr_track_in_t *in);


ngx_int_t
ngx_cx_returns_track_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    cxr_str_t               rest, token, tail;
    cxr_track_find_in_t     in;
    ngx_cx_returns_ctx_t   *ctx;

    if (ngx_cx_returns_route(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_cx_returns_ctx(r);

    if (!ngx_cx_returns_below(ctx, ngx_cx_returns_loc(r)->shop->shop->track,
                              &rest))
    {
        rc = ngx_http_discard_request_body(r);
        return rc == NGX_OK
               ? ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND) : rc;
    }

    if (rest.len == 0) {

        if (r->method == NGX_HTTP_POST) {
            return ngx_cx_returns_read_body(r,
                                            ngx_cx_returns_loc(r)->form_size,
                                            ngx_cx_returns_track_lookup);
        }

        rc = ngx_cx_returns_page_method(r, 0);

        if (rc != NGX_OK) {
            return rc;
        }

        ngx_memzero(&in, sizeof(cxr_track_find_in_t));

        return ngx_cx_returns_track_find(r, &in, NGX_HTTP_OK);
    }

    if (rest.len > 2 && rest.data[0] == 't' && rest.data[1] == '/') {
        ngx_cx_returns_split(cxr_strn(rest.data + 2, rest.len - 2), &token,
                             &tail);

        if (cxr_str_is(tail, "survey")) {
            return ngx_cx_returns_track_page(r, token, 1);
        }
    }

    rc = ngx_cx_returns_page_method(r, 0);

    if (rc != NGX_OK) {
        return rc;
    }

    if (rest.len > 2 && rest.data[0] == 't' && rest.data[1] == '/') {
        ngx_cx_returns_split(cxr_strn(rest.data + 2, rest.len - 2), &token,
                             &rest);

        if (rest.len == 0) {
            return ngx_cx_returns_track_page(r, token, 0);
        }

        if (cxr_str_is(rest, "return") || cxr_str_is(rest, "talk")
            || cxr_str_is(rest, "missing") || cxr_str_is(rest, "cancel")
            || (rest.len > 2 && memcmp(rest.data, "r/", 2) == 0))
        {
            return ngx_cx_returns_track_return(r, token, rest);
        }
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
}


/* ---- find my parcel ---- */

static ngx_int_t
ngx_cx_returns_track_find(ngx_http_request_t *r, cxr_track_find_in_t *in,
    ngx_uint_t status)
{
    ngx_cx_returns_ctx_t   *ctx;
    cxr_view_track_find_t   view;

    ctx = ngx_cx_returns_ctx(r);

    in->self = ngx_cx_returns_loc(r)->shop->shop->track;
    in->action = in->self;

    if (cxr_view_track_find(ctx->view, in, ctx->arena, &view) != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_page(r, status, NGX_CX_RETURNS_PAGE_TRACK_FIND,
                                    &view);
}


/* What was typed may be anything; what is shown again is text. */

static cxr_str_t
ngx_cx_returns_track_typed(ngx_http_request_t *r, const cxr_pairs_t *pairs,
    const char *name)
{
    uint32_t   i;
    cxr_str_t  s;

    for (i = 0; i < pairs->n; i++) {
        if (!cxr_str_is(pairs->items[i].name, name)) {
            continue;
        }

        if (cxr_text_clean(ngx_cx_returns_ctx(r)->arena,
                           pairs->items[i].value, CXR_TEXT_LINE, 254, &s)
            != CXR_OK)
        {
            return cxr_str("?");
        }

        return s.data ? s : cxr_str("");
    }

    return CXR_STR_NONE;
}


static ngx_int_t
ngx_cx_returns_track_lookup(ngx_http_request_t *r, cxr_str_t body)
{
    char                   number[64], mail[256], code[256];
    size_t                 nlen, mlen, clen;
    cxr_str_t              path, email, postcode;
    ngx_int_t              answer, rc;
    cxr_read_t            *rd;
    cxr_pairs_t            pairs;
    cxr_track_find_in_t    in;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    ngx_memzero(&in, sizeof(cxr_track_find_in_t));

    in.order = ngx_cx_returns_track_typed(r, &pairs, "order");
    in.contact = ngx_cx_returns_track_typed(r, &pairs, "contact");
    in.number = ngx_cx_returns_track_typed(r, &pairs, "number");

    if (!cxr_track_find_check(&in)) {
        return ngx_cx_returns_track_find(r, &in, 422);
    }

    if (!ngx_cx_returns_lookup_allowed(r)) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_TOO_MANY);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    if (in.number.len) {
        answer = ngx_cx_returns_track_number(r, rd, &in);
        cxr_read_end(rd);
        return answer;
    }

    email = CXR_STR_NONE;
    postcode = CXR_STR_NONE;

    if (cxr_fold_email(in.contact, mail, &mlen) == CXR_OK) {
        email = cxr_strn(mail, mlen);

    } else if (cxr_fold_postcode(in.contact, code, &clen) == CXR_OK) {
        postcode = cxr_strn(code, clen);
    }

    rc = NGX_DECLINED;

    if (cxr_fold_number(in.order, number, &nlen) == CXR_OK) {
        rc = ngx_cx_returns_lookup(r, rd, cxr_strn(number, nlen), email,
                                   postcode, NULL);
    }

    cxr_read_end(rd);

    switch (rc) {

    case NGX_OK:
        if (ngx_cx_returns_page_link(r, CXR_LINK_TRACK,
                                     cxr_strn(number, nlen), CXR_STR_NONE,
                                     &path)
            != CXR_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_cx_returns_page_redirect(r, path, "");

    case NGX_DECLINED:
        in.form_fault = CXR_FIND_NOT_FOUND;
        return ngx_cx_returns_track_find(r, &in, NGX_HTTP_NOT_FOUND);

    case NGX_BUSY:
    case NGX_AGAIN:
        if (ngx_cx_returns_retry_after(r, 3600) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        in.minutes = (ngx_cx_returns_rate_wait(3600) + 59) / 60;

        if (rc == NGX_AGAIN) {
            in.contact_fault = CXR_FIND_POSTCODE_BUSY;

        } else {
            in.form_fault = CXR_FIND_BUSY;
        }

        return ngx_cx_returns_track_find(r, &in, NGX_HTTP_TOO_MANY_REQUESTS);

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
}


/* A number alone shows its parcel, and nothing of the order or the person. */

static ngx_int_t
ngx_cx_returns_track_number(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_track_find_in_t *in)
{
    char              number[64];
    size_t            len;
    cxr_rc_t          rc;
    cxr_str_t         path;
    cxr_link_t        link;
    cxr_shipments_t   found;
    const cxr_shop_t  *shop;

    shop = ngx_cx_returns_loc(r)->shop->shop;

    ngx_memzero(&found, sizeof(cxr_shipments_t));

    rc = cxr_fold_tracking(in->number, number, &len);

    if (rc == CXR_OK) {
        rc = cxr_read_by_number(rd, shop, cxr_strn(number, len),
                                ngx_cx_returns_ctx(r)->arena, &found);
    }

    if (rc == CXR_ERROR || rc == CXR_NOMEM || rc == CXR_IO) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != CXR_OK || found.n == 0) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_LOOKUPS_FAILED, 1);
        in->form_fault = CXR_FIND_NUMBER_NOT_FOUND;
        return ngx_cx_returns_track_find(r, in, NGX_HTTP_NOT_FOUND);
    }

    ngx_memzero(&link, sizeof(cxr_link_t));

    link.carrier = found.items[0].carrier;
    link.number = found.items[0].number;
    link.expires = (ngx_cx_returns_now() / CXR_DAY + 1
                    + shop->track_link_days) * CXR_DAY;

    if (ngx_cx_returns_link_url(r, CXR_LINK_TRACK, &link, false,
                                ngx_cx_returns_ctx(r)->arena, &path)
        != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_page_redirect(r, path, "");
}


/* ---- the page ---- */

static ngx_int_t
ngx_cx_returns_track_page(ngx_http_request_t *r, cxr_str_t token,
    ngx_uint_t survey)
{
    ngx_int_t                    rc, answer;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_track_ctx_t  *c;

    ctx = ngx_cx_returns_ctx(r);

    c = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_track_ctx_t));
    if (c == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    c->url = cxr_strn(ctx->path.data,
                      (size_t) (token.data + token.len - ctx->path.data));
    ctx->data = c;

    if (ngx_cx_returns_open_link(r, CXR_LINK_TRACK, token, &c->link, &answer)
        != NGX_OK)
    {
        return answer;
    }

    if (!survey) {
        return ngx_cx_returns_track_show(r, c, NGX_HTTP_OK);
    }

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? ngx_cx_returns_page_redirect(r, c->url, "") : rc;
    }

    rc = ngx_cx_returns_page_method(r, 1);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->form_size,
                                    ngx_cx_returns_track_survey);
}


static ngx_int_t
ngx_cx_returns_track_survey(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t                    rc;
    ngx_cx_returns_track_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;

    /* a link that shows the parcel alone knows of no order to ask about */

    if (c->link.order.len == 0) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    rc = ngx_cx_returns_survey_post(r, body, c->link.order, CXR_STR_NONE,
                                    &c->said, ngx_cx_returns_track_surveyed);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_track_show(r, c, c->said.status) : rc;
}


static ngx_int_t
ngx_cx_returns_track_surveyed(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_int_t                    rc;
    ngx_cx_returns_track_ctx_t  *c;

    c = ngx_cx_returns_ctx(r)->data;
    rc = ngx_cx_returns_survey_done(r, op, c->url, &c->said);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_track_show(r, c, c->said.status) : rc;
}


static ngx_int_t
ngx_cx_returns_track_show(ngx_http_request_t *r,
    ngx_cx_returns_track_ctx_t *c, ngx_uint_t status)
{
    cxr_rc_t               rc;
    cxr_read_t            *rd;
    ngx_int_t              answer;
    cxr_str_t              calendar = CXR_STR_NONE;
    cxr_pairs_t            args;
    cxr_track_in_t         in;
    cxr_shipment_t         ship;
    cxr_view_track_t       view;
    cxr_track_parcel_t     parcel;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    ngx_memzero(&in, sizeof(cxr_track_in_t));

    in.now = ngx_cx_returns_now();
    in.self = c->url;
    in.survey_no = c->said.refusal;
    in.survey_said = c->said.comment;

    if (r->args.len
        && ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
           == CXR_OK)
    {
        in.survey_pick = ngx_cx_returns_pair(&args, "score");
        calendar = ngx_cx_returns_pair(&args, "calendar");
    }

    if (c->link.order.len) {
        rc = ngx_cx_returns_track_order(r, rd, &c->link, &in);

    } else {
        rc = cxr_read_shipment(rd, ngx_cx_returns_loc(r)->shop->shop,
                               c->link.carrier, c->link.number, ctx->arena,
                               &ship);

        ngx_memzero(&parcel, sizeof(cxr_track_parcel_t));
        parcel.shipment = &ship;
        in.parcels = &parcel;
        in.nparcels = 1;

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_track_lane(r, rd, CXR_STR_NONE, &parcel);
        }
    }

    if (rc == CXR_OK && calendar.len != 0) {
        answer = ngx_cx_returns_track_calendar(r, &in, calendar);
        cxr_read_end(rd);
        return answer;
    }

    if (rc == CXR_OK) {
        rc = cxr_view_track(ctx->view, &in, ctx->arena, &view);
    }

    if (rc == CXR_OK) {
        ngx_str_set(&ctx->outcome, "track");
        answer = ngx_cx_returns_send_page(r, status,
                                          NGX_CX_RETURNS_PAGE_TRACK, &view);

    } else if (rc == CXR_NOTFOUND) {
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    } else {
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    cxr_read_end(rd);

    return answer;
}


/* One parcel's day, for a calendar; it is asked for once, and not kept. */

static ngx_int_t
ngx_cx_returns_track_calendar(ngx_http_request_t *r, cxr_track_in_t *in,
    cxr_str_t number)
{
    cxr_rc_t               rc;
    cxr_buf_t              out;
    ngx_int_t              answer;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    cxr_buf_init(&out, NGX_CX_RETURNS_CALENDAR_MAX);

    rc = cxr_track_calendar(ctx->view, in, number, ctx->arena, &out);

    if (rc != CXR_OK) {
        cxr_buf_free(&out);
        return ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    }

    ngx_str_set(&ctx->outcome, "calendar");

    answer = ngx_cx_returns_add_header(r, "Content-Disposition",
                          cxr_str("inline; filename=\"parcel.ics\""));
    if (answer == NGX_OK) {
        answer = ngx_cx_returns_send_rendered(r, NGX_HTTP_OK,
                                              "text/calendar; charset=utf-8",
                                              cxr_buf_str(&out));
    } else {
        answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_free(&out);

    return answer;
}


/*
 * The way into a return, to the messages, or to say that a parcel never came.
 * Its link is minted when somebody goes there: to mint one with every page
 * costs as much as to render the page.
 */

static ngx_int_t
ngx_cx_returns_track_return(ngx_http_request_t *r, cxr_str_t token,
    cxr_str_t to)
{
    cxr_str_t              path;
    cxr_link_t             link;
    ngx_int_t              answer;

    if (ngx_cx_returns_open_link(r, CXR_LINK_TRACK, token, &link, &answer)
        != NGX_OK)
    {
        return answer;
    }

    if (link.order.len == 0) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    if (to.len > 2 && memcmp(to.data, "r/", 2) == 0) {
        return ngx_cx_returns_track_rma(r, link.order,
                                        cxr_strn(to.data + 2, to.len - 2));
    }

    if (cxr_str_is(to, "talk")) {
        return ngx_cx_returns_talk_go(r, link.order);
    }

    if (ngx_cx_returns_page_link(r, CXR_LINK_ORDER, link.order, CXR_STR_NONE,
                                 &path)
        != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_page_redirect(r, path, cxr_str_is(to, "missing")
                                                 ? "/missing"
                                                 : cxr_str_is(to, "cancel")
                                                 ? "/cancel" : "");
}


/* Who holds the order's link may see what becomes of what it sends back. */

static ngx_int_t
ngx_cx_returns_track_rma(ngx_http_request_t *r, cxr_str_t order, cxr_str_t id)
{
    cxr_rc_t     rc;
    cxr_rma_t    rma;
    cxr_str_t    path;
    ngx_int_t    answer;
    cxr_read_t  *rd;

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, id,
                      ngx_cx_returns_ctx(r)->arena, &rma);

    if (rc == CXR_OK && cxr_str_eq(rma.order, order) && !rma.gift) {
        answer = ngx_cx_returns_page_link(r, CXR_LINK_RMA, order, rma.id,
                                          &path)
                 == CXR_OK
                 ? ngx_cx_returns_page_redirect(r, path, "")
                 : NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else if (rc == CXR_OK || rc == CXR_NOTFOUND || rc == CXR_INVALID) {
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    } else {
        answer = ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    cxr_read_end(rd);

    return answer;
}


/* What a parcel brings back, and the page that says what becomes of it. */

static cxr_rc_t
ngx_cx_returns_track_back(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_track_in_t *in, cxr_track_parcel_t *parcel)
{
    cxr_rc_t      rc;
    cxr_rma_t    *rma;
    cxr_arena_t  *arena;

    arena = ngx_cx_returns_ctx(r)->arena;

    if (parcel->shipment->direction != CXR_PARCEL_RETURN
        || parcel->shipment->rma.len == 0)
    {
        return CXR_OK;
    }

    rma = cxr_alloc(arena, sizeof(cxr_rma_t));
    if (rma == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop,
                      parcel->shipment->rma, arena, rma);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    parcel->rma_url = cxr_str_join(arena, in->self, cxr_str("/r/"), rma->id);

    return parcel->rma_url.len == 0 ? CXR_NOMEM
                                    : cxr_track_goods_back(rma, arena, parcel);
}


static cxr_rc_t
ngx_cx_returns_track_order(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_link_t *link, cxr_track_in_t *in)
{
    uint32_t                 i;
    cxr_rc_t                 rc;
    cxr_track_parcel_t      *parcels;
    ngx_cx_returns_order_t  *o;

    o = cxr_alloc(ngx_cx_returns_ctx(r)->arena,
                  sizeof(ngx_cx_returns_order_t));
    if (o == NULL) {
        return CXR_NOMEM;
    }

    rc = ngx_cx_returns_order_load(r, rd, link->order, 0, o);

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_gift_strip(r, rd, o);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_cancel_strip(r, rd, o, in);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    parcels = cxr_calloc(o->arena, o->shipments.n + 1,
                         sizeof(cxr_track_parcel_t));
    if (parcels == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < o->shipments.n; i++) {
        parcels[i].shipment = &o->shipments.items[i];

        rc = cxr_track_goods(&o->order, o->shipments.items, o->shipments.n,
                             parcels[i].shipment, o->arena, &parcels[i]);

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_track_back(r, rd, in, &parcels[i]);
        }

        if (rc == CXR_OK) {
            rc = ngx_cx_returns_track_lane(r, rd, o->order.country,
                                           &parcels[i]);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    in->order = o->order.number;
    in->bought = &o->order;
    in->parcels = parcels;
    in->nparcels = o->shipments.n;

    rc = cxr_track_rest(&o->order, o->shipments.items, o->shipments.n,
                        o->arena, in);
    if (rc != CXR_OK) {
        return rc;
    }

    in->talk_url = cxr_str_join(o->arena, in->self, cxr_str("/talk"),
                                CXR_STR_NONE);

    rc = ngx_cx_returns_talk_unread(r, rd, link->order, &in->unread);

    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_claim_may_miss(&o->shop->policy, o->parcels, o->shipments.n,
                           o->now))
    {
        in->missing_url = cxr_str_join(o->arena, in->self,
                                       cxr_str("/missing"), CXR_STR_NONE);

        if (in->missing_url.len == 0) {
            return CXR_NOMEM;
        }
    }

    return ngx_cx_returns_track_way_back(r, o, in);
}


/* What its carrier usually takes, while the parcel is on its way. */

static cxr_rc_t
ngx_cx_returns_track_lane(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t country, cxr_track_parcel_t *parcel)
{
    cxr_rc_t     rc;
    cxr_lane_t  *lane;

    if (parcel->shipment->status >= CXR_SHIP_DELIVERED
        || parcel->shipment->direction == CXR_PARCEL_RETURN)
    {
        return CXR_OK;
    }

    lane = cxr_alloc(ngx_cx_returns_ctx(r)->arena, sizeof(cxr_lane_t));
    if (lane == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_lane(rd, ngx_cx_returns_loc(r)->shop->shop,
                       parcel->shipment->carrier, country,
                       ngx_cx_returns_ctx(r)->arena, lane);

    if (rc == CXR_OK) {
        parcel->lane = lane;
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


/* The way into a return, while at least one line may come back.  Before
   anything has been delivered the page shows none, and need not ask. */

static cxr_rc_t
ngx_cx_returns_track_way_back(ngx_http_request_t *r,
    ngx_cx_returns_order_t *o, cxr_track_in_t *in)
{
    cxr_rc_t    rc;
    cxr_time_t  until;

    if (cxr_survey_delivered(o->shipments.items, o->shipments.n)
        == CXR_TIME_NONE)
    {
        return CXR_OK;
    }

    rc = ngx_cx_returns_order_judge(r, o);

    if (rc != CXR_OK) {
        return rc;
    }

    until = cxr_track_return_until(&o->order, o->judgements);

    if (until == CXR_TIME_NONE) {
        return CXR_OK;
    }

    in->return_until = until;
    in->return_url = cxr_str_join(o->arena, in->self, cxr_str("/return"),
                                  CXR_STR_NONE);

    return in->return_url.len != 0 ? CXR_OK : CXR_NOMEM;
}
