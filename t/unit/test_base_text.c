
/*
 * Buffers, escapes, and the cleaning and folding of text.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_buf.h"
#include "cxr_text.h"

#define BUF_MAX  100000

typedef void (*escape_t)(cxr_buf_t *b, cxr_str_t s);
typedef cxr_rc_t (*fold_t)(cxr_str_t in, char *out, size_t *len);


static void
expect(escape_t escape, cxr_str_t in, const char *want)
{
    cxr_buf_t  b;

    cxr_buf_init(&b, BUF_MAX);
    escape(&b, in);
    cxr_buf_addc(&b, '\0');
    assert_true(cxr_buf_ok(&b));
    assert_string_equal(b.data, want);
    cxr_buf_free(&b);
}


static void
buffer_is_bounded(void **state)
{
    char       mem[8];
    size_t     i;
    cxr_buf_t  b;

    cxr_buf_init_fixed(&b, mem, sizeof(mem));
    cxr_buf_addz(&b, "12345678");
    assert_true(cxr_buf_ok(&b));
    cxr_buf_addc(&b, '9');
    assert_false(cxr_buf_ok(&b));
    assert_int_equal(b.len, 8);
    cxr_buf_reset(&b);
    cxr_buf_addf(&b, "%d", 12345678);
    assert_true(cxr_buf_ok(&b));
    assert_memory_equal(mem, "12345678", 8);
    cxr_buf_free(&b);

    cxr_buf_init(&b, 1000);

    for (i = 0; i < 1000; i++) {
        cxr_buf_addc(&b, 'x');
    }

    assert_true(cxr_buf_ok(&b));
    cxr_buf_add(&b, "", 0);
    assert_true(cxr_buf_ok(&b));
    cxr_buf_addc(&b, 'x');
    assert_false(cxr_buf_ok(&b));
    cxr_buf_reset(&b);

    /* failure is sticky: what would fit by itself is not let through */

    cxr_buf_addf(&b, "%1001d", 5);
    assert_false(cxr_buf_ok(&b));
    cxr_buf_addc(&b, 'y');
    assert_int_equal(b.len, 0);
    assert_false(cxr_buf_ok(&b));

    cxr_buf_reset(&b);
    cxr_buf_addf(&b, "%1000d", 5);
    assert_true(cxr_buf_ok(&b));
    assert_int_equal(b.len, 1000);
    cxr_buf_free(&b);
    cxr_buf_free(&b);
}


static void
numbers_are_printed(void **state)
{
    cxr_buf_t  b;

    cxr_buf_init(&b, BUF_MAX);
    cxr_buf_addi(&b, INT64_MIN);
    cxr_buf_addc(&b, ' ');
    cxr_buf_addi(&b, INT64_MAX);
    cxr_buf_addc(&b, ' ');
    cxr_buf_addi(&b, 0);
    cxr_buf_addc(&b, ' ');
    cxr_buf_addu(&b, UINT64_MAX);
    cxr_buf_hex(&b, "\x00\xaf", 2);
    cxr_buf_hex(&b, NULL, 0);
    cxr_buf_addc(&b, '\0');
    assert_string_equal(b.data, "-9223372036854775808 9223372036854775807 0 "
                                "1844674407370955161500af");
    cxr_buf_free(&b);
}


static void
html_is_escaped(void **state)
{
    char       in[64], want[64 * 6 + 1];
    size_t     len, at;
    cxr_buf_t  b;

    expect(cxr_buf_html, cxr_str("<a href=\"x\">&'</a>"),
           "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;");
    expect(cxr_buf_html, CXR_STR_NONE, "");

    /* at every place of every length, for the wide and the narrow scan */

    for (len = 1; len < sizeof(in); len++) {

        for (at = 0; at < len; at++) {
            memset(in, 'x', len);
            in[at] = '<';
            memset(want, 'x', len + 3);
            memcpy(want + at, "&lt;", 4);

            cxr_buf_init(&b, BUF_MAX);
            cxr_buf_html(&b, cxr_strn(in, len));
            assert_int_equal(b.len, len + 3);
            assert_memory_equal(b.data, want, len + 3);
            cxr_buf_free(&b);
        }
    }
}


/* Runs are looked at many bytes at once: any byte at any place of any length. */
static void
json_is_escaped_anywhere(void **state)
{
    char       text[40], one[8], want[64], got[64];
    size_t     len, at;
    unsigned   c;
    cxr_buf_t  b;

    for (c = 0; c < 256; c++) {
        one[0] = (char) c;
        cxr_buf_init_fixed(&b, want, sizeof(want));
        cxr_buf_json(&b, cxr_strn(one, 1));
        memcpy(one, want, b.len);
        at = b.len;

        for (len = 1; len <= sizeof(text); len++) {
            size_t  i, n = at;

            for (i = 0; i < len; i++) {
                memset(text, 'x', len);
                text[i] = (char) c;

                memset(want, 'x', i);
                memcpy(want + i, one, n);
                memset(want + i + n, 'x', len - i - 1);

                cxr_buf_init_fixed(&b, got, sizeof(got));
                cxr_buf_json(&b, cxr_strn(text, len));
                assert_int_equal(b.len, len - 1 + n);
                assert_memory_equal(got, want, b.len);
            }
        }
    }
}


static void
json_xml_url_csv_are_escaped(void **state)
{
    expect(cxr_buf_json, cxr_str("\"\\/\b\f\n\r\t\x01\x7f<&>"),
           "\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u003c\\u0026\\u003e");
    expect(cxr_buf_json, cxr_str("\xc5\x9f\xe2\x80\xa8\xe2\x80\xa9"
                                 "\xf0\x9f\x98\x80"),
           "\xc5\x9f\\u2028\\u2029\xf0\x9f\x98\x80");
    expect(cxr_buf_json, cxr_str("a\xff" "b\xc3"),
           "a\xef\xbf\xbd" "b\xef\xbf\xbd");

    expect(cxr_buf_xml, cxr_str("<a>&\"'\t\n\r\x01\xc5\x9f\xef\xbf\xbe\xff"),
           "&lt;a&gt;&amp;&quot;&#39;&#9;&#10;&#13;\xef\xbf\xbd\xc5\x9f"
           "\xef\xbf\xbd\xef\xbf\xbd");

    expect(cxr_buf_url, cxr_str("aZ09-._~ /?\xc5\x9f+"),
           "aZ09-._~%20%2F%3F%C5%9F%2B");

    expect(cxr_buf_csv, cxr_str("plain"), "plain");
    expect(cxr_buf_csv, CXR_STR_NONE, "");
    expect(cxr_buf_csv, cxr_str("a,\"b\""), "\"a,\"\"b\"\"\"");
    expect(cxr_buf_csv, cxr_str("l1\nl2"), "\"l1\nl2\"");
    expect(cxr_buf_csv, cxr_str("=1+1"), "'=1+1");
    expect(cxr_buf_csv, cxr_str("@a,b"), "\"'@a,b\"");
    expect(cxr_buf_csv, cxr_str("\t=1"), "\"'\t=1\"");
}


static void
utf8_is_checked(void **state)
{
    size_t  i;

    static const char *const  bad[] = {
        "\x80", "\xc3", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82",
        "abcdefgh\xc3", "\xc3\xc3\xa9", "abcdefg\xe2\x28\xa1"
    };

    static const char *const  good[] = {
        "", "abc", "abcdefghijklmnop", "\xc2\x80", "\xdf\xbf",
        "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "abcdefg\xc5\x9f"
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        assert_false(cxr_utf8_valid(cxr_strz(bad[i])));
    }

    for (i = 0; i < cxr_nelts(good); i++) {
        assert_true(cxr_utf8_valid(cxr_strz(good[i])));
    }

    assert_int_equal(cxr_utf8_length(cxr_str("a\xc5\x9f\xf0\x9f\x98\x80")), 3);
    assert_int_equal(cxr_utf8_cut(cxr_str("a\xc5\x9f"), 2).len, 1);
    assert_int_equal(cxr_utf8_cut(cxr_str("a\xc5\x9f"), 3).len, 3);
    assert_int_equal(cxr_utf8_cut(cxr_str("\xf0\x9f\x98\x80"), 3).len, 0);
    assert_true(cxr_str_is(cxr_str_trim(cxr_str(" \t a b\r\n")), "a b"));
    assert_int_equal(cxr_str_trim(cxr_str("  ")).len, 0);
}


static void
clean_one(cxr_arena_t *a, cxr_text_kind_t kind, const char *in,
    const char *want)
{
    cxr_str_t  out;

    assert_int_equal(cxr_text_clean(a, cxr_strz(in), kind, 100, &out), CXR_OK);

    if (!cxr_str_is(out, want)) {
        fail_msg("\"%.*s\" for \"%s\"", cxr_str_arg(out), want);
    }
}


static void
text_is_cleaned(void **state)
{
    cxr_str_t     out;
    cxr_arena_t  *a = cxr_arena_create(1 << 20);

    clean_one(a, CXR_TEXT_LINE, "  a \t b\r\n c  ", "a b c");
    clean_one(a, CXR_TEXT_LINE, "\xc2\xa0" "a\xe3\x80\x80" "b", "a b");
    clean_one(a, CXR_TEXT_LINE, "a\x01\x7f\xc2\x85" "b", "ab");
    clean_one(a, CXR_TEXT_LINE, "\xef\xbb\xbf" "a\xe2\x80\xae" "b\xe2\x81\xa6"
              "c\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8", "abc");
    clean_one(a, CXR_TEXT_LINE, "", "");
    clean_one(a, CXR_TEXT_BLOCK, "\xe2\x80\x8b", "");
    clean_one(a, CXR_TEXT_BLOCK, "\xe2\x80\x8b \xc2\xad\n\xef\xb8\x8f"
              "\xe3\x85\xa4\xf3\xa0\x81\x81", "");
    clean_one(a, CXR_TEXT_BLOCK, "\xe2\x80\x8b" "a", "\xe2\x80\x8b" "a");
    clean_one(a, CXR_TEXT_LINE, "\xe2\x9d\xa4\xef\xb8\x8f",
              "\xe2\x9d\xa4\xef\xb8\x8f");
    clean_one(a, CXR_TEXT_LINE, " \n ", "");
    clean_one(a, CXR_TEXT_BLOCK, "\n\na  b \r\n c\r\rd\n\n\n\ne\n",
              "a b\nc\n\nd\n\ne");
    clean_one(a, CXR_TEXT_BLOCK, "a \n \n \n b", "a\n\nb");

    assert_int_equal(cxr_text_clean(a, cxr_str("a\xff"), CXR_TEXT_LINE, 9,
                                    &out), CXR_INVALID);
    assert_int_equal(cxr_text_clean(a, cxr_str("\xc5\x9f\xc5\x9f"),
                                    CXR_TEXT_LINE, 2, &out), CXR_OK);
    assert_int_equal(cxr_text_clean(a, cxr_str("abc"), CXR_TEXT_LINE, 2, &out),
                     CXR_LIMIT);
    assert_int_equal(cxr_text_clean(a, cxr_str("  a   b  "), CXR_TEXT_LINE, 3,
                                    &out), CXR_OK);
    cxr_arena_destroy(a);
}


static void
fold_one(fold_t fold, const char *in, cxr_rc_t rc, const char *want)
{
    char    out[256];
    size_t  n;

    assert_int_equal(fold(cxr_strz(in), out, &n), rc);

    if (rc == CXR_OK && !cxr_str_is(cxr_strn(out, n), want)) {
        fail_msg("\"%.*s\" for \"%s\"", (int) n, out, want);
    }
}


static void
ids_are_folded(void **state)
{
    char  text[300];

    fold_one(cxr_fold_number, " #kg-1001 ", CXR_OK, "KG1001");
    fold_one(cxr_fold_number, "KG_10.01/i", CXR_OK, "KG1001I");
    fold_one(cxr_fold_number, "kg-\xd9\xa1\xd9\xa0\xd9\xa9\xdb\xb0\xdb\xb9",
             CXR_OK, "KG10909");
    fold_one(cxr_fold_number, "kg1\xc4\xb1\xc4\xb0Ii", CXR_OK, "KG1IIII");
    fold_one(cxr_fold_number, "i\xcc\x87" "1", CXR_OK, "I1");
    fold_one(cxr_fold_number, "\xef\xbc\xab\xef\xbd\x87\xef\xbc\x91", CXR_OK,
             "KG1");
    fold_one(cxr_fold_number, "\xc3\xbc" "1", CXR_OK, "\xc3\xbc" "1");
    fold_one(cxr_fold_number, "a\xe2\x80\x93" "b\xe2\x80\x8e", CXR_OK, "AB");
    fold_one(cxr_fold_number, "", CXR_INVALID, NULL);
    fold_one(cxr_fold_number, "-- #", CXR_INVALID, NULL);
    fold_one(cxr_fold_number, "a\x01", CXR_INVALID, NULL);
    fold_one(cxr_fold_number, "a\xff", CXR_INVALID, NULL);

    memset(text, 'a', sizeof(text));
    text[64] = '\0';
    fold_one(cxr_fold_tracking, text, CXR_OK,
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    fold_one(cxr_fold_number, text, CXR_OK,
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    text[64] = 'a';
    text[65] = '\0';
    fold_one(cxr_fold_number, text, CXR_LIMIT, NULL);
    fold_one(cxr_fold_tracking, text, CXR_INVALID, NULL);

    fold_one(cxr_fold_tracking, " 1z 99-a/b._ ", CXR_OK, "1Z99-A/B._");
    fold_one(cxr_fold_tracking, "a;b", CXR_INVALID, NULL);
    fold_one(cxr_fold_tracking, " ", CXR_INVALID, NULL);

    fold_one(cxr_fold_email, " Ali.VEL\xc4\xb0@Example.COM\n", CXR_OK,
             "ali.veli@example.com");
    fold_one(cxr_fold_email, "VEL\xc4\xb1@x", CXR_OK, "veli@x");
    fold_one(cxr_fold_email, "a@", CXR_INVALID, NULL);
    fold_one(cxr_fold_email, "@a", CXR_INVALID, NULL);
    fold_one(cxr_fold_email, "a@b@c", CXR_INVALID, NULL);
    fold_one(cxr_fold_email, "a b@c", CXR_INVALID, NULL);
    fold_one(cxr_fold_email, "ab", CXR_INVALID, NULL);
    memset(text, 'a', sizeof(text));
    text[1] = '@';
    text[254] = '\0';
    fold_one(cxr_fold_email, text, CXR_OK, text);
    text[254] = 'a';
    text[255] = '\0';
    fold_one(cxr_fold_email, text, CXR_LIMIT, NULL);

    fold_one(cxr_fold_postcode, " sw1a-1aa ", CXR_OK, "SW1A1AA");
    fold_one(cxr_fold_postcode, "\xd9\xa3\xd9\xa4\xd9\xa3\xd9\xa9\xd9\xa4", CXR_OK,
             "34394");
    fold_one(cxr_fold_postcode, "34 394", CXR_OK, "34394");
    fold_one(cxr_fold_postcode, "--", CXR_INVALID, NULL);
    fold_one(cxr_fold_postcode, "\xc5\x9f", CXR_INVALID, NULL);
    fold_one(cxr_fold_postcode, "12345678901234567", CXR_LIMIT, NULL);
}


static void
slugs_and_numbers(void **state)
{
    uint64_t  v = 7;

    assert_true(cxr_is_slug(cxr_str("yurtici-2_x"), 20));
    assert_true(cxr_is_slug(cxr_str("abc"), 3));
    assert_false(cxr_is_slug(cxr_str("abcd"), 3));
    assert_false(cxr_is_slug(CXR_STR_NONE, 3));
    assert_false(cxr_is_slug(cxr_str("-a"), 3));
    assert_false(cxr_is_slug(cxr_str("_a"), 3));
    assert_false(cxr_is_slug(cxr_str("aB"), 3));
    assert_false(cxr_is_slug(cxr_str("a.b"), 3));

    assert_false(cxr_parse_uint(CXR_STR_NONE, 10, &v));
    assert_false(cxr_parse_uint(cxr_str("+1"), 10, &v));
    assert_false(cxr_parse_uint(cxr_str("11"), 10, &v));
    assert_false(cxr_parse_uint(cxr_str("9"), 8, &v));
    assert_false(cxr_parse_uint(cxr_str("18446744073709551616"), UINT64_MAX,
                                &v));
    assert_int_equal(v, 7);
    assert_true(cxr_parse_uint(cxr_str("10"), 10, &v));
    assert_int_equal(v, 10);
    assert_true(cxr_parse_uint(cxr_str("18446744073709551615"), UINT64_MAX,
                               &v));
    assert_true(v == UINT64_MAX);
}


static void
base64url_is_strict(void **state)
{
    char       text[300];
    size_t     i, n, len;
    uint8_t    in[200], out[200];
    unsigned   seed = 5;

    for (len = 0; len < sizeof(in); len++) {

        for (i = 0; i < len; i++) {
            in[i] = (uint8_t) rand_r(&seed);
        }

        n = cxr_b64url_encode(in, len, text);
        assert_int_equal(n, (len * 4 + 2) / 3);
        assert_int_equal(cxr_b64url_decode(cxr_strn(text, n), out, len, &i),
                         CXR_OK);
        assert_int_equal(i, len);
        assert_memory_equal(in, out, len);

        if (len != 0) {
            assert_int_equal(cxr_b64url_decode(cxr_strn(text, n), out,
                                               len - 1, &i), CXR_LIMIT);
        }
    }

    assert_int_equal(cxr_b64url_encode("\xfb\xff", 2, text), 3);
    assert_memory_equal(text, "-_8", 3);

    assert_int_equal(cxr_b64url_decode(cxr_str("-_9"), out, 9, &n),
                     CXR_INVALID);
    assert_int_equal(cxr_b64url_decode(cxr_str("AAA="), out, 9, &n),
                     CXR_INVALID);
    assert_int_equal(cxr_b64url_decode(cxr_str("AA+A"), out, 9, &n),
                     CXR_INVALID);
    assert_int_equal(cxr_b64url_decode(cxr_str("A"), out, 9, &n),
                     CXR_INVALID);
}


/* Every length, at the end of what may be read and written. */
static void
short_strings_are_copied(void **state)
{
    char    *from, *to;
    size_t   n, i;

    for (n = 0; n <= 80; n++) {
        from = malloc(n ? n : 1);
        to = malloc(n + 1);
        assert_non_null(from);
        assert_non_null(to);

        for (i = 0; i < n; i++) {
            from[i] = (char) (i * 7 + n);
        }

        to[n] = 'x';
        cxr_copy(to, from, n);
        assert_memory_equal(to, from, n);
        assert_int_equal(to[n], 'x');

        assert_ptr_equal(cxr_str_put(to, cxr_strn(from, n / 2)), to + n / 2);
        assert_memory_equal(to, from, n / 2);

        free(from);
        free(to);
    }

    cxr_copy(NULL, NULL, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(short_strings_are_copied),
        cmocka_unit_test(buffer_is_bounded),
        cmocka_unit_test(numbers_are_printed),
        cmocka_unit_test(html_is_escaped),
        cmocka_unit_test(json_is_escaped_anywhere),
        cmocka_unit_test(json_xml_url_csv_are_escaped),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(text_is_cleaned),
        cmocka_unit_test(ids_are_folded),
        cmocka_unit_test(slugs_and_numbers),
        cmocka_unit_test(base64url_is_strict)
    };

    return cmocka_run_group_tests_name("base text", tests, NULL, NULL);
}
