
/*
 * Commands through cxr_store_run(): what they make, what a refused one leaves,
 * idempotency, and reading it all back.
 */

#include "store_env.h"


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


static void
test_order_round_trip(void **state)
{
    uint64_t       seq;
    cxr_job_t     *job;
    cxr_read_t    *rd;
    cxr_order_t    o;
    cxr_person_t   p;

    job = job_order(env, env->arena, "KG-1001", 3, NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->created && job->changed && !job->repeated);
    assert_true(cxr_str_is(job->id, "KG1001"));
    assert_int_equal(job->revision, 1);
    assert_int_equal(job->seq, 1);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("KG1001"),
                                    env->arena, &o), CXR_OK);
    assert_true(cxr_str_is(o.number, "KG-1001"));
    assert_int_equal(o.lines.n, 1);
    assert_int_equal(o.lines.items[0].quantity, 3);
    assert_int_equal(o.created_at, ENV_NOW);

    /* nothing personal stands in it as it is */
    assert_true(o.person.len > 0);
    assert_null(memmem(o.person.data, o.person.len, "example.com", 11));

    assert_int_equal(cxr_read_person(rd, &env->shop, &o, env->arena, &p),
                     CXR_OK);
    assert_true(cxr_str_is(p.email, "ayse+KG-1001@example.com"));
    assert_true(cxr_str_is(p.name, "Ayşe Yılmaz"));

    assert_int_equal(cxr_read_person(rd, &env->shop, NULL, env->arena, &p),
                     CXR_NOTFOUND);
    assert_int_equal(p.email.len, 0);

    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("KG1002"),
                                    env->arena, &o), CXR_NOTFOUND);
    assert_int_equal(cxr_read_head(rd, &env->shop, &seq), CXR_OK);
    assert_int_equal(seq, 1);
    cxr_read_end(rd);
}


static void
test_order_again_makes_nothing(void **state)
{
    uint8_t        before[32], after[32];
    cxr_job_t     *job;
    cxr_strs_t     found;
    cxr_read_t    *rd;
    cxr_person_t  *p;

    job = job_order(env, env->arena, "A-1", 3, "PARCEL1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    env_hash(env->store, before);

    job = job_order(env, env->arena, "A-1", 3, "PARCEL1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->changed || job->created);
    assert_int_equal(job->revision, 1);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);

    /* other plain data of the person are news, and move the blind index */
    job = job_order(env, env->arena, "A-1", 3, "PARCEL1");
    p = (cxr_person_t *) job->u.put.person;
    p->email = cxr_str("fatma@example.com");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed && !job->created);
    assert_int_equal(job->revision, 2);
    assert_int_equal(env_count(env->store, "ix_email"), 1);
    env_hash(env->store, after);
    assert_memory_not_equal(before, after, 32);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_by_email(rd, &env->shop,
                                       cxr_str("ayse+A-1@example.com"), 10,
                                       env->arena, &found), CXR_OK);
    assert_int_equal(found.n, 0);
    assert_int_equal(cxr_read_by_email(rd, &env->shop,
                                       cxr_str(" FATMA@Example.com"), 10,
                                       env->arena, &found), CXR_OK);
    assert_int_equal(found.n, 1);
    assert_true(cxr_str_is(found.items[0], "A1"));
    assert_int_equal(cxr_read_by_email(rd, &env->shop, cxr_str("fatma"), 10,
                                       env->arena, &found), CXR_INVALID);
    cxr_read_end(rd);

    /* and no e-mail leaves it */
    job = job_order(env, env->arena, "A-1", 3, "PARCEL1");
    p = (cxr_person_t *) job->u.put.person;
    p->email = CXR_STR_NONE;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(env_count(env->store, "ix_email"), 0);
}


static void
test_order_consigns_its_parcels(void **state)
{
    cxr_job_t       *job;
    cxr_read_t      *rd;
    cxr_order_t      o;
    cxr_shipments_t  list;
    cxr_shipment_t   s;

    /* the carrier was first with this one */
    job = job_report(env, env->arena, "PARCEL2", 2);
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_order(env, env->arena, "B-1", 1, "PARCEL2");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->seq, 3);      /* order.put and shipment.consigned */

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_shipment(rd, &env->shop, cxr_str("yurtici"),
                                       cxr_str("PARCEL2"), env->arena, &s),
                     CXR_OK);
    assert_true(cxr_str_is(s.order, "B1"));
    assert_int_equal(s.scans.n, 2);
    assert_int_equal(s.revision, 2);

    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("B1"), env->arena,
                                    &o), CXR_OK);
    assert_int_equal(cxr_read_parcels(rd, &env->shop, &o, env->arena, &list),
                     CXR_OK);
    assert_int_equal(list.n, 1);

    assert_int_equal(cxr_read_by_number(rd, &env->shop, cxr_str("PARCEL2"),
                                        env->arena, &list), CXR_OK);
    assert_int_equal(list.n, 1);
    assert_true(cxr_str_is(list.items[0].carrier, "yurtici"));
    assert_int_equal(cxr_read_by_number(rd, &env->shop, cxr_str("PARCEL"),
                                        env->arena, &list), CXR_OK);
    assert_int_equal(list.n, 0);
    cxr_read_end(rd);
}


static void
test_by_number_and_generations(void **state)
{
    unsigned         i;
    cxr_job_t       *job;
    cxr_read_t      *rd;
    cxr_report_t    *r;
    cxr_shipment_t   s;
    cxr_shipments_t  list;

    job = job_report(env, env->arena, "N1", 5);
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_report(env, env->arena, "N1", 5);
    r = (cxr_report_t *) job->u.feed.report;
    r->carrier = cxr_str("aras");
    assert_int_equal(run1(env->store, job), CXR_OK);

    /* half a year later the number is another parcel's */
    job = job_report(env, env->arena, "N1", 1);
    job->now += 180 * CXR_DAY;
    r = (cxr_report_t *) job->u.feed.report;
    r->scans.items[0].at += 180 * CXR_DAY;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->created);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_by_number(rd, &env->shop, cxr_str("N1"),
                                        env->arena, &list), CXR_OK);
    assert_int_equal(list.n, 2);

    for (i = 0; i < list.n; i++) {
        assert_int_equal(list.items[i].scans.n,
                         cxr_str_is(list.items[i].carrier, "aras") ? 5 : 1);
    }

    assert_int_equal(cxr_read_shipment(rd, &env->shop, cxr_str("yurtici"),
                                       cxr_str("N1"), env->arena, &s), CXR_OK);
    assert_int_equal(s.scans.n, 1);
    cxr_read_end(rd);
    assert_int_equal(env_count(env->store, "shipments"), 3);
}


static void
test_reference_finds_the_parcel(void **state)
{
    cxr_job_t     *job;
    cxr_report_t  *r;

    job = job_report(env, env->arena, "REF1", 1);
    r = (cxr_report_t *) job->u.feed.report;
    r->reference = cxr_str("KG77");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(env_count(env->store, "ix_ref"), 1);

    job = job_report(env, env->arena, "", 3);
    r = (cxr_report_t *) job->u.feed.report;
    r->reference = cxr_str("KG77");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed && !job->created);
    assert_true(cxr_str_is(job->id, "yurtici/REF1/20778"));

    /* nobody's reference */
    job = job_report(env, env->arena, "", 3);
    r = (cxr_report_t *) job->u.feed.report;
    r->reference = cxr_str("KG7");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "number_missing");

    job = job_report(env, env->arena, "REF2", 3);
    job->u.feed.unknown = CXR_UNKNOWN_REFUSE;
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "parcel_unknown");
    assert_int_equal(env_count(env->store, "shipments"), 1);
}


static void
test_rma_life(void **state)
{
    cxr_job_t           *job, *dec;
    cxr_rma_t            rma;
    cxr_str_t            note, id;
    cxr_read_t          *rd;
    cxr_order_t          o;

    env->shop.policy.auto_approve = false;

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "C-1", 5, NULL)), CXR_OK);

    job = job_create(env, env->arena, "C1", 2, "küçük geldi");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->created);
    assert_int_equal(job->id.len, CXR_RMA_ID_LEN);
    assert_int_equal(job->revision, 1);
    id = job->id;

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &env->shop, id, env->arena, &rma),
                     CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_REQUESTED);
    assert_int_equal(rma.lines.items[0].quantity, 2);
    assert_null(memmem(rma.lines.items[0].note.data,
                       rma.lines.items[0].note.len, "geldi", 5));
    assert_int_equal(cxr_read_note(rd, &env->shop, cxr_str("C1"),
                                   CXR_STR_NONE, rma.lines.items[0].note,
                                   env->arena, &note),
                     CXR_OK);
    assert_true(cxr_str_is(note, "küçük geldi"));
    /* a box is of one order */
    assert_int_not_equal(cxr_read_note(rd, &env->shop, cxr_str("C2"),
                                       CXR_STR_NONE, rma.lines.items[0].note,
                                       env->arena, &note), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("C1"), env->arena,
                                    &o), CXR_OK);
    assert_int_equal(o.lines.items[0].returning, 2);
    assert_int_equal(o.rmas.n, 1);
    cxr_read_end(rd);

    dec = job_act(env, env->arena, CXR_VERB_APPROVE, id, NULL);
    dec->expect = 7;
    assert_int_equal(run1(env->store, dec), CXR_CONFLICT);
    dec->expect = 1;
    assert_int_equal(run1(env->store, dec), CXR_OK);
    assert_int_equal(dec->revision, 2);
    assert_true(dec->changed);
    dec->expect = 0;
    assert_int_equal(run1(env->store, dec), CXR_REFUSED);

    job = job_act(env, env->arena, CXR_VERB_CANCEL, id, "vazgeçtim");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(job->revision, 3);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &env->shop, cxr_str("C1"), env->arena,
                                    &o), CXR_OK);
    assert_int_equal(o.lines.items[0].returning, 0);
    cxr_read_end(rd);

    job = job_act(env, env->arena, CXR_VERB_CANCEL, cxr_str("R-0000-0000"),
                  NULL);
    assert_int_equal(run1(env->store, job), CXR_NOTFOUND);
    job = job_create(env, env->arena, "NOSUCH", 2, NULL);
    assert_int_equal(run1(env->store, job), CXR_NOTFOUND);

    env->shop.policy.auto_approve = true;
}


static void
test_exchange_reads_products(void **state)
{
    cxr_job_t           *job;
    cxr_rma_t            rma;
    cxr_read_t          *rd;
    cxr_rma_ask_line_t  *l;

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "X-1", 5, NULL)), CXR_OK);

    job = job_create(env, env->arena, "X1", 1, NULL);
    l = job->u.create.ask->lines.items;
    l->outcome = CXR_OUT_EXCHANGE;
    l->exchange_sku = cxr_str("ETH-YIRG-1000");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);

    assert_int_equal(run1(env->store,
                          job_product(env, env->arena, "ETH-YIRG", 1)),
                     CXR_OK);
    assert_int_equal(run1(env->store, job), CXR_OK);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_rma(rd, &env->shop, job->id, env->arena, &rma),
                     CXR_OK);
    assert_true(cxr_str_is(rma.lines.items[0].exchange_title, "1 kg"));
    cxr_read_end(rd);
}


static void
test_delivery_opens_the_window(void **state)
{
    cxr_job_t     *job;
    cxr_report_t  *r;

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "D-1", 5, "WAY1")),
                     CXR_OK);
    job = job_report(env, env->arena, "WAY1", 3);
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_create(env, env->arena, "D1", 1, NULL);
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "not_delivered");

    job = job_report(env, env->arena, "WAY1", 5);
    r = (cxr_report_t *) job->u.feed.report;
    assert_int_equal(r->scans.n, 5);
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_create(env, env->arena, "D1", 1, NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);
}


static void
test_refused_leaves_no_trace(void **state)
{
    unsigned    i;
    uint8_t     before[32], after[32];
    cxr_job_t  *jobs[6];

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "E-1", 2, NULL)), CXR_OK);
    env_hash(env->store, before);

    jobs[0] = job_create(env, env->arena, "E1", 3, "fazla");
    jobs[1] = job_create(env, env->arena, "NONE", 1, "yok");
    job_idem(jobs[0], "k0", "x");
    assert_int_equal(cxr_store_run(env->store, jobs, 2), CXR_OK);
    assert_int_equal(jobs[0]->rc, CXR_REFUSED);
    assert_string_equal(jobs[0]->refusal.code, "quantity_over");
    assert_int_equal(jobs[1]->rc, CXR_NOTFOUND);
    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);

    /* its neighbours are not touched, and see each other in order */
    jobs[0] = job_create(env, env->arena, "E1", 1, NULL);
    jobs[1] = job_create(env, env->arena, "E1", 2, NULL);
    jobs[2] = job_order(env, env->arena, "!!", 2, NULL);
    jobs[2]->u.put.order = memset(cxr_alloc(env->arena, sizeof(cxr_order_t)),
                                  0, sizeof(cxr_order_t));
    jobs[3] = job_create(env, env->arena, "E1", 1, NULL);
    jobs[4] = job_create(env, env->arena, "E1", 1, NULL);
    jobs[5] = job_order(env, env->arena, "E-2", 2, NULL);
    assert_int_equal(cxr_store_run(env->store, jobs, 6), CXR_OK);

    assert_int_equal(jobs[0]->rc, CXR_OK);
    assert_int_equal(jobs[1]->rc, CXR_REFUSED);
    assert_int_equal(jobs[2]->rc, CXR_INVALID);
    assert_int_equal(jobs[3]->rc, CXR_OK);
    assert_int_equal(jobs[4]->rc, CXR_REFUSED);
    assert_string_equal(jobs[4]->refusal.code, "already_returned");
    assert_int_equal(jobs[5]->rc, CXR_OK);

    for (i = 0; i < 6; i++) {
        if (jobs[i]->rc != CXR_OK) {
            assert_false(jobs[i]->changed || jobs[i]->created);
            assert_int_equal(jobs[i]->seq, 0);
            assert_int_equal(jobs[i]->id.len, 0);
        }
    }

    assert_int_equal(env_count(env->store, "rmas"), 2);
    assert_int_equal(env_count(env->store, "persons"), 2);
}


static void
test_idempotency(void **state)
{
    uint8_t     before[32], after[32], idem[16];
    uint64_t    seq;
    cxr_str_t   rma;
    cxr_job_t  *one, *two, *both[2];
    cxr_read_t *rd;

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "F-1", 9, NULL)), CXR_OK);

    one = job_create(env, env->arena, "F1", 1, "bir");
    job_idem(one, "key-1", "one");
    assert_int_equal(run1(env->store, one), CXR_OK);
    assert_false(one->repeated);
    env_hash(env->store, before);

    two = job_create(env, env->arena, "F1", 1, "bir");
    job_idem(two, "key-1", "one");
    two->now += CXR_DAY;
    assert_int_equal(run1(env->store, two), CXR_OK);
    assert_true(two->repeated && two->created);
    assert_true(cxr_str_eq(one->id, two->id));
    assert_int_equal(one->seq, two->seq);
    assert_int_equal(one->revision, two->revision);

    two = job_create(env, env->arena, "F1", 2, "iki");
    job_idem(two, "key-1", "two");
    assert_int_equal(run1(env->store, two), CXR_REFUSED);
    assert_string_equal(two->refusal.code, "idem_mismatch");

    env_hash(env->store, after);
    assert_memory_equal(before, after, 32);

    /* both of a double click, in one run */
    both[0] = job_create(env, env->arena, "F1", 1, NULL);
    both[1] = job_create(env, env->arena, "F1", 1, NULL);
    job_idem(both[0], "key-2", "same");
    job_idem(both[1], "key-2", "same");
    assert_int_equal(cxr_store_run(env->store, both, 2), CXR_OK);
    assert_int_equal(both[0]->rc, CXR_OK);
    assert_int_equal(both[1]->rc, CXR_OK);
    assert_true(!both[0]->repeated && both[1]->repeated);
    assert_true(cxr_str_eq(both[0]->id, both[1]->id));

    /* a refused command keeps no key: it may be tried again */
    two = job_create(env, env->arena, "F1", 99, NULL);
    job_idem(two, "key-3", "three");
    assert_int_equal(run1(env->store, two), CXR_REFUSED);
    two = job_create(env, env->arena, "F1", 1, NULL);
    job_idem(two, "key-3", "four");
    assert_int_equal(run1(env->store, two), CXR_OK);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    cxr_idem_hash(cxr_str("test"), cxr_str("key-1"), idem);
    assert_int_equal(cxr_read_idem(rd, &env->shop, idem, env->arena, &rma,
                                   &seq), CXR_OK);
    assert_true(cxr_str_eq(rma, one->id));
    assert_int_equal(seq, one->seq);
    cxr_idem_hash(cxr_str("tes"), cxr_str("tkey-1"), idem);
    assert_int_equal(cxr_read_idem(rd, &env->shop, idem, env->arena, &rma,
                                   &seq), CXR_NOTFOUND);
    cxr_read_end(rd);

    /* each stands with its RMA */
    assert_int_equal(env_count(env->store, "rmas"), 3);
    assert_int_equal(env_count(env->store, "idem"), 0);
}


/* An RMA's number is drawn from its key, whichever order it is of, but not the
   same in another shop; what has been done to the RMA since changes nothing. */
static void
test_idempotency_of_an_rma(void **state)
{
    cxr_str_t   id;
    uint64_t    seq;
    cxr_job_t  *job;

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "F-1", 9, NULL)), CXR_OK);
    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "F-2", 9, NULL)), CXR_OK);

    job = job_create(env, env->arena, "F1", 1, "bir");
    job_idem(job, "key", "one");
    assert_int_equal(run1(env->store, job), CXR_OK);
    id = job->id;
    seq = job->seq;

    /* the same key for another order is another request */
    job = job_create(env, env->arena, "F2", 1, "bir");
    job_idem(job, "key", "other");
    assert_int_equal(run1(env->store, job), CXR_REFUSED);
    assert_string_equal(job->refusal.code, "idem_mismatch");

    job = job_act(env, env->arena, CXR_VERB_CANCEL, id, NULL);
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_create(env, env->arena, "F1", 1, "bir");
    job_idem(job, "key", "one");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->repeated && job->created);
    assert_true(cxr_str_eq(job->id, id));
    assert_int_equal(job->seq, seq);
    assert_int_equal(job->revision, 1);

    /* a key that made something else stands in the table */
    job = job_act(env, env->arena, CXR_VERB_REOPEN, id, NULL);
    job_idem(job, "again", "x");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(env_count(env->store, "idem"), 1);

    env->shop.id = cxr_str("other");
    env->shop.key = cxr_shop_key(env->shop.id);
    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "F-1", 9, NULL)), CXR_OK);
    job = job_create(env, env->arena, "F1", 1, "bir");
    job_idem(job, "key", "one");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_false(job->repeated);
    assert_false(cxr_str_eq(job->id, id));
    assert_int_equal(env_count(env->store, "idem"), 1);
}


/* A command that makes several events has one answer. */
static void
test_idempotent_order(void **state)
{
    uint64_t     seq;
    cxr_job_t   *job;
    cxr_str_t    rma;
    cxr_read_t  *rd;

    job = job_order(env, env->arena, "I-1", 9, "PAR1");
    job_idem(job, "order", "I-1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_int_equal(env_count(env->store, "journal"), 2);
    assert_int_equal(env_count(env->store, "idem"), 1);

    job = job_order(env, env->arena, "I-1", 9, "PAR1");
    job_idem(job, "order", "I-1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->repeated && job->created);
    assert_true(cxr_str_is(job->id, "I1"));
    assert_int_equal(job->revision, 1);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_idem(rd, &env->shop, job->idem, env->arena, &rma,
                                   &seq), CXR_OK);
    assert_int_equal(rma.len, 0);
    cxr_read_end(rd);

    /* another order takes the parcel; then the first says again whose it is */
    job = job_order(env, env->arena, "I-2", 9, "PAR1");
    assert_int_equal(run1(env->store, job), CXR_OK);

    job = job_order(env, env->arena, "I-1", 9, "PAR1");
    job_idem(job, "again", "I-1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->changed && !job->created && !job->repeated);
    assert_int_equal(job->revision, 1);

    job = job_order(env, env->arena, "I-1", 9, "PAR1");
    job_idem(job, "again", "I-1");
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->repeated && !job->created);
    assert_true(cxr_str_is(job->id, "I1"));
    assert_int_equal(job->revision, 1);
}


/* What no key can hold is refused alone, and spoils nobody's run. */
static void
test_things_too_long(void **state)
{
    char          *text;
    size_t         i;
    cxr_job_t     *jobs[6];
    cxr_report_t  *r;

    text = cxr_alloc(env->arena, 5000);
    memset(text, 'A', 4999);
    text[4999] = '\0';

    jobs[0] = job_report(env, env->arena, "OK1", 1);
    jobs[1] = job_report(env, env->arena, text, 1);
    jobs[2] = job_report(env, env->arena, "OK2", 1);
    r = (cxr_report_t *) jobs[2]->u.feed.report;
    r->reference = cxr_strn(text, 450);
    jobs[3] = job_report(env, env->arena, "OK3", 1);
    r = (cxr_report_t *) jobs[3]->u.feed.report;
    r->number = cxr_strn("OK3\0yurtici", 11);
    jobs[4] = job_product(env, env->arena, text, 1);
    jobs[5] = job_order(env, env->arena, text, 1, NULL);

    assert_int_equal(cxr_store_run(env->store, jobs, 6), CXR_OK);
    assert_int_equal(jobs[0]->rc, CXR_OK);
    assert_int_equal(jobs[1]->rc, CXR_LIMIT);
    assert_int_equal(jobs[2]->rc, CXR_LIMIT);
    assert_int_equal(jobs[3]->rc, CXR_INVALID);
    assert_int_equal(jobs[4]->rc, CXR_LIMIT);
    assert_int_equal(jobs[5]->rc, CXR_LIMIT);
    assert_int_equal(env_count(env->store, "journal"), 1);

    assert_int_equal(run1(env->store, job_order(env, env->arena, "Q1", 1,
                                                NULL)), CXR_OK);
    jobs[0] = job_create(env, env->arena, "Q1", 1, text);
    jobs[1] = job_create(env, env->arena, text, 1, NULL);

    for (i = 0; i < 2; i++) {
        assert_int_equal(run1(env->store, jobs[i]), CXR_LIMIT);
    }

    assert_int_equal(env_count(env->store, "rmas"), 0);
}


static void
test_shops_do_not_meet(void **state)
{
    cxr_job_t   *job;
    uint64_t     seq;
    cxr_read_t  *rd;
    cxr_shop_t   other;
    cxr_order_t  o;

    env_shop(env, &other, "cay-evi");

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "G-1", 2, NULL)), CXR_OK);

    job = job_order(env, env->arena, "G-1", 7, NULL);
    job->shop = &other;
    assert_int_equal(run1(env->store, job), CXR_OK);
    assert_true(job->created);
    assert_int_equal(job->seq, 1);

    assert_int_equal(run1(env->store,
                          job_order(env, env->arena, "G-2", 2, NULL)), CXR_OK);

    assert_int_equal(cxr_read_begin(env->store, &rd), CXR_OK);
    assert_int_equal(cxr_read_order(rd, &other, cxr_str("G1"), env->arena, &o),
                     CXR_OK);
    assert_int_equal(o.lines.items[0].quantity, 7);
    assert_int_equal(cxr_read_order(rd, &other, cxr_str("G2"), env->arena, &o),
                     CXR_NOTFOUND);
    assert_int_equal(cxr_read_head(rd, &env->shop, &seq), CXR_OK);
    assert_int_equal(seq, 2);
    assert_int_equal(cxr_read_head(rd, &other, &seq), CXR_OK);
    assert_int_equal(seq, 1);
    cxr_read_end(rd);

    /* another shop that hashes to the same key must not get in */
    other.id = cxr_str("another");
    job = job_order(env, env->arena, "G-3", 7, NULL);
    job->shop = &other;
    assert_int_equal(run1(env->store, job), CXR_CONFLICT);

    cxr_tz_free(other.tz);
}


static void
test_sorted_reports_answer_their_own(void **state)
{
    char        number[16];
    unsigned    i;
    cxr_job_t  *jobs[200];

    for (i = 0; i < 200; i++) {
        snprintf(number, sizeof(number), "S%03u", (i * 37) % 100);
        jobs[i] = job_report(env, env->arena, number, i < 100 ? 2 : 3);
    }

    assert_int_equal(cxr_store_run(env->store, jobs, 200), CXR_OK);

    for (i = 0; i < 200; i++) {
        char  id[32];

        snprintf(id, sizeof(id), "yurtici/S%03u/20778", (i * 37) % 100);
        assert_int_equal(jobs[i]->rc, CXR_OK);
        assert_true(cxr_str_is(jobs[i]->id, id));
        assert_int_equal(jobs[i]->created, i < 100);
        assert_int_equal(jobs[i]->revision, i < 100 ? 1 : 2);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_order_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_order_again_makes_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_order_consigns_its_parcels, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_by_number_and_generations, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_reference_finds_the_parcel, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_rma_life, setup, teardown),
        cmocka_unit_test_setup_teardown(test_exchange_reads_products, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_delivery_opens_the_window, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_refused_leaves_no_trace, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_idempotency, setup, teardown),
        cmocka_unit_test_setup_teardown(test_idempotency_of_an_rma, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_idempotent_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_things_too_long, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shops_do_not_meet, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_sorted_reports_answer_their_own,
                                        setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
