
/*
 * POST /feeds/<carrier>: a carrier's XML, parsed and stored as it arrives.
 * The answer comes after the last commit and says what became of each record.
 */

#include "ngx_cx_returns_feed.h"


static ngx_int_t ngx_cx_returns_feed_slug(ngx_http_request_t *r,
    cxr_str_t *slug);
static ngx_uint_t ngx_cx_returns_feed_takes(ngx_http_request_t *r,
    const cxr_profile_t *profile);
static ngx_int_t ngx_cx_returns_feed_method(ngx_http_request_t *r,
    const cxr_profile_t *profile);
static ngx_int_t ngx_cx_returns_feed_open(ngx_http_request_t *r,
    cxr_str_t slug, cxr_profile_t *profile);
static cxr_rc_t ngx_cx_returns_feed_push(ngx_http_request_t *r,
    ngx_cx_returns_feed_t *f, cxr_str_t charset);
static ngx_int_t ngx_cx_returns_feed_copy(ngx_http_request_t *r,
    ngx_cx_returns_feed_t *f, cxr_str_t charset, cxr_str_t number);
static cxr_str_t ngx_cx_returns_feed_header(void *data, cxr_str_t name);
static cxr_rc_t ngx_cx_returns_feed_charset(void *data, cxr_str_t charset);
static cxr_rc_t ngx_cx_returns_feed_document(void *data, const void *bytes,
    size_t len);
static void ngx_cx_returns_feed_unread(void *data, uint64_t record);
static ngx_int_t ngx_cx_returns_feed_find(ngx_http_request_t *r,
    cxr_str_t slug, cxr_profile_t **profile);
static cxr_rc_t ngx_cx_returns_feed_piece(void *data, const u_char *bytes,
    size_t len);
static ngx_uint_t ngx_cx_returns_feed_waits(void *data);
static void ngx_cx_returns_feed_beside(void *data);
static void ngx_cx_returns_feed_free(void *data);
static void ngx_cx_returns_feed_committed(void *data);
static ngx_int_t ngx_cx_returns_feed_number(ngx_http_request_t *r,
    ngx_cx_returns_feed_t *f, cxr_str_t *number);
static void ngx_cx_returns_feed_keep(ngx_cx_returns_feed_t *f);


ngx_int_t
ngx_cx_returns_feed_handler(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    cxr_str_t              slug, role, coding;
    cxr_profile_t         *profile;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->machine = 1;
    profile = NULL;

    if (ngx_cx_returns_feed_slug(r, &slug) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    (void) ngx_cx_returns_feed_find(r, slug, &profile);

    if (!ngx_cx_returns_feed_takes(r, profile)) {
        return ngx_cx_returns_feed_method(r, profile);
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
        return ngx_cx_returns_feed_refuse(r, profile, CXR_ACK_AUTH,
                                      NGX_HTTP_FORBIDDEN, "role_missing",
                                      "The caller lacks the role feed:"
                                      "<carrier> of this carrier.", NULL);
    }

    if (profile == NULL) {
        return ngx_cx_returns_feed_refuse(r, NULL, CXR_ACK_PARSE_ERROR,
                                      NGX_HTTP_NOT_FOUND, "carrier_unknown",
                                      "There is no profile of that carrier.",
                                      NULL);
    }

    if (ngx_cx_returns_store() == NULL) {
        return ngx_cx_returns_feed_refuse(r, profile, CXR_ACK_INTERNAL,
                                      NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "store_failed",
                                      "The store cannot be used.", NULL);
    }

    if (r->method != NGX_HTTP_POST
        && !(cxr_profile_takes_query(profile) && r->args.len > 0))
    {
        rc = ngx_cx_returns_feed_probe(r, profile);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    coding = cxr_str_trim(ngx_cx_returns_header(r, "Content-Encoding"));

    if (coding.len && !cxr_str_eq(coding, cxr_str("identity"))) {
        return ngx_cx_returns_feed_refuse(r, profile, CXR_ACK_PARSE_ERROR,
                                      NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "content_encoding",
                                      "A document with a Content-Encoding is "
                                      "not taken: send it uncompressed.",
                                      NULL);
    }

    return ngx_cx_returns_feed_open(r, slug, profile);
}


/* the carrier: as configured, else the last part of the path */
static ngx_int_t
ngx_cx_returns_feed_slug(ngx_http_request_t *r, cxr_str_t *slug)
{
    ngx_str_t                   value;
    ngx_cx_returns_loc_conf_t  *lcf = ngx_cx_returns_loc(r);

    if (lcf->carrier != NULL) {
        if (ngx_http_complex_value(r, lcf->carrier, &value) != NGX_OK) {
            return NGX_ERROR;
        }

        *slug = ngx_cx_returns_str(value);

        return NGX_OK;
    }

    *slug = ngx_cx_returns_str(r->uri);

    while (slug->len && ngx_strlchr((u_char *) slug->data,
                                    (u_char *) slug->data + slug->len, '/'))
    {
        slug->data++;
        slug->len--;
    }

    return NGX_OK;
}


/* A GET is either the document itself or a question whether we are here. */
static ngx_uint_t
ngx_cx_returns_feed_takes(ngx_http_request_t *r, const cxr_profile_t *profile)
{
    if (r->method == NGX_HTTP_POST) {
        return 1;
    }

    if (profile == NULL) {
        return 0;
    }

    if (r->method == NGX_HTTP_GET && cxr_profile_takes_query(profile)) {
        return 1;
    }

    return (r->method == NGX_HTTP_GET || r->method == NGX_HTTP_HEAD)
           && cxr_profile_takes_probe(profile);
}


static ngx_int_t
ngx_cx_returns_feed_method(ngx_http_request_t *r, const cxr_profile_t *profile)
{
    ngx_int_t  rc;
    cxr_str_t  allow;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    allow = profile == NULL ? cxr_str("POST")
            : cxr_profile_takes_probe(profile) ? cxr_str("GET, HEAD, POST")
            : cxr_profile_takes_query(profile) ? cxr_str("GET, POST")
                                               : cxr_str("POST");

    if (ngx_cx_returns_add_header(r, "Allow", allow) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_problem(r, NGX_HTTP_NOT_ALLOWED,
                                  "method_not_allowed",
                                  "A feed is posted here.", NULL);
}


/* who may send it, and for which carrier, has been looked at */
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

    f->profile = profile;
    f->shop = lcf->shop->shop;
    f->json = ngx_cx_returns_feed_json(r);
    f->get = r->method != NGX_HTTP_POST;
    f->form = ngx_cx_returns_is_type(r, "application/x-www-form-urlencoded");
    f->carrier_len = slug.len;
    ngx_memcpy(f->carrier, slug.data, slug.len);

    if (ngx_cx_returns_feed_number(r, f, &number) != NGX_OK) {
        return ngx_cx_returns_feed_refuse(r, profile, CXR_ACK_PARSE_ERROR,
                                      NGX_HTTP_BAD_REQUEST, "bad_query",
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
    conf.ahead = 1;
    conf.on_commit = ngx_cx_returns_feed_committed;
    conf.on_unread = ngx_cx_returns_feed_unread;
    conf.ctx = f;

    switch (cxr_ingest_open(&conf, &f->in)) {

    case CXR_OK:
        break;

    case CXR_INVALID:
        ngx_cx_returns_feed_free(f);
        return ngx_cx_returns_feed_refuse(r, profile, CXR_ACK_PARSE_ERROR,
                                      NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "encoding",
                                      "The charset of the Content-Type is "
                                      "none that is taken here.", NULL);

    default:
        ngx_cx_returns_feed_free(f);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    switch (ngx_cx_returns_feed_push(r, f, charset)) {

    case CXR_OK:
        break;

    case CXR_INVALID:
    case CXR_LIMIT:
        ngx_cx_returns_feed_free(f);
        return ngx_cx_returns_feed_refuse(r, profile, CXR_ACK_PARSE_ERROR,
                                      NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The query is broken or too long.",
                                      NULL);

    default:
        ngx_cx_returns_feed_free(f);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_cx_returns_feed_copy(r, f, charset, number) != NGX_OK) {
        ngx_cx_returns_feed_free(f);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    f->begun = 1;
    f->log = r->connection->log;

    stream.piece = ngx_cx_returns_feed_piece;
    stream.waits = ngx_cx_returns_feed_waits;
    stream.beside = ngx_cx_returns_feed_beside;
    stream.done = ngx_cx_returns_feed_done;
    stream.free = ngx_cx_returns_feed_free;
    stream.data = f;
    stream.buffer = lcf->feed_buffer;
    stream.pool = ngx_cx_returns_main(r)->feed_pool;
    stream.nice = ngx_cx_returns_main(r)->feed_nice;

    return ngx_cx_returns_stream(r, &stream);
}


/* the envelope and the proof, for as much of the request as they ask for */
static cxr_rc_t
ngx_cx_returns_feed_push(ngx_http_request_t *r, ngx_cx_returns_feed_t *f,
    cxr_str_t charset)
{
    cxr_rc_t                     rc;
    cxr_push_conf_t              conf;
    ngx_http_core_loc_conf_t    *clcf;
    ngx_cx_returns_loc_conf_t   *lcf;

    lcf = ngx_cx_returns_loc(r);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(&conf, sizeof(cxr_push_conf_t));

    conf.profile = f->profile;
    conf.secrets = lcf->feed_auth ? ngx_cx_returns_main(r)->secrets : NULL;
    conf.dir = (char *) clcf->client_body_temp_path->name.data;
    conf.auth_max = (uint64_t) lcf->auth_body_max;
    conf.get = f->get;
    conf.query = ngx_cx_returns_str(r->args);
    conf.charset = f->form ? charset : CXR_STR_NONE;
    conf.header = ngx_cx_returns_feed_header;
    conf.charset_is = ngx_cx_returns_feed_charset;
    conf.document = ngx_cx_returns_feed_document;
    conf.ctx = f;

    f->request = r;
    rc = cxr_push_open(&conf, &f->push);
    f->request = NULL;

    return rc;
}


static ngx_int_t
ngx_cx_returns_feed_copy(ngx_http_request_t *r, ngx_cx_returns_feed_t *f,
    cxr_str_t charset, cxr_str_t number)
{
    f->quarantine = ngx_cx_returns_quarantine(r);

    if (f->quarantine == NULL) {
        return NGX_OK;
    }

    f->note.form = f->form;
    f->note.charset = cxr_strn(f->charset,
                               ngx_min(charset.len, sizeof(f->charset)));

    if (f->note.charset.len) {
        ngx_memcpy(f->charset, charset.data, f->note.charset.len);
    }

    f->note.number = number;

    if (cxr_qdoc_create(f->quarantine, &f->copy) != CXR_OK) {
        return NGX_ERROR;
    }

    cxr_qdoc_credentials(f->copy, cxr_profile_credentials(f->profile));

    return NGX_OK;
}


static cxr_str_t
ngx_cx_returns_feed_header(void *data, cxr_str_t name)
{
    ngx_cx_returns_feed_t  *f = data;

    char  z[128];

    if (name.len >= sizeof(z)) {
        return CXR_STR_NONE;
    }

    ngx_memcpy(z, name.data, name.len);
    z[name.len] = '\0';

    return cxr_str_trim(ngx_cx_returns_header(f->request, z));
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

    cxr_push_close(f->push);
    f->push = NULL;

    cxr_ingest_close(f->in);
    f->in = NULL;

    cxr_qdoc_free(f->copy);
    f->copy = NULL;
}


static ngx_uint_t
ngx_cx_returns_feed_waits(void *data)
{
    ngx_cx_returns_feed_t  *f = data;

    return cxr_ingest_waits(f->in);
}


/* ---- in threads of the pool ---- */

static void
ngx_cx_returns_feed_beside(void *data)
{
    ngx_cx_returns_feed_t  *f = data;

    cxr_ingest_commit(f->in);
}


static void
ngx_cx_returns_feed_committed(void *data)
{
    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMITS, 1);
}


static void
ngx_cx_returns_feed_unread(void *data, uint64_t record)
{
    ngx_cx_returns_feed_t  *f = data;

    cxr_push_unread(f->push, record);
}


static cxr_rc_t
ngx_cx_returns_feed_charset(void *data, cxr_str_t charset)
{
    ngx_cx_returns_feed_t  *f = data;

    return cxr_ingest_charset(f->in, charset);
}


static cxr_rc_t
ngx_cx_returns_feed_document(void *data, const void *bytes, size_t len)
{
    ngx_cx_returns_feed_t  *f = data;

    /* of a query it is the document that can be kept and replayed */

    if (f->get && f->copy != NULL && bytes != NULL) {
        cxr_qdoc_add(f->copy, bytes, len);
    }

    return cxr_ingest_push(f->in, bytes, len);
}


static cxr_rc_t
ngx_cx_returns_feed_piece(void *data, const u_char *bytes, size_t len)
{
    ngx_cx_returns_feed_t  *f = data;

    if (f->copy != NULL && bytes != NULL) {
        cxr_qdoc_add(f->copy, bytes, len);
    }

    if (f->stopped == CXR_OK) {
        f->stopped = cxr_push_piece(f->push, bytes, len);
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
 * no fault of its own; and strangers get no room here.
 */

static void
ngx_cx_returns_feed_keep(ngx_cx_returns_feed_t *f)
{
    cxr_qsum_t                 grown;
    struct timespec            ts;
    cxr_feed_end_t             end;
    const cxr_feed_stats_t    *fs;
    const cxr_ingest_stats_t  *is;

    if (f->copy == NULL || cxr_ingest_ours(f->stopped)
        || f->stopped == CXR_FORGED)
    {
        return;
    }

    is = cxr_ingest_stats(f->in);

    /* what a carrier is told to be well is not lost for want of a parcel */

    if (f->stopped == CXR_OK && is->unread + is->unplaced == 0) {
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

    if (f->stopped == CXR_OK && is->unread == 0) {
        f->note.reason = cxr_str("unplaced");
        f->note.detail = cxr_strn(f->detail,
                                  ngx_sprintf((u_char *) f->detail,
                                         "%uL of its records have a reference "
                                         "that no parcel has yet", is->unplaced)
                                  - (u_char *) f->detail);

    } else if (f->stopped == CXR_OK) {
        f->note.reason = cxr_str("records");
        f->note.detail = cxr_strn(f->detail,
                                  ngx_sprintf((u_char *) f->detail,
                                         "%uL of its records could not be "
                                         "read, %uL have a reference that no "
                                         "parcel has", is->unread,
                                         is->unplaced)
                                  - (u_char *) f->detail);

    } else if (cxr_push_end(f->push) != CXR_PUSH_FINE) {
        f->note.reason = cxr_strz(cxr_push_end_names[cxr_push_end(f->push)]);
        f->note.detail = cxr_push_detail(f->push);

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

        if (cxr_quarantine_room(f->quarantine, f->note.at, &grown)) {
            ngx_cx_returns_quarantine_is(&grown);
        }

        return;
    }

    f->unkept = ngx_errno ? ngx_errno : NGX_EINVAL;
    f->id[0] = '\0';
}
