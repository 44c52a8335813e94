
/*
 * For tests of what carriers sign: a digest as they write it, and secrets.
 */

#ifndef _DIGEST_KIT_H_INCLUDED_
#define _DIGEST_KIT_H_INCLUDED_

#include <sys/stat.h>
#include <unistd.h>

#include "cxr_sign.h"
#include "cxr_text.h"


/* "key" not empty: HMAC; base64 with padding, else lower-case hexadecimal */
static inline void
kit_sum(char out[140], cxr_digest_kind_t kind, const char *key,
    const char *text, bool base64)
{
    char          *p;
    size_t         i, n, len;
    uint8_t        raw[CXR_DIGEST_MAX];
    cxr_digest_t  *d;

    assert_int_equal(cxr_digest_open(kind, key[0] != '\0', cxr_strz(key), &d),
                     CXR_OK);
    assert_int_equal(cxr_digest_add(d, text, strlen(text)), CXR_OK);
    assert_int_equal(cxr_digest_end(d, raw, &len), CXR_OK);
    cxr_digest_close(d);

    if (!base64) {
        for (i = 0, n = 0; i < len; i++) {
            n += (size_t) snprintf(out + n, 140 - n, "%02x", raw[i]);
        }
        return;
    }

    n = cxr_b64url_encode(raw, len, out);

    while (n % 4) {
        out[n++] = '=';
    }

    out[n] = '\0';

    for (p = out; *p != '\0'; p++) {
        *p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
    }
}


static inline cxr_secrets_t *
kit_secrets(const char *text)
{
    FILE           *f;
    char            path[64];
    cxr_diag_t      d;
    cxr_secrets_t  *s = NULL;

    snprintf(path, sizeof(path), "/tmp/cxr-kit-%d", (int) getpid());
    f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(cxr_secrets_load(path, &s, &d), CXR_OK);
    (void) unlink(path);

    return s;
}

#endif /* _DIGEST_KIT_H_INCLUDED_ */
