
/*
 * Money: whole minor units, and the sharing of them without a remainder.
 */

#include "cxr_money.h"

#define CXR_SPLIT_MAX  10000


/* ISO 4217 list one without the codes that have no minor unit; in order */

static const struct {
    char     code[3];
    uint8_t  exponent;
} cxr_currencies[] = {
    { "AED", 2 }, { "AFN", 2 }, { "ALL", 2 }, { "AMD", 2 }, { "ANG", 2 },
    { "AOA", 2 }, { "ARS", 2 }, { "AUD", 2 }, { "AWG", 2 }, { "AZN", 2 },
    { "BAM", 2 }, { "BBD", 2 }, { "BDT", 2 }, { "BGN", 2 }, { "BHD", 3 },
    { "BIF", 0 }, { "BMD", 2 }, { "BND", 2 }, { "BOB", 2 }, { "BOV", 2 },
    { "BRL", 2 }, { "BSD", 2 }, { "BTN", 2 }, { "BWP", 2 }, { "BYN", 2 },
    { "BZD", 2 }, { "CAD", 2 }, { "CDF", 2 }, { "CHE", 2 }, { "CHF", 2 },
    { "CHW", 2 }, { "CLF", 4 }, { "CLP", 0 }, { "CNY", 2 }, { "COP", 2 },
    { "COU", 2 }, { "CRC", 2 }, { "CUP", 2 }, { "CVE", 2 }, { "CZK", 2 },
    { "DJF", 0 }, { "DKK", 2 }, { "DOP", 2 }, { "DZD", 2 }, { "EGP", 2 },
    { "ERN", 2 }, { "ETB", 2 }, { "EUR", 2 }, { "FJD", 2 }, { "FKP", 2 },
    { "GBP", 2 }, { "GEL", 2 }, { "GHS", 2 }, { "GIP", 2 }, { "GMD", 2 },
    { "GNF", 0 }, { "GTQ", 2 }, { "GYD", 2 }, { "HKD", 2 }, { "HNL", 2 },
    { "HTG", 2 }, { "HUF", 2 }, { "IDR", 2 }, { "ILS", 2 }, { "INR", 2 },
    { "IQD", 3 }, { "IRR", 2 }, { "ISK", 0 }, { "JMD", 2 }, { "JOD", 3 },
    { "JPY", 0 }, { "KES", 2 }, { "KGS", 2 }, { "KHR", 2 }, { "KMF", 0 },
    { "KPW", 2 }, { "KRW", 0 }, { "KWD", 3 }, { "KYD", 2 }, { "KZT", 2 },
    { "LAK", 2 }, { "LBP", 2 }, { "LKR", 2 }, { "LRD", 2 }, { "LSL", 2 },
    { "LYD", 3 }, { "MAD", 2 }, { "MDL", 2 }, { "MGA", 2 }, { "MKD", 2 },
    { "MMK", 2 }, { "MNT", 2 }, { "MOP", 2 }, { "MRU", 2 }, { "MUR", 2 },
    { "MVR", 2 }, { "MWK", 2 }, { "MXN", 2 }, { "MXV", 2 }, { "MYR", 2 },
    { "MZN", 2 }, { "NAD", 2 }, { "NGN", 2 }, { "NIO", 2 }, { "NOK", 2 },
    { "NPR", 2 }, { "NZD", 2 }, { "OMR", 3 }, { "PAB", 2 }, { "PEN", 2 },
    { "PGK", 2 }, { "PHP", 2 }, { "PKR", 2 }, { "PLN", 2 }, { "PYG", 0 },
    { "QAR", 2 }, { "RON", 2 }, { "RSD", 2 }, { "RUB", 2 }, { "RWF", 0 },
    { "SAR", 2 }, { "SBD", 2 }, { "SCR", 2 }, { "SDG", 2 }, { "SEK", 2 },
    { "SGD", 2 }, { "SHP", 2 }, { "SLE", 2 }, { "SOS", 2 }, { "SRD", 2 },
    { "SSP", 2 }, { "STN", 2 }, { "SVC", 2 }, { "SYP", 2 }, { "SZL", 2 },
    { "THB", 2 }, { "TJS", 2 }, { "TMT", 2 }, { "TND", 3 }, { "TOP", 2 },
    { "TRY", 2 }, { "TTD", 2 }, { "TWD", 2 }, { "TZS", 2 }, { "UAH", 2 },
    { "UGX", 0 }, { "USD", 2 }, { "USN", 2 }, { "UYI", 0 }, { "UYU", 2 },
    { "UYW", 4 }, { "UZS", 2 }, { "VED", 2 }, { "VES", 2 }, { "VND", 0 },
    { "VUV", 0 }, { "WST", 2 }, { "XAF", 0 }, { "XCD", 2 }, { "XCG", 2 },
    { "XOF", 0 }, { "XPF", 0 }, { "YER", 2 }, { "ZAR", 2 }, { "ZMW", 2 },
    { "ZWG", 2 }
};


static int64_t cxr_split_threshold(const int64_t *remainders, size_t n,
    uint64_t extra);


int
cxr_currency_exponent(cxr_str_t code)
{
    int     c;
    size_t  low, high, mid;

    if (code.len != sizeof(cxr_currencies[0].code)) {
        return -1;
    }

    low = 0;
    high = cxr_nelts(cxr_currencies);

    while (low < high) {
        mid = (low + high) / 2;

        c = memcmp(code.data, cxr_currencies[mid].code, code.len);

        if (c == 0) {
            return cxr_currencies[mid].exponent;
        }

        if (c < 0) {
            high = mid;

        } else {
            low = mid + 1;
        }
    }

    return -1;
}


static inline bool
cxr_money_fits(int64_t v)
{
    return v <= CXR_MONEY_MAX && v >= -CXR_MONEY_MAX;
}


bool
cxr_money_add(cxr_money_t a, cxr_money_t b, cxr_money_t *sum)
{
    int64_t  v;

    if (__builtin_add_overflow(a, b, &v) || !cxr_money_fits(v)) {
        return false;
    }

    *sum = v;

    return true;
}


bool
cxr_money_sub(cxr_money_t a, cxr_money_t b, cxr_money_t *diff)
{
    int64_t  v;

    if (__builtin_sub_overflow(a, b, &v) || !cxr_money_fits(v)) {
        return false;
    }

    *diff = v;

    return true;
}


bool
cxr_money_muldiv(cxr_money_t amount, int64_t num, int64_t den,
    cxr_money_t *out)
{
    bool               negative;
    int64_t            small;
    uint64_t           w, r;
    __int128           product;
    unsigned __int128  whole, rest;

    if (den <= 0) {
        return false;
    }

    /* most sums fit, and a division of 128 bits takes ten times as long */

    if (!__builtin_mul_overflow(amount, num, &small)) {
        w = small < 0 ? 0 - (uint64_t) small : (uint64_t) small;
        r = w % (uint64_t) den;
        w /= (uint64_t) den;
        w += (r >= (uint64_t) den - r);

        if (w > (uint64_t) CXR_MONEY_MAX) {
            return false;
        }

        *out = small < 0 ? -(int64_t) w : (int64_t) w;

        return true;
    }

    product = (__int128) amount * num;
    negative = product < 0;

    whole = negative ? -(unsigned __int128) product
                     : (unsigned __int128) product;
    rest = whole % (uint64_t) den;
    whole /= (uint64_t) den;

    if (rest >= (uint64_t) den - rest) {
        whole++;
    }

    if (whole > (unsigned __int128) CXR_MONEY_MAX) {
        return false;
    }

    *out = negative ? -(int64_t) whole : (int64_t) whole;

    return true;
}


/*
 * First each part's remainder is put where the part will be; when it is known
 * which remainders are large enough for one unit more, the parts replace them.
 */

bool
cxr_money_split(cxr_money_t total, const int64_t *weights, size_t n,
    cxr_money_t *parts)
{
    bool       negative, even;
    size_t     i;
    int64_t    sum, weight, threshold, part;
    uint64_t   units, extra, at;
    __int128   product;

    if (n == 0 || n > CXR_SPLIT_MAX || !cxr_money_fits(total)) {
        return false;
    }

    for (i = 0, sum = 0; i < n; i++) {

        if (weights[i] < 0 || __builtin_add_overflow(sum, weights[i], &sum)) {
            return false;
        }
    }

    even = sum == 0;

    if (even) {
        sum = (int64_t) n;
    }

    negative = total < 0;
    units = negative ? (uint64_t) -total : (uint64_t) total;
    extra = units;

    for (i = 0; i < n; i++) {
        weight = even ? 1 : weights[i];
        product = (__int128) units * weight;

        extra -= (uint64_t) (product / sum);
        parts[i] = (int64_t) (product % sum);
    }

    threshold = cxr_split_threshold(parts, n, extra);

    /* what stands exactly at the threshold shares what is left, in order */

    at = extra;

    for (i = 0; i < n; i++) {
        at -= parts[i] > threshold;
    }

    for (i = 0; i < n; i++) {
        weight = even ? 1 : weights[i];
        part = (int64_t) ((__int128) units * weight / sum);

        if (parts[i] > threshold) {
            part++;

        } else if (parts[i] == threshold && at != 0) {
            part++;
            at--;
        }

        parts[i] = negative ? -part : part;
    }

    return true;
}


/*
 * The largest value that at least "extra" remainders reach; by bisection, as
 * that takes no memory and no order.  No remainder of 0 is ever given a unit:
 * there are always at least "extra" positive ones.
 */

static int64_t
cxr_split_threshold(const int64_t *remainders, size_t n, uint64_t extra)
{
    size_t    i;
    int64_t   low, high, mid;
    uint64_t  reach;

    if (extra == 0) {
        return INT64_MAX;
    }

    low = 0;
    high = INT64_MAX;

    while (high - low > 1) {
        mid = low + (high - low) / 2;

        for (i = 0, reach = 0; i < n; i++) {
            reach += remainders[i] >= mid;
        }

        if (reach >= extra) {
            low = mid;

        } else {
            high = mid;
        }
    }

    return low;
}


/*
 * Both ends are rounded on their own, from the whole: shares that touch then
 * add up, whatever the order in which they were asked for.
 */

bool
cxr_money_units(cxr_money_t total, uint32_t units, uint32_t first,
    uint32_t count, cxr_money_t *out)
{
    cxr_money_t  before, after;

    if (units == 0 || first > units || count > units - first
        || !cxr_money_muldiv(total, first, units, &before)
        || !cxr_money_muldiv(total, (int64_t) first + count, units, &after))
    {
        return false;
    }

    return cxr_money_sub(after, before, out);
}


/* Digits in groups of three behind "sep", or without any; into *n. */

static bool
cxr_money_whole(cxr_str_t s, uint64_t *n)
{
    char      c, sep;
    size_t    i, run;
    uint64_t  v;

    sep = 0;
    run = 0;
    v = 0;

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if (c >= '0' && c <= '9') {

            if (v > CXR_MONEY_MAX || (sep != 0 && run == 3)) {
                return false;
            }

            v = v * 10 + (uint64_t) (c - '0');
            run++;
            continue;
        }

        if ((c != '.' && c != ',' && c != ' ' && c != '\'')
            || (sep != 0 && c != sep)
            || (sep == 0 ? run == 0 || run > 3 : run != 3))
        {
            return false;
        }

        sep = c;
        run = 0;
    }

    *n = v;

    return s.len != 0 && (sep == 0 || run == 3);
}


bool
cxr_money_typed(cxr_str_t s, cxr_str_t currency, cxr_money_t *amount)
{
    int          digits;
    size_t       at, i, after;
    uint64_t     v;
    cxr_money_t  whole;

    digits = cxr_currency_exponent(currency);

    if (digits < 0) {
        return false;
    }

    for (at = s.len; at > 0; at--) {
        if (s.data[at - 1] == '.' || s.data[at - 1] == ',') {
            break;
        }
    }

    after = s.len - at;

    if (at == 0 || after == 0 || after > (size_t) digits) {
        at = 0;
        after = 0;
    }

    if (!cxr_money_whole(at ? cxr_strn(s.data, at - 1) : s, &v)) {
        return false;
    }

    whole = (cxr_money_t) v;

    for (i = 0; i < (size_t) digits; i++) {

        if (i < after && (s.data[at + i] < '0' || s.data[at + i] > '9')) {
            return false;
        }

        if (whole > CXR_MONEY_MAX / 10) {
            return false;
        }

        whole = whole * 10 + (i < after ? s.data[at + i] - '0' : 0);
    }

    if (whole > CXR_MONEY_MAX) {
        return false;
    }

    *amount = whole;

    return true;
}
