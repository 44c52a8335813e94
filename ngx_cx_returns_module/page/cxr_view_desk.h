
/*
 * The desk's other pages: staff_bulk.html, what became of many RMAs at once
 * (POST /staff/bulk), and staff_receive.html, where boxes are scanned, counted
 * and graded (GET and POST /staff/receive[/<rma>]).
 *
 * Fields of the bulk form:
 *   r          "<rma>:<revision>" as the list showed it, once for each row
 *   verb       "approve", "decline", "release" or "confirm"
 *   reason     required to decline
 *   back       the query of the list
 *   t          form token
 *
 * Fields of the receiving form, <i> as in cxr_view_staff.h:
 *   n.<i>      units that are in the box
 *   w.<i>      things that are something else
 *   m.<i>      "1": no other box is waited for
 *   g.<i>, d.<i>  condition and whereto of all that is not graded; "": later
 *   x.<i>, y.<i>  what is taken off the refund, as people type it, and why
 *   reason     a note
 *   expect, seen, t
 */

#ifndef _CXR_VIEW_DESK_H_INCLUDED_
#define _CXR_VIEW_DESK_H_INCLUDED_

#include "cxr_view_staff.h"

#define CXR_BULK_MAX  CXR_STAFF_PAGE


/* ---- many at once ---- */

typedef struct {
    cxr_str_t            id;
    uint32_t             expect;
    cxr_rc_t             rc;       /* of its command                          */
    const cxr_refusal_t *refusal;
    bool                 repeated; /* it was done by the same form before     */
} cxr_bulk_row_t;

typedef struct {
    uint8_t      verb;
    CXR_LIST_OF(cxr_bulk_row_t)  rows;
    cxr_str_t    reason;
    cxr_str_t    back;             /* a query of ours, cleaned                */
    cxr_str_t    error_key;        /* what is to be mended first              */
} cxr_bulk_t;

/* CXR_INVALID, CXR_LIMIT: no form of ours. */
cxr_rc_t cxr_bulk_parse(const cxr_pairs_t *pairs, cxr_arena_t *a,
    cxr_bulk_t *bulk);

typedef struct {
    cxr_str_t    id;
    cxr_str_t    url;
    cxr_str_t    pick;             /* to send it again                        */
    bool         ok;
    cxr_str_t    text;             /* what became of it, or why not           */
} cxr_view_bulk_row_t;

typedef struct {
    cxr_view_page_t  *page;
    cxr_str_t    verb;             /* "approve"                               */
    cxr_str_t    verb_text;
    cxr_str_t    list_url;         /* the list again                          */
    CXR_LIST_OF(cxr_view_bulk_row_t)  rows;
    bool         has_rows;
    uint32_t     good;
    uint32_t     bad;
    cxr_str_t    error;            /* nothing was done: the form to mend      */
    bool         can_mend;
    cxr_str_t    act_url;
    cxr_str_t    back;
    cxr_str_t    token;
    cxr_str_t    reason;
    uint32_t     reason_max;
    cxr_str_t    actor;
} cxr_view_bulk_t;

extern const cxr_type_t  cxr_view_bulk_type;

typedef struct {
    const cxr_view_ctx_t  *ctx;
    cxr_view_page_t       *page;
    cxr_arena_t           *arena;
    cxr_str_t              actor;
    cxr_str_t              token;
    const cxr_bulk_t      *bulk;
} cxr_bulk_page_t;

cxr_rc_t cxr_view_bulk(const cxr_bulk_page_t *p, cxr_view_bulk_t *view);


/* ---- receiving ---- */

/* Conditions that the units of a line may be in beside the first. */
#define CXR_RECEIVE_OTHERS  2

/* Why what was scanned is not received; the page says it in red. */
typedef enum {
    CXR_SCANNED_OK = 0,
    CXR_SCANNED_UNREADABLE,    /* no text                                      */
    CXR_SCANNED_UNKNOWN,       /* nothing of that number                       */
    CXR_SCANNED_FORGED,        /* a label that no key of ours has signed       */
    CXR_SCANNED_FOREIGN,       /* another shop's                               */
    CXR_SCANNED_EXPIRED,       /* its time is over: the RMA may still be       */
    CXR_SCANNED_REPLACED,      /* the RMA has another label since              */
    CXR_SCANNED_CLOSED,        /* cancelled, expired or declined               */
    CXR_SCANNED_UNDECIDED,     /* nobody has approved it                       */
    CXR_SCANNED_RECEIVED,      /* all of it is counted already                 */
    CXR_SCANNED_NONE           /* the order is there, nothing of it comes back */
} cxr_scanned_t;

/* Does anything of it wait to be counted or graded; else why not. */
cxr_scanned_t cxr_receivable(const cxr_rma_t *rma);

typedef struct {
    cxr_staff_act_t   receive;
    cxr_staff_act_t   grade;
    bool              has_receive;
    bool              has_grade;
    uint32_t          expect;
    uint64_t          seen;        /* newest step that the page showed        */
    const cxr_pairs_t *pairs;      /* as they came, to be shown again         */
    uint32_t          wrong_line;  /* of error_key; UINT32_MAX: none          */
    cxr_str_t         error_key;
    bool              wrong_deduct;  /* it is of x.<wrong_line>               */
    bool              wrong_why;     /* or of y.<wrong_line>                  */
    cxr_money_t       deduct_max;    /* of that line                          */
} cxr_receive_form_t;

cxr_rc_t cxr_receive_parse(const cxr_pairs_t *pairs, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_receive_form_t *form);

/* Some units of a line, in another condition than the rest. */
typedef struct {
    uint32_t     row;              /* u<row>.<i>, g<row>.<i>, d<row>.<i>      */
    cxr_str_t    u;                /* as typed                                */
    cxr_view_options_t  grades;
    cxr_view_options_t  dispositions;
} cxr_view_condition_t;

typedef struct {
    uint32_t     index;
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    sku;
    cxr_str_t    image;
    cxr_str_t    reason;
    cxr_str_t    note;             /* the shopper's words                     */
    uint32_t     quantity;         /* that were announced                     */
    uint32_t     counted;          /* of them, in boxes before                */
    uint32_t     awaited;          /* may be counted now: n.<i>               */
    uint32_t     ungraded;         /* counted, not graded                     */
    bool         work;             /* one of the two is not 0                 */
    bool         first;            /* of these: the focus                     */
    cxr_str_t    n;                /* as typed                                */
    cxr_str_t    w;
    bool         m;
    bool         wrong;            /* its numbers are to be mended            */
    cxr_view_options_t  grades;
    cxr_view_options_t  dispositions;
    CXR_LIST_OF(cxr_view_condition_t)  conditions;   /* of other units of it  */
    bool         mixed;            /* there may be such                       */
    bool         mixed_open;       /* and there are                           */
    bool         deductible;       /* something may be taken off the refund   */
    bool         deduct_open;      /* and is, or was wrong                    */
    bool         pays_first;       /* no: it is paid once it is counted       */
    bool         withdrawal;       /* the law says for what alone             */
    cxr_str_t    deduct_max;       /* at most so much                         */
    cxr_str_t    deduct;           /* as typed                                */
    cxr_str_t    deduct_why;
    cxr_str_t    deduct_error;
    cxr_str_t    deduct_why_error;
} cxr_view_receive_line_t;

typedef struct {
    cxr_str_t    id;
    cxr_str_t    url;              /* to receive it                           */
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    goods;
} cxr_view_choice_rma_t;

typedef struct {
    cxr_view_page_t  *page;
    cxr_str_t    scan_url;         /* POST: scan, t                           */
    cxr_str_t    token;
    cxr_str_t    actor;
    bool         focus_scan;
    cxr_str_t    alert;            /* what is wrong, in a few words           */
    cxr_str_t    alert_text;       /* and what to do                          */
    cxr_str_t    scanned;          /* the code, cut                           */
    bool         layout;           /* the scanner has another keyboard        */
    cxr_str_t    anyway_url;       /* receives it all the same                */
    cxr_str_t    rma_url;          /* the RMA that it is about, or empty      */
    cxr_str_t    done;             /* RMA that was saved, or empty            */
    cxr_str_t    done_url;
    CXR_LIST_OF(cxr_view_choice_rma_t)  choices;
    bool         has_choices;
    /* the RMA to be received */
    bool         has_rma;
    cxr_str_t    id;
    cxr_str_t    number;
    cxr_str_t    kind_text;
    cxr_str_t    status_text;
    cxr_str_t    tone;
    cxr_str_t    url;              /* POST                                    */
    uint32_t     expect;
    uint64_t     seen;
    CXR_LIST_OF(cxr_view_receive_line_t)  lines;
    uint32_t     awaited;          /* units in all                            */
    cxr_str_t    reason;
    uint32_t     reason_max;
    cxr_str_t    error;
    cxr_view_changes_t  *changes;  /* somebody was faster; or NULL            */
} cxr_view_receive_t;

extern const cxr_type_t  cxr_view_receive_type;

typedef struct {
    const cxr_view_ctx_t  *ctx;
    cxr_view_page_t       *page;
    cxr_arena_t           *arena;
    cxr_str_t              actor;
    cxr_str_t              token;
    cxr_scanned_t          scanned;
    cxr_str_t              code;       /* what was scanned                    */
    bool                   layout;
    cxr_time_t             when;       /* EXPIRED: the label's end            */
    cxr_str_t              about;      /* RMA, of the alert; or empty         */
    cxr_str_t              done;       /* RMA, ?done=; or empty               */
    const cxr_rma_t       *rma;        /* to be received; NULL: none          */
    const cxr_str_t       *notes;      /* one for each line, or NULL          */
    const cxr_rma_t       *choices;    /* RMAs of the order                   */
    size_t                 nchoices;
    const cxr_receive_form_t  *form;   /* NULL: the empty form                */
    const cxr_refusal_t   *refusal;
    bool                   conflict;
} cxr_receive_page_t;

cxr_rc_t cxr_view_receive(const cxr_receive_page_t *p,
    cxr_view_receive_t *view);

#endif /* _CXR_VIEW_DESK_H_INCLUDED_ */
