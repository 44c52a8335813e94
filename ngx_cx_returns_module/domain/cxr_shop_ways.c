
/*
 * How goods come back, beside the label: the shop's own doors, and the carriers
 * whose return codes it has.
 */

#include <stdio.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"


static void cxr_shop_store(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);
static void cxr_shop_pool(json_t *json, uint32_t i, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults);


void
cxr_shop_ways_ask(cxr_jr_t *r, cxr_shop_ways_t *ways)
{
    ways->stores = NULL;
    ways->pools = NULL;

    (void) cxr_jr_array(r, "stores", CXR_SHOP_STORES_MAX, 0, &ways->stores);
    ways->remind_days = CXR_REMIND_DAYS;
    cxr_jr_u32(r, "remind_days", 0, CXR_REMIND_DAYS_MAX, 0,
               &ways->remind_days);
    (void) cxr_jr_array(r, "return_codes", CXR_SHOP_POOLS_MAX, 0,
                        &ways->pools);
}


cxr_rc_t
cxr_shop_ways(const cxr_shop_ways_t *ways, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    size_t  i, n;

    shop->remind_days = ways->remind_days;

    n = ways->stores != NULL ? json_array_size(ways->stores) : 0;

    shop->stores.items = cxr_calloc(a, n + 1, sizeof(cxr_store_place_t));
    if (shop->stores.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < n; i++) {
        cxr_shop_store(json_array_get(ways->stores, i), (uint32_t) i, a, shop,
                       faults);
    }

    n = ways->pools != NULL ? json_array_size(ways->pools) : 0;

    shop->pools.items = cxr_calloc(a, n + 1, sizeof(cxr_code_pool_t));
    if (shop->pools.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < n; i++) {
        cxr_shop_pool(json_array_get(ways->pools, i), (uint32_t) i, a, shop,
                      faults);
    }

    return CXR_OK;
}


static void
cxr_shop_store(json_t *json, uint32_t i, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char                path[32];
    json_t             *hours;
    cxr_jr_t            r;
    cxr_store_place_t  *s;

    snprintf(path, sizeof(path), "/stores/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    s = &shop->stores.items[shop->stores.n++];
    hours = NULL;

    cxr_jr_line(&r, "name", CXR_NAME_MAX, CXR_JR_REQUIRED, &s->name);
    cxr_jr_strs(&r, "lines", 5, CXR_NAME_MAX, CXR_JR_REQUIRED, &s->lines);
    cxr_jr_object(&r, "hours", 0, &hours);
    cxr_jr_end(&r);

    if (hours != NULL) {
        snprintf(path, sizeof(path), "/stores/%u/hours", i);

        (void) cxr_shop_texts(hours, path, CXR_SHOP_NOTE_MAX, a, shop,
                              &s->hours, faults);
    }
}


static void
cxr_shop_pool(json_t *json, uint32_t i, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char              path[32];
    int64_t           low;
    uint32_t          j;
    cxr_jr_t          r;
    cxr_code_pool_t  *p;

    snprintf(path, sizeof(path), "/return_codes/%u", i);

    if (!cxr_jr_begin(&r, json, path, a, faults)) {
        return;
    }

    p = &shop->pools.items[shop->pools.n++];
    low = CXR_POOL_LOW_DEFAULT;

    cxr_jr_slug(&r, "carrier", CXR_CARRIER_MAX, CXR_JR_REQUIRED, &p->carrier);
    cxr_jr_int(&r, "low", 0, CXR_POOL_LOW_MAX, 0, &low);

    p->low = (uint32_t) low;

    for (j = 0; j + 1 < shop->pools.n; j++) {
        if (p->carrier.len != 0
            && cxr_str_eq(shop->pools.items[j].carrier, p->carrier))
        {
            cxr_jr_fault(&r, "carrier", "must differ from the carriers before "
                         "it");
            break;
        }
    }

    cxr_jr_end(&r);
}
