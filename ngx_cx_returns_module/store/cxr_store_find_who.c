
/*
 * What a person is found by: keyed hashes of the address, of the telephone
 * number and of the words of the name.
 */

#include "cxr_store_find_private.h"


void
cxr_find_hash(const cxr_keyring_t *ring, uint8_t tag, cxr_str_t value,
    uint8_t out[CXR_FIND_HASH])
{
    uint8_t    blind[16];
    cxr_str_t  purpose;

    purpose = tag == CXR_FIND_TAG_EMAIL ? cxr_str("find.email")
              : tag == CXR_FIND_TAG_PHONE ? cxr_str("find.phone")
                                          : cxr_str("find.word");

    cxr_blind_index(ring, purpose, value, blind);
    memcpy(out, blind, CXR_FIND_HASH);
}


static bool
cxr_tokens_have(const cxr_find_tokens_t *t, const cxr_find_token_t *one)
{
    unsigned  i;

    for (i = 0; i < t->n; i++) {
        if (memcmp(&t->items[i], one, sizeof(*one)) == 0) {
            return true;
        }
    }

    return false;
}


static void
cxr_tokens_add(cxr_writer_t *w, uint8_t tag, cxr_str_t value,
    cxr_find_tokens_t *t)
{
    cxr_find_token_t  one;

    one.tag = tag;
    cxr_find_hash(w->store->ring, tag, value, one.hash);

    if (!cxr_tokens_have(t, &one)) {
        t->items[t->n++] = one;
    }
}


static void
cxr_tokens_person(cxr_writer_t *w, const cxr_person_t *person,
    cxr_find_tokens_t *t)
{
    char       text[256];
    size_t     n;
    unsigned   words;
    cxr_str_t  name;

    if (cxr_fold_email(person->email, text, &n) == CXR_OK) {
        cxr_tokens_add(w, CXR_FIND_TAG_EMAIL, cxr_strn(text, n), t);
    }

    if (cxr_fold_phone(person->phone, text, &n) == CXR_OK) {
        cxr_tokens_add(w, CXR_FIND_TAG_PHONE, cxr_strn(text, n), t);
    }

    name = person->name;

    for (words = 0; words < CXR_FIND_WORDS_MAX; words++) {
        n = cxr_fold_word(&name, text);
        if (n == 0) {
            break;
        }

        cxr_tokens_add(w, CXR_FIND_TAG_WORD, cxr_strn(text, n), t);
    }
}


cxr_rc_t
cxr_tokens_of(cxr_writer_t *w, uint32_t shop, cxr_str_t order, cxr_str_t box,
    cxr_find_tokens_t *t)
{
    cxr_rc_t      rc;
    cxr_person_t  person;

    t->n = 0;
    rc = cxr_person_unbox(w, shop, order, CXR_BOX_PERSON, box, &person);

    if (rc == CXR_OK) {
        cxr_tokens_person(w, &person, t);
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


cxr_rc_t
cxr_tokens_recipient(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    cxr_find_tokens_t *t)
{
    cxr_rc_t      rc;
    cxr_person_t  person;

    t->n = 0;
    rc = cxr_recipient_unbox(w, shop, rma, &person);

    if (rc == CXR_OK) {
        cxr_tokens_person(w, &person, t);
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}
