
/*
 * Lists of people that the API changes: events and what is sealed of an entry.
 *
 * Who stands on one is in no key, id or event: an entry has an id that says when
 * it was made and is random otherwise, and is sealed under a key of its own, so
 * that taking it off is erasing it.
 */

#ifndef _CXR_LIST_H_INCLUDED_
#define _CXR_LIST_H_INCLUDED_

#include "cxr_event.h"
#include "cxr_policy.h"

#define CXR_LIST_CHANGES_MAX   200   /* of one command, each way               */
#define CXR_LIST_CUSTOMER_MAX  300   /* bytes                                  */
#define CXR_LIST_WHY_MAX       200   /* bytes                                  */
#define CXR_LIST_ID_LEN        22    /* hex: 6 bytes of ms, 5 that are random  */

/* an entry, sealed */
typedef struct {
    cxr_str_t    customer;     /* as it was sent                               */
    cxr_str_t    why;          /* or empty                                     */
} cxr_on_list_t;

extern const cxr_type_t  cxr_on_list_type;

/* Body of list.changed: "removed" first, then "added". */
typedef struct {
    cxr_str_t    id;
    cxr_str_t    box;
} cxr_list_add_t;

typedef struct {
    cxr_str_t    list;
    cxr_strs_t   removed;      /* ids                                          */
    CXR_LIST_OF(cxr_list_add_t)  added;
} cxr_list_change_t;

extern const cxr_type_t  cxr_list_change_type;

/* What one is to have, or not to have any more. */
typedef struct {
    cxr_str_t    item;         /* as cxr_people_item() says                    */
    cxr_on_list_t who;
} cxr_list_in_t;

typedef struct {
    cxr_str_t    list;
    CXR_LIST_OF(cxr_list_in_t)  add;
    cxr_strs_t   items;        /* to be taken off                              */
    cxr_strs_t   ids;          /* to be taken off                              */
} cxr_list_ask_t;

void cxr_list_id(cxr_time_t at, const uint8_t random[5],
    char out[CXR_LIST_ID_LEN]);
bool cxr_is_list_id(cxr_str_t s);

/* The list of that name that the API may change, or NULL. */
const cxr_people_t *cxr_list_named(const cxr_policy_t *policy,
    cxr_str_t name);

#endif /* _CXR_LIST_H_INCLUDED_ */
