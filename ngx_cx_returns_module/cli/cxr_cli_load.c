
/*
 * One document after the other, through the code that nginx uses.
 */

#include "cxr_cli_load.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cxr_cli_body.h"
#include "cxr_json.h"
#include "cxr_text.h"


#define CXR_CLI_SHOW_TTY    100         /* milliseconds between two bars      */
#define CXR_CLI_SHOW_PLAIN  10000       /* and between two lines              */
#define CXR_CLI_BAR         24          /* characters                         */


volatile sig_atomic_t  cxr_cli_stop;


static int64_t
cxr_cli_msec(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


void
cxr_cli_printable(const char *name, char *out, size_t size)
{
    size_t      len, n;
    uint32_t    cp;
    cxr_str_t   rest = cxr_strz(name);
    const char  *from;

    for (len = 0; rest.len > 0; len += n) {
        from = rest.data;
        cp = cxr_utf8_next(&rest);
        n = (size_t) (rest.data - from);

        if (len + n >= size) {
            break;
        }

        if (cp == CXR_UTF8_BAD || cxr_utf8_is_hidden(cp)) {
            out[len] = '?';
            n = 1;

        } else {
            memcpy(out + len, from, n);
        }
    }

    out[len] = '\0';
}


/* ---- progress ---- */

static void
cxr_cli_clock(int64_t seconds, char out[16])
{
    if (seconds >= 3600) {
        (void) snprintf(out, 16, "%u:%02u:%02u", (unsigned) (seconds / 3600),
                        (unsigned) (seconds / 60 % 60),
                        (unsigned) (seconds % 60));
        return;
    }

    (void) snprintf(out, 16, "%u:%02u", (unsigned) (seconds / 60),
                    (unsigned) (seconds % 60));
}


void
cxr_cli_load_progress(cxr_cli_load_t *l, bool last)
{
    char      bar[CXR_CLI_BAR + 1], eta[16];
    double    part, seconds, rate;
    int64_t   now = cxr_cli_msec();
    uint64_t  at = l->passed + l->begun;
    unsigned  i;

    if (!last && now - l->shown < (l->tty ? CXR_CLI_SHOW_TTY
                                          : CXR_CLI_SHOW_PLAIN))
    {
        return;
    }

    l->shown = now;
    seconds = (double) (now - l->start) / 1000;
    rate = seconds > 0 ? (double) l->sum.records / seconds : 0;
    part = l->total ? (double) at / (double) l->total : 1;
    part = part > 1 ? 1 : part;

    if (part > 0.001 && seconds > 1 && !last) {
        cxr_cli_clock((int64_t) (seconds / part - seconds + 0.5), eta);
    } else {
        cxr_cli_clock((int64_t) (seconds + 0.5), eta);
    }

    if (!l->tty) {
        (void) fprintf(stderr, "cx-returns: %u %%, %llu documents, %llu "
                       "records, %.0f a second, %s%s\n",
                       (unsigned) (part * 100),
                       (unsigned long long) l->sum.documents,
                       (unsigned long long) l->sum.records, rate,
                       last ? "took " : "left ", eta);
        return;
    }

    for (i = 0; i < CXR_CLI_BAR; i++) {
        bar[i] = i < (unsigned) (part * CXR_CLI_BAR) ? '#' : '.';
    }

    bar[CXR_CLI_BAR] = '\0';

    (void) fprintf(stderr, "\r[%s] %3u %%  %llu records, %.0f/s, %.1f MB/s  "
                   "%s %s\033[K%s", bar, (unsigned) (part * 100),
                   (unsigned long long) l->sum.records, rate,
                   seconds > 0 ? (double) l->sum.bytes / seconds / 1e6 : 0.0,
                   last ? "took" : "ETA", eta, last ? "\n" : "");
}


/* ---- a document ---- */

static void
cxr_cli_load_tell(cxr_cli_load_t *l, const char *name, cxr_ingest_t *in)
{
    char         line[1024];
    int          n;
    size_t       i, told;
    json_t      *root, *no;
    cxr_diag_t   d;
    const char  *code, *text, *number;

    told = 0;

    if (cxr_json_parse(cxr_ingest_told(in), &root, &d) == CXR_OK) {
        told = json_array_size(root);

        for (i = 0; i < told; i++) {
            no = json_array_get(root, i);
            code = json_string_value(json_object_get(no, "code"));
            text = json_string_value(json_object_get(no, "detail"));
            number = json_string_value(json_object_get(no, "number"));

            n = snprintf(line, sizeof(line),
                         "%s:%lld: record %lld%s%s: %s: %s\n", name,
                         (long long) json_integer_value(
                                           json_object_get(no, "line")),
                         (long long) json_integer_value(
                                           json_object_get(no, "record")),
                         number ? ", " : "", number ? number : "",
                         code ? code : "", text ? text : "");

            if (n >= (int) sizeof(line)) {
                n = sizeof(line) - 1;
                line[n - 1] = '\n';
            }

            if (l->told.len + (size_t) n > CXR_CLI_LOAD_TOLD) {
                l->untold++;
                continue;
            }

            cxr_buf_add(&l->told, line, (size_t) n);
        }

        json_decref(root);
    }

    if (cxr_ingest_stats(in)->refused > told) {
        l->untold += cxr_ingest_stats(in)->refused - told;
    }
}


static void
cxr_cli_load_add(cxr_cli_load_t *l, cxr_ingest_t *in, const cxr_cli_sum_t *was)
{
    const cxr_feed_stats_t    *fs = cxr_feed_stats(cxr_ingest_feed(in));
    const cxr_ingest_stats_t  *is = cxr_ingest_stats(in);

    l->sum.bytes = was->bytes + fs->bytes;
    l->sum.records = was->records + fs->records;
    l->sum.stored = was->stored + is->stored;
    l->sum.repeated = was->repeated + is->repeated;
    l->sum.refused = was->refused + is->refused;
    l->sum.events = was->events + fs->events;
    l->sum.unmapped = was->unmapped + fs->unmapped;
    l->sum.untimed = was->untimed + fs->untimed;
    l->sum.ignored = was->ignored + fs->ignored + is->skipped;
}


static cxr_load_t
cxr_cli_load_end(cxr_cli_load_t *l, const char *name, cxr_ingest_t *in,
    const cxr_cli_body_t *body, cxr_rc_t rc)
{
    char        text[512];
    size_t      n;
    cxr_str_t   fault;
    cxr_diag_t  d;

    if (rc == CXR_OK) {
        l->sum.documents++;
        return CXR_LOAD_DONE;
    }

    if (cxr_ingest_ours(rc)) {
        n = cxr_store_error(l->world->st, text, sizeof(text));
        cxr_cli_say("%s%s: the store: %s%s%.*s", l->tty ? "\n" : "", name,
                    cxr_rc_name(rc), n ? ": " : "", (int) n, text);
        l->failed = true;
        return CXR_LOAD_STOPPED;
    }

    l->sum.documents++;
    l->sum.broken++;

    d = *cxr_feed_diag(cxr_ingest_feed(in));

    fault = cxr_cli_body_fault(body);

    if (fault.len > 0) {
        (void) cxr_diag(&d, rc, "envelope", "%.*s", cxr_str_arg(fault));
    }

    cxr_diag_place(&d, name, d.line, d.column);
    (void) cxr_diag_print(&d, text, sizeof(text));

    if (l->told.len + strlen(text) + 1 > CXR_CLI_LOAD_TOLD) {
        l->untold++;

    } else {
        cxr_buf_addf(&l->told, "%s\n", text);
    }

    return CXR_LOAD_BROKEN;
}


/* ---- a body in its envelope ---- */

static cxr_rc_t
cxr_cli_any_charset(void *ctx, cxr_str_t charset)
{
    return cxr_ingest_charset(ctx, charset);
}


static cxr_rc_t
cxr_cli_unwrapped(void *ctx, const void *data, size_t len)
{
    return cxr_ingest_push(ctx, data, len);
}


/* "dir/123456789012.xml" is the reply for 123456789012 */
cxr_str_t
cxr_cli_load_named(const cxr_cli_load_t *l, const char *path)
{
    size_t       n;
    const char  *base = strrchr(path, '/'), *dot;

    if (!l->by_name) {
        return l->number;
    }

    base = base != NULL ? base + 1 : path;
    dot = strchr(base, '.');
    n = dot != NULL ? (size_t) (dot - base) : strlen(base);

    return cxr_strn(base, n);
}


/* Who sent it was proven when it came; a proof does not outlive the hiding of
   credentials. */
static cxr_rc_t
cxr_cli_load_open(cxr_cli_load_t *l, const cxr_cli_came_t *came,
    cxr_ingest_t **in, cxr_cli_body_t *body)
{
    cxr_rc_t            rc;
    cxr_ingest_conf_t   conf;

    memset(&conf, 0, sizeof(conf));
    conf.profile = l->profile;
    conf.store = l->world->st;
    conf.shop = l->world->shop;
    conf.unknown = l->world->policy;
    conf.batch = l->batch;
    conf.charset = came->charset;
    conf.number = came->number;

    rc = cxr_ingest_open(&conf, in);

    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_cli_body_open(body, l->profile, conf.charset, cxr_cli_any_charset,
                           cxr_cli_unwrapped, *in);

    if (rc != CXR_OK) {
        cxr_ingest_close(*in);
    }

    return rc;
}


cxr_load_t
cxr_cli_load_doc(cxr_cli_load_t *l, const char *name,
    const cxr_cli_came_t *came, cxr_cli_read_pt fn, uint64_t (*at)(void *ctx),
    void *ctx)
{
    ssize_t         n;
    cxr_rc_t        rc;
    cxr_load_t      end;
    cxr_ingest_t   *in;
    cxr_cli_sum_t   was = l->sum;
    cxr_cli_body_t  body;

    rc = cxr_cli_load_open(l, came, &in, &body);

    if (rc != CXR_OK) {
        cxr_cli_say("%s: %s", name, cxr_rc_name(rc));
        l->failed = true;
        return CXR_LOAD_STOPPED;
    }

    for ( ;; ) {
        n = fn(ctx, l->piece, CXR_CLI_LOAD_PIECE);

        if (n == -1 || cxr_cli_stop) {
            break;
        }

        rc = cxr_cli_body_piece(&body, n ? l->piece : NULL, (size_t) n);
        cxr_cli_load_add(l, in, &was);

        if (at != NULL) {
            l->begun = at(ctx);
        }

        cxr_cli_load_progress(l, false);

        if (rc != CXR_OK || n == 0) {
            break;
        }
    }

    cxr_cli_load_tell(l, name, in);

    if (n == -1) {
        l->sum.unread++;
        end = CXR_LOAD_UNREAD;

    } else {
        end = cxr_cli_stop ? CXR_LOAD_STOPPED
                           : cxr_cli_load_end(l, name, in, &body, rc);
    }

    cxr_cli_body_close(&body);
    cxr_ingest_close(in);

    return end;
}


/* ---- a file ---- */

typedef struct {
    int          fd;
    uint64_t     at;
    const char  *path;
    const char  *shown;
} cxr_cli_fd_t;


static ssize_t
cxr_cli_fd_read(void *ctx, void *buf, size_t size)
{
    ssize_t        n;
    cxr_cli_fd_t  *f = ctx;

    do {
        n = read(f->fd, buf, size);
    } while (n == -1 && errno == EINTR && !cxr_cli_stop);

    if (n == -1) {
        if (!cxr_cli_stop) {
            cxr_cli_say("%s: cannot read: %s", f->shown, strerror(errno));
        }

        return -1;
    }

    f->at += (uint64_t) n;

    return n;
}


static uint64_t
cxr_cli_fd_at(void *ctx)
{
    return ((cxr_cli_fd_t *) ctx)->at;
}


/* The hash of what it is and of what it is to be read with. */
static bool
cxr_cli_load_hash(cxr_cli_load_t *l, cxr_cli_fd_t *f,
    uint8_t hash[CXR_CLI_LOAD_HASH])
{
    ssize_t     n;
    cxr_str_t   named;
    cxr_hash_t  h;

    cxr_hash_begin(&h, CXR_CLI_LOAD_HASH, NULL, 0);
    cxr_hash_add(&h, l->key, sizeof(l->key));

    if (l->by_name) {
        named = cxr_cli_load_named(l, f->path);
        cxr_hash_add(&h, named.data, named.len);
        cxr_hash_add(&h, "", 1);
    }

    while (!cxr_cli_stop
           && (n = cxr_cli_fd_read(f, l->piece, CXR_CLI_LOAD_PIECE)) != 0)
    {
        if (n == -1) {
            return false;
        }

        cxr_hash_add(&h, l->piece, (size_t) n);
    }

    cxr_hash_end(&h, hash, CXR_CLI_LOAD_HASH);
    f->at = 0;

    return !cxr_cli_stop && lseek(f->fd, 0, SEEK_SET) == 0;
}


bool
cxr_cli_load_file(cxr_cli_load_t *l, const char *path)
{
    bool             good;
    char             name[CXR_CLI_LOAD_NAME];
    ssize_t          n;
    uint8_t          hash[CXR_CLI_LOAD_HASH], head[512];
    cxr_load_t       end;
    struct stat      st;
    cxr_cli_fd_t     f = { -1, 0, path, name };
    cxr_cli_came_t   came;

    l->begun = 0;
    memset(&st, 0, sizeof(st));
    memset(hash, 0, sizeof(hash));
    memset(&came, 0, sizeof(came));
    cxr_cli_printable(path, name, sizeof(name));

    f.fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    if (f.fd == -1 || fstat(f.fd, &st) == -1 || !S_ISREG(st.st_mode)
        || (n = pread(f.fd, head, sizeof(head), 0)) == -1)
    {
        cxr_cli_say("%s: cannot read: %s", name,
                    f.fd != -1 && !S_ISREG(st.st_mode) ? "it is no file"
                                                       : strerror(errno));
        l->sum.unread++;

        if (f.fd != -1) {
            (void) close(f.fd);
        }

        return true;
    }

    good = true;

    if (l->done.fd != -1 && !cxr_cli_load_hash(l, &f, hash)) {
        l->sum.unread += !cxr_cli_stop;
        good = !cxr_cli_stop;

    } else if (l->done.fd != -1 && cxr_cli_done_has(&l->done, hash)) {
        l->sum.done_before++;

    } else if (cxr_cli_is_archive(head, (size_t) n)) {
        good = cxr_cli_load_archive(l, path, name, hash);

    } else {
        came.number = cxr_cli_load_named(l, path);
        end = cxr_cli_load_doc(l, name, &came, cxr_cli_fd_read, cxr_cli_fd_at,
                               &f);
        good = end != CXR_LOAD_STOPPED
               && (end != CXR_LOAD_DONE || cxr_cli_done_add(&l->done, hash));
    }

    (void) close(f.fd);
    l->passed += (uint64_t) st.st_size;
    l->begun = 0;

    return good;
}
