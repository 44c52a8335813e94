
/*
 * The store as a whole: does its journal hold, make it anew, copy it, how full
 * is it.  All of it reads only, and may run beside nginx.
 */

#include "cxr_cli.h"

#include "cxr_json.h"
#include "cxr_sign.h"

#define CXR_CLI_MIB  (1024.0 * 1024.0)


/* The value of an option that must be there. */

static bool
cxr_cli_want(const cxr_cli_command_t *cmd, const char *name,
    const char *value)
{
    if (value != NULL && value[0] != '\0') {
        return true;
    }

    (void) cxr_cli_usage(cmd, "\"--%s\" is missing", name);

    return false;
}


static int
cxr_cli_journal_verify(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    cxr_rc_t          rc;
    uint64_t          entries;
    cxr_diag_t        d;
    const char       *dir = NULL;
    cxr_store_t      *store;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (!cxr_cli_want(cmd, "store", dir)) {
        return CXR_EXIT_USAGE;
    }

    status = cxr_cli_store_open(dir, NULL, &store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    memset(&d, 0, sizeof(d));
    entries = 0;
    rc = cxr_store_verify(store, cxr_cli_progress,
                          (void *) "verifying", &entries, &d);

    if (rc == CXR_OK) {
        (void) printf("%s: %llu entries, every one in its place\n", dir,
                      (unsigned long long) entries);

    } else {
        status = cxr_cli_diag(&d, rc);
    }

    cxr_store_close(store);

    return status;
}


/* The copy just made against what it was made of. */

static int
cxr_cli_compare(cxr_store_t *store, const char *into,
    const cxr_keyring_t *ring, bool *told)
{
    int           status;
    cxr_rc_t      rc;
    cxr_diag_t    d;
    cxr_store_t  *copy;

    status = cxr_cli_store_open(into, ring, &copy);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_store_compare(store, copy, &d);
    cxr_store_close(copy);

    if (rc == CXR_CONFLICT && cxr_store_older(store)) {
        (void) cxr_cli_diag(&d, rc);
        (void) printf("%s: made anew from the journal, whose every entry is in "
                      "its place. An older program made the store that it "
                      "comes from and derived less, so they differ; put this "
                      "one in its place\n", into);
        *told = true;
        return CXR_EXIT_OK;
    }

    if (rc == CXR_CONFLICT) {
        (void) cxr_cli_diag(&d, rc);
        cxr_cli_say("the rebuilt store is not equal to the one it was made "
                    "of. When nothing was written meanwhile, the tables of "
                    "the old one are not what its journal says; the new one "
                    "in %s is", into);
        return CXR_EXIT_WRONG;
    }

    return rc == CXR_OK ? CXR_EXIT_OK : cxr_cli_diag(&d, rc);
}


static int
cxr_cli_rebuild_with(const char *dir, const char *into,
    const cxr_keyring_t *ring)
{
    int           status;
    bool          told;
    cxr_rc_t      rc;
    cxr_diag_t    d;
    cxr_store_t  *store;

    told = false;
    status = cxr_cli_store_open(dir, ring, &store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    status = cxr_cli_dir_make(into);

    if (status == CXR_EXIT_OK) {
        memset(&d, 0, sizeof(d));
        rc = cxr_store_rebuild(store, into, cxr_cli_progress,
                               (void *) "rebuilding", &d);

        status = rc == CXR_OK ? cxr_cli_compare(store, into, ring, &told)
                              : cxr_cli_diag(&d, rc);
    }

    cxr_store_close(store);

    if (status == CXR_EXIT_OK && !told) {
        (void) printf("%s: made anew from the journal, equal to %s\n", into,
                      dir);
    }

    return status;
}


static int
cxr_cli_rebuild(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    cxr_rc_t          rc;
    cxr_diag_t        d;
    const char       *dir = NULL, *into = NULL, *keys = NULL;
    cxr_keyring_t    *ring;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { "into", &into, NULL },
        { "keys", &keys, NULL },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (!cxr_cli_want(cmd, "store", dir) || !cxr_cli_want(cmd, "into", into)
        || !cxr_cli_want(cmd, "keys", keys))
    {
        return CXR_EXIT_USAGE;
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_keyring_load(keys, &ring, &d);

    if (rc != CXR_OK) {
        (void) cxr_cli_diag(&d, rc);
        return CXR_EXIT_FAILED;
    }

    status = cxr_cli_rebuild_with(dir, into, ring);

    cxr_keyring_free(ring);

    return status;
}


/* "said": what stands between the copy's name and the store's */
static int
cxr_cli_copy(const cxr_cli_command_t *cmd, int argc, char **argv,
    cxr_rc_t (*copy)(cxr_store_t *store, const char *into, cxr_diag_t *d),
    const char *said)
{
    int               status;
    cxr_rc_t          rc;
    cxr_diag_t        d;
    const char       *dir = NULL, *into = NULL;
    cxr_store_t      *store;
    cxr_cli_option_t  opts[] = {
        { "store", &dir, NULL },
        { "into", &into, NULL },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (!cxr_cli_want(cmd, "store", dir) || !cxr_cli_want(cmd, "into", into)) {
        return CXR_EXIT_USAGE;
    }

    status = cxr_cli_store_open(dir, NULL, &store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    status = cxr_cli_dir_make(into);

    if (status == CXR_EXIT_OK) {
        memset(&d, 0, sizeof(d));
        rc = copy(store, into, &d);

        if (rc == CXR_OK) {
            (void) printf("%s: %s %s\n", into, said, dir);

        } else {
            status = cxr_cli_diag(&d, rc);
        }
    }

    cxr_store_close(store);

    return status;
}


static int
cxr_cli_backup(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    return cxr_cli_copy(cmd, argc, argv, cxr_store_backup, "a copy of");
}


static cxr_rc_t
cxr_cli_compact_into(cxr_store_t *store, const char *into, cxr_diag_t *d)
{
    return cxr_store_compact(store, into, cxr_cli_progress,
                             (void *) "compacting", d);
}


static int
cxr_cli_compact(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    return cxr_cli_copy(cmd, argc, argv, cxr_cli_compact_into,
                        "all that is still needed of");
}


static void
cxr_cli_stat_json(const cxr_store_stat_t *st)
{
    char       mem[512];
    cxr_jw_t   w;
    cxr_buf_t  b;

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '{');
    cxr_jw_uint(&w, "map_size", st->map_size);
    cxr_jw_uint(&w, "map_used", st->map_used);
    cxr_jw_uint(&w, "last_txn", st->last_txn);
    cxr_jw_uint(&w, "readers", st->readers);
    cxr_jw_uint(&w, "max_readers", st->max_readers);
    cxr_jw_close(&w);
    (void) printf("%.*s\n", cxr_str_arg(cxr_buf_str(&b)));
}


static int
cxr_cli_stat(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                status;
    bool               json = false;
    cxr_rc_t           rc;
    const char        *dir = NULL;
    cxr_store_t       *store;
    cxr_store_stat_t   st;
    cxr_cli_option_t   opts[] = {
        { "store", &dir, NULL },
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status) == -1) {
        return status;
    }

    if (!cxr_cli_want(cmd, "store", dir)) {
        return CXR_EXIT_USAGE;
    }

    status = cxr_cli_store_open(dir, NULL, &store);

    if (status != CXR_EXIT_OK) {
        return status;
    }

    rc = cxr_store_stat(store, &st);
    cxr_store_close(store);

    if (rc != CXR_OK) {
        cxr_cli_say("%s: cannot read the store's figures: %s", dir,
                    cxr_rc_name(rc));
        return cxr_cli_status(rc);
    }

    if (json) {
        cxr_cli_stat_json(&st);
        return CXR_EXIT_OK;
    }

    (void) printf("map size      %.1f MiB\n"
                  "in use        %.1f MiB (%.1f %%)\n"
                  "transactions  %llu\n"
                  "readers       %u of %u\n",
                  (double) st.map_size / CXR_CLI_MIB,
                  (double) st.map_used / CXR_CLI_MIB,
                  st.map_size ? 100.0 * (double) st.map_used
                                / (double) st.map_size : 0.0,
                  (unsigned long long) st.last_txn, st.readers,
                  st.max_readers);

    return CXR_EXIT_OK;
}


const cxr_cli_command_t  cxr_cli_store[] = {
    { "journal", "verify", "--store DIR",
      "walk the journal's chain of hashes",
      "    Every entry holds the hash of the one before it, so an entry that\n"
      "    was altered, removed or put in between shows. Reads in short\n"
      "    snapshots, so nginx may go on writing.\n\n"
      "OPTIONS\n"
      "    --store DIR  the store's directory\n",
      cxr_cli_journal_verify },

    { "rebuild", NULL, "--store DIR --into DIR --keys FILE",
      "make a store anew from its journal, and compare",
      "    Copies the journal, checking its chain on the way, the keys of\n"
      "    personal data and the store's own records, and makes all other\n"
      "    tables from the journal. Then both stores are compared record by\n"
      "    record. The first is only read; what is written to it meanwhile\n"
      "    shows as a difference, so stop nginx, or rebuild a \"backup\",\n"
      "    when the answer must be exact.\n\n"
      "OPTIONS\n"
      "    --store DIR  the store\n"
      "    --into DIR   where the new one goes; made when it is not there,\n"
      "                 and must not hold a store\n"
      "    --keys FILE  the key ring: the index of e-mails is made with it\n",
      cxr_cli_rebuild },

    { "backup", NULL, "--store DIR --into DIR",
      "copy the store, consistent while nginx goes on writing",
      "    Leaves free pages out, so the copy is as small as can be. (What must\n"
      "    not be there any more is left out by \"compact\".) The key ring is\n"
      "    not in it: keep it elsewhere.\n\n"
      "OPTIONS\n"
      "    --store DIR  the store\n"
      "    --into DIR   where the copy goes; made when it is not there, and\n"
      "                 must not hold a store\n",
      cxr_cli_backup },

    { "compact", NULL, "--store DIR --into DIR",
      "copy the store without a byte of what was deleted",
      "    After \"person erase\", and when personal data has gone by its age,\n"
      "    the file still has bytes of it where nothing points any more. Stop\n"
      "    nginx, compact, put the new directory in the old one's place, start\n"
      "    nginx, and destroy the old one, and its backups. What is written to\n"
      "    the store meanwhile is not in the copy.\n\n"
      "OPTIONS\n"
      "    --store DIR  the store; it is only read\n"
      "    --into DIR   where the copy goes; made when it is not there, and\n"
      "                 must not hold a store\n",
      cxr_cli_compact },

    { "stat", NULL, "--store DIR [--json]",
      "how full the store is, and who reads it",
      "OPTIONS\n"
      "    --store DIR  the store\n"
      "    --json       one JSON object\n",
      cxr_cli_stat },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};
