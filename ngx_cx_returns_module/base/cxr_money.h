
/*
 * Money is an int64 of minor units (kurus, cents) with an ISO 4217 code beside
 * it.  No floating point anywhere.  |amount| <= CXR_MONEY_MAX, so that sums of
 * a whole order cannot overflow; every operation checks all the same, and what
 * would pass the limit gives false and leaves the result untouched.
 */

#ifndef _CXR_MONEY_H_INCLUDED_
#define _CXR_MONEY_H_INCLUDED_

#include "cxr_base.h"

typedef int64_t  cxr_money_t;

#define CXR_MONEY_MAX  ((cxr_money_t) 1000000000000000)  /* 10^15 minor units */

/*
 * Digits after the point of an ISO 4217 currency (TRY 2, JPY 0, KWD 3), or -1
 * when the code is not one of list one (three upper-case letters).
 */
int cxr_currency_exponent(cxr_str_t code);

/*
 * An amount as people type it: "1250", "1.250,5", "1,250.50", "1 250,50".  The
 * last point or comma is the decimal one when so many digits follow it as the
 * currency may have; others stand between groups of three.  False: it is none,
 * negative, or too large; *amount is untouched.
 */
bool cxr_money_typed(cxr_str_t s, cxr_str_t currency, cxr_money_t *amount);

bool cxr_money_add(cxr_money_t a, cxr_money_t b, cxr_money_t *sum);
bool cxr_money_sub(cxr_money_t a, cxr_money_t b, cxr_money_t *diff);
/* amount * num / den, halves away from zero; den > 0; false on overflow */
bool cxr_money_muldiv(cxr_money_t amount, int64_t num, int64_t den,
    cxr_money_t *out);

/*
 * Shares "total" over n weights by largest remainder: the parts sum to total
 * exactly; equal remainders go to the lower index first.  All weights 0: shared
 * as evenly as can be.  A negative total is shared as its opposite.  False: n
 * is not 1..10000, a weight is negative, or their sum passes INT64_MAX.
 */
bool cxr_money_split(cxr_money_t total, const int64_t *weights, size_t n,
    cxr_money_t *parts);

/*
 * The share of "total" that falls on the units [first, first + count) of
 * "units" equal units, so that over several partial returns no minor unit is
 * lost or gained: share(0, a) + share(a, b) == share(0, a + b).
 */
bool cxr_money_units(cxr_money_t total, uint32_t units, uint32_t first,
    uint32_t count, cxr_money_t *out);

#endif /* _CXR_MONEY_H_INCLUDED_ */
