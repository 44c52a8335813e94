
/*
 * A list of people from any bytes: sorted items, each once, or the line that
 * is wrong and why; and whoever the bytes are the e-mail address, telephone
 * and street of is looked for in it.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_people.h"
#include "cxr_text.h"

#define FUZZ_ARENA  ((size_t) 64 << 20)

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char           kind, phone[CXR_PHONE_DIGITS + 1];
    uint32_t       i, line;
    cxr_rc_t       rc;
    cxr_str_t      text, item;
    cxr_arena_t   *a;
    const char    *what;
    cxr_people_t   people;
    cxr_person_t   person;

    a = cxr_arena_create(FUZZ_ARENA);
    FUZZ_CHECK(a != NULL);

    memset(&people, 0, sizeof(people));
    text = cxr_strn((const char *) data, size);
    rc = cxr_people_parse(text, a, &people, &line, &what);

    FUZZ_CHECK(rc == CXR_OK || rc == CXR_INVALID || rc == CXR_LIMIT);
    FUZZ_CHECK(people.items.n <= CXR_PEOPLE_MAX);
    FUZZ_CHECK(rc == CXR_OK || (line >= 1 && what[0] != '\0'));

    if (rc != CXR_OK) {
        cxr_arena_destroy(a);
        return 0;
    }

    for (i = 0; i < people.items.n; i++) {
        item = people.items.items[i];

        FUZZ_CHECK(item.len >= 2);
        FUZZ_CHECK(memchr("epa", item.data[0], 3) != NULL);
        FUZZ_CHECK(i == 0 || !cxr_str_eq(item, people.items.items[i - 1]));

        /* whoever is an item herself stands on the list */

        memset(&person, 0, sizeof(person));
        kind = *item.data++;
        item.len--;

        if (kind == 'e') {
            person.email = item;

        } else if (kind == 'p') {

            /* the last digits of a number, the first of which may be a 0: there
               was something before them */

            if (item.len == CXR_PHONE_DIGITS) {
                phone[0] = '9';
                memcpy(phone + 1, item.data, item.len);
                item = cxr_strn(phone, sizeof(phone));
            }

            person.phone = item;

        } else {
            person.address = item;
        }

        FUZZ_CHECK(cxr_people_have(&people, &person));
    }

    memset(&person, 0, sizeof(person));
    person.email = text;
    person.phone = text;
    person.address = text;
    (void) cxr_people_have(&people, &person);

    cxr_arena_destroy(a);

    return 0;
}
