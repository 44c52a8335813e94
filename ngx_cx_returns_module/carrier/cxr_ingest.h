
/*
 * From a carrier's document to the store: a feed whose reports become commands
 * that are committed in batches.  nginx and cx-returns both go through here.
 *
 * What is whole is committed, whatever comes after it; nothing of a batch is
 * told of before its commit is on disk.  Records of one parcel that follow each
 * other and tell one event each become one command (of at most CXR_SCANS_MAX
 * scans, within one batch), and are counted as records all the same.
 *
 * Blocks on disk: never in an event loop.  One ingest is used by one thread at
 * a time, but for cxr_ingest_commit().
 */

#ifndef _CXR_INGEST_H_INCLUDED_
#define _CXR_INGEST_H_INCLUDED_

#include "cxr_feed.h"
#include "cxr_json.h"
#include "cxr_profile.h"
#include "cxr_store.h"

#define CXR_INGEST_BATCH       256      /* reports of a commit, unless told   */
#define CXR_INGEST_BATCH_MAX   65536
#define CXR_INGEST_ARENA       ((size_t) 16 << 20)
/* a batch is committed when its reports have taken this much memory */
#define CXR_INGEST_FLUSH       ((size_t) 4 << 20)
#define CXR_INGEST_TOLD        100      /* refused records that are told      */
#define CXR_INGEST_TOLD_BYTES  ((size_t) 64 << 10)

typedef struct {
    const cxr_profile_t      *profile;
    cxr_store_t              *store;
    const cxr_shop_t         *shop;
    cxr_str_t                 charset;  /* of the HTTP header, or none        */
    cxr_str_t                 number;   /* that the carrier was asked for, or
                                           none; see cxr_feed_request()       */
    const cxr_feed_limits_t  *limits;   /* NULL: the defaults                 */
    cxr_unknown_t             unknown;
    unsigned                  batch;    /* 0: CXR_INGEST_BATCH                */
    bool                      ahead;    /* see cxr_ingest_waits()             */
    /* after each commit, in the thread that did it; may be NULL */
    void                    (*on_commit)(void *ctx);
    /* a record that the profile could not read; may be NULL */
    void                    (*on_unread)(void *ctx, uint64_t record);
    void                     *ctx;
} cxr_ingest_conf_t;

typedef struct {
    uint64_t   stored;        /* records that changed a shipment              */
    uint64_t   repeated;      /* records that were known already              */
    uint64_t   refused;       /* by the profile or by the store               */
    uint64_t   unread;        /* of those: the profile could not read them
                                 (what the carrier itself calls an error is
                                 not among them)                              */
    uint64_t   unplaced;      /* of the refused: they have a reference alone,
                                 which no parcel has (yet)                    */
    uint64_t   skipped;       /* scans left out: dated in the future          */
    uint64_t   commits;
} cxr_ingest_stats_t;

typedef struct cxr_ingest_s  cxr_ingest_t;

/*
 * "conf" is copied; what it points to must outlive the ingest.  CXR_INVALID:
 * a charset that is not taken, a number that is no text.  CXR_LIMIT: a batch or
 * a number past its maximum.
 */
cxr_rc_t cxr_ingest_open(const cxr_ingest_conf_t *conf, cxr_ingest_t **in);

/*
 * The next piece, of any size; NULL: the document is over.  An error ends the
 * ingest: CXR_INVALID or CXR_LIMIT are the document's fault (see
 * cxr_feed_diag() of its feed), CXR_FULL, CXR_IO, CXR_ERROR, CXR_AGAIN and
 * CXR_NOMEM ours: posting the document again later completes it.
 */
cxr_rc_t cxr_ingest_push(cxr_ingest_t *in, const void *data, size_t len);

/*
 * Parsing ahead (conf.ahead): a full batch is not committed by the push that
 * filled it but waits, and parsing goes on into a second one.  Whoever drives
 * the ingest asks cxr_ingest_waits() after each push, and if so lets another
 * thread run cxr_ingest_commit(), beside further pushes.  It need not come to
 * that: a push that has filled the second batch too commits the first by
 * itself, unless that is being done, when it waits for it; and the end of the
 * document commits all.  So batches are committed in their order, no more than
 * two are held, and no push waits for a thread that has yet to begin.
 *
 * cxr_ingest_commit() does nothing when nothing waits.  What became of the
 * batch is in the stats and in what the next push returns.  The stats are not
 * to be read, nor the ingest closed, while it runs.
 */
bool cxr_ingest_waits(cxr_ingest_t *in);
void cxr_ingest_commit(cxr_ingest_t *in);

/* See cxr_feed_charset(). */
cxr_rc_t cxr_ingest_charset(cxr_ingest_t *in, cxr_str_t charset);

/* NULL is fine.  Commits nothing. */
void cxr_ingest_close(cxr_ingest_t *in);

const cxr_feed_t *cxr_ingest_feed(const cxr_ingest_t *in);
const cxr_ingest_stats_t *cxr_ingest_stats(const cxr_ingest_t *in);

/* Is it our fault, so that the document is to be sent again? */
bool cxr_ingest_ours(cxr_rc_t rc);

/*
 * The refused records as a JSON array, at most CXR_INGEST_TOLD of them; the
 * array is closed by the first call.  Empty when memory was short.
 */
cxr_str_t cxr_ingest_told(cxr_ingest_t *in);

#endif /* _CXR_INGEST_H_INCLUDED_ */
