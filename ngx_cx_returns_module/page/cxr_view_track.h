
/*
 * The tracking pages: track.html (one parcel, or all of an order) and
 * track_find.html (find my parcel).
 *
 * Of one parcel the page is about that parcel: its sentence is the headline.
 * Of several, the headline says how many have arrived, and each has its own
 * card.  Parcels on their way to the shopper come before those that return.
 */

#ifndef _CXR_VIEW_TRACK_H_INCLUDED_
#define _CXR_VIEW_TRACK_H_INCLUDED_

#include "cxr_lane.h"
#include "cxr_view_survey.h"

#define CXR_TRACK_OPEN       3      /* scans shown before the rest is folded  */
#define CXR_TRACK_REST       (60 * CXR_DAY)   /* after the order: goods in no
                                                 parcel are still to be sent   */


/* ---- what the page is made from ---- */

/* A thing in a parcel. */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    variant;        /* or empty                                  */
    cxr_str_t    image_url;      /* http(s) or a path; others are left out    */
    uint32_t     quantity;
} cxr_track_good_t;

typedef struct {
    const cxr_shipment_t        *shipment;
    const cxr_track_good_t      *goods;       /* NULL: not to be shown        */
    size_t                       ngoods;
    const cxr_lane_t            *lane;        /* NULL: too little is known    */
    cxr_str_t                    rma_url;     /* of a return: its own page; or
                                                 empty                        */
} cxr_track_parcel_t;

typedef struct {
    cxr_str_t                    order;       /* number; empty: the parcel alone
                                                 may be seen                   */
    const cxr_track_parcel_t    *parcels;
    size_t                       nparcels;
    cxr_time_t                   now;
    cxr_str_t                    self;        /* path without language        */
    const cxr_order_t           *bought;      /* it; NULL: as "order" says    */
    const cxr_track_good_t      *rest;        /* of it, in no parcel yet      */
    size_t                       nrest;
    cxr_str_t                    survey_pick; /* a score that the query names */
    const cxr_refusal_t         *survey_no;   /* of an answer just given      */
    cxr_str_t                    survey_said; /* and its comment              */
    cxr_str_t                 talk_url;      /* the same: messages            */
    uint32_t                  unread;        /* of them, by the shopper       */
    cxr_str_t                    return_url;  /* starts a return; or empty    */
    cxr_time_t                   return_until;   /* its deadline, or NONE     */
    cxr_str_t                    missing_url; /* says that it did not come; or
                                                 empty                        */
    const cxr_rma_t             *cancels;     /* of the order; what they took
                                                 off it is not in "bought"    */
    size_t                       ncancels;
    cxr_str_t                    cancel_url;  /* more may be; or empty        */
} cxr_track_in_t;


/* ---- what the template sees ---- */

/* {{#goods}} */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image_url;
    uint32_t     quantity;
} cxr_view_good_t;

/* {{#miles}}: one of the five steps of the bar */
typedef struct {
    cxr_str_t    name;           /* "Yolda"                                   */
    cxr_str_t    state;          /* "done", "now", "bad" or "todo": a class   */
    cxr_str_t    state_text;     /* the same in words                         */
    bool         current;        /* state is now or bad                       */
} cxr_view_mile_t;

/* {{#scans}} */
typedef struct {
    cxr_str_t    time;           /* "14:05" where it happened; or empty       */
    cxr_str_t    iso;            /* "2026-11-22T14:05:00+03:00" or a date     */
    cxr_str_t    text;           /* what it means: "Dağıtıma çıktı"           */
    cxr_str_t    why;            /* "Hava koşulları", or empty                */
    cxr_str_t    place;
    cxr_str_t    raw;            /* the carrier's own words, or empty         */
    cxr_str_t    status;         /* "out_for_delivery"                        */
    bool         newest;
} cxr_view_scan_t;

/* {{#days}}: scans of one local day */
typedef struct {
    cxr_str_t    name;           /* "22 Kasım Pazar"; empty: day not known    */
    CXR_LIST_OF(cxr_view_scan_t)  scans;
} cxr_view_day_t;

typedef CXR_LIST_OF(cxr_view_day_t)  cxr_view_days_t;

/* {{#eta}} */
typedef struct {
    cxr_str_t    label;          /* "Tahmini teslimat", "Teslim tarihi", "Son
                                    alma günü"                                */
    cxr_str_t    day;            /* "Bugün", "24 Kasım Salı"                   */
    cxr_str_t    window;         /* "14:00–18:00", or empty                   */
    cxr_str_t    calendar_url;   /* the same for a calendar; or empty         */
} cxr_view_eta_t;

/* {{#delay}}, {{#action}} */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    text;
    cxr_str_t    url;            /* of an action: where to see to it; or empty */
    cxr_str_t    link;           /* what that is called                       */
} cxr_view_word_t;

/* {{#parcels}} */
typedef struct {
    cxr_str_t    name;           /* "Paket 1 / 3", "İade paketi"              */
    cxr_str_t    sentence;       /* what is happening                         */
    cxr_str_t    detail;         /* what comes next                           */
    cxr_str_t    status;         /* "in_transit"                              */
    cxr_str_t    reason;         /* "delayed_weather", "none"                 */
    cxr_str_t    label;          /* "Yolda"                                   */
    cxr_str_t    tone;           /* "good", "warn", "bad", "busy": a class    */
    bool         is_return;
    bool         delivered;
    bool         offer_help;     /* nothing but the shop can help now         */
    cxr_view_eta_t   *eta;       /* or NULL                                   */
    cxr_str_t         expected_iso;   /* the same for machines, or empty      */
    cxr_view_word_t  *delay;     /* or NULL                                   */
    cxr_view_word_t  *action;    /* or NULL                                   */
    CXR_LIST_OF(cxr_view_mile_t)  miles;
    cxr_view_days_t  days;       /* newest first: CXR_TRACK_OPEN scans        */
    cxr_view_days_t  older;      /* the rest, folded                          */
    uint32_t     older_n;
    bool         has_scans;
    CXR_LIST_OF(cxr_view_good_t)  goods;
    bool         has_goods;
    cxr_str_t    rma_url;        /* of a return: what becomes of it; or empty */
    cxr_str_t    carrier;        /* "Yurtiçi Kargo"                           */
    cxr_str_t    number;
    cxr_str_t    service;
    cxr_str_t    carrier_url;    /* the carrier's own page, or empty          */
    cxr_str_t    carrier_phone;  /* "444 99 99", or empty                     */
    cxr_str_t    carrier_phone_url;
    uint8_t      asks;           /* cxr_ship_action_t of "action"; no field   */
    cxr_str_t    updated;        /* "22 Kas 14:06" in the shop's zone; empty
                                    where the page's own "news" says it       */
    cxr_str_t    updated_iso;
    cxr_str_t    partner;        /* who takes it to the door; or empty        */
    cxr_str_t    partner_number;
    cxr_str_t    partner_url;
    cxr_str_t    usual;          /* "2-3 iş günü"; or empty                   */
    cxr_str_t    collect_at;     /* where it waits; or empty                  */
    cxr_str_t    collect_hours;  /* when that is open; or empty               */
    cxr_str_t    left;           /* "Komşuya bırakıldı"; or empty             */
    bool         signature;      /* the carrier has one                       */
} cxr_view_parcel_t;

/* {{#return_start}} */
typedef struct {
    cxr_str_t    url;
    cxr_str_t    until;          /* "6 Aralık Pazar", or empty                */
} cxr_view_return_t;

/* {{#rest}} */
typedef struct {
    cxr_str_t    title;          /* "Henüz yola çıkmayanlar"                  */
    CXR_LIST_OF(cxr_view_good_t)  goods;
    bool         has_goods;
} cxr_view_rest_t;

/* {{#offers}}, and of each {{#products}} */
typedef struct {
    cxr_str_t    title;
    cxr_str_t    price;
    cxr_str_t    url;
    cxr_str_t    image_url;
} cxr_view_tile_t;

typedef struct {
    cxr_str_t    title;
    cxr_str_t    text;
    cxr_str_t    action;
    cxr_str_t    url;
    cxr_str_t    image_url;
    cxr_str_t    code;
    CXR_LIST_OF(cxr_view_tile_t)  products;
    bool         has_products;
} cxr_view_offer_t;

typedef CXR_LIST_OF(cxr_view_offer_t)  cxr_view_offers_t;

extern const cxr_type_t  cxr_view_offer_type;

/* {{#cancels}} */
typedef struct {
    cxr_str_t    id;             /* "R-7K2M-9QXF"                             */
    cxr_str_t    url;            /* of its page                               */
    cxr_str_t    status_text;    /* "İptal edildi"                            */
    cxr_str_t    tone;           /* class of the pill                         */
} cxr_view_cancelled_t;

extern const cxr_type_t  cxr_view_cancelled_type;

/* The shop's offers for whom the page is shown to, CXR_OFFER_SHOWN_MAX at most. */
cxr_rc_t cxr_view_offers(const cxr_view_ctx_t *ctx, const cxr_audience_t *to,
    cxr_arena_t *a, cxr_view_offers_t *out);

typedef struct {
    const cxr_view_page_t  *page;
    cxr_str_t               order;      /* or empty                           */
    cxr_str_t               headline;
    cxr_str_t               detail;
    cxr_str_t               tone;       /* class of the whole page's state    */
    bool                    single;     /* one parcel: "parcels" has just it  */
    bool                    several;
    bool                    none;       /* the order has no parcel yet        */
    bool                    number_only;   /* order unknown to this link      */
    bool                    offer_help; /* nothing but the shop can help now  */
    cxr_str_t               help_url;   /* writes to the shop about this order;
                                           or empty                           */
    cxr_str_t               talk_url;   /* messages, or empty                 */
    cxr_str_t               unread;     /* "1 new message", or empty          */
    cxr_str_t               news;       /* when the newest word of any parcel
                                           came; or empty                     */
    cxr_str_t               news_iso;
    cxr_str_t               refresh_url;   /* this page, while there may be
                                              news of it; or empty            */
    CXR_LIST_OF(cxr_view_parcel_t)  parcels;
    cxr_view_eta_t         *eta;        /* of an order without parcels; or NULL */
    cxr_view_rest_t        *rest;       /* or NULL                            */
    cxr_view_return_t      *return_start;  /* or NULL                         */
    cxr_str_t               missing_url;   /* it may be said that a parcel did
                                              not come; or empty              */
    cxr_view_offers_t       offers;
    cxr_view_survey_t      *survey;     /* or NULL                            */
    CXR_LIST_OF(cxr_view_cancelled_t)  cancels;   /* what she cancelled       */
    bool                    has_cancels;
    bool                    all_cancelled;   /* nothing is left to be sent    */
    cxr_str_t               cancel_url; /* something may still be cancelled; or
                                           empty                              */
} cxr_view_track_t;

extern const cxr_type_t  cxr_view_parcel_type;
extern const cxr_type_t  cxr_view_track_type;

/* The part of cxr_view_track() that is of cancellations: after the headline. */
cxr_rc_t cxr_view_track_cancel(const cxr_view_ctx_t *ctx,
    const cxr_track_in_t *in, cxr_arena_t *a, cxr_view_track_t *v);

/*
 * Everything is made in the arena, but for strings that the shipment, goods
 * and context have already.  CXR_NOMEM only.
 */
cxr_rc_t cxr_view_track(const cxr_view_ctx_t *ctx, const cxr_track_in_t *in,
    cxr_arena_t *a, cxr_view_track_t *view);

/*
 * The day on which the parcel "number" comes, or until which it may be
 * collected, as iCalendar.  CXR_NOTFOUND: it has none that is still to come.
 */
cxr_rc_t cxr_track_calendar(const cxr_view_ctx_t *ctx,
    const cxr_track_in_t *in, cxr_str_t number, cxr_arena_t *a,
    cxr_buf_t *out);

/*
 * What of the order is in the parcel "ship", one of its "n": the lines that the
 * shop said; all of them when it is the only one on its way out and the shop
 * said nothing.  Of a parcel that comes back only its RMA knows: none.
 */
cxr_rc_t cxr_track_goods(const cxr_order_t *order, const cxr_shipment_t *ships,
    size_t n, const cxr_shipment_t *ship, cxr_arena_t *a,
    cxr_track_parcel_t *parcel);

/*
 * What of the order is in none of its "n" parcels: nothing while one of those
 * that go to the shopper may have all of it, since the shop did not say.
 */
cxr_rc_t cxr_track_rest(const cxr_order_t *order, const cxr_shipment_t *ships,
    size_t n, cxr_arena_t *a, cxr_track_in_t *in);

/* What is in the parcel that brings goods of the RMA back: all that is to be
   sent, when it is the only parcel that does. */
cxr_rc_t cxr_track_goods_back(const cxr_rma_t *rma, cxr_arena_t *a,
    cxr_track_parcel_t *parcel);

/* Until when something of the order may come back; CXR_TIME_NONE: nothing.
   "judgements": one for each of its lines. */
cxr_time_t cxr_track_return_until(const cxr_order_t *order,
    const cxr_judgement_t *judgements);

/*
 * The one sentence that says what is happening to the parcel; for other pages
 * and for messages.
 */
cxr_str_t cxr_track_sentence(const cxr_view_ctx_t *ctx,
    const cxr_shipment_t *shipment);


/* ---- find my parcel ---- */

typedef enum {
    CXR_FIND_OK = 0,
    CXR_FIND_ORDER_MISSING,
    CXR_FIND_ORDER_INVALID,
    CXR_FIND_CONTACT_MISSING,
    CXR_FIND_CONTACT_INVALID,
    CXR_FIND_NUMBER_MISSING,
    CXR_FIND_NUMBER_INVALID,
    CXR_FIND_NOT_FOUND,          /* of the form, not of one field             */
    CXR_FIND_NUMBER_NOT_FOUND,
    CXR_FIND_BUSY,               /* too many have failed: "minutes"           */
    CXR_FIND_POSTCODE_BUSY,      /* of the contact: an e-mail address will do */
    CXR_FIND_FAULTS
} cxr_track_find_fault_t;

/*
 * Two forms, one address: "order" with "contact" (e-mail or postal code), or
 * "number" alone.  What was typed comes back beside its mistake.
 */
typedef struct {
    cxr_str_t    self;           /* path of the page, without language        */
    cxr_str_t    action;         /* path that the forms post to, the same     */
    cxr_str_t    order;          /* as typed; must be UTF-8                   */
    cxr_str_t    contact;
    cxr_str_t    number;
    uint8_t      order_fault;    /* cxr_track_find_fault_t                    */
    uint8_t      contact_fault;
    uint8_t      number_fault;
    uint8_t      form_fault;     /* CXR_FIND_NOT_FOUND, ..NUMBER_NOT_FOUND    */
    uint32_t     minutes;        /* until then                                */
} cxr_track_find_in_t;

typedef struct {
    const cxr_view_page_t  *page;
    cxr_str_t               action_url;
    cxr_str_t               order;
    cxr_str_t               contact;
    cxr_str_t               number;
    cxr_str_t               order_error;
    cxr_str_t               contact_error;
    cxr_str_t               number_error;
    CXR_LIST_OF(cxr_view_fault_t)  errors;
    bool                    has_errors;
} cxr_view_track_find_t;

extern const cxr_type_t  cxr_view_track_find_type;

cxr_rc_t cxr_view_track_find(const cxr_view_ctx_t *ctx,
    const cxr_track_find_in_t *in, cxr_arena_t *a,
    cxr_view_track_find_t *view);

/*
 * What the forms held, before anything is looked up: which form it is, and the
 * mistakes that can be told without the store.  Fields absent from the request
 * are CXR_STR_NONE (data NULL).  True when the look-up may go on: by order when
 * "number" is empty, else by number.
 */
bool cxr_track_find_check(cxr_track_find_in_t *in);


#endif /* _CXR_VIEW_TRACK_H_INCLUDED_ */
