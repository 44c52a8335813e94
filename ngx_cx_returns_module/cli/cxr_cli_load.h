
/*
 * Loading documents into the store: files, directories and archives of them,
 * with progress, and remembering which are done.
 */

#ifndef _CXR_CLI_LOAD_H_INCLUDED_
#define _CXR_CLI_LOAD_H_INCLUDED_

#include <signal.h>

#include "cxr_cli_world.h"

#define CXR_CLI_LOAD_PIECE    ((size_t) 256 << 10)  /* bytes read at once     */
#define CXR_CLI_LOAD_INPUTS   4096          /* arguments                      */
#define CXR_CLI_LOAD_MEMBERS  1000000       /* documents of one archive       */
#define CXR_CLI_LOAD_LAYERS   2             /* packings around one another    */
#define CXR_CLI_LOAD_TOLD     ((size_t) 1 << 20)    /* bytes of refusals told */
#define CXR_CLI_LOAD_STATE    ((size_t) 256 << 20)  /* bytes of a state file  */
#define CXR_CLI_LOAD_HASH     32
#define CXR_CLI_LOAD_NAME     256           /* bytes of a name that is shown  */

typedef struct {
    uint64_t   documents;         /* read to their end, or to their fault     */
    uint64_t   broken;            /* of those: ended by a fault of theirs     */
    uint64_t   done_before;       /* the state file has them                  */
    uint64_t   unread;            /* files that could not be read             */
    uint64_t   bytes;
    uint64_t   records;
    uint64_t   stored;
    uint64_t   repeated;
    uint64_t   refused;
    uint64_t   events;
    uint64_t   unmapped;
    uint64_t   untimed;
    uint64_t   ignored;
} cxr_cli_sum_t;

/* What is done, by hash: a set in memory, appended to a file. */
typedef struct {
    int        fd;                /* -1: nothing is remembered                */
    uint8_t   (*items)[CXR_CLI_LOAD_HASH];
    size_t     n;
    size_t     room;
} cxr_cli_done_t;

typedef struct {
    cxr_cli_world_t       *world;
    const cxr_profile_t   *profile;
    unsigned               batch;
    cxr_str_t              number;      /* that was asked for, or none        */
    bool                   by_name;     /* the file's name is that number     */
    cxr_cli_sum_t          sum;
    cxr_buf_t              told;        /* a line for each refusal            */
    uint64_t               untold;
    cxr_cli_done_t         done;
    uint8_t                key[CXR_CLI_LOAD_HASH];  /* of carrier, shop and
                                                       profile                */
    char                  *piece;
    bool                   failed;      /* the store, not a document          */

    bool                   tty;
    uint64_t               total;       /* bytes of all inputs                */
    uint64_t               passed;      /* of the inputs that are behind us   */
    uint64_t               begun;       /* of the one at hand                 */
    int64_t                start;       /* milliseconds                       */
    int64_t                shown;
} cxr_cli_load_t;

/* set by SIGINT and SIGTERM: what is at hand ends after its batch */
extern volatile sig_atomic_t  cxr_cli_stop;

/* Bytes of a document; 0: its end; -1: it cannot be read, explained. */
typedef ssize_t (*cxr_cli_read_pt)(void *ctx, void *buf, size_t size);

typedef enum {
    CXR_LOAD_DONE = 0,            /* read to its end                          */
    CXR_LOAD_BROKEN,              /* a fault of the document                  */
    CXR_LOAD_UNREAD,
    CXR_LOAD_STOPPED              /* a signal, or the store failed            */
} cxr_load_t;

/* What came with a document when it was posted. */
typedef struct {
    cxr_str_t   charset;
    cxr_str_t   number;           /* that the carrier was asked for           */
} cxr_cli_came_t;

/*
 * One document; "name", for reports, is printable.  "at" (may be NULL) says how
 * far in the input it is.
 */
cxr_load_t cxr_cli_load_doc(cxr_cli_load_t *l, const char *name,
    const cxr_cli_came_t *came, cxr_cli_read_pt fn, uint64_t (*at)(void *ctx),
    void *ctx);

/* The number that a file of that name was asked for, by the file's name or by
   the option; it points into one of them. */
cxr_str_t cxr_cli_load_named(const cxr_cli_load_t *l, const char *path);

/* A file or archive; false: stop. */
bool cxr_cli_load_file(cxr_cli_load_t *l, const char *path);

/* The members of an archive; cxr_cli_archive.c */
bool cxr_cli_is_archive(const uint8_t *head, size_t len);
bool cxr_cli_load_archive(cxr_cli_load_t *l, const char *path,
    const char *shown, const uint8_t hash[CXR_CLI_LOAD_HASH]);

/* Was it done before?  Of a member of an archive: its number is in "hash". */
bool cxr_cli_done_has(const cxr_cli_done_t *d,
    const uint8_t hash[CXR_CLI_LOAD_HASH]);
/* false: cannot be written, explained */
bool cxr_cli_done_add(cxr_cli_done_t *d,
    const uint8_t hash[CXR_CLI_LOAD_HASH]);
int cxr_cli_done_open(cxr_cli_done_t *d, const char *path);
void cxr_cli_done_close(cxr_cli_done_t *d);

void cxr_cli_load_progress(cxr_cli_load_t *l, bool last);

/* a name of a file or member as one may print it: UTF-8, no controls, nothing
   that turns the direction of what follows; cut where "out" ends */
void cxr_cli_printable(const char *name, char *out, size_t size);

#endif /* _CXR_CLI_LOAD_H_INCLUDED_ */
