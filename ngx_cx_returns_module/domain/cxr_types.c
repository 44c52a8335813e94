
/*
 * The tables of the records: orders and products.  (RMAs: cxr_rma_types.c.)  A table only grows, at its end: the order of the fields is the
 * format on disk.
 */

#include "cxr_order.h"
#include "cxr_policy.h"


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
    "no_outcome", "denied", "too_early", NULL
};

const char *const  cxr_need_names[] = {
    "unsaid", "none", "optional", "required", NULL
};

const char *const  cxr_claim_names[] = {
    "none", "damaged", "wrong", "missing", "lost", NULL
};

const char *const  cxr_method_names[] = {
    "label", "qr", "carrier_code", "own_carrier", "in_store", "nothing",
    "carrier_label", NULL
};

const char *const  cxr_anchor_names[] = {
    "delivered", "shipped", "placed", NULL
};

const char *const  cxr_effect_names[] = {
    "window_days", "restocking_fee", "bonus", "release", "may_return",
    "anchor", "open_until", "outcomes", "methods", "shipping_fee", "approval",
    "keep_item", "label_days", "delivery_refund", "destination", NULL
};

const char *const  cxr_delivery_names[] = {
    "none", "proportion", "last_unit", "by_right", NULL
};


static const cxr_field_t  cxr_person_fields[] = {
    CXR_FIELD(cxr_person_t, name, STR),
    CXR_FIELD(cxr_person_t, email, STR),
    CXR_FIELD(cxr_person_t, phone, STR),
    CXR_FIELD(cxr_person_t, address, STR),
    CXR_FIELD(cxr_person_t, postcode, STR),
    CXR_FIELD(cxr_person_t, city, STR),
    CXR_FIELD(cxr_person_t, region, STR),
    CXR_FIELD_SINCE(cxr_person_t, gift_code, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_person_type = {
    "person", CXR_TYPE_PERSON, 2, sizeof(cxr_person_t), cxr_person_fields
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
    CXR_FIELD_SINCE(cxr_order_line_t, origin, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_order_line_t, origin_rma, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_order_line_t, sent_at, TIME, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SINCE(cxr_order_line_t, paying_back, U32, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_order_line_t, by_right, U32, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_order_line_t, told_back, U32, CXR_FIELD_SPARSE, 3),
    CXR_FIELD_SINCE(cxr_order_line_t, gift, BOOL, CXR_FIELD_SPARSE, 10),
    CXR_FIELD_SINCE(cxr_order_line_t, gift_given, BOOL, CXR_FIELD_HIDDEN, 11),
    CXR_FIELD_END
};

const cxr_type_t  cxr_order_line_type = {
    "order_line", 0, 11, sizeof(cxr_order_line_t), cxr_order_line_fields
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
    CXR_FIELD_SINCE(cxr_order_t, channel, STR, CXR_FIELD_SPARSE, 2),
    CXR_FIELD_SUB_SINCE(cxr_order_t, surveys, LIST, &cxr_survey_type, 0, 3),
    CXR_FIELD_SINCE(cxr_order_t, erased_at, TIME, CXR_FIELD_SPARSE, 4),
    CXR_FIELD_SINCE(cxr_order_t, gone_at, TIME, CXR_FIELD_HIDDEN, 5),
    CXR_FIELD_SINCE(cxr_order_t, delivery_price, MONEY, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_order_t, delivery_discount, MONEY, CXR_FIELD_SPARSE,
                    6),
    CXR_FIELD_SINCE(cxr_order_t, delivery_tax, MONEY, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_order_t, delivery_standard, MONEY, CXR_FIELD_SPARSE,
                    6),
    CXR_FIELD_SINCE(cxr_order_t, delivery_held, MONEY, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_order_t, delivery_rest, MONEY, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_order_t, delivery_rma, STR, CXR_FIELD_SPARSE, 6),
    CXR_FIELD_SINCE(cxr_order_t, ages_at, TIME, CXR_FIELD_HIDDEN, 7),
    CXR_FIELD_SINCE(cxr_order_t, delivery_wide, BOOL, CXR_FIELD_HIDDEN, 8),
    CXR_FIELD_SINCE(cxr_order_t, discount_codes, STRS, CXR_FIELD_SPARSE, 9),
    CXR_FIELD_SINCE(cxr_order_t, gift, BOOL, CXR_FIELD_SPARSE, 10),
    CXR_FIELD_SINCE(cxr_order_t, gifted, BOOL, CXR_FIELD_HIDDEN, 10),
    CXR_FIELD_SINCE(cxr_order_t, cancels, BOOL, CXR_FIELD_HIDDEN, 12),
    CXR_FIELD_END
};

const cxr_type_t  cxr_order_type = {
    "order", CXR_TYPE_ORDER, 12, sizeof(cxr_order_t), cxr_order_fields
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


static const cxr_field_t  cxr_hold_fields[] = {
    CXR_FIELD(cxr_hold_t, sku, STR),
    CXR_FIELD(cxr_hold_t, units, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_hold_type = {
    "hold", 0, 1, sizeof(cxr_hold_t), cxr_hold_fields
};


static const cxr_field_t  cxr_product_fields[] = {
    CXR_FIELD(cxr_product_t, id, STR),
    CXR_FIELD(cxr_product_t, title, STR),
    CXR_FIELD(cxr_product_t, currency, STR),
    CXR_FIELD_SUB(cxr_product_t, variants, LIST, &cxr_variant_type),
    CXR_FIELD(cxr_product_t, updated_at, TIME),
    CXR_FIELD(cxr_product_t, revision, U32),
    CXR_FIELD_SINCE(cxr_product_t, safety_stock, U32, 0, 2),
    CXR_FIELD_SINCE(cxr_product_t, exchange_for, STRS, 0, 2),
    CXR_FIELD_SUB_SINCE(cxr_product_t, holds, LIST, &cxr_hold_type, 0, 2),
    CXR_FIELD_END
};

const cxr_type_t  cxr_product_type = {
    "product", CXR_TYPE_PRODUCT, 2, sizeof(cxr_product_t), cxr_product_fields
};


static const cxr_field_t  cxr_stock_fields[] = {
    CXR_FIELD(cxr_stock_body_t, product, STR),
    CXR_FIELD(cxr_stock_body_t, sku, STR),
    CXR_FIELD(cxr_stock_body_t, units, U32),
    CXR_FIELD(cxr_stock_body_t, rma, STR),
    CXR_FIELD_END
};

const cxr_type_t  cxr_stock_type = {
    "stock", CXR_TYPE_STOCK, 1, sizeof(cxr_stock_body_t), cxr_stock_fields
};
