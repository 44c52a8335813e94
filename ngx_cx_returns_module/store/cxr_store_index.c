
/*
 * Keeps "ix_find" true: when an RMA is made, when a parcel of it or of its
 * order is named, and when the order's person changes or goes.
 */

#include "cxr_store_find_private.h"


/* What a person is found by. */
typedef struct {
    uint8_t      tag;
    uint8_t      hash[CXR_FIND_HASH];
} cxr_find_token_t;

typedef struct {
    cxr_find_token_t  items[CXR_FIND_WORDS_MAX + 2];
    unsigned          n;
} cxr_find_tokens_t;


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


/* Of a box that cannot be read (erased, another key) there are none. */
static cxr_rc_t
cxr_tokens_of(cxr_writer_t *w, uint32_t shop, cxr_str_t order, cxr_str_t box,
    cxr_find_tokens_t *t)
{
    char          text[256];
    size_t        n;
    cxr_rc_t      rc;
    unsigned      words;
    cxr_str_t     name;
    cxr_person_t  person;

    t->n = 0;

    rc = cxr_person_unbox(w, shop, order, box, &person);
    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_OK : rc;
    }

    if (cxr_fold_email(person.email, text, &n) == CXR_OK) {
        cxr_tokens_add(w, CXR_FIND_TAG_EMAIL, cxr_strn(text, n), t);
    }

    if (cxr_fold_phone(person.phone, text, &n) == CXR_OK) {
        cxr_tokens_add(w, CXR_FIND_TAG_PHONE, cxr_strn(text, n), t);
    }

    name = person.name;

    for (words = 0; words < CXR_FIND_WORDS_MAX; words++) {
        n = cxr_fold_word(&name, text);
        if (n == 0) {
            break;
        }

        cxr_tokens_add(w, CXR_FIND_TAG_WORD, cxr_strn(text, n), t);
    }

    return CXR_OK;
}


/* ---- one entry ---- */

static cxr_rc_t
cxr_find_set(cxr_writer_t *w, uint32_t shop, uint8_t tag, cxr_str_t value,
    const cxr_rma_t *rma, bool put)
{
    cxr_dbkey_t  key;

    cxr_dbkey_find(&key, shop, tag, value);
    cxr_dbkey_u64(&key, ~(uint64_t) rma->created_at);
    cxr_dbkey_str(&key, rma->id);

    return put ? cxr_writer_put(w, CXR_T_IX_FIND, &key, CXR_STR_NONE)
               : cxr_writer_del(w, CXR_T_IX_FIND, &key);
}


/* Those of "t" that "but" does not have. */
static cxr_rc_t
cxr_find_tokens(cxr_writer_t *w, uint32_t shop, const cxr_find_tokens_t *t,
    const cxr_find_tokens_t *but, const cxr_rma_t *rma, bool put)
{
    cxr_rc_t  rc = CXR_OK;
    unsigned  i;

    for (i = 0; i < t->n && rc == CXR_OK; i++) {
        if (but == NULL || !cxr_tokens_have(but, &t->items[i])) {
            rc = cxr_find_set(w, shop, t->items[i].tag,
                              cxr_strn(t->items[i].hash, CXR_FIND_HASH), rma,
                              put);
        }
    }

    return rc;
}


static bool
cxr_order_has_parcel(const cxr_order_t *order, cxr_str_t number)
{
    uint32_t  i;

    for (i = 0; i < order->parcels.n; i++) {
        if (cxr_str_eq(order->parcels.items[i].number, number)) {
            return true;
        }
    }

    return false;
}


static bool
cxr_rma_has_parcel(const cxr_rma_t *rma, cxr_str_t number)
{
    uint32_t  i;

    for (i = 0; i < rma->parcels.n; i++) {
        if (cxr_str_eq(rma->parcels.items[i].number, number)) {
            return true;
        }
    }

    return false;
}


/* ---- what events change ---- */

cxr_rc_t
cxr_find_rma(cxr_writer_t *w, uint32_t shop, const cxr_order_t *order,
    uint32_t parcels, const cxr_rma_t *rma, bool existed)
{
    uint32_t           i;
    cxr_rc_t           rc = CXR_OK;
    cxr_find_tokens_t  tokens;

    /* parcels are only ever added */

    for (i = existed ? parcels : 0; i < rma->parcels.n && rc == CXR_OK; i++) {
        rc = cxr_find_set(w, shop, CXR_FIND_TAG_PARCEL,
                          rma->parcels.items[i].number, rma, true);
    }

    if (existed || rc != CXR_OK) {
        return rc;
    }

    rc = cxr_find_set(w, shop, CXR_FIND_TAG_ORDER, rma->order, rma, true);

    for (i = 0; i < order->parcels.n && rc == CXR_OK; i++) {
        rc = cxr_find_set(w, shop, CXR_FIND_TAG_PARCEL,
                          order->parcels.items[i].number, rma, true);
    }

    if (rc == CXR_OK) {
        rc = cxr_tokens_of(w, shop, rma->order, order->person, &tokens);
    }

    return rc == CXR_OK
           ? cxr_find_tokens(w, shop, &tokens, NULL, rma, true) : rc;
}


static cxr_rc_t
cxr_find_parcels(cxr_writer_t *w, uint32_t shop, const cxr_order_t *was,
    const cxr_order_t *is, const cxr_rma_t *rma)
{
    uint32_t   i;
    cxr_rc_t   rc = CXR_OK;
    cxr_str_t  number;

    for (i = 0; i < was->parcels.n && rc == CXR_OK; i++) {
        number = was->parcels.items[i].number;

        if (!cxr_order_has_parcel(is, number)
            && !cxr_rma_has_parcel(rma, number))
        {
            rc = cxr_find_set(w, shop, CXR_FIND_TAG_PARCEL, number, rma,
                              false);
        }
    }

    for (i = 0; i < is->parcels.n && rc == CXR_OK; i++) {
        number = is->parcels.items[i].number;

        if (!cxr_order_has_parcel(was, number)
            && !cxr_rma_has_parcel(rma, number))
        {
            rc = cxr_find_set(w, shop, CXR_FIND_TAG_PARCEL, number, rma, true);
        }
    }

    return rc;
}


cxr_rc_t
cxr_find_order(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    const cxr_order_t *was, const cxr_order_t *is)
{
    bool               person;
    uint32_t           i;
    cxr_rc_t           rc = CXR_OK;
    cxr_slot_t        *s;
    cxr_dbkey_t        key;
    cxr_find_tokens_t  before, after;

    if (is->rmas.n == 0) {
        return CXR_OK;
    }

    person = !cxr_str_eq(was->person, is->person);

    if (person) {
        rc = cxr_tokens_of(w, shop, id, was->person, &before);
        if (rc == CXR_OK) {
            rc = cxr_tokens_of(w, shop, id, is->person, &after);
        }
    }

    for (i = 0; i < is->rmas.n && rc == CXR_OK; i++) {
        cxr_dbkey_one(&key, shop, is->rmas.items[i]);

        rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);

        if (rc == CXR_OK && !s->exists) {
            rc = CXR_ERROR;
        }

        if (rc == CXR_OK) {
            rc = cxr_find_parcels(w, shop, was, is, s->obj);
        }

        if (rc == CXR_OK && person) {
            rc = cxr_find_tokens(w, shop, &before, &after, s->obj, false);
        }

        if (rc == CXR_OK && person) {
            rc = cxr_find_tokens(w, shop, &after, &before, s->obj, true);
        }
    }

    return rc;
}
