
/*
 * The desk's other forms from any pairs ("name=value", split at \x1e): actions,
 * receiving, many at once, a parcel's number.  What parses goes to the domain,
 * which takes or refuses it and never more; a parcel's number is one of keys.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_text.h"
#include "cxr_view_desk.h"
#include "cxr_view_sent.h"

#define FUZZ_PAIRS  (CXR_STAFF_PAIRS_MAX + 8)
#define FUZZ_LINES  6
#define FUZZ_ARENA  ((size_t) 8 << 20)

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cxr_pair_t        fuzz_pairs[FUZZ_PAIRS];
static const char *const fuzz_items = "123456";


static size_t
fuzz_split(const char *p, size_t size)
{
    size_t       n = 0, len, eq;
    const char  *end = p + size, *q;

    while (p < end && n < FUZZ_PAIRS) {
        q = memchr(p, '\x1e', (size_t) (end - p));
        len = q ? (size_t) (q - p) : (size_t) (end - p);
        q = memchr(p, '=', len);
        eq = q ? (size_t) (q - p) : len;
        fuzz_pairs[n].name = cxr_strn(p, eq);
        fuzz_pairs[n].value = eq < len ? cxr_strn(p + eq + 1, len - eq - 1)
                                       : CXR_STR_NONE;
        n++;
        p += len + 1;
    }

    return n;
}


/* Lines in every state that a form meets: pending, approved, counted, told. */

static void
fuzz_rma(cxr_rma_t *rma, cxr_rma_line_t *lines, cxr_order_t *order,
    cxr_order_line_t *of)
{
    uint32_t  i;

    memset(rma, 0, sizeof(*rma));
    memset(order, 0, sizeof(*order));
    memset(lines, 0, FUZZ_LINES * sizeof(*lines));
    memset(of, 0, FUZZ_LINES * sizeof(*of));

    for (i = 0; i < FUZZ_LINES; i++) {
        of[i].line = cxr_strn(fuzz_items + i, 1);
        of[i].quantity = 4;
        of[i].unit_price = 1000;
        of[i].returning = 3;
        of[i].returning_paid = 3000;

        lines[i].line = of[i].line;
        lines[i].item = of[i].line;
        lines[i].quantity = 3;
        lines[i].paid = 3000;
        lines[i].refund = 3000;
        lines[i].release = CXR_RELEASE_INSPECTED;

        if (i == 0) {
            continue;
        }

        lines[i].decision = CXR_DECISION_APPROVED;
        lines[i].settlement = CXR_SETTLEMENT_OWED;
        lines[i].parcel = CXR_PARCEL_LABEL_ISSUED;

        if (i >= 2) {
            lines[i].counted = i == 5 ? 2 : 3;
            lines[i].no_more = true;
            lines[i].receipt = i == 5 ? CXR_RECEIPT_SHORT
                                      : CXR_RECEIPT_RECEIVED;
        }
    }

    order->number = cxr_str("KG-1");
    order->currency = cxr_str("TRY");
    order->revision = 3;
    order->lines.items = of;
    order->lines.n = FUZZ_LINES;

    rma->id = cxr_str("R-0000-0000");
    rma->order = cxr_str("KG1");
    rma->currency = cxr_str("TRY");
    rma->method = cxr_str("label");
    rma->label_jti = cxr_str("jti");
    rma->label_expires = 1793900000000;
    rma->revision = 2;
    rma->lines.items = lines;
    rma->lines.n = FUZZ_LINES;
    rma->status = cxr_rma_status(rma);
}


static void
fuzz_act(const cxr_staff_act_t *form, const cxr_rma_t *rma,
    const cxr_order_t *order, cxr_arena_t *a)
{
    cxr_rc_t       rc;
    cxr_policy_t   policy;
    cxr_events_t   events;
    cxr_refusal_t  no;
    cxr_rma_by_t   by;
    cxr_rma_act_t  act;

    static const uint8_t  random[32];

    FUZZ_CHECK(cxr_utf8_valid(form->text));
    FUZZ_CHECK(cxr_utf8_valid(form->act.reason));
    FUZZ_CHECK(cxr_utf8_valid(form->act.reference));
    FUZZ_CHECK(form->act.verb < CXR_VERBS);

    if (!cxr_staff_act_ok(form)) {
        return;
    }

    memset(&policy, 0, sizeof(policy));
    memset(&by, 0, sizeof(by));
    memset(&events, 0, sizeof(events));
    memset(&no, 0, sizeof(no));

    policy.label_days = 30;
    by.kind = CXR_ACTOR_STAFF;
    by.actor = cxr_str("staff:ayse");
    by.policy = &policy;
    by.random = random;
    by.expect = form->expect;
    by.now = 1793800000000;
    act = form->act;
    act.text = form->text;            /* as the store would have sealed it */

    rc = cxr_rma_act(order, rma, &act, &by, a, &events, &no);

    FUZZ_CHECK(rc == CXR_OK || rc == CXR_REFUSED || rc == CXR_CONFLICT);
    FUZZ_CHECK((rc == CXR_REFUSED) == (no.code != NULL));
    FUZZ_CHECK(rc == CXR_OK || events.n == 0);
}


static void
fuzz_sent(const cxr_pairs_t *pairs, cxr_arena_t *a)
{
    size_t           len;
    char             folded[CXR_TRACKING_MAX];
    cxr_shop_t       shop;
    cxr_rma_name_t   cmd;
    cxr_sent_form_t  sent;

    memset(&shop, 0, sizeof(shop));
    memset(&cmd, 0, sizeof(cmd));

    FUZZ_CHECK(cxr_sent_form_parse(&shop, pairs, a, &sent, &cmd) == CXR_OK);
    FUZZ_CHECK(cxr_utf8_valid(sent.number));

    if (cxr_sent_form_ok(&sent)) {
        FUZZ_CHECK(cxr_is_slug(cmd.carrier, CXR_CARRIER_MAX));
        FUZZ_CHECK(cxr_fold_tracking(cmd.number, folded, &len) == CXR_OK);
        FUZZ_CHECK(cxr_str_eq(cmd.number, cxr_strn(folded, len)));
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t            i;
    cxr_rma_t           rma;
    cxr_bulk_t          bulk;
    cxr_arena_t        *a;
    cxr_order_t         order;
    cxr_pairs_t         pairs;
    cxr_rma_line_t      lines[FUZZ_LINES];
    cxr_staff_act_t     act;
    cxr_order_line_t    of[FUZZ_LINES];
    cxr_receive_form_t  box;

    a = cxr_arena_create(FUZZ_ARENA);
    FUZZ_CHECK(a != NULL);

    fuzz_rma(&rma, lines, &order, of);
    memset(&pairs, 0, sizeof(pairs));
    pairs.items = fuzz_pairs;
    pairs.n = (uint32_t) fuzz_split((const char *) data, size);

    if (cxr_staff_act_parse(&pairs, &rma, a, &act) == CXR_OK) {
        fuzz_act(&act, &rma, &order, a);
    }

    if (cxr_receive_parse(&pairs, &rma, a, &box) == CXR_OK) {
        FUZZ_CHECK(box.wrong_line == UINT32_MAX || box.wrong_line < rma.lines.n);

        if (box.error_key.len == 0 && box.has_receive) {
            fuzz_act(&box.receive, &rma, &order, a);
        }

        if (box.error_key.len == 0 && box.has_grade) {
            fuzz_act(&box.grade, &rma, &order, a);
        }
    }

    if (cxr_bulk_parse(&pairs, a, &bulk) == CXR_OK) {
        FUZZ_CHECK(bulk.rows.n <= CXR_BULK_MAX);
        FUZZ_CHECK(cxr_utf8_valid(bulk.reason) && cxr_utf8_valid(bulk.back));

        for (i = 0; i < bulk.rows.n; i++) {
            FUZZ_CHECK(bulk.rows.items[i].id.len == CXR_RMA_ID_LEN);
        }
    }

    fuzz_sent(&pairs, a);

    cxr_arena_destroy(a);

    return 0;
}
