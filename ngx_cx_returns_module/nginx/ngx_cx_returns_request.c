
/*
 * Reading a request: its language, path, caller, body, form.
 */

#include "ngx_cx_returns.h"

#include <sys/mman.h>


#define NGX_CX_RETURNS_ARENAS  64               /* kept for later requests     */
#define NGX_CX_RETURNS_KEPT    (256 * 1024)     /* one that held more is not   */


typedef struct {
    ngx_cx_returns_body_pt  next;
    size_t                  max;
} ngx_cx_returns_body_t;


static void ngx_cx_returns_arena_free(void *data);
static void ngx_cx_returns_body_handler(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_body_large(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_body_join(ngx_http_request_t *r, size_t max,
    cxr_str_t *out);


/* Of this worker; only the event loop takes and gives. */

static cxr_arena_t  *ngx_cx_returns_arenas[NGX_CX_RETURNS_ARENAS];
static ngx_uint_t    ngx_cx_returns_narenas;


cxr_time_t
ngx_cx_returns_now(void)
{
    ngx_time_t  *tp;

    tp = ngx_timeofday();

    return (cxr_time_t) tp->sec * 1000 + tp->msec;
}


cxr_arena_t *
ngx_cx_returns_arena_take(void)
{
    if (ngx_cx_returns_narenas) {
        return ngx_cx_returns_arenas[--ngx_cx_returns_narenas];
    }

    return cxr_arena_create(NGX_CX_RETURNS_ARENA);
}


void
ngx_cx_returns_arena_give(cxr_arena_t *a)
{
    if (ngx_cx_returns_narenas == NGX_CX_RETURNS_ARENAS
        || cxr_arena_used(a) > NGX_CX_RETURNS_KEPT)
    {
        cxr_arena_destroy(a);
        return;
    }

    cxr_arena_reset(a);
    ngx_cx_returns_arenas[ngx_cx_returns_narenas++] = a;
}


cxr_arena_t *
ngx_cx_returns_arena_of(ngx_http_request_t *r)
{
    cxr_arena_t         *a;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    a = ngx_cx_returns_arena_take();
    if (a == NULL) {
        return NULL;
    }

    cln->handler = ngx_cx_returns_arena_free;
    cln->data = a;

    return a;
}


ngx_cx_returns_ctx_t *
ngx_cx_returns_ctx(ngx_http_request_t *r)
{
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);

    if (ctx != NULL) {
        return ctx;
    }

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_ctx_t));
    if (ctx == NULL) {
        return NULL;
    }

    ctx->arena = ngx_cx_returns_arena_of(r);
    if (ctx->arena == NULL) {
        return NULL;
    }

    ngx_http_set_ctx(r, ctx, ngx_cx_returns_module);

    ngx_cx_returns_count(NGX_CX_RETURNS_C_REQUESTS, 1);

    return ctx;
}


static void
ngx_cx_returns_arena_free(void *data)
{
    ngx_cx_returns_arena_give(data);
}


/*
 * "/tr/returns/..." says its language; without it Accept-Language does, and
 * the answer varies with that.
 */

ngx_int_t
ngx_cx_returns_route(ngx_http_request_t *r)
{
    return ngx_cx_returns_route_to(r, ngx_cx_returns_str(r->uri));
}


ngx_int_t
ngx_cx_returns_route_to(ngx_http_request_t *r, cxr_str_t path)
{
    cxr_str_t                    code;
    ngx_uint_t                   i, n;
    const cxr_lang_t            *lang;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_shop_t       *shop;
    ngx_cx_returns_main_conf_t  *mcf;

    ctx = ngx_cx_returns_ctx(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    mcf = ngx_cx_returns_main(r);
    shop = ngx_cx_returns_loc(r)->shop;
    n = shop->nlangs;

    for (i = 0; i < shop->nlangs; i++) {
        code = shop->shop->languages.items[i];

        if (path.len > code.len + 1
            && path.data[code.len + 1] == '/'
            && ngx_strncmp(path.data + 1, code.data, code.len) == 0)
        {
            n = i;
            ctx->prefix = cxr_strn(path.data, code.len + 1);
            path.data += code.len + 1;
            path.len -= code.len + 1;
            break;
        }
    }

    if (n == shop->nlangs) {
        ctx->negotiated = 1;

        lang = cxr_lang_negotiate(shop->langs, shop->nlangs,
                              ngx_cx_returns_header(r, "accept-language"));

        n = 0;

        for (i = 0; i < shop->nlangs; i++) {
            if (shop->langs[i] == lang) {
                n = i;
                break;
            }
        }
    }

    ctx->lang = shop->langs[n];
    ctx->view = shop->views[n];
    ctx->path = path;

    for (i = 0; i < cxr_catalog_nlangs(mcf->catalog); i++) {
        if (cxr_catalog_at(mcf->catalog, i) == ctx->lang) {
            ctx->ilang = i;
            break;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_below(ngx_cx_returns_ctx_t *ctx, cxr_str_t root,
    cxr_str_t *rest)
{
    if (ctx->path.len < root.len
        || ngx_memcmp(ctx->path.data, root.data, root.len) != 0)
    {
        return 0;
    }

    rest->data = ctx->path.data + root.len;
    rest->len = ctx->path.len - root.len;

    return 1;
}


cxr_str_t
ngx_cx_returns_header(ngx_http_request_t *r, const char *name)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    len = ngx_strlen(name);
    part = &r->headers_in.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].key.len == len
            && ngx_strncasecmp(h[i].key.data, (u_char *) name, len) == 0)
        {
            return ngx_cx_returns_str(h[i].value);
        }
    }

    return CXR_STR_NONE;
}


ngx_int_t
ngx_cx_returns_is_type(ngx_http_request_t *r, const char *type)
{
    size_t            len;
    ngx_str_t         value;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    value = r->headers_in.content_type->value;
    len = ngx_strlen(type);

    return value.len >= len
           && ngx_strncasecmp(value.data, (u_char *) type, len) == 0
           && (value.len == len || value.data[len] == ';'
               || value.data[len] == ' ');
}


/* the charset parameter of the Content-Type, or nothing */

cxr_str_t
ngx_cx_returns_charset(ngx_http_request_t *r)
{
    u_char     *p, *last;
    ngx_str_t   value;

    if (r->headers_in.content_type == NULL) {
        return CXR_STR_NONE;
    }

    value = r->headers_in.content_type->value;
    last = value.data + value.len;

    p = ngx_strlcasestrn(value.data, last, (u_char *) "charset=", 8 - 1);

    if (p == NULL) {
        return CXR_STR_NONE;
    }

    p += 8;

    if (p < last && *p == '"') {
        p++;
    }

    for (value.data = p; p < last; p++) {
        if (*p == '"' || *p == ';' || *p == ' ') {
            break;
        }
    }

    return cxr_strn(value.data, p - value.data);
}


/* Who calls, as the operator's variables say. */

ngx_int_t
ngx_cx_returns_identify(ngx_http_request_t *r)
{
    ngx_str_t                   value;
    ngx_cx_returns_ctx_t       *ctx;
    ngx_cx_returns_loc_conf_t  *lcf;

    ctx = ngx_cx_returns_ctx(r);
    if (ctx == NULL) {
        return NGX_ERROR;
    }

    lcf = ngx_cx_returns_loc(r);

    if (ngx_http_complex_value(r, lcf->actor, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->actor = ngx_cx_returns_str(value);

    if (ngx_http_complex_value(r, lcf->roles, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->roles = ngx_cx_returns_str(value);

    /* it goes into the journal: one short line of text */

    if (ctx->actor.len == 0
        || cxr_text_clean(ctx->arena, ctx->actor, CXR_TEXT_LINE, 120,
                          &ctx->actor)
           != CXR_OK
        || ctx->actor.len == 0)
    {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


/* Roles are words apart by blanks or commas. */

ngx_int_t
ngx_cx_returns_has_role(ngx_cx_returns_ctx_t *ctx, cxr_str_t role)
{
    size_t  i, start;
    char    c;

    start = 0;

    for (i = 0; i <= ctx->roles.len; i++) {

        c = i < ctx->roles.len ? ctx->roles.data[i] : ' ';

        if (c != ' ' && c != ',') {
            continue;
        }

        if (i - start == role.len && role.len
            && ngx_memcmp(ctx->roles.data + start, role.data, role.len) == 0)
        {
            return 1;
        }

        start = i + 1;
    }

    return 0;
}


cxr_str_t
ngx_cx_returns_form_purpose(ngx_http_request_t *r, const char *purpose)
{
    return cxr_sprintf(ngx_cx_returns_ctx(r)->arena, "%s:%.*s", purpose,
                       cxr_str_arg(ngx_cx_returns_loc(r)->shop->shop->id));
}


/*
 * A browser says where a request comes from.  Programs say nothing, and that
 * is fine: they carry no user's ambient credentials.
 */

ngx_int_t
ngx_cx_returns_cross_site(ngx_http_request_t *r)
{
    size_t     i;
    cxr_str_t  site, origin, host;

    site = ngx_cx_returns_header(r, "sec-fetch-site");

    if (site.len) {
        return !cxr_str_is(site, "same-origin") && !cxr_str_is(site, "none");
    }

    origin = ngx_cx_returns_header(r, "origin");

    if (origin.len == 0) {
        return 0;
    }

    host = ngx_cx_returns_header(r, "host");

    for (i = 0; i + 3 <= origin.len; i++) {
        if (ngx_memcmp(origin.data + i, "://", 3) == 0) {
            origin.data += i + 3;
            origin.len -= i + 3;

            return host.len != origin.len
                   || ngx_strncasecmp((u_char *) host.data,
                                      (u_char *) origin.data, host.len)
                      != 0;
        }
    }

    /* "null": a sandbox or a redirect from elsewhere */

    return 1;
}


ngx_int_t
ngx_cx_returns_read_body(ngx_http_request_t *r, size_t max,
    ngx_cx_returns_body_pt next)
{
    ngx_int_t               rc;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_body_t  *body;

    ctx = ngx_cx_returns_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body = ngx_palloc(r->pool, sizeof(ngx_cx_returns_body_t));
    if (body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body->next = next;
    body->max = max;
    ctx->body = body;

    /* a length over the limit is not waited for, nor spooled to a disk */

    if (r->headers_in.content_length_n > (off_t) max) {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? ngx_cx_returns_body_large(r) : rc;
    }

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r, ngx_cx_returns_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_cx_returns_body_handler(ngx_http_request_t *r)
{
    ngx_int_t               rc;
    cxr_str_t               text;
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_body_t  *body;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    body = ctx->body;

    rc = ngx_cx_returns_body_join(r, body->max, &text);

    if (rc == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE) {
        rc = ngx_cx_returns_body_large(r);

    } else if (rc == NGX_OK) {
        rc = body->next(r, text);
    }

    /*
     * NGX_DONE: a command has taken the request over, and with it the count
     * that reading the body took.
     */

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


static ngx_int_t
ngx_cx_returns_body_large(ngx_http_request_t *r)
{
    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

    if (!ngx_cx_returns_ctx(r)->machine) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_TOO_LARGE);
    }

    return ngx_cx_returns_problem(r, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE,
                                  "body_too_large",
                                  "The body is larger than this door takes.",
                                  NULL);
}


typedef struct {
    void    *addr;
    size_t   size;
} ngx_cx_returns_map_t;


static void
ngx_cx_returns_body_unmap(void *data)
{
    ngx_cx_returns_map_t  *map = data;

    if (map->addr != NULL) {
        (void) munmap(map->addr, map->size);
    }
}


/* A form with photos: what nginx has put into a file is read where it is. */

static ngx_int_t
ngx_cx_returns_body_map(ngx_http_request_t *r, ngx_buf_t *b, size_t max,
    cxr_str_t *out)
{
    void                  *addr;
    ngx_pool_cleanup_t    *cln;
    ngx_cx_returns_map_t  *map;

    if (b->file_last - b->file_pos > (off_t) max) {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_cx_returns_map_t));
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    map = cln->data;
    map->addr = NULL;
    map->size = (size_t) b->file_last;
    cln->handler = ngx_cx_returns_body_unmap;

    addr = mmap(NULL, map->size, PROT_READ, MAP_PRIVATE, b->file->fd, 0);

    if (addr == MAP_FAILED) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, ngx_errno,
                      "cx_returns: the body cannot be mapped");
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    map->addr = addr;
    *out = cxr_strn((char *) addr + b->file_pos,
                    (size_t) (b->file_last - b->file_pos));

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_body_join(ngx_http_request_t *r, size_t max, cxr_str_t *out)
{
    off_t         size;
    u_char       *p;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    *out = CXR_STR_NONE;

    if (r->request_body == NULL || r->request_body->bufs == NULL) {
        return NGX_OK;
    }

    size = 0;

    for (cl = r->request_body->bufs; cl; cl = cl->next) {
        b = cl->buf;

        if (b->in_file && cl == r->request_body->bufs && cl->next == NULL
            && ngx_cx_returns_ctx(r)->files)
        {
            return ngx_cx_returns_body_map(r, b, max, out);
        }

        if (b->in_file) {
            ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                          "cx_returns: the body went to a temporary file: "
                          "make client_body_buffer_size at least %uz here",
                          max);
            return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        }

        size += ngx_buf_size(b);
    }

    if (size > (off_t) max) {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }

    cl = r->request_body->bufs;

    if (cl->next == NULL) {
        *out = cxr_strn(cl->buf->pos, (size_t) size);
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, (size_t) size);
    if (p == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *out = cxr_strn(p, (size_t) size);

    for ( /* void */ ; cl; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    return NGX_OK;
}


static int
ngx_cx_returns_hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


static cxr_rc_t
ngx_cx_returns_unescape(cxr_arena_t *a, const char *p, size_t len,
    cxr_str_t *out)
{
    int      hi, lo;
    char    *d, c;
    size_t   i, n;

    d = cxr_alloc(a, len + 1);
    if (d == NULL) {
        return CXR_NOMEM;
    }

    n = 0;

    for (i = 0; i < len; i++) {
        c = p[i];

        if (c == '+') {
            c = ' ';

        } else if (c == '%') {

            if (len - i < 3) {
                return CXR_INVALID;
            }

            hi = ngx_cx_returns_hex(p[i + 1]);
            lo = ngx_cx_returns_hex(p[i + 2]);

            if (hi < 0 || lo < 0) {
                return CXR_INVALID;
            }

            c = (char) (hi * 16 + lo);
            i += 2;
        }

        if (c == '\0') {
            return CXR_INVALID;
        }

        d[n++] = c;
    }

    *out = cxr_strn(d, n);

    return CXR_OK;
}


cxr_rc_t
ngx_cx_returns_form(cxr_arena_t *a, cxr_str_t text, cxr_pairs_t *out)
{
    size_t        i, start, eq;
    cxr_rc_t      rc;
    cxr_pair_t   *pair;

    ngx_memzero(out, sizeof(cxr_pairs_t));

    start = 0;
    eq = 0;

    for (i = 0; i <= text.len; i++) {

        if (i < text.len && text.data[i] == '=' && eq == start) {
            eq = i + 1;
            continue;
        }

        if (i < text.len && text.data[i] != '&') {
            continue;
        }

        if (i == start) {
            start = i + 1;
            eq = start;
            continue;
        }

        if (out->n == CXR_PORTAL_PAIRS_MAX) {
            return CXR_LIMIT;
        }

        pair = cxr_list_push(a, out, sizeof(cxr_pair_t));
        if (pair == NULL) {
            return CXR_NOMEM;
        }

        if (eq == start) {
            eq = i + 1;
        }

        rc = ngx_cx_returns_unescape(a, text.data + start, eq - 1 - start,
                                     &pair->name);
        if (rc == CXR_OK && eq <= i) {
            rc = ngx_cx_returns_unescape(a, text.data + eq, i - eq,
                                         &pair->value);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        start = i + 1;
        eq = start;
    }

    return CXR_OK;
}


cxr_str_t
ngx_cx_returns_pair(const cxr_pairs_t *pairs, const char *name)
{
    uint32_t  i;

    for (i = 0; i < pairs->n; i++) {
        if (cxr_str_is(pairs->items[i].name, name)) {
            return pairs->items[i].value;
        }
    }

    return CXR_STR_NONE;
}
