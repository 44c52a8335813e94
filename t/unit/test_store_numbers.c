
/*
 * A number that a carrier has used again, where the carrier has a key of its
 * own for each parcel: whatever the order in which they are told of, each
 * report finds its parcel, and the number shows the newest.
 */

#include "store_env.h"


#define FEB  (ENV_NOW - 280 * CXR_DAY)
#define LAST (ENV_NOW - 700 * CXR_DAY)

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


/* a delivery, or with "since" no scan but the day on which it began */
static void
told(const char *key, cxr_time_t at, bool since, bool changed)
{
    cxr_job_t     *job = job_report(env, env->arena, "N1", since ? 0 : 1);
    cxr_report_t  *r = (cxr_report_t *) job->u.feed.report;

    r->unique = cxr_strz(key);

    if (since) {
        r->day = (uint32_t) (at / CXR_DAY);

    } else {
        r->scans.items[0].at = at;
        r->scans.items[0].status = CXR_SHIP_DELIVERED;
    }

    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->changed, changed);
}


static cxr_shipment_t
shown(void)
{
    cxr_read_t      *rd;
    cxr_shipment_t   ship, copy;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_shipment(rd, &env->shop, cxr_str("yurtici"),
                                       cxr_str("N1"), env->arena, &ship),
                     CXR_OK);
    assert_int_equal(cxr_rec_copy(&cxr_shipment_type, &ship, &copy, env->arena),
                     CXR_OK);
    cxr_read_end(rd);

    return copy;
}


static void
all(unsigned parcels)
{
    assert_int_equal(env_count(env->store, "shipments"), parcels);
}


static void
test_any_order(void **state)
{
    told("new", ENV_NOW - CXR_DAY, false, true);
    told("old", LAST, false, true);
    told("mid", FEB, false, true);
    all(3);
    assert_true(cxr_str_is(shown().unique, "new"));
    assert_int_equal(shown().scans.n, 1);

    told("old", LAST, false, false);
    told("new", ENV_NOW - CXR_DAY, false, false);
    told("old", LAST + CXR_HOUR, false, true);
    all(3);
    assert_int_equal(shown().scans.n, 1);
}


/* Some records tell no event, and only when their parcel was sent. */
static void
test_since(void **state)
{
    told("new", ENV_NOW - 2 * CXR_DAY, true, true);
    told("old", LAST, true, true);
    told("old", LAST, true, false);
    told("new", ENV_NOW - CXR_DAY, false, true);
    all(2);
    assert_true(cxr_str_is(shown().unique, "new"));
}


/* The shop announces a parcel; the carrier still knows the one before it. */
static void
test_announced(void **state)
{
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A-1", 1,
                                                "N1")), CXR_OK);
    told("old", LAST, false, true);
    assert_true(shown().order.len > 0);
    assert_int_equal(shown().scans.n, 0);
    assert_int_equal(shown().unique.len, 0);

    told("new", ENV_NOW, false, true);
    told("old", LAST, false, false);
    all(2);
    assert_true(shown().order.len > 0);
    assert_true(cxr_str_is(shown().unique, "new"));
    assert_int_equal(shown().status, CXR_SHIP_DELIVERED);
}


/* Two that began on one day. */
static void
test_one_day(void **state)
{
    told("a", LAST, false, true);
    told("b", LAST + CXR_MINUTE, false, true);
    told("c", LAST + CXR_MINUTE, false, true);
    all(3);
    told("a", LAST, false, false);
    told("b", LAST + CXR_MINUTE, false, false);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_since, setup, teardown),
        cmocka_unit_test_setup_teardown(test_announced, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_day, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
