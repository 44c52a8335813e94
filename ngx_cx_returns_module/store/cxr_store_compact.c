
/*
 * A copy of what the store says, and of nothing else.
 *
 * LMDB's own compacting copy leaves free pages out, but copies the others
 * whole, and on these stand bytes of records that were deleted from them.  So
 * each record is put, in order, into an environment that never had others.
 */

#include <stdio.h>
#include <unistd.h>

#include "cxr_store_private.h"


typedef struct {
    cxr_store_t      *from;
    cxr_store_t      *to;
    MDB_txn          *read;
    MDB_txn          *write;
    uint64_t          done;
    uint64_t          total;
    cxr_progress_pt   progress;
    void             *ctx;
    cxr_diag_t       *d;
} cxr_compact_t;


static cxr_rc_t
cxr_compact_begin(cxr_compact_t *c)
{
    int  rc;

    rc = cxr_store_txn_begin(c->to, 0, &c->write);

    return rc == MDB_SUCCESS
           ? CXR_OK : cxr_mdb_diag(c->to, rc, "cannot begin", c->d);
}


static cxr_rc_t
cxr_compact_commit(cxr_compact_t *c)
{
    int  rc;

    rc = mdb_txn_commit(c->write);
    c->write = NULL;
    cxr_store_txn_done(c->to);

    if (c->progress != NULL) {
        c->progress(c->ctx, c->done, c->total);
    }

    return rc == MDB_SUCCESS
           ? CXR_OK : cxr_mdb_diag(c->to, rc, "cannot commit", c->d);
}


static cxr_rc_t
cxr_compact_table(cxr_compact_t *c, cxr_table_t t)
{
    int          rc;
    MDB_val      k, v;
    cxr_rc_t     crc = CXR_OK;
    MDB_cursor  *cur;

    if (c->from->lacks[t]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(c->read, c->from->dbi[t], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(c->from, rc, "cannot read", c->d);
    }

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_FIRST);
         rc == MDB_SUCCESS && crc == CXR_OK;
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        rc = mdb_put(c->write, c->to->dbi[t], &k, &v, MDB_APPEND);
        if (rc != MDB_SUCCESS) {
            crc = cxr_mdb_diag(c->to, rc, "cannot write", c->d);
            break;
        }

        if (++c->done % CXR_JOURNAL_BATCH == 0) {
            crc = cxr_compact_commit(c);

            if (crc == CXR_OK) {
                crc = cxr_compact_begin(c);
            }
        }
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK
                              : cxr_mdb_diag(c->from, rc, "cannot read", c->d);
}


/* The format record is in meta, which comes last: half a copy is no store. */
static cxr_rc_t
cxr_compact_all(cxr_compact_t *c)
{
    int          rc;
    MDB_stat     st;
    cxr_rc_t     crc;
    unsigned     t;

    rc = cxr_store_txn_begin(c->from, MDB_RDONLY, &c->read);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(c->from, rc, "cannot begin a snapshot", c->d);
    }

    for (t = 0; t < CXR_T_N; t++) {
        if (!c->from->lacks[t]
            && mdb_stat(c->read, c->from->dbi[t], &st) == MDB_SUCCESS)
        {
            c->total += st.ms_entries;
        }
    }

    crc = cxr_compact_begin(c);

    for (t = CXR_T_META + 1; t < CXR_T_N && crc == CXR_OK; t++) {
        crc = cxr_compact_table(c, t);
    }

    if (crc == CXR_OK) {
        crc = cxr_compact_table(c, CXR_T_META);
    }

    if (crc == CXR_OK) {
        crc = cxr_compact_commit(c);
    }

    if (c->write != NULL) {
        mdb_txn_abort(c->write);
        cxr_store_txn_done(c->to);
    }

    mdb_txn_abort(c->read);
    cxr_store_txn_done(c->from);

    return crc;
}


cxr_rc_t
cxr_store_compact(cxr_store_t *store, const char *dir, cxr_progress_pt fn,
    void *ctx, cxr_diag_t *d)
{
    char              path[4096];
    cxr_rc_t          rc;
    unsigned          i;
    MDB_envinfo       info;
    cxr_compact_t     c;
    cxr_store_conf_t  conf;

    static const char *const  files[] = {
        "data.mdb", "lock.mdb", CXR_STORE_LOCK
    };

    (void) snprintf(path, sizeof(path), "%s/data.mdb", dir);

    if (access(path, F_OK) == 0) {
        (void) cxr_diag(d, CXR_CONFLICT, "", "there is a store already");
        cxr_diag_place(d, path, 0, 0);
        return CXR_CONFLICT;
    }

    memset(&c, 0, sizeof(c));
    c.from = store;
    c.progress = fn;
    c.ctx = ctx;
    c.d = d;

    (void) mdb_env_info(store->env, &info);

    memset(&conf, 0, sizeof(conf));
    conf.dir = dir;
    conf.map_size = info.me_mapsize;
    conf.create = true;

    rc = cxr_store_open_bare(&conf, false, &c.to, d);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_compact_all(&c);
    cxr_store_close(c.to);

    for (i = 0; rc != CXR_OK && i < cxr_nelts(files); i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        (void) unlink(path);
    }

    return rc;
}
