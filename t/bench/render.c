
/*
 * Rendering alone: a tracking page out of a view, plain and in gzip, by
 * processor time.
 *
 *     render TEMPLATES MILLISECONDS DIR
 *
 * Writes the page and its view as JSON to DIR, for another engine to render the
 * same, and the figures to standard output.
 */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cxr_json.h"
#include "cxr_template.h"


typedef struct {
    cxr_str_t  name;
    bool       done;
} mile_t;

typedef struct {
    cxr_str_t  title;
    cxr_str_t  variant;
    uint32_t   quantity;
} good_t;

typedef struct {
    cxr_str_t  day;
    cxr_str_t  time;
    cxr_str_t  text;
    cxr_str_t  place;
} scan_t;

typedef struct {
    cxr_str_t             lang;
    cxr_str_t             title;
    cxr_str_t             shop;
    cxr_str_t             order;
    cxr_str_t             headline;
    cxr_str_t             eta;
    bool                  late;
    CXR_LIST_OF(mile_t)   miles;
    CXR_LIST_OF(good_t)   goods;
    CXR_LIST_OF(scan_t)   scans;
    cxr_str_t             carrier;
    cxr_str_t             number;
} page_t;

static const cxr_field_t  mile_fields[] = {
    CXR_FIELD(mile_t, name, STR),
    CXR_FIELD(mile_t, done, BOOL),
    CXR_FIELD_END
};

static const cxr_type_t  mile_type = {
    "mile", 0, 1, sizeof(mile_t), mile_fields
};

static const cxr_field_t  good_fields[] = {
    CXR_FIELD(good_t, title, STR),
    CXR_FIELD(good_t, variant, STR),
    CXR_FIELD(good_t, quantity, U32),
    CXR_FIELD_END
};

static const cxr_type_t  good_type = {
    "good", 0, 1, sizeof(good_t), good_fields
};

static const cxr_field_t  scan_fields[] = {
    CXR_FIELD(scan_t, day, STR),
    CXR_FIELD(scan_t, time, STR),
    CXR_FIELD(scan_t, text, STR),
    CXR_FIELD(scan_t, place, STR),
    CXR_FIELD_END
};

static const cxr_type_t  scan_type = {
    "scan", 0, 1, sizeof(scan_t), scan_fields
};

static const cxr_field_t  page_fields[] = {
    CXR_FIELD(page_t, lang, STR),
    CXR_FIELD(page_t, title, STR),
    CXR_FIELD(page_t, shop, STR),
    CXR_FIELD(page_t, order, STR),
    CXR_FIELD(page_t, headline, STR),
    CXR_FIELD(page_t, eta, STR),
    CXR_FIELD(page_t, late, BOOL),
    CXR_FIELD_SUB(page_t, miles, LIST, &mile_type),
    CXR_FIELD_SUB(page_t, goods, LIST, &good_type),
    CXR_FIELD_SUB(page_t, scans, LIST, &scan_type),
    CXR_FIELD(page_t, carrier, STR),
    CXR_FIELD(page_t, number, STR),
    CXR_FIELD_END
};

static const cxr_type_t  page_type = {
    "page", 0, 1, sizeof(page_t), page_fields
};

static mile_t  miles[] = {
    { cxr_str_init("Hazırlandı"), true },
    { cxr_str_init("Kargoya verildi"), true },
    { cxr_str_init("Yolda"), true },
    { cxr_str_init("Dağıtımda"), false },
    { cxr_str_init("Teslim edildi"), false }
};

static good_t  goods[] = {
    { cxr_str_init("Etiyopya Yirgacheffe"), cxr_str_init("250 g / Filtre"), 2 },
    { cxr_str_init("Hario V60 \"Beyaz\" & Kağıt"), cxr_str_init("02"), 1 },
    { cxr_str_init("Seramik Kupa <el yapımı>"), cxr_str_init("350 ml"), 4 }
};

static scan_t  scans[] = {
    { cxr_str_init("21 Kasım"), cxr_str_init("08:12"),
      cxr_str_init("Gönderi dağıtım şubesinde"), cxr_str_init("Şişli") },
    { cxr_str_init("21 Kasım"), cxr_str_init("03:40"),
      cxr_str_init("Aktarma merkezine ulaştı"), cxr_str_init("İkitelli") },
    { cxr_str_init("20 Kasım"), cxr_str_init("21:05"),
      cxr_str_init("Aktarma merkezinden ayrıldı"), cxr_str_init("Gebze") },
    { cxr_str_init("20 Kasım"), cxr_str_init("17:31"),
      cxr_str_init("Kargo teslim alındı"), cxr_str_init("Beyoğlu") },
    { cxr_str_init("20 Kasım"), cxr_str_init("11:02"),
      cxr_str_init("Gönderi bilgileri alındı"), { NULL, 0 } },
    { cxr_str_init("19 Kasım"), cxr_str_init("18:44"),
      cxr_str_init("Etiket oluşturuldu"), { NULL, 0 } }
};


static double
cpu(void)
{
    struct timespec  t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);

    return (double) t.tv_sec * 1e9 + (double) t.tv_nsec;
}


static int
keep(const char *dir, const char *name, const cxr_buf_t *b)
{
    char   path[4096];
    FILE  *f;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    f = fopen(path, "wb");

    return f != NULL && fwrite(b->data, 1, b->len, f) == b->len
           && fclose(f) == 0 ? 0 : 1;
}


int
main(int argc, char **argv)
{
    double               from, spent[2], want;
    page_t               view;
    cxr_rc_t             rc = CXR_OK;
    cxr_jw_t             w;
    unsigned             i, k;
    uint64_t             n[2];
    cxr_buf_t            json;
    cxr_diag_t           d;
    const char          *dirs[1];
    cxr_template_t      *tpl;
    cxr_templates_t     *set;
    cxr_template_out_t   out;

    if (argc != 4) {
        fprintf(stderr, "usage: render TEMPLATES MILLISECONDS DIR\n");
        return 2;
    }

    memset(&view, 0, sizeof(view));
    view.lang = cxr_str("tr");
    view.title = cxr_str("Kargonuz yolda");
    view.shop = cxr_str("Kahve Gurusu");
    view.order = cxr_str("KG-1001");
    view.headline = cxr_str("Kahveniz yolda, Ayşe'ye yaklaşıyor");
    view.eta = cxr_str("22 Kasım Pazar");
    view.late = true;
    view.miles.items = miles;
    view.miles.n = cxr_nelts(miles);
    view.goods.items = goods;
    view.goods.n = cxr_nelts(goods);
    view.scans.items = scans;
    view.scans.n = cxr_nelts(scans);
    view.carrier = cxr_str("Yurtiçi Kargo");
    view.number = cxr_str("123456789012");

    dirs[0] = argv[1];
    want = atof(argv[2]) * 1e6;
    memset(&d, 0, sizeof(d));
    cxr_template_out_init(&out, 1 << 20);
    cxr_buf_init(&json, 1 << 20);

    if (cxr_templates_open(dirs, 1, &set, &d) != CXR_OK
        || cxr_template_compile(set, "page.html", NULL, &page_type, &tpl, &d)
           != CXR_OK
        || cxr_template_gzip(tpl) != CXR_OK)
    {
        fprintf(stderr, "render: %s:%u: %s\n", d.file, d.line, d.text);
        return 1;
    }

    for (k = 0; k < 2; k++) {
        n[k] = 0;
        from = cpu();

        do {
            for (i = 0; i < 1000 && rc == CXR_OK; i++) {
                if (k == 0) {
                    cxr_buf_reset(&out.page);
                    rc = cxr_template_render(tpl, &view, &out.page);

                } else {
                    rc = cxr_template_render_gzip(tpl, &view, &out);
                }
            }

            n[k] += 1000;
            spent[k] = cpu() - from;

        } while (rc == CXR_OK && spent[k] < want);
    }

    cxr_jw_init(&w, &json);
    cxr_rec_json(&page_type, &view, NULL, 0, &w);

    if (rc != CXR_OK || keep(argv[3], "page.json", &json) != 0
        || keep(argv[3], "page.html", &out.page) != 0
        || keep(argv[3], "page.html.gz", &out.gzip) != 0)
    {
        fprintf(stderr, "render: the page was not made\n");
        return 1;
    }

    printf("{\"bytes\":%zu,\"gzip_bytes\":%zu,\"ns\":%.1f,\"gzip_ns\":%.1f}\n",
           out.page.len, out.gzip.len, spent[0] / (double) n[0],
           spent[1] / (double) n[1]);

    cxr_template_free(tpl);
    cxr_templates_close(set);
    cxr_template_out_free(&out);
    cxr_buf_free(&json);

    return 0;
}
