
/*
 * Claims: what the policy says of each kind, when a parcel may be said not to
 * have come, and what an RMA is made of it.
 */

#include "policy_kit.h"

#define REFUND       CXR_OUT_REFUND
#define REPLACEMENT  CXR_OUT_REPLACEMENT

static cxr_arena_t  *arena;
static kit_t         kit;

static const char  reasons[] =
    "{\"code\":\"whim\"},"
    "{\"code\":\"broken\",\"claim\":\"damaged\"},"
    "{\"code\":\"scratch\",\"claim\":\"damaged\",\"photos\":\"optional\","
    " \"goods_back\":true},"
    "{\"code\":\"other_thing\",\"claim\":\"wrong\"},"
    "{\"code\":\"half\",\"claim\":\"missing\"},"
    "{\"code\":\"never_came\",\"claim\":\"lost\"},"
    "{\"code\":\"dislike\",\"photos\":\"required\"}";

static const char  terms[] =
    "\"claims\":{"
    "\"damaged\":{\"photos\":\"required\",\"window_days\":60,"
    " \"goods_back\":false,\"outcomes\":[\"refund\",\"replacement\"]},"
    "\"wrong\":{\"window_days\":3},"
    "\"lost\":{\"after_hours\":48,\"late_days\":4,\"window_days\":30,"
    " \"outcomes\":\"refund\"}}";


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
    kit.reasons = reasons;
    kit_policy(&kit, terms);
    return 0;
}


static int
after(void **state)
{
    cxr_shop_free(kit.shop);
    return 0;
}


static cxr_judgement_t
claim(const char *reason)
{
    cxr_judgement_t   j;
    cxr_policy_ask_t  ask;

    memset(&ask, 0, sizeof(ask));
    ask.kind = CXR_KIND_CLAIM;
    ask.reason = cxr_strz(reason);
    kit_ask(&kit, 0, &ask, &j);

    return j;
}


/* Terms hold for claims alone, and each kind has its own. */

static void
test_terms(void **state)
{
    cxr_judgement_t  j;

    kit.now = DELIVERED + 40 * CXR_DAY;

    j = claim("broken");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.outcomes, (1 << REFUND) | (1 << REPLACEMENT));
    assert_int_equal(j.offers[REFUND].window_days, 60);
    assert_true(j.offers[REFUND].keep_item);
    assert_int_equal(j.methods, 1 << CXR_METHOD_NOTHING);

    /* the reason's own word on the goods counts before its kind's */

    j = claim("scratch");
    assert_false(j.offers[REFUND].keep_item);
    assert_int_equal(j.methods, 1 << CXR_METHOD_LABEL);

    assert_int_equal(claim("other_thing").verdict, CXR_NO_WINDOW_OVER);
    assert_int_equal(claim("half").verdict, CXR_NO_WINDOW_OVER);
    assert_int_equal(kit_judge(&kit, "broken").verdict, CXR_NO_WINDOW_OVER);

    kit.now = DELIVERED + CXR_DAY;
    j = claim("other_thing");
    assert_int_equal(j.offers[REFUND].window_days, 3);
    assert_int_equal(j.outcomes, kit.shop->policy.outcomes);

    /* a return with that reason has the flat keys */

    j = kit_judge(&kit, "broken");
    assert_int_equal(j.offers[REFUND].window_days, 14);
    assert_false(j.offers[REFUND].keep_item);

    /* before the reason is chosen: what any claim brings, and no return's */

    kit.now = DELIVERED + 40 * CXR_DAY;
    j = claim("");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_true(j.by_reason);
    assert_true(j.outcomes & (1 << REPLACEMENT));
    assert_false(j.outcomes & (1 << CXR_OUT_EXCHANGE));
}


/* A rule is the shop's last word, the law the first. */

static void
test_rules_and_law(void **state)
{
    cxr_str_t        text;
    cxr_judgement_t  j;

    text = cxr_sprintf(arena, "%s,\"rules\":[{\"id\":\"k\","
                       "\"when\":{\"kind\":\"claim\",\"reason\":\"broken\"},"
                       "\"then\":{\"window_days\":5,"
                       "\"outcomes\":[\"repair\"]}}]", terms);
    kit_policy(&kit, text.data);

    j = claim("broken");
    assert_int_equal(j.outcomes, 1 << CXR_OUT_REPAIR);
    assert_int_equal(j.offers[CXR_OUT_REPAIR].window_days, 5);

    /* three days for wrong goods: the law gives two years */

    kit_policy(&kit, terms);
    kit_law(&kit, "tr");
    kit.now = DELIVERED + 300 * CXR_DAY;

    j = claim("other_thing");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.offers[REFUND].by[CXR_EFFECT_WINDOW], CXR_BY_LAW);
    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_WINDOW_OVER);
}


/* What was sold for good was not sold broken. */

static void
test_final_sale(void **state)
{
    kit.lines[0].final_sale = true;

    assert_int_equal(kit_judge(&kit, "whim").verdict, CXR_NO_FINAL_SALE);
    assert_int_equal(claim("broken").verdict, CXR_MAY_RETURN);
}


static void
test_photos(void **state)
{
    size_t               i;
    const cxr_policy_t  *p = &kit.shop->policy;

    static const struct {
        const char  *reason;
        cxr_need_t   photos;
        bool         keeps;
    } cases[] = {
        { "whim", CXR_NEED_NONE, false },
        { "broken", CXR_NEED_REQUIRED, true },
        { "scratch", CXR_NEED_OPTIONAL, false },
        { "other_thing", CXR_NEED_OPTIONAL, false },
        { "half", CXR_NEED_OPTIONAL, true },
        { "never_came", CXR_NEED_NONE, true },
        { "dislike", CXR_NEED_REQUIRED, false }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        const cxr_reason_t  *r = cxr_policy_reason(p,
                                                cxr_strz(cases[i].reason));

        assert_non_null(r);
        assert_int_equal(cxr_claim_photos(p, r), cases[i].photos);
        assert_int_equal(cxr_claim_keeps(p, r), cases[i].keeps);
    }

    assert_true(cxr_claims_any(p));
    assert_true(cxr_str_is(cxr_claim_reason(p, CXR_CLAIM_DAMAGED)->code,
                           "broken"));

    kit.reasons = NULL;
    kit_policy(&kit, "");
    assert_false(cxr_claims_any(&kit.shop->policy));
    assert_null(cxr_claim_reason(&kit.shop->policy, CXR_CLAIM_LOST));
}


/* When a parcel may be said not to have come. */

static void
test_missing(void **state)
{
    size_t      i;
    cxr_scan_t  scan;
    cxr_time_t  from;

    static const struct {
        uint8_t  status;
        uint8_t  reason;
        int      days;             /* after the delivery's day; -99: unknown  */
    } cases[] = {
        { CXR_SHIP_DELIVERED, CXR_WHY_NONE, 2 },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_NONE, 3 },
        { CXR_SHIP_OUT_FOR_DELIVERY, CXR_WHY_NONE, 3 },
        { CXR_SHIP_IN_TRANSIT, CXR_WHY_LOST, -1 },
        { CXR_SHIP_RETURNED, CXR_WHY_NONE, -1 },
        { CXR_SHIP_UNKNOWN, CXR_WHY_NONE, -99 },
        { CXR_SHIP_EXPIRED, CXR_WHY_NONE, -99 }
    };

    memset(&scan, 0, sizeof(scan));
    scan.at = DELIVERED - CXR_DAY;
    kit.parcel.scans.items = &scan;
    kit.parcel.scans.n = 1;

    for (i = 0; i < cxr_nelts(cases); i++) {
        kit.parcel.status = cases[i].status;
        kit.parcel.reason = cases[i].reason;
        kit.parcel.status_at = DELIVERED - 2 * CXR_DAY;

        from = cxr_claim_missing(&kit.shop->policy, &kit.parcel);

        if (cases[i].days == -99) {
            assert_int_equal(from, CXR_TIME_NONE);
        } else {
            assert_int_equal(from, DELIVERED + cases[i].days * CXR_DAY);
        }
    }

    /* what was promised is waited for, unless it was heard of since */

    kit.parcel.status = CXR_SHIP_IN_TRANSIT;
    kit.parcel.reason = CXR_WHY_NONE;
    kit.parcel.eta_to = DELIVERED + 10 * CXR_DAY;
    assert_int_equal(cxr_claim_missing(&kit.shop->policy, &kit.parcel),
                     DELIVERED + 14 * CXR_DAY);
    kit.parcel.eta_to = DELIVERED - 9 * CXR_DAY;
    assert_int_equal(cxr_claim_missing(&kit.shop->policy, &kit.parcel),
                     DELIVERED + 3 * CXR_DAY);

    /* a scan that was taken back was never heard */

    scan.retracted = true;
    assert_int_equal(cxr_claim_missing(&kit.shop->policy, &kit.parcel),
                     DELIVERED + 2 * CXR_DAY);
}


static void
test_early(void **state)
{
    cxr_judgement_t  j;

    kit.now = DELIVERED + 47 * CXR_HOUR;
    j = claim("never_came");
    assert_int_equal(j.verdict, CXR_NO_EARLY);
    assert_int_equal(j.from, DELIVERED + 48 * CXR_HOUR);
    assert_int_equal(j.outcomes, 0);

    kit.now = DELIVERED + 48 * CXR_HOUR;
    j = claim("never_came");
    assert_int_equal(j.verdict, CXR_MAY_RETURN);
    assert_int_equal(j.from, CXR_TIME_NONE);
    assert_int_equal(j.outcomes, 1 << REFUND);

    kit.now = DELIVERED + 40 * CXR_DAY;
    assert_int_equal(claim("never_came").verdict, CXR_NO_WINDOW_OVER);

    /* on its way: no window runs out */

    kit.parcel.status = CXR_SHIP_IN_TRANSIT;
    kit.parcel.delivered_at = CXR_TIME_NONE;
    kit.parcel.status_at = DELIVERED;
    assert_int_equal(claim("never_came").verdict, CXR_MAY_RETURN);
    kit.now = DELIVERED + CXR_DAY;
    assert_int_equal(claim("never_came").verdict, CXR_NO_EARLY);

    /* nothing known of it: 5 days in which orders come, and 4 more */

    kit.parcel.status = CXR_SHIP_UNKNOWN;
    kit.now = PLACED + 9 * CXR_DAY - 1;
    assert_int_equal(claim("never_came").verdict, CXR_NO_EARLY);
    kit.now++;
    assert_int_equal(claim("never_came").verdict, CXR_MAY_RETURN);
}


static bool
not_taken(void *ctx, cxr_str_t id)
{
    return false;
}


static cxr_rc_t
make(const char *reason, uint8_t outcome, size_t photos, bool staff,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    size_t              i;
    cxr_rma_ask_t       ask;
    cxr_photo_ref_t    *refs;
    cxr_rma_world_t     world;
    cxr_rma_ask_line_t  line;

    memset(&ask, 0, sizeof(ask));
    memset(&line, 0, sizeof(line));
    memset(&world, 0, sizeof(world));
    memset(no, 0, sizeof(*no));

    refs = cxr_calloc(arena, photos + 1, sizeof(*refs));
    assert_non_null(refs);

    for (i = 0; i < photos; i++) {
        refs[i].hash = cxr_str("0123456789abcdef0123456789abcdef");
        refs[i].width = 640;
    }

    line.line = cxr_str("1");
    line.quantity = 1;
    line.reason = cxr_strz(reason);
    line.outcome = outcome;
    line.photos.items = refs;
    line.photos.n = (uint32_t) photos;

    ask.order = cxr_str("KG1");
    ask.locale = cxr_str("tr");
    ask.lines.items = &line;
    ask.lines.n = 1;
    ask.by_staff = staff;
    ask.override_reason = staff ? cxr_str("seen") : CXR_STR_NONE;

    world.policy = &kit.shop->policy;
    world.tz = kit.shop->tz;
    world.parcels = kit.parcels;
    world.nparcels = 1;
    world.id_taken = not_taken;

    return cxr_rma_preview(&kit.order, &ask, &world, kit.now, arena, rma, no);
}


static void
test_rma(void **state)
{
    cxr_rma_t      rma;
    cxr_refusal_t  no;

    assert_int_equal(make("broken", REFUND, 0, false, &rma, &no), CXR_REFUSED);
    assert_string_equal(no.code, "photo_missing");
    assert_string_equal(no.where, "/lines/0/photos");

    assert_int_equal(make("dislike", REFUND, 0, false, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "photo_missing");

    /* staff may know without having seen */

    assert_int_equal(make("broken", REFUND, 0, true, &rma, &no), CXR_OK);

    assert_int_equal(make("broken", REFUND, CXR_LINE_PHOTOS_MAX + 1, false,
                          &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "too_many_photos");
    assert_int_equal(no.want, CXR_LINE_PHOTOS_MAX);

    assert_int_equal(make("broken", REFUND, 2, false, &rma, &no), CXR_OK);
    assert_int_equal(rma.kind, CXR_KIND_CLAIM);
    assert_int_equal(rma.lines.items[0].claim, CXR_CLAIM_DAMAGED);
    assert_int_equal(rma.lines.items[0].photos.n, 2);
    assert_true(rma.lines.items[0].no_return);
    assert_true(cxr_str_is(rma.method, "nothing"));
    assert_int_equal(rma.fee, 0);

    assert_int_equal(make("scratch", REFUND, 0, false, &rma, &no), CXR_OK);
    assert_false(rma.lines.items[0].no_return);

    /* the parcel came yesterday, says its carrier */

    assert_int_equal(make("never_came", REFUND, 0, false, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "too_early");
    assert_int_equal(no.when, DELIVERED + 48 * CXR_HOUR);

    assert_int_equal(make("never_came", REFUND, 0, true, &rma, &no), CXR_OK);
    assert_int_equal(rma.lines.items[0].advice, CXR_NO_EARLY);

    kit.now = DELIVERED + 3 * CXR_DAY;
    assert_int_equal(make("never_came", REFUND, 0, false, &rma, &no), CXR_OK);
    assert_true(rma.lines.items[0].no_return);
    assert_int_equal(make("never_came", REPLACEMENT, 0, false, &rma, &no),
                     CXR_REFUSED);
    assert_string_equal(no.code, "outcome_not_offered");
}


/* Photos stand in the record, and cost one without them nothing. */

static void
test_record(void **state)
{
    cxr_rma_t      rma, back;
    cxr_buf_t      with, without;
    cxr_refusal_t  no;

    cxr_buf_init(&with, 65536);
    cxr_buf_init(&without, 65536);

    assert_int_equal(make("broken", REFUND, 2, false, &rma, &no), CXR_OK);
    assert_int_equal(cxr_rec_encode(&cxr_rma_type, &rma, 7, &with), CXR_OK);
    assert_int_equal(cxr_rec_decode(&cxr_rma_type, cxr_buf_str(&with).data,
                                    with.len, &back, arena),
                     CXR_OK);
    assert_true(cxr_rec_equal(&cxr_rma_type, &rma, &back));
    assert_int_equal(back.lines.items[0].photos.items[1].width, 640);

    rma.lines.items[0].photos.n = 0;
    assert_int_equal(cxr_rec_encode(&cxr_rma_type, &rma, 7, &without),
                     CXR_OK);
    assert_true(without.len + 36 < with.len);

    cxr_buf_free(&with);
    cxr_buf_free(&without);
}


static void
fault(const char *why, const char *policy, const char *where,
    const char *text)
{
    if (kit_parse(&kit, policy) == CXR_OK) {
        fail_msg("taken: %s", why);
    }

    if (strstr(kit.diags[0].where, where) == NULL
        || strstr(kit.diags[0].text, text) == NULL)
    {
        fail_msg("%s: %s: %s", why, kit.diags[0].where, kit.diags[0].text);
    }
}


static void
test_faults(void **state)
{
    fault("a kind that there is not", "\"claims\":{\"none\":{}}",
          "/policy/claims/none", "not known here");
    fault("hours of damage", "\"claims\":{\"damaged\":{\"after_hours\":1}}",
          "/policy/claims/damaged/after_hours", "not known here");
    fault("what never came comes back",
          "\"claims\":{\"missing\":{\"goods_back\":true}}",
          "/policy/claims/missing/goods_back", "not known here");
    fault("photos unsaid", "\"claims\":{\"wrong\":{\"photos\":\"unsaid\"}}",
          "/policy/claims/wrong/photos", "");
    fault("too long", "\"claims\":{\"wrong\":{\"window_days\":9999}}",
          "/policy/claims/wrong/window_days", "");

    fault("what there is not",
          "\"delivery_refund\":{\"withdrawal\":\"some\"}",
          "/policy/delivery_refund/withdrawal", "");
    fault("of nothing", "\"delivery_refund\":{\"exchange\":\"none\"}",
          "/policy/delivery_refund/exchange", "not known here");

    kit.reasons = "{\"code\":\"whim\",\"goods_back\":false}";
    fault("a return's goods", "", "/policy/reasons/0/goods_back", "claim");

    kit.reasons = "{\"code\":\"l\",\"claim\":\"lost\",\"goods_back\":true}";
    fault("lost goods", "", "/policy/reasons/0/goods_back", "never came");

    kit.reasons = "{\"code\":\"l\",\"photos\":\"please\"}";
    fault("photos", "", "/policy/reasons/0/photos", "");
}


/* Less than the law gives is told when the file is checked. */

static void
test_lint(void **state)
{
    size_t              i;
    bool                told = false;
    cxr_json_fault_t   *f;
    cxr_json_faults_t   warnings;

    kit_law(&kit, "tr");
    memset(&warnings, 0, sizeof(warnings));
    cxr_shop_lint(kit.shop, &warnings);

    for (i = 0; i < warnings.n; i++) {
        f = &warnings.faults[i];

        told |= strcmp(f->pointer, "/policy/claims/wrong/window_days") == 0
                && strstr(f->text, "free remedy") != NULL;
    }

    assert_true(told);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(test_terms, each, after),
        cmocka_unit_test_setup_teardown(test_rules_and_law, each, after),
        cmocka_unit_test_setup_teardown(test_final_sale, each, after),
        cmocka_unit_test_setup_teardown(test_photos, each, after),
        cmocka_unit_test_setup_teardown(test_missing, each, after),
        cmocka_unit_test_setup_teardown(test_early, each, after),
        cmocka_unit_test_setup_teardown(test_rma, each, after),
        cmocka_unit_test_setup_teardown(test_record, each, after),
        cmocka_unit_test_setup_teardown(test_faults, each, after),
        cmocka_unit_test_setup_teardown(test_lint, each, after)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
