
/*
 * Flat records written and read: both walk the same table in the same order,
 * which is what makes the bytes of a struct unique.
 */

#include <endian.h>

#include "cxr_record.h"

#define CXR_RECORD_MAGIC  "CXR1"
#define CXR_STRS_STRIDE   8


/* by cxr_kind_t; the dearest mistake here would be one that compiles */
static const uint8_t  cxr_slot_size[] = {
    [CXR_F_BOOL] = 1, [CXR_F_U8] = 1, [CXR_F_U16] = 2, [CXR_F_U32] = 4,
    [CXR_F_I64] = 8, [CXR_F_U64] = 8, [CXR_F_TIME] = 8, [CXR_F_MONEY] = 8,
    [CXR_F_ENUM] = 1, [CXR_F_STR] = 8, [CXR_F_BYTES] = 8, [CXR_F_STRS] = 8,
    [CXR_F_LIST] = 8, [CXR_F_REC] = 8
};


typedef struct {
    cxr_buf_t  *out;
    size_t      start;          /* of the record in out */
    unsigned    depth;
} cxr_enc_t;

typedef struct {
    const char   *data;
    size_t        len;
    size_t        heap;         /* where the next thing in the heap must be */
    cxr_arena_t  *arena;
    unsigned      depth;
} cxr_dec_t;


static cxr_rc_t cxr_enc_fields(cxr_enc_t *e, const cxr_type_t *t,
    const char *obj, size_t pos);
static cxr_rc_t cxr_enc_str(cxr_enc_t *e, cxr_str_t s, size_t pos);
static cxr_rc_t cxr_enc_strs(cxr_enc_t *e, const char *list, size_t pos);
static cxr_rc_t cxr_enc_structs(cxr_enc_t *e, const cxr_type_t *t,
    const char *items, uint32_t n, size_t pos);
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


static inline void
cxr_put32(char *p, uint32_t v)
{
    v = htole32(v);
    memcpy(p, &v, sizeof(v));
}


static inline bool
cxr_enum_named(const char *const *names, uint8_t v)
{
    unsigned  i;

    for (i = 0; i <= v; i++) {

        if (names[i] == NULL) {
            return false;
        }
    }

    return true;
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


/* All fields, whatever versions the parts of a record have by themselves. */

static inline size_t
cxr_type_full(const cxr_type_t *t)
{
    return cxr_type_stride(t, UINT16_MAX);
}


/* Makes room at the record's end for n bytes; their place is relative to it. */

static cxr_rc_t
cxr_enc_room(cxr_enc_t *e, size_t n, size_t *pos)
{
    size_t  used;

    used = e->out->len - e->start;

    if (n > CXR_RECORD_MAX - used) {
        return CXR_LIMIT;
    }

    if (!cxr_buf_need(e->out, n)) {
        return CXR_NOMEM;
    }

    e->out->len += n;
    *pos = used;

    return CXR_OK;
}


static inline char *
cxr_enc_at(cxr_enc_t *e, size_t pos)
{
    return e->out->data + e->start + pos;
}


cxr_rc_t
cxr_rec_encode(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out)
{
    char       *p;
    size_t      pos;
    uint16_t    half;
    uint64_t    whole;
    cxr_rc_t    rc;
    cxr_enc_t   e;

    e.out = out;
    e.start = out->len;
    e.depth = 0;

    rc = cxr_enc_room(&e, CXR_RECORD_HEADER + cxr_type_full(t), &pos);
    if (rc != CXR_OK) {
        return rc;
    }

    p = cxr_enc_at(&e, pos);

    memcpy(p, CXR_RECORD_MAGIC, 4);

    half = htole16(t->id);
    memcpy(p + 4, &half, 2);

    half = htole16(t->version);
    memcpy(p + 6, &half, 2);

    whole = htole64(seq);
    memcpy(p + 8, &whole, 8);

    rc = cxr_enc_fields(&e, t, obj, pos + CXR_RECORD_HEADER);

    if (rc != CXR_OK) {
        out->len = e.start;
    }

    return rc;
}


static cxr_rc_t
cxr_enc_fields(cxr_enc_t *e, const cxr_type_t *t, const char *obj, size_t pos)
{
    void               *sub;
    uint16_t            u16;
    uint32_t            u32;
    uint64_t            u64;
    cxr_rc_t            rc;
    cxr_str_t           s;
    const char         *from;
    cxr_any_list_t      list;
    const cxr_field_t  *f;

    if (e->depth == CXR_RECORD_DEPTH) {
        return CXR_LIMIT;
    }

    e->depth++;

    for (f = t->fields; f->name != NULL; f++) {

        from = obj + f->offset;
        rc = CXR_OK;

        switch (f->kind) {

        case CXR_F_BOOL:
            *cxr_enc_at(e, pos) = *(const bool *) from ? 1 : 0;
            break;

        case CXR_F_ENUM:

            if (!cxr_enum_named(f->names, *(const uint8_t *) from)) {
                return CXR_ERROR;
            }

            /* fall through */

        case CXR_F_U8:
            *cxr_enc_at(e, pos) = *from;
            break;

        case CXR_F_U16:
            memcpy(&u16, from, sizeof(u16));
            u16 = htole16(u16);
            memcpy(cxr_enc_at(e, pos), &u16, sizeof(u16));
            break;

        case CXR_F_U32:
            memcpy(&u32, from, sizeof(u32));
            cxr_put32(cxr_enc_at(e, pos), u32);
            break;

        case CXR_F_I64:
        case CXR_F_U64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            memcpy(&u64, from, sizeof(u64));
            u64 = htole64(u64);
            memcpy(cxr_enc_at(e, pos), &u64, sizeof(u64));
            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            memcpy(&s, from, sizeof(s));
            rc = cxr_enc_str(e, s, pos);
            break;

        case CXR_F_STRS:
            rc = cxr_enc_strs(e, from, pos);
            break;

        case CXR_F_LIST:
            memcpy(&list, from, sizeof(list));
            rc = cxr_enc_structs(e, f->sub, list.items, list.n, pos);
            break;

        case CXR_F_REC:
            memcpy(&sub, from, sizeof(sub));
            rc = cxr_enc_structs(e, f->sub, sub, sub != NULL, pos);
            break;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        pos += cxr_slot_size[f->kind];
    }

    e->depth--;

    return CXR_OK;
}


static cxr_rc_t
cxr_enc_str(cxr_enc_t *e, cxr_str_t s, size_t pos)
{
    char      *slot;
    size_t     at;
    cxr_rc_t   rc;

    at = 0;

    if (s.len != 0) {

        rc = cxr_enc_room(e, s.len, &at);
        if (rc != CXR_OK) {
            return rc;
        }

        memcpy(cxr_enc_at(e, at), s.data, s.len);
    }

    slot = cxr_enc_at(e, pos);
    cxr_put32(slot, (uint32_t) at);
    cxr_put32(slot + 4, (uint32_t) s.len);

    return CXR_OK;
}


static cxr_rc_t
cxr_enc_slots(cxr_enc_t *e, uint32_t n, size_t stride, size_t pos, size_t *at)
{
    char      *slot;
    cxr_rc_t   rc;

    *at = 0;

    if (n > CXR_LIST_MAX) {
        return CXR_LIMIT;
    }

    if (n != 0) {

        rc = cxr_enc_room(e, 4 + n * stride, at);
        if (rc != CXR_OK) {
            return rc;
        }

        cxr_put32(cxr_enc_at(e, *at), (uint32_t) stride);
    }

    slot = cxr_enc_at(e, pos);
    cxr_put32(slot, (uint32_t) *at);
    cxr_put32(slot + 4, n);

    *at += 4;

    return CXR_OK;
}


static cxr_rc_t
cxr_enc_strs(cxr_enc_t *e, const char *list, size_t pos)
{
    size_t      at;
    uint32_t    i;
    cxr_rc_t    rc;
    cxr_strs_t  strs;

    memcpy(&strs, list, sizeof(strs));

    rc = cxr_enc_slots(e, strs.n, CXR_STRS_STRIDE, pos, &at);

    for (i = 0; rc == CXR_OK && i < strs.n; i++) {
        rc = cxr_enc_str(e, strs.items[i], at + (size_t) i * CXR_STRS_STRIDE);
    }

    return rc;
}


static cxr_rc_t
cxr_enc_structs(cxr_enc_t *e, const cxr_type_t *t, const char *items,
    uint32_t n, size_t pos)
{
    size_t    at, stride;
    uint32_t  i;
    cxr_rc_t  rc;

    stride = cxr_type_full(t);

    rc = cxr_enc_slots(e, n, stride, pos, &at);

    for (i = 0; rc == CXR_OK && i < n; i++) {
        rc = cxr_enc_fields(e, t, items + (size_t) i * t->size,
                            at + i * stride);
    }

    return rc;
}


cxr_rc_t
cxr_rec_head(const void *data, size_t len, uint16_t *type, uint16_t *version,
    uint64_t *seq)
{
    const char  *p = data;

    if (len < CXR_RECORD_HEADER || memcmp(p, CXR_RECORD_MAGIC, 4) != 0) {
        return CXR_INVALID;
    }

    *type = cxr_get16(p + 4);
    *version = cxr_get16(p + 6);
    *seq = cxr_get64(p + 8);

    return CXR_OK;
}


cxr_rc_t
cxr_rec_decode(const cxr_type_t *t, const void *data, size_t len, void *obj,
    cxr_arena_t *a)
{
    size_t     fixed;
    uint16_t   type, version;
    uint64_t   seq;
    cxr_rc_t   rc;
    cxr_dec_t  d;

    if (len > CXR_RECORD_MAX
        || cxr_rec_head(data, len, &type, &version, &seq) != CXR_OK
        || type != t->id || version == 0 || version > t->version)
    {
        return CXR_INVALID;
    }

    fixed = cxr_type_stride(t, version);

    if (fixed > len - CXR_RECORD_HEADER) {
        return CXR_INVALID;
    }

    d.data = data;
    d.len = len;
    d.heap = CXR_RECORD_HEADER + fixed;
    d.arena = a;
    d.depth = 0;

    memset(obj, 0, t->size);

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
