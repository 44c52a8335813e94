
/*
 * The returns desk: staff_list.html (GET /staff/?status=&q=&cursor=) and
 * staff_rma.html (GET /staff/rma/<rma>, POST /staff/rma/<rma>/decide).
 *
 * Fields of the decision form:
 *   decision   "approve", "decline" or "request_info"
 *   l.<i>      the line rma->lines.items[i] is meant; at least one
 *   reason     required but for approve; the shopper reads it
 *   expect     revision of the RMA that the page showed
 *   t          form token
 */

#ifndef _CXR_VIEW_STAFF_H_INCLUDED_
#define _CXR_VIEW_STAFF_H_INCLUDED_

#include "cxr_rma_act.h"
#include "cxr_view_rma.h"
#include "cxr_view_talk.h"

#define CXR_STAFF_PAGE       50      /* RMAs of one page of the list          */
#define CXR_STAFF_Q_MAX      64      /* characters of a search                */
#define CXR_STAFF_CURSOR_MAX 192     /* bytes that a cursor says              */
#define CXR_STAFF_TOKEN_MAX  512     /* bytes of a form token                 */
#define CXR_STAFF_PAIRS_MAX  (CXR_ORDER_LINES_MAX + 64)
#define CXR_STAFF_COUNT_CAP  999     /* tabs count up to it, then "999+"      */

typedef struct {
    uint8_t      decision;         /* cxr_decision_t; PENDING: none chosen    */
    CXR_LIST_OF(uint32_t)  lines;  /* indexes, ascending, each once           */
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
/* The command, when the form is ok. */
cxr_rc_t cxr_staff_decision(const cxr_staff_form_t *form,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_rma_decision_t *decision);

/* The list's query. */
typedef struct {
    int          status;           /* cxr_rma_status_t, or -1: all            */
    cxr_str_t    q;                /* cleaned                                 */
    cxr_str_t    cursor;
} cxr_staff_query_t;

/* An unknown status is all; a cursor that is no base64url is the beginning. */
cxr_rc_t cxr_staff_query_parse(const cxr_pair_t *pairs, size_t n,
    cxr_arena_t *a, cxr_staff_query_t *query);


typedef struct {
    cxr_str_t    text;
    cxr_str_t    url;
    cxr_str_t    count;            /* "12", "999+"                            */
    bool         current;
} cxr_view_tab_t;

typedef struct {
    cxr_str_t    id;
    cxr_str_t    url;
    cxr_str_t    number;           /* of the order                            */
    uint8_t      status;
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    kind_text;
    cxr_str_t    goods;            /* the first title                         */
    uint32_t     others;           /* lines besides it                        */
    uint32_t     units;
    cxr_str_t    refund;           /* or empty                                */
    cxr_str_t    due;
    cxr_str_t    created;
    cxr_str_t    iso;
    uint32_t     age_days;         /* since it was asked for                  */
} cxr_view_staff_row_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t    action;           /* URL of the search                       */
    cxr_str_t    status;           /* hidden field of the search, or empty    */
    cxr_str_t    q;
    bool         searched;
    bool         more;             /* this is one of several pages            */
    bool         cut;              /* too many begin so: some are missing     */
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
    const cxr_rma_t          *rmas;
    size_t                    nrmas;
    cxr_str_t                 next;    /* cursor; empty: no more              */
    bool                      cut;     /* too many begin like what was typed  */
} cxr_staff_list_t;

cxr_rc_t cxr_view_staff_list(const cxr_staff_list_t *p,
    cxr_view_staff_list_t *view);


typedef struct {
    uint32_t             index;    /* l.{{index}}                             */
    cxr_str_t            sku;
    bool                 open;     /* may still be decided                    */
    bool                 checked;
    uint32_t             quantity;
    cxr_view_rma_line_t  *line;
    cxr_str_t            fee;
    uint32_t             awaited;  /* units that may still be counted, n.{{index}} */
    uint32_t             ungraded; /* and graded, u.{{index}}                 */
    cxr_str_t            bonus;
    cxr_str_t            advice;   /* what of the policy was gone past        */
} cxr_view_staff_line_t;

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
    cxr_str_t    email;
    cxr_str_t    mail_url;         /* "mailto:..."                            */
    cxr_str_t    phone;
    bool         has_person;
    cxr_str_t    city;             /* "34394 İstanbul, TR"                    */
    cxr_str_t    order_placed;
    cxr_str_t    policy;           /* version that decided                    */
    CXR_LIST_OF(cxr_view_staff_line_t)  lines;
    cxr_view_sums_t   money;
    cxr_str_t    refund;
    cxr_str_t    due;
    bool         even;
    cxr_str_t    label_until;
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
    cxr_str_t    label_zpl_url;
    cxr_str_t    slip_pdf_url;
    cxr_view_sents_t  parcels;     /* that bring it back                      */
    bool         has_parcels;
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
bool cxr_staff_act_ok(const cxr_staff_act_t *form);
void cxr_view_staff_act(const cxr_staff_rma_t *p, cxr_say_t *say,
    cxr_view_staff_rma_t *view);

cxr_rc_t cxr_view_staff_rma(const cxr_staff_rma_t *p,
    cxr_view_staff_rma_t *view);

extern const cxr_type_t  cxr_view_staff_list_type;
extern const cxr_type_t  cxr_view_staff_rma_type;

#endif /* _CXR_VIEW_STAFF_H_INCLUDED_ */
