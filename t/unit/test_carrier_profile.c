
/*
 * The profile language: what is refused at configuration time and where, and
 * what each part of the language does with a document.
 */

#include "carrier_kit.h"


static void
fault(const char *text, unsigned line, const char *word)
{
    size_t          n, i;
    cxr_diag_t      d[8];
    cxr_profile_t  *p;

    assert_int_equal(cxr_profile_parse(cxr_strz(text), "f.xml", &p, d, 8, &n),
                     CXR_INVALID);
    assert_null(p);
    assert_true(n > 0);

    for (i = 0; i < n; i++) {
        if (d[i].line == line && strstr(d[i].text, word) != NULL) {
            assert_string_equal(d[i].file, "f.xml");
            return;
        }
    }

    fail_msg("no complaint on line %u about \"%s\" but: %u: %s", line, word,
             d[0].line, d[0].text);
}

#define HEAD  "<profile carrier='x' name='X'>\n"
#define TABLE "<table name='t' source='s'><map code='D' status='delivered'/>" \
              "</table>\n"
#define TAIL  "<format path='r'><record path='p'><number path='n'/>" \
              "<header table='t'><code path='c'/></header></record></format>" \
              "</profile>"


static void
faults(void **state)
{
    fault("<profile>\n<x>", 2, "");
    fault("<!DOCTYPE profile><profile/>", 1, "DOCTYPE");
    fault("<other/>", 1, "<profile>");
    fault("<profile name='X'>" TABLE TAIL, 1, "\"carrier\" is missing");
    fault("<profile carrier='X Y' name='X'>" TABLE TAIL, 1, "must be of a-z");
    fault("<profile carrier='x' name='X' colour='red'>" TABLE TAIL, 1,
          "\"colour\" is not known");
    fault("<profile carrier='x' name='X' zone='Mars/Base'>" TABLE TAIL, 1,
          "no zone");
    fault(HEAD TABLE "<thing/>" TAIL, 3, "not known in <profile>");
    fault(HEAD TABLE "<zones name='z'>\n<zone name='A|B' tz='Europe/Rome'/>"
          "<zone name='b' offset='+01:00'/></zones>" TAIL, 3,
          "is given twice");
    fault(HEAD TABLE "<zones name='z'>\n<zone name='A||B' tz='Europe/Rome'/>"
          "</zones>" TAIL, 4, "a name is missing beside \"|\"");
    fault(HEAD TABLE "<zones name='z'>\n<zone name='A' tz='Europe/Izmir'/>"
          "</zones>" TAIL, 4, "\"Europe/Izmir\" is no zone");
    fault(HEAD TABLE "<zones name='z'>\n<zone name='A'/></zones>" TAIL, 4,
          "one of \"tz\" and \"offset\"");
    fault(HEAD "stray" TABLE TAIL, 1, "text does not belong");
    fault(HEAD "<table name='t' source='s'>\n<map code='D' status='gone'/>"
          "</table>" TAIL, 3, "\"gone\"");
    fault(HEAD "<table name='t' source='s'>\n<map status='delivered'/>"
          "</table>" TAIL, 3, "needs a condition");
    fault(HEAD "<table name='t' source='s' fold='turkish'>\n"
          "<map code='D|E' status='delivered'/>\n"
          "<map code='e' text='x' status='returned'/></table>" TAIL, 4,
          "never reached: the rule of line 3");
    fault(HEAD "<table name='t' source='s'>\n"
          "<note code-prefix='D' text-contains='a'/>\n"
          "<map code='E' status='delivered'/>\n"
          "<map code='DD|D' text-prefix='bad|A' status='returned'/></table>"
          TAIL, 5, "the rule of line 3");
    cxr_profile_free(kit_profile(HEAD "<table name='t' source='s'>"
          "<map code='D' text-contains='ab' status='returned'/>"
          "<map code='D' status='delivered'/><map code='d' status='expired'/>"
          "<map code2='D' status='returned'/><map code='D1' status='expired'/>"
          "<map code-prefix='D' status='returned'/>"
          "<map text='ab' status='returned'/><map text='b' status='returned'/>"
          "<map text-prefix='ab|bc' status='returned'/>"
          "<map text-prefix='a|bc' status='returned'/>"
          "<map text-contains='ab' status='returned'/>"
          "<map text-match='^ab' status='returned'/></table>" TAIL));
    fault(HEAD "<table name='t' source='s'>\n<map codex='D' "
          "status='delivered'/></table>" TAIL, 3, "\"codex\"");
    fault(HEAD "<table name='t' source='s'>\n<map code-range='9-3' "
          "status='delivered'/></table>" TAIL, 3, "range");
    fault(HEAD "<table name='t'/>" TAIL, 2, "\"source\" is missing");
    fault(HEAD "<dates name='d'>\n<date>yyyy-QQ</date></dates>" TABLE TAIL, 3,
          "letter");
    fault(HEAD "<dates name='d'>\n<date>HH:mm</date></dates>" TABLE TAIL, 3,
          "year");
    fault(HEAD "<dates name='d'>\n<date>yyyy-MM-dd h:mm</date></dates>" TABLE
          TAIL, 3, "need each other");
    fault(HEAD TABLE "<format path='r'>\n<record path='p'/></format>"
          "</profile>", 4, "<number> or <reference> is missing");
    fault(HEAD TABLE "<format path='r'><record path='p'>\n<number path='a/'/>"
          "<header table='t'><code path='c'/></header></record></format>"
          "</profile>", 4, "a name");
    fault(HEAD TABLE "<format path='r'><record path='p'>\n"
          "<number path='a:b'/><header table='t'><code path='c'/></header>"
          "</record></format></profile>", 4, "local names");
    fault(HEAD TABLE "<format path='r'><record path='p'><number path='n'/>\n"
          "<header table='nix'><code path='c'/></header></record></format>"
          "</profile>", 4, "no <table");
    fault(HEAD TABLE "<format path='r'><record path='p'>"
          "<number path='../../../n'/><header table='t'><code path='c'/>"
          "</header></record></format></profile>", 0, "beyond its format");
    fault(HEAD TABLE "<format path='r[x]'>\n<record path='../p'>"
          "<number path='n'/><header table='t'><code path='c'/></header>"
          "</record></format></profile>", 4, "goes down only");
    fault(HEAD TABLE "<format path='r'>\n<record path='p' hold='9'>"
          "<number path='n'/><header table='t'><code path='c'/></header>"
          "</record></format></profile>", 4, "levels");
    fault(HEAD TAIL, 2, "no <table");
}


/* the one profile, with the body put in */
static char *
with(const char *attrs, const char *before, const char *body)
{
    static char  text[8192];

    snprintf(text, sizeof(text), "<profile carrier='x' name='X' %s>%s"
             "<format path='r'><record path='p'><number path='n'/>%s</record>"
             "</format></profile>", attrs, before, body);
    return text;
}


static void
gives(const char *profile, const char *doc, const char *want)
{
    kit_run_t       run;
    cxr_profile_t  *p = kit_profile(profile);

    kit_run(&run, p, NULL, cxr_strz(doc), 1, 0);
    cxr_buf_addc(&run.out, '\0');

    if (strstr(run.out.data, want) == NULL) {
        fail_msg("%s: wanted %s in %s (%s)", doc, want, run.out.data,
                 run.diag.text);
    }

    kit_free(&run);
    cxr_profile_free(p);
}

#define EMPTY  "<table name='t' source='s'/>"


static void
paths(void **state)
{
    size_t  i;
    char    body[300];

    /* each path's value is shown as the header's code */
    static const struct {
        const char  *path;
        const char  *inside;
        const char  *value;
    }  cases[] = {
        { "a", "<a> x\n </a>", "x" },
        { "a/b/c", "<a><b/><b><c>1</c></b></a>", "1" },
        { "@k", "", "K" },
        { "a/@k", "<a/><a k='2'/>", "2" },
        { "a | b", "<b>2</b><a>1</a>", "1" },
        { "a | b", "<b>2</b><a>-</a>", "2" },
        { "a | b", "<b>2</b><a xsi:nil='true'>1</a>", "2" },
        { "a + b", "<a>1</a><b>2</b>", "1 2" },
        { "a + b | b", "<b>2</b>", "2" },
        { "a? + b?", "<b>2</b>", "2" },
        { "'v' + a", "<a>1</a>", "v 1" },
        { "*/c", "<a/><z><c>3</c></z>", "3" },
        { ".//c", "<a><b><c>4</c></b></a>", "4" },
        { "a//c", "<c>0</c><a><b><d><c>5</c></d></b></a>", "5" },
        { "f[@n='x']/@v", "<f n='y' v='1'/><f n='x' v='2'/>", "2" },
        { "f[n='x']/v", "<f><v>1</v><n>y</n></f><f><v>2</v><n>x</n></f>",
          "2" },
        { "f[n!='x']/v", "<f><v>1</v><n>x</n></f><f><v>2</v><n>y</n></f>",
          "2" },
        { "f[v]/w", "<f><w>1</w></f><f><v>2</v><w>3</w></f>", "3" },
        { "f[not(v)]/w", "<f><v>2</v><w>3</w></f><f><w>1</w></f>", "1" },
        { "f[not(*)]", "<f>1<q/></f><f>2</f>", "2" },
        { "f[2]", "<f>1</f><g>8</g><f>2</f><f>3</f>", "2" },
        { "f[last()]", "<f>1</f><f>2</f><f>3</f>", "3" },
        { "f[v][last()]/w", "<f><v>1</v><w>1</w></f><f><w>2</w></f>", "1" },
        { "f[v[.='z']]/w", "<f><v>y</v><w>1</w></f><f><v>z</v><w>2</w></f>",
          "2" },
        { "a/..//c", "<a/><c>7</c>", "7" },
        { "../u", "", "up" },
        { "../u/@k", "", "uk" },
        { "m/preceding-sibling::s", "<s>1</s><o/><s>2</s><m/><s>3</s>", "2" },
        { "m/following-sibling::s", "<s>2</s><m/><o/><s>3</s><s>4</s>", "3" },
        { "m/name()", "<m/>", "m" },
        { "*[@k]/name()", "<q/><m k='1'/>", "m" },
        { "a", "<a>one<b>not</b>two</a>", "onetwo" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        char  doc[400], want[100];

        snprintf(body, sizeof(body), "<header table='t'><code path=\"%s\"/>"
                 "</header>", cases[i].path);
        snprintf(doc, sizeof(doc), "<r xmlns:xsi='http://www.w3.org/2001/"
                 "XMLSchema-instance'><u k='uk'>up</u><p k='K'><n>1</n>%s</p>"
                 "</r>", cases[i].inside);
        snprintf(want, sizeof(want), "\"header_code\":\"%s\"", cases[i].value);
        gives(with("", "<null>-</null>" EMPTY, body), doc, want);
    }

    /* what stands above ends with its parent and does not leak */
    gives("<profile carrier='x' name='X'>" EMPTY "<format path='r'>"
          "<record path='s/p'><number path='n'/><service path='../v'/>"
          "<header table='t'><code path='n'/></header></record></format>"
          "</profile>",
          "<r><s><v>one</v><p><n>1</n></p></s><s><p><n>2</n></p></s></r>",
          "\"number\":\"2\",\"day\":0,\"reference\":\"\",\"order\":\"\","
          "\"service\":\"\"");

    /* a record that is held sees what comes after it, to the level it says */
    gives("<profile carrier='x' name='X'>" EMPTY "<format path='r'>"
          "<record path='s/p' hold='1'><number path='n'/>"
          "<service path='../v'/><order path='../../w'/>"
          "<header table='t'><code path='n'/></header></record></format>"
          "</profile>",
          "<r><w>early</w><s><q/><p><n>1</n></p><x/><p><n>2</n></p><v>late"
          "</v></s><s><p><n>3</n></p></s><w>too late</w></r>",
          "\"number\":\"2\",\"day\":0,\"reference\":\"\",\"order\":"
          "\"EARLY\",\"service\":\"late\"");
    gives("<profile carrier='x' name='X'>" EMPTY "<format path='r'>"
          "<record path='s/p' hold='2'><number path='n'/>"
          "<order path='../../w'/><service path='../v'/>"
          "<header table='t'><code path='n'/></header></record></format>"
          "</profile>",
          "<r><s><p><n>1</n></p><v>V</v></s><s><p><n>2</n></p></s>"
          "<w>last</w></r>",
          "\"number\":\"2\",\"day\":0,\"reference\":\"\",\"order\":"
          "\"LAST\",\"service\":\"\"");

    gives(with("", EMPTY, "<service path='u' after='code=' until='&amp;'>"
               "<or path='w'/></service><header table='t'><code path='n'/>"
               "</header>"),
          "<r><p><n>1</n><u>x?a=1&amp;code=77&amp;b</u></p></r>",
          "\"service\":\"77\"");
    gives(with("", EMPTY, "<service path='u' after='code='><or path='w'/>"
               "</service><header table='t'><code path='n'/></header>"),
          "<r><p><n>1</n><u>x</u><w>W</w></p></r>", "\"service\":\"W\"");
}


static void
dates(void **state)
{
    size_t  i;
    char    profile[600], doc[200];

    static const struct {
        const char  *format;
        const char  *value;
        const char  *want;
    }  cases[] = {
        { "yyyyMMdd Hmmss", "20261105 90507",
          "\"at\":\"2026-11-05T06:05:07Z\",\"offset\":10800,"
          "\"precision\":\"second\",\"zone\":\"profile\"" },
        { "dd.MM.yyyy H.mm", "05.11.2026 14.30",
          "\"at\":\"2026-11-05T11:30:00Z\",\"offset\":10800,"
          "\"precision\":\"minute\"" },
        { "d/M/yy", "5/1/26", "\"at\":\"2026-01-04T21:00:00Z\",\"offset\":"
          "10800,\"precision\":\"date\"" },
        { "d/M/yy", "5/1/71", "\"at\":\"1971-01-04T22:00:00Z\"" },
        { "MMM d, yyyy, h:mm a", "Nov 5, 2026, 12:05 AM",
          "\"at\":\"2026-11-04T21:05:00Z\"" },
        { "EEE, d MMMM yyyy h:mma", "Thu, 5 November 2026 1:05pm",
          "\"at\":\"2026-11-05T10:05:00Z\"" },
        { "yyyy-MM-dd'T'HH:mm:ss.SX", "2026-11-05T10:00:00.1234567-08:00",
          "\"at\":\"2026-11-05T18:00:00.123Z\",\"offset\":-28800,"
          "\"precision\":\"second\",\"zone\":\"value\"" },
        { "yyyy-MM-dd HH:mm X", "2026-11-05 10:00 GMT-08:00",
          "\"at\":\"2026-11-05T18:00:00Z\"" },
        { "yyyyMMdd:HHmmss", "20261105:235960",
          "\"at\":\"2026-11-05T20:59:59Z\"" },
        { "yyyy-MM-dd HH:mm z", "2026-11-05 10:00 EST",
          "\"at\":\"2026-11-05T15:00:00Z\",\"offset\":-18000,"
          "\"precision\":\"minute\",\"zone\":\"value\"" },
        { "yyyy-MM-dd HH:mm z", "2026-11-05 10:00 QQQ",
          "\"at\":\"2026-11-05T07:00:00Z\",\"offset\":10800,"
          "\"precision\":\"minute\",\"zone\":\"profile\"" },
        { "dd/MM/yyyy *", "05/11/2026 06:63",
          "\"at\":\"2026-11-04T21:00:00Z\",\"offset\":10800,"
          "\"precision\":\"date\"" },
        { "dd.MM.yyyy", "31.04.2026", "\"at\":null" },
        { "dd.MM.yyyy", "01.01.0001", "\"at\":null" },
        { "dd.MM.yyyy", "05.11.2026x", "\"at\":null" },
        { "yyyyMMdd", "2026110", "\"at\":null" },
        { "yyyy-MM-dd h:mm a", "2026-11-05 13:00 pm", "\"at\":null" },
        /* before and after the end of Turkey's changes of the clock */
        { "dd.MM.yyyy HH:mm", "15.01.2016 12:00",
          "\"at\":\"2016-01-15T10:00:00Z\"" },
        { "dd.MM.yyyy HH:mm", "15.01.2017 12:00",
          "\"at\":\"2017-01-15T09:00:00Z\"" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        snprintf(profile, sizeof(profile), "<profile carrier='x' name='X' "
                 "zone='Europe/Istanbul'><zone name='EST' "
                 "tz='America/New_York'/><dates name='d'><date>%s</date>"
                 "</dates>" EMPTY "<format path='r'><record path='p'>"
                 "<number path='n'/><events path='e' table='t'>"
                 "<code path='c'/><time path='d' dates='d'/></events></record>"
                 "</format></profile>", cases[i].format);
        snprintf(doc, sizeof(doc), "<r><p><n>1</n><e><c>C</c><d>%s</d></e></p>"
                 "</r>", cases[i].value);
        gives(profile, doc, cases[i].want);
    }

    /* the raw text stays; a field of its own beats the profile's zone; the
       next format, then the next alternative is tried */
    gives("<profile carrier='x' name='X' zone='Europe/Istanbul'>"
          "<zone name='3' offset='+05:30'/><dates name='d'>"
          "<date>yyyyMMdd HHmm</date><date>yyyyMMdd</date></dates>" EMPTY
          "<format path='r'><record path='p'><number path='n'/>"
          "<events path='e' table='t'><code path='c'/>"
          "<time path='d + t | x' zone='z' dates='d'/></events></record>"
          "</format></profile>",
          "<r><p><n>1</n><e><c>C</c><d>bad</d><t>time</t><x>20261105</x>"
          "<z>3</z></e></p></r>",
          "\"at\":\"2026-11-04T18:30:00Z\",\"offset\":19800,"
          "\"precision\":\"date\",\"zone\":\"field\"");
}


static void
rules(void **state)
{
    size_t  i;
    char    table[500], doc[300];

    static const struct {
        const char  *fold;
        const char  *rule;
        const char  *event;
        bool         hit;
    }  cases[] = {
        { "exact", "code='A|B'", "<c>B</c>", true },
        { "exact", "code='A|B'", "<c>b</c>", false },
        { "case", "code='A|B'", "<c>b</c>", true },
        { "exact", "code='A' code2='B'", "<c>A</c><c2>B</c2>", true },
        { "exact", "code='A' code2='B'", "<c>A</c><c2>C</c2>", false },
        { "exact", "code='A' code2='' code3='C'", "<c>A</c><c3>C</c3>", true },
        { "exact", "code-number='174'", "<c>0174</c>", true },
        { "exact", "code='174'", "<c>0174</c>", false },
        { "exact", "code-range='3000-3999'", "<c>3500</c>", true },
        { "exact", "code-range='3000-3999'", "<c>4000</c>", false },
        { "exact", "code-prefix='Exc'", "<c>Exception: x</c>", true },
        { "exact", "code-prefix='Exc'", "<c>An Exc</c>", false },
        { "exact", "code-contains='[02]'", "<c>x [02] y</c>", true },
        { "exact", "text-contains='door'", "<c>A</c><x>At the  DOOR</x>",
          true },
        { "exact", "text='at the door'", "<x>At\n the DOOR </x>", true },
        { "case", "text-contains='dağıtım'", "<x>DAĞITIM</x>", false },
        { "turkish", "text-contains='dağıtım'", "<x>DAĞITIM</x>", true },
        { "turkish", "text-contains='İADE'", "<x>iade edildi</x>", true },
        { "turkish", "text-contains='iade'", "<x>İADE</x>", true },
        { "turkish", "text-contains='teslim edildi'", "<x>TESLİM EDİLDİ</x>",
          true },
        { "case", "text-contains='доставлен'", "<x>ДОСТАВЛЕНО</x>", true }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        snprintf(table, sizeof(table), "<table name='t' source='s' fold='%s'>"
                 "<map %s status='delivered' reason='other'/></table>",
                 cases[i].fold, cases[i].rule);
        snprintf(doc, sizeof(doc), "<r><p><n>1</n><e>%s</e></p></r>",
                 cases[i].event);
        gives(with("", table, "<events path='e' table='t'><code path='c'/>"
                   "<code2 path='c2'/><code3 path='c3'/><text path='x'/>"
                   "</events>"), doc,
              cases[i].hit ? "\"status\":\"delivered\",\"reason\":\"other\","
                             "\"action\":\"none\",\"mapped\":true"
                           : "\"status\":\"unknown\",\"reason\":\"none\","
                             "\"action\":\"none\",\"mapped\":false");
    }
}


static void
outcomes(void **state)
{
    static const char  table[] =
        "<table name='t' source='s'><ignore code='I'/><note code='N'/>"
        "<map code='D' status='delivered'/><map code='T' status='in_transit'/>"
        "</table>";

    /* left out, known without a status, ordered by place, flagged away */
    gives(with("", table, "<events path='e' table='t' order='desc'>"
               "<code path='c'/><ignore path='@off' is='1|yes'/>"
               "<override path='@ret' present='yes' from='delivered' "
               "status='returned' reason='refused'/></events>"),
          "<r><p><n>1</n><e><c>I</c></e><e off='yes'><c>D</c></e>"
          "<e ret='1'><c>D</c></e><e ret='1'><c>N</c></e><e/></p></r>",
          "\"scans\":[{\"at\":null,\"offset\":0,\"precision\":\"none\","
          "\"zone\":\"unknown\",\"status\":\"returned\",\"reason\":\"refused\""
          ",\"action\":\"none\",\"mapped\":true,\"seq\":3,\"id\":\"\","
          "\"code\":\"D\",\"text\":\"\",\"place\":\"\",\"country\":\"\","
          "\"time_text\":\"\"},{\"at\":null,\"offset\":0,\"precision\":"
          "\"none\",\"zone\":\"unknown\",\"status\":\"unknown\",\"reason\":"
          "\"none\",\"action\":\"none\",\"mapped\":true,\"seq\":2,\"id\":\"\","
          "\"code\":\"N\"");

    gives(with("", table, "<header table='t' wins='delivered'>"
               "<code path='h'/></header>"),
          "<r><p><n>1</n><h>D</h></p></r>",
          "\"header_wins\":true,\"header_mapped\":true");
    gives(with("", table, "<header table='t' wins='delivered'>"
               "<code path='h'/></header>"),
          "<r><p><n>1</n><h>T</h></p></r>",
          "\"header_wins\":false,\"header_mapped\":true");
    gives(with("fold='turkish'", table, "<header table='t'><code path='h'/>"
               "</header><override path='f' prefix='İade' status='returning'/>"),
          "<r><p><n>1</n><h>T</h><f>IADE VAR</f></p></r>",
          "\"header_status\":\"returning\"");

    /* unions are in document order, one event for one element */
    gives(with("", table, "<events path='a | b | a' table='t' order='asc'>"
               "<code path='.'/></events>"),
          "<r><p><n>1</n><b>T</b><a>D</a></p></r>",
          "\"seq\":2,\"id\":\"\",\"code\":\"D\"");

    /* an error inside a success refuses its record alone */
    gives(with("", table, "<error code='k' ok='0|00' text='m' "
               "class='permanent'><class code='404' is='not_found'/></error>"
               "<header table='t'><code path='h'/></header>"),
          "<r><p><n>1</n><k>404</k><m>no</m></p></r>",
          "{\"refused\":1,\"line\":1,\"number\":\"1\",\"code\":"
          "\"carrier_error\",\"fault\":\"not_found\",\"text\":\"404: no\"}");
    gives(with("", table, "<error code='k' ok='0|00' class='permanent'/>"
               "<header table='t'><code path='h'/></header>"),
          "<r><p><n>1</n><k>00</k><h>D</h></p></r>",
          "\"header_status\":\"delivered\"");
}


static void
shipped(void **state)
{
    size_t          i;
    cxr_buf_t       b;
    cxr_profile_t  *p;

    static const char *const  paths[] = {
        "conf/carriers/ups.xml", "conf/carriers/usps.xml",
        "conf/carriers/yurtici.xml"
    };

    for (i = 0; i < cxr_nelts(paths); i++) {
        p = kit_load(paths[i]);
        cxr_buf_init(&b, 65536);
        cxr_profile_print(p, &b);
        assert_true(cxr_buf_ok(&b));
        assert_non_null(memmem(b.data, b.len, "unconfirmed", 11));
        cxr_buf_free(&b);
        cxr_profile_free(p);
    }

    if (system("command -v xmllint >/dev/null") != 0) {
        print_message("xmllint is not there: the schema is not checked\n");
        return;
    }

    assert_int_equal(system("xmllint --noout --nonet --relaxng "
                            "conf/carriers/profile.rng conf/carriers/*.xml "
                            ">/dev/null 2>&1"), 0);
    /* and it does find fault */
    assert_int_not_equal(system("echo '<profile carrier=\"x\" name=\"X\">"
                                "<thing/></profile>' | xmllint --noout "
                                "--relaxng conf/carriers/profile.rng - "
                                ">/dev/null 2>&1"), 0);
}


/* the lines of the manual's indented block that begins and ends so */
static char *
manual_block(const char *manual, const char *first, const char *last)
{
    char        *out, *o;
    const char  *p, *end;

    p = strstr(manual, first);
    assert_non_null(p);
    end = strstr(p, last);
    assert_non_null(end);
    end += strlen(last);

    out = o = malloc((size_t) (end - p) + 1);
    assert_non_null(out);

    while (p < end) {
        *o++ = *p++;

        if (p[-1] == '\n' && end - p > 4 && strncmp(p, "    ", 4) == 0) {
            p += 4;
        }
    }

    *o = '\0';
    return out;
}


/* what the manual says of its example is so */
static void
manual(void **state)
{
    char           *profile, *doc;
    kit_run_t       run;
    cxr_str_t       text;
    cxr_profile_t  *p;

    text = kit_file("docs/carrier-profiles.md");
    assert_true(text.len > 0 && text.len < (1 << 20));
    ((char *) text.data)[text.len] = '\0';

    profile = manual_block(text.data, "<profile carrier=\"acme\"",
                           "</profile>");
    doc = manual_block(strstr(text.data, "It reads"), "<Gonderiler>",
                       "</Gonderiler>");

    p = kit_profile(profile);
    kit_run(&run, p, NULL, cxr_strz(doc), 3, 0);
    assert_int_equal(run.stats.reports, 1);
    assert_int_equal(run.stats.events, 2);
    cxr_buf_addc(&run.out, '\0');
    assert_non_null(strstr(run.out.data, "\"number\":\"AC100200\""));
    assert_non_null(strstr(run.out.data, "\"at\":\"2026-11-04T06:05:00Z\","
                           "\"offset\":10800,\"precision\":\"minute\","
                           "\"zone\":\"profile\",\"status\":"
                           "\"picked_up\""));
    assert_non_null(strstr(run.out.data, "\"precision\":\"date\",\"zone\":"
                           "\"profile\",\"status\":\"returned\""));

    kit_free(&run);
    cxr_profile_free(p);
    free(profile);
    free(doc);
    free((void *) text.data);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(faults),
        cmocka_unit_test(paths),
        cmocka_unit_test(dates),
        cmocka_unit_test(rules),
        cmocka_unit_test(outcomes),
        cmocka_unit_test(manual),
        cmocka_unit_test(shipped)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, NULL, NULL);
}
