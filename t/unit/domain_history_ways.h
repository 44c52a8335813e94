
/*
 * How goods come back besides our own label, and what people write meanwhile:
 * return codes out of a pool, labels that the shop supplies, reminders,
 * conversation.  Part of domain_history.h.
 */

#ifndef _DOMAIN_HISTORY_WAYS_H_INCLUDED_
#define _DOMAIN_HISTORY_WAYS_H_INCLUDED_

#define HISTORY_CODES  4

static const char *const  history_codes[HISTORY_CODES] = {
    "C-0", "C-1", "C-2", "C-3"
};


/* Which of the pool's codes no RMA has. */

static inline int
history_free_code(const history_t *h)
{
    int       i;
    unsigned  k;

    for (i = 0; i < HISTORY_CODES; i++) {
        for (k = 0; k < h->now.n; k++) {
            if (cxr_str_is(h->now.rmas[k].code, history_codes[i])) {
                break;
            }
        }

        if (k == h->now.n) {
            return i;
        }
    }

    return -1;
}


/* What follows for the way back, behind the events, as the store does it. */

static inline void
history_way(history_t *h, const cxr_rma_t *rma, cxr_events_t *events)
{
    int            i;
    uint32_t       n;
    cxr_rma_t      after;
    cxr_code_in_t  code;

    n = events->n;

    HISTORY_CHECK(cxr_rma_after(&h->now.order, rma, events, h->at, h->a,
                                &after) == CXR_OK);

    HISTORY_CHECK(!cxr_rma_drops_code(&after) || !cxr_rma_wants_code(&after));
    HISTORY_CHECK(!cxr_rma_wants_label(&after) || !cxr_rma_wants_code(&after));

    i = history_free_code(h);

    if (cxr_rma_drops_code(&after)) {
        HISTORY_CHECK(cxr_rma_give_back(&h->now.order, &after, h->a, events)
                      == CXR_OK);
        h->returned++;

    } else if (cxr_rma_wants_label(&after)) {
        HISTORY_CHECK(cxr_rma_request_label(&h->now.order, &after, h->a,
                                            events) == CXR_OK);

    } else if (cxr_rma_wants_code(&after) && i >= 0) {
        memset(&code, 0, sizeof(code));
        code.code = cxr_strz(history_codes[i]);
        code.expires = history_byte(h) % 3 ? CXR_TIME_NONE
                                           : h->at + 10 * CXR_DAY;
        HISTORY_CHECK(cxr_rma_assign(&h->now.order, &after, cxr_str("yurtici"),
                                     &code, h->at, h->a, events) == CXR_OK);
        h->assigned++;
    }

    HISTORY_CHECK(events->n <= n + 1);

    /* and then there is nothing more of the kind to do */

    if (events->n > n) {
        HISTORY_CHECK(cxr_rma_after(&h->now.order, rma, events, h->at, h->a,
                                    &after) == CXR_OK);
        HISTORY_CHECK(!cxr_rma_drops_code(&after));
        HISTORY_CHECK(!cxr_rma_wants_label(&after));
        HISTORY_CHECK(!cxr_rma_wants_code(&after));
    }
}


/* A code came back or was imported: who waits gets it. */

static inline void
history_serve(history_t *h)
{
    unsigned      k;
    cxr_events_t  events;

    for (k = 0; k < h->now.n; k++) {
        if (!cxr_rma_wants_code(&h->now.rmas[k]) || history_free_code(h) < 0) {
            continue;
        }

        memset(&events, 0, sizeof(events));
        history_way(h, &h->now.rmas[k], &events);
        HISTORY_CHECK(events.n == 1);
        history_apply_stock(h, &events, &h->now.rmas[k], NULL);
        HISTORY_CHECK(h->now.rmas[k].code.len != 0);
    }
}


static inline void
history_supply(history_t *h)
{
    uint8_t            by;
    cxr_rc_t           rc;
    cxr_time_t         had;
    cxr_rma_t         *rma;
    cxr_events_t       events;
    cxr_refusal_t      no;
    cxr_rma_supply_t   cmd;

    if (h->now.n == 0) {
        return;
    }

    rma = &h->now.rmas[history_byte(h) % h->now.n];
    memset(&cmd, 0, sizeof(cmd));
    memset(&events, 0, sizeof(events));

    cmd.rma = rma->id;
    by = history_byte(h);

    switch (by % 3) {

    case 0:
        cmd.url = cxr_str("https://c.example/1.pdf");
        break;

    case 1:
        cmd.url = cxr_str("https://c.example/2.pdf");
        break;

    default:
        cmd.hash = by & 0x40 ? cxr_str("0123456789abcdef0123456789abcdef")
                             : cxr_str("fedcba9876543210fedcba9876543210");
        cmd.kind = CXR_LABEL_FILE_PDF;
        cmd.size = 1000;
    }

    if (by & 0x80) {
        cmd.until = h->at + (history_byte(h) % 40 - 5) * CXR_DAY;
    }

    HISTORY_CHECK(cxr_rma_supply(&h->now.order, rma, &cmd, rma->revision + 1,
                                 h->at, h->a, &events, &no) == CXR_CONFLICT);

    rc = cxr_rma_supply(&h->now.order, rma, &cmd, 0, h->at, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(events.n == 0);
        HISTORY_CHECK(history_is_closed(rma) || !rma->label_wanted
                      || (cmd.until != CXR_TIME_NONE && cmd.until <= h->at));
        return;
    }

    HISTORY_CHECK(rc == CXR_OK);
    had = rma->label_expires;

    if (events.n != 0) {
        history_apply_stock(h, &events, rma, NULL);
        HISTORY_CHECK(rma->label_expires >= had || cmd.until != CXR_TIME_NONE);
        HISTORY_CHECK(rma->label_expires >= h->at);
        h->supplied++;
    }

    HISTORY_CHECK(cxr_str_eq(rma->carrier_label_url, cmd.url));
    HISTORY_CHECK(cxr_str_eq(rma->carrier_label_hash, cmd.hash));
    HISTORY_CHECK(cmd.until == CXR_TIME_NONE
                  || rma->label_expires <= cmd.until);
}


static inline void
history_remind(history_t *h)
{
    cxr_rc_t       rc;
    cxr_rma_t     *rma;
    cxr_time_t     at, due;
    cxr_events_t   events;
    cxr_refusal_t  no;

    if (h->now.n == 0) {
        return;
    }

    rma = &h->now.rmas[history_byte(h) % h->now.n];
    at = h->at + (cxr_time_t) (history_byte(h) % 40) * CXR_DAY;
    due = cxr_rma_reminds_at(rma);
    memset(&events, 0, sizeof(events));

    rc = cxr_rma_remind(&h->now.order, rma, 7, at, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(events.n == 0 && strcmp(no.code, "not_due") == 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK && events.n == 1);
    HISTORY_CHECK(due != CXR_TIME_NONE && at <= due && due <= at + 7 * CXR_DAY);
    history_apply_stock(h, &events, rma, NULL);

    /* once */

    HISTORY_CHECK(cxr_rma_reminds_at(rma) == CXR_TIME_NONE);
    h->reminded++;
}


/* A record as the journal holds it: out of its bytes, in memory of its own. */

static inline void *
history_again(history_t *h, const cxr_type_t *t, const void *v)
{
    void       *copy;
    cxr_buf_t   buf;
    cxr_str_t   bytes;

    cxr_buf_init(&buf, CXR_RECORD_MAX);
    HISTORY_CHECK(cxr_rec_encode(t, v, h->seq, &buf) == CXR_OK);
    HISTORY_CHECK(cxr_str_dup(h->a, cxr_buf_str(&buf), &bytes) == CXR_OK);
    cxr_buf_free(&buf);

    copy = cxr_calloc(h->a, 1, t->size);
    HISTORY_CHECK(copy != NULL);
    HISTORY_CHECK(cxr_rec_decode(t, bytes.data, bytes.len, copy, h->a)
                  == CXR_OK);

    return copy;
}


static inline void
history_books_talk(const cxr_talk_t *talk)
{
    uint32_t             i, sum = 0;
    const cxr_thread_t  *t;

    for (i = 0; i < talk->threads.n; i++) {
        t = &talk->threads.items[i];
        sum += t->messages;

        HISTORY_CHECK(t->messages != 0 && t->last <= talk->messages);
        HISTORY_CHECK(t->read[CXR_SIDE_SHOPPER] <= talk->messages);
        HISTORY_CHECK(t->read[CXR_SIDE_SHOP] <= talk->messages);
        HISTORY_CHECK(t->unread[CXR_SIDE_SHOPPER] + t->unread[CXR_SIDE_SHOP]
                      <= t->messages);

        /* who wrote last has read all */

        HISTORY_CHECK(t->unread[t->last_from] == 0);
        HISTORY_CHECK(t->waits_since == CXR_TIME_NONE
                      || (t->opened_at != CXR_TIME_NONE
                          && t->closed_at == CXR_TIME_NONE));
        HISTORY_CHECK(t->closed_at == CXR_TIME_NONE
                      || t->closed_at >= t->opened_at);
    }

    HISTORY_CHECK(sum == talk->messages);
}


static inline void
history_talk(history_t *h)
{
    bool             closes;
    cxr_rc_t         rc;
    unsigned         what;
    cxr_entry_t      entry;
    cxr_event_t      copy;
    cxr_events_t     events;
    cxr_refusal_t    no;
    cxr_message_t    row, again;
    cxr_talk_ask_t   ask;

    memset(&ask, 0, sizeof(ask));
    memset(&events, 0, sizeof(events));

    what = history_byte(h) % 4;
    ask.order = cxr_str("KG1001");

    if (h->now.n != 0 && history_byte(h) % 2) {
        ask.rma = h->now.rmas[history_byte(h) % h->now.n].id;
    }

    ask.from = history_byte(h) % CXR_SIDES;
    ask.channel = history_byte(h) % CXR_VIAS;
    ask.text = history_byte(h) % 8 ? cxr_str("sealed") : CXR_STR_NONE;
    ask.upto = history_byte(h) % 3 ? 0 : history_byte(h) % 16;
    closes = false;

    switch (what) {

    case 0:
        rc = cxr_message_read(&h->now.talk, &ask, h->a, &events);
        break;

    case 1:
        rc = cxr_message_close(&h->now.talk, &ask, h->a, &events);
        closes = events.n != 0;
        break;

    default:
        rc = cxr_message_post(&h->now.talk, &ask, h->at, h->a, &events, &no);
        HISTORY_CHECK(rc != CXR_REFUSED
                      || strcmp(no.code, "message_missing") == 0);
        HISTORY_CHECK(rc == CXR_REFUSED || events.n == 1);
    }

    if (rc == CXR_REFUSED || rc == CXR_CONFLICT) {
        HISTORY_CHECK(events.n == 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK && events.n <= 1);

    if (events.n == 0) {
        return;
    }

    memset(&entry, 0, sizeof(entry));
    entry.seq = ++h->seq;
    entry.at = h->at;
    entry.kind = events.items[0].kind;
    entry.actor = cxr_str("staff:ayse");

    HISTORY_CHECK(events.items[0].expect == h->now.talk.revision);
    HISTORY_CHECK(cxr_talk_apply(&h->now.talk, &events.items[0], &entry, h->a,
                                 &row) == CXR_OK);

    copy = events.items[0];
    copy.body = history_again(h, cxr_event_body(copy.kind), copy.body);
    HISTORY_CHECK(cxr_talk_apply(&h->replay.talk, &copy, &entry, h->a, &again)
                  == CXR_OK);

    HISTORY_CHECK(cxr_rec_equal(&cxr_talk_type, &h->now.talk,
                                &h->replay.talk));
    HISTORY_CHECK(what < 2 || cxr_rec_equal(&cxr_message_type, &row, &again));
    history_books_talk(&h->now.talk);
    h->said++;

    /* what was closed is closed, what was read is read */

    if (what < 2) {
        memset(&events, 0, sizeof(events));
        rc = closes ? cxr_message_close(&h->now.talk, &ask, h->a, &events)
                    : cxr_message_read(&h->now.talk, &ask, h->a, &events);
        HISTORY_CHECK(rc == CXR_OK && events.n == 0);
    }
}


/* A code is one RMA's, and of none that has come to its end unused. */

static inline void
history_books_ways(history_t *h)
{
    unsigned          i, k;
    const cxr_rma_t  *r;

    for (i = 0; i < h->now.n; i++) {
        r = &h->now.rmas[i];

        HISTORY_CHECK(!cxr_rma_drops_code(r));
        HISTORY_CHECK(!cxr_rma_wants_label(r));
        HISTORY_CHECK(r->code.len == 0
                      || cxr_str_is(r->method, "carrier_code"));
        HISTORY_CHECK(!cxr_rma_has_supplied(r) || r->label_wanted);
        HISTORY_CHECK(r->carrier_label_url.len == 0
                      || r->carrier_label_hash.len == 0);
        HISTORY_CHECK((r->carrier_label_hash.len != 0)
                      == (r->carrier_label_kind != CXR_LABEL_FILE_NONE));

        for (k = 0; r->code.len != 0 && k < i; k++) {
            HISTORY_CHECK(!cxr_str_eq(h->now.rmas[k].code, r->code));
        }
    }
}


/* ---- what brings it back ---- */

/* Another RMA has it: it is taken from there.  What was released there stays
   what it was, and no other RMA has it any more. */

static inline bool
history_give(history_t *h, const cxr_rma_t *to, const cxr_shipment_t *ship,
    cxr_rma_name_t *cmd)
{
    unsigned        i, k;
    cxr_rc_t        rc;
    cxr_rma_t      *rma = NULL;
    cxr_money_t     told;
    cxr_events_t    events;
    cxr_refusal_t   no;

    for (i = 0; i < h->now.n; i++) {
        if (cxr_str_eq(h->now.rmas[i].id, ship->rma)) {
            rma = &h->now.rmas[i];
        }
    }

    if (rma == NULL || rma == to || ship->direction != CXR_PARCEL_RETURN) {
        return false;
    }

    memset(&events, 0, sizeof(events));
    cmd->other = rma->id;

    rc = cxr_rma_give_parcel(&h->now.order, rma, cmd, h->a, &events, &no);
    HISTORY_CHECK(rc == CXR_REFUSED && events.n == 0);

    cmd->reason = cxr_str("seen");
    rc = cxr_rma_give_parcel(&h->now.order, rma, cmd, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(events.n == 0);
        return false;
    }

    HISTORY_CHECK(rc == CXR_OK && events.n == 1);
    told = rma->told;

    history_way(h, rma, &events);
    history_apply_stock(h, &events, rma, NULL);
    HISTORY_CHECK(rma->told == told);

    for (k = 0; k < rma->parcels.n; k++) {
        HISTORY_CHECK(!cxr_str_eq(rma->parcels.items[k].number, cmd->number));
    }

    /* it may not be taken for an RMA that does not want it */

    memset(&events, 0, sizeof(events));
    rc = cxr_rma_name_parcel(&h->now.order, to, ship, cmd, 0, h->at, h->a,
                             &events, &no);
    HISTORY_CHECK(rc == CXR_OK || rc == CXR_REFUSED);

    return rc == CXR_OK;
}


static inline void
history_name(history_t *h)
{
    unsigned         i;
    cxr_rc_t         rc;
    cxr_rma_t       *rma;
    cxr_events_t     events;
    cxr_refusal_t    no;
    cxr_rma_name_t   cmd;
    cxr_shipment_t  *ship;

    static const char *const  numbers[HISTORY_PARCELS] = { "1Z1", "1Z2", "3" };

    if (h->now.n == 0) {
        return;
    }

    rma = &h->now.rmas[history_byte(h) % h->now.n];
    i = history_byte(h) % HISTORY_PARCELS;
    ship = &h->ships[i];

    memset(&cmd, 0, sizeof(cmd));
    memset(&events, 0, sizeof(events));

    cmd.rma = rma->id;
    cmd.carrier = cxr_str("ups");
    cmd.number = cxr_strz(numbers[i]);
    cmd.unproven = history_byte(h) % 3 == 0;

    rc = cxr_rma_name_parcel(&h->now.order, rma,
                             ship->revision ? ship : NULL, &cmd, 0, h->at,
                             h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(no.code != NULL && events.n == 0);

        if (cmd.unproven || strcmp(no.code, "parcel_taken") != 0
            || !history_give(h, rma, ship, &cmd))
        {
            return;
        }

        rc = cxr_rma_name_parcel(&h->now.order, rma, ship, &cmd, 0, h->at,
                                 h->a, &events, &no);
        h->given++;
    }

    HISTORY_CHECK(rc == CXR_OK);

    if (events.n == 0) {
        return;
    }

    history_way(h, rma, &events);
    history_apply_stock(h, &events, rma, ship);
    HISTORY_CHECK(cxr_str_eq(ship->rma, rma->id));
    h->named++;
    cmd.other = CXR_STR_NONE;

    /* the same again is no news */

    memset(&events, 0, sizeof(events));
    HISTORY_CHECK(cxr_rma_name_parcel(&h->now.order, rma, ship, &cmd, 0,
                                      h->at, h->a, &events, &no) == CXR_OK);
    HISTORY_CHECK(events.n == 0);
}

#endif /* _DOMAIN_HISTORY_WAYS_H_INCLUDED_ */
