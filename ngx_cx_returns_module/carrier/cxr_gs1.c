
/*
 * GS1's keys of logistic units: from the URN of an EPC to the digits that are
 * printed on the label (GS1 EPC Tag Data Standard 2.1, 6.3.2 and 6.3.13; the
 * check digit is that of the GS1 General Specifications, 7.9.1).
 *
 * The URN parts the company's prefix from the serial reference with a dot.
 * Of an SSCC the extension digit stands first in the serial reference and
 * first of all on the label:
 *
 *     urn:epc:id:sscc:0614141.1234567890  ->  106141412345678908
 */

#include "cxr_profile_private.h"


#define CXR_GS1_PREFIX_MIN  6
#define CXR_GS1_PREFIX_MAX  12


const char *const  cxr_as_names[] = { "text", "sscc", "gsin", NULL };

/* a key: what its URN begins with, the digits before the check digit */
typedef struct {
    const char  *id;
    const char  *tag;          /* followed by a filter value and a dot        */
    const char  *link;         /* of a GS1 Digital Link: all the digits       */
    size_t       digits;
    bool         extension;
} cxr_gs1_key_t;

static const cxr_gs1_key_t  cxr_gs1_keys[] = {
    { NULL, NULL, NULL, 0, false },
    { "urn:epc:id:sscc:", "urn:epc:tag:sscc-96:", "/00/", 17, true },
    { "urn:epc:id:gsin:", NULL, "/402/", 16, false }
};


static bool
cxr_gs1_digits(cxr_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return false;
        }
    }

    return s.len > 0;
}


/* three and one, by turns, from the right */
static char
cxr_gs1_check(const char *p, size_t n)
{
    size_t    i;
    unsigned  sum = 0;

    for (i = 0; i < n; i++) {
        sum += (unsigned) (p[i] - '0') * ((n - i) % 2 ? 3 : 1);
    }

    return (char) ('0' + (10 - sum % 10) % 10);
}


static bool
cxr_gs1_after(cxr_str_t *s, const char *prefix)
{
    size_t  n;

    if (prefix == NULL) {
        return false;
    }

    n = strlen(prefix);

    if (s->len < n || memcmp(s->data, prefix, n) != 0) {
        return false;
    }

    s->data += n;
    s->len -= n;

    return true;
}


/* all the digits, at the end of a link or alone: the last one must be right */
static size_t
cxr_gs1_whole(const cxr_gs1_key_t *key, cxr_str_t s, char *out)
{
    size_t       n = strlen(key->link);
    const char  *p;

    p = memmem(s.data, s.len, key->link, n);

    if (p != NULL) {
        p += n;
        s = cxr_strn(p, s.len - (size_t) (p - s.data));
        n = 0;

        while (n < s.len && s.data[n] >= '0' && s.data[n] <= '9') {
            n++;
        }

        if (n < s.len && s.data[n] != '/' && s.data[n] != '?'
            && s.data[n] != '#')
        {
            return 0;
        }

        s.len = n;
    }

    if (s.len != key->digits + 1 || !cxr_gs1_digits(s)
        || cxr_gs1_check(s.data, key->digits) != s.data[key->digits])
    {
        return 0;
    }

    memcpy(out, s.data, s.len);

    return s.len;
}


size_t
cxr_as_digits(uint8_t as, cxr_str_t s, char out[CXR_AS_MAX])
{
    size_t                n = 0;
    cxr_str_t             prefix, serial;
    const char           *dot;
    const cxr_gs1_key_t  *key = &cxr_gs1_keys[as];

    if (cxr_gs1_after(&s, key->tag)) {
        if (s.len < 2 || s.data[1] != '.' || s.data[0] < '0'
            || s.data[0] > '7')
        {
            return 0;
        }

        s.data += 2;
        s.len -= 2;

    } else if (!cxr_gs1_after(&s, key->id)) {
        return cxr_gs1_whole(key, s, out);
    }

    dot = memchr(s.data, '.', s.len);
    if (dot == NULL) {
        return 0;
    }

    prefix = cxr_strn(s.data, (size_t) (dot - s.data));
    serial = cxr_strn(dot + 1, s.len - prefix.len - 1);

    if (prefix.len < CXR_GS1_PREFIX_MIN || prefix.len > CXR_GS1_PREFIX_MAX
        || prefix.len + serial.len != key->digits
        || !cxr_gs1_digits(prefix) || !cxr_gs1_digits(serial))
    {
        return 0;
    }

    if (key->extension) {
        out[n++] = *serial.data++;
        serial.len--;
    }

    memcpy(out + n, prefix.data, prefix.len);
    n += prefix.len;
    memcpy(out + n, serial.data, serial.len);
    n += serial.len;
    out[n] = cxr_gs1_check(out, n);

    return n + 1;
}
