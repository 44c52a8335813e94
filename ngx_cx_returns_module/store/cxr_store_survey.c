
/*
 * The job of a survey's answer.
 */

#include "cxr_store_private.h"
#include "cxr_text.h"


/* From when its delivery can be asked about. */
static cxr_rc_t
cxr_job_delivered(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    cxr_time_t *at)
{
    uint32_t              i;
    cxr_rc_t              rc;
    cxr_slot_t           *s;
    cxr_survey_parcels_t  parcels;

    memset(&parcels, 0, sizeof(parcels));

    for (i = 0; i < order->parcels.n; i++) {
        rc = cxr_slot_parcel(w, job->shop->key, order->parcels.items[i].carrier,
                             order->parcels.items[i].number, &s);
        if (rc != CXR_OK) {
            return rc;
        }

        if (s != NULL) {
            cxr_survey_parcel(&parcels, s->obj);
        }
    }

    *at = cxr_survey_delivery(&parcels);

    return CXR_OK;
}


cxr_rc_t
cxr_job_survey(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t              rc;
    cxr_rma_t            *rma;
    cxr_order_t          *order;
    cxr_time_t            delivered;
    cxr_events_t          events = { NULL, 0 };
    cxr_survey_answer_t   answer;

    answer = *job->u.survey.answer;
    delivered = CXR_TIME_NONE;
    rma = NULL;

    if (answer.rma.len != 0) {
        rc = cxr_job_rma(w, job, answer.rma, &rma, &order);

        if (rc == CXR_OK) {
            answer.order = rma->order;
        }

    } else {
        rc = cxr_job_order(w, job, answer.order, &order);

        if (rc == CXR_OK) {
            rc = cxr_job_delivered(w, job, order, &delivered);
        }
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_utf8_length(job->u.survey.comment) > CXR_SURVEY_COMMENT_MAX) {
        return CXR_LIMIT;
    }

    answer.comment = CXR_STR_NONE;

    if (job->u.survey.comment.len != 0) {
        rc = cxr_words_box(w, job->shop->key, rma, answer.order,
                           job->u.survey.comment, &answer.comment);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_survey_answer(&job->shop->surveys, order, rma, delivered, &answer,
                           job->now, w->scratch, &events, &job->refusal);

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->revision = order->revision;

    return cxr_str_dup(job->arena, answer.order, &job->id);
}
