
/* Our formatting against ICU's own, over many values and languages. */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "cxr_i18n.h"


static const char *const  codes[] = {
    "ar", "ar-SA", "bn", "de", "en", "en-US", "es", "fa", "fr", "hi", "ja",
    "pl", "pt-BR", "ru", "th", "tr"
};

static const char *const  locales[] = {
    "ar_EG", "ar_SA", "bn_BD", "de_DE", "en_GB", "en_US", "es_ES", "fa_IR",
    "fr_FR", "hi_IN", "ja_JP", "pl_PL", "pt_BR", "ru_RU", "th_TH", "tr_TR"
};

static cxr_catalog_t  *cat;
static char            dir[64];


static int
setup(void **state)
{
    char        path[128];
    FILE       *f;
    size_t      i;
    cxr_diag_t  d;

    snprintf(dir, sizeof(dir), "/tmp/cxr-i18n-XXXXXX");
    if (mkdtemp(dir) == NULL) {
        return 1;
    }

    for (i = 0; i < cxr_nelts(codes); i++) {
        snprintf(path, sizeof(path), "%s/%s.po", dir, codes[i]);
        f = fopen(path, "w");
        if (f == NULL) {
            return 1;
        }

        fputs("msgid \"a\"\nmsgstr \"b\"\n", f);
        fclose(f);
    }

    memset(&d, 0, sizeof(d));

    if (cxr_catalog_load(dir, &cat, &d) != CXR_OK) {
        print_error("%s: %s\n", d.file, d.text);
        return 1;
    }

    return 0;
}


static int
teardown(void **state)
{
    char    path[128];
    size_t  i;

    for (i = 0; i < cxr_nelts(codes); i++) {
        snprintf(path, sizeof(path), "%s/%s.po", dir, codes[i]);
        unlink(path);
    }

    cxr_catalog_free(cat);

    return rmdir(dir);
}


static void
same(const cxr_buf_t *ours, const UChar *theirs, int32_t n)
{
    char        icu[512];
    int32_t     len;
    UErrorCode  err = U_ZERO_ERROR;

    u_strToUTF8(icu, sizeof(icu), &len, theirs, n, &err);
    assert_true(U_SUCCESS(err));

    if (!cxr_str_eq(cxr_buf_str(ours), cxr_strn(icu, (size_t) len))) {
        fail_msg("ours \"%.*s\", ICU \"%s\"", (int) ours->len, ours->data,
                 icu);
    }
}


static const int64_t  values[] = {
    0, 1, -1, 9, 10, 99, 100, 999, 1000, 1234, -1234, 9999, 10000, 12345,
    99999, 100000, 129990, -129990, 1234567, 10000000, 123456789,
    -1234567890123, 999999999999999
};


static void
numbers_are_as_icu_writes_them(void **state)
{
    char               mem[256];
    UChar              out[256];
    size_t             i, k;
    int32_t            n;
    cxr_buf_t          b;
    UErrorCode         err = U_ZERO_ERROR;
    UNumberFormat     *nf;
    const cxr_lang_t  *lang;

    for (i = 0; i < cxr_nelts(codes); i++) {
        lang = cxr_catalog_lang(cat, cxr_strz(codes[i]));
        nf = unum_open(UNUM_DECIMAL, NULL, 0, locales[i], NULL, &err);
        assert_true(U_SUCCESS(err));
        unum_setAttribute(nf, UNUM_MINIMUM_GROUPING_DIGITS,
                          UNUM_MINIMUM_GROUPING_DIGITS_AUTO);

        for (k = 0; k < cxr_nelts(values); k++) {
            n = unum_formatInt64(nf, values[k], out, 256, NULL, &err);
            cxr_buf_init_fixed(&b, mem, sizeof(mem));
            cxr_i18n_number(lang, values[k], &b);
            same(&b, out, n);
        }

        unum_close(nf);
    }
}


static void
money_is_as_icu_writes_it(void **state)
{
    char               mem[256], amount[64];
    UChar              out[256], iso[4];
    size_t             i, k, c;
    int32_t            n;
    int                exponent, unit;
    unsigned           e;
    cxr_buf_t          b;
    UErrorCode         err = U_ZERO_ERROR;
    UNumberFormat     *nf;
    const cxr_lang_t  *lang;

    static const char *const  currencies[] = {
        "TRY", "EUR", "USD", "GBP", "JPY", "KWD", "CHF", "INR", "BRL", "PLN"
    };

    for (i = 0; i < cxr_nelts(codes); i++) {
        lang = cxr_catalog_lang(cat, cxr_strz(codes[i]));
        nf = unum_open(UNUM_CURRENCY, NULL, 0, locales[i], NULL, &err);
        assert_true(U_SUCCESS(err));
        unum_setAttribute(nf, UNUM_MINIMUM_GROUPING_DIGITS,
                          UNUM_MINIMUM_GROUPING_DIGITS_AUTO);

        for (c = 0; c < cxr_nelts(currencies); c++) {
            exponent = cxr_currency_exponent(cxr_strz(currencies[c]));
            assert_true(exponent >= 0);

            u_charsToUChars(currencies[c], iso, 4);
            unum_setTextAttribute(nf, UNUM_CURRENCY_CODE, iso, 3, &err);
            unum_setAttribute(nf, UNUM_FRACTION_DIGITS, exponent);

            for (e = 0, unit = 1; e < (unsigned) exponent; e++) {
                unit *= 10;
            }

            for (k = 0; k < cxr_nelts(values); k++) {
                snprintf(amount, sizeof(amount), "%s%lld.%0*lld",
                         values[k] < 0 ? "-" : "",
                         (long long) llabs(values[k]) / unit,
                         exponent ? exponent : 1,
                         (long long) llabs(values[k]) % unit);
                n = unum_formatDecimal(nf, amount, -1, out, 256, NULL, &err);
                assert_true(U_SUCCESS(err));

                cxr_buf_init_fixed(&b, mem, sizeof(mem));
                cxr_i18n_money(lang, cxr_strz(currencies[c]), values[k], &b);
                same(&b, out, n);
            }
        }

        unum_close(nf);
    }
}


static void
dates_are_as_icu_writes_them(void **state)
{
    char                        mem[256], locale[64];
    UChar                       skeleton[32], pattern[128], out[256], zone[32];
    size_t                      i, s, k;
    int32_t                     n;
    cxr_buf_t                   b;
    cxr_time_t                  at;
    UErrorCode                  err = U_ZERO_ERROR;
    UDateFormat                *df;
    const cxr_lang_t           *lang;
    UDateTimePatternGenerator  *gen;

    static const char *const  skeletons[CXR_DATE_STYLES] = {
        "MMMd", "yMMMMd", "MMMMEEEEd", "jm", "yMMMMdjm"
    };

    u_charsToUChars("GMT+03:00", zone, 10);

    for (i = 0; i < cxr_nelts(codes); i++) {
        lang = cxr_catalog_lang(cat, cxr_strz(codes[i]));

        /* Iran, Saudi Arabia and Thailand have calendars of their own */

        snprintf(locale, sizeof(locale), "%s@calendar=gregorian", locales[i]);
        gen = udatpg_open(locale, &err);
        assert_true(U_SUCCESS(err));

        for (s = 0; s < CXR_DATE_STYLES; s++) {
            u_charsToUChars(skeletons[s], skeleton,
                            (int32_t) strlen(skeletons[s]) + 1);
            n = udatpg_getBestPattern(gen, skeleton, -1, pattern, 128, &err);
            df = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone, -1,
                           pattern, n, &err);
            assert_true(U_SUCCESS(err));

            /* steps of a bit over 17 days walk through months and hours */

            for (k = 0; k < 400; k++) {
                at = 1577836800000 + (int64_t) k * 1500123456;
                n = udat_format(df, (UDate) at, out, 256, NULL, &err);
                assert_true(U_SUCCESS(err));

                cxr_buf_init_fixed(&b, mem, sizeof(mem));
                cxr_i18n_date(lang, at, 3 * 3600, (cxr_date_style_t) s, &b);
                same(&b, out, n);
            }

            udat_close(df);
        }

        udatpg_close(gen);
    }
}


static void
turkish_and_english_look_right(void **state)
{
    char               mem[256];
    cxr_buf_t          b;
    cxr_time_t         at = 1795300000000;   /* 2026-11-21T22:26:40Z */
    const cxr_lang_t  *tr, *en;

    tr = cxr_catalog_lang(cat, cxr_str("tr"));
    en = cxr_catalog_lang(cat, cxr_str("en"));

#define IS(call, text)                                                        \
    cxr_buf_init_fixed(&b, mem, sizeof(mem));                                 \
    call;                                                                     \
    cxr_buf_addc(&b, '\0');                                                   \
    assert_string_equal(mem, text)

    IS(cxr_i18n_date(tr, at, 10800, CXR_DATE_SHORT_DAY, &b), "22 Kas");
    IS(cxr_i18n_date(tr, at, 10800, CXR_DATE_DAY, &b), "22 Kas\xc4\xb1m 2026");
    IS(cxr_i18n_date(tr, at, 10800, CXR_DATE_WEEKDAY_DAY, &b),
       "22 Kas\xc4\xb1m Pazar");
    IS(cxr_i18n_date(tr, at, 10800, CXR_DATE_TIME, &b), "01:26");
    IS(cxr_i18n_date(en, at, 10800, CXR_DATE_WEEKDAY_DAY, &b),
       "Sunday, 22 November");
    IS(cxr_i18n_date(en, at, 0, CXR_DATE_SHORT_DAY, &b), "21 Nov");
    IS(cxr_i18n_date(en, CXR_TIME_NONE, 0, CXR_DATE_DAY, &b), "");
    IS(cxr_i18n_money(tr, cxr_str("TRY"), 129990, &b),
       "\xe2\x82\xba" "1.299,90");
    IS(cxr_i18n_money(en, cxr_str("EUR"), 129990, &b),
       "\xe2\x82\xac" "1,299.90");
    IS(cxr_i18n_money(en, cxr_str("JPY"), 1299, &b), "JP\xc2\xa5" "1,299");
    IS(cxr_i18n_money(en, cxr_str("KWD"), 5, &b), "KWD\xc2\xa0" "0.005");
    IS(cxr_i18n_money(en, cxr_str("ZZZ"), -129990, &b),
       "-1,299.90\xc2\xa0ZZZ");
    IS(cxr_i18n_number(tr, INT64_MIN, &b), "-9.223.372.036.854.775.808");

    /* what is promised is never more than what is taken */

    IS(cxr_i18n_megabytes(tr, 8 * 1048576, &b), "8");
    IS(cxr_i18n_megabytes(tr, 8 * 1048576 - 1, &b), "7,9");
    IS(cxr_i18n_megabytes(en, 1572864, &b), "1.5");
    IS(cxr_i18n_megabytes(tr, 512 * 1024, &b), "0,5");
    IS(cxr_i18n_megabytes(tr, 128 * 1024, &b), "0,1");
    IS(cxr_i18n_megabytes(tr, UINT64_MAX, &b), "17.592.186.044.415,9");

    IS(assert_int_equal(cxr_i18n_upper(tr, cxr_str("istanbul \xc4\xb1"), &b),
                        CXR_OK), "\xc4\xb0STANBUL I");
    IS(assert_int_equal(cxr_i18n_upper(en, cxr_str("istanbul \xc3\x9f"), &b),
                        CXR_OK), "ISTANBUL SS");
    IS(assert_int_equal(cxr_i18n_upper(en, cxr_str("\xff"), &b), CXR_INVALID),
       "");

    assert_true(cxr_str_is(cxr_lang_code(tr), "tr"));
    assert_true(cxr_str_is(cxr_lang_name(tr), "T\xc3\xbcrk\xc3\xa7" "e"));
    assert_true(cxr_str_is(cxr_lang_name(cxr_catalog_lang(cat,
                               cxr_str("fr"))), "Fran\xc3\xa7" "ais"));
    assert_string_equal(cxr_lang_dir(tr), "ltr");
    assert_string_equal(cxr_lang_dir(cxr_catalog_lang(cat, cxr_str("ar"))),
                        "rtl");
}


static void
the_wanted_language_is_found(void **state)
{
    size_t             i, n = 0;
    char               long_list[8192];
    const cxr_lang_t  *langs[cxr_nelts(codes)], *got;

    static const struct {
        const char  *accept;
        const char  *code;
    } cases[] = {
        { "tr", "tr" },
        { "tr-TR,tr;q=0.9,en;q=0.8", "tr" },
        { "TR-tr", "tr" },
        { "de-CH-1996", "de" },
        { "xx, en;q=0.5, tr;q=0.7", "tr" },
        { "en;q=0.5,tr;q=0.501", "tr" },
        { "en-US,en;q=0.9", "en-US" },
        { "pt", "pt-BR" },
        { "zz-ZZ, *;q=0.1", "de" },
        { "*", "de" },
        { "", "de" },
        { "tr;q=0", "de" },
        { "tr;q=2", "de" },
        { "tr;q=0.1234", "de" },
        { "tr;q=", "de" },
        { "t r", "de" },
        { "en_US, tr;q=0.8", "tr" },
        { "fr;q=x, tr;q=0.1, en;q=1.1", "tr" },
        { ",, tr ,", "tr" },
        { "fr ; q=1.000", "fr" },
        { "trk", "de" }
    };

    langs[n++] = cxr_catalog_lang(cat, cxr_str("de"));

    for (i = 0; i < cxr_catalog_nlangs(cat); i++) {
        if (cxr_catalog_at(cat, i) != langs[0]) {
            langs[n++] = cxr_catalog_at(cat, i);
        }
    }

    for (i = 0; i < cxr_nelts(cases); i++) {
        got = cxr_lang_negotiate(langs, n, cxr_strz(cases[i].accept));

        if (!cxr_str_is(cxr_lang_code(got), cases[i].code)) {
            fail_msg("\"%s\" gave %.*s", cases[i].accept,
                     cxr_str_arg(cxr_lang_code(got)));
        }
    }

    /* what stands past the limit does not count, what stands before does */

    memset(long_list, ',', sizeof(long_list));
    memcpy(long_list, "tr;q=0.5", 8);
    memcpy(long_list + 8000, "en", 2);
    got = cxr_lang_negotiate(langs, n, cxr_strn(long_list,
                                                sizeof(long_list)));
    assert_true(cxr_str_is(cxr_lang_code(got), "tr"));

    /* a tag that the limit cuts is not read as another */

    memcpy(long_list + CXR_ACCEPT_MAX - 2, "en-!!", 5);
    got = cxr_lang_negotiate(langs, n, cxr_strn(long_list,
                                                sizeof(long_list)));
    assert_true(cxr_str_is(cxr_lang_code(got), "tr"));

    /* a language that is not offered leaves the next wish its turn */

    langs[0] = cxr_catalog_lang(cat, cxr_str("tr"));
    langs[1] = cxr_catalog_lang(cat, cxr_str("en"));
    got = cxr_lang_negotiate(langs, 2, cxr_str("de, fr;q=0.9, en;q=0.8"));
    assert_true(cxr_str_is(cxr_lang_code(got), "en"));

    assert_int_equal(cxr_catalog_nlangs(cat), cxr_nelts(codes));
    assert_null(cxr_catalog_at(cat, cxr_nelts(codes)));
    assert_null(cxr_catalog_lang(cat, cxr_str("en-G")));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(numbers_are_as_icu_writes_them),
        cmocka_unit_test(money_is_as_icu_writes_it),
        cmocka_unit_test(dates_are_as_icu_writes_them),
        cmocka_unit_test(turkish_and_english_look_right),
        cmocka_unit_test(the_wanted_language_is_found)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
