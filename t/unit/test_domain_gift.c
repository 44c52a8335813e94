
/*
 * Gift returns: what the policy offers who was given the goods, and what an RMA
 * of theirs comes to.
 */

#include "policy_kit.h"
#include "cxr_gift.h"


#define GIFTS  "\"gift_returns\":{\"outcomes\":[\"store_credit\","            \
               "\"exchange\"],\"window_days\":30}"

static kit_t           kit;
static cxr_arena_t    *arena;
static cxr_variant_t   variants[3];
static cxr_product_t   product;


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

    memset(variants, 0, sizeof(variants));
    variants[0].sku = cxr_str("ETH-250");
    variants[0].price = 12000;              /* dearer than when it was sold */
    variants[1].sku = cxr_str("ETH-250-F");
    variants[1].price = 12000;
    variants[1].stock = 5;
    variants[2].sku = cxr_str("ETH-1000");
    variants[2].price = 10000;
    variants[2].stock = 5;

    memset(&product, 0, sizeof(product));
    product.id = cxr_str("ETH");
    product.currency = cxr_str("TRY");
    product.variants.items = variants;
    product.variants.n = 3;
}


static cxr_judgement_t
judge(bool gift, const char *reason, unsigned kind)
{
    cxr_judgement_t   j;
    cxr_policy_ask_t  ask;

    memset(&ask, 0, sizeof(ask));
    ask.gift = gift;
    ask.kind = (uint8_t) kind;
    ask.reason = cxr_strz(reason);
    kit_ask(&kit, 0, &ask, &j);

    return j;
}


static bool
taken(void *ctx, cxr_str_t id)
{
    return false;
}


static cxr_rc_t
make(cxr_rma_ask_t *ask, unsigned outcome, const char *sku, cxr_rma_t *rma,
    cxr_refusal_t *no)
{
    cxr_rma_world_t           world;
    const cxr_product_t      *products[1] = { &product };
    static cxr_rma_ask_line_t line;

    memset(&line, 0, sizeof(line));
    line.line = cxr_str("1");
    line.quantity = 1;
    line.reason = cxr_str("whim");
    line.outcome = (uint8_t) outcome;
    line.exchange_sku = cxr_strz(sku);

    ask->order = cxr_str("KG1");
    ask->lines.items = &line;
    ask->lines.n = 1;

    memset(&world, 0, sizeof(world));
    memset(no, 0, sizeof(*no));
    world.policy = &kit.shop->policy;
    world.tz = kit.shop->tz;
    world.parcels = kit.parcels;
    world.nparcels = 1;
    world.products = products;
    world.nproducts = 1;
    world.id_taken = taken;

    return cxr_rma_preview(&kit.order, ask, &world, kit.now, arena, rma, no);
}


/* Off, unless the shop's file says otherwise; and what it may say. */

static void
test_file(void **state)
{
    static const char *const  wrong[] = {
        "\"gift_returns\":{}",
        "\"gift_returns\":{\"outcomes\":[]}",
        "\"gift_returns\":{\"outcomes\":[\"refund\"]}",
        "\"gift_returns\":{\"outcomes\":[\"keep_item\"]}",
        "\"gift_returns\":{\"outcomes\":[\"exchange\"],\"window_days\":-1}",
        "\"gift_returns\":{\"outcomes\":[\"exchange\"],\"what\":1}",
        "\"gift_returns\":true"
    };
    size_t  i;

    begin("");
    assert_int_equal(kit.shop->policy.gifts.outcomes, 0);
    assert_int_equal(judge(true, "whim", CXR_KIND_RETURN).verdict,
                     CXR_NO_OUTCOME);

    for (i = 0; i < cxr_nelts(wrong); i++) {
        if (kit_parse(&kit, wrong[i]) != CXR_INVALID) {
            fail_msg("taken: %s", wrong[i]);
        }

        assert_memory_equal(kit.diags[0].where, "/policy/gift_returns", 20);
    }
}


static void
test_offer(void **state)
{
    cxr_judgement_t  j;

    begin(GIFTS ",\"release\":{\"store_credit\":\"on_submit\","
          "\"exchange\":\"first_scan\"},\"rules\":["
          "{\"id\":\"keep\",\"then\":{\"keep_item\":true}}]");

    j = judge(true, "whim", CXR_KIND_RETURN);
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.outcomes, 1u << CXR_OUT_STORE_CREDIT
                                 | 1u << CXR_OUT_EXCHANGE);
    assert_int_equal(j.offers[CXR_OUT_STORE_CREDIT].release,
                     CXR_RELEASE_RECEIVED);
    assert_int_equal(j.offers[CXR_OUT_EXCHANGE].release,
                     CXR_RELEASE_RECEIVED);
    assert_false(j.offers[CXR_OUT_STORE_CREDIT].keep_item);
    assert_int_equal(j.offers[CXR_OUT_STORE_CREDIT].window_days, 30);
    assert_int_equal(j.offers[CXR_OUT_STORE_CREDIT].delivery_of, 0);

    /* the buyer's own is as ever */

    j = judge(false, "whim", CXR_KIND_RETURN);
    assert_true(j.outcomes & (1u << CXR_OUT_REFUND));
    assert_true(j.offers[CXR_OUT_STORE_CREDIT].keep_item);
    assert_int_equal(j.offers[CXR_OUT_REFUND].window_days, 14);
}


/* What the law gives is the buyer's. */

static void
test_law(void **state)
{
    begin(GIFTS);
    kit_law(&kit, "tr");

    assert_non_null(judge(false, "whim", CXR_KIND_RETURN).floor.law);
    assert_null(judge(true, "whim", CXR_KIND_RETURN).floor.law);
    assert_false(judge(true, "whim", CXR_KIND_RETURN).outcomes
                 & (1u << CXR_OUT_REFUND));

    /* nor is it hers to say that a parcel never came */

    begin(GIFTS);
    kit.reasons = "{\"code\":\"whim\"},{\"code\":\"gone\",\"claim\":\"lost\"}";
    kit_policy(&kit, GIFTS);
    assert_int_equal(judge(true, "gone", CXR_KIND_CLAIM).outcomes, 0);
}


static void
test_rules(void **state)
{
    begin(GIFTS ",\"rules\":["
          "{\"id\":\"g\",\"when\":{\"gift\":true},\"then\":"
          "{\"window_days\":90,\"approval\":\"review\"}},"
          "{\"id\":\"b\",\"when\":{\"gift\":false},\"then\":"
          "{\"exclude_outcomes\":[\"store_credit\"]}}]");

    assert_int_equal(judge(true, "whim", CXR_KIND_RETURN)
                     .offers[CXR_OUT_STORE_CREDIT].window_days, 90);
    assert_true(judge(true, "whim", CXR_KIND_RETURN)
                .offers[CXR_OUT_STORE_CREDIT].review);
    assert_false(judge(false, "whim", CXR_KIND_RETURN).outcomes
                 & (1u << CXR_OUT_STORE_CREDIT));
    assert_true(judge(true, "whim", CXR_KIND_RETURN).outcomes
                & (1u << CXR_OUT_STORE_CREDIT));
}


/* A marked line is hers, and then no other is. */

static void
test_lines(void **state)
{
    cxr_rma_t      rma;
    cxr_refusal_t  no;
    cxr_rma_ask_t  ask;

    begin(GIFTS);
    kit.order.lines.n = 2;

    assert_true(cxr_gift_line(&kit.order, &kit.lines[0]));
    kit.lines[1].gift = true;
    assert_false(cxr_gift_line(&kit.order, &kit.lines[0]));
    assert_true(cxr_gift_line(&kit.order, &kit.lines[1]));

    memset(&ask, 0, sizeof(ask));
    ask.gift = true;
    assert_int_equal(make(&ask, CXR_OUT_STORE_CREDIT, "", &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "line_unknown");
}


static void
test_made(void **state)
{
    cxr_rma_t      rma;
    cxr_refusal_t  no;
    cxr_rma_ask_t  ask;

    begin(GIFTS);
    kit.order.delivery_price = 5000;
    kit.order.delivery_standard = 5000;
    kit.lines[0].discount = 3001;

    memset(&ask, 0, sizeof(ask));
    ask.gift = true;

    assert_int_equal(make(&ask, CXR_OUT_STORE_CREDIT, "", &rma, &no), CXR_OK);
    assert_true(rma.gift);
    assert_int_equal(rma.refund, 8500);
    assert_int_equal(rma.delivery, 0);
    assert_false(rma.lines.items[0].pays_back);

    /* what costs the same today, though the prices rose since; and even */

    assert_int_equal(make(&ask, CXR_OUT_EXCHANGE, "ETH-250-F", &rma, &no),
                     CXR_OK);
    assert_int_equal(rma.refund, 0);
    assert_int_equal(rma.due, 0);
    assert_true(rma.lines.items[0].even);
    assert_int_equal(make(&ask, CXR_OUT_EXCHANGE, "ETH-1000", &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "exchange_unknown");

    /* the buyer pays the difference, as ever */

    ask.gift = false;
    assert_int_equal(make(&ask, CXR_OUT_EXCHANGE, "ETH-250-F", &rma, &no),
                     CXR_OK);
    assert_int_equal(rma.due, 3500);

    /* never the buyer's money, whoever asks; nor her right */

    ask.gift = true;
    ask.by_staff = true;
    ask.override_reason = cxr_str("x");
    assert_int_equal(make(&ask, CXR_OUT_REFUND, "", &rma, &no), CXR_REFUSED);
    assert_string_equal(no.code, "outcome_not_offered");
    assert_int_equal(make(&ask, CXR_OUT_KEEP_ITEM, "", &rma, &no),
                     CXR_REFUSED);

    ask.withdrawal = true;
    assert_int_equal(make(&ask, CXR_OUT_STORE_CREDIT, "", &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "gift_withdrawal");

    begin("");
    ask.withdrawal = false;
    assert_int_equal(make(&ask, CXR_OUT_STORE_CREDIT, "", &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "gift_not_offered");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_offer),
        cmocka_unit_test(test_law),
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_made)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
