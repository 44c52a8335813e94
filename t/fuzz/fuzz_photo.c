
/*
 * Any bytes as a photo.  What is taken is a JPEG of ours, no larger than it
 * may be, and is taken again.
 */

#include <stdlib.h>

#include "cxr_photo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cxr_buf_t        out, again;
    cxr_photo_ref_t  ref;

    cxr_buf_init(&out, 32 << 20);
    cxr_buf_init(&again, 32 << 20);

    if (cxr_photo_make(cxr_strn(data, size), &out, &ref) == CXR_OK) {
        if (ref.width == 0 || ref.width > CXR_PHOTO_SIDE_MAX
            || ref.height == 0 || ref.height > CXR_PHOTO_SIDE_MAX
            || ref.bytes != out.len
            || cxr_photo_make(cxr_buf_str(&out), &again, &ref) != CXR_OK)
        {
            abort();
        }
    }

    cxr_buf_free(&out);
    cxr_buf_free(&again);

    return 0;
}
