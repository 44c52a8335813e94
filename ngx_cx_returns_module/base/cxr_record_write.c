
/*
 * Records written: a walk over the fields of a struct's table, in its order,
 * which is what makes the bytes of a struct unique.
 */

#include <endian.h>

#include "cxr_record_private.h"

#define CXR_VARINT_MAX  10


typedef struct {
    char        *p;             /* where the next byte goes             */
    char        *end;           /* of the room there is                 */
    cxr_buf_t   *out;
    size_t       start;         /* of the record in out                 */
    uint64_t     time;          /* the last one written                 */
    unsigned     depth;

    cxr_rec_list_t        *keep;    /* NULL: nothing is                 */
    const cxr_rec_list_t  *kept;
} cxr_enc_t;

static cxr_rc_t cxr_enc_struct(cxr_enc_t *e, const cxr_type_t *t,
    const char *obj, const char *before, unsigned nf);
static cxr_rc_t cxr_enc_fields(cxr_enc_t *e, const cxr_field_t *f,
    unsigned n, const char *obj, const char *before, size_t after,
    cxr_str_t *last, unsigned *bits);
static cxr_rc_t cxr_enc_str(cxr_enc_t *e, cxr_str_t s, uint64_t code,
    size_t after);
static cxr_rc_t cxr_enc_list(cxr_enc_t *e, const cxr_field_t *f,
    const char *from, size_t after);
static cxr_rc_t cxr_enc_items(cxr_enc_t *e, const cxr_type_t *t,
    const cxr_any_list_t *list, unsigned nf, bool same);


static inline uint64_t
cxr_zigzag(uint64_t v)
{
    return (v << 1) ^ (0 - (v >> 63));
}


static bool
cxr_field_set(const cxr_field_t *f, const char *p)
{
    cxr_any_list_t  list;

    switch (f->kind) {

    case CXR_F_I64:
    case CXR_F_U64:
    case CXR_F_TIME:
    case CXR_F_MONEY:
        return cxr_load64(p) != 0;

    case CXR_F_STR:
    case CXR_F_BYTES:
        return cxr_load_str(p).len != 0;

    case CXR_F_STRS:
    case CXR_F_LIST:
        memcpy(&list, p, sizeof(list));
        return list.n != 0;

    case CXR_F_REC:
        return *(void *const *) p != NULL;

    default:
        return cxr_load(f->kind, p) != 0;
    }
}


/* How many fields of n structs are to stand in the record. */

static unsigned
cxr_fields_used(const cxr_type_t *t, const char *items, uint32_t n)
{
    uint32_t  i;
    unsigned  all, used, k;

    all = cxr_type_nfields(t);
    used = 1;

    for (i = 0; i < n && used < all; i++, items += t->size) {

        for (k = all; k > used; k--) {

            if (cxr_field_set(&t->fields[k - 1],
                              items + t->fields[k - 1].offset))
            {
                used = k;
                break;
            }
        }
    }

    return used;
}


/* Afterwards n bytes may be written without a look at the room. */

static cxr_rc_t
cxr_enc_grow(cxr_enc_t *e, size_t n)
{
    size_t  used;

    e->out->len = (size_t) (e->p - e->out->data);
    used = e->out->len - e->start;

    if (used > CXR_RECORD_MAX || n > CXR_RECORD_MAX + CXR_RECORD_ROOM - used) {
        return CXR_LIMIT;
    }

    if (!cxr_buf_need(e->out, n)) {
        return CXR_NOMEM;
    }

    e->p = e->out->data + e->out->len;
    e->end = e->out->data + e->out->cap;

    return CXR_OK;
}


static inline cxr_rc_t
cxr_enc_room(cxr_enc_t *e, size_t n)
{
    return n <= (size_t) (e->end - e->p) ? CXR_OK : cxr_enc_grow(e, n);
}


static inline void
cxr_enc_varint(cxr_enc_t *e, uint64_t v)
{
    char  *p = e->p;

    while (v >= 0x80) {
        *p++ = (char) (v | 0x80);
        v >>= 7;
    }

    *p++ = (char) v;
    e->p = p;
}


static cxr_rc_t
cxr_enc_record(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out, cxr_rec_list_t *keep, const cxr_rec_list_t *kept)
{
    char       *p;
    uint16_t    half;
    uint64_t    whole;
    unsigned    nf;
    cxr_rc_t    rc;
    cxr_enc_t   e;

    memset(&e, 0, sizeof(e));
    e.out = out;
    e.start = out->len;
    e.keep = keep;
    e.kept = kept != NULL && kept->type != NULL ? kept : NULL;

    nf = cxr_fields_used(t, obj, 1);

    /* room at first, so that places are of the buffer that it has then */

    if (!cxr_buf_need(out, CXR_RECORD_HEADER + 1)) {
        return CXR_NOMEM;
    }

    p = out->data + e.start;
    e.end = out->data + out->cap;

    memcpy(p, CXR_RECORD_MAGIC, CXR_RECORD_MAGIC_LEN);

    half = htole16(t->id);
    memcpy(p + 4, &half, 2);

    half = htole16(t->version);
    memcpy(p + 6, &half, 2);

    whole = htole64(seq);
    memcpy(p + 8, &whole, 8);

    p[CXR_RECORD_HEADER] = (char) nf;
    e.p = p + CXR_RECORD_HEADER + 1;

    rc = cxr_enc_struct(&e, t, obj, NULL, nf);

    out->len = e.start;

    if (rc == CXR_OK) {

        if ((size_t) (e.p - out->data) - e.start > CXR_RECORD_MAX) {
            return CXR_LIMIT;
        }

        out->len = (size_t) (e.p - out->data);
    }

    return rc;
}


cxr_rc_t
cxr_rec_encode(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out)
{
    return cxr_enc_record(t, obj, seq, out, NULL, NULL);
}


cxr_rc_t
cxr_rec_encode_keep(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out, cxr_rec_list_t *keep)
{
    keep->type = NULL;

    return cxr_enc_record(t, obj, seq, out, keep, NULL);
}


cxr_rc_t
cxr_rec_encode_kept(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out, const cxr_rec_list_t *kept)
{
    return cxr_enc_record(t, obj, seq, out, NULL, kept);
}


/* "before": the item before it in a list, or NULL. */

static cxr_rc_t
cxr_enc_struct(cxr_enc_t *e, const cxr_type_t *t, const char *obj,
    const char *before, unsigned nf)
{
    size_t       at, after;
    unsigned     i, n, bits;
    cxr_rc_t     rc;
    cxr_str_t    last;

    if (e->depth == CXR_RECORD_DEPTH) {
        return CXR_LIMIT;
    }

    e->depth++;

    /* what all that follows here takes at most, strings and lists apart */

    after = (nf + 7) / 8 + (size_t) nf * CXR_VARINT_MAX;

    rc = cxr_enc_room(e, after);
    if (rc != CXR_OK) {
        return rc;
    }

    at = (size_t) (e->p - e->out->data);
    e->p += (nf + 7) / 8;
    last = CXR_STR_NONE;

    for (i = 0; i < nf; i += 8) {
        n = nf - i < 8 ? nf - i : 8;

        rc = cxr_enc_fields(e, &t->fields[i], n, obj, before, after, &last,
                            &bits);
        if (rc != CXR_OK) {
            return rc;
        }

        e->out->data[at + i / 8] = (char) bits;
    }

    e->depth--;

    return CXR_OK;
}


/* Up to eight fields; *bits: which of them stand in the record. */

static inline cxr_rc_t
cxr_enc_fields(cxr_enc_t *e, const cxr_field_t *f, unsigned n,
    const char *obj, const char *before, size_t after, cxr_str_t *last,
    unsigned *bits)
{
    uint32_t     v;
    uint64_t     w;
    unsigned     i, set;
    cxr_rc_t     rc;
    cxr_str_t    s;
    const char  *from, *was;

    for (i = 0, set = 0; i < n; i++, f++) {

        from = obj + f->offset;
        was = before ? before + f->offset : NULL;

        switch (f->kind) {

        case CXR_F_BOOL:
        case CXR_F_ENUM:
        case CXR_F_U8:
        case CXR_F_U16:
        case CXR_F_U32:
            v = cxr_load(f->kind, from);

            if (v == (was ? cxr_load(f->kind, was) : 0)) {
                continue;
            }

            if (f->kind == CXR_F_ENUM && !cxr_enum_named(f->names, v)) {
                return CXR_ERROR;
            }

            if (f->kind == CXR_F_U16 || f->kind == CXR_F_U32) {
                cxr_enc_varint(e, v);

            } else if (f->kind != CXR_F_BOOL) {
                *e->p++ = (char) v;
            }

            break;

        case CXR_F_I64:
        case CXR_F_U64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            w = cxr_load64(from);

            if (w == (was ? cxr_load64(was) : 0)) {
                continue;
            }

            if (f->kind == CXR_F_TIME) {
                cxr_enc_varint(e, cxr_zigzag(w - e->time));
                e->time = w ? w : e->time;

            } else {
                cxr_enc_varint(e, f->kind == CXR_F_U64 ? w : cxr_zigzag(w));
            }

            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            s = cxr_load_str(from);

            if (cxr_same_str(s, was ? cxr_load_str(was) : CXR_STR_NONE)) {
                continue;
            }

            if (s.len != 0 && cxr_same_str(s, *last)) {
                *e->p++ = 0;
                break;
            }

            rc = cxr_enc_str(e, s, (uint64_t) s.len + 1, after);
            if (rc != CXR_OK) {
                return rc;
            }

            *last = s;
            break;

        default:

            if (!cxr_field_set(f, from)) {
                continue;
            }

            rc = cxr_enc_list(e, f, from, after);
            if (rc != CXR_OK) {
                return rc;
            }

            break;
        }

        set |= 1u << i;
    }

    *bits = set;

    return CXR_OK;
}


/* "after": the room that is to be there afterwards. */

static cxr_rc_t
cxr_enc_str(cxr_enc_t *e, cxr_str_t s, uint64_t code, size_t after)
{
    cxr_rc_t  rc;

    if (s.len > CXR_RECORD_MAX) {
        return CXR_LIMIT;
    }

    rc = cxr_enc_room(e, CXR_VARINT_MAX + s.len + after);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_enc_varint(e, code);

    e->p = cxr_str_put(e->p, s);

    return CXR_OK;
}


/*
 * Is it the list whose bytes are kept?  What lies between the fields of a struct
 * is nobody's, and can only make it say no: then it is encoded, to the same.
 */

static bool
cxr_enc_is_kept(const cxr_enc_t *e, const cxr_type_t *t,
    const cxr_any_list_t *list)
{
    const cxr_rec_list_t  *k = e->kept;

    return k != NULL && e->depth == 1 && k->type == t && k->n == list->n
           && memcmp(k->items, list->items, (size_t) list->n * t->size) == 0;
}


static cxr_rc_t
cxr_enc_list(cxr_enc_t *e, const cxr_field_t *f, const char *from,
    size_t after)
{
    bool             same;
    uint32_t         i;
    unsigned         nf;
    cxr_rc_t         rc;
    cxr_str_t       *strs;
    cxr_any_list_t   list;

    if (f->kind == CXR_F_REC) {
        list.items = *(void *const *) from;
        list.n = 1;

    } else {
        memcpy(&list, from, sizeof(list));

        if (list.n > CXR_LIST_MAX) {
            return CXR_LIMIT;
        }

        cxr_enc_varint(e, list.n);
    }

    rc = cxr_enc_room(e, CXR_VARINT_MAX);

    if (f->kind == CXR_F_STRS) {
        strs = list.items;

        for (i = 0; rc == CXR_OK && i < list.n; i++) {
            rc = cxr_enc_str(e, strs[i], strs[i].len, 0);
        }

    } else if (rc == CXR_OK) {
        same = cxr_enc_is_kept(e, f->sub, &list);
        nf = same ? e->kept->nf
                  : cxr_fields_used(f->sub, list.items, list.n);
        *e->p++ = (char) nf;

        rc = cxr_enc_items(e, f->sub, &list, nf, same);
    }

    return rc == CXR_OK ? cxr_enc_room(e, after) : rc;
}


/*
 * What an item but the first is written as depends on the item before it and on
 * the time that was written last, and on nothing else around the list.
 */

static cxr_rc_t
cxr_enc_items(cxr_enc_t *e, const cxr_type_t *t, const cxr_any_list_t *list,
    unsigned nf, bool same)
{
    bool                   keeps;
    size_t                 at;
    uint32_t               i;
    uint64_t               time;
    cxr_rc_t               rc;
    const char            *item = list->items;
    const cxr_rec_list_t  *k = e->kept;

    rc = cxr_enc_struct(e, t, item, NULL, nf);
    if (rc != CXR_OK) {
        return rc;
    }

    if (same && k->before == e->time) {
        rc = cxr_enc_room(e, k->len);

        if (rc == CXR_OK) {
            memcpy(e->p, k->in->data + k->at, k->len);
            e->p += k->len;
            e->time = k->after;
        }

        return rc;
    }

    keeps = e->keep != NULL && e->keep->type == NULL && e->depth == 1
            && list->n > 1;
    at = (size_t) (e->p - e->out->data);
    time = e->time;

    for (i = 1; rc == CXR_OK && i < list->n; i++, item += t->size) {
        rc = cxr_enc_struct(e, t, item + t->size, item, nf);
    }

    if (keeps && rc == CXR_OK) {
        *e->keep = (cxr_rec_list_t) {
            t, list->items, list->n, nf, e->out, at,
            (size_t) (e->p - e->out->data) - at, time, e->time
        };
    }

    return rc;
}
