
/*
 * Group commit: many jobs, one transaction, one flush.
 */

#include <sched.h>
#include <stdlib.h>

#include "cxr_store_private.h"


#define CXR_RUN_BITE   16      /* commands between two yields                 */
#define CXR_RUN_AHEAD  1536    /* bytes of the next report that are asked for */
#define CXR_RUN_LINE   64
#define CXR_RUN_SOON   8       /* reports whose number is asked for           */


static void
cxr_job_reset(cxr_job_t *job)
{
    job->rc = CXR_OK;

    /* who refuses sets all of it: of the rest none is touched */
    job->refusal.code = NULL;
    job->refusal.where[0] = '\0';
    job->refusal.text[0] = '\0';

    job->created = false;
    job->changed = false;
    job->repeated = false;
    job->id = CXR_STR_NONE;
    job->revision = 0;
    job->seq = 0;
    job->skipped = 0;
    job->news = 0;
    job->responded = false;
    job->resolved = false;
    job->took = 0;
}


static void
cxr_jobs_fail(cxr_job_t *const *jobs, size_t n, cxr_rc_t rc)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        cxr_job_reset(jobs[i]);
        jobs[i]->rc = rc;
    }
}


/*
 * The reports of a feed fill more than what is near to the processor, and come
 * here in the order of their keys: while one is worked, the next one is fetched,
 * which stands in one piece with its scans and texts.
 */
static inline __attribute__((always_inline)) void
cxr_run_ahead(cxr_job_t *const *jobs, size_t n, size_t i)
{
    size_t       k;
    const char  *p;

    if (i + 2 < n) {
        __builtin_prefetch(&jobs[i + 2]->kind);
        __builtin_prefetch(&jobs[i + 2]->rc, 1);
    }

    if (i + 1 < n && jobs[i + 1]->kind == CXR_CMD_SHIPMENT_REPORT) {
        p = (const char *) jobs[i + 1]->u.feed.report;

        for (k = 0; k < CXR_RUN_AHEAD; k += CXR_RUN_LINE) {
            __builtin_prefetch(p + k);
        }
    }
}


/*
 * Not CXR_OK: nothing of it was kept, and why.  A large group takes longer than
 * a slice of the scheduler's; where it shares a processor with an event loop,
 * what that serves must not wait until the slice is over.
 */
static cxr_rc_t
cxr_run_txn(cxr_writer_t *w, cxr_job_t *const *jobs, size_t n)
{
    size_t    i;
    cxr_rc_t  rc;

    rc = cxr_writer_begin(w);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < n; i++) {

        if (i % CXR_RUN_BITE == CXR_RUN_BITE - 1) {
            (void) sched_yield();
        }

        cxr_run_ahead(jobs, n, i);
        cxr_job_reset(jobs[i]);
        jobs[i]->rc = cxr_job_run(w, jobs[i]);

        if (w->fault != CXR_OK) {
            rc = w->fault;
            cxr_writer_abort(w);
            return rc;
        }
    }

    if (!w->wrote) {
        cxr_writer_abort(w);
        return CXR_OK;
    }

    return cxr_writer_commit(w);
}


static bool
cxr_is_environment(cxr_rc_t rc)
{
    return rc == CXR_FULL || rc == CXR_IO || rc == CXR_ERROR
           || rc == CXR_AGAIN;
}


/* ERROR before IO before FULL before AGAIN */
static int
cxr_gravity(cxr_rc_t rc)
{
    switch (rc) {
    case CXR_ERROR:
        return 4;
    case CXR_IO:
        return 3;
    case CXR_FULL:
        return 2;
    case CXR_AGAIN:
        return 1;
    default:
        return 0;
    }
}


/*
 * Reports come in the carrier's order, which is none.  By key, parcels that
 * stand on one page are written together: each dirty page costs a flush.
 * Reports of one parcel keep their order.
 */
typedef struct {
    uint64_t              first;     /* the number's first bytes ...         */
    uint64_t              next;      /* ... and those after them: most that
                                        compare need no more                 */
    cxr_job_t            *job;
    size_t                place;
} cxr_sorted_t;


/* Bytes from "at" on as a number that orders as they do. */
static uint64_t
cxr_sort_bytes(cxr_str_t s, size_t at)
{
    uint8_t  b[8] = { 0 };

    if (s.len > at) {
        memcpy(b, s.data + at, s.len - at < 8 ? s.len - at : 8);
    }

    return cxr_be64(b);
}


static int
cxr_report_cmp(const void *one, const void *two)
{
    int                   c;
    const cxr_sorted_t   *a = one, *b = two;
    const cxr_report_t   *ra = a->job->u.feed.report;
    const cxr_report_t   *rb = b->job->u.feed.report;

    if (a->job->shop != b->job->shop
        && a->job->shop->key != b->job->shop->key)
    {
        return a->job->shop->key < b->job->shop->key ? -1 : 1;
    }

    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }

    if (a->next != b->next) {
        return a->next < b->next ? -1 : 1;
    }

    c = cxr_str_cmp(ra->number, rb->number);
    if (c == 0) {
        c = cxr_str_cmp(ra->carrier, rb->carrier);
    }

    return c != 0 ? c : (a->place > b->place) - (a->place < b->place);
}


/* NULL when they are not all reports, or memory is short: then as they came */
static cxr_job_t **
cxr_sort_reports(cxr_job_t *const *jobs, size_t n)
{
    size_t         i;
    cxr_job_t    **out;
    cxr_sorted_t  *s;

    for (i = 0; i < n; i++) {
        if (jobs[i]->kind != CXR_CMD_SHIPMENT_REPORT) {
            return NULL;
        }
    }

    s = malloc(n * sizeof(cxr_sorted_t));
    out = malloc(n * sizeof(cxr_job_t *));

    if (s == NULL || out == NULL) {
        free(s);
        free(out);
        return NULL;
    }

    for (i = 0; i < n; i++) {

        if (i + CXR_RUN_SOON < n) {
            __builtin_prefetch(jobs[i + CXR_RUN_SOON]->u.feed.report);
        }

        s[i].first = cxr_sort_bytes(jobs[i]->u.feed.report->number, 0);
        s[i].next = cxr_sort_bytes(jobs[i]->u.feed.report->number, 8);
        s[i].job = jobs[i];
        s[i].place = i;
    }

    /* carriers list their parcels mostly in order */

    for (i = 1; i < n && cxr_report_cmp(&s[i - 1], &s[i]) <= 0; i++) {
        /* void */
    }

    if (i < n) {
        qsort(s, n, sizeof(cxr_sorted_t), cxr_report_cmp);
    }

    for (i = 0; i < n; i++) {
        out[i] = s[i].job;
    }

    free(s);

    return out;
}


cxr_rc_t
cxr_store_run(cxr_store_t *store, cxr_job_t *const *jobs, size_t n)
{
    size_t             i;
    cxr_rc_t           rc, worst = CXR_OK;
    cxr_job_t        **sorted = NULL;
    cxr_job_t *const  *order = jobs;

    if (n == 0) {
        return CXR_OK;
    }

    if (store->writer == NULL || cxr_store_dead(store)) {
        cxr_jobs_fail(jobs, n, CXR_ERROR);
        return CXR_ERROR;
    }

    if (n > 1) {
        sorted = cxr_sort_reports(jobs, n);
        if (sorted != NULL) {
            order = sorted;
        }
    }

    (void) pthread_mutex_lock(&store->write_lock);

    rc = cxr_run_txn(store->writer, order, n);

    if (rc != CXR_OK && n == 1) {
        cxr_jobs_fail(jobs, 1, rc);
    }

    for (i = 0; rc != CXR_OK && n > 1 && i < n; i++) {
        cxr_rc_t  one;

        one = cxr_store_dead(store) ? CXR_ERROR
                                    : cxr_run_txn(store->writer, &order[i], 1);
        if (one != CXR_OK) {
            cxr_jobs_fail(&order[i], 1, one);
        }
    }

    (void) pthread_mutex_unlock(&store->write_lock);
    free(sorted);

    for (i = 0; i < n; i++) {
        if (cxr_is_environment(jobs[i]->rc)
            && cxr_gravity(jobs[i]->rc) > cxr_gravity(worst))
        {
            worst = jobs[i]->rc;
        }
    }

    return worst;
}
