
/*
 * The withdrawal function: its form, its two steps, the receipt, and the page
 * that checks receipts (withdraw.html, withdraw_review.html,
 * withdraw_receipt.html, receipt.html, withdraw_link.html).
 *
 *   f         the form's id, made by its first page: with what is declared it
 *             is the idempotency key, so that one statement is taken once
 *   name      who withdraws
 *   contract  order number, or words that tell which contract
 *   email     where the acknowledgement is to go
 *   scope     "whole" or "part"
 *   words     which goods, when it is a part
 *
 * Nothing of it is ever looked up here: the pages are the same whether or not
 * there is such an order.
 */

#ifndef _CXR_VIEW_WITHDRAW_H_INCLUDED_
#define _CXR_VIEW_WITHDRAW_H_INCLUDED_

#include "cxr_portal_form.h"
#include "cxr_receipt.h"
#include "cxr_view.h"
#include "cxr_view_portal.h"
#include "cxr_withdrawal.h"

#define CXR_WITHDRAW_NAME_MAX  CXR_NAME_MAX

/* where a fault belongs; cxr_portal_fault_t.at */
typedef enum {
    CXR_WITHDRAW_AT_FORM = 0,
    CXR_WITHDRAW_AT_NAME,
    CXR_WITHDRAW_AT_CONTRACT,
    CXR_WITHDRAW_AT_EMAIL,
    CXR_WITHDRAW_AT_SCOPE,
    CXR_WITHDRAW_AT_WORDS
} cxr_withdraw_at_t;

typedef struct {
    cxr_str_t            flow;      /* empty: none, or not of the form         */
    cxr_str_t            name;
    cxr_str_t            contract;
    cxr_str_t            email;     /* as typed                                */
    bool                 whole;
    bool                 part;
    cxr_str_t            words;
    cxr_portal_faults_t  faults;
} cxr_withdraw_form_t;

/*
 * What a person can mend becomes a fault and CXR_OK.  CXR_LIMIT, CXR_INVALID,
 * CXR_NOMEM as cxr_portal_form_parse().
 */
cxr_rc_t cxr_withdraw_parse(const cxr_pair_t *pairs, size_t n, cxr_arena_t *a,
    cxr_withdraw_form_t *form);

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;     /* URL: the next step                       */
    cxr_str_t          back;       /* URL: the form again                      */
    cxr_str_t          flow;
    cxr_str_t          name;
    cxr_str_t          contract;
    cxr_str_t          example;    /* of an order number; or empty            */
    cxr_str_t          window;     /* how long one has, by the shop's laws    */
    cxr_str_t          email;
    cxr_str_t          words;
    bool               whole;
    bool               part;
    uint32_t           words_max;  /* characters                               */
    cxr_str_t          name_error;
    cxr_str_t          contract_error;
    cxr_str_t          email_error;
    cxr_str_t          scope_error;
    cxr_str_t          words_error;
    cxr_view_faults_t  errors;
    bool               has_errors;
    bool               busy;       /* too many at once: nothing was sent yet   */
    bool               away;       /* it could not be kept: nothing was sent   */
    cxr_str_t          check_url;  /* of the page that checks receipts         */
} cxr_view_withdraw_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          number;     /* "W-7K2M-9QXF"                            */
    cxr_str_t          declared;   /* "22 Kasım 2026 01:26"                    */
    cxr_str_t          zone;       /* "Europe/Istanbul"                        */
    cxr_str_t          iso;
    bool               erased;     /* the five below are empty                 */
    cxr_str_t          name;
    cxr_str_t          contract;
    cxr_str_t          email;
    bool               whole;
    cxr_str_t          words;
    cxr_str_t          token;
    cxr_str_t          hash;
    cxr_str_t          file_url;   /* the receipt as a file, or empty          */
    cxr_str_t          check_url;
} cxr_view_declared_t;

typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          action;
    cxr_str_t          text;       /* what was brought                         */
    bool               asked;
    bool               good;       /* the token holds, no statement with it    */
    bool               whole;      /* token and statement hold                 */
    bool               altered;    /* the statement is not the token's         */
    bool               forged;
    bool               busy;
    bool               missing;    /* neither a file nor a text was brought    */
    bool               from_file;  /* the answer is about the file             */
    cxr_str_t          number;     /* what the token says                      */
    cxr_str_t          declared;
    cxr_str_t          iso;
    cxr_str_t          kid;
    cxr_str_t          hash;
} cxr_view_receipt_t;

/* {{url}}: the function's address; for the shop's own pages by SSI */
typedef struct {
    cxr_view_page_t   *page;
    cxr_str_t          url;
} cxr_view_withdraw_link_t;

extern const cxr_type_t  cxr_view_withdraw_type;
extern const cxr_type_t  cxr_view_declared_type;
extern const cxr_type_t  cxr_view_receipt_type;
extern const cxr_type_t  cxr_view_withdraw_link_type;

/* "step": where the form goes to, below the portal ("withdraw/review"); "now":
   by the laws of which day. */
cxr_rc_t cxr_view_withdraw(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, const cxr_withdraw_form_t *form, const char *step,
    cxr_time_t now, cxr_view_withdraw_t *view);
/* st NULL: erased */
cxr_rc_t cxr_view_declared(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, const cxr_withdrawal_t *w, const cxr_statement_t *st,
    cxr_str_t file_path, cxr_view_declared_t *view);
/* claims NULL: nothing was asked, or the token does not hold */
cxr_rc_t cxr_view_receipt(const cxr_view_ctx_t *ctx, cxr_view_page_t *page,
    cxr_arena_t *a, cxr_str_t text, bool asked, cxr_receipt_result_t result,
    const cxr_receipt_claims_t *claims, const char *kid,
    cxr_view_receipt_t *view);

#endif /* _CXR_VIEW_WITHDRAW_H_INCLUDED_ */
