
/*
 * What can be done to a struct that a table describes, apart from storing it:
 * compare, copy, print, and find a field by its name.
 */

#include <stdio.h>

#include "cxr_record.h"


static bool cxr_lists_equal(const cxr_field_t *f, const char *x,
    const char *y);
static cxr_rc_t cxr_copy_list(const cxr_field_t *f, char *place,
    cxr_arena_t *a);
static cxr_rc_t cxr_copy_strs(char *place, cxr_arena_t *a);
static void cxr_field_json(const cxr_field_t *f, const char *p, int flags,
    cxr_jw_t *w);


bool
cxr_rec_equal(const cxr_type_t *t, const void *a, const void *b)
{
    bool                same;
    void               *p, *q;
    cxr_str_t           s, r;
    const char         *x, *y;
    const cxr_field_t  *f;

    for (f = t->fields; f->name != NULL; f++) {

        x = (const char *) a + f->offset;
        y = (const char *) b + f->offset;
        same = false;

        switch (f->kind) {

        case CXR_F_BOOL:
        case CXR_F_U8:
        case CXR_F_ENUM:
            same = *x == *y;
            break;

        case CXR_F_U16:
            same = memcmp(x, y, 2) == 0;
            break;

        case CXR_F_U32:
            same = memcmp(x, y, 4) == 0;
            break;

        case CXR_F_I64:
        case CXR_F_U64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            same = memcmp(x, y, 8) == 0;
            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            memcpy(&s, x, sizeof(s));
            memcpy(&r, y, sizeof(r));
            same = cxr_str_eq(s, r);
            break;

        case CXR_F_STRS:
        case CXR_F_LIST:
            same = cxr_lists_equal(f, x, y);
            break;

        case CXR_F_REC:
            memcpy(&p, x, sizeof(p));
            memcpy(&q, y, sizeof(q));
            same = p == NULL || q == NULL ? p == q
                                          : cxr_rec_equal(f->sub, p, q);
            break;
        }

        if (!same) {
            return false;
        }
    }

    return true;
}


static bool
cxr_lists_equal(const cxr_field_t *f, const char *x, const char *y)
{
    size_t          at;
    uint32_t        i;
    cxr_any_list_t  k, l;

    memcpy(&k, x, sizeof(k));
    memcpy(&l, y, sizeof(l));

    if (k.n != l.n) {
        return false;
    }

    for (i = 0; i < k.n; i++) {

        if (f->kind == CXR_F_STRS) {

            if (!cxr_str_eq(((cxr_str_t *) k.items)[i],
                            ((cxr_str_t *) l.items)[i]))
            {
                return false;
            }

            continue;
        }

        at = (size_t) i * f->sub->size;

        if (!cxr_rec_equal(f->sub, (char *) k.items + at,
                           (char *) l.items + at))
        {
            return false;
        }
    }

    return true;
}


cxr_rc_t
cxr_rec_copy(const cxr_type_t *t, const void *src, void *dst, cxr_arena_t *a)
{
    char               *to;
    void               *from, *sub;
    cxr_rc_t            rc;
    cxr_str_t           s;
    const cxr_field_t  *f;

    if (src != dst) {
        memcpy(dst, src, t->size);
    }

    for (f = t->fields; f->name != NULL; f++) {

        to = (char *) dst + f->offset;
        rc = CXR_OK;

        switch (f->kind) {

        case CXR_F_STR:
        case CXR_F_BYTES:
            memcpy(&s, to, sizeof(s));

            if (s.len != 0) {
                rc = cxr_str_dup(a, s, &s);

            } else {
                s = CXR_STR_NONE;
            }

            memcpy(to, &s, sizeof(s));
            break;

        case CXR_F_STRS:
            rc = cxr_copy_strs(to, a);
            break;

        case CXR_F_LIST:
            rc = cxr_copy_list(f, to, a);
            break;

        case CXR_F_REC:
            memcpy(&from, to, sizeof(from));

            if (from == NULL) {
                break;
            }

            sub = cxr_alloc(a, f->sub->size);
            if (sub == NULL) {
                return CXR_NOMEM;
            }

            rc = cxr_rec_copy(f->sub, from, sub, a);
            memcpy(to, &sub, sizeof(sub));
            break;
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_copy_list(const cxr_field_t *f, char *place, cxr_arena_t *a)
{
    char            *items;
    size_t           at;
    uint32_t         i;
    cxr_rc_t         rc;
    cxr_any_list_t   l;

    memcpy(&l, place, sizeof(l));

    items = NULL;

    if (l.n != 0) {
        items = cxr_calloc(a, cxr_list_room(l.n), f->sub->size);
        if (items == NULL) {
            return CXR_NOMEM;
        }
    }

    for (i = 0; i < l.n; i++) {
        at = (size_t) i * f->sub->size;

        rc = cxr_rec_copy(f->sub, (char *) l.items + at, items + at, a);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    l.items = items;
    memcpy(place, &l, sizeof(l));

    return CXR_OK;
}


static cxr_rc_t
cxr_copy_strs(char *place, cxr_arena_t *a)
{
    uint32_t     i;
    cxr_str_t   *items;
    cxr_strs_t   l;

    memcpy(&l, place, sizeof(l));

    items = NULL;

    if (l.n != 0) {
        items = cxr_calloc(a, cxr_list_room(l.n), sizeof(cxr_str_t));
        if (items == NULL) {
            return CXR_NOMEM;
        }
    }

    for (i = 0; i < l.n; i++) {

        if (l.items[i].len != 0
            && cxr_str_dup(a, l.items[i], &items[i]) != CXR_OK)
        {
            return CXR_NOMEM;
        }
    }

    l.items = items;
    memcpy(place, &l, sizeof(l));

    return CXR_OK;
}


static bool
cxr_field_is_zero(const cxr_field_t *f, const char *p)
{
    int64_t     i64;
    uint32_t    u32;
    cxr_str_t   s;
    cxr_time_t  at;
    cxr_strs_t  strs;

    switch (f->kind) {

    case CXR_F_BOOL:
    case CXR_F_U8:
    case CXR_F_ENUM:
        return *p == 0;

    case CXR_F_U32:
        memcpy(&u32, p, sizeof(u32));
        return u32 == 0;

    case CXR_F_I64:
        memcpy(&i64, p, sizeof(i64));
        return i64 == 0;

    case CXR_F_TIME:
        memcpy(&at, p, sizeof(at));
        return at == CXR_TIME_NONE;

    case CXR_F_STR:
        memcpy(&s, p, sizeof(s));
        return s.len == 0;

    case CXR_F_STRS:
        memcpy(&strs, p, sizeof(strs));
        return strs.n == 0;

    default:
        return false;
    }
}


void
cxr_rec_json(const cxr_type_t *t, const void *obj, const char *key, int flags,
    cxr_jw_t *w)
{
    const cxr_field_t  *f;

    cxr_jw_open(w, key, '{');

    for (f = t->fields; f->name != NULL; f++) {

        if ((f->flags & (CXR_FIELD_SEALED | CXR_FIELD_HIDDEN))
            && !(flags & CXR_REC_DUMP))
        {
            continue;
        }

        if ((f->flags & CXR_FIELD_SPARSE)
            && cxr_field_is_zero(f, (const char *) obj + f->offset))
        {
            continue;
        }

        cxr_jw_name(w, f->name, f->len ? f->len : strlen(f->name));
        cxr_field_json(f, (const char *) obj + f->offset, flags, w);
    }

    cxr_jw_close(w);
}


static void
cxr_list_json(const cxr_field_t *f, const char *p, int flags, cxr_jw_t *w)
{
    uint32_t        i;
    cxr_any_list_t  l;

    memcpy(&l, p, sizeof(l));

    cxr_jw_open(w, NULL, '[');

    for (i = 0; i < l.n; i++) {

        if (f->kind == CXR_F_STRS) {
            cxr_jw_str(w, NULL, ((cxr_str_t *) l.items)[i]);
            continue;
        }

        cxr_rec_json(f->sub, (char *) l.items + (size_t) i * f->sub->size,
                     NULL, flags, w);
    }

    cxr_jw_close(w);
}


static void
cxr_str_json(const cxr_field_t *f, const char *p, cxr_jw_t *w)
{
    char       sealed[48];
    cxr_str_t  s;

    memcpy(&s, p, sizeof(s));

    if (f->flags & CXR_FIELD_SEALED) {
        (void) snprintf(sealed, sizeof(sealed), "<sealed %zu bytes>", s.len);
        cxr_jw_strz(w, NULL, sealed);

    } else if (f->kind == CXR_F_BYTES) {
        cxr_jw_bytes(w, NULL, s);

    } else {
        cxr_jw_str(w, NULL, s);
    }
}


/* A value without a name, as only a fault elsewhere makes it, is no value. */

static void
cxr_enum_json(const cxr_field_t *f, uint8_t v, cxr_jw_t *w)
{
    unsigned  i;

    for (i = 0; i < v && f->names[i] != NULL; i++) { /* void */ }

    if (f->names[i] != NULL) {
        cxr_jw_strz(w, NULL, f->names[i]);

    } else {
        cxr_jw_null(w, NULL);
    }
}


static void
cxr_field_json(const cxr_field_t *f, const char *p, int flags, cxr_jw_t *w)
{
    void      *sub;
    int64_t    i64;
    uint16_t   u16;
    uint32_t   u32;

    switch (f->kind) {

    case CXR_F_BOOL:
        cxr_jw_bool(w, NULL, *(const bool *) p);
        break;

    case CXR_F_U8:
        cxr_jw_uint(w, NULL, *(const uint8_t *) p);
        break;

    case CXR_F_U16:
        memcpy(&u16, p, sizeof(u16));
        cxr_jw_uint(w, NULL, u16);
        break;

    case CXR_F_U32:
        memcpy(&u32, p, sizeof(u32));
        cxr_jw_uint(w, NULL, u32);
        break;

    case CXR_F_ENUM:
        cxr_enum_json(f, *(const uint8_t *) p, w);
        break;

    case CXR_F_I64:
    case CXR_F_MONEY:
    case CXR_F_U64:
    case CXR_F_TIME:
        memcpy(&i64, p, sizeof(i64));

        if (f->kind == CXR_F_TIME) {
            cxr_jw_time(w, NULL, i64);

        } else if (f->kind == CXR_F_U64) {
            cxr_jw_uint(w, NULL, (uint64_t) i64);

        } else {
            cxr_jw_int(w, NULL, i64);
        }

        break;

    case CXR_F_STR:
    case CXR_F_BYTES:
        cxr_str_json(f, p, w);
        break;

    case CXR_F_STRS:
    case CXR_F_LIST:
        cxr_list_json(f, p, flags, w);
        break;

    case CXR_F_REC:
        memcpy(&sub, p, sizeof(sub));

        if (sub == NULL) {
            cxr_jw_null(w, NULL);

        } else {
            cxr_rec_json(f->sub, sub, NULL, flags, w);
        }

        break;
    }
}


const cxr_field_t *
cxr_type_field(const cxr_type_t *t, cxr_str_t name)
{
    const cxr_field_t  *f;

    for (f = t->fields; f->name != NULL; f++) {

        if (cxr_str_is(name, f->name)) {
            return f;
        }
    }

    return NULL;
}


int
cxr_name_index(const char *const *names, cxr_str_t s)
{
    int  i;

    for (i = 0; names[i] != NULL; i++) {

        if (cxr_str_is(s, names[i])) {
            return i;
        }
    }

    return -1;
}
