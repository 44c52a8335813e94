
/*
 * A shop, a parcel with a day's scans in Istanbul, and its view in both
 * languages: what the tests of the tracking page are built on.
 */

#ifndef _PAGE_TRACK_KIT_H_INCLUDED_
#define _PAGE_TRACK_KIT_H_INCLUDED_

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cxr_template.h"
#include "cxr_view_texts.h"

#define OFFSET_TR   10800
#define SCANS       6

static cxr_catalog_t    *cat;
static cxr_templates_t  *set;
static cxr_arena_t      *conf, *arena;
static cxr_view_ctx_t   *ctx[2];          /* tr, en                           */
static cxr_template_t   *tpl[2];
static cxr_shop_t        shop;

static cxr_str_t  langs[] = { cxr_str_init("tr"), cxr_str_init("en") };

static cxr_carrier_name_t  carriers[] = {
    { cxr_str_init("yurtici"), cxr_str_init("Yurtiçi Kargo"),
      cxr_str_init("https://carrier.example/t?code={number}&x={number}") }
};


static inline int
fail_diag(const cxr_diag_t *d)
{
    char  text[1024];

    cxr_diag_print(d, text, sizeof(text));
    print_error("%s\n", text);

    return 1;
}


static inline int
setup(void **state)
{
    size_t             i;
    cxr_diag_t         d;
    const char        *dirs[] = { "html/templates" };
    const cxr_lang_t  *lang;

    memset(&d, 0, sizeof(d));

    shop.name = cxr_str("Kahve Gurusu");
    shop.home = cxr_str("https://kahvegurusu.example");
    shop.portal = cxr_str("/returns/");
    shop.track = cxr_str("/track/");
    shop.languages.items = langs;
    shop.languages.n = 2;
    shop.carriers.items = carriers;
    shop.carriers.n = 1;
    shop.brand.accent = cxr_str("#7a3b12");
    shop.support.email = cxr_str("destek@kahvegurusu.example");
    shop.support.phone = cxr_str("+90 (212) 000 00 00");
    shop.support.whatsapp = cxr_str("905550000000");

    conf = cxr_arena_create(4 * 1024 * 1024);
    arena = cxr_arena_create(4 * 1024 * 1024);

    if (conf == NULL || arena == NULL
        || cxr_tz_load("Europe/Istanbul", &shop.tz, &d) != CXR_OK
        || cxr_catalog_load("html/i18n", &cat, &d) != CXR_OK
        || cxr_templates_open(dirs, 1, &set, &d) != CXR_OK)
    {
        return fail_diag(&d);
    }

    for (i = 0; i < 2; i++) {
        lang = cxr_catalog_lang(cat, langs[i]);

        if (cxr_view_ctx_make(&shop, cat, lang, cxr_str("/assets/cx.css"),
                              CXR_STR_NONE, conf, &ctx[i], &d) != CXR_OK
            || cxr_template_compile(set, "track.html", lang,
                                    &cxr_view_track_type, &tpl[i], &d)
               != CXR_OK)
        {
            return fail_diag(&d);
        }
    }

    return 0;
}


static inline int
teardown(void **state)
{
    cxr_template_free(tpl[0]);
    cxr_template_free(tpl[1]);
    cxr_templates_close(set);
    cxr_catalog_free(cat);
    cxr_tz_free(shop.tz);
    cxr_arena_destroy(conf);
    cxr_arena_destroy(arena);

    return 0;
}


static inline int
each(void **state)
{
    cxr_arena_reset(arena);

    return 0;
}


static inline cxr_time_t
at(const char *text)
{
    cxr_time_t  t = CXR_TIME_NONE;

    assert_int_equal(cxr_time_parse(cxr_strz(text), &t), CXR_OK);

    return t;
}


static inline cxr_scan_t
scan(const char *when, uint8_t status, const char *text, const char *place)
{
    cxr_scan_t  s;

    memset(&s, 0, sizeof(s));

    s.at = at(when);
    s.offset = OFFSET_TR;
    s.precision = CXR_PRECISION_MINUTE;
    s.status = status;
    s.mapped = status != CXR_SHIP_UNKNOWN;
    s.code = cxr_str("K7");
    s.text = cxr_strz(text);
    s.place = cxr_strz(place);

    return s;
}


static inline void
sample(cxr_shipment_t *s, cxr_scan_t scans[SCANS])
{
    memset(s, 0, sizeof(*s));

    scans[0] = scan("2026-11-21T16:20:00+03:00", CXR_SHIP_LABEL_CREATED,
                    "KAYIT", "");
    scans[1] = scan("2026-11-22T18:05:00+03:00", CXR_SHIP_PICKED_UP,
                    "KABUL", "Güneşli");
    scans[2] = scan("2026-11-23T02:11:00+03:00", CXR_SHIP_IN_TRANSIT,
                    "TRANSFER", "Tuzla");
    scans[3] = scan("2026-11-23T09:30:00+03:00", CXR_SHIP_UNKNOWN,
                    "AKTARIM HAZIRLIĞI", "Tuzla");
    scans[4] = scan("2026-11-24T06:50:00+03:00", CXR_SHIP_IN_TRANSIT,
                    "VARIŞ", "Kadıköy");
    scans[5] = scan("2026-11-24T08:35:00+03:00", CXR_SHIP_OUT_FOR_DELIVERY,
                    "KURYEDE", "Kadıköy");

    s->carrier = cxr_str("yurtici");
    s->number = cxr_str("12/34");
    s->status = CXR_SHIP_OUT_FOR_DELIVERY;
    s->status_at = scans[5].at;
    s->eta_from = at("2026-11-24T14:00:00+03:00");
    s->eta_to = at("2026-11-24T18:00:00+03:00");
    s->eta_offset = OFFSET_TR;
    s->eta_precision = CXR_PRECISION_MINUTE;
    s->eta_asof = scans[4].at;
    s->updated_at = at("2026-11-24T08:40:00+03:00");
    s->scans.items = scans;
    s->scans.n = SCANS;
}


static inline cxr_view_track_t
view_of(unsigned lang, const cxr_shipment_t *s, size_t n, const char *now)
{
    size_t              i;
    cxr_track_in_t      in;
    cxr_view_track_t    v;
    cxr_track_parcel_t  parcels[8];

    memset(&in, 0, sizeof(in));
    memset(parcels, 0, sizeof(parcels));

    for (i = 0; i < n; i++) {
        parcels[i].shipment = &s[i];
    }

    in.order = cxr_str("KG-1001");
    in.parcels = parcels;
    in.nparcels = n;
    in.now = at(now);
    in.self = cxr_str("/track/t/abc");
    in.return_url = cxr_str("/returns/o/def");
    in.return_until = at("2026-12-08T23:59:59+03:00");

    assert_int_equal(cxr_view_track(ctx[lang], &in, arena, &v), CXR_OK);

    return v;
}


static inline void
is(cxr_str_t got, const char *want)
{
    if (!cxr_str_is(got, want)) {
        fail_msg("\"%.*s\" is not \"%s\"", cxr_str_arg(got), want);
    }
}

#endif /* _PAGE_TRACK_KIT_H_INCLUDED_ */
