
/*
 * What the files that read a shop's file share.
 */

#ifndef _CXR_SHOP_PRIVATE_H_INCLUDED_
#define _CXR_SHOP_PRIVATE_H_INCLUDED_

#include "cxr_json_private.h"
#include "cxr_shop.h"

/* The "policy" of a shop whose languages have been read. */
cxr_rc_t cxr_shop_policy(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults);

/*
 * An object with a text of at most "max" characters for every language of the
 * shop.  CXR_NOMEM only; mistakes are faults.
 */
cxr_rc_t cxr_shop_texts(json_t *json, const char *path, size_t max,
    cxr_arena_t *a, const cxr_shop_t *shop, cxr_texts_t *texts,
    cxr_json_faults_t *faults);

/* a whole number into 32 bits; max <= UINT32_MAX */
bool cxr_jr_u32(cxr_jr_t *r, const char *key, uint32_t min, uint32_t max,
    int flags, uint32_t *out);

#endif /* _CXR_SHOP_PRIVATE_H_INCLUDED_ */
