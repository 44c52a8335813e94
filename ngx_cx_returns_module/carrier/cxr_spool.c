
/*
 * Files without a name: gone with their descriptor, and nobody else's to open.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cxr_push_private.h"


/* Where the file system knows none: one whose name is taken away at once. */
int
cxr_nameless(const char *dir)
{
    int   fd;
    char  path[4096];

    fd = open(dir, O_TMPFILE|O_RDWR|O_CLOEXEC, 0600);

    if (fd != -1 || (errno != EOPNOTSUPP && errno != EISDIR)) {
        return fd;
    }

    if (snprintf(path, sizeof(path), "%s/.part-XXXXXX", dir)
        >= (int) sizeof(path))
    {
        errno = ENAMETOOLONG;
        return -1;
    }

    fd = mkostemp(path, O_CLOEXEC);

    if (fd != -1) {
        (void) unlink(path);
    }

    return fd;
}


int
cxr_write_all(int fd, const char *p, size_t len)
{
    ssize_t  n;

    while (len) {
        n = write(fd, p, len);

        if (n == -1) {
            if (errno == EINTR) {
                continue;
            }

            return errno;
        }

        p += n;
        len -= (size_t) n;
    }

    return 0;
}
