
/*
 * What is asked for besides returns: gifts sent back, and what is to be
 * cancelled, with the parcels that are quicker.  Part of domain_history.h.
 */

#ifndef _DOMAIN_HISTORY_ASKS_H_INCLUDED_
#define _DOMAIN_HISTORY_ASKS_H_INCLUDED_


/* Who was given some of it sends it back. */

static inline void
history_gift(history_t *h, cxr_rma_ask_t *ask, cxr_rma_ask_line_t *lines,
    unsigned n)
{
    unsigned  i;

    ask->gift = (history_byte(h) % 8 == 0);

    if (!ask->gift) {
        return;
    }

    ask->recipient = cxr_str("sealed");
    ask->withdrawal &= (history_byte(h) % 8 == 0);

    for (i = 0; i < n; i++) {
        if (history_byte(h) % 8 != 0) {
            lines[i].outcome = history_byte(h) % 2 ? CXR_OUT_STORE_CREDIT
                                                   : CXR_OUT_EXCHANGE;
        }
    }
}


/* By the numbers of the events, so that no byte of a history means another
   thing than it did. */

static inline void
history_cancellation(history_t *h, cxr_rma_ask_t *ask,
    cxr_rma_ask_line_t *lines, unsigned n)
{
    unsigned  i;

    if (h->seq % 7 != 5 || ask->gift) {
        return;
    }

    ask->cancellation = true;
    ask->withdrawal = (h->seq % 35 == 5);
    ask->instant = false;

    for (i = 0; i < n; i++) {
        lines[i].outcome = CXR_OUT_REFUND;
        lines[i].reason = CXR_STR_NONE;
    }
}


/* Sometimes a parcel, of a line or of the order. */

static inline void
history_parcel(history_t *h, cxr_order_t *next)
{
    cxr_str_t           *line;
    cxr_order_parcel_t  *p;

    if (!h->now.order.cancels && h->seq % 9 != 3) {
        return;
    }

    p = cxr_calloc(h->a, 1, sizeof(*p));
    line = cxr_calloc(h->a, 1, sizeof(*line));
    HISTORY_CHECK(p != NULL && line != NULL);

    *line = next->lines.items[h->seq % next->lines.n].line;

    p->carrier = cxr_str("ups");
    p->number = cxr_sprintf(h->a, "1Z%u", (unsigned) h->seq);

    if (h->seq % 2) {
        p->lines.items = line;
        p->lines.n = 1;
    }

    next->parcels.items = p;
    next->parcels.n = 1;
}


static inline void
history_overtake(history_t *h, const cxr_order_t *before)
{
    unsigned      i;
    cxr_rma_t     was;
    cxr_events_t  events;

    for (i = 0; before->revision != 0 && i < h->now.n; i++) {
        memset(&events, 0, sizeof(events));
        was = h->now.rmas[i];

        HISTORY_CHECK(cxr_cancel_overtake(before, &h->now.order, &was, h->a,
                                          &events) == CXR_OK);

        if (events.n != 0) {
            HISTORY_CHECK(was.kind == CXR_KIND_CANCELLATION);
            history_apply(h, &events, &h->now.rmas[i]);

            /* what was told stays told */

            HISTORY_CHECK(h->now.rmas[i].told == was.told);
            h->overtaken++;
        }

        /* and once is enough */

        memset(&events, 0, sizeof(events));
        HISTORY_CHECK(cxr_cancel_overtake(before, &h->now.order,
                                          &h->now.rmas[i], h->a, &events)
                      == CXR_OK);
        HISTORY_CHECK(events.n == 0);
    }
}

#endif /* _DOMAIN_HISTORY_ASKS_H_INCLUDED_ */
