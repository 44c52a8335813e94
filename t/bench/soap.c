
/*
 * A SOAP-shaped document of about 1 KB and 5 events a shipment, which the
 * profiles in t/bench/carriers read.
 *
 *   soap FROM N NOW
 *
 * N shipments from the FROM-th on, counted back from NOW (seconds); everything
 * follows from the numbers alone.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SOAP_GAP     40            /* numbers from one parcel to the next     */
#define SOAP_MIX     1024          /* parcels whose order is mixed            */
#define SOAP_EVENTS  5
#define soap_n(a)    (sizeof(a) / sizeof((a)[0]))


typedef struct {
    const char  *code;
    const char  *text;
    unsigned     hours;            /* before the last one                     */
} soap_event_t;


static const soap_event_t  soap_events[SOAP_EVENTS] = {
    { "DL", "Kargo alıcısına teslim edildi", 0 },
    { "OD", "Kargo dağıtıma çıktı", 5 },
    { "AR", "Varış şubesine ulaştı", 9 },
    { "DP", "Transfer merkezinden yola çıktı", 21 },
    { "PU", "Kargo şubede teslim alındı", 27 }
};

static const char *const  soap_cities[] = {
    "İstanbul", "Ankara", "İzmir", "Antalya", "Bursa", "Trabzon"
};


static uint64_t
soap_hash(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdULL;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53ULL;

    return x ^ (x >> 33);
}


static void
soap_shipment(uint64_t i, int64_t now)
{
    char         date[16], clock[16];
    time_t       at;
    uint64_t     h = soap_hash(i);
    unsigned     k;
    struct tm    tm;
    const char  *city = soap_cities[h % soap_n(soap_cities)];

    printf("<Shipment kind=\"parcel\"><TrackingNumber>5%011llu"
           "</TrackingNumber><Reference>BN-%08llu</Reference>"
           "<Service code=\"STD\">Standart</Service><Pieces>1</Pieces>"
           "<Destination><City>%s</City><Country>TR</Country></Destination>"
           "<Events>",
           (unsigned long long) (i * SOAP_GAP + h % SOAP_GAP),
           (unsigned long long) i, city);

    for (k = (h >> 8) % 5 < 3 ? 0 : 1; k < SOAP_EVENTS; k++) {
        at = (time_t) (now - 3600 - (int64_t) ((h >> 16) % 80000) + 3 * 3600
                       - (int64_t) soap_events[k].hours * 3600);
        gmtime_r(&at, &tm);
        strftime(date, sizeof(date), "%Y-%m-%d", &tm);
        strftime(clock, sizeof(clock), "%H:%M:%S", &tm);

        printf("<Event><Code>%s</Code><Description>%s</Description>"
               "<Date>%s</Date><Time>%s</Time><City>%s</City>"
               "<Unit>MERKEZ %u</Unit></Event>",
               soap_events[k].code, soap_events[k].text, date, clock,
               k < 3 ? city : "İstanbul", (unsigned) (h >> 40) % 40 + 1);
    }

    if ((h >> 8) % 5 >= 3) {
        printf("<Event><Code>DP</Code><Description>Çıkış şubesinden yola çıktı"
               "</Description><Date>%s</Date><Time>23:59:59</Time>"
               "<City>İstanbul</City><Unit>MERKEZ 0</Unit></Event>", date);
    }

    printf("</Events></Shipment>\n");
}


static uint64_t
soap_arg(const char *s)
{
    char                *end;
    unsigned long long   n = strtoull(s, &end, 10);

    if (*s == '\0' || *end != '\0') {
        fprintf(stderr, "soap: \"%s\" is no number\n", s);
        exit(2);
    }

    return n;
}


int
main(int argc, char **argv)
{
    int64_t   now;
    uint64_t  from, n, k, i;

    if (argc != 4) {
        fprintf(stderr, "usage: soap FROM N NOW\n");
        return 2;
    }

    from = soap_arg(argv[1]);
    n = soap_arg(argv[2]);
    now = (int64_t) soap_arg(argv[3]);

    printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope "
           "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
           "<soap:Body><t:TrackResponse xmlns:t=\"http://carrier.example/"
           "track\"><Shipments>\n");

    for (k = 0; k < n; k++) {
        i = k < n / SOAP_MIX * SOAP_MIX
            ? k / SOAP_MIX * SOAP_MIX + k * 389 % SOAP_MIX : k;
        soap_shipment(from + i, now);
    }

    printf("</Shipments></t:TrackResponse></soap:Body></soap:Envelope>\n");

    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "soap: cannot write\n");
        return 1;
    }

    return 0;
}
