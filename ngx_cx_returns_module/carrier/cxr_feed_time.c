
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
    bool             placed;   /* by the place                                */
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


/* what the document says around a time */
typedef struct {
    cxr_str_t           zone;
    cxr_str_t           form;      /* folded                                  */
    const cxr_zone_t   *place;     /* NULL: none that is known                */
} cxr_around_t;


/* the zone for one parsed value */
static void
cxr_zone_choose(const cxr_profile_t *p, const cxr_parsed_time_t *t,
    const cxr_around_t *a, cxr_where_t *w)
{
    w->tz = NULL;
    w->offset = 0;
    w->placed = false;

    if (t->has_offset) {
        w->offset = t->offset;
        w->source = CXR_ZONE_VALUE;
        return;
    }

    if (t->zone.len > 0 && cxr_zone_named(p, t->zone, w)) {
        w->source = CXR_ZONE_VALUE;
        return;
    }

    if (a->zone.len > 0
        && (cxr_zone_named(p, a->zone, w)
            || cxr_offset_parse(a->zone, &w->offset)))
    {
        w->source = CXR_ZONE_FIELD;
        return;
    }

    if (a->place != NULL) {
        w->tz = a->place->tz;
        w->offset = a->place->offset;
        w->placed = true;
        w->source = CXR_ZONE_FIELD;
        return;
    }

    w->tz = p->tz;
    w->source = p->tz ? CXR_ZONE_PROFILE : CXR_ZONE_UNKNOWN;
}


/* a format that names a form is for what the document says to be of that */
static bool
cxr_form_fits(const cxr_datefmt_t *fmt, cxr_str_t form)
{
    uint32_t  i;

    for (i = 0; i < fmt->forms.n; i++) {
        if (cxr_str_eq(fmt->forms.items[i], form)) {
            return true;
        }
    }

    return fmt->forms.n == 0;
}


/*
 * The value with an English month in the place of the carrier's own: the first
 * word of three letters or more that is a month, or begins as one does.
 */
static cxr_str_t
cxr_english_month(cxr_feed_t *f, const cxr_dates_t *dates, cxr_str_t s)
{
    char        *p;
    size_t       i, n;
    uint32_t     k;
    cxr_str_t    folded, word, month;

    static const char  english[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    if (cxr_fold(f->scratch, s, CXR_FOLD_TURKISH, &folded) != CXR_OK) {
        return s;
    }

    for (i = 0; i < folded.len; i += n) {

        for (n = 0; i + n < folded.len
                    && ((folded.data[i + n] >= 'a' && folded.data[i + n] <= 'z')
                        || (unsigned char) folded.data[i + n] >= 0x80); n++)
        {
            /* void */
        }

        if (n == 0) {
            n = 1;
            continue;
        }

        word = cxr_strn(folded.data + i, n);

        for (k = 0; n >= 3 && k < dates->months.n; k++) {
            month = dates->months.items[k];

            if (month.len < n || memcmp(month.data, word.data, n) != 0) {
                continue;
            }

            p = cxr_alloc(f->scratch, folded.len + 3);
            if (p == NULL) {
                return s;
            }

            memcpy(p, folded.data, i);
            memcpy(p + i, english + 3 * k, 3);
            memcpy(p + i + 3, folded.data + i + n, folded.len - i - n);

            return cxr_strn(p, folded.len - n + 3);
        }
    }

    return s;
}


/* NULL: it is no time in any of the formats */
static const cxr_datefmt_t *
cxr_moment_read(cxr_feed_t *f, const cxr_dates_t *dates, cxr_str_t s,
    const cxr_around_t *around, cxr_moment_t *out)
{
    int32_t               offset;
    uint32_t              i;
    cxr_time_t            at, reading;
    cxr_where_t           w;
    cxr_parsed_time_t     t;
    const cxr_datefmt_t  *fmt;

    if (dates->months.n > 0) {
        s = cxr_english_month(f, dates, s);
    }

    for (i = 0; i < dates->formats.n; i++) {
        fmt = &dates->formats.items[i];

        if (!cxr_form_fits(fmt, around->form)
            || !cxr_datefmt_parse(fmt, s, &t))
        {
            continue;
        }

        /* an impossible date is not this format's; 0001-01-01 is none */
        reading = cxr_instant(&t.civil, 0);

        if (reading == CXR_TIME_NONE) {
            continue;
        }

        cxr_zone_choose(f->profile, &t, around, &w);

        /* a moment that has no zone is only shown in one */
        if (t.epoch) {
            at = reading;
            offset = w.tz ? cxr_tz_offset(w.tz, at) : w.offset;
            w.source = CXR_ZONE_VALUE;

        } else if (w.tz) {
            at = cxr_tz_reading(w.tz, reading, &f->near, &offset);

        } else {
            at = cxr_instant(&t.civil, w.offset);
            offset = w.offset;
        }

        if (at == CXR_TIME_NONE) {
            continue;
        }

        out->at = at;
        out->offset = offset;
        out->precision = fmt->precision;
        out->zone = w.source;
        out->tz = w.tz;
        out->place = w.placed ? around->place : NULL;

        return fmt;
    }

    return NULL;
}


void
cxr_when_get(cxr_feed_t *f, const cxr_when_t *w, uint32_t base,
    cxr_moment_t *out)
{
    int32_t               shown;
    uint32_t              i, first = 0;
    cxr_str_t             s;
    cxr_around_t          around;
    const cxr_datefmt_t  *fmt = NULL;

    memset(out, 0, sizeof(cxr_moment_t));

    if (w->value.alts.n == 0) {
        return;
    }

    memset(&around, 0, sizeof(cxr_around_t));
    if (w->zone.alts.n > 0) {
        around.zone = cxr_value_get(f, &w->zone, base);
    }

    /* the first that is known: a state, else its country */
    for (i = 0; i < w->where.alts.n && around.place == NULL; i++) {
        s = cxr_value_alt(f, &w->where, i, base);

        if (s.len > 0) {
            around.place = cxr_zones_find(w->zones, s);
        }
    }

    if (w->form.alts.n > 0
        && cxr_fold(f->scratch, cxr_value_get(f, &w->form, base),
                    CXR_FOLD_CASE, &around.form) != CXR_OK)
    {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
        return;
    }

    for (i = 0; i < w->value.alts.n; i++) {
        s = cxr_value_alt(f, &w->value, i, base);

        if (s.len == 0) {
            continue;
        }

        if (out->text.len == 0) {
            out->text = s;
            first = i + 1;
        }

        fmt = cxr_moment_read(f, w->dates, s, &around, out);

        if (fmt != NULL) {
            out->text = s;
            first = i + 1;
            break;
        }
    }

    /* the moment is told already: this is only how it reads where it was */
    if (fmt != NULL && w->shown.alts.n > 0
        && cxr_offset_parse(cxr_value_get(f, &w->shown, base), &shown))
    {
        out->offset = shown;
    }

    if (f->trace != NULL && w->value.field != NULL) {
        cxr_trace_time(f, w, first, fmt, out);
    }
}
