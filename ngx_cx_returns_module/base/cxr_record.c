
/*
 * Records read in place: their strings stay where they are.
 */

#include <endian.h>

#include "cxr_record_private.h"


typedef struct {
    const char   *p;
    const char   *end;
    cxr_arena_t  *arena;
    uint64_t      time;
    unsigned      depth;
} cxr_dec_t;


static cxr_rc_t cxr_dec_struct(cxr_dec_t *d, const cxr_type_t *t, char *obj,
    unsigned nf, bool *used);
static cxr_rc_t cxr_dec_value(cxr_dec_t *d, const cxr_field_t *f, char *to,
    cxr_str_t *last);
static cxr_rc_t cxr_dec_list(cxr_dec_t *d, const cxr_field_t *f, char *to);


static inline uint64_t
cxr_unzigzag(uint64_t v)
{
    return (v >> 1) ^ (0 - (v & 1));
}


cxr_rc_t
cxr_rec_head(const void *data, size_t len, uint16_t *type, uint16_t *version,
    uint64_t *seq)
{
    const char  *p = data;

    if (len < CXR_RECORD_HEADER
        || (memcmp(p, CXR_RECORD_MAGIC, CXR_RECORD_MAGIC_LEN) != 0
            && memcmp(p, CXR_RECORD_MAGIC_OLD, CXR_RECORD_MAGIC_LEN) != 0))
    {
        return CXR_INVALID;
    }

    memcpy(type, p + 4, 2);
    *type = le16toh(*type);

    memcpy(version, p + 6, 2);
    *version = le16toh(*version);

    memcpy(seq, p + 8, 8);
    *seq = le64toh(*seq);

    return CXR_OK;
}


cxr_rc_t
cxr_rec_decode(const cxr_type_t *t, const void *data, size_t len, void *obj,
    cxr_arena_t *a)
{
    bool        used;
    uint16_t    type, version;
    uint64_t    seq;
    unsigned    nf, k;
    cxr_rc_t    rc;
    cxr_dec_t   d;

    if (len > CXR_RECORD_MAX
        || cxr_rec_head(data, len, &type, &version, &seq) != CXR_OK
        || type != t->id || version == 0 || version > t->version)
    {
        return CXR_INVALID;
    }

    memset(obj, 0, t->size);

    if (memcmp(data, CXR_RECORD_MAGIC_OLD, CXR_RECORD_MAGIC_LEN) == 0) {
        return cxr_rec_decode_old(t, data, len, version, obj, a);
    }

    if (len == CXR_RECORD_HEADER) {
        return CXR_INVALID;
    }

    d.p = (const char *) data + CXR_RECORD_HEADER;
    d.end = (const char *) data + len;
    d.arena = a;
    d.time = 0;
    d.depth = 0;

    nf = (unsigned char) *d.p++;

    for (k = 0;
         k < nf && t->fields[k].name != NULL && t->fields[k].since <= version;
         k++)
    { /* void */ }

    if (nf == 0 || k < nf) {
        return CXR_INVALID;
    }

    used = (nf == 1);
    rc = cxr_dec_struct(&d, t, obj, nf, &used);

    if (rc == CXR_OK && (d.p != d.end || !used)) {
        return CXR_INVALID;
    }

    return rc;
}


bool
cxr_rec_tail(const cxr_type_t *t, size_t offset, const void *data, size_t len,
    size_t n, cxr_str_t *value)
{
    uint16_t     type, version;
    uint64_t     seq;
    unsigned     nf;
    const char  *p = data;

    if (len < CXR_RECORD_HEADER + 2 + n
        || cxr_rec_head(data, len, &type, &version, &seq) != CXR_OK
        || memcmp(p, CXR_RECORD_MAGIC, CXR_RECORD_MAGIC_LEN) != 0
        || type != t->id)
    {
        return false;
    }

    nf = (unsigned char) p[CXR_RECORD_HEADER];

    if (nf == 0 || nf > cxr_type_nfields(t)
        || t->fields[nf - 1].offset != offset
        || t->fields[nf - 1].kind != CXR_F_BYTES
        || (unsigned char) p[len - n - 1] != n + 1)
    {
        return false;
    }

    *value = cxr_strn(p + len - n, n);

    return true;
}


bool
cxr_rec_reaches(const cxr_type_t *t, size_t offset, const void *data,
    size_t len)
{
    uint16_t     type, version;
    uint64_t     seq;
    unsigned     nf, i;
    const char  *p = data;

    if (len < CXR_RECORD_HEADER + 2
        || cxr_rec_head(data, len, &type, &version, &seq) != CXR_OK
        || memcmp(p, CXR_RECORD_MAGIC, CXR_RECORD_MAGIC_LEN) != 0
        || type != t->id)
    {
        return false;
    }

    nf = (unsigned char) p[CXR_RECORD_HEADER];

    for (i = 0; t->fields[i].name != NULL && t->fields[i].offset != offset;
         i++)
    { /* void */ }

    return nf > i + 1;
}


/* The shortest form alone is taken. */

static inline bool
cxr_dec_varint(cxr_dec_t *d, uint64_t *v)
{
    unsigned        shift;
    unsigned char   c;

    if (d->p == d->end) {
        return false;
    }

    c = (unsigned char) *d->p++;
    *v = c & 0x7f;

    for (shift = 7; c & 0x80; shift += 7) {

        if (d->p == d->end || shift > 63) {
            return false;
        }

        c = (unsigned char) *d->p++;

        if (c == 0 || (shift == 63 && c > 1)) {
            return false;
        }

        *v |= (uint64_t) (c & 0x7f) << shift;
    }

    return true;
}


static inline bool
cxr_dec_bytes(cxr_dec_t *d, uint64_t len, cxr_str_t *s)
{
    if (len > (size_t) (d->end - d->p)) {
        return false;
    }

    *s = len ? cxr_strn(d->p, (size_t) len) : CXR_STR_NONE;
    d->p += len;

    return true;
}


/*
 * "obj" holds what the item before it in its list has, lists and structs
 * apart, or zeros.  *used: the last of the fields stands in it.
 */

static cxr_rc_t
cxr_dec_struct(cxr_dec_t *d, const cxr_type_t *t, char *obj, unsigned nf,
    bool *used)
{
    unsigned              i, nb, bits;
    cxr_rc_t              rc;
    cxr_str_t             last;
    const unsigned char  *map;

    nb = (nf + 7) / 8;

    if (d->depth == CXR_RECORD_DEPTH || nb > (size_t) (d->end - d->p)) {
        return CXR_INVALID;
    }

    d->depth++;

    map = (const unsigned char *) d->p;
    d->p += nb;

    bits = map[nb - 1] >> ((nf - 1) % 8);

    if (bits > 1) {
        return CXR_INVALID;
    }

    *used |= (bits == 1);
    last = CXR_STR_NONE;

    for (i = 0; i < nb; i++) {

        for (bits = map[i]; bits != 0; bits &= bits - 1) {
            const cxr_field_t  *f = &t->fields[i * 8 + __builtin_ctz(bits)];

            rc = cxr_dec_value(d, f, obj + f->offset, &last);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    d->depth--;

    return CXR_OK;
}


/* A value that is the one that was there already is none. */

static inline cxr_rc_t
cxr_dec_value(cxr_dec_t *d, const cxr_field_t *f, char *to, cxr_str_t *last)
{
    uint8_t    u8;
    uint16_t   u16;
    uint32_t   u32;
    uint64_t   v;
    cxr_str_t  s;

    switch (f->kind) {

    case CXR_F_BOOL:
        *(bool *) to = !*(bool *) to;
        return CXR_OK;

    case CXR_F_ENUM:
    case CXR_F_U8:

        if (d->p == d->end) {
            return CXR_INVALID;
        }

        u8 = (uint8_t) *d->p++;

        if (u8 == *(uint8_t *) to
            || (f->kind == CXR_F_ENUM && !cxr_enum_named(f->names, u8)))
        {
            return CXR_INVALID;
        }

        *(uint8_t *) to = u8;
        return CXR_OK;

    case CXR_F_STRS:
    case CXR_F_LIST:
    case CXR_F_REC:
        return cxr_dec_list(d, f, to);
    }

    if (!cxr_dec_varint(d, &v)) {
        return CXR_INVALID;
    }

    switch (f->kind) {

    case CXR_F_STR:
    case CXR_F_BYTES:

        if (v == 0) {
            s = *last;

            if (s.len == 0) {
                return CXR_INVALID;
            }

        } else {
            if (!cxr_dec_bytes(d, v - 1, &s)
                || (s.len != 0 && cxr_same_str(s, *last)))
            {
                return CXR_INVALID;
            }

            *last = s;
        }

        if (cxr_same_str(s, cxr_load_str(to))) {
            return CXR_INVALID;
        }

        memcpy(to, &s, sizeof(s));
        return CXR_OK;

    case CXR_F_U16:
    case CXR_F_U32:

        if (v > (f->kind == CXR_F_U16 ? UINT16_MAX : UINT32_MAX)
            || v == cxr_load(f->kind, to))
        {
            return CXR_INVALID;
        }

        if (f->kind == CXR_F_U16) {
            u16 = (uint16_t) v;
            memcpy(to, &u16, sizeof(u16));

        } else {
            u32 = (uint32_t) v;
            memcpy(to, &u32, sizeof(u32));
        }

        return CXR_OK;

    case CXR_F_TIME:
        v = d->time + cxr_unzigzag(v);
        d->time = v ? v : d->time;
        break;

    case CXR_F_I64:
    case CXR_F_MONEY:
        v = cxr_unzigzag(v);
        break;
    }

    if (v == cxr_load64(to)) {
        return CXR_INVALID;
    }

    memcpy(to, &v, sizeof(v));

    return CXR_OK;
}


static cxr_rc_t
cxr_dec_strs(cxr_dec_t *d, cxr_any_list_t *list)
{
    uint32_t    i;
    uint64_t    len;
    cxr_str_t  *strs;

    strs = cxr_alloc(d->arena, cxr_list_room(list->n) * sizeof(cxr_str_t));
    if (strs == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < list->n; i++) {

        if (!cxr_dec_varint(d, &len) || !cxr_dec_bytes(d, len, &strs[i])) {
            return CXR_INVALID;
        }
    }

    list->items = strs;

    return CXR_OK;
}


/*
 * The room beyond n is for cxr_list_push(), which takes it for granted and
 * zeroes what it gives out.
 */

static cxr_rc_t
cxr_dec_structs(cxr_dec_t *d, const cxr_type_t *t, cxr_any_list_t *list,
    bool grows)
{
    bool                used, holds;
    char               *obj;
    size_t              size;
    uint32_t            i;
    unsigned            nf, k;
    cxr_rc_t            rc;
    cxr_any_list_t      none = { NULL, 0 };
    const cxr_field_t  *f;

    if (d->p == d->end) {
        return CXR_INVALID;
    }

    nf = (unsigned char) *d->p++;
    holds = false;

    for (k = 0; k < nf && t->fields[k].name != NULL; k++) {
        holds |= t->fields[k].kind >= CXR_F_STRS;
    }

    if (nf == 0 || k < nf) {
        return CXR_INVALID;
    }

    size = t->size;
    obj = cxr_alloc(d->arena, (grows ? cxr_list_room(list->n) : 1) * size);
    if (obj == NULL) {
        return CXR_NOMEM;
    }

    list->items = obj;
    used = (nf == 1);
    memset(obj, 0, size);

    for (i = 0; i < list->n; i++, obj += size) {

        if (i != 0) {
            memcpy(obj, obj - size, size);
        }

        for (k = 0; holds && i != 0 && k < nf; k++) {
            f = &t->fields[k];

            if (f->kind == CXR_F_REC) {
                memset(obj + f->offset, 0, sizeof(void *));

            } else if (f->kind >= CXR_F_STRS) {
                memcpy(obj + f->offset, &none, sizeof(none));
            }
        }

        rc = cxr_dec_struct(d, t, obj, nf, &used);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    return used ? CXR_OK : CXR_INVALID;
}


static cxr_rc_t
cxr_dec_list(cxr_dec_t *d, const cxr_field_t *f, char *to)
{
    uint64_t         n;
    cxr_rc_t         rc;
    cxr_any_list_t   list;

    n = 1;

    if (f->kind != CXR_F_REC
        && (!cxr_dec_varint(d, &n) || n == 0 || n > CXR_LIST_MAX))
    {
        return CXR_INVALID;
    }

    /* each takes a byte at least: no more is made room for than is there */

    if (n > (size_t) (d->end - d->p)) {
        return CXR_INVALID;
    }

    memset(&list, 0, sizeof(list));
    list.n = (uint32_t) n;

    rc = f->kind == CXR_F_STRS
         ? cxr_dec_strs(d, &list)
         : cxr_dec_structs(d, f->sub, &list, f->kind == CXR_F_LIST);

    if (rc == CXR_OK && f->kind == CXR_F_REC) {
        memcpy(to, &list.items, sizeof(void *));

    } else if (rc == CXR_OK) {
        /* in the pieces in which they were just written: a wider load of them
           would wait until they have left the store buffer */
        memcpy(to + offsetof(cxr_any_list_t, items), &list.items,
               sizeof(list.items));
        memcpy(to + offsetof(cxr_any_list_t, n), &list.n, sizeof(list.n));
    }

    return rc;
}
