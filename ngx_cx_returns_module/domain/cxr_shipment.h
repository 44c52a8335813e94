
/*
 * A shipment: one parcel of one carrier, as its scans tell it.
 *
 * The state is a function of the SET of scans and header reports received, so
 * late, repeated and out-of-order feeds all end in the same state (no field
 * depends on arrival order except "updated_at", "revision" and "digest").
 *
 * Two axes and a flag: status x reason, and the action asked of the shopper.  An unmapped code is never
 * guessed: its scan has CXR_SHIP_UNKNOWN and "mapped" false, which shows as
 * "update received" and counts on the operator's work list.
 */

#ifndef _CXR_SHIPMENT_H_INCLUDED_
#define _CXR_SHIPMENT_H_INCLUDED_

#include "cxr_base.h"
#include "cxr_event.h"
#include "cxr_record.h"

typedef enum {
    CXR_SHIP_UNKNOWN = 0,
    CXR_SHIP_LABEL_CREATED,
    CXR_SHIP_PICKED_UP,
    CXR_SHIP_IN_TRANSIT,
    CXR_SHIP_OUT_FOR_DELIVERY,
    CXR_SHIP_READY_FOR_PICKUP,
    CXR_SHIP_ATTEMPT_FAILED,
    CXR_SHIP_DELIVERED,
    CXR_SHIP_RETURNING,
    CXR_SHIP_RETURNED,
    CXR_SHIP_CANCELLED,
    CXR_SHIP_EXPIRED
} cxr_ship_status_t;

typedef enum {
    CXR_WHY_NONE = 0,
    CXR_WHY_DELAYED_WEATHER,
    CXR_WHY_DELAYED_CARRIER,
    CXR_WHY_CUSTOMS,
    CXR_WHY_ADDRESS_PROBLEM,
    CXR_WHY_RECIPIENT_ABSENT,
    CXR_WHY_REFUSED,
    CXR_WHY_DAMAGED,
    CXR_WHY_LOST,
    CXR_WHY_HELD,
    CXR_WHY_MISSORTED,
    CXR_WHY_RESCHEDULED,
    CXR_WHY_REDIRECTED,
    CXR_WHY_PAYMENT_DUE,
    CXR_WHY_UNCLAIMED,
    CXR_WHY_SECURITY,
    CXR_WHY_OTHER
} cxr_ship_reason_t;

/* what the shopper must do */
typedef enum {
    CXR_DO_NOTHING = 0,
    CXR_DO_PICK_UP,            /* collect it                                   */
    CXR_DO_CORRECT_ADDRESS,
    CXR_DO_CONTACT_CARRIER,
    CXR_DO_PAY,                /* duty, or cash on delivery                    */
    CXR_DO_BE_HOME             /* another attempt is coming                    */
} cxr_ship_action_t;

/*
 * Where a delivered parcel was left, as the profile maps the carrier's word.
 * Who took it is a person's name, and is never read from a feed.
 */
typedef enum {
    CXR_LEFT_NONE = 0,         /* not told                                     */
    CXR_LEFT_HANDS,            /* with whom it was for                         */
    CXR_LEFT_HOUSEHOLD,
    CXR_LEFT_NEIGHBOUR,
    CXR_LEFT_RECEPTION,        /* front desk, porter, mail room                */
    CXR_LEFT_MAILBOX,
    CXR_LEFT_SAFE_PLACE,       /* door, porch, garage                          */
    CXR_LEFT_PICKUP_POINT      /* counter, locker                              */
} cxr_left_t;

extern const char *const  cxr_left_names[];        /* "none", "hands", ...     */
extern const char *const  cxr_ship_status_names[];   /* "unknown", ...         */
extern const char *const  cxr_ship_reason_names[];   /* "none", ...            */
extern const char *const  cxr_ship_action_names[];   /* "none", "pick_up", ... */

typedef enum {
    CXR_PRECISION_NONE = 0,    /* the carrier gave no time that can be read    */
    CXR_PRECISION_DATE,
    CXR_PRECISION_MINUTE,
    CXR_PRECISION_SECOND
} cxr_precision_t;

typedef enum {
    CXR_ZONE_UNKNOWN = 0,      /* taken as UTC                                 */
    CXR_ZONE_VALUE,            /* an offset in the value itself                */
    CXR_ZONE_FIELD,            /* another field of the event                   */
    CXR_ZONE_PROFILE           /* the profile's default zone                   */
} cxr_zone_source_t;

extern const char *const  cxr_precision_names[];
extern const char *const  cxr_zone_source_names[];

/*
 * What a scan takes back: a carrier's word that something it told did not
 * happen.  What is taken back, and the scan that does so, stay in the history
 * and count for nothing else; a retraction is not itself taken back.
 */
typedef enum {
    CXR_RETRACT_NONE = 0,
    CXR_RETRACT_ITSELF,        /* this very event, told again as an error      */
    CXR_RETRACT_PREVIOUS,      /* the last one before it that still counts     */
    CXR_RETRACT_NAMED          /* those that "retracts" names                  */
} cxr_retract_t;

extern const char *const  cxr_retract_names[];

/*
 * One event of the carrier, raw and mapped.  Two scans are the same one when
 * both have an id and the ids are equal, or neither has and (at, time_text, code, text,
 * place) are equal.
 */
typedef struct {
    cxr_time_t   at;           /* CXR_TIME_NONE with CXR_PRECISION_NONE        */
    int64_t      offset;       /* seconds east of UTC, for showing local time  */
    uint32_t     seq;          /* the carrier's order among equal times, else 0 */
    uint8_t      precision;
    uint8_t      zone;         /* cxr_zone_source_t                            */
    uint8_t      status;
    uint8_t      reason;
    uint8_t      action;
    bool         mapped;       /* a rule of the profile knew the code          */
    uint8_t      left;         /* cxr_left_t, of a delivery                    */
    bool         signature;    /* the carrier has one of this delivery         */
    uint8_t      retract;      /* cxr_retract_t                                */
    bool         retracted;    /* derived in a shipment: does not count, taken
                                  back or taking back; no part of what a scan
                                  is                                           */
    cxr_str_t    id;           /* the carrier's event id, or empty             */
    cxr_str_t    code;         /* raw, <= 80 bytes                             */
    cxr_str_t    text;         /* raw description, cleaned, <= 500 bytes       */
    cxr_str_t    place;        /* "İstanbul, Kadıköy Şubesi", <= 200 bytes     */
    cxr_str_t    country;      /* ISO 3166-1 alpha-2, or empty                 */
    cxr_str_t    time_text;    /* raw, as the carrier wrote it, <= 80 bytes    */
    cxr_str_t    retracts;     /* NAMED: the id; with a time below, the code   */
    cxr_time_t   retracts_at;  /* of those with that code; else NONE           */
} cxr_scan_t;

typedef enum {
    CXR_PARCEL_OUTBOUND = 0,
    CXR_PARCEL_RETURN
} cxr_direction_t;

extern const char *const  cxr_direction_names[];

typedef struct {
    cxr_str_t    carrier;      /* slug of the carrier's profile                */
    cxr_str_t    number;       /* folded tracking number                       */
    uint32_t     day;          /* days since 1970 when it was first seen: part
                                  of the key, because numbers are reused       */
    cxr_str_t    reference;    /* the shop's own reference at the carrier, folded */
    cxr_str_t    order;        /* folded order number, or empty                */
    cxr_strs_t   lines;        /* order lines in it; empty: not told           */
    cxr_str_t    rma;          /* of a return parcel                           */
    uint8_t      direction;
    bool         consigned;    /* the shop told the order; a feed's word on it
                                  no longer counts                             */

    uint8_t      status;       /* derived from the scans and header            */
    uint8_t      reason;
    uint8_t      action;
    cxr_time_t   status_at;    /* of the scan that gave the status             */
    cxr_time_t   picked_up_at; /* earliest scan that shows it with the carrier */
    cxr_time_t   delivered_at; /* of the delivery in force; NONE otherwise     */
    cxr_time_t   eta_from;     /* window the carrier promises; equal: an instant */
    cxr_time_t   eta_to;
    int64_t      eta_offset;   /* seconds east of UTC for showing it           */
    uint8_t      eta_precision;
    cxr_time_t   eta_asof;     /* newest scan time known when it was promised  */
    cxr_str_t    service;

    uint8_t      header_status;   /* the record's own status beside its scans  */
    uint8_t      header_reason;
    cxr_str_t    header_code;
    cxr_time_t   header_at;       /* newest scan time of the report, or its own time */
    bool         header_wins;     /* the profile says the header is authoritative */

    CXR_LIST_OF(cxr_scan_t)  scans;  /* by (at, seq, then content), oldest first */
    uint32_t     unmapped;     /* scans with mapped == false                   */
    uint32_t     dropped;      /* scans over CXR_SCANS_MAX that were not kept;
                                  once it is not 0, more of them are no news   */
    cxr_time_t   created_at;
    cxr_time_t   updated_at;
    uint32_t     revision;     /* events applied                               */
    uint32_t     pieces;       /* parcels under the number; 0: not told        */
    cxr_str_t    return_number;   /* folded: it comes back under this one      */
    cxr_str_t    unique;       /* the carrier's own key of this parcel, where it
                                  uses numbers again; <= 128 bytes, or empty   */
    cxr_str_t    digest;       /* of the last report that had one: its record
                                  told again is no news.  The one field that
                                  depends on how the reports came in          */
    cxr_str_t    partner;      /* the carrier that takes it to the door, as this
                                  one calls it; or empty                      */
    cxr_str_t    partner_number;  /* folded: under which that one has it      */
    cxr_time_t   pickup_until;   /* the last moment, or a moment of the last
                                    day, at which it may be collected          */
    int64_t      pickup_offset;  /* seconds east of UTC for showing it         */
    uint8_t      pickup_precision;
    cxr_time_t   pickup_asof;    /* as eta_asof, of all that is told of it     */
    cxr_str_t    pickup_point;   /* where: "Kadıköy Şubesi, Moda Caddesi 12";
                                    <= 200 bytes, or empty                     */
    cxr_str_t    pickup_hours;   /* when that is open, as the carrier writes it;
                                    <= 200 bytes, or empty                     */
} cxr_shipment_t;

/* A parcel with more scans than this is a fault of the feed; the newest are
   kept out, counted in "dropped", and what the last of them says of the parcel
   counts as a header's word. */
#define CXR_SCANS_MAX        500

/* A closed (delivered, returned, cancelled) shipment whose last scan is this
   much older than the oldest scan of a report is another parcel. */
#define CXR_NUMBER_REUSE     (120 * CXR_DAY)

/* What carrier/ makes of a record, how much it counts in it, and what it makes
   of its bytes, where it can. */
#define CXR_DIGEST_LEN       28
#define CXR_DIGEST_SHORT     20

/* Scans dated later than this past "now" are refused as nonsense. */
#define CXR_SCAN_FUTURE      (2 * CXR_DAY)

extern const cxr_type_t  cxr_scan_type;
extern const cxr_type_t  cxr_shipment_type;

/*
 * What a feed says of one parcel: command and event body in one.  The event
 * holds only what was new.
 */
typedef struct {
    cxr_str_t    carrier;
    cxr_str_t    number;       /* folded; may be empty when reference is given */
    uint32_t     day;          /* in the event; in the command 0, or the day of a
                                  parcel that is told apart by "unique" if it
                                  turns out to be a new one                    */
    cxr_str_t    reference;
    cxr_str_t    order;        /* when the carrier's record carries it         */
    cxr_str_t    service;
    uint8_t      header_status;
    uint8_t      header_reason;
    cxr_str_t    header_code;
    cxr_time_t   header_at;
    bool         header_wins;
    bool         header_mapped;
    cxr_time_t   eta_from;
    cxr_time_t   eta_to;
    int64_t      eta_offset;
    uint8_t      eta_precision;
    cxr_time_t   eta_asof;     /* in the event; 0 in the command               */
    CXR_LIST_OF(cxr_scan_t)  scans;
    uint32_t     pieces;
    cxr_str_t    return_number;
    cxr_str_t    unique;
    cxr_str_t    digest;       /* CXR_DIGEST_LEN or _SHORT bytes that stand for
                                  the carrier's record, or empty; in the event
                                  only when all that the record says was taken
                                  in                                          */
    cxr_str_t    partner;
    cxr_str_t    partner_number;
    cxr_time_t   pickup_until;
    int64_t      pickup_offset;
    uint8_t      pickup_precision;
    cxr_time_t   pickup_asof;  /* in the event; 0 in the command               */
    cxr_str_t    pickup_point;
    cxr_str_t    pickup_hours;
} cxr_report_t;

extern const cxr_type_t  cxr_report_type;

/* The shop tells which order (or RMA) a parcel belongs to. */
typedef struct {
    cxr_str_t    carrier;
    cxr_str_t    number;
    uint32_t     day;
    cxr_str_t    order;
    cxr_strs_t   lines;
    cxr_str_t    rma;
    uint8_t      direction;
} cxr_consign_t;

extern const cxr_type_t  cxr_consign_type;

/*
 * Decide: "state" is the latest generation of (carrier, number), or NULL when
 * there is none.  Emits nothing when everything was known already.  An event
 * with ->fresh set begins a new generation (its day = day of "now").
 * Refuses (CXR_REFUSED): "number_missing", "scan_in_future" never refuses the whole
 * report, the scan is left out and counted in *skipped (may be NULL).
 */
cxr_rc_t cxr_shipment_report(const cxr_shipment_t *state,
    const cxr_report_t *report, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, unsigned *skipped, cxr_refusal_t *no);

/*
 * May the report be of this parcel?  Numbers are used again: where the carrier
 * has a key of its own for each parcel, that decides; a parcel that has not
 * been told its key yet takes it from a report that is not from long before
 * its own time.  A report without such a key may be of any parcel.
 */
bool cxr_shipment_same(const cxr_shipment_t *state,
    const cxr_report_t *report);
/* The day that a report with such a key would begin a parcel with: that of its
   oldest scan, or what it tells; 0: it tells none. */
uint32_t cxr_shipment_first_day(const cxr_report_t *report);

cxr_rc_t cxr_shipment_consign(const cxr_shipment_t *state,
    const cxr_consign_t *consign, cxr_time_t now, cxr_arena_t *a,
    cxr_events_t *out, cxr_refusal_t *no);

/* Apply: "state" zeroed for a new one.  Only a body that cannot be (wrong type)
   gives CXR_INVALID.  New lists are in the arena, strings stay where the event has them. */
cxr_rc_t cxr_shipment_apply(cxr_shipment_t *state, const cxr_event_t *ev,
    cxr_time_t at, cxr_arena_t *a);

/*
 * The order of scans: by time, seq, then content (the further status later: of
 * carriers that give days only); 0 only when all fields but the derived one are
 * equal.
 */
int cxr_scan_cmp(const cxr_scan_t *a, const cxr_scan_t *b);

#endif /* _CXR_SHIPMENT_H_INCLUDED_ */
