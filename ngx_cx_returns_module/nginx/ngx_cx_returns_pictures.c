
/*
 * Pictures that a shop's file names as files: read and looked into with the
 * configuration, kept in memory, and served named by their content.
 */

#include "ngx_cx_returns.h"
#include "cxr_shop_picture.h"


#define NGX_CX_RETURNS_PICTURE_DIAGS  8


static ngx_int_t
ngx_cx_returns_keep(ngx_conf_t *cf, const cxr_buf_t *b, ngx_str_t *out)
{
    out->len = b->len;
    out->data = ngx_pnalloc(cf->pool, b->len);

    if (out->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(out->data, b->data, b->len);

    return NGX_OK;
}


/* What is compressed already would only grow. */

static ngx_int_t
ngx_cx_returns_picture_gzip(ngx_conf_t *cf, ngx_cx_returns_asset_t *asset)
{
    cxr_buf_t  b;
    ngx_int_t  rc;

    if (ngx_strcmp(asset->type, "image/svg+xml") != 0) {
        return NGX_OK;
    }

    cxr_buf_init(&b, asset->body.len * 2 + 1024);

    rc = NGX_ERROR;

    if (cxr_gzip_file(ngx_cx_returns_str(asset->body), &b) == CXR_OK) {
        rc = b.len < asset->body.len
             ? ngx_cx_returns_keep(cf, &b, &asset->gzip) : NGX_OK;
    }

    cxr_buf_free(&b);

    return rc;
}


/*
 * A small icon costs less within the page than a request of its own, and with a
 * logo a page would make four.  A logo's own file is asked for anyhow.
 */

static ngx_int_t
ngx_cx_returns_icon_within(ngx_cx_returns_shop_t *shop,
    const cxr_shop_picture_t *picture)
{
    char         *p;
    size_t        n, len;
    ngx_str_t     from, to;
    cxr_brand_t  *brand = &shop->shop->brand;

    if (!cxr_str_eq(brand->icon, picture->name)
        || cxr_str_eq(brand->icon, brand->logo)
        || picture->data.len > CXR_SHOP_ICON_INLINE)
    {
        return NGX_OK;
    }

    n = ngx_strlen(picture->type);
    len = n + sizeof("data:;base64,")
          + ngx_base64_encoded_length(picture->data.len);

    p = cxr_alloc(shop->arena, len);

    if (p == NULL) {
        return NGX_ERROR;
    }

    brand->icon_data.data = p;

    from.data = (u_char *) picture->data.data;
    from.len = picture->data.len;

    to.data = ngx_sprintf((u_char *) p, "data:%s;base64,", picture->type);
    ngx_encode_base64(&to, &from);

    brand->icon_data.len = to.data + to.len - (u_char *) p;

    return NGX_OK;
}


ngx_int_t
ngx_cx_returns_load_pictures(ngx_conf_t *cf, ngx_cx_returns_shop_t *shop)
{
    size_t                   n, i;
    uint8_t                  hash[16];
    uint32_t                 k;
    cxr_rc_t                 rc;
    cxr_str_t                url;
    cxr_diag_t               diags[NGX_CX_RETURNS_PICTURE_DIAGS];
    const cxr_shop_picture_t  *picture;
    ngx_cx_returns_asset_t    *asset;

    n = 0;
    rc = cxr_shop_pictures_check(shop->shop, (char *) shop->path.data, diags,
                                 NGX_CX_RETURNS_PICTURE_DIAGS, &n);

    for (i = 0; i < n; i++) {
        if (rc == CXR_OK) {
            ngx_cx_returns_warn_diag(cf, &diags[i]);

        } else {
            ngx_cx_returns_log_diag(cf, &diags[i]);
        }
    }

    if (rc != CXR_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cx_returns: pictures that the shop's file \"%V\" names "
                      "cannot be shown", &shop->path);
        return NGX_ERROR;
    }

    shop->pictures = ngx_pcalloc(cf->pool, (shop->shop->pictures.n + 1)
                                           * sizeof(ngx_cx_returns_asset_t));
    if (shop->pictures == NULL) {
        return NGX_ERROR;
    }

    for (k = 0; k < shop->shop->pictures.n; k++) {
        picture = &shop->shop->pictures.items[k];
        asset = &shop->pictures[k];

        cxr_hash(hash, sizeof(hash), picture->data.data, picture->data.len,
                 NULL, 0);
        ngx_hex_dump(asset->hash, hash, NGX_CX_RETURNS_ASSET_HASH / 2);

        asset->name.data = (u_char *) picture->last.data;
        asset->name.len = picture->last.len;
        asset->body.data = (u_char *) picture->data.data;
        asset->body.len = picture->data.len;
        asset->type = picture->type;

        url = cxr_sprintf(shop->arena, "%.*s%.*s/%.*s",
                          cxr_str_arg(shop->shop->assets),
                          NGX_CX_RETURNS_ASSET_HASH, asset->hash,
                          cxr_str_arg(picture->last));

        if (url.data == NULL
            || ngx_cx_returns_picture_gzip(cf, asset) != NGX_OK
            || ngx_cx_returns_icon_within(shop, picture) != NGX_OK)
        {
            return NGX_ERROR;
        }

        cxr_shop_picture_at(shop->shop, picture, url);
    }

    return NGX_OK;
}


/* The one of that content; else today's of that name. */

const ngx_cx_returns_asset_t *
ngx_cx_returns_picture(const ngx_cx_returns_shop_t *shop,
    const u_char *hash, ngx_str_t *name)
{
    uint32_t                       k;
    const ngx_cx_returns_asset_t  *asset, *found;

    found = NULL;

    for (k = 0; k < shop->shop->pictures.n; k++) {
        asset = &shop->pictures[k];

        if (asset->name.len != name->len
            || ngx_memcmp(asset->name.data, name->data, name->len) != 0)
        {
            continue;
        }

        if (ngx_memcmp(asset->hash, hash, NGX_CX_RETURNS_ASSET_HASH) == 0) {
            return asset;
        }

        if (found == NULL) {
            found = asset;
        }
    }

    return found;
}
