
/*
 * An order as the shop sent it, and the product snapshot that exchanges need.
 * All money in minor units of "currency".
 *
 * Of a line: unit_price is what one unit cost with tax, before the discount;
 * discount is the line's whole discount (its share of order-wide ones
 * included); tax is the tax contained in what was paid.  Paid for the line =
 * quantity * unit_price - discount.
 */

#ifndef _CXR_ORDER_H_INCLUDED_
#define _CXR_ORDER_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_event.h"
#include "cxr_json.h"
#include "cxr_record.h"
#include "cxr_survey_types.h"

#define CXR_ORDER_LINES_MAX     200
#define CXR_ORDER_PARCELS_MAX   50
#define CXR_ORDER_RMAS_MAX      200
#define CXR_LINE_QUANTITY_MAX   9999
#define CXR_ORDER_TAGS_MAX      50
#define CXR_ORDER_CODES_MAX     20
#define CXR_VARIANTS_MAX        200
#define CXR_EXCHANGE_FOR_MAX    20
#define CXR_SAFETY_STOCK_MAX    1000000

/* characters */
#define CXR_LINE_ID_MAX         40
#define CXR_SKU_MAX             100
#define CXR_TITLE_MAX           300
#define CXR_TAG_MAX             60
#define CXR_PRODUCT_ID_MAX      64
#define CXR_URL_MAX             1000
#define CXR_NAME_MAX            200
#define CXR_PHONE_MAX           40
#define CXR_STREET_MAX          500
#define CXR_CARRIER_MAX         32
#define CXR_CHANNEL_MAX         40
#define CXR_DISCOUNT_CODE_MAX   60

/* Personal data, sealed as one box (flat record, then AEAD) under the order's own key. */
typedef struct {
    cxr_str_t    name;
    cxr_str_t    email;
    cxr_str_t    phone;
    cxr_str_t    address;      /* street lines                                 */
    cxr_str_t    postcode;
    cxr_str_t    city;
    cxr_str_t    region;
    cxr_str_t    gift_code;    /* of an order that is a gift: what opens her page
                                  for who was given it; or empty               */
} cxr_person_t;

typedef struct {
    cxr_str_t    line;         /* the shop's id of the line, 1..40 characters  */
    cxr_str_t    sku;
    cxr_str_t    title;
    cxr_str_t    variant;
    cxr_str_t    product;      /* id of the product whose variants it may be exchanged for */
    cxr_str_t    image;        /* https URL or path, or empty                  */
    cxr_strs_t   tags;
    uint32_t     quantity;
    cxr_money_t  unit_price;
    cxr_money_t  discount;
    cxr_money_t  tax;
    bool         final_sale;
    /* derived; ignored in the body of order.put */
    uint32_t     returning;        /* units in RMA lines that are alive        */
    cxr_money_t  returning_paid;   /* what those lines' units were paid        */
    cxr_money_t  returning_tax;
    /*
     * A line that an exchange or replacement made: its goods may come back like
     * any other's.  Nothing of it is the shop's: order.put never has one.
     */
    cxr_str_t    origin;           /* line of the order that it came from      */
    cxr_str_t    origin_rma;       /* and the RMA                              */
    cxr_time_t   sent_at;          /* when the shop was told to send the goods */
    /* derived, too: units in living RMAs whose money is paid back */
    uint32_t     paying_back;      /* in whatever way                          */
    uint32_t     by_right;         /* of them, by a withdrawal or a claim      */
    uint32_t     told_back;        /* of them, that the shop was told to pay   */
    bool         gift;             /* given away: cxr_gift.h                   */
    bool         gift_given;       /* derived: a gift return gave it, so the
                                      buyer does not have it                   */
} cxr_order_line_t;

typedef struct {
    cxr_str_t    carrier;
    cxr_str_t    number;       /* folded                                       */
    cxr_strs_t   lines;        /* empty: the whole order                       */
} cxr_order_parcel_t;

typedef struct {
    cxr_str_t    number;       /* as the shop writes it                        */
    cxr_time_t   placed_at;
    cxr_str_t    currency;
    cxr_str_t    locale;       /* "tr", "en", ...                              */
    cxr_str_t    country;      /* of the delivery address, ISO 3166-1 alpha-2  */
    cxr_strs_t   tags;
    cxr_str_t    person;       /* sealed box; see store/                       */
    CXR_LIST_OF(cxr_order_line_t)    lines;
    CXR_LIST_OF(cxr_order_parcel_t)  parcels;
    /* derived */
    cxr_strs_t   rmas;         /* RMA numbers, oldest first                    */
    cxr_time_t   created_at;
    cxr_time_t   updated_at;
    uint32_t     revision;
    cxr_str_t    channel;      /* where it was sold: slug, or empty            */
    CXR_LIST_OF(cxr_survey_t)  surveys;      /* answers; derived               */
    cxr_time_t   erased_at;    /* the person was erased, and has not come again;
                                  derived                                      */
    cxr_time_t   gone_at;      /* the latest erasure, whoever has come since:
                                  photos up to then are gone; derived          */
    /*
     * What the delivery to the shopper cost.  Paid for it = price - discount;
     * tax is contained in that; "standard" is what of it the least expensive
     * standard delivery would have cost (0..paid).
     */
    cxr_money_t  delivery_price;
    cxr_money_t  delivery_discount;
    cxr_money_t  delivery_tax;
    cxr_money_t  delivery_standard;
    /* derived: cxr_rma_delivery.c */
    cxr_money_t  delivery_held;    /* of it, in RMAs that are alive            */
    cxr_money_t  delivery_rest;    /* of that, what waits until all came back  */
    cxr_str_t    delivery_rma;     /* the RMA that such a rest goes to         */
    cxr_time_t   ages_at;      /* an RMA is under way: since when it was growing
                                  old before that; derived by store/           */
    bool         delivery_wide;    /* it has one whatever way all came back    */
    cxr_strs_t   discount_codes;   /* that it was bought with, as the shop
                                      writes them                              */
    bool         gift;         /* bought for somebody else, or a line of it was */
    bool         gifted;       /* derived: it has a gift return                */
    bool         cancels;      /* derived: a cancellation was asked for        */
} cxr_order_t;

extern const cxr_type_t  cxr_person_type;
extern const cxr_type_t  cxr_order_line_type;
extern const cxr_type_t  cxr_order_parcel_type;
extern const cxr_type_t  cxr_order_type;

typedef struct {
    cxr_str_t    sku;
    cxr_str_t    title;        /* "250 g / Filtre"                             */
    cxr_money_t  price;        /* with tax                                     */
    uint32_t     stock;        /* units the shop has, those that are promised to
                                  RMAs among them                              */
    cxr_str_t    image;
} cxr_variant_t;

/* Units that are promised to RMAs and not sent yet. */
typedef struct {
    cxr_str_t    sku;
    uint32_t     units;
} cxr_hold_t;

typedef struct {
    cxr_str_t    id;
    cxr_str_t    title;
    cxr_str_t    currency;
    CXR_LIST_OF(cxr_variant_t)  variants;
    cxr_time_t   updated_at;
    uint32_t     revision;
    uint32_t     safety_stock; /* units of each variant that are never promised */
    cxr_strs_t   exchange_for; /* ids of other products it may be exchanged for */
    CXR_LIST_OF(cxr_hold_t)  holds;   /* derived; each sku once                */
} cxr_product_t;

/* Body of stock.reserved, stock.freed and stock.taken. */
typedef struct {
    cxr_str_t    product;
    cxr_str_t    sku;
    uint32_t     units;
    cxr_str_t    rma;
} cxr_stock_body_t;

extern const cxr_type_t  cxr_hold_type;
extern const cxr_type_t  cxr_stock_type;

extern const cxr_type_t  cxr_variant_type;
extern const cxr_type_t  cxr_product_type;

/*
 * From JSON (the smallest order is in the README).  Collects every fault in
 * "faults"; CXR_INVALID when there is one.  "person" gets the personal part, which never
 * enters order->person unsealed.
 */
cxr_rc_t cxr_order_from_json(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_person_t *person, cxr_json_faults_t *faults);
/* Who was given the goods of an order: "recipient" of an RMA's JSON, whose name
   and e-mail address must be there. */
void cxr_recipient_from_json(json_t *json, cxr_arena_t *a,
    cxr_person_t *person, cxr_json_faults_t *faults);
cxr_rc_t cxr_product_from_json(json_t *json, cxr_arena_t *a,
    cxr_product_t *product, cxr_json_faults_t *faults);
/* person may be NULL: left out */
void cxr_order_to_json(const cxr_order_t *order, const cxr_person_t *person,
    cxr_jw_t *w);

/* quantity * unit_price - discount; what "count" more units are worth, so that all units
   together give exactly the line (see cxr_money_units) */
cxr_money_t cxr_order_line_paid(const cxr_order_line_t *line);
/* what was paid for the delivery */
cxr_money_t cxr_order_delivery_paid(const cxr_order_t *order);
bool cxr_order_line_share(const cxr_order_line_t *line, uint32_t count,
    cxr_money_t *paid, cxr_money_t *tax);

const cxr_order_line_t *cxr_order_line(const cxr_order_t *order, cxr_str_t line);

/*
 * Decide order.put.  "state" NULL: a new order.  No event when nothing
 * differs.  Refusals: "line_in_return" (a line with units in an RMA is gone, or its
 * quantity, price or tax would fall below what the RMA rests on),
 * "currency_changed" (of an order that has RMAs), "delivery_in_return" (less
 * would have been paid for the delivery than RMAs give back of it),
 * "number_taken" (another order's number folds to the same key).
 */
cxr_rc_t cxr_order_put(const cxr_order_t *state, const cxr_order_t *order,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no);
cxr_rc_t cxr_product_put(const cxr_product_t *state,
    const cxr_product_t *product, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no);

cxr_rc_t cxr_order_apply_put(cxr_order_t *state, const cxr_event_t *ev,
    cxr_time_t at, cxr_arena_t *a);
cxr_rc_t cxr_product_apply(cxr_product_t *state, const cxr_event_t *ev,
    cxr_time_t at, cxr_arena_t *a);

/* Units of a variant that may be promised now: its stock less what is held and
   the safety stock; 0 for a variant that the product does not have. */
uint32_t cxr_product_free(const cxr_product_t *product, cxr_str_t sku);
/* May a unit of the order's line be exchanged for the product's variants? */
bool cxr_product_fits(const cxr_product_t *own, const cxr_product_t *other);

#endif /* _CXR_ORDER_H_INCLUDED_ */
