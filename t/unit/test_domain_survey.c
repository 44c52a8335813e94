
/*
 * Surveys: when there is something to ask about, and what the scores add up to.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_survey.h"

#define T0  INT64_C(1763719200000)


static cxr_shipment_t
parcel(uint8_t direction, uint8_t status, cxr_time_t at)
{
    cxr_shipment_t  ship;

    memset(&ship, 0, sizeof(ship));
    ship.direction = direction;
    ship.status = status;
    ship.delivered_at = at;

    return ship;
}


static cxr_time_t
asked(const cxr_shipment_t *ships, size_t n)
{
    size_t                i;
    cxr_survey_parcels_t  p;

    memset(&p, 0, sizeof(p));

    for (i = 0; i < n; i++) {
        cxr_survey_parcel(&p, &ships[i]);
    }

    return cxr_survey_delivery(&p);
}


static void
test_delivery(void **state)
{
    cxr_shipment_t  s[3];

    assert_true(asked(NULL, 0) == CXR_TIME_NONE);

    s[0] = parcel(CXR_PARCEL_OUTBOUND, CXR_SHIP_DELIVERED, T0 + CXR_DAY);
    s[1] = parcel(CXR_PARCEL_OUTBOUND, CXR_SHIP_IN_TRANSIT, CXR_TIME_NONE);
    s[2] = parcel(CXR_PARCEL_RETURN, CXR_SHIP_IN_TRANSIT, CXR_TIME_NONE);

    assert_true(asked(s, 1) == T0 + CXR_DAY);

    /* half of it is not all of it */

    assert_true(asked(s, 2) == CXR_TIME_NONE);
    s[1].status = CXR_SHIP_LABEL_CREATED;
    assert_true(asked(s, 2) == CXR_TIME_NONE);
    s[1].status = CXR_SHIP_ATTEMPT_FAILED;
    assert_true(asked(s, 3) == CXR_TIME_NONE);

    /* the last that came counts; what comes back holds nothing up, nor does a
       parcel that went back, or of which nobody ever heard */

    s[1] = parcel(CXR_PARCEL_OUTBOUND, CXR_SHIP_DELIVERED, T0);
    assert_true(asked(s, 3) == T0 + CXR_DAY);
    s[1].delivered_at = T0 + 3 * CXR_DAY;
    assert_true(asked(s, 3) == T0 + 3 * CXR_DAY);
    s[1] = parcel(CXR_PARCEL_OUTBOUND, CXR_SHIP_RETURNED, CXR_TIME_NONE);
    assert_true(asked(s, 3) == T0 + CXR_DAY);
    s[1].status = CXR_SHIP_UNKNOWN;
    assert_true(asked(s, 3) == T0 + CXR_DAY);

    /* nothing ever arrived */

    s[0].status = CXR_SHIP_CANCELLED;
    s[0].delivered_at = CXR_TIME_NONE;
    assert_true(asked(s, 3) == CXR_TIME_NONE);
}


/* Is the RMA with these steps asked about, "days" after T0?  Its line came so. */

static uint8_t  receipt = CXR_RECEIPT_RECEIVED;

static bool
rma_open(uint8_t status, const cxr_rma_step_t *steps, uint32_t n, int days)
{
    cxr_rma_t            rma;
    cxr_time_t           until;
    cxr_order_t          order;
    cxr_rma_line_t       line;
    const cxr_survey_t  *had;

    const cxr_surveys_t  conf = { CXR_ASK_CSAT, CXR_ASK_CES, 60, 14 };

    memset(&rma, 0, sizeof(rma));
    memset(&order, 0, sizeof(order));
    rma.id = cxr_str("R-7K3M-9QXC");
    rma.status = status;
    rma.cancelled = status == CXR_RMA_CANCELLED;
    rma.steps.items = (cxr_rma_step_t *) steps;
    rma.steps.n = n;
    memset(&line, 0, sizeof(line));
    line.receipt = receipt;
    rma.lines.items = &line;
    rma.lines.n = 1;

    return cxr_survey_open(&conf, &order, &rma, CXR_TIME_NONE,
                           T0 + days * CXR_DAY, &had, &until);
}


static void
test_return(void **state)
{
    cxr_rma_step_t  s[3];

    memset(s, 0, sizeof(s));
    s[0].kind = CXR_EV_RMA_CREATED;
    s[0].at = T0;
    s[1].kind = CXR_EV_SETTLEMENT_RELEASED;
    s[1].at = T0;
    s[2].kind = CXR_EV_RMA_RECEIVED;
    s[2].at = T0 + 20 * CXR_DAY;

    /* an instant refund: the goods are still with her */

    assert_false(rma_open(CXR_RMA_APPROVED, s, 2, 1));
    assert_false(rma_open(CXR_RMA_IN_TRANSIT, s, 2, 5));

    /* they are back: the days count from then on */

    assert_true(rma_open(CXR_RMA_RECEIVED, s, 3, 79));
    assert_false(rma_open(CXR_RMA_RECEIVED, s, 3, 81));

    /* not while the page asks for the rest of them */

    receipt = CXR_RECEIPT_SHORT;
    assert_false(rma_open(CXR_RMA_RECEIVED, s, 3, 79));
    assert_true(rma_open(CXR_RMA_COMPLETED, s, 3, 79));
    receipt = CXR_RECEIPT_RECEIVED;
    assert_true(rma_open(CXR_RMA_COMPLETED, s, 3, 79));

    /* back, and nothing decided about the money yet */

    s[1].kind = CXR_EV_RMA_DECIDED;
    assert_false(rma_open(CXR_RMA_RECEIVED, s, 3, 21));

    assert_true(rma_open(CXR_RMA_DECLINED, s, 2, 1));
    assert_false(rma_open(CXR_RMA_CANCELLED, s, 3, 21));
    assert_false(rma_open(CXR_RMA_EXPIRED, s, 2, 40));
}


static void
test_moods(void **state)
{
    assert_int_equal(cxr_survey_mood(CXR_ASK_NPS, 0), CXR_MOOD_BAD);
    assert_int_equal(cxr_survey_mood(CXR_ASK_NPS, 6), CXR_MOOD_BAD);
    assert_int_equal(cxr_survey_mood(CXR_ASK_NPS, 7), CXR_MOOD_FAIR);
    assert_int_equal(cxr_survey_mood(CXR_ASK_NPS, 8), CXR_MOOD_FAIR);
    assert_int_equal(cxr_survey_mood(CXR_ASK_NPS, 9), CXR_MOOD_GOOD);
    assert_int_equal(cxr_survey_mood(CXR_ASK_CSAT, 2), CXR_MOOD_BAD);
    assert_int_equal(cxr_survey_mood(CXR_ASK_CSAT, 3), CXR_MOOD_FAIR);
    assert_int_equal(cxr_survey_mood(CXR_ASK_CSAT, 4), CXR_MOOD_GOOD);
    assert_int_equal(cxr_survey_mood(CXR_ASK_CES, 3), CXR_MOOD_BAD);
    assert_int_equal(cxr_survey_mood(CXR_ASK_CES, 4), CXR_MOOD_FAIR);
    assert_int_equal(cxr_survey_mood(CXR_ASK_CES, 5), CXR_MOOD_GOOD);
    assert_int_equal(cxr_survey_mood(CXR_ASKS, 5), CXR_MOOD_FAIR);
}


static void
test_sums(void **state)
{
    cxr_survey_counts_t  c;
    cxr_survey_result_t  r;

    memset(&c, 0, sizeof(c));
    cxr_survey_sum(CXR_ASK_NPS, &c, &r);
    assert_int_equal(r.answers, 0);
    assert_int_equal(r.figure, 0);

    /* 5 promoters, 2 between, 3 detractors of ten: +20 */

    c.count[10] = 3;
    c.count[9] = 2;
    c.count[8] = 1;
    c.count[7] = 1;
    c.count[6] = 1;
    c.count[0] = 2;
    cxr_survey_sum(CXR_ASK_NPS, &c, &r);
    assert_int_equal(r.answers, 10);
    assert_int_equal(r.moods[CXR_MOOD_GOOD], 5);
    assert_int_equal(r.moods[CXR_MOOD_FAIR], 2);
    assert_int_equal(r.moods[CXR_MOOD_BAD], 3);
    assert_int_equal(r.figure, 20);
    assert_int_equal(r.mean_tenths, 69);

    /* below 0 it is rounded like above: 1 of 8 less 2 of 8 is -12.5 */

    memset(&c, 0, sizeof(c));
    c.count[10] = 1;
    c.count[7] = 5;
    c.count[3] = 2;
    cxr_survey_sum(CXR_ASK_NPS, &c, &r);
    assert_int_equal(r.figure, -13);

    memset(&c, 0, sizeof(c));
    c.count[0] = 4;
    cxr_survey_sum(CXR_ASK_NPS, &c, &r);
    assert_int_equal(r.figure, -100);
    assert_int_equal(r.mean_tenths, 0);

    memset(&c, 0, sizeof(c));
    c.count[5] = 1;
    c.count[4] = 1;
    c.count[1] = 1;
    cxr_survey_sum(CXR_ASK_CSAT, &c, &r);
    assert_int_equal(r.figure, 67);
    assert_int_equal(r.mean_tenths, 33);

    /* as many as there can be */

    c.count[5] = UINT32_MAX - 2;
    cxr_survey_sum(CXR_ASK_CSAT, &c, &r);
    assert_int_equal(r.figure, 100);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_delivery),
        cmocka_unit_test(test_return),
        cmocka_unit_test(test_moods),
        cmocka_unit_test(test_sums)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
