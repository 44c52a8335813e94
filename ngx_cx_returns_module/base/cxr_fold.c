
/*
 * Ids and addresses as people type them, brought to the one form that keys and
 * comparisons use.  The folding is for looking up, never for showing.
 */

#include "cxr_text.h"

#define CXR_COMBINING_DOT  0x0307


/* Where a folded text goes, and how much of it is allowed. */
typedef struct {
    char    *out;
    size_t   len;
    size_t   max;
} cxr_fold_t;


static cxr_rc_t cxr_fold_put(cxr_fold_t *f, const char *data, size_t len);
static uint32_t cxr_fold_width(uint32_t cp);


cxr_rc_t
cxr_fold_number(cxr_str_t in, char *out, size_t *len)
{
    char         c;
    uint32_t     cp;
    cxr_rc_t     rc;
    cxr_fold_t   f = { out, 0, CXR_NUMBER_MAX };
    const char  *from;

    while (in.len != 0) {

        from = in.data;

        /* most are digits and capitals, as they are */

        if ((*from >= '0' && *from <= '9') || (*from >= 'A' && *from <= 'Z')) {

            if (f.len == f.max) {
                return CXR_LIMIT;
            }

            out[f.len++] = *from;
            in.data++;
            in.len--;
            continue;
        }

        cp = cxr_utf8_next(&in);
        if (cp == CXR_UTF8_BAD) {
            return CXR_INVALID;
        }

        cp = cxr_fold_width(cp);

        if (cxr_utf8_is_blank(cp) || (cp >= 0x2010 && cp <= 0x2015)
            || (cp < 0x80 && cp != 0 && strchr("-_./#", (int) cp) != NULL))
        {
            continue;
        }

        /*
         * A page's own lower-casing turns U+0130 into an i and a combining
         * dot; marks of direction come along with copied text.
         */

        if (cp == CXR_COMBINING_DOT && f.len != 0 && out[f.len - 1] == 'I') {
            continue;
        }

        if (cxr_utf8_is_hidden(cp)) {

            if (cp < 0xa0) {
                return CXR_INVALID;
            }

            continue;
        }

        if (cp == 0x0130 || cp == 0x0131) {
            cp = 'I';
        }

        if (cp < 0x80) {
            c = (char) cp;

            if (c >= 'a' && c <= 'z') {
                c = (char) (c - 'a' + 'A');
            }

            rc = cxr_fold_put(&f, &c, 1);

        } else {
            rc = cxr_fold_put(&f, from, (size_t) (in.data - from));
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    *len = f.len;

    return f.len != 0 ? CXR_OK : CXR_INVALID;
}


cxr_rc_t
cxr_fold_tracking(cxr_str_t in, char *out, size_t *len)
{
    char        c;
    size_t      i;
    cxr_fold_t  f = { out, 0, CXR_TRACKING_MAX };

    for (i = 0; i < in.len; i++) {

        c = in.data[i];

        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            continue;
        }

        if (c >= 'a' && c <= 'z') {
            c = (char) (c - 'a' + 'A');

        } else if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')
                   && c != '.' && c != '_' && c != '/' && c != '-')
        {
            return CXR_INVALID;
        }

        if (cxr_fold_put(&f, &c, 1) != CXR_OK) {
            return CXR_INVALID;
        }
    }

    *len = f.len;

    return f.len != 0 ? CXR_OK : CXR_INVALID;
}


cxr_rc_t
cxr_fold_email(cxr_str_t in, char *out, size_t *len)
{
    char         c;
    size_t       ats, at;
    uint32_t     cp;
    cxr_rc_t     rc;
    cxr_fold_t   f = { out, 0, CXR_EMAIL_MAX };
    const char  *from;

    in = cxr_str_trim(in);
    ats = 0;
    at = 0;

    while (in.len != 0) {

        from = in.data;

        cp = cxr_utf8_next(&in);

        if (cp == CXR_UTF8_BAD || cxr_utf8_is_blank(cp)
            || cxr_utf8_is_hidden(cp))
        {
            return CXR_INVALID;
        }

        if (cp == CXR_COMBINING_DOT && f.len != 0 && out[f.len - 1] == 'i') {
            continue;
        }

        if (cp == 0x0130 || cp == 0x0131) {
            cp = 'i';
        }

        if (cp == '@') {
            ats++;
            at = f.len;
        }

        if (cp < 0x80) {
            c = (char) cp;

            if (c >= 'A' && c <= 'Z') {
                c = (char) (c - 'A' + 'a');
            }

            rc = cxr_fold_put(&f, &c, 1);

        } else {
            rc = cxr_fold_put(&f, from, (size_t) (in.data - from));
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (ats != 1 || at == 0 || at + 1 == f.len) {
        return CXR_INVALID;
    }

    *len = f.len;

    return CXR_OK;
}


cxr_rc_t
cxr_fold_postcode(cxr_str_t in, char *out, size_t *len)
{
    char        c;
    uint32_t    cp;
    cxr_fold_t  f = { out, 0, CXR_POSTCODE_MAX };

    while (in.len != 0) {

        cp = cxr_utf8_next(&in);
        if (cp == CXR_UTF8_BAD) {
            return CXR_INVALID;
        }

        cp = cxr_fold_width(cp);

        if (cp == 0x0130 || cp == 0x0131) {
            cp = 'I';
        }

        if (cxr_utf8_is_blank(cp) || cxr_utf8_is_hidden(cp)
            || (cp >= 0x2010 && cp <= 0x2015))
        {
            continue;
        }

        if (cp >= 0x80) {
            return CXR_INVALID;
        }

        c = (char) cp;

        if (c >= 'a' && c <= 'z') {
            c = (char) (c - 'a' + 'A');

        } else if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
            continue;
        }

        if (cxr_fold_put(&f, &c, 1) != CXR_OK) {
            return CXR_LIMIT;
        }
    }

    *len = f.len;

    return f.len != 0 ? CXR_OK : CXR_INVALID;
}


static cxr_rc_t
cxr_fold_put(cxr_fold_t *f, const char *data, size_t len)
{
    if (len > f->max - f->len) {
        return CXR_LIMIT;
    }

    memcpy(f->out + f->len, data, len);
    f->len += len;

    return CXR_OK;
}


/*
 * The full-width forms stand in the order of ASCII; the digits of Arabic and of
 * Persian keyboards in that of its own.
 */

static uint32_t
cxr_fold_width(uint32_t cp)
{
    if (cp >= 0xff01 && cp <= 0xff5e) {
        return cp - 0xff01 + '!';
    }

    if ((cp >= 0x0660 && cp <= 0x0669) || (cp >= 0x06f0 && cp <= 0x06f9)) {
        return (cp & 0xf) + '0';
    }

    return cp;
}
