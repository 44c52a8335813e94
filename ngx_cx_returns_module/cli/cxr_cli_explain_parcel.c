
/*
 * A parcel in brief, as "feed explain" prints it: what is known of it, and a
 * line for each scan.
 */

#include "cxr_cli_explain.h"

#include <stdlib.h>


static int
cxr_explain_earlier(const void *one, const void *two)
{
    const cxr_scan_t  *a = *(const cxr_scan_t *const *) one;
    const cxr_scan_t  *b = *(const cxr_scan_t *const *) two;

    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }

    if (a->seq != b->seq) {
        return a->seq < b->seq ? -1 : 1;
    }

    return a < b ? -1 : a > b;
}


/* a time as the clocks there show it */
static void
cxr_explain_local(cxr_time_t t, int32_t offset, uint8_t precision, bool known)
{
    char  at[CXR_TIME_PRINTED];

    (void) cxr_time_snprint(t + offset * CXR_SECOND, at);
    at[10] = ' ';
    at[precision == CXR_PRECISION_DATE ? 10 : 16] = '\0';
    (void) printf("%-16s ", at);

    if (!known) {
        (void) printf("zone ?");
        return;
    }

    (void) printf("%c%02u:%02u", offset < 0 ? '-' : '+',
                  (unsigned) ((offset < 0 ? -offset : offset) / 3600),
                  (unsigned) ((offset < 0 ? -offset : offset) / 60 % 60));
}


/* when it was there, what it came to mean, and out of what */
static void
cxr_explain_scan(cxr_explain_t *x, const cxr_scan_t *s)
{
    char  what[80];

    cxr_arena_reset(x->scratch);

    (void) snprintf(what, sizeof(what), "%s%s%s%s%s%s",
                    s->retract != CXR_RETRACT_NONE ? "(takes back)"
                               : !s->mapped ? "NOT MAPPED"
                               : s->status == CXR_SHIP_UNKNOWN
                               ? "(says nothing)"
                               : cxr_ship_status_names[s->status],
                    s->reason != CXR_WHY_NONE ? ", " : "",
                    s->reason != CXR_WHY_NONE ? cxr_ship_reason_names[s->reason]
                                              : "",
                    s->left != CXR_LEFT_NONE ? ", left: " : "",
                    s->left != CXR_LEFT_NONE ? cxr_left_names[s->left] : "",
                    s->signature ? ", signed" : "");

    if (s->at == CXR_TIME_NONE) {
        (void) printf("      no time            ");

    } else {
        (void) printf("      ");
        cxr_explain_local(s->at, s->offset, s->precision,
                          s->zone != CXR_ZONE_UNKNOWN);
    }

    (void) printf("  %-33s %-8s %s%s%s\n", what,
                  cxr_explain_text(x, s->code), cxr_explain_text(x, s->text),
                  s->place.len > 0 ? " | " : "",
                  cxr_explain_text(x, s->place));
}


/* an end of the promised window; a day has no clock */
static void
cxr_explain_promised(cxr_time_t t, int64_t offset, uint8_t precision)
{
    char  at[CXR_TIME_PRINTED];

    if (precision != CXR_PRECISION_DATE) {
        cxr_explain_local(t, (int32_t) offset, precision, true);
        return;
    }

    (void) cxr_time_snprint(t + offset * CXR_SECOND, at);
    (void) printf("%.10s", at);
}


/* where it waits for whom it is for, and until when */
static void
cxr_explain_pickup(cxr_explain_t *x, const cxr_report_t *r)
{
    if (r->pickup_until != CXR_TIME_NONE) {
        (void) printf("      to be collected until ");
        cxr_explain_promised(r->pickup_until, r->pickup_offset,
                             r->pickup_precision);
        (void) putchar('\n');
    }

    if (r->pickup_point.len > 0) {
        (void) printf("      to be collected at \"%s\"\n",
                      cxr_explain_text(x, r->pickup_point));
    }

    if (r->pickup_hours.len > 0) {
        (void) printf("      which is open \"%s\"\n",
                      cxr_explain_text(x, r->pickup_hours));
    }
}


void
cxr_explain_facts(cxr_explain_t *x, const cxr_report_t *r)
{
    if (r->service.len > 0) {
        (void) printf("      service %s\n", cxr_explain_text(x, r->service));
    }

    if (r->eta_from != CXR_TIME_NONE) {
        (void) printf("      promised for ");
        cxr_explain_promised(r->eta_from, r->eta_offset, r->eta_precision);

        if (r->eta_to != r->eta_from && r->eta_to != CXR_TIME_NONE) {
            (void) printf(" to ");
            cxr_explain_promised(r->eta_to, r->eta_offset, r->eta_precision);
        }

        (void) putchar('\n');
    }

    if (r->pieces > 0) {
        (void) printf("      %u parcels under this number\n",
                      (unsigned) r->pieces);
    }

    if (r->return_number.len > 0) {
        (void) printf("      comes back as \"%s\"\n",
                      cxr_explain_text(x, r->return_number));
    }

    if (r->partner.len > 0) {
        (void) printf("      taken to the door by %s as \"%s\"\n",
                      cxr_explain_text(x, r->partner),
                      cxr_explain_text(x, r->partner_number));
    }

    cxr_explain_pickup(x, r);
}


void
cxr_explain_scans(cxr_explain_t *x, const cxr_report_t *r, cxr_arena_t *arena)
{
    uint32_t            i;
    const cxr_scan_t  **by_time;

    by_time = cxr_alloc(arena, r->scans.n * sizeof(cxr_scan_t *));

    if (r->scans.n == 0 || by_time == NULL) {
        return;
    }

    for (i = 0; i < r->scans.n; i++) {
        by_time[i] = &r->scans.items[i];
    }

    qsort(by_time, r->scans.n, sizeof(cxr_scan_t *), cxr_explain_earlier);

    for (i = 0; i < r->scans.n; i++) {
        cxr_explain_scan(x, by_time[i]);
    }
}
