
/*
 * A survey on a shopper's page.
 */

#include "cxr_text.h"
#include "cxr_view_survey.h"


static const cxr_field_t  cxr_view_score_fields[] = {
    CXR_FIELD(cxr_view_score_t, value, U32),
    CXR_FIELD(cxr_view_score_t, label, STR),
    CXR_FIELD(cxr_view_score_t, chosen, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_score_type = {
    "score", 0, 1, sizeof(cxr_view_score_t), cxr_view_score_fields
};


static const cxr_field_t  cxr_view_survey_fields[] = {
    CXR_FIELD(cxr_view_survey_t, open, BOOL),
    CXR_FIELD(cxr_view_survey_t, question, STR),
    CXR_FIELD(cxr_view_survey_t, low, STR),
    CXR_FIELD(cxr_view_survey_t, high, STR),
    CXR_FIELD_SUB(cxr_view_survey_t, scores, LIST, &cxr_view_score_type),
    CXR_FIELD(cxr_view_survey_t, wide, BOOL),
    CXR_VIEW_URL(cxr_view_survey_t, url),
    CXR_FIELD(cxr_view_survey_t, answered, BOOL),
    CXR_FIELD(cxr_view_survey_t, score, U32),
    CXR_FIELD(cxr_view_survey_t, thanks, STR),
    CXR_FIELD(cxr_view_survey_t, has_comment, BOOL),
    CXR_FIELD(cxr_view_survey_t, comment_max, U32),
    CXR_FIELD(cxr_view_survey_t, comment, STR),
    CXR_FIELD(cxr_view_survey_t, picked, BOOL),
    CXR_FIELD(cxr_view_survey_t, pick, U32),
    CXR_FIELD(cxr_view_survey_t, pick_text, STR),
    CXR_FIELD(cxr_view_survey_t, error, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_survey_type = {
    "survey", 0, 1, sizeof(cxr_view_survey_t), cxr_view_survey_fields
};


cxr_time_t
cxr_survey_delivered(const cxr_shipment_t *ships, size_t n)
{
    size_t      i;
    cxr_time_t  at;

    at = CXR_TIME_NONE;

    for (i = 0; i < n; i++) {
        if (ships[i].direction == CXR_PARCEL_OUTBOUND
            && ships[i].status == CXR_SHIP_DELIVERED
            && ships[i].delivered_at != CXR_TIME_NONE
            && (at == CXR_TIME_NONE || ships[i].delivered_at < at))
        {
            at = ships[i].delivered_at;
        }
    }

    return at;
}


static void
survey_scores(cxr_say_t *say, unsigned question, const cxr_survey_t *had,
    cxr_view_survey_t *v)
{
    unsigned           score;
    cxr_view_score_t  *s;

    v->scores.n = cxr_survey_max(question) - cxr_survey_min(question) + 1;
    v->scores.items = cxr_say_room(say, v->scores.n, sizeof(*s));

    if (v->scores.items == NULL) {
        v->scores.n = 0;
        return;
    }

    s = v->scores.items;

    for (score = cxr_survey_min(question); score <= cxr_survey_max(question);
         score++, s++)
    {
        s->value = score;
        s->label = say->ctx->texts.ask_score[question][score];
        s->chosen = had != NULL && had->score == score;
    }
}


/* A letter's link can only name a score: what opens links before people do
   must not answer for them. */

static void
survey_pick(cxr_say_t *say, unsigned question, const cxr_survey_in_t *in,
    const cxr_survey_t *had, cxr_view_survey_t *v)
{
    uint64_t   pick;
    cxr_arg_t  args[2];

    if (in->pick.len == 0
        || !cxr_parse_uint(in->pick, cxr_survey_max(question), &pick)
        || pick < cxr_survey_min(question)
        || (had != NULL && had->score == pick))
    {
        return;
    }

    args[0] = cxr_arg_int("score", (int64_t) pick);
    args[1] = cxr_arg_int("of", cxr_survey_max(question));

    v->picked = true;
    v->pick = (uint32_t) pick;
    v->pick_text = cxr_say_with(say, "survey.pick", args, 2);
}


cxr_view_survey_t *
cxr_view_survey(cxr_say_t *say, const cxr_survey_in_t *in)
{
    bool                  open;
    unsigned              question;
    cxr_arg_t             arg;
    cxr_time_t            until;
    const cxr_survey_t   *had;
    cxr_view_survey_t    *v;
    const cxr_surveys_t  *conf = &say->ctx->shop->surveys;

    open = cxr_survey_open(conf, in->order, in->rma, in->delivered_at, in->now,
                           &had, &until);

    if (!open && in->refusal == NULL) {
        return NULL;
    }

    v = cxr_say_room(say, 1, sizeof(*v));
    if (v == NULL) {
        return NULL;
    }

    memset(v, 0, sizeof(*v));

    if (in->refusal != NULL) {
        v->error = cxr_say_refusal(say, in->refusal);
        v->comment = in->said;
    }

    v->open = open;

    if (!open) {
        return v;
    }

    question = had != NULL ? had->question
               : in->rma != NULL ? conf->returns : conf->delivery;

    v->question = say->ctx->texts.ask[in->rma != NULL][question];
    v->low = say->ctx->texts.ask_low[question];
    v->high = say->ctx->texts.ask_high[question];
    v->url = cxr_say_url(say, in->url, "/survey");
    v->wide = cxr_survey_max(question) > 5;
    v->comment_max = CXR_SURVEY_COMMENT_MAX;

    survey_scores(say, question, had, v);
    survey_pick(say, question, in, had, v);

    if (had != NULL) {
        arg = cxr_arg_str("until", cxr_say_date(say, until,
                                                CXR_DATE_WEEKDAY_DAY));
        v->answered = true;
        v->score = had->score;
        v->has_comment = had->comment.len != 0;
        v->thanks = cxr_say_with(say, "survey.thanks", &arg, 1);
    }

    return v;
}
