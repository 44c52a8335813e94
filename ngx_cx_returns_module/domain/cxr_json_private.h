
/*
 * Fields of JSON that orders, products and shop files have in common.
 */

#ifndef _CXR_JSON_PRIVATE_H_INCLUDED_
#define _CXR_JSON_PRIVATE_H_INCLUDED_

#include "cxr_json.h"
#include "cxr_texts.h"

/* a code of ISO 4217 */
bool cxr_jr_currency(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out);
/* two upper-case letters, ISO 3166-1 alpha-2 in form */
bool cxr_is_country(cxr_str_t s);
bool cxr_jr_country(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out);
/* https:// or a path of this host; never what could run or leave the site */
bool cxr_jr_image(cxr_jr_t *r, const char *key, cxr_str_t *out);
bool cxr_jr_email(cxr_jr_t *r, const char *key, cxr_str_t *out);
bool cxr_jr_postcode(cxr_jr_t *r, const char *key, cxr_str_t *out);

/* "2026-11-21": days since 1970-01-01 */
/* "2026-11-21", a day that there is: days since 1970-01-01 */
bool cxr_is_date(cxr_str_t s, int32_t *days);
bool cxr_jr_date(cxr_jr_t *r, const char *key, int flags, int32_t *out);
/* cxr_jr_strs() of at least one, which may stand without its list */
bool cxr_jr_some_strs(cxr_jr_t *r, const char *key, size_t nmax, size_t max,
    int flags, cxr_strs_t *out);
/* names of a NULL-terminated list, at least one, as bits 1 << index; one name
   may stand without its list */
bool cxr_jr_names(cxr_jr_t *r, const char *key, const char *const *names,
    int flags, uint32_t *out);


#endif /* _CXR_JSON_PRIVATE_H_INCLUDED_ */
