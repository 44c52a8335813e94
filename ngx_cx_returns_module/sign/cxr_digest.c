
/*
 * libcrypto's digests under our own names.
 */

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "cxr_sign.h"


struct cxr_digest_s {
    EVP_MD_CTX   *md;          /* one of these two                            */
    EVP_MAC_CTX  *mac;
};


static const char *const  cxr_digest_names[] = {
    "MD5", "SHA1", "SHA256", "SHA512"
};


static cxr_rc_t
cxr_digest_hmac(cxr_digest_t *d, const char *name, cxr_str_t key)
{
    char         digest[8];
    EVP_MAC     *mac;
    OSSL_PARAM   params[2];

    mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (mac == NULL) {
        return CXR_ERROR;
    }

    d->mac = EVP_MAC_CTX_new(mac);
    EVP_MAC_free(mac);

    if (d->mac == NULL) {
        return CXR_NOMEM;
    }

    memcpy(digest, name, strlen(name) + 1);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest,
                                                 0);
    params[1] = OSSL_PARAM_construct_end();

    return EVP_MAC_init(d->mac, (const unsigned char *) key.data, key.len,
                        params)
           ? CXR_OK : CXR_ERROR;
}


static cxr_rc_t
cxr_digest_plain(cxr_digest_t *d, const char *name)
{
    int      ok;
    EVP_MD  *md;

    md = EVP_MD_fetch(NULL, name, NULL);
    if (md == NULL) {
        return CXR_ERROR;
    }

    d->md = EVP_MD_CTX_new();
    ok = d->md != NULL && EVP_DigestInit_ex(d->md, md, NULL);
    EVP_MD_free(md);

    return ok ? CXR_OK : d->md == NULL ? CXR_NOMEM : CXR_ERROR;
}


cxr_rc_t
cxr_digest_open(cxr_digest_kind_t kind, bool hmac, cxr_str_t key,
    cxr_digest_t **out)
{
    cxr_rc_t       rc;
    cxr_digest_t  *d;

    /* HMAC with an empty key would be a digest that anybody can make */

    if ((size_t) kind >= cxr_nelts(cxr_digest_names)
        || hmac != (key.len > 0))
    {
        return CXR_ERROR;
    }

    d = calloc(1, sizeof(cxr_digest_t));
    if (d == NULL) {
        return CXR_NOMEM;
    }

    rc = hmac ? cxr_digest_hmac(d, cxr_digest_names[kind], key)
              : cxr_digest_plain(d, cxr_digest_names[kind]);

    if (rc != CXR_OK) {
        cxr_digest_close(d);
        return rc;
    }

    *out = d;

    return CXR_OK;
}


cxr_rc_t
cxr_digest_add(cxr_digest_t *d, const void *in, size_t len)
{
    int  ok;

    if (len == 0) {
        return CXR_OK;
    }

    ok = d->mac != NULL ? EVP_MAC_update(d->mac, in, len)
                        : EVP_DigestUpdate(d->md, in, len);

    return ok ? CXR_OK : CXR_ERROR;
}


cxr_rc_t
cxr_digest_end(cxr_digest_t *d, uint8_t out[CXR_DIGEST_MAX], size_t *len)
{
    unsigned  n = 0;

    if (d->mac != NULL) {
        return EVP_MAC_final(d->mac, out, len, CXR_DIGEST_MAX) ? CXR_OK
                                                              : CXR_ERROR;
    }

    if (!EVP_DigestFinal_ex(d->md, out, &n)) {
        return CXR_ERROR;
    }

    *len = n;

    return CXR_OK;
}


void
cxr_digest_close(cxr_digest_t *d)
{
    if (d == NULL) {
        return;
    }

    EVP_MD_CTX_free(d->md);
    EVP_MAC_CTX_free(d->mac);
    free(d);
}
