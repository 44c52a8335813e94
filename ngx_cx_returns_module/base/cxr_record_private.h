
/*
 * What cxr_record.c and cxr_record_old.c share.
 */

#ifndef _CXR_RECORD_PRIVATE_H_INCLUDED_
#define _CXR_RECORD_PRIVATE_H_INCLUDED_

#include "cxr_record.h"

#define CXR_RECORD_MAGIC_LEN  4
#define CXR_RECORD_MAGIC      "CXR2"
#define CXR_RECORD_MAGIC_OLD  "CXR1"


static inline bool
cxr_enum_named(const char *const *names, uint8_t v)
{
    unsigned  i;

    for (i = 0; i <= v; i++) {

        if (names[i] == NULL) {
            return false;
        }
    }

    return true;
}


/*
 * Reads a record of the old format; its header has been looked at, and *obj is
 * zeroed.
 */
cxr_rc_t cxr_rec_decode_old(const cxr_type_t *t, const char *data, size_t len,
    uint16_t version, void *obj, cxr_arena_t *a);

#endif /* _CXR_RECORD_PRIVATE_H_INCLUDED_ */
