
/*
 * What a hand scanner types.  It types as a keyboard of the layout that it was
 * set to at the factory, which is American, and the computer reads that by the
 * layout that it has: on a Turkish one "v4.public" comes as "v4çpublıc" and
 * "R-2345" as "R*2345".  Texts that show that they went that way are read back.
 */

#ifndef _CXR_SCAN_H_INCLUDED_
#define _CXR_SCAN_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

#define CXR_SCAN_MAX  2048         /* bytes, a token's longest                */

typedef enum {
    CXR_SCAN_EMPTY = 0,
    CXR_SCAN_TEXT,             /* a number of some kind                       */
    CXR_SCAN_TOKEN             /* a label's, or what wants to be one          */
} cxr_scan_kind_t;

typedef struct {
    unsigned     kind;         /* cxr_scan_kind_t                             */
    cxr_str_t    text;         /* without the blanks around it                */
    bool         layout;       /* was typed by another layout, and read back  */
} cxr_scan_code_t;

/* CXR_LIMIT: longer than CXR_SCAN_MAX; CXR_INVALID: no UTF-8, or control
   characters in it; CXR_NOMEM. */
cxr_rc_t cxr_scan_read(cxr_str_t typed, cxr_arena_t *a, cxr_scan_code_t *out);

#endif /* _CXR_SCAN_H_INCLUDED_ */
