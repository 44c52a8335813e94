
/*
 * The shop's returns policy: data from the shop's file, judged line by line.
 * The same function feeds the portal's page and decides the command, so what
 * the shopper sees is what holds.
 *
 * What holds for a line is made of three layers.  The file's flat keys say what
 * holds where nothing else does.  Over them lie the rules, in their order: of
 * each effect (the window of an outcome is one, its bonus another) the first
 * rule that matches and has it decides.  Exclusions alone add up: what any
 * matching rule excludes is excluded.  Under both lies the floor of the law of
 * the order's country (cxr_law.h): where it gives the shopper more, it holds.
 */

#ifndef _CXR_POLICY_H_INCLUDED_
#define _CXR_POLICY_H_INCLUDED_

#include "cxr_law.h"
#include "cxr_order.h"
#include "cxr_people.h"
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
    CXR_NO_OUTCOME,            /* the policy leaves nothing to choose          */
    CXR_NO_DENIED,             /* a rule says no: "denial" says why            */
    CXR_NO_EARLY               /* it may still come: "from" says until when    */
} cxr_verdict_t;

extern const char *const  cxr_verdict_names[];   /* "may_return", ...          */

/* How the goods go back.  An RMA's "method" is one of the names. */
typedef enum {
    CXR_METHOD_LABEL = 0,      /* our signed label, or the carrier's           */
    CXR_METHOD_QR,             /* the same, shown on the phone                 */
    CXR_METHOD_CARRIER_CODE,   /* a return code of the carrier                 */
    CXR_METHOD_OWN_CARRIER,    /* the shopper's carrier, at her cost           */
    CXR_METHOD_IN_STORE,
    CXR_METHOD_NOTHING,        /* nothing goes back                            */
    CXR_METHOD_CARRIER_LABEL   /* a carrier's label, which the shop sends for  */
} cxr_method_t;

#define CXR_METHODS  (CXR_METHOD_CARRIER_LABEL + 1)

/* those that goods go back by, and of them those whose way the shop pays */
#define CXR_METHODS_WAYS                                                      \
    (((1u << CXR_METHODS) - 1) & ~(1u << CXR_METHOD_NOTHING))
#define CXR_METHODS_SHIPPED                                                   \
    (CXR_METHODS_WAYS                                                         \
     & ~((1u << CXR_METHOD_OWN_CARRIER) | (1u << CXR_METHOD_IN_STORE)))

extern const char *const  cxr_method_names[];    /* "label", "qr", ...         */

/* What the days of a window count from. */
typedef enum {
    CXR_ANCHOR_DELIVERED = 0,  /* the line's last delivery                     */
    CXR_ANCHOR_SHIPPED,        /* a carrier's first scan of it                 */
    CXR_ANCHOR_PLACED          /* the order                                    */
} cxr_anchor_t;

extern const char *const  cxr_anchor_names[];    /* "delivered", ...           */

/* What a reason claims: the RMA is a claim then. */
typedef enum {
    CXR_CLAIM_NONE = 0,
    CXR_CLAIM_DAMAGED,
    CXR_CLAIM_WRONG,           /* another thing came                           */
    CXR_CLAIM_MISSING,         /* it was not in the box: nothing can come back */
    CXR_CLAIM_LOST             /* the parcel never came: neither               */
} cxr_claim_t;

#define CXR_CLAIMS  (CXR_CLAIM_LOST + 1)

extern const char *const  cxr_claim_names[];     /* "none", "damaged", ...     */

/* Photos of a line, or that its goods come back. */
typedef enum {
    CXR_NEED_UNSAID = 0,
    CXR_NEED_NONE,
    CXR_NEED_OPTIONAL,
    CXR_NEED_REQUIRED
} cxr_need_t;

extern const char *const  cxr_need_names[];      /* "unsaid", "none", ...      */

typedef struct {
    cxr_str_t    code;         /* slug                                         */
    cxr_texts_t  text;         /* empty: translation "reason.<code>" */
    bool         note;         /* a note is required                           */
    bool         review;       /* a person looks at it, whatever else holds    */
    uint8_t      claim;        /* cxr_claim_t                                  */
    uint8_t      photos;       /* cxr_need_t; unsaid: as its claim's terms say */
    cxr_str_t    group;        /* slug that rules may ask for; or empty        */
    uint8_t      goods;        /* do they come back?  NONE or REQUIRED; unsaid:
                                  the same                                     */
} cxr_reason_t;

/*
 * What holds for one kind of claim where no rule says anything, over the flat
 * keys.  Of CXR_CLAIM_LOST alone: when a parcel may be said not to have come,
 * so that what is merely on its way is no claim yet.
 */
typedef struct {
    uint8_t      photos;       /* cxr_need_t; unsaid: optional, of lost none   */
    bool         keep;         /* the goods need not come back                 */
    bool         has_window;
    uint32_t     window_days;
    uint32_t     outcomes;     /* bits 1 << cxr_outcome_t; 0: the policy's     */
    uint32_t     after_hours;  /* since the carrier told that it was delivered */
    uint32_t     late_days;    /* after the promised day; without a promise since
                                  the last scan                                */
} cxr_claim_terms_t;

/* What holds of gift returns over the flat keys: cxr_gift.h. */
typedef struct {
    uint32_t     outcomes;     /* bits 1 << cxr_outcome_t; 0: there are none   */
    bool         has_window;
    uint32_t     window_days;
    cxr_money_t  review_above; /* 0: the policy's                              */
} cxr_gift_terms_t;

/* What may be cancelled before it is sent: cxr_cancel.h. */
typedef struct {
    bool         on;
    uint32_t     minutes;      /* after the order was placed; 0: until it is sent */
    bool         auto_approve;
    cxr_strs_t   not_tags;     /* lines with one of them cannot be             */
    CXR_LIST_OF(cxr_reason_t)  reasons;      /* to choose from: code and text  */
    cxr_texts_t  text;         /* the shop's own words on it, or empty         */
} cxr_cancel_terms_t;

/* of its minutes: sixty days */
#define CXR_CANCEL_MINUTES_MAX  86400

#define CXR_CLAIM_AFTER_HOURS  24
#define CXR_CLAIM_LATE_DAYS    5

/*
 * The effects that a rule can have.  Each is decided outcome by outcome, since
 * a rule may be of some outcomes only: see cxr_offer_t.by.
 */
typedef enum {
    CXR_EFFECT_WINDOW = 0,     /* window_days                                  */
    CXR_EFFECT_RESTOCK,        /* restocking_fee                               */
    CXR_EFFECT_BONUS,
    CXR_EFFECT_RELEASE,
    CXR_EFFECT_MAY,            /* allow, deny                                  */
    CXR_EFFECT_ANCHOR,         /* anchor, fallback_days                        */
    CXR_EFFECT_UNTIL,          /* open_until: the season's extension           */
    CXR_EFFECT_OUTCOMES,
    CXR_EFFECT_METHODS,
    CXR_EFFECT_SHIPPING,       /* shipping_fee                                 */
    CXR_EFFECT_APPROVAL,
    CXR_EFFECT_KEEP,           /* keep_item                                    */
    CXR_EFFECT_LABEL,          /* label_days                                   */
    CXR_EFFECT_DELIVERY,       /* delivery_refund                              */
    CXR_EFFECT_DESTINATION     /* destination                                  */
} cxr_effect_t;

#define CXR_EFFECTS  (CXR_EFFECT_DESTINATION + 1)

/*
 * What is given back of the cost of the delivery to the shopper.  Once every
 * unit of the order is paid back, all but NONE give what is left of it.
 */
typedef enum {
    CXR_DELIVERY_NONE = 0,
    CXR_DELIVERY_SHARE,        /* each unit's share, by what was paid for it   */
    CXR_DELIVERY_LAST,         /* nothing until then                           */
    CXR_DELIVERY_BY_RIGHT      /* nothing until then, and only when withdrawals
                                  and claims alone have done it                */
} cxr_gives_delivery_t;

extern const char *const  cxr_delivery_names[];  /* "none", "proportion", ...  */

extern const char *const  cxr_effect_names[];    /* "window_days", ...         */

/* Who decided an effect: a number of a rule (its place in the file, from 1),
   the file's flat keys, or the law. */
#define CXR_BY_DEFAULT   0
#define CXR_BY_LAW       0xffff

typedef struct cxr_rule_s  cxr_rule_t;       /* cxr_policy_rule.h              */
typedef struct cxr_rules_s cxr_rules_t;

/* A line's tag whose goods have no right of withdrawal. */
typedef struct {
    cxr_str_t    tag;
    cxr_str_t    code;         /* of a law's exception                         */
} cxr_exempt_t;

typedef struct {
    cxr_str_t    version;      /* 16 hex of a hash of the policy's text and of
                                  the laws under it                            */
    uint32_t     window_days;      /* 0..3650, full days after the day of delivery */
    uint32_t     fallback_days;    /* added to placed_at when no delivery is known */
    cxr_strs_t   final_sale_tags;  /* a line with one of them cannot come back */
    uint32_t     outcomes;         /* bits 1 << cxr_outcome_t                  */
    cxr_money_t  review_above;     /* an order's returns over this wait for a person; 0: none */
    bool         auto_approve;
    cxr_money_t  fee;              /* per RMA, for the way back, off the refund; 0 none */
    uint32_t     label_days;       /* a label's life, 1..180                   */
    CXR_LIST_OF(cxr_reason_t)  reasons;
    uint8_t      release[CXR_OUTCOMES];   /* cxr_release_t of each outcome     */
    uint32_t     methods;      /* bits 1 << cxr_method_t; 0: label             */
    cxr_str_t    currency;     /* of the policy's amounts: an order in another
                                  pays no flat fee; empty: every order         */
    const cxr_rules_t *rules;  /* NULL: none                                   */
    uint64_t     hash;         /* of the policy's text alone                   */
    CXR_LIST_OF(cxr_exempt_t)  exempt;
    CXR_LIST_OF(cxr_law_t *)   laws;   /* for each country the first */
    uint32_t     instant_days; /* in which an instant exchange's goods are to set
                                  out; 0: exchange goods never go out first   */
    cxr_claim_terms_t  claims[CXR_CLAIMS];    /* by cxr_claim_t                */
    uint8_t      delivery_withdrawal;  /* cxr_gives_delivery_t, by what is asked for */
    uint8_t      delivery_return;
    uint8_t      delivery_claim;
    cxr_strs_t   destinations; /* ids of the shop's, in the file's order       */
    CXR_LIST_OF(cxr_people_t)  people;       /* in the file's order; their
                                                contents are not in "version" */
    cxr_gift_terms_t  gifts;
    cxr_cancel_terms_t  cancels;
} cxr_policy_t;

/* What is known of the customer beyond the order.  Zeroed: nothing; then a
   condition on it does not hold. */
typedef struct {
    bool         known;
    uint32_t     orders;       /* of the customer, this one among them         */
    uint32_t     returns;      /* RMAs of all of them, cancelled ones apart    */
    cxr_money_t  returned;     /* what their lines were paid, this currency    */
    uint32_t     kept;         /* units approved that need not come back; only
                                  where cxr_policy_wants_kept()                */
    uint32_t     missing;      /* and units that she said never came           */
    bool         person;       /* who she is is known, whatever she did before */
    uint32_t     lists;        /* then: bits of policy.people she stands on    */
} cxr_history_t;

/* All that is asked for at once.  Zeroed: not known yet; then a condition on it
   does not hold. */
typedef struct {
    bool         known;
    bool         whole;        /* every unit that the order was sold with      */
    uint32_t     units;
    cxr_money_t  value;        /* what was paid for them                       */
} cxr_policy_request_t;

/* What is asked for.  Zeroed: a return of which nothing else is said yet. */
typedef struct {
    uint8_t      kind;         /* cxr_rma_kind_t                               */
    cxr_str_t    reason;       /* code; empty: not said yet, and the judgement
                                  is the best that any reason brings           */
    uint8_t      method;       /* cxr_method_t + 1; 0: not said                */
    cxr_str_t    language;     /* the shopper's; empty: the order's            */
    bool         gift;         /* who was given the goods sends them back      */
} cxr_policy_ask_t;

/* What holds for one outcome of a line. */
typedef struct {
    bool         offered;      /* it may be chosen now                         */
    bool         review;       /* a rule wants a person to look at it          */
    bool         approve;      /* a rule approves it: neither auto_approve nor
                                  review_above is asked (a reason's review is) */
    bool         keep_item;    /* nothing need come back                       */
    uint8_t      release;      /* cxr_release_t                                */
    uint8_t      refused;      /* cxr_verdict_t: why it is not offered         */
    uint32_t     methods;      /* bits 1 << cxr_method_t                       */
    cxr_time_t   deadline;     /* last moment; NONE: not delivered, no window  */
    cxr_money_t  shipping_fee; /* for the way back, once per RMA; 0: none.  Not of
                                  who pays a carrier, or walks, herself        */
    cxr_money_t  restock;      /* kept back for each unit, minor units         */
    uint32_t     restock_bp;   /* and of what was paid, 1/100 percent, ..10000 */
    uint32_t     bonus_bp;     /* on top, of what was paid, 1/100 percent, ..100000 */
    cxr_money_t  bonus;        /* and on top for each unit, minor units        */
    uint32_t     label_days;
    uint32_t     window_days;  /* as it was counted; the law may have moved it */
    uint8_t      delivery;     /* cxr_gives_delivery_t; of money outcomes            */
    cxr_money_t  delivery_of;  /* what of the order's delivery may be given
                                  back, all of it; NONE: 0                     */
    uint8_t      destination;  /* place in policy.destinations from 1; 0: the
                                  warehouse                                    */
    const cxr_texts_t *denial; /* refused is CXR_NO_DENIED: for the shopper, in
                                  each of the shop's languages; may be empty   */
    uint16_t     by[CXR_EFFECTS];   /* place of the rule in the file from 1,
                                       CXR_BY_DEFAULT or CXR_BY_LAW            */
} cxr_offer_t;

/* What the law has to say to one line. */
typedef struct {
    const cxr_law_t            *law;          /* NULL: no law for the country  */
    const cxr_law_version_t    *version;
    const cxr_law_exception_t  *exception;    /* of the line, or NULL          */
    bool         holds;        /* the right of withdrawal is there now         */
    cxr_time_t   deadline;     /* its last moment; NONE: not begun (not
                                  delivered), or an exception                  */
    cxr_time_t   claim_deadline;   /* free remedy for faults; NONE: not begun  */
    uint32_t     raised;       /* bits 1 << cxr_effect_t: what a rule or the
                                  flat keys had said less of                   */
} cxr_floor_t;

/* What holds for one line now. */
typedef struct {
    uint8_t      verdict;      /* cxr_verdict_t                                */
    uint32_t     returnable;   /* units that may still be returned             */
    uint32_t     outcomes;     /* bits                                         */
    cxr_time_t   delivered_at; /* latest delivery of the line, or NONE         */
    cxr_time_t   deadline;     /* the latest of the outcomes', or NONE (final sale, not delivered) */
    bool         deadline_by_order;  /* counted from placed_at: delivery unknown */

    cxr_offer_t  offers[CXR_OUTCOMES];
    uint32_t     methods;      /* bits: of any outcome that is offered         */
    const cxr_texts_t *denial; /* the verdict is CXR_NO_DENIED: as the offer's */
    bool         by_reason;    /* no reason was told, and it depends on it     */
    cxr_time_t   from;         /* CXR_NO_EARLY: when it may be claimed, else 0 */
    cxr_floor_t  floor;
} cxr_judgement_t;

/*
 * An order and its world, prepared for the judging of its lines.  Borrows all
 * that it is given.  "parcels" are the shipments of the order that are known
 * (outbound ones count); a line's delivery is the latest delivered_at of the
 * parcels that hold it.  A parcel of the order that is not delivered:
 * CXR_NO_NOT_DELIVERED for its lines.  One of which nothing is known
 * (CXR_SHIP_UNKNOWN: its carrier sends no feed), or whose label was cancelled
 * or has expired, says nothing: then the deadline counts from the order.
 * "tz" is the shop's zone: every window ends with a local day.  "history" may
 * be NULL.
 */
#define CXR_RULES_MAX    500
#define CXR_POLICY_BITS  6
#define CXR_POLICY_ENDS  16

typedef struct {
    const cxr_policy_t           *policy;
    const cxr_tz_t               *tz;
    const cxr_order_t            *order;
    const cxr_shipment_t *const  *parcels;
    size_t                        nparcels;
    cxr_time_t                    now;
    cxr_history_t                 history;
    cxr_policy_request_t          request;         /* the caller's, after
                                                      cxr_policy_begin()       */

    /* derived */
    const cxr_law_t              *law;
    const cxr_law_version_t      *version;
    cxr_time_t                    last_delivery;   /* of the order; NONE: not
                                                      all of it, or unknown    */
    bool                          underway;        /* a part of it is          */
    int32_t                       today;           /* local days since 1970    */
    int32_t                       placed;
    cxr_money_t                   value;           /* paid for all lines       */
    cxr_money_t                   returned;        /* of them in RMAs          */
    uint32_t                      units;
    cxr_str_t                     language;
    uint64_t                      bits[CXR_POLICY_BITS];   /* cxr_policy_rule.h */
    struct {
        cxr_time_t  from;
        cxr_time_t  to;
        uint32_t    days;
    }                             ends[CXR_POLICY_ENDS];   /* computed before  */
    uint32_t                      nends;
    uint16_t                      nlive;           /* rules that the order and
                                                      the day leave            */
    uint16_t                      live[CXR_RULES_MAX];
    const cxr_order_line_t       *like;            /* a return of it was judged
                                                      last, without rules; NULL:
                                                      none                     */
    bool                          like_underway;
    bool                          like_final;
    cxr_time_t                    like_delivered;
    cxr_time_t                    like_shipped;
    cxr_judgement_t               like_judged;
} cxr_policy_case_t;

void cxr_policy_begin(cxr_policy_case_t *c, const cxr_policy_t *policy,
    const cxr_tz_t *tz, const cxr_order_t *order,
    const cxr_shipment_t *const *parcels, size_t nparcels, cxr_time_t now,
    const cxr_history_t *history);

/* So many units of a line of the order are asked for, too.  Lines that the order
   does not have, and more units than there are, count for nothing. */
void cxr_policy_asked(cxr_policy_request_t *request, const cxr_order_t *order,
    cxr_str_t line, uint32_t quantity);

/* "ask" NULL: nothing is said yet. */
void cxr_policy_line(cxr_policy_case_t *c, const cxr_order_line_t *line,
    const cxr_policy_ask_t *ask, cxr_judgement_t *out);

/* Both for one line of which nothing is said yet. */
void cxr_policy_judge(const cxr_policy_t *policy, const cxr_tz_t *tz,
    const cxr_order_t *order, const cxr_order_line_t *line,
    const cxr_shipment_t *const *parcels, size_t nparcels, cxr_time_t now,
    cxr_judgement_t *out);

/* What of an offer's fee, or bonus, falls on "quantity" units that were paid
   "paid": never more fee than that.  Percentages round halves up, once. */
cxr_money_t cxr_offer_fee(const cxr_offer_t *offer, cxr_money_t paid,
    uint32_t quantity);
cxr_money_t cxr_offer_bonus(const cxr_offer_t *offer, cxr_money_t paid,
    uint32_t quantity);

const cxr_reason_t *cxr_policy_reason(const cxr_policy_t *policy, cxr_str_t code);

/* ---- claims: cxr_claim.c ---- */

/* The first reason that claims this, or NULL. */
const cxr_reason_t *cxr_claim_reason(const cxr_policy_t *policy,
    unsigned claim);
/* Does any reason claim something? */
bool cxr_claims_any(const cxr_policy_t *policy);
/* Photos of a line with this reason: none, optional or required. */
cxr_need_t cxr_claim_photos(const cxr_policy_t *policy,
    const cxr_reason_t *reason);
/* Do its goods stay where they are?  What never came, and what the reason or
   the terms of its claim let be kept. */
bool cxr_claim_keeps(const cxr_policy_t *policy, const cxr_reason_t *reason);
/*
 * From when on it may be said that a parcel has not come: hours after it was
 * told to be delivered, days after it was promised or last heard of; at once
 * when the carrier has lost it or sends it back.  CXR_TIME_NONE: nothing is
 * known of it.
 */
cxr_time_t cxr_claim_missing(const cxr_policy_t *policy,
    const cxr_shipment_t *parcel);
/* May it be said now of one of an order's parcels?  A reason must say it. */
bool cxr_claim_may_miss(const cxr_policy_t *policy,
    const cxr_shipment_t *const *parcels, size_t n, cxr_time_t now);
/* The same of a line of the case: the first of its parcels'; where nothing is
   known, days after the order should have come. */
cxr_time_t cxr_claim_missing_line(const cxr_policy_case_t *c,
    const cxr_order_line_t *line);

/* Does a rule ask for the customer's history?  It costs reads to know. */
bool cxr_policy_wants_history(const cxr_policy_t *policy);
/* And for what became of it, RMA by RMA?  It costs many. */
bool cxr_policy_wants_kept(const cxr_policy_t *policy);
/* Does a rule ask how the goods go back? */
bool cxr_policy_wants_method(const cxr_policy_t *policy);

/* The id of the rule that "by" names; "policy" for the flat keys, and the
   law's id for the law. */
cxr_str_t cxr_policy_by(const cxr_policy_t *policy, const cxr_floor_t *floor,
    uint16_t by);

#endif /* _CXR_POLICY_H_INCLUDED_ */
