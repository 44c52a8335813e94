
#include "cxr_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


cxr_rc_t
cxr_file_read(const char *path, size_t max, char **text, size_t *len,
    cxr_diag_t *d)
{
    int          fd, err;
    char        *buf;
    size_t       used, size;
    ssize_t      n;
    cxr_rc_t     rc;
    struct stat  st;

    buf = NULL;
    rc = CXR_IO;

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NONBLOCK);

    if (fd == -1 || fstat(fd, &st) == -1) {
        err = errno;
        rc = cxr_diag(d, err == ENOENT ? CXR_NOTFOUND : CXR_IO, "",
                      "cannot be opened: %s", strerror(err));
        goto failed;
    }

    if (!S_ISREG(st.st_mode)) {
        rc = cxr_diag(d, CXR_IO, "", "is not a plain file");
        goto failed;
    }

    if ((uint64_t) st.st_size > max) {
        rc = cxr_diag(d, CXR_LIMIT, "", "is larger than %zu bytes", max);
        goto failed;
    }

    size = (size_t) st.st_size;

    buf = malloc(size + 1);
    if (buf == NULL) {
        rc = cxr_diag(d, CXR_NOMEM, "", "does not fit into memory");
        goto failed;
    }

    for (used = 0; used < size; used += (size_t) n) {

        n = read(fd, buf + used, size - used);

        if (n == -1 && errno == EINTR) {
            n = 0;
            continue;
        }

        if (n == -1) {
            rc = cxr_diag(d, CXR_IO, "", "cannot be read: %s",
                          strerror(errno));
            goto failed;
        }

        if (n == 0) {
            break;
        }
    }

    (void) close(fd);

    buf[used] = '\0';

    *text = buf;
    *len = used;

    return CXR_OK;

failed:

    cxr_diag_place(d, path, 0, 0);

    if (fd != -1) {
        (void) close(fd);
    }

    free(buf);

    return rc;
}
