
/* The tracker of a template's place in HTML, JSON, CSV or ZPL. */

#include <strings.h>

#include "cxr_markup_private.h"


void
cxr_markup_init(cxr_markup_t *m, cxr_markup_kind_t kind)
{
    memset(m, 0, sizeof(cxr_markup_t));
    m->kind = (uint8_t) kind;
}


void
cxr_markup_json(cxr_markup_t *m, char c)
{
    if (m->escape) {
        m->escape = false;

    } else if (m->string && c == '\\') {
        m->escape = true;

    } else if (c == '"') {
        m->string = !m->string;
    }
}


/* A quote that is doubled closes the field and opens it again. */
static void
markup_csv(cxr_markup_t *m, char c)
{
    if (c == '"') {
        m->string = !m->string;
        m->match = 0;

    } else if (m->string) {
        m->match = 1;
    }
}


/* ^FH, ^FD and ^FS; any other command ends a field's data, too. */
static void
markup_zpl(cxr_markup_t *m, char c)
{
    if (c == '^' || c == '~') {
        m->match = c == '^' ? 1 : 0;

        if (m->string) {
            m->escape = false;
        }

        m->string = false;
        return;
    }

    switch (m->match) {

    case 1:
        m->match = c == 'F' ? 2 : 0;
        break;

    case 2:
        m->match = 0;

        if (c == 'H') {
            m->match = 3;
            m->escape = true;

        } else if (c == 'D') {
            m->string = true;

        } else if (c == 'S') {
            m->escape = false;
        }

        break;

    case 3:

        /* another sign for hexadecimal than the usual one */

        m->match = 0;
        m->escape = c == '_' || cxr_markup_blank(c);
        break;

    default:
        break;
    }
}


const char *
cxr_markup_text(cxr_markup_t *m, cxr_str_t s, size_t *at)
{
    size_t       i;
    const char  *wrong = NULL;

    for (i = 0; i < s.len && wrong == NULL; i++) {
        *at = i;

        if (m->kind == CXR_MARKUP_JSON) {
            cxr_markup_json(m, s.data[i]);

        } else if (m->kind == CXR_MARKUP_CSV) {
            markup_csv(m, s.data[i]);

        } else if (m->kind == CXR_MARKUP_ZPL) {
            markup_zpl(m, s.data[i]);

        } else if (m->kind == CXR_MARKUP_HTML) {
            wrong = cxr_markup_html(m, s.data[i]);
        }
    }

    return wrong;
}


static const char *
markup_json_value(const cxr_markup_t *m, unsigned flags, cxr_escape_t *escape)
{
    if (flags & CXR_VALUE_RAW) {
        return "nothing is written raw into JSON";
    }

    if (m->escape) {
        return "no value may stand after a backslash";
    }

    if (!m->string && !(flags & CXR_VALUE_NUMBER)) {
        return "only a number or BOOL may stand outside a JSON string";
    }

    *escape = CXR_ESCAPE_JSON;

    return NULL;
}


static const char *
markup_csv_value(const cxr_markup_t *m, unsigned flags, cxr_escape_t *escape)
{
    if (flags & CXR_VALUE_RAW) {
        return "nothing is written raw into CSV";
    }

    if (!m->string && !(flags & CXR_VALUE_NUMBER)) {
        return "only a number or BOOL may stand outside a field's quotes";
    }

    *escape = m->match ? CXR_ESCAPE_CSV : CXR_ESCAPE_CSV_FIRST;

    return NULL;
}


static const char *
markup_zpl_value(const cxr_markup_t *m, unsigned flags, cxr_escape_t *escape)
{
    if (flags & CXR_VALUE_RAW) {
        return "nothing is written raw into ZPL";
    }

    if (m->match == 1 || m->match == 2) {
        return "no value may stand in a command's name";
    }

    if (!m->string && !(flags & CXR_VALUE_NUMBER)) {
        return "only a number may stand outside a field's data, ^FD to ^FS";
    }

    if (m->string && !m->escape) {
        return "a field with a value needs ^FH before its ^FD, so that ^ and ~ "
               "of the value are no commands";
    }

    *escape = CXR_ESCAPE_ZPL;

    return NULL;
}


static const char *
markup_attr_value(cxr_markup_t *m, unsigned flags, cxr_escape_t *escape)
{
    if (m->attr == A_CODE) {
        return "no value may stand in an event handler, style, srcdoc, srcset "
               "or data: URL; let a section choose a class";
    }

    if (m->attr == A_MOVE) {
        return "no value may stand in from, to, by, values or attributeName: "
               "an SVG animation writes it into another attribute";
    }

    if (m->attr == A_PRAGMA || (m->attr == A_CONTENT && m->pragma)) {
        return m->attr == A_PRAGMA ? "no value may stand in http-equiv"
                                   : CXR_MARKUP_PRAGMA;
    }

    m->filled |= m->attr == A_CONTENT;

    if (m->attr == A_TYPE && m->ntag == 6 && memcmp(m->tag, "script", 6) == 0) {
        return "no value may stand in the type of a script";
    }

    *escape = CXR_ESCAPE_HTML;

    if (m->attr != A_URL) {
        m->nvalue = sizeof(m->value);
        return NULL;
    }

    switch (m->url) {

    case U_START:
    case U_MAYBE:
        if (!(flags & CXR_VALUE_URL)) {
            return "a URL may begin with what is written in the template, or "
                   "with a field that holds a URL";
        }

        m->url = U_PATH;
        break;

    case U_HOST:
        return "which host a URL leads to cannot come from the data: let the "
               "URL begin with a field that holds a whole one";

    case U_SCHEME:
    case U_SLASH:
    case U_PATH:
        if (flags & CXR_VALUE_URL) {
            return "a field that holds a whole URL cannot stand inside "
                   "another URL's path";
        }

        m->url = U_PATH;
        *escape = CXR_ESCAPE_URL;
        break;

    default:
        *escape = CXR_ESCAPE_URL;
        break;
    }

    /* what came is not a scheme any more */

    m->nvalue = sizeof(m->value);

    return NULL;
}


const char *
cxr_markup_value(cxr_markup_t *m, unsigned flags, cxr_escape_t *escape)
{
    *escape = CXR_ESCAPE_NONE;

    if (m->kind == CXR_MARKUP_TEXT) {
        return NULL;
    }

    if (m->kind == CXR_MARKUP_JSON) {
        return markup_json_value(m, flags, escape);
    }

    if (m->kind == CXR_MARKUP_CSV) {
        return markup_csv_value(m, flags, escape);
    }

    if (m->kind == CXR_MARKUP_ZPL) {
        return markup_zpl_value(m, flags, escape);
    }

    if (m->state == M_DATA) {
        if (!(flags & CXR_VALUE_RAW)) {
            *escape = CXR_ESCAPE_HTML;
        }

        return NULL;
    }

    if (flags & CXR_VALUE_RAW) {
        return "markup of ours may stand only in HTML text";
    }

    switch (m->state) {

    case M_CONTENT:
        m->match = 0;

        if (m->element == E_JSON) {
            return markup_json_value(m, flags, escape);
        }

        if (m->element == E_PLAIN) {
            *escape = CXR_ESCAPE_HTML;
            return NULL;
        }

        return "no value may stand in a script, a style or the like: it is "
               "for the text of an element, or an attribute";

    case M_VALUE:
        return markup_attr_value(m, flags, escape);

    case M_VALUE_BARE:
    case M_BEFORE_VALUE:
        return "an attribute's value must stand in quotes, =\"{{name}}\"";

    case M_COMMENT:
    case M_DECL:
        return "no value may stand in a comment or declaration; a comment of "
               "the template is {{! }}";

    default:
        return "no value may stand in the name of a tag or attribute; let "
               "sections choose one that is written there";
    }
}


cxr_isolate_t
cxr_markup_isolate(const cxr_markup_t *m)
{
    /* an option and a drawing's text hold no elements of HTML */

    static const char *const  bare[] = { "option", "text", "tspan", NULL };

    if (m->kind != CXR_MARKUP_HTML || m->state != M_DATA
        || (m->dir && !m->closing))
    {
        return CXR_ISOLATE_NONE;
    }

    return !m->closing && cxr_markup_one_of(m->tag, m->ntag, bare)
           ? CXR_ISOLATE_MARKS : CXR_ISOLATE_ELEMENT;
}


const char *
cxr_markup_section(cxr_markup_t *m)
{
    if (m->kind != CXR_MARKUP_HTML) {
        return NULL;
    }

    switch (m->state) {

    case M_TAG_OPEN:
    case M_BEFORE_VALUE:
        return "a section may not begin here, after '<' or '='; put the "
               "attribute's value in quotes";

    case M_TAG_NAME:
    case M_ATTR_NAME:
    case M_AFTER_NAME:
    case M_AFTER_VALUE:
        m->state = M_JOIN;
        return NULL;

    default:
        return NULL;
    }
}


static bool
markup_within_tag(const cxr_markup_t *m)
{
    switch (m->state) {
    case M_TAG_NAME:
    case M_IN_TAG:
    case M_ATTR_NAME:
    case M_AFTER_NAME:
    case M_AFTER_VALUE:
    case M_JOIN:
        return true;
    default:
        return false;
    }
}


bool
cxr_markup_join(cxr_markup_t *a, const cxr_markup_t *b, bool loop)
{
    if (a->kind == CXR_MARKUP_TEXT) {
        return true;
    }

    if (a->string != b->string || a->escape != b->escape) {
        return false;
    }

    if (a->kind == CXR_MARKUP_JSON) {
        return true;
    }

    if (a->kind == CXR_MARKUP_CSV) {
        a->match = a->match && b->match;
        return true;
    }

    if (a->kind == CXR_MARKUP_ZPL) {
        return a->match == b->match;
    }

    if (a->state == M_DATA && b->state == M_DATA) {
        return true;
    }

    /* from here on both are in the same tag, attribute or element */

    if (a->ntag != b->ntag || memcmp(a->tag, b->tag, a->ntag) != 0
        || a->closing != b->closing || a->ldjson != b->ldjson)
    {
        return false;
    }

    a->typed |= b->typed;
    a->pragma |= b->pragma;
    a->filled |= b->filled;

    if (markup_within_tag(a) && markup_within_tag(b)) {
        if (a->state == b->state
            && (a->state == M_IN_TAG || a->state == M_JOIN))
        {
            return true;
        }

        a->state = M_JOIN;
        return !loop;
    }

    if (a->state != b->state || a->match != b->match) {
        return false;
    }

    if (a->state == M_CONTENT) {
        return a->element == b->element;
    }

    if (a->state != M_VALUE) {
        return a->state == M_COMMENT || a->state == M_DECL
               || a->state == M_VALUE_BARE;
    }

    if (a->quote != b->quote || a->attr != b->attr) {
        return false;
    }

    if (a->attr == A_URL && a->url != b->url) {
        if (loop) {
            return false;
        }

        a->url = a->url == U_HOST || b->url == U_HOST ? U_HOST
                 : a->url <= U_MAYBE || b->url <= U_MAYBE ? U_MAYBE : U_PATH;
    }

    if (a->nvalue != b->nvalue) {
        a->nvalue = sizeof(a->value);
    }

    return true;
}


const char *
cxr_markup_end(const cxr_markup_t *m)
{
    if (m->kind == CXR_MARKUP_JSON && m->string) {
        return "the template ends inside a JSON string";
    }

    if (m->kind == CXR_MARKUP_CSV && m->string) {
        return "the template ends inside a field's quotes";
    }

    if (m->kind == CXR_MARKUP_ZPL && m->string) {
        return "the template ends inside a field's data";
    }

    if (m->kind == CXR_MARKUP_HTML && m->state != M_DATA) {
        return "the template ends inside a tag, a comment or an element's "
               "text";
    }

    return NULL;
}
