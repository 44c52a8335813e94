
/*
 * Photos that come: with a form, or as a request of the API.  Told by their
 * content, made anew and kept in a task, each by itself, so that one that is
 * none does not take the others along.
 */

#include "ngx_cx_returns_photo.h"
#include "cxr_multipart.h"
#include "cxr_photo.h"


#define NGX_CX_RETURNS_PHOTO_BYTES  (8 * 1024 * 1024)
#define NGX_CX_RETURNS_PHOTO_COUNT  5
#define NGX_CX_RETURNS_PHOTO_CLAIM  10
#define NGX_CX_RETURNS_PHOTO_SPARE  2     /* times of what is taken: is read   */
#define NGX_CX_RETURNS_PHOTO_OUT    (16 * 1024 * 1024)  /* one of ours: less  */


static void ngx_cx_returns_upload_work(void *data);
static ngx_int_t ngx_cx_returns_upload_done(ngx_http_request_t *r,
    void *data);
static void ngx_cx_returns_touch_work(void *data);
static ngx_int_t ngx_cx_returns_touch_done(ngx_http_request_t *r, void *data);


/* A directory of files that the workers write, made with the store's mode
   (0700) and owner. */

ngx_int_t
ngx_cx_returns_files_dir(ngx_conf_t *cf, ngx_str_t *given, ngx_str_t *full)
{
    ngx_path_t  *path;

    *full = *given;

    if (ngx_conf_full_name(cf->cycle, full, 0) != NGX_OK
        || ngx_cx_returns_check_dir(cf, given, full) != NGX_CONF_OK)
    {
        return NGX_ERROR;
    }

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_ERROR;
    }

    path->name = *full;
    path->conf_file = cf->conf_file->file.name.data;
    path->line = cf->conf_file->line;

    return ngx_add_path(cf, &path);
}


/* cx_returns_photos <dir> [max_size=8m] [count=5] [claim=10]; */

char *
ngx_cx_returns_set_photos(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    ssize_t      size;
    ngx_int_t    n;
    ngx_str_t   *value, s;
    ngx_uint_t   i;

    if (mcf->photos.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->photo_size = NGX_CX_RETURNS_PHOTO_BYTES;
    mcf->photo_count = NGX_CX_RETURNS_PHOTO_COUNT;
    mcf->claim_count = NGX_CX_RETURNS_PHOTO_CLAIM;

    if (ngx_cx_returns_params_once(cf) != NGX_OK
        || ngx_cx_returns_files_dir(cf, &value[1], &mcf->photos) != NGX_OK)
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

        if (ngx_strncmp(value[i].data, "claim=", 6) == 0) {
            n = ngx_atoi(value[i].data + 6, value[i].len - 6);

            if (n >= 1 && n <= CXR_MESSAGE_PHOTOS_MAX) {
                mcf->claim_count = (ngx_uint_t) n;
                continue;
            }
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\": \"cx_returns_photos\" takes a "
                           "directory, max_size=, of one photo, from 64k to "
                           "64m, count=, of one message, and claim=, that are "
                           "sent at once with a claim, from 1 to %d",
                           &value[i], CXR_MESSAGE_PHOTOS_MAX);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* A form whose photos nginx refuses takes what was typed along. */

void
ngx_cx_returns_check_room(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *conf)
{
    size_t                       need;
    ngx_http_core_loc_conf_t    *clcf;
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_cx_returns_module);
    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    need = conf->form_size;

    if (conf->serve == NGX_CX_RETURNS_PORTAL) {
        need += ngx_max(mcf->claim_count, mcf->photo_count)
                * (mcf->photo_size + 1024);

    } else if (conf->serve == NGX_CX_RETURNS_STAFF) {
        need += mcf->photo_count * (mcf->photo_size + 1024);
    }

    if (mcf->photos.len == 0 || need == conf->form_size
        || clcf->client_max_body_size == 0
        || clcf->client_max_body_size >= (off_t) need || mcf->cramped)
    {
        return;
    }

    mcf->cramped = 1;

    ngx_conf_log_error(NGX_LOG_WARN, cf, 0,
                       "\"client_max_body_size\" of \"%V\" is %O, and a form "
                       "with as many photos as \"cx_returns_photos\" takes has "
                       "up to %uz bytes: who sends them would lose what they "
                       "wrote", &clcf->name, clcf->client_max_body_size, need);
}


ngx_int_t
ngx_cx_returns_photos_taken(ngx_http_request_t *r)
{
    return ngx_cx_returns_main(r)->photos.len != 0;
}


cxr_str_t
ngx_cx_returns_photo_scope(ngx_http_request_t *r, cxr_str_t order,
    cxr_str_t rma)
{
    return cxr_sprintf(ngx_cx_returns_ctx(r)->arena, "%08x:%.*s:%.*s",
                       ngx_cx_returns_loc(r)->shop->shop->key,
                       cxr_str_arg(order), cxr_str_arg(rma));
}


size_t
ngx_cx_returns_form_photos(ngx_http_request_t *r, ngx_uint_t count)
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

    /* what is too much by less than half is read, so that the form comes back
       with what was typed, and says which photo it is */

    return size + NGX_CX_RETURNS_PHOTO_SPARE * count
                  * (mcf->photo_size + 1024);
}


size_t
ngx_cx_returns_form_max(ngx_http_request_t *r)
{
    return ngx_cx_returns_form_photos(r, ngx_cx_returns_main(r)->photo_count);
}


/* ---- what came ---- */

ngx_int_t
ngx_cx_returns_upload_file(ngx_http_request_t *r, cxr_str_t field,
    cxr_str_t bytes, ngx_uint_t count, ngx_cx_returns_upload_t *up)
{
    ngx_cx_returns_file_t       *f;
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_cx_returns_main(r);

    f = cxr_list_push(ngx_cx_returns_ctx(r)->arena, &up->files, sizeof(*f));
    if (f == NULL) {
        return NGX_ERROR;
    }

    f->field = field;
    f->bytes = bytes;

    if (up->files.n > count) {
        f->fault = "talk.error.photo_count";
        f->want = (int64_t) count;

    } else if (bytes.len > mcf->photo_size) {
        f->fault = "talk.error.photo_bytes";

    } else if (cxr_picture_kind(bytes) == CXR_PICTURE_NONE) {
        f->fault = "talk.error.photo_kind";
    }

    return NGX_OK;
}


/* Fields become pairs, files wait. */

ngx_int_t
ngx_cx_returns_upload_parse(ngx_http_request_t *r, cxr_str_t body,
    ngx_uint_t count, ngx_cx_returns_upload_t *up, cxr_rc_t *rc)
{
    uint32_t      i;
    cxr_str_t     type, boundary;
    cxr_pair_t   *pair;
    cxr_part_t   *part;
    cxr_parts_t   parts;
    cxr_arena_t  *a;

    a = ngx_cx_returns_ctx(r)->arena;
    ngx_memzero(up, sizeof(ngx_cx_returns_upload_t));

    type = ngx_cx_returns_str(r->headers_in.content_type->value);
    *rc = cxr_multipart_boundary(type, &boundary);

    if (*rc == CXR_OK) {
        *rc = cxr_multipart_parse(body, boundary, a, &parts);
    }

    if (*rc != CXR_OK) {
        return NGX_DECLINED;
    }

    for (i = 0; i < parts.n; i++) {
        part = &parts.items[i];

        if (part->file) {

            /* a field in which nothing was chosen is empty */

            if (part->value.len != 0
                && ngx_cx_returns_upload_file(r, part->name, part->value,
                                              count, up)
                   != NGX_OK)
            {
                *rc = CXR_NOMEM;
                return NGX_DECLINED;
            }

            continue;
        }

        pair = cxr_list_push(a, &up->pairs, sizeof(*pair));
        if (pair == NULL) {
            *rc = CXR_NOMEM;
            return NGX_DECLINED;
        }

        pair->name = part->name;
        pair->value = part->value;

        if (pair->value.len != 0
            && memchr(pair->value.data, 0, pair->value.len) != NULL)
        {
            *rc = CXR_INVALID;
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_upload_keep(ngx_http_request_t *r, ngx_cx_returns_upload_t *up,
    ngx_cx_returns_upload_pt next)
{
    uint32_t  i;

    up->scope = ngx_cx_returns_photo_scope(r, up->order, up->rma);

    for (i = 0; i < up->files.n; i++) {
        if (up->files.items[i].fault == NULL) {
            break;
        }
    }

    if (i == up->files.n) {
        return next(r, up);
    }

    up->next = next;
    up->store = ngx_cx_returns_store();
    up->shop = ngx_cx_returns_loc(r)->shop->shop;
    up->dir = (const char *) ngx_cx_returns_main(r)->photos.data;
    up->arena = ngx_cx_returns_arena_of(r);

    if (up->arena == NULL || up->scope.data == NULL || up->store == NULL) {
        return NGX_ERROR;
    }

    /* among the feeds: a commit is not to wait until a picture is decoded */

    up->nice = ngx_cx_returns_main(r)->feed_nice;

    return ngx_cx_returns_task_in(r, ngx_cx_returns_main(r)->feed_pool,
                                  ngx_cx_returns_upload_work,
                                  ngx_cx_returns_upload_done, up);
}


/* A list shows the small one; where it could not be made, the photo itself. */

static cxr_rc_t
ngx_cx_returns_upload_one(ngx_cx_returns_upload_t *up,
    const uint8_t secret[CXR_SECRET_LEN], ngx_cx_returns_file_t *f)
{
    cxr_rc_t   rc;
    cxr_buf_t  out, small;

    cxr_buf_init(&out, NGX_CX_RETURNS_PHOTO_OUT);
    cxr_buf_init(&small, NGX_CX_RETURNS_PHOTO_OUT);

    rc = cxr_photo_make(f->bytes, &out, &f->ref);

    if (rc == CXR_OK) {
        rc = cxr_photo_keep(up->dir, secret, up->scope, cxr_buf_str(&out),
                            up->arena, &f->ref.hash);
    }

    if (rc == CXR_OK && cxr_photo_small(cxr_buf_str(&out), &small) == CXR_OK) {
        (void) cxr_photo_keep_small(up->dir, f->ref.hash,
                                    cxr_buf_str(&small));
    }

    cxr_buf_free(&out);
    cxr_buf_free(&small);

    return rc;
}


static void
ngx_cx_returns_upload_work(void *data)
{
    uint8_t                   secret[CXR_SECRET_LEN];
    uint32_t                  i;
    ngx_cx_returns_file_t    *f;
    ngx_cx_returns_upload_t  *up = data;

    ngx_cx_returns_lower(up->nice);
    cxr_file_secret(up->store, up->shop, up->order, up->rma, secret);

    for (i = 0; i < up->files.n; i++) {
        f = &up->files.items[i];

        if (f->fault != NULL) {
            continue;
        }

        switch (ngx_cx_returns_upload_one(up, secret, f)) {

        case CXR_OK:
            up->kept++;
            break;

        case CXR_INVALID:
            f->fault = "talk.error.photo_broken";
            break;

        case CXR_LIMIT:
            f->fault = "talk.error.photo_pixels";
            break;

        default:
            f->fault = "talk.error.photo_away";
            up->away = 1;
            break;
        }
    }
}


static ngx_int_t
ngx_cx_returns_upload_done(ngx_http_request_t *r, void *data)
{
    ngx_int_t                 rc;
    ngx_cx_returns_upload_t  *up = data;

    ngx_cx_returns_count(NGX_CX_RETURNS_C_PHOTOS, up->kept);

    if (up->away) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: a photo could not be kept in \"%s\"",
                      up->dir);
    }

    rc = up->next(r, up);

    /*
     * The task took a count of its own beside the one that reading the body
     * took; a command or a task that goes on (NGX_DONE) gives it back.
     */

    if (rc != NGX_DONE) {
        r->main->count--;
    }

    return rc;
}


/* ---- those that a form names ---- */

ngx_int_t
ngx_cx_returns_photos_touch(ngx_http_request_t *r, ngx_cx_returns_touch_t *t)
{
    t->dir = (const char *) ngx_cx_returns_main(r)->photos.data;

    return ngx_cx_returns_task(r, ngx_cx_returns_touch_work,
                               ngx_cx_returns_touch_done, t);
}


static void
ngx_cx_returns_touch_work(void *data)
{
    ngx_uint_t               i;
    ngx_cx_returns_touch_t  *t = data;

    for (i = 0; i < t->n; i++) {
        t->gone[i] = cxr_photo_touch(t->dir, t->refs[i]->hash) != CXR_OK;
    }
}


static ngx_int_t
ngx_cx_returns_touch_done(ngx_http_request_t *r, void *data)
{
    ngx_int_t                rc;
    ngx_cx_returns_touch_t  *t = data;

    rc = t->next(r, t->data);

    if (rc != NGX_DONE) {
        r->main->count--;
    }

    return rc;
}
