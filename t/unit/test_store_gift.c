
/*
 * Who was given something, in the store: sealed under a key of her own, found,
 * erased by herself and with the order.
 */

#include "store_env.h"

#include <lmdb.h>

#include "cxr_store_find.h"


static env_t      *env;
static cxr_str_t   id;


static cxr_job_t *
job_gift(const char *order, const char *note)
{
    cxr_job_t      *job = job_create(env, env->arena, order, 1, note);
    cxr_person_t   *p = cxr_calloc(env->arena, 1, sizeof(*p));
    cxr_rma_ask_t  *ask = (cxr_rma_ask_t *) job->u.create.ask;

    ask->gift = true;
    ((cxr_rma_ask_line_t *) ask->lines.items)->outcome = CXR_OUT_STORE_CREDIT;
    p->name = cxr_str("Can Yılmaz");
    p->email = cxr_str("can@example.com");
    job->u.create.recipient = p;

    return job;
}


static cxr_job_t *
job_say(const char *text)
{
    cxr_job_t       *job = job_new(env, env->arena, CXR_CMD_MESSAGE);
    cxr_talk_ask_t  *ask = cxr_calloc(env->arena, 1, sizeof(*ask));

    ask->rma = id;
    job->u.talk.ask = ask;
    job->u.talk.text = cxr_strz(text);
    job->now = ENV_NOW + CXR_HOUR;

    return job;
}


static cxr_job_t *
job_gone(const char *what, bool open)
{
    cxr_job_t  *job = job_erase(env, env->arena, what, open);

    job->now = ENV_NOW + 2 * CXR_HOUR;

    return job;
}


/* The order G1 of Ayşe Yılmaz with a gift return of Can Yılmaz, its note and a
   message. */

static int
setup(void **state)
{
    cxr_job_t  *job;

    env = env_make();
    env->shop.policy.gifts.outcomes = 1u << CXR_OUT_STORE_CREDIT;
    env->store = env_open(env, env->dir, 0, false);

    assert_int_equal(run1(env->store, job_order(env, env->arena, "G1", 3,
                                                NULL)), CXR_OK);
    job = job_gift("G1", "kupa çatlak");
    assert_int_equal(run1(env->store, job), CXR_OK);
    id = job->id;
    assert_int_equal(run1(env->store, job_say("Merhaba, kimden geldi?")),
                     CXR_OK);

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


/* What can be read of her: 'p' person, 'n' note, one 'm' for each message; and of
   the buyer: 'b'. */

static const char *
readable(void)
{
    static char  said[16];

    size_t          n = 0;
    uint32_t        i;
    cxr_rma_t       rma;
    cxr_str_t       text;
    cxr_read_t     *rd;
    cxr_order_t     order;
    cxr_person_t    p;
    cxr_messages_t  list;
    const cxr_shop_t  *shop = &env->shop;

    memset(said, 0, sizeof(said));
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, shop, id, env->arena, &rma), CXR_OK);
    assert_int_equal(cxr_read_order(rd, shop, rma.order, env->arena, &order),
                     CXR_OK);

    if (cxr_read_recipient(rd, shop, &rma, env->arena, &p) == CXR_OK) {
        assert_true(cxr_str_is(p.email, "can@example.com"));
        said[n++] = 'p';
    }

    if (cxr_read_note(rd, shop, rma.order, id, rma.lines.items[0].note,
                      env->arena, &text)
        == CXR_OK)
    {
        assert_true(cxr_str_is(text, "kupa çatlak"));
        said[n++] = 'n';
    }

    assert_int_equal(cxr_read_messages(rd, shop, rma.order, &id, 0, 9,
                                       env->arena, &list), CXR_OK);

    for (i = 0; i < list.n; i++) {
        if (cxr_read_note(rd, shop, rma.order, id, list.items[i].text,
                          env->arena, &text)
            == CXR_OK)
        {
            said[n++] = 'm';
        }
    }

    if (cxr_read_person(rd, shop, &order, env->arena, &p) == CXR_OK) {
        said[n++] = 'b';
    }

    cxr_read_end(rd);

    return said;
}


static uint32_t
found(const char *q)
{
    uint32_t     n;
    cxr_find_t   f;
    cxr_read_t  *rd;
    cxr_found_t  out;

    memset(&f, 0, sizeof(f));
    f.q = cxr_strz(q);
    f.status = -1;
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_find(rd, &env->shop, &f, CXR_STR_NONE, 9,
                                   env->arena, &out), CXR_OK);
    n = out.rmas.n;
    cxr_read_end(rd);

    return n;
}


static void
test_erased_alone(void **state)
{
    cxr_rma_t    rma;
    cxr_job_t   *job;
    cxr_read_t  *rd;

    assert_string_equal(readable(), "pnmb");
    assert_int_equal(found("can@example.com"), 1);
    assert_int_equal(found("can"), 1);

    job = job_gone("", false);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "rma_open");
    assert_string_equal(readable(), "pnmb");

    job = job_gone("", true);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed);
    assert_string_equal(readable(), "b");
    assert_int_equal(found("can@example.com"), 0);
    assert_int_equal(found("can"), 0);

    /* the buyer has the same name, and an address of her own */

    assert_int_equal(found("yilmaz"), 1);
    assert_int_equal(found("ayse+G1@example.com"), 1);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &env->shop, id, env->arena, &rma),
                     CXR_OK);
    assert_int_equal(rma.erased_at, ENV_NOW + 2 * CXR_HOUR);
    assert_true(rma.gift);
    cxr_read_end(rd);

    job = job_gone("", true);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);

    env_same_rebuilt(env);
}


/* Who was erased and writes again is known again, and can be erased again. */

static void
test_erased_again(void **state)
{
    cxr_job_t  *job;

    job = job_gone("", true);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_say("Ben yine.");
    job->now = ENV_NOW + 3 * CXR_HOUR;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_string_equal(readable(), "mb");

    job = job_gone("", true);
    job->u.erase.id = id;
    job->now = ENV_NOW + 4 * CXR_HOUR;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed);
    assert_string_equal(readable(), "b");
    env_same_rebuilt(env);
}


static void
test_with_the_order(void **state)
{
    cxr_job_t  *job;

    assert_int_equal(run1(env->store, job_gone("G1", true)), CXR_OK);
    assert_string_equal(readable(), "");
    assert_int_equal(found("can@example.com"), 0);
    assert_int_equal(env_count(env->store, "persons"), 0);

    job = job_gone("", true);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed);

    /* the buyer comes again, and brings nobody back */

    assert_int_equal(run1(env->store, job_order(env, env->arena, "G1", 3,
                                                NULL)), CXR_OK);
    assert_string_equal(readable(), "b");
    env_same_rebuilt(env);
}


/* The buyer's own return is no gift, nor is a number that nothing has. */

static void
test_no_gift(void **state)
{
    cxr_job_t  *job, *own;

    own = job_create(env, env->arena, "G1", 1, NULL);
    assert_int_equal(run1(env->store, own), CXR_OK);
    job = job_gone("", true);
    job->u.erase.id = own->id;
    assert_int_equal(run1(env->store, job), CXR_NOTFOUND);
    assert_int_equal(run1(env->store, job_gone("R-0000-0000", true)),
                     CXR_NOTFOUND);
    assert_string_equal(readable(), "pnmb");
}


/* A request that is refused leaves no key behind. */

static void
test_refused(void **state)
{
    size_t      keys = env_count(env->store, "persons");
    cxr_job_t  *jobs[2];

    jobs[0] = job_gift("G1", NULL);
    ((cxr_rma_ask_line_t *) jobs[0]->u.create.ask->lines.items)->quantity = 9;
    jobs[1] = job_say("Bir şey daha.");
    (void) cxr_store_run(env->store, jobs, 2);
    assert_int_equal(jobs[0]->rc, CXR_REFUSED);
    assert_int_equal(jobs[1]->rc, CXR_OK);
    assert_int_equal(env_count(env->store, "persons"), keys);
    assert_string_equal(readable(), "pnmmb");
}


/* One that was made before there were such keys: what is written of it stands
   under the order's, and goes with that. */

static void
test_of_an_older_store(void **state)
{
    char        key[4 + 5 + CXR_RMA_ID_LEN];
    MDB_val     k;
    MDB_dbi     dbi;
    MDB_env    *e;
    MDB_txn    *txn;
    unsigned    i;
    cxr_job_t  *job;

    cxr_store_close(env->store);

    for (i = 0; i < 4; i++) {
        key[i] = (char) (env->shop.key >> (24 - 8 * i));
    }

    memcpy(key + 4, "gift:", 5);
    memcpy(key + 9, id.data, CXR_RMA_ID_LEN);
    k.mv_data = key;
    k.mv_size = sizeof(key);
    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, env->dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "persons", 0, &dbi), 0);
    assert_int_equal(mdb_del(txn, dbi, &k, NULL), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);

    env->store = env_open(env, env->dir, 0, false);
    assert_int_equal(run1(env->store, job_say("Merhaba.")), CXR_OK);
    assert_string_equal(readable(), "mb");

    job = job_gone("", true);
    job->u.erase.id = id;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "recipient_with_order");

    assert_int_equal(run1(env->store, job_gone("G1", true)), CXR_OK);
    assert_string_equal(readable(), "");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_erased_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_erased_again, setup, teardown),
        cmocka_unit_test_setup_teardown(test_with_the_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_gift, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_of_an_older_store, setup,
                                        teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
