
/*
 * What the configuration names, read and checked when it is read: shops, keys,
 * languages, templates, carriers' profiles.  Every mistake is logged with its
 * file and line.  Nothing here writes to the disk.
 */

#include "ngx_cx_returns.h"
#include "cxr_file.h"
#include "cxr_sheet.h"


#define NGX_CX_RETURNS_DIAGS     32
#define NGX_CX_RETURNS_SHOP_MEM  (64 * 1024 * 1024)   /* lists of people */
#define NGX_CX_RETURNS_CSS_MAX   (256 * 1024)


static ngx_cx_returns_shop_t *ngx_cx_returns_read_shop(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf, ngx_str_t *path);
static ngx_int_t ngx_cx_returns_load_languages(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
static ngx_int_t ngx_cx_returns_load_profiles(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
static ngx_int_t ngx_cx_returns_load_css(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
static ngx_int_t ngx_cx_returns_brand(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf, ngx_cx_returns_shop_t *shop);
static ngx_int_t ngx_cx_returns_views(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf, ngx_cx_returns_shop_t *shop);
static ngx_int_t ngx_cx_returns_read_file(ngx_conf_t *cf, ngx_str_t *path,
    size_t max, ngx_str_t *out);
static void ngx_cx_returns_free_arena(void *data);
static void ngx_cx_returns_free_shop(void *data);
static void ngx_cx_returns_free_catalog(void *data);
static void ngx_cx_returns_free_profile(void *data);


void
ngx_cx_returns_log_diag(ngx_conf_t *cf, const cxr_diag_t *d)
{
    size_t  n;
    char    text[1024];

    n = cxr_diag_print(d, text, sizeof(text));

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "cx_returns: %*s", n, text);
}


void
ngx_cx_returns_warn_diag(void *ctx, const cxr_diag_t *d)
{
    size_t       n;
    char         text[1024];
    ngx_conf_t  *cf = ctx;

    n = cxr_diag_print(d, text, sizeof(text));

    ngx_log_error(NGX_LOG_WARN, cf->log, 0, "cx_returns: %*s", n, text);
}


char *
ngx_cx_returns_set_shop(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_loc_conf_t  *lcf = conf;

    ngx_str_t                   *value, path;
    ngx_uint_t                   i;
    ngx_cx_returns_shop_t      **shops, *shop, **slot;
    ngx_cx_returns_main_conf_t  *mcf;

    if (lcf->shop != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;
    path = value[1];

    if (path.len == 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" names nothing: it takes the shop's file",
                           &value[0]);
        return NGX_CONF_ERROR;
    }

    if (ngx_conf_full_name(cf->cycle, &path, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_cx_returns_module);
    shops = mcf->shops.elts;

    for (i = 0; i < mcf->shops.nelts; i++) {
        if (shops[i]->path.len == path.len
            && ngx_strncmp(shops[i]->path.data, path.data, path.len) == 0)
        {
            lcf->shop = shops[i];
            return NGX_CONF_OK;
        }
    }

    shop = ngx_cx_returns_read_shop(cf, mcf, &path);
    if (shop == NULL) {
        return NGX_CONF_ERROR;
    }

    slot = ngx_array_push(&mcf->shops);
    if (slot == NULL) {
        return NGX_CONF_ERROR;
    }

    *slot = shop;
    lcf->shop = shop;

    return NGX_CONF_OK;
}


static ngx_cx_returns_shop_t *
ngx_cx_returns_read_shop(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    ngx_str_t *path)
{
    size_t                   i, n;
    cxr_rc_t                 rc;
    cxr_arena_t             *arena;
    cxr_diag_t               diags[NGX_CX_RETURNS_DIAGS];
    ngx_cx_returns_shop_t   *shop, **shops;

    shop = ngx_pcalloc(cf->pool, sizeof(ngx_cx_returns_shop_t));
    if (shop == NULL) {
        return NULL;
    }

    arena = cxr_arena_create(NGX_CX_RETURNS_SHOP_MEM);
    if (arena == NULL) {
        return NULL;
    }

    shop->path = *path;
    shop->arena = arena;
    n = 0;

    rc = cxr_shop_load((char *) path->data, arena, &shop->shop, diags,
                       NGX_CX_RETURNS_DIAGS, &n);

    if (rc != CXR_OK) {
        for (i = 0; i < n && i < NGX_CX_RETURNS_DIAGS; i++) {
            ngx_cx_returns_log_diag(cf, &diags[i]);
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "the shop's file \"%V\" cannot be used (%s)",
                           path, cxr_rc_name(rc));
        cxr_arena_destroy(arena);
        return NULL;
    }

    for (i = 0; i < n && i < NGX_CX_RETURNS_DIAGS; i++) {
        ngx_cx_returns_warn_diag(cf, &diags[i]);
    }

    /* the shop's strings live in the arena, the zone beside it */

    if (ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_arena, arena)
        != NGX_OK
        || ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_shop,
                                      shop->shop)
           != NGX_OK)
    {
        return NULL;
    }

    memset(&diags[0], 0, sizeof(cxr_diag_t));

    if (shop->shop->label.logo.len != 0
        && cxr_sheet_picture_check(shop->shop->label.logo, &diags[0])
           != CXR_OK)
    {
        cxr_diag_place(&diags[0], (char *) path->data, 0, 0);
        ngx_cx_returns_log_diag(cf, &diags[0]);
        return NULL;
    }

    shops = mcf->shops.elts;

    for (i = 0; i < mcf->shops.nelts; i++) {
        if (shops[i]->shop->key == shop->shop->key) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "shops \"%V\" and \"%V\" have ids that share "
                               "one key in the store: give one of the files "
                               "another name", &shops[i]->path, path);
            return NULL;
        }
    }

    return shop;
}


char *
ngx_cx_returns_set_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    off_t         size;
    ngx_int_t     n;
    ngx_str_t    *value, s;
    ngx_uint_t    i;
    ngx_path_t   *path;

    if (mcf->store.data != NULL) {
        return "is duplicate";
    }

    value = cf->args->elts;
    mcf->store = value[1];

    if (ngx_cx_returns_params_once(cf) != NGX_OK
        || ngx_conf_full_name(cf->cycle, &mcf->store, 0) != NGX_OK
        || ngx_cx_returns_check_dir(cf, &value[1], &mcf->store) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    for (i = 2; i < cf->args->nelts; i++) {

        if (ngx_strncmp(value[i].data, "map_size=", 9) == 0) {
            s.data = value[i].data + 9;
            s.len = value[i].len - 9;
            size = ngx_parse_offset(&s);

            if (size == NGX_ERROR || size < CXR_STORE_MAP_MIN) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid \"%V\": map_size takes a size of "
                                   "1m or more, like 4g", &value[i]);
                return NGX_CONF_ERROR;
            }

            mcf->map_size = (size_t) size;
            continue;
        }

        if (ngx_strncmp(value[i].data, "readers=", 8) == 0) {
            n = ngx_atoi(value[i].data + 8, value[i].len - 8);

            if (n == NGX_ERROR || n < 16 || n > 65536) {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "invalid \"%V\": readers takes a number "
                                   "from 16 to 65536", &value[i]);
                return NGX_CONF_ERROR;
            }

            mcf->readers = n;
            continue;
        }

        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "unknown parameter \"%V\": \"cx_returns_store\" "
                           "takes a directory, map_size= and readers=",
                           &value[i]);
        return NGX_CONF_ERROR;
    }

    /* the master makes the directory, with the workers' user as its owner */

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_CONF_ERROR;
    }

    path->name = mcf->store;
    path->conf_file = cf->conf_file->file.name.data;
    path->line = cf->conf_file->line;

    if (ngx_add_path(cf, &path) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf->store_path = path;

    return NGX_CONF_OK;
}


/* Of two values of one name the operator meant one, and we cannot know which. */

ngx_int_t
ngx_cx_returns_params_once(ngx_conf_t *cf)
{
    u_char      *end;
    size_t       len;
    ngx_str_t   *value;
    ngx_uint_t   i, k;

    value = cf->args->elts;

    for (i = 2; i < cf->args->nelts; i++) {
        end = ngx_strlchr(value[i].data, value[i].data + value[i].len, '=');

        if (end == NULL) {
            continue;
        }

        len = (size_t) (end + 1 - value[i].data);

        for (k = 2; k < i; k++) {
            if (value[k].len < len
                || ngx_strncmp(value[k].data, value[i].data, len) != 0)
            {
                continue;
            }

            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "duplicate parameter \"%V\": \"%V\" has "
                               "\"%V\" already, keep one of them",
                               &value[i], &value[0], &value[k]);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* A photo that is wanted, and cannot be given, would let nobody through. */

static char *
ngx_cx_returns_check_photos(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    uint32_t                 i;
    ngx_uint_t               k;
    const cxr_policy_t      *policy;
    ngx_cx_returns_shop_t  **shops;

    shops = mcf->shops.elts;

    for (k = 0; k < mcf->shops.nelts && mcf->photos.len == 0; k++) {
        policy = &shops[k]->shop->policy;

        for (i = 0; i < policy->reasons.n; i++) {
            if (cxr_claim_photos(policy, &policy->reasons.items[i])
                == CXR_NEED_REQUIRED)
            {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "cx_returns: \"%V\": the reason \"%*s\" wants "
                              "photos, and \"cx_returns_photos\", which takes "
                              "them, is missing in the http block",
                              &shops[k]->path,
                              policy->reasons.items[i].code.len,
                              policy->reasons.items[i].code.data);
                return NGX_CONF_ERROR;
            }
        }
    }

    return NGX_CONF_OK;
}


char *
ngx_cx_returns_load(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    size_t  i;

    struct {
        ngx_str_t   *value;
        const char  *directive;
        const char  *what;
    } needed[] = {
        { &mcf->store, "cx_returns_store", "the directory of the store" },
        { &mcf->keys, "cx_returns_keys", "the key ring's file" },
        { &mcf->html, "cx_returns_html",
          "the directory of templates, texts and styles" },
        { &mcf->carriers, "cx_returns_carriers",
          "the directory of carriers' profiles" }
    };

    for (i = 0; i < cxr_nelts(needed); i++) {

        if (needed[i].value->len == 0) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: \"%s\" is missing in the http block: "
                          "it names %s", needed[i].directive, needed[i].what);
            return NGX_CONF_ERROR;
        }
    }

    if (cxr_sign_init() != CXR_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cx_returns: libsodium does not start");
        return NGX_CONF_ERROR;
    }

    cxr_feed_init();

    if (ngx_cx_returns_load_rings(cf, mcf) != NGX_OK
        || ngx_cx_returns_load_languages(cf, mcf) != NGX_OK
        || ngx_cx_returns_load_templates(cf, mcf) != NGX_OK
        || ngx_cx_returns_load_profiles(cf, mcf) != NGX_OK
        || ngx_cx_returns_load_secrets(cf, mcf) != NGX_OK
        || ngx_cx_returns_load_fonts(cf, mcf) != NGX_OK
        || ngx_cx_returns_load_css(cf, mcf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_cx_returns_check_photos(cf, mcf);
}


ngx_int_t
ngx_cx_returns_subdir(ngx_conf_t *cf, ngx_str_t *dir, const char *sub,
    ngx_str_t *out)
{
    out->data = ngx_pnalloc(cf->pool, dir->len + ngx_strlen(sub) + 2);
    if (out->data == NULL) {
        return NGX_ERROR;
    }

    out->len = ngx_sprintf(out->data, "%V%s%s", dir, *sub ? "/" : "", sub)
               - out->data;
    out->data[out->len] = '\0';

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_load_languages(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    uint32_t                 n;
    ngx_str_t                dir;
    cxr_str_t                code;
    cxr_diag_t               d;
    ngx_uint_t               i;
    ngx_cx_returns_shop_t  **shops, *shop;

    if (ngx_cx_returns_subdir(cf, &mcf->html, "i18n", &dir) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&d, sizeof(cxr_diag_t));

    if (cxr_catalog_load((char *) dir.data, &mcf->catalog, &d) != CXR_OK) {
        ngx_cx_returns_log_diag(cf, &d);
        return NGX_ERROR;
    }

    cxr_catalog_borrowed(mcf->catalog, 0, ngx_cx_returns_warn_diag, cf);

    if (ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_catalog,
                                   mcf->catalog)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    shops = mcf->shops.elts;

    for (i = 0; i < mcf->shops.nelts; i++) {
        shop = shops[i];

        for (n = 0; n < shop->shop->languages.n; n++) {
            code = shop->shop->languages.items[n];
            shop->langs[n] = cxr_catalog_lang(mcf->catalog, code);

            if (shop->langs[n] == NULL) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "cx_returns: \"%V\" names the language "
                              "\"%*s\", but there is no %*s.po in \"%V\"",
                              &shop->path, code.len, code.data,
                              code.len, code.data, &dir);
                return NGX_ERROR;
            }
        }

        shop->nlangs = n;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_load_profiles(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    size_t        n, k;
    u_char       *name;
    cxr_rc_t      rc;
    ngx_int_t     found;
    ngx_str_t     path;
    ngx_dir_t     dir;
    cxr_diag_t    diags[NGX_CX_RETURNS_DIAGS];
    ngx_uint_t    faults, len;

    if (ngx_open_dir(&mcf->carriers, &dir) == NGX_ERROR) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "cx_returns: cannot open the carriers' directory \"%V\"",
                      &mcf->carriers);
        return NGX_ERROR;
    }

    faults = 0;
    found = NGX_OK;

    for ( ;; ) {
        ngx_set_errno(0);

        if (ngx_read_dir(&dir) == NGX_ERROR) {
            break;
        }

        name = ngx_de_name(&dir);
        len = ngx_de_namelen(&dir);

        if (name[0] == '.' || len < 5
            || ngx_strncmp(name + len - 4, ".xml", 4) != 0)
        {
            continue;
        }

        if (mcf->nprofiles == NGX_CX_RETURNS_CARRIERS) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: more than %ui carriers in \"%V\"",
                          (ngx_uint_t) NGX_CX_RETURNS_CARRIERS,
                          &mcf->carriers);
            found = NGX_ERROR;
            break;
        }

        if (ngx_cx_returns_subdir(cf, &mcf->carriers, (char *) name, &path)
            != NGX_OK)
        {
            found = NGX_ERROR;
            break;
        }

        n = 0;

        rc = cxr_profile_load((char *) path.data,
                              &mcf->profiles[mcf->nprofiles], diags,
                              NGX_CX_RETURNS_DIAGS, &n);

        if (rc != CXR_OK) {
            for (k = 0; k < n && k < NGX_CX_RETURNS_DIAGS; k++) {
                ngx_cx_returns_log_diag(cf, &diags[k]);
            }

            if (n == 0) {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "cx_returns: cannot read \"%V\" (%s)", &path,
                              cxr_rc_name(rc));
            }

            faults++;
            continue;
        }

        if (ngx_cx_returns_cleanup_add(cf, ngx_cx_returns_free_profile,
                                       mcf->profiles[mcf->nprofiles])
            != NGX_OK)
        {
            found = NGX_ERROR;
            break;
        }

        mcf->nprofiles++;

        if (ngx_cx_returns_check_profile(cf, mcf, &path) != NGX_OK) {
            faults++;
        }
    }

    ngx_close_dir(&dir);

    if (mcf->nprofiles == 0 && faults == 0) {
        ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                      "cx_returns: there is no <carrier>.xml in \"%V\": no "
                      "feed will be taken", &mcf->carriers);
    }

    return faults ? NGX_ERROR : found;
}


static ngx_int_t
ngx_cx_returns_load_css(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_str_t                path;
    ngx_uint_t               i;
    ngx_cx_returns_shop_t  **shops;

    if (ngx_cx_returns_subdir(cf, &mcf->html, "css/cx.css", &path) != NGX_OK
        || ngx_cx_returns_read_file(cf, &path, NGX_CX_RETURNS_CSS_MAX,
                                    &mcf->base_css)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    shops = mcf->shops.elts;

    for (i = 0; i < mcf->shops.nelts; i++) {
        if (ngx_cx_returns_load_pictures(cf, shops[i]) != NGX_OK
            || ngx_cx_returns_brand(cf, mcf, shops[i]) != NGX_OK
            || ngx_cx_returns_known(mcf, shops[i]) != NGX_OK
            || ngx_cx_returns_views(cf, mcf, shops[i]) != NGX_OK
            || ngx_cx_returns_fold(cf, mcf, shops[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* What the pages of one shop in one language have in common. */

static ngx_int_t
ngx_cx_returns_views(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    ngx_cx_returns_shop_t *shop)
{
    cxr_diag_t  d;
    ngx_uint_t  i;

    for (i = 0; i < shop->nlangs; i++) {
        ngx_memzero(&d, sizeof(cxr_diag_t));

        if (cxr_view_ctx_make(shop->shop, mcf->catalog, shop->langs[i],
                              ngx_cx_returns_str(shop->css_url), CXR_STR_NONE,
                              shop->arena, &shop->views[i], &d)
            != CXR_OK)
        {
            ngx_cx_returns_log_diag(cf, &d);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Behind ours and the colours: what the shop's folder adds. */

static ngx_int_t
ngx_cx_returns_added(ngx_conf_t *cf, ngx_cx_returns_shop_t *shop,
    cxr_buf_t *css)
{
    ngx_str_t   own;
    cxr_diag_t  d;

    if (ngx_cx_returns_own(cf, shop, "css/shop.css", &own) != NGX_OK) {
        return NGX_ERROR;
    }

    if (own.len == 0) {
        return NGX_OK;
    }

    ngx_memzero(&d, sizeof(cxr_diag_t));

    if (cxr_css_shop((const char *) own.data, css, &d) != CXR_OK) {
        ngx_cx_returns_log_diag(cf, &d);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* One style sheet a shop: ours, then its colours, then what it adds; named by
   its content. */

static ngx_int_t
ngx_cx_returns_brand(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    ngx_cx_returns_shop_t *shop)
{
    u_char      *p;
    uint8_t      hash[16];
    cxr_buf_t    b, whole;
    cxr_str_t    assets;
    ngx_str_t    css, own;

    cxr_buf_init(&b, NGX_CX_RETURNS_CSS_MAX + CXR_SHOP_CSS_MAX + 4096);
    cxr_buf_init(&whole, NGX_CX_RETURNS_CSS_MAX + CXR_SHOP_CSS_MAX + 4096);

    if (ngx_cx_returns_own(cf, shop, "css/cx.css", &own) != NGX_OK) {
        cxr_buf_free(&b);
        return NGX_ERROR;
    }

    css = mcf->base_css;

    if (own.len != 0
        && ngx_cx_returns_read_file(cf, &own, NGX_CX_RETURNS_CSS_MAX, &css)
           != NGX_OK)
    {
        cxr_buf_free(&b);
        return NGX_ERROR;
    }

    cxr_buf_adds(&whole, ngx_cx_returns_str(css));

    if (cxr_brand_css(shop->shop, &whole) == CXR_OK && cxr_buf_ok(&whole)) {

        if (ngx_cx_returns_added(cf, shop, &whole) != NGX_OK) {
            cxr_buf_free(&whole);
            return NGX_ERROR;
        }

        cxr_css_pack(cxr_buf_str(&whole), &b);
    }

    cxr_buf_free(&whole);

    if (b.len == 0 || !cxr_buf_ok(&b)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cx_returns: no style sheet can be made of the colours "
                      "of \"%V\"", &shop->path);
        cxr_buf_free(&b);
        return NGX_ERROR;
    }

    shop->css.len = b.len;
    shop->css.data = ngx_pnalloc(cf->pool, b.len);

    if (shop->css.data == NULL) {
        cxr_buf_free(&b);
        return NGX_ERROR;
    }

    ngx_memcpy(shop->css.data, b.data, b.len);
    cxr_buf_reset(&b);

    if (cxr_gzip_file(ngx_cx_returns_str(shop->css), &b) == CXR_OK) {
        shop->css_gzip.len = b.len;
        shop->css_gzip.data = ngx_pnalloc(cf->pool, b.len);
    }

    if (shop->css_gzip.data == NULL) {
        cxr_buf_free(&b);
        return NGX_ERROR;
    }

    ngx_memcpy(shop->css_gzip.data, b.data, b.len);
    cxr_buf_free(&b);

    cxr_hash(hash, sizeof(hash), shop->css.data, shop->css.len, NULL, 0);
    ngx_hex_dump(shop->css_hash, hash, sizeof(shop->css_hash) / 2);

    assets = shop->shop->assets;

    p = ngx_pnalloc(cf->pool, assets.len + sizeof(shop->css_hash) + 5);
    if (p == NULL) {
        return NGX_ERROR;
    }

    shop->css_url.data = p;
    p = ngx_cpymem(p, assets.data, assets.len);
    p = ngx_cpymem(p, shop->css_hash, sizeof(shop->css_hash));
    p = ngx_cpymem(p, ".css", 5);
    shop->css_url.len = p - shop->css_url.data - 1;

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_read_file(ngx_conf_t *cf, ngx_str_t *path, size_t max,
    ngx_str_t *out)
{
    char        *text;
    cxr_diag_t   d;

    ngx_memzero(&d, sizeof(cxr_diag_t));

    if (cxr_file_read((const char *) path->data, max, &text, &out->len, &d)
        != CXR_OK)
    {
        ngx_cx_returns_log_diag(cf, &d);
        return NGX_ERROR;
    }

    out->data = ngx_pnalloc(cf->pool, out->len + 1);

    if (out->data != NULL) {
        ngx_memcpy(out->data, text, out->len);
    }

    free(text);

    return out->data ? NGX_OK : NGX_ERROR;
}


ngx_int_t
ngx_cx_returns_cleanup_add(ngx_conf_t *cf, ngx_pool_cleanup_pt handler,
    void *data)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (cln == NULL) {
        handler(data);
        return NGX_ERROR;
    }

    cln->handler = handler;
    cln->data = data;

    return NGX_OK;
}


static void
ngx_cx_returns_free_arena(void *data)
{
    cxr_arena_destroy(data);
}


static void
ngx_cx_returns_free_shop(void *data)
{
    cxr_shop_free(data);
}


static void
ngx_cx_returns_free_catalog(void *data)
{
    cxr_catalog_free(data);
}


static void
ngx_cx_returns_free_profile(void *data)
{
    cxr_profile_free(data);
}
