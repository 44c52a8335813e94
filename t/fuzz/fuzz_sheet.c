
/*
 * Any text drawn on a sheet: the PDF is whole and the same again, and what goes
 * to a label printer is one graphic, whatever the text says.  Texts are divided
 * by bytes 0; a text's first byte says how large, how bold and how wide.
 */

#include <stdlib.h>

#include "cxr_sheet.h"

#define FUZZ_ARENA_MAX  (4 * 1024 * 1024)
#define FUZZ_OUT_MAX    (8 * 1024 * 1024)
#define FUZZ_SIDE       20000

#define MUST(x)  do { if (!(x)) { abort(); } } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cxr_fonts_t  *fonts;


static void
fuzz_fonts(void)
{
    size_t      n;
    cxr_diag_t  d;

    memset(&d, 0, sizeof(d));

    for (n = 0; cxr_font_usual[n] != NULL; n++) {
        /* void */
    }

    MUST(cxr_fonts_load(cxr_font_usual, n, &fonts, &d) == CXR_OK);
}


static void
fuzz_zpl(cxr_str_t zpl)
{
    size_t  i, carets;

    MUST(zpl.len > 8 && memcmp(zpl.data, "^XA\n^CI28\n", 10) == 0);
    MUST(memcmp(zpl.data + zpl.len - 4, "^XZ\n", 4) == 0);

    for (i = 0, carets = 0; i < zpl.len; i++) {
        MUST(zpl.data[i] == '\n'
             || (zpl.data[i] >= 0x20 && zpl.data[i] < 0x7e));
        carets += zpl.data[i] == '^';
    }

    /* XA CI PW LL LH LS PO FO GF FS PQ XZ */

    MUST(carets == 12);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t          i, from;
    cxr_buf_t       pdf, again, zpl;
    cxr_str_t       text;
    cxr_arena_t    *a;
    cxr_sheet_t     sheet;
    cxr_drawing_t   d;

    if (fonts == NULL) {
        fuzz_fonts();
    }

    a = cxr_arena_create(FUZZ_ARENA_MAX);
    MUST(a != NULL);

    memset(&d, 0, sizeof(d));
    memset(&sheet, 0, sizeof(sheet));
    d.a = a;
    sheet.width = FUZZ_SIDE;
    sheet.height = FUZZ_SIDE;
    sheet.title = cxr_str("R-7K3M-9QXC");
    sheet.created = INT64_C(1763719200000);

    for (i = 0, from = 0; i <= size && d.ops.n < 16; i++) {
        if (i != size && data[i] != 0) {
            continue;
        }

        text = cxr_strn(data + from, i - from);

        if (text.len > 1) {
            (void) cxr_font_width(fonts, text, data[from] & 1);
            cxr_draw_text(&d, (data[from] & 0xf0) * 100, 3000 + 1000 * d.ops.n,
                          500 + (data[from] & 0x0e) * 200, data[from] & 1,
                          (cxr_align_t) (data[from] % 3),
                          data[from] & 0x80 ? 9000 : 0,
                          cxr_strn(text.data + 1, text.len - 1));
        }

        from = i + 1;
    }

    cxr_draw_frame(&d, 100, 100, FUZZ_SIDE - 200, FUZZ_SIDE - 200, 200);
    MUST(cxr_sheet_page(&sheet, &d, a) == CXR_OK);

    cxr_buf_init(&pdf, FUZZ_OUT_MAX);
    cxr_buf_init(&again, FUZZ_OUT_MAX);
    cxr_buf_init(&zpl, FUZZ_OUT_MAX);

    MUST(cxr_sheet_pdf(&sheet, fonts, &pdf) == CXR_OK);
    MUST(cxr_sheet_pdf(&sheet, fonts, &again) == CXR_OK);
    MUST(pdf.len == again.len && memcmp(pdf.data, again.data, pdf.len) == 0);
    MUST(pdf.len > 9 && memcmp(pdf.data, "%PDF-1.", 7) == 0
         && memcmp(pdf.data + pdf.len - 6, "%%EOF\n", 6) == 0);

    MUST(cxr_sheet_zpl(&sheet, fonts, 203, &zpl) == CXR_OK);
    fuzz_zpl(cxr_buf_str(&zpl));

    cxr_buf_free(&pdf);
    cxr_buf_free(&again);
    cxr_buf_free(&zpl);
    cxr_arena_destroy(a);

    return 0;
}
