
/*
 * Carriers' labels as files: what they are, and where they stand.
 */

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cxr_label_file.h"
#include "cxr_photo_private.h"


static const char *const  label_endings[] = {
    NULL, CXR_LABEL_PDF, CXR_LABEL_PNG
};


cxr_label_file_t
cxr_label_file_kind(cxr_str_t file)
{
    if (file.len > 5 && memcmp(file.data, "%PDF-", 5) == 0) {
        return CXR_LABEL_FILE_PDF;
    }

    return cxr_picture_kind(file) == CXR_PICTURE_PNG ? CXR_LABEL_FILE_PNG
                                                     : CXR_LABEL_FILE_NONE;
}


/* Its last chunk is its end, and nothing hides behind it. */

static bool
label_png_ends(cxr_str_t file)
{
    static const char  end[] = "\0\0\0\0IEND\xae\x42\x60\x82";

    return file.len > sizeof(end) - 1
           && memcmp(file.data + file.len - (sizeof(end) - 1), end,
                     sizeof(end) - 1)
              == 0;
}


static cxr_rc_t
label_png_check(cxr_str_t file, const char **what)
{
    cxr_rc_t      rc;
    cxr_pixels_t  px;

    if (!label_png_ends(file)) {
        *what = "the picture is cut short, or something stands behind it";
        return CXR_INVALID;
    }

    memset(&px, 0, sizeof(px));

    rc = cxr_png_read(file, &px);
    free(px.rgb);

    *what = rc == CXR_LIMIT ? "the picture has too many pixels"
            : rc == CXR_INVALID ? "the picture is broken" : NULL;

    return rc;
}


cxr_rc_t
cxr_label_file_check(cxr_str_t file, cxr_label_file_t kind, const char **what)
{
    *what = NULL;

    switch (kind) {

    case CXR_LABEL_FILE_PDF:
        *what = cxr_pdf_check(file);
        return *what == NULL ? CXR_OK : CXR_INVALID;

    case CXR_LABEL_FILE_PNG:
        return label_png_check(file, what);

    default:
        *what = "it is neither a PDF nor a PNG";
        return CXR_INVALID;
    }
}


/* ---- files ---- */

cxr_rc_t
cxr_label_file_keep(const char *dir, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t scope, cxr_str_t bytes, cxr_label_file_t kind, cxr_arena_t *a,
    cxr_str_t *hash)
{
    return cxr_file_keep(dir, secret, scope, bytes, label_endings[kind], a,
                         hash);
}


char *
cxr_label_file_path(const char *dir, cxr_str_t hash, cxr_label_file_t kind,
    cxr_arena_t *a)
{
    return kind != CXR_LABEL_FILE_NONE && kind < CXR_LABEL_FILES
           ? cxr_file_path(dir, hash, label_endings[kind], a) : NULL;
}


bool
cxr_label_file_same(const char *dir, cxr_str_t hash, cxr_label_file_t kind,
    cxr_str_t bytes)
{
    int           fd;
    char          piece[16384], *path;
    bool          same = false;
    size_t        at;
    ssize_t       n;
    struct stat   st;
    cxr_arena_t  *a;

    a = cxr_arena_create(65536);
    path = a ? cxr_label_file_path(dir, hash, kind, a) : NULL;
    fd = path ? open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;

    if (fd >= 0 && fstat(fd, &st) == 0 && (size_t) st.st_size == bytes.len) {

        for (at = 0; at < bytes.len; at += (size_t) n) {
            n = read(fd, piece, sizeof(piece));

            if (n <= 0 || (size_t) n > bytes.len - at
                || memcmp(piece, bytes.data + at, (size_t) n) != 0)
            {
                break;
            }
        }

        same = at == bytes.len
               && cxr_file_touch(dir, hash, label_endings[kind]) == CXR_OK;
    }

    if (fd >= 0) {
        (void) close(fd);
    }

    cxr_arena_destroy(a);

    return same;
}


cxr_rc_t
cxr_label_file_forget(const char *dir, cxr_str_t hash)
{
    unsigned  k;
    cxr_rc_t  rc = CXR_OK, one;

    for (k = CXR_LABEL_FILE_NONE + 1; k < CXR_LABEL_FILES; k++) {
        one = cxr_file_forget(dir, hash, label_endings[k]);
        rc = one != CXR_OK ? one : rc;
    }

    return rc;
}


cxr_rc_t
cxr_label_file_forget_order(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, uint64_t *erased)
{
    return cxr_file_forget_order(dir, store, shop, order,
                                 cxr_read_gone_labels, cxr_label_file_forget,
                                 erased);
}
