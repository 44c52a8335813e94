
/*
 * The portal: its form codec against friendly and hostile input, and its
 * pages, made of real domain data and rendered by the real engine.
 */

#include "page_world.h"

#include "cxr_text.h"

#define MANY  10000

static const char *const  world_langs[2] = { "tr", "en" };


static cxr_rc_t
parse(world_t *w, const char *text, cxr_portal_form_t *form)
{
    size_t      n;
    cxr_pair_t  pairs[64];

    n = world_pairs(w, text, pairs, 64);

    return cxr_portal_form_parse(pairs, n, &w->order, w->a, form);
}


static const cxr_portal_fault_t *
fault_at(const cxr_portal_faults_t *faults, unsigned at, uint32_t line)
{
    uint32_t  i;

    for (i = 0; i < faults->n; i++) {
        if (faults->items[i].at == at && faults->items[i].line == line) {
            return &faults->items[i];
        }
    }

    return NULL;
}


static void
assert_fault(const cxr_portal_faults_t *faults, unsigned at, uint32_t line,
    const char *key)
{
    const cxr_portal_fault_t  *f = fault_at(faults, at, line);

    if (f == NULL) {
        fail_msg("no fault where %s was expected", key);
        return;
    }

    if (!cxr_str_is(f->key, key)) {
        fail_msg("%.*s, not %s", cxr_str_arg(f->key), key);
    }
}


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


/* Every id that aria-describedby names is on the page, and every id is once. */
static void
assert_described(const char *page)
{
    char         mark[160];
    size_t       len, n;
    const char  *p, *q;

    p = page;

    while ((p = strstr(p, "aria-describedby=\"")) != NULL) {
        p += sizeof("aria-describedby=\"") - 1;

        while (*p != '"') {
            p += strspn(p, " ");
            len = strcspn(p, " \"");

            if (len == 0) {
                continue;
            }

            snprintf(mark, sizeof(mark), " id=\"%.*s\"", (int) len, p);
            assert_has(page, mark);
            p += len;
        }
    }

    for (p = page; (p = strstr(p, " id=\"")) != NULL; p++) {
        len = sizeof(" id=\"") - 1;
        snprintf(mark, sizeof(mark), "%.*s\"",
                 (int) (len + strcspn(p + len, "\"")), p);

        for (q = page, n = 0; (q = strstr(q, mark)) != NULL; q++) {
            n++;
        }

        if (n != 1) {
            fail_msg("%zu times%s", n, mark);
        }
    }
}


static void
test_codec_round_trip(void **state)
{
    size_t             n, i;
    char               key[CXR_PORTAL_KEY_LEN];
    world_t           *w = *state;
    cxr_pairs_t        out;
    cxr_portal_form_t  a, b;

    assert_int_equal(parse(w, "utm_source=mail&f=abcdefgh-ABCD_0123&q.0=2"
                              "&r.0=damaged&n.0=Kutu ezik\n\nve açık"
                              "&o.0=exchange:ETH-YIRG-500-F&q.2=1"
                              "&r.1=other&o.2=refund", &a), CXR_OK);
    assert_int_equal(a.faults.n, 0);
    assert_int_equal(a.picks.n, 3);
    assert_int_equal(cxr_portal_chosen(&a), 2);
    assert_true(cxr_str_is(a.flow, "abcdefgh-ABCD_0123"));
    assert_int_equal(cxr_portal_pick(&a, 0)->outcome, CXR_OUT_EXCHANGE);
    assert_true(cxr_str_is(cxr_portal_pick(&a, 0)->exchange_sku,
                           "ETH-YIRG-500-F"));
    assert_null(cxr_portal_pick(&a, 5));

    assert_int_equal(cxr_portal_form_fields(&a, &w->order,
                                            CXR_FIELDS_QUANTITY
                                            | CXR_FIELDS_DETAILS, w->a, &out),
                     CXR_OK);
    assert_true(cxr_str_is(out.items[0].name, "f"));
    assert_true(cxr_str_is(out.items[1].name, "v"));
    cxr_portal_lines_key(&w->order, key);
    assert_true(cxr_str_eq(out.items[1].value, cxr_strn(key, sizeof(key))));

    assert_int_equal(cxr_portal_form_parse(out.items, out.n, &w->order, w->a,
                                           &b), CXR_OK);
    assert_false(b.stale);
    assert_int_equal(b.picks.n, a.picks.n);
    n = a.picks.n;

    for (i = 0; i < n; i++) {
        assert_int_equal(b.picks.items[i].index, a.picks.items[i].index);
        assert_int_equal(b.picks.items[i].quantity, a.picks.items[i].quantity);
        assert_true(cxr_str_eq(b.picks.items[i].reason,
                               a.picks.items[i].reason));
        assert_true(cxr_str_eq(b.picks.items[i].note, a.picks.items[i].note));
        assert_int_equal(b.picks.items[i].has_outcome,
                         a.picks.items[i].has_outcome);
        assert_int_equal(b.picks.items[i].outcome, a.picks.items[i].outcome);
        assert_true(cxr_str_eq(b.picks.items[i].exchange_sku,
                               a.picks.items[i].exchange_sku));
    }

    cxr_buf_reset(&w->page);
    cxr_portal_form_query(&a, &w->order, &w->page);
    cxr_buf_addc(&w->page, '\0');
    assert_has(w->page.data, "f=abcdefgh-ABCD_0123&v=");
    assert_has(w->page.data, "&q.0=2&q.2=1");
    assert_lacks(w->page.data, "ezik");
}


static void
test_codec_check_boxes(void **state)
{
    world_t            *w = *state;
    cxr_portal_form_t   f;

    /* a quantity list is sent whether or not its box is ticked */

    assert_int_equal(parse(w, "c=1&q.0=3&c.2=1&c.1=1&q.1=1", &f), CXR_OK);
    assert_int_equal(cxr_portal_pick(&f, 0)->quantity, 0);
    assert_int_equal(cxr_portal_pick(&f, 1)->quantity, 1);
    assert_int_equal(cxr_portal_pick(&f, 2)->quantity, 1);
    assert_int_equal(cxr_portal_chosen(&f), 2);
}


/* What is said once for all lines is each one's that says nothing itself. */

static void
test_codec_all(void **state)
{
    world_t            *w = *state;
    cxr_portal_form_t   f;

    assert_int_equal(parse(w, "q.0=2&q.1=1&q.2=1&r.all=changed_mind"
                           "&o.all=refund&r.0=&r.1=wrong_grind"
                           "&o.2=exchange:X-1", &f), CXR_OK);
    assert_int_equal(f.picks.n, 3);
    assert_int_equal(f.faults.n, 0);
    assert_true(cxr_str_is(f.picks.items[0].reason, "changed_mind"));
    assert_true(cxr_str_is(f.picks.items[1].reason, "wrong_grind"));
    assert_true(cxr_str_is(f.picks.items[2].reason, "changed_mind"));
    assert_true(f.picks.items[0].has_outcome);
    assert_int_equal(f.picks.items[0].outcome, CXR_OUT_REFUND);
    assert_int_equal(f.picks.items[1].outcome, CXR_OUT_REFUND);
    assert_int_equal(f.picks.items[2].outcome, CXR_OUT_EXCHANGE);

    /* it chooses no line, and what is wrong with it is each line's fault */

    assert_int_equal(parse(w, "r.all=changed_mind&o.all=refund", &f), CXR_OK);
    assert_int_equal(f.picks.n, 0);

    assert_int_equal(parse(w, "q.0=1&q.1=1&r.1=changed_mind&r.all=<b>"
                           "&o.all=gold", &f), CXR_OK);
    assert_int_equal(f.faults.n, 3);
    assert_fault(&f.faults, CXR_AT_REASON, 0, "refusal.reason_unknown");
    assert_fault(&f.faults, CXR_AT_OUTCOME, 1, "refusal.outcome_not_offered");
}


static void
test_codec_hostile(void **state)
{
    char               *big;
    size_t              i;
    world_t            *w = *state;
    cxr_pair_t         *pairs;
    cxr_portal_form_t   f;
    cxr_portal_find_t   find;

    assert_int_equal(parse(w, "q.0=1&q.0=2", &f), CXR_INVALID);
    assert_int_equal(parse(w, "f=aaaaaaaaaaaaaaaa&f=b", &f), CXR_INVALID);
    assert_int_equal(parse(w, "v=00000000&v=00000000", &f), CXR_INVALID);
    assert_int_equal(parse(w, "r.all=a&r.all=a", &f), CXR_INVALID);
    assert_int_equal(parse(w, "o.all=a&o.all=a", &f), CXR_INVALID);

    pairs = calloc(MANY, sizeof(*pairs));
    assert_non_null(pairs);

    for (i = 0; i < MANY; i++) {
        pairs[i].name = cxr_str("x");
    }

    assert_int_equal(cxr_portal_form_parse(pairs, MANY, &w->order, w->a, &f),
                     CXR_LIMIT);
    assert_int_equal(cxr_portal_find_parse(pairs, MANY, w->a, &find),
                     CXR_LIMIT);
    assert_int_equal(cxr_portal_form_parse(pairs, CXR_PORTAL_PAIRS_MAX,
                                           &w->order, w->a, &f), CXR_OK);
    free(pairs);

    /* not of our form: not taken for a line, and no error */

    assert_int_equal(parse(w, "q.=1&q.00=1&q.-1=1&q.1x=1&Q.0=1&g.0=1", &f),
                     CXR_OK);
    assert_int_equal(f.picks.n, 0);
    assert_int_equal(f.faults.n, 0);

    assert_int_equal(parse(w, "q.6=1", &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_FORM, 0, "refusal.line_unknown");
    assert_int_equal(parse(w, "q.99999999999999999999=1", &f), CXR_OK);
    assert_int_equal(f.picks.n, 0);

    assert_int_equal(parse(w, "q.0=18446744073709551616&q.1=-1&q.2=1e9"
                              "&q.3=0&q.4= ", &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_QUANTITY, 0, "form.quantity_wrong");
    assert_fault(&f.faults, CXR_AT_QUANTITY, 1, "form.quantity_wrong");
    assert_fault(&f.faults, CXR_AT_QUANTITY, 2, "form.quantity_wrong");
    assert_null(fault_at(&f.faults, CXR_AT_QUANTITY, 3));
    assert_null(fault_at(&f.faults, CXR_AT_QUANTITY, 4));
    assert_int_equal(cxr_portal_pick(&f, 0)->quantity, 0);
    assert_int_equal(cxr_portal_pick(&f, 0)->typed.len, CXR_PORTAL_TYPED_MAX);

    assert_int_equal(parse(w, "q.0=9999", &f), CXR_OK);
    assert_false(cxr_portal_check_items(&f, &w->order, w->judgements, w->a));
    assert_fault(&f.faults, CXR_AT_QUANTITY, 0, "refusal.quantity_over");
    assert_int_equal(fault_at(&f.faults, CXR_AT_QUANTITY, 0)->have, 3);

    assert_int_equal(parse(w, "q.0=1&r.0=Not A Slug&o.0=gold", &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_REASON, 0, "refusal.reason_unknown");
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0, "refusal.outcome_not_offered");

    assert_int_equal(parse(w, "q.0=1&o.0=exchange", &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0, "refusal.exchange_unknown");
    pairs = calloc(2, sizeof(*pairs));
    assert_non_null(pairs);
    pairs[0] = (cxr_pair_t) { cxr_str("q.0"), cxr_str("1") };
    pairs[1] = (cxr_pair_t) { cxr_str("o.0"), cxr_str("exchange:E\0TH") };
    assert_int_equal(cxr_portal_form_parse(pairs, 2, &w->order, w->a, &f),
                     CXR_OK);
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0, "refusal.exchange_unknown");
    free(pairs);

    assert_int_equal(parse(w, "q.0=1&o.0=refund:ETH", &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0, "refusal.outcome_not_offered");

    assert_int_equal(parse(w, "q.0=1&n.0=\xff\xfe", &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_NOTE, 0, "form.note_unreadable");
    assert_int_equal(cxr_portal_pick(&f, 0)->note.len, 0);

    big = calloc(1, 2 * (CXR_NOTE_MAX + 50) + 16);
    assert_non_null(big);
    strcpy(big, "q.0=1&n.0=");

    for (i = 0; i < CXR_NOTE_MAX + 50; i++) {
        strcat(big, "ğ");
    }

    assert_int_equal(parse(w, big, &f), CXR_OK);
    assert_fault(&f.faults, CXR_AT_NOTE, 0, "form.note_long");
    assert_int_equal(fault_at(&f.faults, CXR_AT_NOTE, 0)->have,
                     CXR_NOTE_MAX + 50);
    assert_int_equal(cxr_utf8_length(cxr_portal_pick(&f, 0)->note),
                     CXR_NOTE_MAX);
    assert_true(cxr_utf8_valid(cxr_portal_pick(&f, 0)->note));

    /* of a line that is not chosen, the same is no fault */

    big[4] = '0';
    assert_int_equal(parse(w, big, &f), CXR_OK);
    assert_int_equal(f.faults.n, 0);
    free(big);

    assert_int_equal(parse(w, "f=short&q.0=1", &f), CXR_OK);
    assert_int_equal(f.flow.len, 0);
    assert_int_equal(parse(w, "f=aaaaaaaaaaaaaaaa\"><b&q.0=1", &f), CXR_OK);
    assert_int_equal(f.flow.len, 0);
}


static void
test_codec_stale(void **state)
{
    char                key[CXR_PORTAL_KEY_LEN + 1] = "", text[64];
    world_t            *w = *state;
    cxr_portal_form_t   f;

    cxr_portal_lines_key(&w->order, key);
    snprintf(text, sizeof(text), "v=%s&q.0=1", key);
    assert_int_equal(parse(w, text, &f), CXR_OK);
    assert_false(f.stale);
    assert_int_equal(f.picks.n, 1);

    /* a line went away: the same index may mean another product now */

    w->order.lines.items++;
    w->order.lines.n--;
    assert_int_equal(parse(w, text, &f), CXR_OK);
    assert_true(f.stale);
    assert_int_equal(f.picks.n, 0);
    assert_fault(&f.faults, CXR_AT_FORM, 0, "form.stale");
}


static void
test_find_form(void **state)
{
    size_t             n;
    world_t           *w = *state;
    cxr_pair_t         pairs[8];
    cxr_portal_find_t  find;

    n = world_pairs(w, "number= kg-1001 &proof= Ayse@Example.COM ", pairs, 8);
    assert_int_equal(cxr_portal_find_parse(pairs, n, w->a, &find), CXR_OK);
    assert_int_equal(find.faults.n, 0);
    assert_true(cxr_str_is(find.folded, "KG1001"));
    assert_true(cxr_str_is(find.email, "ayse@example.com"));
    assert_int_equal(find.postcode.len, 0);
    assert_true(cxr_str_is(find.number, "kg-1001"));

    n = world_pairs(w, "number=KG1&proof=34 394", pairs, 8);
    assert_int_equal(cxr_portal_find_parse(pairs, n, w->a, &find), CXR_OK);
    assert_true(cxr_str_is(find.postcode, "34394"));

    assert_int_equal(cxr_portal_not_found(&find, w->a), CXR_OK);
    assert_fault(&find.faults, CXR_AT_FORM, 0, "form.not_found");

    n = world_pairs(w, "number=&proof=a@b@c@", pairs, 8);
    assert_int_equal(cxr_portal_find_parse(pairs, n, w->a, &find), CXR_OK);
    assert_fault(&find.faults, CXR_AT_NUMBER, 0, "form.number_missing");
    assert_fault(&find.faults, CXR_AT_PROOF, 0, "form.proof_wrong");

    assert_int_equal(cxr_portal_find_parse(NULL, 0, w->a, &find), CXR_OK);
    assert_int_equal(find.faults.n, 2);

    n = world_pairs(w, "number=1&number=2", pairs, 8);
    assert_int_equal(cxr_portal_find_parse(pairs, n, w->a, &find),
                     CXR_INVALID);
}


static void
test_checks(void **state)
{
    world_t            *w = *state;
    cxr_portal_form_t   f;
    const cxr_policy_t *policy = &w->shop->policy;

    world_form(w, "c=1", &f);
    assert_false(cxr_portal_check_items(&f, &w->order, w->judgements, w->a));
    assert_fault(&f.faults, CXR_AT_FORM, 0, "refusal.nothing_chosen");

    world_form(w, "q.0=1&q.3=1&q.5=1", &f);
    assert_false(cxr_portal_check_items(&f, &w->order, w->judgements, w->a));
    assert_int_equal(f.faults.n, 2);
    assert_fault(&f.faults, CXR_AT_QUANTITY, 3, "refusal.final_sale");
    assert_fault(&f.faults, CXR_AT_QUANTITY, 5, "refusal.not_delivered");

    world_form(w, "q.0=2&r.0=damaged&q.1=1&q.2=1&r.2=nosuch&o.2=repair", &f);
    assert_true(cxr_portal_check_items(&f, &w->order, w->judgements, w->a));
    assert_false(cxr_portal_check_details(&f, &w->order, w->judgements,
                                          policy, w->products, 1, w->a));
    assert_fault(&f.faults, CXR_AT_NOTE, 0, "refusal.note_missing");
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0, "form.outcome_missing");
    assert_fault(&f.faults, CXR_AT_REASON, 1, "form.reason_missing");
    assert_fault(&f.faults, CXR_AT_REASON, 2, "refusal.reason_unknown");
    assert_fault(&f.faults, CXR_AT_OUTCOME, 2, "refusal.outcome_not_offered");

    world_form(w, "q.0=2&r.0=wrong_grind&o.0=exchange:ETH-YIRG-100-F", &f);
    assert_false(cxr_portal_check_details(&f, &w->order, w->judgements,
                                          policy, w->products, 1, w->a));
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0,
                 "refusal.exchange_out_of_stock");
    assert_int_equal(fault_at(&f.faults, CXR_AT_OUTCOME, 0)->have, 1);

    world_form(w, "q.0=1&r.0=wrong_grind&o.0=exchange:ETH-YIRG-250-F", &f);
    assert_false(cxr_portal_check_details(&f, &w->order, w->judgements,
                                          policy, w->products, 1, w->a));
    assert_fault(&f.faults, CXR_AT_OUTCOME, 0, "refusal.exchange_same");

    /* a line without a product is not exchanged */

    world_form(w, "q.2=1&r.2=wrong_grind&o.2=exchange:ETH-YIRG-500-F", &f);
    assert_false(cxr_portal_check_details(&f, &w->order, w->judgements,
                                          policy, w->products, 1, w->a));
    assert_fault(&f.faults, CXR_AT_OUTCOME, 2, "refusal.outcome_not_offered");
}


/* What the early checks let pass the domain takes, and what they name it
   refuses with the same code: so neither says more than the other. */
static void
test_checks_agree_with_domain(void **state)
{
    bool                ok;
    size_t              i;
    cxr_rc_t            rc;
    world_t            *w = *state;
    cxr_rma_t           rma;
    cxr_rma_ask_t       ask;
    cxr_refusal_t       no;
    cxr_rma_world_t     rules = world_rules(w);
    cxr_portal_form_t   f;

    static const char *const  forms[] = {
        "q.0=2&r.0=wrong_grind&o.0=refund",
        "q.0=3&r.0=damaged&n.0=ezik&o.0=exchange:ETH-YIRG-500-F",
        "q.0=4&r.0=wrong_grind&o.0=refund",
        "q.3=1&r.3=wrong_grind&o.3=refund",
        "q.5=1&r.5=wrong_grind&o.5=refund",
        "q.0=1&r.0=nosuch&o.0=refund",
        "q.0=1&r.0=damaged&o.0=refund",
        "q.0=1&r.0=wrong_grind&o.0=store_credit",
        "q.0=1&r.0=wrong_grind&o.0=exchange:NOSUCH",
        "q.0=1&r.0=wrong_grind&o.0=exchange:ETH-YIRG-1000-B",
        "q.0=1&r.0=wrong_grind&o.0=exchange:ETH-YIRG-250-F",
        "q.1=1&r.1=changed_mind&o.1=refund&q.2=1&r.2=other&o.2=refund",
        "q.0=3&r.0=wrong_grind&o.0=refund&s.0=1&x.0=refund&y.0=changed_mind",
        "q.0=3&r.0=wrong_grind&o.0=refund&s.0=1&x.0=refund&y.0=damaged"
        "&z.0=ezik",
        "q.0=3&r.0=wrong_grind&o.0=refund&s.0=1&x.0=refund&y.0=damaged",
        "q.0=3&r.0=wrong_grind&o.0=refund&s.0=1&x.0=refund&y.0=damaged"
        "&n.0=ezik",
        "q.0=3&r.0=damaged&n.0=ezik&o.0=refund&s.0=2&y.0=wrong_grind"
        "&x.0=exchange:ETH-YIRG-500-F",
        "q.0=3&r.0=wrong_grind&o.0=refund&s.0=1&x.0=refund&y.0=nosuch"
    };

    for (i = 0; i < cxr_nelts(forms); i++) {
        world_form(w, forms[i], &f);

        ok = cxr_portal_check_items(&f, &w->order, w->judgements, w->a)
             && cxr_portal_check_details(&f, &w->order, w->judgements,
                                         &w->shop->policy, w->products, 1,
                                         w->a);

        memset(&no, 0, sizeof(no));
        assert_int_equal(cxr_portal_ask(&f, &w->order, cxr_str("KG1001"),
                                        cxr_str("tr"), w->a, &ask, NULL),
                         CXR_OK);
        rc = cxr_rma_preview(&w->order, &ask, &rules, w->now, w->a, &rma,
                             &no);

        if (ok != (rc == CXR_OK)) {
            fail_msg("%s: form %d, domain %d %s", forms[i], ok, rc,
                     rc ? no.code : "");
        }

        if (!ok) {
            assert_int_equal(f.faults.n, 1);
            assert_string_equal(cxr_strz_dup(w->a, f.faults.items[0].key)
                                + sizeof("refusal.") - 1, no.code);
        }
    }
}


static void
test_refusal_beside_field(void **state)
{
    world_t            *w = *state;
    cxr_refusal_t       no;
    cxr_portal_form_t   f;

    world_form(w, "q.1=1&q.2=1&r.0=other", &f);

    memset(&no, 0, sizeof(no));
    (void) cxr_refuse(&no, "note_missing", "/lines/1/note", "x");
    assert_int_equal(cxr_portal_refused(&f, &no, w->a), CXR_OK);
    assert_fault(&f.faults, CXR_AT_NOTE, 2, "refusal.note_missing");

    (void) cxr_refuse(&no, "exchange_same", "/lines/0/exchange_sku", "x");
    assert_int_equal(cxr_portal_refused(&f, &no, w->a), CXR_OK);
    assert_fault(&f.faults, CXR_AT_OUTCOME, 1, "refusal.exchange_same");

    (void) cxr_refuse(&no, "quantity_over", "/lines/7/quantity", "x");
    assert_int_equal(cxr_portal_refused(&f, &no, w->a), CXR_OK);
    assert_fault(&f.faults, CXR_AT_FORM, 0, "refusal.quantity_over");
}


static void
test_texts_of_all_codes(void **state)
{
    int            l;
    char           key[96];
    size_t         i;
    world_t       *w = *state;
    cxr_say_t      say;
    cxr_str_t      text, other;
    cxr_refusal_t  no;

    static const char *const  codes[] = {
        "line_unknown", "quantity_over", "final_sale", "window_over",
        "not_delivered", "already_returned", "reason_unknown",
        "note_missing", "outcome_not_offered", "exchange_unknown",
        "exchange_out_of_stock", "exchange_same", "nothing_chosen",
        "line_twice", "too_many_rmas", "sum_over", "sums_changed",
        "already_decided", "reason_missing",
        "rma_closed", "too_late_to_cancel", "line_in_return",
        "currency_changed", "number_missing", "idem_mismatch",
        "reason_too_long", "photo_missing", "too_many_photos", "too_early"
    };

    for (l = 0; l < 2; l++) {
        say = cxr_say_to(w->ctx[l], w->a);
        other = cxr_say(&say, "refusal.other");
        assert_true(other.len > 0);

        for (i = 0; i < cxr_nelts(codes); i++) {
            memset(&no, 0, sizeof(no));
            no.code = codes[i];
            no.have = 2;
            no.want = 3;
            no.when = w->now;
            text = cxr_say_refusal(&say, &no);

            if (text.len == 0 || cxr_str_eq(text, other)
                || memchr(text.data, '{', text.len) != NULL)
            {
                fail_msg("%s: %s: \"%.*s\"", world_langs[l], codes[i],
                         cxr_str_arg(text));
            }
        }

        no.code = "a_code_of_tomorrow";
        assert_true(cxr_str_eq(cxr_say_refusal(&say, &no), other));

        for (i = 0; cxr_verdict_names[i] != NULL; i++) {
            snprintf(key, sizeof(key), "verdict.%s", cxr_verdict_names[i]);
            assert_true(cxr_say(&say, key).len > 0);
        }

        for (i = 0; cxr_outcome_names[i] != NULL; i++) {
            assert_true(cxr_say_name(&say, "outcome.",
                                     cxr_outcome_names[i]).len > 0);
        }

        for (i = 0; cxr_decision_names[i] != NULL; i++) {
            assert_true(cxr_say_name(&say, "decision.",
                                     cxr_decision_names[i]).len > 0);
        }

        /* the date of a window that is over, and no empty place without one */

        no.code = "window_over";
        no.when = w->now;
        text = cxr_say_refusal(&say, &no);
        assert_has(cxr_strz_dup(w->a, text), "2026");
        no.when = CXR_TIME_NONE;
        assert_false(cxr_str_eq(text, cxr_say_refusal(&say, &no)));
    }
}


static void
test_find_page(void **state)
{
    int                l;
    size_t             n;
    world_t           *w = *state;
    cxr_pair_t         pairs[4];
    const char        *page;
    cxr_view_find_t    view;
    cxr_portal_find_t  find;

    for (l = 0; l < 2; l++) {
        assert_int_equal(cxr_view_find(w->ctx[l],
                                       world_page(w, l, "portal.find.title",
                                                  "/returns/"),
                                       w->a, NULL, &view), CXR_OK);
        page = world_render(w, l, "portal_find.html", &cxr_view_find_type,
                            &view);
        assert_described(page);
        assert_lacks(page, "aria-invalid");
        assert_has(page, l ? "action=\"/en/returns/lookup\""
                           : "action=\"/tr/returns/lookup\"");

        n = world_pairs(w, "number=<KG&proof=", pairs, 4);
        assert_int_equal(cxr_portal_find_parse(pairs, n, w->a, &find),
                         CXR_OK);
        assert_int_equal(cxr_view_find(w->ctx[l],
                                       world_page(w, l, "portal.find.title",
                                                  "/returns/"),
                                       w->a, &find, &view), CXR_OK);
        page = world_render(w, l, "portal_find.html", &cxr_view_find_type,
                            &view);
        assert_described(page);
        assert_has(page, "value=\"&lt;KG\"");
        assert_has(page, "aria-describedby=\"proof-hint proof-error\"");
        assert_has(page, "href=\"#proof\"");
        assert_lacks(page, "number-error");
    }
}


static void
test_items_page(void **state)
{
    int                 l;
    world_t            *w = *state;
    const char         *page;
    cxr_portal_t       *p;
    cxr_portal_rma_t    before[1];
    cxr_view_items_t    view;
    cxr_portal_form_t   f;

    world_form(w, "q.4=1&r.4=changed_mind&o.4=refund", &f);
    before[0].rma = world_create(w, &f, w->now - CXR_DAY);
    before[0].url = cxr_str("/tr/returns/r/abc");

    for (l = 0; l < 2; l++) {
        p = world_portal(w, l, "portal.items.title");
        p->rmas = before;
        p->nrmas = 1;

        world_form(w, "", &f);
        assert_int_equal(cxr_view_items(p, &f, &view), CXR_OK);
        assert_int_equal(view.items.n, 3);
        assert_int_equal(view.kept.n, 3);
        assert_int_equal(view.kept.items[1].verdict, CXR_NO_ALREADY);
        page = world_render(w, l, "portal_items.html", &cxr_view_items_type,
                            &view);
        assert_described(page);
        assert_has(page, "method=\"get\"");
        assert_has(page, "name=\"f\" value=\"flow-0123456789abcdef\"");
        assert_has(page, "name=\"step\" value=\"details\"");
        assert_has(page, "href=\"/tr/returns/r/abc\"");
        assert_has(page, cxr_strz_dup(w->a, before[0].rma->id));
        assert_has(page, l ? "30 November 2026" : "30 Kasım 2026");
        assert_has(page, l ? "TRY" : "adedi ₺400,00");
        assert_has(page, l ? " each</span>" : "₺");
        assert_lacks(page, l ? "Error: " : "Hata: ");

        /* words carried along do not go into a URL */

        world_form(w, "q.0=2&r.0=other&n.0=gizli sözüm", &f);
        assert_int_equal(cxr_view_items(p, &f, &view), CXR_OK);
        page = world_render(w, l, "portal_items.html", &cxr_view_items_type,
                            &view);
        assert_has(page, "method=\"post\"");
        assert_has(page, "/returns/o/tok/details\"");
        assert_has(page, "value=\"gizli sözüm\"");
        assert_has(page, "<option value=\"2\" selected>");

        world_form(w, "q.0=2&r.0=wrong_grind", &f);
        assert_int_equal(cxr_view_items(p, &f, &view), CXR_OK);
        assert_true(view.by_post);

        world_form(w, "q.0=7&q.1=x", &f);
        (void) cxr_portal_check_items(&f, &w->order, w->judgements, w->a);
        assert_int_equal(cxr_view_items(p, &f, &view), CXR_OK);
        page = world_render(w, l, "portal_items.html", &cxr_view_items_type,
                            &view);
        assert_described(page);
        assert_has(page, "id=\"error-0\"");
        assert_has(page, "href=\"#q-1\"");
        assert_has(page, "aria-describedby=\"until-0 error-0\"");
        assert_has(page, l ? "<title>Error: " : "<title>Hata: ");
    }
}


/* The summary of a form with many faults is not as long as the form. */

static void
test_summary(void **state)
{
    uint32_t            i, n;
    world_t            *w = *state;
    const char         *page;
    cxr_portal_t       *p;
    cxr_view_items_t    view;
    cxr_portal_form_t   f;

    static const struct {
        uint32_t  faults, links;
    } cases[] = { { 1, 1 }, { 9, 9 }, { 10, 9 }, { 50, 9 } };

    for (i = 0; i < cxr_nelts(cases); i++) {
        p = world_portal(w, 1, "portal.items.title");
        world_form(w, "q.0=2", &f);

        for (n = 0; n < cases[i].faults; n++) {
            assert_int_equal(cxr_portal_fault(&f.faults, w->a, CXR_AT_QUANTITY,
                                              n, "form.quantity_wrong"),
                             CXR_OK);
        }

        assert_int_equal(cxr_view_items(p, &f, &view), CXR_OK);
        assert_int_equal(view.errors.n, cases[i].links);

        page = world_render(w, 1, "portal_items.html", &cxr_view_items_type,
                            &view);

        if (cases[i].faults > cases[i].links) {
            assert_has(page, "<a href=\"#q-8\">There’s more to fix");

        } else {
            assert_lacks(page, "There’s more to fix");
        }
    }
}


/* Three lines or more may be told about once. */

static void
test_details_all(void **state)
{
    uint32_t             i;
    world_t             *w = *state;
    const char          *page;
    cxr_portal_t        *p;
    cxr_view_details_t   view;
    cxr_portal_form_t    f;

    static const struct {
        const char  *form;
        bool         shown;
    } cases[] = {
        { "q.0=2&q.1=1&q.2=1", true },
        { "q.0=2&q.1=1&q.2=1&r.0=changed_mind", true },
        { "q.0=2&q.1=1", false },
        { "q.0=2&q.1=1&q.2=1&k=1", false },
        { "q.0=1&q.1=1&q.2=1&r.0=changed_mind&r.1=changed_mind"
          "&r.2=changed_mind", false }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        p = world_portal(w, 1, "portal.details.title");
        world_form(w, cases[i].form, &f);
        assert_int_equal(cxr_view_details(p, &f, &view), CXR_OK);
        page = world_render(w, 1, "portal_details.html",
                            &cxr_view_details_type, &view);
        assert_described(page);

        if (!cases[i].shown) {
            assert_lacks(page, "r.all");
            assert_has(page, "name=\"r.0\" required");
            continue;
        }

        assert_has(page, "name=\"r.all\"");
        assert_has(page, "name=\"o.all\"");
        assert_has(page, "<option value=\"\">The reason chosen above");
        assert_lacks(page, "name=\"r.0\" required");

        /* neither a claim nor what needs a note, and no variant */

        assert_has(page, "<option value=\"changed_mind\">");
        assert_int_equal(view.all_reasons.n, 2);
        assert_int_equal(view.all_choices.n, 1);
    }
}


static void
test_details_page(void **state)
{
    int                  l;
    size_t               i;
    world_t             *w = *state;
    const char          *page;
    cxr_portal_t        *p;
    cxr_view_details_t   view;
    cxr_portal_form_t    f;

    for (l = 0; l < 2; l++) {
        p = world_portal(w, l, "portal.details.title");

        world_form(w, "q.0=2&q.2=1&f=flow-fedcba9876543210", &f);
        assert_int_equal(cxr_view_details(p, &f, &view), CXR_OK);
        assert_int_equal(view.lines.n, 2);
        assert_int_equal(view.lines.items[0].variants.n, 5);
        assert_int_equal(view.lines.items[1].variants.n, 0);
        assert_true(view.lines.items[1].choices.items[0].selected);
        assert_true(view.lines.items[0].variants_open);
        page = world_render(w, l, "portal_details.html",
                            &cxr_view_details_type, &view);
        assert_described(page);
        assert_has(page, "value=\"exchange:ETH-YIRG-500-F\"");
        assert_has(page, "name=\"q.0\" value=\"2\"");
        assert_has(page, "value=\"flow-fedcba9876543210\"");
        assert_has(page, "formnovalidate");

        /* 2 of 3 units at 420,00 less a share of 60,00 off: 800,00; two of
           780,00 are 760,00 more */

        assert_has(page, l ? "TRY" : "₺760,00 fark ödersiniz");
        assert_has(page, "disabled");

        world_form(w, "q.0=2&r.0=damaged&o.0=exchange:ETH-YIRG-1000-B", &f);
        (void) cxr_portal_check_details(&f, &w->order, w->judgements,
                                        &w->shop->policy, w->products, 1,
                                        w->a);
        assert_int_equal(cxr_view_details(p, &f, &view), CXR_OK);
        page = world_render(w, l, "portal_details.html",
                            &cxr_view_details_type, &view);
        assert_described(page);
        assert_has(page, "id=\"o-0-error\"");
        assert_has(page, "n-0-hint n-0-error");
        assert_has(page, "<option value=\"damaged\" selected>");
    }

    /* what is sold out altogether does not stand in the way */

    for (i = 0; i < sizeof(w->variants) / sizeof(w->variants[0]); i++) {
        w->variants[i].stock = 0;
    }

    world_form(w, "q.0=2", &f);
    assert_int_equal(cxr_view_details(world_portal(w, 0,
                                                   "portal.details.title"),
                                      &f, &view), CXR_OK);
    assert_true(view.lines.items[0].has_variants);
    assert_false(view.lines.items[0].variants_open);
}


static void
test_review_page(void **state)
{
    int                 l;
    world_t            *w = *state;
    cxr_rma_t           preview;
    const char         *page;
    cxr_portal_t       *p;
    cxr_rma_ask_t       ask;
    cxr_refusal_t       no;
    cxr_rma_world_t     rules = world_rules(w);
    cxr_view_review_t   view;
    cxr_portal_form_t   f;

    world_form(w, "q.0=1&r.0=wrong_grind&o.0=exchange:ETH-YIRG-250-E"
                  "&q.2=1&r.2=other&n.2=Rengi <b>başka</b>&o.2=refund", &f);
    assert_int_equal(cxr_portal_ask(&f, &w->order, cxr_str("KG1001"),
                                    cxr_str("tr"), w->a, &ask, NULL), CXR_OK);
    assert_int_equal(cxr_rma_preview(&w->order, &ask, &rules, w->now, w->a,
                                     &preview, &no), CXR_OK);

    for (l = 0; l < 2; l++) {
        p = world_portal(w, l, "portal.review.title");
        assert_int_equal(cxr_view_review(p, &f, &preview, &view), CXR_OK);
        assert_false(view.by_person);
        assert_int_equal(view.money.n, 3);
        page = world_render(w, l, "portal_review.html",
                            &cxr_view_review_type, &view);
        assert_described(page);
        assert_has(page, "value=\"exchange:ETH-YIRG-250-E\"");
        assert_has(page, "Rengi &lt;b&gt;başka&lt;/b&gt;");
        assert_lacks(page, "<b>başka");
        assert_has(page, l ? "/en/returns/o/tok/rma" : "/tr/returns/o/tok/rma");
        assert_has(page, "formaction=\"");

        /* paid 400,00 + 649,90, less 400,00 in kind and 49,90 */

        assert_has(page, l ? "600.00" : "₺600,00");
        assert_has(page, l ? "21 December 2026" : "21 Aralık 2026");
    }
}


static void
test_hostile_titles(void **state)
{
    world_t            *w = *state;
    const char         *page;
    cxr_view_items_t    items;
    cxr_view_details_t  details;
    cxr_portal_form_t   f;

    static const char  evil[] = "\"><script>alert(1)</script>{{number}}'";

    w->lines[0].title = cxr_strz(evil);
    w->lines[0].variant = cxr_strz(evil);
    w->lines[0].image = cxr_str("javascript:alert(1)");
    w->variants[1].title = cxr_strz(evil);
    w->variants[1].sku = cxr_strz(evil);
    w->order.number = cxr_strz(evil);

    world_form(w, "q.0=1", &f);
    assert_int_equal(cxr_view_items(world_portal(w, 0, "portal.items.title"),
                                    &f, &items), CXR_OK);
    page = world_render(w, 0, "portal_items.html", &cxr_view_items_type,
                        &items);
    assert_lacks(page, "<script");
    assert_lacks(page, "javascript:");
    assert_has(page, "&lt;script&gt;");

    assert_int_equal(cxr_view_details(world_portal(w, 0,
                                                   "portal.details.title"),
                                      &f, &details), CXR_OK);
    page = world_render(w, 0, "portal_details.html", &cxr_view_details_type,
                        &details);
    assert_lacks(page, "<script");
    assert_lacks(page, "value=\"exchange:\">");
}


static void
test_out_of_memory(void **state)
{
    size_t              max;
    unsigned            ok = 0, failed = 0;
    world_t            *w = *state;
    cxr_rc_t            rc;
    cxr_arena_t        *whole = w->a;
    cxr_portal_t        p;
    cxr_view_details_t  view;
    cxr_portal_form_t   f;

    world_form(w, "q.0=2&q.1=1&r.0=other&n.0=not", &f);
    p = *world_portal(w, 0, "portal.details.title");

    for (max = 0; max < 200000; max += 512) {
        p.arena = cxr_arena_create(max);
        assert_non_null(p.arena);
        rc = cxr_view_details(&p, &f, &view);
        assert_true(rc == CXR_OK || rc == CXR_NOMEM);
        ok += rc == CXR_OK;
        failed += rc == CXR_NOMEM;
        cxr_arena_destroy(p.arena);
    }

    w->a = whole;
    assert_true(ok > 0 && failed > 0);
}


int
main(void)
{
#define WORLD(f)  cmocka_unit_test_setup_teardown(f, world_open, world_close)
    const struct CMUnitTest  tests[] = {
        WORLD(test_codec_round_trip),
        WORLD(test_codec_check_boxes),
        WORLD(test_codec_all),
        WORLD(test_codec_hostile),
        WORLD(test_codec_stale),
        WORLD(test_find_form),
        WORLD(test_checks),
        WORLD(test_checks_agree_with_domain),
        WORLD(test_refusal_beside_field),
        WORLD(test_texts_of_all_codes),
        WORLD(test_find_page),
        WORLD(test_items_page),
        WORLD(test_summary),
        WORLD(test_details_all),
        WORLD(test_details_page),
        WORLD(test_review_page),
        WORLD(test_hostile_titles),
        WORLD(test_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
