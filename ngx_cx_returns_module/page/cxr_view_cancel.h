
/*
 * The page that cancels what was not sent yet (portal_cancel.html), in two
 * steps: the choice goes to POST /returns/o/<token>/cancel/review, the review's
 * button to .../cancel/send.  Fields: c.<i>, q.<i>, reason.
 */

#ifndef _CXR_VIEW_CANCEL_H_INCLUDED_
#define _CXR_VIEW_CANCEL_H_INCLUDED_

#include "cxr_portal_cancel.h"
#include "cxr_view_portal.h"

/* One line of the review. */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image;            /* URL, or empty                           */
    uint32_t     quantity;         /* to be cancelled                         */
    cxr_str_t    paid;             /* for these units                         */
} cxr_view_cancel_line_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL the form posts to                   */
    cxr_str_t          back;       /* of the review: to the choice            */
    CXR_LIST_OF(cxr_pair_t)            hidden;
    cxr_str_t          number;     /* of the order                            */
    cxr_str_t          order_url;
    cxr_str_t          talk_url;
    cxr_str_t          note;       /* the shop's own words, or empty          */
    bool               review;     /* the second step                         */
    bool               by_person;  /* the shop answers; else it is cancelled
                                      at once                                 */
    CXR_LIST_OF(cxr_view_item_t)       items;      /* may be cancelled        */
    bool               has_items;
    CXR_LIST_OF(cxr_view_item_t)       kept;       /* may not, and why        */
    bool               has_kept;
    CXR_LIST_OF(cxr_view_reason_t)     reasons;
    CXR_LIST_OF(cxr_view_cancel_line_t)  lines;    /* of the review           */
    cxr_str_t          reason;     /* that was given                          */
    cxr_str_t          until;      /* day and time of the last moment, or empty */
    cxr_view_sums_t    money;
    cxr_view_sums_t    totals;
    cxr_view_refunds_t refunds;    /* when it is paid                         */
    cxr_str_t          form_error;
    cxr_view_faults_t  errors;
    bool               has_errors;
} cxr_view_cancel_t;

extern const cxr_type_t  cxr_view_cancel_type;

/* "preview": of the review, as of cxr_view_review(); NULL: the choice. */
cxr_rc_t cxr_view_cancel(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_view_cancel_t *view);

#endif /* _CXR_VIEW_CANCEL_H_INCLUDED_ */
