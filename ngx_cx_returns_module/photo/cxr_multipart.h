
/*
 * multipart/form-data (RFC 7578, of RFC 2046 what it needs), whole in memory.
 * Small on purpose: parts are found, their name and whether they are files; a
 * file's name and type are not believed and so not read.
 */

#ifndef _CXR_MULTIPART_H_INCLUDED_
#define _CXR_MULTIPART_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

#define CXR_MULTIPART_PARTS_MAX     1200    /* fields of the largest order */
#define CXR_MULTIPART_HEADER_MAX    2048    /* bytes of a part's headers       */
#define CXR_MULTIPART_BOUNDARY_MAX  70      /* RFC 2046 section 5.1.1          */

typedef struct {
    cxr_str_t    name;        /* in the arena; bytes may be anything           */
    cxr_str_t    value;       /* points into the body                          */
    bool         file;        /* it has a filename, be it empty                */
} cxr_part_t;

typedef CXR_LIST_OF(cxr_part_t)  cxr_parts_t;

/* The boundary in a Content-Type.  CXR_INVALID: there is none, or none that may
   be. */
cxr_rc_t cxr_multipart_boundary(cxr_str_t type, cxr_str_t *boundary);

/*
 * CXR_INVALID: not well formed, or it ends before the last boundary.
 * CXR_LIMIT: too many parts, or too long headers.  CXR_NOMEM.
 */
cxr_rc_t cxr_multipart_parse(cxr_str_t body, cxr_str_t boundary,
    cxr_arena_t *a, cxr_parts_t *parts);

#endif /* _CXR_MULTIPART_H_INCLUDED_ */
