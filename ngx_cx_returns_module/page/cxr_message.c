
/* The parser of message texts: a small part of ICU's MessageFormat. */

#include "cxr_buf.h"
#include "cxr_i18n.h"
#include "cxr_message.h"
#include "cxr_record.h"
#include "cxr_text.h"


#define MESSAGE_NAME_MAX  64
#define MESSAGE_CASES     16
#define MESSAGE_EXACT_MAX 1000000000


const char *const  cxr_plural_names[CXR_PLURALS + 1] = {
    "zero", "one", "two", "few", "many", "other", NULL
};


typedef struct {
    cxr_str_t     text;
    size_t        at;
    unsigned      categories;
    cxr_arena_t  *arena;
    cxr_diag_t   *diag;
} msg_parser_t;


static cxr_rc_t msg_parts(msg_parser_t *p, cxr_str_t plural, unsigned depth,
    cxr_message_t *msg);


static void
msg_blanks(msg_parser_t *p)
{
    while (p->at < p->text.len
           && (p->text.data[p->at] == ' ' || p->text.data[p->at] == '\n'
               || p->text.data[p->at] == '\t'))
    {
        p->at++;
    }
}


static bool
msg_takes(msg_parser_t *p, char c)
{
    msg_blanks(p);

    if (p->at == p->text.len || p->text.data[p->at] != c) {
        return false;
    }

    p->at++;

    return true;
}


static bool
msg_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'
           || c == '.';
}


static cxr_rc_t
msg_name(msg_parser_t *p, const char *what, cxr_str_t *name)
{
    size_t  from;

    msg_blanks(p);
    from = p->at;

    while (p->at < p->text.len && msg_name_char(p->text.data[p->at])) {
        p->at++;
    }

    *name = cxr_strn(p->text.data + from, p->at - from);

    if (name->len == 0 || name->len > MESSAGE_NAME_MAX) {
        return cxr_diag(p->diag, CXR_INVALID, NULL, "%s is expected here "
                        "(small letters, digits, '_'); a brace that is text "
                        "is written '{'", what);
    }

    return CXR_OK;
}


static cxr_msg_part_t *
msg_part(msg_parser_t *p, cxr_message_t *msg, cxr_msg_kind_t kind,
    cxr_str_t text)
{
    cxr_msg_part_t  *part;

    part = cxr_list_push(p->arena, msg, sizeof(cxr_msg_part_t));
    if (part == NULL) {
        cxr_diag(p->diag, CXR_NOMEM, NULL, "out of memory");
        return NULL;
    }

    part->kind = kind;
    part->text = text;

    return part;
}


/* =N or a category, then {body} */
static cxr_rc_t
msg_case(msg_parser_t *p, cxr_msg_part_t *part, unsigned depth)
{
    int               c;
    cxr_rc_t          rc;
    uint32_t          i;
    uint64_t          v;
    cxr_str_t         word;
    cxr_msg_case_t    one, *other;

    memset(&one, 0, sizeof(cxr_msg_case_t));

    one.is_exact = msg_takes(p, '=');

    rc = msg_name(p, one.is_exact ? "a number" : "a plural form", &word);
    if (rc != CXR_OK) {
        return rc;
    }

    if (one.is_exact) {
        if (!cxr_parse_uint(word, MESSAGE_EXACT_MAX, &v)) {
            return cxr_diag(p->diag, CXR_INVALID, NULL, "\"=%.*s\" is not = "
                            "and a whole number", cxr_str_arg(word));
        }

        one.exact = (int64_t) v;

    } else {
        c = cxr_name_index(cxr_plural_names, word);

        if (c < 0 || !(p->categories & (1u << c))) {
            return cxr_diag(p->diag, CXR_INVALID, NULL, "this language has no "
                            "plural form \"%.*s\"", cxr_str_arg(word));
        }

        one.category = (cxr_plural_t) c;
    }

    for (i = 0; i < part->cases.n; i++) {
        other = &part->cases.items[i];

        if (other->is_exact == one.is_exact && other->exact == one.exact
            && other->category == one.category)
        {
            return cxr_diag(p->diag, CXR_INVALID, NULL, "the plural form "
                            "\"%.*s\" is here twice", cxr_str_arg(word));
        }
    }

    if (part->cases.n == MESSAGE_CASES) {
        return cxr_diag(p->diag, CXR_LIMIT, NULL, "a plural has more than %d "
                        "forms", MESSAGE_CASES);
    }

    if (!msg_takes(p, '{')) {
        return cxr_diag(p->diag, CXR_INVALID, NULL, "the plural form \"%.*s\" "
                        "has no {text}", cxr_str_arg(word));
    }

    rc = msg_parts(p, part->text, depth + 1, &one.body);
    if (rc != CXR_OK) {
        return rc;
    }

    p->at++;      /* the brace that ended the body */

    other = cxr_list_push(p->arena, &part->cases, sizeof(cxr_msg_case_t));
    if (other == NULL) {
        return cxr_diag(p->diag, CXR_NOMEM, NULL, "out of memory");
    }

    *other = one;

    return CXR_OK;
}


static cxr_rc_t
msg_plural(msg_parser_t *p, cxr_msg_part_t *part, unsigned depth)
{
    cxr_rc_t  rc;
    uint32_t  i;

    if (depth == CXR_MESSAGE_DEPTH) {
        return cxr_diag(p->diag, CXR_LIMIT, NULL, "plurals stand in one "
                        "another more than %d deep", CXR_MESSAGE_DEPTH);
    }

    while (!msg_takes(p, '}')) {
        if (p->at == p->text.len) {
            return cxr_diag(p->diag, CXR_INVALID, NULL, "the plural of "
                            "\"%.*s\" has no closing brace",
                            cxr_str_arg(part->text));
        }

        rc = msg_case(p, part, depth);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    for (i = 0; i < part->cases.n; i++) {
        if (!part->cases.items[i].is_exact
            && part->cases.items[i].category == CXR_PLURAL_OTHER)
        {
            return CXR_OK;
        }
    }

    return cxr_diag(p->diag, CXR_INVALID, NULL, "the plural of \"%.*s\" has no "
                    "form other{...}", cxr_str_arg(part->text));
}


/* After the opening brace: {name} or {name, plural, ...}. */
static cxr_rc_t
msg_argument(msg_parser_t *p, unsigned depth, cxr_message_t *msg)
{
    cxr_rc_t         rc;
    cxr_str_t        name, word;
    cxr_msg_part_t  *part;

    rc = msg_name(p, "a name", &name);
    if (rc != CXR_OK) {
        return rc;
    }

    if (msg_takes(p, '}')) {
        return msg_part(p, msg, CXR_MSG_ARG, name) ? CXR_OK : CXR_NOMEM;
    }

    if (!msg_takes(p, ',')) {
        return cxr_diag(p->diag, CXR_INVALID, NULL, "the placeholder "
                        "{%.*s has no closing brace", cxr_str_arg(name));
    }

    rc = msg_name(p, "the word \"plural\"", &word);
    if (rc != CXR_OK) {
        return rc;
    }

    if (!cxr_str_is(word, "plural") || !msg_takes(p, ',')) {
        return cxr_diag(p->diag, CXR_INVALID, NULL, "{%.*s, %.*s is not "
                        "understood: only {name} and {name, plural, ...} are",
                        cxr_str_arg(name), cxr_str_arg(word));
    }

    part = msg_part(p, msg, CXR_MSG_PLURAL, name);
    if (part == NULL) {
        return CXR_NOMEM;
    }

    return msg_plural(p, part, depth);
}


/*
 * A literal run up to a brace, a # that counts, or the end.  ICU's rule for
 * apostrophes: two are one, one before a syntax character begins a quoted
 * run, any other is itself (as in "Ankara'da").
 */
static cxr_rc_t
msg_literal(msg_parser_t *p, bool in_plural, cxr_message_t *msg)
{
    char       c, next;
    bool       quoted = false;
    cxr_rc_t   rc;
    cxr_buf_t  b;
    cxr_str_t  s;

    cxr_buf_init(&b, CXR_PO_TEXT_MAX);

    while (p->at < p->text.len) {
        c = p->text.data[p->at];
        next = p->at + 1 < p->text.len ? p->text.data[p->at + 1] : '\0';

        if (c == '\'') {
            if (next == '\'') {
                cxr_buf_addc(&b, '\'');
                p->at += 2;
                continue;
            }

            if (quoted) {
                quoted = false;
                p->at++;
                continue;
            }

            if (next == '{' || next == '}' || (next == '#' && in_plural)) {
                quoted = true;
                p->at++;
                continue;
            }

        } else if (!quoted
                   && (c == '{' || c == '}' || (c == '#' && in_plural)))
        {
            break;
        }

        cxr_buf_addc(&b, c);
        p->at++;
    }

    rc = CXR_OK;

    if (quoted) {
        rc = cxr_diag(p->diag, CXR_INVALID, NULL,
                      "a quoted brace has no closing apostrophe");

    } else if (!cxr_buf_ok(&b)) {
        rc = cxr_diag(p->diag, CXR_NOMEM, NULL, "out of memory");

    } else if (b.len != 0) {
        rc = cxr_str_dup(p->arena, cxr_buf_str(&b), &s);

        if (rc == CXR_OK && msg_part(p, msg, CXR_MSG_TEXT, s) == NULL) {
            rc = CXR_NOMEM;
        }
    }

    cxr_buf_free(&b);

    return rc;
}


/* Up to the end of the text, or to the brace that closes a plural's form. */
static cxr_rc_t
msg_parts(msg_parser_t *p, cxr_str_t plural, unsigned depth, cxr_message_t *msg)
{
    char      c;
    cxr_rc_t  rc;

    for ( ;; ) {
        rc = msg_literal(p, plural.len != 0, msg);
        if (rc != CXR_OK) {
            return rc;
        }

        if (p->at == p->text.len) {
            if (plural.len == 0) {
                return CXR_OK;
            }

            return cxr_diag(p->diag, CXR_INVALID, NULL, "a form of the plural "
                            "of \"%.*s\" has no closing brace",
                            cxr_str_arg(plural));
        }

        c = p->text.data[p->at];

        if (c == '}') {
            if (plural.len != 0) {
                return CXR_OK;
            }

            return cxr_diag(p->diag, CXR_INVALID, NULL, "a closing brace "
                            "without an opening one; as text it is written "
                            "'}'");
        }

        p->at++;

        if (c == '#') {
            if (msg_part(p, msg, CXR_MSG_NUMBER, plural) == NULL) {
                return CXR_NOMEM;
            }

            continue;
        }

        rc = msg_argument(p, depth, msg);
        if (rc != CXR_OK) {
            return rc;
        }
    }
}


cxr_rc_t
cxr_message_parse(cxr_str_t text, unsigned categories, cxr_arena_t *a,
    cxr_message_t *msg, size_t *at, cxr_diag_t *d)
{
    cxr_rc_t      rc;
    msg_parser_t  p;

    memset(&p, 0, sizeof(msg_parser_t));
    memset(msg, 0, sizeof(cxr_message_t));

    p.text = text;
    p.categories = categories;
    p.arena = a;
    p.diag = d;

    rc = msg_parts(&p, CXR_STR_NONE, 0, msg);
    *at = p.at;

    return rc;
}


const cxr_msg_case_t *
cxr_message_case(const cxr_msg_part_t *plural, int64_t n,
    cxr_plural_t category)
{
    uint32_t               i;
    const cxr_msg_case_t  *c, *found = NULL;

    for (i = 0; i < plural->cases.n; i++) {
        c = &plural->cases.items[i];

        if (c->is_exact) {
            if (c->exact == n) {
                return c;
            }

            continue;
        }

        if (c->category == category
            || (c->category == CXR_PLURAL_OTHER && found == NULL))
        {
            found = c;
        }
    }

    return found;
}


bool
cxr_message_uses(const cxr_message_t *msg, cxr_str_t name)
{
    uint32_t               i, k;
    const cxr_msg_part_t  *part;

    for (i = 0; i < msg->n; i++) {
        part = &msg->items[i];

        if (part->kind != CXR_MSG_TEXT && cxr_str_eq(part->text, name)) {
            return true;
        }

        for (k = 0; k < part->cases.n; k++) {
            if (cxr_message_uses(&part->cases.items[k].body, name)) {
                return true;
            }
        }
    }

    return false;
}


bool
cxr_message_lacks(const cxr_message_t *a, const cxr_message_t *b,
    cxr_str_t *name)
{
    uint32_t               i, k;
    const cxr_msg_part_t  *part;

    for (i = 0; i < a->n; i++) {
        part = &a->items[i];

        if (part->kind != CXR_MSG_TEXT && !cxr_message_uses(b, part->text)) {
            *name = part->text;
            return true;
        }

        for (k = 0; k < part->cases.n; k++) {
            if (cxr_message_lacks(&part->cases.items[k].body, b, name)) {
                return true;
            }
        }
    }

    return false;
}
