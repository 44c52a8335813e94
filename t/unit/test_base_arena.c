
/*
 * Arena, lists, diagnoses and result codes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_arena.h"


static void
arena_aligns_and_counts(void **state)
{
    char         *p, *q;
    size_t        i;
    cxr_arena_t  *a;

    a = cxr_arena_create(1 << 20);

    for (i = 0; i < 100; i++) {
        p = cxr_alloc(a, i);
        assert_non_null(p);
        assert_int_equal((uintptr_t) p % 16, 0);
        memset(p, 0xaa, i);
    }

    p = cxr_alloc(a, 0);
    q = cxr_alloc(a, 0);
    assert_ptr_not_equal(p, q);

    assert_true(cxr_arena_used(a) >= 99 * 100 / 2);

    cxr_arena_reset(a);
    assert_int_equal(cxr_arena_used(a), 0);

    cxr_arena_destroy(a);
    cxr_arena_destroy(NULL);
}


static void
arena_keeps_to_its_cap(void **state)
{
    size_t        total;
    cxr_arena_t  *a;

    a = cxr_arena_create(100000);

    for (total = 0; cxr_alloc(a, 1000) != NULL; total += 1000) { /* void */ }

    assert_in_range(total, 90000, 100000);
    assert_null(cxr_alloc(a, SIZE_MAX));
    assert_null(cxr_alloc(a, SIZE_MAX - 8));
    assert_null(cxr_calloc(a, SIZE_MAX / 2, 3));

    cxr_arena_reset(a);

    assert_null(cxr_alloc(a, 100001));
    assert_non_null(cxr_alloc(a, 100000));

    cxr_arena_destroy(a);
}


static void
arena_zeroes_reused_memory(void **state)
{
    char         *p;
    size_t        i;
    cxr_arena_t  *a;

    a = cxr_arena_create(1 << 20);

    memset(cxr_alloc(a, 5000), 0xff, 5000);
    cxr_arena_reset(a);

    p = cxr_calloc(a, 50, 100);

    for (i = 0; i < 5000; i++) {
        assert_int_equal(p[i], 0);
    }

    cxr_arena_destroy(a);
}


/* What is kept over a reset is neither lost nor handed out twice. */
static void
arena_is_whole_after_resets(void **state)
{
    char         *p, *all[200];
    size_t        i, round, n;
    cxr_arena_t  *a;

    static const size_t  sizes[] = {
        100, 100000, 20 * 1024 * 1024, 100, 9000, 3 * 1024 * 1024
    };

    a = cxr_arena_create((size_t) 64 << 20);

    for (round = 0; round < 12; round++) {
        n = sizes[round % 6] > 1000000 ? 3 : 200;

        for (i = 0; i < n; i++) {
            p = cxr_alloc(a, sizes[round % 6]);
            assert_non_null(p);
            memset(p, (int) (i + round), sizes[round % 6]);
            all[i] = p;
        }

        for (i = 0; i < n; i++) {
            assert_int_equal(all[i][0], (char) (i + round));
            assert_int_equal(all[i][sizes[round % 6] - 1], (char) (i + round));
        }

        assert_in_range(cxr_arena_used(a), n * sizes[round % 6],
                        n * (sizes[round % 6] + 16));
        cxr_arena_reset(a);
        assert_int_equal(cxr_arena_used(a), 0);
    }

    cxr_arena_destroy(a);
}


static void
arena_copies_strings(void **state)
{
    char          long_text[1000];
    cxr_str_t     s, out;
    cxr_arena_t  *a;

    a = cxr_arena_create(1 << 20);

    assert_int_equal(cxr_str_dup(a, cxr_str("abc"), &out), CXR_OK);
    assert_string_equal(out.data, "abc");
    assert_int_equal(out.len, 3);

    assert_int_equal(cxr_str_dup(a, CXR_STR_NONE, &out), CXR_OK);
    assert_string_equal(out.data, "");
    assert_string_equal(cxr_strz_dup(a, cxr_str("x")), "x");

    s = cxr_sprintf(a, "%d-%s", 42, "z");
    assert_true(cxr_str_is(s, "42-z"));

    memset(long_text, 'q', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';

    s = cxr_sprintf(a, "%s", long_text);
    assert_true(cxr_str_is(s, long_text));

    cxr_arena_destroy(a);

    a = cxr_arena_create(16);
    assert_int_equal(cxr_str_dup(a, cxr_strz(long_text), &out), CXR_NOMEM);
    assert_null(cxr_sprintf(a, "%s", long_text).data);
    cxr_arena_destroy(a);
}


static void
texts_are_written_in_place(void **state)
{
    char         *p;
    size_t        used;
    cxr_buf_t     b;
    cxr_str_t     s, t;
    cxr_arena_t  *a;

    a = cxr_arena_create(4096);
    assert_non_null(a);

    /* what was not taken is given back */

    cxr_text_begin(a, 1000, &b);
    cxr_buf_addz(&b, "merhaba");
    s = cxr_text_end(a, &b);
    assert_true(cxr_str_is(s, "merhaba"));
    assert_int_equal(s.data[s.len], '\0');
    assert_int_equal(cxr_arena_used(a), 16);

    /* also when nothing was taken; an empty text is one */

    cxr_text_begin(a, 1000, &b);
    t = cxr_text_end(a, &b);
    assert_non_null(t.data);
    assert_int_equal(t.len, 0);
    assert_int_equal(cxr_arena_used(a), 32);

    /* not when something stands behind it */

    cxr_text_begin(a, 100, &b);
    p = cxr_alloc(a, 10);
    memset(p, 'x', 10);
    cxr_buf_addz(&b, "abc");
    t = cxr_text_end(a, &b);
    assert_true(cxr_str_is(t, "abc"));
    used = cxr_arena_used(a);
    assert_true(used >= 32 + 100 + 10);
    assert_ptr_not_equal(cxr_alloc(a, 1), p);
    assert_memory_equal(p, "xxxxxxxxxx", 10);
    assert_true(cxr_str_is(s, "merhaba"));

    /* as long as was said, and no longer */

    cxr_text_begin(a, 4, &b);
    cxr_buf_addz(&b, "four");
    assert_true(cxr_str_is(cxr_text_end(a, &b), "four"));

    cxr_text_begin(a, 4, &b);
    cxr_buf_addz(&b, "fives");
    assert_null(cxr_text_end(a, &b).data);

    /* a full arena */

    cxr_text_begin(a, 4096, &b);
    cxr_buf_addz(&b, "abc");
    assert_null(cxr_text_end(a, &b).data);

    cxr_text_begin(a, SIZE_MAX, &b);
    assert_null(cxr_text_end(a, &b).data);

    cxr_arena_destroy(a);
}


static void
list_grows_and_keeps(void **state)
{
    uint32_t               i, *item;
    cxr_arena_t           *a;
    CXR_LIST_OF(uint32_t)  list = { NULL, 0 };

    a = cxr_arena_create(1 << 20);

    for (i = 0; i < 1000; i++) {
        item = cxr_list_push(a, &list, sizeof(uint32_t));
        assert_non_null(item);
        assert_int_equal(*item, 0);
        *item = i;
    }

    assert_int_equal(list.n, 1000);

    for (i = 0; i < 1000; i++) {
        assert_int_equal(list.items[i], i);
    }

    assert_int_equal(cxr_list_room(0), 0);
    assert_int_equal(cxr_list_room(1), 4);
    assert_int_equal(cxr_list_room(4), 4);
    assert_int_equal(cxr_list_room(5), 8);
    assert_int_equal(cxr_list_room(8), 8);

    cxr_arena_destroy(a);
}


static void
diag_says_what_and_where(void **state)
{
    char        out[64], text[1000];
    cxr_diag_t  d;

    assert_int_equal(cxr_diag(NULL, CXR_LIMIT, "", "x"), CXR_LIMIT);
    assert_int_equal(cxr_diag(&d, CXR_INVALID, "/a", "is %d", 5),
                     CXR_INVALID);
    assert_int_equal(cxr_diag_print(&d, out, sizeof(out)), 8);
    assert_string_equal(out, "/a: is 5");

    cxr_diag_place(&d, "f.json", 3, 0);
    (void) cxr_diag_print(&d, out, sizeof(out));
    assert_string_equal(out, "f.json:3: /a: is 5");

    cxr_diag_place(&d, "f.json", 3, 7);
    assert_int_equal(cxr_diag_print(&d, out, 10), 9);
    assert_string_equal(out, "f.json:3:");

    /* what is too long is cut, and not within a character */

    memset(text, 'x', sizeof(text));
    text[318] = '\xc3';
    text[319] = '\xbc';
    text[999] = '\0';

    (void) cxr_diag(&d, CXR_ERROR, NULL, "%s", text);
    assert_int_equal(d.rc, CXR_ERROR);
    assert_in_range(strlen(d.text), 318, 319);

    /* its own text may be part of the new one */

    (void) cxr_diag(&d, CXR_ERROR, "w", "short");
    (void) cxr_diag(&d, CXR_ERROR, d.where, "more: %s", d.text);
    assert_string_equal(d.text, "more: short");
    assert_string_equal(d.where, "w");
}


static void
codes_have_names(void **state)
{
    int  rc, other;

    for (rc = CXR_OK; rc >= CXR_AGAIN; rc--) {
        assert_string_not_equal(cxr_rc_name(rc), "unknown");

        for (other = CXR_OK; other > rc; other--) {
            assert_string_not_equal(cxr_rc_name(rc), cxr_rc_name(other));
        }
    }

    assert_string_equal(cxr_rc_name(CXR_AGAIN), "again");
    assert_string_equal(cxr_rc_name((cxr_rc_t) -99), "unknown");
    assert_string_equal(cxr_rc_name((cxr_rc_t) 1), "unknown");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(arena_aligns_and_counts),
        cmocka_unit_test(arena_keeps_to_its_cap),
        cmocka_unit_test(arena_zeroes_reused_memory),
        cmocka_unit_test(arena_is_whole_after_resets),
        cmocka_unit_test(arena_copies_strings),
        cmocka_unit_test(texts_are_written_in_place),
        cmocka_unit_test(list_grows_and_keeps),
        cmocka_unit_test(diag_says_what_and_where),
        cmocka_unit_test(codes_have_names)
    };

    return cmocka_run_group_tests_name("base arena", tests, NULL, NULL);
}
