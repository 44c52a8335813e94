
/*
 * What cxr_record.c, cxr_record_write.c and cxr_record_old.c share.
 */

#ifndef _CXR_RECORD_PRIVATE_H_INCLUDED_
#define _CXR_RECORD_PRIVATE_H_INCLUDED_

#include "cxr_record.h"

#define CXR_RECORD_MAGIC_LEN  4
#define CXR_RECORD_MAGIC      "CXR2"
#define CXR_RECORD_MAGIC_OLD  "CXR1"


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
               || (*a.data == *b.data
                   && memcmp(a.data, b.data, a.len) == 0));
}


static inline unsigned
cxr_type_nfields(const cxr_type_t *t)
{
    unsigned  n;

    for (n = 0; t->fields[n].name != NULL; n++) { /* void */ }

    return n;
}


/*
 * Reads a record of the old format; its header has been looked at, and *obj is
 * zeroed.
 */
cxr_rc_t cxr_rec_decode_old(const cxr_type_t *t, const char *data, size_t len,
    uint16_t version, void *obj, cxr_arena_t *a);

#endif /* _CXR_RECORD_PRIVATE_H_INCLUDED_ */
