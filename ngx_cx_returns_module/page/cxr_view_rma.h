
/*
 * The shopper's page of one RMA: rma.html, GET /returns/r/<token>.
 * POST /returns/r/<token>/cancel (fields: expect, confirm) withdraws it;
 * .../parcel (carrier, number) tells what brings it back.
 */

#ifndef _CXR_VIEW_RMA_H_INCLUDED_
#define _CXR_VIEW_RMA_H_INCLUDED_

#include "cxr_view_refund.h"
#include "cxr_view_survey.h"
#include "cxr_view_talk.h"
#include "cxr_view_portal.h"
#include "cxr_view_sent.h"

/* What to do, one after another. */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    text;
} cxr_view_way_step_t;

typedef CXR_LIST_OF(cxr_view_way_step_t)  cxr_view_way_steps_t;

/* A shop to bring it to. */
typedef struct {
    cxr_str_t    name;
    cxr_strs_t   lines;
    cxr_str_t    hours;
} cxr_view_place_t;

typedef CXR_LIST_OF(cxr_view_place_t)  cxr_view_places_t;

/* Taken off the refund when the goods were looked at. */
typedef struct {
    cxr_str_t    amount;
    cxr_str_t    why;              /* staff's words, or empty                 */
} cxr_view_deduction_t;

typedef struct {
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image;            /* URL, or empty                           */
    uint32_t     quantity;
    cxr_str_t    reason;           /* text                                    */
    cxr_str_t    note;             /* the shopper's own words, or empty       */
    cxr_str_t    outcome;          /* text                                    */
    cxr_str_t    exchange;         /* the new variant, or empty               */
    uint8_t      decision;         /* "pending", "approved" ...               */
    cxr_str_t    decision_text;
    cxr_str_t    tone;             /* class of the pill                       */
    bool         declined;
    cxr_str_t    staff_reason;     /* staff's words: declined, info_needed    */
    uint8_t      receipt;
    uint8_t      settlement;
    cxr_str_t    receipt_text;     /* empty while awaited                     */
    cxr_str_t    settlement_text;  /* empty when there is nothing to say      */
    cxr_str_t    paid;
    cxr_str_t    refund;           /* empty when nothing                      */
    bool         credit;           /* that is store credit, no money          */
    cxr_str_t    due;
    cxr_view_photos_t  photos;     /* filled by the page that has their paths */
    bool         has_photos;
    CXR_LIST_OF(cxr_view_deduction_t)  deductions;
} cxr_view_rma_line_t;

typedef struct {
    cxr_str_t    at;               /* "22 Kasım 2026 01:26"                   */
    cxr_str_t    iso;              /* for <time datetime>                     */
    cxr_str_t    text;
    cxr_str_t    actor;            /* staff desk only: "ayse", else empty     */
    cxr_str_t    reason;           /* and what they wrote beside it           */
    bool         newest;
    cxr_str_t    policy;       /* staff: decided under another version        */
} cxr_view_step_t;

typedef CXR_LIST_OF(cxr_view_step_t)  cxr_view_steps_t;

/* One of the five stages of the bar. */
typedef struct {
    cxr_str_t    text;
    cxr_str_t    state;            /* "done", "now", "to come": read aloud    */
    bool         done;
    bool         now;
} cxr_view_stage_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t    id;
    cxr_str_t    number;           /* of the order                            */
    uint8_t      status;           /* "requested" ...                         */
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    hero;             /* class of the head: good warn bad        */
    cxr_str_t    headline;         /* the state in one sentence               */
    cxr_str_t    next;             /* what happens next, or what to do        */
    bool         ask;              /* staff have asked something              */
    bool         fresh;            /* just made: thanks, and keep this link   */
    bool         cancelled_now;    /* just withdrawn                          */
    CXR_LIST_OF(cxr_view_stage_t)  stages;
    bool         has_stages;       /* none for a declined or cancelled one    */
    bool         has_label;        /* there is one that may still be used     */
    cxr_str_t    label_url;        /* HTML print page                         */
    cxr_str_t    label_pdf_url;    /* the same as a file                      */
    cxr_str_t    slip_url;         /* what goes into the box, to print        */
    cxr_str_t    qr_url;           /* the label's code on a phone             */
    cxr_str_t    label_until;      /* date                                    */
    bool         label_expired;
    bool         to_pack;          /* show how to pack and send               */
    cxr_str_t    carriers;         /* "Yurtiçi Kargo, Aras Kargo"             */
    cxr_strs_t   address;          /* the warehouse, line by line             */
    CXR_LIST_OF(cxr_view_rma_line_t)  lines;
    cxr_view_sums_t   money;
    cxr_str_t         delivery_note;   /* when its cost is paid back, or empty */
    cxr_view_sums_t   payments;    /* of what she owes                        */
    bool              has_payments;
    bool         has_money;        /* not of a declined or cancelled one      */
    bool         has_sums;         /* that, or what was paid either way       */
    cxr_str_t    refund;
    cxr_str_t    due;
    bool         even;
    cxr_view_sums_t     totals;    /* what it comes to, in one row or more    */
    cxr_str_t           reference; /* the shop's, of what it paid last        */
    cxr_view_refunds_t  refunds;   /* where the money is                      */
    bool         has_refunds;
    bool         credit_alone;     /* of store credit, no money               */
    cxr_str_t    refund_law;       /* until when the law wants it; or empty   */
    cxr_view_steps_t  steps;       /* newest first                            */
    bool         cancellation;     /* of what was not sent: nothing goes back  */
    bool         can_cancel;
    cxr_str_t    cancel_url;
    uint32_t     expect;           /* revision, for the cancel form           */
    cxr_str_t    permalink;        /* whole URL, to keep                      */
    cxr_str_t    track_url;        /* of the order's parcels, or empty        */
    cxr_str_t    order_url;        /* the order's page, or empty              */
    cxr_str_t    instant_title;    /* of exchange goods that go out first, or
                                      empty                                   */
    cxr_str_t    instant_text;
    cxr_str_t    instant_tone;     /* class of the notice                     */
    cxr_str_t    talk_url;         /* messages about the order itself, if any */
    cxr_str_t    talk_text;        /* "1 new message" of them, or empty       */
    cxr_str_t    error;            /* a refusal's sentence, or empty          */
    cxr_view_sents_t  parcels;     /* that bring it back                      */
    bool         has_parcels;
    cxr_view_sent_form_t  *send;   /* or NULL                                 */
    bool         sent_now;         /* a parcel was just named                 */
    cxr_view_faults_t  errors;     /* of that form                            */
    bool         has_errors;
    cxr_view_survey_t  *survey;    /* or NULL                                 */
    cxr_view_talk_t    *talk;      /* or NULL                                 */
    cxr_str_t    pay_url;          /* where what is due is paid; or empty      */
    cxr_str_t    method;           /* of cxr_method_names[]                    */
    cxr_str_t    way;              /* the same as a text                       */
    bool         by_label;         /* it goes with a label of ours to print    */
    bool         by_qr;            /* with its code on the phone               */
    bool         by_code;          /* with a carrier's return code             */
    bool         by_carrier_label; /* with a label that the shop sends for     */
    bool         in_store;         /* the shopper brings it                    */
    cxr_view_way_steps_t  way_steps;
    bool         to_address;       /* the warehouse's address is of use        */
    cxr_str_t    code;             /* the return code; empty: not here yet     */
    cxr_str_t    code_carrier;     /* "Yurtiçi Kargo"                          */
    cxr_str_t    code_until;       /* date, or empty                           */
    bool         code_waits;       /* none was left: it comes by itself        */
    cxr_str_t    carrier_label_url;
    cxr_str_t    carrier_label_file;   /* it is one of ours: "PDF", "PNG"      */
    bool         label_waits;      /* the carrier's label is not here yet      */
    cxr_view_places_t  stores;
    bool             gift;             /* hers who was given it: no money      */
    cxr_str_t        credit_code;      /* of her store credit; empty: not yet  */
} cxr_view_rma_t;

extern const cxr_type_t  cxr_view_rma_line_type;
extern const cxr_type_t  cxr_view_step_type;
extern const cxr_type_t  cxr_view_rma_type;

typedef struct {
    const cxr_view_ctx_t *ctx;
    cxr_view_page_t      *page;
    cxr_arena_t          *arena;
    cxr_time_t            now;
    const cxr_rma_t      *rma;
    const cxr_str_t      *notes;       /* one for each line, opened; or NULL */
    cxr_str_t             url;         /* "/returns/r/<token>"                */
    cxr_str_t             permalink;   /* with the origin                     */
    cxr_str_t             track_url;   /* without language, or empty          */
    cxr_str_t             order_url;   /* without language, or empty          */
    cxr_str_t             talk_url;    /* the same; where there are messages  */
    uint32_t              order_unread;   /* of them, by the shopper          */
    bool                  fresh;       /* ?new=1, as the 303 after submit has */
    bool                  cancelled_now;      /* ?cancelled=1                 */
    const cxr_refusal_t  *refusal;     /* of a cancel; NULL: none             */
    bool                  conflict;    /* the cancel met a newer revision     */
    const cxr_sent_parcel_t  *parcels; /* one for each of the RMA's, or NULL  */
    const cxr_sent_form_t    *sent;    /* a form to be mended; NULL: none     */
    bool                  sent_now;    /* ?sent=1                             */
    const cxr_law_t      *law;         /* of the right of withdrawal that held
                                          when it was made; NULL: none        */
    const cxr_law_version_t  *law_version;
    const cxr_order_t    *order;       /* for its survey and where she lives; or
                                          NULL                                */
    cxr_str_t             survey_pick; /* a score that the query names        */
    const cxr_refusal_t  *survey_no;   /* of an answer just given             */
    cxr_str_t             survey_said; /* and its comment                     */
    cxr_talk_in_t        *talk;        /* its "asked" is set here; or NULL    */
} cxr_rma_page_t;

cxr_rc_t cxr_view_rma(const cxr_rma_page_t *p, cxr_view_rma_t *view);

/* Sets "law" and "law_version" for p->rma, of its order's lines as they were
   judged when it was made. */
void cxr_view_rma_law(cxr_rma_page_t *p, const cxr_order_t *order,
    const cxr_judgement_t *judgements);

/* Exchange goods that go out first: cxr_view_rma_instant.c. */
void cxr_view_instant(cxr_say_t *say, const cxr_rma_t *rma,
    cxr_view_rma_t *view);

/* Where the carrier's label is: the shop's URL, or its file below "base", the
   RMA's page; empty: there is none. */
cxr_str_t cxr_view_carrier_label(cxr_say_t *say, const cxr_rma_t *rma,
    cxr_str_t base);

/* How it goes back: cxr_view_rma_way.c. */
extern const cxr_type_t  cxr_view_way_step_type;
extern const cxr_type_t  cxr_view_place_type;
/* who pays her own carrier: "own", "claim" (the shop), "mixed"; the key of the
   sentence that says it to her */
const char *cxr_view_bears(const cxr_rma_t *rma);
const char *cxr_view_carriage(const cxr_rma_t *rma);
void cxr_view_rma_way(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view);

/* The head and its bar, when the rest of the view is there:
   cxr_view_rma_head.c. */
void cxr_view_rma_head(const cxr_rma_page_t *p, cxr_say_t *say,
    cxr_view_rma_t *view);

/* What the line is settled with, in the names of texts: "refund" (of what is
   kept, too), "exchange" (new goods), "credit", "repair"; of an RMA's lines
   that were not declined, "mixed" where they differ. */
const char *cxr_view_settles_line(const cxr_rma_line_t *line);
const char *cxr_view_settles(const cxr_rma_t *rma);

/* Whether cxr_rma_cancel() would go through now: nothing is on its way. */
bool cxr_view_may_cancel(const cxr_rma_t *rma);

/* Lines and steps as this page and the desk show them; actor: with names. */
void cxr_view_rma_line(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_rma_line_t *line, cxr_str_t note, cxr_view_rma_line_t *out);
cxr_rc_t cxr_view_rma_steps(cxr_say_t *say, const cxr_rma_t *rma, bool actor,
    cxr_view_steps_t *out);              /* newest first                      */

#endif /* _CXR_VIEW_RMA_H_INCLUDED_ */
