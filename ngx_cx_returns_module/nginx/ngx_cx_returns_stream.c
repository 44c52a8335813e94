
/*
 * Bodies of any size: read as they arrive, gathered into a buffer, handed to a
 * task piece by piece.  Nothing is read while a task works on a piece, so the
 * client is slowed down instead of memory growing.
 */

#include "ngx_cx_returns.h"


#define NGX_CX_RETURNS_BITE        (16 * 1024)  /* bytes between two yields    */


typedef struct {
    ngx_http_request_t        *request;
    ngx_cx_returns_stream_t    conf;
    ngx_thread_pool_t         *pool;    /* of beside()                         */
    ngx_thread_pool_t         *pieces;  /* of piece()                          */
    ngx_thread_task_t         *task;
    ngx_thread_task_t         *second;  /* NULL: there is no beside()          */
    u_char                    *buf;
    size_t                     len;
    ngx_fd_t                   fd;      /* a part of the body in a file        */
    off_t                      from;
    off_t                      to;
    cxr_rc_t                   rc;
    ngx_int_t                  nice;    /* of the main pool's threads          */
    ngx_int_t                  status;  /* the body could not be read: why     */
    unsigned                   in_task:1;
    unsigned                   in_second:1;
    unsigned                   last:1;  /* the whole body has been handed over */
} ngx_cx_returns_streaming_t;


static void ngx_cx_returns_stream_begin(ngx_http_request_t *r);
static void ngx_cx_returns_stream_read(ngx_http_request_t *r);
static ngx_int_t ngx_cx_returns_stream_take(ngx_http_request_t *r,
    ngx_cx_returns_streaming_t *st);
static void ngx_cx_returns_stream_post(ngx_http_request_t *r,
    ngx_cx_returns_streaming_t *st);
static void ngx_cx_returns_stream_run(void *data, ngx_log_t *log);
static cxr_rc_t ngx_cx_returns_stream_bites(ngx_cx_returns_streaming_t *st,
    size_t len);
static cxr_rc_t ngx_cx_returns_stream_file(ngx_cx_returns_streaming_t *st);
static void ngx_cx_returns_stream_post_second(ngx_http_request_t *r,
    ngx_cx_returns_streaming_t *st);
static void ngx_cx_returns_stream_beside(void *data, ngx_log_t *log);
static ngx_thread_task_t *ngx_cx_returns_stream_task(ngx_http_request_t *r,
    void (*handler)(void *data, ngx_log_t *log), void *data);
static void ngx_cx_returns_stream_resume(ngx_http_request_t *r);
static void ngx_cx_returns_stream_end(ngx_http_request_t *r);
static void ngx_cx_returns_stream_free(void *data);


ngx_int_t
ngx_cx_returns_stream(ngx_http_request_t *r,
    const ngx_cx_returns_stream_t *stream)
{
    ngx_int_t                    rc;
    ngx_pool_cleanup_t          *cln;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_streaming_t  *st;

    ctx = ngx_cx_returns_ctx(r);
    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_cx_returns_streaming_t));

    if (ctx == NULL || cln == NULL) {
        stream->free(stream->data);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    st = cln->data;
    ngx_memzero(st, sizeof(ngx_cx_returns_streaming_t));

    st->request = r;
    st->conf = *stream;
    st->pool = ngx_cx_returns_main(r)->pool;
    st->pieces = stream->pool != NULL ? stream->pool : st->pool;
    st->nice = ngx_cx_returns_main(r)->pool_nice;
    st->fd = NGX_INVALID_FILE;

    cln->handler = ngx_cx_returns_stream_free;

    st->buf = ngx_palloc(r->pool, stream->buffer);
    st->task = ngx_cx_returns_stream_task(r, ngx_cx_returns_stream_run, st);

    if (st->buf == NULL || st->task == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (stream->waits != NULL) {
        st->second = ngx_cx_returns_stream_task(r,
                                           ngx_cx_returns_stream_beside, st);
        if (st->second == NULL) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    ctx->body = st;

    r->request_body_no_buffering = 1;

    rc = ngx_http_read_client_request_body(r, ngx_cx_returns_stream_begin);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static ngx_thread_task_t *
ngx_cx_returns_stream_task(ngx_http_request_t *r,
    void (*handler)(void *data, ngx_log_t *log), void *data)
{
    ngx_thread_task_t  *task;

    task = ngx_thread_task_alloc(r->pool, 0);

    if (task != NULL) {
        task->ctx = data;
        task->handler = handler;
        task->event.handler = ngx_cx_returns_task_done;
        task->event.data = r;
        task->event.log = r->connection->log;
    }

    return task;
}


static void
ngx_cx_returns_stream_free(void *data)
{
    ngx_cx_returns_streaming_t  *st = data;

    st->conf.free(st->conf.data);
}


static void
ngx_cx_returns_stream_begin(ngx_http_request_t *r)
{
    r->read_event_handler = ngx_cx_returns_stream_read;

    ngx_cx_returns_stream_read(r);
}


static void
ngx_cx_returns_stream_read(ngx_http_request_t *r)
{
    ngx_int_t                    rc;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_streaming_t  *st;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    st = ctx->body;

    if (st->in_task) {
        return;
    }

    for ( ;; ) {

        if (ngx_cx_returns_stream_take(r, st) == NGX_BUSY) {
            ngx_cx_returns_stream_post(r, st);
            return;
        }

        if (!r->reading_body) {
            st->last = 1;
            ngx_cx_returns_stream_post(r, st);
            return;
        }

        rc = ngx_http_read_unbuffered_request_body(r);

        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            st->status = rc;
            ngx_cx_returns_stream_end(r);
            return;
        }

        if (rc == NGX_AGAIN && r->request_body->bufs == NULL) {
            r->read_event_handler = ngx_cx_returns_stream_read;
            return;
        }
    }
}


/* NGX_BUSY: there is a piece for a task now; NGX_OK: nothing more is here. */

static ngx_int_t
ngx_cx_returns_stream_take(ngx_http_request_t *r,
    ngx_cx_returns_streaming_t *st)
{
    size_t        n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    if (r->request_body == NULL) {
        return NGX_OK;
    }

    while (r->request_body->bufs) {
        cl = r->request_body->bufs;
        b = cl->buf;

        if (b->in_file) {

            /* somebody else has read the body before us, into a file */

            if (b->file_pos < b->file_last) {
                st->fd = b->file->fd;
                st->from = b->file_pos;
                st->to = b->file_last;
                b->file_pos = b->file_last;

                return NGX_BUSY;
            }

        } else {
            n = ngx_min((size_t) (b->last - b->pos),
                        st->conf.buffer - st->len);

            if (n) {
                ngx_memcpy(st->buf + st->len, b->pos, n);
                st->len += n;
                b->pos += n;
            }

            if (b->pos < b->last) {
                return NGX_BUSY;
            }
        }

        r->request_body->bufs = cl->next;
        ngx_free_chain(r->pool, cl);
    }

    return st->len == st->conf.buffer ? NGX_BUSY : NGX_OK;
}


static void
ngx_cx_returns_stream_post(ngx_http_request_t *r,
    ngx_cx_returns_streaming_t *st)
{
    if (r != r->main || r->main->blocked > 100
        || ngx_cx_returns_post(st->pieces, st->task) != NGX_OK)
    {
        ngx_cx_returns_count(NGX_CX_RETURNS_C_QUEUE_FULL, 1);
        st->rc = CXR_AGAIN;
        ngx_cx_returns_stream_end(r);
        return;
    }

    ngx_add_timer(&st->task->event, NGX_CX_RETURNS_WORK_MSEC);

    /* while a task works, it is not the client who is late */

    if (r->connection->read->timer_set) {
        ngx_del_timer(r->connection->read);
    }

    st->in_task = 1;
    r->main->blocked++;
    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_cx_returns_stream_resume;
}


/* in a thread of the pool */

static void
ngx_cx_returns_stream_run(void *data, ngx_log_t *log)
{
    ngx_cx_returns_streaming_t  *st = data;

    ngx_cx_returns_lower(st->pieces == st->pool ? st->nice : st->conf.nice);
    ngx_cx_returns_linger();

    if (st->len) {
        st->rc = ngx_cx_returns_stream_bites(st, st->len);
        st->len = 0;
    }

    if (st->rc == CXR_OK && st->fd != NGX_INVALID_FILE) {
        st->rc = ngx_cx_returns_stream_file(st);
    }

    if (st->rc == CXR_OK && st->last) {
        st->rc = st->conf.piece(st->conf.data, NULL, 0);
    }
}


/*
 * Where the event loop has to share a processor with a task, what it serves
 * must not wait until a slice of the scheduler's is over.
 */

static cxr_rc_t
ngx_cx_returns_stream_bites(ngx_cx_returns_streaming_t *st, size_t len)
{
    size_t    n, at;
    cxr_rc_t  rc;

    rc = CXR_OK;

    for (at = 0; at < len && rc == CXR_OK; at += n) {

        if (at) {
            (void) sched_yield();
        }

        n = ngx_min(len - at, NGX_CX_RETURNS_BITE);
        rc = st->conf.piece(st->conf.data, st->buf + at, n);
    }

    return rc;
}


static cxr_rc_t
ngx_cx_returns_stream_file(ngx_cx_returns_streaming_t *st)
{
    ssize_t   n;
    size_t    size;
    cxr_rc_t  rc;

    while (st->from < st->to) {
        size = (size_t) ngx_min((off_t) st->conf.buffer, st->to - st->from);

        n = pread(st->fd, st->buf, size, st->from);

        if (n <= 0) {
            return CXR_IO;
        }

        rc = ngx_cx_returns_stream_bites(st, (size_t) n);

        if (rc != CXR_OK) {
            return rc;
        }

        st->from += n;
    }

    st->fd = NGX_INVALID_FILE;

    return CXR_OK;
}


/*
 * When it cannot be posted that is no harm: whoever gave the work does it with
 * a later piece.
 */

static void
ngx_cx_returns_stream_post_second(ngx_http_request_t *r,
    ngx_cx_returns_streaming_t *st)
{
    if (st->second == NULL || st->in_second || !st->conf.waits(st->conf.data)
        || ngx_cx_returns_post(st->pool, st->second) != NGX_OK)
    {
        return;
    }

    ngx_add_timer(&st->second->event, NGX_CX_RETURNS_WORK_MSEC);

    st->in_second = 1;
    r->main->blocked++;
}


/* in a thread of the pool */

static void
ngx_cx_returns_stream_beside(void *data, ngx_log_t *log)
{
    ngx_cx_returns_streaming_t  *st = data;

    ngx_cx_returns_lower(st->nice);
    ngx_cx_returns_linger();

    st->conf.beside(st->conf.data);
}


/* One of the tasks is over; or the connection woke us, then none is. */

static void
ngx_cx_returns_stream_resume(ngx_http_request_t *r)
{
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_streaming_t  *st;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    st = ctx->body;

    if (st->in_second && !st->second->event.active) {
        st->in_second = 0;
    }

    if (st->in_task) {

        if (st->task->event.active) {
            return;
        }

        st->in_task = 0;

        if (st->rc == CXR_OK && !st->last) {
            ngx_cx_returns_stream_post_second(r, st);

            r->read_event_handler = ngx_cx_returns_stream_read;
            ngx_cx_returns_stream_read(r);

            return;
        }
    }

    if (st->rc != CXR_OK || st->last || st->status) {
        ngx_cx_returns_stream_end(r);
    }
}


/*
 * The end, good or bad, once the second task is over: until then its end brings
 * us here again.  nginx closes the connection if a body is left.
 */

static void
ngx_cx_returns_stream_end(ngx_http_request_t *r)
{
    ngx_int_t                    rc;
    ngx_cx_returns_ctx_t        *ctx;
    ngx_cx_returns_streaming_t  *st;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);
    st = ctx->body;

    r->read_event_handler = ngx_http_block_reading;

    if (st->in_second) {
        return;
    }

    r->write_event_handler = ngx_http_request_empty_handler;

    rc = st->status ? st->status
                    : st->conf.done(r, st->conf.data, st->rc);

    ngx_http_finalize_request(r, rc);
}
