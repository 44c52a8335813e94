
/*
 * The journal and what is derived from it: the chain, rebuilding, lists,
 * entries, erased persons.
 */

#include <lmdb.h>

#include "store_env.h"


static env_t     *env;
static uint64_t   seed;


static int
setup(void **state)
{
    env = env_make();
    env->store = env_open(env, env->dir, 0, false);
    seed = 20261121;

    return 0;
}


static int
teardown(void **state)
{
    env_free(env);

    return 0;
}


static unsigned
dice(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (unsigned) (seed >> 33) % n;
}


/* A random history over a few orders, parcels and products; two shops. */
static void
make_history(const cxr_shop_t *other, unsigned n)
{
    char                 number[24], parcel[24];
    unsigned             i, rmas = 0, made = 0, declared = 0;
    cxr_job_t           *job, *run[8];
    cxr_arena_t         *a = cxr_arena_create((size_t) 64 << 20);
    size_t               nrun = 0;
    char                 ids[64][CXR_RMA_ID_LEN];
    char                 wids[64][CXR_WITHDRAWAL_ID_LEN];
    cxr_rma_name_t      *name;
    cxr_rma_act_t       *act;
    cxr_survey_answer_t *answer;
    cxr_talk_ask_t      *ask;
    cxr_report_t        *r;
    cxr_person_t        *p;
    cxr_str_t            id;
    cxr_withdrawal_judge_t  *judge;

    static const uint8_t  decisions[] = {
        CXR_VERB_APPROVE, CXR_VERB_DECLINE, CXR_VERB_REQUEST_INFO
    };

    /* what takes others before it, so that histories get there */

    static const uint8_t  often[] = {
        CXR_VERB_APPROVE, CXR_VERB_RECEIVE, CXR_VERB_GRADE, CXR_VERB_GRADE,
        CXR_VERB_CONFIRM, CXR_VERB_REOPEN, CXR_VERB_REOPEN, CXR_VERB_REOPEN
    };

    env->shop.surveys = (cxr_surveys_t) { CXR_ASK_CSAT, CXR_ASK_CES, 60, 14 };

    for (i = 0; i < n; i++) {
        snprintf(number, sizeof(number), "O%u", dice(24));
        snprintf(parcel, sizeof(parcel), "P%u", dice(12));

        env->shop.policy.release[CXR_OUT_REFUND]
            = (uint8_t) (CXR_RELEASE_ON_SUBMIT + dice(4));

        switch (dice(23)) {

        case 20:
            if (declared != 0 && dice(4) == 0) {
                job = job_new(env, a, CXR_CMD_ERASE);
                job->u.erase.id = cxr_strn(wids[dice(declared)],
                                           CXR_WITHDRAWAL_ID_LEN);
                break;
            }
            job = job_erase(env, a, number, dice(4) == 0);
            break;

        case 21:
        case 22:
            ask = cxr_calloc(a, 1, sizeof(cxr_talk_ask_t));
            cxr_str_dup(a, cxr_strz(number), &ask->order);
            if (rmas != 0 && dice(2)) {
                ask->rma = cxr_strn(ids[dice(rmas)], CXR_RMA_ID_LEN);
            }
            ask->from = (uint8_t) dice(CXR_SIDES);
            ask->channel = (uint8_t) dice(CXR_VIAS);
            job = job_new(env, a, dice(2) ? CXR_CMD_MESSAGE
                                  : dice(2) ? CXR_CMD_MESSAGE_READ
                                            : CXR_CMD_MESSAGE_CLOSE);
            job->u.talk.ask = ask;
            job->u.talk.text = cxr_str("Kutu ezikti.");
            if (dice(2)) {
                snprintf(parcel, sizeof(parcel), "mail%u", i);
                job_idem(job, parcel, parcel);
            }
            break;

        case 16:
        case 17:
        case 18:
        case 19:
            if (rmas == 0) {
                continue;
            }
            act = cxr_calloc(a, 1, sizeof(cxr_rma_act_t));
            act->verb = dice(2) ? (uint8_t) dice(CXR_VERB_FOLLOW)
                                : often[dice(cxr_nelts(often))];
            if (act->verb == CXR_VERB_PARCEL) {
                act->verb = CXR_VERB_RECEIVE;
            }
            act->rma = cxr_strn(ids[dice(rmas)], CXR_RMA_ID_LEN);
            act->reason = cxr_str("gerekçe");
            act->reference = cxr_str("PAY-1");
            act->grades.items = cxr_calloc(a, 1, sizeof(cxr_rma_grade_t));
            act->grades.n = 1;
            act->grades.items[0].item = cxr_str("1");
            act->grades.items[0].units = 1;
            act->grades.items[0].grade = CXR_GRADE_AS_NEW;
            act->grades.items[0].disposition = CXR_DISPOSE_RESTOCK;
            job = job_new(env, a, CXR_CMD_RMA_ACT);
            job->u.act.act = act;
            job->u.act.text = cxr_str("kutu ezikti");
            break;

        case 12:
            answer = cxr_calloc(a, 1, sizeof(cxr_survey_answer_t));
            job = job_new(env, a, CXR_CMD_SURVEY);
            job->u.survey.answer = answer;
            answer->score = (uint8_t) dice(7);
            cxr_str_dup(a, cxr_strz(number), &answer->order);
            if (rmas != 0 && dice(2)) {
                answer->rma = cxr_strn(ids[dice(rmas)], CXR_RMA_ID_LEN);
            }
            if (dice(2)) {
                job->u.survey.comment = cxr_str("Kutu ezikti.");
            }
            break;

        case 13:
        case 14:
            snprintf(number, sizeof(number), "O%u", dice(24));
            job = job_declare(env, a, number,
                              dice(3) == 0 ? "kim@example.com" : NULL,
                              dice(2) ? "Kim Se" : NULL,
                              dice(3) == 0 ? "2 x ETH-YIRG-250" : NULL);
            if (dice(2)) {
                snprintf(parcel, sizeof(parcel), "flow%u", i);
                job_idem(job, parcel, parcel);
            }
            break;

        case 15:
            if (declared == 0) {
                continue;
            }
            if (dice(4) == 0) {
                judge = cxr_calloc(a, 1, sizeof(cxr_withdrawal_judge_t));
                judge->id = cxr_strn(wids[dice(declared)],
                                     CXR_WITHDRAWAL_ID_LEN);
                judge->reason = cxr_str("gerekçe");
                job = job_new(env, a, CXR_CMD_WITHDRAWAL_JUDGE);
                job->u.judge = judge;
                break;
            }
            job = job_new(env, a, CXR_CMD_WITHDRAWAL_MATCH);
            cxr_str_dup(a, cxr_strn(wids[dice(declared)],
                                    CXR_WITHDRAWAL_ID_LEN),
                        &job->u.match.id);
            cxr_str_dup(a, cxr_strz(number), &job->u.match.order);
            break;

        case 10:
            if (rmas == 0) {
                continue;
            }
            name = cxr_calloc(a, 1, sizeof(cxr_rma_name_t));
            name->rma = cxr_strn(ids[dice(rmas)], CXR_RMA_ID_LEN);
            name->carrier = cxr_str("yurtici");
            snprintf(parcel, sizeof(parcel), "B%u", dice(20));
            cxr_str_dup(a, cxr_strz(parcel), &name->number);
            job = job_new(env, a, CXR_CMD_RMA_PARCEL);
            job->u.parcel = name;
            job->actor_kind = (uint8_t) (dice(2) ? CXR_ACTOR_SHOPPER
                                                 : CXR_ACTOR_STAFF);
            if (dice(2)) {
                snprintf(parcel, sizeof(parcel), "back%u", i);
                job_idem(job, parcel, parcel);
            }
            break;

        case 11:
            snprintf(parcel, sizeof(parcel), "B%u", dice(20));
            job = job_report(env, a, parcel, 1 + dice(6));
            job->u.feed.unknown = CXR_UNKNOWN_REFUSE;
            break;

        case 0:
        case 1:
            job = job_order(env, a, number, 20 + dice(3),
                            dice(2) ? parcel : NULL);
            p = (cxr_person_t *) job->u.put.person;
            if (dice(3) == 0) {
                p->email = cxr_str("new@example.com");
            } else if (dice(4) == 0) {
                p->email = CXR_STR_NONE;
            }
            break;

        case 2:
            job = job_product(env, a, dice(2) ? "ETH-YIRG" : "KEN-AA", dice(9));
            break;

        case 3:
        case 4:
            env->shop.policy.auto_approve = dice(2);
            job = job_create(env, a, number, 1 + dice(2),
                             dice(2) ? "not" : NULL);
            if (dice(2)) {
                snprintf(parcel, sizeof(parcel), "key%u", i);
                job_idem(job, parcel, parcel);
            }
            break;

        case 5:
            if (rmas == 0) {
                continue;
            }
            id = cxr_strn(ids[dice(rmas)], CXR_RMA_ID_LEN);
            job = job_act(env, a, decisions[dice(3)], id, "gerekçe");
            break;

        case 6:
            if (rmas == 0) {
                continue;
            }
            job = job_act(env, a, CXR_VERB_CANCEL,
                          cxr_strn(ids[dice(rmas)], CXR_RMA_ID_LEN), NULL);
            break;

        default:
            job = job_report(env, a, parcel, 1 + dice(6));
            r = (cxr_report_t *) job->u.feed.report;
            if (dice(3) == 0) {
                snprintf(parcel, sizeof(parcel), "REF%u", dice(5));
                cxr_str_dup(a, cxr_strz(parcel), &r->reference);
            }
        }

        if (dice(8) == 0 && job->kind != CXR_CMD_RMA_ACT)
        {
            job->shop = other;
        }

        job->now += i * CXR_MINUTE;
        run[nrun++] = job;

        if (nrun == 8 || dice(3) == 0) {
            size_t  j;

            assert_int_equal(cxr_store_run(env->store, run, nrun), CXR_OK);

            for (j = 0; j < nrun; j++) {
                if (run[j]->kind == CXR_CMD_RMA_CREATE
                    && run[j]->rc == CXR_OK && run[j]->shop == &env->shop)
                {
                    /* the latest ones: the first have come to their ends */
                    memcpy(ids[made++ % cxr_nelts(ids)], run[j]->id.data,
                           CXR_RMA_ID_LEN);
                    rmas = made < cxr_nelts(ids) ? made : cxr_nelts(ids);
                }

                if (run[j]->kind == CXR_CMD_WITHDRAWAL_DECLARE
                    && run[j]->shop == &env->shop && declared < 64)
                {
                    assert_int_equal(run[j]->rc, CXR_OK);
                    memcpy(wids[declared++], run[j]->id.data,
                           CXR_WITHDRAWAL_ID_LEN);
                }
            }

            nrun = 0;
            cxr_arena_reset(a);
        }
    }

    cxr_arena_destroy(a);
    assert_true(rmas > 10);
    assert_true(declared > 10);
}


static unsigned
count_kind(unsigned kind)
{
    uint64_t       after = 0;
    uint32_t       i;
    unsigned       n = 0;
    cxr_read_t    *rd;
    cxr_entries_t  list;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    do {
        assert_int_equal(cxr_read_entries(rd, &env->shop, after, 1000,
                                          env->arena, &list), CXR_OK);
        for (i = 0; i < list.n; i++) {
            n += (list.items[i].kind == kind);
            after = list.items[i].seq;
        }
    } while (list.n != 0);

    cxr_read_end(rd);

    return n;
}


static void
test_rebuild_is_equal(void **state)
{
    char          dir[96];
    uint64_t      n;
    cxr_diag_t    d;
    cxr_shop_t    other;
    cxr_store_t  *copy;

    env_shop(env, &other, "cay-evi");
    make_history(&other, 4200);

    assert_true(env_count(env->store, "journal") > 500);
    assert_true(env_count(env->store, "ix_rma") > 40);
    assert_true(env_count(env->store, "ix_ref") > 3);
    assert_true(env_count(env->store, "ix_email") > 5);
    assert_true(env_count(env->store, "idem") > 10);

    assert_int_equal(cxr_store_verify(env->store, NULL, NULL, &n, &d), CXR_OK);
    assert_int_equal(n, env_count(env->store, "journal"));
    assert_true(count_kind(CXR_EV_RMA_PARCEL_NAMED) > 5);
    assert_true(count_kind(CXR_EV_RMA_PARCEL_MOVED) > 5);
    assert_true(count_kind(CXR_EV_SETTLEMENT_RELEASED) > 5);
    assert_true(count_kind(CXR_EV_RMA_RECEIVED) > 5);
    assert_true(count_kind(CXR_EV_RMA_GRADED) > 2);
    assert_true(count_kind(CXR_EV_SETTLEMENT_CONFIRMED) > 1);
    assert_true(count_kind(CXR_EV_RMA_REOPENED) > 5);
    assert_true(count_kind(CXR_EV_RMA_NOTED) > 5);
    assert_true(count_kind(CXR_EV_PERSON_ERASED) > 5);
    assert_true(env_count(env->store, "due") > 5);
    assert_true(count_kind(CXR_EV_MESSAGE_POSTED) > 20);
    assert_true(count_kind(CXR_EV_MESSAGE_READ) > 5);
    assert_true(count_kind(CXR_EV_MESSAGE_CLOSED) > 5);
    assert_true(env_count(env->store, "ix_talk") > 3);

    env_dir(env, "anew", dir);
    memset(&d, 0, sizeof(d));
    if (cxr_store_rebuild(env->store, dir, NULL, NULL, &d) != CXR_OK) {
        fail_msg("%s", d.text);
    }

    copy = env_open(env, dir, 0, false);
    if (cxr_store_compare(env->store, copy, &d) != CXR_OK) {
        fail_msg("%s: %s", d.where, d.text);
    }

    /* and it goes on from there like the first */
    assert_int_equal(run1(copy, job_order(env, env->arena, "NEXT", 1, NULL)),
                     CXR_OK);
    assert_int_equal(cxr_store_verify(copy, NULL, NULL, &n, &d), CXR_OK);
    assert_int_equal(cxr_store_compare(env->store, copy, &d), CXR_CONFLICT);
    cxr_store_close(copy);

    /* never over a store */
    assert_int_equal(cxr_store_rebuild(env->store, dir, NULL, NULL, &d),
                     CXR_CONFLICT);
    cxr_tz_free(other.tz);
}


/* ---- tampering ---- */

typedef enum {
    FLIP,          /* one byte of the record */
    DROP,          /* the record is gone */
    SWAP,          /* it has the record of the next */
    CUT            /* shorter by one byte */
} harm_t;


static void
harm(const char *dir, uint32_t shop, uint64_t seq, harm_t how, size_t place)
{
    int       i;
    char     *copy;
    MDB_val   k, v, next;
    MDB_dbi   dbi;
    MDB_env  *e;
    MDB_txn  *txn;
    uint8_t   key[12], key2[12];

    for (i = 0; i < 4; i++) {
        key[i] = (uint8_t) (shop >> (24 - 8 * i));
    }

    for (i = 0; i < 8; i++) {
        key[4 + i] = (uint8_t) (seq >> (56 - 8 * i));
    }

    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "journal", 0, &dbi), 0);
    k.mv_data = key;
    k.mv_size = 12;
    assert_int_equal(mdb_get(txn, dbi, &k, &v), 0);
    copy = malloc(v.mv_size);
    memcpy(copy, v.mv_data, v.mv_size);

    switch (how) {
    case FLIP:
        copy[place % v.mv_size] ^= 0x20;
        v.mv_data = copy;
        assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
        break;
    case CUT:
        v.mv_data = copy;
        v.mv_size--;
        assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
        break;
    case DROP:
        assert_int_equal(mdb_del(txn, dbi, &k, NULL), 0);
        break;
    case SWAP:
        memcpy(key2, key, 12);
        key2[11]++;
        k.mv_data = key2;
        assert_int_equal(mdb_get(txn, dbi, &k, &next), 0);
        free(copy);
        copy = malloc(next.mv_size);
        memcpy(copy, next.mv_data, next.mv_size);
        next.mv_data = copy;
        k.mv_data = key;
        assert_int_equal(mdb_put(txn, dbi, &k, &next, 0), 0);
        break;
    }

    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);
    free(copy);
}


static void
test_tampering_is_found(void **state)
{
    char          dir[96], name[16], where[64], number[16];
    size_t        i;
    uint64_t      n, seq;
    cxr_rc_t      rc;
    cxr_diag_t    d;
    cxr_store_t  *copy;

    for (i = 0; i < 30; i++) {
        snprintf(number, sizeof(number), "T%zu", i);
        assert_int_equal(run1(env->store, job_report(env, env->arena, number,
                                                     3)), CXR_OK);
    }

    for (i = 0; i < 60; i++) {
        snprintf(name, sizeof(name), "c%zu", i);
        env_dir(env, name, dir);
        assert_int_equal(cxr_store_backup(env->store, dir, &d), CXR_OK);

        seq = 1 + dice(29);
        harm(dir, env->shop.key, seq,
             i < 50 ? FLIP : i < 53 ? DROP : i < 56 ? SWAP : CUT, dice(4096));

        copy = env_open(env, dir, 0, true);
        memset(&d, 0, sizeof(d));
        rc = cxr_store_verify(copy, NULL, NULL, &n, &d);
        assert_int_equal(rc, CXR_FORGED);
        assert_int_equal(n, seq - 1);
        snprintf(where, sizeof(where), "kahve-gurusu/%llu",
                 (unsigned long long) seq);
        assert_string_equal(d.where, where);
        cxr_store_close(copy);
    }

    /* nor is such a journal rebuilt */
    snprintf(name, sizeof(name), "c0");
    snprintf(dir, sizeof(dir), "%s/%s", env->root, name);
    copy = env_open(env, dir, 0, false);
    env_dir(env, "anew", dir);
    assert_int_equal(cxr_store_rebuild(copy, dir, NULL, NULL, &d), CXR_FORGED);
    cxr_store_close(copy);

    /* and leaves nothing that could be taken for a store */
    assert_int_equal(rmdir(dir), 0);
}


/* ---- persons ---- */

static void
test_erased_person(void **state)
{
    char          dir[96];
    uint8_t       key[4 + 4];
    MDB_val       k;
    MDB_dbi       dbi;
    MDB_env      *e;
    MDB_txn      *txn;
    cxr_rma_t     rma;
    cxr_str_t     text;
    cxr_job_t    *job;
    cxr_diag_t    d;
    cxr_read_t   *rd;
    cxr_order_t   o;
    cxr_store_t  *copy;
    cxr_person_t  p;

    assert_int_equal(run1(env->store, job_order(env, env->arena, "ER-10", 4,
                                                NULL)), CXR_OK);
    job = job_create(env, env->arena, "ER10", 1, "sır");
    assert_int_equal(run1(env->store, job), CXR_OK);
    cxr_store_close(env->store);

    key[0] = (uint8_t) (env->shop.key >> 24);
    key[1] = (uint8_t) (env->shop.key >> 16);
    key[2] = (uint8_t) (env->shop.key >> 8);
    key[3] = (uint8_t) env->shop.key;
    memcpy(key + 4, "ER10", 4);
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
    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("ER10"),
                                    env->arena, &o), CXR_OK);
    memset(&p, 0x55, sizeof(p));
    assert_int_equal(cxr_read_person(rd, &env->shop, &o, env->arena, &p),
                     CXR_NOTFOUND);
    assert_int_equal(p.name.len + p.email.len + p.address.len, 0);
    assert_int_equal(cxr_read_rma(rd, &env->shop, job->id, env->arena, &rma),
                     CXR_OK);
    assert_int_equal(cxr_read_note(rd, &env->shop, cxr_str("ER10"),
                                   CXR_STR_NONE, rma.lines.items[0].note,
                                   env->arena, &text),
                     CXR_NOTFOUND);
    cxr_read_end(rd);

    /* a rebuilt store does not know it either, nor its e-mail */
    env_dir(env, "anew", dir);
    assert_int_equal(cxr_store_rebuild(env->store, dir, NULL, NULL, &d),
                     CXR_OK);
    copy = env_open(env, dir, 0, true);
    assert_int_equal(env_count(copy, "ix_email"), 0);
    assert_int_equal(env_count(copy, "orders"), 1);
    cxr_store_close(copy);
}


/* The last byte of an order's wrapped key is another one. */
static void
harm_person(const char *order)
{
    int       i;
    size_t    len = strlen(order);
    MDB_val   k, v;
    MDB_dbi   dbi;
    MDB_env  *e;
    MDB_txn  *txn;
    uint8_t   key[64], copy[1024];

    for (i = 0; i < 4; i++) {
        key[i] = (uint8_t) (env->shop.key >> (24 - 8 * i));
    }

    memcpy(key + 4, order, len);
    assert_int_equal(mdb_env_create(&e), 0);
    assert_int_equal(mdb_env_set_maxdbs(e, 32), 0);
    assert_int_equal(mdb_env_open(e, env->dir, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(e, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "persons", 0, &dbi), 0);
    k.mv_data = key;
    k.mv_size = 4 + len;
    assert_int_equal(mdb_get(txn, dbi, &k, &v), 0);
    assert_true(v.mv_size <= sizeof(copy));
    memcpy(copy, v.mv_data, v.mv_size);
    copy[v.mv_size - 1] ^= 1;
    v.mv_data = copy;
    assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(e);
}


/*
 * Another ring than the store's opens it only while there is nothing that was
 * sealed; a key that cannot be opened is never overwritten with a new one.
 */
static void
test_another_ring(void **state)
{
    char              path[96];
    uint8_t           before[32], after[32];
    cxr_diag_t        d;
    cxr_store_t      *store;
    cxr_keyring_t    *ring, *mine = env->ring;
    cxr_store_conf_t  conf;

    snprintf(path, sizeof(path), "%s/other-keys", env->root);
    assert_int_equal(cxr_keyring_create(path, ENV_NOW + 1, &d), CXR_OK);
    assert_int_equal(cxr_keyring_load(path, &ring, &d), CXR_OK);

    cxr_store_close(env->store);
    env->ring = ring;
    env->store = env_open(env, env->dir, 0, false);
    cxr_store_close(env->store);
    env->ring = mine;
    env->store = env_open(env, env->dir, 0, false);

    assert_int_equal(run1(env->store, job_order(env, env->arena, "R-1", 4,
                                                NULL)), CXR_OK);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "S-1", 4,
                                                NULL)), CXR_OK);
    cxr_store_close(env->store);
    env->store = NULL;

    memset(&conf, 0, sizeof(conf));
    memset(&d, 0, sizeof(d));
    conf.dir = env->dir;
    conf.ring = ring;
    assert_int_equal(cxr_store_open(&conf, &store, &d), CXR_INVALID);
    assert_non_null(strstr(d.text, "other keys"));
    cxr_keyring_free(ring);

    /* one that does not open is not all of them */

    harm_person("R1");
    env->store = env_open(env, env->dir, 0, false);
    env_hash(env->store, before);
    assert_int_equal(run1(env->store, job_order(env, env->arena, "R-1", 5,
                                                NULL)), CXR_FORGED);
    assert_int_equal(run1(env->store, job_create(env, env->arena, "R1", 1,
                                                 "not")), CXR_FORGED);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);
}


/* ---- lists ---- */

static void
test_lists_and_counts(void **state)
{
    unsigned              i, n, pages;
    uint32_t              counts[CXR_RMA_NSTATUS];
    cxr_job_t            *job;
    cxr_str_t             cursor, next, ids[57];
    cxr_time_t            last;
    cxr_rmas_t            list;
    cxr_read_t           *rd;

    env->shop.policy.auto_approve = false;
    assert_int_equal(run1(env->store, job_order(env, env->arena, "L-1", 500,
                                                NULL)), CXR_OK);

    for (i = 0; i < 57; i++) {
        job = job_create(env, env->arena, "L1", 1, NULL);
        job->now += (i / 3) * CXR_SECOND;       /* three at a time */
        assert_int_equal(run1(env->store, job), CXR_OK);
        ids[i] = job->id;
    }

    for (i = 0; i < 20; i++) {
        job = job_act(env, env->arena,
                      i < 15 ? CXR_VERB_APPROVE : CXR_VERB_DECLINE, ids[i],
                      "kullanılmış");
        assert_int_equal(run1(env->store, job), CXR_OK);
    }

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    assert_int_equal(cxr_read_rma_counts(rd, &env->shop, 1000, counts),
                     CXR_OK);
    assert_int_equal(counts[CXR_RMA_REQUESTED], 37);
    assert_int_equal(counts[CXR_RMA_APPROVED], 15);
    assert_int_equal(counts[CXR_RMA_DECLINED], 5);
    assert_int_equal(counts[CXR_RMA_CANCELLED], 0);
    assert_int_equal(cxr_read_rma_counts(rd, &env->shop, 10, counts), CXR_OK);
    assert_int_equal(counts[CXR_RMA_REQUESTED], 10);
    assert_int_equal(counts[CXR_RMA_DECLINED], 5);

    for (i = 0; i < 2; i++) {
        int       status = i == 0 ? -1 : CXR_RMA_REQUESTED;
        unsigned  j;

        cursor = cxr_str("");
        last = INT64_MAX;
        n = 0;
        pages = 0;

        do {
            assert_int_equal(cxr_read_rmas(rd, &env->shop, status, cursor, 10,
                                           env->arena, &list, &next), CXR_OK);
            for (j = 0; j < list.n; j++) {
                assert_true(list.items[j].created_at <= last);
                assert_true(status < 0 || list.items[j].status == status);
                last = list.items[j].created_at;
            }

            n += list.n;
            pages++;
            cursor = next;
        } while (next.len != 0);

        assert_int_equal(n, i == 0 ? 57 : 37);
        assert_int_equal(pages, i == 0 ? 6 : 4);
    }

    /* exactly full: no empty page after it */
    assert_int_equal(cxr_read_rmas(rd, &env->shop, CXR_RMA_APPROVED,
                                   cxr_str(""), 15, env->arena, &list, &next),
                     CXR_OK);
    assert_int_equal(list.n, 15);
    assert_int_equal(next.len, 0);

    /* cursors of another list, cut or changed, are refused */
    assert_int_equal(cxr_read_rmas(rd, &env->shop, -1, cxr_str(""), 5,
                                   env->arena, &list, &next), CXR_OK);
    assert_true(next.len > 0);
    assert_int_equal(cxr_read_rmas(rd, &env->shop, CXR_RMA_APPROVED, next, 5,
                                   env->arena, &list, &cursor), CXR_INVALID);
    next.len--;
    assert_int_equal(cxr_read_rmas(rd, &env->shop, -1, next, 5, env->arena,
                                   &list, &cursor), CXR_INVALID);
    assert_int_equal(cxr_read_rmas(rd, &env->shop, -1,
                                   cxr_str("AAAAAAAAAAAAAAAAAAAAAAAAAAA"), 5,
                                   env->arena, &list, &cursor), CXR_INVALID);
    assert_int_equal(cxr_read_rmas(rd, &env->shop, -1, cxr_str(""), 0,
                                   env->arena, &list, &cursor), CXR_INVALID);
    assert_int_equal(cxr_read_rmas(rd, &env->shop, -1, cxr_str(""), 201,
                                   env->arena, &list, &cursor), CXR_INVALID);
    cxr_read_end(rd);

    env->shop.policy.auto_approve = true;
}


static void
test_entries(void **state)
{
    unsigned       i;
    uint64_t       after = 0, seen = 0;
    cxr_read_t    *rd;
    cxr_shop_t     other;
    cxr_job_t     *job;
    cxr_entries_t  list;

    env_shop(env, &other, "cay-evi");

    for (i = 0; i < 25; i++) {
        char  number[16];

        snprintf(number, sizeof(number), "J%u", i);
        job = job_order(env, env->arena, number, 1, NULL);
        assert_int_equal(run1(env->store, job), CXR_OK);
        job = job_order(env, env->arena, number, 1, NULL);
        job->shop = &other;
        assert_int_equal(run1(env->store, job), CXR_OK);
    }

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);

    do {
        assert_int_equal(cxr_read_entries(rd, &env->shop, after, 10,
                                          env->arena, &list), CXR_OK);
        for (i = 0; i < list.n; i++) {
            assert_int_equal(list.items[i].seq, ++seen);
            assert_int_equal(list.items[i].kind, CXR_EV_ORDER_PUT);
            assert_true(cxr_str_is(list.items[i].actor, "api:test"));
            after = list.items[i].seq;
        }
    } while (list.n != 0);

    assert_int_equal(seen, 25);
    assert_int_equal(cxr_read_entries(rd, &env->shop, UINT64_MAX, 10,
                                      env->arena, &list), CXR_OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(cxr_read_entries(rd, &env->shop, 0, 0, env->arena, &list),
                     CXR_INVALID);
    assert_int_equal(cxr_read_entries(rd, &env->shop, 0, 1001, env->arena,
                                      &list), CXR_INVALID);
    cxr_read_end(rd);
    cxr_tz_free(other.tz);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_rebuild_is_equal, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tampering_is_found, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_erased_person, setup, teardown),
        cmocka_unit_test_setup_teardown(test_another_ring, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lists_and_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_entries, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
