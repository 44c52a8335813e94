
/*
 * Idempotency keys: what each made.  They are hashes, and so would each be
 * written to a page of its own; but an RMA is written anyway, so the number of
 * one that is made with a key is drawn from it, and it keeps what the row would
 * say.  A key is looked for under the numbers that come of it, then in "idem",
 * where all others stand.
 */

#include "cxr_store_private.h"


/* The numbers that may come of the key, in the order that they are tried. */
static void
cxr_idem_draw(const cxr_keyring_t *ring, uint32_t shop,
    const uint8_t idem[CXR_IDEM_LEN], uint8_t out[CXR_IDEM_NUMBERS])
{
    uint8_t      random[16];
    cxr_dbkey_t  key;

    cxr_dbkey_one(&key, shop, cxr_strn(idem, CXR_IDEM_LEN));
    cxr_blind_index(ring, cxr_str("rma.number"), cxr_strn(key.data, key.len),
                    random);
    memcpy(out, random, CXR_IDEM_NUMBERS);
}


/* A job asks for them again and again. */
void
cxr_idem_numbers(cxr_writer_t *w, uint32_t shop,
    const uint8_t idem[CXR_IDEM_LEN], uint8_t out[CXR_IDEM_NUMBERS])
{
    if (!w->drawn || w->drawn_shop != shop
        || memcmp(w->drawn_idem, idem, CXR_IDEM_LEN) != 0)
    {
        cxr_idem_draw(w->store->ring, shop, idem, w->drawn_numbers);
        memcpy(w->drawn_idem, idem, CXR_IDEM_LEN);
        w->drawn_shop = shop;
        w->drawn = true;
    }

    memcpy(out, w->drawn_numbers, CXR_IDEM_NUMBERS);
}


/* An RMA's own. */
static bool
cxr_idem_is(const cxr_rma_t *rma, const uint8_t *idem)
{
    return rma->idem.len == 2 * CXR_IDEM_LEN
           && memcmp(rma->idem.data, idem, CXR_IDEM_LEN) == 0;
}


cxr_rc_t
cxr_idem_keep(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e,
    cxr_rma_t *rma)
{
    char      id[CXR_RMA_ID_LEN];
    uint8_t   numbers[CXR_IDEM_NUMBERS];
    unsigned  i;

    if (e->idem.len != CXR_IDEM_LEN || e->fingerprint.len != CXR_IDEM_LEN) {
        return CXR_OK;
    }

    cxr_idem_numbers(w, shop, (const uint8_t *) e->idem.data, numbers);

    for (i = 0; i < CXR_IDEM_NUMBERS; i += 5) {
        cxr_rma_id_make(numbers + i, id);

        if (cxr_str_eq(rma->id, cxr_strn(id, sizeof(id)))) {
            rma->idem_seq = e->seq;
            rma->idem = cxr_str_join(w->scratch, e->idem, e->fingerprint,
                                     CXR_STR_NONE);
            return rma->idem.len != 0 ? CXR_OK : CXR_NOMEM;
        }
    }

    return CXR_OK;
}


/* What the idempotency key made. */
cxr_rc_t
cxr_apply_idem(cxr_writer_t *w, uint32_t shop, const cxr_entry_t *e)
{
    cxr_rc_t        rc;
    cxr_slot_t     *s;
    cxr_dbkey_t     key;
    cxr_idem_row_t  row;

    if (e->kind == CXR_EV_RMA_CREATED) {
        cxr_dbkey_one(&key, shop, w->id);

        rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);

        if (rc != CXR_OK
            || cxr_idem_is(s->obj, (const uint8_t *) e->idem.data))
        {
            return rc;
        }
    }

    row.seq = e->seq;
    row.fingerprint = e->fingerprint;
    row.kind = e->kind;
    row.created = e->kind == CXR_EV_RMA_CREATED
                  || (e->expect == 0 && e->kind != CXR_EV_SHIPMENT_CONSIGNED);
    row.revision = w->revision;
    row.id = w->id;

    cxr_buf_reset(&w->rec);
    rc = cxr_rec_encode(&cxr_idem_type, &row, e->seq, &w->rec);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_dbkey_one(&key, shop, e->idem);

    return cxr_writer_put(w, CXR_T_IDEM, &key, cxr_buf_str(&w->rec));
}


/* ---- asked again ---- */

static cxr_rc_t
cxr_idem_mismatch(cxr_job_t *job)
{
    return cxr_refuse(&job->refusal, "idem_mismatch", "",
                      "the idempotency key was used for another request");
}


/* RMAs do not go: the first number that is not taken has never been. */
static cxr_rc_t
cxr_job_idem_rma(cxr_writer_t *w, cxr_job_t *job)
{
    char              id[CXR_RMA_ID_LEN];
    uint8_t           numbers[CXR_IDEM_NUMBERS];
    cxr_rc_t          rc;
    unsigned          i;
    cxr_slot_t       *s;
    cxr_dbkey_t       key;
    const cxr_rma_t  *rma;

    cxr_idem_numbers(w, job->shop->key, job->idem, numbers);

    for (i = 0; i < CXR_IDEM_NUMBERS; i += 5) {
        cxr_rma_id_make(numbers + i, id);
        cxr_dbkey_one(&key, job->shop->key, cxr_strn(id, sizeof(id)));

        rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);

        if (rc != CXR_OK || !s->exists) {
            return rc == CXR_OK ? CXR_AGAIN : rc;
        }

        rma = s->obj;

        if (!cxr_idem_is(rma, job->idem)) {
            continue;
        }

        if (memcmp(rma->idem.data + CXR_IDEM_LEN, job->fingerprint,
                   CXR_IDEM_LEN) != 0)
        {
            return cxr_idem_mismatch(job);
        }

        job->repeated = true;
        job->created = true;
        job->changed = true;
        job->revision = 1;
        job->seq = rma->idem_seq;

        return cxr_str_dup(job->arena, rma->id, &job->id);
    }

    return CXR_AGAIN;
}


/* CXR_AGAIN: the key is new, go on. */
cxr_rc_t
cxr_job_idem(cxr_writer_t *w, cxr_job_t *job)
{
    MDB_val         v;
    cxr_rc_t        rc;
    cxr_dbkey_t     key;
    cxr_order_t    *order;
    cxr_idem_row_t  row;

    if (!job->has_idem) {
        return CXR_AGAIN;
    }

    if (job->kind == CXR_CMD_RMA_CREATE) {
        rc = cxr_job_idem_rma(w, job);
        if (rc != CXR_AGAIN) {
            return rc;
        }
    }

    cxr_dbkey_one(&key, job->shop->key, cxr_strn(job->idem, CXR_IDEM_LEN));

    rc = cxr_writer_get(w, CXR_T_IDEM, &key, &v);

    if (rc == CXR_NOTFOUND) {
        return CXR_AGAIN;
    }

    if (rc != CXR_OK) {
        return rc;
    }

    if (cxr_rec_decode(&cxr_idem_type, v.mv_data, v.mv_size, &row, w->scratch)
        != CXR_OK)
    {
        return CXR_ERROR;
    }

    if (!cxr_str_eq(row.fingerprint, cxr_strn(job->fingerprint, CXR_IDEM_LEN)))
    {
        return cxr_idem_mismatch(job);
    }

    job->repeated = true;
    job->created = row.created;
    job->changed = true;
    job->revision = row.revision;
    job->seq = row.seq;

    rc = cxr_str_dup(job->arena, row.id, &job->id);

    if (rc == CXR_OK && row.kind == CXR_EV_SHIPMENT_CONSIGNED) {
        /* the row has the parcel's; the order's own did not change then */
        rc = cxr_job_order(w, job, job->id, &order);
        if (rc == CXR_OK) {
            job->revision = order->revision;
        }
    }

    return rc;
}


cxr_rc_t
cxr_read_idem(cxr_read_t *rd, const cxr_shop_t *shop, const uint8_t idem[16],
    cxr_arena_t *a, cxr_str_t *rma, uint64_t *seq)
{
    char            id[CXR_RMA_ID_LEN];
    uint8_t         numbers[CXR_IDEM_NUMBERS];
    cxr_rc_t        rc = CXR_OK;
    unsigned        i;
    cxr_rma_t       made;
    cxr_dbkey_t     key;
    cxr_idem_row_t  row;

    if (rd->store->ring == NULL) {
        return CXR_ERROR;
    }

    cxr_idem_draw(rd->store->ring, shop->key, idem, numbers);

    for (i = 0; rc == CXR_OK && i < CXR_IDEM_NUMBERS; i += 5) {
        cxr_rma_id_make(numbers + i, id);

        rc = cxr_read_rma(rd, shop, cxr_strn(id, sizeof(id)), a, &made);

        if (rc == CXR_OK && cxr_idem_is(&made, idem)) {
            *seq = made.idem_seq;
            *rma = made.id;
            return CXR_OK;
        }
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    cxr_dbkey_one(&key, shop->key, cxr_strn(idem, CXR_IDEM_LEN));

    rc = cxr_read_one(rd, CXR_T_IDEM, &key, &cxr_idem_type, a, &row);
    if (rc != CXR_OK) {
        return rc;
    }

    *seq = row.seq;
    *rma = cxr_event_is_rma(row.kind) ? row.id : CXR_STR_NONE;

    return CXR_OK;
}


void
cxr_idem_hash(cxr_str_t scope, cxr_str_t key, uint8_t out[16])
{
    uint8_t     len[8];
    unsigned    i;
    cxr_hash_t  h;

    /* the scope's length first, so that scope and key cannot run together */
    for (i = 0; i < sizeof(len); i++) {
        len[i] = (uint8_t) ((uint64_t) scope.len >> (8 * i));
    }

    cxr_hash_begin(&h, 16, NULL, 0);
    cxr_hash_add(&h, len, sizeof(len));
    cxr_hash_add(&h, scope.data, scope.len);
    cxr_hash_add(&h, key.data, key.len);
    cxr_hash_end(&h, out, 16);
}
