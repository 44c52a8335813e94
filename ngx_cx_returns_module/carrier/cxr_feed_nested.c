
/*
 * Documents within documents: the text of an element that a <reparse> names is
 * XML again, or rows and columns.  It is read as it arrives, like the rest, and
 * its elements come to the automaton as children of that element, so that paths
 * go through it and every limit counts both together.
 *
 * One level: what is read within is never looked at for more.  These handlers
 * stand before the plain ones only where a profile has a <reparse>.
 */

#include <stdio.h>
#include <stdlib.h>

#include <libxml/parserInternals.h>

#include "cxr_feed_private.h"


static const char  cxr_bom[3] = { '\xef', '\xbb', '\xbf' };


static bool
cxr_nested_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


/* The text is UTF-8 for us by now, whatever the inner document declares. */
static bool
cxr_nested_parser(cxr_feed_t *f)
{
    cxr_nested_t  *n = f->nested;

    n->ctxt = xmlCreatePushParserCtxt(&f->sax, f, NULL, 0, NULL);

    if (n->ctxt == NULL) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
        return false;
    }

    /* names are known by their address, so both parsers must share them */
    xmlDictFree(n->ctxt->dict);
    n->ctxt->dict = f->ctxt->dict;
    xmlDictReference(n->ctxt->dict);

    (void) xmlCtxtUseOptions(n->ctxt, XML_PARSE_NONET | XML_PARSE_BIG_LINES
                             | XML_PARSE_IGNORE_ENC);
    n->kind = CXR_NESTED_XML;

    return true;
}


static void
cxr_nested_parse(cxr_feed_t *f, int last)
{
    int            rc;
    cxr_nested_t  *n = f->nested;

    if (f->end != CXR_FEED_GOING) {
        return;
    }

    n->running = true;
    rc = xmlParseChunk(n->ctxt, n->buf, (int) n->n, last);
    n->n = 0;

    if (n->ctxt->instate == XML_PARSER_CDATA_SECTION && !last) {
        cxr_feed_drain(f, n->ctxt);
    }

    if (!n->ctxt->wellFormed || n->ctxt->disableSAX) {
        cxr_feed_stop(f, CXR_FEED_MALFORMED, CXR_INVALID, "the text is not "
                      "well-formed XML: %s (libxml2 error %d)",
                      cxr_feed_wrong(f, rc), rc);

    } else if (n->ctxt->input != NULL
               && n->ctxt->input->end - n->ctxt->input->cur
                  > CXR_FEED_MARKUP_MAX)
    {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "a tag, comment or "
                      "processing instruction has more than %d bytes",
                      CXR_FEED_MARKUP_MAX);
    }

    n->running = false;
}


static void
cxr_line_start(cxr_feed_t *f, const char *name)
{
    const xmlChar  *s;

    s = xmlDictLookup(f->ctxt->dict, (const xmlChar *) name, -1);

    if (s == NULL) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory, or too "
                      "many different names");
        return;
    }

    f->sax.startElementNs(f, s, NULL, NULL, 0, NULL, 0, 0, NULL);
}


/* a cell's text, or a part of it; what is blank makes no element */
static void
cxr_line_text(cxr_feed_t *f, const char *s, size_t len)
{
    char           name[16];
    cxr_nested_t  *n = f->nested;

    if (!n->cell) {
        while (len > 0 && cxr_nested_blank(*s)) {
            s++;
            len--;
        }

        if (len == 0) {
            return;
        }

        if (!n->row) {
            n->row = true;
            cxr_line_start(f, "row");
        }

        n->cell = true;
        snprintf(name, sizeof(name), "c%u", n->column + 1);
        cxr_line_start(f, name);
    }

    cxr_sax_text(f, (const xmlChar *) s, (int) len);
}


static void
cxr_line_cell_end(cxr_feed_t *f)
{
    cxr_nested_t  *n = f->nested;

    if (n->cell) {
        f->sax.endElementNs(f, NULL, NULL, NULL);
    }

    n->cell = false;
    n->column++;
}


static void
cxr_line_row_end(cxr_feed_t *f)
{
    cxr_nested_t  *n = f->nested;

    cxr_line_cell_end(f);

    if (n->row) {
        f->sax.endElementNs(f, NULL, NULL, NULL);
    }

    n->row = false;
    n->column = 0;
}


static bool
cxr_line_at(const cxr_nested_t *n, uint32_t i, cxr_str_t sep)
{
    return sep.len > 0 && n->n - i >= sep.len
           && memcmp(n->buf + i, sep.data, sep.len) == 0;
}


/* What cannot be told yet, the beginning of a separator maybe, stays. */
static void
cxr_nested_lines(cxr_feed_t *f, bool last)
{
    uint32_t              i, from = 0;
    cxr_nested_t         *n = f->nested;
    const cxr_reparse_t  *r = n->rule;

    for (i = 0; i < n->n && f->end == CXR_FEED_GOING; /* void */) {

        if (!last && n->n - i < CXR_SEPARATOR_MAX) {
            break;
        }

        if (cxr_line_at(n, i, r->rows)) {
            cxr_line_text(f, n->buf + from, i - from);
            cxr_line_row_end(f);
            i += (uint32_t) r->rows.len;
            from = i;

        } else if (cxr_line_at(n, i, r->columns)) {
            cxr_line_text(f, n->buf + from, i - from);
            cxr_line_cell_end(f);
            i += (uint32_t) r->columns.len;
            from = i;

        } else {
            i++;
        }
    }

    if (f->end != CXR_FEED_GOING) {
        n->n = 0;
        return;
    }

    cxr_line_text(f, n->buf + from, i - from);

    memmove(n->buf, n->buf + i, n->n - i);
    n->n -= i;

    if (last) {
        cxr_line_row_end(f);
    }
}


static void
cxr_nested_put(cxr_feed_t *f, const char *s, size_t len)
{
    size_t         k;
    cxr_nested_t  *n = f->nested;

    if (len > f->limits.nested - n->bytes) {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "a nested document has "
                      "more than %u bytes", f->limits.nested);
        return;
    }

    n->bytes += (uint32_t) len;

    /* always cut at the same places, however the outer document comes */
    while (len > 0 && f->end == CXR_FEED_GOING) {
        k = sizeof(n->buf) - n->n;

        if (k > len) {
            k = len;
        }

        memcpy(n->buf + n->n, s, k);
        n->n += (uint32_t) k;
        s += k;
        len -= k;

        if (n->n < sizeof(n->buf)) {
            return;
        }

        if (n->kind == CXR_NESTED_XML) {
            cxr_nested_parse(f, 0);

        } else {
            cxr_nested_lines(f, false);
        }
    }
}


/* XML begins with "<"; anything else is lines, or a text like any other. */
static void
cxr_nested_text(void *data, const xmlChar *text, int size)
{
    size_t         len = (size_t) size;
    cxr_feed_t    *f = data;
    const char    *s = (const char *) text;
    cxr_nested_t  *n = f->nested;

    if (n->kind == CXR_NESTED_NONE || f->end != CXR_FEED_GOING) {
        cxr_sax_text(data, text, size);
        return;
    }

    while (n->kind == CXR_NESTED_WAITING && len > 0) {

        if (len >= sizeof(cxr_bom)
            && memcmp(s, cxr_bom, sizeof(cxr_bom)) == 0)
        {
            s += sizeof(cxr_bom) - 1;
            len -= sizeof(cxr_bom) - 1;

        } else if (*s == '<') {
            if (!cxr_nested_parser(f)) {
                return;
            }
            break;

        } else if (!cxr_nested_blank(*s)) {
            n->kind = n->rule->lines ? CXR_NESTED_LINES : CXR_NESTED_NONE;
            break;
        }

        s++;
        len--;
    }

    if (len == 0) {
        return;
    }

    if (n->kind == CXR_NESTED_NONE) {
        cxr_sax_text(data, (const xmlChar *) s, (int) len);

    } else {
        cxr_nested_put(f, s, len);
    }
}


/* The text is over: its element ends, or another one begins within it. */
static void
cxr_nested_end(cxr_feed_t *f)
{
    cxr_nested_t  *n = f->nested;

    if (n->kind == CXR_NESTED_XML) {
        cxr_nested_parse(f, 1);

    } else if (n->kind == CXR_NESTED_LINES) {
        cxr_nested_lines(f, true);
    }

    if (n->ctxt != NULL) {
        xmlFreeDoc(n->ctxt->myDoc);
        xmlFreeParserCtxt(n->ctxt);
        n->ctxt = NULL;
    }

    n->kind = CXR_NESTED_NONE;
}


static void
cxr_nested_start_tag(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int nattrs, int ndefault,
    const xmlChar **attrs)
{
    uint8_t            at;
    cxr_feed_t        *f = data;
    cxr_nested_t      *n = f->nested;
    const cxr_open_t  *e;

    if (n->kind != CXR_NESTED_NONE) {
        cxr_nested_end(f);
    }

    f->sax.startElementNs(data, name, prefix, uri, nns, ns, nattrs, ndefault,
                          attrs);

    if (f->end != CXR_FEED_GOING || f->depth == 0) {
        return;
    }

    e = &f->open[f->depth - 1];
    at = f->profile->states[e->state].reparse;

    if (at != 0) {
        n->rule = &f->profile->reparses.items[at - 1];
        n->kind = CXR_NESTED_WAITING;
        n->row = false;
        n->cell = false;
        n->column = 0;
        n->bytes = 0;
        n->n = 0;
    }
}


static void
cxr_nested_end_tag(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
    cxr_feed_t  *f = data;

    if (f->nested->kind != CXR_NESTED_NONE) {
        cxr_nested_end(f);
    }

    f->sax.endElementNs(data, name, prefix, uri);
}


cxr_rc_t
cxr_nested_open(cxr_feed_t *f, xmlSAXHandler *sax)
{
    f->nested = calloc(1, sizeof(cxr_nested_t));
    if (f->nested == NULL) {
        return CXR_NOMEM;
    }

    sax->startElementNs = cxr_nested_start_tag;
    sax->endElementNs = cxr_nested_end_tag;
    sax->characters = cxr_nested_text;
    sax->ignorableWhitespace = cxr_nested_text;
    sax->cdataBlock = cxr_nested_text;

    return CXR_OK;
}


void
cxr_nested_close(cxr_feed_t *f)
{
    if (f->nested == NULL) {
        return;
    }

    if (f->nested->ctxt != NULL) {
        xmlFreeDoc(f->nested->ctxt->myDoc);
        xmlFreeParserCtxt(f->nested->ctxt);
    }

    free(f->nested);
}
