
/*
 * Reading a profile's XML: attributes and complaints.  What is not known is
 * complained about and never passed over: a misspelt attribute would
 * otherwise be a rule that silently does nothing.
 */

#include <stdio.h>

#include "cxr_profile_read.h"
#include "cxr_text.h"


static void
cxr_complain_at(cxr_reader_t *x, unsigned line, const char *where,
    const char *text)
{
    cxr_diag_t  *d;

    x->failed = true;

    if (x->n == x->max) {
        return;
    }

    d = &x->diags[x->n++];
    memset(d, 0, sizeof(cxr_diag_t));
    (void) cxr_diag(d, CXR_INVALID, where, "%s", text);
    cxr_diag_place(d, x->file, line, 0);
}


void
cxr_complain(cxr_reader_t *x, const xmlNode *node, const char *fmt, ...)
{
    char     text[320], where[80];
    va_list  args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    snprintf(where, sizeof(where), "<%.70s>", (const char *) node->name);

    cxr_complain_at(x, (unsigned) xmlGetLineNo((xmlNode *) node), where, text);
}


unsigned
cxr_line_of(const xmlNode *node)
{
    return (unsigned) xmlGetLineNo((xmlNode *) node);
}


void
cxr_complain_diag(cxr_reader_t *x, unsigned line, const cxr_diag_t *d)
{
    cxr_complain_at(x, line, d->where, d->text);
}


/* what could have stood there, for whoever has to mend the profile */
static void
cxr_add_words(char *buf, size_t size, size_t *len, const char *word)
{
    size_t  n = strlen(word);

    if (*len + n + 2 <= size) {
        if (*len > 0) {
            buf[(*len)++] = ' ';
        }
        memcpy(buf + *len, word, n + 1);
        *len += n;
    }
}


static bool
cxr_in_list(const char *list, const char *name)
{
    size_t       n = strlen(name);
    const char  *p = list;

    while ((p = strstr(p, name)) != NULL) {
        if ((p == list || p[-1] == ' ') && (p[n] == '\0' || p[n] == ' ')) {
            return true;
        }
        p += n;
    }

    return false;
}


void
cxr_attrs_only(cxr_reader_t *x, const xmlNode *node, const char *list)
{
    const char     *known;
    const xmlAttr  *a;
    const xmlNode  *child;

    known = strncmp(list, "#text", 5) == 0 ? list + 5 : list;
    known += known[0] == ' ';

    if (node->ns != NULL || node->nsDef != NULL) {
        cxr_complain(x, node, "a profile has no namespaces");
    }

    for (a = node->properties; a != NULL; a = a->next) {
        if (a->ns != NULL || !cxr_in_list(list, (const char *) a->name)) {
            cxr_complain(x, node, "the attribute \"%.60s\" is not known here"
                         "%s%s", (const char *) a->name,
                         known[0] != '\0' ? "; known are: " : "", known);
        }
    }

    for (child = node->children; child != NULL; child = child->next) {
        if ((child->type == XML_TEXT_NODE || child->type
                                             == XML_CDATA_SECTION_NODE)
            && !xmlIsBlankNode((xmlNode *) child)
            && !cxr_in_list(list, "#text"))
        {
            cxr_complain(x, node, "text does not belong here");
        }
    }
}


bool
cxr_attr_raw(cxr_reader_t *x, const xmlNode *node, const char *name,
    cxr_str_t *out)
{
    bool      ok;
    xmlChar  *value;

    value = xmlGetNoNsProp((xmlNode *) node, (const xmlChar *) name);
    if (value == NULL) {
        return false;
    }

    ok = cxr_str_dup(x->profile->arena, cxr_strz((const char *) value), out)
         == CXR_OK;
    xmlFree(value);

    if (!ok) {
        cxr_complain(x, node, "out of memory");
    }

    return ok;
}


bool
cxr_attr(cxr_reader_t *x, const xmlNode *node, const char *name,
    bool required, cxr_str_t *out)
{
    if (!cxr_attr_raw(x, node, name, out)) {
        if (required) {
            cxr_complain(x, node, "the attribute \"%s\" is missing", name);
        }
        return false;
    }

    *out = cxr_str_trim(*out);

    return true;
}


bool
cxr_content(cxr_reader_t *x, const xmlNode *node, cxr_str_t *out)
{
    bool      ok;
    xmlChar  *value;

    if (cxr_first_element(node) != NULL) {
        cxr_complain(x, node, "only text belongs here");
        return false;
    }

    value = xmlNodeGetContent(node);
    ok = value != NULL
         && cxr_str_dup(x->profile->arena,
                        cxr_str_trim(cxr_strz((const char *) value)), out)
            == CXR_OK;
    xmlFree(value);

    if (!ok) {
        cxr_complain(x, node, "out of memory");
    }

    return ok;
}


uint8_t
cxr_attr_name(cxr_reader_t *x, const xmlNode *node, const char *name,
    const char *const *names, bool required)
{
    int        i;
    char       words[240];
    size_t     len = 0;
    cxr_str_t  s;

    if (!cxr_attr(x, node, name, required, &s)) {
        return 0;
    }

    for (i = 0; names[i] != NULL; i++) {
        if (cxr_str_is(s, names[i])) {
            return (uint8_t) i;
        }
    }

    words[0] = '\0';

    for (i = 0; names[i] != NULL; i++) {
        cxr_add_words(words, sizeof(words), &len, names[i]);
    }

    cxr_complain(x, node, "\"%.*s\" is no %s there is: %s",
                 (int) (s.len < 40 ? s.len : 40), s.data, name, words);

    return 0;
}


uint32_t
cxr_attr_statuses(cxr_reader_t *x, const xmlNode *node, const char *name,
    bool yes_no, uint32_t none)
{
    int         k;
    uint32_t    i, bits = 0;
    cxr_str_t   s;
    cxr_strs_t  list;

    if (!cxr_attr(x, node, name, false, &s)) {
        return none;
    }

    if (yes_no && cxr_str_is(s, "yes")) {
        return UINT32_MAX;
    }

    if (yes_no && cxr_str_is(s, "no")) {
        return 0;
    }

    memset(&list, 0, sizeof(cxr_strs_t));

    if (cxr_split_list(x->profile->arena, s, CXR_FOLD_EXACT, &list) != CXR_OK)
    {
        cxr_complain(x, node, "out of memory");
        return 0;
    }

    for (i = 0; i < list.n; i++) {
        for (k = 0; cxr_ship_status_names[k] != NULL; k++) {
            if (cxr_str_is(list.items[i], cxr_ship_status_names[k])) {
                bits |= 1u << k;
                break;
            }
        }

        if (cxr_ship_status_names[k] == NULL) {
            cxr_complain(x, node, "\"%.*s\" in \"%s\" is no status there is",
                         cxr_str_arg(list.items[i]), name);
        }
    }

    return bits;
}


const xmlNode *
cxr_next_element(const xmlNode *node)
{
    for (node = node->next; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE) {
            break;
        }
    }

    return node;
}


const xmlNode *
cxr_first_element(const xmlNode *parent)
{
    const xmlNode  *node = parent->children;

    if (node != NULL && node->type != XML_ELEMENT_NODE) {
        node = cxr_next_element(node);
    }

    return node;
}


bool
cxr_is_element(const xmlNode *node, const char *name)
{
    return strcmp((const char *) node->name, name) == 0;
}
