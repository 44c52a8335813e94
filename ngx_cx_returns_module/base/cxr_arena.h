
/*
 * A bump allocator with a cap: everything made for one request, one command or
 * one configuration is made here and goes at once.  Not thread-safe; one owner.
 */

#ifndef _CXR_ARENA_H_INCLUDED_
#define _CXR_ARENA_H_INCLUDED_

#include "cxr_buf.h"

typedef struct cxr_arena_s  cxr_arena_t;

/*
 * "max" bounds the bytes handed out between two resets; past it, and when
 * malloc fails, cxr_alloc() returns NULL (the caller returns CXR_NOMEM).
 */
cxr_arena_t *cxr_arena_create(size_t max);
void cxr_arena_destroy(cxr_arena_t *a);

/* Forgets all that was allocated, keeps up to 8 MB of it for reuse. */
void cxr_arena_reset(cxr_arena_t *a);
size_t cxr_arena_used(const cxr_arena_t *a);

/*
 * Aligned to 16 bytes; n == 0 gives a valid pointer.  cxr_alloc() does not
 * zero; cxr_calloc() does, and checks n * size for overflow.
 */
void *cxr_alloc(cxr_arena_t *a, size_t n);
void *cxr_calloc(cxr_arena_t *a, size_t n, size_t size);

/* Copies; the copy is followed by a NUL that its length does not count. */
cxr_rc_t cxr_str_dup(cxr_arena_t *a, cxr_str_t s, cxr_str_t *out);
char *cxr_strz_dup(cxr_arena_t *a, cxr_str_t s);   /* NULL when out of memory */

/* The three behind each other, copied; CXR_STR_NONE when out of memory. */
cxr_str_t cxr_str_join(cxr_arena_t *a, cxr_str_t one, cxr_str_t two,
    cxr_str_t three);

/*
 * A text of at most "max" bytes that is written where it will stand: one that
 * was just put together byte by byte is dear to copy.  cxr_text_end() gives
 * back what it did not take, as long as nothing was allocated behind it; the
 * text is followed by a NUL that its length does not count.  CXR_STR_NONE when
 * it did not fit or the arena is full.
 */
void cxr_text_begin(cxr_arena_t *a, size_t max, cxr_buf_t *b);
cxr_str_t cxr_text_end(cxr_arena_t *a, cxr_buf_t *b);

/* printf into the arena; CXR_STR_NONE when out of memory */
cxr_str_t cxr_sprintf(cxr_arena_t *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Grows a list by one zeroed item and returns it, or NULL.  "list" points to a
 * CXR_LIST_OF(T) and "size" is sizeof(T).  The capacity is not kept but follows
 * from n (4, then doubled), so whoever makes a list in another way and lets it
 * be grown must have allocated cxr_list_room(n) items.
 */
static inline size_t
cxr_list_room(uint32_t n)
{
    size_t  room = 4;

    while (room < n) {
        room *= 2;
    }

    return n ? room : 0;
}

void *cxr_list_push(cxr_arena_t *a, void *list, size_t size);

#endif /* _CXR_ARENA_H_INCLUDED_ */
