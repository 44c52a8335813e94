
/*
 * Conversations: loading a thread for a page, what is written in one, the
 * shopper's and the desk's pages of an order's own thread.
 */

#ifndef _NGX_CX_RETURNS_TALK_H_INCLUDED_
#define _NGX_CX_RETURNS_TALK_H_INCLUDED_

#include "ngx_cx_returns_photo.h"
#include "cxr_view_talk.h"

/* A thread on a page, and what of its form is to be mended. */
typedef struct {
    cxr_str_t             order;      /* folded                               */
    cxr_str_t             rma;        /* or empty: the order's own            */
    cxr_side_t            side;       /* who looks                            */
    cxr_str_t             url;        /* of the page, no language             */
    ngx_uint_t            can_write;
    cxr_str_t             typed;
    cxr_str_t             fault;      /* translation key, or empty            */
    ngx_uint_t            status;     /* with it                              */
    int64_t               want;       /* a number in its text                 */
    cxr_photo_refs_t      photos;     /* that came with the form              */
    const cxr_refusal_t  *refusal;
} ngx_cx_returns_talk_t;

typedef enum {
    NGX_CX_RETURNS_TALK_NONE = 0,
    NGX_CX_RETURNS_TALK_SAY,
    NGX_CX_RETURNS_TALK_READ,
    NGX_CX_RETURNS_TALK_CLOSE
} ngx_cx_returns_talk_act_t;

/* "message", "read" or, of the desk, "close" */
ngx_cx_returns_talk_act_t ngx_cx_returns_talk_act(cxr_str_t tail,
    cxr_side_t side);

/*
 * All of the thread that a view needs but order, person and RMA.  The query's
 * "talk", "said" and "reply" are looked at.  Read while the snapshot is open.
 */
cxr_rc_t ngx_cx_returns_talk_load(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_talk_t *t, cxr_talk_in_t *in);

/*
 * Submits what the form says; done() then answers.  NGX_DECLINED: it is to be
 * mended, "t" says what: show the page with t->status.
 */
ngx_int_t ngx_cx_returns_talk_post(ngx_http_request_t *r,
    const cxr_pairs_t *pairs, ngx_cx_returns_talk_act_t act,
    ngx_cx_returns_talk_t *t,
    ngx_int_t (*done)(ngx_http_request_t *r, ngx_cx_returns_op_t *op));

/* What a page answers when the job is over; NGX_DECLINED: show it, as above. */
ngx_int_t ngx_cx_returns_talk_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op, ngx_cx_returns_talk_t *t);
/* counts what the job did for the metrics */
void ngx_cx_returns_talk_count(const cxr_job_t *job);

/* The threads of the order's RMAs, the newest first, into an order's page. */
cxr_rc_t ngx_cx_returns_talk_threads(ngx_http_request_t *r, cxr_read_t *rd,
    const ngx_cx_returns_talk_t *t, const cxr_order_t *order, cxr_say_t *say,
    cxr_view_order_talk_t *view);

/* How many messages of all threads of the order the shopper has not read. */
cxr_rc_t ngx_cx_returns_talk_unread(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t order, uint32_t *n);
/* Leads to what is new to the shopper: an RMA's page, else the order's thread. */
ngx_int_t ngx_cx_returns_talk_go(ngx_http_request_t *r, cxr_str_t order);

/* one message more of the shopper's this hour?  "what" is counted apart. */
ngx_int_t ngx_cx_returns_talk_allowed(ngx_http_request_t *r,
    const ngx_cx_returns_talk_t *t, const char *what);


/* ---- ngx_cx_returns_photo.c ---- */

typedef ngx_int_t (*ngx_cx_returns_pairs_pt)(ngx_http_request_t *r,
    const cxr_pairs_t *pairs);

/*
 * The fields of a form to next(), when its photos, if there are any, stand on
 * the disk and in t->photos; or with a fault in "t".
 */
ngx_int_t ngx_cx_returns_talk_form(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_talk_t *t, ngx_cx_returns_pairs_pt next);


/* ---- pages ---- */

/* GET|POST /returns/o/<token>/talk[/...]; "url" is the order's page */
ngx_int_t ngx_cx_returns_order_talk(ngx_http_request_t *r, cxr_str_t url,
    const cxr_link_t *link, cxr_str_t tail);
/* GET|POST /staff/messages[/<order>[/...]] */
ngx_int_t ngx_cx_returns_staff_messages(ngx_http_request_t *r,
    cxr_str_t rest);

#endif /* _NGX_CX_RETURNS_TALK_H_INCLUDED_ */
