
/*
 * A moment out of a record: which format reads it and which zone it is in.
 *
 * An offset in the value beats a field of its own, and that the profile's
 * zone; without any of them the time is kept as if it were UTC and marked so.
 */

#include "cxr_feed_private.h"


typedef struct {
    const cxr_tz_t  *tz;
    int32_t          offset;
    uint8_t          source;
} cxr_where_t;


static bool
cxr_zone_named(const cxr_profile_t *p, cxr_str_t name, cxr_where_t *w)
{
    uint32_t           i;
    const cxr_zone_t  *z;

    for (i = 0; i < p->zones.n; i++) {
        z = &p->zones.items[i];

        if (cxr_str_eq(z->name, name)) {
            w->tz = z->tz;
            w->offset = z->offset;
            return true;
        }
    }

    return false;
}


/* the zone for one parsed value; "field" is the zone field's text */
static void
cxr_zone_choose(const cxr_profile_t *p, const cxr_parsed_time_t *t,
    cxr_str_t field, cxr_where_t *w)
{
    w->tz = NULL;
    w->offset = 0;

    if (t->has_offset) {
        w->offset = t->offset;
        w->source = CXR_ZONE_VALUE;
        return;
    }

    if (t->zone.len > 0 && cxr_zone_named(p, t->zone, w)) {
        w->source = CXR_ZONE_VALUE;
        return;
    }

    if (field.len > 0
        && (cxr_zone_named(p, field, w)
            || cxr_offset_parse(field, &w->offset)))
    {
        w->source = CXR_ZONE_FIELD;
        return;
    }

    w->tz = p->tz;
    w->source = p->tz ? CXR_ZONE_PROFILE : CXR_ZONE_UNKNOWN;
}


static bool
cxr_moment_read(const cxr_profile_t *p, const cxr_dates_t *dates, cxr_str_t s,
    cxr_str_t field, cxr_moment_t *out)
{
    uint32_t           i;
    cxr_time_t         at;
    cxr_where_t        w;
    cxr_parsed_time_t  t;

    for (i = 0; i < dates->formats.n; i++) {

        if (!cxr_datefmt_parse(&dates->formats.items[i], s, &t)) {
            continue;
        }

        /* an impossible date is not this format's; 0001-01-01 is none */
        if (cxr_instant(&t.civil, 0) == CXR_TIME_NONE) {
            continue;
        }

        cxr_zone_choose(p, &t, field, &w);

        at = w.tz ? cxr_tz_instant(w.tz, &t.civil)
                  : cxr_instant(&t.civil, w.offset);

        if (at == CXR_TIME_NONE) {
            continue;
        }

        out->at = at;
        out->offset = w.tz ? cxr_tz_offset(w.tz, at) : w.offset;
        out->precision = dates->formats.items[i].precision;
        out->zone = w.source;

        return true;
    }

    return false;
}


void
cxr_when_get(cxr_feed_t *f, const cxr_when_t *w, uint32_t base,
    cxr_moment_t *out)
{
    uint32_t   i;
    cxr_str_t  s, field;

    memset(out, 0, sizeof(cxr_moment_t));

    if (w->value.alts.n == 0) {
        return;
    }

    field = w->zone.alts.n > 0 ? cxr_value_get(f, &w->zone, base)
                               : CXR_STR_NONE;

    for (i = 0; i < w->value.alts.n; i++) {
        s = cxr_value_alt(f, &w->value, i, base);

        if (s.len == 0) {
            continue;
        }

        if (out->text.len == 0) {
            out->text = s;
        }

        if (cxr_moment_read(f->profile, w->dates, s, field, out)) {
            out->text = s;
            return;
        }
    }
}
