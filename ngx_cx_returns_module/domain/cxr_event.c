
/*
 * Events and their bodies, the journal's entry, and refusals.
 */

#include <stdio.h>

#include "cxr_erase.h"
#include "cxr_event.h"
#include "cxr_list.h"
#include "cxr_order.h"
#include "cxr_rma_act.h"
#include "cxr_rma_way.h"
#include "cxr_shipment.h"
#include "cxr_talk.h"
#include "cxr_withdrawal.h"


const char *const  cxr_event_names[] = {
    "none",
    "order.put",
    "rma.created",
    "rma.decided",
    "rma.cancelled",
    "shipment.consigned",
    "shipment.reported",
    "product.put",
    "rma.parcel_named",
    "rma.parcel_moved",
    "settlement.released",
    "rma.answered",
    "rma.received",
    "rma.graded",
    "settlement.confirmed",
    "settlement.failed",
    "rma.reopened",
    "rma.noted",
    "rma.expired",
    "rma.overdue",
    "stock.reserved",
    "stock.freed",
    "stock.taken",
    "survey.answered",
    "withdrawal.declared",
    "withdrawal.matched",
    "withdrawal.judged",
    "person.erased",
    "message.posted",
    "message.read",
    "message.closed",
    "code.assigned",
    "code.returned",
    "label.requested",
    "label.supplied",
    "label.expiring",
    "codes.imported",
    "pool.low",
    "due.paid",
    "due.to_repay",
    "due.repaid",
    "rma.delivery",
    "rma.parcel_given",
    "recipient.erased",
    "list.changed",
    "rma.overtaken",
    NULL
};

const char *const  cxr_aggregate_names[] = {
    "none", "order", "shipment", "product", "withdrawal", "talk", "pool",
    "list", NULL
};

const char *const  cxr_actor_names[] = {
    "system", "shopper", "staff", "api", "carrier", NULL
};


static const cxr_field_t  cxr_entry_fields[] = {
    CXR_FIELD(cxr_entry_t, seq, U64),
    CXR_FIELD(cxr_entry_t, at, TIME),
    CXR_FIELD(cxr_entry_t, kind, U16),
    CXR_FIELD_ENUM(cxr_entry_t, aggregate, cxr_aggregate_names),
    CXR_FIELD_ENUM(cxr_entry_t, actor_kind, cxr_actor_names),
    CXR_FIELD(cxr_entry_t, id, STR),
    CXR_FIELD(cxr_entry_t, expect, U32),
    CXR_FIELD(cxr_entry_t, actor, STR),
    CXR_FIELD_X(cxr_entry_t, idem, BYTES, CXR_FIELD_HIDDEN),
    CXR_FIELD_X(cxr_entry_t, fingerprint, BYTES, CXR_FIELD_HIDDEN),
    CXR_FIELD_X(cxr_entry_t, body, BYTES, CXR_FIELD_HIDDEN),
    CXR_FIELD(cxr_entry_t, prev, BYTES),
    CXR_FIELD(cxr_entry_t, hash, BYTES),
    CXR_FIELD_END
};

const cxr_type_t  cxr_entry_type = {
    "entry", CXR_TYPE_ENTRY, 1, sizeof(cxr_entry_t), cxr_entry_fields
};


const cxr_type_t *const  cxr_stored_types[] = {
    &cxr_order_type,
    &cxr_person_type,
    &cxr_rma_type,
    &cxr_shipment_type,
    &cxr_product_type,
    &cxr_entry_type,
    &cxr_report_type,
    &cxr_consign_type,
    &cxr_rma_decision_type,
    &cxr_rma_cancel_type,
    &cxr_rma_name_type,
    &cxr_rma_move_type,
    &cxr_release_type,
    &cxr_rma_change_type,
    &cxr_rma_words_type,
    &cxr_rma_receipt_type,
    &cxr_rma_grading_body_type,
    &cxr_settle_type,
    &cxr_stock_type,
    &cxr_survey_type,
    &cxr_statement_type,
    &cxr_withdrawal_type,
    &cxr_withdrawal_match_type,
    &cxr_withdrawal_judge_type,
    &cxr_erased_type,
    &cxr_message_type,
    &cxr_message_mark_type,
    &cxr_talk_type,
    &cxr_rma_code_type,
    &cxr_rma_supply_type,
    &cxr_codes_body_type,
    &cxr_pool_low_type,
    &cxr_list_change_type,
    &cxr_on_list_type,
    NULL
};


const cxr_type_t *
cxr_event_body(unsigned kind)
{
    switch (kind) {

    case CXR_EV_ORDER_PUT:
        return &cxr_order_type;

    case CXR_EV_RMA_CREATED:
        return &cxr_rma_type;

    case CXR_EV_RMA_DECIDED:
        return &cxr_rma_decision_type;

    case CXR_EV_RMA_CANCELLED:
        return &cxr_rma_cancel_type;

    case CXR_EV_SHIPMENT_CONSIGNED:
        return &cxr_consign_type;

    case CXR_EV_SHIPMENT_REPORTED:
        return &cxr_report_type;

    case CXR_EV_PRODUCT_PUT:
        return &cxr_product_type;

    case CXR_EV_RMA_PARCEL_NAMED:
    case CXR_EV_RMA_PARCEL_GIVEN:
        return &cxr_rma_name_type;

    case CXR_EV_RMA_PARCEL_MOVED:
        return &cxr_rma_move_type;

    case CXR_EV_SETTLEMENT_RELEASED:
        return &cxr_release_type;

    case CXR_EV_RMA_ANSWERED:
    case CXR_EV_RMA_NOTED:
        return &cxr_rma_words_type;

    case CXR_EV_RMA_RECEIVED:
        return &cxr_rma_receipt_type;

    case CXR_EV_RMA_GRADED:
        return &cxr_rma_grading_body_type;

    case CXR_EV_SETTLEMENT_CONFIRMED:
    case CXR_EV_DUE_PAID:
    case CXR_EV_DUE_TO_REPAY:
    case CXR_EV_DUE_REPAID:
    case CXR_EV_RMA_DELIVERY:
        return &cxr_settle_type;

    case CXR_EV_SETTLEMENT_FAILED:
    case CXR_EV_RMA_REOPENED:
    case CXR_EV_RMA_EXPIRED:
    case CXR_EV_RMA_OVERDUE:
    case CXR_EV_RECIPIENT_ERASED:
    case CXR_EV_RMA_OVERTAKEN:
        return &cxr_rma_change_type;

    case CXR_EV_STOCK_RESERVED:
    case CXR_EV_STOCK_FREED:
    case CXR_EV_STOCK_TAKEN:
        return &cxr_stock_type;

    case CXR_EV_SURVEY_ANSWERED:
        return &cxr_survey_type;

    case CXR_EV_WITHDRAWAL_DECLARED:
        return &cxr_withdrawal_type;

    case CXR_EV_WITHDRAWAL_MATCHED:
        return &cxr_withdrawal_match_type;

    case CXR_EV_WITHDRAWAL_JUDGED:
        return &cxr_withdrawal_judge_type;

    case CXR_EV_PERSON_ERASED:
        return &cxr_erased_type;

    case CXR_EV_MESSAGE_POSTED:
        return &cxr_message_type;

    case CXR_EV_MESSAGE_READ:
    case CXR_EV_MESSAGE_CLOSED:
        return &cxr_message_mark_type;

    case CXR_EV_CODE_ASSIGNED:
    case CXR_EV_CODE_RETURNED:
        return &cxr_rma_code_type;

    case CXR_EV_LABEL_REQUESTED:
    case CXR_EV_LABEL_SUPPLIED:
    case CXR_EV_LABEL_EXPIRING:
        return &cxr_rma_supply_type;

    case CXR_EV_CODES_IMPORTED:
        return &cxr_codes_body_type;

    case CXR_EV_POOL_LOW:
        return &cxr_pool_low_type;

    case CXR_EV_LIST_CHANGED:
        return &cxr_list_change_type;

    default:
        return NULL;
    }
}


const cxr_type_t *
cxr_stored_type(uint16_t id)
{
    size_t  i;

    for (i = 0; cxr_stored_types[i] != NULL; i++) {
        if (cxr_stored_types[i]->id == id) {
            return cxr_stored_types[i];
        }
    }

    return NULL;
}


cxr_rc_t
cxr_refuse(cxr_refusal_t *no, const char *code, const char *where,
    const char *fmt, ...)
{
    va_list  args;

    if (no == NULL) {
        return CXR_REFUSED;
    }

    memset(no, 0, sizeof(*no));

    no->code = code;
    snprintf(no->where, sizeof(no->where), "%s", where ? where : "");

    va_start(args, fmt);
    vsnprintf(no->text, sizeof(no->text), fmt, args);
    va_end(args);

    return CXR_REFUSED;
}
