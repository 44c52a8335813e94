
/*
 * How goods come back, beyond our own label: a carrier's return code out of a
 * pool that the shop imports, or a carrier's label that the shop is asked for;
 * and the reminder that the time to send runs out.
 *
 * A code is one RMA's.  It comes with the approval, or, when the pool is empty,
 * as soon as there is one again; the RMA stays approved meanwhile.  It goes back
 * into the pool when the RMA ends before a parcel was on its way.
 */

#ifndef _CXR_RMA_WAY_H_INCLUDED_
#define _CXR_RMA_WAY_H_INCLUDED_

#include "cxr_rma.h"

#define CXR_CODE_MAX           40      /* bytes of a return code               */
#define CXR_CODES_EVENT_MAX    1000    /* in one event                         */
#define CXR_CODES_IMPORT_MAX   10000   /* in one import                        */
#define CXR_CARRIER_LABEL_URL  2000    /* bytes                                */

/* Body of code.assigned and code.returned. */
typedef struct {
    cxr_str_t    rma;
    cxr_str_t    carrier;          /* slug                                     */
    cxr_str_t    code;
    cxr_time_t   expires;          /* as the carrier says; or NONE             */
    cxr_time_t   label_expires;    /* assigned: the last day to send it, which
                                      moves with a code that came late         */
} cxr_rma_code_t;

/* Body of label.requested, label.supplied and label.expiring. */
typedef struct {
    cxr_str_t    rma;
    cxr_str_t    url;              /* supplied: https, or a file:              */
    uint32_t     size;             /* of that, bytes                           */
    cxr_time_t   until;            /* expiring: label_expires; supplied: the last
                                      day to send it, NONE (old): as before; in
                                      the command: as the carrier says, or NONE */
    cxr_str_t    carrier;          /* supplied: of the parcel, or empty        */
    cxr_str_t    number;           /* folded                                   */
    cxr_str_t    hash;             /* supplied: names the file; or empty       */
    uint8_t      kind;             /* of that, cxr_label_file_t                */
} cxr_rma_supply_t;

typedef struct {
    cxr_str_t    code;
    cxr_time_t   expires;          /* or NONE                                  */
} cxr_code_in_t;

typedef CXR_LIST_OF(cxr_code_in_t)  cxr_codes_in_t;

/* Body of codes.imported: codes that were in no import before. */
typedef struct {
    cxr_str_t    carrier;
    CXR_LIST_OF(cxr_code_in_t)  codes;
} cxr_codes_body_t;

/* Body of pool.low: said once, until the next import. */
typedef struct {
    cxr_str_t    carrier;
    uint32_t     free;             /* codes left                               */
    uint32_t     low;              /* the shop's threshold                     */
} cxr_pool_low_t;

extern const cxr_type_t  cxr_rma_code_type;
extern const cxr_type_t  cxr_rma_supply_type;
extern const cxr_type_t  cxr_code_in_type;
extern const cxr_type_t  cxr_codes_body_type;
extern const cxr_type_t  cxr_pool_low_type;

/* a whole URL, https */
bool cxr_is_label_url(cxr_str_t s);

/* 1..CXR_CODE_MAX of [0-9A-Za-z._-] */
bool cxr_is_code(cxr_str_t s);

/* the shop has supplied the carrier's label, as a URL or a file */
bool cxr_rma_has_supplied(const cxr_rma_t *rma);

/* It is to have a code and has none; a carrier's label was not asked for yet. */
bool cxr_rma_wants_code(const cxr_rma_t *rma);
bool cxr_rma_wants_label(const cxr_rma_t *rma);
/* It has a code that it will not use any more. */
bool cxr_rma_drops_code(const cxr_rma_t *rma);

/* When it is reminded from, and when it expires; NONE: not, or not as it is. */
cxr_time_t cxr_rma_reminds_at(const cxr_rma_t *rma);
cxr_time_t cxr_rma_expires_at(const cxr_rma_t *rma);
cxr_time_t cxr_rma_overdue_at(const cxr_rma_t *rma);

/* "out" has the events so far, which the RMA given has taken in. */
cxr_rc_t cxr_rma_assign(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_str_t carrier, const cxr_code_in_t *code, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out);
cxr_rc_t cxr_rma_give_back(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_events_t *out);
cxr_rc_t cxr_rma_request_label(const cxr_order_t *order, const cxr_rma_t *rma,
    cxr_arena_t *a, cxr_events_t *out);

/*
 * The shop supplies the label, in place of one that is there.  Nothing when it
 * is the same one.  The time to send it begins now, and ends with the label's own
 * (cmd->until).  Refusals: "label_not_wanted" (its method is another one),
 * "rma_closed", "not_approved", "label_expired".  CXR_CONFLICT as in
 * cxr_rma_act().
 */
cxr_rc_t cxr_rma_supply(const cxr_order_t *order, const cxr_rma_t *rma,
    const cxr_rma_supply_t *cmd, uint32_t expect, cxr_time_t now,
    cxr_arena_t *a, cxr_events_t *out, cxr_refusal_t *no);

/* Reminds of what runs out.  Refusals: "not_due". */
cxr_rc_t cxr_rma_remind(const cxr_order_t *order, const cxr_rma_t *rma,
    uint32_t days, cxr_time_t now, cxr_arena_t *a, cxr_events_t *out,
    cxr_refusal_t *no);

/* Applies an event of these to the RMA. */
cxr_rc_t cxr_rma_apply_way(cxr_rma_t *rma, const cxr_event_t *ev,
    const cxr_entry_t *entry);

/*
 * The codes of an import, from CSV ("code" or "code,expires" a line, a heading
 * "code" allowed) or JSON lines ({"code":"...","expires":"2027-01-31T00:00:00Z"}).
 * CXR_INVALID: *line (from 1) and *what say what is wrong.  CXR_LIMIT: more than
 * CXR_CODES_IMPORT_MAX.
 */
cxr_rc_t cxr_codes_parse(cxr_str_t text, bool json, cxr_arena_t *a,
    cxr_codes_in_t *out, uint32_t *line, const char **what);

#endif /* _CXR_RMA_WAY_H_INCLUDED_ */
