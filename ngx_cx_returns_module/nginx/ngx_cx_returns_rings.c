
/*
 * Key rings: the process's, which what is stored is sealed with, and those of
 * the shops that have one of their own for what leaves the house.
 */

#include "ngx_cx_returns.h"


static void ngx_cx_returns_free_ring(void *data);


static ngx_int_t
ngx_cx_returns_load_ring(ngx_conf_t *cf, const char *path,
    cxr_keyring_t **ring)
{
    cxr_rc_t    rc;
    cxr_diag_t  d;

    ngx_memzero(&d, sizeof(cxr_diag_t));

    rc = cxr_keyring_load(path, ring, &d);

    if (rc == CXR_OK) {
        return ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_ring, *ring);
    }

    ngx_cx_returns_log_diag(cf, &d);

    /* new keys in the place of keys that are there would break every link */

    if (rc == CXR_NOTFOUND) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cx_returns: there are no keys in \"%s\"; "
                      "\"cx-returns keys create %s\" makes them", path, path);
    }

    return NGX_ERROR;
}


ngx_int_t
ngx_cx_returns_load_rings(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_uint_t               i;
    ngx_cx_returns_shop_t  **shops;

    if (ngx_cx_returns_load_ring(cf, (char *) mcf->keys.data, &mcf->ring)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    shops = mcf->shops.elts;

    for (i = 0; i < mcf->shops.nelts; i++) {

        if (shops[i]->shop->keys_file.len != 0
            && ngx_cx_returns_load_ring(cf, shops[i]->shop->keys_file.data,
                                        &shops[i]->ring)
               != NGX_OK)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: the keys that \"keys\" of the shop's "
                          "file \"%V\" names cannot be used",
                          &shops[i]->path);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


const cxr_keyring_t *
ngx_cx_returns_ring(ngx_http_request_t *r)
{
    ngx_cx_returns_shop_t  *shop;

    shop = ngx_cx_returns_loc(r)->shop;

    return shop != NULL && shop->ring != NULL ? shop->ring
                                              : ngx_cx_returns_main(r)->ring;
}


static void
ngx_cx_returns_free_ring(void *data)
{
    cxr_keyring_free(data);
}
