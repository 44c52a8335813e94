
/*
 * The environment: opening and closing, the map's size, snapshots, figures.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cxr_store_private.h"


/* A cap against looping for ever while others keep growing the map. */
#define CXR_RESIZE_TRIES  16


static const cxr_field_t  cxr_format_fields[] = {
    CXR_FIELD(cxr_format_t, magic, STR),
    CXR_FIELD(cxr_format_t, format, U32),
    CXR_FIELD(cxr_format_t, created, TIME),
    CXR_FIELD(cxr_format_t, program, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_format_type = {
    "format", CXR_TYPE_FORMAT, 1, sizeof(cxr_format_t), cxr_format_fields
};

static const cxr_field_t  cxr_idem_fields[] = {
    CXR_FIELD(cxr_idem_row_t, seq, U64),
    CXR_FIELD(cxr_idem_row_t, fingerprint, BYTES),
    CXR_FIELD(cxr_idem_row_t, kind, U16),
    CXR_FIELD(cxr_idem_row_t, created, BOOL),
    CXR_FIELD(cxr_idem_row_t, revision, U32),
    CXR_FIELD(cxr_idem_row_t, id, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_idem_type = {
    "idem", CXR_TYPE_IDEM, 1, sizeof(cxr_idem_row_t), cxr_idem_fields
};


/*
 * LMDB must not be opened twice by one process: closing either copy would drop
 * the POSIX locks of both.  Directories are told apart by device and inode,
 * since one may have several paths.
 */
static pthread_mutex_t   cxr_open_lock = PTHREAD_MUTEX_INITIALIZER;
static cxr_store_t      *cxr_open_stores;


static cxr_rc_t
cxr_store_register(cxr_store_t *store, cxr_diag_t *d)
{
    cxr_rc_t      rc = CXR_OK;
    cxr_store_t  *s;

    store->pid = getpid();
    (void) pthread_mutex_lock(&cxr_open_lock);

    for (s = cxr_open_stores; s != NULL; s = s->next_open) {
        if (s->dev == store->dev && s->ino == store->ino
            && s->pid == store->pid)
        {
            rc = cxr_diag(d, CXR_CONFLICT, "",
                          "this process has the store open already");
            break;
        }
    }

    if (rc == CXR_OK) {
        store->next_open = cxr_open_stores;
        cxr_open_stores = store;
    }

    (void) pthread_mutex_unlock(&cxr_open_lock);

    return rc;
}


static void
cxr_store_unregister(cxr_store_t *store)
{
    cxr_store_t  **p;

    (void) pthread_mutex_lock(&cxr_open_lock);

    for (p = &cxr_open_stores; *p != NULL; p = &(*p)->next_open) {
        if (*p == store) {
            *p = store->next_open;
            break;
        }
    }

    (void) pthread_mutex_unlock(&cxr_open_lock);
}


cxr_rc_t
cxr_mdb_rc(cxr_store_t *store, int rc)
{
    if (rc == MDB_SUCCESS) {
        return CXR_OK;
    }

    if (rc == MDB_NOTFOUND) {
        return CXR_NOTFOUND;
    }

    atomic_store(&store->error, rc);

    switch (rc) {

    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
        return CXR_FULL;

    case MDB_READERS_FULL:
    case MDB_MAP_RESIZED:
        return CXR_AGAIN;

    case ENOMEM:
        return CXR_NOMEM;

    case EIO:
    case EROFS:
    case EACCES:
    case ENOENT:
    case EPERM:
        return CXR_IO;

    case MDB_PANIC:
        atomic_store(&store->dead, true);
        return CXR_ERROR;

    default:
        return CXR_ERROR;
    }
}


/* What LMDB says, and what to do about it. */
static void
cxr_mdb_print(int rc, cxr_buf_t *out)
{
    cxr_buf_addz(out, mdb_strerror(rc));

    switch (rc) {

    case EINVAL:
        cxr_buf_addz(out, "; another LMDB version may have destroyed the "
                          "lock: stop all that have the store open, then "
                          "start again");
        break;

    case MDB_MAP_FULL:
        cxr_buf_addz(out, "; give the store a larger map");
        break;

    case MDB_READERS_FULL:
        cxr_buf_addz(out, "; too many snapshots are open at once");
        break;

    case MDB_PANIC:
        cxr_buf_addz(out, "; this process must be ended");
        break;
    }
}


size_t
cxr_store_error(const cxr_store_t *store, char *out, size_t size)
{
    int        rc = atomic_load(&store->error);
    cxr_buf_t  b;

    if (size == 0) {
        return 0;
    }

    cxr_buf_init_fixed(&b, out, size - 1);

    if (rc != MDB_SUCCESS) {
        cxr_mdb_print(rc, &b);
    }

    out[b.len] = '\0';

    return b.len;
}


cxr_rc_t
cxr_mdb_diag(cxr_store_t *store, int rc, const char *what, cxr_diag_t *d)
{
    char       text[256];
    cxr_buf_t  b;

    cxr_buf_init_fixed(&b, text, sizeof(text));
    cxr_mdb_print(rc, &b);

    (void) cxr_diag(d, cxr_mdb_rc(store, rc), "", "%s: %.*s", what,
                    cxr_str_arg(cxr_buf_str(&b)));
    cxr_diag_place(d, store->dir, 0, 0);

    return cxr_mdb_rc(store, rc);
}


bool
cxr_store_dead(const cxr_store_t *store)
{
    return atomic_load(&store->dead);
}


/* ---- txns and the map's size ---- */

/* Another process has grown the map: take its size, with no txn of ours open. */
static int
cxr_store_adopt(cxr_store_t *store)
{
    int  rc;

    (void) pthread_rwlock_wrlock(&store->map_lock);
    rc = mdb_env_set_mapsize(store->env, 0);
    (void) pthread_rwlock_unlock(&store->map_lock);

    return rc;
}


int
cxr_store_txn_begin(cxr_store_t *store, unsigned flags, MDB_txn **txn)
{
    int       rc;
    bool      checked = false;
    unsigned  i;

    for (i = 0; i < CXR_RESIZE_TRIES; i++) {
        (void) pthread_rwlock_rdlock(&store->map_lock);

        rc = mdb_txn_begin(store->env, NULL, flags, txn);
        if (rc == MDB_SUCCESS) {
            return rc;
        }

        (void) pthread_rwlock_unlock(&store->map_lock);

        if (rc == MDB_READERS_FULL && !checked) {
            checked = true;
            (void) mdb_reader_check(store->env, NULL);
            continue;
        }

        if (rc != MDB_MAP_RESIZED) {
            return rc;
        }

        rc = cxr_store_adopt(store);
        if (rc != MDB_SUCCESS) {
            return rc;
        }
    }

    return MDB_MAP_RESIZED;
}


void
cxr_store_txn_done(cxr_store_t *store)
{
    (void) pthread_rwlock_unlock(&store->map_lock);
}


cxr_rc_t
cxr_read_begin(cxr_store_t *store, cxr_read_t **out)
{
    int          rc = MDB_MAP_RESIZED;
    unsigned     i;
    cxr_read_t  *rd;

    (void) pthread_mutex_lock(&store->lock);
    rd = store->reads;
    if (rd != NULL) {
        store->reads = rd->next;
        store->nreads--;
    }
    (void) pthread_mutex_unlock(&store->lock);

    if (rd == NULL) {
        rd = calloc(1, sizeof(cxr_read_t));
        if (rd == NULL) {
            return CXR_NOMEM;
        }

        rd->store = store;

        rc = cxr_store_txn_begin(store, MDB_RDONLY, &rd->txn);
        if (rc != MDB_SUCCESS) {
            free(rd);
            return cxr_mdb_rc(store, rc);
        }

        *out = rd;
        return CXR_OK;
    }

    for (i = 0; i < CXR_RESIZE_TRIES; i++) {
        (void) pthread_rwlock_rdlock(&store->map_lock);

        rc = mdb_txn_renew(rd->txn);
        if (rc == MDB_SUCCESS) {
            *out = rd;
            return CXR_OK;
        }

        (void) pthread_rwlock_unlock(&store->map_lock);

        if (rc != MDB_MAP_RESIZED) {
            break;
        }

        rc = cxr_store_adopt(store);
        if (rc != MDB_SUCCESS) {
            break;
        }
    }

    mdb_txn_abort(rd->txn);
    free(rd);

    return cxr_mdb_rc(store, rc);
}


void
cxr_read_end(cxr_read_t *rd)
{
    bool          keep;
    cxr_store_t  *store = rd->store;

    mdb_txn_reset(rd->txn);
    cxr_store_txn_done(store);

    (void) pthread_mutex_lock(&store->lock);

    keep = store->nreads < CXR_STORE_IDLE_READS;
    if (keep) {
        rd->next = store->reads;
        store->reads = rd;
        store->nreads++;
    }

    (void) pthread_mutex_unlock(&store->lock);

    if (!keep) {
        mdb_txn_abort(rd->txn);
        free(rd);
    }
}


int
cxr_store_check_readers(cxr_store_t *store)
{
    int  dead = 0;

    if (mdb_reader_check(store->env, &dead) != MDB_SUCCESS) {
        return 0;
    }

    return dead;
}


/* ---- opening ---- */

static cxr_rc_t
cxr_store_lock_file(cxr_store_t *store, cxr_diag_t *d)
{
    int   fd, rc;
    char  path[4096];

    if (snprintf(path, sizeof(path), "%s/%s", store->dir, CXR_STORE_LOCK)
        >= (int) sizeof(path))
    {
        return cxr_diag(d, CXR_LIMIT, "", "the directory's name is too long");
    }

    fd = open(path, O_RDWR|O_CREAT|O_CLOEXEC, 0600);

    if (fd == -1 && store->read_only) {
        /* someone else's store: read it as it is */
        fd = open(path, O_RDONLY|O_CLOEXEC);
        if (fd == -1) {
            return CXR_OK;
        }
    }

    if (fd == -1) {
        rc = errno;
        (void) cxr_diag(d, CXR_IO, "", "cannot open the lock file: %s",
                        strerror(rc));
        cxr_diag_place(d, path, 0, 0);
        return rc == ENOENT ? CXR_NOTFOUND : CXR_IO;
    }

    do {
        rc = flock(fd, LOCK_EX);
    } while (rc == -1 && errno == EINTR);

    if (rc == -1) {
        (void) cxr_diag(d, CXR_IO, "", "cannot lock: %s", strerror(errno));
        cxr_diag_place(d, path, 0, 0);
        (void) close(fd);
        return CXR_IO;
    }

    store->lock_fd = fd;

    return CXR_OK;
}


static void
cxr_store_unlock_file(cxr_store_t *store)
{
    if (store->lock_fd != -1) {
        (void) close(store->lock_fd);
        store->lock_fd = -1;
    }
}


static cxr_rc_t
cxr_format_write(cxr_store_t *store, MDB_txn *txn)
{
    int              rc;
    MDB_val          k, v;
    cxr_buf_t        b;
    cxr_format_t     f;
    struct timespec  ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    f.magic = cxr_str(CXR_FORMAT_MAGIC);
    f.format = CXR_STORE_FORMAT;
    f.created = (cxr_time_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    f.program = cxr_str(CXR_STORE_PROGRAM);

    cxr_buf_init(&b, 4096);

    if (cxr_rec_encode(&cxr_format_type, &f, 0, &b) != CXR_OK) {
        cxr_buf_free(&b);
        return CXR_NOMEM;
    }

    k = cxr_mdb_val(cxr_str("format"));
    v = cxr_mdb_val(cxr_buf_str(&b));
    rc = mdb_put(txn, store->dbi[CXR_T_META], &k, &v, 0);
    cxr_buf_free(&b);

    return cxr_mdb_rc(store, rc);
}


static cxr_rc_t
cxr_format_check(cxr_store_t *store, MDB_txn *txn, cxr_diag_t *d)
{
    int           rc;
    MDB_val       k, v;
    cxr_arena_t  *a;
    cxr_format_t  f;

    k = cxr_mdb_val(cxr_str("format"));
    rc = mdb_get(txn, store->dbi[CXR_T_META], &k, &v);

    if (rc == MDB_NOTFOUND) {
        return cxr_diag(d, CXR_INVALID, "meta/format",
                        "this LMDB environment has no format record, so it is "
                        "not a store of this program; it was left as it is");
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot read the format record", d);
    }

    a = cxr_arena_create(64 * 1024);
    if (a == NULL) {
        return CXR_NOMEM;
    }

    if (cxr_rec_decode(&cxr_format_type, v.mv_data, v.mv_size, &f, a) != CXR_OK
        || !cxr_str_is(f.magic, CXR_FORMAT_MAGIC))
    {
        cxr_arena_destroy(a);
        return cxr_diag(d, CXR_INVALID, "meta/format",
                        "the store's format record cannot be read by this "
                        "program; use the program that wrote it, or restore "
                        "a backup; the store was left as it is");
    }

    if (f.format != CXR_STORE_FORMAT) {
        (void) cxr_diag(d, CXR_INVALID, "meta/format",
                        "the store has format %u (written by \"%.*s\") and "
                        "this program knows format %u; use a program that "
                        "knows it; the store was left as it is",
                        f.format, cxr_str_arg(f.program), CXR_STORE_FORMAT);
        cxr_arena_destroy(a);
        return CXR_INVALID;
    }

    cxr_arena_destroy(a);

    return CXR_OK;
}


static int
cxr_store_tables(cxr_store_t *store, MDB_txn *txn, unsigned flags)
{
    int       rc;
    unsigned  i;

    for (i = 0; i < CXR_T_N; i++) {
        rc = mdb_dbi_open(txn, cxr_table_names[i], flags, &store->dbi[i]);
        if (rc != MDB_SUCCESS) {
            return rc;
        }
    }

    return MDB_SUCCESS;
}


/*
 * Opens the tables of an existing store; CXR_NOTFOUND when the environment is
 * empty (a process died between making the file and its tables).
 */
static cxr_rc_t
cxr_store_tables_open(cxr_store_t *store, bool want_format, cxr_diag_t *d)
{
    int       rc;
    MDB_stat  st;
    MDB_txn  *txn;
    cxr_rc_t  crc;

    rc = cxr_store_txn_begin(store, MDB_RDONLY, &txn);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot begin", d);
    }

    rc = cxr_store_tables(store, txn, 0);

    if (rc == MDB_NOTFOUND) {
        MDB_dbi  main_dbi;

        rc = mdb_dbi_open(txn, NULL, 0, &main_dbi);
        if (rc == MDB_SUCCESS) {
            rc = mdb_stat(txn, main_dbi, &st);
        }

        mdb_txn_abort(txn);
        cxr_store_txn_done(store);

        if (rc != MDB_SUCCESS) {
            return cxr_mdb_diag(store, rc, "cannot read", d);
        }

        if (st.ms_entries == 0) {
            return CXR_NOTFOUND;
        }

        return cxr_diag(d, CXR_INVALID, "",
                        "this LMDB environment lacks tables of a store, so it "
                        "is not one of this program; it was left as it is");
    }

    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        cxr_store_txn_done(store);
        return cxr_mdb_diag(store, rc, "cannot open the tables", d);
    }

    crc = want_format ? cxr_format_check(store, txn, d) : CXR_OK;
    if (crc == CXR_OK) {
        crc = cxr_store_slugs(store, txn);
    }

    if (crc != CXR_OK) {
        mdb_txn_abort(txn);
        cxr_store_txn_done(store);
        return crc;
    }

    /* keeps the tables' handles */
    rc = mdb_txn_commit(txn);
    cxr_store_txn_done(store);

    return cxr_mdb_rc(store, rc);
}


void
cxr_store_sync_dir(const char *dir)
{
    int  fd = open(dir, O_RDONLY|O_DIRECTORY|O_CLOEXEC);

    if (fd != -1) {
        (void) fsync(fd);
        (void) close(fd);
    }
}


static cxr_rc_t
cxr_store_tables_create(cxr_store_t *store, bool want_format, cxr_diag_t *d)
{
    int       rc;
    MDB_txn  *txn;
    cxr_rc_t  crc;

    rc = cxr_store_txn_begin(store, 0, &txn);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot begin", d);
    }

    rc = cxr_store_tables(store, txn, MDB_CREATE);

    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(txn);
        cxr_store_txn_done(store);
        return cxr_mdb_diag(store, rc, "cannot make the tables", d);
    }

    crc = want_format ? cxr_format_write(store, txn) : CXR_OK;

    if (crc != CXR_OK) {
        mdb_txn_abort(txn);
        cxr_store_txn_done(store);
        return cxr_diag(d, crc, "", "cannot write the format record");
    }

    rc = mdb_txn_commit(txn);
    cxr_store_txn_done(store);

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot make the store", d);
    }

    cxr_store_sync_dir(store->dir);

    return CXR_OK;
}


static cxr_rc_t
cxr_store_env(cxr_store_t *store, const cxr_store_conf_t *conf, bool exists,
    cxr_diag_t *d)
{
    int       rc;
    size_t    size;
    unsigned  flags;

    rc = mdb_env_create(&store->env);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot make an environment", d);
    }

    (void) mdb_env_set_maxdbs(store->env, CXR_STORE_DBS);
    (void) mdb_env_set_maxreaders(store->env, conf->max_readers
                                              ? conf->max_readers
                                              : CXR_STORE_READERS);

    size = conf->map_size;
    if (size == 0 && !exists) {
        size = CXR_STORE_MAP_DEFAULT;
    }

    if (size != 0) {
        if (size < CXR_STORE_MAP_MIN) {
            return cxr_diag(d, CXR_INVALID, "map_size",
                            "the map must have at least %u bytes",
                            (unsigned) CXR_STORE_MAP_MIN);
        }

        rc = mdb_env_set_mapsize(store->env, size);
        if (rc != MDB_SUCCESS) {
            return cxr_mdb_diag(store, rc, "cannot set the map's size", d);
        }
    }

    /* full sync, no write map: a result is given when it is on disk */
    flags = MDB_NOTLS | (store->read_only ? MDB_RDONLY : 0);

    rc = mdb_env_open(store->env, store->dir, flags, 0600);

    if (rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH) {
        (void) cxr_diag(d, CXR_INVALID, "",
                        "data.mdb is not an LMDB file that this program can "
                        "read (%s); it was left as it is", mdb_strerror(rc));
        cxr_diag_place(d, store->dir, 0, 0);
        return CXR_INVALID;
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot open the store", d);
    }

    (void) mdb_reader_check(store->env, NULL);

    return CXR_OK;
}


#ifdef CXR_TEST_KNOBS

static void
cxr_store_knobs(cxr_store_t *store)
{
    char        *end;
    const char  *p;

    p = getenv("CXR_TEST_COMMIT_DELAY_MS");
    if (p != NULL) {
        store->commit_delay_ms = (unsigned) strtoul(p, NULL, 10);
    }

    p = getenv("CXR_TEST_COMMIT_FAIL");
    if (p != NULL) {
        store->commit_fail_errno = (int) strtol(p, &end, 10);
        store->commit_fail_nth = *end == ':'
                                 ? (unsigned) strtoul(end + 1, NULL, 10) : 1;
    }
}

#endif


static void
cxr_store_free(cxr_store_t *store)
{
    cxr_read_t  *rd;

    while (store->reads != NULL) {
        rd = store->reads;
        store->reads = rd->next;
        mdb_txn_abort(rd->txn);
        free(rd);
    }

    cxr_writer_destroy(store->writer);

    if (store->env != NULL) {
        mdb_env_close(store->env);
    }

    cxr_buf_free(&store->dummy_wrapped);
    cxr_buf_free(&store->dummy_box);
    (void) pthread_rwlock_destroy(&store->map_lock);
    (void) pthread_mutex_destroy(&store->lock);
    (void) pthread_mutex_destroy(&store->write_lock);
    free(store->slugs);
    free(store->dir);
    free(store);
}


/* Everything that happens under the lock file. */
static cxr_rc_t
cxr_store_open_locked(cxr_store_t *store, const cxr_store_conf_t *conf,
    bool want_format, cxr_diag_t *d)
{
    char         path[4096];
    bool         exists;
    cxr_rc_t     rc;
    struct stat  st;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", store->dir);
    exists = stat(path, &st) == 0 && st.st_size > 0;

    if (!exists && (store->read_only || !conf->create)) {
        (void) cxr_diag(d, CXR_NOTFOUND, "", "there is no store here");
        cxr_diag_place(d, store->dir, 0, 0);
        return CXR_NOTFOUND;
    }

    rc = cxr_store_env(store, conf, exists, d);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = exists ? cxr_store_tables_open(store, want_format, d) : CXR_NOTFOUND;

    if (rc == CXR_NOTFOUND) {
        if (store->read_only || !conf->create) {
            return cxr_diag(d, CXR_NOTFOUND, "", "the store has no tables yet");
        }

        rc = cxr_store_tables_create(store, want_format, d);
    }

    if (rc == CXR_OK && !store->read_only) {
        rc = cxr_writer_create(store, &store->writer);
    }

    if (rc == CXR_OK && store->ring != NULL) {
        rc = cxr_person_dummy(store);
    }

    return rc;
}


cxr_rc_t
cxr_store_open_bare(const cxr_store_conf_t *conf, bool want_format,
    cxr_store_t **out, cxr_diag_t *d)
{
    cxr_rc_t      rc;
    struct stat   st;
    cxr_store_t  *store;

    if (stat(conf->dir, &st) == -1 || !S_ISDIR(st.st_mode)) {
        (void) cxr_diag(d, CXR_NOTFOUND, "", "there is no such directory");
        cxr_diag_place(d, conf->dir, 0, 0);
        return CXR_NOTFOUND;
    }

    store = calloc(1, sizeof(cxr_store_t));
    if (store == NULL) {
        return CXR_NOMEM;
    }

    store->dir = strdup(conf->dir);
    if (store->dir == NULL) {
        free(store);
        return CXR_NOMEM;
    }

    store->ring = conf->ring;
    store->read_only = conf->read_only;
    store->lock_fd = -1;
    store->dev = st.st_dev;
    store->ino = st.st_ino;
    (void) pthread_rwlock_init(&store->map_lock, NULL);
    (void) pthread_mutex_init(&store->lock, NULL);
    (void) pthread_mutex_init(&store->write_lock, NULL);
    cxr_buf_init(&store->dummy_wrapped, 1024);
    cxr_buf_init(&store->dummy_box, 4096);

#ifdef CXR_TEST_KNOBS
    cxr_store_knobs(store);
#endif

    rc = cxr_store_register(store, d);
    if (rc != CXR_OK) {
        cxr_diag_place(d, conf->dir, 0, 0);
        cxr_store_free(store);
        return rc;
    }

    rc = cxr_store_lock_file(store, d);

    if (rc == CXR_OK) {
        rc = cxr_store_open_locked(store, conf, want_format, d);
    }

    if (rc != CXR_OK) {
        cxr_store_close(store);
        return rc;
    }

    cxr_store_unlock_file(store);
    *out = store;

    return CXR_OK;
}


cxr_rc_t
cxr_store_open(const cxr_store_conf_t *conf, cxr_store_t **store,
    cxr_diag_t *d)
{
    return cxr_store_open_bare(conf, true, store, d);
}


void
cxr_store_close(cxr_store_t *store)
{
    int  fd;

    if (store == NULL) {
        return;
    }

    if (store->lock_fd == -1) {
        (void) cxr_store_lock_file(store, NULL);
    }

    fd = store->lock_fd;
    cxr_store_unregister(store);
    cxr_store_free(store);

    if (fd != -1) {
        (void) close(fd);
    }
}


/* ---- figures ---- */

static int
cxr_count_readers(const char *msg, void *ctx)
{
    const char  *p;
    unsigned    *n = ctx;

    /* a line for each, after one of headings or "(no active readers)" */
    for (p = msg; *p != '\0'; p++) {
        if (*p == '\n') {
            (*n)++;
        }
    }

    if (strstr(msg, "pid") != NULL || msg[0] == '(') {
        (*n)--;
    }

    return 0;
}


cxr_rc_t
cxr_store_stat(cxr_store_t *store, cxr_store_stat_t *st)
{
    int          rc;
    size_t       pages;
    MDB_val      k, v;
    MDB_stat     ms;
    MDB_cursor  *cur;
    MDB_envinfo  info;
    cxr_read_t  *rd;
    cxr_rc_t     crc;

    memset(st, 0, sizeof(cxr_store_stat_t));

    crc = cxr_read_begin(store, &rd);
    if (crc != CXR_OK) {
        return crc;
    }

    (void) mdb_env_info(store->env, &info);
    (void) mdb_env_stat(store->env, &ms);

    st->map_size = info.me_mapsize;
    st->last_txn = info.me_last_txnid;
    st->max_readers = info.me_maxreaders;
    st->map_used = ((uint64_t) info.me_last_pgno + 1) * ms.ms_psize;

    (void) mdb_reader_list(store->env, cxr_count_readers, &st->readers);

    /* table 0 is LMDB's own list of free pages: a count, then the pages */
    rc = mdb_cursor_open(rd->txn, 0, &cur);

    if (rc == MDB_SUCCESS) {
        for (rc = mdb_cursor_get(cur, &k, &v, MDB_FIRST);
             rc == MDB_SUCCESS;
             rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
        {
            memcpy(&pages, v.mv_data, sizeof(size_t));
            st->map_used -= (uint64_t) pages * ms.ms_psize;
        }

        mdb_cursor_close(cur);
    }

    cxr_read_end(rd);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(store, rc);
}


/* ---- shops' names ---- */

static void
cxr_store_slug_add(cxr_store_t *store, uint32_t key, cxr_str_t id)
{
    size_t       i;
    cxr_slug_t  *s;

    for (i = 0; i < store->nslugs; i++) {
        if (store->slugs[i].key == key) {
            return;
        }
    }

    if (store->nslugs == CXR_STORE_SLUGS
        || id.len >= sizeof(store->slugs[0].id))
    {
        return;
    }

    s = realloc(store->slugs, (store->nslugs + 1) * sizeof(cxr_slug_t));
    if (s == NULL) {
        return;
    }

    store->slugs = s;
    s += store->nslugs++;
    s->key = key;
    memcpy(s->id, id.data, id.len);
    s->id[id.len] = '\0';
}


cxr_rc_t
cxr_store_slugs(cxr_store_t *store, MDB_txn *txn)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cur;

    rc = mdb_cursor_open(txn, store->dbi[CXR_T_META], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(store, rc);
    }

    k = cxr_mdb_val(cxr_str("shop"));
    (void) pthread_mutex_lock(&store->lock);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && k.mv_size == 8
         && memcmp(k.mv_data, "shop", 4) == 0;
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        cxr_store_slug_add(store, cxr_be32((uint8_t *) k.mv_data + 4),
                           cxr_mdb_str(v));
    }

    (void) pthread_mutex_unlock(&store->lock);
    mdb_cursor_close(cur);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(store, rc);
}


void
cxr_store_shop_name(cxr_store_t *store, uint32_t key, char *out, size_t size)
{
    size_t  i;

    (void) pthread_mutex_lock(&store->lock);

    for (i = 0; i < store->nslugs; i++) {
        if (store->slugs[i].key == key) {
            (void) snprintf(out, size, "%s", store->slugs[i].id);
            break;
        }
    }

    if (i == store->nslugs) {
        (void) snprintf(out, size, "%08x", key);
    }

    (void) pthread_mutex_unlock(&store->lock);
}
