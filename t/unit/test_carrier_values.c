
/*
 * What becomes of values: the digits of a key, a time shown where it was,
 * groups of siblings, windows, what parts parcels with one number.
 */

#include "carrier_gives.h"


#define HEAD   "<profile carrier='x' name='X' zone='Europe/Istanbul'>"
#define DATES  "<dates name='d'><date>yyyy-MM-dd'T'HH:mm:ssX</date>"           \
               "<date>yyyy-MM-dd H:mm</date><date>yyyy-MM-dd H:mm'-'*</date>"  \
               "<date>yyyy-MM-dd</date></dates>"                               \
               "<dates name='to'><date>yyyy-MM-dd H:mm</date>"                 \
               "<date>yyyy-MM-dd *'-'H:mm</date><date>yyyy-MM-dd</date></dates>"
#define TABLE  "<table name='t' source='s'><map code='D' status='delivered'/>" \
               "<map code='T' status='in_transit'/></table>"
#define RECORD(in)  HEAD DATES TABLE "<format path='r'><record path='p'>" in   \
                    "</record></format></profile>"
#define EVENT  "<events path='e' table='t'><code path='c'/>"                   \
               "<time path='@t' dates='d'/></events>"


/* The first is the example of the Tag Data Standard itself. */
static void
keys(void **state)
{
    size_t  i;
    char    doc[256], want[160];

    static const char  text[] =
        RECORD("<number path='n' as='sscc'><or path='n' as='gsin'/></number>"
               EVENT);

    static const struct {
        const char  *said;
        const char  *number;       /* NULL: none */
    } rows[] = {
        { "urn:epc:id:sscc:0614141.1234567890", "106141412345678908" },
        { "urn:epc:tag:sscc-96:3.0614141.1234567890", "106141412345678908" },
        { "urn:epc:id:sscc:952123456789.01234", "095212345678912347" },
        { "urn:epc:id:sscc:952123.01234567890", "095212312345678905" },
        { "https://id.example.org/00/106141412345678908", "106141412345678908" },
        { "https://id.example.org/00/106141412345678908?x=1",
          "106141412345678908" },
        { "106141412345678908", "106141412345678908" },
        { "urn:epc:id:gsin:0614141.123456789", "06141411234567890" },
        { "106141412345678907", NULL },
        { "urn:epc:id:sscc:0614141.123456789", NULL },
        { "urn:epc:id:sscc:06141.411234567890", NULL },
        { "urn:epc:id:sscc:0614141.12345678x0", NULL },
        { "urn:epc:id:sscc:06141411234567890", NULL },
        { "urn:epc:id:sscc:0614141.*", NULL },
        { "urn:epc:id:sscc:", NULL },
        { "urn:epc:tag:sscc-96:30614141.1234567890", NULL },
        { "urn:epc:id:sgtin:0614141.107346.2017", NULL }
    };

    for (i = 0; i < cxr_nelts(rows); i++) {
        snprintf(doc, sizeof(doc), "<r><p><n>%s</n><e><c>D</c></e></p></r>",
                 rows[i].said);
        snprintf(want, sizeof(want), rows[i].number ? "\"number\":\"%s\""
                                                    : "\"number_missing\"",
                 rows[i].number);
        gives(text, doc, want);
    }

    bad(RECORD("<number path='n' as='gtin'/>" EVENT), "as");
}


/* The moment is one and the same: only what a clock there showed differs. */
static void
shown(void **state)
{
    static const char  text[] =
        RECORD("<number path='n'/><events path='e' table='t'><code path='c'/>"
               "<time path='@t' zone='@z' shown='@z' dates='d'/></events>");

    gives(text, "<r><p><n>1</n><e t='2026-06-08T14:58:56Z' z='+02:00'>"
          "<c>D</c></e></p></r>",
          "\"at\":\"2026-06-08T14:58:56Z\",\"offset\":7200,|"
          "\"zone\":\"value\"");
    gives(text, "<r><p><n>1</n><e t='2026-06-08T14:58:56Z'><c>D</c></e></p></r>",
          "\"at\":\"2026-06-08T14:58:56Z\",\"offset\":0,");
    gives(text, "<r><p><n>1</n><e t='2026-06-08T14:58:56Z' z='odd'><c>D</c></e>"
          "</p></r>", "\"offset\":0,");
    gives(text, "<r><p><n>1</n><e t='2026-06-08 14:58' z='-05:00'><c>D</c></e>"
          "</p></r>", "\"at\":\"2026-06-08T19:58:00Z\",\"offset\":-18000,");
}


/* The first that is known: a state, else its country. */
static void
where(void **state)
{
    static const char  text[] =
        "<profile carrier='x' name='X'><zones name='z'>"
        "<zone name='US CA' tz='America/Los_Angeles'/>"
        "<zone name='DE' tz='Europe/Berlin'/></zones>" DATES TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/><time path='@t' dates='d'"
        " where='@c + @s | @c' zones='z'/></events></record></format></profile>";

    gives(text, "<r><p><n>1</n><e t='2026-06-08 14:58' c='us' s='CA'><c>D</c>"
          "</e><e t='2026-06-08 14:58' c='DE' s='BY'><c>D</c></e>"
          "<e t='2026-06-08 14:58' c='DE'><c>D</c></e>"
          "<e t='2026-06-08 14:58' c='US' s='TX'><c>D</c></e></p></r>",
          "\"offset\":-25200,\"precision\":\"minute\",\"zone\":\"field\"|"
          "\"offset\":7200,|\"offset\":7200,|"
          "\"offset\":0,\"precision\":\"minute\",\"zone\":\"unknown\"");
}


/* A place that has to be cut out, after one that need not; names beside |. */
static void
where_cut(void **state)
{
    static const char  text[] =
        "<profile carrier='x' name='X'><zones name='z'>"
        "<zone name='CA, US|WA, US' tz='America/Los_Angeles'/>"
        "<zone name='FR|Le Havre|DE' tz='Europe/Paris'/>"
        "<zone name='TR' offset='+03:00'/></zones>" DATES TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/><time path='@t' dates='d'"
        " where='@p' zones='z'><where path='@p' capture=', (\\w\\w, \\w\\w)$'/>"
        "<where path='@p' capture=', (\\w\\w)$'/></time></events></record>"
        "</format></profile>";

    gives(text, "<r><p><n>1</n><e t='2026-06-08 14:58' p='Yakima, WA, US'>"
          "<c>D</c></e><e t='2026-06-08 14:58' p='le havre'><c>D</c></e>"
          "<e t='2026-06-08 14:58' p='Lyon, FR'><c>D</c></e>"
          "<e t='2026-06-08 14:58' p='Bursa, TR'><c>D</c></e>"
          "<e t='2026-06-08 14:58' p='Lyon, XX'><c>D</c></e></p></r>",
          "\"offset\":-25200,\"precision\":\"minute\",\"zone\":\"field\"|"
          "\"offset\":7200,|\"offset\":7200,|\"offset\":10800,|"
          "\"offset\":0,\"precision\":\"minute\",\"zone\":\"unknown\"");
}


/* Moments without a zone, and months of other languages. */
static void
dates(void **state)
{
    static const char  text[] =
        HEAD "<dates name='d' months='Ocak Şubat Mart Nisan Mayıs Haziran Temmuz "
        "Ağustos Eylül Ekim Kasım Aralık'><date>'/Date('uuu')/'</date>"
        "<date>u</date><date>d MMM yyyy H:mm</date>"
        "<date>* d MMMM yyyy</date></dates>" TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/><time path='@t' dates='d'/>"
        "</events></record></format></profile>";

    static const struct {
        const char  *said;
        const char  *want;
    } rows[] = {
        { "1793606400", "\"at\":\"2026-11-02T08:00:00Z\",\"offset\":10800,"
          "\"precision\":\"second\",\"zone\":\"value\"" },
        { "/Date(1793606400123)/", "\"at\":\"2026-11-02T08:00:00.123Z\"" },
        { "99999999999999", "\"at\":null" },
        { "5 KASIM 2026 9:05", "\"at\":\"2026-11-05T06:05:00Z\"" },
        { "5 Kas 2026 9:05", "\"at\":\"2026-11-05T06:05:00Z\"" },
        { "5 Nov 2026 9:05", "\"at\":\"2026-11-05T06:05:00Z\"" },
        { "Salı 10 ağustos 2026", "\"at\":\"2026-08-09T21:00:00Z\"|"
          "\"time_text\":\"Salı 10 ağustos 2026\"" },
        { "5 Xyz 2026 9:05", "\"at\":null" }
    };

    char    doc[256];
    size_t  i;

    for (i = 0; i < cxr_nelts(rows); i++) {
        snprintf(doc, sizeof(doc), "<r><p><n>1</n><e t='%s'><c>D</c></e></p></r>",
                 rows[i].said);
        gives(text, doc, rows[i].want);
    }

    bad(HEAD "<dates name='d' months='a b'><date>u</date></dates></profile>",
        "twelve names");
    bad(HEAD "<dates name='d'><date>u yyyy</date></dates></profile>",
        "a whole moment");
}


/* One name in two namespaces, and their prefixes as they come. */
/* Formats of digits of fixed number, blanks and literals. */
static void
plain_dates(void **state)
{
    static const char  text[] =
        HEAD "<dates name='d'><date>yyyyMMddHHmmss</date>"
        "<date>dd.MM.yyyy HH:mm</date><date>yyyy-MM-dd'T'HH</date></dates>"
        TABLE "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/><time path='t' dates='d'/>"
        "</events></record></format></profile>";

    static const struct {
        const char  *said;
        const char  *want;
    } rows[] = {
        { "20261105090507", "\"at\":\"2026-11-05T06:05:07Z\"" },
        { "20261105090560", "\"at\":\"2026-11-05T06:05:59Z\"" },
        { "2026110509050", "\"at\":null" },
        { "202611050905071", "\"at\":null" },
        { "2026110509050x", "\"at\":null" },
        { "05.11.2026 09:05", "\"at\":\"2026-11-05T06:05:00Z\"" },
        { "05.11.2026 \t \n09:05", "\"at\":\"2026-11-05T06:05:00Z\"" },
        { "05.11.202609:05", "\"at\":null" },
        { "05.11.2026 9:05", "\"at\":null" },
        { "05.11.2026 09:05:", "\"at\":null" },
        { "05.11.2026 09", "\"at\":null" },
        { "05.11.2026 ", "\"at\":null" },
        { "31.04.2026 09:05", "\"at\":null" },
        { "2026-11-05T09", "\"at\":\"2026-11-05T06:00:00Z\"" },
        { "2026-11-05 09", "\"at\":null" }
    };

    char    doc[256];
    size_t  i;

    for (i = 0; i < cxr_nelts(rows); i++) {
        snprintf(doc, sizeof(doc),
                 "<r><p><n>1</n><e><t>%s</t><c>D</c></e></p></r>",
                 rows[i].said);
        gives(text, doc, rows[i].want);
    }
}


/* What is to be cleaned is found wherever it stands in a text. */
/* Who took a parcel is not kept, where the carrier writes it into the text. */

static void
nobody(void **state)
{
    char    doc[256], want[256];
    size_t  i;

    static const char  text[] =
        HEAD "<dates name='d'><date>u</date></dates>"
        "<table name='t' source='s'><map text-contains='by: Z' "
        "status='delivered'/></table>"
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><text path='x'/>"
        "</events></record></format></profile>";

    static const struct {
        const char  *said;
        const char  *kept;
    } rows[] = {
        { "Delivered - Signed for by: Zoe A", "Delivered" },
        { "Delivered (SIGNED BY : Zoe)", "Delivered" },
        { "Received by: Zoe", "Received by" },
        { "Teslim edildi, teslim alan: AY\xc5\x9e" "E K", "Teslim edildi" },
        { "TESL\xc4\xb0M ED\xc4\xb0LD\xc4\xb0. TESL\xc4\xb0M ALAN: A: B",
          "TESL\xc4\xb0M ED\xc4\xb0LD\xc4\xb0" },
        { "Objeto entregue. Recebedor: Zoe", "Objeto entregue" },
        { "At 10:30: left the depot", "At 10:30: left the depot" },
        { "Signed for by neighbour", "Signed for by neighbour" },
        { "Reason: refused", "Reason: refused" }
    };

    for (i = 0; i < cxr_nelts(rows); i++) {
        snprintf(doc, sizeof(doc), "<r><p><n>1</n><e><x>%s</x></e></p></r>",
                 rows[i].said);
        snprintf(want, sizeof(want), "\"text\":\"%s\"", rows[i].kept);
        gives(text, doc, want);
    }

    /* the table is asked of all of it */
    gives(text, "<r><p><n>1</n><e><x>Received by: Zoe</x></e></p></r>",
          "delivered|\"text\":\"Received by\"");
}


static void
cleaned(void **state)
{
    static const char  text[] =
        HEAD "<dates name='d'><date>u</date></dates>" TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='e' table='t'><code path='c'/><text path='x'/>"
        "</events></record></format></profile>";

    char      doc[256], want[256], was[64], is[64];
    size_t    n, i, len;
    unsigned  k;

    static const struct {
        const char  *said;
        const char  *kept;
    } rows[] = {
        { "  ", " " }, { " \t", " " }, { "\xc2\xa0", " " }, { "\x7f", "" },
        { " !", " !" }, { "\xc4\xb0", "\xc4\xb0" }
    };

    for (k = 0; k < cxr_nelts(rows); k++) {
        for (n = 2; n < 26; n++) {
            for (i = 1; i < n; i++) {
                memcpy(was, "abcdefghijklmnopqrstuvwxyz", i);
                memcpy(is, was, i);

                len = strlen(rows[k].said);
                memcpy(was + i, rows[k].said, len);
                memcpy(was + i + len, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", n - i);
                was[n + len] = '\0';

                len = strlen(rows[k].kept);
                memcpy(is + i, rows[k].kept, len);
                memcpy(is + i + len, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", n - i);
                is[n + len] = '\0';

                snprintf(doc, sizeof(doc),
                         "<r><p><n>1</n><e><c>D</c><x>%s</x></e></p></r>",
                         was);
                snprintf(want, sizeof(want), "\"text\":\"%s\"", is);
                gives(text, doc, want);
            }
        }
    }
}


static void
namespaces(void **state)
{
    static const char  text[] =
        HEAD "<ns prefix='a' uri='urn:a'/>" DATES TABLE
        "<format path='r'><record path='p'><number path='n'/>"
        "<events path='a:e' table='t'><code path='a:c'/><text path='c'/></events>"
        "<events path='e' table='t'><code path='c'/></events>"
        "</record></format></profile>";

    gives(text, "<r xmlns:x='urn:a' xmlns:a='urn:b'><p><n>1</n>"
          "<x:e><c>other</c><x:c>T</x:c></x:e><a:e><a:c>D</a:c></a:e>"
          "</p></r>",
          "\"status\":\"in_transit\"|\"code\":\"T\",\"text\":\"other\"|"
          "\"status\":\"delivered\"|\"code\":\"D\"");
    gives(text, "<r><p xmlns='urn:a'><n>1</n><e><c>T</c></e></p></r>",
          "\"code\":\"T\",\"text\":\"\"");
    bad(RECORD("<number path='b:n'/>" EVENT), "<ns>");
    bad(HEAD "<ns prefix='a' uri='urn:a'/>" DATES TABLE
        "<format path='r'><record path='p'><number path='@a:n'/>" EVENT
        "</record></format></profile>", "attributes");
    bad(HEAD "<ns prefix='a' uri='urn:a'/><ns prefix='a' uri='urn:b'/></profile>",
        "two <ns>");
}


/* What a run of siblings lacks is not taken from its neighbour. */
static void
groups(void **state)
{
    static const char  ended[] =
        HEAD DATES TABLE "<format path='r'><record path='.'><number path='n'/>"
        "<events path='c' table='t' group='siblings'><code path='.'/>"
        "<text path='preceding-sibling::s'/>"
        "<place path='preceding-sibling::l'/></events>"
        "</record></format></profile>";
    static const char  begun[] =
        HEAD DATES TABLE "<format path='r'><record path='.'><number path='n'/>"
        "<events path='c' table='t' group='siblings'><code path='.'/>"
        "<text path='following-sibling::s'/></events>"
        "</record></format></profile>";
    static const char  loose[] =
        HEAD DATES TABLE "<format path='r'><record path='.'><number path='n'/>"
        "<events path='c' table='t'><code path='.'/>"
        "<text path='preceding-sibling::s'/></events>"
        "</record></format></profile>";

    static const char  doc[] =
        "<r><n>1</n><s>one</s><l>here</l><c>T</c><l>there</l><c>D</c>"
        "<s>three</s><c>T</c></r>";

    gives(ended, doc, "\"text\":\"one\",\"place\":\"here\"|"
          "\"text\":\"\",\"place\":\"there\"|\"text\":\"three\",\"place\":\"\"");
    gives(loose, doc, "\"text\":\"one\"|\"text\":\"one\"|\"text\":\"three\"");
    gives(begun, doc, "\"text\":\"\"|\"text\":\"three\"|\"text\":\"\"");
    bad(HEAD DATES TABLE "<format path='r'><record path='.'><number path='n'/>"
        "<events path='c' table='t' group='x'><code path='.'/></events>"
        "</record></format></profile>", "group");
}


/* A day with two hours; one field for both; over midnight; days alone. */
static void
windows(void **state)
{
    static const char  parts[] =
        RECORD("<number path='n'/><eta path='d + f | d' dates='d'/>"
               "<eta-to path='d + u | d' dates='to'/>" EVENT);
    static const char  one[] =
        RECORD("<number path='n'/><eta path='d + w' dates='d'/>"
               "<eta-to path='d + w' dates='to'/>" EVENT);

    gives(parts, "<r><p><n>1</n><d>2026-11-04</d><f>9:00</f><u>12:30</u></p></r>",
          "\"eta_from\":\"2026-11-04T06:00:00Z\",\"eta_to\":"
          "\"2026-11-04T09:30:00Z\"|\"eta_precision\":\"minute\"");
    gives(parts, "<r><p><n>1</n><d>2026-11-04</d><f>22:00</f><u>2:00</u></p></r>",
          "\"eta_from\":\"2026-11-04T19:00:00Z\",\"eta_to\":"
          "\"2026-11-04T23:00:00Z\"");
    gives(parts, "<r><p><n>1</n><d>2026-11-04</d></p></r>",
          "\"eta_from\":\"2026-11-03T21:00:00Z\",\"eta_to\":"
          "\"2026-11-03T21:00:00Z\"|\"eta_precision\":\"date\"");
    gives(parts, "<r><p><n>1</n><d>2026-11-04</d><f>9:00</f></p></r>",
          "\"eta_from\":\"2026-11-03T21:00:00Z\",\"eta_to\":"
          "\"2026-11-03T21:00:00Z\"|\"eta_precision\":\"date\"");
    gives(one, "<r><p><n>1</n><d>2026-11-04</d><w>9:00-12:30</w></p></r>",
          "\"eta_from\":\"2026-11-04T06:00:00Z\",\"eta_to\":"
          "\"2026-11-04T09:30:00Z\"");
    bad(HEAD "<dates name='d'><date>yyyy-MM-dd *H:mm</date></dates></profile>",
        "must be a literal or a blank");
}


static void
unique(void **state)
{
    static const char  text[] =
        RECORD("<number path='n'/><unique path='u'/>"
               "<since path='s' dates='d'/>" EVENT);

    gives(text, "<r><p><n>1</n><u>A~1</u><s>1970-01-03 12:00</s></p></r>",
          "\"day\":2,|\"unique\":\"A~1\"");
    gives(text, "<r><p><n>1</n><s>1970-01-03 12:00</s></p></r>", "\"day\":0,");
    bad(RECORD("<number path='n'/><since path='s' dates='d'/>" EVENT),
        "<since> needs <unique>");
}


/* Whoever reads that there were too many reads how many may be, and what to
   do. */
static void
limits(void **state)
{
    size_t          i;
    kit_run_t       run;
    cxr_buf_t       b;
    cxr_profile_t  *p = kit_profile(RECORD("<number path='n'/>" EVENT));

    cxr_buf_init(&b, 1 << 20);
    cxr_buf_addz(&b, "<r><p><n>1</n>");

    for (i = 0; i < 612; i++) {
        cxr_buf_addz(&b, "<e><c>D</c></e>");
    }

    cxr_buf_addz(&b, "</p></r>");
    kit_run(&run, p, NULL, cxr_buf_str(&b), 0, 0);
    cxr_buf_addc(&run.out, '\0');
    assert_non_null(strstr(run.out.data, "612 events, more than the 500"));
    assert_non_null(strstr(run.out.data, "make each event a "));
    kit_free(&run);
    cxr_buf_free(&b);
    cxr_profile_free(p);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(keys),
        cmocka_unit_test(shown),
        cmocka_unit_test(where),
        cmocka_unit_test(where_cut),
        cmocka_unit_test(dates),
        cmocka_unit_test(plain_dates),
        cmocka_unit_test(nobody),
        cmocka_unit_test(cleaned),
        cmocka_unit_test(namespaces),
        cmocka_unit_test(groups),
        cmocka_unit_test(windows),
        cmocka_unit_test(unique),
        cmocka_unit_test(limits)
    };

    cxr_feed_init();

    return cmocka_run_group_tests(tests, NULL, NULL);
}
