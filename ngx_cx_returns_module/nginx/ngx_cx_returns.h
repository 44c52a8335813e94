
/*
 * The nginx room: directives, routes, bodies, tasks, output, metrics.  The only
 * one that includes nginx's headers.  It decides nothing about returns; it
 * brings requests to the library and answers from it.
 *
 * Rules that every file here keeps (each of them is somebody's crash):
 *
 *  - the event loop reads from the store's map; whatever writes, syncs, or
 *    parses a feed runs in a task of the thread pool;
 *  - a task touches only what was copied for it, never r, r->pool or a log;
 *  - while a task is in flight r->main->blocked is counted, and completion
 *    goes through r->write_event_handler, which nginx replaces by its
 *    finalizer when the client is gone.
 */

#ifndef _NGX_CX_RETURNS_H_INCLUDED_
#define _NGX_CX_RETURNS_H_INCLUDED_

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#if !(NGX_THREADS)
#error "ngx_cx_returns_module needs nginx built with --with-threads"
#endif

#include "cxr_css.h"
#include "cxr_feed.h"
#include "cxr_i18n.h"
#include "cxr_ingest.h"
#include "cxr_quarantine.h"
#include "cxr_shop.h"
#include "cxr_push.h"
#include "cxr_sign.h"
#include "cxr_store.h"
#include "cxr_template.h"
#include "cxr_text.h"
#include "cxr_portal_form.h"
#include "cxr_view.h"


#define NGX_CX_RETURNS_LANGS      CXR_SHOP_LANGS_MAX
#define NGX_CX_RETURNS_CARRIERS   200     /* profiles; metrics have a row each */
#define NGX_CX_RETURNS_BODY_MIN   1024    /* a smaller limit takes nothing  */
#define NGX_CX_RETURNS_BODY_MAX   (64 * 1024 * 1024)    /* is held in memory */
#define NGX_CX_RETURNS_AUTH_MAX   (1024 * 1024 * 1024)  /* waits in a file   */
#define NGX_CX_RETURNS_ARENA      (8 * 1024 * 1024)   /* of one request        */
#define NGX_CX_RETURNS_PAGE_MAX   (4 * 1024 * 1024)     /* bytes of one page     */
#define NGX_CX_RETURNS_GROUP_MAX  4096                /* commands of a commit  */
#define NGX_CX_RETURNS_ASSET_HASH 16      /* hex digits in a static file's URL */


/* what a location serves: "cx_returns portal;" */
typedef enum {
    NGX_CX_RETURNS_NONE = 0,
    NGX_CX_RETURNS_PORTAL,
    NGX_CX_RETURNS_TRACK,
    NGX_CX_RETURNS_STAFF,
    NGX_CX_RETURNS_API,
    NGX_CX_RETURNS_FEED,
    NGX_CX_RETURNS_ASSETS,
    NGX_CX_RETURNS_METRICS,
    NGX_CX_RETURNS_HEALTH,
    NGX_CX_RETURNS_KEYS,
    NGX_CX_RETURNS_ERROR,
    NGX_CX_RETURNS_NSERVES
} ngx_cx_returns_serve_t;


/* pages: one compiled template for each language */
typedef enum {
    NGX_CX_RETURNS_PAGE_ERROR = 0,
    NGX_CX_RETURNS_PAGE_TRACK_FIND,
    NGX_CX_RETURNS_PAGE_TRACK,
    NGX_CX_RETURNS_PAGE_FIND,
    NGX_CX_RETURNS_PAGE_ITEMS,
    NGX_CX_RETURNS_PAGE_DETAILS,
    NGX_CX_RETURNS_PAGE_REVIEW,
    NGX_CX_RETURNS_PAGE_RMA,
    NGX_CX_RETURNS_PAGE_LABEL,
    NGX_CX_RETURNS_PAGE_LABEL_SVG,
    NGX_CX_RETURNS_PAGE_SLIP,
    NGX_CX_RETURNS_PAGE_QR,
    NGX_CX_RETURNS_PAGE_STAFF_LIST,
    NGX_CX_RETURNS_PAGE_STAFF_RMA,
    NGX_CX_RETURNS_PAGE_STAFF_FEEDS,
    NGX_CX_RETURNS_PAGE_WITHDRAW,
    NGX_CX_RETURNS_PAGE_WITHDRAW_REVIEW,
    NGX_CX_RETURNS_PAGE_WITHDRAW_LINK,
    NGX_CX_RETURNS_PAGE_DECLARED,
    NGX_CX_RETURNS_PAGE_RECEIPT,
    NGX_CX_RETURNS_PAGE_STAFF_WITHDRAWALS,
    NGX_CX_RETURNS_PAGE_TALK,
    NGX_CX_RETURNS_PAGE_STAFF_TALK,
    NGX_CX_RETURNS_PAGE_STAFF_MESSAGES,
    NGX_CX_RETURNS_PAGE_STAFF_BULK,
    NGX_CX_RETURNS_PAGE_STAFF_RECEIVE,
    NGX_CX_RETURNS_PAGE_MISSING,
    NGX_CX_RETURNS_PAGE_STAFF_SURVEYS,
    NGX_CX_RETURNS_PAGE_CANCEL,
    NGX_CX_RETURNS_NPAGES
} ngx_cx_returns_page_t;


/* a file that an assets location serves: its URL ends "<hash>/<name>" */
typedef struct {
    u_char               hash[NGX_CX_RETURNS_ASSET_HASH];   /* hex             */
    ngx_str_t            name;
    ngx_str_t            body;
    ngx_str_t            gzip;            /* or empty: it would not be smaller */
    const char          *type;
} ngx_cx_returns_asset_t;


typedef struct {
    ngx_str_t            path;
    cxr_shop_t          *shop;
    const cxr_lang_t    *langs[NGX_CX_RETURNS_LANGS];   /* [0]: the default    */
    cxr_view_ctx_t      *views[NGX_CX_RETURNS_LANGS];
    cxr_arena_t         *arena;
    cxr_keyring_t       *ring;            /* of its own, or NULL               */
    ngx_uint_t           nlangs;
    ngx_str_t            css;             /* style sheet with the shop's brand */
    ngx_str_t            css_gzip;
    cxr_template_t    *(*pages)[CXR_CATALOG_LANGS];   /* ours, or the shop's   */
    u_char               css_hash[NGX_CX_RETURNS_ASSET_HASH];   /* hex         */
    ngx_str_t            css_url;
    /* which pages have a location: bit 0 without a language, then each */
    uint32_t             placed[NGX_CX_RETURNS_ASSETS + 1];
    ngx_cx_returns_asset_t  *pictures;    /* of the shop's file, shop->pictures.n */
} ngx_cx_returns_shop_t;


/* a shop has pages in locations of that server */
typedef struct {
    void                   *server;       /* its core configuration            */
    ngx_cx_returns_shop_t  *shop;
} ngx_cx_returns_place_t;


typedef struct {
    ngx_str_t            store;           /* directory                         */
    ngx_path_t          *store_path;
    size_t               map_size;
    ngx_uint_t           readers;
    ngx_str_t            keys;
    ngx_str_t            html;
    ngx_str_t            carriers;
    ngx_str_t            secrets_file;    /* empty: carriers prove nothing     */
    cxr_secrets_t       *secrets;
    cxr_quarantine_t     quarantine;      /* dir NULL: there is none           */
    ngx_path_t          *quarantine_path;
    ngx_str_t            pool_name;
    ngx_thread_pool_t   *pool;
    ngx_int_t            pool_nice;       /* added to its threads' nice value  */
    ngx_str_t            feed_pool_name;  /* empty: feeds have none of their own */
    ngx_thread_pool_t   *feed_pool;       /* else "pool"                       */
    ngx_int_t            feed_nice;       /* the same of that                  */
    ngx_shm_zone_t      *zone;
    size_t               zone_size;
    ngx_uint_t           max_queue;       /* commands that may wait            */
    ngx_uint_t           group;           /* commands of one commit            */
    ngx_msec_t           due_interval;    /* between looks for what is due     */

    ngx_array_t         *fonts_given;     /* of ngx_str_t; NULL: the usual     */
    struct cxr_fonts_s  *fonts;           /* of label.pdf and its like         */

    ngx_str_t            photos;          /* directory; empty: none are taken  */
    size_t               photo_size;      /* bytes of one as it comes          */
    ngx_uint_t           photo_count;     /* of one message                    */
    ngx_uint_t           claim_count;     /* that come at once with a claim    */

    ngx_str_t            labels;          /* directory of carriers' labels; empty:
                                             URLs alone are taken              */
    size_t               label_size;      /* bytes of one                      */

    cxr_keyring_t       *ring;
    cxr_catalog_t       *catalog;
    ngx_array_t          shops;           /* of ngx_cx_returns_shop_t *        */
    ngx_array_t          places;          /* of ngx_cx_returns_place_t         */
    cxr_profile_t       *profiles[NGX_CX_RETURNS_CARRIERS];
    ngx_uint_t           nprofiles;
    cxr_template_t      *pages[NGX_CX_RETURNS_NPAGES][CXR_CATALOG_LANGS];
    ngx_str_t            base_css;
    unsigned             used:1;          /* some location serves something    */
    unsigned             cramped:1;       /* photos lack room: said once       */
} ngx_cx_returns_main_conf_t;


typedef struct {
    ngx_uint_t                 serve;
    u_char                    *file;                /* where "cx_returns" is   */
    ngx_uint_t                 line;
    ngx_cx_returns_shop_t     *shop;
    ngx_http_complex_value_t  *carrier;
    ngx_http_complex_value_t  *actor;
    ngx_http_complex_value_t  *roles;
    ngx_uint_t                 public_links;
    ngx_uint_t                 unknown_shipments;
    ngx_uint_t                 lookup_rate;         /* a minute, an address    */
    ngx_uint_t                 lookup_order_rate;   /* an hour, an order       */
    ngx_uint_t                 withdraw_rate;       /* a minute, an address    */
    ngx_uint_t                 message_rate;        /* an hour, a link's thread */
    size_t                     form_size;
    size_t                     json_size;
    ngx_uint_t                 bulk_lines;
    size_t                     feed_buffer;
    ngx_uint_t                 feed_batch;
    ngx_flag_t                 feed_auth;
    size_t                     auth_body_max;
    ngx_flag_t                 gzip;                /* unset: as nginx's gzip  */
    ngx_flag_t                 compose;             /* what follows from it    */
} ngx_cx_returns_loc_conf_t;


typedef struct ngx_cx_returns_op_s  ngx_cx_returns_op_t;

typedef struct {
    const cxr_lang_t          *lang;      /* of this request                   */
    const cxr_view_ctx_t      *view;      /* the shop in that language         */
    ngx_uint_t                 ilang;     /* its place in the catalogue        */
    cxr_str_t                  prefix;    /* "/tr" when the path says it       */
    cxr_str_t                  path;      /* after the language's prefix       */
    unsigned                   negotiated:1;   /* by Accept-Language           */
    cxr_arena_t               *arena;     /* dies with the request             */
    cxr_str_t                  actor;
    cxr_str_t                  roles;
    ngx_str_t                  outcome;   /* $cx_returns_outcome               */
    ngx_cx_returns_op_t       *op;        /* in flight                         */
    void                      *body;      /* being read                        */
    unsigned                   files:1;   /* the body may stand in a file      */
    unsigned                   machine:1; /* speaks JSON, not pages            */
    void                      *data;      /* of the handler                    */
} ngx_cx_returns_ctx_t;


/* ---- ngx_cx_returns_module.c ---- */

extern ngx_module_t  ngx_cx_returns_module;

ngx_cx_returns_main_conf_t *ngx_cx_returns_main(ngx_http_request_t *r);
ngx_cx_returns_loc_conf_t *ngx_cx_returns_loc(ngx_http_request_t *r);


/* ---- ngx_cx_returns_log.c: error.log without the tokens of links ---- */

ngx_int_t ngx_cx_returns_log_init(ngx_conf_t *cf);


/* ---- ngx_cx_returns_conf.c: what is read and checked at nginx -t ---- */

char *ngx_cx_returns_set_shop(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_cx_returns_set_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
/* Logs and NGX_ERROR: a directive's name=value, after its first argument, is
   given twice. */
ngx_int_t ngx_cx_returns_params_once(ngx_conf_t *cf);
char *ngx_cx_returns_load(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf);
void ngx_cx_returns_log_diag(ngx_conf_t *cf, const cxr_diag_t *d);
/* "ctx" is the ngx_conf_t */
void ngx_cx_returns_warn_diag(void *ctx, const cxr_diag_t *d);
ngx_int_t ngx_cx_returns_subdir(ngx_conf_t *cf, ngx_str_t *dir,
    const char *sub, ngx_str_t *out);
ngx_int_t ngx_cx_returns_cleanup_add(ngx_conf_t *cf,
    ngx_pool_cleanup_pt handler, void *data);


/* ---- ngx_cx_returns_slots.c: values of directives ---- */

/* For "post" of nginx's setters of numbers, sizes and times. */
typedef struct {
    ngx_conf_post_handler_pt   handler;   /* ngx_cx_returns_check_bounds       */
    size_t                     low;
    size_t                     high;
    const char                *says;      /* "from 4k to 16m"                  */
} ngx_cx_returns_bounds_t;

char *ngx_cx_returns_check_bounds(ngx_conf_t *cf, void *post, void *data);
/* an ngx_str_t at "offset", as a full name; "post" says what it is to name */
char *ngx_cx_returns_set_path(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
/* an ngx_uint_t; "post" is an ngx_conf_enum_t[] */
char *ngx_cx_returns_set_word(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
/* an ngx_uint_t; "post" is the unit, "r/m" */
char *ngx_cx_returns_set_rate(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_cx_returns_set_who(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_cx_returns_set_roles(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* ---- ngx_cx_returns_pages.c: templates, and what a shop has of its own ---- */

ngx_int_t ngx_cx_returns_load_templates(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
ngx_int_t ngx_cx_returns_fold(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf,
    ngx_cx_returns_shop_t *shop);
/* a file or directory in the shop's folder; empty when there is none */
ngx_int_t ngx_cx_returns_own(ngx_conf_t *cf, ngx_cx_returns_shop_t *shop,
    const char *name, ngx_str_t *path);


/* ---- ngx_cx_returns_rings.c: keys, of all and of single shops ---- */

ngx_int_t ngx_cx_returns_load_rings(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
/* The keys of the location's shop, or those of all: what links, labels, forms
   and receipts are made and checked with. */
const cxr_keyring_t *ngx_cx_returns_ring(ngx_http_request_t *r);


/* ---- ngx_cx_returns_pictures.c: a shop's logos and other pictures ---- */

/* before the shop's views are made, which take their addresses */
ngx_int_t ngx_cx_returns_load_pictures(ngx_conf_t *cf,
    ngx_cx_returns_shop_t *shop);
/* by its URL's last two parts; NULL when the shop has none of that name */
const ngx_cx_returns_asset_t *ngx_cx_returns_picture(
    const ngx_cx_returns_shop_t *shop, const u_char *hash, ngx_str_t *name);


/* ---- ngx_cx_returns_label_font.c: what PDFs are set in ---- */

char *ngx_cx_returns_set_fonts(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
ngx_int_t ngx_cx_returns_load_fonts(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);


/* ---- ngx_cx_returns_secrets.c: of carriers that push ---- */

ngx_int_t ngx_cx_returns_load_secrets(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
void ngx_cx_returns_check_places(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
char *ngx_cx_returns_check_place(ngx_conf_t *cf,
    ngx_cx_returns_loc_conf_t *lcf);
/* warns: readers= are few for the workers */
void ngx_cx_returns_check_readers(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
char *ngx_cx_returns_check_dir(ngx_conf_t *cf, ngx_str_t *given,
    ngx_str_t *full);
ngx_int_t ngx_cx_returns_known(ngx_cx_returns_main_conf_t *mcf,
    ngx_cx_returns_shop_t *shop);
ngx_int_t ngx_cx_returns_check_profile(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf, ngx_str_t *path);
/* "nginx -t": could the workers use the store? */
ngx_int_t ngx_cx_returns_check_dirs(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
ngx_int_t ngx_cx_returns_check_store(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);


/* ---- ngx_cx_returns_store.c: one store in a process, group commit ---- */

ngx_int_t ngx_cx_returns_store_init(ngx_cycle_t *cycle,
    ngx_cx_returns_main_conf_t *mcf);
void ngx_cx_returns_store_exit(ngx_cycle_t *cycle);
/* NULL when it could not be opened: answer 503 */
cxr_store_t *ngx_cx_returns_store(void);

/* A snapshot for the event loop; why there is none stands in the error log. */
cxr_rc_t ngx_cx_returns_read_begin(ngx_http_request_t *r, cxr_read_t **rd);

/*
 * One request's command.  ngx_cx_returns_op_create() makes it with its arena;
 * fill job and done, then ngx_cx_returns_op_submit(), which takes over the
 * request: when the commit is over, done() makes the answer, and its return value
 * finalizes the request.  The body must have been read (so r->count holds).
 * Submit returns NGX_OK, or NGX_ERROR when nothing was queued (pool or queue
 * full, store not open): then the caller answers.
 */
struct ngx_cx_returns_op_s {
    ngx_queue_t            queue;
    ngx_http_request_t    *request;
    cxr_arena_t           *arena;
    cxr_job_t              job;
    ngx_int_t            (*done)(ngx_http_request_t *r,
                                 ngx_cx_returns_op_t *op);
    void                  *data;
};

ngx_cx_returns_op_t *ngx_cx_returns_op_create(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_op_submit(ngx_cx_returns_op_t *op);
/* What was asked under an idempotency key, for the job.  It stands in the
   journal for ever, so it is keyed with that, which is kept nowhere: a word or
   an address cannot be guessed by it. */
void ngx_cx_returns_fingerprint(ngx_cx_returns_op_t *op, cxr_str_t key,
    cxr_str_t asked);


/* ---- ngx_cx_returns_due.c: what falls due, by worker 0's timer ---- */

/* cx_returns_due_interval */
ngx_int_t ngx_cx_returns_due_init(ngx_cycle_t *cycle,
    ngx_cx_returns_main_conf_t *mcf);


/* ---- ngx_cx_returns_upload.c: see ngx_cx_returns_photo.h too ---- */

char *ngx_cx_returns_set_photos(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
/* warns where client_max_body_size has no room for the forms */
void ngx_cx_returns_check_room(ngx_conf_t *cf,
    ngx_cx_returns_loc_conf_t *conf);
/* checked, whole, and to be made for the workers */
ngx_int_t ngx_cx_returns_files_dir(ngx_conf_t *cf, ngx_str_t *given,
    ngx_str_t *full);


/* ---- ngx_cx_returns_supply.c: carriers' labels as files ---- */

char *ngx_cx_returns_set_labels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* ---- ngx_cx_returns_quarantine.c: documents that a feed refused ---- */

char *ngx_cx_returns_set_quarantine(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
/* NULL when there is none */
const cxr_quarantine_t *ngx_cx_returns_quarantine(ngx_http_request_t *r);
/* worker 0 sweeps it from time to time, in a task */
ngx_int_t ngx_cx_returns_quarantine_init(ngx_cycle_t *cycle,
    ngx_cx_returns_main_conf_t *mcf);


/* ---- ngx_cx_returns_stream.c: bodies of any size, piece by piece in tasks ---- */

/*
 * piece() runs in a task with the next bytes of the body, NULL at the end of
 * it; an error from it ends reading (the rest of the body is discarded).
 * done() runs in the event loop afterwards and answers; "rc" is what the last
 * piece() gave.  free() runs when the request's pool goes.
 *
 * waits(), if there is one, is asked in the event loop after each piece: is
 * there work for a second task?  Then beside() does it while the next pieces
 * are taken.  done() and free() come after both.
 */
typedef struct {
    cxr_rc_t   (*piece)(void *data, const u_char *bytes, size_t len);
    ngx_uint_t (*waits)(void *data);
    void       (*beside)(void *data);
    ngx_int_t  (*done)(ngx_http_request_t *r, void *data, cxr_rc_t rc);
    void       (*free)(void *data);
    void        *data;
    size_t       buffer;          /* bytes gathered before a task is posted    */
    ngx_thread_pool_t  *pool;     /* of piece(); NULL: beside()'s, the main one */
    ngx_int_t    nice;            /* of that pool's threads: see lower()       */
} ngx_cx_returns_stream_t;

/* Returns what a content handler returns. */
ngx_int_t ngx_cx_returns_stream(ngx_http_request_t *r,
    const ngx_cx_returns_stream_t *stream);


/* ---- ngx_cx_returns_task.c: how every task gets to the pool ---- */

ngx_int_t ngx_cx_returns_post(ngx_thread_pool_t *pool,
    ngx_thread_task_t *task);
void ngx_cx_returns_linger(void);
/* in a thread of a pool that nothing else uses: for good, and once only */
void ngx_cx_returns_lower(ngx_int_t nice);
char *ngx_cx_returns_set_pool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_cx_returns_set_feed_pool(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_cx_returns_feed_pool(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
/* a task of one request: event.data is the request, its timer is set to */
#define NGX_CX_RETURNS_DRAWINGS       2      /* labels made at a time          */
#define NGX_CX_RETURNS_DRAWINGS_WAIT  256
#define NGX_CX_RETURNS_WORK_MSEC  60000
void ngx_cx_returns_task_done(ngx_event_t *ev);


/* ---- ngx_cx_returns_request.c ---- */

cxr_time_t ngx_cx_returns_now(void);
ngx_cx_returns_ctx_t *ngx_cx_returns_ctx(ngx_http_request_t *r);
/* an arena for a request, and back when it is over: a worker keeps a few */
cxr_arena_t *ngx_cx_returns_arena_take(void);
void ngx_cx_returns_arena_give(cxr_arena_t *a);
/* one that is given back with the request's pool */
cxr_arena_t *ngx_cx_returns_arena_of(ngx_http_request_t *r);
/* the language by path or Accept-Language; ctx->path without its prefix */
ngx_int_t ngx_cx_returns_route(ngx_http_request_t *r);
/* the same for another path than r->uri */
ngx_int_t ngx_cx_returns_route_to(ngx_http_request_t *r, cxr_str_t path);
/* ctx->path below "root" ("/returns/"): false when it is not */
ngx_int_t ngx_cx_returns_below(ngx_cx_returns_ctx_t *ctx, cxr_str_t root,
    cxr_str_t *rest);
ngx_int_t ngx_cx_returns_identify(ngx_http_request_t *r);   /* actor, roles   */
ngx_int_t ngx_cx_returns_has_role(ngx_cx_returns_ctx_t *ctx, cxr_str_t role);
/* What a form's token is for, of the request's shop: people of two shops may
   have one name.  In the request's arena. */
cxr_str_t ngx_cx_returns_form_purpose(ngx_http_request_t *r,
    const char *purpose);
/* a cross-site browser request by Sec-Fetch-Site or Origin */
ngx_int_t ngx_cx_returns_cross_site(ngx_http_request_t *r);
cxr_str_t ngx_cx_returns_header(ngx_http_request_t *r, const char *name);
cxr_str_t ngx_cx_returns_charset(ngx_http_request_t *r);
/* the Content-Type, case ignored, parameters too */
ngx_int_t ngx_cx_returns_is_type(ngx_http_request_t *r, const char *type);

/* Whole body of at most "max" bytes, then next(r, body); next's value finalizes
   (NGX_DONE: it has taken the request over).  Longer: 413. */
typedef ngx_int_t (*ngx_cx_returns_body_pt)(ngx_http_request_t *r,
    cxr_str_t body);
ngx_int_t ngx_cx_returns_read_body(ngx_http_request_t *r, size_t max,
    ngx_cx_returns_body_pt next);

/*
 * application/x-www-form-urlencoded, decoded into the arena.  CXR_LIMIT: more
 * than CXR_PORTAL_PAIRS_MAX fields; CXR_INVALID: a bad escape or a NUL.
 * Whether it is UTF-8 is the field's business.
 */
cxr_rc_t ngx_cx_returns_form(cxr_arena_t *a, cxr_str_t text,
    cxr_pairs_t *out);
/* the first of that name, or CXR_STR_NONE */
cxr_str_t ngx_cx_returns_pair(const cxr_pairs_t *pairs, const char *name);


/* ---- ngx_cx_returns_output.c ---- */

ngx_int_t ngx_cx_returns_add_header(ngx_http_request_t *r, const char *name,
    cxr_str_t value);
/* Copies "body" to the request's pool and sends it. */
ngx_int_t ngx_cx_returns_send(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cxr_str_t body);
ngx_int_t ngx_cx_returns_redirect(ngx_http_request_t *r, cxr_str_t location);


/* ---- ngx_cx_returns_gzip.c: the coding of an answer, and its headers ---- */

void ngx_cx_returns_merge_gzip(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *prev,
    ngx_cx_returns_loc_conf_t *conf);
/* the answer may be, and is to be, in gzip */
ngx_int_t ngx_cx_returns_gzip_wanted(ngx_http_request_t *r);
/* Content-Encoding: gzip; what is sent is that already */
ngx_int_t ngx_cx_returns_is_gzip(ngx_http_request_t *r);
/* Vary, of an answer that has another coding for others, or another language */
ngx_int_t ngx_cx_returns_vary(ngx_http_request_t *r, ngx_int_t by_language);
/* "content" names the plain content; at most 40 bytes */
ngx_int_t ngx_cx_returns_etag(ngx_http_request_t *r, cxr_str_t content,
    ngx_int_t gzip);


/* ---- ngx_cx_returns_output.c, again: problems and pages ---- */

/* application/problem+json, RFC 9457; type is "urn:cx-returns:problem:<code>" */
ngx_int_t ngx_cx_returns_problem(ngx_http_request_t *r, ngx_uint_t status,
    const char *code, const char *detail, const char *pointer);
ngx_int_t ngx_cx_returns_problem_faults(ngx_http_request_t *r,
    ngx_uint_t status, const char *code, const char *detail,
    const cxr_json_faults_t *faults);
/* 405 and what is allowed, "GET, HEAD"; a problem when there is a "detail" */
ngx_int_t ngx_cx_returns_not_allowed(ngx_http_request_t *r,
    const char *allow, const char *detail);
/* what a job's result is in HTTP: the problem, or NGX_OK when it went well */
ngx_int_t ngx_cx_returns_problem_job(ngx_http_request_t *r, cxr_job_t *job);

/* a page by its view, with the headers that personal pages carry */
ngx_int_t ngx_cx_returns_send_page(ngx_http_request_t *r, ngx_uint_t status,
    ngx_cx_returns_page_t page, const void *view);
/* what is rendered already, with the same headers */
ngx_int_t ngx_cx_returns_send_rendered(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, cxr_str_t body);
/* a page that says no, in the shop's voice */
ngx_int_t ngx_cx_returns_error_page(ngx_http_request_t *r,
    cxr_page_error_t error);


/* ---- ngx_cx_returns_metrics.c: counters in shared memory ---- */

typedef enum {
    NGX_CX_RETURNS_C_REQUESTS = 0,
    NGX_CX_RETURNS_C_REFUSED_TOKENS,
    NGX_CX_RETURNS_C_EXPIRED_TOKENS,
    NGX_CX_RETURNS_C_LOOKUPS,
    NGX_CX_RETURNS_C_LOOKUPS_FAILED,
    NGX_CX_RETURNS_C_LOOKUPS_LIMITED,
    NGX_CX_RETURNS_C_BAD_REQUESTS,
    NGX_CX_RETURNS_C_COMMANDS,
    NGX_CX_RETURNS_C_COMMANDS_REFUSED,
    NGX_CX_RETURNS_C_COMMANDS_REPEATED,
    NGX_CX_RETURNS_C_COMMANDS_FAILED,
    NGX_CX_RETURNS_C_COMMITS,
    NGX_CX_RETURNS_C_COMMIT_USEC,
    NGX_CX_RETURNS_C_QUEUE_FULL,
    NGX_CX_RETURNS_C_STORE_FULL,
    NGX_CX_RETURNS_C_RMAS,
    NGX_CX_RETURNS_C_ORDERS,
    NGX_CX_RETURNS_C_PAGE_FAULTS,
    NGX_CX_RETURNS_C_WITHDRAWALS,
    NGX_CX_RETURNS_C_WITHDRAWALS_LIMITED,
    NGX_CX_RETURNS_C_DUE,
    NGX_CX_RETURNS_C_MESSAGES_IN,
    NGX_CX_RETURNS_C_MESSAGES_OUT,
    NGX_CX_RETURNS_C_MESSAGES_LIMITED,
    NGX_CX_RETURNS_C_RESPONSES,
    NGX_CX_RETURNS_C_RESPONSE_SECONDS,
    NGX_CX_RETURNS_C_RESOLUTIONS,
    NGX_CX_RETURNS_C_RESOLUTION_SECONDS,
    NGX_CX_RETURNS_C_PHOTOS,
    NGX_CX_RETURNS_C_DUE_RUNS,
    NGX_CX_RETURNS_C_SURVEYS,
    NGX_CX_RETURNS_NCOUNTERS
} ngx_cx_returns_counter_t;

typedef enum {
    NGX_CX_RETURNS_F_DOCUMENTS = 0,
    NGX_CX_RETURNS_F_BROKEN,
    NGX_CX_RETURNS_F_BYTES,
    NGX_CX_RETURNS_F_STORED,
    NGX_CX_RETURNS_F_REPEATED,
    NGX_CX_RETURNS_F_REFUSED,
    NGX_CX_RETURNS_F_EVENTS,
    NGX_CX_RETURNS_F_UNMAPPED,
    NGX_CX_RETURNS_F_UNTIMED,
    NGX_CX_RETURNS_F_FAILED,
    NGX_CX_RETURNS_NFEED
} ngx_cx_returns_feed_counter_t;

/* the row of a carrier in the shared zone */
ngx_uint_t ngx_cx_returns_feed_row(cxr_str_t carrier);
char *ngx_cx_returns_metrics_zone(ngx_conf_t *cf,
    ngx_cx_returns_main_conf_t *mcf);
void ngx_cx_returns_count(ngx_cx_returns_counter_t c, ngx_uint_t n);
void ngx_cx_returns_count_feed(ngx_uint_t carrier,
    ngx_cx_returns_feed_counter_t c, uint64_t n);
/* the quarantine's gauges: measured by a sweep, and what came since */
void ngx_cx_returns_quarantine_is(const cxr_qsum_t *sum);
/* with "grown" to be added; what all workers' documents come to is left in it */
void ngx_cx_returns_quarantine_grew(cxr_qsum_t *grown);
/* false: over "limit" in this window of "seconds" */
ngx_int_t ngx_cx_returns_rate_ok(const void *key, size_t len,
    ngx_uint_t limit, ngx_uint_t seconds);
/* what rate_ok() just took is not to count */
void ngx_cx_returns_rate_back(const void *key, size_t len,
    ngx_uint_t seconds);
/* seconds until the windows of so many end, at least 1 */
ngx_uint_t ngx_cx_returns_rate_wait(ngx_uint_t seconds);
/* the header that says so, for a window of so many seconds */
ngx_int_t ngx_cx_returns_retry_after(ngx_http_request_t *r,
    ngx_uint_t seconds);

ngx_int_t ngx_cx_returns_metrics_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_health_handler(ngx_http_request_t *r);
/* what nginx refused: internal, by error_page */
ngx_int_t ngx_cx_returns_error_handler(ngx_http_request_t *r);


/* ---- one file for each thing that a location serves ---- */

ngx_int_t ngx_cx_returns_portal_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_track_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_staff_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_api_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_feed_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_assets_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_keys_handler(ngx_http_request_t *r);
ngx_int_t ngx_cx_returns_bulk_orders(ngx_http_request_t *r);


static inline cxr_str_t
ngx_cx_returns_str(ngx_str_t s)
{
    return cxr_strn(s.data, s.len);
}

#endif /* _NGX_CX_RETURNS_H_INCLUDED_ */
