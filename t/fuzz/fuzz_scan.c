
/*
 * What a scanner may type: read or refused, and what is read is text.
 */

#include <stdint.h>
#include <stdlib.h>

#include "cxr_scan.h"
#include "cxr_text.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t           i;
    cxr_rc_t         rc;
    cxr_arena_t     *a;
    cxr_scan_code_t  code;

    a = cxr_arena_create(64 * 1024);
    if (a == NULL) {
        return 0;
    }

    rc = cxr_scan_read(cxr_strn((const char *) data, size), a, &code);

    if (rc == CXR_OK) {
        if ((code.kind == CXR_SCAN_EMPTY) != (code.text.len == 0)
            || code.text.len > CXR_SCAN_MAX || !cxr_utf8_valid(code.text))
        {
            abort();
        }

        for (i = 0; i < code.text.len; i++) {
            if ((unsigned char) code.text.data[i] < ' ') {
                abort();
            }
        }
    }

    cxr_arena_destroy(a);

    return 0;
}
