
/*
 * Tables of codes: what a carrier's code or text means.
 *
 * Folding is by code point and the same in every locale.  In a Turkish table
 * the four letters i (I, i, U+0130, U+0131) are one, because carriers'
 * systems upper-case and lower-case them by rules of other languages.
 */

#include <unicode/uchar.h>

#include "cxr_profile_private.h"
#include "cxr_text.h"


static void
cxr_put_utf8(char *out, size_t *n, uint32_t cp)
{
    if (cp < 0x80) {
        out[(*n)++] = (char) cp;

    } else if (cp < 0x800) {
        out[(*n)++] = (char) (0xc0 | (cp >> 6));
        out[(*n)++] = (char) (0x80 | (cp & 0x3f));

    } else if (cp < 0x10000) {
        out[(*n)++] = (char) (0xe0 | (cp >> 12));
        out[(*n)++] = (char) (0x80 | ((cp >> 6) & 0x3f));
        out[(*n)++] = (char) (0x80 | (cp & 0x3f));

    } else {
        out[(*n)++] = (char) (0xf0 | (cp >> 18));
        out[(*n)++] = (char) (0x80 | ((cp >> 12) & 0x3f));
        out[(*n)++] = (char) (0x80 | ((cp >> 6) & 0x3f));
        out[(*n)++] = (char) (0x80 | (cp & 0x3f));
    }
}


cxr_rc_t
cxr_fold(cxr_arena_t *a, cxr_str_t s, cxr_fold_t how, cxr_str_t *out)
{
    char      *p;
    size_t     n = 0;
    uint32_t   cp;

    if (how == CXR_FOLD_EXACT || s.len == 0) {
        *out = s;
        return CXR_OK;
    }

    /* a fold is at most one byte longer than the two-byte character it is of */
    p = cxr_alloc(a, s.len * 2);
    if (p == NULL) {
        return CXR_NOMEM;
    }

    while (s.len > 0) {

        if ((unsigned char) *s.data < 0x80) {
            cp = (unsigned char) *s.data;
            s.data++;
            s.len--;

            if (cp >= 'A' && cp <= 'Z') {
                cp |= 0x20;
            }

        } else {
            cp = cxr_utf8_next(&s);

            if (cp == CXR_UTF8_BAD) {
                continue;
            }

            if (how == CXR_FOLD_TURKISH) {
                if (cp == 0x130 || cp == 0x131) {
                    cp = 'i';

                } else if (cp == 0x307) {
                    continue;        /* the dot that some lower-casing leaves */
                }
            }

            cp = (uint32_t) u_foldCase((UChar32) cp, U_FOLD_CASE_DEFAULT);
        }

        cxr_put_utf8(p, &n, cp);
    }

    *out = cxr_strn(p, n);

    return CXR_OK;
}


/* "a | b" to items, trimmed, folded, copied */
cxr_rc_t
cxr_split_list(cxr_arena_t *a, cxr_str_t s, cxr_fold_t fold, cxr_strs_t *out)
{
    size_t       i, start = 0;
    cxr_rc_t     rc;
    cxr_str_t    item;
    cxr_str_t   *slot;

    for (i = 0; i <= s.len; i++) {

        if (i < s.len && s.data[i] != '|') {
            continue;
        }

        item = cxr_str_trim(cxr_strn(s.data + start, i - start));
        start = i + 1;

        slot = cxr_list_push(a, out, sizeof(cxr_str_t));
        if (slot == NULL) {
            return CXR_NOMEM;
        }

        rc = cxr_str_dup(a, item, slot);

        if (rc == CXR_OK) {
            rc = cxr_fold(a, *slot, fold, slot);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


/* What an attribute's name says: the subject and, behind a '-', what of it. */

static cxr_rc_t
cxr_test_kind(const char *attr, cxr_test_t *t)
{
    size_t       i;
    const char  *op;

    static const char *const  subjects[] = { "code", "code2", "code3", "text" };
    static const char *const  ops[] = {
        "", "-prefix", "-contains", "-match", "-number", "-range"
    };

    op = strchr(attr, '-');
    if (op == NULL) {
        op = attr + strlen(attr);
    }

    for (i = 0; i < cxr_nelts(subjects); i++) {
        if (strlen(subjects[i]) == (size_t) (op - attr)
            && memcmp(subjects[i], attr, (size_t) (op - attr)) == 0)
        {
            break;
        }
    }

    if (i == cxr_nelts(subjects)) {
        return CXR_NOTFOUND;
    }

    t->subject = (uint8_t) i;

    for (i = 0; i < cxr_nelts(ops) && strcmp(ops[i], op) != 0; i++) {
        /* void */
    }

    if (i == cxr_nelts(ops)) {
        return CXR_NOTFOUND;
    }

    t->op = (uint8_t) i;

    return CXR_OK;
}


/* What is compared with is folded here, once, as the feed's texts will be. */

static cxr_rc_t
cxr_test_value(cxr_arena_t *a, cxr_str_t value, cxr_fold_t fold,
    cxr_test_t *t, const char **why)
{
    size_t       i;
    cxr_rc_t     rc;
    cxr_str_t    lo, hi;
    const char  *dash;

    if (t->op == CXR_TEST_RANGE) {
        dash = memchr(value.data, '-', value.len);
        lo = cxr_strn(value.data, dash ? (size_t) (dash - value.data)
                                    : value.len);
        hi = dash ? cxr_strn(dash + 1, value.len - lo.len - 1) : lo;

        if (!cxr_parse_uint(cxr_str_trim(lo), UINT64_MAX / 2, &t->lo)
            || !cxr_parse_uint(cxr_str_trim(hi), UINT64_MAX / 2, &t->hi)
            || t->lo > t->hi)
        {
            *why = "a range is two whole numbers, as in \"3000-3999\"";
            return CXR_INVALID;
        }

    } else if (t->op == CXR_TEST_NUMBER) {
        if (!cxr_parse_uint(cxr_str_trim(value), UINT64_MAX / 2, &t->lo)) {
            *why = "a whole number is wanted";
            return CXR_INVALID;
        }

    } else if (t->op == CXR_TEST_MATCH) {
        rc = cxr_fold(a, value, fold, &value);

        if (rc != CXR_OK) {
            *why = "out of memory";
            return rc;
        }

        rc = cxr_capture_compile(a, value, &t->pattern, why);
        if (rc != CXR_OK) {
            return rc;
        }

    } else {
        rc = cxr_split_list(a, value, fold, &t->list);
        if (rc != CXR_OK) {
            *why = "out of memory";
            return rc;
        }

        for (i = 0; i < t->list.n; i++) {
            if (t->list.items[i].len == 0 && t->op != CXR_TEST_IS) {
                *why = "an empty text is part of everything";
                return CXR_INVALID;
            }
        }
    }

    return CXR_OK;
}


/*
 * One attribute of a rule: "code", "code2-prefix", "text-contains" ...
 * CXR_NOTFOUND: the attribute is no test.
 */
cxr_rc_t
cxr_test_add(cxr_arena_t *a, cxr_rule_t *rule, cxr_fold_t fold,
    const char *attr, cxr_str_t value, const char **why)
{
    cxr_rc_t     rc;
    cxr_test_t  *test, t;

    memset(&t, 0, sizeof(cxr_test_t));

    rc = cxr_test_kind(attr, &t);
    if (rc != CXR_OK) {
        return rc;
    }

    if (t.subject == CXR_SUBJECT_TEXT) {
        if (t.op > CXR_TEST_MATCH) {
            return CXR_NOTFOUND;
        }

        if (fold == CXR_FOLD_EXACT) {
            fold = CXR_FOLD_CASE;
        }
    }

    rc = cxr_test_value(a, value, fold, &t, why);
    if (rc != CXR_OK) {
        return rc;
    }

    test = cxr_list_push(a, &rule->tests, sizeof(cxr_test_t));
    if (test == NULL) {
        *why = "out of memory";
        return CXR_NOMEM;
    }

    *test = t;

    return CXR_OK;
}


static cxr_str_t
cxr_subject_folded(cxr_subject_t *s, uint8_t which, uint8_t fold)
{
    cxr_str_t  raw;

    raw = which == CXR_SUBJECT_TEXT ? s->text : s->code[which];

    if (which == CXR_SUBJECT_TEXT && fold == CXR_FOLD_EXACT) {
        fold = CXR_FOLD_CASE;
    }

    if (fold == CXR_FOLD_EXACT) {
        return raw;
    }

    if ((s->have & (1u << which)) == 0) {
        s->have |= (uint8_t) (1u << which);

        if (cxr_fold(s->scratch, raw, fold, &s->folded[which]) != CXR_OK) {
            s->folded[which] = CXR_STR_NONE;
        }
    }

    return s->folded[which];
}


static bool
cxr_test_holds(const cxr_test_t *t, cxr_subject_t *s, uint8_t fold)
{
    uint32_t    i;
    uint64_t    v;
    cxr_str_t   x, item;

    if (t->op == CXR_TEST_NUMBER || t->op == CXR_TEST_RANGE) {
        if (!cxr_parse_uint(s->code[t->subject], UINT64_MAX / 2, &v)) {
            return false;
        }

        return t->op == CXR_TEST_NUMBER ? v == t->lo
                                        : v >= t->lo && v <= t->hi;
    }

    x = cxr_subject_folded(s, t->subject, fold);

    if (t->op == CXR_TEST_MATCH) {
        return cxr_capture_fits(t->pattern, x);
    }

    for (i = 0; i < t->list.n; i++) {
        item = t->list.items[i];

        switch (t->op) {
        case CXR_TEST_IS:
            if (cxr_str_eq(x, item)) {
                return true;
            }
            break;

        case CXR_TEST_PREFIX:
            if (x.len >= item.len && memcmp(x.data, item.data, item.len) == 0)
            {
                return true;
            }
            break;

        default:
            if (x.len >= item.len
                && memmem(x.data, x.len, item.data, item.len) != NULL)
            {
                return true;
            }
            break;
        }
    }

    return false;
}


const cxr_rule_t *
cxr_table_find(const cxr_table_t *t, cxr_subject_t *s)
{
    uint32_t           i, j;
    const cxr_rule_t  *rule;

    for (i = 0; i < t->rules.n; i++) {
        rule = &t->rules.items[i];

        for (j = 0; j < rule->tests.n; j++) {
            if (!cxr_test_holds(&rule->tests.items[j], s, t->fold)) {
                break;
            }
        }

        if (j == rule->tests.n) {
            return rule;
        }
    }

    return NULL;
}


/* Does the test hold of whatever is "word" in the way that "op" says? */

static bool
cxr_test_takes(const cxr_test_t *t, uint8_t op, cxr_str_t word)
{
    uint32_t    i;
    cxr_str_t   item;

    for (i = 0; i < t->list.n; i++) {
        item = t->list.items[i];

        switch (t->op) {
        case CXR_TEST_IS:
            if (op == CXR_TEST_IS && cxr_str_eq(word, item)) {
                return true;
            }
            break;

        case CXR_TEST_PREFIX:
            if (op != CXR_TEST_CONTAINS && word.len >= item.len
                && memcmp(word.data, item.data, item.len) == 0)
            {
                return true;
            }
            break;

        default:
            if (word.len >= item.len
                && memmem(word.data, word.len, item.data, item.len) != NULL)
            {
                return true;
            }
            break;
        }
    }

    return false;
}


static bool
cxr_test_covers(const cxr_test_t *t, const cxr_test_t *later)
{
    uint32_t  i;

    if (t->subject != later->subject || t->op > CXR_TEST_CONTAINS
        || later->op > CXR_TEST_CONTAINS)
    {
        return false;
    }

    for (i = 0; i < later->list.n; i++) {
        if (!cxr_test_takes(t, later->op, later->list.items[i])) {
            return false;
        }
    }

    return later->list.n > 0;
}


bool
cxr_rule_covers(const cxr_rule_t *rule, const cxr_rule_t *later)
{
    uint32_t  i, j;

    for (i = 0; i < rule->tests.n; i++) {

        for (j = 0; j < later->tests.n; j++) {
            if (cxr_test_covers(&rule->tests.items[i], &later->tests.items[j]))
            {
                break;
            }
        }

        if (j == later->tests.n) {
            return false;
        }
    }

    return rule->tests.n > 0;
}
