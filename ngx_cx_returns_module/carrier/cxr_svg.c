
/*
 * What may not stand in an SVG that a shop shows, found by libxml2's events.
 */

#include <string.h>
#include <strings.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include "cxr_buf.h"
#include "cxr_svg.h"

#define SVG_NAMESPACE    "http://www.w3.org/2000/svg"
#define SVG_ATTR_FIELDS  5           /* of libxml2's list: see svg_open()     */


typedef struct {
    xmlParserCtxt  *ctxt;
    cxr_diag_t     *d;
    cxr_rc_t        rc;
    unsigned        depth;
    unsigned        style;           /* depth of the <style> we are in, or 0  */
    cxr_buf_t       css;             /* what it says                          */
} svg_t;


/* Elements that run something, or bring other languages along. */
static const char *const  svg_refused[] = {
    "script", "foreignObject", "handler", "listener", "iframe", "embed",
    "object", "audio", "video", "canvas", "link", "meta", NULL
};


/* The parser goes on, since its callers still read from its input: what comes
   later is passed over. */

static void
svg_stop(svg_t *s, const char *text, const char *name)
{
    unsigned  line;

    if (s->rc != CXR_OK) {
        return;
    }

    s->rc = CXR_INVALID;
    line = s->ctxt->input != NULL ? (unsigned) s->ctxt->input->line : 0;

    (void) cxr_diag(s->d, CXR_INVALID, "", text, name);
    s->d->line = line;
}


static bool
svg_begins(cxr_str_t s, const char *with)
{
    size_t  n = strlen(with);

    return s.len >= n && strncasecmp(s.data, with, n) == 0;
}


static bool
svg_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}


/* A part of this very file, or a picture that stands in it. */

static bool
svg_is_inside(cxr_str_t url)
{
    while (url.len != 0 && (svg_is_space(url.data[0]) || url.data[0] == '"'
                            || url.data[0] == '\''))
    {
        url = cxr_strn(url.data + 1, url.len - 1);
    }

    return url.len == 0 || url.data[0] == '#'
           || svg_begins(url, "data:image/png")
           || svg_begins(url, "data:image/jpeg")
           || svg_begins(url, "data:image/gif")
           || svg_begins(url, "data:image/webp")
           || svg_begins(url, "data:font/")
           || svg_begins(url, "data:application/font-")
           || svg_begins(url, "data:application/x-font-");
}


/*
 * Style, in an element or an attribute: an escape could hide what is looked
 * for, so there may be none.
 */

static void
svg_style(svg_t *s, cxr_str_t css, const char *name)
{
    size_t     i;
    cxr_str_t  rest;

    for (i = 0; i < css.len && s->rc == CXR_OK; i++) {
        rest = cxr_strn(css.data + i, css.len - i);

        if (rest.data[0] == '\\') {
            svg_stop(s, "\"%s\" has a backslash in its style, which could hide "
                     "a reference: write the style without it", name);

        } else if (svg_begins(rest, "@import")) {
            svg_stop(s, "\"%s\" imports a style sheet: put the style into the "
                     "file itself", name);

        } else if (svg_begins(rest, "image-set(")
                   || svg_begins(rest, "-webkit-image-set("))
        {
            svg_stop(s, "\"%s\" chooses among other files: embed the picture",
                     name);

        } else if (svg_begins(rest, "url(")
                   && !svg_is_inside(cxr_strn(rest.data + 4, rest.len - 4)))
        {
            svg_stop(s, "\"%s\" refers to another file by url(): a picture of "
                     "the shop is one file, so embed what it needs", name);
        }
    }
}


static void
svg_attribute(svg_t *s, const char *name, cxr_str_t value)
{
    if (strncasecmp(name, "on", 2) == 0) {
        svg_stop(s, "\"%s\" is a handler of events, which runs a script: save "
                 "the picture without it", name);
        return;
    }

    if (strcasecmp(name, "href") == 0 || strcasecmp(name, "src") == 0) {
        if (!svg_is_inside(value)) {
            svg_stop(s, "\"%s\" refers to another file or place: a picture of "
                     "the shop is one file, so embed what it needs", name);
        }

        return;
    }

    /* an animation of what is checked above */

    if (strcasecmp(name, "attributeName") == 0
        && (svg_begins(value, "on") || svg_begins(value, "href")
            || svg_begins(value, "xlink:")))
    {
        svg_stop(s, "\"%s\" animates a reference or a handler of events: save "
                 "the picture without it", name);
        return;
    }

    svg_style(s, value, name);
}


static void
svg_root(svg_t *s, const xmlChar *name, const xmlChar *uri, int n,
    const xmlChar **attrs)
{
    int          i;
    bool         box, width, height;
    const char  *key;

    if (strcmp((const char *) name, "svg") != 0 || uri == NULL
        || strcmp((const char *) uri, SVG_NAMESPACE) != 0)
    {
        svg_stop(s, "begins with <%s>: a picture of SVG begins with <svg "
                 "xmlns=\"" SVG_NAMESPACE "\">", (const char *) name);
        return;
    }

    box = width = height = false;

    for (i = 0; i < n; i++, attrs += SVG_ATTR_FIELDS) {
        key = (const char *) attrs[0];

        box = box || strcmp(key, "viewBox") == 0;

        if (memchr(attrs[3], '%', attrs[4] - attrs[3]) == NULL) {
            width = width || strcmp(key, "width") == 0;
            height = height || strcmp(key, "height") == 0;
        }
    }

    if (!box && (!width || !height)) {
        svg_stop(s, "<%s> has neither a viewBox nor width and height, so "
                 "nobody knows its shape: give it viewBox=\"0 0 WIDTH "
                 "HEIGHT\"", (const char *) name);
    }
}


/* libxml2 gives five pointers for each attribute: its name, prefix and
   namespace, and where its value begins and ends. */

static void
svg_open(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nnamespaces, const xmlChar **namespaces, int n,
    int defaulted, const xmlChar **attrs)
{
    int                       i;
    svg_t                    *s = data;
    const char *const        *refused;

    if (s->rc != CXR_OK) {
        return;
    }

    s->depth++;

    if (s->depth == 1) {
        svg_root(s, name, uri, n, attrs);
    }

    if (s->depth > CXR_SVG_DEPTH_MAX) {
        svg_stop(s, "<%s> stands too deep within others: save the picture "
                 "flatter", (const char *) name);
        return;
    }

    for (refused = svg_refused; *refused != NULL; refused++) {
        if (strcasecmp((const char *) name, *refused) == 0) {
            svg_stop(s, "<%s> is not taken, since it may run a script or bring "
                     "another page along: save the picture without it",
                     (const char *) name);
            return;
        }
    }

    if (strcmp((const char *) name, "style") == 0) {
        s->style = s->depth;
    }

    for (i = 0; i < n && s->rc == CXR_OK; i++, attrs += SVG_ATTR_FIELDS) {
        svg_attribute(s, (const char *) attrs[0],
                      cxr_strn((const char *) attrs[3], attrs[4] - attrs[3]));
    }
}


static void
svg_close(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
    svg_t  *s = data;

    if (s->rc != CXR_OK) {
        return;
    }

    if (s->style == s->depth) {
        svg_style(s, cxr_buf_str(&s->css), "style");
        cxr_buf_reset(&s->css);
        s->style = 0;
    }

    s->depth--;
}


/* A text comes in parts, between which a word could hide. */

static void
svg_text(void *data, const xmlChar *text, int n)
{
    svg_t  *s = data;

    if (s->style != 0) {
        cxr_buf_add(&s->css, (const char *) text, n);
    }
}


static void
svg_instruction(void *data, const xmlChar *target, const xmlChar *what)
{
    svg_stop(data, "<?%s?> is not taken: put styles into the file itself",
             (const char *) target);
}


static void
svg_doctype(void *data, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
    svg_t  *s = data;

    svg_stop(s, "<!DOCTYPE %s> is not taken, nor are entities: save the "
             "picture as plain SVG", (const char *) name);

    /* nothing of the input is in use here, and of its entities nothing may be
       read */

    xmlStopParser(s->ctxt);
}


static void
svg_error(void *data, xmlErrorPtr e)
{
    svg_t  *s = data;

    if (e->level != XML_ERR_FATAL || s->rc != CXR_OK) {
        return;
    }

    if (e->code == XML_ERR_NO_MEMORY) {
        s->rc = cxr_diag(s->d, CXR_NOMEM, "", "not enough memory for a "
                         "picture");
        return;
    }

    s->rc = cxr_diag(s->d, CXR_INVALID, "", "is no well-formed SVG (libxml2 "
                     "error %d): save it anew", e->code);
    s->d->line = e->line > 0 ? (unsigned) e->line : 0;
}


cxr_rc_t
cxr_svg_check(cxr_str_t svg, cxr_diag_t *d)
{
    int            rc;
    svg_t          s;
    xmlSAXHandler  sax;

    memset(&s, 0, sizeof(s));
    memset(&sax, 0, sizeof(sax));

    s.d = d;
    s.rc = CXR_OK;

    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = svg_open;
    sax.endElementNs = svg_close;
    sax.characters = svg_text;
    sax.cdataBlock = svg_text;
    sax.processingInstruction = svg_instruction;
    sax.internalSubset = svg_doctype;
    sax.serror = (xmlStructuredErrorFunc) svg_error;

    cxr_buf_init(&s.css, svg.len + 1);

    s.ctxt = xmlCreatePushParserCtxt(&sax, &s, NULL, 0, NULL);

    if (s.ctxt == NULL) {
        return cxr_diag(d, CXR_NOMEM, "", "not enough memory for a picture");
    }

    (void) xmlCtxtUseOptions(s.ctxt, XML_PARSE_NONET | XML_PARSE_BIG_LINES);

    rc = xmlParseChunk(s.ctxt, svg.data, (int) svg.len, 1);

    if (s.rc == CXR_OK && (rc != 0 || s.ctxt->wellFormed == 0)) {
        s.rc = cxr_diag(d, CXR_INVALID, "", "is no well-formed SVG: save it "
                        "anew");
    }

    if (s.rc == CXR_OK && !cxr_buf_ok(&s.css)) {
        s.rc = cxr_diag(d, CXR_NOMEM, "", "not enough memory for a picture");
    }

    cxr_buf_free(&s.css);
    xmlFreeParserCtxt(s.ctxt);

    return s.rc;
}
