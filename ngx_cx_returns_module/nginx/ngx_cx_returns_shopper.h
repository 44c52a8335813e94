
/*
 * What the shopper's pages share: opening links, looking orders up, loading an
 * order with all that its pages show.
 */

#ifndef _NGX_CX_RETURNS_SHOPPER_H_INCLUDED_
#define _NGX_CX_RETURNS_SHOPPER_H_INCLUDED_

#include "ngx_cx_returns_api.h"
#include "cxr_label.h"
#include "cxr_view_feeds.h"
#include "cxr_view_portal.h"
#include "cxr_view_rma.h"
#include "cxr_view_staff.h"
#include "cxr_view_track.h"

typedef struct {
    cxr_read_t              *rd;
    const cxr_shop_t        *shop;
    cxr_arena_t             *arena;
    cxr_time_t               now;
    cxr_str_t                folded;      /* the order's key                   */
    cxr_order_t              order;
    cxr_shipments_t          shipments;
    const cxr_shipment_t   **parcels;     /* to them                           */
    cxr_judgement_t         *judgements;  /* one for each line                 */
    cxr_history_t            history;     /* where a rule asks for it          */
    cxr_policy_request_t     request;     /* all that is asked for, as far as
                                             is known                          */
    const cxr_product_t    **products;
    ngx_uint_t               nproducts;
} ngx_cx_returns_order_t;

/*
 * The link in the path, or the page that says why not: then NGX_DECLINED and
 * *answer is what to finalize with.
 */
ngx_int_t ngx_cx_returns_open_link(ngx_http_request_t *r,
    cxr_link_purpose_t purpose, cxr_str_t token, cxr_link_t *link,
    ngx_int_t *answer);

/* A snapshot, or (NULL) the page that says that the store is away. */
cxr_read_t *ngx_cx_returns_page_read(ngx_http_request_t *r,
    ngx_int_t *answer);

/* Order and shipments; with "products" those too. */
cxr_rc_t ngx_cx_returns_order_load(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t folded, ngx_uint_t products, ngx_cx_returns_order_t *o);
/* What the policy says of each line of an order that was loaded, while its
   snapshot is open. */
cxr_rc_t ngx_cx_returns_order_judge(ngx_http_request_t *r,
    ngx_cx_returns_order_t *o);
/* the same of what as() says of each line; it is given one that says nothing,
   or what it made of the line before */
cxr_rc_t ngx_cx_returns_order_judge_as(ngx_http_request_t *r,
    ngx_cx_returns_order_t *o,
    void (*as)(void *data, uint32_t index, cxr_policy_ask_t *ask), void *data);

/*
 * Does the e-mail or postal code belong to the order?  Takes as long, and
 * answers alike, when there is no such order.  NGX_OK, NGX_DECLINED (no),
 * NGX_BUSY (this address has failed too often at it), NGX_AGAIN (its postal code
 * was tried too often, the e-mail address may still be), NGX_ERROR.  Both end
 * with the hour.  Of an order that is a gift the postal code is the recipient's,
 * and so is the gift's code, which stands in "postcode", too: then *gift is set,
 * and where "gift" is NULL that is no.
 */
ngx_int_t ngx_cx_returns_lookup(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t folded, cxr_str_t email, cxr_str_t postcode, ngx_uint_t *gift);
/* whom a rate counts against: the address, or its IPv6 network */
ngx_str_t ngx_cx_returns_caller(ngx_http_request_t *r);
/* may this address try once more? */
ngx_int_t ngx_cx_returns_lookup_allowed(ngx_http_request_t *r);

/* A path to a page of the order, without the language's prefix. */
cxr_rc_t ngx_cx_returns_page_link(ngx_http_request_t *r,
    cxr_link_purpose_t purpose, cxr_str_t order, cxr_str_t rma,
    cxr_str_t *path);

/* 303 to a path of ours in the page's language; "query" may be "" */
ngx_int_t ngx_cx_returns_page_redirect(ngx_http_request_t *r, cxr_str_t path,
    const char *query);

/* "v4.local.../details" -> token and rest */
void ngx_cx_returns_split(cxr_str_t path, cxr_str_t *head, cxr_str_t *rest);

/* the form in the body, or the page that refuses it (NGX_DECLINED) */
ngx_int_t ngx_cx_returns_page_form(ngx_http_request_t *r, cxr_str_t body,
    cxr_pairs_t *pairs, ngx_int_t *answer);

ngx_int_t ngx_cx_returns_page_method(ngx_http_request_t *r, ngx_uint_t post);

/* the pages of one RMA: /returns/r/<token>[/...] */
ngx_int_t ngx_cx_returns_rma_page(ngx_http_request_t *r, cxr_str_t rest);

/* ---- ngx_cx_returns_label.c: what of an RMA is printed ---- */

/* label.html, .svg, .pdf, .zpl, slip.html, .pdf, qr.html? */
ngx_int_t ngx_cx_returns_is_paper(cxr_str_t name);
/*
 * One of these, 404 for another name.  "url" is the path of the RMA's page, the
 * shopper's or the desk's, no language.
 */
ngx_int_t ngx_cx_returns_rma_paper(ngx_http_request_t *r, cxr_str_t url,
    cxr_str_t rma, cxr_str_t name);


/* ---- ngx_cx_returns_gift.c: cxr_gift.h ---- */

/* Is it one of those that the buyer's pages do not know of? */
ngx_int_t ngx_cx_returns_is_gift(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t id);
/* Takes parcels of gift returns out of an order that was loaded, and marks
   lines that these gave; strip() takes these lines out, too. */
cxr_rc_t ngx_cx_returns_gift_hide(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_order_t *o, bool *hidden);
cxr_rc_t ngx_cx_returns_gift_strip(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_order_t *o);
/* Who corresponds about the RMA: the order's person, or who was given it.
   CXR_NOTFOUND: erased. */
cxr_rc_t ngx_cx_returns_person_of(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, const cxr_order_t *order, cxr_person_t *person);
/* the order's gift link, and a picture of it for a gift receipt */
cxr_rc_t ngx_cx_returns_gift_link(ngx_http_request_t *r, cxr_str_t order,
    bool whole, cxr_str_t *url);
ngx_int_t ngx_cx_returns_gift_qr(ngx_http_request_t *r, cxr_str_t order);


/* ---- ngx_cx_returns_cancel.c: cxr_cancel.h ---- */

/* Takes what was cancelled out of an order that was loaded, and says in "in"
   which cancellations it has and where more may be asked for. */
cxr_rc_t ngx_cx_returns_cancel_strip(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_order_t *o, cxr_track_in_t *in);


/* ---- ngx_cx_returns_survey.c ---- */

/* Why an answer was not taken, and what was typed. */
typedef struct {
    cxr_refusal_t         no;
    const cxr_refusal_t  *refusal;     /* NULL: it was not asked yet           */
    cxr_str_t             comment;
    ngx_uint_t            status;
} ngx_cx_returns_answered_t;

/*
 * Submits the form's answer, of the order's delivery or, where "rma" is not
 * empty, of an RMA; done() then answers the request, by the page itself when
 * ngx_cx_returns_survey_done() has NGX_DECLINED.  NGX_DECLINED: it is not to be
 * submitted as it is; "said" says why.
 */
ngx_int_t ngx_cx_returns_survey_post(ngx_http_request_t *r, cxr_str_t body,
    cxr_str_t order, cxr_str_t rma, ngx_cx_returns_answered_t *said,
    ngx_int_t (*done)(ngx_http_request_t *r, ngx_cx_returns_op_t *op));
/* "url" is the page's, without language */
ngx_int_t ngx_cx_returns_survey_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op, cxr_str_t url, ngx_cx_returns_answered_t *said);


/* ---- ngx_cx_returns_withdraw.c: the withdrawal function, and receipts ---- */

/* /returns/{withdraw...,w/<token>...,receipt...}; NGX_DECLINED: none of these */
ngx_int_t ngx_cx_returns_withdraw(ngx_http_request_t *r, cxr_str_t rest);
/* "?order=" behind the form's address, which then has the number in it */
cxr_rc_t ngx_cx_returns_withdraw_of(ngx_http_request_t *r, cxr_str_t url,
    cxr_str_t order, cxr_str_t *out);
/* May this address do it once more?  "what" keeps one limit from another. */
ngx_int_t ngx_cx_returns_withdraw_allowed(ngx_http_request_t *r,
    const char *what, ngx_uint_t limit);

/* ---- ngx_cx_returns_receipt.c: the page that checks receipts ---- */

ngx_int_t ngx_cx_returns_receipt(ngx_http_request_t *r, cxr_str_t text,
    ngx_uint_t asked);
/* its form, with a file or without */
ngx_int_t ngx_cx_returns_receipt_body(ngx_http_request_t *r, cxr_str_t body);

/* the desk's page of them; "rest" is behind "withdrawals/" */
ngx_int_t ngx_cx_returns_staff_withdrawals(ngx_http_request_t *r,
    cxr_str_t rest);
/* a receipt's file */
cxr_rc_t ngx_cx_returns_receipt_json(ngx_http_request_t *r,
    const cxr_withdrawal_t *w, const cxr_statement_t *st, cxr_buf_t *b);

/* ---- ngx_cx_returns_worklist.c: what feeds want of the operator ---- */

/* the desk's page of the feeds; its body was not read */
ngx_int_t ngx_cx_returns_staff_feeds(ngx_http_request_t *r);


/* ---- ngx_cx_returns_task.c: one piece of work that is not a command ---- */

/*
 * Runs work() in a thread of the pool, then done() in the event loop, whose
 * value finalizes the request.  For requests whose body was discarded.
 * Returns what a content handler returns; NGX_ERROR: not posted.
 */
ngx_int_t ngx_cx_returns_task(ngx_http_request_t *r, void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data);
/*
 * The same for what takes long: NGX_CX_RETURNS_DRAWINGS at a time in each worker,
 * so that commits get their threads; NGX_ERROR, too, when so many wait already
 * that there is no hope.
 */
ngx_int_t ngx_cx_returns_draw(ngx_http_request_t *r, void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data);
/* the same in another pool than that of "cx_returns_thread_pool" */
ngx_int_t ngx_cx_returns_task_in(ngx_http_request_t *r,
    ngx_thread_pool_t *pool, void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data);

/*
 * The parcels that bring the RMA back, with links to their tracking pages; one
 * for each of rma->parcels.  Read while the snapshot is open.
 */
cxr_rc_t ngx_cx_returns_sent_parcels(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma, const cxr_sent_parcel_t **out);

/*
 * The shopper's notes, one for each line, opened; empty where there is none or
 * its key is gone.  NULL: no memory.
 */
cxr_str_t *ngx_cx_returns_rma_notes(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_rma_t *rma);

#endif /* _NGX_CX_RETURNS_SHOPPER_H_INCLUDED_ */
