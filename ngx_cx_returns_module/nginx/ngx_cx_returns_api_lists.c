
/*
 * /api/v1/lists: lists of people that rules ask for.  Who stands on one is told
 * and taken in bodies alone: what is in a URL gets into logs.
 */

#include "ngx_cx_returns_api.h"

#include "cxr_store_lists.h"


#define NGX_CX_RETURNS_LISTS_JSON  (1024 * 1024)


static ngx_int_t ngx_cx_returns_lists_all(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_lists_one(ngx_http_request_t *r,
    const cxr_people_t *list);
static ngx_int_t ngx_cx_returns_lists_change(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_lists_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);


ngx_int_t
ngx_cx_returns_api_lists(ngx_http_request_t *r, cxr_str_t rest)
{
    ngx_int_t              rc;
    ngx_uint_t             get;
    const char            *role;
    const cxr_people_t    *list;
    ngx_cx_returns_ctx_t  *ctx;
    ngx_cx_returns_api_t  *api;

    ctx = ngx_cx_returns_ctx(r);
    get = (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) != 0;
    role = get ? "read" : "approve";

    if (!ngx_cx_returns_api_role(r, role)) {
        return ngx_cx_returns_api_forbidden(r, role, NULL);
    }

    list = rest.len ? cxr_list_named(&ngx_cx_returns_loc(r)->shop->shop->policy,
                                     rest)
                    : NULL;

    if (rest.len != 0 && list == NULL) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         "The shop's file has no such list "
                                         "with \"api\": true.");
    }

    if (!get && (list == NULL || r->method != NGX_HTTP_PATCH)) {
        return ngx_cx_returns_not_allowed(r, list ? "GET, HEAD, PATCH"
                                                  : "GET, HEAD",
                                          "Lists of people take GET, one of "
                                          "them PATCH too.");
    }

    if (!get) {
        api = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_api_t));
        if (api == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        api->a = list->name;
        ctx->data = api;

        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                        ngx_cx_returns_lists_change);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    return list ? ngx_cx_returns_lists_one(r, list)
                : ngx_cx_returns_lists_all(r);
}


/* ---- reading ---- */

static ngx_int_t
ngx_cx_returns_lists_all(ngx_http_request_t *r)
{
    uint32_t               i, n, revision;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    cxr_buf_t              b;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    const cxr_shop_t      *shop;
    const cxr_people_t    *list;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = CXR_OK;
    cxr_buf_init(&b, NGX_CX_RETURNS_LISTS_JSON);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "lists", '[');

    for (i = 0; rc == CXR_OK && i < shop->policy.people.n; i++) {
        list = &shop->policy.people.items[i];
        n = 0;
        revision = 0;

        if (list->api) {
            rc = cxr_read_list_sum(rd, shop, list->name, ctx->arena, &n,
                                   &revision);
        }

        cxr_jw_open(&w, NULL, '{');
        cxr_jw_str(&w, "list", list->name);
        cxr_jw_bool(&w, "api", list->api);
        cxr_jw_uint(&w, "entries", n);
        cxr_jw_uint(&w, "in_file", list->items.n);
        cxr_jw_uint(&w, "revision", revision);
        cxr_jw_close(&w);
    }

    cxr_jw_close(&w);
    cxr_jw_close(&w);
    cxr_read_end(rd);

    if (rc == CXR_OK) {
        return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
    }

    cxr_buf_free(&b);

    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


static void
ngx_cx_returns_lists_entry(cxr_jw_t *w, const cxr_list_entry_t *e)
{
    cxr_jw_open(w, NULL, '{');
    cxr_jw_str(w, "id", e->id);

    if (e->erased) {
        cxr_jw_null(w, "customer");

    } else {
        cxr_jw_str(w, "customer", e->who.customer);
    }

    if (e->erased || e->who.why.len == 0) {
        cxr_jw_null(w, "why");

    } else {
        cxr_jw_str(w, "why", e->who.why);
    }

    cxr_jw_time(w, "at", e->at);
    cxr_jw_str(w, "by", e->by);
    cxr_jw_close(w);
}


static ngx_int_t
ngx_cx_returns_lists_one(ngx_http_request_t *r, const cxr_people_t *list)
{
    uint32_t               i, n, revision;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    unsigned               limit;
    cxr_buf_t              b;
    cxr_str_t              next;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_pairs_t            args;
    const cxr_shop_t      *shop;
    cxr_list_entries_t     entries;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    answer = ngx_cx_returns_api_page(r, &args, &limit);

    if (answer != NGX_DECLINED) {
        return answer;
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_list_sum(rd, shop, list->name, ctx->arena, &n, &revision);

    if (rc == CXR_OK) {
        rc = cxr_read_list(rd, shop, list->name,
                           ngx_cx_returns_pair(&args, "cursor"), limit,
                           ctx->arena, &entries, &next);
    }

    if (rc != CXR_OK) {
        cxr_read_end(rd);

        return rc == CXR_INVALID
               ? ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_cursor",
                                        "The cursor is none of ours.",
                                        "?cursor")
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, NGX_CX_RETURNS_LISTS_JSON);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "list", list->name);
    cxr_jw_uint(&w, "revision", revision);
    cxr_jw_open(&w, "entries", '[');

    for (i = 0; i < entries.n; i++) {
        ngx_cx_returns_lists_entry(&w, &entries.items[i]);
    }

    cxr_jw_close(&w);
    ngx_cx_returns_api_next(&w, next);
    cxr_jw_close(&w);
    cxr_read_end(rd);

    if (revision != 0 && ngx_cx_returns_api_etag(r, revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


/* ---- changing ---- */

/* {"customer": "ayse@example.com", "why": "..."}; to be taken off, by its id or
   by what it says */

static ngx_int_t
ngx_cx_returns_lists_item(cxr_jr_t *jr, cxr_arena_t *a, cxr_list_in_t *in)
{
    char         item[CXR_PEOPLE_ITEM_MAX];
    size_t       len;
    const char  *what;

    if (!cxr_jr_line(jr, "customer", CXR_LIST_CUSTOMER_MAX, 0,
                     &in->who.customer)
        || in->who.customer.len == 0)
    {
        return NGX_OK;
    }

    what = cxr_people_item(in->who.customer, item, &len);

    if (what != NULL) {
        cxr_jr_fault(jr, "customer", "%s", what);
        return NGX_OK;
    }

    return cxr_str_dup(a, cxr_strn(item, len), &in->item) == CXR_OK
           ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_cx_returns_lists_add(json_t *json, cxr_arena_t *a,
    cxr_json_faults_t *faults, cxr_list_ask_t *ask)
{
    char            path[32];
    size_t          i;
    cxr_jr_t        jr;
    cxr_list_in_t  *in;

    for (i = 0; i < json_array_size(json); i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "/add/%uz%Z", i);

        if (!cxr_jr_begin(&jr, json_array_get(json, i), path, a, faults)) {
            continue;
        }

        in = cxr_list_push(a, &ask->add, sizeof(*in));

        if (in == NULL || ngx_cx_returns_lists_item(&jr, a, in) != NGX_OK) {
            return NGX_ERROR;
        }

        if (in->who.customer.len == 0 && json_object_get(jr.obj, "customer")
            == NULL)
        {
            cxr_jr_fault(&jr, "customer", "is missing");
        }

        (void) cxr_jr_line(&jr, "why", CXR_LIST_WHY_MAX, 0, &in->who.why);
        (void) cxr_jr_end(&jr);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_lists_remove(json_t *json, cxr_arena_t *a,
    cxr_json_faults_t *faults, cxr_list_ask_t *ask)
{
    char           path[32];
    size_t         i;
    cxr_jr_t       jr;
    cxr_str_t      id, *to;
    cxr_list_in_t  in;

    for (i = 0; i < json_array_size(json); i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "/remove/%uz%Z", i);

        if (!cxr_jr_begin(&jr, json_array_get(json, i), path, a, faults)) {
            continue;
        }

        id = CXR_STR_NONE;
        ngx_memzero(&in, sizeof(in));
        (void) cxr_jr_line(&jr, "id", CXR_LIST_ID_LEN, 0, &id);

        if (ngx_cx_returns_lists_item(&jr, a, &in) != NGX_OK) {
            return NGX_ERROR;
        }

        (void) cxr_jr_end(&jr);

        if ((id.len != 0) == (in.who.customer.len != 0)) {
            cxr_jr_fault(&jr, NULL, "must have either an \"id\" or a "
                         "\"customer\"");

        } else if (id.len != 0 && !cxr_is_list_id(id)) {
            cxr_jr_fault(&jr, "id", "must be an entry's id");
        }

        to = id.len != 0 ? cxr_list_push(a, &ask->ids, sizeof(*to))
                         : cxr_list_push(a, &ask->items, sizeof(*to));
        if (to == NULL) {
            return NGX_ERROR;
        }

        *to = id.len != 0 ? id : in.item;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_lists_change(ngx_http_request_t *r, cxr_str_t body)
{
    json_t                *json, *add, *off;
    cxr_jr_t               jr;
    ngx_int_t              answer, rc;
    cxr_list_ask_t        *ask;
    cxr_json_faults_t      faults;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_api_t  *api;

    api = ngx_cx_returns_ctx(r)->data;
    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    ask = op ? cxr_calloc(op->arena, 1, sizeof(cxr_list_ask_t)) : NULL;

    if (ask == NULL
        || cxr_str_dup(op->arena, api->a, &ask->list) != CXR_OK)
    {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));
    add = NULL;
    off = NULL;
    rc = NGX_OK;

    if (cxr_jr_begin(&jr, json, "", op->arena, &faults)) {
        (void) cxr_jr_array(&jr, "add", CXR_LIST_CHANGES_MAX, 0, &add);
        (void) cxr_jr_array(&jr, "remove", CXR_LIST_CHANGES_MAX, 0, &off);
        (void) cxr_jr_end(&jr);

        rc = ngx_cx_returns_lists_add(add, op->arena, &faults, ask);

        if (rc == NGX_OK) {
            rc = ngx_cx_returns_lists_remove(off, op->arena, &faults, ask);
        }
    }

    json_decref(json);

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    op->job.kind = CXR_CMD_LIST_CHANGE;
    op->job.u.list = ask;
    op->done = ngx_cx_returns_lists_done;

    return ngx_cx_returns_api_change(r, body, op, &faults);
}


static ngx_int_t
ngx_cx_returns_lists_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_jw_t   w;
    cxr_buf_t  b;

    if (op->job.rc != CXR_OK) {
        return ngx_cx_returns_problem_job(r, &op->job);
    }

    cxr_buf_init(&b, 4096);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "list", op->job.id);
    cxr_jw_strz(&w, "status", op->job.changed ? "changed" : "unchanged");
    cxr_jw_uint(&w, "revision", op->job.revision);
    cxr_jw_close(&w);

    if ((op->job.revision != 0
         && ngx_cx_returns_api_etag(r, op->job.revision) != NGX_OK)
        || (op->job.repeated
            && ngx_cx_returns_add_header(r, "Idempotent-Replay",
                                         cxr_str("true")) != NGX_OK))
    {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}
