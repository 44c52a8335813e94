
/*
 * What a policy's decision costs: an order of 20 lines judged under 100 rules,
 * with the law under them, again and again.
 *
 *   policy ROUNDS LAW        one line of JSON: microseconds of processor time
 *                            for one order, and how its lines were judged
 *
 * The rules are of what shops ask for (country, tag, SKU, price, value, days,
 * reason, groups); a third of them hold for a line.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cxr_rma.h"
#include "cxr_shop_private.h"

#define BENCH_LINES  20
#define BENCH_RULES  100
#define BENCH_AT     ((cxr_time_t) 1793782800000)


static void
bench_rules(cxr_buf_t *b)
{
    unsigned  i;

    static const char *const  whens[] = {
        "\"country\":[\"TR\",\"DE\",\"FR\"],\"tag\":[\"tag-%u\",\"sale\"]",
        "\"country\":[\"AT\"],\"price\":{\"min\":%u}",
        "\"sku\":[\"SKU-%u\",\"OLD-*\"],\"order_value\":{\"min\":100}",
        "\"any\":[{\"tag\":\"tag-%u\"},{\"price\":{\"min\":900000}}]",
        "\"reason\":\"r1\",\"days_since_delivery\":{\"min\":%u}",
        "\"not\":{\"tag\":[\"tag-%u\"]},\"outcome\":\"exchange\"",
        "\"order_tag\":\"vip-%u\"",
        "\"product\":\"P-%u\",\"quantity\":{\"min\":2}",
        "\"price\":{\"min\":1000,\"max\":%u9999},\"tag\":\"coffee\"",
        "\"days_since_placed\":{\"min\":%u},\"final_sale\":false"
    };

    static const char *const  thens[] = {
        "\"window_days\":{\"refund\":14,\"exchange\":60}",
        "\"shipping_fee\":490", "\"restocking_fee\":{\"basis_points\":500}",
        "\"methods\":[\"label\",\"qr\"]", "\"approval\":\"review\"",
        "\"bonus\":{\"store_credit\":{\"basis_points\":1000}}",
        "\"label_days\":14"
    };

    for (i = 0; i < BENCH_RULES; i++) {
        cxr_buf_addf(b, "%s{\"id\":\"r%u\",\"when\":{", i ? "," : "", i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        cxr_buf_addf(b, whens[i % cxr_nelts(whens)], i);
#pragma GCC diagnostic pop
        cxr_buf_addf(b, "},\"then\":{%s}}", thens[i % cxr_nelts(thens)]);
    }
}


static cxr_shop_t *
bench_shop(cxr_arena_t *a, const char *law)
{
    size_t          n;
    cxr_buf_t       b;
    cxr_diag_t      d[4];
    cxr_shop_t     *shop;
    cxr_law_t     **laws;

    cxr_buf_init(&b, 1 << 20);
    cxr_buf_addz(&b, "{\"name\":\"S\",\"origin\":\"https://s.example\","
        "\"home\":\"https://s.example/\",\"languages\":[\"tr\"],"
        "\"currency\":\"TRY\",\"time_zone\":\"Europe/Istanbul\","
        "\"brand\":{\"accent\":\"#7a3b12\",\"on_accent\":\"#ffffff\"},"
        "\"warehouse\":{\"name\":\"W\",\"lines\":[\"a\"],\"city\":\"c\","
        "\"country\":\"TR\"},\"policy\":{\"window_days\":14,"
        "\"outcomes\":[\"refund\",\"exchange\",\"store_credit\"],"
        "\"auto_approve\":true,\"reasons\":[{\"code\":\"r1\"},"
        "{\"code\":\"r2\"}],\"rules\":[");
    bench_rules(&b);
    cxr_buf_addz(&b, "]}}");

    laws = cxr_calloc(a, 1, sizeof(cxr_law_t *));
    n = 0;

    if (laws == NULL || !cxr_buf_ok(&b)
        || cxr_shop_parse(cxr_buf_str(&b), cxr_str("s"), "s.json", a, &shop, d,
                          4, &n) != CXR_OK
        || cxr_law_load(law, a, &laws[0], d, 4, &n) != CXR_OK)
    {
        fprintf(stderr, "policy: %s: %s\n", n ? d[0].where : "",
                n ? d[0].text : "no memory");
        exit(1);
    }

    shop->policy.laws.items = laws;
    shop->policy.laws.n = 1;
    cxr_buf_free(&b);

    return shop;
}


static double
bench_cpu(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);

    return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}


int
main(int argc, char **argv)
{
    long                   i, rounds;
    double                 from, took;
    size_t                 k, offered, ruled;
    cxr_str_t              tags[BENCH_LINES][2];
    cxr_shop_t            *shop;
    cxr_arena_t           *a;
    cxr_order_t            order;
    cxr_shipment_t         parcel;
    cxr_judgement_t        j;
    cxr_order_line_t       lines[BENCH_LINES];
    cxr_policy_ask_t       ask;
    cxr_policy_case_t      c;
    const cxr_shipment_t  *parcels[1] = { &parcel };

    rounds = argc == 3 ? atol(argv[1]) : 0;

    if (rounds < 1) {
        fprintf(stderr, "policy ROUNDS LAW\n");
        return 2;
    }

    a = cxr_arena_create(64 << 20);
    if (a == NULL) {
        return 1;
    }

    shop = bench_shop(a, argv[2]);

    memset(&order, 0, sizeof(order));
    memset(&parcel, 0, sizeof(parcel));
    memset(lines, 0, sizeof(lines));
    memset(&ask, 0, sizeof(ask));

    for (k = 0; k < BENCH_LINES; k++) {
        lines[k].line = cxr_sprintf(a, "%zu", k + 1);
        lines[k].sku = cxr_sprintf(a, "SKU-%zu", k * 5);
        lines[k].product = cxr_sprintf(a, "P-%zu", k * 5);
        tags[k][0] = cxr_str("coffee");
        tags[k][1] = cxr_sprintf(a, "tag-%zu", k * 5);
        lines[k].tags.items = tags[k];
        lines[k].tags.n = 2;
        lines[k].quantity = (uint32_t) (1 + k % 3);
        lines[k].unit_price = (cxr_money_t) (10000 + k * 100);
    }

    order.number = cxr_str("B-1");
    order.placed_at = BENCH_AT - 3 * CXR_DAY;
    order.currency = cxr_str("TRY");
    order.country = cxr_str("TR");
    order.locale = cxr_str("tr");
    order.lines.items = lines;
    order.lines.n = BENCH_LINES;

    parcel.carrier = cxr_str("yurtici");
    parcel.number = cxr_str("1");
    parcel.status = CXR_SHIP_DELIVERED;
    parcel.delivered_at = BENCH_AT;

    ask.reason = cxr_str("r2");
    offered = 0;
    ruled = 0;
    from = bench_cpu();

    for (i = 0; i < rounds; i++) {
        cxr_policy_begin(&c, &shop->policy, shop->tz, &order, parcels, 1,
                         BENCH_AT + CXR_DAY, NULL);

        for (k = 0; k < BENCH_LINES; k++) {
            cxr_policy_line(&c, &lines[k], &ask, &j);
            offered += (j.verdict == CXR_MAY_RETURN);
            ruled += (j.offers[CXR_OUT_EXCHANGE].by[CXR_EFFECT_WINDOW]
                      != CXR_BY_DEFAULT);
        }
    }

    took = (bench_cpu() - from) / (double) rounds;

    (void) printf("{\"usec\":%.2f,\"lines\":%d,\"rules\":%d,\"offered\":%zu,"
                  "\"ruled\":%zu}\n", took, BENCH_LINES, BENCH_RULES,
                  offered / (size_t) rounds, ruled / (size_t) rounds);

    cxr_shop_free(shop);
    cxr_arena_destroy(a);

    return 0;
}
