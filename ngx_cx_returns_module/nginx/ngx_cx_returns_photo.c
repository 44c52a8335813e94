
/*
 * Photos of a message, and the showing of photos to whoever may see what names
 * them.
 */

#include "ngx_cx_returns_talk.h"
#include "cxr_photo.h"


/* of one request's form */
typedef struct {
    ngx_cx_returns_upload_t   up;
    ngx_cx_returns_talk_t    *talk;
    ngx_cx_returns_pairs_pt   next;
} ngx_cx_returns_message_t;


/* ---- with a message ---- */

static void
ngx_cx_returns_message_fault(ngx_cx_returns_talk_t *t, const char *key,
    int64_t want, ngx_uint_t status)
{
    t->fault = cxr_strz(key);
    t->want = want;
    t->status = status;
}


/* A message goes with all of its photos, or is mended first. */

static ngx_int_t
ngx_cx_returns_message_kept(ngx_http_request_t *r,
    ngx_cx_returns_upload_t *up)
{
    uint32_t                   i;
    cxr_photo_ref_t           *ref;
    ngx_cx_returns_file_t     *f;
    ngx_cx_returns_talk_t     *t;
    ngx_cx_returns_message_t  *m;

    m = (ngx_cx_returns_message_t *) up;
    t = m->talk;

    for (i = 0; i < up->files.n && t->fault.len == 0; i++) {
        f = &up->files.items[i];

        if (f->fault != NULL) {
            ngx_cx_returns_message_fault(t, f->fault, f->want, up->away
                                         ? NGX_HTTP_SERVICE_UNAVAILABLE : 422);
            break;
        }

        ref = cxr_list_push(ngx_cx_returns_ctx(r)->arena, &t->photos,
                            sizeof(*ref));
        if (ref == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        *ref = f->ref;
    }

    if (t->fault.len != 0) {
        t->photos.n = 0;
    }

    return m->next(r, &up->pairs);
}


ngx_int_t
ngx_cx_returns_talk_form(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_talk_t *t, ngx_cx_returns_pairs_pt next)
{
    uint32_t                   i;
    cxr_rc_t                   rc;
    ngx_int_t                  answer;
    cxr_pairs_t                pairs;
    ngx_cx_returns_message_t  *m;

    if (!ngx_cx_returns_photos_taken(r)
        || !ngx_cx_returns_is_type(r, "multipart/form-data"))
    {
        return ngx_cx_returns_page_form(r, body, &pairs, &answer) == NGX_OK
               ? next(r, &pairs) : answer;
    }

    m = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_message_t));
    if (m == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    m->talk = t;
    m->next = next;

    if (ngx_cx_returns_upload_parse(r, body,
                                    ngx_cx_returns_main(r)->photo_count,
                                    &m->up, &rc)
        != NGX_OK)
    {
        if (rc == CXR_NOMEM) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, rc == CXR_LIMIT
                                            ? CXR_PAGE_TOO_LARGE
                                            : CXR_PAGE_BAD_REQUEST);
    }

    /* one fault is enough to keep none of them */

    for (i = 0; i < m->up.files.n; i++) {
        if (m->up.files.items[i].fault != NULL) {
            return ngx_cx_returns_message_kept(r, &m->up);
        }
    }

    /* nobody keeps the threads busy with pictures */

    if (m->up.files.n != 0 && t->side == CXR_SIDE_SHOPPER
        && !ngx_cx_returns_talk_allowed(r, t, "photos"))
    {
        ngx_cx_returns_message_fault(t, "talk.error.rate", 0,
                                     NGX_HTTP_TOO_MANY_REQUESTS);
        return next(r, &m->up.pairs);
    }

    m->up.order = t->order;
    m->up.rma = t->rma;

    answer = ngx_cx_returns_upload_keep(r, &m->up,
                                        ngx_cx_returns_message_kept);

    return answer == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY)
                               : answer;
}


/* ---- showing ---- */

static ngx_int_t
ngx_cx_returns_photo_hex(cxr_str_t hex, u_char hash[CXR_PHOTO_HASH_LEN])
{
    size_t     i;
    ngx_int_t  n;

    /* the API writes bytes in base64url */

    if (hex.len != 2 * CXR_PHOTO_HASH_LEN) {
        return cxr_b64url_decode(hex, (uint8_t *) hash, CXR_PHOTO_HASH_LEN, &i)
                   == CXR_OK
               && i == CXR_PHOTO_HASH_LEN
               ? NGX_OK : NGX_ERROR;
    }

    for (i = 0; i < CXR_PHOTO_HASH_LEN; i++) {
        n = ngx_hextoi((u_char *) hex.data + 2 * i, 2);

        if (n == NGX_ERROR) {
            return NGX_ERROR;
        }

        hash[i] = (u_char) n;
    }

    return NGX_OK;
}


/* Did it come with the request itself? */

static ngx_int_t
ngx_cx_returns_photo_of(const cxr_rma_t *rma, cxr_str_t hash)
{
    uint32_t                 i, k;
    const cxr_photo_refs_t  *refs;

    for (i = 0; i < rma->lines.n; i++) {
        refs = &rma->lines.items[i].photos;

        for (k = 0; k < refs->n; k++) {
            if (cxr_str_eq(refs->items[k].hash, hash)) {
                return 1;
            }
        }
    }

    return 0;
}


/* Is it a photo of that thread, or of the RMA's lines?  Whoever may read the
   one may see the other. */

static cxr_rc_t
ngx_cx_returns_photo_find(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t order, cxr_str_t rma, cxr_str_t hash)
{
    uint32_t           i, j;
    cxr_rc_t           rc;
    cxr_rma_t          of;
    cxr_arena_t       *a;
    cxr_messages_t     list;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (rma.len != 0) {
        rc = cxr_read_rma(rd, shop, rma, a, &of);
        if (rc != CXR_OK || ngx_cx_returns_photo_of(&of, hash)) {
            return rc;
        }

        order = of.order;
    }

    rc = cxr_read_messages(rd, shop, order, &rma, 0, CXR_TALK_MESSAGES_MAX, a,
                           &list);

    for (i = 0; rc == CXR_OK && i < list.n; i++) {
        for (j = 0; j < list.items[i].photos.n; j++) {
            if (cxr_str_eq(list.items[i].photos.items[j].hash, hash)) {
                return CXR_OK;
            }
        }
    }

    return rc == CXR_OK ? CXR_NOTFOUND : rc;
}


/* ---- what stands on the disk ---- */

ngx_int_t
ngx_cx_returns_stored_open(ngx_http_request_t *r, char *path, ngx_str_t *name,
    ngx_open_file_info_t *of)
{
    ngx_http_core_loc_conf_t  *clcf;

    if (path == NULL) {
        return NGX_ERROR;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    ngx_memzero(of, sizeof(ngx_open_file_info_t));

    name->data = (u_char *) path;
    name->len = ngx_strlen(path);
    of->read_ahead = clcf->read_ahead;
    of->directio = NGX_MAX_OFF_T_VALUE;

    return ngx_open_cached_file(NULL, name, of, r->pool) == NGX_OK
           && of->is_file
           ? NGX_OK : NGX_DECLINED;
}


ngx_int_t
ngx_cx_returns_stored_send(ngx_http_request_t *r, ngx_str_t *name,
    ngx_open_file_info_t *of, const char *type, cxr_str_t disposition)
{
    size_t        i;
    ngx_int_t     answer;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    static const struct {
        const char  *name;
        cxr_str_t    value;
    } headers[] = {
        { "Cache-Control", cxr_str_init("private, no-store") },
        { "Content-Security-Policy",
          cxr_str_init("default-src 'none'; sandbox; frame-ancestors 'none'") },
        { "X-Content-Type-Options", cxr_str_init("nosniff") },
        { "Cross-Origin-Resource-Policy", cxr_str_init("same-origin") },
        { "Referrer-Policy", cxr_str_init("no-referrer") },
        { "X-Robots-Tag", cxr_str_init("noindex") }
    };

    for (i = 0; i < cxr_nelts(headers); i++) {
        if (ngx_cx_returns_add_header(r, headers[i].name, headers[i].value)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (disposition.data == NULL
        || ngx_cx_returns_add_header(r, "Content-Disposition", disposition)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = of->size;
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->file = ngx_pcalloc(r->pool, sizeof(ngx_file_t));
    if (b->file == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    answer = ngx_http_send_header(r);

    if (answer == NGX_ERROR || answer > NGX_OK || r->header_only) {
        return answer;
    }

    b->file_pos = 0;
    b->file_last = of->size;
    b->in_file = b->file_last ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;
    b->file->fd = of->fd;
    b->file->name = *name;
    b->file->log = r->connection->log;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


/* The file, or the photo itself where there is no small one. */

static ngx_int_t
ngx_cx_returns_photo_open(ngx_http_request_t *r, cxr_str_t hash, bool small,
    ngx_str_t *name, ngx_open_file_info_t *of)
{
    char       *path;
    ngx_int_t   rc;

    path = cxr_photo_path((const char *) ngx_cx_returns_main(r)->photos.data,
                          hash, small, ngx_cx_returns_ctx(r)->arena);

    rc = ngx_cx_returns_stored_open(r, path, name, of);

    /* erased since, or by hand */

    return rc == NGX_DECLINED && small
           ? ngx_cx_returns_photo_open(r, hash, false, name, of) : rc;
}


static ngx_int_t
ngx_cx_returns_photo_missing(ngx_http_request_t *r)
{
    return ngx_cx_returns_ctx(r)->machine
           ? ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                    "There is no such photo.", NULL)
           : ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
}


static ngx_int_t
ngx_cx_returns_photo_send(ngx_http_request_t *r, cxr_str_t hash, bool small)
{
    ngx_int_t              answer;
    ngx_str_t              name;
    ngx_open_file_info_t   of;

    answer = ngx_cx_returns_photo_open(r, hash, small, &name, &of);

    if (answer != NGX_OK) {
        return answer == NGX_DECLINED ? ngx_cx_returns_photo_missing(r)
                                      : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_stored_send(r, &name, &of, "image/jpeg",
                                 cxr_str("inline; filename=photo.jpg"));
}


/* "<name>/small" is the small one of "<name>" */

static bool
ngx_cx_returns_photo_is_small(cxr_str_t *name)
{
    static const cxr_str_t  tail = cxr_str_init("/small");

    if (name->len <= tail.len
        || ngx_memcmp(name->data + name->len - tail.len, tail.data, tail.len)
           != 0)
    {
        return false;
    }

    name->len -= tail.len;

    return true;
}


ngx_int_t
ngx_cx_returns_photo(ngx_http_request_t *r, cxr_str_t order, cxr_str_t rma,
    cxr_str_t hex)
{
    bool         small;
    u_char       mem[CXR_PHOTO_HASH_LEN];
    cxr_rc_t     rc;
    cxr_str_t    hash;
    ngx_int_t    answer;
    cxr_read_t  *rd;

    small = ngx_cx_returns_photo_is_small(&hex);

    if (!ngx_cx_returns_photos_taken(r)
        || ngx_cx_returns_photo_hex(hex, mem) != NGX_OK)
    {
        return ngx_cx_returns_photo_missing(r);
    }

    if (ngx_cx_returns_ctx(r)->machine) {
        answer = ngx_cx_returns_api_read(r, &rd);

        if (answer != NGX_OK || rd == NULL) {
            return answer;
        }

    } else {
        rd = ngx_cx_returns_page_read(r, &answer);

        if (rd == NULL) {
            return answer;
        }
    }

    hash = cxr_strn(mem, sizeof(mem));
    rc = ngx_cx_returns_photo_find(r, rd, order, rma, hash);
    cxr_read_end(rd);

    switch (rc) {

    case CXR_OK:
        return ngx_cx_returns_photo_send(r, hash, small);

    case CXR_NOTFOUND:
        return ngx_cx_returns_photo_missing(r);

    default:
        return ngx_cx_returns_ctx(r)->machine
               ? NGX_HTTP_INTERNAL_SERVER_ERROR
               : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }
}


ngx_int_t
ngx_cx_returns_photo_ticket(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t ticket)
{
    bool              small;
    cxr_str_t         scope;
    cxr_photo_ref_t   ref;

    small = ngx_cx_returns_photo_is_small(&ticket);
    scope = ngx_cx_returns_photo_scope(r, order, CXR_STR_NONE);

    if (scope.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_cx_returns_photos_taken(r)
        || cxr_ticket_open(ngx_cx_returns_ring(r), scope, ticket,
                           ngx_cx_returns_ctx(r)->arena, &ref)
           != CXR_OK)
    {
        return ngx_cx_returns_photo_missing(r);
    }

    return ngx_cx_returns_photo_send(r, ref.hash, small);
}


ngx_int_t
ngx_cx_returns_is_photo(cxr_str_t tail, cxr_str_t *name)
{
    if (tail.len < 6 || ngx_memcmp(tail.data, "photo/", 6) != 0) {
        return 0;
    }

    *name = cxr_strn(tail.data + 6, tail.len - 6);

    return 1;
}
