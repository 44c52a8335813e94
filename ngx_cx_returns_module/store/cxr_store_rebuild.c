
/*
 * Making the projections anew from the journal, into an empty directory.
 */

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_store_private.h"


typedef struct {
    cxr_store_t      *from;
    cxr_store_t      *to;
    MDB_txn          *txn;       /* one snapshot of "from" for all of it */
    cxr_writer_t     *w;
    cxr_arena_t      *arena;
    cxr_buf_t         tmp;
    cxr_head_t        head;
    cxr_progress_pt   progress;
    void             *ctx;
    cxr_diag_t       *d;
} cxr_rebuild_t;


/* Puts one record; every so many, commits and begins anew. */
static cxr_rc_t
cxr_rebuild_next(cxr_rebuild_t *r, uint64_t done)
{
    cxr_rc_t  rc;

    if (done % CXR_JOURNAL_BATCH != 0) {
        return CXR_OK;
    }

    rc = cxr_writer_commit(r->w);
    if (rc != CXR_OK) {
        return cxr_diag(r->d, rc, "", "cannot commit to the new store");
    }

    rc = cxr_writer_begin(r->w);

    return rc == CXR_OK ? CXR_OK
                        : cxr_diag(r->d, rc, "", "cannot begin anew");
}


static cxr_rc_t
cxr_rebuild_entry(cxr_rebuild_t *r, MDB_val k, MDB_val v)
{
    void               *body;
    cxr_rc_t            rc;
    cxr_entry_t         e;
    cxr_event_t         ev;
    const cxr_type_t   *type;

    cxr_arena_reset(r->arena);
    cxr_writer_next(r->w);

    rc = cxr_chain_check(r->from, &r->head, &r->tmp, r->arena, k, v, &e, r->d);
    if (rc != CXR_OK) {
        return rc;
    }

    type = cxr_event_body(e.kind);
    if (type == NULL) {
        return cxr_diag(r->d, CXR_INVALID, "",
                        "entry %llu is of kind %u, which this program does "
                        "not know", (unsigned long long) e.seq, e.kind);
    }

    body = cxr_calloc(r->arena, 1, type->size);
    if (body == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_rec_decode(type, e.body.data, e.body.len, body, r->arena);
    if (rc != CXR_OK) {
        return cxr_diag(r->d, rc, "", "the body of entry %llu cannot be read",
                        (unsigned long long) e.seq);
    }

    ev.kind = e.kind;
    ev.aggregate = e.aggregate;
    ev.fresh = e.expect == 0;
    ev.id = e.id;
    ev.expect = e.expect;
    ev.body = body;

    rc = cxr_journal_copy(r->w, k, v);
    if (rc == CXR_OK) {
        rc = cxr_apply_entry(r->w, r->head.shop, &e, &ev);
    }

    if (rc == CXR_FORGED) {
        return cxr_diag(r->d, rc, "", "entry %llu (%s): the key ring cannot "
                        "open the order's key", (unsigned long long) e.seq,
                        cxr_event_names[e.kind]);
    }

    if (rc != CXR_OK) {
        return cxr_diag(r->d, rc, "", "entry %llu (%s) cannot be applied: %s",
                        (unsigned long long) e.seq, cxr_event_names[e.kind],
                        cxr_rc_name(rc));
    }

    return CXR_OK;
}


/* A table as it is, or the journal through apply. */
static cxr_rc_t
cxr_rebuild_table(cxr_rebuild_t *r, cxr_table_t t)
{
    int          rc;
    MDB_val      k, v;
    MDB_stat     st;
    uint64_t     done = 0;
    cxr_rc_t     crc = CXR_OK;
    MDB_cursor  *cur;
    cxr_dbkey_t  key;

    rc = mdb_stat(r->txn, r->from->dbi[t], &st);
    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_open(r->txn, r->from->dbi[t], &cur);
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(r->from, rc, "cannot read", r->d);
    }

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_FIRST);
         rc == MDB_SUCCESS && crc == CXR_OK;
         rc = crc == CXR_OK ? mdb_cursor_get(cur, &k, &v, MDB_NEXT) : rc)
    {
        if (t == CXR_T_JOURNAL) {
            crc = cxr_rebuild_entry(r, k, v);

        } else {
            key.len = 0;
            key.over = false;
            cxr_dbkey_add(&key, k.mv_data, k.mv_size);
            crc = cxr_writer_put(r->w, t, &key, cxr_mdb_str(v));
            if (crc != CXR_OK) {
                (void) cxr_diag(r->d, crc, "", "cannot write the new store");
            }
        }

        if (crc == CXR_OK) {
            crc = cxr_rebuild_next(r, ++done);
        }

        if (t == CXR_T_JOURNAL && r->progress != NULL
            && (done % CXR_JOURNAL_BATCH == 0 || done == st.ms_entries))
        {
            r->progress(r->ctx, done, st.ms_entries);
        }
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK
                              : cxr_mdb_diag(r->from, rc, "cannot read", r->d);
}


static cxr_rc_t
cxr_rebuild_all(cxr_rebuild_t *r)
{
    cxr_rc_t  rc;

    rc = cxr_writer_begin(r->w);
    if (rc != CXR_OK) {
        return cxr_diag(r->d, rc, "", "cannot begin in the new store");
    }

    rc = cxr_rebuild_table(r, CXR_T_PERSONS);

    if (rc == CXR_OK) {
        rc = cxr_rebuild_table(r, CXR_T_JOURNAL);
    }

    /* the format record comes last: half a store must not open as a whole */
    if (rc == CXR_OK) {
        rc = cxr_rebuild_table(r, CXR_T_META);
    }

    if (rc != CXR_OK) {
        /* a failed commit has ended the txn already */
        if (r->w->txn != NULL) {
            cxr_writer_abort(r->w);
        }

        return rc;
    }

    rc = cxr_writer_commit(r->w);
    if (rc != CXR_OK) {
        return cxr_diag(r->d, rc, "", "cannot commit to the new store");
    }

    return CXR_OK;
}


/* What was begun here and did not come about. */
static void
cxr_rebuild_discard(const char *dir)
{
    char      path[4096];
    unsigned  i;

    static const char *const  files[] = {
        "data.mdb", "lock.mdb", CXR_STORE_LOCK
    };

    for (i = 0; i < cxr_nelts(files); i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
        (void) unlink(path);
    }
}


cxr_rc_t
cxr_store_rebuild(cxr_store_t *store, const char *dir, cxr_progress_pt fn,
    void *ctx, cxr_diag_t *d)
{
    int               rc;
    char              path[4096];
    cxr_rc_t          crc;
    struct stat       st;
    MDB_envinfo       info;
    cxr_rebuild_t     r;
    cxr_store_conf_t  conf;

    if (store->ring == NULL) {
        return cxr_diag(d, CXR_INVALID, "",
                        "rebuilding needs the key ring: the index of e-mails "
                        "is made with it");
    }

    (void) snprintf(path, sizeof(path), "%s/data.mdb", dir);
    if (stat(path, &st) == 0) {
        (void) cxr_diag(d, CXR_CONFLICT, "", "there is a store already");
        cxr_diag_place(d, path, 0, 0);
        return CXR_CONFLICT;
    }

    memset(&r, 0, sizeof(r));
    r.from = store;
    r.progress = fn;
    r.ctx = ctx;
    r.d = d;

    (void) mdb_env_info(store->env, &info);

    memset(&conf, 0, sizeof(conf));
    conf.dir = dir;
    conf.map_size = info.me_mapsize;
    conf.ring = store->ring;
    conf.create = true;

    /* its format record is copied with the rest of meta */
    crc = cxr_store_open_bare(&conf, false, &r.to, d);
    if (crc != CXR_OK) {
        return crc;
    }

    r.w = r.to->writer;
    r.arena = cxr_arena_create(CXR_SCRATCH_MAX);
    cxr_buf_init(&r.tmp, 2 * CXR_RECORD_MAX);

    if (r.arena == NULL) {
        cxr_store_close(r.to);
        return CXR_NOMEM;
    }

    rc = cxr_store_txn_begin(store, MDB_RDONLY, &r.txn);

    if (rc != MDB_SUCCESS) {
        crc = cxr_mdb_diag(store, rc, "cannot begin a snapshot", d);

    } else {
        crc = cxr_rebuild_all(&r);
        mdb_txn_abort(r.txn);
        cxr_store_txn_done(store);
    }

    cxr_buf_free(&r.tmp);
    cxr_arena_destroy(r.arena);
    cxr_store_close(r.to);

    if (crc != CXR_OK) {
        cxr_rebuild_discard(dir);
    }

    return crc;
}
