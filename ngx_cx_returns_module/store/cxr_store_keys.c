
/*
 * Keys: how things are named in the tables, and how a key is printed.
 *
 * Integers are big-endian, so that LMDB's order of bytes is their order.
 */

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>

#include "cxr_store_due.h"
#include "cxr_store_find_private.h"


const char *const  cxr_table_names[CXR_T_N + 1] = {
    "meta", "journal", "persons", "orders", "rmas", "shipments", "products",
    "idem", "ix_rma", "ix_ref", "ix_email", "worklist", "due",
    "ix_found", "lanes",
    "withdrawals", "ix_withdraw", "talk", "ix_talk", "codes",
    "surveys", "people", NULL
};


int
cxr_table_index(const char *name)
{
    return cxr_name_index(cxr_table_names, cxr_strz(name));
}


uint32_t
cxr_be32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16
           | (uint32_t) p[2] << 8 | p[3];
}


uint64_t
cxr_be64(const uint8_t *p)
{
    return (uint64_t) cxr_be32(p) << 32 | cxr_be32(p + 4);
}


void
cxr_dbkey_add(cxr_dbkey_t *k, const void *data, size_t len)
{
    if (len > (size_t) (CXR_DBKEY_MAX - k->len)) {
        k->over = true;
        return;
    }

    if (len != 0) {
        memcpy(k->data + k->len, data, len);
        k->len += (uint16_t) len;
    }
}


void
cxr_dbkey_str(cxr_dbkey_t *k, cxr_str_t s)
{
    cxr_dbkey_add(k, s.data, s.len);
}


void
cxr_dbkey_str0(cxr_dbkey_t *k, cxr_str_t s)
{
    cxr_dbkey_add(k, s.data, s.len);
    cxr_dbkey_add(k, "", 1);
}


void
cxr_dbkey_u32(cxr_dbkey_t *k, uint32_t v)
{
    v = htobe32(v);

    cxr_dbkey_add(k, &v, sizeof(v));
}


void
cxr_dbkey_u64(cxr_dbkey_t *k, uint64_t v)
{
    v = htobe64(v);

    cxr_dbkey_add(k, &v, sizeof(v));
}


void
cxr_dbkey_shop(cxr_dbkey_t *k, uint32_t shop)
{
    k->len = 0;
    k->over = false;
    cxr_dbkey_u32(k, shop);
}


void
cxr_dbkey_one(cxr_dbkey_t *k, uint32_t shop, cxr_str_t id)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_str(k, id);
}


void
cxr_dbkey_journal(cxr_dbkey_t *k, uint32_t shop, uint64_t seq)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_u64(k, seq);
}


void
cxr_dbkey_parcel(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t number)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_str0(k, number);
    cxr_dbkey_str0(k, carrier);
}


void
cxr_dbkey_shipment(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t number, uint32_t day)
{
    cxr_dbkey_parcel(k, shop, carrier, number);
    cxr_dbkey_u32(k, day);
}


void
cxr_dbkey_ix_rma(cxr_dbkey_t *k, uint32_t shop, uint8_t list,
    cxr_time_t created, cxr_str_t rma)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, &list, 1);
    cxr_dbkey_u64(k, ~(uint64_t) created);     /* the newest comes first */
    cxr_dbkey_str(k, rma);
}


void
cxr_dbkey_ix_ref(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    cxr_str_t reference, cxr_str_t number, uint32_t day)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_str0(k, carrier);
    cxr_dbkey_str0(k, reference);
    cxr_dbkey_str0(k, number);
    cxr_dbkey_u32(k, day);
}


void
cxr_dbkey_ix_email(cxr_dbkey_t *k, uint32_t shop, const uint8_t blind[16],
    cxr_str_t order)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, blind, 16);
    cxr_dbkey_str(k, order);
}


void
cxr_dbkey_work(cxr_dbkey_t *k, uint32_t shop, cxr_str_t carrier,
    const uint8_t *id, size_t len)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_str0(k, carrier);
    cxr_dbkey_add(k, id, len);
}


/* Printable ASCII and UTF-8 as they are, the rest as \xNN: keys of a damaged
   store must print too. */
static void
cxr_print_bytes(cxr_buf_t *out, const uint8_t *p, size_t n)
{
    size_t  i;
    bool    utf8 = cxr_utf8_valid(cxr_strn(p, n));

    for (i = 0; i < n; i++) {
        if (p[i] < 0x20 || p[i] == 0x7f || (p[i] >= 0x80 && !utf8)) {
            cxr_buf_addf(out, "\\x%02x", p[i]);
        } else {
            cxr_buf_addc(out, (char) p[i]);
        }
    }
}


/* "a 0 b 0 ..." as "/a/b..." */
static void
cxr_print_parts(cxr_buf_t *out, const uint8_t *p, size_t n)
{
    const uint8_t  *end = p + n, *zero;

    while (p < end) {
        zero = memchr(p, 0, (size_t) (end - p));
        if (zero == NULL) {
            zero = end;
        }

        cxr_buf_addc(out, '/');
        cxr_print_bytes(out, p, (size_t) (zero - p));
        p = zero + 1;
    }
}


/* Carrier before number, as in a shipment's id; the key has it otherwise. */
static bool
cxr_print_shipment(cxr_buf_t *out, const uint8_t *p, size_t n)
{
    const uint8_t  *carrier, *end;

    if (n < 4) {
        return false;
    }

    end = p + n - 4;
    carrier = memchr(p, 0, (size_t) (end - p));

    if (carrier == NULL || ++carrier >= end || end[-1] != 0) {
        return false;
    }

    cxr_buf_addc(out, '/');
    cxr_print_bytes(out, carrier, (size_t) (end - 1 - carrier));
    cxr_buf_addc(out, '/');
    cxr_print_bytes(out, p, (size_t) (carrier - 1 - p));
    cxr_buf_addc(out, '/');
    cxr_buf_addu(out, cxr_be32(end));

    return true;
}


/* A fresh RMA; or its run, what stands in it in clear or the hash, and behind it
   time and RMA. */
static bool
cxr_print_found(cxr_buf_t *out, const uint8_t *p, size_t n)
{
    size_t  m;

    if (n == 1 && p[0] == CXR_FIND_STATE) {
        cxr_buf_addz(out, "/state");
        return true;
    }

    if (n == 1 + CXR_FIND_PLACE && p[0] == CXR_FIND_FRESH) {
        cxr_buf_addz(out, "/fresh/");
        cxr_time_print((cxr_time_t) ~cxr_be64(p + 1), out);
        cxr_buf_addc(out, '/');
        cxr_print_bytes(out, p + 9, CXR_RMA_ID_LEN);
        return true;
    }

    if (n < 1 + 8 + 1 + CXR_FIND_PLACE || p[0] != CXR_FIND_SORTED) {
        return false;
    }

    cxr_buf_addz(out, "/run/");
    cxr_time_print((cxr_time_t) ~cxr_be64(p + 1), out);
    p += 9;
    n -= 9;
    m = n - 1 - CXR_FIND_PLACE;

    cxr_buf_addc(out, '/');
    cxr_print_bytes(out, p, 1);
    cxr_buf_addc(out, '/');

    if (cxr_find_whole(p[0])) {
        cxr_buf_hex(out, p + 1, m);
    } else {
        cxr_print_bytes(out, p + 1, m > 0 ? m - 1 : 0);
    }

    cxr_buf_addc(out, '/');
    cxr_time_print((cxr_time_t) ~cxr_be64(p + 1 + m), out);
    cxr_buf_addc(out, '/');
    cxr_print_bytes(out, p + 1 + m + 8, CXR_RMA_ID_LEN);

    return true;
}


static void
cxr_print_meta(cxr_store_t *store, cxr_str_t key, cxr_buf_t *out)
{
    const uint8_t  *p = (const uint8_t *) key.data;

    if (key.len == 8 && memcmp(p, "shop", 4) == 0) {
        cxr_buf_addf(out, "shop/%08x", cxr_be32(p + 4));
        return;
    }

    cxr_print_bytes(out, p, key.len);
}


/* ---- shops' names ---- */

static void
cxr_store_slug_add(cxr_store_t *store, uint32_t key, cxr_str_t id)
{
    size_t       i;
    cxr_slug_t  *s;

    for (i = 0; i < store->nslugs; i++) {
        if (store->slugs[i].key == key) {
            return;
        }
    }

    if (store->nslugs == CXR_STORE_SLUGS
        || id.len >= sizeof(store->slugs[0].id))
    {
        return;
    }

    s = realloc(store->slugs, (store->nslugs + 1) * sizeof(cxr_slug_t));
    if (s == NULL) {
        return;
    }

    store->slugs = s;
    s += store->nslugs++;
    s->key = key;
    memcpy(s->id, id.data, id.len);
    s->id[id.len] = '\0';
}


cxr_rc_t
cxr_store_slugs(cxr_store_t *store, MDB_txn *txn)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cur;

    rc = mdb_cursor_open(txn, store->dbi[CXR_T_META], &cur);
    if (rc != MDB_SUCCESS) {
        return cxr_mdb_rc(store, rc);
    }

    k = cxr_mdb_val(cxr_str("shop"));
    (void) pthread_mutex_lock(&store->lock);

    for (rc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         rc == MDB_SUCCESS && k.mv_size == 8
         && memcmp(k.mv_data, "shop", 4) == 0;
         rc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        cxr_store_slug_add(store, cxr_be32((uint8_t *) k.mv_data + 4),
                           cxr_mdb_str(v));
    }

    (void) pthread_mutex_unlock(&store->lock);
    mdb_cursor_close(cur);

    return rc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(store, rc);
}


void
cxr_store_shop_name(cxr_store_t *store, uint32_t key, char *out, size_t size)
{
    size_t  i;

    (void) pthread_mutex_lock(&store->lock);

    for (i = 0; i < store->nslugs; i++) {
        if (store->slugs[i].key == key) {
            (void) snprintf(out, size, "%s", store->slugs[i].id);
            break;
        }
    }

    if (i == store->nslugs) {
        (void) snprintf(out, size, "%08x", key);
    }

    (void) pthread_mutex_unlock(&store->lock);
}


/* ---- a key as text ---- */

static void
cxr_print_due(const uint8_t *p, size_t n, cxr_buf_t *out)
{
    cxr_buf_addc(out, '/');
    cxr_buf_addz(out, cxr_due_name(p[0]));
    cxr_buf_addc(out, '/');
    cxr_time_print((cxr_time_t) cxr_be64(p + 1), out);
    cxr_buf_addc(out, '/');
    cxr_print_bytes(out, p + 9, n - 9);
}


static bool
cxr_print_survey(const uint8_t *p, size_t n, cxr_buf_t *out)
{
    if (n > 9 && p[0] == 'a') {
        cxr_buf_addz(out, "/answer/");
        cxr_time_print((cxr_time_t) ~cxr_be64(p + 1), out);
        cxr_print_parts(out, p + 9, n - 9);
        return true;
    }

    if (n == 7 && p[0] == 's' && p[2] < CXR_ASKS) {
        cxr_buf_addf(out, "/scores/%s/%s/%u",
                     p[1] ? "returns" : "delivery",
                     cxr_survey_question_names[p[2]],
                     (unsigned) cxr_be32(p + 3));
        return true;
    }

    return false;
}


static bool
cxr_print_codes(const uint8_t *p, size_t n, cxr_buf_t *out)
{
    const uint8_t  *zero;

    if (n > 9 && p[0] == 'w') {
        cxr_buf_addz(out, "/waits/");
        cxr_time_print((cxr_time_t) cxr_be64(p + 1), out);
        cxr_buf_addc(out, '/');
        cxr_print_bytes(out, p + 9, n - 9);
        return true;
    }

    if (n > 1 && p[0] == 'p') {
        cxr_buf_addz(out, "/pool/");
        cxr_print_bytes(out, p + 1, n - 1);
        return true;
    }

    zero = n > 1 ? memchr(p + 1, 0, n - 1) : NULL;

    if (zero == NULL || (p[0] != 'c' && p[0] != 'f')) {
        return false;
    }

    cxr_buf_addz(out, p[0] == 'c' ? "/code/" : "/free/");
    cxr_print_bytes(out, p + 1, (size_t) (zero - p - 1));
    cxr_buf_addc(out, '/');

    if (p[0] == 'c') {
        cxr_print_bytes(out, zero + 1, n - (size_t) (zero + 1 - p));

    } else {
        cxr_buf_hex(out, zero + 1, n - (size_t) (zero + 1 - p));
    }

    return true;
}


/* What stands behind the shop in a key of a table of things; false: as it is. */

static bool
cxr_print_key_of(int t, const uint8_t *p, size_t n, cxr_buf_t *out)
{
    const uint8_t  *zero;

    switch (t) {

    case CXR_T_JOURNAL:
        if (n == 8) {
            cxr_buf_addc(out, '/');
            cxr_buf_addu(out, cxr_be64(p));
            return true;
        }
        break;

    case CXR_T_SHIPMENTS:
        if (cxr_print_shipment(out, p, n)) {
            return true;
        }
        break;

    case CXR_T_LANES:
        cxr_print_parts(out, p, n);
        return true;

    case CXR_T_WORKLIST:
        zero = memchr(p, 0, n);

        if (zero != NULL) {
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p, (size_t) (zero - p));
            cxr_buf_addc(out, '/');
            cxr_buf_hex(out, zero + 1, n - (size_t) (zero + 1 - p));
            return true;
        }
        break;

    case CXR_T_IDEM:
        cxr_buf_addc(out, '/');
        cxr_buf_hex(out, p, n);
        return true;

    case CXR_T_DUE:
        if (n >= 9) {
            cxr_print_due(p, n, out);
            return true;
        }
        break;

    case CXR_T_TALK:
        if (n > 5) {
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p, n - 5);
            cxr_buf_addc(out, '/');
            cxr_buf_addu(out, cxr_be32(p + n - 4));
            return true;
        }
        break;

    case CXR_T_CODES:
        if (cxr_print_codes(p, n, out)) {
            return true;
        }
        break;

    case CXR_T_PEOPLE:
        zero = n > 1 ? memchr(p + 1, 0, n - 1) : NULL;

        if (zero != NULL) {
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p, (size_t) (zero - p));
            cxr_buf_addc(out, '/');

            if (p[0] == CXR_LIST_ENTRY) {
                cxr_print_bytes(out, zero + 1, n - (size_t) (zero + 1 - p));
            } else {
                cxr_buf_hex(out, zero + 1, n - (size_t) (zero + 1 - p));
            }

            return true;
        }
        break;

    case CXR_T_SURVEYS:
        if (cxr_print_survey(p, n, out)) {
            return true;
        }
        break;
    }

    return false;
}


/* The same of an index. */

static bool
cxr_print_index(int t, const uint8_t *p, size_t n, cxr_buf_t *out)
{
    const uint8_t  *zero;

    switch (t) {

    case CXR_T_IX_REF:
        if (n >= 4) {
            cxr_print_parts(out, p, n - 4);
            cxr_buf_addc(out, '/');
            cxr_buf_addu(out, cxr_be32(p + n - 4));
            return true;
        }
        break;

    case CXR_T_IX_RMA:
        if (n >= 9) {
            cxr_buf_addc(out, '/');
            cxr_buf_addz(out, p[0] == CXR_LIST_ALL ? "all"
                              : p[0] <= CXR_RMA_NSTATUS
                                ? cxr_rma_status_names[p[0] - 1]
                              : p[0] >= CXR_LIST_QUEUE(0)
                                && p[0] < CXR_LIST_QUEUE(CXR_QUEUES)
                                ? cxr_queue_names[p[0] - CXR_LIST_QUEUE(0)]
                                : "?");
            cxr_buf_addc(out, '/');
            cxr_time_print((cxr_time_t) ~cxr_be64(p + 1), out);
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p + 9, n - 9);
            return true;
        }
        break;

    case CXR_T_IX_WITHDRAW:
        if (n > 17 && p[0] == 'b') {
            cxr_buf_addz(out, "/by-order/");
            cxr_buf_hex(out, p + 1, 16);
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p + 17, n - 17);
            return true;
        }

        if (n > 9 && p[0] <= CXR_WITHDRAWAL_STATES) {
            cxr_buf_addc(out, '/');
            cxr_buf_addz(out, p[0] == CXR_LIST_ALL ? "all"
                              : cxr_withdrawal_state_names[p[0] - 1]);
            cxr_buf_addc(out, '/');
            cxr_time_print((cxr_time_t) ~cxr_be64(p + 1), out);
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p + 9, n - 9);
            return true;
        }
        break;

    case CXR_T_IX_TALK:
        zero = n > 8 ? memchr(p + 8, 0, n - 8) : NULL;

        if (zero != NULL) {
            cxr_buf_addc(out, '/');
            cxr_time_print((cxr_time_t) cxr_be64(p), out);
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p + 8, (size_t) (zero - p) - 8);
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, zero + 1, n - (size_t) (zero + 1 - p));
            return true;
        }
        break;

    case CXR_T_IX_FOUND:
        if (cxr_print_found(out, p, n)) {
            return true;
        }
        break;

    case CXR_T_IX_EMAIL:
        if (n >= 16) {
            cxr_buf_addc(out, '/');
            cxr_buf_hex(out, p, 16);
            cxr_buf_addc(out, '/');
            cxr_print_bytes(out, p + 16, n - 16);
            return true;
        }
        break;
    }

    return false;
}


void
cxr_store_key_print(cxr_store_t *store, const char *table, cxr_str_t key,
    cxr_buf_t *out)
{
    int             t = cxr_table_index(table);
    char            name[80];
    size_t          n;
    const uint8_t  *p;

    if (t == CXR_T_META) {
        cxr_print_meta(store, key, out);
        return;
    }

    if (t < 0 || key.len < 4) {
        cxr_print_bytes(out, (const uint8_t *) key.data, key.len);
        return;
    }

    p = (const uint8_t *) key.data;
    cxr_store_shop_name(store, cxr_be32(p), name, sizeof(name));
    cxr_buf_addz(out, name);
    p += 4;
    n = key.len - 4;

    if (cxr_print_key_of(t, p, n, out) || cxr_print_index(t, p, n, out)) {
        return;
    }

    cxr_buf_addc(out, '/');
    cxr_print_bytes(out, p, n);
}
