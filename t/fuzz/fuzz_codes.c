
/*
 * An import of return codes from any bytes, as CSV and as JSON lines: codes
 * that may stand on a page and in a key, or the line that is wrong and why.
 * What was read, written as a spreadsheet would, is read again.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_rma_way.h"

#define FUZZ_ARENA  ((size_t) 16 << 20)

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_again(const cxr_codes_in_t *in, cxr_arena_t *a)
{
    uint32_t         i, line;
    cxr_rc_t         rc;
    cxr_buf_t        b;
    const char      *what;
    cxr_codes_in_t   again;

    cxr_buf_init(&b, (size_t) 4 << 20);
    cxr_buf_addz(&b, "\xef\xbb\xbf" "code;expires\r\n");

    for (i = 0; i < in->n; i++) {
        cxr_buf_addc(&b, '"');
        cxr_buf_adds(&b, in->items[i].code);
        cxr_buf_addz(&b, "\"");

        if (in->items[i].expires != CXR_TIME_NONE) {
            cxr_buf_addz(&b, ";");
            cxr_time_print(in->items[i].expires, &b);
        }

        cxr_buf_addz(&b, "\r\n");
    }

    FUZZ_CHECK(cxr_buf_ok(&b));

    rc = cxr_codes_parse(cxr_buf_str(&b), false, a, &again, &line, &what);
    FUZZ_CHECK(rc == CXR_OK);
    FUZZ_CHECK(again.n == in->n);

    for (i = 0; i < in->n; i++) {
        FUZZ_CHECK(cxr_str_eq(again.items[i].code, in->items[i].code));
        FUZZ_CHECK(again.items[i].expires == in->items[i].expires);
    }

    cxr_buf_free(&b);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int              json;
    uint32_t         i, line;
    cxr_rc_t         rc;
    cxr_arena_t     *a;
    const char      *what;
    cxr_codes_in_t   in;

    for (json = 0; json < 2; json++) {
        a = cxr_arena_create(FUZZ_ARENA);
        FUZZ_CHECK(a != NULL);

        rc = cxr_codes_parse(cxr_strn(data, size), json != 0, a, &in, &line,
                             &what);

        FUZZ_CHECK(rc == CXR_OK || rc == CXR_INVALID || rc == CXR_LIMIT);
        FUZZ_CHECK(in.n <= CXR_CODES_IMPORT_MAX);
        FUZZ_CHECK(rc != CXR_INVALID || (line >= 1 && what[0] != '\0'));

        for (i = 0; i < in.n; i++) {
            FUZZ_CHECK(cxr_is_code(in.items[i].code));
        }

        if (rc == CXR_OK) {
            fuzz_again(&in, a);
        }

        cxr_arena_destroy(a);
    }

    return 0;
}
