
/*
 * The parcels that bring an RMA's goods back, and the form that names one.
 */

#include "cxr_view_sent.h"
#include "cxr_view_track.h"


static const cxr_field_t  cxr_view_sent_fields[] = {
    CXR_FIELD(cxr_view_sent_t, carrier, STR),
    CXR_FIELD(cxr_view_sent_t, number, STR),
    CXR_FIELD_ENUM(cxr_view_sent_t, fact, cxr_parcel_fact_names),
    CXR_FIELD(cxr_view_sent_t, sentence, STR),
    CXR_FIELD(cxr_view_sent_t, tone, STR),
    CXR_FIELD(cxr_view_sent_t, at, STR),
    CXR_FIELD(cxr_view_sent_t, iso, STR),
    CXR_VIEW_URL(cxr_view_sent_t, url),
    CXR_FIELD(cxr_view_sent_t, unproven, BOOL),
    CXR_FIELD(cxr_view_sent_t, slug, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_sent_type = {
    "sent", 0, 1, sizeof(cxr_view_sent_t), cxr_view_sent_fields
};

static const cxr_field_t  cxr_view_carrier_fields[] = {
    CXR_FIELD(cxr_view_carrier_t, value, STR),
    CXR_FIELD(cxr_view_carrier_t, text, STR),
    CXR_FIELD(cxr_view_carrier_t, selected, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_carrier_type = {
    "carrier", 0, 1, sizeof(cxr_view_carrier_t), cxr_view_carrier_fields
};

static const cxr_field_t  cxr_view_sent_form_fields[] = {
    CXR_VIEW_URL(cxr_view_sent_form_t, url),
    CXR_FIELD_SUB(cxr_view_sent_form_t, carriers, LIST,
                  &cxr_view_carrier_type),
    CXR_FIELD(cxr_view_sent_form_t, number, STR),
    CXR_FIELD(cxr_view_sent_form_t, number_max, U32),
    CXR_FIELD(cxr_view_sent_form_t, carrier_error, STR),
    CXR_FIELD(cxr_view_sent_form_t, number_error, STR),
    CXR_FIELD(cxr_view_sent_form_t, open, BOOL),
    CXR_FIELD(cxr_view_sent_form_t, can_take, BOOL),
    CXR_FIELD(cxr_view_sent_form_t, take, BOOL),
    CXR_FIELD(cxr_view_sent_form_t, reason, STR),
    CXR_FIELD(cxr_view_sent_form_t, reason_max, U32),
    CXR_FIELD(cxr_view_sent_form_t, reason_error, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_sent_form_type = {
    "send", 0, 1, sizeof(cxr_view_sent_form_t), cxr_view_sent_form_fields
};

static const char *const  cxr_sent_tones[] = {
    [CXR_PARCEL_NONE] = "",
    [CXR_PARCEL_LABEL_ISSUED] = "",
    [CXR_PARCEL_IN_TRANSIT] = "busy",
    [CXR_PARCEL_DELIVERED] = "good",
    [CXR_PARCEL_LOST] = "bad"
};


void
cxr_view_sent(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_sent_parcel_t *parcels, cxr_view_sents_t *out)
{
    char                     iso[CXR_TIME_PRINTED];
    uint32_t                 i;
    cxr_shipment_t           unheard;
    cxr_view_sent_t         *v;
    const cxr_shipment_t    *ship;
    const cxr_rma_parcel_t  *p;

    memset(out, 0, sizeof(*out));

    for (i = 0; i < rma->parcels.n; i++) {
        p = &rma->parcels.items[i];

        v = cxr_say_push(say, out, sizeof(*v));
        if (v == NULL) {
            return;
        }

        ship = parcels != NULL ? parcels[i].ship : NULL;

        if (ship == NULL) {
            memset(&unheard, 0, sizeof(unheard));
            unheard.direction = CXR_PARCEL_RETURN;
            ship = &unheard;
        }

        v->carrier = cxr_shop_carrier_name(say->ctx->shop, p->carrier);
        v->number = p->number;
        v->slug = p->carrier;
        v->unproven = p->unproven && cxr_rma_awaits_parcel(rma);
        v->fact = p->fact;
        v->sentence = cxr_track_sentence(say->ctx, ship);
        v->tone = cxr_strz(p->fact < cxr_nelts(cxr_sent_tones)
                           ? cxr_sent_tones[p->fact] : "");
        v->url = parcels != NULL ? parcels[i].url : CXR_STR_NONE;

        if (p->at == CXR_TIME_NONE) {
            continue;
        }

        v->at = cxr_say_date(say, p->at, CXR_DATE_DAY);

        if (cxr_str_dup(say->a, cxr_strn(iso, cxr_time_snprint(p->at, iso)),
                        &v->iso)
            != CXR_OK)
        {
            say->failed = true;
        }
    }
}


/* The desk's word against another's, with its reason; a shopper's does not count. */

static cxr_rc_t
cxr_sent_form_take(const cxr_pairs_t *pairs, cxr_arena_t *a,
    cxr_sent_form_t *form, cxr_rma_name_t *cmd)
{
    cxr_rc_t   rc;
    uint32_t   i;
    cxr_str_t  typed = CXR_STR_NONE;

    for (i = 0; i < pairs->n; i++) {
        if (cxr_str_is(pairs->items[i].name, "take")) {
            form->take = cxr_str_is(pairs->items[i].value, "1");

        } else if (cxr_str_is(pairs->items[i].name, "reason")) {
            typed = pairs->items[i].value;
        }
    }

    rc = cxr_text_clean(a, typed, CXR_TEXT_BLOCK, CXR_STAFF_REASON_MAX,
                        &form->reason);

    if (rc != CXR_OK && rc != CXR_NOMEM) {
        form->reason = CXR_STR_NONE;
        form->reason_key = cxr_str("staff.rma.parcel_reason_long");
        rc = CXR_OK;
    }

    cmd->take = form->take;
    cmd->reason = form->reason;

    return rc;
}


cxr_rc_t
cxr_sent_form_parse(const cxr_shop_t *shop, const cxr_pairs_t *pairs,
    cxr_arena_t *a, cxr_sent_form_t *form, cxr_rma_name_t *cmd)
{
    char       folded[CXR_TRACKING_MAX];
    size_t     len;
    cxr_rc_t   rc;
    uint32_t   i, k;
    cxr_str_t  typed;

    memset(form, 0, sizeof(*form));
    typed = CXR_STR_NONE;

    for (i = 0; i < pairs->n; i++) {

        if (cxr_str_is(pairs->items[i].name, "number")) {
            typed = pairs->items[i].value;

        } else if (cxr_str_is(pairs->items[i].name, "carrier")) {

            /* the shop's own string: no other can come of it */

            for (k = 0; k < shop->carriers.n; k++) {
                if (cxr_str_eq(shop->carriers.items[k].carrier,
                               pairs->items[i].value))
                {
                    form->carrier = shop->carriers.items[k].carrier;
                }
            }
        }
    }

    if (form->carrier.len == 0) {
        form->carrier_key = cxr_str("rma.send.carrier_missing");
    }

    /* one more than may be: too long is told, and not cut to another number */

    rc = cxr_text_clean(a, typed, CXR_TEXT_LINE, 2 * CXR_TRACKING_MAX,
                        &form->number);

    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (rc != CXR_OK) {
        form->number = CXR_STR_NONE;
        form->number_key = cxr_str("rma.send.number_invalid");

    } else if (form->number.len == 0) {
        form->number_key = cxr_str("rma.send.number_missing");

    } else if (cxr_fold_tracking(form->number, folded, &len) != CXR_OK) {
        form->number_key = cxr_str("rma.send.number_invalid");

    } else {
        rc = cxr_str_dup(a, cxr_strn(folded, len), &cmd->number);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    cmd->carrier = form->carrier;

    return cxr_sent_form_take(pairs, a, form, cmd);
}


bool
cxr_sent_form_ok(const cxr_sent_form_t *form)
{
    return form->carrier_key.len == 0 && form->number_key.len == 0
           && form->reason_key.len == 0;
}


static bool
cxr_view_all_delivered(const cxr_rma_t *rma)
{
    uint32_t  i;

    for (i = 0; i < rma->parcels.n; i++) {
        if (rma->parcels.items[i].fact != CXR_PARCEL_DELIVERED) {
            return false;
        }
    }

    return rma->parcels.n != 0;
}


static cxr_str_t
cxr_view_sent_error(cxr_say_t *say, cxr_str_t key)
{
    return key.len ? cxr_say_why(say, key, 0, 0, CXR_TIME_NONE)
                   : CXR_STR_NONE;
}


cxr_view_sent_form_t *
cxr_view_sent_form(cxr_say_t *say, const cxr_rma_t *rma,
    const cxr_sent_form_t *form, const cxr_refusal_t *no, cxr_str_t url)
{
    uint32_t               i;
    const cxr_shop_t      *shop = say->ctx->shop;
    cxr_view_carrier_t    *c;
    cxr_view_sent_form_t  *v;

    if (!cxr_rma_awaits_parcel(rma) || shop->carriers.n == 0
        || (form == NULL && cxr_view_all_delivered(rma)))
    {
        return NULL;
    }

    v = cxr_say_room(say, 1, sizeof(*v));
    if (v == NULL) {
        return NULL;
    }

    memset(v, 0, sizeof(*v));
    v->url = cxr_say_url(say, url, "/parcel");
    v->number_max = CXR_TRACKING_MAX;

    for (i = 0; i < shop->carriers.n; i++) {
        c = cxr_say_push(say, &v->carriers, sizeof(*c));
        if (c == NULL) {
            return NULL;
        }

        c->value = shop->carriers.items[i].carrier;
        c->text = shop->carriers.items[i].name;
        c->selected = form != NULL && cxr_str_eq(form->carrier, c->value);
    }

    if (form == NULL) {
        return v;
    }

    v->open = true;
    v->number = form->number;
    v->carrier_error = cxr_view_sent_error(say, form->carrier_key);
    v->number_error = cxr_view_sent_error(say, form->number_key);

    v->take = form->take;
    v->reason = form->reason;
    v->reason_max = CXR_STAFF_REASON_MAX;
    v->reason_error = cxr_view_sent_error(say, form->reason_key);
    v->can_take = form->take;

    if (no != NULL && strcmp(no->where, "/number") == 0) {
        v->number_error = cxr_say_refusal(say, no);
        v->can_take |= strcmp(no->code, "parcel_taken") == 0;
    }

    if (no != NULL && form->take && strcmp(no->where, "/reason") == 0) {
        v->reason_error = cxr_say_refusal(say, no);
    }

    return v;
}
