
/*
 * Answers to surveys in the store: their list, what they add up to by day, what
 * erasing a person leaves, and the store that has no table of them yet.
 */

#include "store_env.h"

#include <lmdb.h>

#include "cxr_store_surveys.h"

#define ORDERS  5
#define DAY     (ENV_NOW / CXR_DAY)


static env_t  *env;
static char    ids[ORDERS][CXR_RMA_ID_LEN];


/* Orders O0 .. O4, each with an RMA that was declined: it can be asked about. */

static int
setup(void **state)
{
    char        number[8];
    unsigned    i;
    cxr_job_t  *job;

    env = env_make();
    env->store = env_open(env, env->dir, 0, false);
    env->shop.policy.auto_approve = false;
    env->shop.surveys = (cxr_surveys_t) { CXR_ASK_CSAT, CXR_ASK_NPS, 60, 14 };

    for (i = 0; i < ORDERS; i++) {
        snprintf(number, sizeof(number), "O%u", i);
        assert_int_equal(run1(env->store, job_order(env, env->arena, number, 1,
                                                    NULL)), CXR_OK);
        job = job_create(env, env->arena, number, 1, NULL);
        assert_int_equal(run1(env->store, job), CXR_OK);
        memcpy(ids[i], job->id.data, CXR_RMA_ID_LEN);
        assert_int_equal(run1(env->store,
                              job_act(env, env->arena, CXR_VERB_DECLINE,
                                      cxr_strn(ids[i], CXR_RMA_ID_LEN),
                                      "gerekçe")), CXR_OK);
    }

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static cxr_rc_t
answer(unsigned i, unsigned score, const char *comment, int days)
{
    cxr_job_t            *job = job_new(env, env->arena, CXR_CMD_SURVEY);
    cxr_survey_answer_t  *a = cxr_calloc(env->arena, 1, sizeof(*a));

    a->rma = cxr_strn(ids[i], CXR_RMA_ID_LEN);
    a->score = (uint8_t) score;
    job->u.survey.answer = a;
    job->u.survey.comment = cxr_strz(comment);
    job->now = ENV_NOW + days * CXR_DAY;
    job->actor_kind = CXR_ACTOR_SHOPPER;
    job->actor = cxr_str("shopper");

    return run1(env->store, job);
}


static cxr_answers_t
asked(const cxr_shop_t *shop, const cxr_answers_ask_t *ask, unsigned limit,
    cxr_str_t cursor, cxr_str_t *next)
{
    cxr_read_t     *rd;
    cxr_answers_t   list, copy = { NULL, 0 };
    uint32_t        i;
    cxr_answer_t   *row;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_answers(rd, shop, ask, cursor, limit, env->arena,
                                      &list, next), CXR_OK);

    for (i = 0; i < list.n; i++) {
        row = cxr_list_push(env->arena, &copy, sizeof(*row));
        *row = list.items[i];
        cxr_str_dup(env->arena, list.items[i].order, &row->order);
        cxr_str_dup(env->arena, list.items[i].answer.rma, &row->answer.rma);
    }

    cxr_read_end(rd);

    return copy;
}


static cxr_answers_t
answers(const cxr_shop_t *shop, bool bad, unsigned limit, cxr_str_t cursor,
    cxr_str_t *next)
{
    cxr_answers_ask_t  ask = CXR_ANSWERS_ALL;

    if (bad) {
        ask.mood = CXR_MOOD_BAD;
    }

    return asked(shop, &ask, limit, cursor, next);
}


static uint32_t
count(int64_t from, int64_t until, unsigned score)
{
    cxr_read_t           *rd;
    cxr_survey_counts_t   sums[2][CXR_ASKS];

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_survey_sums(rd, &env->shop, from, until,
                                          env->arena, sums), CXR_OK);
    cxr_read_end(rd);
    assert_int_equal(sums[0][CXR_ASK_NPS].count[score], 0);

    return sums[1][CXR_ASK_NPS].count[score];
}


static cxr_rc_t
comment(const cxr_answer_t *a, cxr_str_t *text)
{
    cxr_rc_t     rc;
    cxr_str_t    number;
    cxr_read_t  *rd;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    rc = cxr_read_answer(rd, &env->shop, a, env->arena, &number, text);
    assert_true(cxr_str_eq(number, a->order));
    cxr_read_end(rd);

    return rc;
}


static void
test_list(void **state)
{
    cxr_str_t      next, text;
    cxr_shop_t     other;
    cxr_answers_t  list;

    assert_int_equal(answer(0, 9, "Çok hızlı!", 0), CXR_OK);
    assert_int_equal(answer(1, 3, "", 1), CXR_OK);
    assert_int_equal(answer(2, 10, "", 2), CXR_OK);
    assert_int_equal(answer(3, 0, "Hiç.", 3), CXR_OK);

    list = answers(&env->shop, false, 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 4);
    assert_int_equal(next.len, 0);
    assert_true(cxr_str_is(list.items[0].order, "O3"));
    assert_int_equal(list.items[0].answer.score, 0);
    assert_true(list.items[0].at == ENV_NOW + 3 * CXR_DAY);
    assert_true(cxr_str_is(list.items[3].order, "O0"));
    assert_memory_equal(list.items[3].answer.rma.data, ids[0],
                        CXR_RMA_ID_LEN);

    assert_int_equal(comment(&list.items[3], &text), CXR_OK);
    assert_true(cxr_str_is(text, "Çok hızlı!"));
    assert_int_equal(comment(&list.items[1], &text), CXR_OK);
    assert_int_equal(text.len, 0);

    /* in pages, and of those who are unhappy */

    list = answers(&env->shop, false, 3, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 3);
    list = answers(&env->shop, false, 3, next, &next);
    assert_int_equal(list.n, 1);
    assert_int_equal(next.len, 0);
    list = answers(&env->shop, true, 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 2);
    assert_true(cxr_str_is(list.items[0].order, "O3"));
    assert_true(cxr_str_is(list.items[1].order, "O1"));

    /* no other shop's */

    env_shop(env, &other, "baska");
    assert_int_equal(answers(&other, false, 10, CXR_STR_NONE, &next).n, 0);
    cxr_tz_free(other.tz);

    env_same_rebuilt(env);
}


/* Between two times, and what each answer is about. */

static void
test_asked(void **state)
{
    cxr_str_t          next;
    cxr_answers_t      list;
    cxr_answers_ask_t  ask = CXR_ANSWERS_ALL;

    assert_int_equal(answer(0, 9, "", 0), CXR_OK);
    assert_int_equal(answer(1, 2, "", 1), CXR_OK);
    assert_int_equal(answer(2, 8, "", 2), CXR_OK);

    ask.from = ENV_NOW + CXR_DAY;
    list = asked(&env->shop, &ask, 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.items[0].answer.score, 8);
    assert_int_equal(list.items[1].answer.score, 2);
    assert_int_equal(next.len, 0);

    /* a full page, and all that follow are older: it is the last one */

    list = asked(&env->shop, &ask, 2, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 2);
    assert_int_equal(next.len, 0);

    list = asked(&env->shop, &ask, 1, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 1);
    assert_int_not_equal(next.len, 0);
    list = asked(&env->shop, &ask, 1, next, &next);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].answer.score, 2);
    assert_int_equal(next.len, 0);

    ask.to = ENV_NOW + 2 * CXR_DAY;
    list = asked(&env->shop, &ask, 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].answer.score, 2);

    ask.from = CXR_TIME_NONE;
    ask.mood = CXR_MOOD_GOOD;
    list = asked(&env->shop, &ask, 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].answer.score, 9);

    ask.mood = -1;
    ask.about = CXR_ABOUT_DELIVERY;
    assert_int_equal(asked(&env->shop, &ask, 10, CXR_STR_NONE, &next).n, 0);
    ask.about = CXR_ABOUT_RETURNS;
    assert_int_equal(asked(&env->shop, &ask, 10, CXR_STR_NONE, &next).n, 2);
    ask.question = CXR_ASK_CES;
    assert_int_equal(asked(&env->shop, &ask, 10, CXR_STR_NONE, &next).n, 0);
    ask.question = CXR_ASK_NPS;
    assert_int_equal(asked(&env->shop, &ask, 10, CXR_STR_NONE, &next).n, 2);

    /* before the epoch's first day there is nothing, and no wrap */

    ask.to = 1;
    assert_int_equal(asked(&env->shop, &ask, 10, CXR_STR_NONE, &next).n, 0);
}


static void
test_bad_cursor(void **state)
{
    cxr_str_t      next;
    cxr_read_t    *rd;
    cxr_answers_t  list;
    char           text[2000];

    const cxr_answers_ask_t  all = CXR_ANSWERS_ALL;

    memset(text, 'A', sizeof(text));
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_answers(rd, &env->shop, &all, cxr_str("%"), 10,
                                      env->arena, &list, &next), CXR_INVALID);
    assert_int_equal(cxr_read_answers(rd, &env->shop, &all,
                                      cxr_strn(text, sizeof(text)), 10,
                                      env->arena, &list, &next), CXR_INVALID);
    assert_int_equal(cxr_read_answers(rd, &env->shop, &all, cxr_str("AAAA"),
                                      10, env->arena, &list, &next),
                     CXR_INVALID);
    assert_int_equal(cxr_read_answers(rd, &env->shop, &all, CXR_STR_NONE, 0,
                                      env->arena, &list, &next), CXR_INVALID);
    assert_int_equal(cxr_read_answers(rd, &env->shop, &all, CXR_STR_NONE,
                                      CXR_SURVEY_LIST_MAX + 1, env->arena,
                                      &list, &next), CXR_INVALID);
    cxr_read_end(rd);
}


static void
test_sums(void **state)
{
    cxr_str_t  next;

    assert_int_equal(answer(0, 9, "", 0), CXR_OK);
    assert_int_equal(answer(1, 9, "", 0), CXR_OK);
    assert_int_equal(answer(2, 9, "", 2), CXR_OK);

    assert_int_equal(count(DAY, DAY, 9), 2);
    assert_int_equal(count(DAY, DAY + 2, 9), 3);
    assert_int_equal(count(DAY + 1, DAY + 1, 9), 0);
    assert_int_equal(count(-5, DAY + 900, 9), 3);

    /* another mind counts once, on the day of the first, and stands first in
       the list */

    assert_int_equal(answer(0, 2, "Vazgeçtim.", 5), CXR_OK);
    assert_int_equal(count(DAY, DAY, 9), 1);
    assert_int_equal(count(DAY, DAY, 2), 1);
    assert_int_equal(count(DAY + 5, DAY + 5, 2), 0);
    assert_int_equal(answers(&env->shop, false, 10, CXR_STR_NONE, &next).n, 3);
    assert_true(cxr_str_is(answers(&env->shop, false, 10, CXR_STR_NONE,
                                   &next).items[0].order, "O0"));

    /* a word with the same score moves nothing; the last of a day goes */

    assert_int_equal(answer(2, 9, "Evet.", 6), CXR_OK);
    assert_int_equal(count(DAY, DAY + 9, 9), 2);
    assert_int_equal(answer(2, 8, "", 6), CXR_OK);
    assert_int_equal(count(DAY + 2, DAY + 2, 9), 0);
    assert_int_equal(count(DAY + 2, DAY + 2, 8), 1);

    env_same_rebuilt(env);
}


static void
test_erased(void **state)
{
    cxr_str_t      next, text;
    cxr_answers_t  list;

    assert_int_equal(answer(0, 1, "Adım Ayşe.", 0), CXR_OK);
    assert_int_equal(run1(env->store, job_erase(env, env->arena, "O0", true)),
                     CXR_OK);

    list = answers(&env->shop, false, 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.items[0].answer.score, 1);
    assert_int_equal(comment(&list.items[0], &text), CXR_NOTFOUND);
    assert_int_equal(count(DAY, DAY, 1), 1);

    env_same_rebuilt(env);
}


static void
forget_surveys(const char *dir)
{
    MDB_dbi   dbi;
    MDB_env  *e;
    MDB_txn  *txn;

    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "surveys", 0, &dbi), 0);
    assert_int_equal(mdb_drop(txn, dbi, 1), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);
}


/* A store of before there was the table gets all of it when it is opened. */

static void
test_older_store(void **state)
{
    uint8_t    before[32], after[32];
    cxr_str_t  next;

    assert_int_equal(answer(0, 9, "Adım Ayşe.", 0), CXR_OK);
    assert_int_equal(answer(1, 9, "", 0), CXR_OK);
    assert_int_equal(answer(1, 4, "", 3), CXR_OK);
    env_hash(env->store, before);
    cxr_store_close(env->store);
    forget_surveys(env->dir);

    /* who only reads has none, and changes nothing */

    env->store = env_open(env, env->dir, 0, true);
    assert_int_equal(answers(&env->shop, false, 10, CXR_STR_NONE, &next).n, 0);
    assert_int_equal(count(DAY, DAY, 9), 0);
    cxr_store_close(env->store);

    env->store = env_open(env, env->dir, 0, false);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);
    assert_int_equal(answer(0, 8, "", 4), CXR_OK);
    assert_int_equal(count(DAY, DAY, 9), 0);
    env_same_rebuilt(env);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_list, setup, teardown),
        cmocka_unit_test_setup_teardown(test_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_cursor, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sums, setup, teardown),
        cmocka_unit_test_setup_teardown(test_erased, setup, teardown),
        cmocka_unit_test_setup_teardown(test_older_store, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
