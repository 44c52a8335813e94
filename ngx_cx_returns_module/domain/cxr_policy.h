
/*
 * The shop's returns policy: data from the shop's file, judged line by line.
 * The same function feeds the portal's page and decides the command, so what
 * the shopper sees is what holds.
 */

#ifndef _CXR_POLICY_H_INCLUDED_
#define _CXR_POLICY_H_INCLUDED_

#include "cxr_order.h"
#include "cxr_shipment.h"
#include "cxr_texts.h"

typedef enum {
    CXR_OUT_REFUND = 0,
    CXR_OUT_EXCHANGE,
    CXR_OUT_STORE_CREDIT,
    CXR_OUT_REPLACEMENT,
    CXR_OUT_REPAIR,
    CXR_OUT_KEEP_ITEM
} cxr_outcome_t;

#define CXR_OUTCOMES  (CXR_OUT_KEEP_ITEM + 1)

extern const char *const  cxr_outcome_names[];

/* What must have happened, beside the approval, before the shop is told to
   settle a line. */
typedef enum {
    CXR_RELEASE_NONE = 0,      /* a line of before there were triggers: the shop
                                  settles it as it always did                 */
    CXR_RELEASE_ON_SUBMIT,     /* nothing: the approval is enough              */
    CXR_RELEASE_FIRST_SCAN,    /* a carrier has one of the RMA's parcels       */
    CXR_RELEASE_DELIVERED,     /* the carrier delivered all of them            */
    CXR_RELEASE_RECEIVED,      /* the shop has counted the line's goods        */
    CXR_RELEASE_INSPECTED,     /* and looked at them                           */
    CXR_RELEASES
} cxr_release_t;

extern const char *const  cxr_release_names[];   /* "none", "on_submit", ...   */

typedef enum {
    CXR_MAY_RETURN = 0,
    CXR_NO_FINAL_SALE,
    CXR_NO_WINDOW_OVER,        /* "deadline" has passed                        */
    CXR_NO_NOT_DELIVERED,      /* still on its way                             */
    CXR_NO_ALREADY,            /* every unit is in an RMA already              */
    CXR_NO_OUTCOME             /* the policy leaves nothing to choose          */
} cxr_verdict_t;

extern const char *const  cxr_verdict_names[];   /* "may_return", ...          */

typedef struct {
    cxr_str_t    code;         /* slug                                         */
    cxr_texts_t  text;         /* empty: translation "reason.<code>" */
    bool         note;         /* a note is required                           */
    bool         review;       /* a person looks at it, whatever else holds    */
} cxr_reason_t;

typedef struct {
    cxr_str_t    version;      /* 16 hex of a hash of the policy's text        */
    uint32_t     window_days;      /* 0..3650, full days after the day of delivery */
    uint32_t     fallback_days;    /* added to placed_at when no delivery is known */
    cxr_strs_t   final_sale_tags;  /* a line with one of them cannot come back */
    uint32_t     outcomes;         /* bits 1 << cxr_outcome_t; refund, exchange */
    cxr_money_t  review_above;     /* an order's returns over this wait for a person; 0: none */
    bool         auto_approve;
    cxr_money_t  fee;              /* per RMA, off the refund; 0 none          */
    uint32_t     label_days;       /* a label's life, 1..180                   */
    CXR_LIST_OF(cxr_reason_t)  reasons;
    uint8_t      release[CXR_OUTCOMES];   /* cxr_release_t of each outcome     */
} cxr_policy_t;

/* What holds for one line now. */
typedef struct {
    uint8_t      verdict;      /* cxr_verdict_t                                */
    uint32_t     returnable;   /* units that may still be returned             */
    uint32_t     outcomes;     /* bits                                         */
    cxr_time_t   delivered_at; /* latest delivery of the line, or NONE         */
    cxr_time_t   deadline;     /* last moment, or NONE (final sale, not delivered) */
    bool         deadline_by_order;  /* counted from placed_at: delivery unknown */
} cxr_judgement_t;

/*
 * "parcels" are the shipments of the order that are known (outbound ones count); a line's delivery is the latest
 * delivered_at of the parcels that hold it.  A parcel of the order that is not
 * delivered: CXR_NO_NOT_DELIVERED for its lines.  One of which nothing is known
 * (CXR_SHIP_UNKNOWN: its carrier sends no feed), or whose label was cancelled or
 * has expired, says nothing: then the deadline counts from the order.  "tz" is the shop's zone: the window
 * ends with the local day.
 */
void cxr_policy_judge(const cxr_policy_t *policy, const cxr_tz_t *tz,
    const cxr_order_t *order, const cxr_order_line_t *line,
    const cxr_shipment_t *const *parcels, size_t nparcels, cxr_time_t now,
    cxr_judgement_t *out);

const cxr_reason_t *cxr_policy_reason(const cxr_policy_t *policy, cxr_str_t code);

#endif /* _CXR_POLICY_H_INCLUDED_ */
