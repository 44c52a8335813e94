
/*
 * Lists of people: what a line may be, what is found whichever way somebody
 * writes it, and what is not.
 */

#include "policy_kit.h"


static cxr_arena_t  *arena;


static int
setup(void **state)
{
    arena = cxr_arena_create((size_t) 64 << 20);
    return arena == NULL;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    return 0;
}


static bool
listed(const char *text, const char *email, const char *phone,
    const char *address, const char *postcode, const char *city)
{
    uint32_t       line;
    const char    *what;
    cxr_people_t   people;
    cxr_person_t   person;

    memset(&people, 0, sizeof(people));
    memset(&person, 0, sizeof(person));

    if (cxr_people_parse(cxr_strz(text), arena, &people, &line, &what)
        != CXR_OK)
    {
        fail_msg("%u: %s", line, what);
    }

    person.email = cxr_strz(email);
    person.phone = cxr_strz(phone);
    person.address = cxr_strz(address);
    person.postcode = cxr_strz(postcode);
    person.city = cxr_strz(city);

    return cxr_people_have(&people, &person);
}


#define MAIL(list, mail)  listed(list, mail, "", "", "", "")
#define CALL(list, phone) listed(list, "", phone, "", "", "")
#define LIVES(list, street, code, city)  listed(list, "", "", street, code, city)


static void
test_email(void **state)
{
    assert_true(MAIL("ayse@example.com\n", "Ayse@Example.COM"));
    assert_true(MAIL("\xEF\xBB\xBF" "customer;why\r\n\r\n# of May\r\n"
                     "\" AYSE@example.com \";\"twice, in May\"\r\n",
                     "ayse@example.com"));
    assert_false(MAIL("ayse@example.com", "ayse@example.org"));
    assert_false(MAIL("ayse@example.com", "xayse@example.com"));
    assert_false(MAIL("ayse@example.com", ""));
    assert_false(MAIL("", "ayse@example.com"));
    assert_false(MAIL("#ayse@example.com", "ayse@example.com"));
}


static void
test_phone(void **state)
{
    assert_true(CALL("+90 555 123 45 67,why", "0555 1234567"));
    assert_true(CALL("05551234567", "+90 (555) 123-45-67"));
    assert_false(CALL("05551234567", "+90 555 123 45 68"));
    assert_false(CALL("05551234567", ""));
}


static void
test_address(void **state)
{
    static const char  street[] = "Moda Mah. Gül Sokağı No: 12/3";

    assert_true(LIVES("\"GUL SOKAGI, NO 12\"", street, "34710", "İstanbul"));
    assert_true(LIVES("34710 istanbul", street, "34710", "İstanbul"));
    assert_true(LIVES("moda", street, "34710", "İstanbul"));
    assert_true(LIVES("istanbul", street, "34710", "İstanbul"));
    assert_true(LIVES("mah gul sokagi no 12 3 34710 istanbul", street, "34710",
                      "İstanbul"));
    assert_false(LIVES("gul no", street, "34710", "İstanbul"));
    assert_false(LIVES("gu", street, "34710", "İstanbul"));
    assert_false(LIVES("sokagi gul", street, "34710", "İstanbul"));
    assert_false(LIVES("moda", "", "", ""));

    /* one of many, and each once */

    assert_true(LIVES("a\nz\ngul\nm\nb\nz\na\n", street, "", ""));
    assert_false(LIVES("a\nz\nm\nb\nz\na\n", street, "", ""));
}


typedef struct {
    const char  *text;
    uint32_t     line;
    const char  *what;
} fault_t;

static const fault_t  faults[] = {
    { "a@b.example\nc@\n", 2, "no e-mail address" },
    { "customer\n\n,why\n", 3, "must begin with" },
    { "customer\ncustomer,\n\"\"\n", 3, "must begin with" },
    { "1 2 3 a b c d e f", 1, "8 words" },
    { "a\n\xff\n", 2, "UTF-8" },
};


static void
test_faults(void **state)
{
    size_t         i;
    uint32_t       line;
    cxr_buf_t      buf;
    const char    *what;
    cxr_people_t   people;

    memset(&people, 0, sizeof(people));

    for (i = 0; i < cxr_nelts(faults); i++) {
        assert_int_equal(cxr_people_parse(cxr_strz(faults[i].text), arena,
                                          &people, &line, &what),
                         CXR_INVALID);
        assert_int_equal(line, faults[i].line);
        assert_non_null(strstr(what, faults[i].what));
    }

    cxr_buf_init(&buf, (size_t) 4 << 20);

    for (i = 0; i < CXR_PEOPLE_MAX; i++) {
        cxr_buf_addf(&buf, "p%zu@b.example\n", i);
    }

    assert_int_equal(cxr_people_parse(cxr_buf_str(&buf), arena, &people,
                                      &line, &what), CXR_OK);
    assert_int_equal(people.items.n, CXR_PEOPLE_MAX);

    cxr_buf_addz(&buf, "one@more.example\n");
    assert_int_equal(cxr_people_parse(cxr_buf_str(&buf), arena, &people,
                                      &line, &what), CXR_LIMIT);
    assert_int_equal(line, CXR_PEOPLE_MAX + 1);
    cxr_buf_free(&buf);
}


static void
test_rules(void **state)
{
    static kit_t  kit;

    kit_begin(&kit, arena);
    kit_policy(&kit,
        "\"lists\":{\"watch\":\"w.csv\",\"never\":\"n.csv\"},"
        "\"rules\":["
        "{\"id\":\"n\",\"when\":{\"customer_list\":\"never\"},"
        "\"then\":{\"shipping_fee\":9}},"
        "{\"id\":\"any\",\"when\":{\"customer_list\":[\"watch\",\"never\"]},"
        "\"then\":{\"shipping_fee\":5}}]");

    assert_true(cxr_policy_wants_history(&kit.shop->policy));

    /* not known who it is: on no list */

    kit.history.lists = 3;
    assert_int_equal(kit_judge(&kit, "whim").offers[0].shipping_fee, 0);

    kit.history.person = true;
    assert_int_equal(kit_judge(&kit, "whim").offers[0].shipping_fee, 9);
    kit.history.lists = 1;
    assert_int_equal(kit_judge(&kit, "whim").offers[0].shipping_fee, 5);
    kit.history.lists = 0;
    assert_int_equal(kit_judge(&kit, "whim").offers[0].shipping_fee, 0);

    assert_int_equal(kit_parse(&kit, "\"lists\":{\"watch\":\"w.csv\"},\"rules\":"
        "[{\"id\":\"n\",\"when\":{\"customer_list\":[\"wacht\"]},"
        "\"then\":{\"shipping_fee\":9}}]"), CXR_INVALID);
    assert_string_equal(kit.diags[0].where,
                        "/policy/rules/0/when/customer_list");
    assert_non_null(strstr(kit.diags[0].text, "\"wacht\""));

    assert_int_equal(kit_parse(&kit, "\"lists\":{\"watch\":7}"), CXR_INVALID);
    assert_string_equal(kit.diags[0].where, "/policy/lists/watch");

    cxr_shop_free(kit.shop);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_email),
        cmocka_unit_test(test_phone),
        cmocka_unit_test(test_address),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_rules),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
