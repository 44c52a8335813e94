
/*
 * cx_returns_feed_secrets: what carriers that push know besides us.
 */

#include "ngx_cx_returns.h"


static void
ngx_cx_returns_free_secrets(void *data)
{
    cxr_secrets_free(data);
}


/*
 * After the profiles: each secret is one that a profile asks for, and a carrier
 * with one has all of them, so that no misspelt name leaves a door open.
 */

ngx_int_t
ngx_cx_returns_load_secrets(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    unsigned             i;
    cxr_str_t            carrier, name;
    cxr_diag_t           d;
    ngx_uint_t           k;
    ngx_pool_cleanup_t  *cln;

    if (mcf->secrets_file.len == 0) {
        return NGX_OK;
    }

    ngx_memzero(&d, sizeof(cxr_diag_t));

    if (cxr_secrets_load((char *) mcf->secrets_file.data, &mcf->secrets, &d)
        != CXR_OK)
    {
        ngx_cx_returns_log_diag(cf, &d);
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (cln == NULL) {
        cxr_secrets_free(mcf->secrets);
        return NGX_ERROR;
    }

    cln->handler = ngx_cx_returns_free_secrets;
    cln->data = mcf->secrets;

    for (i = 0; cxr_secrets_at(mcf->secrets, i, &carrier, &name); i++) {

        for (k = 0; k < mcf->nprofiles; k++) {
            if (cxr_str_eq(cxr_profile_carrier(mcf->profiles[k]), carrier)) {
                break;
            }
        }

        if (k == mcf->nprofiles) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: \"%V\": there is no profile of the "
                          "carrier \"%*s\"", &mcf->secrets_file, carrier.len,
                          carrier.data);
            return NGX_ERROR;
        }

        if (cxr_profile_secrets(mcf->profiles[k], mcf->secrets, &d) != CXR_OK)
        {
            cxr_diag_place(&d, (char *) mcf->secrets_file.data, 0, 0);
            ngx_cx_returns_log_diag(cf, &d);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
