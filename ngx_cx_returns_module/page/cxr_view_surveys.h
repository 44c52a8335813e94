
/*
 * The desk's page of surveys (staff_surveys.html): what the scores of the last
 * days add up to, and the answers themselves, the newest first.
 *
 *   GET /staff/surveys?days=30&only=low&cursor=...
 *   GET /staff/surveys.csv?days=30&only=low
 *
 * And an answer in a few words, for the pages of its RMA and its order.
 */

#ifndef _CXR_VIEW_SURVEYS_H_INCLUDED_
#define _CXR_VIEW_SURVEYS_H_INCLUDED_

#include "cxr_say.h"
#include "cxr_store_surveys.h"

#define CXR_SURVEY_PAGE      50      /* answers                               */
#define CXR_SURVEY_CSV_ROWS  20000

typedef struct {
    unsigned     days;               /* 7, 30, 90 or 365                      */
    bool         low;
    cxr_str_t    cursor;
} cxr_survey_query_t;

/* What is none of ours is the usual: thirty days of all. */
void cxr_survey_query_parse(const cxr_pairs_t *args, cxr_survey_query_t *q);

/* How many gave a score. */
typedef struct {
    uint32_t     score;
    uint32_t     count;
    uint32_t     most;               /* of the scores of this question        */
    cxr_str_t    text;               /* "12 answers"                          */
} cxr_view_survey_score_t;

/* One question in its place. */
typedef struct {
    cxr_str_t    about;              /* "Delivery"                            */
    cxr_str_t    name;               /* "Net promoter score (NPS)"            */
    cxr_str_t    how;                /* how it is computed                    */
    cxr_str_t    id;                 /* of its heading                        */
    cxr_str_t    figure;             /* "+42", "85%"                          */
    cxr_str_t    answers;            /* "12 answers"                          */
    cxr_str_t    mean;               /* "Average 4.3 of 5"                    */
    CXR_LIST_OF(cxr_view_survey_score_t)  scores;   /* the highest first      */
} cxr_view_survey_sum_t;

typedef struct {
    cxr_str_t    about;
    cxr_str_t    number;             /* of the RMA or the order               */
    cxr_str_t    url;
    cxr_str_t    score;              /* "4 / 5"                               */
    cxr_str_t    tone;               /* of its pill                           */
    cxr_str_t    comment;
    bool         erased;             /* there was one, and she is erased      */
    cxr_str_t    at;
    cxr_str_t    iso;
} cxr_view_answer_t;

extern const cxr_type_t  cxr_view_answer_type;

typedef struct {
    cxr_str_t    name;
    cxr_str_t    url;
    bool         current;
} cxr_view_survey_tab_t;

typedef struct {
    cxr_view_page_t  *page;
    CXR_LIST_OF(cxr_view_survey_tab_t)  tabs;       /* the days               */
    CXR_LIST_OF(cxr_view_survey_sum_t)  sums;
    bool              has_sums;
    CXR_LIST_OF(cxr_view_survey_tab_t)  kinds;      /* all, the low ones      */
    CXR_LIST_OF(cxr_view_answer_t)      rows;
    bool              has_rows;
    cxr_str_t         next_url;
    cxr_str_t         csv_url;
    cxr_str_t         actor;
} cxr_view_surveys_t;

extern const cxr_type_t  cxr_view_surveys_type;

/* An answer with what its comment says. */
typedef struct {
    cxr_str_t            order;      /* folded                                */
    cxr_str_t            number;     /* of the order, as the shop writes it   */
    const cxr_survey_t  *answer;
    cxr_str_t            comment;
    bool                 erased;
} cxr_answer_in_t;

void cxr_view_answer(cxr_say_t *say, const cxr_answer_in_t *in,
    cxr_view_answer_t *view);

/* "next": the cursor of what follows, or empty. */
void cxr_view_surveys(cxr_say_t *say, const cxr_survey_query_t *q,
    const cxr_survey_counts_t sums[2][CXR_ASKS], const cxr_answer_in_t *rows,
    size_t n, cxr_str_t next, cxr_view_surveys_t *view);

/* The answers as CSV, as cxr_staff_csv.h has it, but with what people wrote. */
void cxr_survey_csv_head(cxr_buf_t *out);
void cxr_survey_csv_row(const cxr_answer_in_t *row, cxr_buf_t *out);

#endif /* _CXR_VIEW_SURVEYS_H_INCLUDED_ */
