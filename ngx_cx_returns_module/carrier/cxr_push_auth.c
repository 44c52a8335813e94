
/*
 * Proofs of who sent a push.  Digests are made over the bytes as they came,
 * read again from the file in which the body waits.
 */

#include <stdlib.h>
#include <unistd.h>

#include "cxr_push_types.h"
#include "cxr_text.h"


#define CXR_AUTH_PIECE  (32 * 1024)


typedef struct {
    cxr_envelope_t        envelope;
    cxr_envelope_out_pt   out;
    void                 *ctx;
    cxr_str_t             kept[1];
    cxr_push_rules_t      rules;     /* the profile's, without fields to keep */
} cxr_again_t;


static cxr_rc_t
cxr_push_decoded(void *ctx, const void *data, size_t len)
{
    cxr_again_t  *a = ctx;

    return cxr_envelope_push(&a->envelope, data, len);
}


static cxr_rc_t
cxr_push_reread(cxr_push_t *p, cxr_envelope_out_pt out, void *ctx)
{
    char      *piece;
    off_t      at = 0;
    ssize_t    n = 0;
    cxr_rc_t   rc = CXR_OK;

    if (p->fd == -1) {
        return CXR_OK;
    }

    piece = malloc(CXR_AUTH_PIECE);
    if (piece == NULL) {
        return CXR_NOMEM;
    }

    while (rc == CXR_OK
           && (n = pread(p->fd, piece, CXR_AUTH_PIECE, at)) > 0)
    {
        rc = out(ctx, piece, (size_t) n);
        at += n;
    }

    free(piece);

    return n == -1 ? CXR_IO : rc;
}


cxr_rc_t
cxr_push_again(cxr_push_t *p, bool body, cxr_envelope_out_pt out, void *ctx)
{
    cxr_rc_t      rc;
    cxr_again_t  *a;

    if (body) {
        return cxr_push_reread(p, out, ctx);
    }

    a = malloc(sizeof(cxr_again_t));
    if (a == NULL) {
        return CXR_NOMEM;
    }

    a->rules = *p->rules;
    a->rules.kept.n = 0;

    cxr_envelope_init(&a->envelope, &a->rules, p->arena, a->kept, out, ctx);

    rc = cxr_push_reread(p, cxr_push_decoded, a);

    if (rc == CXR_OK) {
        rc = cxr_envelope_end(&a->envelope);
    }

    free(a);

    return rc;
}


static cxr_rc_t
cxr_auth_add(void *ctx, const void *data, size_t len)
{
    return cxr_digest_add(ctx, data, len);
}


static cxr_rc_t
cxr_auth_digest(cxr_push_t *p, const cxr_auth_rule_t *rule, cxr_str_t secret,
    uint8_t out[CXR_DIGEST_MAX], size_t *len)
{
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_str_t           s;
    cxr_digest_t       *d = NULL;
    const cxr_piece_t  *piece;

    rc = cxr_digest_open((cxr_digest_kind_t) rule->how, rule->hmac,
                         rule->hmac ? secret : CXR_STR_NONE, &d);

    for (i = 0; rc == CXR_OK && i < rule->of.n; i++) {
        piece = &rule->of.items[i];

        switch (piece->kind) {

        case CXR_PIECE_BODY:
            rc = cxr_push_again(p, true, cxr_auth_add, d);
            break;

        case CXR_PIECE_DOCUMENT:
            rc = cxr_push_again(p, false, cxr_auth_add, d);
            break;

        default:
            s = piece->kind == CXR_PIECE_SECRET ? secret
                : piece->kind == CXR_PIECE_VALUE
                  ? cxr_push_value(p, &p->rules->sources.items[piece->index])
                  : piece->text;
            rc = cxr_digest_add(d, s.data, s.len);
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_digest_end(d, out, len);
    }

    cxr_digest_close(d);

    return rc;
}


/*
 * Base64 as it arrives: a '+' that a sender did not escape in a form has become
 * a blank, and the padding may be missing.
 */
static bool
cxr_auth_unbase64(cxr_str_t s, uint8_t out[CXR_DIGEST_MAX], size_t *len)
{
    char    text[128];
    size_t  i;

    while (s.len > 0 && s.data[s.len - 1] == '=') {
        s.len--;
    }

    if (s.len == 0 || s.len > sizeof(text)) {
        return false;
    }

    for (i = 0; i < s.len; i++) {
        switch (s.data[i]) {
        case '+':
        case ' ':
            text[i] = '-';
            break;

        case '/':
            text[i] = '_';
            break;

        default:
            text[i] = s.data[i];
        }
    }

    return cxr_b64url_decode(cxr_strn(text, s.len), out, CXR_DIGEST_MAX, len)
           == CXR_OK;
}


static bool
cxr_auth_unhex(cxr_str_t s, uint8_t out[CXR_DIGEST_MAX], size_t *len)
{
    int     v;
    char    c;
    size_t  i;

    if (s.len == 0 || s.len % 2 || s.len > 2 * CXR_DIGEST_MAX) {
        return false;
    }

    memset(out, 0, CXR_DIGEST_MAX);

    for (i = 0; i < s.len; i++) {
        c = s.data[i];
        v = c >= '0' && c <= '9' ? c - '0'
            : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
            : -1;

        if (v < 0) {
            return false;
        }

        out[i / 2] = (uint8_t) (out[i / 2] << 4 | v);
    }

    *len = s.len / 2;

    return true;
}


/* neither where they differ nor how long the secret is can be timed */
static bool
cxr_auth_same(cxr_str_t a, cxr_str_t b)
{
    uint8_t  x[CXR_HASH_LEN], y[CXR_HASH_LEN], key[CXR_HASH_LEN];

    cxr_random(key, sizeof(key));
    cxr_hash(x, sizeof(x), a.data, a.len, key, sizeof(key));
    cxr_hash(y, sizeof(y), b.data, b.len, key, sizeof(key));

    return cxr_secret_eq(x, y, sizeof(x));
}


cxr_rc_t
cxr_auth_check(cxr_push_t *p, const cxr_auth_rule_t *rule, cxr_str_t secret)
{
    size_t     nmade, ngiven;
    uint8_t    made[CXR_DIGEST_MAX], given[CXR_DIGEST_MAX];
    cxr_rc_t   rc;
    cxr_str_t  s;

    s = cxr_push_value(p, &rule->source);

    if (secret.len == 0 || s.len < rule->prefix.len
        || !cxr_str_eq(cxr_strn(s.data, rule->prefix.len), rule->prefix))
    {
        return CXR_FORGED;
    }

    if (rule->prefix.len > 0) {
        s.data += rule->prefix.len;
        s.len -= rule->prefix.len;
    }

    if (rule->how == CXR_AUTH_TEXT) {
        return cxr_auth_same(s, secret) ? CXR_OK : CXR_FORGED;
    }

    s = cxr_str_trim(s);

    if (!(rule->base64 ? cxr_auth_unbase64(s, given, &ngiven)
                       : cxr_auth_unhex(s, given, &ngiven)))
    {
        return CXR_FORGED;
    }

    rc = cxr_auth_digest(p, rule, secret, made, &nmade);

    if (rc != CXR_OK) {
        return rc;
    }

    return nmade == ngiven && cxr_secret_eq(made, given, nmade) ? CXR_OK
                                                                : CXR_FORGED;
}
