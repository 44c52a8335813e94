
/* The page of one RMA, through the states that the domain brings it to. */

#include "page_world.h"


static void
assert_has(const char *page, const char *part)
{
    if (strstr(page, part) == NULL) {
        fail_msg("the page lacks: %s", part);
    }
}


static void
assert_lacks(const char *page, const char *part)
{
    if (strstr(page, part) != NULL) {
        fail_msg("the page has: %s", part);
    }
}


static cxr_rma_page_t
rma_page(world_t *w, int l, const cxr_rma_t *rma)
{
    return (cxr_rma_page_t) {
        .ctx = w->ctx[l],
        .page = world_page(w, (unsigned) l, "rma.title", "/returns/r/tok"),
        .arena = w->a,
        .now = w->now,
        .rma = rma,
        .url = cxr_str_init("/returns/r/tok"),
        .permalink = cxr_str_init("https://kahvegurusu.example/tr/returns/r/t")
    };
}


static const char *
render(world_t *w, int l, const cxr_rma_page_t *p, cxr_view_rma_t *view)
{
    assert_int_equal(cxr_view_rma(p, view), CXR_OK);

    return world_render(w, (unsigned) l, "rma.html", &cxr_view_rma_type,
                        view);
}


static void
test_approved(void **state)
{
    int                l;
    world_t           *w = *state;
    cxr_rma_t         *rma;
    const char        *page;
    cxr_rma_page_t     p;
    cxr_view_rma_t     view;
    cxr_portal_form_t  f;

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = world_create(w, &f, w->now - CXR_HOUR);
    assert_int_equal(rma->status, CXR_RMA_APPROVED);

    for (l = 0; l < 2; l++) {
        p = rma_page(w, l, rma);
        p.fresh = true;
        page = render(w, l, &p, &view);

        assert_true(view.has_label);
        assert_true(view.can_cancel);
        assert_int_equal(view.stages.n, 5);
        assert_true(view.stages.items[1].now);
        assert_has(page, l ? "href=\"/en/returns/r/tok/label.html\""
                           : "href=\"/tr/returns/r/tok/label.html\"");
        assert_has(page, l ? "action=\"/en/returns/r/tok/cancel\""
                           : "action=\"/tr/returns/r/tok/cancel\"");
        assert_has(page, l ? "21 December 2026" : "21 Aralık 2026");
        assert_has(page, "Yurtiçi Kargo, UPS");
        assert_lacks(page, "UPS, USPS");
        assert_has(page, "34433 Beyoğlu / İstanbul");
        assert_has(page, cxr_strz_dup(w->a, rma->id));
        assert_has(page, l ? "Thank you" : "Teşekkürler");
        assert_has(page, "datetime=\"2026-11-21T09:30:00Z\"");
        assert_has(page, l ? "600.00" : "₺600,00");

        /* the label's time is over: no label, and what to do about it */

        p.now = rma->label_expires + 1;
        page = render(w, l, &p, &view);
        assert_true(view.label_expired);
        assert_lacks(page, "label.html");
        assert_has(page, l ? "expired on 21 December 2026"
                           : "süresi 21 Aralık 2026");
    }
}


static void
test_decisions(void **state)
{
    world_t           *w = *state;
    cxr_str_t          notes[2] = { cxr_str_init("ezik <i>kutu</i>"),
                                    { NULL, 0 } };
    cxr_str_t          one[1] = { cxr_str_init("1") };
    cxr_str_t          two[1] = { cxr_str_init("3") };
    cxr_rma_t         *rma;
    const char        *page;
    cxr_rma_page_t     p;
    cxr_view_rma_t     view;
    cxr_portal_form_t  f;

    world_form(w, "q.0=1&r.0=damaged&n.0=x&o.0=exchange:ETH-YIRG-500-F"
                  "&q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = world_create(w, &f, w->now - CXR_DAY);
    assert_int_equal(rma->status, CXR_RMA_REQUESTED);

    p = rma_page(w, 0, rma);
    p.notes = notes;
    page = render(w, 0, &p, &view);
    assert_false(view.has_label);
    assert_has(page, "ezik &lt;i&gt;kutu&lt;/i&gt;");
    assert_has(page, "inceliyoruz");
    assert_has(page, "500 g / Filtre");

    world_decide(w, rma, CXR_VERB_REQUEST_INFO, "Fotoğraf <var> mı?",
                 (cxr_strs_t) { one, 1 }, w->now - CXR_HOUR);

    /* the other line still waits, yet the question is what matters */

    p = rma_page(w, 1, rma);
    page = render(w, 1, &p, &view);
    assert_int_equal(rma->status, CXR_RMA_REQUESTED);
    assert_true(view.ask);
    assert_has(page, "We have a question for you");

    world_decide(w, rma, CXR_VERB_APPROVE, "", (cxr_strs_t) { two, 1 },
                 w->now - CXR_HOUR);
    p = rma_page(w, 1, rma);
    page = render(w, 1, &p, &view);
    assert_int_equal(rma->status, CXR_RMA_INFO_NEEDED);
    assert_true(view.ask);
    assert_has(page, "We have a question for you");
    assert_has(page, "Fotoğraf &lt;var&gt; mı?");
    assert_has(page, "mailto:destek@kahvegurusu.example");

    world_decide(w, rma, CXR_VERB_DECLINE, "Kullanılmış.",
                 (cxr_strs_t) { one, 1 }, w->now);
    p = rma_page(w, 0, rma);
    page = render(w, 0, &p, &view);
    assert_int_equal(rma->status, CXR_RMA_APPROVED);
    assert_true(view.lines.items[0].declined);
    assert_int_equal(view.lines.items[0].refund.len, 0);
    assert_has(page, "Kullanılmış.");
    assert_has(page, "Neden kabul edemedik?");
    assert_int_equal(view.steps.n, 4);
    assert_true(view.steps.items[0].newest);
    assert_int_equal(view.steps.items[0].actor.len, 0);

    /* the shopper does not read who of the staff it was */

    assert_lacks(page, "staff:ayse");

    /* the sum is of what is not declined: 649,90 less the fee */

    assert_has(page, "₺649,90");
    assert_has(page, "₺600,00");
}


static void
test_cancel(void **state)
{
    unsigned           i;
    world_t           *w = *state;
    cxr_rma_t         *rma, *half;
    const char        *page;
    cxr_events_t       events;
    cxr_refusal_t      no;
    cxr_rma_page_t     p;
    cxr_view_rma_t     view;
    cxr_rma_act_t      cmd;
    cxr_portal_form_t  f;

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = world_create(w, &f, w->now);

    /* the button is there exactly while the domain would take it */

    for (i = 0; i <= CXR_PARCEL_LOST; i++) {
        rma->lines.items[0].parcel = (uint8_t) i;
        rma->status = cxr_rma_status(rma);
        memset(&events, 0, sizeof(events));
        memset(&cmd, 0, sizeof(cmd));
        memset(&no, 0, sizeof(no));
        cmd.verb = CXR_VERB_CANCEL;
        cmd.rma = rma->id;

        assert_int_equal(cxr_view_may_cancel(rma),
                         world_act(w, rma, &cmd, CXR_ACTOR_SHOPPER, 0, w->now,
                                   &events, &no)
                         == CXR_OK);
    }

    /* one line on its way while another still waits for a decision */

    world_form(w, "q.0=1&r.0=damaged&n.0=x&o.0=refund"
                  "&q.1=1&r.1=changed_mind&o.1=refund", &f);
    half = world_create(w, &f, w->now);
    half->lines.items[1].decision = CXR_DECISION_APPROVED;

    for (i = 0; i <= CXR_PARCEL_LOST; i++) {
        half->lines.items[1].parcel = (uint8_t) i;
        half->status = cxr_rma_status(half);
        memset(&events, 0, sizeof(events));
        cmd.rma = half->id;

        assert_int_equal(half->status, CXR_RMA_REQUESTED);
        assert_int_equal(cxr_view_may_cancel(half),
                         world_act(w, half, &cmd, CXR_ACTOR_SHOPPER, 0,
                                   w->now, &events, &no)
                         == CXR_OK);
    }

    cmd.rma = rma->id;
    p = rma_page(w, 0, rma);
    p.refusal = &no;
    memset(&no, 0, sizeof(no));
    (void) cxr_refuse(&no, "too_late_to_cancel", "", "x");
    page = render(w, 0, &p, &view);
    assert_has(page, "role=\"alert\"");
    assert_has(page, "artık iptal edilemez");
    assert_lacks(page, "/cancel\"");

    p.refusal = NULL;
    p.conflict = true;
    page = render(w, 0, &p, &view);
    assert_has(page, "artık iptal edilemez");
    assert_lacks(page, "bu arada güncellendi");

    rma->lines.items[0].parcel = CXR_PARCEL_LABEL_ISSUED;
    rma->status = cxr_rma_status(rma);
    memset(&events, 0, sizeof(events));
    assert_int_equal(world_act(w, rma, &cmd, CXR_ACTOR_SHOPPER, 0, w->now,
                               &events, &no), CXR_OK);
    world_apply(w, rma, &events, w->now, CXR_ACTOR_SHOPPER, "");
    p = rma_page(w, 1, rma);
    p.cancelled_now = true;
    page = render(w, 1, &p, &view);
    assert_int_equal(rma->status, CXR_RMA_CANCELLED);
    assert_false(view.has_money);
    assert_false(view.has_stages);
    assert_false(view.can_cancel);
    assert_lacks(page, "label.html");
    assert_lacks(page, "649.90");
    assert_has(page, "Your request has been cancelled.");
}


/* Every state of the header and of each fact has words, in both languages. */
static void
test_all_words(void **state)
{
    int                   l;
    unsigned              i;
    world_t              *w = *state;
    cxr_rma_t             rma;
    cxr_say_t             say;
    cxr_rma_line_t        line;
    cxr_rma_page_t        p;
    cxr_view_rma_t        view;
    cxr_portal_form_t     f;
    cxr_view_rma_line_t   out;

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = *world_create(w, &f, w->now);
    line = rma.lines.items[0];

    for (l = 0; l < 2; l++) {
        say = cxr_say_to(w->ctx[l], w->a);

        for (i = 0; i < CXR_RMA_NSTATUS; i++) {
            rma.status = (uint8_t) i;
            rma.kind = i & 1 ? CXR_KIND_EXCHANGE : CXR_KIND_RETURN;
            p = rma_page(w, l, &rma);
            (void) render(w, l, &p, &view);
            assert_true(view.status_text.len > 0);
            assert_true(view.headline.len > 0);
            assert_true(view.next.len > 0);
            assert_null(memchr(view.next.data, '{', view.next.len));
            assert_true(cxr_tone_of_status(i).len > 0);
        }

        for (i = 0; cxr_receipt_names[i] != NULL; i++) {
            line.receipt = (uint8_t) i;
            cxr_view_rma_line(&say, &rma, &line, CXR_STR_NONE, &out);
            assert_int_equal(out.receipt_text.len > 0,
                             i != CXR_RECEIPT_AWAITING);
        }

        for (i = 0; cxr_settlement_names[i] != NULL; i++) {
            line.settlement = (uint8_t) i;
            cxr_view_rma_line(&say, &rma, &line, CXR_STR_NONE, &out);
            assert_int_equal(out.settlement_text.len > 0,
                             i != CXR_SETTLEMENT_NONE);
        }

        for (i = 0; cxr_rma_kind_names[i] != NULL; i++) {
            assert_true(cxr_say_name(&say, "rma.kind.",
                                     cxr_rma_kind_names[i]).len > 0);
        }
    }

    /* a status that no version knows shows nothing and breaks nothing */

    assert_int_equal(cxr_say_status(&say, CXR_RMA_NSTATUS).len, 0);
}


/* What the parcel's facts make of the page; the carriers are the shop's. */
static void
test_parcels(void **state)
{
    int                 l;
    unsigned            fact;
    world_t            *w = *state;
    cxr_rma_t          *rma;
    cxr_str_t           part;
    const char         *page;
    cxr_pair_t          pairs[2];
    cxr_pairs_t         form;
    cxr_events_t        events = { NULL, 0 };
    cxr_refusal_t       no;
    cxr_shipment_t      ship;
    cxr_rma_page_t      p;
    cxr_rma_name_t      cmd;
    cxr_view_rma_t      view;
    cxr_sent_form_t     sent;
    cxr_sent_parcel_t   parcel;
    cxr_portal_form_t   f;

    static const char *const  words[2][CXR_PARCEL_LOST + 1] = {
        { "onaylandı", "onaylandı", "bize doğru yolda",
          "adresimize teslim edildi", "bulamıyor" },
        { "approved", "approved", "on its way to us",
          "delivered to our address", "can’t find" }
    };

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = world_create(w, &f, w->now);

    p = rma_page(w, 0, rma);
    page = render(w, 0, &p, &view);
    assert_non_null(view.send);
    assert_false(view.has_parcels);
    assert_int_equal(view.send->carriers.n, 3);
    assert_has(page, "action=\"/tr/returns/r/tok/parcel\"");
    assert_has(page, "<option value=\"yurtici\">Yurtiçi Kargo</option>");

    /* what was typed comes back as text, its fault beside it */

    pairs[0].name = cxr_str("carrier");
    pairs[0].value = cxr_str("ups");
    pairs[1].name = cxr_str("number");
    pairs[1].value = cxr_str("<1Z>");
    form.items = pairs;
    form.n = 2;
    memset(&cmd, 0, sizeof(cmd));
    assert_int_equal(cxr_sent_form_parse(w->shop, &form, w->a, &sent, &cmd),
                     CXR_OK);
    assert_false(cxr_sent_form_ok(&sent));
    p.sent = &sent;
    page = render(w, 0, &p, &view);
    assert_true(view.has_errors);
    assert_has(page, "value=\"&lt;1Z&gt;\"");
    assert_has(page, "<option value=\"ups\" selected>UPS</option>");
    assert_has(page, "id=\"send-number-error\"");
    assert_lacks(page, "id=\"send-carrier-error\"");

    pairs[0].value = cxr_str("dhl");
    pairs[1].value = cxr_str(" 1z 999 ");
    assert_int_equal(cxr_sent_form_parse(w->shop, &form, w->a, &sent, &cmd),
                     CXR_OK);
    assert_int_equal(sent.number_key.len, 0);
    assert_true(sent.carrier_key.len > 0);

    pairs[0].value = cxr_str("ups");
    assert_int_equal(cxr_sent_form_parse(w->shop, &form, w->a, &sent, &cmd),
                     CXR_OK);
    assert_true(cxr_sent_form_ok(&sent));
    assert_true(cxr_str_is(cmd.number, "1Z999"));

    cmd.rma = rma->id;
    assert_int_equal(cxr_rma_name_parcel(&w->order, rma, NULL, &cmd, 0,
                                         w->now, w->a, &events, &no),
                     CXR_OK);
    events.n = 1;
    world_apply(w, rma, &events, w->now, CXR_ACTOR_SHOPPER, "");

    memset(&ship, 0, sizeof(ship));
    ship.direction = CXR_PARCEL_RETURN;
    ship.status = CXR_SHIP_IN_TRANSIT;
    parcel.ship = &ship;
    parcel.url = cxr_str("/tr/track/t/x");

    for (fact = 0; fact <= CXR_PARCEL_LOST; fact++) {
        rma->parcels.items[0].fact = (uint8_t) fact;
        rma->parcels.items[0].at = fact > CXR_PARCEL_LABEL_ISSUED
                                   ? w->now : CXR_TIME_NONE;
        rma->lines.items[0].parcel = fact == CXR_PARCEL_NONE
                                     ? CXR_PARCEL_LABEL_ISSUED
                                     : (uint8_t) fact;
        rma->status = cxr_rma_status(rma);

        for (l = 0; l < 2; l++) {
            p = rma_page(w, l, rma);
            p.parcels = fact == CXR_PARCEL_NONE ? NULL : &parcel;
            page = render(w, l, &p, &view);

            assert_true(view.has_parcels);
            assert_has(page, "1Z999");
            assert_has(page, words[l][fact]);
            part = view.parcels.items[0].sentence;
            assert_true(part.len > 0);
            assert_int_equal(view.parcels.items[0].at.len > 0,
                             fact > CXR_PARCEL_LABEL_ISSUED);
            assert_int_equal(view.send == NULL,
                             fact == CXR_PARCEL_DELIVERED);

            if (fact <= CXR_PARCEL_LABEL_ISSUED) {
                assert_has(page, l ? "We have the tracking number"
                                   : "Takip numaranızı aldık");
            }

            assert_int_equal(cxr_str_is(view.hero, "warn"),
                             fact == CXR_PARCEL_LOST);

            /* counted by nobody: not received */

            assert_false(view.stages.items[3].done || view.stages.items[3].now);
            assert_int_equal(view.stages.items[2].now,
                             fact > CXR_PARCEL_LABEL_ISSUED);

            if (fact != CXR_PARCEL_NONE) {
                assert_has(page, "href=\"/tr/track/t/x\"");
            }
        }
    }

    assert_true(view.steps.n == 2);
    assert_has(page, "return parcel’s tracking number was added");
}


/* Owed: what it waits for.  Released: that the shop was told, and no more. */
static void
test_settlement_words(void **state)
{
    const char           *want;
    int                   l;
    unsigned              i, k;
    world_t              *w = *state;
    cxr_rma_t            *rma;
    cxr_say_t             say;
    cxr_str_t             last;
    cxr_rma_line_t        line;
    cxr_portal_form_t     f;
    cxr_view_rma_line_t   out;

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = world_create(w, &f, w->now);
    line = rma->lines.items[0];
    assert_int_equal(line.settlement, CXR_SETTLEMENT_OWED);
    assert_int_equal(line.release, CXR_RELEASE_RECEIVED);

    for (l = 0; l < 2; l++) {
        say = cxr_say_to(w->ctx[l], w->a);

        for (k = 0; k < 3; k++) {
            line.outcome = (uint8_t) (k == 0 ? CXR_OUT_REFUND : k == 1
                                      ? CXR_OUT_EXCHANGE : CXR_OUT_REPLACEMENT);
            last = CXR_STR_NONE;

            for (i = CXR_RELEASE_ON_SUBMIT; i < CXR_RELEASES; i++) {
                line.release = (uint8_t) i;
                line.settlement = CXR_SETTLEMENT_OWED;
                cxr_view_rma_line(&say, rma, &line, CXR_STR_NONE, &out);
                assert_true(out.settlement_text.len > 0);
                assert_false(cxr_str_eq(out.settlement_text, last));
                last = out.settlement_text;

                /* nothing comes back that could be waited for */

                line.no_return = true;
                cxr_view_rma_line(&say, rma, &line, CXR_STR_NONE, &out);
                want = l ? "being prepared" : "hazırlanıyor";
                assert_non_null(memmem(out.settlement_text.data,
                                       out.settlement_text.len, want,
                                       strlen(want)));
                line.no_return = false;
            }

            line.settlement = CXR_SETTLEMENT_RELEASED;
            cxr_view_rma_line(&say, rma, &line, CXR_STR_NONE, &out);
            want = l ? k ? "about to be sent" : "being paid"
                     : k ? "hazırlanıyoruz" : "başlatıldı";
            assert_non_null(memmem(out.settlement_text.data,
                                   out.settlement_text.len, want,
                                   strlen(want)));
        }
    }
}


static bool
says(cxr_str_t text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}


/* Where the money is, by what happened and by the rule; and until when the law
   wants it, from the day that its clock counts from. */
static void
test_refund_state(void **state)
{
    unsigned            i;
    world_t            *w = *state;
    cxr_law_t           law;
    cxr_say_t           say;
    cxr_rma_t           rma;
    cxr_str_t           text, day;
    cxr_rma_step_t      steps[3];
    cxr_local_text_t    names[] = { { cxr_str_init("tr"),
                                      cxr_str_init("Yönetmelik") } };
    cxr_law_version_t   version;
    cxr_view_refunds_t  rows;
    cxr_portal_form_t   f;

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = *world_create(w, &f, w->now);
    say = cxr_say_to(w->ctx[0], w->a);

    cxr_view_refunds(&say, &rma, &rows);
    assert_int_equal(rows.n, 1);
    assert_true(says(rows.items[0].text, "sayınca"));
    assert_int_equal(rows.items[0].iso.len, 0);

    rma.lines.items[0].decision = CXR_DECISION_PENDING;
    cxr_view_refunds(&say, &rma, &rows);
    assert_int_equal(rows.n, 1);
    assert_true(says(rows.items[0].text, "onaylanırsa"));
    rma.lines.items[0].decision = CXR_DECISION_APPROVED;

    /* the law's clock: from the notice it runs, from the handover not yet */

    memset(&law, 0, sizeof(law));
    memset(&version, 0, sizeof(version));
    law.name.items = names;
    law.name.n = 1;
    version.refund_days = 14;

    text = cxr_view_refund_law(&say, w->shop->tz, &rma, &law, &version);
    assert_true(says(text, "en geç") && says(text, "(Yönetmelik)"));
    day = cxr_say_date(&say, cxr_law_deadline(&version, w->shop->tz,
                                              rma.created_at, 14),
                       CXR_DATE_DAY);
    assert_non_null(memmem(text.data, text.len, day.data, day.len));

    version.withhold = true;
    text = cxr_view_refund_law(&say, w->shop->tz, &rma, &law, &version);
    assert_true(says(text, "bekletebiliriz"));

    version.refund_from = CXR_REFUND_FROM_HANDOVER;
    text = cxr_view_refund_law(&say, w->shop->tz, &rma, &law, &version);
    assert_true(says(text, "14 gün") && !says(text, "en geç"));

    memset(steps, 0, sizeof(steps));
    steps[0].kind = CXR_EV_RMA_PARCEL_MOVED;
    steps[0].parcel = CXR_PARCEL_IN_TRANSIT;
    steps[0].at = w->now + 3 * CXR_DAY;
    rma.steps.items = steps;
    rma.steps.n = 1;
    text = cxr_view_refund_law(&say, w->shop->tz, &rma, &law, &version);
    assert_true(says(text, "en geç"));

    version.refund_from = CXR_REFUND_FROM_RECEIPT;
    text = cxr_view_refund_law(&say, w->shop->tz, &rma, &law, &version);
    assert_false(says(text, "en geç"));

    text = cxr_view_refund_law(&say, w->shop->tz, &rma, NULL, NULL);
    assert_int_equal(text.len, 0);

    /* told, then paid: then there is nothing more to come */

    steps[1].kind = CXR_EV_SETTLEMENT_RELEASED;
    steps[1].at = w->now + 5 * CXR_DAY;
    steps[1].money = rma.refund;
    rma.steps.n = 2;
    rma.told = rma.refund;
    rma.lines.items[0].told = rma.refund;
    cxr_view_refunds(&say, &rma, &rows);
    assert_int_equal(rows.n, 2);
    assert_true(says(rows.items[0].text, "başlatıldı"));
    assert_true(rows.items[0].newest && rows.items[0].iso.len > 0);
    assert_true(says(rows.items[1].text, "yolda"));

    rma.lines.items[0].failed = true;
    cxr_view_refunds(&say, &rma, &rows);
    assert_true(says(rows.items[1].text, "ödenemedi"));
    rma.lines.items[0].failed = false;

    steps[2].kind = CXR_EV_SETTLEMENT_CONFIRMED;
    steps[2].at = w->now + 6 * CXR_DAY;
    steps[2].money = rma.refund;
    rma.steps.n = 3;
    rma.settled = rma.refund;
    rma.lines.items[0].settled = rma.refund;
    cxr_view_refunds(&say, &rma, &rows);
    assert_int_equal(rows.n, 2);
    assert_true(says(rows.items[1].text, "ödendi"));
    assert_true(rows.items[1].newest && !rows.items[0].newest);
    text = cxr_view_refund_law(&say, w->shop->tz, &rma, &law, &version);
    assert_int_equal(text.len, 0);

    /* in both languages each rule has words of its own */

    rma.told = rma.settled = 0;
    rma.lines.items[0].told = rma.lines.items[0].settled = 0;

    for (i = 0; i < 2 * CXR_RELEASES; i++) {
        say = cxr_say_to(w->ctx[i % 2], w->a);
        rma.lines.items[0].release = (uint8_t) (i / 2);
        cxr_view_refunds(&say, &rma, &rows);
        assert_int_equal(rows.n, 1);
        assert_true(rows.items[0].text.len > 20);
    }

    /* nothing comes back: nothing is counted or inspected before it is paid */

    rma.lines.items[0].no_return = true;
    say = cxr_say_to(w->ctx[0], w->a);

    for (i = 0; i < CXR_RELEASES; i++) {
        rma.lines.items[0].release = (uint8_t) i;
        rma.lines.items[0].decision = CXR_DECISION_APPROVED;
        cxr_view_refunds(&say, &rma, &rows);
        assert_int_equal(rows.n, 1);
        assert_true(says(rows.items[0].text, "hazırlanıyor"));

        rma.lines.items[0].decision = CXR_DECISION_PENDING;
        cxr_view_refunds(&say, &rma, &rows);
        assert_int_equal(rows.n, 1);
        assert_true(says(rows.items[0].text, "onaylanırsa")
                    && says(rows.items[0].text, "iade edilecek"));
    }
}


/* What was paid in parts is not said to be all before the last of them. */
static void
test_part_paid(void **state)
{
    int                 l;
    world_t            *w = *state;
    cxr_rma_t           rma;
    cxr_say_t           say;
    cxr_str_t           sum;
    cxr_rma_step_t      steps[2];
    cxr_view_steps_t    out;
    cxr_portal_form_t   f;

    static const char *const  all[2] = { "Para iadesi yapıldı",
                                         "The refund was paid" };
    static const char *const  rest[2] = { "kalanı", "the rest" };

    world_form(w, "q.2=1&r.2=changed_mind&o.2=refund", &f);
    rma = *world_create(w, &f, w->now);
    memset(steps, 0, sizeof(steps));
    steps[0].kind = steps[1].kind = CXR_EV_SETTLEMENT_CONFIRMED;
    steps[0].at = steps[1].at = w->now;
    steps[0].money = 12300;
    steps[1].money = rma.refund - 12300;
    rma.steps.items = steps;

    for (l = 0; l < 2; l++) {
        say = cxr_say_to(w->ctx[l], w->a);
        sum = cxr_say_money(&say, rma.currency, 12300);

        rma.steps.n = 1;
        assert_int_equal(cxr_view_rma_steps(&say, &rma, false, &out), CXR_OK);
        assert_true(says(out.items[0].text, cxr_strz_dup(w->a, sum)));
        assert_true(says(out.items[0].text, rest[l]));

        /* newest first: the last part makes it whole */

        rma.steps.n = 2;
        assert_int_equal(cxr_view_rma_steps(&say, &rma, false, &out), CXR_OK);
        assert_true(cxr_str_is(out.items[0].text, all[l]));
        assert_true(says(out.items[1].text, rest[l]));

        /* a sum that has become less was paid by then */

        rma.refund = 12300;
        assert_int_equal(cxr_view_rma_steps(&say, &rma, false, &out), CXR_OK);
        assert_true(cxr_str_is(out.items[1].text, all[l]));
        rma.refund += steps[1].money;
    }
}


static void
test_reason_gone_from_policy(void **state)
{
    world_t    *w = *state;
    cxr_say_t   say = cxr_say_to(w->ctx[0], w->a);

    assert_true(cxr_str_is(cxr_say_reason(&say, cxr_str("changed_mind")),
                           "Fikrimi değiştirdim"));
    assert_true(cxr_str_is(cxr_say_reason(&say, cxr_str("wrong_item")),
                           "Yanlış ürün geldi"));
    assert_true(cxr_str_is(cxr_say_reason(&say, cxr_str("of_old")),
                           "of_old"));
}


int
main(void)
{
#define WORLD(f)  cmocka_unit_test_setup_teardown(f, world_open, world_close)
    const struct CMUnitTest  tests[] = {
        WORLD(test_approved),
        WORLD(test_decisions),
        WORLD(test_cancel),
        WORLD(test_all_words),
        WORLD(test_parcels),
        WORLD(test_settlement_words),
        WORLD(test_refund_state),
        WORLD(test_part_paid),
        WORLD(test_reason_gone_from_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
