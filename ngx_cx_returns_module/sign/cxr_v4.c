
/*
 * PASETO version 4 on bytes (paseto-standard/paseto-spec, Version4.md): the
 * pre-authentication encoding, sealing and signing under a given key, and the
 * text of a token.  Which key it is and what the payload says is not known
 * here.
 */

#include <sodium.h>

#include "cxr_sign_private.h"
#include "cxr_text.h"


#define CXR_V4_ENC_DOMAIN   "paseto-encryption-key"
#define CXR_V4_AUTH_DOMAIN  "paseto-auth-key-for-aead"
#define CXR_V4_PIECES       5

/* the pieces' count and lengths are 8 bytes each */
#define CXR_PAE_MAX         (8 + CXR_V4_PIECES * 8 + sizeof(CXR_V4_PUBLIC)    \
                             + CXR_V4_BODY_MAX + CXR_V4_FOOTER_MAX            \
                             + CXR_ASSERTION_MAX)

_Static_assert(CXR_V4_TAG_LEN + CXR_V4_NONCE_LEN == CXR_V4_OVERHEAD
               && crypto_sign_BYTES == CXR_V4_OVERHEAD,
               "both kinds of body have the same overhead");


/* What v4.local derives from the key and the nonce. */
typedef struct {
    uint8_t  enc[crypto_stream_xchacha20_KEYBYTES
                 + crypto_stream_xchacha20_NONCEBYTES];   /* key, nonce */
    uint8_t  auth[32];
} cxr_v4_keys_t;


static uint8_t *
cxr_pae_number(uint8_t *p, uint64_t n)
{
    unsigned  i;

    for (i = 0; i < 8; i++) {
        *p++ = (uint8_t) (n >> (8 * i));
    }

    return p;
}


/* PAE of the pieces; they are known to fit CXR_PAE_MAX. */

static size_t
cxr_pae(const cxr_str_t *pieces, unsigned n, uint8_t out[CXR_PAE_MAX])
{
    uint8_t   *p;
    unsigned   i;

    p = cxr_pae_number(out, n);

    for (i = 0; i < n; i++) {
        /* the specification keeps the top bit clear; no length comes near */
        p = cxr_pae_number(p, pieces[i].len);

        if (pieces[i].len != 0) {
            memcpy(p, pieces[i].data, pieces[i].len);
            p += pieces[i].len;
        }
    }

    return p - out;
}


static void
cxr_v4_keys(const uint8_t key[CXR_KEY_LEN], const uint8_t *nonce,
    cxr_v4_keys_t *keys)
{
    uint8_t  in[sizeof(CXR_V4_AUTH_DOMAIN) - 1 + CXR_V4_NONCE_LEN];
    size_t   n;

    n = sizeof(CXR_V4_ENC_DOMAIN) - 1;
    memcpy(in, CXR_V4_ENC_DOMAIN, n);
    memcpy(in + n, nonce, CXR_V4_NONCE_LEN);
    cxr_hash(keys->enc, sizeof(keys->enc), in, n + CXR_V4_NONCE_LEN,
             key, CXR_KEY_LEN);

    n = sizeof(CXR_V4_AUTH_DOMAIN) - 1;
    memcpy(in, CXR_V4_AUTH_DOMAIN, n);
    memcpy(in + n, nonce, CXR_V4_NONCE_LEN);
    cxr_hash(keys->auth, sizeof(keys->auth), in, n + CXR_V4_NONCE_LEN,
             key, CXR_KEY_LEN);
}


static void
cxr_v4_tag(const cxr_v4_token_t *t, const cxr_v4_keys_t *keys,
    cxr_str_t assertion, uint8_t tag[CXR_V4_TAG_LEN])
{
    size_t     n;
    uint8_t    pae[CXR_PAE_MAX];
    cxr_str_t  pieces[CXR_V4_PIECES];

    pieces[0] = cxr_str(CXR_V4_LOCAL);
    pieces[1] = cxr_strn(t->body, CXR_V4_NONCE_LEN);
    pieces[2] = cxr_strn(t->body + CXR_V4_NONCE_LEN,
                         t->body_len - CXR_V4_OVERHEAD);
    pieces[3] = cxr_strn(t->footer, t->footer_len);
    pieces[4] = assertion;

    n = cxr_pae(pieces, 5, pae);

    cxr_hash(tag, CXR_V4_TAG_LEN, pae, n, keys->auth, sizeof(keys->auth));
}


static size_t
cxr_v4_message(const cxr_v4_token_t *t, cxr_str_t assertion,
    uint8_t out[CXR_PAE_MAX])
{
    cxr_str_t  pieces[4];

    pieces[0] = cxr_str(CXR_V4_PUBLIC);
    pieces[1] = cxr_strn(t->body, t->body_len - CXR_V4_OVERHEAD);
    pieces[2] = cxr_strn(t->footer, t->footer_len);
    pieces[3] = assertion;

    return cxr_pae(pieces, 4, out);
}


cxr_rc_t
cxr_v4_seal(cxr_v4_token_t *t, const uint8_t key[CXR_KEY_LEN],
    const uint8_t nonce[CXR_V4_NONCE_LEN], cxr_str_t payload,
    cxr_str_t assertion)
{
    uint8_t        *c;
    cxr_v4_keys_t   keys;

    if (payload.len > CXR_V4_PAYLOAD_MAX || assertion.len > CXR_ASSERTION_MAX) {
        return CXR_LIMIT;
    }

    t->local = true;
    t->body_len = payload.len + CXR_V4_OVERHEAD;
    memcpy(t->body, nonce, CXR_V4_NONCE_LEN);
    c = t->body + CXR_V4_NONCE_LEN;

    cxr_v4_keys(key, nonce, &keys);

    if (payload.len != 0) {
        crypto_stream_xchacha20_xor(c, (const uint8_t *) payload.data,
                                    payload.len,
                                    keys.enc
                                    + crypto_stream_xchacha20_KEYBYTES,
                                    keys.enc);
    }

    cxr_v4_tag(t, &keys, assertion, c + payload.len);

    sodium_memzero(&keys, sizeof(keys));

    return CXR_OK;
}


cxr_rc_t
cxr_v4_open(const cxr_v4_token_t *t, const uint8_t key[CXR_KEY_LEN],
    cxr_str_t assertion, uint8_t *payload)
{
    size_t          len;
    uint8_t         tag[CXR_V4_TAG_LEN];
    cxr_rc_t        rc;
    const uint8_t  *c;
    cxr_v4_keys_t   keys;

    if (!t->local || assertion.len > CXR_ASSERTION_MAX) {
        return CXR_FORGED;
    }

    len = t->body_len - CXR_V4_OVERHEAD;
    c = t->body + CXR_V4_NONCE_LEN;

    cxr_v4_keys(key, t->body, &keys);
    cxr_v4_tag(t, &keys, assertion, tag);

    if (cxr_secret_eq(tag, c + len, sizeof(tag))) {
        crypto_stream_xchacha20_xor(payload, c, len,
                                    keys.enc
                                    + crypto_stream_xchacha20_KEYBYTES,
                                    keys.enc);
        rc = CXR_OK;

    } else {
        rc = CXR_FORGED;
    }

    sodium_memzero(&keys, sizeof(keys));

    return rc;
}


cxr_rc_t
cxr_v4_sign(cxr_v4_token_t *t, const uint8_t secret[CXR_SECRET_LEN],
    cxr_str_t payload, cxr_str_t assertion)
{
    size_t   n;
    uint8_t  message[CXR_PAE_MAX];

    if (payload.len > CXR_V4_PAYLOAD_MAX || assertion.len > CXR_ASSERTION_MAX) {
        return CXR_LIMIT;
    }

    t->local = false;
    t->body_len = payload.len + CXR_V4_OVERHEAD;

    if (payload.len != 0) {
        memcpy(t->body, payload.data, payload.len);
    }

    n = cxr_v4_message(t, assertion, message);

    crypto_sign_detached(t->body + payload.len, NULL, message, n, secret);

    return CXR_OK;
}


cxr_rc_t
cxr_v4_verify(const cxr_v4_token_t *t, const uint8_t pub[CXR_KEY_LEN],
    cxr_str_t assertion)
{
    size_t   n;
    uint8_t  message[CXR_PAE_MAX];

    if (t->local || assertion.len > CXR_ASSERTION_MAX) {
        return CXR_FORGED;
    }

    n = cxr_v4_message(t, assertion, message);

    if (crypto_sign_verify_detached(t->body + t->body_len - crypto_sign_BYTES,
                                    message, n, pub)
        != 0)
    {
        return CXR_FORGED;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_v4_parse(cxr_str_t token, cxr_v4_token_t *t)
{
    cxr_str_t    rest, footer;
    const char  *dot;

    if (token.len > CXR_TOKEN_MAX) {
        return CXR_LIMIT;
    }

    if (token.len >= sizeof(CXR_V4_LOCAL) - 1
        && memcmp(token.data, CXR_V4_LOCAL, sizeof(CXR_V4_LOCAL) - 1) == 0)
    {
        t->local = true;
        rest = cxr_strn(token.data + sizeof(CXR_V4_LOCAL) - 1,
                        token.len - (sizeof(CXR_V4_LOCAL) - 1));

    } else if (token.len >= sizeof(CXR_V4_PUBLIC) - 1
               && memcmp(token.data, CXR_V4_PUBLIC, sizeof(CXR_V4_PUBLIC) - 1)
                  == 0)
    {
        t->local = false;
        rest = cxr_strn(token.data + sizeof(CXR_V4_PUBLIC) - 1,
                        token.len - (sizeof(CXR_V4_PUBLIC) - 1));

    } else {
        return CXR_FORGED;
    }

    t->footer_len = 0;
    dot = rest.len == 0 ? NULL : memchr(rest.data, '.', rest.len);

    if (dot != NULL) {
        footer = cxr_strn(dot + 1, rest.data + rest.len - (dot + 1));
        rest.len = dot - rest.data;

        /*
         * "x." would be a second way to write a token without a footer: one
         * token has one text.
         */

        if (footer.len == 0
            || cxr_b64url_decode(footer, t->footer, sizeof(t->footer),
                                 &t->footer_len) != CXR_OK)
        {
            return CXR_FORGED;
        }
    }

    if (cxr_b64url_decode(rest, t->body, sizeof(t->body), &t->body_len)
        != CXR_OK
        || t->body_len < CXR_V4_OVERHEAD)
    {
        return CXR_FORGED;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_v4_print(const cxr_v4_token_t *t, cxr_buf_t *out)
{
    char       text[CXR_TOKEN_MAX];
    size_t     n, need;
    cxr_str_t  head;

    head = t->local ? cxr_str(CXR_V4_LOCAL) : cxr_str(CXR_V4_PUBLIC);

    need = head.len + (t->body_len * 4 + 2) / 3;

    if (t->footer_len != 0) {
        need += 1 + (t->footer_len * 4 + 2) / 3;
    }

    if (need > sizeof(text)) {
        return CXR_LIMIT;
    }

    memcpy(text, head.data, head.len);
    n = head.len;
    n += cxr_b64url_encode(t->body, t->body_len, text + n);

    if (t->footer_len != 0) {
        text[n++] = '.';
        n += cxr_b64url_encode(t->footer, t->footer_len, text + n);
    }

    /* at once, so that no half of a token is ever in the buffer */

    if (!cxr_buf_need(out, n)) {
        return CXR_NOMEM;
    }

    cxr_buf_add(out, text, n);

    return CXR_OK;
}
