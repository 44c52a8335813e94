
/*
 * Photos over the API:
 *
 *   POST /orders/<number>/photos           an image, or a form with several
 *   POST /rmas/<rma>/photos                the same, of its order
 *   GET  /orders/<number>/photos/<hash>    of the order's own messages
 *   GET  /rmas/<rma>/photos/<hash>         of the RMA's lines and messages
 *
 * What is posted is kept, and named by a ticket: lines of a new RMA and
 * messages take tickets of their order.  What nothing names is swept.
 */

#include "ngx_cx_returns_api.h"
#include "ngx_cx_returns_photo.h"


#define NGX_CX_RETURNS_KEY  "talk.error."     /* of a fault's text            */


/* one request that brings photos */
typedef struct {
    ngx_cx_returns_upload_t   up;         /* first: found again by its address */
    cxr_str_t                 order;      /* folded; empty: that of           */
    cxr_str_t                 rma;
} ngx_cx_returns_api_photos_t;

/* one that names them */
typedef struct {
    ngx_cx_returns_op_t       *op;
    cxr_str_t                  body;
    ngx_cx_returns_touch_t     touch;
} ngx_cx_returns_api_named_t;


static ngx_int_t ngx_cx_returns_api_photos_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_api_photos_kept(ngx_http_request_t *r,
    ngx_cx_returns_upload_t *up);
static ngx_int_t ngx_cx_returns_api_named_touched(ngx_http_request_t *r,
    void *data);


ngx_int_t
ngx_cx_returns_api_is_photos(cxr_str_t name, cxr_str_t *hash)
{
    static const cxr_str_t  photos = cxr_str_init("photos");

    if (name.len < photos.len
        || ngx_memcmp(name.data, photos.data, photos.len) != 0
        || (name.len > photos.len && name.data[photos.len] != '/'))
    {
        return 0;
    }

    *hash = name.len > photos.len
            ? cxr_strn(name.data + photos.len + 1, name.len - photos.len - 1)
            : CXR_STR_NONE;

    return 1;
}


ngx_int_t
ngx_cx_returns_api_photo(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t rma, cxr_str_t hash)
{
    char       *mem;
    size_t      len;
    cxr_rc_t    rc;
    ngx_int_t   answer;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD",
                                          "A photo takes GET.");
    }

    if (!ngx_cx_returns_api_role(r, "read")) {
        return ngx_cx_returns_api_forbidden(r, "read", NULL);
    }

    answer = ngx_http_discard_request_body(r);

    if (answer != NGX_OK) {
        return answer;
    }

    mem = cxr_alloc(ngx_cx_returns_ctx(r)->arena,
                    CXR_NUMBER_MAX + CXR_RMA_ID_LEN);
    if (mem == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    len = CXR_RMA_ID_LEN;
    rc = rma.len != 0 ? cxr_rma_id_parse(rma, mem)
                      : cxr_fold_number(order, mem, &len);

    if (rc != CXR_OK) {
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such photo.", NULL);
    }

    return rma.len != 0
           ? ngx_cx_returns_photo(r, CXR_STR_NONE, cxr_strn(mem, len), hash)
           : ngx_cx_returns_photo(r, cxr_strn(mem, len), CXR_STR_NONE, hash);
}


/* ---- what comes ---- */

static ngx_int_t
ngx_cx_returns_api_photos_type(ngx_http_request_t *r)
{
    return ngx_cx_returns_is_type(r, "multipart/form-data")
           || ngx_cx_returns_is_type(r, "image/jpeg")
           || ngx_cx_returns_is_type(r, "image/png")
           || ngx_cx_returns_is_type(r, "image/webp")
           || ngx_cx_returns_is_type(r, "image/heic")
           || ngx_cx_returns_is_type(r, "image/heif");
}


ngx_int_t
ngx_cx_returns_api_photos(ngx_http_request_t *r, cxr_str_t number,
    cxr_str_t rma)
{
    char                         *mem;
    size_t                        len;
    cxr_rc_t                      rc;
    ngx_cx_returns_ctx_t         *ctx;
    ngx_cx_returns_api_photos_t  *p;

    ctx = ngx_cx_returns_ctx(r);

    if (r->method != NGX_HTTP_POST) {
        return ngx_cx_returns_not_allowed(r, "POST", "Photos are posted.");
    }

    if (!ngx_cx_returns_api_role(r, "orders")
        && !ngx_cx_returns_api_role(r, "approve"))
    {
        return ngx_cx_returns_api_forbidden(r, "orders", "approve");
    }

    if (!ngx_cx_returns_photos_taken(r)) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         "No photos are taken: "
                                         "cx_returns_photos is not set.");
    }

    if (!ngx_cx_returns_api_photos_type(r)) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                         "not_a_photo",
                                         "The Content-Type must be that of a "
                                         "JPEG, PNG, WebP or HEIC, or "
                                         "multipart/form-data with files.");
    }

    p = cxr_calloc(ctx->arena, 1, sizeof(*p));
    mem = cxr_alloc(ctx->arena, CXR_NUMBER_MAX + CXR_RMA_ID_LEN);

    if (p == NULL || mem == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rma.len != 0) {
        rc = cxr_rma_id_parse(rma, mem);
        p->rma = cxr_strn(mem, CXR_RMA_ID_LEN);

    } else {
        rc = cxr_fold_number(number, mem, &len);
        p->order = cxr_strn(mem, rc == CXR_OK ? len : 0);
    }

    if (rc != CXR_OK) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         rma.len ? "There is no such RMA."
                                                 : "There is no such order.");
    }
    ctx->data = p;
    ctx->files = 1;

    return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size
                              + ngx_cx_returns_main(r)->claim_count
                                * (ngx_cx_returns_main(r)->photo_size + 1024),
                                    ngx_cx_returns_api_photos_body);
}


/* The order is there; of an RMA's address it becomes known.  NGX_DECLINED:
   *answer. */

static ngx_int_t
ngx_cx_returns_api_photos_order(ngx_http_request_t *r,
    ngx_cx_returns_api_photos_t *p, ngx_int_t *answer)
{
    cxr_rc_t           rc;
    cxr_rma_t          rma;
    cxr_read_t        *rd;
    cxr_order_t        order;
    cxr_arena_t       *a;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;
    *answer = ngx_cx_returns_api_read(r, &rd);

    if (*answer != NGX_OK || rd == NULL) {
        return NGX_DECLINED;
    }

    if (p->rma.len != 0) {
        rc = cxr_read_rma(rd, shop, p->rma, a, &rma);

        if (rc == CXR_OK) {
            rc = cxr_str_dup(a, rma.order, &p->order);
        }

    } else {
        rc = cxr_read_order(rd, shop, p->order, a, &order);
    }

    cxr_read_end(rd);

    if (rc == CXR_OK) {
        return NGX_OK;
    }

    *answer = rc == CXR_NOTFOUND
              ? ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                       p->rma.len ? "There is no such RMA."
                                                  : "There is no such order.",
                                       NULL)
              : NGX_HTTP_INTERNAL_SERVER_ERROR;

    return NGX_DECLINED;
}


static ngx_int_t
ngx_cx_returns_api_photos_body(ngx_http_request_t *r, cxr_str_t body)
{
    cxr_rc_t                      rc;
    ngx_int_t                     answer;
    ngx_cx_returns_api_photos_t  *p;

    p = ngx_cx_returns_ctx(r)->data;

    if (ngx_cx_returns_api_photos_order(r, p, &answer) != NGX_OK) {
        return answer;
    }

    if (ngx_cx_returns_is_type(r, "multipart/form-data")) {

        if (ngx_cx_returns_upload_parse(r, body,
                                        ngx_cx_returns_main(r)->claim_count,
                                        &p->up, &rc)
            != NGX_OK)
        {
            return rc == CXR_NOMEM
                   ? NGX_HTTP_INTERNAL_SERVER_ERROR
                   : ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST,
                                            "bad_form",
                                            "The form is malformed.", NULL);
        }

    } else if (body.len != 0
               && ngx_cx_returns_upload_file(r, CXR_STR_NONE, body, 1, &p->up)
                  != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (p->up.files.n == 0) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "photo_missing",
                                      "There is no photo in it.", NULL);
    }

    p->up.order = p->order;

    answer = ngx_cx_returns_upload_keep(r, &p->up,
                                        ngx_cx_returns_api_photos_kept);

    return answer == NGX_ERROR
           ? ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
                                    "Too much waits; try again.", NULL)
           : answer;
}


/* What is wrong with one of them: the page's text has a key, this has a code. */

static ngx_int_t
ngx_cx_returns_api_photos_fault(ngx_http_request_t *r, uint32_t i,
    const ngx_cx_returns_file_t *f, ngx_uint_t away)
{
    char  *detail, *where;

    detail = cxr_calloc(ngx_cx_returns_ctx(r)->arena, 1, 160);
    where = cxr_calloc(ngx_cx_returns_ctx(r)->arena, 1, 32);

    if (detail == NULL || where == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_snprintf((u_char *) where, 31, "/photos/%uD%Z", i);
    ngx_snprintf((u_char *) detail, 159,
                 "A photo is a JPEG, PNG, WebP or HEIC of at most %uz bytes; "
                 "at most %ui at once.%Z", ngx_cx_returns_main(r)->photo_size,
                 ngx_cx_returns_main(r)->claim_count);

    return ngx_cx_returns_problem(r, away ? NGX_HTTP_SERVICE_UNAVAILABLE : 422,
                                  f->fault + sizeof(NGX_CX_RETURNS_KEY) - 1,
                                  detail, where);
}


static ngx_int_t
ngx_cx_returns_api_photos_kept(ngx_http_request_t *r,
    ngx_cx_returns_upload_t *up)
{
    uint32_t                i;
    cxr_jw_t                w;
    cxr_buf_t               b;
    cxr_str_t               ticket;
    ngx_cx_returns_file_t  *f;

    for (i = 0; i < up->files.n; i++) {
        if (up->files.items[i].fault != NULL) {
            return ngx_cx_returns_api_photos_fault(r, i, &up->files.items[i],
                                                   up->away);
        }
    }

    cxr_buf_init(&b, 65536);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "photos", '[');

    for (i = 0; i < up->files.n; i++) {
        f = &up->files.items[i];

        if (cxr_ticket_make(ngx_cx_returns_ring(r), up->scope, &f->ref,
                            ngx_cx_returns_ctx(r)->arena, &ticket)
            != CXR_OK)
        {
            cxr_buf_free(&b);
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "id", ticket);
        cxr_jw_bytes(&w, "hash", f->ref.hash);
        cxr_jw_strz(&w, "kind", cxr_photo_kind_names[f->ref.kind]);
        cxr_jw_uint(&w, "width", f->ref.width);
        cxr_jw_uint(&w, "height", f->ref.height);
        cxr_jw_uint(&w, "bytes", f->ref.bytes);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);

    return ngx_cx_returns_api_send(r, NGX_HTTP_CREATED, &b);
}


/* ---- what names them ---- */

ngx_int_t
ngx_cx_returns_api_tickets(ngx_http_request_t *r, cxr_str_t order,
    const cxr_strs_t *tickets, cxr_arena_t *a, cxr_jr_t *jr,
    cxr_photo_refs_t *out)
{
    uint32_t          i;
    cxr_rc_t          rc;
    cxr_str_t         scope;
    cxr_photo_ref_t  *ref;

    if (tickets->n == 0 || order.len == 0) {
        return NGX_OK;
    }

    scope = ngx_cx_returns_photo_scope(r, order, CXR_STR_NONE);

    for (i = 0; i < tickets->n; i++) {
        ref = cxr_list_push(a, out, sizeof(*ref));

        if (ref == NULL || scope.data == NULL) {
            return NGX_ERROR;
        }

        rc = cxr_ticket_open(ngx_cx_returns_ring(r), scope,
                             tickets->items[i], a, ref);

        if (rc == CXR_NOMEM) {
            return NGX_ERROR;
        }

        if (rc != CXR_OK) {
            cxr_jr_fault(jr, "photos", "must be ids of photos that were "
                         "posted for this order");
            return NGX_OK;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_api_named(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, const cxr_photo_refs_t *const *refs, ngx_uint_t n,
    const cxr_json_faults_t *faults)
{
    ngx_int_t                    rc;
    ngx_uint_t                   i, k, total;
    const cxr_photo_ref_t      **list;
    ngx_cx_returns_api_named_t  *c;

    for (i = 0, total = 0; i < n; i++) {
        total += refs[i]->n;
    }

    if (total == 0 || faults == NULL || faults->total != 0) {
        return ngx_cx_returns_api_create(r, body, op, faults);
    }

    c = ngx_pcalloc(r->pool, sizeof(*c));
    list = ngx_palloc(r->pool, total * sizeof(*list));

    if (c == NULL || list == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    c->op = op;
    c->body = body;
    c->touch.refs = list;
    c->touch.gone = ngx_pcalloc(r->pool, total);
    c->touch.next = ngx_cx_returns_api_named_touched;
    c->touch.data = c;

    if (c->touch.gone == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (i = 0; i < n; i++) {
        for (k = 0; k < refs[i]->n; k++) {
            list[c->touch.n++] = &refs[i]->items[k];
        }
    }

    rc = ngx_cx_returns_photos_touch(r, &c->touch);

    return rc == NGX_ERROR
           ? ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
                                    "Too much waits; try again.", NULL)
           : rc;
}


static ngx_int_t
ngx_cx_returns_api_named_touched(ngx_http_request_t *r, void *data)
{
    ngx_uint_t                   i;
    cxr_json_faults_t            none;
    ngx_cx_returns_api_named_t  *c = data;

    for (i = 0; i < c->touch.n; i++) {
        if (c->touch.gone[i]) {
            return ngx_cx_returns_problem(r, 422, "photo_gone",
                                          "A photo that was posted is no "
                                          "longer there: post it again.",
                                          NULL);
        }
    }

    ngx_memzero(&none, sizeof(cxr_json_faults_t));

    return ngx_cx_returns_api_create(r, c->body, c->op, &none);
}
