
/*
 * Folding into a compiled template what does not change from request to
 * request: the name of the shop, its addresses, the links of its foot.  What
 * was a value becomes text, a section of it is there or not, and texts that
 * come to stand beside each other are one.
 */

#include <stdlib.h>

#include "cxr_template_op.h"


#define FOLD_TREES_MAX   (64 * 1024 * 1024)
#define FOLD_RESULT_MAX  (32 * 1024 * 1024)
#define FOLD_NOWHERE     UINT32_MAX


typedef CXR_LIST_OF(cxr_op_t)  fold_ops_t;
typedef CXR_LIST_OF(uint32_t)  fold_places_t;

typedef struct {
    const cxr_template_t  *tpl;
    const cxr_type_t      *type;       /* whose structs are all "object"      */
    const void            *object;
    const cxr_type_t      *types[CXR_TEMPLATE_FRAMES];
    const void            *known[CXR_TEMPLATE_FRAMES];     /* or NULL         */
    cxr_arena_t           *trees;
    cxr_arena_t           *arena;      /* what stays                          */
    cxr_buf_t              text;
    size_t                 pending;    /* where text begins that no op has    */
    fold_ops_t             ops;
} fold_t;


static cxr_rc_t fold_range(fold_t *f, uint32_t i, uint32_t end);


static const cxr_field_t *
fold_field(const fold_t *f, const cxr_op_t *op)
{
    const cxr_type_t   *type = f->types[op->frame];
    const cxr_field_t  *field;

    for (field = type ? type->fields : NULL;
         field != NULL && field->name != NULL;
         field++)
    {
        if (field->offset == op->offset) {
            return field;
        }
    }

    return NULL;
}


/* All of an item of a list that does not change is as it is. */
static bool
fold_fixed(const fold_t *f, const cxr_op_t *op)
{
    const cxr_field_t  *field;

    if (f->known[op->frame] == NULL) {
        return false;
    }

    if (f->types[op->frame] != f->type) {
        return true;
    }

    field = fold_field(f, op);

    return field != NULL && (field->flags & CXR_FIELD_FIXED);
}


static bool
fold_reads(const cxr_op_t *op)
{
    return op->code != CXR_OP_END && op->code != CXR_OP_TEXT
           && op->code != CXR_OP_JUMP && op->code != CXR_OP_NEXT;
}


static bool
fold_branches(const cxr_op_t *op)
{
    return op->code == CXR_OP_IF || op->code == CXR_OP_UNLESS
           || op->code == CXR_OP_LOAD || op->code == CXR_OP_LIST
           || op->code == CXR_OP_NEXT || op->code == CXR_OP_JUMP;
}


/* What can be decided now. */
static bool
fold_folds(const fold_t *f, const cxr_op_t *op)
{
    return fold_reads(op) && fold_fixed(f, op);
}


/* Does anything that stays read the frame that the LOAD at "i" fills? */
static bool
fold_needed(fold_t *f, uint32_t i)
{
    uint32_t         k;
    const cxr_op_t  *load = &f->tpl->ops[i], *op;

    for (k = i + 1; k < load->jump; k++) {
        op = &f->tpl->ops[k];

        if (fold_reads(op) && op->frame == load->dst && !fold_folds(f, op)) {
            return true;
        }
    }

    return false;
}


static cxr_op_t *
fold_push(fold_t *f, const cxr_op_t *from)
{
    cxr_op_t  *op;

    op = cxr_list_push(f->trees, &f->ops, sizeof(cxr_op_t));

    if (op == NULL || f->ops.n > CXR_TEMPLATE_OPS_MAX
        || !cxr_buf_ok(&f->text))
    {
        return NULL;
    }

    if (from != NULL) {
        *op = *from;

    } else {
        op->code = CXR_OP_TEXT;
    }

    op->segment = (uint32_t) f->pending;            /* an offset until the end */
    op->ntext = (uint32_t) (f->text.len - f->pending);
    f->pending = f->text.len;

    return op;
}


/* A struct that is known: its lists are gone through here. */
static cxr_rc_t
fold_list(fold_t *f, uint32_t i, const char *field)
{
    cxr_rc_t               rc = CXR_OK;
    uint32_t               k;
    const cxr_op_t        *op = &f->tpl->ops[i], *next;
    const cxr_any_list_t  *list = (const cxr_any_list_t *) (const void *) field;

    next = &f->tpl->ops[op->jump - 1];

    for (k = 0; k < list->n && rc == CXR_OK; k++) {
        f->known[op->dst] = (const char *) list->items + (size_t) k * op->size;
        rc = fold_range(f, i + 1, op->jump - 1);
        cxr_buf_add(&f->text, next->text, next->ntext);
    }

    return rc;
}


/* The one case that holds; a JUMP behind it leads past the others. */
static cxr_rc_t
fold_plural(fold_t *f, const cxr_op_t *op, const char *field)
{
    cxr_rc_t                rc;
    uint32_t                i, from, end;
    const cxr_op_plural_t  *table = op->ref;

    from = cxr_template_case(f->tpl, op, field);
    end = table->end;

    for (i = 0; i < table->n; i++) {
        if (table->cases[i].jump > from && table->cases[i].jump < end) {
            end = table->cases[i].jump;
        }
    }

    rc = fold_range(f, from, end - 1);

    cxr_buf_add(&f->text, f->tpl->ops[end - 1].text,
                f->tpl->ops[end - 1].ntext);

    return rc;
}


/* One op that is decided now: where to go on. */
static cxr_rc_t
fold_now(fold_t *f, uint32_t *i)
{
    bool                holds;
    cxr_rc_t            rc = CXR_OK;
    const char         *field;
    const cxr_op_t     *op = &f->tpl->ops[*i];
    const cxr_field_t  *of = fold_field(f, op);

    field = (const char *) f->known[op->frame] + op->offset;

    switch (op->code) {

    case CXR_OP_IF:
    case CXR_OP_UNLESS:
        holds = cxr_template_holds(field, op->kind);
        *i = holds == (op->code == CXR_OP_IF) ? *i + 1 : op->jump;
        break;

    case CXR_OP_LOAD:
        f->types[op->dst] = of ? of->sub : NULL;
        f->known[op->dst] = *(const void *const *) (const void *) field;
        *i = f->known[op->dst] != NULL ? *i + 1 : op->jump;
        break;

    case CXR_OP_LIST:
        f->types[op->dst] = of ? of->sub : NULL;
        rc = fold_list(f, *i, field);
        f->known[op->dst] = NULL;
        *i = op->jump;
        break;

    case CXR_OP_PLURAL:
        rc = fold_plural(f, op, field);
        *i = ((const cxr_op_plural_t *) op->ref)->end;
        break;

    default:
        if (!cxr_template_write(f->tpl, op, field, &f->text)) {
            rc = CXR_NOMEM;
        }

        *i += 1;
        break;
    }

    return rc;
}


/* Where an op of the range went, by where it was. */
static bool
fold_moved(const uint32_t *at, uint32_t from, uint32_t end, uint32_t *jump)
{
    if (*jump < from || *jump > end || at[*jump - from] == FOLD_NOWHERE) {
        return false;
    }

    *jump = at[*jump - from];

    return true;
}


static cxr_rc_t
fold_patch(fold_t *f, const uint32_t *at, uint32_t from, uint32_t end,
    cxr_op_t *op)
{
    size_t            size;
    uint32_t          i;
    cxr_op_plural_t  *table;

    if (fold_branches(op)) {
        return fold_moved(at, from, end, &op->jump) ? CXR_OK : CXR_ERROR;
    }

    if (op->code != CXR_OP_PLURAL) {
        return CXR_OK;
    }

    size = sizeof(cxr_op_plural_t)
           + ((const cxr_op_plural_t *) op->ref)->n * sizeof(cxr_op_case_t);

    table = cxr_alloc(f->arena, size);
    if (table == NULL) {
        return CXR_NOMEM;
    }

    memcpy(table, op->ref, size);
    op->ref = table;

    for (i = 0; i < table->n; i++) {
        if (!fold_moved(at, from, end, &table->cases[i].jump)) {
            return CXR_ERROR;
        }
    }

    return fold_moved(at, from, end, &table->other)
           && fold_moved(at, from, end, &table->end) ? CXR_OK : CXR_ERROR;
}


/* An op that stays, unless it is a way to a struct that nobody goes. */
static cxr_rc_t
fold_stay(fold_t *f, uint32_t i, fold_places_t *mine)
{
    uint32_t           *place;
    const cxr_op_t     *op = &f->tpl->ops[i];
    const cxr_field_t  *of;

    if (op->code == CXR_OP_TEXT) {
        return CXR_OK;
    }

    if (op->code == CXR_OP_LOAD || op->code == CXR_OP_LIST) {
        of = fold_field(f, op);
        f->types[op->dst] = of ? of->sub : NULL;
        f->known[op->dst] = NULL;

        if (op->code == CXR_OP_LOAD && f->types[op->dst] == f->type) {
            f->known[op->dst] = f->object;

            if (!fold_needed(f, i)) {
                return CXR_OK;
            }
        }
    }

    place = cxr_list_push(f->trees, mine, sizeof(uint32_t));
    if (place == NULL || fold_push(f, op) == NULL) {
        return CXR_NOMEM;
    }

    *place = f->ops.n - 1;

    return CXR_OK;
}


/*
 * Ops "from" up to "end"; nothing jumps out of them.  Any of them may be where
 * something jumps to, so text before it gets an op of its own; fold_join() puts
 * together what nothing separates.
 */
static cxr_rc_t
fold_range(fold_t *f, uint32_t from, uint32_t end)
{
    cxr_rc_t         rc = CXR_OK;
    uint32_t         i, *at;
    fold_places_t    mine = { NULL, 0 };
    const cxr_op_t  *op;

    at = cxr_alloc(f->trees, ((size_t) end - from + 1) * sizeof(uint32_t));
    if (at == NULL) {
        return CXR_NOMEM;
    }

    memset(at, 0xff, ((size_t) end - from + 1) * sizeof(uint32_t));

    for (i = from; rc == CXR_OK; ) {

        if (f->pending != f->text.len && fold_push(f, NULL) == NULL) {
            return CXR_NOMEM;
        }

        at[i - from] = f->ops.n;

        if (i == end) {
            break;
        }

        op = &f->tpl->ops[i];
        cxr_buf_add(&f->text, op->text, op->ntext);

        if (fold_folds(f, op)) {
            rc = fold_now(f, &i);

        } else {
            rc = fold_stay(f, i, &mine);
            i++;
        }
    }

    for (i = 0; i < mine.n && rc == CXR_OK; i++) {
        rc = fold_patch(f, at, from, end, &f->ops.items[mine.items[i]]);
    }

    return rc;
}


/* Where something jumps to: a byte for each op. */
static uint8_t *
fold_aims(fold_t *f)
{
    uint8_t                *aims;
    uint32_t                i, k;
    const cxr_op_t         *op;
    const cxr_op_plural_t  *table;

    aims = cxr_calloc(f->trees, f->ops.n + 1, 1);

    for (i = 0; aims != NULL && i < f->ops.n; i++) {
        op = &f->ops.items[i];

        if (fold_branches(op)) {
            aims[op->jump] = 1;

        } else if (op->code == CXR_OP_PLURAL) {
            table = op->ref;
            aims[table->other] = 1;
            aims[table->end] = 1;

            for (k = 0; k < table->n; k++) {
                aims[table->cases[k].jump] = 1;
            }
        }
    }

    return aims;
}


/* Text that nothing comes between is one: it stands in one piece already. */
static cxr_rc_t
fold_join(fold_t *f)
{
    uint8_t          *aims;
    uint32_t          i, k, n, text = 0, *to;
    cxr_op_t         *op;
    cxr_op_plural_t  *table;

    aims = fold_aims(f);
    to = cxr_alloc(f->trees, (f->ops.n + 1) * sizeof(uint32_t));

    if (aims == NULL || to == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0, n = 0; i < f->ops.n; i++) {
        op = &f->ops.items[i];
        to[i] = n;
        text += op->ntext;

        if (op->code == CXR_OP_TEXT && !aims[i + 1]) {
            continue;
        }

        f->ops.items[n] = *op;
        f->ops.items[n].segment = op->segment + op->ntext - text;
        f->ops.items[n++].ntext = text;
        text = 0;
    }

    to[f->ops.n] = n;
    f->ops.n = n;

    for (i = 0; i < n; i++) {
        op = &f->ops.items[i];

        if (fold_branches(op)) {
            op->jump = to[op->jump];

        } else if (op->code == CXR_OP_PLURAL) {
            table = (cxr_op_plural_t *) op->ref;
            table->other = to[table->other];
            table->end = to[table->end];

            for (k = 0; k < table->n; k++) {
                table->cases[k].jump = to[table->cases[k].jump];
            }
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_template_fold(const cxr_template_t *tpl, const cxr_type_t *view,
    const cxr_type_t *type, const void *object, cxr_template_t **out)
{
    fold_t           *f;
    cxr_rc_t          rc = CXR_NOMEM;
    cxr_template_t   *folded;

    *out = NULL;

    f = calloc(1, sizeof(fold_t));
    folded = calloc(1, sizeof(cxr_template_t));

    if (f != NULL && folded != NULL) {
        f->arena = cxr_arena_create(FOLD_RESULT_MAX);
        f->trees = cxr_arena_create(FOLD_TREES_MAX);
        cxr_buf_init(&f->text, CXR_TEMPLATE_TEXT_MAX);
    }

    if (f != NULL && f->arena != NULL && f->trees != NULL) {
        f->tpl = tpl;
        f->type = type;
        f->object = object;
        f->types[0] = view;

        rc = fold_range(f, 0, tpl->nops);
    }

    if (rc == CXR_OK) {
        rc = fold_join(f);
    }

    if (rc == CXR_OK) {
        rc = cxr_template_settle(f->arena, f->ops.items, f->ops.n,
                                 cxr_buf_str(&f->text), folded);
    }

    if (rc == CXR_OK) {
        folded->lang = tpl->lang;
        f->arena = NULL;
        *out = folded;
        folded = NULL;
    }

    if (f != NULL) {
        cxr_buf_free(&f->text);
        cxr_arena_destroy(f->trees);
        cxr_arena_destroy(f->arena);
    }

    free(folded);
    free(f);

    return rc;
}
