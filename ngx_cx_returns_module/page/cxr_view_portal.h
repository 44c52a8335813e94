
/*
 * The views of the returns portal, step by step:
 *
 *   find     portal_find.html      GET  /returns/
 *                                  POST /returns/lookup
 *   items    portal_items.html     GET  /returns/o/<token>
 *                                  POST /returns/o/<token>/items    notes kept
 *   details  portal_details.html   GET  /returns/o/<token>?step=details&q.0=1
 *                                  POST /returns/o/<token>/details  notes kept
 *   review   portal_review.html    POST /returns/o/<token>/review
 *            (none: 303)           POST /returns/o/<token>/rma
 *   missing  claim_missing.html    GET  /returns/o/<token>/missing
 *
 * With k=1 the same steps are those of a claim: something is wrong with what
 * came.  Once a line's reason claims something, its part of the details is a
 * claim's (photos, other outcomes) whichever way the shopper came.
 *
 * A step whose form does not hold shows the step that can mend it, faults
 * beside their fields (cxr_portal_form.h), with status 422.
 *
 * The page's title is the text "portal.<step>.title", "rma.title" or
 * "staff.list.title" / "staff.rma.title".
 *
 * Field names are what a shop's own templates use: they are only ever added
 * to.  Every string is text to be escaped by the template unless its table
 * says URL; all of it is in the arena of the call, or the caller's.
 */

#ifndef _CXR_VIEW_PORTAL_H_INCLUDED_
#define _CXR_VIEW_PORTAL_H_INCLUDED_

#include "cxr_cancel.h"
#include "cxr_portal_form.h"
#include "cxr_say.h"
#include "cxr_shop.h"
#include "cxr_talk.h"
#include "cxr_view.h"
#include "cxr_view_photo.h"
#include "cxr_view_refund.h"
#include "cxr_view_track.h"

#define CXR_QUANTITY_CHOICES  20     /* more units: a number field, no list */
#define CXR_VARIANTS_OPEN     6      /* more variants: folded until asked for */

/* An RMA of the order that is there already, and its page. */
typedef struct {
    const cxr_rma_t  *rma;
    cxr_str_t         url;
} cxr_portal_rma_t;

/*
 * What the pages of one order are made from.  All is borrowed; what the view
 * keeps of it must live until the page is rendered.
 */
typedef struct {
    const cxr_view_ctx_t         *ctx;         /* shop and language           */
    cxr_view_page_t              *page;
    cxr_arena_t                  *arena;
    cxr_time_t                    now;
    cxr_str_t                     url;         /* "/returns/o/<token>"; a view
                                                  puts the language before it */
    const cxr_order_t            *order;
    const cxr_judgement_t        *judgements;  /* one for each line           */
    const cxr_product_t *const   *products;    /* of the lines; may lack some */
    size_t                        nproducts;
    const cxr_portal_rma_t       *rmas;        /* oldest first                */
    size_t                        nrmas;
    cxr_str_t                     track_url;   /* or empty                    */
    const cxr_talk_t             *talk;        /* or NULL                     */
    cxr_str_t                     flow;        /* new, for a form without one */
    bool                          photos;      /* they are taken              */
    uint32_t                      photo_count; /* of one form                 */
    uint64_t                      photo_bytes; /* of one photo                */
    const cxr_shipment_t *const  *parcels;     /* the order's                 */
    size_t                        nparcels;
    const bool                   *hidden;      /* for each line: it is not shown
                                                  here; NULL: none is         */
    bool                          gift;        /* for who was given it: nothing
                                                  of money                    */
    const cxr_cancel_t           *cancels;     /* for each line: may it be
                                                  cancelled?  NULL: none may  */
} cxr_portal_t;


typedef CXR_LIST_OF(cxr_view_fault_t)  cxr_view_faults_t;


typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL the form posts to                   */
    cxr_str_t          number;     /* as typed                                */
    cxr_str_t          example;    /* of an order number; or empty            */
    cxr_str_t          proof;
    cxr_str_t          number_error;
    cxr_str_t          proof_error;
    cxr_str_t          form_error; /* about both                              */
    cxr_view_faults_t  errors;
    bool               has_errors;
    cxr_str_t          track_url;
    cxr_str_t          withdraw_url;
    uint32_t           window_days;
    bool               gift;       /* gifts may be returned, too              */

    /* for search engines: what holds for everybody; false where rules make it
       depend on what was bought, or where no money is given back */
    bool               has_policy;
    cxr_str_t          return_country;
    bool               return_free;
    cxr_str_t          return_fee;      /* "49.90", or empty: there is none   */
    cxr_str_t          return_currency;
    bool               return_by_mail;
    bool               return_in_store; /* too                                */
    bool               return_own_cost; /* the shopper pays her own carrier   */
    bool               refund_exchange;
    bool               refund_credit;
} cxr_view_find_t;


typedef struct {
    uint32_t     value;
    bool         selected;
} cxr_view_quantity_t;

typedef struct {
    uint32_t     index;            /* in names and ids: q.{{index}}           */
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image;            /* URL, or empty                           */
    uint32_t     quantity;         /* bought                                  */
    cxr_str_t    price;            /* paid for one; of several "adedi ₺420,00" */
    bool         may_return;
    uint8_t      verdict;          /* "may_return", "window_over" ...         */
    uint32_t     returnable;       /* units                                   */
    bool         single;           /* returnable == 1                         */
    bool         checked;
    CXR_LIST_OF(cxr_view_quantity_t)  quantities;  /* 1..returnable           */
    bool         typing;           /* more units than a list is good for      */
    cxr_str_t    typed;            /* for the number field                    */
    cxr_str_t    until;            /* "5 Aralık 2026", or empty               */
    bool         until_by_order;   /* from the order: delivery unknown        */
    cxr_str_t    why;              /* sentence, when it may not be returned   */
    cxr_str_t    error;
} cxr_view_item_t;

typedef struct {
    cxr_str_t    id;               /* "R-7K2M-9QXF"                           */
    cxr_str_t    url;
    uint8_t      status;           /* "requested" ...                         */
    cxr_str_t    status_text;
    cxr_str_t    tone;             /* class of the pill: good warn bad busy   */
    cxr_str_t    created;
    uint32_t     units;
    cxr_str_t    unread;           /* "1 new message", or empty               */
    bool         cancellation;     /* of what was not sent                    */
} cxr_view_order_rma_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL the form goes to                    */
    bool               by_post;    /* a note is carried along: POST, else GET */
    CXR_LIST_OF(cxr_pair_t)            hidden;
    cxr_str_t          number;     /* of the order                            */
    cxr_str_t          placed;     /* date                                    */
    cxr_str_t          track_url;
    cxr_str_t          talk_url;
    cxr_str_t          talk_unread;   /* "1 new message", or empty            */
    bool               talk_begun;    /* there are messages                   */
    CXR_LIST_OF(cxr_view_item_t)       items;      /* may be returned         */
    CXR_LIST_OF(cxr_view_item_t)       kept;       /* may not, and why        */
    bool               has_items;
    bool               has_kept;
    CXR_LIST_OF(cxr_view_order_rma_t)  rmas;
    bool               has_rmas;
    cxr_str_t          until;      /* the earliest deadline of the items      */
    uint32_t           window_days;
    cxr_str_t          fee;        /* "₺49,90", or empty                      */
    cxr_str_t          form_error;
    cxr_view_faults_t  errors;
    bool               has_errors;
    bool               claim;      /* something is wrong with them            */
    cxr_str_t          claim_url;  /* says so; empty: it is that, or nothing
                                      can be claimed                          */
    cxr_str_t          missing_url;   /* a parcel did not come; or empty      */
    cxr_str_t          return_url; /* of a claim: to the returns              */
    bool               gift;       /* for who was given it                    */
    cxr_str_t          cancel_url; /* something can still be cancelled; or
                                      empty                                   */
} cxr_view_items_t;


typedef struct {
    cxr_str_t    code;
    cxr_str_t    text;
    bool         selected;
    bool         note;             /* a note is required with it              */
} cxr_view_reason_t;

/* One way to make it good: money back, or one variant in its place. */
typedef struct {
    cxr_str_t    value;            /* of o.{{index}}                          */
    cxr_str_t    id;               /* of the input                            */
    cxr_str_t    title;
    cxr_str_t    note;             /* "₺30,00 fark ödersiniz"                 */
    cxr_str_t    stock;            /* "Son 2 adet", "Stokta yok", or empty    */
    cxr_str_t    image;            /* URL, or empty                           */
    bool         selected;
    bool         off;              /* cannot be chosen: not enough in stock   */
    cxr_str_t    terms;            /* what is kept back, given on top, by when */
} cxr_view_choice_t;

typedef struct {
    uint32_t     index;
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image;
    uint32_t     quantity;         /* to be returned                          */
    cxr_str_t    paid;             /* for these units                         */
    CXR_LIST_OF(cxr_view_reason_t)  reasons;
    cxr_str_t    note;
    CXR_LIST_OF(cxr_view_choice_t)  choices;    /* refund, store credit ...   */
    CXR_LIST_OF(cxr_view_choice_t)  variants;   /* exchange                   */
    bool         has_choices;
    bool         has_variants;
    bool         variants_open;    /* show them unfolded                      */
    cxr_str_t    exchange_terms;   /* of any of the variants                  */
    uint32_t     variant_count;
    bool         can_split;        /* several units, several outcomes         */
    bool         split_open;
    cxr_str_t    split;            /* units, as typed                         */
    uint32_t     split_max;
    CXR_LIST_OF(cxr_view_choice_t)  others;     /* for these units            */
    cxr_str_t    other_error;
    CXR_LIST_OF(cxr_view_reason_t)  other_reasons;  /* theirs; y.{{index}}    */
    cxr_str_t    other_note;       /* z.{{index}}                             */
    cxr_str_t    other_seen;       /* value of j.{{index}}; empty: no claim   */
    cxr_str_t    other_claim_text;
    cxr_str_t    other_reason_error;
    cxr_str_t    other_note_error;
    cxr_str_t    quantity_error;
    cxr_str_t    reason_error;
    cxr_str_t    note_error;
    cxr_str_t    outcome_error;
    bool         claim;            /* its part is a claim's                   */
    cxr_str_t    seen;             /* value of k.{{index}}; empty: no claim   */
    cxr_str_t    claim_text;       /* what helps with that kind of claim      */
    bool         keeps;            /* nothing need come back                  */
    bool         photo_field;      /* photos may be added                     */
    bool         photo_required;
    cxr_view_photos_t  photos;     /* that are there already                  */
    bool         has_photos;
    cxr_str_t    photo_error;
} cxr_view_detail_t;

/* One way to send it back. */
typedef struct {
    cxr_str_t    value;            /* of w                                    */
    cxr_str_t    title;
    cxr_str_t    note;             /* what it means                           */
    cxr_str_t    cost;             /* and what it costs                       */
    bool         selected;
} cxr_view_way_t;

typedef CXR_LIST_OF(cxr_view_way_t)  cxr_view_ways_t;

/* Who sends a gift back: what she typed, and what is wrong with it. */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    email;
    cxr_str_t    address;
    cxr_str_t    postcode;
    cxr_str_t    city;
    cxr_str_t    name_error;
    cxr_str_t    email_error;
    cxr_str_t    address_error;
    cxr_str_t    postcode_error;
    cxr_str_t    city_error;
    bool         credit;           /* store credit is among what is chosen    */
    bool         goods;            /* other goods are offered, or chosen      */
} cxr_view_gift_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL: .../review                         */
    cxr_str_t          back;       /* URL for "change": .../items             */
    CXR_LIST_OF(cxr_pair_t)         hidden;
    cxr_str_t          number;
    uint32_t           note_max;   /* characters                              */
    CXR_LIST_OF(cxr_view_detail_t)  lines;
    bool               has_all;    /* many lines: what is said once for all   */
    CXR_LIST_OF(cxr_view_reason_t)  all_reasons;     /* r.all                 */
    CXR_LIST_OF(cxr_view_choice_t)  all_choices;     /* o.all; may be none    */
    bool               has_all_choices;
    cxr_str_t          fee;        /* for the way back, at most; or empty     */
    bool               fee_some;   /* it depends on what is chosen            */
    cxr_str_t          form_error;
    cxr_view_faults_t  errors;
    bool               has_errors;
    cxr_view_ways_t    ways;       /* none: nothing need come back            */
    bool               has_ways;
    bool               way_choice; /* there are several                       */
    cxr_str_t          way_error;
    bool               claim;      /* something is wrong with them            */
    bool               turned;     /* a reason just made it that              */
    bool               multipart;  /* photos may come with the form           */
    uint32_t           photo_count;   /* at once                              */
    cxr_str_t          photo_mb;   /* each: "8", "1,5"                        */
    cxr_view_gift_t   *gift;       /* who she is to whom it was given; or NULL */
} cxr_view_details_t;


typedef struct {
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image;
    uint32_t     quantity;
    cxr_str_t    reason;           /* text                                    */
    cxr_str_t    note;
    cxr_str_t    outcome;          /* text: "Para iadesi"                     */
    cxr_str_t    exchange;         /* the new variant, or empty               */
    cxr_str_t    paid;
    cxr_str_t    refund;           /* empty when nothing                      */
    cxr_str_t    due;              /* empty when nothing                      */
    cxr_view_photos_t  photos;
    bool         has_photos;
} cxr_view_review_line_t;

/* A box to tick before the last button. */
typedef struct {
    uint32_t     index;            /* in the id: a-{{index}}                  */
    cxr_str_t    value;            /* of a                                    */
    cxr_str_t    text;
    cxr_str_t    link;             /* words of the link; or empty             */
    cxr_str_t    url;
    bool         required;
    bool         checked;
    cxr_str_t    error;
} cxr_view_consent_t;

extern const cxr_type_t  cxr_view_consent_type;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL: .../rma                            */
    cxr_str_t          back;       /* URL: .../details                        */
    cxr_str_t          change;     /* URL: .../items                          */
    CXR_LIST_OF(cxr_pair_t)              hidden;
    cxr_str_t          number;
    CXR_LIST_OF(cxr_view_review_line_t)  lines;
    cxr_view_sums_t    money;      /* without the totals                      */
    cxr_str_t          delivery_note;  /* when its cost is paid back, or empty */
    cxr_str_t          refund;     /* total, or empty                         */
    cxr_str_t          due;        /* total, or empty                         */
    bool               even;       /* neither                                 */
    cxr_view_sums_t    totals;     /* what it comes to, in one row or more    */
    cxr_view_refunds_t refunds;    /* when what is paid back, by the rules    */
    bool               pays;       /* some of it in money                     */
    bool               by_person;  /* somebody looks at it before the label   */
    uint32_t           label_days; /* a label's life                          */
    cxr_str_t          send_by;    /* date, when the label comes at once      */
    cxr_str_t          until;      /* last day to ask for it, or empty        */
    cxr_str_t          form_error;
    cxr_view_faults_t  errors;
    bool               has_errors;
    cxr_str_t          way;        /* how it goes back, text                  */
    cxr_str_t          way_note;
    bool               goes;       /* something goes back                     */
    bool               has_instant;   /* the exchange may go out first        */
    bool               instant;    /* and is wanted to                        */
    uint32_t           instant_days;  /* to hand the return in                */
    cxr_str_t          instant_later; /* when it goes out else                */
    bool               claim;      /* all of it is a claim                    */
    CXR_LIST_OF(cxr_view_consent_t)  consents;
    bool               has_consents;
    cxr_view_gift_t   *gift;       /* as of the details                       */
} cxr_view_review_t;


/* One parcel of the order that may not have come. */
typedef struct {
    cxr_view_parcel_t  *parcel;    /* with what proves its delivery           */
    cxr_str_t           note;      /* what is best done now                   */
    bool                open;      /* it may be said now                      */
    cxr_str_t           closed;    /* else why not                            */
    CXR_LIST_OF(cxr_pair_t)  hidden;
} cxr_view_absent_t;

/* claim_missing.html */
typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL, GET                                */
    cxr_str_t          number;
    cxr_str_t          back;       /* URL of the order's page                 */
    cxr_str_t          track_url;
    CXR_LIST_OF(cxr_view_absent_t)  parcels;
    bool               has_parcels;
    bool               any;        /* one is open                             */
    bool               delivered;  /* one that its carrier says came is open  */
} cxr_view_missing_t;


extern const cxr_type_t  cxr_view_find_type;
extern const cxr_type_t  cxr_view_items_type;
extern const cxr_type_t  cxr_view_details_type;
extern const cxr_type_t  cxr_view_review_type;
extern const cxr_type_t  cxr_view_missing_type;


/* All return CXR_OK or CXR_NOMEM; the view is zeroed first. */

cxr_rc_t cxr_view_find(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, const cxr_portal_find_t *find, cxr_view_find_t *view);
                                              /* find NULL: the empty form    */
cxr_rc_t cxr_view_items(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_view_items_t *view);
cxr_rc_t cxr_view_details(const cxr_portal_t *p, const cxr_portal_form_t *form,
    cxr_view_details_t *view);
/* "preview": from cxr_rma_preview() of cxr_portal_ask() of this form */
cxr_rc_t cxr_view_review(const cxr_portal_t *p, const cxr_portal_form_t *form,
    const cxr_rma_t *preview, cxr_view_review_t *view);

/* "parcels": the order's, with their goods; judgements as of claims that they
   never came */
cxr_rc_t cxr_view_missing(const cxr_portal_t *p,
    const cxr_track_parcel_t *parcels, size_t nparcels,
    cxr_view_missing_t *view);

#endif /* _CXR_VIEW_PORTAL_H_INCLUDED_ */
