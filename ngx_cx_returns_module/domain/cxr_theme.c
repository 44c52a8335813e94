
/*
 * A theme out of a shop's colours.
 */

#include "cxr_theme.h"

#define THEME_STEPS    20        /* of 5 % towards white or black             */
#define THEME_PARTS    1000

typedef struct {
    const char  *name;
    const char  *colour[2];      /* by day, by night                          */
} theme_fixed_t;

/* html/css/cx.css says the same */
static const theme_fixed_t  theme_fixed[] = {
    { "ink",     { "#241c17", "#f4ede6" } },
    { "soft",    { "#675a50", "#b9aca1" } },
    { "edge",    { "#83756a", "#8d8077" } },
    { "good",    { "#23643a", "#93d3a4" } },
    { "good-bg", { "#e6f2e8", "#17291c" } },
    { "warn",    { "#7a4f00", "#efc873" } },
    { "warn-bg", { "#fdf1d6", "#2e2410" } },
    { "bad",     { "#a3261d", "#ffaea3" } },
    { "bad-bg",  { "#fdebe8", "#351915" } }
};

/* what the grounds of a shop that gives no paper are made of */
static const cxr_colour_t  theme_paper[2] = { { 255, 253, 250 },
                                              { 18, 16, 14 } };
static const cxr_colour_t  theme_tint[2] = { { 255, 247, 237 },
                                             { 26, 23, 21 } };
static const cxr_colour_t  theme_line[2] = { { 244, 237, 230 },
                                             { 43, 39, 36 } };


const char *
cxr_theme_fixed(const char *name, bool dark)
{
    size_t  i;

    for (i = 0; i < cxr_nelts(theme_fixed); i++) {
        if (strcmp(theme_fixed[i].name, name) == 0) {
            return theme_fixed[i].colour[dark];
        }
    }

    return NULL;
}


static cxr_colour_t
theme_colour(const char *name, bool dark)
{
    cxr_colour_t  c = CXR_COLOUR_BLACK;

    (void) cxr_colour_parse(cxr_strz(cxr_theme_fixed(name, dark)), &c);

    return c;
}


/* Black or white, whichever is read better; the worse case is 4.58 to 1. */

static cxr_colour_t
theme_on(cxr_colour_t accent)
{
    return cxr_colour_contrast(accent, CXR_COLOUR_WHITE)
           >= cxr_colour_contrast(accent, CXR_COLOUR_BLACK)
           ? CXR_COLOUR_WHITE : CXR_COLOUR_BLACK;
}


static double
theme_worst(cxr_colour_t c, const cxr_colour_t *grounds, size_t n)
{
    double  worst, ratio;
    size_t  i;

    worst = 21;

    for (i = 0; i < n; i++) {
        ratio = cxr_colour_contrast(c, grounds[i]);
        worst = ratio < worst ? ratio : worst;
    }

    return worst;
}


/* The colour, moved away from the grounds as far as it takes to read on all. */

static cxr_colour_t
theme_readable(cxr_colour_t from, bool dark, const cxr_colour_t *grounds,
    size_t ngrounds)
{
    unsigned      n;
    cxr_colour_t  c, away;

    c = from;
    away = dark ? CXR_COLOUR_WHITE : CXR_COLOUR_BLACK;

    for (n = 1;
         n <= THEME_STEPS
         && theme_worst(c, grounds, ngrounds) < CXR_CONTRAST_TEXT;
         n++)
    {
        c = cxr_colour_mix(from, away, n, THEME_STEPS);
    }

    return c;
}


/* Grounds lean towards the accent, so that the page takes on its colour. */

static void
theme_grounds(cxr_theme_t *t, bool dark, const cxr_colour_t *paper)
{
    cxr_colour_t  tint, line, away;

    if (paper == NULL) {
        t->paper = cxr_colour_mix(theme_paper[dark], t->accent, dark ? 30 : 25,
                                  THEME_PARTS);
        tint = theme_tint[dark];
        line = theme_line[dark];

    } else {
        away = dark ? CXR_COLOUR_WHITE : CXR_COLOUR_BLACK;
        t->paper = *paper;
        tint = dark ? cxr_colour_mix(*paper, away, 35, THEME_PARTS) : *paper;
        line = cxr_colour_mix(*paper, away, dark ? 100 : 60, THEME_PARTS);
    }

    t->card = dark ? cxr_colour_mix(tint, t->accent, 50, THEME_PARTS)
                   : CXR_COLOUR_WHITE;
    t->tint = dark ? cxr_colour_mix(tint, t->accent, 110, THEME_PARTS)
                   : cxr_colour_mix_lab(tint, t->accent, 90, THEME_PARTS);
    t->line = cxr_colour_mix(line, t->accent, dark ? 140 : 130, THEME_PARTS);
}


static cxr_rc_t
theme_given(cxr_str_t s, cxr_colour_t *c, bool *given)
{
    *given = s.len != 0;

    return s.len == 0 || cxr_colour_parse(s, c) ? CXR_OK : CXR_INVALID;
}


cxr_rc_t
cxr_theme(const cxr_brand_t *brand, bool dark, cxr_theme_t *t)
{
    bool          given, by_night, on_given, papered;
    cxr_colour_t  paper, grounds[6];

    papered = false;

    if (theme_given(brand->accent, &t->accent, &given) != CXR_OK || !given
        || theme_given(dark ? brand->on_accent_dark : brand->on_accent,
                       &t->on_accent, &on_given)
           != CXR_OK
        || theme_given(dark ? brand->paper_dark : brand->paper, &paper,
                       &papered)
           != CXR_OK)
    {
        return CXR_INVALID;
    }

    grounds[0] = theme_colour("good-bg", dark);
    grounds[1] = theme_colour("warn-bg", dark);
    grounds[2] = theme_colour("bad-bg", dark);

    if (dark) {
        by_night = false;

        if (theme_given(brand->accent_dark, &t->accent, &by_night) != CXR_OK) {
            return CXR_INVALID;
        }

        /* a button by night that the shop says nothing of can be seen */

        if (!by_night) {
            theme_grounds(t, dark, papered ? &paper : NULL);
            grounds[3] = t->tint;
            t->accent = theme_readable(t->accent, dark, grounds, 4);
        }
    }

    if (!on_given) {
        t->on_accent = theme_on(t->accent);
    }

    theme_grounds(t, dark, papered ? &paper : NULL);

    grounds[3] = t->paper;
    grounds[4] = t->card;
    grounds[5] = t->tint;

    t->link = theme_readable(t->accent, dark, grounds, 6);
    t->hover = cxr_colour_mix(t->accent,
                              cxr_colour_contrast(t->on_accent,
                                                  CXR_COLOUR_WHITE)
                              < cxr_colour_contrast(t->on_accent,
                                                    CXR_COLOUR_BLACK)
                              ? CXR_COLOUR_BLACK : CXR_COLOUR_WHITE,
                              120, THEME_PARTS);

    return CXR_OK;
}


size_t
cxr_theme_pairs(const cxr_theme_t *t, bool dark,
    cxr_theme_pair_t pairs[CXR_THEME_PAIRS_MAX])
{
    size_t        i, k, n;

    const struct {
        const char    *name;
        cxr_colour_t   colour;
    } grounds[] = {
        { "paper", t->paper }, { "card", t->card }, { "tint", t->tint },
        { "good-bg", theme_colour("good-bg", dark) },
        { "warn-bg", theme_colour("warn-bg", dark) },
        { "bad-bg", theme_colour("bad-bg", dark) },
        { "accent", t->accent }, { "hover", t->hover }
    };

    /* bits of the grounds that each stands on */

    const struct {
        const char    *name;
        cxr_colour_t   colour;
        unsigned       grounds;
        double         needed;
    } fronts[] = {
        { "ink", theme_colour("ink", dark), 0x3f, CXR_CONTRAST_TEXT },
        { "soft", theme_colour("soft", dark), 0x3f, CXR_CONTRAST_TEXT },
        { "link", t->link, 0x3f, CXR_CONTRAST_TEXT },
        { "good", theme_colour("good", dark), 0x0f, CXR_CONTRAST_TEXT },
        { "warn", theme_colour("warn", dark), 0x17, CXR_CONTRAST_TEXT },
        { "bad", theme_colour("bad", dark), 0x27, CXR_CONTRAST_TEXT },
        { "on-accent", t->on_accent, 0xc0, CXR_CONTRAST_TEXT },
        { "edge", theme_colour("edge", dark), 0x07, CXR_CONTRAST_MARK }
    };

    n = 0;

    for (i = 0; i < cxr_nelts(fronts); i++) {
        for (k = 0; k < cxr_nelts(grounds); k++) {
            if ((fronts[i].grounds & (1u << k)) == 0) {
                continue;
            }

            pairs[n].front = fronts[i].name;
            pairs[n].ground = grounds[k].name;
            pairs[n].ratio = cxr_colour_contrast(fronts[i].colour,
                                                 grounds[k].colour);
            pairs[n].needed = fronts[i].needed;
            n++;
        }
    }

    return n;
}
