
/*
 * Flat records: what LMDB holds, journal entries included.
 *
 * One table for each struct (cxr_type_t) names its fields, their kinds and
 * places.  That table is the only description: it drives encoding, checking,
 * JSON, dump, equality, and the names that a template may use.  The same tables
 * describe the views of page/, which are never stored.
 *
 * The format:
 *
 *     0   4    magic "CXR2"
 *     4   u16  type id (cxr_type_t.id)               little-endian
 *     6   u16  schema version (cxr_type_t.version when it was written)
 *     8   u64  journal sequence that last wrote it
 *    16   u8   number of fields that stand in it, then the struct
 *
 * A struct is a bit for each field, the first in the least bit of the first
 * byte, and then the values of those whose bit is set, in table order.  A bit
 * is set when the field differs from what it is without: zero, or, in a list,
 * what the item before has there (STRS, LIST and REC: nothing).  So what is
 * empty takes a bit, and so does what each item of a list repeats.
 *
 * Values: BOOL none, being other says it; U8 ENUM a byte; U16 U32 U64 a varint
 * (7 bits a byte, the least first, the high bit where more follow; the
 * shortest is the only one); I64 MONEY a zigzag varint; TIME the same, as the
 * difference (mod 2^64) to the time that was written before it, zero ones not
 * counted.  STR BYTES a varint: 0 for the same as the string written before it
 * in this struct, else its length + 1 and its bytes.  STRS a varint count, and
 * for each a varint length and its bytes.  LIST a varint count, u8 number of
 * fields, the items; REC u8 number of fields and the struct.
 *
 * The number of fields is the least that will do (1 or more): of the fields
 * after that all are zero.  So the same struct always encodes to the same
 * bytes, and those alone are read; any others are refused, as are bytes left
 * over.
 *
 * A schema only grows: a new field goes to the end of its table with "since" =
 * the new version.  In a record written by an older version the missing fields
 * read as zero.  A record of a newer version than the table is refused
 * (CXR_INVALID), never guessed at.
 *
 * The first stores have records of another format, "CXR1", with a slot for
 * each field: they are read as before, see cxr_record_old.c, and written anew
 * in this one when they change.
 */

#ifndef _CXR_RECORD_H_INCLUDED_
#define _CXR_RECORD_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"
#include "cxr_buf.h"
#include "cxr_json.h"
#include "cxr_money.h"
#include "cxr_time.h"

#define CXR_RECORD_HEADER   16
#define CXR_RECORD_MAX     (1024 * 1024)   /* one record; a journal entry too */
/* a buffer takes every record that is not too large with so much more room */
#define CXR_RECORD_ROOM     4096
#define CXR_LIST_MAX        65536
#define CXR_RECORD_DEPTH    8            /* structs within structs            */

typedef enum {
    CXR_F_BOOL = 1,  /* bool                                                  */
    CXR_F_U8,        /* uint8_t                                               */
    CXR_F_U16,       /* uint16_t                                              */
    CXR_F_U32,       /* uint32_t                                              */
    CXR_F_I64,       /* int64_t                                               */
    CXR_F_U64,       /* uint64_t                                              */
    CXR_F_TIME,      /* cxr_time_t; JSON: RFC 3339, null for CXR_TIME_NONE    */
    CXR_F_MONEY,     /* cxr_money_t; JSON: integer of minor units             */
    CXR_F_ENUM,      /* uint8_t with names; JSON: the name                    */
    CXR_F_STR,       /* cxr_str_t, UTF-8; JSON: string                        */
    CXR_F_BYTES,     /* cxr_str_t, any bytes; JSON: base64url                 */
    CXR_F_STRS,      /* cxr_strs_t                                            */
    CXR_F_LIST,      /* CXR_LIST_OF(struct of .sub)                           */
    CXR_F_REC        /* pointer to struct of .sub, or NULL                    */
} cxr_kind_t;

#define CXR_FIELD_SEALED   0x01  /* ciphertext of personal data: not in JSON  */
#define CXR_FIELD_HIDDEN   0x02  /* internal: not in the API's JSON, in dump  */
#define CXR_FIELD_URL       0x04  /* views: holds a URL made by us            */
#define CXR_FIELD_RAW     0x08  /* views: holds markup made by us (an SVG)    */
#define CXR_FIELD_FIXED   0x20  /* views: the same in every request of a shop
                                   in one language                            */
#define CXR_FIELD_SPARSE  0x10  /* BOOL, U32, I64, TIME, ENUM, STR, STRS: not in JSON when
                                   it is zero or empty                        */

typedef struct cxr_type_s  cxr_type_t;

typedef struct {
    const char         *name;    /* as in JSON and templates: snake_case      */
    uint8_t              kind;    /* cxr_kind_t                               */
    uint8_t              flags;
    uint16_t            since;   /* schema version that brought it, from 1    */
    uint32_t             offset;  /* in the C struct                          */
    const cxr_type_t    *sub;     /* LIST, REC                                */
    const char *const   *names;   /* ENUM: NULL-terminated, index = value     */
    uint8_t              len;     /* of the name, or 0: not counted           */
} cxr_field_t;

struct cxr_type_s {
    const char          *name;    /* "order", "rma_line"                      */
    uint16_t            id;      /* in the header; 0: only ever a part        */
    uint16_t             version; /* from 1                                   */
    uint32_t             size;    /* sizeof the C struct                      */
    const cxr_field_t   *fields;  /* ends with a NULL name                    */
};

#define CXR_FIELD(T, f, K)                                                    \
    { #f, CXR_F_##K, 0, 1, offsetof(T, f), NULL, NULL, sizeof(#f) - 1 }
#define CXR_FIELD_X(T, f, K, fl)                                              \
    { #f, CXR_F_##K, fl, 1, offsetof(T, f), NULL, NULL, sizeof(#f) - 1 }
#define CXR_FIELD_ENUM(T, f, nm)                                              \
    { #f, CXR_F_ENUM, 0, 1, offsetof(T, f), NULL, nm, sizeof(#f) - 1 }
#define CXR_FIELD_SUB(T, f, K, st)                                            \
    { #f, CXR_F_##K, 0, 1, offsetof(T, f), st, NULL, sizeof(#f) - 1 }
/* a field that a later version of the schema brought */
#define CXR_FIELD_SINCE(T, f, K, fl, v)                                       \
    { #f, CXR_F_##K, fl, v, offsetof(T, f), NULL, NULL, sizeof(#f) - 1 }
#define CXR_FIELD_ENUM_SINCE(T, f, nm, fl, v)                                 \
    { #f, CXR_F_ENUM, fl, v, offsetof(T, f), NULL, nm, sizeof(#f) - 1 }
#define CXR_FIELD_SUB_SINCE(T, f, K, st, fl, v)                               \
    { #f, CXR_F_##K, fl, v, offsetof(T, f), st, NULL, sizeof(#f) - 1 }
#define CXR_FIELD_END              { NULL, 0, 0, 0, 0, NULL, NULL }

/*
 * Appends the record to "out", which is left as it was on an error, and which
 * obj must not point into (what was decoded from it is copied first).  CXR_LIMIT:
 * larger than CXR_RECORD_MAX, a list longer than CXR_LIST_MAX, or nested deeper
 * than CXR_RECORD_DEPTH.  CXR_NOMEM: the buffer's cap (it has failed then).
 * CXR_ERROR: an ENUM that has no name, which no reader would take.
 */
cxr_rc_t cxr_rec_encode(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out);

/*
 * Two records that hold the same list: an event's, and what it makes.  The
 * first one is written with "keep", which notes where the bytes of the list
 * are (the first of two items or more, at the top); the second one with
 * "kept", and where its list is equal to the byte those are copied.  "out" and
 * the list of the first must be as they were then.  The bytes that come of it
 * are those of cxr_rec_encode().
 */
typedef struct {
    const cxr_type_t   *type;    /* of its items; NULL: there is none         */
    const void          *items;
    uint32_t             n;
    unsigned             nf;      /* fields of an item that stand in it        */
    const cxr_buf_t     *in;
    size_t               at;      /* of all but the first item                */
    size_t               len;
    uint64_t             before;  /* the time written last before these       */
    uint64_t             after;
} cxr_rec_list_t;

cxr_rc_t cxr_rec_encode_keep(const cxr_type_t *t, const void *obj,
    uint64_t seq, cxr_buf_t *out, cxr_rec_list_t *keep);
cxr_rc_t cxr_rec_encode_kept(const cxr_type_t *t, const void *obj,
    uint64_t seq, cxr_buf_t *out, const cxr_rec_list_t *kept);

/*
 * Reads a record into the struct.  Strings point into "data" and live as long
 * as it does; lists (which may be grown) and sub-structs are in the arena.
 * Every offset, count, bool and enum is checked, so hostile bytes give
 * CXR_INVALID (CXR_NOMEM: the arena's cap); *obj is of no use then.  Does not
 * check that STR fields are UTF-8 (they were when written).
 */
cxr_rc_t cxr_rec_decode(const cxr_type_t *t, const void *data, size_t len,
    void *obj, cxr_arena_t *a);

/*
 * The value of the field at that offset in the struct, BYTES of exactly n bytes
 * (n < 127), without reading what stands before it: only when it is the last
 * of the fields that stand in the record.  For what is looked at far oftener
 * than the rest.  False: it is not, or the record is of the old format.
 */
bool cxr_rec_tail(const cxr_type_t *t, size_t offset, const void *data,
    size_t len, size_t n, cxr_str_t *value);

/* Does the record hold fields that stand behind that one?  False too: it is of
   the old format. */
bool cxr_rec_reaches(const cxr_type_t *t, size_t offset, const void *data,
    size_t len);

/* Header fields, without reading further. */
cxr_rc_t cxr_rec_head(const void *data, size_t len, uint16_t *type,
    uint16_t *version, uint64_t *seq);

/* Field by field; strings by bytes. */
bool cxr_rec_equal(const cxr_type_t *t, const void *a, const void *b);

/* A deep copy into the arena: nothing of "src" is referred to afterwards. */
cxr_rc_t cxr_rec_copy(const cxr_type_t *t, const void *src, void *dst,
    cxr_arena_t *a);

/*
 * The struct as a JSON object; "key" as in cxr_jw_*.  CXR_REC_DUMP prints
 * hidden and sealed fields as well (sealed as "<sealed N bytes>").
 */
#define CXR_REC_DUMP  1
void cxr_rec_json(const cxr_type_t *t, const void *obj, const char *key,
    int flags, cxr_jw_t *w);

/* The field by its name, or NULL. */
const cxr_field_t *cxr_type_field(const cxr_type_t *t, cxr_str_t name);

/* ENUM names and back; -1 when it is none of them. */
int cxr_name_index(const char *const *names, cxr_str_t s);

#endif /* _CXR_RECORD_H_INCLUDED_ */
