
/*
 * What is to be true of every carrier's profile, whatever it reads.
 *
 * What the words of its tables make of sentences that carriers say and nobody
 * has listed.  Only the words are asked: the code is one that no table knows.
 * A table may not know a sentence (then a person looks at it); it may not take
 * "not delivered" for "delivered", nor "delivered to the sender" for the
 * shopper's delivery.
 *
 * Each table is asked through a profile of its own: that of the carrier up to
 * its first format, and behind it a format of ours for each table.
 */

#include "carrier_kit.h"

#include <glob.h>

#define TABLES_MAX  8
#define NAME_MAX_   64


typedef struct {
    const char  *text;
    const char  *may;     /* statuses, and reasons after a blank, "|" between:
                             what is not unknown must be one of them         */
} sentence_t;


static const sentence_t  sentences[] = {

    /* not delivered, and not yet */

    { "Shipment not delivered",           "attempt_failed|in_transit" },
    { "Could not be delivered",           "attempt_failed|in_transit" },
    { "Undelivered shipment",             "attempt_failed|in_transit" },
    { "To be delivered tomorrow",         "in_transit|out_for_delivery" },
    { "Will be delivered today",          "in_transit|out_for_delivery" },
    { "Delivery address incorrect",       "attempt_failed|in_transit" },
    { "Colis non livré",                  "attempt_failed|in_transit" },
    { "Votre colis n'a pas pu être livré", "attempt_failed|in_transit" },
    { "Votre colis sera livré demain",
      "attempt_failed|in_transit|out_for_delivery" },
    { "No entregado",                     "attempt_failed|in_transit" },
    { "Envío no entregado por ausencia",  "attempt_failed|in_transit" },
    { "Será entregado mañana",            "in_transit|out_for_delivery" },
    { "Pendiente de entrega",             "in_transit|out_for_delivery" },
    { "Reparto fallido",                  "attempt_failed|in_transit" },
    { "Non consegnata",                   "attempt_failed|in_transit" },
    { "Mancata consegna",                 "attempt_failed|in_transit" },
    { "Die Sendung wurde nicht zugestellt", "attempt_failed|in_transit" },
    { "Przesyłka niedoręczona",           "attempt_failed|in_transit" },
    { "Nie doręczono",                    "attempt_failed|in_transit" },
    { "Niet bezorgd",                     "attempt_failed|in_transit" },
    { "Zending wordt bezorgd",            "in_transit|out_for_delivery" },
    { "Ej levererad",                     "attempt_failed|in_transit" },
    { "Försändelsen kunde inte levereras", "attempt_failed|in_transit" },
    { "Δεν παραδόθηκε",                   "attempt_failed|in_transit" },
    { "Objeto não entregue",              "attempt_failed|in_transit" },
    { "未签收",                           "attempt_failed|in_transit" },
    { "TESLİM EDİLMEDİ",                  "attempt_failed|in_transit" },
    { "Teslim edilemedi",                 "attempt_failed other" },
    { "Dağıtıma çıkarılamadı",            "in_transit" },
    { "Dağıtım yapılamadı",               "in_transit|attempt_failed" },
    { "Bugün teslim edilecek",            "in_transit|out_for_delivery" },

    /* delivered, and to whom */

    { "Delivered to sender",              "returned|returning" },
    { "Delivered to shipper",             "returned|returning" },
    { "RTO delivered to shipper",         "returned|returning" },
    { "Colis livré à l'expéditeur",       "returned|returning" },
    { "Entregado al remitente",           "returned|returning" },
    { "Consegnata al mittente",           "returned|returning" },
    { "Przesyłka doręczona do nadawcy",   "returned|returning" },
    { "Zwrot doręczony nadawcy",          "returned|returning" },
    { "Levererad till avsändaren",        "returned|returning" },
    { "Παραδόθηκε στον αποστολέα",        "returned|returning" },
    { "Gönderene teslim edildi",          "returned|returning" },
    { "GÖNDERİCİYE TESLİM EDİLDİ",        "returned|returning" },
    { "GONDERICIYE TESLIM EDILDI",        "returned|returning" },
    { "Göndericiye teslim edilemedi",     "returning|attempt_failed" },
    { "İade teslim edildi",               "returned" },
    { "İade yolda",                       "returning" },
    { "Kargo alıcı tarafından teslim alındı", "delivered" },
    { "Şubeden teslim alındı",            "delivered" },
    { "Picked up by consignee",           "delivered" },
    { "Picked up by recipient",           "delivered" },
    { "Collected by consignee",           "delivered" },
    { "Delivered",                        "delivered" },
    { "TESLİM EDİLDİ",                    "delivered" },
    { "Komşuya teslim edildi",            "delivered" },
    { "Hasarsız teslim edildi",           "delivered" },

    /* where it waits, and where it only comes by */

    { "Livré au point relais",            "ready_for_pickup" },
    { "Entregado en punto de recogida",   "ready_for_pickup|delivered" },
    { "Pendiente de recogida en oficina", "ready_for_pickup" },
    { "Προς παραλαβή από κατάστημα",      "ready_for_pickup" },
    { "Held for pickup at access point",  "ready_for_pickup" },
    { "Held at post office",              "ready_for_pickup" },
    { "Available for pickup",             "ready_for_pickup" },
    { "Arrived at pickup location",       "ready_for_pickup|in_transit" },
    { "Şubede bekliyor",                  "ready_for_pickup" },
    { "Şubeden teslim alınmayı bekliyor", "ready_for_pickup" },
    { "Centro de reparto",                "in_transit" },
    { "En unidad de reparto",             "in_transit" },
    { "Arrived at delivery depot",        "in_transit" },
    { "Dağıtım merkezine ulaştı",         "in_transit" },
    { "DAĞITIM ŞUBESİNE GELDİ",           "in_transit" },
    { "DAGITIM MERKEZINE ULASTI",         "in_transit" },
    { "Dağıtıma çıktı",                   "out_for_delivery" },
    { "Teslim edilmek üzere dağıtımda",   "out_for_delivery" },

    /* what went wrong */

    { "Alıcı teslim almadı",              "attempt_failed refused" },
    { "Kabul edilmedi",                   "attempt_failed refused" },
    { "Alıcı adreste yok",                "attempt_failed recipient_absent" },
    { "Kargo hasarlı olduğundan teslim edilemedi",
      "attempt_failed damaged|in_transit damaged" },
    { "KARGO HASARLI",                    "in_transit damaged" },
    { "Kargo kayıp",                      "in_transit lost" },
    { "Gümrükte",                         "in_transit customs" },
    { "Hava koşulları nedeniyle teslim edilemedi",
      "in_transit delayed_weather|attempt_failed delayed_weather" },

    /* before it begins */

    { "Shipment information received",    "label_created" },
    { "Awaiting pickup from sender",      "label_created" },

    { NULL, NULL }
};


/* the names of a profile's tables, and the profile up to its first format */
static size_t
tables(cxr_str_t file, cxr_buf_t *out, char names[][NAME_MAX_])
{
    size_t       n, len;
    const char  *p, *end, *quote;

    n = 0;
    end = strstr(file.data, "<format ");
    assert_non_null(end);

    /* how a carrier proves itself and what it is told speaks of its records */

    for (p = file.data; (p = strstr(p, "<envelope ")) != NULL && p < end; p++) {
        end = p;
    }
    for (p = file.data; (p = strstr(p, "<auth ")) != NULL && p < end; p++) {
        end = p;
    }
    for (p = file.data; (p = strstr(p, "<ack")) != NULL && p < end; p++) {
        end = p;
    }

    for (p = file.data; (p = strstr(p, "<table name=\"")) != NULL && p < end;
         p = quote)
    {
        p += sizeof("<table name=\"") - 1;
        quote = strchr(p, '"');
        assert_non_null(quote);
        len = quote - p;
        assert_true(n < TABLES_MAX && len < NAME_MAX_);
        memcpy(names[n], p, len);
        names[n][len] = '\0';
        n++;
    }

    cxr_buf_add(out, file.data, end - file.data);

    return n;
}


/* the status of the one scan, and its reason after a blank if it has one */
static void
meaning(const cxr_profile_t *p, size_t table, const char *code,
    const char *text, char *out, size_t size)
{
    size_t     len;
    char      *s, *r;
    cxr_buf_t  doc;
    kit_run_t  run;

    cxr_buf_init(&doc, 4096);
    cxr_buf_addf(&doc, "<r%zu><p><n>1</n><e><c>%s</c><t>%s</t></e></p></r%zu>",
                 table, code, text, table);
    kit_run(&run, p, NULL, cxr_buf_str(&doc), 0, 0);
    assert_int_equal(run.end, CXR_FEED_DONE);
    assert_int_equal(run.stats.reports, 1);
    cxr_buf_addc(&run.out, '\0');

    *out = '\0';
    s = strstr(run.out.data, "\"scans\":[");
    assert_non_null(s);
    r = strstr(s, "\"reason\":\"");
    s = strstr(s, "\"status\":\"");

    if (s != NULL) {
        s += sizeof("\"status\":\"") - 1;
        len = strcspn(s, "\"");
        snprintf(out, size, "%.*s", (int) len, s);
    }

    if (r != NULL && strncmp(r, "\"reason\":\"none", 14) != 0) {
        r += sizeof("\"reason\":\"") - 1;
        len = strlen(out);
        snprintf(out + len, size - len, " %.*s", (int) strcspn(r, "\""), r);
    }

    cxr_buf_free(&doc);
    kit_free(&run);
}


/* "in_transit" allows every reason, "in_transit lost" that one alone */
static int
allowed(const char *may, const char *got)
{
    size_t       n;
    const char  *p;

    for (p = may; *p != '\0'; p += n + (p[n] == '|')) {
        n = strcspn(p, "|");

        if (strncmp(p, got, n) == 0 && (got[n] == '\0' || got[n] == ' ')) {
            return 1;
        }
    }

    return 0;
}


/* a carrier's tables, each to be asked by its place; NULL: it has none */
static cxr_profile_t *
asked_of(const char *path, char names[][NAME_MAX_], size_t *n)
{
    size_t          t;
    cxr_buf_t       text;
    cxr_str_t       file;
    cxr_profile_t  *p;

    file = kit_file(path);
    assert_true(file.len > 0 && file.len < (1 << 20));
    ((char *) file.data)[file.len] = '\0';

    cxr_buf_init(&text, 1 << 20);
    *n = tables(file, &text, names);

    for (t = 0; t < *n; t++) {
        cxr_buf_addf(&text, "<format path='r%zu'><record path='p'>"
                     "<number path='n'/><events path='e' table='%s'>"
                     "<code path='c'/><text path='t'/></events></record>"
                     "</format>", t, names[t]);
    }

    cxr_buf_addz(&text, "</profile>");
    cxr_buf_addc(&text, '\0');
    p = *n > 0 ? kit_profile(text.data) : NULL;

    cxr_buf_free(&text);
    free((void *) file.data);

    return p;
}


static void
words(void **state)
{
    char               got[128], names[TABLES_MAX][NAME_MAX_];
    size_t             i, t, n, asked, wrong;
    glob_t             g;
    cxr_profile_t     *p;
    const sentence_t  *s;

    asked = 0;
    wrong = 0;
    assert_int_equal(glob("conf/carriers/*.xml", 0, NULL, &g), 0);

    for (i = 0; i < g.gl_pathc; i++) {
        p = asked_of(g.gl_pathv[i], names, &n);

        for (t = 0; t < n; t++) {
            for (s = sentences; s->text != NULL; s++) {
                meaning(p, t, "~?", s->text, got, sizeof(got));

                if (*got == '\0' || strcmp(got, "unknown") == 0) {
                    continue;
                }

                asked++;

                if (!allowed(s->may, got)) {
                    print_error("%s, table %s: \"%s\" is %s\n", g.gl_pathv[i],
                                names[t], s->text, got);
                    wrong++;
                }
            }
        }

        if (p != NULL) {
            cxr_profile_free(p);
        }
    }

    globfree(&g);

    /* the tables do know words, and none is wrong about them */
    assert_true(asked > 400);
    assert_int_equal(wrong, 0);
}


/* Where code and words are both there: which of them speaks. */

static void
codes(void **state)
{
    char            path[64], got[128], names[TABLES_MAX][NAME_MAX_];
    size_t          i, t, n;
    cxr_profile_t  *p;

    static const struct {
        const char  *carrier, *table, *code, *text, *is;
    }  cases[] = {
        { "canadapost", "event", "1408", "Something new", "delivered" },
        { "canadapost", "event", "1408", "Delivered to sender", "returned" },
        { "canadapost", "event", "167", "Something new",
          "attempt_failed other" },
        { "canadapost", "event", "0118", "", "ready_for_pickup" },
        { "landmark", "event", "410", "Something new", "ready_for_pickup" },
        { "landmark", "event", "410", "Delivery attempt",
          "attempt_failed recipient_absent" },
        { "landmark", "event", "135", "Something new", "in_transit customs" },
        { "pilot_freight", "status", "Closure", "Not Delivered",
          "attempt_failed other" },
        { "pilot_freight", "status", "Closure", "Delivered", "delivered" },
        { "ptt", "event", "100", "Something new", "delivered" },
        { "sf_express", "route", "80", "已签收", "delivered" },
        { "sf_express", "route", "80", "退回件已签收", "returned" },
        { "sf_express", "route", "922", "已退回，寄件人已签收", "returned" },
        { "sf_express", "route", "922", "已签收,感谢使用顺丰", "delivered" },
        { "sf_express", "route", "70", "快件派送不成功",
          "attempt_failed other" },
        { "sf_express", "route", "70", "快件派送不成功(因无人在家)",
          "attempt_failed recipient_absent" },
        { "sf_express", "route", "922", "快件派送不成功(因收方客户拒收快件)",
          "attempt_failed refused" },
        { "aras", "state", "6", "Something new", "delivered" },
        { "usps", "events", "01", "Delivered, To Original Sender",
          "returned" },
        { "usps", "events", "", "Delivered, To Original Sender", "returned" }
    };

    for (i = 0; i < cxr_nelts(cases); i++) {
        snprintf(path, sizeof(path), "conf/carriers/%s.xml", cases[i].carrier);
        p = asked_of(path, names, &n);

        for (t = 0; t < n && strcmp(names[t], cases[i].table) != 0; t++) {
            /* void */
        }

        assert_true(t < n);
        meaning(p, t, cases[i].code, cases[i].text, got, sizeof(got));

        if (strcmp(got, cases[i].is) != 0) {
            fail_msg("%s: %s \"%s\" is %s", path, cases[i].code,
                     cases[i].text, got);
        }

        cxr_profile_free(p);
    }
}


/*
 * A service that answers with a fault, of SOAP 1.1 or 1.2, never passes for one
 * that has nothing to tell; nor does another server's page in its place.
 */

static void
faults(void **state)
{
    size_t          i, k;
    glob_t          g;
    kit_run_t       run;
    cxr_profile_t  *p;

    static const char *const  documents[] = {
        "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"
        "<s:Body><s:Fault><faultcode>s:Server</faultcode>"
        "<faultstring>something broke</faultstring></s:Fault></s:Body>"
        "</s:Envelope>",

        "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'>"
        "<e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value></e:Code>"
        "<e:Reason><e:Text xml:lang='en'>something broke</e:Text></e:Reason>"
        "</e:Fault></e:Body></e:Envelope>",

        "<html><head><title>502 Bad Gateway</title></head><body/></html>"
    };

    assert_int_equal(glob("conf/carriers/*.xml", 0, NULL, &g), 0);

    for (i = 0; i < g.gl_pathc; i++) {
        p = kit_load(g.gl_pathv[i]);

        for (k = 0; k < 3; k++) {
            kit_run(&run, p, NULL, cxr_strz(documents[k]), 0, 0);

            if (run.end == CXR_FEED_DONE && run.stats.faults == 0) {
                fail_msg("%s takes for an empty reply: %s", g.gl_pathv[i],
                         documents[k]);
            }

            assert_int_equal(run.stats.reports, 0);
            kit_free(&run);
        }

        cxr_profile_free(p);
    }

    globfree(&g);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(codes),
        cmocka_unit_test(faults)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
