
/*
 * The table of an RMA's states, its page, and what it refuses; money over
 * thousands of orders that come back in pieces.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_rma_act.h"

#define NOW     1793700000000
#define ORDERS  3000


static cxr_arena_t  *arena;
static cxr_tz_t     *tz;
static uint64_t      seed;


static int
setup(void **state)
{
    seed = 20261122;
    arena = cxr_arena_create(64 * 1024 * 1024);

    return arena == NULL
           || cxr_tz_load("Europe/Istanbul", &tz, NULL) != CXR_OK;
}


static int
teardown(void **state)
{
    cxr_tz_free(tz);
    cxr_arena_destroy(arena);

    return 0;
}


static unsigned
dice(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (unsigned) (seed >> 33) % n;
}


/* The page is what the table prints. */

static void
test_page(void **state)
{
    char       text[64 * 1024];
    FILE      *f;
    size_t     n;
    cxr_buf_t  b;

    cxr_buf_init(&b, sizeof(text));
    cxr_rma_rows_print(&b);
    assert_true(cxr_buf_ok(&b));

    f = fopen("docs/states.md", "r");
    assert_non_null(f);
    n = fread(text, 1, sizeof(text), f);
    fclose(f);

    assert_int_equal(n, cxr_buf_str(&b).len);
    assert_memory_equal(text, cxr_buf_str(&b).data, n);
    cxr_buf_free(&b);
}


static void
test_verbs(void **state)
{
    int       i, k;
    unsigned  bit;

    for (i = 0; i < CXR_VERBS; i++) {
        assert_non_null(cxr_verbs[i].name);
        assert_non_null(cxr_verbs[i].refusal);
        assert_non_null(cxr_verbs[i].what);
        assert_true(cxr_event_is_rma(cxr_verbs[i].event));
        assert_true(cxr_verbs[i].who != 0);

        for (k = 0; k < i; k++) {
            assert_string_not_equal(cxr_verbs[i].name, cxr_verbs[k].name);
        }

        /* the last two are no commands, and nobody may send them */

        assert_int_equal(cxr_verb(cxr_strz(cxr_verbs[i].name)),
                         i < CXR_VERB_FOLLOW ? i : -1);

        for (bit = 0; cxr_actor_names[bit] != NULL; bit++) {
            if (i < CXR_VERB_FOLLOW && bit == CXR_ACTOR_STAFF) {
                assert_true(cxr_verbs[i].who & (1u << bit));
            }
        }
    }

    assert_int_equal(cxr_verb(cxr_str("")), -1);
    assert_int_equal(cxr_verb(cxr_str("APPROVE")), -1);
}


/* Every change of every fact: allowed just when a row of the event has it. */

static void
test_table(void **state)
{
    bool             row;
    size_t           i;
    unsigned         event, fact, from, to, allowed;
    cxr_rma_line_t   a, b;
    uint8_t         *pa[CXR_FACTS], *pb[CXR_FACTS];

    pa[0] = &a.decision;
    pa[1] = &a.parcel;
    pa[2] = &a.receipt;
    pa[3] = &a.settlement;
    pb[0] = &b.decision;
    pb[1] = &b.parcel;
    pb[2] = &b.receipt;
    pb[3] = &b.settlement;

    allowed = 0;

    for (event = 1; cxr_event_names[event] != NULL; event++) {
        for (fact = 0; fact < CXR_FACTS; fact++) {
            for (from = 0; cxr_fact_values(fact)[from] != NULL; from++) {
                for (to = 0; cxr_fact_values(fact)[to] != NULL; to++) {
                    memset(&a, 0, sizeof(a));
                    memset(&b, 0, sizeof(b));
                    *pa[fact] = (uint8_t) from;
                    *pb[fact] = (uint8_t) to;

                    row = from == to;

                    for (i = 0; i < cxr_rma_nrows; i++) {
                        row |= cxr_verbs[cxr_rma_rows[i].verb].event == event
                               && cxr_rma_rows[i].fact == fact
                               && (cxr_rma_rows[i].from >> from & 1)
                               && (cxr_rma_rows[i].to >> to & 1);
                    }

                    assert_int_equal(cxr_rma_allows(event, &a, &b), row);
                    allowed += row && from != to;
                }
            }
        }
    }

    assert_true(allowed > 40);

    /* some that must never be */

    memset(&a, 0, sizeof(a));
    b = a;
    a.decision = CXR_DECISION_DECLINED;
    b.decision = CXR_DECISION_APPROVED;
    assert_false(cxr_rma_allows(CXR_EV_RMA_DECIDED, &a, &b));

    b = a;
    a.settlement = CXR_SETTLEMENT_CONFIRMED;
    b.settlement = CXR_SETTLEMENT_FAILED;
    assert_false(cxr_rma_allows(CXR_EV_SETTLEMENT_FAILED, &a, &b));

    b = a;
    a.settlement = CXR_SETTLEMENT_NONE;
    b.settlement = CXR_SETTLEMENT_RELEASED;
    assert_false(cxr_rma_allows(CXR_EV_SETTLEMENT_RELEASED, &a, &b));
}


/* ---- money ---- */

typedef struct {
    cxr_order_t       order;
    cxr_order_line_t  lines[3];
    cxr_policy_t      policy;
    cxr_reason_t      reason;
    cxr_rma_t         rmas[24];
    unsigned          n;
} books_t;


static void
apply(books_t *w, cxr_rma_t *rma, const cxr_events_t *events)
{
    uint32_t     i;
    cxr_entry_t  e;

    for (i = 0; i < events->n; i++) {
        memset(&e, 0, sizeof(e));
        e.at = NOW;
        e.actor = cxr_str("staff:ayse");
        assert_int_equal(cxr_rma_apply(&w->order, rma, &events->items[i], &e,
                                       arena), CXR_OK);
    }
}


static cxr_rc_t
act(books_t *w, cxr_rma_t *rma, cxr_rma_act_t *a)
{
    cxr_rc_t       rc;
    cxr_events_t   events = { NULL, 0 };
    cxr_refusal_t  no;
    cxr_rma_by_t   by;

    static const uint8_t  random[32];

    memset(&by, 0, sizeof(by));
    by.kind = CXR_ACTOR_STAFF;
    by.actor = cxr_str("staff:can");
    by.policy = &w->policy;
    by.random = random;
    by.now = NOW;
    a->rma = rma->id;

    rc = cxr_rma_act(&w->order, rma, a, &by, arena, &events, &no);
    if (rc == CXR_OK) {
        apply(w, rma, &events);
    }

    return rc;
}


static bool
ask(books_t *w, unsigned line, uint32_t units)
{
    cxr_events_t        events = { NULL, 0 };
    cxr_refusal_t       no;
    cxr_rma_ask_t       a;
    cxr_rma_world_t     world;
    cxr_rma_ask_line_t  l;

    memset(&a, 0, sizeof(a));
    memset(&l, 0, sizeof(l));
    memset(&world, 0, sizeof(world));

    l.line = w->lines[line].line;
    l.quantity = units;
    l.reason = w->reason.code;
    a.order = cxr_str("KG1");
    a.method = cxr_str("label");
    a.lines.items = &l;
    a.lines.n = 1;
    memset(a.random, (int) w->n + 1, sizeof(a.random));
    world.policy = &w->policy;
    world.tz = tz;

    memset(&w->rmas[w->n], 0, sizeof(cxr_rma_t));

    if (cxr_rma_create(&w->order, &a, &world, NOW, arena, &events, &no)
        != CXR_OK)
    {
        return false;
    }

    apply(w, &w->rmas[w->n], &events);
    w->n++;

    return true;
}


static void
begin(books_t *w)
{
    unsigned  i;

    static const char *const  names[] = { "1", "2", "3" };

    memset(w, 0, sizeof(*w));

    w->reason.code = cxr_str("changed");
    w->policy.version = cxr_str("0123456789abcdef");
    w->policy.window_days = 14;
    w->policy.fallback_days = 5;
    w->policy.outcomes = 1u << CXR_OUT_REFUND;
    w->policy.auto_approve = true;
    w->policy.label_days = 30;
    w->policy.reasons.items = &w->reason;
    w->policy.reasons.n = 1;
    w->policy.release[CXR_OUT_REFUND] = CXR_RELEASE_RECEIVED;

    w->order.number = cxr_str("KG-1");
    w->order.placed_at = NOW - 5 * CXR_DAY;
    w->order.currency = cxr_str("TRY");
    w->order.country = cxr_str("TR");
    w->order.revision = 1;
    w->order.lines.items = w->lines;
    w->order.lines.n = 1 + dice(3);

    for (i = 0; i < 3; i++) {
        w->lines[i].line = cxr_strz(names[i]);
        w->lines[i].sku = cxr_str("A");
        w->lines[i].title = cxr_str("A");
        w->lines[i].quantity = 1 + dice(7);
        w->lines[i].unit_price = dice(20000);
        w->lines[i].discount = dice((unsigned) w->lines[i].unit_price + 1);
        w->lines[i].tax = cxr_order_line_paid(&w->lines[i]) / (2 + dice(9));
    }
}


/*
 * Whatever is cancelled on the way, and however the boxes come: once every unit
 * of every line has come back, the shop was told to pay exactly what was paid,
 * and says that it did.
 */

static void
test_no_cent_lost(void **state)
{
    unsigned         n, i, tries;
    uint32_t         left;
    books_t         *w;
    cxr_money_t      paid, told;
    cxr_rma_act_t    a;
    cxr_rma_count_t  count;

    w = calloc(1, sizeof(*w));
    assert_non_null(w);

    for (n = 0; n < ORDERS; n++) {
        cxr_arena_reset(arena);
        begin(w);
        paid = 0;
        told = 0;

        for (i = 0; i < w->order.lines.n; i++) {
            paid += cxr_order_line_paid(&w->order.lines.items[i]);

            for (tries = 0; w->n < 23; tries++) {
                left = w->order.lines.items[i].quantity
                       - w->order.lines.items[i].returning;
                if (left == 0) {
                    break;
                }

                assert_true(ask(w, i, tries < 3 ? 1 + dice(left) : left));

                memset(&a, 0, sizeof(a));

                if (tries < 3 && dice(3) == 0) {
                    a.verb = CXR_VERB_CANCEL;
                    assert_int_equal(act(w, &w->rmas[w->n - 1], &a), CXR_OK);
                }
            }

            assert_int_equal(w->order.lines.items[i].returning,
                             w->order.lines.items[i].quantity);
        }

        for (i = 0; i < w->n; i++) {
            if (w->rmas[i].cancelled) {
                assert_int_equal(w->rmas[i].told, 0);
                continue;
            }

            /* in one box, or one unit after the other */

            memset(&a, 0, sizeof(a));
            memset(&count, 0, sizeof(count));
            a.verb = CXR_VERB_RECEIVE;

            if (dice(2)) {
                count.item = w->rmas[i].lines.items[0].item;
                count.count = 1;
                a.counts.items = &count;
                a.counts.n = 1;
            }

            while (w->rmas[i].lines.items[0].counted
                   < w->rmas[i].lines.items[0].quantity)
            {
                assert_int_equal(act(w, &w->rmas[i], &a), CXR_OK);
                assert_int_equal(w->rmas[i].told, w->rmas[i].refund);
            }

            if (w->rmas[i].told == 0) {
                continue;
            }

            memset(&a, 0, sizeof(a));
            a.verb = CXR_VERB_CONFIRM;
            a.has_money = w->rmas[i].told > 1;
            a.money = w->rmas[i].told / 2;
            assert_int_equal(act(w, &w->rmas[i], &a), CXR_OK);

            if (w->rmas[i].settled != w->rmas[i].told) {
                a.has_money = false;
                assert_int_equal(act(w, &w->rmas[i], &a), CXR_OK);
            }

            assert_int_equal(w->rmas[i].settled, w->rmas[i].told);
            told += w->rmas[i].told;
        }

        assert_int_equal(told, paid);
    }

    free(w);
}


/* Where two people are wanted, nothing is released by itself or by the one. */

static void
test_four_eyes(void **state)
{
    books_t        *w;
    cxr_rma_t      *rma;
    cxr_events_t    events = { NULL, 0 };
    cxr_refusal_t   no;
    cxr_rma_act_t   a;
    cxr_rma_by_t    by;

    w = calloc(1, sizeof(*w));
    assert_non_null(w);
    cxr_arena_reset(arena);
    begin(w);
    w->lines[0].unit_price = 1000;
    w->lines[0].discount = 0;
    assert_true(ask(w, 0, 1));

    rma = &w->rmas[0];
    rma->four_eyes = true;

    memset(&a, 0, sizeof(a));
    a.verb = CXR_VERB_RECEIVE;
    assert_int_equal(act(w, rma, &a), CXR_OK);
    assert_int_equal(rma->lines.items[0].settlement, CXR_SETTLEMENT_OWED);
    assert_int_equal(rma->told, 0);

    /* apply() says who: staff:ayse received it */

    memset(&by, 0, sizeof(by));
    by.kind = CXR_ACTOR_STAFF;
    by.actor = cxr_str("staff:ayse");
    by.policy = &w->policy;
    by.now = NOW;
    a.verb = CXR_VERB_RELEASE;

    assert_int_equal(cxr_rma_act(&w->order, rma, &a, &by, arena, &events, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "four_eyes");

    assert_int_equal(act(w, rma, &a), CXR_OK);
    assert_int_equal(rma->lines.items[0].settlement, CXR_SETTLEMENT_RELEASED);
    assert_int_equal(rma->told, 1000);

    free(w);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_no_cent_lost),
        cmocka_unit_test(test_four_eyes)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
