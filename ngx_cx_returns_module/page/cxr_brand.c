
/*
 * A shop's two colours made into all that the style sheet needs, so that a
 * page stays readable whatever colour a shop has chosen (WCAG 2.2, 1.4.3).
 */

#include <math.h>

#include "cxr_view.h"

#define BRAND_CONTRAST   4.5     /* of text on what is behind it              */
#define BRAND_STEPS      20      /* of 5 % towards white or black             */

typedef struct {
    unsigned  r, g, b;           /* 0..255                                    */
} brand_rgb_t;

static const brand_rgb_t  brand_white = { 255, 255, 255 };
static const brand_rgb_t  brand_black = { 0, 0, 0 };

/*
 * The worst that text in the accent's colour stands on: the tinted panel,
 * which is made of the accent itself and these.
 */
static const brand_rgb_t  brand_light = { 255, 247, 237 };
static const brand_rgb_t  brand_dark = { 26, 23, 21 };


static int
brand_hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


static bool
brand_parse(cxr_str_t s, brand_rgb_t *out)
{
    int     d[6];
    size_t  i, n;

    if ((s.len != 4 && s.len != 7) || s.data[0] != '#') {
        return false;
    }

    n = s.len - 1;

    for (i = 0; i < n; i++) {
        d[i] = brand_hex(s.data[i + 1]);
        if (d[i] < 0) {
            return false;
        }
    }

    if (n == 3) {
        out->r = (unsigned) d[0] * 17;
        out->g = (unsigned) d[1] * 17;
        out->b = (unsigned) d[2] * 17;

    } else {
        out->r = (unsigned) (d[0] * 16 + d[1]);
        out->g = (unsigned) (d[2] * 16 + d[3]);
        out->b = (unsigned) (d[4] * 16 + d[5]);
    }

    return true;
}


static double
brand_linear(unsigned v)
{
    double  c = v / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}


static double
brand_luminance(brand_rgb_t c)
{
    return 0.2126 * brand_linear(c.r) + 0.7152 * brand_linear(c.g)
           + 0.0722 * brand_linear(c.b);
}


static double
brand_contrast(brand_rgb_t a, brand_rgb_t b)
{
    double  x = brand_luminance(a) + 0.05, y = brand_luminance(b) + 0.05;

    return x > y ? x / y : y / x;
}


/* "n" of BRAND_STEPS parts of the way from a to b */
static brand_rgb_t
brand_mix(brand_rgb_t a, brand_rgb_t b, unsigned n)
{
    brand_rgb_t  c;

    c.r = (a.r * (BRAND_STEPS - n) + b.r * n) / BRAND_STEPS;
    c.g = (a.g * (BRAND_STEPS - n) + b.g * n) / BRAND_STEPS;
    c.b = (a.b * (BRAND_STEPS - n) + b.b * n) / BRAND_STEPS;

    return c;
}


/* The accent, moved away from the ground as far as it takes to read on it. */
static brand_rgb_t
brand_readable(brand_rgb_t accent, brand_rgb_t ground, brand_rgb_t away)
{
    unsigned     n;
    brand_rgb_t  c, tint;

    tint = brand_mix(ground, accent, 2);
    c = accent;

    for (n = 1; n <= BRAND_STEPS && brand_contrast(c, tint) < BRAND_CONTRAST;
         n++)
    {
        c = brand_mix(accent, away, n);
    }

    return c;
}


static brand_rgb_t
brand_on(brand_rgb_t accent)
{
    return brand_contrast(accent, brand_white)
           >= brand_contrast(accent, brand_black) ? brand_white : brand_black;
}


static void
brand_print(cxr_buf_t *out, const char *name, brand_rgb_t c)
{
    cxr_buf_addf(out, "%s:#%02x%02x%02x;", name, c.r, c.g, c.b);
}


static void
brand_block(cxr_buf_t *out, brand_rgb_t accent, brand_rgb_t on,
    brand_rgb_t link)
{
    cxr_buf_addz(out, ":root{");
    brand_print(out, "--accent", accent);
    brand_print(out, "--on-accent", on);
    brand_print(out, "--link", link);
    cxr_buf_addz(out, "}");
}


cxr_rc_t
cxr_brand_css(const cxr_shop_t *shop, cxr_buf_t *out)
{
    brand_rgb_t  accent, on, accent_dark, on_dark;

    if (shop->brand.accent.len == 0) {
        return CXR_OK;
    }

    if (!brand_parse(shop->brand.accent, &accent)) {
        return CXR_INVALID;
    }

    on = brand_on(accent);
    accent_dark = brand_readable(accent, brand_dark, brand_white);

    if ((shop->brand.on_accent.len != 0
         && !brand_parse(shop->brand.on_accent, &on))
        || (shop->brand.accent_dark.len != 0
            && !brand_parse(shop->brand.accent_dark, &accent_dark)))
    {
        return CXR_INVALID;
    }

    on_dark = brand_on(accent_dark);

    if (shop->brand.on_accent_dark.len != 0
        && !brand_parse(shop->brand.on_accent_dark, &on_dark))
    {
        return CXR_INVALID;
    }

    brand_block(out, accent, on,
                brand_readable(accent, brand_light, brand_black));
    cxr_buf_addz(out, "@media (prefers-color-scheme:dark){");
    brand_block(out, accent_dark, on_dark,
                brand_readable(accent_dark, brand_dark, brand_white));
    cxr_buf_addz(out, "}\n");

    return cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
}
