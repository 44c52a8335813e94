
/*
 * Countries' names, by ICU.
 */

#include <stdio.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "cxr_country.h"
#include "cxr_text.h"

#define CXR_COUNTRY_UCHARS  128


/* The country's name in a language, in capitals; 0 bytes: it has none. */

static size_t
cxr_country_in(const char *lang, const char *country, char *out,
    size_t size)
{
    UChar       name[CXR_COUNTRY_UCHARS], upper[CXR_COUNTRY_UCHARS];
    int32_t     n;
    UErrorCode  error;

    error = U_ZERO_ERROR;
    n = uloc_getDisplayCountry(country, lang, name, CXR_COUNTRY_UCHARS,
                               &error);
    n = u_strToUpper(upper, CXR_COUNTRY_UCHARS, name, n, lang, &error);
    u_strToUTF8(out, (int32_t) size, &n, upper, n, &error);

    return U_SUCCESS(error) ? (size_t) n : 0;
}


cxr_str_t
cxr_country_name(cxr_str_t lang, cxr_str_t country, cxr_arena_t *a)
{
    char       here[3 * CXR_COUNTRY_UCHARS], abroad[3 * CXR_COUNTRY_UCHARS];
    char       code[16], locale[16];
    cxr_str_t  one, two;

    if (country.len == 0 || country.len > 3 || lang.len > sizeof(locale) - 1) {
        return country;
    }

    (void) snprintf(code, sizeof(code), "und_%.*s", cxr_str_arg(country));
    (void) snprintf(locale, sizeof(locale), "%.*s", cxr_str_arg(lang));

    one = cxr_strn(here, cxr_country_in(locale, code, here,
                                              sizeof(here)));
    two = cxr_strn(abroad, cxr_country_in("en", code, abroad,
                                                sizeof(abroad)));

    if (one.len == 0 || two.len == 0) {
        return country;
    }

    return cxr_str_eq(one, two) ? cxr_str_join(a, one, CXR_STR_NONE,
                                               CXR_STR_NONE)
                                : cxr_str_join(a, one, cxr_str(" / "), two);
}
