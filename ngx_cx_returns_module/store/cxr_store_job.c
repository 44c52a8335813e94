
/*
 * One job: load what its decision looks at, decide, and put what it made.
 *
 * Until cxr_job_commit() nothing is put, so that a refused job leaves no
 * trace; after its first put, any failure spoils the whole txn.
 */

#include "cxr_cancel.h"
#include "cxr_store_private.h"
#include "cxr_text.h"


/* with the shop's key and all that stands between, within an LMDB key */
#define CXR_PARCEL_KEY_MAX   400

/* The shop's name stands in meta from its first event on.  CXR_CONFLICT: the
   key is another shop's, whose data would be mixed with this one's. */
static cxr_rc_t
cxr_job_shop(cxr_writer_t *w, const cxr_job_t *job, cxr_head_t *head)
{
    MDB_val      v;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (head->named) {
        return CXR_OK;
    }

    key.len = 0;
    key.over = false;
    cxr_dbkey_str(&key, cxr_str("shop"));
    cxr_dbkey_u32(&key, job->shop->key);

    rc = cxr_writer_get(w, CXR_T_META, &key, &v);

    if (rc == CXR_OK) {
        if (!cxr_str_eq(cxr_mdb_str(v), job->shop->id)) {
            return CXR_CONFLICT;
        }

    } else if (rc == CXR_NOTFOUND) {
        rc = cxr_writer_put(w, CXR_T_META, &key, job->shop->id);
    }

    if (rc == CXR_OK) {
        head->named = true;
    }

    return rc;
}


/* Journals and applies events. */
static cxr_rc_t
cxr_job_events(cxr_writer_t *w, cxr_job_t *job, const cxr_events_t *events)
{
    uint32_t      i;
    cxr_rc_t      rc;
    cxr_head_t   *head;
    cxr_entry_t   e;

    if (events->n == 0) {
        return CXR_OK;
    }

    rc = cxr_journal_head(w, job->shop->key, &head);
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < events->n; i++) {
        const cxr_event_t  *ev = &events->items[i];
        const cxr_type_t   *type = cxr_event_body(ev->kind);

        if (type == NULL) {
            return cxr_writer_fault(w, CXR_ERROR);
        }

        cxr_buf_reset(&w->body);
        rc = cxr_rec_encode_keep(type, ev->body, head->seq + 1, &w->body,
                                 &w->told);
        if (rc != CXR_OK) {
            /* too large a thing; of the first, nothing is put yet */
            return i > 0 ? cxr_writer_fault(w, rc) : rc;
        }

        if (i == 0) {
            rc = cxr_job_shop(w, job, head);
            if (rc != CXR_OK) {
                return rc;
            }

            rc = cxr_person_key_save(w);
            if (rc != CXR_OK) {
                return cxr_writer_fault(w, rc);
            }
        }

        memset(&e, 0, sizeof(e));
        e.at = job->now;
        e.kind = ev->kind;
        e.aggregate = ev->aggregate;
        e.actor_kind = (uint8_t) job->actor_kind;
        e.id = ev->id;
        e.expect = ev->expect;
        e.actor = job->actor;
        e.body = cxr_buf_str(&w->body);

        if (job->has_idem && i == 0 && !job->changed) {
            e.idem = cxr_strn(job->idem, sizeof(job->idem));
            e.fingerprint = cxr_strn(job->fingerprint,
                                     sizeof(job->fingerprint));
        }

        rc = cxr_journal_append(w, head, &e);

        if (rc == CXR_OK) {
            rc = cxr_apply_entry(w, job->shop->key, &e, ev);
        }

        w->told.type = NULL;

        if (rc != CXR_OK) {
            return cxr_writer_fault(w, rc);
        }

        job->seq = e.seq;
    }

    job->changed = true;

    return CXR_OK;
}


/*
 * An event of an order may mean, for another of its RMAs, that the cost of the
 * delivery to the shopper is due, or no longer: the last of its goods are back,
 * or a request was taken back.
 */
static cxr_rc_t
cxr_job_delivery(cxr_writer_t *w, cxr_job_t *job, const cxr_events_t *events)
{
    uint32_t       i;
    cxr_rc_t       rc;
    cxr_rma_t     *rma;
    cxr_order_t   *order;
    cxr_events_t   more = { NULL, 0 };

    for (i = 0; i < events->n; i++) {
        if (events->items[i].aggregate == CXR_AGG_ORDER) {
            break;
        }
    }

    if (i == events->n) {
        return CXR_OK;
    }

    rc = cxr_job_order(w, job, events->items[i].id, &order);

    if (rc != CXR_OK || order->delivery_rma.len == 0) {
        return rc;
    }

    rc = cxr_job_rma(w, job, order->delivery_rma, &rma, &order);
    if (rc == CXR_OK) {
        rc = cxr_rma_delivery(order, rma, job->now, w->scratch, &more);
    }

    return rc == CXR_OK ? cxr_job_events(w, job, &more) : rc;
}


/* Journals and applies the events of a job, and what follows from them. */
cxr_rc_t
cxr_job_commit(cxr_writer_t *w, cxr_job_t *job, const cxr_events_t *events)
{
    cxr_rc_t  rc;

    rc = cxr_job_events(w, job, events);

    if (rc == CXR_OK && events->n != 0) {
        rc = cxr_job_delivery(w, job, events);

        if (rc != CXR_OK) {
            return cxr_writer_fault(w, rc);
        }
    }

    return rc;
}


cxr_rc_t
cxr_job_order(cxr_writer_t *w, cxr_job_t *job, cxr_str_t number,
    cxr_order_t **order)
{
    cxr_rc_t     rc;
    cxr_slot_t  *s;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, job->shop->key, number);

    rc = cxr_slot_load(w, CXR_T_ORDERS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    *order = s->obj;

    return s->exists ? CXR_OK : CXR_NOTFOUND;
}


/* ---- orders and products ---- */

/*
 * What becomes part of a key: no zero byte, since that ends a part, and short
 * enough for all of them to fit.  Checked here, so that one bad report does not
 * spoil the txn of a whole run.
 */
cxr_rc_t
cxr_job_key_parts(cxr_str_t carrier, cxr_str_t number, cxr_str_t reference)
{
    if (carrier.len + number.len + reference.len > CXR_PARCEL_KEY_MAX) {
        return CXR_LIMIT;
    }

    if ((carrier.len && memchr(carrier.data, 0, carrier.len) != NULL)
        || (number.len && memchr(number.data, 0, number.len) != NULL)
        || (reference.len && memchr(reference.data, 0, reference.len) != NULL))
    {
        return CXR_INVALID;
    }

    return CXR_OK;
}


/*
 * A shop may send an order's parcels with those among them that come back; an
 * RMA's word on its own parcel is the better one.
 */
static bool
cxr_job_brings_back(const cxr_shipment_t *ship, cxr_str_t order)
{
    return ship->rma.len != 0 && cxr_str_eq(ship->order, order);
}


/* Tells each parcel of the order whose it is. */
static cxr_rc_t
cxr_job_consign(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *order,
    cxr_str_t id, cxr_events_t *events)
{
    uint32_t                   i, j;
    cxr_rc_t                   rc;
    cxr_slot_t                *s;
    cxr_consign_t              c;
    const cxr_order_parcel_t  *p, *q;

    for (i = 0; i < order->parcels.n; i++) {
        p = &order->parcels.items[i];

        for (j = 0; j < i; j++) {
            q = &order->parcels.items[j];
            if (cxr_str_eq(p->carrier, q->carrier)
                && cxr_str_eq(p->number, q->number))
            {
                break;
            }
        }

        if (j < i) {
            continue;
        }

        rc = cxr_job_key_parts(p->carrier, p->number, CXR_STR_NONE);
        if (rc != CXR_OK) {
            return rc;
        }

        rc = cxr_slot_parcel(w, job->shop->key, p->carrier, p->number, &s);
        if (rc != CXR_OK) {
            return rc;
        }

        if (s != NULL && cxr_job_brings_back(s->obj, id)) {
            continue;
        }

        memset(&c, 0, sizeof(c));
        c.carrier = p->carrier;
        c.number = p->number;
        c.order = id;
        c.lines = p->lines;
        c.direction = CXR_PARCEL_OUTBOUND;

        rc = cxr_shipment_consign(s ? s->obj : NULL, &c, job->now, w->scratch,
                                  events, &job->refusal);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


/*
 * A parcel that the order names now may have what a cancellation of it asked
 * for: in the same transaction, so that one of the two wins, and both know.
 */
static cxr_rc_t
cxr_job_overtaken(cxr_writer_t *w, cxr_job_t *job, const cxr_order_t *before,
    const cxr_order_t *state)
{
    bool           has_idem = job->has_idem;
    cxr_rc_t       rc = CXR_OK;
    uint32_t       i;
    cxr_rma_t     *rma;
    cxr_order_t   *order;
    cxr_events_t   events;

    /* the key of the order.put stands with its own first event */

    job->has_idem = false;

    for (i = 0; rc == CXR_OK && state->cancels && i < state->rmas.n; i++) {
        memset(&events, 0, sizeof(events));

        rc = cxr_job_rma(w, job, state->rmas.items[i], &rma, &order);
        if (rc == CXR_OK) {
            rc = cxr_cancel_overtake(before, order, rma, w->scratch, &events);
        }

        if (rc == CXR_OK) {
            rc = cxr_job_commit(w, job, &events);
        }
    }

    job->has_idem = has_idem;

    return rc == CXR_OK ? CXR_OK : cxr_writer_fault(w, rc);
}


static cxr_rc_t
cxr_job_order_put(cxr_writer_t *w, cxr_job_t *job)
{
    char          folded[CXR_NUMBER_MAX];
    bool          existed;
    size_t        n;
    cxr_rc_t      rc;
    cxr_str_t     id;
    cxr_slot_t   *s;
    cxr_dbkey_t   key;
    cxr_order_t   order = *job->u.put.order;
    cxr_order_t   before, *state;
    cxr_events_t  events = { NULL, 0 };

    rc = cxr_fold_number(order.number, folded, &n);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_str_dup(job->arena, cxr_strn(folded, n), &id);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_dbkey_one(&key, job->shop->key, id);

    rc = cxr_slot_load(w, CXR_T_ORDERS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    state = s->obj;
    existed = s->exists;
    before = *state;
    order.person = CXR_STR_NONE;

    if ((job->expect != 0 && (!existed || state->revision != job->expect))
        || (job->absent && existed))
    {
        return CXR_CONFLICT;
    }

    if (job->u.put.person != NULL) {
        rc = cxr_person_box(w, job->shop->key, id, CXR_BOX_PERSON,
                            state->person, job->u.put.person, &order.person);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_order_put(existed ? state : NULL, &order, job->now, w->scratch,
                       &events, &job->refusal);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_job_consign(w, job, &order, id, &events);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_job_commit(w, job, &events);

    if (rc == CXR_OK && events.n != 0 && existed) {
        rc = cxr_job_overtaken(w, job, &before, state);
    }

    if (rc == CXR_OK && events.n != 0) {
        rc = cxr_job_arrived(w, job, id, state);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    job->id = id;
    job->revision = state->revision;
    job->created = !existed;

    return CXR_OK;
}


static cxr_rc_t
cxr_job_product_put(cxr_writer_t *w, cxr_job_t *job)
{
    bool                  existed;
    cxr_rc_t              rc;
    cxr_slot_t           *s;
    cxr_dbkey_t           key;
    cxr_events_t          events = { NULL, 0 };
    const cxr_product_t  *product = job->u.product;

    if (product->id.len == 0 || product->id.len > CXR_PRODUCT_KEY_MAX) {
        return product->id.len ? CXR_LIMIT : CXR_INVALID;
    }

    cxr_dbkey_one(&key, job->shop->key, product->id);

    rc = cxr_slot_load(w, CXR_T_PRODUCTS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    existed = s->exists;

    if ((job->expect != 0
         && (!existed
             || ((cxr_product_t *) s->obj)->revision != job->expect))
        || (job->absent && existed))
    {
        return CXR_CONFLICT;
    }

    rc = cxr_product_put(existed ? s->obj : NULL, product, job->now,
                         w->scratch, &events, &job->refusal);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_job_commit(w, job, &events);
    if (rc != CXR_OK) {
        return rc;
    }

    job->created = !existed;
    job->revision = ((cxr_product_t *) s->obj)->revision;

    return cxr_str_dup(job->arena, product->id, &job->id);
}


/* ---- feeds ---- */

/*
 * What the shipment's new state means for the RMA whose goods it brings, into
 * the same events.  Few parcels do; the others do not come here.
 */
static cxr_rc_t
cxr_job_follow(cxr_writer_t *w, cxr_job_t *job, const cxr_shipment_t *ship,
    cxr_events_t *events)
{
    cxr_rc_t         rc;
    cxr_rma_t       *rma;
    cxr_order_t     *order;
    cxr_shipment_t   next;

    rc = cxr_job_rma(w, job, ship->rma, &rma, &order);
    if (rc != CXR_OK) {
        /* the shop's word had no RMA behind it: the parcel is one all the same */
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    next = *ship;

    rc = cxr_shipment_apply(&next, &events->items[0], job->now, w->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_rma_follow(order, rma, &next, job->now, w->scratch, events);

    return rc == CXR_OK ? cxr_job_stock(w, job, order, rma, events) : rc;
}


static cxr_rc_t
cxr_job_report(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t               rc;
    uint32_t               day = 0;
    cxr_slot_t            *s = NULL;
    cxr_events_t           events = { NULL, 0 };
    cxr_report_t           named;
    cxr_shipment_t        *state;
    const cxr_report_t    *report = job->u.feed.report;

    rc = cxr_job_key_parts(report->carrier, report->number,
                           report->reference);
    if (rc != CXR_OK) {
        return rc;
    }

    if (report->number.len != 0 && report->unique.len != 0) {
        rc = cxr_slot_told(w, job->shop->key, report, job->now, &s, &day);

    } else if (report->number.len != 0) {
        rc = cxr_slot_parcel(w, job->shop->key, report->carrier,
                             report->number, &s);

    } else if (report->reference.len != 0) {
        rc = cxr_slot_reference(w, job->shop->key, report->carrier,
                                report->reference, &s);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    state = s ? s->obj : NULL;

    if (state == NULL && job->u.feed.unknown == CXR_UNKNOWN_REFUSE) {
        return cxr_refuse(&job->refusal, "parcel_unknown", "/number",
                          "no order has announced this parcel");
    }

    if (day != report->day || (state != NULL && report->number.len == 0)) {
        named = *report;
        named.day = day;

        if (state != NULL) {
            named.number = state->number;
        }

        report = &named;
    }

    rc = cxr_shipment_report(state, report, job->now, w->scratch, &events,
                             &job->skipped, &job->refusal);
    if (rc != CXR_OK) {
        return rc;
    }

    if (events.n == 0) {
        job->revision = state ? state->revision : 0;
        return state ? cxr_str_dup(job->arena,
                                   cxr_sprintf(w->scratch, "%.*s/%.*s/%u",
                                               cxr_str_arg(state->carrier),
                                               cxr_str_arg(state->number),
                                               state->day),
                                   &job->id)
                     : CXR_OK;
    }

    if (state != NULL && state->rma.len != 0 && !events.items[0].fresh) {
        rc = cxr_job_follow(w, job, state, &events);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_job_commit(w, job, &events);
    if (rc != CXR_OK) {
        return rc;
    }

    report = events.items[0].body;
    job->news = report->scans.n;
    job->created = events.items[0].fresh;
    job->revision = events.n == 1 ? w->revision : state->revision;

    return cxr_str_dup(job->arena, events.items[0].id, &job->id);
}


cxr_rc_t
cxr_job_run(cxr_writer_t *w, cxr_job_t *job)
{
    cxr_rc_t  rc;

    cxr_writer_next(w);
    cxr_person_key_unmade(w);

    rc = cxr_job_idem(w, job);
    if (rc != CXR_AGAIN) {
        return rc;
    }

    switch (job->kind) {

    case CXR_CMD_ORDER_PUT:
        return cxr_job_order_put(w, job);

    case CXR_CMD_PRODUCT_PUT:
        return cxr_job_product_put(w, job);

    case CXR_CMD_RMA_CREATE:
        return cxr_job_rma_create(w, job);

    case CXR_CMD_RMA_PARCEL:
    case CXR_CMD_RMA_ACT:
        return cxr_job_rma_change(w, job);

    case CXR_CMD_SHIPMENT_REPORT:
        return cxr_job_report(w, job);

    case CXR_CMD_RMA_SUPPLY:
    case CXR_CMD_RMA_REMIND:
        return cxr_job_rma_change(w, job);

    case CXR_CMD_CODES_IMPORT:
        return cxr_job_codes(w, job);

    case CXR_CMD_LIST_CHANGE:
        return cxr_job_list(w, job);

    case CXR_CMD_ERASE:
        return cxr_job_erase(w, job);

    case CXR_CMD_SURVEY:
        return cxr_job_survey(w, job);

    case CXR_CMD_MESSAGE:
    case CXR_CMD_MESSAGE_READ:
    case CXR_CMD_MESSAGE_CLOSE:
        return cxr_job_talk(w, job);

    case CXR_CMD_WITHDRAWAL_DECLARE:
        return cxr_job_declare(w, job);

    case CXR_CMD_WITHDRAWAL_MATCH:
        return cxr_job_match(w, job);

    case CXR_CMD_WITHDRAWAL_JUDGE:
        return cxr_job_judge(w, job);
    }

    return CXR_INVALID;
}
