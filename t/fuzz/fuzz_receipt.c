
/*
 * Arbitrary bytes where receipts, forms of withdrawals and their words come
 * from outside: nothing but what was signed is ever good, what a form takes is
 * clean and within its limits, and words never mean more than an order has.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_receipt.h"
#include "cxr_view_withdraw.h"
#include "../unit/sign_ring.h"

#define FUZZ_PAIRS  8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cxr_keyring_t  *ring;
static cxr_arena_t    *arena;


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
    arena = cxr_arena_create(4 << 20);
    must(arena != NULL);
}


/* Values divided by bytes 0, under the names of the form in turn. */

static void
form(cxr_str_t in)
{
    size_t                n = 0, i, from = 0;
    cxr_pair_t            pairs[FUZZ_PAIRS];
    cxr_withdraw_form_t   f;

    static const char *const  names[FUZZ_PAIRS] = {
        "f", "name", "contract", "email", "scope", "words", "x", "name"
    };

    for (i = 0; i <= in.len && n < FUZZ_PAIRS; i++) {
        if (i == in.len || in.data[i] == 0) {
            pairs[n].name = cxr_strz(names[n]);
            pairs[n++].value = cxr_strn(in.data + from, i - from);
            from = i + 1;
        }
    }

    if (cxr_withdraw_parse(pairs, n, arena, &f) == CXR_OK) {
        must(cxr_utf8_valid(f.name) && cxr_utf8_valid(f.words));
        must(cxr_utf8_length(f.name) <= CXR_WITHDRAW_NAME_MAX);
        must(cxr_utf8_length(f.words) <= CXR_STATEMENT_WORDS_MAX);
        must(f.faults.n != 0 || (f.name.len && f.contract.len && f.email.len));
    }
}


static void
words(cxr_str_t in)
{
    char                    *folded;
    uint32_t                 i;
    cxr_order_t              order;
    cxr_statement_t          st;
    cxr_order_line_t         lines[2];
    cxr_withdrawal_lines_t   meant;

    folded = cxr_alloc(arena, in.len + 1);
    must(folded == NULL || cxr_statement_fold(in, folded) <= in.len);

    memset(&order, 0, sizeof(order));
    memset(lines, 0, sizeof(lines));
    memset(&st, 0, sizeof(st));

    lines[0].line = cxr_str("1");
    lines[0].sku = cxr_str("A-1");
    lines[0].title = cxr_str("Çay");
    lines[0].quantity = 3;
    lines[1].line = cxr_str("2");
    lines[1].sku = cxr_str("B");
    lines[1].title = cxr_str("Kahve");
    lines[1].quantity = 2;
    lines[1].returning = 1;
    order.lines.items = lines;
    order.lines.n = 2;
    st.words = in;

    if (cxr_withdrawal_lines(&order, &st, arena, &meant) != CXR_OK) {
        return;
    }

    must(meant.n <= 2);

    for (i = 0; i < meant.n; i++) {
        must(meant.items[i].quantity >= 1
             && meant.items[i].quantity
                <= (cxr_str_is(meant.items[i].line, "1") ? 3 : 1));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char                   kid[9];
    cxr_str_t              in = cxr_strn(data, size);
    cxr_receipt_result_t   result;
    cxr_receipt_claims_t   c;

    start();
    cxr_arena_reset(arena);

    /* a receipt that these keys signed is not come by by chance */

    if (cxr_receipt_check(ring, CXR_STR_NONE, in, arena, &result, &c, kid)
        == CXR_OK)
    {
        must(result == CXR_RECEIPT_FORGED);
    }

    form(in);
    words(in);

    return 0;
}
