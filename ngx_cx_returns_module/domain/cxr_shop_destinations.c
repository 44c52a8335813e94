
/*
 * Where goods go back to: the "warehouse" of a shop's file, and the
 * "destinations" that rules may name instead.
 */

#include <stdio.h>

#include "cxr_shop_private.h"


const cxr_address_t *
cxr_shop_destination(const cxr_shop_t *shop, cxr_str_t destination)
{
    uint32_t  i;

    for (i = 0; destination.len != 0 && i < shop->destinations.n; i++) {
        if (cxr_str_eq(shop->destinations.items[i].id, destination)) {
            return &shop->destinations.items[i].address;
        }
    }

    return &shop->warehouse;
}


static void
cxr_shop_address(cxr_jr_t *r, cxr_address_t *to)
{
    cxr_jr_line(r, "name", CXR_NAME_MAX, CXR_JR_REQUIRED, &to->name);

    if (cxr_jr_strs(r, "lines", 5, 80, CXR_JR_REQUIRED, &to->lines)
        && to->lines.n == 0)
    {
        cxr_jr_fault(r, "lines", "must have 1 to 5 lines of the address");
    }

    cxr_jr_postcode(r, "postcode", &to->postcode);
    cxr_jr_line(r, "city", CXR_NAME_MAX, CXR_JR_REQUIRED, &to->city);
    cxr_jr_country(r, "country", CXR_JR_REQUIRED, &to->country);
}


static bool
cxr_shop_destination_known(const cxr_shop_t *shop, cxr_str_t id)
{
    uint32_t  i;

    for (i = 0; i < shop->destinations.n; i++) {
        if (cxr_str_eq(shop->destinations.items[i].id, id)) {
            return true;
        }
    }

    return cxr_str_is(id, CXR_DESTINATION_WAREHOUSE);
}


cxr_rc_t
cxr_shop_destinations(json_t *warehouse, json_t *destinations, cxr_arena_t *a,
    cxr_shop_t *shop, cxr_json_faults_t *faults)
{
    char                at[48];
    size_t              i;
    cxr_jr_t            r;
    cxr_str_t           id, *name;
    cxr_destination_t  *to;

    if (warehouse != NULL
        && cxr_jr_begin(&r, warehouse, "/warehouse", a, faults))
    {
        cxr_shop_address(&r, &shop->warehouse);
        cxr_jr_end(&r);
    }

    for (i = 0; i < json_array_size(destinations); i++) {
        snprintf(at, sizeof(at), "/destinations/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(destinations, i), at, a, faults))
        {
            continue;
        }

        id = CXR_STR_NONE;
        cxr_jr_slug(&r, "id", CXR_DESTINATION_ID_MAX, CXR_JR_REQUIRED, &id);

        if (id.len != 0 && cxr_shop_destination_known(shop, id)) {
            cxr_jr_fault(&r, "id", "is another destination's already");
        }

        to = cxr_list_push(a, &shop->destinations, sizeof(*to));
        name = cxr_list_push(a, &shop->policy.destinations, sizeof(*name));

        if (to == NULL || name == NULL) {
            return CXR_NOMEM;
        }

        to->id = id;
        *name = id;
        cxr_shop_address(&r, &to->address);
        cxr_jr_end(&r);
    }

    return CXR_OK;
}
