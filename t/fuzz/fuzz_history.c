
/*
 * Bytes drive a history of commands on one order; see domain_history.h for
 * what must hold after each.
 */

#include <stdlib.h>

#define HISTORY_CHECK(x)  do { if (!(x)) { abort(); } } while (0)

#include "../unit/domain_history.h"


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cxr_arena_t  *a;

    static history_t  h;

    if (h.tz == NULL) {
        HISTORY_CHECK(cxr_tz_load("Europe/Istanbul", &h.tz, NULL) == CXR_OK);
    }

    a = cxr_arena_create(16 * 1024 * 1024);
    HISTORY_CHECK(a != NULL);

    history_run(&h, a, data, size);

    cxr_arena_destroy(a);

    return 0;
}
