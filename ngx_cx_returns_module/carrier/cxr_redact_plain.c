
/*
 * Credentials in bodies that are neither XML nor say that they are a form:
 * JSON, a form under another name, lines of a header.  A name, perhaps in
 * quotes, that "=" or ":" follows is what its value belongs to.
 */

#include "cxr_redact_private.h"


enum {
    CXR_PL_TEXT = 0,      /* or within a word                                 */
    CXR_PL_NAMED,         /* after a word                                     */
    CXR_PL_BEGUN,         /* after "=" or ":" of a credential                 */
    CXR_PL_QUOTED,
    CXR_PL_BARE,
    CXR_PL_NEST,          /* an object or an array                            */
    CXR_PL_NEST_QUOTED
};


static void
cxr_plain_over(cxr_redact_plain_t *p)
{
    p->state = CXR_PL_TEXT;
    p->nword = 0;
    p->said = false;
    p->in_quotes = false;
    p->escaped = false;
    p->back = false;
    p->depth = 0;
}


/* All of it is one value: line feeds stay, so that lines keep their numbers. */
static bool
cxr_plain_drop(cxr_redact_t *r, unsigned c)
{
    if (c == '\n') {
        return false;
    }

    if (!r->plain.said) {
        cxr_redact_unref(r);
        cxr_redact_say(r);
        r->plain.said = true;
    }

    return true;
}


/* outside of values */
static void
cxr_plain_text(cxr_redact_t *r, unsigned c)
{
    cxr_redact_plain_t  *p = &r->plain;

    if (cxr_redact_name_char(c) && c != ':') {
        if (p->state == CXR_PL_NAMED) {
            cxr_plain_over(p);
        }

        cxr_redact_collect(p->word, &p->nword, c);
        return;
    }

    if (p->nword == 0) {
        return;
    }

    p->state = CXR_PL_NAMED;

    if (c == '"' || c == '\'') {
        p->in_quotes = true;
        return;
    }

    if (c == '\\' || c == ' ' || c == '\t') {
        return;
    }

    if ((c == '=' || c == ':')
        && cxr_redact_known(r->scan[0].more, p->word, p->nword))
    {
        p->state = CXR_PL_BEGUN;
        p->nword = 0;
        return;
    }

    cxr_plain_over(p);
}


/* the first character of a credential's value, or what comes before it */
static bool
cxr_plain_begin(cxr_redact_t *r, unsigned c)
{
    cxr_redact_plain_t  *p = &r->plain;

    if (c == ' ' || c == '\t') {
        return false;
    }

    if (c == '\\') {
        p->escaped = true;
        return false;
    }

    if (c == '"' || c == '\'') {
        p->state = CXR_PL_QUOTED;
        p->quote = (uint8_t) c;
        return false;
    }

    if (p->in_quotes && (c == '{' || c == '[')) {
        p->state = CXR_PL_NEST;
        p->depth = 1;
        return cxr_plain_drop(r, c);
    }

    p->state = CXR_PL_BARE;

    return cxr_redact_plain(r, c);
}


bool
cxr_redact_plain(cxr_redact_t *r, unsigned c)
{
    bool                 ends;
    cxr_redact_plain_t  *p = &r->plain;

    switch (p->state) {

    case CXR_PL_BEGUN:
        return cxr_plain_begin(r, c);

    case CXR_PL_QUOTED:
        ends = c == p->quote && (p->escaped || !p->back);

        if (ends) {
            cxr_plain_over(p);
            return false;
        }

        /* the backslash of the quote that ends an escaped one goes, too */
        p->back = c == '\\' && !p->back;
        return cxr_plain_drop(r, c);

    case CXR_PL_BARE:
        if (c == '&' || c == '\r' || c == '\n' || c == '<'
            || (p->in_quotes && (c == ',' || c == '}' || c == ']')))
        {
            cxr_plain_over(p);
            return false;
        }

        return cxr_plain_drop(r, c);

    case CXR_PL_NEST:
        if (c == '"') {
            p->state = CXR_PL_NEST_QUOTED;
            p->back = false;

        } else if (c == '{' || c == '[') {
            p->depth += p->depth < UINT16_MAX;

        } else if ((c == '}' || c == ']') && --p->depth == 0) {
            cxr_plain_over(p);
            return true;
        }

        return cxr_plain_drop(r, c);

    case CXR_PL_NEST_QUOTED:
        if (c == '"' && !p->back) {
            p->state = CXR_PL_NEST;
        }

        p->back = c == '\\' && !p->back;
        return cxr_plain_drop(r, c);

    default:
        cxr_plain_text(r, c);
        return false;
    }
}
