
/*
 * The floor of the law under a policy: its versions, its days, its exceptions,
 * and that no rule whatever gives less.
 */

#include "policy_kit.h"

#define REFUND    CXR_OUT_REFUND
#define EXCHANGE  CXR_OUT_EXCHANGE

#define ROUNDS    4000

static cxr_arena_t  *arena;
static kit_t         kit;


static int
setup(void **state)
{
    arena = cxr_arena_create(64 * 1024 * 1024);
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


static cxr_time_t
end(int days)
{
    return DELIVERED + days * CXR_DAY + 12 * CXR_HOUR - 1;
}


#define HARSH                                                                 \
    "\"fee\":900,\"rules\":[{\"id\":\"a\",\"then\":{\"window_days\":3,"       \
    "\"outcomes\":[\"exchange\"],\"deny\":true,\"shipping_fee\":700,"         \
    "\"restocking_fee\":{\"basis_points\":2000}}}]"


static void
test_turkey(void **state)
{
    cxr_offer_t      *o;
    cxr_judgement_t   j;

    kit_policy(&kit, HARSH);
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_DENIED);

    kit_law(&kit, "tr");
    j = kit_judge(&kit, "whim");
    o = &j.offers[REFUND];

    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.outcomes, 1 << REFUND);
    assert_int_equal(o->deadline, end(14));
    assert_int_equal(o->shipping_fee, 0);
    assert_int_equal(o->restock_bp, 0);
    assert_int_equal(o->by[CXR_EFFECT_WINDOW], CXR_BY_LAW);
    assert_int_equal(o->by[CXR_EFFECT_SHIPPING], CXR_BY_LAW);
    assert_true(cxr_str_is(cxr_policy_by(&kit.shop->policy, &j.floor,
                                         o->by[CXR_EFFECT_OUTCOMES]), "tr"));
    assert_true(j.floor.raised & (1 << CXR_EFFECT_OUTCOMES));
    assert_true(j.floor.raised & (1 << CXR_EFFECT_RESTOCK));
    assert_int_equal(j.floor.version->refund_days, 14);

    /* to the last millisecond, and not one longer */

    kit.now = end(14);
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_MAY_RETURN);
    kit.now++;
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_NO_DENIED);
    assert_false(j.floor.holds);

    /* elsewhere it says nothing */

    kit.now = DELIVERED;
    kit.order.country = cxr_str("US");
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_DENIED);
}


/* The Union's: the shopper may be charged for the way back, for nothing else;
   a period that ends on a weekend ends on Monday. */

static void
test_union(void **state)
{
    cxr_offer_t      *o;
    cxr_judgement_t   j;

    kit.order.country = cxr_str("DE");
    kit_policy(&kit, HARSH);
    kit_law(&kit, "eu");
    j = kit_judge(&kit, "whim");
    o = &j.offers[REFUND];

    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(o->shipping_fee, 700);
    assert_int_equal(o->restock_bp, 0);
    assert_true(j.floor.version->function);
    assert_true(j.floor.version->withhold);
    assert_int_equal(j.floor.deadline, end(14));

    /* 4 November is a Wednesday; Saturday and Sunday come three days on */

    kit.parcel.delivered_at += 3 * CXR_DAY;
    kit.now = DELIVERED + 4 * CXR_DAY;
    assert_int_equal(kit_judge(&kit, "whim").floor.deadline, end(19));
    kit.parcel.delivered_at += CXR_DAY;
    kit.now = DELIVERED + 5 * CXR_DAY;
    assert_int_equal(kit_judge(&kit, "whim").floor.deadline, end(19));
    kit.parcel.delivered_at += CXR_DAY;
    kit.now = DELIVERED + 6 * CXR_DAY;
    assert_int_equal(kit_judge(&kit, "whim").floor.deadline, end(19));
    assert_int_equal(kit_judge(&kit, "whim").offers[REFUND].deadline, end(19));
}


/* The United Kingdom's: as the Union's, but a period ends on the day that it
   ends on, and the refund's clock waits for the goods' hand-over. */

static void
test_kingdom(void **state)
{
    cxr_offer_t      *o;
    cxr_judgement_t   j;

    kit.order.country = cxr_str("GB");
    kit_policy(&kit, HARSH);
    kit_law(&kit, "gb");
    j = kit_judge(&kit, "whim");
    o = &j.offers[REFUND];

    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(o->shipping_fee, 700);
    assert_int_equal(o->restock_bp, 0);
    assert_false(j.floor.version->function);
    assert_true(j.floor.version->withhold);
    assert_int_equal(j.floor.version->refund_from, CXR_REFUND_FROM_HANDOVER);

    kit.parcel.delivered_at += 3 * CXR_DAY;         /* ends on a Saturday */
    kit.now = DELIVERED + 4 * CXR_DAY;
    assert_int_equal(kit_judge(&kit, "whim").floor.deadline, end(17));
}


/* What a shop gives beyond the law stays. */

static void
test_more(void **state)
{
    cxr_judgement_t  j;

    kit_policy(&kit, "\"rules\":[{\"id\":\"a\",\"then\":{\"window_days\":60,"
                     "\"restocking_fee\":{\"amount\":5}}}]");
    kit_law(&kit, "tr");

    j = kit_judge(&kit, "whim");
    assert_int_equal(j.offers[REFUND].deadline, end(60));
    assert_int_equal(j.offers[REFUND].by[CXR_EFFECT_WINDOW], 1);
    assert_int_equal(j.offers[REFUND].restock, 0);
    assert_int_equal(j.offers[EXCHANGE].restock, 5);

    /* past the law's days the shop's own terms hold */

    kit.now = end(14) + 1;
    j = kit_judge(&kit, "whim");
    assert_true(j.offers[REFUND].offered);
    assert_int_equal(j.offers[REFUND].restock, 5);
}


static void
test_exceptions(void **state)
{
    cxr_judgement_t  j;

    kit_policy(&kit, "\"exceptions\":{\"final\":\"perishable\","
                     "\"cream\":\"sealed_hygiene\"}");
    kit_law(&kit, "tr");

    kit.tags[0] = cxr_str("final");
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_NO_FINAL_SALE);
    assert_true(cxr_str_is(j.floor.exception->basis, "m. 15/1-c"));
    assert_false(j.floor.holds);

    /* a sealed thing may be sent back unopened: the floor holds */

    kit.tags[1] = cxr_str("cream");
    kit.lines[0].tags.items = &kit.tags[1];
    kit.lines[0].final_sale = true;
    j = kit_judge(&kit, "whim");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_true(j.floor.exception->if_unsealed);

    /* the one that lifts it counts, in whichever order */

    kit.lines[0].tags.items = kit.tags;
    kit.lines[0].tags.n = 2;
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_FINAL_SALE);
    kit.tags[0] = cxr_str("cream");
    kit.tags[1] = cxr_str("final");
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_FINAL_SALE);

    /* without an exception of the law a final sale is the shop's word alone */

    kit.lines[0].tags.n = 0;
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_MAY_RETURN);
}


/* Of the day of the order: what Turkey decided in 2022 of sending back and of
   exceptions was put off until 2026; that phones cannot be sent back never
   came into force. */

static void
test_versions(void **state)
{
    size_t           i;
    cxr_time_t       at;
    cxr_judgement_t  j;

    static const struct {
        const char  *placed;
        int          verdict;
        uint32_t     ship_back;
    } days[] = {
        { "2015-02-26T21:59:59Z", CXR_NO_FINAL_SALE, 0 },
        { "2015-02-26T22:00:00Z", CXR_MAY_RETURN, 10 },
        { "2022-10-02T21:00:00Z", CXR_MAY_RETURN, 10 },
        { "2025-12-31T20:59:59Z", CXR_MAY_RETURN, 10 },
        { "2025-12-31T21:00:00Z", CXR_NO_FINAL_SALE, 14 },
    };

    kit_policy(&kit, "\"exceptions\":{\"final\":\"live_auction\"}");
    kit_law(&kit, "tr");
    kit.tags[0] = cxr_str("final");

    for (i = 0; i < cxr_nelts(days); i++) {
        assert_int_equal(cxr_time_parse(cxr_strz(days[i].placed), &at),
                         CXR_OK);
        kit.order.placed_at = at;
        kit.parcel.delivered_at = at + CXR_DAY;
        kit.now = at + 2 * CXR_DAY;

        j = kit_judge(&kit, "whim");
        assert_int_equal(j.verdict, days[i].verdict);

        if (days[i].ship_back == 0) {
            assert_null(j.floor.version);

        } else {
            assert_int_equal(j.floor.version->ship_back_days,
                             days[i].ship_back);
        }
    }
}


/* From the last goods of the order; unknown: as late as the law lets them. */

static void
test_delivery(void **state)
{
    cxr_str_t             first, second;
    cxr_shipment_t        other;
    cxr_judgement_t       j;
    cxr_policy_case_t     c;
    const cxr_shipment_t *two[2];

    kit_policy(&kit, "");
    kit_law(&kit, "tr");
    kit.order.lines.n = 2;

    first = cxr_str("1");
    second = cxr_str("2");
    kit.parcel.lines.items = &first;
    kit.parcel.lines.n = 1;

    other = kit.parcel;
    other.number = cxr_str("2");
    other.lines.items = &second;
    other.status = CXR_SHIP_IN_TRANSIT;
    other.delivered_at = CXR_TIME_NONE;
    two[0] = &kit.parcel;
    two[1] = &other;

    /* one is still on its way: the days of the other have not begun */

    kit.now = end(20);
    cxr_policy_begin(&c, &kit.shop->policy, kit.shop->tz, &kit.order, two, 2,
                     kit.now, NULL);
    cxr_policy_line(&c, &kit.lines[0], NULL, &j);
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.outcomes, 1 << REFUND);
    assert_int_equal(j.deadline, end(34));
    cxr_policy_line(&c, &kit.lines[1], NULL, &j);
    assert_int_equal(j.verdict, CXR_NO_NOT_DELIVERED);

    /* it came ten days later */

    other.status = CXR_SHIP_DELIVERED;
    other.delivered_at = DELIVERED + 10 * CXR_DAY;
    cxr_policy_begin(&c, &kit.shop->policy, kit.shop->tz, &kit.order, two, 2,
                     kit.now, NULL);
    cxr_policy_line(&c, &kit.lines[0], NULL, &j);
    assert_int_equal(j.deadline, end(24));
    assert_int_equal(j.offers[EXCHANGE].refused, CXR_NO_WINDOW_OVER);

    /* nothing is known of either */

    kit.parcel.status = CXR_SHIP_UNKNOWN;
    other.status = CXR_SHIP_UNKNOWN;
    cxr_policy_begin(&c, &kit.shop->policy, kit.shop->tz, &kit.order, two, 2,
                     kit.now, NULL);
    cxr_policy_line(&c, &kit.lines[0], NULL, &j);
    assert_int_equal(j.offers[REFUND].deadline, end(-3 + 30 + 14));
    assert_int_equal(j.offers[EXCHANGE].deadline, end(-3 + 5 + 14));
}


/* What the delivery cost: the law's when she withdraws, the policy's else. */

static void
test_delivery_refund(void **state)
{
    size_t             i;
    cxr_judgement_t    j;
    cxr_policy_ask_t   ask;
    cxr_policy_case_t  c;

    static const struct {
        const char   *policy;
        const char   *law;         /* NULL: none */
        unsigned      kind;
        unsigned      mode;
        cxr_money_t   of;
        unsigned      by;
    } cases[] = {
        { "", "tr", CXR_KIND_WITHDRAWAL, CXR_DELIVERY_LAST, 900, CXR_BY_LAW },
        { "", "eu", CXR_KIND_WITHDRAWAL, CXR_DELIVERY_LAST, 500,
          CXR_BY_DEFAULT },
        { "", NULL, CXR_KIND_WITHDRAWAL, CXR_DELIVERY_LAST, 500,
          CXR_BY_DEFAULT },
        { "\"delivery_refund\":{\"withdrawal\":\"none\"}", "eu",
          CXR_KIND_WITHDRAWAL, CXR_DELIVERY_BY_RIGHT, 500, CXR_BY_LAW },
        { "\"delivery_refund\":{\"withdrawal\":\"none\"}", NULL,
          CXR_KIND_WITHDRAWAL, CXR_DELIVERY_NONE, 0, CXR_BY_DEFAULT },
        { "\"delivery_refund\":{\"withdrawal\":\"proportion\"}", "tr",
          CXR_KIND_WITHDRAWAL, CXR_DELIVERY_SHARE, 900, CXR_BY_LAW },
        { "", "tr", CXR_KIND_RETURN, CXR_DELIVERY_NONE, 0, CXR_BY_DEFAULT },
        { "\"delivery_refund\":{\"return\":\"last_unit\"}", "tr",
          CXR_KIND_RETURN, CXR_DELIVERY_LAST, 500, CXR_BY_DEFAULT },
        { "\"rules\":[{\"id\":\"r\",\"then\":"
          "{\"delivery_refund\":\"none\"}}]", "tr", CXR_KIND_WITHDRAWAL,
          CXR_DELIVERY_BY_RIGHT, 900, CXR_BY_LAW },
        { "\"rules\":[{\"id\":\"r\",\"when\":{\"kind\":[\"return\"]},"
          "\"then\":{\"delivery_refund\":\"proportion\"}}]", "tr",
          CXR_KIND_RETURN, CXR_DELIVERY_SHARE, 500, 1 }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        kit_policy(&kit, cases[i].policy);

        if (cases[i].law != NULL) {
            kit_law(&kit, cases[i].law);
        }

        kit.order.country = cases[i].law == NULL ? cxr_str("US")
                            : cases[i].law[0] == 'e' ? cxr_str("DE")
                                                     : cxr_str("TR");
        kit.order.delivery_price = 1000;
        kit.order.delivery_discount = 100;
        kit.order.delivery_standard = 500;

        memset(&ask, 0, sizeof(ask));
        ask.kind = (uint8_t) cases[i].kind;

        cxr_policy_begin(&c, &kit.shop->policy, kit.shop->tz, &kit.order, NULL,
                         0, kit.order.placed_at + CXR_DAY, NULL);
        cxr_policy_line(&c, &kit.lines[0], &ask, &j);

        if (j.offers[REFUND].delivery != cases[i].mode
            || j.offers[REFUND].delivery_of != cases[i].of
            || j.offers[REFUND].by[CXR_EFFECT_DELIVERY] != cases[i].by)
        {
            fail_msg("case %zu: %s of %lld by %u", i,
                     cxr_delivery_names[j.offers[REFUND].delivery],
                     (long long) j.offers[REFUND].delivery_of,
                     j.offers[REFUND].by[CXR_EFFECT_DELIVERY]);
        }

        assert_int_equal(j.offers[EXCHANGE].delivery, CXR_DELIVERY_NONE);
    }
}


/* A fault can be claimed long after, at no cost, by what the policy offers. */

static void
test_claims(void **state)
{
    cxr_judgement_t   j;
    cxr_policy_ask_t  ask;

    kit_policy(&kit, HARSH);
    kit_law(&kit, "tr");
    kit.now = end(100);

    memset(&ask, 0, sizeof(ask));
    ask.kind = CXR_KIND_CLAIM;
    ask.reason = cxr_str("broken");

    kit_ask(&kit, 0, &ask, &j);
    assert_int_equal(j.outcomes, 1 << EXCHANGE);
    assert_int_equal(j.offers[EXCHANGE].shipping_fee, 0);
    assert_int_equal(j.offers[EXCHANGE].restock_bp, 0);
    assert_int_equal(j.deadline, end(730));

    kit.now = end(730) + 1;
    kit_ask(&kit, 0, &ask, &j);
    assert_int_equal(j.verdict, CXR_NO_DENIED);

    /* a withdrawal waits for no parcel, and for no longer than the law */

    ask.kind = CXR_KIND_WITHDRAWAL;
    kit.parcel.status = CXR_SHIP_IN_TRANSIT;
    kit_ask(&kit, 0, &ask, &j);
    assert_int_equal(j.verdict, CXR_MAY_RETURN);

    kit.parcel.status = CXR_SHIP_DELIVERED;
    kit_ask(&kit, 0, &ask, &j);
    assert_int_equal(j.verdict, CXR_NO_DENIED);
}


/* ---- whatever the rules ---- */

static uint32_t  seed;

static uint32_t
any(uint32_t n)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % n;
}


static const char *
pick(const char *const *from, uint32_t n)
{
    return from[any(n)];
}


#define PICK(list)  pick(list, cxr_nelts(list))

static void
random_rule(cxr_buf_t *b, unsigned i)
{
    static const char *const  whens[] = {
        "", "\"country\":[\"TR\",\"DE\"]", "\"tag\":\"coffee\"",
        "\"reason\":\"whim\"", "\"outcome\":\"refund\"",
        "\"price\":{\"max\":5000}", "\"not\":{\"tag\":\"final\"}",
        "\"any\":[{\"country\":\"DE\"},{\"outcome\":\"exchange\"}]",
        "\"days_since_delivery\":{\"min\":3}", "\"delivered\":false",
        "\"kind\":[\"return\",\"claim\"]", "\"final_sale\":true",
        "\"order_value\":{\"min\":15000}", "\"language\":\"en\""
    };

    static const char *const  thens[] = {
        "\"window_days\":0", "\"window_days\":{\"refund\":5}",
        "\"window_days\":{\"refund\":40,\"exchange\":1}",
        "\"anchor\":\"placed\"", "\"anchor\":\"shipped\",\"fallback_days\":0",
        "\"fallback_days\":0", "\"open_until\":\"2026-12-31\"",
        "\"outcomes\":\"exchange\"", "\"outcomes\":[\"refund\",\"repair\"]",
        "\"exclude_outcomes\":[\"refund\"]", "\"methods\":\"own_carrier\"",
        "\"exclude_methods\":[\"label\",\"own_carrier\"]",
        "\"shipping_fee\":999", "\"shipping_fee\":0",
        "\"restocking_fee\":{\"amount\":10,\"basis_points\":10000}",
        "\"deny\":true", "\"allow\":true", "\"keep_item\":true",
        "\"approval\":\"review\"", "\"label_days\":1",
        "\"bonus\":{\"store_credit\":{\"basis_points\":1000}}"
    };

    char         key[40];
    const char  *a, *c;

    a = PICK(thens);
    c = PICK(thens);

    cxr_buf_addf(b, "%s{\"id\":\"r%u\",\"when\":{%s},\"then\":{%s", i ? "," : "",
                 i, PICK(whens), a);

    /* two of one key, or allow beside deny, is no rule */

    (void) snprintf(key, sizeof(key), "%.*s", (int) strcspn(c, ":"), c);

    if (strstr(a, key) == NULL && strstr(c, "fallback") == NULL
        && strstr("\"deny\":true\"allow\":true", c) == NULL)
    {
        cxr_buf_addf(b, ",%s", c);
    }

    cxr_buf_addf(b, "}}");
}


static void
random_world(void)
{
    static const char *const  countries[] = { "TR", "DE", "FR", "US" };
    static const char *const  tags[] = {
        "coffee", "final", "food", "cream", "tea"
    };

    static const uint8_t  statuses[] = {
        CXR_SHIP_DELIVERED, CXR_SHIP_DELIVERED, CXR_SHIP_DELIVERED,
        CXR_SHIP_UNKNOWN, CXR_SHIP_IN_TRANSIT
    };

    kit.order.country = cxr_strz(PICK(countries));
    kit.tags[0] = cxr_strz(PICK(tags));
    kit.lines[0].tags.n = any(2);
    kit.lines[0].final_sale = any(4) == 0;
    kit.lines[0].unit_price = 1 + any(20000);
    kit.parcel.status = statuses[any(cxr_nelts(statuses))];
    kit.parcel.delivered_at = kit.parcel.status == CXR_SHIP_DELIVERED
                              ? DELIVERED : CXR_TIME_NONE;
    kit.now = DELIVERED + (cxr_time_t) any(70 * 24) * CXR_HOUR;
}


/* The law by its own words, without the code of the floor. */

static bool
right_holds(void)
{
    bool        eu, tr;
    cxr_time_t  last;

    tr = cxr_str_is(kit.order.country, "TR");
    eu = cxr_str_is(kit.order.country, "DE")
         || cxr_str_is(kit.order.country, "FR");

    if ((!tr && !eu) || (kit.lines[0].tags.n != 0
                         && cxr_str_is(kit.tags[0], "food")))
    {
        return false;
    }

    /* 18 November and 15 December 2026 are no weekend */

    last = kit.parcel.status == CXR_SHIP_DELIVERED ? end(14) : end(41);

    return kit.parcel.status == CXR_SHIP_IN_TRANSIT || kit.now <= last;
}


static void
test_whatever_the_rules(void **state)
{
    bool              tr;
    unsigned          round, i, n, held, o;
    cxr_buf_t         b;
    const cxr_offer_t *f, *g;
    cxr_judgement_t   j, bare;
    cxr_policy_ask_t  ask;
    cxr_law_t        *laws[2];

    static const char *const  reasons[] = { "whim", "broken", "" };

    held = 0;

    for (round = 0; round < ROUNDS; round++) {
        seed = round * 7919 + 1;
        kit_begin(&kit, arena);
        cxr_buf_init(&b, 64 * 1024);

        n = any(12);
        cxr_buf_addf(&b, "\"exceptions\":{\"food\":\"perishable\","
                     "\"cream\":\"sealed_hygiene\"},\"fee\":%u,"
                     "\"rules\":[", any(2) * 300);

        for (i = 0; i < n; i++) {
            random_rule(&b, i);
        }

        cxr_buf_addf(&b, "]");
        cxr_buf_addc(&b, '\0');
        kit_policy(&kit, b.data);
        random_world();

        memset(&ask, 0, sizeof(ask));
        ask.reason = cxr_strz(PICK(reasons));
        kit_ask(&kit, 0, &ask, &bare);

        kit_law(&kit, "tr");
        laws[0] = kit.laws[0];
        kit_law(&kit, "eu");
        laws[1] = kit.laws[0];
        kit.shop->policy.laws.items = laws;
        kit.shop->policy.laws.n = 2;

        kit_ask(&kit, 0, &ask, &j);
        f = &j.offers[REFUND];
        tr = cxr_str_is(kit.order.country, "TR");

        if (right_holds() && kit.parcel.status != CXR_SHIP_IN_TRANSIT) {
            held++;

            if (!f->offered || f->restock != 0 || f->restock_bp != 0
                || (tr && f->shipping_fee != 0) || f->methods == 0
                || f->deadline < (kit.parcel.status == CXR_SHIP_DELIVERED
                                  ? end(14) : end(41)))
            {
                fail_msg("round %u: %s", round, b.data);
            }

        } else if (right_holds()) {
            assert_int_equal(f->refused, CXR_NO_NOT_DELIVERED);
        }

        /* the law never takes away what a rule gives; but it gives back what
           a rule lets the shopper keep only where she was asked for more */

        for (o = 0; o < CXR_OUTCOMES && ask.reason.len != 0; o++) {
            f = &j.offers[o];
            g = &bare.offers[o];

            if ((g->offered && !f->offered)
                || (g->offered && f->deadline < g->deadline)
                || (g->offered && f->shipping_fee > g->shipping_fee)
                || (g->offered && f->restock_bp > g->restock_bp)
                || (g->offered && g->keep_item && !f->keep_item))
            {
                fail_msg("round %u, %s: %s", round, cxr_outcome_names[o],
                         b.data);
            }
        }

        cxr_buf_free(&b);
        cxr_shop_free(kit.shop);
        kit.shop = NULL;
    }

    assert_true(held > ROUNDS / 8);
}


typedef struct {
    const char  *old;
    const char  *new;
    const char  *where;
    const char  *says;
} mistake_t;

static const mistake_t  mistakes[] = {
    { "\"window_days\": 14", "\"window_days\": 0", "/versions/0/window_days",
      "3650" },
    { "\"valid_from\": \"2026-01-01\"", "\"valid_from\": \"2015-02-27\"",
      "/versions/1/valid_from", "later" },
    { "\"return_cost\": \"seller\"", "\"return_cost\": \"nobody\"",
      "/versions/0/return_cost", "consumer" },
    { "\"code\": \"perishable\"", "\"code\": \"personalised\"",
      "/versions/0/exceptions/2/code", "differ" },
    { "\"sources\": [\n                {", "\"sources\": [{\"checked\": \"lately\",\n",
      "/versions/0/sources/0/checked", "" },
    { "\"TR\"", "\"Turkey\"", "/countries/0", "" },
    { "\"refund_days\"", "\"refunddays\"", "/versions/0/refund_days",
      "required" },
};


static void
test_mistakes(void **state)
{
    char        *text;
    size_t       i, n;
    json_t      *json;
    cxr_law_t   *law;
    cxr_str_t    s;
    cxr_diag_t   d[8];
    const char  *at;

    assert_int_equal(cxr_json_load("conf/laws/tr.json", CXR_LAW_FILE_MAX,
                                   &json, &text, NULL), CXR_OK);
    json_decref(json);

    for (i = 0; i < cxr_nelts(mistakes); i++) {
        at = strstr(text, mistakes[i].old);
        assert_non_null(at);
        s = cxr_sprintf(arena, "%.*s%s%s", (int) (at - text), text,
                        mistakes[i].new, at + strlen(mistakes[i].old));
        n = 0;

        if (cxr_law_parse(s, cxr_str("tr"), "tr.json", arena, &law, d, 8, &n)
            != CXR_INVALID || n == 0
            || strcmp(d[0].where, mistakes[i].where) != 0
            || strstr(d[0].text, mistakes[i].says) == NULL
            || d[0].line == 0)
        {
            fail_msg("%s: %s: %s", mistakes[i].new, n ? d[0].where : "-",
                     n ? d[0].text : "-");
        }

        assert_null(law);
    }

    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_turkey, each, after),
        cmocka_unit_test_setup_teardown(test_union, each, after),
        cmocka_unit_test_setup_teardown(test_kingdom, each, after),
        cmocka_unit_test_setup_teardown(test_more, each, after),
        cmocka_unit_test_setup_teardown(test_exceptions, each, after),
        cmocka_unit_test_setup_teardown(test_versions, each, after),
        cmocka_unit_test_setup_teardown(test_delivery, each, after),
        cmocka_unit_test_setup_teardown(test_delivery_refund, each, after),
        cmocka_unit_test_setup_teardown(test_claims, each, after),
        cmocka_unit_test_setup_teardown(test_whatever_the_rules, each, after),
        cmocka_unit_test_setup_teardown(test_mistakes, each, after)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
