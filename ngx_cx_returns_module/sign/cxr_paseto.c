
/*
 * PASETO v4 with the key ring: which key makes a token, and which one checks
 * it.  The footer is the bare kid, authenticated like the rest; a token whose
 * footer is not exactly the kid of a key of the right use is forged.
 */

#include "cxr_sign_private.h"


static cxr_rc_t
cxr_paseto_make(const cxr_keyring_t *ring, cxr_key_use_t use,
    cxr_str_t payload, cxr_str_t assertion, cxr_buf_t *out)
{
    uint8_t           nonce[CXR_V4_NONCE_LEN];
    cxr_rc_t          rc;
    cxr_v4_token_t    t;
    const cxr_key_t  *k;

    k = cxr_keyring_maker(ring, use);

    if (k == NULL) {
        return CXR_NOTFOUND;
    }

    t.footer_len = strlen(k->kid);
    memcpy(t.footer, k->kid, t.footer_len);

    if (use == CXR_KEY_LOCAL) {
        cxr_random(nonce, sizeof(nonce));
        rc = cxr_v4_seal(&t, k->secret, nonce, payload, assertion);

    } else {
        rc = cxr_v4_sign(&t, k->secret, payload, assertion);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_v4_print(&t, out);
}


cxr_rc_t
cxr_paseto_encrypt(const cxr_keyring_t *ring, cxr_str_t payload,
    cxr_str_t assertion, cxr_buf_t *out)
{
    return cxr_paseto_make(ring, CXR_KEY_LOCAL, payload, assertion, out);
}


cxr_rc_t
cxr_paseto_sign(const cxr_keyring_t *ring, cxr_str_t payload,
    cxr_str_t assertion, cxr_buf_t *out)
{
    return cxr_paseto_make(ring, CXR_KEY_PUBLIC, payload, assertion, out);
}


/*
 * The key that a token names.  The kid is no secret, so that this look-up need
 * not be constant in time.
 */

static const cxr_key_t *
cxr_paseto_key(const cxr_keyring_t *ring, const cxr_v4_token_t *t)
{
    return cxr_keyring_find(ring, t->local ? CXR_KEY_LOCAL : CXR_KEY_PUBLIC,
                            cxr_strn(t->footer, t->footer_len));
}


cxr_rc_t
cxr_paseto_decrypt(const cxr_keyring_t *ring, cxr_str_t token,
    cxr_str_t assertion, cxr_buf_t *payload)
{
    size_t            len;
    cxr_rc_t          rc;
    cxr_v4_token_t    t;
    const cxr_key_t  *k;

    rc = cxr_v4_parse(token, &t);

    if (rc != CXR_OK) {
        return rc;
    }

    if (!t.local) {
        return CXR_FORGED;
    }

    k = cxr_paseto_key(ring, &t);

    if (k == NULL) {
        return CXR_FORGED;
    }

    len = t.body_len - CXR_V4_OVERHEAD;

    if (!cxr_buf_need(payload, len)) {
        return CXR_NOMEM;
    }

    rc = cxr_v4_open(&t, k->secret, assertion,
                     (uint8_t *) payload->data + payload->len);

    if (rc == CXR_OK) {
        payload->len += len;
    }

    return rc;
}


cxr_rc_t
cxr_paseto_verify(const cxr_keyring_t *ring, cxr_str_t token,
    cxr_str_t assertion, cxr_buf_t *payload, char kid[9])
{
    size_t            len;
    cxr_rc_t          rc;
    cxr_v4_token_t    t;
    const cxr_key_t  *k;

    rc = cxr_v4_parse(token, &t);

    if (rc != CXR_OK) {
        return rc;
    }

    if (t.local) {
        return CXR_FORGED;
    }

    k = cxr_paseto_key(ring, &t);

    if (k == NULL) {
        return CXR_FORGED;
    }

    rc = cxr_v4_verify(&t, k->pub, assertion);

    if (rc != CXR_OK) {
        return rc;
    }

    len = t.body_len - CXR_V4_OVERHEAD;

    if (!cxr_buf_need(payload, len)) {
        return CXR_NOMEM;
    }

    cxr_buf_add(payload, t.body, len);

    if (kid != NULL) {
        memcpy(kid, k->kid, sizeof(k->kid));
    }

    return CXR_OK;
}


cxr_rc_t
cxr_assertion(const char *purpose, cxr_str_t shop, cxr_assertion_t *a)
{
    cxr_buf_t  b;

    if (shop.len == 0 || shop.len > CXR_SHOP_MAX) {
        return CXR_INVALID;
    }

    /* no purpose has a colon in it, so that no two pairs make one text */

    cxr_buf_init_fixed(&b, a->data, sizeof(a->data));
    cxr_buf_addz(&b, "cxr:v1:");
    cxr_buf_addz(&b, purpose);
    cxr_buf_addc(&b, ':');
    cxr_buf_adds(&b, shop);

    if (!cxr_buf_ok(&b)) {
        return CXR_INVALID;
    }

    a->len = b.len;

    return CXR_OK;
}


cxr_rc_t
cxr_signed_read(const cxr_keyring_t *ring, cxr_str_t token, cxr_arena_t *a,
    cxr_signed_t *t)
{
    cxr_rc_t  rc;

    rc = cxr_v4_parse(token, &t->v4);
    if (rc != CXR_OK) {
        return rc;
    }

    t->key = t->v4.local ? NULL : cxr_paseto_key(ring, &t->v4);
    if (t->key == NULL) {
        return CXR_FORGED;
    }

    t->len = t->v4.body_len - CXR_V4_OVERHEAD;
    t->text = cxr_alloc(a, t->len);

    if (t->text == NULL) {
        return CXR_NOMEM;
    }

    memcpy(t->text, t->v4.body, t->len);

    return CXR_OK;
}


cxr_rc_t
cxr_signed_prove(const cxr_signed_t *t, const char *purpose, cxr_str_t shop,
    char kid[9])
{
    cxr_rc_t         rc;
    cxr_assertion_t  as;

    rc = cxr_assertion(purpose, shop, &as);
    if (rc == CXR_OK) {
        rc = cxr_v4_verify(&t->v4, t->key->pub, cxr_strn(as.data, as.len));
    }

    if (rc == CXR_OK && kid != NULL) {
        memcpy(kid, t->key->kid, sizeof(t->key->kid));
    }

    return rc;
}
