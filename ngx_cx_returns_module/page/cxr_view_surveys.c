
/*
 * The desk's page of surveys.
 */

#include "cxr_view_surveys.h"

#include "cxr_text.h"

#define SURVEY_DAYS_USUAL  30


static const cxr_field_t  cxr_view_survey_score_fields[] = {
    CXR_FIELD(cxr_view_survey_score_t, score, U32),
    CXR_FIELD(cxr_view_survey_score_t, count, U32),
    CXR_FIELD(cxr_view_survey_score_t, most, U32),
    CXR_FIELD(cxr_view_survey_score_t, text, STR),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_survey_score_type = {
    "survey_score", 0, 1, sizeof(cxr_view_survey_score_t),
    cxr_view_survey_score_fields
};

static const cxr_field_t  cxr_view_survey_sum_fields[] = {
    CXR_FIELD(cxr_view_survey_sum_t, about, STR),
    CXR_FIELD(cxr_view_survey_sum_t, name, STR),
    CXR_FIELD(cxr_view_survey_sum_t, how, STR),
    CXR_FIELD(cxr_view_survey_sum_t, id, STR),
    CXR_FIELD(cxr_view_survey_sum_t, figure, STR),
    CXR_FIELD(cxr_view_survey_sum_t, answers, STR),
    CXR_FIELD(cxr_view_survey_sum_t, mean, STR),
    CXR_FIELD_SUB(cxr_view_survey_sum_t, scores, LIST,
                  &cxr_view_survey_score_type),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_survey_sum_type = {
    "survey_figure", 0, 1, sizeof(cxr_view_survey_sum_t),
    cxr_view_survey_sum_fields
};

static const cxr_field_t  cxr_view_answer_fields[] = {
    CXR_FIELD(cxr_view_answer_t, about, STR),
    CXR_FIELD(cxr_view_answer_t, number, STR),
    CXR_VIEW_URL(cxr_view_answer_t, url),
    CXR_FIELD(cxr_view_answer_t, score, STR),
    CXR_FIELD(cxr_view_answer_t, tone, STR),
    CXR_FIELD(cxr_view_answer_t, comment, STR),
    CXR_FIELD(cxr_view_answer_t, erased, BOOL),
    CXR_FIELD(cxr_view_answer_t, at, STR),
    CXR_FIELD(cxr_view_answer_t, iso, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_answer_type = {
    "answer", 0, 1, sizeof(cxr_view_answer_t), cxr_view_answer_fields
};

static const cxr_field_t  cxr_view_survey_tab_fields[] = {
    CXR_FIELD(cxr_view_survey_tab_t, name, STR),
    CXR_VIEW_URL(cxr_view_survey_tab_t, url),
    CXR_FIELD(cxr_view_survey_tab_t, current, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_survey_tab_type = {
    "survey_tab", 0, 1, sizeof(cxr_view_survey_tab_t),
    cxr_view_survey_tab_fields
};

static const cxr_field_t  cxr_view_surveys_fields[] = {
    CXR_VIEW_PAGE(cxr_view_surveys_t),
    CXR_FIELD_SUB(cxr_view_surveys_t, tabs, LIST, &cxr_view_survey_tab_type),
    CXR_FIELD_SUB(cxr_view_surveys_t, sums, LIST, &cxr_view_survey_sum_type),
    CXR_FIELD(cxr_view_surveys_t, has_sums, BOOL),
    CXR_FIELD_SUB(cxr_view_surveys_t, kinds, LIST, &cxr_view_survey_tab_type),
    CXR_FIELD_SUB(cxr_view_surveys_t, rows, LIST, &cxr_view_answer_type),
    CXR_FIELD(cxr_view_surveys_t, has_rows, BOOL),
    CXR_VIEW_URL(cxr_view_surveys_t, next_url),
    CXR_VIEW_URL(cxr_view_surveys_t, csv_url),
    CXR_FIELD(cxr_view_surveys_t, actor, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_surveys_type = {
    "staff_surveys", 0, 1, sizeof(cxr_view_surveys_t), cxr_view_surveys_fields
};

static const unsigned  survey_days[] = { 7, 30, 90, 365 };


static cxr_str_t
survey_arg(const cxr_pairs_t *args, const char *name)
{
    uint32_t  i;

    for (i = 0; i < args->n; i++) {
        if (cxr_str_eq(args->items[i].name, cxr_strz(name))) {
            return args->items[i].value;
        }
    }

    return CXR_STR_NONE;
}


void
cxr_survey_query_parse(const cxr_pairs_t *args, cxr_survey_query_t *q)
{
    size_t    i;
    uint64_t  days;

    q->days = SURVEY_DAYS_USUAL;
    q->low = cxr_str_is(survey_arg(args, "only"), "low");
    q->cursor = survey_arg(args, "cursor");

    if (!cxr_parse_uint(survey_arg(args, "days"), 365, &days)) {
        return;
    }

    for (i = 0; i < cxr_nelts(survey_days); i++) {
        q->days = survey_days[i] == days ? survey_days[i] : q->days;
    }
}


/* "/staff/surveys?days=30&only=low" */

static cxr_str_t
survey_url(cxr_say_t *say, const char *page, unsigned days, bool low)
{
    cxr_str_t  path;

    path = cxr_sprintf(say->a, "%.*s%s?days=%u%s",
                       cxr_str_arg(say->ctx->shop->staff), page, days,
                       low ? "&only=low" : "");

    if (path.len == 0) {
        say->failed = true;
    }

    return cxr_say_url(say, path, "");
}


static void
survey_tabs(cxr_say_t *say, const cxr_survey_query_t *q,
    cxr_view_surveys_t *view)
{
    size_t                  i;
    cxr_arg_t               days;
    cxr_view_survey_tab_t  *tab;

    for (i = 0; i < cxr_nelts(survey_days); i++) {
        tab = cxr_say_push(say, &view->tabs, sizeof(*tab));
        if (tab == NULL) {
            return;
        }

        days = cxr_arg_int("n", survey_days[i]);
        tab->name = cxr_say_with(say, "staff.surveys.days", &days, 1);
        tab->url = survey_url(say, "surveys", survey_days[i], q->low);
        tab->current = survey_days[i] == q->days;
    }

    for (i = 0; i < 2; i++) {
        tab = cxr_say_push(say, &view->kinds, sizeof(*tab));
        if (tab == NULL) {
            return;
        }

        tab->name = cxr_say(say, i ? "staff.surveys.low"
                                   : "staff.surveys.all");
        tab->url = survey_url(say, "surveys", q->days, i == 1);
        tab->current = q->low == (i == 1);
    }
}


static cxr_str_t
survey_count(cxr_say_t *say, uint32_t n)
{
    cxr_arg_t  arg = cxr_arg_int("n", n);

    return cxr_say_with(say, "staff.surveys.answers", &arg, 1);
}


/* "+42", "-7", "85%" */

static cxr_str_t
survey_figure(cxr_say_t *say, unsigned question, int32_t figure)
{
    cxr_arg_t  arg;
    cxr_str_t  text;

    if (question != CXR_ASK_NPS) {
        arg = cxr_arg_int("n", figure);
        return cxr_say_with(say, "staff.surveys.percent", &arg, 1);
    }

    text = cxr_sprintf(say->a, "%s%u", figure < 0 ? "\xe2\x88\x92"
                                       : figure > 0 ? "+" : "",
                       (unsigned) (figure < 0 ? -figure : figure));

    if (text.len == 0) {
        say->failed = true;
    }

    return text;
}


static void
survey_sum(cxr_say_t *say, bool returns, unsigned question,
    const cxr_survey_counts_t *counts, cxr_view_surveys_t *view)
{
    unsigned                  score;
    uint32_t                  most;
    cxr_arg_t                 args[3];
    const char               *name;
    cxr_survey_result_t       r;
    cxr_view_survey_sum_t    *sum;
    cxr_view_survey_score_t  *s;

    cxr_survey_sum(question, counts, &r);

    if (r.answers == 0) {
        return;
    }

    sum = cxr_say_push(say, &view->sums, sizeof(*sum));
    if (sum == NULL) {
        return;
    }

    name = cxr_survey_question_names[question];
    args[0] = cxr_arg_int("a", r.mean_tenths / 10);
    args[1] = cxr_arg_int("b", r.mean_tenths % 10);
    args[2] = cxr_arg_int("of", cxr_survey_max(question));

    sum->about = cxr_say(say, returns ? "staff.surveys.about.returns"
                                      : "staff.surveys.about.delivery");
    sum->name = cxr_say_name(say, "staff.surveys.name.", name);
    sum->how = cxr_say_name(say, "staff.surveys.how.", name);
    sum->id = cxr_sprintf(say->a, "%s-%s", returns ? "returns" : "delivery",
                          name);
    sum->figure = survey_figure(say, question, r.figure);
    sum->answers = survey_count(say, r.answers);
    sum->mean = cxr_say_with(say, "staff.surveys.mean", args, 3);

    for (most = 0, score = 0; score < CXR_SURVEY_SCORES; score++) {
        most = counts->count[score] > most ? counts->count[score] : most;
    }

    for (score = cxr_survey_max(question) + 1;
         score-- > cxr_survey_min(question); /* void */ )
    {
        s = cxr_say_push(say, &sum->scores, sizeof(*s));
        if (s == NULL) {
            return;
        }

        s->score = score;
        s->count = counts->count[score];
        s->most = most;
        s->text = survey_count(say, s->count);
    }

    say->failed |= sum->id.len == 0;
}


void
cxr_view_answer(cxr_say_t *say, const cxr_answer_in_t *in,
    cxr_view_answer_t *v)
{
    cxr_arg_t            args[2];
    const cxr_survey_t  *s = in->answer;

    static const char *const  tones[CXR_MOODS] = { "bad", "warn", "good" };

    args[0] = cxr_arg_int("score", s->score);
    args[1] = cxr_arg_int("of", cxr_survey_max(s->question));

    v->about = cxr_say(say, s->rma.len != 0 ? "staff.surveys.about.returns"
                                            : "staff.surveys.about.delivery");
    v->number = s->rma.len != 0 ? s->rma : in->number;
    v->url = cxr_say_url(say,
                         cxr_say_join(say, say->ctx->shop->staff,
                                      s->rma.len != 0 ? "rma/" : "messages/",
                                      s->rma.len != 0 ? s->rma : in->order),
                         "");
    v->score = cxr_say_with(say, "staff.surveys.score", args, 2);
    v->tone = cxr_strz(tones[cxr_survey_mood(s->question, s->score)]);
    v->comment = in->comment;
    v->erased = in->erased;
    v->at = cxr_say_date(say, s->at, CXR_DATE_DAY_TIME);
    v->iso = cxr_say_iso(say, s->at);
}


void
cxr_view_surveys(cxr_say_t *say, const cxr_survey_query_t *q,
    const cxr_survey_counts_t sums[2][CXR_ASKS], const cxr_answer_in_t *rows,
    size_t n, cxr_str_t next, cxr_view_surveys_t *view)
{
    size_t              i;
    unsigned            about, question;
    cxr_view_answer_t  *row;

    survey_tabs(say, q, view);

    for (about = 0; about < 2; about++) {
        for (question = CXR_ASK_NOTHING + 1; question < CXR_ASKS; question++) {
            survey_sum(say, about == 1, question, &sums[about][question],
                       view);
        }
    }

    for (i = 0; i < n; i++) {
        row = cxr_say_push(say, &view->rows, sizeof(*row));
        if (row == NULL) {
            return;
        }

        cxr_view_answer(say, &rows[i], row);
    }

    view->has_sums = view->sums.n != 0;
    view->has_rows = view->rows.n != 0;
    view->csv_url = survey_url(say, "surveys.csv", q->days, q->low);

    if (next.len != 0) {
        view->next_url = cxr_say_join(say, survey_url(say, "surveys", q->days,
                                                      q->low),
                                      "&cursor=", next);
    }
}


/* ---- CSV ---- */

static const char  survey_csv_columns[] =
    "changed_at,first_at,about,question,score,mood,order,rma,comment\r\n";


void
cxr_survey_csv_head(cxr_buf_t *out)
{
    cxr_buf_addz(out, "\xEF\xBB\xBF");
    cxr_buf_addz(out, survey_csv_columns);
}


static void
survey_csv_field(cxr_buf_t *out, cxr_str_t s)
{
    cxr_buf_csv(out, s);
    cxr_buf_addc(out, ',');
}


static void
survey_csv_time(cxr_buf_t *out, cxr_time_t at)
{
    char  text[CXR_TIME_PRINTED];

    survey_csv_field(out, cxr_strn(text, cxr_time_snprint(at, text)));
}


void
cxr_survey_csv_row(const cxr_answer_in_t *row, cxr_buf_t *out)
{
    const cxr_survey_t  *s = row->answer;

    survey_csv_time(out, s->at);
    survey_csv_time(out, s->first_at);
    survey_csv_field(out, cxr_strz(cxr_about_names[cxr_survey_about(s)]));
    survey_csv_field(out, cxr_strz(cxr_survey_question_names[s->question]));
    cxr_buf_addu(out, s->score);
    cxr_buf_addc(out, ',');
    survey_csv_field(out, cxr_strz(cxr_survey_mood_names[
                              cxr_survey_mood(s->question, s->score)]));
    survey_csv_field(out, row->number);
    survey_csv_field(out, s->rma);
    cxr_buf_csv(out, row->comment);
    cxr_buf_addz(out, "\r\n");
}
