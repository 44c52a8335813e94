
/*
 * A text of a catalogue taken apart: literal runs, {name} and plurals.  The
 * template compiler folds these parts into its ops; cxr_lang_format() walks
 * them.
 */

#ifndef _CXR_MESSAGE_H_INCLUDED_
#define _CXR_MESSAGE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

typedef enum {
    CXR_PLURAL_ZERO,
    CXR_PLURAL_ONE,
    CXR_PLURAL_TWO,
    CXR_PLURAL_FEW,
    CXR_PLURAL_MANY,
    CXR_PLURAL_OTHER,
    CXR_PLURALS
} cxr_plural_t;

extern const char *const cxr_plural_names[CXR_PLURALS + 1];

typedef enum {
    CXR_MSG_TEXT,
    CXR_MSG_ARG,       /* {name}                                              */
    CXR_MSG_NUMBER,    /* # in a plural; "text" is the plural's name          */
    CXR_MSG_PLURAL
} cxr_msg_kind_t;

typedef struct cxr_msg_part_s  cxr_msg_part_t;
typedef CXR_LIST_OF(cxr_msg_part_t)  cxr_message_t;

typedef struct {
    bool            is_exact;
    int64_t         exact;       /* =N                                        */
    cxr_plural_t    category;    /* otherwise                                 */
    cxr_message_t   body;
} cxr_msg_case_t;

struct cxr_msg_part_s {
    cxr_msg_kind_t                kind;
    cxr_str_t                     text;     /* the literal, or the name       */
    CXR_LIST_OF(cxr_msg_case_t)   cases;    /* PLURAL: has OTHER              */
};

/*
 * Parts in the arena.  "categories" has a bit for each cxr_plural_t that the
 * language knows.  On failure (CXR_INVALID, CXR_LIMIT, CXR_NOMEM) *at is the
 * byte of the text where, and d->text says what.
 */
cxr_rc_t cxr_message_parse(cxr_str_t text, unsigned categories,
    cxr_arena_t *a, cxr_message_t *msg, size_t *at, cxr_diag_t *d);

/* The case that holds for a number whose category is "category". */
const cxr_msg_case_t *cxr_message_case(const cxr_msg_part_t *plural,
    int64_t n, cxr_plural_t category);

/* Whether {name}, or a plural of that name, is anywhere in it. */
bool cxr_message_uses(const cxr_message_t *msg, cxr_str_t name);

/* The first name that "a" has and "b" lacks; false when there is none. */
bool cxr_message_lacks(const cxr_message_t *a, const cxr_message_t *b,
    cxr_str_t *name);

#endif /* _CXR_MESSAGE_H_INCLUDED_ */
