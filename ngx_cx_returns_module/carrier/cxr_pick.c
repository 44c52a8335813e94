
/*
 * Single values out of a document that goes by: the credentials that stand in
 * it, and what an answer repeats.  The feed keeps only what makes reports, and
 * not before the proof holds; so this is a second, smaller reader, with the
 * same strictness: no DOCTYPE, no entities, no network, bounded.
 */

#include <stdlib.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/encoding.h>
#include <libxml/xmlerror.h>

#include "cxr_feed_private.h"
#include "cxr_push_private.h"
#include "cxr_text.h"


typedef struct {
    uint16_t      matched;       /* steps that the open elements fit          */
    uint16_t      depth;         /* of the element whose text is taken; 0     */
    bool          over;          /* longer than a value may be                */
    cxr_buf_t     text;
    cxr_str_t     value;         /* the first; data NULL: none yet            */
    CXR_LIST_OF(cxr_str_t)  rows;
} cxr_picking_t;

struct cxr_pick_s {
    const cxr_push_rules_t  *rules;
    cxr_arena_t             *arena;
    xmlParserCtxt           *ctxt;
    unsigned                 depth;
    bool                     over;       /* nothing more is read              */
    uint8_t                  nlead;
    char                     lead[4];
    bool                     begun;
    unsigned                 rows[CXR_EACHES_MAX];
    cxr_picking_t            at[CXR_PICKS_MAX];
};


static void
cxr_pick_stop(cxr_pick_t *p)
{
    p->over = true;
    xmlStopParser(p->ctxt);
}


static void
cxr_pick_keep(cxr_pick_t *p, unsigned i, cxr_str_t s)
{
    cxr_str_t              *slot;
    cxr_picking_t          *at = &p->at[i];
    const cxr_pick_path_t  *path = &p->rules->picks.items[i];

    s = cxr_str_trim(s);

    if (s.len > CXR_PUSH_VALUE_MAX) {
        s.len = 0;
    }

    if (path->each == CXR_NONE) {
        if (at->value.data == NULL
            && cxr_str_dup(p->arena, s, &at->value) != CXR_OK)
        {
            p->over = true;
        }

        return;
    }

    if (p->rows[path->each] == 0) {
        return;
    }

    /* rows that lacked this value are filled up, so that places agree */

    while (at->rows.n < p->rows[path->each]) {
        slot = cxr_list_push(p->arena, &at->rows, sizeof(cxr_str_t));

        if (slot == NULL) {
            p->over = true;
            return;
        }
    }

    slot = &at->rows.items[p->rows[path->each] - 1];

    if (slot->data == NULL && cxr_str_dup(p->arena, s, slot) != CXR_OK) {
        p->over = true;
    }
}


static bool
cxr_pick_fits(const cxr_pick_path_t *path, unsigned step, cxr_str_t name)
{
    return cxr_str_is(path->steps.items[step], "*")
           || cxr_str_eq(path->steps.items[step], name);
}


/* the element that a path names begins */
static void
cxr_pick_met(cxr_pick_t *p, unsigned i, cxr_str_t name, int n,
    const xmlChar **attrs)
{
    int                     k;
    cxr_picking_t          *at = &p->at[i];
    const cxr_pick_path_t  *path = &p->rules->picks.items[i];

    if (path->row) {
        if (p->rows[path->each] == CXR_PUSH_ROWS_MAX) {
            p->over = true;
            return;
        }

        p->rows[path->each]++;
        return;
    }

    if (path->local) {
        cxr_pick_keep(p, i, name);
        return;
    }

    if (path->attr.len == 0) {
        if (at->depth == 0) {
            at->depth = (uint16_t) p->depth;
            at->over = false;
            cxr_buf_reset(&at->text);
        }
        return;
    }

    for (k = 0; k < n; k++) {
        if (cxr_str_is(path->attr, (const char *) attrs[k * 5])) {
            cxr_pick_keep(p, i, cxr_strn(attrs[k * 5 + 3],
                              (size_t) (attrs[k * 5 + 4] - attrs[k * 5 + 3])));
            return;
        }
    }
}


static void
cxr_pick_start(void *data, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int n, int ndefault,
    const xmlChar **attrs)
{
    bool                    met;
    unsigned                i;
    cxr_str_t               name = cxr_strz((const char *) local);
    cxr_pick_t             *p = data;
    cxr_picking_t          *at;
    const cxr_pick_path_t  *path;

    if (p->over || p->depth == CXR_PICK_DEPTH) {
        cxr_pick_stop(p);
        return;
    }

    p->depth++;

    for (i = 0; i < p->rules->picks.n && !p->over; i++) {
        path = &p->rules->picks.items[i];
        at = &p->at[i];

        if (path->anywhere) {
            met = cxr_pick_fits(path, 0, name);

        } else {
            met = false;

            if (at->matched == p->depth - 1 && p->depth <= path->steps.n
                && cxr_pick_fits(path, p->depth - 1, name))
            {
                at->matched++;
                met = at->matched == path->steps.n;
            }
        }

        if (met) {
            cxr_pick_met(p, i, name, n, attrs);
        }
    }
}


static void
cxr_pick_finish(void *data, const xmlChar *local, const xmlChar *prefix,
    const xmlChar *uri)
{
    unsigned        i;
    cxr_pick_t     *p = data;
    cxr_picking_t  *at;

    if (p->depth == 0) {
        return;
    }

    for (i = 0; i < p->rules->picks.n; i++) {
        at = &p->at[i];

        if (at->depth == p->depth) {
            at->depth = 0;
            cxr_pick_keep(p, i, at->over ? cxr_str("")
                                         : cxr_buf_str(&at->text));
        }

        if (at->matched == p->depth) {
            at->matched--;
        }
    }

    p->depth--;
}


static void
cxr_pick_text(void *data, const xmlChar *s, int len)
{
    unsigned        i;
    cxr_pick_t     *p = data;
    cxr_picking_t  *at;

    for (i = 0; i < p->rules->picks.n; i++) {
        at = &p->at[i];

        if (at->depth == 0 || at->over) {
            continue;
        }

        /* white space around the value is no part of it: twice the room */
        cxr_buf_add(&at->text, s, (size_t) len);
        at->over = !cxr_buf_ok(&at->text);
    }
}


static void
cxr_pick_doctype(void *data, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
    cxr_pick_stop(data);
}


static void
cxr_pick_document(void *data)
{
    cxr_pick_t  *p = data;

    if ((p->ctxt->encoding != NULL
         && !cxr_encoding_taken(cxr_strz((const char *) p->ctxt->encoding)))
        || (p->ctxt->input != NULL && p->ctxt->input->encoding != NULL
            && !cxr_encoding_taken(
                   cxr_strz((const char *) p->ctxt->input->encoding))))
    {
        cxr_pick_stop(p);
    }
}


static void
cxr_pick_error(void *data, xmlErrorPtr e)
{
    cxr_pick_t  *p = data;

    if (e->level == XML_ERR_FATAL) {
        p->over = true;
    }
}


static void
cxr_pick_silent(void *data, const char *fmt, ...)
{
}


cxr_rc_t
cxr_pick_open(const cxr_push_rules_t *rules, cxr_arena_t *arena,
    cxr_pick_t **out)
{
    unsigned        i;
    cxr_pick_t     *p;
    xmlSAXHandler   sax;

    p = calloc(1, sizeof(cxr_pick_t));
    if (p == NULL) {
        return CXR_NOMEM;
    }

    p->rules = rules;
    p->arena = arena;

    for (i = 0; i < rules->picks.n; i++) {
        cxr_buf_init(&p->at[i].text, 2 * CXR_PUSH_VALUE_MAX);
    }

    memset(&sax, 0, sizeof(sax));
    sax.initialized = XML_SAX2_MAGIC;
    sax.startDocument = cxr_pick_document;
    sax.internalSubset = cxr_pick_doctype;
    sax.startElementNs = cxr_pick_start;
    sax.endElementNs = cxr_pick_finish;
    sax.characters = cxr_pick_text;
    sax.ignorableWhitespace = cxr_pick_text;
    sax.cdataBlock = cxr_pick_text;
    sax.serror = cxr_pick_error;

    p->ctxt = xmlCreatePushParserCtxt(&sax, p, NULL, 0, NULL);

    if (p->ctxt == NULL) {
        cxr_pick_close(p);
        return CXR_NOMEM;
    }

    (void) xmlCtxtUseOptions(p->ctxt, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    (void) xmlDictSetLimit(p->ctxt->dict, CXR_FEED_DICT_MAX);

    *out = p;

    return CXR_OK;
}


void
cxr_pick_charset(cxr_pick_t *p, cxr_str_t charset)
{
    xmlCharEncodingHandlerPtr  handler = cxr_charset_handler(charset);

    if (handler != NULL) {
        (void) xmlSwitchToEncoding(p->ctxt, handler);
    }
}


/* handlers are the thread's, and others use libxml2 too */
static void
cxr_pick_parse(cxr_pick_t *p, const char *data, size_t len)
{
    void                   *gdata, *sdata;
    size_t                  n;
    xmlGenericErrorFunc     generic = xmlGenericError;
    xmlStructuredErrorFunc  structured = xmlStructuredError;

    gdata = xmlGenericErrorContext;
    sdata = xmlStructuredErrorContext;

    xmlSetGenericErrorFunc(p, cxr_pick_silent);
    xmlSetStructuredErrorFunc(p, cxr_pick_error);

    while (len > 0 && !p->over) {
        n = len < CXR_FEED_PIECE ? len : CXR_FEED_PIECE;

        if (xmlParseChunk(p->ctxt, data, (int) n, 0) != 0
            && (!p->ctxt->wellFormed || p->ctxt->disableSAX))
        {
            p->over = true;
        }

        if (p->ctxt->input == NULL
            || p->ctxt->input->end - p->ctxt->input->cur > CXR_FEED_MARKUP_MAX)
        {
            p->over = true;
        }

        data += n;
        len -= n;
    }

    xmlSetStructuredErrorFunc(sdata, structured);
    xmlSetGenericErrorFunc(gdata, generic);
}


void
cxr_pick_push(cxr_pick_t *p, const void *data, size_t len)
{
    const char  *s = data;

    while (!p->begun && len > 0 && !p->over) {
        if (p->nlead > 0 || !(*s == ' ' || *s == '\t' || *s == '\r'
                              || *s == '\n'))
        {
            p->lead[p->nlead++] = *s;
        }

        s++;
        len--;

        if (p->nlead == sizeof(p->lead)) {
            p->begun = true;

            switch (xmlDetectCharEncoding((unsigned char *) p->lead, 4)) {
            case XML_CHAR_ENCODING_NONE:
            case XML_CHAR_ENCODING_UTF8:
            case XML_CHAR_ENCODING_UTF16LE:
            case XML_CHAR_ENCODING_UTF16BE:
                cxr_pick_parse(p, p->lead, sizeof(p->lead));
                break;

            default:
                p->over = true;
            }
        }
    }

    cxr_pick_parse(p, s, len);
}


void
cxr_pick_close(cxr_pick_t *p)
{
    unsigned  i;

    if (p == NULL) {
        return;
    }

    for (i = 0; i < p->rules->picks.n; i++) {
        cxr_buf_free(&p->at[i].text);
    }

    if (p->ctxt != NULL) {
        xmlFreeParserCtxt(p->ctxt);
    }

    free(p);
}


cxr_str_t
cxr_pick_value(const cxr_pick_t *p, unsigned pick)
{
    return p->at[pick].value;
}


unsigned
cxr_pick_rows(const cxr_pick_t *p, unsigned each)
{
    return p->rows[each];
}


cxr_str_t
cxr_pick_row(const cxr_pick_t *p, unsigned pick, unsigned row)
{
    const cxr_picking_t  *at = &p->at[pick];

    return row < at->rows.n ? at->rows.items[row] : CXR_STR_NONE;
}
