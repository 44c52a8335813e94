
/*
 * Writes records of the old format ("CXR1"), which the product only reads.
 */

#ifndef _RECORD_OLD_H_INCLUDED_
#define _RECORD_OLD_H_INCLUDED_

#include <endian.h>

#include "cxr_record.h"

#define OLD_STRS_STRIDE  8


/* by cxr_kind_t; the dearest mistake here would be one that compiles */
static const uint8_t  old_slot_size[] = {
    [CXR_F_BOOL] = 1, [CXR_F_U8] = 1, [CXR_F_U16] = 2, [CXR_F_U32] = 4,
    [CXR_F_I64] = 8, [CXR_F_U64] = 8, [CXR_F_TIME] = 8, [CXR_F_MONEY] = 8,
    [CXR_F_ENUM] = 1, [CXR_F_STR] = 8, [CXR_F_BYTES] = 8, [CXR_F_STRS] = 8,
    [CXR_F_LIST] = 8, [CXR_F_REC] = 8
};


typedef struct {
    cxr_buf_t  *out;
    size_t      start;          /* of the record in out */
    unsigned    depth;
} old_enc_t;

static cxr_rc_t old_enc_fields(old_enc_t *e, const cxr_type_t *t,
    const char *obj, size_t pos);
static cxr_rc_t old_enc_str(old_enc_t *e, cxr_str_t s, size_t pos);
static cxr_rc_t old_enc_strs(old_enc_t *e, const char *list, size_t pos);
static cxr_rc_t old_enc_structs(old_enc_t *e, const cxr_type_t *t,
    const char *items, uint32_t n, size_t pos);
static inline void
old_put32(char *p, uint32_t v)
{
    v = htole32(v);
    memcpy(p, &v, sizeof(v));
}


/* The length of a struct's slots. */

static inline size_t
old_type_full(const cxr_type_t *t)
{
    size_t              n;
    const cxr_field_t  *f;

    for (f = t->fields, n = 0; f->name != NULL; f++) {
        n += old_slot_size[f->kind];
    }

    return n;
}


static inline bool
old_enum_named(const char *const *names, uint8_t v)
{
    unsigned  i;

    for (i = 0; i <= v; i++) {

        if (names[i] == NULL) {
            return false;
        }
    }

    return true;
}


/* Makes room at the record's end for n bytes; their place is relative to it. */

static cxr_rc_t
old_enc_room(old_enc_t *e, size_t n, size_t *pos)
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
old_enc_at(old_enc_t *e, size_t pos)
{
    return e->out->data + e->start + pos;
}


static cxr_rc_t
old_encode(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out)
{
    char       *p;
    size_t      pos;
    uint16_t    half;
    uint64_t    whole;
    cxr_rc_t    rc;
    old_enc_t   e;

    e.out = out;
    e.start = out->len;
    e.depth = 0;

    rc = old_enc_room(&e, CXR_RECORD_HEADER + old_type_full(t), &pos);
    if (rc != CXR_OK) {
        return rc;
    }

    p = old_enc_at(&e, pos);

    memcpy(p, "CXR1", 4);

    half = htole16(t->id);
    memcpy(p + 4, &half, 2);

    half = htole16(t->version);
    memcpy(p + 6, &half, 2);

    whole = htole64(seq);
    memcpy(p + 8, &whole, 8);

    rc = old_enc_fields(&e, t, obj, pos + CXR_RECORD_HEADER);

    if (rc != CXR_OK) {
        out->len = e.start;
    }

    return rc;
}


static cxr_rc_t
old_enc_fields(old_enc_t *e, const cxr_type_t *t, const char *obj, size_t pos)
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
            *old_enc_at(e, pos) = *(const bool *) from ? 1 : 0;
            break;

        case CXR_F_ENUM:

            if (!old_enum_named(f->names, *(const uint8_t *) from)) {
                return CXR_ERROR;
            }

            /* fall through */

        case CXR_F_U8:
            *old_enc_at(e, pos) = *from;
            break;

        case CXR_F_U16:
            memcpy(&u16, from, sizeof(u16));
            u16 = htole16(u16);
            memcpy(old_enc_at(e, pos), &u16, sizeof(u16));
            break;

        case CXR_F_U32:
            memcpy(&u32, from, sizeof(u32));
            old_put32(old_enc_at(e, pos), u32);
            break;

        case CXR_F_I64:
        case CXR_F_U64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            memcpy(&u64, from, sizeof(u64));
            u64 = htole64(u64);
            memcpy(old_enc_at(e, pos), &u64, sizeof(u64));
            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            memcpy(&s, from, sizeof(s));
            rc = old_enc_str(e, s, pos);
            break;

        case CXR_F_STRS:
            rc = old_enc_strs(e, from, pos);
            break;

        case CXR_F_LIST:
            memcpy(&list, from, sizeof(list));
            rc = old_enc_structs(e, f->sub, list.items, list.n, pos);
            break;

        case CXR_F_REC:
            memcpy(&sub, from, sizeof(sub));
            rc = old_enc_structs(e, f->sub, sub, sub != NULL, pos);
            break;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        pos += old_slot_size[f->kind];
    }

    e->depth--;

    return CXR_OK;
}


static cxr_rc_t
old_enc_str(old_enc_t *e, cxr_str_t s, size_t pos)
{
    char      *slot;
    size_t     at;
    cxr_rc_t   rc;

    at = 0;

    if (s.len != 0) {

        rc = old_enc_room(e, s.len, &at);
        if (rc != CXR_OK) {
            return rc;
        }

        memcpy(old_enc_at(e, at), s.data, s.len);
    }

    slot = old_enc_at(e, pos);
    old_put32(slot, (uint32_t) at);
    old_put32(slot + 4, (uint32_t) s.len);

    return CXR_OK;
}


static cxr_rc_t
old_enc_slots(old_enc_t *e, uint32_t n, size_t stride, size_t pos, size_t *at)
{
    char      *slot;
    cxr_rc_t   rc;

    *at = 0;

    if (n > CXR_LIST_MAX) {
        return CXR_LIMIT;
    }

    if (n != 0) {

        rc = old_enc_room(e, 4 + n * stride, at);
        if (rc != CXR_OK) {
            return rc;
        }

        old_put32(old_enc_at(e, *at), (uint32_t) stride);
    }

    slot = old_enc_at(e, pos);
    old_put32(slot, (uint32_t) *at);
    old_put32(slot + 4, n);

    *at += 4;

    return CXR_OK;
}


static cxr_rc_t
old_enc_strs(old_enc_t *e, const char *list, size_t pos)
{
    size_t      at;
    uint32_t    i;
    cxr_rc_t    rc;
    cxr_strs_t  strs;

    memcpy(&strs, list, sizeof(strs));

    rc = old_enc_slots(e, strs.n, OLD_STRS_STRIDE, pos, &at);

    for (i = 0; rc == CXR_OK && i < strs.n; i++) {
        rc = old_enc_str(e, strs.items[i], at + (size_t) i * OLD_STRS_STRIDE);
    }

    return rc;
}


static cxr_rc_t
old_enc_structs(old_enc_t *e, const cxr_type_t *t, const char *items,
    uint32_t n, size_t pos)
{
    size_t    at, stride;
    uint32_t  i;
    cxr_rc_t  rc;

    stride = old_type_full(t);

    rc = old_enc_slots(e, n, stride, pos, &at);

    for (i = 0; rc == CXR_OK && i < n; i++) {
        rc = old_enc_fields(e, t, items + (size_t) i * t->size,
                            at + i * stride);
    }

    return rc;
}

#endif /* _RECORD_OLD_H_INCLUDED_ */
