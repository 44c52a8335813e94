
/*
 * Growing and filling of the bounded buffer.  The escapes are in cxr_escape.c.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_buf.h"

#define CXR_BUF_FIRST   256
#define CXR_BUF_DIGITS  20              /* of UINT64_MAX */


void
cxr_buf_init(cxr_buf_t *b, size_t max)
{
    memset(b, 0, sizeof(cxr_buf_t));

    b->max = max;
    b->owned = true;
}


void
cxr_buf_init_fixed(cxr_buf_t *b, void *mem, size_t size)
{
    memset(b, 0, sizeof(cxr_buf_t));

    b->data = mem;
    b->cap = size;
    b->max = size;
}


void
cxr_buf_free(cxr_buf_t *b)
{
    if (b->owned) {
        free(b->data);
    }

    memset(b, 0, sizeof(cxr_buf_t));
}


void
cxr_buf_reset(cxr_buf_t *b)
{
    b->len = 0;
    b->failed = false;
}


bool
cxr_buf_grow(cxr_buf_t *b, size_t n)
{
    char    *data;
    size_t   cap;

    if (b->failed) {
        return false;
    }

    if (n <= b->cap - b->len) {
        return true;
    }

    if (!b->owned || n > b->max - b->len) {
        b->failed = true;
        return false;
    }

    cap = b->cap < CXR_BUF_FIRST ? CXR_BUF_FIRST : b->cap;

    while (cap < b->len + n) {

        if (cap > b->max / 2) {
            cap = b->max;
            break;
        }

        cap *= 2;
    }

    if (cap > b->max) {
        cap = b->max;
    }

    data = realloc(b->data, cap);
    if (data == NULL) {
        b->failed = true;
        return false;
    }

    b->data = data;
    b->cap = cap;

    return true;
}


void
cxr_buf_addz(cxr_buf_t *b, const char *z)
{
    cxr_buf_add(b, z, strlen(z));
}


void
cxr_buf_addi(cxr_buf_t *b, int64_t v)
{
    if (v < 0) {
        cxr_buf_addc(b, '-');
        cxr_buf_addu(b, 0 - (uint64_t) v);
        return;
    }

    cxr_buf_addu(b, (uint64_t) v);
}


void
cxr_buf_addu(cxr_buf_t *b, uint64_t v)
{
    char  digits[CXR_BUF_DIGITS], *p;

    if (v < 10) {
        cxr_buf_addc(b, (char) ('0' + v));
        return;
    }

    p = digits + sizeof(digits);

    do {
        *--p = (char) ('0' + v % 10);
        v /= 10;
    } while (v != 0);

    cxr_buf_add(b, p, (size_t) (digits + sizeof(digits) - p));
}


void
cxr_buf_addf(cxr_buf_t *b, const char *fmt, ...)
{
    int      n;
    char    *p, small[256];
    size_t   len;
    va_list  args;

    va_start(args, fmt);
    n = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);

    if (n < 0) {
        b->failed = true;
        return;
    }

    len = (size_t) n;

    if (len < sizeof(small)) {
        cxr_buf_add(b, small, len);
        return;
    }

    /*
     * printf's NUL needs one byte more than the text, which may fill a buffer
     * to its very end: the long case goes through memory of its own.
     */

    if (!cxr_buf_need(b, len)) {
        return;
    }

    p = malloc(len + 1);
    if (p == NULL) {
        b->failed = true;
        return;
    }

    va_start(args, fmt);
    (void) vsnprintf(p, len + 1, fmt, args);
    va_end(args);

    cxr_buf_add(b, p, len);

    free(p);
}
