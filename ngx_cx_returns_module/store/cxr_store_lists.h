
/*
 * Lists of people as the shop's systems change and read them (cxr_list.h).
 *
 * Table "people":
 *
 *   shop 's' list 0            how many stand on it, and its revision
 *   shop 'e' list 0 id         when, by whom, and the sealed entry
 *   shop 'h' list 0 kind hash  the id; a keyed hash of what it is looked up by
 */

#ifndef _CXR_STORE_LISTS_H_INCLUDED_
#define _CXR_STORE_LISTS_H_INCLUDED_

#include "cxr_store.h"

#define CXR_LIST_PAGE_MAX  200

/* one entry; "erased": what it said cannot be read any more */
typedef struct {
    cxr_str_t     id;
    cxr_time_t    at;
    cxr_str_t     by;          /* who put it there                             */
    cxr_on_list_t  who;
    bool          erased;
} cxr_list_entry_t;

typedef CXR_LIST_OF(cxr_list_entry_t)  cxr_list_entries_t;

/* Zeroes where nobody was ever on it. */
cxr_rc_t cxr_read_list_sum(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t list, cxr_arena_t *a, uint32_t *n, uint32_t *revision);
/*
 * Its entries in the order they came in.  "cursor" is opaque, "" to begin; "next"
 * is "" at the end.  limit 1..CXR_LIST_PAGE_MAX.  CXR_INVALID: a bad cursor.
 */
cxr_rc_t cxr_read_list(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t list,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_list_entries_t *out,
    cxr_str_t *next);
/* The entry that is looked up by "item", or CXR_NOTFOUND. */
cxr_rc_t cxr_read_list_item(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t list, cxr_str_t item, cxr_arena_t *a, cxr_list_entry_t *out);
/* Does the person stand on it, in its file or by the API? */
cxr_rc_t cxr_read_listed(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_people_t *list, const cxr_person_t *person, bool *on);

#endif /* _CXR_STORE_LISTS_H_INCLUDED_ */
