
/*
 * Records as the first stores have them ("CXR1"): read, and no longer written.
 *
 * After the header comes a fixed area: one slot for each field in table order,
 * at offsets that follow from the kinds alone; then the heap (strings, lists).
 *
 * Slot sizes: BOOL U8 ENUM 1; U16 2; U32 4; I64 U64 TIME MONEY 8;
 * STR BYTES 8 (u32 offset from the record's start, u32 length);
 * LIST STRS 8 (u32 offset, u32 count); REC 8 (the same; count 1, 0 for NULL).
 * A LIST, STRS or REC in the heap starts with u32 stride, then count * stride
 * bytes of slots.  What is empty has offset 0.  Slots are packed without
 * padding (read by memcpy).
 *
 * The heap has no gaps: things stand in it in the order in which a walk over
 * the fields meets them, a list's slots before what its items refer to.  So a
 * reader knows where each thing must be before it looks: any other offset is
 * refused, as are bytes left over.
 *
 * A record of an older version of its type has a shorter fixed area (the table
 * tells how long at that version; lists and sub-structs say their stride).
 */

#include <endian.h>

#include "cxr_record_private.h"

#define CXR_STRS_STRIDE   8


/* by cxr_kind_t; the dearest mistake here would be one that compiles */
static const uint8_t  cxr_slot_size[] = {
    [CXR_F_BOOL] = 1, [CXR_F_U8] = 1, [CXR_F_U16] = 2, [CXR_F_U32] = 4,
    [CXR_F_I64] = 8, [CXR_F_U64] = 8, [CXR_F_TIME] = 8, [CXR_F_MONEY] = 8,
    [CXR_F_ENUM] = 1, [CXR_F_STR] = 8, [CXR_F_BYTES] = 8, [CXR_F_STRS] = 8,
    [CXR_F_LIST] = 8, [CXR_F_REC] = 8
};


typedef struct {
    const char   *data;
    size_t        len;
    size_t        heap;         /* where the next thing in the heap must be */
    cxr_arena_t  *arena;
    unsigned      depth;
} cxr_dec_t;


static cxr_rc_t cxr_dec_fields(cxr_dec_t *d, const cxr_type_t *t,
    const char *p, size_t stride, char *obj);
static cxr_rc_t cxr_dec_str(cxr_dec_t *d, const char *p, cxr_str_t *s);
static cxr_rc_t cxr_dec_strs(cxr_dec_t *d, const char *p, char *list);
static cxr_rc_t cxr_dec_list(cxr_dec_t *d, const cxr_type_t *t, const char *p,
    char *list);
static cxr_rc_t cxr_dec_rec(cxr_dec_t *d, const cxr_type_t *t, const char *p,
    char *place);
static cxr_rc_t cxr_dec_slots(cxr_dec_t *d, const char *p, uint32_t *count,
    size_t *stride, const char **slots);


static inline uint32_t
cxr_get32(const char *p)
{
    uint32_t  v;

    memcpy(&v, p, sizeof(v));

    return le32toh(v);
}


static inline uint64_t
cxr_get64(const char *p)
{
    uint64_t  v;

    memcpy(&v, p, sizeof(v));

    return le64toh(v);
}


static inline uint16_t
cxr_get16(const char *p)
{
    uint16_t  v;

    memcpy(&v, p, sizeof(v));

    return le16toh(v);
}


/* The length of a struct's slots at a schema version. */

static size_t
cxr_type_stride(const cxr_type_t *t, uint16_t version)
{
    size_t              n;
    const cxr_field_t  *f;

    for (f = t->fields, n = 0; f->name != NULL && f->since <= version; f++) {
        n += cxr_slot_size[f->kind];
    }

    return n;
}


cxr_rc_t
cxr_rec_decode_old(const cxr_type_t *t, const char *data, size_t len,
    uint16_t version, void *obj, cxr_arena_t *a)
{
    size_t     fixed;
    cxr_rc_t   rc;
    cxr_dec_t  d;

    fixed = cxr_type_stride(t, version);

    if (fixed > len - CXR_RECORD_HEADER) {
        return CXR_INVALID;
    }

    d.data = data;
    d.len = len;
    d.heap = CXR_RECORD_HEADER + fixed;
    d.arena = a;
    d.depth = 0;

    rc = cxr_dec_fields(&d, t, d.data + CXR_RECORD_HEADER, fixed, obj);

    if (rc == CXR_OK && d.heap != len) {
        return CXR_INVALID;
    }

    return rc;
}


/* "obj" is zeroed already; "stride" bytes are readable at p. */

static cxr_rc_t
cxr_dec_fields(cxr_dec_t *d, const cxr_type_t *t, const char *p, size_t stride,
    char *obj)
{
    char               *to;
    uint16_t            u16;
    uint32_t            u32;
    uint64_t            u64;
    cxr_rc_t            rc;
    cxr_str_t           s;
    const char         *end;
    const cxr_field_t  *f;

    if (d->depth == CXR_RECORD_DEPTH) {
        return CXR_INVALID;
    }

    d->depth++;
    end = p + stride;

    for (f = t->fields; f->name != NULL; f++) {

        if (cxr_slot_size[f->kind] > end - p) {
            break;
        }

        to = obj + f->offset;
        rc = CXR_OK;

        switch (f->kind) {

        case CXR_F_BOOL:

            if ((unsigned char) *p > 1) {
                return CXR_INVALID;
            }

            *(bool *) to = *p;
            break;

        case CXR_F_ENUM:

            if (!cxr_enum_named(f->names, (uint8_t) *p)) {
                return CXR_INVALID;
            }

            /* fall through */

        case CXR_F_U8:
            *to = *p;
            break;

        case CXR_F_U16:
            u16 = cxr_get16(p);
            memcpy(to, &u16, sizeof(u16));
            break;

        case CXR_F_U32:
            u32 = cxr_get32(p);
            memcpy(to, &u32, sizeof(u32));
            break;

        case CXR_F_I64:
        case CXR_F_U64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            u64 = cxr_get64(p);
            memcpy(to, &u64, sizeof(u64));
            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            rc = cxr_dec_str(d, p, &s);
            memcpy(to, &s, sizeof(s));
            break;

        case CXR_F_STRS:
            rc = cxr_dec_strs(d, p, to);
            break;

        case CXR_F_LIST:
            rc = cxr_dec_list(d, f->sub, p, to);
            break;

        case CXR_F_REC:
            rc = cxr_dec_rec(d, f->sub, p, to);
            break;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        p += cxr_slot_size[f->kind];
    }

    d->depth--;

    /* ends within a slot, or past the fields that this code knows */

    return p == end ? CXR_OK : CXR_INVALID;
}


static inline cxr_rc_t
cxr_dec_str(cxr_dec_t *d, const char *p, cxr_str_t *s)
{
    uint32_t  off, len;

    off = cxr_get32(p);
    len = cxr_get32(p + 4);

    if (len == 0) {
        *s = CXR_STR_NONE;
        return off == 0 ? CXR_OK : CXR_INVALID;
    }

    *s = cxr_strn(d->data + d->heap, len);

    if (off != d->heap || len > d->len - d->heap) {
        *s = CXR_STR_NONE;
        return CXR_INVALID;
    }

    d->heap += len;

    return CXR_OK;
}


/* Takes count * stride bytes of slots from the heap. */

static cxr_rc_t
cxr_dec_slots(cxr_dec_t *d, const char *p, uint32_t *count, size_t *stride,
    const char **slots)
{
    size_t    left;
    uint32_t  off;

    off = cxr_get32(p);
    *count = cxr_get32(p + 4);

    if (*count == 0) {
        return off == 0 ? CXR_OK : CXR_INVALID;
    }

    left = d->len - d->heap;

    if (off != d->heap || left < 4 || *count > CXR_LIST_MAX) {
        return CXR_INVALID;
    }

    *stride = cxr_get32(d->data + off);

    if (*stride == 0 || *stride > (left - 4) / *count) {
        return CXR_INVALID;
    }

    *slots = d->data + off + 4;
    d->heap += 4 + *count * *stride;

    return CXR_OK;
}


static cxr_rc_t
cxr_dec_strs(cxr_dec_t *d, const char *p, char *list)
{
    size_t       stride;
    uint32_t     i;
    cxr_rc_t     rc;
    cxr_strs_t   strs;
    const char  *slots;

    rc = cxr_dec_slots(d, p, &strs.n, &stride, &slots);
    if (rc != CXR_OK || strs.n == 0) {
        return rc;
    }

    if (stride != CXR_STRS_STRIDE) {
        return CXR_INVALID;
    }

    strs.items = cxr_alloc(d->arena,
                           cxr_list_room(strs.n) * sizeof(cxr_str_t));
    if (strs.items == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < strs.n; i++) {

        rc = cxr_dec_str(d, slots + (size_t) i * stride, &strs.items[i]);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    memcpy(list, &strs, sizeof(strs));

    return CXR_OK;
}


static cxr_rc_t
cxr_dec_list(cxr_dec_t *d, const cxr_type_t *t, const char *p, char *list)
{
    size_t           stride;
    uint32_t         i;
    cxr_rc_t         rc;
    const char      *slots;
    cxr_any_list_t   l;

    rc = cxr_dec_slots(d, p, &l.n, &stride, &slots);
    if (rc != CXR_OK || l.n == 0) {
        return rc;
    }

    /*
     * The room beyond n is for cxr_list_push(), which takes it for granted and
     * zeroes what it gives out.
     */

    l.items = cxr_alloc(d->arena, cxr_list_room(l.n) * t->size);
    if (l.items == NULL) {
        return CXR_NOMEM;
    }

    memset(l.items, 0, (size_t) l.n * t->size);

    for (i = 0; i < l.n; i++) {

        rc = cxr_dec_fields(d, t, slots + i * stride, stride,
                            (char *) l.items + (size_t) i * t->size);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    memcpy(list, &l, sizeof(l));

    return CXR_OK;
}


static cxr_rc_t
cxr_dec_rec(cxr_dec_t *d, const cxr_type_t *t, const char *p, char *place)
{
    void        *sub;
    size_t       stride;
    uint32_t     n;
    cxr_rc_t     rc;
    const char  *slots;

    rc = cxr_dec_slots(d, p, &n, &stride, &slots);
    if (rc != CXR_OK || n == 0) {
        return rc;
    }

    if (n != 1) {
        return CXR_INVALID;
    }

    sub = cxr_calloc(d->arena, 1, t->size);
    if (sub == NULL) {
        return CXR_NOMEM;
    }

    rc = cxr_dec_fields(d, t, slots, stride, sub);

    memcpy(place, &sub, sizeof(sub));

    return rc;
}
