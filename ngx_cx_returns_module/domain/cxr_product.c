
/*
 * A product's variants, as an exchange offers them: from JSON, decide and
 * apply.
 */

#include <stdio.h>

#include "cxr_json_private.h"
#include "cxr_order.h"


static bool cxr_variant_from_json(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_product_t *product, cxr_json_faults_t *faults);
static cxr_rc_t cxr_product_apply_stock(cxr_product_t *state,
    const cxr_event_t *ev, cxr_arena_t *a);


cxr_rc_t
cxr_product_from_json(json_t *json, cxr_arena_t *a, cxr_product_t *product,
    cxr_json_faults_t *faults)
{
    size_t      i;
    int64_t     safety, ignored;
    json_t     *variants, *holds;
    cxr_jr_t    r;
    cxr_time_t  at;

    memset(product, 0, sizeof(*product));

    if (!cxr_jr_begin(&r, json, "", a, faults)) {
        return CXR_INVALID;
    }

    variants = NULL;
    safety = 0;

    cxr_jr_line(&r, "id", CXR_PRODUCT_ID_MAX, CXR_JR_REQUIRED, &product->id);
    cxr_jr_line(&r, "title", CXR_TITLE_MAX, CXR_JR_REQUIRED, &product->title);
    cxr_jr_currency(&r, "currency", CXR_JR_REQUIRED, &product->currency);
    cxr_jr_array(&r, "variants", CXR_VARIANTS_MAX, CXR_JR_REQUIRED, &variants);
    cxr_jr_int(&r, "safety_stock", 0, CXR_SAFETY_STOCK_MAX, 0, &safety);
    cxr_jr_strs(&r, "exchange_for", CXR_EXCHANGE_FOR_MAX, CXR_PRODUCT_ID_MAX,
                0, &product->exchange_for);

    /* what an answer tells beside it may come back, and says nothing: If-Match
       tells of what is promised meanwhile */

    cxr_jr_array(&r, "holds", CXR_LIST_MAX, 0, &holds);
    cxr_jr_int(&r, "revision", 0, UINT32_MAX, 0, &ignored);
    cxr_jr_time(&r, "updated_at", 0, &at);
    cxr_jr_end(&r);

    product->safety_stock = (uint32_t) safety;

    if (variants != NULL) {
        product->variants.items = cxr_calloc(a, json_array_size(variants),
                                             sizeof(cxr_variant_t));
        if (product->variants.items == NULL) {
            return CXR_NOMEM;
        }

        for (i = 0; i < json_array_size(variants); i++) {
            cxr_variant_from_json(json_array_get(variants, i), (uint32_t) i,
                                  a, product, faults);
        }
    }

    return faults->total != 0 ? CXR_INVALID : CXR_OK;
}


static bool
cxr_variant_from_json(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_product_t *product, cxr_json_faults_t *faults)
{
    char            path[32];
    int64_t         stock;
    cxr_jr_t        r;
    uint32_t        j;
    cxr_variant_t  *v;

    snprintf(path, sizeof(path), "/variants/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return false;
    }

    v = &product->variants.items[product->variants.n++];
    stock = 0;

    cxr_jr_line(&r, "sku", CXR_SKU_MAX, CXR_JR_REQUIRED, &v->sku);
    cxr_jr_line(&r, "title", CXR_TITLE_MAX, CXR_JR_REQUIRED, &v->title);
    cxr_jr_int(&r, "price", 0, CXR_MONEY_MAX, CXR_JR_REQUIRED, &v->price);
    cxr_jr_int(&r, "stock", 0, UINT32_MAX, CXR_JR_REQUIRED, &stock);
    cxr_jr_image(&r, "image", &v->image);

    v->stock = (uint32_t) stock;

    for (j = 0; j + 1 < product->variants.n; j++) {
        if (v->sku.len != 0 && cxr_str_eq(product->variants.items[j].sku,
                                          v->sku))
        {
            cxr_jr_fault(&r, "sku", "must differ from the SKUs before it");
            break;
        }
    }

    return cxr_jr_end(&r);
}


cxr_rc_t
cxr_product_put(const cxr_product_t *state, const cxr_product_t *product,
    cxr_time_t now, cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no)
{
    cxr_event_t    *ev;
    cxr_product_t  *body;

    body = cxr_alloc(a, sizeof(cxr_product_t));
    if (body == NULL) {
        return CXR_NOMEM;
    }

    *body = *product;
    memset(&body->holds, 0, sizeof(body->holds));

    if (state != NULL) {
        body->holds = state->holds;
        body->updated_at = state->updated_at;
        body->revision = state->revision;

        if (cxr_rec_equal(&cxr_product_type, body, state)) {
            return CXR_OK;
        }
    }

    /* the event holds what was sent; what is promised is apply's */

    memset(&body->holds, 0, sizeof(body->holds));
    body->updated_at = CXR_TIME_NONE;
    body->revision = 0;

    ev = cxr_list_push(a, out, sizeof(cxr_event_t));
    if (ev == NULL) {
        return CXR_NOMEM;
    }

    ev->kind = CXR_EV_PRODUCT_PUT;
    ev->aggregate = CXR_AGG_PRODUCT;
    ev->fresh = (state == NULL);
    ev->id = product->id;
    ev->expect = state ? state->revision : 0;
    ev->body = body;

    return CXR_OK;
}


cxr_rc_t
cxr_product_apply(cxr_product_t *state, const cxr_event_t *ev, cxr_time_t at,
    cxr_arena_t *a)
{
    cxr_rc_t       rc;
    cxr_product_t  next;

    if (ev->body == NULL) {
        return CXR_INVALID;
    }

    next = *state;

    switch (ev->kind) {

    case CXR_EV_PRODUCT_PUT:
        next = *(const cxr_product_t *) ev->body;
        next.holds = state->holds;
        break;

    case CXR_EV_STOCK_RESERVED:
    case CXR_EV_STOCK_FREED:
    case CXR_EV_STOCK_TAKEN:
        rc = cxr_product_apply_stock(&next, ev, a);
        if (rc != CXR_OK) {
            return rc;
        }

        break;

    default:
        return CXR_INVALID;
    }

    next.updated_at = at;
    next.revision = state->revision + 1;

    *state = next;

    return CXR_OK;
}


uint32_t
cxr_product_free(const cxr_product_t *product, cxr_str_t sku)
{
    uint32_t              i;
    uint64_t              promised;
    const cxr_variant_t  *v;

    promised = product->safety_stock;

    for (i = 0; i < product->holds.n; i++) {
        if (cxr_str_eq(product->holds.items[i].sku, sku)) {
            promised += product->holds.items[i].units;
        }
    }

    for (i = 0; i < product->variants.n; i++) {
        v = &product->variants.items[i];

        if (cxr_str_eq(v->sku, sku)) {
            return v->stock > promised ? (uint32_t) (v->stock - promised) : 0;
        }
    }

    return 0;
}


bool
cxr_product_fits(const cxr_product_t *own, const cxr_product_t *other)
{
    uint32_t  i;

    if (cxr_str_eq(own->id, other->id)) {
        return true;
    }

    for (i = 0; i < own->exchange_for.n; i++) {
        if (cxr_str_eq(own->exchange_for.items[i], other->id)) {
            return true;
        }
    }

    return false;
}


/*
 * What is promised is kept by SKU, beside the variants: a shop may take a
 * variant off, or send another stock, while an RMA still waits for its units.
 */

static cxr_rc_t
cxr_product_apply_stock(cxr_product_t *state, const cxr_event_t *ev,
    cxr_arena_t *a)
{
    uint32_t                 i, n, had;
    cxr_hold_t              *holds, *hold;
    cxr_variant_t           *variants, *v;
    const cxr_stock_body_t  *body;

    body = ev->body;

    if (state->revision == 0 || !cxr_str_eq(body->product, state->id)
        || body->units == 0)
    {
        return CXR_INVALID;
    }

    holds = cxr_calloc(a, (size_t) state->holds.n + 1, sizeof(cxr_hold_t));
    variants = cxr_calloc(a, (size_t) state->variants.n + 1,
                          sizeof(cxr_variant_t));

    if (holds == NULL || variants == NULL) {
        return CXR_NOMEM;
    }

    hold = NULL;
    n = 0;

    for (i = 0; i < state->holds.n; i++) {
        holds[n] = state->holds.items[i];

        if (cxr_str_eq(holds[n].sku, body->sku)) {
            hold = &holds[n];
        }

        n++;
    }

    if (hold == NULL) {
        hold = &holds[n++];
        hold->sku = body->sku;
    }

    had = hold->units;

    if (ev->kind == CXR_EV_STOCK_RESERVED) {

        if (body->units > UINT32_MAX - had) {
            return CXR_INVALID;
        }

        hold->units = had + body->units;

    } else {

        if (body->units > had) {
            return CXR_INVALID;
        }

        hold->units = had - body->units;
    }

    if (hold->units == 0) {
        memmove(hold, hold + 1,
                (size_t) (&holds[n] - (hold + 1)) * sizeof(cxr_hold_t));
        n--;
    }

    if (state->variants.n != 0) {
        memcpy(variants, state->variants.items,
               state->variants.n * sizeof(cxr_variant_t));
    }

    for (i = 0; ev->kind == CXR_EV_STOCK_TAKEN && i < state->variants.n; i++) {
        v = &variants[i];

        if (cxr_str_eq(v->sku, body->sku)) {
            v->stock -= v->stock < body->units ? v->stock : body->units;
        }
    }

    state->holds.items = holds;
    state->holds.n = n;
    state->variants.items = variants;

    return CXR_OK;
}
