
/*
 * The tables of the bodies that an RMA's later events have, and of the
 * breakdown of its money.
 */

#include "cxr_rma_act.h"


static const cxr_field_t  cxr_rma_change_fields[] = {
    CXR_FIELD(cxr_rma_change_t, rma, STR),
    CXR_FIELD(cxr_rma_change_t, lines, STRS),
    CXR_FIELD(cxr_rma_change_t, reason, STR),
    CXR_FIELD(cxr_rma_change_t, label_expires, TIME),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_change_type = {
    "rma_change", CXR_TYPE_RMA_CHANGE, 1, sizeof(cxr_rma_change_t),
    cxr_rma_change_fields
};


static const cxr_field_t  cxr_rma_words_fields[] = {
    CXR_FIELD(cxr_rma_words_t, rma, STR),
    CXR_FIELD(cxr_rma_words_t, lines, STRS),
    CXR_FIELD_X(cxr_rma_words_t, text, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_words_type = {
    "rma_words", CXR_TYPE_RMA_WORDS, 1, sizeof(cxr_rma_words_t),
    cxr_rma_words_fields
};


static const cxr_field_t  cxr_rma_count_fields[] = {
    CXR_FIELD(cxr_rma_count_t, item, STR),
    CXR_FIELD(cxr_rma_count_t, count, U32),
    CXR_FIELD(cxr_rma_count_t, wrong, U32),
    CXR_FIELD(cxr_rma_count_t, no_more, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_rma_count_type = {
    "rma_count", 0, 1, sizeof(cxr_rma_count_t), cxr_rma_count_fields
};


static const cxr_field_t  cxr_rma_receipt_fields[] = {
    CXR_FIELD(cxr_rma_receipt_t, rma, STR),
    CXR_FIELD_SUB(cxr_rma_receipt_t, counts, LIST, &cxr_rma_count_type),
    CXR_FIELD(cxr_rma_receipt_t, reason, STR),
    CXR_FIELD(cxr_rma_receipt_t, reference, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_receipt_type = {
    "rma_receipt", CXR_TYPE_RMA_RECEIPT, 1, sizeof(cxr_rma_receipt_t),
    cxr_rma_receipt_fields
};


static const cxr_field_t  cxr_rma_grade_fields[] = {
    CXR_FIELD(cxr_rma_grade_t, item, STR),
    CXR_FIELD(cxr_rma_grade_t, units, U32),
    CXR_FIELD_ENUM(cxr_rma_grade_t, grade, cxr_grade_names),
    CXR_FIELD_ENUM(cxr_rma_grade_t, disposition, cxr_disposition_names),
    CXR_FIELD(cxr_rma_grade_t, deduct, MONEY),
    CXR_FIELD_SINCE(cxr_rma_grade_t, deduct_reason, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_rma_grade_type = {
    "rma_grade", 0, 2, sizeof(cxr_rma_grade_t), cxr_rma_grade_fields
};


static const cxr_field_t  cxr_rma_grading_body_fields[] = {
    CXR_FIELD(cxr_rma_grading_body_t, rma, STR),
    CXR_FIELD_SUB(cxr_rma_grading_body_t, grades, LIST, &cxr_rma_grade_type),
    CXR_FIELD(cxr_rma_grading_body_t, reason, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_rma_grading_body_type = {
    "rma_grading_body", CXR_TYPE_RMA_GRADING, 2,
    sizeof(cxr_rma_grading_body_t), cxr_rma_grading_body_fields
};


static const cxr_field_t  cxr_settle_fields[] = {
    CXR_FIELD(cxr_settle_body_t, rma, STR),
    CXR_FIELD_SUB(cxr_settle_body_t, parts, LIST, &cxr_settle_part_type),
    CXR_FIELD(cxr_settle_body_t, money, MONEY),
    CXR_FIELD(cxr_settle_body_t, reference, STR),
    CXR_FIELD(cxr_settle_body_t, reason, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_settle_type = {
    "settle", CXR_TYPE_SETTLE, 1, sizeof(cxr_settle_body_t), cxr_settle_fields
};


static const cxr_field_t  cxr_breakdown_part_fields[] = {
    CXR_FIELD_X(cxr_breakdown_part_t, item, STR, CXR_FIELD_SPARSE),
    CXR_FIELD(cxr_breakdown_part_t, paid, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, short_paid, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, short_units, U32),
    CXR_FIELD(cxr_breakdown_part_t, bonus, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, fee, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, deducted, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, goods, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, refund, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, due, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, told, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, settled, MONEY),
    CXR_FIELD(cxr_breakdown_part_t, open, MONEY),
    CXR_FIELD_SINCE(cxr_breakdown_part_t, delivery, MONEY, 0, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_breakdown_part_type = {
    "breakdown_part", 0, 2, sizeof(cxr_breakdown_part_t),
    cxr_breakdown_part_fields
};


static const cxr_field_t  cxr_breakdown_fields[] = {
    CXR_FIELD(cxr_breakdown_t, currency, STR),
    CXR_FIELD_SUB(cxr_breakdown_t, sum, REC, &cxr_breakdown_part_type),
    CXR_FIELD_SUB(cxr_breakdown_t, lines, LIST, &cxr_breakdown_part_type),
    CXR_FIELD_X(cxr_breakdown_t, pay_url, STR, CXR_FIELD_SPARSE),
    CXR_FIELD(cxr_breakdown_t, due_paid, MONEY),
    CXR_FIELD(cxr_breakdown_t, due_open, MONEY),
    CXR_FIELD(cxr_breakdown_t, to_repay, MONEY),
    CXR_FIELD(cxr_breakdown_t, repaid, MONEY),
    CXR_FIELD_SINCE(cxr_breakdown_t, delivery_rest, MONEY, 0, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_breakdown_type = {
    "breakdown", 0, 2, sizeof(cxr_breakdown_t), cxr_breakdown_fields
};
