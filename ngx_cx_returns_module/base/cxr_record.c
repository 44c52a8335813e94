
/*
 * Flat records written and read: both walk the same table in the same order,
 * which is what makes the bytes of a struct unique.
 */

#include <endian.h>

#include "cxr_record_private.h"

#define CXR_FIELDS_MAX  255
#define CXR_VARINT_MAX  10


typedef struct {
    char        *p;             /* where the next byte goes             */
    char        *end;           /* of the room there is                 */
    cxr_buf_t   *out;
    size_t       start;         /* of the record in out                 */
    uint64_t     time;          /* the last one written                 */
    unsigned     depth;
} cxr_enc_t;

typedef struct {
    const char   *p;
    const char   *end;
    cxr_arena_t  *arena;
    uint64_t      time;
    unsigned      depth;
} cxr_dec_t;


static cxr_rc_t cxr_enc_struct(cxr_enc_t *e, const cxr_type_t *t,
    const char *obj, const char *before, unsigned nf);
static cxr_rc_t cxr_enc_str(cxr_enc_t *e, cxr_str_t s, uint64_t code,
    size_t after);
static cxr_rc_t cxr_enc_list(cxr_enc_t *e, const cxr_field_t *f,
    const char *from, size_t after);
static cxr_rc_t cxr_dec_struct(cxr_dec_t *d, const cxr_type_t *t, char *obj,
    unsigned nf, bool *used);
static cxr_rc_t cxr_dec_value(cxr_dec_t *d, const cxr_field_t *f, char *to,
    cxr_str_t *last);
static cxr_rc_t cxr_dec_list(cxr_dec_t *d, const cxr_field_t *f, char *to);


static inline uint64_t
cxr_zigzag(uint64_t v)
{
    return (v << 1) ^ (0 - (v >> 63));
}


static inline uint64_t
cxr_unzigzag(uint64_t v)
{
    return (v >> 1) ^ (0 - (v & 1));
}


static inline uint64_t
cxr_load64(const char *p)
{
    uint64_t  v;

    memcpy(&v, p, sizeof(v));

    return v;
}


/* A value of up to 32 bits, by its kind. */

static inline uint32_t
cxr_load(unsigned kind, const char *p)
{
    uint16_t  u16;
    uint32_t  u32;

    switch (kind) {

    case CXR_F_U16:
        memcpy(&u16, p, sizeof(u16));
        return u16;

    case CXR_F_U32:
        memcpy(&u32, p, sizeof(u32));
        return u32;

    default:
        return *(const uint8_t *) p;
    }
}


static inline cxr_str_t
cxr_load_str(const char *p)
{
    cxr_str_t  s;

    memcpy(&s, p, sizeof(s));

    return s;
}


static inline bool
cxr_same_str(cxr_str_t a, cxr_str_t b)
{
    return a.len == b.len
           && (a.data == b.data || a.len == 0
               || memcmp(a.data, b.data, a.len) == 0);
}


static unsigned
cxr_type_nfields(const cxr_type_t *t)
{
    unsigned  n;

    for (n = 0; t->fields[n].name != NULL; n++) { /* void */ }

    return n;
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


/* ---- writing ---- */

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


cxr_rc_t
cxr_rec_encode(const cxr_type_t *t, const void *obj, uint64_t seq,
    cxr_buf_t *out)
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


/* "before": the item before it in a list, or NULL. */

static cxr_rc_t
cxr_enc_struct(cxr_enc_t *e, const cxr_type_t *t, const char *obj,
    const char *before, unsigned nf)
{
    char               *bits;
    size_t              at, after;
    uint32_t            v;
    uint64_t            w;
    unsigned            i;
    cxr_rc_t            rc;
    cxr_str_t           s, last;
    const char         *from, *was;
    const cxr_field_t  *f;

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
    memset(e->p, 0, (nf + 7) / 8);
    e->p += (nf + 7) / 8;
    last = CXR_STR_NONE;

    for (i = 0; i < nf; i++) {

        f = &t->fields[i];
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

            if (s.len != 0 && cxr_same_str(s, last)) {
                *e->p++ = 0;
                break;
            }

            rc = cxr_enc_str(e, s, (uint64_t) s.len + 1, after);
            last = s;
            break;

        default:

            if (!cxr_field_set(f, from)) {
                continue;
            }

            rc = cxr_enc_list(e, f, from, after);
            break;
        }

        if (rc != CXR_OK) {
            return rc;
        }

        bits = e->out->data + at;
        bits[i / 8] |= (char) (1 << i % 8);
    }

    e->depth--;

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

    if (s.len != 0) {
        memcpy(e->p, s.data, s.len);
        e->p += s.len;
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_enc_list(cxr_enc_t *e, const cxr_field_t *f, const char *from,
    size_t after)
{
    uint32_t         i;
    unsigned         nf;
    cxr_rc_t         rc;
    cxr_str_t       *strs;
    const char      *items, *before;
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
        items = list.items;
        before = NULL;
        nf = cxr_fields_used(f->sub, items, list.n);
        *e->p++ = (char) nf;

        for (i = 0; rc == CXR_OK && i < list.n; i++) {
            rc = cxr_enc_struct(e, f->sub, items, before, nf);
            before = items;
            items += f->sub->size;
        }
    }

    return rc == CXR_OK ? cxr_enc_room(e, after) : rc;
}


/* ---- reading ---- */

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
        memcpy(to, &list, sizeof(list));
    }

    return rc;
}
