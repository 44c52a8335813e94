
/*
 * Offers: what a shop shows beneath what a page is about, and to whom.
 */

#include <stdio.h>

#include "cxr_shop_private.h"
#include "cxr_text.h"


static cxr_rc_t cxr_offer_read(cxr_jr_t *r, cxr_shop_t *shop,
    cxr_promo_t *offer);
static void cxr_offer_statuses(cxr_jr_t *r, cxr_promo_t *offer);
static cxr_rc_t cxr_offer_tiles(cxr_jr_t *r, cxr_shop_t *shop,
    cxr_promo_t *offer);
static bool cxr_offer_listed(const cxr_strs_t *list, cxr_str_t s);
static bool cxr_offer_shares(const cxr_strs_t *a, const cxr_strs_t *b);


cxr_rc_t
cxr_shop_offers(json_t *json, cxr_arena_t *a, cxr_shop_t *shop,
    cxr_json_faults_t *faults)
{
    char          at[48];
    size_t        i;
    cxr_jr_t      r;
    cxr_rc_t      rc;
    uint32_t      j;
    cxr_promo_t  *offer;

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(at, sizeof(at), "/offers/%u", (unsigned) i);

        if (!cxr_jr_begin(&r, json_array_get(json, i), at, a, faults)) {
            continue;
        }

        offer = cxr_list_push(a, &shop->offers, sizeof(*offer));
        if (offer == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_offer_read(&r, shop, offer);
        if (rc != CXR_OK) {
            return rc;
        }

        for (j = 0; j + 1 < shop->offers.n; j++) {
            if (offer->id.len != 0
                && cxr_str_eq(shop->offers.items[j].id, offer->id))
            {
                cxr_jr_fault(&r, "id", "must differ from the offers before "
                             "it");
                break;
            }
        }

        cxr_jr_end(&r);
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_offer_read(cxr_jr_t *r, cxr_shop_t *shop, cxr_promo_t *offer)
{
    cxr_rc_t  rc;
    uint32_t  i;

    offer->from = CXR_TIME_NONE;
    offer->until = CXR_TIME_NONE;

    cxr_jr_slug(r, "id", 40, CXR_JR_REQUIRED, &offer->id);
    cxr_jr_link(r, "url", 0, &offer->url);
    cxr_jr_picture(r, "image", &offer->image);
    cxr_jr_line(r, "code", CXR_OFFER_CODE_MAX, 0, &offer->code);
    cxr_jr_day(r, "from", shop, false, &offer->from);
    cxr_jr_day(r, "until", shop, true, &offer->until);
    cxr_offer_statuses(r, offer);
    cxr_jr_strs(r, "tags", CXR_ORDER_TAGS_MAX, CXR_TAG_MAX, 0, &offer->tags);
    cxr_jr_strs(r, "countries", 250, 2, 0, &offer->countries);

    for (i = 0; i < offer->countries.n; i++) {
        if (!cxr_is_country(offer->countries.items[i])) {
            cxr_jr_fault(r, "countries", "must be codes of ISO 3166-1 like "
                         "\"TR\"");
            break;
        }
    }

    if (offer->from != CXR_TIME_NONE && offer->until != CXR_TIME_NONE
        && offer->from > offer->until)
    {
        cxr_jr_fault(r, "until", "must not be before \"from\"");
    }

    rc = cxr_jr_texts(r, "title", CXR_OFFER_TITLE_MAX, CXR_JR_REQUIRED, shop,
                      &offer->title);
    if (rc == CXR_OK) {
        rc = cxr_jr_texts(r, "text", CXR_OFFER_TEXT_MAX, 0, shop,
                          &offer->text);
    }

    if (rc == CXR_OK) {
        rc = cxr_jr_texts(r, "action", CXR_LINK_TEXT_MAX, 0, shop,
                          &offer->action);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if ((json_object_get(r->obj, "url") == NULL)
        != (json_object_get(r->obj, "action") == NULL))
    {
        cxr_jr_fault(r, "action", "must come with \"url\", and \"url\" with "
                     "\"action\": the words on the link");
    }

    return cxr_offer_tiles(r, shop, offer);
}


static void
cxr_offer_statuses(cxr_jr_t *r, cxr_promo_t *offer)
{
    int         status;
    uint32_t    i;
    cxr_strs_t  names;

    memset(&names, 0, sizeof(names));

    if (!cxr_jr_strs(r, "statuses", CXR_SHIP_EXPIRED + 1, 20, 0, &names)) {
        return;
    }

    for (i = 0; i < names.n; i++) {
        status = cxr_name_index(cxr_ship_status_names, names.items[i]);

        if (status < 0) {
            cxr_jr_fault(r, "statuses", "\"%.*s\" is no status of a parcel",
                         cxr_str_arg(names.items[i]));
            return;
        }

        offer->statuses |= 1u << status;
    }
}


static cxr_rc_t
cxr_offer_tiles(cxr_jr_t *r, cxr_shop_t *shop, cxr_promo_t *offer)
{
    char               at[160];
    size_t             i;
    json_t            *json;
    cxr_jr_t           tile_r;
    cxr_rc_t           rc;
    cxr_promo_tile_t  *tile;

    json = NULL;
    cxr_jr_array(r, "products", CXR_OFFER_TILES_MAX, 0, &json);

    for (i = 0; i < json_array_size(json); i++) {
        snprintf(at, sizeof(at), "%s/products/%u", r->path, (unsigned) i);

        if (!cxr_jr_begin(&tile_r, json_array_get(json, i), at, r->arena,
                          r->faults))
        {
            continue;
        }

        tile = cxr_list_push(r->arena, &offer->products, sizeof(*tile));
        if (tile == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_jr_texts(&tile_r, "title", CXR_OFFER_TITLE_MAX,
                          CXR_JR_REQUIRED, shop, &tile->title);
        if (rc == CXR_OK) {
            rc = cxr_jr_texts(&tile_r, "price", CXR_LINK_TEXT_MAX, 0, shop,
                              &tile->price);
        }

        if (rc != CXR_OK) {
            return rc;
        }

        cxr_jr_link(&tile_r, "url", CXR_JR_REQUIRED, &tile->url);
        cxr_jr_picture(&tile_r, "image", &tile->image);
        cxr_jr_end(&tile_r);
    }

    return CXR_OK;
}


static bool
cxr_offer_listed(const cxr_strs_t *list, cxr_str_t s)
{
    uint32_t  i;

    for (i = 0; i < list->n; i++) {
        if (cxr_str_eq(list->items[i], s)) {
            return true;
        }
    }

    return false;
}


static bool
cxr_offer_shares(const cxr_strs_t *a, const cxr_strs_t *b)
{
    uint32_t  i;

    for (i = 0; i < b->n; i++) {
        if (cxr_offer_listed(a, b->items[i])) {
            return true;
        }
    }

    return false;
}


bool
cxr_promo_fits(const cxr_promo_t *offer, const cxr_audience_t *to)
{
    uint32_t            i;
    const cxr_order_t  *o;

    o = to->order;

    if ((offer->from != CXR_TIME_NONE && to->now < offer->from)
        || (offer->until != CXR_TIME_NONE && to->now > offer->until)
        || (offer->statuses != 0
            && (offer->statuses & (1u << to->status)) == 0))
    {
        return false;
    }

    if (offer->countries.n != 0
        && (o == NULL || !cxr_offer_listed(&offer->countries, o->country)))
    {
        return false;
    }

    if (offer->tags.n == 0) {
        return true;
    }

    if (o == NULL) {
        return false;
    }

    if (cxr_offer_shares(&offer->tags, &o->tags)) {
        return true;
    }

    for (i = 0; i < o->lines.n; i++) {
        if (cxr_offer_shares(&offer->tags, &o->lines.items[i].tags)) {
            return true;
        }
    }

    return false;
}
