
/*
 * Decides what of a feed's report, or of the shop's word, is news of a parcel.
 */

#include "cxr_shipment_private.h"


static bool cxr_ship_known(const cxr_shipment_t *state,
    const cxr_report_t *report);
static bool cxr_ship_is_other(const cxr_shipment_t *state, cxr_time_t oldest);
static cxr_time_t cxr_ship_last(const cxr_shipment_t *state);
static cxr_rc_t cxr_ship_event(const cxr_shipment_t *state, bool fresh,
    unsigned kind, cxr_str_t carrier, cxr_str_t number, uint32_t day,
    const void *body, cxr_arena_t *a, cxr_events_t *out);
static uint32_t cxr_ship_day(const cxr_shipment_t *state, bool fresh,
    cxr_time_t now);
static bool cxr_ship_header_news(const cxr_shipment_t *state,
    const cxr_report_t *report, cxr_time_t newest, cxr_time_t latest,
    cxr_report_t *body);
static bool cxr_ship_beyond(const cxr_shipment_t *state,
    const cxr_report_t *report, cxr_time_t latest, cxr_report_t *body);
static bool cxr_ship_later(const cxr_scan_t *s, cxr_time_t latest,
    const cxr_scan_t *than);
static cxr_time_t cxr_ship_asof(const cxr_report_t *report,
    cxr_time_t newest, cxr_time_t latest);
static bool cxr_ship_eta_news(const cxr_shipment_t *state,
    const cxr_report_t *report, cxr_time_t newest, cxr_time_t latest,
    cxr_report_t *body);
static bool cxr_ship_pickup_news(const cxr_shipment_t *state,
    const cxr_report_t *report, cxr_time_t newest, cxr_time_t latest,
    cxr_report_t *body);
static bool cxr_ship_text_news(cxr_str_t have, cxr_str_t said, cxr_str_t *out);
static void cxr_ship_span(const cxr_report_t *report, cxr_time_t latest,
    cxr_time_t *oldest, cxr_time_t *newest);
static cxr_rc_t cxr_ship_scans_news(const cxr_shipment_t *have,
    const cxr_report_t *report, cxr_time_t latest, cxr_arena_t *a,
    cxr_report_t *body, unsigned *late);
static bool cxr_ship_texts_news(const cxr_shipment_t *have,
    const cxr_report_t *report, cxr_report_t *body);
static bool cxr_ship_pieces_news(const cxr_shipment_t *state,
    const cxr_report_t *report, cxr_report_t *body);
static bool cxr_ship_strs_eq(const cxr_strs_t *a, const cxr_strs_t *b);


static const cxr_shipment_t  cxr_ship_nothing;


cxr_rc_t
cxr_shipment_report(const cxr_shipment_t *state, const cxr_report_t *report,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, unsigned *skipped,
    cxr_refusal_t *no)
{
    bool                   fresh, news;
    cxr_rc_t               rc;
    unsigned               late;
    cxr_str_t              number;
    cxr_time_t             newest, latest, at;
    cxr_report_t          *body;
    const cxr_shipment_t  *have;

    number = report->number.len || state == NULL ? report->number
                                                 : state->number;

    if (number.len == 0) {
        return cxr_refuse(no, "number_missing", "/number",
                          "the report has no tracking number, and no parcel "
                          "with its reference is known");
    }

    latest = now + CXR_SCAN_FUTURE;
    cxr_ship_span(report, latest, &at, &newest);

    if (at == CXR_TIME_NONE && report->header_at <= latest) {
        at = report->header_at;
    }

    fresh = (state == NULL || !cxr_shipment_same(state, report)
             || (!cxr_ship_known(state, report)
                 && cxr_ship_is_other(state, at)));
    have = fresh ? &cxr_ship_nothing : state;

    body = cxr_alloc(a, sizeof(cxr_report_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    memset(body, 0, sizeof(cxr_report_t));

    late = 0;

    rc = cxr_ship_scans_news(have, report, latest, a, body, &late);
    if (rc != CXR_OK) {
        return rc;
    }

    if (skipped != NULL) {
        *skipped = late;
    }

    news = (fresh || body->scans.n != 0);
    news |= cxr_ship_header_news(have, report, newest, latest, body);
    news |= cxr_ship_beyond(have, report, latest, body);
    news |= cxr_ship_eta_news(have, report, newest, latest, body);
    news |= cxr_ship_pickup_news(have, report, newest, latest, body);
    news |= cxr_ship_texts_news(have, report, body);
    news |= cxr_ship_pieces_news(have, report, body);

    if (!news) {
        return CXR_OK;
    }

    /* what was left out now may be news another time */

    if (late == 0 && report->header_at <= latest
        && have->dropped == 0
        && have->scans.n + body->scans.n <= CXR_SCANS_MAX)
    {
        body->digest = report->digest;
    }

    body->carrier = report->carrier;
    body->number = number;
    body->day = fresh && report->day != 0 ? report->day
                                          : cxr_ship_day(state, fresh, now);

    return cxr_ship_event(state, fresh, CXR_EV_SHIPMENT_REPORTED,
                          body->carrier, number, body->day, body, a, out);
}


/*
 * From the first to the last scan that can be believed: what is told of the
 * future bounds nothing.  CXR_TIME_NONE where there is none.
 */

static void
cxr_ship_span(const cxr_report_t *report, cxr_time_t latest,
    cxr_time_t *oldest, cxr_time_t *newest)
{
    uint32_t    i;
    cxr_time_t  at;

    *newest = CXR_TIME_NONE;
    *oldest = CXR_TIME_NONE;

    for (i = 0; i < report->scans.n; i++) {
        at = report->scans.items[i].at;

        if (at == CXR_TIME_NONE || at > latest) {
            continue;
        }

        *newest = at > *newest ? at : *newest;
        *oldest = *oldest == CXR_TIME_NONE || at < *oldest ? at : *oldest;
    }
}


/* The scans that are not known yet; those of the future are only counted. */

static cxr_rc_t
cxr_ship_scans_news(const cxr_shipment_t *have, const cxr_report_t *report,
    cxr_time_t latest, cxr_arena_t *a, cxr_report_t *body, unsigned *late)
{
    cxr_rc_t     rc;
    cxr_scans_t  known, scans;

    known.items = have->scans.items;
    known.n = have->scans.n;
    memset(&scans, 0, sizeof(scans));

    rc = cxr_scans_news(&known, report->scans.items, report->scans.n, latest,
                        a, &scans, late);
    if (rc != CXR_OK) {
        return rc;
    }

    if (have->dropped != 0 && known.n == CXR_SCANS_MAX) {

        /* what was left out once is not told again with every feed */

        while (scans.n > 0
               && cxr_scan_cmp(&scans.items[scans.n - 1],
                               &known.items[known.n - 1]) > 0)
        {
            scans.n--;
        }
    }

    if (scans.n > CXR_SCANS_MAX + 1) {
        scans.n = CXR_SCANS_MAX + 1;    /* one more shows that some are gone */
    }

    body->scans.items = scans.items;
    body->scans.n = scans.n;

    return CXR_OK;
}


/* The shop's own word for the order stands above the carrier's. */

static bool
cxr_ship_texts_news(const cxr_shipment_t *have, const cxr_report_t *report,
    cxr_report_t *body)
{
    bool  news;

    news = cxr_ship_text_news(have->reference, report->reference,
                              &body->reference);
    news |= cxr_ship_text_news(have->service, report->service, &body->service);
    news |= cxr_ship_text_news(have->return_number, report->return_number,
                               &body->return_number);
    news |= cxr_ship_text_news(have->unique, report->unique, &body->unique);
    news |= cxr_ship_text_news(have->partner, report->partner, &body->partner);
    news |= cxr_ship_text_news(have->partner_number, report->partner_number,
                               &body->partner_number);

    if (!have->consigned) {
        news |= cxr_ship_text_news(have->order, report->order, &body->order);
    }

    return news;
}


cxr_rc_t
cxr_shipment_consign(const cxr_shipment_t *state, const cxr_consign_t *consign,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    bool            fresh;
    cxr_consign_t  *body;

    if (consign->number.len == 0) {
        return cxr_refuse(no, "number_missing", "/number",
                          "a parcel needs its tracking number");
    }

    if (state != NULL && state->consigned
        && cxr_str_eq(state->order, consign->order)
        && cxr_str_eq(state->rma, consign->rma)
        && state->direction == consign->direction
        && cxr_ship_strs_eq(&state->lines, &consign->lines))
    {
        return CXR_OK;
    }

    fresh = (state == NULL
             || (!cxr_str_eq(state->order, consign->order)
                 && cxr_ship_is_other(state, now)));

    body = cxr_alloc(a, sizeof(cxr_consign_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    *body = *consign;
    body->day = cxr_ship_day(state, fresh, now);

    return cxr_ship_event(state, fresh, CXR_EV_SHIPMENT_CONSIGNED,
                          body->carrier, body->number, body->day, body, a,
                          out);
}


static bool
cxr_ship_known(const cxr_shipment_t *state, const cxr_report_t *report)
{
    return report->unique.len != 0 && cxr_str_eq(state->unique, report->unique);
}


bool
cxr_shipment_same(const cxr_shipment_t *state, const cxr_report_t *report)
{
    uint32_t    i;
    cxr_time_t  first, last;

    if (report->unique.len == 0) {
        return true;
    }

    if (state->unique.len != 0) {
        return cxr_ship_known(state, report);
    }

    first = state->created_at;

    for (i = 0; i < state->scans.n; i++) {
        if (state->scans.items[i].at != CXR_TIME_NONE) {
            first = state->scans.items[i].at;
            break;
        }
    }

    last = (cxr_time_t) report->day * CXR_DAY;

    for (i = 0; i < report->scans.n; i++) {
        if (report->scans.items[i].at > last) {
            last = report->scans.items[i].at;
        }
    }

    return last == CXR_TIME_NONE || last + CXR_NUMBER_REUSE >= first;
}


uint32_t
cxr_shipment_first_day(const cxr_report_t *report)
{
    uint32_t    i;
    cxr_time_t  at, first = CXR_TIME_NONE;

    if (report->day != 0) {
        return report->day;
    }

    for (i = 0; i < report->scans.n; i++) {
        at = report->scans.items[i].at;

        if (at != CXR_TIME_NONE && (first == CXR_TIME_NONE || at < first)) {
            first = at;
        }
    }

    return first > 0 ? (uint32_t) (first / CXR_DAY) : 0;
}


/* Carriers hand out a number again some months after its parcel is done. */

static bool
cxr_ship_is_other(const cxr_shipment_t *state, cxr_time_t oldest)
{
    cxr_time_t  last;

    if (state->status != CXR_SHIP_DELIVERED
        && state->status != CXR_SHIP_RETURNED
        && state->status != CXR_SHIP_CANCELLED)
    {
        return false;
    }

    last = cxr_ship_last(state);

    return last != CXR_TIME_NONE
           && oldest != CXR_TIME_NONE
           && oldest - last > CXR_NUMBER_REUSE;
}


static cxr_time_t
cxr_ship_last(const cxr_shipment_t *state)
{
    cxr_time_t  last;

    last = state->header_at;

    if (state->scans.n != 0 && state->scans.items[state->scans.n - 1].at > last)
    {
        last = state->scans.items[state->scans.n - 1].at;
    }

    return last;
}


/*
 * The first day a parcel was seen keeps parcels with one number apart, so two
 * of them never have the same.
 */

static uint32_t
cxr_ship_day(const cxr_shipment_t *state, bool fresh, cxr_time_t now)
{
    uint32_t  day;

    if (!fresh) {
        return state->day;
    }

    day = now > 0 ? (uint32_t) (now / CXR_DAY) : 0;

    if (state != NULL && day <= state->day) {
        day = state->day + 1;
    }

    return day;
}


static cxr_rc_t
cxr_ship_event(const cxr_shipment_t *state, bool fresh, unsigned kind,
    cxr_str_t carrier, cxr_str_t number, uint32_t day, const void *body,
    cxr_arena_t *a, cxr_events_t *out)
{
    char         *id, *p, digits[10];
    size_t        n;
    cxr_event_t  *ev;

    n = 0;

    do {
        digits[n++] = '0' + day % 10;
        day /= 10;
    } while (day != 0);

    id = cxr_alloc(a, carrier.len + number.len + n + 2);
    ev = cxr_list_push(a, out, sizeof(cxr_event_t));

    if (id == NULL || ev == NULL) {
        return CXR_NOMEM;
    }

    p = id;

    if (carrier.len) {
        memcpy(p, carrier.data, carrier.len);
        p += carrier.len;
    }

    *p++ = '/';
    memcpy(p, number.data, number.len);
    p += number.len;
    *p++ = '/';

    while (n > 0) {
        *p++ = digits[--n];
    }

    ev->kind = kind;
    ev->aggregate = CXR_AGG_SHIPMENT;
    ev->fresh = fresh;
    ev->id = cxr_strn(id, p - id);
    ev->expect = fresh ? 0 : state->revision;
    ev->body = body;

    return CXR_OK;
}


static bool
cxr_ship_header_news(const cxr_shipment_t *state, const cxr_report_t *report,
    cxr_time_t newest, cxr_time_t latest, cxr_report_t *body)
{
    cxr_ship_header_t  have, said;

    if (report->header_status == CXR_SHIP_UNKNOWN
        && report->header_code.len == 0)
    {
        return false;
    }

    have.status = state->header_status;
    have.reason = state->header_reason;
    have.code = state->header_code;
    have.at = state->header_at;
    have.wins = state->header_wins;

    said.status = report->header_mapped ? report->header_status
                                        : CXR_SHIP_UNKNOWN;
    said.reason = report->header_mapped ? report->header_reason : CXR_WHY_NONE;
    said.code = report->header_code;
    said.at = report->header_at <= latest ? report->header_at : newest;
    said.wins = report->header_wins;

    if (cxr_ship_header_cmp(&said, &have) <= 0) {
        return false;
    }

    body->header_status = said.status;
    body->header_reason = said.reason;
    body->header_code = said.code;
    body->header_at = said.at;
    body->header_wins = said.wins;
    body->header_mapped = report->header_mapped;

    return true;
}


/*
 * Of a parcel with more scans than are kept the oldest are: so what the newest
 * one says of it is taken in as the record's own status would be.  Without it
 * such a parcel would be on its way for ever.
 */

static bool
cxr_ship_beyond(const cxr_shipment_t *state, const cxr_report_t *report,
    cxr_time_t latest, cxr_report_t *body)
{
    bool                known;
    uint32_t            i;
    cxr_ship_header_t   have, said;
    const cxr_scan_t   *s, *last;

    if ((state->dropped == 0
         && state->scans.n + body->scans.n <= CXR_SCANS_MAX)
        || state->header_wins || body->header_wins)
    {
        return false;
    }

    known = false;
    last = NULL;

    for (i = 0; i < report->scans.n; i++) {
        s = &report->scans.items[i];

        if (cxr_ship_later(s, latest, last)) {
            last = s;
        }
    }

    /* one that is kept until now gives way to these */

    for (i = 0; body->scans.n != 0 && i < state->scans.n; i++) {
        s = &state->scans.items[i];

        if (!s->retracted && cxr_ship_later(s, latest, last)) {
            last = s;
            known = true;
        }
    }

    if (last == NULL
        || (!known && (last->status == state->status
                       || !cxr_ship_moves(state->status, last->status))))
    {
        return false;
    }

    have.status = state->header_status;
    have.reason = state->header_reason;
    have.code = state->header_code;
    have.at = state->header_at;
    have.wins = false;

    if (body->header_mapped) {
        have.status = body->header_status;
        have.reason = body->header_reason;
        have.code = body->header_code;
        have.at = body->header_at;
    }

    said.status = last->status;
    said.reason = last->reason;
    said.code = last->code;
    said.at = last->at;
    said.wins = false;

    if (cxr_ship_header_cmp(&said, &have) <= 0) {
        return false;
    }

    body->header_status = said.status;
    body->header_reason = said.reason;
    body->header_code = said.code;
    body->header_at = said.at;
    body->header_wins = false;
    body->header_mapped = true;

    return true;
}


/*
 * It says something of the parcel, at a time that can be believed, and it has
 * more weight than the other: an end counts more than what was seen on the way,
 * then the later one.
 */

static bool
cxr_ship_later(const cxr_scan_t *s, cxr_time_t latest, const cxr_scan_t *than)
{
    bool  end, other;

    if (!s->mapped || s->status == CXR_SHIP_UNKNOWN
        || s->retract != CXR_RETRACT_NONE || s->at == CXR_TIME_NONE
        || s->at > latest)
    {
        return false;
    }

    if (than == NULL) {
        return true;
    }

    end = !cxr_ship_moves(s->status, CXR_SHIP_IN_TRANSIT);
    other = !cxr_ship_moves(than->status, CXR_SHIP_IN_TRANSIT);

    return end != other ? end : cxr_scan_cmp(s, than) > 0;
}


/* How new what a report says beside its scans is. */

static cxr_time_t
cxr_ship_asof(const cxr_report_t *report, cxr_time_t newest, cxr_time_t latest)
{
    return report->header_at > newest && report->header_at <= latest
           ? report->header_at : newest;
}


static bool
cxr_ship_eta_news(const cxr_shipment_t *state, const cxr_report_t *report,
    cxr_time_t newest, cxr_time_t latest, cxr_report_t *body)
{
    cxr_ship_eta_t  have, said;

    if (report->eta_from == CXR_TIME_NONE && report->eta_to == CXR_TIME_NONE) {
        return false;
    }

    said.from = report->eta_from ? report->eta_from : report->eta_to;
    said.to = report->eta_to ? report->eta_to : report->eta_from;
    said.offset = report->eta_offset;
    said.precision = report->eta_precision;
    said.asof = cxr_ship_asof(report, newest, latest);

    if (said.from > said.to) {
        said.from = said.to;
    }

    have.from = state->eta_from;
    have.to = state->eta_to;
    have.offset = state->eta_offset;
    have.precision = state->eta_precision;
    have.asof = state->eta_asof;

    if (cxr_ship_eta_cmp(&said, &have) <= 0) {
        return false;
    }

    body->eta_from = said.from;
    body->eta_to = said.to;
    body->eta_offset = said.offset;
    body->eta_precision = said.precision;
    body->eta_asof = said.asof;

    return true;
}


static bool
cxr_ship_pickup_news(const cxr_shipment_t *state, const cxr_report_t *report,
    cxr_time_t newest, cxr_time_t latest, cxr_report_t *body)
{
    cxr_ship_pickup_t  have, said;

    if (report->pickup_until == CXR_TIME_NONE
        && report->pickup_point.len == 0)
    {
        return false;
    }

    said.until = report->pickup_until;
    said.offset = report->pickup_offset;
    said.precision = report->pickup_precision;
    said.asof = cxr_ship_asof(report, newest, latest);
    said.point = report->pickup_point;
    said.hours = report->pickup_hours;

    have.until = state->pickup_until;
    have.offset = state->pickup_offset;
    have.precision = state->pickup_precision;
    have.asof = state->pickup_asof;
    have.point = state->pickup_point;
    have.hours = state->pickup_hours;

    if (cxr_ship_pickup_cmp(&said, &have) <= 0) {
        return false;
    }

    body->pickup_until = said.until;
    body->pickup_offset = said.offset;
    body->pickup_precision = said.precision;
    body->pickup_asof = said.asof;
    body->pickup_point = said.point;
    body->pickup_hours = said.hours;

    return true;
}


/*
 * A text that a report may carry without a time to it: the greater one stays,
 * because "the last one" would depend on how the feeds came in.
 */

static bool
cxr_ship_text_news(cxr_str_t have, cxr_str_t said, cxr_str_t *out)
{
    if (said.len == 0 || cxr_str_cmp(said, have) <= 0) {
        return false;
    }

    *out = said;

    return true;
}


static bool
cxr_ship_pieces_news(const cxr_shipment_t *state, const cxr_report_t *report,
    cxr_report_t *body)
{
    if (report->pieces <= state->pieces) {
        return false;
    }

    body->pieces = report->pieces;

    return true;
}


static bool
cxr_ship_strs_eq(const cxr_strs_t *a, const cxr_strs_t *b)
{
    uint32_t  i;

    if (a->n != b->n) {
        return false;
    }

    for (i = 0; i < a->n; i++) {
        if (!cxr_str_eq(a->items[i], b->items[i])) {
            return false;
        }
    }

    return true;
}
