
/*
 * A product's variants, as an exchange offers them: from JSON, decide and
 * apply.
 */

#include <stdio.h>

#include "cxr_json_private.h"
#include "cxr_order.h"


static bool cxr_variant_from_json(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_product_t *product, cxr_json_faults_t *faults);


cxr_rc_t
cxr_product_from_json(json_t *json, cxr_arena_t *a, cxr_product_t *product,
    cxr_json_faults_t *faults)
{
    size_t    i;
    json_t   *variants;
    cxr_jr_t  r;

    memset(product, 0, sizeof(*product));

    if (!cxr_jr_begin(&r, json, "", a, faults)) {
        return CXR_INVALID;
    }

    variants = NULL;

    cxr_jr_line(&r, "id", CXR_PRODUCT_ID_MAX, CXR_JR_REQUIRED, &product->id);
    cxr_jr_line(&r, "title", CXR_TITLE_MAX, CXR_JR_REQUIRED, &product->title);
    cxr_jr_currency(&r, "currency", CXR_JR_REQUIRED, &product->currency);
    cxr_jr_array(&r, "variants", CXR_VARIANTS_MAX, CXR_JR_REQUIRED, &variants);
    cxr_jr_end(&r);

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

    if (state != NULL) {
        body->updated_at = state->updated_at;
        body->revision = state->revision;

        if (cxr_rec_equal(&cxr_product_type, body, state)) {
            return CXR_OK;
        }
    }

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
    uint32_t  revision;

    if (ev->kind != CXR_EV_PRODUCT_PUT || ev->body == NULL) {
        return CXR_INVALID;
    }

    revision = state->revision;

    *state = *(const cxr_product_t *) ev->body;
    state->updated_at = at;
    state->revision = revision + 1;

    return CXR_OK;
}
