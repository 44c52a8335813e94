
/*
 * An order and a product from any bytes: what is accepted keeps its promises,
 * becomes an order, and reads back from its record.
 */

#include <stdlib.h>

#include "cxr_order.h"

#define MUST(x)  do { if (!(x)) { abort(); } } while (0)


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static void
fuzz_accepted(cxr_order_t *order, cxr_arena_t *a)
{
    uint32_t       i;
    cxr_buf_t      buf;
    cxr_order_t    state, copy;
    cxr_money_t    paid, tax, sum;
    cxr_events_t   ev;
    cxr_refusal_t  no;

    sum = 0;

    for (i = 0; i < order->lines.n; i++) {
        paid = cxr_order_line_paid(&order->lines.items[i]);
        MUST(paid >= 0 && paid <= CXR_MONEY_MAX);
        MUST(order->lines.items[i].tax <= paid);
        sum += paid;
        MUST(cxr_order_line_share(&order->lines.items[i],
                                  order->lines.items[i].quantity, &paid, &tax));
        MUST(tax == order->lines.items[i].tax);
    }

    MUST(order->lines.n > 0 && sum <= CXR_MONEY_MAX);

    memset(&ev, 0, sizeof(ev));
    memset(&state, 0, sizeof(state));
    MUST(cxr_order_put(NULL, order, 1, a, &ev, &no) == CXR_OK && ev.n == 1);
    MUST(cxr_order_apply_put(&state, &ev.items[0], 1, a) == CXR_OK);
    MUST(cxr_order_put(&state, order, 1, a, &ev, &no) == CXR_OK && ev.n == 1);

    cxr_buf_init(&buf, CXR_RECORD_MAX);

    if (cxr_rec_encode(&cxr_order_type, &state, 1, &buf) == CXR_OK) {
        MUST(cxr_rec_decode(&cxr_order_type, buf.data, buf.len, &copy, a)
             == CXR_OK);
        MUST(cxr_rec_equal(&cxr_order_type, &state, &copy));
    }

    cxr_buf_free(&buf);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t             *json;
    cxr_rc_t            rc;
    cxr_jw_t            w;
    cxr_buf_t           buf;
    cxr_diag_t          d;
    cxr_arena_t        *a;
    cxr_order_t         order;
    cxr_person_t        person;
    cxr_product_t       product;
    cxr_json_faults_t   f;

    if (cxr_json_parse(cxr_strn(data, size), &json, &d) != CXR_OK) {
        return 0;
    }

    a = cxr_arena_create(8 * 1024 * 1024);
    MUST(a != NULL);

    memset(&f, 0, sizeof(f));
    rc = cxr_order_from_json(json, a, &order, &person, &f);
    MUST((rc == CXR_OK) == (f.total == 0) || rc == CXR_NOMEM);

    if (rc == CXR_OK) {
        fuzz_accepted(&order, a);

        cxr_buf_init(&buf, CXR_RECORD_MAX);
        cxr_jw_init(&w, &buf);
        cxr_order_to_json(&order, &person, &w);
        cxr_buf_free(&buf);
    }

    memset(&f, 0, sizeof(f));
    rc = cxr_product_from_json(json, a, &product, &f);
    MUST((rc == CXR_OK) == (f.total == 0) || rc == CXR_NOMEM);

    json_decref(json);
    cxr_arena_destroy(a);

    return 0;
}
