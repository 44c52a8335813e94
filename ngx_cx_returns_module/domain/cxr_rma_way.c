
#include "cxr_rma_way.h"
#include "cxr_rma_private.h"
#include "cxr_shop_private.h"


static const cxr_field_t  cxr_rma_code_fields[] = {
    CXR_FIELD(cxr_rma_code_t, rma, STR),
    CXR_FIELD(cxr_rma_code_t, carrier, STR),
    CXR_FIELD(cxr_rma_code_t, code, STR),
    CXR_FIELD(cxr_rma_code_t, expires, TIME),
    CXR_FIELD(cxr_rma_code_t, label_expires, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_code_type = {
    "rma_code", CXR_TYPE_RMA_CODE, 1, sizeof(cxr_rma_code_t),
    cxr_rma_code_fields
};

static const cxr_field_t  cxr_rma_supply_fields[] = {
    CXR_FIELD(cxr_rma_supply_t, rma, STR),
    CXR_FIELD(cxr_rma_supply_t, url, STR),
    CXR_FIELD(cxr_rma_supply_t, size, U32),
    CXR_FIELD(cxr_rma_supply_t, until, TIME),
    CXR_FIELD(cxr_rma_supply_t, carrier, STR),
    CXR_FIELD(cxr_rma_supply_t, number, STR),
    CXR_FIELD_SINCE(cxr_rma_supply_t, hash, BYTES, CXR_FIELD_HIDDEN, 2),
    CXR_FIELD_ENUM_SINCE(cxr_rma_supply_t, kind, cxr_label_file_names,
                         CXR_FIELD_SPARSE, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_supply_type = {
    "rma_supply", CXR_TYPE_RMA_SUPPLY, 2, sizeof(cxr_rma_supply_t),
    cxr_rma_supply_fields
};

static const cxr_field_t  cxr_code_in_fields[] = {
    CXR_FIELD(cxr_code_in_t, code, STR),
    CXR_FIELD(cxr_code_in_t, expires, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_code_in_type = {
    "code_in", 0, 1, sizeof(cxr_code_in_t), cxr_code_in_fields
};

static const cxr_field_t  cxr_codes_body_fields[] = {
    CXR_FIELD(cxr_codes_body_t, carrier, STR),
    CXR_FIELD_SUB(cxr_codes_body_t, codes, LIST, &cxr_code_in_type),
    CXR_FIELD_END
};

const cxr_type_t  cxr_codes_body_type = {
    "codes", CXR_TYPE_CODES, 1, sizeof(cxr_codes_body_t),
    cxr_codes_body_fields
};

static const cxr_field_t  cxr_pool_low_fields[] = {
    CXR_FIELD(cxr_pool_low_t, carrier, STR),
    CXR_FIELD(cxr_pool_low_t, free, U32),
    CXR_FIELD(cxr_pool_low_t, low, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_pool_low_type = {
    "pool_low", CXR_TYPE_POOL_LOW, 1, sizeof(cxr_pool_low_t),
    cxr_pool_low_fields
};


bool
cxr_is_label_url(cxr_str_t s)
{
    return s.len > 8 && s.len <= CXR_CARRIER_LABEL_URL
           && memcmp(s.data, "https:", 6) == 0 && cxr_is_url(s, false);
}


bool
cxr_rma_has_supplied(const cxr_rma_t *rma)
{
    return rma->carrier_label_url.len != 0 || rma->carrier_label_hash.len != 0;
}


static bool
cxr_rma_goes_by(const cxr_rma_t *rma, unsigned method)
{
    return cxr_str_is(rma->method, cxr_method_names[method]);
}


/* Approved, with goods that nothing is known of yet: a carrier's label comes
   with a number, which tells nothing of them. */

static bool
cxr_rma_to_send(const cxr_rma_t *rma)
{
    return rma->status == CXR_RMA_APPROVED && rma->label_jti.len != 0
           && (rma->parcels.n == 0
               || cxr_rma_goes_by(rma, CXR_METHOD_CARRIER_LABEL));
}


bool
cxr_rma_wants_code(const cxr_rma_t *rma)
{
    return rma->code.len == 0 && cxr_rma_to_send(rma)
           && cxr_rma_goes_by(rma, CXR_METHOD_CARRIER_CODE);
}


bool
cxr_rma_wants_label(const cxr_rma_t *rma)
{
    return !rma->label_wanted && cxr_rma_to_send(rma)
           && cxr_rma_goes_by(rma, CXR_METHOD_CARRIER_LABEL);
}


bool
cxr_rma_drops_code(const cxr_rma_t *rma)
{
    return rma->code.len != 0 && cxr_rma_closed(rma) && rma->parcels.n == 0;
}


/* Lines that have no method in common go with the label, which every shop
   has. */

cxr_rc_t
cxr_rma_method(const cxr_rma_ask_t *ask, uint32_t set, bool goes,
    cxr_rma_t *rma, cxr_refusal_t *no)
{
    int  k;

    k = CXR_METHOD_NOTHING;

    if (goes) {
        set = set != 0 ? set : 1u << CXR_METHOD_LABEL;

        if (ask->method.len == 0) {
            for (k = 0; (set & (1u << k)) == 0; k++) { /* void */ }

        } else {
            k = cxr_name_index(cxr_method_names, ask->method);

            if (ask->by_staff || ask->withdrawal) {
                set = CXR_METHODS_WAYS;
            }

            if (k < 0 || (set & (1u << k)) == 0) {
                return cxr_refuse(no, "method_not_offered", "/method",
                                  "the goods cannot go back that way");
            }
        }
    }

    rma->method = cxr_strz(cxr_method_names[k]);

    return CXR_OK;
}


/* Who waits for a code, or a label, is not told to hurry. */

static bool
cxr_rma_could_send(const cxr_rma_t *rma)
{
    return !cxr_rma_wants_code(rma)
           && !(cxr_rma_goes_by(rma, CXR_METHOD_CARRIER_LABEL)
                && !cxr_rma_has_supplied(rma));
}


cxr_time_t
cxr_rma_reminds_at(const cxr_rma_t *rma)
{
    return cxr_rma_to_send(rma) && cxr_rma_could_send(rma)
           && rma->reminded_at == CXR_TIME_NONE
           ? rma->label_expires : CXR_TIME_NONE;
}


cxr_time_t
cxr_rma_expires_at(const cxr_rma_t *rma)
{
    return cxr_rma_could_send(rma)
           && cxr_rma_may(rma, CXR_VERB_EXPIRE, CXR_ACTOR_SYSTEM)
           ? rma->label_expires : CXR_TIME_NONE;
}


cxr_time_t
cxr_rma_instant_by(const cxr_rma_t *rma)
{
    if (rma->instant_due == CXR_TIME_NONE || !cxr_rma_unproven(rma)) {
        return rma->instant_due;
    }

    return rma->instant_due + rma->instant_days * CXR_DAY;
}


cxr_time_t
cxr_rma_overdue_at(const cxr_rma_t *rma)
{
    return rma->instant_due != CXR_TIME_NONE
           && cxr_rma_may(rma, CXR_VERB_OVERDUE, CXR_ACTOR_SYSTEM)
           ? cxr_rma_instant_by(rma) : CXR_TIME_NONE;
}


/*
 * The last day to send it with what is there from "now" on: the time to send it
 * begins when it can be sent, and ends with the carrier's own ("expires").
 */
static cxr_time_t
cxr_rma_send_by(const cxr_rma_t *rma, cxr_time_t now, cxr_time_t expires)
{
    cxr_time_t  life, until;

    life = rma->label_issued != CXR_TIME_NONE
           && rma->label_expires > rma->label_issued
           ? rma->label_expires - rma->label_issued : 0;

    until = now + life > rma->label_expires ? now + life : rma->label_expires;

    return expires != CXR_TIME_NONE && expires < until ? expires : until;
}


cxr_rc_t
cxr_rma_assign(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_str_t carrier, const cxr_code_in_t *code, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out)
{
    cxr_rma_code_t  *body;

    body = cxr_calloc(a, 1, sizeof(cxr_rma_code_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->carrier = carrier;
    body->code = code->code;
    body->expires = code->expires;
    body->label_expires = cxr_rma_send_by(rma, now, code->expires);

    return cxr_rma_event(order, CXR_EV_CODE_ASSIGNED, body, a, out);
}


cxr_rc_t
cxr_rma_give_back(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_events_t *out)
{
    cxr_rma_code_t  *body;

    body = cxr_calloc(a, 1, sizeof(cxr_rma_code_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->carrier = rma->code_carrier;
    body->code = rma->code;
    body->expires = rma->code_expires;

    return cxr_rma_event(order, CXR_EV_CODE_RETURNED, body, a, out);
}


cxr_rc_t
cxr_rma_request_label(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_events_t *out)
{
    cxr_rma_supply_t  *body;

    body = cxr_calloc(a, 1, sizeof(cxr_rma_supply_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;

    return cxr_rma_event(order, CXR_EV_LABEL_REQUESTED, body, a, out);
}


cxr_rc_t
cxr_rma_supply(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_supply_t *cmd, uint32_t expect, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_rma_supply_t  *body;

    if (expect != 0 && expect != rma->revision) {
        return CXR_CONFLICT;
    }

    if (cxr_rma_closed(rma)) {
        return cxr_refuse(no, "rma_closed", "", "the RMA is closed");
    }

    if (!cxr_rma_goes_by(rma, CXR_METHOD_CARRIER_LABEL)) {
        return cxr_refuse(no, "label_not_wanted", "",
                          "the goods go back another way: %.*s",
                          cxr_str_arg(rma->method));
    }

    if (!rma->label_wanted) {
        return cxr_refuse(no, "not_approved", "",
                          "no label was asked for yet");
    }

    if (cmd->until != CXR_TIME_NONE && cmd->until <= now) {
        return cxr_refuse(no, "label_expired", "/expires",
                          "the label is no longer valid");
    }

    if (cxr_str_eq(cmd->url, rma->carrier_label_url)
        && cxr_str_eq(cmd->hash, rma->carrier_label_hash)
        && (cmd->until == CXR_TIME_NONE || rma->label_expires <= cmd->until))
    {
        return CXR_OK;
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_supply_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    *body = *cmd;
    body->rma = rma->id;
    body->until = cxr_rma_send_by(rma, now, cmd->until);

    return cxr_rma_event(order, CXR_EV_LABEL_SUPPLIED, body, a, out);
}


cxr_rc_t
cxr_rma_remind(const cxr_order_t *order, const cxr_rma_t *rma,
    uint32_t days, cxr_time_t now, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no)
{
    cxr_time_t         until;
    cxr_rma_supply_t  *body;

    until = cxr_rma_reminds_at(rma);

    if (until == CXR_TIME_NONE || now > until || until > now + days * CXR_DAY)
    {
        return cxr_refuse(no, "not_due", "", "it is not time to remind");
    }

    body = cxr_calloc(a, 1, sizeof(cxr_rma_supply_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    body->rma = rma->id;
    body->until = until;

    return cxr_rma_event(order, CXR_EV_LABEL_EXPIRING, body, a, out);
}


/* A URL or a file, and what was there before it is there no more. */

static cxr_rc_t
cxr_rma_apply_supplied(cxr_rma_t *rma, const cxr_rma_supply_t *supply,
    cxr_time_t at)
{
    bool  file;

    file = supply->hash.len != 0;

    if (!rma->label_wanted || file == (supply->url.len != 0)
        || (file && (supply->hash.len != CXR_PHOTO_HASH_LEN
                     || supply->kind == CXR_LABEL_FILE_NONE
                     || supply->kind >= CXR_LABEL_FILES)))
    {
        return CXR_INVALID;
    }

    rma->carrier_label_url = supply->url;
    rma->carrier_label_hash = supply->hash;
    rma->carrier_label_kind = file ? supply->kind : CXR_LABEL_FILE_NONE;
    rma->carrier_label_bytes = file ? supply->size : 0;
    rma->carrier_label_at = at;

    if (supply->until == CXR_TIME_NONE) {
        return CXR_OK;
    }

    /* more time than she was reminded of: she is reminded of its end, too */

    if (supply->until > rma->label_expires) {
        rma->reminded_at = CXR_TIME_NONE;
    }

    rma->label_expires = supply->until;

    return CXR_OK;
}


cxr_rc_t
cxr_rma_apply_way(cxr_rma_t *rma, const cxr_event_t *ev,
    const cxr_entry_t *entry)
{
    const cxr_rma_code_t    *code = ev->body;
    const cxr_rma_supply_t  *supply = ev->body;

    switch (ev->kind) {

    case CXR_EV_CODE_ASSIGNED:

        if (!cxr_rma_wants_code(rma) || !cxr_is_code(code->code)) {
            return CXR_INVALID;
        }

        rma->code_carrier = code->carrier;
        rma->code = code->code;
        rma->code_expires = code->expires;
        rma->label_expires = code->label_expires;

        return CXR_OK;

    case CXR_EV_CODE_RETURNED:

        if (!cxr_rma_drops_code(rma) || !cxr_str_eq(code->code, rma->code)
            || !cxr_str_eq(code->carrier, rma->code_carrier))
        {
            return CXR_INVALID;
        }

        rma->code_carrier = CXR_STR_NONE;
        rma->code = CXR_STR_NONE;
        rma->code_expires = CXR_TIME_NONE;

        return CXR_OK;

    case CXR_EV_LABEL_REQUESTED:

        if (!cxr_rma_wants_label(rma)) {
            return CXR_INVALID;
        }

        rma->label_wanted = true;

        return CXR_OK;

    case CXR_EV_LABEL_SUPPLIED:

        return cxr_rma_apply_supplied(rma, supply, entry->at);

    default:                         /* CXR_EV_LABEL_EXPIRING */

        if (cxr_rma_reminds_at(rma) == CXR_TIME_NONE) {
            return CXR_INVALID;
        }

        rma->reminded_at = entry->at;

        return CXR_OK;
    }
}
