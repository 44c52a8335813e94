
/*
 * The compiler's half that knows views: names become frames and offsets,
 * values get the escape of their place, texts of the catalogue are folded in.
 */

#include <stdio.h>

#include "cxr_template_bind.h"


cxr_rc_t
cxr_compile_fail(cxr_compiler_t *c, const cxr_node_t *node, cxr_rc_t rc,
    const char *fmt, ...)
{
    char     text[320];
    va_list  args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    rc = cxr_diag(c->diag, rc, NULL, "%s", text);
    cxr_diag_place(c->diag, node->file, node->line, node->column);

    return rc;
}


cxr_op_t *
cxr_compile_op(cxr_compiler_t *c, const cxr_node_t *node, cxr_op_code_t code)
{
    cxr_op_t  *op;

    if (c->ops.n == CXR_TEMPLATE_OPS_MAX) {
        cxr_compile_fail(c, node, CXR_LIMIT, "the template has more than %d "
                         "parts", CXR_TEMPLATE_OPS_MAX);
        return NULL;
    }

    op = cxr_list_push(c->trees, &c->ops, sizeof(cxr_op_t));
    if (op == NULL) {
        cxr_compile_fail(c, node, CXR_NOMEM, "out of memory");
        return NULL;
    }

    op->code = (uint8_t) code;
    op->segment = (uint32_t) c->pending;        /* an offset until the end */
    op->ntext = (uint32_t) (c->text.len - c->pending);
    c->pending = c->text.len;

    return op;
}


cxr_rc_t
cxr_compile_label(cxr_compiler_t *c, const cxr_node_t *node, uint32_t *label)
{
    if (c->pending != c->text.len
        && cxr_compile_op(c, node, CXR_OP_TEXT) == NULL)
    {
        return CXR_LIMIT;
    }

    *label = c->ops.n;

    return CXR_OK;
}


cxr_rc_t
cxr_compile_frame(cxr_compiler_t *c, const cxr_node_t *node, unsigned *frame)
{
    if (c->nframes == CXR_TEMPLATE_FRAMES) {
        return cxr_compile_fail(c, node, CXR_LIMIT, "\"%.*s\" is in too many "
                                "sections", cxr_str_arg(node->text));
    }

    *frame = c->nframes++;

    return CXR_OK;
}


void
cxr_compile_patch(cxr_compiler_t *c, const cxr_ref_t *ref, uint32_t label)
{
    unsigned  i;

    for (i = 0; i < ref->nloads; i++) {
        c->ops.items[ref->loads[i]].jump = label;
    }
}


/* The innermost struct that has the field. */
static const cxr_field_t *
bind_field(const cxr_compiler_t *c, cxr_str_t name, unsigned *frame)
{
    unsigned              i;
    const cxr_field_t    *f;
    const cxr_context_t  *ctx;

    for (i = c->ncontext; i > 0; i--) {
        ctx = &c->context[i - 1];

        if (ctx->type == NULL) {
            continue;
        }

        f = cxr_type_field(ctx->type, name);
        if (f != NULL) {
            *frame = ctx->frame;
            return f;
        }
    }

    return NULL;
}


static void
bind_view_names(const cxr_compiler_t *c, char *out, size_t size)
{
    size_t    n = 0;
    unsigned  i;

    out[0] = '\0';

    for (i = c->ncontext; i > 0 && n < size; i--) {
        if (c->context[i - 1].type != NULL) {
            n += (size_t) snprintf(out + n, size - n, "%s%s", n ? ", " : "",
                                   c->context[i - 1].type->name);
        }
    }
}


cxr_rc_t
cxr_compile_resolve(cxr_compiler_t *c, const cxr_node_t *node, cxr_str_t name,
    cxr_ref_t *ref)
{
    char                views[100], hint[120];
    size_t              n;
    cxr_op_t           *op;
    cxr_rc_t            rc;
    unsigned            frame = 0, to = 0;
    cxr_str_t           part;
    const char         *dot;
    const cxr_type_t   *type;
    const cxr_field_t  *f;

    memset(ref, 0, sizeof(cxr_ref_t));

    if (cxr_str_is(name, ".")) {
        ref->value = c->context[c->ncontext - 1];

        if (ref->value.type != NULL) {
            return cxr_compile_fail(c, node, CXR_INVALID, "\".\" is a %s "
                                    "here, not a value",
                                    ref->value.type->name);
        }

        return CXR_OK;
    }

    dot = memchr(name.data, '.', name.len);
    n = dot ? (size_t) (dot - name.data) : name.len;
    part = cxr_strn(name.data, n);

    f = bind_field(c, part, &frame);
    if (f == NULL) {
        bind_view_names(c, views, sizeof(views));

        return cxr_compile_fail(c, node, CXR_INVALID, "there is no field "
                                "\"%.*s\" here (looked in: %s)%s",
                                cxr_str_arg(part), views,
                                cxr_hint_field(c, part, hint, sizeof(hint)));
    }

    while (dot != NULL) {
        if (f->kind != CXR_F_REC) {
            return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" has no "
                                    "fields of its own, so \"%.*s\" means "
                                    "nothing", cxr_str_arg(part),
                                    cxr_str_arg(name));
        }

        if (ref->nloads == CXR_NAME_PARTS_MAX) {
            return cxr_compile_fail(c, node, CXR_LIMIT, "\"%.*s\" has more "
                                    "than %d parts", cxr_str_arg(name),
                                    CXR_NAME_PARTS_MAX);
        }

        rc = cxr_compile_frame(c, node, &to);
        if (rc != CXR_OK) {
            return rc;
        }

        op = cxr_compile_op(c, node, CXR_OP_LOAD);
        if (op == NULL) {
            return CXR_LIMIT;
        }

        op->frame = (uint8_t) frame;
        op->offset = f->offset;
        op->dst = (uint8_t) to;

        ref->loads[ref->nloads++] = c->ops.n - 1;
        frame = to;
        type = f->sub;

        name.len -= (size_t) (dot + 1 - name.data);
        name.data = dot + 1;
        dot = memchr(name.data, '.', name.len);
        n = dot ? (size_t) (dot - name.data) : name.len;
        part = cxr_strn(name.data, n);

        f = cxr_type_field(type, part);
        if (f == NULL) {
            return cxr_compile_fail(c, node, CXR_INVALID, "there is no field "
                                    "\"%.*s\" in %s%s", cxr_str_arg(part),
                                    type->name,
                                    cxr_hint_member(type, part, hint,
                                                    sizeof(hint)));
        }
    }

    ref->value.frame = frame;
    ref->value.kind = (cxr_kind_t) f->kind;
    ref->value.flags = f->flags;
    ref->value.offset = f->offset;
    ref->value.field = f;

    return CXR_OK;
}


/* The names of an ENUM as they are written here, escaped once. */
static cxr_rc_t
bind_names(cxr_compiler_t *c, const cxr_node_t *node,
    const char *const *names, cxr_escape_t escape, cxr_op_t *op)
{
    cxr_rc_t    rc;
    uint32_t    i, n;
    cxr_buf_t   b;
    cxr_str_t  *list, s;

    for (n = 0; names[n] != NULL; n++);

    list = cxr_calloc(c->arena, n, sizeof(cxr_str_t));
    if (list == NULL) {
        return cxr_compile_fail(c, node, CXR_NOMEM, "out of memory");
    }

    for (i = 0; i < n; i++) {
        cxr_buf_init(&b, CXR_RECORD_MAX);
        s = cxr_strz(names[i]);

        switch (escape) {
        case CXR_ESCAPE_HTML:
            cxr_buf_html(&b, s);
            break;
        case CXR_ESCAPE_URL:
            cxr_buf_url(&b, s);
            break;
        case CXR_ESCAPE_JSON:
            cxr_buf_json(&b, s);
            break;
        case CXR_ESCAPE_CSV:
        case CXR_ESCAPE_CSV_FIRST:
            cxr_buf_csv_quoted(&b, s, escape == CXR_ESCAPE_CSV_FIRST);
            break;
        case CXR_ESCAPE_ZPL:
            cxr_buf_zpl(&b, s);
            break;
        default:
            cxr_buf_adds(&b, s);
            break;
        }

        rc = cxr_buf_ok(&b) ? cxr_str_dup(c->arena, cxr_buf_str(&b), &list[i])
                            : CXR_NOMEM;
        cxr_buf_free(&b);

        if (rc != CXR_OK) {
            return cxr_compile_fail(c, node, rc, "out of memory");
        }
    }

    op->ref = list;
    op->size = n;

    return CXR_OK;
}


static cxr_rc_t
bind_op(cxr_compiler_t *c, const cxr_node_t *node, cxr_str_t name,
    const cxr_ref_t *ref, cxr_escape_t escape, bool text)
{
    cxr_op_t       *op;
    cxr_op_code_t   code;

    switch (ref->value.kind) {

    case CXR_F_STR:
        code = escape == CXR_ESCAPE_HTML ? CXR_OP_STR_HTML
               : escape == CXR_ESCAPE_URL ? CXR_OP_STR_URL
               : escape == CXR_ESCAPE_JSON ? CXR_OP_STR_JSON
               : escape == CXR_ESCAPE_CSV ? CXR_OP_STR_CSV
               : escape == CXR_ESCAPE_CSV_FIRST ? CXR_OP_STR_CSV_FIRST
               : escape == CXR_ESCAPE_ZPL ? CXR_OP_STR_ZPL
               : CXR_OP_STR_RAW;
        break;

    case CXR_F_U8:
    case CXR_F_U16:
    case CXR_F_U32:
    case CXR_F_I64:
    case CXR_F_U64:
        code = text && escape != CXR_ESCAPE_URL && escape != CXR_ESCAPE_JSON
               ? CXR_OP_NUMBER : CXR_OP_INT;
        break;

    case CXR_F_BOOL:
        code = CXR_OP_BOOL;
        break;

    case CXR_F_ENUM:
        code = CXR_OP_NAME;
        break;

    default:
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" is %s: it "
                   "cannot be written as it is", cxr_str_arg(name),
                   ref->value.kind == CXR_F_TIME
                   ? "an instant (let the view hold its text)"
                   : ref->value.kind == CXR_F_MONEY
                   ? "an amount (let the view hold its text)"
                   : ref->value.kind == CXR_F_BYTES ? "raw bytes"
                   : "a list or a record");
    }

    op = cxr_compile_op(c, node, code);
    if (op == NULL) {
        return CXR_LIMIT;
    }

    op->kind = (uint8_t) ref->value.kind;
    op->frame = (uint8_t) ref->value.frame;
    op->offset = ref->value.offset;

    if (code == CXR_OP_NAME) {
        return bind_names(c, node, ref->value.field->names, escape, op);
    }

    return CXR_OK;
}


/*
 * In a language that runs from right to left, what comes from outside (a name,
 * a telephone number, "250 g / Filter") is written in a direction of its own:
 * without that its words and marks change places with those around it.  A part
 * of a text may stand in an attribute, too; a value alone is all of that.
 */
static void
bind_isolate(cxr_compiler_t *c, const cxr_ref_t *ref, cxr_escape_t escape,
    bool raw, bool text, cxr_str_t *open, cxr_str_t *close)
{
    cxr_isolate_t  how;

    *open = CXR_STR_NONE;
    *close = CXR_STR_NONE;

    if (c->lang == NULL || !c->lang->rtl || raw || escape != CXR_ESCAPE_HTML
        || (ref->value.kind != CXR_F_STR && ref->value.kind != CXR_F_ENUM))
    {
        return;
    }

    how = text ? CXR_ISOLATE_MARKS : cxr_markup_isolate(&c->markup);

    if (how == CXR_ISOLATE_MARKS) {
        *open = cxr_str(CXR_LANG_ISOLATE);
        *close = cxr_str(CXR_LANG_ISOLATED);

    } else if (how == CXR_ISOLATE_ELEMENT) {
        *open = cxr_str("<bdi>");
        *close = cxr_str("</bdi>");
    }
}


cxr_rc_t
cxr_compile_value(cxr_compiler_t *c, const cxr_node_t *node, cxr_str_t name,
    bool raw, bool text)
{
    cxr_rc_t       rc;
    uint32_t       label = 0;
    unsigned       flags = 0, frames = c->nframes;
    cxr_ref_t      ref;
    cxr_str_t      open, close;
    const char    *why;
    cxr_escape_t   escape;

    rc = cxr_compile_resolve(c, node, name, &ref);
    if (rc != CXR_OK) {
        return rc;
    }

    if (raw && c->markup.kind != CXR_MARKUP_TEXT
        && !(ref.value.flags & CXR_FIELD_RAW))
    {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" may not be "
                                "written raw, since it is no markup of ours: "
                                "write {{%.*s}}", cxr_str_arg(name),
                                cxr_str_arg(name));
    }

    switch (ref.value.kind) {
    case CXR_F_U8:
    case CXR_F_U16:
    case CXR_F_U32:
    case CXR_F_I64:
    case CXR_F_U64:
    case CXR_F_BOOL:
        flags |= CXR_VALUE_NUMBER;
        break;
    default:
        break;
    }

    flags |= raw ? CXR_VALUE_RAW : 0;
    flags |= ref.value.flags & CXR_FIELD_URL ? CXR_VALUE_URL : 0;

    why = cxr_markup_value(&c->markup, flags, &escape);
    if (why != NULL) {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" cannot stand "
                                "here: %s", cxr_str_arg(name), why);
    }

    bind_isolate(c, &ref, escape, raw, text, &open, &close);

    cxr_buf_adds(&c->text, open);
    rc = bind_op(c, node, name, &ref, escape, text);
    cxr_buf_adds(&c->text, close);
    c->nframes = frames;

    if (rc != CXR_OK || ref.nloads == 0) {
        return rc;
    }

    rc = cxr_compile_label(c, node, &label);
    cxr_compile_patch(c, &ref, label);

    return rc;
}


static cxr_rc_t
bind_static(cxr_compiler_t *c, const cxr_node_t *node, cxr_str_t s)
{
    const char    *why;
    cxr_escape_t   escape;

    why = cxr_markup_value(&c->markup, CXR_VALUE_STATIC, &escape);
    if (why != NULL) {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" cannot stand "
                                "here: %s", cxr_str_arg(node->text), why);
    }

    switch (escape) {
    case CXR_ESCAPE_HTML:
        cxr_buf_html(&c->text, s);
        break;
    case CXR_ESCAPE_URL:
        cxr_buf_url(&c->text, s);
        break;
    case CXR_ESCAPE_JSON:
        cxr_buf_json(&c->text, s);
        break;
    case CXR_ESCAPE_CSV:
    case CXR_ESCAPE_CSV_FIRST:
        cxr_buf_csv_quoted(&c->text, s, escape == CXR_ESCAPE_CSV_FIRST);
        break;
    case CXR_ESCAPE_ZPL:
        cxr_buf_zpl(&c->text, s);
        break;
    default:
        cxr_buf_adds(&c->text, s);
        break;
    }

    if (!cxr_buf_ok(&c->text)) {
        return cxr_compile_fail(c, node, CXR_LIMIT, "the template has more "
                                "than %d bytes of text",
                                CXR_TEMPLATE_TEXT_MAX);
    }

    return CXR_OK;
}


static cxr_rc_t bind_message(cxr_compiler_t *c, const cxr_node_t *node,
    const cxr_message_t *msg);


/* One op that picks the form, then the forms, each with a jump to the end. */
static cxr_rc_t
bind_plural(cxr_compiler_t *c, const cxr_node_t *node,
    const cxr_msg_part_t *part)
{
    cxr_op_t         *op;
    cxr_rc_t          rc;
    uint32_t          i, label = 0, *ends;
    unsigned          frames = c->nframes;
    cxr_ref_t         ref;
    cxr_markup_t      before;
    cxr_op_plural_t  *table;

    rc = cxr_compile_resolve(c, node, part->text, &ref);
    if (rc != CXR_OK) {
        return rc;
    }

    switch (ref.value.kind) {
    case CXR_F_U8:
    case CXR_F_U16:
    case CXR_F_U32:
    case CXR_F_I64:
    case CXR_F_U64:
        break;
    default:
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" decides a "
                                "plural but is not a number",
                                cxr_str_arg(part->text));
    }

    table = cxr_calloc(c->arena, 1, sizeof(cxr_op_plural_t)
                                    + part->cases.n * sizeof(cxr_op_case_t));
    ends = cxr_calloc(c->trees, part->cases.n, sizeof(uint32_t));
    if (table == NULL || ends == NULL) {
        return cxr_compile_fail(c, node, CXR_NOMEM, "out of memory");
    }

    op = cxr_compile_op(c, node, CXR_OP_PLURAL);
    if (op == NULL) {
        return CXR_LIMIT;
    }

    op->kind = (uint8_t) ref.value.kind;
    op->frame = (uint8_t) ref.value.frame;
    op->offset = ref.value.offset;
    op->ref = table;

    table->n = part->cases.n;
    before = c->markup;

    for (i = 0; i < part->cases.n; i++) {
        table->cases[i].is_exact = part->cases.items[i].is_exact;
        table->cases[i].exact = part->cases.items[i].exact;
        table->cases[i].category = part->cases.items[i].category;
        table->cases[i].jump = c->ops.n;

        if (!table->cases[i].is_exact
            && table->cases[i].category == CXR_PLURAL_OTHER)
        {
            table->other = c->ops.n;
        }

        c->markup = before;

        rc = bind_message(c, node, &part->cases.items[i].body);
        if (rc != CXR_OK) {
            return rc;
        }

        ends[i] = c->ops.n;

        if (cxr_compile_op(c, node, CXR_OP_JUMP) == NULL) {
            return CXR_LIMIT;
        }
    }

    /* nothing pending: the last thing written was a JUMP */

    label = c->ops.n;
    table->end = label;

    for (i = 0; i < part->cases.n; i++) {
        c->ops.items[ends[i]].jump = label;
    }

    cxr_compile_patch(c, &ref, label);
    c->nframes = frames;

    return CXR_OK;
}


static cxr_rc_t
bind_message(cxr_compiler_t *c, const cxr_node_t *node,
    const cxr_message_t *msg)
{
    cxr_rc_t               rc = CXR_OK;
    uint32_t               i;
    const cxr_msg_part_t  *part;

    for (i = 0; i < msg->n && rc == CXR_OK; i++) {
        part = &msg->items[i];

        switch (part->kind) {
        case CXR_MSG_TEXT:
            rc = bind_static(c, node, part->text);
            break;
        case CXR_MSG_PLURAL:
            rc = bind_plural(c, node, part);
            break;
        default:
            rc = cxr_compile_value(c, node, part->text, false, true);
            break;
        }
    }

    return rc;
}


cxr_rc_t
cxr_compile_translation(cxr_compiler_t *c, const cxr_node_t *node,
    cxr_str_t key)
{
    char                    hint[200];
    cxr_rc_t                rc;
    const cxr_lang_text_t  *t;

    if (c->lang == NULL) {
        return cxr_compile_fail(c, node, CXR_INVALID, "\"%.*s\" is a text, "
                                "but the template is compiled without a "
                                "language", cxr_str_arg(node->text));
    }

    t = cxr_lang_find(c->lang, key);
    if (t == NULL) {
        return cxr_compile_fail(c, node, CXR_INVALID, "there is no text "
                                "\"%.*s\" in the language \"%.*s\"%s",
                                cxr_str_arg(key), cxr_str_arg(c->lang->code),
                                cxr_hint_text(c->lang, key, hint,
                                              sizeof(hint)));
    }

    rc = bind_message(c, node, &t->msg);

    if (rc != CXR_OK && c->diag != NULL && c->diag->where[0] == '\0') {
        snprintf(c->diag->where, sizeof(c->diag->where), "text %.*s (%.*s)",
                 cxr_str_arg(key), cxr_str_arg(c->lang->code));
    }

    return rc;
}
