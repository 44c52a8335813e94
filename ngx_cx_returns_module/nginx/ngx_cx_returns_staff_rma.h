
/*
 * The desk's page of one RMA, for those who answer with it.
 */

#ifndef _NGX_CX_RETURNS_STAFF_RMA_H_INCLUDED_
#define _NGX_CX_RETURNS_STAFF_RMA_H_INCLUDED_

#include "ngx_cx_returns_desk.h"
#include "ngx_cx_returns_talk.h"


/* Which RMA, and what became of what was asked for it. */
typedef struct {
    cxr_str_t             id;          /* of the RMA                           */
    cxr_staff_form_t     *form;
    const cxr_refusal_t  *refusal;
    cxr_sent_form_t      *sent;        /* a parcel's form, to be mended        */
    cxr_str_t             act_key;     /* a fault of another form              */
    cxr_pairs_t          *pairs;       /* of another form, to be kept          */
    uint64_t              seen;        /* of the form: newest step it knew     */
    ngx_cx_returns_talk_t      talk;
    ngx_cx_returns_talk_act_t  talk_act;
    unsigned              conflict:1;
} ngx_cx_returns_desk_t;


/* Sends the page; a form that was refused is in "d" and shown as it was. */
ngx_int_t ngx_cx_returns_staff_rma(ngx_http_request_t *r,
    ngx_cx_returns_desk_t *d, ngx_uint_t status);

#endif /* _NGX_CX_RETURNS_STAFF_RMA_H_INCLUDED_ */
