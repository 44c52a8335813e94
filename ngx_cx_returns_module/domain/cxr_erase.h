
/*
 * Erasure: a person's data goes out of an order, or out of a withdrawal's
 * statement, and what was bought, sent back and paid stays (Regulation (EU)
 * 2016/679 art. 17 and its 3(b), KVKK art. 7).  The event says that it was done,
 * when and by whom, and nothing of the person; that nothing can be read any
 * more is store/'s work, which forgets the key that it was all sealed under.
 */

#ifndef _CXR_ERASE_H_INCLUDED_
#define _CXR_ERASE_H_INCLUDED_

#include "cxr_rma.h"
#include "cxr_withdrawal.h"

#define CXR_PERSON_DAYS_MIN  30
#define CXR_PERSON_DAYS_MAX  3650

typedef enum {
    CXR_ERASE_ASKED = 0,       /* the person asked for it                      */
    CXR_ERASE_AGE              /* "retention" of the shop's file               */
} cxr_erase_cause_t;

extern const char *const  cxr_erase_cause_names[];

/* Body of person.erased; the aggregate is the order's or the withdrawal's. */
typedef struct {
    uint8_t      cause;        /* cxr_erase_cause_t                            */
} cxr_erased_t;

extern const cxr_type_t  cxr_erased_type;

/* Nothing is awaited of it any more, from nobody. */
bool cxr_rma_over(const cxr_rma_t *rma);

/*
 * Decides person.erased of an order with its RMAs.  Refusal "rma_open" while
 * one of them is under way (its number is in the text), unless "open": money
 * may be owed to somebody whom nobody would know any more.
 */
cxr_rc_t cxr_order_erase(cxr_str_t id, const cxr_order_t *order,
    const cxr_rma_t *const *rmas, size_t nrmas, cxr_erase_cause_t cause,
    bool open, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no);
/*
 * The same of who was given the goods, and of her return alone: the buyer's data
 * stay.  CXR_NOTFOUND: it is no gift return.
 */
cxr_rc_t cxr_recipient_erase(const cxr_order_t *order, const cxr_rma_t *rma,
    bool open, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no);
cxr_rc_t cxr_withdrawal_erase(const cxr_withdrawal_t *w,
    cxr_erase_cause_t cause, cxr_arena_t *a, cxr_events_t *out);

cxr_rc_t cxr_order_apply_erased(cxr_order_t *order, const cxr_event_t *ev,
    cxr_time_t at);
cxr_rc_t cxr_recipient_apply_erased(cxr_rma_t *rma, cxr_time_t at);
cxr_rc_t cxr_withdrawal_apply_erased(cxr_withdrawal_t *w,
    const cxr_event_t *ev);

#endif /* _CXR_ERASE_H_INCLUDED_ */
