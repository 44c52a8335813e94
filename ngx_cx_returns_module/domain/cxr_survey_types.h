
/*
 * What an order keeps of surveys, and what a shop says of them.
 */

#ifndef _CXR_SURVEY_TYPES_H_INCLUDED_
#define _CXR_SURVEY_TYPES_H_INCLUDED_

#include "cxr_event.h"

#define CXR_SURVEYS_MAX          201   /* of an order: its delivery, its RMAs  */
#define CXR_SURVEY_COMMENT_MAX   1000  /* characters                           */
#define CXR_SURVEY_DAYS_MAX      365

typedef enum {
    CXR_ASK_NOTHING = 0,
    CXR_ASK_CSAT,              /* how satisfied: 1..5                          */
    CXR_ASK_CES,               /* how easy: 1..7                               */
    CXR_ASK_NPS,               /* would you recommend us: 0..10                */
    CXR_ASKS
} cxr_survey_question_t;

extern const char *const  cxr_survey_question_names[];   /* "none", "csat", ... */

/* An answer: in the order, and as the body of survey.answered. */
typedef struct {
    uint8_t      question;     /* cxr_survey_question_t                        */
    cxr_str_t    rma;          /* that it is about; empty: the delivery        */
    uint8_t      score;
    cxr_str_t    comment;      /* sealed, or empty                             */
    cxr_time_t   first_at;     /* of the first answer; in the event too        */
    cxr_time_t   at;
} cxr_survey_t;

extern const cxr_type_t  cxr_survey_type;

/* The command; order and RMA are the job's. */
typedef struct {
    cxr_str_t    order;        /* folded                                       */
    cxr_str_t    rma;          /* or empty                                     */
    uint8_t      score;
    cxr_str_t    comment;      /* sealed already (store/ does), or empty       */
} cxr_survey_answer_t;

/* How many gave which score; of one question. */
#define CXR_SURVEY_SCORES  11

typedef struct {
    uint32_t     count[CXR_SURVEY_SCORES];
} cxr_survey_counts_t;

/* What a score says of who gave it, as these questions are commonly read. */
typedef enum {
    CXR_MOOD_BAD = 0,          /* CSAT 1, 2; CES 1..3; NPS 0..6 (detractors)   */
    CXR_MOOD_FAIR,
    CXR_MOOD_GOOD,             /* CSAT 4, 5; CES 5..7; NPS 9, 10 (promoters)   */
    CXR_MOODS
} cxr_survey_mood_t;

extern const char *const  cxr_survey_mood_names[];   /* "bad", "fair", "good" */

typedef struct {
    uint32_t     answers;
    uint32_t     moods[CXR_MOODS];
    int32_t      figure;       /* CSAT, CES: percent that are good, 0..100; NPS:
                                  that less the percent that are bad, -100..100;
                                  to the nearest, halves away from 0           */
    uint32_t     mean_tenths;  /* the same way                                 */
} cxr_survey_result_t;

/* "surveys" of the shop's file */
typedef struct {
    uint8_t      delivery;     /* cxr_survey_question_t                        */
    uint8_t      returns;
    uint32_t     open_days;    /* from when it can be asked                    */
    uint32_t     change_days;  /* from the first answer                        */
} cxr_surveys_t;

#endif /* _CXR_SURVEY_TYPES_H_INCLUDED_ */
