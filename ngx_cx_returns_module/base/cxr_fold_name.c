
/*
 * Names and telephone numbers as people type them, brought to the form that
 * they are looked up by.  Unicode's decompositions and foldings are stable for
 * every character once it is assigned, so a newer ICU gives the same.
 */

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include "cxr_text.h"


#define CXR_DECOMPOSED_MAX  18       /* UTF-16 units: Unicode's longest        */


/* Letters that are no other with a mark, and what people type for them. */
static const struct {
    uint16_t     from;
    const char  *to;
} cxr_plain[] = {
    { 0x0131, "i" }, { 0x00df, "ss" }, { 0x00e6, "ae" }, { 0x00f8, "o" },
    { 0x00f0, "d" }, { 0x00fe, "th" }, { 0x0111, "d" }, { 0x0142, "l" },
    { 0x0153, "oe" }, { 0x0127, "h" }, { 0x0167, "t" }, { 0x0259, "e" }
};


typedef struct {
    char    *out;
    size_t   len;
    bool     full;
} cxr_word_t;


static void
cxr_word_add(cxr_word_t *w, const char *s, size_t n)
{
    if (w->len + n > CXR_WORD_MAX) {
        w->full = true;              /* the rest of a long word does not count */
        return;
    }

    if (!w->full) {
        memcpy(w->out + w->len, s, n);
        w->len += n;
    }
}


static void
cxr_word_put(cxr_word_t *w, uint32_t cp)
{
    char    s[4];
    size_t  i;

    cp = (uint32_t) u_foldCase((UChar32) cp, U_FOLD_CASE_DEFAULT);

    for (i = 0; i < cxr_nelts(cxr_plain); i++) {
        if (cxr_plain[i].from == cp) {
            cxr_word_add(w, cxr_plain[i].to, strlen(cxr_plain[i].to));
            return;
        }
    }

    if (cp < 0x80) {
        s[0] = (char) cp;
        cxr_word_add(w, s, 1);

    } else if (cp < 0x800) {
        s[0] = (char) (0xc0 | cp >> 6);
        s[1] = (char) (0x80 | (cp & 0x3f));
        cxr_word_add(w, s, 2);

    } else if (cp < 0x10000) {
        s[0] = (char) (0xe0 | cp >> 12);
        s[1] = (char) (0x80 | (cp >> 6 & 0x3f));
        s[2] = (char) (0x80 | (cp & 0x3f));
        cxr_word_add(w, s, 3);

    } else {
        s[0] = (char) (0xf0 | cp >> 18);
        s[1] = (char) (0x80 | (cp >> 12 & 0x3f));
        s[2] = (char) (0x80 | (cp >> 6 & 0x3f));
        s[3] = (char) (0x80 | (cp & 0x3f));
        cxr_word_add(w, s, 4);
    }
}


/* False: it ends a word. */
static bool
cxr_word_char(cxr_word_t *w, uint32_t cp)
{
    int32_t             i, n;
    UChar               part[CXR_DECOMPOSED_MAX];
    UChar32             c;
    UErrorCode          err = U_ZERO_ERROR;
    const UNormalizer2  *nfkd;

    if (cp < 0x80) {
        if (cp >= 'A' && cp <= 'Z') {
            cp = cp - 'A' + 'a';
        }

        if ((cp < 'a' || cp > 'z') && (cp < '0' || cp > '9')) {
            return false;
        }

        cxr_word_put(w, cp);
        return true;
    }

    if (cp == CXR_UTF8_BAD) {
        return false;
    }

    if (u_charType((UChar32) cp) == U_NON_SPACING_MARK
        || cxr_utf8_is_hidden(cp))
    {
        return !cxr_utf8_is_blank(cp);          /* a mark of its own */
    }

    if (!u_isalnum((UChar32) cp)) {
        return false;
    }

    nfkd = unorm2_getNFKDInstance(&err);
    n = U_SUCCESS(err) ? unorm2_getDecomposition(nfkd, (UChar32) cp, part,
                                                 CXR_DECOMPOSED_MAX, &err)
                       : -1;

    if (n < 0 || U_FAILURE(err)) {
        cxr_word_put(w, cp);
        return true;
    }

    for (i = 0; i < n; ) {
        U16_NEXT(part, i, n, c);

        if (u_charType(c) != U_NON_SPACING_MARK && u_isalnum(c)) {
            cxr_word_put(w, (uint32_t) c);
        }
    }

    return true;
}


size_t
cxr_fold_word(cxr_str_t *in, char out[CXR_WORD_MAX])
{
    cxr_word_t  w = { out, 0, false };

    while (in->len != 0) {
        if (!cxr_word_char(&w, cxr_utf8_next(in)) && w.len != 0) {
            break;
        }
    }

    return w.len;
}


cxr_rc_t
cxr_fold_phone(cxr_str_t in, char out[CXR_PHONE_DIGITS], size_t *len)
{
    char      digits[64];
    size_t    n = 0;
    uint32_t  cp;

    in = cxr_str_trim(in);

    while (in.len != 0) {
        cp = cxr_utf8_next(&in);

        if (cp >= '0' && cp <= '9') {

            if (n == sizeof(digits)) {
                return CXR_INVALID;
            }

            if (n != 0 || cp != '0') {
                digits[n++] = (char) cp;
            }

        } else if (!cxr_utf8_is_blank(cp) && !cxr_utf8_is_hidden(cp)
                   && !(cp >= 0x2010 && cp <= 0x2015)
                   && (cp == 0 || cp >= 0x80
                       || strchr("+()-./", (int) cp) == NULL))
        {
            return CXR_INVALID;
        }
    }

    if (n < CXR_PHONE_DIGITS - 1) {
        return CXR_INVALID;
    }

    *len = n < CXR_PHONE_DIGITS ? n : CXR_PHONE_DIGITS;
    memcpy(out, digits + n - *len, *len);

    return CXR_OK;
}
