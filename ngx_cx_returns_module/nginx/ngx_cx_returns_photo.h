
/*
 * Photos: what a form or a request of the API brings, made anew in a task
 * before anything else is done with it; and showing them to whoever may see
 * what names them.
 */

#ifndef _NGX_CX_RETURNS_PHOTO_H_INCLUDED_
#define _NGX_CX_RETURNS_PHOTO_H_INCLUDED_

#include "ngx_cx_returns_shopper.h"
#include "cxr_ticket.h"

/* One file that came. */
typedef struct {
    cxr_str_t         field;      /* the form's name for it                   */
    cxr_str_t         bytes;
    const char       *fault;      /* translation key; NULL: it is kept        */
    int64_t           want;       /* a number in its text                     */
    cxr_photo_ref_t   ref;
} ngx_cx_returns_file_t;

typedef struct ngx_cx_returns_upload_s  ngx_cx_returns_upload_t;

typedef ngx_int_t (*ngx_cx_returns_upload_pt)(ngx_http_request_t *r,
    ngx_cx_returns_upload_t *up);

struct ngx_cx_returns_upload_s {
    cxr_pairs_t               pairs;      /* the fields that are no files     */
    CXR_LIST_OF(ngx_cx_returns_file_t)  files;    /* empty ones left out      */
    ngx_uint_t                kept;
    ngx_uint_t                away;       /* the disk took one not            */

    /* of the task */
    const char               *dir;
    cxr_str_t                 scope;
    cxr_store_t              *store;
    const cxr_shop_t         *shop;
    cxr_str_t                 order;      /* whose they are, and of it, if not */
    cxr_str_t                 rma;        /* empty, which thread's             */
    cxr_arena_t              *arena;
    ngx_int_t                 nice;
    ngx_cx_returns_upload_pt  next;
};

/* Are photos taken? */
ngx_int_t ngx_cx_returns_photos_taken(ngx_http_request_t *r);

/* Whose a photo is: an order's, and of it an RMA's thread's (or empty). */
cxr_str_t ngx_cx_returns_photo_scope(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t rma);

/*
 * The fields and files of a multipart form; each file too many, too large or
 * of another kind has a fault.  NGX_DECLINED: *rc says why not (CXR_INVALID,
 * CXR_LIMIT, CXR_NOMEM).
 */
ngx_int_t ngx_cx_returns_upload_parse(ngx_http_request_t *r, cxr_str_t body,
    ngx_uint_t count, ngx_cx_returns_upload_t *up, cxr_rc_t *rc);

/* One file more, as the above does it. */
ngx_int_t ngx_cx_returns_upload_file(ngx_http_request_t *r, cxr_str_t field,
    cxr_str_t bytes, ngx_uint_t count, ngx_cx_returns_upload_t *up);

/*
 * Keeps the files that have no fault, each by itself: then next(), whose value
 * finalizes the request.  Without such files it is called at once.  NGX_ERROR:
 * nothing was begun.  The body was read.
 */
ngx_int_t ngx_cx_returns_upload_keep(ngx_http_request_t *r,
    ngx_cx_returns_upload_t *up, ngx_cx_returns_upload_pt next);

/*
 * Makes photos that a form names young again, in a task: then next().  "gone"
 * is 1 for those that are not there any more.
 */
typedef struct {
    const cxr_photo_ref_t   **refs;
    u_char                   *gone;
    ngx_uint_t                n;
    ngx_int_t               (*next)(ngx_http_request_t *r, void *data);
    void                     *data;

    const char               *dir;
} ngx_cx_returns_touch_t;

ngx_int_t ngx_cx_returns_photos_touch(ngx_http_request_t *r,
    ngx_cx_returns_touch_t *t);

/* bytes of a form that are read, with "count" photos where it has them: twice
   what is taken of these */
size_t ngx_cx_returns_form_photos(ngx_http_request_t *r, ngx_uint_t count);
/* the same with those of a message */
size_t ngx_cx_returns_form_max(ngx_http_request_t *r);

/*
 * A file that stands on the disk, to whoever may have it: never run, sniffed or
 * kept by a cache.  open: NGX_DECLINED: it is not there (path NULL: no memory).
 */
ngx_int_t ngx_cx_returns_stored_open(ngx_http_request_t *r, char *path,
    ngx_str_t *name, ngx_open_file_info_t *of);
ngx_int_t ngx_cx_returns_stored_send(ngx_http_request_t *r, ngx_str_t *name,
    ngx_open_file_info_t *of, const char *type, cxr_str_t disposition);

/* "photo/<name>" of a page's tail */
ngx_int_t ngx_cx_returns_is_photo(cxr_str_t tail, cxr_str_t *name);
/* One of the photos of a thread or an RMA's lines, or 404.  The body is
   discarded already. */
ngx_int_t ngx_cx_returns_photo(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t rma, cxr_str_t hex);
/* One that a form of the order's has a ticket for, or 404. */
ngx_int_t ngx_cx_returns_photo_ticket(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t ticket);


/* The carrier's label of an RMA, or back to its page.  ngx_cx_returns_supply.c;
   the body is discarded already. */
ngx_int_t ngx_cx_returns_carrier_label(ngx_http_request_t *r, cxr_str_t url,
    cxr_str_t id);


/* ---- ngx_cx_returns_api_photos.c ---- */

/* "photos" or "photos/<hash>" */
ngx_int_t ngx_cx_returns_api_is_photos(cxr_str_t name, cxr_str_t *hash);
/* POST of some for an order, by its number or that of one of its RMAs */
ngx_int_t ngx_cx_returns_api_photos(ngx_http_request_t *r, cxr_str_t number,
    cxr_str_t rma);
/* GET of one that is there; one of order and RMA is empty */
ngx_int_t ngx_cx_returns_api_photo(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t rma, cxr_str_t hash);
/* Tickets of a request's body, of the order (folded); one that does not hold
   is a fault of "photos".  NGX_ERROR: no memory. */
ngx_int_t ngx_cx_returns_api_tickets(ngx_http_request_t *r, cxr_str_t order,
    const cxr_strs_t *tickets, cxr_arena_t *a, cxr_jr_t *jr,
    cxr_photo_refs_t *out);
/* ngx_cx_returns_api_create() once the files of so many lists are sure to be
   there */
ngx_int_t ngx_cx_returns_api_named(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, const cxr_photo_refs_t *const *refs, ngx_uint_t n,
    const cxr_json_faults_t *faults);

#endif /* _NGX_CX_RETURNS_PHOTO_H_INCLUDED_ */
