
/*
 * Surveys: one question, asked once of a delivery and once of each RMA, on the
 * page where the shopper is anyway.  An answer is an event of the order.
 */

#ifndef _CXR_SURVEY_H_INCLUDED_
#define _CXR_SURVEY_H_INCLUDED_

#include "cxr_rma.h"
#include "cxr_shipment.h"
#include "cxr_survey_types.h"

/*
 * Is it open: is there something to ask of, is it not too late?  "answered" is
 * the answer so far, or NULL.  *until: the last moment to answer, or to change
 * the answer; NONE when it is not open.
 *
 * Of a delivery, once no parcel of it is under way any more; of an RMA, when it
 * is over, or when its goods are back and money was let go: not while there is
 * something that she has yet to do.
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

/* The answer about the RMA, or about the delivery (empty); NULL: none. */
const cxr_survey_t *cxr_survey_find(const cxr_order_t *order, cxr_str_t rma);

/*
 * From when a delivery can be asked about: give each of its parcels to
 * cxr_survey_parcel(), after a memset() to 0; then "at" is when the last of them
 * came.
 */
typedef struct {
    bool         any;
    bool         under_way;
    cxr_time_t   at;           /* of the last that was delivered               */
} cxr_survey_parcels_t;

void cxr_survey_parcel(cxr_survey_parcels_t *p, const cxr_shipment_t *ship);
/* CXR_TIME_NONE: nothing is there, or not all of it */
cxr_time_t cxr_survey_delivery(const cxr_survey_parcels_t *p);

cxr_survey_mood_t cxr_survey_mood(unsigned question, unsigned score);
void cxr_survey_sum(unsigned question, const cxr_survey_counts_t *counts,
    cxr_survey_result_t *result);

/* lowest and highest score of a question */
unsigned cxr_survey_min(unsigned question);
unsigned cxr_survey_max(unsigned question);

#endif /* _CXR_SURVEY_H_INCLUDED_ */
