
/*
 * What "nginx -t" says of a shop's or a carrier's file, without nginx.
 */

#include "cxr_cli.h"

#include "cxr_profile.h"
#include "cxr_sheet.h"
#include "cxr_shop.h"
#include "cxr_shop_picture.h"

#define CXR_CLI_CHECK_FILES  4096


/* Says what was found; returns the status for one file. */

static int
cxr_cli_diags(const char *path, cxr_rc_t rc, const cxr_diag_t *diags,
    size_t n)
{
    char    line[sizeof(cxr_diag_t)];
    size_t  i, shown;

    shown = n < CXR_CLI_DIAGS_MAX ? n : CXR_CLI_DIAGS_MAX;

    for (i = 0; i < shown; i++) {
        (void) cxr_diag_print(&diags[i], line, sizeof(line));
        (void) fprintf(stderr, "%s%s\n", rc == CXR_OK ? "warning: " : "",
                       line);
    }

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    if (n == 0) {
        cxr_cli_say("%s: %s", path, cxr_rc_name(rc));

    } else if (n > shown) {
        (void) fprintf(stderr, "%s: and %zu more\n", path, n - shown);
    }

    return cxr_cli_status(rc);
}


static int
cxr_cli_shop_one(const char *path, cxr_diag_t *diags)
{
    int           status;
    size_t        n;
    cxr_rc_t      rc;
    cxr_shop_t   *shop;
    cxr_arena_t  *a;

    a = cxr_arena_create(CXR_CLI_ARENA_MAX);

    if (a == NULL) {
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    n = 0;
    memset(diags, 0, sizeof(cxr_diag_t) * CXR_CLI_DIAGS_MAX);
    rc = cxr_shop_load(path, a, &shop, diags, CXR_CLI_DIAGS_MAX, &n);

    if (rc == CXR_OK && shop->label.logo.len != 0 && n < CXR_CLI_DIAGS_MAX) {
        rc = cxr_sheet_picture_check(shop->label.logo, &diags[n]);

        if (rc != CXR_OK) {
            cxr_diag_place(&diags[n++], path, 0, 0);
            cxr_shop_free(shop);
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_shop_pictures_check(shop, path, diags, CXR_CLI_DIAGS_MAX, &n);

        if (rc != CXR_OK) {
            cxr_shop_free(shop);
        }
    }

    status = cxr_cli_diags(path, rc, diags, n);

    if (rc == CXR_OK) {
        (void) printf("%s: good: %.*s, %u languages, policy %.*s\n", path,
                      cxr_str_arg(shop->name), (unsigned) shop->languages.n,
                      cxr_str_arg(shop->policy.version));
        cxr_shop_free(shop);
    }

    cxr_arena_destroy(a);

    return status;
}


static int
cxr_cli_carrier_one(const char *path, cxr_diag_t *diags)
{
    int             status;
    size_t          n;
    cxr_rc_t        rc;
    cxr_profile_t  *profile;

    n = 0;
    memset(diags, 0, sizeof(cxr_diag_t) * CXR_CLI_DIAGS_MAX);
    rc = cxr_profile_load(path, &profile, diags, CXR_CLI_DIAGS_MAX, &n);
    status = cxr_cli_diags(path, rc, diags, n);

    if (rc == CXR_OK) {
        (void) printf("%s: good: %.*s (%.*s)\n", path,
                      cxr_str_arg(cxr_profile_name(profile)),
                      cxr_str_arg(cxr_profile_carrier(profile)));
        cxr_profile_free(profile);
    }

    return status;
}


/* Each file on its own; the worst counts. */

static int
cxr_cli_check_files(const cxr_cli_command_t *cmd, int argc, char **argv,
    int (*one)(const char *path, cxr_diag_t *diags))
{
    int                n, i, s, status;
    static cxr_diag_t  diags[CXR_CLI_DIAGS_MAX];
    cxr_cli_option_t   opts[] = { { NULL, NULL, NULL } };

    n = cxr_cli_options(cmd, argc, argv, opts, 1, CXR_CLI_CHECK_FILES,
                        &status);

    if (n == -1) {
        return status;
    }

    status = CXR_EXIT_OK;

    for (i = 1; i <= n; i++) {
        s = one(argv[i], diags);
        status = s > status ? s : status;
    }

    return status;
}


static int
cxr_cli_shop_check(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    return cxr_cli_check_files(cmd, argc, argv, cxr_cli_shop_one);
}


static int
cxr_cli_carrier_check(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    return cxr_cli_check_files(cmd, argc, argv, cxr_cli_carrier_one);
}


/* docs/states.md, out of the table that decides. */

static int
cxr_cli_states(const cxr_cli_command_t *cmd, int argc, char **argv)
{
    int                n, status;
    cxr_buf_t          b;
    cxr_cli_option_t   opts[] = { { NULL, NULL, NULL } };

    n = cxr_cli_options(cmd, argc, argv, opts, 0, 0, &status);

    if (n == -1) {
        return status;
    }

    cxr_buf_init(&b, CXR_CLI_LINE_MAX);
    cxr_rma_rows_print(&b);

    if (!cxr_buf_ok(&b)) {
        cxr_buf_free(&b);
        cxr_cli_say("not enough memory");
        return CXR_EXIT_FAILED;
    }

    (void) fwrite(cxr_buf_str(&b).data, 1, cxr_buf_str(&b).len, stdout);
    cxr_buf_free(&b);

    return cxr_cli_flush(CXR_EXIT_OK);
}


const cxr_cli_command_t  cxr_cli_check[] = {
    { "states", NULL, "",
      "print the states of an RMA and what moves them",
      "    The table that decides, as a page (Markdown): every fact of a line,\n"
      "    and for each action who may take it, from what to what it moves\n"
      "    them, and how it is refused.\n",
      cxr_cli_states },

    { "shop", "check", "FILE...",
      "check shops' files",
      "    Names every mistake with its line and its place in the JSON, as\n"
      "    \"nginx -t\" does. The file's name is the shop's id.\n",
      cxr_cli_shop_check },

    { "carrier", "check", "FILE...",
      "check carriers' profiles",
      "    Names every mistake in a profile with its line, as \"nginx -t\"\n"
      "    does. \"feed parse\" then shows what it makes of a document.\n",
      cxr_cli_carrier_check },

    { NULL, NULL, NULL, NULL, NULL, NULL }
};
