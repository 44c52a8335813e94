
/*
 * The desk's page of withdrawals (staff_withdrawals.html): what was declared,
 * what it belongs to, and the forms that match or close one.
 *
 *   GET  /staff/withdrawals?state=unmatched&cursor=...
 *   POST /staff/withdrawals/<number>/match   t, order, l (a line of the order,
 *                                            as often as there are)
 *   POST /staff/withdrawals/<number>/judge   t, reason
 */

#ifndef _CXR_VIEW_WITHDRAWALS_H_INCLUDED_
#define _CXR_VIEW_WITHDRAWALS_H_INCLUDED_

#include "cxr_view.h"
#include "cxr_withdrawal.h"

typedef struct {
    cxr_str_t    name;
    cxr_str_t    url;
    uint32_t     count;
    bool         current;
} cxr_view_wtab_t;

/* a line of the order that may be chosen */
typedef struct {
    cxr_str_t    line;
    cxr_str_t    id;               /* of its input                             */
    cxr_str_t    title;
    cxr_str_t    variant;
    uint32_t     quantity;         /* units that may still come back           */
} cxr_view_wline_t;

typedef struct {
    cxr_str_t    number;
    cxr_str_t    declared;
    cxr_str_t    iso;
    uint8_t      state;            /* "unmatched" ...                          */
    cxr_str_t    state_text;
    cxr_str_t    tone;
    cxr_str_t    proof_text;       /* what ties it to its order, or empty      */
    bool         erased;
    cxr_str_t    name;
    cxr_str_t    email;
    cxr_str_t    contract;
    bool         whole;
    cxr_str_t    words;
    cxr_str_t    order;            /* as the shop writes it, or empty          */
    cxr_str_t    rma;
    cxr_str_t    rma_url;
    cxr_str_t    reason;           /* why it was closed                        */
    bool         can_match;
    bool         can_judge;
    bool         choose;           /* its order is known, its lines are not    */
    CXR_LIST_OF(cxr_view_wline_t)  lines;
    cxr_str_t    match_url;
    cxr_str_t    judge_url;
    cxr_str_t    guess;            /* for the field of the order's number      */
    cxr_str_t    error;
} cxr_view_wrow_t;

typedef struct {
    const cxr_view_page_t  *page;
    cxr_str_t    actor;
    cxr_str_t    token;
    bool         done;
    cxr_str_t    error;            /* and of which: "W-...: ..."               */
    uint32_t     reason_max;
    CXR_LIST_OF(cxr_view_wtab_t)  tabs;
    CXR_LIST_OF(cxr_view_wrow_t)  rows;
    bool         has_rows;
    cxr_str_t    next_url;
} cxr_view_withdrawals_t;

extern const cxr_type_t  cxr_view_withdrawals_type;

/* One withdrawal with what was read beside it. */
typedef struct {
    const cxr_withdrawal_t  *w;
    const cxr_statement_t   *st;       /* NULL: erased                         */
    const cxr_order_t       *order;    /* of one whose lines are to be chosen  */
} cxr_staff_withdrawal_t;

typedef struct {
    const cxr_view_ctx_t          *ctx;
    const cxr_view_page_t         *page;
    cxr_arena_t                   *arena;
    cxr_str_t                      actor;
    cxr_str_t                      token;
    bool                           may_approve;
    bool                           done;
    int                            state;      /* < 0: all                     */
    const uint32_t                *counts;
    const cxr_staff_withdrawal_t  *items;
    size_t                         n;
    cxr_str_t                      next;
    const cxr_refusal_t           *refusal;    /* of what was asked last, or NULL */
    cxr_str_t                      refused;    /* whose                        */
} cxr_staff_withdrawals_t;

cxr_rc_t cxr_view_withdrawals(const cxr_staff_withdrawals_t *p,
    cxr_view_withdrawals_t *view);

#endif /* _CXR_VIEW_WITHDRAWALS_H_INCLUDED_ */
