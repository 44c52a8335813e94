
/*
 * Rings for the tests and fuzz targets of sign/: a fixed one, whose keys are
 * published test vectors or plain patterns, and a directory to put files in.
 */

#ifndef _CXR_TEST_SIGN_RING_H_INCLUDED_
#define _CXR_TEST_SIGN_RING_H_INCLUDED_

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_sign.h"

/* 2026-11-21T00:00:00Z */
#define RING_NOW    INT64_C(1795219200000)

#define RING_L1     "k4.local.ERERERERERERERERERERERERERERERERERERERERERE"
#define RING_P1     "k4.local.IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI"
#define RING_B1     "k4.local.MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM"
#define RING_L2     "k4.local.REREREREREREREREREREREREREREREREREREREREREQ"
#define RING_S1     "k4.secret.tMv7Q99M4hByfZU-SnEzB_oZu32fhQQUONnhG5QqN3Qe"  \
                    "udu7vAR8A_1wYE4AcfCYfhayi3VyJcEfAEFdDiCxog"
#define RING_S1PUB  "k4.public.Hrnbu7wEfAP9cGBOAHHwmH4Wsot1ciXBHwBBXQ4gsaI"
#define RING_S2     "k4.secret.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8c"  \
                    "5WpIyC_5kWKhS8VEYSZ05dYfuTF-ZdQFV4D9vLTcNQ"
#define RING_S2PUB  "k4.public.HOVqSMgv-ZFioUvFRGEmdOXWH7kxfmXUBVeA_by03DU"

#define RING_KEY(kid, use, secret, at)                                        \
    "{\"kid\":\"" kid "\",\"use\":\"" use "\",\"secret\":\"" secret "\","     \
    "\"created\":\"" at "\"}"
#define RING_AT     "2026-11-21T00:00:00Z"

#define RING_FOUR                                                             \
    RING_KEY("l1", "local", RING_L1, RING_AT) ",\n"                           \
    RING_KEY("s1", "public", RING_S1, RING_AT) ",\n"                          \
    RING_KEY("p1", "person", RING_P1, RING_AT) ",\n"                          \
    RING_KEY("b1", "index", RING_B1, RING_AT)

#define RING_TEXT   "{\"format\":1,\"keys\":[\n" RING_FOUR "\n]}\n"

static char  ring_dir[64];


static inline void
ring_dir_make(void)
{
    strcpy(ring_dir, "/tmp/cxr-sign-XXXXXX");

    if (mkdtemp(ring_dir) == NULL) {
        perror("mkdtemp");
        abort();
    }
}


static inline const char *
ring_path(const char *name)
{
    static char  path[128];

    snprintf(path, sizeof(path), "%s/%s", ring_dir, name);

    return path;
}


/* Writes the file "name" in the directory, anew, and returns its path. */

static inline const char *
ring_write(const char *name, const char *text, mode_t mode)
{
    int          fd;
    const char  *path;

    path = ring_path(name);
    (void) unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

    if (fd == -1
        || write(fd, text, strlen(text)) != (ssize_t) strlen(text)
        || fchmod(fd, mode) == -1
        || close(fd) == -1)
    {
        perror(path);
        abort();
    }

    return path;
}


static inline cxr_keyring_t *
ring_load(const char *text)
{
    cxr_diag_t      d;
    cxr_keyring_t  *ring;

    memset(&d, 0, sizeof(d));

    if (cxr_keyring_load(ring_write("ring", text, 0600), &ring, &d)
        != CXR_OK)
    {
        fprintf(stderr, "%s:%u: %s %s\n", d.file, d.line, d.where, d.text);
        abort();
    }

    return ring;
}


static inline void
ring_dir_remove(void)
{
    static const char  *names[] = { "ring", "new", "pub", "bad", "link" };
    unsigned            i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        (void) unlink(ring_path(names[i]));
    }

    (void) rmdir(ring_dir);
}

#endif /* _CXR_TEST_SIGN_RING_H_INCLUDED_ */
