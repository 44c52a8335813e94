
/*
 * A shop's colours, typefaces and corners as the style sheet's variables.
 */

#include "cxr_theme.h"
#include "cxr_view.h"

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

static void
brand_print(cxr_buf_t *out, const char *name, cxr_colour_t c)
{
    cxr_buf_addf(out, "%s:#%02x%02x%02x;", name, c.r, c.g, c.b);
}


static void
brand_block(cxr_buf_t *out, const cxr_theme_t *t)
{
    cxr_buf_addz(out, ":root{");
    brand_print(out, "--accent", t->accent);
    brand_print(out, "--on-accent", t->on_accent);
    brand_print(out, "--hover", t->hover);
    brand_print(out, "--link", t->link);
    brand_print(out, "--paper", t->paper);
    brand_print(out, "--card", t->card);
    brand_print(out, "--tint", t->tint);
    brand_print(out, "--line", t->line);
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
    cxr_theme_t  day, night;

    if (shop->brand.accent.len == 0) {
        return CXR_OK;
    }

    if (cxr_theme(&shop->brand, false, &day) != CXR_OK
        || cxr_theme(&shop->brand, true, &night) != CXR_OK)
    {
        return CXR_INVALID;
    }

    brand_block(out, &day);
    brand_shape(shop, out);
    cxr_buf_addz(out, "@media screen and (prefers-color-scheme:dark){");
    brand_block(out, &night);
    cxr_buf_addz(out, "}\n");

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}
