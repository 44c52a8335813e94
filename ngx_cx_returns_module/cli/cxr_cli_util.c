
#include "cxr_cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CXR_CLI_HELP  0x100         /* getopt_long()'s value for --help       */


void
cxr_cli_say(const char *fmt, ...)
{
    va_list  args;

    (void) fputs("cx-returns: ", stderr);
    va_start(args, fmt);
    (void) vfprintf(stderr, fmt, args);
    va_end(args);
    (void) fputc('\n', stderr);
}


int
cxr_cli_usage(const cxr_cli_command_t *cmd, const char *fmt, ...)
{
    va_list      args;
    const char  *verb = cmd->verb ? cmd->verb : "";
    const char  *blank = cmd->verb ? " " : "";

    (void) fprintf(stderr, "cx-returns %s%s%s: ", cmd->group, blank, verb);
    va_start(args, fmt);
    (void) vfprintf(stderr, fmt, args);
    va_end(args);
    (void) fprintf(stderr, "\nusage: cx-returns %s%s%s %s\n"
                   "\"cx-returns help %s%s%s\" says more\n",
                   cmd->group, blank, verb, cmd->synopsis,
                   cmd->group, blank, verb);

    return CXR_EXIT_USAGE;
}


/* The option that getopt_long() stopped at, without its dashes and value. */

static int
cxr_cli_bad_option(const cxr_cli_command_t *cmd, int c, char **argv)
{
    const char  *arg = argv[optind - 1];

    if (c == ':') {
        return cxr_cli_usage(cmd, "\"%s\" needs a value", arg);
    }

    if (optopt != 0 && optopt < CXR_CLI_HELP) {
        return cxr_cli_usage(cmd, "there is no option \"-%c\"", optopt);
    }

    return cxr_cli_usage(cmd, "there is no option \"%s\" here, or it takes no "
                         "value", arg);
}


int
cxr_cli_options(const cxr_cli_command_t *cmd, int argc, char **argv,
    const cxr_cli_option_t *opts, int min, int max, int *status)
{
    int            i, c, n;
    struct option  longs[CXR_CLI_OPTIONS_MAX + 2];

    memset(longs, 0, sizeof(longs));

    for (n = 0; opts[n].name != NULL && n < CXR_CLI_OPTIONS_MAX; n++) {
        longs[n].name = opts[n].name;
        longs[n].has_arg = opts[n].value ? required_argument : no_argument;
        longs[n].val = CXR_CLI_HELP + 1 + n;
    }

    longs[n].name = "help";
    longs[n].val = CXR_CLI_HELP;

    optind = 0;                      /* glibc: begin anew, permuting          */
    opterr = 0;

    for ( ;; ) {
        c = getopt_long(argc, argv, ":h", longs, NULL);

        if (c == -1) {
            break;
        }

        if (c == 'h' || c == CXR_CLI_HELP) {
            cxr_cli_help(cmd);
            *status = CXR_EXIT_OK;
            return -1;
        }

        if (c <= CXR_CLI_HELP) {
            *status = cxr_cli_bad_option(cmd, c, argv);
            return -1;
        }

        i = c - CXR_CLI_HELP - 1;

        if (opts[i].flag != NULL) {
            *opts[i].flag = true;
            continue;
        }

        if (*opts[i].value != NULL) {
            *status = cxr_cli_usage(cmd, "\"--%s\" is given twice",
                                    opts[i].name);
            return -1;
        }

        *opts[i].value = optarg;
    }

    n = argc - optind;

    if (n < min || n > max) {
        *status = n < min ? cxr_cli_usage(cmd, "an argument is missing")
                          : cxr_cli_usage(cmd, "\"%s\" is one argument too "
                                          "many", argv[optind + max]);
        return -1;
    }

    memmove(argv + 1, argv + optind, (size_t) n * sizeof(char *));

    return n;
}


int
cxr_cli_status(cxr_rc_t rc)
{
    switch (rc) {

    case CXR_OK:
        return CXR_EXIT_OK;

    case CXR_EXPIRED:
        return CXR_EXIT_EXPIRED;

    case CXR_INVALID:
    case CXR_LIMIT:
    case CXR_REFUSED:
    case CXR_FORGED:
        return CXR_EXIT_WRONG;

    default:
        return CXR_EXIT_FAILED;
    }
}


int
cxr_cli_diag(const cxr_diag_t *d, cxr_rc_t rc)
{
    char  line[sizeof(cxr_diag_t)];

    if (d->text[0] == '\0') {
        cxr_cli_say("%s", cxr_rc_name(rc));

    } else {
        (void) cxr_diag_print(d, line, sizeof(line));
        cxr_cli_say("%s", line);
    }

    return cxr_cli_status(rc);
}


bool
cxr_cli_time(const cxr_cli_command_t *cmd, const char *at, cxr_time_t *now)
{
    struct timespec  ts;

    if (at != NULL) {

        if (cxr_time_parse(cxr_strz(at), now) == CXR_OK) {
            return true;
        }

        (void) cxr_cli_usage(cmd, "\"--at\" wants a time like "
                             "2026-11-02T09:14:00Z");
        return false;
    }

    (void) clock_gettime(CLOCK_REALTIME, &ts);
    *now = (cxr_time_t) ts.tv_sec * CXR_SECOND + ts.tv_nsec / 1000000;

    return true;
}


int
cxr_cli_store_open(const char *dir, const cxr_keyring_t *ring,
    cxr_store_t **store)
{
    cxr_rc_t          rc;
    cxr_diag_t        d;
    cxr_store_conf_t  conf;

    memset(&d, 0, sizeof(d));
    memset(&conf, 0, sizeof(conf));
    conf.dir = dir;
    conf.ring = ring;
    conf.read_only = true;

    rc = cxr_store_open(&conf, store, &d);

    if (rc == CXR_OK) {
        return CXR_EXIT_OK;
    }

    /* what cannot be entered looks as if it were not there */

    if (access(dir, R_OK|W_OK|X_OK) == -1 && errno == EACCES) {
        cxr_cli_say("%s: no access. Run this as the user who owns the store "
                    "(nginx's) or as root; to read takes the right to write, "
                    "too: readers sign in to the lock file", dir);
        return CXR_EXIT_FAILED;
    }

    return cxr_cli_diag(&d, rc);
}


int
cxr_cli_dir_make(const char *dir)
{
    int  err;

    if (mkdir(dir, 0700) == 0 || errno == EEXIST) {
        return CXR_EXIT_OK;
    }

    err = errno;
    cxr_cli_say("%s: cannot make the directory: %s", dir, strerror(err));

    return CXR_EXIT_FAILED;
}


void
cxr_cli_progress(void *ctx, uint64_t done, uint64_t total)
{
    const char  *what = ctx;

    if (!isatty(STDERR_FILENO)) {
        return;
    }

    (void) fprintf(stderr, "\r%s: %llu of %llu%s", what,
                   (unsigned long long) done, (unsigned long long) total,
                   done >= total ? "\n" : "");
}


int
cxr_cli_flush(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return status;
    }

    cxr_cli_say("cannot write to standard output: %s", strerror(errno));

    return CXR_EXIT_FAILED;
}
