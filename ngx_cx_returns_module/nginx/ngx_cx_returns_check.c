
/*
 * Mistakes of a configuration of which each directive by itself is right.
 */

#include "ngx_cx_returns.h"


/*
 * Links are made from the shop's file.  A page in another location than the
 * file names would be served to nobody, and every link would miss it.
 */

char *
ngx_cx_returns_check_place(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *lcf)
{
    size_t                     n;
    u_char                    *last;
    ngx_str_t                  name;
    cxr_str_t                  path, lang;
    ngx_uint_t                 i;
    const char                *member;
    const cxr_shop_t          *shop;
    ngx_http_core_loc_conf_t  *clcf;
    u_char                     full[NGX_MAX_PATH];

    shop = lcf->shop->shop;

    switch (lcf->serve) {

    case NGX_CX_RETURNS_PORTAL:
        path = shop->portal;
        member = "portal";
        break;

    case NGX_CX_RETURNS_TRACK:
        path = shop->track;
        member = "track";
        break;

    case NGX_CX_RETURNS_STAFF:
        path = shop->staff;
        member = "staff";
        break;

    case NGX_CX_RETURNS_ASSETS:
        path = shop->assets;
        member = "assets";
        break;

    default:
        return NGX_CONF_OK;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    name = clcf->name;

    /* what an expression matches is its author's; so is a location inside
       "if" or "limit_except", which has no name */

#if (NGX_PCRE)
    if (clcf->regex) {
        return NGX_CONF_OK;
    }
#endif

    if (clcf->noname || clcf->named || name.len == 0) {
        return NGX_CONF_OK;
    }

    /* without a language, then below each; wider or narrower is well */

    for (i = 0; i <= shop->languages.n; i++) {

        if (i == 0) {
            last = ngx_snprintf(full, sizeof(full), "%*s", path.len,
                                path.data);
        } else {
            lang = shop->languages.items[i - 1];
            last = ngx_snprintf(full, sizeof(full), "/%*s%*s", lang.len,
                                lang.data, path.len, path.data);
        }

        n = ngx_min(name.len, (size_t) (last - full));

        if (ngx_memcmp(name.data, full, n) == 0) {
            return NGX_CONF_OK;
        }
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"cx_returns %s\" stands in location \"%V\", but the "
                       "shop's file \"%V\" says \"%s\": \"%*s\": let both be "
                       "the same", member, &name, &lcf->shop->path, member,
                       path.len, path.data);

    return NGX_CONF_ERROR;
}


/* A directory that is to be made may be missing, but not be something else. */

char *
ngx_cx_returns_check_dir(ngx_conf_t *cf, ngx_str_t *given, ngx_str_t *full)
{
    ngx_file_info_t  fi;

    if (given->len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "the directory has no name");
        return NGX_CONF_ERROR;
    }

    if (ngx_file_info(full->data, &fi) == NGX_FILE_ERROR) {

        if (ngx_errno == NGX_ENOENT) {
            return NGX_CONF_OK;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "the directory \"%V\" cannot be reached", full);
        return NGX_CONF_ERROR;
    }

    if (!ngx_is_dir(&fi)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is no directory", full);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/*
 * The last profile read against those before it: of two for one carrier the
 * order of the directory would choose.
 */

ngx_int_t
ngx_cx_returns_check_profile(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    ngx_str_t *path)
{
    cxr_str_t   carrier;
    ngx_uint_t  i;

    carrier = cxr_profile_carrier(mcf->profiles[mcf->nprofiles - 1]);

    for (i = 0; i + 1 < mcf->nprofiles; i++) {

        if (cxr_str_eq(cxr_profile_carrier(mcf->profiles[i]), carrier)) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: \"%V\": the directory holds another "
                          "profile of the carrier \"%*s\"; one must go", path,
                          carrier.len, carrier.data);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
