
/*
 * Surveys: when they are open, and answers.
 */

#include "cxr_survey.h"


const char *const  cxr_survey_question_names[] = {
    "none", "csat", "ces", "nps", NULL
};


static const struct {
    uint8_t  min;
    uint8_t  max;
} survey_scores[CXR_ASKS] = {
    [CXR_ASK_CSAT] = { 1, 5 },
    [CXR_ASK_CES] = { 1, 7 },
    [CXR_ASK_NPS] = { 0, 10 }
};


static const cxr_field_t  cxr_survey_fields[] = {
    CXR_FIELD_ENUM(cxr_survey_t, question, cxr_survey_question_names),
    CXR_FIELD(cxr_survey_t, rma, STR),
    CXR_FIELD(cxr_survey_t, score, U8),
    CXR_FIELD_X(cxr_survey_t, comment, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD(cxr_survey_t, first_at, TIME),
    CXR_FIELD(cxr_survey_t, at, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_survey_type = {
    "survey", CXR_TYPE_SURVEY, 1, sizeof(cxr_survey_t), cxr_survey_fields
};


unsigned
cxr_survey_min(unsigned question)
{
    return question < CXR_ASKS ? survey_scores[question].min : 0;
}


unsigned
cxr_survey_max(unsigned question)
{
    return question < CXR_ASKS ? survey_scores[question].max : 0;
}


static cxr_survey_t *
survey_find(const cxr_order_t *order, cxr_str_t rma)
{
    uint32_t  i;

    for (i = 0; i < order->surveys.n; i++) {
        if (cxr_str_eq(order->surveys.items[i].rma, rma)) {
            return &order->surveys.items[i];
        }
    }

    return NULL;
}


/* From when an RMA can be asked about: it has come to its end, or money has
   been let go. */

static cxr_time_t
survey_settled(const cxr_rma_t *rma)
{
    bool      over;
    uint32_t  i;

    over = rma->status == CXR_RMA_COMPLETED || rma->status == CXR_RMA_DECLINED;

    for (i = 0; i < rma->steps.n; i++) {
        if (rma->steps.items[i].kind == CXR_EV_SETTLEMENT_RELEASED
            || (over && i + 1 == rma->steps.n))
        {
            return rma->cancelled ? CXR_TIME_NONE : rma->steps.items[i].at;
        }
    }

    return CXR_TIME_NONE;
}


bool
cxr_survey_open(const cxr_surveys_t *conf, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_time_t delivered_at, cxr_time_t now,
    const cxr_survey_t **answered, cxr_time_t *until)
{
    cxr_time_t           from;
    const cxr_survey_t  *s;

    s = survey_find(order, rma != NULL ? rma->id : CXR_STR_NONE);
    from = rma != NULL ? survey_settled(rma) : delivered_at;

    *answered = s;
    *until = CXR_TIME_NONE;

    if ((rma != NULL ? conf->returns : conf->delivery) == CXR_ASK_NOTHING
        || (from == CXR_TIME_NONE && s == NULL))
    {
        return false;
    }

    *until = s != NULL ? s->first_at + conf->change_days * CXR_DAY
                       : from + conf->open_days * CXR_DAY;

    return now <= *until;
}


cxr_rc_t
cxr_survey_answer(const cxr_surveys_t *conf, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_time_t delivered_at,
    const cxr_survey_answer_t *answer, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rc_t             rc;
    unsigned             question;
    cxr_time_t           until;
    cxr_event_t         *ev;
    cxr_survey_t        *body;
    const cxr_survey_t  *had;

    question = rma != NULL ? conf->returns : conf->delivery;

    if (question == CXR_ASK_NOTHING) {
        return cxr_refuse(no, "survey_off", "", "the shop asks nothing here");
    }

    if (!cxr_survey_open(conf, order, rma, delivered_at, now, &had, &until)) {

        if (until == CXR_TIME_NONE) {
            return cxr_refuse(no, "survey_not_yet", "",
                              "there is nothing yet to ask about");
        }

        rc = cxr_refuse(no, "survey_closed", "",
                        "the time for an answer is over");
        no->when = until;

        return rc;
    }

    if (had != NULL) {
        question = had->question;       /* as it was asked */
    }

    if (answer->score < cxr_survey_min(question)
        || answer->score > cxr_survey_max(question))
    {
        rc = cxr_refuse(no, "score_range", "/score", "the score is %u to %u",
                        cxr_survey_min(question), cxr_survey_max(question));
        no->want = cxr_survey_max(question);

        return rc;
    }

    if (had != NULL && had->score == answer->score && answer->comment.len == 0)
    {
        return CXR_OK;
    }

    body = cxr_calloc(a, 1, sizeof(*body));
    ev = cxr_list_push(a, out, sizeof(*ev));

    if (body == NULL || ev == NULL) {
        return CXR_NOMEM;
    }

    body->question = (uint8_t) question;
    body->rma = rma != NULL ? rma->id : CXR_STR_NONE;
    body->score = answer->score;
    body->comment = answer->comment.len != 0 || had == NULL ? answer->comment
                                                            : had->comment;
    body->first_at = had != NULL ? had->first_at : now;
    body->at = now;

    ev->kind = CXR_EV_SURVEY_ANSWERED;
    ev->aggregate = CXR_AGG_ORDER;
    ev->id = answer->order;
    ev->expect = order->revision;
    ev->body = body;

    return CXR_OK;
}


cxr_rc_t
cxr_survey_apply(cxr_order_t *order, const cxr_event_t *ev, cxr_time_t at,
    cxr_arena_t *a)
{
    uint32_t             i, n;
    cxr_survey_t        *items;
    const cxr_survey_t  *body = ev->body;

    if (ev->kind != CXR_EV_SURVEY_ANSWERED || body->question >= CXR_ASKS
        || body->score < cxr_survey_min(body->question)
        || body->score > cxr_survey_max(body->question))
    {
        return CXR_INVALID;
    }

    n = order->surveys.n;

    items = cxr_calloc(a, (size_t) n + 1, sizeof(cxr_survey_t));
    if (items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < n; i++) {
        items[i] = order->surveys.items[i];
    }

    for (i = 0; i < n && !cxr_str_eq(items[i].rma, body->rma); i++) {
        /* void */
    }

    if (i == CXR_SURVEYS_MAX) {
        return CXR_INVALID;
    }

    items[i] = *body;
    order->surveys.items = items;
    order->surveys.n = i == n ? n + 1 : n;
    order->updated_at = at;
    order->revision++;

    return CXR_OK;
}
