
/*
 * Parcels that bring an RMA back: what a shipment amounts to, whoever told what
 * first; what is released and when; what may not be named; and records of
 * before there were any of these.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cxr_rma_private.h"

#define NOW       ((cxr_time_t) 1793700000000)
#define SCANS     6
#define HISTORIES 3000


static cxr_arena_t  *arena;
static cxr_tz_t     *tz;
static uint64_t      seed = 20261121;


typedef struct {
    cxr_order_t        order;
    cxr_order_line_t   lines[3];
    cxr_rma_t          rma;
    cxr_shipment_t     ships[2];
    unsigned           events;
} world_t;


/* An RMA of the first version of the schema, as that version wrote it. */
static const char  version_1[] =
    "435852310300010007000000000000009f0000000b000000aa00000006000000"
    "b000000007000000000200b700000003000000ba00000002000000bc00000005"
    "000000c100000010000000d10000000200000010a40000000000000000000000"
    "00000000000000000000001d0200001600000000f1d9a0a101000000b9583ba2"
    "010000330200000100000000f1d9a0a101000000f1d9a0a10100000100000052"
    "2d414243442d454647484b47313030314b472d3130303154525974726c616265"
    "6c3031323334353637383961626364656689000000e701000001000000e80100"
    "0007000000ef0100000800000000000000000000000000000000000000010000"
    "00f70100000c0000000000000000000000000000000000000000000000000000"
    "0000000000000000000001010000000000000000000010a4000000000000ea0e"
    "000000000000000000000000000010a400000000000000000000000000000302"
    "0000010000000402000005000000090200000600000000000000000000000000"
    "000000000000010000000f020000070000000000000000000000000000000000"
    "00000000000000000000000000000000000000020000001602000007000000c0"
    "da00000000000000000000000000000000000000000000c0da00000000000000"
    "00000000000000314554482d323530457469796f7079616368616e6765645f6d"
    "696e64324355502d5746696e63616e64616d616765644bc4b172c4b16b616263"
    "6465666768696a6b6c6d6e6f707172737475761c00000000f1d9a0a101000002"
    "0002015302000007000000070000000000000073686f70706572";


static int
setup(void **state)
{
    arena = cxr_arena_create(64 * 1024 * 1024);
    return arena == NULL || cxr_tz_load("UTC", &tz, NULL);
}


static int
teardown(void **state)
{
    cxr_tz_free(tz);
    cxr_arena_destroy(arena);
    return 0;
}


static uint32_t
dice(uint32_t n)
{
    uint64_t  x;

    seed += 0x9e3779b97f4a7c15u;
    x = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;

    return (uint32_t) ((x >> 33) % n);
}


static void
apply(world_t *w, const cxr_events_t *events, cxr_shipment_t *ship)
{
    uint32_t            i;
    cxr_entry_t         entry;
    const cxr_event_t  *ev;

    for (i = 0; i < events->n; i++) {
        ev = &events->items[i];
        w->events++;

        if (ev->aggregate == CXR_AGG_SHIPMENT) {
            assert_int_equal(cxr_shipment_apply(ship, ev, NOW, arena),
                             CXR_OK);
            continue;
        }

        assert_int_equal(ev->expect, w->order.revision);

        memset(&entry, 0, sizeof(entry));
        entry.at = NOW;
        entry.seq = w->events;

        assert_int_equal(cxr_rma_apply(&w->order, &w->rma, ev, &entry, arena),
                         CXR_OK);
    }
}


/* One line of each trigger: approved, and waiting. */
static void
begin(world_t *w, uint8_t one, uint8_t two, uint8_t three)
{
    uint32_t            i;
    cxr_rma_t          *made;
    cxr_policy_t        policy;
    cxr_events_t        events = { NULL, 0 };
    cxr_reason_t        reason;
    cxr_rma_ask_t       ask;
    cxr_refusal_t       no;
    cxr_rma_world_t     world;
    cxr_rma_ask_line_t  asked[3];

    static const cxr_rma_t    nothing;
    static const char *const  names[] = { "1", "2", "3" };

    memset(w, 0, sizeof(*w));
    memset(&policy, 0, sizeof(policy));
    memset(&reason, 0, sizeof(reason));
    memset(&ask, 0, sizeof(ask));
    memset(&world, 0, sizeof(world));
    memset(asked, 0, sizeof(asked));

    w->order.number = cxr_str("KG-1001");
    w->order.currency = cxr_str("TRY");
    w->order.placed_at = NOW - CXR_DAY;
    w->order.revision = 4;
    w->order.lines.items = w->lines;
    w->order.lines.n = 3;

    for (i = 0; i < 3; i++) {
        w->lines[i].line = cxr_strz(names[i]);
        w->lines[i].sku = cxr_strz(names[i]);
        w->lines[i].quantity = 1;
        w->lines[i].unit_price = 100 + i;
        asked[i].line = w->lines[i].line;
        asked[i].quantity = 1;
        asked[i].reason = cxr_str("changed_mind");
    }

    reason.code = cxr_str("changed_mind");
    policy.version = cxr_str("0123456789abcdef");
    policy.window_days = 14;
    policy.fallback_days = 5;
    policy.outcomes = 1u << CXR_OUT_REFUND;
    policy.auto_approve = true;
    policy.label_days = 30;
    policy.reasons.items = &reason;
    policy.reasons.n = 1;
    policy.release[CXR_OUT_REFUND] = one;
    ask.order = cxr_str("KG1001");
    ask.method = cxr_str("label");
    ask.by_staff = true;
    ask.lines.items = asked;
    ask.lines.n = 3;
    world.policy = &policy;
    world.tz = tz;

    assert_int_equal(cxr_rma_create(&w->order, &ask, &world, NOW, arena,
                                    &events, &no), CXR_OK);

    /* the triggers of the other two lines, as if they had other outcomes */

    made = (cxr_rma_t *) events.items[0].body;
    made->lines.items[1].release = two;
    made->lines.items[2].release = three;
    events.n = 1;

    assert_int_equal(cxr_rma_release(&w->order, &nothing, NOW, arena,
                                     &events), CXR_OK);

    apply(w, &events, NULL);
}


static cxr_rc_t
try_name(world_t *w, const char *number, const cxr_shipment_t *ship,
    cxr_events_t *events, cxr_refusal_t *no)
{
    cxr_rma_name_t  cmd;

    memset(&cmd, 0, sizeof(cmd));
    memset(events, 0, sizeof(*events));
    memset(no, 0, sizeof(*no));
    cmd.rma = w->rma.id;
    cmd.carrier = cxr_str("ups");
    cmd.number = cxr_strz(number);

    return cxr_rma_name_parcel(&w->order, &w->rma, ship, &cmd, 0, NOW, arena,
                               events, no);
}


static void
name(world_t *w, unsigned i)
{
    cxr_events_t     events;
    cxr_refusal_t    no;
    cxr_shipment_t  *ship = &w->ships[i];

    assert_int_equal(try_name(w, i ? "1Z2" : "1Z1",
                              ship->revision ? ship : NULL, &events, &no),
                     CXR_OK);
    apply(w, &events, ship);
}


/* What a feed's report makes, in the order in which the journal has it. */
static void
report(world_t *w, unsigned i, const cxr_scan_t *scans, uint32_t n)
{
    cxr_events_t     events = { NULL, 0 };
    cxr_report_t     r;
    cxr_refusal_t    no;
    cxr_shipment_t  *ship = &w->ships[i], next;

    memset(&r, 0, sizeof(r));
    r.carrier = cxr_str("ups");
    r.number = i ? cxr_str("1Z2") : cxr_str("1Z1");
    r.scans.items = (cxr_scan_t *) scans;
    r.scans.n = n;

    assert_int_equal(cxr_shipment_report(ship->revision ? ship : NULL, &r,
                                         NOW, arena, &events, NULL, &no),
                     CXR_OK);

    if (events.n != 0 && ship->rma.len != 0) {
        next = *ship;
        assert_int_equal(cxr_shipment_apply(&next, &events.items[0], NOW,
                                            arena), CXR_OK);
        assert_int_equal(cxr_rma_follow(&w->order, &w->rma, &next, NOW, arena,
                                        &events), CXR_OK);
    }

    apply(w, &events, ship);
}


static cxr_scan_t
scan(unsigned status, unsigned reason, int hour)
{
    cxr_scan_t  s;

    memset(&s, 0, sizeof(s));
    s.at = NOW + hour * CXR_HOUR;
    s.precision = CXR_PRECISION_MINUTE;
    s.status = (uint8_t) status;
    s.reason = (uint8_t) reason;
    s.mapped = true;

    return s;
}


static void
one(world_t *w, unsigned i, unsigned status, unsigned reason, int hour)
{
    cxr_scan_t  s = scan(status, reason, hour);

    report(w, i, &s, 1);
}


static void
assert_facts(const world_t *w, unsigned parcel, unsigned a, unsigned b,
    unsigned c)
{
    assert_int_equal(w->rma.lines.items[0].parcel, parcel);
    assert_int_equal(w->rma.lines.items[1].parcel, parcel);
    assert_int_equal(w->rma.lines.items[2].parcel, parcel);
    assert_int_equal(w->rma.lines.items[0].settlement, a);
    assert_int_equal(w->rma.lines.items[1].settlement, b);
    assert_int_equal(w->rma.lines.items[2].settlement, c);
}


#define OWED      CXR_SETTLEMENT_OWED
#define RELEASED  CXR_SETTLEMENT_RELEASED


static void
test_the_way(void **state)
{
    world_t     w;
    unsigned    n;
    cxr_time_t  at;

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);
    assert_facts(&w, CXR_PARCEL_LABEL_ISSUED, OWED, OWED, OWED);

    name(&w, 0);
    assert_int_equal(w.rma.parcels.n, 1);
    assert_int_equal(w.rma.parcels.items[0].fact, CXR_PARCEL_NONE);
    assert_facts(&w, CXR_PARCEL_LABEL_ISSUED, OWED, OWED, OWED);

    one(&w, 0, CXR_SHIP_LABEL_CREATED, 0, 1);
    assert_facts(&w, CXR_PARCEL_LABEL_ISSUED, OWED, OWED, OWED);

    one(&w, 0, CXR_SHIP_IN_TRANSIT, 0, 3);
    assert_facts(&w, CXR_PARCEL_IN_TRANSIT, RELEASED, OWED, OWED);
    assert_int_equal(w.rma.status, CXR_RMA_IN_TRANSIT);
    at = w.rma.parcels.items[0].at;
    assert_int_equal(at, NOW + 3 * CXR_HOUR);
    n = w.rma.steps.n;

    /* an earlier scan dates the fact anew: no step, since nothing happened */

    one(&w, 0, CXR_SHIP_PICKED_UP, 0, 2);
    assert_int_equal(w.rma.parcels.items[0].at, NOW + 2 * CXR_HOUR);
    assert_int_equal(w.rma.steps.n, n);

    /* lost, and found at the shop's door */

    one(&w, 0, CXR_SHIP_IN_TRANSIT, CXR_WHY_LOST, 5);
    assert_facts(&w, CXR_PARCEL_LOST, RELEASED, OWED, OWED);
    one(&w, 0, CXR_SHIP_DELIVERED, 0, 8);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, RELEASED, OWED);

    /* what was on its way before it came does not set out again */

    n = w.rma.revision;
    one(&w, 0, CXR_SHIP_OUT_FOR_DELIVERY, 0, 6);
    one(&w, 0, CXR_SHIP_DELIVERED, 0, 8);
    one(&w, 0, CXR_SHIP_IN_TRANSIT, CXR_WHY_LOST, 4);
    assert_int_equal(w.rma.revision, n);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, RELEASED, OWED);
    assert_int_equal(w.rma.steps.items[w.rma.steps.n - 1].kind,
                     CXR_EV_SETTLEMENT_RELEASED);
}


/* ---- what only the shopper says ---- */

/* The first parcel by the shopper, or by the shop. */
static cxr_rc_t
said(world_t *w, bool shopper, uint32_t *n)
{
    cxr_rc_t         rc;
    cxr_events_t     events = { NULL, 0 };
    cxr_refusal_t    no;
    cxr_rma_name_t   cmd;
    cxr_shipment_t  *ship = &w->ships[0];

    memset(&cmd, 0, sizeof(cmd));
    cmd.rma = w->rma.id;
    cmd.carrier = cxr_str("ups");
    cmd.number = cxr_str("1Z1");
    cmd.unproven = shopper;

    rc = cxr_rma_name_parcel(&w->order, &w->rma,
                             ship->revision ? ship : NULL, &cmd, 0, NOW,
                             arena, &events, &no);
    *n = events.n;

    if (rc == CXR_OK) {
        apply(w, &events, ship);
    }

    return rc;
}


static void
test_anybodys(void **state)
{
    world_t   w;
    uint32_t  n;

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);

    /* it shows on the pages, and no money follows it */

    assert_int_equal(said(&w, true, &n), CXR_OK);
    assert_true(w.rma.parcels.items[0].unproven);
    one(&w, 0, CXR_SHIP_IN_TRANSIT, 0, 1);
    assert_facts(&w, CXR_PARCEL_IN_TRANSIT, OWED, OWED, OWED);
    one(&w, 0, CXR_SHIP_IN_TRANSIT, CXR_WHY_LOST, 2);
    assert_facts(&w, CXR_PARCEL_LOST, OWED, OWED, OWED);
    one(&w, 0, CXR_SHIP_DELIVERED, 0, 3);
    assert_facts(&w, CXR_PARCEL_DELIVERED, OWED, OWED, OWED);
    assert_int_equal(w.rma.status, CXR_RMA_IN_TRANSIT);

    /* to say it again makes it no truer */

    assert_int_equal(said(&w, true, &n), CXR_OK);
    assert_int_equal(n, 0);

    /* the shop's word does, for all that the carrier has told */

    assert_int_equal(said(&w, false, &n), CXR_OK);
    assert_true(n > 1);
    assert_false(w.rma.parcels.items[0].unproven);
    assert_int_equal(w.rma.parcels.n, 1);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, RELEASED, OWED);
    assert_int_equal(said(&w, false, &n), CXR_OK);
    assert_int_equal(n, 0);
}


static void
test_anybodys_beside_proven(void **state)
{
    world_t   w;
    uint32_t  n;

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);

    /* the shop knows of one, the shopper of another */

    name(&w, 1);
    assert_int_equal(said(&w, true, &n), CXR_OK);
    one(&w, 0, CXR_SHIP_DELIVERED, 0, 1);
    assert_facts(&w, CXR_PARCEL_IN_TRANSIT, OWED, OWED, OWED);
    one(&w, 1, CXR_SHIP_DELIVERED, 0, 2);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, OWED, OWED);
    assert_int_equal(said(&w, false, &n), CXR_OK);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, RELEASED, OWED);
}


static void
test_anybodys_with_our_code(void **state)
{
    unsigned      i;
    world_t       w;
    uint32_t      n;
    cxr_scan_t    s;

    static const struct {
        const char  *carrier;
        const char  *reference;
        bool         proves;
    } cases[] = {
        { "ups", "ab 123-7", true },       /* as its feed writes it           */
        { "ups", "AB 123-8", false },
        { "ups", "R-ABCD-EFGH", false },   /* an exchange's parcel bears it   */
        { "ups", "", false },
        { "dhl", "AB123-7", false }        /* another carrier's code          */
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        cxr_arena_reset(arena);
        begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
              CXR_RELEASE_RECEIVED);
        w.rma.code = cxr_str("AB123-7");
        w.rma.code_carrier = cxr_strz(cases[i].carrier);

        assert_int_equal(said(&w, true, &n), CXR_OK);
        w.ships[0].reference = cxr_strz(cases[i].reference);
        s = scan(CXR_SHIP_IN_TRANSIT, 0, 1);
        report(&w, 0, &s, 1);

        assert_facts(&w, CXR_PARCEL_IN_TRANSIT,
                     cases[i].proves ? RELEASED : OWED, OWED, OWED);
        assert_int_equal(w.rma.parcels.items[0].unproven, !cases[i].proves);
    }
}


static void
test_taken_back(void **state)
{
    world_t     w;
    cxr_scan_t  s;

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);
    name(&w, 0);
    one(&w, 0, CXR_SHIP_PICKED_UP, 0, 1);

    s = scan(CXR_SHIP_DELIVERED, 0, 2);
    s.id = cxr_str("42");
    report(&w, 0, &s, 1);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, RELEASED, OWED);

    s = scan(CXR_SHIP_UNKNOWN, 0, 3);
    s.retract = CXR_RETRACT_NAMED;
    s.retracts = cxr_str("42");
    report(&w, 0, &s, 1);

    /* the fact is what the carrier says now; what was told stays told */

    assert_facts(&w, CXR_PARCEL_IN_TRANSIT, RELEASED, RELEASED, OWED);
}


static void
test_several(void **state)
{
    world_t  w;

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);
    name(&w, 0);
    name(&w, 1);
    one(&w, 0, CXR_SHIP_DELIVERED, 0, 1);
    assert_facts(&w, CXR_PARCEL_IN_TRANSIT, RELEASED, OWED, OWED);
    one(&w, 1, CXR_SHIP_PICKED_UP, CXR_WHY_LOST, 1);
    assert_facts(&w, CXR_PARCEL_LOST, RELEASED, OWED, OWED);
    one(&w, 1, CXR_SHIP_DELIVERED, 0, 2);
    assert_facts(&w, CXR_PARCEL_DELIVERED, RELEASED, RELEASED, OWED);
}


static void
test_on_submit_and_declined(void **state)
{
    world_t             w;
    cxr_str_t           line = cxr_str_init("1");
    cxr_policy_t        policy;
    cxr_events_t        events = { NULL, 0 };
    cxr_refusal_t       no;
    cxr_rma_by_t         by;
    cxr_rma_act_t        cmd;

    static const uint8_t  random[32];

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_ON_SUBMIT, CXR_RELEASE_INSPECTED,
          CXR_RELEASE_NONE);

    assert_int_equal(w.rma.lines.items[0].settlement, RELEASED);
    assert_int_equal(w.rma.lines.items[1].settlement, OWED);
    assert_int_equal(w.rma.lines.items[2].settlement, CXR_SETTLEMENT_NONE);
    assert_int_equal(w.rma.revision, 2);

    /* what waits for a person waits, though the trigger is the submission */

    w.rma.lines.items[0].decision = CXR_DECISION_PENDING;
    w.rma.lines.items[0].settlement = CXR_SETTLEMENT_NONE;
    w.rma.lines.items[0].told_units = 0;
    w.rma.lines.items[0].told = 0;
    memset(&policy, 0, sizeof(policy));
    memset(&cmd, 0, sizeof(cmd));
    cmd.rma = w.rma.id;
    cmd.verb = CXR_VERB_APPROVE;
    cmd.lines.items = &line;
    cmd.lines.n = 1;

    memset(&by, 0, sizeof(by));
    by.kind = CXR_ACTOR_STAFF;
    by.policy = &policy;
    by.random = random;
    by.now = NOW;

    assert_int_equal(cxr_rma_act(&w.order, &w.rma, &cmd, &by, arena, &events,
                                 &no), CXR_OK);
    assert_int_equal(events.n, 2);
    assert_int_equal(events.items[1].kind, CXR_EV_SETTLEMENT_RELEASED);
    assert_int_equal(events.items[1].expect, w.order.revision + 1);
    assert_int_equal(((const cxr_release_body_t *) events.items[1].body)
                     ->money, 100);
    apply(&w, &events, NULL);

    /* released twice, or by an event that names what is not owed: never */

    {
        cxr_event_t         ev = events.items[1];
        cxr_entry_t         entry;

        memset(&entry, 0, sizeof(entry));
        assert_int_equal(cxr_rma_apply(&w.order, &w.rma, &ev, &entry, arena),
                         CXR_INVALID);
    }
}


typedef struct {
    const char  *code;
    void       (*spoil)(world_t *w, cxr_shipment_t *ship);
} refusal_t;


static void
spoil_outbound(world_t *w, cxr_shipment_t *ship)
{
    ship->consigned = true;
    ship->order = cxr_str("KG1001");
}


static void
spoil_other_order(world_t *w, cxr_shipment_t *ship)
{
    ship->order = cxr_str("KG9");
}


static void
spoil_other_rma(world_t *w, cxr_shipment_t *ship)
{
    ship->consigned = true;
    ship->direction = CXR_PARCEL_RETURN;
    ship->order = cxr_str("KG1001");
    ship->rma = cxr_str("R-AAAA-AAAA");
}


static void
spoil_old(world_t *w, cxr_shipment_t *ship)
{
    ship->status = CXR_SHIP_IN_TRANSIT;
    ship->picked_up_at = NOW - 2 * CXR_DAY;
    ship->status_at = NOW;
}


static void
spoil_cancelled(world_t *w, cxr_shipment_t *ship)
{
    w->rma.cancelled = true;
}


static void
spoil_pending(world_t *w, cxr_shipment_t *ship)
{
    unsigned  i;

    for (i = 0; i < 3; i++) {
        w->rma.lines.items[i].decision = CXR_DECISION_PENDING;
    }
}


static void
spoil_received(world_t *w, cxr_shipment_t *ship)
{
    unsigned  i;

    for (i = 0; i < 3; i++) {
        w->rma.lines.items[i].receipt = CXR_RECEIPT_RECEIVED;
    }
}


static void
spoil_many(world_t *w, cxr_shipment_t *ship)
{
    w->rma.parcels.items = cxr_calloc(arena, CXR_RMA_PARCELS_MAX,
                                      sizeof(cxr_rma_parcel_t));
    w->rma.parcels.n = CXR_RMA_PARCELS_MAX;
}


static void
test_what_may_not_be_named(void **state)
{
    size_t          i;
    world_t         w;
    cxr_events_t    events;
    cxr_refusal_t   no;
    cxr_shipment_t  ship;

    static const refusal_t  rows[] = {
        { "parcel_taken", spoil_outbound },
        { "parcel_taken", spoil_other_order },
        { "parcel_taken", spoil_other_rma },
        { "parcel_too_old", spoil_old },
        { "rma_closed", spoil_cancelled },
        { "not_approved", spoil_pending },
        { "already_received", spoil_received },
        { "too_many_parcels", spoil_many }
    };

    for (i = 0; i < cxr_nelts(rows); i++) {
        cxr_arena_reset(arena);
        begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
              CXR_RELEASE_RECEIVED);

        memset(&ship, 0, sizeof(ship));
        ship.carrier = cxr_str("ups");
        ship.number = cxr_str("1Z1");
        ship.revision = 1;

        assert_int_equal(try_name(&w, "1Z1", &ship, &events, &no), CXR_OK);
        assert_int_equal(events.n, 2);

        rows[i].spoil(&w, &ship);

        assert_int_equal(try_name(&w, "1Z1", &ship, &events, &no),
                         CXR_REFUSED);
        assert_string_equal(no.code, rows[i].code);
        assert_int_equal(events.n, 0);
    }

    /* a number that the carrier gave out long ago is another parcel's now */

    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);
    memset(&ship, 0, sizeof(ship));
    ship.carrier = cxr_str("ups");
    ship.number = cxr_str("1Z1");
    ship.revision = 9;
    ship.day = 20000;
    ship.status = CXR_SHIP_DELIVERED;
    ship.consigned = true;
    ship.order = cxr_str("KG9");
    ship.header_at = NOW - 2 * CXR_NUMBER_REUSE;
    assert_int_equal(try_name(&w, "1Z1", &ship, &events, &no), CXR_OK);
    assert_int_equal(events.n, 2);
    assert_true(events.items[1].fresh);
}


/*
 * The scans of one parcel or two, told in any order and in any parts, before or
 * after somebody names the parcels: the same facts in the end.  What is released is too, unless a
 * parcel was delivered and went away again, of which a shop may have heard in
 * one order and not in the other.
 */

static void
test_any_order(void **state)
{
    bool        turned;
    world_t     w[3];
    unsigned    n, k, i, j, from, len, released, named;
    cxr_scan_t  all[2][SCANS], some[2 * SCANS], t;
    unsigned    of[2 * SCANS], u;

    released = 0;

    for (n = 0; n < HISTORIES; n++) {
        cxr_arena_reset(arena);
        turned = false;

        for (i = 0; i < 2; i++) {
            for (j = 0; j < SCANS; j++) {
                all[i][j] = scan(dice(CXR_SHIP_EXPIRED + 1),
                                 dice(6) ? CXR_WHY_NONE : CXR_WHY_LOST,
                                 (int) (1 + j * 3 + dice(3)));
                turned |= (all[i][j].status == CXR_SHIP_RETURNING
                           || all[i][j].status == CXR_SHIP_RETURNED);
            }
        }

        for (k = 0; k < 3; k++) {
            begin(&w[k], CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
                  CXR_RELEASE_RECEIVED);

            for (i = 0; i < 2 * SCANS; i++) {
                some[i] = all[i / SCANS][i % SCANS];
                of[i] = i / SCANS;
            }

            for (i = 2 * SCANS; i > 1; i--) {
                j = dice(i);
                t = some[j];
                some[j] = some[i - 1];
                some[i - 1] = t;
                u = of[j];
                of[j] = of[i - 1];
                of[i - 1] = u;
            }

            /* both are named before money moves, or what it means differs */

            named = turned ? dice(2 * SCANS) : 0;

            for (from = 0; from < 2 * SCANS; from += len) {

                if (from >= named && w[k].rma.parcels.n == 0) {
                    name(&w[k], 0);
                    name(&w[k], 1);
                }

                for (len = 1; from + len < 2 * SCANS
                              && of[from + len] == of[from] && dice(2); len++)
                {
                    /* void */
                }

                report(&w[k], of[from], some + from, len);

                i = w[k].events;
                report(&w[k], of[from], some + from, len);
                assert_int_equal(w[k].events, i);
            }

            if (w[k].rma.parcels.n == 0) {
                name(&w[k], 0);
                name(&w[k], 1);
            }

            if (k == 0) {
                continue;
            }

            for (i = 0; i < 2; i++) {
                assert_true(cxr_rec_equal(&cxr_rma_parcel_type,
                                          &w[0].rma.parcels.items[i],
                                          &w[k].rma.parcels.items[i]));
            }

            for (i = 0; i < 3; i++) {
                assert_int_equal(w[0].rma.lines.items[i].parcel,
                                 w[k].rma.lines.items[i].parcel);

                if (!turned) {
                    assert_int_equal(w[0].rma.lines.items[i].settlement,
                                     w[k].rma.lines.items[i].settlement);
                }
            }

            assert_int_equal(w[0].rma.status, w[k].rma.status);
        }

        released += (w[0].rma.lines.items[1].settlement == RELEASED);
    }

    assert_true(released > 100);
}


static void
test_version_1(void **state)
{
    size_t              i;
    unsigned            byte;
    uint8_t             bytes[sizeof(version_1) / 2];
    uint16_t            type, version;
    uint64_t            seq;
    world_t             w;
    cxr_rma_t           again;
    cxr_buf_t           buf;

    for (i = 0; i < sizeof(bytes); i++) {
        assert_int_equal(sscanf(version_1 + 2 * i, "%2x", &byte), 1);
        bytes[i] = (uint8_t) byte;
    }

    cxr_arena_reset(arena);
    begin(&w, CXR_RELEASE_FIRST_SCAN, CXR_RELEASE_DELIVERED,
          CXR_RELEASE_RECEIVED);

    assert_int_equal(cxr_rec_head(bytes, sizeof(bytes), &type, &version,
                                  &seq), CXR_OK);
    assert_int_equal(type, CXR_TYPE_RMA);
    assert_int_equal(version, 1);
    assert_int_equal(cxr_rec_decode(&cxr_rma_type, bytes, sizeof(bytes),
                                    &w.rma, arena), CXR_OK);

    assert_true(cxr_str_is(w.rma.id, "R-ABCD-EFGH"));
    assert_int_equal(w.rma.lines.n, 2);
    assert_int_equal(w.rma.refund, 42000);
    assert_int_equal(w.rma.lines.items[0].release, CXR_RELEASE_NONE);
    assert_int_equal(w.rma.parcels.n, 0);
    assert_int_equal(w.rma.steps.items[0].parcel, CXR_PARCEL_NONE);
    assert_true(cxr_str_is(w.rma.lines.items[1].decline_reason, "Kırık"));

    /* it can go the way of the new ones; only nothing is released by itself */

    name(&w, 0);
    one(&w, 0, CXR_SHIP_DELIVERED, 0, 1);
    assert_int_equal(w.rma.lines.items[0].parcel, CXR_PARCEL_DELIVERED);
    assert_int_equal(w.rma.lines.items[1].parcel, CXR_PARCEL_NONE);
    assert_int_equal(w.rma.lines.items[0].settlement, CXR_SETTLEMENT_NONE);

    cxr_buf_init(&buf, CXR_RECORD_MAX);
    assert_int_equal(cxr_rec_encode(&cxr_rma_type, &w.rma, 9, &buf), CXR_OK);
    assert_int_equal(cxr_rec_head(cxr_buf_str(&buf).data,
                                  cxr_buf_str(&buf).len, &type, &version,
                                  &seq), CXR_OK);
    assert_int_equal(version, cxr_rma_type.version);
    assert_int_equal(cxr_rec_decode(&cxr_rma_type, cxr_buf_str(&buf).data,
                                    cxr_buf_str(&buf).len, &again, arena),
                     CXR_OK);
    assert_true(cxr_rec_equal(&cxr_rma_type, &w.rma, &again));
    cxr_buf_free(&buf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_the_way),
        cmocka_unit_test(test_anybodys),
        cmocka_unit_test(test_anybodys_beside_proven),
        cmocka_unit_test(test_anybodys_with_our_code),
        cmocka_unit_test(test_taken_back),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_on_submit_and_declined),
        cmocka_unit_test(test_what_may_not_be_named),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_version_1)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
