
/*
 * What the files of the desk share.
 */

#ifndef _NGX_CX_RETURNS_DESK_H_INCLUDED_
#define _NGX_CX_RETURNS_DESK_H_INCLUDED_

#include "ngx_cx_returns_shopper.h"
#include "cxr_store_find.h"
#include "cxr_view_desk.h"


/* ---- ngx_cx_returns_staff.c ---- */

/* what a form of the desk carries, bound to who sits there */
cxr_str_t ngx_cx_returns_staff_token(ngx_http_request_t *r);
/* NGX_OK, or NGX_DECLINED: counted, *answer is the page that says no */
ngx_int_t ngx_cx_returns_staff_token_ok(ngx_http_request_t *r,
    const cxr_pairs_t *pairs, ngx_int_t *answer);
/* what was typed into the search, and the next page of it */
cxr_rc_t ngx_cx_returns_staff_search(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_staff_query_t *query, cxr_found_t *out);
/* One more command of a request whose op is done: for a done() to return. */
ngx_int_t ngx_cx_returns_op_again(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


/* ---- ngx_cx_returns_staff_list.c ---- */

ngx_int_t ngx_cx_returns_staff_list(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_staff_export(ngx_http_request_t *r);
/* A CSV that a task made ("made": how that went), under a Content-Disposition. */
ngx_int_t ngx_cx_returns_send_csv(ngx_http_request_t *r, cxr_rc_t made,
    const cxr_buf_t *csv, cxr_str_t disposition);


/* ---- ngx_cx_returns_staff_customer.c ---- */

cxr_rc_t ngx_cx_returns_staff_customer(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_staff_customer_t **out);


/* ---- ngx_cx_returns_staff_bulk.c ---- */

ngx_int_t ngx_cx_returns_staff_bulk(ngx_http_request_t *r);


/* ---- ngx_cx_returns_staff_receive.c ---- */

/* "rest" is behind "receive", with its slash */
ngx_int_t ngx_cx_returns_staff_receive(ngx_http_request_t *r, cxr_str_t rest);


/* ---- ngx_cx_returns_staff_surveys.c ---- */

ngx_int_t ngx_cx_returns_staff_surveys(ngx_http_request_t *r, ngx_uint_t csv);

#endif /* _NGX_CX_RETURNS_DESK_H_INCLUDED_ */
