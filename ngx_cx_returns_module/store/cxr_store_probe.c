
/*
 * A look at data.mdb before it is used.  LMDB reads it through the map, so that
 * a file that was cut short, by a copy that ended early, say, kills whoever
 * touches what is missing; nginx would start such a worker again and again.
 */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "cxr_store_private.h"


#define CXR_PROBE_NAME_MAX  64      /* of a table */


/* the thread that probes, and where it goes when the map fails it */
static _Thread_local volatile sig_atomic_t  cxr_probing;
static _Thread_local sigjmp_buf             cxr_probe_out;


static void
cxr_probe_fault(int signo)
{
    if (cxr_probing) {
        siglongjmp(cxr_probe_out, 1);
    }

    /* another thread's own fault: it happens again, and has its effect */

    (void) signal(signo, SIG_DFL);
}


/*
 * Pages at the end that no table uses need not be in the file; LMDB keeps their
 * numbers among the free ones.  *missing is how many of the pages from "first"
 * to "last" are not free.
 */
static int
cxr_probe_missing(MDB_txn *txn, size_t first, size_t last, size_t *missing)
{
    int          rc;
    size_t       i, n, pgno;
    MDB_val      key, data;
    MDB_cursor  *cursor;
    const char  *p;

    *missing = last - first + 1;

    /* the table of free pages is the first one, by LMDB's own tools too */

    rc = mdb_cursor_open(txn, 0, &cursor);
    if (rc != MDB_SUCCESS) {
        return rc;
    }

    while ((rc = mdb_cursor_get(cursor, &key, &data, MDB_NEXT))
           == MDB_SUCCESS)
    {
        /* how many, then their numbers */

        if (data.mv_size < sizeof(size_t)) {
            continue;
        }

        p = data.mv_data;
        memcpy(&n, p, sizeof(size_t));

        if (n > data.mv_size / sizeof(size_t) - 1) {
            n = data.mv_size / sizeof(size_t) - 1;
        }

        for (i = 1; i <= n; i++) {
            memcpy(&pgno, p + i * sizeof(size_t), sizeof(size_t));

            if (pgno >= first && pgno <= last && *missing > 0) {
                (*missing)--;
            }
        }
    }

    mdb_cursor_close(cursor);

    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}


/* The first and the last record of each table, as far as that goes. */
static int
cxr_probe_tables(MDB_txn *txn)
{
    int          rc;
    char         name[CXR_PROBE_NAME_MAX + 1];
    MDB_dbi      all, dbi;
    MDB_val      key, data;
    MDB_cursor  *tables, *records;

    rc = mdb_dbi_open(txn, NULL, 0, &all);
    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_open(txn, all, &tables);
    }

    if (rc != MDB_SUCCESS) {
        return rc;
    }

    while ((rc = mdb_cursor_get(tables, &key, &data, MDB_NEXT))
           == MDB_SUCCESS)
    {
        if (key.mv_size > CXR_PROBE_NAME_MAX) {
            continue;
        }

        memcpy(name, key.mv_data, key.mv_size);
        name[key.mv_size] = '\0';

        /* what is no table, or one too many, is for others to say */

        rc = mdb_dbi_open(txn, name, 0, &dbi);
        if (rc == MDB_SUCCESS) {
            rc = mdb_cursor_open(txn, dbi, &records);
        }

        if (rc == MDB_SUCCESS) {
            rc = mdb_cursor_get(records, &key, &data, MDB_FIRST);
            if (rc == MDB_SUCCESS) {
                rc = mdb_cursor_get(records, &key, &data, MDB_LAST);
            }
            mdb_cursor_close(records);
        }

        if (rc == MDB_PAGE_NOTFOUND || rc == MDB_CORRUPTED) {
            break;
        }
    }

    mdb_cursor_close(tables);

    return rc == MDB_NOTFOUND ? MDB_SUCCESS : rc;
}


/* False: the map failed, or LMDB did not understand what it read. */
static bool
cxr_probe_guarded(MDB_txn *txn, size_t pages, size_t last, size_t *missing)
{
    int  rc;

    if (sigsetjmp(cxr_probe_out, 1) != 0) {
        cxr_probing = 0;
        return false;
    }

    cxr_probing = 1;

    rc = pages <= last ? cxr_probe_missing(txn, pages, last, missing)
                       : MDB_SUCCESS;

    if (rc == MDB_SUCCESS && *missing == 0) {
        rc = cxr_probe_tables(txn);
    }

    cxr_probing = 0;

    return rc == MDB_SUCCESS;
}


cxr_rc_t
cxr_store_probe(cxr_store_t *store, const char *path, cxr_diag_t *d)
{
    int               rc;
    bool              whole;
    size_t            missing = 0;
    MDB_stat          ms;
    MDB_txn          *txn;
    MDB_envinfo       info;
    struct stat       st;
    struct sigaction  sa, bus, segv;

    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = cxr_probe_fault;
    (void) sigemptyset(&sa.sa_mask);

    /* in this order: what is written meanwhile only makes the file larger */

    rc = mdb_env_info(store->env, &info);
    if (rc == MDB_SUCCESS) {
        rc = mdb_env_stat(store->env, &ms);
    }
    if (rc == MDB_SUCCESS) {
        rc = cxr_store_txn_begin(store, MDB_RDONLY, &txn);
    }

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot begin", d);
    }

    if (stat(path, &st) == -1) {
        rc = errno;
        mdb_txn_abort(txn);
        cxr_store_txn_done(store);
        return cxr_mdb_diag(store, rc, "cannot examine data.mdb", d);
    }

    (void) sigaction(SIGBUS, &sa, &bus);
    (void) sigaction(SIGSEGV, &sa, &segv);

    whole = cxr_probe_guarded(txn, (size_t) st.st_size / ms.ms_psize,
                              info.me_last_pgno, &missing);

    (void) sigaction(SIGBUS, &bus, NULL);
    (void) sigaction(SIGSEGV, &segv, NULL);

    mdb_txn_abort(txn);
    cxr_store_txn_done(store);

    if (!whole || missing > 0) {
        (void) cxr_diag(d, CXR_INVALID, "",
                        "it is damaged or was cut short: of the %llu bytes "
                        "that it tells of, it has %llu; it was left as it is, "
                        "put a backup in its place",
                        (unsigned long long) (info.me_last_pgno + 1)
                        * ms.ms_psize, (unsigned long long) st.st_size);
        cxr_diag_place(d, path, 0, 0);
        return CXR_INVALID;
    }

    return CXR_OK;
}
