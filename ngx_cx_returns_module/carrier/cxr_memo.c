
/*
 * What a feed has found out before.  A carrier says the same few hundred
 * things of all of its parcels: a text once looked up in a table, or once found
 * fit to be kept as it is, need not be looked at again.
 *
 * Two places of each hash hold what came there last, so the memory is fixed,
 * and a document of texts that all differ costs two comparisons for each.  A
 * document of a few records, as most pushes are, is done before one would pay.
 */

#include <stdlib.h>

#include "cxr_feed_private.h"


static bool
cxr_memo_used(cxr_feed_t *f)
{
    if (f->memo == NULL && f->stats.records > CXR_MEMO_FROM) {
        f->memo = calloc(CXR_MEMO_PLACES, sizeof(cxr_memo_t));
    }

    return f->memo != NULL;
}


/* Codes apart from text: "a","bc" is not "ab","c".  0: too long to be kept. */
static size_t
cxr_memo_key(const cxr_subject_t *s, char *key)
{
    size_t    n, i;
    unsigned  k;

    n = CXR_CODES;

    for (k = 0; k < CXR_CODES; k++) {
        n += s->code[k].len;

        if (s->code[k].len > UINT8_MAX) {
            return 0;
        }

        key[k] = (char) (uint8_t) s->code[k].len;
    }

    if (n > CXR_MEMO_KEY || s->text.len > CXR_MEMO_KEY - n) {
        return 0;
    }

    i = CXR_CODES;

    for (k = 0; k < CXR_CODES; k++) {
        if (s->code[k].len != 0) {
            (void) cxr_str_put(key + i, s->code[k]);
            i += s->code[k].len;
        }
    }

    if (s->text.len != 0) {
        (void) cxr_str_put(key + i, s->text);
        i += s->text.len;
    }

    return i;
}


/* Eight bytes at "p", or the less that are left; longer runs overlap. */
static inline uint64_t
cxr_memo_word(const char *p, size_t len)
{
    uint64_t  w = 0;
    uint32_t  head, tail;

    if (len >= sizeof(w)) {
        memcpy(&w, p, sizeof(w));

    } else if (len >= sizeof(head)) {
        memcpy(&head, p, sizeof(head));
        memcpy(&tail, p + len - sizeof(tail), sizeof(tail));
        w = head | (uint64_t) tail << 32;

    } else if (len > 0) {
        w = (unsigned char) p[0] | (uint64_t) (unsigned char) p[len / 2] << 8
            | (uint64_t) (unsigned char) p[len - 1] << 16;
    }

    return w;
}


static inline uint64_t
cxr_memo_mix(uint64_t a, uint64_t b)
{
    __uint128_t  m = (__uint128_t) a * b;

    return (uint64_t) m ^ (uint64_t) (m >> 64);
}


/* The first of the two places. */
static cxr_memo_t *
cxr_memo_at(cxr_feed_t *f, const void *of, const char *key, size_t len)
{
    size_t    i;
    uint64_t  h, a, b;

    h = (uintptr_t) of ^ len;

    for (i = 0; i + 16 < len; i += 16) {
        a = cxr_memo_word(key + i, 8);
        b = cxr_memo_word(key + i + 8, 8);
        h = cxr_memo_mix(a ^ h, b ^ 0x9e3779b97f4a7c15ULL);
    }

    /* the last sixteen, or what there is */

    a = cxr_memo_word(key + i, len - i);
    b = len < 8 ? 0 : cxr_memo_word(key + len - 8, 8);
    h = cxr_memo_mix(a ^ h, b ^ 0x9e3779b97f4a7c15ULL);

    return &f->memo[h % (CXR_MEMO_PLACES / 2) * 2];
}


static bool
cxr_memo_is(const cxr_memo_t *m, const void *of, const char *key, size_t len)
{
    return m->of == of && m->len == len && memcmp(m->key, key, len) == 0;
}


static const cxr_memo_t *
cxr_memo_find(const cxr_memo_t *m, const void *of, const char *key, size_t len)
{
    if (cxr_memo_is(m, of, key, len)) {
        return m;
    }

    return cxr_memo_is(m + 1, of, key, len) ? m + 1 : NULL;
}


static void
cxr_memo_set(cxr_memo_t *m, const void *of, const char *key, size_t len,
    const cxr_rule_t *rule)
{
    m[1] = m[0];
    m->of = of;
    m->rule = rule;
    m->len = (uint8_t) len;
    memcpy(m->key, key, len);
}


const cxr_rule_t *
cxr_memo_rule(cxr_feed_t *f, const cxr_table_t *t, cxr_subject_t *s)
{
    char               key[CXR_MEMO_KEY];
    size_t             len;
    cxr_memo_t        *m;
    const cxr_memo_t  *found;
    const cxr_rule_t  *rule;

    len = cxr_memo_used(f) ? cxr_memo_key(s, key) : 0;

    if (len == 0) {
        return cxr_table_find(t, s);
    }

    m = cxr_memo_at(f, t, key, len);

    found = cxr_memo_find(m, t, key, len);

    if (found != NULL) {
        return found->rule;
    }

    rule = cxr_table_find(t, s);
    cxr_memo_set(m, t, key, len, rule);

    return rule;
}


bool
cxr_memo_is_clean(cxr_feed_t *f, cxr_str_t s)
{
    return s.len <= CXR_MEMO_KEY && cxr_memo_used(f)
           && cxr_memo_find(cxr_memo_at(f, f, s.data, s.len), f, s.data, s.len)
              != NULL;
}


void
cxr_memo_clean(cxr_feed_t *f, cxr_str_t s)
{
    if (s.len <= CXR_MEMO_KEY && cxr_memo_used(f)) {
        cxr_memo_set(cxr_memo_at(f, f, s.data, s.len), f, s.data, s.len, NULL);
    }
}
