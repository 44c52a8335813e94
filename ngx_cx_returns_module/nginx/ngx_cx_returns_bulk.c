
/*
 * POST /api/v1/orders: many orders, one JSON object a line (NDJSON), read as
 * they arrive and stored in batches.  The answer has one line for each line.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_BULK_ARENA   (48 * 1024 * 1024)
#define NGX_CX_RETURNS_BULK_FLUSH   (8 * 1024 * 1024)
#define NGX_CX_RETURNS_BULK_BATCH   1024
#define NGX_CX_RETURNS_BULK_ANSWER  (64 * 1024 * 1024)


typedef struct {
    cxr_store_t        *store;
    const cxr_shop_t   *shop;
    cxr_arena_t        *arena;
    cxr_str_t           actor;
    cxr_job_t           jobs[NGX_CX_RETURNS_BULK_BATCH];
    cxr_job_t          *list[NGX_CX_RETURNS_BULK_BATCH];
    uint64_t            lines[NGX_CX_RETURNS_BULK_BATCH];   /* of the job      */
    ngx_uint_t          n;
    uint64_t            line;
    uint64_t            max_lines;
    size_t              max_line;
    cxr_buf_t           carry;        /* a line that is not whole yet          */
    cxr_buf_t           out;
    uint64_t            stored;
    uint64_t            unchanged;
    uint64_t            refused;
    unsigned            too_many:1;
} ngx_cx_returns_bulk_t;


static cxr_rc_t ngx_cx_returns_bulk_piece(void *data, const u_char *bytes,
    size_t len);
static ngx_int_t ngx_cx_returns_bulk_done(ngx_http_request_t *r, void *data,
    cxr_rc_t rc);
static void ngx_cx_returns_bulk_free(void *data);
static cxr_rc_t ngx_cx_returns_bulk_line(ngx_cx_returns_bulk_t *b,
    cxr_str_t line);
static cxr_rc_t ngx_cx_returns_bulk_flush(ngx_cx_returns_bulk_t *b);
static void ngx_cx_returns_bulk_say(ngx_cx_returns_bulk_t *b, uint64_t line,
    const char *status, cxr_str_t number, const char *code, const char *detail,
    const cxr_json_faults_t *faults);


ngx_int_t
ngx_cx_returns_bulk_orders(ngx_http_request_t *r)
{
    ngx_cx_returns_ctx_t       *ctx;
    ngx_cx_returns_bulk_t      *b;
    ngx_cx_returns_stream_t     stream;
    ngx_cx_returns_loc_conf_t  *lcf;

    ctx = ngx_cx_returns_ctx(r);
    lcf = ngx_cx_returns_loc(r);

    b = ngx_calloc(sizeof(ngx_cx_returns_bulk_t), r->connection->log);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    b->store = ngx_cx_returns_store();
    b->shop = lcf->shop->shop;
    b->actor = ctx->actor;
    b->max_lines = lcf->bulk_lines;
    b->max_line = lcf->json_size;
    b->arena = cxr_arena_create(NGX_CX_RETURNS_BULK_ARENA);

    cxr_buf_init(&b->carry, b->max_line + 1);
    cxr_buf_init(&b->out, NGX_CX_RETURNS_BULK_ANSWER);

    if (b->arena == NULL) {
        ngx_cx_returns_bulk_free(b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&stream, sizeof(ngx_cx_returns_stream_t));

    stream.piece = ngx_cx_returns_bulk_piece;
    stream.done = ngx_cx_returns_bulk_done;
    stream.free = ngx_cx_returns_bulk_free;
    stream.data = b;
    stream.buffer = lcf->feed_buffer;

    return ngx_cx_returns_stream(r, &stream);
}


static void
ngx_cx_returns_bulk_free(void *data)
{
    ngx_cx_returns_bulk_t  *b = data;

    if (b->arena != NULL) {
        cxr_arena_destroy(b->arena);
    }

    cxr_buf_free(&b->carry);
    cxr_buf_free(&b->out);
    ngx_free(b);
}


/* ---- in a thread of the pool ---- */

static cxr_rc_t
ngx_cx_returns_bulk_piece(void *data, const u_char *bytes, size_t len)
{
    ngx_cx_returns_bulk_t  *b = data;

    size_t         n;
    cxr_rc_t       rc, stored;
    const u_char  *end, *nl;

    if (bytes == NULL) {

        /* whatever is wrong with the last line, those before it are stored */

        rc = b->carry.len ? ngx_cx_returns_bulk_line(b,
                                                     cxr_buf_str(&b->carry))
                          : CXR_OK;
        stored = ngx_cx_returns_bulk_flush(b);

        return rc != CXR_OK ? rc : stored;
    }

    end = bytes + len;

    while (bytes < end) {

        nl = memchr(bytes, '\n', end - bytes);
        n = (nl ? nl : end) - bytes;

        if (b->carry.len || nl == NULL) {
            cxr_buf_add(&b->carry, bytes, n);

            if (!cxr_buf_ok(&b->carry)) {
                ngx_cx_returns_bulk_say(b, b->line + 1, "refused",
                                        CXR_STR_NONE, "line_too_long",
                                        "The line is longer than "
                                        "cx_returns_json_size; what stands "
                                        "after it was not read.", NULL);
                b->refused++;
                (void) ngx_cx_returns_bulk_flush(b);
                return CXR_LIMIT;
            }
        }

        if (nl == NULL) {
            break;
        }

        rc = ngx_cx_returns_bulk_line(b, b->carry.len
                                         ? cxr_buf_str(&b->carry)
                                         : cxr_strn(bytes, n));
        if (rc != CXR_OK) {
            (void) ngx_cx_returns_bulk_flush(b);
            return rc;
        }

        cxr_buf_reset(&b->carry);
        bytes = nl + 1;
    }

    return CXR_OK;
}


static cxr_rc_t
ngx_cx_returns_bulk_line(ngx_cx_returns_bulk_t *b, cxr_str_t line)
{
    json_t             *json;
    cxr_rc_t            rc;
    cxr_job_t          *job;
    cxr_diag_t          d;
    cxr_order_t        *order;
    cxr_person_t       *person;
    struct timespec     ts;
    cxr_json_faults_t   faults;

    b->line++;
    line = cxr_str_trim(line);

    if (line.len == 0) {
        return CXR_OK;
    }

    if (b->line > b->max_lines) {
        b->too_many = 1;
        return CXR_LIMIT;
    }

    if (b->n == NGX_CX_RETURNS_BULK_BATCH
        || cxr_arena_used(b->arena) > NGX_CX_RETURNS_BULK_FLUSH)
    {
        rc = ngx_cx_returns_bulk_flush(b);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    memset(&d, 0, sizeof(cxr_diag_t));
    memset(&faults, 0, sizeof(cxr_json_faults_t));

    order = cxr_calloc(b->arena, 1, sizeof(cxr_order_t));
    person = cxr_calloc(b->arena, 1, sizeof(cxr_person_t));

    if (order == NULL || person == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_json_parse(line, &json, &d);

    if (rc != CXR_OK) {
        b->refused++;
        ngx_cx_returns_bulk_say(b, b->line, "refused", CXR_STR_NONE,
                                "not_json", d.text, NULL);
        return CXR_OK;
    }

    rc = cxr_order_from_json(json, b->arena, order, person, &faults);
    json_decref(json);

    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (rc != CXR_OK) {
        b->refused++;
        ngx_cx_returns_bulk_say(b, b->line, "refused", order->number,
                                "invalid", "The order has faults.", &faults);
        return CXR_OK;
    }

    clock_gettime(CLOCK_REALTIME, &ts);

    job = &b->jobs[b->n];
    b->list[b->n] = job;
    b->lines[b->n] = b->line;
    b->n++;

    memset(job, 0, sizeof(cxr_job_t));

    job->shop = b->shop;
    job->arena = b->arena;
    job->now = (cxr_time_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    job->kind = CXR_CMD_ORDER_PUT;
    job->u.put.order = order;
    job->u.put.person = person;
    job->actor_kind = CXR_ACTOR_API;
    job->actor = b->actor;

    return CXR_OK;
}


static cxr_rc_t
ngx_cx_returns_bulk_flush(ngx_cx_returns_bulk_t *b)
{
    cxr_rc_t     rc;
    cxr_job_t   *job;
    ngx_uint_t   i;

    if (b->n == 0) {
        return CXR_OK;
    }

    rc = cxr_store_run(b->store, b->list, b->n);

    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMITS, 1);
    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS, b->n);

    for (i = 0; i < b->n; i++) {
        job = &b->jobs[i];

        switch (job->rc) {

        case CXR_OK:
            if (job->changed) {
                b->stored++;
                ngx_cx_returns_count(NGX_CX_RETURNS_C_ORDERS, 1);

            } else {
                b->unchanged++;
            }

            ngx_cx_returns_bulk_say(b, b->lines[i],
                                    job->created ? "created"
                                    : job->changed ? "changed" : "unchanged",
                                    job->u.put.order->number, NULL, NULL,
                                    NULL);
            break;

        case CXR_REFUSED:
            b->refused++;
            ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS_REFUSED, 1);
            ngx_cx_returns_bulk_say(b, b->lines[i], "refused",
                                    job->u.put.order->number,
                                    job->refusal.code, job->refusal.text,
                                    NULL);
            break;

        default:
            b->refused++;
            ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS_FAILED, 1);
            ngx_cx_returns_bulk_say(b, b->lines[i], "failed",
                                    job->u.put.order->number,
                                    cxr_rc_name(job->rc),
                                    "The order was not stored; send it again.",
                                    NULL);
            break;
        }
    }

    b->n = 0;
    cxr_arena_reset(b->arena);

    return rc;
}


static void
ngx_cx_returns_bulk_say(ngx_cx_returns_bulk_t *b, uint64_t line,
    const char *status, cxr_str_t number, const char *code, const char *detail,
    const cxr_json_faults_t *faults)
{
    unsigned  i;
    cxr_jw_t  w;

    cxr_jw_init(&w, &b->out);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_int(&w, "line", (int64_t) line);
    cxr_jw_strz(&w, "status", status);

    if (number.len) {
        cxr_jw_str(&w, "number", number);
    }

    if (code != NULL) {
        cxr_jw_strz(&w, "code", code);
        cxr_jw_strz(&w, "detail", detail);
    }

    if (faults != NULL) {
        cxr_jw_open(&w, "errors", '[');

        for (i = 0; i < faults->n; i++) {
            cxr_jw_open(&w, NULL, '{');
            cxr_jw_strz(&w, "pointer", faults->faults[i].pointer);
            cxr_jw_strz(&w, "detail", faults->faults[i].text);
            cxr_jw_close(&w);
        }

        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_buf_addc(&b->out, '\n');
}


/* ---- back in the event loop ---- */

static ngx_int_t
ngx_cx_returns_bulk_done(ngx_http_request_t *r, void *data, cxr_rc_t rc)
{
    ngx_cx_returns_bulk_t  *b = data;

    cxr_jw_t    w;
    ngx_uint_t  status;

    cxr_jw_init(&w, &b->out);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_strz(&w, "status", rc == CXR_OK ? "done" : "stopped");
    cxr_jw_int(&w, "lines", (int64_t) b->line);
    cxr_jw_int(&w, "stored", (int64_t) b->stored);
    cxr_jw_int(&w, "unchanged", (int64_t) b->unchanged);
    cxr_jw_int(&w, "refused", (int64_t) b->refused);

    if (b->too_many) {
        cxr_jw_strz(&w, "code", "too_many_lines");
        cxr_jw_strz(&w, "detail", "The body has more lines than "
                    "cx_returns_bulk_lines; what stands after was not read.");

    } else if (rc != CXR_OK) {
        cxr_jw_strz(&w, "code", cxr_rc_name(rc));
        cxr_jw_strz(&w, "detail", "Not all lines were stored; lines that are "
                    "not told of here were not. Send the body again.");
    }

    cxr_jw_close(&w);
    cxr_buf_addc(&b->out, '\n');

    if (!cxr_buf_ok(&b->out)) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (rc) {

    case CXR_OK:
        status = NGX_HTTP_OK;
        break;

    case CXR_LIMIT:
        status = NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        break;

    default:
        status = NGX_HTTP_SERVICE_UNAVAILABLE;
        break;
    }

    if (ngx_cx_returns_add_header(r, "Cache-Control", cxr_str("no-store"))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send(r, status, "application/x-ndjson",
                               cxr_buf_str(&b->out));
}
