
/*
 * A carrier's label that the shop supplied as a file: PDF or PNG.  It is kept as
 * it came, since a label that was made anew might not be scanned any more; so
 * what it is is looked at before, and browsers are told to save it, not to run it.
 *
 * All of it takes time: in a task of the thread pool, never in an event loop.
 */

#ifndef _CXR_LABEL_FILE_H_INCLUDED_
#define _CXR_LABEL_FILE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_store.h"

/* endings of the files, by cxr_label_file_t */
#define CXR_LABEL_PDF           ".pdf"
#define CXR_LABEL_PNG           ".png"

#define CXR_LABEL_BYTES_MIN     64          /* no label is smaller            */

/* What a file is by its first bytes; CXR_LABEL_FILE_NONE: none of them. */
cxr_label_file_t cxr_label_file_kind(cxr_str_t file);

/*
 * Is it a label?  Of a PDF (ISO 32000-2): the header at its very beginning, an
 * end of file with the place of a cross-reference table that is there, nothing
 * behind it, and none of what makes a reader run, open, send or carry something
 * (scripts, launching, embedded files, forms) in what is not compressed.  A PNG
 * is decoded.  CXR_INVALID: *what says why not.  CXR_LIMIT: too many pixels.
 * CXR_NOMEM.
 */
cxr_rc_t cxr_label_file_check(cxr_str_t file, cxr_label_file_t kind,
    const char **what);

/* the PDF alone, for the fuzzer, too: NULL, or what is wrong */
const char *cxr_pdf_check(cxr_str_t file);


/* ---- files: as those of photos, see cxr_photo.h ---- */

cxr_rc_t cxr_label_file_keep(const char *dir,
    const uint8_t secret[CXR_SECRET_LEN], cxr_str_t scope, cxr_str_t bytes,
    cxr_label_file_t kind, cxr_arena_t *a, cxr_str_t *hash);
char *cxr_label_file_path(const char *dir, cxr_str_t hash,
    cxr_label_file_t kind, cxr_arena_t *a);
/* The file there is made young again when it is the same to the byte. */
bool cxr_label_file_same(const char *dir, cxr_str_t hash,
    cxr_label_file_t kind, cxr_str_t bytes);
/* CXR_OK too when it is not there */
cxr_rc_t cxr_label_file_forget(const char *dir, cxr_str_t hash);
/* those of an order whose person was erased */
cxr_rc_t cxr_label_file_forget_order(const char *dir, cxr_store_t *store,
    const cxr_shop_t *shop, cxr_str_t order, uint64_t *erased);

#endif /* _CXR_LABEL_FILE_H_INCLUDED_ */
