
/*
 * What a shop adds to our style sheet: one pass over its bytes that knows
 * strings, comments, escapes, brackets and addresses, and nothing of what the
 * rules mean.  A browser forgives what is wrong here by leaving out rules; the
 * author would look for them.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cxr_css.h"
#include "cxr_file.h"
#include "cxr_text.h"


typedef struct {
    const char  *begin;
    const char  *end;
    const char  *p;
    unsigned     depth;
    const char  *open[CXR_CSS_DEPTH_MAX];
    cxr_diag_t  *d;
} css_check_t;


static void
css_place(const css_check_t *c, const char *at, unsigned *line,
    unsigned *column)
{
    const char  *p, *first = c->begin;

    *line = 1;

    for (p = c->begin; p < at; p++) {
        if (*p == '\n') {
            (*line)++;
            first = p + 1;
        }
    }

    *column = (unsigned) (at - first) + 1;
}


static cxr_rc_t
css_fault(const css_check_t *c, const char *at, const char *what)
{
    unsigned  line, column;

    css_place(c, at, &line, &column);
    (void) cxr_diag(c->d, CXR_INVALID, "", "%s", what);
    cxr_diag_place(c->d, "", line, column);

    return CXR_INVALID;
}


static bool
css_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n' || ch == '\f';
}


static bool
css_named(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z')
           || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_'
           || (unsigned char) ch >= 0x80;
}


static bool
css_is(const char *p, size_t n, const char *name)
{
    return n == strlen(name) && strncasecmp(p, name, n) == 0;
}


static cxr_rc_t
css_check_comment(css_check_t *c)
{
    const char  *q = c->p + 2;

    for ( ; c->end - q >= 2; q++) {
        if (q[0] == '*' && q[1] == '/') {
            c->p = q + 2;
            return CXR_OK;
        }
    }

    return css_fault(c, c->p, "the comment that begins here is not closed");
}


static cxr_rc_t
css_check_string(css_check_t *c)
{
    char         quote = *c->p;
    const char  *q;

    for (q = c->p + 1; q < c->end && *q != '\n'; q++) {

        if (*q == '\\' && c->end - q > 1) {
            q++;
            continue;
        }

        if (*q == quote) {
            c->p = q + 1;
            return CXR_OK;
        }
    }

    return css_fault(c, c->p,
                     "the string that begins here is not closed in its line");
}


/* c->p: "url("; q: behind it */

static cxr_rc_t
css_check_url(css_check_t *c, const char *q)
{
    bool         quoted;
    cxr_rc_t     rc;
    const char  *name = c->p;

    while (q < c->end && css_blank(*q)) {
        q++;
    }

    quoted = q < c->end && (*q == '"' || *q == '\'');
    c->p = q;

    if (quoted) {
        q++;
    }

    if (q == c->end
        || (*q != '#' && (c->end - q < 5 || strncasecmp(q, "data:", 5) != 0)))
    {
        return css_fault(c, name,
                         "url() takes data: and a #fragment alone, so that a "
                         "page asks for one style sheet and no more; fonts "
                         "and pictures from elsewhere are not loaded");
    }

    if (quoted) {
        rc = css_check_string(c);
        if (rc != CXR_OK) {
            return rc;
        }

        /* and nothing more: a comment in there would be one */

        for (q = c->p; q < c->end && css_blank(*q); q++) { /* void */ }

    } else {
        for ( ; q < c->end && *q != ')'; q++) {
            q += *q == '\\' && c->end - q > 1;
        }
    }

    if (q >= c->end || *q != ')') {
        return css_fault(c, name, "the url() that begins here is not closed");
    }

    c->p = q + 1;

    return CXR_OK;
}


/* A name, of an at-rule or a function perhaps. */

static cxr_rc_t
css_check_name(css_check_t *c)
{
    size_t       i, n;
    const char  *q = c->p;

    static const char  *first[] = { "@import", "@charset", "@namespace" };
    static const char  *fetch[] = { "image-set", "-webkit-image-set", "image",
                                    "src" };

    static const char *const  why[] = {
        "@import is not for here: the page asks for one style sheet, which has "
            "this one in it; put the rules themselves here",
        "@charset is not for here: the file is UTF-8 and stands behind ours",
        "@namespace is not for here: it holds at a file's beginning, and this "
            "one stands behind ours"
    };

    for (q++; q < c->end && css_named(*q); q++) { /* void */ }

    n = (size_t) (q - c->p);

    for (i = 0; i < cxr_nelts(first); i++) {
        if (css_is(c->p, n, first[i])) {
            return css_fault(c, c->p, why[i]);
        }
    }

    if (q < c->end && *q == '(') {

        if (css_is(c->p, n, "url")) {
            return css_check_url(c, q + 1);
        }

        /* a value, not part of a selector */

        for (i = 0; i < cxr_nelts(fetch) && c->depth != 0; i++) {
            if (css_is(c->p, n, fetch[i])) {
                return css_fault(c, c->p,
                                 "image(), image-set() and src() would ask for "
                                 "other files; url() takes data:");
            }
        }
    }

    c->p = q;

    return CXR_OK;
}


static cxr_rc_t
css_check_bracket(css_check_t *c)
{
    char        what[96], ch = *c->p;
    unsigned    line, column;
    const char  *open;

    if (ch == '{' || ch == '(' || ch == '[') {

        if (c->depth == CXR_CSS_DEPTH_MAX) {
            (void) snprintf(what, sizeof(what), "more than %u brackets within "
                            "each other", CXR_CSS_DEPTH_MAX);
            return css_fault(c, c->p, what);
        }

        c->open[c->depth++] = c->p++;
        return CXR_OK;
    }

    if (c->depth == 0) {
        (void) snprintf(what, sizeof(what), "this \"%c\" closes nothing", ch);
        return css_fault(c, c->p, what);
    }

    open = c->open[c->depth - 1];

    if ((*open == '{' && ch != '}') || (*open == '(' && ch != ')')
        || (*open == '[' && ch != ']'))
    {
        css_place(c, open, &line, &column);
        (void) snprintf(what, sizeof(what), "this \"%c\" comes before the \"%c\" "
                        "of line %u is closed", ch, *open, line);
        return css_fault(c, c->p, what);
    }

    c->depth--;
    c->p++;

    return CXR_OK;
}


static cxr_rc_t
css_check_token(css_check_t *c)
{
    char  ch = *c->p;

    if (ch == '"' || ch == '\'') {
        return css_check_string(c);
    }

    if (ch == '/' && c->end - c->p > 1 && c->p[1] == '*') {
        return css_check_comment(c);
    }

    if (strchr("{}()[]", ch) != NULL) {
        return css_check_bracket(c);
    }

    if (ch == '@' || css_named(ch)) {
        return css_check_name(c);
    }

    if (ch == '\\') {

        if (c->end - c->p < 2) {
            return css_fault(c, c->p, "there is nothing behind this \"\\\"");
        }

        c->p++;
    }

    c->p++;

    return CXR_OK;
}


cxr_rc_t
cxr_css_check(cxr_str_t css, cxr_diag_t *d)
{
    char         what[64];
    cxr_rc_t     rc;
    css_check_t  c;

    memset(&c, 0, sizeof(css_check_t));

    c.begin = css.data;
    c.p = css.data;
    c.end = css.data + css.len;
    c.d = d;

    if (!cxr_utf8_valid(css) || memchr(css.data, '\0', css.len) != NULL) {
        return css_fault(&c, c.begin, "is no UTF-8 text");
    }

    while (c.p < c.end) {
        rc = css_check_token(&c);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (c.depth != 0) {
        (void) snprintf(what, sizeof(what), "this \"%c\" is not closed",
                        *c.open[c.depth - 1]);
        return css_fault(&c, c.open[c.depth - 1], what);
    }

    return CXR_OK;
}


cxr_rc_t
cxr_css_shop(const char *path, cxr_buf_t *out, cxr_diag_t *d)
{
    char      *text;
    size_t     len;
    cxr_rc_t   rc;

    rc = cxr_file_read(path, CXR_SHOP_CSS_MAX, &text, &len, d);
    if (rc != CXR_OK) {
        return rc;
    }

    rc = cxr_css_check(cxr_strn(text, len), d);

    if (rc != CXR_OK) {
        cxr_diag_place(d, path, d->line, d->column);

    } else {
        cxr_buf_addc(out, '\n');
        cxr_buf_add(out, text, len);
        rc = cxr_buf_ok(out) ? CXR_OK : CXR_NOMEM;
    }

    free(text);

    return rc;
}
