
/*
 * Working days.
 */

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_calendar.h"


static void
test_after(void **state)
{
    int32_t         holidays[2];
    int64_t         friday;
    cxr_calendar_t  cal;

    memset(&cal, 0, sizeof(cal));
    cal.week = 0x3e;                          /* Monday to Friday             */
    friday = cxr_days(2026, 11, 20);

    assert_int_equal(cxr_calendar_after(&cal, friday, 0), friday);
    assert_int_equal(cxr_calendar_after(&cal, friday, 1), friday + 3);
    assert_int_equal(cxr_calendar_after(&cal, friday, 5), friday + 7);
    assert_int_equal(cxr_calendar_after(&cal, friday + 1, 0), friday + 3);
    assert_int_equal(cxr_calendar_after(&cal, friday + 1, 1), friday + 3);
    assert_int_equal(cxr_calendar_after(&cal, friday + 2, 2), friday + 4);

    holidays[0] = (int32_t) friday + 3;
    holidays[1] = (int32_t) friday;
    cal.holidays.items = holidays;
    cal.holidays.n = 2;

    assert_int_equal(cxr_calendar_after(&cal, friday, 0), friday + 4);
    assert_int_equal(cxr_calendar_after(&cal, friday, 1), friday + 4);
    assert_int_equal(cxr_calendar_after(&cal, friday, 2), friday + 5);

    /* across the end of a year */

    cal.holidays.n = 0;
    assert_int_equal(cxr_calendar_after(&cal, cxr_days(2026, 12, 31), 1),
                     cxr_days(2027, 1, 1));

    /* nobody ever works */

    cal.week = 0;
    assert_int_equal(cxr_calendar_after(&cal, friday, 3), friday + 3);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_after)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
