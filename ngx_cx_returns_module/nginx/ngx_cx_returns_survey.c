
/*
 * An answer to a survey: POST <tracking page>/survey, POST <RMA page>/survey.
 */

#include "ngx_cx_returns_talk.h"


/* The page again, with why, and with what was typed. */

static ngx_int_t
ngx_cx_returns_survey_kept(ngx_cx_returns_answered_t *said, const char *code,
    int64_t want, ngx_uint_t status)
{
    said->no.code = code;
    said->no.want = want;
    said->no.when = CXR_TIME_NONE;
    said->refusal = &said->no;
    said->status = status;

    return NGX_DECLINED;
}


static ngx_int_t
ngx_cx_returns_survey_away(ngx_http_request_t *r,
    ngx_cx_returns_answered_t *said)
{
    if (ngx_cx_returns_add_header(r, "Retry-After", cxr_str("5")) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_cx_returns_survey_kept(said, "survey_away", 0,
                                      NGX_HTTP_SERVICE_UNAVAILABLE);
}


ngx_int_t
ngx_cx_returns_survey_post(ngx_http_request_t *r, cxr_str_t body,
    cxr_str_t order, cxr_str_t rma, ngx_cx_returns_answered_t *said,
    ngx_int_t (*done)(ngx_http_request_t *r, ngx_cx_returns_op_t *op))
{
    cxr_rc_t              rc;
    uint64_t              score;
    cxr_str_t            *text;
    ngx_int_t             answer;
    cxr_pairs_t           pairs;
    ngx_cx_returns_op_t  *op;
    cxr_survey_answer_t  *a;

    ngx_cx_returns_talk_t  about;

    if (ngx_cx_returns_page_form(r, body, &pairs, &answer) != NGX_OK) {
        return answer;
    }

    said->comment = ngx_cx_returns_pair(&pairs, "comment");

    op = ngx_cx_returns_op_create(r);
    a = op ? cxr_calloc(op->arena, 1, sizeof(cxr_survey_answer_t)) : NULL;
    text = a ? cxr_calloc(op->arena, 1, sizeof(cxr_str_t)) : NULL;

    if (text == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = cxr_text_clean(op->arena, said->comment, CXR_TEXT_BLOCK,
                        CXR_SURVEY_COMMENT_MAX, text);

    if (rc == CXR_LIMIT) {
        return ngx_cx_returns_survey_kept(said, "comment_long",
                                          CXR_SURVEY_COMMENT_MAX, 422);
    }

    if (rc != CXR_OK) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
    }

    said->comment = *text;

    /* every change of an answer stands in the journal for ever */

    ngx_memzero(&about, sizeof(ngx_cx_returns_talk_t));
    about.order = order;
    about.rma = rma;

    if (!ngx_cx_returns_talk_allowed(r, &about, "surveys")) {
        ngx_str_set(&ngx_cx_returns_ctx(r)->outcome, "survey_limited");

        return ngx_cx_returns_retry_after(r, 3600) == NGX_OK
               ? ngx_cx_returns_survey_kept(said, "survey_limited", 0,
                                            NGX_HTTP_TOO_MANY_REQUESTS)
               : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!cxr_parse_uint(ngx_cx_returns_pair(&pairs, "score"), 255, &score)) {
        score = 255;                /* no score has it: the refusal says so */
    }

    if (cxr_str_dup(op->arena, order, &a->order) != CXR_OK
        || cxr_str_dup(op->arena, rma, &a->rma) != CXR_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    a->score = (uint8_t) score;

    op->job.kind = CXR_CMD_SURVEY;
    op->job.u.survey.answer = a;
    op->job.u.survey.comment = *text;
    op->job.actor_kind = CXR_ACTOR_SHOPPER;
    op->job.actor = cxr_str("shopper");
    op->done = done;

    return ngx_cx_returns_op_submit(op) == NGX_OK
           ? NGX_DONE : ngx_cx_returns_survey_away(r, said);
}


ngx_int_t
ngx_cx_returns_survey_done(ngx_http_request_t *r, ngx_cx_returns_op_t *op,
    cxr_str_t url, ngx_cx_returns_answered_t *said)
{
    switch (op->job.rc) {

    case CXR_OK:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_SURVEYS, 1);
        return ngx_cx_returns_page_redirect(r, url, "#survey");

    case CXR_REFUSED:
        said->refusal = &op->job.refusal;
        said->status = NGX_HTTP_CONFLICT;
        return NGX_DECLINED;

    case CXR_NOTFOUND:
        return ngx_cx_returns_error_page(r, CXR_PAGE_NOT_FOUND);

    default:
        return ngx_cx_returns_survey_away(r, said);
    }
}
