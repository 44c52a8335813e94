
/*
 * Photos: what a form with files brings, made anew in a task before anything
 * else is done with it; and showing them to whoever may see the thread.
 */

#include "ngx_cx_returns_talk.h"
#include "cxr_multipart.h"
#include "cxr_photo.h"


#define NGX_CX_RETURNS_PHOTO_BYTES  (8 * 1024 * 1024)
#define NGX_CX_RETURNS_PHOTO_COUNT  5
#define NGX_CX_RETURNS_PHOTO_OUT    (16 * 1024 * 1024)  /* one of ours: less  */


/* of one request; a task uses nothing else */
typedef struct {
    const char               *dir;
    cxr_str_t                 scope;
    cxr_str_t                 files[CXR_MESSAGE_PHOTOS_MAX];
    ngx_uint_t                nfiles;
    cxr_photo_ref_t           refs[CXR_MESSAGE_PHOTOS_MAX];
    ngx_uint_t                nrefs;
    cxr_arena_t              *arena;
    ngx_int_t                 nice;
    cxr_rc_t                  rc;

    ngx_cx_returns_talk_t    *talk;
    cxr_pairs_t               pairs;
    ngx_cx_returns_pairs_pt   next;
} ngx_cx_returns_photos_t;


static ngx_int_t ngx_cx_returns_photos_done(ngx_http_request_t *r,
    void *data);


/* cx_returns_photos <dir> [max_size=8m] [count=5]; */

char *
ngx_cx_returns_set_photos(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    ssize_t      size;
    ngx_int_t    n;
    ngx_str_t   *value, s;
    ngx_uint_t   i;
    ngx_path_t  *path;

    if (mcf->photos.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->photos = value[1];
    mcf->photo_size = NGX_CX_RETURNS_PHOTO_BYTES;
    mcf->photo_count = NGX_CX_RETURNS_PHOTO_COUNT;

    if (ngx_conf_full_name(cf->cycle, &mcf->photos, 0) != NGX_OK
        || ngx_cx_returns_check_dir(cf, &value[1], &mcf->photos)
           != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "max_size=", 9) == 0) {
            s.data = value[i].data + 9;
            s.len = value[i].len - 9;
            size = ngx_parse_size(&s);

            if (size >= 64 * 1024 && size <= 64 * 1024 * 1024) {
                mcf->photo_size = (size_t) size;
                continue;
            }
        }

        if (ngx_strncmp(value[i].data, "count=", 6) == 0) {
            n = ngx_atoi(value[i].data + 6, value[i].len - 6);

            if (n >= 1 && n <= CXR_MESSAGE_PHOTOS_MAX) {
                mcf->photo_count = (ngx_uint_t) n;
                continue;
            }
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\": \"cx_returns_photos\" takes a "
                           "directory, max_size=, of one photo, from 64k to "
                           "64m, and count=, of one message, from 1 to %d",
                           &value[i], CXR_MESSAGE_PHOTOS_MAX);
        return NGX_CONF_ERROR;
    }

    /* made with the store's mode (0700) and owner */

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_CONF_ERROR;
    }

    path->name = mcf->photos;
    path->conf_file = cf->conf_file->file.name.data;
    path->line = cf->conf_file->line;

    return ngx_add_path(cf, &path) == NGX_OK ? NGX_CONF_OK : NGX_CONF_ERROR;
}


size_t
ngx_cx_returns_form_max(ngx_http_request_t *r)
{
    size_t                       size;
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_cx_returns_main(r);
    size = ngx_cx_returns_loc(r)->form_size;

    if (mcf->photos.len == 0
        || !ngx_cx_returns_is_type(r, "multipart/form-data"))
    {
        return size;
    }

    ngx_cx_returns_ctx(r)->files = 1;

    return size + mcf->photo_count * (mcf->photo_size + 1024);
}


/* ---- what came ---- */

static void
ngx_cx_returns_photo_fault(ngx_cx_returns_photos_t *p, const char *key)
{
    p->talk->fault = cxr_strz(key);
    p->talk->status = 422;
}


/* Fields become pairs, files wait; what may not be is a fault. */

static cxr_rc_t
ngx_cx_returns_photo_parts(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_photos_t *p)
{
    uint32_t                     i;
    cxr_rc_t                     rc;
    cxr_str_t                    type, boundary;
    cxr_pair_t                  *pair;
    cxr_parts_t                  parts;
    cxr_arena_t                 *a;
    ngx_cx_returns_main_conf_t  *mcf;

    a = ngx_cx_returns_ctx(r)->arena;
    mcf = ngx_cx_returns_main(r);

    type = ngx_cx_returns_str(r->headers_in.content_type->value);
    rc = cxr_multipart_boundary(type, &boundary);

    if (rc == CXR_OK) {
        rc = cxr_multipart_parse(body, boundary, a, &parts);
    }

    for (i = 0; rc == CXR_OK && i < parts.n; i++) {

        if (!parts.items[i].file) {
            pair = cxr_list_push(a, &p->pairs, sizeof(*pair));
            if (pair == NULL) {
                return CXR_NOMEM;
            }

            pair->name = parts.items[i].name;
            pair->value = parts.items[i].value;

            if (pair->value.len != 0
                && memchr(pair->value.data, 0, pair->value.len) != NULL)
            {
                return CXR_INVALID;
            }

            continue;
        }

        if (parts.items[i].value.len == 0) {
            continue;                   /* a field in which nothing was chosen */
        }

        if (p->nfiles == mcf->photo_count) {
            ngx_cx_returns_photo_fault(p, "talk.error.photo_count");
            p->talk->want = (int64_t) mcf->photo_count;

        } else if (parts.items[i].value.len > mcf->photo_size) {
            ngx_cx_returns_photo_fault(p, "talk.error.photo_bytes");
            p->talk->want = (int64_t) (mcf->photo_size / (1024 * 1024));

        } else if (cxr_picture_kind(parts.items[i].value)
                   == CXR_PICTURE_NONE)
        {
            ngx_cx_returns_photo_fault(p, "talk.error.photo_kind");

        } else {
            p->files[p->nfiles++] = parts.items[i].value;
        }
    }

    return rc;
}


static void
ngx_cx_returns_photos_work(void *data)
{
    cxr_buf_t                 out;
    ngx_uint_t                i;
    ngx_cx_returns_photos_t  *p = data;

    ngx_cx_returns_lower(p->nice);

    for (i = 0; i < p->nfiles; i++) {
        cxr_buf_init(&out, NGX_CX_RETURNS_PHOTO_OUT);

        p->rc = cxr_photo_make(p->files[i], &out, &p->refs[i]);

        if (p->rc == CXR_OK) {
            p->rc = cxr_photo_keep(p->dir, p->scope, cxr_buf_str(&out),
                                   p->arena, &p->refs[i].hash);
        }

        cxr_buf_free(&out);

        if (p->rc != CXR_OK) {
            return;
        }

        p->nrefs++;
    }
}


ngx_int_t
ngx_cx_returns_talk_form(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_talk_t *t, ngx_cx_returns_pairs_pt next)
{
    cxr_rc_t                     rc;
    ngx_int_t                    answer;
    cxr_pairs_t                  pairs;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_photos_t     *p;
    ngx_cx_returns_main_conf_t  *mcf;

    ctx = ngx_cx_returns_ctx(r);
    mcf = ngx_cx_returns_main(r);

    if (mcf->photos.len == 0
        || !ngx_cx_returns_is_type(r, "multipart/form-data"))
    {
        return ngx_cx_returns_page_form(r, body, &pairs, &answer) == NGX_OK
               ? next(r, &pairs) : answer;
    }

    p = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_photos_t));
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p->talk = t;
    p->next = next;

    rc = ngx_cx_returns_photo_parts(r, body, p);

    if (rc == CXR_NOMEM) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != CXR_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, rc == CXR_LIMIT
                                            ? CXR_PAGE_TOO_LARGE
                                            : CXR_PAGE_BAD_REQUEST);
    }

    /* nobody keeps the threads busy with pictures */

    if (p->nfiles != 0 && t->fault.len == 0 && t->side == CXR_SIDE_SHOPPER
        && !ngx_cx_returns_talk_allowed(r, t, "photos"))
    {
        ngx_cx_returns_photo_fault(p, "talk.error.rate");
        t->status = NGX_HTTP_TOO_MANY_REQUESTS;
    }

    if (p->nfiles == 0 || t->fault.len != 0) {
        return next(r, &p->pairs);
    }

    p->dir = (const char *) mcf->photos.data;
    p->arena = ngx_cx_returns_arena_of(r);
    p->scope = cxr_sprintf(ctx->arena, "%08x:%.*s:%.*s",
                           ngx_cx_returns_loc(r)->shop->shop->key,
                           cxr_str_arg(t->order), cxr_str_arg(t->rma));

    if (p->arena == NULL || p->scope.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* among the feeds: a commit is not to wait until a picture is decoded */

    p->nice = mcf->feed_nice;

    if (ngx_cx_returns_task_in(r, mcf->feed_pool, ngx_cx_returns_photos_work,
                               ngx_cx_returns_photos_done, p)
        == NGX_DONE)
    {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}


static ngx_int_t
ngx_cx_returns_photos_done(ngx_http_request_t *r, void *data)
{
    ngx_int_t                 rc;
    ngx_cx_returns_photos_t  *p = data;

    switch (p->rc) {

    case CXR_OK:
        p->talk->photos.items = p->refs;
        p->talk->photos.n = (uint32_t) p->nrefs;
        ngx_cx_returns_count(NGX_CX_RETURNS_C_PHOTOS, p->nrefs);
        break;

    case CXR_INVALID:
        ngx_cx_returns_photo_fault(p, "talk.error.photo_broken");
        break;

    case CXR_LIMIT:
        ngx_cx_returns_photo_fault(p, "talk.error.photo_pixels");
        break;

    default:
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: a photo could not be kept in \"%s\": %s",
                      p->dir, cxr_rc_name(p->rc));
        ngx_cx_returns_photo_fault(p, "talk.error.photo_away");
        p->talk->status = NGX_HTTP_SERVICE_UNAVAILABLE;
        break;
    }

    rc = p->next(r, &p->pairs);

    /*
     * The task took a count of its own beside the one that reading the body
     * took; a command that goes on (NGX_DONE) gives it back.
     */

    if (rc != NGX_DONE) {
        r->main->count--;
    }

    return rc;
}


/* ---- showing ---- */

static ngx_int_t
ngx_cx_returns_photo_hex(cxr_str_t hex, u_char hash[CXR_PHOTO_HASH_LEN])
{
    size_t     i;
    ngx_int_t  n;

    if (hex.len != 2 * CXR_PHOTO_HASH_LEN) {
        return NGX_ERROR;
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


/* Is it a photo of that thread?  Whoever may read the one may see the other. */

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
        if (rc != CXR_OK) {
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


ngx_int_t
ngx_cx_returns_photo(ngx_http_request_t *r, cxr_str_t order, cxr_str_t rma,
    cxr_str_t hex)
{
    char                      *path;
    u_char                     mem[CXR_PHOTO_HASH_LEN];
    size_t                     i;
    cxr_rc_t                   rc;
    ngx_int_t                  answer;
    ngx_str_t                  name;
    ngx_buf_t                 *b;
    cxr_read_t                *rd;
    ngx_chain_t                out;
    ngx_open_file_info_t       of;
    ngx_http_core_loc_conf_t  *clcf;

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
        { "Content-Disposition", cxr_str_init("inline; filename=photo.jpg") }
    };

    name = ngx_cx_returns_main(r)->photos;

    if (name.len == 0 || ngx_cx_returns_photo_hex(hex, mem) != NGX_OK) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_photo_find(r, rd, order, rma,
                                   cxr_strn(mem, sizeof(mem)));
    cxr_read_end(rd);

    if (rc != CXR_OK) {
        return ngx_cx_returns_error_page(r, rc == CXR_NOTFOUND
                                            ? CXR_PAGE_NOT_FOUND
                                            : CXR_PAGE_BROKEN);
    }

    path = cxr_photo_path((const char *) name.data,
                          cxr_strn(mem, sizeof(mem)),
                          ngx_cx_returns_ctx(r)->arena);
    if (path == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    ngx_memzero(&of, sizeof(ngx_open_file_info_t));

    name.data = (u_char *) path;
    name.len = ngx_strlen(path);
    of.read_ahead = clcf->read_ahead;
    of.directio = NGX_MAX_OFF_T_VALUE;

    if (ngx_open_cached_file(NULL, &name, &of, r->pool) != NGX_OK
        || !of.is_file)
    {
        /* erased since, or by hand */

        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);
    }

    for (i = 0; i < cxr_nelts(headers); i++) {
        if (ngx_cx_returns_add_header(r, headers[i].name, headers[i].value)
            != NGX_OK)
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_length_n = of.size;
    ngx_str_set(&r->headers_out.content_type, "image/jpeg");
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
    b->file_last = of.size;
    b->in_file = b->file_last ? 1 : 0;
    b->last_buf = (r == r->main) ? 1 : 0;
    b->last_in_chain = 1;
    b->file->fd = of.fd;
    b->file->name = name;
    b->file->log = r->connection->log;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_cx_returns_is_photo(cxr_str_t tail, cxr_str_t *hex)
{
    if (tail.len < 6 || ngx_memcmp(tail.data, "photo/", 6) != 0) {
        return 0;
    }

    *hex = cxr_strn(tail.data + 6, tail.len - 6);

    return 1;
}
