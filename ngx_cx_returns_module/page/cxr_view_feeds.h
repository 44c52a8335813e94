
/*
 * staff_feeds.html: what the carriers' feeds want of the operator.  The codes
 * that no rule maps, and the documents that were refused.
 */

#ifndef _CXR_VIEW_FEEDS_H_INCLUDED_
#define _CXR_VIEW_FEEDS_H_INCLUDED_

#include "cxr_quarantine.h"
#include "cxr_store.h"
#include "cxr_view.h"

#define CXR_FEEDS_CODES  200      /* rows of the page; the API has them all   */
#define CXR_FEEDS_DOCS   100

typedef struct {
    cxr_str_t    carrier;         /* "UPS"                                    */
    cxr_str_t    slug;            /* "ups"                                    */
    cxr_str_t    code;
    cxr_str_t    text;
    cxr_str_t    number;          /* of an example                            */
    uint32_t     count;
    cxr_str_t    first;           /* day                                      */
    cxr_str_t    last;
    cxr_str_t    last_iso;
} cxr_view_work_t;

/* a carrier with more codes than stand on the list */
typedef struct {
    cxr_str_t    carrier;
    uint32_t     count;           /* events                                   */
} cxr_view_over_t;

typedef struct {
    cxr_str_t    id;
    cxr_str_t    carrier;
    cxr_str_t    at;
    cxr_str_t    iso;
    cxr_str_t    reason;          /* one sentence in the page's language      */
    uint32_t     line;            /* 0: it is not about one                   */
    uint32_t     refused;         /* records                                  */
    bool         kept;            /* false: the note alone                    */
} cxr_view_doc_t;

typedef struct {
    const cxr_view_page_t  *page;
    CXR_LIST_OF(cxr_view_work_t)  codes;
    bool         has_codes;
    bool         more_codes;
    CXR_LIST_OF(cxr_view_over_t)  over;
    bool         has_over;
    bool         quarantine;      /* there is one                             */
    CXR_LIST_OF(cxr_view_doc_t)  docs;
    bool         has_docs;
    bool         more_docs;
    cxr_str_t    actor;
} cxr_view_staff_feeds_t;

extern const cxr_type_t  cxr_view_staff_feeds_type;

typedef struct {
    const cxr_view_ctx_t   *ctx;
    const cxr_view_page_t  *page;
    cxr_arena_t            *arena;
    cxr_str_t               actor;
    const cxr_works_t      *codes;
    bool                    more_codes;
    const cxr_works_t      *sums;
    bool                    quarantine;
    const cxr_qnotes_t     *docs;
    bool                    more_docs;
} cxr_staff_feeds_t;

/* The codes with most events first. */
cxr_rc_t cxr_view_staff_feeds(const cxr_staff_feeds_t *p,
    cxr_view_staff_feeds_t *view);

/* The desk's menu: page->nav.  "current" is the page that it stands on. */
typedef enum {
    CXR_DESK_LIST = 0,
    CXR_DESK_RECEIVE,
    CXR_DESK_FEEDS,
    CXR_DESK_WITHDRAWALS,
    CXR_DESK_MESSAGES,
    CXR_DESK_SURVEYS,
    CXR_DESK_PAGES
} cxr_desk_page_t;

cxr_rc_t cxr_view_desk_nav(const cxr_view_ctx_t *ctx, unsigned current,
    cxr_arena_t *a, cxr_view_page_t *page);

#endif /* _CXR_VIEW_FEEDS_H_INCLUDED_ */
