
/*
 * The jobs of withdrawals: a statement is taken, given its receipt and, when
 * its order is known, its RMA; by hand the same later.
 */

#include "cxr_receipt.h"
#include "cxr_store_private.h"
#include "cxr_text.h"


#define CXR_DECLARE_TRIES  3     /* numbers that may be taken               */
#define CXR_ARRIVED_MAX    16    /* statements that one order.put matches   */


static cxr_rc_t
cxr_declare_id(cxr_writer_t *w, const cxr_job_t *job, cxr_str_t *id)
{
    char         *p;
    uint8_t       random[5];
    MDB_val       v;
    cxr_rc_t      rc;
    unsigned      i;
    cxr_dbkey_t   key;

    p = cxr_alloc(job->arena, CXR_WITHDRAWAL_ID_LEN);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    *id = cxr_strn(p, CXR_WITHDRAWAL_ID_LEN);

    for (i = 0; i < CXR_DECLARE_TRIES; i++) {
        cxr_random(random, sizeof(random));
        cxr_withdrawal_id_make(random, p);
        cxr_dbkey_one(&key, job->shop->key, *id);

        rc = cxr_writer_get(w, CXR_T_WITHDRAWALS, &key, &v);

        if (rc == CXR_NOTFOUND) {
            return CXR_OK;
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_ERROR;
}


/* What the statement is hashed as, and the token over that. */

static cxr_rc_t
cxr_declare_receipt(cxr_writer_t *w, const cxr_job_t *job,
    const cxr_statement_t *st, cxr_withdrawal_t *wd)
{
    char                  *hash;
    json_t                *json;
    cxr_rc_t               rc;
    cxr_buf_t              b;
    cxr_receipt_said_t     said;
    cxr_receipt_claims_t   claims;

    memset(&claims, 0, sizeof(claims));
    claims.shop = job->shop->id;
    claims.id = wd->id;
    claims.at = wd->declared_at;

    said.shop = job->shop->id;
    said.id = wd->id;
    said.at = wd->declared_at;
    said.name = st->name;
    said.email = st->email;
    said.contract = st->contract;
    said.words = st->words;
    said.language = st->locale;
    said.salt = st->salt;

    json = cxr_receipt_statement(&said);
    hash = cxr_alloc(w->scratch, CXR_HASH_LEN);

    if (json == NULL || hash == NULL) {
        json_decref(json);
        return CXR_NOMEM;
    }

    rc = cxr_receipt_hash(json, claims.hash);
    json_decref(json);

    if (rc != CXR_OK) {
        return rc == CXR_INVALID ? CXR_ERROR : rc;
    }

    memcpy(hash, claims.hash, CXR_HASH_LEN);
    wd->hash = cxr_strn(hash, CXR_HASH_LEN);

    cxr_buf_init(&b, CXR_RECEIPT_TOKEN_MAX);
    rc = cxr_receipt_sign(job->ring ? job->ring : w->store->ring, &claims, &b);

    if (rc == CXR_OK) {
        rc = cxr_str_dup(w->scratch, cxr_buf_str(&b), &wd->receipt);
    }

    cxr_buf_free(&b);

    return rc;
}


/*
 * The order's person, without w->okey, which has another key to keep.  The
 * same steps whatever is there: an order that is not takes as long.
 */

static cxr_rc_t
cxr_declare_person(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    const cxr_order_t *order, cxr_person_t *person)
{
    bool       there = false;
    uint8_t    mem[CXR_AAD_MAX], key[CXR_PERSON_KEY_LEN];
    MDB_val    v;
    cxr_rc_t   rc;
    cxr_str_t  box, wrapped, plain;
    cxr_dbkey_t  k;

    memset(person, 0, sizeof(*person));
    cxr_dbkey_one(&k, shop, id.len ? id : cxr_str("-"));

    rc = cxr_writer_get(w, CXR_T_PERSONS, &k, &v);

    if (rc == CXR_OK && order != NULL && order->person.len != 0) {
        there = true;
        wrapped = cxr_mdb_str(v);
        box = order->person;

    } else if (rc == CXR_OK || rc == CXR_NOTFOUND) {
        shop = 0;
        id = CXR_STR_NONE;
        wrapped = cxr_buf_str(&w->store->dummy_wrapped);
        box = cxr_buf_str(&w->store->dummy_box);

    } else {
        return rc;
    }

    rc = cxr_person_key_open(w->store->ring,
                             cxr_box_aad(CXR_BOX_KEY, shop, id, mem), wrapped,
                             key);

    if (rc == CXR_OK) {
        rc = cxr_person_open(key, cxr_box_aad(CXR_BOX_PERSON, shop, id, mem),
                             box, w->scratch, &plain);
        cxr_wipe(key, sizeof(key));
    }

    if (rc == CXR_OK) {
        rc = cxr_rec_decode(&cxr_person_type, plain.data, plain.len, person,
                            w->scratch);
    }

    if (rc != CXR_OK || !there) {
        memset(person, 0, sizeof(*person));
    }

    /* what cannot be opened proves nothing, and stops no statement */

    return CXR_OK;
}


/* What was declared, out of its box.  CXR_NOTFOUND: it cannot be read. */

static cxr_rc_t
cxr_declare_open(cxr_writer_t *w, uint32_t shop, const cxr_withdrawal_t *wd,
    cxr_statement_t *st)
{
    uint8_t      mem[CXR_AAD_MAX], key[CXR_PERSON_KEY_LEN];
    MDB_val      v;
    cxr_rc_t     rc;
    cxr_str_t    plain;
    cxr_dbkey_t  k;

    memset(st, 0, sizeof(*st));
    cxr_dbkey_one(&k, shop, wd->id);

    rc = cxr_writer_get(w, CXR_T_PERSONS, &k, &v);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_person_key_open(w->store->ring,
                             cxr_box_aad(CXR_BOX_KEY, shop, wd->id, mem),
                             cxr_mdb_str(v), key);
    if (rc != CXR_OK) {
        return CXR_NOTFOUND;
    }

    rc = cxr_person_open(key,
                         cxr_box_aad(CXR_BOX_STATEMENT, shop, wd->id, mem),
                         wd->box, w->scratch, &plain);
    cxr_wipe(key, sizeof(key));

    if (rc == CXR_OK) {
        rc = cxr_rec_decode(&cxr_statement_type, plain.data, plain.len, st,
                            w->scratch);
    }

    return rc == CXR_FORGED || rc == CXR_INVALID ? CXR_NOTFOUND : rc;
}


/*
 * The match and its RMA, appended to the events.  "lines" NULL: those that the
 * statement means, if that is clear.
 */

static cxr_rc_t
cxr_declare_match(cxr_writer_t *w, cxr_job_t *job, const cxr_withdrawal_t *wd,
    const cxr_statement_t *st, cxr_str_t id, const cxr_order_t *order,
    cxr_proof_t proof, const cxr_withdrawal_lines_t *lines,
    cxr_events_t *events)
{
    uint8_t                  random[32];
    cxr_rc_t                 rc = CXR_OK;
    cxr_rma_world_t          world;
    cxr_withdrawal_lines_t   meant;
    cxr_withdrawal_match_t  *match;

    match = cxr_calloc(w->scratch, 1, sizeof(*match));
    if (match == NULL) {
        return CXR_NOMEM;
    }

    memset(&meant, 0, sizeof(meant));

    if (lines == NULL) {
        lines = &meant;

        /* of a statement that was erased, only the whole is still known */

        if (wd->whole || st->words.len != 0) {
            rc = cxr_withdrawal_lines(order, st, w->scratch, &meant);
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_job_world(w, job, order, &world);
    }

    match->id = wd->id;
    match->order = id;
    match->order_number = order->number;
    match->proof = (uint8_t) proof;

    cxr_random(random, sizeof(random));

    if (rc == CXR_OK) {
        rc = cxr_withdrawal_rma(order, wd->locale, lines,
                                proof == CXR_PROOF_NAME, random, &world,
                                job->now, w->scratch, &match->rma, events,
                                &job->refusal);
    }

    if (rc == CXR_OK && w->fault != CXR_OK) {
        rc = w->fault;
    }

    if (rc == CXR_OK) {
        rc = cxr_withdrawal_match(wd, match, w->scratch, events,
                                  &job->refusal);
    }

    return rc == CXR_OK ? cxr_job_way(w, job, order, NULL, events) : rc;
}


cxr_rc_t
cxr_job_declare(cxr_writer_t *w, cxr_job_t *job)
{
    char               folded[CXR_NUMBER_MAX], salt[CXR_RECEIPT_SALT_LEN];
    size_t             n;
    uint8_t            blind[16];
    cxr_rc_t           rc;
    cxr_str_t          number = CXR_STR_NONE;
    cxr_order_t       *order = NULL;
    cxr_proof_t        proof;
    cxr_person_t       person;
    cxr_events_t       events = { NULL, 0 };
    cxr_statement_t    st = *job->u.statement;
    cxr_withdrawal_t   wd, made;

    memset(&wd, 0, sizeof(wd));
    cxr_receipt_salt(salt);
    st.salt = cxr_strn(salt, sizeof(salt));
    wd.declared_at = job->now;
    wd.locale = st.locale;
    wd.whole = st.words.len == 0;

    if (cxr_fold_number(st.contract, folded, &n) == CXR_OK) {
        number = cxr_strn(folded, n);
        cxr_blind_index(w->store->ring, cxr_str("withdrawal"), number, blind);
        wd.blind = cxr_strn(blind, sizeof(blind));

        rc = cxr_job_order(w, job, number, &order);

        if (rc == CXR_NOTFOUND) {
            order = NULL;

        } else if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_declare_person(w, job->shop->key, number, order, &person);
    if (rc != CXR_OK) {
        return rc;
    }

    proof = cxr_withdrawal_proof(&st, &person, w->scratch);

    rc = cxr_declare_id(w, job, &wd.id);

    if (rc == CXR_OK) {
        rc = cxr_declare_receipt(w, job, &st, &wd);
    }

    if (rc == CXR_OK) {
        rc = cxr_statement_box(w, job->shop->key, wd.id, &st, &wd.box);
    }

    if (rc == CXR_OK) {
        rc = cxr_withdrawal_declare(&wd, w->scratch, &events);
    }

    if (rc == CXR_OK && order != NULL && proof != CXR_PROOF_NONE) {
        made = wd;
        made.revision = 1;
        rc = cxr_declare_match(w, job, &made, &st, number, order, proof, NULL,
                               &events);

        if (rc == CXR_REFUSED) {

            /* it is taken all the same, and staff look at it */

            memset(&job->refusal, 0, sizeof(job->refusal));
            events.n = 1;
            rc = CXR_OK;
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->id = wd.id;
    job->created = true;
    job->revision = events.n == 1 ? 1 : 2;

    return CXR_OK;
}


static cxr_rc_t
cxr_declare_slot(cxr_writer_t *w, const cxr_job_t *job, cxr_str_t id,
    cxr_withdrawal_t **wd)
{
    cxr_rc_t     rc;
    cxr_slot_t  *s;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, job->shop->key, id);

    rc = cxr_slot_load(w, CXR_T_WITHDRAWALS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    *wd = s->obj;

    if (!s->exists) {
        return CXR_NOTFOUND;
    }

    return job->expect != 0 && job->expect != (*wd)->revision
           && job->kind != CXR_CMD_ORDER_PUT
           ? CXR_CONFLICT : CXR_OK;
}


cxr_rc_t
cxr_job_match(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t           rc;
    cxr_order_t       *order;
    cxr_events_t       events = { NULL, 0 };
    cxr_statement_t    st;
    cxr_withdrawal_t  *wd;

    rc = cxr_declare_slot(w, job, job->u.match.id, &wd);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_job_order(w, job, job->u.match.order, &order);

    if (rc == CXR_NOTFOUND) {
        return cxr_refuse(&job->refusal, "order_unknown", "/order",
                          "there is no such order");
    }

    if (rc == CXR_OK) {
        rc = cxr_declare_open(w, job->shop->key, wd, &st);
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    rc = cxr_declare_match(w, job, wd, &st, job->u.match.order, order,
                           CXR_PROOF_STAFF, job->u.match.lines, &events);

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->revision = wd->revision;

    return cxr_str_dup(job->arena, wd->id, &job->id);
}


cxr_rc_t
cxr_job_judge(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t           rc;
    cxr_events_t       events = { NULL, 0 };
    cxr_withdrawal_t  *wd;

    rc = cxr_declare_slot(w, job, job->u.judge->id, &wd);

    if (rc == CXR_OK) {
        rc = cxr_withdrawal_judge(wd, job->u.judge, w->scratch, &events,
                                  &job->refusal);
    }

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->revision = wd->revision;

    return cxr_str_dup(job->arena, wd->id, &job->id);
}


/*
 * After the order's own events.  The RMA of one statement leaves less for the
 * next, so that each is decided against what the one before it did.
 */

cxr_rc_t
cxr_job_arrived(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id,
    cxr_order_t *order)
{
    bool               has_idem = job->has_idem;
    uint8_t            blind[16];
    cxr_rc_t           rc;
    uint32_t           i;
    cxr_strs_t         ids;
    cxr_proof_t        proof;
    cxr_events_t       events;
    cxr_person_t       person;
    cxr_statement_t    st;
    cxr_withdrawal_t  *wd;

    if (w->store->ring == NULL || order->person.len == 0) {
        return CXR_OK;
    }

    cxr_blind_index(w->store->ring, cxr_str("withdrawal"), id, blind);

    rc = cxr_withdrawals_waiting(w, job->shop->key, blind, CXR_ARRIVED_MAX,
                                 &ids);

    if (rc == CXR_OK && ids.n != 0) {
        rc = cxr_declare_person(w, job->shop->key, id, order, &person);
    }

    /* the key of the order.put stands with its own first event */

    job->has_idem = false;

    for (i = 0; rc == CXR_OK && i < ids.n; i++) {
        rc = cxr_declare_slot(w, job, ids.items[i], &wd);

        if (rc == CXR_OK) {
            rc = cxr_declare_open(w, job->shop->key, wd, &st);
        }

        if (rc == CXR_NOTFOUND) {
            rc = CXR_OK;                      /* erased: nothing to compare */
            continue;
        }

        proof = rc == CXR_OK
                ? cxr_withdrawal_proof(&st, &person, w->scratch)
                : CXR_PROOF_NONE;

        if (proof == CXR_PROOF_NONE) {
            continue;
        }

        memset(&events, 0, sizeof(events));
        rc = cxr_declare_match(w, job, wd, &st, id, order, proof, NULL,
                               &events);

        if (rc == CXR_REFUSED) {
            memset(&job->refusal, 0, sizeof(job->refusal));
            rc = CXR_OK;
            continue;
        }

        if (rc == CXR_OK) {
            rc = cxr_job_commit(w, job, &events);
        }
    }

    job->has_idem = has_idem;

    return rc == CXR_OK ? CXR_OK : cxr_writer_fault(w, rc);
}
