
/*
 * Ids that people read: RMA numbers.  The randomness comes in from outside
 * (domain/ must stay pure), so these only format and check.
 */

#ifndef _CXR_ID_H_INCLUDED_
#define _CXR_ID_H_INCLUDED_

#include "cxr_base.h"

/*
 * An RMA number: "R-XXXX-XXXC", seven characters of Crockford's base 32 (no I,
 * L, O, U) that carry 35 random bits (the last 35 of the 5 bytes), and a check
 * character over them: Luhn's method with 32 for 10, since Crockford's own
 * mod 37 has symbols outside the alphabet.  It finds every single mistyped
 * character and nearly all swaps of neighbours.
 */
#define CXR_RMA_ID_LEN  11

void cxr_rma_id_make(const uint8_t random[5], char out[CXR_RMA_ID_LEN]);

/*
 * What a person or scanner gave, brought to the form above: blanks, dashes and
 * case do not matter, nor whether the "R" is there; O reads as 0, I and L as 1.
 * CXR_INVALID: not of the form, or the check character is wrong; "out" is
 * untouched then.
 */
cxr_rc_t cxr_rma_id_parse(cxr_str_t in, char out[CXR_RMA_ID_LEN]);

/*
 * The beginning of one, with its "R" and at least one character more, as above
 * but without a check: "r 7k2m4" gives "R-7K2M-4".  CXR_INVALID otherwise.
 */
cxr_rc_t cxr_rma_id_prefix(cxr_str_t in, char out[CXR_RMA_ID_LEN],
    size_t *len);

#endif /* _CXR_ID_H_INCLUDED_ */
