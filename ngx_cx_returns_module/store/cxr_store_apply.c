
/*
 * From an entry to the projections and indexes.  Writing and rebuilding both
 * come through cxr_apply_entry(), so that a rebuilt store is equal byte for
 * byte: nothing here may depend on anything but the entry, the tables and the
 * order's key.
 */

#include "cxr_lane.h"
#include "cxr_store_private.h"


/* An event only holds on the revision that it was decided against. */
static cxr_rc_t
cxr_expect(const cxr_event_t *ev, bool exists, uint32_t revision)
{
    if (ev->fresh ? exists : !exists && ev->expect != 0) {
        return CXR_CONFLICT;
    }

    return exists && ev->expect != revision ? CXR_CONFLICT : CXR_OK;
}


static cxr_rc_t
cxr_apply_order_put(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t      rc;
    cxr_slot_t   *s;
    cxr_dbkey_t   key;
    cxr_order_t  *order, old;

    cxr_dbkey_one(&key, shop, ev->id);

    rc = cxr_slot_load(w, CXR_T_ORDERS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    order = s->obj;

    rc = cxr_expect(ev, s->exists, order->revision);
    if (rc != CXR_OK) {
        return rc;
    }

    old = *order;

    rc = cxr_order_apply_put(order, ev, e->at, w->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = order->revision;
    w->id = ev->id;

    rc = cxr_person_index(w, shop, ev->id, old.person, order->person);
    if (rc == CXR_OK) {
        rc = cxr_find_order(w, shop, ev->id, &old, order);
    }

    if (rc == CXR_OK) {
        rc = cxr_order_ages(w, shop, ev->id, old.updated_at, order);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_slot_put(w, s, e->seq);
}


static cxr_rc_t
cxr_apply_survey(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t             rc;
    cxr_slot_t          *s;
    cxr_time_t           was;
    cxr_dbkey_t          key;
    cxr_order_t         *order;
    const cxr_survey_t  *body, *before;

    body = ev->body;
    cxr_dbkey_one(&key, shop, ev->id);

    rc = cxr_slot_load(w, CXR_T_ORDERS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    order = s->obj;
    was = order->updated_at;

    if (!s->exists) {
        return CXR_CONFLICT;
    }

    rc = cxr_expect(ev, true, order->revision);
    if (rc != CXR_OK) {
        return rc;
    }

    /* the list of the order is made anew, and leaves this one as it is */

    before = cxr_survey_find(order, body->rma);
    rc = cxr_survey_apply(order, ev, e->at, w->scratch);

    if (rc == CXR_OK) {
        rc = cxr_survey_changed(w, shop, ev->id, before, body);
    }

    if (rc == CXR_OK) {
        rc = cxr_order_ages(w, shop, ev->id, was, order);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = order->revision;
    w->id = ev->id;

    return cxr_slot_put(w, s, e->seq);
}


/* Where an RMA stood before an event. */
typedef struct {
    bool         existed;
    cxr_time_t   asked;            /* its conversation waits since then        */
    uint8_t      status;
    cxr_time_t   created;
    unsigned     queues;
    cxr_time_t   since[CXR_QUEUES];
} cxr_listed_t;


static void
cxr_listed(const cxr_rma_t *rma, bool existed, cxr_time_t asked,
    cxr_listed_t *was)
{
    unsigned  q;

    was->existed = existed;
    was->asked = asked;
    was->status = rma->status;
    was->created = rma->created_at;
    was->queues = existed ? cxr_rma_queues(rma, asked) : 0;

    for (q = 0; q < CXR_QUEUES; q++) {
        was->since[q] = cxr_rma_waits_since(rma, asked, q);
    }
}


/* Moves it on one list of the index; "off" and "on" may both hold. */
static cxr_rc_t
cxr_index_move(cxr_writer_t *w, uint32_t shop, cxr_str_t id, uint8_t list,
    bool off, cxr_time_t before, bool on, cxr_time_t after)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (off && on && before == after) {
        return CXR_OK;
    }

    if (off) {
        cxr_dbkey_ix_rma(&key, shop, list, before, id);
        rc = cxr_writer_del(w, CXR_T_IX_RMA, &key);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (!on) {
        return CXR_OK;
    }

    cxr_dbkey_ix_rma(&key, shop, list, after, id);

    return cxr_writer_put(w, CXR_T_IX_RMA, &key, CXR_STR_NONE);
}


/* Takes the RMA off its old queues and puts it on the new ones. */
static cxr_rc_t
cxr_index_queues(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    const cxr_listed_t *was, cxr_time_t asked)
{
    cxr_rc_t  rc = CXR_OK;
    unsigned  q, queues;

    queues = cxr_rma_queues(rma, asked);

    for (q = 0; rc == CXR_OK && q < CXR_QUEUES; q++) {
        rc = cxr_index_move(w, shop, rma->id, CXR_LIST_QUEUE(q),
                            (was->queues & (1u << q)) != 0, was->since[q],
                            (queues & (1u << q)) != 0,
                            cxr_rma_waits_since(rma, asked, q));
    }

    return rc;
}


cxr_rc_t
cxr_index_asked(cxr_writer_t *w, uint32_t shop, cxr_str_t rma, cxr_time_t was,
    cxr_time_t is)
{
    cxr_rc_t      rc;
    cxr_slot_t   *s;
    cxr_dbkey_t   key;
    cxr_listed_t  listed;

    cxr_dbkey_one(&key, shop, rma);

    rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);

    if (rc != CXR_OK || !s->exists) {
        return rc;
    }

    cxr_listed(s->obj, true, was, &listed);

    return cxr_index_queues(w, shop, s->obj, &listed, is);
}


/* Since when the conversation of an RMA waits for the shop. */
static cxr_rc_t
cxr_rma_asked(cxr_writer_t *w, uint32_t shop, cxr_str_t order, cxr_str_t rma,
    cxr_time_t *asked)
{
    cxr_rc_t             rc;
    cxr_slot_t          *s;
    const cxr_thread_t  *t;

    *asked = CXR_TIME_NONE;

    rc = cxr_slot_talk(w, shop, order, &s);

    if (rc == CXR_OK && s->exists) {
        t = cxr_talk_thread(s->obj, rma);
        *asked = t != NULL ? t->waits_since : CXR_TIME_NONE;
    }

    return rc;
}


/* Takes the RMA off its old lists and puts it on the new ones. */
static cxr_rc_t
cxr_index_rma(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    const cxr_listed_t *was)
{
    bool      same;
    cxr_rc_t  rc;

    rc = cxr_index_move(w, shop, rma->id, CXR_LIST_ALL, was->existed,
                        was->created, true, rma->created_at);
    if (rc != CXR_OK) {
        return rc;
    }

    same = was->existed && was->status == rma->status;

    if (was->existed && !same) {
        rc = cxr_index_move(w, shop, rma->id, CXR_LIST_STATUS(was->status),
                            true, was->created, false, CXR_TIME_NONE);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_index_move(w, shop, rma->id, CXR_LIST_STATUS(rma->status), same,
                        was->created, true, rma->created_at);

    return rc == CXR_OK ? cxr_index_queues(w, shop, rma, was, was->asked)
                        : rc;
}


static cxr_rc_t
cxr_apply_rma(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    bool          existed;
    uint32_t      parcels;
    cxr_rc_t      rc;
    cxr_str_t     id;
    cxr_rma_t    *rma, before;
    cxr_slot_t   *so, *sr;
    cxr_time_t    changed, asked;
    cxr_dbkey_t   key;
    cxr_listed_t  was;
    cxr_order_t  *order;
    cxr_way_t     way;

    id = cxr_rma_event_id(ev);

    cxr_dbkey_one(&key, shop, ev->id);
    rc = cxr_slot_load(w, CXR_T_ORDERS, &key, &so);
    if (rc == CXR_OK && !so->exists) {
        rc = CXR_CONFLICT;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    order = so->obj;

    rc = cxr_expect(ev, so->exists, order->revision);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_dbkey_one(&key, shop, id);
    rc = cxr_slot_load(w, CXR_T_RMAS, &key, &sr);
    if (rc != CXR_OK) {
        return rc;
    }

    rma = sr->obj;
    existed = sr->exists;

    if (existed == (ev->kind == CXR_EV_RMA_CREATED)) {
        return CXR_CONFLICT;
    }

    parcels = rma->parcels.n;
    changed = order->updated_at;
    asked = CXR_TIME_NONE;

    if (existed) {
        rc = cxr_rma_asked(w, shop, ev->id, id, &asked);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    cxr_listed(rma, existed, asked, &was);
    before = *rma;

    cxr_way_of(rma, &way);

    rc = cxr_rma_apply(order, rma, ev, e, w->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = rma->revision;
    w->id = id;

    if (!existed) {
        rc = cxr_idem_keep(w, shop, e, rma);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_slot_put(w, sr, e->seq);

    if (rc == CXR_OK) {
        rc = cxr_order_ages(w, shop, ev->id, changed, order);
    }

    if (rc == CXR_OK) {
        rc = cxr_slot_put(w, so, e->seq);
    }

    if (rc == CXR_OK) {
        rc = cxr_index_rma(w, shop, rma, &was);
    }

    if (rc == CXR_OK) {
        rc = cxr_find_rma(w, shop, order, parcels, rma, existed);
    }

    if (rc == CXR_OK && ev->kind == CXR_EV_RECIPIENT_ERASED) {
        rc = cxr_find_erased(w, shop, order, &before);
    }

    if (rc == CXR_OK) {
        rc = cxr_way_changed(w, shop, e, ev, rma, &way);
    }

    if (rc == CXR_OK && rma->kind == CXR_KIND_WITHDRAWAL) {
        rc = cxr_withdrawal_rma_changed(w, shop, e, rma);
    }

    return rc;
}


static cxr_rc_t
cxr_index_reference(cxr_writer_t *w, uint32_t shop, cxr_str_t before,
    const cxr_shipment_t *ship)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (cxr_str_eq(before, ship->reference)) {
        return CXR_OK;
    }

    if (before.len != 0) {
        cxr_dbkey_ix_ref(&key, shop, ship->carrier, before, ship->number,
                         ship->day);
        rc = cxr_writer_del(w, CXR_T_IX_REF, &key);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (ship->reference.len == 0) {
        return CXR_OK;
    }

    cxr_dbkey_ix_ref(&key, shop, ship->carrier, ship->reference, ship->number,
                     ship->day);

    return cxr_writer_put(w, CXR_T_IX_REF, &key, CXR_STR_NONE);
}


static cxr_rc_t
cxr_apply_shipment(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    uint32_t               day;
    cxr_rc_t               rc;
    int                    lane;
    cxr_str_t              carrier, number, before, country;
    cxr_slot_t            *s;
    cxr_dbkey_t            key;
    cxr_shipment_t        *ship, old;
    const cxr_report_t    *report = ev->body;
    const cxr_consign_t   *consign = ev->body;

    if (ev->kind == CXR_EV_SHIPMENT_REPORTED) {
        carrier = report->carrier;
        number = report->number;
        day = report->day;

    } else {
        carrier = consign->carrier;
        number = consign->number;
        day = consign->day;
    }

    cxr_dbkey_shipment(&key, shop, carrier, number, day);

    rc = cxr_slot_load(w, CXR_T_SHIPMENTS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    ship = s->obj;

    rc = cxr_expect(ev, s->exists, ship->revision);
    if (rc != CXR_OK) {
        return rc;
    }

    before = ship->reference;
    old = *ship;
    lane = cxr_lane_of(ship, &country);

    rc = cxr_shipment_apply(ship, ev, e->at, w->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    /* what an idempotent order.put made is the order, though only its parcels
       changed */
    w->revision = ship->revision;
    w->id = ev->kind == CXR_EV_SHIPMENT_CONSIGNED && consign->order.len != 0
            ? consign->order : ev->id;

    rc = cxr_slot_put(w, s, e->seq);
    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_work_any(&old) || cxr_work_any(ship)) {
        rc = cxr_work_changed(w, shop, e->at, e->seq, &old, ship);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_lane_changed(w, shop, lane, country, ship);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_index_reference(w, shop, before, ship);
}


static cxr_rc_t
cxr_apply_product(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t        rc;
    cxr_slot_t     *s;
    cxr_dbkey_t     key;
    cxr_product_t  *product;

    cxr_dbkey_one(&key, shop, ev->id);

    rc = cxr_slot_load(w, CXR_T_PRODUCTS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    product = s->obj;

    rc = cxr_expect(ev, s->exists, product->revision);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_product_apply(product, ev, e->at, w->scratch);
    if (rc != CXR_OK) {
        return rc;
    }

    w->revision = product->revision;
    w->id = ev->id;

    return cxr_slot_put(w, s, e->seq);
}


cxr_rc_t
cxr_apply_entry(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t  rc;

    switch (ev->kind) {

    case CXR_EV_ORDER_PUT:
        rc = cxr_apply_order_put(w, shop, e, ev);
        break;

    case CXR_EV_SHIPMENT_CONSIGNED:
    case CXR_EV_SHIPMENT_REPORTED:
        rc = cxr_apply_shipment(w, shop, e, ev);
        break;

    case CXR_EV_PRODUCT_PUT:
    case CXR_EV_STOCK_RESERVED:
    case CXR_EV_STOCK_FREED:
    case CXR_EV_STOCK_TAKEN:
        rc = cxr_apply_product(w, shop, e, ev);
        break;

    case CXR_EV_CODES_IMPORTED:
    case CXR_EV_POOL_LOW:
        rc = cxr_apply_pool(w, shop, e, ev);
        break;

    case CXR_EV_SURVEY_ANSWERED:
        rc = cxr_apply_survey(w, shop, e, ev);
        break;

    case CXR_EV_MESSAGE_POSTED:
    case CXR_EV_MESSAGE_READ:
    case CXR_EV_MESSAGE_CLOSED:
        rc = cxr_apply_talk(w, shop, e, ev);
        break;

    case CXR_EV_WITHDRAWAL_DECLARED:
    case CXR_EV_WITHDRAWAL_MATCHED:
    case CXR_EV_WITHDRAWAL_JUDGED:
        rc = cxr_apply_withdrawal(w, shop, e, ev);
        break;

    case CXR_EV_LIST_CHANGED:
        rc = cxr_apply_list(w, shop, e, ev);
        break;

    case CXR_EV_PERSON_ERASED:
        rc = cxr_apply_erased(w, shop, e, ev);
        break;

    default:
        rc = cxr_event_is_rma(ev->kind) ? cxr_apply_rma(w, shop, e, ev)
                                        : CXR_INVALID;
    }

    if (rc == CXR_OK && e->idem.len == CXR_IDEM_LEN) {
        rc = cxr_apply_idem(w, shop, e);
    }

    return rc;
}
