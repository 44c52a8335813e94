
/*
 * The colours of a shop's pages, all of them: made of the few that its file
 * gives, so that whatever a shop has chosen can be read (WCAG 2.2, 1.4.3 and
 * 1.4.11).  What does not depend on the shop stands in the style sheet
 * (html/css/cx.css) and, for the sake of checking, here.
 */

#ifndef _CXR_THEME_H_INCLUDED_
#define _CXR_THEME_H_INCLUDED_

#include "cxr_colour.h"
#include "cxr_shop_brand.h"

typedef struct {
    cxr_colour_t  accent;        /* buttons                                   */
    cxr_colour_t  on_accent;     /* text on them                              */
    cxr_colour_t  hover;         /* a button pointed at                       */
    cxr_colour_t  link;          /* text, marks, the focus: read on any ground */
    cxr_colour_t  paper;         /* the page                                  */
    cxr_colour_t  card;
    cxr_colour_t  tint;          /* a panel that stands out                   */
    cxr_colour_t  line;          /* what divides; says nothing by itself      */
} cxr_theme_t;

/* "brand" as its file has it, what is not given being made.  CXR_INVALID:
   something given is no colour. */
cxr_rc_t cxr_theme(const cxr_brand_t *brand, bool dark, cxr_theme_t *theme);

/* Two colours that meet on a page. */
typedef struct {
    const char   *front;         /* "soft", as the style sheet calls it       */
    const char   *ground;
    double        ratio;         /* their contrast, 1..21                     */
    double        needed;        /* CXR_CONTRAST_TEXT, CXR_CONTRAST_MARK      */
} cxr_theme_pair_t;

#define CXR_THEME_PAIRS_MAX  64

/* Every pair there is; returns how many. */
size_t cxr_theme_pairs(const cxr_theme_t *theme, bool dark,
    cxr_theme_pair_t pairs[CXR_THEME_PAIRS_MAX]);

/* A colour of the style sheet's own by its name there ("soft"), as "#rrggbb";
   NULL: there is none.  For the test that holds the two together. */
const char *cxr_theme_fixed(const char *name, bool dark);

#endif /* _CXR_THEME_H_INCLUDED_ */
