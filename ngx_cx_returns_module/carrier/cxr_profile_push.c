
/*
 * Reading a profile's <envelope>, <auth> and <ack>.
 */

#include <stdio.h>

#include "cxr_feed_private.h"
#include "cxr_profile_read.h"
#include "cxr_push_private.h"
#include "cxr_redact.h"
#include "cxr_text.h"


static const char *const  cxr_envelope_kinds[] = {
    "raw", "form", "query", NULL
};

static const char *const  cxr_auth_kinds[] = {
    "md5", "sha1", "sha256", "sha512", "text",
    "hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha512", NULL
};

#define CXR_AUTH_HMAC  5       /* the first of them                           */

static const char *const  cxr_auth_codings[] = { "hex", "base64", NULL };

/* what may stand in braces; NULL: by another way */
static const struct {
    const char  *name;
    uint8_t      kind;
    bool         auth;         /* in <auth of="">, else in <ack>              */
} cxr_piece_names[] = {
    { "secret", CXR_PIECE_SECRET, true },
    { "body", CXR_PIECE_BODY, true },
    { "document", CXR_PIECE_DOCUMENT, true },
    { "outcome", CXR_PIECE_OUTCOME, false },
    { "code", CXR_PIECE_CODE, false },
    { "detail", CXR_PIECE_DETAIL, false },
    { "records", CXR_PIECE_RECORDS, false },
    { "stored", CXR_PIECE_STORED, false },
    { "repeated", CXR_PIECE_REPEATED, false },
    { "refused", CXR_PIECE_REFUSED, false },
    { "now", CXR_PIECE_NOW, false }
};

static const unsigned  cxr_ack_statuses[CXR_NACKS] = {
    200, 200, 400, 403, 503, 200
};


/* the part of the profile; made when it is first named */
static cxr_push_rules_t *
cxr_push_rules(cxr_reader_t *x, const xmlNode *node)
{
    cxr_profile_t  *p = x->profile;

    if (p->push == NULL) {
        p->push = cxr_calloc(p->arena, 1, sizeof(cxr_push_rules_t));

        if (p->push == NULL) {
            cxr_complain(x, node, "out of memory");
        }
    }

    return p->push;
}


static void
cxr_push_str(cxr_reader_t *x, const xmlNode *node, cxr_strs_t *list,
    cxr_str_t s)
{
    uint32_t    i;
    cxr_str_t  *slot;

    for (i = 0; i < list->n; i++) {
        if (cxr_str_eq(list->items[i], s)) {
            return;
        }
    }

    slot = cxr_list_push(x->profile->arena, list, sizeof(cxr_str_t));

    if (slot == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    *slot = s;
}


/* a credential's name, as the redaction compares it */
static void
cxr_push_credential(cxr_reader_t *x, const xmlNode *node,
    cxr_push_rules_t *rules, cxr_str_t name)
{
    char    low[CXR_REDACT_NAME];
    size_t  i;

    if (name.len == 0 || name.len > CXR_REDACT_NAME || cxr_str_is(name, "*")) {
        return;
    }

    for (i = 0; i < name.len; i++) {
        low[i] = name.data[i] >= 'A' && name.data[i] <= 'Z'
                 ? (char) (name.data[i] | 0x20) : name.data[i];
    }

    if (cxr_str_dup(x->profile->arena, cxr_strn(low, name.len), &name)
        != CXR_OK)
    {
        cxr_complain(x, node, "out of memory");
        return;
    }

    cxr_push_str(x, node, &rules->credentials, name);
}


/* ---- paths of single values ---- */

static bool
cxr_pick_step(cxr_reader_t *x, const xmlNode *node, cxr_pick_path_t *path,
    cxr_str_t s)
{
    size_t      i;
    cxr_str_t  *slot;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] <= ' ' || strchr("[]()@|:\"'=<>&", s.data[i]) != NULL) {
            break;
        }
    }

    if (s.len == 0 || i < s.len || path->steps.n == CXR_PICK_STEPS) {
        cxr_complain(x, node, "a path here is of at most %d names, with \"*\" "
                     "for any, an attribute or name() last "
                     "(\"Head/Order/@id\"), or \"//Name\"", CXR_PICK_STEPS);
        return false;
    }

    slot = cxr_list_push(x->profile->arena, &path->steps, sizeof(cxr_str_t));

    if (slot == NULL) {
        cxr_complain(x, node, "out of memory");
        return false;
    }

    *slot = s;

    return true;
}


/* "base": the row that the path is within, or NULL */
static uint16_t
cxr_read_pick(cxr_reader_t *x, const xmlNode *node, cxr_str_t s,
    const cxr_pick_path_t *base, uint16_t each)
{
    size_t             n;
    uint32_t           i;
    cxr_str_t          step;
    cxr_pick_path_t   *path;
    cxr_push_rules_t  *rules = x->profile->push;

    if (rules->picks.n == CXR_PICKS_MAX) {
        cxr_complain(x, node, "there are more than %d paths in <auth> and "
                     "<ack>", CXR_PICKS_MAX);
        return CXR_NONE;
    }

    /* the list may move when it grows: "base" is a copy of the caller's */

    path = cxr_list_push(x->profile->arena, &rules->picks,
                         sizeof(cxr_pick_path_t));
    if (path == NULL) {
        cxr_complain(x, node, "out of memory");
        return CXR_NONE;
    }

    path->each = each;

    for (i = 0; base != NULL && i < base->steps.n; i++) {
        if (!cxr_pick_step(x, node, path, base->steps.items[i])) {
            return CXR_NONE;
        }
    }

    if (base == NULL && s.len > 2 && s.data[0] == '/' && s.data[1] == '/') {
        path->anywhere = true;
        s.data += 2;
        s.len -= 2;
    }

    for ( ;; ) {
        for (n = 0; n < s.len && s.data[n] != '/'; n++) { /* void */ }

        step = cxr_strn(s.data, n);

        if (step.len > 1 && step.data[0] == '@') {
            path->attr = cxr_strn(step.data + 1, step.len - 1);

            if (n < s.len) {
                cxr_complain(x, node, "an attribute ends a path");
            }
            break;
        }

        if (n == s.len && cxr_str_is(step, "name()")) {
            path->local = true;
            break;
        }

        if (!cxr_pick_step(x, node, path, step)) {
            return CXR_NONE;
        }

        if (n == s.len) {
            break;
        }

        s.data += n + 1;
        s.len -= n + 1;
    }

    if (path->steps.n == 0 || (path->anywhere && path->steps.n != 1)) {
        cxr_complain(x, node, "\"//\" is followed by one name, and an "
                     "attribute by none");
        return CXR_NONE;
    }

    return (uint16_t) (rules->picks.n - 1);
}


/* where a value is; one of field, query, header and path at least */
static void
cxr_read_source(cxr_reader_t *x, const xmlNode *node, cxr_source_t *source,
    bool secret)
{
    size_t             i;
    cxr_str_t          s;
    cxr_push_rules_t  *rules = x->profile->push;

    source->pick = CXR_NONE;

    if (cxr_attr(x, node, "field", false, &source->field)) {
        if (source->field.len > CXR_FORM_NAME_MAX) {
            cxr_complain(x, node, "a field's name has at most %d bytes",
                         CXR_FORM_NAME_MAX);
        }

        if (rules->kind != CXR_ENVELOPE_FORM) {
            cxr_complain(x, node, "only <envelope as=\"form\"> has fields");
        }

        for (i = 0; i < rules->fields.n; i++) {
            if (cxr_str_eq(rules->fields.items[i], source->field)) {
                cxr_complain(x, node, "this field is the document");
            }
        }

        cxr_push_str(x, node, &rules->kept, source->field);
    }

    (void) cxr_attr(x, node, "query", false, &source->query);
    (void) cxr_attr(x, node, "header", false, &source->header);

    if (cxr_attr(x, node, "path", false, &s)) {
        source->pick = cxr_read_pick(x, node, s, NULL, CXR_NONE);

        if (secret && source->pick != CXR_NONE) {
            const cxr_pick_path_t *path = &rules->picks.items[source->pick];

            cxr_push_credential(x, node, rules,
                                path->attr.len ? path->attr
                                : path->steps.items[path->steps.n - 1]);
        }

    } else if (source->field.len + source->query.len + source->header.len == 0)
    {
        cxr_complain(x, node, "one of \"field\", \"query\", \"header\" and "
                     "\"path\" is wanted");
    }

    if (secret) {
        cxr_push_credential(x, node, rules, source->field);

        /* a query's parameters become elements */

        if (rules->kind == CXR_ENVELOPE_QUERY) {
            cxr_push_credential(x, node, rules, source->query);
        }
    }
}


/* <value>: a name for what stands somewhere */
static void
cxr_read_source_named(cxr_reader_t *x, const xmlNode *node,
    const cxr_pick_path_t *base, uint16_t each)
{
    uint32_t           i;
    cxr_str_t          s;
    cxr_source_t      *source;
    cxr_push_rules_t  *rules = x->profile->push;

    cxr_attrs_only(x, node, base ? "name path"
                                 : "name field query header path");

    if (rules->sources.n == CXR_SOURCES_MAX) {
        cxr_complain(x, node, "there are more than %d <value>",
                     CXR_SOURCES_MAX);
        return;
    }

    source = cxr_list_push(x->profile->arena, &rules->sources,
                           sizeof(cxr_source_t));
    if (source == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    source->pick = CXR_NONE;
    source->given = (uint16_t) (rules->sources.n - 1);

    if (cxr_attr(x, node, "name", true, &source->name)
        && !cxr_is_slug(source->name, CXR_PROFILE_SLUG_MAX))
    {
        cxr_complain(x, node, "the name must be of a-z, 0-9, - and _");
    }

    for (i = 0; i + 1 < rules->sources.n; i++) {
        if (cxr_str_eq(rules->sources.items[i].name, source->name)) {
            cxr_complain(x, node, "there are two <value> of this name");
        }
    }

    for (i = 0; i < cxr_nelts(cxr_piece_names); i++) {
        if (cxr_str_is(source->name, cxr_piece_names[i].name)) {
            cxr_complain(x, node, "{%s} stands for something else already",
                         cxr_piece_names[i].name);
        }
    }

    if (base == NULL) {
        cxr_read_source(x, node, source, false);

    } else if (cxr_attr(x, node, "path", true, &s)) {
        source->pick = cxr_read_pick(x, node, s, base, each);
    }
}


/* ---- text with names in braces ---- */

static uint8_t
cxr_piece_find(const cxr_push_rules_t *rules, cxr_str_t name, bool auth,
    uint16_t *index)
{
    uint32_t  i;

    for (i = 0; i < cxr_nelts(cxr_piece_names); i++) {
        if (cxr_piece_names[i].auth == auth
            && cxr_str_is(name, cxr_piece_names[i].name))
        {
            return cxr_piece_names[i].kind;
        }
    }

    for (i = 0; i < rules->sources.n; i++) {
        if (cxr_str_eq(rules->sources.items[i].name, name)) {
            *index = (uint16_t) i;
            return CXR_PIECE_VALUE;
        }
    }

    for (i = 0; !auth && i < rules->eaches.n; i++) {
        if (cxr_str_eq(rules->eaches.items[i].name, name)) {
            *index = (uint16_t) i;
            return CXR_PIECE_EACH;
        }
    }

    return CXR_NPIECES;
}


static void
cxr_pieces_add(cxr_reader_t *x, const xmlNode *node, cxr_pieces_t *out,
    uint8_t kind, uint16_t index, cxr_str_t text)
{
    cxr_piece_t  *piece;

    if (kind == CXR_PIECE_TEXT && text.len == 0) {
        return;
    }

    piece = cxr_list_push(x->profile->arena, out, sizeof(cxr_piece_t));

    if (piece == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    piece->kind = kind;
    piece->index = index;
    piece->text = text;
}


/* "each": the <each> that it is within, whose row it may name; CXR_NONE */
static void
cxr_read_pieces(cxr_reader_t *x, const xmlNode *node, cxr_str_t s, bool auth,
    uint16_t each, cxr_pieces_t *out)
{
    size_t                   i, from = 0;
    uint8_t                  kind;
    uint16_t                 index = 0, row;
    cxr_str_t                name;
    const char              *end;
    const cxr_push_rules_t  *rules = x->profile->push;

    for (i = 0; i < s.len; i++) {

        if (s.data[i] != '{') {
            continue;
        }

        cxr_pieces_add(x, node, out, CXR_PIECE_TEXT, 0,
                       cxr_strn(s.data + from, i - from));

        if (i + 1 < s.len && s.data[i + 1] == '{') {
            from = ++i;
            continue;
        }

        end = memchr(s.data + i, '}', s.len - i);

        if (end == NULL) {
            cxr_complain(x, node, "a '{' has no '}' (\"{{\" is a brace)");
            return;
        }

        name = cxr_strn(s.data + i + 1, (size_t) (end - s.data) - i - 1);
        kind = cxr_piece_find(rules, name, auth, &index);

        row = CXR_NONE;

        if (kind == CXR_PIECE_VALUE
            && rules->sources.items[index].pick != CXR_NONE)
        {
            row = rules->picks.items[rules->sources.items[index].pick].each;
        }

        if (kind == CXR_NPIECES) {
            cxr_complain(x, node, "\"{%.*s}\" is nothing that is known here",
                         cxr_str_arg(name));

        } else if (row != CXR_NONE && row != each) {
            cxr_complain(x, node, "\"{%.*s}\" belongs to another <each>",
                         cxr_str_arg(name));

        } else if (kind == CXR_PIECE_EACH && each != CXR_NONE) {
            cxr_complain(x, node, "an <each> is not within another");

        } else {
            cxr_pieces_add(x, node, out, kind, index, CXR_STR_NONE);
        }

        i = (size_t) (end - s.data);
        from = i + 1;
    }

    cxr_pieces_add(x, node, out, CXR_PIECE_TEXT, 0,
                   cxr_strn(s.data + from, s.len - from));
}


/* ---- <envelope> ---- */

static void
cxr_read_query_root(cxr_reader_t *x, const xmlNode *node,
    cxr_push_rules_t *rules)
{
    size_t  i;

    if (!cxr_attr(x, node, "root", true, &rules->root)) {
        return;
    }

    for (i = 0; i < rules->root.len; i++) {
        if (!((rules->root.data[i] | 0x20) >= 'a'
              && (rules->root.data[i] | 0x20) <= 'z'))
        {
            break;
        }
    }

    if (i == 0 || i < rules->root.len) {
        cxr_complain(x, node, "\"root\" is a name of letters");
    }
}


void
cxr_read_envelope(cxr_reader_t *x, const xmlNode *node)
{
    cxr_str_t          s;
    cxr_push_rules_t  *rules = cxr_push_rules(x, node);

    cxr_attrs_only(x, node, "as field charset root");

    if (rules == NULL) {
        return;
    }

    if (rules->enveloped || rules->auths.n > 0 || rules->acked) {
        cxr_complain(x, node, "there is one <envelope>, before <auth> and "
                     "<ack>");
        return;
    }

    rules->enveloped = true;
    rules->kind = cxr_attr_name(x, node, "as", cxr_envelope_kinds, true);

    if (cxr_attr(x, node, "field", rules->kind == CXR_ENVELOPE_FORM, &s)) {
        if (rules->kind != CXR_ENVELOPE_FORM) {
            cxr_complain(x, node, "\"field\" is a form's");

        } else if (cxr_split_list(x->profile->arena, s, CXR_FOLD_EXACT,
                                  &rules->fields)
                   != CXR_OK)
        {
            cxr_complain(x, node, "out of memory");
        }
    }

    if (cxr_attr(x, node, "charset", false, &rules->charset)
        && (rules->charset.len > CXR_CHARSET_MAX
            || !cxr_encoding_taken(rules->charset)))
    {
        cxr_complain(x, node, "\"%.*s\" is no encoding that is taken",
                     cxr_str_arg(rules->charset));
    }

    if (rules->kind == CXR_ENVELOPE_QUERY) {
        cxr_read_query_root(x, node, rules);

    } else if (cxr_attr(x, node, "root", false, &s)) {
        cxr_complain(x, node, "\"root\" is a query's");
    }
}


/* ---- <auth> ---- */

void
cxr_read_auth(cxr_reader_t *x, const xmlNode *node)
{
    uint8_t            kind;
    uint32_t           i;
    cxr_str_t          s, of;
    const xmlNode     *child;
    cxr_auth_rule_t   *auth;
    cxr_push_rules_t  *rules = cxr_push_rules(x, node);

    cxr_attrs_only(x, node, "is secret of as prefix field query header path");

    if (rules == NULL) {
        return;
    }

    if (rules->auths.n == CXR_AUTHS_MAX) {
        cxr_complain(x, node, "there are more than %d <auth>", CXR_AUTHS_MAX);
        return;
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_is_element(child, "value")) {
            cxr_complain(x, child, "<auth> holds <value>");
            continue;
        }

        cxr_read_source_named(x, child, NULL, CXR_NONE);
    }

    auth = cxr_list_push(x->profile->arena, &rules->auths,
                         sizeof(cxr_auth_rule_t));
    if (auth == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    auth->line = cxr_line_of(node);
    kind = cxr_attr_name(x, node, "is", cxr_auth_kinds, true);
    auth->hmac = kind >= CXR_AUTH_HMAC;
    auth->how = auth->hmac ? (uint8_t) (kind - CXR_AUTH_HMAC) : kind;
    auth->base64 = cxr_attr_name(x, node, "as", cxr_auth_codings, false);

    if (cxr_attr(x, node, "secret", true, &auth->secret)
        && !cxr_is_slug(auth->secret, CXR_SECRETS_NAME))
    {
        cxr_complain(x, node, "\"secret\" names a secret, with a-z, 0-9, - and "
                     "_; what it is stands in the file of secrets");
    }

    (void) cxr_attr(x, node, "prefix", false, &auth->prefix);
    auth->source.given = (uint16_t) (CXR_SOURCES_MAX + rules->auths.n - 1);
    cxr_read_source(x, node, &auth->source, true);

    if (auth->how == CXR_AUTH_TEXT) {
        if (cxr_attr(x, node, "of", false, &s)
            || cxr_attr(x, node, "as", false, &s))
        {
            cxr_complain(x, node, "\"of\" and \"as\" are a digest's");
        }

        return;
    }

    of = auth->hmac ? cxr_str("{body}") : CXR_STR_NONE;

    if (!cxr_attr_raw(x, node, "of", &of) && !auth->hmac) {
        cxr_complain(x, node, "the attribute \"of\" is missing: what is "
                     "digested (\"{document}{secret}\")");
        return;
    }

    cxr_read_pieces(x, node, of, true, CXR_NONE, &auth->of);

    for (i = 0, kind = 0; i < auth->of.n; i++) {
        kind |= auth->of.items[i].kind == CXR_PIECE_SECRET;
    }

    if (auth->hmac == (kind != 0)) {
        cxr_complain(x, node, auth->hmac
                     ? "the secret is the key of an HMAC, and not in \"of\""
                     : "a digest without {secret} in \"of\" proves nothing");
    }
}


/* ---- <ack> ---- */

static void
cxr_read_each(cxr_reader_t *x, const xmlNode *node)
{
    uint16_t           index, pick;
    cxr_str_t          s;
    cxr_each_t        *each;
    const xmlNode     *child;
    cxr_pick_path_t    row;
    cxr_push_rules_t  *rules = x->profile->push;

    cxr_attrs_only(x, node, "name path");

    if (rules->eaches.n == CXR_EACHES_MAX) {
        cxr_complain(x, node, "there are more than %d <each>",
                     CXR_EACHES_MAX);
        return;
    }

    index = (uint16_t) rules->eaches.n;
    each = cxr_list_push(x->profile->arena, &rules->eaches,
                         sizeof(cxr_each_t));
    if (each == NULL) {
        cxr_complain(x, node, "out of memory");
        return;
    }

    if (!cxr_attr(x, node, "name", true, &each->name)
        || !cxr_attr(x, node, "path", true, &s))
    {
        return;
    }

    pick = cxr_read_pick(x, node, s, NULL, index);

    if (pick == CXR_NONE) {
        return;
    }

    rules->picks.items[pick].row = true;
    row = rules->picks.items[pick];

    if (row.attr.len || row.anywhere) {
        cxr_complain(x, node, "a row is an element, by its whole path");
        return;
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (cxr_is_element(child, "value")) {
            cxr_read_source_named(x, child, &row, index);

        } else if (cxr_is_element(child, "ok")) {
            cxr_attrs_only(x, child, "#text");
            if (cxr_content(x, child, &s)) {
                cxr_read_pieces(x, child, s, false, index, &each->ok);
            }

        } else if (cxr_is_element(child, "error")) {
            cxr_attrs_only(x, child, "#text");
            if (cxr_content(x, child, &s)) {
                cxr_read_pieces(x, child, s, false, index, &each->error);
            }

        } else {
            cxr_complain(x, child, "is not known in <each>");
        }
    }

    if (each->ok.n == 0 || each->error.n == 0) {
        cxr_complain(x, node, "<each> has an <ok> and an <error>");
    }
}


static void
cxr_read_answer(cxr_reader_t *x, const xmlNode *node, cxr_str_t type)
{
    unsigned         i;
    uint64_t         status;
    cxr_str_t        s;
    cxr_ack_rule_t  *ack;

    cxr_attrs_only(x, node, "#text http type");

    for (i = 0; i < CXR_NACKS; i++) {
        if (cxr_is_element(node, cxr_ack_names[i])) {
            break;
        }
    }

    if (i == CXR_NACKS) {
        cxr_complain(x, node, "is not known in <ack>");
        return;
    }

    ack = &x->profile->push->acks[i];

    if (ack->set) {
        cxr_complain(x, node, "there are two of it");
    }

    ack->set = true;
    ack->status = cxr_ack_statuses[i];
    ack->type = type;

    (void) cxr_attr(x, node, "type", false, &ack->type);

    if (cxr_attr(x, node, "http", false, &s)) {
        if (!cxr_parse_uint(s, 599, &status) || status < 200 || status == 204
            || status == 304)
        {
            cxr_complain(x, node, "\"http\" is a status from 200 to 599 of an "
                         "answer that has a body");
        } else {
            ack->status = (unsigned) status;
        }
    }

    if (cxr_content(x, node, &s)) {
        cxr_read_pieces(x, node, s, false, CXR_NONE, &ack->body);
    }
}


static bool
cxr_type_fits(cxr_str_t type)
{
    size_t  i;

    for (i = 0; i < type.len; i++) {
        if (type.data[i] < ' ' || type.data[i] > '~') {
            return false;
        }
    }

    return type.len > 0 && memchr(type.data, '/', type.len) != NULL;
}


/* values and rows before what names them */
void
cxr_read_ack(cxr_reader_t *x, const xmlNode *node)
{
    unsigned           i;
    cxr_str_t          type;
    const xmlNode     *child;
    cxr_push_rules_t  *rules = cxr_push_rules(x, node);

    cxr_attrs_only(x, node, "type");

    if (rules == NULL) {
        return;
    }

    if (rules->acked) {
        cxr_complain(x, node, "there are two <ack>");
        return;
    }

    rules->acked = true;

    if (!cxr_attr(x, node, "type", false, &type)) {
        type = cxr_str("text/xml; charset=utf-8");
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (cxr_is_element(child, "value")) {
            cxr_read_source_named(x, child, NULL, CXR_NONE);

        } else if (cxr_is_element(child, "each")) {
            cxr_read_each(x, child);
        }
    }

    for (child = cxr_first_element(node);
         child != NULL;
         child = cxr_next_element(child))
    {
        if (!cxr_is_element(child, "value") && !cxr_is_element(child, "each")) {
            cxr_read_answer(x, child, type);
        }
    }

    if (!rules->acks[CXR_ACK_OK].set) {
        cxr_complain(x, node, "<ok> is missing");
    }

    for (i = 0; i < CXR_NACKS; i++) {
        if (rules->acks[i].set && !cxr_type_fits(rules->acks[i].type)) {
            cxr_complain(x, node, "the \"type\" of <%s> is no media type",
                         cxr_ack_names[i]);
        }
    }
}


void
cxr_push_print(const cxr_push_rules_t *rules, cxr_buf_t *out)
{
    uint32_t                i;
    const cxr_auth_rule_t  *a;

    cxr_buf_addf(out, "envelope: %s", cxr_envelope_kinds[rules->kind]);

    for (i = 0; i < rules->fields.n; i++) {
        cxr_buf_addf(out, "%s%.*s", i ? " or " : ", field ",
                     cxr_str_arg(rules->fields.items[i]));
    }

    cxr_buf_addc(out, '\n');

    for (i = 0; i < rules->auths.n; i++) {
        a = &rules->auths.items[i];
        cxr_buf_addf(out, "auth: %s, with the secret \"%.*s\"\n",
                     cxr_auth_kinds[a->how + (a->hmac ? CXR_AUTH_HMAC : 0)],
                     cxr_str_arg(a->secret));
    }

    for (i = 0; i < CXR_NACKS; i++) {
        if (rules->acks[i].set) {
            cxr_buf_addf(out, "ack: %s, HTTP %u, %.*s\n", cxr_ack_names[i],
                         rules->acks[i].status,
                         cxr_str_arg(rules->acks[i].type));
        }
    }
}
