
/*
 * Forms with files: any bytes as the body, any first line as the Content-Type.
 * Values lie within the body and do not hold the boundary.
 */

#include <stdlib.h>

#include "cxr_multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        n;
    uint32_t      i;
    cxr_str_t     type, body, boundary;
    cxr_arena_t  *a;
    cxr_parts_t   parts;

    for (n = 0; n < size && data[n] != '\n'; n++) { /* void */ }

    type = cxr_strn(data, n);
    n += n < size;
    body = cxr_strn(data + n, size - n);

    if (cxr_multipart_boundary(type, &boundary) != CXR_OK) {
        return 0;
    }

    a = cxr_arena_create(16 << 20);

    if (cxr_multipart_parse(body, boundary, a, &parts) == CXR_OK) {
        for (i = 0; i < parts.n; i++) {
            if (parts.items[i].value.data < body.data
                || parts.items[i].value.data + parts.items[i].value.len
                   > body.data + body.len)
            {
                abort();
            }
        }
    }

    cxr_arena_destroy(a);

    return 0;
}
