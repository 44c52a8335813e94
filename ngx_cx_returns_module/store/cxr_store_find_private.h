
/*
 * What keeping "ix_found" and searching in it share.  Nobody outside store/
 * includes this.
 */

#ifndef _CXR_STORE_FIND_PRIVATE_H_INCLUDED_
#define _CXR_STORE_FIND_PRIVATE_H_INCLUDED_

#include "cxr_store_find.h"
#include "cxr_store_private.h"

#define CXR_FIND_TAG_EMAIL   'e'
#define CXR_FIND_TAG_ORDER   'o'
#define CXR_FIND_TAG_PHONE   'p'
#define CXR_FIND_TAG_PARCEL  't'
#define CXR_FIND_TAG_WORD    'w'

/* behind each value, as in ix_rma: ~created, RMA */
#define CXR_FIND_PLACE       (8 + CXR_RMA_ID_LEN)

/* the first byte behind the shop */
#define CXR_FIND_FRESH       'f'
#define CXR_FIND_SORTED      'r'
#define CXR_FIND_STATE       's'

/* Both rows that have a value: of a fresh RMA, and the shop's. */
typedef struct {
    cxr_str_t    entries;      /* of an RMA: tag, length, value, each          */
    cxr_time_t   from;         /* of the shop: fresh are those created then or
                                  later                                        */
    uint32_t     fresh;        /* and how many there are                       */
} cxr_find_row_t;

/* One thing that an RMA is found by. */
typedef struct {
    uint8_t      tag;
    cxr_str_t    value;
} cxr_find_entry_t;

void cxr_find_hash(const cxr_keyring_t *ring, uint8_t tag, cxr_str_t value,
    uint8_t out[CXR_FIND_HASH]);

/* The next of a row's entries; false: there is none. */
bool cxr_find_next(cxr_str_t *entries, cxr_find_entry_t *e);

static inline bool
cxr_find_whole(uint8_t tag)
{
    return tag != CXR_FIND_TAG_ORDER && tag != CXR_FIND_TAG_PARCEL;
}

/* The shop and what kind of row. */
static inline void
cxr_dbkey_found(cxr_dbkey_t *k, uint32_t shop, uint8_t kind)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &kind, 1);
}

/*
 * In a run, up to the place; a number has its zero behind it, a hash needs none.
 * "run" is ~ the time that it begins with.
 */
static inline void
cxr_dbkey_find(cxr_dbkey_t *k, uint32_t shop, uint64_t run, uint8_t tag,
    cxr_str_t value)
{
    cxr_dbkey_found(k, shop, CXR_FIND_SORTED);
    cxr_dbkey_u64(k, run);
    cxr_dbkey_add(k, &tag, 1);

    if (cxr_find_whole(tag)) {
        cxr_dbkey_str(k, value);
    } else {
        cxr_dbkey_str0(k, value);
    }
}


/* ---- searching ---- */

#define CXR_RANGES_MAX  (CXR_FIND_WORDS_MAX + 2)
#define CXR_BEGINS_MAX  3
/* a place, and a byte more when it is behind it */
#define CXR_PLACE_MAX   (CXR_FIND_PLACE + 1)
#define CXR_CURSOR_MAX  ((CXR_PLACE_MAX * 4 + 2) / 3)
#define CXR_GATHER_MAX  16384      /* entries of one run that begin so         */


typedef struct {
    uint8_t       data[CXR_PLACE_MAX];
    uint8_t       len;
} cxr_place_t;

typedef struct {
    cxr_table_t   table;
    cxr_dbkey_t   prefix;
    MDB_cursor   *cur;
} cxr_range_t;

/* What an RMA must have, or (of those that are gathered) begin with. */
typedef struct {
    uint8_t       tag;
    uint8_t       len;
    char          data[CXR_NUMBER_MAX];
} cxr_want_t;

typedef struct {
    cxr_place_t  *items;
    size_t        n;
    size_t        room;
} cxr_gather_t;

typedef struct {
    cxr_read_t         *rd;
    const cxr_shop_t   *shop;
    const cxr_find_t   *f;
    cxr_arena_t        *a;
    unsigned            limit;
    cxr_want_t          wants[CXR_RANGES_MAX];
    unsigned            nwants;
    cxr_want_t          begins[CXR_BEGINS_MAX];
    unsigned            nbegins;
    bool                listed;        /* and it must stand on "list"          */
    cxr_dbkey_t         list;
    cxr_range_t         ranges[CXR_RANGES_MAX + 1];
    unsigned            nranges;
    bool                fresh;         /* is looked at now, else the run       */
    uint64_t            run;           /* ~ what it begins with                */
    MDB_cursor         *cur;           /* of ix_found                          */
    cxr_place_t         from;          /* the first that may be shown          */
    uint64_t            oldest;        /* ~created of the oldest that may      */
    unsigned            steps;
    cxr_found_t        *out;
} cxr_search_t;

/* ~created of it */
static inline uint64_t
cxr_place_time(const cxr_place_t *p)
{
    return p->len >= 8 ? cxr_be64(p->data) : 0;
}

static inline void
cxr_place_begin(cxr_place_t *p, uint64_t at)
{
    unsigned  i;

    for (i = 0; i < 8; i++) {
        p->data[i] = (uint8_t) (at >> (56 - 8 * i));
    }

    p->len = 8;
}

static inline void
cxr_want_set(cxr_want_t *want, uint8_t tag, const void *data, size_t len)
{
    want->tag = tag;
    want->len = (uint8_t) len;
    memcpy(want->data, data, len);
}

int cxr_place_cmp(const cxr_place_t *a, const cxr_place_t *b);
/* as a cursor, in the arena */
cxr_rc_t cxr_place_print(const cxr_place_t *p, cxr_arena_t *a,
    cxr_str_t *out);

/* Where the first that may be shown is.  CXR_NOTFOUND: there are no RMAs. */
cxr_rc_t cxr_search_begin(cxr_search_t *s);
/*
 * What is older than that looked at now.  CXR_NOTFOUND: nothing that may be
 * shown; CXR_AGAIN: enough for one page, and the cursor is set.
 */
cxr_rc_t cxr_search_next(cxr_search_t *s);
cxr_rc_t cxr_search_add(cxr_search_t *s, const cxr_place_t *p);
/*
 * The fresh RMA at or behind *p; op: MDB_SET_RANGE, then MDB_NEXT.
 * CXR_NOTFOUND: none that may be shown.
 */
cxr_rc_t cxr_fresh_read(cxr_search_t *s, MDB_cursor_op op, cxr_place_t *p,
    cxr_str_t *entries);
/* Has a fresh RMA all that is wanted? */
bool cxr_fresh_has(const cxr_search_t *s, cxr_str_t entries);
/* Does it stand on the list? */
cxr_rc_t cxr_list_holds(cxr_search_t *s, const cxr_place_t *p, bool *holds);

/* cxr_store_find_gather.c: by numbers' beginnings and telephones; as
   cxr_search_next() when there is no more, or no more on this page */
cxr_rc_t cxr_search_gathered(cxr_search_t *s, const cxr_typed_t *q);

/* What a person is found by. */
typedef struct {
    uint8_t      tag;
    uint8_t      hash[CXR_FIND_HASH];
} cxr_find_token_t;

typedef struct {
    cxr_find_token_t  items[CXR_FIND_WORDS_MAX + 2];
    unsigned          n;
} cxr_find_tokens_t;

/* Of an order's person, and of who sends a gift back.  Of a box that cannot be
   read (erased, another key) there are none. */
cxr_rc_t cxr_tokens_of(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_str_t box, cxr_find_tokens_t *t);
cxr_rc_t cxr_tokens_recipient(cxr_writer_t *w, uint32_t shop,
    const cxr_rma_t *rma, cxr_find_tokens_t *t);

#endif /* _CXR_STORE_FIND_PRIVATE_H_INCLUDED_ */
