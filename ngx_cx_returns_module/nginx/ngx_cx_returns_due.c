
/*
 * What falls due: worker 0's timer runs it in a task of the pool.
 */

#include "ngx_cx_returns.h"

#include "cxr_label_file.h"
#include "cxr_photo.h"
#include "cxr_store_due.h"


#define NGX_CX_RETURNS_DUE_FIRST  1000


/* static: a task outlives requests and cycles */
typedef struct {
    ngx_cx_returns_main_conf_t  *mcf;
    ngx_thread_task_t           *task;
    ngx_connection_t             dummy;
    ngx_event_t                  timer;
    cxr_store_t                 *store;
    cxr_due_sum_t                sum;
    cxr_rc_t                     rc;
    ngx_uint_t                   kept;        /* photos that are to go still   */
} ngx_cx_returns_due_t;


static void ngx_cx_returns_due_timer(ngx_event_t *ev);
static void ngx_cx_returns_due_run(void *data, ngx_log_t *log);
static void ngx_cx_returns_due_gone(void *ctx, const cxr_shop_t *shop,
    cxr_str_t id);
static void ngx_cx_returns_due_done(ngx_event_t *ev);


static ngx_cx_returns_due_t  ngx_cx_returns_due;


ngx_int_t
ngx_cx_returns_due_init(ngx_cycle_t *cycle, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_cx_returns_due_t  *d;

    d = &ngx_cx_returns_due;

    ngx_memzero(d, sizeof(ngx_cx_returns_due_t));

    if (ngx_worker != 0) {
        return NGX_OK;
    }

    d->mcf = mcf;
    d->dummy.fd = (ngx_socket_t) -1;
    d->dummy.log = cycle->log;

    d->task = ngx_calloc(sizeof(ngx_thread_task_t), cycle->log);
    if (d->task == NULL) {
        return NGX_ERROR;
    }

    d->task->ctx = d;
    d->task->handler = ngx_cx_returns_due_run;
    d->task->event.data = &d->dummy;
    d->task->event.handler = ngx_cx_returns_due_done;
    d->task->event.log = cycle->log;

    d->timer.handler = ngx_cx_returns_due_timer;
    d->timer.data = &d->dummy;
    d->timer.log = cycle->log;
    d->timer.cancelable = 1;

    ngx_add_timer(&d->timer, NGX_CX_RETURNS_DUE_FIRST);

    return NGX_OK;
}


static void
ngx_cx_returns_due_timer(ngx_event_t *ev)
{
    ngx_cx_returns_due_t  *d;

    if (ngx_exiting) {
        return;
    }

    d = &ngx_cx_returns_due;
    d->store = ngx_cx_returns_store();

    /* no store, or a full queue: another time */

    if (d->store == NULL
        || ngx_cx_returns_post(d->mcf->pool, d->task) != NGX_OK)
    {
        ngx_add_timer(ev, d->mcf->due_interval);
    }
}


/* in a thread of the pool */

static void
ngx_cx_returns_due_run(void *data, ngx_log_t *log)
{
    ngx_cx_returns_due_t  *d = data;

    ngx_uint_t               i;
    cxr_time_t               now;
    struct timespec          ts;
    ngx_cx_returns_shop_t  **shops;

    ngx_cx_returns_lower(d->mcf->pool_nice);
    ngx_memzero(&d->sum, sizeof(cxr_due_sum_t));

    if (d->mcf->photos.len || d->mcf->labels.len) {
        d->sum.gone = ngx_cx_returns_due_gone;
        d->sum.ctx = d;
    }

    d->rc = CXR_OK;
    d->kept = 0;
    clock_gettime(CLOCK_REALTIME, &ts);

    now = (cxr_time_t) ts.tv_sec * CXR_SECOND + ts.tv_nsec / 1000000;
    shops = d->mcf->shops.elts;

    for (i = 0; i < d->mcf->shops.nelts && d->rc == CXR_OK; i++) {
        d->rc = cxr_due_run(d->store, shops[i]->shop, now, &d->sum);
    }
}


/* The same: an erased person's photos and labels. */

static void
ngx_cx_returns_due_gone(void *ctx, const cxr_shop_t *shop, cxr_str_t id)
{
    ngx_cx_returns_due_t  *d = ctx;

    uint64_t  n;

    if (d->mcf->photos.len
        && cxr_photo_forget_order((const char *) d->mcf->photos.data,
                                  d->store, shop, id, &n)
           != CXR_OK)
    {
        d->kept++;
    }

    if (d->mcf->labels.len
        && cxr_label_file_forget_order((const char *) d->mcf->labels.data,
                                       d->store, shop, id, &n)
           != CXR_OK)
    {
        d->kept++;
    }
}


static void
ngx_cx_returns_due_done(ngx_event_t *ev)
{
    ngx_cx_returns_due_t  *d;

    d = &ngx_cx_returns_due;

    ngx_cx_returns_count(NGX_CX_RETURNS_C_DUE, d->sum.done);
    ngx_cx_returns_count(NGX_CX_RETURNS_C_DUE_RUNS, d->rc == CXR_OK);

    if (d->rc != CXR_OK || d->sum.failed) {
        ngx_log_error(NGX_LOG_ERR, ev->log, 0,
                      "cx_returns: what falls due could not all be done (%s); "
                      "it is tried again", cxr_rc_name(d->rc));
    }

    if (d->kept) {
        ngx_log_error(NGX_LOG_ERR, ev->log, 0,
                      "cx_returns: files of %ui erased orders could not all "
                      "be removed; \"cx-returns photos sweep\" does",
                      d->kept);
    }

    if (d->sum.done) {
        ngx_log_error(NGX_LOG_NOTICE, ev->log, 0,
                      "cx_returns: %uL things fell due and were done",
                      d->sum.done);
    }

    if (!ngx_exiting) {
        ngx_add_timer(&d->timer, d->sum.more && d->rc == CXR_OK
                                 ? 1 : d->mcf->due_interval);
    }
}
