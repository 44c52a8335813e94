
/*
 * A feed: one XML document of a carrier, read as it arrives, one cxr_report_t
 * for each parcel in it.
 *
 * Memory does not grow with the document: one record is held at a time.  The
 * document is hostile: no DOCTYPE, no entity but XML's own five, no network,
 * strict well-formedness, a limit on everything.  What was whole before a
 * fault has been delivered and stays so.
 *
 * One feed is used by one thread at a time; different feeds may run in
 * different threads, also over one profile.
 */

#ifndef _CXR_FEED_H_INCLUDED_
#define _CXR_FEED_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_profile.h"
#include "cxr_shipment.h"

/*
 * Once for each process, before the first thread and before any profile.
 * (libxml2 is initialised and never cleaned up: others in the process use it.)
 */
void cxr_feed_init(void);


/* All are inclusive maxima.  cxr_feed_limits() fills in the defaults. */
typedef struct {
    uint64_t   document;       /* bytes of the document; default 4 GiB        */
    uint32_t   depth;          /* nested elements; 64                         */
    uint32_t   attributes;     /* of one element; 64                          */
    uint32_t   attribute;      /* bytes of one attribute's value; 4096        */
    uint32_t   name;           /* bytes of a name; 256                        */
    uint32_t   text;           /* bytes of one run of text, CDATA too; 1 MiB.
                                  Only what a profile asks for is ever kept.  */
    uint32_t   elements;       /* elements in one record; 20000               */
    uint32_t   kept;           /* bytes kept of one record; 512 KiB           */
    uint32_t   records;        /* of a document; 1000000                      */
    uint32_t   scans;          /* events of a record; 500 (CXR_SCANS_MAX)     */
    uint32_t   nested;         /* bytes of one document within another's text;
                                  64 MiB.  All else is shared with it.        */
} cxr_feed_limits_t;

void cxr_feed_limits(cxr_feed_limits_t *l);

/*
 * What one report takes from the arena at the very most; an arena that has
 * this much left cannot run out.  (A usual report takes 2 KiB.)
 */
#define CXR_FEED_REPORT_BYTES   (1024 * 1024)


/* Why a feed stopped, for metrics and for the answer's HTTP code. */
typedef enum {
    CXR_FEED_GOING = 0,        /* it has not                                  */
    CXR_FEED_DONE,             /* finished well                               */
    CXR_FEED_MALFORMED,        /* no well-formed XML, or truncated            */
    CXR_FEED_DOCTYPE,          /* has a DOCTYPE                               */
    CXR_FEED_ENTITY,           /* refers to an entity                         */
    CXR_FEED_ENCODING,         /* an encoding that is not taken, or bad bytes */
    CXR_FEED_LIMIT,            /* past a limit                                */
    CXR_FEED_FORMAT,           /* the root element is none the profile knows  */
    CXR_FEED_MEMORY,           /* out of memory, or the sink gave no arena    */
    CXR_FEED_SINK              /* on_report() returned an error               */
} cxr_feed_end_t;

extern const char *const  cxr_feed_end_names[];

/* What the carrier's own error means, where the profile says so. */
typedef enum {
    CXR_FAULT_NONE = 0,
    CXR_FAULT_NOT_FOUND,       /* the number is not known (yet)               */
    CXR_FAULT_AUTH,            /* credentials or rights                       */
    CXR_FAULT_TRANSIENT,       /* try again later                             */
    CXR_FAULT_PERMANENT        /* the request will never work                 */
} cxr_fault_t;

extern const char *const  cxr_fault_names[];

/*
 * A record that gave no report.  "code" is one of: "number_missing",
 * "number_bad", "too_many_events", "too_many_elements", "too_large",
 * "bad_reference", "carrier_error" (then "fault" is set).
 * Strings live during the call only.  "text" is fit for a log or an API
 * answer: it names the field and quotes nothing but, for "carrier_error", the
 * carrier's own code and description, cleaned and cut.
 */
typedef struct {
    uint64_t      record;      /* 1-based; 0: an error that is about the whole
                                  document and not about one record           */
    unsigned      line;        /* where the record begins; 0: not known       */
    cxr_str_t     number;      /* folded; or empty when there was no good one */
    const char   *code;
    cxr_fault_t   fault;
    cxr_str_t     text;
} cxr_feed_refusal_t;


/*
 * Where a feed delivers.
 *
 * arena() is asked before each report for the arena in which the report, its
 * scans and all its strings are to be made; it may flush and reset its arena
 * there.  The owner decides how long it lives; a report may refer to texts that
 * were made in the arena for reports before it, as long as *era stays what it
 * was (1 at the least; it is looked at after arena(); NULL: another one for
 * each report).  No arena stops the feed (CXR_FEED_MEMORY).
 *
 * on_report() gets the whole report.  Its "day" is 0, or that on which the
 * parcel began, of a record with <unique>; carrier is
 * the profile's slug, number folded by cxr_fold_tracking() and empty when the
 * record has only a reference, which is folded by cxr_fold_number().  An error
 * it returns stops the feed and is what cxr_feed_push() then returns.
 *
 * known() (may be NULL) is asked before a record is read: has the parcel taken
 * in a report of that very record?  Then it gives the report's "digest", which
 * has the bytes that were asked for from the place "at" on; the record counts as
 * reported, and on_report() hears nothing of it.  The number may be another
 * parcel's, or none's: then no digest fits.
 *
 * on_refused() (may be NULL) is told of what gave no report; the feed goes on.
 */
typedef struct {
    void          *ctx;
    cxr_arena_t *(*arena)(void *ctx);
    cxr_rc_t     (*on_report)(void *ctx, const cxr_report_t *report,
                              cxr_arena_t *arena);
    void         (*on_refused)(void *ctx, const cxr_feed_refusal_t *refusal);
    bool         (*known)(void *ctx, cxr_str_t number, size_t at,
                          cxr_str_t digest, cxr_str_t *kept);
    const uint64_t  *era;
} cxr_feed_sink_t;

typedef struct {
    uint64_t   bytes;          /* taken in                                    */
    uint64_t   records;        /* met                                         */
    uint64_t   reports;        /* delivered, or known                         */
    uint64_t   known;          /* of those: known() said so, nothing was read */
    uint64_t   refused;        /* records refused                             */
    uint64_t   faults;         /* errors about the whole document             */
    uint64_t   events;         /* scans in the reports                        */
    uint64_t   ignored;        /* events a rule of the profile leaves out     */
    uint64_t   unmapped;       /* scans that no rule maps                     */
    uint64_t   unsure;         /* scans mapped by a rule with sure="no"       */
    uint64_t   passed;         /* records that an <ignore> leaves out         */
    uint64_t   untimed;        /* scans whose time fits none of its formats   */
    uint64_t   failed;         /* the carrier's own errors, of the document or
                                  of a record, but that it knows no such number */
} cxr_feed_stats_t;

typedef struct cxr_feed_s  cxr_feed_t;

/*
 * "charset" is what the HTTP header says of the body (CXR_STR_NONE: nothing);
 * it is only checked against the list of encodings and does not override the
 * document.  "limits" may be NULL.  The sink is copied.  CXR_NOMEM; CXR_INVALID: charset not taken.
 */
cxr_rc_t cxr_feed_open(const cxr_profile_t *profile,
    const cxr_feed_limits_t *limits, cxr_str_t charset,
    const cxr_feed_sink_t *sink, cxr_feed_t **feed);

/*
 * What the caller asked the carrier for: the tracking number that came with the
 * request (its URL, a header), for formats that do not repeat it.  Profiles
 * name it request().  Copied; before the first push.  CXR_LIMIT: more than
 * CXR_FEED_REQUEST_MAX bytes; CXR_INVALID: no UTF-8.
 */
#define CXR_FEED_REQUEST_MAX  128

cxr_rc_t cxr_feed_request(cxr_feed_t *f, cxr_str_t number);

/*
 * The encoding of a document that names none itself and is not in UTF-8 or
 * UTF-16; the caller has looked for its XML declaration.  Before the first
 * push.  CXR_INVALID: not taken, or too late.
 */
cxr_rc_t cxr_feed_charset(cxr_feed_t *f, cxr_str_t charset);

/*
 * Takes the next piece, of any size; callbacks run from within.  CXR_OK: go
 * on.  Otherwise the feed has stopped (see cxr_feed_diag()) and returns the
 * same for every further push: CXR_INVALID (malformed, DOCTYPE, entity,
 * encoding, format), CXR_LIMIT, CXR_NOMEM, or what on_report() returned.
 */
cxr_rc_t cxr_feed_push(cxr_feed_t *f, const void *data, size_t len);

/* The document is over.  CXR_INVALID when it is not whole (or empty). */
cxr_rc_t cxr_feed_finish(cxr_feed_t *f);

void cxr_feed_close(cxr_feed_t *f);            /* NULL is fine */

cxr_feed_end_t cxr_feed_end(const cxr_feed_t *f);
/* line, column and reason of the stop; rc CXR_OK when there was none */
const cxr_diag_t *cxr_feed_diag(const cxr_feed_t *f);
const cxr_feed_stats_t *cxr_feed_stats(const cxr_feed_t *f);

#endif /* _CXR_FEED_H_INCLUDED_ */
