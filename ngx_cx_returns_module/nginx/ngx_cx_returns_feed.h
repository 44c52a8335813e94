
/*
 * A feed's request, between its two files: ngx_cx_returns_feed.c takes it in,
 * ngx_cx_returns_feed_reply.c answers it.
 */

#ifndef _NGX_CX_RETURNS_FEED_H_INCLUDED_
#define _NGX_CX_RETURNS_FEED_H_INCLUDED_

#include "ngx_cx_returns.h"
#include "cxr_push.h"


typedef struct {
    cxr_ingest_t               *in;
    cxr_push_t                 *push;
    const cxr_profile_t        *profile;
    ngx_http_request_t         *request;    /* while the push is opened, only */
    cxr_qdoc_t                 *copy;       /* NULL: there is no quarantine   */
    const cxr_quarantine_t     *quarantine;
    const cxr_shop_t           *shop;
    cxr_rc_t                    stopped;    /* why no more is parsed          */
    ngx_err_t                   unkept;     /* why it is not in quarantine    */
    cxr_qnote_t                 note;
    char                        detail[512];
    char                        id[CXR_QID_MAX + 1];
    char                        charset[64];
    char                        number[CXR_FEED_REQUEST_MAX];
    char                        carrier[CXR_PROFILE_SLUG_MAX + 1];
    size_t                      carrier_len;
    ngx_log_t                  *log;
    unsigned                    get:1;
    unsigned                    form:1;
    unsigned                    json:1;    /* the caller wants our own answer */
    unsigned                    begun:1;    /* its body is read               */
    unsigned                    counted:1;
} ngx_cx_returns_feed_t;


void ngx_cx_returns_feed_count(ngx_cx_returns_feed_t *f, ngx_uint_t broken);
ngx_int_t ngx_cx_returns_feed_done(ngx_http_request_t *r, void *data,
    cxr_rc_t rc);
/* before the body is read, which is thrown away; as the carrier wants it, when
   "profile" is not NULL and has an answer for that */
ngx_int_t ngx_cx_returns_feed_refuse(ngx_http_request_t *r,
    const cxr_profile_t *profile, cxr_ack_outcome_t outcome,
    ngx_uint_t status, const char *code, const char *detail,
    const char *pointer);
/* what asks whether we are here: NGX_DECLINED when the profile knows no such */
ngx_int_t ngx_cx_returns_feed_probe(ngx_http_request_t *r,
    const cxr_profile_t *profile);
/* "Accept: application/json": our own answer, whatever the profile says */
ngx_uint_t ngx_cx_returns_feed_json(ngx_http_request_t *r);

#endif /* _NGX_CX_RETURNS_FEED_H_INCLUDED_ */
