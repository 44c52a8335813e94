
/*
 * The scans of a parcel as a timeline: newest first, grouped by the day on
 * which they happened where they happened.
 */

#include <stdlib.h>

#include "cxr_view_texts.h"

#define SCANS_ISO_MAX   32      /* "9999-12-31T23:59:59+14:00"                */


static char *
scans_digits(char *p, unsigned v, unsigned n)
{
    unsigned  i;

    for (i = n; i > 0; i--) {
        p[i - 1] = (char) ('0' + v % 10);
        v /= 10;
    }

    return p + n;
}


/* For <time datetime>: a date alone when the carrier gave no more. */
static cxr_str_t
scans_iso(cxr_time_t at, int64_t offset, bool with_time, cxr_arena_t *a)
{
    char         *p, *start;
    unsigned      minutes;
    cxr_civil_t   c;

    if (at == CXR_TIME_NONE
        || (start = cxr_alloc(a, SCANS_ISO_MAX)) == NULL)
    {
        return CXR_STR_NONE;
    }

    cxr_civil(at, (int32_t) offset, &c);

    p = scans_digits(start, (unsigned) c.year, 4);
    *p++ = '-';
    p = scans_digits(p, c.month, 2);
    *p++ = '-';
    p = scans_digits(p, c.day, 2);

    if (with_time) {
        *p++ = 'T';
        p = scans_digits(p, c.hour, 2);
        *p++ = ':';
        p = scans_digits(p, c.minute, 2);
        *p++ = ':';
        p = scans_digits(p, c.second, 2);

        minutes = (unsigned) ((offset < 0 ? -offset : offset) / 60);
        *p++ = offset < 0 ? '-' : '+';
        p = scans_digits(p, minutes / 60, 2);
        *p++ = ':';
        p = scans_digits(p, minutes % 60, 2);
    }

    return cxr_strn(start, (size_t) (p - start));
}


static int
scans_cmp(const void *one, const void *two)
{
    return cxr_scan_cmp(*(const cxr_scan_t *const *) one,
                        *(const cxr_scan_t *const *) two);
}


/*
 * The scans that count, in their order, oldest first, whatever order they come
 * in.  What the carrier took back did not happen, so it is not shown.
 */
static const cxr_scan_t **
scans_sorted(const cxr_shipment_t *s, cxr_arena_t *a, uint32_t *count)
{
    bool                sorted = true;
    uint32_t            i, n = 0;
    const cxr_scan_t  **list;

    list = cxr_alloc(a, s->scans.n * sizeof(cxr_scan_t *));
    if (list == NULL) {
        return NULL;
    }

    for (i = 0; i < s->scans.n; i++) {
        if (s->scans.items[i].retracted) {
            continue;
        }

        list[n++] = &s->scans.items[i];

        if (n > 1 && sorted && list[n - 2]->at >= list[n - 1]->at
            && cxr_scan_cmp(list[n - 2], list[n - 1]) > 0)
        {
            sorted = false;
        }
    }

    *count = n;

    if (!sorted) {
        qsort(list, n, sizeof(cxr_scan_t *), scans_cmp);
    }

    return list;
}


static bool
scans_one(const cxr_view_ctx_t *ctx, const cxr_scan_t *scan, cxr_arena_t *a,
    cxr_view_scan_t *v)
{
    unsigned   status;
    cxr_str_t  raw;

    status = scan->mapped && scan->status < CXR_SHIP_STATUSES
             ? scan->status : CXR_SHIP_UNKNOWN;

    v->text = ctx->texts.status[status];
    v->status = cxr_strz(cxr_ship_status_names[status]);

    if (!ctx->shop->tracking.mask_places) {
        v->place = scan->place;
    }

    if (scan->mapped && scan->reason > CXR_WHY_NONE
        && scan->reason < CXR_WHY_OTHER)
    {
        v->why = ctx->texts.why[scan->reason];
    }

    raw = scan->text.len != 0 ? scan->text : scan->code;

    /* a carrier's own words name it sooner or later, or a place */

    if (!ctx->shop->tracking.mask_carrier && !ctx->shop->tracking.mask_places
        && !cxr_str_eq(raw, v->text))
    {
        v->raw = raw;
    }

    if (scan->precision == CXR_PRECISION_NONE || scan->at == CXR_TIME_NONE) {
        return true;
    }

    v->iso = scans_iso(scan->at, scan->offset,
                       scan->precision >= CXR_PRECISION_MINUTE, a);

    if (scan->precision >= CXR_PRECISION_MINUTE) {
        v->time = cxr_view_date(ctx, scan->at, (int32_t) scan->offset,
                                CXR_DATE_TIME, a);
        if (v->time.data == NULL) {
            return false;
        }
    }

    return v->iso.data != NULL;
}


/* A number for the local day of a scan; -1 when it has none. */
static int64_t
scans_day(const cxr_scan_t *scan)
{
    if (scan->precision == CXR_PRECISION_NONE || scan->at == CXR_TIME_NONE) {
        return -1;
    }

    return (scan->at + scan->offset * CXR_SECOND) / CXR_DAY;
}


static bool
scans_group(const cxr_view_ctx_t *ctx, const cxr_scan_t **scans, uint32_t n,
    cxr_arena_t *a, cxr_view_days_t *days)
{
    bool              same;
    uint32_t          i;
    cxr_view_day_t   *day = NULL;
    cxr_view_scan_t  *items;

    if (n == 0) {
        return true;
    }

    items = cxr_calloc(a, n, sizeof(cxr_view_scan_t));
    if (items == NULL) {
        return false;
    }

    /* scans[n - 1] is the newest of them */

    for (i = 0; i < n; i++) {
        same = i > 0 && scans_day(scans[n - 1 - i]) == scans_day(scans[n - i])
               && (scans_day(scans[n - i]) >= 0
                   || cxr_str_eq(scans[n - 1 - i]->time_text,
                                 scans[n - i]->time_text));

        if (!same) {
            day = cxr_list_push(a, days, sizeof(cxr_view_day_t));
            if (day == NULL) {
                return false;
            }

            day->scans.items = &items[i];

            /* a time that could not be read is shown as the carrier wrote it */

            day->name = scans_day(scans[n - 1 - i]) < 0
                        ? scans[n - 1 - i]->time_text
                        : cxr_view_date(ctx, scans[n - 1 - i]->at,
                                        (int32_t) scans[n - 1 - i]->offset,
                                        CXR_DATE_WEEKDAY_DAY, a);
        }

        day->scans.n++;

        if (!scans_one(ctx, scans[n - 1 - i], a, &items[i])) {
            return false;
        }
    }

    return true;
}


/* "24 Kas 08:40" in the shop's zone: the year of the news is no news. */
static cxr_str_t
scans_updated(const cxr_view_ctx_t *ctx, cxr_time_t at, cxr_arena_t *a)
{
    int32_t    offset = 0;
    cxr_buf_t  buf;

    if (at == CXR_TIME_NONE) {
        return CXR_STR_NONE;
    }

    if (ctx->shop->tz != NULL) {
        offset = cxr_tz_offset(ctx->shop->tz, at);
    }

    cxr_text_begin(a, 2 * CXR_VIEW_VALUE_MAX, &buf);
    cxr_i18n_date(ctx->lang, at, offset, CXR_DATE_SHORT_DAY, &buf);
    cxr_buf_addc(&buf, ' ');
    cxr_i18n_date(ctx->lang, at, offset, CXR_DATE_TIME, &buf);

    return cxr_text_end(a, &buf);
}


cxr_rc_t
cxr_view_scans(const cxr_view_ctx_t *ctx, const cxr_shipment_t *s,
    cxr_arena_t *a, cxr_view_parcel_t *v)
{
    uint32_t            n, open;
    cxr_time_t          at;
    const cxr_scan_t  **scans;

    /* that the shop said there will be a parcel is no news of it */

    at = s->scans.n == 0 && s->header_code.len == 0 ? CXR_TIME_NONE
                                                    : s->updated_at;
    v->updated = scans_updated(ctx, at, a);
    v->updated_iso = scans_iso(at, 0, true, a);

    if (v->eta != NULL && !v->delivered
        && s->status != CXR_SHIP_READY_FOR_PICKUP)
    {
        v->expected_iso = scans_iso(s->eta_to, s->eta_offset,
                                    s->eta_precision >= CXR_PRECISION_MINUTE,
                                    a);
    }

    scans = scans_sorted(s, a, &n);
    if (scans == NULL) {
        return CXR_NOMEM;
    }

    v->has_scans = n != 0;

    if (n == 0) {
        return CXR_OK;
    }

    /* folding a single scan away would save nothing */

    open = n > CXR_TRACK_OPEN + 1 ? CXR_TRACK_OPEN : n;

    if (!scans_group(ctx, scans + (n - open), open, a, &v->days)
        || !scans_group(ctx, scans, n - open, a, &v->older))
    {
        return CXR_NOMEM;
    }

    v->older_n = n - open;
    v->days.items[0].scans.items[0].newest = true;

    return CXR_OK;
}
