
/*
 * RMA numbers: made from random bits, read from what people type.
 */

#include "cxr_id.h"

#define CXR_RMA_BASE     32
#define CXR_RMA_RANDOM   7              /* characters that carry 5 bits each */
#define CXR_RMA_DIGITS   8              /* and the check character           */


static const char  cxr_crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";


static unsigned cxr_rma_check(const uint8_t *digits);
static void cxr_rma_print(const uint8_t *digits, char *out);
static int cxr_rma_digit(char c);


void
cxr_rma_id_make(const uint8_t random[5], char out[CXR_RMA_ID_LEN])
{
    uint8_t   digits[CXR_RMA_DIGITS];
    uint64_t  bits;
    unsigned  i;

    for (i = 0, bits = 0; i < 5; i++) {
        bits = bits << 8 | random[i];
    }

    for (i = CXR_RMA_RANDOM; i > 0; i--) {
        digits[i - 1] = bits % CXR_RMA_BASE;
        bits /= CXR_RMA_BASE;
    }

    digits[CXR_RMA_RANDOM] = (uint8_t) cxr_rma_check(digits);

    cxr_rma_print(digits, out);
}


cxr_rc_t
cxr_rma_id_parse(cxr_str_t in, char out[CXR_RMA_ID_LEN])
{
    int       v;
    char      c, kept[CXR_RMA_DIGITS + 1], *p;
    size_t    i, n;
    uint8_t   digits[CXR_RMA_DIGITS];

    for (i = 0, n = 0; i < in.len; i++) {
        c = in.data[i];

        if (c == '-' || c == ' ' || (c >= '\t' && c <= '\r')) {
            continue;
        }

        if (n == sizeof(kept)) {
            return CXR_INVALID;
        }

        kept[n++] = c;
    }

    p = kept;

    if (n == CXR_RMA_DIGITS + 1 && (*p == 'R' || *p == 'r')) {
        p++;
        n--;
    }

    if (n != CXR_RMA_DIGITS) {
        return CXR_INVALID;
    }

    for (i = 0; i < n; i++) {

        v = cxr_rma_digit(p[i]);
        if (v < 0) {
            return CXR_INVALID;
        }

        digits[i] = (uint8_t) v;
    }

    if (digits[CXR_RMA_RANDOM] != cxr_rma_check(digits)) {
        return CXR_INVALID;
    }

    cxr_rma_print(digits, out);

    return CXR_OK;
}


/*
 * Every second digit, the last one first, is doubled and its own two digits
 * are added.  As the base is even this maps no two digits to one, so that no
 * single wrong digit leaves the sum as it was.
 */

static unsigned
cxr_rma_check(const uint8_t *digits)
{
    unsigned  i, v, sum;

    for (i = 0, sum = 0; i < CXR_RMA_RANDOM; i++) {
        v = digits[i];

        if ((CXR_RMA_RANDOM - i) % 2 == 1) {
            v *= 2;
            v = v / CXR_RMA_BASE + v % CXR_RMA_BASE;
        }

        sum += v;
    }

    return (CXR_RMA_BASE - sum % CXR_RMA_BASE) % CXR_RMA_BASE;
}


static void
cxr_rma_print(const uint8_t *digits, char *out)
{
    unsigned  i;

    *out++ = 'R';

    for (i = 0; i < CXR_RMA_DIGITS; i++) {

        if (i % 4 == 0) {
            *out++ = '-';
        }

        *out++ = cxr_crockford[digits[i]];
    }
}


static int
cxr_rma_digit(char c)
{
    const char  *p;

    if (c >= 'a' && c <= 'z') {
        c = (char) (c - 'a' + 'A');
    }

    if (c == 'O') {
        c = '0';

    } else if (c == 'I' || c == 'L') {
        c = '1';
    }

    p = memchr(cxr_crockford, c, CXR_RMA_BASE);

    return p ? (int) (p - cxr_crockford) : -1;
}


cxr_rc_t
cxr_rma_id_prefix(cxr_str_t in, char out[CXR_RMA_ID_LEN], size_t *len)
{
    int       v;
    char      c;
    size_t    i, n = 0;
    unsigned  digits = 0;

    for (i = 0; i < in.len; i++) {
        c = in.data[i];

        if (c == ' ' || c == '-') {
            continue;
        }

        if (n == 0) {
            if (c != 'R' && c != 'r') {
                return CXR_INVALID;
            }

            out[n++] = 'R';
            continue;
        }

        v = cxr_rma_digit(c);
        if (v < 0 || digits == CXR_RMA_DIGITS) {
            return CXR_INVALID;
        }

        if (digits++ % 4 == 0) {
            out[n++] = '-';
        }

        out[n++] = cxr_crockford[v];
    }

    *len = n;

    return digits != 0 ? CXR_OK : CXR_INVALID;
}
