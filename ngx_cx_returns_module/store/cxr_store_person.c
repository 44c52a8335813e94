
/*
 * Personal data in the store: each order's own key in "persons", boxes sealed
 * under it, the blind index of e-mails, and opening for reading.
 */

#include "cxr_store_private.h"
#include "cxr_text.h"


cxr_str_t
cxr_box_aad(cxr_box_t box, uint32_t shop, cxr_str_t order,
    uint8_t out[CXR_AAD_MAX])
{
    size_t  n = order.len < CXR_NUMBER_MAX ? order.len : CXR_NUMBER_MAX;

    out[0] = (uint8_t) box;
    out[1] = (uint8_t) (shop >> 24);
    out[2] = (uint8_t) (shop >> 16);
    out[3] = (uint8_t) (shop >> 8);
    out[4] = (uint8_t) shop;

    if (n != 0) {
        memcpy(out + 5, order.data, n);
    }

    return cxr_strn(out, 5 + n);
}


static void
cxr_key_wipe(cxr_order_key_t *k)
{
    if (k->have) {
        cxr_wipe(k, sizeof(*k));
    }

    k->have = false;
    k->fresh = false;
}


void
cxr_person_key_forget(cxr_writer_t *w)
{
    unsigned  i;

    for (i = 0; i < cxr_nelts(w->keys); i++) {
        cxr_key_wipe(&w->keys[i]);
    }

    w->okey = &w->keys[0];
}


void
cxr_person_key_unmade(cxr_writer_t *w)
{
    unsigned  i;

    for (i = 0; i < cxr_nelts(w->keys); i++) {
        if (w->keys[i].fresh) {
            cxr_key_wipe(&w->keys[i]);
        }
    }
}


/* The place of that name's key, or of the one that is to go for it: not what was
   made and is not written yet, if there is another. */

static cxr_order_key_t *
cxr_key_place(cxr_writer_t *w, uint32_t shop, cxr_str_t name)
{
    unsigned          i;
    cxr_order_key_t  *k, *other;

    for (i = 0; i < cxr_nelts(w->keys); i++) {
        k = &w->keys[i];

        if (k->have && k->shop == shop
            && cxr_str_eq(cxr_strn(k->order, k->order_len), name))
        {
            return k;
        }
    }

    other = w->okey == &w->keys[0] ? &w->keys[1] : &w->keys[0];

    return other->fresh ? w->okey : other;
}


cxr_rc_t
cxr_person_key_load(cxr_writer_t *w, uint32_t shop, cxr_str_t order, bool make)
{
    uint8_t           mem[CXR_AAD_MAX];
    MDB_val           v;
    cxr_rc_t          rc;
    cxr_buf_t         b;
    cxr_str_t         aad;
    cxr_dbkey_t       key;
    cxr_order_key_t  *k;

    if (order.len > CXR_NUMBER_MAX) {
        return CXR_LIMIT;
    }

    k = cxr_key_place(w, shop, order);
    w->okey = k;

    if (k->have && k->shop == shop
        && cxr_str_eq(cxr_strn(k->order, k->order_len), order))
    {
        return CXR_OK;
    }

    if (w->store->ring == NULL) {
        return CXR_ERROR;
    }

    cxr_key_wipe(k);
    aad = cxr_box_aad(CXR_BOX_KEY, shop, order, mem);
    cxr_dbkey_one(&key, shop, order);

    rc = cxr_writer_get(w, CXR_T_PERSONS, &key, &v);

    if (rc == CXR_OK) {
        rc = cxr_person_key_open(w->store->ring, aad, cxr_mdb_str(v), k->key);
        if (rc != CXR_OK) {
            /* never made anew: notes may be sealed under it */
            return CXR_FORGED;
        }

        k->fresh = false;

    } else if (rc == CXR_NOTFOUND && make) {
        cxr_buf_init_fixed(&b, k->wrapped, sizeof(k->wrapped));

        rc = cxr_person_key_new(w->store->ring, aad, k->key, &b);
        if (rc != CXR_OK || !cxr_buf_ok(&b)) {
            return CXR_ERROR;
        }

        k->wrapped_len = b.len;
        k->fresh = true;

    } else {
        return rc;
    }

    k->have = true;
    k->shop = shop;
    k->order_len = order.len;
    memcpy(k->order, order.data, order.len);

    return CXR_OK;
}


cxr_rc_t
cxr_person_key_save(cxr_writer_t *w)
{
    cxr_rc_t          rc = CXR_OK;
    unsigned          i;
    cxr_dbkey_t       key;
    cxr_order_key_t  *k;

    for (i = 0; rc == CXR_OK && i < cxr_nelts(w->keys); i++) {
        k = &w->keys[i];

        if (!k->have || !k->fresh) {
            continue;
        }

        cxr_dbkey_one(&key, k->shop, cxr_strn(k->order, k->order_len));
        rc = cxr_writer_put(w, CXR_T_PERSONS, &key,
                            cxr_strn(k->wrapped, k->wrapped_len));
        if (rc == CXR_OK) {
            k->fresh = false;
        }
    }

    return rc;
}


cxr_rc_t
cxr_person_key_drop(cxr_writer_t *w, uint32_t shop, cxr_str_t name)
{
    cxr_dbkey_t  key;

    cxr_person_key_forget(w);
    cxr_dbkey_one(&key, shop, name);

    return cxr_writer_del(w, CXR_T_PERSONS, &key);
}


cxr_rc_t
cxr_box_seal(cxr_writer_t *w, cxr_box_t kind, cxr_str_t plain, cxr_str_t *box)
{
    uint8_t           mem[CXR_AAD_MAX];
    cxr_rc_t          rc;
    cxr_buf_t         b;
    cxr_str_t         aad;
    cxr_order_key_t  *k = w->okey;

    aad = cxr_box_aad(kind, k->shop, cxr_strn(k->order, k->order_len), mem);
    cxr_buf_init(&b, plain.len + 128);

    rc = cxr_person_seal(k->key, aad, plain, &b);
    if (rc == CXR_OK && !cxr_buf_ok(&b)) {
        rc = CXR_NOMEM;
    }

    if (rc == CXR_OK) {
        rc = cxr_str_dup(w->scratch, cxr_buf_str(&b), box);
    }

    cxr_buf_free(&b);

    return rc;
}


cxr_rc_t
cxr_person_box(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_box_t kind, cxr_str_t old, const cxr_person_t *person, cxr_str_t *box)
{
    uint8_t       mem[CXR_AAD_MAX];
    cxr_rc_t      rc;
    cxr_buf_t     b;
    cxr_str_t     plain, was;
    cxr_person_t  had;

    rc = cxr_person_key_load(w, shop, order, true);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init(&b, CXR_RECORD_MAX + CXR_RECORD_ROOM);
    rc = cxr_rec_encode(&cxr_person_type, person, 0, &b);
    plain = cxr_buf_str(&b);

    if (rc == CXR_OK && old.len != 0 && !w->okey->fresh
        && cxr_person_open(w->okey->key,
                           cxr_box_aad(kind, shop, order, mem),
                           old, w->scratch, &was)
           == CXR_OK
        && cxr_rec_decode(&cxr_person_type, was.data, was.len, &had,
                          w->scratch)
           == CXR_OK
        && cxr_rec_equal(&cxr_person_type, &had, person))
    {
        *box = old;

    } else if (rc == CXR_OK) {
        rc = cxr_box_seal(w, kind, plain, box);
    }

    if (b.data != NULL) {
        cxr_wipe(b.data, b.len);
    }

    cxr_buf_free(&b);

    return rc;
}


cxr_rc_t
cxr_note_box(cxr_writer_t *w, uint32_t shop, cxr_str_t order, cxr_str_t note,
    cxr_str_t *box)
{
    cxr_rc_t  rc;

    rc = cxr_person_key_load(w, shop, order, true);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_box_seal(w, CXR_BOX_NOTE, note, box);
}


cxr_rc_t
cxr_statement_box(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    const cxr_statement_t *st, cxr_str_t *box)
{
    cxr_rc_t   rc;
    cxr_buf_t  b;

    rc = cxr_person_key_load(w, shop, id, true);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init(&b, CXR_RECORD_MAX);
    rc = cxr_rec_encode(&cxr_statement_type, st, 0, &b);

    if (rc == CXR_OK) {
        rc = cxr_box_seal(w, CXR_BOX_STATEMENT, cxr_buf_str(&b), box);
    }

    if (b.data != NULL) {
        cxr_wipe(b.data, b.len);
    }

    cxr_buf_free(&b);

    return rc;
}


cxr_rc_t
cxr_person_unbox(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_box_t kind, cxr_str_t box, cxr_person_t *person)
{
    uint8_t    mem[CXR_AAD_MAX];
    cxr_rc_t   rc;
    cxr_str_t  plain;

    if (box.len == 0) {
        return CXR_NOTFOUND;
    }

    rc = cxr_person_key_load(w, shop, order, false);
    if (rc != CXR_OK) {
        return rc;
    }

    /* of a time with another key: erased, and sent again since */

    if (cxr_person_open(w->okey->key,
                        cxr_box_aad(kind, shop, order, mem), box,
                        w->scratch, &plain)
        != CXR_OK
        || cxr_rec_decode(&cxr_person_type, plain.data, plain.len, person,
                          w->scratch)
           != CXR_OK)
    {
        return CXR_NOTFOUND;
    }

    return CXR_OK;
}


/* The blind index of the e-mail in a box.  False: there is none that can be
   read (erased, another key, no e-mail): then nothing stands in the index. */
static bool
cxr_box_blind(cxr_writer_t *w, uint32_t shop, cxr_str_t order, cxr_str_t box,
    uint8_t blind[16])
{
    char          folded[256];
    size_t        n;
    cxr_person_t  person;

    if (cxr_person_unbox(w, shop, order, CXR_BOX_PERSON, box, &person)
        != CXR_OK
        || cxr_fold_email(person.email, folded, &n) != CXR_OK)
    {
        return false;
    }

    cxr_blind_index(w->store->ring, cxr_str("email"), cxr_strn(folded, n),
                    blind);

    return true;
}


cxr_rc_t
cxr_person_index(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_str_t before, cxr_str_t after)
{
    bool         had, has;
    uint8_t      old[16], new[16];
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (cxr_str_eq(before, after)) {
        return CXR_OK;
    }

    rc = cxr_person_key_load(w, shop, order, false);

    if (rc == CXR_NOTFOUND) {
        return CXR_OK;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    had = cxr_box_blind(w, shop, order, before, old);
    has = cxr_box_blind(w, shop, order, after, new);

    if (had && has && memcmp(old, new, sizeof(old)) == 0) {
        return CXR_OK;
    }

    if (had) {
        cxr_dbkey_ix_email(&key, shop, old, order);
        rc = cxr_writer_del(w, CXR_T_IX_EMAIL, &key);
        if (rc != CXR_OK) {
            return rc;
        }
    }

    if (!has) {
        return CXR_OK;
    }

    cxr_dbkey_ix_email(&key, shop, new, order);

    return cxr_writer_put(w, CXR_T_IX_EMAIL, &key, CXR_STR_NONE);
}


/* ---- reading ---- */

static bool
cxr_person_key_opens(const cxr_store_t *store, const MDB_val *k,
    const MDB_val *v)
{
    bool            opens;
    uint8_t         mem[CXR_AAD_MAX], key[CXR_PERSON_KEY_LEN];
    const uint8_t  *p = k->mv_data;

    if (k->mv_size < 4) {
        return true;
    }

    opens = cxr_person_key_open(store->ring,
                                cxr_box_aad(CXR_BOX_KEY, cxr_be32(p),
                                            cxr_strn((const char *) p + 4,
                                                     k->mv_size - 4), mem),
                                cxr_mdb_str(*v), key) == CXR_OK;
    cxr_wipe(key, sizeof(key));

    return opens;
}


/*
 * Under a ring that is not the store's, what is written would be lost as soon
 * as the right one is back.  One record that opens is enough: another may be
 * damaged, or of a time with another ring.
 */
cxr_rc_t
cxr_person_ring(cxr_store_t *store, cxr_diag_t *d)
{
    int          rc;
    bool         fits;
    MDB_val      k, v;
    MDB_txn     *txn;
    MDB_cursor  *cur;

    rc = cxr_store_txn_begin(store, MDB_RDONLY, &txn);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_diag(store, rc, "cannot begin", d);
    }

    rc = mdb_cursor_open(txn, store->dbi[CXR_T_PERSONS], &cur);

    if (rc == MDB_SUCCESS) {
        rc = mdb_cursor_get(cur, &k, &v, MDB_FIRST);
        fits = rc != MDB_SUCCESS || cxr_person_key_opens(store, &k, &v);

        if (!fits) {
            rc = mdb_cursor_get(cur, &k, &v, MDB_LAST);
            fits = rc == MDB_SUCCESS && cxr_person_key_opens(store, &k, &v);
        }

        mdb_cursor_close(cur);

    } else {
        fits = true;
    }

    mdb_txn_abort(txn);
    cxr_store_txn_done(store);

    if (!fits) {
        return cxr_diag(d, CXR_INVALID, "", "the personal data in it is sealed "
                        "with other keys than those of the key ring that is "
                        "given: give the store's own ring, or its copy");
    }

    return rc == MDB_SUCCESS || rc == MDB_NOTFOUND
           ? CXR_OK : cxr_mdb_diag(store, rc, "cannot read", d);
}


/* A box of the usual size under a key of nobody's. */
cxr_rc_t
cxr_person_dummy(cxr_store_t *store)
{
    uint8_t       mem[CXR_AAD_MAX], key[CXR_PERSON_KEY_LEN];
    cxr_rc_t      rc;
    cxr_buf_t     b;
    cxr_person_t  p;

    memset(&p, 0, sizeof(p));
    p.name = cxr_str("Nobody Nobodyson");
    p.email = cxr_str("nobody@nowhere.example");
    p.phone = cxr_str("+900000000000");
    p.address = cxr_str("Nowhere Street 1, Flat 1");
    p.postcode = cxr_str("00000");
    p.city = cxr_str("Nowhere");
    p.region = cxr_str("");

    rc = cxr_person_key_new(store->ring,
                            cxr_box_aad(CXR_BOX_KEY, 0, CXR_STR_NONE, mem),
                            key, &store->dummy_wrapped);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_buf_init(&b, 4096);
    rc = cxr_rec_encode(&cxr_person_type, &p, 0, &b);

    if (rc == CXR_OK) {
        rc = cxr_person_seal(key,
                             cxr_box_aad(CXR_BOX_PERSON, 0, CXR_STR_NONE, mem),
                             cxr_buf_str(&b), &store->dummy_box);
    }

    cxr_buf_free(&b);
    cxr_wipe(key, sizeof(key));

    return rc;
}


static cxr_rc_t
cxr_read_box(cxr_read_t *rd, uint32_t shop, cxr_str_t order, cxr_str_t wrapped,
    cxr_box_t kind, cxr_str_t box, cxr_arena_t *a, cxr_str_t *plain)
{
    uint8_t   mem[CXR_AAD_MAX], key[CXR_PERSON_KEY_LEN];
    cxr_rc_t  rc;

    rc = cxr_person_key_open(rd->store->ring,
                             cxr_box_aad(CXR_BOX_KEY, shop, order, mem),
                             wrapped, key);
    if (rc != CXR_OK) {
        return CXR_FORGED;
    }

    rc = cxr_person_open(key, cxr_box_aad(kind, shop, order, mem), box, a,
                         plain);
    cxr_wipe(key, sizeof(key));

    return rc;
}


static cxr_rc_t
cxr_read_wrapped(cxr_read_t *rd, uint32_t shop, cxr_str_t order,
    cxr_str_t *wrapped)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop, order);
    if (key.over) {
        return CXR_LIMIT;
    }

    k = cxr_dbkey_val(&key);
    rc = mdb_get(rd->txn, rd->store->dbi[CXR_T_PERSONS], &k, &v);

    if (rc == MDB_SUCCESS) {
        *wrapped = cxr_mdb_str(v);
    }

    return cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_secret(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t order,
    const char *purpose, uint8_t out[CXR_SECRET_LEN])
{
    uint8_t    mem[CXR_AAD_MAX], key[CXR_PERSON_KEY_LEN];
    cxr_rc_t   rc;
    cxr_str_t  wrapped;

    if (rd->store->ring == NULL) {
        return CXR_NOTFOUND;
    }

    rc = cxr_read_wrapped(rd, shop->key, order, &wrapped);

    if (rc == CXR_OK) {
        rc = cxr_person_key_open(rd->store->ring,
                                 cxr_box_aad(CXR_BOX_KEY, shop->key, order,
                                             mem),
                                 wrapped, key);
    }

    if (rc == CXR_OK) {
        cxr_hash(out, CXR_SECRET_LEN, purpose, strlen(purpose), key,
                 sizeof(key));
        cxr_wipe(key, sizeof(key));
    }

    return rc;
}


cxr_rc_t
cxr_read_person(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_order_t *order, cxr_arena_t *a, cxr_person_t *person)
{
    char          folded[CXR_NUMBER_MAX];
    bool          there = false;
    size_t        n = 0;
    uint32_t      key = shop->key;
    cxr_rc_t      rc;
    cxr_str_t     id = CXR_STR_NONE, box = CXR_STR_NONE, wrapped, plain;

    if (rd->store->ring == NULL) {
        return CXR_ERROR;
    }

    if (order != NULL
        && cxr_fold_number(order->number, folded, &n) == CXR_OK)
    {
        id = cxr_strn(folded, n);
        box = order->person;
    }

    /* the same look-up and the same two openings, whatever is there */
    rc = cxr_read_wrapped(rd, key, id.len ? id : cxr_str("-"), &wrapped);

    if (rc == CXR_OK && box.len != 0) {
        there = true;

    } else if (rc == CXR_OK || rc == CXR_NOTFOUND) {
        key = 0;
        id = CXR_STR_NONE;
        wrapped = cxr_buf_str(&rd->store->dummy_wrapped);
        box = cxr_buf_str(&rd->store->dummy_box);

    } else {
        return rc;
    }

    rc = cxr_read_box(rd, key, id, wrapped, CXR_BOX_PERSON, box, a, &plain);

    if (rc == CXR_OK) {
        rc = cxr_rec_decode(&cxr_person_type, plain.data, plain.len, person,
                            a);
    }

    if (!there) {
        memset(person, 0, sizeof(cxr_person_t));
        return CXR_NOTFOUND;
    }

    return rc;
}


cxr_rc_t
cxr_read_by_email(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t email,
    unsigned max, cxr_arena_t *a, cxr_strs_t *orders)
{
    int          rc;
    char         folded[256];
    size_t       n;
    uint8_t      blind[16];
    MDB_val      k, v;
    cxr_rc_t     crc;
    cxr_str_t   *s;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    orders->n = 0;
    orders->items = NULL;

    if (rd->store->ring == NULL) {
        return CXR_ERROR;
    }

    if (max == 0 || max > CXR_BY_EMAIL_MAX) {
        return CXR_INVALID;
    }

    crc = cxr_fold_email(email, folded, &n);
    if (crc != CXR_OK) {
        return CXR_INVALID;
    }

    cxr_blind_index(rd->store->ring, cxr_str("email"), cxr_strn(folded, n),
                    blind);
    cxr_dbkey_ix_email(&prefix, shop->key, blind, CXR_STR_NONE);

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_EMAIL], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && orders->n < max
         && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        s = cxr_list_push(a, orders, sizeof(cxr_str_t));
        if (s == NULL) {
            mdb_cursor_close(cur);
            return CXR_NOMEM;
        }

        *s = cxr_strn((char *) k.mv_data + prefix.len,
                      k.mv_size - prefix.len);
    }

    mdb_cursor_close(cur);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_sealed(cxr_read_t *rd, uint32_t shop, cxr_str_t name, cxr_box_t kind,
    cxr_str_t box, cxr_arena_t *a, cxr_str_t *plain)
{
    cxr_rc_t   rc;
    cxr_str_t  wrapped;

    if (rd->store->ring == NULL) {
        return CXR_ERROR;
    }

    rc = cxr_read_wrapped(rd, shop, name, &wrapped);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_read_box(rd, shop, name, wrapped, kind, box, a, plain);
}
