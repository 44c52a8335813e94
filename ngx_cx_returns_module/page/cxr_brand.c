
/*
 * A shop's two colours made into all that the style sheet needs, so that a
 * page stays readable whatever colour a shop has chosen (WCAG 2.2, 1.4.3).
 */

#include "cxr_colour.h"
#include "cxr_view.h"

#define BRAND_STEPS      20      /* of 5 % towards white or black             */

/* Faces that the systems of most readers have, the closest of each first. */
static const char *const  brand_faces[CXR_FACES] = {
    [CXR_FACE_SYSTEM] = "system-ui,-apple-system,\"Segoe UI\",Roboto,"
        "\"Noto Sans\",\"Liberation Sans\",Arial,sans-serif",
    [CXR_FACE_HUMANIST] = "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,"
        "\"DejaVu Sans\",sans-serif",
    [CXR_FACE_GEOMETRIC] = "Avenir,Montserrat,Corbel,\"URW Gothic\","
        "sans-serif",
    [CXR_FACE_OLD_STYLE] = "\"Iowan Old Style\",\"Palatino Linotype\","
        "Palatino,P052,\"Book Antiqua\",Georgia,serif",
    [CXR_FACE_TRANSITIONAL] = "Charter,\"Bitstream Charter\","
        "\"Sitka Text\",Cambria,Georgia,serif",
    [CXR_FACE_SLAB] = "Rockwell,\"Rockwell Nova\",\"Roboto Slab\","
        "\"DejaVu Serif\",serif"
};

static const struct {
    const char  *panel;
    const char  *button;
} brand_corners[CXR_CORNERS] = {
    [CXR_CORNERS_ROUND] = { "1.25rem", "3rem" },
    [CXR_CORNERS_SOFT] = { ".6rem", ".5rem" },
    [CXR_CORNERS_SHARP] = { "0", "0" }
};

/*
 * The worst that text in the accent's colour stands on: the tinted panel,
 * which is made of the accent itself and these.
 */
static const cxr_colour_t  brand_light = { 255, 247, 237 };
static const cxr_colour_t  brand_dark = { 26, 23, 21 };


/* The accent, moved away from the ground as far as it takes to read on it. */
static cxr_colour_t
brand_readable(cxr_colour_t accent, cxr_colour_t ground, cxr_colour_t away)
{
    unsigned      n;
    cxr_colour_t  c, tint;

    tint = cxr_colour_mix(ground, accent, 2, BRAND_STEPS);
    c = accent;

    for (n = 1;
         n <= BRAND_STEPS && cxr_colour_contrast(c, tint) < CXR_CONTRAST_TEXT;
         n++)
    {
        c = cxr_colour_mix(accent, away, n, BRAND_STEPS);
    }

    return c;
}


static cxr_colour_t
brand_on(cxr_colour_t accent)
{
    double  white, black;

    white = cxr_colour_contrast(accent, CXR_COLOUR_WHITE);
    black = cxr_colour_contrast(accent, CXR_COLOUR_BLACK);

    return white >= black ? CXR_COLOUR_WHITE : CXR_COLOUR_BLACK;
}


static void
brand_print(cxr_buf_t *out, const char *name, cxr_colour_t c)
{
    cxr_buf_addf(out, "%s:#%02x%02x%02x;", name, c.r, c.g, c.b);
}


static void
brand_block(cxr_buf_t *out, cxr_colour_t accent, cxr_colour_t on,
    cxr_colour_t link)
{
    cxr_buf_addz(out, ":root{");
    brand_print(out, "--accent", accent);
    brand_print(out, "--on-accent", on);
    brand_print(out, "--link", link);
    cxr_buf_addz(out, "}");
}


static void
brand_shape(const cxr_shop_t *shop, cxr_buf_t *out)
{
    const cxr_brand_t  *b = &shop->brand;

    cxr_buf_addf(out, ":root{--sans:%s;--serif:%s;--round:%s;--button:%s}",
                 brand_faces[b->text_face], brand_faces[b->heading_face],
                 brand_corners[b->corners].panel,
                 brand_corners[b->corners].button);
}


cxr_rc_t
cxr_brand_css(const cxr_shop_t *shop, cxr_buf_t *out)
{
    cxr_colour_t  accent, on, accent_dark, on_dark;

    if (shop->brand.accent.len == 0) {
        return CXR_OK;
    }

    if (!cxr_colour_parse(shop->brand.accent, &accent)) {
        return CXR_INVALID;
    }

    on = brand_on(accent);
    accent_dark = brand_readable(accent, brand_dark, CXR_COLOUR_WHITE);

    if ((shop->brand.on_accent.len != 0
         && !cxr_colour_parse(shop->brand.on_accent, &on))
        || (shop->brand.accent_dark.len != 0
            && !cxr_colour_parse(shop->brand.accent_dark, &accent_dark)))
    {
        return CXR_INVALID;
    }

    on_dark = brand_on(accent_dark);

    if (shop->brand.on_accent_dark.len != 0
        && !cxr_colour_parse(shop->brand.on_accent_dark, &on_dark))
    {
        return CXR_INVALID;
    }

    brand_block(out, accent, on,
                brand_readable(accent, brand_light, CXR_COLOUR_BLACK));
    brand_shape(shop, out);
    cxr_buf_addz(out, "@media screen and (prefers-color-scheme:dark){");
    brand_block(out, accent_dark, on_dark,
                brand_readable(accent_dark, brand_dark, CXR_COLOUR_WHITE));
    cxr_buf_addz(out, "}\n");

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}
