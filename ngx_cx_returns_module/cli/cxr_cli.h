
/*
 * cx-returns, the operator's command: what its commands share.  Each group of
 * commands is a file of its own that fills in a table.
 *
 * Standard output carries the result and nothing else; what went wrong goes to
 * standard error, as "cx-returns: file:line: where: what is wrong"; progress
 * only to a terminal.
 */

#ifndef _CXR_CLI_H_INCLUDED_
#define _CXR_CLI_H_INCLUDED_

#include <stdio.h>

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_store.h"
#include "cxr_time.h"

#define CXR_CLI_VERSION      "0.1.0"

/* exit statuses, as "cx-returns help" documents them */
#define CXR_EXIT_OK          0
#define CXR_EXIT_WRONG       1    /* what was looked at does not hold         */
#define CXR_EXIT_USAGE       2
#define CXR_EXIT_EXPIRED     3    /* label verify: good, but past its time    */
#define CXR_EXIT_FAILED      4    /* it could not be done: file, disk, memory */

#define CXR_CLI_ARENA_MAX    ((size_t) 256 << 20)
#define CXR_CLI_OPTIONS_MAX  16
#define CXR_CLI_DIAGS_MAX    64
#define CXR_CLI_LINE_MAX     (8 * 1024 * 1024)   /* bytes of a printed record */


/* An option: sets *value to its argument, or *flag; exactly one is not NULL. */
typedef struct {
    const char   *name;              /* "store"; ends a table when NULL       */
    const char  **value;
    bool         *flag;
} cxr_cli_option_t;

typedef struct cxr_cli_command_s  cxr_cli_command_t;

struct cxr_cli_command_s {
    const char   *group;             /* "keys"; ends a table when NULL        */
    const char   *verb;              /* "create"; NULL: the group is all      */
    const char   *synopsis;          /* after the name: "FILE [--json]"       */
    const char   *summary;           /* one line                              */
    const char   *text;              /* the rest of its help                  */
    int         (*run)(const cxr_cli_command_t *cmd, int argc, char **argv);
};

extern const cxr_cli_command_t  cxr_cli_keys[];
extern const cxr_cli_command_t  cxr_cli_label[];
extern const cxr_cli_command_t  cxr_cli_receipt[];
extern const cxr_cli_command_t  cxr_cli_store[];
extern const cxr_cli_command_t  cxr_cli_dump[];
extern const cxr_cli_command_t  cxr_cli_check[];
extern const cxr_cli_command_t  cxr_cli_feed[];
extern const cxr_cli_command_t  cxr_cli_ingest[];
extern const cxr_cli_command_t  cxr_cli_worklist[];
extern const cxr_cli_command_t  cxr_cli_quarantine[];
extern const cxr_cli_command_t  cxr_cli_policy[];
extern const cxr_cli_command_t  cxr_cli_person[];
extern const cxr_cli_command_t  cxr_cli_photos[];
extern const cxr_cli_command_t  cxr_cli_codes[];


/*
 * Reads the options of argv[1..] by "opts" (--help besides) and moves what is
 * no option to argv[1..n]; returns n.  At least "min" and at most "max" of
 * these are wanted.  -1: the program is to end with *status (--help, or wrong
 * usage, which has been explained).
 */
int cxr_cli_options(const cxr_cli_command_t *cmd, int argc, char **argv,
    const cxr_cli_option_t *opts, int min, int max, int *status);

/* How the command is called; returns CXR_EXIT_USAGE. */
int cxr_cli_usage(const cxr_cli_command_t *cmd, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The whole help of a command, on standard output. */
void cxr_cli_help(const cxr_cli_command_t *cmd);

/* "cx-returns: text" on standard error */
void cxr_cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Says the diagnosis; returns the exit status for its rc. */
int cxr_cli_diag(const cxr_diag_t *d, cxr_rc_t rc);

/* The exit status for a result. */
int cxr_cli_status(cxr_rc_t rc);

/* now, or "at" as RFC 3339; false: explained */
bool cxr_cli_time(const cxr_cli_command_t *cmd, const char *at,
    cxr_time_t *now);

/*
 * Opens the store for reading, safely beside a running nginx.  "ring" may be
 * NULL.  Returns CXR_EXIT_OK or an exit status, explained.
 */
int cxr_cli_store_open(const char *dir, const cxr_keyring_t *ring,
    cxr_store_t **store);

/* Makes the directory, 0700, unless it is there. */
int cxr_cli_dir_make(const char *dir);

/* For cxr_progress_pt: a line that overwrites itself, on a terminal only.
   "ctx" is what is done: "verifying". */
void cxr_cli_progress(void *ctx, uint64_t done, uint64_t total);

/* An error of standard output, of which a full disk is the usual one. */
int cxr_cli_flush(int status);

#endif /* _CXR_CLI_H_INCLUDED_ */
