
#include "cxr_bidi.h"

#include <unicode/ubidi.h>
#include <unicode/ushape.h>
#include <unicode/ustring.h>

#include "cxr_text.h"

#define CXR_BIDI_SHAPE  (U_SHAPE_LETTERS_SHAPE                                \
                         |U_SHAPE_LENGTH_GROW_SHRINK                          \
                         |U_SHAPE_TEXT_DIRECTION_LOGICAL)

#define CXR_BIDI_WRITE  (UBIDI_DO_MIRRORING|UBIDI_REMOVE_BIDI_CONTROLS        \
                         |UBIDI_KEEP_BASE_COMBINING)


/* Most texts have no such letter, and need nothing of ICU. */

static bool
cxr_bidi_has_right(cxr_str_t text)
{
    uint32_t  cp;

    while (text.len != 0) {
        cp = cxr_utf8_next(&text);

        /* Hebrew to Arabic Extended, their presentation forms, and what of the
           second plane runs that way */

        if ((cp >= 0x590 && cp < 0x900) || (cp >= 0xfb1d && cp < 0xfe00)
            || (cp >= 0xfe70 && cp < 0xff00) || (cp >= 0x10800 && cp < 0x11000)
            || (cp >= 0x1e800 && cp < 0x1f000))
        {
            return true;
        }
    }

    return false;
}


static int32_t
cxr_bidi_order(const UChar *from, int32_t n, UChar *to, UErrorCode *error)
{
    UBiDi  *bidi;

    bidi = ubidi_openSized(n, 0, error);

    if (bidi == NULL) {
        return 0;
    }

    ubidi_setPara(bidi, from, n, UBIDI_DEFAULT_LTR, NULL, error);
    n = ubidi_writeReordered(bidi, to, CXR_BIDI_MAX, CXR_BIDI_WRITE, error);
    ubidi_close(bidi);

    return n;
}


cxr_str_t
cxr_bidi_seen(cxr_str_t text, char *mem)
{
    UChar       a[CXR_BIDI_MAX], b[CXR_BIDI_MAX];
    int32_t     n;
    UErrorCode  error;

    if (text.len > CXR_BIDI_BYTES || !cxr_bidi_has_right(text)) {
        return text;
    }

    error = U_ZERO_ERROR;
    u_strFromUTF8WithSub(a, CXR_BIDI_MAX, &n, text.data, (int32_t) text.len,
                         0xfffd, NULL, &error);
    n = u_shapeArabic(a, n, b, CXR_BIDI_MAX, CXR_BIDI_SHAPE, &error);

    if (U_SUCCESS(error)) {
        n = cxr_bidi_order(b, n, a, &error);
    }

    u_strToUTF8(mem, CXR_BIDI_BYTES, &n, a, n, &error);

    /* it is counted, so that it need not end with a 0 */

    return U_SUCCESS(error) ? cxr_strn(mem, (size_t) n) : text;
}
