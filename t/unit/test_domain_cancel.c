
/*
 * Cancelling what was not sent: what the shop's file says of it, what a line's
 * parcels leave of it, what it is worth, and the parcel that is quicker.
 */

#include "policy_kit.h"
#include "cxr_cancel.h"
#include "cxr_rma_act.h"


#define ON  "\"cancellation\":{\"auto_approve\":false}"

static kit_t         kit;
static cxr_arena_t  *arena;


static int
setup(void **state)
{
    arena = cxr_arena_create(16 * 1024 * 1024);
    assert_non_null(arena);

    return 0;
}


static int
teardown(void **state)
{
    cxr_shop_free(kit.shop);
    cxr_arena_destroy(arena);

    return 0;
}


static void
begin(const char *policy)
{
    cxr_shop_free(kit.shop);
    kit_begin(&kit, arena);
    kit_policy(&kit, policy);

    kit.order.parcels.n = 0;
    kit.order.lines.n = 2;
    kit.order.delivery_price = 5000;
    kit.order.delivery_standard = 3000;
    kit.now = kit.order.placed_at + CXR_HOUR;
}


static cxr_cancel_t
judge(void)
{
    cxr_cancel_t              c;
    cxr_policy_ask_t          ask;
    static cxr_policy_case_t  judged;

    memset(&ask, 0, sizeof(ask));
    ask.kind = CXR_KIND_CANCELLATION;

    cxr_policy_begin(&judged, &kit.shop->policy, kit.shop->tz, &kit.order,
                     NULL, 0, kit.now, NULL);
    cxr_cancel_line(&judged, &kit.order.lines.items[0], &ask, &c);

    return c;
}


static bool
taken(void *ctx, cxr_str_t id)
{
    return false;
}


static cxr_rc_t
make(cxr_rma_ask_t *ask, unsigned outcome, const char *reason, uint32_t units,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    cxr_rma_world_t            world;
    static cxr_rma_ask_line_t  line;

    memset(&line, 0, sizeof(line));
    line.line = kit.order.lines.items[0].line;
    line.quantity = units;
    line.reason = cxr_strz(reason);
    line.outcome = (uint8_t) outcome;

    ask->cancellation = true;
    ask->order = cxr_str("KG1");
    ask->lines.items = &line;
    ask->lines.n = 1;

    memset(&world, 0, sizeof(world));
    memset(no, 0, sizeof(*no));
    world.policy = &kit.shop->policy;
    world.tz = kit.shop->tz;
    world.id_taken = taken;

    return cxr_rma_preview(&kit.order, ask, &world, kit.now, arena, rma, no);
}


static void
parcel(cxr_order_t *order, cxr_order_parcel_t *p, const char *number,
    cxr_str_t *line)
{
    memset(p, 0, sizeof(*p));
    p->carrier = cxr_str("yurtici");
    p->number = cxr_strz(number);
    p->lines.items = line;
    p->lines.n = line ? 1 : 0;

    order->parcels.items = p;
    order->parcels.n = 1;
}


/* Off, unless the shop's file says otherwise; and what it may say. */

static void
test_file(void **state)
{
    static const char *const  wrong[] = {
        "\"cancellation\":{}",
        "\"cancellation\":true",
        "\"cancellation\":{\"auto_approve\":1}",
        "\"cancellation\":{\"auto_approve\":true,\"window_minutes\":0}",
        "\"cancellation\":{\"auto_approve\":true,\"window_minutes\":86401}",
        "\"cancellation\":{\"auto_approve\":true,\"what\":1}",
        "\"cancellation\":{\"auto_approve\":true,\"except_tags\":\"a\"}",
        "\"cancellation\":{\"auto_approve\":true,\"reasons\":[{}]}",
        "\"cancellation\":{\"auto_approve\":true,\"reasons\":"
        "[{\"code\":\"a\"},{\"code\":\"a\"}]}",
        "\"cancellation\":{\"auto_approve\":true,\"text\":{\"tr\":\"a\"}}"
    };
    size_t  i;

    begin("");
    assert_int_equal(judge().verdict, CXR_CANCEL_OFF);

    for (i = 0; i < cxr_nelts(wrong); i++) {
        assert_int_equal(kit_parse(&kit, wrong[i]), CXR_INVALID);
        assert_true(kit.ndiags != 0);
        assert_non_null(strstr(kit.diags[0].where, "/policy/cancellation"));
    }

    begin("\"cancellation\":{\"auto_approve\":true,\"window_minutes\":90,"
          "\"except_tags\":[\"made\"],\"reasons\":[{\"code\":\"slow\","
          "\"text\":{\"tr\":\"Yavaş\",\"en\":\"Slow\"}}]}");
    assert_true(kit.shop->policy.cancels.auto_approve);
    assert_int_equal(kit.shop->policy.cancels.minutes, 90);
    assert_non_null(cxr_cancel_reason(&kit.shop->policy, cxr_str("slow")));
    assert_null(cxr_cancel_reason(&kit.shop->policy, cxr_str("other")));

    begin(ON);
    assert_non_null(cxr_cancel_reason(&kit.shop->policy, cxr_str("other")));
    assert_null(cxr_policy_reason(&kit.shop->policy, cxr_str("too_slow")));
}


static void
test_line(void **state)
{
    cxr_cancel_t         c;
    cxr_str_t            id;
    cxr_order_line_t    *line;
    cxr_order_parcel_t   p;

    begin("\"cancellation\":{\"auto_approve\":true,\"window_minutes\":90,"
          "\"except_tags\":[\"made\"]}");
    line = &kit.order.lines.items[0];

    c = judge();
    assert_int_equal(c.verdict, CXR_CANCEL_MAY);
    assert_true(cxr_cancel_open(&kit.shop->policy, &kit.order, kit.now));
    assert_int_equal(c.units, line->quantity);
    assert_true(c.until == kit.order.placed_at + 90 * CXR_MINUTE);

    kit.now = c.until;
    assert_int_equal(judge().verdict, CXR_CANCEL_MAY);
    kit.now++;
    assert_int_equal(judge().verdict, CXR_CANCEL_OVER);
    assert_false(cxr_cancel_open(&kit.shop->policy, &kit.order, kit.now));
    kit.now = kit.order.placed_at;

    /* another line's parcel is not its own; the order's is */

    id = kit.order.lines.items[1].line;
    parcel(&kit.order, &p, "1", &id);
    assert_int_equal(judge().verdict, CXR_CANCEL_MAY);
    id = line->line;
    assert_int_equal(judge().verdict, CXR_CANCEL_SENT);
    assert_true(cxr_cancel_open(&kit.shop->policy, &kit.order, kit.now));
    parcel(&kit.order, &p, "1", NULL);
    assert_int_equal(judge().verdict, CXR_CANCEL_SENT);
    assert_false(cxr_cancel_open(&kit.shop->policy, &kit.order, kit.now));
    kit.order.parcels.n = 0;

    line->returning = line->quantity;
    assert_int_equal(judge().verdict, CXR_CANCEL_TAKEN);
    line->returning = 1;
    assert_int_equal(judge().units, line->quantity - 1);
    line->returning = 0;

    line->origin_rma = cxr_str("R-0000-0000");
    assert_int_equal(judge().verdict, CXR_CANCEL_SENT);
    line->origin_rma = CXR_STR_NONE;

    kit.tags[0] = cxr_str("made");
    line->tags.items = kit.tags;
    line->tags.n = 1;
    assert_int_equal(judge().verdict, CXR_CANCEL_EXCLUDED);
}


/* Rules of returns are none of cancellations, and the other way round. */

static void
test_rules(void **state)
{
    size_t            i, n;
    cxr_cancel_t      c;
    cxr_rma_t         rma;
    cxr_judgement_t   j;
    cxr_policy_ask_t  ask;
    cxr_refusal_t     no;
    cxr_rma_ask_t     want;
    cxr_json_faults_t warnings;

    begin(ON ",\"rules\":["
          "{\"id\":\"a\",\"then\":{\"deny\":{\"tr\":\"a\",\"en\":\"a\"},"
          "\"approval\":\"auto\"}}]");
    c = judge();
    assert_int_equal(c.verdict, CXR_CANCEL_MAY);
    assert_null(c.rule);

    begin(ON ",\"rules\":["
          "{\"id\":\"b\",\"when\":{\"kind\":\"cancellation\","
          "\"order_value\":{\"min\":1}},"
          "\"then\":{\"deny\":{\"tr\":\"yok\",\"en\":\"no\"}}}]");
    c = judge();
    assert_int_equal(c.verdict, CXR_CANCEL_DENIED);
    assert_true(cxr_str_is(cxr_texts_in(c.denial, cxr_str("tr")), "yok"));

    memset(&ask, 0, sizeof(ask));
    ask.reason = cxr_str("whim");
    kit.now = DELIVERED + CXR_HOUR;
    kit_ask(&kit, 0, &ask, &j);
    assert_int_not_equal(j.verdict, CXR_NO_DENIED);

    /* a rule approves what the file leaves to the shop */

    begin(ON ",\"rules\":["
          "{\"id\":\"c\",\"when\":{\"kind\":\"cancellation\"},"
          "\"then\":{\"approval\":\"auto\"}}]");
    memset(&want, 0, sizeof(want));
    assert_int_equal(make(&want, CXR_OUT_REFUND, "", 1, &rma, &no), CXR_OK);
    assert_int_equal(rma.lines.items[0].decision, CXR_DECISION_APPROVED);

    begin("\"cancellation\":{\"auto_approve\":true},\"rules\":["
          "{\"id\":\"d\",\"when\":{\"kind\":\"cancellation\"},"
          "\"then\":{\"approval\":\"review\"}}]");
    memset(&want, 0, sizeof(want));
    assert_int_equal(make(&want, CXR_OUT_REFUND, "", 1, &rma, &no), CXR_OK);
    assert_int_equal(rma.lines.items[0].decision, CXR_DECISION_PENDING);
    assert_true(cxr_str_is(rma.held_by.items[0], "rule:d"));

    /* what is surely not meant is told */

    begin("\"rules\":[{\"id\":\"e\",\"when\":{\"kind\":\"cancellation\"},"
          "\"then\":{\"window_days\":3}}]");

    memset(&warnings, 0, sizeof(warnings));
    cxr_shop_lint(kit.shop, &warnings);

    for (i = 0, n = 0; i < warnings.n; i++) {
        n += strstr(warnings.faults[i].pointer, "/policy/rules/0") != NULL;
    }

    assert_int_equal(n, 2);
}


static void
test_request(void **state)
{
    cxr_rma_t              rma;
    cxr_refusal_t          no;
    cxr_rma_ask_t          ask;
    cxr_order_line_t      *line;
    const cxr_rma_line_t  *l;

    begin(ON);
    line = &kit.order.lines.items[0];

    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "too_slow", 1, &rma, &no),
                     CXR_OK);
    l = &rma.lines.items[0];
    assert_int_equal(rma.kind, CXR_KIND_CANCELLATION);
    assert_int_equal(l->decision, CXR_DECISION_PENDING);
    assert_true(cxr_str_is(rma.held_by.items[0], CXR_HELD_CANCEL));
    assert_true(cxr_str_is(rma.method, "nothing"));
    assert_true(l->no_return && l->refund == l->paid && l->fee == 0);

    /* the fee of a return is none here, nor is a consent to its terms */

    kit.shop->policy.fee = 1000;
    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", 1, &rma, &no), CXR_OK);
    assert_int_equal(rma.fee, 0);

    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_STORE_CREDIT, "", 1, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "outcome_not_offered");

    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "whim", 1, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "reason_unknown");

    memset(&ask, 0, sizeof(ask));
    ask.withdrawal = true;
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", 1, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "cancel_not_offered");

    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", line->quantity + 1, &rma,
                          &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "quantity_over");

    /* staff go past the file, saying why, but not past a parcel */

    kit.shop->policy.cancels.on = false;
    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", 1, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "cancel_not_offered");
    ask.by_staff = true;
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", 1, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "override_reason_missing");
    ask.override_reason = cxr_str("a call");
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", 1, &rma, &no), CXR_OK);
}


/* The last of an order brings what the delivery cost, the dear one, too. */

static void
test_delivery(void **state)
{
    cxr_rma_t      rma;
    cxr_refusal_t  no;
    cxr_rma_ask_t  ask;

    begin(ON);
    kit.order.lines.n = 1;

    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "",
                          kit.order.lines.items[0].quantity, &rma, &no),
                     CXR_OK);
    assert_int_equal(rma.delivery, 5000);
    assert_int_equal(rma.refund, rma.lines.items[0].paid + 5000);
}


static void
test_overtaken(void **state)
{
    cxr_str_t                id;
    cxr_rma_t                rma;
    cxr_order_t              before, after;
    cxr_events_t             out;
    cxr_refusal_t            no;
    cxr_rma_ask_t            ask;
    cxr_order_parcel_t       p;
    cxr_order_line_t        *line;
    const cxr_rma_change_t  *body;

    begin(ON);
    line = &kit.order.lines.items[0];
    before = kit.order;
    memset(&ask, 0, sizeof(ask));
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", 1, &rma, &no), CXR_OK);
    rma.id = cxr_str("R-0000-0000");
    line->returning = 1;
    after = kit.order;

    /* what was not answered loses to any parcel that has the line */

    memset(&out, 0, sizeof(out));
    id = kit.order.lines.items[1].line;
    parcel(&after, &p, "1", &id);
    assert_int_equal(cxr_cancel_overtake(&before, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, 0);

    id = line->line;
    assert_int_equal(cxr_cancel_overtake(&before, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.items[0].kind, CXR_EV_RMA_OVERTAKEN);
    body = out.items[0].body;
    assert_int_equal(body->lines.n, 1);

    /* not to one that it was asked beside */

    memset(&out, 0, sizeof(out));
    assert_int_equal(cxr_cancel_overtake(&after, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, 0);

    /* what was approved need not be in it, unless nothing else is left */

    rma.lines.items[0].decision = CXR_DECISION_APPROVED;
    line->returning = line->quantity - 1;
    assert_int_equal(cxr_cancel_overtake(&before, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, line->quantity > 1 ? 0 : 1);

    memset(&out, 0, sizeof(out));
    line->returning = line->quantity;
    assert_int_equal(cxr_cancel_overtake(&before, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, 1);

    memset(&out, 0, sizeof(out));
    parcel(&after, &p, "1", NULL);
    assert_int_equal(cxr_cancel_overtake(&before, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, 0);

    /* a return is none of it */

    parcel(&after, &p, "1", &id);
    rma.kind = CXR_KIND_RETURN;
    assert_int_equal(cxr_cancel_overtake(&before, &after, &rma, arena, &out),
                     CXR_OK);
    assert_int_equal(out.n, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_delivery),
        cmocka_unit_test(test_overtaken)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
