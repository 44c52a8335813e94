
/*
 * Random histories of one order: whatever is asked in whatever order, units
 * and money add up, and the journal gives the same state again.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define HISTORY_CHECK(x)  assert_true(x)

#include "domain_history.h"


static void
test_histories(void **state)
{
    size_t        i;
    uint8_t       bytes[3600];
    uint64_t      seed, x;
    unsigned      n;
    history_t    *h;
    cxr_arena_t  *a;

    h = calloc(1, sizeof(history_t));
    a = cxr_arena_create(16 * 1024 * 1024);
    assert_non_null(h);
    assert_non_null(a);
    assert_int_equal(cxr_tz_load("Europe/Istanbul", &h->tz, NULL), CXR_OK);

    seed = 20261121;

    for (n = 0; n < 7000; n++) {

        for (i = 0; i < sizeof(bytes); i++) {
            seed += 0x9e3779b97f4a7c15u;
            x = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
            x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
            bytes[i] = (uint8_t) (x >> 56);
        }

        cxr_arena_reset(a);
        history_run(h, a, bytes, sizeof(bytes));
    }

    print_message("made %u decided %u cancelled %u whole %u named %u "
                  "moved %u released %u\n", h->made, h->decided,
                  h->cancelled, h->whole, h->named, h->moved, h->released);

    for (i = 0; i < CXR_VERB_FOLLOW; i++) {
        print_message("%s %u\n", cxr_verbs[i].name, h->acts[i]);
    }

    print_message("with replacements: %u, codes given %u back %u, labels "
                  "supplied %u, reminded %u, messages %u, swapped %u\n",
                  h->replaced, h->assigned, h->returned, h->supplied,
                  h->reminded, h->said, h->swapped);
    print_message("delivery given back whole %u, for another's sake %u\n",
                  h->delivered, h->rests);
    print_message("cancellations %u, overtaken %u\n", h->cancellations,
                  h->overtaken);
    assert_true(h->gifts > 100);
    assert_true(h->cancellations > 100);
    assert_true(h->overtaken > 10);
    assert_true(h->split > 50);
    assert_true(h->delivered > 500);
    assert_true(h->rests > 20);
    assert_true(h->told_rests > 20);

    for (i = 0; i < CXR_VERB_FOLLOW; i++) {
        assert_true(h->acts[i] > 10 || i == CXR_VERB_PARCEL
                    || (i == CXR_VERB_REPAID && h->acts[i] > 2));
    }

    assert_true(h->replaced > 100);
    assert_true(h->assigned > 100);
    assert_true(h->returned > 20);
    assert_true(h->supplied > 20);
    assert_true(h->reminded > 20);
    assert_true(h->said > 500);
    assert_true(h->swapped > 100);

    /* the histories do go through everything */

    assert_true(h->made > 2000);
    assert_true(h->decided > 2000);
    assert_true(h->cancelled > 500);
    assert_true(h->whole > 500);
    assert_true(h->named > 500);
    assert_true(h->given > 20);
    assert_true(h->moved > 500);
    assert_true(h->released > 500);

    cxr_tz_free(h->tz);
    cxr_arena_destroy(a);
    free(h);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_histories)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
