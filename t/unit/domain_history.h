
/*
 * Bytes drive a history of commands on one order: put, create, decide, cancel,
 * name a parcel, and what carriers say of it; return codes, labels of carriers,
 * reminders, messages.
 * After every command the books must add up, and a second state, built from
 * the events as the journal would hold them, must be the same.  Used by a unit
 * test with random bytes and by a fuzz target; HISTORY_CHECK(x) is what either
 * does when x does not hold.
 */

#ifndef _DOMAIN_HISTORY_H_INCLUDED_
#define _DOMAIN_HISTORY_H_INCLUDED_

#include <stdio.h>
#include <stdlib.h>

#include "cxr_cancel.h"
#include "cxr_gift.h"
#include "cxr_rma_act.h"
#include "cxr_rma_way.h"
#include "cxr_talk.h"
#include "cxr_text.h"

#define HISTORY_RMAS      24
#define HISTORY_LINES     4
#define HISTORY_COMMANDS  90
#define HISTORY_PARCELS   3

typedef struct {
    const uint8_t  *p;
    size_t          left;
} history_bytes_t;

typedef struct {
    cxr_order_t    order;
    cxr_rma_t      rmas[HISTORY_RMAS];
    unsigned       n;
    cxr_product_t  product;
    cxr_talk_t     talk;
} history_state_t;

typedef struct {
    cxr_arena_t      *a;
    history_bytes_t   in;
    history_state_t   now;
    history_state_t   replay;
    cxr_policy_t      policy;
    cxr_reason_t      reasons[3];
    cxr_tz_t         *tz;
    cxr_variant_t     variants[2];
    cxr_shipment_t    ships[HISTORY_PARCELS];
    cxr_time_t        at;
    uint64_t          seq;
    bool              repriced;    /* a line in an RMA was corrected     */
    bool              redelivered; /* what the delivery cost was         */
    unsigned          told_rests;
    unsigned          delivered;   /* its cost was given back, whole     */
    unsigned          rests;       /* the rest of it went to an RMA, or  */
                                   /* was taken back, for another's sake */
    unsigned          made;        /* counts, so that a test can see     */
    unsigned          gifts;
    unsigned          cancellations;
    unsigned          overtaken;   /* by a parcel that was named             */
    unsigned          decided;     /* that histories reach these         */
    unsigned          cancelled;
    unsigned          whole;       /* all units of a line were back      */
    unsigned          named;
    unsigned          given;       /* from another RMA                    */
    unsigned          moved;
    unsigned          released;
    unsigned          acts[CXR_VERBS];     /* commands that went through     */
    unsigned          replaced;    /* commands beside goods that were sent   */
    unsigned          assigned;    /* return codes                           */
    unsigned          returned;
    unsigned          supplied;
    unsigned          reminded;
    unsigned          said;
    unsigned          swapped;     /* pairs of commands, in either order     */
    unsigned          split;       /* decisions on some units of a line      */
} history_t;


static inline unsigned
history_byte(history_t *h)
{
    if (h->in.left == 0) {
        return 0;
    }

    h->in.left--;

    return *h->in.p++;
}


static inline void
history_order(history_t *h, cxr_order_t *o)
{
    unsigned           i, n;
    cxr_order_line_t  *l;

    static const char *const  names[HISTORY_LINES] = { "1", "2", "3", "4" };

    memset(o, 0, sizeof(*o));

    n = 1 + history_byte(h) % HISTORY_LINES;

    o->number = cxr_str("KG-1001");
    o->placed_at = 1793610840000;
    o->currency = history_byte(h) % 16 == 15 ? cxr_str("EUR") : cxr_str("TRY");
    o->country = cxr_str("TR");
    o->lines.items = cxr_calloc(h->a, n, sizeof(cxr_order_line_t));
    o->lines.n = n;

    for (i = 0; i < n; i++) {
        l = &o->lines.items[i];

        l->line = cxr_strz(names[i]);
        l->sku = cxr_str("ETH-250");
        l->title = cxr_str("Etiyopya");
        l->product = i % 2 ? CXR_STR_NONE : cxr_str("ETH");
        l->quantity = 1 + history_byte(h) % 7;
        l->unit_price = history_byte(h) * 251 + history_byte(h);
        l->discount = (cxr_money_t) l->quantity * l->unit_price
                      * (history_byte(h) % 5) / 4;
        l->tax = cxr_order_line_paid(l) * (history_byte(h) % 5) / 4;
        l->final_sale = (history_byte(h) % 16 == 0);
    }

    o->delivery_price = history_byte(h) * 13;
    o->delivery_discount = o->delivery_price * (history_byte(h) % 4) / 4;
    o->delivery_tax = cxr_order_delivery_paid(o) / 6;
    o->delivery_standard = cxr_order_delivery_paid(o)
                           * (1 + history_byte(h) % 2) / 2;
}


/* As the journal does it: encoded, decoded, applied to the other state. */

static inline void
history_replay(history_t *h, const cxr_event_t *ev, const cxr_entry_t *entry)
{
    void              *body;
    unsigned           i;
    cxr_buf_t          buf;
    cxr_event_t        copy;
    history_state_t   *s;
    cxr_str_t          id;
    cxr_str_t          bytes;
    const cxr_type_t  *t;

    t = cxr_event_body(ev->kind);
    HISTORY_CHECK(t != NULL);

    cxr_buf_init(&buf, CXR_RECORD_MAX);
    HISTORY_CHECK(cxr_rec_encode(t, ev->body, entry->seq, &buf) == CXR_OK);
    HISTORY_CHECK(cxr_str_dup(h->a, cxr_buf_str(&buf), &bytes) == CXR_OK);
    cxr_buf_free(&buf);

    body = cxr_calloc(h->a, 1, t->size);
    HISTORY_CHECK(body != NULL);
    HISTORY_CHECK(cxr_rec_decode(t, bytes.data, bytes.len, body, h->a)
                  == CXR_OK);

    copy = *ev;
    copy.body = body;
    s = &h->replay;

    if (ev->kind == CXR_EV_ORDER_PUT) {
        HISTORY_CHECK(cxr_order_apply_put(&s->order, &copy, entry->at, h->a)
                      == CXR_OK);
        return;
    }

    if (ev->aggregate == CXR_AGG_PRODUCT) {
        HISTORY_CHECK(cxr_product_apply(&s->product, &copy, entry->at, h->a)
                      == CXR_OK);
        return;
    }

    id = cxr_rma_event_id(&copy);

    for (i = 0; i < s->n; i++) {
        if (cxr_str_eq(s->rmas[i].id, id)) {
            break;
        }
    }

    HISTORY_CHECK((i == s->n) == (ev->kind == CXR_EV_RMA_CREATED));
    HISTORY_CHECK(i < HISTORY_RMAS);

    HISTORY_CHECK(cxr_rma_apply(&s->order, &s->rmas[i], &copy, entry, h->a)
                  == CXR_OK);

    if (i == s->n) {
        s->n++;
    }
}


/* The rest of the delivery's cost is told when nothing of the order is left
   with the shopper, and all that came back is told; staff may before that. */

static inline void
history_released(history_t *h, const cxr_release_body_t *body)
{
    uint32_t                 i, units, back, told;
    const cxr_order_line_t  *l;

    units = 0;
    back = 0;
    told = 0;

    for (i = 0; i < h->now.order.lines.n; i++) {
        l = &h->now.order.lines.items[i];
        units += l->origin_rma.len == 0 ? l->quantity : 0;
        back += l->paying_back;
        told += l->told_back;
    }

    if (body->delivery) {
        HISTORY_CHECK(back == units);
        HISTORY_CHECK(told == back || body->trigger == CXR_RELEASE_NONE);
        h->told_rests++;
    }
}


static inline void
history_apply_one(history_t *h, const cxr_event_t *ev, cxr_rma_t *rma)
{
    uint32_t     i;
    cxr_rc_t     rc;
    cxr_rma_t    before;
    cxr_entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.seq = ++h->seq;
    entry.at = h->at;
    entry.kind = ev->kind;
    entry.actor_kind = CXR_ACTOR_STAFF;
    entry.actor = cxr_str("staff:ayse");

    if (ev->aggregate == CXR_AGG_PRODUCT) {
        HISTORY_CHECK(ev->expect == h->now.product.revision);
        HISTORY_CHECK(cxr_product_apply(&h->now.product, ev, h->at, h->a)
                      == CXR_OK);
        history_replay(h, ev, &entry);
        return;
    }

    HISTORY_CHECK(ev->aggregate == CXR_AGG_ORDER);
    HISTORY_CHECK(cxr_str_is(ev->id, "KG1001"));
    HISTORY_CHECK(ev->expect == h->now.order.revision);
    HISTORY_CHECK(ev->fresh == (h->now.order.revision == 0));

    if (ev->kind == CXR_EV_ORDER_PUT) {
        rc = cxr_order_apply_put(&h->now.order, ev, h->at, h->a);

    } else {
        before = *rma;
        rc = cxr_rma_apply(&h->now.order, rma, ev, &entry, h->a);

        /* no way but those that the table has */

        for (i = 0; rc == CXR_OK && i < before.lines.n; i++) {
            HISTORY_CHECK(cxr_rma_allows(ev->kind, &before.lines.items[i],
                                         &rma->lines.items[i]));
        }
    }

    HISTORY_CHECK(rc == CXR_OK);

    if (ev->kind == CXR_EV_SETTLEMENT_RELEASED) {
        history_released(h, ev->body);
    }

    h->moved += (ev->kind == CXR_EV_RMA_PARCEL_MOVED);
    h->released += (ev->kind == CXR_EV_SETTLEMENT_RELEASED);

    history_replay(h, ev, &entry);
}


/* What the events mean for the RMA that gives the delivery's cost back. */

static inline void
history_delivery(history_t *h, unsigned n)
{
    unsigned      i;
    cxr_events_t  events;

    memset(&events, 0, sizeof(events));

    for (i = 0; i < n; i++) {
        if (cxr_str_eq(h->now.rmas[i].id, h->now.order.delivery_rma)) {
            break;
        }
    }

    if (i == n) {
        HISTORY_CHECK(h->now.order.delivery_rma.len == 0);
        return;
    }

    HISTORY_CHECK(cxr_rma_delivery(&h->now.order, &h->now.rmas[i], h->at, h->a,
                                   &events) == CXR_OK);

    h->rests += events.n != 0
                && events.items[0].kind == CXR_EV_RMA_DELIVERY;

    for (n = 0; n < events.n; n++) {
        history_apply_one(h, &events.items[n], &h->now.rmas[i]);
    }

    /* and then nothing more */

    memset(&events, 0, sizeof(events));
    HISTORY_CHECK(cxr_rma_delivery(&h->now.order, &h->now.rmas[i], h->at, h->a,
                                   &events) == CXR_OK);
    HISTORY_CHECK(events.n == 0);
}


/* "ship": the parcel that events of a shipment are about, or NULL. */

static inline void
history_apply_all(history_t *h, const cxr_events_t *events, cxr_rma_t *rma,
    cxr_shipment_t *ship)
{
    uint32_t            i;
    const cxr_event_t  *ev;

    for (i = 0; i < events->n; i++) {
        ev = &events->items[i];

        if (ev->aggregate == CXR_AGG_SHIPMENT) {
            HISTORY_CHECK(ship != NULL);
            HISTORY_CHECK(cxr_shipment_apply(ship, ev, h->at, h->a)
                          == CXR_OK);
            continue;
        }

        history_apply_one(h, ev, rma);
    }
}


/* With what the events of an RMA do to the stock, as the store does. */

static inline void
history_apply_stock(history_t *h, cxr_events_t *events, cxr_rma_t *rma,
    cxr_shipment_t *ship)
{
    cxr_rma_t             after;
    const cxr_product_t  *products[1];

    products[0] = &h->now.product;

    HISTORY_CHECK(cxr_rma_after(&h->now.order, rma, events, h->at, h->a,
                                &after) == CXR_OK);
    HISTORY_CHECK(cxr_rma_stock(rma->revision ? rma : NULL, &after, products,
                                1, h->a, events) == CXR_OK);

    history_apply_all(h, events, rma, ship);
    history_delivery(h, rma == &h->now.rmas[h->now.n] ? h->now.n + 1
                                                      : h->now.n);
}


#include "domain_history_books.h"
#include "domain_history_ways.h"


static inline void
history_apply(history_t *h, cxr_events_t *events, cxr_rma_t *rma)
{
    HISTORY_CHECK(events->n >= 1);

    if (rma == NULL) {
        history_apply_all(h, events, NULL, NULL);
        history_delivery(h, h->now.n);
        return;
    }

    history_way(h, rma, events);
    history_apply_stock(h, events, rma, NULL);
}


static inline void
history_books(history_t *h)
{
    unsigned                 i, j, k;
    uint32_t                 units;
    cxr_money_t              paid, tax, refunds, all;
    const cxr_rma_t         *r;
    const cxr_rma_line_t    *rl;
    const cxr_order_line_t  *l;

    all = 0;

    for (i = 0; i < h->now.order.lines.n; i++) {
        l = &h->now.order.lines.items[i];
        units = 0;
        paid = 0;
        tax = 0;

        for (j = 0; j < h->now.n; j++) {
            r = &h->now.rmas[j];

            for (k = 0; !history_is_closed(r) && k < r->lines.n; k++) {
                rl = &r->lines.items[k];

                if (cxr_str_eq(rl->line, l->line)
                    && rl->decision != CXR_DECISION_DECLINED)
                {
                    units += rl->quantity;
                    paid += rl->paid;
                    tax += rl->tax;
                }
            }
        }

        HISTORY_CHECK(l->returning == units && units <= l->quantity);
        HISTORY_CHECK(l->returning_paid == paid);
        HISTORY_CHECK(paid <= cxr_order_line_paid(l));
        HISTORY_CHECK(l->returning_tax == tax && tax <= l->tax);

        if (units == l->quantity && !h->repriced) {
            HISTORY_CHECK(paid == cxr_order_line_paid(l));
            HISTORY_CHECK(tax == l->tax);
            h->whole++;
        }

        all += cxr_order_line_paid(l);
    }

    refunds = 0;

    for (j = 0; j < h->now.n; j++) {
        history_books_rma(h, &h->now.rmas[j], &refunds);
        HISTORY_CHECK(cxr_rec_equal(&cxr_rma_type, &h->now.rmas[j],
                                    &h->replay.rmas[j]));
    }

    history_books_stock(h);
    history_books_ways(h);
    history_books_delivery(h);

    HISTORY_CHECK(refunds <= all + cxr_order_delivery_paid(&h->now.order));
    HISTORY_CHECK(h->now.order.rmas.n == h->now.n);
    HISTORY_CHECK(cxr_rec_equal(&cxr_order_type, &h->now.order,
                                &h->replay.order));
}


#include "domain_history_asks.h"


static inline void
history_put(history_t *h)
{
    uint32_t                 i;
    cxr_rc_t                 rc;
    cxr_order_t              next, before;
    cxr_events_t             events;
    cxr_refusal_t            no;
    const cxr_order_line_t  *was;

    memset(&events, 0, sizeof(events));
    history_order(h, &next);

    if (history_byte(h) % 2 && h->now.order.revision) {

        /* a small correction, which is what shops send */

        next = h->now.order;
        next.lines.items = cxr_calloc(h->a, next.lines.n,
                                      sizeof(cxr_order_line_t));
        memcpy(next.lines.items, h->now.order.lines.items,
               next.lines.n * sizeof(cxr_order_line_t));
        i = history_byte(h) % next.lines.n;
        next.lines.items[i].quantity += history_byte(h) % 3;
    }

    history_parcel(h, &next);
    before = h->now.order;

    rc = cxr_order_put(h->now.order.revision ? &h->now.order : NULL, &next,
                       h->at, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(strcmp(no.code, "line_in_return") == 0
                      || strcmp(no.code, "delivery_in_return") == 0
                      || strcmp(no.code, "currency_changed") == 0);
        HISTORY_CHECK(h->now.n > 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK);

    if (events.n == 0) {
        return;
    }

    h->redelivered |= h->now.n != 0
                      && (next.delivery_price != h->now.order.delivery_price
                          || next.delivery_discount
                             != h->now.order.delivery_discount
                          || next.delivery_standard
                             != h->now.order.delivery_standard);

    for (i = 0; i < next.lines.n; i++) {
        was = cxr_order_line(&h->now.order, next.lines.items[i].line);

        if (was != NULL && was->returning != 0
            && (cxr_order_line_paid(&next.lines.items[i])
                != cxr_order_line_paid(was)
                || next.lines.items[i].tax != was->tax))
        {
            h->repriced = true;
        }
    }

    history_apply(h, &events, NULL);
    history_overtake(h, &before);

    /* the same order once more is no news */

    memset(&events, 0, sizeof(events));
    HISTORY_CHECK(cxr_order_put(&h->now.order, &next, h->at, h->a, &events,
                                &no) == CXR_OK);
    HISTORY_CHECK(events.n == 0);
}


static inline bool
history_taken(void *ctx, cxr_str_t id)
{
    unsigned    i;
    history_t  *h = ctx;

    for (i = 0; i < h->now.n; i++) {
        if (cxr_str_eq(h->now.rmas[i].id, id)) {
            return true;
        }
    }

    return false;
}


static inline void
history_create(history_t *h)
{
    unsigned              i, n;
    cxr_rc_t              rc;
    cxr_rma_t             preview;
    cxr_str_t             names[HISTORY_LINES + 1];
    cxr_events_t          events, again;
    cxr_refusal_t         no;
    cxr_rma_ask_t         ask;
    cxr_rma_world_t       world;
    cxr_rma_ask_line_t    lines[HISTORY_LINES];
    const cxr_product_t  *products[1];

    static const char *const  reasons[] = { "changed", "damaged", "none" };

    if (h->now.n == HISTORY_RMAS) {
        return;
    }

    names[0] = cxr_str("1");
    names[1] = cxr_str("2");
    names[2] = cxr_str("3");
    names[3] = cxr_str("4");
    names[4] = cxr_str("5");

    memset(&ask, 0, sizeof(ask));
    memset(&world, 0, sizeof(world));
    memset(lines, 0, sizeof(lines));
    memset(&events, 0, sizeof(events));
    memset(&again, 0, sizeof(again));

    n = history_byte(h);
    n = n < 8 ? 0 : 1 + n % (h->now.order.lines.n < 3 ? 2 : 3);

    for (i = 0; i < n; i++) {
        lines[i].line = history_byte(h) < 16
                        ? names[history_byte(h) % 5]
                        : h->now.order.lines.items[(h->seq + i)
                                              % h->now.order.lines.n].line;

        if (h->now.order.lines.n > HISTORY_LINES && history_byte(h) % 3 == 0) {
            lines[i].line = h->now.order.lines.items[h->now.order.lines.n - 1]
                            .line;
        }

        lines[i].quantity = (history_byte(h) + 15) / 96;
        lines[i].reason = cxr_strz(reasons[history_byte(h) % 8 < 6
                                           ? history_byte(h) % 2
                                           : history_byte(h) % 3]);
        lines[i].outcome = history_byte(h) % 4 ? 0
                           : history_byte(h) % (CXR_OUTCOMES + 1);
        lines[i].exchange_sku = history_byte(h) % 4 ? cxr_str("ETH-500")
                                                    : cxr_str("ETH-1000");
        lines[i].has_note = history_byte(h) % 4 != 0;
    }

    ask.order = cxr_str("KG1001");
    ask.method = history_byte(h) % 4
                 ? CXR_STR_NONE
                 : cxr_strz(cxr_method_names[history_byte(h) % CXR_METHODS]);
    ask.lines.items = lines;
    ask.lines.n = n;
    ask.by_staff = (history_byte(h) % 4 == 0);
    ask.override_reason = cxr_str("müşteri haklı");
    ask.withdrawal = (history_byte(h) % 6 == 0);
    ask.instant = (history_byte(h) % 2 == 0);
    world.four_eyes = (history_byte(h) % 8 == 0);
    history_gift(h, &ask, lines, n);
    history_cancellation(h, &ask, lines, n);
    memset(ask.random, (int) h->now.n, 5);
    memset(ask.random + 5, (int) h->seq, 27);

    products[0] = &h->now.product;
    world.policy = &h->policy;
    world.tz = h->tz;
    world.products = products;
    world.nproducts = 1;
    world.id_taken = history_taken;
    world.ctx = h;

    h->policy.fee = history_byte(h) % 2 ? history_byte(h) * 7 : 0;

    rc = cxr_rma_create(&h->now.order, &ask, &world, h->at, h->a, &events,
                        &no);

    HISTORY_CHECK(rc == cxr_rma_preview(&h->now.order, &ask, &world, h->at,
                                        h->a, &preview, &no));

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(no.code != NULL && events.n == 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK);
    HISTORY_CHECK(cxr_rma_create(&h->now.order, &ask, &world, h->at, h->a,
                                 &again, &no) == CXR_OK);
    HISTORY_CHECK(cxr_rec_equal(&cxr_rma_type, events.items[0].body,
                                again.items[0].body));

    history_apply(h, &events, &h->now.rmas[h->now.n]);

    HISTORY_CHECK(preview.refund == h->now.rmas[h->now.n].refund);
    HISTORY_CHECK(preview.due == h->now.rmas[h->now.n].due);
    HISTORY_CHECK(preview.status == h->now.rmas[h->now.n].status);

    h->gifts += ask.gift;
    h->cancellations += ask.cancellation;
    h->now.n++;
    h->made++;
}


static inline void
history_report(history_t *h)
{
    unsigned         i, k;
    uint8_t          fact;
    cxr_time_t       at;
    cxr_scan_t       scan;
    cxr_events_t     events;
    cxr_report_t     report;
    cxr_refusal_t    no;
    cxr_shipment_t  *ship, next;
    const cxr_rma_t *rma;

    i = history_byte(h) % HISTORY_PARCELS;
    ship = &h->ships[i];

    if (ship->revision == 0) {
        return;                  /* nobody has named it yet */
    }

    memset(&scan, 0, sizeof(scan));
    memset(&report, 0, sizeof(report));
    memset(&events, 0, sizeof(events));

    scan.at = h->at - (cxr_time_t) history_byte(h) * CXR_MINUTE;
    scan.precision = CXR_PRECISION_MINUTE;
    scan.status = history_byte(h) % (CXR_SHIP_EXPIRED + 1);
    scan.reason = history_byte(h) % 8 ? CXR_WHY_NONE : CXR_WHY_LOST;
    scan.mapped = true;
    report.carrier = ship->carrier;
    report.number = ship->number;
    report.scans.items = &scan;
    report.scans.n = 1;

    HISTORY_CHECK(cxr_shipment_report(ship, &report, h->at, h->a, &events,
                                      NULL, &no) == CXR_OK);
    if (events.n == 0) {
        return;
    }

    next = *ship;
    HISTORY_CHECK(cxr_shipment_apply(&next, &events.items[0], h->at, h->a)
                  == CXR_OK);

    for (k = 0; k < h->now.n; k++) {
        if (cxr_str_eq(h->now.rmas[k].id, ship->rma)) {
            break;
        }
    }

    HISTORY_CHECK(k < h->now.n);
    rma = &h->now.rmas[k];

    HISTORY_CHECK(cxr_rma_follow(&h->now.order, rma, &next, h->at, h->a,
                                 &events) == CXR_OK);
    history_apply_stock(h, &events, &h->now.rmas[k], ship);

    fact = cxr_rma_fact(ship, &at);

    for (i = 0; i < rma->parcels.n; i++) {
        if (cxr_str_eq(rma->parcels.items[i].number, ship->number)) {
            HISTORY_CHECK(rma->parcels.items[i].fact == fact);
            HISTORY_CHECK(rma->parcels.items[i].at == at);
        }
    }

    memset(&events, 0, sizeof(events));
    HISTORY_CHECK(cxr_rma_follow(&h->now.order, rma, ship, h->at, h->a,
                                 &events) == CXR_OK);
    HISTORY_CHECK(events.n == 0);
}


#include "domain_history_acts.h"
#include "domain_history_swap.h"


/* "a" is the caller's and empty; counts are added to "h". */

static inline void
history_run(history_t *h, cxr_arena_t *a, const uint8_t *data, size_t size)
{
    unsigned  i;

    memset(&h->now, 0, sizeof(h->now));
    memset(&h->replay, 0, sizeof(h->replay));
    memset(&h->policy, 0, sizeof(h->policy));
    memset(h->reasons, 0, sizeof(h->reasons));
    memset(h->variants, 0, sizeof(h->variants));
    memset(h->ships, 0, sizeof(h->ships));

    h->a = a;
    h->in.p = data;
    h->in.left = size;
    h->at = 1793700000000;
    h->seq = 0;
    h->repriced = false;
    h->redelivered = false;

    h->variants[0].sku = cxr_str("ETH-500");
    h->variants[0].price = 20000;
    h->variants[0].stock = 5;
    h->variants[1].sku = cxr_str("ETH-1000");
    h->variants[1].price = 999;
    h->variants[1].stock = 1;
    h->now.product.id = cxr_str("ETH");
    h->now.product.currency = cxr_str("TRY");
    h->now.product.variants.items = h->variants;
    h->now.product.variants.n = 2;
    h->now.product.revision = 1;
    h->replay.product = h->now.product;

    h->reasons[0].code = cxr_str("changed");
    h->reasons[1].code = cxr_str("damaged");
    h->reasons[1].note = true;
    h->reasons[1].claim = history_byte(h) % (CXR_CLAIM_LOST + 1);
    h->reasons[1].review = true;
    h->policy.version = cxr_str("0123456789abcdef");
    h->policy.window_days = 14;
    h->policy.fallback_days = 5;
    h->policy.outcomes = (1u << CXR_OUTCOMES) - 1;
    h->policy.instant_days = 7;
    h->policy.auto_approve = history_byte(h) % 3 == 0;
    h->policy.review_above = history_byte(h) * 1000;
    h->policy.label_days = 30;
    h->policy.methods = history_byte(h) % 2 ? 0 : history_byte(h)
                                                  & CXR_METHODS_WAYS;
    h->policy.release[CXR_OUT_REFUND] = 1 + history_byte(h)
                                            % (CXR_RELEASES - 1);
    for (i = CXR_OUT_EXCHANGE; i < CXR_OUTCOMES; i++) {
        h->policy.release[i] = 1 + history_byte(h) % (CXR_RELEASES - 1);
    }

    h->policy.gifts.outcomes = history_byte(h) % 8 ? CXR_GIFT_OUTCOMES : 0;
    h->policy.gifts.review_above = history_byte(h) % 2 ? 0 : 3000;
    h->policy.delivery_withdrawal = history_byte(h) % 4;
    h->policy.delivery_return = history_byte(h) % 4;
    h->policy.delivery_claim = history_byte(h) % 4;

    h->policy.reasons.items = h->reasons;
    h->policy.reasons.n = 2;
    h->policy.cancels.on = true;
    h->policy.cancels.auto_approve = h->policy.auto_approve;

    while (h->now.order.revision == 0) {
        history_put(h);
    }

    for (i = 0; i < HISTORY_COMMANDS && h->in.left != 0; i++) {
        h->at += CXR_MINUTE;

        switch (history_byte(h) % 40) {

        case 0:
            history_put(h);
            break;

        case 1:
            history_cancel(h);
            break;

        case 2:
        case 3:
        case 4:
            history_decide(h);
            break;

        case 5:
        case 21:
            history_name(h);
            break;

        case 6:
        case 7:
        case 8:
        case 19:
        case 20:
            history_report(h);
            break;

        case 9:
        case 10:
        case 11:
            history_create(h);
            break;

        case 12:
            history_serve(h);
            break;

        case 13:
            history_supply(h);
            break;

        case 14:
            history_remind(h);
            break;

        case 15:
            history_talk(h);
            break;

        case 16:
        case 17:
        case 18:
        case 22:
        case 23:
            history_swap(h);
            break;

        default:
            history_act(h);
        }

        history_books(h);
    }
}

#endif /* _DOMAIN_HISTORY_H_INCLUDED_ */
