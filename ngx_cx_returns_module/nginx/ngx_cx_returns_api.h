
/*
 * What the files of the JSON API share.
 */

#ifndef _NGX_CX_RETURNS_API_H_INCLUDED_
#define _NGX_CX_RETURNS_API_H_INCLUDED_

#include "ngx_cx_returns.h"

#define NGX_CX_RETURNS_IDEM_KEY_MAX  255

/* a request's place in the API: /rmas/<a>/<b> */
typedef struct {
    cxr_str_t    a;
    cxr_str_t    b;
    ngx_uint_t   action;
} ngx_cx_returns_api_t;

/* Parses the body; on a fault answers and returns what to finalize with, else
   NGX_OK and *json (to be decref'ed). */
ngx_int_t ngx_cx_returns_api_json(ngx_http_request_t *r, cxr_str_t body,
    json_t **json);
/* The Idempotency-Key header into the job; NGX_DECLINED: answered. */
ngx_int_t ngx_cx_returns_api_idem(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, ngx_int_t *answer);
/* If-Match: "12" -> 12; 0 when absent or "*"; NGX_DECLINED: malformed */
ngx_int_t ngx_cx_returns_api_if_match(ngx_http_request_t *r, uint32_t *rev);
ngx_int_t ngx_cx_returns_api_etag(ngx_http_request_t *r, uint32_t revision);
/* Queues the op; answers 503 itself when that fails. */
ngx_int_t ngx_cx_returns_api_submit(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
/* Sends the JSON in the buffer and frees it. */
ngx_int_t ngx_cx_returns_api_send(ngx_http_request_t *r, ngx_uint_t status,
    cxr_buf_t *b);
ngx_int_t ngx_cx_returns_api_read(ngx_http_request_t *r, cxr_read_t **rd);

ngx_int_t ngx_cx_returns_api_rmas(ngx_http_request_t *r, cxr_str_t rest);
ngx_int_t ngx_cx_returns_rma_act(ngx_http_request_t *r, cxr_str_t body);
ngx_int_t ngx_cx_returns_rma_parcel(ngx_http_request_t *r, cxr_str_t body);
/* Answers with the RMA as it is now. */
ngx_int_t ngx_cx_returns_rma_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
/* has the caller one of the roles that the verb wants? */
ngx_flag_t ngx_cx_returns_may(ngx_cx_returns_ctx_t *ctx, unsigned verb);
ngx_int_t ngx_cx_returns_api_events(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_api_links(ngx_http_request_t *r);
/* a thread's "messages", "message", "read" and "close" */
ngx_int_t ngx_cx_returns_api_is_talk(cxr_str_t name);
ngx_int_t ngx_cx_returns_api_talk(ngx_http_request_t *r, cxr_str_t id,
    cxr_str_t name, ngx_uint_t of_rma);
ngx_int_t ngx_cx_returns_api_worklist(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_api_codes(ngx_http_request_t *r, cxr_str_t rest);
ngx_int_t ngx_cx_returns_rma_label_supply(ngx_http_request_t *r,
    cxr_str_t body);
ngx_int_t ngx_cx_returns_api_withdrawals(ngx_http_request_t *r,
    cxr_str_t rest);

/* "<origin>/<root>o/<token>" for a purpose; shared with the portal */
cxr_rc_t ngx_cx_returns_link_url(ngx_http_request_t *r,
    cxr_link_purpose_t purpose, const cxr_link_t *link, bool whole,
    cxr_arena_t *a, cxr_str_t *url);

#endif /* _NGX_CX_RETURNS_API_H_INCLUDED_ */
