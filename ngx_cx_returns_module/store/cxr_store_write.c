
/*
 * The writer: one LMDB write transaction, its cursors, and the projections
 * that a job has loaded.
 *
 * A value read in a write txn may move with the next put (LMDB splits and
 * spills pages), so what is loaded is copied into the job's scratch first.
 */

#include <stdlib.h>
#include <time.h>

#include "cxr_store_private.h"


#define CXR_REC_BUF_MAX    (CXR_RECORD_MAX + CXR_RECORD_ROOM)
#define CXR_ENTRY_BUF_MAX  (CXR_REC_BUF_MAX + CXR_HASH_LEN)

typedef struct {
    const cxr_type_t  *type;
} cxr_slot_type_t;

static const cxr_slot_type_t  cxr_slot_types[CXR_T_N] = {
    [CXR_T_ORDERS]    = { &cxr_order_type },
    [CXR_T_RMAS]      = { &cxr_rma_type },
    [CXR_T_SHIPMENTS] = { &cxr_shipment_type },
    [CXR_T_PRODUCTS]  = { &cxr_product_type },
    [CXR_T_WITHDRAWALS] = { &cxr_withdrawal_type },
    [CXR_T_TALK]      = { &cxr_talk_type },
};


cxr_rc_t
cxr_writer_create(cxr_store_t *store, cxr_writer_t **out)
{
    cxr_writer_t  *w;

    w = calloc(1, sizeof(cxr_writer_t));
    if (w == NULL) {
        return CXR_NOMEM;
    }

    w->store = store;
    w->okey = &w->keys[0];
    w->scratch = cxr_arena_create(CXR_SCRATCH_MAX);
    if (w->scratch == NULL) {
        free(w);
        return CXR_NOMEM;
    }

    cxr_buf_init(&w->body, CXR_REC_BUF_MAX);
    cxr_buf_init(&w->entry, CXR_ENTRY_BUF_MAX);
    cxr_buf_init(&w->rec, CXR_REC_BUF_MAX);
    *out = w;

    return CXR_OK;
}


void
cxr_writer_destroy(cxr_writer_t *w)
{
    if (w == NULL) {
        return;
    }

    cxr_person_key_forget(w);
    cxr_arena_destroy(w->scratch);
    cxr_buf_free(&w->body);
    cxr_buf_free(&w->entry);
    cxr_buf_free(&w->rec);
    free(w->heads);
    free(w);
}


/* What was known of the chains and cursors ends with the txn. */
static void
cxr_writer_clear(cxr_writer_t *w)
{
    cxr_writer_next(w);
    w->txn = NULL;
    w->fault = CXR_OK;
    w->wrote = false;
    w->nheads = 0;
    w->last_known = false;
    memset(w->cursors, 0, sizeof(w->cursors));
}


cxr_rc_t
cxr_writer_begin(cxr_writer_t *w)
{
    int  rc;

    cxr_writer_clear(w);

    if (cxr_store_dead(w->store)) {
        return CXR_ERROR;
    }

    rc = cxr_store_txn_begin(w->store, 0, &w->txn);

    return cxr_mdb_rc(w->store, rc);
}


void
cxr_writer_abort(cxr_writer_t *w)
{
    mdb_txn_abort(w->txn);           /* closes the cursors too */
    cxr_store_txn_done(w->store);
    cxr_writer_clear(w);
}


cxr_rc_t
cxr_writer_commit(cxr_writer_t *w)
{
    int  rc;

#ifdef CXR_TEST_KNOBS
    {
        cxr_store_t      *s = w->store;
        struct timespec   ts;

        if (s->commit_delay_ms != 0) {
            ts.tv_sec = s->commit_delay_ms / 1000;
            ts.tv_nsec = (long) (s->commit_delay_ms % 1000) * 1000000;
            (void) nanosleep(&ts, NULL);
        }

        if (s->commit_fail_nth != 0
            && ++s->commits % s->commit_fail_nth == 0)
        {
            rc = s->commit_fail_errno;
            cxr_writer_abort(w);
            return cxr_mdb_rc(s, rc);
        }
    }
#endif

    rc = mdb_txn_commit(w->txn);
    cxr_store_txn_done(w->store);
    cxr_writer_clear(w);

    return cxr_mdb_rc(w->store, rc);
}


void
cxr_writer_next(cxr_writer_t *w)
{
    w->nslots = 0;
    w->absent.len = 0;
    w->revision = 0;
    w->id = CXR_STR_NONE;
    cxr_person_key_forget(w);
    cxr_arena_reset(w->scratch);
}


cxr_rc_t
cxr_writer_fault(cxr_writer_t *w, cxr_rc_t rc)
{
    if (w->fault == CXR_OK) {
        w->fault = rc;
    }

    return rc;
}


/* NULL: the txn is spoilt, and w->fault says why. */
static MDB_cursor *
cxr_writer_cursor(cxr_writer_t *w, cxr_table_t t)
{
    int  rc;

    if (w->cursors[t] == NULL) {
        rc = mdb_cursor_open(w->txn, w->store->dbi[t], &w->cursors[t]);
        if (rc != MDB_SUCCESS) {
            w->cursors[t] = NULL;
            (void) cxr_writer_fault(w, cxr_mdb_rc(w->store, rc));
        }
    }

    return w->cursors[t];
}


static cxr_rc_t
cxr_writer_rc(cxr_writer_t *w, int rc)
{
    if (rc == MDB_SUCCESS) {
        return CXR_OK;
    }

    if (rc == MDB_NOTFOUND) {
        return CXR_NOTFOUND;
    }

    return cxr_writer_fault(w, cxr_mdb_rc(w->store, rc));
}


cxr_rc_t
cxr_writer_get(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k, MDB_val *v)
{
    MDB_val      key = cxr_dbkey_val(k);
    MDB_cursor  *cur;

    if (k->over) {
        return CXR_LIMIT;
    }

    cur = cxr_writer_cursor(w, t);
    if (cur == NULL) {
        return w->fault;
    }

    return cxr_writer_rc(w, mdb_cursor_get(cur, &key, v, MDB_SET));
}


cxr_rc_t
cxr_writer_seek(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k,
    MDB_val *found, MDB_val *v)
{
    MDB_cursor  *cur;

    if (k->over) {
        return CXR_LIMIT;
    }

    cur = cxr_writer_cursor(w, t);
    if (cur == NULL) {
        return w->fault;
    }

    *found = cxr_dbkey_val(k);

    return cxr_writer_rc(w, mdb_cursor_get(cur, found, v, MDB_SET_RANGE));
}


cxr_rc_t
cxr_writer_step(cxr_writer_t *w, cxr_table_t t, MDB_val *found, MDB_val *v)
{
    return cxr_writer_rc(w, mdb_cursor_get(w->cursors[t], found, v, MDB_NEXT));
}


cxr_rc_t
cxr_writer_put(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k, cxr_str_t v)
{
    MDB_val      key = cxr_dbkey_val(k), val = cxr_mdb_val(v);
    MDB_cursor  *cur;

    if (k->over) {
        return cxr_writer_fault(w, CXR_LIMIT);
    }

    cur = cxr_writer_cursor(w, t);
    if (cur == NULL) {
        return w->fault;
    }

    w->wrote = true;

    return cxr_writer_rc(w, mdb_cursor_put(cur, &key, &val, 0));
}


cxr_rc_t
cxr_writer_del(cxr_writer_t *w, cxr_table_t t, cxr_dbkey_t *k)
{
    MDB_val   key = cxr_dbkey_val(k);
    cxr_rc_t  rc;

    w->wrote = true;
    rc = cxr_writer_rc(w, mdb_del(w->txn, w->store->dbi[t], &key, NULL));

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}



cxr_rc_t
cxr_writer_drop(cxr_writer_t *w, cxr_table_t t)
{
    w->wrote = true;

    return cxr_writer_rc(w, mdb_cursor_del(w->cursors[t], 0));
}


/* ---- projections ---- */

static cxr_slot_t *
cxr_slot_find(cxr_writer_t *w, cxr_table_t t, const uint8_t *key, size_t len)
{
    unsigned     i;
    cxr_slot_t  *s;

    for (i = 0; i < w->nslots; i++) {
        s = &w->slots[i];

        if (s->table == t && s->key.len == len
            && memcmp(s->key.data, key, len) == 0)
        {
            return s;
        }
    }

    return NULL;
}


static cxr_rc_t
cxr_slot_new(cxr_writer_t *w, cxr_table_t t, const uint8_t *key, size_t len,
    const MDB_val *v, cxr_slot_t **slot)
{
    void              *copy;
    cxr_rc_t           rc;
    cxr_slot_t        *s;
    const cxr_type_t  *type = cxr_slot_types[t].type;

    if (w->nslots == CXR_SLOTS_MAX) {
        return CXR_LIMIT;
    }

    s = &w->slots[w->nslots];
    s->table = t;
    s->key.len = 0;
    s->key.over = false;
    cxr_dbkey_add(&s->key, key, len);
    s->exists = v != NULL;
    s->obj = cxr_calloc(w->scratch, 1, type->size);
    if (s->obj == NULL) {
        return CXR_NOMEM;
    }

    if (v != NULL) {
        copy = cxr_alloc(w->scratch, v->mv_size);
        if (copy == NULL) {
            return CXR_NOMEM;
        }

        memcpy(copy, v->mv_data, v->mv_size);

        rc = cxr_rec_decode(type, copy, v->mv_size, s->obj, w->scratch);
        if (rc != CXR_OK) {
            /* not the job's fault that the store's own record is damaged */
            return rc == CXR_INVALID ? CXR_ERROR : rc;
        }
    }

    w->nslots++;
    *slot = s;

    return CXR_OK;
}


cxr_rc_t
cxr_slot_load(cxr_writer_t *w, cxr_table_t t, const cxr_dbkey_t *k,
    cxr_slot_t **slot)
{
    MDB_val      v;
    cxr_rc_t     rc;

    if (k->over) {
        return CXR_LIMIT;
    }

    *slot = cxr_slot_find(w, t, k->data, k->len);
    if (*slot != NULL) {
        return CXR_OK;
    }

    if (t == CXR_T_SHIPMENTS && w->absent.len != 0
        && k->len >= w->absent.len
        && memcmp(k->data, w->absent.data, w->absent.len) == 0)
    {
        rc = CXR_NOTFOUND;

    } else {
        rc = cxr_writer_get(w, t, (cxr_dbkey_t *) k, &v);
    }

    if (rc == CXR_NOTFOUND) {
        return cxr_slot_new(w, t, k->data, k->len, NULL, slot);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_slot_new(w, t, k->data, k->len, &v, slot);
}


cxr_rc_t
cxr_slot_put(cxr_writer_t *w, cxr_slot_t *slot, uint64_t seq)
{
    cxr_rc_t  rc;

    cxr_buf_reset(&w->rec);

    rc = cxr_rec_encode_kept(cxr_slot_types[slot->table].type, slot->obj, seq,
                             &w->rec, &w->told);
    if (rc != CXR_OK) {
        return rc;
    }

    slot->exists = true;

    if (slot->table == CXR_T_SHIPMENTS) {
        w->absent.len = 0;
    }

    return cxr_writer_put(w, slot->table, &slot->key, cxr_buf_str(&w->rec));
}


cxr_rc_t
cxr_slot_parcel(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_str_t number, cxr_slot_t **slot)
{
    bool         any = false;
    MDB_val      k, v, last_k, last_v;
    cxr_rc_t     rc;
    cxr_dbkey_t  prefix;

    *slot = NULL;
    cxr_dbkey_parcel(&prefix, shop, carrier, number);

    /* generations stand in the order of their days */
    for (rc = cxr_writer_seek(w, CXR_T_SHIPMENTS, &prefix, &k, &v);
         rc == CXR_OK && cxr_dbkey_prefixes(&prefix, k);
         rc = cxr_writer_step(w, CXR_T_SHIPMENTS, &k, &v))
    {
        any = true;
        last_k = k;
        last_v = v;
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    if (!any) {
        w->absent = prefix;
        return CXR_OK;
    }

    *slot = cxr_slot_find(w, CXR_T_SHIPMENTS, last_k.mv_data, last_k.mv_size);
    if (*slot != NULL) {
        return CXR_OK;
    }

    return cxr_slot_new(w, CXR_T_SHIPMENTS, last_k.mv_data, last_k.mv_size,
                        &last_v, slot);
}


cxr_rc_t
cxr_slot_reference(cxr_writer_t *w, uint32_t shop, cxr_str_t carrier,
    cxr_str_t reference, cxr_slot_t **slot)
{
    size_t       len;
    MDB_val      k, v;
    uint32_t     day, best = 0;
    cxr_rc_t     rc;
    cxr_str_t    number = CXR_STR_NONE;
    cxr_dbkey_t  prefix, key;

    *slot = NULL;
    cxr_dbkey_shop(&prefix, shop);
    cxr_dbkey_str0(&prefix, carrier);
    cxr_dbkey_str0(&prefix, reference);

    for (rc = cxr_writer_seek(w, CXR_T_IX_REF, &prefix, &k, &v);
         rc == CXR_OK && cxr_dbkey_prefixes(&prefix, k);
         rc = cxr_writer_step(w, CXR_T_IX_REF, &k, &v))
    {
        len = k.mv_size - prefix.len;
        if (len < 5) {
            continue;
        }

        day = cxr_be32((uint8_t *) k.mv_data + k.mv_size - 4);

        if (number.data == NULL || day > best) {
            best = day;
            number = cxr_strn((char *) k.mv_data + prefix.len, len - 5);
        }
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    if (number.data == NULL) {
        return CXR_OK;
    }

    cxr_dbkey_shipment(&key, shop, carrier, number, best);

    return cxr_slot_load(w, CXR_T_SHIPMENTS, &key, slot);
}
