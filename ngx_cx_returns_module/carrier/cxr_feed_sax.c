
/*
 * What libxml2 calls: the automaton's step for each element, the tape, and the
 * limits that libxml2 does not keep when its tree is not built.
 */

#include <stdlib.h>
#include <strings.h>

#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include "cxr_feed_private.h"


#define CXR_XSI  "http://www.w3.org/2001/XMLSchema-instance"

/* UTF-7, EBCDIC, UCS-4 and the like can hide markup from whoever looks on */
static const char *const  cxr_encodings[] = {
    "UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII",
    "ISO-8859-1", "ISO-8859-2", "ISO-8859-9", "ISO-8859-15", "windows-1250",
    "windows-1251", "windows-1252", "windows-1253", "windows-1254", "GBK",
    "GB2312"
};


bool
cxr_encoding_taken(cxr_str_t name)
{
    size_t  i;

    for (i = 0; i < cxr_nelts(cxr_encodings); i++) {
        if (strlen(cxr_encodings[i]) == name.len
            && strncasecmp(cxr_encodings[i], name.data, name.len) == 0)
        {
            return true;
        }
    }

    return false;
}


xmlParserCtxt *
cxr_feed_ctxt(const cxr_feed_t *f)
{
    return f->nested != NULL && f->nested->running ? f->nested->ctxt : f->ctxt;
}


/* Is what the document says of its encoding on the list? */
static bool
cxr_feed_encoding_fits(cxr_feed_t *f)
{
    size_t                i;
    const xmlChar        *names[2];
    const xmlParserCtxt  *ctxt = cxr_feed_ctxt(f);

    names[0] = ctxt->encoding;
    names[1] = ctxt->input ? ctxt->input->encoding : NULL;

    for (i = 0; i < 2; i++) {
        if (names[i] != NULL
            && !cxr_encoding_taken(cxr_strz((const char *) names[i])))
        {
            return false;
        }
    }

    return true;
}


static void
cxr_sax_document(void *data)
{
    cxr_feed_t  *f = data;

    if (!cxr_feed_encoding_fits(f)) {
        cxr_feed_stop(f, CXR_FEED_ENCODING, CXR_INVALID, "the document "
                      "declares an encoding that is not taken");
        xmlStopParser(cxr_feed_ctxt(f));    /* as for a DOCTYPE */
    }
}


static void
cxr_sax_doctype(void *data, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
    cxr_feed_t  *f = data;

    cxr_feed_stop(f, CXR_FEED_DOCTYPE, CXR_INVALID, "a DOCTYPE is not taken");

    /* nothing of the input is in use here, and of what follows nothing may be
       read: libxml2 keeps entities by itself */
    xmlStopParser(cxr_feed_ctxt(f));
}


static xmlEntity *
cxr_sax_entity(void *data, const xmlChar *name)
{
    cxr_feed_t  *f = data;

    cxr_feed_stop(f, CXR_FEED_ENTITY, CXR_INVALID, "an entity other than "
                  "XML's own five is not taken");

    return NULL;
}


void
cxr_sax_error(void *data, xmlErrorPtr e)
{
    cxr_feed_t              *f = data;
    cxr_feed_end_t           end = CXR_FEED_MALFORMED;
    cxr_rc_t                 rc = CXR_INVALID;
    const xmlParserInput    *in;

    /* undeclared prefixes and odd namespace names are forgiven: we go by
       local names */
    if (e->level != XML_ERR_FATAL || f->end != CXR_FEED_GOING) {
        return;
    }


    switch (e->code) {
    case XML_ERR_NO_MEMORY:
        end = CXR_FEED_MEMORY;
        rc = CXR_NOMEM;
        break;

    case XML_ERR_UNDECLARED_ENTITY:
    case XML_WAR_UNDECLARED_ENTITY:
    case XML_ERR_ENTITY_LOOP:
        end = CXR_FEED_ENTITY;
        break;

    case XML_ERR_UNKNOWN_ENCODING:
    case XML_ERR_UNSUPPORTED_ENCODING:
    case XML_ERR_INVALID_ENCODING:
    case XML_I18N_NO_NAME:
    case XML_I18N_NO_HANDLER:
    case XML_I18N_EXCESS_HANDLER:
    case XML_I18N_CONV_FAILED:
    case XML_I18N_NO_OUTPUT:
    case XML_ERR_ENCODING_NAME:
        end = CXR_FEED_ENCODING;
        break;

    case XML_ERR_INTERNAL_ERROR:
    case XML_ERR_INVALID_CHAR:
        /* a control character, or bytes that are no character at all */
        in = cxr_feed_ctxt(f)->input;

        if (in != NULL && in->cur < in->end && *in->cur >= 0x80) {
            end = CXR_FEED_ENCODING;
        }
        break;

    case XML_ERR_NAME_TOO_LONG:
        end = CXR_FEED_LIMIT;
        rc = CXR_LIMIT;
        break;

    default:
        /* bytes read in an encoding that hides them are no XML either */
        if (!f->rooted && !cxr_feed_encoding_fits(f)) {
            end = CXR_FEED_ENCODING;
        }
        break;
    }

    /* libxml2's messages quote the document: its number must do */
    if (end == CXR_FEED_LIMIT) {
        cxr_feed_stop(f, end, rc, "a limit of the XML parser is passed "
                      "(libxml2 error %d)", e->code);

    } else if (end == CXR_FEED_MEMORY) {
        cxr_feed_stop(f, end, rc, "out of memory, or too many different "
                      "names");

    } else {
        cxr_feed_stop(f, end, rc, "the document is not well-formed XML: %s "
                      "(libxml2 error %d)",
                      end == CXR_FEED_ENCODING
                      ? "its bytes are not of the encoding that it is read in"
                      : cxr_feed_wrong(f, e->code), e->code);
    }

}


/* What is rare is kept out of what runs for each element. */
#define cxr_rare  __attribute__((noinline, cold))


static cxr_rare uint16_t
cxr_feed_name_new(cxr_feed_t *f, const xmlChar *name, uint32_t slot)
{
    size_t  len = strlen((const char *) name);

    if (len > f->limits.name) {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "a name has more than %u "
                      "bytes", f->limits.name);
        return CXR_NAME_OTHER;
    }

    f->cache[slot].p = name;
    f->cache[slot].id = cxr_names_find(f->profile, (const char *) name, len);

    return f->cache[slot].id;
}


/* libxml2's dictionary gives equal names equal addresses */
static inline uint16_t
cxr_feed_name(cxr_feed_t *f, const xmlChar *name)
{
    uintptr_t  h = (uintptr_t) name;
    uint32_t   slot = (uint32_t) (h ^ (h >> 8)) & (CXR_FEED_NAME_CACHE - 1);

    return f->cache[slot].p == name ? f->cache[slot].id
                                    : cxr_feed_name_new(f, name, slot);
}


/* Where a path asks for it with a namespace, it is that and nothing else. */
static cxr_rare uint16_t
cxr_feed_qualified(cxr_feed_t *f, const xmlChar *name, const xmlChar *uri,
    uint16_t id)
{
    char      qualified[CXR_QUALIFIED_MAX];
    size_t    n;
    uint16_t  own;

    n = cxr_names_qualify(cxr_strz((const char *) uri),
                          cxr_strz((const char *) name), qualified);
    own = n > 0 ? cxr_names_find(f->profile, qualified, n) : CXR_NAME_OTHER;

    return own != CXR_NAME_OTHER ? own : id;
}


/* The record will be refused; a fault outside of records stops the feed. */
static cxr_rare void
cxr_feed_break(cxr_feed_t *f, const char *code)
{
    if (f->inside > 0) {
        if (f->broken == NULL) {
            f->broken = code;
        }
        return;
    }

    cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "there is too much outside of "
                  "records");
}


/* false: the record has too many, or there is no memory */
static cxr_rare bool
cxr_tape_grow(cxr_feed_t *f)
{
    uint32_t     cap;
    cxr_node_t  *n;

    if (f->nnodes >= f->limits.elements) {
        cxr_feed_break(f, "too_many_elements");
        return false;
    }

    cap = f->cnodes ? f->cnodes * 2 : 256;
    cap = cap < f->limits.elements ? cap : f->limits.elements;
    n = realloc(f->nodes, cap * sizeof(cxr_node_t));

    if (n == NULL) {
        cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
        return false;
    }

    f->nodes = n;
    f->cnodes = cap;

    return true;
}


static inline uint32_t
cxr_tape_node(cxr_feed_t *f, uint16_t name, uint32_t parent)
{
    cxr_node_t  *n;

    if (f->nnodes == f->cnodes && !cxr_tape_grow(f)) {
        return CXR_NODE_NONE;
    }

    n = &f->nodes[f->nnodes];
    n->name = name;
    n->flags = 0;
    n->parent = parent;
    n->end = f->nnodes + 1;
    n->prev = CXR_NODE_NONE;
    n->text = 0;
    n->len = 0;
    n->local = NULL;

    return f->nnodes++;
}


/* Room for "n" bytes more: a child's text came between, and the half that is
   there is brought to the other. */
static cxr_rare bool
cxr_tape_room(cxr_feed_t *f, cxr_node_t *node, size_t n)
{
    char      *p;
    size_t     move;
    uint32_t   cap;

    move = node->len > 0 && node->text + node->len != f->ntext ? node->len : 0;

    if (f->ntext + move + n > f->limits.kept) {
        cxr_feed_break(f, "too_large");
        return false;
    }

    if (f->ntext + move + n > f->ctext) {
        cap = f->ctext ? f->ctext : 16384;

        while (cap < f->ntext + move + n) {
            cap *= 2;
        }

        cap = cap < f->limits.kept ? cap : f->limits.kept;
        p = realloc(f->text, cap);

        if (p == NULL) {
            cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
            return false;
        }

        f->text = p;
        f->ctext = cap;
    }

    if (move > 0) {
        memcpy(f->text + f->ntext, f->text + node->text, move);
        node->text = f->ntext;
        f->ntext += (uint32_t) move;
    }

    return true;
}


static inline void
cxr_tape_text(cxr_feed_t *f, uint32_t node, const char *s, size_t len)
{
    cxr_node_t  *n = &f->nodes[node];

    if (len > CXR_FEED_VALUE_MAX - n->len) {
        len = CXR_FEED_VALUE_MAX - n->len;
    }

    if (len == 0) {
        return;
    }

    if (n->len == 0) {
        n->text = f->ntext;
    }

    if ((n->text + n->len != f->ntext || len > f->ctext - f->ntext)
        && !cxr_tape_room(f, n, len))
    {
        return;
    }

    cxr_copy(f->text + f->ntext, s, len);
    n->len += (uint32_t) len;
    f->ntext += (uint32_t) len;
}


/* Without a tree, an ampersand in an attribute's value comes as "&#38;". */
static void
cxr_tape_attr_text(cxr_feed_t *f, uint32_t node, const char *s,
    const char *end)
{
    const char  *amp;

    while ((amp = memchr(s, '&', (size_t) (end - s))) != NULL) {
        cxr_tape_text(f, node, s, (size_t) (amp - s) + 1);
        s = end - amp >= 5 && memcmp(amp, "&#38;", 5) == 0 ? amp + 5 : amp + 1;
    }

    cxr_tape_text(f, node, s, (size_t) (end - s));
}


static __attribute__((noinline)) void
cxr_tape_attrs(cxr_feed_t *f, const cxr_state_t *st, uint32_t node, int n,
    const xmlChar **attrs)
{
    int             i;
    uint16_t        id;
    uint32_t        j, attr;
    size_t          len;
    const xmlChar **a;

    for (i = 0; i < n; i++) {
        a = attrs + i * 5;
        len = (size_t) (a[4] - a[3]);

        if (st->text && a[2] != NULL && strcmp((const char *) a[0], "nil") == 0
            && strcmp((const char *) a[2], CXR_XSI) == 0
            && ((len == 4 && memcmp(a[3], "true", 4) == 0)
                || (len == 1 && *a[3] == '1')))
        {
            f->nodes[node].flags |= CXR_NODE_NIL;
        }

        if (st->attrs.n == 0) {
            continue;
        }

        id = cxr_feed_name(f, a[0]);

        for (j = 0; j < st->attrs.n; j++) {
            if (st->attrs.items[j] != id || id == CXR_NAME_OTHER) {
                continue;
            }

            attr = cxr_tape_node(f, id | CXR_NAME_ATTR, node);
            if (attr != CXR_NODE_NONE) {
                cxr_tape_attr_text(f, attr, (const char *) a[3],
                                   (const char *) a[4]);
            }
            break;
        }
    }
}


/* which of the record rules that fit the path may be meant */
static uint32_t
cxr_feed_candidates(cxr_feed_t *f, uint32_t bits, uint32_t node)
{
    uint32_t                  i, out = 0;
    const cxr_record_rule_t  *r;

    f->nodes[node].end = f->nnodes;

    for (i = 0; i < f->profile->records.n; i++) {
        if ((bits & (1u << i)) == 0) {
            continue;
        }

        r = &f->profile->records.items[i];

        if (!r->early
            || cxr_preds_hold(f, &r->path.steps.items[r->path.steps.n - 1],
                              node))
        {
            out |= 1u << i;
        }
    }

    return out;
}


static __attribute__((noinline)) bool
cxr_feed_attrs_fit(cxr_feed_t *f, int n, const xmlChar **attrs)
{
    int  i;

    if ((unsigned) n > f->limits.attributes) {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "an element has more than "
                      "%u attributes", f->limits.attributes);
        return false;
    }

    for (i = 0; i < n; i++) {
        if ((size_t) (attrs[i * 5 + 4] - attrs[i * 5 + 3])
            > f->limits.attribute)
        {
            cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "an attribute has "
                          "more than %u bytes", f->limits.attribute);
            return false;
        }
    }

    return true;
}


/* an element that may be a record */
static __attribute__((noinline)) void
cxr_feed_enter(cxr_feed_t *f, cxr_open_t *e, uint32_t rules, int nns)
{
    uint32_t  bits = cxr_feed_candidates(f, rules, e->node);

    if (bits == 0) {
        return;
    }

    e->records = bits;
    e->line = f->ctxt->input ? (unsigned) f->ctxt->input->line : 0;

    if (f->inside++ == 0) {
        f->elements = 1;
        cxr_again_start(f, e, nns);
    }

    e->elements = f->elements - 1;
}


static cxr_rare void
cxr_feed_too_deep(cxr_feed_t *f)
{
    cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "elements nest deeper than %u",
                  f->limits.depth);
}


static void
cxr_sax_start(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nns, const xmlChar **ns, int nattrs, int ndefault,
    const xmlChar **attrs)
{
    uint16_t            id;
    cxr_feed_t         *f = data;
    cxr_node_t         *n;
    cxr_open_t         *e, *up;
    const cxr_state_t  *st;

    if (f->end != CXR_FEED_GOING) {
        return;
    }

    if (f->depth == f->limits.depth) {
        cxr_feed_too_deep(f);
        return;
    }

    if (nattrs > 0 && !cxr_feed_attrs_fit(f, nattrs, attrs)) {
        return;
    }

    f->rooted = true;
    f->run = 0;

    id = cxr_feed_name(f, name);

    if (uri != NULL && f->profile->spaces.n > 0) {
        id = cxr_feed_qualified(f, name, uri, id);
    }

    e = &f->open[f->depth];
    up = f->depth++ > 0 ? e - 1 : NULL;

    e->state = CXR_STATE_DEAD;
    e->records = 0;
    e->text = false;

    if (f->inside > 0 && ++f->elements > f->limits.elements) {
        cxr_feed_break(f, "too_many_elements");
    }

    st = &f->profile->states[f->profile->start];

    if (up != NULL) {
        if (up->state == CXR_STATE_DEAD) {
            return;
        }

        f->nodes[up->node].flags |= CXR_NODE_CHILDREN;
        st = &f->profile->states[up->state];
    }

    if (f->broken != NULL || f->end != CXR_FEED_GOING) {
        return;
    }

    e->state = st->next[id];

    if (e->state == CXR_STATE_DEAD) {
        return;
    }

    st = &f->profile->states[e->state];

    e->format = st->format;
    e->text = st->text;
    e->last = CXR_NODE_NONE;
    e->mark = f->ntext;
    e->node = cxr_tape_node(f, id, up ? up->node : CXR_NODE_NONE);

    if (e->node == CXR_NODE_NONE) {
        e->state = CXR_STATE_DEAD;
        e->text = false;
        return;
    }

    n = &f->nodes[e->node];
    n->local = (const char *) name;

    if (up != NULL) {
        n->prev = up->last;
        up->last = e->node;
    }

    if (nattrs > 0) {
        cxr_tape_attrs(f, st, e->node, nattrs, attrs);
    }

    if (st->format >= 0) {
        f->known = true;
    }

    if (st->records != 0) {
        cxr_feed_enter(f, e, st->records, nns);
    }
}


/* The first rule whose tests hold is the one. */
static const cxr_record_rule_t *
cxr_feed_rule(cxr_feed_t *f, const cxr_open_t *e)
{
    uint32_t                  i;
    const cxr_record_rule_t  *r;

    for (i = 0; i < f->profile->records.n; i++) {
        if ((e->records & (1u << i)) == 0) {
            continue;
        }

        r = &f->profile->records.items[i];

        if (r->early
            || cxr_preds_hold(f, &r->path.steps.items[r->path.steps.n - 1],
                              e->node))
        {
            return r;
        }
    }

    return NULL;
}


static void
cxr_tape_cut(cxr_feed_t *f, const cxr_open_t *e)
{
    if (f->depth > 0 && f->open[f->depth - 1].state != CXR_STATE_DEAD
        && f->open[f->depth - 1].last == e->node)
    {
        f->open[f->depth - 1].last = f->nodes[e->node].prev;
    }

    f->nnodes = e->node;
    f->ntext = e->mark;
}


/* paths may go up: what is open ends here for them */
static void
cxr_tape_close(cxr_feed_t *f)
{
    uint32_t  i;

    for (i = 0; i < f->depth; i++) {
        if (f->open[i].state != CXR_STATE_DEAD) {
            f->nodes[f->open[i].node].end = f->nnodes;
        }
    }
}


static void
cxr_held_add(cxr_feed_t *f, const cxr_record_rule_t *r, const cxr_open_t *e)
{
    uint32_t     cap;
    cxr_held_t  *h;

    if (f->nheld == f->cheld) {
        cap = f->cheld ? f->cheld * 2 : 16;
        h = realloc(f->held, cap * sizeof(cxr_held_t));

        if (h == NULL) {
            cxr_feed_stop(f, CXR_FEED_MEMORY, CXR_NOMEM, "out of memory");
            return;
        }

        f->held = h;
        f->cheld = cap;
    }

    h = &f->held[f->nheld++];
    h->rule = r;
    h->at = *e;
    h->depth = f->depth > r->hold ? f->depth - r->hold : 0;
}


/* The records that waited for the end of "e", in the document's order. */
static void
cxr_held_release(cxr_feed_t *f, const cxr_open_t *e)
{
    uint32_t  i, n;

    for (n = f->nheld; n > 0; n--) {
        if (f->held[n - 1].depth < f->depth
            && (e->records == 0 || f->held[n - 1].at.node < e->node))
        {
            break;
        }
    }

    if (n < f->nheld) {
        cxr_tape_close(f);
    }

    for (i = n; i < f->nheld && f->end == CXR_FEED_GOING; i++) {
        cxr_feed_record(f, f->held[i].rule, &f->held[i].at);
    }

    f->nheld = n;
}


/* true: the record is over and done with; *kept: it waits on the tape */
static bool
cxr_feed_close_record(cxr_feed_t *f, const cxr_open_t *e, bool *kept)
{
    const cxr_record_rule_t  *r;

    f->inside--;
    r = cxr_feed_rule(f, e);

    if (r != NULL && r->hold > 0 && f->broken == NULL) {
        cxr_held_add(f, r, e);
        *kept = true;

    } else if (r != NULL) {
        cxr_feed_record(f, r, e);
    }

    if (f->inside == 0) {
        f->broken = NULL;
    }

    /* what is done with no longer counts for an element around it, which may be
       a record for all that is known yet */
    if (r != NULL && !*kept) {
        f->elements = e->elements;
    }

    return r != NULL && !*kept;
}


/* the end of what is more than an element of a record */
static __attribute__((noinline)) void
cxr_feed_leave(cxr_feed_t *f, const cxr_open_t *e)
{
    bool  done = false, kept = false;

    if (f->nheld > 0) {
        cxr_held_release(f, e);
    }

    if (e->records != 0 || e->format >= 0) {
        cxr_tape_close(f);
    }

    if (e->records != 0) {
        done = cxr_feed_close_record(f, e, &kept);
    }

    if (e->format >= 0 && f->end == CXR_FEED_GOING) {
        cxr_feed_faults(f, &f->profile->formats.items[e->format], e);
    }

    kept |= f->nheld > 0 && f->held[f->nheld - 1].at.node >= e->node;

    if (done || (!kept && f->inside == 0
                 && !f->profile->states[e->state].value))
    {
        cxr_tape_cut(f, e);
    }

    if (f->inside == 0) {
        cxr_again_end(f, done);
    }
}


static void
cxr_sax_end(void *data, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
    cxr_feed_t  *f = data;
    cxr_open_t  *e;

    if (f->end != CXR_FEED_GOING || f->depth == 0) {
        return;
    }

    f->run = 0;
    e = &f->open[--f->depth];

    if (e->state == CXR_STATE_DEAD) {
        return;
    }

    f->nodes[e->node].end = f->nnodes;

    if (e->records != 0 || e->format >= 0 || f->nheld > 0 || f->inside == 0) {
        cxr_feed_leave(f, e);
    }
}


void
cxr_sax_text(void *data, const xmlChar *s, int len)
{
    size_t             n = (size_t) len;
    cxr_feed_t        *f = data;
    const cxr_open_t  *e;

    if (f->end != CXR_FEED_GOING || f->depth == 0) {
        return;
    }

    if (n > f->limits.text - f->run) {
        cxr_feed_stop(f, CXR_FEED_LIMIT, CXR_LIMIT, "a text has more than %u "
                      "bytes", f->limits.text);
        return;
    }

    f->run += (uint32_t) n;
    e = &f->open[f->depth - 1];

    if (!e->text || f->broken != NULL) {
        return;
    }

    if (f->nodes[e->node].len == 0) {
        while (n > 0 && *s <= ' ') {
            s++;
            n--;
        }
    }

    cxr_tape_text(f, e->node, (const char *) s, n);
}


void
cxr_feed_sax(xmlSAXHandler *sax)
{
    memset(sax, 0, sizeof(xmlSAXHandler));

    sax->initialized = XML_SAX2_MAGIC;
    sax->startDocument = cxr_sax_document;
    sax->internalSubset = cxr_sax_doctype;
    sax->externalSubset = cxr_sax_doctype;
    sax->getEntity = cxr_sax_entity;
    sax->getParameterEntity = cxr_sax_entity;
    sax->startElementNs = cxr_sax_start;
    sax->endElementNs = cxr_sax_end;
    sax->characters = cxr_sax_text;
    sax->ignorableWhitespace = cxr_sax_text;
    sax->cdataBlock = cxr_sax_text;
    sax->serror = cxr_sax_error;
}
