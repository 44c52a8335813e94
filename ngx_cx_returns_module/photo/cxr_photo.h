
/*
 * Photos that shoppers send: checked by their content, decoded by Debian's
 * libraries and encoded anew, so that nothing of the file that came is kept:
 * no metadata (where it was taken, with which telephone), nothing behind the
 * picture, nothing that is another format as well.
 *
 * All of it takes time and memory: in a task of the thread pool, never in an
 * event loop.
 */

#ifndef _CXR_PHOTO_H_INCLUDED_
#define _CXR_PHOTO_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_store.h"
#include "cxr_talk.h"

#define CXR_PHOTO_SIDE_MAX      2048        /* pixels of what is kept          */
#define CXR_PHOTO_SMALL_MAX     384         /* of what lists show: twice that
                                               much of a page                 */
#define CXR_PHOTO_PIXELS_MAX    50000000    /* of a JPEG that is decoded       */
#define CXR_PHOTO_PLAIN_MAX     25000000    /* of the others, and of a JPEG in
                                               several scans: they are decoded
                                               whole                           */
#define CXR_PHOTO_LENGTH_MAX    30000       /* pixels of one side              */
#define CXR_PHOTO_SCANS_MAX     64          /* of a progressive JPEG           */
#define CXR_PHOTO_QUALITY       84

/* What a file is by its first bytes, whatever its name or type says. */
typedef enum {
    CXR_PICTURE_NONE = 0,
    CXR_PICTURE_JPEG,
    CXR_PICTURE_PNG,
    CXR_PICTURE_WEBP,
    CXR_PICTURE_HEIC
} cxr_picture_t;

cxr_picture_t cxr_picture_kind(cxr_str_t file);

/*
 * Reads a picture and writes it anew as a JPEG of at most CXR_PHOTO_SIDE_MAX
 * pixels a side, upright, on white where it was transparent.  "ref" gets kind,
 * size and bytes; its hash is cxr_photo_keep()'s.  CXR_INVALID: no picture, or
 * a broken one.  CXR_LIMIT: too many pixels.  CXR_NOMEM.
 */
cxr_rc_t cxr_photo_make(cxr_str_t file, cxr_buf_t *out, cxr_photo_ref_t *ref);

/* A small one of what that function made.  As that. */
cxr_rc_t cxr_photo_small(cxr_str_t jpeg, cxr_buf_t *out);


/* ---- files ---- */

/*
 * The secret that an order's files are named with, or those of an RMA of it: it
 * goes with the person, and what the journal names then says nothing of anybody.
 * In a task: reads the store.
 */
void cxr_file_secret(cxr_store_t *store, const cxr_shop_t *shop,
    cxr_str_t order, cxr_str_t rma, uint8_t secret[CXR_SECRET_LEN]);

/*
 * Writes it below "dir" (which must exist; 0700, files 0600) under the hash of
 * its bytes and of whose it is ("scope": shop and order, so that no two orders
 * share a file and an erased one takes its photos along), keyed with the secret.
 * First under another name, synced, then renamed: what a commit names afterwards
 * is there.  The hash is in the arena.  CXR_FULL: the disk.  CXR_IO.
 */
cxr_rc_t cxr_photo_keep(const char *dir, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t scope, cxr_str_t jpeg, cxr_arena_t *a, cxr_str_t *hash);

/* The small one beside it, under the same name; another one is replaced. */
cxr_rc_t cxr_photo_keep_small(const char *dir, cxr_str_t hash,
    cxr_str_t jpeg);

/* "<dir>/ab/<hash in hex>.jpg", of the small one "-s.jpg"; NUL-terminated, in
   the arena; NULL: no memory */
char *cxr_photo_path(const char *dir, cxr_str_t hash, bool small,
    cxr_arena_t *a);

/*
 * The file is there, and is from now on as young as one that was just written,
 * so that no sweep takes it before a commit names it.  CXR_NOTFOUND: it is not.
 */
cxr_rc_t cxr_photo_touch(const char *dir, cxr_str_t hash);

/* Erases both files.  CXR_OK too when they are not there. */
cxr_rc_t cxr_photo_forget(const char *dir, cxr_str_t hash);

/*
 * Erases the files of an order whose person was erased; *erased is how many
 * photos that were.  What it cannot erase the next sweep does.
 */
cxr_rc_t cxr_photo_forget_order(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, uint64_t *erased);

/*
 * Every file below "dir" that is older than "age" seconds: fn() says whether
 * it is still named somewhere; those that are not are erased (and half written
 * ones).  *erased of *seen.
 */
cxr_rc_t cxr_photo_sweep(const char *dir, unsigned age,
    bool (*named)(void *ctx, cxr_str_t hash), void *ctx, uint64_t *seen,
    uint64_t *erased);

#endif /* _CXR_PHOTO_H_INCLUDED_ */
