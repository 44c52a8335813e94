
/*
 * The carrier's label that "label.requested" asks the shop for:
 *
 *   POST /rmas/<rma>/label     {"url", "carrier", "number", "expires"}, or the
 *                              PDF or PNG itself, the rest in the query
 *   GET  /rmas/<rma>/label     the file, for the shop's mailer
 *   GET  <RMA's page>/carrier-label.pdf, .png
 *
 * A file is looked at, written and synced in a task before the command that
 * names it; the one that it takes the place of is erased after the commit.  Files
 * that no commit named are the sweep's.
 */

#include "ngx_cx_returns_api.h"
#include "ngx_cx_returns_photo.h"
#include "cxr_label_file.h"
#include "cxr_photo.h"


#define NGX_CX_RETURNS_LABEL_BYTES      (2 * 1024 * 1024)
#define NGX_CX_RETURNS_LABEL_BYTES_MIN  (16 * 1024)
#define NGX_CX_RETURNS_LABEL_BYTES_MAX  (16 * 1024 * 1024)


/* one request that brings a file */
typedef struct {
    const char           *dir;
    cxr_arena_t          *arena;
    cxr_str_t             scope;
    cxr_store_t          *store;
    const cxr_shop_t     *shop;
    cxr_str_t             bytes;
    cxr_label_file_t      kind;
    cxr_str_t             had;        /* name of the file that is there       */
    uint8_t               had_kind;
    cxr_rma_supply_t     *cmd;
    uint8_t               secret[CXR_SECRET_LEN];
    uint8_t               digest[CXR_HASH_LEN];
    bool                  fresh;      /* it was written, and is nobody's yet  */
    const char           *what;       /* is wrong with it                     */
    cxr_rc_t              rc;
    ngx_cx_returns_op_t  *op;
} ngx_cx_returns_supply_t;

/* a file that nothing names any more, unless another request's command does */
typedef struct {
    const char               *dir;
    cxr_store_t              *store;
    const cxr_shop_t         *shop;
    cxr_str_t                 rma;
    cxr_str_t                 gone;   /* empty: none                          */
    ngx_cx_returns_supply_t  *kept;   /* whose file is to be there now        */
    ngx_cx_returns_op_t      *op;
} ngx_cx_returns_drop_t;


static ngx_int_t ngx_cx_returns_supply_json(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_supply_file(ngx_http_request_t *r,
    cxr_str_t body);
static void ngx_cx_returns_supply_work(void *data);
static ngx_int_t ngx_cx_returns_supply_kept(ngx_http_request_t *r, void *data);
static ngx_int_t ngx_cx_returns_supply_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


static const char *const  ngx_cx_returns_label_types[] = {
    NULL, "application/pdf", "image/png"
};


/* cx_returns_labels <dir> [max_size=2m]; */

char *
ngx_cx_returns_set_labels(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    ssize_t     size;
    ngx_str_t  *value, s;

    if (mcf->labels.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->label_size = NGX_CX_RETURNS_LABEL_BYTES;

    if (ngx_cx_returns_files_dir(cf, &value[1], &mcf->labels) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    size = NGX_ERROR;

    if (ngx_strncmp(value[2].data, "max_size=", 9) == 0) {
        s.data = value[2].data + 9;
        s.len = value[2].len - 9;
        size = ngx_parse_size(&s);
    }

    if (size < NGX_CX_RETURNS_LABEL_BYTES_MIN
        || size > NGX_CX_RETURNS_LABEL_BYTES_MAX)
    {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\": \"cx_returns_labels\" takes a "
                           "directory and max_size=, of one label, from 16k "
                           "to 16m", &value[2]);
        return NGX_CONF_ERROR;
    }

    mcf->label_size = (size_t) size;

    return NGX_CONF_OK;
}


/* ---- POST ---- */

ngx_int_t
ngx_cx_returns_label_post(ngx_http_request_t *r)
{
    if (!ngx_cx_returns_is_type(r, "application/pdf")
        && !ngx_cx_returns_is_type(r, "image/png"))
    {
        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                        ngx_cx_returns_supply_json);
    }

    if (ngx_cx_returns_main(r)->labels.len == 0) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                         "no_files",
                                         "No files are taken: "
                                         "cx_returns_labels is not set. Send "
                                         "JSON with the label's URL.");
    }

    ngx_cx_returns_ctx(r)->files = 1;

    return ngx_cx_returns_read_body(r, ngx_cx_returns_main(r)->label_size,
                                    ngx_cx_returns_supply_file);
}


/* The command with its RMA; NULL: *answer. */

static ngx_cx_returns_op_t *
ngx_cx_returns_supply_op(ngx_http_request_t *r, cxr_rma_supply_t **cmd,
    ngx_int_t *answer)
{
    ngx_cx_returns_op_t  *op;

    op = ngx_cx_returns_op_create(r);
    *cmd = op ? cxr_calloc(op->arena, 1, sizeof(cxr_rma_supply_t)) : NULL;

    if (*cmd == NULL) {
        *answer = NGX_HTTP_INTERNAL_SERVER_ERROR;
        return NULL;
    }

    if (ngx_cx_returns_api_rma_id(r, op->arena, &(*cmd)->rma, answer)
        != NGX_OK)
    {
        return NULL;
    }

    op->job.kind = CXR_CMD_RMA_SUPPLY;
    op->job.u.supply = *cmd;
    op->done = ngx_cx_returns_supply_done;

    return op;
}


/* "carrier", "number", "expires": beside a URL, or beside a file. */

static ngx_int_t
ngx_cx_returns_supply_rest(cxr_jr_t *jr, ngx_cx_returns_op_t *op,
    cxr_rma_supply_t *cmd)
{
    ngx_int_t  rc;

    (void) cxr_jr_slug(jr, "carrier", CXR_CARRIER_MAX, 0, &cmd->carrier);
    (void) cxr_jr_time(jr, "expires", 0, &cmd->until);

    rc = ngx_cx_returns_api_tracking(jr, op->arena, 0, &cmd->number);

    if ((cmd->number.len == 0) != (cmd->carrier.len == 0)) {
        cxr_jr_fault(jr, cmd->number.len ? "carrier" : "number",
                     "carrier and number come together");
    }

    (void) cxr_jr_end(jr);

    return rc;
}


static ngx_int_t
ngx_cx_returns_supply_json(ngx_http_request_t *r, cxr_str_t body)
{
    json_t               *json;
    cxr_jr_t              jr;
    ngx_int_t             rc, answer;
    cxr_rma_supply_t     *cmd;
    cxr_json_faults_t     faults;
    ngx_cx_returns_op_t  *op;

    op = ngx_cx_returns_supply_op(r, &cmd, &answer);

    if (op == NULL) {
        return answer;
    }

    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));
    rc = NGX_OK;

    if (cxr_jr_begin(&jr, json, "", op->arena, &faults)) {
        if (cxr_jr_line(&jr, "url", CXR_CARRIER_LABEL_URL, CXR_JR_REQUIRED,
                        &cmd->url)
            && !cxr_is_label_url(cmd->url))
        {
            cxr_jr_fault(&jr, "url", "must be a URL that begins with "
                         "https://");
        }

        rc = ngx_cx_returns_supply_rest(&jr, op, cmd);
    }

    json_decref(json);

    return rc == NGX_OK ? ngx_cx_returns_api_change(r, body, op, &faults)
                        : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* The query, read as the same members of an object are. */

static ngx_int_t
ngx_cx_returns_supply_query(ngx_http_request_t *r, ngx_cx_returns_op_t *op,
    cxr_rma_supply_t *cmd, cxr_json_faults_t *faults)
{
    json_t       *json;
    uint32_t      i;
    cxr_jr_t      jr;
    cxr_str_t    *value;
    ngx_int_t     rc;
    cxr_pairs_t   args;

    ngx_memzero(faults, sizeof(cxr_json_faults_t));

    if (ngx_cx_returns_form(op->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        return NGX_DECLINED;
    }

    json = json_object();

    if (json == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < args.n; i++) {
        value = &args.items[i].value;

        if (json_object_setn_new(json, args.items[i].name.data,
                                 args.items[i].name.len,
                                 json_stringn(value->len ? value->data : "",
                                              value->len))
            != 0)
        {
            json_decref(json);               /* no UTF-8, most likely */
            return NGX_DECLINED;
        }
    }

    rc = cxr_jr_begin(&jr, json, "", op->arena, faults)
         ? ngx_cx_returns_supply_rest(&jr, op, cmd) : NGX_OK;

    json_decref(json);

    return rc;
}


/* What is there already, so that the same file is not written again. */

static ngx_int_t
ngx_cx_returns_supply_had(ngx_http_request_t *r, ngx_cx_returns_supply_t *s,
    ngx_int_t *answer)
{
    cxr_rc_t     rc;
    cxr_rma_t    rma;
    cxr_read_t  *rd;

    *answer = ngx_cx_returns_api_read(r, &rd);

    if (*answer != NGX_OK || rd == NULL) {
        return NGX_DECLINED;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, s->cmd->rma,
                      s->arena, &rma);

    if (rc == CXR_OK) {
        s->had_kind = rma.carrier_label_kind;
        rc = cxr_str_dup(s->arena, rma.carrier_label_hash, &s->had);
    }

    s->store = ngx_cx_returns_store();
    s->shop = ngx_cx_returns_loc(r)->shop->shop;

    if (rc == CXR_OK) {
        s->scope = ngx_cx_returns_photo_scope(r, rma.order, rma.id);
        rc = s->scope.data ? CXR_OK : CXR_NOMEM;
    }

    cxr_read_end(rd);

    if (rc == CXR_OK) {
        return NGX_OK;
    }

    *answer = rc == CXR_NOTFOUND
              ? ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                       "There is no such RMA.", NULL)
              : NGX_HTTP_INTERNAL_SERVER_ERROR;

    return NGX_DECLINED;
}


static ngx_int_t
ngx_cx_returns_supply_file(ngx_http_request_t *r, cxr_str_t body)
{
    ngx_int_t                 rc, answer;
    cxr_json_faults_t         faults;
    ngx_cx_returns_supply_t  *s;

    s = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_supply_t));
    if (s == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    s->op = ngx_cx_returns_supply_op(r, &s->cmd, &answer);

    if (s->op == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_supply_query(r, s->op, s->cmd, &faults);

    if (rc == NGX_DECLINED) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The query cannot be read.", NULL);
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (faults.total) {
        return ngx_cx_returns_api_faults(r, &faults);
    }

    s->arena = s->op->arena;
    s->dir = (const char *) ngx_cx_returns_main(r)->labels.data;
    s->bytes = body;
    s->kind = cxr_label_file_kind(body);
    s->op->data = s;

    if (ngx_cx_returns_supply_had(r, s, &answer) != NGX_OK) {
        return answer;
    }

    rc = ngx_cx_returns_task(r, ngx_cx_returns_supply_work,
                             ngx_cx_returns_supply_kept, s);

    return rc == NGX_ERROR
           ? ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
                                    "Too much waits; try again.", NULL)
           : rc;
}


/* in a thread of the pool */

static void
ngx_cx_returns_supply_work(void *data)
{
    ngx_cx_returns_supply_t  *s = data;

    s->rc = cxr_label_file_check(s->bytes, s->kind, &s->what);

    if (s->rc != CXR_OK) {
        return;
    }

    s->cmd->kind = (uint8_t) s->kind;
    s->cmd->size = (uint32_t) s->bytes.len;

    cxr_hash(s->digest, sizeof(s->digest), s->bytes.data, s->bytes.len, NULL,
             0);

    cxr_file_secret(s->store, s->shop, CXR_STR_NONE, s->cmd->rma, s->secret);

    if (s->had.len != 0 && s->had_kind == s->kind
        && cxr_label_file_same(s->dir, s->had, s->kind, s->bytes))
    {
        s->cmd->hash = s->had;
        return;
    }

    s->rc = cxr_label_file_keep(s->dir, s->secret, s->scope, s->bytes, s->kind,
                                s->arena, &s->cmd->hash);
    s->fresh = s->rc == CXR_OK;
}


static ngx_int_t
ngx_cx_returns_supply_take(ngx_http_request_t *r, ngx_cx_returns_supply_t *s)
{
    char               *detail, *text;
    size_t              n;
    cxr_buf_t           said;
    cxr_json_faults_t   none;

    switch (s->rc) {

    case CXR_OK:
        break;

    case CXR_INVALID:
    case CXR_LIMIT:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);

        detail = ngx_pcalloc(r->pool, 200);
        if (detail == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        ngx_snprintf((u_char *) detail, 199, "The file is no label: %s.",
                     s->what ? s->what : "");

        return ngx_cx_returns_problem(r, 422, "not_a_label", detail, NULL);

    default:
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: a label could not be kept in \"%s\": %s",
                      s->dir, cxr_rc_name(s->rc));

        return ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                      "label_away",
                                      "The label could not be written; "
                                      "nothing was changed. Try again.", NULL);
    }

    /* what was asked, for Idempotency-Key: not all of the file once more */

    n = 2 * sizeof(s->digest) + r->args.len;
    text = ngx_pnalloc(r->pool, n);

    if (text == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init_fixed(&said, text, n);
    cxr_buf_hex(&said, s->digest, sizeof(s->digest));
    cxr_buf_add(&said, r->args.data, r->args.len);

    ngx_memzero(&none, sizeof(cxr_json_faults_t));

    return ngx_cx_returns_api_change(r, cxr_buf_str(&said), s->op, &none);
}


static ngx_int_t
ngx_cx_returns_supply_kept(ngx_http_request_t *r, void *data)
{
    ngx_int_t  rc;

    rc = ngx_cx_returns_supply_take(r, data);

    /* see ngx_cx_returns_upload_done() */

    if (rc != NGX_DONE) {
        r->main->count--;
    }

    return rc;
}


/* ---- afterwards ---- */

/*
 * In a thread of the pool; what stays behind is the sweep's.  Who sends a file
 * twice at once, since no answer came in time, has two requests with one name for
 * it: what the first has committed is not the second's to erase.  And where one
 * request brings the file that another one replaces, it may have gone meanwhile.
 */

static void
ngx_cx_returns_drop_work(void *data)
{
    cxr_rc_t                  rc;
    cxr_rma_t                 rma;
    cxr_str_t                 hash;
    cxr_read_t               *rd;
    ngx_cx_returns_drop_t    *d = data;
    ngx_cx_returns_supply_t  *s = d->kept;

    if (s != NULL
        && !cxr_label_file_same(s->dir, s->cmd->hash, s->kind, s->bytes))
    {
        (void) cxr_label_file_keep(s->dir, s->secret, s->scope, s->bytes,
                                   s->kind, d->op->arena, &hash);
    }

    if (d->gone.len == 0 || cxr_read_begin(d->store, &rd) != CXR_OK) {
        return;
    }

    rc = cxr_read_rma(rd, d->shop, d->rma, d->op->arena, &rma);

    if (rc == CXR_NOTFOUND
        || (rc == CXR_OK && !cxr_str_eq(rma.carrier_label_hash, d->gone)))
    {
        (void) cxr_label_file_forget(d->dir, d->gone);
    }

    cxr_read_end(rd);
}


static ngx_int_t
ngx_cx_returns_drop_done(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_drop_t  *d = data;

    return ngx_cx_returns_rma_done(r, d->op);
}


static ngx_int_t
ngx_cx_returns_supply_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    ngx_cx_returns_drop_t    *d;
    ngx_cx_returns_supply_t  *s;

    s = op->data;

    if (ngx_cx_returns_main(r)->labels.len == 0) {
        return ngx_cx_returns_rma_done(r, op);
    }

    d = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_drop_t));
    if (d == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    d->op = op;
    d->dir = (const char *) ngx_cx_returns_main(r)->labels.data;
    d->store = ngx_cx_returns_store();
    d->shop = ngx_cx_returns_loc(r)->shop->shop;
    d->rma = op->job.u.supply->rma;

    if (op->job.rc == CXR_OK && op->job.changed && !op->job.repeated) {
        d->gone = op->job.gone;
        d->kept = s;

    } else if (s != NULL && s->fresh) {

        /* nothing names it, whatever is wrong; but what is not known may */

        if (op->job.rc == CXR_OK || op->job.rc == CXR_REFUSED
            || op->job.rc == CXR_CONFLICT || op->job.rc == CXR_NOTFOUND)
        {
            d->gone = s->cmd->hash;
        }
    }

    return (d->gone.len != 0 || d->kept != NULL) && d->store != NULL
           && ngx_cx_returns_task(r, ngx_cx_returns_drop_work,
                                  ngx_cx_returns_drop_done, d)
              == NGX_DONE
           ? NGX_DONE : ngx_cx_returns_rma_done(r, op);
}


/* ---- GET ---- */

/* The RMA's label as it may be had now: NGX_DECLINED: there is none. */

static ngx_int_t
ngx_cx_returns_label_stored(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_str_t id, cxr_rma_t *rma, char **path)
{
    cxr_rc_t  rc;

    *path = NULL;

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, id,
                      ngx_cx_returns_ctx(r)->arena, rma);

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? NGX_DECLINED : NGX_ERROR;
    }

    if (rma->carrier_label_hash.len == 0 || rma->cancelled || rma->expired
        || ngx_cx_returns_main(r)->labels.len == 0)
    {
        return NGX_DECLINED;
    }

    *path = cxr_label_file_path((char *) ngx_cx_returns_main(r)->labels.data,
                                rma->carrier_label_hash,
                                (cxr_label_file_t) rma->carrier_label_kind,
                                ngx_cx_returns_ctx(r)->arena);

    return *path != NULL ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cx_returns_label_give(ngx_http_request_t *r, const cxr_rma_t *rma,
    char *path)
{
    ngx_int_t              rc;
    ngx_str_t              name;
    ngx_open_file_info_t   of;

    rc = ngx_cx_returns_stored_open(r, path, &name, &of);

    return rc == NGX_OK
           ? ngx_cx_returns_stored_send(r, &name, &of,
                 ngx_cx_returns_label_types[rma->carrier_label_kind],
                 cxr_sprintf(ngx_cx_returns_ctx(r)->arena,
                             "attachment; filename=\"%.*s.%s\"",
                             cxr_str_arg(rma->id),
                             cxr_label_file_names[rma->carrier_label_kind]))
           : rc;
}


ngx_int_t
ngx_cx_returns_label_get(ngx_http_request_t *r)
{
    char        *path;
    ngx_int_t    rc, answer;
    cxr_str_t    id;
    cxr_rma_t    rma;
    cxr_read_t  *rd;

    if (ngx_cx_returns_api_rma_id(r, ngx_cx_returns_ctx(r)->arena, &id,
                                  &answer)
        != NGX_OK)
    {
        return answer;
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_label_stored(r, rd, id, &rma, &path);

    /* the number stands in the map */

    if (rc == NGX_OK) {
        rc = ngx_cx_returns_label_give(r, &rma, path);
    }

    cxr_read_end(rd);

    return rc == NGX_DECLINED
           ? ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                    "The RMA has no label of a carrier's that "
                                    "is a file.", NULL)
           : rc == NGX_ERROR && !r->header_sent
             ? NGX_HTTP_INTERNAL_SERVER_ERROR : rc;
}


ngx_int_t
ngx_cx_returns_carrier_label(ngx_http_request_t *r, cxr_str_t url,
    cxr_str_t id)
{
    char        *path;
    ngx_int_t    rc, answer;
    cxr_rma_t    rma;
    cxr_read_t  *rd;

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_label_stored(r, rd, id, &rma, &path);

    if (rc == NGX_OK && rma.label_expires != CXR_TIME_NONE
        && rma.label_expires < ngx_cx_returns_now())
    {
        rc = NGX_DECLINED;
    }

    if (rc == NGX_OK) {
        rc = ngx_cx_returns_label_give(r, &rma, path);
    }

    cxr_read_end(rd);

    /* replaced, used up or erased: the RMA's page says what there is */

    return rc == NGX_DECLINED ? ngx_cx_returns_page_redirect(r, url, "")
           : rc == NGX_ERROR && !r->header_sent
             ? ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN) : rc;
}
