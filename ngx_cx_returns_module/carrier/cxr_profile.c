
/*
 * A profile: loaded, compiled, freed.
 */

#include <stdio.h>
#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "cxr_file.h"
#include "cxr_profile_read.h"
#include "cxr_text.h"


static const char *const  cxr_profile_folds[] = {
    "exact", "case", "turkish", NULL
};


/* the names of the months in the carrier's own language, from January on */
static void
cxr_read_months(cxr_reader_t *x, const xmlNode *node, cxr_dates_t *dates)
{
    size_t     i, from = 0;
    cxr_str_t  s, *slot;

    if (!cxr_attr(x, node, "months", false, &s)
        || cxr_fold(x->profile->arena, s, CXR_FOLD_TURKISH, &s) != CXR_OK)
    {
        return;
    }

    for (i = 0; i <= s.len; i++) {
        if (i < s.len && s.data[i] != ' ') {
            continue;
        }

        if (i > from) {
            slot = cxr_list_push(x->profile->arena, &dates->months,
                                 sizeof(cxr_str_t));
            if (slot == NULL) {
                cxr_complain(x, node, "out of memory");
                return;
            }

            *slot = cxr_strn(s.data + from, i - from);
        }

        from = i + 1;
    }

    if (dates->months.n != 12) {
        cxr_complain(x, node, "\"months\" are twelve names with blanks "
                     "between them, from January on");
    }
}


static void
cxr_read_dates(cxr_reader_t *x, const xmlNode *node)
{
    uint32_t        i;
    cxr_str_t       text;
    const char     *why = "";
    cxr_dates_t    *dates;
    cxr_datefmt_t  *fmt;
    const xmlNode  *child;

    cxr_attrs_only(x, node, "name months");

    dates = cxr_list_push(x->profile->arena, &x->profile->dates,
                          sizeof(cxr_dates_t));
    if (dates == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    cxr_read_months(x, node, dates);

    if (cxr_attr(x, node, "name", true, &dates->name)
        && !cxr_is_slug(dates->name, CXR_PROFILE_SLUG_MAX))
    {
        cxr_complain(x, node, "the name must be of a-z, 0-9, - and _");
    }

    for (i = 0; i + 1 < x->profile->dates.n; i++) {
        if (cxr_str_eq(x->profile->dates.items[i].name, dates->name)) {
            cxr_complain(x, node, "there are two <dates> of this name");
        }
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_is_element(child, "date")) {
            cxr_complain(x, child, "<dates> holds <date>");
            continue;
        }

        cxr_attrs_only(x, child, "#text form");

        fmt = cxr_list_push(x->profile->arena, &dates->formats,
                            sizeof(cxr_datefmt_t));
        if (fmt == NULL) {
            cxr_complain(x, child, "out of memory");
            return;
        }

        if (cxr_content(x, child, &text)
            && cxr_datefmt_compile(x->profile->arena, text, fmt, &why)
               != CXR_OK)
        {
            cxr_complain(x, child, "%s", why);
        }

        if (cxr_attr(x, child, "form", false, &text)
            && cxr_split_list(x->profile->arena, text, CXR_FOLD_CASE,
                              &fmt->forms)
               != CXR_OK)
        {
            cxr_complain(x, child, "out of memory");
        }
    }

    if (dates->formats.n == 0) {
        cxr_complain(x, node, "<date> is missing");
    }
}


static void
cxr_read_null(cxr_reader_t *x, const xmlNode *node)
{
    cxr_str_t  text, *slot;

    cxr_attrs_only(x, node, "#text");

    slot = cxr_list_push(x->profile->arena, &x->profile->nulls,
                         sizeof(cxr_str_t));
    if (slot == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    if (cxr_content(x, node, &text)) {
        *slot = text;

        if (text.len == 0) {
            cxr_complain(x, node, "is empty: what is empty is absent anyway");
        }
    }
}


/* a prefix for paths, where two namespaces use one name */
static void
cxr_read_ns(cxr_reader_t *x, const xmlNode *node)
{
    uint32_t   i;
    cxr_ns_t  *ns;

    cxr_attrs_only(x, node, "prefix uri");

    if (x->profile->spaces.n == CXR_NS_MAX) {
        cxr_complain(x, node, "there are more than %d <ns>", CXR_NS_MAX);
        return;
    }

    ns = cxr_list_push(x->profile->arena, &x->profile->spaces,
                       sizeof(cxr_ns_t));
    if (ns == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    if (cxr_attr(x, node, "prefix", true, &ns->prefix)
        && !cxr_is_slug(ns->prefix, CXR_PROFILE_SLUG_MAX))
    {
        cxr_complain(x, node, "the prefix must be of a-z, 0-9, - and _");
    }

    if (cxr_attr(x, node, "uri", true, &ns->uri)
        && (ns->uri.len == 0 || ns->uri.len > CXR_NS_URI_MAX))
    {
        cxr_complain(x, node, "\"uri\" has 1 to %d bytes", CXR_NS_URI_MAX);
    }

    for (i = 0; i + 1 < x->profile->spaces.n; i++) {
        if (cxr_str_eq(x->profile->spaces.items[i].prefix, ns->prefix)) {
            cxr_complain(x, node, "there are two <ns> of this prefix");
        }
    }
}


static void
cxr_read_profile_attrs(cxr_reader_t *x, const xmlNode *root)
{
    cxr_str_t       s;
    cxr_profile_t  *p = x->profile;

    cxr_attrs_only(x, root, "carrier name zone fold");

    if (cxr_attr(x, root, "carrier", true, &p->carrier)
        && !cxr_is_slug(p->carrier, CXR_PROFILE_SLUG_MAX))
    {
        cxr_complain(x, root, "\"carrier\" must be of a-z, 0-9, - and _, at "
                     "most %d", CXR_PROFILE_SLUG_MAX);
    }

    (void) cxr_attr(x, root, "name", true, &p->name);
    p->fold = cxr_attr_name(x, root, "fold", cxr_profile_folds, false);

    if (!cxr_attr(x, root, "zone", false, &s)) {
        return;
    }

    p->tz = cxr_read_tz(x, root, s);
}


/* tables and dates stand before the formats that name them */
static void
cxr_read_profile(cxr_reader_t *x, const xmlNode *root)
{
    const xmlNode  *node;

    if (!cxr_is_element(root, "profile")) {
        cxr_complain(x, root, "a profile begins with <profile>");
        return;
    }

    cxr_read_profile_attrs(x, root);

    for (node = cxr_first_element(root);
         node != NULL;
         node = cxr_next_element(node))
    {
        if (x->profile->formats.n > 0 && !cxr_is_element(node, "format")) {
            cxr_complain(x, node, "must stand before <format>");
        }

        if (cxr_is_element(node, "null")) {
            cxr_read_null(x, node);

        } else if (cxr_is_element(node, "ns")) {
            cxr_read_ns(x, node);

        } else if (cxr_is_element(node, "zone")) {
            cxr_read_zone(x, node, &x->profile->zones);

        } else if (cxr_is_element(node, "zones")) {
            cxr_read_zones(x, node);

        } else if (cxr_is_element(node, "dates")) {
            cxr_read_dates(x, node);

        } else if (cxr_is_element(node, "table")) {
            cxr_read_table(x, node);

        } else if (cxr_is_element(node, "envelope")) {
            cxr_read_envelope(x, node);

        } else if (cxr_is_element(node, "auth")) {
            cxr_read_auth(x, node);

        } else if (cxr_is_element(node, "ack")) {
            cxr_read_ack(x, node);

        } else if (cxr_is_element(node, "format")) {
            cxr_read_format(x, node);

        } else {
            cxr_complain(x, node, "is not known in <profile>, which "
                         "holds null ns zone zones dates table envelope auth "
                         "ack format");
        }
    }

    if (x->profile->formats.n == 0) {
        cxr_complain(x, root, "<format> is missing");
    }
}


static void
cxr_profile_xml_error(void *data, xmlErrorPtr e)
{
    cxr_diag_t     d;
    cxr_reader_t  *x = data;

    if (e->level < XML_ERR_ERROR) {
        return;
    }

    memset(&d, 0, sizeof(cxr_diag_t));
    (void) cxr_diag(&d, CXR_INVALID, "XML", "%s",
                    e->message ? e->message : "not well-formed");
    d.text[strcspn(d.text, "\r\n")] = '\0';

    cxr_complain_diag(x, e->line > 0 ? (unsigned) e->line : 0, &d);
}


static xmlDoc *
cxr_profile_dom(cxr_reader_t *x, cxr_str_t text)
{
    xmlDoc             *doc;
    void               *data;
    cxr_diag_t          d;
    xmlStructuredErrorFunc  func;

    /* libxml2 keeps this for each thread */
    func = xmlStructuredError;
    data = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(x, cxr_profile_xml_error);

    doc = xmlReadMemory(text.data, (int) text.len, x->file, NULL,
                        XML_PARSE_NONET | XML_PARSE_BIG_LINES);

    xmlSetStructuredErrorFunc(data, func);

    if (doc != NULL && xmlGetIntSubset(doc) != NULL) {
        memset(&d, 0, sizeof(cxr_diag_t));
        (void) cxr_diag(&d, CXR_INVALID, "XML", "a profile has no DOCTYPE");
        cxr_complain_diag(x, 1, &d);
        xmlFreeDoc(doc);
        return NULL;
    }

    if (doc == NULL && !x->failed) {
        memset(&d, 0, sizeof(cxr_diag_t));
        (void) cxr_diag(&d, CXR_INVALID, "XML", "is no XML document");
        cxr_complain_diag(x, 1, &d);
    }

    return doc;
}


cxr_rc_t
cxr_profile_parse(cxr_str_t text, const char *file, cxr_profile_t **out,
    cxr_diag_t *diags, size_t max, size_t *n)
{
    xmlDoc        *doc;
    cxr_diag_t     d;
    cxr_reader_t   x;

    memset(&x, 0, sizeof(cxr_reader_t));
    memset(&d, 0, sizeof(cxr_diag_t));

    x.file = file ? file : "";
    x.diags = diags;
    x.max = max;
    *n = 0;
    *out = NULL;

    if (text.len > CXR_PROFILE_BYTES_MAX) {
        (void) cxr_diag(&d, CXR_LIMIT, "", "the profile has more than %d "
                        "bytes", CXR_PROFILE_BYTES_MAX);
        cxr_complain_diag(&x, 0, &d);
        *n = x.n;
        return CXR_LIMIT;
    }

    x.profile = calloc(1, sizeof(cxr_profile_t));
    if (x.profile == NULL) {
        return CXR_NOMEM;
    }

    x.profile->seen = cxr_seen_profile(text);
    x.profile->arena = cxr_arena_create(CXR_PROFILE_ARENA);

    if (x.profile->arena == NULL || cxr_names_begin(x.profile) != CXR_OK) {
        cxr_profile_free(x.profile);
        return CXR_NOMEM;
    }

    doc = cxr_profile_dom(&x, text);

    if (doc != NULL) {
        cxr_read_profile(&x, xmlDocGetRootElement(doc));
        xmlFreeDoc(doc);
    }

    if (!x.failed && cxr_matcher_build(x.profile, &d) != CXR_OK) {
        cxr_complain_diag(&x, 0, &d);
    }

    *n = x.n;

    if (x.failed) {
        cxr_profile_free(x.profile);
        return CXR_INVALID;
    }

    *out = x.profile;

    return CXR_OK;
}


cxr_rc_t
cxr_profile_load(const char *path, cxr_profile_t **out, cxr_diag_t *diags,
    size_t max, size_t *n)
{
    char      *text;
    size_t     len;
    cxr_rc_t   rc;

    *n = 0;
    *out = NULL;

    if (max > 0) {
        memset(diags, 0, sizeof(cxr_diag_t));
    }

    rc = cxr_file_read(path, CXR_PROFILE_BYTES_MAX, &text, &len,
                       max > 0 ? diags : NULL);
    if (rc != CXR_OK) {
        *n = max > 0;
        return rc;
    }

    rc = cxr_profile_parse(cxr_strn(text, len), path, out, diags, max, n);
    free(text);

    return rc;
}


void
cxr_profile_free(cxr_profile_t *p)
{
    uint32_t  i;

    if (p == NULL) {
        return;
    }

    for (i = 0; i < p->tzs.n; i++) {
        cxr_tz_free(p->tzs.items[i]);
    }

    if (p->arena != NULL) {
        cxr_arena_destroy(p->arena);
    }

    free(p);
}


cxr_str_t
cxr_profile_carrier(const cxr_profile_t *p)
{
    return p->carrier;
}


cxr_str_t
cxr_profile_name(const cxr_profile_t *p)
{
    return p->name;
}


void
cxr_profile_print(const cxr_profile_t *p, cxr_buf_t *out)
{
    uint32_t            i, k, unsure;
    const cxr_table_t  *t;

    cxr_buf_addf(out, "%.*s (%.*s): %u formats, %u records, %u names, "
                 "%u states, zone %s\n", cxr_str_arg(p->carrier),
                 cxr_str_arg(p->name), p->formats.n, p->records.n,
                 p->names.n - 1, p->nstates,
                 p->tz ? cxr_tz_name(p->tz) : "not known");

    for (i = 0; i < p->tables.n; i++) {
        t = &p->tables.items[i];

        for (k = 0, unsure = 0; k < t->rules.n; k++) {
            unsure += !t->rules.items[k].sure;
        }

        cxr_buf_addf(out, "table %.*s: %u rules, %u unconfirmed; %.*s\n",
                     cxr_str_arg(t->name), t->rules.n, unsure,
                     cxr_str_arg(t->source));
    }

    if (p->push != NULL) {
        cxr_push_print(p->push, out);
    }
}
