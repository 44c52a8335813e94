
/*
 * A push at work.  Private to the files cxr_push*.c.
 */

#ifndef _CXR_PUSH_TYPES_H_INCLUDED_
#define _CXR_PUSH_TYPES_H_INCLUDED_

#include "cxr_push_private.h"

#define CXR_PUSH_LEAD  256     /* bytes in which an XML declaration ends      */

/* a query's parameters, decoded; of two of a name the first counts */
typedef struct {
    cxr_strs_t           names;
    cxr_strs_t           values;
} cxr_query_t;

struct cxr_push_s {
    cxr_push_conf_t          conf;
    const cxr_push_rules_t  *rules;       /* NULL: the body is the document   */
    cxr_arena_t             *arena;
    cxr_query_t              query;
    cxr_str_t                charset;
    cxr_str_t               *kept;        /* fields                           */
    cxr_str_t                given[CXR_SOURCES_MAX + CXR_AUTHS_MAX];
    cxr_pick_t              *pick;
    uint8_t                 *unread;      /* by record                        */
    bool                     guarded;
    bool                     asked;       /* the query is the document        */
    bool                     sifting;     /* values only, nothing is given on */
    bool                     picked;
    bool                     led;
    size_t                   nlead;
    char                     lead[CXR_PUSH_LEAD];
    int                      fd;
    uint64_t                 bytes;       /* in it                            */
    cxr_rc_t                 rc;
    cxr_push_end_t           end;
    char                     detail[120];
    cxr_envelope_t           envelope;
};

/* cxr_push_query.c */
cxr_rc_t cxr_query_parse(cxr_arena_t *a, cxr_str_t s, cxr_query_t *out);
cxr_str_t cxr_query_find(const cxr_query_t *q, cxr_str_t name);
void cxr_query_document(const cxr_query_t *q, cxr_str_t root, cxr_buf_t *out);

#endif /* _CXR_PUSH_TYPES_H_INCLUDED_ */
