
/*
 * The automaton: every path of the profile, from its format down, becomes a
 * pattern; the patterns together become one deterministic automaton over
 * element names.  A state says whether anything below it can still matter
 * (CXR_STATE_DEAD: nothing), whether the element's text and which of its
 * attributes are asked for, and which records begin there.
 */

#include <stdlib.h>

#include "cxr_profile_private.h"


#define CXR_PATTERN_STEPS  60
#define CXR_POS_BITS       6

typedef enum {
    CXR_PATTERN_KEEP = 0,
    CXR_PATTERN_TEXT,
    CXR_PATTERN_ATTR,
    CXR_PATTERN_RECORD,
    CXR_PATTERN_REPARSE,
    CXR_PATTERN_FORMAT
} cxr_pattern_kind_t;

typedef struct {
    struct {
        uint16_t  name;
        bool      desc;
    }             steps[CXR_PATTERN_STEPS];
    uint8_t       n;
    uint8_t       anchor;      /* steps that lead to what it is relative to   */
    uint8_t       kind;
    uint16_t      attr;
    unsigned      index;
} cxr_pattern_t;

typedef struct {
    uint32_t     *pos;
    uint32_t      n;
    uint32_t      hash;
} cxr_posset_t;

typedef struct {
    cxr_profile_t  *profile;
    cxr_arena_t    *scratch;
    cxr_diag_t     *diag;
    CXR_LIST_OF(cxr_pattern_t)  patterns;
    cxr_posset_t   *sets;
} cxr_build_t;


static cxr_rc_t
cxr_pattern_add(cxr_build_t *b, const cxr_pattern_t *pattern)
{
    uint32_t              i;
    cxr_pattern_t        *slot;
    const cxr_pattern_t  *q;

    for (i = 0; i < b->patterns.n; i++) {
        q = &b->patterns.items[i];

        if (q->n == pattern->n && q->kind == pattern->kind
            && q->attr == pattern->attr && q->index == pattern->index
            && q->anchor == pattern->anchor
            && memcmp(q->steps, pattern->steps,
                      sizeof(q->steps[0]) * q->n) == 0)
        {
            return CXR_OK;
        }
    }

    if (b->patterns.n == CXR_PATTERNS_MAX) {
        return cxr_diag(b->diag, CXR_LIMIT, "", "the profile has more than %d "
                        "different paths", CXR_PATTERNS_MAX);
    }

    slot = cxr_list_push(b->scratch, &b->patterns, sizeof(cxr_pattern_t));
    if (slot == NULL) {
        return cxr_diag(b->diag, CXR_NOMEM, "", "out of memory");
    }

    *slot = *pattern;

    return CXR_OK;
}


static cxr_rc_t
cxr_pattern_push(cxr_build_t *b, cxr_pattern_t *cur, uint16_t name, bool desc)
{
    if (cur->n == CXR_PATTERN_STEPS) {
        return cxr_diag(b->diag, CXR_LIMIT, "", "a path has more than %d steps "
                        "from its format down", CXR_PATTERN_STEPS);
    }

    cur->steps[cur->n].name = name;
    cur->steps[cur->n].desc = desc;
    cur->n++;

    return CXR_OK;
}


/* Up again; what was stepped on must be on the tape all the same. */
static cxr_rc_t
cxr_pattern_pop(cxr_build_t *b, cxr_pattern_t *cur)
{
    cxr_rc_t       rc;
    cxr_pattern_t  stone = *cur;

    if (cur->n <= 1) {
        return cxr_diag(b->diag, CXR_INVALID, "", "a path goes up beyond its "
                        "format");
    }

    if (cur->steps[cur->n - 1].desc) {
        return cxr_diag(b->diag, CXR_INVALID, "", "\"..\" cannot follow "
                        "\"//\"");
    }

    stone.kind = CXR_PATTERN_KEEP;
    stone.index = 0;

    rc = cxr_pattern_add(b, &stone);
    if (rc != CXR_OK) {
        return rc;
    }

    cur->n--;

    if (cur->anchor > cur->n) {
        cur->anchor = cur->n;
    }

    return CXR_OK;
}


/* "out" (may be NULL) is then the base of paths relative to this one */
static cxr_rc_t
cxr_pattern_path(cxr_build_t *b, const cxr_pattern_t *base,
    const cxr_path_t *path, uint8_t kind, unsigned index, cxr_pattern_t *out)
{
    uint32_t           i, j;
    cxr_rc_t           rc;
    cxr_pattern_t      cur = *base;
    const cxr_step_t  *step;
    const cxr_pred_t  *pred;

    for (i = 0; i < path->steps.n; i++) {
        step = &path->steps.items[i];
        rc = CXR_OK;

        switch (step->axis) {
        case CXR_AXIS_CHILD:
            rc = cxr_pattern_push(b, &cur, step->name,
                                  kind == CXR_PATTERN_FORMAT && i == 0);
            break;

        case CXR_AXIS_DESC:
            rc = cxr_pattern_push(b, &cur, step->name, true);
            break;

        case CXR_AXIS_PARENT:
            rc = cxr_pattern_pop(b, &cur);
            break;

        case CXR_AXIS_PREV:
        case CXR_AXIS_NEXT:
            rc = cxr_pattern_pop(b, &cur);
            if (rc == CXR_OK) {
                rc = cxr_pattern_push(b, &cur, step->name, false);
            }
            break;

        case CXR_AXIS_ATTR:
            cur.attr = step->name;
            kind = CXR_PATTERN_ATTR;
            break;

        case CXR_AXIS_NAME:
            kind = CXR_PATTERN_KEEP;
            break;

        default:
            break;
        }

        for (j = 0; rc == CXR_OK && j < step->preds.n; j++) {
            pred = &step->preds.items[j];

            if (pred->path.steps.n > 0) {
                rc = cxr_pattern_path(b, &cur, &pred->path, CXR_PATTERN_TEXT,
                                      0, NULL);
            }
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (out != NULL) {
        *out = cur;
    }

    cur.kind = kind;
    cur.index = index;

    return cxr_pattern_add(b, &cur);
}


static cxr_rc_t
cxr_pattern_value(cxr_build_t *b, const cxr_pattern_t *base,
    const cxr_value_t *value)
{
    uint32_t           i, j;
    cxr_rc_t           rc;
    const cxr_part_t  *part;

    for (i = 0; i < value->alts.n; i++) {
        for (j = 0; j < value->alts.items[i].parts.n; j++) {
            part = &value->alts.items[i].parts.items[j];

            if (part->literal || part->request) {
                continue;
            }

            rc = cxr_pattern_path(b, base, &part->path, CXR_PATTERN_TEXT, 0,
                                  NULL);
            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_pattern_values(cxr_build_t *b, const cxr_pattern_t *base,
    const cxr_value_t *const *values, size_t n)
{
    size_t    i;
    cxr_rc_t  rc;

    for (i = 0; i < n; i++) {
        rc = cxr_pattern_value(b, base, values[i]);

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_pattern_retract(cxr_build_t *b, const cxr_pattern_t *base,
    const cxr_retract_rule_t *r)
{
    const cxr_value_t  *values[] = {
        &r->cond.value, &r->id, &r->code, &r->time.value
    };

    return cxr_pattern_values(b, base, values, cxr_nelts(values));
}


static cxr_rc_t
cxr_pattern_events(cxr_build_t *b, const cxr_pattern_t *record,
    const cxr_events_rule_t *ev)
{
    uint32_t            i, j;
    cxr_rc_t            rc;
    cxr_pattern_t       base;
    const cxr_value_t  *values[] = {
        &ev->code[0], &ev->code[1], &ev->code[2], &ev->text, &ev->place,
        &ev->country, &ev->id, &ev->seq, &ev->signature, &ev->time.value,
        &ev->time.zone, &ev->time.where, &ev->time.form, &ev->time.shown
    };

    for (i = 0; i < ev->paths.n; i++) {
        rc = cxr_pattern_path(b, record, &ev->paths.items[i],
                              CXR_PATTERN_KEEP, 0, &base);
        if (rc == CXR_OK) {
            rc = cxr_pattern_values(b, &base, values, cxr_nelts(values));
        }

        for (j = 0; rc == CXR_OK && j < ev->ignores.n; j++) {
            rc = cxr_pattern_value(b, &base, &ev->ignores.items[j].value);
        }

        for (j = 0; rc == CXR_OK && j < ev->overrides.n; j++) {
            rc = cxr_pattern_value(b, &base,
                                   &ev->overrides.items[j].cond.value);
        }

        for (j = 0; rc == CXR_OK && j < ev->retracts.n; j++) {
            rc = cxr_pattern_retract(b, &base, &ev->retracts.items[j]);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_pattern_error(cxr_build_t *b, const cxr_pattern_t *base,
    const cxr_error_rule_t *e)
{
    const cxr_value_t  *values[] = { &e->code, &e->text };

    return cxr_pattern_values(b, base, values, cxr_nelts(values));
}


static cxr_rc_t
cxr_pattern_record(cxr_build_t *b, const cxr_pattern_t *format, unsigned index)
{
    uint32_t                  i;
    cxr_rc_t                  rc;
    cxr_pattern_t             base;
    const cxr_record_rule_t  *r = &b->profile->records.items[index];
    const cxr_value_t        *values[] = {
        &r->number, &r->reference, &r->order, &r->service, &r->eta.value,
        &r->eta.zone, &r->eta.where, &r->eta.form, &r->eta.shown,
        &r->eta_to.value, &r->eta_to.zone, &r->eta_to.where, &r->eta_to.form,
        &r->eta_to.shown, &r->pickup_until.value, &r->pickup_until.zone,
        &r->pickup_until.where, &r->pickup_until.form, &r->pickup_until.shown,
        &r->pickup_point, &r->pickup_hours, &r->pieces, &r->return_number, &r->partner,
        &r->partner_number, &r->unique,
        &r->since.value, &r->since.zone, &r->since.where, &r->since.form,
        &r->since.shown, &r->header.code[0], &r->header.code[1],
        &r->header.code[2], &r->header.text, &r->header.time.value,
        &r->header.time.zone, &r->header.time.where, &r->header.time.form,
        &r->header.time.shown
    };

    /* once to know where the record is, once with that as the anchor */
    rc = cxr_pattern_path(b, format, &r->path, CXR_PATTERN_RECORD, index,
                          &base);
    if (rc != CXR_OK) {
        return rc;
    }

    base.anchor = base.n;

    for (i = 0; i < b->patterns.n; i++) {
        if (b->patterns.items[i].kind == CXR_PATTERN_RECORD
            && b->patterns.items[i].index == index)
        {
            b->patterns.items[i].anchor = base.n;
        }
    }

    rc = cxr_pattern_values(b, &base, values, cxr_nelts(values));

    for (i = 0; rc == CXR_OK && i < r->events.n; i++) {
        rc = cxr_pattern_events(b, &base, &r->events.items[i]);
    }

    for (i = 0; rc == CXR_OK && i < r->errors.n; i++) {
        rc = cxr_pattern_error(b, &base, &r->errors.items[i]);
    }

    for (i = 0; rc == CXR_OK && i < r->overrides.n; i++) {
        rc = cxr_pattern_value(b, &base, &r->overrides.items[i].cond.value);
    }

    for (i = 0; rc == CXR_OK && i < r->ignores.n; i++) {
        rc = cxr_pattern_value(b, &base, &r->ignores.items[i].value);
    }

    return rc;
}


static cxr_rc_t
cxr_patterns_collect(cxr_build_t *b)
{
    uint32_t                  i, j;
    cxr_rc_t                  rc;
    cxr_pattern_t             base, none;
    const cxr_profile_t      *p = b->profile;
    const cxr_format_rule_t  *f;

    memset(&none, 0, sizeof(cxr_pattern_t));

    for (i = 0; i < p->formats.n; i++) {
        f = &p->formats.items[i];

        rc = cxr_pattern_path(b, &none, &f->path, CXR_PATTERN_FORMAT, i,
                              &base);
        if (rc != CXR_OK) {
            return rc;
        }

        base.anchor = base.n;

        for (j = 0; rc == CXR_OK && j < f->errors.n; j++) {
            rc = cxr_pattern_error(b, &base, &f->errors.items[j]);
        }

        for (j = 0; rc == CXR_OK && j < p->reparses.n; j++) {
            if (p->reparses.items[j].format == i) {
                rc = cxr_pattern_path(b, &base, &p->reparses.items[j].path,
                                      CXR_PATTERN_REPARSE, j, NULL);
            }
        }

        for (j = 0; rc == CXR_OK && j < p->records.n; j++) {
            if (p->records.items[j].format == i) {
                rc = cxr_pattern_record(b, &base, j);
            }
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


static int
cxr_pos_order(const void *a, const void *b)
{
    uint32_t  x = *(const uint32_t *) a, y = *(const uint32_t *) b;

    return (x > y) - (x < y);
}


static void
cxr_posset_order(cxr_posset_t *set)
{
    uint32_t  i, n = 0;

    qsort(set->pos, set->n, sizeof(uint32_t), cxr_pos_order);

    set->hash = 2166136261u;

    for (i = 0; i < set->n; i++) {
        if (i == 0 || set->pos[i] != set->pos[n - 1]) {
            set->pos[n++] = set->pos[i];
            set->hash = (set->hash ^ set->pos[i]) * 16777619u;
        }
    }

    set->n = n;
}


/* What an element of the name does to the positions of "from". */
static void
cxr_posset_step(cxr_build_t *b, const cxr_posset_t *from, uint16_t name,
    cxr_posset_t *to)
{
    bool                  found = false;
    uint32_t              i, n, pat, at;
    const cxr_pattern_t  *p;

    to->n = 0;

    for (i = 0; i < from->n; i++) {
        pat = from->pos[i] >> CXR_POS_BITS;
        at = from->pos[i] & ((1u << CXR_POS_BITS) - 1);
        p = &b->patterns.items[pat];

        if (at == p->n) {
            continue;
        }

        if (p->steps[at].desc) {
            to->pos[to->n++] = from->pos[i];
        }

        if (p->steps[at].name == CXR_NAME_ANY || p->steps[at].name == name) {
            to->pos[to->n++] = from->pos[i] + 1;

            if (at + 1u == p->n && p->kind == CXR_PATTERN_FORMAT) {
                found = true;
            }
        }
    }

    if (found) {
        /* no format within a format: what it does not name below is dead */
        n = 0;

        for (i = 0; i < to->n; i++) {
            if ((to->pos[i] & ((1u << CXR_POS_BITS) - 1)) != 0) {
                to->pos[n++] = to->pos[i];
            }
        }

        to->n = n;
    }

    cxr_posset_order(to);
}


static cxr_rc_t
cxr_state_describe(cxr_build_t *b, const cxr_posset_t *set, cxr_state_t *st)
{
    uint32_t              i, at;
    uint16_t             *attr;
    const cxr_pattern_t  *p;

    memset(st, 0, sizeof(cxr_state_t));
    st->format = -1;

    for (i = 0; i < set->n; i++) {
        p = &b->patterns.items[set->pos[i] >> CXR_POS_BITS];
        at = set->pos[i] & ((1u << CXR_POS_BITS) - 1);

        /* a nested document's element is nothing to look back at by itself */

        if (p->kind == CXR_PATTERN_REPARSE) {
            if (at == p->n) {
                st->reparse = (uint8_t) (p->index + 1);
            }
            continue;
        }

        if (at > p->anchor
            || (at == p->anchor && at > 0 && at < p->n && p->steps[at].desc))
        {
            st->value = true;
        }

        if (at < p->n) {
            continue;
        }

        switch (p->kind) {
        case CXR_PATTERN_TEXT:
            st->text = true;
            break;

        case CXR_PATTERN_ATTR:
            attr = cxr_list_push(b->profile->arena, &st->attrs,
                                 sizeof(uint16_t));
            if (attr == NULL) {
                return cxr_diag(b->diag, CXR_NOMEM, "", "out of memory");
            }

            *attr = p->attr;
            break;

        case CXR_PATTERN_RECORD:
            st->records |= 1u << p->index;
            break;

        case CXR_PATTERN_FORMAT:
            if (st->format == -1) {
                st->format = (int16_t) p->index;
            }
            break;

        default:
            break;
        }
    }

    return CXR_OK;
}


static cxr_rc_t
cxr_state_find(cxr_build_t *b, const cxr_posset_t *set, uint16_t *id)
{
    uint32_t        i;
    cxr_rc_t        rc;
    cxr_posset_t   *s;
    cxr_profile_t  *p = b->profile;

    for (i = 0; i < p->nstates; i++) {
        s = &b->sets[i];

        if (s->hash == set->hash && s->n == set->n
            && (s->n == 0
                || memcmp(s->pos, set->pos, s->n * sizeof(uint32_t)) == 0))
        {
            *id = (uint16_t) i;
            return CXR_OK;
        }
    }

    if (p->nstates == CXR_STATES_MAX) {
        return cxr_diag(b->diag, CXR_LIMIT, "", "the paths make more than %d "
                        "states: use \"//\" and \"*\" less", CXR_STATES_MAX);
    }

    s = &b->sets[p->nstates];
    *s = *set;
    s->pos = cxr_alloc(b->scratch, set->n * sizeof(uint32_t));

    if (s->pos == NULL) {
        return cxr_diag(b->diag, CXR_NOMEM, "", "out of memory");
    }

    if (set->n > 0) {
        memcpy(s->pos, set->pos, set->n * sizeof(uint32_t));
    }

    rc = cxr_state_describe(b, s, &p->states[p->nstates]);
    *id = (uint16_t) p->nstates++;

    return rc;
}


static cxr_rc_t
cxr_states_make(cxr_build_t *b)
{
    uint16_t        id, *row;
    uint32_t        i, s;
    cxr_rc_t        rc;
    cxr_posset_t    set;
    cxr_profile_t  *p = b->profile;

    b->sets = cxr_calloc(b->scratch, CXR_STATES_MAX, sizeof(cxr_posset_t));
    p->states = cxr_calloc(p->arena, CXR_STATES_MAX, sizeof(cxr_state_t));
    set.pos = cxr_alloc(b->scratch,
                        (b->patterns.n * 2 * CXR_PATTERN_STEPS + 1)
                        * sizeof(uint32_t));

    if (b->sets == NULL || p->states == NULL || set.pos == NULL) {
        return cxr_diag(b->diag, CXR_NOMEM, "", "out of memory");
    }

    set.n = 0;
    cxr_posset_order(&set);

    rc = cxr_state_find(b, &set, &id);    /* the first: CXR_STATE_DEAD */
    if (rc != CXR_OK) {
        return rc;
    }

    for (i = 0; i < b->patterns.n; i++) {
        set.pos[set.n++] = i << CXR_POS_BITS;
    }

    cxr_posset_order(&set);

    rc = cxr_state_find(b, &set, &p->start);
    if (rc != CXR_OK) {
        return rc;
    }

    for (s = 0; s < p->nstates; s++) {
        row = cxr_calloc(p->arena, p->names.n, sizeof(uint16_t));
        if (row == NULL) {
            return cxr_diag(b->diag, CXR_NOMEM, "", "out of memory");
        }

        for (i = 0; i < p->names.n; i++) {
            cxr_posset_step(b, &b->sets[s], (uint16_t) i, &set);

            rc = cxr_state_find(b, &set, &row[i]);
            if (rc != CXR_OK) {
                return rc;
            }
        }

        p->states[s].next = row;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_matcher_build(cxr_profile_t *p, cxr_diag_t *d)
{
    cxr_rc_t     rc;
    cxr_build_t  b;

    memset(&b, 0, sizeof(cxr_build_t));

    b.profile = p;
    b.diag = d;
    b.scratch = cxr_arena_create(CXR_PROFILE_ARENA);

    if (b.scratch == NULL) {
        return cxr_diag(d, CXR_NOMEM, "", "out of memory");
    }

    rc = cxr_patterns_collect(&b);

    if (rc == CXR_OK) {
        rc = cxr_states_make(&b);
    }

    cxr_arena_destroy(b.scratch);

    return rc;
}
