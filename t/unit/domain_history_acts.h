
/*
 * Random commands on RMAs that are there.  Part of domain_history.h.
 */

#ifndef _DOMAIN_HISTORY_ACTS_H_INCLUDED_
#define _DOMAIN_HISTORY_ACTS_H_INCLUDED_


static inline void
history_act_input(history_t *h, const cxr_rma_t *rma, cxr_rma_act_t *act)
{
    uint32_t               i, n;
    cxr_rma_line_t        *l;
    cxr_rma_count_t       *c;
    cxr_rma_grade_t       *g;

    n = rma->lines.n;

    if (history_byte(h) % 2) {
        act->lines.items = cxr_calloc(h->a, 1, sizeof(cxr_str_t));
        l = &rma->lines.items[history_byte(h) % n];
        act->lines.items[0] = history_byte(h) % 2 ? l->item : l->line;
        act->lines.n = 1;
    }

    act->reason = history_byte(h) % 4 ? cxr_str("gerekçe") : CXR_STR_NONE;
    act->text = history_byte(h) % 8 ? cxr_str("sealed") : CXR_STR_NONE;
    act->reference = cxr_str("PAY-1");
    act->has_money = history_byte(h) % 3 == 0;
    act->money = history_byte(h) * 40;

    /* a payment that is just what is open is the usual one */

    if (act->verb == CXR_VERB_PAID || act->verb == CXR_VERB_REPAID) {
        act->has_money = history_byte(h) % 4 == 0;
    }

    if (act->verb == CXR_VERB_RECEIVE && history_byte(h) % 4) {
        act->counts.items = cxr_calloc(h->a, n, sizeof(cxr_rma_count_t));

        for (i = 0; i < n; i++) {
            if (history_byte(h) % 3 == 0) {
                continue;
            }

            c = &act->counts.items[act->counts.n++];
            c->item = rma->lines.items[i].item;
            c->count = history_byte(h) % 4;
            c->wrong = history_byte(h) % 8 == 0;
            c->no_more = history_byte(h) % 4 == 0;
        }
    }

    if (act->verb == CXR_VERB_GRADE) {
        act->grades.items = cxr_calloc(h->a, n, sizeof(cxr_rma_grade_t));

        for (i = 0; i < n; i++) {
            if (rma->lines.items[i].counted == rma->lines.items[i].graded) {
                continue;
            }

            g = &act->grades.items[act->grades.n++];
            g->item = rma->lines.items[i].item;
            g->units = 1 + history_byte(h) % 2;
            g->grade = history_byte(h) % (CXR_GRADE_INCOMPLETE + 1);
            g->disposition = history_byte(h) % (CXR_DISPOSE_TO_SHOPPER + 1);
            g->deduct = history_byte(h) % 4 ? 0 : history_byte(h) * 5;
        }
    }
}


/* Who asks, and with what; "random" is 32 bytes of the caller's. */

static inline cxr_rma_by_t
history_by(const history_t *h, cxr_actor_t kind, uint8_t *random)
{
    cxr_rma_by_t  by;

    memset(&by, 0, sizeof(by));
    memset(random, (int) h->seq, 32);

    by.kind = kind;
    by.policy = &h->policy;
    by.random = random;
    by.now = h->at;

    return by;
}


static inline void
history_decide(history_t *h)
{
    uint8_t        random[32];
    cxr_rc_t       rc;
    uint32_t       i;
    cxr_rma_t     *rma;
    cxr_str_t      line;
    cxr_events_t   events;
    cxr_refusal_t  no;
    cxr_rma_by_t   by;
    cxr_rma_act_t  act;
    cxr_rma_part_t part;

    static const uint8_t  verbs[] = {
        CXR_VERB_APPROVE, CXR_VERB_DECLINE, CXR_VERB_REQUEST_INFO
    };

    if (h->now.n == 0) {
        return;
    }

    rma = &h->now.rmas[history_byte(h) % h->now.n];
    memset(&act, 0, sizeof(act));
    memset(&events, 0, sizeof(events));

    act.rma = rma->id;
    act.verb = verbs[history_byte(h) % cxr_nelts(verbs)];
    act.reason = history_byte(h) % 8 ? cxr_str("Paket açılmış") : CXR_STR_NONE;

    if (history_byte(h) % 2) {
        line = rma->lines.items[history_byte(h) % rma->lines.n].line;
        act.lines.items = &line;
        act.lines.n = 1;
    }

    /* some units of a line, the others wait on */

    if (history_byte(h) % 3 == 0) {
        i = history_byte(h) % rma->lines.n;
        part.item = rma->lines.items[i].item;
        part.units = 1 + history_byte(h) % 3;
        act.parts.items = &part;
        act.parts.n = 1;
    }

    by = history_by(h, CXR_ACTOR_STAFF, random);
    by.expect = history_byte(h) % 4 ? 0 : rma->revision;

    rc = cxr_rma_act(&h->now.order, rma, &act, &by, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(events.n == 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK);
    i = rma->lines.n;
    history_apply(h, &events, rma);
    h->decided++;
    h->split += rma->lines.n > i;
}


static inline void
history_cancel(history_t *h)
{
    uint8_t        random[32];
    cxr_rc_t       rc;
    cxr_rma_t     *rma;
    cxr_events_t   events;
    cxr_refusal_t  no;
    cxr_rma_by_t   by;
    cxr_rma_act_t  act;

    if (h->now.n == 0) {
        return;
    }

    rma = &h->now.rmas[history_byte(h) % h->now.n];
    memset(&act, 0, sizeof(act));
    memset(&events, 0, sizeof(events));
    act.verb = CXR_VERB_CANCEL;
    act.rma = rma->id;

    by = history_by(h, CXR_ACTOR_SHOPPER, random);
    by.expect = rma->revision + 1;

    HISTORY_CHECK(cxr_rma_act(&h->now.order, rma, &act, &by, h->a, &events,
                              &no) == CXR_CONFLICT);

    by.expect = 0;
    rc = cxr_rma_act(&h->now.order, rma, &act, &by, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(strcmp(no.code, "rma_closed") == 0
                      || strcmp(no.code, "too_late_to_cancel") == 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK);
    history_apply(h, &events, rma);
    HISTORY_CHECK(rma->refund == 0 && rma->status == CXR_RMA_CANCELLED);
    h->cancelled++;
}


/* One of the verbs, by somebody, on an RMA. */

static inline void
history_pick(history_t *h, const cxr_rma_t *rma, cxr_rma_act_t *act,
    cxr_rma_by_t *by, uint8_t *random, const cxr_product_t **product)
{
    static const uint8_t  verbs[] = {
        CXR_VERB_RECEIVE, CXR_VERB_RECEIVE, CXR_VERB_RECEIVE, CXR_VERB_GRADE,
        CXR_VERB_GRADE, CXR_VERB_RELEASE, CXR_VERB_CONFIRM, CXR_VERB_CONFIRM,
        CXR_VERB_FAIL, CXR_VERB_ANSWER, CXR_VERB_REOPEN, CXR_VERB_REOPEN,
        CXR_VERB_NOTE, CXR_VERB_EXPIRE, CXR_VERB_OVERDUE, CXR_VERB_APPROVE,
        CXR_VERB_APPROVE, CXR_VERB_REQUEST_INFO, CXR_VERB_DECLINE,
        CXR_VERB_CANCEL, CXR_VERB_OVERDUE, CXR_VERB_OVERDUE,
        CXR_VERB_PAID, CXR_VERB_PAID, CXR_VERB_PAID, CXR_VERB_REPAID,
        CXR_VERB_REPAID, CXR_VERB_OVERDUE
    };

    static const char *const  actors[] = { "staff:ayse", "staff:can" };

    memset(act, 0, sizeof(*act));

    act->verb = verbs[history_byte(h) % cxr_nelts(verbs)];
    act->rma = rma->id;
    history_act_input(h, rma, act);

    *by = history_by(h, history_byte(h) % 8 ? CXR_ACTOR_STAFF
                                            : CXR_ACTOR_SHOPPER, random);
    by->actor = cxr_strz(actors[history_byte(h) % 2]);
    by->products = product;
    by->nproducts = 1;

    /* a label and an instant exchange do run out */

    by->now += act->verb >= CXR_VERB_EXPIRE ? 40 * CXR_DAY : 0;
}


static inline void
history_act(history_t *h)
{
    uint8_t               random[32];
    uint32_t              status;
    cxr_rc_t              rc;
    cxr_rma_t            *rma;
    cxr_events_t          events;
    cxr_refusal_t         no;
    cxr_rma_by_t          by;
    cxr_rma_act_t         act;
    const cxr_product_t  *products[1];

    if (h->now.n == 0) {
        return;
    }

    rma = &h->now.rmas[history_byte(h) % h->now.n];
    products[0] = &h->now.product;
    memset(&events, 0, sizeof(events));
    history_pick(h, rma, &act, &by, random, products);

    /* whoever looked before the last change is told so */

    by.expect = rma->revision + 1;
    HISTORY_CHECK(cxr_rma_act(&h->now.order, rma, &act, &by, h->a, &events,
                              &no) == CXR_CONFLICT);
    by.expect = history_byte(h) % 2 ? rma->revision : 0;

    rc = cxr_rma_act(&h->now.order, rma, &act, &by, h->a, &events, &no);

    if (rc == CXR_REFUSED) {
        HISTORY_CHECK(no.code != NULL && events.n == 0);
        return;
    }

    HISTORY_CHECK(rc == CXR_OK);
    HISTORY_CHECK(cxr_rma_may(rma, act.verb, by.kind));

    if (events.n == 0) {
        HISTORY_CHECK(act.verb == CXR_VERB_RELEASE);
        return;
    }

    status = rma->status;
    history_apply(h, &events, rma);
    h->acts[act.verb]++;

    HISTORY_CHECK(act.verb != CXR_VERB_NOTE || rma->status == status);
    HISTORY_CHECK(act.verb != CXR_VERB_EXPIRE
                  || rma->status == CXR_RMA_EXPIRED);

    if (h->now.order.lines.n > HISTORY_LINES) {
        h->replaced++;
    }
}

#endif /* _DOMAIN_HISTORY_ACTS_H_INCLUDED_ */
