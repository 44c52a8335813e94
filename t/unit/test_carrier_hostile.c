
/*
 * XML that means harm, each kind a case: the feed stops with the right reason,
 * or passes over it, and what was whole before stays delivered.
 */

#include "carrier_gives.h"


static const char  profile_text[] =
    "<profile carrier='x' name='X'>"
    "<dates name='d'><date>yyyy-MM-dd</date></dates>"
    "<table name='t' source='s'><map code='D' status='delivered'/></table>"
    "<format path='r'><record path='p'><number path='n | @n'/>"
    "<service path='s'/>"
    "<events path='e' table='t'><code path='c'/><text path='x'/>"
    "<time path='d' dates='d'/></events>"
    "</record></format></profile>";

/* one good record, which must be delivered before what follows it fails */
#define GOOD  "<p><n>A1</n><e><c>D</c></e></p>"

static cxr_profile_t  *profile;


static int
setup(void **state)
{
    profile = kit_profile(profile_text);
    return 0;
}


static int
teardown(void **state)
{
    cxr_profile_free(profile);
    return 0;
}


static void
expect(cxr_str_t doc, const cxr_feed_limits_t *limits, cxr_feed_end_t end,
    unsigned reports)
{
    int        i;
    kit_run_t  run;

    static const int  cuts[] = { 0, 1, 7 };

    for (i = 0; i < 3; i++) {
        kit_run(&run, profile, limits, doc, cuts[i], 0);

        if (run.end != end || run.stats.reports != reports) {
            fail_msg("%.60s: %s (%s), %u reports", doc.data,
                     cxr_feed_end_names[run.end], run.diag.text,
                     (unsigned) run.stats.reports);
        }

        if (end != CXR_FEED_DONE) {
            assert_int_not_equal(run.rc, CXR_OK);
            assert_int_equal(run.diag.rc, run.rc);
            assert_string_equal(run.diag.where, cxr_feed_end_names[end]);
        }

        kit_free(&run);
    }
}

#define EXPECT(lit, end, reports)  expect(cxr_str(lit), NULL, end, reports)


static void
doctype(void **state)
{
    EXPECT("<!DOCTYPE r><r>" GOOD "</r>", CXR_FEED_DOCTYPE, 0);
    EXPECT("<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r>" GOOD "</r>",
           CXR_FEED_DOCTYPE, 0);
    EXPECT("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
           "<!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>"
           "<r>&c;" GOOD "</r>", CXR_FEED_DOCTYPE, 0);
    EXPECT("<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1/'>]>"
           "<r>&x;</r>", CXR_FEED_DOCTYPE, 0);
    EXPECT("<!DOCTYPE r [<!ENTITY % x SYSTEM 'file:///dev/zero'> %x;]><r/>",
           CXR_FEED_DOCTYPE, 0);
    EXPECT("<r>" GOOD "<!DOCTYPE r></r>", CXR_FEED_MALFORMED, 1);
}


static void
entities(void **state)
{
    EXPECT("<r>" GOOD "<p><n>&evil;</n></p></r>", CXR_FEED_ENTITY, 1);
    EXPECT("<r>" GOOD "<p n='&evil;'/></r>", CXR_FEED_ENTITY, 1);
    EXPECT("<r><p n='A&#x2d;1'><s>&lt;&amp;&gt;&quot;&apos;&#65;</s></p></r>",
           CXR_FEED_DONE, 1);
    EXPECT("<r>" GOOD "<p><n>&#0;</n></p></r>", CXR_FEED_MALFORMED, 1);
}


/* values come through as they are meant, ampersands in attributes too */
static void
escapes(void **state)
{
    size_t          i;
    kit_run_t       run;
    cxr_profile_t  *p;

    static const char *const  docs[] = {
        "<r><p n='1'><s v='a&amp;b&amp;amp;c&#38;#38;&lt;'/></p></r>",
        "<r><p n='1'><s>a&amp;b&amp;amp;c&#38;#38;&lt;</s></p></r>",
        "<r><p n='1'><s>a&amp;<!-- no -->b<![CDATA[&amp;]]>c&amp;<?x y?>"
        "#38;<![CDATA[<]]></s></p></r>"
    };

    p = kit_profile("<profile carrier='x' name='X'><table name='t' source='s'/>"
                    "<format path='r'><record path='p'><number path='@n'/>"
                    "<service path='s/@v | s'/><header table='t'>"
                    "<code path='@n'/></header></record></format></profile>");

    for (i = 0; i < cxr_nelts(docs); i++) {
        kit_run(&run, p, NULL, cxr_strz(docs[i]), 1, 0);
        assert_int_equal(run.stats.reports, 1);
        cxr_buf_addc(&run.out, '\0');
        assert_non_null(strstr(run.out.data, "\"a\\u0026b\\u0026amp;c\\u0026#38;"
                               "\\u003c\""));
        kit_free(&run);
    }

    cxr_profile_free(p);
}


/* a feed that stops looks at nothing of the document any more */
static void
stopped(void **state)
{
    size_t             i;
    cxr_buf_t          b;
    cxr_feed_limits_t  l;

    cxr_feed_limits(&l);
    l.name = 8;

    /* the name that is too long stands before a value that is wanted */
    expect(cxr_str("<r>" GOOD "<p abcdefghi='1' n='A2'/></r>"), &l,
           CXR_FEED_LIMIT, 1);
    expect(cxr_str("<r>" GOOD "<p><abcdefghi n='A2'/></p></r>"), &l,
           CXR_FEED_LIMIT, 1);

    EXPECT("<?xml version='1.0' encoding='UTF-7'?><!DOCTYPE r [<!ENTITY a 'b'>]>"
           "<r>&a;</r>", CXR_FEED_ENCODING, 0);

    cxr_buf_init(&b, 1 << 20);
    cxr_buf_addz(&b, "<r>" GOOD "<p abcdefghi='1' n='A2'>");

    for (i = 0; i < 6000; i++) {
        cxr_buf_addz(&b, "<p n='A3'>x</p>&a;");
    }

    expect(cxr_buf_str(&b), &l, CXR_FEED_LIMIT, 1);
    cxr_buf_free(&b);
}


static void
limits(void **state)
{
    char               *p;
    size_t              i, n;
    kit_run_t           run;
    cxr_buf_t           b;
    cxr_feed_limits_t   l;

    cxr_feed_limits(&l);
    l.depth = 8;
    expect(cxr_str("<r>" GOOD "<a><a><a><a><a><a><a/></a></a></a></a></a></a>"
                   "</r>"), &l, CXR_FEED_DONE, 1);
    expect(cxr_str("<r>" GOOD "<a><a><a><a><a><a><a><a/></a></a></a></a></a>"
                   "</a></a></r>"), &l, CXR_FEED_LIMIT, 1);

    cxr_feed_limits(&l);
    l.attributes = 2;
    l.attribute = 10;
    l.name = 5;
    l.text = 20;
    expect(cxr_str("<r>" GOOD "<a b='1' c='2'/><abcde/></r>"), &l,
           CXR_FEED_DONE, 1);
    expect(cxr_str("<r>" GOOD "<a b='1' c='2' d='3'/></r>"), &l,
           CXR_FEED_LIMIT, 1);
    expect(cxr_str("<r>" GOOD "<a b='12345678901'/></r>"), &l, CXR_FEED_LIMIT,
           1);
    expect(cxr_str("<r>" GOOD "<abcdef/></r>"), &l, CXR_FEED_LIMIT, 1);
    expect(cxr_str("<r>" GOOD "123456789012345678901</r>"), &l,
           CXR_FEED_LIMIT, 1);
    expect(cxr_str("<r>" GOOD "<![CDATA[123456789012345678901]]></r>"), &l,
           CXR_FEED_LIMIT, 1);

    cxr_feed_limits(&l);
    l.records = 2;
    expect(cxr_str("<r>" GOOD GOOD "</r>"), &l, CXR_FEED_DONE, 2);
    expect(cxr_str("<r>" GOOD GOOD GOOD "</r>"), &l, CXR_FEED_LIMIT, 2);

    cxr_feed_limits(&l);
    l.document = 40;
    expect(cxr_str("<r>" GOOD GOOD "</r>"), &l, CXR_FEED_LIMIT, 1);

    /* a tag that never ends must not be gathered for ever */
    n = 2 * 1024 * 1024;
    p = malloc(n);
    assert_non_null(p);
    memset(p, 'a', n);
    memcpy(p, "<r><a b='", 9);
    kit_run(&run, profile, NULL, cxr_strn(p, n), 0, 0);
    assert_int_equal(run.end, CXR_FEED_LIMIT);
    kit_free(&run);
    memcpy(p, "<r><!--  ", 9);
    kit_run(&run, profile, NULL, cxr_strn(p, n), 4096, 0);
    assert_int_equal(run.end, CXR_FEED_LIMIT);
    kit_free(&run);
    free(p);

    /* nor may names: every one of them is kept by the parser */
    cxr_buf_init(&b, 64 * 1024 * 1024);
    cxr_buf_addz(&b, "<r>");
    for (i = 0; i < 400000; i++) {
        cxr_buf_addf(&b, "<a%zx.bbbbbbbbbbbbbbbbbbbbbbbb/>", i);
    }
    cxr_buf_addz(&b, "</r>");
    kit_run(&run, profile, NULL, cxr_buf_str(&b), 0, 0);
    assert_int_not_equal(run.rc, CXR_OK);
    assert_true(run.end == CXR_FEED_MEMORY || run.end == CXR_FEED_LIMIT);
    kit_free(&run);
    cxr_buf_free(&b);
}


/* A record that is too much is refused alone; its neighbours are delivered. */
static void
records(void **state)
{
    size_t              i;
    kit_run_t           run;
    cxr_buf_t           b;
    cxr_feed_limits_t   l;

    static const char *const  codes[] = {
        "too_many_events", "too_many_elements", "too_large", "number_bad"
    };

    for (i = 0; i < cxr_nelts(codes); i++) {
        size_t  k;

        cxr_feed_limits(&l);
        cxr_buf_init(&b, 8 * 1024 * 1024);
        cxr_buf_addz(&b, "<r>" GOOD "\n<p><n>B2</n>");

        if (i == 0) {
            for (k = 0; k < 501; k++) {
                cxr_buf_addz(&b, "<e><c>D</c></e>");
            }
        } else if (i == 1) {
            for (k = 0; k < 20001; k++) {
                cxr_buf_addz(&b, "<q/>");
            }
        } else if (i == 2) {
            l.kept = 100;
            cxr_buf_addz(&b, "<s>");
            for (k = 0; k < 100; k++) {
                cxr_buf_addz(&b, "xxxxxxxxxxxxxxx");
            }
            cxr_buf_addz(&b, "</s>");
        } else {
            b.len -= strlen("<n>B2</n>");
            cxr_buf_addz(&b, "<n>B\"2</n>");
        }

        cxr_buf_addz(&b, "</p>" GOOD "</r>");
        assert_true(cxr_buf_ok(&b));

        kit_run(&run, profile, &l, cxr_buf_str(&b), 0, 0);
        assert_int_equal(run.end, CXR_FEED_DONE);
        assert_int_equal(run.stats.reports, 2);
        assert_int_equal(run.stats.refused, 1);
        cxr_buf_addc(&run.out, '\0');
        assert_non_null(strstr(run.out.data, codes[i]));
        assert_non_null(strstr(run.out.data, "\"refused\":2,\"line\":2,"));
        kit_free(&run);
        cxr_buf_free(&b);
    }
}


static void
encodings(void **state)
{
    char    doc[400];
    size_t  i, n;

    EXPECT("<?xml version='1.0' encoding='UTF-7'?><r>" GOOD "</r>",
           CXR_FEED_ENCODING, 0);
    EXPECT("<?xml version='1.0' encoding='IBM037'?><r>" GOOD "</r>",
           CXR_FEED_ENCODING, 0);
    EXPECT("<?xml version='1.0' encoding='no-such'?><r>" GOOD "</r>",
           CXR_FEED_ENCODING, 0);
    EXPECT("\x4c\x6f\xa7\x94\x93\x40\xa5\x85", CXR_FEED_ENCODING, 0);
    EXPECT("\0\0\0<\0\0\0r", CXR_FEED_ENCODING, 0);
    EXPECT("<r>" GOOD "\xff\xfe</r>", CXR_FEED_ENCODING, 1);
    EXPECT("<r>" GOOD "<p><n>\xc0\x80</n></p></r>", CXR_FEED_ENCODING, 1);
    EXPECT("<r>" GOOD "<p><n>\xed\xa0\x80</n></p></r>", CXR_FEED_ENCODING, 1);
    EXPECT("<r>" GOOD "<p><n>A\0B</n></p></r>", CXR_FEED_MALFORMED, 1);
    EXPECT("<r>" GOOD "<p><n>A\x01</n></p></r>", CXR_FEED_MALFORMED, 1);
    EXPECT("\xef\xbb\xbf \n<?xml version='1.0' encoding='UTF-8'?><r>" GOOD
           "</r>", CXR_FEED_DONE, 1);
    EXPECT("  \r\n\t<?xml version='1.0' encoding='iso-8859-9'?><r>" GOOD
           "</r>", CXR_FEED_DONE, 1);

    /* the mark is of the bytes themselves; what was declared is what some
       program meant to write */
    gives(profile_text, "\xef\xbb\xbf<?xml version='1.0' "
          "encoding='iso-8859-9'?><r><p><n>A1</n><s>\xc5\x9e" "ubede</s></p></r>",
          "\"service\":\"\xc5\x9e" "ubede\"");
    EXPECT("\xef\xbb\xbf<?xml version='1.0' encoding='iso-8859-9'?><r>" GOOD
           "<p><n>\xde</n></p></r>", CXR_FEED_ENCODING, 1);

    /* UTF-16 with a mark */
    doc[0] = (char) 0xff;
    doc[1] = (char) 0xfe;
    n = 2;
    for (i = 0; i < strlen("<r>" GOOD "</r>"); i++) {
        doc[n++] = ("<r>" GOOD "</r>")[i];
        doc[n++] = '\0';
    }
    expect(cxr_strn(doc, n), NULL, CXR_FEED_DONE, 1);
}


static void
shapes(void **state)
{
    EXPECT("", CXR_FEED_MALFORMED, 0);
    EXPECT("  \n ", CXR_FEED_MALFORMED, 0);
    EXPECT("<", CXR_FEED_MALFORMED, 0);
    EXPECT("no xml", CXR_FEED_MALFORMED, 0);
    EXPECT("<r>" GOOD "</r><r>" GOOD "</r>", CXR_FEED_MALFORMED, 1);
    EXPECT("<r>" GOOD "</r>\n<?xml version='1.0'?><r/>", CXR_FEED_MALFORMED,
           1);
    EXPECT("<r>" GOOD "</r>\n<!-- end --><?pi?>\n", CXR_FEED_DONE, 1);
    EXPECT("<r>" GOOD "<p></r></p>", CXR_FEED_MALFORMED, 1);
    EXPECT("<r>" GOOD "<p n='1' n='2'/></r>", CXR_FEED_MALFORMED, 1);
    EXPECT("<?php system('x') ?><r><?x " GOOD "?>" GOOD "</r>", CXR_FEED_DONE,
           1);
    EXPECT("<html><body>504 Gateway Time-out</body></html>", CXR_FEED_FORMAT,
           0);
    EXPECT("<r xmlns:a='&#10;not a uri'><q:z/>" GOOD "</r>", CXR_FEED_DONE,
           1);
    EXPECT("<q:r xmlns:q='urn:q'><q:p><q:n>A1</q:n></q:p></q:r>",
           CXR_FEED_DONE, 1);
}


static void
sink(void **state)
{
    kit_run_t         run;
    cxr_feed_t       *f;
    cxr_feed_sink_t   sink = { &run, kit_arena, kit_report, NULL };

    memset(&run, 0, sizeof(run));
    run.arena = cxr_arena_create(1 << 20);
    cxr_buf_init(&run.out, 1 << 20);
    run.say = CXR_FULL;

    assert_int_equal(cxr_feed_open(profile, NULL, cxr_str("UTF-7"), &sink, &f),
                     CXR_INVALID);
    assert_null(f);

    assert_int_equal(cxr_feed_open(profile, NULL, cxr_str("utf-8"), &sink, &f),
                     CXR_OK);
    assert_int_equal(cxr_feed_push(f, "<r>" GOOD GOOD, 3 + 2 * (sizeof(GOOD)
                                                               - 1)),
                     CXR_FULL);
    assert_int_equal(cxr_feed_end(f), CXR_FEED_SINK);
    assert_int_equal(cxr_feed_push(f, "<", 1), CXR_FULL);
    assert_int_equal(cxr_feed_finish(f), CXR_FULL);
    assert_int_equal(cxr_feed_stats(f)->reports, 0);
    cxr_feed_close(f);
    kit_free(&run);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(doctype),
        cmocka_unit_test(entities),
        cmocka_unit_test(escapes),
        cmocka_unit_test(stopped),
        cmocka_unit_test(limits),
        cmocka_unit_test(records),
        cmocka_unit_test(encodings),
        cmocka_unit_test(shapes),
        cmocka_unit_test(sink)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, setup, teardown);
}
