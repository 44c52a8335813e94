
/*
 * libsodium's primitives under our own names, so that no other room includes
 * sodium.h: randomness, comparison, wiping, BLAKE2b; and PASERK, the text form
 * of keys.
 *
 * The journal's hashes are the most that is hashed, block after block, each
 * waiting for the one before it.  Plain instructions keep their latency lower
 * than vectors do: libgcrypt's C code was measured to take 3.4 cycles for a
 * byte where libsodium's AVX2 takes 5.8 (AMD's Zen 5).  So hashes without a key
 * are libgcrypt's, which is told to leave vectors alone.
 */

#include <gcrypt.h>
#include <sodium.h>

#include "cxr_sign_private.h"


/*
 * cxr_hash_t lives on other rooms' stacks, which do not know libsodium's type:
 * were it ever too small, hashing would write past it.
 */
_Static_assert(sizeof(cxr_hash_t) >= sizeof(crypto_generichash_state),
               "cxr_hash_t cannot hold libsodium's state");
_Static_assert(_Alignof(cxr_hash_t) >= _Alignof(crypto_generichash_state),
               "cxr_hash_t is aligned less than libsodium's state");
_Static_assert(CXR_SECRET_LEN == crypto_sign_SECRETKEYBYTES
               && CXR_KEY_LEN == crypto_sign_PUBLICKEYBYTES
               && CXR_KEY_LEN == crypto_sign_SEEDBYTES,
               "the lengths of Ed25519 keys");


/* written once, before there are threads */
static bool  cxr_gcrypt;


/*
 * Whatever was switched on by somebody who was first stays so.  In FIPS mode
 * libgcrypt has no BLAKE2b: without it all is libsodium's.
 */

static bool
cxr_gcrypt_init(void)
{
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        (void) gcry_control(GCRYCTL_DISABLE_HWF, "intel-avx2", NULL);
        (void) gcry_control(GCRYCTL_DISABLE_HWF, "intel-avx512", NULL);

        if (gcry_check_version(NULL) == NULL) {
            return false;
        }

        (void) gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        (void) gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }

    return !gcry_fips_mode_active()
           && gcry_md_test_algo(GCRY_MD_BLAKE2B_256) == 0;
}


cxr_rc_t
cxr_sign_init(void)
{
    /* 1: somebody in this process was first, which is as good */

    if (sodium_init() == -1) {
        return CXR_ERROR;
    }

    if (!cxr_gcrypt && cxr_gcrypt_init()) {
        cxr_gcrypt = true;
    }

    return CXR_OK;
}


void
cxr_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}


bool
cxr_secret_eq(const void *a, const void *b, size_t n)
{
    /* what tags are long, in a few wide instructions */

    if (n == crypto_verify_32_BYTES) {
        return crypto_verify_32(a, b) == 0;
    }

    return sodium_memcmp(a, b, n) == 0;
}


void
cxr_wipe(void *p, size_t n)
{
    if (n != 0) {
        sodium_memzero(p, n);
    }
}


/*
 * The only way in which libsodium's hash fails is a length that it does not
 * take.  That is a fault in the calling code, and to carry on with an
 * unwritten hash would be worse than to stop.
 */

static void
cxr_hash_must(int rc)
{
    if (rc != 0) {
        sodium_misuse();
    }
}


void
cxr_hash(void *out, size_t outlen, const void *in, size_t len,
    const void *key, size_t keylen)
{
    if (key == NULL && outlen == CXR_HASH_LEN && cxr_gcrypt) {
        gcry_md_hash_buffer(GCRY_MD_BLAKE2B_256, out, in, len);
        return;
    }

    cxr_hash_must(crypto_generichash(out, outlen, in, len, key,
                                     key == NULL ? 0 : keylen));
}


void
cxr_hash_begin(cxr_hash_t *h, size_t outlen, const void *key, size_t keylen)
{
    cxr_hash_must(crypto_generichash_init((crypto_generichash_state *) h, key,
                                          key == NULL ? 0 : keylen, outlen));
}


void
cxr_hash_add(cxr_hash_t *h, const void *in, size_t len)
{
    if (len == 0) {
        return;
    }

    cxr_hash_must(crypto_generichash_update((crypto_generichash_state *) h,
                                            in, len));
}


void
cxr_hash_end(cxr_hash_t *h, void *out, size_t outlen)
{
    cxr_hash_must(crypto_generichash_final((crypto_generichash_state *) h,
                                           out, outlen));
}


/*
 * libsodium's base64 here, and not our own: it touches no table with a key's
 * bits as index.
 */

void
cxr_paserk_write(const char *prefix, const uint8_t *key, size_t n,
    char out[CXR_PASERK_MAX])
{
    size_t  len;

    len = strlen(prefix);
    memcpy(out, prefix, len);

    sodium_bin2base64(out + len, CXR_PASERK_MAX - len, key, n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}


cxr_rc_t
cxr_paserk_read(const char *prefix, cxr_str_t text, uint8_t *key, size_t n)
{
    size_t       len, got;
    const char  *end;

    len = strlen(prefix);

    if (text.len <= len || memcmp(text.data, prefix, len) != 0) {
        return CXR_INVALID;
    }

    if (sodium_base642bin(key, n, text.data + len, text.len - len, NULL, &got,
                          &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING)
        != 0
        || end != text.data + text.len
        || got != n)
    {
        sodium_memzero(key, n);
        return CXR_INVALID;
    }

    return CXR_OK;
}


void
cxr_paserk_pid(const uint8_t pub[CXR_KEY_LEN], char out[CXR_PASERK_MAX])
{
    char        text[CXR_PASERK_MAX];
    uint8_t     id[CXR_PID_LEN];
    cxr_hash_t  h;

    cxr_paserk_write(CXR_PASERK_PUBLIC, pub, CXR_KEY_LEN, text);

    cxr_hash_begin(&h, sizeof(id), NULL, 0);
    cxr_hash_add(&h, CXR_PASERK_PID, sizeof(CXR_PASERK_PID) - 1);
    cxr_hash_add(&h, text, strlen(text));
    cxr_hash_end(&h, id, sizeof(id));

    cxr_paserk_write(CXR_PASERK_PID, id, sizeof(id), out);
}
