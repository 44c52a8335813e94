
/*
 * The forms of the portal and the desk from any pairs: "name=value" lines,
 * split at \x1e.  What parses must survive a page: written into hidden inputs
 * and parsed again it is the same, and the URL of it holds no note.
 */

#include <stdio.h>
#include <stdlib.h>

#include "cxr_portal_cancel.h"
#include "cxr_portal_gift.h"
#include "cxr_text.h"
#include "cxr_view_staff.h"

#define FUZZ_PAIRS  (CXR_PORTAL_PAIRS_MAX + 8)
#define FUZZ_LINES  12
#define FUZZ_ARENA  (8 * 1024 * 1024)

#define FUZZ_CHECK(x)                                                         \
    do {                                                                      \
        if (!(x)) {                                                           \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x);           \
            abort();                                                          \
        }                                                                     \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static cxr_pair_t        fuzz_pairs[FUZZ_PAIRS];
static cxr_order_line_t  fuzz_lines[FUZZ_LINES];
static cxr_rma_line_t    fuzz_rma_lines[FUZZ_LINES];
static const char *const fuzz_ids = "abcdefghijkl";


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


static void
fuzz_same(const cxr_portal_form_t *a, const cxr_portal_form_t *b)
{
    uint32_t                  i, k;
    const cxr_portal_pick_t  *p, *q;

    FUZZ_CHECK(cxr_str_eq(a->flow, b->flow));
    FUZZ_CHECK(a->claim == b->claim);

    for (i = 0; i < a->picks.n; i++) {
        p = &a->picks.items[i];
        q = cxr_portal_pick(b, p->index);

        FUZZ_CHECK(p->quantity <= CXR_LINE_QUANTITY_MAX);
        FUZZ_CHECK(cxr_utf8_valid(p->note));
        FUZZ_CHECK(cxr_utf8_valid(p->typed));
        FUZZ_CHECK(cxr_utf8_length(p->note) <= CXR_NOTE_MAX);

        if (q == NULL) {
            FUZZ_CHECK(p->quantity == 0 && p->reason.len == 0
                       && p->note.len == 0 && !p->has_outcome
                       && p->photos.n == 0);
            continue;
        }

        FUZZ_CHECK(p->quantity == q->quantity);
        FUZZ_CHECK(cxr_str_eq(p->reason, q->reason));
        FUZZ_CHECK(cxr_str_eq(p->note, q->note));
        FUZZ_CHECK(p->has_outcome == q->has_outcome);
        FUZZ_CHECK(p->outcome == q->outcome);
        FUZZ_CHECK(cxr_str_eq(p->exchange_sku, q->exchange_sku));
        FUZZ_CHECK(p->seen == q->seen);
        FUZZ_CHECK(p->split == q->split);

        if (p->split != 0) {
            FUZZ_CHECK(p->has_other == q->has_other);
            FUZZ_CHECK(cxr_str_eq(p->other_sku, q->other_sku));
            FUZZ_CHECK(cxr_str_eq(p->other_reason, q->other_reason));
            FUZZ_CHECK(cxr_str_eq(p->other_note, q->other_note));
            FUZZ_CHECK(p->other_seen == q->other_seen);
        }

        FUZZ_CHECK(p->photos.n == q->photos.n);

        for (k = 0; k < p->photos.n; k++) {
            FUZZ_CHECK(cxr_ticket_like(p->photos.items[k].ticket));
            FUZZ_CHECK(cxr_str_eq(p->photos.items[k].ticket,
                                  q->photos.items[k].ticket));
        }
    }
}


/* Hers who was given the goods: who she is comes back as it went, and never
   stands in an address; a line that is hidden is as one that is not there. */

static void
fuzz_gift(size_t n, const cxr_portal_form_t *from, const cxr_order_t *order,
    cxr_arena_t *a)
{
    bool               hidden[FUZZ_LINES];
    uint32_t           i;
    cxr_buf_t          url;
    cxr_pairs_t        back;
    cxr_portal_form_t  form = *from, again;

    if (cxr_portal_gift_parse(fuzz_pairs, n, a, &form) != CXR_OK) {
        return;
    }

    FUZZ_CHECK(cxr_portal_form_fields(&form, order, CXR_FIELDS_DETAILS, a,
                                      &back)
               == CXR_OK);
    memset(&again, 0, sizeof(again));
    FUZZ_CHECK(cxr_portal_gift_parse(back.items, back.n, a, &again)
               == CXR_OK);
    FUZZ_CHECK(cxr_rec_equal(&cxr_person_type, &form.recipient,
                             &again.recipient));
    FUZZ_CHECK(cxr_portal_gift_check(&form, a) == CXR_OK);

    cxr_buf_init(&url, 65536);
    cxr_portal_form_query(&form, order, &url);
    FUZZ_CHECK(url.len == 0 || memmem(url.data, url.len, "g.", 2) == NULL);
    cxr_buf_free(&url);

    for (i = 0; i < FUZZ_LINES; i++) {
        hidden[i] = (i % 2 == 0);
    }

    /* the list is hidden in place: the caller's is not */

    FUZZ_CHECK(cxr_portal_form_parse(fuzz_pairs, n, order, a, &form)
               == CXR_OK);
    FUZZ_CHECK(cxr_portal_hide(&form, hidden, a) == CXR_OK);

    for (i = 0; i < form.picks.n; i++) {
        FUZZ_CHECK(!hidden[form.picks.items[i].index]);
    }
}


/* What is to be cancelled: nothing of a return is left, and what was found fit
   asks for no more than there is. */

static void
fuzz_cancel(size_t n, const cxr_order_t *order, cxr_arena_t *a)
{
    uint32_t            i;
    cxr_str_t          *notes;
    cxr_policy_t        policy;
    cxr_reason_t        reason;
    cxr_cancel_t        cancels[FUZZ_LINES];
    cxr_rma_ask_t       ask;
    cxr_portal_form_t   form;

    FUZZ_CHECK(cxr_portal_form_parse(fuzz_pairs, n, order, a, &form)
               == CXR_OK);

    if (cxr_portal_cancel(fuzz_pairs, n, a, &form) != CXR_OK) {
        return;
    }

    memset(&policy, 0, sizeof(policy));
    memset(&reason, 0, sizeof(reason));
    memset(cancels, 0, sizeof(cancels));
    reason.code = cxr_str("too_slow");
    policy.cancels.on = true;
    policy.cancels.reasons.items = &reason;
    policy.cancels.reasons.n = 1;

    for (i = 0; i < FUZZ_LINES; i++) {
        cancels[i].verdict = (uint8_t) (i % CXR_CANCEL_VERDICTS);
        cancels[i].units = 2;
    }

    if (!cxr_portal_check_cancel(&form, &policy, cancels, a)) {
        FUZZ_CHECK(form.faults.n > 0
                   && form.faults.n <= CXR_PORTAL_FAULTS_MAX);
        return;
    }

    FUZZ_CHECK(cxr_portal_ask(&form, order, cxr_str("X"), cxr_str("tr"), a,
                              &ask, &notes)
               == CXR_OK);
    FUZZ_CHECK(ask.cancellation && !ask.instant && ask.method.len == 0);
    FUZZ_CHECK(ask.lines.n == cxr_portal_chosen(&form) && ask.lines.n > 0);

    for (i = 0; i < ask.lines.n; i++) {
        FUZZ_CHECK(ask.lines.items[i].outcome == CXR_OUT_REFUND);
        FUZZ_CHECK(ask.lines.items[i].quantity <= 2);
        FUZZ_CHECK(ask.lines.items[i].photos.n == 0 && notes[i].len == 0);
        FUZZ_CHECK(ask.lines.items[i].reason.len == 0
                   || cxr_str_is(ask.lines.items[i].reason, "too_slow"));
    }
}


static void
fuzz_portal(size_t n, cxr_order_t *order, cxr_arena_t *a)
{
    uint32_t            i;
    cxr_buf_t           url;
    cxr_str_t          *notes;
    cxr_pairs_t         back;
    cxr_policy_t        policy;
    cxr_rma_ask_t       ask;
    cxr_judgement_t     judgements[FUZZ_LINES];
    cxr_portal_form_t   form, again;

    if (cxr_portal_form_parse(fuzz_pairs, n, order, a, &form) != CXR_OK) {
        return;
    }

    FUZZ_CHECK(form.faults.n <= CXR_PORTAL_FAULTS_MAX);
    FUZZ_CHECK(form.picks.n <= order->lines.n);
    FUZZ_CHECK(cxr_portal_form_fields(&form, order,
                                      CXR_FIELDS_QUANTITY
                                      | CXR_FIELDS_DETAILS, a, &back)
               == CXR_OK);
    FUZZ_CHECK(cxr_portal_form_parse(back.items, back.n, order, a, &again)
               == CXR_OK);
    FUZZ_CHECK(!again.stale);
    fuzz_same(&form, &again);

    cxr_buf_init(&url, 65536);
    cxr_portal_form_query(&form, order, &url);
    FUZZ_CHECK(cxr_buf_ok(&url));
    FUZZ_CHECK(url.len == 0 || memmem(url.data, url.len, "n.", 2) == NULL);
    cxr_buf_free(&url);

    fuzz_gift(n, &form, order, a);
    fuzz_cancel(n, order, a);

    FUZZ_CHECK(cxr_portal_ask(&form, order, cxr_str("X"), cxr_str("tr"), a,
                              &ask, &notes)
               == CXR_OK);
    FUZZ_CHECK(ask.lines.n >= cxr_portal_chosen(&form)
               && ask.lines.n <= 2 * cxr_portal_chosen(&form));

    memset(&policy, 0, sizeof(policy));
    memset(judgements, 0, sizeof(judgements));

    for (i = 0; i < FUZZ_LINES; i++) {
        judgements[i].verdict = (uint8_t) (i % (CXR_NO_OUTCOME + 1));
        judgements[i].returnable = i;
        judgements[i].outcomes = 3;
    }

    if (cxr_portal_check_items(&form, order, judgements, a)) {
        FUZZ_CHECK(ask.lines.n > 0);
    }

    (void) cxr_portal_check_details(&form, order, judgements, &policy, NULL,
                                    0, a);
    FUZZ_CHECK(form.faults.n <= CXR_PORTAL_FAULTS_MAX);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t              n, i;
    cxr_rma_t           rma;
    cxr_arena_t        *a;
    cxr_order_t         order;
    cxr_staff_form_t    staff;
    cxr_portal_find_t   find;
    cxr_staff_query_t   query;
    cxr_rma_act_t       act;

    a = cxr_arena_create(FUZZ_ARENA);
    FUZZ_CHECK(a != NULL);

    memset(&order, 0, sizeof(order));
    memset(&rma, 0, sizeof(rma));

    for (i = 0; i < FUZZ_LINES; i++) {
        fuzz_lines[i].line = cxr_strn(fuzz_ids + i, 1);
        fuzz_lines[i].sku = fuzz_lines[i].line;
        fuzz_lines[i].quantity = 2;
        fuzz_rma_lines[i].line = fuzz_lines[i].line;
    }

    order.lines.items = fuzz_lines;
    order.lines.n = FUZZ_LINES;
    rma.lines.items = fuzz_rma_lines;
    rma.lines.n = FUZZ_LINES;

    n = fuzz_split((const char *) data, size);

    fuzz_portal(n, &order, a);

    if (cxr_portal_find_parse(fuzz_pairs, n, a, &find) == CXR_OK) {
        FUZZ_CHECK(find.faults.n > 0
                   || (find.folded.len && (find.email.len
                                           || find.postcode.len)));
        FUZZ_CHECK(!find.email.len || !find.postcode.len);
        FUZZ_CHECK(cxr_utf8_valid(find.number) && cxr_utf8_valid(find.proof));
    }

    if (cxr_staff_form_parse(fuzz_pairs, n, &rma, a, &staff) == CXR_OK) {
        FUZZ_CHECK(cxr_utf8_valid(staff.reason));

        if (cxr_staff_form_ok(&staff)) {
            FUZZ_CHECK(cxr_staff_decision(&staff, &rma, a, &act) == CXR_OK);
            FUZZ_CHECK(act.lines.n > 0 && act.verb <= CXR_VERB_REQUEST_INFO);
        }
    }

    if (cxr_staff_query_parse(fuzz_pairs, n, a, &query) == CXR_OK) {
        FUZZ_CHECK(query.status >= -1 && query.status < CXR_RMA_NSTATUS);
        FUZZ_CHECK(cxr_utf8_length(query.q) <= CXR_STAFF_Q_MAX);
    }

    cxr_arena_destroy(a);

    return 0;
}
