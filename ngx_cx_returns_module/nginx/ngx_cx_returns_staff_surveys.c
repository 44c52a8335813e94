
/*
 * The desk's page of surveys, and the same answers as a file for spreadsheets.
 */

#include "ngx_cx_returns_desk.h"
#include "cxr_view_surveys.h"


#define NGX_CX_RETURNS_SURVEY_CSV_MAX  (32 * 1024 * 1024)


typedef struct {
    cxr_store_t         *store;
    const cxr_shop_t    *shop;
    cxr_arena_t         *arena;        /* of the task alone                   */
    cxr_survey_query_t   query;
    cxr_time_t           since;
    cxr_buf_t            out;
    cxr_rc_t             rc;
} ngx_cx_returns_scsv_t;


static ngx_int_t ngx_cx_returns_surveys_page(ngx_http_request_t *r,
    const cxr_survey_query_t *query);
static ngx_int_t ngx_cx_returns_surveys_csv(ngx_http_request_t *r,
    const cxr_survey_query_t *query);


/* Whole days, today's among them. */

static int64_t
ngx_cx_returns_surveys_since(const cxr_survey_query_t *query)
{
    return ngx_cx_returns_now() / CXR_DAY - query->days + 1;
}


ngx_int_t
ngx_cx_returns_staff_surveys(ngx_http_request_t *r, ngx_uint_t csv)
{
    ngx_int_t              rc;
    cxr_pairs_t            args;
    cxr_survey_query_t     query;
    ngx_cx_returns_ctx_t  *ctx;

    rc = ngx_cx_returns_page_method(r, 0);

    if (rc != NGX_OK) {
        return rc;
    }

    ctx = ngx_cx_returns_ctx(r);

    if (ngx_cx_returns_form(ctx->arena, ngx_cx_returns_str(r->args), &args)
        != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    cxr_survey_query_parse(&args, &query);

    return csv ? ngx_cx_returns_surveys_csv(r, &query)
               : ngx_cx_returns_surveys_page(r, &query);
}


/* The next answers since a time, with their comments. */

static cxr_rc_t
ngx_cx_returns_surveys_rows(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_survey_query_t *query, cxr_time_t since, cxr_str_t cursor,
    cxr_arena_t *a, cxr_answer_in_t *rows, size_t *n, cxr_str_t *next)
{
    cxr_rc_t           rc;
    uint32_t           i;
    cxr_answers_t      list;
    cxr_answers_ask_t  ask = CXR_ANSWERS_ALL;

    *n = 0;
    ask.from = since;

    if (query->low) {
        ask.mood = CXR_MOOD_BAD;
    }

    rc = cxr_read_answers(rd, shop, &ask, cursor, CXR_SURVEY_PAGE, a, &list,
                          next);

    if (rc == CXR_INVALID && cursor.len != 0) {
        rc = cxr_read_answers(rd, shop, &ask, CXR_STR_NONE, CXR_SURVEY_PAGE, a,
                              &list, next);
    }

    for (i = 0; rc == CXR_OK && i < list.n; i++) {

        rows[i].answer = &list.items[i].answer;
        rows[i].order = list.items[i].order;

        rc = cxr_read_answer(rd, shop, &list.items[i], a, &rows[i].number,
                             &rows[i].comment);

        if (rc == CXR_NOTFOUND) {
            rows[i].erased = true;
            rc = CXR_OK;
        }

        *n = i + 1;
    }

    return rc;
}


static ngx_int_t
ngx_cx_returns_surveys_page(ngx_http_request_t *r,
    const cxr_survey_query_t *query)
{
    size_t                 n;
    int64_t                day;
    cxr_rc_t               rc;
    cxr_say_t              say;
    cxr_str_t              next, path;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_answer_in_t       *rows;
    const cxr_shop_t      *shop;
    cxr_view_surveys_t     view;
    cxr_survey_counts_t    sums[2][CXR_ASKS];
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    shop = ngx_cx_returns_loc(r)->shop->shop;
    day = ngx_cx_returns_surveys_since(query);

    rows = cxr_calloc(ctx->arena, CXR_SURVEY_PAGE, sizeof(cxr_answer_in_t));
    rd = rows ? ngx_cx_returns_page_read(r, &answer) : NULL;

    if (rd == NULL) {
        return rows ? answer : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&view, sizeof(cxr_view_surveys_t));
    say = cxr_say_to(ctx->view, ctx->arena);

    rc = ngx_cx_returns_surveys_rows(rd, shop, query, day * CXR_DAY,
                                     query->cursor, ctx->arena, rows, &n,
                                     &next);

    if (rc == CXR_OK) {
        rc = cxr_read_survey_sums(rd, shop, day, day + query->days,
                                  ctx->arena, sums);
    }

    if (rc == CXR_OK) {
        cxr_view_surveys(&say, query,
                         (const cxr_survey_counts_t (*)[CXR_ASKS]) sums, rows,
                         n, next, &view);
        view.actor = ctx->actor;
        path = cxr_say_join(&say, shop->staff, "surveys", CXR_STR_NONE);
        rc = cxr_view_page(ctx->view, cxr_say(&say, "staff.surveys.heading"),
                           path, ctx->arena, &view.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_view_desk_nav(ctx->view, CXR_DESK_SURVEYS, ctx->arena,
                               view.page);
    }

    if (rc == CXR_OK) {
        rc = cxr_say_rc(&say);
    }

    answer = rc == CXR_OK
             ? ngx_cx_returns_send_page(r, NGX_HTTP_OK,
                                        NGX_CX_RETURNS_PAGE_STAFF_SURVEYS,
                                        &view)
             : ngx_cx_returns_error_page(r, CXR_PAGE_BROKEN);
    cxr_read_end(rd);

    return answer;
}


/* ---- CSV ---- */

/* In a thread of the pool: so many orders are no work for the loop. */

static void
ngx_cx_returns_scsv_run(void *data)
{
    ngx_cx_returns_scsv_t  *e = data;

    char              mem[1024];
    size_t            n, i, rows;
    cxr_str_t         cursor, next;
    cxr_read_t       *rd;
    cxr_answer_in_t   row[CXR_SURVEY_PAGE];

    e->rc = cxr_read_begin(e->store, &rd);

    if (e->rc != CXR_OK) {
        return;
    }

    cxr_survey_csv_head(&e->out);

    rows = 0;
    cursor = CXR_STR_NONE;

    do {
        cxr_arena_reset(e->arena);
        ngx_memzero(row, sizeof(row));

        e->rc = ngx_cx_returns_surveys_rows(rd, e->shop, &e->query, e->since,
                                            cursor, e->arena, row, &n, &next);

        for (i = 0; e->rc == CXR_OK && i < n && rows < CXR_SURVEY_CSV_ROWS;
             i++, rows++)
        {
            cxr_survey_csv_row(&row[i], &e->out);
        }

        if (e->rc != CXR_OK || next.len == 0 || next.len > sizeof(mem)) {
            break;
        }

        ngx_memcpy(mem, next.data, next.len);
        cursor = cxr_strn(mem, next.len);

    } while (rows < CXR_SURVEY_CSV_ROWS && cxr_buf_ok(&e->out));

    cxr_read_end(rd);

    if (e->rc == CXR_OK && !cxr_buf_ok(&e->out)) {
        e->rc = CXR_NOMEM;
    }
}


static void
ngx_cx_returns_scsv_free(void *data)
{
    ngx_cx_returns_scsv_t  *e = data;

    cxr_buf_free(&e->out);
}


static ngx_int_t
ngx_cx_returns_scsv_done(ngx_http_request_t *r, void *data)
{
    ngx_cx_returns_scsv_t  *e = data;

    return ngx_cx_returns_send_csv(r, e->rc, &e->out,
                            cxr_str("attachment; filename=\"surveys.csv\""));
}


static ngx_int_t
ngx_cx_returns_surveys_csv(ngx_http_request_t *r,
    const cxr_survey_query_t *query)
{
    ngx_int_t               rc;
    ngx_pool_cleanup_t     *cln;
    ngx_cx_returns_scsv_t  *e;

    e = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_scsv_t));
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

    e->query = *query;
    e->since = ngx_cx_returns_surveys_since(query) * CXR_DAY;
    cxr_buf_init(&e->out, NGX_CX_RETURNS_SURVEY_CSV_MAX);

    cln->handler = ngx_cx_returns_scsv_free;
    cln->data = e;

    rc = ngx_cx_returns_task(r, ngx_cx_returns_scsv_run,
                             ngx_cx_returns_scsv_done, e);

    return rc == NGX_ERROR ? ngx_cx_returns_error_page(r, CXR_PAGE_AWAY) : rc;
}
