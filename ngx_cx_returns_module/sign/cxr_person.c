
/*
 * Personal data: boxes under an order's own key, that key wrapped by a "person"
 * key of the ring, blind indexes.  And the staff desk's form tokens, which are
 * the ring's other use of a keyed hash.
 *
 * A wrapped key, 82 bytes:
 *
 *      0   u8   version, 1
 *      1   u8   length of the kid
 *      2   8    kid of the person key, then zeros
 *     10   24   nonce
 *     34   48   the key, encrypted, and the tag
 *
 * The first ten bytes are authenticated together with the caller's aad.
 */

#include <sodium.h>

#include "cxr_sign_private.h"
#include "cxr_text.h"


#define CXR_WRAP_VERSION    1
#define CXR_WRAP_HEAD       (2 + CXR_KID_MAX)
#define CXR_BOX_NONCE       crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define CXR_BOX_TAG         crypto_aead_xchacha20poly1305_ietf_ABYTES
#define CXR_WRAP_LEN        (CXR_WRAP_HEAD + CXR_BOX_NONCE                    \
                             + CXR_PERSON_KEY_LEN + CXR_BOX_TAG)

/* the key's aad: a fixed word, the head, a hash of the caller's */
#define CXR_WRAP_DOMAIN     "cxr:v1:person-key"
#define CXR_WRAP_AAD_LEN    (sizeof(CXR_WRAP_DOMAIN) - 1 + CXR_WRAP_HEAD      \
                             + CXR_HASH_LEN)

#define CXR_BLIND_DOMAIN    "cxr:v1:blind-index"
#define CXR_BLIND_LEN       16

#define CXR_FORM_DOMAIN     "cxr:v1:form"
#define CXR_FORM_MAC_LEN    16
#define CXR_FORM_LEN        22          /* of its base64url */
#define CXR_FORM_HOURS      12          /* this one and the 11 before */

_Static_assert(CXR_WRAP_LEN <= CXR_PERSON_WRAPPED_MAX, "a wrapped key fits");
_Static_assert(CXR_PERSON_KEY_LEN
               == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "an order's key is one of XChaCha20-Poly1305");


/* Adds a part with its length before it, so that parts cannot run together. */

static void
cxr_hash_part(cxr_hash_t *h, cxr_str_t s)
{
    uint8_t   len[8];
    uint64_t  n;
    unsigned  i;

    n = s.len;

    for (i = 0; i < sizeof(len); i++) {
        len[i] = (uint8_t) (n >> (8 * i));
    }

    cxr_hash_add(h, len, sizeof(len));
    cxr_hash_add(h, s.data, s.len);
}


static void
cxr_wrap_aad(const uint8_t *head, cxr_str_t aad,
    uint8_t out[CXR_WRAP_AAD_LEN])
{
    size_t  n;

    n = sizeof(CXR_WRAP_DOMAIN) - 1;
    memcpy(out, CXR_WRAP_DOMAIN, n);
    memcpy(out + n, head, CXR_WRAP_HEAD);
    cxr_hash(out + n + CXR_WRAP_HEAD, CXR_HASH_LEN, aad.data, aad.len, NULL, 0);
}


cxr_rc_t
cxr_person_key_new(const cxr_keyring_t *ring, cxr_str_t aad,
    uint8_t key[CXR_PERSON_KEY_LEN], cxr_buf_t *wrapped)
{
    size_t            n;
    uint8_t           box[CXR_WRAP_LEN], full[CXR_WRAP_AAD_LEN];
    uint8_t          *nonce;
    const cxr_key_t  *k;

    k = cxr_keyring_maker(ring, CXR_KEY_PERSON);

    if (k == NULL) {
        return CXR_NOTFOUND;
    }

    if (!cxr_buf_need(wrapped, sizeof(box))) {
        return CXR_NOMEM;
    }

    n = strlen(k->kid);
    memset(box, 0, CXR_WRAP_HEAD);
    box[0] = CXR_WRAP_VERSION;
    box[1] = (uint8_t) n;
    memcpy(box + 2, k->kid, n);

    nonce = box + CXR_WRAP_HEAD;
    cxr_random(nonce, CXR_BOX_NONCE);
    cxr_random(key, CXR_PERSON_KEY_LEN);

    cxr_wrap_aad(box, aad, full);

    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + CXR_BOX_NONCE, NULL,
                                               key, CXR_PERSON_KEY_LEN,
                                               full, sizeof(full), NULL,
                                               nonce, k->secret);

    cxr_buf_add(wrapped, box, sizeof(box));

    return CXR_OK;
}


cxr_rc_t
cxr_person_key_open(const cxr_keyring_t *ring, cxr_str_t aad,
    cxr_str_t wrapped, uint8_t key[CXR_PERSON_KEY_LEN])
{
    size_t            n;
    uint8_t           full[CXR_WRAP_AAD_LEN];
    const uint8_t    *box, *nonce;
    const cxr_key_t  *k;

    if (wrapped.len != CXR_WRAP_LEN) {
        return CXR_INVALID;
    }

    box = (const uint8_t *) wrapped.data;
    n = box[1];

    if (box[0] != CXR_WRAP_VERSION || n < CXR_KID_MIN || n > CXR_KID_MAX) {
        return CXR_INVALID;
    }

    k = cxr_keyring_find(ring, CXR_KEY_PERSON, cxr_strn(box + 2, n));

    if (k == NULL) {
        return CXR_NOTFOUND;
    }

    nonce = box + CXR_WRAP_HEAD;
    cxr_wrap_aad(box, aad, full);

    if (crypto_aead_xchacha20poly1305_ietf_decrypt(key, NULL, NULL,
                                                   nonce + CXR_BOX_NONCE,
                                                   CXR_PERSON_KEY_LEN
                                                   + CXR_BOX_TAG,
                                                   full, sizeof(full),
                                                   nonce, k->secret)
        != 0)
    {
        sodium_memzero(key, CXR_PERSON_KEY_LEN);
        return CXR_FORGED;
    }

    return CXR_OK;
}


cxr_rc_t
cxr_person_seal(const uint8_t key[CXR_PERSON_KEY_LEN], cxr_str_t aad,
    cxr_str_t plain, cxr_buf_t *out)
{
    size_t    len;
    uint8_t  *nonce;

    if (plain.len > SIZE_MAX - CXR_BOX_NONCE - CXR_BOX_TAG) {
        return CXR_LIMIT;
    }

    len = CXR_BOX_NONCE + plain.len + CXR_BOX_TAG;

    if (!cxr_buf_need(out, len)) {
        return CXR_NOMEM;
    }

    nonce = (uint8_t *) out->data + out->len;
    cxr_random(nonce, CXR_BOX_NONCE);

    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + CXR_BOX_NONCE, NULL,
                                               (const uint8_t *) plain.data,
                                               plain.len,
                                               (const uint8_t *) aad.data,
                                               aad.len, NULL, nonce, key);

    out->len += len;

    return CXR_OK;
}


cxr_rc_t
cxr_person_open(const uint8_t key[CXR_PERSON_KEY_LEN], cxr_str_t aad,
    cxr_str_t box, cxr_arena_t *a, cxr_str_t *plain)
{
    char           *mem;
    size_t          len;
    const uint8_t  *nonce;

    if (box.len < CXR_BOX_NONCE + CXR_BOX_TAG) {
        return CXR_FORGED;
    }

    len = box.len - CXR_BOX_NONCE - CXR_BOX_TAG;
    nonce = (const uint8_t *) box.data;

    mem = cxr_alloc(a, len);

    if (mem == NULL) {
        return CXR_NOMEM;
    }

    if (crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *) mem, NULL, NULL,
                                                   nonce + CXR_BOX_NONCE,
                                                   len + CXR_BOX_TAG,
                                                   (const uint8_t *) aad.data,
                                                   aad.len, nonce, key)
        != 0)
    {
        return CXR_FORGED;
    }

    *plain = cxr_strn(mem, len);

    return CXR_OK;
}


void
cxr_blind_index(const cxr_keyring_t *ring, cxr_str_t field, cxr_str_t value,
    uint8_t out[16])
{
    cxr_hash_t        h;
    const cxr_key_t  *k;

    k = cxr_keyring_maker(ring, CXR_KEY_INDEX);

    if (k == NULL) {
        /* a ring of public keys: an index that nothing will ever equal */
        cxr_random(out, CXR_BLIND_LEN);
        return;
    }

    cxr_hash_begin(&h, CXR_BLIND_LEN, k->secret, CXR_KEY_LEN);
    cxr_hash_part(&h, cxr_str(CXR_BLIND_DOMAIN));
    cxr_hash_part(&h, field);
    cxr_hash_part(&h, value);
    cxr_hash_end(&h, out, CXR_BLIND_LEN);

    cxr_wipe(&h, sizeof(h));
}


static void
cxr_form_mac(const cxr_key_t *k, cxr_str_t actor, cxr_str_t purpose,
    int64_t hour, uint8_t mac[CXR_FORM_MAC_LEN])
{
    uint8_t     when[8];
    unsigned    i;
    cxr_hash_t  h;

    for (i = 0; i < sizeof(when); i++) {
        when[i] = (uint8_t) ((uint64_t) hour >> (8 * i));
    }

    cxr_hash_begin(&h, CXR_FORM_MAC_LEN, k->form, sizeof(k->form));
    cxr_hash_part(&h, cxr_str(CXR_FORM_DOMAIN));
    cxr_hash_part(&h, actor);
    cxr_hash_part(&h, purpose);
    cxr_hash_part(&h, cxr_strn(when, sizeof(when)));
    cxr_hash_end(&h, mac, CXR_FORM_MAC_LEN);

    cxr_wipe(&h, sizeof(h));
}


void
cxr_form_token(const cxr_keyring_t *ring, cxr_str_t actor, cxr_str_t purpose,
    int64_t hour, char out[22])
{
    uint8_t           mac[CXR_FORM_MAC_LEN];
    const cxr_key_t  *k;

    k = cxr_keyring_maker(ring, CXR_KEY_LOCAL);

    if (k == NULL) {
        /* a ring of public keys: a token that does not hold */
        cxr_random(mac, sizeof(mac));

    } else {
        cxr_form_mac(k, actor, purpose, hour, mac);
    }

    cxr_b64url_encode(mac, sizeof(mac), out);
}


bool
cxr_form_token_ok(const cxr_keyring_t *ring, cxr_str_t actor,
    cxr_str_t purpose, int64_t hour, cxr_str_t token)
{
    bool      ok;
    size_t    n;
    int64_t   h;
    uint8_t   given[CXR_FORM_MAC_LEN], mac[CXR_FORM_MAC_LEN];
    unsigned  i;

    if (token.len != CXR_FORM_LEN
        || cxr_b64url_decode(token, given, sizeof(given), &n) != CXR_OK
        || n != sizeof(given)
        || hour < INT64_MIN + CXR_FORM_HOURS)
    {
        return false;
    }

    ok = false;

    /* older keys too: a form that is open while the keys rotate stays good */

    for (i = 0; i < ring->n && !ok; i++) {

        if (ring->keys[i].use != CXR_KEY_LOCAL) {
            continue;
        }

        for (h = hour; h > hour - CXR_FORM_HOURS && !ok; h--) {
            cxr_form_mac(&ring->keys[i], actor, purpose, h, mac);
            ok = cxr_secret_eq(mac, given, sizeof(mac));
        }
    }

    return ok;
}
