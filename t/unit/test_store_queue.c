
/*
 * The desk's queues: an RMA is on those that it waits in and on no other, in the
 * order that it waits, and a page of them goes on where the last one ended.
 */

#include "store_env.h"


static const char *
created(const env_t *env, const char *order, cxr_time_t now)
{
    cxr_job_t  *put, *ask, *jobs[2];

    put = job_order(env, env->arena, order, 2, NULL);
    ask = job_create(env, env->arena, order, 1, NULL);
    put->now = now;
    ask->now = now;
    jobs[0] = put;
    jobs[1] = ask;

    assert_int_equal(cxr_store_run(env->store, jobs, 2), CXR_OK);
    assert_int_equal(put->rc, CXR_OK);
    assert_int_equal(ask->rc, CXR_OK);

    return cxr_strz_dup(env->arena, ask->id);
}


static void
act(const env_t *env, const char *id, unsigned verb, cxr_time_t now)
{
    cxr_job_t       *job;
    cxr_rma_act_t   *a;

    a = cxr_calloc(env->arena, 1, sizeof(*a));
    a->verb = (uint8_t) verb;
    a->rma = cxr_strz(id);
    a->reason = cxr_str("why");

    job = job_new(env, env->arena, CXR_CMD_RMA_ACT);
    job->u.act.act = a;
    job->now = now;
    job->actor_kind = CXR_ACTOR_STAFF;
    job->actor = cxr_str("ayse");

    assert_int_equal(cxr_store_run(env->store, &job, 1), CXR_OK);
    assert_int_equal(job->rc, CXR_OK);
}


static uint32_t
count(const env_t *env, unsigned queue, cxr_time_t until, uint32_t *late)
{
    uint32_t     counts[CXR_QUEUES], n;
    cxr_read_t  *rd;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_queue_counts(rd, &env->shop, 1000, until, counts,
                                           late ? late : &n), CXR_OK);
    cxr_read_end(rd);

    return counts[queue];
}


static void
test_moves(void **state)
{
    env_t       *env = *state;
    uint32_t     late;
    const char  *id;

    env->shop.policy.auto_approve = false;
    id = created(env, "KG1", ENV_NOW);

    assert_int_equal(count(env, CXR_QUEUE_DECIDE, ENV_NOW, &late), 1);
    assert_int_equal(count(env, CXR_QUEUE_OURS, ENV_NOW, NULL), 1);
    assert_int_equal(late, 1);
    assert_int_equal(count(env, CXR_QUEUE_DECIDE, ENV_NOW - 1, &late), 1);
    assert_int_equal(late, 0);

    act(env, id, CXR_VERB_APPROVE, ENV_NOW + 10);

    assert_int_equal(count(env, CXR_QUEUE_DECIDE, ENV_NOW, NULL), 0);
    assert_int_equal(count(env, CXR_QUEUE_EXPECTED, ENV_NOW, NULL), 1);
    assert_int_equal(count(env, CXR_QUEUE_OURS, ENV_NOW, NULL), 0);

    act(env, id, CXR_VERB_RECEIVE, ENV_NOW + 20);

    assert_int_equal(count(env, CXR_QUEUE_EXPECTED, ENV_NOW, NULL), 0);
    assert_int_equal(count(env, CXR_QUEUE_GRADE, ENV_NOW, NULL), 1);
    assert_int_equal(count(env, CXR_QUEUE_OURS, ENV_NOW + 20, &late), 1);
    assert_int_equal(late, 1);

    /* its clock began anew with the count */

    (void) count(env, CXR_QUEUE_OURS, ENV_NOW + 19, &late);
    assert_int_equal(late, 0);
}


static void
test_pages(void **state)
{
    char             number[16];
    bool             oldest;
    env_t           *env = *state;
    unsigned         i, n, at;
    cxr_str_t        cursor, next;
    cxr_rmas_t       rmas;
    cxr_read_t      *rd;
    const char      *ids[7];
    cxr_rma_list_t   list = { CXR_QUEUE_DECIDE, -1, -1, false,
                              CXR_TIME_NONE };

    env->shop.policy.auto_approve = false;

    for (i = 0; i < 7; i++) {
        snprintf(number, sizeof(number), "KG%u", i);
        ids[i] = created(env, number, ENV_NOW + i);
    }

    for (oldest = false, n = 0; n < 2; n++, oldest = true) {
        list.oldest = oldest;
        cursor = CXR_STR_NONE;
        at = 0;

        do {
            assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
            assert_int_equal(cxr_read_rma_list(rd, &env->shop, &list, cursor,
                                               3, env->arena, &rmas, &next),
                             CXR_OK);

            for (i = 0; i < rmas.n; i++, at++) {
                assert_true(cxr_str_is(rmas.items[i].id,
                                       ids[oldest ? at : 6 - at]));
            }

            cxr_read_end(rd);
            cursor = next;

        } while (next.len != 0);

        assert_int_equal(at, 7);
    }

    /* a bound in time, from both ends */

    list.until = ENV_NOW + 2;

    for (n = 0; n < 2; n++) {
        list.oldest = n == 1;
        assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
        assert_int_equal(cxr_read_rma_list(rd, &env->shop, &list, CXR_STR_NONE,
                                           50, env->arena, &rmas, &next),
                         CXR_OK);
        assert_int_equal(rmas.n, 3);
        assert_true(cxr_str_is(rmas.items[0].id, ids[n ? 0 : 2]));
        cxr_read_end(rd);
    }

    /* another list's cursor is none of this one */

    list.until = CXR_TIME_NONE;
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma_list(rd, &env->shop, &list, CXR_STR_NONE, 2,
                                       env->arena, &rmas, &next), CXR_OK);
    list.queue = CXR_QUEUE_GRADE;
    assert_int_equal(cxr_read_rma_list(rd, &env->shop, &list, next, 2,
                                       env->arena, &rmas, &cursor),
                     CXR_INVALID);

    /* what is of another kind is passed over */

    list.queue = CXR_QUEUE_DECIDE;
    list.kind = CXR_KIND_WITHDRAWAL;
    assert_int_equal(cxr_read_rma_list(rd, &env->shop, &list, CXR_STR_NONE, 2,
                                       env->arena, &rmas, &next), CXR_OK);
    assert_int_equal(rmas.n, 0);
    assert_int_equal(next.len, 0);
    cxr_read_end(rd);
}


static void
test_rebuilt(void **state)
{
    char        path[96];
    env_t      *env = *state;
    cxr_diag_t  d;
    const char *a, *b;
    uint8_t     was[32], is[32];
    cxr_store_t *again;

    env->shop.policy.auto_approve = false;
    a = created(env, "KG1", ENV_NOW);
    b = created(env, "KG2", ENV_NOW + 1);
    act(env, a, CXR_VERB_APPROVE, ENV_NOW + 2);
    act(env, b, CXR_VERB_DECLINE, ENV_NOW + 3);
    act(env, b, CXR_VERB_REOPEN, ENV_NOW + 4);
    act(env, a, CXR_VERB_RECEIVE, ENV_NOW + 5);

    env_hash(env->store, was);
    assert_int_equal(cxr_store_rebuild(env->store, env_dir(env, "again", path),
                                       NULL, NULL, &d), CXR_OK);

    again = env_open(env, path, 0, true);
    env_hash(again, is);
    cxr_store_close(again);

    assert_memory_equal(was, is, sizeof(was));
}


static int
setup(void **state)
{
    env_t  *env = env_make();

    env->store = env_open(env, env->dir, 0, false);
    *state = env;

    return 0;
}


static int
teardown(void **state)
{
    env_free(*state);
    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_moves, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rebuilt, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
