
/*
 * LD_PRELOAD: a disk whose flush takes CX_SYNC_USEC microseconds longer
 * (default 2000).  The disks of virtual machines often have a cache that
 * answers at once; this one stands for those that do not.
 *
 * LMDB flushes twice for a commit: the data by fdatasync() (msync() with a
 * write map), then its meta page by a pwrite() to a descriptor that was opened
 * with O_DSYNC.  That second flush is slowed down as well unless
 * CX_SYNC_META=0.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>


#define SLOWSYNC_USEC  2000


static long  slowsync_usec = -1;
static int   slowsync_meta;


static void
slowsync_wait(void)
{
    struct timespec  ts;

    ts.tv_sec = slowsync_usec / 1000000;
    ts.tv_nsec = slowsync_usec % 1000000 * 1000;

    while (nanosleep(&ts, &ts) == -1) { /* void */ }
}


static void *
slowsync_real(const char *name)
{
    void  *f = dlsym(RTLD_NEXT, name);

    if (f == NULL) {
        abort();
    }

    return f;
}


__attribute__((constructor)) static void
slowsync_init(void)
{
    const char  *p;

    p = getenv("CX_SYNC_USEC");
    slowsync_usec = p ? strtol(p, NULL, 10) : SLOWSYNC_USEC;

    p = getenv("CX_SYNC_META");
    slowsync_meta = p == NULL || *p != '0';
}


int
fdatasync(int fd)
{
    static int  (*real)(int);

    if (real == NULL) {
        real = slowsync_real("fdatasync");
    }

    slowsync_wait();

    return real(fd);
}


int
fsync(int fd)
{
    static int  (*real)(int);

    if (real == NULL) {
        real = slowsync_real("fsync");
    }

    slowsync_wait();

    return real(fd);
}


int
msync(void *addr, size_t len, int flags)
{
    static int  (*real)(void *, size_t, int);

    if (real == NULL) {
        real = slowsync_real("msync");
    }

    if (flags & MS_SYNC) {
        slowsync_wait();
    }

    return real(addr, len, flags);
}


static void
slowsync_write(int fd)
{
    int  flags = slowsync_meta ? fcntl(fd, F_GETFL) : 0;

    if (flags != -1 && (flags & O_DSYNC)) {
        slowsync_wait();
    }
}


ssize_t
pwrite(int fd, const void *buf, size_t n, off_t at)
{
    static ssize_t  (*real)(int, const void *, size_t, off_t);

    if (real == NULL) {
        real = slowsync_real("pwrite");
    }

    slowsync_write(fd);

    return real(fd, buf, n, at);
}


ssize_t
pwrite64(int fd, const void *buf, size_t n, off64_t at)
{
    static ssize_t  (*real)(int, const void *, size_t, off64_t);

    if (real == NULL) {
        real = slowsync_real("pwrite64");
    }

    slowsync_write(fd);

    return real(fd, buf, n, at);
}
