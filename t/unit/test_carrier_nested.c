
/*
 * Documents within documents: XML as text, in CDATA, or lines and columns.
 * They give what the same elements in the open would give, count towards the
 * same limits, and whatever way the outer document comes makes no difference.
 */

#include "carrier_kit.h"


static const char  profile_text[] =
    "<profile carrier='x' name='X'>"
    "<dates name='d'><date>yyyy-MM-dd H:mm:ss</date><date>yyyy-MM-dd</date>"
    "</dates>"
    "<table name='t' source='s'><map code='D' status='delivered'/>"
    "<map text-contains='teslim' status='delivered'/></table>"
    "<format path='r'>"
    "<error code='res' text='\"no XML\"' class='permanent'/>"
    "<reparse path='res' as='xml'/>"
    "<reparse path='lines' as='lines'/>"
    "<reparse path='odd' as='lines' rows='##' columns=';'/>"
    "<record path='res/Q/p'><number path='n'/><service path='s'/>"
    "<events path='e' table='t'><code path='@c'/><text path='.'/></events>"
    "</record>"
    "<record path='p'><number path='n'/><service path='s'/>"
    "<events path='e' table='t'><code path='@c'/><text path='.'/></events>"
    "</record>"
    "<record path='lines'><number path='request()'/>"
    "<events path='row' table='t' order='asc'><text path='c1'/>"
    "<time path='c2' dates='d'/><place path='c3'/></events></record>"
    "<record path='odd'><number path='request()'/>"
    "<events path='row' table='t'><text path='c1'/><place path='c3'/>"
    "</events></record>"
    "</format></profile>";

#define INNER  "<Q><p><n>A1</n><s>a &amp; b</s><e c='D'>TESL\xc4\xb0M</e></p>" \
               "<p><n>A2</n><e c='X'/></p></Q>"

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


/* the outcome, the same for every way of cutting it into pieces */
static void
run_all(kit_run_t *whole, const cxr_feed_limits_t *limits, cxr_str_t doc)
{
    int        i;
    kit_run_t  run;

    kit_asked = cxr_str("777");
    kit_run(whole, profile, limits, doc, 0, 0);

    for (i = 0; i < 12; i++) {
        kit_run(&run, profile, limits, doc, i < 2 ? i * 6 + 1 : -1,
                (unsigned) i);

        if (run.end != whole->end
            || !cxr_str_eq(cxr_buf_str(&run.out), cxr_buf_str(&whole->out)))
        {
            fail_msg("%.200s: %s (%s), then %s (%s)", doc.data,
                     cxr_feed_end_names[whole->end], whole->diag.text,
                     cxr_feed_end_names[run.end], run.diag.text);
        }

        kit_free(&run);
    }

    kit_asked = CXR_STR_NONE;
}


static cxr_str_t
escaped(const char *s)
{
    static char  out[16384];
    size_t       n = 0;

    n += (size_t) sprintf(out, "<r><res>");

    for ( /* void */ ; *s; s++) {
        switch (*s) {
        case '<':
            n += (size_t) sprintf(out + n, "&lt;");
            break;
        case '&':
            n += (size_t) sprintf(out + n, "&amp;");
            break;
        default:
            out[n++] = *s;
            break;
        }
    }

    n += (size_t) sprintf(out + n, "</res></r>");

    return cxr_strn(out, n);
}


static void
same(void **state)
{
    size_t     i;
    kit_run_t  open, run;

    /* the declaration's encoding is not what the text is in */
    static const char *const  heads[] = {
        "", "  \n", "\xef\xbb\xbf", "<?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\" encoding=\"iso-8859-9\"?>",
        "<?xml version='1.0' encoding='UTF-16'?>\n",
        "<?xml version='1.0' encoding='UTF-7'?>", "<!-- x --><?y z?>"
    };
    char  text[1024];

    run_all(&open, NULL, cxr_str("<r><p><n>A1</n><s>a &amp; b</s>"
                                 "<e c='D'>TESL\xc4\xb0M</e></p>"
                                 "<p><n>A2</n><e c='X'/></p></r>"));
    assert_int_equal(open.stats.reports, 2);

    for (i = 0; i < cxr_nelts(heads); i++) {
        snprintf(text, sizeof(text), "%s%s", heads[i], INNER);
        run_all(&run, NULL, escaped(text));
        if (!cxr_str_eq(cxr_buf_str(&run.out), cxr_buf_str(&open.out))) {
            fail_msg("%s: %s %.*s", heads[i], run.diag.text,
                     cxr_str_arg(cxr_buf_str(&run.out)));
        }
        kit_free(&run);

        snprintf(text, sizeof(text), "<r><res>\n <![CDATA[%s]]>\n</res></r>",
                 strstr(heads[i], "-->") ? "" : heads[i]);
        memmove(strstr(text, "]]>") + strlen(INNER), strstr(text, "]]>"),
                strlen(strstr(text, "]]>")) + 1);
        memcpy(strstr(text, "<![CDATA[") + 9
               + (strstr(heads[i], "-->") ? 0 : strlen(heads[i])),
               INNER, strlen(INNER));
        run_all(&run, NULL, cxr_strz(text));
        if (!cxr_str_eq(cxr_buf_str(&run.out), cxr_buf_str(&open.out))) {
            fail_msg("CDATA %s: %s %.*s", text, run.diag.text,
                     cxr_str_arg(cxr_buf_str(&run.out)));
        }
        kit_free(&run);
    }

    kit_free(&open);
}


static void
empty(void **state)
{
    kit_run_t  run;

    /* nothing is no data; a text that is no XML is a text */

    run_all(&run, NULL, cxr_str("<r><res/><res>  \n </res><lines/></r>"));
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.faults, 0);
    assert_int_equal(run.stats.reports, 1);
    assert_int_equal(run.stats.events, 0);
    kit_free(&run);

    run_all(&run, NULL, cxr_str("<r><res>No permission: &lt;p></res></r>"));
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.faults, 1);
    kit_free(&run);
}


static void
lines(void **state)
{
    kit_run_t  run, bare;

    run_all(&run, NULL, cxr_str("<r><lines>\n"
        "Kabul|2024-02-01 10:00:00|KADIK\xc3\x96Y\r\n"
        " | 2024-02-02 03:10:00 |TUZLA\n\n"
        "Teslim Edildi|2024-02-03 14:05:00| \xc5\x9e\xc4\xb0\xc5\x9eL\xc4\xb0 |x"
        "</lines></r>"));
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.reports, 1);
    assert_int_equal(run.stats.events, 2);
    assert_int_equal(run.stats.ignored, 1);     /* has no text */
    cxr_buf_addc(&run.out, '\0');
    assert_non_null(strstr(run.out.data, "\"number\":\"777\""));
    assert_non_null(strstr(run.out.data, "\"place\":\"KADIK\xc3\x96Y\""));
    assert_non_null(strstr(run.out.data, "\"place\":\"\xc5\x9e\xc4\xb0\xc5\x9eL"
                                         "\xc4\xb0\""));
    assert_non_null(strstr(run.out.data, "\"at\":\"2024-02-03T14:05:00Z\""));
    assert_non_null(strstr(run.out.data, "\"seq\":3"));
    kit_free(&run);

    run_all(&run, NULL, cxr_str("<r><odd>a;;b#c###d;e;f;##</odd></r>"));
    assert_int_equal(run.stats.events, 2);
    cxr_buf_addc(&run.out, '\0');
    assert_non_null(strstr(run.out.data, "\"place\":\"b#c\""));
    assert_non_null(strstr(run.out.data, "\"text\":\"#d\""));
    kit_free(&run);

    /* lines that are XML are XML */

    run_all(&run, NULL, cxr_str("<r><lines>&lt;a>&lt;row>&lt;c1>x&lt;/c1>"
                                "&lt;/row>&lt;/a></lines></r>"));
    run_all(&bare, NULL, cxr_str("<r><lines><a><row><c1>x</c1></row></a>"
                                 "</lines></r>"));
    assert_true(cxr_str_eq(cxr_buf_str(&run.out), cxr_buf_str(&bare.out)));
    kit_free(&run);
    kit_free(&bare);
}


static void
expect(const char *inner, const cxr_feed_limits_t *l, cxr_feed_end_t end)
{
    char       text[16500];
    kit_run_t  run;

    /* the good record before it is delivered, whatever comes of it */
    snprintf(text, sizeof(text), "<r><p><n>A0</n><e/></p>%.*s",
             (int) escaped(inner).len - 3, escaped(inner).data + 3);
    run_all(&run, l, cxr_strz(text));

    if (run.end != end || run.stats.reports < 1) {
        fail_msg("%.80s: %s (%s)", inner, cxr_feed_end_names[run.end],
                 run.diag.text);
    }

    kit_free(&run);
}


static void
hostile(void **state)
{
    char               deep[8192];
    size_t             i, n = 0;
    cxr_feed_limits_t  l;

    expect("<!DOCTYPE Q><Q/>", NULL, CXR_FEED_DOCTYPE);
    expect("<!DOCTYPE Q [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><Q>&b;</Q>",
           NULL, CXR_FEED_DOCTYPE);
    expect("<Q>&evil;</Q>", NULL, CXR_FEED_ENTITY);
    expect("<Q", NULL, CXR_FEED_MALFORMED);
    expect("<Q>", NULL, CXR_FEED_MALFORMED);
    expect("<Q></P>", NULL, CXR_FEED_MALFORMED);
    expect("<Q/><Q/>", NULL, CXR_FEED_MALFORMED);
    expect("<Q/>x", NULL, CXR_FEED_MALFORMED);
    expect("<", NULL, CXR_FEED_MALFORMED);
    expect("<Q>\x01</Q>", NULL, CXR_FEED_MALFORMED);

    /* one level: what looks like a nested document within one is a text */
    expect("<Q><res>&lt;Q>&lt;p>&lt;n>B1&lt;/n>&lt;/p>&lt;/Q></res></Q>",
           NULL, CXR_FEED_DONE);

    /* the depth is shared: 4 outside and 5 within pass 8 */
    cxr_feed_limits(&l);
    l.depth = 8;
    expect("<Q><a><a><a><a><a/></a></a></a></a></Q>", &l, CXR_FEED_DONE);
    expect("<Q><a><a><a><a><a><a/></a></a></a></a></a></Q>", &l,
           CXR_FEED_LIMIT);

    for (i = 0; i < 70; i++) {
        n += (size_t) sprintf(deep + n, "<a>");
    }

    expect(deep, NULL, CXR_FEED_LIMIT);

    cxr_feed_limits(&l);
    l.nested = 40;
    expect("<Q>                        x       </Q>", &l, CXR_FEED_DONE);
    expect("<Q>                        x                </Q>", &l,
           CXR_FEED_LIMIT);

    cxr_feed_limits(&l);
    l.attributes = 1;
    expect("<Q a='1' b='2'/>", &l, CXR_FEED_LIMIT);
    cxr_feed_limits(&l);
    l.text = 4;
    expect("<Q>12345</Q>", &l, CXR_FEED_LIMIT);
    cxr_feed_limits(&l);
    l.records = 2;
    expect(INNER, &l, CXR_FEED_LIMIT);
}


/* more than fits into the memory must not: it is read as it arrives */
static void
large(void **state)
{
    size_t             i;
    kit_run_t          run;
    cxr_buf_t          b;
    cxr_feed_limits_t  l;

    cxr_buf_init(&b, 64 * 1024 * 1024);
    cxr_buf_addz(&b, "<r><res>&lt;Q>");

    for (i = 0; i < 60000; i++) {
        cxr_buf_addf(&b, "&lt;p>&lt;n>N%u&lt;/n>&lt;e c='D'/>&lt;/p>",
                     (unsigned) i);
    }

    cxr_buf_addz(&b, "&lt;/Q></res><lines>");

    for (i = 0; i < 300; i++) {
        cxr_buf_addf(&b, "Teslim %u|2024-02-01|x\n", (unsigned) i);
    }

    cxr_buf_addz(&b, "</lines></r>");

    cxr_feed_limits(&l);
    l.kept = 64 * 1024;
    l.text = 64;
    kit_asked = cxr_str("1");
    kit_run(&run, profile, &l, cxr_buf_str(&b), 5000, 0);
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.reports, 60001);
    assert_int_equal(run.stats.events, 60300);
    kit_free(&run);

    /* rows count as elements */
    l.elements = 500;
    kit_run(&run, profile, &l, cxr_buf_str(&b), 5000, 0);
    assert_int_equal(run.stats.reports, 60000);
    assert_int_equal(run.stats.refused, 1);
    kit_free(&run);
    kit_asked = CXR_STR_NONE;
    cxr_buf_free(&b);
}


/*
 * An element that may be a record itself, as far as one can tell before its
 * end, does not make those within it count as one.
 */
static void
around(void **state)
{
    size_t             i;
    kit_run_t          run;
    cxr_buf_t          b;
    cxr_profile_t     *p;
    cxr_feed_limits_t  l;

    p = kit_profile("<profile carrier='x' name='X'><table name='t' source='s'/>"
                    "<format path='r'><reparse path='a/b' as='xml'/>"
                    "<record path='*[late]'><number path='late'/>"
                    "<header table='t'><code path='late'/></header></record>"
                    "<record path='a/b/Q/p'><number path='n'/>"
                    "<header table='t'><code path='n'/></header></record>"
                    "</format></profile>");
    cxr_buf_init(&b, 1 << 20);
    cxr_buf_addz(&b, "<r><a><b><![CDATA[<Q>");

    for (i = 0; i < 5000; i++) {
        cxr_buf_addf(&b, "<p><n>%u</n><x/></p>", (unsigned) i);
    }

    cxr_buf_addz(&b, "</Q>]]></b></a></r>");
    cxr_feed_limits(&l);
    l.elements = 12;
    kit_run(&run, p, &l, cxr_buf_str(&b), 0, 0);
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.reports, 5000);
    assert_int_equal(run.stats.refused, 0);
    kit_free(&run);
    cxr_buf_free(&b);
    cxr_profile_free(p);
}


/* a section longer than the parser's own buffers comes through whole */
static void
cdata(void **state)
{
    int        i, k;
    size_t     n, len;
    kit_run_t  run;
    cxr_buf_t  b, inner;

    for (k = 0; k < 2; k++) {
        cxr_buf_init(&inner, 8 << 20);
        cxr_buf_init(&b, 8 << 20);

        /* in the second round there are sections within the section's document;
           "]]>" cannot stand there, so it is escaped outside */
        cxr_buf_addz(&inner, "<Q>");

        for (n = 0; n < 30000; n++) {
            cxr_buf_addf(&inner, "<p><n>%u</n><e c='D'/></p>", (unsigned) n);
        }

        if (k == 1) {
            cxr_buf_addz(&inner, "<p><n>X</n><s><![CDATA[");
            cxr_buf_addf(&inner, "%0100000u", 0);
            cxr_buf_addz(&inner, "]]></s><e/></p>");
        }

        cxr_buf_addz(&inner, "</Q>");
        cxr_buf_addz(&b, "<r><res>");

        if (k == 0) {
            cxr_buf_addz(&b, "<![CDATA[");
            cxr_buf_adds(&b, cxr_buf_str(&inner));
            cxr_buf_addz(&b, "]]>");

        } else {
            cxr_buf_xml(&b, cxr_buf_str(&inner));
        }

        cxr_buf_addz(&b, "</res><p><n>Z</n><e/></p></r>");
        len = 30001 + (size_t) k;

        for (i = 0; i < 3; i++) {
            kit_run(&run, profile, NULL, cxr_buf_str(&b), i * 60000, 0);

            if (run.end != CXR_FEED_DONE || run.stats.reports != len) {
                fail_msg("round %d, %d: %s, %u reports", k, i, run.diag.text,
                         (unsigned) run.stats.reports);
            }

            kit_free(&run);
        }

        cxr_buf_free(&inner);
        cxr_buf_free(&b);
    }
}


/* many of them, one after another and with text and elements around them */
static void
mixed(void **state)
{
    kit_run_t  run;

    run_all(&run, NULL, cxr_str(
        "<r><res>&lt;Q>&lt;p>&lt;n>A1&lt;/n>&lt;e/>&lt;/p>&lt;/Q>"
        "<x/>&lt;Q/> text</res>"
        "<res><![CDATA[<Q><p><n>A]]>2<![CDATA[</n><e/></p>]]>&lt;/Q></res>"
        "<p><n>A3</n><e/></p>"
        "<res>&lt;Q>&lt;p>&lt;n>A4&lt;/n>&lt;e/>&lt;/p><!-- c -->&lt;/Q></res>"
        "</r>"));
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.reports, 4);
    kit_free(&run);

    run_all(&run, NULL, cxr_str("<r><res>&lt;Q><x/>&lt;/Q></res></r>"));
    assert_int_equal(run.end, CXR_FEED_MALFORMED);
    kit_free(&run);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(same, setup, teardown),
        cmocka_unit_test_setup_teardown(empty, setup, teardown),
        cmocka_unit_test_setup_teardown(lines, setup, teardown),
        cmocka_unit_test_setup_teardown(hostile, setup, teardown),
        cmocka_unit_test_setup_teardown(large, setup, teardown),
        cmocka_unit_test_setup_teardown(around, setup, teardown),
        cmocka_unit_test_setup_teardown(cdata, setup, teardown),
        cmocka_unit_test_setup_teardown(mixed, setup, teardown)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, NULL, NULL);
}
