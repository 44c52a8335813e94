
/*
 * The rules of a policy: which of them are of a line, and what they decide.
 */

#include "policy_kit.h"

#define REFUND    CXR_OUT_REFUND
#define EXCHANGE  CXR_OUT_EXCHANGE
#define CREDIT    CXR_OUT_STORE_CREDIT

static cxr_arena_t  *arena;
static kit_t         kit;


static int
setup(void **state)
{
    arena = cxr_arena_create(16 * 1024 * 1024);
    return arena == NULL;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    return 0;
}


static int
each(void **state)
{
    kit_begin(&kit, arena);
    return 0;
}


static int
after(void **state)
{
    cxr_shop_free(kit.shop);
    return 0;
}


/* Without rules the flat keys hold, and no law is under them. */

static void
test_flat(void **state)
{
    cxr_judgement_t  j;

    kit_policy(&kit, "\"fee\":500,\"methods\":[\"label\",\"in_store\"]");
    j = kit_judge(&kit, "whim");

    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.outcomes, (1 << REFUND) | (1 << EXCHANGE)
                                 | (1 << CREDIT));
    assert_int_equal(j.offers[REFUND].shipping_fee, 500);
    assert_int_equal(j.offers[EXCHANGE].shipping_fee, 0);
    assert_int_equal(j.methods, (1 << CXR_METHOD_LABEL)
                                | (1 << CXR_METHOD_IN_STORE));
    assert_int_equal(j.offers[REFUND].by[CXR_EFFECT_WINDOW], CXR_BY_DEFAULT);
    assert_null(j.floor.law);

    /* the fee is in the shop's currency */

    kit.order.currency = cxr_str("EUR");
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 0);
}


/* A line is judged as it is, whatever line was judged before it. */

static void
test_lines_apart(void **state)
{
    size_t             i, k;
    cxr_order_line_t  *line;
    cxr_policy_ask_t   ask;
    cxr_policy_case_t  all, one;
    cxr_judgement_t    judged, alone;

    static cxr_str_t  tags[] = {
        cxr_str_init("coffee"), cxr_str_init("final"), cxr_str_init("food")
    };

    kit_policy(&kit, "\"fee\":500");
    memset(&ask, 0, sizeof(ask));
    srandom(7);

    for (i = 0; i < 2000; i++) {
        kit.order.lines.n = 3;

        for (k = 0; k < 3; k++) {
            line = &kit.lines[k];
            line->quantity = 1 + (uint32_t) random() % 2;
            line->returning = random() % 4 == 0;
            line->final_sale = random() % 6 == 0;
            line->product = random() % 3 ? cxr_str("ETH") : CXR_STR_NONE;
            line->tags.items = &tags[random() % 3];
            line->tags.n = random() % 2;
        }

        cxr_policy_begin(&all, &kit.shop->policy, kit.shop->tz, &kit.order,
                         kit.parcels, random() % 2, kit.now, NULL);

        for (k = 0; k < 3; k++) {
            cxr_policy_begin(&one, &kit.shop->policy, kit.shop->tz, &kit.order,
                             kit.parcels, all.nparcels, kit.now, NULL);
            memset(&judged, 0, sizeof(judged));
            memset(&alone, 0, sizeof(alone));
            cxr_policy_line(&all, &kit.lines[k], &ask, &judged);
            cxr_policy_line(&one, &kit.lines[k], &ask, &alone);

            assert_int_equal(judged.verdict, alone.verdict);
            assert_int_equal(judged.returnable, alone.returnable);
            assert_int_equal(judged.outcomes, alone.outcomes);
            assert_int_equal(judged.deadline, alone.deadline);
            assert_memory_equal(&judged.offers, &alone.offers,
                                sizeof(alone.offers));
        }
    }
}


/* Of each effect the first rule that matches and has it. */

static void
test_first_match(void **state)
{
    cxr_judgement_t  j;

    kit_rules(&kit,
        "{\"id\":\"no\",\"when\":{\"tag\":\"tea\"},"
        " \"then\":{\"shipping_fee\":1}},"
        "{\"id\":\"draft\",\"status\":\"draft\",\"then\":{\"shipping_fee\":2}},"
        "{\"id\":\"past\",\"to\":\"2026-11-04\",\"then\":{\"shipping_fee\":3}},"
        "{\"id\":\"coming\",\"from\":\"2026-11-06\","
        " \"then\":{\"shipping_fee\":4}},"
        "{\"id\":\"one\",\"from\":\"2026-11-05\",\"to\":\"2026-11-05\","
        " \"when\":{\"tag\":[\"tea\",\"coffee\"]},"
        " \"then\":{\"shipping_fee\":5,\"window_days\":{\"refund\":20}}},"
        "{\"id\":\"two\",\"then\":{\"shipping_fee\":6,"
        " \"window_days\":{\"refund\":99,\"exchange\":60},"
        " \"label_days\":9}}");

    j = kit_judge(&kit, "whim");

    assert_int_equal(j.offers[REFUND].shipping_fee, 5);
    assert_int_equal(j.offers[REFUND].by[CXR_EFFECT_SHIPPING], 5);
    assert_int_equal(j.offers[REFUND].window_days, 20);
    assert_int_equal(j.offers[EXCHANGE].window_days, 60);
    assert_int_equal(j.offers[EXCHANGE].by[CXR_EFFECT_WINDOW], 6);
    assert_int_equal(j.offers[CREDIT].window_days, 14);
    assert_int_equal(j.offers[CREDIT].by[CXR_EFFECT_WINDOW], CXR_BY_DEFAULT);
    assert_int_equal(j.offers[REFUND].label_days, 9);

    assert_true(cxr_str_is(cxr_policy_by(&kit.shop->policy, &j.floor, 5),
                           "one"));

    /* its last day is over with the shop's midnight, not with Greenwich's */

    kit.now = DELIVERED + 12 * CXR_HOUR - 1;
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 3);
    kit.now++;
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 5);
}


typedef struct {
    const char  *when;
    bool         holds;
} when_t;

static const when_t  whens[] = {
    { "", true },
    { "\"country\":\"TR\"", true },
    { "\"country\":[\"DE\",\"TR\"]", true },
    { "\"country\":[\"DE\",\"AT\"]", false },
    { "\"currency\":\"TRY\"", true },
    { "\"currency\":\"EUR\"", false },
    { "\"order_tag\":[\"vip\"]", true },
    { "\"order_tag\":[\"coffee\"]", false },
    { "\"discount_code\":\"yaz25\"", true },
    { "\"discount_code\":[\"NO\",\"VIP-*\"]", true },
    { "\"discount_code\":\"VIP\"", false },
    { "\"discount_code\":[\"YAZ2\",\"YAZ250\",\"VIP-8F3KX*\"]", false },
    { "\"not\":{\"discount_code\":\"other\"}", true },
    { "\"channel\":\"web\"", true },
    { "\"channel\":\"pos\"", false },
    { "\"language\":\"tr\"", true },
    { "\"language\":\"en\"", false },
    { "\"language\":[\"en\",\"tr\"]", true },
    { "\"law\":\"tr\"", false },
    { "\"tag\":[\"coffee\"]", true },
    { "\"tag\":[\"vip\"]", false },
    { "\"sku\":[\"ETH-250\"]", true },
    { "\"sku\":[\"ETH-*\"]", true },
    { "\"sku\":[\"ETH-2500\",\"COL-*\"]", false },
    { "\"product\":\"ETH\"", true },
    { "\"product\":\"ET\"", false },
    { "\"reason\":\"whim\"", true },
    { "\"reason\":[\"broken\"]", false },
    { "\"order_value\":{\"min\":19000,\"max\":19000}", true },
    { "\"order_value\":{\"min\":19001}", false },
    { "\"currency\":\"EUR\",\"order_value\":{\"min\":0}", false },
    { "\"order_units\":{\"min\":2,\"max\":2}", true },
    { "\"order_units\":{\"max\":1}", false },
    { "\"days_since_placed\":{\"min\":4,\"max\":4}", true },
    { "\"days_since_placed\":{\"max\":3}", false },
    { "\"placed\":{\"from\":\"2026-11-01\",\"to\":\"2026-11-01\"}", true },
    { "\"placed\":{\"from\":\"2026-11-02\"}", false },
    { "\"order_returns\":{\"min\":1}", true },
    { "\"order_returns\":{\"min\":2}", false },
    { "\"order_returned\":{\"min\":777}", true },
    { "\"order_returned\":{\"max\":776}", false },
    { "\"customer_orders\":{\"min\":3}", true },
    { "\"customer_returns\":{\"min\":3}", false },
    { "\"customer_returned\":{\"min\":50000}", true },
    { "\"customer_kept\":{\"min\":4,\"max\":4}", true },
    { "\"customer_kept\":{\"max\":3}", false },
    { "\"customer_missing\":{\"min\":5,\"max\":5}", true },
    { "\"customer_missing\":{\"min\":6}", false },
    { "\"price\":{\"min\":9500,\"max\":9500}", true },
    { "\"price\":{\"max\":9499}", false },
    { "\"quantity\":{\"min\":2}", true },
    { "\"quantity\":{\"max\":1}", false },
    { "\"discount\":{\"min\":500,\"max\":500}", true },
    { "\"discount\":{\"min\":501}", false },
    { "\"days_since_delivery\":{\"min\":1,\"max\":1}", true },
    { "\"days_since_delivery\":{\"max\":0}", false },
    { "\"request_value\":{\"min\":9500,\"max\":9500}", true },
    { "\"request_value\":{\"max\":9499}", false },
    { "\"request_units\":{\"max\":1}", true },
    { "\"request_units\":{\"min\":2}", false },
    { "\"request_whole\":false", true },
    { "\"request_whole\":true", false },
    { "\"kind\":\"return\"", true },
    { "\"kind\":[\"claim\",\"withdrawal\"]", false },
    { "\"outcome\":\"refund\"", true },
    { "\"outcome\":[\"exchange\"]", false },
    { "\"method\":\"label\"", false },
    { "\"final_sale\":false", true },
    { "\"final_sale\":true", false },
    { "\"delivered\":true", true },
    { "\"delivered\":false", false },
    { "\"country\":\"TR\",\"tag\":\"tea\"", false },
    { "\"any\":[{\"tag\":\"tea\"},{\"country\":\"TR\"}]", true },
    { "\"any\":[{\"tag\":\"tea\"},{\"country\":\"DE\"}]", false },
    { "\"all\":[{\"tag\":\"coffee\"},{\"country\":\"TR\"}]", true },
    { "\"all\":[{\"tag\":\"coffee\"},{\"country\":\"DE\"}]", false },
    { "\"not\":{\"tag\":\"coffee\",\"country\":\"DE\"}", true },
    { "\"not\":{\"tag\":\"coffee\",\"country\":\"TR\"}", false },
    { "\"not\":{\"outcome\":\"exchange\"}", true },
    { "\"not\":{\"any\":[{\"not\":{\"tag\":\"coffee\"}},"
      "{\"all\":[{\"price\":{\"min\":1}},{\"country\":\"DE\"}]}]}", true },
    { "\"any\":[{\"tag\":\"coffee\",\"sku\":\"COL\"},"
      "{\"outcome\":[\"refund\"],\"price\":{\"max\":9999}}]", true },
};


static void
test_conditions(void **state)
{
    size_t     i;
    bool       holds;
    cxr_str_t  rule;
    cxr_str_t  rma;

    rma = cxr_str("R-1");

    for (i = 0; i < cxr_nelts(whens); i++) {
        kit_begin(&kit, arena);

        kit.lines[0].discount = 1000;
        kit.lines[0].returning_paid = 777;
        kit.order.rmas.items = &rma;
        kit.order.rmas.n = 1;
        kit.history.known = true;
        kit.history.orders = 3;
        kit.history.returns = 2;
        kit.history.returned = 50000;
        kit.history.kept = 4;
        kit.history.missing = 5;
        memset(&kit.request, 0, sizeof(kit.request));
        cxr_policy_asked(&kit.request, &kit.order, cxr_str("1"), 1);

        rule = cxr_sprintf(arena, "{\"id\":\"r\",\"when\":{%s},"
                           "\"then\":{\"shipping_fee\":1}}", whens[i].when);
        kit_rules(&kit, rule.data);

        holds = kit_judge(&kit, "whim").offers[REFUND]
                .by[CXR_EFFECT_SHIPPING] == 1;

        if (holds != whens[i].holds) {
            fail_msg("%s: %s", whens[i].when, holds ? "holds" : "does not");
        }

        cxr_shop_free(kit.shop);
        kit.shop = NULL;
    }

    /* what is not known does not hold, either way */

    kit_begin(&kit, arena);
    kit_rules(&kit, "{\"id\":\"r\",\"when\":{\"customer_orders\":{\"min\":0}},"
                    "\"then\":{\"shipping_fee\":1}}");
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 0);

    cxr_shop_free(kit.shop);
    kit_begin(&kit, arena);
    kit_rules(&kit, "{\"id\":\"r\",\"when\":{\"request_whole\":true},"
                    "\"then\":{\"shipping_fee\":1}}");
    memset(&kit.request, 0, sizeof(kit.request));
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 0);
    cxr_policy_asked(&kit.request, &kit.order, cxr_str("1"), 2);
    cxr_policy_asked(&kit.request, &kit.order, cxr_str("no"), 2);
    cxr_policy_asked(&kit.request, &kit.order, cxr_str("1"), 9999);
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 1);
    memset(&kit.request, 0, sizeof(kit.request));
}


/* "en" is English of any country; "en-GB" is that one alone. */

static void
test_language_ranges(void **state)
{
    size_t            i;
    cxr_judgement_t   j;
    cxr_policy_ask_t  ask;

    static const struct {
        const char  *locale, *asked;
        bool         holds;
    } cases[] = {
        { "en", "", true },
        { "en-GB", "", true },
        { "EN-us", "", true },
        { "tr", "en", true },
        { "en", "tr", false },
        { "eng", "", false },
        { "e", "", false },
        { "", "", false }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        kit_begin(&kit, arena);
        kit_rules(&kit, "{\"id\":\"r\",\"when\":{\"language\":\"en\"},"
                        "\"then\":{\"shipping_fee\":1}}");
        kit.order.locale = cxr_strz(cases[i].locale);

        memset(&ask, 0, sizeof(ask));
        ask.reason = cxr_str("whim");
        ask.language = cxr_strz(cases[i].asked);
        kit_ask(&kit, 0, &ask, &j);

        if ((j.offers[REFUND].shipping_fee == 1) != cases[i].holds) {
            fail_msg("order \"%s\", page \"%s\"", cases[i].locale,
                     cases[i].asked);
        }

        cxr_shop_free(kit.shop);
        kit.shop = NULL;
    }
}


/* A group of reasons stands for those that are of it. */

static void
test_reason_groups(void **state)
{
    static const char  rule[] =
        "{\"id\":\"r\",\"when\":{\"reason_group\":\"ours\"},"
        "\"then\":{\"keep_item\":true,\"shipping_fee\":3}}";

    kit_begin(&kit, arena);
    kit.reasons = "{\"code\":\"whim\"},{\"code\":\"broken\",\"group\":\"ours\"},"
                  "{\"code\":\"leaks\",\"group\":\"ours\"},"
                  "{\"code\":\"small\",\"group\":\"fit\"}";
    kit_rules(&kit, rule);

    assert_true(kit_judge(&kit, "broken").offers[REFUND].keep_item);
    assert_true(kit_judge(&kit, "leaks").offers[REFUND].keep_item);
    assert_false(kit_judge(&kit, "small").offers[REFUND].keep_item);
    assert_false(kit_judge(&kit, "whim").offers[REFUND].keep_item);
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee, 0);
    assert_true(kit_judge(&kit, "").by_reason);

    cxr_shop_free(kit.shop);
    kit.shop = NULL;
    kit.reasons = "{\"code\":\"broken\",\"group\":\"theirs\"}";
    assert_int_equal(kit_parse(&kit, cxr_sprintf(arena, "\"rules\":[%s]",
                                                 rule).data), CXR_INVALID);
    assert_string_equal(kit.diags[0].where,
                        "/policy/rules/0/when/reason_group");
    assert_non_null(strstr(kit.diags[0].text, "\"ours\""));

    kit.reasons = NULL;
}


/* 23:59:59.999 in Istanbul of the day "days" after the delivery's */

static cxr_time_t
end(int days)
{
    return DELIVERED + days * CXR_DAY + 12 * CXR_HOUR - 1;
}


static void
test_windows(void **state)
{
    cxr_judgement_t  j;

    kit_rules(&kit,
        "{\"id\":\"season\",\"when\":{\"placed\":{\"from\":\"2026-11-01\","
        "\"to\":\"2026-12-24\"},\"outcome\":\"store_credit\"},"
        "\"then\":{\"open_until\":\"2027-01-31\"}},"
        "{\"id\":\"w\",\"then\":{\"window_days\":{\"exchange\":60}}}");

    j = kit_judge(&kit, "whim");

    assert_int_equal(j.offers[REFUND].deadline, end(14));
    assert_int_equal(j.offers[EXCHANGE].deadline, end(60));
    assert_int_equal(j.offers[CREDIT].deadline, end(88));
    assert_int_equal(j.offers[CREDIT].by[CXR_EFFECT_UNTIL], 1);
    assert_int_equal(j.deadline, end(88));
    assert_false(j.deadline_by_order);

    kit.now = end(14) + 1;
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.outcomes, (1 << EXCHANGE) | (1 << CREDIT));
    assert_int_equal(j.offers[REFUND].refused, CXR_NO_WINDOW_OVER);

    kit.now = end(88) + 1;
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_NO_WINDOW_OVER);
    assert_int_equal(j.deadline, end(88));

    /* a season that ended before the window does is none */

    kit.now = DELIVERED + CXR_DAY;
    kit_rules(&kit, "{\"id\":\"s\",\"then\":{\"open_until\":\"2026-11-10\"}}");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.offers[REFUND].deadline, end(14));
    assert_int_equal(j.offers[REFUND].by[CXR_EFFECT_UNTIL], CXR_BY_DEFAULT);

    /* anchors */

    kit_rules(&kit, "{\"id\":\"s\",\"when\":{\"outcome\":\"refund\"},"
                    "\"then\":{\"anchor\":\"shipped\"}},"
                    "{\"id\":\"p\",\"then\":{\"anchor\":\"placed\"}}");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.offers[REFUND].deadline, end(13));
    assert_int_equal(j.offers[EXCHANGE].deadline, end(11));

    /* an unknown delivery: the rule's fall-back, else the flat one */

    kit.parcel.status = CXR_SHIP_UNKNOWN;
    kit.parcel.picked_up_at = CXR_TIME_NONE;
    kit_rules(&kit, "{\"id\":\"f\",\"when\":{\"outcome\":\"refund\"},"
                    "\"then\":{\"fallback_days\":9}}");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.offers[REFUND].deadline, end(-3 + 9 + 14));
    assert_int_equal(j.offers[EXCHANGE].deadline, end(-3 + 5 + 14));
    assert_true(j.deadline_by_order);
}


static void
test_may(void **state)
{
    cxr_judgement_t  j;

    /* a refusal in the shopper's words, and what comes before it */

    kit_rules(&kit,
        "{\"id\":\"vip\",\"when\":{\"order_tag\":\"gold\"},"
        " \"then\":{\"allow\":true}},"
        "{\"id\":\"no\",\"when\":{\"tag\":\"coffee\"},"
        " \"then\":{\"deny\":{\"tr\":\"Olmaz\",\"en\":\"No\"}}}");

    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_NO_DENIED);
    assert_true(cxr_str_is(cxr_texts_in(j.denial, cxr_str("tr")), "Olmaz"));
    assert_int_equal(j.offers[REFUND].by[CXR_EFFECT_MAY], 2);

    kit.order_tag = cxr_str("gold");
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_MAY_RETURN);

    /* a rule lets a final sale come back, one outcome of it */

    kit.tags[0] = cxr_str("final");
    kit_rules(&kit, "{\"id\":\"x\",\"when\":{\"outcome\":\"exchange\"},"
                    "\"then\":{\"allow\":true}}");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.outcomes, 1 << EXCHANGE);
    assert_int_equal(j.offers[REFUND].refused, CXR_NO_FINAL_SALE);

    kit_rules(&kit, "");
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_FINAL_SALE);

    /* what is excluded stays so, whichever rule offers it */

    kit.tags[0] = cxr_str("coffee");
    kit_rules(&kit,
        "{\"id\":\"a\",\"then\":{\"outcomes\":[\"refund\",\"repair\"],"
        "\"methods\":[\"label\",\"qr\",\"in_store\"]}},"
        "{\"id\":\"b\",\"then\":{\"exclude_outcomes\":\"repair\","
        "\"exclude_methods\":\"qr\"}},"
        "{\"id\":\"c\",\"then\":{\"exclude_methods\":\"in_store\"}}");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.outcomes, 1 << REFUND);
    assert_int_equal(j.methods, 1 << CXR_METHOD_LABEL);
    assert_int_equal(j.offers[CXR_OUT_REPAIR].by[CXR_EFFECT_OUTCOMES], 2);

    /* nothing need come back */

    kit_rules(&kit, "{\"id\":\"k\",\"when\":{\"price\":{\"max\":10000}},"
                    "\"then\":{\"keep_item\":true,\"approval\":\"auto\"}},"
                    "{\"id\":\"r\",\"then\":{\"approval\":\"review\"}}");
    j = kit_judge(&kit, "whim");
    assert_true(j.offers[REFUND].keep_item);
    assert_true(j.offers[REFUND].approve);
    assert_int_equal(j.offers[REFUND].methods, 1 << CXR_METHOD_NOTHING);

    kit.lines[0].unit_price = 20000;
    j = kit_judge(&kit, "whim");
    assert_false(j.offers[REFUND].keep_item);
    assert_true(j.offers[REFUND].review);
}


/* Unsaid, the reason that is best for the shopper counts; said, it alone. */

static void
test_reason_unsaid(void **state)
{
    cxr_judgement_t  j;

    kit_rules(&kit,
        "{\"id\":\"free\",\"when\":{\"reason\":\"broken\"},"
        " \"then\":{\"shipping_fee\":0,\"window_days\":100,\"allow\":true}},"
        "{\"id\":\"fee\",\"then\":{\"shipping_fee\":900}},"
        "{\"id\":\"no\",\"when\":{\"tag\":\"coffee\"},"
        " \"then\":{\"deny\":true}}");

    j = kit_judge(&kit, "");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_true(j.by_reason);
    assert_int_equal(j.offers[REFUND].shipping_fee, 0);
    assert_int_equal(j.deadline, end(100));

    assert_int_equal(kit_judge(&kit, "broken").verdict, CXR_MAY_RETURN);
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_NO_DENIED);
    assert_false(j.by_reason);
}


static void
test_money(void **state)
{
    cxr_offer_t      *o;
    cxr_judgement_t   j;

    kit_rules(&kit,
        "{\"id\":\"m\",\"then\":{"
        "\"restocking_fee\":{\"amount\":100,\"basis_points\":1050},"
        "\"bonus\":{\"store_credit\":{\"amount\":50,\"basis_points\":500}}}}");

    j = kit_judge(&kit, "whim");
    o = &j.offers[REFUND];
    assert_int_equal(cxr_offer_fee(o, 9999, 1), 100 + 1050);
    assert_int_equal(cxr_offer_fee(o, 20000, 2), 200 + 2100);
    assert_int_equal(cxr_offer_fee(o, 90, 1), 90);
    assert_int_equal(cxr_offer_fee(o, 0, 1), 0);
    assert_int_equal(cxr_offer_bonus(o, 20000, 2), 0);

    o = &j.offers[CREDIT];
    assert_int_equal(cxr_offer_bonus(o, 20000, 2), 100 + 1000);
    assert_int_equal(cxr_offer_bonus(o, 10, 1), 50 + 1);

    /* percentages are of any currency, amounts of one */

    kit.order.currency = cxr_str("EUR");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.offers[REFUND].restock, 0);
    assert_int_equal(j.offers[REFUND].restock_bp, 1050);
    assert_int_equal(j.offers[CREDIT].bonus, 0);

    kit_rules(&kit, "{\"id\":\"e\",\"when\":{\"currency\":\"EUR\"},"
                    "\"then\":{\"shipping_fee\":490}}");
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].shipping_fee,
                     490);
}


typedef struct {
    const char  *rule;
    const char  *where;
    const char  *says;
} mistake_t;

static const mistake_t  mistakes[] = {
    { "{\"then\":{\"allow\":true}}", "/policy/rules/0/id", "required" },
    { "{\"id\":\"a\"}", "/policy/rules/0/then", "required" },
    { "{\"id\":\"a\",\"then\":{}}", "/policy/rules/0/then", "effect" },
    { "{\"id\":\"law\",\"then\":{\"allow\":true}}", "/policy/rules/0/id",
      "another name" },
    { "{\"id\":\"a\",\"then\":{\"allow\":true}},"
      "{\"id\":\"a\",\"then\":{\"allow\":true}}", "/policy/rules/1/id",
      "differ" },
    { "{\"id\":\"a\",\"if\":{},\"then\":{\"allow\":true}}",
      "/policy/rules/0/if", "not known" },
    { "{\"id\":\"a\",\"when\":{\"tags\":\"x\"},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/tags", "not known" },
    { "{\"id\":\"a\",\"when\":{\"any\":[{\"sku\":\"x\"},{\"tags\":1}]},"
      "\"then\":{\"allow\":true}}", "/policy/rules/0/when/any/1/tags",
      "not known" },
    { "{\"id\":\"a\",\"when\":{\"any\":[]},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/any", "at least one" },
    { "{\"id\":\"a\",\"when\":{\"not\":{}},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/not", "condition" },
    { "{\"id\":\"a\",\"when\":{\"tag\":[]},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/tag", "at least one" },
    { "{\"id\":\"a\",\"when\":{\"country\":\"Turkey\"},"
      "\"then\":{\"allow\":true}}", "/policy/rules/0/when/country", "TR" },
    { "{\"id\":\"a\",\"when\":{\"reason\":\"bored\"},"
      "\"then\":{\"allow\":true}}", "/policy/rules/0/when/reason", "codes" },
    { "{\"id\":\"a\",\"when\":{\"language\":\"de\"},"
      "\"then\":{\"allow\":true}}", "/policy/rules/0/when/language",
      "languages" },
    { "{\"id\":\"a\",\"when\":{\"sku\":\"*X\"},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/sku", "end" },
    { "{\"id\":\"a\",\"when\":{\"price\":{\"min\":2,\"max\":1}},"
      "\"then\":{\"allow\":true}}", "/policy/rules/0/when/price", "never" },
    { "{\"id\":\"a\",\"when\":{\"price\":{}},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/price", "min" },
    { "{\"id\":\"a\",\"when\":{\"kind\":\"swap\"},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/kind", "withdrawal" },
    { "{\"id\":\"a\",\"from\":\"2026-02-30\",\"then\":{\"allow\":true}}",
      "/policy/rules/0/from", "date" },
    { "{\"id\":\"a\",\"from\":\"2026-02-02\",\"to\":\"2026-02-01\","
      "\"then\":{\"allow\":true}}", "/policy/rules/0/to", "before" },
    { "{\"id\":\"a\",\"then\":{\"allow\":true,\"deny\":true}}",
      "/policy/rules/0/then/deny", "contradicts" },
    { "{\"id\":\"a\",\"then\":{\"allow\":false}}",
      "/policy/rules/0/then/allow", "true" },
    { "{\"id\":\"a\",\"then\":{\"deny\":{\"tr\":\"x\"}}}",
      "/policy/rules/0/then/deny/en", "required" },
    { "{\"id\":\"a\",\"then\":{\"window_days\":{\"swap\":3}}}",
      "/policy/rules/0/then/window_days/swap", "not known" },
    { "{\"id\":\"a\",\"then\":{\"window_days\":3651}}",
      "/policy/rules/0/then/window_days", "3650" },
    { "{\"id\":\"a\",\"then\":{\"restocking_fee\":{\"basis_points\":10001}}}",
      "/policy/rules/0/then/restocking_fee/basis_points", "10000" },
    { "{\"id\":\"a\",\"then\":{\"restocking_fee\":{}}}",
      "/policy/rules/0/then/restocking_fee/amount", "missing" },
    { "{\"id\":\"a\",\"then\":{\"bonus\":{\"refund\":{\"amount\":1}}}}",
      "/policy/rules/0/then/bonus/refund", "store_credit" },
    { "{\"id\":\"a\",\"then\":{\"methods\":[\"pigeon\"]}}",
      "/policy/rules/0/then/methods", "in_store" },
    { "{\"id\":\"a\",\"then\":{\"release\":{\"refund\":\"none\"}}}",
      "/policy/rules/0/then/release/refund", "on_submit" },
    { "{\"id\":\"a\",\"when\":{\"not\":{\"not\":{\"not\":{\"not\":{\"not\":"
      "{\"tag\":\"x\"}}}}}},\"then\":{\"allow\":true}}",
      "/policy/rules/0/when/not/not/not/not/not", "deeper" },
};


static void
test_mistakes(void **state)
{
    size_t     i;
    cxr_str_t  text;

    for (i = 0; i < cxr_nelts(mistakes); i++) {
        text = cxr_sprintf(arena, "\"rules\":[%s]", mistakes[i].rule);

        if (kit_parse(&kit, text.data) != CXR_INVALID
            || strcmp(kit.diags[0].where, mistakes[i].where) != 0
            || strstr(kit.diags[0].text, mistakes[i].says) == NULL
            || kit.diags[0].line != 3)
        {
            fail_msg("%s: %s:%u: %s", mistakes[i].rule, kit.diags[0].where,
                     kit.diags[0].line, kit.diags[0].text);
        }
    }
}


static const mistake_t  warnings[] = {
    { "{\"id\":\"a\",\"when\":{\"tag\":\"x\"},\"then\":{\"label_days\":1}},"
      "{\"id\":\"b\",\"when\":{\"tag\":\"x\",\"sku\":\"y\"},"
      "\"then\":{\"label_days\":2}}", "/policy/rules/1", "never decides" },
    { "{\"id\":\"a\",\"when\":{\"tag\":\"x\"},\"then\":{\"label_days\":1}},"
      "{\"id\":\"b\",\"when\":{\"tag\":\"y\",\"sku\":\"y\"},"
      "\"then\":{\"label_days\":2}}", NULL, NULL },
    { "{\"id\":\"a\",\"to\":\"2026-01-01\",\"then\":{\"label_days\":1}},"
      "{\"id\":\"b\",\"then\":{\"label_days\":2}}", NULL, NULL },
    { "{\"id\":\"a\",\"when\":{\"country\":\"TR\",\"all\":[{\"country\":"
      "\"DE\"}]},\"then\":{\"label_days\":1}}", "/policy/rules/0/when",
      "can never hold" },
    { "{\"id\":\"a\",\"when\":{\"outcome\":\"refund\"},"
      "\"then\":{\"window_days\":{\"exchange\":3}}}", "/policy/rules/0/then",
      "other outcomes" },
    { "{\"id\":\"a\",\"then\":{\"window_days\":13}}",
      "/policy/rules/0/then/window_days", "gives 14" },
    { "{\"id\":\"a\",\"when\":{\"country\":\"DE\"},"
      "\"then\":{\"window_days\":13}}", NULL, NULL },
    { "{\"id\":\"a\",\"when\":{\"outcome\":\"exchange\"},"
      "\"then\":{\"window_days\":13}}", NULL, NULL },
    { "{\"id\":\"a\",\"when\":{\"days_since_delivery\":{\"min\":15}},"
      "\"then\":{\"deny\":true}}", NULL, NULL },
    { "{\"id\":\"a\",\"when\":{\"tag\":\"food\"},\"then\":{\"deny\":true}}",
      NULL, NULL },
    { "{\"id\":\"a\",\"then\":{\"deny\":true}}", "/policy/rules/0/then/deny",
      "withdraw" },
    { "{\"id\":\"a\",\"status\":\"draft\",\"then\":{\"deny\":true}}", NULL,
      NULL },
    { "{\"id\":\"a\",\"then\":{\"exclude_outcomes\":\"refund\"}}",
      "/policy/rules/0/then/exclude_outcomes", "all the same" },
    { "{\"id\":\"a\",\"then\":{\"restocking_fee\":{\"amount\":1}}}",
      "/policy/rules/0/then/restocking_fee", "not kept back" },
    { "{\"id\":\"a\",\"then\":{\"shipping_fee\":1}}",
      "/policy/rules/0/then/shipping_fee", "seller pay" },
    { "{\"id\":\"a\",\"then\":{\"shipping_fee\":0}}", NULL, NULL },
    { "{\"id\":\"a\",\"when\":{\"not\":{\"law\":[\"tr\",\"us\"]}},"
      "\"then\":{\"label_days\":1}}", "/policy/rules/0/when", "\"us\"" },
    { "{\"id\":\"a\",\"when\":{\"law\":\"tr\"},\"then\":{\"label_days\":1}}",
      NULL, NULL },
};


static void
test_warnings(void **state)
{
    size_t              i;
    cxr_str_t           text;
    cxr_json_faults_t   w;

    for (i = 0; i < cxr_nelts(warnings); i++) {
        kit_begin(&kit, arena);

        text = cxr_sprintf(arena, "\"exceptions\":{\"food\":\"perishable\","
                           "\"final\":\"personalised\"},"
                           "\"rules\":[%s]", warnings[i].rule);
        kit_policy(&kit, text.data);
        kit_law(&kit, "tr");

        memset(&w, 0, sizeof(w));
        cxr_shop_lint(kit.shop, &w);

        if (warnings[i].where == NULL ? w.n != 0
            : w.n != 1 || strcmp(w.faults[0].pointer, warnings[i].where) != 0
              || strstr(w.faults[0].text, warnings[i].says) == NULL)
        {
            fail_msg("%s: %u, %s: %s", warnings[i].rule, w.n,
                     w.faults[0].pointer, w.faults[0].text);
        }

        cxr_shop_free(kit.shop);
        kit.shop = NULL;
    }
}


/* A policy that was only laid out anew is the same version; another is not. */

static void
test_version(void **state)
{
    char  first[17];

    kit_rules(&kit, "{\"id\":\"a\",\"when\":{\"tag\":\"x\"},"
                    "\"then\":{\"label_days\":1}}");
    (void) snprintf(first, sizeof(first), "%.16s",
                    kit.shop->policy.version.data);

    kit_rules(&kit, "{ \"then\": {\"label_days\": 1},"
                    " \"when\": {\"tag\": [\"x\"]}, \"id\": \"a\" }");
    assert_string_equal(kit.shop->policy.version.data, first);

    kit_rules(&kit, "{\"id\":\"a\",\"when\":{\"tag\":\"x\"},"
                    "\"then\":{\"label_days\":2}}");
    assert_string_not_equal(kit.shop->policy.version.data, first);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_flat, each, after),
        cmocka_unit_test_setup_teardown(test_lines_apart, each, after),
        cmocka_unit_test_setup_teardown(test_first_match, each, after),
        cmocka_unit_test_setup_teardown(test_conditions, each, after),
        cmocka_unit_test_setup_teardown(test_language_ranges, each, after),
        cmocka_unit_test_setup_teardown(test_reason_groups, each, after),
        cmocka_unit_test_setup_teardown(test_windows, each, after),
        cmocka_unit_test_setup_teardown(test_may, each, after),
        cmocka_unit_test_setup_teardown(test_reason_unsaid, each, after),
        cmocka_unit_test_setup_teardown(test_money, each, after),
        cmocka_unit_test_setup_teardown(test_mistakes, each, after),
        cmocka_unit_test_setup_teardown(test_warnings, each, after),
        cmocka_unit_test_setup_teardown(test_version, each, after)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
