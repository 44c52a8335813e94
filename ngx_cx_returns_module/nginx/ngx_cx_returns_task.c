
/*
 * One piece of work off the event loop for one request.
 */

#include "ngx_cx_returns_shopper.h"

#include <sys/resource.h>


#define NGX_CX_RETURNS_NICE_MAX  19


typedef struct {
    ngx_queue_t           queue;       /* of those that wait for their turn   */
    ngx_http_request_t   *request;
    ngx_thread_task_t    *task;
    void                (*work)(void *data);
    ngx_int_t           (*done)(ngx_http_request_t *r, void *data);
    void                 *data;
    unsigned              working:1;
    unsigned              failed:1;    /* its turn came, and no thread took it */
} ngx_cx_returns_work_t;


/* Pictures and PDFs of this worker: what is made now, and what waits. */
typedef struct {
    ngx_queue_t           waiting;
    ngx_uint_t            nwaiting;
    ngx_uint_t            running;
} ngx_cx_returns_drawing_t;


static void ngx_cx_returns_task_run(void *data, ngx_log_t *log);
static void ngx_cx_returns_task_resume(ngx_http_request_t *r);
static ngx_cx_returns_work_t *ngx_cx_returns_work(ngx_http_request_t *r,
    void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data);
static void ngx_cx_returns_work_hold(ngx_cx_returns_work_t *w);
static ngx_int_t ngx_cx_returns_draw_post(ngx_cx_returns_work_t *w);
static void ngx_cx_returns_draw_sweep(void);
static void ngx_cx_returns_drawn(ngx_event_t *ev);


static ngx_cx_returns_drawing_t  ngx_cx_returns_drawing;


/*
 * Every task of the module is posted here.  Builds with CXR_TEST_KNOBS let a
 * test refuse every nth post, as a full queue would: CXR_TEST_POST_FAIL=n.
 */

ngx_int_t
ngx_cx_returns_post(ngx_thread_pool_t *pool, ngx_thread_task_t *task)
{
#if (CXR_TEST_KNOBS)
    static ngx_int_t  nth = NGX_CONF_UNSET, posted;

    if (nth == NGX_CONF_UNSET) {
        nth = getenv("CXR_TEST_POST_FAIL")
              ? atoi(getenv("CXR_TEST_POST_FAIL")) : 0;
    }

    if (nth > 0 && ++posted % nth == 0) {
        return NGX_ERROR;
    }
#endif

    return ngx_thread_task_post(pool, task);
}


/* CXR_TEST_TASK_DELAY_MS: a task that a client can leave in the middle of */

void
ngx_cx_returns_linger(void)
{
#if (CXR_TEST_KNOBS)
    if (getenv("CXR_TEST_TASK_DELAY_MS")) {
        usleep(atoi(getenv("CXR_TEST_TASK_DELAY_MS")) * 1000);
    }
#endif
}


/*
 * On Linux a nice value is a thread's own, and without privileges it only
 * rises: hence a pool that feeds share with nothing.  What commits them runs in
 * the main pool, whose threads give way less: one that gets too little of a
 * processor would keep the store's lock from all who write.
 */

void
ngx_cx_returns_lower(ngx_int_t nice)
{
    int  now;

    static __thread ngx_uint_t  lowered;

    if (nice == 0 || lowered) {
        return;
    }

    lowered = 1;
    now = getpriority(PRIO_PROCESS, 0);

    (void) setpriority(PRIO_PROCESS, 0,
                       ngx_min(now + (int) nice, NGX_CX_RETURNS_NICE_MAX));
}


/* cx_returns_thread_pool, cx_returns_feed_pool: name [nice=number]; */

static char *
ngx_cx_returns_pool_args(ngx_conf_t *cf, ngx_str_t *name, ngx_int_t *nice)
{
    ngx_int_t   n;
    ngx_str_t  *value;

    if (name->len) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" names nothing: it takes a thread_pool's "
                           "name", &value[0]);
        return NGX_CONF_ERROR;
    }

    *name = value[1];

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    n = value[2].len > 5 && ngx_strncmp(value[2].data, "nice=", 5) == 0
        ? ngx_atoi(value[2].data + 5, value[2].len - 5) : NGX_ERROR;

    if (n == NGX_ERROR || n > NGX_CX_RETURNS_NICE_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\": \"%V\" takes a "
                           "thread_pool's name and nice=, from 0 to %d",
                           &value[2], &value[0], NGX_CX_RETURNS_NICE_MAX);
        return NGX_CONF_ERROR;
    }

    *nice = n;

    return NGX_CONF_OK;
}


char *
ngx_cx_returns_set_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    return ngx_cx_returns_pool_args(cf, &mcf->pool_name, &mcf->pool_nice);
}


char *
ngx_cx_returns_set_feed_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    return ngx_cx_returns_pool_args(cf, &mcf->feed_pool_name,
                                    &mcf->feed_nice);
}


char *
ngx_cx_returns_feed_pool(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    if (mcf->feed_pool_name.len == 0) {
        mcf->feed_pool = mcf->pool;
        return NGX_CONF_OK;
    }

    mcf->feed_pool = ngx_thread_pool_add(cf, &mcf->feed_pool_name);

    if (mcf->feed_pool == NULL) {
        return NGX_CONF_ERROR;
    }

    if (mcf->feed_pool == mcf->pool && mcf->feed_nice) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"cx_returns_feed_pool\": \"%V\" is the pool of "
                           "\"cx_returns_thread_pool\" too, whose threads "
                           "cannot be of lower priority: name another, or leave "
                           "nice= out", &mcf->feed_pool_name);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_cx_returns_task(ngx_http_request_t *r, void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data)
{
    return ngx_cx_returns_task_in(r, ngx_cx_returns_main(r)->pool, work, done,
                                  data);
}


ngx_int_t
ngx_cx_returns_task_in(ngx_http_request_t *r, ngx_thread_pool_t *pool,
    void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data)
{
    ngx_cx_returns_work_t  *w;

    w = ngx_cx_returns_work(r, work, done, data);

    if (w == NULL) {
        return NGX_ERROR;
    }

    if (r != r->main || r->main->blocked > 100
        || ngx_cx_returns_post(pool, w->task) != NGX_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
        return NGX_ERROR;
    }

    ngx_add_timer(&w->task->event, NGX_CX_RETURNS_WORK_MSEC);
    ngx_cx_returns_work_hold(w);

    return NGX_DONE;
}


static ngx_cx_returns_work_t *
ngx_cx_returns_work(ngx_http_request_t *r, void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data)
{
    ngx_thread_task_t      *task;
    ngx_cx_returns_work_t  *w;

    w = ngx_pcalloc(r->pool, sizeof(ngx_cx_returns_work_t));
    task = ngx_thread_task_alloc(r->pool, 0);

    if (ngx_cx_returns_ctx(r) == NULL || w == NULL || task == NULL) {
        return NULL;
    }

    w->request = r;
    w->task = task;
    w->work = work;
    w->done = done;
    w->data = data;

    task->ctx = w;
    task->handler = ngx_cx_returns_task_run;
    task->event.handler = ngx_cx_returns_task_done;
    task->event.data = r;
    task->event.log = r->connection->log;

    return w;
}


/* The request stays until its task is done, whatever its client does. */

static void
ngx_cx_returns_work_hold(ngx_cx_returns_work_t *w)
{
    ngx_http_request_t  *r;

    r = w->request;

    w->working = 1;
    ngx_cx_returns_ctx(r)->body = w;

    r->main->blocked++;
    r->main->count++;
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_cx_returns_task_resume;
}


/*
 * What takes a processor for as long as a PDF does, many at once, would keep
 * the pool's threads from those who write: so only a few are made at a time in
 * each worker, and the others wait here, in the order in which they came.
 */

ngx_int_t
ngx_cx_returns_draw(ngx_http_request_t *r, void (*work)(void *data),
    ngx_int_t (*done)(ngx_http_request_t *r, void *data), void *data)
{
    ngx_cx_returns_work_t     *w;
    ngx_cx_returns_drawing_t  *d;

    d = &ngx_cx_returns_drawing;
    w = ngx_cx_returns_work(r, work, done, data);

    if (w == NULL || r != r->main || r->main->blocked > 100) {
        return NGX_ERROR;
    }

    w->task->event.handler = ngx_cx_returns_drawn;

    if (d->nwaiting == NGX_CX_RETURNS_DRAWINGS_WAIT) {
        ngx_cx_returns_draw_sweep();
    }

    if (d->running < NGX_CX_RETURNS_DRAWINGS) {

        if (ngx_cx_returns_draw_post(w) != NGX_OK) {
            ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
            return NGX_ERROR;
        }

    } else if (d->nwaiting < NGX_CX_RETURNS_DRAWINGS_WAIT) {

        if (d->nwaiting++ == 0) {
            ngx_queue_init(&d->waiting);
        }

        ngx_queue_insert_tail(&d->waiting, &w->queue);

    } else {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
        return NGX_ERROR;
    }

    ngx_cx_returns_work_hold(w);

    return NGX_DONE;
}


static ngx_int_t
ngx_cx_returns_draw_post(ngx_cx_returns_work_t *w)
{
    if (ngx_cx_returns_post(ngx_cx_returns_main(w->request)->pool, w->task)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_add_timer(&w->task->event, NGX_CX_RETURNS_WORK_MSEC);
    ngx_cx_returns_drawing.running++;

    return NGX_OK;
}


/* nginx puts a handler of its own in the place of ours when a client leaves */

static ngx_int_t
ngx_cx_returns_draw_left(ngx_cx_returns_work_t *w)
{
    return w->request->write_event_handler != ngx_cx_returns_task_resume;
}


static void
ngx_cx_returns_draw_sweep(void)
{
    ngx_queue_t               *q, *next;
    ngx_cx_returns_work_t     *w;
    ngx_cx_returns_drawing_t  *d;

    d = &ngx_cx_returns_drawing;

    for (q = ngx_queue_head(&d->waiting);
         q != ngx_queue_sentinel(&d->waiting);
         q = next)
    {
        next = ngx_queue_next(q);
        w = ngx_queue_data(q, ngx_cx_returns_work_t, queue);

        if (ngx_cx_returns_draw_left(w)) {
            ngx_queue_remove(q);
            d->nwaiting--;
            ngx_cx_returns_task_done(&w->task->event);
        }
    }
}


/* Who waits longest is next; who has left meanwhile needs nothing made. */

static void
ngx_cx_returns_draw_next(void)
{
    ngx_queue_t               *q;
    ngx_cx_returns_work_t     *w;
    ngx_cx_returns_drawing_t  *d;

    d = &ngx_cx_returns_drawing;

    while (d->nwaiting && d->running < NGX_CX_RETURNS_DRAWINGS) {
        q = ngx_queue_head(&d->waiting);
        ngx_queue_remove(q);
        d->nwaiting--;

        w = ngx_queue_data(q, ngx_cx_returns_work_t, queue);

        if (!ngx_cx_returns_draw_left(w)
            && ngx_cx_returns_draw_post(w) == NGX_OK)
        {
            continue;
        }

        w->failed = 1;
        ngx_cx_returns_task_done(&w->task->event);
    }
}


static void
ngx_cx_returns_drawn(ngx_event_t *ev)
{
    if (ev->timedout) {
        ngx_cx_returns_task_done(ev);
        return;
    }

    ngx_cx_returns_drawing.running--;
    ngx_cx_returns_task_done(ev);
    ngx_cx_returns_draw_next();
}


static void
ngx_cx_returns_task_run(void *data, ngx_log_t *log)
{
    ngx_cx_returns_work_t  *w = data;

    ngx_cx_returns_linger();

    w->work(w->data);
}


/*
 * A task of one request is over: go on by its write handler, which nginx has
 * replaced by its own when the client is gone.
 */

void
ngx_cx_returns_task_done(ngx_event_t *ev)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = ev->data;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    if (ev->timedout) {
        ev->timedout = 0;
        ngx_log_error(NGX_LOG_ERR, c->log, 0,
                      "cx_returns: a task takes more than %d seconds",
                      NGX_CX_RETURNS_WORK_MSEC / 1000);
        ngx_add_timer(ev, NGX_CX_RETURNS_WORK_MSEC);
        return;
    }

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    r->main->blocked--;

#if (nginx_version >= 1025004)
    if (r->done || r->main->terminated) {
        c->write->handler(c->write);
        return;
    }
#endif

    r->write_event_handler(r);
    ngx_http_run_posted_requests(c);
}


static void
ngx_cx_returns_task_resume(ngx_http_request_t *r)
{
    ngx_cx_returns_ctx_t   *ctx;
    ngx_cx_returns_work_t  *w;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    w = ctx->body;

    if (!w->working || r->main->blocked) {
        return;
    }

    w->working = 0;
    r->write_event_handler = ngx_http_request_empty_handler;

    if (w->failed) {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
        ngx_http_finalize_request(r, ngx_cx_returns_error_page(r,
                                                             CXR_PAGE_AWAY));
        return;
    }

    ngx_http_finalize_request(r, w->done(r, w->data));
}
