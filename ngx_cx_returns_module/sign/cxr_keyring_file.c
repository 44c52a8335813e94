
/*
 * The key ring's file: read, created, and given a new key.  A writer makes a
 * whole new file beside the old one and puts it in place in one step, so that
 * no reader and no power cut ever sees half of it.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "cxr_sign_private.h"
#include "cxr_text.h"


/* What a kid begins with, by use; the number of the key follows. */
static const char  cxr_kid_letters[CXR_KEY_USES] = { 'l', 's', 'p', 'b' };


static cxr_rc_t
cxr_file_diag(cxr_diag_t *d, cxr_rc_t rc, const char *path, const char *what,
    int err)
{
    if (err != 0) {
        cxr_diag(d, rc, "", "%s: %s", what, strerror(err));

    } else {
        cxr_diag(d, rc, "", "%s", what);
    }

    cxr_diag_place(d, path, 0, 0);

    return rc;
}


/* Reads what an open descriptor gives; "path" is only for complaints. */

static cxr_rc_t
cxr_secret_fd_read(int fd, const char *path, cxr_secret_file_t *f,
    cxr_diag_t *d)
{
    ssize_t      n;
    struct stat  st;

    memset(f, 0, sizeof(*f));
    f->path = path;

    if (fstat(fd, &st) == -1) {
        return cxr_file_diag(d, CXR_IO, path, "cannot be examined", errno);
    }

    if (!S_ISREG(st.st_mode)) {
        return cxr_file_diag(d, CXR_INVALID, path, "is not a regular file", 0);
    }

    if (st.st_size > CXR_KEYRING_FILE_MAX) {
        return cxr_file_diag(d, CXR_INVALID, path, "is larger than the 64 kB "
                             "that a file of keys can have", 0);
    }

    f->shared = (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;

    /* one byte more, to notice a file that grows meanwhile */

    f->text = malloc(CXR_KEYRING_FILE_MAX + 1);

    if (f->text == NULL) {
        return cxr_file_diag(d, CXR_NOMEM, path, "no memory to read it", 0);
    }

    for ( ;; ) {
        n = read(fd, f->text + f->len, CXR_KEYRING_FILE_MAX + 1 - f->len);

        if (n == 0) {
            return CXR_OK;
        }

        if (n == -1) {
            if (errno == EINTR) {
                continue;
            }

            cxr_file_diag(d, CXR_IO, path, "cannot be read", errno);
            cxr_secret_file_free(f);

            return CXR_IO;
        }

        f->len += (size_t) n;

        if (f->len > CXR_KEYRING_FILE_MAX) {
            cxr_secret_file_free(f);

            return cxr_file_diag(d, CXR_INVALID, path, "is larger than the "
                                 "64 kB that a file of keys can have", 0);
        }
    }
}


static cxr_rc_t
cxr_secret_open(const char *path, int *fd, cxr_diag_t *d)
{
    /* O_NONBLOCK: a FIFO of that name must not hang nginx -t */

    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (*fd == -1) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return cxr_file_diag(d, CXR_NOTFOUND, path, "does not exist", 0);
        }

        return cxr_file_diag(d, CXR_IO, path, "cannot be opened", errno);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_secret_file_read(const char *path, cxr_secret_file_t *f, cxr_diag_t *d)
{
    int       fd;
    cxr_rc_t  rc;

    memset(f, 0, sizeof(*f));

    rc = cxr_secret_open(path, &fd, d);

    if (rc == CXR_OK) {
        rc = cxr_secret_fd_read(fd, path, f, d);
        close(fd);
    }

    return rc;
}


void
cxr_secret_file_free(cxr_secret_file_t *f)
{
    if (f->text != NULL) {
        sodium_memzero(f->text, CXR_KEYRING_FILE_MAX + 1);
        free(f->text);
    }

    f->text = NULL;
    f->len = 0;
}


cxr_rc_t
cxr_secret_file_bad(const cxr_secret_file_t *f, const char *pointer,
    const char *text, cxr_diag_t *d)
{
    cxr_diag(d, CXR_INVALID, pointer, "%s", text);
    cxr_diag_place(d, f->path, cxr_json_line(cxr_strn(f->text, f->len),
                                             pointer), 0);

    return CXR_INVALID;
}


cxr_rc_t
cxr_secret_file_json(const cxr_secret_file_t *f, json_t **root, cxr_diag_t *d)
{
    cxr_rc_t    rc;
    cxr_diag_t  inner;

    memset(&inner, 0, sizeof(inner));

    rc = cxr_json_parse(cxr_strn(f->text, f->len), root, &inner);

    if (rc == CXR_OK) {
        return CXR_OK;
    }

    /* the parser's own words quote what stands near the fault: maybe a key */

    *root = NULL;
    cxr_diag(d, CXR_INVALID, "", "is not well-formed JSON at this place");
    cxr_diag_place(d, f->path, inner.line, inner.column);

    return CXR_INVALID;
}


/* The file's text: one key on two lines, as people like to diff it. */

static bool
cxr_keyring_print(const cxr_keyring_t *ring, cxr_buf_t *b)
{
    char              text[CXR_PASERK_MAX];
    unsigned          i;
    const char       *prefix;
    const cxr_key_t  *k;

    cxr_buf_addz(b, "{\"format\": 1,\n \"keys\": [");

    for (i = 0; i < ring->n; i++) {
        k = &ring->keys[i];

        if (!k->has_secret) {
            cxr_paserk_write(CXR_PASERK_PUBLIC, k->pub, CXR_KEY_LEN, text);

        } else if (k->use == CXR_KEY_PUBLIC) {
            cxr_paserk_write(CXR_PASERK_SECRET, k->secret, CXR_SECRET_LEN,
                             text);

        } else {
            cxr_paserk_write(CXR_PASERK_LOCAL, k->secret, CXR_KEY_LEN, text);
        }

        prefix = k->has_secret ? "secret" : "public";

        cxr_buf_addz(b, i == 0 ? "\n" : ",\n");
        cxr_buf_addz(b, "   {\"kid\": \"");
        cxr_buf_addz(b, k->kid);
        cxr_buf_addz(b, "\", \"use\": \"");
        cxr_buf_addz(b, cxr_key_use_names[k->use]);
        cxr_buf_addz(b, "\", \"created\": \"");
        cxr_time_print(k->created, b);
        cxr_buf_addz(b, k->has_secret ? "\",\n" : "\", \"retired\": true,\n");
        cxr_buf_addz(b, "    \"");
        cxr_buf_addz(b, prefix);
        cxr_buf_addz(b, "\": \"");
        cxr_buf_addz(b, text);
        cxr_buf_addz(b, "\"}");

        sodium_memzero(text, sizeof(text));
    }

    cxr_buf_addz(b, "\n ]}\n");

    return cxr_buf_ok(b);
}


static bool
cxr_fd_write(int fd, const char *p, size_t len)
{
    ssize_t  n;

    while (len != 0) {
        n = write(fd, p, len);

        if (n == -1) {
            if (errno == EINTR) {
                continue;
            }

            return false;
        }

        p += n;
        len -= (size_t) n;
    }

    return true;
}


/*
 * A new file with the ring's text beside "path", on disk; its name in "tmp".
 * "like", when given, is whose owner it gets: a rotation run by root must not
 * take the ring away from the user that nginx reads it as.
 */

static cxr_rc_t
cxr_keyring_write_tmp(const char *path, const cxr_keyring_t *ring,
    const struct stat *like, char tmp[PATH_MAX], cxr_diag_t *d)
{
    int        fd, err, n;
    bool       ok;
    char      *mem;
    cxr_buf_t  b;

    n = snprintf(tmp, PATH_MAX, "%s.%ld.tmp", path, (long) getpid());

    if (n < 0 || n >= PATH_MAX) {
        return cxr_file_diag(d, CXR_INVALID, path, "has too long a name", 0);
    }

    mem = malloc(CXR_KEYRING_FILE_MAX);

    if (mem == NULL) {
        return cxr_file_diag(d, CXR_NOMEM, path, "no memory to write it", 0);
    }

    cxr_buf_init_fixed(&b, mem, CXR_KEYRING_FILE_MAX);

    /* left by a process of the same number that was killed */
    (void) unlink(tmp);

    err = 0;
    fd = -1;
    ok = cxr_keyring_print(ring, &b);

    if (ok) {
        fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                  S_IRUSR | S_IWUSR);

        ok = fd != -1
             && (like == NULL
                 || (like->st_uid == geteuid() && like->st_gid == getegid())
                 || fchown(fd, like->st_uid, like->st_gid) == 0)
             && fchmod(fd, S_IRUSR | S_IWUSR) == 0
             && cxr_fd_write(fd, b.data, b.len)
             && fsync(fd) == 0;

        err = ok ? 0 : errno;
    }

    sodium_memzero(mem, CXR_KEYRING_FILE_MAX);
    free(mem);

    if (fd != -1 && close(fd) == -1 && ok) {
        err = errno;
        ok = false;
    }

    if (!ok) {
        if (fd != -1) {
            (void) unlink(tmp);
        }

        return cxr_file_diag(d, CXR_IO, path, "a new file beside it cannot be "
                             "written", err);
    }

    return CXR_OK;
}


/* Makes the new name itself last: the directory is a file, too. */

static cxr_rc_t
cxr_keyring_sync_dir(const char *path, cxr_diag_t *d)
{
    int    fd, err;
    char   dir[PATH_MAX], *slash;

    /* the path was short enough for the temporary name */
    memcpy(dir, path, strlen(path) + 1);
    slash = strrchr(dir, '/');

    if (slash == NULL) {
        memcpy(dir, ".", 2);

    } else {
        slash[slash == dir ? 1 : 0] = '\0';
    }

    fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    err = fd == -1 || fsync(fd) == -1 ? errno : 0;

    if (fd != -1) {
        close(fd);
    }

    if (err != 0) {
        return cxr_file_diag(d, CXR_IO, path, "was written, but its directory "
                             "cannot be synced", err);
    }

    return CXR_OK;
}


/* A new key with the next free kid of its use; NULL: the ring is full. */

static cxr_key_t *
cxr_keyring_new_key(cxr_keyring_t *ring, cxr_key_use_t use, cxr_time_t now)
{
    char        kid[24];
    uint64_t    v, next;
    unsigned    i;
    uint8_t     pub[CXR_KEY_LEN];
    cxr_str_t   s;
    cxr_key_t  *k;

    next = 1;

    for (i = 0; i < ring->n; i++) {
        s = cxr_strz(ring->keys[i].kid);

        if (s.data[0] == cxr_kid_letters[use]
            && cxr_parse_uint(cxr_strn(s.data + 1, s.len - 1), 9999998, &v)
            && v >= next)
        {
            next = v + 1;
        }

        /*
         * The newest makes.  Where the clock was set back since the last key,
         * the new one is dated like it, and wins by its place.
         */

        if (ring->keys[i].use == use && ring->keys[i].created > now) {
            now = ring->keys[i].created;
        }
    }

    k = cxr_keyring_add(ring);

    if (k == NULL) {
        return NULL;
    }

    snprintf(kid, sizeof(kid), "%c%u", cxr_kid_letters[use], (unsigned) next);
    memcpy(k->kid, kid, strlen(kid) + 1);

    k->use = use;
    k->created = now;

    if (use == CXR_KEY_PUBLIC) {
        crypto_sign_keypair(pub, k->secret);

    } else {
        randombytes_buf(k->secret, CXR_KEY_LEN);
    }

    cxr_key_derive(k);

    return k;
}


cxr_rc_t
cxr_keyring_create(const char *path, cxr_time_t now, cxr_diag_t *d)
{
    int             err;
    char            tmp[PATH_MAX];
    cxr_rc_t        rc;
    unsigned        use;
    cxr_keyring_t  *ring;

    if (!cxr_claim_time(now)) {
        return cxr_file_diag(d, CXR_INVALID, path, "needs the time of its "
                             "making", 0);
    }

    ring = cxr_keyring_alloc();

    if (ring == NULL) {
        return cxr_file_diag(d, CXR_NOMEM, path, "no memory for the key ring",
                             0);
    }

    for (use = 0; use < CXR_KEY_USES; use++) {
        (void) cxr_keyring_new_key(ring, (cxr_key_use_t) use, now);
    }

    rc = cxr_keyring_write_tmp(path, ring, NULL, tmp, d);

    cxr_keyring_free(ring);

    if (rc != CXR_OK) {
        return rc;
    }

    /* link(), unlike rename(), never replaces a ring that is there */

    err = link(tmp, path) == -1 ? errno : 0;
    (void) unlink(tmp);

    if (err == EEXIST) {
        return cxr_file_diag(d, CXR_CONFLICT, path, "exists, and is left as "
                             "it is: a new ring would void every link and "
                             "label of the old one", 0);
    }

    if (err != 0) {
        return cxr_file_diag(d, CXR_IO, path, "cannot be created", err);
    }

    return cxr_keyring_sync_dir(path, d);
}


/* Reads the ring out of the locked file into one that can be added to. */

static cxr_rc_t
cxr_keyring_reread(int fd, const char *path, cxr_keyring_t *ring,
    cxr_diag_t *d)
{
    json_t             *root;
    cxr_rc_t            rc;
    cxr_secret_file_t   f;

    rc = cxr_secret_fd_read(fd, path, &f, d);

    if (rc != CXR_OK) {
        return rc;
    }

    root = NULL;

    if (f.shared) {
        rc = cxr_file_diag(d, CXR_INVALID, path, "group or others have access "
                           "to this file of secret keys: chmod 600 it", 0);

    } else {
        rc = cxr_secret_file_json(&f, &root, d);
    }

    if (rc == CXR_OK) {
        rc = cxr_keyring_parse(&f, root, true, ring, d);
    }

    cxr_secret_json_free(root);
    cxr_secret_file_free(&f);

    return rc;
}


/*
 * The lock is on the file, and the file is replaced by whoever holds it: after
 * the lock is ours, the name must still stand for what was locked.
 */

static cxr_rc_t
cxr_keyring_lock(const char *path, int fd, struct stat *st, cxr_diag_t *d)
{
    struct stat  now;

    if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
        if (errno == EWOULDBLOCK) {
            return cxr_file_diag(d, CXR_CONFLICT, path, "is being rotated by "
                                 "another process: try again", 0);
        }

        return cxr_file_diag(d, CXR_IO, path, "cannot be locked", errno);
    }

    if (fstat(fd, st) == -1 || stat(path, &now) == -1) {
        return cxr_file_diag(d, CXR_IO, path, "cannot be examined", errno);
    }

    if (st->st_ino != now.st_ino || st->st_dev != now.st_dev) {
        return cxr_file_diag(d, CXR_CONFLICT, path, "was replaced meanwhile: "
                             "try again", 0);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_keyring_rotate(const char *path, cxr_key_use_t use, cxr_time_t now,
    cxr_diag_t *d)
{
    int             fd;
    char            real[PATH_MAX], tmp[PATH_MAX];
    cxr_rc_t        rc;
    struct stat     st;
    cxr_keyring_t  *ring;

    if ((unsigned) use >= CXR_KEY_USES || use == CXR_KEY_INDEX) {
        return cxr_file_diag(d, CXR_INVALID, path, "a key of use \"index\" is "
                             "never rotated: under a new one nothing that was "
                             "stored would be found", 0);
    }

    if (!cxr_claim_time(now)) {
        return cxr_file_diag(d, CXR_INVALID, path, "needs the time of the "
                             "rotation", 0);
    }

    rc = cxr_secret_open(path, &fd, d);

    if (rc != CXR_OK) {
        return rc;
    }

    /* the file itself is replaced, not a symbolic link that leads to it */

    if (realpath(path, real) == NULL) {
        rc = cxr_file_diag(d, CXR_IO, path, "cannot be resolved", errno);
        close(fd);
        return rc;
    }

    ring = cxr_keyring_alloc();

    if (ring == NULL) {
        close(fd);
        return cxr_file_diag(d, CXR_NOMEM, path, "no memory for the key ring",
                             0);
    }

    rc = cxr_keyring_lock(real, fd, &st, d);

    if (rc == CXR_OK) {
        rc = cxr_keyring_reread(fd, path, ring, d);
    }

    if (rc == CXR_OK && cxr_keyring_new_key(ring, use, now) == NULL) {
        rc = cxr_file_diag(d, CXR_LIMIT, path, "has all the 64 keys a ring can "
                           "hold: take out what is no longer needed", 0);
    }

    if (rc == CXR_OK) {
        rc = cxr_keyring_write_tmp(real, ring, &st, tmp, d);
    }

    if (rc == CXR_OK) {
        if (rename(tmp, real) == -1) {
            rc = cxr_file_diag(d, CXR_IO, path, "cannot be replaced", errno);
            (void) unlink(tmp);

        } else {
            rc = cxr_keyring_sync_dir(real, d);
        }
    }

    cxr_keyring_free(ring);
    close(fd);

    return rc;
}
