
/*
 * Mustache over a JSON value: names are resolved as it renders.  The same
 * parser as the compiler's, so the specification's tests run over it.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_json.h"
#include "cxr_template.h"
#include "cxr_template_parse.h"


#define JSON_STEPS_MAX   2000000           /* nodes rendered in one call      */
#define JSON_ARENA_MAX   (16 * 1024 * 1024)
#define JSON_CONTEXT_MAX 256               /* values in one another           */
#define JSON_DEEP_MAX    100               /* partials: their recursion ends
                                              with the data                   */


/* The blocks that a layout was called with, and those in force there. */
typedef struct blocks_s  blocks_t;

struct blocks_s {
    const cxr_node_t  *parent;
    const blocks_t    *up;
};


/* A partial that was parsed with some indentation, kept for the next time. */
typedef struct parsed_s  parsed_t;

struct parsed_s {
    const char   *text;
    cxr_str_t     indent;
    cxr_nodes_t   nodes;
    parsed_t     *next;
};


typedef struct {
    json_t        *partials;
    cxr_arena_t   *arena;
    cxr_buf_t     *out;
    cxr_diag_t    *diag;
    json_t        *context[JSON_CONTEXT_MAX];
    unsigned       ncontext;
    unsigned       deep;
    uint64_t       steps;
    parsed_t      *parsed;
} json_render_t;


static cxr_rc_t json_nodes(json_render_t *r, const cxr_nodes_t *nodes,
    const blocks_t *blocks);


static cxr_rc_t
json_fail(json_render_t *r, const cxr_node_t *node, cxr_rc_t rc,
    const char *what)
{
    rc = cxr_diag(r->diag, rc, NULL, "%s at \"%.*s\"", what,
                  cxr_str_arg(node->text));
    cxr_diag_place(r->diag, node->file, node->line, node->column);

    return rc;
}


static json_t *
json_member(json_t *value, cxr_str_t name)
{
    char  key[CXR_TEMPLATE_NAME_MAX + 1];

    /* "{{>*}}" names nothing */

    if (!json_is_object(value) || name.len == 0
        || name.len > CXR_TEMPLATE_NAME_MAX)
    {
        return NULL;
    }

    memcpy(key, name.data, name.len);
    key[name.len] = '\0';

    return json_object_get(value, key);
}


/* The first part of a dotted name is searched outwards, the rest is not. */
static json_t *
json_resolve(const json_render_t *r, cxr_str_t name)
{
    json_t      *value = NULL;
    unsigned     i;
    cxr_str_t    part;
    const char  *dot;

    if (cxr_str_is(name, ".")) {
        return r->context[r->ncontext - 1];
    }

    dot = memchr(name.data, '.', name.len);
    part = cxr_strn(name.data, dot ? (size_t) (dot - name.data) : name.len);

    if (part.len == 0) {
        value = r->context[r->ncontext - 1];     /* ".name": from here only */
    }

    for (i = r->ncontext; i > 0 && value == NULL; i--) {
        value = json_member(r->context[i - 1], part);
    }

    while (value != NULL && dot != NULL) {
        name.len -= (size_t) (dot + 1 - name.data);
        name.data = dot + 1;
        dot = memchr(name.data, '.', name.len);
        part = cxr_strn(name.data, dot ? (size_t) (dot - name.data) : name.len);
        value = json_member(value, part);
    }

    return value;
}


static bool
json_holds(const json_t *value)
{
    if (value == NULL) {
        return false;
    }

    switch (json_typeof(value)) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_ARRAY:
        return json_array_size(value) != 0;
    case JSON_STRING:
        return json_string_length(value) != 0;
    case JSON_INTEGER:
        return json_integer_value(value) != 0;
    case JSON_REAL:
        return json_real_value(value) != 0;
    default:
        return true;
    }
}


static void
json_html(cxr_buf_t *out, const char *s, size_t n)
{
    size_t       i, from = 0;
    const char  *ref;

    for (i = 0; i < n; i++) {
        switch (s[i]) {
        case '&':
            ref = "&amp;";
            break;
        case '<':
            ref = "&lt;";
            break;
        case '>':
            ref = "&gt;";
            break;
        case '"':
            ref = "&quot;";
            break;
        default:
            continue;
        }

        cxr_buf_add(out, s + from, i - from);
        cxr_buf_addz(out, ref);
        from = i + 1;
    }

    cxr_buf_add(out, s + from, n - from);
}


/*
 * The fewest digits that read back as the same; no exponent as long as they
 * stand for a number of up to 21 places, or of up to five zeros behind the point
 * (which is how ECMAScript, and so most that render Mustache, writes one).
 */
static void
json_decimal(cxr_buf_t *out, double v)
{
    int     n, exponent;
    char    number[48];
    double  back;

    if (!(v < 0 || v > 0)) {
        cxr_buf_addc(out, '0');             /* of minus nothing, too */
        return;
    }

    for (n = 1; n < 17; n++) {
        snprintf(number, sizeof(number), "%.*e", n - 1, v);
        if (sscanf(number, "%lf", &back) == 1 && !(back < v || back > v)) {
            break;
        }
    }

    snprintf(number, sizeof(number), "%.*e", n - 1, v);
    exponent = atoi(strchr(number, 'e') + 1);

    if (exponent >= -6 && exponent < 21) {
        snprintf(number, sizeof(number), "%.*f",
                 n - 1 > exponent ? n - 1 - exponent : 0, v);

    } else {
        snprintf(strchr(number, 'e'), 8, "e%+d", exponent);
    }

    cxr_buf_addz(out, number);
}


static void
json_value(json_render_t *r, const json_t *value, bool raw)
{
    if (value == NULL) {
        return;
    }

    switch (json_typeof(value)) {

    case JSON_STRING:
        if (raw) {
            cxr_buf_add(r->out, json_string_value(value),
                        json_string_length(value));
            return;
        }

        json_html(r->out, json_string_value(value), json_string_length(value));
        return;

    case JSON_INTEGER:
        cxr_buf_addi(r->out, json_integer_value(value));
        return;

    case JSON_REAL:
        json_decimal(r->out, json_real_value(value));
        return;

    case JSON_TRUE:
        cxr_buf_addz(r->out, "true");
        return;

    case JSON_FALSE:
        cxr_buf_addz(r->out, "false");
        return;

    default:
        return;      /* null, and what has no text */
    }
}


static cxr_rc_t
json_within(json_render_t *r, const cxr_node_t *node, json_t *value,
    const blocks_t *blocks)
{
    cxr_rc_t  rc;

    if (r->ncontext == JSON_CONTEXT_MAX) {
        return json_fail(r, node, CXR_LIMIT, "too many sections in one "
                         "another");
    }

    r->context[r->ncontext++] = value;
    rc = json_nodes(r, &node->children, blocks);
    r->ncontext--;

    return rc;
}


static cxr_rc_t
json_section(json_render_t *r, const cxr_node_t *node, const blocks_t *blocks)
{
    size_t    i;
    json_t   *value;
    cxr_rc_t  rc = CXR_OK;

    value = json_resolve(r, node->text);

    if (node->kind == CXR_NODE_INVERTED) {
        return json_holds(value) ? CXR_OK
                                 : json_nodes(r, &node->children, blocks);
    }

    if (!json_holds(value)) {
        return CXR_OK;
    }

    if (!json_is_array(value)) {
        return json_within(r, node, value, blocks);
    }

    for (i = 0; i < json_array_size(value) && rc == CXR_OK; i++) {
        rc = json_within(r, node, json_array_get(value, i), blocks);
    }

    return rc;
}


/* Renders a source in the place of "node". */
static cxr_rc_t
json_source(json_render_t *r, const cxr_node_t *node, const cxr_source_t *src,
    const blocks_t *blocks)
{
    cxr_rc_t     rc;
    cxr_nodes_t  nodes;

    if (r->deep == JSON_DEEP_MAX) {
        return json_fail(r, node, CXR_LIMIT, "partials too deep in one "
                         "another");
    }

    rc = cxr_template_parse(src, r->arena, &nodes, r->diag);
    if (rc != CXR_OK) {
        return rc;
    }

    r->deep++;
    rc = json_nodes(r, &nodes, blocks);
    r->deep--;

    return rc;
}


/* "*x": the name that x holds */
static cxr_str_t
json_partial_name(const json_render_t *r, cxr_str_t name)
{
    const json_t  *value;

    if (name.len == 0 || name.data[0] != '*') {
        return name;
    }

    value = json_resolve(r, cxr_strn(name.data + 1, name.len - 1));

    return json_is_string(value)
           ? cxr_strn(json_string_value(value), json_string_length(value))
           : CXR_STR_NONE;
}


static cxr_rc_t
json_partial(json_render_t *r, const cxr_node_t *node, const blocks_t *blocks)
{
    json_t        *text;
    cxr_rc_t       rc;
    parsed_t      *p;
    cxr_str_t      name;
    cxr_source_t   src;

    name = json_partial_name(r, node->text);
    text = json_member(r->partials, name);
    if (!json_is_string(text)) {
        return CXR_OK;
    }

    if (r->deep == JSON_DEEP_MAX) {
        return json_fail(r, node, CXR_LIMIT, "partials too deep in one "
                         "another");
    }

    for (p = r->parsed; p != NULL; p = p->next) {
        if (p->text == json_string_value(text)
            && cxr_str_eq(p->indent, node->indent))
        {
            break;
        }
    }

    if (p == NULL) {
        p = cxr_calloc(r->arena, 1, sizeof(parsed_t));
        if (p == NULL) {
            return json_fail(r, node, CXR_NOMEM, "out of memory");
        }

        memset(&src, 0, sizeof(cxr_source_t));
        src.file = cxr_strz_dup(r->arena, name);
        src.line = 1;
        src.text = cxr_strn(json_string_value(text), json_string_length(text));

        rc = cxr_template_indent(src.text, 0, node->indent, true, r->arena,
                                 &src.text);
        if (rc != CXR_OK) {
            return json_fail(r, node, rc, "a partial is too large");
        }

        p->text = json_string_value(text);
        p->indent = node->indent;

        rc = cxr_template_parse(&src, r->arena, &p->nodes, r->diag);
        if (rc != CXR_OK) {
            return rc;
        }

        p->next = r->parsed;
        r->parsed = p;
    }

    r->deep++;
    rc = json_nodes(r, &p->nodes, blocks);
    r->deep--;

    return rc;
}


/* The outermost layout that gives the block decides. */
static cxr_rc_t
json_block(json_render_t *r, const cxr_node_t *node, const blocks_t *blocks)
{
    cxr_rc_t           rc;
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
        return json_nodes(r, &node->children, blocks);
    }

    rc = cxr_template_override(given, node, r->arena, &src);
    if (rc != CXR_OK) {
        return json_fail(r, node, rc, "a block is too large");
    }

    return json_source(r, node, &src, by->up);
}


static cxr_rc_t
json_nodes(json_render_t *r, const cxr_nodes_t *nodes, const blocks_t *blocks)
{
    cxr_rc_t           rc = CXR_OK;
    uint32_t           i;
    blocks_t           layout;
    const cxr_node_t  *node;

    for (i = 0; i < nodes->n && rc == CXR_OK; i++) {
        node = &nodes->items[i];

        if (++r->steps > JSON_STEPS_MAX) {
            return json_fail(r, node, CXR_LIMIT, "the page has too many "
                             "parts");
        }

        switch (node->kind) {

        case CXR_NODE_TEXT:
            cxr_buf_adds(r->out, node->text);
            break;

        case CXR_NODE_VALUE:
        case CXR_NODE_RAW:
            json_value(r, json_resolve(r, node->text),
                       node->kind == CXR_NODE_RAW);
            break;

        case CXR_NODE_SECTION:
        case CXR_NODE_INVERTED:
            rc = json_section(r, node, blocks);
            break;

        case CXR_NODE_PARTIAL:
            rc = json_partial(r, node, blocks);
            break;

        case CXR_NODE_PARENT:
            layout.parent = node;
            layout.up = blocks;
            rc = json_partial(r, node, &layout);
            break;

        case CXR_NODE_BLOCK:
            rc = json_block(r, node, blocks);
            break;
        }

        if (rc == CXR_OK && !cxr_buf_ok(r->out)) {
            rc = json_fail(r, node, CXR_NOMEM, "the page is too large");
        }
    }

    return rc;
}


cxr_rc_t
cxr_template_render_json(cxr_str_t source, json_t *data, json_t *partials,
    cxr_buf_t *out, cxr_diag_t *d)
{
    cxr_rc_t        rc;
    cxr_nodes_t     nodes;
    cxr_source_t    src;
    json_render_t   r;

    if (source.len > CXR_TEMPLATE_FILE_MAX) {
        return cxr_diag(d, CXR_LIMIT, NULL, "the template is larger than %d "
                        "bytes", CXR_TEMPLATE_FILE_MAX);
    }

    memset(&r, 0, sizeof(json_render_t));

    r.arena = cxr_arena_create(JSON_ARENA_MAX);
    if (r.arena == NULL) {
        return cxr_diag(d, CXR_NOMEM, NULL, "out of memory");
    }

    r.partials = partials;
    r.out = out;
    r.diag = d;
    r.context[r.ncontext++] = data;

    memset(&src, 0, sizeof(cxr_source_t));
    src.text = source;
    src.line = 1;
    src.file = "";

    rc = cxr_template_parse(&src, r.arena, &nodes, d);
    if (rc == CXR_OK) {
        rc = json_nodes(&r, &nodes, NULL);
    }

    cxr_arena_destroy(r.arena);

    return rc;
}
