
/*
 * An RMA.  The header's status is derived from its lines; each line carries
 * four independent facts: decision, parcel, receipt, settlement.
 */

#ifndef _CXR_RMA_H_INCLUDED_
#define _CXR_RMA_H_INCLUDED_

#include "cxr_consent.h"
#include "cxr_id.h"
#include "cxr_order.h"
#include "cxr_policy.h"

typedef enum {
    CXR_KIND_RETURN = 0,       /* what is none of the others                   */
    CXR_KIND_EXCHANGE,         /* every line is an exchange                    */
    CXR_KIND_CLAIM,            /* every line's reason is a claim               */
    CXR_KIND_WITHDRAWAL,       /* the statutory right: asked for as such       */
    CXR_KIND_CANCELLATION      /* of what was not sent yet: cxr_cancel.h       */
} cxr_rma_kind_t;

typedef enum {
    CXR_DECISION_PENDING = 0,
    CXR_DECISION_APPROVED,
    CXR_DECISION_DECLINED,
    CXR_DECISION_INFO_NEEDED
} cxr_decision_t;

typedef enum {
    CXR_PARCEL_NONE = 0,
    CXR_PARCEL_LABEL_ISSUED,
    CXR_PARCEL_IN_TRANSIT,
    CXR_PARCEL_DELIVERED,
    CXR_PARCEL_LOST
} cxr_parcel_fact_t;

typedef enum {
    CXR_RECEIPT_AWAITING = 0,
    CXR_RECEIPT_RECEIVED,
    CXR_RECEIPT_SHORT,
    CXR_RECEIPT_WRONG_ITEM,
    CXR_RECEIPT_MISSING
} cxr_receipt_t;

typedef enum {
    CXR_SETTLEMENT_NONE = 0,
    CXR_SETTLEMENT_OWED,
    CXR_SETTLEMENT_RELEASED,
    CXR_SETTLEMENT_CONFIRMED,
    CXR_SETTLEMENT_FAILED
} cxr_settlement_t;

/* derived, in this order of precedence (see cxr_rma_status()) */
typedef enum {
    CXR_RMA_REQUESTED = 0,     /* a line waits for a decision                  */
    CXR_RMA_INFO_NEEDED,
    CXR_RMA_APPROVED,          /* decided, at least one line approved          */
    CXR_RMA_DECLINED,          /* every line declined                          */
    CXR_RMA_IN_TRANSIT,
    CXR_RMA_RECEIVED,
    CXR_RMA_COMPLETED,
    CXR_RMA_CANCELLED,
    CXR_RMA_EXPIRED,           /* the label was never used                     */
    CXR_RMA_NSTATUS
} cxr_rma_status_t;

/* what the shop found when it looked at the goods */
typedef enum {
    CXR_GRADE_NONE = 0,
    CXR_GRADE_AS_NEW,
    CXR_GRADE_OPENED,          /* complete, its packing is not                 */
    CXR_GRADE_USED,
    CXR_GRADE_DAMAGED,
    CXR_GRADE_FAULTY,
    CXR_GRADE_INCOMPLETE
} cxr_grade_t;

/* and what becomes of them */
typedef enum {
    CXR_DISPOSE_NONE = 0,
    CXR_DISPOSE_RESTOCK,
    CXR_DISPOSE_REFURBISH,
    CXR_DISPOSE_QUARANTINE,    /* put aside until somebody decides             */
    CXR_DISPOSE_DONATE,
    CXR_DISPOSE_RECYCLE,
    CXR_DISPOSE_DESTROY,
    CXR_DISPOSE_TO_SHOPPER     /* goes back to the shopper: not settled        */
} cxr_disposition_t;

extern const char *const  cxr_grade_names[];
extern const char *const  cxr_disposition_names[];
extern const char *const  cxr_rma_kind_names[];
extern const char *const  cxr_decision_names[];
extern const char *const  cxr_parcel_fact_names[];
extern const char *const  cxr_receipt_names[];
extern const char *const  cxr_settlement_names[];
extern const char *const  cxr_rma_status_names[];

#define CXR_NOTE_MAX          1000    /* characters of a shopper's note        */
#define CXR_STAFF_REASON_MAX  500     /* characters of a decision's reason     */
#define CXR_RMA_STEPS_MAX     200
#define CXR_RMA_PARCELS_MAX   20      /* parcels that bring one RMA back       */
#define CXR_RMA_GRADINGS_MAX  400
#define CXR_RMA_NOTES_MAX     200
#define CXR_REFERENCE_MAX     80      /* characters of the shop's payment id   */

/* A photo as events name it; its bytes stand in a file of that hash. */
typedef enum {
    CXR_PHOTO_JPEG = 0,
    CXR_PHOTO_PNG,
    CXR_PHOTO_WEBP
} cxr_photo_kind_t;

typedef struct {
    cxr_str_t    hash;         /* names the stored file; says nothing of it    */
    uint8_t      kind;         /* cxr_photo_kind_t                             */
    uint32_t     width;        /* pixels                                       */
    uint32_t     height;
    uint32_t     bytes;
} cxr_photo_ref_t;

typedef CXR_LIST_OF(cxr_photo_ref_t)  cxr_photo_refs_t;

extern const char *const  cxr_photo_kind_names[];  /* "jpeg", "png", "webp"    */
extern const cxr_type_t   cxr_photo_ref_type;

#define CXR_PHOTO_HASH_LEN    32

/* A carrier's label as the shop supplies it. */
typedef enum {
    CXR_LABEL_FILE_NONE = 0,
    CXR_LABEL_FILE_PDF,
    CXR_LABEL_FILE_PNG,
    CXR_LABEL_FILES
} cxr_label_file_t;

extern const char *const  cxr_label_file_names[];  /* "none", "pdf", "png"     */

#define CXR_LINE_PHOTOS_MAX   10      /* of one line of an RMA                 */

/*
 * One line of the request: units of one line of the order that share reason and
 * outcome.  An order's line may stand in several of them, so each has a name of
 * its own, "item": the order line's, or that with ".2", ".3" behind it.
 *
 * Money follows the units: "fee" to "due" are what holds now.  Before anything
 * was counted that is for all units, afterwards for those that were counted and
 * are not sent back; "short_paid" is what was paid for the others.  Always
 *
 *     paid - short_paid + bonus + delivery - fee - deducted - goods
 *         == refund - due
 *
 * where "goods" is the price of what an exchange gives for these units.
 */
typedef struct {
    cxr_str_t    line;             /* of the order                             */
    cxr_str_t    sku;              /* snapshot of the order's line             */
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    image;
    uint32_t     quantity;
    cxr_str_t    reason;           /* code of the policy                       */
    cxr_str_t    note;             /* sealed box of the shopper's words, or empty */
    uint8_t      outcome;
    cxr_str_t    exchange_sku;     /* OUT_EXCHANGE                             */
    cxr_str_t    exchange_title;
    cxr_money_t  exchange_price;   /* one unit                                 */

    uint8_t      decision;
    uint8_t      parcel;
    uint8_t      receipt;
    uint8_t      settlement;
    cxr_str_t    decline_reason;   /* staff's words, which the shopper reads:
                                      why not, or what they ask (info_needed)  */

    cxr_money_t  paid;             /* the units' share of what was paid        */
    cxr_money_t  tax;              /* contained in paid                        */
    cxr_money_t  fee;              /* kept back from this line, >= 0           */
    cxr_money_t  refund;           /* owed to the shopper in money, >= 0       */
    cxr_money_t  due;              /* the shopper owes (dearer exchange), >= 0 */
    uint8_t      release;          /* cxr_release_t of the policy that decided */

    cxr_str_t    item;             /* name in the RMA; empty (old): as "line"  */
    uint8_t      claim;            /* cxr_claim_t of its reason                */
    bool         no_return;        /* nothing is to be sent back               */
    bool         instant;          /* exchange goods go out before the return  */
    cxr_str_t    exchange_product; /* whose stock holds the exchange goods     */
    uint8_t      advice;           /* cxr_verdict_t that staff, or the right to
                                      withdraw, went past                      */

    /* what was agreed to, for all units */
    cxr_money_t  fee_flat;         /* share of a fee for each RMA: kept whole  */
    cxr_money_t  fee_rate;         /* share of a percentage: follows the units */
    cxr_money_t  bonus_all;        /* follows the units                        */

    /* what the shop found */
    uint32_t     counted;          /* units of it that came                    */
    uint32_t     wrong;            /* things that came in its place            */
    bool         no_more;          /* no other box is waited for               */
    uint32_t     graded;           /* counted units that were looked at        */
    uint32_t     sent_back;        /* graded units that go back to the shopper */
    cxr_money_t  deducted;         /* for what was wrong with the goods        */
    cxr_str_t    approved_by;      /* actor; empty: the policy did             */
    cxr_str_t    received_by;

    /* derived */
    cxr_money_t  bonus;
    cxr_money_t  goods;            /* price of the exchange goods              */
    cxr_money_t  short_paid;

    /* what the shop was told and says it did; units for goods, money beside */
    uint32_t     told_units;
    cxr_money_t  told;
    uint32_t     settled_units;
    cxr_money_t  settled;
    bool         failed;           /* the shop's last try                      */

    cxr_photo_refs_t  photos;      /* that came with the request               */

    /*
     * What the delivery to the shopper cost, given back with this line: its
     * units' share, which follows them, and the rest that is due once nothing
     * of the order is left with the shopper.  cxr_rma_delivery.c.
     */
    uint8_t      delivery_mode;    /* cxr_gives_delivery_t                           */
    bool         by_right;         /* it is withdrawn from, or a claim         */
    bool         pays_back;        /* money is paid back for its goods         */
    cxr_money_t  delivery_of;      /* of the whole order, at most              */
    cxr_money_t  delivery_all;     /* share of all units                       */
    cxr_money_t  delivery_rest;
    cxr_money_t  delivery;         /* derived: what holds now                  */
    bool         even;             /* its exchange costs nothing either way, and
                                      "exchange_price" is not asked for        */
    bool         overtaken;        /* of a cancellation: the shop named a parcel
                                      with it after it was asked for           */
} cxr_rma_line_t;

typedef struct {
    cxr_str_t    item;
    uint32_t     units;
    uint8_t      grade;
    uint8_t      disposition;
    cxr_money_t  deduct;
    cxr_str_t    reason;
    cxr_time_t   at;
    cxr_str_t    actor;
    cxr_str_t    deduct_reason;    /* the shopper reads it, unlike "reason"   */
} cxr_rma_grading_t;

/* Words on the RMA that are not its lines': a shopper's answer, staff's note. */
typedef struct {
    cxr_time_t   at;
    uint8_t      actor_kind;
    cxr_str_t    actor;
    bool         internal;         /* staff alone read it                      */
    cxr_str_t    text;             /* sealed                                   */
} cxr_rma_note_t;

/*
 * A parcel that somebody said brings the goods back.  "fact" follows what the
 * carrier says of it: CXR_PARCEL_NONE (no scan yet), in_transit, delivered,
 * lost.  One that only the shopper named may be anybody's: it is shown, but
 * releases nothing until the shop names it, too, or the
 * carrier's own record of it has the RMA's return code as its reference.
 */
typedef struct {
    cxr_str_t    carrier;
    cxr_str_t    number;           /* folded                                   */
    uint8_t      fact;             /* cxr_parcel_fact_t                        */
    cxr_time_t   at;               /* of the fact, the carrier's time; or NONE */
    cxr_time_t   named_at;
    bool         unproven;         /* the shopper's word alone                 */
} cxr_rma_parcel_t;

/* The timeline that shopper and staff see; the journal has the whole. */
typedef struct {
    cxr_time_t   at;
    uint16_t     kind;             /* cxr_event_kind_t                         */
    uint8_t      status;           /* of the header after it                   */
    uint8_t      actor_kind;
    cxr_str_t    actor;
    uint64_t     seq;              /* of the journal                           */
    uint8_t      parcel;           /* rma.parcel_moved: the fact; else none    */
    cxr_str_t    reason;           /* staff's, as the event has it             */
    cxr_money_t  money;            /* settlement.released, settlement.confirmed */
    cxr_str_t    policy;           /* the version it was decided under, where that
                                      is another one than the RMA's            */
} cxr_rma_step_t;

/* What makes a request wait for a person. */
#define CXR_HELD_RULE     "rule:"      /* and the rule's id                    */
#define CXR_HELD_REASON   "reason:"    /* and the reason's code                */
#define CXR_HELD_SUM      "sum"        /* policy.review_above                  */
#define CXR_HELD_ALWAYS   "always"     /* policy.auto_approve is off           */
#define CXR_HELD_RIGHT    "right"      /* withdrawn from, past the policy      */
#define CXR_HELD_DOUBT    "doubt"      /* who withdrew may be somebody else    */
#define CXR_HELD_CANCEL   "cancellation"   /* the shop's system says whether it
                                              has been packed                  */

typedef struct {
    cxr_str_t    id;               /* "R-XXXX-XXXC"                            */
    cxr_str_t    order;            /* folded number                            */
    cxr_str_t    order_number;     /* as the shop writes it                    */
    uint8_t      kind;
    uint8_t      status;           /* derived, kept for indexes                */
    bool         cancelled;
    cxr_str_t    currency;
    cxr_str_t    locale;           /* the shopper's language at submission     */
    cxr_str_t    method;           /* of cxr_method_names[]                    */
    cxr_str_t    policy;           /* version that decided                     */
    CXR_LIST_OF(cxr_rma_line_t)  lines;
    cxr_money_t  refund;           /* sums over lines that are not declined;
                                      0 when it is cancelled                   */
    cxr_money_t  fee;
    cxr_money_t  due;
    cxr_str_t    label_jti;        /* empty: no label (yet)                    */
    cxr_time_t   label_issued;
    cxr_time_t   label_expires;
    CXR_LIST_OF(cxr_rma_step_t)  steps;
    cxr_time_t   created_at;
    cxr_time_t   updated_at;
    uint32_t     revision;         /* of the RMA: events applied; ETag, If-Match */
    CXR_LIST_OF(cxr_rma_parcel_t)  parcels;   /* as they were named            */

    bool         expired;
    bool         four_eyes;        /* who approved or received does not settle */
    cxr_str_t    override_reason;  /* why staff went past the policy           */
    CXR_LIST_OF(cxr_rma_grading_t)  gradings;
    CXR_LIST_OF(cxr_rma_note_t)  notes;
    cxr_time_t   instant_due;      /* an instant exchange's goods are to be on
                                      their way by then; or NONE               */
    bool         overdue;          /* and were not: the shop charges the card  */
    cxr_money_t  told;             /* sums of what was released, and of what the
                                      shop says it paid                        */
    cxr_money_t  settled;
    cxr_str_t    reference;        /* of the shop's last payment               */
    uint32_t     instant_days;     /* that the policy gave; 0: no such line    */

    /* how it goes back, cxr_rma_way.h */
    cxr_str_t    code_carrier;     /* slug; whose return code it has           */
    cxr_str_t    code;             /* empty: none (yet)                        */
    cxr_time_t   code_expires;     /* as the carrier says; or 0                */
    bool         label_wanted;     /* the shop was asked for a carrier's label */
    cxr_str_t    carrier_label_url;    /* which it gave as a URL               */
    cxr_time_t   reminded_at;      /* that the time to send it runs out; or 0  */

    /* what she owes for dearer goods, cxr_rma_due.c */
    cxr_money_t  due_paid;         /* that the shop says she paid, in all      */
    cxr_money_t  due_told;         /* of it, to be paid back: owed no more     */
    cxr_money_t  due_back;         /* of that, paid back as the shop says      */
    cxr_str_t    due_reference;    /* of the last of these payments            */

    cxr_money_t  delivery;         /* sum over the lines that count            */
    cxr_money_t  delivery_tax;     /* contained in it                          */
    cxr_money_t  order_delivery;   /* what was paid for the order's, and the   */
    cxr_money_t  order_delivery_tax;   /* tax in that, when this was asked for */
    bool         delivery_told;    /* the lines' rest was released             */

    /* the carrier's label that the shop gave as a file */
    cxr_str_t    carrier_label_hash;   /* empty: none                          */
    uint8_t      carrier_label_kind;   /* cxr_label_file_t                     */
    uint32_t     carrier_label_bytes;
    cxr_time_t   carrier_label_at;     /* file or URL: when it came            */

    cxr_agreed_list_t  consents;   /* that she gave with the request           */
    cxr_str_t    destination;      /* id of the shop's; empty: the warehouse   */
    cxr_strs_t   held_by;          /* why it waited for a person when it was made,
                                      each CXR_HELD_..; none: it did not       */

    /* the idempotency key that it was made with and whose number it has; derived
       by store/ */
    cxr_str_t    idem;             /* and the fingerprint                      */
    uint64_t     idem_seq;         /* the entry that made it                   */

    bool         gift;             /* sent back by who was given it, and hidden
                                      from the buyer: cxr_gift.h               */
    cxr_str_t    recipient;        /* who that is: a sealed box, as an order's
                                      person                                   */
    cxr_str_t    credit_code;      /* of the store credit, which she reads: the
                                      reference of the last payment of a gift  */
    cxr_time_t   erased_at;        /* of a gift: up to then nothing of its
                                      recipient is shown any more              */
} cxr_rma_t;

extern const cxr_type_t  cxr_rma_parcel_type;
extern const cxr_type_t  cxr_rma_grading_type;
extern const cxr_type_t  cxr_rma_note_type;
extern const cxr_type_t  cxr_rma_line_type;
extern const cxr_type_t  cxr_rma_step_type;
extern const cxr_type_t  cxr_rma_type;

/* ---- commands ---- */

typedef struct {
    cxr_str_t    line;
    uint32_t     quantity;
    cxr_str_t    reason;
    cxr_str_t    note;             /* sealed already (store/ does), or empty   */
    bool         has_note;
    uint8_t      outcome;
    cxr_str_t    exchange_sku;
    cxr_photo_refs_t  photos;      /* whose files are there                    */
} cxr_rma_ask_line_t;

typedef struct {
    cxr_str_t    order;            /* folded                                   */
    cxr_str_t    locale;
    cxr_str_t    method;           /* empty: the first that the lines' offers
                                      have in common                           */
    CXR_LIST_OF(cxr_rma_ask_line_t)  lines;
    uint8_t      random[32];       /* for the RMA number and the label's jti   */
    bool         by_staff;         /* the policy advises; it does not bind     */
    cxr_str_t    override_reason;  /* why staff goes past it; wanted where it does */
    bool         withdrawal;       /* the statutory right: no reason is asked, the
                                      outcome is a refund, the policy vetoes
                                      nothing: its advice is kept with the line
                                      and the request waits for a decision where
                                      there is one                             */
    bool         doubtful;         /* a person looks, whatever the policy says */
    bool         instant;          /* exchange goods are wanted first          */
    bool         has_sums;         /* the sums that were agreed to are told    */
    cxr_money_t  refund;
    cxr_money_t  due;
    cxr_agreed_list_t  consents;   /* that were given                          */
    bool         gift;             /* who was given the goods sends them back  */
    cxr_str_t    recipient;        /* she: sealed already                      */
    bool         cancellation;     /* of what was not sent: no reason need be
                                      told, the outcome is a refund            */
} cxr_rma_ask_t;

/* What decide may look at beside the order itself. */
typedef struct {
    const cxr_policy_t           *policy;
    const cxr_tz_t               *tz;
    const cxr_shipment_t *const  *parcels;
    size_t                        nparcels;
    const cxr_product_t *const   *products;   /* of the lines to exchange      */
    size_t                        nproducts;
    bool                        (*id_taken)(void *ctx, cxr_str_t rma_id);
    void                         *ctx;
    bool                          four_eyes;  /* of the shop's file            */
    const cxr_history_t          *history;    /* of the customer; NULL: unknown */
    const cxr_consents_t         *consents;   /* the shop's; NULL: none        */
    cxr_str_t                     locale;     /* where asker and order say none */
} cxr_rma_world_t;

/* The number that it will have: one that is not taken, out of the command's
   randomness.  CXR_ERROR: all of its three are. */
cxr_rc_t cxr_rma_number(const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_arena_t *a, cxr_str_t *id);

/*
 * Refusals of create: "line_unknown", "quantity_over" (have = returnable),
 * "final_sale", "window_over" (when = deadline), "not_delivered",
 * "already_returned", "reason_unknown", "note_missing", "photo_missing",
 * "too_many_photos" (want = the limit), "too_early" (a claim that a parcel never
 * came; when = from when on), "outcome_not_offered",
 * "exchange_unknown", "exchange_out_of_stock" (have = stock), "exchange_same",
 * "denied", "nothing_chosen", "line_twice" (same line, reason, outcome and variant again),
 * "too_many_rmas", "method_not_offered", "override_reason_missing",
 * "instant_not_offered", "gift_not_offered", "recipient_missing" (of a gift
 * return; never of cxr_rma_preview()), "gift_withdrawal" (the right is the buyer's),
 * of a cancellation "cancel_not_offered", "cancel_sent", "cancel_over" (when =
 * the last moment), "cancel_excluded",
 * "sum_over" (more than CXR_MONEY_MAX),
 * "sums_changed", "consent_missing" and "consent_unknown" (an id or version that
 * the shop does not have), these never of cxr_rma_preview().  "where" points into the
 * command ("/lines/0/quantity").
 */
cxr_rc_t cxr_rma_create(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no);

/* The money and shape of an RMA as create would make it, for the review page:
   the same code, without number, label and event. */
cxr_rc_t cxr_rma_preview(const cxr_order_t *order, const cxr_rma_ask_t *ask,
    const cxr_rma_world_t *world, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *rma, cxr_refusal_t *no);

/*
 * Is a shopper who asks for that RMA to be shown the consent?  Never of a
 * withdrawal.
 */
bool cxr_rma_asks_consent(const cxr_rma_t *rma, const cxr_consent_t *consent);

/* So many units of a line: they are decided, the others become a line of their
   own that waits as before. */
typedef struct {
    cxr_str_t    item;
    uint32_t     units;
} cxr_rma_part_t;

/* Body of rma.decided. */
typedef struct {
    cxr_str_t    rma;
    uint8_t      decision;         /* approved, declined, info_needed          */
    cxr_strs_t   lines;            /* empty: every line still pending          */
    cxr_str_t    reason;           /* required but for approved                */
    cxr_str_t    label_jti;        /* in the event, when a label came with it  */
    cxr_time_t   label_expires;
    CXR_LIST_OF(cxr_rma_part_t)  parts;    /* of "lines", those that are split */
    cxr_str_t    policy;           /* the version that staff decided under     */
} cxr_rma_decision_t;

typedef struct {
    cxr_str_t    rma;
    cxr_str_t    reason;
} cxr_rma_cancel_t;

extern const cxr_type_t  cxr_rma_decision_type;
extern const cxr_type_t  cxr_rma_cancel_type;

/* ---- the parcels that bring it back, and what they release ---- */

/* Body of rma.parcel_named, and the command. */
typedef struct {
    cxr_str_t    rma;
    cxr_str_t    carrier;          /* slug                                     */
    cxr_str_t    number;           /* folded tracking number                   */
    bool         unproven;         /* the shopper says so                      */
    cxr_str_t    other;            /* the RMA that it was taken from; of
                                      rma.parcel_given: that it went to        */
    cxr_str_t    reason;           /* why, with that                           */

    bool         take;             /* the command: also from another RMA       */
} cxr_rma_name_t;

/* Body of rma.parcel_moved. */
typedef struct {
    cxr_str_t    rma;
    cxr_str_t    carrier;
    cxr_str_t    number;
    uint8_t      fact;             /* cxr_parcel_fact_t                        */
    cxr_time_t   at;
    bool         proven;           /* by the reference that the carrier has    */
} cxr_rma_move_t;

/* What is released, or settled, of one line. */
typedef struct {
    cxr_str_t    item;
    uint32_t     units;            /* of its goods, or that its money is for   */
    cxr_money_t  money;
} cxr_settle_part_t;

extern const cxr_type_t  cxr_settle_part_type;

/*
 * Body of settlement.released: the shop is told to settle these lines.  What the
 * shopper owes for one line is held back from what is paid out for another, so
 * "money" over all events of an RMA is what it pays out net.
 */
typedef struct {
    cxr_str_t    rma;
    cxr_strs_t   lines;            /* items                                    */
    uint8_t      trigger;          /* cxr_release_t; none: staff did           */
    cxr_money_t  money;            /* to pay out for them, in the RMA's currency;
                                      0: an even exchange, or a dearer one     */
    CXR_LIST_OF(cxr_settle_part_t)  parts;   /* empty: the lines, whole        */
    cxr_str_t    reason;           /* staff's                                  */
    bool         delivery;         /* the rest of the delivery's cost is in it */
} cxr_release_body_t;

extern const cxr_type_t  cxr_rma_name_type;
extern const cxr_type_t  cxr_rma_move_type;
extern const cxr_type_t  cxr_release_type;

/* What the carrier's whole word on a parcel amounts to for the RMA.  A pure
   function of the shipment, which does not depend on the order of the feeds. */
uint8_t cxr_rma_fact(const cxr_shipment_t *ship, cxr_time_t *at);

/*
 * Somebody tells which parcel brings the goods back.  Emits rma.parcel_named,
 * the shipment.consigned that makes feeds find the RMA, and what follows from
 * what is known of the parcel already.  Nothing when it was named before; but
 * the shop's word (not "unproven") makes one proven that the shopper had named.
 * "ship": the latest generation of the number, or NULL.
 * Refusals: "rma_closed", "not_approved", "already_received", "parcel_taken" (it is
 * another's: another order's, another RMA's, or brought goods to the shopper),
 * "parcel_too_old" (the carrier had it before there was the RMA), "too_many_parcels"
 * (want = the limit), "number_missing".  CXR_CONFLICT as in cxr_rma_act().
 * With cmd->other it is taken from that RMA, which has been decided.
 */
cxr_rc_t cxr_rma_name_parcel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_shipment_t *ship, const cxr_rma_name_t *cmd, uint32_t expect,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no);

/*
 * The other side of it: "rma", of "order", has the parcel no more, since it is
 * cmd->rma's.  Refusals: "parcel_taken" (it never had it), "reason_missing",
 * "parcel_relied_on" (the shop had named it there, and was told to settle by it).
 */
cxr_rc_t cxr_rma_give_parcel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_name_t *cmd, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no);

/*
 * What a shipment as it is now means for the RMA that it belongs to:
 * rma.parcel_moved when its fact is another one, and settlement.released for
 * what that triggers.  Nothing when the RMA does not know the parcel.
 */
cxr_rc_t cxr_rma_follow(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_shipment_t *ship, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out);

/* What of the order's goods and of its delivery is in living RMAs, when one of
   them was "before" (NULL: not there) and is "after".  The order's lines are its
   own.  False: they do not fit one another. */
bool cxr_delivery_count(cxr_order_t *order, const cxr_rma_t *before,
    const cxr_rma_t *after);

/*
 * What has become of the order means another rest of the delivery's cost for
 * this RMA, which is order->delivery_rma: rma.delivery, and settlement.released
 * when the rest is due.  Nothing where nothing is another.  To be asked after
 * every event of the order or one of its RMAs, in the same transaction.
 */
cxr_rc_t cxr_rma_delivery(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out);

/* Has the carrier a parcel that is the shopper's word alone, and nothing else? */
bool cxr_rma_unproven(const cxr_rma_t *rma);

/*
 * Until when the goods of an instant exchange are to be on their way; NONE: it
 * has not gone out.  A parcel that only the shopper named has as many days
 * again to arrive: what is in it is then seen.
 */
cxr_time_t cxr_rma_instant_by(const cxr_rma_t *rma);

/* May a parcel be named now: is something approved still awaited? */
bool cxr_rma_awaits_parcel(const cxr_rma_t *rma);

/*
 * Apply an rma.* event to the order and the RMA ("rma" zeroed for
 * rma.created).  "entry" gives time, actor and sequence for the step.
 */
cxr_rc_t cxr_rma_apply(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_event_t *ev, const cxr_entry_t *entry, cxr_arena_t *a);

uint8_t cxr_rma_status(const cxr_rma_t *rma);

/* The RMA that an rma.* event is about. */
cxr_str_t cxr_rma_event_id(const cxr_event_t *ev);

/* Is it an event of the order's aggregate that is about one RMA? */
bool cxr_event_is_rma(unsigned kind);

#endif /* _CXR_RMA_H_INCLUDED_ */
