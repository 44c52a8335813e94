
/*
 * Mistakes of a configuration of which each directive by itself is right.
 */

#include "ngx_cx_returns.h"

#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>


#define NGX_CX_RETURNS_STORE_WORDS  1024    /* bytes of what is wrong with it */
#define NGX_CX_RETURNS_WORKER_READERS  8    /* its own, some threads', twice   */


static ngx_int_t ngx_cx_returns_as_worker(ngx_conf_t *cf, struct stat *st);
static size_t ngx_cx_returns_store_look(ngx_cx_returns_main_conf_t *mcf,
    char *text);
static size_t ngx_cx_returns_store_denied(ngx_cx_returns_main_conf_t *mcf,
    char *text);


/* Where a page stands: without a language (0), or below the i-th. */

static u_char *
ngx_cx_returns_place(const cxr_shop_t *shop, cxr_str_t path, ngx_uint_t i,
    u_char *full)
{
    cxr_str_t  lang;

    if (i == 0) {
        return ngx_snprintf(full, NGX_MAX_PATH, "%*s", path.len, path.data);
    }

    lang = shop->languages.items[i - 1];

    return ngx_snprintf(full, NGX_MAX_PATH, "/%*s%*s", lang.len, lang.data,
                        path.len, path.data);
}


/* Portal and tracking pages lead to each other, and all have a style sheet. */

static ngx_uint_t
ngx_cx_returns_led_to(ngx_cx_returns_shop_t *shop, ngx_uint_t serve)
{
    ngx_uint_t  pages;

    pages = shop->placed[NGX_CX_RETURNS_PORTAL]
            || shop->placed[NGX_CX_RETURNS_TRACK];

    switch (serve) {

    case NGX_CX_RETURNS_STAFF:
        return shop->placed[NGX_CX_RETURNS_STAFF] != 0;

    case NGX_CX_RETURNS_ASSETS:
        return pages || shop->placed[NGX_CX_RETURNS_STAFF] != 0;

    default:
        return pages;
    }
}


static void
ngx_cx_returns_unplaced(ngx_conf_t *cf, ngx_cx_returns_shop_t *shop,
    cxr_str_t path, ngx_uint_t i)
{
    u_char  *last, full[NGX_MAX_PATH];

    last = ngx_cx_returns_place(shop->shop, path, i, full);

    ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                  "cx_returns: no location \"%*s\" serves the shop \"%V\", "
                  "whose pages lead there", (size_t) (last - full), full,
                  &shop->path);
}


/*
 * Every page leads to itself in each of the shop's languages.  A place that no
 * location of ours serves may be somebody else's: that is told, not refused.
 */

void
ngx_cx_returns_check_places(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    cxr_str_t                 path;
    ngx_uint_t                s, i, serve;
    const cxr_shop_t         *shop;
    ngx_cx_returns_shop_t   **shops;

    shops = mcf->shops.elts;

    for (s = 0; s < mcf->shops.nelts; s++) {
        shop = shops[s]->shop;

        for (serve = NGX_CX_RETURNS_PORTAL; serve <= NGX_CX_RETURNS_STAFF;
             serve++)
        {
            path = serve == NGX_CX_RETURNS_PORTAL ? shop->portal
                   : serve == NGX_CX_RETURNS_TRACK ? shop->track : shop->staff;

            if (!ngx_cx_returns_led_to(shops[s], serve)) {
                continue;
            }

            for (i = 0; i <= shop->languages.n; i++) {
                if ((shops[s]->placed[serve] & ((uint32_t) 1 << i)) == 0) {
                    ngx_cx_returns_unplaced(cf, shops[s], path, i);
                }
            }
        }

        if (ngx_cx_returns_led_to(shops[s], NGX_CX_RETURNS_ASSETS)
            && (shops[s]->placed[NGX_CX_RETURNS_ASSETS] & 1) == 0)
        {
            ngx_cx_returns_unplaced(cf, shops[s], shop->assets, 0);
        }
    }
}


/* Whose voice an error of nginx's own is told in: ngx_cx_returns_error.c. */

static char *
ngx_cx_returns_place_add(ngx_conf_t *cf, ngx_cx_returns_shop_t *shop)
{
    void                        *server;
    ngx_uint_t                   i;
    ngx_cx_returns_place_t      *place;
    ngx_cx_returns_main_conf_t  *mcf;

    server = ngx_http_conf_get_module_srv_conf(cf, ngx_http_core_module);
    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_cx_returns_module);
    place = mcf->places.elts;

    for (i = 0; i < mcf->places.nelts; i++) {
        if (place[i].server == server && place[i].shop == shop) {
            return NGX_CONF_OK;
        }
    }

    place = ngx_array_push(&mcf->places);
    if (place == NULL) {
        return NGX_CONF_ERROR;
    }

    place->server = server;
    place->shop = shop;

    return NGX_CONF_OK;
}


/* What is asked of the API is what stands behind the location's name. */

static char *
ngx_cx_returns_check_api(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *lcf)
{
    ngx_uint_t                 odd;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    odd = clcf->exact_match || clcf->named;

#if (NGX_PCRE)
    odd = odd || clcf->regex != NULL;
#endif

    if (!odd) {
        return NGX_CONF_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "cx_returns: \"cx_returns api\" would answer nothing in "
                  "location \"%V\": it needs one by prefix, like "
                  "\"location /api/v1/\", in %s:%ui", &clcf->name, lcf->file,
                  lcf->line);
    return NGX_CONF_ERROR;
}


/* A carrier that is written out has a profile. */

static char *
ngx_cx_returns_check_carrier(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *lcf)
{
    ngx_uint_t                   i;
    ngx_cx_returns_main_conf_t  *mcf;

    if (lcf->carrier == NULL || lcf->carrier->lengths != NULL) {
        return NGX_CONF_OK;
    }

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_cx_returns_module);

    for (i = 0; i < mcf->nprofiles; i++) {
        if (cxr_str_eq(cxr_profile_carrier(mcf->profiles[i]),
                       ngx_cx_returns_str(lcf->carrier->value)))
        {
            return NGX_CONF_OK;
        }
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "cx_returns: \"cx_returns_carrier\" names \"%V\", of which "
                  "there is no profile in \"%V\", for \"cx_returns feed\" in "
                  "%s:%ui", &lcf->carrier->value, &mcf->carriers, lcf->file,
                  lcf->line);
    return NGX_CONF_ERROR;
}


/*
 * Links are made from the shop's file.  A page in another location than the
 * file names would be served to nobody, and every link would miss it.
 */

char *
ngx_cx_returns_check_place(ngx_conf_t *cf, ngx_cx_returns_loc_conf_t *lcf)
{
    size_t                     n;
    u_char                    *last;
    uint32_t                   placed;
    ngx_str_t                  name;
    cxr_str_t                  path;
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

    case NGX_CX_RETURNS_API:
        return ngx_cx_returns_check_api(cf, lcf);

    case NGX_CX_RETURNS_FEED:
        return ngx_cx_returns_check_carrier(cf, lcf);

    default:
        return NGX_CONF_OK;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    name = clcf->name;

    /* what an expression matches is its author's; a named location is gone to
       from anywhere */

    placed = 0;

#if (NGX_PCRE)
    if (clcf->regex) {
        placed = (uint32_t) -1;
    }
#endif

    if (clcf->named || name.len == 0) {
        placed = (uint32_t) -1;
    }

    /* without a language, then below each; wider or narrower is well */

    for (i = 0; i <= shop->languages.n && placed != (uint32_t) -1; i++) {

        last = ngx_cx_returns_place(shop, path, i, full);
        n = ngx_min(name.len, (size_t) (last - full));

        if (ngx_memcmp(name.data, full, n) == 0) {
            placed |= (uint32_t) 1 << i;
        }
    }

    if (placed != 0) {
        lcf->shop->placed[lcf->serve] |= placed;

        return ngx_cx_returns_place_add(cf, lcf->shop);
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "cx_returns: \"cx_returns %s\" stands in location \"%V\", "
                  "but the shop's file \"%V\" says \"%s\": \"%*s\": let both "
                  "be the same, in %s:%ui", member, &name, &lcf->shop->path, member,
                  path.len, path.data, lcf->file, lcf->line);

    return NGX_CONF_ERROR;
}


/*
 * Each worker reads in its event loop and in its tasks, and those that a reload
 * ends still do, beside the new ones.  How many workers there are is not known
 * where "worker_processes" stands behind the http block.
 */

void
ngx_cx_returns_check_readers(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_uint_t        readers;
    ngx_core_conf_t  *ccf;

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);
    readers = mcf->readers ? mcf->readers : CXR_STORE_READERS;

    if (ccf->worker_processes == NGX_CONF_UNSET
        || readers / NGX_CX_RETURNS_WORKER_READERS
           >= (ngx_uint_t) ccf->worker_processes)
    {
        return;
    }

    ngx_log_error(NGX_LOG_WARN, cf->log, 0,
                  "cx_returns: readers=%ui of \"cx_returns_store\" are few for "
                  "%i workers: requests that find none left are answered 503; "
                  "let them be %ui or more", readers, ccf->worker_processes,
                  (ngx_uint_t) ccf->worker_processes
                  * NGX_CX_RETURNS_WORKER_READERS);
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


/* Two names of one place: by what is there, or by its parts. */

static ngx_int_t
ngx_cx_returns_same_dir(const char *a, const char *b)
{
    size_t       n;
    struct stat  sa, sb;

    if (stat(a, &sa) == 0 && stat(b, &sb) == 0) {
        return sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
    }

    for ( ;; ) {

        while (*a == '/' || (*a == '.' && (a[1] == '/' || a[1] == '\0'))) {
            a++;
        }

        while (*b == '/' || (*b == '.' && (b[1] == '/' || b[1] == '\0'))) {
            b++;
        }

        n = strcspn(a, "/");

        if (n != strcspn(b, "/") || ngx_memcmp(a, b, n) != 0) {
            return 0;
        }

        if (n == 0) {
            return 1;
        }

        a += n;
        b += n;
    }
}


/*
 * Each has a directory of its own: what one sweeps is not the other's, and none
 * of them belongs into the store's.
 */

ngx_int_t
ngx_cx_returns_check_dirs(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    ngx_uint_t  i, k;

    struct {
        const char  *dir;
        const char  *directive;
    } own[] = {
        { (const char *) mcf->store.data, "cx_returns_store" },
        { (const char *) mcf->photos.data, "cx_returns_photos" },
        { (const char *) mcf->labels.data, "cx_returns_labels" },
        { mcf->quarantine.dir, "cx_returns_quarantine" }
    };

    for (i = 1; i < cxr_nelts(own); i++) {
        for (k = 0; own[i].dir != NULL && k < i; k++) {

            if (own[k].dir != NULL
                && ngx_cx_returns_same_dir(own[i].dir, own[k].dir))
            {
                ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                              "cx_returns: \"%s\" names the directory of "
                              "\"%s\", \"%s\"; each needs one of its own",
                              own[i].directive, own[k].directive, own[k].dir);
                return NGX_ERROR;
            }
        }
    }

    return NGX_OK;
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


/*
 * Whether the workers could use the store that is there.  They would say so in
 * the log and answer 503, but "nginx -t" is where it is looked for.  It is opened
 * by a child, as the workers' user: LMDB must not be open across a fork, its
 * lock file is to be theirs, and what root put back from a backup often is not.
 */

ngx_int_t
ngx_cx_returns_check_store(ngx_conf_t *cf, ngx_cx_returns_main_conf_t *mcf)
{
    int               fd[2];
    char              text[NGX_CX_RETURNS_STORE_WORDS];
    pid_t             pid;
    size_t            n;
    ssize_t           got;
    struct stat       st;

    /* what cannot be seen is not there yet, or for the path's check to say */

    ngx_snprintf((u_char *) text, sizeof(text), "%V/data.mdb%Z", &mcf->store);

    if (!ngx_test_config || mcf->store.len > sizeof(text) - 16
        || stat(text, &st) == -1)
    {
        return NGX_OK;
    }

    if (pipe(fd) == -1) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, "pipe() failed");
        return NGX_ERROR;
    }

    pid = fork();

    if (pid == -1) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno, "fork() failed");
        (void) close(fd[0]);
        (void) close(fd[1]);
        return NGX_ERROR;
    }

    if (pid == 0) {
        if (ngx_cx_returns_as_worker(cf, &st) != NGX_OK) {
            _exit(1);
        }

        n = ngx_cx_returns_store_denied(mcf, text);

        if (n == 0) {
            n = ngx_cx_returns_store_look(mcf, text);
        }

        _exit(write(fd[1], text, n) == (ssize_t) n ? 0 : 1);
    }

    (void) close(fd[1]);
    n = 0;

    while ((got = read(fd[0], text + n, sizeof(text) - n)) != 0) {

        if (got > 0) {
            n += (size_t) got;

        } else if (ngx_errno != NGX_EINTR) {
            break;
        }
    }

    (void) close(fd[0]);

    while (waitpid(pid, NULL, 0) == -1 && ngx_errno == NGX_EINTR) { /* void */ }

    if (n == 0) {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "cx_returns: the store \"%V\" cannot be used: %*s",
                  &mcf->store, n, text);

    return NGX_ERROR;
}


/*
 * In the child.  Where "user" stands behind the http block, or nowhere, nobody
 * knows yet who they are: then the owner of what is there.
 */

static ngx_int_t
ngx_cx_returns_as_worker(ngx_conf_t *cf, struct stat *st)
{
    ngx_core_conf_t  *ccf;

    if (geteuid() != 0) {
        return NGX_OK;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    if (ccf->user == (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        return setgroups(0, NULL) == -1 || setgid(st->st_gid) == -1
               || setuid(st->st_uid) == -1 ? NGX_ERROR : NGX_OK;
    }

    return setgid(ccf->group) == -1
           || initgroups(ccf->username, ccf->group) == -1
           || setuid(ccf->user) == -1 ? NGX_ERROR : NGX_OK;
}


/* In the child: may its user not write there?  0: it may. */

static size_t
ngx_cx_returns_store_denied(ngx_cx_returns_main_conf_t *mcf, char *text)
{
    char            path[NGX_CX_RETURNS_STORE_WORDS];
    u_char         *last;
    ngx_uint_t      i;
    struct passwd  *pwd;

    static const char  *files[] = { "data.mdb", "lock.mdb", "cxr.lock" };

    for (i = 0; i < cxr_nelts(files); i++) {
        ngx_snprintf((u_char *) path, sizeof(path), "%V/%s%Z", &mcf->store,
                     files[i]);

        if (access(path, R_OK|W_OK) == 0) {
            continue;
        }

        if (ngx_errno == EROFS) {
            last = ngx_snprintf((u_char *) text, NGX_CX_RETURNS_STORE_WORDS,
                                "\"%s\" is on a file system that is mounted "
                                "read-only: mount it for writing, or name "
                                "another directory", path);

            return last - (u_char *) text;
        }

        if (ngx_errno == NGX_EACCES) {
            pwd = getpwuid(geteuid());

            last = ngx_snprintf((u_char *) text, NGX_CX_RETURNS_STORE_WORDS,
                                "\"%s\" is not the workers' user's: \"chown "
                                "-R %s: %V\" makes it so", path,
                                pwd ? pwd->pw_name : "<user>", &mcf->store);

            return last - (u_char *) text;
        }
    }

    return 0;
}


/* In the child.  0: all is well, or the workers will make it. */

static size_t
ngx_cx_returns_store_look(ngx_cx_returns_main_conf_t *mcf, char *text)
{
    cxr_rc_t           rc;
    cxr_diag_t         d;
    cxr_store_t       *store;
    cxr_store_conf_t   conf;

    ngx_memzero(&conf, sizeof(cxr_store_conf_t));
    ngx_memzero(&d, sizeof(cxr_diag_t));

    conf.dir = (const char *) mcf->store.data;
    conf.max_readers = mcf->readers;
    conf.ring = mcf->ring;
    conf.read_only = true;

    rc = cxr_store_open(&conf, &store, &d);

    if (rc == CXR_OK) {
        rc = cxr_store_fit(store, &d);
        cxr_store_close(store);

    } else if (rc == CXR_NOTFOUND) {
        rc = CXR_OK;
    }

    return rc == CXR_OK
           ? 0 : cxr_diag_print(&d, text, NGX_CX_RETURNS_STORE_WORDS);
}


/* A carrier that the shop's file does not name is called as its profile calls
   it. */

ngx_int_t
ngx_cx_returns_known(ngx_cx_returns_main_conf_t *mcf,
    ngx_cx_returns_shop_t *shop)
{
    ngx_uint_t           i;
    cxr_carrier_name_t  *known;

    known = cxr_calloc(shop->arena, mcf->nprofiles + 1,
                       sizeof(cxr_carrier_name_t));
    if (known == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->nprofiles; i++) {
        known[i].carrier = cxr_profile_carrier(mcf->profiles[i]);
        known[i].name = cxr_profile_name(mcf->profiles[i]);
    }

    shop->shop->known.items = known;
    shop->shop->known.n = (uint32_t) mcf->nprofiles;

    return NGX_OK;
}
