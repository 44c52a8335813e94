
/*
 * What the files of the JSON API share: refusals, a write's body and headers,
 * answers.
 */

#include "ngx_cx_returns_api.h"


ngx_int_t
ngx_cx_returns_api_refuse(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail)
{
    ngx_int_t  rc;

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

    return ngx_cx_returns_problem(r, status, code, detail, NULL);
}


ngx_int_t
ngx_cx_returns_api_role(ngx_http_request_t *r, const char *role)
{
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    return ngx_cx_returns_has_role(ctx, cxr_strz(role));
}


ngx_int_t
ngx_cx_returns_api_forbidden(ngx_http_request_t *r, const char *role,
    const char *other)
{
    return ngx_cx_returns_api_refuse(r, NGX_HTTP_FORBIDDEN, "role_missing",
                      (const char *) cxr_sprintf(ngx_cx_returns_ctx(r)->arena,
                                         "The caller lacks the role "
                                         "\"%s%s%s\"; cx_returns_roles says "
                                         "who has it.%c",
                                         role, other ? "\" or \"" : "",
                                         other ? other : "", '\0').data);
}


ngx_int_t
ngx_cx_returns_api_json(ngx_http_request_t *r, cxr_str_t body, json_t **json)
{
    char        text[512];
    cxr_rc_t    rc;
    cxr_diag_t  d;

    *json = NULL;

    if (!ngx_cx_returns_is_type(r, "application/json")) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_problem(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                      "not_json",
                                      "The Content-Type must be "
                                      "application/json.", NULL);
    }

    ngx_memzero(&d, sizeof(cxr_diag_t));

    rc = cxr_json_parse(body, json, &d);

    if (rc == CXR_OK) {
        return NGX_OK;
    }

    ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
    (void) cxr_diag_print(&d, text, sizeof(text));

    return ngx_cx_returns_problem(r, rc == CXR_NOMEM
                                     ? NGX_HTTP_INTERNAL_SERVER_ERROR
                                     : NGX_HTTP_BAD_REQUEST,
                                  "not_json", text, NULL);
}


ngx_int_t
ngx_cx_returns_api_idem(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, ngx_int_t *answer)
{
    size_t     i;
    cxr_str_t  key;

    key = ngx_cx_returns_header(r, "idempotency-key");

    if (key.data == NULL || op->job.has_idem) {
        return NGX_OK;
    }

    for (i = 0; i < key.len; i++) {
        if (key.data[i] < 0x21 || key.data[i] > 0x7e) {
            break;
        }
    }

    if (key.len == 0 || key.len > NGX_CX_RETURNS_IDEM_KEY_MAX || i < key.len) {
        *answer = ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST,
                                         "idempotency_key",
                                         "Idempotency-Key must be 1 to 255 "
                                         "visible ASCII characters.", NULL);
        return NGX_DECLINED;
    }

    /* a key means one thing at one path */

    cxr_idem_hash(cxr_sprintf(op->arena, "api:%.*s", (int) r->uri.len,
                              (char *) r->uri.data),
                  key, op->job.idem);
    ngx_cx_returns_fingerprint(op, key, body);
    op->job.has_idem = true;

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_api_if_match(ngx_http_request_t *r, ngx_cx_returns_op_t *op,
    ngx_int_t *answer)
{
    uint64_t   v;
    cxr_str_t  h;

    op->job.expect = 0;
    h = ngx_cx_returns_header(r, "if-match");

    if (h.data == NULL || cxr_str_is(h, "*")) {
        return NGX_OK;
    }

    if (h.len > 2 && h.data[0] == '"' && h.data[h.len - 1] == '"'
        && cxr_parse_uint(cxr_strn(h.data + 1, h.len - 2), UINT32_MAX, &v)
        && v > 0)
    {
        op->job.expect = (uint32_t) v;
        return NGX_OK;
    }

    *answer = ngx_cx_returns_problem(r, NGX_HTTP_PRECONDITION_FAILED,
                                     "bad_if_match",
                                     "If-Match takes the ETag that a GET "
                                     "gave.", NULL);
    return NGX_DECLINED;
}


ngx_int_t
ngx_cx_returns_api_put_match(ngx_http_request_t *r, ngx_cx_returns_op_t *op,
    ngx_int_t *answer)
{
    cxr_str_t  h;

    h = ngx_cx_returns_header(r, "if-none-match");
    op->job.absent = cxr_str_is(h, "*");

    if (h.data != NULL && !op->job.absent) {
        *answer = ngx_cx_returns_problem(r, NGX_HTTP_PRECONDITION_FAILED,
                                         "bad_if_match",
                                         "If-None-Match of a PUT is *, for "
                                         "what is not there yet.", NULL);
        return NGX_DECLINED;
    }

    return ngx_cx_returns_api_if_match(r, op, answer);
}


ngx_int_t
ngx_cx_returns_api_faults(ngx_http_request_t *r,
    const cxr_json_faults_t *faults)
{
    return ngx_cx_returns_problem_faults(r, NGX_HTTP_BAD_REQUEST, "invalid",
                                         "The request has faults.", faults);
}


ngx_int_t
ngx_cx_returns_api_create(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, const cxr_json_faults_t *faults)
{
    ngx_int_t  answer;

    if (faults != NULL && faults->total) {
        return ngx_cx_returns_api_faults(r, faults);
    }

    if (ngx_cx_returns_api_idem(r, body, op, &answer) != NGX_OK) {
        return answer;
    }

    return ngx_cx_returns_api_submit(r, op);
}


ngx_int_t
ngx_cx_returns_api_change(ngx_http_request_t *r, cxr_str_t body,
    ngx_cx_returns_op_t *op, const cxr_json_faults_t *faults)
{
    ngx_int_t  answer;

    if (faults->total) {
        return ngx_cx_returns_api_faults(r, faults);
    }

    if (ngx_cx_returns_api_if_match(r, op, &answer) != NGX_OK) {
        return answer;
    }

    return ngx_cx_returns_api_create(r, body, op, faults);
}


ngx_int_t
ngx_cx_returns_api_rma_id(ngx_http_request_t *r, cxr_arena_t *a,
    cxr_str_t *id, ngx_int_t *answer)
{
    char                  *p;
    ngx_cx_returns_api_t  *api;

    api = ngx_cx_returns_ctx(r)->data;

    p = cxr_alloc(a, CXR_RMA_ID_LEN);

    if (p == NULL) {
        *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return NGX_DECLINED;
    }

    if (cxr_rma_id_parse(api->a, p) != CXR_OK) {
        *answer = ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         "There is no such RMA.", NULL);
        return NGX_DECLINED;
    }

    *id = cxr_strn(p, CXR_RMA_ID_LEN);

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_api_tracking(cxr_jr_t *jr, cxr_arena_t *a, int flags,
    cxr_str_t *number)
{
    char       *folded;
    size_t      len;
    cxr_str_t   sent;

    *number = CXR_STR_NONE;
    sent = CXR_STR_NONE;

    if (!cxr_jr_line(jr, "number", CXR_TRACKING_MAX, flags, &sent)
        || sent.len == 0)
    {
        return NGX_OK;
    }

    folded = cxr_alloc(a, CXR_TRACKING_MAX);
    if (folded == NULL) {
        return NGX_ERROR;
    }

    if (cxr_fold_tracking(sent, folded, &len) == CXR_OK) {
        *number = cxr_strn(folded, len);

    } else {
        cxr_jr_fault(jr, "number", "must be a tracking number of 1 to %d "
                     "letters, digits and . _ / -", CXR_TRACKING_MAX);
    }

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_api_etag(ngx_http_request_t *r, uint32_t revision)
{
    u_char           *p;
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    p = ngx_pnalloc(r->pool, NGX_INT32_LEN + 2);

    if (h == NULL || p == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "ETag");
    h->value.data = p;
    h->value.len = ngx_sprintf(p, "\"%uD\"", revision) - p;
    r->headers_out.etag = h;

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_api_submit(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    op->job.actor = ctx->actor;
    op->job.actor_kind = CXR_ACTOR_API;

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
                                  "Too much is waiting already, or the store "
                                  "cannot be used; nothing was written. Try "
                                  "again.", NULL);
}


ngx_int_t
ngx_cx_returns_api_send(ngx_http_request_t *r, ngx_uint_t status,
    cxr_buf_t *b)
{
    ngx_int_t  rc;

    cxr_buf_addc(b, '\n');

    if (!cxr_buf_ok(b)
        || ngx_cx_returns_add_header(r, "Cache-Control",
                                     cxr_str("private, no-store"))
           != NGX_OK)
    {
        rc = NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else {
        rc = ngx_cx_returns_send(r, status, "application/json",
                                 cxr_buf_str(b));
    }

    cxr_buf_free(b);

    return rc;
}


/* ---- lists ---- */

ngx_int_t
ngx_cx_returns_api_page(ngx_http_request_t *r, cxr_pairs_t *args,
    unsigned *limit)
{
    uint64_t   n;
    cxr_str_t  v;

    if (ngx_cx_returns_form(ngx_cx_returns_ctx(r)->arena,
                            ngx_cx_returns_str(r->args), args)
        != CXR_OK)
    {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The query is malformed.", NULL);
    }

    n = NGX_CX_RETURNS_LIST_ROWS;
    v = ngx_cx_returns_pair(args, "limit");

    if (v.len && (!cxr_parse_uint(v, NGX_CX_RETURNS_LIST_MAX, &n) || n == 0)) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "limit is a number from 1 to 200.",
                                      "?limit");
    }

    *limit = (unsigned) n;

    return NGX_DECLINED;
}


ngx_int_t
ngx_cx_returns_api_one_of(ngx_http_request_t *r, const cxr_pairs_t *args,
    const char *name, const char *const *names, int *index)
{
    cxr_str_t           v, text;
    cxr_arena_t        *a;
    const char *const  *p;

    *index = -1;
    v = ngx_cx_returns_pair(args, name);

    if (v.len == 0) {
        return NGX_DECLINED;
    }

    *index = cxr_name_index(names, v);

    if (*index >= 0) {
        return NGX_DECLINED;
    }

    /* "kind is delivery or returns." */

    a = ngx_cx_returns_ctx(r)->arena;
    text = cxr_sprintf(a, "%s is ", name);

    for (p = names; *p != NULL; p++) {
        text = cxr_sprintf(a, "%.*s%s%s", cxr_str_arg(text),
                           p == names ? "" : p[1] == NULL ? " or " : ", ", *p);
    }

    text = cxr_sprintf(a, "%.*s.%c?%s%c", cxr_str_arg(text), '\0', name,
                       '\0');

    if (text.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                  text.data,
                                  text.data + ngx_strlen(text.data) + 1);
}


/* NGX_DECLINED: it is in *at.  A time, or a day in the shop's zone: its beginning, or its end. */

static ngx_int_t
ngx_cx_returns_api_when(ngx_http_request_t *r, const cxr_pairs_t *args,
    const char *name, ngx_flag_t end, cxr_time_t *at)
{
    cxr_str_t        v, day;
    cxr_time_t       midnight;
    cxr_civil_t      c;
    const cxr_tz_t  *tz;

    v = ngx_cx_returns_pair(args, name);
    tz = ngx_cx_returns_loc(r)->shop->shop->tz;

    if (v.len == 0 || cxr_time_parse(v, at) == CXR_OK) {
        return NGX_DECLINED;
    }

    day = cxr_sprintf(ngx_cx_returns_ctx(r)->arena, "%.*sT00:00:00Z",
                      cxr_str_arg(v));

    if (cxr_time_parse(day, &midnight) == CXR_OK) {
        cxr_civil(midnight, 0, &c);
        *at = cxr_tz_instant(tz, &c);

        if (end) {
            *at = cxr_tz_end_of_day(tz, *at, 0) + 1;
        }

        return NGX_DECLINED;
    }

    return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                  "from and to are days like 2026-11-02, or "
                                  "times as in RFC 3339.",
                                  end ? "?to" : "?from");
}


ngx_int_t
ngx_cx_returns_api_range(ngx_http_request_t *r, const cxr_pairs_t *args,
    cxr_time_t *from, cxr_time_t *to)
{
    ngx_int_t  answer;

    answer = ngx_cx_returns_api_when(r, args, "from", 0, from);

    return answer == NGX_DECLINED
           ? ngx_cx_returns_api_when(r, args, "to", 1, to) : answer;
}


void
ngx_cx_returns_api_next(cxr_jw_t *w, cxr_str_t next)
{
    if (next.len) {
        cxr_jw_str(w, "next", next);

    } else {
        cxr_jw_null(w, "next");
    }
}


/* A snapshot; or, with *rd NULL, the answer that there is none. */

ngx_int_t
ngx_cx_returns_api_read(ngx_http_request_t *r, cxr_read_t **rd)
{
    if (ngx_cx_returns_read_begin(r, rd) == CXR_OK) {
        return NGX_OK;
    }

    *rd = NULL;

    return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                  "store_failed",
                                  "The store cannot be read.", NULL);
}
