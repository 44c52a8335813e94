
/*
 * The work list: counts what is not mapped now, forgets what was learnt, is
 * bounded, and comes out of the journal as it stood.
 */

#include "store_env.h"

#include <lmdb.h>


/* A report of "n" scans with codes from the list, each at its own hour. */
static cxr_job_t *
job_codes(const env_t *env, cxr_arena_t *a, const char *carrier,
    const char *number, const char *const *codes, unsigned n, bool mapped)
{
    unsigned       i;
    cxr_job_t     *job = job_report(env, a, number, n);
    cxr_report_t  *r = (cxr_report_t *) job->u.feed.report;

    r->carrier = cxr_strz(carrier);

    for (i = 0; i < n; i++) {
        r->scans.items[i].status = mapped ? CXR_SHIP_IN_TRANSIT
                                          : CXR_SHIP_UNKNOWN;
        r->scans.items[i].mapped = mapped;
        r->scans.items[i].code = cxr_strz(codes[i]);
        r->scans.items[i].text = cxr_sprintf(a, "text of %s",
                                             codes[i][0] ? codes[i] : "none");
    }

    return job;
}


static cxr_works_t
works(env_t *env, cxr_store_t *store, const char *carrier)
{
    cxr_str_t    next;
    cxr_read_t  *rd;
    cxr_works_t  out, copy;
    uint32_t     i;

    assert_int_equal(cxr_read_begin(store, &rd), CXR_OK);
    assert_int_equal(cxr_read_work(rd, &env->shop, cxr_strz(carrier),
                                   CXR_STR_NONE, CXR_WORK_LIST_MAX, env->arena,
                                   &out, &next), CXR_OK);
    assert_int_equal(next.len, 0);

    copy.n = out.n;
    copy.items = cxr_calloc(env->arena, out.n + 1, sizeof(cxr_work_t));

    for (i = 0; i < out.n; i++) {
        assert_int_equal(cxr_rec_copy(&cxr_work_type, &out.items[i],
                                      &copy.items[i], env->arena), CXR_OK);
    }

    cxr_read_end(rd);

    return copy;
}


static const cxr_work_t *
find(const cxr_works_t *w, const char *code)
{
    uint32_t  i;

    for (i = 0; i < w->n; i++) {
        if (cxr_str_is(w->items[i].code, code)) {
            return &w->items[i];
        }
    }

    return NULL;
}


static cxr_work_t
sum_of(env_t *env, cxr_store_t *store, const char *carrier)
{
    uint32_t     i;
    cxr_work_t   got;
    cxr_read_t  *rd;
    cxr_works_t  sums;

    memset(&got, 0, sizeof(got));
    assert_int_equal(cxr_read_begin(store, &rd), CXR_OK);
    assert_int_equal(cxr_read_work_sums(rd, &env->shop, env->arena, &sums),
                     CXR_OK);

    for (i = 0; i < sums.n; i++) {
        if (cxr_str_is(sums.items[i].carrier, carrier)) {
            assert_int_equal(got.codes + got.count, 0);
            got.codes = sums.items[i].codes;
            got.count = sums.items[i].count;
        }
    }

    cxr_read_end(rd);

    return got;
}


static void
rebuilt_equal(env_t *env, const char *name)
{
    char          dir[96];
    cxr_diag_t    d;
    cxr_store_t  *copy;

    memset(&d, 0, sizeof(d));
    env_dir(env, name, dir);

    if (cxr_store_rebuild(env->store, dir, NULL, NULL, &d) != CXR_OK) {
        fail_msg("rebuild: %s", d.text);
    }

    copy = env_open(env, dir, 0, true);

    if (cxr_store_compare(env->store, copy, &d) != CXR_OK) {
        fail_msg("compare: %s %s", d.where, d.text);
    }

    assert_int_equal(env_count(copy, "worklist"),
                     env_count(env->store, "worklist"));
    cxr_store_close(copy);
}


static env_t *
begin(void)
{
    env_t  *env = env_make();

    env->store = env_open(env, env->dir, (size_t) 256 << 20, false);

    return env;
}


static void
test_counts_and_forgets(void **state)
{
    env_t             *env = begin();
    cxr_job_t         *job;
    cxr_works_t        w;
    const cxr_work_t  *row;

    static const char *const  one[] = { "X1", "X1", "X2", "" };
    static const char *const  two[] = { "X1" };

    job = job_codes(env, env->arena, "yurtici", "N1", one, 4, false);
    assert_int_equal(run1(env->store, job), CXR_OK);
    job = job_codes(env, env->arena, "ups", "N1", two, 1, false);
    job->now += CXR_HOUR;
    assert_int_equal(run1(env->store, job), CXR_OK);
    job = job_codes(env, env->arena, "yurtici", "N2", two, 1, false);
    job->now += 2 * CXR_HOUR;
    assert_int_equal(run1(env->store, job), CXR_OK);

    w = works(env, env->store, "yurtici");
    assert_int_equal(w.n, 3);
    assert_int_equal(sum_of(env, env->store, "yurtici").codes, 3);
    assert_int_equal(sum_of(env, env->store, "ups").codes, 1);
    assert_int_equal(sum_of(env, env->store, "ups").count, 0);

    row = find(&w, "X1");
    assert_non_null(row);
    assert_int_equal(row->count, 3);
    assert_int_equal(row->first_at, ENV_NOW);
    assert_int_equal(row->last_at, ENV_NOW + 2 * CXR_HOUR);
    assert_true(cxr_str_is(row->number, "N2"));
    assert_true(cxr_str_is(row->text, "text of X1"));

    row = find(&w, "");
    assert_non_null(row);
    assert_int_equal(row->count, 1);
    assert_true(cxr_str_is(row->text, "text of none"));

    /* the same again changes nothing */
    assert_int_equal(run1(env->store, job_codes(env, env->arena, "yurtici",
                                                "N1", one, 4, false)), CXR_OK);
    w = works(env, env->store, "yurtici");
    assert_int_equal(find(&w, "X1")->count, 3);

    /* learnt: of one parcel, then of the other */
    rebuilt_equal(env, "copy1");
    assert_int_equal(run1(env->store, job_codes(env, env->arena, "yurtici",
                                                "N1", one, 4, true)), CXR_OK);
    w = works(env, env->store, "yurtici");
    assert_int_equal(w.n, 1);
    assert_int_equal(find(&w, "X1")->count, 1);

    assert_int_equal(run1(env->store, job_codes(env, env->arena, "yurtici",
                                                "N2", two, 1, true)), CXR_OK);
    assert_int_equal(works(env, env->store, "yurtici").n, 0);
    assert_int_equal(works(env, env->store, "ups").n, 1);
    assert_int_equal(works(env, env->store, "").n, 1);

    /* nothing is left of the carrier, not even its sum */
    assert_int_equal(env_count(env->store, "worklist"), 2);
    rebuilt_equal(env, "copy2");

    env_free(env);
}


/* A text is in no key: it may name a person. */
static bool
no_text_in_key(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    assert_null(memmem(key.data, key.len, "text of", 7));
    (*(unsigned *) ctx)++;

    return true;
}


static void
test_header_and_keys(void **state)
{
    unsigned       n = 0;
    env_t         *env = begin();
    cxr_job_t     *job;
    cxr_diag_t     d;
    cxr_works_t    w;
    cxr_report_t  *r;

    static const char *const  none[] = { "" };

    job = job_codes(env, env->arena, "yurtici", "N1", none, 1, false);
    r = (cxr_report_t *) job->u.feed.report;
    r->header_code = cxr_str("H9");
    r->header_at = ENV_NOW;
    assert_int_equal(run1(env->store, job), CXR_OK);

    w = works(env, env->store, "yurtici");
    assert_int_equal(w.n, 2);
    assert_int_equal(find(&w, "H9")->count, 1);

    assert_int_equal(cxr_store_dump(env->store, "worklist", CXR_STR_NONE,
                                    no_text_in_key, &n, &d), CXR_OK);
    assert_int_equal(n, 3);

    r->header_status = CXR_SHIP_IN_TRANSIT;
    r->header_mapped = true;
    assert_int_equal(run1(env->store, job), CXR_OK);
    w = works(env, env->store, "yurtici");
    assert_null(find(&w, "H9"));
    assert_int_equal(w.n, 1);

    rebuilt_equal(env, "copy");
    env_free(env);
}


#define TEST_MORE  40

static void
test_bounded(void **state)
{
    char              number[16];
    unsigned          i;
    uint64_t          total;
    uint32_t          k;
    env_t            *env = begin();
    cxr_arena_t      *a = cxr_arena_create((size_t) 256 << 20);
    cxr_works_t       w;
    const char       *codes[1];

    for (i = 0; i < CXR_WORK_CODES_MAX + TEST_MORE; i++) {
        codes[0] = cxr_strz_dup(a, cxr_sprintf(a, "C%u", i));
        snprintf(number, sizeof(number), "N%u", i);
        assert_int_equal(run1(env->store, job_codes(env, a, "yurtici", number,
                                                    codes, 1, false)), CXR_OK);
    }

    w = works(env, env->store, "yurtici");
    assert_int_equal(w.n, CXR_WORK_CODES_MAX);
    assert_int_equal(sum_of(env, env->store, "yurtici").count, TEST_MORE);
    assert_int_equal(sum_of(env, env->store, "yurtici").codes,
                     CXR_WORK_CODES_MAX);

    /* of a code that has its row, and of one that has none */
    codes[0] = "C0";
    assert_int_equal(run1(env->store, job_codes(env, a, "yurtici", "N0",
                                                codes, 1, true)), CXR_OK);
    codes[0] = cxr_strz_dup(a, cxr_sprintf(a, "C%u", CXR_WORK_CODES_MAX));
    snprintf(number, sizeof(number), "N%u", CXR_WORK_CODES_MAX);
    assert_int_equal(run1(env->store, job_codes(env, a, "yurtici", number,
                                                codes, 1, true)), CXR_OK);
    assert_int_equal(sum_of(env, env->store, "yurtici").count, TEST_MORE - 1);
    assert_int_equal(sum_of(env, env->store, "yurtici").codes,
                     CXR_WORK_CODES_MAX - 1);

    /* one of those without a row comes again: there is room now; when it is
       learnt, both are gone */
    codes[0] = cxr_strz_dup(a, cxr_sprintf(a, "C%u", CXR_WORK_CODES_MAX + 1));
    assert_int_equal(run1(env->store, job_codes(env, a, "yurtici", "M1",
                                                codes, 1, false)), CXR_OK);
    w = works(env, env->store, "yurtici");
    assert_int_equal(find(&w, codes[0])->count, 1);
    snprintf(number, sizeof(number), "N%u", CXR_WORK_CODES_MAX + 1);
    assert_int_equal(run1(env->store, job_codes(env, a, "yurtici", number,
                                                codes, 1, true)), CXR_OK);
    assert_int_equal(run1(env->store, job_codes(env, a, "yurtici", "M1",
                                                codes, 1, true)), CXR_OK);

    w = works(env, env->store, "yurtici");
    assert_null(find(&w, codes[0]));

    for (k = 0, total = sum_of(env, env->store, "yurtici").count; k < w.n; k++)
    {
        total += w.items[k].count;
    }

    assert_int_equal(total, CXR_WORK_CODES_MAX + TEST_MORE - 3);
    rebuilt_equal(env, "copy");

    cxr_arena_destroy(a);
    env_free(env);
}


static void
test_pages(void **state)
{
    char          number[16];
    unsigned      i, seen = 0, pages = 0;
    env_t        *env = begin();
    uint32_t      k;
    cxr_str_t     next = CXR_STR_NONE;
    cxr_read_t   *rd;
    cxr_works_t   out;
    const char   *codes[1];

    for (i = 0; i < 25; i++) {
        codes[0] = cxr_strz_dup(env->arena, cxr_sprintf(env->arena, "C%u", i));
        snprintf(number, sizeof(number), "N%u", i);
        assert_int_equal(run1(env->store, job_codes(env, env->arena,
                                                    i % 2 ? "ups" : "usps",
                                                    number, codes, 1, false)),
                         CXR_OK);
    }

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    do {
        assert_int_equal(cxr_read_work(rd, &env->shop, CXR_STR_NONE, next, 4,
                                       env->arena, &out, &next), CXR_OK);
        for (k = 0; k < out.n; k++) {
            assert_int_equal(out.items[k].count, 1);
        }

        seen += out.n;
        pages++;
    } while (next.len);

    assert_int_equal(seen, 25);
    assert_int_equal(pages, 7);

    assert_int_equal(cxr_read_work(rd, &env->shop, CXR_STR_NONE,
                                   cxr_str("AAAA"), 4, env->arena, &out,
                                   &next), CXR_INVALID);
    assert_int_equal(cxr_read_work(rd, &env->shop, CXR_STR_NONE, cxr_str("!"),
                                   4, env->arena, &out, &next), CXR_INVALID);
    assert_int_equal(cxr_read_work(rd, &env->shop, CXR_STR_NONE, CXR_STR_NONE,
                                   0, env->arena, &out, &next), CXR_INVALID);
    cxr_read_end(rd);
    env_free(env);
}


/* As a program left it that knew no work list. */
static void
forget_table(const char *dir)
{
    MDB_env  *env;
    MDB_txn  *txn;
    MDB_dbi   dbi;

    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 32), 0);
    assert_int_equal(mdb_env_open(env, dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "worklist", 0, &dbi), 0);
    assert_int_equal(mdb_drop(txn, dbi, 1), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}


static void
test_older_store(void **state)
{
    char               dir[96];
    env_t             *env = begin();
    cxr_diag_t         d;
    cxr_store_t       *old, *made;
    cxr_store_conf_t   conf;

    static const char *const  codes[] = { "X1", "X2" };

    assert_int_equal(run1(env->store, job_codes(env, env->arena, "yurtici",
                                                "N1", codes, 2, false)),
                     CXR_OK);
    cxr_store_close(env->store);
    env->store = NULL;
    forget_table(env->dir);

    /* it is not written to, and told what to do */
    memset(&conf, 0, sizeof(conf));
    memset(&d, 0, sizeof(d));
    conf.dir = env->dir;
    conf.ring = env->ring;
    conf.create = true;
    assert_int_equal(cxr_store_open(&conf, &old, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "cx-returns rebuild"));

    /* it can be read, and made anew */
    old = env_open(env, env->dir, 0, true);
    assert_int_equal(works(env, old, "").n, 0);
    assert_int_equal(env_count(old, "worklist"), 0);
    assert_int_equal(env_count(old, "shipments"), 1);

    env_dir(env, "new", dir);
    assert_int_equal(cxr_store_rebuild(old, dir, NULL, NULL, &d), CXR_OK);
    made = env_open(env, dir, 0, false);
    assert_int_equal(works(env, made, "yurtici").n, 2);
    assert_int_equal(cxr_store_compare(old, made, &d), CXR_OK);
    assert_true(cxr_store_older(old));
    assert_false(cxr_store_older(made));

    cxr_store_close(made);
    cxr_store_close(old);
    env_free(env);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_counts_and_forgets),
        cmocka_unit_test(test_header_and_keys),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_older_store),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
