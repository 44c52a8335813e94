
/*
 * Flat records: what goes in comes out, what is damaged is refused.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base_record_types.h"
#include "record_old.h"

#define SEED   20261102u
#define ROUNDS 200000


/* the type as it was at versions 1 and 2 */

static const cxr_field_t  line_v1_fields[] = {
    CXR_FIELD(base_line_t, sku, STR),
    CXR_FIELD(base_line_t, quantity, U32),
    CXR_FIELD(base_line_t, price, MONEY),
    CXR_FIELD(base_line_t, tags, STRS),
    CXR_FIELD_ENUM(base_line_t, state, base_states),
    CXR_FIELD(base_line_t, final_sale, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  line_v1_type = {
    "line", 0, 1, sizeof(base_line_t), line_v1_fields
};

static const cxr_field_t  order_v1_fields[] = {
    BASE_ORDER_V1,
    CXR_FIELD_SUB(base_order_t, lines, LIST, &line_v1_type),
    CXR_FIELD_SUB(base_order_t, person, REC, &base_person_type),
    CXR_FIELD_X(base_order_t, internal, U32, CXR_FIELD_HIDDEN),
    CXR_FIELD_END
};

static const cxr_type_t  order_v1_type = {
    "order", 7, 1, sizeof(base_order_t), order_v1_fields
};


typedef struct {
    cxr_arena_t  *a;
    cxr_buf_t     b;
} world_t;


static int
world_make(void **state)
{
    world_t  *w = calloc(1, sizeof(world_t));

    w->a = cxr_arena_create(256 * 1024 * 1024);
    cxr_buf_init(&w->b, 4 * CXR_RECORD_MAX);

    *state = w;

    return 0;
}


static int
world_end(void **state)
{
    world_t  *w = *state;

    cxr_arena_destroy(w->a);
    cxr_buf_free(&w->b);
    free(w);

    return 0;
}


static void
order_fill(base_order_t *o, cxr_arena_t *a, unsigned lines)
{
    unsigned        i;
    base_line_t    *line;
    base_person_t  *person;

    memset(o, 0, sizeof(*o));

    o->number = cxr_str("KG-1001");
    o->placed = 1793956440000;
    o->paid = true;
    o->state = 2;
    o->small = 200;
    o->medium = 60000;
    o->large = 4000000000u;
    o->i = INT64_MIN;
    o->u = UINT64_MAX;
    o->total = -84000;
    o->digest = cxr_strn("\0\1\2\xff", 4);
    o->internal = 99;
    o->comment = cxr_str("iyi <g\xc3\xbcnler>");
    o->rank = 7;

    *(cxr_str_t *) cxr_list_push(a, &o->notes, sizeof(cxr_str_t)) =
        cxr_str("one");
    (void) cxr_list_push(a, &o->notes, sizeof(cxr_str_t));

    for (i = 0; i < lines; i++) {
        line = cxr_list_push(a, &o->lines, sizeof(base_line_t));
        line->sku = cxr_sprintf(a, "SKU-%u", i);
        line->quantity = i;
        line->price = i * 100;
        line->state = i % 3;
        line->final_sale = i % 2;
        line->weight = (uint16_t) (i + 1);

        if (i % 2) {
            *(cxr_str_t *) cxr_list_push(a, &line->tags, sizeof(cxr_str_t)) =
                cxr_str("kahve");
        }
    }

    person = cxr_calloc(a, 1, sizeof(base_person_t));
    person->name = cxr_str("Ay\xc5\x9f" "e");
    person->sealed = cxr_str("ciphertext");
    person->balance = -1;
    o->person = person;
}


static void
round_trip(void **state)
{
    world_t       *w = *state;
    unsigned       n;
    uint16_t       type, version;
    uint64_t       seq;
    base_order_t   in, out;
    cxr_str_t      first;

    for (n = 0; n < 70; n++) {
        cxr_buf_reset(&w->b);
        order_fill(&in, w->a, n);

        assert_int_equal(cxr_rec_encode(&base_order_type, &in, 77, &w->b),
                         CXR_OK);
        first = cxr_buf_str(&w->b);

        memset(&out, 0xee, sizeof(out));
        assert_int_equal(cxr_rec_decode(&base_order_type, first.data,
                                        first.len, &out, w->a), CXR_OK);
        assert_true(cxr_rec_equal(&base_order_type, &in, &out));
        assert_int_equal(out.i, INT64_MIN);
        assert_int_equal(out.lines.n, n);
        assert_null(out.notes.items[1].data);

        assert_int_equal(cxr_rec_head(first.data, first.len, &type, &version,
                                      &seq), CXR_OK);
        assert_int_equal(type, 7);
        assert_int_equal(version, 3);
        assert_int_equal(seq, 77);
    }

    /* the bytes follow from the struct alone, also behind other bytes */

    n = (unsigned) w->b.len;
    assert_int_equal(cxr_rec_copy(&base_order_type, &out, &in, w->a), CXR_OK);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 77, &w->b),
                     CXR_OK);
    assert_int_equal(w->b.len, 2 * n);
    assert_memory_equal(w->b.data, w->b.data + n, n);
}


static void
format_is_as_written(void **state)
{
    world_t        *w = *state;
    base_person_t   p = { cxr_str_init("ab"), CXR_STR_NONE, 258 };

    static const unsigned char  bytes[] = {
        'C', 'X', 'R', '2', 0, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0,
        3, 5, 3, 'a', 'b', 0x84, 4
    };

    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&base_person_type, &p, 5, &w->b), CXR_OK);
    assert_int_equal(w->b.len, sizeof(bytes));
    assert_memory_equal(w->b.data, bytes, sizeof(bytes));
}


/* What an item of a list repeats of the one before takes no room. */

static void
lists_repeat_nothing(void **state)
{
    world_t        *w = *state;
    unsigned        i;
    base_line_t    *line;
    base_order_t    in, out;

    static const unsigned char  bytes[] = {
        'C', 'X', 'R', '2', 7, 0, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0,
        13, 0, 0x10,            /* of 13 fields the last: the lines    */
        3, 6,                   /* three, of 6 fields                  */
        0x3b, 3, 's', 'k', 7, 1, 2, 't', 'g', 2,
        0x08, 1, 2, 't', 'g',   /* the lists within stand in each      */
        0x23, 1, 6              /* an empty sku, 6, and no final sale  */
    };

    memset(&in, 0, sizeof(in));

    for (i = 0; i < 3; i++) {
        line = cxr_list_push(w->a, &in.lines, sizeof(base_line_t));
        line->sku = i < 2 ? cxr_str("sk") : CXR_STR_NONE;
        line->quantity = i < 2 ? 7 : 6;
        line->state = 2;
        line->final_sale = i < 2;

        if (i < 2) {
            *(cxr_str_t *) cxr_list_push(w->a, &line->tags, sizeof(cxr_str_t)) =
                cxr_str("tg");
        }
    }

    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b), CXR_OK);
    assert_int_equal(w->b.len, sizeof(bytes));
    assert_memory_equal(w->b.data, bytes, sizeof(bytes));

    assert_int_equal(cxr_rec_decode(&base_order_type, bytes, sizeof(bytes),
                                    &out, w->a), CXR_OK);
    assert_true(cxr_rec_equal(&base_order_type, &in, &out));
}


/* A type whose last field is looked at by itself. */
static const cxr_field_t  tail_fields[] = {
    CXR_FIELD(base_order_t, number, STR),
    CXR_FIELD(base_order_t, digest, BYTES),
    CXR_FIELD_SINCE(base_order_t, rank, U32, 0, 2),
    CXR_FIELD_END
};

static const cxr_type_t  tail_type = {
    "tail", 9, 2, sizeof(base_order_t), tail_fields
};


static void
a_tail_is_read_alone(void **state)
{
    world_t       *w = *state;
    size_t         at = offsetof(base_order_t, digest);
    cxr_str_t      v;
    base_order_t   in;

    memset(&in, 0, sizeof(in));
    in.number = cxr_str("abc");
    in.digest = cxr_str("0123456789");

    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&tail_type, &in, 1, &w->b), CXR_OK);
    assert_true(cxr_rec_tail(&tail_type, at, w->b.data, w->b.len, 10, &v));
    assert_true(cxr_str_is(v, "0123456789"));
    assert_false(cxr_rec_tail(&tail_type, at, w->b.data, w->b.len, 9, &v));
    assert_false(cxr_rec_tail(&tail_type, at, w->b.data, w->b.len, 100, &v));
    assert_false(cxr_rec_tail(&tail_type, offsetof(base_order_t, number),
                              w->b.data, w->b.len, 10, &v));
    assert_false(cxr_rec_tail(&base_order_type, at, w->b.data, w->b.len, 10,
                              &v));
    assert_false(cxr_rec_reaches(&tail_type, at, w->b.data, w->b.len));
    assert_true(cxr_rec_reaches(&tail_type, offsetof(base_order_t, number),
                                w->b.data, w->b.len));

    /* not when it is not the last, is not there, or of the old format */

    in.rank = 1;
    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&tail_type, &in, 1, &w->b), CXR_OK);
    assert_false(cxr_rec_tail(&tail_type, at, w->b.data, w->b.len, 10, &v));
    assert_true(cxr_rec_reaches(&tail_type, at, w->b.data, w->b.len));

    in.rank = 0;
    in.number = in.digest;
    in.digest = CXR_STR_NONE;
    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&tail_type, &in, 1, &w->b), CXR_OK);
    assert_false(cxr_rec_tail(&tail_type, at, w->b.data, w->b.len, 10, &v));

    in.digest = in.number;
    cxr_buf_reset(&w->b);
    assert_int_equal(old_encode(&tail_type, &in, 1, &w->b), CXR_OK);
    assert_false(cxr_rec_tail(&tail_type, at, w->b.data, w->b.len, 10, &v));
}


/* What the first stores hold. */

static void
the_old_format_is_read(void **state)
{
    world_t        *w = *state;
    base_order_t    in, out;
    base_person_t   p;

    static const unsigned char  bytes[] = {
        'C', 'X', 'R', '1', 0, 0, 1, 0, 5, 0, 0, 0, 0, 0, 0, 0,
        40, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        2, 1, 0, 0, 0, 0, 0, 0, 'a', 'b'
    };

    assert_int_equal(cxr_rec_decode(&base_person_type, bytes, sizeof(bytes),
                                    &p, w->a), CXR_OK);
    assert_true(cxr_str_is(p.name, "ab"));
    assert_int_equal(p.sealed.len, 0);
    assert_int_equal(p.balance, 258);

    order_fill(&in, w->a, 5);

    cxr_buf_reset(&w->b);
    assert_int_equal(old_encode(&base_order_type, &in, 9, &w->b), CXR_OK);
    assert_int_equal(cxr_rec_decode(&base_order_type, w->b.data, w->b.len,
                                    &out, w->a), CXR_OK);
    assert_true(cxr_rec_equal(&base_order_type, &in, &out));

    cxr_buf_reset(&w->b);
    assert_int_equal(old_encode(&order_v1_type, &in, 9, &w->b), CXR_OK);
    assert_int_equal(cxr_rec_decode(&base_order_type, w->b.data, w->b.len,
                                    &out, w->a), CXR_OK);
    assert_int_equal(out.rank, 0);
    assert_int_equal(out.lines.items[4].weight, 0);
    assert_true(cxr_rec_equal(&order_v1_type, &in, &out));

    w->b.data[3] = '3';
    assert_int_equal(cxr_rec_decode(&base_order_type, w->b.data, w->b.len,
                                    &out, w->a), CXR_INVALID);
}


static void
decoded_lists_may_grow(void **state)
{
    world_t       *w = *state;
    unsigned       n, i;
    base_line_t   *line;
    base_order_t   in, out, copy;

    for (n = 0; n < 20; n++) {
        cxr_buf_reset(&w->b);
        order_fill(&in, w->a, n);

        assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b),
                         CXR_OK);
        assert_int_equal(cxr_rec_decode(&base_order_type, w->b.data, w->b.len,
                                        &out, w->a), CXR_OK);
        assert_int_equal(cxr_rec_copy(&base_order_type, &in, &copy, w->a),
                         CXR_OK);

        for (i = 0; i < 20; i++) {
            line = cxr_list_push(w->a, &out.lines, sizeof(base_line_t));
            memset(line, 0xff, sizeof(*line));
            line = cxr_list_push(w->a, &copy.lines, sizeof(base_line_t));
            memset(line, 0xff, sizeof(*line));
        }

        for (i = 0; i < n; i++) {
            assert_int_equal(out.lines.items[i].quantity, i);
            assert_int_equal(copy.lines.items[i].quantity, i);
        }
    }
}


static void
older_versions_are_read(void **state)
{
    world_t       *w = *state;
    base_order_t   in, out;

    cxr_buf_reset(&w->b);
    order_fill(&in, w->a, 5);

    assert_int_equal(cxr_rec_encode(&order_v1_type, &in, 9, &w->b), CXR_OK);
    assert_int_equal(cxr_rec_decode(&base_order_type, w->b.data, w->b.len,
                                    &out, w->a), CXR_OK);

    assert_int_equal(out.rank, 0);
    assert_int_equal(out.comment.len, 0);
    assert_int_equal(out.lines.n, 5);
    assert_int_equal(out.lines.items[4].weight, 0);
    assert_true(cxr_str_is(out.lines.items[4].sku, "SKU-4"));
    assert_int_equal(out.internal, 99);
    assert_true(cxr_rec_equal(&order_v1_type, &in, &out));

    /* but a newer one is not, nor another type */

    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 9, &w->b), CXR_OK);
    assert_int_equal(cxr_rec_decode(&order_v1_type, w->b.data, w->b.len, &out,
                                    w->a), CXR_INVALID);
    assert_int_equal(cxr_rec_decode(&base_person_type, w->b.data, w->b.len,
                                    &out, w->a), CXR_INVALID);

    /* nor a list whose items are newer than the table */

    w->b.data[6] = 1;
    assert_int_equal(cxr_rec_decode(&order_v1_type, w->b.data, w->b.len, &out,
                                    w->a), CXR_INVALID);
}


typedef cxr_rc_t (*encode_pt)(const cxr_type_t *t, const void *obj,
    uint64_t seq, cxr_buf_t *out);


static void
truncations(world_t *w, encode_pt encode)
{
    char          *part;
    size_t         n;
    base_order_t   in, out;

    cxr_buf_reset(&w->b);
    order_fill(&in, w->a, 3);
    assert_int_equal(encode(&base_order_type, &in, 1, &w->b), CXR_OK);

    for (n = 0; n < w->b.len; n++) {
        part = malloc(n ? n : 1);
        memcpy(part, w->b.data, n);
        assert_int_equal(cxr_rec_decode(&base_order_type, part, n, &out,
                                        w->a), CXR_INVALID);
        free(part);
    }

    /* and so is a byte too many */

    cxr_buf_addc(&w->b, 'x');
    assert_int_equal(cxr_rec_decode(&base_order_type, w->b.data, w->b.len,
                                    &out, w->a), CXR_INVALID);
}


static void
every_truncation_is_refused(void **state)
{
    truncations(*state, cxr_rec_encode);
    truncations(*state, old_encode);
}


static void
corruptions(world_t *w, encode_pt encode)
{
    char          *bytes;
    size_t         at, len;
    unsigned       seed, round, hits, refused;
    cxr_rc_t       rc;
    cxr_buf_t      again;
    base_order_t   in, out;

    cxr_buf_reset(&w->b);
    order_fill(&in, w->a, 4);
    assert_int_equal(encode(&base_order_type, &in, 1, &w->b), CXR_OK);

    len = w->b.len;
    bytes = malloc(len);
    cxr_buf_init(&again, CXR_RECORD_MAX);

    seed = SEED;
    refused = 0;

    for (round = 0; round < ROUNDS; round++) {
        memcpy(bytes, w->b.data, len);

        for (hits = rand_r(&seed) % 3 + 1; hits != 0; hits--) {
            at = (size_t) rand_r(&seed) % len;
            bytes[at] = rand_r(&seed) % 2 ? (char) rand_r(&seed)
                                          : bytes[at] ^ 1;
        }

        rc = cxr_rec_decode(&base_order_type, bytes, len, &out, w->a);

        if (rc == CXR_OK) {

            /* then it says exactly what its bytes say */

            cxr_buf_reset(&again);
            assert_int_equal(encode(&base_order_type, &out, 1, &again),
                             CXR_OK);

            if (bytes[6] == 3) {
                assert_int_equal(again.len, len);
                assert_memory_equal(again.data + 16, bytes + 16, len - 16);
            }

        } else {
            assert_int_equal(rc, CXR_INVALID);
            refused++;
        }

        cxr_arena_reset(w->a);
    }

    assert_true(refused > ROUNDS / 4);

    cxr_buf_free(&again);
    free(bytes);
}


static void
corruption_never_misleads(void **state)
{
    corruptions(*state, cxr_rec_encode);
    corruptions(*state, old_encode);
}


static void
limits_are_kept(void **state)
{
    world_t       *w = *state;
    char          *big, small[64];
    cxr_buf_t      fixed;
    base_order_t   in;
    cxr_str_t     *many;

    order_fill(&in, w->a, 1);
    cxr_buf_reset(&w->b);
    cxr_buf_addc(&w->b, 'z');

    big = calloc(1, CXR_RECORD_MAX);
    in.comment = cxr_strn(big, CXR_RECORD_MAX);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b),
                     CXR_LIMIT);
    assert_int_equal(w->b.len, 1);
    assert_true(cxr_buf_ok(&w->b));

    in.comment = cxr_strn(big, CXR_RECORD_MAX - 1000);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b), CXR_OK);
    free(big);

    in.comment = CXR_STR_NONE;
    many = calloc(CXR_LIST_MAX + 1, sizeof(cxr_str_t));
    in.notes.items = many;
    in.notes.n = CXR_LIST_MAX + 1;
    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b),
                     CXR_LIMIT);
    in.notes.n = CXR_LIST_MAX;
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b), CXR_OK);
    in.notes.n = 0;
    free(many);

    cxr_buf_init_fixed(&fixed, small, sizeof(small));
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &fixed),
                     CXR_NOMEM);

    in.state = 3;
    cxr_buf_reset(&w->b);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b),
                     CXR_ERROR);
}


static void
equality_sees_every_field(void **state)
{
    world_t         *w = *state;
    size_t           i;
    base_order_t     x, y;
    base_person_t    p;

    static const size_t  places[] = {
        offsetof(base_order_t, placed), offsetof(base_order_t, state),
        offsetof(base_order_t, small), offsetof(base_order_t, medium),
        offsetof(base_order_t, large), offsetof(base_order_t, i),
        offsetof(base_order_t, u), offsetof(base_order_t, total),
        offsetof(base_order_t, internal), offsetof(base_order_t, rank)
    };

    order_fill(&x, w->a, 3);

    for (i = 0; i < cxr_nelts(places); i++) {
        order_fill(&y, w->a, 3);
        assert_true(cxr_rec_equal(&base_order_type, &x, &y));
        ((char *) &y)[places[i]] ^= 1;
        assert_false(cxr_rec_equal(&base_order_type, &x, &y));
    }

    order_fill(&y, w->a, 3);
    y.paid = false;
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));

    order_fill(&y, w->a, 3);
    y.number = cxr_str("KG-1002");
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));

    order_fill(&y, w->a, 3);
    y.notes.items[1] = cxr_str("two");
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));

    order_fill(&y, w->a, 3);
    y.lines.items[2].weight++;
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));

    order_fill(&y, w->a, 2);
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));

    order_fill(&y, w->a, 3);
    y.person = NULL;
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));
    assert_false(cxr_rec_equal(&base_order_type, &y, &x));

    p = *x.person;
    p.balance++;
    y.person = &p;
    assert_false(cxr_rec_equal(&base_order_type, &x, &y));
}


static void
copy_refers_to_nothing(void **state)
{
    world_t       *w = *state;
    char          *bytes;
    size_t         len;
    base_order_t   in, out, copy;
    cxr_arena_t   *own;

    cxr_buf_reset(&w->b);
    order_fill(&in, w->a, 9);
    assert_int_equal(cxr_rec_encode(&base_order_type, &in, 1, &w->b), CXR_OK);

    len = w->b.len;
    bytes = malloc(len);
    memcpy(bytes, w->b.data, len);

    own = cxr_arena_create(1 << 20);
    assert_int_equal(cxr_rec_decode(&base_order_type, bytes, len, &out, own),
                     CXR_OK);
    assert_int_equal(cxr_rec_copy(&base_order_type, &out, &copy, w->a),
                     CXR_OK);

    cxr_arena_destroy(own);
    memset(bytes, 0xdd, len);
    free(bytes);

    assert_true(cxr_rec_equal(&base_order_type, &in, &copy));

    own = cxr_arena_create(256);
    assert_int_equal(cxr_rec_copy(&base_order_type, &in, &copy, own),
                     CXR_NOMEM);
    cxr_arena_destroy(own);
}


static void
json_shows_and_hides(void **state)
{
    world_t       *w = *state;
    cxr_jw_t       jw;
    base_order_t   in;

    order_fill(&in, w->a, 0);
    in.placed = CXR_TIME_NONE;
    in.person->balance = 5;
    in.lines.n = 0;

    cxr_buf_reset(&w->b);
    cxr_jw_init(&jw, &w->b);
    cxr_rec_json(&base_order_type, &in, NULL, 0, &jw);
    cxr_buf_addc(&w->b, '\0');

    assert_string_equal(w->b.data,
        "{\"number\":\"KG-1001\",\"placed\":null,\"paid\":true,"
        "\"state\":\"done\",\"small\":200,\"medium\":60000,"
        "\"large\":4000000000,\"i\":-9223372036854775808,"
        "\"u\":18446744073709551615,\"total\":-84000,\"digest\":\"AAEC_w\","
        "\"notes\":[\"one\",\"\"],\"lines\":[],"
        "\"person\":{\"name\":\"Ay\xc5\x9f" "e\",\"balance\":5},"
        "\"comment\":\"iyi \\u003cg\xc3\xbcnler\\u003e\",\"rank\":7}");

    cxr_buf_reset(&w->b);
    cxr_jw_init(&jw, &w->b);
    in.person->balance = 6;
    cxr_rec_json(&base_person_type, in.person, NULL, CXR_REC_DUMP, &jw);
    cxr_buf_addc(&w->b, '\0');

    assert_string_equal(w->b.data, "{\"name\":\"Ay\xc5\x9f" "e\","
        "\"sealed\":\"\\u003csealed 10 bytes\\u003e\",\"balance\":6}");

    cxr_buf_reset(&w->b);
    cxr_jw_init(&jw, &w->b);
    in.person = NULL;
    in.state = 200;
    cxr_rec_json(&base_order_type, &in, NULL, CXR_REC_DUMP, &jw);
    cxr_buf_addc(&w->b, '\0');
    assert_non_null(strstr(w->b.data, "\"person\":null"));
    assert_non_null(strstr(w->b.data, "\"state\":null"));
    assert_non_null(strstr(w->b.data, "\"internal\":99"));
}


static void
names_are_found(void **state)
{
    assert_ptr_equal(cxr_type_field(&base_order_type, cxr_str("rank")),
                     &base_order_fields[16]);
    assert_null(cxr_type_field(&base_order_type, cxr_str("ran")));
    assert_int_equal(cxr_name_index(base_states, cxr_str("sent")), 1);
    assert_int_equal(cxr_name_index(base_states, cxr_str("gone")), -1);
}


/* ---- a list that two records hold ---- */

typedef struct {
    cxr_time_t  at;
    cxr_str_t   text;
} told_t;

typedef struct {
    uint32_t              n;
    cxr_time_t            from;
    CXR_LIST_OF(told_t)   told;
    cxr_time_t            to;
} teller_t;

static const cxr_field_t  told_fields[] = {
    CXR_FIELD(told_t, at, TIME),
    CXR_FIELD(told_t, text, STR),
    CXR_FIELD_END
};

static const cxr_type_t  told_type = {
    "told", 0, 1, sizeof(told_t), told_fields
};

static const cxr_field_t  teller_fields[] = {
    CXR_FIELD(teller_t, n, U32),
    CXR_FIELD(teller_t, from, TIME),
    CXR_FIELD_SUB(teller_t, told, LIST, &told_type),
    CXR_FIELD(teller_t, to, TIME),
    CXR_FIELD_END
};

static const cxr_type_t  teller_type = {
    "teller", 9, 1, sizeof(teller_t), teller_fields
};


/* A list that was written before: the bytes are what they would be anyway. */

static void
a_list_told_again(void **state)
{
    size_t           plain;
    world_t         *w = *state;
    unsigned         k, n;
    told_t           one[3], two[3];
    teller_t         a, b;
    cxr_buf_t        body;
    cxr_rec_list_t   list;

    cxr_buf_init(&body, CXR_RECORD_MAX);

    for (k = 0; k < 5 * 4 * 4; k++) {
        memset(one, 0, sizeof(one));
        memset(&a, 0, sizeof(a));

        n = k % 4;
        one[0].at = k / 4 % 2 ? 1793956440000 : CXR_TIME_NONE;
        one[0].text = cxr_str("first");
        one[1].at = k / 8 % 2 ? 1793956441000 : CXR_TIME_NONE;
        one[1].text = one[0].text;
        one[2].at = 1793956400000;

        a.told.items = one;
        a.told.n = n;
        a.from = 1793950000000;
        a.to = 1793959999999;

        memcpy(two, one, sizeof(one));
        b = a;
        b.told.items = two;
        b.n = 5;

        switch (k / 16) {
        case 0:
            break;
        case 1:
            b.from = 1700000000000;
            break;
        case 2:
            two[0].at = 1793956440007;
            break;
        case 3:
            two[2].text = cxr_str("other");
            break;
        default:
            b.told.n = n ? n - 1 : 0;
            break;
        }

        cxr_buf_reset(&body);
        assert_int_equal(cxr_rec_encode(&teller_type, &a, 3, &body), CXR_OK);
        plain = body.len;
        assert_int_equal(cxr_rec_encode_keep(&teller_type, &a, 3, &body,
                                             &list), CXR_OK);
        assert_int_equal(body.len, 2 * plain);
        assert_memory_equal(body.data, body.data + plain, plain);
        assert_int_equal(list.type != NULL, n > 1);

        cxr_buf_reset(&w->b);
        assert_int_equal(cxr_rec_encode(&teller_type, &b, 4, &w->b), CXR_OK);
        plain = w->b.len;
        assert_int_equal(cxr_rec_encode_kept(&teller_type, &b, 4, &w->b,
                                             &list), CXR_OK);
        assert_int_equal(w->b.len, 2 * plain);
        assert_memory_equal(w->b.data, w->b.data + plain, plain);
    }

    cxr_buf_free(&body);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(format_is_as_written),
        cmocka_unit_test(lists_repeat_nothing),
        cmocka_unit_test(a_list_told_again),
        cmocka_unit_test(a_tail_is_read_alone),
        cmocka_unit_test(the_old_format_is_read),
        cmocka_unit_test(decoded_lists_may_grow),
        cmocka_unit_test(older_versions_are_read),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(corruption_never_misleads),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(equality_sees_every_field),
        cmocka_unit_test(copy_refers_to_nothing),
        cmocka_unit_test(json_shows_and_hides),
        cmocka_unit_test(names_are_found)
    };

    return cmocka_run_group_tests_name("base record", tests, world_make,
                                       world_end);
}
