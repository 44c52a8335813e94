
/*
 * What a command needs that writes to a store beside nginx: the shop, the key
 * ring, the carriers' profiles, the store.
 */

#ifndef _CXR_CLI_WORLD_H_INCLUDED_
#define _CXR_CLI_WORLD_H_INCLUDED_

#include "cxr_cli.h"
#include "cxr_ingest.h"
#include "cxr_sign.h"

/* where profiles are, unless told: as README installs them, or else here */
#define CXR_CLI_PROFILES       "/etc/cx-returns/carriers"
#define CXR_CLI_PROFILES_HERE  "conf/carriers"

typedef struct {
    /* options, of argv; store, keys and shop must be there */
    const char      *store;
    const char      *keys;
    const char      *shop_file;
    const char      *profiles;
    const char      *unknown;        /* "keep", "refuse" or NULL: keep        */
    bool             create;         /* a store that is not there             */

    cxr_keyring_t   *ring;
    cxr_keyring_t   *shop_ring;     /* of the shop's own, or NULL             */
    cxr_arena_t     *arena;
    cxr_shop_t      *shop;
    cxr_store_t     *st;
    cxr_unknown_t    policy;
} cxr_cli_world_t;

/* CXR_EXIT_OK or an exit status, explained; then nothing is open. */
int cxr_cli_world_open(const cxr_cli_command_t *cmd, cxr_cli_world_t *w);
void cxr_cli_world_close(cxr_cli_world_t *w);

/* <dir>/<carrier>.xml, or where it is without "dir"; false: too long */
bool cxr_cli_profile_path(const char *dir, cxr_str_t carrier, char *path,
    size_t size);

/* <profiles>/<carrier>.xml; its owner frees it. */
int cxr_cli_world_profile(const cxr_cli_world_t *w, cxr_str_t carrier,
    cxr_profile_t **profile);

/* false: the option is missing, which has been explained */
bool cxr_cli_need(const cxr_cli_command_t *cmd, const char *name,
    const char *value);

#endif /* _CXR_CLI_WORLD_H_INCLUDED_ */
