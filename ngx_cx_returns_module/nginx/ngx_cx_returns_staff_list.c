
/*
 * The desk's list: queues with their counts, filters, search; and the same as
 * a file for spreadsheets.
 */

#include "ngx_cx_returns_desk.h"
#include "cxr_staff_csv.h"


#define NGX_CX_RETURNS_EXPORT_PAGE  200
#define NGX_CX_RETURNS_EXPORT_MAX   (32 * 1024 * 1024)


/* What one page of the list is made of. */
typedef struct {
    uint32_t              counts[CXR_RMA_NSTATUS];
    uint32_t              queues[CXR_QUEUES];
    uint32_t              late;
    uint32_t              waiting;
    cxr_found_t           found;
    cxr_pools_t           pools;
    const cxr_thread_t  **threads;
} ngx_cx_returns_list_t;


/* The conversation of each, NULL where nobody wrote. */

static cxr_rc_t
ngx_cx_returns_staff_threads(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rmas_t *rmas, cxr_arena_t *a, const cxr_thread_t ***threads)
{
    uint32_t     i;
    cxr_rc_t     rc;
    cxr_talk_t   talk;

    *threads = cxr_calloc(a, (size_t) rmas->n + 1, sizeof(cxr_thread_t *));

    if (*threads == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < rmas->n; i++) {
        rc = cxr_read_talk(rd, shop, rmas->items[i].order, a, &talk);

        if (rc == CXR_OK) {
            (*threads)[i] = cxr_talk_thread(&talk, rmas->items[i].id);

        } else if (rc != CXR_NOTFOUND) {
            return rc;
        }
    }

    return CXR_OK;
}


/* The RMAs of one page: those that are searched for, or those of the queue. */

static cxr_rc_t
ngx_cx_returns_staff_found(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_staff_query_t *query, cxr_found_t *found)
{
    cxr_rc_t           rc;
    cxr_arena_t       *a;
    cxr_rma_list_t     list;
    const cxr_shop_t  *shop;

    if (query->q.len) {
        return ngx_cx_returns_staff_search(r, rd, query, found);
    }

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    cxr_staff_query_list(query, shop, ngx_cx_returns_now(), &list);

    rc = cxr_read_rma_list(rd, shop, &list, query->cursor, CXR_STAFF_PAGE, a,
                           &found->rmas, &found->next);

    if (rc == CXR_INVALID && query->cursor.len) {

        /* a cursor of another list: begin at its beginning */

        query->cursor = CXR_STR_NONE;
        rc = cxr_read_rma_list(rd, shop, &list, query->cursor, CXR_STAFF_PAGE,
                               a, &found->rmas, &found->next);
    }

    return rc;
}


/* Everything the page shows is of one snapshot: numbers that do not add up
   would be looked into by someone. */

static cxr_rc_t
ngx_cx_returns_staff_list_read(ngx_http_request_t *r, cxr_read_t *rd,
    cxr_staff_query_t *query, ngx_cx_returns_list_t *l)
{
    cxr_rc_t           rc;
    cxr_arena_t       *a;
    const cxr_shop_t  *shop;

    a = ngx_cx_returns_ctx(r)->arena;
    shop = ngx_cx_returns_loc(r)->shop->shop;

    rc = cxr_read_rma_counts(rd, shop, CXR_STAFF_COUNT_CAP + 1, l->counts);

    if (rc == CXR_OK) {
        rc = cxr_read_queue_counts(rd, shop, CXR_STAFF_COUNT_CAP + 1,
                                   ngx_cx_returns_now()
                                   - shop->overdue_days * CXR_DAY,
                                   l->queues, &l->late);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_staff_found(r, rd, query, &l->found);
    }

    if (rc == CXR_OK) {
        rc = ngx_cx_returns_staff_threads(rd, shop, &l->found.rmas, a,
                                          &l->threads);
    }

    if (rc == CXR_OK) {
        rc = cxr_read_waiting_count(rd, shop, CXR_STAFF_COUNT_CAP + 1,
                                    &l->waiting);
    }

    if (rc == CXR_OK) {
        rc = cxr_read_pools(rd, shop, ngx_cx_returns_now(), 0, a, &l->pools);
    }

    return rc;
}


ngx_int_t
ngx_cx_returns_staff_list(ngx_http_request_t *r)
{
    uint32_t                i;
    cxr_rc_t                rc;
    ngx_int_t               answer;
    cxr_read_t             *rd;
    cxr_pairs_t             args;
    cxr_staff_list_t        p;
    cxr_staff_query_t       query;
    ngx_cx_returns_ctx_t   *ctx;
    cxr_view_staff_list_t   view;
    ngx_cx_returns_list_t   l;

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK
        || cxr_staff_query_parse(args.items, args.n, ctx->arena, &query)
           != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    rd = ngx_cx_returns_page_read(r, &answer);

    if (rd == NULL) {
        return answer;
    }

    ngx_memzero(&l, sizeof(ngx_cx_returns_list_t));
    ngx_memzero(&p, sizeof(cxr_staff_list_t));

    rc = ngx_cx_returns_staff_list_read(r, rd, &query, &l);

    p.pools = &l.pools;
    p.waiting = l.waiting;
    p.threads = l.threads;
    p.ctx = ctx->view;
    p.arena = ctx->arena;
    p.now = ngx_cx_returns_now();
    p.actor = ctx->actor;
    p.query = &query;
    p.counts = l.counts;
    p.queues = l.queues;
    p.late = l.late;
    p.token = ngx_cx_returns_staff_token(r);

    for (i = 0; i < CXR_VERBS; i++) {
        if (ngx_cx_returns_may(ctx, i)) {
            p.may |= 1u << i;
        }
    }

    p.rmas = l.found.rmas.items;
    p.nrmas = l.found.rmas.n;
    p.next = l.found.next;
    p.cut = l.found.cut;

    if (rc == CXR_OK) {
        rc = cxr_view_page(ctx->view,
                           cxr_view_text(ctx->view, "staff.list.title", NULL,
                                         0, ctx->arena),
                           ctx->path, ctx->arena, &p.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_LIST, ctx->arena, p.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_staff_list(&p, &view);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_PAGE_STAFF_LIST, &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);

    cxr_read_end(rd);

    return answer;
}


/* ---- the same as a file ---- */

typedef struct {
    cxr_store_t        *store;
    const cxr_shop_t   *shop;
    cxr_arena_t        *arena;     /* of the task alone                        */
    cxr_rma_list_t      list;
    cxr_buf_t           out;
    cxr_rc_t            rc;
} ngx_cx_returns_export_t;


/* In a thread of the pool: twenty thousand RMAs are no work for the loop. */

static void
ngx_cx_returns_export_run(void *data)
{
    ngx_cx_returns_export_t  *e = data;

    char         mem[CXR_STAFF_CURSOR_MAX];
    uint32_t     i, rows;
    cxr_str_t    cursor, next;
    cxr_read_t  *rd;
    cxr_rmas_t   rmas;

    const cxr_thread_t  **threads;

    e->rc = cxr_read_begin(e->store, &rd);

    if (e->rc != CXR_OK) {
        return;
    }

    cxr_staff_csv_head(&e->out);

    rows = 0;
    cursor = CXR_STR_NONE;

    do {
        cxr_arena_reset(e->arena);

        e->rc = cxr_read_rma_list(rd, e->shop, &e->list, cursor,
                                  NGX_CX_RETURNS_EXPORT_PAGE, e->arena, &rmas,
                                  &next);
        if (e->rc != CXR_OK) {
            break;
        }

        e->rc = ngx_cx_returns_staff_threads(rd, e->shop, &rmas, e->arena,
                                             &threads);
        if (e->rc != CXR_OK) {
            break;
        }

        for (i = 0; i < rmas.n && rows < CXR_STAFF_CSV_ROWS; i++, rows++) {
            cxr_staff_csv_row(&rmas.items[i],
                              threads[i] != NULL ? threads[i]->waits_since
                                                 : CXR_TIME_NONE,
                              &e->out);
        }

        if (next.len == 0 || next.len > sizeof(mem)) {
            break;
        }

        ngx_memcpy(mem, next.data, next.len);
        cursor = cxr_strn(mem, next.len);

    } while (rows < CXR_STAFF_CSV_ROWS && cxr_buf_ok(&e->out));

    cxr_read_end(rd);

    if (e->rc == CXR_OK && !cxr_buf_ok(&e->out)) {
        e->rc = CXR_NOMEM;
    }
}


static void
ngx_cx_returns_export_free(void *data)
{
    ngx_cx_returns_export_t  *e = data;

    cxr_buf_free(&e->out);
}


static ngx_int_t
ngx_cx_returns_export_done(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_export_t  *e = data;

    return ngx_cx_returns_send_csv(r, e->rc, &e->out,
                            cxr_str("attachment; filename=\"returns.csv\""));
}


ngx_int_t
ngx_cx_returns_send_csv(ngx_http_request_t *r, cxr_rc_t made,
    const cxr_buf_t *csv, cxr_str_t disposition)
{
    if (made != CXR_OK) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    }

    if (ngx_cx_returns_add_header(r, "Content-Disposition", disposition)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_send_rendered(r, NGX_HTTP_OK,
                                        "text/csv; charset=utf-8",
                                        cxr_buf_str(csv));
}


ngx_int_t
ngx_cx_returns_staff_export(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    cxr_pairs_t               args;
    cxr_staff_query_t         query;
    ngx_pool_cleanup_t       *cln;
    ngx_cx_returns_ctx_t     *ctx;
    ngx_cx_returns_export_t  *e;

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK
        || cxr_staff_query_parse(args.items, args.n, ctx->arena, &query)
           != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    e = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_export_t));
    cln = ngx_pool_cleanup_add(r->pool, 0);

    if (e == NULL || cln == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    e->store = ngx_cx_returns_store();
    e->shop = ngx_cx_returns_loc(r)->shop->shop;
    e->arena = ngx_cx_returns_arena_of(r);

    if (e->store == NULL || e->arena == NULL) {
        return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
    }

    cxr_buf_init(&e->out, NGX_CX_RETURNS_EXPORT_MAX);
    cxr_staff_query_list(&query, e->shop, ngx_cx_returns_now(), &e->list);

    cln->handler = ngx_cx_returns_export_free;
    cln->data = e;

    rc = ngx_cx_returns_task(r, ngx_cx_returns_export_run,
                             ngx_cx_returns_export_done, e);

    return rc == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY) : rc;
}
