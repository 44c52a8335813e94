
/*
 * A law's file from any bytes: either a whole law or at least one complaint
 * with its place.
 */

#include <stdlib.h>

#include "cxr_law.h"

#define MUST(x)  do { if (!(x)) { abort(); } } while (0)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        i, n;
    cxr_rc_t      rc;
    cxr_law_t    *law;
    cxr_diag_t    diags[16];
    cxr_arena_t  *a;

    a = cxr_arena_create(4 * 1024 * 1024);
    MUST(a != NULL);

    n = 0;
    rc = cxr_law_parse(cxr_strn(data, size), cxr_str("xx"), "xx.json", a, &law,
                       diags, cxr_nelts(diags), &n);

    if (rc == CXR_OK) {
        MUST(n == 0 && law != NULL && law->versions.n > 0);
        MUST(law->name.n > 0 && law->countries.n > 0);

        for (i = 0; i < law->versions.n; i++) {
            MUST(law->versions.items[i].window_days > 0);
            MUST(law->versions.items[i].sources.n > 0);
            MUST(i == 0 || law->versions.items[i].valid_from
                           > law->versions.items[i - 1].valid_from);
        }

    } else {
        MUST(law == NULL && n > 0 && n <= cxr_nelts(diags));

        for (i = 0; i < n; i++) {
            MUST(diags[i].text[0] != '\0' && diags[i].line > 0);
        }
    }

    cxr_arena_destroy(a);

    return 0;
}
