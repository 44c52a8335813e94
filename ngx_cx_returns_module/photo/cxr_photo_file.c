
/*
 * Photos and carriers' labels on the disk: one file each, by a name that says
 * nothing of it, in 256 directories.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cxr_label_file.h"
#include "cxr_photo_private.h"
#include "cxr_sign.h"

#define PHOTO_PATH_MAX  4096
#define PHOTO_ARENA     ((size_t) 64 << 20)     /* an order's messages        */
#define PHOTO_NAME_LEN  (2 * CXR_PHOTO_HASH_LEN)


static bool
photo_name(cxr_str_t hash, char out[PHOTO_NAME_LEN + 1])
{
    cxr_buf_t  b;

    if (hash.len != CXR_PHOTO_HASH_LEN) {
        return false;
    }

    cxr_buf_init_fixed(&b, out, PHOTO_NAME_LEN + 1);
    cxr_buf_hex(&b, hash.data, hash.len);
    out[PHOTO_NAME_LEN] = '\0';

    return true;
}


static const char  photo_full[] = ".jpg";
static const char  photo_small[] = "-s.jpg";

/* whatever stands in such a directory; the small one is none by itself */
static const char *const  photo_endings[] = {
    photo_full, photo_small, CXR_LABEL_PDF, CXR_LABEL_PNG
};


char *
cxr_file_path(const char *dir, cxr_str_t hash, const char *ending,
    cxr_arena_t *a)
{
    char       name[PHOTO_NAME_LEN + 1];
    cxr_str_t  path;

    if (!photo_name(hash, name)) {
        return NULL;
    }

    path = cxr_sprintf(a, "%s/%.2s/%s%s", dir, name, name, ending);

    return path.data ? cxr_strz_dup(a, path) : NULL;
}


char *
cxr_photo_path(const char *dir, cxr_str_t hash, bool small, cxr_arena_t *a)
{
    return cxr_file_path(dir, hash, small ? photo_small : photo_full, a);
}


static cxr_rc_t
photo_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? CXR_FULL
           : errno == ENOMEM ? CXR_NOMEM : CXR_IO;
}


static cxr_rc_t
photo_sync_dir(const char *path)
{
    int       fd;
    cxr_rc_t  rc;

    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return photo_errno();
    }

    rc = fsync(fd) == 0 ? CXR_OK : photo_errno();
    (void) close(fd);

    return rc;
}


static cxr_rc_t
photo_write(const char *path, cxr_str_t bytes)
{
    int       fd;
    size_t    done;
    ssize_t   n;
    cxr_rc_t  rc = CXR_OK;

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return photo_errno();
    }

    for (done = 0; done < bytes.len; done += (size_t) n) {
        n = write(fd, bytes.data + done, bytes.len - done);

        if (n < 0) {
            if (errno == EINTR) {
                n = 0;
                continue;
            }

            rc = photo_errno();
            break;
        }
    }

    if (rc == CXR_OK && fsync(fd) != 0) {
        rc = photo_errno();
    }

    if (close(fd) != 0 && rc == CXR_OK) {
        rc = photo_errno();
    }

    if (rc != CXR_OK) {
        (void) unlink(path);
    }

    return rc;
}


/* First under another name, synced, then renamed. */

static cxr_rc_t
photo_put(const char *dir, const char *name, const char *ending,
    cxr_str_t bytes)
{
    char      sub[PHOTO_PATH_MAX], tmp[PHOTO_PATH_MAX], path[PHOTO_PATH_MAX];
    uint8_t   random[8];
    uint64_t  r;
    cxr_rc_t  rc = CXR_OK;

    cxr_random(random, sizeof(random));
    memcpy(&r, random, sizeof(r));

    if (snprintf(sub, sizeof(sub), "%s/%.2s", dir, name)
        >= (int) sizeof(sub) - PHOTO_NAME_LEN - 32)
    {
        return CXR_LIMIT;
    }

    (void) snprintf(path, sizeof(path), "%.*s/%s%s", PHOTO_PATH_MAX - 128,
                    sub, name, ending);
    (void) snprintf(tmp, sizeof(tmp), "%.*s/.%016llx.tmp",
                    PHOTO_PATH_MAX - 128, sub, (unsigned long long) r);

    if (mkdir(sub, 0700) == 0) {
        rc = photo_sync_dir(dir);

    } else if (errno != EEXIST) {
        rc = photo_errno();
    }

    if (rc == CXR_OK) {
        rc = photo_write(tmp, bytes);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (rename(tmp, path) != 0) {
        rc = photo_errno();
        (void) unlink(tmp);
        return rc;
    }

    return photo_sync_dir(sub);
}


/*
 * A hash of a picture, or of an address, stays what identifies a person where
 * whoever has the file can make it again; and the journal forgets no name.  So
 * it is made with a secret that goes with the person.
 */

void
cxr_file_secret(cxr_store_t *store, const cxr_shop_t *shop, cxr_str_t order,
    cxr_str_t rma, uint8_t secret[CXR_SECRET_LEN])
{
    cxr_rc_t      rc;
    cxr_rma_t     of;
    cxr_read_t   *rd;
    cxr_arena_t  *a;

    a = cxr_arena_create(PHOTO_ARENA);
    rc = a ? cxr_read_begin(store, &rd) : CXR_NOMEM;

    if (rc == CXR_OK) {

        if (rma.len != 0) {
            rc = cxr_read_rma(rd, shop, rma, a, &of);
        }

        if (rc == CXR_OK) {
            rc = rma.len != 0
                 ? cxr_read_gift_secret(rd, shop, &of, "files", secret)
                 : cxr_read_secret(rd, shop, order, "files", secret);
        }

        cxr_read_end(rd);
    }

    cxr_arena_destroy(a);

    /* nobody's, or not to be had: then the same file has two names */

    if (rc != CXR_OK) {
        cxr_random(secret, CXR_SECRET_LEN);
    }
}


cxr_rc_t
cxr_file_keep(const char *dir, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t scope, cxr_str_t bytes, const char *ending, cxr_arena_t *a,
    cxr_str_t *hash)
{
    char        name[PHOTO_NAME_LEN + 1];
    uint8_t     sum[CXR_PHOTO_HASH_LEN];
    cxr_rc_t    rc;
    cxr_hash_t  h;

    cxr_hash_begin(&h, sizeof(sum), secret, CXR_SECRET_LEN);
    cxr_hash_add(&h, &scope.len, sizeof(scope.len));
    cxr_hash_add(&h, scope.data, scope.len);
    cxr_hash_add(&h, bytes.data, bytes.len);
    cxr_hash_end(&h, sum, sizeof(sum));

    rc = cxr_str_dup(a, cxr_strn(sum, sizeof(sum)), hash);
    if (rc != CXR_OK) {
        return rc;
    }

    (void) photo_name(*hash, name);

    return photo_put(dir, name, ending, bytes);
}


cxr_rc_t
cxr_photo_keep(const char *dir, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t scope, cxr_str_t jpeg, cxr_arena_t *a, cxr_str_t *hash)
{
    return cxr_file_keep(dir, secret, scope, jpeg, photo_full, a, hash);
}


cxr_rc_t
cxr_photo_keep_small(const char *dir, cxr_str_t hash, cxr_str_t jpeg)
{
    char  name[PHOTO_NAME_LEN + 1];

    return photo_name(hash, name) ? photo_put(dir, name, photo_small, jpeg)
                                  : CXR_INVALID;
}


/* The path of one of the two; false: no hash, or too long. */

static bool
photo_at(const char *dir, cxr_str_t hash, const char *ending,
    char path[PHOTO_PATH_MAX])
{
    char  name[PHOTO_NAME_LEN + 1];

    return photo_name(hash, name)
           && snprintf(path, PHOTO_PATH_MAX, "%s/%.2s/%s%s", dir, name, name,
                       ending)
              < PHOTO_PATH_MAX;
}


cxr_rc_t
cxr_file_touch(const char *dir, cxr_str_t hash, const char *ending)
{
    char  path[PHOTO_PATH_MAX];

    if (!photo_at(dir, hash, ending, path)) {
        return CXR_INVALID;
    }

    if (utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW) == 0) {
        return CXR_OK;
    }

    return errno == ENOENT || errno == ENOTDIR ? CXR_NOTFOUND : photo_errno();
}


cxr_rc_t
cxr_photo_touch(const char *dir, cxr_str_t hash)
{
    /* the small one first: it may lack, and a sweep takes it for itself */

    (void) cxr_file_touch(dir, hash, photo_small);

    return cxr_file_touch(dir, hash, photo_full);
}


cxr_rc_t
cxr_file_forget(const char *dir, cxr_str_t hash, const char *ending)
{
    char  path[PHOTO_PATH_MAX];

    if (!photo_at(dir, hash, ending, path)) {
        return CXR_INVALID;
    }

    return unlink(path) == 0 || errno == ENOENT ? CXR_OK : photo_errno();
}


cxr_rc_t
cxr_photo_forget(const char *dir, cxr_str_t hash)
{
    cxr_rc_t  rc;

    rc = cxr_file_forget(dir, hash, photo_small);

    return rc == CXR_OK ? cxr_file_forget(dir, hash, photo_full) : rc;
}


cxr_rc_t
cxr_file_forget_order(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, cxr_gone_read_pt gone,
    cxr_rc_t (*forget)(const char *dir, cxr_str_t hash), uint64_t *erased)
{
    uint32_t      i;
    cxr_rc_t      rc, one;
    cxr_read_t   *rd;
    cxr_strs_t    hashes;
    cxr_arena_t  *a;

    *erased = 0;

    a = cxr_arena_create(PHOTO_ARENA);
    if (a == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_read_begin(store, &rd);

    if (rc == CXR_OK) {
        rc = gone(rd, shop, order, a, &hashes);
        cxr_read_end(rd);
    }

    if (rc != CXR_OK) {
        cxr_arena_destroy(a);
        return rc;
    }

    for (i = 0; i < hashes.n; i++) {
        one = forget(dir, hashes.items[i]);

        if (one == CXR_OK) {
            (*erased)++;

        } else {
            rc = one;
        }
    }

    cxr_arena_destroy(a);

    return rc;
}


cxr_rc_t
cxr_photo_forget_order(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, uint64_t *erased)
{
    return cxr_file_forget_order(dir, store, shop, order,
                                 cxr_read_gone_photos, cxr_photo_forget,
                                 erased);
}


/* ---- what nothing names any more ---- */

static int
photo_hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


static bool
photo_hash_of(const char *name, uint8_t hash[CXR_PHOTO_HASH_LEN])
{
    int     hi, lo;
    size_t  i;

    if (strlen(name) < PHOTO_NAME_LEN) {
        return false;
    }

    for (i = 0; i < cxr_nelts(photo_endings); i++) {
        if (strcmp(name + PHOTO_NAME_LEN, photo_endings[i]) == 0) {
            break;
        }
    }

    if (i == cxr_nelts(photo_endings)) {
        return false;
    }

    for (i = 0; i < CXR_PHOTO_HASH_LEN; i++) {
        hi = photo_hex(name[2 * i]);
        lo = photo_hex(name[2 * i + 1]);

        if (hi < 0 || lo < 0) {
            return false;
        }

        hash[i] = (uint8_t) (hi << 4 | lo);
    }

    return true;
}


static cxr_rc_t
photo_sweep_one(int fd, const char *name, time_t before,
    bool (*named)(void *ctx, cxr_str_t hash), void *ctx, uint64_t *seen,
    uint64_t *erased)
{
    bool         ours, small, tmp;
    size_t       len = strlen(name);
    uint8_t      hash[CXR_PHOTO_HASH_LEN];
    struct stat  st;

    ours = photo_hash_of(name, hash);
    small = ours && name[PHOTO_NAME_LEN] == '-';
    tmp = name[0] == '.' && len > 4 && strcmp(name + len - 4, ".tmp") == 0;

    if ((!ours && !tmp) || fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0
        || !S_ISREG(st.st_mode))
    {
        return CXR_OK;              /* none of ours */
    }

    /* a photo and its small one are one */

    *seen += !small;

    /* one that was just written may be named by a commit to come */

    if (st.st_mtime > before
        || (ours && named(ctx, cxr_strn(hash, sizeof(hash)))))
    {
        return CXR_OK;
    }

    if (unlinkat(fd, name, 0) != 0 && errno != ENOENT) {
        return photo_errno();
    }

    *erased += !small;

    return CXR_OK;
}


cxr_rc_t
cxr_photo_sweep(const char *dir, unsigned age,
    bool (*named)(void *ctx, cxr_str_t hash), void *ctx, uint64_t *seen,
    uint64_t *erased)
{
    int             fd, i;
    DIR            *d;
    char            sub[PHOTO_PATH_MAX];
    time_t          before;
    cxr_rc_t        rc = CXR_OK;
    struct dirent  *e;

    *seen = 0;
    *erased = 0;
    before = time(NULL) - (time_t) age;

    for (i = 0; i < 256 && rc == CXR_OK; i++) {

        if (snprintf(sub, sizeof(sub), "%s/%02x", dir, i)
            >= (int) sizeof(sub))
        {
            return CXR_LIMIT;
        }

        fd = open(sub, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        if (fd < 0) {
            if (errno == ENOENT) {
                continue;
            }

            return photo_errno();
        }

        d = fdopendir(fd);
        if (d == NULL) {
            rc = photo_errno();
            (void) close(fd);
            return rc;
        }

        while (rc == CXR_OK && (e = readdir(d)) != NULL) {
            rc = photo_sweep_one(dirfd(d), e->d_name, before, named, ctx, seen,
                                 erased);
        }

        (void) closedir(d);
    }

    return rc;
}
