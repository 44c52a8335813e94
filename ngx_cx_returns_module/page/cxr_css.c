
/*
 * One pass over the sheet's bytes.  White space and comments are held back
 * until it is known what comes after them: that decides what is left of them.
 */

#include <strings.h>

#include "cxr_css.h"


static bool
css_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}


/* Where a name goes on. */
static bool
css_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '_'
           || (unsigned char) c >= 0x80;
}


/* What needs no blank after it.  ")" is none: "(a) and (b)". */
static bool
css_ends(char c)
{
    return c == '{' || c == '}' || c == ';' || c == ',' || c == ':'
           || c == '>' || c == '(' || c == '[';
}


/* What needs none before it.  ":" is none: "a :hover" is not "a:hover". */
static bool
css_begins(char c)
{
    return c == '{' || c == '}' || c == ';' || c == ',' || c == '>'
           || c == ')' || c == ']';
}


/* The end of a comment that begins at p. */
static const char *
css_comment(const char *p, const char *end)
{
    for (p += 2; end - p >= 2; p++) {
        if (p[0] == '*' && p[1] == '/') {
            return p + 2;
        }
    }

    return end;
}


/* The end of what begins at p with a quote; a line's end closes it, too. */
static const char *
css_string(const char *p, const char *end)
{
    char  quote = *p++;

    while (p < end) {
        if (*p == '\\' && end - p > 1) {
            p += 2;
            continue;
        }

        if (*p == quote || *p == '\n') {
            return p + 1;
        }

        p++;
    }

    return end;
}


/* The end of url(...) when its address is not quoted, or p itself. */
static const char *
css_url(const char *p, const char *end)
{
    const char  *q;

    if (end - p < 5 || strncasecmp(p, "url(", 4) != 0) {
        return p;
    }

    for (q = p + 4; q < end && css_is_space(*q); q++) { /* void */ }

    if (q < end && (*q == '"' || *q == '\'')) {
        return p;
    }

    for (; q < end; q++) {
        if (*q == '\\' && end - q > 1) {
            q++;

        } else if (*q == ')') {
            return q + 1;
        }
    }

    return end;
}


/* What is left of white space and of a comment between two tokens. */
static void
css_between(char last, char next, bool space, bool comment, cxr_buf_t *out)
{
    if (last == '\0' || css_ends(last) || css_begins(next)) {
        return;
    }

    if (space) {
        cxr_buf_addc(out, ' ');

    } else if (comment) {
        cxr_buf_addz(out, "/**/");
    }
}


/* p is past white space and comments, or at the end. */
static const char *
css_skip(const char *p, const char *end, bool *space, bool *comment)
{
    *space = false;
    *comment = false;

    while (p < end) {
        if (css_is_space(*p)) {
            *space = true;
            p++;
            continue;
        }

        if (end - p < 2 || p[0] != '/' || p[1] != '*'
            || (end - p > 2 && p[2] == '!'))
        {
            break;
        }

        *comment = true;
        p = css_comment(p, end);
    }

    return p;
}


/* One token's bytes, as they are; a word goes byte by byte. */
static const char *
css_token(const char *p, const char *end, char last)
{
    const char  *q;

    if (*p == '"' || *p == '\'') {
        return css_string(p, end);
    }

    if (*p == '/' && end - p > 1 && p[1] == '*') {
        return css_comment(p, end);
    }

    if (*p == '\\' && end - p > 1) {
        return p + 2;
    }

    /* "curl(" is another function */

    if ((*p == 'u' || *p == 'U') && !css_is_word(last)) {
        q = css_url(p, end);

        if (q != p) {
            return q;
        }
    }

    return p + 1;
}


void
cxr_css_pack(cxr_str_t css, cxr_buf_t *out)
{
    char         last;
    bool         space, comment;
    const char  *p, *q, *end;

    last = '\0';
    p = css.data;
    end = p + css.len;

    for ( ;; ) {
        p = css_skip(p, end, &space, &comment);

        if (p == end) {
            return;
        }

        /* the last semicolon of a block, its own white space gone */

        if (*p == '}' && last == ';' && out->len != 0) {
            out->len--;
        }

        css_between(last, *p, space, comment, out);

        q = css_token(p, end, space || comment ? '\0' : last);
        cxr_buf_add(out, p, q - p);

        /* a token of several bytes is none of those that need no blank */

        last = q - p == 1 ? *p : '"';
        p = q;
    }
}
