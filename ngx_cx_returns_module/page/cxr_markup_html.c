
/* As much of HTML's tokenizer as decides how a value is escaped. */

#include "cxr_markup_private.h"


static char
markup_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}


bool
cxr_markup_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}


bool
cxr_markup_one_of(const char *name, size_t n, const char *const *list)
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
    /* what is too long is cut: no name that is asked for is so long */

    if (*n < size) {
        buf[(*n)++] = markup_lower(c);
    }
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
    static const char *const  moves[] = { "attributename", "from", "to", "by",
                                          "values", NULL };
    static const char *const  meta[] = { "meta", NULL };
    static const char *const  pragma[] = { "http-equiv", NULL };
    static const char *const  content[] = { "content", NULL };

    if (m->nname > 2 && m->name[0] == 'o' && m->name[1] == 'n') {
        return A_CODE;
    }

    if (cxr_markup_one_of(m->name, m->nname, urls)) {
        return A_URL;
    }

    if (cxr_markup_one_of(m->name, m->nname, code)) {
        return A_CODE;
    }

    if (cxr_markup_one_of(m->name, m->nname, moves)) {
        return A_MOVE;
    }

    if (cxr_markup_one_of(m->tag, m->ntag, meta)) {
        if (cxr_markup_one_of(m->name, m->nname, pragma)) {
            return A_PRAGMA;
        }

        if (cxr_markup_one_of(m->name, m->nname, content)) {
            return A_CONTENT;
        }
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

    } else if (cxr_markup_one_of(m->tag, m->ntag, plain)) {
        m->element = E_PLAIN;

    } else if (cxr_markup_one_of(m->tag, m->ntag, code)) {
        m->element = E_CODE;
    }

    if (m->element != E_NORMAL) {
        m->state = M_CONTENT;
    }
}


/* In an element whose text is not markup: only its own end tag counts. */
static const char *
markup_content(cxr_markup_t *m, char c)
{
    if (m->element == E_JSON) {
        cxr_markup_json(m, c);
    }

    if (m->match >= 2 && m->match - 2 == m->ntag) {
        m->match = 0;

        if (cxr_markup_blank(c) || c == '>' || c == '/') {
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

    if (m->match == 1 && c == '/') {
        m->match = 2;
        return NULL;
    }

    if (m->match >= 2 && m->match - 2 < m->ntag
        && markup_lower(c) == m->tag[m->match - 2])
    {
        m->match++;
        return NULL;
    }

    /* a drawing has a title, too, whose elements are elements */

    if (m->match != 0 && m->element == E_PLAIN) {
        return "in a title or textarea a '<' is written &lt;";
    }

    m->match = c == '<' ? 1 : 0;

    return NULL;
}


/* "scheme:", then "//" and a host; browsers take '\\' for '/'. */
static const char *
markup_url(cxr_markup_t *m, char c)
{
    bool  first = m->url == U_START || m->url == U_MAYBE;
    bool  slash = c == '/' || c == '\\';
    bool  scheme = m->nvalue < sizeof(m->value);

    static const char *const  bad[] = {
        "javascript", "vbscript", NULL
    };
    static const char *const  data[] = { "data", NULL };

    if ((unsigned char) c <= ' ') {
        return NULL;                /* browsers drop it from a scheme */
    }

    if (scheme && c == '&') {
        return "an & may not stand before a URL's path: write the scheme as "
               "it is, and a relative URL with \"./\" before it";
    }

    if (scheme && c == ':') {
        if (cxr_markup_one_of(m->value, m->nvalue, bad)) {
            return "a URL of this scheme is not allowed in a template: pages "
                   "run no script";
        }

        if (cxr_markup_one_of(m->value, m->nvalue, data)) {
            m->attr = A_CODE;      /* percent-encoding is no escape in it */
            return NULL;
        }
    }

    if (c == '?' || c == '#') {
        m->url = U_QUERY;

    } else if (scheme && c == ':') {
        m->url = U_SCHEME;

    } else if (slash && (first || m->url == U_SCHEME)) {
        m->url = U_SLASH;

    } else if (slash && m->url == U_SLASH) {
        m->url = U_HOST;

    } else if (m->url != U_QUERY && (slash || m->url != U_HOST)) {
        m->url = U_PATH;
    }

    if (c == ':' || slash || m->url == U_QUERY) {
        m->nvalue = sizeof(m->value);

    } else {
        markup_keep(m->value, sizeof(m->value), &m->nvalue, c);
    }

    return NULL;
}


static const char *
markup_value_byte(cxr_markup_t *m, char c)
{
    if (m->state == M_VALUE ? c == (char) m->quote
                            : (cxr_markup_blank(c) || c == '>'))
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
        return markup_url(m, c);
    }

    markup_keep(m->value, sizeof(m->value), &m->nvalue, c);

    return NULL;
}


static const char *
markup_begin_value(cxr_markup_t *m)
{
    m->nvalue = 0;
    m->url = U_START;
    m->attr = (uint8_t) markup_attr(m);
    m->dir |= m->nname == 3 && memcmp(m->name, "dir", 3) == 0;

    if (m->attr == A_TYPE && m->typed) {
        return "the attribute \"type\" stands here twice";
    }

    m->typed |= m->attr == A_TYPE;
    m->pragma |= m->attr == A_PRAGMA;

    return m->pragma && m->filled ? CXR_MARKUP_PRAGMA : NULL;
}


/*
 * After "<!--": 4 at its beginning and 5 behind a '-' there, where '>' ends it
 * at once; later 1 and 2 for as many '-', and 3 for "--!".
 */
static void
markup_comment(cxr_markup_t *m, char c)
{
    if (c == '>' && m->match >= 2) {
        m->state = M_DATA;
        m->match = 0;

    } else if (c == '-') {
        m->match = m->match == 4 ? 5 : m->match == 0 || m->match == 3 ? 1 : 2;

    } else {
        m->match = c == '!' && m->match == 2 ? 3 : 0;
    }
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
        if (cxr_markup_blank(c) || c == '/') {
            m->state = M_IN_TAG;

        } else {
            markup_keep(m->tag, sizeof(m->tag), &m->ntag, c);
        }

        return NULL;

    case M_JOIN:
    case M_AFTER_VALUE:
        if (!cxr_markup_blank(c) && c != '/') {
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

        if (cxr_markup_blank(c) || c == '/') {
            m->state = c == '/' ? M_IN_TAG : M_AFTER_NAME;
            return NULL;
        }

        if (m->state == M_ATTR_NAME) {
            markup_keep(m->name, sizeof(m->name), &m->nname, c);
            return NULL;
        }

        break;

    default: /* M_IN_TAG */
        if (cxr_markup_blank(c) || c == '/') {
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


const char *
cxr_markup_html(cxr_markup_t *m, char c)
{
    const char  *wrong;

    switch (m->state) {

    case M_DATA:
        if (c == '<') {
            m->state = M_TAG_OPEN;
            m->closing = false;
            m->ldjson = false;
            m->dir = false;
            m->typed = false;
            m->pragma = false;
            m->filled = false;
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
                m->match = 4;
                m->state = M_COMMENT;
                return NULL;
            }
        }

        if (c == '>') {
            m->state = M_DATA;
        }

        return NULL;

    case M_COMMENT:
        markup_comment(m, c);
        return NULL;

    case M_CONTENT:
        return markup_content(m, c);

    case M_BEFORE_VALUE:
        if (cxr_markup_blank(c)) {
            return NULL;
        }

        if (c == '>') {
            return "the attribute has '=' and no value";
        }

        wrong = markup_begin_value(m);

        if (wrong != NULL) {
            return wrong;
        }

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
