
/*
 * Conversation in the store: threads, read state, what waits for the shop, the
 * answer that moves an RMA, redelivered messages, other shops.
 */

#include "store_env.h"


static env_t  *env;
static char    rma_id[CXR_RMA_ID_LEN];


static cxr_job_t *
talk_job(cxr_command_kind_t kind, const char *order, cxr_str_t rma,
    cxr_side_t from, const char *text)
{
    cxr_job_t       *job = job_new(env, env->arena, kind);
    cxr_talk_ask_t  *ask = cxr_calloc(env->arena, 1, sizeof(cxr_talk_ask_t));

    ask->order = cxr_strz(order);
    ask->rma = rma;
    ask->from = (uint8_t) from;
    job->u.talk.ask = ask;
    job->u.talk.text = cxr_strz(text);

    if (from == CXR_SIDE_SHOPPER) {
        job->actor_kind = CXR_ACTOR_SHOPPER;
        job->actor = cxr_str("shopper");

    } else {
        job->actor_kind = CXR_ACTOR_STAFF;
        job->actor = cxr_str("staff:ayse");
    }

    return job;
}


static cxr_rc_t
run(cxr_job_t *job)
{
    (void) cxr_store_run(env->store, &job, 1);

    return job->rc;
}


static cxr_rc_t
say_at(cxr_side_t from, cxr_str_t rma, const char *text, cxr_time_t at)
{
    cxr_job_t  *job = talk_job(CXR_CMD_MESSAGE, "O1", rma, from, text);

    job->now = at;

    return run(job);
}


static int
setup(void **state)
{
    cxr_job_t  *job;

    env = env_make();
    env->store = env_open(env, env->dir, 0, false);
    env->shop.policy.auto_approve = false;

    assert_int_equal(run(job_order(env, env->arena, "O1", 5, NULL)), CXR_OK);
    assert_int_equal(run(job_order(env, env->arena, "O10", 5, NULL)), CXR_OK);

    job = job_create(env, env->arena, "O1", 1, NULL);
    assert_int_equal(run(job), CXR_OK);
    memcpy(rma_id, job->id.data, CXR_RMA_ID_LEN);

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static cxr_str_t
rma(void)
{
    return cxr_strn(rma_id, CXR_RMA_ID_LEN);
}


static void
talk_of(const char *order, cxr_talk_t *talk, cxr_messages_t *list,
    const cxr_str_t *thread)
{
    uint32_t     i;
    cxr_read_t  *rd;
    cxr_talk_t   copy;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    (void) cxr_read_talk(rd, &env->shop, cxr_strz(order), env->arena, &copy);
    assert_int_equal(cxr_rec_copy(&cxr_talk_type, &copy, talk, env->arena),
                     CXR_OK);
    assert_int_equal(cxr_read_messages(rd, &env->shop, cxr_strz(order),
                                       thread, 0, 100, env->arena, list),
                     CXR_OK);

    for (i = 0; i < list->n; i++) {
        assert_int_equal(cxr_rec_copy(&cxr_message_type, &list->items[i],
                                      &list->items[i], env->arena), CXR_OK);
    }

    cxr_read_end(rd);
}


static unsigned
waiting(cxr_waitings_t *list)
{
    uint32_t     i, n;
    cxr_str_t    next;
    cxr_read_t  *rd;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_waiting_count(rd, &env->shop, 100, &n), CXR_OK);
    assert_int_equal(cxr_read_waiting(rd, &env->shop, CXR_STR_NONE, 50,
                                      env->arena, list, &next), CXR_OK);
    assert_int_equal(list->n, n);

    for (i = 0; i < list->n; i++) {
        assert_int_equal(cxr_str_dup(env->arena, list->items[i].order,
                                     &list->items[i].order), CXR_OK);
        assert_int_equal(cxr_str_dup(env->arena, list->items[i].rma,
                                     &list->items[i].rma), CXR_OK);
    }

    cxr_read_end(rd);

    return n;
}


static void
test_threads(void **state)
{
    cxr_str_t            own = CXR_STR_NONE, text, id = rma();
    cxr_talk_t           talk;
    cxr_read_t          *rd;
    cxr_messages_t       list;
    const cxr_thread_t  *t;

    assert_int_equal(say_at(CXR_SIDE_SHOPPER, id, "Kutu ezikti.", ENV_NOW),
                     CXR_OK);
    assert_int_equal(say_at(CXR_SIDE_SHOP, id, "Üzgünüz.",
                            ENV_NOW + CXR_HOUR), CXR_OK);
    assert_int_equal(say_at(CXR_SIDE_SHOPPER, own, "Ne zaman gelir?",
                            ENV_NOW + 2 * CXR_HOUR), CXR_OK);

    talk_of("O1", &talk, &list, NULL);
    assert_int_equal(list.n, 3);
    assert_int_equal(talk.messages, 3);
    assert_int_equal(talk.threads.n, 2);

    t = cxr_talk_thread(&talk, id);
    assert_int_equal(t->messages, 2);
    assert_int_equal(t->unread[CXR_SIDE_SHOPPER], 1);
    assert_int_equal(t->unread[CXR_SIDE_SHOP], 0);
    assert_int_equal(t->opened_at, ENV_NOW);
    assert_int_equal(t->replied_at, ENV_NOW + CXR_HOUR);
    assert_int_equal(t->waits_since, CXR_TIME_NONE);

    talk_of("O1", &talk, &list, &id);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.items[1].from, CXR_SIDE_SHOP);
    assert_true(cxr_str_is(list.items[1].actor, "staff:ayse"));

    /* sealed, and to be opened with the order's key alone */

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_note(rd, &env->shop, cxr_str("O1"),
                                   CXR_STR_NONE, list.items[0].text,
                                   env->arena, &text),
                     CXR_OK);
    assert_true(cxr_str_is(text, "Kutu ezikti."));
    assert_int_not_equal(cxr_read_note(rd, &env->shop, cxr_str("O10"),
                                       CXR_STR_NONE, list.items[0].text,
                                       env->arena, &text),
                         CXR_OK);
    cxr_read_end(rd);

    talk_of("O10", &talk, &list, NULL);
    assert_int_equal(list.n, 0);
}


static void
test_waiting_and_times(void **state)
{
    cxr_job_t       *job;
    cxr_waitings_t   list;

    assert_int_equal(waiting(&list), 0);
    assert_int_equal(say_at(CXR_SIDE_SHOPPER, CXR_STR_NONE, "b",
                            ENV_NOW + CXR_HOUR), CXR_OK);
    assert_int_equal(say_at(CXR_SIDE_SHOPPER, rma(), "a", ENV_NOW), CXR_OK);
    assert_int_equal(say_at(CXR_SIDE_SHOPPER, rma(), "c",
                            ENV_NOW + 3 * CXR_HOUR), CXR_OK);

    assert_int_equal(waiting(&list), 2);
    assert_true(cxr_str_eq(list.items[0].rma, rma()));
    assert_int_equal(list.items[0].since, ENV_NOW);
    assert_true(cxr_str_is(list.items[1].order, "O1"));
    assert_int_equal(list.items[1].rma.len, 0);

    job = talk_job(CXR_CMD_MESSAGE, "", rma(), CXR_SIDE_SHOP, "d");
    job->now = ENV_NOW + 5 * CXR_HOUR;
    assert_int_equal(run(job), CXR_OK);
    assert_true(job->responded);
    assert_false(job->resolved);
    assert_int_equal(job->took, 5 * CXR_HOUR);
    assert_int_equal(waiting(&list), 1);

    job = talk_job(CXR_CMD_MESSAGE, "", rma(), CXR_SIDE_SHOP, "e");
    assert_int_equal(run(job), CXR_OK);
    assert_false(job->responded);

    /* closing what the shopper has written to since is not closing it */

    assert_int_equal(say_at(CXR_SIDE_SHOPPER, rma(), "f",
                            ENV_NOW + 6 * CXR_HOUR), CXR_OK);
    job = talk_job(CXR_CMD_MESSAGE_CLOSE, "", rma(), CXR_SIDE_SHOP, "");
    ((cxr_talk_ask_t *) job->u.talk.ask)->upto = 3;
    assert_int_equal(run(job), CXR_CONFLICT);

    job = talk_job(CXR_CMD_MESSAGE_CLOSE, "", rma(), CXR_SIDE_SHOP, "");
    job->now = ENV_NOW + 8 * CXR_HOUR;
    assert_int_equal(run(job), CXR_OK);
    assert_true(job->resolved);
    assert_int_equal(job->took, 8 * CXR_HOUR);
    assert_int_equal(waiting(&list), 1);

    job = talk_job(CXR_CMD_MESSAGE_CLOSE, "", rma(), CXR_SIDE_SHOP, "");
    assert_int_equal(run(job), CXR_OK);
    assert_false(job->changed);

    /* the shopper's next message begins another spell */

    assert_int_equal(say_at(CXR_SIDE_SHOPPER, rma(), "g",
                            ENV_NOW + CXR_DAY), CXR_OK);
    job = talk_job(CXR_CMD_MESSAGE, "", rma(), CXR_SIDE_SHOP, "h");
    job->now = ENV_NOW + CXR_DAY + CXR_MINUTE;
    assert_int_equal(run(job), CXR_OK);
    assert_true(job->responded);
    assert_int_equal(job->took, CXR_MINUTE);

    /* a clock that was put back makes no time less than none */

    job = talk_job(CXR_CMD_MESSAGE_CLOSE, "O1", CXR_STR_NONE, CXR_SIDE_SHOP,
                   "");
    job->now = ENV_NOW - CXR_DAY;
    assert_int_equal(run(job), CXR_OK);
    assert_true(job->resolved);
    assert_int_equal(job->took, 0);
}


static void
test_read(void **state)
{
    cxr_job_t       *job;
    cxr_talk_t       talk;
    cxr_messages_t   list;

    assert_int_equal(say_at(CXR_SIDE_SHOP, rma(), "a", ENV_NOW), CXR_OK);
    assert_int_equal(say_at(CXR_SIDE_SHOP, rma(), "b", ENV_NOW), CXR_OK);
    talk_of("O1", &talk, &list, NULL);
    assert_int_equal(talk.threads.items[0].unread[CXR_SIDE_SHOPPER], 2);

    job = talk_job(CXR_CMD_MESSAGE_READ, "", rma(), CXR_SIDE_SHOPPER, "");
    ((cxr_talk_ask_t *) job->u.talk.ask)->upto = 1;
    assert_int_equal(run(job), CXR_OK);
    assert_false(job->changed);

    job = talk_job(CXR_CMD_MESSAGE_READ, "", rma(), CXR_SIDE_SHOPPER, "");
    ((cxr_talk_ask_t *) job->u.talk.ask)->upto = 2;
    assert_int_equal(run(job), CXR_OK);
    assert_true(job->changed);
    talk_of("O1", &talk, &list, NULL);
    assert_int_equal(talk.threads.items[0].unread[CXR_SIDE_SHOPPER], 0);
    assert_int_equal(talk.threads.items[0].read[CXR_SIDE_SHOPPER], 2);

    job = talk_job(CXR_CMD_MESSAGE_READ, "", rma(), CXR_SIDE_SHOPPER, "");
    assert_int_equal(run(job), CXR_OK);
    assert_false(job->changed);
}


static void
test_answer_moves_the_rma(void **state)
{
    cxr_rma_t      r;
    cxr_job_t     *job;
    cxr_read_t    *rd;
    cxr_rma_act_t  act;

    memset(&act, 0, sizeof(act));
    act.verb = CXR_VERB_REQUEST_INFO;
    act.rma = rma();
    act.reason = cxr_str("Fotoğraf gönderir misiniz?");
    job = job_new(env, env->arena, CXR_CMD_RMA_ACT);
    job->u.act.act = &act;
    job->actor_kind = CXR_ACTOR_STAFF;
    assert_int_equal(run(job), CXR_OK);

    /* the shop's own message is no answer */

    assert_int_equal(say_at(CXR_SIDE_SHOP, rma(), "Bekliyoruz.", ENV_NOW),
                     CXR_OK);
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &env->shop, rma(), env->arena, &r),
                     CXR_OK);
    assert_int_equal(r.status, CXR_RMA_INFO_NEEDED);
    cxr_read_end(rd);

    job = talk_job(CXR_CMD_MESSAGE, "", rma(), CXR_SIDE_SHOPPER, "Buyurun.");
    job_idem(job, "mail-1", "mail-1");
    assert_int_equal(run(job), CXR_OK);
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &env->shop, rma(), env->arena, &r),
                     CXR_OK);
    assert_int_equal(r.status, CXR_RMA_REQUESTED);
    cxr_read_end(rd);

    /* delivered again: the first one's answer, and nothing new */

    job = talk_job(CXR_CMD_MESSAGE, "", rma(), CXR_SIDE_SHOPPER, "Buyurun.");
    job_idem(job, "mail-1", "mail-1");
    assert_int_equal(run(job), CXR_OK);
    assert_true(job->repeated);
}


static void
test_refusals(void **state)
{
    char        *text;
    cxr_shop_t   other;
    cxr_job_t   *job;

    assert_int_equal(say_at(CXR_SIDE_SHOPPER, rma(), "", ENV_NOW),
                     CXR_REFUSED);
    assert_int_equal(run(talk_job(CXR_CMD_MESSAGE, "O404", CXR_STR_NONE,
                                  CXR_SIDE_SHOPPER, "x")), CXR_NOTFOUND);

    text = malloc(CXR_MESSAGE_MAX + 2);
    memset(text, 'x', CXR_MESSAGE_MAX + 1);
    text[CXR_MESSAGE_MAX + 1] = '\0';
    assert_int_equal(say_at(CXR_SIDE_SHOPPER, rma(), text, ENV_NOW),
                     CXR_LIMIT);
    free(text);

    env_shop(env, &other, "cay-evi");
    job = talk_job(CXR_CMD_MESSAGE, "", rma(), CXR_SIDE_SHOPPER, "x");
    job->shop = &other;
    assert_int_equal(run(job), CXR_NOTFOUND);
    assert_int_equal(env_count(env->store, "talk"), 0);
    cxr_tz_free(other.tz);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_waiting_and_times, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_answer_moves_the_rma, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_refusals, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
