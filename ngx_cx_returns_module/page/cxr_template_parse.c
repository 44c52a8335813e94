
/*
 * From source to tree in three steps: tokens (tags, and text cut at line
 * ends), lines (which tags stand alone, so that their line goes), tree.
 */

#include <stdio.h>

#include "cxr_template.h"
#include "cxr_template_parse.h"
#include "cxr_text.h"


#define PARSE_TOKENS_MAX  100000


typedef enum {
    TOKEN_TEXT,
    TOKEN_TAG,
    TOKEN_END           /* {{/x}}                                             */
} token_kind_t;


typedef struct {
    token_kind_t      kind;
    cxr_node_kind_t   node;         /* of a TAG                               */
    bool              silent;       /* a comment or delimiters: makes nothing */
    bool              dropped;      /* text of a line that goes               */
    bool              alone;        /* on a line that goes                    */
    bool              first;        /* before it only blanks on its line      */
    bool              last;         /* after it only blanks on its line       */
    unsigned          line;
    unsigned          column;
    size_t            from;         /* in the source, delimiters included     */
    size_t            to;
    cxr_str_t         name;
    cxr_str_t         indent;
    cxr_delimiters_t *delims;       /* in force after it                      */
} token_t;


typedef struct {
    const cxr_source_t        *src;
    cxr_arena_t               *arena;
    cxr_diag_t                *diag;
    cxr_delimiters_t          *delims;
    CXR_LIST_OF(token_t)       tokens;
    size_t                     at;
    unsigned                   line;
    size_t                     bol;         /* where the line begins          */
} parser_t;


const cxr_delimiters_t  cxr_delimiters_default = { "{{", "}}", 2, 2 };


static cxr_rc_t parse_fail(parser_t *p, cxr_rc_t rc, unsigned line,
    unsigned column, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));


static cxr_rc_t
parse_fail(parser_t *p, cxr_rc_t rc, unsigned line, unsigned column,
    const char *fmt, ...)
{
    char     text[320];
    va_list  args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    rc = cxr_diag(p->diag, rc, NULL, "%s", text);
    cxr_diag_place(p->diag, p->src->file, line, column);

    return rc;
}


static bool
parse_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


static bool
parse_all_blank(cxr_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (!parse_blank(s.data[i])) {
            return false;
        }
    }

    return true;
}


static token_t *
parse_push(parser_t *p, token_kind_t kind, size_t from, size_t to)
{
    token_t  *t;

    if (p->tokens.n == PARSE_TOKENS_MAX) {
        parse_fail(p, CXR_LIMIT, p->line, 0, "the template has more than %d "
                   "tags and lines", PARSE_TOKENS_MAX);
        return NULL;
    }

    t = cxr_list_push(p->arena, &p->tokens, sizeof(token_t));
    if (t == NULL) {
        parse_fail(p, CXR_NOMEM, p->line, 0, "out of memory");
        return NULL;
    }

    t->kind = kind;
    t->from = from;
    t->to = to;
    t->line = p->line;
    t->column = (unsigned) (from - p->bol + 1);
    t->name = cxr_strn(p->src->text.data + from, to - from);
    t->delims = p->delims;

    return t;
}


/* Moves on to "to", counting lines. */
static void
parse_advance(parser_t *p, size_t to)
{
    const char  *nl, *text = p->src->text.data;

    while (p->at < to
           && (nl = memchr(text + p->at, '\n', to - p->at)) != NULL)
    {
        p->at = (size_t) (nl - text) + 1;
        p->line++;
        p->bol = p->at;
    }

    p->at = to;
}


static cxr_rc_t
parse_text(parser_t *p, size_t to)
{
    size_t       end;
    const char  *nl, *text = p->src->text.data;

    while (p->at < to) {
        nl = memchr(text + p->at, '\n', to - p->at);
        end = nl ? (size_t) (nl - text) + 1 : to;

        if (parse_push(p, TOKEN_TEXT, p->at, end) == NULL) {
            return p->diag && p->diag->rc ? p->diag->rc : CXR_NOMEM;
        }

        parse_advance(p, end);
    }

    return CXR_OK;
}


/* {{=<% %>=}} */
static cxr_rc_t
parse_delimiters(parser_t *p, token_t *t, cxr_str_t body)
{
    size_t             i, k;
    cxr_delimiters_t  *new;

    body = cxr_str_trim(body);

    for (i = 0; i < body.len && !parse_blank(body.data[i]); i++);
    for (k = i; k < body.len && parse_blank(body.data[k]); k++);

    new = cxr_calloc(p->arena, 1, sizeof(cxr_delimiters_t));
    if (new == NULL) {
        return parse_fail(p, CXR_NOMEM, t->line, t->column,
                          "out of memory");
    }

    new->nopen = i;
    new->nclose = body.len - k;

    if (i == 0 || k == body.len || i >= CXR_TAG_DELIMITER_MAX
        || new->nclose >= CXR_TAG_DELIMITER_MAX
        || memchr(body.data, '=', body.len) != NULL
        || memchr(body.data, '\n', body.len) != NULL)
    {
        return parse_fail(p, CXR_INVALID, t->line, t->column,
                          "\"%.*s\" are not two delimiters, a blank between "
                          "them and no '=' in them",
                          cxr_str_arg(cxr_utf8_cut(body, 40)));
    }

    for (i = k; i < body.len; i++) {
        if (parse_blank(body.data[i])) {
            return parse_fail(p, CXR_INVALID, t->line, t->column,
                              "there are more than two delimiters in "
                              "\"%.*s\"", cxr_str_arg(cxr_utf8_cut(body, 40)));
        }
    }

    memcpy(new->open, body.data, new->nopen);
    memcpy(new->close, body.data + k, new->nclose);

    p->delims = new;
    t->delims = new;

    return CXR_OK;
}


static cxr_node_kind_t
parse_kind(char sigil)
{
    switch (sigil) {
    case '#':
        return CXR_NODE_SECTION;
    case '^':
        return CXR_NODE_INVERTED;
    case '>':
        return CXR_NODE_PARTIAL;
    case '<':
        return CXR_NODE_PARENT;
    case '$':
        return CXR_NODE_BLOCK;
    case '&':
    case '{':
        return CXR_NODE_RAW;
    default:
        return CXR_NODE_VALUE;
    }
}


static cxr_rc_t
parse_name(parser_t *p, const token_t *t)
{
    size_t  i;

    if (t->name.len == 0) {
        return parse_fail(p, CXR_INVALID, t->line, t->column,
                          "the tag has no name");
    }

    if (t->name.len > CXR_TEMPLATE_NAME_MAX) {
        return parse_fail(p, CXR_LIMIT, t->line, t->column,
                          "the name \"%.*s...\" is too long: %d bytes are "
                          "the most", cxr_str_arg(cxr_utf8_cut(t->name, 40)),
                          CXR_TEMPLATE_NAME_MAX);
    }

    for (i = 0; i < t->name.len; i++) {
        if (parse_blank(t->name.data[i])) {
            return parse_fail(p, CXR_INVALID, t->line, t->column,
                              "the name \"%.*s\" has blanks in it: there are "
                              "{{name}}, {{#name}}..{{/name}} and "
                              "{{^name}}..{{/name}}",
                              cxr_str_arg(cxr_utf8_cut(t->name, 60)));
        }
    }

    return CXR_OK;
}


/* The tag whose opening delimiter is at p->at. */
static cxr_rc_t
parse_tag(parser_t *p)
{
    char               sigil;
    size_t             from, body, end;
    token_t           *t;
    cxr_rc_t           rc;
    cxr_str_t          name;
    const char        *found, *text = p->src->text.data;
    cxr_delimiters_t  *dl = p->delims;
    char               close[CXR_TAG_DELIMITER_MAX + 1];
    size_t             nclose = 0;

    from = p->at;
    body = from + dl->nopen;

    while (body < p->src->text.len && parse_blank(text[body])) {
        body++;
    }

    sigil = body < p->src->text.len ? text[body] : '\0';

    if (sigil != '\0' && strchr("#^/!>&<$={", sigil) != NULL) {
        body++;

    } else {
        sigil = '\0';
    }

    if (sigil == '{') {
        close[nclose++] = '}';

    } else if (sigil == '=') {
        close[nclose++] = '=';
    }

    memcpy(close + nclose, dl->close, dl->nclose);
    nclose += dl->nclose;

    found = body < p->src->text.len
            ? memmem(text + body, p->src->text.len - body, close, nclose)
            : NULL;

    if (found == NULL) {
        return parse_fail(p, CXR_INVALID, p->line,
                          (unsigned) (from - p->bol + 1),
                          "the tag \"%.*s\" is not closed: there is no "
                          "\"%.*s\" behind it",
                          cxr_str_arg(cxr_utf8_cut(cxr_strn(text + from,
                                                p->src->text.len - from), 24)),
                          (int) nclose, close);
    }

    end = (size_t) (found - text) + nclose;
    name = cxr_str_trim(cxr_strn(text + body, (size_t) (found - text) - body));

    t = parse_push(p, sigil == '/' ? TOKEN_END : TOKEN_TAG, from, end);
    if (t == NULL) {
        return p->diag && p->diag->rc ? p->diag->rc : CXR_NOMEM;
    }

    if (name.len > 1 && name.data[0] == '*' && parse_blank(name.data[1])) {

        /* "{{> * name }}": a dynamic name may have blanks after its sign */

        name = cxr_str_trim(cxr_strn(name.data + 1, name.len - 1));
        name = cxr_sprintf(p->arena, "*%.*s", cxr_str_arg(name));

        if (name.len == 0) {
            return parse_fail(p, CXR_NOMEM, t->line, t->column,
                              "out of memory");
        }
    }

    t->name = name;

    t->silent = sigil == '!' || sigil == '=';
    t->node = parse_kind(sigil);

    rc = sigil == '=' ? parse_delimiters(p, t, name)
         : sigil == '!' ? CXR_OK : parse_name(p, t);

    if (rc == CXR_OK) {
        parse_advance(p, end);
    }

    return rc;
}


static cxr_rc_t
parse_tokens(parser_t *p)
{
    cxr_rc_t     rc;
    size_t       to;
    const char  *found;
    cxr_str_t    text = p->src->text;

    while (p->at < text.len) {
        found = memmem(text.data + p->at, text.len - p->at, p->delims->open,
                       p->delims->nopen);
        to = found ? (size_t) (found - text.data) : text.len;

        rc = parse_text(p, to);
        if (rc == CXR_OK && found != NULL) {
            rc = parse_tag(p);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return CXR_OK;
}


/* Tags that may share a line and still let it go: layouts and their blocks. */
static bool
parse_of_layout(const token_t *t)
{
    return t->kind == TOKEN_END
           || (t->kind == TOKEN_TAG && !t->silent
               && (t->node == CXR_NODE_PARENT || t->node == CXR_NODE_BLOCK));
}


/*
 * Whether the tags of a line of nothing but tags and blanks let the line go.
 * One tag that makes no output does (the specification's rule).  Of several,
 * only layouts and blocks do, and not when a block opens and closes
 * on the line outside of a layout: then what replaces it is the line's text.
 */
static bool
parse_line_goes(const token_t *t, uint32_t n)
{
    int       layouts = 0;
    bool      all = true, pair = false;
    uint32_t  i, tags = 0;

    for (i = 0; i < n; i++) {
        if (t[i].kind == TOKEN_TEXT) {
            if (!parse_all_blank(t[i].name)) {
                return false;
            }

            continue;
        }

        tags++;

        if (t[i].kind == TOKEN_TAG && !t[i].silent
            && (t[i].node == CXR_NODE_VALUE || t[i].node == CXR_NODE_RAW))
        {
            return false;
        }

        all &= parse_of_layout(&t[i]);

        if (t[i].kind == TOKEN_TAG && t[i].node == CXR_NODE_PARENT) {
            layouts++;
        }

        if (t[i].kind == TOKEN_TAG && t[i].node == CXR_NODE_BLOCK
            && layouts == 0)
        {
            uint32_t  k;

            for (k = i + 1; k < n; k++) {
                pair |= t[k].kind == TOKEN_END
                        && cxr_str_eq(t[k].name, t[i].name);
            }
        }
    }

    return tags == 1 || (tags > 1 && all && !pair);
}


static void
parse_line(token_t *t, uint32_t n)
{
    bool       goes, blank;
    uint32_t   i, first, last;
    cxr_str_t  indent = CXR_STR_NONE;

    for (first = 0; first < n && t[first].kind == TOKEN_TEXT; first++);
    for (last = n; last > 0 && t[last - 1].kind == TOKEN_TEXT; last--);

    if (first == n) {
        return;
    }

    goes = parse_line_goes(t, n);

    blank = first == 0 || (first == 1 && parse_all_blank(t[0].name));

    if (blank) {
        t[first].first = true;
        indent = first == 1 ? t[0].name : CXR_STR_NONE;
        t[first].indent = indent;
    }

    if (!goes) {
        return;
    }

    t[last - 1].last = true;

    for (i = 0; i < n; i++) {
        if (t[i].kind == TOKEN_TEXT) {
            t[i].dropped = i < first || i >= last;

        } else {
            t[i].alone = true;
            t[i].indent = indent;
        }
    }
}


static void
parse_lines(parser_t *p)
{
    token_t   *t = p->tokens.items;
    uint32_t   i, from = 0;

    for (i = 0; i < p->tokens.n; i++) {
        if (t[i].kind == TOKEN_TEXT
            && t[i].name.data[t[i].name.len - 1] == '\n')
        {
            parse_line(t + from, i + 1 - from);
            from = i + 1;
        }
    }

    if (from < p->tokens.n) {
        parse_line(t + from, p->tokens.n - from);
    }
}


/* What stands between a block's tags, without the lines that went. */
static void
parse_inside(parser_t *p, cxr_node_t *node, uint32_t open, uint32_t close)
{
    size_t         from, to;
    unsigned       line;
    const token_t *t = p->tokens.items;

    from = t[open].to;
    to = t[close].from;
    line = t[open].line;

    if (t[open].alone && t[open].last) {
        node->alone = true;

        while (from < to && p->src->text.data[from] != '\n') {
            from++;
        }

        if (from < to) {
            from++;
            line++;
        }
    }

    if (t[close].alone && t[close].first && close > open + 1
        && t[close - 1].dropped)
    {
        to = t[close - 1].from;
    }

    if (to < from) {
        to = from;
    }

    node->inside.file = p->src->file;
    node->inside.text = cxr_strn(p->src->text.data + from, to - from);
    node->inside.line = line;
    node->inside.delims = *t[open].delims;
}


/* From token *at up to the end of the section, or of all. */
static cxr_rc_t
parse_tree(parser_t *p, uint32_t *at, const token_t *section, unsigned depth,
    cxr_nodes_t *out)
{
    token_t     *t;
    cxr_rc_t     rc;
    uint32_t     open;
    cxr_node_t  *node;

    for ( /* void */ ; *at < p->tokens.n; (*at)++) {
        t = &p->tokens.items[*at];

        if (t->silent || t->dropped) {
            continue;
        }

        if (t->kind == TOKEN_END) {
            if (section == NULL) {
                return parse_fail(p, CXR_INVALID, t->line, t->column,
                                  "\"/%.*s\" closes what was not opened: "
                                  "{{#%.*s}} is missing before it",
                                  cxr_str_arg(t->name), cxr_str_arg(t->name));
            }

            if (!cxr_str_eq(section->name, t->name)) {
                rc = cxr_diag(p->diag, CXR_INVALID, NULL, "\"/%.*s\" stands "
                              "where \"%.*s\" of line %u is to be closed",
                              cxr_str_arg(t->name), cxr_str_arg(section->name),
                              section->line);
                cxr_diag_place(p->diag, p->src->file, t->line, t->column);

                return rc;
            }

            return CXR_OK;
        }

        node = cxr_list_push(p->arena, out, sizeof(cxr_node_t));
        if (node == NULL) {
            return parse_fail(p, CXR_NOMEM, t->line, 0, "out of memory");
        }

        node->kind = t->kind == TOKEN_TEXT ? CXR_NODE_TEXT : t->node;
        node->file = p->src->file;
        node->line = t->line;
        node->column = t->column;
        node->text = t->name;
        node->indent = t->indent;

        if (node->kind == CXR_NODE_PARTIAL || node->kind == CXR_NODE_PARENT) {
            if (!t->alone) {
                node->indent = CXR_STR_NONE;
            }
        }

        if (node->kind != CXR_NODE_SECTION && node->kind != CXR_NODE_INVERTED
            && node->kind != CXR_NODE_PARENT && node->kind != CXR_NODE_BLOCK)
        {
            continue;
        }

        if (depth == CXR_TEMPLATE_NEST_MAX) {
            return parse_fail(p, CXR_LIMIT, t->line, t->column,
                              "\"%.*s\" is in too many sections: %d are the "
                              "most", cxr_str_arg(t->name),
                              CXR_TEMPLATE_NEST_MAX);
        }

        open = (*at)++;

        rc = parse_tree(p, at, t, depth + 1, &node->children);
        if (rc != CXR_OK) {
            return rc;
        }

        if (*at == p->tokens.n) {
            return parse_fail(p, CXR_INVALID, t->line, t->column,
                              "\"%.*s\" is not closed: {{/%.*s}} is missing",
                              cxr_str_arg(t->name), cxr_str_arg(t->name));
        }

        if (node->kind == CXR_NODE_BLOCK) {
            parse_inside(p, node, open, *at);
        }
    }

    return CXR_OK;
}


cxr_rc_t
cxr_template_parse(const cxr_source_t *src, cxr_arena_t *a, cxr_nodes_t *out,
    cxr_diag_t *d)
{
    cxr_rc_t          rc;
    uint32_t          at = 0;
    parser_t          p;
    cxr_delimiters_t  delims;

    memset(&p, 0, sizeof(parser_t));
    memset(out, 0, sizeof(cxr_nodes_t));

    delims = src->delims.nopen ? src->delims : cxr_delimiters_default;

    p.src = src;
    p.arena = a;
    p.diag = d;
    p.delims = &delims;
    p.line = src->line ? src->line : 1;

    if (d != NULL) {
        d->rc = CXR_OK;
    }

    rc = parse_tokens(&p);
    if (rc != CXR_OK) {
        return rc;
    }

    parse_lines(&p);

    return parse_tree(&p, &at, NULL, 0, out);
}


/* The blanks at the front of the first line that has more than blanks. */
static cxr_str_t
parse_first_indent(cxr_str_t text)
{
    size_t  i, bol = 0;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] == '\n') {
            bol = i + 1;

        } else if (text.data[i] != ' ' && text.data[i] != '\t'
                   && text.data[i] != '\r')
        {
            return cxr_strn(text.data + bol, i - bol);
        }
    }

    return CXR_STR_NONE;
}


cxr_rc_t
cxr_template_indent(cxr_str_t text, size_t less, cxr_str_t indent, bool first,
    cxr_arena_t *a, cxr_str_t *out)
{
    bool        bol = true, begin = true;
    size_t      i, skip;
    cxr_rc_t    rc;
    cxr_buf_t   b;

    if (less == 0 && indent.len == 0) {
        *out = text;
        return CXR_OK;
    }

    cxr_buf_init(&b, CXR_TEMPLATE_TEXT_MAX);

    for (i = 0; i < text.len; i++) {
        if (bol) {
            for (skip = 0;
                 skip < less && i + skip < text.len
                 && (text.data[i + skip] == ' ' || text.data[i + skip] == '\t');
                 skip++);

            i += skip;
            bol = false;

            if (i == text.len) {
                break;
            }

            if (text.data[i] != '\n' && text.data[i] != '\r'
                && (first || !begin))
            {
                cxr_buf_adds(&b, indent);
            }

            begin = false;
        }

        cxr_buf_addc(&b, text.data[i]);
        bol = text.data[i] == '\n';
    }

    rc = cxr_buf_ok(&b) ? cxr_str_dup(a, cxr_buf_str(&b), out) : CXR_LIMIT;
    cxr_buf_free(&b);

    return rc;
}


cxr_rc_t
cxr_template_override(const cxr_node_t *given, const cxr_node_t *site,
    cxr_arena_t *a, cxr_source_t *out)
{
    size_t     less = 0;
    cxr_str_t  indent = site->indent;

    *out = given->inside;

    if (given->alone) {
        less = parse_first_indent(given->inside.text).len;
    }

    if (site->alone) {
        if (!parse_all_blank(site->inside.text)) {
            indent = parse_first_indent(site->inside.text);
        }
    }

    return cxr_template_indent(given->inside.text, less, indent, site->alone,
                               a, &out->text);
}


const cxr_node_t *
cxr_template_block(const cxr_node_t *parent, cxr_str_t name)
{
    uint32_t           i;
    const cxr_node_t  *found = NULL;

    for (i = 0; i < parent->children.n; i++) {
        if (parent->children.items[i].kind == CXR_NODE_BLOCK
            && cxr_str_eq(parent->children.items[i].text, name))
        {
            found = &parent->children.items[i];
        }
    }

    return found;
}
