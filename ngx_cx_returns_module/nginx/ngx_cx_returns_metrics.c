
/*
 * Counters and look-up limits, in shared memory: what one worker counts, any
 * worker tells.  A fixed layout without pointers, so that the workers of two
 * configurations may share it across a reload.
 */

#include "ngx_cx_returns.h"

#include "cxr_store_codes.h"


#define NGX_CX_RETURNS_RATE_WAYS   4


/* one key's uses in its present window */
typedef struct {
    uint32_t               tag;         /* 0: free                             */
    uint32_t               window;      /* time / seconds                      */
    uint32_t               count;
    uint32_t               seconds;
} ngx_cx_returns_rate_t;


typedef struct {
    ngx_atomic_t           magic;
    ngx_atomic_t           counters[NGX_CX_RETURNS_NCOUNTERS];
    ngx_atomic_t           feeds[NGX_CX_RETURNS_CARRIERS]
                                [NGX_CX_RETURNS_NFEED];
    char                   carriers[NGX_CX_RETURNS_CARRIERS][40];
    ngx_atomic_t           quarantined;       /* documents                     */
    ngx_atomic_t           quarantined_bytes;
    ngx_uint_t             nrates;      /* sets of NGX_CX_RETURNS_RATE_WAYS    */
    uint8_t                salt[16];
    ngx_cx_returns_rate_t  rates[1];
} ngx_cx_returns_shm_t;


/* the layout with its number of counters: a reload may bring another module */
#define NGX_CX_RETURNS_ZONE_MAGIC                                             \
    (0x43585232 + (ngx_atomic_uint_t) offsetof(ngx_cx_returns_shm_t, rates))

static ngx_int_t ngx_cx_returns_zone_init(ngx_shm_zone_t *zone, void *data);
static void ngx_cx_returns_metric(cxr_buf_t *b, const char *name,
    const char *help, const char *type);


static ngx_cx_returns_shm_t  *ngx_cx_returns_shm;
static ngx_slab_pool_t       *ngx_cx_returns_slab;


static const struct {
    const char  *name;
    const char  *help;
} ngx_cx_returns_counters[NGX_CX_RETURNS_NCOUNTERS] = {

    { "cx_returns_requests_total", "Requests handled." },
    { "cx_returns_tokens_refused_total",
      "Links that did not hold: altered, foreign or of another purpose." },
    { "cx_returns_tokens_expired_total", "Links past their time." },
    { "cx_returns_lookups_total", "Look-ups of orders and parcels." },
    { "cx_returns_lookups_failed_total", "Look-ups that found nothing." },
    { "cx_returns_lookups_limited_total",
      "Look-ups refused by a rate limit." },
    { "cx_returns_bad_requests_total", "Malformed or oversized input." },
    { "cx_returns_commands_total", "Commands decided." },
    { "cx_returns_commands_refused_total", "Commands that the rules refused." },
    { "cx_returns_commands_repeated_total",
      "Commands answered by their idempotency key." },
    { "cx_returns_commands_failed_total", "Commands that the store failed." },
    { "cx_returns_commits_total", "Group commits." },
    { "cx_returns_commit_microseconds_total", "Time spent in group commits." },
    { "cx_returns_queue_full_total",
      "Commands refused because too much was waiting." },
    { "cx_returns_store_full_total", "Commits that found no room." },
    { "cx_returns_rmas_created_total", "RMAs created." },
    { "cx_returns_orders_stored_total", "Orders created or changed." },
    { "cx_returns_page_faults_total", "Pages that could not be rendered." },
    { "cx_returns_withdrawals_total", "Withdrawals declared." },
    { "cx_returns_withdrawals_limited_total",
      "Withdrawals asked to be sent again later by a rate limit." },
    { "cx_returns_due_total",
      "Things that fell due and were done: personal data of age." },
    { "cx_returns_messages_from_shoppers_total",
      "Messages that shoppers wrote." },
    { "cx_returns_messages_from_shop_total", "Messages that the shop wrote." },
    { "cx_returns_messages_limited_total",
      "Messages asked to be sent again later by a rate limit." },
    { "cx_returns_first_responses_total",
      "Conversations that got their first answer." },
    { "cx_returns_first_response_seconds_total",
      "Time that shoppers waited for these." },
    { "cx_returns_resolutions_total", "Conversations closed by the shop." },
    { "cx_returns_resolution_seconds_total",
      "Time from the shopper's first message to these." },
    { "cx_returns_photos_total", "Photos taken in." },
    { "cx_returns_due_runs_total",
      "Looks for what fell due: it grows while somebody looks." },
    { "cx_returns_survey_answers_total",
      "Answers to surveys, changes of them counted as well." }
};


static const struct {
    const char  *name;
    const char  *help;
} ngx_cx_returns_feed_counters[NGX_CX_RETURNS_NFEED] = {

    { "cx_returns_feed_documents_total", "Documents received." },
    { "cx_returns_feed_broken_total", "Documents that ended in an error." },
    { "cx_returns_feed_bytes_total", "Bytes received." },
    { "cx_returns_feed_stored_total", "Records that changed a shipment." },
    { "cx_returns_feed_repeated_total", "Records that were known already." },
    { "cx_returns_feed_refused_total", "Records refused." },
    { "cx_returns_feed_events_total", "Carrier events read." },
    { "cx_returns_feed_unmapped_total", "Events that no rule maps." },
    { "cx_returns_feed_untimed_total",
      "Events whose time fits no format of the profile." },
    { "cx_returns_feed_failed_total",
      "Errors of the carrier's own, but that it knows no such number." }
};


char *
ngx_cx_returns_metrics_zone(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_str_t  name;

    ngx_str_set(&name, "cx_returns");

    mcf->zone = ngx_shared_memory_add(cf, &name, mcf->zone_size,
                                      &ngx_cx_returns_module);
    if (mcf->zone == NULL) {
        return NGX_CONF_ERROR;
    }

    mcf->zone->init = ngx_cx_returns_zone_init;
    mcf->zone->data = mcf;

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_cx_returns_zone_init(ngx_shm_zone_t *zone, void *data)
{
    size_t                 size, rest;
    ngx_slab_pool_t       *slab;
    ngx_cx_returns_shm_t  *shm;

    slab = (ngx_slab_pool_t *) zone->shm.addr;

    if (zone->shm.exists || data != NULL) {

        /* a reload: the counters go on */

        shm = slab->data;

        if (shm == NULL || shm->magic != NGX_CX_RETURNS_ZONE_MAGIC) {
            ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                          "cx_returns: the shared zone is of another version: "
                          "restart nginx instead of reloading it");
            return NGX_ERROR;
        }

        ngx_cx_returns_shm = shm;
        ngx_cx_returns_slab = slab;

        return NGX_OK;
    }

    /* leave room for the slab's own pages */

    size = zone->shm.size - zone->shm.size / 8;
    rest = size - sizeof(ngx_cx_returns_shm_t);

    shm = ngx_slab_calloc(slab, size);

    if (shm == NULL) {
        ngx_log_error(NGX_LOG_EMERG, zone->shm.log, 0,
                      "cx_returns: the shared zone has no room");
        return NGX_ERROR;
    }

    shm->nrates = rest / sizeof(ngx_cx_returns_rate_t)
                  / NGX_CX_RETURNS_RATE_WAYS;
    cxr_random(shm->salt, sizeof(shm->salt));
    shm->magic = NGX_CX_RETURNS_ZONE_MAGIC;

    slab->data = shm;

    ngx_cx_returns_shm = shm;
    ngx_cx_returns_slab = slab;

    return NGX_OK;
}


void
ngx_cx_returns_count(ngx_cx_returns_counter_t c, ngx_uint_t n)
{
    if (ngx_cx_returns_shm != NULL) {
        (void) ngx_atomic_fetch_add(&ngx_cx_returns_shm->counters[c], n);
    }
}


void
ngx_cx_returns_count_feed(ngx_uint_t carrier, ngx_cx_returns_feed_counter_t c,
    uint64_t n)
{
    if (ngx_cx_returns_shm != NULL && carrier < NGX_CX_RETURNS_CARRIERS) {
        (void) ngx_atomic_fetch_add(&ngx_cx_returns_shm->feeds[carrier][c], n);
    }
}


void
ngx_cx_returns_quarantine_is(const cxr_qsum_t *sum)
{
    if (ngx_cx_returns_shm != NULL) {
        ngx_cx_returns_shm->quarantined = sum->documents;
        ngx_cx_returns_shm->quarantined_bytes = sum->bytes;
    }
}


void
ngx_cx_returns_quarantine_grew(cxr_qsum_t *grown)
{
    if (ngx_cx_returns_shm != NULL) {
        grown->documents += (uint64_t)
                     ngx_atomic_fetch_add(&ngx_cx_returns_shm->quarantined,
                                          grown->documents);
        grown->bytes += (uint64_t)
               ngx_atomic_fetch_add(&ngx_cx_returns_shm->quarantined_bytes,
                                    grown->bytes);
    }
}


/*
 * The row of a carrier: by its name, because another configuration may load
 * the profiles in another order.
 */

ngx_uint_t
ngx_cx_returns_feed_row(cxr_str_t carrier)
{
    size_t      len;
    ngx_uint_t  i;
    char       *name;

    if (ngx_cx_returns_shm == NULL) {
        return NGX_CX_RETURNS_CARRIERS;
    }

    ngx_shmtx_lock(&ngx_cx_returns_slab->mutex);

    for (i = 0; i < NGX_CX_RETURNS_CARRIERS; i++) {
        name = ngx_cx_returns_shm->carriers[i];
        len = ngx_strlen(name);

        if (len == 0) {
            len = ngx_min(carrier.len,
                          sizeof(ngx_cx_returns_shm->carriers[i]) - 1);
            ngx_memcpy(name, carrier.data, len);
            break;
        }

        if (len == carrier.len && ngx_memcmp(name, carrier.data, len) == 0) {
            break;
        }
    }

    ngx_shmtx_unlock(&ngx_cx_returns_slab->mutex);

    return i;
}


/*
 * A fixed table: a key falls into one set of four; when all are in use, the
 * oldest window makes room.  So memory is bounded whatever comes, and a flood
 * of keys can only make the limit milder for others, never lock them out.
 * NULL: there is no zone.  Returns with the zone locked.
 */

static ngx_cx_returns_rate_t *
ngx_cx_returns_rate(const void *key, size_t len, ngx_uint_t seconds)
{
    uint32_t                now, tag;
    uint64_t                h[2];
    ngx_uint_t              i;
    ngx_cx_returns_rate_t  *set, *e;

    if (ngx_cx_returns_shm == NULL || ngx_cx_returns_shm->nrates == 0) {
        return NULL;
    }

    cxr_hash(h, sizeof(h), key, len, ngx_cx_returns_shm->salt,
             sizeof(ngx_cx_returns_shm->salt));

    now = (uint32_t) (ngx_time() / seconds);
    tag = (uint32_t) h[1] | 1;
    set = &ngx_cx_returns_shm->rates[(h[0] % ngx_cx_returns_shm->nrates)
                                     * NGX_CX_RETURNS_RATE_WAYS];

    ngx_shmtx_lock(&ngx_cx_returns_slab->mutex);

    e = NULL;

    for (i = 0; i < NGX_CX_RETURNS_RATE_WAYS; i++) {
        if (set[i].tag == tag && set[i].seconds == seconds) {
            e = &set[i];
            break;
        }
    }

    if (e == NULL) {
        e = &set[0];

        for (i = 1; i < NGX_CX_RETURNS_RATE_WAYS; i++) {
            if ((uint64_t) set[i].window * set[i].seconds
                < (uint64_t) e->window * e->seconds)
            {
                e = &set[i];
            }
        }

        e->tag = tag;
        e->seconds = seconds;
        e->window = now;
        e->count = 0;
    }

    if (e->window != now) {
        e->window = now;
        e->count = 0;
    }

    return e;
}


ngx_int_t
ngx_cx_returns_rate_ok(const void *key, size_t len, ngx_uint_t limit,
    ngx_uint_t seconds)
{
    ngx_int_t               ok;
    ngx_cx_returns_rate_t  *e;

    e = ngx_cx_returns_rate(key, len, seconds);

    if (e == NULL) {
        return 1;
    }

    ok = e->count < limit;

    if (ok) {
        e->count++;
    }

    ngx_shmtx_unlock(&ngx_cx_returns_slab->mutex);

    return ok;
}


void
ngx_cx_returns_rate_back(const void *key, size_t len, ngx_uint_t seconds)
{
    ngx_cx_returns_rate_t  *e;

    e = ngx_cx_returns_rate(key, len, seconds);

    if (e == NULL) {
        return;
    }

    if (e->count != 0) {
        e->count--;
    }

    ngx_shmtx_unlock(&ngx_cx_returns_slab->mutex);
}


/* Windows begin where the clock's do: all of a length end at once. */

ngx_uint_t
ngx_cx_returns_rate_wait(ngx_uint_t seconds)
{
    return seconds - (ngx_uint_t) (ngx_time() % (time_t) seconds);
}


static void
ngx_cx_returns_metric(cxr_buf_t *b, const char *name, const char *help,
    const char *type)
{
    cxr_buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}


static void
ngx_cx_returns_metrics_pool(cxr_buf_t *b, const char *name,
    const cxr_shop_t *shop, const cxr_pool_row_t *row, unsigned long value)
{
    cxr_buf_addf(b, "cx_returns_codes_%s{shop=\"%.*s\",carrier=\"%.*s\"} "
                 "%lu\n", name, cxr_str_arg(shop->id),
                 cxr_str_arg(row->pool.carrier), value);
}


/* What is left of the return codes of each shop. */

static void
ngx_cx_returns_metrics_codes(ngx_http_request_t *r, cxr_buf_t *b)
{
    uint32_t                     k;
    cxr_read_t                  *rd;
    ngx_uint_t                   i, any;
    cxr_arena_t                 *a;
    cxr_pools_t                 *rows;
    ngx_cx_returns_shop_t      **shops;
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_cx_returns_main(r);
    shops = mcf->shops.elts;

    for (i = 0, any = 0; i < mcf->shops.nelts; i++) {
        any += shops[i]->shop->pools.n;
    }

    if (any == 0 || ngx_cx_returns_store() == NULL) {
        return;
    }

    a = cxr_arena_create(NGX_CX_RETURNS_ARENA);
    if (a == NULL) {
        return;
    }

    if (cxr_read_begin(ngx_cx_returns_store(), &rd) != CXR_OK) {
        cxr_arena_destroy(a);
        return;
    }

    rows = cxr_calloc(a, mcf->shops.nelts, sizeof(cxr_pools_t));

    for (i = 0; rows != NULL && i < mcf->shops.nelts; i++) {
        if (cxr_read_pools(rd, shops[i]->shop, ngx_cx_returns_now(),
                           CXR_POOL_COUNT_MAX, a, &rows[i])
            != CXR_OK)
        {
            rows[i].n = 0;
        }
    }

    ngx_cx_returns_metric(b, "cx_returns_codes_free",
                          "Return codes of a carrier that are left.", "gauge");

    for (i = 0; rows != NULL && i < mcf->shops.nelts; i++) {
        for (k = 0; k < rows[i].n; k++) {
            ngx_cx_returns_metrics_pool(b, "free", shops[i]->shop,
                                        &rows[i].items[k],
                                        rows[i].items[k].free);
        }
    }

    ngx_cx_returns_metric(b, "cx_returns_codes_low",
                          "1 when as few are left as the shop's file calls "
                          "low.", "gauge");

    for (i = 0; rows != NULL && i < mcf->shops.nelts; i++) {
        for (k = 0; k < rows[i].n; k++) {
            ngx_cx_returns_metrics_pool(b, "low", shops[i]->shop,
                                        &rows[i].items[k],
                                        rows[i].items[k].free
                                        <= rows[i].items[k].low);
        }
    }

    ngx_cx_returns_metric(b, "cx_returns_codes_waiting",
                          "Approved RMAs that wait for a return code.",
                          "gauge");

    for (i = 0; rows != NULL && i < mcf->shops.nelts; i++) {
        if (rows[i].n != 0) {
            cxr_buf_addf(b, "cx_returns_codes_waiting{shop=\"%.*s\"} %lu\n",
                         cxr_str_arg(shops[i]->shop->id),
                         (unsigned long) rows[i].items[0].waiting);
        }
    }

    cxr_read_end(rd);
    cxr_arena_destroy(a);
}


static void
ngx_cx_returns_metrics_work(ngx_http_request_t *r, cxr_buf_t *b)
{
    uint64_t                     codes[NGX_CX_RETURNS_CARRIERS];
    uint64_t                     events[NGX_CX_RETURNS_CARRIERS];
    uint32_t                     k;
    cxr_read_t                  *rd;
    ngx_uint_t                   i, row;
    cxr_arena_t                 *a;
    cxr_works_t                  sums;
    ngx_cx_returns_shop_t      **shops;
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_cx_returns_main(r);
    shops = mcf->shops.elts;

    ngx_memzero(codes, sizeof(codes));
    ngx_memzero(events, sizeof(events));

    if (ngx_cx_returns_store() == NULL) {
        return;
    }

    a = cxr_arena_create(NGX_CX_RETURNS_ARENA);
    if (a == NULL) {
        return;
    }

    if (cxr_read_begin(ngx_cx_returns_store(), &rd) != CXR_OK) {
        cxr_arena_destroy(a);
        return;
    }

    for (i = 0; i < mcf->shops.nelts; i++) {

        if (cxr_read_work_sums(rd, shops[i]->shop, a, &sums) != CXR_OK) {
            continue;
        }

        for (k = 0; k < sums.n; k++) {
            row = ngx_cx_returns_feed_row(sums.items[k].carrier);

            if (row < NGX_CX_RETURNS_CARRIERS) {
                codes[row] += sums.items[k].codes;
                events[row] += sums.items[k].count;
            }
        }
    }

    cxr_read_end(rd);
    cxr_arena_destroy(a);

    ngx_cx_returns_metric(b, "cx_returns_worklist_codes",
                          "Codes that no rule maps and that shipments have "
                          "now.", "gauge");

    for (i = 0; i < NGX_CX_RETURNS_CARRIERS
                && ngx_cx_returns_shm->carriers[i][0] != '\0'; i++)
    {
        cxr_buf_addf(b, "cx_returns_worklist_codes{carrier=\"%s\"} %lu\n",
                     ngx_cx_returns_shm->carriers[i],
                     (unsigned long) codes[i]);
    }

    ngx_cx_returns_metric(b, "cx_returns_worklist_overflow",
                          "Events with a code that found no room on the work "
                          "list.", "gauge");

    for (i = 0; i < NGX_CX_RETURNS_CARRIERS
                && ngx_cx_returns_shm->carriers[i][0] != '\0'; i++)
    {
        cxr_buf_addf(b, "cx_returns_worklist_overflow{carrier=\"%s\"} %lu\n",
                     ngx_cx_returns_shm->carriers[i],
                     (unsigned long) events[i]);
    }
}


ngx_int_t
ngx_cx_returns_metrics_handler(ngx_http_request_t *r)
{
    cxr_buf_t          b;
    ngx_int_t          rc;
    ngx_uint_t         i, k;
    cxr_store_stat_t   st;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_cx_returns_shm == NULL) {
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    cxr_buf_init(&b, 1024 * 1024);

    for (i = 0; i < NGX_CX_RETURNS_NCOUNTERS; i++) {
        ngx_cx_returns_metric(&b, ngx_cx_returns_counters[i].name,
                              ngx_cx_returns_counters[i].help, "counter");
        cxr_buf_addf(&b, "%s %lu\n", ngx_cx_returns_counters[i].name,
                     (unsigned long) ngx_cx_returns_shm->counters[i]);
    }

    for (k = 0; k < NGX_CX_RETURNS_NFEED; k++) {
        ngx_cx_returns_metric(&b, ngx_cx_returns_feed_counters[k].name,
                              ngx_cx_returns_feed_counters[k].help,
                              "counter");

        for (i = 0; i < NGX_CX_RETURNS_CARRIERS; i++) {

            if (ngx_cx_returns_shm->carriers[i][0] == '\0') {
                break;
            }

            /* a carrier is a slug: nothing in it needs escaping */

            cxr_buf_addf(&b, "%s{carrier=\"%s\"} %lu\n",
                         ngx_cx_returns_feed_counters[k].name,
                         ngx_cx_returns_shm->carriers[i],
                         (unsigned long) ngx_cx_returns_shm->feeds[i][k]);
        }
    }

    ngx_cx_returns_metrics_work(r, &b);
    ngx_cx_returns_metrics_codes(r, &b);

    ngx_cx_returns_metric(&b, "cx_returns_quarantine_documents",
                          "Refused documents in quarantine.", "gauge");
    cxr_buf_addf(&b, "cx_returns_quarantine_documents %lu\n",
                 (unsigned long) ngx_cx_returns_shm->quarantined);
    ngx_cx_returns_metric(&b, "cx_returns_quarantine_bytes",
                          "Bytes of the files in quarantine.", "gauge");
    cxr_buf_addf(&b, "cx_returns_quarantine_bytes %lu\n",
                 (unsigned long) ngx_cx_returns_shm->quarantined_bytes);

    if (ngx_cx_returns_store() != NULL
        && cxr_store_stat(ngx_cx_returns_store(), &st) == CXR_OK)
    {
        ngx_cx_returns_metric(&b, "cx_returns_store_map_bytes",
                              "Size of the store's map.", "gauge");
        cxr_buf_addf(&b, "cx_returns_store_map_bytes %lu\n",
                     (unsigned long) st.map_size);
        ngx_cx_returns_metric(&b, "cx_returns_store_used_bytes",
                              "Bytes of the map that are in use.", "gauge");
        cxr_buf_addf(&b, "cx_returns_store_used_bytes %lu\n",
                     (unsigned long) st.map_used);
        ngx_cx_returns_metric(&b, "cx_returns_store_readers",
                              "Reader slots in use.", "gauge");
        cxr_buf_addf(&b, "cx_returns_store_readers %u\n", st.readers);
    }

    if (!cxr_buf_ok(&b)
        || ngx_cx_returns_add_header(r, "Cache-Control", cxr_str("no-store"))
           != NGX_OK)
    {
        cxr_buf_free(&b);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_cx_returns_send(r, NGX_HTTP_OK,
                             "text/plain; version=0.0.4; charset=utf-8",
                             cxr_buf_str(&b));
    cxr_buf_free(&b);

    return rc;
}


/* 200 when this worker can read the store, else 503: for load balancers. */

ngx_int_t
ngx_cx_returns_health_handler(ngx_http_request_t *r)
{
    ngx_int_t   rc;
    ngx_uint_t  status;
    cxr_str_t   text;
    cxr_read_t *rd;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (ngx_cx_returns_store() != NULL
        && !cxr_store_dead(ngx_cx_returns_store())
        && ngx_cx_returns_read_begin(r, &rd) == CXR_OK)
    {
        cxr_read_end(rd);
        status = NGX_HTTP_OK;
        text = cxr_str("ok\n");

    } else {
        status = NGX_HTTP_SERVICE_UNAVAILABLE;
        text = cxr_str("the store cannot be read\n");
    }

    if (ngx_cx_returns_add_header(r, "Cache-Control", cxr_str("no-store"))
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send(r, status, "text/plain; charset=utf-8", text);
}
