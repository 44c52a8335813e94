
/*
 * The JSON API: routes, orders, products, shipments.
 */

#include "ngx_cx_returns_api.h"
#include "ngx_cx_returns_photo.h"


static ngx_int_t ngx_cx_returns_api_route(ngx_http_request_t *r,
    cxr_str_t rest);
static ngx_int_t ngx_cx_returns_api_resource(ngx_http_request_t *r,
    cxr_str_t name, ngx_int_t (*get)(ngx_http_request_t *r, cxr_str_t name),
    ngx_cx_returns_body_pt put, const char *methods);
static ngx_int_t ngx_cx_returns_api_orders(ngx_http_request_t *r,
    cxr_str_t rest);
static ngx_int_t ngx_cx_returns_api_order_get(ngx_http_request_t *r,
    cxr_str_t number);
static ngx_int_t ngx_cx_returns_api_order_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_api_order_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_api_products(ngx_http_request_t *r,
    cxr_str_t rest);
static ngx_int_t ngx_cx_returns_api_product_get(ngx_http_request_t *r,
    cxr_str_t id);
static ngx_int_t ngx_cx_returns_api_product_body(ngx_http_request_t *r,
    cxr_str_t body);
static ngx_int_t ngx_cx_returns_api_product_done(ngx_http_request_t *r,
    ngx_cx_returns_op_t *op);
static ngx_int_t ngx_cx_returns_api_shipments(ngx_http_request_t *r,
    cxr_str_t rest);


/* "orders/KG-1" -> head "orders", rest "KG-1" */

static cxr_str_t
ngx_cx_returns_api_head(cxr_str_t *rest)
{
    size_t     i;
    cxr_str_t  head;

    for (i = 0; i < rest->len && rest->data[i] != '/'; i++) { /* void */ }

    head = cxr_strn(rest->data, i);

    if (i < rest->len) {
        i++;
    }

    rest->data += i;
    rest->len -= i;

    return head;
}


ngx_int_t
ngx_cx_returns_api_handler(ngx_http_request_t *r)
{
    ngx_int_t                  rc;
    cxr_str_t                  rest, coding;
    ngx_cx_returns_ctx_t      *ctx;
    ngx_http_core_loc_conf_t  *clcf;

    ctx = ngx_cx_returns_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->machine = 1;
    rc = ngx_cx_returns_identify(r);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_FORBIDDEN, "no_actor",
                                         "Nobody is known to call: "
                                         "cx_returns_actor is empty.");
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {

        /* If-Match was about what was before; nginx's filter would hold it
           against the ETag of what is now, and tell 412 of what was done */

        r->disable_not_modified = 1;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
        && ngx_cx_returns_cross_site(r))
    {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_FORBIDDEN, "cross_site",
                                         "A browser sent this from another "
                                         "site.");
    }

    coding = ngx_cx_returns_header(r, "content-encoding");

    if (coding.len != 0 && !cxr_str_is(coding, "identity")) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                         "content_coding",
                                         "Bodies are taken as they are: send "
                                         "them without Content-Encoding.");
    }

    /* the API stands below its location */

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    rest = ngx_cx_returns_str(r->uri);

    if (rest.len < clcf->name.len
        || ngx_memcmp(rest.data, clcf->name.data, clcf->name.len) != 0)
    {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         "\"cx_returns api\" must stand in a "
                                         "prefix location.");
    }

    rest.data += clcf->name.len;
    rest.len -= clcf->name.len;

    if (rest.len && rest.data[0] == '/') {
        rest.data++;
        rest.len--;
    }

    return ngx_cx_returns_api_route(r, rest);
}


/* By the first part of the path below the API's location. */

static ngx_int_t
ngx_cx_returns_api_route(ngx_http_request_t *r, cxr_str_t rest)
{
    cxr_str_t  head;

    head = ngx_cx_returns_api_head(&rest);

    if (cxr_str_is(head, "orders")) {
        return ngx_cx_returns_api_orders(r, rest);
    }

    if (cxr_str_is(head, "products")) {
        return ngx_cx_returns_api_products(r, rest);
    }

    if (cxr_str_is(head, "rmas")) {
        return ngx_cx_returns_api_rmas(r, rest);
    }

    if (cxr_str_is(head, "shipments")) {
        return ngx_cx_returns_api_shipments(r, rest);
    }

    if (cxr_str_is(head, "codes")) {
        return ngx_cx_returns_api_codes(r, rest);
    }

    if (cxr_str_is(head, "withdrawals")) {
        return ngx_cx_returns_api_withdrawals(r, rest);
    }

    if (cxr_str_is(head, "lists")) {
        return ngx_cx_returns_api_lists(r, rest);
    }

    if (cxr_str_is(head, "surveys") && rest.len == 0) {
        return ngx_cx_returns_api_surveys(r);
    }

    if (cxr_str_is(head, "events") && rest.len == 0) {
        return ngx_cx_returns_api_events(r);
    }

    if (cxr_str_is(head, "links") && rest.len == 0) {
        return ngx_cx_returns_api_links(r);
    }

    if (cxr_str_is(head, "worklist") && rest.len == 0) {
        return ngx_cx_returns_api_worklist(r);
    }

    return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                     "The API has no such path.");
}


/* ---- orders ---- */

/* "<number>/photos" and "<number>/photos/<hash>[/small]"; a number may hold a
   '/' itself.  NGX_DECLINED: neither. */

static ngx_int_t
ngx_cx_returns_api_order_photos(ngx_http_request_t *r, cxr_str_t rest)
{
    size_t     i;
    cxr_str_t  tail, hash;

    for (i = rest.len; i > 1; i--) {

        if (rest.data[i - 1] != '/') {
            continue;
        }

        tail = cxr_strn(rest.data + i, rest.len - i);

        if (!ngx_cx_returns_api_is_photos(tail, &hash)) {
            continue;
        }

        tail = cxr_strn(rest.data, i - 1);

        return hash.len == 0
               ? ngx_cx_returns_api_photos(r, tail, CXR_STR_NONE)
               : ngx_cx_returns_api_photo(r, tail, CXR_STR_NONE, hash);
    }

    return NGX_DECLINED;
}


/* What has a name of the caller's: written whole, and read. */

static ngx_int_t
ngx_cx_returns_api_resource(ngx_http_request_t *r, cxr_str_t name,
    ngx_int_t (*get)(ngx_http_request_t *r, cxr_str_t name),
    ngx_cx_returns_body_pt put, const char *methods)
{
    ngx_int_t              rc;
    ngx_cx_returns_ctx_t  *ctx;
    ngx_cx_returns_api_t  *api;

    ctx = ngx_cx_returns_ctx(r);

    if (r->method == NGX_HTTP_PUT) {

        if (!ngx_cx_returns_api_role(r, "orders")) {
            return ngx_cx_returns_api_forbidden(r, "orders", NULL);
        }

        api = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_api_t));
        if (api == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        api->a = name;
        ctx->data = api;

        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                        put);
    }

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {

        if (!ngx_cx_returns_api_role(r, "read")) {
            return ngx_cx_returns_api_forbidden(r, "read", NULL);
        }

        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? get(r, name) : rc;
    }

    return ngx_cx_returns_not_allowed(r, "GET, HEAD, PUT", methods);
}


static ngx_int_t
ngx_cx_returns_api_orders(ngx_http_request_t *r, cxr_str_t rest)
{
    size_t     i;
    ngx_int_t  answer;

    if (rest.len == 0) {

        if (r->method != NGX_HTTP_POST) {
            return ngx_cx_returns_not_allowed(r, "POST",
                                              "Orders are posted here, one "
                                              "JSON object a line.");
        }

        if (!ngx_cx_returns_api_role(r, "orders")) {
            return ngx_cx_returns_api_forbidden(r, "orders", NULL);
        }

        if (!ngx_cx_returns_is_type(r, "application/x-ndjson")) {
            return ngx_cx_returns_api_refuse(r,
                                             NGX_HTTP_UNSUPPORTED_MEDIA_TYPE,
                                             "not_ndjson",
                                             "The Content-Type must be "
                                             "application/x-ndjson.");
        }

        if (ngx_cx_returns_store() == NULL) {
            return ngx_cx_returns_api_refuse(r,
                                             NGX_HTTP_SERVICE_UNAVAILABLE,
                                             "store_failed",
                                             "The store cannot be used.");
        }

        return ngx_cx_returns_bulk_orders(r);
    }

    /* a number may hold a '/' itself */

    for (i = rest.len; i > 0 && rest.data[i - 1] != '/'; i--) { /* void */ }

    if (i > 1
        && ngx_cx_returns_api_is_talk(cxr_strn(rest.data + i, rest.len - i)))
    {
        return ngx_cx_returns_api_talk(r, cxr_strn(rest.data, i - 1),
                                       cxr_strn(rest.data + i, rest.len - i),
                                       0);
    }

    answer = ngx_cx_returns_api_order_photos(r, rest);

    if (answer != NGX_DECLINED) {
        return answer;
    }

    return ngx_cx_returns_api_resource(r, rest, ngx_cx_returns_api_order_get,
                                       ngx_cx_returns_api_order_body,
                                       "An order takes GET and PUT.");
}


static ngx_int_t
ngx_cx_returns_api_order_get(ngx_http_request_t *r, cxr_str_t number)
{
    char                   folded[64];
    size_t                 len;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    cxr_buf_t              b;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_order_t            order;
    cxr_person_t           person;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    if (cxr_fold_number(number, folded, &len) != CXR_OK) {
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such order.", NULL);
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_order(rd, shop, cxr_strn(folded, len), ctx->arena, &order);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return ngx_cx_returns_problem(r, rc == CXR_NOTFOUND
                                         ? NGX_HTTP_NOT_FOUND
                                         : NGX_HTTP_INTERNAL_SERVER_ERROR,
                                      "not_found", "There is no such order.",
                                      NULL);
    }

    rc = cxr_read_person(rd, shop, &order, ctx->arena, &person);

    cxr_buf_init(&b, 4 * 1024 * 1024);
    cxr_jw_init(&w, &b);
    cxr_order_to_json(&order, rc == CXR_OK ? &person : NULL, &w);

    cxr_read_end(rd);

    if (ngx_cx_returns_api_etag(r, order.revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


static ngx_int_t
ngx_cx_returns_api_order_body(ngx_http_request_t *r, cxr_str_t body)
{
    char                   path[64], sent[64];
    size_t                 plen, slen;
    json_t                *json;
    cxr_rc_t               rc;
    ngx_int_t              answer;
    cxr_order_t           *order;
    cxr_person_t          *person;
    cxr_json_faults_t      faults;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_api_t  *api;

    api = ngx_cx_returns_ctx(r)->data;

    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    order = op ? cxr_calloc(op->arena, 1, sizeof(cxr_order_t)) : NULL;
    person = op ? cxr_calloc(op->arena, 1, sizeof(cxr_person_t)) : NULL;

    if (order == NULL || person == NULL) {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));

    rc = cxr_order_from_json(json, op->arena, order, person, &faults);
    json_decref(json);

    if (rc != CXR_OK) {
        return ngx_cx_returns_problem_faults(r, NGX_HTTP_BAD_REQUEST,
                                             "invalid",
                                             "The order has faults.",
                                             &faults);
    }

    if (cxr_fold_number(api->a, path, &plen) != CXR_OK
        || cxr_fold_number(order->number, sent, &slen) != CXR_OK
        || plen != slen || ngx_memcmp(path, sent, plen) != 0)
    {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST,
                                      "number_differs",
                                      "The number in the path and in the "
                                      "order must be the same.", "/number");
    }

    if (ngx_cx_returns_api_put_match(r, op, &answer) != NGX_OK) {
        return answer;
    }

    op->job.kind = CXR_CMD_ORDER_PUT;
    op->job.u.put.order = order;
    op->job.u.put.person = person;
    op->done = ngx_cx_returns_api_order_done;

    return ngx_cx_returns_api_submit(r, op);
}


static ngx_int_t
ngx_cx_returns_api_order_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_jw_t    w;
    cxr_buf_t   b;
    cxr_job_t  *job;

    job = &op->job;

    if (job->rc != CXR_OK) {
        return ngx_cx_returns_problem_job(r, job);
    }

    if (job->changed) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_ORDERS, 1);
    }

    cxr_buf_init(&b, 65536);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "number", job->u.put.order->number);
    cxr_jw_strz(&w, "status", job->created ? "created"
                              : job->changed ? "changed" : "unchanged");
    cxr_jw_int(&w, "revision", job->revision);
    cxr_jw_close(&w);

    if (ngx_cx_returns_api_etag(r, job->revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, job->created ? NGX_HTTP_CREATED
                                                   : NGX_HTTP_OK, &b);
}


/* ---- products ---- */

static ngx_int_t
ngx_cx_returns_api_products(ngx_http_request_t *r, cxr_str_t rest)
{
    if (rest.len == 0) {
        return ngx_cx_returns_api_refuse(r, NGX_HTTP_NOT_FOUND, "not_found",
                                         "A product is named in the path.");
    }

    return ngx_cx_returns_api_resource(r, rest, ngx_cx_returns_api_product_get,
                                       ngx_cx_returns_api_product_body,
                                       "A product takes GET and PUT.");
}


static ngx_int_t
ngx_cx_returns_api_product_get(ngx_http_request_t *r, cxr_str_t id)
{
    cxr_rc_t               rc;
    cxr_jw_t               w;
    cxr_buf_t              b;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_product_t          product;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_product(rd, ngx_cx_returns_loc(r)->shop->shop, id,
                          ctx->arena, &product);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return rc == CXR_NOTFOUND || rc == CXR_LIMIT
               ? ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                        "There is no such product.", NULL)
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, 1024 * 1024);
    cxr_jw_init(&w, &b);
    cxr_rec_json(&cxr_product_type, &product, NULL, 0, &w);

    cxr_read_end(rd);

    if (ngx_cx_returns_api_etag(r, product.revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}


static ngx_int_t
ngx_cx_returns_api_product_body(ngx_http_request_t *r, cxr_str_t body)
{
    json_t                *json;
    cxr_rc_t               rc;
    ngx_int_t              answer;
    cxr_product_t         *product;
    cxr_json_faults_t      faults;
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_api_t  *api;

    api = ngx_cx_returns_ctx(r)->data;

    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    op = ngx_cx_returns_op_create(r);
    product = op ? cxr_calloc(op->arena, 1, sizeof(cxr_product_t)) : NULL;

    if (product == NULL) {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));

    rc = cxr_product_from_json(json, op->arena, product, &faults);
    json_decref(json);

    if (rc != CXR_OK) {
        return ngx_cx_returns_problem_faults(r, NGX_HTTP_BAD_REQUEST,
                                             "invalid",
                                             "The product has faults.",
                                             &faults);
    }

    if (!cxr_str_eq(product->id, api->a)) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "id_differs",
                                      "The id in the path and in the product "
                                      "must be the same.", "/id");
    }

    if (ngx_cx_returns_api_put_match(r, op, &answer) != NGX_OK) {
        return answer;
    }

    op->job.kind = CXR_CMD_PRODUCT_PUT;
    op->job.u.product = product;
    op->done = ngx_cx_returns_api_product_done;

    return ngx_cx_returns_api_submit(r, op);
}


static ngx_int_t
ngx_cx_returns_api_product_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op)
{
    cxr_jw_t   w;
    cxr_buf_t  b;

    if (op->job.rc != CXR_OK) {
        return ngx_cx_returns_problem_job(r, &op->job);
    }

    cxr_buf_init(&b, 65536);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "id", op->job.u.product->id);
    cxr_jw_strz(&w, "status", op->job.created ? "created"
                              : op->job.changed ? "changed" : "unchanged");
    cxr_jw_int(&w, "revision", op->job.revision);
    cxr_jw_close(&w);

    if (ngx_cx_returns_api_etag(r, op->job.revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, op->job.created ? NGX_HTTP_CREATED
                                                      : NGX_HTTP_OK, &b);
}


/* ---- shipments ---- */

static ngx_int_t
ngx_cx_returns_api_shipments(ngx_http_request_t *r, cxr_str_t rest)
{
    char                   folded[64];
    size_t                 len;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    cxr_buf_t              b;
    cxr_str_t              carrier;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_shipment_t         ship;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD",
                                          "A shipment takes GET.");
    }

    if (!ngx_cx_returns_api_role(r, "read")) {
        return ngx_cx_returns_api_forbidden(r, "read", NULL);
    }

    answer = ngx_http_discard_request_body(r);

    if (answer != NGX_OK) {
        return answer;
    }

    carrier = ngx_cx_returns_api_head(&rest);

    if (cxr_fold_tracking(rest, folded, &len) != CXR_OK) {
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such shipment.", NULL);
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = cxr_read_shipment(rd, ngx_cx_returns_loc(r)->shop->shop, carrier,
                           cxr_strn(folded, len), ctx->arena, &ship);

    if (rc != CXR_OK) {
        cxr_read_end(rd);
        return rc == CXR_NOTFOUND || rc == CXR_LIMIT
               ? ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                        "There is no such shipment.", NULL)
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, 4 * 1024 * 1024);
    cxr_jw_init(&w, &b);
    cxr_rec_json(&cxr_shipment_type, &ship, NULL, 0, &w);

    cxr_read_end(rd);

    if (ngx_cx_returns_api_etag(r, ship.revision) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
}
