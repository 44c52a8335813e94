
/*
 * Withdrawals in the store: taken whatever comes, matched when an order fits,
 * found by the order that comes later, sealed, and the same after a rebuild.
 */

#include "store_env.h"

#include "cxr_receipt.h"
#include "cxr_store_private.h"


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


static cxr_read_t *
begin(void)
{
    cxr_read_t  *rd;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    return rd;
}


static cxr_withdrawal_t
withdrawal(cxr_str_t id)
{
    cxr_read_t        *rd = begin();
    cxr_withdrawal_t   w, copy;

    assert_int_equal(cxr_read_withdrawal(rd, &env->shop, id, env->arena, &w),
                     CXR_OK);
    assert_int_equal(cxr_rec_copy(&cxr_withdrawal_type, &w, &copy,
                                  env->arena), CXR_OK);
    cxr_read_end(rd);

    return copy;
}


static cxr_rma_t
rma_of(const cxr_withdrawal_t *w)
{
    cxr_read_t  *rd = begin();
    cxr_rma_t    rma, copy;

    assert_int_equal(cxr_read_rma(rd, &env->shop, w->rma, env->arena, &rma),
                     CXR_OK);
    assert_int_equal(cxr_rec_copy(&cxr_rma_type, &rma, &copy, env->arena),
                     CXR_OK);
    cxr_read_end(rd);

    return copy;
}


static cxr_withdrawal_t
declare(const char *order, const char *email, const char *name,
    const char *words)
{
    cxr_job_t  *job = job_declare(env, env->arena, order, email, name, words);

    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->created);

    return withdrawal(job->id);
}


static cxr_order_t
put(const char *number, uint32_t quantity)
{
    cxr_job_t    *job = job_order(env, env->arena, number, quantity, NULL);
    cxr_read_t   *rd;
    cxr_order_t   order, copy;

    assert_int_equal(run1(env->store, job), CXR_OK);

    rd = begin();
    assert_int_equal(cxr_read_order(rd, &env->shop, job->id, env->arena,
                                    &order), CXR_OK);
    assert_int_equal(order.revision, job->revision);
    assert_int_equal(cxr_rec_copy(&cxr_order_type, &order, &copy, env->arena),
                     CXR_OK);
    cxr_read_end(rd);

    return copy;
}


static void
test_known(void **state)
{
    char              folded[CXR_WITHDRAWAL_ID_LEN];
    cxr_rma_t         rma;
    cxr_withdrawal_t  w;

    put("KG-1", 3);
    w = declare("kg 1", "AYSE+KG-1@example.com", "X", NULL);

    assert_int_equal(w.state, CXR_WITHDRAWAL_JUDGED);
    assert_int_equal(w.proof, CXR_PROOF_EMAIL);
    assert_true(cxr_str_is(w.order, "KG1"));
    assert_true(cxr_str_is(w.order_number, "KG-1"));
    assert_int_equal(cxr_withdrawal_id_parse(w.id, folded), CXR_OK);
    assert_int_equal(w.declared_at, ENV_NOW);

    rma = rma_of(&w);
    assert_int_equal(rma.kind, CXR_KIND_WITHDRAWAL);
    assert_int_equal(rma.lines.n, 1);
    assert_int_equal(rma.lines.items[0].quantity, 3);
    assert_int_equal(rma.refund, 3000);
    assert_int_equal(rma.status, CXR_RMA_APPROVED);
    assert_int_not_equal(rma.label_jti.len, 0);

    /* nothing is left: it is taken, and makes none */

    w = declare("KG-1", "ayse+KG-1@example.com", "X", NULL);
    assert_int_equal(w.state, CXR_WITHDRAWAL_MATCHED);
    assert_int_equal(w.rma.len, 0);
}


static void
test_doubtful(void **state)
{
    cxr_job_t           *job;
    cxr_withdrawal_t     w;

    put("KG-2", 1);
    w = declare("KG-2", "kim@example.com", "AYŞE  YILMAZ", NULL);
    assert_int_equal(w.proof, CXR_PROOF_NAME);
    assert_int_equal(w.state, CXR_WITHDRAWAL_MATCHED);
    assert_int_equal(rma_of(&w).status, CXR_RMA_REQUESTED);

    job = job_act(env, env->arena, CXR_VERB_APPROVE, w.rma, NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(withdrawal(w.id).state, CXR_WITHDRAWAL_JUDGED);

    /* a name that only looks like it is none */

    put("KG-3", 1);
    w = declare("KG-3", "kim@example.com", "Ayşe Yıldız", NULL);
    assert_int_equal(w.state, CXR_WITHDRAWAL_UNMATCHED);
}


static void
test_words(void **state)
{
    cxr_rma_t         rma;
    cxr_withdrawal_t  w;

    put("KG-4", 5);
    w = declare("KG-4", NULL, NULL, "2 x eth-yirg-250");
    rma = rma_of(&w);
    assert_int_equal(rma.lines.items[0].quantity, 2);

    w = declare("KG-4", NULL, NULL, "9 x ETH-YIRG-250");
    assert_int_equal(w.state, CXR_WITHDRAWAL_MATCHED);
    assert_int_equal(w.rma.len, 0);

    w = declare("KG-4", NULL, NULL, "etiyopya  YIRGACHEFFE");
    assert_int_equal(rma_of(&w).lines.items[0].quantity, 3);
    assert_false(w.whole);
}


static void
test_later(void **state)
{
    cxr_job_t         *job;
    cxr_order_t        order;
    cxr_withdrawal_t   a, b, c;

    a = declare("KG-5", NULL, NULL, NULL);
    b = declare("kg5", "kim@example.com", "Kim Se", NULL);
    c = declare("KG-6", NULL, NULL, NULL);
    assert_int_equal(a.state, CXR_WITHDRAWAL_UNMATCHED);

    order = put("KG-5", 2);
    assert_int_equal(order.rmas.n, 1);
    a = withdrawal(a.id);
    assert_int_equal(a.state, CXR_WITHDRAWAL_JUDGED);
    assert_int_equal(rma_of(&a).lines.items[0].quantity, 2);
    assert_int_equal(withdrawal(b.id).state, CXR_WITHDRAWAL_UNMATCHED);
    assert_int_equal(withdrawal(c.id).state, CXR_WITHDRAWAL_UNMATCHED);

    /* the order.put's own key still tells of the order */

    job = job_order(env, env->arena, "KG-6", 2, NULL);
    job_idem(job, "k", "k");
    assert_int_equal(run1(env->store, job), CXR_OK);
    job = job_order(env, env->arena, "KG-6", 2, NULL);
    job_idem(job, "k", "k");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->repeated);
    assert_true(cxr_str_is(job->id, "KG6"));
    assert_int_equal(withdrawal(c.id).state, CXR_WITHDRAWAL_JUDGED);
}


static void
test_once(void **state)
{
    cxr_job_t  *one, *two;

    one = job_declare(env, env->arena, "KG-7", NULL, NULL, NULL);
    two = job_declare(env, env->arena, "KG-7", NULL, NULL, NULL);
    job_idem(one, "flow", "same");
    job_idem(two, "flow", "same");
    assert_int_equal(run1(env->store, one), CXR_OK);
    assert_int_equal(run1(env->store, two), CXR_OK);
    assert_true(two->repeated);
    assert_true(cxr_str_eq(one->id, two->id));
    assert_int_equal(env_count(env->store, "withdrawals"), 1);
}


/* What no order number can be is taken as well. */

static void
test_anything(void **state)
{
    char              long_words[1801];
    cxr_withdrawal_t  w;

    memset(long_words, 'x', sizeof(long_words) - 1);
    long_words[sizeof(long_words) - 1] = '\0';

    w = declare("geçen salı aldığım kahve makinesi, numarası yok, mavi "
                "kutuda gelmişti, hatırlamıyorum", NULL, NULL, long_words);
    assert_int_equal(w.state, CXR_WITHDRAWAL_UNMATCHED);
    assert_int_equal(w.blind.len, 0);
    w = declare("-", NULL, NULL, NULL);
    assert_int_equal(w.state, CXR_WITHDRAWAL_UNMATCHED);
}


static void
test_receipt(void **state)
{
    char                   kid[9];
    json_t                *json;
    cxr_buf_t              b;
    cxr_read_t            *rd;
    cxr_statement_t        st;
    cxr_withdrawal_t       w;
    cxr_receipt_said_t     said;
    cxr_receipt_result_t   result;
    cxr_receipt_claims_t   c;

    w = declare("KG-8", "kim@example.com", "Kim \"Se\" <x>", "a\nb & c");

    rd = begin();
    assert_int_equal(cxr_read_statement(rd, &env->shop, &w, env->arena, &st),
                     CXR_OK);
    assert_true(cxr_str_is(st.name, "Kim \"Se\" <x>"));

    said.shop = env->shop.id;
    said.id = w.id;
    said.at = w.declared_at;
    said.name = st.name;
    said.email = st.email;
    said.contract = st.contract;
    said.words = st.words;
    said.language = st.locale;
    said.salt = st.salt;
    json = cxr_receipt_statement(&said);
    cxr_buf_init(&b, CXR_RECEIPT_FILE_MAX);
    assert_int_equal(cxr_receipt_file(w.receipt, CXR_STR_NONE, json, &b),
                     CXR_OK);
    json_decref(json);
    cxr_read_end(rd);

    assert_int_equal(cxr_receipt_check(env->ring, env->shop.id,
                                       cxr_buf_str(&b), env->arena, &result,
                                       &c, kid), CXR_OK);
    assert_int_equal(result, CXR_RECEIPT_WHOLE);
    assert_true(cxr_str_eq(c.id, w.id));
    assert_int_equal(c.at, ENV_NOW);
    assert_memory_equal(c.hash, w.hash.data, CXR_HASH_LEN);
    cxr_buf_free(&b);
}


static void
test_by_hand(void **state)
{
    cxr_job_t               *job;
    cxr_withdrawal_t         w;
    cxr_withdrawal_line_t    line = { cxr_str("1"), 1 };
    cxr_withdrawal_judge_t   judge;
    cxr_withdrawal_lines_t   lines = { &line, 1 };

    put("KG-9", 2);
    w = declare("bilmiyorum", "kim@example.com", "Kim Se", "kahve");

    job = job_new(env, env->arena, CXR_CMD_WITHDRAWAL_MATCH);
    job->u.match.id = w.id;
    job->u.match.order = cxr_str("KG404");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "order_unknown");

    job->u.match.order = cxr_str("KG9");
    job->expect = 7;
    assert_int_equal(run1(env->store, job), CXR_CONFLICT);
    job->expect = 0;

    /* the order first, its lines when they are known */

    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(withdrawal(w.id).rma.len, 0);
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    line.quantity = 3;
    job->u.match.lines = &lines;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "quantity_over");
    line.quantity = 1;
    assert_int_equal(run1(env->store, job), CXR_OK);
    w = withdrawal(w.id);
    assert_int_equal(w.proof, CXR_PROOF_STAFF);
    assert_int_equal(rma_of(&w).lines.items[0].quantity, 1);

    judge.id = w.id;
    judge.reason = cxr_str("x");
    job = job_new(env, env->arena, CXR_CMD_WITHDRAWAL_JUDGE);
    job->u.judge = &judge;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);

    w = declare("spam", "a@b", "x", NULL);
    judge.id = w.id;
    judge.reason = CXR_STR_NONE;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    judge.reason = cxr_str("Bizde yok.");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(withdrawal(w.id).state, CXR_WITHDRAWAL_JUDGED);
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
}


static void
test_lists(void **state)
{
    unsigned            i, n = 0;
    uint32_t            counts[CXR_WITHDRAWAL_STATES];
    cxr_str_t           next = CXR_STR_NONE;
    cxr_read_t         *rd;
    cxr_withdrawals_t   list;

    put("KG-1", 1);

    for (i = 0; i < 7; i++) {
        (void) declare(i ? "KG-2" : "KG-1", NULL, NULL, NULL);
    }

    rd = begin();

    do {
        assert_int_equal(cxr_read_withdrawals(rd, &env->shop,
                                              CXR_WITHDRAWAL_UNMATCHED, next,
                                              4, env->arena, &list, &next),
                         CXR_OK);
        n += list.n;
    } while (next.len != 0);

    assert_int_equal(n, 6);
    assert_int_equal(cxr_read_withdrawals(rd, &env->shop, -1,
                                          cxr_str("R-0000-0000"), 4,
                                          env->arena, &list, &next),
                     CXR_INVALID);
    assert_int_equal(cxr_read_withdrawal_counts(rd, &env->shop, 5, counts),
                     CXR_OK);
    assert_int_equal(counts[CXR_WITHDRAWAL_UNMATCHED], 5);
    assert_int_equal(counts[CXR_WITHDRAWAL_JUDGED], 1);
    cxr_read_end(rd);
}


/* No bytes of a person in the files, and all of it again from the journal. */

static void
test_sealed_and_rebuilt(void **state)
{
    char          cmd[256], dir[96];
    cxr_diag_t    d;
    cxr_store_t  *copy;

    put("KG-1", 3);
    (void) declare("KG-1", NULL, NULL, "1 x ETH-YIRG-250");
    (void) declare("KG-1", "gizlikisi@example.com", "Gizli Kisi", NULL);
    (void) declare("KG-2", NULL, "Gizli Kisi", "gizlisozler");
    put("KG-2", 1);

    snprintf(cmd, sizeof(cmd), "grep -qia 'gizli\\|ayse' %s/data.mdb",
             env->dir);
    assert_int_not_equal(system(cmd), 0);

    env_dir(env, "again", dir);
    assert_int_equal(cxr_store_rebuild(env->store, dir, NULL, NULL, &d),
                     CXR_OK);
    copy = env_open(env, dir, 0, true);
    assert_int_equal(cxr_store_compare(env->store, copy, &d), CXR_OK);
    cxr_store_close(copy);
}


/* Without its key a statement is gone; what else is known of it stays. */

static void
test_erased(void **state)
{
    cxr_read_t        *rd;
    cxr_dbkey_t        key;
    cxr_writer_t      *w = env->store->writer;
    cxr_statement_t    st;
    cxr_withdrawal_t   a;

    a = declare("KG-1", NULL, NULL, NULL);

    assert_int_equal(cxr_writer_begin(w), CXR_OK);
    cxr_dbkey_one(&key, env->shop.key, a.id);
    assert_int_equal(cxr_writer_del(w, CXR_T_PERSONS, &key), CXR_OK);
    assert_int_equal(cxr_writer_commit(w), CXR_OK);

    rd = begin();
    assert_int_equal(cxr_read_statement(rd, &env->shop, &a, env->arena, &st),
                     CXR_NOTFOUND);
    cxr_read_end(rd);

    /* the order that comes finds nothing to compare, and is not stopped */

    put("KG-1", 1);
    assert_int_equal(withdrawal(a.id).state, CXR_WITHDRAWAL_UNMATCHED);
    assert_int_not_equal(withdrawal(a.id).receipt.len, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_known, setup, teardown),
        cmocka_unit_test_setup_teardown(test_doubtful, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words, setup, teardown),
        cmocka_unit_test_setup_teardown(test_later, setup, teardown),
        cmocka_unit_test_setup_teardown(test_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_anything, setup, teardown),
        cmocka_unit_test_setup_teardown(test_receipt, setup, teardown),
        cmocka_unit_test_setup_teardown(test_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lists, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sealed_and_rebuilt, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_erased, setup, teardown)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
