
/*
 * The parts of the profile language for carriers that do not put things where
 * one would look: numbers from the request, one event for many numbers, a
 * date's form and zone told beside it, codes within texts, retractions.
 */

#include "carrier_gives.h"

#include "cxr_trace.h"


#define HEAD   "<profile carrier='x' name='X'>"
#define DATES  "<dates name='d'><date>yyyy-MM-dd H:mm</date></dates>"
#define TABLE  "<table name='t' source='s'><map code='D' status='delivered'/>" \
               "<map code='T' status='in_transit'/></table>"
#define RECORD(in)  HEAD DATES TABLE "<format path='r'><record path='p'>" in   \
                    "</record></format></profile>"


static void
request(void **state)
{
    cxr_feed_t      *f;
    cxr_feed_sink_t  sink;
    cxr_profile_t   *p;

    static const char  text[] =
        RECORD("<number path='n | request()'/><header table='t'>"
               "<code path='c'/></header>");

    kit_asked = cxr_str(" ab 12 ");
    gives(text, "<r><p><c>D</c></p></r>", "\"number\":\"AB12\"");
    gives(text, "<r><p><n>Z9</n><c>D</c></p></r>", "\"number\":\"Z9\"");
    kit_asked = CXR_STR_NONE;
    gives(text, "<r><p><c>D</c></p></r>", "\"code\":\"number_missing\"");

    p = kit_profile(text);
    memset(&sink, 0, sizeof(sink));
    assert_int_equal(cxr_feed_open(p, NULL, CXR_STR_NONE, &sink, &f), CXR_OK);
    assert_int_equal(cxr_feed_request(f, cxr_str("\xff")), CXR_INVALID);
    assert_int_equal(cxr_feed_request(f, cxr_strn(text,
                                                  CXR_FEED_REQUEST_MAX + 1)),
                     CXR_LIMIT);
    cxr_feed_close(f);
    cxr_profile_free(p);
}


static void
numbers(void **state)
{
    /* one event for many, some of which are no parcels */

    gives(HEAD DATES TABLE "<format path='r'>"
          "<record path='ev/list/epc' hold='2'>"
          "<ignore path='.' capture='^urn:sscc:' present='no'/>"
          "<number path='.' after='urn:sscc:'/>"
          "<events path='../..' table='t'><code path='step'/>"
          "<time path='at' dates='d'/></events>"
          "</record></format></profile>",
          "<r><ev><list><epc>urn:sscc:11.2</epc><epc>urn:other:5</epc>"
          "<epc>urn:sscc:11.3</epc></list><step>D</step>"
          "<at>2026-11-02 8:00</at></ev></r>",
          "\"number\":\"11.2\"|\"status\":\"delivered\"|\"number\":\"11.3\"|"
          "2026-11-02T08:00:00Z|\"status\":\"delivered\"");

    /* the number in each event: a report for each */

    gives(RECORD("<number path='b'/><events path='.' table='t'>"
                 "<code path='c'/></events>"),
          "<r><p><b>1</b><c>T</c></p><p><b>1</b><c>D</c></p>"
          "<p><b>2</b><c>T</c></p></r>",
          "\"number\":\"1\"|in_transit|\"number\":\"1\"|delivered|"
          "\"number\":\"2\"|in_transit");

    /* more of the record */

    gives(RECORD("<number path='n'/><pieces path='k'/>"
                 "<return-number path='b'/><header table='t'>"
                 "<code path='c'/></header>"),
          "<r><p><n>1</n><k>3</k><b>zz 9</b><c>D</c></p>"
          "<p><n>2</n><k>many</k><b>?!</b><c>D</c></p></r>",
          "\"pieces\":3|\"return_number\":\"ZZ9\"|\"number\":\"2\"|"
          "\"scans\":[]}");

    /* who takes it to the door */

    gives(RECORD("<number path='n'/><partner path='w'/>"
                 "<partner-number path='m'/><header table='t'>"
                 "<code path='c'/></header>"),
          "<r><p><n>1</n><w> An  Post</w><m>ab 9</m><c>D</c></p>"
          "<p><n>2</n><m>?!</m><c>D</c></p></r>",
          "\"partner\":\"An Post\"|\"partner_number\":\"AB9\"|"
          "\"number\":\"2\"|\"scans\":[]}");

    /* where it waits and until when; hours of nowhere are left out */

    gives(RECORD("<number path='n'/><pickup-until path='u' dates='d'/>"
                 "<pickup-point path='w + a?'/><pickup-hours path='h'/>"
                 "<header table='t'><code path='c'/></header>"),
          "<r><p><n>1</n><u>2026-11-09 18:00</u><w> Kiosk  Moda</w><a>Moda "
          "Cad. 1</a><h>9-18</h><c>D</c></p>"
          "<p><n>2</n><u>never</u><h>9-18</h><c>D</c></p></r>",
          "\"pickup_until\":\"2026-11-09T18:00:00Z\"|"
          "\"pickup_precision\":\"minute\"|"
          "\"pickup_point\":\"Kiosk Moda, Moda Cad. 1\"|"
          "\"pickup_hours\":\"9-18\"|\"number\":\"2\"|\"scans\":[]}");

    /* of a signature only that there is one, and of deliveries alone; where
       it was left is a rule's word */

    gives(RECORD("<number path='n'/><events path='e' table='t'>"
                 "<code path='c'/><signature path='s'/>"
                 "<override path='w' is='DOOR' from='delivered' "
                 "status='delivered' left='safe_place'/></events>"),
          "<r><p><n>1</n><e><c>T</c><s>A. NAME</s><w>DOOR</w></e>"
          "<e><c>D</c><s>A. NAME</s><w>DOOR</w></e><e><c>D</c><s/></e></p></r>",
          "in_transit|\"time_text\":\"\"}|delivered|\"time_text\":\"\","
          "\"left\":\"safe_place\",\"signature\":true}|delivered|"
          "\"time_text\":\"\"}");
}


static void
dates(void **state)
{
    static const char  form[] =
        HEAD "<dates name='d'><date form='YYYYMMDD HHMM'>yyyyMMdd Hmm</date>"
        "<date form='ddmmyyyy hhmm|x'>ddMMyyyy Hmm</date>"
        "<date>yyyy-MM-dd H:mm</date></dates>" TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='.' table='t'><code path='c'/>"
        "<time path='d + t | d' dates='d' form='d/@f + t/@f? | d/@f'/></events>"
        "</record></format></profile>";
    static const char  zones[] =
        HEAD "<zone name='ET' tz='America/New_York'/>"
        "<zones name='land'><zone name='ET' tz='Africa/Addis_Ababa'/>"
        "<zone name='tr' tz='Europe/Istanbul'/>"
        "<zone name='JP' offset='+09:00'/></zones>" DATES TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='.' table='t'><code path='c'/>"
        "<time path='d' dates='d' zone='z' where='l' zones='land'/></events>"
        "</record></format></profile>";

    gives(form, "<r><p><n>1</n><c>D</c><d f='YYYYMMDD'>20261112</d>"
                "<t f='HHMM'>0841</t></p></r>", "2026-11-12T08:41:00Z");
    gives(form, "<r><p><n>1</n><c>D</c><d f='DDMMYYYY'>12112026</d>"
                "<t f='HHMM'>0841</t></p></r>", "2026-11-12T08:41:00Z");
    gives(form, "<r><p><n>1</n><c>D</c><d f='other'>12112026</d>"
                "<t f='HHMM'>0841</t></p></r>", "\"at\":null");
    gives(form, "<r><p><n>1</n><c>D</c><d>2026-11-12 8:41</d></p></r>",
          "2026-11-12T08:41:00Z");

    gives(zones, "<r><p><n>1</n><c>D</c><d>2026-07-12 12:00</d><l>TR</l></p>"
                 "</r>", "2026-07-12T09:00:00Z|\"zone\":\"field\"");
    gives(zones, "<r><p><n>1</n><c>D</c><d>2026-07-12 12:00</d><l>JP</l></p>"
                 "</r>", "2026-07-12T03:00:00Z");
    gives(zones, "<r><p><n>1</n><c>D</c><d>2026-07-12 12:00</d><l>ET</l></p>"
                 "</r>", "2026-07-12T09:00:00Z");
    gives(zones, "<r><p><n>1</n><c>D</c><d>2026-07-12 12:00</d><z>ET</z>"
                 "<l>TR</l></p></r>", "2026-07-12T16:00:00Z");
    gives(zones, "<r><p><n>1</n><c>D</c><d>2026-07-12 12:00</d><l>XX</l></p>"
                 "</r>", "2026-07-12T12:00:00Z|\"zone\":\"unknown\"");

    bad(RECORD("<number path='n'/><events path='.' table='t'>"
               "<code path='c'/><time path='d' dates='d' where='l'/>"
               "</events>"), "needs \"zones\"");
    bad(RECORD("<number path='n'/><events path='.' table='t'>"
               "<code path='c'/><time path='d' dates='d' where='l' "
               "zones='no'/></events>"), "<zones name=\"no\">");
    bad(HEAD "<zones name='a'/>" TABLE "<format path='r'/></profile>",
        "<zone> is missing");
}


static void
capture(void **state)
{
    size_t     i;
    char       profile[1024], doc[512], want[128];

    static const struct {
        const char  *pattern, *text, *out;    /* NULL: absent */
    }  rows[] = {
        { "^\\[(\\d+)\\]", "[02] Teslim Edilemedi", "02" },
        { "^\\[(\\d+)\\]", "x [02] y", NULL },
        { "\\[(\\d+)\\]", "x [a] [02] y", "02" },
        { "\\d{2}\\.\\d{2}", "am 12.05.", "12.05" },
        { "(\\d{2,3})$", "1 12345", "345" },
        { "a*b", "aaab", "aaab" },
        { "(a*)b", "xaab ab", "aa" },
        { "a+?", "", "?" },
        { "([^ ]+) *$", "one two", "two" },
        { "kod: *(\\w+)", "kod:   \xc5\x9e" "BE7 x", "\xc5\x9e" "BE7" },
        { ".(.)$", "x\xc4\xb0", "\xc4\xb0" },
        { "[a-c]x?", "zzcx", "cx" },
        { "[\\d.]+", "v1.2-3", "1.2" },
        { "a.*z", "xaz1z2", "az1z" },
        { "\\(([^)]*)\\)", "a (b) (c)", "b" },
        { "()x", "x", NULL },
        { "z", "abc", NULL },
        { "^$", "abc", NULL }
    };
    static const struct {
        const char  *pattern, *why;
    }  wrong[] = {
        { "", "empty" }, { "(", "not closed" }, { ")", "closes nothing" },
        { "(a)(b)", "one group" }, { "(a)+", "no count" },
        { "a|b", "no alternatives" }, { "*a", "means nothing" },
        { "a**", "means nothing" }, { "[a", "not closed" }, { "[]", "empty" },
        { "[b-a]", "backwards" }, { "a{0}", "a count" }, { "a{3,2}", "a count" },
        { "a{99}", "a count" }, { "\\q", "after" }, { "a\\", "follows" },
        { "a$b", "at the end" }, { ".{32}.{32}.{32}.{32}.{32}", "too long" }
    };

    for (i = 0; i < cxr_nelts(rows); i++) {
        if (rows[i].out != NULL && strcmp(rows[i].out, "?") == 0) {
            continue;
        }

        snprintf(profile, sizeof(profile), RECORD("<number path='n'/>"
                 "<service path='s' capture='%s'/><header table='t'>"
                 "<code path='n'/></header>"), rows[i].pattern);
        snprintf(doc, sizeof(doc), "<r><p><n>1</n><s>%s</s></p></r>",
                 rows[i].text);
        snprintf(want, sizeof(want), "\"service\":\"%s\"",
                 rows[i].out ? rows[i].out : "");
        gives(profile, doc, want);
    }

    for (i = 0; i < cxr_nelts(wrong); i++) {
        snprintf(profile, sizeof(profile), RECORD("<number path='n'/>"
                 "<service path='s' capture='%s'/><header table='t'>"
                 "<code path='n'/></header>"), wrong[i].pattern);
        bad(profile, wrong[i].why);
    }
}


static void
match(void **state)
{
    bad(HEAD "<table name='t' source='s'><map text-match='a|b' "
        "status='expired'/></table><format path='r'/></profile>",
        "no alternatives");
    gives(HEAD "<table name='t' source='s' fold='turkish'>"
          "<map code='X' text-match='teslim.* ED\xc4\xb0LD\xc4\xb0$' "
          "status='delivered'/>"
          "<map code='X' text-match='^Delivery attempt \\d$' status='expired'/>"
          "<map code-match='^\\d{2}$' status='in_transit'/>"
          "<map code='Y' text-match='^(x*)$' status='picked_up'/></table>"
          "<format path='r'><record path='p'><number path='n'/>"
          "<events path='e' table='t'><code path='@c'/><text path='.'/>"
          "</events></record></format></profile>",
          "<r><p><n>1</n><e c='X'>TESL\xc4\xb0M ALICIYA ED\xc4\xb0LD\xc4\xb0</e>"
          "<e c='X'>DELIVERY ATTEMPT 2</e><e c='X'>delivery attempt</e>"
          "<e c='42'/><e c='427'/><e c='Y'/></p></r>",
          "\"status\":\"delivered\"|\"status\":\"expired\"|"
          "\"status\":\"unknown\"|\"status\":\"in_transit\"|"
          "\"status\":\"unknown\"|\"status\":\"picked_up\"");
}


/* what makes a backtracking matcher run for years */
static void
capture_time(void **state)
{
    kit_run_t       run;
    cxr_buf_t       b;
    unsigned        i;
    cxr_profile_t  *p;

    p = kit_profile(RECORD("<number path='n'/><service path='s' "
                    "capture='0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*0*(b)'/>"
                    "<header table='t'><code path='n'/></header>"));
    cxr_buf_init(&b, 1 << 20);
    cxr_buf_addz(&b, "<r>");

    for (i = 0; i < 20; i++) {
        cxr_buf_addz(&b, "<p><n>1</n><s>");
        cxr_buf_addf(&b, "%08000u", 0);
        cxr_buf_addz(&b, "</s></p>");
    }

    cxr_buf_addz(&b, "</r>");
    kit_run(&run, p, NULL, cxr_buf_str(&b), 0, 0);
    assert_int_equal(run.stats.reports, 20);
    kit_free(&run);
    cxr_buf_free(&b);
    cxr_profile_free(p);
}


static void
retract(void **state)
{
    static const char  text[] =
        RECORD("<number path='n'/><events path='e' table='t' order='asc'>"
               "<code path='c'/><time path='d' dates='d'/><id path='@id'/>"
               "<retract path='c' is='EST' what='previous'/>"
               "<retract path='wrong' present='yes' what='itself'/>"
               "<retract path='@voids' present='yes' id='@voids'/>"
               "<retract path='oldc' present='yes' code='oldc' time='oldd' "
               "dates='d'/></events>");

    gives(text, "<r><p><n>1</n><e><c>D</c></e><e><c>EST</c></e></p></r>",
          "\"status\":\"delivered\"|\"code\":\"EST\"|"
          "\"retract\":\"previous\"}");
    gives(text, "<r><p><n>1</n><e id='7'><c>D</c><wrong/></e></p></r>",
          "\"status\":\"delivered\"|\"id\":\"7\"");
    gives(text, "<r><p><n>1</n><e id='7'><c>D</c><wrong>x</wrong></e></p></r>",
          "\"status\":\"unknown\"|\"id\":\"7\"|\"retract\":\"itself\"");
    gives(text, "<r><p><n>1</n><e voids='7'><c>V</c></e></p></r>",
          "\"mapped\":true|\"retract\":\"named\",\"retracts\":\"7\"}");
    gives(text, "<r><p><n>1</n><e><c>V</c><oldc>D</oldc>"
                "<oldd>2026-11-02 8:00</oldd></e></p></r>",
          "\"retract\":\"named\",\"retracts\":\"D\","
          "\"retracts_at\":\"2026-11-02T08:00:00Z\"");
    /* without its time it would take back what it does not name */
    gives(text, "<r><p><n>1</n><e><c>V</c><oldc>D</oldc></e></p></r>",
          "\"retract\":\"named\"}");

    bad(RECORD("<number path='n'/><events path='e' table='t'>"
               "<code path='c'/><retract path='c' is='E'/></events>"),
        "is wanted");
    bad(RECORD("<number path='n'/><events path='e' table='t'>"
               "<code path='c'/><retract path='c' is='E' what='previous' "
               "id='@i'/></events>"), "is wanted");
    bad(RECORD("<number path='n'/><events path='e' table='t'>"
               "<code path='c'/><retract path='c' is='E' code='c'/>"
               "</events>"), "go together");
    bad(RECORD("<number path='n'/><events path='e' table='t'>"
               "<code path='c'/><retract path='c' is='E' what='named'/>"
               "</events>"), "is wanted");
}


static void
reparse_faults(void **state)
{
    bad(HEAD TABLE "<format path='r'><reparse path='x'/></format></profile>",
        "\"as\"");
    bad(HEAD TABLE "<format path='r'><reparse path='x' as='json'/></format>"
        "</profile>", "\"json\"");
    bad(HEAD TABLE "<format path='r'><reparse path='x[1]' as='xml'/>"
        "</format></profile>", "test");
    bad(HEAD TABLE "<format path='r'><reparse path='@x' as='xml'/>"
        "</format></profile>", "goes down only");
    bad(HEAD TABLE "<format path='r'><reparse path='x' as='xml' rows=';'/>"
        "</format></profile>", "\"rows\"");
    bad(HEAD TABLE "<format path='r'><reparse path='x' as='lines' "
        "rows='123456789'/></format></profile>", "\"rows\"");
    bad(HEAD TABLE "<format path='r'><reparse path='x' as='lines' rows='|'/>"
        "</format></profile>", "the same");
}


/* ---- what a trace tells ---- */

typedef struct {
    char    text[4096];
    size_t  n;
} told_t;


static void
tell(void *ctx, const cxr_trace_t *t)
{
    told_t  *told = ctx;

    told->n += (size_t) snprintf(told->text + told->n,
                                 sizeof(told->text) - told->n,
                                 "%u.%u %s %s '%.*s' '%.*s' %u@%u:%.*s\n",
                                 (unsigned) t->record, t->event,
                                 cxr_trace_names[t->kind],
                                 t->field ? t->field : "-",
                                 cxr_str_arg(t->value), cxr_str_arg(t->raw),
                                 t->alternative, t->line,
                                 cxr_str_arg(t->path));
}


static void
trace(void **state)
{
    told_t           told;
    kit_run_t        run;
    cxr_feed_t      *f;
    cxr_profile_t   *p;
    cxr_feed_sink_t  sink = { &run, kit_arena, kit_report, kit_refused };

    static const char  text[] =
        "<profile carrier='x' name='X'>\n"
        "<dates name='d'><date>yyyy-MM-dd</date></dates>\n"
        "<table name='t' source='s'>\n"
        "<map code='D' status='delivered'/>\n"
        "<ignore code='I'/></table>\n"
        "<format path='r'><error code='err' class='auth'/>\n"
        "<record path='p'>\n"
        "<number path='m | n'/>\n"
        "<events path='e' table='t'>\n"
        "<code path='c' capture='[A-Z]'/>\n"
        "<time path='d' dates='d'/>\n"
        "<ignore path='x' present='yes'/>\n"
        "<override path='o' is='1' status='returned'/></events>\n"
        "</record></format></profile>";
    static const char  doc[] =
        "<r><p><n>7</n><e><c>-D-</c><d>2026-11-02</d><o>1</o></e>"
        "<e><c>Q</c><d>soon</d></e><e><c>I</c></e><e><x>1</x></e><e/></p>"
        "<err>9</err></r>";
    static const char  want[] =
        "1.0 record - '' '' 0@7:\n"
        "1.0 value number '7' '' 2@8:n\n"
        "1.1 event - '' '' 0@9:\n"
        "1.1 value code 'D' '-D-' 1@10:c\n"
        "1.1 rule - '' '' 0@4:\n"
        "1.1 override - '1' '' 0@13:o\n"
        "1.1 time time '2026-11-02' '' 1@11:d\n"
        "1.2 event - '' '' 0@9:\n"
        "1.2 value code 'Q' 'Q' 1@10:c\n"
        "1.2 unmapped - '' '' 0@0:\n"
        "1.2 time time 'soon' '' 1@11:d\n"
        "1.3 event - '' '' 0@9:\n"
        "1.3 value code 'I' 'I' 1@10:c\n"
        "1.3 rule - '' '' 0@5:\n"
        "1.4 event - '' '' 0@9:\n"
        "1.4 ignore - '1' '' 0@12:x\n"
        "1.5 event - '' '' 0@9:\n"
        "1.5 value code '' '' 0@10:\n"
        "1.5 padding - '' '' 0@0:\n"
        "0.0 error - '9' '' 0@6:err\n";

    memset(&run, 0, sizeof(run));
    memset(&told, 0, sizeof(told));
    run.arena = cxr_arena_create(4 * 1024 * 1024);
    cxr_buf_init(&run.out, KIT_OUT_MAX);
    p = kit_profile(text);

    assert_int_equal(cxr_feed_open(p, NULL, CXR_STR_NONE, &sink, &f), CXR_OK);
    cxr_feed_trace(f, tell, &told);
    assert_int_equal(cxr_feed_push(f, doc, sizeof(doc) - 1), CXR_OK);
    assert_int_equal(cxr_feed_finish(f), CXR_OK);
    cxr_feed_close(f);

    if (strcmp(told.text, want) != 0) {
        fail_msg("told:\n%s", told.text);
    }

    kit_free(&run);
    cxr_profile_free(p);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(request),
        cmocka_unit_test(numbers),
        cmocka_unit_test(dates),
        cmocka_unit_test(capture),
        cmocka_unit_test(match),
        cmocka_unit_test(capture_time),
        cmocka_unit_test(retract),
        cmocka_unit_test(reparse_faults),
        cmocka_unit_test(trace)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, NULL, NULL);
}
