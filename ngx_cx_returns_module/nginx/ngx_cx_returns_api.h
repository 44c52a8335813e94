
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

/* Answers without the body, and counts it. */
ngx_int_t ngx_cx_returns_api_refuse(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail);
ngx_int_t ngx_cx_returns_api_role(ngx_http_request_t *r, const char *role);
/* 403: what the caller lacks; "other" a second role that would do, or NULL */
ngx_int_t ngx_cx_returns_api_forbidden(ngx_http_request_t *r, const char *role,
    const char *other);
/* Parses the body; on a fault answers and returns what to finalize with, else
   NGX_OK and *json (to be decref'ed). */
ngx_int_t ngx_cx_returns_api_json(ngx_http_request_t *r, cxr_str_t body,
    json_t **json);
/* The Idempotency-Key header into the job; NGX_DECLINED: answered. */
ngx_int_t ngx_cx_returns_api_idem(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, ngx_int_t *answer);
/* If-Match into the job: "12" -> 12; 0 when absent or "*"; NGX_DECLINED:
   malformed, and answered */
ngx_int_t ngx_cx_returns_api_if_match(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op, ngx_int_t *answer);
/* The same for what is written whole, with "If-None-Match: *": only where it is
   not there yet. */
ngx_int_t ngx_cx_returns_api_put_match(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op, ngx_int_t *answer);
/* 400 with all that is wrong in a body */
ngx_int_t ngx_cx_returns_api_faults(ngx_http_request_t *r,
    const cxr_json_faults_t *faults);
/* The end of every write once its body is read ("faults" NULL: not JSON), with
   Idempotency-Key; "change" with If-Match too.  Answers what is wrong. */
ngx_int_t ngx_cx_returns_api_create(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, const cxr_json_faults_t *faults);
ngx_int_t ngx_cx_returns_api_change(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, const cxr_json_faults_t *faults);
/* The RMA that the path names; NGX_DECLINED: answered. */
ngx_int_t ngx_cx_returns_api_rma_id(ngx_http_request_t *r, cxr_arena_t *a,
    cxr_str_t *id, ngx_int_t *answer);
/* "number" of a parcel, folded, or empty with a fault; NGX_ERROR: no memory */
ngx_int_t ngx_cx_returns_api_tracking(cxr_jr_t *jr, cxr_arena_t *a,
    int flags, cxr_str_t *number);
ngx_int_t ngx_cx_returns_api_etag(ngx_http_request_t *r, uint32_t revision);
/* Queues the op; answers 503 itself when that fails. */
ngx_int_t ngx_cx_returns_api_submit(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
/* ---- lists: these return NGX_DECLINED when all is well, else the answer ---- */

#define NGX_CX_RETURNS_LIST_ROWS  50       /* of a page, unless told          */
#define NGX_CX_RETURNS_LIST_MAX   200

/* the query, and its "limit" */
ngx_int_t ngx_cx_returns_api_page(ngx_http_request_t *r, cxr_pairs_t *args,
    unsigned *limit);
/* a parameter that is one of these names; *index -1: it is not there */
ngx_int_t ngx_cx_returns_api_one_of(ngx_http_request_t *r,
    const cxr_pairs_t *args, const char *name, const char *const *names,
    int *index);
/* "from" and "to"; left alone when they are not there */
ngx_int_t ngx_cx_returns_api_range(ngx_http_request_t *r,
    const cxr_pairs_t *args, cxr_time_t *from, cxr_time_t *to);
/* "next": the cursor, or null at the end */
void ngx_cx_returns_api_next(cxr_jw_t *w, cxr_str_t next);
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

/* ---- ngx_cx_returns_supply.c: /rmas/<rma>/label ---- */

/* the role is checked, the body is not read yet */
ngx_int_t ngx_cx_returns_label_post(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_label_get(ngx_http_request_t *r);

ngx_int_t ngx_cx_returns_api_withdrawals(ngx_http_request_t *r,
    cxr_str_t rest);
ngx_int_t ngx_cx_returns_api_surveys(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_api_lists(ngx_http_request_t *r, cxr_str_t rest);

/* "<origin>/<root>o/<token>" for a purpose; shared with the portal */
cxr_rc_t ngx_cx_returns_link_url(ngx_http_request_t *r,
    cxr_link_purpose_t purpose, const cxr_link_t *link, bool whole,
    cxr_arena_t *a, cxr_str_t *url);

#endif /* _NGX_CX_RETURNS_API_H_INCLUDED_ */
