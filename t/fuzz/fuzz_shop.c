
/*
 * A shop's file from any bytes: either a whole shop, whose policy judges, or at
 * least one complaint with its place.
 */

#include <stdlib.h>

#include "cxr_rma.h"
#include "cxr_shop_private.h"

#define MUST(x)  do { if (!(x)) { abort(); } } while (0)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* Whatever the rules are, an offer has a way back, fees within what was paid,
   and nobody is offered more units than she has. */

static void
judge(const cxr_shop_t *shop)
{
    unsigned           o, kind;
    cxr_str_t          tag = cxr_str("sale");
    cxr_order_t        order;
    cxr_offer_t       *f;
    cxr_judgement_t    j;
    cxr_order_line_t   line;
    cxr_policy_ask_t   ask;
    cxr_policy_case_t  c;

    memset(&order, 0, sizeof(order));
    memset(&line, 0, sizeof(line));
    memset(&ask, 0, sizeof(ask));

    line.line = cxr_str("1");
    line.sku = cxr_str("ETH-250");
    line.product = cxr_str("ETH");
    line.tags.items = &tag;
    line.tags.n = 1;
    line.quantity = 2;
    line.unit_price = 1000;
    order.placed_at = 1793782800000;
    order.country = cxr_str("TR");
    order.currency = cxr_str("TRY");
    order.lines.items = &line;
    order.lines.n = 1;

    for (kind = 0; kind <= CXR_KIND_WITHDRAWAL; kind++) {
        ask.kind = (uint8_t) kind;

        cxr_policy_begin(&c, &shop->policy, shop->tz, &order, NULL, 0,
                         order.placed_at + CXR_DAY, NULL);
        cxr_policy_line(&c, &line, &ask, &j);

        MUST((j.verdict == CXR_MAY_RETURN) == (j.outcomes != 0));
        MUST(j.returnable <= line.quantity);

        for (o = 0; o < CXR_OUTCOMES; o++) {
            f = &j.offers[o];
            MUST(f->offered == ((j.outcomes >> o) & 1));
            MUST(!f->offered || f->deadline >= c.now);
            MUST(cxr_offer_fee(f, 2000, 2) <= 2000);
            MUST(cxr_offer_fee(f, 2000, 2) >= 0);
            MUST(cxr_offer_bonus(f, 2000, 2) >= 0);
            MUST(f->by[CXR_EFFECT_MAY] == CXR_BY_DEFAULT
                 || f->by[CXR_EFFECT_MAY] <= shop->policy.rules->n);
        }
    }
}


static void
lint(const cxr_shop_t *shop)
{
    cxr_json_faults_t  warnings;

    memset(&warnings, 0, sizeof(warnings));
    cxr_shop_lint(shop, &warnings);

    MUST(warnings.n >= 1);          /* that there is no law under it */
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t        i, n;
    cxr_rc_t      rc;
    cxr_diag_t    diags[16];
    cxr_shop_t   *shop;
    cxr_arena_t  *a;

    a = cxr_arena_create(4 * 1024 * 1024);
    MUST(a != NULL);

    rc = cxr_shop_parse(cxr_strn(data, size), cxr_str("shop"), "shop.json", a,
                        &shop, diags, cxr_nelts(diags), &n);

    if (rc == CXR_OK) {
        MUST(n == 0 && shop != NULL && shop->tz != NULL);
        judge(shop);
        lint(shop);
        MUST(shop->languages.n > 0 && shop->policy.reasons.n > 0);
        MUST(shop->policy.outcomes != 0 && shop->brand.accent.len == 7);
        MUST(shop->policy.version.len == 16);
        MUST(shop->portal.data[0] == '/'
             && shop->portal.data[shop->portal.len - 1] == '/');

    } else {
        MUST(shop == NULL && n > 0 && n <= cxr_nelts(diags));

        for (i = 0; i < n; i++) {
            MUST(diags[i].text[0] != '\0' && diags[i].line > 0);
        }
    }

    cxr_shop_free(shop);
    cxr_arena_destroy(a);

    return 0;
}
