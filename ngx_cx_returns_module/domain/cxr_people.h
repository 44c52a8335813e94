
/*
 * Lists of people: e-mail addresses, telephone numbers and addresses, a file
 * of the operator's beside the shop's, what the shop's systems put on it by the
 * API (cxr_list.h), or both.  A rule may ask whether a customer stands on one
 * ("customer_list").  Those of a file live in memory in the form in which
 * people are looked up, and go nowhere else: neither into a record, a log nor
 * the policy's version.
 *
 * One of them a line, and behind a comma or semicolon whatever the shop wants
 * to remember of it, which nobody reads:
 *
 *      customer,why
 *      ayse@example.com,chargeback in May
 *      +90 555 000 00 00
 *      "Gül Sokak 12, 34394"
 *      # a line of the operator's own
 *
 * What has an @ is an e-mail address, what is digits (7 or more) and their
 * usual signs a telephone number.  All else is words of an address: they stand
 * in the order's one after another, whatever stands around them.
 */

#ifndef _CXR_PEOPLE_H_INCLUDED_
#define _CXR_PEOPLE_H_INCLUDED_

#include "cxr_order.h"
#include "cxr_text.h"

#define CXR_PEOPLE_FILE_MAX   ((size_t) 8 << 20)
#define CXR_PEOPLE_MAX        100000      /* of one list                       */
#define CXR_PEOPLE_WORDS_MAX  8           /* of an address                     */
#define CXR_PEOPLE_LISTS_MAX  32          /* of a policy: bits of a uint32_t   */
#define CXR_PEOPLE_NAME_MAX   40

/* An item: a letter for what it is (e, p, a), then the folded e-mail address,
   the telephone's last digits, or an address's folded words with a blank
   between them. */
#define CXR_PEOPLE_ITEM_MAX   (1 + CXR_PEOPLE_WORDS_MAX * (CXR_WORD_MAX + 1))

typedef struct {
    cxr_str_t         name;    /* as the rules call it                         */
    cxr_str_t         file;    /* as the shop's file tells it; empty: none     */
    bool              api;     /* the API may change it; its name is a slug    */
    CXR_LIST_OF(cxr_str_t)  items;   /* sorted; see cxr_people.c               */
} cxr_people_t;

/*
 * Fills people->items, each once, in the arena.  CXR_INVALID with the line
 * (from 1) and what is wanted of it, never with what stands there;
 * CXR_LIMIT: more than CXR_PEOPLE_MAX, at that line; CXR_NOMEM.
 */
cxr_rc_t cxr_people_parse(cxr_str_t text, cxr_arena_t *a, cxr_people_t *people,
    uint32_t *line, const char **what);

/* The same of a file.  What is wrong is in "d", with file and line. */
cxr_rc_t cxr_people_load(const char *path, cxr_arena_t *a,
    cxr_people_t *people, cxr_diag_t *d);

/* What one is looked up by.  NULL, or what is wanted of "field". */
const char *cxr_people_item(cxr_str_t field, char out[CXR_PEOPLE_ITEM_MAX],
    size_t *len);

/* Whatever of the person an item may be, one after the other; true when fn()
   said so of one, and ends it. */
bool cxr_people_each(const cxr_person_t *person,
    bool (*fn)(void *ctx, cxr_str_t item), void *ctx);

/* Does the person stand in the list's file? */
bool cxr_people_have(const cxr_people_t *people, const cxr_person_t *person);

#endif /* _CXR_PEOPLE_H_INCLUDED_ */
