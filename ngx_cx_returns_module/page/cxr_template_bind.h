
/* Between the two halves of the compiler: the walk, and names and values. */

#ifndef _CXR_TEMPLATE_BIND_H_INCLUDED_
#define _CXR_TEMPLATE_BIND_H_INCLUDED_

#include "cxr_lang.h"
#include "cxr_markup.h"
#include "cxr_template_op.h"
#include "cxr_template_parse.h"

#define CXR_CONTEXT_MAX     (CXR_TEMPLATE_NEST_MAX * 4)
#define CXR_NAME_PARTS_MAX  8           /* of a dotted name                   */

/* A struct or a single value that a section has put on the stack. */
typedef struct {
    const cxr_type_t         *type;     /* NULL: a single value               */
    unsigned                  frame;
    cxr_kind_t                kind;     /* of the single value                */
    unsigned                  flags;
    uint32_t                  offset;
    const cxr_field_t        *field;    /* NULL: an item of a STRS            */
} cxr_context_t;

/* What a name stands for, once the ops that lead there are written. */
typedef struct {
    cxr_context_t             value;
    uint32_t                  loads[CXR_NAME_PARTS_MAX];   /* ops to patch    */
    unsigned                  nloads;
} cxr_ref_t;

typedef struct {
    cxr_templates_t          *set;
    const cxr_lang_t         *lang;
    cxr_diag_t               *diag;
    cxr_arena_t              *arena;    /* of the result                      */
    cxr_arena_t              *trees;    /* gone after the compile             */
    const char               *ext;      /* ".html"                            */

    cxr_buf_t                 text;     /* all static text                    */
    size_t                    pending;  /* from where it belongs to no op yet */
    CXR_LIST_OF(cxr_op_t)     ops;      /* .text is an offset until the end   */

    cxr_markup_t              markup;
    cxr_context_t             context[CXR_CONTEXT_MAX];
    unsigned                  ncontext;
    unsigned                  nframes;
    unsigned                  nest;

    cxr_node_t                open;     /* where what is open now began       */

    const char               *within[CXR_TEMPLATE_DEEP_MAX];
    unsigned                  deep;
    unsigned                  blocks;   /* overrides in one another           */
} cxr_compiler_t;

cxr_rc_t cxr_compile_fail(cxr_compiler_t *c, const cxr_node_t *node,
    cxr_rc_t rc, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Appends an op with the text before it; NULL and a diag when it cannot. */
cxr_op_t *cxr_compile_op(cxr_compiler_t *c, const cxr_node_t *node,
    cxr_op_code_t code);
/* The op that comes next, as the target of jumps; text before it is settled. */
cxr_rc_t cxr_compile_label(cxr_compiler_t *c, const cxr_node_t *node,
    uint32_t *label);
cxr_rc_t cxr_compile_frame(cxr_compiler_t *c, const cxr_node_t *node,
    unsigned *frame);

/* Looks a name up and writes the LOADs of a dotted one. */
cxr_rc_t cxr_compile_resolve(cxr_compiler_t *c, const cxr_node_t *node,
    cxr_str_t name, cxr_ref_t *ref);
void cxr_compile_patch(cxr_compiler_t *c, const cxr_ref_t *ref,
    uint32_t label);

/* {{name}}, {{{name}}}; "text": as a part of a text of the catalogue. */
cxr_rc_t cxr_compile_value(cxr_compiler_t *c, const cxr_node_t *node,
    cxr_str_t name, bool raw, bool text);
/* {{t.key}} */
cxr_rc_t cxr_compile_translation(cxr_compiler_t *c, const cxr_node_t *node,
    cxr_str_t key);

/*
 * "; is "x" meant?", or nothing: the field that may be meant here, in that
 * struct, the text of that key.  "out" is what is returned.
 */
const char *cxr_hint_field(const cxr_compiler_t *c, cxr_str_t name, char *out,
    size_t size);
const char *cxr_hint_member(const cxr_type_t *type, cxr_str_t name, char *out,
    size_t size);
const char *cxr_hint_text(const cxr_lang_t *lang, cxr_str_t key, char *out,
    size_t size);

#endif /* _CXR_TEMPLATE_BIND_H_INCLUDED_ */
