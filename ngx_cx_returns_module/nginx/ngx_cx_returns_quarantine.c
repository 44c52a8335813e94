
/*
 * Where documents go that a feed refused, and who takes them away again:
 * worker 0's timer, in a task of the pool.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_SWEEP_FIRST  1000
#define NGX_CX_RETURNS_SWEEP_MSEC   60000


/* on the heap or static: a task outlives requests and cycles */
typedef struct {
    const cxr_quarantine_t  *conf;
    ngx_thread_pool_t       *pool;
    ngx_thread_task_t       *task;
    ngx_connection_t         dummy;
    ngx_event_t              timer;
    cxr_qsum_t               sum;
    cxr_rc_t                 rc;
    ngx_err_t                err;
} ngx_cx_returns_sweep_t;


static void ngx_cx_returns_sweep_timer(ngx_event_t *ev);
static void ngx_cx_returns_sweep_run(void *data, ngx_log_t *log);
static void ngx_cx_returns_sweep_done(ngx_event_t *ev);


static ngx_cx_returns_sweep_t  ngx_cx_returns_sweep;


static ngx_int_t
ngx_cx_returns_quarantine_size(ngx_str_t *value, size_t skip, uint64_t *size)
{
    off_t      n;
    ngx_str_t  s;

    s.data = value->data + skip;
    s.len = value->len - skip;

    n = ngx_parse_offset(&s);

    if (n == NGX_ERROR || n < 4096) {
        return NGX_ERROR;
    }

    *size = (uint64_t) n;

    return NGX_OK;
}


/* cx_returns_quarantine <dir> [max_size=16m] [keep=30d] [total=1g]; */

char *
ngx_cx_returns_set_quarantine(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    ngx_int_t          keep;
    ngx_str_t         *value, name, s;
    ngx_uint_t         i;
    ngx_path_t        *path;
    cxr_quarantine_t  *q;

    q = &mcf->quarantine;

    if (q->dir != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;
    name = value[1];

    if (ngx_cx_returns_params_once(cf) != NGX_OK
        || ngx_conf_full_name(cf->cycle, &name, 0) != NGX_OK
        || ngx_cx_returns_check_dir(cf, &value[1], &name) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    q->dir = (const char *) name.data;
    q->max_size = CXR_QUARANTINE_MAX_SIZE;
    q->total = CXR_QUARANTINE_TOTAL;
    q->keep = CXR_QUARANTINE_KEEP;

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "max_size=", 9) == 0
            && ngx_cx_returns_quarantine_size(&value[i], 9, &q->max_size)
               == NGX_OK)
        {
            continue;
        }

        if (ngx_strncmp(value[i].data, "total=", 6) == 0
            && ngx_cx_returns_quarantine_size(&value[i], 6, &q->total)
               == NGX_OK)
        {
            continue;
        }

        if (ngx_strncmp(value[i].data, "keep=", 5) == 0) {
            s.data = value[i].data + 5;
            s.len = value[i].len - 5;
            keep = ngx_parse_time(&s, 1);

            if (keep != (ngx_int_t) NGX_ERROR && keep > 0) {
                q->keep = (int64_t) keep * CXR_SECOND;
                continue;
            }
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "invalid \"%V\": \"cx_returns_quarantine\" takes a "
                           "directory, and max_size= and total=, sizes of 4k "
                           "or more, and keep=, a time like 30d", &value[i]);
        return NGX_CONF_ERROR;
    }

    if (q->max_size > q->total) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"cx_returns_quarantine\": max_size, of one "
                           "document, is more than total, of all");
        return NGX_CONF_ERROR;
    }

    /* made with the store's mode (0700) and owner */

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_CONF_ERROR;
    }

    path->name = name;
    path->conf_file = cf->conf_file->file.name.data;
    path->line = cf->conf_file->line;

    if (ngx_add_path(cf, &path) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf->quarantine_path = path;

    return NGX_CONF_OK;
}


const cxr_quarantine_t *
ngx_cx_returns_quarantine(ngx_http_request_t *r)
{
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_cx_returns_main(r);

    return mcf->quarantine.dir ? &mcf->quarantine : NULL;
}


ngx_int_t
ngx_cx_returns_quarantine_init(ngx_cycle_t *cycle,
    ngx_cx_returns_main_conf_t *mcf)
{
    ngx_cx_returns_sweep_t  *s;

    if (mcf->quarantine.dir == NULL || ngx_worker != 0) {
        return NGX_OK;
    }

    s = &ngx_cx_returns_sweep;

    ngx_memzero(s, sizeof(ngx_cx_returns_sweep_t));

    s->conf = &mcf->quarantine;
    s->pool = mcf->pool;
    s->dummy.fd = (ngx_socket_t) -1;
    s->dummy.log = cycle->log;

    s->task = ngx_calloc(sizeof(ngx_thread_task_t), cycle->log);
    if (s->task == NULL) {
        return NGX_ERROR;
    }

    s->task->ctx = s;
    s->task->handler = ngx_cx_returns_sweep_run;
    s->task->event.data = &s->dummy;
    s->task->event.handler = ngx_cx_returns_sweep_done;
    s->task->event.log = cycle->log;

    s->timer.handler = ngx_cx_returns_sweep_timer;
    s->timer.data = &s->dummy;
    s->timer.log = cycle->log;
    s->timer.cancelable = 1;

    ngx_add_timer(&s->timer, NGX_CX_RETURNS_SWEEP_FIRST);

    return NGX_OK;
}


static void
ngx_cx_returns_sweep_timer(ngx_event_t *ev)
{
    ngx_cx_returns_sweep_t  *s;

    if (ngx_exiting) {
        return;
    }

    s = &ngx_cx_returns_sweep;

    /* a full queue: another time */

    if (ngx_cx_returns_post(s->pool, s->task) != NGX_OK) {
        ngx_add_timer(ev, NGX_CX_RETURNS_SWEEP_MSEC);
    }
}


/* in a thread of the pool */

static void
ngx_cx_returns_sweep_run(void *data, ngx_log_t *log)
{
    ngx_cx_returns_sweep_t  *s = data;

    struct timespec  ts;

    clock_gettime(CLOCK_REALTIME, &ts);

    s->rc = cxr_quarantine_sweep(s->conf,
                                 (cxr_time_t) ts.tv_sec * CXR_SECOND, &s->sum);
    s->err = ngx_errno;
}


static void
ngx_cx_returns_sweep_done(ngx_event_t *ev)
{
    ngx_cx_returns_sweep_t  *s;

    s = &ngx_cx_returns_sweep;

    if (s->rc == CXR_OK) {
        ngx_cx_returns_quarantine_is(&s->sum);

    } else {
        ngx_log_error(NGX_LOG_ERR, ev->log, s->err,
                      "cx_returns: the quarantine \"%s\" cannot be swept",
                      s->conf->dir);
    }

    if (!ngx_exiting) {
        ngx_add_timer(&s->timer, NGX_CX_RETURNS_SWEEP_MSEC);
    }
}
