
/*
 * Records that come again byte for byte: most of what carriers send.
 *
 * With each record that a parcel takes in, a hash of its bytes in the document
 * is kept, and of all that stands around it: what the paths see of what holds
 * it, the namespaces, the limits, the profile.  Where one record has ended and
 * the same bytes follow in the same surroundings, they are what was read then:
 * a whole, well-formed record of that parcel, which is known.  The parser need
 * not see them.  Whose record it may be is guessed from how the last one
 * looked; a wrong guess finds another hash, or none, and the record is read.
 *
 * A hash that fits vouches for all of it, so nothing here reads XML.  What
 * stands in another encoding, in a document within a document, or is traced, is
 * always read, and so is a record that is cut by the end of what has arrived.
 */

#include <stdlib.h>

/* on x86 the library asks the processor how wide its registers are */

#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#include "cxr_feed_private.h"
#include "cxr_text.h"


#define CXR_AGAIN_AROUND  64           /* nodes before a record, at the most  */
#define CXR_AGAIN_TEXT    4096         /* bytes of their texts                */
#define CXR_AGAIN_MAX     (64 * 1024)  /* bytes of a record                   */
#define CXR_AGAIN_LUCK    4
#define CXR_AGAIN_NUMBER  128          /* bytes of a number as it stands      */


static inline bool
cxr_again_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}


static inline bool
cxr_again_able(const cxr_feed_t *f)
{
    return f->sink.known != NULL && f->nested == NULL && f->trace == NULL;
}


/* Counted from the document's first byte. */
static inline uint64_t
cxr_again_at(const cxr_feed_t *f, const xmlChar *p)
{
    return f->again.given - (uint64_t) (f->ctxt->input->end - p);
}


/* The bytes from there on up to where the parser is; false: not all there. */
static bool
cxr_again_bytes(const cxr_feed_t *f, uint64_t from, const char **p, size_t *n)
{
    uint64_t                len;
    const xmlParserInput   *in = f->ctxt->input;

    len = cxr_again_at(f, in->cur) - from;

    if (len > (uint64_t) (in->cur - in->base)) {
        return false;
    }

    *n = (size_t) len;
    *p = (const char *) in->cur - len;

    return true;
}


static uint64_t
cxr_again_hash(const void *p, size_t len, uint64_t before)
{
    uint64_t  w[2];

    w[0] = XXH3_64bits(p, len);
    w[1] = before;

    return XXH3_64bits(w, sizeof(w));
}


/* Prefixes and what they stand for, but for the record's own. */
static uint64_t
cxr_again_spaces(const cxr_feed_t *f, int nns, uint64_t h)
{
    int                    i;
    const char            *s;
    const xmlParserCtxt   *ctxt = f->ctxt;

    for (i = 0; i < ctxt->nsNr - 2 * nns; i++) {
        s = ctxt->nsTab[i] != NULL ? (const char *) ctxt->nsTab[i] : "";
        h = cxr_again_hash(s, strlen(s), h + 1);
    }

    return h;
}


/* false: there is too much of it */
static bool
cxr_again_around(cxr_feed_t *f, const cxr_open_t *e, int nns)
{
    uint32_t            i;
    uint64_t            w[2 * CXR_AGAIN_AROUND], h;
    const cxr_node_t   *n;

    if (e->node > CXR_AGAIN_AROUND || e->mark > CXR_AGAIN_TEXT) {
        return false;
    }

    h = cxr_again_hash(&f->limits, sizeof(f->limits), f->profile->seen);
    h = cxr_again_hash(f->asked, f->request.len, h + f->depth);

    for (i = 0, n = f->nodes; i < e->node; i++, n++) {
        w[2 * i] = n->name | (uint64_t) n->flags << 16
                   | (uint64_t) n->len << 32;
        w[2 * i + 1] = n->parent | (uint64_t) n->text << 32;

        /* what is empty stands nowhere */

        if (n->len == 0) {
            w[2 * i + 1] = n->parent;
        }

        if (n->name == CXR_NAME_OTHER) {
            h = cxr_again_hash(n->local, strlen(n->local), h);
        }
    }

    h = cxr_again_hash(w, 2 * e->node * sizeof(uint64_t), h);
    h = cxr_again_hash(f->text, e->mark, h);

    f->again.context = cxr_again_spaces(f, nns, h);

    return true;
}


void
cxr_again_start(cxr_feed_t *f, const cxr_open_t *e, int nns)
{
    cxr_again_t            *g = &f->again;
    const xmlChar          *tag;
    const xmlParserInput   *in = f->ctxt->input;

    g->open = false;
    g->part = false;

    if (!cxr_again_able(f) || f->nheld > 0 || in == NULL || in->buf == NULL
        || in->buf->encoder != NULL)
    {
        return;
    }

    if (!g->same || g->depth != f->depth || g->nodes != e->node
        || g->mark != e->mark)
    {
        if (!cxr_again_around(f, e, nns)) {
            return;
        }

        g->depth = f->depth;
        g->nodes = e->node;
        g->mark = e->mark;
    }

    /* the parser is at the end of the start tag, in which there is no other */

    tag = memrchr(in->base, '<', (size_t) (in->cur - in->base));

    if (tag != NULL) {
        g->start = cxr_again_at(f, tag);
        g->from = g->start;
        g->open = true;
    }
}


void
cxr_again_end(cxr_feed_t *f, bool done)
{
    cxr_again_t  *g = &f->again;

    g->same = done && g->open;
    g->open = false;
}


bool
cxr_again_digest(cxr_feed_t *f, char out[CXR_AGAIN_LEN])
{
    size_t              n;
    uint64_t            w[2];
    const char         *p;
    XXH64_canonical_t   c;

    if (!f->again.open || f->inside > 0 || !cxr_again_bytes(f, f->again.from, &p, &n))
    {
        return false;
    }

    if (f->again.part) {
        (void) XXH3_64bits_update(f->again.state, p, n);
        w[0] = XXH3_64bits_digest(f->again.state);

    } else {
        w[0] = XXH3_64bits(p, n);
    }

    w[1] = f->again.context;

    XXH64_canonicalFromHash(&c, XXH3_64bits(w, sizeof(w)));
    memcpy(out, c.digest, CXR_AGAIN_LEN);

    return true;
}


/* What the parser is done with leaves its memory with the next piece. */
void
cxr_again_piece(cxr_feed_t *f)
{
    size_t        n;
    const char   *p;
    cxr_again_t  *g = &f->again;

    if (!g->open) {
        return;
    }

    if (g->state == NULL) {
        g->state = XXH3_createState();
    }

    if (g->state == NULL || !cxr_again_bytes(f, g->from, &p, &n)) {
        g->open = false;
        return;
    }

    if (!g->part) {
        (void) XXH3_64bits_reset(g->state);
        g->part = true;
    }

    (void) XXH3_64bits_update(g->state, p, n);
    g->from += n;
}


/* Where the value stands by itself, as the whole of an element or attribute. */
static const char *
cxr_again_find(const char *p, size_t n, cxr_str_t s)
{
    const char  *at, *end = p + n;

    /* the record's last byte is none of it */

    while ((at = memmem(p, (size_t) (end - p) - 1, s.data, s.len)) != NULL) {

        if ((at[-1] == '>' && at[s.len] == '<')
            || (at[-1] == '"' && at[s.len] == '"')
            || (at[-1] == '\'' && at[s.len] == '\''))
        {
            return at;
        }

        p = at + 1;
    }

    return NULL;
}


void
cxr_again_learn(cxr_feed_t *f, const cxr_record_rule_t *r,
    const cxr_open_t *e)
{
    size_t        n, name;
    cxr_str_t     number;
    const char   *p, *at, *tag;
    cxr_again_t  *g = &f->again;

    if (g->learned || !g->open || !cxr_again_bytes(f, g->start, &p, &n)) {
        return;
    }

    number = cxr_value_get(f, &r->number, e->node);

    for (name = 0; name < n && !cxr_again_blank(p[name + 1])
                   && p[name + 1] != '>' && p[name + 1] != '/'; name++)
    {
        /* void */
    }

    g->nend = name + 3;

    if (number.len == 0 || g->nend > CXR_AGAIN_NAME || g->nend >= n) {
        return;
    }

    memcpy(g->end, "</", 2);
    memcpy(g->end + 2, p + 1, name);
    g->end[2 + name] = '>';

    /* the tag is not at the record's first byte, nor is the number */

    if (memcmp(p + n - g->nend, g->end, g->nend) != 0) {
        return;
    }

    at = cxr_again_find(p + 1, n - 1, number);
    tag = at != NULL ? memrchr(p, '<', (size_t) (at - p)) : NULL;

    if (tag == NULL || at - tag > CXR_AGAIN_LEAD) {
        return;
    }

    g->nlead = (size_t) (at - tag);
    memcpy(g->lead, tag, g->nlead);
    g->learned = true;
}


size_t
cxr_again_cut(cxr_feed_t *f, const char *p, size_t n)
{
    const char   *end;
    cxr_again_t  *g = &f->again;

    if (!g->learned || !cxr_again_able(f)) {
        return n;
    }

    if (g->rest > 0) {
        n = n < g->rest ? n : g->rest;
        g->rest -= n;
        return n;
    }

    end = memmem(p, n, g->end, g->nend);
    g->cut = end != NULL;

    return end != NULL ? (size_t) (end - p) + g->nend : n;
}


/* The record that begins here, as far as its end tag; 0: none does. */
static size_t
cxr_again_span(const cxr_again_t *g, const char *p, size_t len)
{
    size_t       name = g->nend - 3;
    const char  *end;

    if (len < 2 * g->nend || *p != '<' || memcmp(p + 1, g->end + 2, name) != 0
        || (p[name + 1] != '>' && !cxr_again_blank(p[name + 1])))
    {
        return 0;
    }

    len = len < CXR_AGAIN_MAX ? len : CXR_AGAIN_MAX;
    end = memmem(p, len, g->end, g->nend);

    return end != NULL ? (size_t) (end - p) + g->nend : 0;
}


static bool
cxr_again_known(cxr_feed_t *f, const char *p, size_t n)
{
    char                  folded[CXR_TRACKING_MAX];
    size_t                len = sizeof(folded), most;
    cxr_str_t             number, kept;
    const char           *at, *end = p + n;
    XXH64_canonical_t     c;
    const cxr_again_t    *g = &f->again;

    at = memmem(p, n, g->lead, g->nlead);
    if (at == NULL) {
        return false;
    }

    at += g->nlead;
    most = (size_t) (end - at) < CXR_AGAIN_NUMBER ? (size_t) (end - at)
                                                  : CXR_AGAIN_NUMBER;

    for (number = cxr_strn(at, 0); number.len < most; number.len++) {
        if (at[number.len] == '<' || at[number.len] == '"'
            || at[number.len] == '\'')
        {
            break;
        }
    }

    if (cxr_fold_tracking(number, folded, &len) != CXR_OK) {
        return false;
    }

    XXH64_canonicalFromHash(&c, cxr_again_hash(p, n, g->context));

    if (!f->sink.known(f->sink.ctx, cxr_strn(folded, len), CXR_SEEN_RAW,
                       cxr_strn((const char *) c.digest, CXR_AGAIN_LEN),
                       &kept))
    {
        return false;
    }

    f->stats.records++;
    cxr_seen_count(f, kept);

    return true;
}


/* Is the parser between two records, and has it seen all that came so far? */
static bool
cxr_again_between(const cxr_feed_t *f)
{
    const cxr_again_t     *g = &f->again;
    const xmlParserInput  *in = f->ctxt->input;

    return g->learned && g->same && f->end == CXR_FEED_GOING
           && in != NULL && in->cur == in->end
           && f->ctxt->instate == XML_PARSER_CONTENT && f->inside == 0
           && f->nheld == 0 && f->depth > 0 && f->depth + 1 == g->depth
           && !f->open[f->depth - 1].text && cxr_again_able(f);
}


/* A fault further on is told with its line and column. */
static void
cxr_again_lines(cxr_feed_t *f, const char *p, const char *end)
{
    const char      *nl;
    xmlParserInput  *in = f->ctxt->input;

    while ((nl = memchr(p, '\n', (size_t) (end - p))) != NULL) {
        in->line++;
        in->col = 1;
        p = nl + 1;
    }

    for ( /* void */ ; p < end; p++) {
        in->col += ((unsigned char) *p & 0xc0) != 0x80;
    }
}


size_t
cxr_again_pass(cxr_feed_t *f, const char *p, size_t len)
{
    size_t        n = 0;
    const char   *at, *end = p + len, *from = p;
    cxr_again_t  *g = &f->again;

    if (g->rest > 0 || !g->learned) {
        return 0;
    }

    if (!cxr_again_between(f)) {
        g->rest = g->cut ? CXR_FEED_PIECE : 0;
        g->cut = false;
        return 0;
    }

    g->cut = false;

    while (f->stats.records < f->limits.records) {

        for (at = p; at < end && cxr_again_blank(*at); at++) { /* void */ }

        n = cxr_again_span(g, at, (size_t) (end - at));

        if (n == 0 || !cxr_again_known(f, at, n)) {
            n = n ? n + (size_t) (at - p) : 0;
            break;
        }

        g->luck = CXR_AGAIN_LUCK;
        p = at + n;
        n = 0;
    }

    if (p > from) {
        cxr_again_lines(f, from, p);
        f->run = 0;
    }

    /* another record is read, and then the next one looked at; or a piece */

    if (n > 0 && g->luck > 0) {
        g->luck--;
        g->rest = n;

    } else if (n > 0) {
        g->learned = false;

    } else {
        g->rest = (size_t) (end - p);
    }

    return (size_t) (p - from);
}


void
cxr_again_close(cxr_feed_t *f)
{
    (void) XXH3_freeState(f->again.state);
}
