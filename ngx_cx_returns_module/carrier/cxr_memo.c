
/*
 * What a feed has found out before.  A carrier says the same few hundred
 * things of all of its parcels: a text once found fit to be kept as it is
 * stands in the arena once for all reports that are made there, and what a
 * table makes of a code and a text is then known by where these stand.
 *
 * Two places of each hash hold what came there last, so the memory is fixed,
 * and a document of texts that all differ costs two comparisons for each.  A
 * document of a few records, as most pushes are, is done before one would pay.
 */

#include <stdlib.h>

#include "cxr_feed_private.h"


/* what stands in an arena that is of another era is not there any more */
struct cxr_memo_text_s {
    uint64_t              era;         /* 0: empty                            */
    const char           *data;
    size_t                len;
};

typedef struct {
    uint64_t              era;
    const cxr_table_t    *of;
    const char           *code[CXR_CODES];
    const char           *text;
    const cxr_rule_t     *rule;
} cxr_memo_rule_t;

struct cxr_memo_s {
    cxr_memo_text_t       texts[CXR_MEMO_TEXTS];
    cxr_memo_rule_t       rules[CXR_MEMO_RULES];
};


static inline bool
cxr_memo_used(cxr_feed_t *f)
{
    if (f->memo == NULL && f->stats.records > CXR_MEMO_FROM) {
        f->memo = calloc(1, sizeof(cxr_memo_t));
    }

    return f->memo != NULL;
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


static inline uint64_t
cxr_memo_hash(const char *key, size_t len)
{
    size_t    i;
    uint64_t  h, a, b;

    h = len;

    for (i = 0; i + 16 < len; i += 16) {
        a = cxr_memo_word(key + i, 8);
        b = cxr_memo_word(key + i + 8, 8);
        h = cxr_memo_mix(a ^ h, b ^ 0x9e3779b97f4a7c15ULL);
    }

    /* the last sixteen, or what there is */

    a = cxr_memo_word(key + i, len - i);
    b = len < 8 ? 0 : cxr_memo_word(key + len - 8, 8);

    return cxr_memo_mix(a ^ h, b ^ 0x9e3779b97f4a7c15ULL);
}


static inline bool
cxr_memo_same(const char *a, const char *b, size_t len)
{
    size_t  i;

    for (i = 0; i + 8 < len; i += 8) {
        if (cxr_memo_word(a + i, 8) != cxr_memo_word(b + i, 8)) {
            return false;
        }
    }

    i = len < 8 ? 0 : len - 8;

    return cxr_memo_word(a + i, len - i) == cxr_memo_word(b + i, len - i);
}


cxr_memo_text_t *
cxr_memo_text(cxr_feed_t *f, cxr_str_t s, const char **known)
{
    unsigned          i;
    cxr_memo_text_t  *m;

    *known = NULL;

    if (s.len > CXR_MEMO_TEXT || !cxr_memo_used(f)) {
        return NULL;
    }

    m = &f->memo->texts[cxr_memo_hash(s.data, s.len)
                        % (CXR_MEMO_TEXTS / 2) * 2];

    for (i = 0; i < 2; i++) {
        if (m[i].era == f->era && m[i].len == s.len
            && cxr_memo_same(m[i].data, s.data, s.len))
        {
            *known = m[i].data;
            break;
        }
    }

    return m;
}


void
cxr_memo_keep(cxr_feed_t *f, cxr_memo_text_t *m, cxr_str_t kept)
{
    m[1] = m[0];
    m->era = f->era;
    m->data = kept.data;
    m->len = kept.len;
}


static inline bool
cxr_memo_is(const cxr_memo_rule_t *m, const cxr_feed_t *f,
    const cxr_table_t *t, const cxr_subject_t *s)
{
    return m->era == f->era && m->of == t && m->text == s->text.data
           && m->code[0] == s->code[0].data && m->code[1] == s->code[1].data
           && m->code[2] == s->code[2].data;
}


const cxr_rule_t *
cxr_memo_rule(cxr_feed_t *f, const cxr_table_t *t, cxr_subject_t *s)
{
    uint64_t           h;
    unsigned           i;
    cxr_memo_rule_t   *m;
    const cxr_rule_t  *rule;

    /* what is longer stands somewhere else each time */

    if (s->text.len > CXR_MEMO_TEXT || !cxr_memo_used(f)) {
        return cxr_table_find(t, s);
    }

    h = cxr_memo_mix((uintptr_t) s->text.data ^ (uintptr_t) t,
                     0x9e3779b97f4a7c15ULL);

    for (i = 0; i < CXR_CODES; i++) {
        h = cxr_memo_mix(h ^ (uintptr_t) s->code[i].data,
                         0x9e3779b97f4a7c15ULL);
    }

    m = &f->memo->rules[h % (CXR_MEMO_RULES / 2) * 2];

    for (i = 0; i < 2; i++) {
        if (cxr_memo_is(&m[i], f, t, s)) {
            return m[i].rule;
        }
    }

    rule = cxr_table_find(t, s);

    m[1] = m[0];
    m->era = f->era;
    m->of = t;
    m->text = s->text.data;
    m->rule = rule;

    for (i = 0; i < CXR_CODES; i++) {
        m->code[i] = s->code[i].data;
    }

    return rule;
}
