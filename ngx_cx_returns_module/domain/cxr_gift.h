
/*
 * Gift returns: whoever was given the goods sends them back, and the one who
 * bought them is told nothing of it.
 *
 * - She comes by a link of its own purpose (CXR_LINK_GIFT: a QR code on the
 *   gift receipt, minted by the shop for any order), or, where the shop said of
 *   the order that it is a gift, by its number with the gift's code or the
 *   parcel's postal code.  The postal code of such an order is hers, not the
 *   buyer's: it opens her page and no longer the order's.
 * - She sees goods, never what was paid, nor who bought them; where the shop
 *   marked lines as gifts those alone.
 * - She gets store credit or other goods of the same price, never the buyer's
 *   money: cxr_gift_terms_t.  An exchange is even, since a difference of two
 *   prices would tell one of them.  Nothing is given before the shop has counted
 *   what came: the number and the postal code stand on the parcel for everybody.
 * - What was paid for the delivery is the buyer's; so is the right of
 *   withdrawal, and the guarantee of the law: no floor lies under a gift return.
 * - Who she is, and what she writes, is sealed under a key of her own, which goes
 *   with that of the order, or alone.
 * - The buyer sees that a line can no longer be returned, and nothing else:
 *   neither the RMA, nor its parcels and messages, nor what an exchange gave.
 *   To count a unit twice would be to pay it twice, so that much has to show;
 *   portals that have gift returns let it show as this, too.
 */

#ifndef _CXR_GIFT_H_INCLUDED_
#define _CXR_GIFT_H_INCLUDED_

#include "cxr_policy.h"

/* letters and digits of a gift's code, folded as a postal code is */
#define CXR_GIFT_CODE_MIN  4
#define CXR_GIFT_CODE_MAX  16

/* what a gift return may end in: never the buyer's money */
#define CXR_GIFT_OUTCOMES                                                     \
    ((1u << CXR_OUT_STORE_CREDIT) | (1u << CXR_OUT_EXCHANGE)                  \
     | (1u << CXR_OUT_REPLACEMENT))

/* May the line be returned as a gift: it is one of those that were marked, or
   none was?  What an exchange gave is as the line that it came from. */
bool cxr_gift_line(const cxr_order_t *order, const cxr_order_line_t *line);

/* What of an offer holds of a gift return.  "reason": may be NULL. */
void cxr_gift_offer(const cxr_policy_t *policy, const cxr_reason_t *reason,
    unsigned outcome, cxr_offer_t *offer);

/*
 * May a unit that was sold as "sku" of "own" be exchanged for the variant
 * without anybody paying a difference?  When it costs today what the one that was
 * sold costs today; where that is sold no more, what it did then.
 */
bool cxr_gift_even(const cxr_product_t *own, const cxr_order_line_t *line,
    const cxr_variant_t *variant);

#endif /* _CXR_GIFT_H_INCLUDED_ */
