
/*
 * A template's source taken apart into a tree, for the compiler and for the
 * renderer over JSON alike.  All about white space around tags that stand
 * alone on a line is settled here.
 */

#ifndef _CXR_TEMPLATE_PARSE_H_INCLUDED_
#define _CXR_TEMPLATE_PARSE_H_INCLUDED_

#include "cxr_arena.h"
#include "cxr_base.h"

#define CXR_TAG_DELIMITER_MAX  16

typedef enum {
    CXR_NODE_TEXT,
    CXR_NODE_VALUE,        /* {{x}}                                           */
    CXR_NODE_RAW,          /* {{{x}}}, {{&x}}                                 */
    CXR_NODE_SECTION,      /* {{#x}}                                          */
    CXR_NODE_INVERTED,     /* {{^x}}                                          */
    CXR_NODE_PARTIAL,      /* {{>x}}                                          */
    CXR_NODE_PARENT,       /* {{<x}}; only its BLOCK children count           */
    CXR_NODE_BLOCK         /* {{$x}}                                          */
} cxr_node_kind_t;

typedef struct {
    char    open[CXR_TAG_DELIMITER_MAX];
    char    close[CXR_TAG_DELIMITER_MAX];
    size_t  nopen;
    size_t  nclose;
} cxr_delimiters_t;

typedef struct cxr_node_s  cxr_node_t;
typedef CXR_LIST_OF(cxr_node_t)  cxr_nodes_t;

/* Where a piece of source comes from. */
typedef struct {
    const char          *file;
    cxr_str_t            text;
    unsigned             line;       /* of its first byte                     */
    cxr_delimiters_t     delims;     /* in force at its beginning             */
} cxr_source_t;

struct cxr_node_s {
    cxr_node_kind_t      kind;
    const char          *file;
    unsigned             line;
    unsigned             column;
    cxr_str_t            text;       /* TEXT: itself; others: the name        */
    cxr_nodes_t          children;
    cxr_str_t            indent;     /* of a line that it is first on         */
    bool                 alone;      /* BLOCK: its opening tag ends its line  */
    cxr_source_t         inside;     /* BLOCK: what stands between its tags   */
};

extern const cxr_delimiters_t  cxr_delimiters_default;

/*
 * The tree is in the arena and points into src->text, which must live as long.
 * CXR_INVALID: a tag without end or that does not nest, with place in "d".
 * CXR_LIMIT: sections nested deeper than CXR_TEMPLATE_NEST_MAX, a longer name.
 */
cxr_rc_t cxr_template_parse(const cxr_source_t *src, cxr_arena_t *a,
    cxr_nodes_t *out, cxr_diag_t *d);

/*
 * A copy of the text, in the arena, with "less" bytes of blanks taken from
 * the front of each line and "indent" put there; the first line keeps its
 * place when "first" is false.  Empty lines stay empty.
 */
cxr_rc_t cxr_template_indent(cxr_str_t text, size_t less, cxr_str_t indent,
    bool first, cxr_arena_t *a, cxr_str_t *out);

/*
 * The source that takes the place of "site", a block of the layout, when the
 * block "given" overrides it: given's own indentation taken off, site's put on.
 */
cxr_rc_t cxr_template_override(const cxr_node_t *given, const cxr_node_t *site,
    cxr_arena_t *a, cxr_source_t *out);

/* The child of a PARENT with that name; the last one counts. */
const cxr_node_t *cxr_template_block(const cxr_node_t *parent, cxr_str_t name);

#endif /* _CXR_TEMPLATE_PARSE_H_INCLUDED_ */
