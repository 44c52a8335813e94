
/*
 * Money is never made and never lost, and RMA numbers show every typing error.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_id.h"
#include "cxr_money.h"

#define SEED   1453u
#define PARTS  60


static int64_t
draw(unsigned *seed, int64_t below)
{
    uint64_t  v;

    v = (uint64_t) rand_r(seed) << 40 ^ (uint64_t) rand_r(seed) << 20
        ^ (uint64_t) rand_r(seed);

    return (int64_t) (v % (uint64_t) below);
}


static void
currencies_are_known(void **state)
{
    assert_int_equal(cxr_currency_exponent(cxr_str("TRY")), 2);
    assert_int_equal(cxr_currency_exponent(cxr_str("JPY")), 0);
    assert_int_equal(cxr_currency_exponent(cxr_str("KWD")), 3);
    assert_int_equal(cxr_currency_exponent(cxr_str("CLF")), 4);
    assert_int_equal(cxr_currency_exponent(cxr_str("AED")), 2);
    assert_int_equal(cxr_currency_exponent(cxr_str("ZWG")), 2);
    assert_int_equal(cxr_currency_exponent(cxr_str("try")), -1);
    assert_int_equal(cxr_currency_exponent(cxr_str("TR")), -1);
    assert_int_equal(cxr_currency_exponent(cxr_str("TRYX")), -1);
    assert_int_equal(cxr_currency_exponent(cxr_str("QQQ")), -1);
    assert_int_equal(cxr_currency_exponent(CXR_STR_NONE), -1);
}


static void
sums_are_checked(void **state)
{
    cxr_money_t  v = 5;

    assert_true(cxr_money_add(CXR_MONEY_MAX - 1, 1, &v));
    assert_int_equal(v, CXR_MONEY_MAX);
    assert_false(cxr_money_add(CXR_MONEY_MAX, 1, &v));
    assert_false(cxr_money_add(INT64_MAX, INT64_MAX, &v));
    assert_false(cxr_money_sub(-CXR_MONEY_MAX, 1, &v));
    assert_false(cxr_money_sub(INT64_MIN, 1, &v));
    assert_int_equal(v, CXR_MONEY_MAX);
    assert_true(cxr_money_sub(10, 30, &v));
    assert_int_equal(v, -20);
}


static void
muldiv_rounds_away(void **state)
{
    cxr_money_t  v = 0;

    assert_true(cxr_money_muldiv(5, 1, 2, &v));
    assert_int_equal(v, 3);
    assert_true(cxr_money_muldiv(-5, 1, 2, &v));
    assert_int_equal(v, -3);
    assert_true(cxr_money_muldiv(4, 1, 3, &v));
    assert_int_equal(v, 1);
    assert_true(cxr_money_muldiv(5, -1, 3, &v));
    assert_int_equal(v, -2);
    assert_true(cxr_money_muldiv(CXR_MONEY_MAX, INT64_MAX, INT64_MAX, &v));
    assert_int_equal(v, CXR_MONEY_MAX);
    assert_false(cxr_money_muldiv(CXR_MONEY_MAX, 2, 1, &v));
    assert_false(cxr_money_muldiv(INT64_MIN, INT64_MIN, 1, &v));
    assert_false(cxr_money_muldiv(1, 1, 0, &v));
    assert_false(cxr_money_muldiv(1, 1, -1, &v));
    assert_int_equal(v, CXR_MONEY_MAX);
}


static void
split_examples(void **state)
{
    int64_t  parts[3];

    assert_true(cxr_money_split(100, (int64_t[]) { 1, 1, 1 }, 3, parts));
    assert_memory_equal(parts, ((int64_t[]) { 34, 33, 33 }), sizeof(parts));

    assert_true(cxr_money_split(-101, (int64_t[]) { 1, 1, 1 }, 3, parts));
    assert_memory_equal(parts, ((int64_t[]) { -34, -34, -33 }),
                        sizeof(parts));

    assert_true(cxr_money_split(10, (int64_t[]) { 0, 0, 0 }, 3, parts));
    assert_memory_equal(parts, ((int64_t[]) { 4, 3, 3 }), sizeof(parts));

    assert_true(cxr_money_split(10, (int64_t[]) { 1, 0, 2 }, 3, parts));
    assert_memory_equal(parts, ((int64_t[]) { 3, 0, 7 }), sizeof(parts));

    assert_true(cxr_money_split(0, (int64_t[]) { 7, 0, 2 }, 3, parts));
    assert_memory_equal(parts, ((int64_t[]) { 0, 0, 0 }), sizeof(parts));

    assert_false(cxr_money_split(10, (int64_t[]) { 1, -1, 2 }, 3, parts));
    assert_false(cxr_money_split(10, (int64_t[]) { INT64_MAX, 1, 0 }, 3,
                                 parts));
    assert_false(cxr_money_split(10, (int64_t[]) { 1 }, 0, parts));
    assert_false(cxr_money_split(INT64_MIN, (int64_t[]) { 1 }, 1, parts));
}


static void
split_is_fair_and_whole(void **state)
{
    size_t      i, k, n;
    int64_t     weights[PARTS], parts[PARTS], total, sum, all;
    unsigned    seed, round;
    __int128    floor, ri, rk;

    seed = SEED;

    for (round = 0; round < 20000; round++) {
        n = (size_t) draw(&seed, PARTS) + 1;
        total = draw(&seed, round % 2 ? 1000 : CXR_MONEY_MAX);
        all = 0;

        for (i = 0; i < n; i++) {
            weights[i] = draw(&seed, 4)
                         ? draw(&seed, round % 3 ? 50 : CXR_MONEY_MAX) : 0;
            all += weights[i];
        }

        assert_true(cxr_money_split(total, weights, n, parts));

        for (i = 0, sum = 0; i < n; i++) {
            sum += parts[i];
        }

        assert_int_equal(sum, total);

        if (all == 0) {
            continue;
        }

        for (i = 0; i < n; i++) {
            floor = (__int128) total * weights[i] / all;
            assert_true(parts[i] == floor || parts[i] == floor + 1);

            if (parts[i] == floor) {
                continue;
            }

            /* who got one more had no smaller remainder than who did not */

            ri = (__int128) total * weights[i] % all;
            assert_true(ri > 0);

            for (k = 0; k < n; k++) {
                rk = (__int128) total * weights[k] % all;

                if (parts[k] == (__int128) total * weights[k] / all) {
                    assert_true(ri > rk || (ri == rk && i < k));
                }
            }
        }
    }
}


static void
unit_shares_add_up(void **state)
{
    int64_t   total, share, sum, whole;
    uint32_t  units, first, count, from;
    unsigned  seed, round;

    seed = SEED;

    for (round = 0; round < 20000; round++) {
        total = draw(&seed, 100000) - 50000;
        units = (uint32_t) draw(&seed, 40) + 1;
        sum = 0;
        first = 0;

        while (first < units) {
            count = (uint32_t) draw(&seed, units - first) + 1;
            assert_true(cxr_money_units(total, units, first, count, &share));
            sum += share;
            first += count;

            assert_true(cxr_money_units(total, units, 0, first, &whole));
            assert_int_equal(sum, whole);
        }

        assert_int_equal(sum, total);

        from = (uint32_t) draw(&seed, units);
        assert_true(cxr_money_units(total, units, from, 1, &share));
        assert_true(llabs(share) <= llabs(total) / units + 1);
    }

    assert_false(cxr_money_units(10, 0, 0, 0, &share));
    assert_false(cxr_money_units(10, 3, 2, 2, &share));
    assert_false(cxr_money_units(10, 3, 4, 0, &share));
    assert_false(cxr_money_units(10, 3, 1, UINT32_MAX, &share));
    assert_true(cxr_money_units(10, 3, 3, 0, &share));
    assert_int_equal(share, 0);
}


static void
rma_ids_find_every_wrong_character(void **state)
{
    char      id[CXR_RMA_ID_LEN], bad[CXR_RMA_ID_LEN], out[CXR_RMA_ID_LEN];
    size_t    i;
    uint8_t   random[5];
    unsigned  seed, round, c;

    static const char  set[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    seed = SEED;

    for (round = 0; round < 2000; round++) {

        for (i = 0; i < sizeof(random); i++) {
            random[i] = (uint8_t) rand_r(&seed);
        }

        cxr_rma_id_make(random, id);
        assert_int_equal(cxr_rma_id_parse(cxr_strn(id, sizeof(id)), out),
                         CXR_OK);
        assert_memory_equal(id, out, sizeof(id));

        for (i = 2; i < sizeof(id); i++) {

            if (id[i] == '-') {
                continue;
            }

            for (c = 0; c < 32; c++) {
                memcpy(bad, id, sizeof(id));
                bad[i] = set[c];

                assert_int_equal(cxr_rma_id_parse(cxr_strn(bad, sizeof(bad)),
                                                  out),
                                 set[c] == id[i] ? CXR_OK : CXR_INVALID);
            }
        }
    }
}


static void
rma_ids_forgive_spelling(void **state)
{
    char  id[CXR_RMA_ID_LEN], out[CXR_RMA_ID_LEN];

    cxr_rma_id_make((uint8_t[]) { 0, 0, 0, 0, 1 }, id);
    assert_memory_equal(id, "R-0000-001Y", sizeof(id));

    assert_int_equal(cxr_rma_id_parse(cxr_str(" r-ooOO 0 Oly"), out), CXR_OK);
    assert_memory_equal(out, id, sizeof(id));
    assert_int_equal(cxr_rma_id_parse(cxr_str("000000iY"), out), CXR_OK);
    assert_memory_equal(out, id, sizeof(id));

    assert_int_equal(cxr_rma_id_parse(CXR_STR_NONE, out), CXR_INVALID);
    assert_int_equal(cxr_rma_id_parse(cxr_str("R-0000-001"), out),
                     CXR_INVALID);
    assert_int_equal(cxr_rma_id_parse(cxr_str("R-0000-001YY"), out),
                     CXR_INVALID);
    assert_int_equal(cxr_rma_id_parse(cxr_str("X-0000-001Y"), out),
                     CXR_INVALID);
    assert_int_equal(cxr_rma_id_parse(cxr_str("R-U000-001Y"), out),
                     CXR_INVALID);
    assert_int_equal(cxr_rma_id_parse(cxr_strn("R-0000-00\0Y", 11), out),
                     CXR_INVALID);
}


static void
test_typed(void **state)
{
    size_t       i;
    cxr_money_t  got;

    static const struct {
        const char   *text;
        const char   *currency;
        cxr_money_t   want;        /* -1: not an amount */
    } cases[] = {
        { "1250", "TRY", 125000 },
        { "1250,5", "TRY", 125050 },
        { "1.250,50", "TRY", 125050 },
        { "1,250.50", "TRY", 125050 },
        { "1 250,50", "TRY", 125050 },
        { "1.250", "TRY", 125000 },
        { "1.250.000", "TRY", 125000000 },
        { "0,05", "TRY", 5 },
        { "1250", "JPY", 1250 },
        { "1,250", "JPY", 1250 },
        { "12.5", "JPY", -1 },
        { "1.250", "KWD", 1250 },
        { "0", "TRY", 0 },
        { "", "TRY", -1 },
        { ",", "TRY", -1 },
        { ",50", "TRY", -1 },
        { "5,", "TRY", -1 },
        { "-5", "TRY", -1 },
        { "1.25.0", "TRY", -1 },
        { "12.34.56", "TRY", -1 },
        { "1250,505", "TRY", -1 },
        { "12a", "TRY", -1 },
        { "1,2,5", "TRY", -1 },
        { "10000000000000", "TRY", 1000000000000000 },
        { "10000000000000,01", "TRY", -1 },
        { "99999999999999999999999999", "TRY", -1 },
        { "5", "XX", -1 }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        got = -1;

        if (cxr_money_typed(cxr_strz(cases[i].text),
                            cxr_strz(cases[i].currency), &got)
            != (cases[i].want >= 0)
            || got != cases[i].want)
        {
            fail_msg("\"%s\" %s: %lld", cases[i].text, cases[i].currency,
                     (long long) got);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_typed),
        cmocka_unit_test(currencies_are_known),
        cmocka_unit_test(sums_are_checked),
        cmocka_unit_test(muldiv_rounds_away),
        cmocka_unit_test(split_examples),
        cmocka_unit_test(split_is_fair_and_whole),
        cmocka_unit_test(unit_shares_add_up),
        cmocka_unit_test(rma_ids_find_every_wrong_character),
        cmocka_unit_test(rma_ids_forgive_spelling)
    };

    return cmocka_run_group_tests_name("base money and ids", tests, NULL,
                                       NULL);
}
