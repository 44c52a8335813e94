
/*
 * Erasure: the job that makes person.erased and forgets keys, and what applies
 * it.  The keys go in the job, not in apply: they do not come out of the
 * journal, and a rebuilt store must not forget the key of somebody who came
 * again after it.
 */

#include "cxr_store_due.h"
#include "cxr_store_private.h"


/* ---- when it falls due ---- */

/* Is any of the order's RMAs under way? */
static cxr_rc_t
cxr_order_open(cxr_writer_t *w, uint32_t shop, const cxr_order_t *order,
    bool *open)
{
    uint32_t     i;
    cxr_rc_t     rc;
    cxr_slot_t  *s;
    cxr_dbkey_t  key;

    *open = false;

    for (i = 0; i < order->rmas.n && !*open; i++) {
        cxr_dbkey_one(&key, shop, order->rmas.items[i]);

        rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);
        if (rc != CXR_OK) {
            return rc;
        }

        *open = s->exists && !cxr_rma_over(s->obj);
    }

    return CXR_OK;
}


/*
 * An order grows old from the last that happened with it, and not while one of
 * its RMAs is under way: then its entry is left where it stands, far from what
 * else is written when an RMA is made, and moves when the last of them is over.
 * Its messages have an entry of their own: where one of the two is old and the
 * other not, it stands there until both are.
 */
cxr_rc_t
cxr_order_ages(cxr_writer_t *w, uint32_t shop, cxr_str_t id, cxr_time_t was,
    cxr_order_t *order)
{
    bool        open;
    cxr_rc_t    rc;
    cxr_time_t  at = order->ages_at != CXR_TIME_NONE ? order->ages_at : was;

    rc = cxr_order_open(w, shop, order, &open);
    if (rc != CXR_OK) {
        return rc;
    }

    if (open) {
        order->ages_at = at;
        return CXR_OK;
    }

    order->ages_at = CXR_TIME_NONE;

    return cxr_due_move(w, shop, CXR_DUE_ORDER_AGE, id, at,
                        order->person.len == 0 && order->rmas.n == 0
                        && order->surveys.n == 0
                        ? CXR_TIME_NONE : order->updated_at);
}


/* ---- applying ---- */

static cxr_rc_t
cxr_apply_erased_order(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t      rc;
    cxr_slot_t   *s, *talk;
    cxr_dbkey_t   key;
    cxr_order_t  *order, old;

    cxr_dbkey_one(&key, shop, ev->id);

    rc = cxr_slot_load(w, CXR_T_ORDERS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    order = s->obj;

    if (!s->exists || ev->expect != order->revision) {
        return CXR_CONFLICT;
    }

    old = *order;

    rc = cxr_order_apply_erased(order, ev, e->at);

    if (rc == CXR_OK) {
        rc = cxr_person_index(w, shop, ev->id, old.person, order->person);
    }

    if (rc == CXR_OK) {
        rc = cxr_find_order(w, shop, ev->id, &old, order);
    }

    if (rc == CXR_OK) {
        rc = cxr_due_move(w, shop, CXR_DUE_ORDER_AGE, ev->id,
                          old.ages_at != CXR_TIME_NONE ? old.ages_at
                                                       : old.updated_at,
                          CXR_TIME_NONE);
        order->ages_at = CXR_TIME_NONE;
    }

    if (rc == CXR_OK) {
        rc = cxr_slot_talk(w, shop, ev->id, &talk);
    }

    if (rc == CXR_OK) {
        rc = cxr_due_move(w, shop, CXR_DUE_TALK_AGE, ev->id,
                          cxr_talk_last(talk->obj), CXR_TIME_NONE);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = order->revision;
    w->id = ev->id;

    return cxr_slot_put(w, s, e->seq);
}


static cxr_rc_t
cxr_apply_erased_statement(cxr_writer_t *w, uint32_t shop,
    const cxr_entry_t *e, const cxr_event_t *ev)
{
    cxr_rc_t           rc;
    cxr_slot_t        *s;
    cxr_time_t         ages;
    cxr_dbkey_t        key;
    cxr_withdrawal_t  *wd;

    cxr_dbkey_one(&key, shop, ev->id);

    rc = cxr_slot_load(w, CXR_T_WITHDRAWALS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    wd = s->obj;

    if (!s->exists || ev->expect != wd->revision) {
        return CXR_CONFLICT;
    }

    ages = cxr_statement_ages(wd);
    rc = cxr_withdrawal_apply_erased(wd, ev);

    if (rc == CXR_OK) {
        rc = cxr_due_move(w, shop, CXR_DUE_STATEMENT_AGE, ev->id, ages,
                          CXR_TIME_NONE);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = wd->revision;
    w->id = ev->id;

    return cxr_slot_put(w, s, e->seq);
}


cxr_rc_t
cxr_apply_erased(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    return ev->aggregate == CXR_AGG_WITHDRAWAL
           ? cxr_apply_erased_statement(w, shop, e, ev)
           : cxr_apply_erased_order(w, shop, e, ev);
}


/* ---- the job ---- */

/* False: it came back to life, or the shop's file changed, meanwhile. */
static bool
cxr_erase_aged(const cxr_job_t *job, cxr_time_t at)
{
    cxr_time_t  until;

    return cxr_due_until(job->shop, CXR_DUE_ORDER_AGE, job->now, &until)
           && at != CXR_TIME_NONE && at <= until;
}


static cxr_rc_t
cxr_erase_has_key(cxr_writer_t *w, uint32_t shop, cxr_str_t name, bool *has)
{
    MDB_val      v;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop, name);
    rc = cxr_writer_get(w, CXR_T_PERSONS, &key, &v);
    *has = rc == CXR_OK;

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


/* No order can be found for it any more: it does not wait for one. */
static cxr_rc_t
cxr_erase_unmatched(cxr_writer_t *w, cxr_job_t *job,
    const cxr_withdrawal_t *wd, cxr_events_t *events)
{
    cxr_rc_t                 rc;
    cxr_withdrawal_t         next = *wd;
    cxr_withdrawal_judge_t  *cmd;

    cmd = cxr_calloc(w->scratch, 1, sizeof(*cmd));
    if (cmd == NULL) {
        return CXR_NOMEM;
    }

    cmd->id = wd->id;
    cmd->reason = cxr_str("the statement was erased before an order was found "
                          "for it");

    rc = cxr_withdrawal_judge(wd, cmd, w->scratch, events, &job->refusal);
    next.revision++;

    return rc == CXR_OK ? cxr_withdrawal_erase(&next, job->u.erase.cause,
                                               w->scratch, events)
                        : rc;
}


/* Of an order, or by itself. */
static cxr_rc_t
cxr_erase_statement(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id, bool alone,
    cxr_events_t *events)
{
    bool               has;
    cxr_rc_t           rc;
    cxr_slot_t        *s;
    cxr_dbkey_t        key;
    cxr_withdrawal_t  *wd;

    cxr_dbkey_one(&key, job->shop->key, id);

    rc = cxr_slot_load(w, CXR_T_WITHDRAWALS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    if (!s->exists) {
        return CXR_NOTFOUND;
    }

    wd = s->obj;

    if (alone && job->u.erase.cause == CXR_ERASE_AGE
        && !cxr_erase_aged(job, cxr_statement_ages(wd)))
    {
        return CXR_OK;
    }

    rc = cxr_erase_has_key(w, job->shop->key, id, &has);

    if (rc != CXR_OK || (!has && wd->box.len == 0)) {
        return rc;
    }

    return wd->state == CXR_WITHDRAWAL_UNMATCHED
           ? cxr_erase_unmatched(w, job, wd, events)
           : cxr_withdrawal_erase(wd, job->u.erase.cause, w->scratch, events);
}


static cxr_rc_t
cxr_erase_order(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id,
    cxr_events_t *events)
{
    bool               has;
    uint32_t           i;
    cxr_rc_t           rc;
    cxr_strs_t         ids;
    cxr_slot_t        *s;
    cxr_time_t         last;
    cxr_dbkey_t        key;
    cxr_order_t       *order;
    const cxr_rma_t  **rmas;

    rc = cxr_job_order(w, job, id, &order);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_slot_talk(w, job->shop->key, id, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    last = cxr_talk_last(s->obj);

    if (last < order->updated_at) {
        last = order->updated_at;
    }

    if (job->u.erase.cause == CXR_ERASE_AGE && !cxr_erase_aged(job, last)) {
        return CXR_OK;
    }

    rmas = cxr_calloc(w->scratch, order->rmas.n + 1, sizeof(*rmas));
    if (rmas == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < order->rmas.n; i++) {
        cxr_dbkey_one(&key, job->shop->key, order->rmas.items[i]);

        rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);
        if (rc != CXR_OK) {
            return rc;
        }

        rmas[i] = s->obj;
    }

    rc = cxr_erase_has_key(w, job->shop->key, id, &has);

    /* by its age also where nothing is left, so that it leaves the table */

    if (rc == CXR_OK
        && (has || order->person.len != 0
            || job->u.erase.cause == CXR_ERASE_AGE))
    {
        rc = cxr_order_erase(id, order, rmas, order->rmas.n,
                             job->u.erase.cause, job->u.erase.open,
                             w->scratch, events, &job->refusal);
    }

    if (rc == CXR_OK) {
        rc = cxr_withdrawals_of(w, job->shop->key, id, &ids);
    }

    for (i = 0; rc == CXR_OK && i < ids.n; i++) {
        rc = cxr_erase_statement(w, job, ids.items[i], false, events);
    }

    return rc;
}


/*
 * Of a gift return alone.  What was made before its recipients had keys of their
 * own stands under the order's, and goes with it.
 */
static cxr_rc_t
cxr_erase_recipient(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id,
    cxr_events_t *events)
{
    bool          has;
    char          mem[CXR_GIFT_KEY_LEN];
    cxr_rc_t      rc;
    cxr_rma_t    *rma;
    cxr_order_t  *order;

    rc = cxr_job_rma(w, job, id, &rma, &order);

    if (rc == CXR_OK) {
        rc = rma->gift ? cxr_erase_has_key(w, job->shop->key,
                                           cxr_gift_key(id, mem), &has)
                       : CXR_NOTFOUND;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (!has && rma->recipient.len != 0 && rma->created_at > order->gone_at) {
        return cxr_refuse(&job->refusal, "recipient_with_order", "",
                          "%.*s was made by an earlier version, and its "
                          "recipient goes with the order: erase that",
                          cxr_str_arg(id));
    }

    return has ? cxr_recipient_erase(order, rma, job->u.erase.open, w->scratch,
                                     events, &job->refusal)
               : CXR_OK;
}


/* The keys that go: those of the events, and with an order's those of who was
   given something of it. */
static cxr_rc_t
cxr_erase_keys(cxr_writer_t *w, cxr_job_t *job, const cxr_event_t *ev)
{
    char          mem[CXR_GIFT_KEY_LEN];
    uint32_t      i;
    cxr_rc_t      rc;
    uint32_t      shop = job->shop->key;
    cxr_order_t  *order;

    if (ev->kind == CXR_EV_RECIPIENT_ERASED) {
        return cxr_person_key_drop(w, shop,
                                   cxr_gift_key(cxr_rma_event_id(ev), mem));
    }

    if (ev->kind != CXR_EV_PERSON_ERASED) {
        return CXR_OK;
    }

    rc = cxr_person_key_drop(w, shop, ev->id);

    if (rc != CXR_OK || ev->aggregate != CXR_AGG_ORDER) {
        return rc;
    }

    rc = cxr_job_order(w, job, ev->id, &order);

    for (i = 0; rc == CXR_OK && order->gifted && i < order->rmas.n; i++) {
        rc = cxr_person_key_drop(w, shop,
                                 cxr_gift_key(order->rmas.items[i], mem));
    }

    return rc;
}


cxr_rc_t
cxr_job_erase(cxr_writer_t *w, cxr_job_t *job)
{
    char          number[CXR_WITHDRAWAL_ID_LEN], rma[CXR_RMA_ID_LEN];
    bool          statement, gift;
    uint32_t      i;
    cxr_rc_t      rc;
    cxr_str_t     id = job->u.erase.id;
    cxr_events_t  events = { NULL, 0 };

    statement = cxr_withdrawal_id_parse(id, number) == CXR_OK
                && cxr_str_eq(id, cxr_strn(number, sizeof(number)));

    gift = cxr_rma_id_parse(id, rma) == CXR_OK
           && cxr_str_eq(id, cxr_strn(rma, sizeof(rma)));

    rc = statement ? cxr_erase_statement(w, job, id, true, &events)
         : gift ? cxr_erase_recipient(w, job, id, &events)
                : cxr_erase_order(w, job, id, &events);

    if (rc == CXR_OK) {
        rc = cxr_job_commit(w, job, &events);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < events.n; i++) {
        rc = cxr_erase_keys(w, job, &events.items[i]);
        if (rc != CXR_OK) {
            return cxr_writer_fault(w, rc);
        }
    }

    job->revision = w->revision;

    return cxr_str_dup(job->arena, id, &job->id);
}
