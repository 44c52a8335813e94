
/*
 * GET /api/v1/events: the journal as the shop's systems follow it, one JSON
 * object a line.  "?wait=" holds the answer until there is something to tell.
 * POST /api/v1/links: capability links for the shop's own mails.
 */

#include "ngx_cx_returns_api.h"
#include "ngx_cx_returns_shopper.h"
#include "cxr_barcode.h"


#define NGX_CX_RETURNS_EVENTS_MAX      1000
#define NGX_CX_RETURNS_EVENTS_WAIT     60      /* seconds                      */
#define NGX_CX_RETURNS_EVENTS_POLL     200     /* ms between looks             */
#define NGX_CX_RETURNS_EVENTS_RMA      (4 * 1024 * 1024)   /* what one takes   */
#define NGX_CX_RETURNS_LINK_DAYS_MAX   730
#define NGX_CX_RETURNS_LINK_DAYS_GIFT  365     /* it may lie for months        */


typedef struct {
    ngx_http_request_t  *request;
    ngx_event_t          timer;
    ngx_msec_t           until;
    uint64_t             after;
    unsigned             limit;
} ngx_cx_returns_events_t;


/* a link that is asked for */
typedef struct {
    unsigned    purpose;      /* into ngx_cx_returns_purposes[]                */
    int64_t     days;         /* 0: the shop's                                 */
    cxr_str_t   prefix;       /* "/tr", or empty: by Accept-Language           */
    bool        qr;           /* also as a QR code                             */
    cxr_link_t  link;

    /* what is answered */
    cxr_arena_t  *arena;
    cxr_str_t     url;
    cxr_str_t     svg;
    cxr_rc_t      rc;
} ngx_cx_returns_link_ask_t;


static ngx_int_t ngx_cx_returns_events_answer(ngx_http_request_t *r,
    ngx_cx_returns_events_t *e, ngx_uint_t may_wait);
static cxr_rc_t ngx_cx_returns_events_write(ngx_http_request_t *r,
    cxr_read_t *rd, const cxr_entry_t *entry, cxr_arena_t *a, cxr_buf_t *b);
static bool ngx_cx_returns_events_gift(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_type_t *type, const void *body, cxr_arena_t *a);
static void ngx_cx_returns_events_timer(ngx_event_t *ev);
static void ngx_cx_returns_events_stop(void *data);
static ngx_int_t ngx_cx_returns_links_body(ngx_http_request_t *r,
    cxr_str_t body);
static void ngx_cx_returns_links_draw(void *data);
static ngx_int_t ngx_cx_returns_links_drawn(ngx_http_request_t *r,
    void *data);
static ngx_int_t ngx_cx_returns_links_answer(ngx_http_request_t *r,
    const ngx_cx_returns_link_ask_t *ask);


/* what is asked for, and the link that it is */
static const char *const  ngx_cx_returns_purposes[] = {
    "track", "order", "rma", "withdrawal", "gift", NULL
};

static const cxr_link_purpose_t  ngx_cx_returns_purpose_of[] = {
    CXR_LINK_TRACK, CXR_LINK_ORDER, CXR_LINK_RMA, CXR_LINK_DECLARE,
    CXR_LINK_GIFT
};


ngx_int_t
ngx_cx_returns_api_events(ngx_http_request_t *r)
{
    uint64_t                  v;
    ngx_int_t                 rc;
    cxr_str_t                 s;
    cxr_pairs_t               args;
    ngx_pool_cleanup_t       *cln;
    ngx_cx_returns_ctx_t     *ctx;
    ngx_cx_returns_events_t  *e;

    ctx = ngx_cx_returns_ctx(r);
    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD",
                                          "The events take GET.");
    }

    if (!ngx_cx_returns_has_role(ctx, cxr_str("read"))) {
        return ngx_cx_returns_problem(r, NGX_HTTP_FORBIDDEN, "role_missing",
                                      "The caller lacks the role \"read\".",
                                      NULL);
    }

    e = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_events_t));
    if (e == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    e->request = r;
    e->limit = 100;

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "The query is malformed.", NULL);
    }

    s = ngx_cx_returns_pair(&args, "after");

    if (s.len && !cxr_parse_uint(s, INT64_MAX, &e->after)) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "after is a sequence number.",
                                      "?after");
    }

    s = ngx_cx_returns_pair(&args, "limit");

    if (s.len) {
        if (!cxr_parse_uint(s, NGX_CX_RETURNS_EVENTS_MAX, &v) || v == 0) {
            return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST,
                                          "bad_query",
                                          "limit is a number from 1 to 1000.",
                                          "?limit");
        }

        e->limit = (unsigned) v;
    }

    v = 0;
    s = ngx_cx_returns_pair(&args, "wait");

    if (s.len && !cxr_parse_uint(s, NGX_CX_RETURNS_EVENTS_WAIT, &v)) {
        return ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_query",
                                      "wait is a number of seconds up to 60.",
                                      "?wait");
    }

    e->until = ngx_current_msec + (ngx_msec_t) v * 1000;

    rc = ngx_cx_returns_events_answer(r, e, v > 0);

    if (rc != NGX_AGAIN) {
        return rc;
    }

    /* nothing yet: look again from a timer, which dies with the request */

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cln->handler = ngx_cx_returns_events_stop;
    cln->data = e;

    e->timer.handler = ngx_cx_returns_events_timer;
    e->timer.data = e;
    e->timer.log = r->connection->log;

    ngx_add_timer(&e->timer, NGX_CX_RETURNS_EVENTS_POLL);

    r->main->count++;
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return NGX_DONE;
}


static void
ngx_cx_returns_events_stop(void *data)
{
    ngx_cx_returns_events_t  *e = data;

    if (e->timer.timer_set) {
        ngx_del_timer(&e->timer);
    }
}


static void
ngx_cx_returns_events_timer(ngx_event_t *ev)
{
    ngx_int_t                 rc;
    ngx_connection_t         *c;
    ngx_http_request_t       *r;
    ngx_cx_returns_events_t  *e;

    e = ev->data;
    r = e->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ev->timedout = 0;

    /* a worker that shuts down answers what there is */

    rc = ngx_cx_returns_events_answer(r, e,
                 !ngx_exiting
                 && (ngx_msec_int_t) (e->until - ngx_current_msec) > 0);

    if (rc == NGX_AGAIN) {
        ngx_add_timer(ev, NGX_CX_RETURNS_EVENTS_POLL);
        return;
    }

    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}


/* A store of a backup, or another shop's. */

static ngx_int_t
ngx_cx_returns_events_ahead(ngx_http_request_t *r, uint64_t head)
{
    cxr_str_t  text;

    text = cxr_sprintf(ngx_cx_returns_ctx(r)->arena,
                       "The last event is %llu: after is of another journal, "
                       "or this one is of a backup.%c",
                       (unsigned long long) head, '\0');

    return text.data == NULL
           ? NGX_HTTP_INTERNAL_SERVER_ERROR
           : ngx_cx_returns_problem(r, NGX_HTTP_CONFLICT, "after_ahead",
                                    text.data, "?after");
}


static ngx_int_t
ngx_cx_returns_events_answer(ngx_http_request_t *r,
    ngx_cx_returns_events_t *e, ngx_uint_t may_wait)
{
    uint32_t               i;
    uint64_t               head;
    cxr_buf_t              b;
    ngx_int_t              rc;
    cxr_read_t            *rd;
    cxr_arena_t           *a;
    cxr_entries_t          entries;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    rc = ngx_cx_returns_api_read(r, &rd);

    if (rc != NGX_OK || rd == NULL) {
        return rc;
    }

    /* who knows of events that are not there would wait for their numbers to
       come again, and miss what they then are */

    if (cxr_read_head(rd, shop, &head) == CXR_OK && head <= e->after) {

        if (head < e->after) {
            cxr_read_end(rd);
            return ngx_cx_returns_events_ahead(r, head);
        }

        if (may_wait) {
            cxr_read_end(rd);
            return NGX_AGAIN;
        }
    }

    a = cxr_arena_create(NGX_CX_RETURNS_EVENTS_RMA);

    ngx_memzero(&entries, sizeof(cxr_entries_t));
    cxr_buf_init(&b, 64 * 1024 * 1024);

    rc = a != NULL ? NGX_OK : NGX_ERROR;

    if (cxr_read_entries(rd, shop, e->after, e->limit, ctx->arena, &entries)
        != CXR_OK)
    {
        rc = NGX_ERROR;
    }

    for (i = 0; i < entries.n && rc == NGX_OK; i++) {
        if (ngx_cx_returns_events_write(r, rd, &entries.items[i], a, &b)
            != CXR_OK)
        {
            rc = NGX_ERROR;
        }
    }

    cxr_read_end(rd);

    if (a != NULL) {
        cxr_arena_destroy(a);
    }

    if (rc != NGX_OK || !cxr_buf_ok(&b)
        || ngx_cx_returns_add_header(r, "Cache-Control",
                                     cxr_str("private, no-store"))
           != NGX_OK)
    {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_cx_returns_send(r, NGX_HTTP_OK, "application/x-ndjson",
                             cxr_buf_str(&b));
    cxr_buf_free(&b);

    return rc;
}


/*
 * Is it about a gift return?  Whoever writes mails by it then writes to the
 * recipient, and the buyer must not hear of it.
 */

static bool
ngx_cx_returns_events_gift(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_type_t *type, const void *body, cxr_arena_t *a)
{
    cxr_rc_t            rc;
    cxr_str_t           id;
    cxr_rma_t           rma;
    cxr_shipment_t      ship;
    const cxr_field_t  *field;
    const cxr_report_t *report;

    if (type == &cxr_rma_type) {
        return ((const cxr_rma_t *) body)->gift;
    }

    /* what a carrier says of a parcel that brings one back */

    if (type == &cxr_report_type) {
        report = body;

        return ngx_cx_returns_loc(r)->shop->shop->policy.gifts.outcomes != 0
               && cxr_read_shipment(rd, ngx_cx_returns_loc(r)->shop->shop,
                                    report->carrier, report->number, a, &ship)
                  == CXR_OK
               && ship.rma.len != 0
               && cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop,
                               ship.rma, a, &rma)
                  == CXR_OK
               && rma.gift;
    }

    field = cxr_type_field(type, cxr_str("rma"));

    if (field == NULL || field->kind != CXR_F_STR) {
        return false;
    }

    id = *(const cxr_str_t *) (const void *) ((const char *) body
                                              + field->offset);
    if (id.len == 0) {
        return false;
    }

    rc = cxr_read_rma(rd, ngx_cx_returns_loc(r)->shop->shop, id, a, &rma);

    return rc == CXR_OK && rma.gift;
}


static cxr_rc_t
ngx_cx_returns_events_write(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_entry_t *entry, cxr_arena_t *a, cxr_buf_t *b)
{
    void                  *body;
    cxr_jw_t               w;
    cxr_rc_t               rc;
    cxr_str_t              name;
    const cxr_type_t      *type;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    type = cxr_event_body(entry->kind);

    if (type == NULL) {
        return CXR_INVALID;
    }

    body = cxr_calloc(ctx->arena, 1, type->size);
    if (body == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_rec_decode(type, entry->body.data, entry->body.len, body,
                        ctx->arena);
    if (rc != CXR_OK) {
        return rc;
    }

    name = cxr_strz(cxr_event_names[entry->kind]);

    cxr_jw_init(&w, b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_int(&w, "seq", (int64_t) entry->seq);
    cxr_jw_str(&w, "type", name);
    cxr_jw_time(&w, "at", entry->at);
    cxr_jw_strz(&w, "aggregate", cxr_aggregate_names[entry->aggregate]);
    cxr_jw_str(&w, "id", entry->id);
    cxr_jw_int(&w, "revision", (int64_t) entry->expect + 1);
    cxr_jw_strz(&w, "actor_kind", cxr_actor_names[entry->actor_kind]);
    cxr_jw_str(&w, "actor", entry->actor);

    cxr_arena_reset(a);

    if (ngx_cx_returns_events_gift(r, rd, type, body, a)) {
        cxr_jw_bool(&w, "gift", true);
    }

    cxr_rec_json(type, body, "data", 0, &w);
    cxr_jw_close(&w);
    cxr_buf_addc(b, '\n');

    return CXR_OK;
}


/* ---- links ---- */

cxr_rc_t
ngx_cx_returns_link_url(ngx_http_request_t *r, cxr_link_purpose_t purpose,
    const cxr_link_t *link, bool whole, cxr_arena_t *a, cxr_str_t *url)
{
    char                        *p;
    cxr_rc_t                     rc;
    cxr_buf_t                    b;
    cxr_str_t                    root;
    const cxr_shop_t            *shop;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_loc_conf_t   *lcf;

    static const char  *steps[] = { "t/", "o/", "r/", "w/", "d/", "g/" };

    ctx = ngx_cx_returns_ctx(r);
    lcf = ngx_cx_returns_loc(r);
    shop = lcf->shop->shop;

    p = cxr_alloc(a, CXR_TOKEN_MAX + 512);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    root = purpose == CXR_LINK_TRACK ? shop->track : shop->portal;

    cxr_buf_init_fixed(&b, p, CXR_TOKEN_MAX + 512);

    /* views and redirects put the page's language before a path themselves */

    if (whole) {
        cxr_buf_adds(&b, shop->origin);
        cxr_buf_adds(&b, ctx->prefix);
    }

    cxr_buf_adds(&b, root);
    cxr_buf_addz(&b, steps[purpose]);

    rc = cxr_link_make(ngx_cx_returns_ring(r), shop->id, purpose, link,
                       lcf->public_links == 1, &b);

    if (rc != CXR_OK) {
        return rc;
    }

    if (!cxr_buf_ok(&b)) {
        return CXR_LIMIT;
    }

    *url = cxr_buf_str(&b);

    return CXR_OK;
}


ngx_int_t
ngx_cx_returns_api_links(ngx_http_request_t *r)
{
    ngx_int_t              rc;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);

    if (r->method == NGX_HTTP_POST
        && (ngx_cx_returns_has_role(ctx, cxr_str("orders"))
            || ngx_cx_returns_has_role(ctx, cxr_str("approve"))))
    {
        return ngx_cx_returns_read_body(r, ngx_cx_returns_loc(r)->json_size,
                                        ngx_cx_returns_links_body);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_cx_returns_not_allowed(r, "POST",
                                          "Links take POST.");
    }

    return ngx_cx_returns_problem(r, NGX_HTTP_FORBIDDEN, "role_missing",
                                  "The caller lacks the role \"orders\".",
                                  NULL);
}


/* What is asked of the link, into "ask"; every mistake into "faults". */

static void
ngx_cx_returns_links_read(ngx_http_request_t *r, json_t *json,
    ngx_cx_returns_link_ask_t *ask, cxr_json_faults_t *faults)
{
    char                  *folded, *id;
    size_t                 len;
    cxr_jr_t               jr;
    cxr_str_t              number, rma, lang;
    ngx_uint_t             of_rma;
    ngx_uint_t             i;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    number = CXR_STR_NONE;
    rma = CXR_STR_NONE;
    lang = CXR_STR_NONE;

    if (!cxr_jr_begin(&jr, json, "", ctx->arena, faults)) {
        return;
    }

    folded = cxr_alloc(ctx->arena, CXR_NUMBER_MAX);
    id = cxr_alloc(ctx->arena, CXR_RMA_ID_LEN);

    if (folded == NULL || id == NULL) {
        cxr_jr_fault(&jr, "order", "is too much for the memory that is left");
        return;
    }

    (void) cxr_jr_choice(&jr, "purpose", ngx_cx_returns_purposes,
                         CXR_JR_REQUIRED, &ask->purpose);

    of_rma = ngx_cx_returns_purpose_of[ask->purpose] == CXR_LINK_RMA;

    (void) cxr_jr_line(&jr, "order", CXR_NUMBER_MAX,
                       of_rma ? 0 : CXR_JR_REQUIRED, &number);
    (void) cxr_jr_line(&jr, "rma", 32, of_rma ? CXR_JR_REQUIRED : 0, &rma);
    (void) cxr_jr_line(&jr, "language", 12, 0, &lang);
    (void) cxr_jr_int(&jr, "days", 1, NGX_CX_RETURNS_LINK_DAYS_MAX, 0,
                      &ask->days);
    (void) cxr_jr_bool(&jr, "qr", 0, &ask->qr);
    (void) cxr_jr_end(&jr);

    if (number.len) {
        if (cxr_fold_number(number, folded, &len) == CXR_OK) {
            ask->link.order = cxr_strn(folded, len);

        } else {
            cxr_jr_fault(&jr, "order", "is no order number");
        }
    }

    if (rma.len) {
        if (cxr_rma_id_parse(rma, id) == CXR_OK) {
            ask->link.rma = cxr_strn(id, CXR_RMA_ID_LEN);

        } else {
            cxr_jr_fault(&jr, "rma", "is no RMA number");
        }
    }

    for (i = 0; lang.len && i < shop->languages.n; i++) {
        if (cxr_str_eq(shop->languages.items[i], lang)) {
            ask->prefix = cxr_sprintf(ctx->arena, "/%.*s", cxr_str_arg(lang));
        }
    }

    if (lang.len && ask->prefix.len == 0) {
        cxr_jr_fault(&jr, "language", "is none of the shop's languages");
    }
}


/* Is there such an order or RMA?  Fills in what the link lacks. */

static cxr_rc_t
ngx_cx_returns_links_find(ngx_http_request_t *r, cxr_read_t *rd,
    ngx_cx_returns_link_ask_t *ask)
{
    int64_t                days;
    cxr_rc_t               rc;
    cxr_rma_t              rma;
    cxr_link_purpose_t     purpose;
    cxr_order_t            order;
    const cxr_shop_t      *shop;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;

    purpose = ngx_cx_returns_purpose_of[ask->purpose];

    if (purpose == CXR_LINK_RMA) {
        days = shop->rma_link_days;
        rc = cxr_read_rma(rd, shop, ask->link.rma, ctx->arena, &rma);

        if (rc == CXR_OK) {
            rc = cxr_str_dup(ctx->arena, rma.order, &ask->link.order);
        }

    } else {
        days = purpose == CXR_LINK_TRACK ? shop->track_link_days
               : purpose == CXR_LINK_GIFT ? NGX_CX_RETURNS_LINK_DAYS_GIFT
                                          : shop->order_link_days;
        ask->link.rma = CXR_STR_NONE;
        rc = cxr_read_order(rd, shop, ask->link.order, ctx->arena, &order);
    }

    ask->link.expires = ngx_cx_returns_now()
                        + (ask->days ? ask->days : days) * CXR_DAY;

    return rc;
}


static ngx_int_t
ngx_cx_returns_links_body(ngx_http_request_t *r, cxr_str_t body)
{
    json_t                     *json;
    cxr_rc_t                    rc;
    ngx_int_t                   answer;
    cxr_read_t                 *rd;
    cxr_json_faults_t           faults;
    ngx_cx_returns_ctx_t       *ctx;
    ngx_cx_returns_link_ask_t  *ask;

    answer = ngx_cx_returns_api_json(r, body, &json);

    if (answer != NGX_OK || json == NULL) {
        return answer;
    }

    ctx = ngx_cx_returns_ctx(r);

    ngx_memzero(&faults, sizeof(cxr_json_faults_t));

    ask = cxr_calloc(ctx->arena, 1, sizeof(ngx_cx_returns_link_ask_t));
    if (ask == NULL) {
        json_decref(json);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_cx_returns_links_read(r, json, ask, &faults);
    json_decref(json);

    if (faults.total) {
        return ngx_cx_returns_api_faults(r, &faults);
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    rc = ngx_cx_returns_links_find(r, rd, ask);
    cxr_read_end(rd);

    if (ngx_cx_returns_purpose_of[ask->purpose] == CXR_LINK_GIFT
        && ngx_cx_returns_loc(r)->shop->shop->policy.gifts.outcomes == 0)
    {
        return ngx_cx_returns_problem(r, 422,
                                      "gift_not_offered",
                                      "The policy has no \"gift_returns\".",
                                      "/purpose");
    }

    if (rc == CXR_NOTFOUND) {
        return ngx_cx_returns_problem(r, NGX_HTTP_NOT_FOUND, "not_found",
                                      "There is no such order or RMA.", NULL);
    }

    ctx->prefix = ask->prefix;

    if (rc != CXR_OK
        || ngx_cx_returns_link_url(r, ngx_cx_returns_purpose_of[ask->purpose],
                                   &ask->link, true, ctx->arena, &ask->url)
           != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ask->qr) {
        return ngx_cx_returns_links_answer(r, ask);
    }

    /* a code takes up to a millisecond */

    ask->arena = ctx->arena;
    answer = ngx_cx_returns_task(r, ngx_cx_returns_links_draw,
                                 ngx_cx_returns_links_drawn, ask);

    return answer == NGX_ERROR
           ? ngx_cx_returns_problem(r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
                                    "Too much waits; try again.", NULL)
           : answer;
}


/* in a thread of the pool */

static void
ngx_cx_returns_links_draw(void *data)
{
    ngx_cx_returns_link_ask_t  *ask = data;

    ask->rc = cxr_qr_file(ask->url, ask->arena, &ask->svg);
}


static ngx_int_t
ngx_cx_returns_links_drawn(ngx_http_request_t *r, void *data)
{
    /* see ngx_cx_returns_upload_done() */

    r->main->count--;

    return ngx_cx_returns_links_answer(r, data);
}


static ngx_int_t
ngx_cx_returns_links_answer(ngx_http_request_t *r,
    const ngx_cx_returns_link_ask_t *ask)
{
    cxr_jw_t   w;
    cxr_buf_t  b;

    if (ask->rc != CXR_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    cxr_buf_init(&b, CXR_BARCODE_SVG_MAX + 16384);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_str(&w, "url", ask->url);
    cxr_jw_strz(&w, "purpose", ngx_cx_returns_purposes[ask->purpose]);
    cxr_jw_time(&w, "expires", ask->link.expires);

    if (ask->qr) {
        cxr_jw_str(&w, "qr_svg", ask->svg);
    }

    cxr_jw_close(&w);

    return ngx_cx_returns_api_send(r, NGX_HTTP_CREATED, &b);
}
