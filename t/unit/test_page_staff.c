
/* The returns desk: its forms, its list, and the page of one RMA. */

#include "page_world.h"

#define MANY  10000


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


static cxr_rma_t *
two_lines(world_t *w)
{
    cxr_portal_form_t  f;

    world_form(w, "q.0=1&r.0=damaged&n.0=x&o.0=exchange:ETH-YIRG-500-F"
                  "&q.2=1&r.2=changed_mind&o.2=refund", &f);

    return world_create(w, &f, w->now - CXR_DAY);
}


static cxr_rc_t
parse(world_t *w, const cxr_rma_t *rma, const char *text,
    cxr_staff_form_t *form)
{
    size_t      n;
    cxr_pair_t  pairs[64];

    n = world_pairs(w, text, pairs, 64);

    return cxr_staff_form_parse(pairs, n, rma, w->a, form);
}


static void
test_form(void **state)
{
    size_t               i;
    world_t             *w = *state;
    cxr_str_t            item;
    cxr_rma_t           *rma = two_lines(w);
    cxr_pair_t          *pairs;
    cxr_events_t         events = { NULL, 0 };
    cxr_refusal_t        no;
    cxr_staff_form_t     f;
    cxr_rma_act_t        cmd;

    assert_int_equal(parse(w, rma, "decision=decline&l.1=1&l.0=1&expect=1"
                                   "&reason=Kullanılmış.&t=tok", &f), CXR_OK);
    assert_true(cxr_staff_form_ok(&f));
    assert_int_equal(f.decision, CXR_DECISION_DECLINED);
    assert_int_equal(f.expect, 1);
    assert_int_equal(f.lines.n, 2);
    assert_true(cxr_str_is(f.token, "tok"));

    /* the domain takes the command that the form says */

    assert_int_equal(cxr_staff_decision(&f, rma, w->a, &cmd), CXR_OK);
    assert_int_equal(cmd.lines.n, 2);
    assert_int_equal(world_act(w, rma, &cmd, CXR_ACTOR_STAFF, f.expect,
                               w->now, &events, &no), CXR_OK);
    world_apply(w, rma, &events, w->now, CXR_ACTOR_STAFF, "staff:ayse");
    assert_int_equal(rma->status, CXR_RMA_DECLINED);
    assert_false(cxr_staff_line_open(rma, 0));

    /* by its item: a line of the order may stand in an RMA several times */

    item = rma->lines.items[1].item;
    rma->lines.items[1].item = cxr_str("7");
    assert_int_equal(parse(w, rma, "decision=approve&l.1=1", &f), CXR_OK);
    assert_int_equal(cxr_staff_decision(&f, rma, w->a, &cmd), CXR_OK);
    assert_int_equal(cmd.verb, CXR_VERB_APPROVE);
    assert_int_equal(cmd.lines.n, 1);
    assert_true(cxr_str_is(cmd.lines.items[0], "7"));
    rma->lines.items[1].item = item;

    assert_int_equal(parse(w, rma, "decision=approve", &f), CXR_OK);
    assert_false(cxr_staff_form_ok(&f));
    assert_true(cxr_str_is(f.lines_key, "staff.error.lines_missing"));
    assert_int_equal(parse(w, rma, "decision=decline&l.0=1&reason=  ", &f),
                     CXR_OK);
    assert_true(cxr_str_is(f.reason_key, "staff.error.reason_missing"));
    assert_int_equal(parse(w, rma, "decision=burn&l.0=1", &f), CXR_OK);
    assert_true(cxr_str_is(f.decision_key, "staff.error.decision_missing"));
    assert_int_equal(parse(w, rma, "decision=approve&l.0=1&reason=", &f),
                     CXR_OK);
    assert_true(cxr_staff_form_ok(&f));

    assert_int_equal(parse(w, rma, "l.0=1&l.0=1", &f), CXR_INVALID);
    assert_int_equal(parse(w, rma, "l.2=1", &f), CXR_INVALID);
    assert_int_equal(parse(w, rma, "l.00=1", &f), CXR_INVALID);
    assert_int_equal(parse(w, rma, "l.-1=1", &f), CXR_INVALID);
    assert_int_equal(parse(w, rma, "l.4294967296=1", &f), CXR_INVALID);
    assert_int_equal(parse(w, rma, "decision=a&decision=b", &f), CXR_INVALID);
    assert_int_equal(parse(w, rma, "expect=99999999999&l.0=1", &f), CXR_OK);
    assert_int_equal(f.expect, 0);
    assert_int_equal(parse(w, rma, "reason=\xc3\x28&l.0=1", &f), CXR_OK);
    assert_int_equal(f.reason.len, 0);

    pairs = calloc(MANY, sizeof(*pairs));
    assert_non_null(pairs);

    for (i = 0; i < MANY; i++) {
        pairs[i].name = cxr_str("x");
    }

    assert_int_equal(cxr_staff_form_parse(pairs, MANY, rma, w->a, &f),
                     CXR_LIMIT);
    free(pairs);
}


static void
test_query(void **state)
{
    size_t             n;
    world_t           *w = *state;
    cxr_pair_t         pairs[8];
    cxr_staff_query_t  q;

    n = world_pairs(w, "status=approved&q= kg 1001 &cursor=QUJD", pairs, 8);
    assert_int_equal(cxr_staff_query_parse(pairs, n, w->a, &q), CXR_OK);
    assert_int_equal(q.status, CXR_RMA_APPROVED);
    assert_true(cxr_str_is(q.q, "kg 1001"));
    assert_true(cxr_str_is(q.cursor, "QUJD"));

    n = world_pairs(w, "queue=late&kind=claim&status=approved", pairs, 8);
    assert_int_equal(cxr_staff_query_parse(pairs, n, w->a, &q), CXR_OK);
    assert_int_equal(q.queue, CXR_QUEUE_OURS);
    assert_true(q.late);
    assert_true(q.oldest);
    assert_int_equal(q.kind, CXR_KIND_CLAIM);
    assert_int_equal(q.status, -1);

    n = world_pairs(w, "queue=grade&sort=newest", pairs, 8);
    assert_int_equal(cxr_staff_query_parse(pairs, n, w->a, &q), CXR_OK);
    assert_int_equal(q.queue, CXR_QUEUE_GRADE);
    assert_false(q.oldest);

    n = world_pairs(w, "status=nope&cursor=***&q=\xff", pairs, 8);
    assert_int_equal(cxr_staff_query_parse(pairs, n, w->a, &q), CXR_OK);
    assert_int_equal(q.status, -1);
    assert_int_equal(q.cursor.len, 0);
    assert_int_equal(q.q.len, 0);
}


static void
test_list(void **state)
{
    int                     l;
    world_t                *w = *state;
    cxr_rma_t              *rma = two_lines(w);
    uint32_t                counts[CXR_RMA_NSTATUS] = { 3, 0, 1200 };
    uint32_t                queues[CXR_QUEUES] = { 7, 0, 0, 0, 0, 0, 4 };
    const char             *page;
    cxr_staff_list_t        p;
    cxr_staff_query_t       q;
    cxr_view_staff_list_t   view;
    const cxr_thread_t     *threads[1];

    cxr_thread_t  thread = {
        .unread[CXR_SIDE_SHOP] = 2, .waits_since = w->now - CXR_HOUR
    };

    threads[0] = &thread;

    for (l = 0; l < 2; l++) {
        memset(&q, 0, sizeof(q));
        q.queue = -1;
        q.kind = -1;
        q.status = CXR_RMA_REQUESTED;

        p = (cxr_staff_list_t) {
            .ctx = w->ctx[l], .arena = w->a, .now = w->now,
            .page = world_page(w, (unsigned) l, "staff.list.title",
                               "/staff/"),
            .actor = cxr_str_init("ayse"), .query = &q, .counts = counts,
            .queues = queues, .late = 2, .token = cxr_str_init("form-token"),
            .may = 1u << CXR_VERB_APPROVE | 1u << CXR_VERB_CONFIRM,
            .rmas = rma, .threads = threads, .nrmas = 1, .waiting = 5,
            .next = cxr_str_init("QUJD")
        };

        assert_int_equal(cxr_view_staff_list(&p, &view), CXR_OK);
        assert_int_equal(view.tabs.n, 10);
        assert_true(view.tabs.items[9].current);
        assert_true(cxr_str_is(view.tabs.items[7].count, "5"));
        assert_true(view.rows.items[0].asked);
        assert_true(view.rows.items[0].unread.len != 0);
        assert_true(cxr_str_is(view.tabs.items[0].count, "7"));
        assert_false(view.tabs.items[0].bad);
        assert_true(view.tabs.items[6].bad);
        assert_true(view.tabs.items[8].bad);

        /* buttons for the roles that she has */

        assert_int_equal(view.acts.n, 2);
        assert_true(cxr_str_is(view.acts.items[0].value, "approve"));
        assert_true(cxr_str_is(view.acts.items[1].value, "confirm"));
        assert_false(view.rows.items[0].late);
        assert_int_equal(view.rows.items[0].age_days, 1);
        assert_int_equal(view.rows.items[0].others, 1);
        page = world_render(w, (unsigned) l, "staff_list.html",
                            &cxr_view_staff_list_type, &view);
        assert_has(page, "999+");
        assert_has(page, l ? "/en/staff/rma/R-" : "/tr/staff/rma/R-");
        assert_has(page, "?status=requested&amp;cursor=QUJD");
        assert_has(page, "aria-current=\"page\"");
        assert_has(page, l ? "1 day ago" : "1 gün önce");

        assert_has(page, "name=\"r\" value=\"R-");
        assert_has(page, "export.csv?status=requested\"");

        /* what came shortly before midnight is of yesterday shortly after */

        p.now = cxr_tz_end_of_day(w->shop->tz, rma->created_at, 0);
        assert_int_equal(cxr_view_staff_list(&p, &view), CXR_OK);
        assert_int_equal(view.rows.items[0].age_days, 0);
        p.now++;
        assert_int_equal(cxr_view_staff_list(&p, &view), CXR_OK);
        assert_int_equal(view.rows.items[0].age_days, 1);

        /* three days after it was asked for nobody has decided */

        p.now = w->now + 4 * CXR_DAY;
        assert_int_equal(cxr_view_staff_list(&p, &view), CXR_OK);
        assert_true(view.rows.items[0].late);

        /* nothing is paid from the queue of what waits for a decision */

        q.queue = CXR_QUEUE_DECIDE;
        q.oldest = true;
        assert_int_equal(cxr_view_staff_list(&p, &view), CXR_OK);
        assert_int_equal(view.acts.n, 1);
        assert_true(view.tabs.items[0].current);
        assert_false(view.tabs.items[9].current);
        q.queue = -1;
        q.oldest = false;
        p.now = w->now;

        /* the desk's list shows no shopper */

        assert_lacks(page, "Ayşe");

        q.q = cxr_str("\"><script>&q=1");
        p.nrmas = 0;
        p.next = CXR_STR_NONE;
        assert_int_equal(cxr_view_staff_list(&p, &view), CXR_OK);
        page = world_render(w, (unsigned) l, "staff_list.html",
                            &cxr_view_staff_list_type, &view);
        assert_lacks(page, "<script>");
        assert_has(page, "value=\"&quot;&gt;&lt;script&gt;&amp;q=1\"");
        assert_has(page, l ? "No results" : "sonuç yok");
    }
}


static void
test_rma_page(void **state)
{
    int                    l;
    world_t               *w = *state;
    cxr_str_t              notes[2] = { cxr_str_init("ezik <i>kutu</i>"),
                                        { NULL, 0 } };
    cxr_str_t              one[1] = { cxr_str_init("1") };
    cxr_str_t              two[1] = { cxr_str_init("3") };
    cxr_rma_t             *rma = two_lines(w);
    const char            *page;
    cxr_refusal_t          no;
    cxr_staff_rma_t        p;
    cxr_staff_form_t       f;
    cxr_view_staff_rma_t   view;

    for (l = 0; l < 2; l++) {
        p = (cxr_staff_rma_t) {
            .ctx = w->ctx[l], .arena = w->a, .now = w->now,
            .page = world_page(w, (unsigned) l, "staff.rma.title",
                               "/staff/rma/x"),
            .actor = cxr_str_init("ayse"), .may_approve = true, .rma = rma,
            .order = &w->order, .person = &w->person, .notes = notes,
            .token = cxr_str_init("form-token")
        };

        assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
        page = world_render(w, (unsigned) l, "staff_rma.html",
                            &cxr_view_staff_rma_type, &view);
        assert_has(page, "name=\"expect\" value=\"1\"");
        assert_has(page, "name=\"t\" value=\"form-token\"");
        assert_has(page, "form=\"decide\" id=\"l-0\" name=\"l.0\" "
                         "value=\"1\" checked");
        assert_has(page, "ezik &lt;i&gt;kutu&lt;/i&gt;");
        assert_has(page, "href=\"mailto:ayse.yilmaz@example.com\"");
        assert_has(page, "Ayşe Yılmaz");
        assert_has(page, l ? "/decide\"" : "/tr/staff/rma/R-");
        assert_has(page, "ETH-YIRG-250-F");

        /* what was typed stays, and its fault stands beside it */

        assert_int_equal(parse(w, rma, "decision=decline&l.1=1&reason=", &f),
                         CXR_OK);
        p.form = &f;
        assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
        page = world_render(w, (unsigned) l, "staff_rma.html",
                            &cxr_view_staff_rma_type, &view);
        assert_has(page, "aria-describedby=\"reason-hint reason-error\"");
        assert_has(page, "value=\"decline\" required checked");
        assert_has(page, "href=\"#reason\"");
        assert_lacks(page, "name=\"l.0\" value=\"1\" checked");
        assert_has(page, "name=\"l.1\" value=\"1\" checked");

        memset(&no, 0, sizeof(no));
        (void) cxr_refuse(&no, "already_decided", "", "x");
        p.refusal = &no;
        assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
        assert_true(view.has_errors);
        assert_true(view.form_error.len > 0);

        /* a role that may only read sees no form, nor any tick box */

        p.form = NULL;
        p.refusal = NULL;
        p.may_approve = false;
        p.person = NULL;
        assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
        page = world_render(w, (unsigned) l, "staff_rma.html",
                            &cxr_view_staff_rma_type, &view);
        assert_true(view.read_only);
        assert_lacks(page, "<form id=\"decide\"");
        assert_lacks(page, "type=\"checkbox\"");
        assert_lacks(page, "Ayşe");
    }

    /* meanwhile somebody decided: who, what and when */

    world_decide(w, rma, CXR_VERB_DECLINE, "Kullanılmış.",
                 (cxr_strs_t) { one, 1 }, w->now);
    p.may_approve = true;
    p.conflict = true;
    p.seen = 4;
    rma->steps.items[rma->steps.n - 1].seq = 5;
    assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
    page = world_render(w, 1, "staff_rma.html", &cxr_view_staff_rma_type,
                        &view);
    assert_has(page, "Your decision was not saved.");
    assert_int_equal(view.changes->steps.n, 1);
    assert_has(page, "What happened since you opened this page");
    assert_has(page, "name=\"seen\" value=\"5\"");
    assert_has(page, "name=\"expect\" value=\"2\"");
    assert_lacks(page, "name=\"l.0\"");
    assert_has(page, "name=\"l.1\"");
    assert_has(page, "Customer paid");

    /* no sums are told of what will not be paid */

    world_decide(w, rma, CXR_VERB_DECLINE, "Kullanılmış.",
                 (cxr_strs_t) { two, 1 }, w->now);
    assert_int_equal(rma->status, CXR_RMA_DECLINED);
    assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
    page = world_render(w, 1, "staff_rma.html", &cxr_view_staff_rma_type,
                        &view);
    assert_lacks(page, "Customer paid");
    assert_lacks(page, "id=\"money\"");
}


static void
test_mail_link(void **state)
{
    world_t               *w = *state;
    cxr_rma_t             *rma = two_lines(w);
    const char            *page;
    cxr_staff_rma_t        p;
    cxr_view_staff_rma_t   view;

    p = (cxr_staff_rma_t) {
        .ctx = w->ctx[0], .arena = w->a, .now = w->now,
        .page = world_page(w, 0, "staff.rma.title", "/staff/rma/x"),
        .rma = rma, .order = &w->order, .person = &w->person
    };

    w->person.email = cxr_str("a\"><b>@x.example?cc=all@evil.example");
    assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
    page = world_render(w, 0, "staff_rma.html", &cxr_view_staff_rma_type,
                        &view);
    assert_lacks(page, "?cc=all@evil.example\"");
    assert_lacks(page, "<b>");

    w->person.email = cxr_str("nothing");
    assert_int_equal(cxr_view_staff_rma(&p, &view), CXR_OK);
    assert_int_equal(view.mail_url.len, 0);
}


/* How long a conversation waits: never "0 minutes". */
static void
test_waiting(void **state)
{
    size_t               i;
    world_t             *w = *state;
    cxr_say_t            say;
    cxr_waiting_in_t     in;
    cxr_view_waitings_t  view;

    static const struct {
        cxr_time_t   took;
        const char  *tr;
        const char  *en;
    } cases[] = {
        { -CXR_SECOND, "Az önce geldi", "Just now" },
        { 0, "Az önce geldi", "Just now" },
        { CXR_MINUTE - 1, "Az önce geldi", "Just now" },
        { CXR_MINUTE, "1 dakika", "1 minute" },
        { 59 * CXR_MINUTE, "59 dakika", "59 minutes" },
        { CXR_HOUR, "1 saat", "1 hour" },
        { 2 * CXR_DAY, "2 gün", "2 days" },
    };

    for (i = 0; i < 2 * cxr_nelts(cases); i++) {
        memset(&in, 0, sizeof(in));
        memset(&view, 0, sizeof(view));
        in.order = cxr_str("KG-1001");
        in.since = w->now - cases[i / 2].took;
        say = cxr_say_to(w->ctx[i % 2], w->a);

        cxr_view_waiting(&say, &in, 1, w->now, &view);

        assert_false(say.failed);
        assert_int_equal(view.rows.n, 1);
        assert_true(cxr_str_is(view.rows.items[0].waited,
                               i % 2 ? cases[i / 2].en : cases[i / 2].tr));
    }
}


int
main(void)
{
#define WORLD(f)  cmocka_unit_test_setup_teardown(f, world_open, world_close)
    const struct CMUnitTest  tests[] = {
        WORLD(test_form),
        WORLD(test_query),
        WORLD(test_list),
        WORLD(test_rma_page),
        WORLD(test_mail_link),
        WORLD(test_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
