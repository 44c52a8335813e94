
/*
 * Reports to jobs to commits.
 */

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "cxr_ingest.h"


/* what one refusal takes at the most, every character of it escaped */
#define CXR_INGEST_TOLD_ROOM  8192
/* records looked up in one snapshot of the store */
#define CXR_INGEST_LOOKUPS    256


typedef struct {
    cxr_arena_t         *arena;      /* of its reports; NULL: never used yet  */
    cxr_job_t           *jobs;
    cxr_job_t          **list;
    uint32_t            *weight;     /* records that a job stands for         */
    unsigned             n;
    cxr_report_t        *joined;     /* of the last job, when it may be added
                                        to; NULL: not yet                     */
    uint32_t             room;       /* of its scans                          */
    cxr_time_t           from;       /* its scans' times                      */
    cxr_time_t           to;
} cxr_batch_t;

typedef enum {
    CXR_BATCH_NONE = 0,              /* empty                                 */
    CXR_BATCH_WAITS,                 /* full, no thread has taken it          */
    CXR_BATCH_RUNS                   /* a thread commits it                   */
} cxr_batch_state_t;

struct cxr_ingest_s {
    cxr_ingest_conf_t    conf;
    cxr_feed_t          *feed;
    cxr_read_t          *rd;         /* the parser's, while known records
                                        follow                                */
    unsigned             nread;      /* looked up in it                       */
    uint64_t             nknown;     /* not among the repeated ones yet       */
    cxr_time_t           now;        /* when the piece at hand came           */
    char                 actor[16 + CXR_PROFILE_SLUG_MAX];
    size_t               actor_len;
    cxr_batch_t          batches[2];
    unsigned             filling;    /* reports go there; the parser's own    */
    uint64_t             era;        /* of its arena                          */
    pthread_mutex_t      lock;       /* of all below                          */
    pthread_cond_t       over;       /* a commit is                           */
    cxr_batch_state_t    other;      /* the batch that is not being filled    */
    cxr_rc_t             fault;      /* of a commit: sticky                   */
    cxr_ingest_stats_t   stats;
    cxr_buf_t            told;       /* refused records, as JSON              */
    cxr_jw_t             w;
    unsigned             ntold;
    bool                 closed;     /* the array is                          */
};


static cxr_rc_t cxr_ingest_full(cxr_ingest_t *in);
static void cxr_ingest_unread(cxr_ingest_t *in);


static cxr_arena_t *
cxr_ingest_arena(void *ctx)
{
    cxr_batch_t   *b;
    cxr_ingest_t  *in = ctx;

    b = &in->batches[in->filling];

    if ((b->n == in->conf.batch
         || cxr_arena_used(b->arena) > CXR_INGEST_FLUSH)
        && cxr_ingest_full(in) != CXR_OK)
    {
        return NULL;
    }

    return in->batches[in->filling].arena;
}


/* ---- records of one parcel that follow each other ---- */

static void
cxr_ingest_span(const cxr_report_t *r, cxr_time_t *from, cxr_time_t *to)
{
    uint32_t    i;
    cxr_time_t  at;

    for (i = 0; i < r->scans.n; i++) {
        at = r->scans.items[i].at;

        if (at == CXR_TIME_NONE) {
            continue;
        }

        *from = *from == CXR_TIME_NONE || at < *from ? at : *from;
        *to = at > *to ? at : *to;
    }
}


/*
 * Do the two say the same of the parcel, but for their scans?  Since a parcel is
 * what the set of its scans makes it, they are one report then.  A header is
 * weighed against the scans that it came with, so that it stays with them.
 */
static bool
cxr_ingest_alike(const cxr_report_t *a, const cxr_report_t *b)
{
    return cxr_str_eq(a->number, b->number)
           && cxr_str_eq(a->reference, b->reference)
           && cxr_str_eq(a->unique, b->unique)
           && cxr_str_eq(a->order, b->order)
           && cxr_str_eq(a->service, b->service)
           && cxr_str_eq(a->return_number, b->return_number)
           && cxr_str_eq(a->partner, b->partner)
           && cxr_str_eq(a->partner_number, b->partner_number)
           && a->day == b->day
           && a->pieces == b->pieces
           && a->eta_from == b->eta_from
           && a->eta_to == b->eta_to
           && a->eta_offset == b->eta_offset
           && a->eta_precision == b->eta_precision
           && a->pickup_until == b->pickup_until
           && a->pickup_offset == b->pickup_offset
           && a->pickup_precision == b->pickup_precision
           && cxr_str_eq(a->pickup_point, b->pickup_point)
           && cxr_str_eq(a->pickup_hours, b->pickup_hours)
           && a->header_code.len == 0 && b->header_code.len == 0
           && a->header_status == CXR_SHIP_UNKNOWN
           && b->header_status == CXR_SHIP_UNKNOWN;
}


/* CXR_AGAIN: the record is one of its own */
static cxr_rc_t
cxr_batch_join(cxr_batch_t *b, const cxr_report_t *report)
{
    uint32_t             room;
    cxr_scan_t          *items;
    cxr_time_t           from = b->from, to = b->to;
    const cxr_report_t  *last;

    last = b->n > 0 ? b->jobs[b->n - 1].u.feed.report : NULL;

    if (last == NULL || !cxr_ingest_alike(last, report)
        || last->scans.n != b->weight[b->n - 1] || report->scans.n != 1
        || last->scans.n == CXR_SCANS_MAX)
    {
        return CXR_AGAIN;
    }

    /* a number that was used again is not joined with what it was before */

    cxr_ingest_span(report, &from, &to);

    if (to - from > CXR_NUMBER_REUSE) {
        return CXR_AGAIN;
    }

    if (b->joined == NULL) {
        b->joined = cxr_alloc(b->arena, sizeof(cxr_report_t));
        if (b->joined == NULL) {
            return CXR_NOMEM;
        }

        *b->joined = *last;
        b->room = last->scans.n;
    }

    last = b->joined;

    if (last->scans.n == b->room) {
        room = 2 * b->room;
        items = cxr_alloc(b->arena, room * sizeof(cxr_scan_t));
        if (items == NULL) {
            b->joined = NULL;
            return CXR_NOMEM;
        }

        memcpy(items, last->scans.items, last->scans.n * sizeof(cxr_scan_t));
        b->joined->scans.items = items;
        b->room = room;
    }

    b->joined->scans.items[b->joined->scans.n++] = report->scans.items[0];
    b->jobs[b->n - 1].u.feed.report = b->joined;
    b->weight[b->n - 1]++;
    b->from = from;
    b->to = to;

    return CXR_OK;
}


static cxr_rc_t
cxr_ingest_report(void *ctx, const cxr_report_t *report, cxr_arena_t *arena)
{
    cxr_rc_t          rc;
    cxr_job_t        *job;
    cxr_batch_t      *b;
    cxr_ingest_t     *in = ctx;

    b = &in->batches[in->filling];

    rc = cxr_batch_join(b, report);
    if (rc != CXR_AGAIN) {
        return rc;
    }

    b->joined = NULL;
    b->from = CXR_TIME_NONE;
    b->to = CXR_TIME_NONE;
    cxr_ingest_span(report, &b->from, &b->to);

    job = &b->jobs[b->n];
    b->list[b->n] = job;
    b->weight[b->n] = 1;
    b->n++;

    /* what comes of it is set when it is run */

    memset(job, 0, offsetof(cxr_job_t, rc));

    job->shop = in->conf.shop;
    job->arena = arena;
    job->now = in->now;
    job->kind = CXR_CMD_SHIPMENT_REPORT;
    job->u.feed.report = report;
    job->u.feed.unknown = in->conf.unknown;
    job->actor_kind = CXR_ACTOR_CARRIER;
    job->actor = cxr_strn(in->actor, in->actor_len);

    return CXR_OK;
}


/* A snapshot keeps pages from being reused: it is never held for long. */
static void
cxr_ingest_unread(cxr_ingest_t *in)
{
    if (in->rd == NULL) {
        return;
    }

    cxr_read_end(in->rd);
    in->rd = NULL;

    (void) pthread_mutex_lock(&in->lock);
    in->stats.repeated += in->nknown;
    (void) pthread_mutex_unlock(&in->lock);

    in->nknown = 0;
}


/*
 * What stands in the store is all that counts here: a record of a batch at hand
 * that tells more of the parcel cannot make this one news again.
 */
static bool
cxr_ingest_known(void *ctx, cxr_str_t number, size_t at, cxr_str_t digest,
    cxr_str_t *kept)
{
    cxr_ingest_t  *in = ctx;

    if (in->rd != NULL && in->nread == CXR_INGEST_LOOKUPS) {
        cxr_ingest_unread(in);
    }

    if (in->rd == NULL) {
        in->nread = 0;

        if (cxr_read_begin(in->conf.store, &in->rd) != CXR_OK) {
            in->rd = NULL;
            return false;
        }
    }

    in->nread++;

    if (!cxr_read_digest(in->rd, in->conf.shop,
                         cxr_profile_carrier(in->conf.profile), number, at,
                         digest, kept))
    {
        return false;
    }

    in->nknown++;

    return true;
}


static void
cxr_ingest_tell(cxr_ingest_t *in, uint64_t record, unsigned line,
    cxr_str_t number, const char *code, cxr_fault_t fault, cxr_str_t text)
{
    if (in->ntold == CXR_INGEST_TOLD || in->closed
        || in->told.len > CXR_INGEST_TOLD_BYTES - CXR_INGEST_TOLD_ROOM)
    {
        return;
    }

    in->ntold++;

    cxr_jw_open(&in->w, NULL, '{');

    if (record) {
        cxr_jw_uint(&in->w, "record", record);
    }

    if (line) {
        cxr_jw_uint(&in->w, "line", line);
    }

    if (number.len) {
        cxr_jw_str(&in->w, "number", number);
    }

    cxr_jw_strz(&in->w, "code", code);

    if (fault != CXR_FAULT_NONE) {
        cxr_jw_strz(&in->w, "class", cxr_fault_names[fault]);
    }

    cxr_jw_str(&in->w, "detail", text);
    cxr_jw_close(&in->w);
}


static void
cxr_ingest_refused(void *ctx, const cxr_feed_refusal_t *no)
{
    cxr_ingest_t  *in = ctx;

    (void) pthread_mutex_lock(&in->lock);

    in->stats.refused++;

    if (no->fault == CXR_FAULT_NONE) {
        in->stats.unread++;

        if (in->conf.on_unread != NULL) {
            in->conf.on_unread(in->conf.ctx, no->record);
        }
    }

    cxr_ingest_tell(in, no->record, no->line, no->number, no->code, no->fault,
                    no->text);

    (void) pthread_mutex_unlock(&in->lock);
}


static void
cxr_ingest_result(cxr_ingest_t *in, const cxr_job_t *job, uint32_t records)
{
    uint32_t  news;

    in->stats.skipped += job->skipped;

    if (job->rc == CXR_OK) {
        if (job->changed) {
            /* of records that were joined each has one scan */
            news = records > 1 && job->news < records ? job->news : records;
            news = news ? news : 1;
            in->stats.stored += news;
            in->stats.repeated += records - news;
        } else {
            in->stats.repeated += records;
        }

        return;
    }

    if (cxr_ingest_ours(job->rc) && in->fault == CXR_OK) {
        in->fault = job->rc;
    }

    in->stats.refused += records;

    if (job->rc == CXR_REFUSED && job->u.feed.report->number.len == 0) {
        in->stats.unplaced += records;
    }

    cxr_ingest_tell(in, 0, 0, job->u.feed.report->number,
                    job->rc == CXR_REFUSED ? job->refusal.code
                                           : cxr_rc_name(job->rc),
                    CXR_FAULT_NONE, job->rc == CXR_REFUSED ? cxr_strz(job->refusal.text)
                                           : cxr_str("was not stored"));
}


static cxr_rc_t
cxr_ingest_fault(cxr_ingest_t *in)
{
    cxr_rc_t  rc;

    (void) pthread_mutex_lock(&in->lock);
    rc = in->fault;
    (void) pthread_mutex_unlock(&in->lock);

    return rc;
}


/* after one that failed none is committed: what is stored has no gap */
static void
cxr_ingest_run(cxr_ingest_t *in, cxr_batch_t *b)
{
    unsigned  i;
    cxr_rc_t  rc;

    if (cxr_ingest_fault(in) != CXR_OK) {
        return;
    }

    rc = cxr_store_run(in->conf.store, b->list, b->n);

    (void) pthread_mutex_lock(&in->lock);

    if (rc != CXR_OK && in->fault == CXR_OK) {
        in->fault = rc;
    }

    in->stats.commits++;

    for (i = 0; i < b->n; i++) {
        cxr_ingest_result(in, &b->jobs[i], b->weight[i]);
    }

    (void) pthread_mutex_unlock(&in->lock);

    b->n = 0;
    b->joined = NULL;
    cxr_arena_reset(b->arena);

    if (in->conf.on_commit != NULL) {
        in->conf.on_commit(in->conf.ctx);
    }
}


/* Commits the batch that waits, if any; "wait": and one that runs is over. */
static void
cxr_ingest_settle(cxr_ingest_t *in, bool wait)
{
    bool          waits;
    cxr_batch_t  *b;

    (void) pthread_mutex_lock(&in->lock);

    while (wait && in->other == CXR_BATCH_RUNS) {
        (void) pthread_cond_wait(&in->over, &in->lock);
    }

    waits = in->other == CXR_BATCH_WAITS;

    /* while it runs the parser does not turn to it: the place is its own */

    b = &in->batches[!in->filling];

    if (waits) {
        in->other = CXR_BATCH_RUNS;
    }

    (void) pthread_mutex_unlock(&in->lock);

    if (!waits) {
        return;
    }

    cxr_ingest_run(in, b);

    (void) pthread_mutex_lock(&in->lock);
    in->other = CXR_BATCH_NONE;
    (void) pthread_cond_broadcast(&in->over);
    (void) pthread_mutex_unlock(&in->lock);
}


/* all that is whole, in its order */
static cxr_rc_t
cxr_ingest_flush(cxr_ingest_t *in)
{
    cxr_batch_t  *b = &in->batches[in->filling];

    cxr_ingest_settle(in, true);

    if (b->n != 0) {
        cxr_ingest_run(in, b);
        in->era++;
    }

    return cxr_ingest_fault(in);
}


static bool
cxr_batch_open(cxr_batch_t *b, unsigned size)
{
    if (b->arena == NULL) {
        b->arena = cxr_arena_create(CXR_INGEST_ARENA);
        b->jobs = malloc(size * sizeof(cxr_job_t));
        b->list = malloc(size * sizeof(cxr_job_t *));
        b->weight = malloc(size * sizeof(uint32_t));
    }

    return b->arena != NULL && b->jobs != NULL && b->list != NULL
           && b->weight != NULL;
}


static void
cxr_batch_close(cxr_batch_t *b)
{
    if (b->arena != NULL) {
        cxr_arena_destroy(b->arena);
    }

    free(b->jobs);
    free(b->list);
    free(b->weight);
}


/* the batch that is filled is full: another, empty one is there afterwards */
static cxr_rc_t
cxr_ingest_full(cxr_ingest_t *in)
{
    /* who writes, or waits for who writes, must hold none */

    cxr_ingest_unread(in);

    if (!in->conf.ahead
        || !cxr_batch_open(&in->batches[!in->filling], in->conf.batch))
    {
        return cxr_ingest_flush(in);
    }

    cxr_ingest_settle(in, true);

    (void) pthread_mutex_lock(&in->lock);
    in->filling = !in->filling;
    in->era++;
    in->other = CXR_BATCH_WAITS;
    (void) pthread_mutex_unlock(&in->lock);

    return cxr_ingest_fault(in);
}


bool
cxr_ingest_waits(cxr_ingest_t *in)
{
    bool  waits;

    (void) pthread_mutex_lock(&in->lock);
    waits = in->other == CXR_BATCH_WAITS;
    (void) pthread_mutex_unlock(&in->lock);

    return waits;
}


void
cxr_ingest_commit(cxr_ingest_t *in)
{
    cxr_ingest_settle(in, false);
}


cxr_rc_t
cxr_ingest_open(const cxr_ingest_conf_t *conf, cxr_ingest_t **out)
{
    cxr_rc_t          rc;
    cxr_str_t         slug;
    cxr_ingest_t     *in;
    cxr_feed_sink_t   sink;

    if (conf->batch > CXR_INGEST_BATCH_MAX) {
        return CXR_LIMIT;
    }

    in = calloc(1, sizeof(cxr_ingest_t));
    if (in == NULL) {
        return CXR_NOMEM;
    }

    (void) pthread_mutex_init(&in->lock, NULL);
    (void) pthread_cond_init(&in->over, NULL);

    in->conf = *conf;
    if (in->conf.batch == 0) {
        in->conf.batch = CXR_INGEST_BATCH;
    }

    slug = cxr_profile_carrier(conf->profile);
    memcpy(in->actor, "carrier:", 8);
    memcpy(in->actor + 8, slug.data, slug.len);
    in->actor_len = 8 + slug.len;

    cxr_buf_init(&in->told, CXR_INGEST_TOLD_BYTES);
    cxr_jw_init(&in->w, &in->told);
    cxr_jw_open(&in->w, NULL, '[');

    if (!cxr_batch_open(&in->batches[0], in->conf.batch)) {
        cxr_ingest_close(in);
        return CXR_NOMEM;
    }

    memset(&sink, 0, sizeof(sink));
    sink.ctx = in;
    sink.arena = cxr_ingest_arena;
    sink.known = cxr_ingest_known;
    sink.on_report = cxr_ingest_report;
    sink.on_refused = cxr_ingest_refused;
    sink.era = &in->era;
    in->era = 1;

    rc = cxr_feed_open(conf->profile, conf->limits, conf->charset, &sink,
                       &in->feed);

    if (rc == CXR_OK) {
        rc = cxr_feed_request(in->feed, conf->number);
    }

    if (rc != CXR_OK) {
        cxr_ingest_close(in);
        return rc;
    }

    *out = in;

    return CXR_OK;
}


cxr_rc_t
cxr_ingest_push(cxr_ingest_t *in, const void *data, size_t len)
{
    cxr_rc_t          rc, stored;
    struct timespec   ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);
    in->now = (cxr_time_t) ts.tv_sec * CXR_SECOND + ts.tv_nsec / 1000000;

    rc = data != NULL ? cxr_feed_push(in->feed, data, len)
                      : cxr_feed_finish(in->feed);

    cxr_ingest_unread(in);

    if (data == NULL || rc != CXR_OK) {

        /* what was whole is kept, whatever comes after it */

        stored = cxr_ingest_flush(in);

        if (rc == CXR_OK) {
            rc = stored;
        }
    }

    /* a feed that got no arena since the store failed: that is the reason */

    stored = rc != CXR_OK ? cxr_ingest_fault(in) : CXR_OK;

    return stored != CXR_OK ? stored : rc;
}


cxr_rc_t
cxr_ingest_charset(cxr_ingest_t *in, cxr_str_t charset)
{
    return cxr_feed_charset(in->feed, charset);
}


void
cxr_ingest_close(cxr_ingest_t *in)
{
    if (in == NULL) {
        return;
    }

    cxr_feed_close(in->feed);
    cxr_ingest_unread(in);

    cxr_batch_close(&in->batches[0]);
    cxr_batch_close(&in->batches[1]);
    (void) pthread_cond_destroy(&in->over);
    (void) pthread_mutex_destroy(&in->lock);
    cxr_buf_free(&in->told);
    free(in);
}


const cxr_feed_t *
cxr_ingest_feed(const cxr_ingest_t *in)
{
    return in->feed;
}


const cxr_ingest_stats_t *
cxr_ingest_stats(const cxr_ingest_t *in)
{
    return &in->stats;
}


bool
cxr_ingest_ours(cxr_rc_t rc)
{
    return rc != CXR_OK && rc != CXR_REFUSED && rc != CXR_NOTFOUND
           && rc != CXR_INVALID && rc != CXR_LIMIT && rc != CXR_FORGED;
}


cxr_str_t
cxr_ingest_told(cxr_ingest_t *in)
{
    if (!in->closed) {
        cxr_jw_close(&in->w);
        in->closed = true;
    }

    return cxr_buf_ok(&in->told) ? cxr_buf_str(&in->told) : cxr_str("");
}
