
/*
 * Keeps "ix_found" true: when an RMA is made, when a parcel of it or of its
 * order is named, and when the order's person changes or goes; and makes a run
 * of the fresh RMAs when there are many.
 */

#include <sched.h>
#include <stdlib.h>

#include "cxr_store_find_private.h"


#define CXR_FIND_BITE  256     /* rows between two yields                      */


static const cxr_field_t  cxr_find_fields[] = {
    CXR_FIELD(cxr_find_row_t, entries, BYTES),
    CXR_FIELD(cxr_find_row_t, from, TIME),
    CXR_FIELD(cxr_find_row_t, fresh, U32),
    CXR_FIELD_END
};

const cxr_type_t  cxr_find_type = {
    "find", CXR_TYPE_FIND, 1, sizeof(cxr_find_row_t), cxr_find_fields
};


/* ---- the entries of an RMA ---- */

typedef struct {
    cxr_find_entry_t  *items;
    uint32_t           n;
} cxr_find_entries_t;


bool
cxr_find_next(cxr_str_t *entries, cxr_find_entry_t *e)
{
    size_t  n;

    if (entries->len < 2) {
        return false;
    }

    n = (uint8_t) entries->data[1];

    if (entries->len < 2 + n) {
        return false;
    }

    e->tag = (uint8_t) entries->data[0];
    e->value = cxr_strn(entries->data + 2, n);
    *entries = cxr_strn(entries->data + 2 + n, entries->len - 2 - n);

    return true;
}


static int
cxr_entry_cmp(const cxr_find_entry_t *a, const cxr_find_entry_t *b)
{
    return a->tag != b->tag ? (a->tag < b->tag ? -1 : 1)
                            : cxr_str_cmp(a->value, b->value);
}


static bool
cxr_entries_have(const cxr_find_entries_t *list, const cxr_find_entry_t *e)
{
    uint32_t  i;

    for (i = 0; i < list->n; i++) {
        if (cxr_entry_cmp(&list->items[i], e) == 0) {
            return true;
        }
    }

    return false;
}


/* Each once, and in their order, so that the same ones are the same bytes. */
static void
cxr_entries_add(cxr_find_entries_t *list, uint8_t tag, cxr_str_t value)
{
    uint32_t          i;
    cxr_find_entry_t  e = { tag, value };

    if (cxr_entries_have(list, &e)) {
        return;
    }

    for (i = list->n++; i > 0; i--) {
        if (cxr_entry_cmp(&list->items[i - 1], &e) < 0) {
            break;
        }

        list->items[i] = list->items[i - 1];
    }

    list->items[i] = e;
}


static cxr_rc_t
cxr_entries_room(cxr_writer_t *w, uint32_t n, cxr_find_entries_t *list)
{
    list->n = 0;
    list->items = cxr_alloc(w->scratch, (n + 1) * sizeof(cxr_find_entry_t));

    return list->items == NULL ? CXR_NOMEM : CXR_OK;
}


/* The order's numbers, and "person" as what it is found by unless NULL. */
static cxr_rc_t
cxr_entries_of(cxr_writer_t *w, cxr_str_t id, const cxr_order_t *order,
    const cxr_find_tokens_t *person, cxr_find_entries_t *list)
{
    uint32_t  i;
    cxr_rc_t  rc;
    unsigned  n = person ? person->n : 0;

    rc = cxr_entries_room(w, 1 + order->parcels.n + n, list);
    if (rc != CXR_OK) {
        return rc;
    }

    cxr_entries_add(list, CXR_FIND_TAG_ORDER, id);

    for (i = 0; i < order->parcels.n; i++) {
        cxr_entries_add(list, CXR_FIND_TAG_PARCEL,
                        order->parcels.items[i].number);
    }

    for (i = 0; i < n; i++) {
        cxr_entries_add(list, person->items[i].tag,
                        cxr_strn(person->items[i].hash, CXR_FIND_HASH));
    }

    return CXR_OK;
}


/* The parcels that bring the RMA back, from "first" on; "who": and whom it is
   found by beside the order's person, who was given its goods. */
static cxr_rc_t
cxr_entries_back(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    bool who, uint32_t first, cxr_find_entries_t *list)
{
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_find_tokens_t  *t;

    t = cxr_calloc(w->scratch, 1, sizeof(*t));
    rc = t == NULL ? CXR_NOMEM : CXR_OK;

    if (rc == CXR_OK && who && rma->recipient.len != 0) {
        rc = cxr_tokens_recipient(w, shop, rma, t);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_room(w, rma->parcels.n + t->n, list);
    }

    for (i = 0; rc == CXR_OK && i < t->n; i++) {
        cxr_entries_add(list, t->items[i].tag,
                        cxr_strn(t->items[i].hash, CXR_FIND_HASH));
    }

    for (i = first; rc == CXR_OK && i < rma->parcels.n; i++) {
        cxr_entries_add(list, CXR_FIND_TAG_PARCEL,
                        rma->parcels.items[i].number);
    }

    return rc;
}


/* ---- rows ---- */

static cxr_rc_t
cxr_find_put(cxr_writer_t *w, cxr_dbkey_t *key, const cxr_find_row_t *row)
{
    cxr_rc_t  rc;

    cxr_buf_reset(&w->rec);
    rc = cxr_rec_encode(&cxr_find_type, row, 0, &w->rec);

    return rc == CXR_OK ? cxr_writer_put(w, CXR_T_IX_FOUND, key,
                                         cxr_buf_str(&w->rec))
                        : rc;
}


static cxr_rc_t
cxr_find_state(cxr_writer_t *w, uint32_t shop, cxr_find_row_t *state)
{
    MDB_val      v;
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    memset(state, 0, sizeof(*state));
    cxr_dbkey_found(&key, shop, CXR_FIND_STATE);

    rc = cxr_writer_get(w, CXR_T_IX_FOUND, &key, &v);

    if (rc == CXR_OK) {
        return cxr_rec_decode(&cxr_find_type, v.mv_data, v.mv_size, state,
                              w->scratch);
    }

    return rc == CXR_NOTFOUND ? CXR_OK : rc;
}


static void
cxr_dbkey_fresh(cxr_dbkey_t *k, uint32_t shop, const cxr_rma_t *rma)
{
    cxr_dbkey_found(k, shop, CXR_FIND_FRESH);
    cxr_dbkey_u64(k, ~(uint64_t) rma->created_at);
    cxr_dbkey_str(k, rma->id);
}


static cxr_rc_t
cxr_fresh_put(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    const cxr_find_entries_t *list)
{
    char            *p, *data;
    size_t           n = 0;
    uint32_t         i;
    cxr_dbkey_t      key;
    cxr_find_row_t   row;

    for (i = 0; i < list->n; i++) {
        if (list->items[i].value.len > UINT8_MAX) {
            return CXR_LIMIT;
        }

        n += 2 + list->items[i].value.len;
    }

    p = data = cxr_alloc(w->scratch, n + 1);
    if (data == NULL) {
        return CXR_NOMEM;
    }

    for (i = 0; i < list->n; i++) {
        *p++ = (char) list->items[i].tag;
        *p++ = (char) list->items[i].value.len;
        memcpy(p, list->items[i].value.data, list->items[i].value.len);
        p += list->items[i].value.len;
    }

    memset(&row, 0, sizeof(row));
    row.entries = cxr_strn(data, n);
    cxr_dbkey_fresh(&key, shop, rma);

    return cxr_find_put(w, &key, &row);
}


/* "off" and "on" have nothing in common. */
static cxr_rc_t
cxr_fresh_change(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    const cxr_find_entries_t *off, const cxr_find_entries_t *on)
{
    MDB_val             v;
    cxr_rc_t            rc;
    uint32_t            i;
    cxr_str_t           rest, copy;
    cxr_dbkey_t         key;
    cxr_find_row_t      row;
    cxr_find_entry_t    e;
    cxr_find_entries_t  list;

    cxr_dbkey_fresh(&key, shop, rma);

    rc = cxr_writer_get(w, CXR_T_IX_FOUND, &key, &v);

    if (rc == CXR_OK) {
        rc = cxr_rec_decode(&cxr_find_type, v.mv_data, v.mv_size, &row,
                            w->scratch);
    }

    if (rc == CXR_OK) {
        rc = cxr_str_dup(w->scratch, row.entries, &copy);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_room(w, (uint32_t) copy.len / 2 + on->n, &list);
    }

    if (rc != CXR_OK) {
        return rc == CXR_NOTFOUND ? CXR_ERROR : rc;
    }

    for (rest = copy; cxr_find_next(&rest, &e); /* void */ ) {
        if (!cxr_entries_have(off, &e)) {
            cxr_entries_add(&list, e.tag, e.value);
        }
    }

    for (i = 0; i < on->n; i++) {
        cxr_entries_add(&list, on->items[i].tag, on->items[i].value);
    }

    return cxr_fresh_put(w, shop, rma, &list);
}


/* ---- runs ---- */

/* That which an RMA of that time belongs to. */
static cxr_rc_t
cxr_run_of(cxr_writer_t *w, uint32_t shop, cxr_time_t created, uint64_t *run)
{
    MDB_val      k, v;
    cxr_rc_t     rc;
    cxr_dbkey_t  prefix, key;

    cxr_dbkey_found(&prefix, shop, CXR_FIND_SORTED);
    key = prefix;
    cxr_dbkey_u64(&key, ~(uint64_t) created);

    rc = cxr_writer_seek(w, CXR_T_IX_FOUND, &key, &k, &v);
    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    *run = rc == CXR_OK && cxr_dbkey_prefixes(&prefix, k)
           && k.mv_size >= (size_t) prefix.len + 8
           ? cxr_be64((uint8_t *) k.mv_data + prefix.len) : UINT64_MAX;

    return CXR_OK;
}


static cxr_rc_t
cxr_run_set(cxr_writer_t *w, uint32_t shop, uint64_t run, uint8_t tag,
    cxr_str_t value, cxr_str_t place, bool put)
{
    cxr_dbkey_t  key;

    cxr_dbkey_find(&key, shop, run, tag, value);
    cxr_dbkey_str(&key, place);

    return put ? cxr_writer_put(w, CXR_T_IX_FOUND, &key, CXR_STR_NONE)
               : cxr_writer_del(w, CXR_T_IX_FOUND, &key);
}


static cxr_rc_t
cxr_run_change(cxr_writer_t *w, uint32_t shop, const cxr_rma_t *rma,
    const cxr_find_entries_t *list, bool put)
{
    cxr_rc_t     rc;
    uint32_t     i;
    uint64_t     run = UINT64_MAX;
    cxr_str_t    place;
    cxr_dbkey_t  key;

    rc = cxr_run_of(w, shop, rma->created_at, &run);

    key.len = 0;
    key.over = false;
    cxr_dbkey_u64(&key, ~(uint64_t) rma->created_at);
    cxr_dbkey_str(&key, rma->id);
    place = cxr_strn(key.data, key.len);

    for (i = 0; rc == CXR_OK && i < list->n; i++) {
        rc = cxr_run_set(w, shop, run, list->items[i].tag,
                         list->items[i].value, place, put);
    }

    return rc;
}


/* An entry on its way into a run. */
typedef struct {
    uint64_t      first;       /* the tag and the value's first bytes, as a
                                  number: most that compare need no more       */
    const char   *entry;       /* tag, length, value                           */
    const char   *place;
} cxr_sealed_t;

typedef struct {
    cxr_sealed_t  *items;
    size_t         n;
    size_t         room;
    cxr_time_t     newest;
} cxr_seal_t;


static int
cxr_sealed_cmp(const void *one, const void *two)
{
    int                  c;
    const cxr_sealed_t  *a = one, *b = two;

    if (a->first != b->first) {
        return a->first < b->first ? -1 : 1;
    }

    c = cxr_str_cmp(cxr_strn(a->entry + 2, (uint8_t) a->entry[1]),
                    cxr_strn(b->entry + 2, (uint8_t) b->entry[1]));

    return c != 0 ? c : memcmp(a->place, b->place, CXR_FIND_PLACE);
}


static cxr_rc_t
cxr_seal_add(cxr_writer_t *w, cxr_seal_t *s, const char *entry,
    const char *place)
{
    size_t         i, n = (uint8_t) entry[1];
    cxr_sealed_t  *one;

    if (s->n == s->room) {
        s->room = s->room ? 2 * s->room : 8 * CXR_FIND_RUN;

        one = cxr_alloc(w->scratch, s->room * sizeof(cxr_sealed_t));
        if (one == NULL) {
            return CXR_NOMEM;
        }

        if (s->n != 0) {
            memcpy(one, s->items, s->n * sizeof(cxr_sealed_t));
        }

        s->items = one;
    }

    one = &s->items[s->n++];
    one->entry = entry;
    one->place = place;
    one->first = (uint64_t) (uint8_t) entry[0] << 56;

    for (i = 0; i < 7 && i < n; i++) {
        one->first |= (uint64_t) (uint8_t) entry[2 + i] << (48 - 8 * i);
    }

    return CXR_OK;
}


/* All that is fresh of the shop, copied. */
static cxr_rc_t
cxr_seal_read(cxr_writer_t *w, uint32_t shop, cxr_seal_t *s)
{
    MDB_val           k, v;
    cxr_rc_t          rc, found;
    cxr_str_t         rest, place;
    const char       *entry;
    cxr_dbkey_t       prefix;
    cxr_find_row_t    row;
    cxr_find_entry_t  e;

    cxr_dbkey_found(&prefix, shop, CXR_FIND_FRESH);

    for (found = cxr_writer_seek(w, CXR_T_IX_FOUND, &prefix, &k, &v);
         found == CXR_OK && cxr_dbkey_prefixes(&prefix, k);
         found = cxr_writer_step(w, CXR_T_IX_FOUND, &k, &v))
    {
        if (k.mv_size != (size_t) prefix.len + CXR_FIND_PLACE) {
            return CXR_ERROR;
        }

        rc = cxr_str_dup(w->scratch,
                         cxr_strn((char *) k.mv_data + prefix.len,
                                  CXR_FIND_PLACE), &place);
        if (rc == CXR_OK) {
            rc = cxr_rec_decode(&cxr_find_type, v.mv_data, v.mv_size, &row,
                                w->scratch);
        }

        if (rc == CXR_OK) {
            rc = cxr_str_dup(w->scratch, row.entries, &rest);
        }

        if (s->n == 0) {
            s->newest = (cxr_time_t) ~cxr_be64((uint8_t *) k.mv_data
                                               + prefix.len);
        }

        for (entry = rest.data;
             rc == CXR_OK && cxr_find_next(&rest, &e);
             entry = rest.data)
        {
            rc = cxr_seal_add(w, s, entry, place.data);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    return found == CXR_NOTFOUND ? CXR_OK : found;
}


/*
 * The fresh ones become a run.  It takes some milliseconds; where the thread
 * shares a processor with an event loop, what that serves need not wait.
 */
static cxr_rc_t
cxr_find_seal(cxr_writer_t *w, uint32_t shop, cxr_find_row_t *state)
{
    size_t       i;
    MDB_val      k, v;
    cxr_rc_t     rc, found;
    uint64_t     run = ~(uint64_t) state->from;
    cxr_seal_t   s = { NULL, 0, 0, 0 };
    cxr_dbkey_t  prefix;

    rc = cxr_seal_read(w, shop, &s);

    if (rc != CXR_OK || s.n == 0) {
        return rc;
    }

    qsort(s.items, s.n, sizeof(cxr_sealed_t), cxr_sealed_cmp);

    for (i = 0; rc == CXR_OK && i < s.n; i++) {

        if (i % CXR_FIND_BITE == CXR_FIND_BITE - 1) {
            (void) sched_yield();
        }

        rc = cxr_run_set(w, shop, run, (uint8_t) s.items[i].entry[0],
                         cxr_strn(s.items[i].entry + 2,
                                  (uint8_t) s.items[i].entry[1]),
                         cxr_strn(s.items[i].place, CXR_FIND_PLACE), true);
    }

    cxr_dbkey_found(&prefix, shop, CXR_FIND_FRESH);

    for (found = rc; found == CXR_OK; /* void */ ) {
        found = cxr_writer_seek(w, CXR_T_IX_FOUND, &prefix, &k, &v);

        if (found == CXR_OK && !cxr_dbkey_prefixes(&prefix, k)) {
            break;
        }

        if (found == CXR_OK) {
            found = cxr_writer_drop(w, CXR_T_IX_FOUND);
        }
    }

    if (rc != CXR_OK || (found != CXR_OK && found != CXR_NOTFOUND)) {
        return rc != CXR_OK ? rc : found;
    }

    state->from = s.newest + 1;
    state->fresh = 0;

    return CXR_OK;
}


static unsigned
cxr_find_run(void)
{
#ifdef CXR_TEST_KNOBS
    const char  *text = getenv("CXR_TEST_FIND_RUN");

    if (text != NULL) {
        return (unsigned) strtoul(text, NULL, 10);
    }
#endif

    return CXR_FIND_RUN;
}


/* ---- what events change ---- */

static cxr_rc_t
cxr_find_change(cxr_writer_t *w, uint32_t shop, const cxr_find_row_t *state,
    const cxr_rma_t *rma, const cxr_find_entries_t *off,
    const cxr_find_entries_t *on)
{
    cxr_rc_t  rc;

    if (off->n == 0 && on->n == 0) {
        return CXR_OK;
    }

    if (rma->created_at >= state->from) {
        return cxr_fresh_change(w, shop, rma, off, on);
    }

    rc = cxr_run_change(w, shop, rma, off, false);

    return rc == CXR_OK ? cxr_run_change(w, shop, rma, on, true) : rc;
}


/* Of an RMA that was made. */
static cxr_rc_t
cxr_find_made(cxr_writer_t *w, uint32_t shop, cxr_find_row_t *state,
    const cxr_rma_t *rma, const cxr_find_entries_t *list)
{
    cxr_rc_t     rc;
    cxr_dbkey_t  key;

    if (rma->created_at < state->from) {
        return cxr_run_change(w, shop, rma, list, true);
    }

    rc = cxr_fresh_put(w, shop, rma, list);

    if (rc == CXR_OK && ++state->fresh >= cxr_find_run()) {
        rc = cxr_find_seal(w, shop, state);
    }

    if (rc != CXR_OK) {
        return rc;
    }

    cxr_dbkey_found(&key, shop, CXR_FIND_STATE);

    return cxr_find_put(w, &key, state);
}


cxr_rc_t
cxr_find_rma(cxr_writer_t *w, uint32_t shop, const cxr_order_t *order,
    uint32_t parcels, const cxr_rma_t *rma, bool existed)
{
    uint32_t            i;
    cxr_rc_t            rc;
    cxr_find_row_t      state;
    cxr_find_tokens_t   person;
    cxr_find_entries_t  list, back, none = { NULL, 0 };

    /* parcels are only ever added */

    if (existed && parcels == rma->parcels.n) {
        return CXR_OK;
    }

    rc = cxr_find_state(w, shop, &state);

    if (rc == CXR_OK) {
        rc = cxr_entries_back(w, shop, rma, !existed, existed ? parcels : 0,
                              &back);
    }

    if (rc != CXR_OK || existed) {
        return rc == CXR_OK
               ? cxr_find_change(w, shop, &state, rma, &none, &back) : rc;
    }

    rc = cxr_tokens_of(w, shop, rma->order, order->person, &person);

    if (rc == CXR_OK) {
        rc = cxr_entries_of(w, rma->order, order, &person, &list);
    }

    if (rc == CXR_OK && back.n != 0) {
        none = list;
        rc = cxr_entries_room(w, list.n + back.n, &list);

        for (i = 0; rc == CXR_OK && i < none.n + back.n; i++) {
            const cxr_find_entry_t  *e = i < none.n ? &none.items[i]
                                                    : &back.items[i - none.n];
            cxr_entries_add(&list, e->tag, e->value);
        }
    }

    return rc == CXR_OK ? cxr_find_made(w, shop, &state, rma, &list) : rc;
}


/* Those of "list" that neither "but" has nor the RMA's own parcels are. */
static cxr_rc_t
cxr_entries_without(cxr_writer_t *w, const cxr_find_entries_t *list,
    const cxr_find_entries_t *but, const cxr_find_entries_t *back,
    cxr_find_entries_t *out)
{
    cxr_rc_t  rc;
    uint32_t  i;

    rc = cxr_entries_room(w, list->n, out);

    for (i = 0; rc == CXR_OK && i < list->n; i++) {
        if (!cxr_entries_have(but, &list->items[i])
            && !cxr_entries_have(back, &list->items[i]))
        {
            out->items[out->n++] = list->items[i];
        }
    }

    return rc;
}


/* What her RMA is found by besides: the buyer may have the same name. */
cxr_rc_t
cxr_find_erased(cxr_writer_t *w, uint32_t shop, const cxr_order_t *order,
    const cxr_rma_t *was)
{
    cxr_rc_t            rc;
    cxr_find_row_t      state;
    cxr_find_tokens_t   person;
    cxr_find_entries_t  hers, parcels, others, off, none = { NULL, 0 };

    rc = cxr_find_state(w, shop, &state);

    if (rc == CXR_OK) {
        rc = cxr_entries_back(w, shop, was, true, UINT32_MAX, &hers);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_back(w, shop, was, false, 0, &parcels);
    }

    if (rc == CXR_OK) {
        rc = cxr_tokens_of(w, shop, was->order, order->person, &person);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_of(w, was->order, order, &person, &others);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_without(w, &hers, &others, &parcels, &off);
    }

    return rc == CXR_OK ? cxr_find_change(w, shop, &state, was, &off, &none)
                        : rc;
}


static cxr_rc_t
cxr_find_order_rma(cxr_writer_t *w, uint32_t shop, const cxr_find_row_t *state,
    cxr_str_t id, const cxr_find_entries_t *before,
    const cxr_find_entries_t *after, bool erased)
{
    cxr_rc_t            rc;
    cxr_slot_t         *s;
    cxr_dbkey_t         key;
    cxr_find_entries_t  back, off, on, own = { NULL, 0 }, none = { NULL, 0 };

    cxr_dbkey_one(&key, shop, id);

    rc = cxr_slot_load(w, CXR_T_RMAS, &key, &s);

    if (rc == CXR_OK && !s->exists) {
        rc = CXR_ERROR;
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_back(w, shop, s->obj, !erased, 0, &back);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_without(w, before, after, &back, &off);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_without(w, after, before, &back, &on);
    }

    if (rc == CXR_OK && erased && ((cxr_rma_t *) s->obj)->gift) {
        rc = cxr_entries_back(w, shop, s->obj, true, UINT32_MAX, &own);
    }

    if (rc == CXR_OK) {
        rc = cxr_find_change(w, shop, state, s->obj, &own, &none);
    }

    return rc == CXR_OK
           ? cxr_find_change(w, shop, state, s->obj, &off, &on) : rc;
}


cxr_rc_t
cxr_find_order(cxr_writer_t *w, uint32_t shop, cxr_str_t id,
    const cxr_order_t *was, const cxr_order_t *is)
{
    bool                person;
    uint32_t            i;
    cxr_rc_t            rc = CXR_OK;
    cxr_find_row_t      state;
    cxr_find_tokens_t   had, has;
    cxr_find_entries_t  before, after;

    if (is->rmas.n == 0) {
        return CXR_OK;
    }

    person = !cxr_str_eq(was->person, is->person);

    if (person) {
        rc = cxr_tokens_of(w, shop, id, was->person, &had);
        if (rc == CXR_OK) {
            rc = cxr_tokens_of(w, shop, id, is->person, &has);
        }
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_of(w, id, was, person ? &had : NULL, &before);
    }

    if (rc == CXR_OK) {
        rc = cxr_entries_of(w, id, is, person ? &has : NULL, &after);
    }

    if (rc == CXR_OK) {
        rc = cxr_find_state(w, shop, &state);
    }

    for (i = 0; i < is->rmas.n && rc == CXR_OK; i++) {
        rc = cxr_find_order_rma(w, shop, &state, is->rmas.items[i], &before,
                                &after, is->erased_at != was->erased_at
                                        && is->person.len == 0);
    }

    return rc;
}
