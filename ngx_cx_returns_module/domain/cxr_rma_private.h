
/*
 * What the files of an RMA share.
 */

#ifndef _CXR_RMA_PRIVATE_H_INCLUDED_
#define _CXR_RMA_PRIVATE_H_INCLUDED_

#include "cxr_rma_act.h"

/*
 * The 32 random bytes of a command: the first 15 are three tries for an RMA
 * number (CXR_IDEM_NUMBERS, of a command with an idempotency key), the last 16
 * name the label.
 */
#define CXR_RMA_RANDOM_TRIES  3
#define CXR_RMA_RANDOM_JTI    16

/* the label's name from the command's randomness; CXR_STR_NONE: no memory */
cxr_str_t cxr_rma_jti(const uint8_t random[32], cxr_arena_t *a);

/*
 * How the goods go back: "set" is the methods that all lines that go back have,
 * "goes" whether one does.  cxr_rma_way.c.
 */
cxr_rc_t cxr_rma_method(const cxr_rma_ask_t *ask, uint32_t set, bool goes,
    cxr_rma_t *rma, cxr_refusal_t *no);

/* ---- a line, cxr_rma_money.c ---- */

/* cancelled or expired */
bool cxr_rma_closed(const cxr_rma_t *rma);
bool cxr_line_gives_goods(const cxr_rma_line_t *l);
uint32_t cxr_line_units(const cxr_rma_line_t *l);
/* "rest": with what of it waits until all has come back */
cxr_money_t cxr_line_refund(const cxr_rma_t *rma, const cxr_rma_line_t *l,
    uint32_t units, bool rest);
bool cxr_line_done(const cxr_rma_line_t *l);
void cxr_line_upgrade(cxr_rma_line_t *l);
/* fee to due, from the units; false: the sums pass what money can be */
bool cxr_line_money(const cxr_rma_t *rma, cxr_rma_line_t *l);

/* The order once the events hold, too. */
cxr_rc_t cxr_rma_after_order(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_events_t *events, cxr_time_t now, cxr_arena_t *a,
    cxr_order_t *order_after, cxr_rma_t *after);

/* refund, fee and due over the lines that count, and the derived status */
bool cxr_rma_sum(cxr_rma_t *rma);

/*
 * Every fact that follows from others: the lines' parcels from the label and
 * the parcels, receipts, money, and what is owed.  Changes rma->lines.items in
 * place.
 */
bool cxr_rma_derive(cxr_rma_t *rma);

/* ---- a new RMA ---- */

uint8_t cxr_rma_kind(const cxr_rma_ask_t *ask, const cxr_rma_t *rma);
/* does anything of it come back? */
bool cxr_rma_needs_box(const cxr_rma_t *rma);
/* shares a fee of the whole RMA among its lines */
cxr_rc_t cxr_rma_flat_fee(cxr_rma_t *rma, cxr_money_t fee, cxr_arena_t *a);

/* ---- the table ---- */

/* has the verb a row of its own that begins at one of the line's facts? */
bool cxr_line_movable(const cxr_rma_line_t *l, unsigned verb);

/* ---- which lines a command means, cxr_rma_targets.c ---- */

cxr_rma_line_t *cxr_rma_item(const cxr_rma_t *rma, cxr_str_t item);
/* could the verb move that line? */
bool cxr_rma_moves(const cxr_rma_t *rma, unsigned verb,
    const cxr_rma_line_t *l);
/*
 * The items that are meant: the event must say the same when it is read again,
 * whatever has become of the RMA.  Refusals: the verb's, "line_unknown".
 */
cxr_rc_t cxr_rma_targets(const cxr_rma_t *rma, unsigned verb,
    const cxr_strs_t *names, cxr_arena_t *a, cxr_strs_t *items,
    cxr_refusal_t *no);
cxr_rc_t cxr_rma_check_reason(cxr_str_t text, cxr_refusal_t *no);
/* the verb's refusal */
cxr_rc_t cxr_rma_refuse(unsigned verb, const char *where, cxr_refusal_t *no);

/* ---- parcels ---- */

uint8_t cxr_rma_parcels_fact(const cxr_rma_t *rma);
/* the same of those that are not the shopper's word alone */
uint8_t cxr_rma_proven_fact(const cxr_rma_t *rma);
/* of a cancellation, cxr_cancel.c */
cxr_rc_t cxr_rma_apply_overtaken(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_change_t *body);
/* the list with one more, or with one changed, as a new list */
cxr_rc_t cxr_rma_apply_named(cxr_rma_t *rma, const cxr_rma_name_t *body,
    cxr_time_t at, cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_moved(cxr_rma_t *rma, const cxr_rma_move_t *body,
    cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_given(cxr_rma_t *rma, const cxr_rma_name_t *body,
    cxr_arena_t *a);
/* NULL: it has none of that number */
cxr_rma_parcel_t *cxr_rma_parcel(const cxr_rma_t *rma, cxr_str_t carrier,
    cxr_str_t number);

/* ---- what the shop finds and settles, cxr_rma_settle.c ---- */

cxr_rc_t cxr_rma_apply_released(cxr_order_t *order, cxr_rma_t *rma,
    const cxr_release_body_t *body, const cxr_entry_t *entry, cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_received(cxr_rma_t *rma,
    const cxr_rma_receipt_t *body, const cxr_entry_t *entry);
cxr_rc_t cxr_rma_apply_graded(cxr_rma_t *rma,
    const cxr_rma_grading_body_t *body, const cxr_entry_t *entry,
    cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_confirmed(cxr_rma_t *rma,
    const cxr_settle_body_t *body);
cxr_rc_t cxr_rma_apply_failed(cxr_rma_t *rma, const cxr_rma_change_t *body);
cxr_rc_t cxr_rma_apply_words(cxr_rma_t *rma, const cxr_rma_words_t *body,
    bool internal, const cxr_entry_t *entry, cxr_arena_t *a);


/*
 * What is released once the events in "out" hold, appended to them.  "rma" is
 * zeroed when the first of them is rma.created.  Nothing where two people are
 * wanted for it.
 */
cxr_rc_t cxr_rma_release(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out);
/* the same for these items, by staff; an item that failed is told again, and
   the delivery's rest does not wait for other RMAs */
cxr_rc_t cxr_rma_release_items(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_strs_t *items, cxr_str_t reason, cxr_arena_t *a,
    cxr_events_t *out);

/* ---- what the shopper owes, cxr_rma_due.c ---- */

/* what may be said to be paid: of a closed RMA, too */
cxr_money_t cxr_rma_due_limit(const cxr_rma_t *rma);
/* of what was paid and not told to be paid back, what is owed no more */
cxr_money_t cxr_rma_due_excess(const cxr_rma_t *rma);
/* Refusals: "amount_over" (have, want). */
cxr_rc_t cxr_rma_pay(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no);
/* due.to_repay for what is owed no more once the events in "out" hold */
cxr_rc_t cxr_rma_repay(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out);
cxr_rc_t cxr_rma_apply_due(cxr_rma_t *rma, const cxr_event_t *ev);

/* ---- what the delivery cost, cxr_rma_delivery.c ---- */

/* A new RMA's shares, and its rest; the order without it. */
cxr_rc_t cxr_delivery_build(const cxr_order_t *order, cxr_rma_t *rma,
    cxr_arena_t *a);
cxr_rc_t cxr_rma_apply_delivery(cxr_rma_t *rma,
    const cxr_settle_body_t *body);
/* "held": what living RMAs have, and then this line, too. */
void cxr_delivery_reopened(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_rma_line_t *l, cxr_money_t *held);
/* The RMA was made, or lives again: is it who gets a rest? */
void cxr_delivery_candidate(cxr_order_t *order, const cxr_rma_t *rma);
/* Is its rest due once so many units of each line are told?  "others": when
   those of the order's other RMAs are, too. */
bool cxr_delivery_ready(const cxr_order_t *order, const cxr_rma_t *rma,
    const uint32_t *units, bool others);
/* What of the line's refund is a rest that was not told. */
cxr_money_t cxr_delivery_waits(const cxr_rma_t *rma, const cxr_rma_line_t *l);
/* l->delivery of so many units */
bool cxr_line_delivery(cxr_rma_line_t *l, uint32_t units);

/* ---- the order ---- */

/* the units of an RMA's line, out of the order's or back to it */
bool cxr_rma_take(cxr_order_t *order, const cxr_rma_line_t *l);
bool cxr_rma_free(cxr_order_t *order, const cxr_rma_line_t *l);
cxr_order_line_t *cxr_rma_order_line(cxr_order_t *order, cxr_str_t line);
/* goods that were sent become a line of the order, which may come back */
cxr_rc_t cxr_rma_replaced(cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_line_t *l, uint32_t before, cxr_time_t at, cxr_arena_t *a);

/*
 * What cxr_rma_act() decides of APPROVE, DECLINE and REQUEST_INFO, and of
 * CANCEL, whose actor, revision and reason it has looked at.  A cancel is
 * "too_late_to_cancel" once something is on its way, "rma_closed" when the RMA
 * is cancelled, completed or wholly declined.
 */
cxr_rc_t cxr_rma_decide(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, const cxr_rma_by_t *by, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no);
cxr_rc_t cxr_rma_cancel(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_act_t *act, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no);

/* of a decision's lines those that are split, into body->parts; cxr_rma_split.c.
   Refusals: "line_unknown", "line_twice", "quantity_over" (have, want),
   "too_many_lines" (want), the verb's. */
cxr_rc_t cxr_rma_parts(const cxr_rma_t *rma, const cxr_rma_act_t *act,
    cxr_rma_decision_t *body, cxr_arena_t *a, cxr_refusal_t *no);
/* splits them; the RMA gets a list of lines of its own */
cxr_rc_t cxr_rma_apply_parts(const cxr_order_t *order, cxr_rma_t *rma,
    const cxr_rma_decision_t *body, cxr_arena_t *a);

/* one event of the order's aggregate, after those that "out" has of it */
cxr_rc_t cxr_rma_event(const cxr_order_t *order, unsigned kind,
    const void *body, cxr_arena_t *a, cxr_events_t *out);

#endif /* _CXR_RMA_PRIVATE_H_INCLUDED_ */
