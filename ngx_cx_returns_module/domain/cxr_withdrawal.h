
/*
 * A withdrawal: the consumer's statement that she withdraws from a contract
 * (Directive 2011/83/EU art. 9 and 11a, the latter by Directive (EU) 2023/2673;
 * Mesafeli Sözleşmeler Yönetmeliği art. 9 to 11).  It needs no reason, no login
 * and no order that we know: it is taken as it is, dated at once, and judged
 * later.  Each is an aggregate of its own, so that none is lost whatever
 * becomes of its order; when the order is known and the statement fits it, an
 * RMA of the kind "withdrawal" is made of it.
 */

#ifndef _CXR_WITHDRAWAL_H_INCLUDED_
#define _CXR_WITHDRAWAL_H_INCLUDED_

#include "cxr_rma.h"

typedef enum {
    CXR_WITHDRAWAL_UNMATCHED = 0,  /* no order of ours is known to be meant    */
    CXR_WITHDRAWAL_MATCHED,        /* it belongs to "order"                    */
    CXR_WITHDRAWAL_JUDGED,         /* its RMA's lines are decided, or staff
                                      closed it with a reason                  */
    CXR_WITHDRAWAL_STATES
} cxr_withdrawal_state_t;

/* What ties it to its order. */
typedef enum {
    CXR_PROOF_NONE = 0,
    CXR_PROOF_EMAIL,               /* the order's e-mail address               */
    CXR_PROOF_NAME,                /* the order's name: a person looks at it   */
    CXR_PROOF_STAFF                /* somebody at the desk says so             */
} cxr_proof_t;

extern const char *const  cxr_withdrawal_state_names[];
extern const char *const  cxr_proof_names[];

/* characters */
#define CXR_STATEMENT_CONTRACT_MAX  200    /* an order number, or words for it */
#define CXR_STATEMENT_WORDS_MAX     2000   /* which goods, in the consumer's words */
#define CXR_STATEMENT_ROWS_MAX      50     /* rows of them that are looked at  */
#define CXR_WITHDRAWAL_ID_LEN       CXR_RMA_ID_LEN   /* "W-XXXX-XXXC"          */

/*
 * What was declared: personal, so it is sealed under a key of its own, which
 * stands under the withdrawal's number.
 */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    email;        /* where the acknowledgement is to go           */
    cxr_str_t    contract;     /* as typed                                     */
    cxr_str_t    words;        /* which goods; empty: the whole contract       */
    cxr_str_t    locale;       /* the language it was declared in              */
    cxr_str_t    salt;         /* random, so that the hash tells nothing of it
                                  once the rest is erased                      */
} cxr_statement_t;

/* The projection, and (up to "receipt") the body of withdrawal.declared. */
typedef struct {
    cxr_str_t    id;
    cxr_time_t   declared_at;
    cxr_str_t    locale;
    bool         whole;        /* the whole contract                           */
    cxr_str_t    box;          /* the statement, sealed; see store/            */
    cxr_str_t    blind;        /* keyed hash of the folded order number        */
    cxr_str_t    hash;         /* of the statement: see cxr_receipt.h          */
    cxr_str_t    receipt;      /* the token that the consumer holds            */
    uint8_t      state;        /* cxr_withdrawal_state_t                       */
    uint8_t      proof;        /* cxr_proof_t                                  */
    cxr_str_t    order;        /* folded                                       */
    cxr_str_t    order_number; /* as the shop writes it                        */
    cxr_str_t    rma;          /* empty: none (yet): which lines is not clear,
                                  or nothing is left to return                 */
    cxr_str_t    reason;       /* staff's, who closed it                       */
    cxr_time_t   matched_at;
    cxr_time_t   judged_at;
    uint32_t     revision;
} cxr_withdrawal_t;

/* Body of withdrawal.matched. */
typedef struct {
    cxr_str_t    id;
    cxr_str_t    order;
    cxr_str_t    order_number;
    cxr_str_t    rma;
    uint8_t      proof;
} cxr_withdrawal_match_t;

/* Body of withdrawal.judged, and the command: closed without an RMA. */
typedef struct {
    cxr_str_t    id;
    cxr_str_t    reason;       /* 1..CXR_STAFF_REASON_MAX characters           */
} cxr_withdrawal_judge_t;

extern const cxr_type_t  cxr_statement_type;
extern const cxr_type_t  cxr_withdrawal_type;
extern const cxr_type_t  cxr_withdrawal_match_type;
extern const cxr_type_t  cxr_withdrawal_judge_type;

/* Numbers are made and read as an RMA's (cxr_id.h), with W for R. */
void cxr_withdrawal_id_make(const uint8_t random[5],
    char out[CXR_WITHDRAWAL_ID_LEN]);
cxr_rc_t cxr_withdrawal_id_parse(cxr_str_t in,
    char out[CXR_WITHDRAWAL_ID_LEN]);

/*
 * Names and titles for comparing, never for storing: letters and digits alone,
 * small ones, Turkish letters too and every i as i.  "out" must hold s.len
 * bytes.
 */
size_t cxr_statement_fold(cxr_str_t s, char *out);

/* Does the statement fit the order's person?  NONE, EMAIL or NAME. */
cxr_proof_t cxr_withdrawal_proof(const cxr_statement_t *st,
    const cxr_person_t *person, cxr_arena_t *a);

/*
 * The lines and units that the statement means: of the whole contract, all
 * that may still come back; of some goods, those whose rows of words
 * each name one line by its number (SKU), its title, or title and variant,
 * with units before it if need be ("2 x Etiyopya").  Nothing is guessed: when
 * one row names no line, or two, the list is empty, and staff choose.
 */
typedef struct {
    cxr_str_t    line;
    uint32_t     quantity;
} cxr_withdrawal_line_t;

typedef CXR_LIST_OF(cxr_withdrawal_line_t)  cxr_withdrawal_lines_t;

cxr_rc_t cxr_withdrawal_lines(const cxr_order_t *order,
    const cxr_statement_t *st, cxr_arena_t *a, cxr_withdrawal_lines_t *out);

/*
 * The RMA of a withdrawal, by cxr_rma_create(): what it makes is appended to
 * "out"; *id is the RMA's number.  The policy vetoes nothing: where it would,
 * and when "doubtful", the request waits for staff.  No event and an empty *id
 * when there are no lines, or too many RMAs.
 */
cxr_rc_t cxr_withdrawal_rma(const cxr_order_t *order, cxr_str_t locale,
    const cxr_withdrawal_lines_t *lines, bool doubtful,
    const uint8_t random[32], const cxr_rma_world_t *world, cxr_time_t now,
    cxr_arena_t *a, cxr_str_t *id, cxr_events_t *out, cxr_refusal_t *no);

/* withdrawal.declared; "w" has what the body has. */
cxr_rc_t cxr_withdrawal_declare(const cxr_withdrawal_t *w, cxr_arena_t *a,
    cxr_events_t *out);

/*
 * withdrawal.matched.  Refusals: "withdrawal_matched" (it has an order
 * already, and that has an RMA, or is another), "withdrawal_judged".
 */
cxr_rc_t cxr_withdrawal_match(const cxr_withdrawal_t *w,
    const cxr_withdrawal_match_t *match, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no);

/* withdrawal.judged.  Refusals: "withdrawal_judged", "withdrawal_matched" (it
   has an RMA, whose lines are judged instead), "reason_missing",
   "reason_too_long". */
cxr_rc_t cxr_withdrawal_judge(const cxr_withdrawal_t *w,
    const cxr_withdrawal_judge_t *cmd, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no);

/* Applies a withdrawal.* event ("w" zeroed for the first). */
cxr_rc_t cxr_withdrawal_apply(cxr_withdrawal_t *w, const cxr_event_t *ev,
    cxr_time_t at);

/*
 * Follows its RMA: judged once every line of it is decided.  True when "w"
 * changed; its revision does not.
 */
bool cxr_withdrawal_follow(cxr_withdrawal_t *w, const cxr_rma_t *rma,
    cxr_time_t at);

#endif /* _CXR_WITHDRAWAL_H_INCLUDED_ */
