
/*
 * What falls due, and its first user: erasure by age and by request.
 */

#include "store_env.h"

#include "cxr_store_due.h"


#define AGE_DAYS  100


static env_t  *env;


static int
setup(void **state)
{
    env = env_make();
    env->store = env_open(env, env->dir, 0, false);
    env->shop.person_days = AGE_DAYS;
    env->shop.policy.label_days = 100 * AGE_DAYS;    /* nothing expires */
    env->shop.policy.release[CXR_OUT_REFUND] = CXR_RELEASE_RECEIVED;

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static void
put(const char *number, cxr_time_t at)
{
    cxr_job_t  *job = job_order(env, env->arena, number, 2, NULL);

    job->now = at;
    assert_int_equal(run1(env->store, job), CXR_OK);
}


static cxr_str_t
rma_of(const char *number, cxr_time_t at)
{
    cxr_job_t  *job = job_create(env, env->arena, number, 1, "kutu ezik");

    job->now = at;
    assert_int_equal(run1(env->store, job), CXR_OK);

    return job->id;
}


static void
cancel(cxr_str_t rma, cxr_time_t at)
{
    cxr_job_t  *job = job_act(env, env->arena, CXR_VERB_CANCEL, rma, NULL);

    job->now = at;
    assert_int_equal(run1(env->store, job), CXR_OK);
}


static bool
knows(const char *number)
{
    cxr_rc_t      rc;
    cxr_read_t   *rd;
    cxr_order_t   order;
    cxr_person_t  person;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_strz(number),
                                    env->arena, &order), CXR_OK);
    rc = cxr_read_person(rd, &env->shop, &order, env->arena, &person);
    assert_true(rc == CXR_OK || rc == CXR_NOTFOUND);
    assert_true(rc == CXR_OK || order.erased_at != CXR_TIME_NONE);
    cxr_read_end(rd);

    return rc == CXR_OK;
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


/* ---- by age ---- */

static void
test_an_old_order_forgets_its_person(void **state)
{
    cxr_due_sum_t  sum;

    put("OLD", ENV_NOW);
    put("NEW", ENV_NOW + 10 * CXR_DAY);

    sum = run_due(ENV_NOW + AGE_DAYS * CXR_DAY - 1);
    assert_int_equal(sum.done + sum.refused, 0);
    assert_true(knows("OLD"));

    sum = run_due(ENV_NOW + AGE_DAYS * CXR_DAY);
    assert_int_equal(sum.done, 1);
    assert_false(knows("OLD"));
    assert_true(knows("NEW"));
    assert_int_equal(env_count(env->store, "persons"), 1);
    assert_int_equal(env_count(env->store, "ix_email"), 1);
    assert_int_equal(env_count(env->store, "due"), 1);

    /* once */
    sum = run_due(ENV_NOW + AGE_DAYS * CXR_DAY);
    assert_int_equal(sum.done + sum.refused, 0);
    same_when_rebuilt("anew");
}


static void
test_what_happens_makes_it_young_again(void **state)
{
    cxr_str_t      rma;
    cxr_due_sum_t  sum;

    put("A", ENV_NOW);
    rma = rma_of("A", ENV_NOW + 20 * CXR_DAY);

    /* its age, where it was, and its label's reminder and end */
    assert_int_equal(env_count(env->store, "due"), 3);

    /* under way: never, whatever its age; and it is not even tried */
    sum = run_due(ENV_NOW + 5000 * CXR_DAY);
    assert_int_equal(sum.done + sum.refused, 0);
    assert_true(knows("A"));
    same_when_rebuilt("one");

    cancel(rma, ENV_NOW + 50 * CXR_DAY);
    assert_int_equal(env_count(env->store, "due"), 1);
    sum = run_due(ENV_NOW + (49 + AGE_DAYS) * CXR_DAY);
    assert_int_equal(sum.done, 0);
    assert_true(knows("A"));

    sum = run_due(ENV_NOW + (50 + AGE_DAYS) * CXR_DAY);
    assert_int_equal(sum.done, 1);
    assert_false(knows("A"));
    same_when_rebuilt("anew");
}


/* Its age stays where it stood while RMAs are under way, whatever else happens;
   the last one's end moves it. */
static void
test_several_under_way(void **state)
{
    cxr_str_t      one, two;
    cxr_due_sum_t  sum;

    put("A", ENV_NOW);
    one = rma_of("A", ENV_NOW + CXR_DAY);
    two = rma_of("A", ENV_NOW + 2 * CXR_DAY);
    put("B", ENV_NOW + 3 * CXR_DAY);
    cancel(one, ENV_NOW + 4 * CXR_DAY);
    same_when_rebuilt("one");

    sum = run_due(ENV_NOW + 3000 * CXR_DAY);
    assert_int_equal(sum.done, 1);
    assert_int_equal(sum.refused, 0);
    assert_true(knows("A"));
    assert_false(knows("B"));

    cancel(two, ENV_NOW + 5 * CXR_DAY);
    assert_int_equal(env_count(env->store, "due"), 1);
    same_when_rebuilt("two");

    /* erased on request while one is under way: no entry is left behind */
    (void) rma_of("A", ENV_NOW + 6 * CXR_DAY);
    assert_int_equal(run1(env->store, job_erase(env, env->arena, "A", true)),
                     CXR_OK);
    assert_int_equal(run_due(ENV_NOW + 3000 * CXR_DAY).done, 0);
    same_when_rebuilt("three");
}


static void
test_without_retention_nothing_goes(void **state)
{
    put("A", ENV_NOW);
    env->shop.person_days = 0;
    assert_int_equal(run_due(ENV_NOW + 9000 * CXR_DAY).done, 0);
    assert_true(knows("A"));
}


/* What was read as due may not be so any more when its command comes. */
static void
test_a_command_looks_again(void **state)
{
    cxr_job_t  *job;

    put("A", ENV_NOW);
    job = job_erase(env, env->arena, "A", false);
    job->u.erase.cause = CXR_ERASE_AGE;
    job->now = ENV_NOW + (AGE_DAYS - 1) * CXR_DAY;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);
    assert_true(knows("A"));
}


static void
test_pages_of_what_is_due(void **state)
{
    char           number[16];
    unsigned       i;
    cxr_due_t      last;
    cxr_dues_t     list;
    cxr_read_t    *rd;
    cxr_due_sum_t  sum;

    for (i = 0; i < 3 * CXR_DUE_PAGE_MAX / 2; i++) {
        snprintf(number, sizeof(number), "O%05u", i);
        put(number, ENV_NOW + i);
    }

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_due(rd, &env->shop, CXR_DUE_ORDER_AGE,
                                  ENV_NOW + 9, NULL, 4, env->arena, &list),
                     CXR_OK);
    assert_int_equal(list.n, 4);
    assert_true(cxr_str_is(list.items[0].id, "O00000"));
    last = list.items[3];
    assert_int_equal(cxr_read_due(rd, &env->shop, CXR_DUE_ORDER_AGE,
                                  ENV_NOW + 9, &last, 100, env->arena, &list),
                     CXR_OK);
    assert_int_equal(list.n, 6);
    assert_true(cxr_str_is(list.items[0].id, "O00004"));
    assert_int_equal(cxr_read_due(rd, &env->shop, CXR_DUE_NONE, ENV_NOW, NULL,
                                  1, env->arena, &list), CXR_INVALID);
    cxr_read_end(rd);

    sum = run_due(ENV_NOW + (AGE_DAYS + 1) * CXR_DAY);
    assert_int_equal(sum.done, 3 * CXR_DUE_PAGE_MAX / 2);
    assert_false(sum.more);
    assert_int_equal(env_count(env->store, "due"), 0);
    assert_int_equal(env_count(env->store, "persons"), 0);
}


static void
say(const char *order, cxr_time_t at)
{
    cxr_job_t       *job = job_new(env, env->arena, CXR_CMD_MESSAGE);
    cxr_talk_ask_t  *ask = cxr_calloc(env->arena, 1, sizeof(*ask));

    ask->order = cxr_strz(order);
    ask->from = CXR_SIDE_SHOPPER;
    job->u.talk.ask = ask;
    job->u.talk.text = cxr_str("merhaba");
    job->now = at;
    assert_int_equal(run1(env->store, job), CXR_OK);
}


static void
test_a_message_keeps_and_goes(void **state)
{
    put("A", ENV_NOW);
    say("A", ENV_NOW + 10 * CXR_DAY);

    /* the order is of age, the conversation is not */
    assert_int_equal(run_due(ENV_NOW + (AGE_DAYS + 5) * CXR_DAY).done, 0);
    assert_true(knows("A"));
    assert_int_equal(run_due(ENV_NOW + (AGE_DAYS + 10) * CXR_DAY).done, 1);
    assert_false(knows("A"));
    assert_int_equal(env_count(env->store, "due"), 0);

    /* somebody writes by an old link: that goes again, too */
    say("A", ENV_NOW + 200 * CXR_DAY);
    assert_int_equal(env_count(env->store, "persons"), 1);
    assert_int_equal(run_due(ENV_NOW + (199 + AGE_DAYS) * CXR_DAY).done, 0);
    assert_int_equal(run_due(ENV_NOW + (200 + AGE_DAYS) * CXR_DAY).done, 1);
    assert_int_equal(env_count(env->store, "persons"), 0);
    assert_int_equal(env_count(env->store, "due"), 0);
    same_when_rebuilt("anew");
}


/* ---- asked for ---- */

static void
test_erased_on_request(void **state)
{
    cxr_str_t   rma;
    cxr_job_t  *job;

    put("A", ENV_NOW);
    rma = rma_of("A", ENV_NOW + CXR_DAY);

    job = job_erase(env, env->arena, "A", false);
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "rma_open");
    assert_true(knows("A"));

    cancel(rma, ENV_NOW + 2 * CXR_DAY);
    job = job_erase(env, env->arena, "A", false);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed);
    assert_false(knows("A"));
    assert_int_equal(env_count(env->store, "persons"), 0);
    assert_int_equal(env_count(env->store, "ix_email"), 0);
    assert_int_equal(env_count(env->store, "due"), 0);

    /* again: there is nothing left to do */
    job = job_erase(env, env->arena, "A", false);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);

    job = job_erase(env, env->arena, "NONE", false);
    assert_int_equal(run1(env->store, job), CXR_NOTFOUND);
    same_when_rebuilt("anew");
}


static void
test_the_shop_sends_it_again(void **state)
{
    put("A", ENV_NOW);
    assert_int_equal(run1(env->store, job_erase(env, env->arena, "A", false)),
                     CXR_OK);
    assert_false(knows("A"));
    put("A", ENV_NOW + CXR_DAY);
    assert_true(knows("A"));
    assert_int_equal(env_count(env->store, "ix_email"), 1);
    same_when_rebuilt("anew");
}


static void
test_statements_go_with_their_order(void **state)
{
    cxr_job_t   *job;
    cxr_str_t    id;

    put("A", ENV_NOW);
    job = job_declare(env, env->arena, "A", NULL, NULL, NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);
    id = job->id;
    assert_int_equal(env_count(env->store, "persons"), 2);

    job = job_erase(env, env->arena, "A", true);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(env_count(env->store, "persons"), 0);

    job = job_new(env, env->arena, CXR_CMD_ERASE);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);
    same_when_rebuilt("anew");
}


/* ---- and the bytes of it ---- */

typedef struct {
    uint8_t   data[256];
    size_t    len;
} bytes_t;


static bool
take_first(void *ctx, const char *table, cxr_str_t key, cxr_str_t value)
{
    bytes_t    *b = ctx;
    cxr_str_t   s = value.len ? value : key;

    b->len = s.len < sizeof(b->data) ? s.len : sizeof(b->data);
    memcpy(b->data, s.data, b->len);

    return false;
}


static bool
file_has(const char *dir, const void *what, size_t len)
{
    char    path[128];
    bool    has;
    char   *all;
    FILE   *f;
    long    n;

    snprintf(path, sizeof(path), "%s/data.mdb", dir);
    f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    n = ftell(f);
    rewind(f);
    all = malloc((size_t) n);
    assert_int_equal(fread(all, 1, (size_t) n, f), (size_t) n);
    fclose(f);
    has = memmem(all, (size_t) n, what, len) != NULL;
    free(all);

    return has;
}


static void
test_no_byte_of_the_key_is_left(void **state)
{
    char          dir[96], number[16];
    unsigned      i;
    bytes_t       key, blind, box;
    cxr_diag_t    d;
    cxr_read_t   *rd;
    cxr_order_t   order;
    cxr_store_t  *copy;

    put("AAA", ENV_NOW);
    assert_int_equal(cxr_store_dump(env->store, "persons", CXR_STR_NONE,
                                    take_first, &key, &d), CXR_OK);
    assert_int_equal(cxr_store_dump(env->store, "ix_email", CXR_STR_NONE,
                                    take_first, &blind, &d), CXR_OK);
    assert_true(key.len > 40 && blind.len > 20);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("AAA"),
                                    env->arena, &order), CXR_OK);
    box.len = order.person.len < sizeof(box.data) ? order.person.len
                                                  : sizeof(box.data);
    memcpy(box.data, order.person.data, box.len);
    cxr_read_end(rd);

    /* others on the same pages */
    for (i = 0; i < 40; i++) {
        snprintf(number, sizeof(number), "B%u", i);
        put(number, ENV_NOW + i);
    }

    assert_true(file_has(env->dir, key.data, key.len));
    assert_true(file_has(env->dir, blind.data, blind.len));
    assert_int_equal(run1(env->store, job_erase(env, env->arena, "AAA",
                                                false)), CXR_OK);

    env_dir(env, "small", dir);
    memset(&d, 0, sizeof(d));
    if (cxr_store_compact(env->store, dir, NULL, NULL, &d) != CXR_OK) {
        fail_msg("%s", d.text);
    }

    assert_false(file_has(dir, key.data, key.len));
    assert_false(file_has(dir, blind.data, blind.len));

    /* the box is in the chained journal for ever, and nothing opens it */
    assert_true(file_has(dir, box.data, box.len));

    copy = env_open(env, dir, 0, false);
    if (cxr_store_compare(env->store, copy, &d) != CXR_OK) {
        fail_msg("%s: %s", d.where, d.text);
    }

    assert_int_equal(run1(copy, job_order(env, env->arena, "NEXT", 1, NULL)),
                     CXR_OK);
    cxr_store_close(copy);

    /* never over a store */
    assert_int_equal(cxr_store_compact(env->store, dir, NULL, NULL, &d),
                     CXR_CONFLICT);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_an_old_order_forgets_its_person,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_happens_makes_it_young_again,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_several_under_way, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_without_retention_nothing_goes,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_command_looks_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_pages_of_what_is_due, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_message_keeps_and_goes, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_erased_on_request, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_the_shop_sends_it_again, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_statements_go_with_their_order,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_byte_of_the_key_is_left,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
