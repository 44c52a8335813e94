
/*
 * A country as it stands on a parcel.
 */

#ifndef _CXR_COUNTRY_H_INCLUDED_
#define _CXR_COUNTRY_H_INCLUDED_

#include "cxr_arena.h"

/*
 * The name of an ISO 3166 country as the last row of an address abroad has it:
 * in capitals, in the label's language and in English, which the posts of the
 * world read (UPU S42).  The code itself when ICU knows no name; data is NULL
 * when out of memory.
 */
cxr_str_t cxr_country_name(cxr_str_t lang, cxr_str_t country, cxr_arena_t *a);

#endif /* _CXR_COUNTRY_H_INCLUDED_ */
