
/* The compiler's walk over a template's tree: text, sections, partials. */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_template_bind.h"


#define COMPILE_TREES_MAX  (64 * 1024 * 1024)
#define COMPILE_RESULT_MAX (32 * 1024 * 1024)
#define COMPILE_LANG       5           /* bytes of "lang."                    */


typedef struct blocks_s  blocks_t;

struct blocks_s {
    const cxr_node_t  *parent;
    const blocks_t    *up;
};


static cxr_rc_t compile_nodes(cxr_compiler_t *c, const cxr_nodes_t *nodes,
    const blocks_t *blocks);


/* The place of byte "at" of a text node, which is of one line. */
static cxr_node_t
compile_place(const cxr_node_t *node, size_t at)
{
    cxr_node_t  place = *node;

    place.column += (unsigned) at;

    return place;
}


/* Run by run, so that it is known where what stays open began. */
static cxr_rc_t
compile_text(cxr_compiler_t *c, const cxr_node_t *node)
{
    size_t       i, at, n;
    cxr_node_t   place;
    const char  *why;

    for (i = 0; i < node->text.len; i += n) {
        for (n = 1; i + n < node->text.len
                    && memchr("<\"^", node->text.data[i + n], 3) == NULL; n++);

        if (cxr_markup_end(&c->markup) == NULL) {
            c->open = compile_place(node, i);
        }

        why = cxr_markup_text(&c->markup, cxr_strn(node->text.data + i, n),
                              &at);
        if (why != NULL) {
            place = compile_place(node, i + at);
            return cxr_compile_fail(c, &place, CXR_INVALID, "%s", why);
        }
    }

    cxr_buf_adds(&c->text, node->text);

    if (!cxr_buf_ok(&c->text)) {
        return cxr_compile_fail(c, node, CXR_LIMIT, "the template has more "
                                "than %d bytes of text",
                                CXR_TEMPLATE_TEXT_MAX);
    }

    return CXR_OK;
}


static cxr_rc_t
compile_push(cxr_compiler_t *c, const cxr_node_t *node,
    const cxr_context_t *ctx)
{
    if (c->ncontext == CXR_CONTEXT_MAX) {
        return cxr_compile_fail(c, node, CXR_LIMIT, "\"%.*s\" is in too many "
                                "sections", cxr_str_arg(node->text));
    }

    c->context[c->ncontext++] = *ctx;

    return CXR_OK;
}


static cxr_rc_t
compile_join(cxr_compiler_t *c, const cxr_node_t *node, cxr_markup_t *before,
    bool loop)
{
    if (!cxr_markup_join(before, &c->markup, loop)) {
        return cxr_compile_fail(c, node, CXR_INVALID, "the section \"%.*s\" "
                                "does not end in the same place of the markup "
                                "where it began: a tag, an attribute or a "
                                "string is left open or closed in it, and is "
                                "to be in it as a whole",
                                cxr_str_arg(node->text));
    }

    c->markup = *before;

    return CXR_OK;
}


/* The items of a LIST or STRS. */
static cxr_rc_t
compile_list(cxr_compiler_t *c, const cxr_node_t *node, const cxr_ref_t *ref,
    const blocks_t *blocks)
{
    bool            strs = ref->value.kind == CXR_F_STRS;
    cxr_op_t       *op;
    cxr_rc_t        rc;
    uint32_t        list, label, size;
    unsigned        frame;
    cxr_markup_t    before = c->markup;
    cxr_context_t   ctx;

    size = strs ? (uint32_t) sizeof(cxr_str_t) : ref->value.field->sub->size;

    rc = cxr_compile_frame(c, node, &frame);
    if (rc != CXR_OK) {
        return rc;
    }

    op = cxr_compile_op(c, node, CXR_OP_LIST);
    if (op == NULL) {
        return CXR_LIMIT;
    }

    list = c->ops.n - 1;
    op->frame = (uint8_t) ref->value.frame;
    op->offset = ref->value.offset;
    op->dst = (uint8_t) frame;
    op->size = size;

    memset(&ctx, 0, sizeof(cxr_context_t));
    ctx.frame = frame;

    if (strs) {
        ctx.kind = CXR_F_STR;
        ctx.flags = ref->value.flags;

    } else {
        ctx.type = ref->value.field->sub;
    }

    rc = compile_push(c, node, &ctx);
    if (rc == CXR_OK) {
        rc = compile_nodes(c, &node->children, blocks);
        c->ncontext--;
    }

    if (rc == CXR_OK) {
        rc = compile_join(c, node, &before, true);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    op = cxr_compile_op(c, node, CXR_OP_NEXT);
    if (op == NULL) {
        return CXR_LIMIT;
    }

    op->dst = (uint8_t) frame;
    op->size = size;
    op->jump = list + 1;

    label = c->ops.n;
    c->ops.items[list].jump = label;
    cxr_compile_patch(c, ref, label);

    return CXR_OK;
}


/* A section that is rendered once or not at all. */
static cxr_rc_t
compile_once(cxr_compiler_t *c, const cxr_node_t *node, const cxr_ref_t *ref,
    const blocks_t *blocks)
{
    bool            rec = ref->value.kind == CXR_F_REC;
    cxr_op_t       *op;
    cxr_rc_t        rc;
    uint32_t        test, label;
    unsigned        frame = 0;
    cxr_markup_t    before = c->markup;
    cxr_context_t   ctx = ref->value;

    if (rec) {
        rc = cxr_compile_frame(c, node, &frame);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    op = cxr_compile_op(c, node, rec ? CXR_OP_LOAD : CXR_OP_IF);
    if (op == NULL) {
        return CXR_LIMIT;
    }

    test = c->ops.n - 1;
    op->kind = (uint8_t) ref->value.kind;
    op->frame = (uint8_t) ref->value.frame;
    op->offset = ref->value.offset;
    op->dst = (uint8_t) frame;

    if (rec) {
        memset(&ctx, 0, sizeof(cxr_context_t));
        ctx.type = ref->value.field->sub;
        ctx.frame = frame;
    }

    rc = compile_push(c, node, &ctx);
    if (rc == CXR_OK) {
        rc = compile_nodes(c, &node->children, blocks);
        c->ncontext--;
    }

    if (rc == CXR_OK) {
        rc = compile_join(c, node, &before, false);
    }

    if (rc == CXR_OK) {
        rc = cxr_compile_label(c, node, &label);
    }

    if (rc == CXR_OK) {
        c->ops.items[test].jump = label;
        cxr_compile_patch(c, ref, label);
    }

    return rc;
}


static cxr_rc_t
compile_inverted(cxr_compiler_t *c, const cxr_node_t *node,
    const cxr_ref_t *ref, const blocks_t *blocks)
{
    cxr_op_t       *op;
    cxr_rc_t        rc;
    uint32_t        test, label;
    cxr_markup_t    before = c->markup;

    op = cxr_compile_op(c, node, CXR_OP_UNLESS);
    if (op == NULL) {
        return CXR_LIMIT;
    }

    test = c->ops.n - 1;
    op->kind = (uint8_t) ref->value.kind;
    op->frame = (uint8_t) ref->value.frame;
    op->offset = ref->value.offset;

    cxr_compile_patch(c, ref, c->ops.n);

    rc = compile_nodes(c, &node->children, blocks);

    if (rc == CXR_OK) {
        rc = compile_join(c, node, &before, false);
    }

    if (rc == CXR_OK) {
        rc = cxr_compile_label(c, node, &label);
    }

    if (rc == CXR_OK) {
        c->ops.items[test].jump = label;
    }

    return rc;
}


/* {{#lang.tr}}: in or out, once and for all, since each language has its own. */
static cxr_rc_t
compile_lang(cxr_compiler_t *c, const cxr_node_t *node, const blocks_t *blocks)
{
    bool       same;
    char       known[120];
    cxr_str_t  code;

    code = cxr_strn(node->text.data + COMPILE_LANG,
                    node->text.len - COMPILE_LANG);

    if (c->lang == NULL) {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" asks for a "
                                "language, but the template is compiled "
                                "without one", cxr_str_arg(node->text));
    }

    same = cxr_str_eq(code, cxr_lang_code(c->lang));

    if (!same && !cxr_templates_speak(c->set, code, known, sizeof(known))) {
        return cxr_compile_fail(c, node, CXR_INVALID, "there is no language "
                                "\"%.*s\" (there are: %s)", cxr_str_arg(code),
                                known);
    }

    return same == (node->kind == CXR_NODE_SECTION)
           ? compile_nodes(c, &node->children, blocks) : CXR_OK;
}


static cxr_rc_t
compile_section(cxr_compiler_t *c, const cxr_node_t *node,
    const blocks_t *blocks)
{
    cxr_rc_t     rc;
    unsigned     frames = c->nframes;
    cxr_ref_t    ref;
    const char  *why;

    if (node->text.len > COMPILE_LANG
        && memcmp(node->text.data, "lang.", COMPILE_LANG) == 0)
    {
        return compile_lang(c, node, blocks);
    }

    why = cxr_markup_section(&c->markup);
    if (why != NULL) {
        return cxr_compile_fail(c, node, CXR_INVALID, "%s", why);
    }

    if (c->nest == CXR_TEMPLATE_NEST_MAX) {
        return cxr_compile_fail(c, node, CXR_LIMIT, "\"%.*s\" is in more than "
                                "%d sections", cxr_str_arg(node->text),
                                CXR_TEMPLATE_NEST_MAX);
    }

    rc = cxr_compile_resolve(c, node, node->text, &ref);
    if (rc != CXR_OK) {
        return rc;
    }

    if (ref.value.kind == CXR_F_ENUM || ref.value.kind == CXR_F_BYTES) {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" cannot be a "
                                "section: let the view hold a BOOL",
                                cxr_str_arg(node->text));
    }

    c->nest++;

    if (node->kind == CXR_NODE_INVERTED) {
        rc = compile_inverted(c, node, &ref, blocks);

    } else if (ref.value.kind == CXR_F_LIST || ref.value.kind == CXR_F_STRS) {
        rc = compile_list(c, node, &ref, blocks);

    } else {
        rc = compile_once(c, node, &ref, blocks);
    }

    c->nest--;
    c->nframes = frames;

    return rc;
}


/* "a.html > b.html > a.html" */
static void
compile_chain(const cxr_compiler_t *c, const char *last, char *out,
    size_t size)
{
    size_t    n = 0;
    unsigned  i;

    for (i = 0; i < c->deep && n < size; i++) {
        n += (size_t) snprintf(out + n, size - n, "%s > ", c->within[i]);
    }

    if (n < size) {
        snprintf(out + n, size - n, "%s", last);
    }
}


/* A file in the place of a tag, or the whole template ("node" says which). */
static cxr_rc_t
compile_file(cxr_compiler_t *c, const cxr_node_t *node, const char *name,
    const blocks_t *blocks)
{
    char          chain[200];
    cxr_rc_t      rc;
    unsigned      i;
    cxr_nodes_t   nodes;
    cxr_source_t  src;

    for (i = 0; i < c->deep; i++) {
        if (strcmp(c->within[i], name) == 0) {
            break;
        }
    }

    if (i < c->deep || c->deep == CXR_TEMPLATE_DEEP_MAX) {
        compile_chain(c, name, chain, sizeof(chain));

        return cxr_compile_fail(c, node, i < c->deep ? CXR_INVALID : CXR_LIMIT,
                                "the template \"%s\" %s: %s", name,
                                i < c->deep ? "is inside itself"
                                            : "is in too many others", chain);
    }

    memset(&src, 0, sizeof(cxr_source_t));
    src.line = 1;

    rc = cxr_templates_file(c->set, name, &src.text, &src.file, c->diag);
    if (rc != CXR_OK) {
        if (c->diag != NULL && c->diag->file[0] == '\0') {
            cxr_diag_place(c->diag, node->file, node->line, node->column);
        }

        return rc;
    }

    rc = cxr_template_indent(src.text, 0, node->indent, true, c->trees,
                             &src.text);
    if (rc != CXR_OK) {
        return cxr_compile_fail(c, node, rc, "\"%s\" is too large", name);
    }

    rc = cxr_template_parse(&src, c->trees, &nodes, c->diag);
    if (rc != CXR_OK) {
        return rc;
    }

    c->within[c->deep++] = name;
    rc = compile_nodes(c, &nodes, blocks);
    c->deep--;

    return rc;
}


static cxr_rc_t
compile_partial(cxr_compiler_t *c, const cxr_node_t *node,
    const blocks_t *blocks)
{
    char         *name;
    cxr_str_t     s;
    const char   *base;

    s = node->text;

    if (s.len != 0 && s.data[0] == '*') {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\": which "
                                "template it is cannot come from the data: "
                                "let sections choose", cxr_str_arg(s));
    }

    base = memrchr(s.data, '/', s.len);
    base = base ? base : s.data;

    s = memchr(base, '.', (size_t) (s.data + s.len - base)) != NULL
        ? cxr_sprintf(c->trees, "%.*s", cxr_str_arg(s))
        : cxr_sprintf(c->trees, "%.*s%s", cxr_str_arg(s), c->ext);

    name = s.data ? cxr_strz_dup(c->trees, s) : NULL;
    if (name == NULL) {
        return cxr_compile_fail(c, node, CXR_NOMEM, "out of memory");
    }

    return compile_file(c, node, name, blocks);
}


/* The outermost layout that gives the block decides. */
static cxr_rc_t
compile_block(cxr_compiler_t *c, const cxr_node_t *node,
    const blocks_t *blocks)
{
    cxr_rc_t           rc;
    cxr_nodes_t        nodes;
    cxr_source_t       src;
    const blocks_t    *b, *by = NULL;
    const cxr_node_t  *one, *given = NULL;

    for (b = blocks; b != NULL; b = b->up) {
        one = cxr_template_block(b->parent, node->text);
        if (one != NULL) {
            given = one;
            by = b;
        }
    }

    if (given == NULL) {
        return compile_nodes(c, &node->children, blocks);
    }

    if (c->blocks == CXR_TEMPLATE_DEEP_MAX) {
        return cxr_compile_fail(c, node, CXR_LIMIT, "the block \"%.*s\" is in "
                                "too many others", cxr_str_arg(node->text));
    }

    rc = cxr_template_override(given, node, c->trees, &src);
    if (rc != CXR_OK) {
        return cxr_compile_fail(c, node, rc, "the block \"%.*s\" is too large",
                                cxr_str_arg(node->text));
    }

    rc = cxr_template_parse(&src, c->trees, &nodes, c->diag);
    if (rc != CXR_OK) {
        return rc;
    }

    c->blocks++;
    rc = compile_nodes(c, &nodes, by->up);
    c->blocks--;

    return rc;
}


static cxr_rc_t
compile_nodes(cxr_compiler_t *c, const cxr_nodes_t *nodes,
    const blocks_t *blocks)
{
    cxr_rc_t           rc = CXR_OK;
    uint32_t           i;
    blocks_t           layout;
    cxr_str_t          key;
    const cxr_node_t  *node;

    for (i = 0; i < nodes->n && rc == CXR_OK; i++) {
        node = &nodes->items[i];

        switch (node->kind) {

        case CXR_NODE_TEXT:
            rc = compile_text(c, node);
            break;

        case CXR_NODE_VALUE:
        case CXR_NODE_RAW:
            if (node->text.len > 2 && memcmp(node->text.data, "t.", 2) == 0) {
                if (node->kind == CXR_NODE_RAW) {
                    rc = cxr_compile_fail(c, node, CXR_INVALID, "the text "
                                          "\"%.*s\" may not be written raw: "
                                          "write {{%.*s}}",
                                          cxr_str_arg(node->text),
                                          cxr_str_arg(node->text));
                    break;
                }

                key = cxr_strn(node->text.data + 2, node->text.len - 2);
                rc = cxr_compile_translation(c, node, key);
                break;
            }

            rc = cxr_compile_value(c, node, node->text,
                                   node->kind == CXR_NODE_RAW, false);
            break;

        case CXR_NODE_SECTION:
        case CXR_NODE_INVERTED:
            rc = compile_section(c, node, blocks);
            break;

        case CXR_NODE_PARTIAL:
            rc = compile_partial(c, node, blocks);
            break;

        case CXR_NODE_PARENT:
            layout.parent = node;
            layout.up = blocks;
            rc = compile_partial(c, node, &layout);
            break;

        case CXR_NODE_BLOCK:
            rc = compile_block(c, node, blocks);
            break;
        }
    }

    return rc;
}


cxr_rc_t
cxr_template_settle(cxr_arena_t *arena, const cxr_op_t *from, uint32_t n,
    cxr_str_t from_text, cxr_template_t *tpl)
{
    char       *text;
    cxr_op_t   *ops;
    uint32_t    i, k = 0;
    cxr_str_t  *segments;

    ops = cxr_alloc(arena, n * sizeof(cxr_op_t));
    segments = cxr_alloc(arena, n * sizeof(cxr_str_t));
    text = cxr_calloc(arena, 1, from_text.len + CXR_TEMPLATE_PAST);

    if (ops == NULL || segments == NULL || text == NULL) {
        return CXR_NOMEM;
    }

    if (from_text.len != 0) {
        memcpy(text, from_text.data, from_text.len);
    }

    memcpy(ops, from, n * sizeof(cxr_op_t));

    for (i = 0; i < n; i++) {
        ops[i].text = text + ops[i].segment;
        ops[i].segment = k;

        if (ops[i].ntext != 0) {
            segments[k++] = cxr_strn(ops[i].text, ops[i].ntext);
        }
    }

    tpl->arena = arena;
    tpl->ops = ops;
    tpl->nops = n;
    tpl->segments = segments;
    tpl->nsegments = k;
    tpl->static_size = from_text.len;

    return CXR_OK;
}


static cxr_rc_t
compile_finish(cxr_compiler_t *c, const cxr_node_t *node, cxr_template_t *tpl)
{
    if (cxr_compile_op(c, node, CXR_OP_END) == NULL) {
        return CXR_LIMIT;
    }

    tpl->lang = c->lang;

    if (cxr_template_settle(c->arena, c->ops.items, c->ops.n,
                            cxr_buf_str(&c->text), tpl)
        != CXR_OK)
    {
        return cxr_compile_fail(c, node, CXR_NOMEM, "out of memory");
    }

    return CXR_OK;
}


static bool
compile_kind(const char *name, const char **ext, cxr_markup_kind_t *kind)
{
    unsigned  i;

    static const struct {
        const char         *ext;
        cxr_markup_kind_t   kind;
    } kinds[] = {
        { ".html",   CXR_MARKUP_HTML },
        { ".svg",    CXR_MARKUP_HTML },
        { ".json",   CXR_MARKUP_JSON },
        { ".jsonld", CXR_MARKUP_JSON },
        { ".txt",    CXR_MARKUP_TEXT },
        { ".csv",    CXR_MARKUP_CSV },
        { ".zpl",    CXR_MARKUP_ZPL }
    };

    *ext = strrchr(name, '.');

    for (i = 0; *ext != NULL && i < cxr_nelts(kinds); i++) {
        if (strcmp(*ext, kinds[i].ext) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    }

    return false;
}


cxr_rc_t
cxr_template_compile(cxr_templates_t *set, const char *name,
    const cxr_lang_t *lang, const cxr_type_t *view, cxr_template_t **out,
    cxr_diag_t *d)
{
    cxr_rc_t            rc;
    cxr_node_t          whole;
    const char         *why;
    cxr_template_t     *tpl;
    cxr_compiler_t     *c;
    cxr_markup_kind_t   kind;

    *out = NULL;

    c = calloc(1, sizeof(cxr_compiler_t));
    tpl = calloc(1, sizeof(cxr_template_t));

    if (c != NULL && tpl != NULL) {
        c->arena = cxr_arena_create(COMPILE_RESULT_MAX);
        c->trees = cxr_arena_create(COMPILE_TREES_MAX);
    }

    if (c == NULL || tpl == NULL || c->arena == NULL || c->trees == NULL) {
        rc = cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
        goto failed;
    }

    c->set = set;
    c->lang = lang;
    c->diag = d;

    memset(&whole, 0, sizeof(cxr_node_t));
    whole.file = name;
    whole.text = cxr_strz(name);

    cxr_buf_init(&c->text, CXR_TEMPLATE_TEXT_MAX);

    if (!compile_kind(name, &c->ext, &kind)) {
        rc = cxr_compile_fail(c, &whole, CXR_INVALID, "the template's name "
                              "\"%.100s\" ends in none of .html .svg .json "
                              ".jsonld .txt .csv .zpl", name);
        goto failed;
    }

    cxr_markup_init(&c->markup, kind);

    c->context[0].type = view;
    c->ncontext = 1;
    c->nframes = 1;

    if (d != NULL) {
        memset(d, 0, sizeof(cxr_diag_t));
    }

    rc = compile_file(c, &whole, name, NULL);

    if (rc == CXR_OK) {
        why = cxr_markup_end(&c->markup);
        if (why != NULL) {
            rc = cxr_compile_fail(c, &c->open, CXR_INVALID, "%s", why);
        }
    }

    if (rc == CXR_OK) {
        rc = compile_finish(c, &whole, tpl);
    }

    if (rc == CXR_OK) {
        c->arena = NULL;
        *out = tpl;
        tpl = NULL;
    }

failed:

    if (c != NULL) {
        cxr_buf_free(&c->text);
        cxr_arena_destroy(c->trees);
        cxr_arena_destroy(c->arena);
    }

    free(c);
    free(tpl);

    return rc;
}


void
cxr_template_free(cxr_template_t *tpl)
{
    if (tpl != NULL) {
        cxr_arena_destroy(tpl->arena);
        free(tpl);
    }
}
