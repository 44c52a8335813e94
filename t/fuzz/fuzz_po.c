
/* Any bytes as a .po: entries or a fault with a line, then their messages. */

#include <stdlib.h>

#include "cxr_message.h"
#include "cxr_po.h"
#include "cxr_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t          at;
    cxr_po_t        po;
    cxr_rc_t        rc;
    uint32_t        i;
    cxr_diag_t      d;
    cxr_arena_t    *a;
    cxr_message_t   msg;

    memset(&d, 0, sizeof(d));
    a = cxr_arena_create(8 << 20);

    rc = cxr_po_parse(cxr_strn(data, size), "fuzz.po", a, &po, &d);

    if (rc != CXR_OK) {
        if (d.text[0] == '\0' || d.rc != rc) {
            abort();
        }

        cxr_arena_destroy(a);
        return 0;
    }

    for (i = 0; i < po.n; i++) {
        if (!cxr_utf8_valid(po.items[i].text) || po.items[i].key.len == 0
            || (i != 0 && cxr_str_cmp(po.items[i - 1].key, po.items[i].key)
                          >= 0))
        {
            abort();
        }

        rc = cxr_message_parse(po.items[i].text, 0x3f, a, &msg, &at, &d);

        if (at > po.items[i].text.len
            || cxr_po_line(&po.items[i], at) < po.items[i].line
            || (rc == CXR_OK && at != po.items[i].text.len))
        {
            abort();
        }
    }

    cxr_arena_destroy(a);

    return 0;
}
