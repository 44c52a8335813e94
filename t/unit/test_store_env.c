
/*
 * The environment: formats it refuses, maps that fill and grow, readers,
 * copies, and what a commit that fails leaves.
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>

#include <lmdb.h>

#include "record_old.h"
#include "store_env.h"

#define MIB  ((size_t) 1024 * 1024)


static env_t  *env;


static int
setup(void **state)
{
    env = env_make();

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static cxr_rc_t
try_open(const char *dir, bool create, bool read_only, cxr_diag_t *d)
{
    cxr_rc_t          rc;
    cxr_store_t      *store;
    cxr_store_conf_t  conf;

    memset(&conf, 0, sizeof(conf));
    memset(d, 0, sizeof(*d));
    conf.dir = dir;
    conf.create = create;
    conf.read_only = read_only;

    rc = cxr_store_open(&conf, &store, d);
    if (rc == CXR_OK) {
        cxr_store_close(store);
    }

    return rc;
}


/* Puts a record straight into a table of a store that nobody has open. */
static void
raw_put(const char *dir, const char *table, const char *key, const void *data,
    size_t len)
{
    MDB_val   k = { strlen(key), (void *) key }, v = { len, (void *) data };
    MDB_dbi   dbi;
    MDB_env  *e;
    MDB_txn  *txn;

    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), 0);
    assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);
}


static bool
take_value(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    cxr_buf_t  *b = ctx;

    cxr_buf_reset(b);
    cxr_buf_adds(b, value);

    return false;
}


static void
test_absent(void **state)
{
    cxr_diag_t  d;

    assert_int_equal(try_open("/nonexistent/dir", true, false, &d),
                     CXR_NOTFOUND);
    assert_int_equal(try_open(env->dir, false, false, &d), CXR_NOTFOUND);
    assert_int_equal(try_open(env->dir, true, true, &d), CXR_NOTFOUND);
    assert_int_equal(try_open(env->dir, true, false, &d), CXR_OK);
    assert_int_equal(try_open(env->dir, false, true, &d), CXR_OK);
}


static void
test_modes(void **state)
{
    char         path[128];
    size_t       i;
    struct stat  st;

    static const char *const  files[] = { "data.mdb", "lock.mdb", "cxr.lock" };

    env->store = env_open(env, env->dir, 0, false);

    for (i = 0; i < cxr_nelts(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", env->dir, files[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}


static void
test_twice_in_a_process(void **state)
{
    char        path[128];
    cxr_diag_t  d;

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(try_open(env->dir, true, false, &d), CXR_CONFLICT);

    /* by another path too */
    snprintf(path, sizeof(path), "%s/other", env->root);
    assert_int_equal(symlink(env->dir, path), 0);
    assert_int_equal(try_open(path, true, false, &d), CXR_CONFLICT);

    assert_int_equal(run1(env->store, job_order(env, env->arena, "A1", 1,
                                                NULL)), CXR_OK);
}


static void
test_formats_refused(void **state)
{
    char        other[96];
    uint8_t     before[32], after[32];
    uint8_t    *p;
    cxr_buf_t   b;
    cxr_diag_t  d;

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A1", 1,
                                                NULL)), CXR_OK);
    cxr_buf_init(&b, 4096);
    assert_int_equal(cxr_store_dump(env->store, "meta", cxr_str("format"),
                                    take_value, &b, &d), CXR_OK);
    assert_true(b.len > 28);
    env_hash(env->store, before);
    cxr_store_close(env->store);
    env->store = NULL;

    /* the number stands after the header, how many fields and which, and the
       text "magic" with its length */
    p = (uint8_t *) b.data + 16 + 2 + 1 + 16;
    assert_int_equal(*p, CXR_STORE_FORMAT);
    *p = 9;
    raw_put(env->dir, "meta", "format", b.data, b.len);
    assert_int_equal(try_open(env->dir, true, false, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "format 9"));
    assert_int_equal(try_open(env->dir, false, true, &d), CXR_INVALID);

    raw_put(env->dir, "meta", "format", "garbage", 7);
    assert_int_equal(try_open(env->dir, true, false, &d), CXR_INVALID);

    /* nothing was repaired, deleted or made anew */
    *p = CXR_STORE_FORMAT;
    raw_put(env->dir, "meta", "format", b.data, b.len);
    env->store = env_open(env, env->dir, 0, false);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);
    cxr_buf_free(&b);

    /* another program's environment */
    env_dir(env, "foreign", other);
    raw_put(other, "things", "key", "value", 5);
    assert_int_equal(try_open(other, true, false, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "left as it is"));
}


/*
 * Turns records of a table into the old format, as an older program has them;
 * orders get a revision that is "more".
 */
static unsigned
make_old(const char *dir, const char *table, const cxr_type_t *t,
    uint32_t more)
{
    void        *obj;
    MDB_val      k, v;
    MDB_dbi      dbi;
    MDB_env     *e;
    MDB_txn     *txn;
    uint16_t     type, version;
    uint64_t     seq;
    unsigned     n = 0;
    cxr_buf_t    b;
    MDB_cursor  *cur;

    obj = cxr_alloc(env->arena, t->size);
    cxr_buf_init(&b, CXR_RECORD_MAX);

    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, table, 0, &dbi), 0);
    assert_int_equal(mdb_cursor_open(txn, dbi, &cur), 0);

    while (mdb_cursor_get(cur, &k, &v, MDB_NEXT) == 0) {
        if (cxr_rec_head(v.mv_data, v.mv_size, &type, &version, &seq) != CXR_OK
            || type != t->id)
        {
            continue;
        }

        cxr_buf_reset(&b);
        assert_int_equal(cxr_rec_decode(t, v.mv_data, v.mv_size, obj,
                                        env->arena), CXR_OK);

        if (t == &cxr_order_type) {
            ((cxr_order_t *) obj)->revision += more;
        }

        assert_int_equal(old_encode(t, obj, seq, &b), CXR_OK);

        if (t == &cxr_format_type) {
            /* after the header and the slot of "magic" */
            assert_int_equal(b.data[16 + 8], CXR_STORE_FORMAT);
            b.data[16 + 8] = CXR_STORE_FORMAT_OLD;
        }

        v.mv_data = b.data;
        v.mv_size = b.len;
        assert_int_equal(mdb_cursor_put(cur, &k, &v, MDB_CURRENT), 0);
        n++;
    }

    mdb_cursor_close(cur);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);
    cxr_buf_free(&b);

    return n;
}


static cxr_rc_t
read_a1(cxr_order_t *o)
{
    cxr_rc_t     rc;
    cxr_read_t  *rd;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    rc = cxr_read_order(rd, &env->shop, cxr_str("A1"), env->arena, o);
    assert_true(rc != CXR_OK || cxr_str_is(o->lines.items[0].line, "1"));
    cxr_read_end(rd);

    return rc;
}


/* One that an older program made, which did not derive as much. */
static void
test_lacking_stores(void **state)
{
    char         dir[96], want[300];
    uint64_t     n;
    MDB_dbi      dbi;
    MDB_env     *e;
    MDB_txn     *txn;
    cxr_diag_t   d;

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A1", 1,
                                                NULL)), CXR_OK);
    assert_int_equal(cxr_store_fit(env->store, &d), CXR_OK);
    cxr_store_close(env->store);

    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, env->dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "due", 0, &dbi), 0);
    assert_int_equal(mdb_drop(txn, dbi, 1), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);

    /* not to be written on: what to do is a command to be typed */

    snprintf(want, sizeof(want), "cx-returns rebuild --store %s --into "
             "%s.anew --keys", env->dir, env->dir);
    assert_int_equal(try_open(env->dir, true, false, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "\"due\""));
    assert_non_null(strstr(d.text, want));

    /* read, and made anew */

    env->store = env_open(env, env->dir, 0, true);
    assert_int_equal(cxr_store_fit(env->store, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, want));
    assert_true(cxr_store_older(env->store));
    env_dir(env, "anew", dir);
    assert_int_equal(cxr_store_rebuild(env->store, dir, NULL, NULL, &d),
                     CXR_OK);
    cxr_store_close(env->store);

    env->store = env_open(env, dir, 0, false);
    assert_int_equal(cxr_store_fit(env->store, &d), CXR_OK);
    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
}


static void
test_old_stores(void **state)
{
    char          dir[96];
    uint8_t       hash[32], again[32];
    uint64_t      n;
    cxr_diag_t    d;
    cxr_order_t   o;
    cxr_store_t  *anew;

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A1", 1,
                                                NULL)), CXR_OK);
    assert_int_equal(run1(env->store, job_report(env, env->arena, "P1", 3)),
                     CXR_OK);
    cxr_store_close(env->store);
    env->store = NULL;

    assert_int_equal(make_old(env->dir, "meta", &cxr_format_type, 0), 1);
    assert_int_equal(make_old(env->dir, "orders", &cxr_order_type, 0), 1);
    assert_true(make_old(env->dir, "shipments", &cxr_shipment_type, 0) > 0);

    /* it is read and left as it is */

    env->store = env_open(env, env->dir, 0, true);
    env_hash(env->store, hash);
    assert_int_equal(read_a1(&o), CXR_OK);
    cxr_store_close(env->store);
    env->store = env_open(env, env->dir, 0, true);
    env_hash(env->store, again);
    assert_memory_equal(hash, again, 32);
    cxr_store_close(env->store);

    /* written on, what changes is new; an older program is told so */

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_report(env, env->arena, "P2", 2)),
                     CXR_OK);
    assert_int_equal(run1(env->store, job_report(env, env->arena, "P1", 4)),
                     CXR_OK);
    assert_int_equal(read_a1(&o), CXR_OK);
    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
    env_hash(env->store, again);
    assert_memory_not_equal(hash, again, 32);

    /* and made anew says the same */

    env_dir(env, "anew", dir);
    assert_int_equal(cxr_store_rebuild(env->store, dir, NULL, NULL, &d),
                     CXR_OK);
    anew = env_open(env, dir, 0, true);
    assert_int_equal(cxr_store_compare(env->store, anew, &d), CXR_OK);
    cxr_store_close(anew);

    /* but is not taken for the same when it says something else */

    cxr_store_close(env->store);
    assert_int_equal(make_old(dir, "orders", &cxr_order_type, 1), 1);
    env->store = env_open(env, env->dir, 0, true);
    anew = env_open(env, dir, 0, true);
    assert_int_equal(cxr_store_compare(env->store, anew, &d), CXR_CONFLICT);
    cxr_store_close(anew);
}


static void
test_not_lmdb_at_all(void **state)
{
    int         fd;
    char        path[128], text[8192];
    cxr_diag_t  d;

    memset(text, 'x', sizeof(text));
    snprintf(path, sizeof(path), "%s/data.mdb", env->dir);
    fd = open(path, O_CREAT|O_WRONLY, 0600);
    assert_int_equal(write(fd, text, sizeof(text)), sizeof(text));
    close(fd);

    assert_int_equal(try_open(env->dir, true, false, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "data.mdb"));
}


static void
test_full_then_grown(void **state)
{
    char              number[16], text[256];
    unsigned          i, made = 0;
    uint8_t           before[32], after[32];
    uint64_t          n;
    cxr_rc_t          rc = CXR_OK;
    cxr_diag_t        d;
    cxr_job_t        *jobs[16];
    cxr_store_stat_t  st;

    env->store = env_open(env, env->dir, MIB, false);

    for (i = 0; rc == CXR_OK; i++) {
        assert_true(i < 5000);
        cxr_arena_reset(env->arena);
        env_hash(env->store, before);
        snprintf(number, sizeof(number), "FULL%u", i);
        rc = run1(env->store, job_report(env, env->arena, number, 5));
        made += rc == CXR_OK;
    }

    assert_int_equal(rc, CXR_FULL);
    assert_true(cxr_store_error(env->store, text, sizeof(text)) > 0);
    assert_non_null(strstr(text, "larger map"));
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);
    assert_int_equal(env_count(env->store, "shipments"), made);
    assert_int_equal(env_count(env->store, "journal"), made);

    assert_int_equal(cxr_store_stat(env->store, &st), CXR_OK);
    assert_true(st.map_used > st.map_size * 3 / 4);
    assert_true(st.map_used <= st.map_size);

    /* in a run as well, each on its own; what needs no room goes through */
    for (i = 0; i < 16; i++) {
        snprintf(number, sizeof(number), i == 7 ? "FULL0" : "MORE%u", i);
        jobs[i] = job_report(env, env->arena, number, 5);
    }

    assert_int_equal(cxr_store_run(env->store, jobs, 16), CXR_FULL);
    assert_int_equal(jobs[7]->rc, CXR_OK);
    assert_int_equal(jobs[3]->rc, CXR_FULL);
    assert_false(jobs[3]->changed || jobs[3]->created);

    /* with more room it goes on where it was */
    cxr_store_close(env->store);
    env->store = env_open(env, env->dir, 16 * MIB, false);
    assert_int_equal(cxr_store_run(env->store, jobs, 16), CXR_OK);
    for (i = 0; i < 16; i++) {
        assert_int_equal(jobs[i]->rc, CXR_OK);
    }
    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
    assert_int_equal(n, env_count(env->store, "journal"));

    /* the file remembers its size */
    cxr_store_close(env->store);
    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(cxr_store_stat(env->store, &st), CXR_OK);
    assert_int_equal(st.map_size, 16 * MIB);
}


/* Another process grows the file past our map: reads and writes adopt it. */
static void
test_map_resized(void **state)
{
    int          status, go[2], done[2];
    char         c, number[16];
    unsigned     i;
    pid_t        pid;
    cxr_read_t  *rd;
    cxr_order_t  o;

    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(done), 0);
    pid = fork();

    if (pid == 0) {
        unsigned char  ok = 'y';

        env->store = NULL;
        if (read(go[0], &c, 1) != 1) {
            _exit(1);
        }

        env->store = env_open(env, env->dir, 64 * MIB, false);

        for (i = 0; i < 2000 && ok == 'y'; i++) {
            snprintf(number, sizeof(number), "BIG%u", i);
            cxr_arena_reset(env->arena);
            if (run1(env->store, job_report(env, env->arena, number, 5))
                != CXR_OK)
            {
                ok = 'n';
            }
        }

        if (run1(env->store, job_order(env, env->arena, "GROWN", 1, NULL))
            != CXR_OK)
        {
            ok = 'n';
        }

        cxr_store_close(env->store);
        _exit(write(done[1], &ok, 1) == 1 ? 0 : 1);
    }

    env->store = env_open(env, env->dir, MIB, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A1", 1,
                                                NULL)), CXR_OK);
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    cxr_read_end(rd);               /* now one is kept for renewing */

    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(read(done[0], &c, 1), 1);
    assert_int_equal(c, 'y');

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("GROWN"),
                                    env->arena, &o), CXR_OK);
    cxr_read_end(rd);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A2", 1,
                                                NULL)), CXR_OK);

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(go[0]);
    close(go[1]);
    close(done[0]);
    close(done[1]);
}


static void
test_readers(void **state)
{
    int               status, n;
    pid_t             pid;
    unsigned          i;
    cxr_diag_t        d;
    cxr_read_t       *rd[5];
    cxr_store_conf_t  conf;
    cxr_store_stat_t  st;

    memset(&conf, 0, sizeof(conf));
    conf.dir = env->dir;
    conf.ring = env->ring;
    conf.create = true;
    conf.max_readers = 4;
    assert_int_equal(cxr_store_open(&conf, &env->store, &d), CXR_OK);

    /* one that dies with a snapshot open leaves its slot */
    pid = fork();
    if (pid == 0) {
        cxr_store_t  *mine = env_open(env, env->dir, 0, false);

        _exit(cxr_read_begin(mine, &rd[0]) == CXR_OK ? 0 : 1);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);

    /* the fourth needs the dead one's slot, and gets it */
    for (i = 0; i < 4; i++) {
        assert_int_equal(cxr_read_begin(env->store, &rd[i]), CXR_OK);
    }

    assert_int_equal(cxr_read_begin(env->store, &rd[4]), CXR_AGAIN);
    cxr_read_end(rd[3]);
    assert_int_equal(cxr_read_begin(env->store, &rd[3]), CXR_OK);

    for (i = 0; i < 4; i++) {
        cxr_read_end(rd[i]);
    }

    n = cxr_store_check_readers(env->store);
    assert_int_equal(n, 0);
    assert_int_equal(cxr_store_stat(env->store, &st), CXR_OK);
    assert_int_equal(st.max_readers, 4);
    assert_int_equal(st.readers, 4);
}


static void *
write_order(void *data)
{
    (void) run1(env->store, data);

    return NULL;
}


/* A snapshot stays as it was while others write. */
static void
test_snapshot(void **state)
{
    size_t        i;
    pthread_t     t;
    cxr_job_t    *jobs[2];
    cxr_read_t   *rd;
    cxr_order_t   o;

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A1", 1,
                                                NULL)), CXR_OK);
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    jobs[0] = job_order(env, env->arena, "A1", 8, NULL);
    jobs[1] = job_order(env, env->arena, "A2", 8, NULL);

    for (i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&t, NULL, write_order, jobs[i]), 0);
        assert_int_equal(pthread_join(t, NULL), 0);
        assert_int_equal(jobs[i]->rc, CXR_OK);
    }

    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("A1"), env->arena,
                                    &o), CXR_OK);
    assert_int_equal(o.lines.items[0].quantity, 1);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("A2"), env->arena,
                                    &o), CXR_NOTFOUND);
    cxr_read_end(rd);
}


static void
test_backup(void **state)
{
    char          dir[96], path[128];
    unsigned      i;
    cxr_diag_t    d;
    struct stat   st;
    cxr_store_t  *copy;

    env->store = env_open(env, env->dir, 0, false);

    for (i = 0; i < 50; i++) {
        char  number[16];

        snprintf(number, sizeof(number), "B%u", i);
        assert_int_equal(run1(env->store,
                              job_report(env, env->arena, number, 3)), CXR_OK);
    }

    env_dir(env, "copy", dir);
    assert_int_equal(cxr_store_backup(env->store, dir, &d), CXR_OK);
    assert_int_equal(cxr_store_backup(env->store, dir, &d), CXR_CONFLICT);

    snprintf(path, sizeof(path), "%s/data.mdb", dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    copy = env_open(env, dir, 0, true);
    assert_int_equal(cxr_store_compare(env->store, copy, &d), CXR_OK);
    /* read-only is read-only */
    assert_int_equal(run1(copy, job_report(env, env->arena, "X", 1)),
                     CXR_ERROR);
    assert_int_equal(run1(env->store, job_report(env, env->arena, "X", 1)),
                     CXR_OK);
    assert_int_equal(cxr_store_compare(env->store, copy, &d), CXR_CONFLICT);
    assert_non_null(strstr(d.text, "first only"));
    cxr_store_close(copy);
}


typedef struct {
    cxr_store_t  *store;
    char          text[4096];
    cxr_buf_t     b;
} keys_t;


static bool
print_key(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    keys_t  *k = ctx;

    cxr_buf_addz(&k->b, table);
    cxr_buf_addc(&k->b, ' ');
    cxr_store_key_print(k->store, table, key, &k->b);
    cxr_buf_addc(&k->b, '\n');

    return true;
}


static void
test_keys_print(void **state)
{
    size_t        i;
    keys_t        k;
    unsigned      tables = 0;
    cxr_job_t    *job;
    cxr_diag_t    d;
    cxr_report_t *r;

    env->store = env_open(env, env->dir, 0, false);
    job = job_report(env, env->arena, "12/34", 1);
    r = (cxr_report_t *) job->u.feed.report;
    r->reference = cxr_str("REF");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "ş-1", 3,
                                                NULL)), CXR_OK);
    job = job_create(env, env->arena, "ş1", 1, NULL);
    job_idem(job, "k", "k");
    assert_int_equal(run1(env->store, job), CXR_OK);

    k.store = env->store;
    cxr_buf_init_fixed(&k.b, k.text, sizeof(k.text) - 1);

    for (i = 0; i < cxr_nelts(env_tables); i++) {
        assert_int_equal(cxr_store_dump(env->store, env_tables[i],
                                        CXR_STR_NONE, print_key, &k, &d),
                         CXR_OK);
    }

    k.text[k.b.len] = '\0';
    assert_non_null(strstr(k.text, "meta format\n"));
    assert_non_null(strstr(k.text, "journal kahve-gurusu/1\n"));
    assert_non_null(strstr(k.text,
                           "shipments kahve-gurusu/yurtici/12/34/20778\n"));
    assert_non_null(strstr(k.text,
                           "ix_ref kahve-gurusu/yurtici/REF/12/34/20778\n"));
    assert_non_null(strstr(k.text, "orders kahve-gurusu/ş1\n"));
    assert_non_null(strstr(k.text,
                           "ix_rma kahve-gurusu/all/2026-11-21T00:00:00Z/R-"));
    assert_non_null(strstr(k.text, "ix_rma kahve-gurusu/approved/2026-"));

    assert_int_equal(cxr_store_dump(env->store, "nothing", CXR_STR_NONE,
                                    print_key, &k, &d), CXR_NOTFOUND);
    assert_int_equal(cxr_store_dump(env->store, NULL, CXR_STR_NONE,
                                    env_count_one, &tables, &d), CXR_OK);
    assert_int_equal(tables, cxr_nelts(env_tables));
}


#ifdef CXR_TEST_KNOBS

/* Every third commit fails: what was answered is there, the rest is not. */
static void
test_commits_that_fail(void **state)
{
    char          number[16];
    unsigned      i, round, failed = 0, ok = 0;
    uint64_t      n;
    cxr_rc_t      rc;
    cxr_diag_t    d;
    cxr_job_t    *jobs[8];
    cxr_read_t   *rd;
    cxr_order_t   o;

    setenv("CXR_TEST_COMMIT_FAIL", "5:3", 1);       /* EIO */
    env->store = env_open(env, env->dir, 0, false);
    unsetenv("CXR_TEST_COMMIT_FAIL");

    for (round = 0; round < 12; round++) {
        cxr_arena_reset(env->arena);

        for (i = 0; i < 8; i++) {
            snprintf(number, sizeof(number), "R%uJ%u", round, i);
            jobs[i] = job_order(env, env->arena, number, 1, NULL);
        }

        rc = cxr_store_run(env->store, jobs, 8);
        assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

        for (i = 0; i < 8; i++) {
            snprintf(number, sizeof(number), "R%uJ%u", round, i);
            assert_int_equal(cxr_read_order(rd, &env->shop, cxr_strz(number),
                                            env->arena, &o),
                             jobs[i]->rc == CXR_OK ? CXR_OK : CXR_NOTFOUND);

            if (jobs[i]->rc != CXR_OK) {
                assert_int_equal(jobs[i]->rc, CXR_IO);
                assert_int_equal(rc, CXR_IO);
                assert_false(jobs[i]->changed);
                assert_int_equal(jobs[i]->seq, 0);
                failed++;
            } else {
                ok++;
            }
        }

        cxr_read_end(rd);
    }

    assert_true(failed > 4 && ok > 48);
    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
    assert_int_equal(n, ok);
    assert_int_equal(env_count(env->store, "persons"), ok);
}

#endif


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_modes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_twice_in_a_process, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_formats_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lacking_stores, setup, teardown),
        cmocka_unit_test_setup_teardown(test_old_stores, setup, teardown),
        cmocka_unit_test_setup_teardown(test_not_lmdb_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_then_grown, setup, teardown),
        cmocka_unit_test_setup_teardown(test_map_resized, setup, teardown),
        cmocka_unit_test_setup_teardown(test_readers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_backup, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys_print, setup, teardown),
#ifdef CXR_TEST_KNOBS
        cmocka_unit_test_setup_teardown(test_commits_that_fail, setup,
                                        teardown),
#endif
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
