
/*
 * What a hand scanner types is read whichever keyboard it goes through.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cxr_scan.h"


static cxr_rc_t
scan(cxr_arena_t *a, const char *typed, cxr_scan_code_t *code)
{
    return cxr_scan_read(cxr_strz(typed), a, code);
}


static void
test_read(void **state)
{
    char             big[CXR_SCAN_MAX + 2];
    cxr_arena_t     *a = cxr_arena_create(1024 * 1024);
    cxr_scan_code_t  code;

    assert_int_equal(scan(a, "  R-2345-6789\r\n", &code), CXR_OK);
    assert_int_equal(code.kind, CXR_SCAN_TEXT);
    assert_true(cxr_str_is(code.text, "R-2345-6789"));
    assert_false(code.layout);

    assert_int_equal(scan(a, "v4.public.A-_i", &code), CXR_OK);
    assert_int_equal(code.kind, CXR_SCAN_TOKEN);
    assert_true(cxr_str_is(code.text, "v4.public.A-_i"));
    assert_false(code.layout);

    /* an American scanner at a computer with a Turkish Q keyboard */

    assert_int_equal(scan(a, "v4\xC3\xA7publ\xC4\xB1" "c\xC3\xA7" "A*?I",
                          &code), CXR_OK);
    assert_int_equal(code.kind, CXR_SCAN_TOKEN);
    assert_true(cxr_str_is(code.text, "v4.public.A-_I"));
    assert_true(code.layout);

    assert_int_equal(scan(a, "r*2345*6789", &code), CXR_OK);
    assert_true(cxr_str_is(code.text, "r-2345-6789"));

    /* an order number may have any of these signs: it is left alone */

    assert_int_equal(scan(a, "KG*1001", &code), CXR_OK);
    assert_true(cxr_str_is(code.text, "KG*1001"));
    assert_false(code.layout);

    assert_int_equal(scan(a, " \t ", &code), CXR_OK);
    assert_int_equal(code.kind, CXR_SCAN_EMPTY);

    assert_int_equal(scan(a, "R-\x01X", &code), CXR_INVALID);
    assert_int_equal(scan(a, "R-\xFFX", &code), CXR_INVALID);

    memset(big, 'A', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    assert_int_equal(scan(a, big, &code), CXR_LIMIT);
    big[CXR_SCAN_MAX] = '\0';
    assert_int_equal(scan(a, big, &code), CXR_OK);

    cxr_arena_destroy(a);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_read)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
