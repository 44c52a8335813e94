
/*
 * What the files of store/ share among themselves.  Nobody outside store/
 * includes this.
 */

#ifndef _CXR_STORE_PRIVATE_H_INCLUDED_
#define _CXR_STORE_PRIVATE_H_INCLUDED_

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include <lmdb.h>

#include "cxr_store.h"
#include "cxr_text.h"

#define CXR_STORE_DBS          32       /* tables that LMDB makes room for */
#define CXR_STORE_IDLE_READS   16       /* snapshots kept for renewing; each
                                            holds a reader slot             */
#define CXR_STORE_SLUGS        1024     /* shop names kept for printing keys */
/* one job's working memory */
#define CXR_SCRATCH_MAX        ((size_t) 64 << 20)
#define CXR_JOURNAL_BATCH      4096     /* entries walked or written per txn */
#define CXR_BY_NUMBER_MAX      8        /* carriers that share a number */
#define CXR_BY_EMAIL_MAX       200
#define CXR_RMA_LIST_MAX       200
#define CXR_ENTRIES_MAX        1000
#define CXR_IDEM_LEN           16
#define CXR_IDEM_NUMBERS       15       /* 5 bytes each: cxr_rma_id_make()    */

typedef enum {
    CXR_T_META = 0,
    CXR_T_JOURNAL,
    CXR_T_PERSONS,
    CXR_T_ORDERS,
    CXR_T_RMAS,
    CXR_T_SHIPMENTS,
    CXR_T_PRODUCTS,
    CXR_T_IDEM,
    CXR_T_IX_RMA,
    CXR_T_IX_REF,
    CXR_T_IX_EMAIL,
    CXR_T_WORKLIST,
    CXR_T_DUE,
    CXR_T_IX_FOUND,
    CXR_T_LANES,
    CXR_T_WITHDRAWALS,
    CXR_T_IX_WITHDRAW,
    CXR_T_TALK,
    CXR_T_IX_TALK,
    CXR_T_CODES,
    CXR_T_SURVEYS,
    CXR_T_PEOPLE,
    CXR_T_N
} cxr_table_t;

/* from here on derived tables that came after the first stores */
#define CXR_T_LATER  CXR_T_WORKLIST
/*
 * And from here on tables that only events of newer kinds fill: in a store that
 * lacks them they are rightly empty, so that a writer makes them; but for the
 * surveys', which it fills from the orders.
 */
#define CXR_T_FRESH  CXR_T_WITHDRAWALS

extern const char *const  cxr_table_names[CXR_T_N + 1];

/* -1: no such table */
int cxr_table_index(const char *name);


/* ---- keys ---- */

#define CXR_DBKEY_MAX  511              /* LMDB's limit */

typedef struct {
    uint8_t   data[CXR_DBKEY_MAX];
    uint16_t  len;
    bool      over;                     /* did not fit: CXR_LIMIT */
} cxr_dbkey_t;

static inline MDB_val
cxr_dbkey_val(cxr_dbkey_t *k)
{
    return (MDB_val) { k->len, k->data };
}

static inline MDB_val
cxr_mdb_val(cxr_str_t s)
{
    return (MDB_val) { s.len, (void *) s.data };
}

static inline cxr_str_t
cxr_mdb_str(MDB_val v)
{
    return (cxr_str_t) { v.mv_data, v.mv_size };
}

void cxr_dbkey_shop(cxr_dbkey_t *k, uint32_t shop);
void cxr_dbkey_add(cxr_dbkey_t *k, const void *data, size_t len);
void cxr_dbkey_str(cxr_dbkey_t *k, cxr_str_t s);
void cxr_dbkey_str0(cxr_dbkey_t *k, cxr_str_t s);       /* and a 0 after it */
void cxr_dbkey_u32(cxr_dbkey_t *k, uint32_t v);
void cxr_dbkey_u64(cxr_dbkey_t *k, uint64_t v);

uint32_t cxr_be32(const uint8_t *p);
uint64_t cxr_be64(const uint8_t *p);

static inline bool
cxr_dbkey_prefixes(const cxr_dbkey_t *k, MDB_val v)
{
    return v.mv_size >= k->len && memcmp(v.mv_data, k->data, k->len) == 0;
}

/* shop and one name: orders, rmas, products, persons, idem */
void cxr_dbkey_one(cxr_dbkey_t *k, uint32_t shop, cxr_str_t id);
void cxr_dbkey_journal(cxr_dbkey_t *k, uint32_t shop, uint64_t seq);
/* without the day: the prefix of all generations */
void cxr_dbkey_parcel(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t number);
void cxr_dbkey_shipment(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t number, uint32_t day);
void cxr_dbkey_ix_rma(cxr_dbkey_t *k, uint32_t shop, uint8_t list,
    cxr_time_t created, cxr_str_t rma);
void cxr_dbkey_ix_ref(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t reference, cxr_str_t number, uint32_t day);
/* "id" 0 bytes: the carrier's sum */
void cxr_dbkey_work(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    const uint8_t *id, size_t len);
void cxr_dbkey_ix_email(cxr_dbkey_t *k, uint32_t shop, const uint8_t blind[16],
    cxr_str_t order);

/* The lists of ix_rma: all, then one for each status, by when they were asked
   for; and one for each queue, by since when they wait. */
#define CXR_LIST_ALL              0
#define CXR_LIST_STATUS(status)   ((uint8_t) (1 + (status)))
#define CXR_LIST_QUEUE(queue)     ((uint8_t) (64 + (queue)))


/* ---- the store ---- */

typedef struct cxr_writer_s  cxr_writer_t;

struct cxr_read_s {
    cxr_store_t   *store;
    MDB_txn       *txn;
    MDB_cursor    *parcels;   /* of cxr_read_digest(), until the end, or NULL */
    cxr_read_t    *next;
};

typedef struct {
    uint32_t       key;
    char           id[68];
} cxr_slug_t;

struct cxr_store_s {
    MDB_env               *env;
    MDB_dbi                dbi[CXR_T_N];
    bool                   lacks[CXR_T_N]; /* of an older program: read only */
    const cxr_keyring_t   *ring;
    bool                   read_only;
    atomic_bool            dead;          /* LMDB said MDB_PANIC */
    atomic_int             error;         /* the last fault, as LMDB said it */
    int                    lock_fd;
    char                  *dir;

    /*
     * LMDB replaces the map when another process has grown it.  Every txn
     * holds this shared; only adopting the new size takes it exclusively.
     */
    pthread_rwlock_t       map_lock;
    pthread_mutex_t        lock;          /* reads, slugs */
    cxr_read_t            *reads;         /* reset, to be renewed */
    unsigned               nreads;
    cxr_slug_t            *slugs;
    size_t                 nslugs;

    pthread_mutex_t        write_lock;    /* the writer below */
    cxr_writer_t          *writer;

    /* what is opened for an order that is not there, in the same time */
    cxr_buf_t              dummy_wrapped;
    cxr_buf_t              dummy_box;

    dev_t                  dev;           /* of the directory: see registry */
    ino_t                  ino;
    pid_t                  pid;
    cxr_store_t           *next_open;

#ifdef CXR_TEST_KNOBS
    unsigned               commit_delay_ms;
    int                    commit_fail_errno;
    unsigned               commit_fail_nth;
    unsigned               commits;
#endif
};

/* An LMDB result as ours; notes faults, and MDB_PANIC for ever. */
cxr_rc_t cxr_mdb_rc(cxr_store_t *store, int rc);
cxr_rc_t cxr_mdb_diag(cxr_store_t *store, int rc, const char *what,
    cxr_diag_t *d);

/*
 * Takes map_lock shared and begins; on success the caller ends the txn and then
 * calls cxr_store_txn_done().
 */
int cxr_store_txn_begin(cxr_store_t *store, unsigned flags, MDB_txn **txn);
void cxr_store_txn_done(cxr_store_t *store);

/* cxr_store_probe.c: is all of an existing data.mdb ("path") there?  CXR_INVALID:
   no.  For the time of it the process catches SIGBUS and SIGSEGV. */
cxr_rc_t cxr_store_probe(cxr_store_t *store, const char *path, cxr_diag_t *d);

/* An env in "dir" with all tables, without the format record. */
cxr_rc_t cxr_store_open_bare(const cxr_store_conf_t *conf, bool want_format,
    cxr_store_t **store, cxr_diag_t *d);

/* What was made in a directory is there after a power cut, too. */
void cxr_store_sync_dir(const char *dir);

/* Remembers the slugs that stand in meta, for cxr_store_key_print(). */
cxr_rc_t cxr_store_slugs(cxr_store_t *store, MDB_txn *txn);
/* "kahve-gurusu", or the key in hex */
void cxr_store_shop_name(cxr_store_t *store, uint32_t key, char *out,
    size_t size);


/* A record by its key, in the arena. */
cxr_rc_t cxr_read_one(cxr_read_t *rd, cxr_table_t t, cxr_dbkey_t *key,
    const cxr_type_t *type, cxr_arena_t *a, void *obj);


/* ---- records of this room ---- */

typedef struct {
    cxr_str_t     magic;
    uint32_t      format;
    cxr_time_t    created;
    cxr_str_t     program;
} cxr_format_t;

#define CXR_FORMAT_MAGIC    "cx-returns store"
#define CXR_STORE_PROGRAM   "cx-returns 1"

typedef struct {
    uint64_t      seq;
    cxr_str_t     fingerprint;
    uint16_t      kind;          /* of the entry */
    bool          created;
    uint32_t      revision;      /* of the thing, after the entry */
    cxr_str_t     id;            /* RMA, order, product or shipment */
} cxr_idem_row_t;


/* ---- writing ---- */

/* Where a shop's chain stands, within one txn. */
typedef struct {
    uint32_t      shop;
    uint64_t      seq;
    uint8_t       hash[CXR_HASH_LEN];
    bool          named;         /* its slug stands in meta */
} cxr_head_t;

/* One projection, loaded for a job or entry and put back by apply. */
typedef struct {
    cxr_table_t   table;
    cxr_dbkey_t   key;
    void         *obj;
    bool          exists;
} cxr_slot_t;

#define CXR_SLOTS_MAX   512      /* parcels, products and RMAs of one job */

/* An order's own key, while a job works with it. */
typedef struct {
    bool          have;
    bool          fresh;         /* not in persons yet: cxr_person_key_save() */
    uint32_t      shop;
    char          order[CXR_NUMBER_MAX];
    size_t        order_len;
    uint8_t       key[CXR_PERSON_KEY_LEN];
    uint8_t       wrapped[CXR_PERSON_WRAPPED_MAX];
    size_t        wrapped_len;
} cxr_order_key_t;

struct cxr_writer_s {
    cxr_store_t      *store;
    MDB_txn          *txn;
    MDB_cursor       *cursors[CXR_T_N];
    cxr_arena_t      *scratch;       /* of the job at hand */

    cxr_rc_t          fault;         /* sticky: the txn must be aborted */
    bool              wrote;

    cxr_buf_t         body;
    cxr_rec_list_t    told;          /* in body, while its event is applied */
    cxr_buf_t         entry;         /* 32 bytes of prev, then the record */
    cxr_buf_t         rec;

    cxr_head_t       *heads;
    size_t            nheads;
    size_t            heads_room;
    bool              last_known;    /* the journal's greatest key */
    uint8_t           last[12];

    cxr_slot_t        slots[CXR_SLOTS_MAX];
    unsigned          nslots;
    cxr_dbkey_t       absent;        /* no parcel is under it; len 0: unknown */
    cxr_order_key_t   keys[2];       /* of an order, and of its gift return */
    cxr_order_key_t  *okey;          /* that of them which was loaded last */

    /* what cxr_idem_numbers() said last */
    bool              drawn;
    uint32_t          drawn_shop;
    uint8_t           drawn_idem[CXR_IDEM_LEN];
    uint8_t           drawn_numbers[CXR_IDEM_NUMBERS];

    /* of the entry applied last */
    uint32_t          revision;
    cxr_str_t         id;
};

cxr_rc_t cxr_writer_create(cxr_store_t *store, cxr_writer_t **w);
void cxr_writer_destroy(cxr_writer_t *w);
cxr_rc_t cxr_writer_begin(cxr_writer_t *w);
void cxr_writer_abort(cxr_writer_t *w);
cxr_rc_t cxr_writer_commit(cxr_writer_t *w);
/* Between two jobs or entries: forgets slots, keys and scratch. */
void cxr_writer_next(cxr_writer_t *w);
/* Marks the txn as spoilt; returns rc. */
cxr_rc_t cxr_writer_fault(cxr_writer_t *w, cxr_rc_t rc);

/* Values point into the map and live until the next put. */
cxr_rc_t cxr_writer_get(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k,
    MDB_val *v);
/* The first key >= *k; the caller looks whether it is what it wants. */
cxr_rc_t cxr_writer_seek(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k,
    MDB_val *found, MDB_val *v);
cxr_rc_t cxr_writer_step(cxr_writer_t *w, cxr_table_t t, MDB_val *found,
    MDB_val *v);
cxr_rc_t cxr_writer_put(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k,
    cxr_str_t v);
/* absent is fine */
cxr_rc_t cxr_writer_del(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k);
/* the row that cxr_writer_seek() or cxr_writer_step() gave last */
cxr_rc_t cxr_writer_drop(cxr_writer_t *w, cxr_table_t t);

/*
 * The projection under the key: as it was put by this job, or from the table,
 * or zeroed with exists false.  It may be changed in place, before
 * cxr_slot_put() only.
 */
cxr_rc_t cxr_slot_load(cxr_writer_t *w, cxr_table_t t, const cxr_dbkey_t *k,
    cxr_slot_t **slot);
cxr_rc_t cxr_slot_put(cxr_writer_t *w, cxr_slot_t *slot, uint64_t seq);
/* the latest generation of a parcel; *slot is NULL when there is none */
cxr_rc_t cxr_slot_parcel(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_str_t number, cxr_slot_t **slot);
/*
 * The parcel of that number which the report's own key tells; *slot is NULL
 * when there is none yet, and *day the free one that it is to begin with.
 */
cxr_rc_t cxr_slot_told(cxr_writer_t *w, uint32_t shop,
    const cxr_report_t *report, cxr_time_t now, cxr_slot_t **slot,
    uint32_t *day);
/* the latest parcel with the shop's reference; *slot is NULL as well */
cxr_rc_t cxr_slot_reference(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_str_t reference, cxr_slot_t **slot);

/* Puts the projections of one entry: the only code that does. */
cxr_rc_t cxr_apply_entry(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev);

/*
 * Keeps the work list true when a shipment changes: "before" and "after" are
 * its states.  at: the entry's time.
 */
cxr_rc_t cxr_work_changed(cxr_writer_t *w, uint32_t shop, cxr_time_t at,
    uint64_t seq, const cxr_shipment_t *before, const cxr_shipment_t *after);
/* does the shipment stand on it at all? */
bool cxr_work_any(const cxr_shipment_t *ship);

/*
 * A parcel changed.  "was" and "was_country" are what cxr_lane_of() said of it
 * before: a state that is applied to changes in place.
 */
cxr_rc_t cxr_lane_changed(cxr_writer_t *w, uint32_t shop, int was,
    cxr_str_t was_country, const cxr_shipment_t *after);

/* ---- the journal ---- */

cxr_rc_t cxr_journal_head(cxr_writer_t *w, uint32_t shop, cxr_head_t **head);
/* e: seq, prev and hash are set here. */
cxr_rc_t cxr_journal_append(cxr_writer_t *w, cxr_head_t *head, cxr_entry_t *e);
/* Appends a record as it is; its chain has been checked. */
cxr_rc_t cxr_journal_copy(cxr_writer_t *w, MDB_val key, MDB_val v);
/* The hash that a record should have. */
cxr_rc_t cxr_entry_hash(cxr_buf_t *tmp, MDB_val record, const cxr_entry_t *e,
    uint8_t hash[CXR_HASH_LEN]);
/* Does the record continue the chain?  CXR_FORGED with a sentence in d. */
cxr_rc_t cxr_chain_check(cxr_store_t *store, cxr_head_t *head, cxr_buf_t *tmp,
    cxr_arena_t *a, MDB_val key, MDB_val v, cxr_entry_t *e, cxr_diag_t *d);

/* ---- personal data ---- */

typedef enum {
    CXR_BOX_KEY = 'k',
    CXR_BOX_PERSON = 'p',
    CXR_BOX_NOTE = 'n',
    CXR_BOX_STATEMENT = 's',
    CXR_BOX_RECIPIENT = 'g',
    CXR_BOX_LISTED = 'l'
} cxr_box_t;

#define CXR_AAD_MAX  (1 + 4 + CXR_NUMBER_MAX)

cxr_str_t cxr_box_aad(cxr_box_t box, uint32_t shop, cxr_str_t order,
    uint8_t out[CXR_AAD_MAX]);

/*
 * w->okey becomes the order's key; the one before is kept beside it.
 * CXR_NOTFOUND: erased or never made, unless "make".  CXR_FORGED: the ring
 * cannot open it.
 */
cxr_rc_t cxr_person_key_load(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    bool make);
/* Writes what was made. */
cxr_rc_t cxr_person_key_save(cxr_writer_t *w);
void cxr_person_key_forget(cxr_writer_t *w);
/* A job begins: what one that was refused made is nobody's. */
void cxr_person_key_unmade(cxr_writer_t *w);

/*
 * Who is given something has a key of her own, so that she can be erased by
 * herself.  Its name is one that no order's can be: their letters are large.
 * What was made before there was such a key is sealed under the order's.
 */
#define CXR_GIFT_KEY_LEN  (5 + CXR_RMA_ID_LEN)
cxr_str_t cxr_gift_key(cxr_str_t rma, char out[CXR_GIFT_KEY_LEN]);
/* The name of the key for what is written from now on of an RMA; "rma" NULL: of
   its order.  "mem" holds it. */
cxr_rc_t cxr_words_key(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    cxr_str_t order, char mem[CXR_GIFT_KEY_LEN], cxr_str_t *name);
/* A note of that RMA, or of its order. */
cxr_rc_t cxr_words_box(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    cxr_str_t order, cxr_str_t note, cxr_str_t *box);
/* Who sends a gift back.  CXR_NOTFOUND: it cannot be read (any more). */
cxr_rc_t cxr_recipient_unbox(cxr_writer_t *w, uint32_t shop,
    const cxr_rma_t *rma, cxr_person_t *person);
/* The box for a person, the order's or a gift's recipient: the old one when it
   holds the same. */
cxr_rc_t cxr_person_box(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_box_t kind, cxr_str_t old, const cxr_person_t *person, cxr_str_t *box);
cxr_rc_t cxr_note_box(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_str_t note, cxr_str_t *box);
/* Anything, under w->okey. */
cxr_rc_t cxr_box_seal(cxr_writer_t *w, cxr_box_t kind, cxr_str_t plain,
    cxr_str_t *box);
/* Of a withdrawal, under its own number. */
cxr_rc_t cxr_statement_box(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    const cxr_statement_t *st, cxr_str_t *box);
/* What stands sealed in a box of that name; the strings are in the arena. */
cxr_rc_t cxr_read_sealed(cxr_read_t *rd, uint32_t shop, cxr_str_t name,
    cxr_box_t kind, cxr_str_t box, cxr_arena_t *a, cxr_str_t *plain);
/* The person in a box.  CXR_NOTFOUND: it cannot be read (any more). */
cxr_rc_t cxr_person_unbox(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_box_t kind, cxr_str_t box, cxr_person_t *person);
/* Keeps ix_email true when an order's box changes. */
cxr_rc_t cxr_person_index(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_str_t before, cxr_str_t after);
/* What cxr_read_person() works on when there is nothing. */
cxr_rc_t cxr_person_dummy(cxr_store_t *store);
/* CXR_INVALID: the store's personal data was sealed with another ring */
cxr_rc_t cxr_person_ring(cxr_store_t *store, cxr_diag_t *d);

/* ---- what falls due: cxr_store_due.h says what the kinds are ---- */

/*
 * A thing's entry of that kind stood at "was" and stands at "is" from now on;
 * CXR_TIME_NONE: there is none.  Called by what applies events, and with what
 * these say alone, so that a rebuilt table is equal.  An absent entry at "was"
 * is fine.
 */
cxr_rc_t cxr_due_move(cxr_writer_t *w, uint32_t shop, uint8_t kind,
    cxr_str_t id, cxr_time_t was, cxr_time_t is);

/* ---- what RMAs are found by: cxr_store_find.h ---- */

/* An RMA was made, or an event of it applied; it had "parcels" before. */
cxr_rc_t cxr_find_rma(cxr_writer_t *w, uint32_t shop,
    const cxr_order_t *order, uint32_t parcels, const cxr_rma_t *rma,
    bool existed);
/* The recipient of a gift was erased; "was": the RMA with her box. */
cxr_rc_t cxr_find_erased(cxr_writer_t *w, uint32_t shop,
    const cxr_order_t *order, const cxr_rma_t *was);
/* An order changed; "id" is its folded number. */
cxr_rc_t cxr_find_order(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    const cxr_order_t *was, const cxr_order_t *is);

/* ---- lists of people: cxr_store_lists.h ---- */

/* what a key of "people" begins with */
#define CXR_LIST_SUM    's'
#define CXR_LIST_ENTRY  'e'
#define CXR_LIST_HASH   'h'

cxr_rc_t cxr_apply_list(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev);
cxr_rc_t cxr_job_list(cxr_writer_t *w, cxr_job_t *job);

/* ---- erasure ---- */

/* An order changed, by anything but its erasure, and is still to be put; its
   RMAs have been.  "was": its updated_at before. */
cxr_rc_t cxr_order_ages(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    cxr_time_t was, cxr_order_t *order);
/* The last message of an order's threads; NONE: nobody has written. */
cxr_time_t cxr_talk_last(const cxr_talk_t *talk);
/* An RMA's conversation waits for the shop since another time than before;
   NONE: it does not. */
cxr_rc_t cxr_index_asked(cxr_writer_t *w, uint32_t shop, cxr_str_t rma,
    cxr_time_t was, cxr_time_t is);
/* That of an order; zeroed when there is none. */
cxr_rc_t cxr_slot_talk(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_slot_t **slot);
cxr_rc_t cxr_apply_erased(cxr_writer_t *w, uint32_t shop,
    const cxr_entry_t *e, const cxr_event_t *ev);
cxr_rc_t cxr_job_erase(cxr_writer_t *w, cxr_job_t *job);
/* Up to when nothing is shown any more of an order's photos: of those of its RMA,
   or "rma" empty, of the order's own. */
cxr_rc_t cxr_gone_until(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_str_t rma, cxr_arena_t *a, cxr_time_t *until);
/* Forgets the key of an order, a statement or a gift's recipient. */
cxr_rc_t cxr_person_key_drop(cxr_writer_t *w, uint32_t shop, cxr_str_t name);
/* The withdrawals that belong to an order; ids in w->scratch. */
cxr_rc_t cxr_withdrawals_of(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_strs_t *ids);

/* ---- jobs ---- */

/* with the shop's key and all that stands between, within an LMDB key */
#define CXR_PRODUCT_KEY_MAX  400

/* ---- idempotency keys: cxr_store_idem.c ---- */

/* What an RMA's number is drawn from when it is made with the key. */
void cxr_idem_numbers(cxr_writer_t *w, uint32_t shop,
    const uint8_t idem[CXR_IDEM_LEN], uint8_t out[CXR_IDEM_NUMBERS]);
/* An RMA was made, and is still to be put: it keeps the key that its number
   was drawn from. */
cxr_rc_t cxr_idem_keep(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    cxr_rma_t *rma);
/* What the entry's key made, unless that keeps it. */
cxr_rc_t cxr_apply_idem(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e);
/* CXR_AGAIN: the job's key is new, go on. */
cxr_rc_t cxr_job_idem(cxr_writer_t *w, cxr_job_t *job);


/* Journals and applies the events of a job. */
cxr_rc_t cxr_job_commit(cxr_writer_t *w, cxr_job_t *job,
    const cxr_events_t *events);
cxr_rc_t cxr_job_order(cxr_writer_t *w, cxr_job_t *job, cxr_str_t number,
    cxr_order_t **order);
/* the RMA and its order */
cxr_rc_t cxr_job_rma(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id,
    cxr_rma_t **rma, cxr_order_t **order);
cxr_rc_t cxr_job_key_parts(cxr_str_t carrier, cxr_str_t number,
    cxr_str_t reference);
cxr_rc_t cxr_job_stock(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, const cxr_rma_t *rma, cxr_events_t *events);
cxr_rc_t cxr_job_rma_create(cxr_writer_t *w, cxr_job_t *job);
cxr_rc_t cxr_job_rma_change(cxr_writer_t *w, cxr_job_t *job);
cxr_rc_t cxr_job_survey(cxr_writer_t *w, cxr_job_t *job);
/* An answer is there; "was": the one in its place before, or NULL. */
cxr_rc_t cxr_survey_changed(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    const cxr_survey_t *was, const cxr_survey_t *is);
/* Into the table that was just made. */
cxr_rc_t cxr_surveys_fill(cxr_store_t *store, MDB_txn *txn);
cxr_rc_t cxr_job_talk(cxr_writer_t *w, cxr_job_t *job);
cxr_rc_t cxr_apply_talk(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev);

/* Decides one job and applies what it made. */
cxr_rc_t cxr_job_run(cxr_writer_t *w, cxr_job_t *job);

/* What a decision about the order looks at, products apart. */
cxr_rc_t cxr_job_world(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, cxr_rma_world_t *world);

/* ---- how goods come back: cxr_store_codes.c ---- */

/* What the tables "codes" and "due" say of an RMA. */
typedef struct {
    bool         waits;            /* for a code                               */
    cxr_time_t   reminds;
    cxr_time_t   expires;
    cxr_time_t   overdue;
} cxr_way_t;

void cxr_way_of(const cxr_rma_t *rma, cxr_way_t *way);
/* An event of the RMA was applied; "was" is of before it. */
cxr_rc_t cxr_way_changed(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev, const cxr_rma_t *rma, const cxr_way_t *was);
cxr_rc_t cxr_apply_pool(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev);
/* What follows from the events for the RMA's code or label, behind them.  "rma"
   NULL: they make it. */
cxr_rc_t cxr_job_way(cxr_writer_t *w, cxr_job_t *job,
    const cxr_order_t *order, const cxr_rma_t *rma, cxr_events_t *events);
cxr_rc_t cxr_job_codes(cxr_writer_t *w, cxr_job_t *job);

/* ---- withdrawals ---- */

cxr_rc_t cxr_job_declare(cxr_writer_t *w, cxr_job_t *job);
cxr_rc_t cxr_job_match(cxr_writer_t *w, cxr_job_t *job);
cxr_rc_t cxr_job_judge(cxr_writer_t *w, cxr_job_t *job);
/* An order came or changed: the statements that waited for it. */
cxr_rc_t cxr_job_arrived(cxr_writer_t *w, cxr_job_t *job, cxr_str_t id,
    cxr_order_t *order);

/* The unmatched ones that name the order, at most max; ids in w->scratch. */
cxr_rc_t cxr_withdrawals_waiting(cxr_writer_t *w, uint32_t shop,
    const uint8_t blind[16], unsigned max, cxr_strs_t *ids);
/* Since when its statement ages by itself; NONE: it does not. */
cxr_time_t cxr_statement_ages(const cxr_withdrawal_t *wd);
cxr_rc_t cxr_apply_withdrawal(cxr_writer_t *w, uint32_t shop,
    const cxr_entry_t *e, const cxr_event_t *ev);
/* An RMA of a withdrawal changed. */
cxr_rc_t cxr_withdrawal_rma_changed(cxr_writer_t *w, uint32_t shop,
    const cxr_entry_t *e, const cxr_rma_t *rma);

#endif /* _CXR_STORE_PRIVATE_H_INCLUDED_ */
