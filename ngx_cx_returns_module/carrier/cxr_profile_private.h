
/*
 * What a profile is once compiled.  Private to carrier/.
 *
 * The automaton only decides what of a record is worth keeping; the kept nodes
 * go to a "tape" (cxr_feed_private.h) over which the paths are then walked when
 * the record is whole.  So a path may look back, count or test a sibling,
 * and what no path names costs one table look-up for each element.
 */

#ifndef _CXR_PROFILE_PRIVATE_H_INCLUDED_
#define _CXR_PROFILE_PRIVATE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_profile.h"
#include "cxr_shipment.h"
#include "cxr_time.h"

#define CXR_PROFILE_ARENA     (32 * 1024 * 1024)
#define CXR_NAMES_MAX         2048    /* different names in a profile's paths */
#define CXR_STEPS_MAX         24      /* steps of one path                    */
#define CXR_PATTERNS_MAX      4096
#define CXR_STATES_MAX        4096
#define CXR_RECORD_RULES_MAX  32
#define CXR_FORMATS_MAX       32
#define CXR_REPARSES_MAX      32
#define CXR_SEPARATOR_MAX     8       /* bytes of a row's or column's end     */
#define CXR_ZONES_MAX         1024    /* of one list                          */
#define CXR_CODES             3       /* code, code2, code3                   */
#define CXR_HOLD_MAX          8       /* levels                               */
#define CXR_PRED_NEST         4
#define CXR_PARTS_MAX         8       /* parts of a value                     */
#define CXR_PREDS_MAX         4       /* tests at one step                    */
#define CXR_NS_MAX            16      /* <ns> of a profile                    */
#define CXR_NS_URI_MAX        300
#define CXR_QUALIFIED_MAX     512     /* bytes of "{uri}name"                 */
#define CXR_AS_MAX            20      /* bytes of what "as" makes             */

#define CXR_NAME_OTHER        0       /* an element that no path names        */
#define CXR_NAME_ANY          0xffff  /* '*' in a path                        */
#define CXR_NAME_ATTR         0x8000  /* on the tape: an attribute            */

#define CXR_STATE_DEAD        0


typedef enum {
    CXR_AXIS_CHILD = 0,
    CXR_AXIS_DESC,
    CXR_AXIS_ATTR,
    CXR_AXIS_SELF,
    CXR_AXIS_PARENT,
    CXR_AXIS_PREV,             /* the nearest one before it                   */
    CXR_AXIS_NEXT,
    CXR_AXIS_NAME              /* name(): the element's own local name        */
} cxr_axis_t;

typedef enum {
    CXR_PRED_POS = 0,
    CXR_PRED_LAST,
    CXR_PRED_HAS,
    CXR_PRED_NOT,
    CXR_PRED_EQ,
    CXR_PRED_NE
} cxr_pred_kind_t;

typedef struct cxr_step_s  cxr_step_t;

typedef struct {
    CXR_LIST_OF(cxr_step_t)  steps;
} cxr_path_t;

typedef CXR_LIST_OF(cxr_path_t)  cxr_paths_t;

typedef struct {
    uint8_t      kind;
    uint32_t     pos;
    cxr_path_t   path;
    cxr_str_t    text;
} cxr_pred_t;

struct cxr_step_s {
    uint8_t      axis;
    uint16_t     name;
    bool         counts;       /* a predicate asks for the position           */
    CXR_LIST_OF(cxr_pred_t)  preds;
};

typedef struct cxr_capture_s  cxr_capture_t;

typedef enum {
    CXR_AS_TEXT = 0,
    CXR_AS_SSCC,               /* of its EPC's URN, or of a GS1 link          */
    CXR_AS_GSIN
} cxr_as_t;

/* a value: alternatives tried in order, each of parts that are joined */
typedef struct {
    bool         literal;
    bool         request;      /* request(): what the feed's caller asked for */
    bool         optional;
    uint16_t     child;        /* the path is this child's name and no more;
                                  0: it is not                                */
    cxr_str_t    text;         /* of a literal                                */
    cxr_path_t   path;
} cxr_part_t;

typedef struct {
    CXR_LIST_OF(cxr_part_t)  parts;
    cxr_str_t    join;
    cxr_str_t    after;        /* only what follows this; absent without it   */
    cxr_str_t    until;        /* and only up to this                         */
    cxr_capture_t  *capture;   /* and only what this picks out of it; or NULL */
    uint8_t      as;           /* cxr_as_t: and what becomes of it            */
    bool         cuts;         /* one of these four is there                  */
    cxr_str_t    source;       /* as written, for traces                      */
    unsigned     line;         /* of the profile                              */
} cxr_alt_t;

typedef struct {
    CXR_LIST_OF(cxr_alt_t)  alts;   /* none: the profile does not give it     */
    const char  *field;        /* its name in traces; NULL: not traced        */
    uint16_t     child;        /* it is what this child says and no more; 0:
                                  it is not                                   */
} cxr_value_t;


typedef enum {
    CXR_FOLD_EXACT = 0,
    CXR_FOLD_CASE,
    CXR_FOLD_TURKISH
} cxr_fold_t;

typedef enum {
    CXR_TEST_IS = 0,
    CXR_TEST_PREFIX,
    CXR_TEST_CONTAINS,
    CXR_TEST_MATCH,
    CXR_TEST_NUMBER,
    CXR_TEST_RANGE
} cxr_test_op_t;

#define CXR_SUBJECT_TEXT  CXR_CODES

typedef struct {
    uint8_t      op;
    uint8_t      subject;      /* 0..2: a code; CXR_SUBJECT_TEXT              */
    cxr_strs_t   list;         /* folded as the table says                    */
    cxr_capture_t  *pattern;   /* of MATCH, the same                          */
    uint64_t     lo;
    uint64_t     hi;
} cxr_test_t;

typedef enum {
    CXR_RULE_MAP = 0,
    CXR_RULE_NOTE,             /* known, and says nothing of the status       */
    CXR_RULE_IGNORE
} cxr_rule_act_t;

typedef struct {
    CXR_LIST_OF(cxr_test_t)  tests;    /* all must hold                       */
    uint8_t      act;
    uint8_t      status;
    uint8_t      reason;
    uint8_t      action;
    uint8_t      left;
    uint8_t      fault;        /* of an <error>'s <class>                     */
    bool         sure;
    unsigned     line;
} cxr_rule_t;

typedef struct {
    cxr_str_t    name;
    cxr_str_t    source;       /* where the meanings are from                 */
    uint8_t      fold;
    CXR_LIST_OF(cxr_rule_t)  rules;
} cxr_table_t;

/* what rules are asked about; the folded text is made when first needed */
typedef struct {
    cxr_str_t    code[CXR_CODES];
    cxr_str_t    text;
    cxr_str_t    folded[CXR_CODES + 1];
    uint8_t      have;         /* bit for each that is folded                 */
    cxr_arena_t *scratch;
} cxr_subject_t;


#define CXR_FIXED_MIN    8
#define CXR_FIXED_MAX    32
#define CXR_FIXED_PARTS  6     /* year, month, day, hour, minute, second      */

typedef struct {
    cxr_str_t    text;         /* the format as written, for messages         */
    uint8_t      ops[64];      /* pairs of op and argument                    */
    uint8_t      nops;
    uint8_t      precision;
    /*
     * Digits of fixed number, blanks and literals alone, and what it looks like
     * with one blank for each: '0' for a digit; fixed: how many bytes, 0: it is
     * none of these.  Where the digits of year, month ... begin.
     */
    uint8_t      fixed;
    char         like[CXR_FIXED_MAX];
    struct {
        uint8_t  at;           /* CXR_FIXED_MAX: it is not there              */
        uint8_t  digits;
    }            part[CXR_FIXED_PARTS];
    cxr_strs_t   forms;        /* only where the document says one of these   */
} cxr_datefmt_t;

typedef struct {
    cxr_str_t    name;
    cxr_strs_t   months;       /* twelve names, folded, or none: English ones */
    CXR_LIST_OF(cxr_datefmt_t)  formats;
} cxr_dates_t;

typedef struct {
    cxr_str_t    name;         /* "EST", "3"; compared exactly                */
    const cxr_tz_t  *tz;       /* or NULL: offset                             */
    int32_t      offset;
} cxr_zone_t;

typedef CXR_LIST_OF(cxr_zone_t)  cxr_zone_list_t;

typedef struct {
    cxr_str_t        name;
    cxr_zone_list_t  zones;    /* sorted, for cxr_zones_find()                */
} cxr_zones_t;

typedef struct {
    cxr_value_t         value;
    cxr_value_t         zone;
    cxr_value_t         where; /* a place that "zones" knows the zone of      */
    cxr_value_t         form;  /* what the document calls the date's form     */
    cxr_value_t         shown; /* the offset to show it in                    */
    const cxr_zones_t  *zones;
    const cxr_dates_t  *dates;
} cxr_when_t;


typedef enum {
    CXR_COND_PRESENT = 0,
    CXR_COND_ABSENT,
    CXR_COND_IS,
    CXR_COND_PREFIX,
    CXR_COND_CONTAINS
} cxr_cond_op_t;

typedef struct {
    cxr_value_t  value;
    uint8_t      op;
    cxr_strs_t   list;         /* folded                                      */
    unsigned     line;
} cxr_cond_t;

typedef struct {
    cxr_cond_t   cond;
    uint32_t     from;         /* bits of the statuses it may replace         */
    uint8_t      status;
    uint8_t      reason;
    uint8_t      action;
    uint8_t      left;
} cxr_override_t;

typedef struct {
    cxr_cond_t   cond;
    uint8_t      what;         /* cxr_retract_t                               */
    cxr_value_t  id;           /* NAMED: this one, or code and time           */
    cxr_value_t  code;
    cxr_when_t   time;
} cxr_retract_rule_t;

typedef struct {
    unsigned     line;
    cxr_value_t  code;
    cxr_value_t  text;
    cxr_strs_t   ok;
    cxr_table_t  classes;
    uint8_t      fault;        /* when no class fits                          */
} cxr_error_rule_t;

#define CXR_ORDER_NONE  0
#define CXR_ORDER_ASC   1
#define CXR_ORDER_DESC  2

typedef struct {
    unsigned            line;
    cxr_paths_t         paths;
    const cxr_table_t  *table;
    uint8_t             order;
    bool                grouped;   /* runs of siblings, one anchor in each    */
    cxr_value_t         code[CXR_CODES];
    cxr_value_t         text;
    cxr_value_t         place;
    cxr_value_t         country;
    cxr_value_t         id;
    cxr_value_t         seq;
    cxr_value_t         signature; /* there is one; of whom is not kept       */
    cxr_when_t          time;
    CXR_LIST_OF(cxr_cond_t)      ignores;
    CXR_LIST_OF(cxr_override_t)  overrides;
    CXR_LIST_OF(cxr_retract_rule_t)  retracts;
} cxr_events_rule_t;

typedef struct {
    bool                set;
    unsigned            line;
    const cxr_table_t  *table;
    uint32_t            wins;  /* bits of the statuses with which it wins     */
    cxr_value_t         code[CXR_CODES];
    cxr_value_t         text;
    cxr_when_t          time;
} cxr_header_rule_t;

typedef struct {
    unsigned            format;
    unsigned            line;
    cxr_path_t          path;
    bool                early; /* its predicates need only attributes         */
    uint8_t             hold;  /* waits until so many levels up end           */
    cxr_value_t         number;
    cxr_value_t         reference;
    cxr_value_t         order;
    cxr_value_t         service;
    cxr_value_t         pieces;
    cxr_value_t         return_number;
    cxr_value_t         partner;
    cxr_value_t         partner_number;
    cxr_value_t         unique;    /* parts parcels with one number           */
    cxr_when_t          since;     /* when that parcel began                  */
    cxr_when_t          eta;
    cxr_when_t          eta_to;
    cxr_when_t          pickup_until;
    cxr_value_t         pickup_point;
    cxr_value_t         pickup_hours;
    cxr_header_rule_t   header;
    CXR_LIST_OF(cxr_events_rule_t)  events;
    CXR_LIST_OF(cxr_error_rule_t)   errors;
    CXR_LIST_OF(cxr_override_t)     overrides;
    CXR_LIST_OF(cxr_cond_t)         ignores;
} cxr_record_rule_t;

/* an element whose text is a document of its own */
typedef struct {
    unsigned            format;
    cxr_path_t          path;
    bool                lines; /* rows and columns, unless it is XML          */
    cxr_str_t           rows;  /* what ends a row                             */
    cxr_str_t           columns;   /* what ends a cell; empty: one a row      */
} cxr_reparse_t;

typedef struct {
    cxr_path_t          path;
    CXR_LIST_OF(cxr_error_rule_t)   errors;
} cxr_format_rule_t;


typedef struct {
    bool         text;         /* its text is asked for                       */
    bool         value;        /* outlives its end, within its anchor         */
    int16_t      format;       /* -1: none                                    */
    uint8_t      reparse;      /* 1 + index of its <reparse>; 0: none         */
    uint32_t     records;      /* bits: record rules that begin here          */
    CXR_LIST_OF(uint16_t)  attrs;
    const uint16_t        *next;    /* the state for each name's id           */
} cxr_state_t;

/* a namespace, and what the profile's paths call it */
typedef struct {
    cxr_str_t    prefix;
    cxr_str_t    uri;
} cxr_ns_t;

struct cxr_profile_s {
    cxr_arena_t *arena;
    cxr_str_t    carrier;
    cxr_str_t    name;
    uint8_t      fold;
    uint64_t     seen;         /* its text's hash, for digests of records     */
    const cxr_tz_t  *tz;       /* NULL: the times' zone is not known          */
    cxr_strs_t   nulls;
    CXR_LIST_OF(cxr_ns_t)           spaces;
    CXR_LIST_OF(cxr_tz_t *)         tzs;    /* all of them, each once         */
    cxr_zone_list_t                 zones;
    CXR_LIST_OF(cxr_zones_t)        places;
    CXR_LIST_OF(cxr_dates_t)        dates;
    CXR_LIST_OF(cxr_table_t)        tables;
    CXR_LIST_OF(cxr_format_rule_t)  formats;
    CXR_LIST_OF(cxr_record_rule_t)  records;
    CXR_LIST_OF(cxr_reparse_t)      reparses;
    struct cxr_push_rules_s  *push;   /* NULL: a body, and no more            */

    cxr_strs_t   names;        /* index: id; names.items[0] stands for others */
    uint16_t    *name_hash;    /* open addressing, 0: free                    */
    uint32_t     name_mask;

    cxr_state_t *states;
    uint32_t     nstates;
    uint16_t     start;
};


/* cxr_profile_zones.c: NULL: it is not in the list; case does not matter */
const cxr_zone_t *cxr_zones_find(const cxr_zones_t *zones, cxr_str_t place);

/* cxr_names.c: names to ids */
cxr_rc_t cxr_names_begin(cxr_profile_t *p);
uint16_t cxr_names_add(cxr_profile_t *p, cxr_str_t s);     /* 0: no room      */
/* the name of an element of a namespace; 0: too long to be asked for */
size_t cxr_names_qualify(cxr_str_t uri, cxr_str_t name,
    char out[CXR_QUALIFIED_MAX]);
uint16_t cxr_names_find(const cxr_profile_t *p, const char *s, size_t len);

/* cxr_path.c: the text of paths and values; a fault is a sentence in "why" */
cxr_rc_t cxr_path_parse(cxr_profile_t *p, cxr_str_t s, cxr_path_t *out,
    const char **why);
cxr_rc_t cxr_paths_parse(cxr_profile_t *p, cxr_str_t s, cxr_paths_t *out,
    const char **why);
cxr_rc_t cxr_value_parse(cxr_profile_t *p, cxr_str_t s, cxr_value_t *out,
    const char **why);

/* cxr_capture.c: a small pattern, run in time that follows from lengths alone */
cxr_rc_t cxr_capture_compile(cxr_arena_t *a, cxr_str_t s, cxr_capture_t **out,
    const char **why);
/* the group, or all that fits; empty when nothing does */
cxr_str_t cxr_capture_run(const cxr_capture_t *c, cxr_str_t s);
bool cxr_capture_fits(const cxr_capture_t *c, cxr_str_t s);

/* cxr_gs1.c: the digits of a key, the check digit with them; 0: it is none */
extern const char *const  cxr_as_names[];            /* "text", "sscc" ...    */
size_t cxr_as_digits(uint8_t as, cxr_str_t s, char out[CXR_AS_MAX]);

/* cxr_feed_seen.c */
uint64_t cxr_seen_profile(cxr_str_t text);

/* cxr_matcher.c: the automaton over all paths of the profile */
cxr_rc_t cxr_matcher_build(cxr_profile_t *p, cxr_diag_t *d);

/* cxr_rules.c */
cxr_rc_t cxr_fold(cxr_arena_t *a, cxr_str_t s, cxr_fold_t how, cxr_str_t *out);
cxr_rc_t cxr_test_add(cxr_arena_t *a, cxr_rule_t *rule, cxr_fold_t fold,
    const char *attr, cxr_str_t value, const char **why);
const cxr_rule_t *cxr_table_find(const cxr_table_t *t, cxr_subject_t *s);
/* all that "later" would take is taken by "rule", as far as lists of words tell;
   both are of one table */
bool cxr_rule_covers(const cxr_rule_t *rule, const cxr_rule_t *later);
cxr_rc_t cxr_split_list(cxr_arena_t *a, cxr_str_t s, cxr_fold_t fold,
    cxr_strs_t *out);

/* cxr_datefmt.c */
cxr_rc_t cxr_datefmt_compile(cxr_arena_t *a, cxr_str_t s, cxr_datefmt_t *out,
    const char **why);

typedef struct {
    cxr_civil_t  civil;
    bool         has_offset;
    bool         epoch;        /* of UTC, whatever zone there is              */
    int32_t      offset;       /* seconds east                                */
    cxr_str_t    zone;         /* an abbreviation in the value, or empty      */
} cxr_parsed_time_t;

bool cxr_datefmt_parse(const cxr_datefmt_t *f, cxr_str_t s,
    cxr_parsed_time_t *out);
/* "+03:00", "+0300", "+03", "3", "Z", "GMT-08:00" */
bool cxr_offset_parse(cxr_str_t s, int32_t *offset);

#endif /* _CXR_PROFILE_PRIVATE_H_INCLUDED_ */
