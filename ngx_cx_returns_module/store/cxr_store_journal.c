
/*
 * The journal: appending, the hash chain, and checking it.
 *
 * An entry's hash is BLAKE2b-256 of the hash before it (32 zero bytes for a
 * shop's first) followed by the entry's record with zeros where its own hash
 * stands.
 */

#include <stdlib.h>

#include "cxr_store_private.h"


/* The bytes of the record's hash, as its struct sees them. */
static size_t
cxr_hash_place(const void *record, const cxr_entry_t *e)
{
    return (size_t) (e->hash.data - (const char *) record);
}


static cxr_rc_t
cxr_head_read(cxr_writer_t *w, uint32_t shop, cxr_head_t *h)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cur;
    cxr_dbkey_t  key;
    cxr_entry_t  e;

    h->shop = shop;
    h->seq = 0;
    memset(h->hash, 0, sizeof(h->hash));

    rc = mdb_cursor_open(w->txn, w->store->dbi[CXR_T_JOURNAL], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_writer_fault(w, cxr_mdb_rc(w->store, rc));
    }

    if (!w->last_known) {
        rc = mdb_cursor_get(cur, &k, &v, MDB_LAST);
        if (rc == MDB_SUCCESS && k.mv_size == sizeof(w->last)) {
            memcpy(w->last, k.mv_data, sizeof(w->last));
        } else {
            memset(w->last, 0, sizeof(w->last));
        }

        w->last_known = true;
    }

    /* the first entry past this shop's, then one back */
    cxr_dbkey_journal(&key, shop, UINT64_MAX);
    k = cxr_dbkey_val(&key);
    rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
    rc = mdb_cursor_get(cur, &k, &v, rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);

    if (rc == MDB_SUCCESS && k.mv_size == 12
        && cxr_be32(k.mv_data) == shop)
    {
        /* the strings are used before anything is put */
        if (cxr_rec_decode(&cxr_entry_type, v.mv_data, v.mv_size, &e,
                           w->scratch) != CXR_OK
            || e.hash.len != CXR_HASH_LEN)
        {
            mdb_cursor_close(cur);
            return CXR_ERROR;
        }

        h->seq = cxr_be64((uint8_t *) k.mv_data + 4);
        memcpy(h->hash, e.hash.data, CXR_HASH_LEN);
    }

    mdb_cursor_close(cur);

    if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
        return cxr_writer_fault(w, cxr_mdb_rc(w->store, rc));
    }

    return CXR_OK;
}


cxr_rc_t
cxr_journal_head(cxr_writer_t *w, uint32_t shop, cxr_head_t **head)
{
    size_t       i;
    cxr_rc_t     rc;
    cxr_head_t  *h;

    for (i = 0; i < w->nheads; i++) {
        if (w->heads[i].shop == shop) {
            *head = &w->heads[i];
            return CXR_OK;
        }
    }

    if (w->nheads == w->heads_room) {
        h = realloc(w->heads, (w->heads_room + 16) * sizeof(cxr_head_t));
        if (h == NULL) {
            return CXR_NOMEM;
        }

        w->heads = h;
        w->heads_room += 16;
    }

    h = &w->heads[w->nheads];
    memset(h, 0, sizeof(cxr_head_t));

    rc = cxr_head_read(w, shop, h);
    if (rc != CXR_OK) {
        return rc;
    }

    w->nheads++;
    *head = h;

    return CXR_OK;
}


/* One shop's entries come in order: at the end of the table they are appended
   without a search, which also fills its pages. */
static cxr_rc_t
cxr_journal_put(cxr_writer_t *w, MDB_val key, MDB_val v)
{
    int          rc;
    bool         last;
    MDB_cursor  *cur;

    if (w->cursors[CXR_T_JOURNAL] == NULL) {
        rc = mdb_cursor_open(w->txn, w->store->dbi[CXR_T_JOURNAL],
                             &w->cursors[CXR_T_JOURNAL]);
        if (rc != MDB_SUCCESS) {
            return cxr_writer_fault(w, cxr_mdb_rc(w->store, rc));
        }
    }

    cur = w->cursors[CXR_T_JOURNAL];
    last = w->last_known && memcmp(key.mv_data, w->last, sizeof(w->last)) > 0;
    w->wrote = true;

    rc = mdb_cursor_put(cur, &key, &v, last ? MDB_APPEND : MDB_NOOVERWRITE);

    if (rc != MDB_SUCCESS) {
        return cxr_writer_fault(w, cxr_mdb_rc(w->store, rc));
    }

    if (last) {
        memcpy(w->last, key.mv_data, sizeof(w->last));
    }

    return CXR_OK;
}


cxr_rc_t
cxr_journal_append(cxr_writer_t *w, cxr_head_t *head, cxr_entry_t *e)
{
    char        *record;
    size_t       len;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    /* room for it that is like no other string of the record */
    static const char  room[CXR_HASH_LEN] = { 'h', 'a', 's', 'h' };

    e->seq = head->seq + 1;
    e->prev = cxr_strn(head->hash, CXR_HASH_LEN);
    e->hash = cxr_strn(room, CXR_HASH_LEN);

    cxr_buf_reset(&w->entry);
    cxr_buf_add(&w->entry, head->hash, CXR_HASH_LEN);

    rc = cxr_rec_encode(&cxr_entry_type, e, e->seq, &w->entry);
    if (rc != CXR_OK) {
        return rc;
    }

    record = w->entry.data + CXR_HASH_LEN;
    len = w->entry.len - CXR_HASH_LEN;

    /* the hash is the last thing in the record: see cxr_entry_hash() */
    memset(record + len - CXR_HASH_LEN, 0, CXR_HASH_LEN);
    cxr_hash(head->hash, CXR_HASH_LEN, w->entry.data, w->entry.len, NULL, 0);
    memcpy(record + len - CXR_HASH_LEN, head->hash, CXR_HASH_LEN);
    head->seq = e->seq;

    cxr_dbkey_journal(&key, head->shop, e->seq);

    return cxr_journal_put(w, cxr_dbkey_val(&key), (MDB_val) { len, record });
}


cxr_rc_t
cxr_journal_copy(cxr_writer_t *w, MDB_val key, MDB_val v)
{
    if (!w->last_known) {
        /* a new store: entries come in the order of their keys */
        memset(w->last, 0, sizeof(w->last));
        w->last_known = true;
    }

    return cxr_journal_put(w, key, v);
}


cxr_rc_t
cxr_entry_hash(cxr_buf_t *tmp, MDB_val record, const cxr_entry_t *e,
    uint8_t hash[CXR_HASH_LEN])
{
    cxr_buf_reset(tmp);
    cxr_buf_adds(tmp, e->prev);
    cxr_buf_add(tmp, record.mv_data, record.mv_size);

    if (!cxr_buf_ok(tmp)) {
        return CXR_NOMEM;
    }

    memset(tmp->data + e->prev.len + cxr_hash_place(record.mv_data, e), 0,
           CXR_HASH_LEN);
    cxr_hash(hash, CXR_HASH_LEN, tmp->data, tmp->len, NULL, 0);

    return CXR_OK;
}


static cxr_rc_t
cxr_chain_broken(cxr_store_t *store, const cxr_head_t *head, uint64_t seq,
    const char *text, cxr_diag_t *d)
{
    char  name[80];

    cxr_store_shop_name(store, head->shop, name, sizeof(name));
    (void) cxr_diag(d, CXR_FORGED, "", "entry %llu of %s: %s",
                    (unsigned long long) seq, name, text);

    if (d != NULL) {
        cxr_str_t  w;
        char       where[128];
        cxr_buf_t  b;

        cxr_buf_init_fixed(&b, where, sizeof(where));
        cxr_buf_addf(&b, "%s/%llu", name, (unsigned long long) seq);
        w = cxr_buf_str(&b);
        memcpy(d->where, w.data, w.len);
        d->where[w.len] = '\0';
    }

    return CXR_FORGED;
}


cxr_rc_t
cxr_chain_check(cxr_store_t *store, cxr_head_t *head, cxr_buf_t *tmp,
    cxr_arena_t *a, MDB_val key, MDB_val v, cxr_entry_t *e, cxr_diag_t *d)
{
    uint8_t   hash[CXR_HASH_LEN];
    uint32_t  shop;
    uint64_t  seq;
    cxr_rc_t  rc;

    if (key.mv_size != 12) {
        return cxr_chain_broken(store, head, head->seq + 1,
                                "the journal has a key that is none", d);
    }

    shop = cxr_be32(key.mv_data);
    seq = cxr_be64((uint8_t *) key.mv_data + 4);

    if (shop != head->shop) {
        memset(head, 0, sizeof(cxr_head_t));
        head->shop = shop;
    }

    if (seq != head->seq + 1) {
        return cxr_chain_broken(store, head, head->seq + 1, "is missing", d);
    }

    rc = cxr_rec_decode(&cxr_entry_type, v.mv_data, v.mv_size, e, a);

    if (rc == CXR_NOMEM) {
        return rc;
    }

    if (rc != CXR_OK || e->hash.len != CXR_HASH_LEN) {
        return cxr_chain_broken(store, head, seq,
                                "its record cannot be read", d);
    }

    if (e->seq != seq) {
        return cxr_chain_broken(store, head, seq,
                                "stands under another number", d);
    }

    if (!cxr_str_eq(e->prev, cxr_strn(head->hash, CXR_HASH_LEN))) {
        return cxr_chain_broken(store, head, seq,
                                "does not follow the entry before it", d);
    }

    rc = cxr_entry_hash(tmp, v, e, hash);
    if (rc != CXR_OK) {
        return rc;
    }

    if (!cxr_str_eq(e->hash, cxr_strn(hash, CXR_HASH_LEN))) {
        return cxr_chain_broken(store, head, seq,
                                "was changed after it was written", d);
    }

    head->seq = seq;
    memcpy(head->hash, hash, CXR_HASH_LEN);

    return CXR_OK;
}
