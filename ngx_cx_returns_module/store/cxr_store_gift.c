
/*
 * Who sends a gift back: sealed with all that she writes under a key of her own,
 * so that she can be erased without the buyer.
 */

#include "cxr_store_private.h"


cxr_str_t
cxr_gift_key(cxr_str_t rma, char out[CXR_GIFT_KEY_LEN])
{
    size_t  n = rma.len < CXR_RMA_ID_LEN ? rma.len : CXR_RMA_ID_LEN;

    memcpy(out, "gift:", 5);

    if (n != 0) {
        memcpy(out + 5, rma.data, n);
    }

    return cxr_strn(out, 5 + n);
}


cxr_rc_t
cxr_words_key(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    cxr_str_t order, char mem[CXR_GIFT_KEY_LEN], cxr_str_t *name)
{
    MDB_val      v;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    *name = order;

    if (rma == NULL || !rma->gift) {
        return CXR_OK;
    }

    /* one that was made before there were such keys has none, and she stands in
       it; she who was erased, and writes again, gets a new one */

    if (rma->recipient.len != 0) {
        cxr_dbkey_one(&key, shop, cxr_gift_key(rma->id, mem));
        rc = cxr_writer_get(w, CXR_T_PERSONS, &key, &v);

        if (rc != CXR_OK) {
            return rc == CXR_NOTFOUND ? CXR_OK : rc;
        }
    }

    *name = cxr_gift_key(rma->id, mem);

    return CXR_OK;
}


cxr_rc_t
cxr_words_box(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    cxr_str_t order, cxr_str_t note, cxr_str_t *box)
{
    char       mem[CXR_GIFT_KEY_LEN];
    cxr_rc_t   rc;
    cxr_str_t  name;

    rc = cxr_words_key(w, shop, rma, order, mem, &name);

    return rc == CXR_OK ? cxr_note_box(w, shop, name, note, box) : rc;
}


cxr_rc_t
cxr_recipient_unbox(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    cxr_person_t *person)
{
    char      mem[CXR_GIFT_KEY_LEN];
    cxr_rc_t  rc;

    rc = cxr_person_unbox(w, shop, cxr_gift_key(rma->id, mem),
                          CXR_BOX_RECIPIENT, rma->recipient, person);

    return rc == CXR_NOTFOUND
           ? cxr_person_unbox(w, shop, rma->order, CXR_BOX_RECIPIENT,
                              rma->recipient, person)
           : rc;
}


/* ---- reading ---- */

/*
 * Under the key of the RMA's recipient where there is one, else under the
 * order's.  CXR_NOTFOUND also of a time with another key: erased, and known
 * again since.
 */
static cxr_rc_t
cxr_read_of_rma(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t order,
    cxr_str_t rma, cxr_box_t kind, cxr_str_t box, cxr_arena_t *a,
    cxr_str_t *plain)
{
    char      mem[CXR_GIFT_KEY_LEN];
    cxr_rc_t  rc = CXR_NOTFOUND;

    if (rma.len != 0) {
        rc = cxr_read_sealed(rd, shop->key, cxr_gift_key(rma, mem), kind, box,
                             a, plain);
    }

    if (rc == CXR_NOTFOUND || rc == CXR_FORGED) {
        rc = cxr_read_sealed(rd, shop->key, order, kind, box, a, plain);
    }

    return rc == CXR_FORGED ? CXR_NOTFOUND : rc;
}


cxr_rc_t
cxr_read_recipient(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rma_t *rma, cxr_arena_t *a, cxr_person_t *person)
{
    cxr_rc_t   rc;
    cxr_str_t  plain;

    if (rma->recipient.len == 0) {
        return CXR_NOTFOUND;
    }

    rc = cxr_read_of_rma(rd, shop, rma->order, rma->id, CXR_BOX_RECIPIENT,
                         rma->recipient, a, &plain);

    return rc == CXR_OK ? cxr_rec_decode(&cxr_person_type, plain.data,
                                         plain.len, person, a)
                        : rc;
}


cxr_rc_t
cxr_read_note(cxr_read_t *rd, const cxr_shop_t *shop, cxr_str_t order,
    cxr_str_t rma, cxr_str_t box, cxr_arena_t *a, cxr_str_t *text)
{
    return cxr_read_of_rma(rd, shop, order, rma, CXR_BOX_NOTE, box, a, text);
}


cxr_rc_t
cxr_read_gift_secret(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_rma_t *rma, const char *purpose, uint8_t out[CXR_SECRET_LEN])
{
    char      mem[CXR_GIFT_KEY_LEN];
    cxr_rc_t  rc = CXR_NOTFOUND;

    if (rma->gift) {
        rc = cxr_read_secret(rd, shop, cxr_gift_key(rma->id, mem), purpose,
                             out);
    }

    return rc == CXR_NOTFOUND
           ? cxr_read_secret(rd, shop, rma->order, purpose, out) : rc;
}
