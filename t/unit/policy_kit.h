
/*
 * A shop whose policy a test writes, an order and its parcel to judge.
 */

#ifndef _POLICY_KIT_H_INCLUDED_
#define _POLICY_KIT_H_INCLUDED_

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cxr_policy_rule.h"
#include "cxr_rma.h"
#include "cxr_shop_private.h"

/* Wednesday 2026-11-04, noon in Istanbul */
#define DELIVERED  ((cxr_time_t) 1793782800000)
#define PLACED     (DELIVERED - 3 * CXR_DAY)

typedef struct {
    cxr_arena_t            *a;
    cxr_shop_t             *shop;
    cxr_law_t              *laws[2];
    cxr_order_line_t        lines[3];
    cxr_str_t               tags[3];
    cxr_str_t               order_tag;
    cxr_str_t               codes[2];
    cxr_order_t             order;
    cxr_shipment_t          parcel;
    const cxr_shipment_t   *parcels[1];
    cxr_time_t              now;
    cxr_history_t           history;
    cxr_policy_request_t  request;
    cxr_diag_t              diags[16];
    size_t                  ndiags;
    const char             *reasons;    /* NULL: whim and broken              */
} kit_t;


/* "policy" is what stands in the policy beside its usual keys. */

static inline cxr_rc_t
kit_parse(kit_t *k, const char *policy)
{
    cxr_str_t  text;

    text = cxr_sprintf(k->a,
        "{\"name\":\"S\",\"origin\":\"https://s.example\","
        "\"home\":\"https://s.example/\",\"languages\":[\"tr\",\"en\"],"
        "\"currency\":\"TRY\",\"time_zone\":\"Europe/Istanbul\","
        "\"brand\":{\"accent\":\"#7a3b12\",\"on_accent\":\"#ffffff\"},"
        "\"warehouse\":{\"name\":\"W\",\"lines\":[\"a\"],\"city\":\"c\","
        "\"country\":\"TR\"},\n"
        "\"policy\":{\"window_days\":14,\"fallback_days\":5,"
        "\"outcomes\":[\"refund\",\"exchange\",\"store_credit\"],"
        "\"auto_approve\":true,\"final_sale_tags\":[\"final\"],"
        "\"reasons\":[%s]%s%s}}",
        k->reasons ? k->reasons : "{\"code\":\"whim\"},{\"code\":\"broken\"}",
        policy[0] ? ",\n" : "", policy);

    assert_non_null(text.data);
    cxr_shop_free(k->shop);
    k->shop = NULL;
    k->ndiags = 0;

    return cxr_shop_parse(text, cxr_str("s"), "s.json", k->a, &k->shop,
                          k->diags, cxr_nelts(k->diags), &k->ndiags);
}


static inline void
kit_policy(kit_t *k, const char *policy)
{
    if (kit_parse(k, policy) != CXR_OK) {
        fail_msg("%s: %s", k->diags[0].where, k->diags[0].text);
    }
}


/* "rules" is what stands in the list of rules. */

static inline void
kit_rules(kit_t *k, const char *rules)
{
    cxr_str_t  text;

    text = cxr_sprintf(k->a, "\"rules\":[%s]", rules);
    assert_non_null(text.data);
    kit_policy(k, text.data);
}


static inline void
kit_law(kit_t *k, const char *id)
{
    cxr_str_t  path;

    path = cxr_sprintf(k->a, "conf/laws/%s.json", id);
    k->ndiags = 0;

    if (cxr_law_load(path.data, k->a, &k->laws[0], k->diags,
                     cxr_nelts(k->diags), &k->ndiags) != CXR_OK)
    {
        fail_msg("%s: %s", k->diags[0].where, k->diags[0].text);
    }

    k->shop->policy.laws.items = k->laws;
    k->shop->policy.laws.n = 1;
}


static inline void
kit_begin(kit_t *k, cxr_arena_t *a)
{
    size_t  i;

    static const char *const  names[] = { "1", "2", "3" };

    memset(k, 0, sizeof(*k));
    cxr_arena_reset(a);

    k->a = a;
    k->now = DELIVERED + CXR_DAY;

    for (i = 0; i < 3; i++) {
        k->lines[i].line = cxr_strz(names[i]);
        k->lines[i].sku = cxr_str("ETH-250");
        k->lines[i].product = cxr_str("ETH");
        k->lines[i].quantity = 2;
        k->lines[i].unit_price = 10000;
    }

    k->tags[0] = cxr_str("coffee");
    k->lines[0].tags.items = k->tags;
    k->lines[0].tags.n = 1;
    k->order_tag = cxr_str("vip");

    k->order.number = cxr_str("KG-1");
    k->order.placed_at = PLACED;
    k->order.currency = cxr_str("TRY");
    k->order.locale = cxr_str("tr");
    k->order.country = cxr_str("TR");
    k->order.channel = cxr_str("web");
    k->order.tags.items = &k->order_tag;
    k->order.tags.n = 1;
    k->codes[0] = cxr_str("Yaz25");
    k->codes[1] = cxr_str("vip-8F3K");
    k->order.discount_codes.items = k->codes;
    k->order.discount_codes.n = 2;
    k->order.lines.items = k->lines;
    k->order.lines.n = 1;

    k->parcel.carrier = cxr_str("yurtici");
    k->parcel.number = cxr_str("1");
    k->parcel.status = CXR_SHIP_DELIVERED;
    k->parcel.picked_up_at = DELIVERED - CXR_DAY;
    k->parcel.delivered_at = DELIVERED;
    k->parcels[0] = &k->parcel;
}


static inline void
kit_ask(kit_t *k, uint32_t line, const cxr_policy_ask_t *ask,
    cxr_judgement_t *j)
{
    cxr_policy_case_t  c;

    cxr_policy_begin(&c, &k->shop->policy, k->shop->tz, &k->order, k->parcels,
                     1, k->now, &k->history);
    c.request = k->request;
    cxr_policy_line(&c, &k->lines[line], ask, j);
}


static inline cxr_judgement_t
kit_judge(kit_t *k, const char *reason)
{
    cxr_judgement_t   j;
    cxr_policy_ask_t  ask;

    memset(&ask, 0, sizeof(ask));
    ask.reason = cxr_strz(reason);

    kit_ask(k, 0, &ask, &j);

    return j;
}

#endif /* _POLICY_KIT_H_INCLUDED_ */
