
/*
 * Finds the command, and helps.
 */

#include "cxr_cli.h"

#include "cxr_cli_feed.h"
#include "cxr_cli_templates.h"
#include "cxr_sign.h"

static const cxr_cli_command_t *const  cxr_cli_tables[] = {
    cxr_cli_keys, cxr_cli_label, cxr_cli_receipt, cxr_cli_store,
    cxr_cli_dump, cxr_cli_check, cxr_cli_templates,
    cxr_cli_feed, cxr_cli_explain,
    cxr_cli_ingest, cxr_cli_worklist, cxr_cli_quarantine, cxr_cli_policy,
    cxr_cli_person, cxr_cli_photos, cxr_cli_codes
};

static const char  cxr_cli_statuses[] =
    "EXIT STATUS\n"
    "    0  done, and what was looked at is good\n"
    "    1  what was looked at does not hold: forged, broken, refused, wrong\n"
    "    2  wrong usage\n"
    "    3  label verify: a good label whose time is over\n"
    "    4  it could not be done: a file, the disk, memory\n";


/* The command that the words name; *used is how many of them (1 or 2). */

static const cxr_cli_command_t *
cxr_cli_find(int argc, char **argv, int *used)
{
    size_t                    i;
    const cxr_cli_command_t  *c;

    for (i = 0; i < cxr_nelts(cxr_cli_tables); i++) {
        for (c = cxr_cli_tables[i]; c->group != NULL; c++) {

            if (argc < 1 || strcmp(argv[0], c->group) != 0) {
                continue;
            }

            if (c->verb == NULL) {
                *used = 1;
                return c;
            }

            if (argc > 1 && strcmp(argv[1], c->verb) == 0) {
                *used = 2;
                return c;
            }
        }
    }

    return NULL;
}


static bool
cxr_cli_group(const char *name)
{
    size_t                    i;
    const cxr_cli_command_t  *c;

    for (i = 0; i < cxr_nelts(cxr_cli_tables); i++) {
        for (c = cxr_cli_tables[i]; c->group != NULL; c++) {
            if (strcmp(name, c->group) == 0) {
                return true;
            }
        }
    }

    return false;
}


/* The commands of a group, or all. */

static void
cxr_cli_list(FILE *out, const char *group)
{
    char                      name[64];
    size_t                    i;
    const cxr_cli_command_t  *c;

    for (i = 0; i < cxr_nelts(cxr_cli_tables); i++) {
        for (c = cxr_cli_tables[i]; c->group != NULL; c++) {

            if (group != NULL && strcmp(group, c->group) != 0) {
                continue;
            }

            (void) snprintf(name, sizeof(name), "%s%s%s", c->group,
                            c->verb ? " " : "", c->verb ? c->verb : "");
            (void) fprintf(out, "    %-18s %s\n", name, c->summary);
        }
    }
}


static int
cxr_cli_overview(FILE *out)
{
    (void) fprintf(out,
        "cx-returns: keys, labels, the store and the files of a returns "
        "front\n\n"
        "USAGE\n"
        "    cx-returns COMMAND [ARGUMENTS]\n"
        "    cx-returns help COMMAND      all about one command\n\n"
        "COMMANDS\n");
    cxr_cli_list(out, NULL);
    (void) fprintf(out,
        "    %-18s which version this is\n"
        "    %-18s this text, or that of a command\n\n%s",
        "version", "help", cxr_cli_statuses);

    return CXR_EXIT_OK;
}


static int
cxr_cli_unknown(int argc, char **argv)
{
    (void) fprintf(stderr, "cx-returns: there is no command \"%s%s%s\"",
                   argv[0], argc > 1 ? " " : "", argc > 1 ? argv[1] : "");

    if (cxr_cli_group(argv[0])) {
        (void) fprintf(stderr, "; there are:\n");
        cxr_cli_list(stderr, argv[0]);

    } else {
        (void) fprintf(stderr, "; \"cx-returns help\" lists them all\n");
    }

    return CXR_EXIT_USAGE;
}


static int
cxr_cli_help_of(int argc, char **argv)
{
    int                       used;
    const cxr_cli_command_t  *cmd;

    if (argc == 0 || strcmp(argv[0], "help") == 0
        || strcmp(argv[0], "version") == 0)
    {
        return cxr_cli_overview(stdout);
    }

    cmd = cxr_cli_find(argc, argv, &used);

    if (cmd == NULL) {

        /* of a group: its commands */

        if (argc == 1 && cxr_cli_group(argv[0])) {
            cxr_cli_list(stdout, argv[0]);
            return CXR_EXIT_OK;
        }

        return cxr_cli_unknown(argc, argv);
    }

    cxr_cli_help(cmd);

    return CXR_EXIT_OK;
}


void
cxr_cli_help(const cxr_cli_command_t *cmd)
{
    (void) printf("cx-returns %s%s%s: %s\n\n"
                  "USAGE\n    cx-returns %s%s%s%s%s\n\n%s\n%s",
                  cmd->group, cmd->verb ? " " : "",
                  cmd->verb ? cmd->verb : "", cmd->summary, cmd->group,
                  cmd->verb ? " " : "", cmd->verb ? cmd->verb : "",
                  cmd->synopsis[0] != '\0' ? " " : "", cmd->synopsis,
                  cmd->text, cxr_cli_statuses);
}


int
main(int argc, char **argv)
{
    int                       used;
    const cxr_cli_command_t  *cmd;

    argc--;
    argv++;

    if (argc == 0) {
        (void) cxr_cli_overview(stderr);
        return CXR_EXIT_USAGE;
    }

    if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0
        || strcmp(argv[0], "-h") == 0)
    {
        return cxr_cli_flush(cxr_cli_help_of(argc - 1, argv + 1));
    }

    if (strcmp(argv[0], "version") == 0 || strcmp(argv[0], "--version") == 0) {
        (void) printf("cx-returns %s (store format %d)\n", CXR_CLI_VERSION,
                      CXR_STORE_FORMAT);
        return cxr_cli_flush(CXR_EXIT_OK);
    }

    cmd = cxr_cli_find(argc, argv, &used);

    if (cmd == NULL) {

        if (argc == 2 && (strcmp(argv[1], "--help") == 0
                          || strcmp(argv[1], "-h") == 0))
        {
            return cxr_cli_flush(cxr_cli_help_of(1, argv));
        }

        return cxr_cli_unknown(argc, argv);
    }

    if (cxr_sign_init() != CXR_OK) {
        cxr_cli_say("the cryptographic library does not start");
        return CXR_EXIT_FAILED;
    }

    cxr_feed_init();

    /* argv[0] of a command is its last word, as getopt_long() wants it */

    return cxr_cli_flush(cmd->run(cmd, argc - used + 1, argv + used - 1));
}
