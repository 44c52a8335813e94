
/*
 * What a hand scanner types, read back.
 */

#include "cxr_scan.h"

#include "cxr_text.h"


static const char  cxr_scan_token[] = "v4.";

/* what keys of an American keyboard give on a Turkish Q one */
static const struct {
    const char  *typed;
    char         meant;
} cxr_scan_keys[] = {
    { "\xC3\xA7", '.' },       /* ç                                           */
    { "\xC4\xB1", 'i' },       /* ı                                           */
    { "\xC4\xB0", '"' },       /* İ                                           */
    { "*", '-' },
    { "?", '_' }
};


static bool
cxr_scan_begins(cxr_str_t s, const char *with)
{
    size_t  n = strlen(with);

    return s.len >= n && memcmp(s.data, with, n) == 0;
}


/* Two signs that no number has, and every label's token or RMA number. */

static bool
cxr_scan_other_layout(cxr_str_t s)
{
    return cxr_scan_begins(s, "v4\xC3\xA7")
           || (s.len > 2 && (s.data[0] == 'R' || s.data[0] == 'r')
               && s.data[1] == '*');
}


static cxr_str_t
cxr_scan_back(cxr_str_t s, char *out)
{
    size_t  i, k, n, len;

    for (i = 0, n = 0; i < s.len; /* void */ ) {

        for (k = 0; k < cxr_nelts(cxr_scan_keys); k++) {
            len = strlen(cxr_scan_keys[k].typed);

            if (s.len - i >= len
                && memcmp(s.data + i, cxr_scan_keys[k].typed, len) == 0)
            {
                break;
            }
        }

        if (k < cxr_nelts(cxr_scan_keys)) {
            out[n++] = cxr_scan_keys[k].meant;
            i += strlen(cxr_scan_keys[k].typed);

        } else {
            out[n++] = s.data[i++];
        }
    }

    return cxr_strn(out, n);
}


cxr_rc_t
cxr_scan_read(cxr_str_t typed, cxr_arena_t *a, cxr_scan_code_t *out)
{
    char    *room;
    size_t   i;

    memset(out, 0, sizeof(*out));

    if (typed.len > CXR_SCAN_MAX) {
        return CXR_LIMIT;
    }

    while (typed.len && (unsigned char) typed.data[0] <= ' ') {
        typed.data++;
        typed.len--;
    }

    while (typed.len && (unsigned char) typed.data[typed.len - 1] <= ' ') {
        typed.len--;
    }

    if (typed.len == 0) {
        return CXR_OK;
    }

    for (i = 0; i < typed.len; i++) {
        if ((unsigned char) typed.data[i] < ' ' || typed.data[i] == 0x7f) {
            return CXR_INVALID;
        }
    }

    if (!cxr_utf8_valid(typed)) {
        return CXR_INVALID;
    }

    room = cxr_alloc(a, typed.len);
    if (room == NULL) {
        return CXR_NOMEM;
    }

    if (cxr_scan_other_layout(typed)) {
        out->text = cxr_scan_back(typed, room);
        out->layout = true;

    } else {
        memcpy(room, typed.data, typed.len);
        out->text = cxr_strn(room, typed.len);
    }

    out->kind = cxr_scan_begins(out->text, cxr_scan_token) ? CXR_SCAN_TOKEN
                                                           : CXR_SCAN_TEXT;
    return CXR_OK;
}
