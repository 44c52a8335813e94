
/*
 * The fonts of PDFs and printers' pictures: read and checked with the
 * configuration, then used by tasks.
 */

#include "ngx_cx_returns.h"

#include "cxr_font.h"


char *
ngx_cx_returns_set_fonts(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    ngx_str_t   *value, *font;
    ngx_uint_t   i;

    if (mcf->fonts_given != NULL) {
        return "is duplicate";
    }

    if (cf->args->nelts - 1 > CXR_FONT_FILES_MAX) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" takes at most %d files: a regular font, a "
                           "bold one, and others for missing letters",
                           &cmd->name, CXR_FONT_FILES_MAX);
        return NGX_CONF_ERROR;
    }

    mcf->fonts_given = ngx_array_create(cf->pool, cf->args->nelts - 1,
                                        sizeof(ngx_str_t));
    if (mcf->fonts_given == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        font = ngx_array_push(mcf->fonts_given);
        if (font == NULL) {
            return NGX_CONF_ERROR;
        }

        *font = value[i];

        if (ngx_conf_full_name(cf->cycle, font, 0) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


static void
ngx_cx_returns_free_fonts(void *data)
{
    cxr_fonts_free(data);
}


ngx_int_t
ngx_cx_returns_load_fonts(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    size_t               n;
    cxr_diag_t           d;
    ngx_str_t           *given;
    const char          *files[CXR_FONT_FILES_MAX];
    ngx_pool_cleanup_t  *cln;

    n = 0;

    if (mcf->fonts_given != NULL) {
        given = mcf->fonts_given->elts;

        for (/* void */; n < mcf->fonts_given->nelts; n++) {
            files[n] = (char *) given[n].data;
        }

    } else {
        for (/* void */; cxr_font_usual[n] != NULL; n++) {
            files[n] = cxr_font_usual[n];
        }
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&d, sizeof(cxr_diag_t));

    if (cxr_fonts_load(files, n, &mcf->fonts, &d) != CXR_OK) {
        ngx_cx_returns_log_diag(cf, &d);
        return NGX_ERROR;
    }

    cln->handler = ngx_cx_returns_free_fonts;
    cln->data = mcf->fonts;

    return NGX_OK;
}
