
/*
 * Withdrawals in the tables: their events applied, their lists, and reading
 * them.
 */

#include "cxr_store_due.h"
#include "cxr_store_private.h"
#include "cxr_text.h"


#define CXR_BY_ORDER  'b'
#define CXR_BY_RMA    'r'
#define CXR_BY_OWNER  'o'


static void
cxr_dbkey_withdrawals(cxr_dbkey_t *k, uint32_t shop, uint8_t list,
    const cxr_withdrawal_t *w)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &list, 1);
    cxr_dbkey_u64(k, ~(uint64_t) w->declared_at);  /* the newest comes first */
    cxr_dbkey_str(k, w->id);
}


static void
cxr_dbkey_by(cxr_dbkey_t *k, uint32_t shop, uint8_t what, cxr_str_t value,
    cxr_str_t id)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &what, 1);
    cxr_dbkey_str(k, value);
    cxr_dbkey_str(k, id);
}


static void
cxr_dbkey_owner(cxr_dbkey_t *k, uint32_t shop, cxr_str_t order, cxr_str_t id)
{
    uint8_t  what = CXR_BY_OWNER;

    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &what, 1);
    cxr_dbkey_str0(k, order);
    cxr_dbkey_str(k, id);
}


/* ---- applying ---- */

static cxr_rc_t
cxr_withdrawal_index(cxr_writer_t *w, uint32_t shop,
    const cxr_withdrawal_t *was, const cxr_withdrawal_t *is)
{
    cxr_rc_t     rc = CXR_OK;
    cxr_dbkey_t  key;

    if (was->revision == 0) {
        cxr_dbkey_withdrawals(&key, shop, CXR_LIST_ALL, is);
        rc = cxr_writer_put(w, CXR_T_IX_WITHDRAW, &key, CXR_STR_NONE);

        if (rc == CXR_OK && is->blind.len != 0) {
            cxr_dbkey_by(&key, shop, CXR_BY_ORDER, is->blind, is->id);
            rc = cxr_writer_put(w, CXR_T_IX_WITHDRAW, &key, CXR_STR_NONE);
        }

    } else if (was->state != is->state) {
        cxr_dbkey_withdrawals(&key, shop, CXR_LIST_STATUS(was->state), is);
        rc = cxr_writer_del(w, CXR_T_IX_WITHDRAW, &key);

        if (rc == CXR_OK && was->state == CXR_WITHDRAWAL_UNMATCHED
            && is->blind.len != 0)
        {
            cxr_dbkey_by(&key, shop, CXR_BY_ORDER, is->blind, is->id);
            rc = cxr_writer_del(w, CXR_T_IX_WITHDRAW, &key);
        }
    }

    if (rc == CXR_OK && (was->revision == 0 || was->state != is->state)) {
        cxr_dbkey_withdrawals(&key, shop, CXR_LIST_STATUS(is->state), is);
        rc = cxr_writer_put(w, CXR_T_IX_WITHDRAW, &key, CXR_STR_NONE);
    }

    if (rc == CXR_OK && was->rma.len == 0 && is->rma.len != 0) {
        cxr_dbkey_by(&key, shop, CXR_BY_RMA, is->rma, is->id);
        rc = cxr_writer_put(w, CXR_T_IX_WITHDRAW, &key, CXR_STR_NONE);
    }

    if (rc == CXR_OK && was->order.len == 0 && is->order.len != 0) {
        cxr_dbkey_owner(&key, shop, is->order, is->id);
        rc = cxr_writer_put(w, CXR_T_IX_WITHDRAW, &key, CXR_STR_NONE);
    }

    if (rc == CXR_OK && cxr_statement_ages(was) != cxr_statement_ages(is)) {
        rc = cxr_due_move(w, shop, CXR_DUE_STATEMENT_AGE, is->id,
                          cxr_statement_ages(was), cxr_statement_ages(is));
    }

    return rc;
}


/* What is matched goes with its order. */

cxr_time_t
cxr_statement_ages(const cxr_withdrawal_t *wd)
{
    if (wd->revision == 0 || wd->box.len == 0) {
        return CXR_TIME_NONE;
    }

    return wd->state == CXR_WITHDRAWAL_UNMATCHED ? wd->declared_at
                                                 : wd->judged_at;
}


cxr_rc_t
cxr_apply_withdrawal(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    const cxr_event_t *ev)
{
    cxr_rc_t           rc;
    cxr_slot_t        *s, *r;
    cxr_dbkey_t        key;
    cxr_withdrawal_t  *wd, was;

    cxr_dbkey_one(&key, shop, ev->id);

    rc = cxr_slot_load(w, CXR_T_WITHDRAWALS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    wd = s->obj;
    was = *wd;

    if (ev->fresh ? s->exists : !s->exists || ev->expect != wd->revision) {
        return CXR_CONFLICT;
    }

    rc = cxr_withdrawal_apply(wd, ev, e->at);
    if (rc != CXR_OK) {
        return rc;
    }

    /* its RMA's event came before: what that says holds for this one */

    if (ev->kind == CXR_EV_WITHDRAWAL_MATCHED && wd->rma.len != 0) {
        cxr_dbkey_one(&key, shop, wd->rma);

        rc = cxr_slot_load(w, CXR_T_RMAS, &key, &r);
        if (rc != CXR_OK) {
            return rc;
        }

        if (!r->exists) {
            return CXR_CONFLICT;
        }

        (void) cxr_withdrawal_follow(wd, r->obj, e->at);
    }

    w->revision = wd->revision;
    w->id = ev->id;

    rc = cxr_withdrawal_index(w, shop, &was, wd);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_slot_put(w, s, e->seq);
}


cxr_rc_t
cxr_withdrawal_rma_changed(cxr_writer_t *w, uint32_t shop,
    const cxr_entry_t *e, const cxr_rma_t *rma)
{
    MDB_val            k, v;
    cxr_rc_t           rc;
    cxr_str_t          id;
    cxr_slot_t        *s;
    cxr_dbkey_t        key;
    cxr_withdrawal_t  *wd, was;

    cxr_dbkey_by(&key, shop, CXR_BY_RMA, rma->id, CXR_STR_NONE);

    rc = cxr_writer_seek(w, CXR_T_IX_WITHDRAW, &key, &k, &v);

    if (rc == CXR_NOTFOUND
        || (rc == CXR_OK && !cxr_dbkey_prefixes(&key, k)))
    {
        return CXR_OK;              /* just made: the match is yet to come */
    }

    if (rc != CXR_OK) {
        return rc;
    }

    id = cxr_strn((char *) k.mv_data + key.len, k.mv_size - key.len);
    cxr_dbkey_one(&key, shop, id);

    rc = cxr_slot_load(w, CXR_T_WITHDRAWALS, &key, &s);
    if (rc != CXR_OK) {
        return rc;
    }

    if (!s->exists) {
        return CXR_ERROR;
    }

    wd = s->obj;
    was = *wd;

    if (!cxr_withdrawal_follow(wd, rma, e->at)) {
        return CXR_OK;
    }

    rc = cxr_withdrawal_index(w, shop, &was, wd);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_slot_put(w, s, e->seq);
}


/* The ids behind a key of the index. */
static cxr_rc_t
cxr_withdrawals_under(cxr_writer_t *w, cxr_dbkey_t *from, unsigned max,
    cxr_strs_t *ids)
{
    MDB_val      k, v;
    cxr_rc_t     rc;
    cxr_str_t   *s;
    cxr_dbkey_t  key = *from;

    memset(ids, 0, sizeof(*ids));

    for (rc = cxr_writer_seek(w, CXR_T_IX_WITHDRAW, &key, &k, &v);
         rc == CXR_OK && ids->n < max && cxr_dbkey_prefixes(&key, k);
         rc = cxr_writer_step(w, CXR_T_IX_WITHDRAW, &k, &v))
    {
        s = cxr_list_push(w->scratch, ids, sizeof(cxr_str_t));

        if (s == NULL
            || cxr_str_dup(w->scratch,
                           cxr_strn((char *) k.mv_data + key.len,
                                    k.mv_size - key.len), s)
               != CXR_OK)
        {
            return CXR_NOMEM;
        }
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


cxr_rc_t
cxr_withdrawals_waiting(cxr_writer_t *w, uint32_t shop,
    const uint8_t blind[16], unsigned max, cxr_strs_t *ids)
{
    cxr_dbkey_t  key;

    cxr_dbkey_by(&key, shop, CXR_BY_ORDER, cxr_strn(blind, 16), CXR_STR_NONE);

    return cxr_withdrawals_under(w, &key, max, ids);
}


cxr_rc_t
cxr_withdrawals_of(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    cxr_strs_t *ids)
{
    cxr_dbkey_t  key;

    cxr_dbkey_owner(&key, shop, order, CXR_STR_NONE);

    return cxr_withdrawals_under(w, &key, CXR_ORDER_RMAS_MAX, ids);
}


/* ---- reading ---- */

cxr_rc_t
cxr_read_withdrawal(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t id,
    cxr_arena_t *a, cxr_withdrawal_t *w)
{
    int          rc;
    MDB_val      k, v;
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop->key, id);

    if (key.over || rd->store->lacks[CXR_T_WITHDRAWALS]) {
        return CXR_NOTFOUND;
    }

    k = cxr_dbkey_val(&key);
    rc = mdb_get(rd->txn, rd->store->dbi[CXR_T_WITHDRAWALS], &k, &v);

    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    return cxr_rec_decode(&cxr_withdrawal_type, v.mv_data, v.mv_size, w, a);
}


cxr_rc_t
cxr_read_statement(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_withdrawal_t *w, cxr_arena_t *a, cxr_statement_t *st)
{
    cxr_rc_t   rc;
    cxr_str_t  plain;

    memset(st, 0, sizeof(*st));

    rc = cxr_read_sealed(rd, shop->key, w->id, CXR_BOX_STATEMENT, w->box, a,
                         &plain);
    if (rc != CXR_OK) {
        return rc;
    }

    return cxr_rec_decode(&cxr_statement_type, plain.data, plain.len, st, a);
}


/* The cursor is the number of the last one shown, which names its place. */

static cxr_rc_t
cxr_withdrawals_from(cxr_read_t *rd, const cxr_shop_t *shop, uint8_t list,
    cxr_str_t cursor, cxr_arena_t *a, cxr_dbkey_t *from)
{
    char              id[CXR_WITHDRAWAL_ID_LEN];
    cxr_rc_t          rc;
    cxr_withdrawal_t  w;

    if (cxr_withdrawal_id_parse(cursor, id) != CXR_OK) {
        return CXR_INVALID;
    }

    rc = cxr_read_withdrawal(rd, shop, cxr_strn(id, sizeof(id)), a, &w);

    if (rc == CXR_OK) {
        cxr_dbkey_withdrawals(from, shop->key, list, &w);
    }

    return rc == CXR_NOTFOUND ? CXR_INVALID : rc;
}


cxr_rc_t
cxr_read_withdrawals(cxr_read_t *rd, const cxr_shop_t *shop, int state,
    cxr_str_t cursor, unsigned limit, cxr_arena_t *a, cxr_withdrawals_t *out,
    cxr_str_t *next)
{
    int          rc;
    MDB_val      k, v;
    uint8_t      list;
    cxr_rc_t     crc = CXR_OK;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix, from;

    memset(out, 0, sizeof(*out));
    *next = cxr_str("");

    if (limit == 0 || limit > CXR_RMA_LIST_MAX
        || state >= CXR_WITHDRAWAL_STATES)
    {
        return CXR_INVALID;
    }

    if (rd->store->lacks[CXR_T_IX_WITHDRAW]) {
        return CXR_OK;
    }

    list = state < 0 ? CXR_LIST_ALL : CXR_LIST_STATUS(state);
    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_add(&prefix, &list, 1);
    from = prefix;

    if (cursor.len != 0) {
        crc = cxr_withdrawals_from(rd, shop, list, cursor, a, &from);
        if (crc != CXR_OK) {
            return crc;
        }
    }

    out->items = cxr_calloc(a, limit, sizeof(cxr_withdrawal_t));
    if (out->items == NULL) {
        return CXR_NOMEM;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_WITHDRAW], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&from);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         crc == CXR_OK && rc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        if (cursor.len != 0 && k.mv_size == from.len
            && memcmp(k.mv_data, from.data, from.len) == 0)
        {
            continue;
        }

        if (out->n == limit) {
            *next = out->items[out->n - 1].id;
            break;
        }

        if (k.mv_size <= (size_t) prefix.len + 8) {
            crc = CXR_INVALID;
            break;
        }

        crc = cxr_read_withdrawal(rd, shop,
                                  cxr_strn((char *) k.mv_data + prefix.len + 8,
                                           k.mv_size - prefix.len - 8),
                                  a, &out->items[out->n]);
        if (crc == CXR_OK) {
            out->n++;

        } else if (crc == CXR_NOTFOUND) {
            crc = CXR_INVALID;      /* an index entry that leads nowhere */
        }
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc;
    }

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_withdrawals_of(cxr_read_t *rd, const cxr_shop_t *shop,
    cxr_str_t order, cxr_arena_t *a, cxr_withdrawals_t *out)
{
    int                rc;
    MDB_val            k, v;
    cxr_rc_t           crc = CXR_OK;
    MDB_cursor        *cur;
    cxr_dbkey_t        prefix;
    cxr_withdrawal_t  *w;

    memset(out, 0, sizeof(*out));

    if (rd->store->lacks[CXR_T_IX_WITHDRAW]) {
        return CXR_OK;
    }

    cxr_dbkey_owner(&prefix, shop->key, order, CXR_STR_NONE);

    if (prefix.over) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_WITHDRAW], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    k = cxr_dbkey_val(&prefix);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && crc == CXR_OK && out->n < CXR_ORDER_RMAS_MAX
         && cxr_dbkey_prefixes(&prefix, k);
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        w = cxr_list_push(a, out, sizeof(cxr_withdrawal_t));

        crc = w == NULL ? CXR_NOMEM
              : cxr_read_withdrawal(rd, shop,
                                    cxr_strn((char *) k.mv_data + prefix.len,
                                             k.mv_size - prefix.len), a, w);
    }

    mdb_cursor_close(cur);

    if (crc != CXR_OK) {
        return crc == CXR_NOTFOUND ? CXR_INVALID : crc;
    }

    return rc == MDB_SUCCESS || rc == MDB_NOTFOUND
           ? CXR_OK : cxr_mdb_rc(rd->store, rc);
}


cxr_rc_t
cxr_read_withdrawal_counts(cxr_read_t *rd, const cxr_shop_t *shop,
    uint32_t cap, uint32_t counts[CXR_WITHDRAWAL_STATES])
{
    int          rc, s;
    MDB_val      k, v;
    uint8_t      list;
    MDB_cursor  *cur;
    cxr_dbkey_t  prefix;

    memset(counts, 0, CXR_WITHDRAWAL_STATES * sizeof(*counts));

    if (rd->store->lacks[CXR_T_IX_WITHDRAW]) {
        return CXR_OK;
    }

    rc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_IX_WITHDRAW], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, rc);
    }

    for (s = 0; s < CXR_WITHDRAWAL_STATES; s++) {
        list = CXR_LIST_STATUS(s);
        cxr_dbkey_shop(&prefix, shop->key);
        cxr_dbkey_add(&prefix, &list, 1);
        k = cxr_dbkey_val(&prefix);

        for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
             rc == MDB_SUCCESS && counts[s] < cap
             && cxr_dbkey_prefixes(&prefix, k);
             rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
        {
            counts[s]++;
        }

        if (rc != MDB_SUCCESS && rc != MDB_NOTFOUND) {
            break;
        }

        rc = MDB_SUCCESS;
    }

    mdb_cursor_close(cur);

    return cxr_mdb_rc(rd->store, rc);
}
