
/*
 * What every room shares: strings that are not NUL-terminated, result codes,
 * and the one way in which an error says what, where and what to do.
 *
 * Nothing here logs, exits, reads a clock or keeps global state.
 */

#ifndef _CXR_BASE_H_INCLUDED_
#define _CXR_BASE_H_INCLUDED_

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>


/*
 * A run of bytes that somebody else owns.  Not NUL-terminated.  "data" may be
 * NULL only when len is 0.  Text is UTF-8 wherever a header does not say
 * otherwise.
 */
typedef struct {
    const char  *data;
    size_t       len;
} cxr_str_t;

#define cxr_str(lit)      ((cxr_str_t) { "" lit, sizeof(lit) - 1 })
#define cxr_str_init(lit) { "" lit, sizeof(lit) - 1 }
#define CXR_STR_NONE      ((cxr_str_t) { NULL, 0 })

/* for printf-like calls:  "%.*s", cxr_str_arg(s) */
#define cxr_str_arg(s)    (int) (s).len, (s).data ? (s).data : ""

static inline cxr_str_t
cxr_strn(const void *data, size_t len)
{
    return (cxr_str_t) { data, len };
}

static inline cxr_str_t
cxr_strz(const char *z)
{
    return (cxr_str_t) { z, z ? strlen(z) : 0 };
}

static inline bool
cxr_str_eq(cxr_str_t a, cxr_str_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
cxr_str_is(cxr_str_t a, const char *z)
{
    size_t  n = strlen(z);

    return a.len == n && (n == 0 || memcmp(a.data, z, n) == 0);
}

/* bytewise order, shorter first when one is a prefix of the other */
static inline int
cxr_str_cmp(cxr_str_t a, cxr_str_t b)
{
    size_t  n = a.len < b.len ? a.len : b.len;
    int     c = n ? memcmp(a.data, b.data, n) : 0;

    if (c != 0) {
        return c;
    }

    return (a.len > b.len) - (a.len < b.len);
}

/*
 * memcpy() of what is mostly a word or two, for which a call takes longer than
 * the copy: two halves that overlap.  Nothing may come from no address.
 */
static inline void
cxr_copy(void *to, const void *from, size_t n)
{
    char        *t = to;
    uint16_t     a2, b2;
    uint32_t     a4, b4;
    uint64_t     a[2], b[2];
    const char  *s = from;

    if (n > 32) {
        memcpy(t, s, n);

    } else if (n >= 16) {
        memcpy(a, s, 16);
        memcpy(b, s + n - 16, 16);
        memcpy(t, a, 16);
        memcpy(t + n - 16, b, 16);

    } else if (n >= 8) {
        memcpy(a, s, 8);
        memcpy(b, s + n - 8, 8);
        memcpy(t, a, 8);
        memcpy(t + n - 8, b, 8);

    } else if (n >= 4) {
        memcpy(&a4, s, 4);
        memcpy(&b4, s + n - 4, 4);
        memcpy(t, &a4, 4);
        memcpy(t + n - 4, &b4, 4);

    } else if (n >= 2) {
        memcpy(&a2, s, 2);
        memcpy(&b2, s + n - 2, 2);
        memcpy(t, &a2, 2);
        memcpy(t + n - 2, &b2, 2);

    } else if (n == 1) {
        *t = *s;
    }
}


/* Copies s to "to" and returns the byte behind it. */
static inline char *
cxr_str_put(void *to, cxr_str_t s)
{
    cxr_copy(to, s.data, s.len);

    return (char *) to + s.len;
}

#define cxr_nelts(a)      (sizeof(a) / sizeof((a)[0]))

/*
 * A list of T as the domain's structs hold it: n contiguous items, owned by
 * whatever arena they were made in.  Layout is the same for every T (a pointer,
 * then the count), which cxr_record.h relies on.
 */
#define CXR_LIST_OF(T)                                                        \
    struct {                                                                  \
        T         *items;                                                     \
        uint32_t   n;                                                         \
    }

typedef CXR_LIST_OF(cxr_str_t)  cxr_strs_t;
typedef CXR_LIST_OF(void)       cxr_any_list_t;


/* What a function that can fail returns.  Only CXR_OK is 0. */
typedef enum {
    CXR_OK        = 0,
    CXR_ERROR    = -1,   /* "cannot happen", or the system refused (errno)    */
    CXR_NOMEM     = -2,   /* out of memory, or an arena's or buffer's cap     */
    CXR_INVALID   = -3,   /* the input is malformed                           */
    CXR_LIMIT     = -4,   /* the input passes a named limit                   */
    CXR_NOTFOUND  = -5,   /* no such thing                                    */
    CXR_REFUSED   = -6,   /* well-formed, but the rules say no (a refusal)    */
    CXR_CONFLICT  = -7,  /* the thing changed meanwhile (revision, If-Match)  */
    CXR_FORGED    = -8,   /* signature, MAC, key or purpose does not hold     */
    CXR_EXPIRED   = -9,   /* held once, but its time is over                  */
    CXR_FULL      = -10,  /* the store has no room: map or disk               */
    CXR_IO        = -11,  /* the disk or file system failed                   */
    CXR_AGAIN     = -12   /* needs more input, or try again                   */
} cxr_rc_t;

const char *cxr_rc_name(cxr_rc_t rc);


/*
 * Why something failed, for a human or a machine.  Filled by whoever finds the
 * fault, once; everyone above passes it on.  No field ever holds a secret or
 * personal data: "text" may name a field, never quote its value unless the
 * value comes from the operator's own configuration.
 */
typedef struct {
    cxr_rc_t   rc;
    unsigned   line;         /* 1-based; 0: not known                         */
    unsigned   column;       /* 1-based, in bytes; 0: not known               */
    char       file[256];    /* path, or ""                                   */
    char     where[160];   /* JSON Pointer (RFC 6901), XML path, field, or "" */
    char      text[320];    /* one sentence: what is wrong and what is wanted */
} cxr_diag_t;

/* Sets d (may be NULL) and returns rc, so that "return cxr_diag(...)" works. */
cxr_rc_t cxr_diag(cxr_diag_t *d, cxr_rc_t rc, const char *where,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void cxr_diag_place(cxr_diag_t *d, const char *file, unsigned line,
    unsigned column);

/* "file:line:column: where: text", what is unknown left out; returns length */
size_t cxr_diag_print(const cxr_diag_t *d, char *out, size_t size);


#endif /* _CXR_BASE_H_INCLUDED_ */
