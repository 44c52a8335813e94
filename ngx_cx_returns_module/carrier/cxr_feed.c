
/*
 * A feed from outside: opening, pushing, finishing, and why it stopped.
 */

#include <stdio.h>
#include <stdlib.h>

#include <libxml/encoding.h>
#include <libxml/xmlerror.h>

#include "cxr_feed_private.h"
#include "cxr_text.h"

#define CXR_FEED_OPTIONS  (XML_PARSE_NONET | XML_PARSE_BIG_LINES)


const char *const  cxr_feed_end_names[] = {
    "going", "done", "malformed", "doctype", "entity", "encoding", "limit",
    "format", "memory", "sink", NULL
};

const char *const  cxr_fault_names[] = {
    "none", "not_found", "auth", "transient", "permanent", NULL
};


void
cxr_feed_init(void)
{
    xmlInitParser();
}


void
cxr_feed_limits(cxr_feed_limits_t *l)
{
    l->document = (uint64_t) 4 * 1024 * 1024 * 1024;
    l->depth = 64;
    l->attributes = 64;
    l->attribute = 4096;
    l->name = 256;
    l->text = 1024 * 1024;
    l->elements = 20000;
    l->kept = 512 * 1024;
    l->records = 1000000;
    l->scans = CXR_SCANS_MAX;
    l->nested = 64 * 1024 * 1024;
}


void
cxr_feed_stop(cxr_feed_t *f, cxr_feed_end_t end, cxr_rc_t rc,
    const char *fmt, ...)
{
    char         text[240];
    va_list      args;
    unsigned     line = 0, column = 0;
    const char  *in;

    if (f->end != CXR_FEED_GOING) {
        return;
    }

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    in = cxr_feed_ctxt(f) != f->ctxt ? "within a nested document: " : "";

    if (f->ctxt != NULL && f->ctxt->input != NULL) {
        line = f->ctxt->input->line > 0 ? (unsigned) f->ctxt->input->line : 0;
        column = f->ctxt->input->col > 0 ? (unsigned) f->ctxt->input->col : 0;
    }

    f->end = end;
    f->rc = rc;
    (void) cxr_diag(&f->diag, rc, cxr_feed_end_names[end], "%s%s", in,
                    text);
    cxr_diag_place(&f->diag, "", line, column);

    /*
     * xmlStopParser() would free the input, of which attributes that are being
     * looked at, and the parser itself, still hold pieces.  So it is left to go
     * on to the end of what it has, a piece at the most, and tells no more.
     */
    if (f->ctxt != NULL) {
        f->ctxt->disableSAX = 1;
    }

    if (cxr_feed_ctxt(f) != NULL) {
        cxr_feed_ctxt(f)->disableSAX = 1;
    }
}


cxr_rc_t
cxr_feed_open(const cxr_profile_t *profile, const cxr_feed_limits_t *limits,
    cxr_str_t charset, const cxr_feed_sink_t *sink, cxr_feed_t **feed)
{
    cxr_feed_t     *f;
    xmlSAXHandler   sax;

    *feed = NULL;

    if (charset.len > 0 && !cxr_encoding_taken(charset)) {
        return CXR_INVALID;
    }

    f = calloc(1, sizeof(cxr_feed_t));
    if (f == NULL) {
        return CXR_NOMEM;
    }

    f->profile = profile;
    f->sink = *sink;
    f->fence = CXR_NAME_ANY;

    if (limits != NULL) {
        f->limits = *limits;

    } else {
        cxr_feed_limits(&f->limits);
    }

    if (f->limits.depth > CXR_FEED_DEPTH_MAX) {
        f->limits.depth = CXR_FEED_DEPTH_MAX;
    }

    if (f->limits.scans > CXR_SCANS_MAX) {
        f->limits.scans = CXR_SCANS_MAX;
    }

    cxr_feed_sax(&f->sax);
    sax = f->sax;

    if (profile->reparses.n > 0 && cxr_nested_open(f, &sax) != CXR_OK) {
        cxr_feed_close(f);
        return CXR_NOMEM;
    }

    f->open = calloc(f->limits.depth + 1, sizeof(cxr_open_t));
    f->lists = cxr_arena_create(CXR_FEED_SCRATCH);
    f->scratch = cxr_arena_create(CXR_FEED_SCRATCH);
    f->ctxt = xmlCreatePushParserCtxt(&sax, f, NULL, 0, NULL);

    if (f->open == NULL || f->lists == NULL || f->scratch == NULL
        || f->ctxt == NULL)
    {
        cxr_feed_close(f);
        return CXR_NOMEM;
    }

    /* nothing is ever fetched, and names cannot fill the memory */
    (void) xmlCtxtUseOptions(f->ctxt, CXR_FEED_OPTIONS);
    (void) xmlDictSetLimit(f->ctxt->dict, CXR_FEED_DICT_MAX);

    *feed = f;

    return CXR_OK;
}


cxr_rc_t
cxr_feed_request(cxr_feed_t *f, cxr_str_t number)
{
    number = cxr_str_trim(number);

    if (number.len > CXR_FEED_REQUEST_MAX) {
        return CXR_LIMIT;
    }

    if (!cxr_utf8_valid(number)) {
        return CXR_INVALID;
    }

    if (number.len > 0) {
        (void) cxr_str_put(f->asked, number);
    }

    f->request = cxr_strn(f->asked, number.len);

    return CXR_OK;
}


void
cxr_feed_trace(cxr_feed_t *f, cxr_trace_pt fn, void *ctx)
{
    f->trace = fn;
    f->trace_ctx = ctx;
}


/*
 * libxml2's own messages quote the document, which may be personal.  Whoever
 * reads a refusal must be able to mend the document all the same.
 */
const char *
cxr_feed_wrong(const cxr_feed_t *f, int code)
{
    size_t               i;
    const xmlParserCtxt  *ctxt = cxr_feed_ctxt(f);

    static const struct {
        int          code;
        const char  *what;
    } known[] = {
        { XML_ERR_INVALID_HEX_CHARREF, "a reference to no character" },
        { XML_ERR_INVALID_DEC_CHARREF, "a reference to no character" },
        { XML_ERR_INVALID_CHARREF, "a reference to no character" },
        { XML_ERR_INVALID_CHAR, "a character that XML does not allow" },
        { XML_ERR_ENTITYREF_SEMICOL_MISSING, "an \"&\" that is not written "
          "as \"&amp;\"" },
        { XML_ERR_ENTITYREF_NO_NAME, "an \"&\" that is not written as "
          "\"&amp;\"" },
        { XML_ERR_LT_IN_ATTRIBUTE, "a \"<\" in an attribute" },
        { XML_ERR_ATTRIBUTE_NOT_STARTED, "an attribute without quotes" },
        { XML_ERR_ATTRIBUTE_NOT_FINISHED, "an attribute that does not end" },
        { XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute without a value" },
        { XML_ERR_ATTRIBUTE_REDEFINED, "an attribute that stands twice" },
        { XML_ERR_COMMENT_NOT_FINISHED, "a comment that does not end" },
        { XML_ERR_HYPHEN_IN_COMMENT, "\"--\" in a comment" },
        { XML_ERR_PI_NOT_FINISHED, "a processing instruction that does not "
          "end" },
        { XML_ERR_CDATA_NOT_FINISHED, "a CDATA section that does not end" },
        { XML_ERR_MISPLACED_CDATA_END, "\"]]>\" in a text" },
        { XML_ERR_RESERVED_XML_NAME, "an XML declaration that is not at the "
          "beginning" },
        { XML_ERR_XMLDECL_NOT_STARTED, "a bad XML declaration" },
        { XML_ERR_XMLDECL_NOT_FINISHED, "a bad XML declaration" },
        { XML_ERR_VERSION_MISSING, "a bad XML declaration" },
        { XML_ERR_SPACE_REQUIRED, "a blank is missing in a tag" },
        { XML_ERR_NAME_REQUIRED, "a \"<\" or \"&\" that is not written as "
          "\"&lt;\" or \"&amp;\"" },
        { XML_ERR_TAG_NAME_MISMATCH, "an end tag that is not of the element "
          "that is open" },
        { XML_ERR_TAG_NOT_FINISHED, "an element that does not end" }
    };

    for (i = 0; i < cxr_nelts(known); i++) {
        if (known[i].code == code) {
            return known[i].what;
        }
    }

    if (!f->rooted) {
        return "it does not begin as XML does, so it is perhaps another "
               "format, or compressed";
    }

    if (code == XML_ERR_DOCUMENT_END && ctxt != NULL && ctxt->nameNr == 0) {
        return "something follows its end";
    }

    if (code == XML_ERR_DOCUMENT_END) {
        return "it ends before its elements do, so it was perhaps cut off";
    }

    if (code == XML_ERR_GT_REQUIRED) {
        return "a tag does not end, so it was perhaps cut off";
    }

    return "its markup is broken";
}


/* What libxml2 says outside of any context goes nowhere else either. */
static void
cxr_feed_silent(void *data, const char *fmt, ...)
{
}


/*
 * Of a CDATA section that has not ended libxml2 tells 300 bytes at each call
 * and keeps the rest, so that a long one would come to be searched for its end
 * again and again, in a buffer that grows.
 */
void
cxr_feed_drain(cxr_feed_t *f, xmlParserCtxt *ctxt)
{
    ptrdiff_t  left;

    while (f->end == CXR_FEED_GOING
           && ctxt->instate == XML_PARSER_CDATA_SECTION && !ctxt->disableSAX)
    {
        left = ctxt->input->end - ctxt->input->cur;

        if (left <= CXR_CDATA_STEP) {
            break;
        }

        (void) xmlParseChunk(ctxt, NULL, 0, 0);

        if (ctxt->input == NULL
            || ctxt->input->end - ctxt->input->cur >= left)
        {
            break;
        }
    }
}


/*
 * Converters of encodings complain to the thread's handlers, not to the
 * parser's; these are set for the call only, since others use libxml2 too.
 */
static void
cxr_feed_parse(cxr_feed_t *f, const void *data, size_t len, int last)
{
    int                     rc;
    bool                    held;
    void                   *gdata, *sdata;
    xmlGenericErrorFunc     generic;
    xmlStructuredErrorFunc  structured;

    generic = xmlGenericError;
    gdata = xmlGenericErrorContext;
    structured = xmlStructuredError;
    sdata = xmlStructuredErrorContext;

    xmlSetGenericErrorFunc(f, cxr_feed_silent);
    xmlSetStructuredErrorFunc(f, cxr_sax_error);

    /* it keeps a carriage return back, until it sees what follows */

    held = len > 0 && !last && ((const char *) data)[len - 1] == '\r';
    f->again.given += len - held;

    rc = xmlParseChunk(f->ctxt, data, (int) len, last);

    f->again.given += held;

    if (f->ctxt->instate == XML_PARSER_CDATA_SECTION && !last) {
        cxr_feed_drain(f, f->ctxt);
    }

    if (f->again.open && f->end == CXR_FEED_GOING) {
        cxr_again_piece(f);
    }

    xmlSetStructuredErrorFunc(sdata, structured);
    xmlSetGenericErrorFunc(gdata, generic);

    if (f->end != CXR_FEED_GOING) {
        return;
    }

    if (rc == XML_ERR_INVALID_ENCODING) {
        cxr_feed_stop(f, CXR_FEED_ENCODING, CXR_INVALID, "the bytes do not "
                      "fit the document's encoding");

    } else if (!f->ctxt->wellFormed || f->ctxt->disableSAX) {
        cxr_feed_stop(f, CXR_FEED_MALFORMED, CXR_INVALID, "the document is "
                      "not well-formed XML: %s (libxml2 error %d)",
                      cxr_feed_wrong(f, rc), rc);
    }
}


/* Four bytes tell the encodings that would never get to name themselves. */
static bool
cxr_feed_begin(cxr_feed_t *f)
{
    static const unsigned char  bom[3] = { 0xef, 0xbb, 0xbf };

    switch (xmlDetectCharEncoding(f->lead, f->nlead)) {
    case XML_CHAR_ENCODING_NONE:
    case XML_CHAR_ENCODING_UTF8:
    case XML_CHAR_ENCODING_UTF16LE:
    case XML_CHAR_ENCODING_UTF16BE:
        break;

    default:
        cxr_feed_stop(f, CXR_FEED_ENCODING, CXR_INVALID, "the document is in "
                      "an encoding that is not taken");
        return false;
    }

    f->begun = true;

    if (f->bom) {
        /* the bytes are UTF-8; what the declaration says was copied along */
        (void) xmlCtxtUseOptions(f->ctxt, CXR_FEED_OPTIONS
                                 | XML_PARSE_IGNORE_ENC);
        cxr_feed_parse(f, bom, sizeof(bom), 0);
    }

    cxr_feed_parse(f, f->lead, f->nlead, 0);

    return f->end == CXR_FEED_GOING;
}


/*
 * Blanks before "<?xml", which some carriers' servers send, are not
 * well-formed; they alone are forgiven.
 */
static size_t
cxr_feed_lead(cxr_feed_t *f, const unsigned char *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len && f->nlead < sizeof(f->lead); i++) {

        if (f->nlead == 0
            && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r' || p[i] == '\n'))
        {
            continue;
        }

        f->lead[f->nlead++] = p[i];

        if (f->nlead == 3 && !f->bom && f->lead[0] == 0xef
            && f->lead[1] == 0xbb && f->lead[2] == 0xbf)
        {
            f->bom = true;
            f->nlead = 0;
        }
    }

    return i;
}


cxr_rc_t
cxr_feed_push(cxr_feed_t *f, const void *data, size_t len)
{
    bool         over = false;
    size_t       n;
    const char  *p = data;

    if (f->end != CXR_FEED_GOING) {
        return f->rc;
    }

    if (len > f->limits.document - f->stats.bytes) {
        /* what fits is read, so that the pieces' sizes make no difference */
        len = (size_t) (f->limits.document - f->stats.bytes);
        over = true;
    }

    f->stats.bytes += len;

    if (!f->begun) {
        n = cxr_feed_lead(f, (const unsigned char *) p, len);
        p += n;
        len -= n;

        if (f->nlead == sizeof(f->lead) && !cxr_feed_begin(f)) {
            return f->rc;
        }
    }

    while (len > 0 && f->end == CXR_FEED_GOING) {
        n = cxr_again_pass(f, p, len);
        p += n;
        len -= n;

        if (len == 0) {
            break;
        }

        n = f->ctxt->instate == XML_PARSER_CDATA_SECTION ? CXR_NESTED_PIECE
                                                         : CXR_FEED_PIECE;
        n = cxr_again_cut(f, p, len < n ? len : n);

        cxr_feed_parse(f, p, n, 0);

        p += n;
        len -= n;

        if (f->end == CXR_FEED_GOING && f->ctxt->input != NULL
            && f->ctxt->input->end - f->ctxt->input->cur
               > CXR_FEED_MARKUP_MAX)
        {
            cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "a tag, comment or "
                          "processing instruction has more than %d bytes",
                          CXR_FEED_MARKUP_MAX);
        }
    }

    if (over) {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "the document has more "
                      "than %llu bytes",
                      (unsigned long long) f->limits.document);
    }

    return f->rc;
}


cxr_rc_t
cxr_feed_finish(cxr_feed_t *f)
{
    if (f->end != CXR_FEED_GOING) {
        return f->rc;
    }

    if (!f->begun && f->nlead > 0 && !cxr_feed_begin(f)) {
        return f->rc;
    }

    if (f->begun) {
        cxr_feed_parse(f, NULL, 0, 1);
    }

    if (f->end != CXR_FEED_GOING) {
        return f->rc;
    }

    if (!f->rooted) {
        cxr_feed_stop(f, CXR_FEED_MALFORMED, CXR_INVALID, "the document is "
                      "empty");

    } else if (f->depth > 0 || !f->ctxt->wellFormed) {
        cxr_feed_stop(f, CXR_FEED_MALFORMED, CXR_INVALID, "the document ends "
                      "too early");

    } else if (!f->known) {
        cxr_feed_stop(f, CXR_FEED_FORMAT, CXR_INVALID, "the document holds "
                      "nothing that the profile \"%.*s\" knows",
                      cxr_str_arg(f->profile->carrier));

    } else {
        f->end = CXR_FEED_DONE;
    }

    return f->rc;
}


void
cxr_feed_close(cxr_feed_t *f)
{
    if (f == NULL) {
        return;
    }

    cxr_nested_close(f);

    if (f->ctxt != NULL) {
        xmlFreeDoc(f->ctxt->myDoc);          /* made for entities; NULL is fine */
        xmlFreeParserCtxt(f->ctxt);
    }

    if (f->lists != NULL) {
        cxr_arena_destroy(f->lists);
    }

    if (f->scratch != NULL) {
        cxr_arena_destroy(f->scratch);
    }

    cxr_again_close(f);
    free(f->memo);
    free(f->open);
    free(f->held);
    free(f->nodes);
    free(f->text);
    free(f);
}


cxr_feed_end_t
cxr_feed_end(const cxr_feed_t *f)
{
    return f->end;
}


const cxr_diag_t *
cxr_feed_diag(const cxr_feed_t *f)
{
    return &f->diag;
}


const cxr_feed_stats_t *
cxr_feed_stats(const cxr_feed_t *f)
{
    return &f->stats;
}
