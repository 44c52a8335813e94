
/*
 * PASETO v4 and PASERK against their published vectors, and what a ring makes
 * of tokens that are not its own.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cxr_sign_private.h"
#include "cxr_text.h"
#include "sign_ring.h"


static cxr_keyring_t  *ring;


static int
setup(void **state)
{
    ring_dir_make();
    assert_int_equal(cxr_sign_init(), CXR_OK);
    ring = ring_load(RING_TEXT);

    return 0;
}


static int
teardown(void **state)
{
    cxr_keyring_free(ring);
    ring_dir_remove();

    return 0;
}


static size_t
unhex(const char *hex, uint8_t *out, size_t size)
{
    size_t    n;
    unsigned  byte;

    for (n = 0; hex[2 * n] != '\0'; n++) {
        assert_true(n < size);
        assert_int_equal(sscanf(hex + 2 * n, "%2x", &byte), 1);
        out[n] = (uint8_t) byte;
    }

    return n;
}


static cxr_str_t
member(const json_t *t, const char *name)
{
    return cxr_strz(json_string_value(json_object_get(t, name)));
}


/* A vector that holds: it is opened, and made again to the same text. */

static void
vector_good(const json_t *t)
{
    bool             local;
    char             mem[CXR_TOKEN_MAX];
    uint8_t          key[64], nonce[32], plain[CXR_V4_BODY_MAX];
    cxr_buf_t        out;
    cxr_str_t        token, payload, footer, assertion;
    cxr_v4_token_t   got, made;

    token = member(t, "token");
    payload = member(t, "payload");
    footer = member(t, "footer");
    assertion = member(t, "implicit-assertion");
    local = json_object_get(t, "nonce") != NULL;

    assert_int_equal(cxr_v4_parse(token, &got), CXR_OK);
    assert_int_equal(got.local, local);
    assert_int_equal(got.body_len, payload.len + CXR_V4_OVERHEAD);
    assert_true(cxr_str_eq(cxr_strn(got.footer, got.footer_len), footer));

    made.footer_len = footer.len;
    memcpy(made.footer, footer.data, footer.len);

    if (local) {
        assert_int_equal(unhex(member(t, "key").data, key, 64), 32);
        assert_int_equal(unhex(member(t, "nonce").data, nonce, 32), 32);
        assert_int_equal(cxr_v4_open(&got, key, assertion, plain), CXR_OK);
        assert_memory_equal(plain, payload.data, payload.len);
        assert_int_equal(cxr_v4_open(&got, key, cxr_str("other"), plain),
                         CXR_FORGED);
        assert_int_equal(cxr_v4_seal(&made, key, nonce, payload, assertion),
                         CXR_OK);

    } else {
        assert_int_equal(unhex(member(t, "public-key").data, key, 64), 32);
        assert_int_equal(cxr_v4_verify(&got, key, assertion), CXR_OK);
        assert_memory_equal(got.body, payload.data, payload.len);
        assert_int_equal(cxr_v4_verify(&got, key, cxr_str("other")),
                         CXR_FORGED);
        assert_int_equal(unhex(member(t, "secret-key").data, key, 64), 64);
        assert_int_equal(cxr_v4_sign(&made, key, payload, assertion), CXR_OK);
    }

    cxr_buf_init_fixed(&out, mem, sizeof(mem));
    assert_int_equal(cxr_v4_print(&made, &out), CXR_OK);
    assert_true(cxr_str_eq(cxr_buf_str(&out), token));
}


/* A vector that must fail: under the key it came with, nothing opens. */

static void
vector_bad(const json_t *t)
{
    uint8_t          key[64], plain[CXR_V4_BODY_MAX];
    cxr_str_t        assertion;
    cxr_v4_token_t   got;

    if (cxr_v4_parse(member(t, "token"), &got) != CXR_OK) {
        return;
    }

    assertion = member(t, "implicit-assertion");

    if (json_object_get(t, "key") != NULL) {
        unhex(member(t, "key").data, key, 64);
        assert_int_equal(cxr_v4_open(&got, key, assertion, plain), CXR_FORGED);

    } else {
        unhex(member(t, "public-key").data, key, 64);
        assert_int_equal(cxr_v4_verify(&got, key, assertion), CXR_FORGED);
    }
}


static void
test_vectors(void **state)
{
    char        *text;
    size_t       i, good, bad;
    json_t      *root, *tests, *t;
    cxr_diag_t   d;

    assert_int_equal(cxr_json_load("t/data/paseto-v4.json", 65536, &root,
                                   &text, &d), CXR_OK);
    tests = json_object_get(root, "tests");
    good = 0;
    bad = 0;

    json_array_foreach(tests, i, t) {
        if (json_is_true(json_object_get(t, "expect-fail"))) {
            vector_bad(t);
            bad++;

        } else {
            vector_good(t);
            good++;
        }
    }

    assert_int_equal(good, 12);
    assert_int_equal(bad, 4);

    json_decref(root);
    free(text);
}


/* github.com/paseto-standard/test-vectors, PASERK/k4.pid.json */

static void
test_paserk(void **state)
{
    char      out[CXR_PASERK_MAX], text[CXR_PASERK_MAX];
    uint8_t   key[32], back[32];
    unsigned  i;

    static const struct {
        const char  *key, *pid;
    } v[] = {
        { "0000000000000000000000000000000000000000000000000000000000000000",
          "k4.pid.S_XQmeEwHbbvRmiyfXfHYpLGjXGzjTRSDoT1YtTakWFE" },
        { "707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f",
          "k4.pid.9ShR3xc8-qVJ_di0tc9nx0IDIqbatdeM2mqLFBJsKRHs" },
        { "707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e90",
          "k4.pid.-nyvbaTz8U6TQz7OZWW-iB3va31iAxIpUgzUcVQVmW9A" }
    };

    for (i = 0; i < cxr_nelts(v); i++) {
        unhex(v[i].key, key, sizeof(key));
        cxr_paserk_pid(key, out);
        assert_string_equal(out, v[i].pid);

        cxr_paserk_write(CXR_PASERK_LOCAL, key, 32, text);
        assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL, cxr_strz(text),
                                         back, 32), CXR_OK);
        assert_memory_equal(key, back, 32);

        /* the type is part of the text, and so is the length */
        assert_int_equal(cxr_paserk_read(CXR_PASERK_PUBLIC, cxr_strz(text),
                                         back, 32), CXR_INVALID);
        assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL,
                                         cxr_strn(text, strlen(text) - 2),
                                         back, 32), CXR_INVALID);
        assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL,
                                         cxr_strn(text, strlen(text) - 3),
                                         back, 32), CXR_INVALID);
        strcat(text, "=");
        assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL, cxr_strz(text),
                                         back, 32), CXR_INVALID);
    }

    assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL, CXR_STR_NONE, back, 32),
                     CXR_INVALID);
}


typedef cxr_rc_t (*opener_pt)(cxr_str_t token, cxr_buf_t *payload);


static cxr_rc_t
open_local(cxr_str_t token, cxr_buf_t *payload)
{
    return cxr_paseto_decrypt(ring, token, cxr_str("a:b"), payload);
}


static cxr_rc_t
open_public(cxr_str_t token, cxr_buf_t *payload)
{
    return cxr_paseto_verify(ring, token, cxr_str("a:b"), payload, NULL);
}


/*
 * Every byte is changed to every other value, every length cut, bytes added:
 * nothing of it opens, and no payload gets out.
 */

static void
alter(cxr_str_t token, opener_pt open, unsigned step)
{
    char       *copy;
    char        mem[512];
    size_t      i;
    unsigned    c;
    cxr_buf_t   out;

    copy = malloc(token.len + 2);
    assert_non_null(copy);

    cxr_buf_init_fixed(&out, mem, sizeof(mem));
    assert_int_equal(open(token, &out), CXR_OK);
    assert_int_equal(out.len, 7);
    cxr_buf_reset(&out);

    for (i = 0; i < token.len; i++) {
        memcpy(copy, token.data, token.len);

        for (c = 0; c < 256; c += step) {
            copy[i] = (char) ((uint8_t) token.data[i] ^ c);

            if (c != 0) {
                assert_int_equal(open(cxr_strn(copy, token.len), &out),
                                 CXR_FORGED);
            }
        }

        /* cut: an exact allocation, so that reading past it is seen */

        free(copy);
        copy = malloc(i + 1);
        memcpy(copy, token.data, i);
        assert_int_equal(open(cxr_strn(copy, i), &out), CXR_FORGED);
        free(copy);
        copy = malloc(token.len + 2);
    }

    memcpy(copy, token.data, token.len);

    for (c = 0; c < 256; c++) {
        copy[token.len] = (char) c;
        assert_int_equal(open(cxr_strn(copy, token.len + 1), &out),
                         CXR_FORGED);
    }

    assert_int_equal(out.len, 0);
    free(copy);
}


static void
test_altered(void **state)
{
    char       mem[512];
    cxr_buf_t  out;

    cxr_buf_init_fixed(&out, mem, sizeof(mem));
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_str("payload"),
                                        cxr_str("a:b"), &out), CXR_OK);
    alter(cxr_buf_str(&out), open_local, 1);
    assert_memory_equal(mem + out.len - 4, ".bDE", 4);

    cxr_buf_reset(&out);
    assert_int_equal(cxr_paseto_sign(ring, cxr_str("payload"),
                                     cxr_str("a:b"), &out), CXR_OK);
    alter(cxr_buf_str(&out), open_public, 17);
    assert_memory_equal(mem + out.len - 4, ".czE", 4);
}


/* A token of the right bytes under a footer that is not exactly its kid. */

static void
test_footer(void **state)
{
    char             mem[1024], *dot;
    size_t           n;
    uint8_t          key[32], nonce[32];
    unsigned         i;
    cxr_buf_t        token, out;
    cxr_v4_token_t   t;
    char             pay[128];

    static const cxr_str_t  footers[] = {
        cxr_str_init(""), cxr_str_init("l"), cxr_str_init("l2"),
        cxr_str_init("l1 "), cxr_str_init("L1"), cxr_str_init("l1\0"),
        cxr_str_init("s1"), cxr_str_init("p1"), cxr_str_init("b1"),
        cxr_str_init("{\"kid\":\"l1\"}"), cxr_str_init("l1234567890")
    };

    memset(nonce, 7, sizeof(nonce));
    assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL, cxr_str(RING_L1), key,
                                     32), CXR_OK);
    cxr_buf_init_fixed(&out, pay, sizeof(pay));
    cxr_buf_init_fixed(&token, mem, sizeof(mem));

    for (i = 0; i < cxr_nelts(footers); i++) {
        t.footer_len = footers[i].len;
        memcpy(t.footer, footers[i].data, footers[i].len);
        assert_int_equal(cxr_v4_seal(&t, key, nonce, cxr_str("payload"),
                                     cxr_str("a:b")), CXR_OK);
        cxr_buf_reset(&token);
        assert_int_equal(cxr_v4_print(&t, &token), CXR_OK);
        assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_FORGED);
    }

    /* the same by the true footer opens: the loop above failed for its sake */

    t.footer_len = 2;
    memcpy(t.footer, "l1", 2);
    assert_int_equal(cxr_v4_seal(&t, key, nonce, cxr_str("payload"),
                                 cxr_str("a:b")), CXR_OK);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_v4_print(&t, &token), CXR_OK);
    assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_OK);

    /* under the secret of another use: a person key is no key of tokens */

    assert_int_equal(cxr_paserk_read(CXR_PASERK_LOCAL, cxr_str(RING_P1), key,
                                     32), CXR_OK);
    memcpy(t.footer, "p1", 2);
    assert_int_equal(cxr_v4_seal(&t, key, nonce, cxr_str("payload"),
                                 cxr_str("a:b")), CXR_OK);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_v4_print(&t, &token), CXR_OK);
    assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_FORGED);

    /* a second dot, and an empty footer after one, are no texts of a token */

    n = token.len;
    dot = memchr(mem + 9, '.', n - 9);
    assert_non_null(dot);
    assert_int_equal(open_local(cxr_strn(mem, dot - mem + 1), &out),
                     CXR_FORGED);
    assert_int_equal(cxr_v4_parse(cxr_strn(mem, dot - mem), &t), CXR_OK);
    assert_int_equal(cxr_v4_parse(cxr_strn(mem, dot - mem + 1), &t),
                     CXR_FORGED);
    memcpy(mem + n, ".bDE", 4);
    assert_int_equal(open_local(cxr_strn(mem, n + 4), &out), CXR_FORGED);
}


/* The header says which kind of key: it cannot be swapped. */

static void
test_kinds(void **state)
{
    char       mem[512], other[512], pay[128], kid[9];
    cxr_buf_t  token, out;

    cxr_buf_init_fixed(&out, pay, sizeof(pay));
    cxr_buf_init_fixed(&token, mem, sizeof(mem));

    assert_int_equal(cxr_paseto_sign(ring, cxr_str("{}"), cxr_str("a:b"),
                                     &token), CXR_OK);
    assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_FORGED);
    assert_int_equal(cxr_paseto_verify(ring, cxr_buf_str(&token),
                                       cxr_str("a:b"), &out, kid), CXR_OK);
    assert_string_equal(kid, "s1");
    assert_int_equal(cxr_paseto_verify(ring, cxr_buf_str(&token),
                                       cxr_str("a:c"), &out, kid), CXR_FORGED);

    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_str("{}"), cxr_str("a:b"),
                                        &token), CXR_OK);
    assert_int_equal(open_public(cxr_buf_str(&token), &out), CXR_FORGED);
    assert_int_equal(cxr_paseto_decrypt(ring, cxr_buf_str(&token),
                                        cxr_str("a:c"), &out), CXR_FORGED);

    /* never twice the same: the nonce is fresh */

    memcpy(other, mem, token.len);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_str("{}"), cxr_str("a:b"),
                                        &token), CXR_OK);
    assert_memory_not_equal(other, mem, token.len);
}


static void
test_limits(void **state)
{
    char       *text, mem[4096], small[8];
    size_t      max;
    cxr_buf_t   token, out;
    cxr_str_t   longest;

    text = calloc(1, 4096);
    assert_non_null(text);
    cxr_buf_init(&out, 8192);
    cxr_buf_init_fixed(&token, mem, sizeof(mem));

    /* too long is said before any cryptography, whatever it holds */

    memset(text, 'A', 4096);
    memcpy(text, "v4.local.", 9);
    assert_int_equal(open_local(cxr_strn(text, CXR_TOKEN_MAX + 1), &out),
                     CXR_LIMIT);
    assert_int_equal(open_public(cxr_strn(text, CXR_TOKEN_MAX + 1), &out),
                     CXR_LIMIT);
    assert_int_equal(open_local(cxr_strn(text, CXR_TOKEN_MAX), &out),
                     CXR_FORGED);
    assert_int_equal(open_local(CXR_STR_NONE, &out), CXR_FORGED);

    /* the longest payload that can be made can be opened; one more cannot */

    memset(text, 'x', 4096);

    for (max = 4096; max > 0; max--) {
        if (cxr_paseto_encrypt(ring, cxr_strn(text, max), cxr_str("a:b"),
                               &token) == CXR_OK)
        {
            break;
        }

        assert_int_equal(token.len, 0);
    }

    assert_true(max > 1400);
    assert_true(token.len <= CXR_TOKEN_MAX);
    assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_OK);
    longest = cxr_strn(text, max);
    assert_true(cxr_str_eq(cxr_buf_str(&out), longest));
    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_strn(text, max + 1),
                                        cxr_str("a:b"), &token), CXR_LIMIT);
    assert_int_equal(cxr_paseto_sign(ring, cxr_strn(text, 4000),
                                     cxr_str("a:b"), &token), CXR_LIMIT);
    assert_int_equal(cxr_paseto_sign(ring, cxr_str("x"),
                                     cxr_strn(text, CXR_ASSERTION_MAX + 1),
                                     &token), CXR_LIMIT);

    /* an empty payload is one, too */

    cxr_buf_reset(&out);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_encrypt(ring, CXR_STR_NONE, cxr_str("a:b"),
                                        &token), CXR_OK);
    assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_OK);
    assert_int_equal(out.len, 0);

    /* no room in the caller's buffer, and nothing half-written */

    cxr_buf_free(&out);
    cxr_buf_init_fixed(&out, small, sizeof(small));
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_str("x"), cxr_str("a:b"),
                                        &out), CXR_NOMEM);
    assert_int_equal(out.len, 0);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_str("nine byte"),
                                        cxr_str("a:b"), &token), CXR_OK);
    cxr_buf_init_fixed(&out, small, sizeof(small));
    assert_int_equal(open_local(cxr_buf_str(&token), &out), CXR_NOMEM);
    assert_int_equal(out.len, 0);

    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_paserk),
        cmocka_unit_test(test_altered),
        cmocka_unit_test(test_footer),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
