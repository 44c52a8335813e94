
/*
 * Carriers' return codes: importing them, and how many are left.
 */

#ifndef _CXR_STORE_CODES_H_INCLUDED_
#define _CXR_STORE_CODES_H_INCLUDED_

#include "cxr_store.h"

#define CXR_CODES_TOLD_MAX    100     /* duplicates told by name               */
/* RMAs that one import gives the code they wait for; another import, of nothing
   new if need be, goes on with the rest, and so does cxr_due_run() */
#define CXR_CODES_SERVE_MAX   150
#define CXR_POOL_COUNT_MAX    100000  /* counted exactly up to here            */
#define CXR_POOL_WAITING_TOLD 999     /* RMAs without a code, with a cap of 0  */

/* Records of the table "codes". */
typedef struct {
    cxr_str_t    carrier;
    uint64_t     total;        /* ever imported                                */
    uint64_t     assigned;     /* RMAs that have one                           */
    uint32_t     revision;
    bool         told_low;     /* pool.low since the last import               */
    cxr_time_t   imported_at;
} cxr_pool_t;

typedef struct {
    cxr_str_t    carrier;
    cxr_str_t    code;
    cxr_time_t   expires;
    uint64_t     place;        /* among those that expire with it              */
    cxr_str_t    rma;          /* empty: free                                  */
    cxr_time_t   at;           /* of the last that happened to it              */
} cxr_code_t;

extern const cxr_type_t  cxr_pool_type;
extern const cxr_type_t  cxr_code_type;

/* A pool of the shop's file as it is now. */
typedef struct {
    cxr_pool_t   pool;
    uint32_t     free;         /* that have not expired, up to the cap         */
    uint32_t     low;          /* the shop's threshold                         */
    uint32_t     waiting;      /* RMAs without a code, of any pool             */
} cxr_pool_row_t;

typedef CXR_LIST_OF(cxr_pool_row_t)  cxr_pools_t;

/* "cap": counted so far at the most, CXR_POOL_COUNT_MAX to know; 0: far enough to
   tell what is low and whether any RMA waits. */
cxr_rc_t cxr_read_pools(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_time_t now, uint32_t cap, cxr_arena_t *a, cxr_pools_t *out);

#endif /* _CXR_STORE_CODES_H_INCLUDED_ */
