
/*
 * The key ring: the only program that writes it.
 */

#include "cxr_cli.h"

#include "cxr_json.h"
#include "cxr_sign.h"

#define CXR_CLI_KEYS_MAX  (1024 * 1024)    /* bytes of published keys         */


static const char *const  cxr_cli_uses[] = {
    [CXR_KEY_LOCAL] = "local",
    [CXR_KEY_PUBLIC] = "public",
    [CXR_KEY_PERSON] = "person",
    [CXR_KEY_INDEX] = "index",
    [CXR_KEY_INDEX + 1] = NULL
};


static int
cxr_cli_keys_create(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    cxr_rc_t          rc;
    cxr_time_t        now;
    cxr_diag_t        d;
    cxr_cli_option_t  opts[] = { { NULL, NULL, NULL } };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    memset(&d, 0, sizeof(d));

    if (!cxr_cli_time(cmd, NULL, &now)) {
        return CXR_EXIT_USAGE;
    }

    rc = cxr_keyring_create(argv[1], now, &d);

    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    (void) printf("%s: a new key ring, one key of each use. Keep a copy in a "
                  "safe place:\nwithout it links, labels and personal data "
                  "are lost.\n", argv[1]);

    return CXR_EXIT_OK;
}


static int
cxr_cli_keys_rotate(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               use, status;
    cxr_rc_t          rc;
    cxr_time_t        now;
    cxr_diag_t        d;
    const char       *name = NULL;
    cxr_cli_option_t  opts[] = {
        { "use", &name, NULL },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    use = name ? cxr_name_index(cxr_cli_uses, cxr_strz(name))
               : CXR_KEY_PUBLIC;

    if (use < 0 || use == CXR_KEY_INDEX) {
        return cxr_cli_usage(cmd, "\"--use\" is local, public or person%s",
                             use < 0 ? "" : "; the index key stays, or no "
                             "e-mail would be found again");
    }

    memset(&d, 0, sizeof(d));

    if (!cxr_cli_time(cmd, NULL, &now)) {
        return CXR_EXIT_USAGE;
    }

    rc = cxr_keyring_rotate(argv[1], (cxr_key_use_t) use, now, &d);

    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    (void) printf("%s: a new key for \"%s\"; the older ones go on checking. "
                  "Reload nginx to use it.\n", argv[1], cxr_cli_uses[use]);

    return CXR_EXIT_OK;
}


static void
cxr_cli_key_row(void *ctx, const char *kid, cxr_key_use_t use,
    cxr_time_t created, bool makes, bool has_secret)
{
    char  at[CXR_TIME_PRINTED];

    (void) ctx;
    (void) cxr_time_snprint(created, at);
    (void) printf("%-8s  %-6s  %-24s  %s\n", kid, cxr_cli_uses[use], at,
                  makes ? "makes and checks"
                        : has_secret ? "checks" : "checks (retired)");
}


static void
cxr_cli_key_json(void *ctx, const char *kid, cxr_key_use_t use,
    cxr_time_t created, bool makes, bool has_secret)
{
    cxr_jw_t  *w = ctx;

    cxr_jw_open(w, NULL, '{');
    cxr_jw_strz(w, "kid", kid);
    cxr_jw_strz(w, "use", cxr_cli_uses[use]);
    cxr_jw_time(w, "created", created);
    cxr_jw_bool(w, "makes", makes);
    cxr_jw_bool(w, "retired", !has_secret);
    cxr_jw_close(w);
}


/* Prints what was collected. */

static int
cxr_cli_put(cxr_buf_t *b, const char *end)
{
    int  status = CXR_EXIT_OK;

    if (cxr_buf_ok(b)) {
        (void) printf("%.*s%s", cxr_str_arg(cxr_buf_str(b)), end);

    } else {
        cxr_cli_say("not enough memory");
        status = CXR_EXIT_FAILED;
    }

    cxr_buf_free(b);

    return status;
}


static int
cxr_cli_keys_list(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    bool              json = false;
    cxr_rc_t          rc;
    cxr_jw_t          w;
    cxr_buf_t         b;
    cxr_diag_t        d;
    cxr_keyring_t    *ring;
    cxr_cli_option_t  opts[] = {
        { "json", NULL, &json },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_keyring_load(argv[1], &ring, &d);

    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    if (!json) {
        (void) printf("%-8s  %-6s  %-24s  %s\n", "KEY", "USE", "CREATED",
                      "DOES");
        cxr_keyring_walk(ring, cxr_cli_key_row, NULL);
        cxr_keyring_free(ring);
        return CXR_EXIT_OK;
    }

    cxr_buf_init(&b, CXR_CLI_KEYS_MAX);
    cxr_jw_init(&w, &b);
    cxr_jw_open(&w, NULL, '[');
    cxr_keyring_walk(ring, cxr_cli_key_json, &w);
    cxr_jw_close(&w);
    cxr_keyring_free(ring);

    return cxr_cli_put(&b, "\n");
}


static int
cxr_cli_keys_public(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int               status;
    bool              jwks = false;
    cxr_rc_t          rc;
    cxr_buf_t         b;
    cxr_diag_t        d;
    cxr_keyring_t    *ring;
    cxr_cli_option_t  opts[] = {
        { "jwks", NULL, &jwks },
        { NULL, NULL, NULL }
    };

    if (cxr_cli_options(cmd, argc, argv, opts, 1, 1, &status) == -1) {
        return status;
    }

    memset(&d, 0, sizeof(d));
    rc = cxr_keyring_load_public(argv[1], &ring, &d);

    if (rc != CXR_OK) {
        return cxr_cli_diag(&d, rc);
    }

    cxr_buf_init(&b, CXR_CLI_KEYS_MAX);

    if (jwks) {
        cxr_keyring_jwks(ring, &b);

    } else {
        cxr_keyring_paserk(ring, &b);
    }

    cxr_keyring_free(ring);

    return cxr_cli_put(&b, jwks ? "\n" : "");
}


const cxr_cli_command_t  cxr_cli_keys[] = {
    { "keys", "create", "FILE",
      "make a new key ring",
      "    Writes FILE (mode 0600) with one random key of each use:\n"
      "        local   links that only this shop's edges read\n"
      "        public  labels and receipts that anyone may check\n"
      "        person  personal data in the store\n"
      "        index   finding an order by e-mail without storing it\n"
      "    A file that is there already is never touched.\n",
      cxr_cli_keys_create },

    { "keys", "rotate", "FILE [--use local|public|person]",
      "add a key and make with it from now on",
      "    The new key makes; all older ones go on checking, so no link and\n"
      "    no label in the post breaks. FILE is replaced in one step. Give\n"
      "    scanners the new public keys (\"keys public\") before nginx is\n"
      "    reloaded.\n\n"
      "OPTIONS\n"
      "    --use USE   which key; public when absent\n",
      cxr_cli_keys_rotate },

    { "keys", "list", "FILE [--json]",
      "show the keys of a ring, no secrets",
      "    Refuses a file that group or others may read, as nginx does.\n\n"
      "OPTIONS\n"
      "    --json      an array of objects\n",
      cxr_cli_keys_list },

    { "keys", "public", "FILE [--jwks]",
      "print the public keys, for scanners and partners",
      "    One line for each key: its id, the key (PASERK k4.public), and the\n"
      "    key's fingerprint (k4.pid). \"label verify\" reads these lines.\n\n"
      "OPTIONS\n"
      "    --jwks      as a JSON Web Key Set (RFC 8037) instead\n",
      cxr_cli_keys_public },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};
