
/*
 * The tables of the records: orders, products, RMAs and the bodies of their
 * events.  A table only grows, at its end: the order of the fields is the
 * format on disk.
 */

#include "cxr_order.h"
#include "cxr_policy.h"
#include "cxr_rma.h"


const char *const  cxr_outcome_names[] = {
    "refund", "exchange", "store_credit", "replacement", "repair",
    "keep_item", NULL
};

const char *const  cxr_release_names[] = {
    "none", "on_submit", "first_scan", "delivered", "received", "inspected",
    NULL
};

const char *const  cxr_verdict_names[] = {
    "may_return", "final_sale", "window_over", "not_delivered", "already",
    "no_outcome", "denied", NULL
};

const char *const  cxr_method_names[] = {
    "label", "qr", "carrier_code", "own_carrier", "in_store", "nothing", NULL
};

const char *const  cxr_anchor_names[] = {
    "delivered", "shipped", "placed", NULL
};

const char *const  cxr_effect_names[] = {
    "window_days", "restocking_fee", "bonus", "release", "may_return",
    "anchor", "open_until", "outcomes", "methods", "shipping_fee", "approval",
    "keep_item", "label_days", NULL
};

const char *const  cxr_rma_kind_names[] = {
    "return", "exchange", "claim", "withdrawal", NULL
};

const char *const  cxr_decision_names[] = {
    "pending", "approved", "declined", "info_needed", NULL
};

const char *const  cxr_parcel_fact_names[] = {
    "none", "label_issued", "in_transit", "delivered", "lost", NULL
};

const char *const  cxr_receipt_names[] = {
    "awaiting", "received", "short", "wrong_item", "missing", NULL
};

const char *const  cxr_settlement_names[] = {
    "none", "owed", "released", "confirmed", "failed", NULL
};

const char *const  cxr_rma_status_names[] = {
    "requested", "info_needed", "approved", "declined", "in_transit",
    "received", "completed", "cancelled", NULL
};


static const cxr_field_t  cxr_person_fields[] = {
    CXR_FIELD(cxr_person_t, name, STR),
    CXR_FIELD(cxr_person_t, email, STR),
    CXR_FIELD(cxr_person_t, phone, STR),
    CXR_FIELD(cxr_person_t, address, STR),
    CXR_FIELD(cxr_person_t, postcode, STR),
    CXR_FIELD(cxr_person_t, city, STR),
    CXR_FIELD(cxr_person_t, region, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_person_type = {
    "person", CXR_TYPE_PERSON, 1, sizeof(cxr_person_t), cxr_person_fields
};


static const cxr_field_t  cxr_order_line_fields[] = {
    CXR_FIELD(cxr_order_line_t, line, STR),
    CXR_FIELD(cxr_order_line_t, sku, STR),
    CXR_FIELD(cxr_order_line_t, title, STR),
    CXR_FIELD(cxr_order_line_t, variant, STR),
    CXR_FIELD(cxr_order_line_t, product, STR),
    CXR_FIELD(cxr_order_line_t, image, STR),
    CXR_FIELD(cxr_order_line_t, tags, STRS),
    CXR_FIELD(cxr_order_line_t, quantity, U32),
    CXR_FIELD(cxr_order_line_t, unit_price, MONEY),
    CXR_FIELD(cxr_order_line_t, discount, MONEY),
    CXR_FIELD(cxr_order_line_t, tax, MONEY),
    CXR_FIELD(cxr_order_line_t, final_sale, BOOL),
    CXR_FIELD(cxr_order_line_t, returning, U32),
    CXR_FIELD(cxr_order_line_t, returning_paid, MONEY),
    CXR_FIELD(cxr_order_line_t, returning_tax, MONEY),
    CXR_FIELD_END
};

const cxr_type_t  cxr_order_line_type = {
    "order_line", 0, 1, sizeof(cxr_order_line_t), cxr_order_line_fields
};


static const cxr_field_t  cxr_order_parcel_fields[] = {
    CXR_FIELD(cxr_order_parcel_t, carrier, STR),
    CXR_FIELD(cxr_order_parcel_t, number, STR),
    CXR_FIELD(cxr_order_parcel_t, lines, STRS),
    CXR_FIELD_END
};

const cxr_type_t  cxr_order_parcel_type = {
    "order_parcel", 0, 1, sizeof(cxr_order_parcel_t), cxr_order_parcel_fields
};


static const cxr_field_t  cxr_order_fields[] = {
    CXR_FIELD(cxr_order_t, number, STR),
    CXR_FIELD(cxr_order_t, placed_at, TIME),
    CXR_FIELD(cxr_order_t, currency, STR),
    CXR_FIELD(cxr_order_t, locale, STR),
    CXR_FIELD(cxr_order_t, country, STR),
    CXR_FIELD(cxr_order_t, tags, STRS),
    CXR_FIELD_X(cxr_order_t, person, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_SUB(cxr_order_t, lines, LIST, &cxr_order_line_type),
    CXR_FIELD_SUB(cxr_order_t, parcels, LIST, &cxr_order_parcel_type),
    CXR_FIELD(cxr_order_t, rmas, STRS),
    CXR_FIELD(cxr_order_t, created_at, TIME),
    CXR_FIELD(cxr_order_t, updated_at, TIME),
    CXR_FIELD(cxr_order_t, revision, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_order_type = {
    "order", CXR_TYPE_ORDER, 1, sizeof(cxr_order_t), cxr_order_fields
};


static const cxr_field_t  cxr_variant_fields[] = {
    CXR_FIELD(cxr_variant_t, sku, STR),
    CXR_FIELD(cxr_variant_t, title, STR),
    CXR_FIELD(cxr_variant_t, price, MONEY),
    CXR_FIELD(cxr_variant_t, stock, U32),
    CXR_FIELD(cxr_variant_t, image, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_variant_type = {
    "variant", 0, 1, sizeof(cxr_variant_t), cxr_variant_fields
};


static const cxr_field_t  cxr_product_fields[] = {
    CXR_FIELD(cxr_product_t, id, STR),
    CXR_FIELD(cxr_product_t, title, STR),
    CXR_FIELD(cxr_product_t, currency, STR),
    CXR_FIELD_SUB(cxr_product_t, variants, LIST, &cxr_variant_type),
    CXR_FIELD(cxr_product_t, updated_at, TIME),
    CXR_FIELD(cxr_product_t, revision, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_product_type = {
    "product", CXR_TYPE_PRODUCT, 1, sizeof(cxr_product_t), cxr_product_fields
};


static const cxr_field_t  cxr_rma_line_fields[] = {
    CXR_FIELD(cxr_rma_line_t, line, STR),
    CXR_FIELD(cxr_rma_line_t, sku, STR),
    CXR_FIELD(cxr_rma_line_t, title, STR),
    CXR_FIELD(cxr_rma_line_t, variant, STR),
    CXR_FIELD(cxr_rma_line_t, image, STR),
    CXR_FIELD(cxr_rma_line_t, quantity, U32),
    CXR_FIELD(cxr_rma_line_t, reason, STR),
    CXR_FIELD_X(cxr_rma_line_t, note, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_ENUM(cxr_rma_line_t, outcome, cxr_outcome_names),
    CXR_FIELD(cxr_rma_line_t, exchange_sku, STR),
    CXR_FIELD(cxr_rma_line_t, exchange_title, STR),
    CXR_FIELD(cxr_rma_line_t, exchange_price, MONEY),
    CXR_FIELD_ENUM(cxr_rma_line_t, decision, cxr_decision_names),
    CXR_FIELD_ENUM(cxr_rma_line_t, parcel, cxr_parcel_fact_names),
    CXR_FIELD_ENUM(cxr_rma_line_t, receipt, cxr_receipt_names),
    CXR_FIELD_ENUM(cxr_rma_line_t, settlement, cxr_settlement_names),
    CXR_FIELD(cxr_rma_line_t, decline_reason, STR),
    CXR_FIELD(cxr_rma_line_t, paid, MONEY),
    CXR_FIELD(cxr_rma_line_t, tax, MONEY),
    CXR_FIELD(cxr_rma_line_t, fee, MONEY),
    CXR_FIELD(cxr_rma_line_t, refund, MONEY),
    CXR_FIELD(cxr_rma_line_t, due, MONEY),
    CXR_FIELD_ENUM_SINCE(cxr_rma_line_t, release, cxr_release_names, 0, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_line_type = {
    "rma_line", 0, 2, sizeof(cxr_rma_line_t), cxr_rma_line_fields
};


static const cxr_field_t  cxr_rma_step_fields[] = {
    CXR_FIELD(cxr_rma_step_t, at, TIME),
    CXR_FIELD(cxr_rma_step_t, kind, U16),
    CXR_FIELD_ENUM(cxr_rma_step_t, status, cxr_rma_status_names),
    CXR_FIELD_ENUM(cxr_rma_step_t, actor_kind, cxr_actor_names),
    CXR_FIELD(cxr_rma_step_t, actor, STR),
    CXR_FIELD(cxr_rma_step_t, seq, U64),
    CXR_FIELD_ENUM_SINCE(cxr_rma_step_t, parcel, cxr_parcel_fact_names,
                         CXR_FIELD_SPARSE, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_step_type = {
    "rma_step", 0, 2, sizeof(cxr_rma_step_t), cxr_rma_step_fields
};


static const cxr_field_t  cxr_rma_parcel_fields[] = {
    CXR_FIELD(cxr_rma_parcel_t, carrier, STR),
    CXR_FIELD(cxr_rma_parcel_t, number, STR),
    CXR_FIELD_ENUM(cxr_rma_parcel_t, fact, cxr_parcel_fact_names),
    CXR_FIELD(cxr_rma_parcel_t, at, TIME),
    CXR_FIELD(cxr_rma_parcel_t, named_at, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_parcel_type = {
    "rma_parcel", 0, 1, sizeof(cxr_rma_parcel_t), cxr_rma_parcel_fields
};


static const cxr_field_t  cxr_rma_fields[] = {
    CXR_FIELD(cxr_rma_t, id, STR),
    CXR_FIELD(cxr_rma_t, order, STR),
    CXR_FIELD(cxr_rma_t, order_number, STR),
    CXR_FIELD_ENUM(cxr_rma_t, kind, cxr_rma_kind_names),
    CXR_FIELD_ENUM(cxr_rma_t, status, cxr_rma_status_names),
    CXR_FIELD(cxr_rma_t, cancelled, BOOL),
    CXR_FIELD(cxr_rma_t, currency, STR),
    CXR_FIELD(cxr_rma_t, locale, STR),
    CXR_FIELD(cxr_rma_t, method, STR),
    CXR_FIELD(cxr_rma_t, policy, STR),
    CXR_FIELD_SUB(cxr_rma_t, lines, LIST, &cxr_rma_line_type),
    CXR_FIELD(cxr_rma_t, refund, MONEY),
    CXR_FIELD(cxr_rma_t, fee, MONEY),
    CXR_FIELD(cxr_rma_t, due, MONEY),
    CXR_FIELD(cxr_rma_t, label_jti, STR),
    CXR_FIELD(cxr_rma_t, label_issued, TIME),
    CXR_FIELD(cxr_rma_t, label_expires, TIME),
    CXR_FIELD_SUB(cxr_rma_t, steps, LIST, &cxr_rma_step_type),
    CXR_FIELD(cxr_rma_t, created_at, TIME),
    CXR_FIELD(cxr_rma_t, updated_at, TIME),
    CXR_FIELD(cxr_rma_t, revision, U32),
    CXR_FIELD_SUB_SINCE(cxr_rma_t, parcels, LIST, &cxr_rma_parcel_type, 0, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_type = {
    "rma", CXR_TYPE_RMA, 2, sizeof(cxr_rma_t), cxr_rma_fields
};


static const cxr_field_t  cxr_rma_decision_fields[] = {
    CXR_FIELD(cxr_rma_decision_t, rma, STR),
    CXR_FIELD_ENUM(cxr_rma_decision_t, decision, cxr_decision_names),
    CXR_FIELD(cxr_rma_decision_t, lines, STRS),
    CXR_FIELD(cxr_rma_decision_t, reason, STR),
    CXR_FIELD(cxr_rma_decision_t, label_jti, STR),
    CXR_FIELD(cxr_rma_decision_t, label_expires, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_decision_type = {
    "rma_decision", CXR_TYPE_RMA_DECISION, 1, sizeof(cxr_rma_decision_t),
    cxr_rma_decision_fields
};


static const cxr_field_t  cxr_rma_cancel_fields[] = {
    CXR_FIELD(cxr_rma_cancel_t, rma, STR),
    CXR_FIELD(cxr_rma_cancel_t, reason, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_cancel_type = {
    "rma_cancel", CXR_TYPE_RMA_CANCEL, 1, sizeof(cxr_rma_cancel_t),
    cxr_rma_cancel_fields
};


static const cxr_field_t  cxr_rma_name_fields[] = {
    CXR_FIELD(cxr_rma_name_t, rma, STR),
    CXR_FIELD(cxr_rma_name_t, carrier, STR),
    CXR_FIELD(cxr_rma_name_t, number, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_name_type = {
    "rma_name", CXR_TYPE_RMA_NAME, 1, sizeof(cxr_rma_name_t),
    cxr_rma_name_fields
};


static const cxr_field_t  cxr_rma_move_fields[] = {
    CXR_FIELD(cxr_rma_move_t, rma, STR),
    CXR_FIELD(cxr_rma_move_t, carrier, STR),
    CXR_FIELD(cxr_rma_move_t, number, STR),
    CXR_FIELD_ENUM(cxr_rma_move_t, fact, cxr_parcel_fact_names),
    CXR_FIELD(cxr_rma_move_t, at, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_move_type = {
    "rma_move", CXR_TYPE_RMA_MOVE, 1, sizeof(cxr_rma_move_t),
    cxr_rma_move_fields
};


static const cxr_field_t  cxr_release_fields[] = {
    CXR_FIELD(cxr_release_body_t, rma, STR),
    CXR_FIELD(cxr_release_body_t, lines, STRS),
    CXR_FIELD_ENUM(cxr_release_body_t, trigger, cxr_release_names),
    CXR_FIELD(cxr_release_body_t, money, MONEY),
    CXR_FIELD_END
};

const cxr_type_t  cxr_release_type = {
    "release", CXR_TYPE_RELEASE, 1, sizeof(cxr_release_body_t),
    cxr_release_fields
};
