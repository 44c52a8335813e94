
/*
 * Surveys: when they are open, and answers.
 */

#include "cxr_survey.h"


const char *const  cxr_survey_question_names[] = {
    "none", "csat", "ces", "nps", NULL
};


const char *const  cxr_survey_mood_names[] = { "bad", "fair", "good", NULL };


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


const cxr_survey_t *
cxr_survey_find(const cxr_order_t *order, cxr_str_t rma)
{
    uint32_t  i;

    for (i = 0; i < order->surveys.n; i++) {
        if (cxr_str_eq(order->surveys.items[i].rma, rma)) {
            return &order->surveys.items[i];
        }
    }

    return NULL;
}


void
cxr_survey_parcel(cxr_survey_parcels_t *p, const cxr_shipment_t *ship)
{
    if (ship->direction != CXR_PARCEL_OUTBOUND) {
        return;
    }

    if (ship->status == CXR_SHIP_DELIVERED
        && ship->delivered_at != CXR_TIME_NONE)
    {
        p->at = p->any && p->at > ship->delivered_at ? p->at
                                                     : ship->delivered_at;
        p->any = true;
        return;
    }

    /* one that no carrier ever spoke of holds nothing up */

    p->under_way |= ship->status >= CXR_SHIP_LABEL_CREATED
                    && ship->status <= CXR_SHIP_ATTEMPT_FAILED;
}


cxr_time_t
cxr_survey_delivery(const cxr_survey_parcels_t *p)
{
    return p->any && !p->under_way ? p->at : CXR_TIME_NONE;
}


/* From when an RMA can be asked about: the later of the goods' return and the
   money's release, or its end. */

static cxr_time_t
survey_settled(const cxr_rma_t *rma)
{
    bool                   money, back;
    uint32_t               i;
    cxr_time_t             at;
    const cxr_rma_step_t  *step;

    /* of what was cancelled nobody sent anything back */

    if (rma->cancelled || rma->kind == CXR_KIND_CANCELLATION) {
        return CXR_TIME_NONE;
    }

    money = false;
    back = false;
    at = CXR_TIME_NONE;

    for (i = 0; i < rma->steps.n; i++) {
        step = &rma->steps.items[i];

        if ((step->kind == CXR_EV_SETTLEMENT_RELEASED && !money)
            || (step->kind == CXR_EV_RMA_RECEIVED && !back))
        {
            at = step->at;
            money |= step->kind == CXR_EV_SETTLEMENT_RELEASED;
            back |= step->kind == CXR_EV_RMA_RECEIVED;
        }
    }

    switch (rma->status) {

    case CXR_RMA_COMPLETED:
    case CXR_RMA_DECLINED:
        return at == CXR_TIME_NONE && rma->steps.n != 0
               ? rma->steps.items[rma->steps.n - 1].at : at;

    case CXR_RMA_RECEIVED:

        /* it is not over while she is still asked for the rest */

        for (i = 0; i < rma->lines.n; i++) {
            if (rma->lines.items[i].receipt == CXR_RECEIPT_SHORT) {
                return CXR_TIME_NONE;
            }
        }

        return money ? at : CXR_TIME_NONE;

    default:
        return CXR_TIME_NONE;
    }
}


bool
cxr_survey_open(const cxr_surveys_t *conf, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_time_t delivered_at, cxr_time_t now,
    const cxr_survey_t **answered, cxr_time_t *until)
{
    cxr_time_t           from;
    const cxr_survey_t  *s;

    s = cxr_survey_find(order, rma != NULL ? rma->id : CXR_STR_NONE);
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


cxr_survey_mood_t
cxr_survey_mood(unsigned question, unsigned score)
{
    static const struct {
        uint8_t  bad;              /* up to                                   */
        uint8_t  good;             /* from                                    */
    } moods[CXR_ASKS] = {
        [CXR_ASK_CSAT] = { 2, 4 },
        [CXR_ASK_CES] = { 3, 5 },
        [CXR_ASK_NPS] = { 6, 9 }
    };

    if (question == CXR_ASK_NOTHING || question >= CXR_ASKS) {
        return CXR_MOOD_FAIR;
    }

    return score <= moods[question].bad ? CXR_MOOD_BAD
           : score >= moods[question].good ? CXR_MOOD_GOOD : CXR_MOOD_FAIR;
}


/* the nearest whole number, halves away from 0; "by" is more than 0 */

static int64_t
survey_nearest(int64_t n, int64_t by)
{
    return n < 0 ? -((-2 * n + by) / (2 * by)) : (2 * n + by) / (2 * by);
}


void
cxr_survey_sum(unsigned question, const cxr_survey_counts_t *counts,
    cxr_survey_result_t *r)
{
    int64_t   points, happy;
    unsigned  score;

    memset(r, 0, sizeof(*r));
    points = 0;

    for (score = 0; score < CXR_SURVEY_SCORES; score++) {
        r->answers += counts->count[score];
        r->moods[cxr_survey_mood(question, score)] += counts->count[score];
        points += (int64_t) score * counts->count[score];
    }

    if (r->answers == 0) {
        return;
    }

    happy = r->moods[CXR_MOOD_GOOD];

    if (question == CXR_ASK_NPS) {
        happy -= r->moods[CXR_MOOD_BAD];
    }

    r->figure = (int32_t) survey_nearest(100 * happy, r->answers);
    r->mean_tenths = (uint32_t) survey_nearest(10 * points, r->answers);
}
