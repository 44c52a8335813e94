
/*
 * What scripts/bench measures with, made fast: orders as NDJSON, a carrier's
 * document, tracking links.  All of it follows from numbers alone, so that two
 * runs measure the same.
 *
 *   gen orders  FROM N NOW                 NDJSON to standard output
 *   gen yurtici FROM N NOW                 a queryShipment reply
 *   gen scatter FROM N NOW AMONG           the same of parcels whose numbers
 *                                          lie among those of the first AMONG
 *   gen links   FROM N NOW COUNT KEYS SHOP paths below /track/t/, at random
 *
 * Orders and parcels are numbered; N of them from FROM on.  NOW: seconds.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cxr_sign.h"


#define GEN_LINES      3            /* lines of an order                      */
#define GEN_GAP        40           /* numbers from one parcel to the next    */
#define GEN_MIX        1024         /* parcels that a document mixes          */
#define GEN_STEP       61803398879ULL   /* a prime                            */
#define GEN_LINK_DAYS  180


typedef struct {
    const char  *sku;
    const char  *title;
    const char  *variant;
    unsigned     price;             /* kurus */
    const char  *image;
} gen_product_t;

typedef struct {
    const char  *name;
    const char  *postcode;
    const char  *town;
    const char  *city;
} gen_person_t;


static const gen_product_t  gen_products[] = {
    { "ETH-YIRG", "Etiyopya Yirgacheffe", "250 g / Filtre", 42000,
      "beans-light" },
    { "COL-HUILA", "Kolombiya Huila", "250 g / Moka pot", 38500,
      "beans-dark" },
    { "DECAF-PERU", "Kafeinsiz Peru", "250 g / Çekirdek", 44500,
      "beans-decaf" },
    { "GRINDER", "El Değirmeni", "Siyah", 89000, "grinder" },
    { "CUP", "Porselen Fincan, 2’li", "Beyaz & mavi", 56000, "cup" },
    { "V60", "Filtre Kâğıdı <02>", "02 / 100 adet", 18500, "filter" }
};

static const gen_person_t  gen_people[] = {
    { "Ayşe Yılmaz", "34710", "Kadıköy", "İstanbul" },
    { "Mehmet Demir", "06680", "Çankaya", "Ankara" },
    { "Zeynep Kaya", "35220", "Konak", "İzmir" },
    { "İbrahim Işık", "07040", "Muratpaşa", "Antalya" },
    { "Elif Şahin", "16140", "Nilüfer", "Bursa" },
    { "Çağlar Öztürk", "61030", "Ortahisar", "Trabzon" }
};

#define gen_n(a)  (sizeof(a) / sizeof((a)[0]))


/* splitmix64 */

static uint64_t
gen_hash(uint64_t x)
{
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;

    return x ^ (x >> 31);
}


/*
 * Carriers count upwards, the whole country's parcels or one shop's: what a
 * shop sends in a week has neighbouring numbers, with those of others between
 * them.  Scattered ones are in the upper half of the gaps between them, which
 * is the worst that a store ordered by number can meet.
 */

static unsigned long long
gen_number(uint64_t i, uint64_t among)
{
    if (among == 0) {
        return (unsigned long long) (i * GEN_GAP
                                     + gen_hash(i) % (GEN_GAP / 2));
    }

    i = (uint64_t) (((unsigned __int128) i * GEN_STEP)
                    % (among * (GEN_GAP / 2)));

    return (unsigned long long) (i / (GEN_GAP / 2) * GEN_GAP + GEN_GAP / 2
                                 + i % (GEN_GAP / 2));
}


static void
gen_orders(uint64_t from, uint64_t n, int64_t now)
{
    char                  placed[32];
    time_t                at;
    uint64_t              i, h;
    unsigned              k, q;
    struct tm             tm;
    const gen_person_t   *who;
    const gen_product_t  *p;

    for (i = from; i < from + n; i++) {
        h = gen_hash(i);
        who = &gen_people[h % gen_n(gen_people)];
        at = (time_t) (now - 5 * 86400 - (int64_t) ((h >> 8) % 200000));
        gmtime_r(&at, &tm);
        strftime(placed, sizeof(placed), "%Y-%m-%dT%H:%M:%SZ", &tm);

        printf("{\"number\":\"BN-%08llu\",\"placed_at\":\"%s\","
               "\"currency\":\"TRY\",\"locale\":\"tr\",\"person\":{"
               "\"name\":\"%s\",\"email\":\"shopper%llu@example.com\","
               "\"phone\":\"+90555%07llu\"},\"ship_to\":{\"country\":\"TR\","
               "\"postcode\":\"%s\",\"city\":\"%s\",\"region\":\"%s\","
               "\"address\":\"Moda Caddesi No: %llu D: %llu\"},\"lines\":[",
               (unsigned long long) i, placed, who->name,
               (unsigned long long) i, (unsigned long long) (i % 10000000),
               who->postcode, who->town, who->city,
               (unsigned long long) (h >> 20) % 180 + 1,
               (unsigned long long) (h >> 30) % 30 + 1);

        for (k = 0; k < GEN_LINES; k++) {
            p = &gen_products[(h >> (40 + 3 * k)) % gen_n(gen_products)];
            q = (unsigned) (h >> (50 + k)) % 2 + 1;

            printf("%s{\"line\":\"%u\",\"sku\":\"%s-%u\",\"title\":\"%s\","
                   "\"variant\":\"%s\",\"quantity\":%u,\"unit_price\":%u,"
                   "\"discount\":0,\"tax\":%u,\"image\":\"/assets/demo/"
                   "%s.svg\",\"product\":\"%s\",\"tags\":[\"kahve\"],"
                   "\"final_sale\":false}",
                   k ? "," : "", k + 1, p->sku, k + 1, p->title, p->variant, q,
                   p->price, q * p->price / 11, p->image, p->sku);
        }

        printf("],\"shipments\":[{\"carrier\":\"yurtici\",\"number\":"
               "\"3%011llu\",\"lines\":[\"1\",\"2\",\"3\"]}]}\n",
               gen_number(i, 0));
    }
}


/* In the carrier's local time: UTC+3 all year. */

static void
gen_local(int64_t t, char date[9], char clock[7])
{
    time_t     at;
    struct tm  tm;

    at = (time_t) (t + 3 * 3600);
    gmtime_r(&at, &tm);
    strftime(date, 9, "%Y%m%d", &tm);
    strftime(clock, 7, "%H%M%S", &tm);
}


static void
gen_event(const char *unit, const char *name, int64_t t, const char *city)
{
    char  date[9], clock[7];

    gen_local(t, date, clock);

    printf("<invDocCargoVOArray><unitName>%s</unitName><eventName>%s"
           "</eventName><eventDate>%s</eventDate><eventTime>%s</eventTime>"
           "<cityName>%s</cityName></invDocCargoVOArray>",
           unit, name, date, clock, city);
}


/*
 * Five scans each, newest first, as the carrier has them.  Of each five
 * parcels the first three are delivered: rma.lua counts on that.
 */

static void
gen_yurtici(uint64_t from, uint64_t n, int64_t now, uint64_t among)
{
    char                 date[9], clock[7];
    int                  done;
    int64_t              at;
    uint64_t             i, k, h;
    const gen_person_t  *who;

    printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope "
           "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
           "<soap:Body><ns2:queryShipmentResponse xmlns:ns2=\"http://"
           "yurticikargo.com.tr/ShippingOrderDispatcherServices\">"
           "<ShippingDeliveryVO><outFlag>0</outFlag><outResult>Başarılı"
           "</outResult><count>%llu</count>\n", (unsigned long long) n);

    for (k = 0; k < n; k++) {

        /* not in the order of their numbers */

        i = from + (k < n / GEN_MIX * GEN_MIX
                    ? k / GEN_MIX * GEN_MIX + k * 389 % GEN_MIX : k);

        h = gen_hash(i);
        who = &gen_people[h % gen_n(gen_people)];
        done = i % 5 < 3;
        at = now - 3600 - (int64_t) ((h >> 16) % 80000);
        gen_local(at, date, clock);

        printf("<shippingDeliveryDetailVO><cargoKey>BN-%08llu</cargoKey>"
               "<operationCode>%d</operationCode><operationMessage>%s"
               "</operationMessage><operationStatus>%s</operationStatus>"
               "<errCode>0</errCode><shippingDeliveryItemDetailVO>"
               "<docId>3%011llu</docId>",
               (unsigned long long) i, done ? 5 : 1,
               done ? "Kargo teslim edilmiştir." : "Kargo Teslimattadır.",
               done ? "DLV" : "IND", gen_number(i, among));

        if (done) {
            printf("<deliveryDate>%s</deliveryDate><deliveryTime>%s"
                   "</deliveryTime>", date, clock);
        } else {
            gen_event("DAĞITIM ŞUBESİ", "Kargo dağıtıma çıktı", at,
                      who->city);
        }

        gen_event("TRANSFER MERKEZİ", "Kargo İndirildi", at - 5 * 3600,
                  who->city);
        gen_event("TRANSFER MERKEZİ", "Kargo Yüklendi",
                  at - 17 * 3600 - (int64_t) (h >> 40) % 3600, "İstanbul");
        gen_event("BEYOĞLU ŞUBE", "Kargo teslim alındı", at - 26 * 3600,
                  "İstanbul");
        gen_event("BEYOĞLU ŞUBE", "Kargo hazırlanıyor", at - 30 * 3600,
                  "İstanbul");

        printf("</shippingDeliveryItemDetailVO></shippingDeliveryDetailVO>\n");
    }

    printf("</ShippingDeliveryVO></ns2:queryShipmentResponse></soap:Body>"
           "</soap:Envelope>\n");
}


static int
gen_links(uint64_t from, uint64_t n, int64_t now, uint64_t count,
    const char *keys, const char *shop)
{
    char            order[32], text[1024];
    uint64_t        i;
    cxr_rc_t        rc;
    cxr_buf_t       out;
    cxr_diag_t      d;
    cxr_link_t      link;
    cxr_keyring_t  *ring;

    memset(&d, 0, sizeof(d));

    if (cxr_sign_init() != CXR_OK
        || cxr_keyring_load(keys, &ring, &d) != CXR_OK)
    {
        (void) cxr_diag_print(&d, text, sizeof(text));
        fprintf(stderr, "gen: %s: %s\n", keys, text);
        return 1;
    }

    cxr_buf_init(&out, CXR_TOKEN_MAX);

    for (i = 0; i < count; i++) {
        /* folded, as links have it */

        snprintf(order, sizeof(order), "BN%08llu",
                 (unsigned long long) (from + gen_hash(i ^ 0x5eed) % n));

        memset(&link, 0, sizeof(link));
        link.order = cxr_strz(order);
        link.expires = ((int64_t) now / 86400 + 1 + GEN_LINK_DAYS)
                       * 86400 * 1000;

        cxr_buf_reset(&out);
        rc = cxr_link_make(ring, cxr_strz(shop), CXR_LINK_TRACK, &link, false,
                           &out);

        if (rc != CXR_OK) {
            fprintf(stderr, "gen: a link: %s\n", cxr_rc_name(rc));
            return 1;
        }

        printf("%.*s\n", cxr_str_arg(cxr_buf_str(&out)));
    }

    cxr_buf_free(&out);
    cxr_keyring_free(ring);

    return 0;
}


static uint64_t
gen_arg(const char *s)
{
    char                *end;
    unsigned long long   n;

    n = strtoull(s, &end, 10);

    if (*s == '\0' || *end != '\0') {
        fprintf(stderr, "gen: \"%s\" is no number\n", s);
        exit(2);
    }

    return n;
}


int
main(int argc, char **argv)
{
    int       rc;
    int64_t   now;
    uint64_t  from, n;

    if (argc < 5) {
        fprintf(stderr, "usage: gen orders|yurtici FROM N NOW\n"
                        "       gen scatter FROM N NOW AMONG\n"
                        "       gen links FROM N NOW COUNT KEYS SHOP\n");
        return 2;
    }

    from = gen_arg(argv[2]);
    n = gen_arg(argv[3]);
    now = (int64_t) gen_arg(argv[4]);
    rc = 0;

    if (strcmp(argv[1], "orders") == 0) {
        gen_orders(from, n, now);

    } else if (strcmp(argv[1], "yurtici") == 0) {
        gen_yurtici(from, n, now, 0);

    } else if (strcmp(argv[1], "scatter") == 0 && argc == 6) {
        gen_yurtici(from, n, now, gen_arg(argv[5]));

    } else if (strcmp(argv[1], "links") == 0 && argc == 8 && n > 0) {
        rc = gen_links(from, n, now, gen_arg(argv[5]), argv[6], argv[7]);

    } else {
        fprintf(stderr, "gen: unknown: \"%s\"\n", argv[1]);
        rc = 2;
    }

    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "gen: cannot write\n");
        return 1;
    }

    return rc;
}
