
/*
 * The environment: what it is made of, opening and closing.
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


/* "created": NONE for one that is new. */
static cxr_rc_t
cxr_format_write(cxr_store_t *store, MDB_txn *txn, cxr_time_t created)
{
    int              rc;
    MDB_val          k, v;
    cxr_buf_t        b;
    cxr_format_t     f;
    struct timespec  ts;

    (void) clock_gettime(CLOCK_REALTIME, &ts);

    f.magic = cxr_str(CXR_FORMAT_MAGIC);
    f.format = CXR_STORE_FORMAT;
    f.created = created != CXR_TIME_NONE
                ? created
                : (cxr_time_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
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


/* *old: when a store of the old format was made, else NONE. */
static cxr_rc_t
cxr_format_check(cxr_store_t *store, MDB_txn *txn, cxr_time_t *old,
    cxr_diag_t *d)
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

    if (f.format == CXR_STORE_FORMAT_OLD) {
        *old = f.created;

    } else if (f.format != CXR_STORE_FORMAT) {
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

        if (rc == MDB_NOTFOUND && i >= CXR_T_LATER) {
            store->lacks[i] = true;
            continue;
        }

        if (rc != MDB_SUCCESS) {
            return rc;
        }
    }

    return MDB_SUCCESS;
}


bool
cxr_store_older(const cxr_store_t *store)
{
    cxr_diag_t  d;

    return cxr_store_fit(store, &d) != CXR_OK;
}


/*
 * A store that an older program made may lack derived tables.  It can be read,
 * so that it can be made anew from its journal; writing on would leave them
 * wrong for ever.
 */
cxr_rc_t
cxr_store_fit(const cxr_store_t *store, cxr_diag_t *d)
{
    unsigned  i;

    for (i = 0; i < CXR_T_FRESH && !store->lacks[i]; i++) { /* void */ }

    if (i == CXR_T_FRESH) {
        return CXR_OK;
    }

    return cxr_diag(d, CXR_INVALID, "",
                    "the store was made by an older program and has no table "
                    "\"%s\": stop nginx, make it anew with \"cx-returns "
                    "rebuild --store %s --into %s.anew --keys FILE\", give that "
                    "to the workers' user (chown -R), and put it in its place",
                    cxr_table_names[i], store->dir, store->dir);
}


/* What only newer events fill is made where it is missing. */
static cxr_rc_t
cxr_store_tables_fresh(cxr_store_t *store, cxr_diag_t *d)
{
    int       rc;
    unsigned  i;
    MDB_txn  *txn;
    cxr_rc_t  crc;

    for (i = CXR_T_FRESH; i < CXR_T_N && !store->lacks[i]; i++) { /* void */ }

    if (i == CXR_T_N || store->read_only) {
        return CXR_OK;
    }

    rc = cxr_store_txn_begin(store, 0, &txn);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot begin", d);
    }

    crc = CXR_OK;

    for (i = CXR_T_FRESH; rc == MDB_SUCCESS && i < CXR_T_N; i++) {
        rc = mdb_dbi_open(txn, cxr_table_names[i], 0, &store->dbi[i]);

        /* another process may have made it since we looked */

        if (rc == MDB_NOTFOUND) {
            rc = mdb_dbi_open(txn, cxr_table_names[i], MDB_CREATE,
                              &store->dbi[i]);

            if (rc == MDB_SUCCESS && i == CXR_T_SURVEYS) {
                crc = cxr_surveys_fill(store, txn);
            }
        }
    }

    if (rc == MDB_SUCCESS && crc == CXR_OK) {
        rc = mdb_txn_commit(txn);
    } else {
        mdb_txn_abort(txn);
    }

    cxr_store_txn_done(store);

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot make the newer tables", d);
    }

    if (crc != CXR_OK) {
        return cxr_diag(d, crc, "", "cannot fill the table \"surveys\" from "
                        "the orders: %s", cxr_rc_name(crc));
    }

    for (i = CXR_T_FRESH; i < CXR_T_N; i++) {
        store->lacks[i] = false;
    }

    return CXR_OK;
}


/*
 * What is written from now on an older program could not read, and its format
 * record must tell it so.
 */
static cxr_rc_t
cxr_format_raise(cxr_store_t *store, cxr_time_t created, cxr_diag_t *d)
{
    int       rc;
    MDB_txn  *txn;
    cxr_rc_t  crc;

    rc = cxr_store_txn_begin(store, 0, &txn);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot begin", d);
    }

    crc = cxr_format_write(store, txn, created);

    if (crc == CXR_OK) {
        crc = cxr_mdb_rc(store, mdb_txn_commit(txn));

    } else {
        mdb_txn_abort(txn);
    }

    cxr_store_txn_done(store);

    return crc == CXR_OK
           ? CXR_OK : cxr_diag(d, crc, "", "cannot write the format record");
}


/*
 * Opens the tables of an existing store; CXR_NOTFOUND when the environment is
 * empty (a process died between making the file and its tables).
 */
static cxr_rc_t
cxr_store_tables_open(cxr_store_t *store, bool want_format, cxr_diag_t *d)
{
    int         rc;
    MDB_stat    st;
    MDB_txn    *txn;
    cxr_rc_t    crc;
    cxr_time_t  old = CXR_TIME_NONE;

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

    crc = want_format ? cxr_format_check(store, txn, &old, d) : CXR_OK;
    if (crc == CXR_OK && !store->read_only) {
        crc = cxr_store_fit(store, d);
    }

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

    if (rc == MDB_SUCCESS && old != CXR_TIME_NONE && !store->read_only) {
        crc = cxr_format_raise(store, old, d);
        if (crc != CXR_OK) {
            return crc;
        }
    }

    return rc == MDB_SUCCESS ? cxr_store_tables_fresh(store, d)
                             : cxr_mdb_rc(store, rc);
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

    crc = want_format ? cxr_format_write(store, txn, CXR_TIME_NONE)
                      : CXR_OK;

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

    if (rc == ENOMEM) {
        (void) cxr_diag(d, CXR_NOMEM, "map_size", "there is no address space "
                        "for a map of this size: choose a smaller map_size");
        cxr_diag_place(d, store->dir, 0, 0);
        return CXR_NOMEM;
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


/*
 * Root looks into the store of a worker's user: whatever file that makes is to
 * be the user's, or no worker could open the store any more.  The user may put
 * another file there meanwhile, so it is that one, and one of one name, that is
 * looked at and given away; and by a descriptor whose closing frees no lock.
 */
static void
cxr_store_hand_over(const cxr_store_t *store)
{
    int          fd;
    char         path[4096];
    size_t       i;
    struct stat  dir, st;

    static const char *const  names[] = {
        CXR_STORE_LOCK, "data.mdb", "lock.mdb"
    };

    if (geteuid() != 0 || stat(store->dir, &dir) != 0 || dir.st_uid == 0) {
        return;
    }

    for (i = 0; i < cxr_nelts(names); i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", store->dir, names[i]);
        fd = open(path, O_PATH|O_NOFOLLOW|O_CLOEXEC);

        if (fd == -1) {
            continue;
        }

        if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == 0
            && st.st_nlink == 1)
        {
            (void) !fchownat(fd, "", dir.st_uid, dir.st_gid, AT_EMPTY_PATH);
        }

        (void) close(fd);
    }
}


/* One that may not be looked at is told of by who opens it. */
static bool
cxr_store_exists(const char *dir)
{
    char         path[4096];
    struct stat  st;

    return snprintf(path, sizeof(path), "%s/data.mdb", dir)
           < (int) sizeof(path)
           && (stat(path, &st) == 0 ? st.st_size > 0
                                    : errno != ENOENT && errno != ENOTDIR);
}


/* Everything that happens under the lock file. */
static cxr_rc_t
cxr_store_open_locked(cxr_store_t *store, const cxr_store_conf_t *conf,
    bool want_format, cxr_diag_t *d)
{
    char         path[4096];
    bool         exists;
    cxr_rc_t     rc;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", store->dir);
    exists = cxr_store_exists(store->dir);

    rc = cxr_store_env(store, conf, exists, d);
    cxr_store_hand_over(store);

    if (rc != CXR_OK) {
        return rc;
    }

    rc = exists ? cxr_store_probe(store, path, d) : CXR_NOTFOUND;

    if (rc == CXR_OK) {
        rc = cxr_store_tables_open(store, want_format, d);
    }

    if (rc == CXR_NOTFOUND) {
        if (store->read_only || !conf->create) {
            return cxr_diag(d, CXR_NOTFOUND, "", "the store has no tables yet");
        }

        rc = cxr_store_tables_create(store, want_format, d);
    }

    if (rc == CXR_OK && store->ring != NULL) {
        rc = cxr_person_ring(store, d);
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

    /* before the lock file is made: to look leaves nothing behind */

    if ((conf->read_only || !conf->create) && !cxr_store_exists(conf->dir)) {
        (void) cxr_diag(d, CXR_NOTFOUND, "", "there is no store here");
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
