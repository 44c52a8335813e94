
/*
 * Lists of people in the store: who is put on one, found, taken off, and what is
 * left of her.
 */

#include "store_env.h"

#include "cxr_store_lists.h"


static env_t         *env;
static cxr_people_t   lists[2];


static int
setup(void **state)
{
    env = env_make();
    memset(lists, 0, sizeof(lists));
    lists[0].name = cxr_str("blocked");
    lists[0].api = true;
    lists[1].name = cxr_str("friends");
    lists[1].api = true;
    env->shop.policy.people.items = lists;
    env->shop.policy.people.n = 2;
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
job_list(const char *list)
{
    cxr_job_t  *job = job_new(env, env->arena, CXR_CMD_LIST_CHANGE);

    cxr_list_ask_t  *ask = cxr_calloc(env->arena, 1, sizeof(*ask));

    ask->list = cxr_strz(list);
    job->u.list = ask;

    return job;
}


static cxr_str_t
item_of(const char *customer)
{
    char       item[CXR_PEOPLE_ITEM_MAX];
    size_t     len;
    cxr_str_t  copy;

    assert_null(cxr_people_item(cxr_strz(customer), item, &len));
    cxr_str_dup(env->arena, cxr_strn(item, len), &copy);

    return copy;
}


static cxr_job_t *
job_add(const char *list, const char *customer, const char *why)
{
    cxr_job_t       *job = job_list(list);
    cxr_list_ask_t  *ask = (cxr_list_ask_t *) job->u.list;
    cxr_list_in_t   *in = cxr_list_push(env->arena, &ask->add, sizeof(*in));

    in->item = item_of(customer);
    in->who.customer = cxr_strz(customer);
    in->who.why = cxr_strz(why);

    return job;
}


static cxr_job_t *
job_off(const char *list, const char *customer)
{
    cxr_job_t       *job = job_list(list);
    cxr_list_ask_t  *ask = (cxr_list_ask_t *) job->u.list;
    cxr_str_t       *to = cxr_list_push(env->arena, &ask->items, sizeof(*to));

    *to = item_of(customer);

    return job;
}


/* "ab": on the first list, on the second */

static const char *
on(const char *email, const char *phone, const char *address)
{
    static char  said[3];

    bool          is;
    unsigned      i, n = 0;
    cxr_read_t   *rd;
    cxr_person_t  p;

    memset(said, 0, sizeof(said));
    memset(&p, 0, sizeof(p));
    p.email = cxr_strz(email);
    p.phone = cxr_strz(phone);
    p.address = cxr_strz(address);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    for (i = 0; i < 2; i++) {
        assert_int_equal(cxr_read_listed(rd, &env->shop, &lists[i], &p, &is),
                         CXR_OK);
        if (is) {
            said[n++] = (char) ('a' + i);
        }
    }

    cxr_read_end(rd);

    return said;
}


static cxr_list_entries_t
entries(const char *list, unsigned limit, cxr_str_t cursor, cxr_str_t *next)
{
    uint32_t             i;
    cxr_read_t          *rd;
    cxr_list_entries_t   out;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_list(rd, &env->shop, cxr_strz(list), cursor,
                                   limit, env->arena, &out, next), CXR_OK);

    for (i = 0; i < out.n; i++) {
        cxr_str_dup(env->arena, out.items[i].by, &out.items[i].by);
    }

    cxr_read_end(rd);

    return out;
}


static void
test_on_and_off(void **state)
{
    cxr_str_t           next;
    cxr_job_t          *job;
    cxr_list_entries_t  list;

    assert_string_equal(on("ayse@example.com", "", ""), "");

    job = job_add("blocked", "Ayse@Example.com", "chargeback");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed);
    assert_int_equal(job->revision, 1);
    assert_string_equal(on("ayse@example.com", "", ""), "a");
    assert_string_equal(on("other@example.com", "", ""), "");

    list = entries("blocked", 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 1);
    assert_int_equal(next.len, 0);
    assert_true(cxr_str_is(list.items[0].who.customer, "Ayse@Example.com"));
    assert_true(cxr_str_is(list.items[0].who.why, "chargeback"));
    assert_true(cxr_str_is(list.items[0].by, "api:test"));
    assert_int_equal(list.items[0].at, ENV_NOW);

    /* again is nothing, with another word it is another entry */

    job = job_add("blocked", "Ayse@Example.com", "chargeback");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);
    assert_int_equal(job->revision, 1);
    job = job_add("blocked", "ayse@example.com", "and again");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->revision, 2);
    list = entries("blocked", 10, CXR_STR_NONE, &next);
    assert_int_equal(list.n, 1);
    assert_true(cxr_str_is(list.items[0].who.why, "and again"));
    assert_int_equal(env_count(env->store, "persons"), 1);

    /* a telephone, and words of an address; the other list */

    assert_int_equal(run1(env->store, job_add("friends", "+90 555 123 45 67",
                                              "")), CXR_OK);
    assert_int_equal(run1(env->store, job_add("friends", "Gül Sokak 12", "")),
                     CXR_OK);
    assert_string_equal(on("ayse@example.com", "0555 123 45 67", ""), "ab");
    assert_string_equal(on("x@example.com", "", "Eski Gül Sokak 12 D 3"), "b");
    assert_string_equal(on("x@example.com", "", "Gül Caddesi 12"), "");

    env_same_rebuilt(env);

    job = job_off("blocked", "AYSE@example.com");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed);
    assert_string_equal(on("ayse@example.com", "", ""), "");
    assert_int_equal(env_count(env->store, "persons"), 2);
    job = job_off("blocked", "ayse@example.com");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);
    assert_int_equal(entries("blocked", 10, CXR_STR_NONE, &next).n, 0);

    env_same_rebuilt(env);
}


/* Many in one command: each once, the last word holds; page by page. */

static void
test_many(void **state)
{
    char                text[40];
    uint32_t            i, n;
    cxr_str_t           next = CXR_STR_NONE, *id;
    cxr_job_t          *job, *one;
    cxr_list_ask_t     *ask;
    cxr_list_in_t      *in;
    cxr_list_entries_t  list;

    job = job_list("blocked");
    ask = (cxr_list_ask_t *) job->u.list;

    for (i = 0; i < 150; i++) {
        snprintf(text, sizeof(text), "p%u@example.com", i % 100);
        in = cxr_list_push(env->arena, &ask->add, sizeof(*in));
        in->item = item_of(text);
        cxr_str_dup(env->arena, cxr_strz(text), &in->who.customer);
        in->who.why = i < 100 ? cxr_str("first") : cxr_str("second");
    }

    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->revision, 1);
    assert_string_equal(on("p7@example.com", "", ""), "a");

    n = 0;

    do {
        list = entries("blocked", 30, next, &next);

        for (i = 0; i < list.n; i++, n++) {
            snprintf(text, sizeof(text), "%.*s",
                     cxr_str_arg(list.items[i].who.customer));
            assert_true(cxr_str_is(list.items[i].who.why,
                                   atoi(text + 1) < 50 ? "second" : "first"));
        }

    } while (next.len != 0);

    assert_int_equal(n, 100);

    /* off by its id, and on again in the same command */

    list = entries("blocked", 1, CXR_STR_NONE, &next);
    one = job_list("blocked");
    ask = (cxr_list_ask_t *) one->u.list;
    id = cxr_list_push(env->arena, &ask->ids, sizeof(*id));
    *id = list.items[0].id;
    id = cxr_list_push(env->arena, &ask->ids, sizeof(*id));
    *id = list.items[0].id;
    assert_int_equal(run1(env->store, one), CXR_OK);
    assert_true(one->changed);
    assert_int_equal(env_count(env->store, "persons"), 99);

    env_same_rebuilt(env);
}


/* What another changed meanwhile; a key's second answer; no trace of who. */

static void
test_expected(void **state)
{
    cxr_job_t  *job;

    assert_int_equal(run1(env->store, job_add("blocked", "a@example.com", "")),
                     CXR_OK);
    job = job_add("blocked", "b@example.com", "");
    job->expect = 2;
    assert_int_equal(run1(env->store, job), CXR_CONFLICT);
    assert_string_equal(on("b@example.com", "", ""), "");
    assert_int_equal(env_count(env->store, "persons"), 1);
    job = job_add("blocked", "b@example.com", "");
    job->expect = 1;
    job_idem(job, "k1", "b");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->revision, 2);

    assert_int_equal(run1(env->store, job_off("blocked", "b@example.com")),
                     CXR_OK);
    job = job_add("blocked", "b@example.com", "");
    job_idem(job, "k1", "b");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->repeated);
    assert_int_equal(job->revision, 2);
    assert_string_equal(on("b@example.com", "", ""), "");

    env_same_rebuilt(env);
}


static void
test_bad_cursor(void **state)
{
    cxr_str_t           next;
    cxr_read_t         *rd;
    cxr_list_entries_t  out;

    static const char *const  bad[] = {
        "x", "0123456789abcdef01234", "0123456789abcdef0123456",
        "0123456789ABCDEF012345", "../../../../../../../.."
    };

    size_t  i;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(cxr_read_list(rd, &env->shop, cxr_str("blocked"),
                                       cxr_strz(bad[i]), 5, env->arena, &out,
                                       &next), CXR_INVALID);
    }

    assert_int_equal(cxr_read_list(rd, &env->shop, cxr_str("blocked"),
                                   CXR_STR_NONE, 0, env->arena, &out, &next),
                     CXR_INVALID);
    cxr_read_end(rd);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_on_and_off, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many, setup, teardown),
        cmocka_unit_test_setup_teardown(test_expected, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_cursor, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
