
/*
 * Answers to surveys as the shop looks at them: the newest first, and how many
 * gave which score on which day.  Both follow from the orders.
 *
 * Days are those of the first answer, in UTC: what was counted does not move
 * when a shop moves.  An answer that was changed counts as it stands now.
 */

#ifndef _CXR_STORE_SURVEYS_H_INCLUDED_
#define _CXR_STORE_SURVEYS_H_INCLUDED_

#include "cxr_store.h"

#define CXR_SURVEY_LIST_MAX  200     /* answers of one page                   */
#define CXR_SURVEY_LOOK_MAX  2000    /* looked at for one page                */

/* One answer; its comment is in the order. */
typedef struct {
    cxr_time_t     at;               /* of its last change                    */
    cxr_str_t      order;            /* folded                                */
    cxr_survey_t   answer;
} cxr_answer_t;

typedef CXR_LIST_OF(cxr_answer_t)  cxr_answers_t;

/* What each answer tells of; one of them is about a delivery or a return. */
typedef enum {
    CXR_ABOUT_DELIVERY = 0,
    CXR_ABOUT_RETURNS,
    CXR_ABOUTS
} cxr_about_t;

extern const char *const  cxr_about_names[];      /* "delivery", "returns"    */

cxr_about_t cxr_survey_about(const cxr_survey_t *answer);

/* Which answers; CXR_ANSWERS_ALL: all of them. */
typedef struct {
    int            about;            /* cxr_about_t, or -1                    */
    int            question;         /* cxr_survey_question_t, or -1          */
    int            mood;             /* cxr_survey_mood_t, or -1              */
    cxr_time_t     from;             /* last changed then or later; NONE: any */
    cxr_time_t     to;               /* last changed before; NONE: any        */
} cxr_answers_ask_t;

#define CXR_ANSWERS_ALL  { -1, -1, -1, CXR_TIME_NONE, CXR_TIME_NONE }

/*
 * "cursor" is opaque, "" to begin; "next" is "" at the end, and may follow a
 * page that is not full.  limit 1..CXR_SURVEY_LIST_MAX.  CXR_INVALID: a bad
 * cursor or limit.
 */
cxr_rc_t cxr_read_answers(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_answers_ask_t *ask, cxr_str_t cursor, unsigned limit,
    cxr_arena_t *a, cxr_answers_t *out, cxr_str_t *next);

/*
 * The number of the answer's order as the shop writes it, and its comment, in
 * the arena; empty when there is none.  CXR_NOTFOUND: there was a comment, and
 * the person was erased since.
 */
cxr_rc_t cxr_read_answer(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_answer_t *answer, cxr_arena_t *a, cxr_str_t *number,
    cxr_str_t *comment);

/*
 * Scores of the answers first given on the days "from" to "until" (days since
 * 1970, both counted): [0] of deliveries, [1] of returns.
 */
cxr_rc_t cxr_read_survey_sums(cxr_read_t *rd, const cxr_shop_t *shop,
    int64_t from, int64_t until, cxr_arena_t *a,
    cxr_survey_counts_t sums[2][CXR_ASKS]);

#endif /* _CXR_STORE_SURVEYS_H_INCLUDED_ */
