
/*
 * What a feed is answered: ours, in JSON, with what became of each record; or
 * the carrier's, as its profile has it.  An answer to a carrier tells nothing
 * of whether a number is known or a code is mapped.
 */

#include "ngx_cx_returns_feed.h"


typedef struct {
    ngx_uint_t           status;
    const char          *code;          /* NULL: all is well                  */
    char                 detail[512];
    cxr_ack_outcome_t    outcome;
} ngx_cx_returns_reply_t;


static void ngx_cx_returns_feed_judge(ngx_cx_returns_feed_t *f, cxr_rc_t rc,
    ngx_cx_returns_reply_t *reply);
static void ngx_cx_returns_feed_log(ngx_http_request_t *r,
    ngx_cx_returns_feed_t *f, const ngx_cx_returns_reply_t *reply);
static ngx_int_t ngx_cx_returns_feed_ack(ngx_http_request_t *r,
    const cxr_profile_t *profile, const cxr_push_t *push,
    cxr_ack_facts_t *facts);
static ngx_int_t ngx_cx_returns_feed_send(ngx_http_request_t *r,
    ngx_cx_returns_feed_t *f, const ngx_cx_returns_reply_t *reply);


void
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
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_UNTIMED, stats->untimed);
    ngx_cx_returns_count_feed(row, NGX_CX_RETURNS_F_FAILED, stats->failed);

    f->counted = 1;
}


ngx_uint_t
ngx_cx_returns_feed_json(ngx_http_request_t *r)
{
    cxr_str_t  accept = ngx_cx_returns_header(r, "Accept");

    return accept.len > 0
           && memmem(accept.data, accept.len, "application/json", 16) != NULL;
}


ngx_int_t
ngx_cx_returns_feed_refuse(ngx_http_request_t *r, const cxr_profile_t *profile,
    cxr_ack_outcome_t outcome, ngx_uint_t status, const char *code,
    const char *detail, const char *pointer)
{
    ngx_int_t        rc;
    cxr_ack_facts_t  facts;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (profile != NULL && !ngx_cx_returns_feed_json(r)) {
        ngx_memzero(&facts, sizeof(cxr_ack_facts_t));
        facts.outcome = outcome;
        facts.code = cxr_strz(code);
        facts.detail = cxr_strz(detail);

        rc = ngx_cx_returns_feed_ack(r, profile, NULL, &facts);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    return ngx_cx_returns_problem(r, status, code, detail, pointer);
}


ngx_int_t
ngx_cx_returns_feed_probe(ngx_http_request_t *r, const cxr_profile_t *profile)
{
    ngx_int_t        rc;
    cxr_ack_facts_t  facts;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_memzero(&facts, sizeof(cxr_ack_facts_t));
    facts.outcome = CXR_ACK_PROBE;

    return ngx_cx_returns_feed_ack(r, profile, NULL, &facts);
}


/* NGX_DECLINED: the profile has no answer for this */
static ngx_int_t
ngx_cx_returns_feed_ack(ngx_http_request_t *r, const cxr_profile_t *profile,
    const cxr_push_t *push, cxr_ack_facts_t *facts)
{
    u_char                *type;
    cxr_rc_t               rc;
    cxr_buf_t              b;
    ngx_int_t              sent;
    cxr_ack_head_t         head;
    ngx_cx_returns_ctx_t  *ctx;

    facts->now = ngx_cx_returns_now();

    cxr_buf_init(&b, CXR_PUSH_ACK_MAX);

    rc = cxr_ack_render(profile, push, facts, &head, &b);

    if (rc != CXR_OK) {
        cxr_buf_free(&b);
        return rc == CXR_NOTFOUND ? NGX_DECLINED
                                  : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    type = ngx_pnalloc(r->pool, head.type.len + 1);

    if (type == NULL) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(type, head.type.data, head.type.len);
    type[head.type.len] = '\0';

    ctx = ngx_cx_returns_ctx(r);

    if (facts->outcome > CXR_ACK_PARTLY && facts->outcome != CXR_ACK_PROBE
        && ctx->outcome.len == 0)
    {
        ngx_str_set(&ctx->outcome, "problem");
    }

    sent = ngx_cx_returns_send(r, head.status, (char *) type,
                               cxr_buf_str(&b));
    cxr_buf_free(&b);

    return sent;
}


ngx_int_t
ngx_cx_returns_feed_done(ngx_http_request_t *r, void *data, cxr_rc_t rc)
{
    ngx_cx_returns_feed_t  *f = data;

    ngx_int_t                  sent;
    cxr_ack_facts_t            facts;
    ngx_cx_returns_reply_t     reply;
    const cxr_ingest_stats_t  *is;

    is = cxr_ingest_stats(f->in);

    ngx_cx_returns_feed_count(f, rc != CXR_OK);
    ngx_cx_returns_feed_judge(f, rc, &reply);
    ngx_cx_returns_feed_log(r, f, &reply);

    if (reply.status == NGX_HTTP_SERVICE_UNAVAILABLE) {
        (void) ngx_cx_returns_add_header(r, "Retry-After", cxr_str("30"));
    }

    if (!f->json) {
        ngx_memzero(&facts, sizeof(cxr_ack_facts_t));
        facts.outcome = reply.outcome;
        facts.code = reply.code ? cxr_strz(reply.code)
                     : reply.outcome == CXR_ACK_OK ? CXR_STR_NONE
                                                   : cxr_str("records");
        facts.detail = cxr_strz(reply.detail);
        facts.records = cxr_feed_stats(cxr_ingest_feed(f->in))->records;
        facts.stored = is->stored;
        facts.repeated = is->repeated;
        facts.refused = is->refused;

        sent = ngx_cx_returns_feed_ack(r, f->profile, f->push, &facts);

        if (sent != NGX_DECLINED) {
            return sent;
        }
    }

    return ngx_cx_returns_feed_send(r, f, &reply);
}


/*
 * What a shop refuses (a number that it does not know, say) is well with the
 * carrier; only what could not be read is not.
 */

static void
ngx_cx_returns_feed_judge(ngx_cx_returns_feed_t *f, cxr_rc_t rc,
    ngx_cx_returns_reply_t *reply)
{
    cxr_str_t                  detail;
    cxr_feed_end_t             end;
    cxr_push_end_t             pushed;
    const cxr_ingest_stats_t  *is;

    is = cxr_ingest_stats(f->in);
    end = cxr_feed_end(cxr_ingest_feed(f->in));
    pushed = cxr_push_end(f->push);

    reply->code = NULL;
    reply->detail[0] = '\0';

    if (rc == CXR_OK) {
        reply->status = NGX_HTTP_OK;
        reply->outcome = is->unread == 0 ? CXR_ACK_OK
                         : is->stored + is->repeated + is->refused
                           == is->unread ? CXR_ACK_PARSE_ERROR
                                         : CXR_ACK_PARTLY;
        return;
    }

    if (cxr_ingest_ours(rc)) {
        reply->outcome = CXR_ACK_INTERNAL;
        reply->status = NGX_HTTP_SERVICE_UNAVAILABLE;
        reply->code = rc == CXR_FULL ? "store_full"
                      : rc == CXR_AGAIN ? "busy" : "store_failed";
        ngx_snprintf((u_char *) reply->detail, sizeof(reply->detail) - 1,
                     "The feed was not stored to its end; post the same "
                     "document again later.%Z");
        return;
    }

    if (pushed != CXR_PUSH_FINE) {
        reply->outcome = pushed == CXR_PUSH_AUTH ? CXR_ACK_AUTH
                                                 : CXR_ACK_PARSE_ERROR;
        reply->status = pushed == CXR_PUSH_AUTH ? NGX_HTTP_FORBIDDEN
                        : pushed == CXR_PUSH_LIMIT
                          ? NGX_HTTP_REQUEST_ENTITY_TOO_LARGE
                          : NGX_HTTP_BAD_REQUEST;
        reply->code = cxr_push_end_names[pushed];
        detail = cxr_push_detail(f->push);
        ngx_snprintf((u_char *) reply->detail, sizeof(reply->detail) - 1,
                     "%*s%Z", detail.len, detail.data);
        return;
    }

    reply->outcome = CXR_ACK_PARSE_ERROR;
    reply->status = end == CXR_FEED_LIMIT ? NGX_HTTP_REQUEST_ENTITY_TOO_LARGE
                                          : NGX_HTTP_BAD_REQUEST;
    reply->code = cxr_feed_end_names[end];
    (void) cxr_diag_print(cxr_feed_diag(cxr_ingest_feed(f->in)),
                          reply->detail, sizeof(reply->detail));
}


static void
ngx_cx_returns_feed_log(ngx_http_request_t *r, ngx_cx_returns_feed_t *f,
    const ngx_cx_returns_reply_t *reply)
{
    ngx_uint_t  level;

    if (reply->code != NULL) {

        /* what the carrier sent is its fault, what the store does is ours */

        level = reply->outcome == CXR_ACK_INTERNAL ? NGX_LOG_CRIT
                : reply->outcome == CXR_ACK_AUTH ? NGX_LOG_NOTICE
                                                 : NGX_LOG_INFO;
        ngx_log_error(level, r->connection->log, 0,
                      "cx_returns: a feed of %*s ended: %s: %s",
                      f->carrier_len, f->carrier, reply->code, reply->detail);
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
}


static ngx_int_t
ngx_cx_returns_feed_send(ngx_http_request_t *r, ngx_cx_returns_feed_t *f,
    const ngx_cx_returns_reply_t *reply)
{
    cxr_jw_t                   w;
    cxr_buf_t                  b;
    cxr_str_t                  told;
    ngx_int_t                  sent;
    const cxr_feed_stats_t    *stats;
    const cxr_ingest_stats_t  *is;

    stats = cxr_feed_stats(cxr_ingest_feed(f->in));
    is = cxr_ingest_stats(f->in);
    told = cxr_ingest_told(f->in);

    cxr_buf_init(&b, 128 * 1024);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');

    if (reply->code != NULL) {
        cxr_jw_str(&w, "type",
                   cxr_sprintf(ngx_cx_returns_ctx(r)->arena,
                               "urn:cx-returns:problem:%s", reply->code));
        cxr_jw_strz(&w, "title", reply->code);
        cxr_jw_int(&w, "status", (int64_t) reply->status);
        cxr_jw_strz(&w, "detail", reply->detail);
    }

    cxr_jw_int(&w, "records", (int64_t) stats->records);
    cxr_jw_int(&w, "stored", (int64_t) is->stored);
    cxr_jw_int(&w, "repeated", (int64_t) is->repeated);
    cxr_jw_int(&w, "refused", (int64_t) is->refused);
    cxr_jw_int(&w, "events", (int64_t) stats->events);
    cxr_jw_int(&w, "unmapped", (int64_t) stats->unmapped);
    cxr_jw_int(&w, "untimed", (int64_t) stats->untimed);
    cxr_jw_int(&w, "ignored", (int64_t) (stats->ignored + is->skipped));

    /* the array was written beside, as the records came */

    cxr_buf_addz(&b, ",\"refusals\":");
    cxr_buf_adds(&b, told);
    cxr_jw_close(&w);
    cxr_buf_addc(&b, '\n');

    if (!cxr_buf_ok(&b) || told.len == 0) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    sent = ngx_cx_returns_send(r, reply->status,
                               reply->code ? "application/problem+json"
                                    : "application/json",
                               cxr_buf_str(&b));
    cxr_buf_free(&b);

    return sent;
}
