
/*
 * What the files of the portal's flow share: one request of a step.
 */

#ifndef _NGX_CX_RETURNS_PORTAL_H_INCLUDED_
#define _NGX_CX_RETURNS_PORTAL_H_INCLUDED_

#include "ngx_cx_returns_photo.h"
#include "cxr_gift.h"
#include "cxr_portal_gift.h"
#include "cxr_view_cancel.h"

typedef enum {
    NGX_CX_RETURNS_STEP_ITEMS = 0,
    NGX_CX_RETURNS_STEP_DETAILS,
    NGX_CX_RETURNS_STEP_REVIEW,
    NGX_CX_RETURNS_STEP_SUBMIT
} ngx_cx_returns_step_t;


/* what its body handler and its command need */
typedef struct {
    ngx_cx_returns_upload_t  up;          /* first: found again by its address */
    ngx_cx_returns_step_t    step;
    cxr_str_t                url;         /* ".../o/<token>" or ".../g/...", no
                                             language                          */
    cxr_link_t               link;
    cxr_pairs_t              pairs;
    ngx_cx_returns_order_t   o;
    cxr_portal_form_t        form;
    cxr_portal_t             p;
    ngx_cx_returns_touch_t   touch;
    unsigned                 touched:1;   /* its photos' files are there       */
    unsigned                 gift:1;      /* hers who was given it             */
    unsigned                 cancel:1;    /* of what was not sent yet          */
} ngx_cx_returns_flow_t;


/* ---- ngx_cx_returns_portal.c ---- */

/* loads the order and takes the step */
ngx_int_t ngx_cx_returns_portal_run(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
/* order, judgements, form and what the views need; CXR_INVALID: the form */
cxr_rc_t ngx_cx_returns_portal_load(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_flow_t *f);
/* the page of a step; "preview" of the review alone */
ngx_int_t ngx_cx_returns_portal_show(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f, ngx_cx_returns_step_t step, ngx_uint_t status,
    const cxr_rma_t *preview);


/* ---- ngx_cx_returns_portal_send.c ---- */

ngx_int_t ngx_cx_returns_portal_review(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
ngx_int_t ngx_cx_returns_portal_submit(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
/* the flow's idempotency key */
void ngx_cx_returns_portal_idem(ngx_cx_returns_flow_t *f, uint8_t idem[16]);


/* ---- ngx_cx_returns_cancel.c ---- */

/* Is it "cancel", or a step of it?  Then f->cancel and f->step are set. */
ngx_int_t ngx_cx_returns_is_cancel(ngx_http_request_t *r, cxr_str_t tail,
    ngx_cx_returns_flow_t *f);
/* Once the order was judged and the form parsed: what may be cancelled, into
   f->p.cancels.  CXR_INVALID: the form. */
cxr_rc_t ngx_cx_returns_cancel_load(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
ngx_int_t ngx_cx_returns_cancel_show(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f, ngx_uint_t status, const cxr_rma_t *preview);


/* ---- ngx_cx_returns_portal_find.c ---- */

/* the page; "find" NULL: nothing was typed yet */
ngx_int_t ngx_cx_returns_portal_find(ngx_http_request_t *r,
    cxr_portal_find_t *find, ngx_uint_t status);
/* what was typed there */
ngx_int_t ngx_cx_returns_portal_lookup(ngx_http_request_t *r,
    cxr_str_t body);


/* ---- ngx_cx_returns_gift.c ---- */

/* Once the form was parsed: marks lines that its page does not show, and takes
   back what was asked for them; reads who was given it.  CXR_INVALID: the form. */
cxr_rc_t ngx_cx_returns_portal_hides(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_flow_t *f, bool **hidden);


/* ---- ngx_cx_returns_claim.c: photos in the flow, and parcels that did not
   come ---- */

/* the form of any step, with its files */
ngx_int_t ngx_cx_returns_claim_body(ngx_http_request_t *r, cxr_str_t body);
size_t ngx_cx_returns_claim_max(ngx_http_request_t *r);
/* once the form was parsed: its tickets, and what was wrong with files */
cxr_rc_t ngx_cx_returns_claim_photos(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
/*
 * Before the command: are the files of its photos there?  NGX_OK: go on.
 * Anything else: what to finalize with (NGX_DONE: portal_run() comes again).
 */
ngx_int_t ngx_cx_returns_claim_touch(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
/* What the policy is asked of a line, "data" the flow; and what it says of those
   units of each that may have another reason. */
void ngx_cx_returns_claim_asks(void *data, uint32_t index,
    cxr_policy_ask_t *ask);
void ngx_cx_returns_claim_others(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);
/* GET .../missing */
ngx_int_t ngx_cx_returns_claim_missing(ngx_http_request_t *r,
    ngx_cx_returns_flow_t *f);

#endif /* _NGX_CX_RETURNS_PORTAL_H_INCLUDED_ */
