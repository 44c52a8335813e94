
/*
 * Any text set on a label: it stays within its block, is UTF-8 that XML takes,
 * and ends.  Pieces of an address are divided by bytes 0.
 */

#include <stdlib.h>

#include "cxr_label_text.h"
#include "cxr_text.h"

#define FUZZ_ARENA_MAX  (4 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
check(cxr_str_t s)
{
    uint32_t  cp;

    while (s.len != 0) {
        cp = cxr_utf8_next(&s);

        if (cp == CXR_UTF8_BAD || cp < 0x20 || (cp & 0xfffe) == 0xfffe) {
            abort();
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t                   i, n, from;
    cxr_str_t                pieces[CXR_LABEL_PIECES_MAX], s;
    cxr_arena_t             *a;
    cxr_label_block_t        b = { 180, 350, 920, 46, 32 };
    cxr_view_label_rows_t    rows;

    a = cxr_arena_create(FUZZ_ARENA_MAX);

    if (a == NULL) {
        return 0;
    }

    n = 0;
    from = 0;

    for (i = 0; i <= size && n < CXR_LABEL_PIECES_MAX; i++) {
        if (i == size || data[i] == 0) {
            pieces[n++] = cxr_strn(data + from, i - from);
            from = i + 1;
        }
    }

    memset(&rows, 0, sizeof(rows));

    if (cxr_label_set(&b, pieces, n, a, &rows) == CXR_OK) {

        if (rows.n > CXR_LABEL_ROWS_MAX + 1) {
            abort();
        }

        for (i = 0; i < rows.n; i++) {
            check(rows.items[i].text);

            if (rows.items[i].y > b.top + b.height
                || cxr_label_width(rows.items[i].text, rows.items[i].strong)
                   * rows.items[i].size / 1000 > b.width)
            {
                abort();
            }
        }
    }

    s = cxr_label_cut(cxr_strn(data, size), 430, 38, true, a);

    if (s.data != NULL) {
        check(s);

        if (cxr_label_width(s, true) * 38 / 1000 > 430) {
            abort();
        }
    }

    cxr_arena_destroy(a);

    return 0;
}
