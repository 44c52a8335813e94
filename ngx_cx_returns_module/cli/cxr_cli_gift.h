
/*
 * Gift returns of an order: they are of who was given the goods, so an export
 * for the buyer leaves them out (Regulation (EU) 2016/679 art. 15(4)).
 */

#ifndef _CXR_CLI_GIFT_H_INCLUDED_
#define _CXR_CLI_GIFT_H_INCLUDED_

#include "cxr_cli_world.h"

/* Takes gift returns, and what they gave, out of the order; their numbers are
   added to "gifts", and are in the world's arena. */
cxr_rc_t cxr_cli_gifts(const cxr_cli_world_t *w, cxr_read_t *rd,
    cxr_order_t *order, cxr_strs_t *gifts);

/* Is the entry about one of these? */
bool cxr_cli_of_gift(const cxr_strs_t *gifts, const cxr_entry_t *e,
    cxr_arena_t *a);

bool cxr_cli_strs_have(const cxr_strs_t *ids, cxr_str_t id);

#endif /* _CXR_CLI_GIFT_H_INCLUDED_ */
