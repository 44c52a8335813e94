
/*
 * What falls due.  Nothing in domain/ reads a clock: a thing that is to be
 * looked at again stands in the table "due", under its kind, the time that the
 * kind counts from, and its id; a timer of one process turns what is due by now
 * into commands, which go through the same writer as any other.
 *
 * The table is derived from the journal, so it cannot know how long a shop lets
 * things wait: an entry stands at the time of what happened, and the kind's
 * until() says, from the shop's file, how far back is due now.  Where the event
 * itself names the time (a label's expiry), that is the entry's, and until() is
 * now.
 *
 * A command must look for itself whether it still holds: between reading and
 * writing anything may have happened, and another process may have been first.
 * So nothing is done twice; and since an entry goes only with the event that
 * its command makes, nothing is lost when a process ends in between.  A command
 * that is refused leaves its entry: it is tried again each time, which kinds
 * avoid by not standing there while they cannot be done.
 *
 * To add a kind: append it here (on disk: never renumber), a row to cxr_dues[]
 * with its name, until() and command(), and call cxr_due_move() where its event
 * is applied.
 */

#ifndef _CXR_STORE_DUE_H_INCLUDED_
#define _CXR_STORE_DUE_H_INCLUDED_

#include "cxr_store.h"

typedef enum {
    CXR_DUE_NONE = 0,
    CXR_DUE_ORDER_AGE,         /* order: the last that happened with it; while an
                                  RMA is under way, before that was made       */
    CXR_DUE_STATEMENT_AGE,     /* withdrawal: when it was judged; of one without
                                  an order, when it was declared               */
    CXR_DUE_TALK_AGE,          /* order: the last message                      */
    CXR_DUE_RMA_REMIND,        /* RMA: its label's expiry                      */
    CXR_DUE_RMA_EXPIRY,        /* RMA: the same, when it is over               */
    CXR_DUE_RMA_OVERDUE,       /* RMA: when an instant exchange's goods are
                                  to be on their way                           */
    CXR_DUE_KINDS
} cxr_due_kind_t;

#define CXR_DUE_PAGE_MAX  500      /* entries read, and commands run, at once  */
#define CXR_DUE_RUN_MAX   20000    /* things of a kind that one run does       */

typedef struct {
    uint8_t      kind;         /* cxr_due_kind_t                               */
    cxr_time_t   at;
    cxr_str_t    id;
} cxr_due_t;

typedef CXR_LIST_OF(cxr_due_t)  cxr_dues_t;

/* "order_age"; "?" for none of ours */
const char *cxr_due_name(unsigned kind);

/* Up to when an entry of the kind is due; false: the shop wants none of it. */
bool cxr_due_until(const cxr_shop_t *shop, unsigned kind, cxr_time_t now,
    cxr_time_t *until);

/*
 * Entries of one kind with at <= until, oldest first, at most "max"
 * (1..CXR_DUE_PAGE_MAX), behind "after" unless that is NULL.
 */
cxr_rc_t cxr_read_due(cxr_read_t *rd, const cxr_shop_t *shop, unsigned kind,
    cxr_time_t until, const cxr_due_t *after, unsigned max, cxr_arena_t *a,
    cxr_dues_t *out);

typedef struct {
    uint64_t     done;         /* commands that changed something              */
    uint64_t     refused;      /* and those that may not yet                   */
    uint64_t     failed;
    bool         more;         /* CXR_DUE_RUN_MAX was reached                  */

    /* set by the caller, or NULL: a person was erased, and it is committed;
       "id" is the order's or a withdrawal's */
    void       (*gone)(void *ctx, const cxr_shop_t *shop, cxr_str_t id);
    void        *ctx;
} cxr_due_sum_t;

/*
 * Runs what is due of the shop by now, and gives return codes that are free to
 * RMAs that wait for one; adds to "sum".  Blocks on disk, like
 * cxr_store_run(), whose faults it returns.
 */
cxr_rc_t cxr_due_run(cxr_store_t *store, const cxr_shop_t *shop,
    cxr_time_t now, cxr_due_sum_t *sum);

#endif /* _CXR_STORE_DUE_H_INCLUDED_ */
