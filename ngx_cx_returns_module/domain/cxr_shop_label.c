
/*
 * The labels of a shop's file: for which paper, for which printers, and what
 * the shop says on the slip.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_file.h"
#include "cxr_shop_private.h"
#include "cxr_text.h"

#define CXR_LABEL_DPI     203
#define CXR_LOGO_HEAD     24            /* of a PNG: up to its height          */
#define CXR_LOGO_SCHEME   "data:image/png;base64,"

const char *const  cxr_label_size_names[] = { "100x150", "4x6", "a4", NULL };


cxr_rc_t
cxr_shop_label(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    int        size;
    json_t    *note;
    cxr_jr_t   r;
    cxr_str_t  name;

    shop->label.size = CXR_LABEL_100X150;
    shop->label.dpi = CXR_LABEL_DPI;

    if (json == NULL || !cxr_jr_begin(&r, json, "/label", a, faults)) {
        return CXR_OK;
    }

    note = NULL;
    name = CXR_STR_NONE;

    if (cxr_jr_line(&r, "size", 16, 0, &name) && name.data != NULL) {
        size = cxr_name_index(cxr_label_size_names, name);

        if (size < 0) {
            cxr_jr_fault(&r, "size", "must be \"100x150\" (millimetres), "
                         "\"4x6\" (inches) or \"a4\"");

        } else {
            shop->label.size = (uint8_t) size;
        }
    }

    if (cxr_jr_u32(&r, "dpi", 0, UINT32_MAX, 0, &shop->label.dpi)
        && shop->label.dpi != 203 && shop->label.dpi != 300
        && shop->label.dpi != 600)
    {
        cxr_jr_fault(&r, "dpi", "must be 203, 300 or 600: how many dots to the "
                     "inch the label printers have");
    }

    cxr_jr_line(&r, "logo", 200, 0, &shop->label.logo_file);
    cxr_jr_object(&r, "note", 0, &note);
    cxr_jr_end(&r);

    return note ? cxr_shop_texts(note, "/label/note", CXR_SHOP_NOTE_MAX, a,
                                 shop, &shop->label.note, faults)
                : CXR_OK;
}


static uint32_t
cxr_logo_u32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8
           | p[3];
}


/*
 * What PNG's specification has at the beginning (RFC 2083 section 3.1 and
 * 4.1.1): the signature, then IHDR with the sides.  NULL: nothing is wrong.
 */
static const char *
cxr_logo_wrong(const uint8_t *data, size_t n)
{
    uint32_t  width, height;

    static const uint8_t  head[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    if (n < CXR_LOGO_HEAD || memcmp(data, head, sizeof(head) - 1) != 0) {
        return "is no PNG";
    }

    width = cxr_logo_u32(data + 16);
    height = cxr_logo_u32(data + 20);

    if (width == 0 || height == 0 || width > CXR_LOGO_SIDE_MAX
        || height > CXR_LOGO_SIDE_MAX || width * height > CXR_LOGO_PIXELS_MAX)
    {
        return "has more pixels than a label's logo may have, a million and "
               "2000 to a side";
    }

    return NULL;
}


/* pages carry the logo within them: a label is a file that stands alone */
static cxr_rc_t
cxr_logo_url(cxr_shop_t *shop, cxr_arena_t *a)
{
    char    *url;
    size_t   i, n;

    n = sizeof(CXR_LOGO_SCHEME) - 1;
    url = cxr_alloc(a, n + shop->label.logo.len * 4 / 3 + 4);

    if (url == NULL) {
        return CXR_NOMEM;
    }

    memcpy(url, CXR_LOGO_SCHEME, n);
    n += cxr_b64url_encode(shop->label.logo.data, shop->label.logo.len,
                           url + n);

    /* data: wants the other alphabet, and validators the padding */

    for (i = sizeof(CXR_LOGO_SCHEME) - 1; i < n; i++) {
        url[i] = url[i] == '-' ? '+' : url[i] == '_' ? '/' : url[i];
    }

    for (i = shop->label.logo.len; i % 3 != 0; i++) {
        url[n++] = '=';
    }

    shop->label.logo_url = cxr_strn(url, n);

    return CXR_OK;
}


cxr_rc_t
cxr_shop_logo(const char *path, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char        *data;
    size_t       n;
    cxr_jr_t     r;
    cxr_rc_t     rc;
    cxr_str_t    name;
    cxr_diag_t   d;
    const char  *slash, *wrong;

    name = shop->label.logo_file;

    if (name.len == 0) {
        return CXR_OK;
    }

    memset(&r, 0, sizeof(r));
    memset(&d, 0, sizeof(d));
    r.faults = faults;
    (void) snprintf(r.path, sizeof(r.path), "/label");

    slash = name.data[0] == '/' ? NULL : strrchr(path, '/');
    name = cxr_sprintf(a, "%.*s%.*s", slash ? (int) (slash + 1 - path) : 0,
                       path, cxr_str_arg(name));

    if (name.data == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_file_read(name.data, CXR_LOGO_FILE_MAX, &data, &n, &d);

    if (rc != CXR_OK) {
        cxr_jr_fault(&r, "logo", "%s; paths are from where this file stands",
                     d.text);
        return rc == CXR_NOMEM ? CXR_NOMEM : CXR_INVALID;
    }

    wrong = cxr_logo_wrong((uint8_t *) data, n);

    if (wrong != NULL) {
        cxr_jr_fault(&r, "logo", "%s: a PNG is wanted, dark on white or on "
                     "nothing", wrong);
        rc = CXR_INVALID;

    } else {
        rc = cxr_str_dup(a, cxr_strn(data, n), &shop->label.logo);
    }

    free(data);

    return rc == CXR_OK ? cxr_logo_url(shop, a) : rc;
}
