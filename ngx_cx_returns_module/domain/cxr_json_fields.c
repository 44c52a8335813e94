
/*
 * Fields of JSON that orders, products and shop files have in common.
 */

#include "cxr_json_private.h"
#include "cxr_money.h"
#include "cxr_order.h"
#include "cxr_text.h"


bool
cxr_jr_currency(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out)
{
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, 3, flags, &s)) {
        return false;
    }

    if (s.len == 0) {
        return true;
    }

    if (cxr_currency_exponent(s) < 0) {
        cxr_jr_fault(r, key, "must be a currency of ISO 4217 like \"TRY\"");
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_is_country(cxr_str_t s)
{
    return s.len == 2 && s.data[0] >= 'A' && s.data[0] <= 'Z'
           && s.data[1] >= 'A' && s.data[1] <= 'Z';
}


bool
cxr_jr_country(cxr_jr_t *r, const char *key, int flags, cxr_str_t *out)
{
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, 2, flags, &s)) {
        return false;
    }

    if (s.len == 0) {
        return true;
    }

    if (!cxr_is_country(s)) {
        cxr_jr_fault(r, key, "must be two upper-case letters of ISO 3166 like "
                     "\"TR\"");
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_jr_image(cxr_jr_t *r, const char *key, cxr_str_t *out)
{
    bool       good;
    size_t     i;
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, CXR_URL_MAX, 0, &s)) {
        return false;
    }

    if (s.len == 0) {
        return true;
    }

    /* "//host" would leave the site, and browsers read '\' as '/' */

    if (s.data[0] == '/') {
        good = (s.len == 1 || s.data[1] != '/');

    } else {
        good = (s.len > 8 && memcmp(s.data, "https://", 8) == 0
                && s.data[8] != '/');
    }

    for (i = 0; good && i < s.len; i++) {
        good = ((unsigned char) s.data[i] > ' ' && s.data[i] != '\\'
                && s.data[i] != '"' && s.data[i] != '<' && s.data[i] != '>');
    }

    if (!good) {
        cxr_jr_fault(r, key, "must be a URL that begins with https:// or a "
                     "path that begins with one /");
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_jr_email(cxr_jr_t *r, const char *key, cxr_str_t *out)
{
    char       folded[256];
    size_t     len;
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, CXR_EMAIL_MAX, 0, &s)) {
        return false;
    }

    if (s.len == 0) {
        return true;
    }

    if (cxr_fold_email(s, folded, &len) != CXR_OK) {
        cxr_jr_fault(r, key, "must be an e-mail address");
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_jr_postcode(cxr_jr_t *r, const char *key, cxr_str_t *out)
{
    char       folded[256];
    size_t     len;
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, 2 * CXR_POSTCODE_MAX, 0, &s)) {
        return false;
    }

    if (s.len == 0) {
        return true;
    }

    if (cxr_fold_postcode(s, folded, &len) != CXR_OK) {
        cxr_jr_fault(r, key, "must have 1 to %d letters or digits",
                     CXR_POSTCODE_MAX);
        return false;
    }

    *out = s;

    return true;
}


bool
cxr_is_language(cxr_str_t s)
{
    bool    digit, letter;
    size_t  i, n, part;

    n = 0;
    part = 0;

    for (i = 0; i <= s.len; i++) {

        if (i == s.len || s.data[i] == '-') {

            if (part == 0 ? (n < 2 || n > 3) : (n < 1 || n > 8)) {
                return false;
            }

            part++;
            n = 0;
            continue;
        }

        letter = ((s.data[i] | 0x20) >= 'a' && (s.data[i] | 0x20) <= 'z');
        digit = (s.data[i] >= '0' && s.data[i] <= '9');

        if (!letter && (part == 0 || !digit)) {
            return false;
        }

        n++;
    }

    return part <= 4;
}
