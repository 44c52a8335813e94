
/*
 * Arbitrary bytes where tokens come from outside, and, since a MAC stands
 * before everything behind it, the same bytes as the payload of a token that
 * is well made: so that the claims' scanner meets them, too.  What opens must
 * survive being made and opened again.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_sign.h"
#include "../unit/sign_ring.h"


#define SHOP  cxr_str("kahve")

/* the first byte of an input */
enum {
    FUZZ_TOKEN = 0,        /* a token as it came */
    FUZZ_LINK,             /* a link's payload, sealed by us */
    FUZZ_LINK_PUBLIC,      /* the same, signed */
    FUZZ_LABEL,            /* a label's payload, signed by us */
    FUZZ_KINDS
};

static cxr_keyring_t  *ring;
static cxr_arena_t    *arena;

static const char *const  assertions[] = {
    "cxr:v1:track:kahve", "cxr:v1:order:kahve", "cxr:v1:rma:kahve"
};


static void
must(bool ok)
{
    if (!ok) {
        abort();
    }
}


static void
start(void)
{
    if (ring != NULL) {
        return;
    }

    ring_dir_make();
    must(cxr_sign_init() == CXR_OK);
    ring = ring_load(RING_TEXT);
    ring_dir_remove();
    arena = cxr_arena_create(1 << 20);
    must(arena != NULL);
}


/* Opened once: made again from what it said, it says the same. */

static void
link_again(cxr_link_purpose_t purpose, const cxr_link_t *l, bool public_form)
{
    char        mem[CXR_TOKEN_MAX];
    cxr_buf_t   token;
    cxr_link_t  got;

    cxr_buf_init_fixed(&token, mem, sizeof(mem));
    must(cxr_link_make(ring, SHOP, purpose, l, public_form, &token) == CXR_OK);
    must(cxr_link_open(ring, SHOP, purpose, cxr_buf_str(&token),
                       l->expires - 1, arena, &got) == CXR_OK);
    must(cxr_str_eq(got.order, l->order)
         && cxr_str_eq(got.rma, l->rma)
         && cxr_str_eq(got.carrier, l->carrier)
         && cxr_str_eq(got.number, l->number)
         && got.expires == l->expires);
}


static void
open_all(cxr_str_t token, bool public_form)
{
    char                 mem[CXR_TOKEN_MAX];
    cxr_rc_t             rc;
    uint32_t             i;
    unsigned             p;
    cxr_buf_t            out;
    cxr_link_t           l;
    cxr_label_claims_t   c, again;

    for (p = CXR_LINK_TRACK; p <= CXR_LINK_RMA; p++) {
        rc = cxr_link_open(ring, SHOP, p, token, RING_NOW, arena, &l);
        must(rc == CXR_OK || rc == CXR_EXPIRED || rc == CXR_FORGED
             || rc == CXR_LIMIT);

        if (rc == CXR_OK || rc == CXR_EXPIRED) {
            link_again(p, &l, public_form);
        }
    }

    rc = cxr_label_verify(ring, CXR_STR_NONE, token, RING_NOW, arena, &c,
                          NULL);
    must(rc == CXR_OK || rc == CXR_EXPIRED || rc == CXR_FORGED
         || rc == CXR_LIMIT || rc == CXR_NOMEM);

    if (rc != CXR_OK && rc != CXR_EXPIRED) {
        return;
    }

    cxr_buf_init_fixed(&out, mem, sizeof(mem));
    rc = cxr_label_sign(ring, &c, &out);

    /* an escape for every < may not fit where the bare one did */

    if (rc == CXR_LIMIT) {
        return;
    }

    must(rc == CXR_OK);
    must(cxr_label_verify(ring, c.shop, cxr_buf_str(&out), c.expires - 1,
                          arena, &again, NULL) == CXR_OK);
    must(again.lines.n == c.lines.n && cxr_str_eq(again.rma, c.rma));

    for (i = 0; i < c.lines.n; i++) {
        must(cxr_str_eq(again.lines.items[i].sku, c.lines.items[i].sku)
             && again.lines.items[i].quantity == c.lines.items[i].quantity);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char        mem[CXR_TOKEN_MAX];
    bool        sign;
    cxr_rc_t    rc;
    unsigned    i, n, kind;
    cxr_buf_t   token;
    cxr_str_t   in;

    start();

    if (size == 0) {
        return 0;
    }

    kind = data[0] % FUZZ_KINDS;
    in = cxr_strn(data + 1, size - 1);
    cxr_arena_reset(arena);

    if (kind == FUZZ_TOKEN) {
        open_all(in, false);
        return 0;
    }

    sign = kind != FUZZ_LINK;
    n = kind == FUZZ_LABEL ? 1 : cxr_nelts(assertions);

    for (i = 0; i < n; i++) {
        cxr_str_t  assertion = kind == FUZZ_LABEL
                               ? cxr_str("cxr:v1:label:kahve")
                               : cxr_strz(assertions[i]);

        cxr_buf_init_fixed(&token, mem, sizeof(mem));
        rc = sign ? cxr_paseto_sign(ring, in, assertion, &token)
                  : cxr_paseto_encrypt(ring, in, assertion, &token);

        if (rc == CXR_LIMIT) {
            return 0;
        }

        must(rc == CXR_OK);
        open_all(cxr_buf_str(&token), sign);
    }

    return 0;
}
