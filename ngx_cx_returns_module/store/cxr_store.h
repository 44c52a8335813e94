
/*
 * The store: one LMDB environment that holds the journal and its projections.
 * The only room that includes lmdb.h.
 *
 * Threads: reading is done by one thread of a process at a time per cxr_read_t
 * (nginx: the event loop).  cxr_store_run() may be called by any thread, one
 * at a time per process or several (LMDB's writer mutex orders them); it blocks on disk, so
 * never in an event loop.  A store is opened after fork, once in a process.
 *
 * Tables (every key begins with the shop's key, u32 big-endian):
 *
 *   meta       "format" -> format record; "shop" + key -> slug
 *   journal    shop, seq u64 BE              -> entry (cxr_entry_type)
 *   persons    shop, order                   -> wrapped key of the order; not derived
 *   orders     shop, folded number           -> order
 *   rmas       shop, RMA number              -> rma
 *   shipments  shop, number 0 carrier 0 day  -> shipment    (day u32 BE)
 *   products   shop, id                      -> product
 *   idem       shop, 16 bytes                -> seq, fingerprint, what it made
 *   ix_rma     shop, list, ~created, RMA     -> (nothing)   lists for the desk
 *              shop, queue, ~since, RMA      -> (nothing)
 *   ix_ref     shop, carrier 0 reference 0 number 0 day -> (nothing)
 *   ix_email   shop, blind index, order      -> (nothing)
 *   worklist   shop, carrier 0 code's hash   -> work        codes that no rule
 *              shop, carrier 0               -> work        maps, and their sum
 *   ix_found   what RMAs are found by: cxr_store_find.h
 *   due        shop, kind, time, id          -> (nothing)   what falls due
 *   withdrawals shop, withdrawal's number  -> withdrawal
 *   ix_withdraw shop, list, ~declared, number -> (nothing)
 *              shop, 'b' blind index, number -> (nothing)   of those unmatched,
 *                                                by the order that they name
 *              shop, 'r' RMA, number         -> (nothing)
 *              shop, 'o' order 0 number      -> (nothing)
 *   talk       shop, order 0 seq u32 BE      -> message; seq 0: the sums of the
 *                                                order's threads
 *   ix_talk    shop, waiting since, order 0 RMA -> (nothing)  threads that wait
 *                                                for the shop
 *   codes      carriers' return codes: cxr_store_codes.c
 *
 * A withdrawal's statement has a key of its own in persons, under its number.
 *
 * All but meta and persons are derived from the journal: cxr_store_rebuild()
 * makes them anew and they come out equal byte for byte (ix_email needs the keys too).
 *
 * Durability: full sync.  A result is only ever given after the commit that
 * holds it is on disk.
 */

#ifndef _CXR_STORE_H_INCLUDED_
#define _CXR_STORE_H_INCLUDED_

#include "cxr_list.h"
#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_erase.h"
#include "cxr_event.h"
#include "cxr_order.h"
#include "cxr_rma_act.h"
#include "cxr_rma_queue.h"
#include "cxr_rma_way.h"
#include "cxr_shipment.h"
#include "cxr_shop.h"
#include "cxr_sign.h"
#include "cxr_survey.h"
#include "cxr_talk.h"
#include "cxr_withdrawal.h"

#define CXR_STORE_FORMAT      2
/* records are in the old format (cxr_record.h): read, and raised to the present
   one when it is opened for writing */
#define CXR_STORE_FORMAT_OLD  1
#define CXR_STORE_MAP_MIN     (1024 * 1024)
#define CXR_STORE_MAP_DEFAULT ((size_t) 4 << 30)
#define CXR_STORE_READERS     1024              /* unless told             */

typedef struct cxr_store_s  cxr_store_t;
typedef struct cxr_read_s   cxr_read_t;

typedef struct {
    const char           *dir;          /* must exist, 0700; files are 0600    */
    size_t                map_size;     /* 0: default, or what the file has    */
    unsigned              max_readers;  /* 0: CXR_STORE_READERS                */
    const cxr_keyring_t  *ring;         /* persons and blind indexes; NULL: read-only tools */
    bool                  read_only;
    bool                  create;       /* false: CXR_NOTFOUND when it is not there */
} cxr_store_conf_t;

/*
 * Takes a lock file around opening and closing.  CXR_INVALID: a format that this
 * program does not know (says which, and what to do), never repaired, deleted or recreated.  CXR_NOTFOUND,
 * CXR_IO.  Clears stale readers.
 */
cxr_rc_t cxr_store_open(const cxr_store_conf_t *conf, cxr_store_t **store,
    cxr_diag_t *d);
void cxr_store_close(cxr_store_t *store);

/* The lock file in the store's directory, beside LMDB's own two. */
#define CXR_STORE_LOCK        "cxr.lock"

/*
 * LMDB has given the environment up (MDB_PANIC: a thread of this process died
 * while it wrote).  Every call fails from then on; end the process.
 */
bool cxr_store_dead(const cxr_store_t *store);

/*
 * What the environment complained of last, for the log beside CXR_FULL, CXR_IO,
 * CXR_ERROR and CXR_AGAIN, and what to do about it; "" when it never did.
 * NUL-terminated; returns the length.
 */
size_t cxr_store_error(const cxr_store_t *store, char *out, size_t size);

/* Housekeeping, from one worker's timer: stale readers.  Returns how many. */
int cxr_store_check_readers(cxr_store_t *store);

typedef struct {
    uint64_t  map_size;
    uint64_t  map_used;        /* pages in use, in bytes, free pages not counted */
    uint64_t  last_txn;
    unsigned  readers;
    unsigned  max_readers;
} cxr_store_stat_t;

cxr_rc_t cxr_store_stat(cxr_store_t *store, cxr_store_stat_t *st);


/* Records of the store's own in meta/format and idem, for dump. */
enum {
    CXR_TYPE_FORMAT = 0x0101,
    CXR_TYPE_IDEM,
    CXR_TYPE_WORK,
    CXR_TYPE_LANE,
    CXR_TYPE_POOL,
    CXR_TYPE_CODE,
    CXR_TYPE_FIND,
    CXR_TYPE_SURVEY_SUM,
    CXR_TYPE_LIST_ROW
};

extern const cxr_type_t  cxr_format_type;
extern const cxr_type_t  cxr_idem_type;
extern const cxr_type_t  cxr_work_type;
extern const cxr_type_t  cxr_lane_type;
extern const cxr_type_t  cxr_find_type;
extern const cxr_type_t  cxr_survey_sum_type;
extern const cxr_type_t  cxr_list_row_type;


/* ---- reading: a snapshot straight from the map ---- */

/*
 * Begins (or renews: about 10 ns) a snapshot.  Everything read is valid until
 * cxr_read_end(); keep that short (one page), since an open snapshot keeps
 * pages from being reused.  A thread holds one at a time, and none while it
 * calls cxr_store_run() or a tool: adopting a map that another process has grown
 * waits for all of them.  CXR_AGAIN: no reader slot.
 */
cxr_rc_t cxr_read_begin(cxr_store_t *store, cxr_read_t **rd);
void cxr_read_end(cxr_read_t *rd);

/* Keys are folded already.  CXR_NOTFOUND when absent; CXR_INVALID when a
   record does not decode.  Strings point into the map, lists into the arena. */
cxr_rc_t cxr_read_order(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t number, cxr_arena_t *a, cxr_order_t *order);
cxr_rc_t cxr_read_rma(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_rma_t *rma);
/* the latest generation of the number */
cxr_rc_t cxr_read_shipment(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t carrier, cxr_str_t number, cxr_arena_t *a, cxr_shipment_t *ship);
/*
 * Has a parcel of that number taken in the report whose digest has these bytes
 * from "at" on?  *digest: all of it.  Does not read the parcel.
 */
bool cxr_read_digest(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t carrier,
    cxr_str_t number, size_t at, cxr_str_t part, cxr_str_t *digest);
/* the shipments of an order's parcels that are known, then of those that bring
   its RMAs back, each once; items in the arena */
typedef CXR_LIST_OF(cxr_shipment_t)  cxr_shipments_t;
cxr_rc_t cxr_read_parcels(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_arena_t *a, cxr_shipments_t *out);
/* a parcel by number alone, whichever carriers have it (at most 8) */
cxr_rc_t cxr_read_by_number(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t number, cxr_arena_t *a, cxr_shipments_t *out);
cxr_rc_t cxr_read_product(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t id, cxr_arena_t *a, cxr_product_t *product);

/*
 * Orders in the order of their folded numbers, at most "limit"
 * (1..CXR_ORDER_LIST_MAX) behind "after" (empty: from the first).  "last", in
 * the arena, is where the next call goes on; nothing more: out->n is 0.
 */
#define CXR_ORDER_LIST_MAX  1000
typedef CXR_LIST_OF(cxr_order_t)  cxr_orders_t;
cxr_rc_t cxr_read_orders(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t after, unsigned limit, cxr_arena_t *a, cxr_orders_t *out,
    cxr_str_t *last);

/*
 * Opens the order's sealed person.  CXR_NOTFOUND: erased.  Takes as long for an
 * order that is not there (order NULL: works on a dummy, then CXR_NOTFOUND).
 */
cxr_rc_t cxr_read_person(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_arena_t *a, cxr_person_t *person);
/* Who sends a gift back.  CXR_NOTFOUND: it is no gift return, or she was
   erased. */
cxr_rc_t cxr_read_recipient(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_person_t *person);
/*
 * Order numbers (folded) of an e-mail address, at most max (1..200).  The
 * index holds keyed hashes alone: whoever has the store but not the ring
 * cannot look anybody up.  CXR_INVALID: not an e-mail address.
 */
cxr_rc_t cxr_read_by_email(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t email, unsigned max, cxr_arena_t *a, cxr_strs_t *orders);
/*
 * What the customer of the order did before, over the orders of the same e-mail
 * address (at most CXR_HISTORY_ORDERS of them); the money in the order's
 * currency; gift returns are not hers.  Not "known" where there is no address, or no ring to read it by.
 * And on which of the policy's lists of people the order's own person stands.
 * "kept": those two are wanted, which reads every RMA.
 */
#define CXR_HISTORY_ORDERS  50
#define CXR_HISTORY_RMAS    200    /* of which "kept" and "missing" are told   */
cxr_rc_t cxr_read_history(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, bool kept, cxr_arena_t *a, cxr_history_t *out);
/* Words that were sealed: of that RMA, or "rma" empty: of the order.
   CXR_NOTFOUND: erased. */
cxr_rc_t cxr_read_note(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_str_t rma, cxr_str_t box, cxr_arena_t *a,
    cxr_str_t *text);

/*
 * A withdrawal, and what was declared.  cxr_read_statement(): CXR_NOTFOUND:
 * erased.
 */
typedef CXR_LIST_OF(cxr_withdrawal_t)  cxr_withdrawals_t;

cxr_rc_t cxr_read_withdrawal(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t id, cxr_arena_t *a, cxr_withdrawal_t *w);
cxr_rc_t cxr_read_statement(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_withdrawal_t *w, cxr_arena_t *a, cxr_statement_t *st);
/* newest first; state < 0: all.  "cursor" as for cxr_read_rmas(). */
cxr_rc_t cxr_read_withdrawals(cxr_read_t *rd, const cxr_shop_t *shop,
    int state, cxr_str_t cursor, unsigned limit, cxr_arena_t *a,
    cxr_withdrawals_t *out, cxr_str_t *next);
/* those that belong to an order (folded), at most CXR_ORDER_RMAS_MAX */
cxr_rc_t cxr_read_withdrawals_of(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_arena_t *a, cxr_withdrawals_t *out);
/* how many stand in each state; counted exactly up to "cap" each */
cxr_rc_t cxr_read_withdrawal_counts(cxr_read_t *rd, const cxr_shop_t *shop,
    uint32_t cap, uint32_t counts[CXR_WITHDRAWAL_STATES]);

/*
 * The sums of an order's threads (CXR_NOTFOUND: nobody has written), and its
 * messages behind "after", at most max, oldest first; rma NULL: of all threads,
 * empty: of the order's own.  Texts are opened with cxr_read_note().
 */
typedef CXR_LIST_OF(cxr_message_t)  cxr_messages_t;

cxr_rc_t cxr_read_talk(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_arena_t *a, cxr_talk_t *talk);
cxr_rc_t cxr_read_messages(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, const cxr_str_t *rma, uint32_t after, unsigned max,
    cxr_arena_t *a, cxr_messages_t *out);

/*
 * Hashes of the photos that an order's messages and RMAs had when its person
 * was erased: nothing shows them any more, and their files are to go.  Empty
 * when nobody was erased, or there is no such order (a withdrawal's number).
 */
cxr_rc_t cxr_read_gone_photos(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_arena_t *a, cxr_strs_t *out);
/* the same of the carrier's labels that its RMAs had then */
cxr_rc_t cxr_read_gone_labels(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_arena_t *a, cxr_strs_t *out);

/*
 * A secret of the order's (folded) for names that say nothing of what they name,
 * once its person is erased: made of the key that goes then.  CXR_NOTFOUND: it
 * has none, or not any more.
 */
#define CXR_SECRET_LEN  32
cxr_rc_t cxr_read_secret(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, const char *purpose, uint8_t out[CXR_SECRET_LEN]);
/* The same of an RMA: its recipient's, where it has one, else its order's. */
cxr_rc_t cxr_read_gift_secret(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rma_t *rma, const char *purpose, uint8_t out[CXR_SECRET_LEN]);

/*
 * Threads that wait for the shop, the longest waiting first.  "cursor" as for
 * cxr_read_rmas(); limit 1..200.  And how many there are, counted up to "cap".
 */
typedef struct {
    cxr_time_t   since;
    cxr_str_t    order;        /* folded                                      */
    cxr_str_t    rma;          /* or empty: the order's own thread            */
} cxr_waiting_t;

typedef CXR_LIST_OF(cxr_waiting_t)  cxr_waitings_t;

cxr_rc_t cxr_read_waiting(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_waitings_t *out,
    cxr_str_t *next);
cxr_rc_t cxr_read_waiting_count(cxr_read_t *rd, const cxr_shop_t *shop,
    uint32_t cap, uint32_t *count);

/* What an idempotency key made, for a page that comes again. */
cxr_rc_t cxr_read_idem(cxr_read_t *rd, const cxr_shop_t *shop,
    const uint8_t idem[16], cxr_arena_t *a, cxr_str_t *rma, uint64_t *seq);

/*
 * RMAs newest first.  status < 0: all.  "cursor" is opaque, base64url, "" to
 * begin; next is "" at the end.  limit 1..200.  CXR_INVALID: a bad cursor.
 */
typedef CXR_LIST_OF(cxr_rma_t)  cxr_rmas_t;
cxr_rc_t cxr_read_rmas(cxr_read_t *rd, const cxr_shop_t *shop, int status,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_rmas_t *out,
    cxr_str_t *next);
/* how many stand in each status; counted exactly up to "cap" each */
cxr_rc_t cxr_read_rma_counts(cxr_read_t *rd, const cxr_shop_t *shop,
    uint32_t cap, uint32_t counts[CXR_RMA_NSTATUS]);

/*
 * One of the desk's lists.  All and those of a status are ordered by when the
 * RMA was asked for, a queue by since when it waits (cxr_rma_queue.h).  What
 * "kind" leaves out is read all the same: at most CXR_LIST_SCAN RMAs are, so a
 * page may hold fewer than "limit", or none, and yet have a next one.
 */
#define CXR_LIST_SCAN  500

typedef struct {
    int          queue;        /* cxr_queue_t; -1: by status                   */
    int          status;       /* cxr_rma_status_t; -1: all                    */
    int          kind;         /* cxr_rma_kind_t; -1: any                      */
    bool         oldest;       /* first                                        */
    cxr_time_t   until;        /* none that is younger; CXR_TIME_NONE: all     */
} cxr_rma_list_t;

cxr_rc_t cxr_read_rma_list(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rma_list_t *list, cxr_str_t cursor, unsigned limit,
    cxr_arena_t *a, cxr_rmas_t *out, cxr_str_t *next);
/*
 * How many stand in each queue, up to "cap" each, and in *late how many the
 * shop should have done something about before "until".
 */
cxr_rc_t cxr_read_queue_counts(cxr_read_t *rd, const cxr_shop_t *shop,
    uint32_t cap, cxr_time_t until, uint32_t counts[CXR_QUEUES],
    uint32_t *late);

/*
 * The operator's work list: codes of a carrier that no rule of its profile
 * maps, or texts, where there is no code.  A row counts the events of shipments
 * that have it now: when the profile has learnt the code and the events come
 * again, they are mapped and leave the list.  (An order's status beside its
 * events, with its code, counts as one more.)  first_at and last_at are when
 * such events came; number and text are those of the last one.
 *
 * The carrier's sum has no code and no text: "codes" rows of it stand in the
 * list, "count" events have a code that did not find room in it.
 */
#define CXR_WORK_CODES_MAX    500    /* rows of one carrier                   */
#define CXR_WORK_LIST_MAX     1000   /* rows read at once                     */

typedef struct {
    cxr_str_t    carrier;
    cxr_str_t    code;         /* empty: the carrier gave a text alone        */
    cxr_str_t    text;         /* example                                     */
    cxr_str_t    number;       /* example                                     */
    uint64_t     count;
    cxr_time_t   first_at;
    cxr_time_t   last_at;
    uint32_t     codes;        /* of a sum                                    */
} cxr_work_t;

typedef CXR_LIST_OF(cxr_work_t)  cxr_works_t;

/*
 * The rows of a carrier, or of all when it is empty, in key order; sums are
 * left out.  "cursor" as for cxr_read_rmas().  limit 1..CXR_WORK_LIST_MAX.
 */
cxr_rc_t cxr_read_work(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t carrier, cxr_str_t cursor, unsigned limit, cxr_arena_t *a,
    cxr_works_t *out, cxr_str_t *next);
/* The sum of each carrier that has any. */
cxr_rc_t cxr_read_work_sums(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_arena_t *a, cxr_works_t *out);

/* Journal entries with seq > after, at most max (1..1000). */
typedef CXR_LIST_OF(cxr_entry_t)  cxr_entries_t;
cxr_rc_t cxr_read_entries(cxr_read_t *rd, const cxr_shop_t *shop,
    uint64_t after, unsigned max, cxr_arena_t *a, cxr_entries_t *out);
cxr_rc_t cxr_read_head(cxr_read_t *rd, const cxr_shop_t *shop, uint64_t *seq);


/* ---- writing: group commit ---- */

typedef enum {
    CXR_CMD_ORDER_PUT = 1,
    CXR_CMD_PRODUCT_PUT,
    CXR_CMD_RMA_CREATE,
    CXR_CMD_SHIPMENT_REPORT,
    CXR_CMD_RMA_PARCEL,        /* which parcel brings the goods back           */
    CXR_CMD_RMA_ACT,           /* any verb of cxr_rma_act.h but "parcel"       */
    CXR_CMD_SURVEY,
    CXR_CMD_WITHDRAWAL_DECLARE,
    CXR_CMD_WITHDRAWAL_MATCH,  /* by hand, to an order                         */
    CXR_CMD_WITHDRAWAL_JUDGE,  /* closed without one                           */
    CXR_CMD_ERASE,             /* a person, out of an order or a withdrawal    */
    CXR_CMD_MESSAGE,
    CXR_CMD_MESSAGE_READ,
    CXR_CMD_MESSAGE_CLOSE,
    CXR_CMD_CODES_IMPORT,      /* return codes of a carrier                    */
    CXR_CMD_RMA_SUPPLY,        /* the carrier's label that was asked for       */
    CXR_CMD_RMA_REMIND,        /* the time to send it runs out                 */
    CXR_CMD_LIST_CHANGE        /* who stands on a list of people               */
} cxr_command_kind_t;

/* What feeds may do to parcels that nobody announced.  REFUSE: the refusal
   "parcel_unknown". */
typedef enum {
    CXR_UNKNOWN_KEEP = 0,
    CXR_UNKNOWN_REFUSE
} cxr_unknown_t;

/* An import of return codes, and what became of it. */
typedef struct {
    cxr_str_t        carrier;      /* slug, of the shop's "return_codes"       */
    cxr_codes_in_t   codes;
    uint32_t         added;
    uint32_t         duplicates;   /* imported before, or twice in this one    */
    cxr_strs_t       twice;        /* the first CXR_CODES_TOLD_MAX of them     */
    uint32_t         served;       /* RMAs that had waited for one             */
    uint32_t         waiting;      /* and still do, at least                   */
} cxr_codes_import_t;

/*
 * One command.  All it points to must live until cxr_store_run() returns; its
 * results live in its arena, which the run may use for scratch too (jobs of
 * one run may share an arena).
 *
 * An idempotency key is kept with the first event that its command makes: a
 * command that was refused, or changed nothing, leaves none and is decided anew.
 * A repeated one gets the first answer (rc, id, created, changed, revision and
 * seq, which of several events is the first's).
 *
 * ORDER_PUT seals the person under the order's own key, made with the order, and
 * keeps the old box when the person did not change.  Where the key was erased
 * and the shop sends the order again, a new one is made: what was sealed under
 * the old one stays lost.  CXR_FORGED: the ring cannot open the order's key, so
 * nothing is sealed.  A shop whose key another shop has: CXR_CONFLICT.
 *
 * A SHIPMENT_REPORT on a parcel that brings an RMA back makes the RMA's own
 * events with the shipment's, all or none; id and revision are the shipment's.
 *
 * A WITHDRAWAL_DECLARE is taken whatever stands in it.  When its order is known
 * and the statement fits the order's person, it is matched and makes its RMA in
 * the same job; else it waits, and the ORDER_PUT that brings a fitting order does
 * the same.  It takes as long for an order that is not there.  id is the
 * withdrawal's number.
 *
 * An ERASE of an order takes the withdrawals that belong to it along.  The keys
 * are gone with the commit and with them all that was sealed, in the journal too;
 * cxr_store_compact() takes them off the pages that the file does not use any
 * more.  When the cause is the age, and the thing is not of that age any more,
 * nothing happens.  Where nothing is sealed (any more) nothing changes either.
 * revision is that of the last thing erased; 0 when nothing was.
 *
 * A MESSAGE of the shopper's on an RMA of which staff have asked something is
 * her answer too: the RMA's event follows it.  id is the order's number.
 *
 * A LIST_CHANGE puts each on the list once, again with another "why", and takes
 * off whom it has; nothing changes where it is so already.  The keys of those
 * who go are gone with the commit.  Refusal "list_full".  id is the list's name.
 *
 * When all jobs of a run are SHIPMENT_REPORTs they are worked in the order of
 * their keys (those of one parcel in the order given).
 */
typedef struct {
    const cxr_shop_t      *shop;
    const cxr_keyring_t   *ring;   /* signs receipts; NULL: the store's        */
    cxr_arena_t           *arena;
    cxr_time_t             now;
    cxr_command_kind_t     kind;
    union {
        struct {
            const cxr_order_t       *order;    /* person ignored               */
            const cxr_person_t      *person;   /* sealed here                  */
        } put;
        const cxr_product_t         *product;
        struct {
            cxr_rma_ask_t           *ask;      /* random[] is filled here      */
            const cxr_str_t         *notes;    /* per line, plain, or NULL; sealed here */
            const cxr_person_t      *recipient;    /* of a gift; sealed here   */
        } create;
        const cxr_rma_name_t        *parcel;
        const cxr_statement_t       *statement;    /* salt is filled here      */
        struct {
            cxr_str_t                      id;
            cxr_str_t                      order;  /* folded                   */
            const cxr_withdrawal_lines_t  *lines;  /* none: those it means     */
        } match;
        const cxr_withdrawal_judge_t  *judge;
        cxr_codes_import_t            *codes;
        const cxr_list_ask_t          *list;       /* sealed here              */
        const cxr_rma_supply_t        *supply;
        cxr_str_t                      remind;     /* an RMA                   */
        struct {
            cxr_str_t                id;      /* order's, folded, or withdrawal's */
            cxr_erase_cause_t        cause;
            bool                     open;    /* RMAs under way as well      */
        } erase;
        struct {
            const cxr_rma_act_t     *act;      /* its text ignored             */
            cxr_str_t                text;     /* plain, or empty; sealed here */
        } act;
        struct {
            const cxr_survey_answer_t  *answer;   /* of an RMA: no order needed */
            cxr_str_t                   comment;  /* plain; sealed here     */
        } survey;
        struct {
            const cxr_report_t      *report;
            cxr_unknown_t            unknown;
        } feed;
        struct {
            const cxr_talk_ask_t    *ask;      /* its text ignored             */
            cxr_str_t                text;     /* plain, or empty; sealed here */
        } talk;
    } u;
    uint32_t               expect;      /* If-Match: revision; 0 any            */
    bool                   absent;      /* ORDER_PUT, PRODUCT_PUT: only what is
                                           not there; else CXR_CONFLICT         */
    cxr_actor_t            actor_kind;
    cxr_str_t              actor;       /* "staff:ayse"                         */
    bool                   has_idem;
    uint8_t                idem[16];        /* hash of scope and key            */
    uint8_t                fingerprint[16]; /* hash of what was asked           */

    /* results */
    cxr_rc_t               rc;          /* CXR_OK, REFUSED, CONFLICT, NOTFOUND, FULL, ... */
    cxr_refusal_t          refusal;     /* REFUSED.  "idem_mismatch": the key was used for something else */
    bool                   created;     /* made the thing                       */
    bool                   changed;     /* made at least one event              */
    bool                   repeated;    /* the idempotency key's first answer   */
    cxr_str_t              id;          /* RMA number, order's folded number, shipment id */
    uint32_t               revision;    /* afterwards                           */
    uint64_t               seq;         /* last event made                      */
    unsigned               skipped;     /* scans left out of a report           */
    uint32_t               news;        /* scans that a report added            */
    bool                   responded;   /* a message is the shop's first in its spell */
    bool                   resolved;    /* a thread was closed                  */
    cxr_time_t             took;        /* from the spell's beginning to that   */
    cxr_str_t              gone;        /* hash of a label's file that nothing
                                           names any more                       */
} cxr_job_t;

/*
 * Runs the jobs in one transaction, in order, each against what the ones before it did,
 * and commits once.  A refused job leaves no trace.  When the map or disk is
 * full, or the commit fails, nothing of the run is kept; then each job is tried alone if there
 * is more than one, so that one big job does not fail its neighbours.  Every
 * job's rc is set; returns the worst environment fault (CXR_FULL, CXR_IO, CXR_ERROR), else
 * CXR_OK.
 */
cxr_rc_t cxr_store_run(cxr_store_t *store, cxr_job_t *const *jobs, size_t n);

/* The idempotency hash of a scope ("rma:<order>") and the client's key. */
void cxr_idem_hash(cxr_str_t scope, cxr_str_t key, uint8_t out[16]);


/* ---- tools ---- */

typedef void (*cxr_progress_pt)(void *ctx, uint64_t done, uint64_t total);

/* Walks every shop's chain.  CXR_FORGED: where it breaks is in d. */
cxr_rc_t cxr_store_verify(cxr_store_t *store, cxr_progress_pt fn, void *ctx,
    uint64_t *entries, cxr_diag_t *d);

/*
 * Copies meta and persons, and makes all else anew from the journal (copied
 * entry by entry, its chain checked on the way) into a new environment in
 * "dir" (must not hold one).
 */
cxr_rc_t cxr_store_rebuild(cxr_store_t *store, const char *dir,
    cxr_progress_pt fn, void *ctx, cxr_diag_t *d);

/* Was it made by an older program, which derived less from its journal?  Then
   it can be read and is to be rebuilt: CXR_INVALID, with the command in d. */
bool cxr_store_older(const cxr_store_t *store);
cxr_rc_t cxr_store_fit(const cxr_store_t *store, cxr_diag_t *d);

/*
 * Are all tables of the two stores equal, byte for byte?  Where one has a
 * record in an older format or version than the other, as a store that an older
 * program wrote and one made anew from it, it is what the records say.
 * CXR_CONFLICT: first difference in d.
 */
cxr_rc_t cxr_store_compare(cxr_store_t *a, cxr_store_t *b, cxr_diag_t *d);

/* Every key and record of a table in key order; table NULL: the names of tables
   are given with empty key. fn returns false to stop. */
typedef bool (*cxr_dump_pt)(void *ctx, const char *table, cxr_str_t key,
    cxr_str_t value);
cxr_rc_t cxr_store_dump(cxr_store_t *store, const char *table,
    cxr_str_t prefix, cxr_dump_pt fn, void *ctx, cxr_diag_t *d);
/* a key readably: "kahve-gurusu/yurtici/1234/20423" */
void cxr_store_key_print(cxr_store_t *store, const char *table, cxr_str_t key,
    cxr_buf_t *out);

/*
 * A copy of every record into a new environment in "dir" (must not hold one),
 * as of one moment.  Nothing of what was deleted is in it, neither free pages
 * nor what stands on used ones beside the records: of an erased person the
 * wrapped key, and with it all that was sealed, is nowhere in it.
 */
cxr_rc_t cxr_store_compact(cxr_store_t *store, const char *dir,
    cxr_progress_pt fn, void *ctx, cxr_diag_t *d);

/* A compacted copy (mdb_copy -c) into dir, consistent while writers go on. */
cxr_rc_t cxr_store_backup(cxr_store_t *store, const char *dir, cxr_diag_t *d);


/*
 * Debug knobs for tests, from the environment when the process starts and only
 * in builds with CXR_TEST_KNOBS: CXR_TEST_COMMIT_DELAY_MS, CXR_TEST_COMMIT_FAIL (errno, every nth)...
 */

#endif /* _CXR_STORE_H_INCLUDED_ */
