
/*
 * An order from the API's JSON and back.
 */

#include <stdio.h>

#include "cxr_gift.h"
#include "cxr_id.h"
#include "cxr_json_private.h"
#include "cxr_order.h"
#include "cxr_text.h"


static void cxr_order_person(json_t *json, cxr_arena_t *a,
    cxr_person_t *person, cxr_json_faults_t *faults);
static void cxr_order_ship_to(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_person_t *person, cxr_json_faults_t *faults);
static void cxr_order_gift(cxr_jr_t *r, cxr_order_t *order,
    cxr_person_t *person);
static void cxr_order_delivery(json_t *json, cxr_arena_t *a,
    cxr_order_t *order, cxr_json_faults_t *faults);
static cxr_rc_t cxr_order_lines(json_t *json, cxr_arena_t *a,
    cxr_order_t *order, cxr_json_faults_t *faults);
static void cxr_order_one_line(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_order_t *order, cxr_json_faults_t *faults);
static bool cxr_order_line_given(cxr_str_t line);
static void cxr_order_line_money(cxr_jr_t *r, const cxr_order_line_t *line);
static void cxr_order_sum(cxr_jr_t *r, const cxr_order_t *order);
static cxr_rc_t cxr_order_parcels(json_t *json, cxr_arena_t *a,
    cxr_order_t *order, cxr_json_faults_t *faults);
static void cxr_order_parcel(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_order_t *order, cxr_json_faults_t *faults);
static void cxr_order_lines_to_json(const cxr_order_t *order, bool given,
    cxr_jw_t *w);
static void cxr_order_line_to_json(const cxr_order_line_t *l, cxr_jw_t *w);
static void cxr_order_returns_to_json(const cxr_order_t *order, cxr_jw_t *w);
static void cxr_jw_some(cxr_jw_t *w, const char *key, cxr_str_t s);
static void cxr_jw_strs(cxr_jw_t *w, const char *key, const cxr_strs_t *strs);


cxr_rc_t
cxr_order_from_json(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_person_t *person, cxr_json_faults_t *faults)
{
    char       folded[CXR_NUMBER_MAX];
    size_t     len;
    json_t    *who, *ship_to, *lines, *parcels, *delivery;
    cxr_rc_t   rc;
    cxr_jr_t   r;

    memset(order, 0, sizeof(*order));
    memset(person, 0, sizeof(*person));

    if (!cxr_jr_begin(&r, json, "", a, faults)) {
        return CXR_INVALID;
    }

    who = NULL;
    ship_to = NULL;
    lines = NULL;
    parcels = NULL;
    delivery = NULL;

    if (cxr_jr_line(&r, "number", CXR_NUMBER_MAX, CXR_JR_REQUIRED,
                    &order->number)
        && cxr_fold_number(order->number, folded, &len) != CXR_OK)
    {
        cxr_jr_fault(&r, "number", "must have 1 to %d letters or digits",
                     CXR_NUMBER_MAX);
    }

    cxr_jr_time(&r, "placed_at", CXR_JR_REQUIRED, &order->placed_at);
    cxr_jr_currency(&r, "currency", CXR_JR_REQUIRED, &order->currency);

    if (cxr_jr_line(&r, "locale", 35, 0, &order->locale)
        && order->locale.len != 0 && !cxr_is_language(order->locale))
    {
        cxr_jr_fault(&r, "locale", "must be a language like \"tr\" or "
                     "\"en-GB\"");
    }

    cxr_jr_strs(&r, "tags", CXR_ORDER_TAGS_MAX, CXR_TAG_MAX, 0, &order->tags);
    cxr_jr_slug(&r, "channel", CXR_CHANNEL_MAX, 0, &order->channel);
    cxr_jr_strs(&r, "discount_codes", CXR_ORDER_CODES_MAX,
                CXR_DISCOUNT_CODE_MAX, 0, &order->discount_codes);
    cxr_jr_object(&r, "person", 0, &who);
    cxr_jr_object(&r, "ship_to", CXR_JR_REQUIRED, &ship_to);
    cxr_jr_array(&r, "lines", CXR_ORDER_LINES_MAX, CXR_JR_REQUIRED, &lines);
    cxr_jr_array(&r, "shipments", CXR_ORDER_PARCELS_MAX, 0, &parcels);
    cxr_jr_object(&r, "delivery", 0, &delivery);
    cxr_order_gift(&r, order, person);
    cxr_jr_end(&r);

    if (who != NULL) {
        cxr_order_person(who, a, person, faults);
    }

    if (ship_to != NULL) {
        cxr_order_ship_to(ship_to, a, order, person, faults);
    }

    if (lines != NULL) {
        if (json_array_size(lines) == 0) {
            cxr_jr_fault(&r, "lines", "must have at least one line");
        }

        rc = cxr_order_lines(lines, a, order, faults);
        if (rc != CXR_OK) {
            return rc;
        }

        cxr_order_sum(&r, order);
    }

    if (delivery != NULL) {
        cxr_order_delivery(delivery, a, order, faults);
    }

    if (parcels != NULL) {
        rc = cxr_order_parcels(parcels, a, order, faults);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return faults->total != 0 ? CXR_INVALID : CXR_OK;
}


static void
cxr_order_person(json_t *json, cxr_arena_t *a, cxr_person_t *person,
    cxr_json_faults_t *faults)
{
    cxr_jr_t  r;

    if (!cxr_jr_begin(&r, json, "/person", a, faults)) {
        return;
    }

    cxr_jr_line(&r, "name", CXR_NAME_MAX, 0, &person->name);
    cxr_jr_email(&r, "email", &person->email);
    cxr_jr_line(&r, "phone", CXR_PHONE_MAX, 0, &person->phone);
    cxr_jr_end(&r);
}


void
cxr_recipient_from_json(json_t *json, cxr_arena_t *a, cxr_person_t *person,
    cxr_json_faults_t *faults)
{
    cxr_jr_t  r;

    if (!cxr_jr_begin(&r, json, "/recipient", a, faults)) {
        return;
    }

    cxr_jr_line(&r, "name", CXR_NAME_MAX, CXR_JR_REQUIRED, &person->name);

    if (cxr_jr_email(&r, "email", &person->email) && person->email.len == 0) {
        cxr_jr_fault(&r, "email", "is missing");
    }

    cxr_jr_line(&r, "phone", CXR_PHONE_MAX, 0, &person->phone);
    cxr_jr_block(&r, "address", CXR_STREET_MAX, 0, &person->address);
    cxr_jr_postcode(&r, "postcode", &person->postcode);
    cxr_jr_line(&r, "city", CXR_NAME_MAX, 0, &person->city);
    cxr_jr_line(&r, "region", CXR_NAME_MAX, 0, &person->region);
    cxr_jr_end(&r);
}


static void
cxr_order_ship_to(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_person_t *person, cxr_json_faults_t *faults)
{
    cxr_jr_t  r;

    if (!cxr_jr_begin(&r, json, "/ship_to", a, faults)) {
        return;
    }

    cxr_jr_country(&r, "country", CXR_JR_REQUIRED, &order->country);
    cxr_jr_postcode(&r, "postcode", &person->postcode);
    cxr_jr_line(&r, "city", CXR_NAME_MAX, 0, &person->city);
    cxr_jr_line(&r, "region", CXR_NAME_MAX, 0, &person->region);
    cxr_jr_block(&r, "address", CXR_STREET_MAX, 0, &person->address);
    cxr_jr_end(&r);
}


/* A code is typed by hand: as with a postal code, its letters and digits
   count. */

static void
cxr_order_gift(cxr_jr_t *r, cxr_order_t *order, cxr_person_t *person)
{
    char    folded[CXR_POSTCODE_MAX];
    size_t  len;

    cxr_jr_bool(r, "gift", 0, &order->gift);

    if (!cxr_jr_line(r, "gift_code", 2 * CXR_GIFT_CODE_MAX, 0,
                     &person->gift_code)
        || person->gift_code.len == 0)
    {
        return;
    }

    if (cxr_fold_postcode(person->gift_code, folded, &len) != CXR_OK
        || len < CXR_GIFT_CODE_MIN)
    {
        cxr_jr_fault(r, "gift_code", "must have %d to %d letters or digits",
                     CXR_GIFT_CODE_MIN, CXR_GIFT_CODE_MAX);
    }

    order->gift = true;
}


/* What the delivery to the shopper cost.  "standard" unsaid: she had no dearer
   one than the least expensive. */

static void
cxr_order_delivery(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_json_faults_t *faults)
{
    bool         known;
    cxr_jr_t     r;
    cxr_money_t  paid;

    if (!cxr_jr_begin(&r, json, "/delivery", a, faults)) {
        return;
    }

    known = cxr_jr_int(&r, "price", 0, CXR_MONEY_MAX, CXR_JR_REQUIRED,
                       &order->delivery_price);
    known &= cxr_jr_int(&r, "discount", 0, CXR_MONEY_MAX, 0,
                        &order->delivery_discount);
    paid = cxr_order_delivery_paid(order);

    if (known && paid < 0) {
        cxr_jr_fault(&r, "discount", "must not be more than the price, %lld",
                     (long long) order->delivery_price);
        known = false;
    }

    if (cxr_jr_int(&r, "tax", 0, CXR_MONEY_MAX, 0, &order->delivery_tax)
        && known && order->delivery_tax > paid)
    {
        cxr_jr_fault(&r, "tax", "is contained in what was paid, so it must not "
                     "be more than %lld", (long long) paid);
    }

    order->delivery_standard = paid;

    if (cxr_jr_int(&r, "standard", 0, CXR_MONEY_MAX, 0,
                   &order->delivery_standard)
        && known && order->delivery_standard > paid)
    {
        cxr_jr_fault(&r, "standard", "is what of it the least expensive "
                     "standard delivery would have cost, so it must not be "
                     "more than %lld", (long long) paid);
    }

    cxr_jr_end(&r);
}


static cxr_rc_t
cxr_order_lines(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_json_faults_t *faults)
{
    size_t  i;

    order->lines.items = cxr_calloc(a, json_array_size(json),
                                    sizeof(cxr_order_line_t));
    if (order->lines.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(json); i++) {
        cxr_order_one_line(json_array_get(json, i), (uint32_t) i, a, order,
                           faults);
    }

    return CXR_OK;
}


static void
cxr_order_one_line(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_order_t *order, cxr_json_faults_t *faults)
{
    char               path[32];
    bool               known;
    int64_t            quantity;
    uint32_t           j;
    cxr_jr_t           r;
    cxr_order_line_t  *line;

    snprintf(path, sizeof(path), "/lines/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    line = &order->lines.items[order->lines.n++];
    quantity = 0;
    known = true;

    if (cxr_jr_line(&r, "line", CXR_LINE_ID_MAX, CXR_JR_REQUIRED, &line->line)
        && cxr_order_line_given(line->line))
    {
        cxr_jr_fault(&r, "line", "is a name of what an exchange gave; the "
                     "shop's own lines have other names");
    }

    cxr_jr_line(&r, "sku", CXR_SKU_MAX, CXR_JR_REQUIRED, &line->sku);
    cxr_jr_line(&r, "title", CXR_TITLE_MAX, CXR_JR_REQUIRED, &line->title);
    cxr_jr_line(&r, "variant", CXR_TITLE_MAX, 0, &line->variant);
    cxr_jr_line(&r, "product", CXR_PRODUCT_ID_MAX, 0, &line->product);
    cxr_jr_image(&r, "image", &line->image);
    cxr_jr_strs(&r, "tags", CXR_ORDER_TAGS_MAX, CXR_TAG_MAX, 0, &line->tags);
    cxr_jr_bool(&r, "final_sale", 0, &line->final_sale);
    cxr_jr_bool(&r, "gift", 0, &line->gift);
    order->gift |= line->gift;

    known &= cxr_jr_int(&r, "quantity", 1, CXR_LINE_QUANTITY_MAX,
                        CXR_JR_REQUIRED, &quantity);
    known &= cxr_jr_int(&r, "unit_price", 0, CXR_MONEY_MAX, CXR_JR_REQUIRED,
                        &line->unit_price);
    known &= cxr_jr_int(&r, "discount", 0, CXR_MONEY_MAX, 0, &line->discount);
    known &= cxr_jr_int(&r, "tax", 0, CXR_MONEY_MAX, 0, &line->tax);

    line->quantity = (uint32_t) quantity;

    if (known) {
        cxr_order_line_money(&r, line);
    }

    for (j = 0; j + 1 < order->lines.n; j++) {
        if (line->line.len != 0
            && cxr_str_eq(order->lines.items[j].line, line->line))
        {
            cxr_jr_fault(&r, "line", "must differ from the lines before it");
            break;
        }
    }

    cxr_jr_end(&r);
}


/* "R-XXXX-XXXC.1", as cxr_rma_replaced() names what an exchange gave */

static bool
cxr_order_line_given(cxr_str_t line)
{
    char  id[CXR_RMA_ID_LEN];

    return line.len > CXR_RMA_ID_LEN && line.data[CXR_RMA_ID_LEN] == '.'
           && cxr_rma_id_parse(cxr_strn(line.data, CXR_RMA_ID_LEN), id)
              == CXR_OK
           && memcmp(id, line.data, CXR_RMA_ID_LEN) == 0;
}


static void
cxr_order_line_money(cxr_jr_t *r, const cxr_order_line_t *line)
{
    cxr_money_t  total;

    if (line->unit_price > CXR_MONEY_MAX / line->quantity) {
        cxr_jr_fault(r, "unit_price", "times the quantity must not be more "
                     "than %lld", (long long) CXR_MONEY_MAX);
        return;
    }

    total = (cxr_money_t) line->quantity * line->unit_price;

    if (line->discount > total) {
        cxr_jr_fault(r, "discount", "must not be more than quantity times "
                     "unit_price, %lld", (long long) total);
        return;
    }

    if (line->tax > total - line->discount) {
        cxr_jr_fault(r, "tax", "is contained in what was paid, so it must not "
                     "be more than %lld", (long long) (total - line->discount));
    }
}


static void
cxr_order_sum(cxr_jr_t *r, const cxr_order_t *order)
{
    uint32_t                 i;
    cxr_money_t              sum;
    const cxr_order_line_t  *line;

    sum = 0;

    for (i = 0; i < order->lines.n; i++) {
        line = &order->lines.items[i];

        if (line->quantity == 0
            || line->unit_price > CXR_MONEY_MAX / line->quantity)
        {
            return;    /* the line itself has been complained about */
        }

        sum += (cxr_money_t) line->quantity * line->unit_price;

        if (sum > CXR_MONEY_MAX) {
            cxr_jr_fault(r, "lines", "must not sum up to more than %lld",
                         (long long) CXR_MONEY_MAX);
            return;
        }
    }
}


static cxr_rc_t
cxr_order_parcels(json_t *json, cxr_arena_t *a, cxr_order_t *order,
    cxr_json_faults_t *faults)
{
    size_t  i;

    order->parcels.items = cxr_calloc(a, json_array_size(json),
                                      sizeof(cxr_order_parcel_t));
    if (order->parcels.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < json_array_size(json); i++) {
        cxr_order_parcel(json_array_get(json, i), (uint32_t) i, a, order,
                         faults);
    }

    return CXR_OK;
}


static void
cxr_order_parcel(json_t *json, uint32_t i, cxr_arena_t *a, cxr_order_t *order,
    cxr_json_faults_t *faults)
{
    char                 path[32], key[32], folded[CXR_TRACKING_MAX];
    size_t               len;
    uint32_t             j;
    cxr_jr_t             r, items;
    cxr_order_parcel_t  *p, *q;

    snprintf(path, sizeof(path), "/shipments/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    p = &order->parcels.items[order->parcels.n++];

    cxr_jr_slug(&r, "carrier", CXR_CARRIER_MAX, CXR_JR_REQUIRED, &p->carrier);

    if (cxr_jr_line(&r, "number", CXR_TRACKING_MAX, CXR_JR_REQUIRED,
                    &p->number))
    {
        if (cxr_fold_tracking(p->number, folded, &len) != CXR_OK
            || cxr_str_dup(a, cxr_strn(folded, len), &p->number) != CXR_OK)
        {
            cxr_jr_fault(&r, "number", "must be a tracking number of 1 to %d "
                         "letters, digits and . _ / -", CXR_TRACKING_MAX);
        }
    }

    cxr_jr_strs(&r, "lines", CXR_ORDER_LINES_MAX, CXR_LINE_ID_MAX, 0,
                &p->lines);

    items = r;
    snprintf(items.path, sizeof(items.path), "%s/lines", path);

    for (j = 0; j < p->lines.n; j++) {
        if (cxr_order_line(order, p->lines.items[j]) == NULL) {
            snprintf(key, sizeof(key), "%u", j);
            cxr_jr_fault(&items, key, "names no line of the order");
        }
    }

    for (j = 0; j + 1 < order->parcels.n; j++) {
        q = &order->parcels.items[j];

        if (p->number.len != 0 && cxr_str_eq(q->carrier, p->carrier)
            && cxr_str_eq(q->number, p->number))
        {
            cxr_jr_fault(&r, "number", "must differ from the shipments before "
                         "it");
            break;
        }
    }

    cxr_jr_end(&r);
}


void
cxr_order_to_json(const cxr_order_t *order, const cxr_person_t *person,
    cxr_jw_t *w)
{
    uint32_t  i;

    cxr_jw_open(w, NULL, '{');
    cxr_jw_str(w, "number", order->number);
    cxr_jw_time(w, "placed_at", order->placed_at);
    cxr_jw_str(w, "currency", order->currency);
    cxr_jw_some(w, "locale", order->locale);
    cxr_jw_some(w, "channel", order->channel);

    if (order->gift) {
        cxr_jw_bool(w, "gift", true);
        cxr_jw_some(w, "gift_code", person ? person->gift_code : CXR_STR_NONE);
    }

    if (person != NULL) {
        cxr_jw_open(w, "person", '{');
        cxr_jw_some(w, "name", person->name);
        cxr_jw_some(w, "email", person->email);
        cxr_jw_some(w, "phone", person->phone);
        cxr_jw_close(w);
    }

    cxr_jw_open(w, "ship_to", '{');
    cxr_jw_str(w, "country", order->country);

    if (person != NULL) {
        cxr_jw_some(w, "postcode", person->postcode);
        cxr_jw_some(w, "city", person->city);
        cxr_jw_some(w, "region", person->region);
        cxr_jw_some(w, "address", person->address);
    }

    cxr_jw_close(w);
    cxr_jw_strs(w, "tags", &order->tags);

    if (order->discount_codes.n != 0) {
        cxr_jw_strs(w, "discount_codes", &order->discount_codes);
    }

    cxr_order_lines_to_json(order, false, w);

    if (order->delivery_price != 0) {
        cxr_jw_open(w, "delivery", '{');
        cxr_jw_int(w, "price", order->delivery_price);
        cxr_jw_int(w, "discount", order->delivery_discount);
        cxr_jw_int(w, "tax", order->delivery_tax);
        cxr_jw_int(w, "standard", order->delivery_standard);
        cxr_jw_close(w);
    }

    cxr_jw_open(w, "shipments", '[');

    for (i = 0; i < order->parcels.n; i++) {
        cxr_jw_open(w, NULL, '{');
        cxr_jw_str(w, "carrier", order->parcels.items[i].carrier);
        cxr_jw_str(w, "number", order->parcels.items[i].number);
        cxr_jw_strs(w, "lines", &order->parcels.items[i].lines);
        cxr_jw_close(w);
    }

    cxr_jw_close(w);
    cxr_order_returns_to_json(order, w);
    cxr_jw_close(w);
}


static void
cxr_order_lines_to_json(const cxr_order_t *order, bool given, cxr_jw_t *w)
{
    uint32_t  i;

    cxr_jw_open(w, given ? "given" : "lines", '[');

    for (i = 0; i < order->lines.n; i++) {
        if ((order->lines.items[i].origin_rma.len != 0) == given) {
            cxr_order_line_to_json(&order->lines.items[i], w);
        }
    }

    cxr_jw_close(w);
}


static void
cxr_order_line_to_json(const cxr_order_line_t *l, cxr_jw_t *w)
{
    cxr_jw_open(w, NULL, '{');
    cxr_jw_str(w, "line", l->line);
    cxr_jw_some(w, "origin", l->origin);
    cxr_jw_some(w, "rma", l->origin_rma);
    cxr_jw_str(w, "sku", l->sku);
    cxr_jw_str(w, "title", l->title);
    cxr_jw_some(w, "variant", l->variant);
    cxr_jw_int(w, "quantity", l->quantity);
    cxr_jw_int(w, "unit_price", l->unit_price);
    cxr_jw_int(w, "discount", l->discount);
    cxr_jw_int(w, "tax", l->tax);
    cxr_jw_some(w, "image", l->image);
    cxr_jw_strs(w, "tags", &l->tags);
    cxr_jw_bool(w, "final_sale", l->final_sale);

    if (l->gift) {
        cxr_jw_bool(w, "gift", true);
    }

    cxr_jw_some(w, "product", l->product);
    cxr_jw_close(w);
}


/*
 * What is ours and not the shop's stands apart, so that an order that was read
 * can be sent again without its "state".  "given": the lines that exchanges
 * made.
 */

static void
cxr_order_returns_to_json(const cxr_order_t *order, cxr_jw_t *w)
{
    uint32_t                 i;
    const cxr_order_line_t  *l;

    cxr_jw_open(w, "state", '{');
    cxr_jw_int(w, "revision", order->revision);
    cxr_jw_time(w, "created_at", order->created_at);
    cxr_jw_time(w, "updated_at", order->updated_at);
    cxr_jw_strs(w, "rmas", &order->rmas);
    cxr_jw_open(w, "returning", '[');

    for (i = 0; i < order->lines.n; i++) {
        l = &order->lines.items[i];

        if (l->returning == 0) {
            continue;
        }

        cxr_jw_open(w, NULL, '{');
        cxr_jw_str(w, "line", l->line);
        cxr_jw_int(w, "quantity", l->returning);
        cxr_jw_int(w, "paid", l->returning_paid);
        cxr_jw_int(w, "tax", l->returning_tax);
        cxr_jw_close(w);
    }

    cxr_jw_close(w);
    cxr_jw_int(w, "delivery_returning", order->delivery_held);
    cxr_order_lines_to_json(order, true, w);
    cxr_jw_open(w, "surveys", '[');

    for (i = 0; i < order->surveys.n; i++) {
        cxr_jw_open(w, NULL, '{');
        cxr_jw_strz(w, "question",
                    cxr_survey_question_names[order->surveys.items[i].question]);
        cxr_jw_some(w, "rma", order->surveys.items[i].rma);
        cxr_jw_uint(w, "score", order->surveys.items[i].score);
        cxr_jw_time(w, "at", order->surveys.items[i].at);
        cxr_jw_close(w);
    }

    cxr_jw_close(w);
    cxr_jw_close(w);
}


static void
cxr_jw_some(cxr_jw_t *w, const char *key, cxr_str_t s)
{
    if (s.len != 0) {
        cxr_jw_str(w, key, s);
    }
}


static void
cxr_jw_strs(cxr_jw_t *w, const char *key, const cxr_strs_t *strs)
{
    uint32_t  i;

    cxr_jw_open(w, key, '[');

    for (i = 0; i < strs->n; i++) {
        cxr_jw_str(w, NULL, strs->items[i]);
    }

    cxr_jw_close(w);
}
