
/*
 * Fields of JSON that orders, products and shop files have in common.
 */

#include <stdio.h>

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
cxr_is_date(cxr_str_t s, int32_t *days)
{
    char        text[32];
    cxr_time_t  at;

    static const char  midnight[] = "T00:00:00Z";

    if (s.len != 10) {
        return false;
    }

    memcpy(text, s.data, 10);
    memcpy(text + 10, midnight, sizeof(midnight));

    if (cxr_time_parse(cxr_strz(text), &at) != CXR_OK) {
        return false;
    }

    *days = (int32_t) (at / CXR_DAY);

    return true;
}


bool
cxr_jr_date(cxr_jr_t *r, const char *key, int flags, int32_t *out)
{
    cxr_str_t  s = CXR_STR_NONE;

    if (!cxr_jr_line(r, key, 10, flags, &s)) {
        return false;
    }

    if (s.len != 0 && !cxr_is_date(s, out)) {
        cxr_jr_fault(r, key, "must be a date like \"2026-11-21\"");
        return false;
    }

    return true;
}


bool
cxr_jr_names(cxr_jr_t *r, const char *key, const char *const *names,
    int flags, uint32_t *out)
{
    int         k;
    char        all[200];
    size_t      len;
    uint32_t    i, bits;
    cxr_strs_t  list;

    memset(&list, 0, sizeof(list));

    if (!cxr_jr_some_strs(r, key, 32, 40, flags, &list)) {
        return false;
    }

    bits = 0;

    for (i = 0; i < list.n; i++) {
        k = cxr_name_index(names, list.items[i]);

        if (k >= 0) {
            bits |= 1u << k;
            continue;
        }

        len = 0;
        all[0] = '\0';

        for (k = 0; names[k] != NULL && len + 30 < sizeof(all); k++) {
            len += (size_t) snprintf(all + len, sizeof(all) - len, "%s\"%s\"",
                                     k ? ", " : "", names[k]);
        }

        cxr_jr_fault(r, key, "must be of %s", all);
        return false;
    }

    if (bits != 0) {
        *out = bits;
    }

    return true;
}


/* One text may stand without its list; a list is not empty. */

bool
cxr_jr_some_strs(cxr_jr_t *r, const char *key, size_t nmax, size_t max,
    int flags, cxr_strs_t *out)
{
    json_t      *v, *list;

    v = json_object_get(r->obj, key);

    if (json_is_string(v)) {
        list = json_array();

        if (list == NULL || json_array_append(list, v) != 0
            || json_object_set_new(r->obj, key, list) != 0)
        {
            cxr_jr_fault(r, key, "does not fit into memory");
            return false;
        }

    } else if (json_is_array(v) && json_array_size(v) == 0) {
        (void) cxr_jr_strs(r, key, nmax, max, flags, out);
        cxr_jr_fault(r, key, "must have at least one entry");
        return false;
    }

    return cxr_jr_strs(r, key, nmax, max, flags, out);
}


bool
cxr_jr_image(cxr_jr_t *r, const char *key, cxr_str_t *out)
{
    bool       good;
    size_t     i;
    json_t    *v;
    cxr_str_t  s = CXR_STR_NONE;

    /* an answer tells none as an empty one, and may be sent again */

    v = json_object_get(r->obj, key);

    if (json_is_string(v) && json_string_length(v) == 0) {
        (void) json_object_del(r->obj, key);
        return true;
    }

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
