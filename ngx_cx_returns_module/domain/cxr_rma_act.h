
/*
 * What may be done with an RMA once it is there: verbs, the table of what each
 * of them moves, and one function that decides them all.  The desk, the API and
 * the portal come through it alike.
 */

#ifndef _CXR_RMA_ACT_H_INCLUDED_
#define _CXR_RMA_ACT_H_INCLUDED_

#include "cxr_rma.h"

typedef enum {
    CXR_VERB_APPROVE = 0,
    CXR_VERB_DECLINE,
    CXR_VERB_REQUEST_INFO,
    CXR_VERB_ANSWER,           /* what was asked for, by the shopper           */
    CXR_VERB_PARCEL,           /* names a parcel that brings the goods         */
    CXR_VERB_RECEIVE,          /* a box was counted; may come again            */
    CXR_VERB_GRADE,            /* goods were looked at: condition, whereto     */
    CXR_VERB_RELEASE,          /* staff tell the shop to settle: early, or once
                                  more after it failed                         */
    CXR_VERB_CONFIRM,          /* the shop says what it paid or sent           */
    CXR_VERB_FAIL,             /* the shop says it could not                   */
    CXR_VERB_CANCEL,
    CXR_VERB_REOPEN,           /* takes back a cancel, an expiry, a decline    */
    CXR_VERB_NOTE,             /* staff alone read it                          */
    CXR_VERB_EXPIRE,           /* the label's time is over                     */
    CXR_VERB_OVERDUE,          /* an instant exchange's goods did not set out  */
    CXR_VERB_PAID,             /* the shop says what the shopper paid of her due */
    CXR_VERB_REPAID,           /* and what of it was paid back                 */
    CXR_VERB_FOLLOW,           /* what a carrier tells of a parcel; no command */
    CXR_VERB_TRIGGER,          /* what the policy releases by itself; none too */
    CXR_VERB_DELIVERY,         /* what of the delivery's cost is due; none too */
    CXR_VERB_GIVE,             /* its parcel is another RMA's; none either     */
    CXR_VERB_OVERTAKE,         /* what was to be cancelled sets out; none too  */
    CXR_VERBS
} cxr_verb_t;

typedef enum {
    CXR_FACT_DECISION = 0,
    CXR_FACT_PARCEL,
    CXR_FACT_RECEIPT,
    CXR_FACT_SETTLEMENT,
    CXR_FACTS
} cxr_fact_t;

extern const char *const  cxr_fact_names[];

/*
 * A verb: "request-info" in paths, the roles of which staff and API need one
 * (none: the store makes it itself), who may (bits of cxr_actor_t), its event,
 * and the refusal when no line of those meant can be moved by it.
 */
typedef struct {
    const char  *name;
    const char  *roles[4];         /* up to a NULL                             */
    unsigned     who;
    uint16_t     event;            /* cxr_event_kind_t                         */
    const char  *refusal;          /* slug                                     */
    const char  *refusal_text;
    const char  *what;             /* a sentence for the documentation         */
} cxr_verb_rule_t;

/*
 * The table: what may become of a fact of one line.  "from" and "to" are bits
 * of its values.  A row that only follows from the verb's own change (an
 * approval makes the settlement owed) says so by "derived".  A change of a fact
 * that no row of the event's verbs allows is refused by apply, CXR_INVALID.
 */
typedef struct {
    uint8_t      verb;
    uint8_t      fact;
    uint8_t      from;
    uint8_t      to;
    bool         derived;
} cxr_rma_row_t;

extern const cxr_verb_rule_t  cxr_verbs[CXR_VERBS];
extern const cxr_rma_row_t    cxr_rma_rows[];
extern const size_t           cxr_rma_nrows;

/* -1: no such verb, or one that is no command */
int cxr_verb(cxr_str_t name);
/* the names of a fact's values, NULL-terminated */
const char *const *cxr_fact_values(unsigned fact);
uint8_t cxr_line_fact(const cxr_rma_line_t *line, unsigned fact);
/* may the event move the line's facts so? */
bool cxr_rma_allows(unsigned event, const cxr_rma_line_t *before,
    const cxr_rma_line_t *after);
/* the table as a page of documentation (Markdown), docs/states.md */
void cxr_rma_rows_print(cxr_buf_t *out);


/* ---- commands ---- */

typedef struct {
    cxr_str_t    item;             /* of the RMA's line                        */
    uint32_t     count;            /* units of it in this box                  */
    uint32_t     wrong;            /* things that are something else           */
    bool         no_more;          /* no other box is waited for               */
} cxr_rma_count_t;

typedef struct {
    cxr_str_t    item;
    uint32_t     units;
    uint8_t      grade;
    uint8_t      disposition;
    cxr_money_t  deduct;           /* off what is paid back for these units    */
    cxr_str_t    deduct_reason;    /* why; the shopper reads it                */
} cxr_rma_grade_t;

typedef struct {
    uint8_t      verb;             /* a command                                */
    cxr_str_t    rma;
    cxr_strs_t   lines;            /* items (or lines of the order, which means
                                      all their items); empty: every line that
                                      the verb can move                        */
    cxr_str_t    reason;           /* up to CXR_STAFF_REASON_MAX characters    */
    cxr_str_t    text;             /* ANSWER, NOTE: sealed already             */
    CXR_LIST_OF(cxr_rma_part_t)  parts;     /* APPROVE, DECLINE, REQUEST_INFO: of
                                      "lines", items of which some units are
                                      meant                                    */
    CXR_LIST_OF(cxr_rma_count_t)  counts;   /* RECEIVE; empty: all there, whole */
    CXR_LIST_OF(cxr_rma_grade_t)  grades;   /* GRADE                           */
    bool         has_money;        /* CONFIRM, PAID, REPAID: else all that is open */
    cxr_money_t  money;
    cxr_str_t    reference;        /* of the payment; RECEIVE: the box         */
} cxr_rma_act_t;

/* Who asks, and what a decision looks at beside the RMA. */
typedef struct {
    cxr_actor_t          kind;
    cxr_str_t            actor;
    const cxr_policy_t  *policy;
    const uint8_t       *random;   /* 32 bytes                                 */
    uint32_t             expect;   /* revision; 0 any                          */
    cxr_time_t           now;
    const cxr_product_t *const  *products;   /* of exchange goods, for REOPEN  */
    size_t               nproducts;
} cxr_rma_by_t;

/*
 * Decides one command.  Refusals beside the verbs' own in cxr_verbs[]:
 * "rma_closed", "reason_missing", "reason_too_long" (want), "line_unknown",
 * "line_twice", "too_many_lines" (want),
 * "quantity_over" (have, want), "nothing_chosen", "grade_missing",
 * "amount_over" (have, want), "four_eyes", "not_due" (when), "text_missing",
 * "too_late_to_cancel", "too_many_notes", "too_many_gradings",
 * "already_returned", "exchange_out_of_stock", "forbidden" (not for this kind of
 * actor).  CXR_CONFLICT when by->expect is not 0 and differs from the RMA's
 * revision.
 */
cxr_rc_t cxr_rma_act(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, const cxr_rma_by_t *by, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no);

/*
 * Could the verb move anything now, for that kind of actor?  What the desk
 * offers as a button.  The same table and checks, without the input's own.
 */
bool cxr_rma_may(const cxr_rma_t *rma, unsigned verb, cxr_actor_t kind);


/* ---- bodies of the events ---- */

/* settlement.failed, rma.reopened, rma.expired, rma.overdue, rma.overtaken */
typedef struct {
    cxr_str_t    rma;
    cxr_strs_t   lines;            /* items                                    */
    cxr_str_t    reason;
    cxr_time_t   label_expires;    /* reopened: the label lives on; else NONE  */
} cxr_rma_change_t;

/* rma.answered, rma.noted */
typedef struct {
    cxr_str_t    rma;
    cxr_strs_t   lines;            /* answered: items that are pending again   */
    cxr_str_t    text;             /* sealed                                   */
} cxr_rma_words_t;

/* rma.received */
typedef struct {
    cxr_str_t    rma;
    CXR_LIST_OF(cxr_rma_count_t)  counts;
    cxr_str_t    reason;
    cxr_str_t    reference;
} cxr_rma_receipt_t;

/* rma.graded */
typedef struct {
    cxr_str_t    rma;
    CXR_LIST_OF(cxr_rma_grade_t)  grades;
    cxr_str_t    reason;
} cxr_rma_grading_body_t;

/* settlement.confirmed */
typedef struct {
    cxr_str_t    rma;
    CXR_LIST_OF(cxr_settle_part_t)  parts;
    cxr_money_t  money;
    cxr_str_t    reference;
    cxr_str_t    reason;
} cxr_settle_body_t;

extern const cxr_type_t  cxr_rma_change_type;
extern const cxr_type_t  cxr_rma_words_type;
extern const cxr_type_t  cxr_rma_receipt_type;
extern const cxr_type_t  cxr_rma_grading_body_type;
extern const cxr_type_t  cxr_settle_type;


/* ---- money, told once for the shopper, the desk and the API ---- */

typedef struct {
    cxr_str_t    item;             /* empty in the sum                         */
    cxr_money_t  paid;             /* for all units asked for                  */
    cxr_money_t  short_paid;       /* of them, for units that did not come     */
    uint32_t     short_units;
    cxr_money_t  bonus;
    cxr_money_t  fee;
    cxr_money_t  deducted;
    cxr_money_t  goods;            /* what the exchange gives                  */
    cxr_money_t  refund;           /* line by line; in the sum netted: one of  */
    cxr_money_t  due;              /* refund and due is 0 there                */
    cxr_money_t  told;             /* the shop was told to pay                 */
    cxr_money_t  settled;          /* it says it paid                          */
    cxr_money_t  open;             /* told and not paid yet                    */
    cxr_money_t  delivery;         /* of what the delivery to her cost         */
} cxr_breakdown_part_t;

typedef struct {
    cxr_str_t             currency;
    cxr_breakdown_part_t *sum;     /* paid - short_paid + bonus + delivery - fee
                                      - deducted - goods == refund - due, here
                                      as in each of "lines"                    */
    CXR_LIST_OF(cxr_breakdown_part_t)  lines;   /* those that count            */
    cxr_str_t             pay_url; /* where she pays "due_open"; or empty      */
    cxr_money_t           due_paid;    /* that the shop says she paid          */
    cxr_money_t           due_open;    /* that she still owes                  */
    cxr_money_t           to_repay;    /* of what she paid, owed no more and not
                                          paid back yet                        */
    cxr_money_t           repaid;
    cxr_money_t           delivery_rest;   /* of the sum's delivery, what is paid
                                      once everything has come back, and was
                                      not told to be paid yet                  */
} cxr_breakdown_t;

extern const cxr_type_t  cxr_breakdown_part_type;
extern const cxr_type_t  cxr_breakdown_type;

/*
 * "pay": the shop's template of a hand-over link, with {rma}, {amount} (minor
 * units) and {currency}; or empty.
 */
cxr_rc_t cxr_rma_breakdown(const cxr_rma_t *rma, cxr_str_t pay,
    cxr_arena_t *a, cxr_breakdown_t *out);


/*
 * What a grading may still take off the line: what is paid back for its goods
 * and the shop was not told to pay.  What the delivery cost is no part of it:
 * whatever the goods look like, that is given back (2011/83/EU art. 13(1)).
 */
cxr_money_t cxr_line_deductible(const cxr_rma_t *rma,
    const cxr_rma_line_t *l);
/* Is the shop told to pay once it is counted, before anybody looks at it? */
bool cxr_line_pays_uninspected(const cxr_rma_t *rma, const cxr_rma_line_t *l);

/* For how many units have the line's facts what its release waits for?  Of two
   people's approval (four_eyes) it does not speak. */
uint32_t cxr_line_fired(const cxr_rma_t *rma, const cxr_rma_line_t *l);

/* What the shopper still owes for dearer goods; of a closed RMA nothing. */
cxr_money_t cxr_rma_due_open(const cxr_rma_t *rma);
/* Does the line's replacement wait for her payment? */
bool cxr_line_unpaid(const cxr_rma_t *rma, const cxr_rma_line_t *l);


/* ---- stock of exchange goods ---- */

/*
 * What a change of the RMA means for the products whose units it promises:
 * stock.reserved, stock.freed and stock.taken, appended.  "before" NULL: the RMA
 * is new.  "after" is the RMA once the events in "out" hold.  A product that is
 * not among those given is left alone.
 */
cxr_rc_t cxr_rma_stock(const cxr_rma_t *before, const cxr_rma_t *after,
    const cxr_product_t *const *products, size_t n, cxr_arena_t *a,
    cxr_events_t *out);

/* The RMA once the events hold, by the code that will apply them. */
cxr_rc_t cxr_rma_after(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_events_t *events, cxr_time_t now, cxr_arena_t *a,
    cxr_rma_t *after);

#endif /* _CXR_RMA_ACT_H_INCLUDED_ */
