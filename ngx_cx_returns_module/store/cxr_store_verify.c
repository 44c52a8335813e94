
/*
 * Walking the chain.  The journal only grows, so it is read batch by batch,
 * each in a snapshot of its own: a long one would keep pages from being reused.
 */

#include "cxr_store_private.h"


typedef struct {
    cxr_store_t      *store;
    cxr_arena_t      *arena;
    cxr_buf_t         tmp;
    cxr_head_t        head;
    bool              begun;
    bool              end;
    uint64_t          entries;
    uint64_t          total;
    cxr_progress_pt   progress;
    void             *ctx;
} cxr_walk_t;


static cxr_rc_t
cxr_verify_batch(cxr_walk_t *wk, cxr_diag_t *d)
{
    int           rc;
    MDB_val       k, v;
    MDB_stat      st;
    uint64_t      done;
    cxr_rc_t      crc;
    cxr_read_t   *rd;
    MDB_cursor   *cur;
    cxr_dbkey_t   from;
    cxr_entry_t   e;

    crc = cxr_read_begin(wk->store, &rd);
    if (crc != CXR_OK) {
        return cxr_diag(d, crc, "", "cannot begin a snapshot");
    }

    rc = mdb_stat(rd->txn, wk->store->dbi[CXR_T_JOURNAL], &st);
    if (rc == MDB_SUCCESS) {
        wk->total = st.ms_entries;
        rc = mdb_cursor_open(rd->txn, wk->store->dbi[CXR_T_JOURNAL], &cur);
    }

    if (rc != MDB_SUCCESS) {
        cxr_read_end(rd);
        return cxr_mdb_diag(wk->store, rc, "cannot read the journal", d);
    }

    cxr_dbkey_journal(&from, wk->head.shop, wk->head.seq + 1);
    k = cxr_dbkey_val(&from);
    rc = mdb_cursor_get(cur, &k, &v, wk->begun ? MDB_SET_RANGE : MDB_FIRST);

    for (done = 0; rc == MDB_SUCCESS && done < CXR_JOURNAL_BATCH; done++) {
        cxr_arena_reset(wk->arena);

        crc = cxr_chain_check(wk->store, &wk->head, &wk->tmp, wk->arena, k, v,
                              &e, d);
        if (crc != CXR_OK) {
            break;
        }

        wk->begun = true;
        wk->entries++;
        rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT);
    }

    mdb_cursor_close(cur);
    cxr_read_end(rd);

    if (crc != CXR_OK) {
        return crc;
    }

    if (rc == MDB_NOTFOUND) {
        wk->end = true;

    } else if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(wk->store, rc, "cannot read the journal", d);
    }

    if (wk->progress != NULL) {
        wk->progress(wk->ctx, wk->entries, wk->total);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_store_verify(cxr_store_t *store, cxr_progress_pt fn, void *ctx,
    uint64_t *entries, cxr_diag_t *d)
{
    cxr_rc_t    rc;
    cxr_walk_t  wk;

    memset(&wk, 0, sizeof(wk));
    wk.store = store;
    wk.progress = fn;
    wk.ctx = ctx;
    wk.arena = cxr_arena_create(2 * CXR_RECORD_MAX);
    if (wk.arena == NULL) {
        return CXR_NOMEM;
    }

    cxr_buf_init(&wk.tmp, 2 * CXR_RECORD_MAX);

    do {
        rc = cxr_verify_batch(&wk, d);
    } while (rc == CXR_OK && !wk.end);

    *entries = wk.entries;
    cxr_buf_free(&wk.tmp);
    cxr_arena_destroy(wk.arena);

    return rc;
}
