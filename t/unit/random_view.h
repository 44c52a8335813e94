
/*
 * Views of any type with random values, by the table that describes the type:
 * what a template may be given, and more than any page ever is.
 */

#ifndef _RANDOM_VIEW_H_INCLUDED_
#define _RANDOM_VIEW_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_record.h"

#define RANDOM_DEPTH  6

typedef struct {
    uint64_t      state;
    cxr_arena_t  *a;
    unsigned      longest;       /* bytes of a string                         */
    unsigned      most;          /* items of a list                           */
} random_t;


/* Marsaglia's xorshift. */
static inline uint32_t
random_next(random_t *r, uint32_t n)
{
    r->state ^= r->state << 13;
    r->state ^= r->state >> 7;
    r->state ^= r->state << 17;

    return (uint32_t) (r->state >> 32) % n;
}


/* Letters, markup, Turkish, signs of three and four bytes. */
static inline cxr_str_t
random_text(random_t *r)
{
    char         *p;
    size_t        n, len = 0, want;
    const char   *one;

    static const char *const  pieces[] = {
        "a", "e", "i", "k", " ", "Z", "7", "-", "<", ">", "&", "\"", "'", "/",
        "\n", "%", "ş", "ğ", "İ", "ı", "ü", "€", "☕", "\xf0\x9f\x93\xa6",
        "kargo", "Etiyopya Yirgacheffe", "v4.local.", "0123456789"
    };

    switch (random_next(r, 8)) {
    case 0:
        want = 0;
        break;
    case 1:
        want = random_next(r, r->longest) + 1;
        break;
    default:
        want = random_next(r, r->longest < 24 ? r->longest : 24) + 1;
        break;
    }

    p = cxr_alloc(r->a, want + 32);
    if (p == NULL) {
        return CXR_STR_NONE;
    }

    while (len < want) {
        one = pieces[random_next(r, cxr_nelts(pieces))];
        n = strlen(one);
        memcpy(p + len, one, n);
        len += n;
    }

    return cxr_strn(p, len);
}


static inline void random_view(random_t *r, const cxr_type_t *t, void *obj,
    unsigned depth);


static inline void
random_items(random_t *r, const cxr_field_t *f, void *list, unsigned depth)
{
    size_t                size;
    uint32_t              i, n;
    CXR_LIST_OF(char)    *l = list;

    size = f->kind == CXR_F_STRS ? sizeof(cxr_str_t) : f->sub->size;
    n = depth >= RANDOM_DEPTH ? 0
        : random_next(r, 12) == 0 ? random_next(r, r->most)
                                  : random_next(r, 4);

    l->items = cxr_calloc(r->a, n + 1, size);
    l->n = l->items != NULL ? n : 0;

    for (i = 0; i < l->n; i++) {
        if (f->kind == CXR_F_STRS) {
            *(cxr_str_t *) (void *) (l->items + i * size) = random_text(r);
        } else {
            random_view(r, f->sub, l->items + i * size, depth + 1);
        }
    }
}


static inline void
random_view(random_t *r, const cxr_type_t *t, void *obj, unsigned depth)
{
    char               *p;
    void               *sub;
    uint32_t            n;
    const cxr_field_t  *f;

    for (f = t->fields; f->name != NULL; f++) {
        p = (char *) obj + f->offset;

        switch ((cxr_kind_t) f->kind) {

        case CXR_F_BOOL:
            *(bool *) p = random_next(r, 2) != 0;
            break;

        case CXR_F_U8:
            *(uint8_t *) p = (uint8_t) random_next(r, 256);
            break;

        case CXR_F_U16:
            *(uint16_t *) (void *) p = (uint16_t) random_next(r, 65536);
            break;

        case CXR_F_U32:
            *(uint32_t *) (void *) p = random_next(r, UINT32_MAX)
                                       >> random_next(r, 32);
            break;

        case CXR_F_I64:
        case CXR_F_TIME:
        case CXR_F_MONEY:
            *(int64_t *) (void *) p = (int64_t) r->state
                                      >> random_next(r, 64);
            break;

        case CXR_F_U64:
            *(uint64_t *) (void *) p = r->state >> random_next(r, 64);
            break;

        case CXR_F_ENUM:
            for (n = 0; f->names[n] != NULL; n++) { /* void */ }

            *(uint8_t *) p = (uint8_t) random_next(r, n);
            break;

        case CXR_F_STR:
        case CXR_F_BYTES:
            *(cxr_str_t *) (void *) p = random_text(r);
            break;

        case CXR_F_STRS:
        case CXR_F_LIST:
            random_items(r, f, p, depth);
            break;

        case CXR_F_REC:
            sub = NULL;

            if (depth < RANDOM_DEPTH && random_next(r, 4) != 0) {
                sub = cxr_calloc(r->a, 1, f->sub->size);
                if (sub != NULL) {
                    random_view(r, f->sub, sub, depth + 1);
                }
            }

            *(void **) (void *) p = sub;
            break;
        }

        (void) random_next(r, 2);
    }
}

#endif /* _RANDOM_VIEW_H_INCLUDED_ */
