
/*
 * A record with every kind of field, at three schema versions: what the tests
 * and the fuzz target of flat records work on.
 */

#ifndef _BASE_RECORD_TYPES_H_INCLUDED_
#define _BASE_RECORD_TYPES_H_INCLUDED_

#include "cxr_record.h"

typedef struct {
    cxr_str_t    sku;
    uint32_t     quantity;
    cxr_money_t  price;
    cxr_strs_t   tags;
    uint8_t      state;
    bool         final_sale;
    uint16_t     weight;                /* since 2 */
} base_line_t;

typedef struct {
    cxr_str_t    name;
    cxr_str_t    sealed;
    int64_t      balance;
} base_person_t;

typedef struct {
    cxr_str_t                 number;
    cxr_time_t                placed;
    bool                      paid;
    uint8_t                   state;
    uint8_t                   small;
    uint16_t                  medium;
    uint32_t                  large;
    int64_t                   i;
    uint64_t                  u;
    cxr_money_t               total;
    cxr_str_t                 digest;
    cxr_strs_t                notes;
    CXR_LIST_OF(base_line_t)  lines;
    base_person_t            *person;
    uint32_t                  internal;
    cxr_str_t                 comment;  /* since 2 */
    uint32_t                  rank;     /* since 3 */
} base_order_t;


static const char *const  base_states[] = { "new", "sent", "done", NULL };

static const cxr_field_t  base_line_fields[] = {
    CXR_FIELD(base_line_t, sku, STR),
    CXR_FIELD(base_line_t, quantity, U32),
    CXR_FIELD(base_line_t, price, MONEY),
    CXR_FIELD(base_line_t, tags, STRS),
    CXR_FIELD_ENUM(base_line_t, state, base_states),
    CXR_FIELD(base_line_t, final_sale, BOOL),
    { "weight", CXR_F_U16, 0, 2, offsetof(base_line_t, weight), NULL, NULL },
    CXR_FIELD_END
};

static const cxr_type_t  base_line_type = {
    "line", 0, 2, sizeof(base_line_t), base_line_fields
};

static const cxr_field_t  base_person_fields[] = {
    CXR_FIELD(base_person_t, name, STR),
    CXR_FIELD_X(base_person_t, sealed, BYTES, CXR_FIELD_SEALED),
    CXR_FIELD(base_person_t, balance, I64),
    CXR_FIELD_END
};

static const cxr_type_t  base_person_type = {
    "person", 0, 1, sizeof(base_person_t), base_person_fields
};

#define BASE_ORDER_V1                                                         \
    CXR_FIELD(base_order_t, number, STR),                                     \
    CXR_FIELD(base_order_t, placed, TIME),                                    \
    CXR_FIELD(base_order_t, paid, BOOL),                                      \
    CXR_FIELD_ENUM(base_order_t, state, base_states),                         \
    CXR_FIELD(base_order_t, small, U8),                                       \
    CXR_FIELD(base_order_t, medium, U16),                                     \
    CXR_FIELD(base_order_t, large, U32),                                      \
    CXR_FIELD(base_order_t, i, I64),                                          \
    CXR_FIELD(base_order_t, u, U64),                                          \
    CXR_FIELD(base_order_t, total, MONEY),                                    \
    CXR_FIELD(base_order_t, digest, BYTES),                                   \
    CXR_FIELD(base_order_t, notes, STRS)

static const cxr_field_t  base_order_fields[] = {
    BASE_ORDER_V1,
    CXR_FIELD_SUB(base_order_t, lines, LIST, &base_line_type),
    CXR_FIELD_SUB(base_order_t, person, REC, &base_person_type),
    CXR_FIELD_X(base_order_t, internal, U32, CXR_FIELD_HIDDEN),
    { "comment", CXR_F_STR, 0, 2, offsetof(base_order_t, comment), NULL,
      NULL },
    { "rank", CXR_F_U32, 0, 3, offsetof(base_order_t, rank), NULL, NULL },
    CXR_FIELD_END
};

static const cxr_type_t  base_order_type = {
    "order", 7, 3, sizeof(base_order_t), base_order_fields
};

#endif /* _BASE_RECORD_TYPES_H_INCLUDED_ */
