
/*
 * What ICU knows of a language, taken out of it into our own tables.  Where
 * ICU's formatters have a pattern we read that; where they only show a result
 * (where a currency's sign and blanks stand) we format a sample and look.
 */

#include <stdio.h>
#include <stdlib.h>

#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "cxr_lang.h"
#include "cxr_record.h"


#define LANG_UCHARS      256
#define LANG_CURRENCIES  400


static cxr_rc_t
lang_fail(const cxr_lang_t *lang, cxr_diag_t *d, const char *what,
    UErrorCode err)
{
    return cxr_diag(d, err == U_MEMORY_ALLOCATION_ERROR ? CXR_NOMEM
                                                        : CXR_INVALID,
                    NULL, "ICU does not give %s of the language \"%.*s\" (%s)",
                    what, cxr_str_arg(lang->code), u_errorName(err));
}


static cxr_rc_t
lang_utf8(cxr_arena_t *a, const UChar *s, int32_t n, cxr_str_t *out)
{
    char        buf[LANG_UCHARS * 3];
    int32_t     len;
    UErrorCode  err = U_ZERO_ERROR;

    u_strToUTF8(buf, sizeof(buf), &len, s, n, &err);
    if (U_FAILURE(err)) {
        return CXR_INVALID;
    }

    return cxr_str_dup(a, cxr_strn(buf, (size_t) len), out);
}


/* "en" alone would follow the United States. */
static cxr_rc_t
lang_locale(cxr_lang_t *lang, cxr_arena_t *a, cxr_diag_t *d)
{
    char                  tag[64], full[128];
    UChar                 name[LANG_UCHARS];
    int32_t               n, parsed;
    cxr_rc_t              rc;
    UErrorCode            err = U_ZERO_ERROR;
    ULocaleDisplayNames  *names;

    /* as the choice of languages shows it: "Français", not "français" */

    static UDisplayContext  menu[] = {
        UDISPCTX_STANDARD_NAMES, UDISPCTX_CAPITALIZATION_FOR_UI_LIST_OR_MENU
    };

    if (cxr_str_is(lang->code, "en")) {
        snprintf(lang->locale, sizeof(lang->locale), "en_GB");

    } else {
        snprintf(tag, sizeof(tag), "%.*s", cxr_str_arg(lang->code));

        uloc_forLanguageTag(tag, full, sizeof(full), &parsed, &err);
        if (U_FAILURE(err) || parsed != (int32_t) strlen(tag)
            || full[0] == '\0')
        {
            return cxr_diag(d, CXR_INVALID, NULL, "\"%s\" is not a language "
                            "tag such as \"tr\" or \"pt-BR\"", tag);
        }

        uloc_addLikelySubtags(full, lang->locale, sizeof(lang->locale), &err);
        if (U_FAILURE(err) || err == U_STRING_NOT_TERMINATED_WARNING) {
            return lang_fail(lang, d, "the region", err);
        }
    }

    lang->rtl = uloc_isRightToLeft(lang->locale);

    snprintf(tag, sizeof(tag), "%.*s", cxr_str_arg(lang->code));
    err = U_ZERO_ERROR;
    names = uldn_openForContext(tag, menu, (int32_t) cxr_nelts(menu), &err);
    n = uldn_localeDisplayName(names, tag, name, LANG_UCHARS, &err);
    uldn_close(names);

    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "the name", err);
    }

    rc = lang_utf8(a, name, n, &lang->name);

    return rc == CXR_OK ? rc : cxr_diag(d, rc, NULL, "out of memory");
}


static cxr_rc_t
lang_plurals(cxr_lang_t *lang, cxr_diag_t *d)
{
    int32_t        i, k;
    UChar          word[16];
    char           name[16];
    const char    *category;
    UErrorCode     err = U_ZERO_ERROR;
    UEnumeration  *known;

    lang->rules = uplrules_open(lang->locale, &err);
    if (U_FAILURE(err)) {
        lang->rules = NULL;
        return lang_fail(lang, d, "the plural rules", err);
    }

    known = uplrules_getKeywords(lang->rules, &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "the plural forms", err);
    }

    while ((category = uenum_next(known, NULL, &err)) != NULL) {
        k = cxr_name_index(cxr_plural_names, cxr_strz(category));
        if (k >= 0) {
            lang->categories |= 1u << k;
        }
    }

    uenum_close(known);

    for (i = 0; i < CXR_PLURAL_TABLE; i++) {
        uplrules_select(lang->rules, i, word, cxr_nelts(word), &err);
        if (U_FAILURE(err)) {
            return lang_fail(lang, d, "a plural form", err);
        }

        u_UCharsToChars(word, name, u_strlen(word) + 1);
        k = cxr_name_index(cxr_plural_names, cxr_strz(name));
        lang->small[i] = k >= 0 ? (uint8_t) k : CXR_PLURAL_OTHER;
    }

    return CXR_OK;
}


cxr_plural_t
cxr_lang_plural(const cxr_lang_t *lang, int64_t n)
{
    int         k;
    char        name[16];
    UChar       word[16];
    uint64_t    v;
    UErrorCode  err = U_ZERO_ERROR;

    v = n < 0 ? -(uint64_t) n : (uint64_t) n;

    if (v < CXR_PLURAL_TABLE) {
        return (cxr_plural_t) lang->small[v];
    }

    /* rare; ICU's rules are const here and safe for threads */

    uplrules_select(lang->rules, (double) v, word, cxr_nelts(word), &err);
    if (U_FAILURE(err)) {
        return CXR_PLURAL_OTHER;
    }

    u_UCharsToChars(word, name, u_strlen(word) + 1);
    k = cxr_name_index(cxr_plural_names, cxr_strz(name));

    return k >= 0 ? (cxr_plural_t) k : CXR_PLURAL_OTHER;
}


/* The first number that this plural has no form for, or -1. */
static int64_t
lang_plural_lacks(const cxr_lang_t *lang, const cxr_msg_part_t *part)
{
    bool                   exact;
    int64_t                n;
    uint32_t               i;
    unsigned               forms = 0;
    const cxr_msg_case_t  *c;

    for (i = 0; i < part->cases.n; i++) {
        if (!part->cases.items[i].is_exact) {
            forms |= 1u << part->cases.items[i].category;
        }
    }

    if (forms == 1u << CXR_PLURAL_OTHER) {
        return -1;
    }

    for (n = 0; n < CXR_PLURAL_TABLE; n++) {
        if (forms & (1u << lang->small[n])) {
            continue;
        }

        for (i = 0, exact = false; i < part->cases.n && !exact; i++) {
            c = &part->cases.items[i];
            exact = c->is_exact && c->exact == n;
        }

        if (!exact) {
            return n;
        }
    }

    return -1;
}


bool
cxr_lang_plural_gap(const cxr_lang_t *lang, const cxr_message_t *msg,
    cxr_plural_t *form, int64_t *n)
{
    uint32_t               i, k;
    const cxr_msg_part_t  *part;

    for (i = 0; i < msg->n; i++) {
        part = &msg->items[i];

        if (part->kind != CXR_MSG_PLURAL) {
            continue;
        }

        *n = lang_plural_lacks(lang, part);
        if (*n >= 0) {
            *form = (cxr_plural_t) lang->small[*n];
            return true;
        }

        for (k = 0; k < part->cases.n; k++) {
            if (cxr_lang_plural_gap(lang, &part->cases.items[k].body, form, n))
            {
                return true;
            }
        }
    }

    return false;
}


/* A digit of any script, or -1.  Digits of a script are consecutive. */
static int
lang_digit(const UChar *digit, UChar32 c)
{
    int  i;

    for (i = 0; i < 10; i++) {
        if (digit[i] == c) {
            return i;
        }
    }

    return -1;
}


/*
 * Reads the parts of a number from a formatted sample with at least two
 * groups' marks (or none) and "exponent" decimals.
 */
static cxr_rc_t
lang_sample(const UChar *s, int32_t n, const UChar *digit, unsigned exponent,
    unsigned negative, cxr_arena_t *a, cxr_number_format_t *f)
{
    int32_t    i, first, last, run, runs[16], marks[16], ends[16];
    unsigned   nruns = 0;
    cxr_rc_t   rc;

    for (first = 0; first < n && lang_digit(digit, s[first]) < 0; first++);
    for (last = n; last > first && lang_digit(digit, s[last - 1]) < 0; last--);

    if (first == n) {
        return CXR_INVALID;
    }

    rc = lang_utf8(a, s, first, &f->prefix[negative]);
    if (rc == CXR_OK) {
        rc = lang_utf8(a, s + last, n - last, &f->suffix[negative]);
    }

    if (rc != CXR_OK || negative) {
        return rc;
    }

    /* runs of digits, and the marks after each */

    for (i = first; i < last && nruns < cxr_nelts(runs); nruns++) {
        for (run = i; i < last && lang_digit(digit, s[i]) >= 0; i++);
        runs[nruns] = i - run;
        for (run = i; i < last && lang_digit(digit, s[i]) < 0; i++);
        marks[nruns] = run;
        ends[nruns] = i;
    }

    if (exponent != 0) {
        if (nruns < 2 || runs[nruns - 1] != (int32_t) exponent) {
            return CXR_INVALID;
        }

        nruns--;
        rc = lang_utf8(a, s + marks[nruns - 1],
                       ends[nruns - 1] - marks[nruns - 1], &f->decimal);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    f->exponent = (uint8_t) exponent;

    if (nruns > 2) {
        f->primary = (uint8_t) runs[nruns - 1];
        f->secondary = (uint8_t) runs[nruns - 2];
        rc = lang_utf8(a, s + marks[0], ends[0] - marks[0], &f->group);
    }

    return rc;
}


static cxr_rc_t
lang_number_format(cxr_lang_t *lang, UNumberFormat *nf, const UChar *digit,
    unsigned exponent, cxr_arena_t *a, cxr_number_format_t *f, cxr_diag_t *d)
{
    int32_t      i, n, digits;
    UChar        out[LANG_UCHARS];
    cxr_rc_t     rc;
    unsigned     negative;
    UErrorCode   err = U_ZERO_ERROR;

    static const char *const  samples[2] = { "1234567891", "-1234567891" };

    unum_setAttribute(nf, UNUM_FRACTION_DIGITS, (int32_t) exponent);
    unum_setAttribute(nf, UNUM_MINIMUM_GROUPING_DIGITS,
                      UNUM_MINIMUM_GROUPING_DIGITS_AUTO);

    for (negative = 0; negative < 2; negative++) {
        n = unum_formatDecimal(nf, samples[negative], -1, out, LANG_UCHARS,
                               NULL, &err);
        if (U_FAILURE(err)) {
            return lang_fail(lang, d, "a number", err);
        }

        rc = lang_sample(out, n, digit, exponent, negative, a, f);
        if (rc != CXR_OK) {
            return rc == CXR_NOMEM
                   ? cxr_diag(d, rc, NULL, "out of memory")
                   : lang_fail(lang, d, "a number that is understood", err);
        }
    }

    /* some languages write 1234 but 12.345 */

    n = unum_formatDecimal(nf, "1234", -1, out, LANG_UCHARS, NULL, &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "a number", err);
    }

    f->group_min = 1;

    for (i = 0, digits = 0; i < n; i++) {
        if (lang_digit(digit, out[i]) >= 0) {
            digits++;

        } else if (digits != 0) {
            break;
        }
    }

    if (digits >= 4) {
        f->group_min = 2;
    }

    return CXR_OK;
}


static int
lang_by_code(const void *one, const void *two)
{
    return memcmp(one, two, 3);
}


/* Every currency of the table of base/ that ICU has heard of. */
static cxr_rc_t
lang_money(cxr_lang_t *lang, const UChar *digit, cxr_arena_t *a, cxr_diag_t *d)
{
    int                     exponent;
    UChar                   code[4];
    cxr_rc_t                rc = CXR_OK;
    UErrorCode              err = U_ZERO_ERROR;
    const char             *iso;
    UEnumeration           *all;
    UNumberFormat          *nf;
    cxr_currency_format_t  *c;

    lang->currencies = cxr_calloc(a, LANG_CURRENCIES,
                                  sizeof(cxr_currency_format_t));
    if (lang->currencies == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    nf = unum_open(UNUM_CURRENCY, NULL, 0, lang->locale, NULL, &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "its money", err);
    }

    all = ucurr_openISOCurrencies(UCURR_ALL, &err);
    if (U_FAILURE(err)) {
        unum_close(nf);
        return lang_fail(lang, d, "the currencies", err);
    }

    while (rc == CXR_OK && (iso = uenum_next(all, NULL, &err)) != NULL) {
        exponent = cxr_currency_exponent(cxr_strz(iso));
        if (exponent < 0 || strlen(iso) != 3) {
            continue;
        }

        if (lang->ncurrencies == LANG_CURRENCIES) {
            rc = cxr_diag(d, CXR_LIMIT, NULL, "there are more than %d "
                          "currencies", LANG_CURRENCIES);
            break;
        }

        c = &lang->currencies[lang->ncurrencies++];
        memcpy(c->code, iso, 4);

        u_charsToUChars(iso, code, 4);
        unum_setTextAttribute(nf, UNUM_CURRENCY_CODE, code, 3, &err);
        if (U_FAILURE(err)) {
            rc = lang_fail(lang, d, "a currency", err);
            break;
        }

        rc = lang_number_format(lang, nf, digit, (unsigned) exponent, a,
                                &c->format, d);
    }

    uenum_close(all);
    unum_close(nf);

    if (rc == CXR_OK && lang->ncurrencies != 0) {
        qsort(lang->currencies, lang->ncurrencies,
              sizeof(cxr_currency_format_t), lang_by_code);
    }

    return rc;
}


static cxr_rc_t
lang_numbers(cxr_lang_t *lang, cxr_arena_t *a, cxr_diag_t *d)
{
    int             i;
    UChar           digit[10], one[16];
    int32_t         n;
    cxr_rc_t        rc;
    UErrorCode      err = U_ZERO_ERROR;
    UNumberFormat  *nf;

    nf = unum_open(UNUM_DECIMAL, NULL, 0, lang->locale, NULL, &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "its numbers", err);
    }

    for (i = 0; i < 10; i++) {
        n = unum_getSymbol(nf, i == 0 ? UNUM_ZERO_DIGIT_SYMBOL
                                      : UNUM_ONE_DIGIT_SYMBOL + i - 1,
                           one, cxr_nelts(one), &err);

        /* scripts with digits beyond the BMP are not any locale's default */

        if (U_FAILURE(err) || n != 1) {
            unum_close(nf);
            return lang_fail(lang, d, "the digits", err);
        }

        digit[i] = one[0];

        if (lang_utf8(a, one, 1, &lang->digits[i]) != CXR_OK) {
            unum_close(nf);
            return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
        }
    }

    lang->ascii_digits = (digit[0] == '0' && digit[9] == '9');

    rc = lang_number_format(lang, nf, digit, 0, a, &lang->number, d);
    unum_close(nf);

    if (rc != CXR_OK) {
        return rc;
    }

    return lang_money(lang, digit, a, d);
}


static cxr_rc_t
lang_symbols(const UDateFormat *df, UDateFormatSymbolType type, int from,
    int count, cxr_arena_t *a, cxr_str_t *out)
{
    int         i;
    UChar       name[LANG_UCHARS];
    int32_t     n;
    cxr_rc_t    rc;
    UErrorCode  err = U_ZERO_ERROR;

    for (i = 0; i < count; i++) {
        n = udat_getSymbols(df, type, from + i, name, LANG_UCHARS, &err);
        if (U_FAILURE(err)) {
            return CXR_INVALID;
        }

        rc = lang_utf8(a, name, n, &out[i]);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
lang_date_names(cxr_lang_t *lang, const char *locale, cxr_arena_t *a,
    cxr_diag_t *d)
{
    cxr_rc_t      rc = CXR_OK;
    unsigned      i;
    UErrorCode    err = U_ZERO_ERROR;
    UDateFormat  *df;

    static const UDateFormatSymbolType  months[4] = {
        UDAT_MONTHS, UDAT_SHORT_MONTHS,
        UDAT_STANDALONE_MONTHS, UDAT_STANDALONE_SHORT_MONTHS
    };
    static const UDateFormatSymbolType  weekdays[4] = {
        UDAT_WEEKDAYS, UDAT_SHORT_WEEKDAYS,
        UDAT_STANDALONE_WEEKDAYS, UDAT_STANDALONE_SHORT_WEEKDAYS
    };

    df = udat_open(UDAT_FULL, UDAT_FULL, locale, NULL, 0, NULL, 0, &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "its dates", err);
    }

    for (i = 0; i < 4 && rc == CXR_OK; i++) {
        rc = lang_symbols(df, months[i], 0, 12, a, lang->months[i]);
        if (rc == CXR_OK) {
            /* ICU counts week days from 1, Sunday */
            rc = lang_symbols(df, weekdays[i], 1, 7, a, lang->weekdays[i]);
        }
    }

    if (rc == CXR_OK) {
        rc = lang_symbols(df, UDAT_AM_PMS, 0, 2, a, lang->halves);
    }

    udat_close(df);

    return rc == CXR_OK ? rc : lang_fail(lang, d, "names of months", err);
}


/* One run of a pattern letter; false when we cannot write it. */
static bool
lang_date_field(const cxr_lang_t *lang, UChar letter, int count,
    cxr_date_part_t *part)
{
    bool  alone;

    memset(part, 0, sizeof(cxr_date_part_t));
    part->width = (uint8_t) count;
    alone = letter == 'L' || letter == 'c';

    switch (letter) {

    case 'y':
        part->kind = CXR_DATE_PART_YEAR;
        return count != 2;

    case 'M':
    case 'L':
        if (count <= 2) {
            part->kind = CXR_DATE_PART_MONTH;
            return true;
        }

        part->kind = CXR_DATE_PART_MONTH_NAME;
        part->names = lang->months[(count == 3) + (alone ? 2 : 0)];
        return count <= 4;

    case 'd':
        part->kind = CXR_DATE_PART_MDAY;
        return count <= 2;

    case 'E':
    case 'c':
        part->kind = CXR_DATE_PART_WDAY_NAME;
        part->names = lang->weekdays[(count <= 3) + (alone ? 2 : 0)];
        return count <= 4;

    case 'H':
    case 'h':
    case 'k':
    case 'K':
        part->kind = CXR_DATE_PART_HOUR;
        part->base = letter == 'h' || letter == 'k';
        part->clock = letter == 'H' || letter == 'k' ? 24 : 12;
        return count <= 2;

    case 'm':
        part->kind = CXR_DATE_PART_MINUTE;
        return count <= 2;

    case 'a':
        part->kind = CXR_DATE_PART_HALF;
        return count <= 3;
    }

    return false;
}


/* Takes an ICU date pattern apart. */
static bool
lang_date_pattern(const cxr_lang_t *lang, const UChar *s, int32_t n,
    cxr_arena_t *a, cxr_date_pattern_t *p)
{
    bool              quoted = false;
    UChar             text[LANG_UCHARS];
    int32_t           i, k, len = 0;
    cxr_date_part_t  *part;

    for (i = 0; i <= n; ) {
        if (i < n && s[i] == '\'') {
            if (i + 1 < n && s[i + 1] == '\'') {
                text[len++] = '\'';
                i += 2;
                continue;
            }

            quoted = !quoted;
            i++;
            continue;
        }

        if (i < n && (quoted || !((s[i] >= 'a' && s[i] <= 'z')
                                  || (s[i] >= 'A' && s[i] <= 'Z'))))
        {
            text[len++] = s[i++];
            continue;
        }

        if (len != 0) {
            if (p->n == CXR_DATE_PARTS) {
                return false;
            }

            part = &p->parts[p->n++];
            part->kind = CXR_DATE_PART_TEXT;

            if (lang_utf8(a, text, len, &part->text) != CXR_OK) {
                return false;
            }

            len = 0;
        }

        if (i == n) {
            break;
        }

        for (k = i; k < n && s[k] == s[i]; k++);

        if (p->n == CXR_DATE_PARTS
            || !lang_date_field(lang, s[i], k - i, &p->parts[p->n]))
        {
            return false;
        }

        p->n++;
        i = k;
    }

    return true;
}


static cxr_rc_t
lang_dates(cxr_lang_t *lang, cxr_arena_t *a, cxr_diag_t *d)
{
    char                     locale[128];
    UChar                    skeleton[32], pattern[LANG_UCHARS];
    int32_t                  n;
    cxr_rc_t                 rc;
    unsigned                 i;
    UErrorCode               err = U_ZERO_ERROR;
    UDateTimePatternGenerator  *gen;

    static const char *const  skeletons[CXR_DATE_STYLES] = {
        "MMMd", "yMMMMd", "MMMMEEEEd", "jm", "yMMMMdjm"
    };

    /* some regions' own calendar is another: its months are not of our days */

    snprintf(locale, sizeof(locale), "%s", lang->locale);
    uloc_setKeywordValue("calendar", "gregorian", locale, sizeof(locale),
                         &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "the Gregorian calendar", err);
    }

    rc = lang_date_names(lang, locale, a, d);
    if (rc != CXR_OK) {
        return rc;
    }

    gen = udatpg_open(locale, &err);
    if (U_FAILURE(err)) {
        return lang_fail(lang, d, "its date patterns", err);
    }

    for (i = 0; i < CXR_DATE_STYLES; i++) {
        u_charsToUChars(skeletons[i], skeleton,
                        (int32_t) strlen(skeletons[i]) + 1);

        n = udatpg_getBestPattern(gen, skeleton, -1, pattern, LANG_UCHARS,
                                  &err);

        if (U_FAILURE(err)
            || !lang_date_pattern(lang, pattern, n, a, &lang->dates[i]))
        {
            rc = lang_fail(lang, d, "a date pattern that is understood", err);
            break;
        }
    }

    udatpg_close(gen);

    return rc;
}


cxr_rc_t
cxr_lang_load(cxr_lang_t *lang, cxr_arena_t *a, cxr_diag_t *d)
{
    cxr_rc_t  rc;

    rc = lang_locale(lang, a, d);
    if (rc == CXR_OK) {
        rc = lang_plurals(lang, d);
    }

    if (rc == CXR_OK) {
        rc = lang_numbers(lang, a, d);
    }

    if (rc == CXR_OK) {
        rc = lang_dates(lang, a, d);
    }

    return rc;
}


void
cxr_lang_unload(cxr_lang_t *lang)
{
    if (lang->rules != NULL) {
        uplrules_close(lang->rules);
        lang->rules = NULL;
    }
}
