
/*
 * The text of paths and values.
 *
 *     value   = alternative *( "|" alternative )       first that is not null
 *     alternative = part *( "+" part )                 joined
 *     part    = ( "'" text "'" | "request()" | path ) [ "?" ]
 *                                                      "?": may be absent
 *     path    = [ ".//" ] step *( ( "/" | "//" ) step )
 *     step    = ( "." | ".." | "@" name | "*" | name | "name()"
 *               | "preceding-sibling::" name | "following-sibling::" name )
 *               *( "[" predicate "]" )
 *     predicate = number | "last()" | "not(" path ")" | path
 *               | path ( "=" | "!=" ) "'" text "'"
 */

#include "cxr_profile_private.h"
#include "cxr_text.h"


typedef struct {
    cxr_profile_t  *profile;
    cxr_str_t       in;
    size_t          at;
    unsigned        nest;
    const char     *why;
} cxr_path_reader_t;


static bool cxr_read_path(cxr_path_reader_t *r, cxr_path_t *path);


static void
cxr_read_blanks(cxr_path_reader_t *r)
{
    while (r->at < r->in.len
           && (r->in.data[r->at] == ' ' || r->in.data[r->at] == '\t'
               || r->in.data[r->at] == '\n' || r->in.data[r->at] == '\r'))
    {
        r->at++;
    }
}


static bool
cxr_read_is(cxr_path_reader_t *r, const char *z)
{
    size_t  n = strlen(z);

    if (r->in.len - r->at < n || memcmp(r->in.data + r->at, z, n) != 0) {
        return false;
    }

    r->at += n;
    return true;
}


static bool
cxr_read_fail(cxr_path_reader_t *r, const char *why)
{
    if (r->why == NULL) {
        r->why = why;
    }

    return false;
}


static bool
cxr_name_byte(unsigned char c, bool first)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
        || c >= 0x80)
    {
        return true;
    }

    return !first && ((c >= '0' && c <= '9') || c == '-' || c == '.');
}


/* "p:name" of an element, "p" being that of a <ns> */
static bool
cxr_read_prefixed(cxr_path_reader_t *r, cxr_str_t prefix, uint16_t *id)
{
    char             qualified[CXR_QUALIFIED_MAX];
    size_t           n, start = ++r->at;
    uint32_t         i;
    cxr_str_t        name;
    const cxr_ns_t  *ns = NULL;

    for (i = 0; i < r->profile->spaces.n; i++) {
        if (cxr_str_eq(r->profile->spaces.items[i].prefix, prefix)) {
            ns = &r->profile->spaces.items[i];
        }
    }

    if (ns == NULL) {
        return cxr_read_fail(r, "paths go by local names: leave the prefix "
                             "out, or say what it stands for with a <ns> "
                             "above");
    }

    if (prefix.data > r->in.data && prefix.data[-1] == '@') {
        return cxr_read_fail(r, "attributes go by their local names: leave "
                             "the prefix out");
    }

    while (r->at < r->in.len
           && cxr_name_byte((unsigned char) r->in.data[r->at], r->at == start))
    {
        r->at++;
    }

    name = cxr_strn(r->in.data + start, r->at - start);
    n = cxr_names_qualify(ns->uri, name, qualified);

    if (name.len == 0 || n == 0) {
        return cxr_read_fail(r, "a name of at most 200 bytes is wanted after "
                             "the prefix");
    }

    *id = cxr_names_add(r->profile, cxr_strn(qualified, n));

    return *id != 0 || cxr_read_fail(r, "too many different names");
}


static bool
cxr_read_name(cxr_path_reader_t *r, uint16_t *id)
{
    size_t     start = r->at;
    cxr_str_t  name;

    while (r->at < r->in.len
           && cxr_name_byte((unsigned char) r->in.data[r->at], r->at == start))
    {
        r->at++;
    }

    if (r->at == start) {
        return cxr_read_fail(r, "a name, \"*\", \"@name\", \".\" or \"..\" is "
                             "wanted in the path");
    }

    name = cxr_strn(r->in.data + start, r->at - start);

    if (r->at < r->in.len && r->in.data[r->at] == ':') {
        return cxr_read_prefixed(r, name, id);
    }

    *id = cxr_names_add(r->profile, name);

    return *id != 0 || cxr_read_fail(r, "too many different names");
}


static bool
cxr_read_quoted(cxr_path_reader_t *r, cxr_str_t *out)
{
    char    quote;
    size_t  start;

    if (r->at >= r->in.len
        || (r->in.data[r->at] != '\'' && r->in.data[r->at] != '"'))
    {
        return cxr_read_fail(r, "a text in quotes is wanted");
    }

    quote = r->in.data[r->at++];
    start = r->at;

    while (r->at < r->in.len && r->in.data[r->at] != quote) {
        r->at++;
    }

    if (r->at == r->in.len) {
        return cxr_read_fail(r, "a quote is not closed");
    }

    if (cxr_str_dup(r->profile->arena,
                    cxr_strn(r->in.data + start, r->at - start), out)
        != CXR_OK)
    {
        return cxr_read_fail(r, "out of memory");
    }

    r->at++;
    return true;
}


static bool
cxr_read_predicate(cxr_path_reader_t *r, cxr_pred_t *pred, bool *counts)
{
    unsigned  n = 0, digits = 0;

    cxr_read_blanks(r);

    while (r->at < r->in.len && r->in.data[r->at] >= '0'
           && r->in.data[r->at] <= '9' && digits < 6)
    {
        n = n * 10 + (unsigned) (r->in.data[r->at++] - '0');
        digits++;
    }

    if (digits > 0) {
        pred->kind = CXR_PRED_POS;
        pred->pos = n;
        *counts = true;

        if (n == 0) {
            return cxr_read_fail(r, "positions count from 1");
        }

    } else if (cxr_read_is(r, "last()")) {
        pred->kind = CXR_PRED_LAST;
        *counts = true;

    } else if (cxr_read_is(r, "not(")) {
        pred->kind = CXR_PRED_NOT;

        if (!cxr_read_path(r, &pred->path)) {
            return false;
        }

        cxr_read_blanks(r);
        if (!cxr_read_is(r, ")")) {
            return cxr_read_fail(r, "\")\" is wanted after not(");
        }

    } else {
        pred->kind = CXR_PRED_HAS;

        if (!cxr_read_path(r, &pred->path)) {
            return false;
        }

        cxr_read_blanks(r);

        if (cxr_read_is(r, "!=")) {
            pred->kind = CXR_PRED_NE;

        } else if (cxr_read_is(r, "=")) {
            pred->kind = CXR_PRED_EQ;
        }

        if (pred->kind != CXR_PRED_HAS) {
            cxr_read_blanks(r);

            if (!cxr_read_quoted(r, &pred->text)) {
                return false;
            }
        }
    }

    cxr_read_blanks(r);

    return cxr_read_is(r, "]") || cxr_read_fail(r, "\"]\" is wanted");
}


static bool
cxr_read_step(cxr_path_reader_t *r, cxr_step_t *step, bool descend)
{
    cxr_pred_t  *pred;

    cxr_read_blanks(r);

    step->axis = descend ? CXR_AXIS_DESC : CXR_AXIS_CHILD;

    if (cxr_read_is(r, "..")) {
        step->axis = CXR_AXIS_PARENT;

    } else if (cxr_read_is(r, ".")) {
        step->axis = CXR_AXIS_SELF;

    } else if (cxr_read_is(r, "@")) {
        step->axis = CXR_AXIS_ATTR;

        if (!cxr_read_name(r, &step->name)) {
            return false;
        }

    } else if (cxr_read_is(r, "*")) {
        step->name = CXR_NAME_ANY;

    } else if (cxr_read_is(r, "name()")) {
        step->axis = CXR_AXIS_NAME;

    } else {
        if (cxr_read_is(r, "preceding-sibling::")) {
            step->axis = CXR_AXIS_PREV;

        } else if (cxr_read_is(r, "following-sibling::")) {
            step->axis = CXR_AXIS_NEXT;
        }

        if (!cxr_read_name(r, &step->name)) {
            return false;
        }
    }

    if (descend && step->axis != CXR_AXIS_DESC) {
        return cxr_read_fail(r, "only a name or \"*\" may follow \"//\"");
    }

    while (cxr_read_is(r, "[")) {

        if (step->axis == CXR_AXIS_ATTR || step->axis == CXR_AXIS_NAME) {
            return cxr_read_fail(r, "an attribute takes no \"[...]\"");
        }

        if (r->nest == CXR_PRED_NEST) {
            return cxr_read_fail(r, "\"[...]\" is nested too deeply");
        }

        if (step->preds.n == CXR_PREDS_MAX) {
            return cxr_read_fail(r, "a step has at most 4 tests");
        }

        pred = cxr_list_push(r->profile->arena, &step->preds,
                             sizeof(cxr_pred_t));
        if (pred == NULL) {
            return cxr_read_fail(r, "out of memory");
        }

        r->nest++;

        if (!cxr_read_predicate(r, pred, &step->counts)) {
            return false;
        }

        r->nest--;

        if (step->counts && step->axis != CXR_AXIS_CHILD) {
            return cxr_read_fail(r, "a position may only be asked for of "
                                 "children");
        }
    }

    return true;
}


static bool
cxr_read_path(cxr_path_reader_t *r, cxr_path_t *path)
{
    bool         descend = false;
    cxr_step_t  *step;

    cxr_read_blanks(r);

    if (r->at < r->in.len && r->in.data[r->at] == '/') {
        return cxr_read_fail(r, "a path begins at the element it stands for, "
                             "not with \"/\"");
    }

    for ( ;; ) {
        if (path->steps.n == CXR_STEPS_MAX) {
            return cxr_read_fail(r, "the path has too many steps");
        }

        step = cxr_list_push(r->profile->arena, &path->steps,
                             sizeof(cxr_step_t));
        if (step == NULL) {
            return cxr_read_fail(r, "out of memory");
        }

        if (!cxr_read_step(r, step, descend)) {
            return false;
        }

        if (!cxr_read_is(r, "/")) {
            return true;
        }

        if (step->axis == CXR_AXIS_ATTR || step->axis == CXR_AXIS_NAME) {
            return cxr_read_fail(r, "nothing may follow an attribute or "
                                 "name()");
        }

        descend = cxr_read_is(r, "/");
    }
}


static bool
cxr_read_end(cxr_path_reader_t *r)
{
    cxr_read_blanks(r);

    return r->at == r->in.len
           || cxr_read_fail(r, "there is something after the path that does "
                            "not belong there");
}


cxr_rc_t
cxr_path_parse(cxr_profile_t *p, cxr_str_t s, cxr_path_t *out,
    const char **why)
{
    cxr_path_reader_t  r = { p, s, 0, 0, NULL };

    if (!cxr_read_path(&r, out) || !cxr_read_end(&r)) {
        *why = r.why;
        return CXR_INVALID;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_paths_parse(cxr_profile_t *p, cxr_str_t s, cxr_paths_t *out,
    const char **why)
{
    cxr_path_t         *path;
    cxr_path_reader_t   r = { p, s, 0, 0, NULL };

    do {
        path = cxr_list_push(p->arena, out, sizeof(cxr_path_t));

        if (path == NULL) {
            *why = "out of memory";
            return CXR_NOMEM;
        }

        if (!cxr_read_path(&r, path)) {
            *why = r.why;
            return CXR_INVALID;
        }

        cxr_read_blanks(&r);

    } while (cxr_read_is(&r, "|"));

    if (!cxr_read_end(&r)) {
        *why = r.why;
        return CXR_INVALID;
    }

    return CXR_OK;
}


static uint16_t
cxr_path_child(const cxr_path_t *path)
{
    const cxr_step_t  *step = path->steps.items;

    return path->steps.n == 1 && step->axis == CXR_AXIS_CHILD
           && step->name != CXR_NAME_ANY && step->preds.n == 0 ? step->name
                                                               : 0;
}


static bool
cxr_read_part(cxr_path_reader_t *r, cxr_part_t *part)
{
    cxr_read_blanks(r);

    if (r->at < r->in.len
        && (r->in.data[r->at] == '\'' || r->in.data[r->at] == '"'))
    {
        part->literal = true;

        if (!cxr_read_quoted(r, &part->text)) {
            return false;
        }

    } else if (cxr_read_is(r, "request()")) {
        part->request = true;

    } else if (cxr_read_path(r, &part->path)) {
        part->child = cxr_path_child(&part->path);

    } else {
        return false;
    }

    cxr_read_blanks(r);
    part->optional = cxr_read_is(r, "?");
    cxr_read_blanks(r);

    return true;
}


cxr_rc_t
cxr_value_parse(cxr_profile_t *p, cxr_str_t s, cxr_value_t *out,
    const char **why)
{
    size_t              start;
    cxr_alt_t          *alt;
    cxr_part_t         *part;
    cxr_path_reader_t   r = { p, s, 0, 0, NULL };

    do {
        start = r.at;
        alt = cxr_list_push(p->arena, &out->alts, sizeof(cxr_alt_t));

        if (alt == NULL) {
            *why = "out of memory";
            return CXR_NOMEM;
        }

        alt->join = cxr_str(" ");

        do {
            if (alt->parts.n == CXR_PARTS_MAX) {
                *why = "a value has at most 8 parts";
                return CXR_INVALID;
            }

            part = cxr_list_push(p->arena, &alt->parts, sizeof(cxr_part_t));

            if (part == NULL) {
                *why = "out of memory";
                return CXR_NOMEM;
            }

            if (!cxr_read_part(&r, part)) {
                *why = r.why;
                return CXR_INVALID;
            }

        } while (cxr_read_is(&r, "+"));

        if (cxr_str_dup(p->arena,
                        cxr_str_trim(cxr_strn(s.data + start, r.at - start)),
                        &alt->source)
            != CXR_OK)
        {
            *why = "out of memory";
            return CXR_NOMEM;
        }

    } while (cxr_read_is(&r, "|"));

    if (!cxr_read_end(&r)) {
        *why = r.why;
        return CXR_INVALID;
    }

    return CXR_OK;
}
