
/*
 * A shop's pictures by their content: what a name ends in says nothing.
 */

#include <stdio.h>

#include "cxr_buf.h"
#include "cxr_photo.h"
#include "cxr_shop_picture.h"
#include "cxr_svg.h"
#include "cxr_text.h"

#define PICTURE_MADE_MAX  (64 * 1024 * 1024)     /* bytes, decoded and made anew */


static const char *const  picture_types[] = {
    [CXR_PICTURE_JPEG] = "image/jpeg",
    [CXR_PICTURE_PNG] = "image/png",
    [CXR_PICTURE_WEBP] = "image/webp",
};


/* Is it text that begins as XML does? */

static bool
picture_is_markup(cxr_str_t s)
{
    if (s.len >= 3 && memcmp(s.data, "\xef\xbb\xbf", 3) == 0) {
        s = cxr_strn(s.data + 3, s.len - 3);
    }

    s = cxr_str_trim(s);

    return s.len != 0 && s.data[0] == '<';
}


static cxr_rc_t
picture_decodes(cxr_str_t data, cxr_diag_t *d)
{
    cxr_rc_t         rc;
    cxr_buf_t        made;
    cxr_photo_ref_t  ref;

    memset(&ref, 0, sizeof(ref));
    cxr_buf_init(&made, PICTURE_MADE_MAX);

    rc = cxr_photo_make(data, &made, &ref);

    cxr_buf_free(&made);

    switch (rc) {

    case CXR_OK:
        return CXR_OK;

    case CXR_NOMEM:
        return cxr_diag(d, CXR_NOMEM, "", "not enough memory for a picture");

    case CXR_LIMIT:
        return cxr_diag(d, CXR_INVALID, "", "has more than %d million pixels: "
                        "save it smaller", CXR_PHOTO_PLAIN_MAX / 1000000);

    default:
        return cxr_diag(d, CXR_INVALID, "", "is a broken picture: save it "
                        "anew");
    }
}


static cxr_rc_t
picture_check(cxr_shop_picture_t *p, cxr_diag_t *d)
{
    cxr_picture_t  kind;

    kind = cxr_picture_kind(p->data);

    if (kind == CXR_PICTURE_NONE && picture_is_markup(p->data)) {
        p->type = "image/svg+xml";
        return cxr_svg_check(p->data, d);
    }

    /* of a telephone's HEIC most browsers show nothing */

    if (kind == CXR_PICTURE_NONE || kind == CXR_PICTURE_HEIC) {
        return cxr_diag(d, CXR_INVALID, "", "is no picture that every browser "
                        "shows: give an SVG, a PNG, a JPEG or a WebP");
    }

    p->type = picture_types[kind];

    return picture_decodes(p->data, d);
}


/* In what file, beside the shop's, a picture's fault is. */

static void
picture_place(cxr_diag_t *d, const char *path, const cxr_shop_picture_t *p)
{
    char         file[256];
    unsigned     line = d->line;
    const char  *slash = strrchr(path, '/');

    (void) snprintf(file, sizeof(file), "%.*s%.*s",
                    slash ? (int) (slash + 1 - path) : 0, path,
                    cxr_str_arg(p->name));
    (void) snprintf(d->where, sizeof(d->where), "%s", p->where);
    cxr_diag_place(d, file, line, 0);
}


/* Whole, and no other for the night: is it seen there? */

static cxr_rc_t
picture_by_night(const cxr_shop_t *shop, const char *path,
    const cxr_shop_picture_t *p, cxr_diag_t *diags, size_t max, size_t *n)
{
    cxr_rc_t    rc;
    cxr_diag_t  d;

    if (shop->brand.logo_dark.len != 0
        || !cxr_str_eq(p->name, shop->brand.logo))
    {
        return CXR_OK;
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_logo_night(p->data, &shop->brand, &d);

    if (rc == CXR_NOTFOUND && *n < max) {
        picture_place(&d, path, p);
        diags[(*n)++] = d;
    }

    return rc == CXR_NOMEM ? CXR_NOMEM : CXR_OK;
}


cxr_rc_t
cxr_shop_pictures_check(cxr_shop_t *shop, const char *path,
    cxr_diag_t *diags, size_t max, size_t *n)
{
    cxr_rc_t             rc, worst;
    uint32_t             i;
    cxr_diag_t           d;
    cxr_shop_picture_t  *p;

    worst = CXR_OK;

    for (i = 0; i < shop->pictures.n; i++) {
        p = &shop->pictures.items[i];
        memset(&d, 0, sizeof(d));

        rc = picture_check(p, &d);

        if (rc == CXR_OK) {
            continue;
        }

        worst = rc;
        picture_place(&d, path, p);

        if (*n < max) {
            diags[(*n)++] = d;
        }
    }

    for (i = 0; i < shop->pictures.n && worst == CXR_OK; i++) {
        worst = picture_by_night(shop, path, &shop->pictures.items[i], diags,
                                 max, n);
    }

    return worst;
}
