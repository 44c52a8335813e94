
/*
 * Texts of a view in the shop's language, zone and currency, made one after
 * another: running out of memory is remembered, so that a view is filled in
 * plainly and asks once, at the end.
 */

#ifndef _CXR_SAY_H_INCLUDED_
#define _CXR_SAY_H_INCLUDED_

#include "cxr_portal_form.h"
#include "cxr_rma_act.h"
#include "cxr_view.h"

typedef struct {
    const cxr_view_ctx_t  *ctx;
    cxr_arena_t           *a;
    bool                   failed;    /* no memory: the view is of no use     */
} cxr_say_t;

/* One row of a table of money. */
typedef struct {
    cxr_str_t    text;
    cxr_str_t    amount;
} cxr_view_sum_t;

typedef CXR_LIST_OF(cxr_view_sum_t)  cxr_view_sums_t;

extern const cxr_type_t  cxr_view_sum_type;

static inline cxr_say_t
cxr_say_to(const cxr_view_ctx_t *ctx, cxr_arena_t *a)
{
    return (cxr_say_t) { ctx, a, false };
}

static inline cxr_rc_t
cxr_say_rc(const cxr_say_t *s)
{
    return s->failed ? CXR_NOMEM : CXR_OK;
}

/* The text of a key, empty when there is none; with placeholders filled in. */
cxr_str_t cxr_say(cxr_say_t *s, const char *key);
cxr_str_t cxr_say_with(cxr_say_t *s, const char *key, const cxr_arg_t *args,
    size_t n);
/* The text of "<prefix><name>": "rma.status." and "approved" */
cxr_str_t cxr_say_name(cxr_say_t *s, const char *prefix, const char *name);

cxr_str_t cxr_say_money(cxr_say_t *s, cxr_str_t currency, cxr_money_t amount);
/* the same, but nothing for 0 */
cxr_str_t cxr_say_some(cxr_say_t *s, cxr_str_t currency, cxr_money_t amount);
/* bytes as megabytes: cxr_i18n_megabytes() */
cxr_str_t cxr_say_mb(cxr_say_t *s, uint64_t bytes);
cxr_str_t cxr_say_date(cxr_say_t *s, cxr_time_t at, cxr_date_style_t style);
/* for <time datetime>: "2026-11-22T09:30:00Z" */
cxr_str_t cxr_say_iso(cxr_say_t *s, cxr_time_t at);
cxr_str_t cxr_say_url(cxr_say_t *s, cxr_str_t path, const char *more);
cxr_str_t cxr_say_join(cxr_say_t *s, cxr_str_t a, const char *between,
    cxr_str_t b);
/* room for n items of a list that a view fills itself; NULL: remembered */
void *cxr_say_room(cxr_say_t *s, uint32_t n, size_t size);
void *cxr_say_push(cxr_say_t *s, void *list, size_t size);

/*
 * Why not: of a fault or refusal, with its numbers and dates.  A code without a
 * text of its own says "refusal.other", so it is never empty.
 */
cxr_str_t cxr_say_why(cxr_say_t *s, cxr_str_t key, int64_t have, int64_t want,
    cxr_time_t when);
cxr_str_t cxr_say_refusal(cxr_say_t *s, const cxr_refusal_t *no);
cxr_str_t cxr_say_fault(cxr_say_t *s, const cxr_portal_fault_t *fault);

/* A reason by its code: the policy's own words, else "reason.<code>", else the
   code (of a reason that the policy has dropped since). */
cxr_str_t cxr_say_reason(cxr_say_t *s, cxr_str_t code);
/* the reason of an RMA's line; who cancels need not give one */
cxr_str_t cxr_say_reason_of(cxr_say_t *s, const cxr_rma_t *rma,
    cxr_str_t code);
/* the same in the shop's first language, for who works there; empty where it
   says no more */
cxr_str_t cxr_say_reason_home(cxr_say_t *s, cxr_str_t code);

/* "rma.status.<name>", and the pill's class for it */
cxr_str_t cxr_say_status(cxr_say_t *s, unsigned status);
/* the same for the shopper: of a cancellation in its own words */
cxr_str_t cxr_say_status_of(cxr_say_t *s, const cxr_rma_t *rma);
cxr_str_t cxr_tone_of_status(unsigned status);

/* What she paid of what she owes, what is open, what goes back; none: empty. */
void cxr_say_payments(cxr_say_t *s, const cxr_rma_t *rma,
    cxr_view_sums_t *rows);
/* The money of a preview or an RMA: the sum of cxr_rma_breakdown(), which the
   API gives too, as rows, and itself in "net"; in "note" when the delivery's
   cost is paid back, where that is not with the rest, else empty. */
void cxr_say_sums(cxr_say_t *s, const cxr_rma_t *rma, cxr_view_sums_t *rows,
    cxr_breakdown_part_t *net, cxr_str_t *note);
/* What "net" comes to: what is paid back, credited, or hers to pay; money and
   credit apart, where no dues are held back from them. */
void cxr_say_totals(cxr_say_t *s, const cxr_rma_t *rma,
    const cxr_breakdown_part_t *net, cxr_view_sums_t *rows);

#endif /* _CXR_SAY_H_INCLUDED_ */
