
/*
 * Applies a shipment's events and derives what the whole of its scans says.
 */

#include "cxr_shipment_private.h"


/* What holds while the scans are read from the oldest to the newest. */
typedef struct {
    uint8_t     status;
    uint8_t     reason;
    uint8_t     action;
    cxr_time_t  at;
    bool        stirred;    /* seen moving again since delivered     */
} cxr_ship_fold_t;


static cxr_rc_t cxr_ship_apply_report(cxr_shipment_t *state,
    const cxr_report_t *r, cxr_arena_t *a);
static void cxr_ship_apply_consign(cxr_shipment_t *state,
    const cxr_consign_t *c);
static void cxr_ship_derive(cxr_shipment_t *state);
static void cxr_ship_fold(cxr_ship_fold_t *f, const cxr_scan_t *s);
static void cxr_ship_fold_header(cxr_ship_fold_t *f,
    const cxr_shipment_t *state);
static bool cxr_ship_on_its_way(uint8_t status);


cxr_rc_t
cxr_shipment_apply(cxr_shipment_t *state, const cxr_event_t *ev, cxr_time_t at,
    cxr_arena_t *a)
{
    cxr_rc_t              rc;
    const cxr_report_t   *r;
    const cxr_consign_t  *c;

    if (ev->body == NULL) {
        return CXR_INVALID;
    }

    switch (ev->kind) {

    case CXR_EV_SHIPMENT_REPORTED:
        r = ev->body;

        if (state->revision == 0) {
            state->carrier = r->carrier;
            state->number = r->number;
            state->day = r->day;
            state->created_at = at;
        }

        rc = cxr_ship_apply_report(state, r, a);
        if (rc != CXR_OK) {
            return rc;
        }

        break;

    case CXR_EV_SHIPMENT_CONSIGNED:
        c = ev->body;

        if (state->revision == 0) {
            state->carrier = c->carrier;
            state->number = c->number;
            state->day = c->day;
            state->created_at = at;
        }

        cxr_ship_apply_consign(state, c);
        break;

    default:
        return CXR_INVALID;
    }

    state->updated_at = at;
    state->revision++;

    return CXR_OK;
}


static void
cxr_ship_apply_pickup(cxr_shipment_t *state, const cxr_report_t *r)
{
    cxr_ship_pickup_t  have, said;

    if (r->pickup_until == CXR_TIME_NONE && r->pickup_point.len == 0) {
        return;
    }

    have.until = state->pickup_until;
    have.offset = state->pickup_offset;
    have.precision = state->pickup_precision;
    have.asof = state->pickup_asof;
    have.point = state->pickup_point;
    have.hours = state->pickup_hours;

    said.until = r->pickup_until;
    said.offset = r->pickup_offset;
    said.precision = r->pickup_precision;
    said.asof = r->pickup_asof;
    said.point = r->pickup_point;
    said.hours = r->pickup_hours;

    if (cxr_ship_pickup_cmp(&said, &have) <= 0) {
        return;
    }

    state->pickup_until = said.until;
    state->pickup_offset = said.offset;
    state->pickup_precision = said.precision;
    state->pickup_asof = said.asof;
    state->pickup_point = said.point;
    state->pickup_hours = said.hours;
}


static cxr_rc_t
cxr_ship_apply_report(cxr_shipment_t *state, const cxr_report_t *r,
    cxr_arena_t *a)
{
    cxr_rc_t           rc;
    uint32_t           dropped;
    cxr_scans_t        known, news, all;
    cxr_ship_eta_t     eta, eta_said;
    cxr_ship_header_t  header, said;

    if (r->scans.n != 0) {
        known.items = state->scans.items;
        known.n = state->scans.n;
        news.items = r->scans.items;
        news.n = r->scans.n;

        rc = cxr_scans_merge(&known, &news, a, &all, &dropped);
        if (rc != CXR_OK) {
            return rc;
        }

        state->scans.items = all.items;
        state->scans.n = all.n;
        state->dropped += dropped;
    }

    if (r->header_status != CXR_SHIP_UNKNOWN || r->header_code.len != 0) {
        header.status = state->header_status;
        header.reason = state->header_reason;
        header.code = state->header_code;
        header.at = state->header_at;
        header.wins = state->header_wins;

        said.status = r->header_status;
        said.reason = r->header_reason;
        said.code = r->header_code;
        said.at = r->header_at;
        said.wins = r->header_wins;

        if (cxr_ship_header_cmp(&said, &header) > 0) {
            state->header_status = said.status;
            state->header_reason = said.reason;
            state->header_code = said.code;
            state->header_at = said.at;
            state->header_wins = said.wins;
        }
    }

    if (r->eta_to != CXR_TIME_NONE) {
        eta.from = state->eta_from;
        eta.to = state->eta_to;
        eta.offset = state->eta_offset;
        eta.precision = state->eta_precision;
        eta.asof = state->eta_asof;

        eta_said.from = r->eta_from;
        eta_said.to = r->eta_to;
        eta_said.offset = r->eta_offset;
        eta_said.precision = r->eta_precision;
        eta_said.asof = r->eta_asof;

        if (cxr_ship_eta_cmp(&eta_said, &eta) > 0) {
            state->eta_from = eta_said.from;
            state->eta_to = eta_said.to;
            state->eta_offset = eta_said.offset;
            state->eta_precision = eta_said.precision;
            state->eta_asof = eta_said.asof;
        }
    }

    cxr_ship_apply_pickup(state, r);

    if (cxr_str_cmp(r->reference, state->reference) > 0) {
        state->reference = r->reference;
    }

    if (cxr_str_cmp(r->service, state->service) > 0) {
        state->service = r->service;
    }

    if (r->pieces > state->pieces) {
        state->pieces = r->pieces;
    }

    if (cxr_str_cmp(r->return_number, state->return_number) > 0) {
        state->return_number = r->return_number;
    }

    if (cxr_str_cmp(r->partner, state->partner) > 0) {
        state->partner = r->partner;
    }

    if (cxr_str_cmp(r->partner_number, state->partner_number) > 0) {
        state->partner_number = r->partner_number;
    }

    if (r->digest.len != 0) {
        state->digest = r->digest;
    }

    if (cxr_str_cmp(r->unique, state->unique) > 0) {
        state->unique = r->unique;
    }

    if (!state->consigned && cxr_str_cmp(r->order, state->order) > 0) {
        state->order = r->order;
    }

    cxr_ship_derive(state);

    return CXR_OK;
}


static void
cxr_ship_apply_consign(cxr_shipment_t *state, const cxr_consign_t *c)
{
    state->order = c->order;
    state->lines = c->lines;
    state->rma = c->rma;
    state->direction = c->direction;
    state->consigned = true;
}


/*
 * From all scans, oldest first, and the header.  An authoritative one comes
 * after the scans of its own time and holds whatever they say; another one only
 * speaks where no scan of that time or later does.
 */

static void
cxr_ship_derive(cxr_shipment_t *state)
{
    bool               header, spoken;
    uint32_t           i;
    cxr_ship_fold_t    f;
    const cxr_scan_t  *s;

    memset(&f, 0, sizeof(f));
    spoken = false;

    header = (state->header_status != CXR_SHIP_UNKNOWN);
    state->unmapped = 0;
    state->picked_up_at = CXR_TIME_NONE;

    cxr_scans_retract(state->scans.items, state->scans.n);

    for (i = 0; i < state->scans.n; i++) {
        s = &state->scans.items[i];

        if (header && state->header_wins && s->at > state->header_at) {
            cxr_ship_fold_header(&f, state);
            header = false;
        }

        if (s->retracted) {
            continue;
        }

        if (!s->mapped) {
            state->unmapped++;
            continue;
        }

        if (s->status == CXR_SHIP_UNKNOWN) {
            continue;
        }

        if (state->picked_up_at == CXR_TIME_NONE
            && cxr_ship_on_its_way(s->status))
        {
            state->picked_up_at = s->at;
        }

        spoken = (s->at >= state->header_at);
        cxr_ship_fold(&f, s);
    }

    if (header && (state->header_wins || !spoken)) {
        cxr_ship_fold_header(&f, state);
    }

    state->status = f.status;
    state->reason = f.reason;
    state->action = f.action;
    state->status_at = f.at;
    state->delivered_at = f.status == CXR_SHIP_DELIVERED ? f.at
                                                         : CXR_TIME_NONE;
}


static void
cxr_ship_fold(cxr_ship_fold_t *f, const cxr_scan_t *s)
{
    if (!cxr_ship_moves(f->status, s->status)) {

        /*
         * A proof of delivery that follows the delivery is not another one;
         * a delivery after the parcel was seen on its way again is.
         */

        if (f->status != CXR_SHIP_DELIVERED) {
            return;
        }

        if (s->status != CXR_SHIP_DELIVERED) {
            f->stirred = true;
            return;
        }

        /* one with a time is worth more than one without */

        if (!f->stirred && f->at != CXR_TIME_NONE) {
            return;
        }
    }

    f->status = s->status;
    f->reason = s->reason;
    f->action = s->action;
    f->at = s->at;
    f->stirred = false;
}


static void
cxr_ship_fold_header(cxr_ship_fold_t *f, const cxr_shipment_t *state)
{
    if (f->status == state->header_status) {

        /* the scan knows better when and why */

        if (f->reason == CXR_WHY_NONE) {
            f->reason = state->header_reason;
        }

        if (f->at == CXR_TIME_NONE) {
            f->at = state->header_at;
        }

        return;
    }

    if (!state->header_wins && !cxr_ship_moves(f->status, state->header_status))
    {
        return;
    }

    f->status = state->header_status;
    f->reason = state->header_reason;
    f->action = f->status == CXR_SHIP_READY_FOR_PICKUP ? CXR_DO_PICK_UP
                                                       : CXR_DO_NOTHING;
    f->at = state->header_at;
    f->stirred = false;
}


bool
cxr_ship_moves(uint8_t from, uint8_t to)
{
    switch (from) {

    case CXR_SHIP_DELIVERED:
        return to == CXR_SHIP_RETURNING || to == CXR_SHIP_RETURNED;

    case CXR_SHIP_RETURNED:
        return to == CXR_SHIP_DELIVERED || to == CXR_SHIP_RETURNING;

    case CXR_SHIP_CANCELLED:
        return to == CXR_SHIP_DELIVERED || to == CXR_SHIP_RETURNING
               || to == CXR_SHIP_RETURNED;

    case CXR_SHIP_RETURNING:

        /* on the way back it passes depots as any parcel does */

        return to != CXR_SHIP_LABEL_CREATED && to != CXR_SHIP_PICKED_UP
               && to != CXR_SHIP_IN_TRANSIT;

    default:
        return true;
    }
}


static bool
cxr_ship_on_its_way(uint8_t status)
{
    switch (status) {

    case CXR_SHIP_UNKNOWN:
    case CXR_SHIP_LABEL_CREATED:
    case CXR_SHIP_CANCELLED:
    case CXR_SHIP_EXPIRED:
        return false;

    default:
        return true;
    }
}
