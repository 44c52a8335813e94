
/*
 * A day for a shopper's calendar: one event as iCalendar (RFC 5545).
 */

#ifndef _CXR_ICS_H_INCLUDED_
#define _CXR_ICS_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_time.h"

#define CXR_ICS_LINE  75         /* octets of a line, as the RFC wants it     */

/*
 * "uid" names the event for good, so that it is moved when it is told again;
 * ASCII.  Texts are UTF-8, lines in them end with LF; empty ones are left out.
 */
typedef struct {
    cxr_str_t    uid;
    cxr_str_t    summary;
    cxr_str_t    text;
    cxr_str_t    place;
    cxr_time_t   stamp;          /* since when it is known to be so           */
    bool         days;           /* whole days: from the one to the other     */
    cxr_time_t   from;           /* of days: any moment of the first one, ... */
    cxr_time_t   to;             /* ... of the last one                       */
    int64_t      offset;         /* of days: seconds east of UTC              */
    bool         remind;         /* a day before                              */
} cxr_ics_t;

/* The whole calendar object.  Whether there was room is the buffer's to say. */
void cxr_ics(const cxr_ics_t *event, cxr_buf_t *out);

#endif /* _CXR_ICS_H_INCLUDED_ */
