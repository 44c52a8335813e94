
/*
 * The shop's offers on a shopper's page.
 */

#include "cxr_view_track.h"


static const cxr_field_t  cxr_view_tile_fields[] = {
    CXR_FIELD(cxr_view_tile_t, title, STR),
    CXR_FIELD(cxr_view_tile_t, price, STR),
    CXR_VIEW_URL(cxr_view_tile_t, url),
    CXR_VIEW_URL(cxr_view_tile_t, image_url),
    CXR_FIELD_END
};

static const cxr_type_t  cxr_view_tile_type = {
    "tile", 0, 1, sizeof(cxr_view_tile_t), cxr_view_tile_fields
};


static const cxr_field_t  cxr_view_offer_fields[] = {
    CXR_FIELD(cxr_view_offer_t, title, STR),
    CXR_FIELD(cxr_view_offer_t, text, STR),
    CXR_FIELD(cxr_view_offer_t, action, STR),
    CXR_VIEW_URL(cxr_view_offer_t, url),
    CXR_VIEW_URL(cxr_view_offer_t, image_url),
    CXR_FIELD(cxr_view_offer_t, code, STR),
    CXR_FIELD_SUB(cxr_view_offer_t, products, LIST, &cxr_view_tile_type),
    CXR_FIELD(cxr_view_offer_t, has_products, BOOL),
    CXR_FIELD_END
};

const cxr_type_t  cxr_view_offer_type = {
    "offer", 0, 1, sizeof(cxr_view_offer_t), cxr_view_offer_fields
};


static cxr_rc_t
offer_view(const cxr_promo_t *from, cxr_str_t lang, cxr_arena_t *a,
    cxr_view_offer_t *v)
{
    uint32_t                 i;
    cxr_view_tile_t         *tile;
    const cxr_promo_tile_t  *p;

    v->title = cxr_texts_in(&from->title, lang);
    v->text = cxr_texts_in(&from->text, lang);
    v->action = cxr_texts_in(&from->action, lang);
    v->url = cxr_view_safe_url(from->url);
    v->image_url = cxr_view_safe_url(from->image);
    v->code = from->code;

    for (i = 0; i < from->products.n; i++) {
        p = &from->products.items[i];

        tile = cxr_list_push(a, &v->products, sizeof(*tile));
        if (tile == NULL) {
            return CXR_NOMEM;
        }

        tile->title = cxr_texts_in(&p->title, lang);
        tile->price = cxr_texts_in(&p->price, lang);
        tile->url = cxr_view_safe_url(p->url);
        tile->image_url = cxr_view_safe_url(p->image);
    }

    v->has_products = v->products.n != 0;

    return CXR_OK;
}


cxr_rc_t
cxr_view_offers(const cxr_view_ctx_t *ctx, const cxr_audience_t *to,
    cxr_arena_t *a, cxr_view_offers_t *out)
{
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_str_t           lang;
    cxr_view_offer_t   *v;
    const cxr_promo_t  *offer;

    lang = cxr_lang_code(ctx->lang);

    for (i = 0; i < ctx->shop->offers.n && out->n < CXR_OFFER_SHOWN_MAX; i++) {
        offer = &ctx->shop->offers.items[i];

        if (!cxr_promo_fits(offer, to)) {
            continue;
        }

        v = cxr_list_push(a, out, sizeof(*v));
        if (v == NULL) {
            return CXR_NOMEM;
        }

        rc = offer_view(offer, lang, a, v);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}
