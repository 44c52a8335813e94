
/*
 * Surveys: one question, asked once of a delivery and once of each RMA, on the
 * page where the shopper is anyway.  An answer is an event of the order.
 */

#ifndef _CXR_SURVEY_H_INCLUDED_
#define _CXR_SURVEY_H_INCLUDED_

#include "cxr_rma.h"
#include "cxr_survey_types.h"

/*
 * Is it open: is there something to ask of, is it not too late?  "answered" is
 * the answer so far, or NULL.  *until: the last moment to answer, or to change
 * the answer; NONE when it is not open.
 *
 * Of a delivery, from the first parcel's on; of an RMA, from its first
 * settlement on, or when it was wholly declined.
 */
bool cxr_survey_open(const cxr_surveys_t *conf, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_time_t delivered_at, cxr_time_t now,
    const cxr_survey_t **answered, cxr_time_t *until);

/*
 * Decides an answer.  "rma" NULL: of the delivery.  Nothing when it is the
 * answer that is there already.  An empty comment leaves the one before.
 * Refusals: "survey_off", "survey_not_yet", "survey_closed" (when),
 * "score_range" (want = the highest).
 */
cxr_rc_t cxr_survey_answer(const cxr_surveys_t *conf, const cxr_order_t *order,
    const cxr_rma_t *rma, cxr_time_t delivered_at,
    const cxr_survey_answer_t *answer, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no);

/* Apply survey.answered to its order. */
cxr_rc_t cxr_survey_apply(cxr_order_t *order, const cxr_event_t *ev,
    cxr_time_t at, cxr_arena_t *a);

/* lowest and highest score of a question */
unsigned cxr_survey_min(unsigned question);
unsigned cxr_survey_max(unsigned question);

#endif /* _CXR_SURVEY_H_INCLUDED_ */
