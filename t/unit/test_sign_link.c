
/*
 * Links and labels: what was put in comes out, and whatever is altered, of
 * another purpose, shop or key, or over, does not open.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cxr_sign_private.h"
#include "sign_ring.h"


#define SHOP     cxr_str("kahve")
#define OTHER    cxr_str("kahve2")
#define SOON     (RING_NOW + CXR_HOUR)

static cxr_keyring_t  *ring;
static cxr_arena_t    *arena;
static char            text[CXR_TOKEN_MAX];
static cxr_buf_t       token;


static int
setup(void **state)
{
    ring_dir_make();
    assert_int_equal(cxr_sign_init(), CXR_OK);
    ring = ring_load(RING_TEXT);
    arena = cxr_arena_create(1 << 20);
    assert_non_null(arena);
    cxr_buf_init_fixed(&token, text, sizeof(text));

    return 0;
}


static int
teardown(void **state)
{
    cxr_arena_destroy(arena);
    cxr_keyring_free(ring);
    ring_dir_remove();

    return 0;
}


static cxr_rc_t
make(cxr_link_purpose_t purpose, const cxr_link_t *l, bool public_form)
{
    cxr_buf_reset(&token);
    cxr_arena_reset(arena);

    return cxr_link_make(ring, SHOP, purpose, l, public_form, &token);
}


static cxr_rc_t
open_link(cxr_link_purpose_t purpose, cxr_time_t now, cxr_link_t *l)
{
    return cxr_link_open(ring, SHOP, purpose, cxr_buf_str(&token), now, arena,
                         l);
}


static void
same_link(const cxr_link_t *a, const cxr_link_t *b)
{
    assert_true(cxr_str_eq(a->order, b->order));
    assert_true(cxr_str_eq(a->rma, b->rma));
    assert_true(cxr_str_eq(a->carrier, b->carrier));
    assert_true(cxr_str_eq(a->number, b->number));
    assert_true(a->expires == b->expires);
}


static void
test_round_trip(void **state)
{
    unsigned    i, form;
    cxr_link_t  got;

    static const struct {
        cxr_link_purpose_t  purpose;
        cxr_link_t          link;
    } v[] = {
        { CXR_LINK_TRACK, { .order = cxr_str_init("KG1001"),
                            .expires = RING_NOW + 1 } },
        { CXR_LINK_TRACK, { .carrier = cxr_str_init("yurtici"),
                            .number = cxr_str_init("123456789012"),
                            .expires = INT64_C(253402300799999) } },
        { CXR_LINK_TRACK, { .order = cxr_str_init("KG1001"),
                            .carrier = cxr_str_init("ptt"),
                            .number = cxr_str_init("RR-1/2_3"),
                            .expires = SOON } },
        { CXR_LINK_ORDER, { .order = cxr_str_init(
                                "SİPARİŞ<&>\"\\/'\xe2\x80\xa8\xf0\x9f\x93\xa6"),
                            .expires = SOON + 7 } },
        { CXR_LINK_RMA, { .order = cxr_str_init("KG1001"),
                          .rma = cxr_str_init("R-7K3M-9QZ4"),
                          .expires = SOON } },
        { CXR_LINK_RMA, { .rma = cxr_str_init("R-7K3M-9QZ4"),
                          .expires = SOON } },
        { CXR_LINK_DECLARE, { .order = cxr_str_init("KG1001"),
                              .expires = SOON } }
    };

    for (form = 0; form < 2; form++) {
        for (i = 0; i < cxr_nelts(v); i++) {
            assert_int_equal(make(v[i].purpose, &v[i].link, form), CXR_OK);
            assert_memory_equal(text, form ? "v4.public." : "v4.local.", 9);
            assert_int_equal(open_link(v[i].purpose, RING_NOW, &got), CXR_OK);
            same_link(&got, &v[i].link);
        }
    }
}


/* The claims are what the description says, byte for byte. */

static void
test_claims(void **state)
{
    char        mem[512];
    cxr_buf_t   out;
    cxr_link_t  l = { .order = cxr_str("KG1001"), .carrier = cxr_str("ptt"),
                      .number = cxr_str("R1"), .expires = RING_NOW };

    cxr_buf_init_fixed(&out, mem, sizeof(mem));
    assert_int_equal(make(CXR_LINK_TRACK, &l, true), CXR_OK);
    assert_int_equal(cxr_paseto_verify(ring, cxr_buf_str(&token),
                                       cxr_str("cxr:v1:track:kahve"), &out,
                                       NULL), CXR_OK);
    assert_true(cxr_str_is(cxr_buf_str(&out), "{\"ord\":\"KG1001\","
                           "\"car\":\"ptt\",\"num\":\"R1\","
                           "\"exp\":\"2026-11-21T00:00:00Z\"}"));
}


static void
test_expiry(void **state)
{
    cxr_link_t  got, l = { .order = cxr_str("KG1001"), .expires = SOON };

    assert_int_equal(make(CXR_LINK_ORDER, &l, false), CXR_OK);
    assert_int_equal(open_link(CXR_LINK_ORDER, SOON - 1, &got), CXR_OK);

    memset(&got, 0, sizeof(got));
    assert_int_equal(open_link(CXR_LINK_ORDER, SOON, &got), CXR_EXPIRED);
    same_link(&got, &l);

    /* a forged one is forged, be it ever so old; and tells nothing */

    memset(&got, 0, sizeof(got));
    text[20] ^= 1;
    assert_int_equal(open_link(CXR_LINK_ORDER, SOON, &got), CXR_FORGED);
    assert_null(got.order.data);
}


static void
test_separation(void **state)
{
    unsigned            form, made, opened;
    cxr_link_t          got, l;

    for (form = 0; form < 2; form++) {
        for (made = CXR_LINK_TRACK; made <= CXR_LINK_GIFT; made++) {
            memset(&l, 0, sizeof(l));
            l.order = made == CXR_LINK_WITHDRAWAL ? CXR_STR_NONE
                                                  : cxr_str("KG1001");
            l.rma = made == CXR_LINK_RMA || made == CXR_LINK_WITHDRAWAL
                    ? cxr_str("R-1") : CXR_STR_NONE;
            l.expires = SOON;
            assert_int_equal(make(made, &l, form), CXR_OK);

            for (opened = CXR_LINK_TRACK; opened <= CXR_LINK_GIFT;
                 opened++) {
                assert_int_equal(open_link(opened, RING_NOW, &got),
                                 opened == made ? CXR_OK : CXR_FORGED);
            }

            assert_int_equal(cxr_link_open(ring, OTHER, made,
                                           cxr_buf_str(&token), RING_NOW,
                                           arena, &got), CXR_FORGED);
            assert_int_equal(cxr_link_open(ring, cxr_str("KAHVE"), made,
                                           cxr_buf_str(&token), RING_NOW,
                                           arena, &got), CXR_FORGED);
        }
    }

    assert_int_equal(cxr_link_open(ring, CXR_STR_NONE, CXR_LINK_RMA,
                                   cxr_buf_str(&token), RING_NOW, arena, &got),
                     CXR_INVALID);
    assert_int_equal(open_link((cxr_link_purpose_t) 6, RING_NOW, &got),
                     CXR_INVALID);
}


/* The same kid with another secret, or another kid: not our token. */

static void
test_other_key(void **state)
{
    unsigned        i, form;
    cxr_link_t      got, l = { .order = cxr_str("KG1001"), .expires = SOON };
    cxr_keyring_t  *other;

    static const char  *texts[] = {
        "{\"format\":1,\"keys\":["
        RING_KEY("l1", "local", RING_L2, RING_AT) ","
        RING_KEY("s1", "public", RING_S2, RING_AT) ","
        RING_KEY("p1", "person", RING_P1, RING_AT) ","
        RING_KEY("b1", "index", RING_B1, RING_AT) "]}",
        "{\"format\":1,\"keys\":["
        RING_KEY("l2", "local", RING_L1, RING_AT) ","
        RING_KEY("s2", "public", RING_S1, RING_AT) ","
        RING_KEY("p1", "person", RING_P1, RING_AT) ","
        RING_KEY("b1", "index", RING_B1, RING_AT) "]}"
    };

    for (i = 0; i < cxr_nelts(texts); i++) {
        other = ring_load(texts[i]);

        for (form = 0; form < 2; form++) {
            assert_int_equal(make(CXR_LINK_ORDER, &l, form), CXR_OK);
            assert_int_equal(cxr_link_open(other, SHOP, CXR_LINK_ORDER,
                                           cxr_buf_str(&token), RING_NOW,
                                           arena, &got), CXR_FORGED);
        }

        cxr_keyring_free(other);
    }
}


static void
test_altered(void **state)
{
    char        mem[CXR_TOKEN_MAX];
    size_t      i, n;
    unsigned    bit, form;
    cxr_link_t  got, l = { .order = cxr_str("KG1001"), .expires = SOON };

    for (form = 0; form < 2; form++) {
        assert_int_equal(make(CXR_LINK_TRACK, &l, form), CXR_OK);
        n = token.len;

        for (i = 0; i < n; i++) {
            for (bit = 0; bit < 8; bit += 1 + form) {
                memcpy(mem, text, n);
                mem[i] ^= (char) (1u << bit);
                cxr_arena_reset(arena);
                assert_int_equal(cxr_link_open(ring, SHOP, CXR_LINK_TRACK,
                                               cxr_strn(mem, n), RING_NOW,
                                               arena, &got), CXR_FORGED);
            }

            assert_int_equal(cxr_link_open(ring, SHOP, CXR_LINK_TRACK,
                                           cxr_strn(text, i), RING_NOW, arena,
                                           &got), CXR_FORGED);
        }
    }

    memset(mem, 'v', sizeof(mem));
    assert_int_equal(cxr_link_open(ring, SHOP, CXR_LINK_TRACK,
                                   cxr_strn(mem, CXR_TOKEN_MAX), RING_NOW,
                                   arena, &got), CXR_FORGED);
}


static void
test_too_long(void **state)
{
    char        mem[CXR_TOKEN_MAX + 1];
    cxr_link_t  got;

    memset(mem, 'A', sizeof(mem));
    memcpy(mem, "v4.local.", 9);
    assert_int_equal(cxr_link_open(ring, SHOP, CXR_LINK_TRACK,
                                   cxr_strn(mem, sizeof(mem)), RING_NOW,
                                   arena, &got), CXR_LIMIT);
    assert_int_equal(cxr_label_verify(ring, SHOP, cxr_strn(mem, sizeof(mem)),
                                      RING_NOW, arena, NULL, NULL), CXR_LIMIT);
}


/* What cannot be a link is not made, and leaves the buffer alone. */

static void
test_refused(void **state)
{
    char        mem[80];
    unsigned    i;
    cxr_link_t  l;

    static const struct {
        cxr_link_purpose_t  purpose;
        cxr_link_t          link;
    } v[] = {
        { CXR_LINK_TRACK, { .order = cxr_str_init("A") } },
        { CXR_LINK_TRACK, { .order = cxr_str_init("A"), .expires = -1 } },
        { CXR_LINK_TRACK, { .order = cxr_str_init("A"),
                            .expires = INT64_C(253402300800000) } },
        { CXR_LINK_TRACK, { .expires = SOON } },
        { CXR_LINK_TRACK, { .carrier = cxr_str_init("ptt"),
                            .expires = SOON } },
        { CXR_LINK_TRACK, { .number = cxr_str_init("1"), .expires = SOON } },
        { CXR_LINK_TRACK, { .order = cxr_str_init("A"),
                            .rma = cxr_str_init("R"), .expires = SOON } },
        { CXR_LINK_ORDER, { .carrier = cxr_str_init("ptt"),
                            .number = cxr_str_init("1"), .expires = SOON } },
        { CXR_LINK_ORDER, { .order = cxr_str_init("A"),
                            .carrier = cxr_str_init("ptt"),
                            .number = cxr_str_init("1"), .expires = SOON } },
        { CXR_LINK_RMA, { .order = cxr_str_init("A"), .expires = SOON } },
        { CXR_LINK_ORDER, { .order = cxr_str_init("A\nB"),
                            .expires = SOON } },
        { CXR_LINK_ORDER, { .order = cxr_str_init("A\0"), .expires = SOON } },
        { CXR_LINK_ORDER, { .order = cxr_str_init("A\x7f"),
                            .expires = SOON } },
        { CXR_LINK_ORDER, { .order = cxr_str_init("A\xff"),
                            .expires = SOON } },
        { (cxr_link_purpose_t) 3, { .order = cxr_str_init("A"),
                                    .expires = SOON } }
    };

    for (i = 0; i < cxr_nelts(v); i++) {
        assert_int_equal(make(v[i].purpose, &v[i].link, false), CXR_INVALID);
        assert_int_equal(token.len, 0);
    }

    memset(mem, 'A', sizeof(mem));
    memset(&l, 0, sizeof(l));
    l.expires = SOON;
    l.order = cxr_strn(mem, 64);
    assert_int_equal(make(CXR_LINK_ORDER, &l, false), CXR_OK);
    l.order = cxr_strn(mem, 65);
    assert_int_equal(make(CXR_LINK_ORDER, &l, false), CXR_LIMIT);
    assert_int_equal(token.len, 0);

    l.order = cxr_strn(mem, 64);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_link_make(ring, CXR_STR_NONE, CXR_LINK_ORDER, &l,
                                   false, &token), CXR_INVALID);
    assert_int_equal(cxr_link_make(ring, cxr_strn(mem, 65), CXR_LINK_ORDER, &l,
                                   false, &token), CXR_INVALID);
}


/*
 * Payloads that are well signed, by us, and still no link: the scanner takes
 * nothing but what is written by cxr_link_make().
 */

static void
test_scanner(void **state)
{
    unsigned    i;
    cxr_link_t  got;

#define EXP  "\"exp\":\"2027-01-01T00:00:00Z\""

    static const char  *bad[] = {
        "", "{", "{}", "[]", "null", "{" EXP "}", EXP,
        "{\"ord\":\"A\"}",
        "{\"ord\":\"A\"," EXP "",
        "{\"ord\":\"A\"," EXP "}x",
        "{\"ord\":\"A\"," EXP "},",
        "{\"ord\":\"A\"," EXP ",}",
        "{,\"ord\":\"A\"," EXP "}",
        "{\"ord\":\"A\"" EXP "}",
        "{\"ord\":\"A\",,"EXP "}",
        " {\"ord\":\"A\"," EXP "}",
        "{\"ord\": \"A\"," EXP "}",
        "{\"ord\":\"A\",\"ord\":\"A\"," EXP "}",
        "{\"ord\":\"A\"," EXP "," EXP "}",
        "{\"ord\":\"A\",\"x\":\"A\"," EXP "}",
        "{\"ordx\":\"A\"," EXP "}",
        "{\"ord\":\"\"," EXP "}",
        "{\"ord\":\"A\",\"rma\":\"R\"," EXP "}",
        "{\"ord\":7," EXP "}",
        "{\"ord\":null," EXP "}",
        "{\"ord\":\"A\",\"exp\":1798761600}",
        "{\"ord\":\"A\",\"exp\":\"2027-01-01\"}",
        "{\"ord\":\"A\",\"exp\":\"2027-13-01T00:00:00Z\"}",
        "{\"ord\":\"A\",\"exp\":\"1970-01-01T00:00:00Z\"}",
        "{\"ord\":\"A\n\"," EXP "}",
        "{\"ord\":\"A\x7f\"," EXP "}",
        "{\"ord\":\"\\n\"," EXP "}",
        "{\"ord\":\"\\u0000\"," EXP "}",
        "{\"ord\":\"\\u001f\"," EXP "}",
        "{\"ord\":\"\\u007f\"," EXP "}",
        "{\"ord\":\"\\ud83d\"," EXP "}",
        "{\"ord\":\"\\ud83dx\"," EXP "}",
        "{\"ord\":\"\\ud83d\\u0041\"," EXP "}",
        "{\"ord\":\"\\udce6\"," EXP "}",
        "{\"ord\":\"\\u12\"," EXP "}",
        "{\"ord\":\"\\u12g4\"," EXP "}",
        "{\"ord\":\"\\x41\"," EXP "}",
        "{\"ord\":\"A\\",
        "{\"ord\":\"A\\u00",
        "{\"ord\":\"\xff\"," EXP "}",
        "{\"ord\":\"\xc0\x80\"," EXP "}",
        "{\"ord\":\"\xe2\\u0041\"," EXP "}",
        "{\"ord\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaa\"," EXP "}"
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        cxr_buf_reset(&token);
        cxr_arena_reset(arena);
        assert_int_equal(cxr_paseto_encrypt(ring, cxr_strz(bad[i]),
                                            cxr_str("cxr:v1:order:kahve"),
                                            &token), CXR_OK);

        if (open_link(CXR_LINK_ORDER, RING_NOW, &got) != CXR_FORGED) {
            fail_msg("%s", bad[i]);
        }
    }

    /* other spellings of JSON that are still plain, in any order */

    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_encrypt(ring, cxr_str("{" EXP ",\"ord\":"
                                        "\"\\u0041\\u015e\\ud83D\\uDce6\\/\\\""
                                        "\\\\\"}"),
                                        cxr_str("cxr:v1:order:kahve"),
                                        &token), CXR_OK);
    assert_int_equal(open_link(CXR_LINK_ORDER, RING_NOW, &got), CXR_OK);
    assert_true(cxr_str_is(got.order, "A\xc5\x9e\xf0\x9f\x93\xa6/\"\\"));
}


static cxr_label_line_t  lines[] = {
    { cxr_str_init("ETH-YIRG-250"), 2 },
    { cxr_str_init("FİLTRE \"V60\" <2>"), UINT32_MAX }
};

static const cxr_label_claims_t  label = {
    cxr_str_init("kahve"), cxr_str_init("R-7K3M-9QZ4"),
    cxr_str_init("q83vEjRWeJA"), RING_NOW, RING_NOW + 45 * CXR_DAY,
    { lines, 2 }
};


static cxr_rc_t
verify(cxr_str_t shop, cxr_time_t now, cxr_label_claims_t *c, char *kid)
{
    cxr_arena_reset(arena);
    memset(c, 0, sizeof(*c));

    return cxr_label_verify(ring, shop, cxr_buf_str(&token), now, arena, c,
                            kid);
}


static void
same_label(const cxr_label_claims_t *c)
{
    uint32_t  i;

    assert_true(cxr_str_eq(c->shop, label.shop));
    assert_true(cxr_str_eq(c->rma, label.rma));
    assert_true(cxr_str_eq(c->jti, label.jti));
    assert_true(c->issued == label.issued);
    assert_true(c->expires == label.expires);
    assert_int_equal(c->lines.n, label.lines.n);

    for (i = 0; i < c->lines.n; i++) {
        assert_true(cxr_str_eq(c->lines.items[i].sku, lines[i].sku));
        assert_int_equal(c->lines.items[i].quantity, lines[i].quantity);
    }
}


static void
test_label(void **state)
{
    char                 kid[9], pay[1024];
    cxr_buf_t            out;
    cxr_label_claims_t   got, c;

    cxr_buf_reset(&token);
    assert_int_equal(cxr_label_sign(ring, &label, &token), CXR_OK);

    /* with the shop known, and offline, taking it from the claims */

    assert_int_equal(verify(SHOP, RING_NOW, &got, kid), CXR_OK);
    same_label(&got);
    assert_string_equal(kid, "s1");
    assert_int_equal(verify(CXR_STR_NONE, RING_NOW, &got, NULL), CXR_OK);
    same_label(&got);

    assert_int_equal(verify(OTHER, RING_NOW, &got, kid), CXR_FORGED);
    assert_null(got.rma.data);
    assert_int_equal(verify(SHOP, label.expires - 1, &got, kid), CXR_OK);
    assert_int_equal(verify(SHOP, label.expires, &got, kid), CXR_EXPIRED);
    same_label(&got);

    cxr_buf_init_fixed(&out, pay, sizeof(pay));
    assert_int_equal(cxr_paseto_verify(ring, cxr_buf_str(&token),
                                       cxr_str("cxr:v1:label:kahve"), &out,
                                       NULL), CXR_OK);
    assert_non_null(memmem(pay, out.len, "[[\"ETH-YIRG-250\",2],", 20));

    /* no lines are fine */

    c = label;
    c.lines.n = 0;
    cxr_buf_reset(&token);
    assert_int_equal(cxr_label_sign(ring, &c, &token), CXR_OK);
    assert_int_equal(verify(SHOP, RING_NOW, &got, kid), CXR_OK);
    assert_int_equal(got.lines.n, 0);
}


static void
test_label_forged(void **state)
{
    size_t               i;
    unsigned             bit;
    cxr_link_t           l = { .order = cxr_str("A"), .expires = SOON };
    cxr_keyring_t       *other;
    cxr_label_claims_t   got;

    cxr_buf_reset(&token);
    assert_int_equal(cxr_label_sign(ring, &label, &token), CXR_OK);

    for (i = 0; i < token.len; i++) {
        for (bit = 0; bit < 8; bit++) {
            text[i] ^= (char) (1u << bit);
            assert_int_equal(verify(CXR_STR_NONE, RING_NOW, &got, NULL),
                             CXR_FORGED);
            assert_null(got.rma.data);
            text[i] ^= (char) (1u << bit);
        }
    }

    other = ring_load("{\"format\":1,\"keys\":["
                      RING_KEY("l1", "local", RING_L1, RING_AT) ","
                      RING_KEY("s1", "public", RING_S2, RING_AT) ","
                      RING_KEY("p1", "person", RING_P1, RING_AT) ","
                      RING_KEY("b1", "index", RING_B1, RING_AT) "]}");
    assert_int_equal(cxr_label_verify(other, SHOP, cxr_buf_str(&token),
                                      RING_NOW, arena, &got, NULL),
                     CXR_FORGED);
    cxr_keyring_free(other);

    /* a link is no label, and a label no link */

    assert_int_equal(cxr_link_open(ring, SHOP, CXR_LINK_ORDER,
                                   cxr_buf_str(&token), RING_NOW, arena, &l),
                     CXR_FORGED);
    assert_int_equal(make(CXR_LINK_ORDER, &l, true), CXR_OK);
    assert_int_equal(verify(SHOP, RING_NOW, &got, NULL), CXR_FORGED);
    assert_int_equal(verify(CXR_STR_NONE, RING_NOW, &got, NULL), CXR_FORGED);
}


static void
test_label_refused(void **state)
{
    char                 sku[129];
    unsigned             i;
    cxr_label_line_t     many[100];
    cxr_label_claims_t   c, bad[7];

    for (i = 0; i < cxr_nelts(bad); i++) {
        bad[i] = label;
    }

    many[0] = lines[0];
    many[0].quantity = 0;

    bad[0].shop = CXR_STR_NONE;
    bad[1].rma = CXR_STR_NONE;
    bad[2].jti = CXR_STR_NONE;
    bad[3].expires = CXR_TIME_NONE;
    bad[4].expires = bad[4].issued;
    bad[5].issued = CXR_TIME_NONE;
    bad[6].lines.items = many;

    for (i = 0; i < cxr_nelts(bad); i++) {
        cxr_buf_reset(&token);
        assert_int_equal(cxr_label_sign(ring, &bad[i], &token), CXR_INVALID);
        assert_int_equal(token.len, 0);
    }

    memset(sku, 'S', sizeof(sku));
    c = label;
    c.lines.items = many;
    c.lines.n = 1;
    many[0].quantity = 1;
    many[0].sku = cxr_strn(sku, 128);
    assert_int_equal(cxr_label_sign(ring, &c, &token), CXR_OK);
    many[0].sku = cxr_strn(sku, 129);
    assert_int_equal(cxr_label_sign(ring, &c, &token), CXR_INVALID);

    /* more lines than a bar code could hold */

    for (i = 0; i < cxr_nelts(many); i++) {
        many[i] = lines[0];
    }

    c.lines.n = cxr_nelts(many);
    cxr_buf_reset(&token);
    assert_int_equal(cxr_label_sign(ring, &c, &token), CXR_LIMIT);
    assert_int_equal(token.len, 0);
}


static void
test_label_scanner(void **state)
{
    unsigned             i;
    cxr_label_claims_t   got;

#define HEAD  "{\"iss\":\"kahve\",\"sub\":\"R\",\"jti\":\"j\","                \
              "\"iat\":\"2026-11-21T00:00:00Z\","                              \
              "\"exp\":\"2027-01-01T00:00:00Z\""

    static const char  *bad[] = {
        HEAD "}",
        HEAD ",\"ln\":}", HEAD ",\"ln\":[}", HEAD ",\"ln\":[,]}",
        HEAD ",\"ln\":[[]]}", HEAD ",\"ln\":[[\"a\"]]}",
        HEAD ",\"ln\":[[\"a\",1],]}", HEAD ",\"ln\":[[\"a\",1,2]]}",
        HEAD ",\"ln\":[[\"a\",0]]}", HEAD ",\"ln\":[[\"a\",01]]}",
        HEAD ",\"ln\":[[\"a\",-1]]}", HEAD ",\"ln\":[[\"a\",1.0]]}",
        HEAD ",\"ln\":[[\"a\",1e3]]}", HEAD ",\"ln\":[[\"a\",\"1\"]]}",
        HEAD ",\"ln\":[[\"a\",4294967296]]}", HEAD ",\"ln\":[[\"\",1]]}",
        HEAD ",\"ln\":[[\"a\",]]}", HEAD ",\"ln\":[],\"x\":1}",
        HEAD ",\"ln\":[],\"ln\":[]}", HEAD ",\"ln\":[]"
    };

    for (i = 0; i < cxr_nelts(bad); i++) {
        cxr_buf_reset(&token);
        assert_int_equal(cxr_paseto_sign(ring, cxr_strz(bad[i]),
                                         cxr_str("cxr:v1:label:kahve"),
                                         &token), CXR_OK);

        if (verify(SHOP, RING_NOW, &got, NULL) != CXR_FORGED) {
            fail_msg("%s", bad[i]);
        }
    }

    /* claims and assertion of two shops: the claims are not believed */

    cxr_buf_reset(&token);
    assert_int_equal(cxr_paseto_sign(ring, cxr_str(HEAD ",\"ln\":[]}"),
                                     cxr_str("cxr:v1:label:kahve2"), &token),
                     CXR_OK);
    assert_int_equal(verify(SHOP, RING_NOW, &got, NULL), CXR_FORGED);
    assert_int_equal(verify(OTHER, RING_NOW, &got, NULL), CXR_FORGED);
    assert_int_equal(verify(CXR_STR_NONE, RING_NOW, &got, NULL), CXR_FORGED);
}


/* An arena that is full says so, and is not mistaken for a forgery. */

static void
test_no_memory(void **state)
{
    cxr_link_t           got, l = { .order = cxr_str("A"), .expires = SOON };
    cxr_arena_t         *small;
    cxr_label_claims_t   c;

    small = cxr_arena_create(16);
    assert_non_null(small);

    assert_int_equal(make(CXR_LINK_ORDER, &l, false), CXR_OK);
    assert_int_equal(cxr_link_open(ring, SHOP, CXR_LINK_ORDER,
                                   cxr_buf_str(&token), RING_NOW, small,
                                   &got), CXR_NOMEM);

    cxr_buf_reset(&token);
    assert_int_equal(cxr_label_sign(ring, &label, &token), CXR_OK);
    assert_int_equal(cxr_label_verify(ring, SHOP, cxr_buf_str(&token),
                                      RING_NOW, small, &c, NULL), CXR_NOMEM);
    cxr_arena_destroy(small);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_separation),
        cmocka_unit_test(test_other_key),
        cmocka_unit_test(test_altered),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_scanner),
        cmocka_unit_test(test_label),
        cmocka_unit_test(test_label_forged),
        cmocka_unit_test(test_label_refused),
        cmocka_unit_test(test_label_scanner),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
