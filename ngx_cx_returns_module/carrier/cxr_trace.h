
/*
 * What a feed does with each value, told as it does it: for "explain", never
 * for the daily business.  A feed without a trace pays one comparison for
 * each field.
 */

#ifndef _CXR_TRACE_H_INCLUDED_
#define _CXR_TRACE_H_INCLUDED_

#include "cxr_feed.h"

typedef enum {
    CXR_TRACE_RECORD = 0,      /* a record is whole; "number" of the document's
                                  line is in "at_line"                        */
    CXR_TRACE_EVENT,           /* one of its events begins                    */
    CXR_TRACE_HEADER,          /* its own status begins                       */
    CXR_TRACE_VALUE,           /* a field, with its value or without          */
    CXR_TRACE_TIME,            /* a moment: "format", "at", "zone" ...        */
    CXR_TRACE_RULE,            /* the rule of a table that gave the status    */
    CXR_TRACE_UNMAPPED,        /* no rule of the table knows code and text    */
    CXR_TRACE_OVERRIDE,        /* puts its status in place of it              */
    CXR_TRACE_RETRACT,         /* the event takes something back              */
    CXR_TRACE_IGNORE,          /* an <ignore> leaves the event or record out  */
    CXR_TRACE_PADDING,         /* neither code nor text: left out           */
    CXR_TRACE_ERROR            /* an <error> stands; "value": its words       */
} cxr_trace_kind_t;

extern const char *const  cxr_trace_names[];     /* "record", "event" ...     */

/* What does not belong to the kind is zero.  All lives during the call only. */
typedef struct {
    uint8_t      kind;
    uint64_t     record;       /* 1-based; 0: the document as a whole         */
    uint32_t     event;        /* 1-based, as met; 0: the record itself       */
    unsigned     line;         /* of the profile                              */
    unsigned     at_line;      /* of the document, where the record begins    */
    const char  *field;        /* "number", "code2", "time"                   */
    cxr_str_t    value;        /* as it is used; empty: absent                */
    cxr_str_t    raw;          /* before "after", "until" and "capture"       */
    unsigned     alternative;  /* 1-based; 0: none gave it                    */
    cxr_str_t    path;         /* of the alternative, as written              */
    cxr_str_t    format;       /* the date's; empty: none fits                */
    cxr_time_t   at;
    int64_t      offset;
    uint8_t      precision;
    uint8_t      zone;         /* cxr_zone_source_t                           */
    const char  *tz;           /* "Europe/Paris"; NULL: an offset, or none    */
    cxr_str_t    place;        /* the name in <zones> that gave it            */
    cxr_str_t    table;
    const char  *act;          /* of a RULE: "map", "note", "ignore"          */
    cxr_str_t    code;         /* of RULE, UNMAPPED: what was looked up       */
    cxr_str_t    text;
    uint8_t      status;
    uint8_t      reason;
    uint8_t      action;
    uint8_t      left;         /* cxr_ship_left_t                             */
    uint8_t      retract;      /* cxr_retract_t                               */
    uint8_t      fault;        /* cxr_fault_t                                 */
    bool         sure;
} cxr_trace_t;

typedef void (*cxr_trace_pt)(void *ctx, const cxr_trace_t *t);

/* Before the first push; NULL: no more.  Report or refusal follow a record's
   traces by the feed's sink. */
void cxr_feed_trace(cxr_feed_t *f, cxr_trace_pt fn, void *ctx);

#endif /* _CXR_TRACE_H_INCLUDED_ */
