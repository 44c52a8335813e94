
/*
 * The policy's verdicts, and what may be asked of an RMA: one row for each
 * decision.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_rma_act.h"


#define PLACED  ((cxr_time_t) 1793610840000)    /* 2026-11-02T09:14:00Z */
#define NOW     (PLACED + 3 * CXR_DAY)


static cxr_arena_t  *arena;
static cxr_tz_t     *tz;


typedef struct {
    cxr_policy_t           policy;
    cxr_reason_t           reasons[3];
    cxr_str_t              final_tag;
    cxr_order_t            order;
    cxr_order_line_t       lines[3];
    cxr_str_t              tag;
    cxr_product_t          product;
    cxr_variant_t          variants[2];
    const cxr_product_t   *products[1];
    cxr_shipment_t         parcel;
    const cxr_shipment_t  *parcels[1];
    cxr_rma_ask_t          ask;
    cxr_rma_ask_line_t     asked[3];
    cxr_rma_world_t        world;
    unsigned               taken;      /* numbers that are taken already */
} fixture_t;


static int
setup(void **state)
{
    arena = cxr_arena_create(16 * 1024 * 1024);
    return arena == NULL || cxr_tz_load("Europe/Istanbul", &tz, NULL);
}


static int
teardown(void **state)
{
    cxr_tz_free(tz);
    cxr_arena_destroy(arena);
    return 0;
}


static bool
taken(void *ctx, cxr_str_t id)
{
    fixture_t  *f = ctx;

    return f->taken > 0 && f->taken-- > 0;
}


static void
begin(fixture_t *f)
{
    size_t  i;

    static const char *const  names[] = { "1", "2", "3" };

    memset(f, 0, sizeof(*f));
    cxr_arena_reset(arena);

    f->reasons[0].code = cxr_str("changed_mind");
    f->reasons[1].code = cxr_str("damaged");
    f->reasons[1].note = true;
    f->reasons[1].review = true;
    f->reasons[2].code = cxr_str("other");
    f->reasons[2].note = true;

    f->final_tag = cxr_str("son-firsat");
    f->policy.version = cxr_str("0123456789abcdef");
    f->policy.window_days = 14;
    f->policy.fallback_days = 5;
    f->policy.final_sale_tags.items = &f->final_tag;
    f->policy.final_sale_tags.n = 1;
    f->policy.outcomes = (1u << CXR_OUT_REFUND) | (1u << CXR_OUT_EXCHANGE);
    f->policy.auto_approve = true;
    f->policy.label_days = 30;
    f->policy.reasons.items = f->reasons;
    f->policy.reasons.n = 3;

    for (i = 0; i < 3; i++) {
        f->lines[i].line = cxr_strz(names[i]);
        f->lines[i].sku = cxr_str("ETH-250");
        f->lines[i].title = cxr_str("Etiyopya");
        f->lines[i].product = cxr_str("ETH");
        f->lines[i].quantity = 3;
        f->lines[i].unit_price = 10000;
        f->lines[i].tax = 2727;

        f->asked[i].line = f->lines[i].line;
        f->asked[i].quantity = 1;
        f->asked[i].reason = f->reasons[0].code;
    }

    f->order.number = cxr_str("KG-1001");
    f->order.placed_at = PLACED;
    f->order.currency = cxr_str("TRY");
    f->order.lines.items = f->lines;
    f->order.lines.n = 3;
    f->order.revision = 4;

    f->variants[0].sku = cxr_str("ETH-500");
    f->variants[0].title = cxr_str("500 g");
    f->variants[0].price = 18000;
    f->variants[0].stock = 2;
    f->variants[1].sku = cxr_str("ETH-125");
    f->variants[1].price = 6000;
    f->variants[1].stock = 100;
    f->product.id = cxr_str("ETH");
    f->product.currency = cxr_str("TRY");
    f->product.variants.items = f->variants;
    f->product.variants.n = 2;
    f->products[0] = &f->product;

    f->parcel.carrier = cxr_str("yurtici");
    f->parcel.number = cxr_str("123");
    f->parcel.status = CXR_SHIP_DELIVERED;
    f->parcel.delivered_at = PLACED + CXR_DAY;
    f->parcels[0] = &f->parcel;

    f->ask.order = cxr_str("KG1001");
    f->ask.locale = cxr_str("tr");
    f->ask.method = cxr_str("label");
    f->ask.lines.items = f->asked;
    f->ask.lines.n = 1;
    memset(f->ask.random, 0x5a, 32);
    memset(f->ask.random + 5, 0x17, 5);

    f->world.policy = &f->policy;
    f->world.tz = tz;
    f->world.parcels = f->parcels;
    f->world.nparcels = 1;
    f->world.products = f->products;
    f->world.nproducts = 1;
    f->world.id_taken = taken;
    f->world.ctx = f;
}


static cxr_rc_t
create(fixture_t *f, cxr_time_t now, cxr_rma_t *rma, cxr_refusal_t *no)
{
    cxr_rc_t      rc;
    cxr_entry_t   entry;
    cxr_events_t  ev;

    memset(&ev, 0, sizeof(ev));
    memset(rma, 0, sizeof(*rma));
    memset(&entry, 0, sizeof(entry));
    entry.at = now;
    entry.seq = 9;
    entry.actor = cxr_str("shopper");
    entry.actor_kind = CXR_ACTOR_SHOPPER;

    rc = cxr_rma_create(&f->order, &f->ask, &f->world, now, arena, &ev, no);

    if (rc != CXR_OK) {
        assert_int_equal(ev.n, 0);
        return rc;
    }

    assert_int_equal(ev.n, 1);
    assert_int_equal(ev.items[0].kind, CXR_EV_RMA_CREATED);
    assert_int_equal(ev.items[0].expect, f->order.revision);
    assert_true(cxr_str_is(ev.items[0].id, "KG1001"));

    return cxr_rma_apply(&f->order, rma, &ev.items[0], &entry, arena);
}


/* ---- policy ---- */

typedef struct {
    const char  *name;
    bool         final_sale;
    bool         tagged;
    uint32_t     returning;
    uint8_t      status;        /* of the parcel */
    int          delivered;     /* hours after placed, or -1 */
    int          now;           /* hours after placed */
    uint32_t     outcomes;
    bool         product;
    uint8_t      verdict;
    bool         by_order;
} judge_t;


#define R    (1u << CXR_OUT_REFUND)
#define E    (1u << CXR_OUT_EXCHANGE)
#define DLV  CXR_SHIP_DELIVERED


static const judge_t  judgements[] = {
    { "may", 0, 0, 0, DLV, 24, 48, R | E, 1, CXR_MAY_RETURN, 0 },
    { "final", 1, 0, 0, DLV, 24, 48, R, 1, CXR_NO_FINAL_SALE, 0 },
    { "final by tag", 0, 1, 0, DLV, 24, 48, R, 1, CXR_NO_FINAL_SALE, 0 },
    { "some left", 0, 0, 2, DLV, 24, 48, R, 1, CXR_MAY_RETURN, 0 },
    { "none left", 0, 0, 3, DLV, 24, 48, R, 1, CXR_NO_ALREADY, 0 },
    { "on its way", 0, 0, 0, CXR_SHIP_IN_TRANSIT, -1, 48, R, 1,
      CXR_NO_NOT_DELIVERED, 0 },
    { "refused, going back", 0, 0, 0, CXR_SHIP_RETURNING, -1, 48, R, 1,
      CXR_NO_NOT_DELIVERED, 0 },
    { "nothing known of the parcel", 0, 0, 0, CXR_SHIP_UNKNOWN, -1, 48, R, 1,
      CXR_MAY_RETURN, 1 },
    { "label cancelled", 0, 0, 0, CXR_SHIP_CANCELLED, -1, 48, R, 1,
      CXR_MAY_RETURN, 1 },
    { "delivered, time unknown", 0, 0, 0, DLV, -1, 48, R, 1,
      CXR_MAY_RETURN, 1 },
    /* delivered 3 November 12:14 in Istanbul; 17 November ends at 21:00 UTC,
       which is 15 days, 11 h 46 min after the order */
    { "last hour", 0, 0, 0, DLV, 24, 15 * 24 + 11, R, 1, CXR_MAY_RETURN, 0 },
    { "an hour later", 0, 0, 0, DLV, 24, 15 * 24 + 12, R, 1,
      CXR_NO_WINDOW_OVER, 0 },
    { "fallback, last hour", 0, 0, 0, 0, -1, 19 * 24 + 11, R, 1,
      CXR_MAY_RETURN, 1 },
    { "fallback over", 0, 0, 0, 0, -1, 19 * 24 + 12, R, 1,
      CXR_NO_WINDOW_OVER, 1 },
    { "exchange only, of nothing", 0, 0, 0, DLV, 24, 48, E, 0,
      CXR_NO_OUTCOME, 0 },
};


static void
test_judge(void **state)
{
    size_t            i;
    fixture_t         f;
    const judge_t    *row;
    cxr_judgement_t   j;

    for (i = 0; i < cxr_nelts(judgements); i++) {
        row = &judgements[i];
        begin(&f);

        f.lines[0].final_sale = row->final_sale;
        f.lines[0].returning = row->returning;
        f.tag = f.final_tag;
        f.lines[0].tags.items = &f.tag;
        f.lines[0].tags.n = row->tagged;
        f.parcel.status = row->status;
        f.parcel.delivered_at = row->delivered < 0 ? CXR_TIME_NONE
                                : PLACED + row->delivered * CXR_HOUR;
        f.policy.outcomes = row->outcomes;

        if (!row->product) {
            f.lines[0].product = CXR_STR_NONE;
        }

        cxr_policy_judge(&f.policy, tz, &f.order, &f.lines[0], f.parcels, 1,
                         PLACED + row->now * CXR_HOUR, &j);

        if (j.verdict != row->verdict || j.deadline_by_order != row->by_order) {
            fail_msg("%s: %s", row->name, cxr_verdict_names[j.verdict]);
        }

        assert_int_equal(j.returnable, row->verdict == CXR_MAY_RETURN
                                       ? 3 - row->returning : 0);
    }
}


static void
test_parcels_of_a_line(void **state)
{
    fixture_t              f;
    cxr_str_t              held;
    cxr_shipment_t         other;
    cxr_judgement_t        j;
    cxr_order_parcel_t     declared;
    const cxr_shipment_t  *two[2];

    begin(&f);
    other = f.parcel;
    other.number = cxr_str("456");
    other.delivered_at = PLACED + 2 * CXR_DAY;
    two[0] = &f.parcel;
    two[1] = &other;

    /* the later delivery counts */

    cxr_policy_judge(&f.policy, tz, &f.order, &f.lines[0], two, 2, NOW, &j);
    assert_int_equal(j.delivered_at, other.delivered_at);
    assert_int_equal(j.deadline, cxr_tz_end_of_day(tz, other.delivered_at, 14));

    /* but not of a parcel with another line, by its own word or the order's */

    held = cxr_str("2");
    other.lines.items = &held;
    other.lines.n = 1;
    other.status = CXR_SHIP_IN_TRANSIT;
    cxr_policy_judge(&f.policy, tz, &f.order, &f.lines[0], two, 2, NOW, &j);
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.delivered_at, f.parcel.delivered_at);
    cxr_policy_judge(&f.policy, tz, &f.order, &f.lines[1], two, 2, NOW, &j);
    assert_int_equal(j.verdict, CXR_NO_NOT_DELIVERED);

    memset(&declared, 0, sizeof(declared));
    declared.carrier = other.carrier;
    declared.number = other.number;
    declared.lines = other.lines;
    other.lines.n = 0;
    f.order.parcels.items = &declared;
    f.order.parcels.n = 1;
    cxr_policy_judge(&f.policy, tz, &f.order, &f.lines[0], two, 2, NOW, &j);
    assert_int_equal(j.verdict, CXR_MAY_RETURN);

    /* a parcel that comes back does not hold up the window */

    f.order.parcels.n = 0;
    other.direction = CXR_PARCEL_RETURN;
    cxr_policy_judge(&f.policy, tz, &f.order, &f.lines[0], two, 2, NOW, &j);
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
}


/* ---- create ---- */

static void nothing(fixture_t *f) { f->ask.lines.n = 0; }
static void unknown(fixture_t *f) { f->asked[0].line = cxr_str("7"); }
static void twice(fixture_t *f)
{
    f->ask.lines.n = 2;
    f->asked[1].line = f->asked[0].line;
}
static void zero(fixture_t *f) { f->asked[0].quantity = 0; }
static void over(fixture_t *f)
{
    f->lines[0].returning = 1;
    f->asked[0].quantity = 3;
}
static void already(fixture_t *f) { f->lines[0].returning = 3; }
static void final(fixture_t *f) { f->lines[0].final_sale = true; }
static void late(fixture_t *f)
{
    f->parcel.delivered_at = PLACED - 20 * CXR_DAY;
}
static void underway(fixture_t *f) { f->parcel.status = CXR_SHIP_PICKED_UP; }
static void reason(fixture_t *f) { f->asked[0].reason = cxr_str("whim"); }
static void note(fixture_t *f) { f->asked[0].reason = cxr_str("other"); }
static void credit(fixture_t *f)
{
    f->asked[0].outcome = CXR_OUT_STORE_CREDIT;
}
static void refund(fixture_t *f) { f->policy.outcomes = E; }
static void exchange(fixture_t *f, const char *sku)
{
    f->asked[0].outcome = CXR_OUT_EXCHANGE;
    f->asked[0].exchange_sku = cxr_strz(sku);
}
static void same(fixture_t *f) { exchange(f, "ETH-250"); }
static void stranger(fixture_t *f) { exchange(f, "KEN-250"); }
static void currency(fixture_t *f)
{
    exchange(f, "ETH-500");
    f->product.currency = cxr_str("EUR");
}
static void stock(fixture_t *f)
{
    exchange(f, "ETH-500");
    f->asked[0].quantity = 3;
}
static void stock_of_two(fixture_t *f)
{
    exchange(f, "ETH-500");
    f->asked[0].quantity = 2;
    f->ask.lines.n = 2;
    f->asked[1].outcome = CXR_OUT_EXCHANGE;
    f->asked[1].exchange_sku = f->asked[0].exchange_sku;
}
static void many(fixture_t *f) { f->order.rmas.n = CXR_ORDER_RMAS_MAX; }


static const struct {
    void        (*change)(fixture_t *f);
    const char   *code;
    const char   *where;
    int64_t       have;
    bool          staff_too;    /* refused to staff as well */
} refusals[] = {
    { nothing, "nothing_chosen", "/lines", 0, true },
    { zero, "nothing_chosen", "/lines/0/quantity", 0, true },
    { unknown, "line_unknown", "/lines/0/line", 0, true },
    { twice, "line_twice", "/lines/1/line", 0, true },
    { over, "quantity_over", "/lines/0/quantity", 2, true },
    { already, "already_returned", "/lines/0/quantity", 0, true },
    { final, "final_sale", "/lines/0/line", 0, false },
    { late, "window_over", "/lines/0/line", 0, false },
    { underway, "not_delivered", "/lines/0/line", 0, false },
    { reason, "reason_unknown", "/lines/0/reason", 0, true },
    { note, "note_missing", "/lines/0/note", 0, false },
    { credit, "outcome_not_offered", "/lines/0/outcome", 0, false },
    { refund, "outcome_not_offered", "/lines/0/outcome", 0, false },
    { same, "exchange_same", "/lines/0/exchange_sku", 0, true },
    { stranger, "exchange_unknown", "/lines/0/exchange_sku", 0, true },
    { currency, "exchange_unknown", "/lines/0/exchange_sku", 0, true },
    { stock, "exchange_out_of_stock", "/lines/0/exchange_sku", 2, true },
    { stock_of_two, "exchange_out_of_stock", "/lines/1/exchange_sku", 2, true },
    { many, "too_many_rmas", "", CXR_ORDER_RMAS_MAX, true },
};


static void
test_refusals(void **state)
{
    size_t         i;
    fixture_t      f;
    cxr_rma_t      rma;
    cxr_refusal_t  no;

    for (i = 0; i < cxr_nelts(refusals); i++) {
        begin(&f);
        refusals[i].change(&f);

        assert_int_equal(create(&f, NOW, &rma, &no), CXR_REFUSED);
        assert_string_equal(no.code, refusals[i].code);
        assert_string_equal(no.where, refusals[i].where);
        assert_int_equal(no.have, refusals[i].have);

        if (strcmp(no.code, "window_over") == 0) {
            assert_int_equal(no.when, cxr_tz_end_of_day(tz,
                                              f.parcel.delivered_at, 14));
        }

        f.ask.by_staff = true;

        if (refusals[i].change == many) {
            f.order.rmas.n = CXR_ORDER_RMAS_MAX;
        }

        if (strcmp(no.code, "final_sale") == 0
            || strcmp(no.code, "window_over") == 0
            || strcmp(no.code, "not_delivered") == 0)
        {
            assert_int_equal(create(&f, NOW, &rma, &no), CXR_REFUSED);
            assert_string_equal(no.code, "override_reason_missing");
        }

        f.ask.override_reason = cxr_str("müşteri haklı");

        assert_int_equal(create(&f, NOW, &rma, &no), refusals[i].staff_too
                         ? CXR_REFUSED : CXR_OK);
    }
}


static void
test_create(void **state)
{
    char           id[CXR_RMA_ID_LEN];
    fixture_t      f;
    cxr_rma_t      rma;
    cxr_refusal_t  no;

    begin(&f);
    f.asked[0].quantity = 2;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);

    cxr_rma_id_make(f.ask.random, id);
    assert_memory_equal(rma.id.data, id, CXR_RMA_ID_LEN);
    assert_int_equal(rma.status, CXR_RMA_APPROVED);
    assert_int_equal(rma.kind, CXR_KIND_RETURN);
    assert_int_equal(rma.refund, 20000);
    assert_int_equal(rma.lines.items[0].tax, 1818);
    assert_int_equal(rma.lines.items[0].parcel, CXR_PARCEL_LABEL_ISSUED);
    assert_true(cxr_str_is(rma.label_jti, "WlpaWlpaWlpaWlpaWlpaWg"));
    assert_int_equal(rma.label_issued, NOW);
    assert_int_equal(rma.label_expires, NOW + 30 * CXR_DAY);
    assert_int_equal(rma.created_at, NOW);
    assert_int_equal(rma.revision, 1);
    assert_int_equal(rma.steps.n, 1);
    assert_int_equal(rma.steps.items[0].status, CXR_RMA_APPROVED);
    assert_int_equal(rma.steps.items[0].seq, 9);
    assert_int_equal(f.order.lines.items[0].returning, 2);
    assert_int_equal(f.order.lines.items[0].returning_paid, 20000);
    assert_int_equal(f.order.rmas.n, 1);
    assert_int_equal(f.order.revision, 5);
    assert_int_equal(f.lines[0].returning, 0);    /* the old state stays */

    /* the number is taken: the next five bytes, then no more */

    begin(&f);
    f.taken = 1;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    cxr_rma_id_make(f.ask.random + 5, id);
    assert_memory_equal(rma.id.data, id, CXR_RMA_ID_LEN);

    begin(&f);
    f.taken = 3;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_ERROR);
}


static void
test_review(void **state)
{
    fixture_t      f;
    cxr_rma_t      rma;
    cxr_refusal_t  no;

    begin(&f);
    f.policy.review_above = 10000;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_APPROVED);

    begin(&f);
    f.ask.has_sums = true;
    f.ask.refund = 10000;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);

    begin(&f);
    f.ask.has_sums = true;
    f.ask.refund = 10001;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_REFUSED);
    assert_string_equal(no.code, "sums_changed");

    begin(&f);
    f.ask.has_sums = true;
    f.ask.refund = 10000;
    f.ask.due = 1;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_REFUSED);

    begin(&f);
    f.policy.review_above = 9999;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_REQUESTED);
    assert_int_equal(rma.label_jti.len, 0);
    assert_int_equal(rma.label_expires, CXR_TIME_NONE);
    assert_int_equal(rma.refund, 10000);

    begin(&f);
    f.asked[0].reason = cxr_str("damaged");
    f.asked[0].has_note = true;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_REQUESTED);

    begin(&f);
    f.policy.auto_approve = false;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_REQUESTED);
}


static void
test_money(void **state)
{
    fixture_t      f;
    cxr_rma_t      rma;
    cxr_refusal_t  no;

    /* three lines, one of them exchanged: the fee falls on the other two */

    begin(&f);
    f.policy.fee = 1001;
    f.ask.lines.n = 3;
    f.asked[1].outcome = CXR_OUT_EXCHANGE;
    f.asked[1].exchange_sku = cxr_str("ETH-500");
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.lines.items[0].fee, 501);
    assert_int_equal(rma.lines.items[1].fee, 0);
    assert_int_equal(rma.lines.items[2].fee, 500);
    assert_int_equal(rma.lines.items[1].due, 8000);
    assert_int_equal(rma.lines.items[1].refund, 0);
    assert_int_equal(rma.refund, 20000 - 1001);
    assert_int_equal(rma.fee, 1001);
    assert_int_equal(rma.due, 8000);
    assert_int_equal(rma.kind, CXR_KIND_RETURN);

    /* a cheaper variant pays back, and an exchange has no fee */

    begin(&f);
    f.policy.fee = 1001;
    f.asked[0].outcome = CXR_OUT_EXCHANGE;
    f.asked[0].exchange_sku = cxr_str("ETH-125");
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.kind, CXR_KIND_EXCHANGE);
    assert_int_equal(rma.refund, 4000);
    assert_int_equal(rma.due, 0);
    assert_int_equal(rma.fee, 0);

    /* a fee over the refund takes the refund, no more */

    begin(&f);
    f.policy.fee = 10001;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.fee, 10000);

    begin(&f);
    f.policy.fee = 50000;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    assert_int_equal(rma.refund, 0);
    assert_int_equal(rma.fee, 10000);
}


/* ---- decide, cancel ---- */

static cxr_rc_t
act(fixture_t *f, cxr_rma_t *rma, const cxr_rma_act_t *cmd, uint32_t expect,
    cxr_refusal_t *no)
{
    cxr_rc_t      rc;
    cxr_entry_t   entry;
    cxr_events_t  ev;
    cxr_rma_by_t  by;

    memset(&by, 0, sizeof(by));
    memset(&ev, 0, sizeof(ev));
    memset(&entry, 0, sizeof(entry));

    by.kind = CXR_ACTOR_STAFF;
    by.policy = &f->policy;
    by.random = f->ask.random;
    by.expect = expect;
    by.now = NOW + CXR_HOUR;
    entry.at = NOW + CXR_HOUR;

    rc = cxr_rma_act(&f->order, rma, cmd, &by, arena, &ev, no);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rma_apply(&f->order, rma, &ev.items[0], &entry, arena);
}


static cxr_rc_t
decide(fixture_t *f, cxr_rma_t *rma, uint8_t verb, const char *line,
    const char *why, cxr_refusal_t *no)
{
    cxr_str_t      name;
    cxr_rma_act_t  cmd;

    memset(&cmd, 0, sizeof(cmd));
    cmd.rma = rma->id;
    cmd.verb = verb;
    cmd.reason = cxr_strz(why);
    name = cxr_strz(line);
    cmd.lines.items = &name;
    cmd.lines.n = (line != NULL);

    return act(f, rma, &cmd, 0, no);
}


static cxr_rc_t
cancel(fixture_t *f, cxr_rma_t *rma, cxr_refusal_t *no)
{
    return decide(f, rma, CXR_VERB_CANCEL, NULL, NULL, no);
}


static void
test_decide(void **state)
{
    fixture_t      f;
    cxr_rma_t      rma;
    cxr_refusal_t  no;
    cxr_rma_act_t  cmd;

    begin(&f);
    f.policy.auto_approve = false;
    f.ask.lines.n = 3;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);

    assert_int_equal(decide(&f, &rma, CXR_VERB_DECLINE, "1", NULL, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "reason_missing");
    assert_int_equal(decide(&f, &rma, CXR_VERB_DECLINE, "8", "x", &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "line_unknown");
    assert_string_equal(no.where, "/lines/0");

    memset(&cmd, 0, sizeof(cmd));
    cmd.rma = rma.id;
    cmd.verb = CXR_VERB_APPROVE;
    assert_int_equal(act(&f, &rma, &cmd, 2, &no), CXR_CONFLICT);
    cmd.verb = CXR_VERB_FOLLOW;
    assert_int_equal(act(&f, &rma, &cmd, 0, &no), CXR_INVALID);

    assert_int_equal(decide(&f, &rma, CXR_VERB_DECLINE, "1", "açılmış",
                            &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_REQUESTED);
    assert_true(cxr_str_is(rma.lines.items[0].decline_reason, "açılmış"));
    assert_int_equal(rma.refund, 20000);
    assert_int_equal(f.order.lines.items[0].returning, 0);
    assert_int_equal(f.order.lines.items[0].returning_paid, 0);
    assert_int_equal(f.order.lines.items[1].returning, 1);
    assert_int_equal(rma.label_jti.len, 0);

    assert_int_equal(decide(&f, &rma, CXR_VERB_REQUEST_INFO, NULL, "foto?",
                            &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_INFO_NEEDED);
    assert_int_equal(rma.lines.items[0].decision, CXR_DECISION_DECLINED);

    assert_int_equal(decide(&f, &rma, CXR_VERB_APPROVE, NULL, NULL, &no),
                     CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_APPROVED);
    assert_int_equal(rma.lines.items[1].decline_reason.len, 0);
    assert_int_equal(rma.lines.items[1].parcel, CXR_PARCEL_LABEL_ISSUED);
    assert_int_equal(rma.lines.items[0].parcel, CXR_PARCEL_NONE);
    assert_int_equal(rma.label_jti.len, 22);
    assert_int_equal(rma.label_expires, NOW + CXR_HOUR + 30 * CXR_DAY);
    assert_int_equal(rma.steps.n, 4);
    assert_int_equal(rma.revision, 4);

    assert_int_equal(decide(&f, &rma, CXR_VERB_APPROVE, NULL, NULL, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "already_decided");
    assert_int_equal(decide(&f, &rma, CXR_VERB_DECLINE, "2", "x", &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "already_decided");

    assert_int_equal(cancel(&f, &rma, &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_CANCELLED);
    assert_int_equal(rma.refund, 0);
    assert_int_equal(f.order.lines.items[1].returning, 0);
    assert_int_equal(f.order.rmas.n, 1);

    assert_int_equal(cancel(&f, &rma, &no), CXR_REFUSED);
    assert_string_equal(no.code, "rma_closed");
    assert_int_equal(decide(&f, &rma, CXR_VERB_APPROVE, NULL, NULL, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "rma_closed");
}


/* Some units of a line are decided: the others wait, and no cent goes. */

static void
test_split(void **state)
{
    fixture_t        f;
    cxr_rma_t        rma;
    cxr_money_t      paid, tax, refund;
    cxr_refusal_t    no;
    cxr_rma_act_t    cmd;
    cxr_rma_part_t   part;
    cxr_rma_line_t  *l;

    begin(&f);
    f.policy.auto_approve = false;
    f.lines[0].quantity = 3;
    f.lines[0].unit_price = 3333;
    f.lines[0].discount = 100;
    f.lines[0].tax = 1001;
    f.asked[0].quantity = 3;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    paid = rma.lines.items[0].paid;
    tax = rma.lines.items[0].tax;
    refund = rma.refund;
    assert_int_equal(paid, 9899);

    memset(&cmd, 0, sizeof(cmd));
    cmd.rma = rma.id;
    cmd.verb = CXR_VERB_APPROVE;
    part.item = cxr_str("1");
    part.units = 4;
    cmd.parts.items = &part;
    cmd.parts.n = 1;
    assert_int_equal(act(&f, &rma, &cmd, 0, &no), CXR_REFUSED);
    assert_string_equal(no.code, "quantity_over");
    assert_string_equal(no.where, "/lines/0/units");
    assert_int_equal(no.have, 3);
    part.item = cxr_str("7");
    assert_int_equal(act(&f, &rma, &cmd, 0, &no), CXR_REFUSED);
    assert_string_equal(no.code, "line_unknown");

    part.item = cxr_str("1");
    part.units = 2;
    assert_int_equal(act(&f, &rma, &cmd, 0, &no), CXR_OK);
    assert_int_equal(rma.lines.n, 2);
    l = rma.lines.items;
    assert_int_equal(l[0].quantity, 2);
    assert_int_equal(l[0].decision, CXR_DECISION_APPROVED);
    assert_int_equal(l[1].quantity, 1);
    assert_int_equal(l[1].decision, CXR_DECISION_PENDING);
    assert_true(cxr_str_is(l[1].item, "1.2"));
    assert_true(cxr_str_is(l[1].line, "1"));
    assert_int_equal(l[0].paid + l[1].paid, paid);
    assert_int_equal(l[0].tax + l[1].tax, tax);
    assert_int_equal(l[0].refund + l[1].refund, refund);
    assert_int_equal(rma.refund, refund);
    assert_int_equal(rma.status, CXR_RMA_REQUESTED);
    assert_int_equal(f.order.lines.items[0].returning, 3);

    assert_int_equal(decide(&f, &rma, CXR_VERB_DECLINE, "1.2", "getragen",
                            &no), CXR_OK);
    assert_int_equal(rma.status, CXR_RMA_APPROVED);
    assert_int_equal(rma.refund, rma.lines.items[0].refund);
    assert_int_equal(f.order.lines.items[0].returning, 2);
    assert_int_equal(f.order.lines.items[0].returning_paid,
                     rma.lines.items[0].paid);

    /* what is decided is split no more; all of a line is no part of it */

    part.item = cxr_str("1");
    part.units = 1;
    assert_int_equal(act(&f, &rma, &cmd, 0, &no), CXR_REFUSED);
    assert_string_equal(no.code, "already_decided");
    assert_int_equal(decide(&f, &rma, CXR_VERB_REOPEN, "1.2", "doch", &no),
                     CXR_OK);
    cmd.verb = CXR_VERB_DECLINE;
    cmd.reason = cxr_str("doch nicht");
    part.item = cxr_str("1.2");
    assert_int_equal(act(&f, &rma, &cmd, 0, &no), CXR_OK);
    assert_int_equal(rma.lines.n, 2);
    assert_int_equal(rma.lines.items[1].decision, CXR_DECISION_DECLINED);
}


static void
test_too_late(void **state)
{
    fixture_t      f;
    cxr_rma_t      rma;
    cxr_refusal_t  no;

    begin(&f);
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);
    rma.lines.items[0].parcel = CXR_PARCEL_IN_TRANSIT;
    assert_int_equal(cancel(&f, &rma, &no), CXR_REFUSED);
    assert_string_equal(no.code, "too_late_to_cancel");
}


static void
test_derived_status(void **state)
{
    size_t          i;
    cxr_rma_t       r;
    cxr_rma_line_t  lines[2];

    static const struct {
        uint8_t  d0, p0, r0, s0, d1, p1, r1, s1, status;
    } t[] = {
        { 0, 0, 0, 0,  1, 1, 0, 0,  CXR_RMA_REQUESTED },
        { 0, 0, 0, 0,  3, 0, 0, 0,  CXR_RMA_REQUESTED },
        { 3, 0, 0, 0,  1, 1, 0, 0,  CXR_RMA_INFO_NEEDED },
        { 1, 1, 0, 0,  2, 0, 0, 0,  CXR_RMA_APPROVED },
        { 2, 0, 0, 0,  2, 0, 0, 0,  CXR_RMA_DECLINED },
        { 1, 2, 0, 0,  1, 1, 0, 0,  CXR_RMA_IN_TRANSIT },
        { 1, 3, 1, 0,  1, 1, 0, 0,  CXR_RMA_IN_TRANSIT },
        { 1, 3, 1, 0,  1, 3, 2, 0,  CXR_RMA_RECEIVED },
        { 1, 3, 1, 3,  1, 3, 1, 2,  CXR_RMA_RECEIVED },
        { 1, 3, 1, 3,  2, 0, 0, 0,  CXR_RMA_COMPLETED },
    };

    for (i = 0; i < cxr_nelts(t); i++) {
        memset(&r, 0, sizeof(r));
        memset(lines, 0, sizeof(lines));
        r.lines.items = lines;
        r.lines.n = 2;
        lines[0].decision = t[i].d0;
        lines[0].parcel = t[i].p0;
        lines[0].receipt = t[i].r0;
        lines[0].settlement = t[i].s0;
        lines[1].decision = t[i].d1;
        lines[1].parcel = t[i].p1;
        lines[1].receipt = t[i].r1;
        lines[1].settlement = t[i].s1;

        assert_int_equal(cxr_rma_status(&r), t[i].status);

        r.cancelled = true;
        assert_int_equal(cxr_rma_status(&r), CXR_RMA_CANCELLED);
    }
}


/* An event that does not fit its state changes nothing. */

static void
test_apply_holds(void **state)
{
    fixture_t           f;
    cxr_rma_t           rma, body;
    cxr_entry_t         entry;
    cxr_event_t         ev;
    cxr_refusal_t       no;
    cxr_rma_decision_t  d;

    begin(&f);
    f.asked[0].quantity = 2;
    assert_int_equal(create(&f, NOW, &rma, &no), CXR_OK);

    memset(&ev, 0, sizeof(ev));
    memset(&entry, 0, sizeof(entry));
    body = rma;
    ev.kind = CXR_EV_RMA_CREATED;
    ev.body = &body;
    memset(&rma, 0, sizeof(rma));

    /* two more units of a line that has one left */

    assert_int_equal(cxr_rma_apply(&f.order, &rma, &ev, &entry, arena),
                     CXR_INVALID);
    assert_int_equal(f.order.lines.items[0].returning, 2);
    assert_int_equal(rma.revision, 0);

    memset(&d, 0, sizeof(d));
    d.rma = cxr_str("R-0000-0000");
    d.decision = CXR_DECISION_APPROVED;
    ev.kind = CXR_EV_RMA_DECIDED;
    ev.body = &d;
    assert_int_equal(cxr_rma_apply(&f.order, &body, &ev, &entry, arena),
                     CXR_INVALID);

    ev.kind = CXR_EV_ORDER_PUT;
    assert_int_equal(cxr_rma_apply(&f.order, &body, &ev, &entry, arena),
                     CXR_INVALID);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_judge),
        cmocka_unit_test(test_parcels_of_a_line),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_review),
        cmocka_unit_test(test_money),
        cmocka_unit_test(test_decide),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_too_late),
        cmocka_unit_test(test_derived_status),
        cmocka_unit_test(test_apply_holds)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
