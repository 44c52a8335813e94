
/*
 * A parcel that brings an RMA back, through cxr_store_run(): the shipment's
 * events and the RMA's in one, and nothing of either when one cannot be.
 */

#include "store_env.h"


static env_t  *env;


static int
setup(void **state)
{
    env = env_make();
    env->shop.policy.release[CXR_OUT_REFUND] = CXR_RELEASE_DELIVERED;
    env->store = env_open(env, env->dir, 0, false);

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static cxr_job_t *
job_name(cxr_str_t rma, const char *number)
{
    cxr_job_t       *job = job_new(env, env->arena, CXR_CMD_RMA_PARCEL);
    cxr_rma_name_t  *name = cxr_calloc(env->arena, 1, sizeof(cxr_rma_name_t));

    name->rma = rma;
    name->carrier = cxr_str("yurtici");
    name->number = cxr_strz(number);
    job->u.parcel = name;

    return job;
}


static cxr_job_t *
job_take(cxr_str_t rma, const char *number, const char *why)
{
    cxr_job_t       *job = job_name(rma, number);
    cxr_rma_name_t  *name = (cxr_rma_name_t *) job->u.parcel;

    name->take = true;
    name->reason = cxr_strz(why);

    return job;
}


static cxr_str_t
made(const char *order)
{
    cxr_job_t  *job;

    job = job_order(env, env->arena, order, 3, NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);
    job = job_create(env, env->arena, cxr_strz_dup(env->arena, job->id), 1,
                     NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);

    return job->id;
}


static cxr_rma_t
rma_of(cxr_str_t id)
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


static void
test_named_and_moved(void **state)
{
    uint8_t          before[32], after[32];
    uint64_t         seq;
    cxr_job_t       *job;
    cxr_rma_t        rma;
    cxr_str_t        id;
    cxr_read_t      *rd;
    cxr_order_t      order;
    cxr_shipments_t  parcels;

    id = made("A-1");

    job = job_name(id, "BACK1");
    job_idem(job, "k", "asked");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed && !job->created);
    assert_true(cxr_str_eq(job->id, id));
    assert_int_equal(job->revision, 2);
    seq = job->seq;
    env_hash(env->store, before);

    job = job_name(id, "BACK1");
    job_idem(job, "k", "asked");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->repeated);
    assert_true(cxr_str_eq(job->id, id));

    job = job_name(id, "BACK2");
    job_idem(job, "k", "another");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "idem_mismatch");

    job = job_name(id, "BACK1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);

    /* the report's answer is the parcel's, though the RMA moved as well */

    job = job_report(env, env->arena, "BACK1", 2);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->seq, seq + 2);
    assert_int_equal(job->revision, 2);
    assert_non_null(memmem(job->id.data, job->id.len, "yurtici/BACK1/", 14));
    rma = rma_of(id);
    assert_int_equal(rma.status, CXR_RMA_IN_TRANSIT);
    assert_int_equal(rma.lines.items[0].parcel, CXR_PARCEL_IN_TRANSIT);
    assert_int_equal(rma.lines.items[0].settlement, CXR_SETTLEMENT_OWED);

    job = job_report(env, env->arena, "BACK1", 5);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->seq, seq + 5);
    rma = rma_of(id);
    assert_int_equal(rma.lines.items[0].settlement, CXR_SETTLEMENT_RELEASED);
    env_hash(env->store, before);

    job = job_report(env, env->arena, "BACK1", 5);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);
    assert_int_equal(job->revision, 3);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("A1"), env->arena,
                                    &order), CXR_OK);
    assert_int_equal(order.parcels.n, 0);
    assert_int_equal(cxr_read_parcels(rd, &env->shop, &order, env->arena,
                                      &parcels), CXR_OK);
    assert_int_equal(parcels.n, 1);
    assert_true(cxr_str_is(parcels.items[0].number, "BACK1"));
    assert_int_equal(parcels.items[0].direction, CXR_PARCEL_RETURN);
    assert_true(cxr_str_eq(parcels.items[0].rma, id));
    cxr_read_end(rd);
}


/* All in one run: naming, the scans, a neighbour, and the same twice. */
static void
test_one_run(void **state)
{
    size_t      i;
    cxr_job_t  *jobs[6];
    cxr_rma_t   rma;
    cxr_str_t   id = made("A-1"), other = made("A-2");

    jobs[0] = job_report(env, env->arena, "BACK1", 3);
    jobs[1] = job_name(id, "BACK1");
    jobs[2] = job_name(other, "BACK1");
    jobs[3] = job_report(env, env->arena, "BACK1", 5);
    jobs[4] = job_report(env, env->arena, "OTHER", 5);
    jobs[5] = job_report(env, env->arena, "BACK1", 5);

    for (i = 0; i < 6; i++) {
        /* on the day of the scans, so that they are not older than the RMA */
        jobs[i]->now = ENV_NOW;
    }

    assert_int_equal(cxr_store_run(env->store, jobs, 6), CXR_OK);
    assert_int_equal(jobs[1]->rc, CXR_OK);
    assert_int_equal(jobs[2]->rc, CXR_REFUSED);
    assert_string_equal(jobs[2]->refusal.code, "parcel_taken");
    assert_true(jobs[3]->changed);
    assert_true(jobs[4]->changed);
    assert_false(jobs[5]->changed);

    rma = rma_of(id);
    assert_int_equal(rma.parcels.items[0].fact, CXR_PARCEL_DELIVERED);
    assert_int_equal(rma.lines.items[0].settlement, CXR_SETTLEMENT_RELEASED);
    rma = rma_of(other);
    assert_int_equal(rma.parcels.n, 0);
    assert_int_equal(rma.revision, 1);
}


/*
 * A stranger named it first.  The shop gives it to the one whose it is: both
 * histories are right, what follows the parcel follows the true one, and all of
 * it comes out of the journal again.
 */
static void
test_given_to_its_owner(void **state)
{
    unsigned    same;
    cxr_job_t  *job;
    cxr_rma_t   rma;
    cxr_str_t   id, other;

    for (same = 0; same < 2; same++) {

        id = made(same ? "B-1" : "A-1");

        if (same) {
            job = job_create(env, env->arena, "B1", 1, NULL);
            assert_int_equal(run1(env->store, job), CXR_OK);
            other = job->id;

        } else {
            other = made("A-2");
        }

        /* the stranger: her word alone, and the carrier has it */

        job = job_name(other, same ? "BACK2" : "BACK1");
        job->actor_kind = CXR_ACTOR_SHOPPER;
        assert_int_equal(run1(env->store, job), CXR_OK);
        job = job_report(env, env->arena, same ? "BACK2" : "BACK1", 5);
        assert_int_equal(run1(env->store, job), CXR_OK);
        rma = rma_of(other);
        assert_int_equal(rma.parcels.items[0].fact, CXR_PARCEL_DELIVERED);
        assert_true(rma.parcels.items[0].unproven);
        assert_int_equal(rma.lines.items[0].settlement, CXR_SETTLEMENT_OWED);

        /* not without saying so, nor without a reason, nor by a shopper */

        job = job_name(id, same ? "BACK2" : "BACK1");
        assert_int_equal(run1(env->store, job), CXR_REFUSED);
        assert_string_equal(job->refusal.code, "parcel_taken");

        job = job_take(id, same ? "BACK2" : "BACK1", "");
        assert_int_equal(run1(env->store, job), CXR_REFUSED);
        assert_string_equal(job->refusal.code, "reason_missing");

        job = job_take(id, same ? "BACK2" : "BACK1", "her receipt");
        job->actor_kind = CXR_ACTOR_SHOPPER;
        assert_int_equal(run1(env->store, job), CXR_REFUSED);
        assert_string_equal(job->refusal.code, "parcel_taken");

        job = job_take(id, same ? "BACK2" : "BACK1", "her receipt");
        assert_int_equal(run1(env->store, job), CXR_OK);
        assert_true(job->changed);

        rma = rma_of(other);
        assert_int_equal(rma.parcels.n, 0);
        assert_int_equal(rma.status, CXR_RMA_APPROVED);
        assert_int_equal(rma.lines.items[0].settlement, CXR_SETTLEMENT_OWED);
        assert_int_equal(rma.steps.items[rma.steps.n - 1].kind,
                         CXR_EV_RMA_PARCEL_GIVEN);
        assert_true(cxr_str_is(rma.steps.items[rma.steps.n - 1].reason,
                               "her receipt"));

        rma = rma_of(id);
        assert_int_equal(rma.parcels.items[0].fact, CXR_PARCEL_DELIVERED);
        assert_false(rma.parcels.items[0].unproven);
        assert_int_equal(rma.lines.items[0].settlement,
                         CXR_SETTLEMENT_RELEASED);

        /* once; and back again it does not go, since money follows it here */

        job = job_take(id, same ? "BACK2" : "BACK1", "her receipt");
        assert_int_equal(run1(env->store, job), CXR_OK);
        assert_false(job->changed);

        job = job_take(other, same ? "BACK2" : "BACK1", "no, hers");
        assert_int_equal(run1(env->store, job), CXR_REFUSED);
        assert_string_equal(job->refusal.code, "parcel_relied_on");
    }

    env_same_rebuilt(env);
}


static void
test_refused_leaves_nothing(void **state)
{
    uint8_t       before[32], after[32];
    cxr_job_t    *job;
    cxr_str_t     id;

    id = made("A-1");
    assert_int_equal(run1(env->store, job_order(env, env->arena, "A-9", 1,
                                                "OUT1")), CXR_OK);
    env_hash(env->store, before);

    job = job_name(id, "OUT1");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "parcel_taken");
    assert_string_equal(job->refusal.where, "/number");

    job = job_name(id, "BACK1");
    job->expect = 7;
    assert_int_equal(run1(env->store, job), CXR_CONFLICT);

    job = job_name(cxr_str("R-0000-0000"), "BACK1");
    assert_int_equal(run1(env->store, job), CXR_NOTFOUND);

    job = job_name(id, "");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "number_missing");

    job = job_name(id, "x");
    ((cxr_rma_name_t *) job->u.parcel)->number = cxr_strn("a\0b", 3);
    assert_int_equal(run1(env->store, job), CXR_INVALID);

    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);
}


/* The shop sends its order again, the parcel that came back among the others. */
static void
test_order_again(void **state)
{
    cxr_job_t       *job;
    cxr_str_t        id;
    cxr_read_t      *rd;
    cxr_shipment_t   ship;

    id = made("A-1");
    assert_int_equal(run1(env->store, job_name(id, "BACK1")), CXR_OK);
    job = job_order(env, env->arena, "A-1", 3, "BACK1");
    assert_int_equal(run1(env->store, job), CXR_OK);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_shipment(rd, &env->shop, cxr_str("yurtici"),
                                       cxr_str("BACK1"), env->arena, &ship),
                     CXR_OK);
    assert_true(cxr_str_eq(ship.rma, id));
    assert_int_equal(ship.direction, CXR_PARCEL_RETURN);
    cxr_read_end(rd);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_named_and_moved, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_run, setup, teardown),
        cmocka_unit_test_setup_teardown(test_given_to_its_owner, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_refused_leaves_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_order_again, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
