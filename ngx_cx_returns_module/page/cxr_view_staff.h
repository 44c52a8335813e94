
/*
 * The returns desk: staff_list.html (GET /staff/?status=&q=&cursor=) and
 * staff_rma.html (GET /staff/rma/<rma>, POST /staff/rma/<rma>/decide).
 *
 * Fields of the decision form:
 *   decision   "approve", "decline" or "request_info"
 *   l.<i>      the line rma->lines.items[i] is meant; at least one
 *   q.<i>      so many units of it: the others wait; empty: all
 *   reason     required but for approve; the shopper reads it
 *   expect     revision of the RMA that the page showed
 *   t          form token
 */

#ifndef _CXR_VIEW_STAFF_H_INCLUDED_
#define _CXR_VIEW_STAFF_H_INCLUDED_

#include "cxr_rma_act.h"
#include "cxr_rma_queue.h"
#include "cxr_store_codes.h"
#include "cxr_view_rma.h"
#include "cxr_view_talk.h"
#include "cxr_view_surveys.h"

#define CXR_ACT_FIELD_MAX   16     /* a field's name with its line's index    */
#define CXR_ACT_AMOUNT_MAX  30     /* characters, with what groups the digits */

#define CXR_STAFF_PAGE       40      /* RMAs of one page of the list          */
#define CXR_STAFF_Q_MAX      64      /* characters of a search                */
#define CXR_STAFF_CURSOR_MAX 192     /* bytes that a cursor says              */
#define CXR_STAFF_TOKEN_MAX  512     /* bytes of a form token                 */
#define CXR_STAFF_PAIRS_MAX  (2 * CXR_ORDER_LINES_MAX + 64)
#define CXR_STAFF_UNITS_MAX  8       /* characters of a number of units       */
#define CXR_STAFF_COUNT_CAP  999     /* tabs count up to it, then "999+"      */

typedef struct {
    uint8_t      decision;         /* cxr_decision_t; PENDING: none chosen    */
    CXR_LIST_OF(uint32_t)  lines;  /* indexes, ascending, each once           */
    cxr_str_t   *units;            /* of each line of the RMA as typed, or empty */
    cxr_str_t    reason;           /* cleaned; cut when it was too long       */
    uint32_t     expect;           /* 0: none                                 */
    cxr_str_t    token;
    cxr_str_t    decision_key;     /* translation key of a fault, or empty    */
    cxr_str_t    reason_key;
    cxr_str_t    lines_key;
} cxr_staff_form_t;

/*
 * What a person can mend becomes a key in the form and CXR_OK; CXR_LIMIT and
 * CXR_INVALID as in cxr_portal_form_parse().
 */
cxr_rc_t cxr_staff_form_parse(const cxr_pair_t *pairs, size_t n,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_staff_form_t *form);
bool cxr_staff_form_ok(const cxr_staff_form_t *form);
/* Whether a line may still be decided. */
bool cxr_staff_line_open(const cxr_rma_t *rma, uint32_t index);
/* The command, when the form is ok; all of it in "a". */
cxr_rc_t cxr_staff_decision(const cxr_staff_form_t *form,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_rma_act_t *act);

/* The list's query: queue=, status=, kind=, sort=, q=, cursor=. */
typedef struct {
    int          queue;            /* cxr_queue_t, or -1: by status           */
    bool         late;             /* queue=late: CXR_QUEUE_OURS, overdue     */
    int          status;           /* cxr_rma_status_t, or -1: all            */
    int          kind;             /* cxr_rma_kind_t, or -1: any              */
    bool         oldest;           /* first; of a queue unless sort=newest    */
    cxr_str_t    q;                /* cleaned                                 */
    cxr_str_t    cursor;
} cxr_staff_query_t;

/* An unknown queue or status is all; a cursor that is no base64url is the
   beginning. */
cxr_rc_t cxr_staff_query_parse(const cxr_pair_t *pairs, size_t n,
    cxr_arena_t *a, cxr_staff_query_t *query);


typedef struct {
    cxr_str_t    text;
    cxr_str_t    url;
    cxr_str_t    count;            /* "12", "999+"                            */
    bool         current;
    bool         bad;              /* there should be none of these           */
} cxr_view_tab_t;

/* One of a select, or a button. */
typedef struct {
    cxr_str_t    value;
    cxr_str_t    text;
    bool         selected;
} cxr_view_option_t;

typedef CXR_LIST_OF(cxr_view_option_t)  cxr_view_options_t;

extern const cxr_type_t  cxr_view_option_type;

typedef struct {
    cxr_str_t    id;
    cxr_str_t    url;
    cxr_str_t    pick;             /* "<id>:<revision>", of a bulk action     */
    bool         late;             /* the shop's turn for too long            */
    cxr_str_t    number;           /* of the order                            */
    uint8_t      status;
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    kind_text;
    bool         gift;
    cxr_str_t    goods;            /* the first title                         */
    uint32_t     others;           /* lines besides it                        */
    uint32_t     units;
    cxr_str_t    refund;           /* or empty                                */
    cxr_str_t    due;
    cxr_str_t    created;
    cxr_str_t    iso;
    uint32_t     age_days;         /* since it was asked for                  */
    cxr_str_t    unread;           /* "2 new messages", or empty              */
    bool         asked;            /* its conversation waits for the shop     */
    cxr_str_t    talk_url;         /* where to answer                         */
} cxr_view_staff_row_t;

/* Return codes that run out. */
typedef struct {
    cxr_str_t    carrier;
    uint32_t     free;             /* that are left                           */
    uint32_t     waiting;          /* RMAs without one, of any carrier        */
} cxr_view_pool_t;

typedef struct {
    cxr_view_page_t   *page;
    CXR_LIST_OF(cxr_view_pool_t)  pools;   /* that are low                    */
    cxr_str_t    action;           /* URL of the search                       */
    cxr_str_t    status;           /* hidden field of the search, or empty    */
    cxr_str_t    queue;            /* the same of a queue                     */
    cxr_str_t    q;
    bool         searched;
    bool         more;             /* this is one of several pages            */
    bool         cut;              /* too many begin so: some are missing     */
    cxr_view_options_t  statuses;  /* of the list of all; else none           */
    cxr_view_options_t  kinds;
    cxr_view_options_t  sorts;
    bool         filtered;
    cxr_str_t    export_url;       /* what is listed as CSV                   */
    cxr_view_options_t  acts;      /* verbs that this actor has a role for    */
    bool         can_act;
    cxr_str_t    act_url;          /* POST: r, reason, verb, back, t          */
    cxr_str_t    back;             /* the query of this page                  */
    cxr_str_t    token;
    uint32_t     reason_max;
    cxr_str_t    receive_url;      /* empty: not this actor's                 */
    CXR_LIST_OF(cxr_view_tab_t)        tabs;
    CXR_LIST_OF(cxr_view_staff_row_t)  rows;
    bool         has_rows;
    uint32_t     shown;
    cxr_str_t    all_url;
    cxr_str_t    first_url;        /* empty on the first page                 */
    cxr_str_t    next_url;         /* empty on the last                       */
    bool         has_pager;
    cxr_str_t    actor;            /* who is at the desk                      */
} cxr_view_staff_list_t;

typedef struct {
    const cxr_view_ctx_t     *ctx;
    cxr_view_page_t          *page;
    cxr_arena_t              *arena;
    cxr_time_t                now;
    cxr_str_t                 actor;
    const cxr_staff_query_t  *query;
    const uint32_t           *counts;  /* CXR_RMA_NSTATUS                     */
    const uint32_t           *queues;  /* CXR_QUEUES                          */
    uint32_t                  late;
    unsigned                  may;     /* bits of cxr_verb_t: the actor's roles */
    cxr_str_t                 token;
    const cxr_rma_t          *rmas;
    const cxr_thread_t *const *threads;    /* one of each; NULL: nobody wrote */
    size_t                    nrmas;
    uint32_t                  waiting; /* conversations, of orders, too       */
    const cxr_pools_t        *pools;   /* counted with a cap of 0; or NULL    */
    cxr_str_t                 next;    /* cursor; empty: no more              */
    bool                      cut;     /* too many begin like what was typed  */
} cxr_staff_list_t;

/* Of the list that the query means, when it does not search; "now" for late. */
void cxr_staff_query_list(const cxr_staff_query_t *query,
    const cxr_shop_t *shop, cxr_time_t now, cxr_rma_list_t *list);
/* "queue=grade&kind=claim": the query without its cursor; empty: none of it */
void cxr_staff_query_print(const cxr_staff_query_t *query, cxr_buf_t *out);

cxr_rc_t cxr_view_staff_list(const cxr_staff_list_t *p,
    cxr_view_staff_list_t *view);


/* What happened after the page was made that a form came from. */
typedef struct {
    cxr_view_steps_t  steps;       /* newest first                            */
    bool              has_steps;
} cxr_view_changes_t;

extern const cxr_type_t  cxr_view_changes_type;

/* "seen": the newest step of that page, by its place in the journal */
cxr_view_changes_t *cxr_view_changes(cxr_say_t *say, const cxr_rma_t *rma,
    uint64_t seen);
/* the newest step's place in the journal; 0: there is none */
uint64_t cxr_rma_newest(const cxr_rma_t *rma);

/* Another order or RMA of the same customer. */
typedef struct {
    cxr_str_t    id;               /* RMA; empty: an order without one        */
    cxr_str_t    url;
    cxr_str_t    number;           /* of the order                            */
    cxr_str_t    at;
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    refund;
    bool         open;             /* neither done nor closed                 */
} cxr_view_past_t;

/* What is known of the customer by the e-mail address. */
typedef struct {
    bool         known;
    uint32_t     orders;           /* this one among them                     */
    uint32_t     returns;          /* this one among them                     */
    uint32_t     open;             /* others that are open                    */
    cxr_str_t    returned;         /* money                                   */
    CXR_LIST_OF(cxr_view_past_t)  items;   /* newest first                    */
    bool         more;             /* than are shown                          */
    uint32_t     missing;          /* units that she said never came          */
    uint32_t     kept;             /* and was let keep                        */
    cxr_str_t    lists;            /* of people that she stands on, by name   */
} cxr_view_customer_t;

#define CXR_CUSTOMER_ROWS  20

/* What the page is told of the customer; all of it read by the caller. */
typedef struct {
    cxr_history_t        history;
    const cxr_order_t   *orders;   /* others, and those without an RMA        */
    size_t               norders;
    const cxr_rma_t     *rmas;     /* others                                  */
    size_t               nrmas;
    bool                 more;
} cxr_staff_customer_t;

typedef struct {
    uint32_t             index;    /* l.{{index}}                             */
    cxr_str_t            sku;
    bool                 open;     /* may still be decided                    */
    bool                 checked;
    bool                 several;  /* of its units some may be meant          */
    cxr_str_t            units;    /* as typed, or all                        */
    uint32_t             quantity;
    cxr_view_rma_line_t  *line;
    cxr_str_t            fee;
    uint32_t             awaited;  /* units that may still be counted, n.{{index}} */
    uint32_t             ungraded; /* and graded, u.{{index}}                 */
    cxr_str_t            bonus;
    cxr_str_t            delivery; /* of what the delivery cost, given back   */
    cxr_str_t            advice;   /* what of the policy was gone past        */
} cxr_view_staff_line_t;

/* What she agreed to. */
typedef struct {
    cxr_str_t    text;             /* the id, where the shop has it no more   */
    cxr_str_t    version;
} cxr_view_agreed_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t    id;
    cxr_str_t    number;
    uint8_t      status;
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    kind_text;
    cxr_str_t    created;
    cxr_str_t    list_url;
    cxr_str_t    name;             /* of the shopper; empty: erased           */
    bool         gift;             /* she was given the goods                 */
    bool         overtaken;        /* it was cancelled, and set out           */
    cxr_str_t    buyer;            /* then: who bought them                   */
    cxr_str_t    street;           /* and where goods are to be sent to her   */
    cxr_str_t    email;
    cxr_str_t    mail_url;         /* "mailto:..."                            */
    cxr_str_t    phone;
    bool         has_person;
    cxr_str_t    city;             /* "34394 İstanbul, TR"                    */
    cxr_str_t    order_placed;
    cxr_str_t    policy;           /* version that decided                    */
    cxr_str_t    destination;      /* its name, where that is not the warehouse */
    CXR_LIST_OF(cxr_view_agreed_t)  consents;
    cxr_strs_t   held_by;          /* why it waits for a person; else empty   */
    bool         is_held;
    CXR_LIST_OF(cxr_view_staff_line_t)  lines;
    bool              has_sums;     /* not of one that came to an end before
                                       any money was due                       */
    cxr_view_sums_t   money;
    cxr_str_t         delivery_note;   /* when its cost is paid back, or empty */
    cxr_view_sums_t   payments;    /* of what the shopper owes                */
    bool         can_paid;         /* reference                               */
    bool         can_repaid;       /* reference                               */
    cxr_str_t    due_open;
    cxr_str_t    to_repay;
    cxr_str_t    refund;
    cxr_str_t    due;
    bool         even;
    cxr_str_t    label_until;
    cxr_str_t    way;              /* how the goods come back                  */
    cxr_str_t    carriage;         /* what the shop owes her for it, or empty  */
    cxr_view_steps_t  steps;
    /* the decision */
    bool         can_decide;       /* a line is open, and the actor may       */
    bool         read_only;        /* a line is open, but the actor may not   */
    cxr_str_t    action;           /* URL                                     */
    uint32_t     expect;
    cxr_str_t    token;
    bool         approve;          /* which was chosen                        */
    bool         decline;
    bool         request_info;
    cxr_str_t    reason;
    uint32_t     reason_max;       /* characters                              */
    cxr_str_t    decision_error;
    cxr_str_t    reason_error;
    cxr_str_t    lines_error;
    cxr_str_t    form_error;       /* a refusal                               */
    cxr_view_faults_t  errors;
    bool         has_errors;
    bool         conflict;         /* somebody was faster                     */
    cxr_str_t    conflict_text;    /* what they did                           */
    bool         done;             /* this actor's decision was just taken    */
    cxr_str_t    actor;
    bool         has_label;        /* there is one that may still be printed  */
    cxr_str_t    label_url;        /* its page, and it as files               */
    cxr_str_t    label_pdf_url;
    cxr_str_t    carrier_label_url;    /* that the shop supplied              */
    cxr_str_t    label_zpl_url;
    cxr_str_t    slip_pdf_url;
    cxr_view_sents_t  parcels;     /* that bring it back                      */
    bool         has_parcels;
    cxr_str_t    parcel_url;       /* POST: that one of them is the right one;
                                      empty: not hers to say                  */
    cxr_view_sent_form_t  *send;   /* POST staff/rma/<id>/parcel: t, carrier,
                                      number; or NULL                         */
    bool         sent_now;         /* a parcel was just named                 */
    /* what else may be done, POST staff/rma/<id>/act: verb, expect, t */
    cxr_str_t    act_url;
    bool         can_receive;      /* n.N, w.N, m.N                           */
    bool         can_grade;        /* u.N, g.N, d.N                           */
    bool         can_release;      /* reason                                  */
    bool         can_confirm;      /* reference                               */
    bool         can_settle;       /* one of the two                          */
    bool         can_reopen;
    bool         can_cancel;
    bool         can_note;
    bool         can_more;         /* one of the three                        */
    cxr_str_t    to_pay;           /* released and not paid yet               */
    cxr_str_t    act_error;
    cxr_view_talk_t  *talk;        /* or NULL                                 */
    uint64_t     seen;             /* hidden field of every form              */
    cxr_view_changes_t   *changes; /* of a conflict; or NULL                  */
    cxr_view_customer_t  *customer;    /* or NULL: no order, erased           */
    CXR_LIST_OF(cxr_view_answer_t)  answers;   /* to surveys: hers of this, and
                                                  of its order's delivery     */
    bool         has_answers;
    cxr_str_t    receive_url;      /* to count it; or empty                   */
    cxr_str_t    settle_why;       /* why this actor has no buttons to settle */
    cxr_str_t    typed_reason;     /* of another form, kept                   */
    cxr_str_t    typed_reference;
    cxr_str_t    typed_amount;
    cxr_str_t    typed_verb;
} cxr_view_staff_rma_t;

typedef struct {
    const cxr_view_ctx_t     *ctx;
    cxr_view_page_t          *page;
    cxr_arena_t              *arena;
    cxr_time_t               now;
    cxr_str_t                actor;
    bool                     may_approve;    /* role                          */
    const cxr_rma_t         *rma;
    const cxr_order_t       *order;          /* NULL: not there any more      */
    const cxr_person_t      *person;         /* NULL: erased                  */
    const cxr_person_t      *buyer;          /* of a gift; or NULL            */
    const cxr_str_t         *notes;          /* one for each line, or NULL    */
    cxr_str_t                token;          /* of the form                   */
    const cxr_staff_form_t  *form;           /* NULL: the empty form          */
    const cxr_refusal_t     *refusal;        /* of that form's command        */
    bool                     conflict;       /* that command was too late     */
    bool                     done;           /* ?done=1                       */
    const cxr_sent_parcel_t *parcels;        /* one for each, or NULL         */
    const cxr_sent_form_t   *sent;           /* to be mended; NULL: none      */
    bool                     sent_now;       /* ?sent=1                       */
    unsigned                 may;            /* bits of cxr_verb_t: the actor may,
                                                and there is something to do  */
    cxr_str_t                act_key;        /* of a fault in that form; or empty */
    const cxr_talk_in_t     *talk;           /* or NULL                       */
    uint64_t                 seen;           /* of the form that met a conflict */
    const cxr_staff_customer_t  *customer;   /* or NULL                       */
    cxr_answer_in_t           answers[2];    /* of this RMA, of the delivery  */
    size_t                    nanswers;
    const cxr_pairs_t       *pairs;          /* of another form, to be kept   */
    bool                     may_settle;     /* role                          */
} cxr_staff_rma_t;

/* What the desk's other forms say; the act is the arena's. */
typedef struct {
    cxr_rma_act_t    act;
    cxr_str_t        text;         /* of a note                               */
    uint32_t         expect;
    cxr_str_t        error_key;    /* translation key of a fault, or empty    */
} cxr_staff_act_t;

cxr_rc_t cxr_staff_act_parse(const cxr_pairs_t *pairs, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_staff_act_t *form);
/* "<name>.<i>", or the name alone for UINT32_MAX; data is NULL when the form has
   none */
cxr_str_t cxr_staff_field(const cxr_pairs_t *pairs, const char *name,
    uint32_t i);
/* 0 for an empty field; false: no number, or over CXR_LINE_QUANTITY_MAX */
bool cxr_staff_number(const cxr_pairs_t *pairs, const char *name, uint32_t i,
    uint32_t *out);
/* what a form says, cleaned and cut, to be shown in it again */
cxr_str_t cxr_staff_clean(cxr_say_t *say, const cxr_pairs_t *pairs,
    const char *name, unsigned kind, size_t max);
bool cxr_staff_act_ok(const cxr_staff_act_t *form);
void cxr_view_staff_act(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view);

cxr_rc_t cxr_view_staff_rma(const cxr_staff_rma_t *p,
    cxr_view_staff_rma_t *view);

extern const cxr_type_t  cxr_view_staff_list_type;
extern const cxr_type_t  cxr_view_staff_rma_type;

#endif /* _CXR_VIEW_STAFF_H_INCLUDED_ */
