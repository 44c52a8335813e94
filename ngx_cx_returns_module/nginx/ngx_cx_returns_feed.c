
/*
 * POST /feeds/<carrier>: a carrier's XML, parsed and stored as it arrives.
 * The answer comes after the last commit and says what became of each record.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_FEED_ARENA   (16 * 1024 * 1024)
#define NGX_CX_RETURNS_FEED_FLUSH   (4 * 1024 * 1024)  /* bytes of a batch     */
#define NGX_CX_RETURNS_FEED_TOLD    100     /* refused records in the answer   */


typedef struct {
    cxr_feed_t                 *feed;
    cxr_store_t                *store;
    const cxr_shop_t           *shop;
    cxr_arena_t                *arena;      /* of the batch                    */
    cxr_job_t                  *jobs;
    cxr_job_t                 **list;
    ngx_uint_t                  n;
    ngx_uint_t                  max;
    cxr_unknown_t               unknown;
    char                        actor[64];
    size_t                      actor_len;
    char                        carrier[CXR_PROFILE_SLUG_MAX + 1];
    size_t                      carrier_len;
    uint64_t                    stored;
    uint64_t                    repeated;
    uint64_t                    refused;
    uint64_t                    skipped;
    cxr_buf_t                   told;       /* refused records, as JSON        */
    cxr_jw_t                    w;
    ngx_uint_t                  ntold;
} ngx_cx_returns_feed_t;


static ngx_int_t ngx_cx_returns_feed_find(ngx_http_request_t *r,
    cxr_str_t slug, cxr_profile_t **profile);
static cxr_rc_t ngx_cx_returns_feed_piece(void *data, const u_char *bytes,
    size_t len);
static ngx_int_t ngx_cx_returns_feed_done(ngx_http_request_t *r, void *data,
    cxr_rc_t rc);
static void ngx_cx_returns_feed_free(void *data);
static cxr_arena_t *ngx_cx_returns_feed_arena(void *data);
static cxr_rc_t ngx_cx_returns_feed_report(void *data,
    const cxr_report_t *report, cxr_arena_t *arena);
static void ngx_cx_returns_feed_refused(void *data,
    const cxr_feed_refusal_t *refusal);
static cxr_rc_t ngx_cx_returns_feed_flush(ngx_cx_returns_feed_t *f);
static void ngx_cx_returns_feed_tell(ngx_cx_returns_feed_t *f,
    uint64_t record, unsigned line, cxr_str_t number, const char *code,
    cxr_str_t text);


ngx_int_t
ngx_cx_returns_feed_handler(ngx_http_request_t *r)
{
    ngx_int_t                    rc;
    ngx_str_t                    value;
    cxr_str_t                    slug, role, charset;
    cxr_profile_t               *profile;
    cxr_feed_sink_t              sink;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_feed_t       *f;
    ngx_cx_returns_stream_t      stream;
    ngx_cx_returns_loc_conf_t   *lcf;

    ctx = ngx_cx_returns_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->machine = 1;
    lcf = ngx_cx_returns_loc(r);

    if (r->method != NGX_HTTP_POST) {
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        if (ngx_cx_returns_add_header(r, "Allow", cxr_str("POST")) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_ALLOWED,
                                      "method_not_allowed",
                                      "A feed is posted here.", NULL);
    }

    /* the carrier: as configured, else the last part of the path */

    if (lcf->carrier != NULL) {
        if (ngx_http_complex_value(r, lcf->carrier, &value) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        slug = ngx_cx_returns_str(value);

    } else {
        slug = ngx_cx_returns_str(r->uri);

        while (slug.len && ngx_strlchr((u_char *) slug.data,
                                       (u_char *) slug.data + slug.len, '/'))
        {
            slug.data++;
            slug.len--;
        }
    }

    rc = ngx_cx_returns_identify(r);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    role = cxr_sprintf(ctx->arena, "feed:%.*s", cxr_str_arg(slug));

    if (rc == NGX_DECLINED || ngx_cx_returns_cross_site(r)
        || (!ngx_cx_returns_has_role(ctx, role)
            && !ngx_cx_returns_has_role(ctx, cxr_str("feed:*"))))
    {
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_cx_returns_problem(r, NGX_HTTP_FORBIDDEN, "role_missing",
                                      "The caller lacks the role feed:"
                                      "<carrier> of this carrier.", NULL);
    }

    if (ngx_cx_returns_feed_find(r, slug, &profile) != NGX_OK) {
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND,
                                      "carrier_unknown",
                                      "There is no profile of that carrier.",
                                      NULL);
    }

    if (ngx_cx_returns_store() == NULL) {
        return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "store_failed",
                                      "The store cannot be used.", NULL);
    }

    f = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_feed_t));
    if (f == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    f->store = ngx_cx_returns_store();
    f->shop = lcf->shop->shop;
    f->max = lcf->feed_batch;
    f->unknown = lcf->unknown_shipments;
    f->carrier_len = slug.len;
    ngx_memcpy(f->carrier, slug.data, slug.len);
    f->actor_len = ngx_snprintf((u_char *) f->actor, sizeof(f->actor),
                                "carrier:%*s", slug.len, slug.data)
                   - (u_char *) f->actor;

    cxr_buf_init(&f->told, 64 * 1024);
    cxr_jw_init(&f->w, &f->told);
    cxr_jw_open(&f->w, NULL, '[');

    f->arena = cxr_arena_create(NGX_CX_RETURNS_FEED_ARENA);
    f->jobs = ngx_alloc(f->max * sizeof(cxr_job_t), r->connection->log);
    f->list = ngx_alloc(f->max * sizeof(cxr_job_t *), r->connection->log);

    ngx_memzero(&sink, sizeof(cxr_feed_sink_t));
    sink.ctx = f;
    sink.arena = ngx_cx_returns_feed_arena;
    sink.on_report = ngx_cx_returns_feed_report;
    sink.on_refused = ngx_cx_returns_feed_refused;

    charset = ngx_cx_returns_charset(r);

    if (f->arena == NULL || f->jobs == NULL || f->list == NULL) {
        ngx_cx_returns_feed_free(f);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (cxr_feed_open(profile, NULL, charset, &sink, &f->feed)) {

    case CXR_OK:
        break;

    case CXR_INVALID:
        ngx_cx_returns_feed_free(f);
        rc = ngx_http_discard_request_body(r);

        if (rc != NGX_OK) {
            return rc;
        }

        return ngx_cx_returns_problem(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "encoding",
                                      "The charset of the Content-Type is "
                                      "none that is taken here.", NULL);

    default:
        ngx_cx_returns_feed_free(f);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    stream.piece = ngx_cx_returns_feed_piece;
    stream.done = ngx_cx_returns_feed_done;
    stream.free = ngx_cx_returns_feed_free;
    stream.data = f;
    stream.buffer = lcf->feed_buffer;

    return ngx_cx_returns_stream(r, &stream);
}


static ngx_int_t
ngx_cx_returns_feed_find(ngx_http_request_t *r, cxr_str_t slug,
    cxr_profile_t **profile)
{
    ngx_uint_t                   i;
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_cx_returns_main(r);

    if (!cxr_is_slug(slug, CXR_PROFILE_SLUG_MAX)) {
        return NGX_DECLINED;
    }

    for (i = 0; i < mcf->nprofiles; i++) {
        if (cxr_str_eq(cxr_profile_carrier(mcf->profiles[i]), slug)) {
            *profile = mcf->profiles[i];
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


static void
ngx_cx_returns_feed_free(void *data)
{
    ngx_cx_returns_feed_t  *f = data;

    cxr_feed_close(f->feed);
    f->feed = NULL;

    if (f->arena != NULL) {
        cxr_arena_destroy(f->arena);
        f->arena = NULL;
    }

    if (f->jobs != NULL) {
        ngx_free(f->jobs);
        f->jobs = NULL;
    }

    if (f->list != NULL) {
        ngx_free(f->list);
        f->list = NULL;
    }

    cxr_buf_free(&f->told);
}


/* ---- in a thread of the pool ---- */

static cxr_rc_t
ngx_cx_returns_feed_piece(void *data, const u_char *bytes, size_t len)
{
    ngx_cx_returns_feed_t  *f = data;

    cxr_rc_t  rc, stored;

    if (bytes != NULL) {
        rc = cxr_feed_push(f->feed, bytes, len);

    } else {
        rc = cxr_feed_finish(f->feed);
    }

    if (bytes == NULL || rc != CXR_OK) {

        /* what was whole is kept, whatever comes after it */

        stored = ngx_cx_returns_feed_flush(f);

        if (rc == CXR_OK) {
            rc = stored;
        }
    }

    return rc;
}


static cxr_arena_t *
ngx_cx_returns_feed_arena(void *data)
{
    ngx_cx_returns_feed_t  *f = data;

    if (f->n == f->max
        || cxr_arena_used(f->arena) > NGX_CX_RETURNS_FEED_FLUSH)
    {
        if (ngx_cx_returns_feed_flush(f) != CXR_OK) {
            return NULL;
        }
    }

    return f->arena;
}


static cxr_rc_t
ngx_cx_returns_feed_report(void *data, const cxr_report_t *report,
    cxr_arena_t *arena)
{
    ngx_cx_returns_feed_t  *f = data;

    struct timespec   ts;
    cxr_job_t        *job;

    clock_gettime(CLOCK_REALTIME, &ts);

    job = &f->jobs[f->n];
    f->list[f->n] = job;
    f->n++;

    ngx_memzero(job, sizeof(cxr_job_t));

    job->shop = f->shop;
    job->arena = arena;
    job->now = (cxr_time_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    job->kind = CXR_CMD_SHIPMENT_REPORT;
    job->u.feed.report = report;
    job->u.feed.unknown = f->unknown;
    job->actor_kind = CXR_ACTOR_CARRIER;
    job->actor = cxr_strn(f->actor, f->actor_len);

    return CXR_OK;
}


static void
ngx_cx_returns_feed_refused(void *data, const cxr_feed_refusal_t *refusal)
{
    ngx_cx_returns_feed_t  *f = data;

    f->refused++;

    ngx_cx_returns_feed_tell(f, refusal->record, refusal->line,
                             refusal->number, refusal->code, refusal->text);
}


static void
ngx_cx_returns_feed_tell(ngx_cx_returns_feed_t *f, uint64_t record,
    unsigned line, cxr_str_t number, const char *code, cxr_str_t text)
{
    if (f->ntold == NGX_CX_RETURNS_FEED_TOLD) {
        return;
    }

    f->ntold++;

    cxr_jw_open(&f->w, NULL, '{');

    if (record) {
        cxr_jw_int(&f->w, "record", (int64_t) record);
    }

    if (line) {
        cxr_jw_int(&f->w, "line", line);
    }

    if (number.len) {
        cxr_jw_str(&f->w, "number", number);
    }

    cxr_jw_strz(&f->w, "code", code);
    cxr_jw_str(&f->w, "detail", text);
    cxr_jw_close(&f->w);
}


static cxr_rc_t
ngx_cx_returns_feed_flush(ngx_cx_returns_feed_t *f)
{
    cxr_rc_t     rc;
    cxr_job_t   *job;
    ngx_uint_t   i;

    if (f->n == 0) {
        return CXR_OK;
    }

    rc = cxr_store_run(f->store, f->list, f->n);

    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMITS, 1);

    for (i = 0; i < f->n; i++) {
        job = &f->jobs[i];
        f->skipped += job->skipped;

        if (job->rc == CXR_OK) {
            if (job->changed) {
                f->stored++;

            } else {
                f->repeated++;
            }

            continue;
        }

        if (job->rc != CXR_REFUSED && job->rc != CXR_NOTFOUND
            && job->rc != CXR_INVALID && rc == CXR_OK)
        {
            rc = job->rc;
        }

        f->refused++;

        ngx_cx_returns_feed_tell(f, 0, 0, job->u.feed.report->number,
                                 job->rc == CXR_REFUSED
                                 ? job->refusal.code : cxr_rc_name(job->rc),
                                 job->rc == CXR_REFUSED
                                 ? cxr_strz(job->refusal.text)
                                 : cxr_str("was not stored"));
    }

    f->n = 0;
    cxr_arena_reset(f->arena);

    return rc;
}


/* ---- back in the event loop ---- */

static ngx_int_t
ngx_cx_returns_feed_done(ngx_http_request_t *r, void *data, cxr_rc_t rc)
{
    ngx_cx_returns_feed_t  *f = data;

    char                     detail[512];
    cxr_jw_t                 w;
    cxr_buf_t                b;
    ngx_int_t                sent;
    ngx_uint_t               row, status, level;
    const char              *code;
    cxr_feed_end_t           end;
    const cxr_feed_stats_t  *stats;

    stats = cxr_feed_stats(f->feed);
    end = cxr_feed_end(f->feed);

    row = ngx_cx_returns_feed_row(cxr_strn(f->carrier, f->carrier_len));

    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_DOCUMENTS, 1);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_BYTES, stats->bytes);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_STORED, f->stored);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_REPEATED, f->repeated);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_REFUSED, f->refused);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_EVENTS, stats->events);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_UNMAPPED,
                              stats->unmapped);

    code = NULL;
    detail[0] = '\0';

    if (rc == CXR_OK) {
        status = NGX_HTTP_OK;

    } else if (rc == CXR_FULL || rc == CXR_IO || rc == CXR_AGAIN
               || rc == CXR_ERROR || rc == CXR_NOMEM)
    {
        status = NGX_HTTP_SERVICE_UNAVAILABLE;
        code = rc == CXR_FULL ? "store_full"
               : rc == CXR_AGAIN ? "busy" : "store_failed";
        ngx_snprintf((u_char *) detail, sizeof(detail) - 1,
                     "The feed was not stored to its end; post the same "
                     "document again later.%Z");

    } else {
        status = end == CXR_FEED_LIMIT ? NGX_HTTP_REQUEST_ENTITY_TOO_LARGE
                                       : NGX_HTTP_BAD_REQUEST;
        code = cxr_feed_end_names[end];
        (void) cxr_diag_print(cxr_feed_diag(f->feed), detail, sizeof(detail));
    }

    if (rc != CXR_OK) {
        ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_BROKEN, 1);

        /* what the carrier sent is its fault, what the store does is ours */

        level = (status == NGX_HTTP_SERVICE_UNAVAILABLE) ? NGX_LOG_CRIT
                                                         : NGX_LOG_INFO;
        ngx_log_error(level, r->connection->log, 0,
                      "cx_returns: a feed of %*s ended: %s: %s",
                      f->carrier_len, f->carrier, code, detail);
    }

    cxr_jw_close(&f->w);

    cxr_buf_init(&b, 128 * 1024);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');

    if (code != NULL) {
        cxr_jw_str(&w, "type",
                   cxr_sprintf(ngx_cx_returns_ctx(r)->arena,
                               "urn:cx-returns:problem:%s", code));
        cxr_jw_strz(&w, "title", code);
        cxr_jw_int(&w, "status", (int64_t) status);
        cxr_jw_strz(&w, "detail", detail);
    }

    cxr_jw_int(&w, "records", (int64_t) stats->records);
    cxr_jw_int(&w, "stored", (int64_t) f->stored);
    cxr_jw_int(&w, "repeated", (int64_t) f->repeated);
    cxr_jw_int(&w, "refused", (int64_t) f->refused);
    cxr_jw_int(&w, "events", (int64_t) stats->events);
    cxr_jw_int(&w, "unmapped", (int64_t) stats->unmapped);
    cxr_jw_int(&w, "ignored", (int64_t) (stats->ignored + f->skipped));

    /* the array was written beside, as the records came */

    cxr_buf_addz(&b, ",\"refusals\":");
    cxr_buf_adds(&b, cxr_buf_str(&f->told));
    cxr_jw_close(&w);
    cxr_buf_addc(&b, '\n');

    if (status == NGX_HTTP_SERVICE_UNAVAILABLE) {
        (void) ngx_cx_returns_add_header(r, "Retry-After", cxr_str("30"));
    }

    if (!cxr_buf_ok(&b) || !cxr_buf_ok(&f->told)) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    sent = ngx_cx_returns_send(r, status,
                               code ? "application/problem+json"
                                    : "application/json",
                               cxr_buf_str(&b));
    cxr_buf_free(&b);

    return sent;
}
