
/*
 * An answer to a survey: POST <tracking page>/survey, POST <RMA page>/survey.
 */

#include "ngx_cx_returns_talk.h"


ngx_int_t
ngx_cx_returns_survey_post(ngx_http_request_t *r, cxr_str_t body,
    cxr_str_t order, cxr_str_t rma,
    ngx_int_t (*done)(ngx_http_request_t *r, ngx_cx_returns_op_t *op))
{
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

    /* every change of an answer stands in the journal for ever */

    ngx_memzero(&about, sizeof(ngx_cx_returns_talk_t));
    about.order = order;
    about.rma = rma;

    if (!ngx_cx_returns_talk_allowed(r, &about, "surveys")) {
        ngx_str_set(&ngx_cx_returns_ctx(r)->outcome, "survey_limited");
        return ngx_cx_returns_error_page(r, CXR_PAGE_TOO_MANY);
    }

    op = ngx_cx_returns_op_create(r);
    a = op ? cxr_calloc(op->arena, 1, sizeof(cxr_survey_answer_t)) : NULL;
    text = a ? cxr_calloc(op->arena, 1, sizeof(cxr_str_t)) : NULL;

    if (text == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!cxr_parse_uint(ngx_cx_returns_pair(&pairs, "score"), 255, &score)) {
        score = 255;                /* no score has it: the refusal says so */
    }

    if (cxr_text_clean(op->arena, ngx_cx_returns_pair(&pairs, "comment"),
                       CXR_TEXT_BLOCK, CXR_SURVEY_COMMENT_MAX, text)
        != CXR_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_BAD_REQUESTS, 1);
        return ngx_cx_returns_error_page(r, CXR_PAGE_BAD_REQUEST);
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

    if (ngx_cx_returns_op_submit(op) == NGX_OK) {
        return NGX_DONE;
    }

    return ngx_cx_returns_error_page(r, CXR_PAGE_AWAY);
}
