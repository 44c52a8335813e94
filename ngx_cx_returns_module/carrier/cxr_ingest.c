
/*
 * Reports to jobs to commits.
 */

#include <stdlib.h>
#include <time.h>

#include "cxr_ingest.h"


/* what one refusal takes at the most, every character of it escaped */
#define CXR_INGEST_TOLD_ROOM  8192


struct cxr_ingest_s {
    cxr_ingest_conf_t    conf;
    cxr_feed_t          *feed;
    cxr_arena_t         *arena;      /* of the batch                          */
    cxr_job_t           *jobs;
    cxr_job_t          **list;
    uint32_t            *weight;     /* records that a job stands for         */
    unsigned             n;
    cxr_report_t        *joined;     /* of the last job, when it may be added
                                        to; NULL: not yet                     */
    uint32_t             room;       /* of its scans                          */
    cxr_time_t           from;       /* its scans' times                      */
    cxr_time_t           to;
    cxr_rc_t             fault;      /* of a commit: sticky                   */
    char                 actor[16 + CXR_PROFILE_SLUG_MAX];
    size_t               actor_len;
    cxr_ingest_stats_t   stats;
    cxr_buf_t            told;       /* refused records, as JSON              */
    cxr_jw_t             w;
    unsigned             ntold;
    bool                 closed;     /* the array is                          */
};


static cxr_rc_t cxr_ingest_flush(cxr_ingest_t *in);


static cxr_arena_t *
cxr_ingest_arena(void *ctx)
{
    cxr_ingest_t  *in = ctx;

    if (in->n == in->conf.batch
        || cxr_arena_used(in->arena) > CXR_INGEST_FLUSH)
    {
        if (cxr_ingest_flush(in) != CXR_OK) {
            return NULL;
        }
    }

    return in->arena;
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
           && a->day == b->day
           && a->pieces == b->pieces
           && a->eta_from == b->eta_from
           && a->eta_to == b->eta_to
           && a->eta_offset == b->eta_offset
           && a->eta_precision == b->eta_precision
           && a->header_code.len == 0 && b->header_code.len == 0
           && a->header_status == CXR_SHIP_UNKNOWN
           && b->header_status == CXR_SHIP_UNKNOWN;
}


/* CXR_AGAIN: the record is one of its own */
static cxr_rc_t
cxr_ingest_join(cxr_ingest_t *in, const cxr_report_t *report)
{
    uint32_t             room;
    cxr_scan_t          *items;
    cxr_time_t           from = in->from, to = in->to;
    const cxr_report_t  *last;

    last = in->n > 0 ? in->jobs[in->n - 1].u.feed.report : NULL;

    if (last == NULL || !cxr_ingest_alike(last, report)
        || last->scans.n != in->weight[in->n - 1] || report->scans.n != 1
        || last->scans.n == CXR_SCANS_MAX)
    {
        return CXR_AGAIN;
    }

    /* a number that was used again is not joined with what it was before */

    cxr_ingest_span(report, &from, &to);

    if (to - from > CXR_NUMBER_REUSE) {
        return CXR_AGAIN;
    }

    if (in->joined == NULL) {
        in->joined = cxr_alloc(in->arena, sizeof(cxr_report_t));
        if (in->joined == NULL) {
            return CXR_NOMEM;
        }

        *in->joined = *last;
        in->room = last->scans.n;
    }

    last = in->joined;

    if (last->scans.n == in->room) {
        room = 2 * in->room;
        items = cxr_alloc(in->arena, room * sizeof(cxr_scan_t));
        if (items == NULL) {
            in->joined = NULL;
            return CXR_NOMEM;
        }

        memcpy(items, last->scans.items, last->scans.n * sizeof(cxr_scan_t));
        in->joined->scans.items = items;
        in->room = room;
    }

    in->joined->scans.items[in->joined->scans.n++] = report->scans.items[0];
    in->jobs[in->n - 1].u.feed.report = in->joined;
    in->weight[in->n - 1]++;
    in->from = from;
    in->to = to;

    return CXR_OK;
}


static cxr_rc_t
cxr_ingest_report(void *ctx, const cxr_report_t *report, cxr_arena_t *arena)
{
    cxr_rc_t          rc;
    cxr_job_t        *job;
    cxr_ingest_t     *in = ctx;
    struct timespec   ts;

    rc = cxr_ingest_join(in, report);
    if (rc != CXR_AGAIN) {
        return rc;
    }

    in->joined = NULL;
    in->from = CXR_TIME_NONE;
    in->to = CXR_TIME_NONE;
    cxr_ingest_span(report, &in->from, &in->to);

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    job = &in->jobs[in->n];
    in->list[in->n] = job;
    in->weight[in->n] = 1;
    in->n++;

    memset(job, 0, sizeof(cxr_job_t));

    job->shop = in->conf.shop;
    job->arena = arena;
    job->now = (cxr_time_t) ts.tv_sec * CXR_SECOND + ts.tv_nsec / 1000000;
    job->kind = CXR_CMD_SHIPMENT_REPORT;
    job->u.feed.report = report;
    job->u.feed.unknown = in->conf.unknown;
    job->actor_kind = CXR_ACTOR_CARRIER;
    job->actor = cxr_strn(in->actor, in->actor_len);

    return CXR_OK;
}


static void
cxr_ingest_tell(cxr_ingest_t *in, uint64_t record, unsigned line,
    cxr_str_t number, const char *code, cxr_str_t text)
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
    cxr_jw_str(&in->w, "detail", text);
    cxr_jw_close(&in->w);
}


static void
cxr_ingest_refused(void *ctx, const cxr_feed_refusal_t *no)
{
    cxr_ingest_t  *in = ctx;

    in->stats.refused++;

    if (no->fault == CXR_FAULT_NONE) {
        in->stats.unread++;

        if (in->conf.on_unread != NULL) {
            in->conf.on_unread(in->conf.ctx, no->record);
        }
    }

    cxr_ingest_tell(in, no->record, no->line, no->number, no->code, no->text);
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
                    job->rc == CXR_REFUSED ? cxr_strz(job->refusal.text)
                                           : cxr_str("was not stored"));
}


static cxr_rc_t
cxr_ingest_flush(cxr_ingest_t *in)
{
    unsigned  i;
    cxr_rc_t  rc;

    if (in->n == 0) {
        return in->fault;
    }

    rc = cxr_store_run(in->conf.store, in->list, in->n);

    if (rc != CXR_OK && in->fault == CXR_OK) {
        in->fault = rc;
    }

    in->stats.commits++;

    for (i = 0; i < in->n; i++) {
        cxr_ingest_result(in, &in->jobs[i], in->weight[i]);
    }

    in->n = 0;
    in->joined = NULL;
    cxr_arena_reset(in->arena);

    if (in->conf.on_commit != NULL) {
        in->conf.on_commit(in->conf.ctx);
    }

    return in->fault;
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

    in->arena = cxr_arena_create(CXR_INGEST_ARENA);
    in->jobs = malloc(in->conf.batch * sizeof(cxr_job_t));
    in->list = malloc(in->conf.batch * sizeof(cxr_job_t *));
    in->weight = malloc(in->conf.batch * sizeof(uint32_t));

    if (in->arena == NULL || in->jobs == NULL || in->list == NULL
        || in->weight == NULL)
    {
        cxr_ingest_close(in);
        return CXR_NOMEM;
    }

    memset(&sink, 0, sizeof(sink));
    sink.ctx = in;
    sink.arena = cxr_ingest_arena;
    sink.on_report = cxr_ingest_report;
    sink.on_refused = cxr_ingest_refused;

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
    cxr_rc_t  rc, stored;

    rc = data != NULL ? cxr_feed_push(in->feed, data, len)
                      : cxr_feed_finish(in->feed);

    if (data == NULL || rc != CXR_OK) {

        /* what was whole is kept, whatever comes after it */

        stored = cxr_ingest_flush(in);

        if (rc == CXR_OK) {
            rc = stored;
        }
    }

    /* a feed that got no arena since the store failed: that is the reason */

    return rc != CXR_OK && in->fault != CXR_OK ? in->fault : rc;
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

    if (in->arena != NULL) {
        cxr_arena_destroy(in->arena);
    }

    free(in->jobs);
    free(in->list);
    free(in->weight);
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
