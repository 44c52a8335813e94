
/*
 * A feed's inside.  Private to carrier/.
 *
 * The tape holds the kept nodes of the record at hand in document order, each
 * with the index after its last descendant: children are walked by hops.
 * An element's wanted attributes are its first children.
 */

#ifndef _CXR_FEED_PRIVATE_H_INCLUDED_
#define _CXR_FEED_PRIVATE_H_INCLUDED_

#include <libxml/parser.h>

#include "cxr_feed.h"
#include "cxr_profile_private.h"
#include "cxr_trace.h"

#define CXR_FEED_VALUE_MAX    8192    /* kept of one value, bytes             */
#define CXR_FEED_PIECE        32768   /* given to libxml2 at once             */
#define CXR_NESTED_PIECE      4096    /* of a nested document                 */
#define CXR_FEED_PIECES_MAX   100000  /* parcels under one number             */
#define CXR_CDATA_STEP        304     /* of it libxml2 can tell 300           */
#define CXR_FEED_MARKUP_MAX   (256 * 1024)  /* one tag, comment or PI         */
#define CXR_FEED_DICT_MAX     (4 * 1024 * 1024)  /* libxml2's names           */
#define CXR_FEED_NAME_CACHE   256     /* a power of 2                         */
#define CXR_FEED_SCRATCH      (4 * 1024 * 1024)
#define CXR_FEED_DEPTH_MAX    200     /* that limits.depth may ask for        */

/* what is kept of a report's fields, in bytes */
#define CXR_CODE_MAX          80
#define CXR_TEXT_MAX          500
#define CXR_PLACE_MAX         200
#define CXR_TIME_TEXT_MAX     80
#define CXR_ID_MAX            128
#define CXR_SERVICE_MAX       120

#define CXR_NODE_NONE         UINT32_MAX

#define CXR_NODE_NIL          0x01    /* xsi:nil                              */
#define CXR_NODE_CHILDREN     0x02    /* has child elements, kept or not      */

typedef struct {
    uint16_t        name;
    uint8_t         flags;
    uint32_t        parent;
    uint32_t        end;
    uint32_t        prev;      /* sibling element before it                   */
    uint32_t        text;
    uint32_t        len;
    const char     *local;     /* its name; lives as long as the parser       */
} cxr_node_t;

typedef struct {
    uint16_t        state;
    int16_t         format;
    bool            text;      /* is asked for                                */
    uint32_t        node;
    uint32_t        last;      /* its last child element on the tape          */
    uint32_t        mark;      /* length of the text when it began            */
    uint32_t        records;   /* bits: record rules it may be                */
    uint32_t        elements;  /* of the outermost record, before this one    */
    unsigned        line;
} cxr_open_t;

/* a whole record that waits for the end of an element around it */
typedef struct {
    const cxr_record_rule_t  *rule;
    cxr_open_t                at;
    uint32_t                  depth;   /* of that element                     */
} cxr_held_t;

/* cxr_memo.c: what was looked up before; places are two for each hash */
#define CXR_MEMO_TEXTS        1024
#define CXR_MEMO_RULES        256
#define CXR_MEMO_FROM         8       /* records that are read without        */
#define CXR_MEMO_TEXT         128     /* bytes of a text                      */

typedef struct cxr_memo_s  cxr_memo_t;

/* cxr_feed_again.c: records that come again byte for byte */
#define CXR_AGAIN_LEN         8       /* of a digest of a record's bytes      */
#define CXR_AGAIN_NAME        80      /* bytes of a record's end tag          */
#define CXR_AGAIN_LEAD        96      /* of what stands before its number     */

struct XXH3_state_s;

typedef struct {
    bool                  open;        /* the record at hand is hashed        */
    bool                  part;        /* "state" has what left the parser    */
    bool                  same;        /* nothing came since the last record  */
    bool                  learned;     /* how a record looks: the texts below */
    bool                  cut;         /* the last piece ended with an end tag */
    uint8_t               luck;        /* misses in a row that are borne      */
    uint64_t              given;       /* bytes that the parser was given     */
    uint64_t              start;       /* the record at hand began there      */
    uint64_t              from;        /* what stands before is hashed        */
    uint64_t              context;     /* hash of what stands around it       */
    uint32_t              depth;       /* what stood around the last one      */
    uint32_t              nodes;
    uint32_t              mark;
    size_t                rest;        /* to be given before another look     */
    struct XXH3_state_s  *state;       /* NULL: never needed yet              */
    size_t                nend;
    size_t                nlead;
    char                  end[CXR_AGAIN_NAME];     /* its end tag             */
    char                  lead[CXR_AGAIN_LEAD];
} cxr_again_t;

typedef enum {
    CXR_NESTED_NONE = 0,
    CXR_NESTED_WAITING,        /* nothing but blanks so far                   */
    CXR_NESTED_XML,
    CXR_NESTED_LINES
} cxr_nested_kind_t;

/* the text of the element at hand, which is a document of its own */
typedef struct {
    uint8_t               kind;
    bool                  running;     /* we are within the inner parser      */
    bool                  row;         /* of lines: its element is open       */
    bool                  cell;
    uint32_t              column;
    const cxr_reparse_t  *rule;
    xmlParserCtxt        *ctxt;
    uint32_t              bytes;
    uint32_t              n;           /* in buf                              */
    char                  buf[CXR_NESTED_PIECE];
} cxr_nested_t;

struct cxr_feed_s {
    const cxr_profile_t  *profile;
    cxr_feed_limits_t     limits;
    cxr_feed_sink_t       sink;
    cxr_feed_stats_t      stats;
    cxr_feed_end_t        end;
    cxr_rc_t              rc;
    cxr_diag_t            diag;

    xmlParserCtxt        *ctxt;
    xmlSAXHandler         sax;         /* without regard to nested documents  */
    cxr_nested_t         *nested;      /* NULL: the profile knows none        */
    cxr_str_t             request;
    char                  asked[CXR_FEED_REQUEST_MAX];
    cxr_trace_pt          trace;
    void                 *trace_ctx;
    uint32_t              event;       /* at hand, for traces                 */
    uint32_t              met;         /* events of a record with too many    */
    uint16_t              fence;       /* siblings of that name end a group;
                                          CXR_NAME_ANY: none                  */
    bool                  whole;       /* an error of the whole document is   */
    cxr_str_t             raw;         /* of the value read last, for traces  */
    unsigned char         lead[4];     /* first bytes, until there are four   */
    uint8_t               nlead;
    bool                  begun;       /* libxml2 has had the first bytes     */
    bool                  bom;
    bool                  rooted;      /* the root element has been seen      */
    bool                  known;       /* a format of the profile has been    */

    cxr_open_t           *open;
    uint32_t              depth;
    cxr_node_t           *nodes;
    uint32_t              nnodes;
    uint32_t              cnodes;
    char                 *text;
    uint32_t              ntext;
    uint32_t              ctext;

    uint32_t              inside;      /* open elements that may be records   */
    uint32_t              elements;    /* in the outermost of them            */
    uint32_t              run;         /* bytes of the run of text at hand    */
    const char           *broken;      /* why the record will be refused      */
    bool                  starved;     /* a field of it found no memory       */

    cxr_held_t           *held;
    uint32_t              nheld;
    uint32_t              cheld;

    cxr_arena_t          *lists;       /* emptied at each record              */
    cxr_arena_t          *scratch;     /* emptied at each record and event    */
    struct {
        const xmlChar    *p;
        uint16_t          id;
    }                     cache[CXR_FEED_NAME_CACHE];
    cxr_memo_t           *memo;        /* NULL: none yet                      */
    uint64_t              era;         /* of the arena at hand, from 1 on     */
    cxr_str_t             carrier;     /* in the arena of                     */
    uint64_t              carrier_era;
    cxr_tz_near_t         near;        /* of the last time                    */
    cxr_again_t           again;
};

/*
 * cxr_memo.c: texts that came out of cxr_text_clean() as they were, in the
 * arena of this era.  *known: where it stands, or NULL; then what is made of it
 * may be kept in the place that is returned (NULL: not at all).
 */
typedef struct cxr_memo_text_s  cxr_memo_text_t;

cxr_memo_text_t *cxr_memo_text(cxr_feed_t *f, cxr_str_t s,
    const char **known);
void cxr_memo_keep(cxr_feed_t *f, cxr_memo_text_t *place, cxr_str_t kept);
/* texts and codes of "s" stand in the arena */
const cxr_rule_t *cxr_memo_rule(cxr_feed_t *f, const cxr_table_t *t,
    cxr_subject_t *s);

/* cxr_feed.c */
void cxr_feed_stop(cxr_feed_t *f, cxr_feed_end_t end, cxr_rc_t rc,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* what an error of libxml2's is, as the end of "...": quotes no document */
const char *cxr_feed_wrong(const cxr_feed_t *f, int code);

void cxr_feed_drain(cxr_feed_t *f, xmlParserCtxt *ctxt);

/* cxr_feed_sax.c */
void cxr_feed_sax(xmlSAXHandler *sax);
bool cxr_encoding_taken(cxr_str_t name);
void cxr_sax_error(void *data, xmlErrorPtr e);
/* cxr_feed_charset.c */
xmlCharEncodingHandlerPtr cxr_charset_handler(cxr_str_t charset);
void cxr_sax_text(void *data, const xmlChar *s, int len);
/* the parser that is at work: the nested document's, while it is */
xmlParserCtxt *cxr_feed_ctxt(const cxr_feed_t *f);

/* cxr_feed_nested.c */
cxr_rc_t cxr_nested_open(cxr_feed_t *f, xmlSAXHandler *sax);
void cxr_nested_close(cxr_feed_t *f);

/* cxr_feed_trace.c: only called when there is a trace */
void cxr_trace_begin(cxr_feed_t *f, cxr_trace_kind_t kind, unsigned line,
    unsigned at_line);
void cxr_trace_value(cxr_feed_t *f, const cxr_value_t *v, uint32_t alt,
    cxr_str_t value);
void cxr_trace_rule(cxr_feed_t *f, const cxr_table_t *t, const cxr_rule_t *r,
    const cxr_subject_t *s);
void cxr_trace_cond(cxr_feed_t *f, cxr_trace_kind_t kind, const cxr_cond_t *c,
    uint32_t base, const cxr_override_t *o, uint8_t retract);
void cxr_trace_error(cxr_feed_t *f, const cxr_error_rule_t *e,
    cxr_fault_t fault, cxr_str_t words);

/* cxr_feed_value.c: paths and values over the tape */
typedef struct {
    uint32_t  *items;
    uint32_t   n;
    uint32_t   cap;
} cxr_nodes_t;

bool cxr_preds_hold(cxr_feed_t *f, const cxr_step_t *step, uint32_t node);
/* nodes of all paths, in document order, each once; CXR_NOMEM */
cxr_rc_t cxr_select(cxr_feed_t *f, const cxr_paths_t *paths, uint32_t base,
    cxr_nodes_t *out);
/* trimmed; len 0: absent.  Lives until the event or record is over. */
cxr_str_t cxr_value_get(cxr_feed_t *f, const cxr_value_t *v, uint32_t base);
cxr_str_t cxr_value_alt(cxr_feed_t *f, const cxr_value_t *v, uint32_t alt,
    uint32_t base);
bool cxr_cond_holds(cxr_feed_t *f, const cxr_cond_t *c, uint32_t base);

/* cxr_feed_time.c */
typedef struct {
    cxr_time_t  at;
    int64_t     offset;
    uint8_t     precision;
    uint8_t     zone;
    cxr_str_t   text;          /* raw                                         */
    const cxr_tz_t    *tz;     /* NULL: an offset, or unknown                 */
    const cxr_zone_t  *place;  /* that gave it, or NULL                       */
} cxr_moment_t;

void cxr_when_get(cxr_feed_t *f, const cxr_when_t *w, uint32_t base,
    cxr_moment_t *out);
void cxr_trace_time(cxr_feed_t *f, const cxr_when_t *w, uint32_t alt,
    const cxr_datefmt_t *fmt, const cxr_moment_t *when);

/* cxr_feed_scans.c: a record's events */
cxr_rc_t cxr_scans_read(cxr_feed_t *f, const cxr_record_rule_t *r,
    uint32_t base, cxr_arena_t *a, cxr_report_t *report);

/*
 * cxr_feed_seen.c: records that are told again.  A digest as it is kept: that of
 * what the paths see, two counts of two bytes, that of the bytes.
 */
#define CXR_SEEN_LEN     16
#define CXR_SEEN_COUNTS  4
#define CXR_SEEN_RAW     (CXR_SEEN_LEN + CXR_SEEN_COUNTS)

typedef struct {
    bool  made;                /* false: none is made of this one             */
    bool  raw;                 /* there is one of its bytes                   */
    char  tape[CXR_SEEN_LEN];
    char  bytes[CXR_AGAIN_LEN];
} cxr_seen_t;

void cxr_seen_digest(cxr_feed_t *f, const cxr_open_t *e, cxr_seen_t *out);
/* sets report->digest; "before": the counts without the record */
bool cxr_seen_keep(cxr_feed_t *f, cxr_arena_t *a, const cxr_seen_t *seen,
    const cxr_feed_stats_t *before, cxr_report_t *report);
/* counts what the record was found to hold when it was read */
void cxr_seen_count(cxr_feed_t *f, cxr_str_t kept);

/*
 * cxr_feed_again.c.  What may be a record begins, with "nns" namespaces of its
 * own; it is over, and "done" if nothing of it is left; something else is.
 */
void cxr_again_start(cxr_feed_t *f, const cxr_open_t *e, int nns);
void cxr_again_end(cxr_feed_t *f, bool done);
/* false: none can be made */
bool cxr_again_digest(cxr_feed_t *f, char out[CXR_AGAIN_LEN]);
/* before a record is read that is not known by its bytes */
void cxr_again_learn(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e);
/* the parser has had a piece, and a record is open */
void cxr_again_piece(cxr_feed_t *f);
/* how much of the n bytes at "p" to give to the parser */
size_t cxr_again_cut(cxr_feed_t *f, const char *p, size_t n);
/* how much of them is known, counted, and not to be given to it */
size_t cxr_again_pass(cxr_feed_t *f, const char *p, size_t len);
void cxr_again_close(cxr_feed_t *f);

/*
 * cxr_feed_report.c: a whole record to a report or a refusal.  Without memory
 * fields are empty and f->starved is set.  cxr_field(): of what is each time
 * another, or is not in the era's arena.
 */
cxr_str_t cxr_field(cxr_feed_t *f, cxr_arena_t *a, cxr_str_t s, size_t max);
/* eta, partner and pickup of a record */
void cxr_arrival_read(cxr_feed_t *f, const cxr_record_rule_t *r,
    uint32_t base, cxr_arena_t *a, cxr_report_t *report);
/* false: it is there and cannot be folded */
bool cxr_fold_into(cxr_arena_t *a, cxr_str_t s,
    cxr_rc_t (*fold)(cxr_str_t, char *, size_t *), cxr_str_t *out);
cxr_str_t cxr_field_get(cxr_feed_t *f, cxr_arena_t *a, const cxr_value_t *v,
    uint32_t base, size_t max);
/* sets all of "s", without a text; what is kept of its codes */
cxr_str_t cxr_codes_get(cxr_feed_t *f, cxr_arena_t *a,
    const cxr_value_t *code, uint32_t base, cxr_subject_t *s);
const cxr_override_t *cxr_override_find(cxr_feed_t *f,
    const cxr_override_t *items, uint32_t n, uint32_t base, uint8_t status);
void cxr_feed_record(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e);
void cxr_feed_faults(cxr_feed_t *f, const cxr_format_rule_t *r,
    const cxr_open_t *e);

#endif /* _CXR_FEED_PRIVATE_H_INCLUDED_ */
