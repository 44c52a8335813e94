
/*
 * Searching the RMAs: what was typed, what is found by it, page by page, and
 * that the index stays true when orders change and persons go.
 */

#include "store_env.h"

#include "cxr_store_find.h"


static env_t  *env;


static int
setup(void **state)
{
    env = env_make();
    env->store = env_open(env, env->dir, 0, false);

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


/* ---- what was typed ---- */

static void
test_what_it_may_mean(void **state)
{
    size_t       i;
    char         long_text[300];
    cxr_typed_t  q;

    static const struct {
        const char  *text;
        int          what;
        const char  *rma, *number, *phone;
        const char  *words;
    } all[] = {
        { "", CXR_FIND_NOTHING },
        { "  ", CXR_FIND_NOTHING },
        { " ?!", CXR_FIND_NOTHING },
        { "\xff\xfe", CXR_FIND_NOTHING },
        { "ayse@", CXR_FIND_NOTHING },
        { " AYSE@Example.com ", CXR_FIND_EMAIL },
        { "R-7K2M-4Q9A", CXR_FIND_NUMBER, "R-7K2M-4Q9A", "R7K2M4Q9A", "" },
        { "r 7k", CXR_FIND_NUMBER, "R-7K", "R7K", "" },
        { "R-ab", CXR_FIND_NUMBER, "R-AB", "RAB", "" },
        { "r-", CXR_FIND_WORDS, "", "", "", "r" },
        { "Rabia", CXR_FIND_WORDS, "", "", "", "rabia" },
        { "kg-10", CXR_FIND_NUMBER, "", "KG10", "" },
        { "+90 (532) 111 22 33", CXR_FIND_NUMBER, "", "+90(532)1112233",
          "21112233" },
        { "0532 111 22 33", CXR_FIND_NUMBER, "", "05321112233", "21112233" },
        { "532-111-2233", CXR_FIND_NUMBER, "", "5321112233", "21112233" },
        { "AYŞE  Yılmaz", CXR_FIND_WORDS, "", "", "", "ayse yilmaz" },
        { "İPEK ışık", CXR_FIND_WORDS, "", "", "", "ipek isik" },
        { "Jean-Luc O'Neill", CXR_FIND_WORDS, "", "", "",
          "jean luc neill" },
        { "Łukasz Groß", CXR_FIND_WORDS, "", "", "", "lukasz gross" },
        { "Ελένη", CXR_FIND_WORDS, "", "", "", "ελενη" },
        { "a b c d e f g h i j k l m nn", CXR_FIND_WORDS, "", "", "", "nn" },
    };

    for (i = 0; i < cxr_nelts(all); i++) {
        char      words[600];
        size_t    n = 0;
        unsigned  j;

        cxr_typed_parse(cxr_strz(all[i].text), &q);

        if (q.what != all[i].what) {
            fail_msg("\"%s\" is %u", all[i].text, q.what);
        }

        for (j = 0; j < q.nwords; j++) {
            n += (size_t) snprintf(words + n, sizeof(words) - n, "%s%.*s",
                                   j ? " " : "", (int) q.word_len[j],
                                   q.words[j]);
        }

        words[n] = '\0';

        if (q.what == CXR_FIND_WORDS) {
            assert_string_equal(words, all[i].words);
        }

        if (q.what == CXR_FIND_NUMBER) {
            if (!cxr_str_is(cxr_strn(q.rma, q.rma_len), all[i].rma)
                || !cxr_str_is(cxr_strn(q.number, q.number_len),
                               all[i].number))
            {
                fail_msg("\"%s\": %.*s, %.*s", all[i].text, (int) q.rma_len,
                         q.rma, (int) q.number_len, q.number);
            }

            assert_int_equal(q.phone_len, strlen(all[i].phone) ? 8 : 0);
        }
    }

    /* with the country, a zero, or neither */
    cxr_typed_parse(cxr_str("+90 532 111 22 33"), &q);
    assert_memory_equal(q.phone, "21112233", 8);
    cxr_typed_parse(cxr_str("05321112233"), &q);
    assert_memory_equal(q.phone, "21112233", 8);

    memset(long_text, 'x', sizeof(long_text));
    cxr_typed_parse(cxr_strn(long_text, sizeof(long_text)), &q);
    assert_int_equal(q.what, CXR_FIND_NOTHING);

    /* an RMA's number without its R: of letters alone, and after an R again */
    cxr_typed_parse(cxr_str("kcxywehA"), &q);
    assert_int_equal(q.what, CXR_FIND_WORDS);
    assert_true(q.whole);
    assert_memory_equal(q.whole_rma, "R-KCXY-WEHA", CXR_RMA_ID_LEN);
    cxr_typed_parse(cxr_str("RYQN0E0Z"), &q);
    assert_int_equal(q.what, CXR_FIND_NUMBER);
    assert_true(q.whole);
    assert_int_not_equal(q.rma_len, 0);
}


/* ---- what is found ---- */

static cxr_job_t *
order_of(const char *number, const char *name, const char *email,
    const char *phone, const char *parcel, cxr_time_t at)
{
    cxr_job_t     *job = job_order(env, env->arena, number, 9, parcel);
    cxr_person_t  *p = (cxr_person_t *) job->u.put.person;

    p->name = cxr_strz(name);
    p->email = cxr_strz(email);
    p->phone = cxr_strz(phone);
    job->now = at;
    assert_int_equal(run1(env->store, job), CXR_OK);

    return job;
}


static cxr_str_t
rma_of(const char *order, cxr_time_t at)
{
    cxr_job_t  *job = job_create(env, env->arena, order, 1, NULL);

    job->now = at;

    if (run1(env->store, job) != CXR_OK) {
        fail_msg("%s: %s", order, job->refusal.text);
    }

    return job->id;
}


static cxr_found_t
find(const cxr_find_t *f, cxr_str_t cursor, unsigned limit)
{
    cxr_read_t   *rd;
    cxr_found_t   out;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_find(rd, &env->shop, f, cursor, limit,
                                   env->arena, &out), CXR_OK);
    cxr_read_end(rd);

    return out;
}


/* how many, over pages of two, newest first, each once */
static unsigned
count(const cxr_find_t *f)
{
    unsigned     n = 0, pages;
    uint32_t     i;
    cxr_str_t    cursor = CXR_STR_NONE;
    cxr_time_t   last = INT64_MAX;
    cxr_found_t  page;

    for (pages = 0; pages < 1000; pages++) {
        page = find(f, cursor, 2);

        for (i = 0; i < page.rmas.n; i++, n++) {
            assert_true(page.rmas.items[i].created_at <= last);
            last = page.rmas.items[i].created_at;
        }

        if (page.next.len == 0) {
            return n;
        }

        cursor = page.next;
    }

    fail_msg("no end");

    return 0;
}


static unsigned
found(const char *q)
{
    cxr_find_t  f = { cxr_strz(q), -1, CXR_STR_NONE, CXR_TIME_NONE,
                      CXR_TIME_NONE };

    return count(&f);
}


static void
some(void)
{
    unsigned  i;
    char      number[16];

    order_of("KG-1001", "Ayşe Yılmaz", "ayse@example.com",
             "+90 532 111 22 33", "TR100", ENV_NOW);
    order_of("KG-1002", "Ayşe Nur Öztürk", "nur@example.com",
             "0533 111 22 33", "TR101", ENV_NOW);
    order_of("KG-2001", "Mehmet YILMAZ", "mehmet@example.com", "", NULL,
             ENV_NOW);
    order_of("KG-3001", "Ayşe Yılmaz", "none@example.com", "", NULL, ENV_NOW);

    for (i = 0; i < 5; i++) {
        snprintf(number, sizeof(number), "KG%u", i % 2 ? 1002 : 1001);
        (void) rma_of(number, ENV_NOW + i * CXR_HOUR);
    }

    (void) rma_of("KG2001", ENV_NOW + 9 * CXR_HOUR);
}


static void
test_by_everything(void **state)
{
    cxr_str_t  id;
    char       text[32];

    some();

    /* an order without an RMA costs nothing, and is not found */
    assert_int_equal(found("none@example.com"), 0);

    assert_int_equal(found("ayse"), 5);
    assert_int_equal(found("AYŞE"), 5);
    assert_int_equal(found("yilmaz ayşe"), 3);
    assert_int_equal(found("Yılmaz"), 4);
    assert_int_equal(found("nur öztürk"), 2);
    assert_int_equal(found("nur yılmaz"), 0);
    assert_int_equal(found("ays"), 0);
    assert_int_equal(found("Ayse@Example.com"), 3);
    assert_int_equal(found("05321112233"), 3);
    assert_int_equal(found("+90 533 111 22 33"), 2);
    assert_int_equal(found("kg-1001"), 3);
    assert_int_equal(found("kg 10"), 5);
    assert_int_equal(found("kg"), 6);
    assert_int_equal(found("kg-9"), 0);
    assert_int_equal(found("tr10"), 5);
    assert_int_equal(found("TR 101"), 2);
    assert_int_equal(found(""), 6);
    assert_int_equal(found("??"), 0);

    id = rma_of("KG1001", ENV_NOW + CXR_DAY);
    snprintf(text, sizeof(text), "%.*s", (int) id.len, id.data);
    assert_int_equal(found(text), 1);
    snprintf(text, sizeof(text), "%.9s", id.data);
    assert_int_equal(found(text), 1);
    snprintf(text, sizeof(text), "%.4s%.4s", id.data + 2, id.data + 7);
    assert_int_equal(found(text), 1);
}


/* Whatever letters and digits chance has put into it. */
static void
test_by_any_number(void **state)
{
    char       text[32];
    unsigned   i;
    cxr_str_t  id;

    for (i = 0; i < 100; i++) {
        snprintf(text, sizeof(text), "N%u", i);
        order_of(text, "Ayşe Yılmaz", "ayse@example.com", "", NULL, ENV_NOW);
        id = rma_of(text, ENV_NOW + i);

        snprintf(text, sizeof(text), "%.4s%.4s", id.data + 2, id.data + 7);

        if (found(text) != 1) {
            fail_msg("%s: %u", text, found(text));
        }
    }
}


static void
test_filters(void **state)
{
    cxr_find_t   f = { CXR_STR_NONE, -1, CXR_STR_NONE, CXR_TIME_NONE,
                       CXR_TIME_NONE };
    cxr_read_t  *rd;
    cxr_found_t  out;

    some();

    f.order = cxr_str("kg 1002");
    assert_int_equal(count(&f), 2);
    f.q = cxr_str("ayşe");
    assert_int_equal(count(&f), 2);
    f.q = cxr_str("mehmet");
    assert_int_equal(count(&f), 0);
    f.q = cxr_str("kg1");
    assert_int_equal(count(&f), 2);
    f.order = CXR_STR_NONE;
    f.from = ENV_NOW + CXR_HOUR;
    f.to = ENV_NOW + 3 * CXR_HOUR;
    assert_int_equal(count(&f), 2);
    f.q = cxr_str("ayse");
    assert_int_equal(count(&f), 2);
    f.q = CXR_STR_NONE;
    assert_int_equal(count(&f), 2);
    f.status = CXR_RMA_APPROVED;
    assert_int_equal(count(&f), 2);
    f.status = CXR_RMA_COMPLETED;
    assert_int_equal(count(&f), 0);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_find(rd, &env->shop, &f, cxr_str("zzzz"), 2,
                                   env->arena, &out), CXR_INVALID);
    assert_int_equal(cxr_read_find(rd, &env->shop, &f, CXR_STR_NONE, 0,
                                   env->arena, &out), CXR_INVALID);
    cxr_read_end(rd);
}


static void
same_when_rebuilt(const char *name)
{
    char          dir[96];
    cxr_diag_t    d;
    cxr_store_t  *copy;

    env_dir(env, name, dir);
    memset(&d, 0, sizeof(d));

    if (cxr_store_rebuild(env->store, dir, NULL, NULL, &d) != CXR_OK) {
        fail_msg("%s", d.text);
    }

    copy = env_open(env, dir, 0, false);

    if (cxr_store_compare(env->store, copy, &d) != CXR_OK) {
        fail_msg("%s: %s", d.where, d.text);
    }

    cxr_store_close(copy);
}


static void
test_stays_true(void **state)
{
    cxr_job_t       *job;
    cxr_rma_name_t  *name = cxr_calloc(env->arena, 1, sizeof(*name));

    some();

    /* the shop corrects name and parcel */
    order_of("KG-1001", "Ayşe Demir", "ayse@example.com",
             "+90 532 111 22 33", "TR200", ENV_NOW + CXR_DAY);
    assert_int_equal(found("ayşe demir"), 3);
    assert_int_equal(found("ayşe yılmaz"), 0);
    assert_int_equal(found("ayse@example.com"), 3);
    assert_int_equal(found("TR100"), 0);
    assert_int_equal(found("TR200"), 3);

    /* a parcel that brings one back */
    name->rma = rma_of("KG2001", ENV_NOW + CXR_DAY);
    name->carrier = cxr_str("yurtici");
    name->number = cxr_str("BACK77");
    job = job_new(env, env->arena, CXR_CMD_RMA_PARCEL);
    job->u.parcel = name;
    job->now = ENV_NOW + 2 * CXR_DAY;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(found("back77"), 1);
    same_when_rebuilt("one");

    /* erased: by name no more, by number still */
    job = job_erase(env, env->arena, "KG1001", true);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(found("ayşe demir"), 0);
    assert_int_equal(found("ayse@example.com"), 0);
    assert_int_equal(found("05321112233"), 0);
    assert_int_equal(found("KG-1001"), 3);
    assert_int_equal(found("ayşe"), 2);
    same_when_rebuilt("two");

    /* and sent again */
    order_of("KG-1001", "Ayşe Demir", "ayse@example.com", "", NULL,
             ENV_NOW + 3 * CXR_DAY);
    assert_int_equal(found("demir"), 3);
    same_when_rebuilt("three");
}


static bool
count_fresh(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    *(size_t *) ctx += key.len > 5 && key.data[4] == 'f';

    return true;
}


static size_t
fresh(void)
{
    size_t      n = 0;
    cxr_diag_t  d;

    assert_int_equal(cxr_store_dump(env->store, "ix_found", CXR_STR_NONE,
                                    count_fresh, &n, &d), CXR_OK);

    return n;
}


/* More share a word than one page looks at; other names lie between. */
static void
test_long_walks_go_on(void **state)
{
    char      number[16];
    unsigned  i, n = CXR_FIND_STEPS / 3;

    for (i = 0; i < n; i++) {
        snprintf(number, sizeof(number), "L%05u", i);
        order_of(number, i == 0 ? "Ali Veli" : i % 2 ? "Ali Can" : "Veli Han",
                 "x@example.com", "", NULL, ENV_NOW);
        (void) rma_of(number, ENV_NOW + i * CXR_MINUTE);
        cxr_arena_reset(env->arena);
    }

    assert_int_equal(found("ali veli"), 1);
    assert_int_equal(found("ali"), n / 2 + 1);
    assert_int_equal(found("L"), n);
}


static size_t
sorted(void)
{
    return env_count(env->store, "ix_found") - fresh();
}


static void
shop_is(const char *id)
{
    env->shop.id = cxr_strz(id);
    env->shop.key = cxr_shop_key(env->shop.id);
}


/* RMAs become a run when there are enough; nothing of it shows. */
static void
test_runs(void **state)
{
    char          number[16];
    cxr_str_t     late, id;
    unsigned      i;
    cxr_find_t    f = { cxr_str("ali"), CXR_RMA_APPROVED, CXR_STR_NONE,
                        CXR_TIME_NONE, CXR_TIME_NONE };

    (void) setenv("CXR_TEST_FIND_RUN", "10", 1);

    for (i = 0; i < 35; i++) {
        snprintf(number, sizeof(number), "L%05u", i);
        order_of(number, i % 7 ? "Ali Can" : "Veli Can", "x@example.com", "",
                 i == 3 ? "TR3" : NULL, ENV_NOW);
        (void) rma_of(number, ENV_NOW + (i + 1) * CXR_MINUTE);
        assert_int_equal(fresh(), (i + 1) % 10);
    }

    /* three runs of the order's number, the e-mail and both words each, and of
       the one parcel; and the row that says where the fresh ones begin */
    assert_int_equal(sorted(), 30 * 4 + 1 + 1);

    assert_int_equal(found("ali"), 30);
    assert_int_equal(found("can veli"), 5);
    assert_int_equal(found("veli ali"), 0);
    assert_int_equal(found("x@example.com"), 35);
    assert_int_equal(found("L"), 35);
    assert_int_equal(found("L0001"), 10);
    assert_int_equal(found("TR3"), 1);
    assert_int_equal(count(&f), 30);
    f.from = ENV_NOW + 8 * CXR_MINUTE;
    f.to = ENV_NOW + 33 * CXR_MINUTE;
    assert_int_equal(count(&f), 25 - 4);
    f.q = cxr_str("L0001");
    f.order = cxr_str("L00012");
    assert_int_equal(count(&f), 1);
    f.q = cxr_str("R-");
    assert_int_equal(count(&f), 0);

    /* one by a clock that is behind belongs among those of its time */
    order_of("LATE", "Ali Veli", "x@example.com", "", NULL, ENV_NOW);
    late = rma_of("LATE", ENV_NOW + 12 * CXR_MINUTE + 1);
    assert_int_equal(fresh(), 5);
    assert_int_equal(found("ali veli"), 1);
    assert_int_equal(found("late"), 1);
    assert_int_equal(found("ali"), 31);
    assert_int_equal(found("L"), 36);

    /* and before all of them */
    id = rma_of("LATE", ENV_NOW);
    assert_int_equal(found("late"), 2);
    assert_int_equal(id.len, late.len);
    same_when_rebuilt("one");

    /* what is in a run changes, too */
    order_of("L00003", "Veli Demir", "y@example.com", "05321112233", "TR4",
             ENV_NOW + CXR_DAY);
    assert_int_equal(found("ali"), 31);
    assert_int_equal(found("demir"), 1);
    assert_int_equal(found("05321112233"), 1);
    assert_int_equal(found("TR3"), 0);
    assert_int_equal(found("TR4"), 1);
    same_when_rebuilt("two");
    assert_int_equal(run1(env->store, job_erase(env, env->arena, "L00003",
                                                true)), CXR_OK);
    assert_int_equal(found("demir"), 0);
    assert_int_equal(found("y@example.com"), 0);
    assert_int_equal(found("L00003"), 1);
    same_when_rebuilt("three");

    /* of two shops, each has its own */
    shop_is("other");
    assert_int_equal(found("ali"), 0);
    assert_int_equal(found("L"), 0);
    order_of("L1", "Ali Can", "x@example.com", "", NULL, ENV_NOW);
    (void) rma_of("L1", ENV_NOW);
    assert_int_equal(found("ali"), 1);
    assert_int_equal(found("L"), 1);
    shop_is("kahve-gurusu");
    same_when_rebuilt("four");
    (void) unsetenv("CXR_TEST_FIND_RUN");
}


/* With runs of a few RMAs everything is as without. */
static int
setup_runs(void **state)
{
    (void) setenv("CXR_TEST_FIND_RUN", "3", 1);

    return setup(state);
}


static int
teardown_runs(void **state)
{
    (void) unsetenv("CXR_TEST_FIND_RUN");

    return teardown(state);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_what_it_may_mean),
        cmocka_unit_test_setup_teardown(test_by_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_any_number, setup, teardown),
        cmocka_unit_test_setup_teardown(test_filters, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stays_true, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_walks_go_on, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_runs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_everything, setup_runs,
                                        teardown_runs),
        cmocka_unit_test_setup_teardown(test_by_any_number, setup_runs,
                                        teardown_runs),
        cmocka_unit_test_setup_teardown(test_filters, setup_runs,
                                        teardown_runs),
        cmocka_unit_test_setup_teardown(test_stays_true, setup_runs,
                                        teardown_runs),
        cmocka_unit_test_setup_teardown(test_long_walks_go_on, setup_runs,
                                        teardown_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
