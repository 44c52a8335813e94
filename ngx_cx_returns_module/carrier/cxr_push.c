
/*
 * A push from outside: its body to its document, at once or after its proof.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "cxr_push_types.h"
#include "cxr_text.h"


const char *const  cxr_push_end_names[] = {
    "fine", "auth", "envelope", "limit", NULL
};


static cxr_rc_t cxr_push_deliver(void *ctx, const void *data, size_t len);


static cxr_rc_t
cxr_push_stop(cxr_push_t *p, cxr_push_end_t end, cxr_rc_t rc, const char *text)
{
    p->end = end;
    p->rc = rc;
    (void) snprintf(p->detail, sizeof(p->detail), "%s", text);

    return rc;
}


/* ---- opening ---- */

/* what is wanted of the query and the headers, copied */
static cxr_rc_t
cxr_push_source(cxr_push_t *p, const cxr_source_t *s)
{
    cxr_str_t  v = CXR_STR_NONE;

    if (s->query.len) {
        v = cxr_query_find(&p->query, s->query);
    }

    if (v.len == 0 && s->header.len && p->conf.header != NULL) {
        v = p->conf.header(p->conf.ctx, s->header);
    }

    if (v.len > CXR_PUSH_VALUE_MAX) {
        v.len = 0;
    }

    return cxr_str_dup(p->arena, v, &p->given[s->given]);
}


static cxr_rc_t
cxr_push_sources(cxr_push_t *p)
{
    uint32_t  i;
    cxr_rc_t  rc = CXR_OK;

    for (i = 0; rc == CXR_OK && i < p->rules->sources.n; i++) {
        rc = cxr_push_source(p, &p->rules->sources.items[i]);
    }

    for (i = 0; rc == CXR_OK && i < p->rules->auths.n; i++) {
        rc = cxr_push_source(p, &p->rules->auths.items[i].source);
    }

    return rc;
}


static cxr_rc_t
cxr_push_prepare(cxr_push_t *p)
{
    cxr_rc_t                 rc;
    const cxr_push_rules_t  *rules = p->rules;

    rc = cxr_query_parse(p->arena, p->conf.query, &p->query);

    if (rc != CXR_OK) {
        return rc;
    }

    p->kept = cxr_calloc(p->arena, rules->kept.n + 1, sizeof(cxr_str_t));
    p->unread = rules->eaches.n ? cxr_calloc(p->arena, CXR_PUSH_ROWS_MAX, 1)
                                : NULL;

    if (p->kept == NULL || (rules->eaches.n && p->unread == NULL)) {
        return CXR_NOMEM;
    }

    rc = cxr_str_dup(p->arena, p->conf.charset.len ? p->conf.charset
                                                   : rules->charset,
                     &p->charset);

    /* what a document is in anyway, unless it says otherwise */

    if ((p->charset.len == 5 && strncasecmp(p->charset.data, "utf-8", 5) == 0)
        || (p->charset.len == 4 && strncasecmp(p->charset.data, "utf8", 4)
                                   == 0))
    {
        p->charset.len = 0;
    }

    if (rc == CXR_OK) {
        rc = cxr_push_sources(p);
    }

    if (rc == CXR_OK && rules->picks.n > 0) {
        rc = cxr_pick_open(rules, p->arena, &p->pick);
    }

    p->guarded = rules->auths.n > 0 && p->conf.secrets != NULL
                 && cxr_secrets_has(p->conf.secrets,
                                    p->conf.profile->carrier);
    p->asked = p->conf.get && rules->kind == CXR_ENVELOPE_QUERY;

    cxr_envelope_init(&p->envelope, rules, p->arena, p->kept,
                      cxr_push_deliver, p);

    return rc;
}


cxr_rc_t
cxr_push_open(const cxr_push_conf_t *conf, cxr_push_t **out)
{
    cxr_rc_t     rc;
    cxr_push_t  *p;

    if (conf->query.len > CXR_PUSH_QUERY_MAX) {
        return CXR_LIMIT;
    }

    p = calloc(1, sizeof(cxr_push_t));
    if (p == NULL) {
        return CXR_NOMEM;
    }

    p->conf = *conf;
    p->fd = -1;
    p->rules = conf->profile->push;

    if (p->rules != NULL) {
        p->arena = cxr_arena_create(CXR_PUSH_ARENA);
        rc = p->arena != NULL ? cxr_push_prepare(p) : CXR_NOMEM;

        if (rc != CXR_OK) {
            cxr_push_close(p);
            return rc;
        }
    }

    *out = p;

    return CXR_OK;
}


void
cxr_push_close(cxr_push_t *p)
{
    if (p == NULL) {
        return;
    }

    if (p->fd != -1) {
        (void) close(p->fd);
    }

    cxr_pick_close(p->pick);

    if (p->arena != NULL) {
        cxr_arena_destroy(p->arena);
    }

    free(p);
}


/* ---- the document ---- */

static cxr_rc_t
cxr_push_give(cxr_push_t *p, const void *data, size_t len)
{
    if (p->pick != NULL && !p->picked) {
        cxr_pick_push(p->pick, data, len);
    }

    return p->sifting ? CXR_OK : p->conf.document(p->conf.ctx, data, len);
}


/*
 * The charset of the request holds for a document that names none: one without
 * an XML declaration, or whose declaration has no encoding.
 */
static cxr_rc_t
cxr_push_lead(cxr_push_t *p)
{
    size_t    n = p->nlead;
    cxr_rc_t  rc = CXR_OK;

    p->led = true;
    p->nlead = 0;

    if (n > 0 && p->lead[0] == '<'
        && memmem(p->lead, n, "encoding", 8) == NULL)
    {
        if (p->pick != NULL && !p->picked) {
            cxr_pick_charset(p->pick, p->charset);
        }

        if (!p->sifting && p->conf.charset_is != NULL) {
            rc = p->conf.charset_is(p->conf.ctx, p->charset);
        }
    }

    return rc == CXR_OK && n > 0 ? cxr_push_give(p, p->lead, n) : rc;
}


/* what the envelope decodes */
static cxr_rc_t
cxr_push_deliver(void *ctx, const void *data, size_t len)
{
    size_t       n;
    cxr_rc_t     rc;
    cxr_push_t  *p = ctx;
    const char  *s = data, *end;

    if (p->charset.len == 0) {
        p->led = true;
    }

    while (!p->led && len > 0) {

        if (p->nlead == 0 && (*s == ' ' || *s == '\t' || *s == '\r'
                              || *s == '\n'))
        {
            s++;
            len--;
            continue;
        }

        /* to the end of the first tag or declaration */

        n = sizeof(p->lead) - p->nlead;
        n = len < n ? len : n;
        end = memchr(s, '>', n);
        n = end != NULL ? (size_t) (end - s) + 1 : n;

        memcpy(p->lead + p->nlead, s, n);
        p->nlead += n;
        s += n;
        len -= n;

        if (end != NULL || p->nlead == sizeof(p->lead)) {
            rc = cxr_push_lead(p);

            if (rc != CXR_OK) {
                return rc;
            }
        }
    }

    return len ? cxr_push_give(p, s, len) : CXR_OK;
}


static cxr_rc_t
cxr_push_fault(cxr_push_t *p, cxr_rc_t rc)
{
    if (rc == CXR_INVALID && p->envelope.why != NULL) {
        return cxr_push_stop(p, CXR_PUSH_ENVELOPE, rc, p->envelope.why);
    }

    p->rc = rc;

    return rc;
}


/* a query's parameters become elements */
static cxr_rc_t
cxr_push_query(cxr_push_t *p)
{
    cxr_rc_t   rc;
    cxr_buf_t  b;

    if (p->query.names.n == 0) {
        return cxr_push_stop(p, CXR_PUSH_ENVELOPE, CXR_INVALID,
                             "the query has no parameters");
    }

    cxr_buf_init(&b, 8 * CXR_PUSH_QUERY_MAX);
    cxr_query_document(&p->query, p->rules->root, &b);

    rc = cxr_buf_ok(&b) ? cxr_push_give(p, b.data, b.len) : CXR_NOMEM;

    cxr_buf_free(&b);

    return rc;
}


static cxr_rc_t
cxr_push_finish(cxr_push_t *p)
{
    cxr_rc_t  rc;

    rc = p->asked ? cxr_push_query(p) : cxr_envelope_end(&p->envelope);

    if (rc == CXR_OK && !p->led && !p->asked) {
        rc = cxr_push_lead(p);
    }

    return rc == CXR_OK ? CXR_OK : cxr_push_fault(p, rc);
}


/* ---- the body, which waits for its proof ---- */

static cxr_rc_t
cxr_push_spool(cxr_push_t *p, const void *data, size_t len)
{
    if (len > p->conf.auth_max - p->bytes) {
        return cxr_push_stop(p, CXR_PUSH_LIMIT, CXR_LIMIT, "the body is "
                             "larger than one that needs a proof may be");
    }

    if (p->fd == -1) {
        p->fd = cxr_nameless(p->conf.dir);
    }

    if (p->fd == -1 || cxr_write_all(p->fd, data, len) != 0) {
        p->rc = CXR_IO;
        return CXR_IO;
    }

    p->bytes += len;

    return CXR_OK;
}


static cxr_rc_t
cxr_push_body_piece(void *ctx, const void *data, size_t len)
{
    cxr_push_t  *p = ctx;

    return cxr_envelope_push(&p->envelope, data, len);
}


/* the whole body through the envelope once more */
static cxr_rc_t
cxr_push_pass(cxr_push_t *p)
{
    cxr_rc_t  rc;

    memset(p->kept, 0, p->rules->kept.n * sizeof(cxr_str_t));
    p->led = false;
    p->nlead = 0;

    cxr_envelope_init(&p->envelope, p->rules, p->arena, p->kept,
                      cxr_push_deliver, p);

    rc = p->asked ? CXR_OK : cxr_push_again(p, true, cxr_push_body_piece, p);

    return rc == CXR_OK ? cxr_push_finish(p) : cxr_push_fault(p, rc);
}


static cxr_rc_t
cxr_push_prove(cxr_push_t *p)
{
    uint32_t                i;
    cxr_rc_t                rc;
    const cxr_auth_rule_t  *rule;

    /* fields and values first: nothing goes on while sifting */

    p->sifting = true;
    rc = cxr_push_pass(p);
    p->sifting = false;
    p->picked = true;

    for (i = 0; rc == CXR_OK && i < p->rules->auths.n; i++) {
        rule = &p->rules->auths.items[i];
        rc = cxr_auth_check(p, rule,
                            cxr_secrets_find(p->conf.secrets,
                                             p->conf.profile->carrier,
                                             rule->secret));
    }

    if (rc == CXR_FORGED) {
        return cxr_push_stop(p, CXR_PUSH_AUTH, rc, "what proves the sender is "
                             "missing or does not hold");
    }

    if (rc != CXR_OK) {
        p->rc = rc;
        return rc;
    }

    return cxr_push_pass(p);
}


cxr_rc_t
cxr_push_piece(cxr_push_t *p, const void *data, size_t len)
{
    cxr_rc_t  rc;

    if (p->rc != CXR_OK) {
        return p->rc;
    }

    if (p->rules == NULL) {
        return p->conf.document(p->conf.ctx, data, len);
    }

    if (data != NULL) {
        if (p->asked) {
            return CXR_OK;
        }

        if (p->guarded) {
            return cxr_push_spool(p, data, len);
        }

        rc = cxr_envelope_push(&p->envelope, data, len);

        return rc == CXR_OK ? CXR_OK : cxr_push_fault(p, rc);
    }

    rc = p->guarded ? cxr_push_prove(p) : cxr_push_finish(p);

    if (rc == CXR_OK) {
        rc = p->conf.document(p->conf.ctx, NULL, 0);
    }

    p->rc = rc;

    return rc;
}


cxr_push_end_t
cxr_push_end(const cxr_push_t *p)
{
    return p->end;
}


cxr_str_t
cxr_push_detail(const cxr_push_t *p)
{
    return cxr_strz(p->detail);
}


void
cxr_push_unread(cxr_push_t *p, uint64_t record)
{
    if (p->unread != NULL && record > 0 && record <= CXR_PUSH_ROWS_MAX) {
        p->unread[record - 1] = 1;
    }
}


/* ---- values ---- */

static cxr_str_t
cxr_push_field(const cxr_push_t *p, cxr_str_t name)
{
    uint32_t  i;

    for (i = 0; i < p->rules->kept.n; i++) {
        if (cxr_str_eq(p->rules->kept.items[i], name)) {
            return p->kept[i];
        }
    }

    return CXR_STR_NONE;
}


cxr_str_t
cxr_push_value(const cxr_push_t *p, const cxr_source_t *s)
{
    cxr_str_t  v = CXR_STR_NONE;

    if (s->field.len) {
        v = cxr_push_field(p, s->field);
    }

    if (v.len == 0 && (s->query.len || s->header.len)) {
        v = p->given[s->given];
    }

    if (v.len == 0 && s->pick != CXR_NONE && p->pick != NULL) {
        v = cxr_pick_value(p->pick, s->pick);
    }

    return v;
}


cxr_str_t
cxr_push_row(const cxr_push_t *p, const cxr_source_t *s, unsigned row)
{
    if (s->pick != CXR_NONE && p->pick != NULL
        && p->rules->picks.items[s->pick].each != CXR_NONE)
    {
        return cxr_pick_row(p->pick, s->pick, row);
    }

    return cxr_push_value(p, s);
}


unsigned
cxr_push_rows(const cxr_push_t *p, unsigned each)
{
    return p->pick != NULL ? cxr_pick_rows(p->pick, each) : 0;
}


bool
cxr_push_row_unread(const cxr_push_t *p, unsigned row)
{
    return p->unread != NULL && row < CXR_PUSH_ROWS_MAX
           && p->unread[row] != 0;
}


/* ---- what the profile says ---- */

bool
cxr_profile_takes_query(const cxr_profile_t *p)
{
    return p->push != NULL && p->push->kind == CXR_ENVELOPE_QUERY;
}


bool
cxr_profile_takes_probe(const cxr_profile_t *p)
{
    return p->push != NULL && p->push->acks[CXR_ACK_PROBE].set;
}


const cxr_strs_t *
cxr_profile_credentials(const cxr_profile_t *p)
{
    return p->push != NULL && p->push->credentials.n > 0
           ? &p->push->credentials : NULL;
}


cxr_rc_t
cxr_profile_secrets(const cxr_profile_t *p, const cxr_secrets_t *s,
    cxr_diag_t *d)
{
    uint32_t   k;
    unsigned   i;
    cxr_str_t  carrier, name;

    if (!cxr_secrets_has(s, p->carrier)) {
        return CXR_OK;
    }

    for (k = 0; p->push != NULL && k < p->push->auths.n; k++) {
        if (cxr_secrets_find(s, p->carrier, p->push->auths.items[k].secret).len
            == 0)
        {
            return cxr_diag(d, CXR_INVALID, "", "the secret \"%.*s\" of "
                            "\"%.*s\" is missing, which its profile asks for",
                            cxr_str_arg(p->push->auths.items[k].secret),
                            cxr_str_arg(p->carrier));
        }
    }

    for (i = 0; cxr_secrets_at(s, i, &carrier, &name); i++) {
        if (!cxr_str_eq(carrier, p->carrier)) {
            continue;
        }

        for (k = 0; p->push != NULL && k < p->push->auths.n; k++) {
            if (cxr_str_eq(p->push->auths.items[k].secret, name)) {
                break;
            }
        }

        if (p->push == NULL || k == p->push->auths.n) {
            return cxr_diag(d, CXR_INVALID, "", "no <auth> of the profile "
                            "\"%.*s\" asks for the secret \"%.*s\"",
                            cxr_str_arg(p->carrier), cxr_str_arg(name));
        }
    }

    return CXR_OK;
}
