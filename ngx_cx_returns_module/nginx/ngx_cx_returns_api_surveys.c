
/*
 * GET /api/v1/surveys: what shoppers answered to surveys, with what they wrote.
 */

#include "ngx_cx_returns_api.h"

#include "cxr_store_surveys.h"


#define NGX_CX_RETURNS_SURVEYS_JSON  (8 * 1024 * 1024)


static ngx_int_t ngx_cx_returns_surveys_ask(ngx_http_request_t *r,
    const cxr_pairs_t *args, cxr_answers_ask_t *ask);
static cxr_rc_t ngx_cx_returns_surveys_row(ngx_http_request_t *r,
    cxr_read_t *rd, const cxr_answer_t *row, cxr_arena_t *a, cxr_jw_t *w);
static ngx_int_t ngx_cx_returns_surveys_list(ngx_http_request_t *r);


ngx_int_t
ngx_cx_returns_api_surveys(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_cx_returns_not_allowed(r, "GET, HEAD",
                                          "Answers to surveys take GET.");
    }

    if (!ngx_cx_returns_api_role(r, "read")) {
        return ngx_cx_returns_api_forbidden(r, "read", NULL);
    }

    rc = ngx_http_discard_request_body(r);

    return rc == NGX_OK ? ngx_cx_returns_surveys_list(r) : rc;
}


static ngx_int_t
ngx_cx_returns_surveys_ask(ngx_http_request_t *r, const cxr_pairs_t *args,
    cxr_answers_ask_t *ask)
{
    ngx_int_t  answer;

    answer = ngx_cx_returns_api_one_of(r, args, "about", cxr_about_names,
                                       &ask->about);

    if (answer == NGX_DECLINED) {
        answer = ngx_cx_returns_api_one_of(r, args, "question",
                                           cxr_survey_question_names,
                                           &ask->question);
    }

    if (answer == NGX_DECLINED) {
        answer = ngx_cx_returns_api_one_of(r, args, "mood",
                                           cxr_survey_mood_names, &ask->mood);
    }

    return answer == NGX_DECLINED
           ? ngx_cx_returns_api_range(r, args, &ask->from, &ask->to) : answer;
}


/* The arena is of this row alone. */

static cxr_rc_t
ngx_cx_returns_surveys_row(ngx_http_request_t *r, cxr_read_t *rd,
    const cxr_answer_t *row, cxr_arena_t *a, cxr_jw_t *w)
{
    cxr_rc_t             rc;
    cxr_str_t            number, comment;
    const cxr_survey_t  *s;

    s = &row->answer;
    rc = cxr_read_answer(rd, ngx_cx_returns_loc(r)->shop->shop, row, a,
                         &number, &comment);

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    cxr_jw_open(w, NULL, '{');
    cxr_jw_time(w, "changed_at", s->at);
    cxr_jw_time(w, "first_at", s->first_at);
    cxr_jw_strz(w, "about", cxr_about_names[cxr_survey_about(s)]);
    cxr_jw_strz(w, "question", cxr_survey_question_names[s->question]);
    cxr_jw_uint(w, "score", s->score);
    cxr_jw_strz(w, "mood", cxr_survey_mood_names[
                               cxr_survey_mood(s->question, s->score)]);
    cxr_jw_str(w, "order", number);

    if (s->rma.len) {
        cxr_jw_str(w, "rma", s->rma);

    } else {
        cxr_jw_null(w, "rma");
    }

    if (rc == CXR_OK && comment.len) {
        cxr_jw_str(w, "comment", comment);

    } else {
        cxr_jw_null(w, "comment");
    }

    cxr_jw_bool(w, "erased", rc == CXR_NOTFOUND);
    cxr_jw_close(w);

    return CXR_OK;
}


static ngx_int_t
ngx_cx_returns_surveys_list(ngx_http_request_t *r)
{
    uint32_t               i;
    cxr_rc_t               rc;
    cxr_jw_t               w;
    unsigned               limit;
    cxr_buf_t              b;
    cxr_str_t              next;
    ngx_int_t              answer;
    cxr_read_t            *rd;
    cxr_arena_t           *a;
    cxr_pairs_t            args;
    cxr_answers_t          list;
    cxr_answers_ask_t      ask = CXR_ANSWERS_ALL;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_cx_returns_ctx(r);
    answer = ngx_cx_returns_api_page(r, &args, &limit);

    if (answer == NGX_DECLINED) {
        answer = ngx_cx_returns_surveys_ask(r, &args, &ask);
    }

    if (answer != NGX_DECLINED) {
        return answer;
    }

    answer = ngx_cx_returns_api_read(r, &rd);

    if (answer != NGX_OK || rd == NULL) {
        return answer;
    }

    a = ngx_cx_returns_arena_of(r);
    rc = a == NULL ? CXR_NOMEM
         : cxr_read_answers(rd, ngx_cx_returns_loc(r)->shop->shop, &ask,
                            ngx_cx_returns_pair(&args, "cursor"), limit,
                            ctx->arena, &list, &next);

    cxr_buf_init(&b, NGX_CX_RETURNS_SURVEYS_JSON);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_open(&w, "surveys", '[');

    for (i = 0; rc == CXR_OK && i < list.n; i++) {
        cxr_arena_reset(a);
        rc = ngx_cx_returns_surveys_row(r, rd, &list.items[i], a, &w);
    }

    cxr_read_end(rd);
    cxr_jw_close(&w);

    if (rc == CXR_OK) {
        ngx_cx_returns_api_next(&w, next);
        cxr_jw_close(&w);

        return ngx_cx_returns_api_send(r, NGX_HTTP_OK, &b);
    }

    cxr_buf_free(&b);

    return rc == CXR_INVALID
           ? ngx_cx_returns_problem(r, NGX_HTTP_BAD_REQUEST, "bad_cursor",
                                    "The cursor is none of ours.", "?cursor")
           : NGX_HTTP_INTERNAL_SERVER_ERROR;
}
