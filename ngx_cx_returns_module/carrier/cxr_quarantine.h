
/*
 * Documents that a feed refused, kept whole so that they can be replayed after
 * the profile was mended.
 *
 * While a document is read it is copied into a file that has no name
 * (O_TMPFILE, 0600) and is gone with its descriptor.  Only when the document was refused
 * is it written anew, without credentials (cxr_redact.h), under a name:
 *
 *   <dir>/<id>.doc    the document; absent when it was larger than max_size,
 *                     or in an encoding in which credentials cannot be seen
 *   <dir>/<id>.json   when, which carrier, why: cxr_qnote_t
 *
 * an id is "20261102T091400Z-ups-0123456789abcdef".  All of it blocks on disk:
 * never in an event loop.  Several processes may use one directory.
 */

#ifndef _CXR_QUARANTINE_H_INCLUDED_
#define _CXR_QUARANTINE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_profile.h"
#include "cxr_record.h"

#define CXR_QUARANTINE_MAX_SIZE   ((uint64_t) 16 << 20)   /* of one document  */
#define CXR_QUARANTINE_TOTAL      ((uint64_t) 1 << 30)    /* of all           */
#define CXR_QUARANTINE_KEEP       (30 * CXR_DAY)
/* documents of one directory: past it the oldest go, whatever their size */
#define CXR_QUARANTINE_DOCS       10000
#define CXR_QUARANTINE_NOTE_MAX   (128 * 1024)    /* bytes of a .json         */
#define CXR_QID_MAX               (16 + 1 + CXR_PROFILE_SLUG_MAX + 1 + 16)

typedef struct {
    const char   *dir;            /* exists, 0700                             */
    uint64_t      max_size;       /* of a document                            */
    uint64_t      total;          /* bytes of all files                       */
    int64_t       keep;           /* milliseconds                             */
} cxr_quarantine_t;

/* What stands beside a document. */
typedef struct {
    cxr_str_t     id;
    cxr_str_t     carrier;
    cxr_str_t     shop;           /* its slug: where a replay goes            */
    cxr_time_t    at;
    cxr_str_t     reason;         /* cxr_feed_end_names[], what stopped its
                                     envelope, "records" (of which some could
                                     not be read), "unplaced" (all could, and
                                     some have a reference no parcel has)     */
    cxr_str_t     detail;         /* a sentence; quotes nothing of the body   */
    uint32_t      line;           /* where the feed stopped; 0: it did not    */
    cxr_str_t     charset;        /* of the HTTP header                       */
    bool          form;
    bool          kept;           /* there is a .doc                          */
    uint64_t      bytes;          /* of the document as it came               */
    uint64_t      records;
    uint64_t      stored;
    uint64_t      repeated;
    uint64_t      refused;
    uint64_t      events;
    uint64_t      unmapped;
    cxr_str_t     number;         /* that came with the request               */
} cxr_qnote_t;

extern const cxr_type_t  cxr_qnote_type;

typedef CXR_LIST_OF(cxr_qnote_t)  cxr_qnotes_t;

typedef struct {
    uint64_t      documents;
    uint64_t      bytes;
} cxr_qsum_t;


/* ---- a document that is being read ---- */

typedef struct cxr_qdoc_s  cxr_qdoc_t;

/* "q" is copied but for its directory's name, which must outlive the doc. */
cxr_rc_t cxr_qdoc_create(const cxr_quarantine_t *q, cxr_qdoc_t **doc);

/* Names, beside those of cxr_redact.h, of what is taken out; NULL is fine. */
void cxr_qdoc_credentials(cxr_qdoc_t *doc, const cxr_strs_t *names);

/* A disk that is full ends the copy, not the feed: see note->kept. */
void cxr_qdoc_add(cxr_qdoc_t *doc, const void *data, size_t len);
/* does the copy hold all that was added? */
bool cxr_qdoc_whole(const cxr_qdoc_t *doc);

/*
 * Gives the document a name.  note->at and note->carrier are set; id, bytes
 * and kept are set here, the id in "id".  "readable" false: the encoding was
 * refused, so only the note is kept.  CXR_IO: it was not kept, errno says why.
 * *grown is what the directory grew by: it is to be added to what all processes
 * kept, for cxr_quarantine_room().
 * Afterwards only cxr_qdoc_free() is left.
 */
cxr_rc_t cxr_qdoc_keep(cxr_qdoc_t *doc, cxr_qnote_t *note, bool readable,
    char id[CXR_QID_MAX + 1], cxr_qsum_t *grown);

void cxr_qdoc_free(cxr_qdoc_t *doc);            /* NULL is fine */


/* ---- the directory ---- */

/*
 * What is too old goes, then the oldest until "total" and CXR_QUARANTINE_DOCS
 * hold.  *sum (may be NULL) is what is left.  CXR_IO: the directory cannot be
 * read.
 */
cxr_rc_t cxr_quarantine_sweep(const cxr_quarantine_t *q, cxr_time_t now,
    cxr_qsum_t *sum);

/*
 * A document was kept, and all of them come to "kept" now: when that is more
 * than there is room for, the sweep does not wait for the timer, and makes an
 * eighth of the room free, so that a flood is not swept for one by one.  true:
 * it swept, *kept is what is left.
 */
bool cxr_quarantine_room(const cxr_quarantine_t *q, cxr_time_t now,
    cxr_qsum_t *kept);

/* The newest first, at most "max"; *more: there are others. */
cxr_rc_t cxr_quarantine_list(const char *dir, unsigned max, cxr_arena_t *a,
    cxr_qnotes_t *out, bool *more);

/* CXR_NOTFOUND; CXR_INVALID: no id, or a note that cannot be read. */
cxr_rc_t cxr_quarantine_note(const char *dir, cxr_str_t id, cxr_arena_t *a,
    cxr_qnote_t *note);

/* A descriptor of the document, to be closed; -1 with errno. */
int cxr_quarantine_open(const char *dir, cxr_str_t id);

/* CXR_NOTFOUND when there was none. */
cxr_rc_t cxr_quarantine_drop(const char *dir, cxr_str_t id);

#endif /* _CXR_QUARANTINE_H_INCLUDED_ */
