
/*
 * How goods come back: return codes out of a pool, the carrier's label that the
 * shop supplies, and what falls due.
 */

#include "store_env.h"

#include "cxr_store_codes.h"
#include "cxr_store_due.h"


static env_t            *env;
static cxr_code_pool_t   pools[1];


static int
setup(void **state)
{
    env = env_make();
    env->store = env_open(env, env->dir, 0, false);

    pools[0].carrier = cxr_str("yurtici");
    pools[0].low = 1;

    env->shop.pools.items = pools;
    env->shop.pools.n = 1;
    env->shop.remind_days = 3;
    env->shop.policy.methods = (1u << CXR_METHOD_CARRIER_CODE)
                               | (1u << CXR_METHOD_CARRIER_LABEL);
    env->shop.policy.release[CXR_OUT_REFUND] = CXR_RELEASE_RECEIVED;

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static cxr_codes_import_t *
import(const char *csv)
{
    uint32_t             line;
    cxr_job_t           *job = job_new(env, env->arena, CXR_CMD_CODES_IMPORT);
    const char          *what;
    cxr_codes_import_t  *in = cxr_calloc(env->arena, 1, sizeof(*in));

    in->carrier = cxr_str("yurtici");
    assert_int_equal(cxr_codes_parse(cxr_strz(csv), false, env->arena,
                                     &in->codes, &line, &what), CXR_OK);
    job->u.codes = in;
    assert_int_equal(run1(env->store, job), CXR_OK);

    return in;
}


static cxr_str_t
returned(const char *number, const char *method, cxr_time_t at)
{
    cxr_job_t  *job = job_order(env, env->arena, number, 2, NULL);

    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_create(env, env->arena, number, 1, NULL);
    job->u.create.ask->method = cxr_strz(method);
    job->now = at;
    assert_int_equal(run1(env->store, job), CXR_OK);

    return job->id;
}


static cxr_rma_t
rma_now(cxr_str_t id)
{
    cxr_rma_t    rma, copy;
    cxr_read_t  *rd;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &env->shop, id, env->arena, &rma),
                     CXR_OK);
    assert_int_equal(cxr_rec_copy(&cxr_rma_type, &rma, &copy, env->arena),
                     CXR_OK);
    cxr_read_end(rd);

    return copy;
}


static cxr_pool_row_t
pool_now(void)
{
    cxr_read_t   *rd;
    cxr_pools_t   rows;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_pools(rd, &env->shop, ENV_NOW,
                                    CXR_POOL_COUNT_MAX, env->arena,
                                    &rows), CXR_OK);
    cxr_read_end(rd);
    assert_int_equal(rows.n, 1);

    return rows.items[0];
}


static unsigned
events_of(unsigned kind)
{
    unsigned        n = 0;
    uint32_t        i;
    cxr_read_t     *rd;
    cxr_entries_t   list;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_entries(rd, &env->shop, 0, 1000, env->arena,
                                      &list), CXR_OK);

    for (i = 0; i < list.n; i++) {
        n += list.items[i].kind == kind;
    }

    cxr_read_end(rd);

    return n;
}


static void
cancel(cxr_str_t rma)
{
    cxr_job_t  *job = job_act(env, env->arena, CXR_VERB_CANCEL, rma, NULL);

    assert_int_equal(run1(env->store, job), CXR_OK);
}


static cxr_due_sum_t
run_due(cxr_time_t now)
{
    cxr_due_sum_t  sum;

    memset(&sum, 0, sizeof(sum));
    assert_int_equal(cxr_due_run(env->store, &env->shop, now, &sum), CXR_OK);
    assert_int_equal(sum.failed, 0);

    return sum;
}


static void
test_a_code_comes_with_the_approval(void **state)
{
    cxr_rma_t            rma;
    cxr_str_t            one, two;
    cxr_codes_import_t  *in;

    in = import("code,expires\nAAA1\nAAA2\nAAA3\nAAA2\n");
    assert_int_equal(in->added, 3);
    assert_int_equal(in->duplicates, 1);
    assert_true(cxr_str_is(in->twice.items[0], "AAA2"));

    one = returned("K1", "carrier_code", ENV_NOW);
    two = returned("K2", "carrier_code", ENV_NOW);

    rma = rma_now(one);
    assert_true(cxr_str_is(rma.code, "AAA1"));
    assert_true(cxr_str_is(rma.code_carrier, "yurtici"));
    assert_true(cxr_str_is(rma_now(two).code, "AAA2"));

    /* one left, which is low: told once */

    assert_int_equal(pool_now().free, 1);
    assert_int_equal(events_of(CXR_EV_POOL_LOW), 1);

    /* the same import again brings nothing, and hurts nobody */

    in = import("AAA1\nAAA2\nAAA3\n");
    assert_int_equal(in->added, 0);
    assert_int_equal(in->duplicates, 3);
    assert_int_equal(pool_now().free, 1);

    /* a code that is not used goes to another */

    cancel(one);
    assert_int_equal(rma_now(one).code.len, 0);
    assert_int_equal(pool_now().free, 2);
    assert_true(cxr_str_is(rma_now(returned("K3", "carrier_code",
                                            ENV_NOW)).code, "AAA1"));
    env_same_rebuilt(env);
}


static void
test_an_empty_pool_makes_it_wait(void **state)
{
    cxr_rma_t            rma;
    cxr_str_t            one, two, three;
    cxr_time_t           was;
    cxr_codes_import_t  *in;

    one = returned("K1", "carrier_code", ENV_NOW - 3 * CXR_DAY);
    two = returned("K2", "carrier_code", ENV_NOW - 2 * CXR_DAY);
    three = returned("K3", "carrier_code", ENV_NOW - 1 * CXR_DAY);
    cancel(two);

    rma = rma_now(one);
    was = rma.label_expires;
    assert_int_equal(rma.status, CXR_RMA_APPROVED);
    assert_int_equal(rma.code.len, 0);
    assert_int_equal(pool_now().waiting, 2);
    env_same_rebuilt(env);

    /* what waits for a code does not expire */

    assert_int_equal(run_due(was + CXR_DAY).done, 0);

    in = import("B1\n");
    assert_int_equal(in->served, 1);
    assert_int_equal(in->waiting, 1);

    rma = rma_now(one);
    assert_true(cxr_str_is(rma.code, "B1"));
    assert_true(rma.label_expires > was);
    assert_int_equal(rma_now(three).code.len, 0);

    /* one that expires soon ends the time to send; one that has is no code */

    in = import("OLD,2020-01-01T00:00:00Z\n");
    assert_int_equal(in->added, 1);
    assert_int_equal(in->served, 0);
    assert_int_equal(pool_now().free, 0);

    in = import("\"B2\",2026-11-25T00:00:00Z\n");
    assert_int_equal(in->served, 1);

    rma = rma_now(three);
    assert_true(cxr_str_is(rma.code, "B2"));
    assert_true(rma.label_expires == rma.code_expires);
    assert_int_equal(pool_now().waiting, 0);

    env_same_rebuilt(env);
}


/* A code that came back, and more that wait than one import serves. */

static void
test_what_waits_gets_what_is_free(void **state)
{
    char        number[8], csv[CXR_CODES_SERVE_MAX * 8];
    size_t      n = 0;
    unsigned    i;
    cxr_str_t   one, two;
    cxr_time_t  now = ENV_NOW + CXR_HOUR;

    one = returned("K1", "carrier_code", ENV_NOW - 3 * CXR_DAY);
    two = returned("K2", "carrier_code", ENV_NOW - 2 * CXR_DAY);

    assert_int_equal(import("B1\n")->waiting, 1);
    assert_int_equal(run_due(now).done, 0);
    cancel(one);
    assert_int_equal(pool_now().free, 1);

    assert_int_equal(run_due(now).done, 1);
    assert_true(cxr_str_is(rma_now(two).code, "B1"));
    assert_int_equal(pool_now().waiting, 0);

    for (i = 0; i < CXR_CODES_SERVE_MAX + 4; i++) {
        (void) snprintf(number, sizeof(number), "W%u", i);
        (void) returned(number, "carrier_code", ENV_NOW - CXR_DAY);
        n += (size_t) snprintf(csv + n, sizeof(csv) - n, "C%u\n", i);
    }

    assert_int_equal(import(csv)->served, CXR_CODES_SERVE_MAX);
    assert_int_equal(pool_now().waiting, 4);
    assert_int_equal(run_due(now).done, 4);
    assert_int_equal(pool_now().waiting, 0);
    assert_int_equal(run_due(now).done, 0);
    env_same_rebuilt(env);
}


static void
test_what_runs_out_is_reminded_and_expires(void **state)
{
    cxr_str_t   id;
    cxr_rma_t   rma;
    cxr_time_t  over;

    import("C1\n");
    id = returned("K1", "carrier_code", ENV_NOW);
    over = rma_now(id).label_expires;

    assert_int_equal(run_due(over - 3 * CXR_DAY - 1).done, 0);
    assert_int_equal(run_due(over - 3 * CXR_DAY).done, 1);
    assert_int_equal(run_due(over - 3 * CXR_DAY).done, 0);
    assert_int_equal(events_of(CXR_EV_LABEL_EXPIRING), 1);
    assert_int_equal(run_due(over).done, 0);
    assert_int_equal(rma_now(id).status, CXR_RMA_APPROVED);

    assert_int_equal(run_due(over + 1).done, 1);
    rma = rma_now(id);
    assert_int_equal(rma.status, CXR_RMA_EXPIRED);
    assert_int_equal(rma.code.len, 0);
    assert_int_equal(pool_now().free, 1);
    assert_int_equal(run_due(over + CXR_DAY).done, 0);
    assert_int_equal(env_count(env->store, "due"), 1);   /* the order's age */

    env_same_rebuilt(env);
}


static void
test_the_shop_supplies_a_label(void **state)
{
    cxr_str_t          id;
    cxr_job_t         *job;
    cxr_rma_supply_t   cmd;

    id = returned("K1", "carrier_label", ENV_NOW);
    assert_true(rma_now(id).label_wanted);
    assert_int_equal(events_of(CXR_EV_LABEL_REQUESTED), 1);

    memset(&cmd, 0, sizeof(cmd));
    cmd.rma = id;
    cmd.url = cxr_str("https://carrier.example/l/1.pdf");

    job = job_new(env, env->arena, CXR_CMD_RMA_SUPPLY);
    job->u.supply = &cmd;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed);
    assert_true(cxr_str_eq(rma_now(id).carrier_label_url, cmd.url));

    job = job_new(env, env->arena, CXR_CMD_RMA_SUPPLY);
    job->u.supply = &cmd;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);

    import("D1\n");
    cmd.rma = returned("K2", "carrier_code", ENV_NOW);
    job = job_new(env, env->arena, CXR_CMD_RMA_SUPPLY);
    job->u.supply = &cmd;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "label_not_wanted");

    env_same_rebuilt(env);
}


static void
test_only_what_is_offered(void **state)
{
    cxr_job_t  *job;

    assert_int_equal(run1(env->store, job_order(env, env->arena, "K1", 2,
                                                NULL)), CXR_OK);
    job = job_create(env, env->arena, "K1", 1, NULL);
    job->u.create.ask->method = cxr_str("in_store");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "method_not_offered");
    assert_string_equal(job->refusal.where, "/method");

    /* not said: the first that is */

    job = job_create(env, env->arena, "K1", 1, NULL);
    job->u.create.ask->method = CXR_STR_NONE;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(cxr_str_is(rma_now(job->id).method, "carrier_code"));
}


static void
test_what_is_no_code_is_told(void **state)
{
    size_t           i;
    uint32_t         line;
    const char      *what;
    cxr_codes_in_t   codes;

    static const struct {
        const char  *text;
        bool         json;
        uint32_t     line;             /* 0: fine */
        uint32_t     n;
    } cases[] = {
        { "", false, 0, 0 },
        { "code\r\nA-1\r\n\r\nB_2;\r\n", false, 0, 2 },
        { "\xEF\xBB\xBF" "code,expires\r\nA-1,\r\n", false, 0, 1 },
        { "A\n\xef\xbb\xbf" "B\n", false, 2, 0 },
        { "A B\n", false, 1, 0 },
        { "A\ncode\nC<\n", false, 3, 0 },
        { "A,soon\n", false, 1, 0 },
        { "{\"code\":\"A\"}\n{\"code\":\"B\",\"expires\":"
          "\"2027-01-01T00:00:00Z\"}\n", true, 0, 2 },
        { "{\"code\":\"A\"}\n[]\n", true, 2, 0 },
        { "{\"code\":\"A\",\"color\":1}\n", true, 1, 0 },
        { "{\"code\":\"\"}\n", true, 1, 0 },
        { "12345678901234567890123456789012345678901\n", false, 1, 0 },
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        if (cases[i].line == 0) {
            assert_int_equal(cxr_codes_parse(cxr_strz(cases[i].text),
                                             cases[i].json, env->arena,
                                             &codes, &line, &what), CXR_OK);
            assert_int_equal(codes.n, cases[i].n);
            continue;
        }

        assert_int_equal(cxr_codes_parse(cxr_strz(cases[i].text),
                                         cases[i].json, env->arena, &codes,
                                         &line, &what), CXR_INVALID);
        assert_int_equal(line, cases[i].line);
        assert_true(what[0] != '\0');
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_a_code_comes_with_the_approval,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_an_empty_pool_makes_it_wait,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_waits_gets_what_is_free,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_what_runs_out_is_reminded_and_expires, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_shop_supplies_a_label,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_only_what_is_offered, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_code_is_told, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
