
/*
 * Commands on two RMAs of one order, the one first or the other: neither is
 * refused for the other's sake, and what comes of them is the same.  Part of
 * domain_history.h.
 */

#ifndef _DOMAIN_HISTORY_SWAP_H_INCLUDED_
#define _DOMAIN_HISTORY_SWAP_H_INCLUDED_

typedef struct {
    unsigned         rma;          /* which one                                */
    cxr_rma_act_t    act;
    cxr_rma_by_t     by;
    uint8_t          random[32];
} history_command_t;


/* A state of its own, as records would have it. */

static inline void
history_fork(history_t *h, const history_state_t *from, history_state_t *to)
{
    unsigned              i;
    const cxr_order_t    *order;
    const cxr_rma_t      *rma;
    const cxr_product_t  *product;

    memset(to, 0, sizeof(*to));

    order = history_again(h, &cxr_order_type, &from->order);
    product = history_again(h, &cxr_product_type, &from->product);
    to->order = *order;
    to->product = *product;
    to->n = from->n;

    for (i = 0; i < from->n; i++) {
        rma = history_again(h, &cxr_rma_type, &from->rmas[i]);
        to->rmas[i] = *rma;
    }
}


static inline cxr_rc_t
history_do_delivery(history_t *h, history_state_t *s, cxr_entry_t *entry)
{
    unsigned      i, k;
    cxr_events_t  events;

    memset(&events, 0, sizeof(events));

    for (i = 0; i < s->n; i++) {

        if (!cxr_str_eq(s->rmas[i].id, s->order.delivery_rma)) {
            continue;
        }

        HISTORY_CHECK(cxr_rma_delivery(&s->order, &s->rmas[i], entry->at,
                                       h->a, &events) == CXR_OK);

        for (k = 0; k < events.n; k++) {
            entry->kind = events.items[k].kind;
            HISTORY_CHECK(cxr_rma_apply(&s->order, &s->rmas[i],
                                        &events.items[k], entry, h->a)
                          == CXR_OK);
        }
    }

    return CXR_OK;
}


/* Decides and applies it there; the state of the history is left alone. */

static inline cxr_rc_t
history_do(history_t *h, history_state_t *s, const history_command_t *c)
{
    cxr_rc_t              rc;
    uint32_t              i;
    cxr_rma_t            *rma, after;
    cxr_entry_t           entry;
    cxr_events_t          events;
    cxr_refusal_t         no;
    cxr_rma_by_t          by;
    const cxr_event_t    *ev;
    const cxr_product_t  *products[1];

    rma = &s->rmas[c->rma];
    products[0] = &s->product;
    memset(&events, 0, sizeof(events));
    memset(&entry, 0, sizeof(entry));

    by = c->by;
    by.random = c->random;
    by.products = products;

    rc = cxr_rma_act(&s->order, rma, &c->act, &by, h->a, &events, &no);

    if (rc != CXR_OK || events.n == 0) {
        return rc;
    }

    HISTORY_CHECK(cxr_rma_after(&s->order, rma, &events, by.now, h->a, &after)
                  == CXR_OK);
    HISTORY_CHECK(cxr_rma_stock(rma, &after, products, 1, h->a, &events)
                  == CXR_OK);

    /* the place in the journal does differ, and is none of the state's */

    entry.seq = h->seq + 1;
    entry.at = by.now;
    entry.actor_kind = by.kind;
    entry.actor = by.actor;

    for (i = 0; i < events.n; i++) {
        ev = &events.items[i];
        entry.kind = ev->kind;

        rc = ev->aggregate == CXR_AGG_PRODUCT
             ? cxr_product_apply(&s->product, ev, by.now, h->a)
             : cxr_rma_apply(&s->order, rma, ev, &entry, h->a);
        HISTORY_CHECK(rc == CXR_OK);
    }

    return history_do_delivery(h, s, &entry);
}


static inline void
history_swap(history_t *h)
{
    unsigned              i;
    cxr_rc_t              rc[2], other[2];
    history_state_t       one, two;
    history_command_t     c[2];
    const cxr_product_t  *products[1];

    if (h->now.n < 2) {
        return;
    }

    memset(c, 0, sizeof(c));
    products[0] = &h->now.product;
    c[0].rma = history_byte(h) % h->now.n;
    c[1].rma = (c[0].rma + 1 + history_byte(h) % (h->now.n - 1)) % h->now.n;

    for (i = 0; i < 2; i++) {
        history_pick(h, &h->now.rmas[c[i].rma], &c[i].act, &c[i].by,
                     c[i].random, products);
    }

    /* at one moment: who came last would show in times */

    c[0].by.now = c[1].by.now > c[0].by.now ? c[1].by.now : c[0].by.now;
    c[1].by.now = c[0].by.now;

    /* what takes units again takes them from those that are free by then */

    if (c[0].act.verb == CXR_VERB_REOPEN || c[1].act.verb == CXR_VERB_REOPEN) {
        return;
    }

    history_fork(h, &h->now, &one);
    history_fork(h, &h->now, &two);

    rc[0] = history_do(h, &one, &c[0]);
    rc[1] = history_do(h, &one, &c[1]);
    other[1] = history_do(h, &two, &c[1]);
    other[0] = history_do(h, &two, &c[0]);

    /* a rest of the delivery's cost hangs on every RMA of the order */

    if (h->now.order.delivery_rest != 0 || one.order.delivery_rest != 0
        || two.order.delivery_rest != 0)
    {
        return;
    }

    for (i = 0; i < 2; i++) {
        HISTORY_CHECK(rc[i] == CXR_OK || rc[i] == CXR_REFUSED);
        HISTORY_CHECK(other[i] == CXR_OK || other[i] == CXR_REFUSED);

        HISTORY_CHECK(rc[i] == other[i]);
    }

    HISTORY_CHECK(cxr_rec_equal(&cxr_order_type, &one.order, &two.order));
    HISTORY_CHECK(cxr_rec_equal(&cxr_product_type, &one.product,
                                &two.product));

    for (i = 0; i < one.n; i++) {
        HISTORY_CHECK(cxr_rec_equal(&cxr_rma_type, &one.rmas[i],
                                    &two.rmas[i]));
    }

    h->swapped += rc[0] == CXR_OK && rc[1] == CXR_OK;
}

#endif /* _DOMAIN_HISTORY_SWAP_H_INCLUDED_ */
