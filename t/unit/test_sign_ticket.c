
/*
 * Tickets of photos: what was made is opened, of its own scope alone, and
 * nothing else is.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sign_ring.h"
#include "cxr_ticket.h"

static cxr_arena_t    *arena;
static cxr_keyring_t  *ring;


static int
setup(void **state)
{
    char        dir[] = "/tmp/cxr-ticket-XXXXXX", path[64];
    cxr_diag_t  d;

    arena = cxr_arena_create(1 << 20);

    if (arena == NULL || cxr_sign_init() != CXR_OK || mkdtemp(dir) == NULL) {
        return 1;
    }

    snprintf(path, sizeof(path), "%s/keys", dir);
    memset(&d, 0, sizeof(d));

    if (cxr_keyring_create(path, RING_NOW, &d) != CXR_OK
        || cxr_keyring_load(path, &ring, &d) != CXR_OK)
    {
        return 1;
    }

    unlink(path);
    rmdir(dir);

    return 0;
}


static int
teardown(void **state)
{
    cxr_keyring_free(ring);
    cxr_arena_destroy(arena);
    return 0;
}


static cxr_str_t
ticket(const char *scope)
{
    cxr_str_t        out;
    cxr_photo_ref_t  ref;

    memset(&ref, 0, sizeof(ref));
    ref.hash = cxr_str("0123456789abcdef0123456789abcdef");
    ref.width = 2048;
    ref.height = 1365;
    ref.bytes = 4294967295u;

    assert_int_equal(cxr_ticket_make(ring, cxr_strz(scope), &ref, arena, &out),
                     CXR_OK);
    assert_true(out.len <= CXR_TICKET_MAX);
    assert_true(cxr_ticket_like(out));

    return out;
}


static void
test_opens(void **state)
{
    cxr_photo_ref_t  ref;

    assert_int_equal(cxr_ticket_open(ring, cxr_str("1:A:"), ticket("1:A:"),
                                     arena, &ref),
                     CXR_OK);
    assert_true(cxr_str_is(ref.hash, "0123456789abcdef0123456789abcdef"));
    assert_int_equal(ref.width, 2048);
    assert_int_equal(ref.height, 1365);
    assert_int_equal(ref.bytes, 4294967295u);
    assert_int_equal(ref.kind, CXR_PHOTO_JPEG);

    assert_int_equal(cxr_ticket_open(ring, cxr_str("1:B:"), ticket("1:A:"),
                                     arena, &ref),
                     CXR_INVALID);
}


/* Each letter counts. */

static void
test_altered(void **state)
{
    char             *copy;
    size_t            i;
    cxr_str_t         t = ticket("1:A:");
    cxr_photo_ref_t   ref;

    copy = cxr_alloc(arena, t.len);
    assert_non_null(copy);

    for (i = 0; i + 1 < t.len; i++) {
        memcpy(copy, t.data, t.len);
        copy[i] = copy[i] == '1' ? '2' : '1';

        assert_int_equal(cxr_ticket_open(ring, cxr_str("1:A:"),
                                         cxr_strn(copy, t.len), arena, &ref),
                         CXR_INVALID);
    }

    for (i = 0; i < t.len; i++) {
        assert_int_equal(cxr_ticket_open(ring, cxr_str("1:A:"),
                                         cxr_strn(t.data, i), arena, &ref),
                         CXR_INVALID);
    }

    assert_false(cxr_ticket_like(cxr_str("\"><script>")));
    assert_false(cxr_ticket_like(CXR_STR_NONE));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_opens),
        cmocka_unit_test(test_altered)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
