
/*
 * Events: everything that happens.  decide() makes them, the journal keeps
 * them, apply() turns them into state.  No I/O, clock, randomness or locale in
 * this room: what is needed of them comes in with the command.
 */

#ifndef _CXR_EVENT_H_INCLUDED_
#define _CXR_EVENT_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_record.h"

/* On disk: never renumber, only add.  Names: cxr_event_names[], "order.put". */
typedef enum {
    CXR_EV_NONE = 0,
    CXR_EV_ORDER_PUT,          /* body: cxr_order_type, the whole order as sent */
    CXR_EV_RMA_CREATED,        /* body: cxr_rma_type                           */
    CXR_EV_RMA_DECIDED,        /* body: cxr_rma_decision_type                  */
    CXR_EV_RMA_CANCELLED,      /* body: cxr_rma_cancel_type                    */
    CXR_EV_SHIPMENT_CONSIGNED, /* body: cxr_consign_type                       */
    CXR_EV_SHIPMENT_REPORTED,  /* body: cxr_report_type                        */
    CXR_EV_PRODUCT_PUT,        /* body: cxr_product_type                       */
    CXR_EV_RMA_PARCEL_NAMED,   /* body: cxr_rma_name_type                      */
    CXR_EV_RMA_PARCEL_MOVED,   /* body: cxr_rma_move_type                      */
    CXR_EV_SETTLEMENT_RELEASED, /* body: cxr_release_type                      */
    CXR_EV_RMA_ANSWERED,       /* body: cxr_rma_words_type                     */
    CXR_EV_RMA_RECEIVED,       /* body: cxr_rma_receipt_type                   */
    CXR_EV_RMA_GRADED,         /* body: cxr_rma_grading_body_type              */
    CXR_EV_SETTLEMENT_CONFIRMED, /* body: cxr_settle_type                      */
    CXR_EV_SETTLEMENT_FAILED,  /* body: cxr_rma_change_type                    */
    CXR_EV_RMA_REOPENED,       /* body: cxr_rma_change_type                    */
    CXR_EV_RMA_NOTED,          /* body: cxr_rma_words_type                     */
    CXR_EV_RMA_EXPIRED,        /* body: cxr_rma_change_type                    */
    CXR_EV_RMA_OVERDUE,        /* body: cxr_rma_change_type                    */
    CXR_EV_STOCK_RESERVED,     /* body: cxr_stock_type                         */
    CXR_EV_STOCK_FREED,        /* body: cxr_stock_type                         */
    CXR_EV_STOCK_TAKEN,        /* body: cxr_stock_type                         */
    CXR_EV_SURVEY_ANSWERED,    /* body: cxr_survey_type                        */
    CXR_EV_WITHDRAWAL_DECLARED, /* body: cxr_withdrawal_type                   */
    CXR_EV_WITHDRAWAL_MATCHED, /* body: cxr_withdrawal_match_type              */
    CXR_EV_WITHDRAWAL_JUDGED,  /* body: cxr_withdrawal_judge_type              */
    CXR_EV_PERSON_ERASED,      /* body: cxr_erased_type                        */
    CXR_EV_MESSAGE_POSTED,     /* body: cxr_message_type                       */
    CXR_EV_MESSAGE_READ,       /* body: cxr_message_mark_type                  */
    CXR_EV_MESSAGE_CLOSED,     /* body: cxr_message_mark_type                  */
    CXR_EV_CODE_ASSIGNED,      /* body: cxr_rma_code_type                      */
    CXR_EV_CODE_RETURNED,      /* body: cxr_rma_code_type                      */
    CXR_EV_LABEL_REQUESTED,    /* body: cxr_rma_supply_type                    */
    CXR_EV_LABEL_SUPPLIED,     /* body: cxr_rma_supply_type                    */
    CXR_EV_LABEL_EXPIRING,     /* body: cxr_rma_supply_type                    */
    CXR_EV_CODES_IMPORTED,     /* body: cxr_codes_body_type                    */
    CXR_EV_POOL_LOW,           /* body: cxr_pool_low_type                      */
    CXR_EV_DUE_PAID,           /* body: cxr_settle_type, without parts         */
    CXR_EV_DUE_TO_REPAY,       /* body: the same                               */
    CXR_EV_DUE_REPAID,         /* body: the same                               */
    CXR_EV_RMA_DELIVERY,       /* body: cxr_settle_type                        */
    CXR_EV_RMA_PARCEL_GIVEN,   /* body: cxr_rma_name_type                      */
    CXR_EV_RECIPIENT_ERASED,   /* body: cxr_rma_change_type                    */
    CXR_EV_LIST_CHANGED,       /* body: cxr_list_change_type                   */
    CXR_EV_RMA_OVERTAKEN       /* body: cxr_rma_change_type                    */
} cxr_event_kind_t;

extern const char *const  cxr_event_names[];

typedef enum {
    CXR_AGG_ORDER = 1,         /* id: folded order number                      */
    CXR_AGG_SHIPMENT,          /* id: "carrier/number/day"                     */
    CXR_AGG_PRODUCT,           /* id: product id                               */
    CXR_AGG_WITHDRAWAL,        /* id: "W-XXXX-XXXC"                            */
    CXR_AGG_TALK,              /* id: folded order number                      */
    CXR_AGG_POOL,              /* id: carrier, of its return codes             */
    CXR_AGG_LIST               /* id: name of a list of people                 */
} cxr_aggregate_t;

extern const char *const  cxr_aggregate_names[];  /* index 0 is "none"         */

typedef enum {
    CXR_ACTOR_SYSTEM = 0,
    CXR_ACTOR_SHOPPER,
    CXR_ACTOR_STAFF,
    CXR_ACTOR_API,
    CXR_ACTOR_CARRIER
} cxr_actor_t;

extern const char *const  cxr_actor_names[];

typedef struct {
    uint16_t           kind;       /* cxr_event_kind_t                         */
    uint8_t            aggregate;  /* cxr_aggregate_t                          */
    bool               fresh;      /* begins the aggregate: expect is 0        */
    cxr_str_t          id;         /* of the aggregate                         */
    uint32_t           expect;     /* revision it applies to                   */
    const void        *body;       /* struct of the body's type                */
} cxr_event_t;

typedef CXR_LIST_OF(cxr_event_t)  cxr_events_t;

/* The type of an event kind's body, or NULL. */
const cxr_type_t *cxr_event_body(unsigned kind);

/*
 * A journal entry: one event with who, when and its link in the chain.
 * hash = BLAKE2b-256 of prev followed by the record with zeros in place of the
 * 32 bytes of the hash (store/ computes both).
 */
typedef struct {
    uint64_t     seq;          /* from 1, dense, per shop                      */
    cxr_time_t   at;
    uint16_t     kind;
    uint8_t      aggregate;
    uint8_t      actor_kind;
    cxr_str_t    id;           /* of the aggregate                             */
    uint32_t     expect;
    cxr_str_t    actor;        /* "staff:ayse", "carrier:ups"; never a shopper's name */
    cxr_str_t    idem;         /* 16 bytes, or empty                           */
    cxr_str_t    fingerprint;  /* 16 bytes of what the idempotent request asked */
    cxr_str_t    body;         /* flat record of the event's body              */
    cxr_str_t    prev;         /* 32 bytes                                     */
    cxr_str_t    hash;         /* 32 bytes                                     */
} cxr_entry_t;

extern const cxr_type_t  cxr_entry_type;


/*
 * A refusal: the command was understood and the rules say no.  "code" is a
 * stable slug: problem type in the API, translation key "refusal.<code>" for
 * shoppers.  "text" is one English sentence for machines' logs.
 */
typedef struct {
    const char  *code;
    char         where[80];        /* JSON Pointer into the command, or ""     */
    char         text[240];
    int64_t      have;             /* numbers a translation may name: {have}   */
    int64_t      want;             /* {want}                                   */
    cxr_time_t   when;             /* {when}                                   */
} cxr_refusal_t;

/* Sets it and returns CXR_REFUSED. */
cxr_rc_t cxr_refuse(cxr_refusal_t *no, const char *code, const char *where,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* All types that are ever stored, for dump and checks; NULL-terminated. */
extern const cxr_type_t *const  cxr_stored_types[];
const cxr_type_t *cxr_stored_type(uint16_t id);

/* Type ids on disk: never renumber. */
enum {
    CXR_TYPE_ORDER = 1,
    CXR_TYPE_PERSON,
    CXR_TYPE_RMA,
    CXR_TYPE_SHIPMENT,
    CXR_TYPE_PRODUCT,
    CXR_TYPE_ENTRY,
    CXR_TYPE_REPORT,
    CXR_TYPE_CONSIGN,
    CXR_TYPE_RMA_DECISION,
    CXR_TYPE_RMA_CANCEL,
    CXR_TYPE_RMA_NAME,
    CXR_TYPE_RMA_MOVE,
    CXR_TYPE_RELEASE,
    CXR_TYPE_RMA_CHANGE,
    CXR_TYPE_RMA_WORDS,
    CXR_TYPE_RMA_RECEIPT,
    CXR_TYPE_RMA_GRADING,
    CXR_TYPE_SETTLE,
    CXR_TYPE_STOCK,
    CXR_TYPE_SURVEY,
    CXR_TYPE_STATEMENT,
    CXR_TYPE_WITHDRAWAL,
    CXR_TYPE_WITHDRAWAL_MATCH,
    CXR_TYPE_WITHDRAWAL_JUDGE,
    CXR_TYPE_ERASED,
    CXR_TYPE_MESSAGE,
    CXR_TYPE_MESSAGE_MARK,
    CXR_TYPE_TALK,
    CXR_TYPE_RMA_CODE,
    CXR_TYPE_RMA_SUPPLY,
    CXR_TYPE_CODES,
    CXR_TYPE_POOL_LOW,
    CXR_TYPE_LIST_CHANGE,
    CXR_TYPE_LISTED
};

#endif /* _CXR_EVENT_H_INCLUDED_ */
