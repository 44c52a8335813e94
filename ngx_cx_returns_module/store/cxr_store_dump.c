
/*
 * Tools that look at tables as they are: dump, compare, backup.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cxr_store_codes.h"
#include "cxr_store_private.h"


static cxr_rc_t
cxr_dump_table(cxr_store_t *store, MDB_txn *txn, cxr_table_t t,
    cxr_str_t prefix, cxr_dump_pt fn, void *ctx, cxr_diag_t *d)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cur;

    if (store->lacks[t]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(txn, store->dbi[t], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot read", d);
    }

    if (prefix.len != 0) {
        k = cxr_mdb_val(prefix);
        rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
    } else {
        rc = mdb_cursor_get(cur, &k, &v, MDB_FIRST);
    }

    while (rc == MDB_SUCCESS && k.mv_size >= prefix.len
           && (prefix.len == 0
               || memcmp(k.mv_data, prefix.data, prefix.len) == 0)
           && fn(ctx, cxr_table_names[t], cxr_mdb_str(k), cxr_mdb_str(v)))
    {
        rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT);
    }

    mdb_cursor_close(cur);

    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_mdb_diag(store, rc, "cannot read", d);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_store_dump(cxr_store_t *store, const char *table, cxr_str_t prefix,
    cxr_dump_pt fn, void *ctx, cxr_diag_t *d)
{
    int          t;
    cxr_rc_t     rc;
    cxr_read_t  *rd;

    if (table == NULL) {
        for (t = 0; t < CXR_T_N; t++) {
            if (!fn(ctx, cxr_table_names[t], CXR_STR_NONE, CXR_STR_NONE)) {
                break;
            }
        }

        return CXR_OK;
    }

    t = cxr_table_index(table);
    if (t < 0) {
        return cxr_diag(d, CXR_NOTFOUND, "", "there is no such table");
    }

    if (prefix.len > CXR_DBKEY_MAX) {
        return CXR_OK;
    }

    rc = cxr_read_begin(store, &rd);
    if (rc != CXR_OK) {
        return cxr_diag(d, rc, "", "cannot begin a snapshot");
    }

    rc = cxr_store_slugs(store, rd->txn);
    if (rc == CXR_OK) {
        rc = cxr_dump_table(store, rd->txn, (cxr_table_t) t, prefix, fn, ctx,
                            d);
    }

    cxr_read_end(rd);

    return rc;
}


/* ---- compare ---- */

static cxr_rc_t
cxr_differs(cxr_store_t *store, cxr_table_t t, MDB_val k, const char *what,
    cxr_diag_t *d)
{
    char       mem[160];
    cxr_buf_t  b;

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_store_key_print(store, cxr_table_names[t], cxr_mdb_str(k), &b);

    return cxr_diag(d, CXR_CONFLICT, cxr_table_names[t], "%.*s %s",
                    cxr_str_arg(cxr_buf_str(&b)), what);
}


/*
 * Two records of one type that were written in different formats or versions,
 * and say the same.  Not of the journal: its bytes are what is hashed.
 */
static bool
cxr_records_alike(cxr_table_t t, MDB_val x, MDB_val y, cxr_arena_t *arena)
{
    size_t             i;
    void              *p, *q;
    uint16_t           type, other, version;
    uint64_t           seq, then;
    const cxr_type_t  *of;

    static const cxr_type_t *const  own[] = {
        &cxr_format_type, &cxr_idem_type, &cxr_work_type, &cxr_lane_type,
        &cxr_pool_type, &cxr_code_type, &cxr_find_type,
        &cxr_survey_sum_type, &cxr_list_row_type
    };

    if (t == CXR_T_JOURNAL
        || cxr_rec_head(x.mv_data, x.mv_size, &type, &version, &seq) != CXR_OK
        || cxr_rec_head(y.mv_data, y.mv_size, &other, &version, &then)
           != CXR_OK
        || type != other || seq != then
        || memcmp(x.mv_data, y.mv_data, CXR_RECORD_HEADER) == 0)
    {
        return false;
    }

    of = cxr_stored_type(type);

    for (i = 0; of == NULL && i < cxr_nelts(own); i++) {
        of = own[i]->id == type ? own[i] : NULL;
    }

    if (of == NULL) {
        return false;
    }

    cxr_arena_reset(arena);
    p = cxr_alloc(arena, of->size);
    q = cxr_alloc(arena, of->size);

    return p != NULL && q != NULL
           && cxr_rec_decode(of, x.mv_data, x.mv_size, p, arena) == CXR_OK
           && cxr_rec_decode(of, y.mv_data, y.mv_size, q, arena) == CXR_OK
           && cxr_rec_equal(of, p, q);
}


static cxr_rc_t
cxr_compare_cursors(cxr_store_t *a, cxr_table_t t, MDB_cursor *ca,
    MDB_cursor *cb, cxr_arena_t *arena, cxr_diag_t *d)
{
    int        ra, rb, c;
    MDB_val    ka, va, kb, vb;

    ra = mdb_cursor_get(ca, &ka, &va, MDB_FIRST);
    rb = mdb_cursor_get(cb, &kb, &vb, MDB_FIRST);

    while (ra == MDB_SUCCESS && rb == MDB_SUCCESS) {
        c = cxr_str_cmp(cxr_mdb_str(ka), cxr_mdb_str(kb));

        if (c != 0) {
            return c < 0 ? cxr_differs(a, t, ka, "is in the first only", d)
                         : cxr_differs(a, t, kb, "is in the second only", d);
        }

        if (!cxr_str_eq(cxr_mdb_str(va), cxr_mdb_str(vb))
            && !cxr_records_alike(t, va, vb, arena))
        {
            return cxr_differs(a, t, ka, "differs", d);
        }

        ra = mdb_cursor_get(ca, &ka, &va, MDB_NEXT);
        rb = mdb_cursor_get(cb, &kb, &vb, MDB_NEXT);
    }

    if (ra == MDB_SUCCESS) {
        return cxr_differs(a, t, ka, "is in the first only", d);
    }

    if (rb == MDB_SUCCESS) {
        return cxr_differs(a, t, kb, "is in the second only", d);
    }

    if (ra != MDB_NOTFOUND || rb != MDB_NOTFOUND) {
        return cxr_mdb_diag(a, ra != MDB_NOTFOUND ? ra : rb, "cannot read", d);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_store_compare(cxr_store_t *a, cxr_store_t *b, cxr_diag_t *d)
{
    int           t, rc;
    cxr_rc_t      crc;
    MDB_cursor   *ca, *cb;
    cxr_read_t   *ra, *rb;
    cxr_arena_t  *arena;

    arena = cxr_arena_create(CXR_SCRATCH_MAX);
    if (arena == NULL) {
        return cxr_diag(d, CXR_NOMEM, "", "not enough memory");
    }

    crc = cxr_read_begin(a, &ra);
    if (crc != CXR_OK) {
        cxr_arena_destroy(arena);
        return cxr_diag(d, crc, "", "cannot begin a snapshot");
    }

    crc = cxr_read_begin(b, &rb);
    if (crc != CXR_OK) {
        cxr_read_end(ra);
        cxr_arena_destroy(arena);
        return cxr_diag(d, crc, "", "cannot begin a snapshot");
    }

    for (t = 0; t < CXR_T_N && crc == CXR_OK; t++) {
        if (a->lacks[t] || b->lacks[t]) {
            continue;
        }

        rc = mdb_cursor_open(ra->txn, a->dbi[t], &ca);
        if (rc != MDB_SUCCESS) {
            crc = cxr_mdb_diag(a, rc, "cannot read", d);
            break;
        }

        rc = mdb_cursor_open(rb->txn, b->dbi[t], &cb);
        if (rc != MDB_SUCCESS) {
            mdb_cursor_close(ca);
            crc = cxr_mdb_diag(b, rc, "cannot read", d);
            break;
        }

        crc = cxr_compare_cursors(a, (cxr_table_t) t, ca, cb, arena, d);
        mdb_cursor_close(ca);
        mdb_cursor_close(cb);
    }

    cxr_read_end(rb);
    cxr_read_end(ra);
    cxr_arena_destroy(arena);

    return crc;
}


/* ---- backup ---- */

cxr_rc_t
cxr_store_backup(cxr_store_t *store, const char *dir, cxr_diag_t *d)
{
    int          rc, fd;
    char         path[4096], last[4096];
    MDB_txn     *txn;

    if (snprintf(path, sizeof(path), "%s/data.mdb.part", dir)
        >= (int) sizeof(path))
    {
        return cxr_diag(d, CXR_LIMIT, "", "the directory's name is too long");
    }

    (void) snprintf(last, sizeof(last), "%s/data.mdb", dir);

    if (access(last, F_OK) == 0) {
        (void) cxr_diag(d, CXR_CONFLICT, "", "there is a store already");
        cxr_diag_place(d, last, 0, 0);
        return CXR_CONFLICT;
    }

    /* under another name until it is whole */
    (void) unlink(path);
    fd = open(path, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600);

    if (fd == -1) {
        rc = errno;
        (void) cxr_diag(d, CXR_IO, "", "cannot make the copy: %s",
                        strerror(rc));
        cxr_diag_place(d, path, 0, 0);
        return CXR_IO;
    }

    /*
     * mdb_env_copyfd2() begins its own snapshot and would fail when the map has
     * grown; beginning one of ours first adopts the new size, and holds it.
     */
    rc = cxr_store_txn_begin(store, MDB_RDONLY, &txn);

    if (rc == MDB_SUCCESS) {
        rc = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
        mdb_txn_abort(txn);
        cxr_store_txn_done(store);
    }

    if (rc == MDB_SUCCESS && fsync(fd) == -1) {
        rc = errno;
    }

    if (close(fd) == -1 && rc == MDB_SUCCESS) {
        rc = errno;
    }

    if (rc == MDB_SUCCESS && rename(path, last) == -1) {
        rc = errno;
    }

    if (rc != MDB_SUCCESS) {
        (void) unlink(path);
        return cxr_mdb_diag(store, rc, "cannot make the copy", d);
    }

    cxr_store_sync_dir(dir);

    return CXR_OK;
}
