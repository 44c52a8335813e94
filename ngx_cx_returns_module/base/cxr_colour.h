
/*
 * Colours of the sRGB space, and how well one reads on another.
 */

#ifndef _CXR_COLOUR_H_INCLUDED_
#define _CXR_COLOUR_H_INCLUDED_

#include "cxr_base.h"

/* what text needs at least on its ground: WCAG 2.2, 1.4.3 (AA) */
#define CXR_CONTRAST_TEXT   4.5
/* and what a control or a mark is told by: 1.4.11 (AA) */
#define CXR_CONTRAST_MARK   3.0

typedef struct {
    unsigned  r, g, b;             /* 0..255                                  */
} cxr_colour_t;

#define CXR_COLOUR_WHITE    ((cxr_colour_t) { 255, 255, 255 })
#define CXR_COLOUR_BLACK    ((cxr_colour_t) { 0, 0, 0 })

/* "#7a3b12" or "#fff"; false for anything else */
bool cxr_colour_parse(cxr_str_t s, cxr_colour_t *out);

/* The contrast ratio of WCAG 2.2: 1..21, the same either way round. */
double cxr_colour_contrast(cxr_colour_t a, cxr_colour_t b);

/* "n" of "parts" parts of the way from a to b; n <= parts, parts > 0 */
cxr_colour_t cxr_colour_mix(cxr_colour_t a, cxr_colour_t b, unsigned n,
    unsigned parts);

/* The same by way of Oklab (CSS Color 4, 9.2), where halves look like halves. */
cxr_colour_t cxr_colour_mix_lab(cxr_colour_t a, cxr_colour_t b, unsigned n,
    unsigned parts);

#endif /* _CXR_COLOUR_H_INCLUDED_ */
