
/*
 * The tables of an RMA's records: it and its lines.  A table only grows, at its
 * end: the order of the fields is the format on disk.
 */

#include "cxr_rma.h"


const char *const  cxr_rma_kind_names[] = {
    "return", "exchange", "claim", "withdrawal", "cancellation", NULL
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
    "received", "completed", "cancelled", "expired", NULL
};

const char *const  cxr_grade_names[] = {
    "none", "as_new", "opened", "used", "damaged", "faulty", "incomplete",
    NULL
};

const char *const  cxr_disposition_names[] = {
    "none", "restock", "refurbish", "quarantine", "donate", "recycle",
    "destroy", "return_to_shopper", NULL
};


const char *const  cxr_photo_kind_names[] = { "jpeg", "png", "webp", NULL };

const char *const  cxr_label_file_names[] = { "none", "pdf", "png", NULL };


static const cxr_field_t  cxr_photo_ref_fields[] = {
    CXR_FIELD(cxr_photo_ref_t, hash, BYTES),
    CXR_FIELD_ENUM(cxr_photo_ref_t, kind, cxr_photo_kind_names),
    CXR_FIELD(cxr_photo_ref_t, width, U32),
    CXR_FIELD(cxr_photo_ref_t, height, U32),
    CXR_FIELD(cxr_photo_ref_t, bytes, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_photo_ref_type = {
    "photo", 0, 1, sizeof(cxr_photo_ref_t), cxr_photo_ref_fields
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
    CXR_FIELD_SINCE(cxr_rma_line_t, item, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_ENUM_SINCE(cxr_rma_line_t, claim, cxr_claim_names,
                         CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, no_return, BOOL, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, instant, BOOL, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, exchange_product, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_ENUM_SINCE(cxr_rma_line_t, advice, cxr_verdict_names,
                         CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, fee_flat, MONEY, CXR_FIELD_HIDDEN, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, fee_rate, MONEY, CXR_FIELD_HIDDEN, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, bonus_all, MONEY, CXR_FIELD_HIDDEN, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, counted, U32, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, wrong, U32, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, no_more, BOOL, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, graded, U32, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, sent_back, U32, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, deducted, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, approved_by, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, received_by, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, bonus, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, goods, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, short_paid, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, told_units, U32, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, told, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, settled_units, U32, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, settled, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_line_t, failed, BOOL, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SUB_SINCE(cxr_rma_line_t, photos, LIST, &cxr_photo_ref_type, 0,
                        4),
    CXR_FIELD_ENUM_SINCE(cxr_rma_line_t, delivery_mode, cxr_delivery_names,
                         CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, by_right, BOOL, CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, pays_back, BOOL, CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, delivery_of, MONEY, CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, delivery_all, MONEY, CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, delivery_rest, MONEY, CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, delivery, MONEY, 0, 5),
    CXR_FIELD_SINCE(cxr_rma_line_t, even, BOOL, CXR_FIELD_SPARSE, 12),
    CXR_FIELD_SINCE(cxr_rma_line_t, overtaken, BOOL, CXR_FIELD_SPARSE, 17),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_line_type = {
    "rma_line", 0, 17, sizeof(cxr_rma_line_t), cxr_rma_line_fields
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
    CXR_FIELD_SINCE(cxr_rma_step_t, reason, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_step_t, money, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_step_t, policy, STR, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_step_type = {
    "rma_step", 0, 6, sizeof(cxr_rma_step_t), cxr_rma_step_fields
};


static const cxr_field_t  cxr_rma_parcel_fields[] = {
    CXR_FIELD(cxr_rma_parcel_t, carrier, STR),
    CXR_FIELD(cxr_rma_parcel_t, number, STR),
    CXR_FIELD_ENUM(cxr_rma_parcel_t, fact, cxr_parcel_fact_names),
    CXR_FIELD(cxr_rma_parcel_t, at, TIME),
    CXR_FIELD(cxr_rma_parcel_t, named_at, TIME),
    CXR_FIELD_SINCE(cxr_rma_parcel_t, unproven, BOOL, CXR_FIELD_SPARSE, 5),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_parcel_type = {
    "rma_parcel", 0, 5, sizeof(cxr_rma_parcel_t), cxr_rma_parcel_fields
};


static const cxr_field_t  cxr_rma_grading_fields[] = {
    CXR_FIELD(cxr_rma_grading_t, item, STR),
    CXR_FIELD(cxr_rma_grading_t, units, U32),
    CXR_FIELD_ENUM(cxr_rma_grading_t, grade, cxr_grade_names),
    CXR_FIELD_ENUM(cxr_rma_grading_t, disposition, cxr_disposition_names),
    CXR_FIELD(cxr_rma_grading_t, deduct, MONEY),
    CXR_FIELD(cxr_rma_grading_t, reason, STR),
    CXR_FIELD(cxr_rma_grading_t, at, TIME),
    CXR_FIELD(cxr_rma_grading_t, actor, STR),
    CXR_FIELD_SINCE(cxr_rma_grading_t, deduct_reason, STR, CXR_FIELD_SPARSE,
                    11),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_grading_type = {
    "rma_grading", 0, 11, sizeof(cxr_rma_grading_t), cxr_rma_grading_fields
};


static const cxr_field_t  cxr_rma_note_fields[] = {
    CXR_FIELD(cxr_rma_note_t, at, TIME),
    CXR_FIELD_ENUM(cxr_rma_note_t, actor_kind, cxr_actor_names),
    CXR_FIELD(cxr_rma_note_t, actor, STR),
    CXR_FIELD(cxr_rma_note_t, internal, BOOL),
    CXR_FIELD_X(cxr_rma_note_t, text, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_note_type = {
    "rma_note", 0, 1, sizeof(cxr_rma_note_t), cxr_rma_note_fields
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
    CXR_FIELD_SINCE(cxr_rma_t, expired, BOOL, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_t, four_eyes, BOOL, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_t, override_reason, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SUB_SINCE(cxr_rma_t, gradings, LIST, &cxr_rma_grading_type, 0,
                        3),
    CXR_FIELD_SUB_SINCE(cxr_rma_t, notes, LIST, &cxr_rma_note_type,
                        CXR_FIELD_HIDDEN, 3),
    CXR_FIELD_SINCE(cxr_rma_t, instant_due, TIME, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_t, overdue, BOOL, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_t, told, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_t, settled, MONEY, 0, 3),
    CXR_FIELD_SINCE(cxr_rma_t, reference, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_t, instant_days, U32, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_t, code_carrier, STR, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_rma_t, code, STR, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_rma_t, code_expires, TIME, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_rma_t, label_wanted, BOOL, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_rma_t, carrier_label_url, STR, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_rma_t, reminded_at, TIME, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_rma_t, due_paid, MONEY, CXR_FIELD_SPARSE, 7),
    CXR_FIELD_SINCE(cxr_rma_t, due_told, MONEY, CXR_FIELD_SPARSE, 7),
    CXR_FIELD_SINCE(cxr_rma_t, due_back, MONEY, CXR_FIELD_SPARSE, 7),
    CXR_FIELD_SINCE(cxr_rma_t, due_reference, STR, CXR_FIELD_SPARSE, 7),
    CXR_FIELD_SINCE(cxr_rma_t, delivery, MONEY, 0, 8),
    CXR_FIELD_SINCE(cxr_rma_t, delivery_tax, MONEY, 0, 8),
    CXR_FIELD_SINCE(cxr_rma_t, order_delivery, MONEY, CXR_FIELD_HIDDEN, 8),
    CXR_FIELD_SINCE(cxr_rma_t, order_delivery_tax, MONEY, CXR_FIELD_HIDDEN, 8),
    CXR_FIELD_SINCE(cxr_rma_t, delivery_told, BOOL, CXR_FIELD_HIDDEN, 8),
    CXR_FIELD_SINCE(cxr_rma_t, carrier_label_hash, BYTES, CXR_FIELD_HIDDEN, 9),
    CXR_FIELD_ENUM_SINCE(cxr_rma_t, carrier_label_kind, cxr_label_file_names,
                         CXR_FIELD_SPARSE, 9),
    CXR_FIELD_SINCE(cxr_rma_t, carrier_label_bytes, U32, CXR_FIELD_SPARSE, 9),
    CXR_FIELD_SINCE(cxr_rma_t, carrier_label_at, TIME, CXR_FIELD_SPARSE, 9),
    CXR_FIELD_SINCE(cxr_rma_t, idem, BYTES, CXR_FIELD_HIDDEN, 10),
    CXR_FIELD_SINCE(cxr_rma_t, idem_seq, U64, CXR_FIELD_HIDDEN, 10),
    CXR_FIELD_SUB_SINCE(cxr_rma_t, consents, LIST, &cxr_agreed_type, 0, 12),
    CXR_FIELD_SINCE(cxr_rma_t, held_by, STRS, CXR_FIELD_SPARSE, 13),
    CXR_FIELD_SINCE(cxr_rma_t, gift, BOOL, CXR_FIELD_SPARSE, 14),
    CXR_FIELD_SINCE(cxr_rma_t, recipient, BYTES, CXR_FIELD_SEALED, 14),
    CXR_FIELD_SINCE(cxr_rma_t, credit_code, STR, CXR_FIELD_SPARSE, 14),
    CXR_FIELD_SINCE(cxr_rma_t, destination, STR, CXR_FIELD_SPARSE, 15),
    CXR_FIELD_SINCE(cxr_rma_t, erased_at, TIME, CXR_FIELD_SPARSE, 16),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_type = {
    "rma", CXR_TYPE_RMA, 17, sizeof(cxr_rma_t), cxr_rma_fields
};


static const cxr_field_t  cxr_rma_part_fields[] = {
    CXR_FIELD(cxr_rma_part_t, item, STR),
    CXR_FIELD(cxr_rma_part_t, units, U32),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_rma_part_type = {
    "rma_part", 0, 1, sizeof(cxr_rma_part_t), cxr_rma_part_fields
};


static const cxr_field_t  cxr_rma_decision_fields[] = {
    CXR_FIELD(cxr_rma_decision_t, rma, STR),
    CXR_FIELD_ENUM(cxr_rma_decision_t, decision, cxr_decision_names),
    CXR_FIELD(cxr_rma_decision_t, lines, STRS),
    CXR_FIELD(cxr_rma_decision_t, reason, STR),
    CXR_FIELD(cxr_rma_decision_t, label_jti, STR),
    CXR_FIELD(cxr_rma_decision_t, label_expires, TIME),
    CXR_FIELD_SUB_SINCE(cxr_rma_decision_t, parts, LIST, &cxr_rma_part_type,
                        0, 2),
    CXR_FIELD_SINCE(cxr_rma_decision_t, policy, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_decision_type = {
    "rma_decision", CXR_TYPE_RMA_DECISION, 2, sizeof(cxr_rma_decision_t),
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
    CXR_FIELD_SINCE(cxr_rma_name_t, unproven, BOOL, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_rma_name_t, other, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_rma_name_t, reason, STR, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_name_type = {
    "rma_name", CXR_TYPE_RMA_NAME, 3, sizeof(cxr_rma_name_t),
    cxr_rma_name_fields
};


static const cxr_field_t  cxr_rma_move_fields[] = {
    CXR_FIELD(cxr_rma_move_t, rma, STR),
    CXR_FIELD(cxr_rma_move_t, carrier, STR),
    CXR_FIELD(cxr_rma_move_t, number, STR),
    CXR_FIELD_ENUM(cxr_rma_move_t, fact, cxr_parcel_fact_names),
    CXR_FIELD(cxr_rma_move_t, at, TIME),
    CXR_FIELD_SINCE(cxr_rma_move_t, proven, BOOL, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_move_type = {
    "rma_move", CXR_TYPE_RMA_MOVE, 2, sizeof(cxr_rma_move_t),
    cxr_rma_move_fields
};


static const cxr_field_t  cxr_settle_part_fields[] = {
    CXR_FIELD(cxr_settle_part_t, item, STR),
    CXR_FIELD(cxr_settle_part_t, units, U32),
    CXR_FIELD(cxr_settle_part_t, money, MONEY),
    CXR_FIELD_END
};

const cxr_type_t  cxr_settle_part_type = {
    "settle_part", 0, 1, sizeof(cxr_settle_part_t), cxr_settle_part_fields
};


static const cxr_field_t  cxr_release_fields[] = {
    CXR_FIELD(cxr_release_body_t, rma, STR),
    CXR_FIELD(cxr_release_body_t, lines, STRS),
    CXR_FIELD_ENUM(cxr_release_body_t, trigger, cxr_release_names),
    CXR_FIELD(cxr_release_body_t, money, MONEY),
    CXR_FIELD_SUB_SINCE(cxr_release_body_t, parts, LIST, &cxr_settle_part_type,
                        0, 2),
    CXR_FIELD_SINCE(cxr_release_body_t, reason, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_release_body_t, delivery, BOOL, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_END
};

const cxr_type_t  cxr_release_type = {
    "release", CXR_TYPE_RELEASE, 3, sizeof(cxr_release_body_t),
    cxr_release_fields
};
