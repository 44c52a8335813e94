
/*
 * The arena: a chain of blocks, the newest first, each twice as large as the
 * one before it.  The newest is kept over a reset, so that whoever reuses one
 * arena for every job soon calls malloc() not at all.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define CXR_ARENA_ASAN  1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CXR_ARENA_ASAN  1
#endif
#endif

#ifdef CXR_ARENA_ASAN

/*
 * What is not handed out is poisoned, with a gap after each piece: an overrun
 * then shows under the sanitizer as one of malloc'ed memory would.
 */

#include <sanitizer/asan_interface.h>

#define CXR_ARENA_GAP           16
#define cxr_arena_shut(p, n)    ASAN_POISON_MEMORY_REGION(p, n)
#define cxr_arena_open(p, n)    ASAN_UNPOISON_MEMORY_REGION(p, n)

#else

#define CXR_ARENA_GAP           0
#define cxr_arena_shut(p, n)
#define cxr_arena_open(p, n)

#endif

#define CXR_ARENA_ALIGN         16
#define CXR_ARENA_JOIN          (SIZE_MAX / 4)     /* thrice does not overflow */
#define CXR_ARENA_FIRST         ((size_t) 8 * 1024)
#define CXR_ARENA_BLOCK_MAX     ((size_t) 8 * 1024 * 1024)  /* kept, too */
#define CXR_LIST_FIRST          4


typedef struct cxr_block_s  cxr_block_t;

struct cxr_block_s {
    cxr_block_t  *next;
    size_t        size;             /* of what follows the header */
};

#define CXR_BLOCK_HEADER                                                      \
    ((sizeof(cxr_block_t) + CXR_ARENA_ALIGN - 1)                              \
     & ~(size_t) (CXR_ARENA_ALIGN - 1))

struct cxr_arena_s {
    char         *p;                /* the free part of the newest block */
    char         *end;
    size_t        used;
    size_t        max;
    cxr_block_t  *blocks;
};


static bool cxr_arena_grow(cxr_arena_t *a, size_t n);


static inline char *
cxr_block_data(cxr_block_t *b)
{
    return (char *) b + CXR_BLOCK_HEADER;
}


cxr_arena_t *
cxr_arena_create(size_t max)
{
    cxr_arena_t  *a;

    a = calloc(1, sizeof(cxr_arena_t));
    if (a == NULL) {
        return NULL;
    }

    a->max = max;

    return a;
}


void
cxr_arena_destroy(cxr_arena_t *a)
{
    cxr_block_t  *b, *next;

    if (a == NULL) {
        return;
    }

    for (b = a->blocks; b != NULL; b = next) {
        next = b->next;
        cxr_arena_open(cxr_block_data(b), b->size);
        free(b);
    }

    free(a);
}


void
cxr_arena_reset(cxr_arena_t *a)
{
    cxr_block_t  *b, *next;

    a->used = 0;

    b = a->blocks;
    if (b == NULL) {
        return;
    }

    /* one that was made for something huge is not kept */

    next = b->size > CXR_ARENA_BLOCK_MAX ? b : b->next;

    if (next == b) {
        a->blocks = NULL;
        a->p = NULL;
        a->end = NULL;

    } else {
        b->next = NULL;
        a->p = cxr_block_data(b);
        a->end = a->p + b->size;

        cxr_arena_shut(a->p, b->size);
    }

    for (b = next; b != NULL; b = next) {
        next = b->next;
        cxr_arena_open(cxr_block_data(b), b->size);
        free(b);
    }
}


size_t
cxr_arena_used(const cxr_arena_t *a)
{
    return a->used;
}


/* n == 0 takes a unit as well, so that two pointers never coincide */

static inline size_t
cxr_arena_unit(size_t n)
{
    return (n + (n == 0) + CXR_ARENA_ALIGN - 1)
           & ~(size_t) (CXR_ARENA_ALIGN - 1);
}


void *
cxr_alloc(cxr_arena_t *a, size_t n)
{
    char    *p;
    size_t   size;

    size = cxr_arena_unit(n);

    if (size < n || size > a->max - a->used) {
        return NULL;
    }

    if (size + CXR_ARENA_GAP > (size_t) (a->end - a->p)
        && !cxr_arena_grow(a, size + CXR_ARENA_GAP))
    {
        return NULL;
    }

    p = a->p;
    a->p += size + CXR_ARENA_GAP;
    a->used += size;

    cxr_arena_open(p, n);

    return p;
}


/*
 * What is left of the old block is lost until the reset; as blocks double, it
 * is never more than half of what was asked for.
 */

static bool
cxr_arena_grow(cxr_arena_t *a, size_t n)
{
    size_t        size;
    cxr_block_t  *b;

    size = CXR_ARENA_FIRST;

    if (a->blocks != NULL) {
        size = a->blocks->size * 2;

        if (size > CXR_ARENA_BLOCK_MAX) {
            size = CXR_ARENA_BLOCK_MAX;
        }
    }

    if (size < n) {
        size = n;
    }

    if (size > SIZE_MAX - CXR_BLOCK_HEADER) {
        return false;
    }

    b = malloc(CXR_BLOCK_HEADER + size);
    if (b == NULL) {
        return false;
    }

    b->size = size;
    b->next = a->blocks;

    a->blocks = b;
    a->p = cxr_block_data(b);
    a->end = a->p + size;

    cxr_arena_shut(a->p, size);

    return true;
}


void *
cxr_calloc(cxr_arena_t *a, size_t n, size_t size)
{
    void    *p;
    size_t   bytes;

    if (__builtin_mul_overflow(n, size, &bytes)) {
        return NULL;
    }

    p = cxr_alloc(a, bytes);
    if (p != NULL) {
        memset(p, 0, bytes);
    }

    return p;
}


cxr_rc_t
cxr_str_dup(cxr_arena_t *a, cxr_str_t s, cxr_str_t *out)
{
    char  *p;

    p = cxr_strz_dup(a, s);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    *out = cxr_strn(p, s.len);

    return CXR_OK;
}


void
cxr_text_begin(cxr_arena_t *a, size_t max, cxr_buf_t *b)
{
    char  *p;

    p = max < CXR_ARENA_JOIN ? cxr_alloc(a, max + 1) : NULL;

    cxr_buf_init_fixed(b, p, max);
    b->failed = (p == NULL);
}


cxr_str_t
cxr_text_end(cxr_arena_t *a, cxr_buf_t *b)
{
    char    *end;
    size_t   size, kept;

    if (b->failed) {
        return CXR_STR_NONE;
    }

    b->data[b->len] = '\0';

    size = cxr_arena_unit(b->max + 1);
    kept = cxr_arena_unit(b->len + 1);
    end = b->data + size + CXR_ARENA_GAP;

    if (end == a->p) {
        a->p -= size - kept;
        a->used -= size - kept;
        cxr_arena_shut(b->data + b->len + 1,
                       (size_t) (end - (b->data + b->len + 1)));
    }

    return cxr_buf_str(b);
}


cxr_str_t
cxr_str_join(cxr_arena_t *a, cxr_str_t one, cxr_str_t two, cxr_str_t three)
{
    char    *p, *start;
    size_t   i;

    const cxr_str_t  parts[] = { one, two, three };

    start = one.len < CXR_ARENA_JOIN && two.len < CXR_ARENA_JOIN
            && three.len < CXR_ARENA_JOIN
            ? cxr_alloc(a, one.len + two.len + three.len + 1) : NULL;

    if (start == NULL) {
        return CXR_STR_NONE;
    }

    for (i = 0, p = start; i < cxr_nelts(parts); i++) {
        if (parts[i].len != 0) {
            memcpy(p, parts[i].data, parts[i].len);
            p += parts[i].len;
        }
    }

    *p = '\0';

    return cxr_strn(start, (size_t) (p - start));
}


char *
cxr_strz_dup(cxr_arena_t *a, cxr_str_t s)
{
    char  *p;

    if (s.len == SIZE_MAX) {
        return NULL;
    }

    p = cxr_alloc(a, s.len + 1);
    if (p == NULL) {
        return NULL;
    }

    if (s.len != 0) {
        memcpy(p, s.data, s.len);
    }

    p[s.len] = '\0';

    return p;
}


cxr_str_t
cxr_sprintf(cxr_arena_t *a, const char *fmt, ...)
{
    int       n;
    char     *p, small[256];
    va_list   args;

    va_start(args, fmt);
    n = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);

    if (n < 0) {
        return CXR_STR_NONE;
    }

    p = cxr_alloc(a, (size_t) n + 1);
    if (p == NULL) {
        return CXR_STR_NONE;
    }

    if ((size_t) n < sizeof(small)) {
        memcpy(p, small, (size_t) n + 1);

    } else {
        va_start(args, fmt);
        (void) vsnprintf(p, (size_t) n + 1, fmt, args);
        va_end(args);
    }

    return cxr_strn(p, (size_t) n);
}


void *
cxr_list_push(cxr_arena_t *a, void *list, size_t size)
{
    char            *items, *item;
    size_t           bytes;
    uint32_t         n;
    cxr_any_list_t   l;

    /* by memcpy: to the compiler every CXR_LIST_OF() is a type of its own */

    memcpy(&l, list, sizeof(l));

    n = l.n;

    if (n == 0 || (n >= CXR_LIST_FIRST && (n & (n - 1)) == 0)) {

        if (n > UINT32_MAX / 2
            || __builtin_mul_overflow(cxr_list_room(n + 1), size, &bytes))
        {
            return NULL;
        }

        items = cxr_alloc(a, bytes);
        if (items == NULL) {
            return NULL;
        }

        if (n != 0) {
            memcpy(items, l.items, (size_t) n * size);
        }

        l.items = items;
    }

    item = (char *) l.items + (size_t) n * size;
    memset(item, 0, size);

    l.n = n + 1;
    memcpy(list, &l, sizeof(l));

    return item;
}
