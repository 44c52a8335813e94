
/*
 * One store in a process, and group commit: the commands of all requests that
 * arrive while a commit runs are the next commit.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_CHECK_MSEC   30000   /* between looks for stale readers */
#define NGX_CX_RETURNS_OPEN_MSEC    1000    /* between tries to open it        */
#define NGX_CX_RETURNS_TELL_SEC     60      /* between complaints of one kind */
#define NGX_CX_RETURNS_TASK_MSEC    60000   /* a commit that takes longer is
                                               told to the operator            */

/*
 * Clients that have just been answered together ask again together.  A group
 * that began with the first of them would leave the others for the next one,
 * so that two half groups took turns for ever; so while that many are at work,
 * the next group waits for them, but never longer than this.
 */
#define NGX_CX_RETURNS_GATHER_MSEC  1
#define NGX_CX_RETURNS_GATHER_MIN   8       /* at work at once, else no waiting */


/*
 * The task outlives requests and cycles, so it is on the heap.  "event.data"
 * must point to something that looks like a connection (nginx's debug log
 * reads its descriptor).
 */
typedef struct {
    cxr_store_t         *store;         /* NULL: it cannot be used             */
    ngx_cx_returns_main_conf_t  *conf;
    ngx_thread_pool_t   *pool;
    ngx_thread_task_t   *task;
    ngx_connection_t     dummy;
    ngx_queue_t          waiting;       /* ops that no task has taken yet      */
    ngx_uint_t           nwaiting;
    ngx_uint_t           max_queue;
    ngx_uint_t           max_group;
    ngx_int_t            nice;          /* of the pool's threads               */
    ngx_cx_returns_op_t *group[NGX_CX_RETURNS_GROUP_MAX];
    cxr_job_t           *jobs[NGX_CX_RETURNS_GROUP_MAX];
    ngx_uint_t           ngroup;
    cxr_rc_t             rc;            /* of the last run                     */
    uint64_t             usec;          /* it took                             */
    ngx_event_t          check;
    ngx_event_t          open;          /* its timer: to be tried again        */
    ngx_event_t          gather;        /* its timer: no longer than this      */
    ngx_uint_t           expected;      /* were at work when the last one ended */
    unsigned             running:1;
} ngx_cx_returns_writer_t;


static void ngx_cx_returns_writer_post(ngx_cx_returns_writer_t *w);
static void ngx_cx_returns_writer_run(void *data, ngx_log_t *log);
static void ngx_cx_returns_writer_done(ngx_event_t *ev);
static void ngx_cx_returns_writer_gathered(ngx_event_t *ev);
static void ngx_cx_returns_writer_go_on(ngx_cx_returns_writer_t *w);
static void ngx_cx_returns_op_resume(ngx_http_request_t *r);
static void ngx_cx_returns_op_free(void *data);
static void ngx_cx_returns_check_handler(ngx_event_t *ev);
static void ngx_cx_returns_store_open(ngx_cx_returns_writer_t *w,
    ngx_log_t *log);
static void ngx_cx_returns_open_handler(ngx_event_t *ev);


static ngx_cx_returns_writer_t  ngx_cx_returns_writer;


ngx_int_t
ngx_cx_returns_store_init(ngx_cycle_t *cycle, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_cx_returns_writer_t  *w;

    w = &ngx_cx_returns_writer;

    ngx_memzero(w, sizeof(ngx_cx_returns_writer_t));
    ngx_queue_init(&w->waiting);

    w->pool = mcf->pool;
    w->max_queue = mcf->max_queue;
    w->max_group = mcf->group;
    w->nice = mcf->pool_nice;
    w->dummy.fd = (ngx_socket_t) -1;
    w->dummy.log = cycle->log;

    w->task = ngx_calloc(sizeof(ngx_thread_task_t)
                         + sizeof(ngx_cx_returns_writer_t *), cycle->log);
    if (w->task == NULL) {
        return NGX_ERROR;
    }

    w->task->ctx = w;
    w->task->handler = ngx_cx_returns_writer_run;
    w->task->event.data = &w->dummy;
    w->task->event.handler = ngx_cx_returns_writer_done;
    w->task->event.log = cycle->log;

    w->gather.handler = ngx_cx_returns_writer_gathered;
    w->gather.data = &w->dummy;
    w->gather.log = cycle->log;

    w->open.handler = ngx_cx_returns_open_handler;
    w->open.data = &w->dummy;
    w->open.log = cycle->log;
    w->open.cancelable = 1;
    w->conf = mcf;

    ngx_cx_returns_store_open(w, cycle->log);

    if (ngx_worker == 0) {
        w->check.handler = ngx_cx_returns_check_handler;
        w->check.data = &w->dummy;
        w->check.log = cycle->log;
        w->check.cancelable = 1;

        ngx_add_timer(&w->check, NGX_CX_RETURNS_CHECK_MSEC);
    }

    return NGX_OK;
}


/*
 * A worker without a store goes on and answers 503: nginx would start one that
 * exits here again and again, and its other sites would be gone too.  What is
 * wrong with the store is for the operator, who reloads; but readers that are
 * all taken go again.
 */

static void
ngx_cx_returns_store_open(ngx_cx_returns_writer_t *w, ngx_log_t *log)
{
    size_t            n;
    char              text[1024];
    cxr_rc_t          rc;
    cxr_diag_t        d;
    ngx_uint_t        again;
    cxr_store_conf_t  conf;

    ngx_memzero(&conf, sizeof(cxr_store_conf_t));
    ngx_memzero(&d, sizeof(cxr_diag_t));

    conf.dir = (const char *) w->conf->store.data;
    conf.map_size = w->conf->map_size;
    conf.max_readers = w->conf->readers;
    conf.ring = w->conf->ring;
    conf.create = true;

    again = w->open.timedout;
    rc = cxr_store_open(&conf, &w->store, &d);

    if (rc == CXR_OK) {

        if (again) {
            ngx_log_error(NGX_LOG_NOTICE, log, 0,
                          "cx_returns: the store \"%V\" is open now",
                          &w->conf->store);
        }

        return;
    }

    w->store = NULL;

    if (!again) {
        n = cxr_diag_print(&d, text, sizeof(text));
        ngx_log_error(NGX_LOG_EMERG, log, 0,
                      "cx_returns: the store \"%V\" cannot be used: %*s",
                      &w->conf->store, n, text);
    }

    if (rc == CXR_AGAIN) {
        ngx_add_timer(&w->open, NGX_CX_RETURNS_OPEN_MSEC);
    }
}


static void
ngx_cx_returns_open_handler(ngx_event_t *ev)
{
    if (!ngx_exiting) {
        ngx_cx_returns_store_open(&ngx_cx_returns_writer, ev->log);
    }
}


/* The pool's threads have been joined by now: thread pools are a core module. */

void
ngx_cx_returns_store_exit(ngx_cycle_t *cycle)
{
    if (ngx_cx_returns_writer.store != NULL) {
        cxr_store_close(ngx_cx_returns_writer.store);
        ngx_cx_returns_writer.store = NULL;
    }
}


cxr_store_t *
ngx_cx_returns_store(void)
{
    return ngx_cx_returns_writer.store;
}


/* Requests that all find the same are told of once in a while. */

cxr_rc_t
ngx_cx_returns_read_begin(ngx_http_request_t *r, cxr_read_t **rd)
{
    size_t          n;
    char            text[256];
    time_t          now;
    cxr_rc_t        rc;
    cxr_store_t    *store;
    static time_t   told;

    *rd = NULL;
    store = ngx_cx_returns_writer.store;

    if (store == NULL) {
        return CXR_AGAIN;           /* the worker said why when it began */
    }

    rc = cxr_read_begin(store, rd);
    now = ngx_time();

    if (rc == CXR_OK || (told != 0 && now >= told
                         && now - told < NGX_CX_RETURNS_TELL_SEC))
    {
        return rc;
    }

    told = now;
    n = cxr_store_error(store, text, sizeof(text));

    ngx_log_error(NGX_LOG_CRIT, r->connection->log, 0,
                  "cx_returns: the store \"%V\" cannot be read: %*s",
                  &ngx_cx_returns_main(r)->store, n, text);

    return rc;
}


static void
ngx_cx_returns_check_handler(ngx_event_t *ev)
{
    if (ngx_exiting) {
        return;
    }

    if (ngx_cx_returns_writer.store != NULL) {
        (void) cxr_store_check_readers(ngx_cx_returns_writer.store);
    }

    ngx_add_timer(ev, NGX_CX_RETURNS_CHECK_MSEC);
}


ngx_cx_returns_op_t *
ngx_cx_returns_op_create(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t   *cln;
    ngx_cx_returns_op_t  *op;

    op = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_op_t));
    if (op == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    op->arena = ngx_cx_returns_arena_take();
    if (op->arena == NULL) {
        return NULL;
    }

    cln->handler = ngx_cx_returns_op_free;
    cln->data = op;

    op->request = r;
    op->job.arena = op->arena;
    op->job.now = ngx_cx_returns_now();
    op->job.shop = ngx_cx_returns_loc(r)->shop->shop;
    op->job.ring = ngx_cx_returns_ring(r);

    return op;
}


static void
ngx_cx_returns_op_free(void *data)
{
    ngx_cx_returns_op_t  *op = data;

    ngx_cx_returns_arena_give(op->arena);
}


void
ngx_cx_returns_fingerprint(ngx_cx_returns_op_t *op, cxr_str_t key,
    cxr_str_t asked)
{
    u_char  secret[CXR_HASH_LEN];

    cxr_hash(secret, sizeof(secret), key.data, key.len, "fingerprint", 11);
    cxr_hash(op->job.fingerprint, sizeof(op->job.fingerprint), asked.data,
             asked.len, secret, sizeof(secret));
}


ngx_int_t
ngx_cx_returns_op_submit(ngx_cx_returns_op_t *op)
{
    ngx_http_request_t       *r;
    ngx_cx_returns_ctx_t     *ctx;
    ngx_cx_returns_writer_t  *w;

    r = op->request;
    w = &ngx_cx_returns_writer;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);

    if (w->store == NULL || ctx == NULL || ctx->op != NULL) {
        return NGX_ERROR;
    }

    /* "blocked" is 8 bits; and a task of ours belongs to a main request only */

    if (r != r->main || r->main->blocked > 100
        || w->nwaiting >= w->max_queue)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                      "cx_returns: %ui commands wait already "
                      "(cx_returns_max_queue)", w->nwaiting);
        return NGX_ERROR;
    }

    ngx_queue_insert_tail(&w->waiting, &op->queue);
    w->nwaiting++;

    if (!w->running
        && (!w->gather.timer_set || w->nwaiting >= w->expected))
    {
        ngx_cx_returns_writer_post(w);

        if (!w->running) {

            /* refused by the pool: take it back; the others that were gathered
               are told when their time is up, unless the pool has room then */

            ngx_queue_remove(&op->queue);
            w->nwaiting--;

            if (w->nwaiting != 0) {
                ngx_add_timer(&w->gather, NGX_CX_RETURNS_GATHER_MSEC);
            }

            ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
            return NGX_ERROR;
        }
    }

    r->main->blocked++;
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_cx_returns_op_resume;

    ctx->op = op;

    return NGX_OK;
}


static void
ngx_cx_returns_writer_post(ngx_cx_returns_writer_t *w)
{
    ngx_uint_t            n;
    ngx_queue_t          *q;
    ngx_cx_returns_op_t  *op;

    if (w->gather.timer_set) {
        ngx_del_timer(&w->gather);
    }

    n = 0;

    for (q = ngx_queue_head(&w->waiting);
         q != ngx_queue_sentinel(&w->waiting)
         && n < w->max_group;
         q = ngx_queue_next(q))
    {
        op = ngx_queue_data(q, ngx_cx_returns_op_t, queue);

        w->group[n] = op;
        w->jobs[n] = &op->job;
        n++;
    }

    if (n == 0) {
        return;
    }

    w->ngroup = n;

    if (ngx_cx_returns_post(w->pool, w->task) != NGX_OK) {
        return;
    }

    /* the timer keeps a worker that shuts down until the commit is over */

    ngx_add_timer(&w->task->event, NGX_CX_RETURNS_TASK_MSEC);

    w->running = 1;

    while (n--) {
        ngx_queue_remove(&w->group[n]->queue);
        w->nwaiting--;
    }
}


/* in a thread of the pool */

static void
ngx_cx_returns_writer_run(void *data, ngx_log_t *log)
{
    ngx_cx_returns_writer_t  *w = data;

    struct timespec  t0, t1;

    ngx_cx_returns_lower(w->nice);

    clock_gettime(CLOCK_MONOTONIC, &t0);

    w->rc = cxr_store_run(w->store, w->jobs, w->ngroup);

    clock_gettime(CLOCK_MONOTONIC, &t1);

    w->usec = (uint64_t) (t1.tv_sec - t0.tv_sec) * 1000000
              + (t1.tv_nsec - t0.tv_nsec) / 1000;
}


static void
ngx_cx_returns_writer_done(ngx_event_t *ev)
{
    ngx_uint_t                i, n;
    ngx_connection_t         *c;
    ngx_http_request_t       *r;
    ngx_cx_returns_op_t      *op;
    ngx_cx_returns_writer_t  *w;

    static ngx_cx_returns_op_t  *group[NGX_CX_RETURNS_GROUP_MAX];

    w = &ngx_cx_returns_writer;

    if (ev->timedout) {
        ev->timedout = 0;
        ngx_log_error(NGX_LOG_ERR, ev->log, 0,
                      "cx_returns: a commit takes more than %d seconds",
                      NGX_CX_RETURNS_TASK_MSEC / 1000);
        ngx_add_timer(ev, NGX_CX_RETURNS_TASK_MSEC);
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    w->running = 0;

    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMITS, 1);
    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMIT_USEC, w->usec);

    if (w->rc == CXR_FULL) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_STORE_FULL, 1);
    }

    if (w->rc != CXR_OK) {
        ngx_log_error(NGX_LOG_CRIT, ev->log, 0,
                      "cx_returns: a commit failed: %s%s",
                      cxr_rc_name(w->rc),
                      w->rc == CXR_FULL
                      ? ", the store has no room: raise map_size= of "
                        "\"cx_returns_store\" and reload, or free disk space"
                      : "");
    }

    if (cxr_store_dead(w->store) && !ngx_quit) {

        /* a thread died in a transaction: only a new process may go on */

        ngx_log_error(NGX_LOG_ALERT, ev->log, 0,
                      "cx_returns: the store is unusable in this process; "
                      "the worker leaves and another takes its place");
        ngx_quit = 1;
    }

    /* what has come meanwhile is written while these are answered */

    n = w->ngroup;
    ngx_memcpy(group, w->group, n * sizeof(ngx_cx_returns_op_t *));

    w->expected = ngx_min(n + w->nwaiting, w->max_group);

    if (w->expected >= NGX_CX_RETURNS_GATHER_MIN
        && w->nwaiting < w->expected && !ngx_exiting)
    {
        ngx_add_timer(&w->gather, NGX_CX_RETURNS_GATHER_MSEC);

    } else {
        ngx_cx_returns_writer_go_on(w);
    }

    for (i = 0; i < n; i++) {
        op = group[i];
        r = op->request;
        c = r->connection;

        ngx_http_set_log_request(c->log, r);

        r->main->blocked--;

#if (nginx_version >= 1025004)
        if (r->done || r->main->terminated) {
            c->write->handler(c->write);
            continue;
        }
#endif

        r->write_event_handler(r);
        ngx_http_run_posted_requests(c);
    }
}


static void
ngx_cx_returns_writer_gathered(ngx_event_t *ev)
{
    if (!ngx_cx_returns_writer.running) {
        ngx_cx_returns_writer_go_on(&ngx_cx_returns_writer);
    }
}


/* What waits is the next group. */

static void
ngx_cx_returns_writer_go_on(ngx_cx_returns_writer_t *w)
{
    ngx_connection_t     *c;
    ngx_http_request_t   *r;
    ngx_cx_returns_op_t  *failed;

    ngx_cx_returns_writer_post(w);

    if (w->running) {
        return;
    }

    while (!ngx_queue_empty(&w->waiting)) {

        /* the pool refuses, and nobody would post again: fail them now */

        failed = ngx_queue_data(ngx_queue_head(&w->waiting),
                                ngx_cx_returns_op_t, queue);
        ngx_queue_remove(&failed->queue);
        w->nwaiting--;

        failed->job.rc = CXR_AGAIN;
        ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);

        r = failed->request;
        c = r->connection;
        r->main->blocked--;
        r->write_event_handler(r);
        ngx_http_run_posted_requests(c);
    }
}


static void
ngx_cx_returns_op_resume(ngx_http_request_t *r)
{
    ngx_cx_returns_op_t   *op;
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    op = ctx->op;

    if (op == NULL || r->main->blocked) {

        /* woken by the connection, not by the writer: the answer is to come */

        return;
    }

    ctx->op = NULL;
    r->write_event_handler = ngx_http_request_empty_handler;

    ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS, 1);

    switch (op->job.rc) {

    case CXR_OK:
        if (op->job.repeated) {
            ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS_REPEATED, 1);
        }
        break;

    case CXR_REFUSED:
    case CXR_CONFLICT:
    case CXR_NOTFOUND:
    case CXR_INVALID:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS_REFUSED, 1);
        break;

    default:
        ngx_cx_returns_count(NGX_CX_RETURNS_C_COMMANDS_FAILED, 1);
        break;
    }

    ngx_http_finalize_request(r, op->done(r, op));
}
