
/*
 * "I have not received it": the parcels of an order, what their carriers tell
 * of the delivery, and from when on each may be said not to have come.
 */

#include "cxr_view_portal_private.h"
#include "cxr_view_texts.h"


static const cxr_field_t  cxr_view_absent_fields[] = {
    CXR_FIELD_SUB(cxr_view_absent_t, parcel, REC, &cxr_view_parcel_type),
    CXR_FIELD(cxr_view_absent_t, note, STR),
    CXR_FIELD(cxr_view_absent_t, open, BOOL),
    CXR_FIELD(cxr_view_absent_t, closed, STR),
    CXR_FIELD_SUB(cxr_view_absent_t, hidden, LIST, &cxr_pair_type),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_absent_type = {
    "absent", 0, 1, sizeof(cxr_view_absent_t), cxr_view_absent_fields
};

static const cxr_field_t  cxr_view_missing_fields[] = {
    CXR_VIEW_PAGE(cxr_view_missing_t),
    CXR_VIEW_URL(cxr_view_missing_t, action),
    CXR_FIELD(cxr_view_missing_t, number, STR),
    CXR_VIEW_URL(cxr_view_missing_t, back),
    CXR_VIEW_URL(cxr_view_missing_t, track_url),
    CXR_FIELD_SUB(cxr_view_missing_t, parcels, LIST, &cxr_view_absent_type),
    CXR_FIELD(cxr_view_missing_t, has_parcels, BOOL),
    CXR_FIELD(cxr_view_missing_t, any, BOOL),
    CXR_FIELD(cxr_view_missing_t, delivered, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_missing_type = {
    "missing", 0, 1, sizeof(cxr_view_missing_t), cxr_view_missing_fields
};


static void
absent_put(cxr_say_t *say, cxr_view_absent_t *v, const char *name,
    uint32_t index, cxr_str_t value)
{
    cxr_pair_t  *pair;

    pair = cxr_say_push(say, &v->hidden, sizeof(*pair));
    if (pair == NULL) {
        return;
    }

    pair->name = index == UINT32_MAX
                 ? cxr_strz(name)
                 : cxr_sprintf(say->a, "%s.%u", name, (unsigned) index);
    pair->value = value;
    say->failed |= pair->name.data == NULL;
}


static bool
absent_holds(const cxr_portal_t *p, const cxr_shipment_t *s, uint32_t index)
{
    uint32_t   k;
    cxr_str_t  line = p->order->lines.items[index].line;

    for (k = 0; k < s->lines.n; k++) {
        if (cxr_str_eq(s->lines.items[k], line)) {
            return true;
        }
    }

    return s->lines.n == 0;
}


/* The lines of the parcel that may be claimed, chosen with all their units. */

static uint32_t
absent_form(const cxr_portal_t *p, const cxr_shipment_t *s, cxr_say_t *say,
    cxr_view_absent_t *v)
{
    char                    key[CXR_PORTAL_KEY_LEN];
    uint32_t                i, n;
    cxr_str_t               lines;
    const cxr_reason_t     *reason;
    const cxr_judgement_t  *j;

    reason = cxr_claim_reason(&p->ctx->shop->policy, CXR_CLAIM_LOST);

    cxr_portal_lines_key(p->order, key);

    if (cxr_str_dup(say->a, cxr_strn(key, sizeof(key)), &lines) != CXR_OK) {
        say->failed = true;
        return 0;
    }

    absent_put(say, v, "step", UINT32_MAX, cxr_str("details"));
    absent_put(say, v, "f", UINT32_MAX, p->flow);
    absent_put(say, v, "k", UINT32_MAX, cxr_str("1"));
    absent_put(say, v, "v", UINT32_MAX, lines);

    for (i = 0, n = 0; i < p->order->lines.n; i++) {
        j = &p->judgements[i];

        if (j->verdict != CXR_MAY_RETURN || !absent_holds(p, s, i)) {
            continue;
        }

        absent_put(say, v, "q", i, cxr_sprintf(say->a, "%u",
                                               (unsigned) j->returnable));
        absent_put(say, v, "r", i, reason->code);
        absent_put(say, v, "k", i,
                   cxr_strz(cxr_claim_names[CXR_CLAIM_LOST]));
        n++;
    }

    return n;
}


static void
absent_parcel(const cxr_portal_t *p, const cxr_track_parcel_t *parcel,
    unsigned n, unsigned total, cxr_say_t *say, cxr_view_missing_t *view)
{
    cxr_time_t             from;
    cxr_view_absent_t     *v;
    const cxr_shipment_t  *s = parcel->shipment;

    v = cxr_say_push(say, &view->parcels, sizeof(*v));
    if (v == NULL) {
        return;
    }

    v->parcel = cxr_calloc(say->a, 1, sizeof(*v->parcel));

    if (v->parcel == NULL
        || cxr_view_parcel(p->ctx, parcel, p->now, n, total, say->a, v->parcel)
           != CXR_OK)
    {
        say->failed = true;
        return;
    }

    from = cxr_claim_missing(&p->ctx->shop->policy, s);

    if (from == CXR_TIME_NONE || p->now < from) {
        v->closed = cxr_say_why(say, cxr_str("claim.missing.wait"), 0, 0,
                                from);

    } else if (absent_form(p, s, say, v) == 0) {
        v->closed = cxr_say(say, "claim.missing.none");

    } else {
        v->open = true;
        view->any = true;
        view->delivered |= v->parcel->delivered;
        v->note = cxr_say(say, v->parcel->delivered
                               ? "claim.missing.note_delivered"
                               : "claim.missing.note_late");
    }
}


cxr_rc_t
cxr_view_missing(const cxr_portal_t *p, const cxr_track_parcel_t *parcels,
    size_t nparcels, cxr_view_missing_t *view)
{
    size_t     i;
    unsigned   n, total;
    cxr_say_t  say = cxr_say_to(p->ctx, p->arena);

    memset(view, 0, sizeof(*view));

    view->page = p->page;
    view->action = cxr_say_url(&say, p->url, "");
    view->back = view->action;
    view->number = p->order->number;
    view->track_url = cxr_say_url(&say, p->track_url, "");

    for (i = 0, total = 0; i < nparcels; i++) {
        total += parcels[i].shipment->direction == CXR_PARCEL_OUTBOUND;
    }

    for (i = 0, n = 0; i < nparcels && !say.failed; i++) {
        if (parcels[i].shipment->direction == CXR_PARCEL_OUTBOUND) {
            absent_parcel(p, &parcels[i], ++n, total, &say, view);
        }
    }

    view->has_parcels = view->parcels.n > 0;

    return cxr_say_rc(&say);
}
