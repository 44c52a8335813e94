
/*
 * Paths and values over the tape.
 */

#include <stdlib.h>

#include "cxr_feed_private.h"
#include "cxr_text.h"


/* true: stop.  "named": the value is the element's name. */
typedef bool (*cxr_visit_pt)(cxr_feed_t *f, void *ctx, uint32_t node,
    bool named);

static bool cxr_walk(cxr_feed_t *f, const cxr_path_t *path, uint32_t step,
    uint32_t node, cxr_visit_pt visit, void *ctx);


static inline cxr_str_t
cxr_node_text(const cxr_feed_t *f, const cxr_node_t *n)
{
    uint32_t   i;
    cxr_str_t  s;

    if (n->len == 0 || (n->flags & CXR_NODE_NIL)) {
        return CXR_STR_NONE;
    }

    s = cxr_str_trim(cxr_strn(f->text + n->text, n->len));

    for (i = 0; i < f->profile->nulls.n; i++) {
        if (cxr_str_eq(s, f->profile->nulls.items[i])) {
            return CXR_STR_NONE;
        }
    }

    return s;
}


static cxr_str_t
cxr_node_value(const cxr_feed_t *f, uint32_t node, bool named)
{
    const cxr_node_t  *n = &f->nodes[node];

    return named ? cxr_strz(n->local) : cxr_node_text(f, n);
}


static bool
cxr_visit_has(cxr_feed_t *f, void *ctx, uint32_t node, bool named)
{
    return (f->nodes[node].flags & CXR_NODE_CHILDREN) != 0
           || cxr_node_value(f, node, named).len > 0;
}


typedef struct {
    cxr_str_t  text;
    bool       equal;
} cxr_visit_cmp_t;


static bool
cxr_visit_cmp(cxr_feed_t *f, void *ctx, uint32_t node, bool named)
{
    cxr_str_t         s = cxr_node_value(f, node, named);
    cxr_visit_cmp_t  *cmp = ctx;

    return s.len > 0 && cxr_str_eq(s, cmp->text) == cmp->equal;
}


static bool
cxr_has(cxr_feed_t *f, const cxr_path_t *path, uint32_t node)
{
    const cxr_step_t  *first = &path->steps.items[0];

    /* "*": also children that are not kept */
    if (path->steps.n == 1 && first->axis == CXR_AXIS_CHILD
        && first->name == CXR_NAME_ANY && first->preds.n == 0)
    {
        return (f->nodes[node].flags & CXR_NODE_CHILDREN) != 0;
    }

    return cxr_walk(f, path, 0, node, cxr_visit_has, NULL);
}


/* "pos" counts what came as far as each predicate, "last" is the total there */
static bool
cxr_preds_pass(cxr_feed_t *f, const cxr_step_t *step, uint32_t node,
    uint32_t *pos, uint32_t last)
{
    bool                ok;
    uint32_t            i;
    cxr_visit_cmp_t     cmp;
    const cxr_pred_t   *p;

    for (i = 0; i < step->preds.n; i++) {
        p = &step->preds.items[i];

        if (pos != NULL) {
            pos[i]++;
        }

        switch (p->kind) {
        case CXR_PRED_POS:
            ok = pos != NULL && pos[i] == p->pos;
            break;

        case CXR_PRED_LAST:
            ok = pos != NULL && pos[i] == last;
            break;

        case CXR_PRED_HAS:
            ok = cxr_has(f, &p->path, node);
            break;

        case CXR_PRED_NOT:
            ok = !cxr_has(f, &p->path, node);
            break;

        default:
            cmp.text = p->text;
            cmp.equal = p->kind == CXR_PRED_EQ;
            ok = cxr_walk(f, &p->path, 0, node, cxr_visit_cmp, &cmp);
            break;
        }

        if (!ok) {
            return false;
        }
    }

    return true;
}


bool
cxr_preds_hold(cxr_feed_t *f, const cxr_step_t *step, uint32_t node)
{
    return cxr_preds_pass(f, step, node, NULL, 0);
}


static inline bool
cxr_name_fits(const cxr_node_t *n, uint16_t name)
{
    return n->name == name
           || (name == CXR_NAME_ANY && (n->name & CXR_NAME_ATTR) == 0);
}


static bool
cxr_walk_children(cxr_feed_t *f, const cxr_path_t *path, uint32_t step,
    uint32_t node, cxr_visit_pt visit, void *ctx)
{
    uint32_t           i, pass, last = 0, k;
    uint32_t           pos[CXR_PREDS_MAX];
    const cxr_step_t  *s = &path->steps.items[step];

    if (s->preds.n == 0) {
        for (i = node + 1; i < f->nodes[node].end; i = f->nodes[i].end) {
            if (cxr_name_fits(&f->nodes[i], s->name)
                && cxr_walk(f, path, step + 1, i, visit, ctx))
            {
                return true;
            }
        }

        return false;
    }

    /* "last()" needs to know how many there are: a first pass counts */
    for (pass = 0; pass < 2; pass++) {
        memset(pos, 0, sizeof(pos));

        if (pass == 0 && !s->counts) {
            continue;
        }

        for (i = node + 1; i < f->nodes[node].end; i = f->nodes[i].end) {
            if (cxr_name_fits(&f->nodes[i], s->name)
                && cxr_preds_pass(f, s, i, pos, last) && pass == 1
                && cxr_walk(f, path, step + 1, i, visit, ctx))
            {
                return true;
            }
        }

        for (k = 0; pass == 0 && k < s->preds.n; k++) {
            if (s->preds.items[k].kind == CXR_PRED_LAST) {
                last = pos[k];
                break;
            }
        }
    }

    return false;
}


static bool
cxr_walk_sibling(cxr_feed_t *f, const cxr_path_t *path, uint32_t step,
    uint32_t node, cxr_visit_pt visit, void *ctx)
{
    uint32_t           i, end;
    const cxr_step_t  *s = &path->steps.items[step];

    if (f->nodes[node].parent == CXR_NODE_NONE) {
        return false;
    }

    if (s->axis == CXR_AXIS_PREV) {
        for (i = f->nodes[node].prev;
             i != CXR_NODE_NONE;
             i = f->nodes[i].prev)
        {
            if (cxr_name_fits(&f->nodes[i], s->name)) {
                return cxr_preds_hold(f, s, i)
                       && cxr_walk(f, path, step + 1, i, visit, ctx);
            }

            if (f->nodes[i].name == f->fence) {
                return false;
            }
        }

        return false;
    }

    end = f->nodes[f->nodes[node].parent].end;

    for (i = f->nodes[node].end; i < end; i = f->nodes[i].end) {
        if (cxr_name_fits(&f->nodes[i], s->name)) {
            return cxr_preds_hold(f, s, i)
                   && cxr_walk(f, path, step + 1, i, visit, ctx);
        }

        if (f->nodes[i].name == f->fence) {
            return false;
        }
    }

    return false;
}


static bool
cxr_walk(cxr_feed_t *f, const cxr_path_t *path, uint32_t step, uint32_t node,
    cxr_visit_pt visit, void *ctx)
{
    uint32_t           i;
    const cxr_step_t  *s;

    if (step == path->steps.n) {
        return visit(f, ctx, node, false);
    }

    s = &path->steps.items[step];

    switch (s->axis) {
    case CXR_AXIS_CHILD:
        return cxr_walk_children(f, path, step, node, visit, ctx);

    case CXR_AXIS_ATTR:
        for (i = node + 1;
             i < f->nodes[node].end && (f->nodes[i].name & CXR_NAME_ATTR);
             i++)
        {
            if (f->nodes[i].name == (s->name | CXR_NAME_ATTR)) {
                return visit(f, ctx, i, false);
            }
        }

        return false;

    case CXR_AXIS_SELF:
        return cxr_preds_hold(f, s, node)
               && cxr_walk(f, path, step + 1, node, visit, ctx);

    case CXR_AXIS_PARENT:
        node = f->nodes[node].parent;
        return node != CXR_NODE_NONE && cxr_preds_hold(f, s, node)
               && cxr_walk(f, path, step + 1, node, visit, ctx);

    case CXR_AXIS_DESC:
        for (i = node + 1; i < f->nodes[node].end; i++) {
            if (cxr_name_fits(&f->nodes[i], s->name)
                && cxr_preds_hold(f, s, i)
                && cxr_walk(f, path, step + 1, i, visit, ctx))
            {
                return true;
            }
        }

        return false;

    case CXR_AXIS_NAME:
        return visit(f, ctx, node, true);

    default:
        return cxr_walk_sibling(f, path, step, node, visit, ctx);
    }
}


static bool
cxr_visit_node(cxr_feed_t *f, void *ctx, uint32_t node, bool named)
{
    uint32_t      cap, *p;
    cxr_nodes_t  *out = ctx;

    if (out->n == out->cap) {
        cap = out->cap ? out->cap * 2 : 32;
        p = cxr_alloc(f->lists, cap * sizeof(uint32_t));

        if (p == NULL) {
            out->cap = 0;
            return true;
        }

        if (out->n > 0) {
            memcpy(p, out->items, out->n * sizeof(uint32_t));
        }

        out->items = p;
        out->cap = cap;
    }

    out->items[out->n++] = node;

    return false;
}


static int
cxr_node_order(const void *a, const void *b)
{
    uint32_t  x = *(const uint32_t *) a, y = *(const uint32_t *) b;

    return (x > y) - (x < y);
}


cxr_rc_t
cxr_select(cxr_feed_t *f, const cxr_paths_t *paths, uint32_t base,
    cxr_nodes_t *out)
{
    uint32_t  i, n;

    memset(out, 0, sizeof(cxr_nodes_t));

    for (i = 0; i < paths->n; i++) {
        if (cxr_walk(f, &paths->items[i], 0, base, cxr_visit_node, out)) {
            return CXR_NOMEM;
        }
    }

    if (paths->n > 1 && out->n > 1) {
        qsort(out->items, out->n, sizeof(uint32_t), cxr_node_order);

        for (i = 1, n = 1; i < out->n; i++) {
            if (out->items[i] != out->items[n - 1]) {
                out->items[n++] = out->items[i];
            }
        }

        out->n = n;
    }

    return CXR_OK;
}


static bool
cxr_visit_value(cxr_feed_t *f, void *ctx, uint32_t node, bool named)
{
    cxr_str_t  *out = ctx;

    *out = cxr_node_value(f, node, named);

    return out->len > 0;
}


/* Most paths are the name of a child, and no more. */
static inline cxr_str_t
cxr_child_get(const cxr_feed_t *f, uint16_t name, uint32_t base)
{
    cxr_str_t          s;
    const cxr_node_t  *n, *first = f->nodes, *end;

    n = first + base;
    end = first + n->end;

    for (n++; n < end; n = first + n->end) {

        if (n->name == name) {
            s = cxr_node_text(f, n);

            if (s.len > 0) {
                return s;
            }
        }
    }

    return CXR_STR_NONE;
}


static inline cxr_str_t
cxr_part_get(cxr_feed_t *f, const cxr_part_t *part, uint32_t base)
{
    cxr_str_t  s = CXR_STR_NONE;

    if (part->child != 0) {
        return cxr_child_get(f, part->child, base);
    }

    if (part->literal) {
        return part->text;
    }

    if (part->request) {
        return f->request;
    }

    (void) cxr_walk(f, &part->path, 0, base, cxr_visit_value, &s);

    return s;
}


static cxr_str_t
cxr_alt_cut(cxr_feed_t *f, const cxr_alt_t *v, cxr_str_t s)
{
    char         as[CXR_AS_MAX];
    char        *copy;
    const char  *p;

    f->raw = s;

    if (s.len > 0 && v->after.len > 0) {
        p = memmem(s.data, s.len, v->after.data, v->after.len);
        if (p == NULL) {
            return CXR_STR_NONE;
        }

        p += v->after.len;
        s = cxr_strn(p, s.len - (size_t) (p - s.data));
    }

    if (s.len > 0 && v->until.len > 0) {
        p = memmem(s.data, s.len, v->until.data, v->until.len);
        if (p != NULL) {
            s.len = (size_t) (p - s.data);
        }
    }

    if (s.len > 0 && v->capture != NULL) {
        s = cxr_capture_run(v->capture, s);
    }

    s = cxr_str_trim(s);

    if (s.len == 0 || v->as == CXR_AS_TEXT) {
        return s;
    }

    s.len = cxr_as_digits(v->as, s, as);

    if (s.len == 0) {
        return CXR_STR_NONE;
    }

    copy = cxr_alloc(f->scratch, s.len);

    if (copy == NULL) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
        return CXR_STR_NONE;
    }

    memcpy(copy, as, s.len);

    return cxr_strn(copy, s.len);
}


/* the parts that are there, with what joins them between */
static cxr_str_t
cxr_alt_join(cxr_feed_t *f, const cxr_alt_t *a, uint32_t base)
{
    char       *p, *end;
    size_t      n = 0;
    uint32_t    i, k = 0;
    cxr_str_t   s, got[CXR_PARTS_MAX];

    for (i = 0; i < a->parts.n; i++) {
        s = cxr_part_get(f, &a->parts.items[i], base);

        if (s.len > 0) {
            n += s.len + a->join.len;
            got[k++] = s;

        } else if (!a->parts.items[i].optional) {
            return CXR_STR_NONE;
        }
    }

    if (k < 2) {
        return k == 1 ? cxr_str_trim(got[0]) : CXR_STR_NONE;
    }

    p = cxr_alloc(f->scratch, n);
    if (p == NULL) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
        return CXR_STR_NONE;
    }

    end = cxr_str_put(p, got[0]);

    for (i = 1; i < k; i++) {
        end = cxr_str_put(cxr_str_put(end, a->join), got[i]);
    }

    return cxr_str_trim(cxr_strn(p, (size_t) (end - p)));
}


cxr_str_t
cxr_value_alt(cxr_feed_t *f, const cxr_value_t *v, uint32_t alt,
    uint32_t base)
{
    cxr_str_t         s;
    const cxr_alt_t  *a = &v->alts.items[alt];

    s = a->parts.n == 1 ? cxr_part_get(f, &a->parts.items[0], base)
                        : cxr_alt_join(f, a, base);

    return a->cuts ? cxr_alt_cut(f, a, s) : s;
}


cxr_str_t
cxr_value_get(cxr_feed_t *f, const cxr_value_t *v, uint32_t base)
{
    uint32_t   i;
    cxr_str_t  s = CXR_STR_NONE;

    if (v->child != 0 && f->trace == NULL) {
        return cxr_child_get(f, v->child, base);
    }

    f->raw = CXR_STR_NONE;

    for (i = 0; i < v->alts.n; i++) {
        s = cxr_value_alt(f, v, i, base);

        if (s.len > 0) {
            break;
        }
    }

    if (f->trace != NULL && v->field != NULL && v->alts.n > 0) {
        cxr_trace_value(f, v, i, s);
    }

    return s;
}


bool
cxr_cond_holds(cxr_feed_t *f, const cxr_cond_t *c, uint32_t base)
{
    uint32_t   i;
    cxr_str_t  s, item;

    s = cxr_value_get(f, &c->value, base);

    if (c->op == CXR_COND_PRESENT || c->op == CXR_COND_ABSENT) {
        return (s.len > 0) == (c->op == CXR_COND_PRESENT);
    }

    if (s.len == 0
        || cxr_fold(f->scratch, s, f->profile->fold, &s) != CXR_OK)
    {
        return false;
    }

    for (i = 0; i < c->list.n; i++) {
        item = c->list.items[i];

        switch (c->op) {
        case CXR_COND_IS:
            if (cxr_str_eq(s, item)) {
                return true;
            }
            break;

        case CXR_COND_PREFIX:
            if (s.len >= item.len && memcmp(s.data, item.data, item.len) == 0)
            {
                return true;
            }
            break;

        default:
            if (memmem(s.data, s.len, item.data, item.len) != NULL) {
                return true;
            }
            break;
        }
    }

    return false;
}
