
/* The tracker of a template's place in HTML or JSON. */

#include <strings.h>

#include "cxr_markup.h"


typedef enum {
    M_DATA,
    M_TAG_OPEN,          /* <                                                 */
    M_TAG_NAME,
    M_IN_TAG,            /* a blank before an attribute                       */
    M_ATTR_NAME,
    M_AFTER_NAME,
    M_BEFORE_VALUE,      /* =                                                 */
    M_VALUE,
    M_VALUE_BARE,
    M_AFTER_VALUE,       /* the closing quote                                 */
    M_JOIN,              /* in a tag, after a section                         */
    M_DECL,              /* <! or <?                                          */
    M_COMMENT,
    M_CONTENT            /* of an element whose text is not markup            */
} markup_state_t;


typedef enum {
    E_NORMAL,
    E_PLAIN,             /* textarea, title                                   */
    E_JSON,              /* script of JSON-LD                                 */
    E_CODE               /* script, style and the like                        */
} markup_element_t;


typedef enum {
    A_PLAIN,
    A_URL,
    A_CODE,              /* on..., style, srcdoc, srcset, a data: URL         */
    A_TYPE
} markup_attr_t;


typedef enum {
    U_START,
    U_MAYBE,             /* at the start, or after a whole URL                */
    U_PATH,
    U_QUERY
} markup_url_t;


static char
markup_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}


static bool
markup_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}


static bool
markup_one_of(const char *name, size_t n, const char *const *list)
{
    for ( /* void */ ; *list != NULL; list++) {
        if (strlen(*list) == n && memcmp(*list, name, n) == 0) {
            return true;
        }
    }

    return false;
}


static void
markup_keep(char *buf, size_t size, uint8_t *n, char c)
{
    /* one that is too long is none of those that matter */

    if (*n < size) {
        buf[(*n)++] = markup_lower(c);

    } else {
        buf[0] = '\0';
    }
}


void
cxr_markup_init(cxr_markup_t *m, cxr_markup_kind_t kind)
{
    memset(m, 0, sizeof(cxr_markup_t));
    m->kind = (uint8_t) kind;
}


static markup_attr_t
markup_attr(const cxr_markup_t *m)
{
    static const char *const  urls[] = {
        "href", "src", "action", "formaction", "poster", "cite", "data",
        "xlink:href", "background", "manifest", "ping", "icon", "longdesc",
        "usemap", "codebase", NULL
    };
    static const char *const  code[] = { "style", "srcdoc", "srcset",
                                         "imagesrcset", NULL };

    if (m->nname > 2 && m->name[0] == 'o' && m->name[1] == 'n') {
        return A_CODE;
    }

    if (markup_one_of(m->name, m->nname, urls)) {
        return A_URL;
    }

    if (markup_one_of(m->name, m->nname, code)) {
        return A_CODE;
    }

    return m->nname == 4 && memcmp(m->name, "type", 4) == 0 ? A_TYPE : A_PLAIN;
}


static void
markup_tag_end(cxr_markup_t *m)
{
    static const char *const  plain[] = { "textarea", "title", NULL };
    static const char *const  code[] = {
        "style", "xmp", "iframe", "noembed", "noframes", "plaintext", NULL
    };

    m->match = 0;
    m->state = M_DATA;
    m->element = E_NORMAL;

    if (m->closing) {
        return;
    }

    if (m->ntag == 6 && memcmp(m->tag, "script", 6) == 0) {
        m->element = m->ldjson ? E_JSON : E_CODE;
        m->string = false;
        m->escape = false;

    } else if (markup_one_of(m->tag, m->ntag, plain)) {
        m->element = E_PLAIN;

    } else if (markup_one_of(m->tag, m->ntag, code)) {
        m->element = E_CODE;
    }

    if (m->element != E_NORMAL) {
        m->state = M_CONTENT;
    }
}


static void
markup_json(cxr_markup_t *m, char c)
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
        m->escape = c == '_' || markup_blank(c);
        break;

    default:
        break;
    }
}


/* In an element whose text is not markup: only its own end tag counts. */
static const char *
markup_content(cxr_markup_t *m, char c)
{
    if (m->element == E_JSON) {
        markup_json(m, c);
    }

    if (m->match >= 2 && m->match - 2 == m->ntag) {
        m->match = 0;

        if (markup_blank(c) || c == '>' || c == '/') {
            if (m->element == E_JSON && m->string) {
                return "the script ends inside a JSON string";
            }

            m->closing = true;
            m->state = M_IN_TAG;

            if (c == '>') {
                markup_tag_end(m);
            }

            return NULL;
        }
    }

    if (c == '<') {
        m->match = 1;

    } else if (m->match == 1 && c == '/') {
        m->match = 2;

    } else if (m->match >= 2 && markup_lower(c) == m->tag[m->match - 2]) {
        m->match++;

    } else {
        m->match = 0;
    }

    return NULL;
}


static const char *
markup_value_byte(cxr_markup_t *m, char c)
{
    static const char *const  bad[] = {
        "javascript", "vbscript", NULL
    };
    static const char *const  data[] = { "data", NULL };

    if (m->state == M_VALUE ? c == (char) m->quote
                            : (markup_blank(c) || c == '>'))
    {
        if (m->attr == A_TYPE && m->nvalue == 19
            && memcmp(m->value, "application/ld+json", 19) == 0)
        {
            m->ldjson = true;
        }

        m->state = m->state == M_VALUE ? M_AFTER_VALUE : M_IN_TAG;

        if (c == '>') {
            markup_tag_end(m);
        }

        return NULL;
    }

    if (m->attr == A_URL) {
        if (c == ':' && markup_one_of(m->value, m->nvalue, bad)) {
            return "a URL of this scheme is not allowed in a template";
        }

        if (c == ':' && markup_one_of(m->value, m->nvalue, data)) {
            m->attr = A_CODE;      /* percent-encoding is no escape in it */
            return NULL;
        }

        if (c == '?' || c == '#') {
            m->url = U_QUERY;

        } else if (m->url != U_QUERY && !markup_blank(c)) {
            m->url = U_PATH;
        }
    }

    markup_keep(m->value, sizeof(m->value), &m->nvalue, c);

    return NULL;
}


static void
markup_begin_value(cxr_markup_t *m)
{
    m->nvalue = 0;
    m->url = U_START;
    m->attr = (uint8_t) markup_attr(m);
    m->dir |= m->nname == 3 && memcmp(m->name, "dir", 3) == 0;
}


/* Between a tag's name and its '>'. */
static const char *
markup_tag_byte(cxr_markup_t *m, char c)
{
    if (c == '>') {
        markup_tag_end(m);
        return NULL;
    }

    switch (m->state) {

    case M_TAG_NAME:
        if (markup_blank(c) || c == '/') {
            m->state = M_IN_TAG;

        } else {
            markup_keep(m->tag, sizeof(m->tag), &m->ntag, c);
        }

        return NULL;

    case M_JOIN:
    case M_AFTER_VALUE:
        if (!markup_blank(c) && c != '/') {
            return "a blank is wanted here, before the next attribute";
        }

        m->state = M_IN_TAG;
        return NULL;

    case M_AFTER_NAME:
    case M_ATTR_NAME:
        if (c == '=') {
            m->state = M_BEFORE_VALUE;
            return NULL;
        }

        if (markup_blank(c) || c == '/') {
            m->state = c == '/' ? M_IN_TAG : M_AFTER_NAME;
            return NULL;
        }

        if (m->state == M_ATTR_NAME) {
            markup_keep(m->name, sizeof(m->name), &m->nname, c);
            return NULL;
        }

        break;

    default: /* M_IN_TAG */
        if (markup_blank(c) || c == '/') {
            return NULL;
        }

        break;
    }

    if (c == '"' || c == '\'' || c == '<' || c == '=') {
        return "this cannot begin an attribute's name";
    }

    m->state = M_ATTR_NAME;
    m->nname = 0;
    markup_keep(m->name, sizeof(m->name), &m->nname, c);

    return NULL;
}


static const char *
markup_html(cxr_markup_t *m, char c)
{
    switch (m->state) {

    case M_DATA:
        if (c == '<') {
            m->state = M_TAG_OPEN;
            m->closing = false;
            m->ldjson = false;
            m->dir = false;
            m->ntag = 0;
        }

        return NULL;

    case M_TAG_OPEN:
        if (c == '/' && !m->closing) {
            m->closing = true;
            return NULL;
        }

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            m->state = M_TAG_NAME;
            markup_keep(m->tag, sizeof(m->tag), &m->ntag, c);
            return NULL;
        }

        if ((c == '!' || c == '?') && !m->closing) {
            m->state = M_DECL;
            m->match = c == '!' ? 1 : 0;
            return NULL;
        }

        return "a '<' that begins no tag is written &lt;";

    case M_DECL:
        if (m->match != 0) {
            /* "<!--", and no "<![CDATA[", in which '>' would not end it */

            if (c == '[') {
                return "a CDATA section is not understood here";
            }

            m->match = c == '-' ? m->match + 1 : 0;

            if (m->match == 3) {
                m->match = 0;
                m->state = M_COMMENT;
                return NULL;
            }
        }

        if (c == '>') {
            m->state = M_DATA;
        }

        return NULL;

    case M_COMMENT:
        if (c == '>' && m->match >= 2) {
            m->state = M_DATA;
            m->match = 0;

        } else {
            m->match = c == '-' ? (m->match < 2 ? m->match + 1 : 2) : 0;
        }

        return NULL;

    case M_CONTENT:
        return markup_content(m, c);

    case M_BEFORE_VALUE:
        if (markup_blank(c)) {
            return NULL;
        }

        if (c == '>') {
            return "the attribute has '=' and no value";
        }

        markup_begin_value(m);

        if (c == '"' || c == '\'') {
            m->quote = (uint8_t) c;
            m->state = M_VALUE;
            return NULL;
        }

        m->state = M_VALUE_BARE;
        return markup_value_byte(m, c);

    case M_VALUE:
    case M_VALUE_BARE:
        return markup_value_byte(m, c);

    default:
        return markup_tag_byte(m, c);
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
            markup_json(m, s.data[i]);

        } else if (m->kind == CXR_MARKUP_CSV) {
            markup_csv(m, s.data[i]);

        } else if (m->kind == CXR_MARKUP_ZPL) {
            markup_zpl(m, s.data[i]);

        } else if (m->kind == CXR_MARKUP_HTML) {
            wrong = markup_html(m, s.data[i]);
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
               "or data: URL";
    }

    if (m->attr == A_TYPE && m->ntag == 6 && memcmp(m->tag, "script", 6) == 0) {
        return "no value may stand in the type of a script";
    }

    *escape = CXR_ESCAPE_HTML;

    if (m->attr != A_URL) {
        markup_keep(m->value, sizeof(m->value), &m->nvalue, '?');
        return NULL;
    }

    switch (m->url) {

    case U_START:
    case U_MAYBE:
        if (!(flags & CXR_VALUE_URL)) {
            return "a URL may begin only with a field that holds a URL made "
                   "by us (CXR_FIELD_URL)";
        }

        m->url = U_PATH;
        break;

    case U_PATH:
        if (flags & CXR_VALUE_URL) {
            return "a field that holds a whole URL cannot stand inside "
                   "another URL's path";
        }

        *escape = CXR_ESCAPE_URL;
        break;

    default:
        *escape = CXR_ESCAPE_URL;
        break;
    }

    /* what came is not a scheme any more */

    m->nvalue = sizeof(m->value);
    m->value[0] = '\0';

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

        return "no value may stand in a script, a style or the like";

    case M_VALUE:
        return markup_attr_value(m, flags, escape);

    case M_VALUE_BARE:
    case M_BEFORE_VALUE:
        return "an attribute's value must stand in quotes";

    case M_COMMENT:
    case M_DECL:
        return "no value may stand in a comment or declaration";

    default:
        return "no value may stand in the name of a tag or attribute";
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

    return !m->closing && markup_one_of(m->tag, m->ntag, bare)
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
        return "a section may not begin here, after '<' or '='";

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

        a->url = a->url <= U_MAYBE || b->url <= U_MAYBE ? U_MAYBE : U_PATH;
    }

    if (a->nvalue != b->nvalue) {
        a->nvalue = sizeof(a->value);
        a->value[0] = '\0';
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
