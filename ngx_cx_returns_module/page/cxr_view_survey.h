
/*
 * A survey on a shopper's page: a question, one button for each score, and,
 * once it is answered, room for a word.  POST <url> (fields: score, comment).
 */

#ifndef _CXR_VIEW_SURVEY_H_INCLUDED_
#define _CXR_VIEW_SURVEY_H_INCLUDED_

#include "cxr_say.h"
#include "cxr_survey.h"

typedef struct {
    uint32_t     value;
    cxr_str_t    label;            /* read aloud: "4 / 5"                     */
    bool         chosen;
} cxr_view_score_t;

typedef struct {
    bool         open;             /* else there is only the error            */
    cxr_str_t    question;
    cxr_str_t    low;              /* what the lowest score means             */
    cxr_str_t    high;
    CXR_LIST_OF(cxr_view_score_t)  scores;
    bool         wide;             /* more than five of them                  */
    cxr_str_t    url;              /* where it posts to                       */
    bool         answered;
    uint32_t     score;            /* answered: the score there is            */
    cxr_str_t    thanks;
    bool         has_comment;      /* one came with it before                 */
    uint32_t     comment_max;      /* characters                              */
    cxr_str_t    comment;          /* typed, and not taken                    */
    bool         picked;           /* a link in a letter has named a score    */
    uint32_t     pick;
    cxr_str_t    pick_text;        /* "Send 4 of 5"                           */
    cxr_str_t    error;
} cxr_view_survey_t;

extern const cxr_type_t  cxr_view_survey_type;

typedef struct {
    const cxr_order_t    *order;
    const cxr_rma_t      *rma;     /* NULL: of the delivery                   */
    cxr_time_t            delivered_at;
    cxr_time_t            now;
    cxr_str_t             url;     /* path without language                   */
    cxr_str_t             pick;    /* "score" of the query, or empty          */
    const cxr_refusal_t  *refusal; /* of an answer just given, or NULL        */
    cxr_str_t             said;    /* and the comment that came with it       */
} cxr_survey_in_t;

/* NULL when there is nothing to ask and nothing to refuse, or no memory (which
   "say" remembers). */
cxr_view_survey_t *cxr_view_survey(cxr_say_t *say, const cxr_survey_in_t *in);

/* first delivery of the parcels that went out, or NONE */
cxr_time_t cxr_survey_delivered(const cxr_shipment_t *ships, size_t n);

#endif /* _CXR_VIEW_SURVEY_H_INCLUDED_ */
