
/*
 * Transactions: beginning them while others grow the map, snapshots that are
 * renewed, what LMDB complains of, figures.
 */

#include <errno.h>
#include <stdlib.h>

#include "cxr_store_private.h"


/* A cap against looping for ever while others keep growing the map. */
#define CXR_RESIZE_TRIES  16


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
        cxr_buf_addz(out, "; give the store a larger map: raise map_size= of "
                          "\"cx_returns_store\" and reload nginx");
        break;

    case MDB_READERS_FULL:
        cxr_buf_addz(out, "; too many snapshots are open at once: give "
                          "\"cx_returns_store\" more readers= and restart "
                          "nginx, a reload is not enough");
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


/* Another process has grown the map: take its size, while no txn of ours is
   open. */
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

    if (rd->parcels != NULL) {
        mdb_cursor_close(rd->parcels);
        rd->parcels = NULL;
    }

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
