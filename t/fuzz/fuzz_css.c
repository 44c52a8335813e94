
/*
 * A shop's style sheet from any bytes: packed it is never longer, and what is
 * taken is taken as packed, too, and leaves nothing open for what comes behind.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_css.h"

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cxr_rc_t    rc;
    cxr_str_t   css;
    cxr_buf_t   b;
    cxr_diag_t  d;

    if (size > CXR_SHOP_CSS_MAX) {
        return 0;
    }

    css = cxr_strn((const char *) data, size);
    memset(&d, 0, sizeof(d));

    rc = cxr_css_check(css, &d);
    FUZZ_CHECK(rc == CXR_OK || (d.line != 0 && d.text[0] != '\0'));

    cxr_buf_init(&b, size + 16);
    cxr_css_pack(css, &b);
    FUZZ_CHECK(cxr_buf_ok(&b) && b.len <= size);

    if (rc == CXR_OK) {
        cxr_buf_adds(&b, cxr_str("a{b:c}"));
        FUZZ_CHECK(cxr_css_check(cxr_buf_str(&b), &d) == CXR_OK);
    }

    cxr_buf_free(&b);

    return 0;
}
