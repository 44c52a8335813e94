
/*
 * Contrast as WCAG 2.2 defines it (relative luminance of sRGB, IEC 61966-2-1).
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
