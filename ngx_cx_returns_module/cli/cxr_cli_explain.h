
/*
 * What the files of "feed explain" share.
 */

#ifndef _CXR_CLI_EXPLAIN_H_INCLUDED_
#define _CXR_CLI_EXPLAIN_H_INCLUDED_

#include "cxr_cli_feed.h"

typedef struct {
    cxr_str_t    table;
    cxr_str_t    code;
    cxr_str_t    text;
    uint64_t     count;
    uint64_t     record;            /* the first                              */
    const char  *file;
} cxr_unmapped_t;

typedef struct {
    const cxr_profile_t  *profile;
    const char           *file;
    cxr_str_t             number;
    bool                  json;
    bool                  brief;    /* a line for each scan, and no more      */
    char                  last[72]; /* brief: the number that was told of     */
    cxr_arena_t          *arena;    /* of reports                             */
    cxr_arena_t          *scratch;  /* of one line                            */
    cxr_arena_t          *kept;     /* of the codes                           */
    cxr_buf_t             line;
    CXR_LIST_OF(cxr_unmapped_t)  codes;
    uint64_t              more;     /* scans whose codes were too many        */
    uint64_t              untimed;  /* times that no format reads             */
    cxr_str_t             first_time;      /* the first of them: its text,    */
    const char           *first_file;      /* file, record, and the line of   */
    uint64_t              first_record;    /* the profile                     */
    unsigned              first_line;
} cxr_explain_t;

/* A carrier's text cannot move the cursor of who reads it.  In x->scratch. */
const char *cxr_explain_text(cxr_explain_t *x, cxr_str_t s);


/* ---- cxr_cli_explain_parcel.c: in brief ---- */

/* what is told of the parcel besides its scans */
void cxr_explain_facts(cxr_explain_t *x, const cxr_report_t *r);
/* a line for each, the earliest first; "arena" for their order */
void cxr_explain_scans(cxr_explain_t *x, const cxr_report_t *r,
    cxr_arena_t *arena);

#endif /* _CXR_CLI_EXPLAIN_H_INCLUDED_ */
