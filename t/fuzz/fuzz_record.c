
/*
 * Any bytes as a record: they are refused, or they are the only encoding of
 * what was read from them.
 */

#include <stdlib.h>

#include "../unit/base_record_types.h"

#define FUZZ_ARENA_MAX  (64 * 1024 * 1024)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cxr_rc_t       rc;
    uint16_t       type, version;
    uint64_t       seq;
    cxr_jw_t       w;
    cxr_buf_t      b;
    cxr_arena_t   *a;
    base_order_t   order, copy;

    a = cxr_arena_create(FUZZ_ARENA_MAX);
    cxr_buf_init(&b, 4 * CXR_RECORD_MAX);

    rc = cxr_rec_decode(&base_order_type, data, size, &order, a);

    if (rc == CXR_OK) {

        if (cxr_rec_head(data, size, &type, &version, &seq) != CXR_OK
            || cxr_rec_copy(&base_order_type, &order, &copy, a) != CXR_OK
            || !cxr_rec_equal(&base_order_type, &order, &copy))
        {
            abort();
        }

        rc = cxr_rec_encode(&base_order_type, &copy, seq, &b);

        /* an older program wrote an older version, or the old format */

        if (rc == CXR_OK && data[3] == '2'
            && version == base_order_type.version
            && (b.len != size || memcmp(b.data, data, size) != 0))
        {
            abort();
        }

        cxr_buf_reset(&b);
        cxr_jw_init(&w, &b);
        cxr_rec_json(&base_order_type, &copy, NULL, CXR_REC_DUMP, &w);

    } else if (rc != CXR_INVALID && rc != CXR_NOMEM) {
        abort();
    }

    cxr_buf_free(&b);
    cxr_arena_destroy(a);

    return 0;
}
