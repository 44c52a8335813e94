
/*
 * The table of answers to surveys:
 *
 *   shop 'a' ~time order 0 rma     the answer without its comment
 *   shop 's' about question day    how many gave which score
 *
 * Its rows carry no journal sequence: they are what the orders say, in another
 * order.  So a store of an older program, which has none, gets them when it is
 * opened.
 */

#include "cxr_store_surveys.h"
#include "cxr_store_private.h"
#include "cxr_text.h"

#define CXR_ANSWERS       'a'
#define CXR_SCORES_OF     's'
#define CXR_COUNT_BYTES   (CXR_SURVEY_SCORES * 4)


typedef struct {
    cxr_str_t   counts;        /* CXR_SURVEY_SCORES numbers of 4 bytes, least
                                  significant first                           */
} cxr_survey_row_t;

static const cxr_field_t  cxr_survey_row_fields[] = {
    CXR_FIELD(cxr_survey_row_t, counts, BYTES),
    CXR_FIELD_END
};

const cxr_type_t  cxr_survey_sum_type = {
    "survey_sum", CXR_TYPE_SURVEY_SUM, 1, sizeof(cxr_survey_row_t),
    cxr_survey_row_fields
};


const char *const  cxr_about_names[] = { "delivery", "returns", NULL };


/* Where rows go: through a writer, or straight into a new table. */
typedef struct {
    cxr_writer_t  *w;              /* or NULL                                 */
    cxr_store_t   *store;
    MDB_txn       *txn;
    cxr_arena_t   *a;
    cxr_buf_t     *rec;
} cxr_survey_out_t;


static void
cxr_dbkey_answer(cxr_dbkey_t *k, uint32_t shop, cxr_time_t at,
    cxr_str_t order, cxr_str_t rma)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, (const char[]) { CXR_ANSWERS }, 1);
    cxr_dbkey_u64(k, ~(uint64_t) at);          /* the newest comes first */
    cxr_dbkey_str0(k, order);
    cxr_dbkey_str(k, rma);
}


static void
cxr_dbkey_scores(cxr_dbkey_t *k, uint32_t shop, bool returns,
    unsigned question, uint32_t day)
{
    cxr_dbkey_shop(k, shop);
    cxr_dbkey_add(k, (const char[]) { CXR_SCORES_OF, (char) returns,
                                      (char) question }, 3);
    cxr_dbkey_u32(k, day);
}


static cxr_rc_t
cxr_counts_unpack(MDB_val v, cxr_arena_t *a, cxr_survey_counts_t *counts)
{
    size_t             i;
    cxr_rc_t           rc;
    const uint8_t     *p;
    cxr_survey_row_t   row;

    rc = cxr_rec_decode(&cxr_survey_sum_type, v.mv_data, v.mv_size, &row, a);

    if (rc != CXR_OK || row.counts.len != CXR_COUNT_BYTES) {
        return rc != CXR_OK ? rc : CXR_INVALID;
    }

    for (i = 0; i < CXR_SURVEY_SCORES; i++) {
        p = (const uint8_t *) row.counts.data + i * 4;
        counts->count[i] = (uint32_t) p[0] | (uint32_t) p[1] << 8
                           | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
    }

    return CXR_OK;
}


/* ---- writing ---- */

static cxr_rc_t
cxr_survey_get(cxr_survey_out_t *o, cxr_dbkey_t *key, MDB_val *v)
{
    int      rc;
    MDB_val  k;

    if (o->w != NULL) {
        return cxr_writer_get(o->w, CXR_T_SURVEYS, key, v);
    }

    k = cxr_dbkey_val(key);
    rc = mdb_get(o->txn, o->store->dbi[CXR_T_SURVEYS], &k, v);

    return rc == MDB_NOTFOUND ? CXR_NOTFOUND : cxr_mdb_rc(o->store, rc);
}


static cxr_rc_t
cxr_survey_put(cxr_survey_out_t *o, cxr_dbkey_t *key, const cxr_type_t *type,
    const void *row)
{
    cxr_rc_t  rc;
    MDB_val   k, v;

    cxr_buf_reset(o->rec);
    rc = cxr_rec_encode(type, row, 0, o->rec);

    if (rc != CXR_OK || o->w != NULL) {
        return rc != CXR_OK ? rc
                            : cxr_writer_put(o->w, CXR_T_SURVEYS, key,
                                             cxr_buf_str(o->rec));
    }

    k = cxr_dbkey_val(key);
    v = cxr_mdb_val(cxr_buf_str(o->rec));

    return cxr_mdb_rc(o->store, mdb_put(o->txn,
                                        o->store->dbi[CXR_T_SURVEYS], &k, &v,
                                        0));
}


static cxr_rc_t
cxr_survey_count(cxr_survey_out_t *o, uint32_t shop, const cxr_survey_t *s,
    int more)
{
    char                 bytes[CXR_COUNT_BYTES];
    size_t               i;
    MDB_val              v;
    cxr_rc_t             rc;
    uint32_t             any;
    cxr_dbkey_t          key;
    cxr_survey_row_t     row;
    cxr_survey_counts_t  c;

    if (s->score >= CXR_SURVEY_SCORES || s->first_at < 0) {
        return CXR_INVALID;
    }

    memset(&key, 0, sizeof(key));
    memset(&c, 0, sizeof(c));
    cxr_dbkey_scores(&key, shop, s->rma.len != 0, s->question,
                     (uint32_t) (s->first_at / CXR_DAY));

    rc = cxr_survey_get(o, &key, &v);

    if (rc == CXR_OK) {
        rc = cxr_counts_unpack(v, o->a, &c);
    }

    if (rc != CXR_OK && rc != CXR_NOTFOUND) {
        return rc;
    }

    c.count[s->score] += (uint32_t) more;
    any = 0;

    for (i = 0; i < CXR_SURVEY_SCORES; i++) {
        any |= c.count[i];
        bytes[i * 4] = (char) (c.count[i] & 0xff);
        bytes[i * 4 + 1] = (char) (c.count[i] >> 8 & 0xff);
        bytes[i * 4 + 2] = (char) (c.count[i] >> 16 & 0xff);
        bytes[i * 4 + 3] = (char) (c.count[i] >> 24);
    }

    /* only what was counted is taken back, and that by a writer */

    if (any == 0) {
        return cxr_writer_del(o->w, CXR_T_SURVEYS, &key);
    }

    row.counts = cxr_strn(bytes, sizeof(bytes));

    return cxr_survey_put(o, &key, &cxr_survey_sum_type, &row);
}


static cxr_rc_t
cxr_survey_list(cxr_survey_out_t *o, uint32_t shop, cxr_str_t order,
    const cxr_survey_t *s)
{
    cxr_dbkey_t   key;
    cxr_survey_t  row;

    memset(&key, 0, sizeof(key));
    cxr_dbkey_answer(&key, shop, s->at, order, s->rma);

    row = *s;
    row.comment = CXR_STR_NONE;

    return cxr_survey_put(o, &key, &cxr_survey_type, &row);
}


cxr_rc_t
cxr_survey_changed(cxr_writer_t *w, uint32_t shop, cxr_str_t order,
    const cxr_survey_t *was, const cxr_survey_t *is)
{
    cxr_rc_t          rc;
    cxr_dbkey_t       key;
    cxr_survey_out_t  o = { w, NULL, NULL, w->scratch, &w->rec };

    if (was != NULL) {
        memset(&key, 0, sizeof(key));
        cxr_dbkey_answer(&key, shop, was->at, order, was->rma);

        rc = cxr_writer_del(w, CXR_T_SURVEYS, &key);

        if (rc == CXR_OK) {
            rc = cxr_survey_count(&o, shop, was, -1);
        }

        if (rc != CXR_OK) {
            return rc;
        }
    }

    rc = cxr_survey_count(&o, shop, is, 1);

    return rc == CXR_OK ? cxr_survey_list(&o, shop, order, is) : rc;
}


cxr_rc_t
cxr_surveys_fill(cxr_store_t *store, MDB_txn *txn)
{
    int               mrc;
    MDB_val           k, v;
    cxr_rc_t          rc;
    uint32_t          i, shop;
    cxr_str_t         id, told;
    cxr_buf_t         rec;
    MDB_cursor       *cur;
    cxr_order_t       order;
    cxr_survey_out_t  o = { NULL, store, txn, NULL, &rec };

    mrc = mdb_cursor_open(txn, store->dbi[CXR_T_ORDERS], &cur);
    if (mrc != MDB_SUCCESS) {
        return cxr_mdb_rc(store, mrc);
    }

    cxr_buf_init(&rec, CXR_RECORD_MAX + CXR_RECORD_ROOM);
    o.a = cxr_arena_create(CXR_SCRATCH_MAX);
    rc = o.a != NULL ? CXR_OK : CXR_NOMEM;

    while (rc == CXR_OK
           && (mrc = mdb_cursor_get(cur, &k, &v, MDB_NEXT)) == MDB_SUCCESS)
    {
        cxr_arena_reset(o.a);

        if (k.mv_size <= 4) {
            rc = CXR_INVALID;
            break;
        }

        /* what stands in a page is there until the next row is written only */

        shop = cxr_be32(k.mv_data);
        rc = cxr_str_dup(o.a, cxr_strn((char *) k.mv_data + 4, k.mv_size - 4),
                         &id);

        if (rc == CXR_OK) {
            rc = cxr_str_dup(o.a, cxr_strn(v.mv_data, v.mv_size), &told);
        }

        if (rc == CXR_OK) {
            rc = cxr_rec_decode(&cxr_order_type, told.data, told.len, &order,
                                o.a);
        }

        for (i = 0; rc == CXR_OK && i < order.surveys.n; i++) {
            rc = cxr_survey_count(&o, shop, &order.surveys.items[i], 1);

            if (rc == CXR_OK) {
                rc = cxr_survey_list(&o, shop, id, &order.surveys.items[i]);
            }
        }
    }

    mdb_cursor_close(cur);
    cxr_buf_free(&rec);

    if (o.a != NULL) {
        cxr_arena_destroy(o.a);
    }

    return rc != CXR_OK ? rc
           : mrc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(store, mrc);
}


/* ---- reading ---- */

/* From a row; "key" is behind the shop and the 'a'. */

static cxr_rc_t
cxr_answer_of(cxr_str_t key, MDB_val v, cxr_arena_t *a, cxr_answer_t *answer)
{
    const char  *zero;

    zero = key.len > 8 ? memchr(key.data + 8, 0, key.len - 8) : NULL;

    if (zero == NULL) {
        return CXR_INVALID;
    }

    answer->at = (cxr_time_t) ~cxr_be64((const uint8_t *) key.data);
    answer->order = cxr_strn(key.data + 8, (size_t) (zero - key.data) - 8);

    return cxr_rec_decode(&cxr_survey_type, v.mv_data, v.mv_size,
                          &answer->answer, a);
}


static cxr_rc_t
cxr_answer_cursor(cxr_str_t key, cxr_arena_t *a, cxr_str_t *next)
{
    char  *text;

    text = cxr_alloc(a, key.len * 2 + 4);

    if (text == NULL) {
        return CXR_NOMEM;
    }

    *next = cxr_strn(text, cxr_b64url_encode((const uint8_t *) key.data,
                                             key.len, text));
    return CXR_OK;
}


cxr_about_t
cxr_survey_about(const cxr_survey_t *answer)
{
    return answer->rma.len != 0 ? CXR_ABOUT_RETURNS : CXR_ABOUT_DELIVERY;
}


static bool
cxr_answer_wanted(const cxr_answers_ask_t *ask, const cxr_answer_t *row)
{
    const cxr_survey_t  *s = &row->answer;

    return (ask->about < 0 || ask->about == (int) cxr_survey_about(s))
           && (ask->question < 0 || ask->question == s->question)
           && (ask->mood < 0
               || ask->mood == (int) cxr_survey_mood(s->question, s->score))
           && (ask->to == CXR_TIME_NONE || row->at < ask->to);
}


/* Where the walk begins: where the page before ended, or with the newest that
   is wanted. */

static cxr_rc_t
cxr_answers_begin(const cxr_answers_ask_t *ask, cxr_str_t cursor,
    cxr_dbkey_t *from)
{
    size_t       n;
    const char  *place;

    if (cursor.len != 0) {
        place = (const char *) from->data + from->len;

        /* a time, an order, a zero, and an RMA or nothing: another list's would
           lead to where nothing is */

        if (cxr_b64url_decode(cursor, from->data + from->len,
                              sizeof(from->data) - from->len, &n) != CXR_OK
            || n < 10 || memchr(place + 9, 0, n - 9) == NULL)
        {
            return CXR_INVALID;
        }

        from->len = (uint16_t) (from->len + n);

    } else if (ask->to > 0) {
        cxr_dbkey_u64(from, ~(uint64_t) (ask->to - 1));
    }

    return CXR_OK;
}


cxr_rc_t
cxr_read_answers(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_answers_ask_t *ask, cxr_str_t cursor, unsigned limit,
    cxr_arena_t *a, cxr_answers_t *out, cxr_str_t *next)
{
    int            mrc;
    MDB_val        k, v;
    cxr_rc_t       rc;
    unsigned       looked;
    cxr_str_t      key;
    MDB_cursor    *cur;
    cxr_dbkey_t    prefix, from;
    cxr_answer_t  *row, one;

    memset(out, 0, sizeof(*out));
    *next = cxr_str("");

    if (limit == 0 || limit > CXR_SURVEY_LIST_MAX) {
        return CXR_INVALID;
    }

    if (rd->store->lacks[CXR_T_SURVEYS]) {
        return CXR_OK;
    }

    memset(&prefix, 0, sizeof(prefix));
    cxr_dbkey_shop(&prefix, shop->key);
    cxr_dbkey_add(&prefix, (const char[]) { CXR_ANSWERS }, 1);
    from = prefix;

    if (cxr_answers_begin(ask, cursor, &from) != CXR_OK) {
        return CXR_INVALID;
    }

    mrc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_SURVEYS], &cur);
    if (mrc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, mrc);
    }

    rc = CXR_OK;
    looked = 0;
    k = cxr_dbkey_val(&from);

    for (mrc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
         mrc == MDB_SUCCESS && cxr_dbkey_prefixes(&prefix, k);
         mrc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
    {
        key = cxr_strn((char *) k.mv_data + prefix.len,
                       k.mv_size - prefix.len);

        memset(&one, 0, sizeof(one));
        rc = cxr_answer_of(key, v, a, &one);

        if (rc == CXR_OK && one.at < ask->from) {
            break;                      /* all that follow are older */
        }

        if (rc == CXR_OK
            && (out->n == limit || looked++ == CXR_SURVEY_LOOK_MAX))
        {
            rc = cxr_answer_cursor(key, a, next);
            break;
        }

        if (rc == CXR_OK && cxr_answer_wanted(ask, &one)) {
            row = cxr_list_push(a, out, sizeof(*row));
            rc = row != NULL ? CXR_OK : CXR_NOMEM;

            if (row != NULL) {
                *row = one;
            }
        }

        if (rc != CXR_OK) {
            break;
        }
    }

    mdb_cursor_close(cur);

    return rc != CXR_OK ? rc
           : mrc == MDB_NOTFOUND ? CXR_OK : cxr_mdb_rc(rd->store, mrc);
}


cxr_rc_t
cxr_read_answer(cxr_read_t *rd, const cxr_shop_t *shop,
    const cxr_answer_t *answer, cxr_arena_t *a, cxr_str_t *number,
    cxr_str_t *comment)
{
    cxr_rc_t             rc;
    cxr_order_t          order;
    const cxr_survey_t  *s;

    *number = answer->order;
    *comment = CXR_STR_NONE;

    rc = cxr_read_order(rd, shop, answer->order, a, &order);

    if (rc != CXR_OK) {
        return rc;
    }

    *number = order.number;
    s = cxr_survey_find(&order, answer->answer.rma);

    return s == NULL || s->comment.len == 0
           ? CXR_OK : cxr_read_note(rd, shop, answer->order,
                                    answer->answer.rma, s->comment, a,
                                    comment);
}


cxr_rc_t
cxr_read_survey_sums(cxr_read_t *rd, const cxr_shop_t *shop, int64_t from,
    int64_t until, cxr_arena_t *a, cxr_survey_counts_t sums[2][CXR_ASKS])
{
    int                  mrc, about;
    MDB_val              k, v;
    cxr_rc_t             rc;
    unsigned             question, i;
    MDB_cursor          *cur;
    cxr_dbkey_t          prefix, first;
    cxr_survey_counts_t  day;

    memset(sums, 0, 2 * CXR_ASKS * sizeof(cxr_survey_counts_t));

    if (rd->store->lacks[CXR_T_SURVEYS]) {
        return CXR_OK;
    }

    mrc = mdb_cursor_open(rd->txn, rd->store->dbi[CXR_T_SURVEYS], &cur);
    if (mrc != MDB_SUCCESS) {
        return cxr_mdb_rc(rd->store, mrc);
    }

    rc = CXR_OK;

    for (i = 2; rc == CXR_OK && i < 2 * CXR_ASKS; i++) {
        about = (int) (i & 1);
        question = i / 2;

        memset(&first, 0, sizeof(first));
        cxr_dbkey_scores(&first, shop->key, about, question,
                         (uint32_t) (from > 0 ? from : 0));
        prefix = first;
        prefix.len -= 4;
        k = cxr_dbkey_val(&first);

        for (mrc = mdb_cursor_get(cur, &k, &v, MDB_SET_RANGE);
             rc == CXR_OK && mrc == MDB_SUCCESS
             && cxr_dbkey_prefixes(&prefix, k) && k.mv_size == first.len
             && cxr_be32((uint8_t *) k.mv_data + prefix.len) <= until;
             mrc = mdb_cursor_get(cur, &k, &v, MDB_NEXT))
        {
            unsigned  score;

            rc = cxr_counts_unpack(v, a, &day);

            for (score = 0; rc == CXR_OK && score < CXR_SURVEY_SCORES; score++)
            {
                sums[about][question].count[score] += day.count[score];
            }
        }

        if (mrc != MDB_SUCCESS && mrc != MDB_NOTFOUND && rc == CXR_OK) {
            rc = cxr_mdb_rc(rd->store, mrc);
        }
    }

    mdb_cursor_close(cur);

    return rc;
}
