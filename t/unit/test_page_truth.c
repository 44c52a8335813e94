
/*
 * An RMA's page says no more than what is so: whatever state lines, boxes and
 * money are in, no sentence of it tells of a parcel that never travels, of money
 * that does not come, or of a request as done that came to nothing.
 */

#include "page_world.h"


static bool
says(cxr_str_t text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}


static void
see(world_t *w, int l, const cxr_rma_t *rma, cxr_view_rma_t *view)
{
    cxr_rma_page_t  p = {
        .ctx = w->ctx[l],
        .page = world_page(w, (unsigned) l, "rma.title", "/returns/r/tok"),
        .arena = w->a, .now = w->now, .rma = rma,
        .url = cxr_str_init("/returns/r/tok")
    };

    assert_int_equal(cxr_view_rma(&p, view), CXR_OK);
    assert_true(view->headline.len > 0 && view->next.len > 0);
}


static const char *
page_of(world_t *w, int l, const cxr_rma_t *rma, cxr_view_rma_t *view)
{
    see(w, l, rma, view);

    return world_render(w, (unsigned) l, "rma.html", &cxr_view_rma_type,
                        view);
}


static void
act(world_t *w, cxr_rma_t *rma, cxr_rma_act_t *cmd)
{
    cxr_events_t   events = { NULL, 0 };
    cxr_refusal_t  no;

    memset(&no, 0, sizeof(no));
    cmd->rma = rma->id;

    if (world_act(w, rma, cmd, CXR_ACTOR_STAFF, 0, w->now, &events, &no)
        != CXR_OK)
    {
        fail_msg("refused: %s %s", no.code, no.where);
    }

    world_apply(w, rma, &events, w->now, CXR_ACTOR_STAFF, "staff:ayse");
}


static void
verb(world_t *w, cxr_rma_t *rma, unsigned of)
{
    cxr_rma_act_t  cmd;

    memset(&cmd, 0, sizeof(cmd));
    cmd.verb = (uint8_t) of;
    cmd.reason = of == CXR_VERB_FAIL ? cxr_str("IBAN") : CXR_STR_NONE;
    act(w, rma, &cmd);
}


static void
count(world_t *w, cxr_rma_t *rma, const char *item, uint32_t came,
    uint32_t wrong, bool no_more)
{
    cxr_rma_act_t    cmd;
    cxr_rma_count_t  one;

    memset(&cmd, 0, sizeof(cmd));
    memset(&one, 0, sizeof(one));
    one.item = cxr_strz(item);
    one.count = came;
    one.wrong = wrong;
    one.no_more = no_more;
    cmd.verb = CXR_VERB_RECEIVE;
    cmd.counts.items = &one;
    cmd.counts.n = 1;
    act(w, rma, &cmd);
}


static cxr_rma_t *
made(world_t *w, const char *form)
{
    cxr_portal_form_t  f;

    w->shop->policy.review_above = 0;
    world_form(w, form, &f);

    return world_create(w, &f, w->now - CXR_HOUR);
}


/* Nothing goes back: nothing is said to travel, to be labelled or to arrive. */
static void
test_nothing_goes(void **state)
{
    int              l;
    world_t         *w = *state;
    cxr_rma_t       *rma;
    const char      *page;
    cxr_view_rma_t   view;

    static const char *const  never[2][4] = {
        { "etiketinizi hazırl", "İadeniz onaylandı", "Yolda", "göndermeyin" },
        { "preparing your shipping label", "Your return is approved",
          "On its way", "don’t send anything" }
    };

    w->shop->policy.outcomes |= 1u << CXR_OUT_KEEP_ITEM;
    rma = made(w, "q.2=1&r.2=changed_mind&o.2=keep_item");
    assert_int_equal(rma->status, CXR_RMA_APPROVED);

    for (l = 0; l < 2; l++) {
        page = page_of(w, l, rma, &view);
        assert_int_equal(view.stages.n, 3);
        assert_true(says(view.next, l ? "nothing to send back"
                                      : "Geri göndermeniz gereken bir şey "
                                        "yok"));
        assert_null(strstr(page, never[l][0]));
        assert_null(strstr(page, never[l][1]));
        assert_null(strstr(page, never[l][2]));

        rma->lines.items[0].decision = CXR_DECISION_PENDING;
        rma->status = cxr_rma_status(rma);
        page = page_of(w, l, rma, &view);
        assert_null(strstr(page, never[l][3]));
        rma->lines.items[0].decision = CXR_DECISION_APPROVED;
        rma->status = cxr_rma_status(rma);
    }

    verb(w, rma, CXR_VERB_CONFIRM);
    assert_int_equal(rma->status, CXR_RMA_COMPLETED);
    see(w, 0, rma, &view);
    assert_true(says(view.headline, "Talebiniz tamamlandı"));
    assert_int_equal(view.stages.n, 3);
}


/* What came to nothing is not a return that is complete. */
static void
test_came_to_nothing(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_view_rma_t   view;

    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund");
    count(w, rma, "3", 0, 0, true);
    assert_int_equal(rma->status, CXR_RMA_COMPLETED);
    see(w, 0, rma, &view);
    assert_true(says(view.headline, "ödeme yapılmadan"));
    assert_true(cxr_str_is(view.hero, "warn"));
    assert_false(says(view.next, "Teşekkür"));
    assert_false(view.has_stages);
    assert_true(cxr_str_is(view.totals.items[0].text, "İade tutarınız"));
    assert_true(says(view.totals.items[0].amount, "0,00"));

    /* another thing came: no refund is promised for it */

    rma = made(w, "q.1=1&r.1=changed_mind&o.1=refund");
    count(w, rma, "2", 0, 1, false);
    assert_int_equal(rma->status, CXR_RMA_RECEIVED);
    see(w, 0, rma, &view);
    assert_false(says(view.next, "iadenizi yapacağız"));
    assert_true(says(view.next, "uyuşmuyor"));

    /* what cost nothing is complete, and no loss */

    w->order.lines.items[4].unit_price = 0;
    w->order.lines.items[4].tax = 0;
    rma = made(w, "q.4=1&r.4=changed_mind&o.4=refund");
    count(w, rma, "5", 1, 0, false);
    assert_int_equal(rma->status, CXR_RMA_COMPLETED);
    see(w, 1, rma, &view);
    assert_true(says(view.headline, "Your return is complete"));
    assert_true(view.has_stages);
}


/* Boxes that came in part; lines that were declined in part. */
static void
test_parts(void **state)
{
    world_t         *w = *state;
    cxr_str_t        one[1] = { cxr_str_init("1") };
    cxr_str_t        two[1] = { cxr_str_init("3") };
    cxr_rma_t       *rma;
    cxr_view_rma_t   view;

    rma = made(w, "q.0=2&r.0=changed_mind&o.0=refund"
                  "&q.2=1&r.2=changed_mind&o.2=refund");
    count(w, rma, "1", 2, 0, false);
    assert_int_equal(rma->status, CXR_RMA_IN_TRANSIT);
    see(w, 0, rma, &view);
    assert_true(says(view.headline, "bir bölümü"));
    assert_false(says(view.headline, "yolda"));

    count(w, rma, "3", 1, 0, false);
    assert_int_equal(rma->status, CXR_RMA_RECEIVED);
    see(w, 0, rma, &view);
    assert_true(says(view.headline, "Paketiniz bize ulaştı"));
    assert_true(says(view.next, "işlem başladı"));

    /* it was not paid, and that is not what comes next */

    verb(w, rma, CXR_VERB_FAIL);
    see(w, 0, rma, &view);
    assert_true(says(view.next, "gerçekleşmedi"));

    rma = made(w, "q.0=1&r.0=damaged&n.0=x&o.0=refund"
                  "&q.4=1&r.4=changed_mind&o.4=refund");
    world_decide(w, rma, CXR_VERB_DECLINE, "Kullanılmış.",
                 (cxr_strs_t) { one, 1 }, w->now);
    see(w, 0, rma, &view);
    assert_false(says(view.next, "tamamını kabul edemedik"));
    two[0] = cxr_str("5");
    world_decide(w, rma, CXR_VERB_APPROVE, "", (cxr_strs_t) { two, 1 },
                 w->now);
    assert_int_equal(rma->status, CXR_RMA_APPROVED);
    see(w, 0, rma, &view);
    assert_true(says(view.next, "tamamını kabul edemedik"));
    see(w, 1, rma, &view);
    assert_true(says(view.next, "couldn’t accept everything"));
}


/* Of two units one came, and another box may bring the other. */
static void
test_short(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_view_rma_t   view;

    rma = made(w, "q.0=2&r.0=changed_mind&o.0=refund");
    count(w, rma, "1", 1, 0, false);
    assert_int_equal(rma->status, CXR_RMA_RECEIVED);
    see(w, 0, rma, &view);
    assert_true(says(view.headline, "bir bölümü"));
    assert_true(says(view.next, "eksik var"));

    count(w, rma, "1", 0, 0, true);
    see(w, 0, rma, &view);
    assert_false(says(view.next, "eksik var"));
}


/* Each thing that she gets has words of its own; credit is no money. */
static void
test_settled_with(void **state)
{
    int              l, k;
    unsigned         i, r;
    char             form[80];
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_say_t        say;
    cxr_str_t        text;
    cxr_view_rma_t   view;
    cxr_view_rma_line_t   out;

    static const char *const  money[2][3] = {
        { "ödenecek", "ödeme", "Ödeme" }, { "aid", "ayment", "efund" }
    };
    static const char *const  names[2] = { "store_credit", "repair" };

    w->shop->policy.outcomes |= 1u << CXR_OUT_STORE_CREDIT
                                | 1u << CXR_OUT_REPAIR
                                | 1u << CXR_OUT_REPLACEMENT;

    for (k = 0; k < 2; k++) {
        (void) snprintf(form, sizeof(form), "q.%d=1&r.%d=changed_mind&o.%d=%s",
                        k + 1, k + 1, k + 1, names[k]);
        rma = made(w, form);

        for (l = 0; l < 2; l++) {
            say = cxr_say_to(w->ctx[l], w->a);

            for (i = CXR_SETTLEMENT_OWED; i <= CXR_SETTLEMENT_FAILED; i++) {
                for (r = 0; r < CXR_RELEASES; r++) {
                    rma->lines.items[0].settlement = (uint8_t) i;
                    rma->lines.items[0].release = (uint8_t) r;
                    cxr_view_rma_line(&say, rma, &rma->lines.items[0],
                                      CXR_STR_NONE, &out);
                    text = out.settlement_text;
                    assert_true(text.len > 0);
                    assert_false(says(text, money[l][0])
                                 || says(text, money[l][1])
                                 || says(text, money[l][2]));
                }
            }
        }

        rma->lines.items[0].settlement = CXR_SETTLEMENT_OWED;
        rma->lines.items[0].release = CXR_RELEASE_INSPECTED;
        count(w, rma, k ? "3" : "2", 1, 0, false);
        see(w, 0, rma, &view);
        assert_true(says(view.next, k ? "onarıma" : "hediye çek"));
        assert_false(says(view.next, "iadenizi"));

        if (k == 0) {
            assert_true(says(view.refunds.items[0].text, "hediye çeki"));
            assert_false(says(view.refunds.items[0].text, "ödenecek"));
            assert_int_equal(view.totals.n, 1);
            assert_true(says(view.totals.items[0].text, "Hediye çeki"));
        }
    }

    /* a replacement is no refund that comes next */

    rma = made(w, "q.4=1&r.4=changed_mind&o.4=replacement");
    rma->lines.items[0].release = CXR_RELEASE_INSPECTED;
    count(w, rma, "5", 1, 0, false);
    see(w, 0, rma, &view);
    assert_true(says(view.next, "yenisini yola"));
}


/* Money and credit of one request: each by itself, and together no more. */
static void
test_money_and_credit(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_view_rma_t   view;

    w->shop->policy.outcomes |= 1u << CXR_OUT_STORE_CREDIT;
    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund"
                  "&q.4=1&r.4=changed_mind&o.4=store_credit");
    see(w, 1, rma, &view);
    assert_int_equal(view.totals.n, 2);
    assert_true(says(view.totals.items[0].text, "refund"));
    assert_true(says(view.totals.items[1].text, "store credit"));
    assert_int_equal(view.refunds.n, 2);
    assert_true(says(view.refunds.items[1].text, "store credit"));
}


/*
 * Dearer goods are paid by another line's refund: what is promised is what is
 * left of it, and the line says that they wait for the difference.
 */
static void
test_netted(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_str_t        left;
    cxr_say_t        say = cxr_say_to(w->ctx[0], w->a);
    cxr_rma_act_t    cmd;
    cxr_view_rma_t   view;

    w->shop->policy.fee = 0;
    rma = made(w, "q.0=1&r.0=changed_mind&o.0=exchange:ETH-YIRG-500-F"
                  "&q.2=1&r.2=changed_mind&o.2=refund");
    assert_true(rma->due > 0 && rma->refund > rma->due);
    left = cxr_say_money(&say, rma->currency, rma->refund - rma->due);
    see(w, 0, rma, &view);
    assert_int_equal(view.refunds.n, 1);
    assert_true(says(view.refunds.items[0].text, cxr_strz_dup(w->a, left)));
    assert_true(cxr_str_eq(view.totals.items[0].amount, left));

    /* alone it is hers to pay, and waits for that */

    rma = made(w, "q.0=1&r.0=changed_mind&o.0=exchange:ETH-YIRG-500-F");
    see(w, 0, rma, &view);
    assert_true(says(view.next, "nasıl ödeyeceğinizi"));
    w->shop->pay_url = cxr_str("https://pay.example/{rma}");
    see(w, 0, rma, &view);
    assert_true(says(view.next, "fiyat farkını da ödeyin"));
    assert_int_equal(view.refunds.n, 0);
    assert_true(says(view.lines.items[0].settlement_text,
                     "; önce fiyat farkının ödenmesi"));

    count(w, rma, "1", 1, 0, false);
    see(w, 0, rma, &view);
    assert_true(says(view.next, "Fiyat farkı ödendiğinde"));

    memset(&cmd, 0, sizeof(cmd));
    cmd.verb = CXR_VERB_PAID;
    act(w, rma, &cmd);
    see(w, 0, rma, &view);
    assert_false(says(view.lines.items[0].settlement_text, "önce"));
    assert_true(says(view.next, "işlem başladı"));
    assert_true(view.has_payments);
}


/* Paid, then taken back: her money is on the page until it is back. */
static void
test_paid_and_cancelled(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    const char      *page;
    cxr_rma_act_t    cmd;
    cxr_view_rma_t   view;

    rma = made(w, "q.0=1&r.0=changed_mind&o.0=exchange:ETH-YIRG-500-F");
    memset(&cmd, 0, sizeof(cmd));
    cmd.verb = CXR_VERB_PAID;
    act(w, rma, &cmd);
    verb(w, rma, CXR_VERB_CANCEL);
    assert_int_equal(rma->status, CXR_RMA_CANCELLED);
    page = page_of(w, 0, rma, &view);
    assert_true(view.has_payments && !view.has_money);
    assert_non_null(strstr(page, "Geri ödenecek"));
    assert_true(says(view.next, "ödediğiniz tutar da size geri"));

    memset(&cmd, 0, sizeof(cmd));
    cmd.verb = CXR_VERB_REPAID;
    act(w, rma, &cmd);
    page = page_of(w, 0, rma, &view);
    assert_non_null(strstr(page, "Geri ödendi"));
    assert_false(says(view.next, "ödediğiniz"));
}


/* What its rule waits for has happened, and a person is to release it. */
static void
test_trigger_has_come(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_view_rma_t   view;

    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund");
    rma->four_eyes = true;
    see(w, 0, rma, &view);
    assert_true(says(view.refunds.items[0].text, "sayınca"));
    count(w, rma, "3", 1, 0, false);
    assert_int_equal(rma->lines.items[0].settlement, CXR_SETTLEMENT_OWED);
    see(w, 0, rma, &view);
    assert_false(says(view.refunds.items[0].text, "sayınca"));
    assert_false(says(view.lines.items[0].settlement_text, "sayınca"));
    assert_true(says(view.refunds.items[0].text, "hazırlanıyor"));
}


/* The law's clock: not of a claim, nor of what was taken in money's place, and
   for no more than is still to be paid. */
static void
test_law(void **state)
{
    world_t            *w = *state;
    cxr_law_t           law;
    cxr_say_t           say = cxr_say_to(w->ctx[0], w->a);
    cxr_rma_t          *rma;
    cxr_str_t           text, amount;
    cxr_rma_line_t     *l;
    cxr_local_text_t    names[] = { { cxr_str_init("tr"),
                                      cxr_str_init("Yönetmelik") } };
    cxr_law_version_t   version;

    memset(&law, 0, sizeof(law));
    memset(&version, 0, sizeof(version));
    law.name.items = names;
    law.name.n = 1;
    version.refund_days = 14;

#define LAW()  cxr_view_refund_law(&say, w->shop->tz, rma, &law, &version)

    w->shop->policy.fee = 0;
    w->shop->policy.outcomes |= 1u << CXR_OUT_STORE_CREDIT;
    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund"
                  "&q.4=1&r.4=changed_mind&o.4=store_credit");
    l = &rma->lines.items[0];
    amount = cxr_say_money(&say, rma->currency, l->refund);
    text = LAW();
    assert_true(says(text, cxr_strz_dup(w->a, amount)));

    l->claim = CXR_CLAIM_DAMAGED;
    assert_int_equal(LAW().len, 0);
    l->claim = CXR_CLAIM_NONE;
    l->outcome = CXR_OUT_STORE_CREDIT;
    assert_int_equal(LAW().len, 0);
    l->outcome = CXR_OUT_REFUND;

    /* the rest was held back for dearer goods: all that there is was paid */

    rma->due = rma->refund / 2;
    rma->settled = rma->refund - rma->due;
    l->settled = rma->settled;
    assert_int_equal(LAW().len, 0);
}


/* What is paid has the shop's reference by it: her bank asks for it. */
static void
test_reference(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    const char      *page;
    cxr_rma_act_t    cmd;
    cxr_view_rma_t   view;

    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund");
    count(w, rma, "3", 1, 0, false);
    memset(&cmd, 0, sizeof(cmd));
    cmd.verb = CXR_VERB_CONFIRM;
    cmd.reference = cxr_str("EFT-<20418>");
    act(w, rma, &cmd);
    page = page_of(w, 0, rma, &view);
    assert_non_null(strstr(page, "Referans:"));
    assert_non_null(strstr(page, "EFT-&lt;20418&gt;"));
}


/* Before it is sent: when it is paid, by the policy's own rule. */
static void
test_review(void **state)
{
    world_t            *w = *state;
    cxr_rma_t          *rma;
    cxr_portal_t       *portal;
    cxr_portal_form_t   f;
    cxr_view_review_t   view;

    static const struct {
        unsigned     release;
        const char  *says;
    } rules[] = {
        { CXR_RELEASE_ON_SUBMIT, "onaylanırsa" },
        { CXR_RELEASE_FIRST_SCAN, "Kargo firması paketi alınca" },
        { CXR_RELEASE_RECEIVED, "sayınca" },
        { CXR_RELEASE_INSPECTED, "inceleyince" }
    };
    unsigned  i;

    w->shop->policy.outcomes |= 1u << CXR_OUT_STORE_CREDIT;
    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = world_create(w, &f, w->now);

    for (i = 0; i < cxr_nelts(rules); i++) {
        rma->lines.items[0].release = (uint8_t) rules[i].release;
        portal = world_portal(w, 0, "portal.review.title");
        assert_int_equal(cxr_view_review(portal, &f, rma, &view), CXR_OK);
        assert_int_equal(view.refunds.n, 1);
        assert_true(says(view.refunds.items[0].text, rules[i].says));
        assert_false(says(view.refunds.items[0].text, "hazırlanıyor"));
        assert_true(view.pays);
    }

    rma->lines.items[0].outcome = CXR_OUT_STORE_CREDIT;
    assert_int_equal(cxr_view_review(portal, &f, rma, &view), CXR_OK);
    assert_false(view.pays);
    assert_true(says(view.totals.items[0].text, "Hediye çek"));
}


/* Her own carrier's scan proves nothing: it is not promised to settle anything. */
static void
test_own_carrier(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_view_rma_t   view;

    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund");
    rma->lines.items[0].release = CXR_RELEASE_FIRST_SCAN;
    see(w, 0, rma, &view);
    assert_true(says(view.refunds.items[0].text, "Kargo firması"));
    rma->method = cxr_str("own_carrier");
    see(w, 0, rma, &view);
    assert_true(says(view.refunds.items[0].text, "sayınca"));
    assert_true(says(view.lines.items[0].settlement_text, "sayınca"));

    /* who withdraws is not told to wait for leave */

    rma->kind = CXR_KIND_WITHDRAWAL;
    rma->lines.items[0].decision = CXR_DECISION_PENDING;
    rma->status = cxr_rma_status(rma);
    see(w, 0, rma, &view);
    assert_false(says(view.next, "göndermeyin"));
    assert_true(says(view.next, "kayda geçti"));
}


/* She takes it back while it is being counted: not to be tried once more. */
static void
test_cancel_late(void **state)
{
    world_t         *w = *state;
    cxr_rma_t       *rma;
    cxr_rma_page_t   p;
    cxr_view_rma_t   view;

    rma = made(w, "q.2=1&r.2=changed_mind&o.2=refund");
    p = (cxr_rma_page_t) {
        .ctx = w->ctx[0],
        .page = world_page(w, 0, "rma.title", "/returns/r/tok"),
        .arena = w->a, .now = w->now, .rma = rma, .conflict = true,
        .url = cxr_str_init("/returns/r/tok")
    };

    assert_int_equal(cxr_view_rma(&p, &view), CXR_OK);
    assert_true(says(view.error, "yeniden deneyin"));
    count(w, rma, "3", 1, 0, false);
    assert_int_equal(cxr_view_rma(&p, &view), CXR_OK);
    assert_true(says(view.error, "artık iptal edilemez"));
    assert_false(says(view.error, "yeniden deneyin"));
}


/* What cost nothing is not offered a sum of nothing. */
static void
test_cost_nothing(void **state)
{
    world_t             *w = *state;
    cxr_portal_t        *portal;
    cxr_portal_form_t    f;
    cxr_view_details_t   view;

    w->order.lines.items[4].unit_price = 0;
    w->order.lines.items[4].tax = 0;
    world_form(w, "q.4=1", &f);
    portal = world_portal(w, 1, "portal.details.title");
    assert_int_equal(cxr_view_details(portal, &f, &view), CXR_OK);
    assert_true(cxr_str_is(view.lines.items[0].choices.items[0].note,
                           "Nothing was paid for it"));
}


int
main(void)
{
#define WORLD(f)  cmocka_unit_test_setup_teardown(f, world_open, world_close)
    const struct CMUnitTest  tests[] = {
        WORLD(test_nothing_goes),
        WORLD(test_came_to_nothing),
        WORLD(test_parts),
        WORLD(test_short),
        WORLD(test_settled_with),
        WORLD(test_money_and_credit),
        WORLD(test_netted),
        WORLD(test_paid_and_cancelled),
        WORLD(test_trigger_has_come),
        WORLD(test_law),
        WORLD(test_reference),
        WORLD(test_review),
        WORLD(test_own_carrier),
        WORLD(test_cancel_late),
        WORLD(test_cost_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
