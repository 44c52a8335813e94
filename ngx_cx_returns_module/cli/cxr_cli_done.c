
/*
 * What is done, so that a run that was interrupted goes on where it was: a
 * file with one hash a line.  A line is written, and on the disk, when all of
 * its document is committed.
 */

#include "cxr_cli_load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>


#define CXR_CLI_DONE_LINE  (2 * CXR_CLI_LOAD_HASH + 1)


static int
cxr_cli_done_cmp(const void *a, const void *b)
{
    return memcmp(a, b, CXR_CLI_LOAD_HASH);
}


static int
cxr_cli_hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


static bool
cxr_cli_done_line(const char *line, uint8_t hash[CXR_CLI_LOAD_HASH])
{
    int       hi, lo;
    unsigned  i;

    for (i = 0; i < CXR_CLI_LOAD_HASH; i++) {
        hi = cxr_cli_hex(line[2 * i]);
        lo = cxr_cli_hex(line[2 * i + 1]);

        if (hi < 0 || lo < 0) {
            return false;
        }

        hash[i] = (uint8_t) (hi * 16 + lo);
    }

    return line[2 * CXR_CLI_LOAD_HASH] == '\n';
}


static bool
cxr_cli_done_push(cxr_cli_done_t *d, const uint8_t hash[CXR_CLI_LOAD_HASH])
{
    void    *items;
    size_t   room;

    if (d->n == d->room) {
        room = d->room ? d->room * 2 : 256;
        items = realloc(d->items, room * CXR_CLI_LOAD_HASH);

        if (items == NULL) {
            return false;
        }

        d->items = items;
        d->room = room;
    }

    memcpy(d->items[d->n++], hash, CXR_CLI_LOAD_HASH);

    return true;
}


static int
cxr_cli_done_read(cxr_cli_done_t *d, const char *path, off_t size)
{
    off_t    at;
    char     line[CXR_CLI_DONE_LINE];
    uint8_t  hash[CXR_CLI_LOAD_HASH];

    for (at = 0; at + CXR_CLI_DONE_LINE <= size; at += CXR_CLI_DONE_LINE) {

        if (pread(d->fd, line, sizeof(line), at) != sizeof(line)) {
            cxr_cli_say("%s: cannot read: %s", path, strerror(errno));
            return CXR_EXIT_FAILED;
        }

        if (!cxr_cli_done_line(line, hash)) {
            cxr_cli_say("%s: is no state file of \"feed ingest\"; it was left "
                        "as it is", path);
            return CXR_EXIT_FAILED;
        }

        if (!cxr_cli_done_push(d, hash)) {
            cxr_cli_say("not enough memory");
            return CXR_EXIT_FAILED;
        }
    }

    if (at != size && at == 0) {
        cxr_cli_say("%s: is no state file of \"feed ingest\"; it was left as "
                    "it is", path);
        return CXR_EXIT_FAILED;
    }

    /* a line that a power cut left half goes; its document is done again */

    if (at != size && ftruncate(d->fd, at) == -1) {
        cxr_cli_say("%s: cannot write: %s", path, strerror(errno));
        return CXR_EXIT_FAILED;
    }

    if (d->n != 0) {
        qsort(d->items, d->n, CXR_CLI_LOAD_HASH, cxr_cli_done_cmp);
    }

    return CXR_EXIT_OK;
}


int
cxr_cli_done_open(cxr_cli_done_t *d, const char *path)
{
    off_t  size;

    memset(d, 0, sizeof(*d));
    d->fd = -1;

    if (path == NULL) {
        return CXR_EXIT_OK;
    }

    d->fd = open(path, O_RDWR|O_CREAT|O_APPEND|O_CLOEXEC, 0600);

    if (d->fd == -1) {
        cxr_cli_say("%s: cannot open: %s", path, strerror(errno));
        return CXR_EXIT_FAILED;
    }

    if (flock(d->fd, LOCK_EX|LOCK_NB) == -1) {
        cxr_cli_say("%s: another run uses it", path);
        return CXR_EXIT_FAILED;
    }

    size = lseek(d->fd, 0, SEEK_END);

    if (size < 0 || (uint64_t) size > CXR_CLI_LOAD_STATE) {
        cxr_cli_say("%s: is larger than %u MB", path,
                    (unsigned) (CXR_CLI_LOAD_STATE >> 20));
        return CXR_EXIT_FAILED;
    }

    return cxr_cli_done_read(d, path, size);
}


void
cxr_cli_done_close(cxr_cli_done_t *d)
{
    if (d->fd != -1) {
        (void) close(d->fd);
    }

    free(d->items);
    d->items = NULL;
    d->fd = -1;
}


/* Only what was there at the beginning: one run does nothing twice. */
bool
cxr_cli_done_has(const cxr_cli_done_t *d,
    const uint8_t hash[CXR_CLI_LOAD_HASH])
{
    return d->fd != -1 && d->n != 0
           && bsearch(hash, d->items, d->n, CXR_CLI_LOAD_HASH,
                      cxr_cli_done_cmp) != NULL;
}


bool
cxr_cli_done_add(cxr_cli_done_t *d, const uint8_t hash[CXR_CLI_LOAD_HASH])
{
    char       line[CXR_CLI_DONE_LINE];
    cxr_buf_t  b;

    if (d->fd == -1) {
        return true;
    }

    cxr_buf_init_fixed(&b, line, sizeof(line));
    cxr_buf_hex(&b, hash, CXR_CLI_LOAD_HASH);
    cxr_buf_addc(&b, '\n');

    if (write(d->fd, b.data, b.len) == (ssize_t) b.len
        && fdatasync(d->fd) == 0)
    {
        return true;
    }

    cxr_cli_say("cannot write the state file: %s", strerror(errno));

    return false;
}
