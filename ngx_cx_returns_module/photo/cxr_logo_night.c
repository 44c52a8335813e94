
/*
 * A logo that is dark on nothing is seen by day and not by night.  Of an SVG
 * nobody can say without drawing it; a PNG and a WebP are looked at, and what
 * brings a ground of its own is seen on any.
 */

#include <stdlib.h>

#include "cxr_photo_private.h"
#include "cxr_theme.h"

#define LOGO_LOOKS     20000     /* pixels that are looked at, at most        */
#define LOGO_SOLID     128       /* alpha from which a pixel is something     */
#define LOGO_CONTRAST  3.0       /* WCAG 2.2, 1.4.11: graphical objects       */
#define LOGO_BARE      20        /* one in so many see-through: no ground     */


/* Looks at pixels all over the picture: how many are something, and how many of
   these are seen on the paper. */

static void
logo_count(const cxr_pixels_t *px, cxr_colour_t paper, size_t *looked,
    size_t *solid, size_t *seen)
{
    size_t          i, n, step;
    cxr_colour_t    c;
    const uint8_t  *p;

    n = (size_t) px->width * px->height;

    /* odd, so that it does not fall into step with the rows */

    step = (n / LOGO_LOOKS) | 1;

    *looked = *solid = *seen = 0;

    for (i = 0; i < n; i += step) {
        p = px->rgb + i * 4;
        (*looked)++;

        if (p[3] < LOGO_SOLID) {
            continue;
        }

        c.r = p[0];
        c.g = p[1];
        c.b = p[2];

        (*solid)++;
        *seen += cxr_colour_contrast(c, paper) >= LOGO_CONTRAST;
    }
}


cxr_rc_t
cxr_logo_night(cxr_str_t file, const cxr_brand_t *brand, cxr_diag_t *d)
{
    size_t         looked, solid, seen;
    cxr_rc_t       rc;
    cxr_theme_t    night;
    cxr_pixels_t   px;

    memset(&px, 0, sizeof(px));

    if (cxr_theme(brand, true, &night) != CXR_OK) {
        return CXR_OK;                       /* told where it is refused */
    }

    switch (cxr_picture_kind(file)) {

    case CXR_PICTURE_PNG:
        rc = cxr_png_read_alpha(file, &px);
        break;

    case CXR_PICTURE_WEBP:
        rc = cxr_webp_read_alpha(file, &px);
        break;

    default:
        return CXR_OK;
    }

    if (rc != CXR_OK) {
        free(px.rgb);
        return rc == CXR_NOMEM ? CXR_NOMEM : CXR_OK;
    }

    logo_count(&px, night.paper, &looked, &solid, &seen);
    free(px.rgb);

    if (solid == 0 || (looked - solid) * LOGO_BARE < looked
        || seen * 2 >= solid)
    {
        return CXR_OK;
    }

    (void) cxr_diag(d, CXR_OK, "/brand/logo",
                    "is dark on nothing: by night the pages are #%02x%02x%02x, "
                    "on which %zu of 100 parts of it are seen; give a "
                    "\"logo_dark\"", night.paper.r, night.paper.g,
                    night.paper.b, seen * 100 / solid);

    return CXR_NOTFOUND;
}
