
/*
 * POST /feeds/<carrier>: a carrier's XML, parsed and stored as it arrives.
 * The answer comes after the last commit and says what became of each record.
 */

#include "ngx_cx_returns.h"


typedef struct {
    cxr_ingest_t               *in;
    cxr_qdoc_t                 *copy;       /* NULL: there is no quarantine    */
    const cxr_quarantine_t     *quarantine;
    const cxr_shop_t           *shop;
    cxr_rc_t                    stopped;    /* why no more is parsed           */
    ngx_err_t                   unkept;     /* why it is not in quarantine     */
    cxr_qnote_t                 note;
    char                        detail[512];
    char                        id[CXR_QID_MAX + 1];
    char                        charset[64];
    char                        number[CXR_FEED_REQUEST_MAX];
    char                        carrier[CXR_PROFILE_SLUG_MAX + 1];
    size_t                      carrier_len;
    ngx_log_t                  *log;
    unsigned                    begun:1;    /* its body is read                */
    unsigned                    counted:1;
} ngx_cx_returns_feed_t;


static ngx_int_t ngx_cx_returns_feed_refuse(ngx_http_request_t *r,
    ngx_uint_t status, const char *code, const char *detail,
    const char *pointer);
static ngx_int_t ngx_cx_returns_feed_open(ngx_http_request_t *r,
    cxr_str_t slug, cxr_profile_t *profile);
static ngx_int_t ngx_cx_returns_feed_find(ngx_http_request_t *r,
    cxr_str_t slug, cxr_profile_t **profile);
static cxr_rc_t ngx_cx_returns_feed_piece(void *data, const u_char *bytes,
    size_t len);
static ngx_int_t ngx_cx_returns_feed_done(ngx_http_request_t *r, void *data,
    cxr_rc_t rc);
static void ngx_cx_returns_feed_free(void *data);
static void ngx_cx_returns_feed_count(ngx_cx_returns_feed_t *f,
    ngx_uint_t broken);
static void ngx_cx_returns_feed_committed(void *data);
static ngx_int_t ngx_cx_returns_feed_number(ngx_http_request_t *r,
    ngx_cx_returns_feed_t *f, cxr_str_t *number);
static void ngx_cx_returns_feed_keep(ngx_cx_returns_feed_t *f);


ngx_int_t
ngx_cx_returns_feed_handler(ngx_http_request_t *r)
{
    ngx_int_t                    rc;
    ngx_str_t                    value;
    cxr_str_t                    slug, role, coding;
    cxr_profile_t               *profile;
    ngx_cx_returns_ctx_t        *ctx;
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
        return ngx_cx_returns_feed_refuse(r, NGX_HTTP_FORBIDDEN, "role_missing",
                                      "The caller lacks the role feed:"
                                      "<carrier> of this carrier.", NULL);
    }

    if (ngx_cx_returns_feed_find(r, slug, &profile) != NGX_OK) {
        return ngx_cx_returns_feed_refuse(r, NGX_HTTP_NOT_FOUND,
                                      "carrier_unknown",
                                      "There is no profile of that carrier.",
                                      NULL);
    }

    if (ngx_cx_returns_store() == NULL) {
        return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "store_failed",
                                      "The store cannot be used.", NULL);
    }

    coding = cxr_str_trim(ngx_cx_returns_header(r, "Content-Encoding"));

    if (coding.len && !cxr_str_eq(coding, cxr_str("identity"))) {
        return ngx_cx_returns_feed_refuse(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "content_encoding",
                                      "A document with a Content-Encoding is "
                                      "not taken: send it uncompressed.",
                                      NULL);
    }

    return ngx_cx_returns_feed_open(r, slug, profile);
}


/* who sends it, and for which carrier, has been looked at */
static ngx_int_t
ngx_cx_returns_feed_open(ngx_http_request_t *r, cxr_str_t slug,
    cxr_profile_t *profile)
{
    cxr_str_t                    charset, number;
    cxr_ingest_conf_t            conf;
    ngx_cx_returns_feed_t       *f;
    ngx_cx_returns_stream_t      stream;
    ngx_cx_returns_loc_conf_t   *lcf;

    lcf = ngx_cx_returns_loc(r);

    f = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_feed_t));
    if (f == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    f->shop = lcf->shop->shop;
    f->carrier_len = slug.len;
    ngx_memcpy(f->carrier, slug.data, slug.len);

    if (ngx_cx_returns_feed_number(r, f, &number) != NGX_OK) {
        return ngx_cx_returns_feed_refuse(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "number is the tracking number that the "
                                      "carrier was asked for.", "?number");
    }

    charset = ngx_cx_returns_charset(r);

    ngx_memzero(&conf, sizeof(cxr_ingest_conf_t));
    conf.profile = profile;
    conf.store = ngx_cx_returns_store();
    conf.shop = f->shop;
    conf.charset = charset;
    conf.number = number;
    conf.unknown = lcf->unknown_shipments;
    conf.batch = lcf->feed_batch;
    conf.on_commit = ngx_cx_returns_feed_committed;

    switch (cxr_ingest_open(&conf, &f->in)) {

    case CXR_OK:
        break;

    case CXR_INVALID:
        ngx_cx_returns_feed_free(f);
        return ngx_cx_returns_feed_refuse(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "encoding",
                                      "The charset of the Content-Type is "
                                      "none that is taken here.", NULL);

    default:
        ngx_cx_returns_feed_free(f);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    f->quarantine = ngx_cx_returns_quarantine(r);

    if (f->quarantine != NULL) {
        f->note.form = ngx_cx_returns_is_type(r,
                                       "application/x-www-form-urlencoded");
        f->note.charset = cxr_strn(f->charset,
                                   ngx_min(charset.len, sizeof(f->charset)));
        ngx_memcpy(f->charset, charset.data, f->note.charset.len);

        f->note.number = number;

        if (cxr_qdoc_create(f->quarantine, &f->copy) != CXR_OK) {
            ngx_cx_returns_feed_free(f);
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    f->begun = 1;
    f->log = r->connection->log;

    stream.piece = ngx_cx_returns_feed_piece;
    stream.done = ngx_cx_returns_feed_done;
    stream.free = ngx_cx_returns_feed_free;
    stream.data = f;
    stream.buffer = lcf->feed_buffer;

    return ngx_cx_returns_stream(r, &stream);
}


/* before its body is read, which is thrown away */
static ngx_int_t
ngx_cx_returns_feed_refuse(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail, const char *pointer)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_cx_returns_problem(r, status, code, detail, pointer);
}


/* "?number=": of replies that do not say which parcel they are about */
static ngx_int_t
ngx_cx_returns_feed_number(ngx_http_request_t *r, ngx_cx_returns_feed_t *f,
    cxr_str_t *number)
{
    cxr_str_t              s;
    cxr_pairs_t            args;
    ngx_cx_returns_ctx_t  *ctx = ngx_cx_returns_ctx(r);

    *number = CXR_STR_NONE;

    if (r->args.len == 0) {
        return NGX_OK;
    }

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        return NGX_DECLINED;
    }

    s = cxr_str_trim(ngx_cx_returns_pair(&args, "number"));

    if (s.len > CXR_FEED_REQUEST_MAX || !cxr_utf8_valid(s)) {
        return NGX_DECLINED;
    }

    if (s.len != 0) {
        ngx_memcpy(f->number, s.data, s.len);
    }

    *number = cxr_strn(f->number, s.len);

    return NGX_OK;
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

    /* whoever leaves in the middle gets no answer, but has changed things */

    if (f->begun && !f->counted) {
        ngx_cx_returns_feed_count(f, 1);

        ngx_log_error(NGX_LOG_INFO, f->log, 0,
                      "cx_returns: a feed of %*s ended before its end was "
                      "received; %uL of its records were stored",
                      f->carrier_len, f->carrier,
                      cxr_ingest_stats(f->in)->stored);
    }

    cxr_ingest_close(f->in);
    f->in = NULL;

    cxr_qdoc_free(f->copy);
    f->copy = NULL;
}


static void
ngx_cx_returns_feed_count(ngx_cx_returns_feed_t *f, ngx_uint_t broken)
{
    ngx_uint_t                 row;
    const cxr_feed_stats_t    *stats;
    const cxr_ingest_stats_t  *is;

    stats = cxr_feed_stats(cxr_ingest_feed(f->in));
    is = cxr_ingest_stats(f->in);
    row = ngx_cx_returns_feed_row(cxr_strn(f->carrier, f->carrier_len));

    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_DOCUMENTS, 1);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_BROKEN, broken);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_BYTES, stats->bytes);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_STORED, is->stored);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_REPEATED, is->repeated);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_REFUSED, is->refused);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_EVENTS, stats->events);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_UNMAPPED,
                              stats->unmapped);

    f->counted = 1;
}


/* ---- in a thread of the pool ---- */

static void
ngx_cx_returns_feed_committed(void *data)
{
    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMITS, 1);
}


static cxr_rc_t
ngx_cx_returns_feed_piece(void *data, const u_char *bytes, size_t len)
{
    ngx_cx_returns_feed_t  *f = data;

    if (f->copy != NULL && bytes != NULL) {
        cxr_qdoc_add(f->copy, bytes, len);
    }

    if (f->stopped == CXR_OK) {
        f->stopped = cxr_ingest_push(f->in, bytes, len);
    }

    if (bytes != NULL) {

        if (f->stopped == CXR_OK) {
            return CXR_OK;
        }

        /* a document that is no good is read on to be kept whole */

        if (f->copy != NULL && !cxr_ingest_ours(f->stopped)
            && cxr_qdoc_whole(f->copy))
        {
            return CXR_OK;
        }
    }

    ngx_cx_returns_feed_keep(f);

    return f->stopped;
}


/*
 * A document that the carrier is to send again, because the store failed, is
 * no fault of its own.
 */

static void
ngx_cx_returns_feed_keep(ngx_cx_returns_feed_t *f)
{
    cxr_qsum_t                 grown;
    struct timespec            ts;
    cxr_feed_end_t             end;
    const cxr_feed_stats_t    *fs;
    const cxr_ingest_stats_t  *is;

    if (f->copy == NULL || cxr_ingest_ours(f->stopped)) {
        return;
    }

    is = cxr_ingest_stats(f->in);

    if (f->stopped == CXR_OK && is->unread == 0) {
        return;
    }

    fs = cxr_feed_stats(cxr_ingest_feed(f->in));
    end = cxr_feed_end(cxr_ingest_feed(f->in));

    clock_gettime(CLOCK_REALTIME, &ts);

    f->note.at = (cxr_time_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    f->note.carrier = cxr_strn(f->carrier, f->carrier_len);
    f->note.shop = f->shop->id;
    f->note.records = fs->records;
    f->note.stored = is->stored;
    f->note.repeated = is->repeated;
    f->note.refused = is->refused;
    f->note.events = fs->events;
    f->note.unmapped = fs->unmapped;

    if (f->stopped == CXR_OK) {
        f->note.reason = cxr_str("records");
        f->note.detail = cxr_strn(f->detail,
                                  ngx_sprintf((u_char *) f->detail,
                                         "%uL of its records could not be "
                                         "read", is->unread)
                                  - (u_char *) f->detail);

    } else {
        f->note.reason = cxr_strz(cxr_feed_end_names[end]);
        f->note.line = cxr_feed_diag(cxr_ingest_feed(f->in))->line;
        f->note.detail = cxr_strn(f->detail,
                        cxr_diag_print(cxr_feed_diag(cxr_ingest_feed(f->in)),
                                       f->detail, sizeof(f->detail)));
    }

    if (cxr_qdoc_keep(f->copy, &f->note, end != CXR_FEED_ENCODING, f->id,
                      &grown)
        == CXR_OK)
    {
        ngx_cx_returns_quarantine_grew(&grown);
        return;
    }

    f->unkept = ngx_errno ? ngx_errno : NGX_EINVAL;
    f->id[0] = '\0';
}


/* ---- back in the event loop ---- */

static ngx_int_t
ngx_cx_returns_feed_done(ngx_http_request_t *r, void *data, cxr_rc_t rc)
{
    ngx_cx_returns_feed_t  *f = data;

    char                       detail[512];
    cxr_jw_t                   w;
    cxr_buf_t                  b;
    cxr_str_t                  told;
    ngx_int_t                  sent;
    ngx_uint_t                 status, level;
    const char                *code;
    cxr_feed_end_t             end;
    const cxr_feed_stats_t    *stats;
    const cxr_ingest_stats_t  *is;

    stats = cxr_feed_stats(cxr_ingest_feed(f->in));
    end = cxr_feed_end(cxr_ingest_feed(f->in));
    is = cxr_ingest_stats(f->in);

    ngx_cx_returns_feed_count(f, rc != CXR_OK);

    code = NULL;
    detail[0] = '\0';

    if (rc == CXR_OK) {
        status = NGX_HTTP_OK;

    } else if (cxr_ingest_ours(rc)) {
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
        (void) cxr_diag_print(cxr_feed_diag(cxr_ingest_feed(f->in)), detail,
                              sizeof(detail));
    }

    if (rc != CXR_OK) {

        /* what the carrier sent is its fault, what the store does is ours */

        level = (status == NGX_HTTP_SERVICE_UNAVAILABLE) ? NGX_LOG_CRIT
                                                         : NGX_LOG_INFO;
        ngx_log_error(level, r->connection->log, 0,
                      "cx_returns: a feed of %*s ended: %s: %s",
                      f->carrier_len, f->carrier, code, detail);
    }

    if (f->id[0] != '\0') {
        ngx_log_error(NGX_LOG_NOTICE, r->connection->log, 0,
                      "cx_returns: a feed of %*s is in quarantine: %s",
                      f->carrier_len, f->carrier, f->id);

    } else if (f->unkept) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, f->unkept,
                      "cx_returns: a feed of %*s could not be put into "
                      "quarantine", f->carrier_len, f->carrier);
    }

    told = cxr_ingest_told(f->in);

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
    cxr_jw_int(&w, "stored", (int64_t) is->stored);
    cxr_jw_int(&w, "repeated", (int64_t) is->repeated);
    cxr_jw_int(&w, "refused", (int64_t) is->refused);
    cxr_jw_int(&w, "events", (int64_t) stats->events);
    cxr_jw_int(&w, "unmapped", (int64_t) stats->unmapped);
    cxr_jw_int(&w, "ignored", (int64_t) (stats->ignored + is->skipped));

    /* the array was written beside, as the records came */

    cxr_buf_addz(&b, ",\"refusals\":");
    cxr_buf_adds(&b, told);
    cxr_jw_close(&w);
    cxr_buf_addc(&b, '\n');

    if (status == NGX_HTTP_SERVICE_UNAVAILABLE) {
        (void) ngx_cx_returns_add_header(r, "Retry-After", cxr_str("30"));
    }

    if (!cxr_buf_ok(&b) || told.len == 0) {
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
