
/*
 * The module: directives, and where they lead.
 */

#include "ngx_cx_returns.h"


static ngx_int_t ngx_cx_returns_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_cx_returns_postconfiguration(ngx_conf_t *cf);
static void *ngx_cx_returns_create_main_conf(ngx_conf_t *cf);
static char *ngx_cx_returns_init_main_conf(ngx_conf_t *cf, void *conf);
static void *ngx_cx_returns_create_loc_conf(ngx_conf_t *cf);
static char *ngx_cx_returns_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);
static char *ngx_cx_returns_merge_serve(ngx_conf_t *cf,
    ngx_cx_returns_loc_conf_t *prev, ngx_cx_returns_loc_conf_t *conf);
static char *ngx_cx_returns_set_serve(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static ngx_int_t ngx_cx_returns_init_process(ngx_cycle_t *cycle);
static void ngx_cx_returns_exit_process(ngx_cycle_t *cycle);
static ngx_int_t ngx_cx_returns_outcome_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_conf_enum_t  ngx_cx_returns_link_formats[] = {
    { ngx_string("local"), 0 },
    { ngx_string("public"), 1 },
    { ngx_null_string, 0 }
};


static ngx_conf_enum_t  ngx_cx_returns_unknown[] = {
    { ngx_string("keep"), CXR_UNKNOWN_KEEP },
    { ngx_string("refuse"), CXR_UNKNOWN_REFUSE },
    { ngx_null_string, 0 }
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_bulk_bounds = {
    ngx_cx_returns_check_bounds, 1, 1000000, "from 1 to 1000000"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_batch_bounds = {
    ngx_cx_returns_check_bounds, 1, CXR_INGEST_BATCH_MAX, "from 1 to 65536"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_queue_bounds = {
    ngx_cx_returns_check_bounds, 1, 65536, "from 1 to 65536"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_group_bounds = {
    ngx_cx_returns_check_bounds, 1, NGX_CX_RETURNS_GROUP_MAX, "from 1 to 4096"
};


/* in milliseconds */
static ngx_cx_returns_bounds_t  ngx_cx_returns_due_bounds = {
    ngx_cx_returns_check_bounds, 1000, 86400000, "from 1s to 1d"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_zone_bounds = {
    ngx_cx_returns_check_bounds, 256 * 1024, NGX_MAX_SIZE_T_VALUE,
    "at least 256k"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_body_bounds = {
    ngx_cx_returns_check_bounds, NGX_CX_RETURNS_BODY_MIN,
    NGX_CX_RETURNS_BODY_MAX, "from 1k to 64m"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_auth_bounds = {
    ngx_cx_returns_check_bounds, NGX_CX_RETURNS_BODY_MIN,
    NGX_CX_RETURNS_AUTH_MAX, "from 1k to 1g"
};


static ngx_cx_returns_bounds_t  ngx_cx_returns_buffer_bounds = {
    ngx_cx_returns_check_bounds, 4096, 16 * 1024 * 1024, "from 4k to 16m"
};


static struct {
    ngx_str_t            name;
    ngx_uint_t           serve;
    ngx_http_handler_pt  handler;
} ngx_cx_returns_serves[] = {
    { ngx_string("portal"), NGX_CX_RETURNS_PORTAL,
      ngx_cx_returns_portal_handler },
    { ngx_string("track"), NGX_CX_RETURNS_TRACK,
      ngx_cx_returns_track_handler },
    { ngx_string("staff"), NGX_CX_RETURNS_STAFF,
      ngx_cx_returns_staff_handler },
    { ngx_string("api"), NGX_CX_RETURNS_API, ngx_cx_returns_api_handler },
    { ngx_string("feed"), NGX_CX_RETURNS_FEED, ngx_cx_returns_feed_handler },
    { ngx_string("assets"), NGX_CX_RETURNS_ASSETS,
      ngx_cx_returns_assets_handler },
    { ngx_string("metrics"), NGX_CX_RETURNS_METRICS,
      ngx_cx_returns_metrics_handler },
    { ngx_string("health"), NGX_CX_RETURNS_HEALTH,
      ngx_cx_returns_health_handler },
    { ngx_string("keys"), NGX_CX_RETURNS_KEYS, ngx_cx_returns_keys_handler },
    { ngx_string("error"), NGX_CX_RETURNS_ERROR, ngx_cx_returns_error_handler }
};


#define NGX_CX_RETURNS_ANY_CONF                                               \
    (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


static ngx_command_t  ngx_cx_returns_commands[] = {

    { ngx_string("cx_returns_store"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE123,
      ngx_cx_returns_set_store,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_keys"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_path,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, keys),
      "the key ring's file" },

    { ngx_string("cx_returns_html"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_path,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, html),
      "the directory of templates, texts and styles" },

    { ngx_string("cx_returns_carriers"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_path,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, carriers),
      "the directory of carriers' profiles" },

    { ngx_string("cx_returns_feed_secrets"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_path,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, secrets_file),
      "the file of carriers' secrets" },

    { ngx_string("cx_returns_quarantine"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1234,
      ngx_cx_returns_set_quarantine,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_photos"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1234,
      ngx_cx_returns_set_photos,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_labels"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_cx_returns_set_labels,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_label_font"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_2MORE,
      ngx_cx_returns_set_fonts,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_thread_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_cx_returns_set_pool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_feed_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_cx_returns_set_feed_pool,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_zone_size"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, zone_size),
      &ngx_cx_returns_zone_bounds },

    { ngx_string("cx_returns_max_queue"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, max_queue),
      &ngx_cx_returns_queue_bounds },

    { ngx_string("cx_returns_group"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, group),
      &ngx_cx_returns_group_bounds },

    { ngx_string("cx_returns_due_interval"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_cx_returns_main_conf_t, due_interval),
      &ngx_cx_returns_due_bounds },

    { ngx_string("cx_returns"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_serve,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_shop"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_shop,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("cx_returns_carrier"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_who,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, carrier),
      NULL },

    { ngx_string("cx_returns_actor"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_who,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, actor),
      NULL },

    { ngx_string("cx_returns_roles"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_roles,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, roles),
      NULL },

    { ngx_string("cx_returns_link_format"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_word,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, public_links),
      &ngx_cx_returns_link_formats },

    { ngx_string("cx_returns_unknown_shipments"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_word,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, unknown_shipments),
      &ngx_cx_returns_unknown },

    { ngx_string("cx_returns_lookup_rate"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_rate,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, lookup_rate),
      "r/m" },

    { ngx_string("cx_returns_lookup_order_rate"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_rate,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, lookup_order_rate),
      "r/h" },

    { ngx_string("cx_returns_withdraw_rate"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_rate,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, withdraw_rate),
      "r/m" },

    { ngx_string("cx_returns_message_rate"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_cx_returns_set_rate,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, message_rate),
      "r/h" },

    { ngx_string("cx_returns_form_size"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, form_size),
      &ngx_cx_returns_body_bounds },

    { ngx_string("cx_returns_json_size"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, json_size),
      &ngx_cx_returns_body_bounds },

    { ngx_string("cx_returns_bulk_lines"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, bulk_lines),
      &ngx_cx_returns_bulk_bounds },

    { ngx_string("cx_returns_feed_buffer"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, feed_buffer),
      &ngx_cx_returns_buffer_bounds },

    { ngx_string("cx_returns_feed_batch"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, feed_batch),
      &ngx_cx_returns_batch_bounds },

    { ngx_string("cx_returns_feed_auth"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, feed_auth),
      NULL },

    { ngx_string("cx_returns_auth_body_max"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_size_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, auth_body_max),
      &ngx_cx_returns_auth_bounds },

    { ngx_string("cx_returns_gzip"),
      NGX_CX_RETURNS_ANY_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_cx_returns_loc_conf_t, gzip),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_cx_returns_module_ctx = {
    ngx_cx_returns_preconfiguration,       /* preconfiguration */
    ngx_cx_returns_postconfiguration,      /* postconfiguration */

    ngx_cx_returns_create_main_conf,       /* create main configuration */
    ngx_cx_returns_init_main_conf,         /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_cx_returns_create_loc_conf,        /* create location configuration */
    ngx_cx_returns_merge_loc_conf          /* merge location configuration */
};


ngx_module_t  ngx_cx_returns_module = {
    NGX_MODULE_V1,
    &ngx_cx_returns_module_ctx,            /* module context */
    ngx_cx_returns_commands,               /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_cx_returns_init_process,           /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_cx_returns_exit_process,           /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_http_variable_t  ngx_cx_returns_vars[] = {

    { ngx_string("cx_returns_outcome"), NULL,
      ngx_cx_returns_outcome_variable, 0, 0, 0 },

      ngx_http_null_variable
};


ngx_cx_returns_main_conf_t *
ngx_cx_returns_main(ngx_http_request_t *r)
{
    return ngx_http_get_module_main_conf(r, ngx_cx_returns_module);
}


ngx_cx_returns_loc_conf_t *
ngx_cx_returns_loc(ngx_http_request_t *r)
{
    return ngx_http_get_module_loc_conf(r, ngx_cx_returns_module);
}


static ngx_int_t
ngx_cx_returns_preconfiguration(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_cx_returns_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_cx_returns_postconfiguration(ngx_conf_t *cf)
{
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_cx_returns_module);

    if (!mcf->used) {
        return NGX_OK;
    }

    ngx_cx_returns_check_places(cf, mcf);

    ngx_cx_returns_check_readers(cf, mcf);

    return ngx_cx_returns_check_dirs(cf, mcf) == NGX_OK
           && ngx_cx_returns_check_store(cf, mcf) == NGX_OK
           ? ngx_cx_returns_log_init(cf) : NGX_ERROR;
}


static ngx_int_t
ngx_cx_returns_outcome_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_cx_returns_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_cx_returns_module);

    if (ctx == NULL || ctx->outcome.len == 0) {
        v->not_found = 1;
        return NGX_OK;
    }

    v->data = ctx->outcome.data;
    v->len = ctx->outcome.len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static void *
ngx_cx_returns_create_main_conf(ngx_conf_t *cf)
{
    ngx_cx_returns_main_conf_t  *mcf;

    mcf = ngx_pcalloc(cf->pool, sizeof(ngx_cx_returns_main_conf_t));
    if (mcf == NULL) {
        return NULL;
    }

    mcf->zone_size = NGX_CONF_UNSET_SIZE;
    mcf->max_queue = NGX_CONF_UNSET_UINT;
    mcf->due_interval = NGX_CONF_UNSET_MSEC;
    mcf->group = NGX_CONF_UNSET_UINT;

    if (ngx_array_init(&mcf->places, cf->pool, 4,
                       sizeof(ngx_cx_returns_place_t))
        != NGX_OK)
    {
        return NULL;
    }

    if (ngx_array_init(&mcf->shops, cf->pool, 4,
                       sizeof(ngx_cx_returns_shop_t *))
        != NGX_OK)
    {
        return NULL;
    }

    return mcf;
}


/*
 * Everything that can be wrong is found here, so that nginx -t says it: keys,
 * texts, templates, carriers' profiles.  Nothing is created on the disk.
 */

static char *
ngx_cx_returns_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_cx_returns_main_conf_t  *mcf = conf;

    ngx_conf_init_size_value(mcf->zone_size, 2 * 1024 * 1024);
    ngx_conf_init_uint_value(mcf->max_queue, 4096);
    ngx_conf_init_msec_value(mcf->due_interval, 60000);
    ngx_conf_init_uint_value(mcf->group, 512);

    if (!mcf->used) {
        return NGX_CONF_OK;
    }

    if (mcf->pool_name.len == 0) {
        ngx_str_set(&mcf->pool_name, "default");
    }

    mcf->pool = ngx_thread_pool_add(cf, &mcf->pool_name);
    if (mcf->pool == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_cx_returns_feed_pool(cf, mcf) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    if (ngx_cx_returns_metrics_zone(cf, mcf) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_cx_returns_load(cf, mcf);
}


static void *
ngx_cx_returns_create_loc_conf(ngx_conf_t *cf)
{
    ngx_cx_returns_loc_conf_t  *lcf;

    lcf = ngx_pcalloc(cf->pool, sizeof(ngx_cx_returns_loc_conf_t));
    if (lcf == NULL) {
        return NULL;
    }

    /* carrier, actor, roles, shop: NULL by ngx_pcalloc() */

    lcf->public_links = NGX_CONF_UNSET_UINT;
    lcf->unknown_shipments = NGX_CONF_UNSET_UINT;
    lcf->lookup_rate = NGX_CONF_UNSET_UINT;
    lcf->lookup_order_rate = NGX_CONF_UNSET_UINT;
    lcf->withdraw_rate = NGX_CONF_UNSET_UINT;
    lcf->message_rate = NGX_CONF_UNSET_UINT;
    lcf->form_size = NGX_CONF_UNSET_SIZE;
    lcf->json_size = NGX_CONF_UNSET_SIZE;
    lcf->bulk_lines = NGX_CONF_UNSET_UINT;
    lcf->feed_buffer = NGX_CONF_UNSET_SIZE;
    lcf->feed_batch = NGX_CONF_UNSET_UINT;
    lcf->feed_auth = NGX_CONF_UNSET;
    lcf->auth_body_max = NGX_CONF_UNSET_SIZE;
    lcf->gzip = NGX_CONF_UNSET;

    return lcf;
}


static char *
ngx_cx_returns_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_cx_returns_loc_conf_t  *prev = parent;
    ngx_cx_returns_loc_conf_t  *conf = child;

    if (conf->shop == NULL) {
        conf->shop = prev->shop;
    }

    if (conf->actor == NULL) {
        conf->actor = prev->actor;
    }

    if (conf->roles == NULL) {
        conf->roles = prev->roles;
    }

    ngx_conf_merge_uint_value(conf->public_links, prev->public_links, 0);
    ngx_conf_merge_uint_value(conf->unknown_shipments,
                              prev->unknown_shipments, CXR_UNKNOWN_KEEP);
    ngx_conf_merge_uint_value(conf->lookup_rate, prev->lookup_rate, 20);
    ngx_conf_merge_uint_value(conf->lookup_order_rate,
                              prev->lookup_order_rate, 20);
    ngx_conf_merge_uint_value(conf->withdraw_rate, prev->withdraw_rate, 10);
    ngx_conf_merge_uint_value(conf->message_rate, prev->message_rate, 20);
    ngx_conf_merge_size_value(conf->form_size, prev->form_size, 64 * 1024);
    ngx_conf_merge_size_value(conf->json_size, prev->json_size, 1024 * 1024);
    ngx_conf_merge_uint_value(conf->bulk_lines, prev->bulk_lines, 100000);
    ngx_conf_merge_size_value(conf->feed_buffer, prev->feed_buffer,
                              256 * 1024);
    ngx_conf_merge_uint_value(conf->feed_batch, prev->feed_batch, 1024);
    ngx_conf_merge_value(conf->feed_auth, prev->feed_auth, 1);
    ngx_conf_merge_size_value(conf->auth_body_max, prev->auth_body_max,
                              CXR_PUSH_AUTH_MAX);
    ngx_cx_returns_merge_gzip(cf, prev, conf);

    return ngx_cx_returns_merge_serve(cf, prev, conf);
}


/*
 * What the location serves, against all else that stands there.  "if" and
 * "limit_except" make a location in a location, which answers as it does.
 */

static char *
ngx_cx_returns_merge_serve(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *prev,
    ngx_cx_returns_loc_conf_t *conf)
{
    ngx_str_t                 *name;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (conf->serve == NGX_CX_RETURNS_NONE) {

        if (clcf->noname && clcf->handler == NULL
            && prev->serve != NGX_CX_RETURNS_NONE)
        {
            conf->serve = prev->serve;
            clcf->handler = ngx_cx_returns_serves[conf->serve - 1].handler;
        }

        return NGX_CONF_OK;
    }

    name = &ngx_cx_returns_serves[conf->serve - 1].name;

    if (clcf->handler != ngx_cx_returns_serves[conf->serve - 1].handler) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cx_returns: \"cx_returns %V\" of location \"%V\" would "
                      "serve nothing: another directive there, like "
                      "\"proxy_pass\", takes its requests in %s:%ui",
                      name, &clcf->name, conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    switch (conf->serve) {

    case NGX_CX_RETURNS_METRICS:
    case NGX_CX_RETURNS_HEALTH:
    case NGX_CX_RETURNS_KEYS:
        return NGX_CONF_OK;

    case NGX_CX_RETURNS_STAFF:
    case NGX_CX_RETURNS_API:
    case NGX_CX_RETURNS_FEED:

        /* a door for staff or machines that nobody guards is a mistake */

        if (conf->actor == NULL || conf->roles == NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "cx_returns: \"cx_returns %V\" of location \"%V\" "
                          "needs \"cx_returns_actor\" and "
                          "\"cx_returns_roles\", which say who the caller is "
                          "and what it may do, in %s:%ui",
                          name, &clcf->name, conf->file, conf->line);
            return NGX_CONF_ERROR;
        }

        /* fall through */

    default:
        break;
    }

    if (conf->shop == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "cx_returns: \"cx_returns %V\" of location \"%V\" needs "
                      "\"cx_returns_shop\", the shop's file, here or in a "
                      "block around it, in %s:%ui",
                      name, &clcf->name, conf->file, conf->line);
        return NGX_CONF_ERROR;
    }

    ngx_cx_returns_check_room(cf, conf);

    return ngx_cx_returns_check_place(cf, conf);
}


static char *
ngx_cx_returns_set_serve(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_cx_returns_loc_conf_t  *lcf = conf;

    ngx_str_t                   *value;
    ngx_uint_t                   i;
    ngx_http_core_loc_conf_t    *clcf;
    ngx_cx_returns_main_conf_t  *mcf;

    if (lcf->serve != NGX_CX_RETURNS_NONE) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (i = 0; i < cxr_nelts(ngx_cx_returns_serves); i++) {

        if (ngx_strcmp(value[1].data, ngx_cx_returns_serves[i].name.data)
            != 0)
        {
            continue;
        }

        mcf = ngx_http_conf_get_module_main_conf(cf, ngx_cx_returns_module);
        mcf->used = 1;

        clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
        clcf->handler = ngx_cx_returns_serves[i].handler;

        lcf->serve = ngx_cx_returns_serves[i].serve;
        lcf->file = cf->conf_file->file.name.data;
        lcf->line = cf->conf_file->line;

        return NGX_CONF_OK;
    }

    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "\"cx_returns\" takes portal, track, staff, api, feed, "
                       "assets, metrics, health, keys or error, not \"%V\"",
                       &value[1]);
    return NGX_CONF_ERROR;
}


static ngx_int_t
ngx_cx_returns_init_process(ngx_cycle_t *cycle)
{
    ngx_http_conf_ctx_t         *ctx;
    ngx_cx_returns_main_conf_t  *mcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    ctx = (ngx_http_conf_ctx_t *) ngx_get_conf(cycle->conf_ctx,
                                               ngx_http_module);
    if (ctx == NULL) {
        return NGX_OK;
    }

    mcf = ctx->main_conf[ngx_cx_returns_module.ctx_index];

    if (mcf == NULL || !mcf->used) {
        return NGX_OK;
    }

    if (ngx_cx_returns_quarantine_init(cycle, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_cx_returns_due_init(cycle, mcf) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_cx_returns_store_init(cycle, mcf);
}


static void
ngx_cx_returns_exit_process(ngx_cycle_t *cycle)
{
    ngx_cx_returns_store_exit(cycle);
}
