
/*
 * What carriers sign with: digests against the vectors of RFC 1321, FIPS 180
 * and RFC 2202/4231, and the file of secrets.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "cxr_sign.h"


static char  path[64];


static void
digest_is(cxr_digest_kind_t kind, cxr_str_t key, cxr_str_t text,
    const char *want)
{
    char           hex[2 * CXR_DIGEST_MAX + 1];
    size_t         i, n, len, cut;
    uint8_t        out[CXR_DIGEST_MAX];
    cxr_digest_t  *d;

    /* whatever the pieces are */

    for (cut = 0; cut <= text.len; cut++) {
        assert_int_equal(cxr_digest_open(kind, key.len > 0, key, &d), CXR_OK);
        assert_int_equal(cxr_digest_add(d, text.data, cut), CXR_OK);
        assert_int_equal(cxr_digest_add(d, text.data + cut, text.len - cut),
                         CXR_OK);
        assert_int_equal(cxr_digest_end(d, out, &len), CXR_OK);
        cxr_digest_close(d);

        for (i = 0, n = 0; i < len; i++) {
            n += (size_t) snprintf(hex + n, sizeof(hex) - n, "%02x", out[i]);
        }

        assert_string_equal(hex, want);
    }
}


static void
test_vectors(void **state)
{
    char  key[20];

    digest_is(CXR_DIGEST_MD5, CXR_STR_NONE, cxr_str(""),
              "d41d8cd98f00b204e9800998ecf8427e");
    digest_is(CXR_DIGEST_MD5, CXR_STR_NONE, cxr_str("message digest"),
              "f96b697d7cb7938d525a2f31aaf161d0");
    digest_is(CXR_DIGEST_SHA1, CXR_STR_NONE, cxr_str("abc"),
              "a9993e364706816aba3e25717850c26c9cd0d89d");
    digest_is(CXR_DIGEST_SHA256, CXR_STR_NONE, cxr_str("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest_is(CXR_DIGEST_SHA512, CXR_STR_NONE, cxr_str("abc"),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
              "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");

    digest_is(CXR_DIGEST_MD5, cxr_str("Jefe"),
              cxr_str("what do ya want for nothing?"),
              "750c783e6ab0b503eaa86e310a5db738");
    digest_is(CXR_DIGEST_SHA1, cxr_str("Jefe"),
              cxr_str("what do ya want for nothing?"),
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");

    memset(key, 0x0b, sizeof(key));
    digest_is(CXR_DIGEST_SHA256, cxr_strn(key, sizeof(key)),
              cxr_str("Hi There"),
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    digest_is(CXR_DIGEST_SHA512, cxr_strn(key, sizeof(key)),
              cxr_str("Hi There"),
              "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
              "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
}


static void
test_keys(void **state)
{
    cxr_digest_t  *d;

    assert_int_equal(cxr_digest_open(CXR_DIGEST_MD5, true, CXR_STR_NONE, &d),
                     CXR_ERROR);
    assert_int_equal(cxr_digest_open(CXR_DIGEST_MD5, false, cxr_str("k"), &d),
                     CXR_ERROR);
    assert_int_equal(cxr_digest_open((cxr_digest_kind_t) 9, false,
                                     CXR_STR_NONE, &d), CXR_ERROR);
    cxr_digest_close(NULL);
}


static cxr_rc_t
load(const char *text, mode_t mode, cxr_secrets_t **s, cxr_diag_t *d)
{
    FILE  *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
    memset(d, 0, sizeof(*d));
    *s = NULL;

    return cxr_secrets_load(path, s, d);
}


static void
test_secrets(void **state)
{
    cxr_str_t       carrier, name;
    cxr_diag_t      d;
    cxr_secrets_t  *s;

    assert_int_equal(load("{\"yto\": {\"partner\": \"pa\\u00fcr\"}, "
                          "\"aras\": {\"user\": \"u\", \"word\": \"w\"}}",
                          0600, &s, &d), CXR_OK);

    assert_true(cxr_secrets_has(s, cxr_str("yto")));
    assert_false(cxr_secrets_has(s, cxr_str("yt")));
    assert_true(cxr_str_is(cxr_secrets_find(s, cxr_str("yto"),
                                            cxr_str("partner")),
                           "pa\xc3\xbcr"));
    assert_true(cxr_str_is(cxr_secrets_find(s, cxr_str("aras"),
                                            cxr_str("word")), "w"));
    assert_int_equal(cxr_secrets_find(s, cxr_str("yto"),
                                      cxr_str("word")).len, 0);
    assert_int_equal(cxr_secrets_find(s, cxr_str("ups"),
                                      cxr_str("user")).len, 0);
    assert_true(cxr_secrets_at(s, 2, &carrier, &name));
    assert_true(cxr_str_is(name, "word"));
    assert_false(cxr_secrets_at(s, 3, &carrier, &name));
    cxr_secrets_free(s);
    cxr_secrets_free(NULL);
}


static void
test_secrets_bad(void **state)
{
    size_t          i;
    char            text[1024], long_one[800];
    cxr_diag_t      d;
    cxr_secrets_t  *s;

    static const char *const  bad[] = {
        "[]", "{\"yto\": 1}", "{\"yto\": {}}", "{\"yto\": {\"p\": 1}}",
        "{\"yto\": {\"p\": \"\"}}", "{\"YTO\": {\"p\": \"hush\"}}",
        "{\"yto\": {\"P p\": \"hush\"}}", "{\"yto\": {\"p\": \"hush\"",
        "{\"yto\": {\"p\": \"hush\", \"p\": \"hush\"}}", "", "null"
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        assert_int_equal(load(bad[i], 0600, &s, &d), CXR_INVALID);
        assert_null(s);
        (void) cxr_diag_print(&d, text, sizeof(text));
        assert_non_null(strstr(text, path));
        assert_null(strstr(text, "hush"));
    }

    assert_int_equal(load("{\"yto\": {\"p\": \"hush\"}}", 0640, &s, &d),
                     CXR_INVALID);
    assert_non_null(strstr(d.text, "chmod 600"));
    assert_int_equal(load("{\"yto\": {\"p\": \"hush\"}}", 0602, &s, &d),
                     CXR_INVALID);

    memset(long_one, 'x', sizeof(long_one));
    snprintf(text, sizeof(text), "{\"yto\": {\"p\": \"%.512s\"}}", long_one);
    assert_int_equal(load(text, 0600, &s, &d), CXR_OK);
    cxr_secrets_free(s);
    snprintf(text, sizeof(text), "{\"yto\": {\"p\": \"%.513s\"}}", long_one);
    assert_int_equal(load(text, 0600, &s, &d), CXR_INVALID);
    snprintf(text, sizeof(text), "{\"yto\": {\"%.700s\": \"x\"}}", long_one);
    assert_int_equal(load(text, 0600, &s, &d), CXR_INVALID);

    (void) unlink(path);
    assert_int_equal(cxr_secrets_load(path, &s, &d), CXR_NOTFOUND);
}


static int
setup(void **state)
{
    snprintf(path, sizeof(path), "/tmp/cxr-secrets-%d", (int) getpid());

    return cxr_sign_init() == CXR_OK ? 0 : -1;
}


static int
teardown(void **state)
{
    (void) unlink(path);

    return 0;
}


/* BLAKE2b in one piece and in parts is made by two libraries. */
static void
test_hash_parts(void **state)
{
    char        in[700], whole[CXR_HASH_LEN], parts[CXR_HASH_LEN];
    size_t      n, i;
    cxr_hash_t  h;

    static const uint8_t  abc[CXR_HASH_LEN] = {
        0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
        0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
        0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19
    };

    assert_int_equal(cxr_sign_init(), CXR_OK);

    cxr_hash(whole, CXR_HASH_LEN, "abc", 3, NULL, 0);
    assert_memory_equal(whole, abc, CXR_HASH_LEN);

    for (i = 0; i < sizeof(in); i++) {
        in[i] = (char) (i * 7);
    }

    for (n = 0; n < sizeof(in); n++) {
        cxr_hash(whole, CXR_HASH_LEN, in, n, NULL, 0);

        cxr_hash_begin(&h, CXR_HASH_LEN, NULL, 0);
        cxr_hash_add(&h, in, n / 3);
        cxr_hash_add(&h, in + n / 3, n - n / 3);
        cxr_hash_end(&h, parts, CXR_HASH_LEN);

        assert_memory_equal(whole, parts, CXR_HASH_LEN);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_hash_parts),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_secrets_bad),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
