
/*
 * Templates, compiled when the configuration is read.  A shop has a folder
 * beside its file, named as the file without ".json": a template or style in it
 * takes the place of ours of the same name, for this shop alone.
 */

#include "ngx_cx_returns.h"

#include "cxr_pages.h"


_Static_assert((int) NGX_CX_RETURNS_NPAGES == CXR_PAGES,
               "cxr_pages[] names other pages than ngx_cx_returns_page_t");


typedef struct {
    ngx_conf_t  *cf;
    ngx_uint_t   level;
    ngx_uint_t   n;
} ngx_cx_returns_fault_ctx_t;


static void
ngx_cx_returns_template_fault(void *ctx, const cxr_diag_t *d)
{
    size_t                       n;
    char                         text[1024];
    ngx_cx_returns_fault_ctx_t  *fault = ctx;

    fault->n++;

    n = cxr_diag_print(d, text, sizeof(text));

    ngx_log_error(fault->level, fault->cf->log, 0, "cx_returns: %*s", n, text);
}


static void
ngx_cx_returns_free_template(void *data)
{
    cxr_template_free(data);
}


ngx_int_t
ngx_cx_returns_own(ngx_conf_t *cf, ngx_cx_returns_shop_t *shop,
    const char *name, ngx_str_t *path)
{
    ngx_str_t        dir;
    ngx_file_info_t  fi;

    dir = shop->path;

    if (dir.len > 5
        && ngx_strncmp(dir.data + dir.len - 5, ".json", 5) == 0)
    {
        dir.len -= 5;
    }

    if (ngx_cx_returns_subdir(cf, &dir, name, path) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_file_info(path->data, &fi) == NGX_FILE_ERROR) {

        if (ngx_errno != NGX_ENOENT && ngx_errno != NGX_ENOTDIR) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                          "cx_returns: \"%V\" cannot be reached", path);
            return NGX_ERROR;
        }

        if (ngx_link_info(path->data, &fi) != NGX_FILE_ERROR) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: \"%V\": this link leads nowhere", path);
            return NGX_ERROR;
        }

        ngx_str_null(path);
    }

    return NGX_OK;
}


/* All pages in all languages, from the directories, the later before the
   earlier. */

static ngx_int_t
ngx_cx_returns_compile(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    const char **dirs, size_t ndirs,
    cxr_template_t *(*pages)[CXR_CATALOG_LANGS])
{
    size_t                       nlangs, i;
    ngx_int_t                    rc;
    cxr_diag_t                   d;
    ngx_uint_t                   page;
    cxr_templates_t             *set;
    ngx_cx_returns_fault_ctx_t   fault;

    ngx_memzero(&d, sizeof(cxr_diag_t));

    if (cxr_templates_open(dirs, ndirs, &set, &d) != CXR_OK) {
        ngx_cx_returns_log_diag(cf, &d);
        return NGX_ERROR;
    }

    fault.cf = cf;
    fault.level = NGX_LOG_EMERG;
    fault.n = 0;

    rc = cxr_template_check(set, mcf->catalog, cxr_pages,
                            ngx_cx_returns_template_fault, &fault)
         ? NGX_ERROR : NGX_OK;

    nlangs = cxr_catalog_nlangs(mcf->catalog);

    for (page = 0; page < NGX_CX_RETURNS_NPAGES && rc == NGX_OK; page++) {
        for (i = 0; i < nlangs && rc == NGX_OK; i++) {

            if (cxr_template_compile(set, cxr_pages[page].name,
                                     cxr_catalog_at(mcf->catalog, i),
                                     cxr_pages[page].view, &pages[page][i],
                                     &d)
                != CXR_OK)
            {
                ngx_cx_returns_log_diag(cf, &d);
                rc = NGX_ERROR;
                break;
            }

            if (ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_template,
                                           pages[page][i])
                != NGX_OK)
            {
                rc = NGX_ERROR;

            } else if (cxr_template_gzip(pages[page][i]) != CXR_OK) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "cx_returns: not enough memory for \"%s\"",
                              cxr_pages[page].name);
                rc = NGX_ERROR;
            }
        }
    }

    /* a name that is misspelt would change nothing and say nothing */

    if (rc == NGX_OK && ndirs > 1) {
        fault.level = NGX_LOG_WARN;
        cxr_templates_unused(set, ngx_cx_returns_template_fault, &fault);
    }

    cxr_templates_close(set);

    return rc;
}


/*
 * The pages that a shopper may open often, with the shop's own words and
 * addresses made part of their text.  Of others that would cost more memory, for
 * each shop, than it saves time.
 */

ngx_int_t
ngx_cx_returns_fold(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    ngx_cx_returns_shop_t *shop)
{
    ngx_uint_t               i, k, n;
    cxr_template_t          *tpl, **page;

    static const ngx_cx_returns_page_t  often[] = {
        NGX_CX_RETURNS_PAGE_TRACK,
        NGX_CX_RETURNS_PAGE_TRACK_FIND,
        NGX_CX_RETURNS_PAGE_FIND,
        NGX_CX_RETURNS_PAGE_ITEMS,
        NGX_CX_RETURNS_PAGE_RMA
    };

    for (i = 0; i < shop->nlangs; i++) {

        n = 0;

        while (cxr_catalog_at(mcf->catalog, n) != shop->langs[i]) {
            n++;
        }

        for (k = 0; k < cxr_nelts(often); k++) {
            page = &shop->pages[often[k]][n];

            if (cxr_template_fold(*page, cxr_pages[often[k]].view,
                                  &cxr_view_page_type, &shop->views[i]->page,
                                  &tpl)
                != CXR_OK)
            {
                goto failed;
            }

            if (ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_template,
                                           tpl)
                != NGX_OK)
            {
                return NGX_ERROR;
            }

            if (cxr_template_gzip(tpl) != CXR_OK) {
                goto failed;
            }

            *page = tpl;
        }
    }

    return NGX_OK;

failed:

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "cx_returns: not enough memory for the templates of \"%V\"",
                  &shop->path);

    return NGX_ERROR;
}


ngx_int_t
ngx_cx_returns_load_templates(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_str_t                dir, own;
    ngx_uint_t               i;
    const char              *dirs[2];
    ngx_cx_returns_shop_t  **shops, *shop;

    ngx_cx_returns_fault_ctx_t  fault;

    if (ngx_cx_returns_subdir(cf, &mcf->html, "templates", &dir) != NGX_OK) {
        return NGX_ERROR;
    }

    dirs[0] = (const char *) dir.data;

    if (ngx_cx_returns_compile(cf, mcf, dirs, 1, mcf->pages) != NGX_OK) {
        return NGX_ERROR;
    }

    shops = mcf->shops.elts;

    for (i = 0; i < mcf->shops.nelts; i++) {
        shop = shops[i];

        shop->pages = ngx_pcalloc(cf->pool, sizeof(mcf->pages));
        if (shop->pages == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(shop->pages, mcf->pages, sizeof(mcf->pages));

        if (ngx_cx_returns_own(cf, shop, "", &own) != NGX_OK) {
            return NGX_ERROR;
        }

        if (own.len != 0) {
            fault.cf = cf;
            fault.level = NGX_LOG_WARN;
            cxr_shop_folder_unused((const char *) own.data,
                                   ngx_cx_returns_template_fault, &fault);
        }

        if (ngx_cx_returns_own(cf, shop, "templates", &own) != NGX_OK) {
            return NGX_ERROR;
        }

        if (own.len == 0) {
            continue;
        }

        dirs[1] = (const char *) own.data;

        if (ngx_cx_returns_compile(cf, mcf, dirs, 2, shop->pages) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
