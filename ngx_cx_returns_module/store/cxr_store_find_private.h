
/*
 * What keeping "ix_find" and searching in it share.  Nobody outside store/
 * includes this.
 */

#ifndef _CXR_STORE_FIND_PRIVATE_H_INCLUDED_
#define _CXR_STORE_FIND_PRIVATE_H_INCLUDED_

#include "cxr_store_find.h"
#include "cxr_store_private.h"

#define CXR_FIND_TAG_EMAIL   'e'
#define CXR_FIND_TAG_ORDER   'o'
#define CXR_FIND_TAG_PHONE   'p'
#define CXR_FIND_TAG_PARCEL  't'
#define CXR_FIND_TAG_WORD    'w'

/* behind each value, as in ix_rma: ~created, RMA */
#define CXR_FIND_PLACE       (8 + CXR_RMA_ID_LEN)

void cxr_find_hash(const cxr_keyring_t *ring, uint8_t tag, cxr_str_t value,
    uint8_t out[CXR_FIND_HASH]);

/* Up to the place; a number has its zero behind it, a hash needs none. */
static inline void
cxr_dbkey_find(cxr_dbkey_t *k, uint32_t shop, uint8_t tag, cxr_str_t value)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &tag, 1);

    if (tag == CXR_FIND_TAG_ORDER || tag == CXR_FIND_TAG_PARCEL) {
        cxr_dbkey_str0(k, value);
    } else {
        cxr_dbkey_str(k, value);
    }
}

#endif /* _CXR_STORE_FIND_PRIVATE_H_INCLUDED_ */
