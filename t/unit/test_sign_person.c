
/*
 * Sealed personal data, blind indexes, form tokens, and the hash itself.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cxr_sign.h"
#include "sign_ring.h"


#define AAD  cxr_str("kahve\0KG1001\0person")

static cxr_keyring_t  *ring;
static cxr_arena_t    *arena;


static int
setup(void **state)
{
    ring_dir_make();
    assert_int_equal(cxr_sign_init(), CXR_OK);
    assert_int_equal(cxr_sign_init(), CXR_OK);
    ring = ring_load(RING_TEXT);
    arena = cxr_arena_create(1 << 20);
    assert_non_null(arena);

    return 0;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    cxr_keyring_free(ring);
    ring_dir_remove();

    return 0;
}


static void
test_wrap(void **state)
{
    char            mem[CXR_PERSON_WRAPPED_MAX];
    size_t          i;
    uint8_t         key[CXR_PERSON_KEY_LEN], back[CXR_PERSON_KEY_LEN];
    cxr_rc_t        rc;
    cxr_buf_t       w;
    cxr_keyring_t  *other;

    cxr_buf_init_fixed(&w, mem, sizeof(mem));
    assert_int_equal(cxr_person_key_new(ring, AAD, key, &w), CXR_OK);
    assert_int_equal(cxr_person_key_open(ring, AAD, cxr_buf_str(&w), back),
                     CXR_OK);
    assert_memory_equal(key, back, sizeof(key));
    assert_null(memmem(mem, w.len, key, 8));

    /* another place, no place */

    assert_int_equal(cxr_person_key_open(ring, cxr_str("kahve\0KG1002\0person"),
                                         cxr_buf_str(&w), back), CXR_FORGED);
    assert_int_equal(cxr_person_key_open(ring, CXR_STR_NONE, cxr_buf_str(&w),
                                         back), CXR_FORGED);

    /* any bit; the kid may then name no key, the version none that is known */

    for (i = 0; i < w.len * 8; i++) {
        mem[i / 8] ^= (char) (1u << (i % 8));
        rc = cxr_person_key_open(ring, AAD, cxr_buf_str(&w), back);
        assert_true(rc == CXR_FORGED
                    || (rc == CXR_INVALID && i / 8 < 2)
                    || (rc == CXR_NOTFOUND && i / 8 < 10));
        assert_memory_not_equal(key, back, sizeof(key));
        mem[i / 8] ^= (char) (1u << (i % 8));
    }

    for (i = 0; i < w.len; i++) {
        assert_int_equal(cxr_person_key_open(ring, AAD, cxr_strn(mem, i),
                                             back), CXR_INVALID);
    }

    /* under another person key of the same name */

    other = ring_load("{\"format\":1,\"keys\":["
                      RING_KEY("l1", "local", RING_L1, RING_AT) ","
                      RING_KEY("s1", "public", RING_S1, RING_AT) ","
                      RING_KEY("p1", "person", RING_L2, RING_AT) ","
                      RING_KEY("b1", "index", RING_B1, RING_AT) "]}");
    assert_int_equal(cxr_person_key_open(other, AAD, cxr_buf_str(&w), back),
                     CXR_FORGED);
    cxr_keyring_free(other);

    /* after a rotation: the old wrapping opens, the next is by the new key */

    other = ring_load("{\"format\":1,\"keys\":["
                      RING_FOUR ","
                      RING_KEY("p2", "person", RING_L2, RING_AT) "]}");
    assert_int_equal(cxr_person_key_open(other, AAD, cxr_buf_str(&w), back),
                     CXR_OK);
    cxr_buf_reset(&w);
    assert_int_equal(cxr_person_key_new(other, AAD, key, &w), CXR_OK);
    assert_int_equal(cxr_person_key_open(other, AAD, cxr_buf_str(&w), back),
                     CXR_OK);
    assert_memory_equal(key, back, sizeof(key));
    assert_int_equal(cxr_person_key_open(ring, AAD, cxr_buf_str(&w), back),
                     CXR_NOTFOUND);
    cxr_keyring_free(other);

    cxr_buf_init_fixed(&w, mem, 20);
    assert_int_equal(cxr_person_key_new(ring, AAD, key, &w), CXR_NOMEM);
    assert_int_equal(w.len, 0);
}


static void
test_box(void **state)
{
    char         mem[256];
    size_t       i;
    uint8_t      key[CXR_PERSON_KEY_LEN], wrong[CXR_PERSON_KEY_LEN];
    cxr_str_t    plain, name;
    cxr_buf_t    box, small;

    name = cxr_str("Ayşe Yılmaz");
    memset(key, 9, sizeof(key));
    memset(wrong, 9, sizeof(wrong));
    wrong[31] ^= 1;

    cxr_buf_init_fixed(&box, mem, sizeof(mem));
    assert_int_equal(cxr_person_seal(key, AAD, name, &box), CXR_OK);
    assert_int_equal(box.len, 24 + name.len + 16);
    assert_null(memmem(mem, box.len, name.data, 4));
    assert_int_equal(cxr_person_open(key, AAD, cxr_buf_str(&box), arena,
                                     &plain), CXR_OK);
    assert_true(cxr_str_eq(plain, name));

    plain = CXR_STR_NONE;
    assert_int_equal(cxr_person_open(wrong, AAD, cxr_buf_str(&box), arena,
                                     &plain), CXR_FORGED);
    assert_int_equal(cxr_person_open(key, cxr_str("kahve\0KG1001\0emai"),
                                     cxr_buf_str(&box), arena, &plain),
                     CXR_FORGED);
    assert_int_equal(cxr_person_open(key, CXR_STR_NONE, cxr_buf_str(&box),
                                     arena, &plain), CXR_FORGED);

    for (i = 0; i < box.len * 8; i++) {
        mem[i / 8] ^= (char) (1u << (i % 8));
        assert_int_equal(cxr_person_open(key, AAD, cxr_buf_str(&box), arena,
                                         &plain), CXR_FORGED);
        mem[i / 8] ^= (char) (1u << (i % 8));
    }

    for (i = 0; i < box.len; i++) {
        assert_int_equal(cxr_person_open(key, AAD, cxr_strn(mem, i), arena,
                                         &plain), CXR_FORGED);
    }

    assert_null(plain.data);

    /* nothing, bound to nothing, is still a box */

    cxr_buf_reset(&box);
    assert_int_equal(cxr_person_seal(key, CXR_STR_NONE, CXR_STR_NONE, &box),
                     CXR_OK);
    assert_int_equal(box.len, 40);
    assert_int_equal(cxr_person_open(key, CXR_STR_NONE, cxr_buf_str(&box),
                                     arena, &plain), CXR_OK);
    assert_int_equal(plain.len, 0);

    cxr_buf_init_fixed(&small, mem, 40);
    assert_int_equal(cxr_person_seal(key, AAD, name, &small), CXR_NOMEM);
    assert_int_equal(small.len, 0);
}


static void
test_blind(void **state)
{
    uint8_t         a[16], b[16];
    cxr_diag_t      d;
    cxr_keyring_t  *other;

    cxr_blind_index(ring, cxr_str("email"), cxr_str("ayse@example.com"), a);
    cxr_blind_index(ring, cxr_str("email"), cxr_str("ayse@example.com"), b);
    assert_memory_equal(a, b, 16);

    cxr_blind_index(ring, cxr_str("email"), cxr_str("ayse@example.org"), b);
    assert_memory_not_equal(a, b, 16);

    /* the two do not run together */

    cxr_blind_index(ring, cxr_str("emai"), cxr_str("layse@example.com"), b);
    assert_memory_not_equal(a, b, 16);

    /* other keys change nothing but the index key does */

    other = ring_load("{\"format\":1,\"keys\":["
                      RING_KEY("l1", "local", RING_L2, RING_AT) ","
                      RING_KEY("s1", "public", RING_S2, RING_AT) ","
                      RING_KEY("p1", "person", RING_L1, RING_AT) ","
                      RING_KEY("bx", "index", RING_B1, RING_AT) "]}");
    cxr_blind_index(other, cxr_str("email"), cxr_str("ayse@example.com"), b);
    assert_memory_equal(a, b, 16);
    cxr_keyring_free(other);

    other = ring_load("{\"format\":1,\"keys\":["
                      RING_KEY("l1", "local", RING_L1, RING_AT) ","
                      RING_KEY("s1", "public", RING_S1, RING_AT) ","
                      RING_KEY("p1", "person", RING_P1, RING_AT) ","
                      RING_KEY("b1", "index", RING_L2, RING_AT) "]}");
    cxr_blind_index(other, cxr_str("email"), cxr_str("ayse@example.com"), b);
    assert_memory_not_equal(a, b, 16);
    cxr_keyring_free(other);

    /* without an index key: never the same twice, so nothing is found by it */

    assert_int_equal(cxr_keyring_load_public(
                         ring_write("pub", "s1 " RING_S1PUB "\n", 0644),
                         &other, &d), CXR_OK);
    cxr_blind_index(other, cxr_str("email"), cxr_str("ayse@example.com"), a);
    cxr_blind_index(other, cxr_str("email"), cxr_str("ayse@example.com"), b);
    assert_memory_not_equal(a, b, 16);
    cxr_keyring_free(other);
}


static void
test_form(void **state)
{
    char            t[22], last[22];
    size_t          i;
    int64_t         hour, h;
    cxr_str_t       actor, purpose, token;
    cxr_diag_t      d;
    cxr_keyring_t  *other;

    hour = RING_NOW / CXR_HOUR;
    actor = cxr_str("selin");
    purpose = cxr_str("approve");
    token = cxr_strn(t, sizeof(t));

    cxr_form_token(ring, actor, purpose, hour, t);

    /* good in its hour and the 11 after, not before and not later */

    for (h = hour - 2; h < hour + 16; h++) {
        assert_int_equal(cxr_form_token_ok(ring, actor, purpose, h, token),
                         h >= hour && h <= hour + 11);
    }

    assert_false(cxr_form_token_ok(ring, cxr_str("selim"), purpose, hour,
                                   token));
    assert_false(cxr_form_token_ok(ring, CXR_STR_NONE, purpose, hour, token));
    assert_false(cxr_form_token_ok(ring, actor, cxr_str("decline"), hour,
                                   token));
    assert_false(cxr_form_token_ok(ring, cxr_str("selina"), cxr_str("pprove"),
                                   hour, token));
    assert_false(cxr_form_token_ok(ring, actor, purpose, INT64_MIN, token));
    assert_false(cxr_form_token_ok(ring, actor, purpose, INT64_MAX, token));

    for (i = 0; i < sizeof(t); i++) {
        t[i] ^= 1;
        assert_false(cxr_form_token_ok(ring, actor, purpose, hour, token));
        t[i] ^= 1;
        assert_false(cxr_form_token_ok(ring, actor, purpose, hour,
                                       cxr_strn(t, i)));
    }

    /* a form that was open while the key was rotated */

    other = ring_load("{\"format\":1,\"keys\":["
                      RING_FOUR ","
                      RING_KEY("l2", "local", RING_L2, RING_AT) "]}");
    assert_true(cxr_form_token_ok(other, actor, purpose, hour, token));
    cxr_form_token(other, actor, purpose, hour, last);
    assert_memory_not_equal(t, last, sizeof(t));
    assert_true(cxr_form_token_ok(other, actor, purpose, hour,
                                  cxr_strn(last, sizeof(last))));
    assert_false(cxr_form_token_ok(ring, actor, purpose, hour,
                                   cxr_strn(last, sizeof(last))));
    cxr_keyring_free(other);

    /* no secrets, no forms */

    assert_int_equal(cxr_keyring_load_public(
                         ring_write("pub", "s1 " RING_S1PUB "\n", 0644),
                         &other, &d), CXR_OK);
    cxr_form_token(other, actor, purpose, hour, t);
    cxr_form_token(other, actor, purpose, hour, last);
    assert_memory_not_equal(t, last, sizeof(t));
    assert_false(cxr_form_token_ok(other, actor, purpose, hour, token));
    cxr_keyring_free(other);
}


/* RFC 7693, appendix A: BLAKE2b-512 of "abc" */

static void
test_hash(void **state)
{
    uint8_t     out[64], parts[64];
    unsigned    i;
    cxr_hash_t  h;

    static const uint8_t  abc[64] = {
        0xba, 0x80, 0xa5, 0x3f, 0x98, 0x1c, 0x4d, 0x0d,
        0x6a, 0x27, 0x97, 0xb6, 0x9f, 0x12, 0xf6, 0xe9,
        0x4c, 0x21, 0x2f, 0x14, 0x68, 0x5a, 0xc4, 0xb7,
        0x4b, 0x12, 0xbb, 0x6f, 0xdb, 0xff, 0xa2, 0xd1,
        0x7d, 0x87, 0xc5, 0x39, 0x2a, 0xab, 0x79, 0x2d,
        0xc2, 0x52, 0xd5, 0xde, 0x45, 0x33, 0xcc, 0x95,
        0x18, 0xd3, 0x8a, 0xa8, 0xdb, 0xf1, 0x92, 0x5a,
        0xb9, 0x23, 0x86, 0xed, 0xd4, 0x00, 0x99, 0x23
    };

    cxr_hash(out, 64, "abc", 3, NULL, 0);
    assert_memory_equal(out, abc, 64);

    cxr_hash_begin(&h, 64, NULL, 0);
    cxr_hash_add(&h, "a", 1);
    cxr_hash_add(&h, NULL, 0);
    cxr_hash_add(&h, "bc", 2);
    cxr_hash_end(&h, parts, 64);
    assert_memory_equal(parts, abc, 64);

    cxr_hash(out, CXR_HASH_LEN, "abc", 3, "a key of 16 byte", 16);
    cxr_hash_begin(&h, CXR_HASH_LEN, "a key of 16 byte", 16);
    cxr_hash_add(&h, "abc", 3);
    cxr_hash_end(&h, parts, CXR_HASH_LEN);
    assert_memory_equal(out, parts, CXR_HASH_LEN);
    assert_memory_not_equal(out, abc, CXR_HASH_LEN);

    assert_true(cxr_secret_eq(out, parts, CXR_HASH_LEN));

    for (i = 0; i < CXR_HASH_LEN; i++) {
        parts[i] ^= 0x80;
        assert_false(cxr_secret_eq(out, parts, CXR_HASH_LEN));
        parts[i] ^= 0x80;
    }

    cxr_wipe(parts, sizeof(parts));
    cxr_wipe(NULL, 0);

    for (i = 0; i < sizeof(parts); i++) {
        assert_int_equal(parts[i], 0);
    }

    cxr_random(out, sizeof(out));
    cxr_random(parts, sizeof(parts));
    assert_memory_not_equal(out, parts, sizeof(out));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_box),
        cmocka_unit_test(test_blind),
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_hash),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
