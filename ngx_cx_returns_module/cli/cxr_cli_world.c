
/*
 * Opens what writing commands need, in the order in which mistakes are told.
 */

#include "cxr_cli_world.h"

#include <errno.h>
#include <unistd.h>

#include "cxr_text.h"


bool
cxr_cli_need(const cxr_cli_command_t *cmd, const char *name,
    const char *value)
{
    if (value != NULL && value[0] != '\0') {
        return true;
    }

    (void) cxr_cli_usage(cmd, "\"--%s\" is missing", name);

    return false;
}


static int
cxr_cli_world_shop(cxr_cli_world_t *w)
{
    size_t             i, n = 0;
    cxr_rc_t           rc;
    static cxr_diag_t  diags[CXR_CLI_DIAGS_MAX];

    w->arena = cxr_arena_create(CXR_CLI_ARENA_MAX);

    if (w->arena == NULL) {
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    rc = cxr_shop_load(w->shop_file, w->arena, &w->shop, diags,
                       CXR_CLI_DIAGS_MAX, &n);

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    w->shop = NULL;

    for (i = 0; i < n && i < CXR_CLI_DIAGS_MAX; i++) {
        (void) cxr_cli_diag(&diags[i], rc);
    }

    if (n == 0) {
        cxr_cli_say("%s: %s", w->shop_file, cxr_rc_name(rc));
    }

    return CXR_EXIT_FAILED;
}


static int
cxr_cli_world_store(cxr_cli_world_t *w)
{
    cxr_rc_t          rc;
    cxr_diag_t        d;
    cxr_store_conf_t  conf;

    memset(&d, 0, sizeof(d));
    memset(&conf, 0, sizeof(conf));
    conf.dir = w->store;
    conf.ring = w->ring;
    conf.create = w->create;

    if (w->create && cxr_cli_dir_make(w->store) != CXR_EXIT_OK) {
        return CXR_EXIT_FAILED;
    }

    rc = cxr_store_open(&conf, &w->st, &d);

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    w->st = NULL;

    if (access(w->store, R_OK|W_OK|X_OK) == -1 && errno == EACCES) {
        cxr_cli_say("%s: no access. Run this as the user who owns the store "
                    "(nginx's) or as root", w->store);
        return CXR_EXIT_FAILED;
    }

    (void) cxr_cli_diag(&d, rc);

    return CXR_EXIT_FAILED;
}


int
cxr_cli_world_open(const cxr_cli_command_t *cmd, cxr_cli_world_t *w)
{
    int         status;
    cxr_rc_t    rc;
    cxr_diag_t  d;

    if (!cxr_cli_need(cmd, "store", w->store)
        || !cxr_cli_need(cmd, "keys", w->keys)
        || !cxr_cli_need(cmd, "shop", w->shop_file))
    {
        return CXR_EXIT_USAGE;
    }

    w->policy = CXR_UNKNOWN_KEEP;

    if (w->unknown != NULL) {
        if (strcmp(w->unknown, "refuse") == 0) {
            w->policy = CXR_UNKNOWN_REFUSE;

        } else if (strcmp(w->unknown, "keep") != 0) {
            return cxr_cli_usage(cmd, "\"--unknown\" takes keep or refuse");
        }
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_keyring_load(w->keys, &w->ring, &d);

    if (rc != CXR_OK) {
        w->ring = NULL;
        (void) cxr_cli_diag(&d, rc);
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_world_shop(w);

    if (status == CXR_EXIT_OK && w->shop->keys_file.len != 0
        && (rc = cxr_keyring_load(w->shop->keys_file.data, &w->shop_ring, &d))
           != CXR_OK)
    {
        w->shop_ring = NULL;
        (void) cxr_cli_diag(&d, rc);
        status = CXR_EXIT_FAILED;
    }

    if (status == CXR_EXIT_OK) {
        status = cxr_cli_world_store(w);
    }

    if (status != CXR_EXIT_OK) {
        cxr_cli_world_close(w);
    }

    return status;
}


void
cxr_cli_world_close(cxr_cli_world_t *w)
{
    if (w->st != NULL) {
        cxr_store_close(w->st);
    }

    if (w->shop != NULL) {
        cxr_shop_free(w->shop);
    }

    if (w->arena != NULL) {
        cxr_arena_destroy(w->arena);
    }

    if (w->ring != NULL) {
        cxr_keyring_free(w->ring);
    }

    if (w->shop_ring != NULL) {
        cxr_keyring_free(w->shop_ring);
    }

    w->st = NULL;
    w->shop = NULL;
    w->arena = NULL;
    w->ring = NULL;
    w->shop_ring = NULL;
}


bool
cxr_cli_profile_path(const char *dir, cxr_str_t carrier, char *path,
    size_t size)
{
    if (dir == NULL) {
        (void) snprintf(path, size, CXR_CLI_PROFILES "/%.*s.xml",
                        cxr_str_arg(carrier));

        dir = access(path, R_OK) == -1
              && access(CXR_CLI_PROFILES_HERE, X_OK) == 0
              ? CXR_CLI_PROFILES_HERE : CXR_CLI_PROFILES;
    }

    return snprintf(path, size, "%s/%.*s.xml", dir, cxr_str_arg(carrier))
           < (int) size;
}


int
cxr_cli_world_profile(const cxr_cli_world_t *w, cxr_str_t carrier,
    cxr_profile_t **profile)
{
    char               path[4096];
    size_t             i, n = 0;
    cxr_rc_t           rc;
    static cxr_diag_t  diags[CXR_CLI_DIAGS_MAX];

    if (!cxr_is_slug(carrier, CXR_PROFILE_SLUG_MAX)) {
        cxr_cli_say("\"%.*s\" is no name of a carrier: small letters, digits, "
                    "\"_\" and \"-\"", cxr_str_arg(carrier));
        return CXR_EXIT_USAGE;
    }

    if (!cxr_cli_profile_path(w->profiles, carrier, path, sizeof(path))) {
        cxr_cli_say("the name of the profiles' directory is too long");
        return CXR_EXIT_FAILED;
    }

    rc = cxr_profile_load(path, profile, diags, CXR_CLI_DIAGS_MAX, &n);

    if (rc != CXR_OK) {
        for (i = 0; i < n && i < CXR_CLI_DIAGS_MAX; i++) {
            (void) cxr_cli_diag(&diags[i], rc);
        }

        if (n == 0) {
            cxr_cli_say("%s: %s", path, cxr_rc_name(rc));
        }

        return CXR_EXIT_FAILED;
    }

    if (!cxr_str_eq(cxr_profile_carrier(*profile), carrier)) {
        cxr_cli_say("%s: is the profile of \"%.*s\"", path,
                    cxr_str_arg(cxr_profile_carrier(*profile)));
        cxr_profile_free(*profile);
        return CXR_EXIT_FAILED;
    }

    return CXR_EXIT_OK;
}
