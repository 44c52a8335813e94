
/*
 * "capture" of a value: a small pattern that picks a part out of a text, as
 * the "02" out of "[02] Teslim Edilemedi".
 *
 *     pattern = [ "^" ] *( item [ count ] | "(" | ")" ) [ "$" ]
 *     item    = character | "." | "\d" | "\w" | "\s" | "\" any other character
 *               | "[" [ "^" ] *( character [ "-" character ] | "\d" ... ) "]"
 *     count   = "?" | "*" | "+" | "{" n "}" | "{" n "," m "}"
 *
 * One group at the most, and no alternatives (a value has <or>): so the
 * pattern is a chain.  It is run over all its places at once (Thompson), never
 * back, so that a text costs at most its length times the pattern's.
 */

#include "cxr_profile_private.h"
#include "cxr_text.h"


#define CXR_CAPTURE_OPS     128     /* of the compiled pattern                */
#define CXR_CAPTURE_RANGES  32      /* in one "[...]"                         */
#define CXR_CAPTURE_COUNT   32      /* of "{n}"                               */
#define CXR_CAPTURE_TEXT    2048    /* bytes that are looked at               */

#define CXR_CAPTURE_NONE    UINT32_MAX

typedef enum {
    CXR_OP_CHAR = 0,       /* one character of the set                        */
    CXR_OP_SPLIT,          /* goes on at x, else at y                         */
    CXR_OP_OPEN,
    CXR_OP_CLOSE,
    CXR_OP_BEGIN,
    CXR_OP_END,
    CXR_OP_MATCH
} cxr_capture_op_t;

typedef struct {
    uint32_t             lo;
    uint32_t             hi;
} cxr_range_t;

typedef struct {
    bool                 not;
    CXR_LIST_OF(cxr_range_t)  ranges;
} cxr_set_t;

typedef struct {
    uint8_t              op;
    bool                 back;     /* of a character: goes on at x            */
    uint16_t             x;
    uint16_t             y;
    const cxr_set_t     *set;
} cxr_capture_step_t;

struct cxr_capture_s {
    cxr_capture_step_t   steps[CXR_CAPTURE_OPS];
    uint16_t             n;
};

typedef struct {
    uint16_t             pc;
    uint32_t             start;    /* of all that fits                        */
    uint32_t             open;
    uint32_t             close;
} cxr_thread_t;

typedef struct {
    cxr_thread_t         items[CXR_CAPTURE_OPS];
    uint16_t             n;
    bool                 have[CXR_CAPTURE_OPS];
} cxr_threads_t;

typedef struct {
    cxr_arena_t         *arena;
    cxr_str_t            in;
    cxr_capture_t       *out;
    bool                 grouped;
    bool                 in_group;
    const char          *why;
} cxr_capture_reader_t;


static bool
cxr_capture_fail(cxr_capture_reader_t *r, const char *why)
{
    r->why = why;
    return false;
}


static cxr_capture_step_t *
cxr_capture_emit(cxr_capture_reader_t *r, cxr_capture_op_t op)
{
    cxr_capture_step_t  *s;

    if (r->out->n == CXR_CAPTURE_OPS) {
        r->why = "the pattern is too long";
        return NULL;
    }

    s = &r->out->steps[r->out->n++];
    s->op = (uint8_t) op;

    return s;
}


static bool
cxr_set_add(cxr_capture_reader_t *r, cxr_set_t *set, uint32_t lo, uint32_t hi)
{
    cxr_range_t  *range;

    if (set->ranges.n == CXR_CAPTURE_RANGES) {
        return cxr_capture_fail(r, "a \"[...]\" holds too much");
    }

    range = cxr_list_push(r->arena, &set->ranges, sizeof(cxr_range_t));
    if (range == NULL) {
        return cxr_capture_fail(r, "out of memory");
    }

    range->lo = lo;
    range->hi = hi;

    return true;
}


/* what stands after a backslash; *single: it is one character */
static bool
cxr_capture_escape(cxr_capture_reader_t *r, cxr_set_t *set, uint32_t *single)
{
    uint32_t  cp;

    *single = CXR_UTF8_BAD;

    if (r->in.len == 0) {
        return cxr_capture_fail(r, "nothing follows a \"\\\"");
    }

    cp = cxr_utf8_next(&r->in);

    switch (cp) {
    case 'd':
        return cxr_set_add(r, set, '0', '9');

    case 'w':
        return cxr_set_add(r, set, '0', '9') && cxr_set_add(r, set, 'a', 'z')
               && cxr_set_add(r, set, 'A', 'Z') && cxr_set_add(r, set, '_', '_')
               && cxr_set_add(r, set, 0xc0, 0x10ffff);

    case 's':
        return cxr_set_add(r, set, ' ', ' ') && cxr_set_add(r, set, 0x09, 0x0d)
               && cxr_set_add(r, set, 0xa0, 0xa0);

    default:
        if ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z')
            || (cp >= '0' && cp <= '9') || cp == CXR_UTF8_BAD)
        {
            return cxr_capture_fail(r, "after \"\\\" stands d, w, s or what is "
                                    "no letter and no digit");
        }

        *single = cp;
        return cxr_set_add(r, set, cp, cp);
    }
}


static bool
cxr_capture_class(cxr_capture_reader_t *r, cxr_set_t *set)
{
    uint32_t  lo, hi;

    if (r->in.len > 0 && *r->in.data == '^') {
        (void) cxr_utf8_next(&r->in);
        set->not = true;
    }

    while (r->in.len > 0 && *r->in.data != ']') {
        lo = cxr_utf8_next(&r->in);

        if (lo == '\\') {
            if (!cxr_capture_escape(r, set, &hi)) {
                return false;
            }
            continue;
        }

        hi = lo;

        if (r->in.len > 1 && r->in.data[0] == '-' && r->in.data[1] != ']') {
            (void) cxr_utf8_next(&r->in);
            hi = cxr_utf8_next(&r->in);
        }

        if (lo == CXR_UTF8_BAD || hi == CXR_UTF8_BAD || hi < lo) {
            return cxr_capture_fail(r, "a range in \"[...]\" goes backwards");
        }

        if (!cxr_set_add(r, set, lo, hi)) {
            return false;
        }
    }

    if (r->in.len == 0 || set->ranges.n == 0) {
        return cxr_capture_fail(r, "a \"[...]\" is empty or not closed");
    }

    (void) cxr_utf8_next(&r->in);

    return true;
}


static bool
cxr_capture_number(cxr_capture_reader_t *r, unsigned *n)
{
    unsigned  digits = 0;

    *n = 0;

    while (r->in.len > 0 && *r->in.data >= '0' && *r->in.data <= '9'
           && digits < 3)
    {
        *n = *n * 10 + (unsigned) (*r->in.data - '0');
        r->in.data++;
        r->in.len--;
        digits++;
    }

    return digits > 0;
}


/* *max 0: without end */
static bool
cxr_capture_count(cxr_capture_reader_t *r, unsigned *min, unsigned *max)
{
    char  c;

    *min = 1;
    *max = 1;

    if (r->in.len == 0) {
        return true;
    }

    c = *r->in.data;

    if (c != '?' && c != '*' && c != '+' && c != '{') {
        return true;
    }

    r->in.data++;
    r->in.len--;

    *min = c == '+';
    *max = c == '?';

    if (c != '{') {
        return true;
    }

    if (!cxr_capture_number(r, min)) {
        return cxr_capture_fail(r, "a count is \"{n}\" or \"{n,m}\"");
    }

    *max = *min;

    if (r->in.len > 0 && *r->in.data == ',') {
        r->in.data++;
        r->in.len--;

        if (!cxr_capture_number(r, max)) {
            return cxr_capture_fail(r, "a count is \"{n}\" or \"{n,m}\"");
        }
    }

    if (r->in.len == 0 || *r->in.data != '}' || *max < *min || *max == 0
        || *max > CXR_CAPTURE_COUNT)
    {
        return cxr_capture_fail(r, "a count is \"{n}\" or \"{n,m}\", at most "
                                "32");
    }

    r->in.data++;
    r->in.len--;

    return true;
}


static bool
cxr_capture_item(cxr_capture_reader_t *r, const cxr_set_t *set)
{
    unsigned             i, min, max;
    cxr_capture_step_t  *s, *split;

    if (!cxr_capture_count(r, &min, &max)) {
        return false;
    }

    for (i = 0; i < min; i++) {
        s = cxr_capture_emit(r, CXR_OP_CHAR);
        if (s == NULL) {
            return false;
        }
        s->set = set;
    }

    if (max == 0) {
        split = cxr_capture_emit(r, CXR_OP_SPLIT);
        s = split ? cxr_capture_emit(r, CXR_OP_CHAR) : NULL;
        if (s == NULL) {
            return false;
        }

        s->set = set;
        s->back = true;
        s->x = (uint16_t) (split - r->out->steps);
        split->x = (uint16_t) (s - r->out->steps);
        split->y = r->out->n;

        return true;
    }

    for (i = min; i < max; i++) {
        split = cxr_capture_emit(r, CXR_OP_SPLIT);
        s = split ? cxr_capture_emit(r, CXR_OP_CHAR) : NULL;
        if (s == NULL) {
            return false;
        }

        s->set = set;
        split->x = (uint16_t) (s - r->out->steps);
        split->y = r->out->n;
    }

    return true;
}


static bool
cxr_capture_one(cxr_capture_reader_t *r)
{
    uint32_t    cp, single;
    cxr_set_t  *set;

    cp = cxr_utf8_next(&r->in);

    switch (cp) {
    case '(':
        if (r->grouped) {
            return cxr_capture_fail(r, "a pattern has one group at the most");
        }
        r->grouped = true;
        r->in_group = true;
        return cxr_capture_emit(r, CXR_OP_OPEN) != NULL;

    case ')':
        if (!r->in_group) {
            return cxr_capture_fail(r, "a \")\" closes nothing");
        }
        r->in_group = false;

        if (r->in.len > 0 && strchr("?*+{", *r->in.data) != NULL) {
            return cxr_capture_fail(r, "a group takes no count");
        }
        return cxr_capture_emit(r, CXR_OP_CLOSE) != NULL;

    case '$':
        if (r->in.len > 0 && *r->in.data != ')') {
            return cxr_capture_fail(r, "\"$\" stands at the end (\"\\$\" is "
                                    "the character)");
        }
        return cxr_capture_emit(r, CXR_OP_END) != NULL;

    case '|':
        return cxr_capture_fail(r, "a pattern has no alternatives: each is an "
                                "<or>, or a rule, of its own (\"\\|\" is "
                                "the character)");

    case '?':
    case '*':
    case '+':
    case '{':
    case '}':
    case ']':
    case '^':
        return cxr_capture_fail(r, "one of ?*+{}]^ stands where it means "
                                "nothing (\"\\\" before it makes it a "
                                "character)");
    default:
        break;
    }

    set = cxr_calloc(r->arena, 1, sizeof(cxr_set_t));
    if (set == NULL) {
        return cxr_capture_fail(r, "out of memory");
    }

    switch (cp) {
    case '\\':
        if (!cxr_capture_escape(r, set, &single)) {
            return false;
        }
        break;

    case '[':
        if (!cxr_capture_class(r, set)) {
            return false;
        }
        break;

    case '.':
        if (!cxr_set_add(r, set, 0, 0x10ffff)) {
            return false;
        }
        break;

    default:
        if (cp == CXR_UTF8_BAD || !cxr_set_add(r, set, cp, cp)) {
            return cxr_capture_fail(r, "the pattern is not UTF-8");
        }
        break;
    }

    return cxr_capture_item(r, set);
}


cxr_rc_t
cxr_capture_compile(cxr_arena_t *a, cxr_str_t s, cxr_capture_t **out,
    const char **why)
{
    cxr_capture_reader_t  r = { a, s, NULL, false, false, NULL };

    if (s.len == 0) {
        *why = "the pattern is empty";
        return CXR_INVALID;
    }

    r.out = cxr_calloc(a, 1, sizeof(cxr_capture_t));
    if (r.out == NULL) {
        *why = "out of memory";
        return CXR_NOMEM;
    }

    if (*r.in.data == '^') {
        (void) cxr_utf8_next(&r.in);
        (void) cxr_capture_emit(&r, CXR_OP_BEGIN);
    }

    while (r.in.len > 0 && cxr_capture_one(&r)) {
        /* void */
    }

    if (r.why == NULL && r.in_group) {
        r.why = "a \"(\" is not closed";
    }

    if (r.why == NULL) {
        (void) cxr_capture_emit(&r, CXR_OP_MATCH);
    }

    if (r.why != NULL) {
        *why = r.why;
        return CXR_INVALID;
    }

    *out = r.out;

    return CXR_OK;
}


static bool
cxr_set_has(const cxr_set_t *set, uint32_t cp)
{
    uint32_t  i;

    for (i = 0; i < set->ranges.n; i++) {
        if (cp >= set->ranges.items[i].lo && cp <= set->ranges.items[i].hi) {
            return !set->not;
        }
    }

    return set->not;
}


/*
 * Puts a thread where it waits for a character, or where all has fitted; the
 * first to come to a step is the one that counts.
 */
static void
cxr_thread_add(const cxr_capture_t *c, cxr_threads_t *list, cxr_thread_t t,
    uint32_t at, bool last)
{
    const cxr_capture_step_t  *s;

    for ( ;; ) {
        if (list->have[t.pc]) {
            return;
        }

        list->have[t.pc] = true;
        s = &c->steps[t.pc];

        switch (s->op) {
        case CXR_OP_SPLIT:
            t.pc = s->x;
            cxr_thread_add(c, list, t, at, last);
            t.pc = s->y;
            continue;

        case CXR_OP_OPEN:
            t.open = at;
            break;

        case CXR_OP_CLOSE:
            t.close = at;
            break;

        case CXR_OP_BEGIN:
            if (at != 0) {
                return;
            }
            break;

        case CXR_OP_END:
            if (!last) {
                return;
            }
            break;

        default:
            list->items[list->n++] = t;
            return;
        }

        t.pc++;
    }
}


static bool
cxr_capture_find(const cxr_capture_t *c, cxr_str_t s, cxr_str_t *out)
{
    bool                       found = false;
    uint16_t                   i;
    uint32_t                   cp, at, next;
    cxr_str_t                  rest;
    cxr_thread_t               t, best;
    cxr_threads_t              lists[2], *now = &lists[0], *then = &lists[1];
    const cxr_capture_step_t  *step;

    if (s.len > CXR_CAPTURE_TEXT) {
        s = cxr_utf8_cut(s, CXR_CAPTURE_TEXT);
    }

    rest = s;
    now->n = 0;
    memset(now->have, 0, sizeof(now->have));
    memset(&best, 0, sizeof(cxr_thread_t));

    for ( ;; ) {
        at = (uint32_t) (s.len - rest.len);

        if (!found) {
            t.pc = 0;
            t.start = at;
            t.open = CXR_CAPTURE_NONE;
            t.close = CXR_CAPTURE_NONE;
            cxr_thread_add(c, now, t, at, rest.len == 0);
        }

        cp = rest.len > 0 ? cxr_utf8_next(&rest) : CXR_UTF8_BAD;
        next = (uint32_t) (s.len - rest.len);

        then->n = 0;
        memset(then->have, 0, sizeof(then->have));

        for (i = 0; i < now->n; i++) {
            t = now->items[i];
            step = &c->steps[t.pc];

            if (step->op == CXR_OP_MATCH) {
                if (t.open == CXR_CAPTURE_NONE) {
                    t.open = t.start;
                    t.close = at;
                }

                best = t;
                found = true;
                break;          /* those after it count for less */
            }

            if (cp != CXR_UTF8_BAD && cxr_set_has(step->set, cp)) {
                t.pc = step->back ? step->x : (uint16_t) (t.pc + 1);
                cxr_thread_add(c, then, t, next, rest.len == 0);
            }
        }

        if (next == at || (found && then->n == 0)) {
            break;
        }

        now = then;
        then = now == &lists[0] ? &lists[1] : &lists[0];
    }

    if (found) {
        *out = cxr_strn(s.data + best.open, best.close - best.open);
    }

    return found;
}


cxr_str_t
cxr_capture_run(const cxr_capture_t *c, cxr_str_t s)
{
    cxr_str_t  out;

    return cxr_capture_find(c, s, &out) ? out : CXR_STR_NONE;
}


bool
cxr_capture_fits(const cxr_capture_t *c, cxr_str_t s)
{
    cxr_str_t  out;

    return cxr_capture_find(c, s, &out);
}
