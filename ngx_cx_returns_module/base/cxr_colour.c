
/*
 * Contrast as WCAG 2.2 defines it (relative luminance of sRGB, IEC 61966-2-1),
 * and mixing, in sRGB and in Oklab (the matrices are CSS Color 4's).
 */

#include <math.h>

#include "cxr_colour.h"


static int
cxr_colour_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


bool
cxr_colour_parse(cxr_str_t s, cxr_colour_t *out)
{
    int     d[6];
    size_t  i, n;

    if ((s.len != 4 && s.len != 7) || s.data[0] != '#') {
        return false;
    }

    n = s.len - 1;

    for (i = 0; i < n; i++) {
        d[i] = cxr_colour_digit(s.data[i + 1]);
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
cxr_colour_linear(unsigned v)
{
    double  c = v / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}


static double
cxr_colour_luminance(cxr_colour_t c)
{
    return 0.2126 * cxr_colour_linear(c.r) + 0.7152 * cxr_colour_linear(c.g)
           + 0.0722 * cxr_colour_linear(c.b);
}


double
cxr_colour_contrast(cxr_colour_t a, cxr_colour_t b)
{
    double  x, y;

    x = cxr_colour_luminance(a) + 0.05;
    y = cxr_colour_luminance(b) + 0.05;

    return x > y ? x / y : y / x;
}


cxr_colour_t
cxr_colour_mix(cxr_colour_t a, cxr_colour_t b, unsigned n, unsigned parts)
{
    cxr_colour_t  c;

    c.r = (a.r * (parts - n) + b.r * n) / parts;
    c.g = (a.g * (parts - n) + b.g * n) / parts;
    c.b = (a.b * (parts - n) + b.b * n) / parts;

    return c;
}


static void
cxr_colour_to_lab(cxr_colour_t c, double lab[3])
{
    double  r, g, b, l, m, s;

    r = cxr_colour_linear(c.r);
    g = cxr_colour_linear(c.g);
    b = cxr_colour_linear(c.b);

    l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

    lab[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    lab[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    lab[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}


static unsigned
cxr_colour_unlinear(double c)
{
    c = c <= 0.0031308 ? c * 12.92 : 1.055 * pow(c, 1 / 2.4) - 0.055;

    return c <= 0 ? 0 : c >= 1 ? 255 : (unsigned) lround(c * 255);
}


static cxr_colour_t
cxr_colour_of_lab(const double lab[3])
{
    double        l, m, s;
    cxr_colour_t  c;

    l = pow(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2], 3);
    m = pow(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2], 3);
    s = pow(lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2], 3);

    c.r = cxr_colour_unlinear(4.0767416621 * l - 3.3077115913 * m
                              + 0.2309699292 * s);
    c.g = cxr_colour_unlinear(-1.2684380046 * l + 2.6097574011 * m
                              - 0.3413193965 * s);
    c.b = cxr_colour_unlinear(-0.0041960863 * l - 0.7034186147 * m
                              + 1.7076147010 * s);

    return c;
}


cxr_colour_t
cxr_colour_mix_lab(cxr_colour_t a, cxr_colour_t b, unsigned n, unsigned parts)
{
    size_t  i;
    double  x[3], y[3];

    cxr_colour_to_lab(a, x);
    cxr_colour_to_lab(b, y);

    for (i = 0; i < 3; i++) {
        x[i] = (x[i] * (parts - n) + y[i] * n) / parts;
    }

    return cxr_colour_of_lab(x);
}
